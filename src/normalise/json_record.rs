//! One JSON object to a record, whatever types its values have: our own form and CSL-JSON.
//!
//! `null` and `""` mean "missing". What is not known stays in `extra`; what does not fit is kept
//! there too, and told.

use serde_json::{Map, Value};

mod straight;

pub use straight::read_line;

use super::{Entry, Sink, dates, fields, names};
use crate::model::{Author, Doi, MeshHeading, Place, Pmid, Problem, Record, Relation, RelationKind, Section};

/// Names of the fields of a record, as they are written.
const FIELDS: &[&str] = &[
    "id",
    "source",
    "title",
    "title_vernacular",
    "abstract",
    "sections",
    "authors",
    "journal",
    "issn",
    "volume",
    "number",
    "pages",
    "year",
    "published",
    "entered",
    "language",
    "doi",
    "pmid",
    "pmcid",
    "url",
    "links",
    "type",
    "mesh",
    "keywords",
    "relations",
    "open_access",
    "database",
];

/// Tells whether a name is that of a record's field.
pub fn is_field(name: &str) -> bool {
    FIELDS.contains(&name)
}

/// Hands a record on when it has a title, or an identifier by which its title can be found.
pub fn hand_on(record: Record, place: Place, sink: &mut Sink<'_>) {
    if record.title.is_empty() && known_by(&record).is_none() {
        let message = "has no title, no DOI and no PMID; the record was left out";
        sink(Err(Problem::error(place, message).with_help("give it a title or a DOI")));
    } else {
        hand_on_any(record, place, sink);
    }
}

/// Hands a record on; one without a title is told.
pub fn hand_on_any(record: Record, place: Place, sink: &mut Sink<'_>) {
    if record.title.is_empty() {
        let by = known_by(&record).unwrap_or("id");
        let message = format!("has no title; it is known by its {by} alone");
        sink(Err(Problem::warning(place, message)));
    }
    sink(Ok(Entry::Record(Box::new(record))));
}

/// Returns what a record without title is known by: the name of its surest identifier.
fn known_by(record: &Record) -> Option<&'static str> {
    let has = [("DOI", record.doi.is_some()), ("PMID", record.pmid.is_some()), ("PMCID", record.pmcid.is_some())];
    has.into_iter().find(|(_, has)| *has).map(|(name, _)| name)
}

/// Types of CSL, Zotero and Crossref, and the publication types that PubMed would give.
const TYPES: &[(&str, &str)] = &[
    ("article-journal", "Journal Article"),
    ("journal-article", "Journal Article"),
    ("journalArticle", "Journal Article"),
    ("article-magazine", "Newspaper Article"),
    ("article-newspaper", "Newspaper Article"),
    ("magazineArticle", "Newspaper Article"),
    ("newspaperArticle", "Newspaper Article"),
    ("posted-content", "Preprint"),
    ("preprint", "Preprint"),
    ("book", "Book"),
    ("monograph", "Book"),
    ("edited-book", "Book"),
    ("book-chapter", "Book Chapter"),
    ("bookSection", "Book Chapter"),
    ("chapter", "Book Chapter"),
    ("paper-conference", "Congress"),
    ("conferencePaper", "Congress"),
    ("proceedings-article", "Congress"),
    ("thesis", "Academic Dissertation"),
    ("dissertation", "Academic Dissertation"),
    ("report", "Technical Report"),
    ("dataset", "Dataset"),
];

/// Returns the publication type for a name of CSL, Zotero or Crossref; any other name stays.
pub fn type_name(name: &str) -> String {
    TYPES.iter().find(|(theirs, _)| *theirs == name).map_or(name, |(_, ours)| *ours).to_owned()
}

/// Reads an object; the messages tell of values that no field could hold. The id is empty when
/// the object has none.
pub fn read(object: Map<String, Value>) -> (Record, Vec<String>) {
    let mut record = Record::default();
    let mut messages = Vec::new();
    for (key, value) in object {
        if is_missing(&value) {
            continue;
        }
        let message = take_text(&mut record, &key, &value).unwrap_or_else(|| take_list(&mut record, &key, value));
        messages.extend(message.map(|m| format!("{key}: {m}")));
    }
    complete(&mut record);
    (record, messages)
}

/// Fills what other fields of a record say.
fn complete(record: &mut Record) {
    if record.abstract_text.is_none() {
        record.abstract_text = fields::abstract_of(&record.sections);
    }
    if let (None, Some(pmid)) = (record.pmid, record.id.strip_prefix("pmid:").and_then(Pmid::parse)) {
        record.pmid = Some(pmid);
    }
}

/// Tells whether a value says nothing.
fn is_missing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.iter().all(is_missing),
        Value::Object(object) => object.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Returns a value as text: numbers as they stand, of a list its first entry, else nothing.
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(list) => list.first().map(text).unwrap_or_default(),
        Value::Bool(_) | Value::Null | Value::Object(_) => String::new(),
    }
}

/// Returns a value as a list of clean texts; one text is parted at `separators`.
fn texts(value: &Value, separators: &[char]) -> Vec<String> {
    let mut out = Vec::new();
    match value {
        Value::Array(list) => {
            list.iter().filter_map(|v| fields::line(&text(v))).for_each(|t| fields::add_once(&mut out, t));
        }
        other => text(other).split(separators).filter_map(fields::line).for_each(|t| fields::add_once(&mut out, t)),
    }
    out
}

/// Takes a field that is one text; `None` when the key is none of these, else perhaps a message.
#[expect(clippy::option_option, reason = "whether the key was known, and whether its value fitted")]
fn take_text(record: &mut Record, key: &str, value: &Value) -> Option<Option<String>> {
    if key == "source" {
        // The reader's own source is put on the record; what the line said stays beside it.
        record.extra.insert("source_as_given".to_owned(), value.clone());
        return Some(None);
    }
    take_raw(record, key, &text(value))
}

/// Takes a field that is one text; `None` when the key is none of these, else perhaps a message.
#[expect(clippy::option_option, reason = "whether the key was known, and whether its value fitted")]
fn take_raw(record: &mut Record, key: &str, raw: &str) -> Option<Option<String>> {
    let clean = || fields::line(raw);
    match key {
        "id" => record.id = clean().unwrap_or_default(),
        "title" => record.title = clean().unwrap_or_default(),
        "title_vernacular" => record.title_vernacular = clean(),
        "abstract" => record.abstract_text = fields::paragraphs(raw),
        "journal" | "container-title" => record.journal = clean(),
        "volume" => record.volume = clean(),
        "number" | "issue" => record.number = clean(),
        "pages" | "page" => record.pages = clean(),
        "url" | "URL" => record.url = clean(),
        "database" => record.database = clean(),
        "year" => return Some(fields::set_year(record, raw)),
        "published" => return Some(fields::set_published(record, raw)),
        "entered" => return Some(fields::set_entered(record, raw)),
        "doi" | "DOI" => return Some(fields::set_doi(record, raw)),
        "pmid" | "PMID" => return Some(fields::set_pmid(record, raw)),
        "pmcid" | "PMCID" => return Some(fields::set_pmcid(record, raw)),
        _ => return None,
    }
    Some(None)
}

/// Takes a field that is a list or an object, or keeps it aside when it is not known.
fn take_list(record: &mut Record, key: &str, value: Value) -> Option<String> {
    match key {
        "authors" | "author" => record.authors = authors(&value),
        "sections" => return list(&mut record.sections, &value, section),
        "mesh" => return list(&mut record.mesh, &value, mesh),
        "relations" => return list(&mut record.relations, &value, relation),
        "issn" | "ISSN" => texts(&value, &[';', ',', ' ']).iter().for_each(|t| fields::add_issn(record, t)),
        "language" => {
            return fields::add_languages(record, texts(&value, &[';', ',']).iter().map(String::as_str));
        }
        "type" => record.types = texts(&value, &[';', '|']),
        "keywords" | "keyword" => {
            // A heading may hold a comma itself ("Depression, Postpartum"): other signs go before it.
            let separators: &[char] = if text(&value).contains([';', '|']) { &[';', '|'] } else { &[','] };
            record.keywords = texts(&value, separators);
        }
        "links" => record.links = texts(&value, &[' ', '\n']),
        "open_access" if value.is_boolean() => record.open_access = value.as_bool(),
        "issued" => return issued(record, &value),
        "available-date" => return available(record, &value),
        _ => {
            let key = if is_field(key) { format!("{key}_as_given") } else { key.to_owned() };
            record.extra.insert(key, value);
        }
    }
    None
}

/// Reads every entry of a list; one that cannot be read is told and the others stay.
fn list<T>(into: &mut Vec<T>, value: &Value, read: fn(&Value) -> Option<T>) -> Option<String> {
    let entries = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
    let present = entries.iter().filter(|e| !is_missing(e));
    let mut lost = 0;
    for entry in present {
        match read(entry) {
            Some(entry) => into.push(entry),
            None => lost += 1,
        }
    }
    (lost > 0).then(|| format!("{lost} entries could not be read and were left out"))
}

/// Reads authors: a list of texts or objects, or one text that lists them.
fn authors(value: &Value) -> Vec<Author> {
    match value {
        Value::Array(list) => list.iter().flat_map(author_or_list).collect(),
        Value::Object(_) => author(value).into_iter().collect(),
        other => names::authors(&text(other), names::Order::FamilyFirst),
    }
}

/// Reads an entry of a list of authors; one that lists several itself gives them all.
fn author_or_list(value: &Value) -> Vec<Author> {
    match value {
        Value::String(text) if text.contains(';') => names::authors(text, names::Order::FamilyFirst),
        other => author(other).into_iter().collect(),
    }
}

/// Reads one author.
fn author(value: &Value) -> Option<Author> {
    let Value::Object(object) = value else { return names::author(&text(value), names::Order::FamilyFirst) };
    let part = |keys: &[&str]| keys.iter().filter_map(|k| object.get(*k)).find_map(|v| fields::line(&text(v)));
    let mut author = Author {
        family: part(&["family", "last", "lastName", "last_name"]),
        given: part(&["given", "first", "firstName", "first_name", "initials"]),
        collective: part(&["collective", "literal", "group"]),
        ..Author::default()
    };
    if author.family.is_none() && author.collective.is_none() {
        author = match (author.given.take(), part(&["name", "full_name"])) {
            (_, Some(name)) => names::author(&name, names::Order::GivenFirst)?,
            // Where only one name is known it stands as the family name.
            (Some(given), None) => Author::person(given, ""),
            (None, None) => return None,
        };
    }
    author.suffix = author.suffix.or_else(|| part(&["suffix"]));
    if let Some(particle) = part(&["non-dropping-particle"]) {
        author.family = author.family.map(|family| format!("{particle} {family}"));
    }
    if let Some(particle) = part(&["dropping-particle"]) {
        author.given = Some(author.given.map_or(particle.clone(), |given| format!("{given} {particle}")));
    }
    author.orcid = part(&["orcid", "ORCID"]).and_then(|o| names::orcid(&o));
    author.affiliation = object.get("affiliation").map(affiliation).filter(|a| !a.is_empty());
    Some(author)
}

/// Reads affiliations: texts, or Crossref's objects with a name.
fn affiliation(value: &Value) -> String {
    let named: Vec<Value> = value.as_array().into_iter().flatten().filter_map(|v| v.get("name").cloned()).collect();
    if named.is_empty() { texts(value, &[]).join("; ") } else { texts(&Value::Array(named), &[]).join("; ") }
}

/// Reads one section: an object, or its bare text.
fn section(value: &Value) -> Option<Section> {
    let part = |key: &str| value.get(key).and_then(|v| fields::line(&text(v)));
    let body = if value.is_object() { part("text") } else { fields::line(&text(value)) };
    Some(Section { label: part("label"), category: part("category"), text: body? })
}

/// Reads one MeSH heading: an object, or `*Depression/psychology`.
fn mesh(value: &Value) -> Option<MeshHeading> {
    let Value::Object(object) = value else { return fields::mesh_heading(&text(value)) };
    let part = |key: &str| object.get(key).and_then(|v| fields::line(&text(v)));
    Some(MeshHeading {
        name: part("name").or_else(|| part("term"))?,
        ui: part("ui"),
        major: object.get("major").and_then(Value::as_bool).unwrap_or(false),
        qualifiers: object.get("qualifiers").map(|q| texts(q, &['/', ';'])).unwrap_or_default(),
    })
}

/// Reads one link to another paper.
fn relation(value: &Value) -> Option<Relation> {
    let part = |key: &str| value.get(key).and_then(|v| fields::line(&text(v)));
    Some(Relation {
        kind: RelationKind::new(&part("kind")?),
        pmid: part("pmid").as_deref().and_then(Pmid::parse),
        doi: part("doi").as_deref().and_then(Doi::parse),
        note: part("note"),
    })
}

/// Reads the first public day of CSL-JSON, which may lie in another year than the one to cite; other
/// fields that say a first public day give way to it.
fn available(record: &mut Record, value: &Value) -> Option<String> {
    let mut other = Record::default();
    let message = issued(&mut other, value);
    record.published = other.published.or(record.published);
    message
}

/// Reads the date of CSL-JSON: `{"date-parts": [[2026, 3, 12]]}`, or a text.
fn issued(record: &mut Record, value: &Value) -> Option<String> {
    let parts = value.get("date-parts").and_then(|p| p.get(0)).and_then(Value::as_array);
    let written = if let Some(parts) = parts {
        parts.iter().map(text).collect::<Vec<_>>().join("-")
    } else {
        let given = ["raw", "literal", "year"].iter().find_map(|key| value.get(key));
        given.map_or_else(|| text(value), text)
    };
    let Some(date) = dates::loose(&written) else { return fields::set_year(record, &written) };
    record.year.get_or_insert(date.year());
    record.published.get_or_insert(date);
    None
}
