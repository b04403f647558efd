//! A line of a pack of which something does not read: what can be kept is kept, and what is not is named.
//!
//! A pack is signed and never changes, so that a mistake in it stays for good. It may cost a field; it
//! must not cost the paper.

use serde_json::{Map, Value, json};

use crate::model::{Paper, WorkId};

/// The most bytes of a line that is mended; beyond it is no paper.
const LINE_BYTES_MAX: usize = 32 << 20;

/// What every paper has, with the word for "not known" where the line has none that can be read.
const NEEDED: [(&str, &str); 2] = [("scope", "maybe"), ("design", "unclear")];

/// What of a paper's line could not be read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Mended {
    /// The paper.
    pub id: WorkId,
    /// The fields that were left out, in order, as `record.authors[2].orcid`.
    pub fields: Vec<String>,
}

/// Returns the paper of a line, and what of it could not be read; `None` when the line is no paper at
/// all: no JSON, or without the id of a work.
pub fn paper_of(line: &[u8]) -> Option<(Paper, Option<Mended>)> {
    if let Ok(paper) = serde_json::from_slice(line) {
        return Some((paper, None));
    }
    if line.len() > LINE_BYTES_MAX {
        return None;
    }
    // Bytes that are no text become the sign for that; the words around them stay.
    let Ok(Value::Object(fields)) = serde_json::from_str(&String::from_utf8_lossy(line)) else { return None };
    let mut base = Map::new();
    base.insert("id".to_owned(), fields.get("id")?.clone());
    base.insert("record".to_owned(), json!({}));
    base.extend(NEEDED.map(|(name, unknown)| (name.to_owned(), json!(unknown))));
    let read = |value: &Value| -> Option<Paper> {
        let mut whole = base.clone();
        whole.extend(value.as_object()?.clone());
        serde_json::from_value(Value::Object(whole)).ok()
    };
    let mut dropped: Vec<String> = Vec::new();
    dropped.extend(NEEDED.iter().filter(|(name, _)| !fields.contains_key(*name)).map(|(name, _)| (*name).to_owned()));
    let kept = kept(Value::Object(fields), "", &mut dropped, &|value| read(value).is_some())?;
    let paper = read(&kept)?;
    let id = paper.id.clone();
    Some((paper, (!dropped.is_empty()).then_some(Mended { id, fields: dropped })))
}

/// Returns what of a value fits; `dropped` gets the paths of what does not.
fn kept(value: Value, path: &str, dropped: &mut Vec<String>, fits: &dyn Fn(&Value) -> bool) -> Option<Value> {
    if fits(&value) {
        return Some(value);
    }
    let before = dropped.len();
    let kept = match value {
        Value::Array(items) => Value::Array(kept_items(items, path, dropped, fits)),
        Value::Object(fields) => Value::Object(kept_fields(fields, path, dropped, fits)),
        _ => Value::Null,
    };
    if !kept.is_null() && fits(&kept) {
        return Some(kept);
    }
    dropped.truncate(before);
    dropped.push(path.to_owned());
    None
}

/// Returns the items of a list that fit.
fn kept_items(items: Vec<Value>, path: &str, dropped: &mut Vec<String>, fits: &dyn Fn(&Value) -> bool) -> Vec<Value> {
    let alone = |item: &Value| fits(&Value::Array(vec![item.clone()]));
    let each = items.into_iter().enumerate();
    each.filter_map(|(n, item)| kept(item, &format!("{path}[{n}]"), dropped, &alone)).collect()
}

/// Returns the fields of an object that fit. When it is one alone that does not, the others need not
/// fit without each other (a heading needs its name).
fn kept_fields(
    mut fields: Map<String, Value>,
    path: &str,
    dropped: &mut Vec<String>,
    fits: &dyn Fn(&Value) -> bool,
) -> Map<String, Value> {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    let names: Vec<String> = fields.keys().cloned().collect();
    for name in &names {
        let Some(value) = fields.remove(name) else { continue };
        let rest = fields.clone();
        if fits(&Value::Object(rest.clone())) {
            let with = |value: &Value| fits(&Value::Object(joined(rest.clone(), name, value)));
            let kept = kept(value, &below(name), dropped, &with);
            return kept.map_or_else(|| rest.clone(), |value| joined(rest.clone(), name, &value));
        }
        fields.insert(name.clone(), value);
    }
    let mut out = Map::new();
    for (name, value) in fields {
        let alone = |value: &Value| fits(&Value::Object(joined(Map::new(), &name, value)));
        if let Some(value) = kept(value, &below(&name), dropped, &alone) {
            out.insert(name, value);
        }
    }
    out
}

/// Returns an object with one field more.
fn joined(mut fields: Map<String, Value>, name: &str, value: &Value) -> Map<String, Value> {
    fields.insert(name.to_owned(), value.clone());
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"id":"w2345672345a","record":{"title":"T","authors":[{"family":"Example","given":"M"}],
        "year":2026,"published":"2026-01","doi":"10.5555/x","mesh":[{"name":"Mothers"}],"type":["Retracted Publication"]},
        "names":["pmid:90000001"],"scope":"in","countries":["KEN"],"design":"rct","flags":["preprint"],"issue":"2026-10"}"#;

    #[test]
    fn one_bad_field_costs_itself_alone() {
        assert_eq!(paper_of(GOOD.as_bytes()).unwrap().1, None, "nothing is wrong");
        for (from, to, want, note) in [
            ("2026,", "\"soon\",", &["record.year"][..], "a word for a number"),
            ("2026,", "99999,", &["record.year"], "a number that is too large"),
            ("\"2026-01\"", "\"2026-13\"", &["record.published"], "a month that is none"),
            ("\"2026-01\"", "[2026]", &["record.published"], "a list for a text"),
            ("\"M\"}", "\"M\"},7,{\"family\":[1]}", &["record.authors[1]", "record.authors[2].family"], "in a list"),
            ("{\"name\":\"Mothers\"}", "{\"name\":\"Mothers\",\"major\":7}", &["record.mesh[0].major"], "in a heading"),
            ("\"rct\"", "\"horoscope\"", &["design"], "a design of a newer version"),
            ("\"in\"", "7", &["scope"], "a scope that is none"),
            ("\"scope\":\"in\",", "", &["scope"], "a field that every paper has"),
            ("[\"KEN\"]", "[\"KEN\",null]", &["countries[1]"], "nothing in a list"),
            ("[\"KEN\"]", "null", &["countries"], "nothing for a list"),
            ("\"2026-10\"}", "true,\"scope\":\"in\"}", &["issue"], "two at once, one of them twice the same"),
            (
                "\"title\":\"T\"",
                "\"title\":\"T\",\"volume\":{},\"pages\":[]",
                &["record.pages", "record.volume"],
                "two",
            ),
        ] {
            let line = GOOD.replacen(from, to, 1);
            let (paper, mended) = paper_of(line.as_bytes()).unwrap();
            let mut fields = mended.unwrap().fields;
            fields.sort();
            assert_eq!(fields, want, "{note}");
            assert_eq!((paper.record.title.as_str(), paper.names.len()), ("T", 1), "{note}");
            assert!(paper.is_retracted() && paper.record.doi.is_some(), "{note}");
            assert_eq!(paper.record.authors[0].family.as_deref(), Some("Example"), "{note}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_cost_no_paper() {
        let mut line = GOOD.as_bytes().to_vec();
        let at = GOOD.find("Example").unwrap();
        line[at] = 0xff;
        let (paper, _) = paper_of(&line).unwrap();
        assert_eq!(paper.record.authors[0].family.as_deref(), Some("\u{fffd}xample"));
    }

    #[test]
    fn what_is_no_paper_is_none() {
        for line in ["", "7", "[]", "{}", "{\"id\":\"w2345672345a\"", "{\"id\":7}", "{\"id\":\"x\",\"record\":{}}"] {
            assert!(paper_of(line.as_bytes()).is_none(), "{line}");
        }
        let (paper, mended) = paper_of(b"{\"id\":\"w2345672345a\",\"record\":7}").unwrap();
        assert_eq!(paper.record.title, "");
        assert_eq!(mended.unwrap().fields, ["scope", "design", "record"]);
    }
}
