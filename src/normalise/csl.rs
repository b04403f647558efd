//! What CSL-JSON (Zotero, Mendeley, Crossref, citeproc) says otherwise than our own record lines:
//! markup in titles, identifiers in notes, ids that are only keys of one bibliography.
//!
//! Names are those of the CSL 1.0.2 schema; Crossref's own additions are read, too.

use serde_json::{Map, Value};

use super::{fields, html, json_record};
use crate::model::Record;

/// Fields that CSL has and our own form has not.
const SIGNS: &[&str] =
    &["DOI", "ISSN", "URL", "accessed", "citation-key", "container-title", "issued", "publisher-place"];

/// Fields whose text may hold markup.
const MARKED_UP: &[&str] = &["title", "container-title", "collection-title", "title-short", "original-title"];

/// Tells whether an object is CSL-JSON and not a record line.
pub fn is_csl(object: &Map<String, Value>) -> bool {
    let is_type = object.get("type").and_then(Value::as_str).is_some_and(|t| json_record::type_name(t) != t);
    is_type || SIGNS.iter().any(|sign| object.contains_key(*sign))
}

/// Brings an object into the form that our own reader takes.
pub fn prepare(object: &mut Map<String, Value>) {
    for name in MARKED_UP {
        if let Some(value) = object.get_mut(*name) {
            let text = json_record::text(value);
            *value = Value::String(if has_markup(&text) { html::plain_line(&text) } else { text });
        }
    }
    if let Some(value) = object.get_mut("abstract") {
        let text = json_record::text(value);
        if has_markup(&text) {
            *value = Value::String(html::plain_text(&without_jats(&text)));
        }
    }
    let custom = object.remove("custom");
    if let Some(Value::String(kind)) = object.get_mut("type") {
        *kind = match kind.as_str() {
            // CSL's word for what is in no journal: Zotero's preprints, and much else.
            "article" => String::new(),
            other => json_record::type_name(other),
        };
    }
    if !object.contains_key("author")
        && let Some(editors) = object.get("editor").cloned()
    {
        object.insert("author".to_owned(), editors);
    }
    for (theirs, ours) in [("source", "database"), ("id", "csl_id"), ("genre", "csl_genre")] {
        let is_address = theirs == "id" && object.get("id").is_some_and(|id| json_record::text(id).starts_with("http"));
        if !is_address && let Some(value) = object.remove(theirs) {
            object.entry(ours).or_insert(value);
        }
    }
    for name in ["note", "URL", "subject"] {
        if let Some(value) = object.remove(name) {
            object.insert(format!("csl_{name}"), value);
        }
    }
    take_custom(object, custom);
}

/// Lists of our own form that stand in `custom`, where CSL has no field for them or only one text.
const CUSTOM: &[&str] = &["type", "keywords", "language", "links", "mesh"];

/// Puts what our own files have in `custom` beside the other fields; what else stands there is kept.
fn take_custom(object: &mut Map<String, Value>, custom: Option<Value>) {
    let Some(Value::Object(mut custom)) = custom else {
        object.extend(custom.map(|value| ("csl_custom".to_owned(), value)));
        return;
    };
    for name in CUSTOM {
        if let Some(list) = custom.remove(*name).filter(Value::is_array) {
            if *name == "keywords" {
                object.remove("keyword");
            }
            object.insert((*name).to_owned(), list);
        }
    }
    custom.remove("roundup");
    let kept: Vec<String> = custom.keys().filter(|key| key.starts_with("ris_")).cloned().collect();
    for key in kept {
        object.extend(custom.remove(&key).map(|value| (key, value)));
    }
    if !custom.is_empty() {
        object.insert("csl_custom".to_owned(), Value::Object(custom));
    }
}

/// Tells whether a text holds markup: a tag that closes or one that CSL and JATS know, or a character
/// written as an entity. A sign alone (`p<0.05`, `R&D`) is text.
fn has_markup(text: &str) -> bool {
    let opens = |tag: &str| {
        text.match_indices(tag).any(|(at, _)| {
            let behind = text.get(at + tag.len()..).unwrap_or_default();
            behind.starts_with(['>', ' ', '/'])
        })
    };
    let is_entity = |rest: &str| {
        let name = rest.split(';').next().unwrap_or_default();
        let is_name = name.strip_prefix('#').unwrap_or(name).bytes().all(|b| b.is_ascii_alphanumeric());
        rest.len() > name.len() && (2..=ENTITY_BYTES_MAX).contains(&name.len()) && is_name
    };
    text.contains("</")
        || text.contains("<jats:")
        || ["<i", "<b", "<sub", "<sup", "<span", "<p", "<br", "<em", "<strong"].iter().any(|tag| opens(tag))
        || text.match_indices('&').any(|(at, _)| is_entity(text.get(at + 1..).unwrap_or_default()))
}

/// The longest name of a character that is taken for one, in bytes.
const ENTITY_BYTES_MAX: usize = 10;

/// Takes what the reader of our own form has left aside.
pub fn finish(record: &mut Record) {
    if let Some(url) = record.extra.remove("csl_URL") {
        fields::take_address(record, &json_record::text(&url));
    }
    if let Some(note) = record.extra.remove("csl_note") {
        fields::take_note(record, &json_record::text(&note));
    }
    if let Some(Value::Array(subjects)) = record.extra.remove("csl_subject") {
        subjects
            .iter()
            .filter_map(|s| fields::line(&json_record::text(s)))
            .for_each(|s| fields::add_once(&mut record.keywords, s));
    }
    let genre = record.extra.get("csl_genre").map(json_record::text).unwrap_or_default();
    if genre.eq_ignore_ascii_case("preprint") {
        fields::add_once(&mut record.types, "Preprint".to_owned());
    }
}

/// Returns Crossref's abstracts (JATS) in tags that our reader of HTML knows.
fn without_jats(text: &str) -> String {
    text.replace("jats:title", "h4").replace("jats:sec", "section").replace("<jats:", "<").replace("</jats:", "</")
}
