//! BibTeX, as Zotero, `JabRef` and LaTeX read it.

use super::Entry;
use super::kind::Kind;
use super::values::{self, Name, line as clean, listed};
use crate::model::{Doi, PartialDate, Pmcid, Record};

mod latex;

/// BibTeX's own names of months, January first: bare words, which every style knows.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Languages and their names in LaTeX's `babel`, which `langid` takes.
const BABEL: &[(&str, &str)] = &[
    ("ar", "arabic"),
    ("de", "ngerman"),
    ("en", "english"),
    ("es", "spanish"),
    ("fa", "persian"),
    ("fr", "french"),
    ("hi", "hindi"),
    ("id", "indonesian"),
    ("it", "italian"),
    ("ja", "japanese"),
    ("nl", "dutch"),
    ("pl", "polish"),
    ("pt", "portuguese"),
    ("ru", "russian"),
    ("tr", "turkish"),
    ("uk", "ukrainian"),
    ("vi", "vietnamese"),
];

/// Returns one entry under a key.
pub fn entry(entry: &Entry<'_>, key: &str) -> String {
    let record = entry.record;
    let kind = Kind::of(record);
    let mut out = format!("@{}{{{key}", entry_kind(kind));
    let mut put = |name: &str, value: &str| {
        if !value.is_empty() {
            out.push_str(&format!(",\n  {name} = {{{value}}}"));
        }
    };
    put("title", &latex::title(&entry.title));
    put("author", &authors(record));
    let journal = escaped(record.journal.as_deref());
    put(journal_field(kind), &journal);
    if kind == Kind::Report {
        put("institution", &journal);
    }
    put("volume", &escaped(record.volume.as_deref()));
    put("number", &escaped(record.number.as_deref()));
    put("pages", &pages(record));
    put("issn", &record.issn.iter().map(|i| escaped(Some(i))).collect::<Vec<_>>().join(", "));
    put("year", &record.citation_year().map(|y| y.to_string()).unwrap_or_default());
    put("doi", &latex::verbatim(record.doi.as_ref().map(Doi::as_str).unwrap_or_default()));
    put("pmid", &record.pmid.map(|p| p.to_string()).unwrap_or_default());
    put("pmcid", record.pmcid.as_ref().map(Pmcid::as_str).unwrap_or_default());
    put("url", &latex::verbatim(values::pages_of_its_own(record).first().map(String::as_str).unwrap_or_default()));
    dates(&mut put, record);
    put("abstract", &abstract_text(record));
    put("keywords", &keywords(record));
    languages(&mut put, record);
    if kind == Kind::Preprint {
        put("type", kind.type_name());
    }
    if entry.is_retracted {
        put("note", "Retracted publication");
    }
    // A month is a bare word, so that styles write it in their own way.
    if let Some(month) = values::date_in_year(record).and_then(PartialDate::month).and_then(month_name) {
        out.push_str(&format!(",\n  month = {month}"));
    }
    out.push_str("\n}\n");
    out
}

/// Returns BibTeX's name of a month, 1–12.
fn month_name(month: i8) -> Option<&'static str> {
    MONTHS.get(usize::try_from(month - 1).ok()?).copied()
}

/// Returns a value as clean LaTeX.
fn escaped(value: Option<&str>) -> String {
    latex::escape(&clean(value.unwrap_or_default()))
}

/// Writes the day: `date` where it lies in the year to cite. Where it does not, `date` would make
/// BibLaTeX cite the wrong year, so that the day stands in a field that only we read.
fn dates(put: &mut impl FnMut(&str, &str), record: &Record) {
    if let Some(date) = values::date_in_year(record).filter(|d| d.precision() > 1) {
        put("date", &date.to_string());
    }
    if let Some(date) = values::date_of_another_year(record) {
        put("published", &date.to_string());
    }
}

/// Writes the languages: for people and tools, and for hyphenation.
fn languages(put: &mut impl FnMut(&str, &str), record: &Record) {
    let codes: Vec<String> = record.language.iter().map(|l| latex::escape(&listed(l))).collect();
    put("language", &codes.join(", "));
    let first = record.language.first().map(String::as_str).unwrap_or_default();
    put("langid", BABEL.iter().find(|(code, _)| *code == first).map_or("", |(_, name)| *name));
}

/// Returns the list of authors: `Family, Suffix, Given`, groups in braces.
fn authors(record: &Record) -> String {
    let names: Vec<Name> = values::names(record).collect();
    let is_alone = names.len() == 1;
    let one = |name: &Name| match name {
        // A group alone whose name holds an "and" would be read as two names; a second pair of
        // braces keeps it together.
        Name::Group(name) if is_alone && name.contains(" and ") => format!("{{{{{}}}}}", latex::escape(name)),
        Name::Group(name) => format!("{{{}}}", latex::escape(name)),
        Name::Person(family, given, suffix) => {
            let parts = [family, suffix, given];
            let parts: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).map(|p| latex::name_part(p)).collect();
            parts.join(", ")
        }
    };
    names.iter().map(one).collect::<Vec<_>>().join(" and ")
}

/// Returns the pages; a range is parted by two hyphens, which LaTeX sets as the dash it needs.
fn pages(record: &Record) -> String {
    let pages = clean(record.pages.as_deref().unwrap_or_default());
    match values::page_range(&pages) {
        Some((start, end)) => format!("{}--{}", latex::escape(&start), latex::escape(&end)),
        None => latex::escape(&pages),
    }
}

/// Returns the abstract with its paragraphs.
fn abstract_text(record: &Record) -> String {
    let paragraphs = values::paragraphs(record.abstract_text.as_deref().unwrap_or_default());
    // An `@` that begins a line is where tools look for the next entry.
    let guarded = |text: String| text.strip_prefix('@').map_or(text.clone(), |rest| format!("{{@}}{rest}"));
    paragraphs.iter().map(|p| guarded(latex::escape(p))).collect::<Vec<_>>().join("\n\n")
}

/// Returns keywords and headings, parted by commas as all tools write them; by semicolons where one
/// holds a comma itself, which MeSH headings often do.
fn keywords(record: &Record) -> String {
    let words = values::all_keywords(record);
    let holds_comma = words.iter().any(|w| w.contains(','));
    let words: Vec<String> = words.iter().map(|w| latex::escape(w)).collect();
    match (holds_comma, words.as_slice()) {
        (true, [only]) => format!("{only};"),
        (true, _) => words.join("; "),
        (false, _) => words.join(", "),
    }
}

/// Returns the kind of entry. News and preprints are what Zotero makes of them.
fn entry_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Article | Kind::News => "article",
        Kind::Book => "book",
        Kind::Chapter => "incollection",
        Kind::Meeting => "inproceedings",
        Kind::Preprint | Kind::Web => "misc",
        Kind::Report => "techreport",
        Kind::Thesis => "phdthesis",
    }
}

/// Returns the field for the name of journal, book or site.
fn journal_field(kind: Kind) -> &'static str {
    match kind {
        Kind::Chapter | Kind::Meeting => "booktitle",
        _ => "journal",
    }
}
