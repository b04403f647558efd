//! Citations as DOI resolvers give them.

use super::super::{Basis, Landing, read_citation};
use super::field;
use crate::model::Doi;

#[test]
fn a_resolvers_citation_becomes_a_record() {
    type Row = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str)]);
    let cases: &[Row] = &[
        (
            "crossref",
            "an article with everything around it that is not of the paper",
            r#"{"indexed":{"timestamp":1},"is-referenced-by-count":7,"reference":[{"DOI":"10.5555/other"}],"DOI":"10.5555/JEX.7","type":"journal-article","title":"Walking &amp; <i>talking</i>","subtitle":["A trial"],"container-title":"Journal of Examples","ISSN":["1234-5678"],"volume":"12","issue":"3","page":"1-9","author":[{"given":"Maria","family":"Example","ORCID":"https://orcid.org/0000-0002-1825-0097","affiliation":[{"name":"University of Examples"}]},{"name":"The Example Group"}],"issued":{"date-parts":[[2026,10,5]]},"published-online":{"date-parts":[[2026,9,28]]},"published-print":{"date-parts":[[2027,1]]},"URL":"https://doi.org/10.5555/jex.7","abstract":"<jats:title>Abstract</jats:title><jats:p>Women who walked had lower scores.</jats:p>","language":"en"}"#,
            &[
                ("id", "doi:10.5555/jex.7"),
                ("title", "Walking & talking: A trial"),
                ("doi", "10.5555/jex.7"),
                ("journal", "Journal of Examples"),
                ("authors", "Example, Maria | [The Example Group]"),
                ("affiliation", "University of Examples"),
                ("published", "2026-09-28"),
                ("year", "2027"),
                ("abstract", "Women who walked had lower scores."),
                ("types", "Journal Article"),
                ("url", ""),
                ("language", "en"),
            ],
        ),
        (
            "preprint",
            "a preprint and its server",
            r#"{"DOI":"10.1101/2026.10.01.90000001","type":"posted-content","subtype":"preprint","title":"T t","institution":[{"name":"medRxiv"}],"publisher":"Example Laboratory","issued":{"date-parts":[[2026,10,3]]}}"#,
            &[("types", "Preprint"), ("journal", "medRxiv"), ("published", "2026-10-03")],
        ),
        (
            "list-title",
            "titles as lists",
            r#"{"title":["T t"],"container-title":["J"]}"#,
            &[("title", "T t"), ("journal", "J")],
        ),
        (
            "no-doi",
            "the DOI that was asked for stands where none is given",
            r#"{"title":"T t"}"#,
            &[("doi", "10.5555/jex.7")],
        ),
        (
            "empty-date",
            "Crossref writes null where it knows no date",
            r#"{"title":"T t","issued":{"date-parts":[[null]]}}"#,
            &[("published", "")],
        ),
    ];
    let asked = Doi::parse("10.5555/jex.7").unwrap();
    for (id, note, json, fields) in cases {
        let (record, problems) = read_citation(json.as_bytes(), &asked, "added").unwrap();
        assert!(record.extra.is_empty(), "{id}: what changes from day to day stays out: {:?}", record.extra);
        let landing = Landing { record, basis: Basis::Citation, problems };
        for (name, want) in *fields {
            assert_eq!(field(&landing, name), *want, "{id} ({note}): {name}");
        }
    }
}

#[test]
fn links_to_other_papers_are_kept() {
    let json = r#"{"title":"RETRACTED: T","updated-by":[{"type":"retraction","DOI":"10.5555/notice"}],"relation":{"has-preprint":[{"id-type":"doi","id":"10.1101/2026.01.01.1"}],"is-supplemented-by":[{"id":"10.5555/data"}]},"update-to":[{"type":"correction","DOI":"10.5555/old"}]}"#;
    let asked = Doi::parse("10.5555/a").unwrap();
    let (record, _) = read_citation(json.as_bytes(), &asked, "added").unwrap();
    let got: Vec<String> = record.relations.iter().map(|r| format!("{} {}", r.kind, r.doi.as_ref().unwrap())).collect();
    assert_eq!(got, ["has-preprint 10.1101/2026.01.01.1", "retraction-in 10.5555/notice", "erratum-for 10.5555/old"]);
    assert!(record.is_retracted());
}

#[test]
fn what_is_no_citation_is_refused() {
    let asked = Doi::parse("10.5555/a").unwrap();
    for text in ["", "<html>", "[]", "3", "{}", "{\"title\":\"  \"}", "{\"title\":null}"] {
        assert!(read_citation(text.as_bytes(), &asked, "added").is_err(), "{text}");
    }
}
