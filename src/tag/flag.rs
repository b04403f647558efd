//! Tells which flags a record carries (rubric section 8): from its own fields, and from rules.

use std::collections::BTreeSet;

use super::explain::Why;
use super::place::Places;
use super::rule::{Tags, values};
use crate::model::{Evidence, Facet, Record};

/// Returns the flags in alphabetical order and adds their reasons.
pub fn find(record: &Record, tags: &Tags, places: &Places, why: &mut Why) -> Vec<String> {
    let mut flags: BTreeSet<String> = values(Facet::Flag, tags);
    why.add_facet(Facet::Flag, tags);
    let has_abstract = record.abstract_text.as_deref().is_some_and(|t| !t.trim().is_empty());
    let is_foreign = !record.language.is_empty() && !record.language.iter().any(|l| l == "en" || l.starts_with("en-"));
    let is_free = record.open_access.unwrap_or(record.pmcid.is_some());
    let of_fields = [
        ("retracted", record.is_retracted(), "type", "Retracted Publication".to_owned()),
        ("preprint", record.is_preprint(), "type", "Preprint".to_owned()),
        ("open-access", is_free, "pmcid", record.pmcid.as_ref().map_or_else(String::new, ToString::to_string)),
        ("no-abstract", !has_abstract, "abstract", String::new()),
        ("non-english", is_foreign, "language", record.language.join(", ")),
        ("ahead-of-print", is_ahead_of_print(record), "type", String::new()),
        ("country-from-affiliation", places.is_from_affiliation, "affiliation", String::new()),
    ];
    for (flag, is_set, field, text) in of_fields {
        if is_set {
            flags.insert(flag.to_owned());
            why.add("flag", flag, [Evidence { rule: format!("flag.{flag}"), field: field.to_owned(), text }]);
        }
    }
    flags.into_iter().collect()
}

/// Tells whether a journal article has no volume, issue or pages yet.
fn is_ahead_of_print(record: &Record) -> bool {
    record.pmid.is_some()
        && !record.is_preprint()
        && record.volume.is_none()
        && record.number.is_none()
        && record.pages.is_none()
        && !record.types.iter().any(|t| t.starts_with("Book"))
}
