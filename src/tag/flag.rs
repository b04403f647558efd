//! Tells which flags a record carries (rubric section 8): from its own fields, and from rules.

use std::collections::BTreeSet;

use super::explain::Why;
use super::place::Places;
use super::rule::{Tags, values};
use crate::model::{Doi, Evidence, Facet, Pmcid, Record};

/// Flags that are set from a record's own fields, not by rules, in alphabetical order.
pub const FIELD_FLAGS: [&str; 8] = [
    "ahead-of-print",
    "country-from-affiliation",
    "country-unsure",
    "no-abstract",
    "non-english",
    "open-access",
    "preprint",
    "retracted",
];

/// Names under which sources hand down a licence that no field of ours holds.
const LICENCE_FIELDS: &[&str] = &["license", "licence", "rights", "copyright"];

/// What only an open licence says, in lower case: its names and its address.
const OPEN_LICENCES: &[&str] = &["creativecommons.org/", "creative commons", "cc by", "cc-by", "cc0", "public domain"];

/// Language codes that name no language: not told, several, none.
const NO_LANGUAGE: &[&str] = &["und", "mul", "zxx"];

/// Returns the flags in alphabetical order and adds their reasons.
pub fn find(record: &Record, tags: &Tags, places: &Places, why: &mut Why) -> Vec<String> {
    let mut flags: BTreeSet<String> = values(Facet::Flag, tags);
    why.add_facet(Facet::Flag, tags);
    let given = |field: &'static str, text: String| Some((field, text));
    let has_abstract = record.abstract_text.as_deref().is_some_and(|t| !t.trim().is_empty());
    let of_fields = [
        ("retracted", record.is_retracted().then(|| ("type", "Retracted Publication".to_owned()))),
        ("preprint", preprint(record)),
        ("open-access", open_access(record)),
        ("no-abstract", if has_abstract { None } else { given("abstract", String::new()) }),
        ("non-english", is_foreign(record).then(|| ("language", record.language.join(", ")))),
        ("ahead-of-print", is_ahead_of_print(record).then(|| ("type", record.types.join(", ")))),
        ("country-from-affiliation", places.is_from_affiliation.then(|| ("affiliation", String::new()))),
        ("country-unsure", unsure(places)),
    ];
    debug_assert!(of_fields.iter().all(|(flag, _)| FIELD_FLAGS.contains(flag)), "a flag that people could not name");
    for (flag, reason) in of_fields {
        if let Some((field, text)) = reason {
            flags.insert(flag.to_owned());
            why.add("flag", flag, [Evidence { rule: format!("flag.{flag}"), field: field.to_owned(), text }]);
        }
    }
    flags.into_iter().collect()
}

/// Returns the name that stands for several countries, of which a person chooses one.
fn unsure(places: &Places) -> Option<(&'static str, String)> {
    let name = places.countries.iter().flat_map(|(_, reasons)| reasons).next().map(|e| e.text.clone());
    places.is_unsure.then(|| ("country", name.unwrap_or_default()))
}

/// Returns what makes a record a preprint: its type, else a DOI that only preprint servers give.
fn preprint(record: &Record) -> Option<(&'static str, String)> {
    if record.is_preprint() {
        return Some(("type", "Preprint".to_owned()));
    }
    let doi = record.doi.as_ref().map(Doi::as_str).unwrap_or_default();
    record.has_preprint_doi().then(|| ("doi", doi.to_owned()))
}

/// Returns what makes the full text free: a PMCID, the word of the source, or an open licence.
///
/// A source that says the text is not free is believed, also with a PMCID. PubMed's readers leave
/// the word open only where the text is still held back.
fn open_access(record: &Record) -> Option<(&'static str, String)> {
    let pmcid = record.pmcid.as_ref().map(Pmcid::to_string);
    let is_held_back = record.open_access.is_none() && record.id.starts_with("pmid:");
    match (record.open_access, pmcid) {
        (Some(false), _) => None,
        (_, Some(_)) if is_held_back => None,
        (_, Some(pmcid)) => Some(("pmcid", pmcid)),
        (Some(true), None) => Some(("open_access", "true".to_owned())),
        (None, None) => open_licence(record).map(|text| ("licence", text)),
    }
}

/// Returns the open licence among the fields that were kept aside.
fn open_licence(record: &Record) -> Option<String> {
    LICENCE_FIELDS.iter().find_map(|field| {
        let text = record.extra.get(*field)?.as_str()?;
        let folded = text.to_lowercase();
        OPEN_LICENCES.iter().any(|open| folded.contains(open)).then(|| text.to_owned())
    })
}

/// Tells whether the languages of a paper are known and English is none of them.
fn is_foreign(record: &Record) -> bool {
    let mut named = record.language.iter().filter(|l| !NO_LANGUAGE.contains(&l.as_str())).peekable();
    named.peek().is_some() && !named.any(|l| l == "en" || l.starts_with("en-"))
}

/// Tells whether a journal article has no volume, issue or pages yet.
///
/// Only a record with publication types comes from a catalogue that would give them: a feed item
/// with a PMID says nothing about it.
fn is_ahead_of_print(record: &Record) -> bool {
    record.pmid.is_some()
        && record.has_type("Journal Article")
        && preprint(record).is_none()
        && record.volume.is_none()
        && record.number.is_none()
        && record.pages.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn flags_come_from_fields() {
        let cases = [
            (json!({"pmcid": "PMC9000001"}), "no-abstract open-access", "a PMCID"),
            (json!({"pmcid": "PMC9000001", "id": "pmid:90000001"}), "no-abstract", "PubMed holds the text back"),
            (
                json!({"pmcid": "PMC9000001", "id": "pmid:90000001", "open_access": true}),
                "no-abstract open-access",
                "PubMed",
            ),
            (json!({"pmcid": "PMC9000001", "open_access": false}), "no-abstract", "the source says no"),
            (json!({"open_access": true}), "no-abstract open-access", "the source says yes"),
            (
                json!({"license": "https://creativecommons.org/licenses/by/4.0/"}),
                "no-abstract open-access",
                "a licence",
            ),
            (json!({"rights": "All rights reserved"}), "no-abstract", "no open licence"),
            (json!({"type": ["Preprint"], "pmid": "90000001"}), "no-abstract preprint", "its type"),
            (json!({"doi": "10.1101/2026.01.02.26300001"}), "no-abstract preprint", "a server's DOI"),
            (json!({"type": ["Journal Article"], "pmid": "90000001"}), "ahead-of-print no-abstract", "no volume yet"),
            (json!({"type": ["Journal Article"], "pmid": "90000001", "volume": "3"}), "no-abstract", "in a volume"),
            (json!({"pmid": "90000001"}), "no-abstract", "a feed item tells no volume"),
            (json!({"language": ["fr"], "abstract": "Un texte."}), "non-english", "French alone"),
            (json!({"language": ["fr", "en"], "abstract": "A text."}), "", "also English"),
            (json!({"language": ["und"], "abstract": "A text."}), "", "no language named"),
            (json!({"type": ["Retracted Publication"], "abstract": "A text."}), "retracted", "its type"),
        ];
        for (mut fields, want, note) in cases {
            fields["title"] = json!("A title");
            let record: Record = serde_json::from_value(fields).unwrap();
            let mut why = Why::default();
            let flags = find(&record, &Tags::new(), &Places::default(), &mut why);
            assert_eq!(flags.join(" "), want, "{note}");
            assert_eq!(why.into_map().len(), flags.len(), "{note}: each with its reason");
        }
    }
}
