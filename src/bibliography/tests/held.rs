//! What a form holds of a record, and what it cannot hold.

use super::super::Format;
use crate::model::{Author, PartialDate, Record};

/// What each form cannot hold, by fields, and why. Everything else comes back as it was.
pub const CANNOT: &[(Format, &str, &str)] = &[
    (Format::Ris, "mesh", "has one list of keywords: headings come back as keywords"),
    (Format::Bibtex, "mesh", "has one list of keywords: headings come back as keywords"),
    (Format::Bibtex, "types", "has the kind of entry alone"),
    (Format::Ris, "tags", "a paragraph that begins like a tag is joined to the one before"),
    (Format::Nbib, "paragraphs", "a blank line ends a record"),
    (Format::Nbib, "online", "has the day of electronic publication only as a whole day, before the issue's"),
    (Format::Bibtex, "kept", "has no tags of RIS"),
    (Format::Nbib, "kept", "has no tags of RIS"),
    (Format::Csv, "kept", "has no tags of RIS"),
    (Format::Ris, "pages", "has first and last page apart: the last comes back written out"),
    (Format::Bibtex, "pages", "has two hyphens in a range: the last page comes back written out"),
    (Format::Ris, "separators", "parts lists by semicolons and bars: in a value they come back as commas and slashes"),
    (Format::Bibtex, "separators", "the same"),
    (Format::Csv, "separators", "the same"),
];

/// Tells whether a form holds a field.
pub fn holds(format: Format, what: &str) -> bool {
    !CANNOT.iter().any(|(f, field, _)| *f == format && *field == what)
}

/// The fields that must come back, in a form that compares.
#[derive(Debug, PartialEq)]
pub struct Held {
    title: String,
    authors: Vec<String>,
    journal: Option<String>,
    year: Option<i16>,
    published: Option<String>,
    volume: Option<String>,
    number: Option<String>,
    pages: Option<String>,
    names: Vec<Option<String>>,
    url: Option<String>,
    language: Vec<String>,
    abstract_text: Option<String>,
    keywords: Vec<String>,
    mesh: Vec<String>,
    issn: Vec<String>,
    kept: Vec<String>,
}

/// Returns the parts of a name; a suffix without its full stop.
fn name(author: &Author) -> String {
    match (&author.collective, &author.family, &author.given) {
        (Some(group), _, _) => format!("[{}]", group.replace(';', ",").replace('|', "/")),
        (_, family, given) => format!("{family:?} {given:?} {:?}", author.suffix),
    }
}

/// Returns what a form must give back of a record.
pub fn expected(format: Format, record: &Record) -> Held {
    let mut held = got(format, record);
    let in_list =
        |t: &String| if holds(format, "separators") { t.clone() } else { t.replace(';', ",").replace('|', "/") };
    let headings: Vec<String> = record.mesh.iter().map(|m| in_list(&m.name)).collect();
    held.keywords = record.keywords.iter().map(in_list).collect();
    if holds(format, "mesh") {
        held.mesh = headings;
    } else {
        held.keywords.extend(headings);
        held.mesh = Vec::new();
    }
    held.keywords = distinct(held.keywords);
    held.year = record.citation_year();
    // A year to cite is a first public day as precise as it is; a table has a cell for each.
    let year = record.citation_year().map(|y| y.to_string()).filter(|_| format != Format::Csv);
    held.published = record.published.map(String::from).or(year.clone());
    if let Some(day) = record.published.filter(|d| record.year.is_some_and(|y| y != d.year()))
        && !holds(format, "online")
        && (day.precision() < 3 || record.year.is_some_and(|y| y < day.year()))
    {
        held.published = year;
    }
    if !holds(format, "pages") {
        let range = record.pages.as_deref().and_then(super::super::values::page_range);
        held.pages = range.map_or(held.pages, |(a, b)| Some(format!("{a}-{b}")));
    }
    if !holds(format, "paragraphs") {
        held.abstract_text = held.abstract_text.map(|t| t.replace("\n\n", " "));
    }
    if !holds(format, "kept") {
        held.kept.clear();
    }
    held
}

/// Returns what came back.
pub fn got(format: Format, record: &Record) -> Held {
    let kept = record.extra.iter().filter(|(key, _)| key.starts_with("ris_") && holds(format, "kept"));
    Held {
        title: record.title.clone(),
        authors: record.authors.iter().map(name).collect(),
        journal: record.journal.clone(),
        year: record.year,
        published: record.published.map(|d: PartialDate| d.to_string()),
        volume: record.volume.clone(),
        number: record.number.clone(),
        pages: record.pages.clone(),
        names: vec![
            record.doi.as_ref().map(ToString::to_string),
            record.pmid.map(|p| p.to_string()),
            record.pmcid.as_ref().map(ToString::to_string),
        ],
        url: record.url.clone(),
        language: record.language.clone(),
        abstract_text: record.abstract_text.clone(),
        keywords: distinct(record.keywords.clone()),
        mesh: record.mesh.iter().map(|m| m.name.clone()).collect(),
        issn: record.issn.clone(),
        kept: kept.map(|(key, value)| format!("{key} {value}")).collect(),
    }
}

/// Returns values in order, each once.
fn distinct(values: Vec<String>) -> Vec<String> {
    let mut out = Vec::new();
    for value in values {
        if !out.contains(&value) {
            out.push(value);
        }
    }
    out
}
