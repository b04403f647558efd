//! Bytes in, records and problems out. Knows only `model`; reads no file and no clock.
//!
//! Every reader repairs what it can, says what it repaired, and keeps every record that is itself
//! whole: one bad item never costs the rest.
//!
//! ```
//! let parsed = roundup::normalise::read(b"TY  - JOUR\nTI  - A title\nER  - \n", "x.ris", "inbox");
//! assert_eq!(parsed.records[0].title, "A title");
//! ```

use std::borrow::Cow;

use crate::model::{Place, Pmid, Problem, Record, Severity};

mod bibtex;
mod csl;
mod csv_table;
pub mod dates;
mod decode;
mod endnote_xml;
pub mod discover;
pub mod feed;
pub mod html;
pub mod page_html;
mod fields;
mod json_record;
mod json_text;
pub mod landing;
pub mod language;
mod medline;
pub mod names;
mod other_tagged;
pub mod pubmed_xml;
pub mod record_lines;
#[cfg(test)]
mod reference_tests;
mod ris;
mod sniff;
mod tagged;

pub use pubmed_xml::{each_pubmed, each_pubmed_from};
pub use sniff::{is_pubmed_stream, looks_like_pubmed_xml};

/// What some bytes turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PubMed XML: an `EFetch` answer, an update file, or a single record as the root.
    PubmedXml,
    /// MEDLINE tagged text (`.nbib`).
    Medline,
    /// RIS.
    Ris,
    /// Tagged text like RIS: Web of Science's, `RefWorks`' or refer.
    Tagged,
    /// Our own record form, one JSON object a line.
    RecordLines,
    /// BibTeX or BibLaTeX.
    Bibtex,
    /// `EndNote`'s own XML.
    EndnoteXml,
    /// A table with a header line.
    Csv,
    /// RSS, RDF, Atom or JSON Feed.
    Feed,
    /// Something else, or nothing.
    Unknown,
}

/// What a file or answer held.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// What it was recognised as, by content.
    pub format: Format,
    /// Its records in their order; what stands twice is here twice.
    pub records: Vec<Record>,
    /// PMIDs that PubMed says are deleted.
    pub deleted: Vec<Pmid>,
    /// What was repaired, left out or lost.
    pub problems: Vec<Problem>,
}

/// One thing that a file says.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// A record.
    Record(Box<Record>),
    /// PubMed has deleted this record.
    Deleted(Pmid),
}

/// Takes entries and problems as they are read, so that a large file need not be held as records.
pub type Sink<'a> = dyn FnMut(Result<Entry, Problem>) + 'a;

/// Reads any form we know, recognised by content.
///
/// `name` is the file name or address as people know it: it stands in places of problems and in
/// the ids of records that have none of their own (`name#n`, from 1). `source` is put on every
/// record. Empty or unknown input gives no records and one problem that says what it looks like.
pub fn read(bytes: &[u8], name: &str, source: &str) -> Parsed {
    let (mut records, mut deleted, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    let format = read_each(bytes, name, source, &mut |entry| match entry {
        Ok(Entry::Record(record)) => records.push(*record),
        Ok(Entry::Deleted(pmid)) => deleted.push(pmid),
        Err(problem) => problems.push(problem),
    });
    Parsed { format, records, deleted, problems }
}

/// Reads any form we know as [`read`] does, and hands everything to `sink` in its order.
pub fn read_each(bytes: &[u8], name: &str, source: &str, sink: &mut Sink<'_>) -> Format {
    let found = sniff::format(bytes);
    match found {
        sniff::Found::PubmedXml => {
            each_pubmed(bytes, name, source, sink);
            return Format::PubmedXml;
        }
        sniff::Found::Feed => return read_feed(bytes, name, source, sink),
        sniff::Found::Nothing { looks_like, help } => {
            sink(Err(Problem::error(Place::file(name), looks_like).with_help(help)));
            return Format::Unknown;
        }
        _ => {}
    }
    let decoded = decode::text(bytes);
    if !decoded.note.is_empty() {
        sink(Err(Problem::note(Place::file(name), decoded.note).with_help(decode::HELP)));
    }
    let text = line_ends(&decoded.text);
    let mut says_something = false;
    let format = read_text(&found, &text, name, source, &mut |entry| {
        says_something |= entry.as_ref().map_or_else(|problem| problem.severity != Severity::Note, |_| true);
        sink(entry);
    });
    if !says_something {
        let help = "select the references, then export them again";
        sink(Err(Problem::error(Place::file(name), "holds no references").with_help(help)));
    }
    format
}

/// Reads text of a form that is known.
fn read_text(found: &sniff::Found, text: &str, name: &str, source: &str, sink: &mut Sink<'_>) -> Format {
    match found {
        sniff::Found::Medline => {
            medline::read(text, name, source, sink);
            Format::Medline
        }
        sniff::Found::Ris => {
            ris::read(text, name, source, sink);
            Format::Ris
        }
        sniff::Found::Tagged(form) => {
            other_tagged::read(text, *form, name, source, sink);
            Format::Tagged
        }
        sniff::Found::Bibtex => {
            bibtex::read(text, name, source, sink);
            Format::Bibtex
        }
        sniff::Found::EndnoteXml => {
            endnote_xml::read(text, name, source, sink);
            Format::EndnoteXml
        }
        sniff::Found::RecordLines => {
            record_lines::read(text, name, source, sink);
            Format::RecordLines
        }
        _ => {
            csv_table::read(text, name, source, sink);
            Format::Csv
        }
    }
}

/// Returns a text whose lines end in carriage returns alone, as old tools write them, with line feeds.
fn line_ends(text: &str) -> Cow<'_, str> {
    if text.contains('\r') && !text.contains('\n') {
        return Cow::Owned(text.replace('\r', "\n"));
    }
    Cow::Borrowed(text)
}

/// Reads a feed's entries as records.
fn read_feed(bytes: &[u8], name: &str, source: &str, sink: &mut Sink<'_>) -> Format {
    match feed::read_feed(bytes, None, name) {
        Ok((feed, problems)) => {
            for problem in problems {
                sink(Err(problem));
            }
            for record in feed::records(&feed, source, "") {
                sink(Ok(Entry::Record(Box::new(record))));
            }
            Format::Feed
        }
        Err(not_a_feed) => {
            let message = format!("is no feed: {}", not_a_feed.reason);
            sink(Err(Problem::error(Place::file(name), message)));
            Format::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_no_references_is_told() {
        for (id, text, format) in [
            ("json", "[]", Format::RecordLines),
            ("csv", "title,year\n", Format::Csv),
            ("bibtex", "@comment{nothing here}\n", Format::Bibtex),
            ("ris", "TY  - JOUR\nER  - \n", Format::Ris),
        ] {
            let got = read(text.as_bytes(), "x", "inbox");
            assert_eq!((got.format, got.records.len(), got.problems.len()), (format, 0, 1), "{id}: {:?}", got.problems);
            assert_eq!(got.problems[0].severity, Severity::Error, "{id}");
        }
        assert_eq!(read(b"[]", "x", "inbox").problems[0].message, "holds no references");
    }

    #[test]
    fn other_encodings_are_read_and_told() {
        let ris = b"TY  - JOUR\r\nTI  - Zo\xeb \x96 x\r\nER  - \r\n";
        let got = read(ris, "x.ris", "inbox");
        assert_eq!(got.records[0].title, "Zoë – x");
        assert_eq!(got.problems[0].severity, Severity::Note);
        let empty = read(b"", "x", "inbox");
        assert_eq!((empty.format, empty.problems.len()), (Format::Unknown, 1));
    }
}
