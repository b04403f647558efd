//! Values that try to act: to end an entry, to begin one, to run as a formula or a command.

use super::{HOLDING, back, full, paper, written};
use crate::bibliography::Format;
use crate::model::{Author, MeshHeading, Record};

/// Texts, each with an id and a note why.
const VECTORS: &[(&str, &str, &str)] = &[
    ("ris end", "x\r\nER  - \r\nTY  - BOOK\r\nTI  - y", "ends a RIS entry and begins another"),
    ("ris paragraph", "x\n\nER  - \n\nTY  - JOUR\n\nER", "the same, where paragraphs are kept"),
    ("ris loose", "x\n\ner - y\n\nTI – z\n\n  TY  -JOUR", "tags as only loose readers take them"),
    ("nbib record", "x\n\nPMID- 90000099\nTI  - y", "begins another MEDLINE record"),
    ("bibtex close", "x}\n}\n@article{evil,\n title = {y}", "closes the entry"),
    ("bibtex paragraph", "x\n\n@article{evil, title = {y}}\n\n@", "an entry in a paragraph"),
    ("braces", "}}}{{{ {} }{ \\{ \\}", "braces that do not pair"),
    ("latex", "\\end{document} \\input{x} \\\\ $x^2$ ~ ^ %x & #1 _a", "commands, formulas, comments"),
    ("quotes", "\"x\" 'y' ``z'' \"\"\"", "quotation marks"),
    ("csv", "x\",\"y\r\n=1+1,\"\"\"", "ends a cell and a row"),
    ("formula", "=HYPERLINK(\"http://example.org\",\"x\")", "runs in a spreadsheet"),
    ("formulas", "+1-1 @SUM(A1) -2", "and in other ways"),
    ("tab", "\t=1+1", "a formula behind a tab"),
    ("json", "x\"}],\"id\":\"y\\u0000\\", "ends a JSON text"),
    ("markup", "<script>alert(1)</script> &lt;b&gt; <i>x</i>", "markup"),
    ("controls", "a\u{0}b\u{1b}[31mc\u{7f}d\u{9b}e\u{202e}f\u{feff}g", "terminal escapes, turned text"),
    ("lines", "a\u{2028}b\u{2029}c\u{85}d\u{b}e\u{c}f\rg", "every sign that ends a line"),
    (
        "long word",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "no place to break a line",
    ),
    ("spaces", " \u{a0}\u{3000} ", "nothing at all"),
    ("empty", "", "nothing at all"),
];

/// Returns a record with a text in every field that takes any.
fn filled(text: &str) -> Record {
    let texts = || vec![text.to_owned()];
    let author =
        || Author { suffix: Some(text.to_owned()), affiliation: Some(text.to_owned()), ..Author::person(text, text) };
    Record {
        title: text.to_owned(),
        title_vernacular: Some(text.to_owned()),
        abstract_text: Some(format!("{text}\n\n{text}")),
        authors: vec![author(), Author::group(text)],
        journal: Some(text.to_owned()),
        issn: texts(),
        volume: Some(text.to_owned()),
        number: Some(text.to_owned()),
        pages: Some(text.to_owned()),
        language: texts(),
        url: Some(format!("https://example.org/{text}")),
        links: texts(),
        types: texts(),
        mesh: vec![MeshHeading { name: text.to_owned(), qualifiers: texts(), ..MeshHeading::default() }],
        keywords: texts(),
        database: Some(text.to_owned()),
        extra: [("ris_U1", text), ("notes", text), ("accession", text), ("ris_ER", text)]
            .map(|(k, v)| (k.to_owned(), serde_json::json!([v])))
            .into(),
        ..Record::default()
    }
}

#[test]
fn no_value_acts_in_any_form() {
    for (id, text, note) in VECTORS {
        for format in HOLDING {
            let records = [full(), filled(text), full()];
            let (out, parsed) = back(format, &records);
            let titles: Vec<&str> = parsed.records.iter().map(|r| r.title.as_str()).collect();
            let around = [titles.first(), titles.last()].map(|t| t.copied().unwrap_or_default());
            assert_eq!(around, [full().title.as_str(); 2], "{id} {format:?}: {note}\n{out}");
            assert!(titles.len() <= 3, "{id} {format:?}: {note}: {titles:?}\n{out}");
            let is_bad =
                |c: char| c.is_control() && !matches!(c, '\n' | '\r') || "\u{2028}\u{2029}\u{202e}".contains(c);
            assert!(!out.contains(is_bad), "{id} {format:?}: {note}");
            for record in parsed.records.iter().filter(|r| r.title == full().title) {
                assert_eq!(record.authors.len(), 3, "{id} {format:?}: {note}");
            }
        }
    }
}

#[test]
fn braces_of_bibtex_pair_for_whoever_counts_them_all() {
    for (id, text, note) in VECTORS {
        let out = written(Format::Bibtex, &[paper(filled(text)), paper(full())]);
        let mut depth = 0_i64;
        for c in out.chars() {
            depth += i64::from(c == '{') - i64::from(c == '}');
            assert!(depth >= 0, "{id}: {note}\n{out}");
        }
        assert_eq!(depth, 0, "{id}: {note}\n{out}");
        assert_eq!(out.lines().filter(|l| l.starts_with('@')).count(), 2, "{id}: {note}\n{out}");
    }
}

#[test]
fn no_cell_is_a_formula() {
    for (id, text, note) in VECTORS {
        let out = written(Format::Csv, &[paper(filled(text))]);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a row")).collect();
        assert_eq!(rows.len(), 2, "{id}: {note}");
        for cell in &rows[1] {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{id}: {note}: {cell}");
        }
    }
}

#[test]
fn five_thousand_authors_come_through() {
    let authors: Vec<Author> =
        (0..5_000).map(|n| Author::person(format!("Example{}", if n % 2 == 0 { "" } else { "x" }), "Maria")).collect();
    let record = Record { authors, ..full() };
    for format in HOLDING {
        let (_, parsed) = back(format, std::slice::from_ref(&record));
        assert_eq!(parsed.records[0].authors.len(), 5_000, "{format:?}");
        assert_eq!(parsed.records[0].authors, record.authors, "{format:?}");
    }
}

#[test]
fn an_empty_file_and_an_empty_record_are_sound() {
    for format in Format::ALL {
        let nothing = written(format, &[]);
        assert!(nothing.is_empty() || matches!(format, Format::Csv | Format::Csl), "{format:?}");
        let one = written(format, &[paper(Record::default())]);
        assert!(one.ends_with('\n'), "{format:?}");
    }
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&written(Format::Csl, &[])).expect("JSON").len(), 0);
}
