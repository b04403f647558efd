//! Values that several forms write alike: clean lines, names, lists, pages, addresses, dates.

use crate::model::text::clean_line;
use crate::model::{Author, CanonicalUrl, Doi, PartialDate, Pmid, Record};

/// Returns a text as one clean line; no line end, tab or control character is left.
pub fn line(text: &str) -> String {
    clean_line(text)
}

/// Returns the paragraphs of a text, each one clean line.
pub fn paragraphs(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut current = String::new();
    for raw in text.lines().chain([""]) {
        if raw.trim().is_empty() {
            let paragraph = line(&current);
            if !paragraph.is_empty() {
                out.push(paragraph);
            }
            current.clear();
        } else {
            current.push_str(raw);
            current.push('\n');
        }
    }
    out
}

/// Returns a text that may stand in a list: the signs that part lists become others.
pub fn listed(text: &str) -> String {
    line(text).replace(';', ",").replace('|', "/")
}

/// The parts of a name, cleaned: no part holds a sign that parts names.
pub enum Name {
    /// A person: family name, given names, suffix; what is not known is empty.
    Person(String, String, String),
    /// A group.
    Group(String),
}

/// Returns the parts of an author's name; `None` when nothing is left of it.
pub fn name(author: &Author) -> Option<Name> {
    if let Some(group) = author.collective.as_deref().map(listed) {
        let group = group.trim_matches([',', ' ']);
        return (!group.is_empty()).then(|| Name::Group(group.to_owned()));
    }
    let part = |text: &Option<String>| line(&text.as_deref().unwrap_or_default().replace([';', '|', ','], " "));
    let (family, given, suffix) = (part(&author.family), part(&author.given), part(&author.suffix));
    match (family.is_empty(), given.is_empty()) {
        (true, true) => None,
        (true, false) => Some(Name::Person(given, String::new(), suffix)),
        _ => Some(Name::Person(family, given, suffix)),
    }
}

/// Returns the names of all authors.
pub fn names(record: &Record) -> impl Iterator<Item = Name> {
    record.authors.iter().filter_map(name)
}

/// Returns a name as RIS and tables want it: `Family, Given, Suffix`. A comma behind a group's name
/// shows that it is no person's: `EndNote`'s own rule for corporate authors.
pub fn inverted(name: &Name) -> String {
    match name {
        Name::Group(name) => format!("{name},"),
        Name::Person(family, given, suffix) => {
            [family, given, suffix].into_iter().filter(|p| !p.is_empty()).cloned().collect::<Vec<_>>().join(", ")
        }
    }
}

/// Returns keywords and names of MeSH headings, for forms that have one list for both, each once.
pub fn all_keywords(record: &Record) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in record.keywords.iter().chain(record.mesh.iter().map(|m| &m.name)).map(|k| listed(k)) {
        if !word.is_empty() && !out.contains(&word) {
            out.push(word);
        }
    }
    out
}

/// Returns first and last page where the text is a plain range, the last written out.
pub fn page_range(pages: &str) -> Option<(String, String)> {
    let is_dash = |c: char| matches!(c, '-' | '–' | '—' | '‐' | '‑');
    let mut parts = pages.split(is_dash).map(str::trim).filter(|p| !p.is_empty());
    match (parts.next(), parts.next(), parts.next()) {
        (Some(start), Some(end), None) => Some((start.to_owned(), whole(start, end))),
        _ => None,
    }
}

/// Returns the last page written out: of 1123-31 it is 1131.
fn whole(start: &str, end: &str) -> String {
    let is_number = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let kept = start.len().checked_sub(end.len()).filter(|_| is_number(start) && is_number(end));
    kept.and_then(|n| start.get(..n)).map_or_else(|| end.to_owned(), |head| format!("{head}{end}"))
}

/// Returns the paper's own page and further addresses, without those that only repeat its DOI or
/// PubMed number.
pub fn pages_of_its_own(record: &Record) -> Vec<String> {
    let mut out = Vec::new();
    for raw in record.url.iter().chain(&record.links) {
        let address = line(raw).replace(' ', "%20");
        let Some(canonical) = CanonicalUrl::parse(&address) else { continue };
        let host = canonical.as_str().trim_start_matches("https://").split('/').next().unwrap_or_default();
        let repeats = (host.ends_with("doi.org") && Doi::parse(&address).is_some())
            || (host.ends_with("ncbi.nlm.nih.gov") && Pmid::parse(&address).is_some());
        if !repeats && !out.contains(&address) {
            out.push(address);
        }
    }
    out
}

/// Returns the first public day where it lies in the year to cite: then both are one date.
pub fn date_in_year(record: &Record) -> Option<PartialDate> {
    record.published.filter(|d| record.citation_year() == Some(d.year()))
}

/// Returns the first public day where it lies in another year than the one to cite.
pub fn date_of_another_year(record: &Record) -> Option<PartialDate> {
    record.published.filter(|d| record.citation_year() != Some(d.year()))
}
