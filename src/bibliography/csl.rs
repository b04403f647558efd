//! CSL-JSON, as citeproc, Zotero and pandoc read it (schema 1.0.2).
//!
//! What the schema has no field for stands in `custom`, its place for such things, under the names
//! of our own record form.

use serde_json::{Map, Value, json};

use super::Entry;
use super::kind::Kind;
use super::values::{self, Name, line as clean};
use crate::model::{PartialDate, Record};

/// Returns one item in one line. Its id is the citation key, since pandoc cites by it.
pub fn entry(entry: &Entry<'_>, id: &str, key: &str) -> String {
    let record = entry.record;
    let kind = Kind::of(record);
    let mut out = Map::new();
    out.insert("id".to_owned(), key.into());
    out.insert("citation-key".to_owned(), key.into());
    out.insert("type".to_owned(), type_of(kind).into());
    let mut put = |name: &str, value: String| {
        if !value.is_empty() {
            out.insert(name.to_owned(), Value::String(value));
        }
    };
    let text = |value: Option<&str>| clean(value.unwrap_or_default());
    put("title", entry.title.clone());
    put("container-title", text(record.journal.as_deref()));
    put("volume", text(record.volume.as_deref()));
    put("issue", text(record.number.as_deref()));
    put("page", text(record.pages.as_deref()));
    put("ISSN", record.issn.iter().map(|i| clean(i)).collect::<Vec<_>>().join(", "));
    put("DOI", record.doi.as_ref().map(ToString::to_string).unwrap_or_default());
    put("PMID", record.pmid.map(|p| p.to_string()).unwrap_or_default());
    put("PMCID", record.pmcid.as_ref().map(ToString::to_string).unwrap_or_default());
    put("URL", values::pages_of_its_own(record).first().cloned().unwrap_or_default());
    put("abstract", values::paragraphs(record.abstract_text.as_deref().unwrap_or_default()).join("\n\n"));
    put("keyword", values::all_keywords(record).join("; "));
    put("language", text(record.language.first().map(String::as_str)));
    put("source", text(record.database.as_deref()));
    if kind == Kind::Preprint {
        put("genre", "preprint".to_owned());
    }
    if entry.is_retracted {
        put("status", "retracted".to_owned());
        put("note", "Retracted publication".to_owned());
    }
    let authors: Vec<Value> = values::names(record).map(|name| name_value(&name)).collect();
    if !authors.is_empty() {
        out.insert("author".to_owned(), authors.into());
    }
    dates(&mut out, record);
    out.insert("custom".to_owned(), custom(entry, id));
    Value::Object(out).to_string()
}

/// Returns a name in its parts.
fn name_value(name: &Name) -> Value {
    let (family, given, suffix) = match name {
        Name::Group(name) => return json!({ "literal": name }),
        Name::Person(family, given, suffix) => (family, given, suffix),
    };
    let mut out = Map::new();
    for (key, value) in [("family", family), ("given", given), ("suffix", suffix)] {
        if !value.is_empty() {
            out.insert(key.to_owned(), value.as_str().into());
        }
    }
    Value::Object(out)
}

/// Writes the date to cite, and the first public day where it lies in another year.
fn dates(out: &mut Map<String, Value>, record: &Record) {
    let parts = |date: PartialDate| {
        let parts: Vec<Value> = std::iter::once(Value::from(date.year()))
            .chain(date.month().map(Value::from))
            .chain(date.day().map(Value::from))
            .collect();
        json!({ "date-parts": [parts] })
    };
    let year = record.citation_year().and_then(|y| PartialDate::new(y, None, None));
    if let Some(date) = values::date_in_year(record).or(year) {
        out.insert("issued".to_owned(), parts(date));
    }
    if let Some(date) = values::date_of_another_year(record) {
        out.insert("available-date".to_owned(), parts(date));
    }
}

/// Returns what CSL has no field for.
fn custom(entry: &Entry<'_>, id: &str) -> Value {
    let record = entry.record;
    let mut out = Map::new();
    out.insert("roundup".to_owned(), id.into());
    let list = |texts: &[String]| texts.iter().map(|t| clean(t)).filter(|t| !t.is_empty()).collect::<Vec<_>>();
    let mut put = |name: &str, texts: Vec<String>| {
        if !texts.is_empty() || name == "keywords" && !record.mesh.is_empty() {
            out.insert(name.to_owned(), texts.into());
        }
    };
    put("type", list(&record.types));
    // The one text of `keyword` cannot tell a comma in a keyword from one between two, nor a
    // keyword from a heading.
    put("keywords", list(&record.keywords));
    if record.language.len() > 1 {
        put("language", list(&record.language));
    }
    put("links", values::pages_of_its_own(record).into_iter().skip(1).collect());
    if !record.mesh.is_empty() {
        let headings = record.mesh.iter().map(
            |m| json!({ "name": clean(&m.name), "ui": m.ui, "major": m.major, "qualifiers": list(&m.qualifiers) }),
        );
        out.insert("mesh".to_owned(), headings.collect());
    }
    for (key, value) in record.extra.iter().filter(|(key, _)| key.starts_with("ris_")) {
        let texts = value.as_array().into_iter().flatten().filter_map(Value::as_str).map(clean);
        out.insert(clean(key), texts.collect());
    }
    Value::Object(out)
}

/// Returns the type of a kind. A preprint is an `article` in CSL, as Zotero writes it.
fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Article => "article-journal",
        Kind::Book => "book",
        Kind::Chapter => "chapter",
        Kind::Meeting => "paper-conference",
        Kind::News => "article-newspaper",
        Kind::Preprint => "article",
        Kind::Report => "report",
        Kind::Thesis => "thesis",
        Kind::Web => "webpage",
    }
}
