//! A program that is not ours reads our RIS and BibTeX: bibutils, where it is installed.

use std::io::Write as _;
use std::process::{Command, Stdio};

use roundup::bibliography::{Format, Writer};
use roundup::model::{Identifier, Paper, Pmid, Record, WorkId};

/// Reads every reference file of the fixtures and the invented months, as papers.
fn papers() -> Vec<Paper> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = [
        "src/standin/data/pubmed-2026-10.xml",
        "tests/fixtures/bibliography/zotero.ris",
        "tests/fixtures/bibliography/zotero.bib",
        "tests/fixtures/bibliography/zotero.json",
        "tests/fixtures/intake/flavours.ris",
        "tests/fixtures/intake/two.nbib",
    ];
    let records = files.iter().flat_map(|name| {
        let bytes = std::fs::read(root.join(name)).unwrap();
        roundup::normalise::read(&bytes, name, "inbox").records
    });
    records.chain([hostile()]).map(paper).collect()
}

/// A record whose values try to act.
fn hostile() -> Record {
    let text = "5% & $x #1 a_b {c} }{ ~ ^ \\end{document} \"q\" ER  - ";
    Record {
        title: text.to_owned(),
        abstract_text: Some(format!("{text}\n\nER  - \n\n@article{{x, title = {{y}}}}")),
        journal: Some(text.to_owned()),
        keywords: vec![text.to_owned(), "Depression, Postpartum".to_owned()],
        year: Some(2026),
        ..Record::default()
    }
}

/// Returns a paper of a record, without what MODS has no place for and bibutils tells of: the name of
/// the database, and a person's own tags and notes.
fn paper(mut record: Record) -> Paper {
    record.database = None;
    record.extra.clear();
    Paper::untagged(WorkId::mint(&Identifier::Pmid(Pmid::parse("90000001").unwrap()), 0), record)
}

/// Runs a program over a text; `None` when it is not installed.
fn run(program: &str, arguments: &[&str], input: &str) -> Option<(String, String)> {
    let piped =
        |c: &mut Command| c.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = piped(&mut Command::new(program)).ok()?;
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Some((text(&output.stdout), text(&output.stderr)))
}

#[test]
fn bibutils_reads_what_we_write_without_a_warning() {
    let papers = papers();
    for (format, reader, writer) in [(Format::Ris, "ris2xml", "xml2ris"), (Format::Bibtex, "bib2xml", "xml2bib")] {
        let mut file = Writer::new(format);
        let text: String = papers.iter().map(|p| file.paper(p)).collect();
        let Some((xml, told)) = run(reader, &["-i", "utf8", "-o", "utf8"], &text) else {
            println!("skipped: bibutils is not installed");
            return;
        };
        let warnings: Vec<&str> = told.lines().filter(|l| !l.contains("Processed")).collect();
        assert_eq!(warnings, Vec::<&str>::new(), "{reader}");
        assert_eq!(xml.matches("<mods ").count(), papers.len(), "{reader}");
        assert!(told.contains(&format!("Processed {} references", papers.len())), "{reader}: {told}");
        let (back, told) = run(writer, &["-i", "utf8", "-o", "utf8"], &xml).unwrap();
        let read = roundup::normalise::read(back.as_bytes(), "back", "inbox").records;
        assert_eq!(read.len(), papers.len(), "{writer}: {told}");
        println!("{reader}: {} papers, no warning", papers.len());
    }
}
