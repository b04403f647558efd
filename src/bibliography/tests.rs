//! Laws of every form: what is written is read back, and nothing in a value acts.

use crate::model::{Author, Design, Doi, Identifier, MeshHeading, Paper, PartialDate, Pmcid, Pmid, Record, WorkId};
use crate::normalise::{Parsed, read};

use super::{Format, Writer};

mod held;
mod hostile;
mod round;

/// Returns a paper that holds a record and nothing else.
pub fn paper(record: Record) -> Paper {
    Paper {
        countries: vec!["KEN".into()],
        regions: vec!["LMIC".into()],
        twg: vec!["evidence".into()],
        conditions: vec!["depression".into()],
        design: Design::Rct,
        finding: Some("=An invented finding".into()),
        ..Paper::untagged(WorkId::mint(&Identifier::Pmid(Pmid::parse("90000001").expect("a PMID")), 0), record)
    }
}

/// Returns a file of some papers.
pub fn written(format: Format, papers: &[Paper]) -> String {
    let mut writer = Writer::new(format);
    let mut out = writer.begin();
    for paper in papers {
        out.push_str(&writer.paper(paper));
    }
    out + &writer.end()
}

/// Returns what our own readers make of a file of some records.
pub fn back(format: Format, records: &[Record]) -> (String, Parsed) {
    let papers: Vec<Paper> = records.iter().cloned().map(paper).collect();
    let text = written(format, &papers);
    let name = format!("x.{}", format.extension());
    let parsed = read(text.as_bytes(), &name, "inbox");
    (text, parsed)
}

/// The forms that hold papers.
pub const HOLDING: [Format; 5] = [Format::Ris, Format::Bibtex, Format::Csl, Format::Nbib, Format::Csv];

/// A record with everything.
pub fn full() -> Record {
    Record {
        title: "Group care for mothers in Example City: a PHQ-9 trial".into(),
        authors: vec![
            Author { suffix: Some("Jr".into()), ..Author::person("van der Example", "Maria L.") },
            Author::group("World Bank"),
            Author::person("Okonkwo", "A"),
        ],
        journal: Some("Journal of Invented Health & Care".into()),
        issn: vec!["1234-5679".into(), "1234-5687".into()],
        volume: Some("12".into()),
        number: Some("2".into()),
        pages: Some("33-41".into()),
        year: Some(2026),
        published: PartialDate::parse("2025-12-20"),
        language: vec!["en".into(), "fr".into()],
        doi: Doi::parse("10.5555/x_1(2)"),
        pmid: Pmid::parse("90000001"),
        pmcid: Pmcid::parse("PMC9000001"),
        url: Some("https://example.org/a_b?c=d&e=f;g".into()),
        types: vec!["Journal Article".into(), "Randomized Controlled Trial".into()],
        abstract_text: Some("BACKGROUND: 5% & more.\n\nRESULTS: p<0.05, {x}.".into()),
        keywords: vec!["sleep".into(), "care, group".into()],
        mesh: vec![MeshHeading {
            name: "Depression, Postpartum".into(),
            major: true,
            qualifiers: vec!["therapy".into()],
            ..MeshHeading::default()
        }],
        ..Record::default()
    }
}

#[test]
fn names_and_endings_lead_to_their_form() {
    for format in Format::ALL {
        assert_eq!(Format::parse(format.as_str()), Some(format));
        let path = format!("papers.{}", format.extension().to_uppercase());
        assert_eq!(Format::of_path(std::path::Path::new(&path)), Some(format));
    }
    assert_eq!((Format::parse("RIS"), Format::of_path(std::path::Path::new("ris"))), (None, None));
}

#[test]
fn every_form_looks_as_its_readers_expect() {
    let mut shown = String::new();
    for format in Format::ALL {
        shown.push_str(&format!("-- {}\n{}", format.as_str(), written(format, &[paper(full()), paper(full())])));
    }
    insta::assert_snapshot!("forms", shown.replace('\r', "").replace('\u{feff}', "<mark>"));
}

#[test]
fn a_retracted_paper_is_marked_everywhere() {
    let types = vec!["Journal Article".into(), "Retracted Publication".into()];
    let marked = Record { title: "Retracted: already marked".into(), types: types.clone(), ..full() };
    let plain = Record { types, ..full() };
    let mut by_flag = paper(full());
    by_flag.flags.push("retracted".into());
    for format in HOLDING {
        let text = written(format, &[paper(plain.clone()), by_flag.clone(), paper(marked.clone())]);
        let got = read(text.as_bytes(), "x", "inbox");
        let heads: Vec<&str> = got.records.iter().map(|r| r.title.get(..10).unwrap_or_default()).collect();
        assert_eq!(heads, ["RETRACTED:", "RETRACTED:", "Retracted:"], "{format:?}");
        assert!(!got.records[2].title.contains("RETRACTED"), "{format:?}: marked twice");
        let says = match format {
            Format::Bibtex => "note = {Retracted publication}",
            Format::Csl => "\"status\":\"retracted\"",
            _ => "Retracted Publication",
        };
        assert_eq!(text.matches(says).count(), 3, "{format:?}");
    }
}
