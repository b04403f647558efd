//! A line of our own form read straight into a record, with no tree of values between.
//!
//! Only for lines in which every value is of the type that we write ourselves. Any other line gives
//! nothing and is read the long way, so that both ways give the same records.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::{complete, is_missing, take_list, take_raw};
use crate::model::{Author, Record};
use crate::normalise::{fields, names};

/// A text that stays in the line it is read from unless that spells signs as escapes.
#[derive(Deserialize)]
struct Text<'l>(#[serde(borrow)] Cow<'l, str>);

/// A line as we write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'l> {
    #[serde(borrow)]
    id: Option<Text<'l>>,
    source: Option<Text<'l>>,
    title: Text<'l>,
    title_vernacular: Option<Text<'l>>,
    #[serde(rename = "abstract")]
    abstract_text: Option<Text<'l>>,
    journal: Option<Text<'l>>,
    volume: Option<Text<'l>>,
    number: Option<Text<'l>>,
    pages: Option<Text<'l>>,
    published: Option<Text<'l>>,
    entered: Option<Text<'l>>,
    doi: Option<Text<'l>>,
    pmid: Option<Text<'l>>,
    pmcid: Option<Text<'l>>,
    url: Option<Text<'l>>,
    database: Option<Text<'l>>,
    #[serde(default)]
    authors: Vec<Person<'l>>,
    year: Option<u16>,
    sections: Option<Value>,
    issn: Option<Vec<Value>>,
    language: Option<Vec<Value>>,
    links: Option<Vec<Value>>,
    r#type: Option<Vec<Value>>,
    mesh: Option<Value>,
    keywords: Option<Vec<Value>>,
    relations: Option<Value>,
    open_access: Option<bool>,
}

/// An author as we write it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person<'l> {
    #[serde(borrow)]
    family: Option<Text<'l>>,
    given: Option<Text<'l>>,
    suffix: Option<Text<'l>>,
    orcid: Option<Text<'l>>,
    collective: Option<Text<'l>>,
    affiliation: Option<Text<'l>>,
}

/// Returns the record of a line of our own form; `None` when it is another, or when anything about
/// it has to be told.
pub fn read_line(line: &str) -> Option<Record> {
    let line: Line = serde_json::from_str(line).ok()?;
    let mut record = Record { open_access: line.open_access, ..Record::default() };
    for person in line.authors {
        record.authors.push(author(&person)?);
    }
    let year = line.year.map(|y| Text(Cow::Owned(y.to_string())));
    let texts = [
        ("id", line.id),
        ("title", Some(line.title)),
        ("title_vernacular", line.title_vernacular),
        ("abstract", line.abstract_text),
        ("journal", line.journal),
        ("volume", line.volume),
        ("number", line.number),
        ("pages", line.pages),
        ("year", year),
        ("published", line.published),
        ("entered", line.entered),
        ("doi", line.doi),
        ("pmid", line.pmid),
        ("pmcid", line.pmcid),
        ("url", line.url),
        ("database", line.database),
    ];
    for (key, text) in texts {
        if let Some(Text(text)) = text.filter(|Text(t)| !t.trim().is_empty())
            && take_raw(&mut record, key, &text)?.is_some()
        {
            return None;
        }
    }
    let lists = [
        ("sections", line.sections),
        ("issn", line.issn.map(Value::Array)),
        ("language", line.language.map(Value::Array)),
        ("links", line.links.map(Value::Array)),
        ("type", line.r#type.map(Value::Array)),
        ("mesh", line.mesh),
        ("keywords", line.keywords.map(Value::Array)),
        ("relations", line.relations),
    ];
    for (key, list) in lists {
        if let Some(list) = list.filter(|l| !is_missing(l))
            && take_list(&mut record, key, list).is_some()
        {
            return None;
        }
    }
    if let Some(Text(source)) = line.source.filter(|Text(t)| !t.trim().is_empty()) {
        record.extra.insert("source_as_given".to_owned(), Value::String(source.into_owned()));
    }
    complete(&mut record);
    Some(record)
}

/// Returns an author; `None` for a name that must be taken apart.
fn author(person: &Person) -> Option<Author> {
    let part = |text: &Option<Text>| text.as_ref().and_then(|Text(t)| fields::line(t));
    let (family, collective) = (part(&person.family), part(&person.collective));
    if family.is_none() && collective.is_none() {
        return None;
    }
    Some(Author {
        family,
        given: part(&person.given),
        suffix: part(&person.suffix),
        collective,
        orcid: part(&person.orcid).and_then(|o| names::orcid(&o)),
        affiliation: part(&person.affiliation),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines that are nearly of our form: whichever way reads them, the record is the same.
    const NEARLY: &[&str] = &[
        r#"{"title":" Sleep  of\nmothers ","year":2026,"authors":[{"family":"Example","given":"M","orcid":"0000-0002-1825-0097"}]}"#,
        r#"{"id":"pmid:90000001","title":"A","source":"theirs","language":["eng","xx-none"],"issn":["9999-0001","no"]}"#,
        r#"{"title":"A \u0041","abstract":"","doi":"https://doi.org/10.5555/A.1.","pmid":"90000001","links":["https://example.org"]}"#,
        r#"{"title":"A","doi":"no doi","pages":"1-9","type":["journal-article"],"keywords":["a","a",""],"open_access":false}"#,
        r#"{"title":"A","published":"2026-13","entered":"2026-10-01","sections":[{"label":"RESULTS","text":"Good."}]}"#,
        r#"{"title":"A","authors":["Example Maria"],"unknown":1}"#,
        r#"{"title":"A","authors":[{"family":"Example, Maria"}],"relations":[{"kind":"erratum-in","pmid":"90000002"}]}"#,
    ];

    #[test]
    fn both_ways_give_the_same_record() {
        let xml = include_bytes!("../../standin/data/pubmed-2026-10.xml");
        let full = crate::normalise::read(xml, "p.xml", "pubmed").records;
        assert!(full.len() > 20);
        let written: Vec<String> = full.iter().map(|r| serde_json::to_string(r).expect("writes")).collect();
        let cases: Vec<Value> =
            serde_json::from_str(include_str!("../../../tests/cases/record_lines.json")).expect("cases");
        let cases: Vec<String> = cases.iter().map(|c| c["line"].to_string()).collect();
        let lines = written.iter().chain(&cases).map(String::as_str).chain(NEARLY.iter().copied());
        let mut straight = 0;
        for line in lines {
            let Some(record) = read_line(line) else { continue };
            straight += 1;
            let Ok(Value::Object(object)) = serde_json::from_str(line) else { panic!("{line} is no object") };
            assert_eq!(crate::normalise::json_record::read(object), (record, Vec::new()), "{line}");
        }
        assert!(straight > full.len(), "{straight} lines were read straight");
    }
}
