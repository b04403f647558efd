//! The table of reference files, `tests/cases/reference-files.toml`, and laws of every form.

use serde_json::{Map, Value, json};

use super::{Format, Parsed, read};
use crate::model::{Author, Record};

/// An invented file of each form that people drop, read by all the laws below.
const FILES: &[(&str, Format, &[u8])] = &[
    ("flavours.bib", Format::Bibtex, include_bytes!("../../tests/fixtures/intake/flavours.bib")),
    ("flavours.ris", Format::Ris, include_bytes!("../../tests/fixtures/intake/flavours.ris")),
    ("two.nbib", Format::Medline, include_bytes!("../../tests/fixtures/intake/two.nbib")),
    ("endnote.xml", Format::EndnoteXml, include_bytes!("../../tests/fixtures/intake/endnote.xml")),
    ("pubmed.csv", Format::Csv, include_bytes!("../../tests/fixtures/intake/pubmed.csv")),
    ("lines.jsonl", Format::RecordLines, include_bytes!("../../tests/fixtures/intake/lines.jsonl")),
    ("zotero-csl.json", Format::RecordLines, include_bytes!("../../tests/fixtures/intake/zotero-csl.json")),
];

/// One row of the table.
struct Case {
    id: String,
    form: String,
    text: String,
    want: Map<String, Value>,
    records: usize,
    problems: usize,
}

fn cases() -> Vec<Case> {
    let text = include_str!("../../tests/cases/reference-files.toml");
    let document: toml_edit::DocumentMut = text.parse().expect("TOML");
    let tables = document["case"].as_array_of_tables().expect("cases");
    tables
        .iter()
        .map(|table| {
            let word = |key: &str| table.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
            let number = |key: &str, usual| {
                table.get(key).and_then(toml_edit::Item::as_integer).map_or(usual, |n| usize::try_from(n).unwrap())
            };
            assert!(!word("note").is_empty(), "{} has no note", word("id"));
            let want = table.get("want").and_then(|w| w.as_inline_table()).map(object).unwrap_or_default();
            Case {
                id: word("id"),
                form: word("form"),
                text: word("text"),
                want,
                records: number("records", 1),
                problems: number("problems", 0),
            }
        })
        .collect()
}

fn object(table: &toml_edit::InlineTable) -> Map<String, Value> {
    table.iter().map(|(key, value)| (key.to_owned(), json_of(value))).collect()
}

fn json_of(value: &toml_edit::Value) -> Value {
    match value {
        toml_edit::Value::String(text) => json!(text.value()),
        toml_edit::Value::Integer(number) => json!(number.value()),
        toml_edit::Value::Boolean(is) => json!(is.value()),
        toml_edit::Value::Array(list) => list.iter().map(json_of).collect(),
        toml_edit::Value::InlineTable(table) => Value::Object(object(table)),
        other => panic!("{other} is not used in cases"),
    }
}

/// Returns names as the table writes them: `Family|Given`, `Family|Given|Jr`, `[Group]`.
fn names(record: &Record) -> Value {
    let part = |p: &Option<String>| p.clone().unwrap_or_default();
    let one = |a: &Author| match (&a.collective, &a.suffix) {
        (Some(group), _) => format!("[{group}]"),
        (None, Some(suffix)) => format!("{}|{}|{suffix}", part(&a.family), part(&a.given)),
        (None, None) => format!("{}|{}", part(&a.family), part(&a.given)),
    };
    record.authors.iter().map(one).collect()
}

fn format_of(form: &str) -> Format {
    match form {
        "bibtex" => Format::Bibtex,
        "ris" => Format::Ris,
        "nbib" => Format::Medline,
        "csv" => Format::Csv,
        "endnote" => Format::EndnoteXml,
        "tagged" => Format::Tagged,
        "csl" => Format::RecordLines,
        "none" => Format::Unknown,
        other => panic!("{other} is no form"),
    }
}

#[test]
fn every_row_of_the_table_is_read() {
    let cases = cases();
    let mut ids: Vec<&str> = cases.iter().map(|c| c.id.as_str()).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|w| w[0] != w[1]), "two rows have one id");
    let mut wrong = Vec::new();
    for case in &cases {
        let got = read(case.text.as_bytes(), "x", "inbox");
        if got.format != format_of(&case.form) {
            wrong.push(format!("{}: read as {:?}", case.id, got.format));
        }
        if (got.records.len(), got.problems.len()) != (case.records, case.problems) {
            let (records, problems) = (got.records.len(), &got.problems);
            wrong.push(format!("{}: {records} records, {} problems {problems:#?}", case.id, problems.len()));
        }
        let Some(record) = got.records.first() else { continue };
        let shown = serde_json::to_value(record).expect("writes");
        for (key, want) in &case.want {
            let got = if key == "authors" { names(record) } else { shown.get(key).cloned().unwrap_or(json!("")) };
            if got != *want {
                wrong.push(format!("{}: {key} is {got}, not {want}", case.id));
            }
        }
    }
    println!("{} rows", cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What holds of every answer, whatever the bytes were.
fn hold_laws(id: &str, got: &Parsed) {
    for record in &got.records {
        assert!(!record.title.chars().any(char::is_control), "{id}: a control character in a title");
        assert!(!record.id.is_empty(), "{id}: a record without id");
        serde_json::to_string(record).expect("writes");
    }
    for problem in &got.problems {
        assert!(!problem.message.is_empty() && !problem.message.ends_with('.'), "{id}: {}", problem.message);
    }
}

#[test]
fn whole_files_are_read_without_a_word() {
    for (name, format, bytes) in FILES {
        let got = read(bytes, name, "inbox");
        assert_eq!(got.format, *format, "{name}");
        assert!(!got.records.is_empty() && got.problems.is_empty(), "{name}: {:#?}", got.problems);
        hold_laws(name, &got);
        assert_eq!(got, read(bytes, name, "inbox"), "{name}: the same bytes, another answer");
    }
}

#[test]
fn a_cut_or_damaged_byte_never_panics() {
    for (name, _, bytes) in FILES {
        for at in 0..bytes.len() {
            hold_laws(name, &read(&bytes[..at], name, "inbox"));
            if at % 4 > 0 {
                continue;
            }
            // Every fourth byte is damaged, in one way of four: all ways at each would take minutes.
            let mut bytes = bytes.to_vec();
            bytes[at] ^= [0x01_u8, 0x04, 0x20, 0x80][at / 4 % 4];
            hold_laws(name, &read(&bytes, name, "inbox"));
        }
    }
}

#[test]
fn line_ends_marks_and_encodings_change_nothing() {
    for (name, _, bytes) in FILES {
        let text = std::str::from_utf8(bytes).expect("fixtures are UTF-8");
        let plain = read(bytes, name, "inbox");
        let windows = text.replace('\n', "\r\n").into_bytes();
        let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let swapped: Vec<u8> = [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        for (id, bytes) in [("windows", windows), ("marked", marked), ("wide", wide), ("swapped", swapped)] {
            assert_eq!(read(&bytes, name, "inbox").records, plain.records, "{name}: {id}");
        }
    }
}
