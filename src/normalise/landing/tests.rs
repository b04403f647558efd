//! Pages of papers and news as publishers write them, and pages that stand in their place.

use super::*;

mod citation;
mod citation_json;
mod structured;
mod walls;

/// Where the pages of the cases came from.
const ADDRESS: &str = "https://www.example.org/journal/article/7";

/// A page: id, note why it exists, HTML, and fields with what they should hold.
type Case = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Returns a field of a record as text; lists are joined by ` | `.
fn field(landing: &Landing, name: &str) -> String {
    let r = &landing.record;
    let join = |list: &[String]| list.join(" | ");
    let or = |text: &Option<String>| text.clone().unwrap_or_default();
    match name {
        "basis" => format!("{:?}", landing.basis),
        "id" => r.id.clone(),
        "title" => r.title.clone(),
        "authors" => r
            .authors
            .iter()
            .map(|a| match (&a.collective, &a.family, &a.given) {
                (Some(group), _, _) => format!("[{group}]"),
                (_, family, given) => format!("{}, {}", or(family), or(given)).trim_end_matches(", ").to_owned(),
            })
            .collect::<Vec<_>>()
            .join(" | "),
        "orcid" => r.authors.iter().filter_map(|a| a.orcid.clone()).collect::<Vec<_>>().join(" | "),
        "affiliation" => r.authors.iter().filter_map(|a| a.affiliation.clone()).collect::<Vec<_>>().join(" | "),
        "journal" => or(&r.journal),
        "issn" => join(&r.issn),
        "volume" => or(&r.volume),
        "number" => or(&r.number),
        "pages" => or(&r.pages),
        "year" => r.year.map(|y| y.to_string()).unwrap_or_default(),
        "published" => r.published.map(String::from).unwrap_or_default(),
        "doi" => r.doi.as_ref().map(ToString::to_string).unwrap_or_default(),
        "pmid" => r.pmid.map(|p| p.to_string()).unwrap_or_default(),
        "pmcid" => r.pmcid.as_ref().map(ToString::to_string).unwrap_or_default(),
        "language" => join(&r.language),
        "abstract" => or(&r.abstract_text),
        "keywords" => join(&r.keywords),
        "types" => join(&r.types),
        "url" => or(&r.url),
        "links" => join(&r.links),
        "open_access" => r.open_access.map(|o| o.to_string()).unwrap_or_default(),
        "problems" => landing.problems.iter().map(|p| p.message.clone()).collect::<Vec<_>>().join(" | "),
        "event" => r.extra.get("event_start").map(ToString::to_string).unwrap_or_default(),
        other => panic!("no such field: {other}"),
    }
}

/// Reads every case and compares its fields.
fn check(cases: &[Case]) {
    let mut wrong = Vec::new();
    for (id, note, page, fields) in cases {
        match read(page.as_bytes(), Some("text/html; charset=utf-8"), ADDRESS, "added") {
            Err(not) => wrong.push(format!("{id} ({note}): no record: {}", not.reason)),
            Ok(landing) => {
                for (name, want) in *fields {
                    let got = field(&landing, name);
                    if got != *want {
                        wrong.push(format!("{id} ({note}): {name} is {got:?}, not {want:?}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_cut_or_damaged_page_never_panics() {
    let page = r##"<html lang=en><head><title>T | Site</title><meta name="citation_title" content="A &amp; b"><meta name=citation_author content="Example, M."><meta name=citation_author_orcid content=x><script type="application/ld+json">{"@type":"Article","headline":"x","author":[{"@id":"#a"}],"isPartOf":{"@type":"Periodical","issn":"1234-5678"}}</script></head><body><time datetime=2026-10-01>x</time></body>"##;
    for at in 0..page.len() {
        let _ = read(&page.as_bytes()[..at], None, ADDRESS, "s");
        for damage in [0x01_u8, 0x20, 0x80] {
            let mut bytes = page.as_bytes().to_vec();
            bytes[at] ^= damage;
            let _ = read(&bytes, None, ADDRESS, "s");
        }
    }
}

#[test]
fn the_same_page_gives_the_same_record() {
    let page = b"<meta name=citation_title content=T><meta name=citation_doi content=10.5555/x>";
    let one = read(page, None, "https://www.example.org/a?utm_source=mail", "added");
    let two = read(page, None, "http://example.org/a/", "added").map(|l| l.record.id);
    assert_eq!(one.map(|l| l.record.id), Ok("https://example.org/a".to_owned()));
    assert_eq!(two, Ok("https://example.org/a".to_owned()), "tracking words, www and scheme name the same page");
}
