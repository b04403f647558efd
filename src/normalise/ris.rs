//! RIS, in the dialects that `EndNote`, Zotero, Mendeley, EBSCO, Ovid (`PsycINFO`) and publishers write.
//!
//! The tags are those of the RIS specification of 2011; where tools disagree, the value decides
//! (an `M3` or `UR` that is a DOI, an `SN` that is an ISBN).

use serde_json::Value;

use super::dates::habit::Habit;
use super::tagged::{self, Field};
use super::{Sink, fields, json_record, names};
use crate::model::{Doi, Place, Pmid, Problem, Record};

/// RIS types and the publication types that PubMed would give.
const TYPES: &[(&str, &str)] = &[
    ("BLOG", "Blog"),
    ("BOOK", "Book"),
    ("CHAP", "Book Chapter"),
    ("CONF", "Congress"),
    ("CPAPER", "Congress"),
    ("DATA", "Dataset"),
    ("DICT", "Book"),
    ("EBOOK", "Book"),
    ("ECHAP", "Book Chapter"),
    ("EDBOOK", "Book"),
    ("EJOUR", "Journal Article"),
    ("ENCYC", "Book Chapter"),
    ("GOVDOC", "Technical Report"),
    ("INPR", "Journal Article"),
    ("JFULL", "Journal Article"),
    ("JOUR", "Journal Article"),
    ("MGZN", "Newspaper Article"),
    ("NEWS", "News"),
    ("RPRT", "Technical Report"),
    ("SER", "Book"),
    ("THES", "Academic Dissertation"),
];

/// Tags of journal or book names, the best first.
const JOURNAL_TAGS: &[&str] = &["JF", "T2", "BT", "JO", "JA", "J2", "J1"];

/// Tags that are read for the record as a whole, and not one by one.
const WHOLE_TAGS: &[&str] = &[
    "TI", "T1", "CT", "AB", "N2", "VL", "IS", "SP", "EP", "DB", "DP", "AU", "A1", "ED", "A2", "PY", "Y1", "DA", "AN",
    "C7", "KW",
];

/// How many parts between commas make one line of keywords a list: "Depression, Postpartum" is one.
const COMMA_KEYWORDS_MIN: usize = 3;

/// Reads a text and hands its records to `sink` in their order.
pub fn read(text: &str, name: &str, source: &str, sink: &mut Sink<'_>) {
    let mut all = tagged::ris_fields(text);
    settle_dates(&mut all, name, sink);
    let closes = all.iter().any(|f| f.tag == "ER");
    let mut current: Vec<&Field<'_>> = Vec::new();
    let mut number = 0;
    for field in &all {
        if matches!(field.tag, "TY" | "ER") && !current.is_empty() {
            number += 1;
            record(&std::mem::take(&mut current), name, source, number, sink);
        }
        if field.tag != "ER" {
            current.push(field);
        }
    }
    let Some(first) = current.first() else { return };
    let place = Place::at(name, first.line, 1);
    if closes {
        let message = "the last record has no ER line: it is cut off and was left out";
        sink(Err(Problem::error(place, message).with_help("export the file again")));
    } else {
        sink(Err(Problem::warning(place, "the last record has no ER line; it may be cut off")));
        record(&current, name, source, number + 1, sink);
    }
}

/// Writes numeric dates as `YYYY-MM-DD` where all dates of the file show how they are meant; says
/// once when they stay unsure.
fn settle_dates(all: &mut [Field<'_>], name: &str, sink: &mut Sink<'_>) {
    let is_date = |field: &Field<'_>| matches!(field.tag, "DA" | "PY" | "Y1");
    let mut habit = Habit::default();
    all.iter().filter(|f| is_date(f)).for_each(|f| habit.see(&f.value));
    for field in all.iter_mut().filter(|f| is_date(f)) {
        // A number without signs is no date of a spreadsheet here.
        let is_parted = field.value.contains(['/', '-']);
        if let Some(settled) = habit.settle(&field.value).filter(|_| is_parted) {
            field.value = settled;
        }
    }
    if let Some(problem) = habit.warning("the file", Place::file(name)) {
        sink(Err(problem));
    }
}

/// Hands on the record that some fields make; `number` counts the records of the file from 1.
pub fn record(all: &[&Field<'_>], name: &str, source: &str, number: usize, sink: &mut Sink<'_>) {
    let mut record = Record { id: format!("{name}#{number}"), source: source.to_owned(), ..Record::default() };
    let line = all.first().map_or(0, |f| f.line);
    let values = |tag: &str| all.iter().filter(|f| f.tag == tag).map(|f| f.value.clone()).collect::<Vec<_>>();
    let first = |tags: &[&str]| tags.iter().flat_map(|t| values(t)).find_map(|v| fields::line(&v));
    record.title = first(&["TI", "T1", "CT"]).unwrap_or_default();
    record.journal = first(JOURNAL_TAGS);
    if record.title.is_empty()
        && let Some(book) = first(&["BT"])
    {
        record.title = book;
        record.journal = None;
    }
    record.abstract_text = ["AB", "N2"].iter().find_map(|tag| joined(&values(tag)));
    record.volume = first(&["VL"]);
    record.number = first(&["IS"]);
    let range = fields::page_range(&first(&["SP"]).unwrap_or_default(), &first(&["EP"]).unwrap_or_default());
    record.pages = range.map(|p| p.replace(['–', '—'], "-")).or_else(|| first(&["C7"]));
    record.database = first(&["DB", "DP"]);
    authors(&mut record, all);
    keywords(&mut record, &values("KW"));
    let mut messages = vec![(line, fields::set_dates(&mut record, first(&["PY", "Y1"]), first(&["DA"])))];
    messages.extend(all.iter().map(|field| (field.line, take(&mut record, field))));
    for (line, message) in messages {
        if let Some(message) = message {
            sink(Err(Problem::warning(Place::at(name, line, 1), message)));
        }
    }
    fields::take_accession(&mut record, first(&["AN"]));
    json_record::hand_on(record, Place::at(name, line, 1), sink);
}

/// Returns the paragraphs of a tag that may stand several times, each text once.
fn joined(values: &[String]) -> Option<String> {
    let mut out = Vec::new();
    values.iter().filter_map(|v| fields::paragraphs(v)).for_each(|text| fields::add_once(&mut out, text));
    (!out.is_empty()).then(|| out.join("\n\n"))
}

/// Sets the authors; where there are none, the editors.
fn authors(record: &mut Record, all: &[&Field<'_>]) {
    for tags in [&["AU", "A1"][..], &["ED", "A2"][..]] {
        for tag in tags {
            // Two people may have one name; the same people under two tags are no more people.
            let known = record.authors.clone();
            let found = all.iter().filter(|f| f.tag == *tag).flat_map(|f| f.value.split(['\n', ';']));
            let found = found.filter_map(|n| names::author(n, names::Order::GivenFirst));
            record.authors.extend(found.filter(|a| !known.contains(a)));
        }
        if !record.authors.is_empty() {
            return;
        }
    }
}

/// Sets the keywords: one to a tag, one to a line, or all in one line.
fn keywords(record: &mut Record, values: &[String]) {
    let is_list = |v: &String| !v.contains([';', '\n', '|']) && v.matches(',').count() + 1 >= COMMA_KEYWORDS_MIN;
    let parts_at: &[char] = match values {
        [only] if is_list(only) => &[','],
        _ => &['\n', ';', '|'],
    };
    for keyword in values.iter().flat_map(|v| v.split(parts_at)).filter_map(fields::line) {
        fields::add_once(&mut record.keywords, keyword.trim_start_matches('*').to_owned());
    }
}

/// Puts one of the other fields into the record; returns a message when the value does not fit.
fn take(record: &mut Record, field: &Field<'_>) -> Option<String> {
    let value = field.value.as_str();
    let text = fields::line(value)?;
    match field.tag {
        "TY" => {
            let kind = text.to_uppercase();
            if let Some((_, name)) = TYPES.iter().find(|(t, _)| *t == kind) {
                record.types.insert(0, (*name).to_owned());
            }
        }
        "M3" if Doi::parse(&text).is_none() => {
            text.split(';').filter_map(fields::line).for_each(|t| fields::add_once(&mut record.types, t));
        }
        "DO" | "M3" | "DI" | "DOI" => return fields::set_doi(record, value),
        "SN" => fields::add_issns(record, value),
        "UR" | "L1" | "L2" | "LK" | "L4" => {
            fields::take_addresses(record, value);
        }
        "LA" => return fields::add_languages(record, text.split([',', ';'])),
        "N1" => fields::take_note(record, value),
        "PM" | "PMID" => return fields::set_pmid(record, &text),
        "C2" if text.to_uppercase().starts_with("PMC") => return fields::set_pmcid(record, &text),
        // Scopus puts the PMID where EndNote has the PMCID.
        "C2" if is_scopus(record) && Pmid::parse(&text).is_some() => return fields::set_pmid(record, &text),
        // What another form has and RIS lacks.
        "XX" => {}
        tag if WHOLE_TAGS.contains(&tag) || JOURNAL_TAGS.contains(&tag) => {}
        tag => {
            let kept = record.extra.entry(format!("ris_{tag}")).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(list) = kept {
                list.push(Value::String(text));
            }
        }
    }
    None
}

/// Tells whether a record was exported from Scopus.
fn is_scopus(record: &Record) -> bool {
    record.database.as_deref().is_some_and(|d| d.to_lowercase().contains("scopus"))
}

#[cfg(test)]
mod tests {
    use crate::model::{Author, Doi, Pmcid, Pmid, Record};
    use crate::normalise::{Format, Parsed, read};

    /// Records as `EndNote`, Zotero and `PsycINFO` write them, invented.
    const FLAVOURS: &str = include_str!("../../tests/fixtures/intake/flavours.ris");

    fn parsed(text: &str) -> Parsed {
        read(text.as_bytes(), "flavours.ris", "inbox")
    }

    #[test]
    fn every_dialect_gives_the_same_fields() {
        let got = parsed(FLAVOURS);
        assert_eq!((got.format, got.records.len(), got.problems.as_slice()), (Format::Ris, 4, [].as_slice()));
        for (at, id) in ["endnote", "zotero", "psycinfo"].iter().enumerate() {
            let r: &Record = &got.records[at];
            assert_eq!(r.title, "Talking circles after birth: an invented trial", "{id}");
            assert_eq!(r.journal.as_deref(), Some("Journal of Invented Health"), "{id}");
            assert_eq!(r.doi.as_ref().map(Doi::as_str), Some("10.5555/ris.1"), "{id}");
            assert_eq!(r.issn, ["1234-5679"], "{id}");
            assert_eq!(r.pages.as_deref(), Some("33-41"), "{id}");
            assert_eq!((r.volume.as_deref(), r.number.as_deref(), r.year), (Some("12"), Some("2"), Some(2026)), "{id}");
            assert_eq!(r.types.first().map(String::as_str), Some("Journal Article"), "{id}");
            assert_eq!(r.keywords, ["Depression", "Mothers"], "{id}");
            assert_eq!(r.authors.iter().map(Author::short_name).collect::<Vec<_>>(), ["Example ML", "Model A"], "{id}");
            assert_eq!(r.id, format!("flavours.ris#{}", at + 1));
        }
        let pmids: Vec<Option<u32>> = got.records.iter().map(|r| r.pmid.map(Pmid::number)).collect();
        assert_eq!(pmids, [Some(90_000_201), Some(90_000_201), None, None]);
        assert_eq!(got.records[1].published.map(|d| d.to_string()).as_deref(), Some("2026-03-12"));
        assert_eq!(got.records[1].pmcid.as_ref().map(Pmcid::as_str), Some("PMC9000201"));
        assert_eq!(got.records[2].database.as_deref(), Some("APA PsycInfo"));
        assert_eq!(got.records[2].extra.get("accession"), Some(&serde_json::json!("2026-90001-001")));
        assert_eq!(
            got.records[2].abstract_text.as_deref(),
            Some("First paragraph of an invented abstract.\n\nSecond paragraph.")
        );
        assert_eq!(
            (got.records[3].types[0].as_str(), got.records[3].journal.as_deref()),
            ("Book Chapter", Some("A book of invented things"))
        );
    }

    #[test]
    fn broken_exports_lose_only_what_is_broken() {
        let cut = FLAVOURS.trim_end().strip_suffix("ER  -").expect("ends with ER");
        for (id, text, records, problems) in [
            ("cut in the last record", cut.to_owned(), 3, 1),
            ("no ER anywhere", "TY  - JOUR\nTI  - a\nTY  - JOUR\nTI  - b\n".to_owned(), 2, 1),
            ("one space", "TY - JOUR\nTI  - a\nER -\n".to_owned(), 1, 0),
            ("no title", "TY  - JOUR\nER  - \nTY  - JOUR\nTI  - b\nER  - \n".to_owned(), 1, 1),
            ("bad doi and language", "TY  - JOUR\nTI  - a\nDO  - n/a\nLA  - ???\nER  - \n".to_owned(), 1, 2),
            ("preamble", format!("Provider: Example\nContent: text/plain\n\n{FLAVOURS}"), 4, 0),
        ] {
            let got = parsed(&text);
            assert_eq!((got.records.len(), got.problems.len()), (records, problems), "{id}: {:?}", got.problems);
        }
    }
}
