//! Recognises what some bytes are by their content; names and endings of files lie too often.

mod other;

use super::{bibtex, csv_table, decode, endnote_xml, feed, line_ends, other_tagged, tagged};
use crate::model::text::shorten;

/// What bytes are, as far as their beginning tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// PubMed XML.
    PubmedXml,
    /// A feed.
    Feed,
    /// MEDLINE tagged text.
    Medline,
    /// RIS.
    Ris,
    /// Tagged text like RIS.
    Tagged(other_tagged::Form),
    /// BibTeX or BibLaTeX.
    Bibtex,
    /// `EndNote`'s own XML.
    EndnoteXml,
    /// JSON records.
    RecordLines,
    /// A table with a header line.
    Csv,
    /// Nothing that we read: what it looks like, and what to do.
    Nothing {
        /// In plain words, as a problem's message.
        looks_like: String,
        /// What a person can do about it.
        help: String,
    },
}

/// How much of the beginning is looked at, in bytes: exports may open with some lines of their own.
const HEAD_BYTES: usize = 64 << 10;

/// How far in the beginning of a record of PubMed XML is looked for when the root is unknown, as
/// in an answer that lost its beginning.
const PUBMED_BYTES: usize = 1 << 20;

/// Beginnings of files that are no text.
const BINARY: &[(&[u8], &str, &str)] = &[
    (b"%PDF", "a PDF", "export the references from the library tool, or add the paper by its DOI"),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "save the table as CSV (UTF-8)"),
    (b"\x1f\x8b", "a gzip archive inside another one", "unpack it once more"),
    (b"\x89PNG", "a picture", "export the references as RIS, CSV or PubMed XML"),
    (b"\xff\xd8\xff", "a picture", "export the references as RIS, CSV or PubMed XML"),
    (b"SQLite format 3", "a database", "export the references as RIS, CSV or PubMed XML"),
];

/// What to do with a form that we do not read.
const EXPORT_HELP: &str = "export the references as RIS, .nbib, BibTeX, CSV or PubMed XML and read that";

/// Returns what the bytes are.
pub fn format(bytes: &[u8]) -> Found {
    if bytes.iter().all(u8::is_ascii_whitespace) || bytes == b"\xef\xbb\xbf" {
        return nothing("is empty", "fetch or export it again");
    }
    if let Some(found) = other::before_all(bytes) {
        return found;
    }
    if looks_like_pubmed_xml(bytes) {
        return Found::PubmedXml;
    }
    if feed::looks_like_feed(bytes) {
        return Found::Feed;
    }
    if let Some((_, what, help)) = BINARY.iter().find(|(start, _, _)| bytes.starts_with(start)) {
        return nothing(&format!("looks like {what}"), help);
    }
    let head_bytes = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    if decode::declared(bytes).is_none() && head_bytes.contains(&0) {
        return nothing("looks like a binary file", EXPORT_HELP);
    }
    let head = decode::text(head_bytes).text;
    let head = line_ends(&head);
    let start = head.trim_start();
    if start.starts_with('<') {
        if endnote_xml::is_root(root_name(start), start) {
            return Found::EndnoteXml;
        }
        return other_markup(start);
    }
    if start.starts_with(['{', '[']) {
        return Found::RecordLines;
    }
    // What begins as a form is of that form, whatever its values hold further down.
    if csv_table::begins_with_header(&head) {
        return Found::Csv;
    }
    if start.starts_with("TY  - ") {
        return Found::Ris;
    }
    if start.starts_with("PMID- ") {
        return Found::Medline;
    }
    if bibtex::looks_like_bibtex(&head) {
        return Found::Bibtex;
    }
    if tagged::has_ris_record(&head) {
        return Found::Ris;
    }
    if let Some(form) = other_tagged::form(&head) {
        return Found::Tagged(form);
    }
    if tagged::lines(&head).any(|l| l.tag == "PMID") || tagged::lines(&head).count() >= TAG_LINES_MIN {
        return Found::Medline;
    }
    if csv_table::has_header(&head) {
        return Found::Csv;
    }
    other_text(start)
}

/// How many tagged lines make a text MEDLINE when it names no PMID.
const TAG_LINES_MIN: usize = 3;

/// Tells whether bytes are PubMed XML: by their root, or by a record near their beginning.
pub fn looks_like_pubmed_xml(bytes: &[u8]) -> bool {
    let head = decode::text(bytes.get(..HEAD_BYTES).unwrap_or(bytes)).text;
    let start = head.trim_start();
    if start.starts_with(['{', '[', '"']) || is_html(start) {
        return false;
    }
    let root = root_name(start);
    let is_root = [
        "PubmedArticleSet",
        "PubmedBookArticleSet",
        "PubmedArticle",
        "PubmedBookArticle",
        "DeleteCitation",
        "DeleteDocument",
    ]
    .contains(&root);
    let is_other_root = root.starts_with("eS") || ["rss", "feed", "rdf:RDF", "RDF"].contains(&root);
    is_root || !is_other_root && holds_record(bytes.get(..PUBMED_BYTES).unwrap_or(bytes))
}

/// Tells whether what begins with `head` is PubMed XML in UTF-8, so that it can be read as a stream.
pub fn is_pubmed_stream(head: &[u8]) -> bool {
    let is_utf8 = decode::declared(head).is_none_or(|e| e == encoding_rs::UTF_8);
    is_utf8 && looks_like_pubmed_xml(head)
}

/// Tells whether a record of PubMed XML begins or ends in the bytes.
fn holds_record(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    ["<PubmedArticle>", "</PubmedArticle>", "<PubmedBookArticle>", "<DeleteCitation>"]
        .iter()
        .any(|tag| text.contains(tag))
}

/// Returns the name of the first element behind declaration, comments and document type; empty
/// when there is none.
fn root_name(text: &str) -> &str {
    let mut rest = text.trim_start();
    loop {
        let close = match rest {
            r if r.starts_with("<!--") => "-->",
            r if r.starts_with("<?") => "?>",
            r if r.starts_with("<!") => ">",
            _ => break,
        };
        let Some((_, after)) = rest.split_once(close) else { return "" };
        rest = after.trim_start();
    }
    let Some(tag) = rest.strip_prefix('<') else { return "" };
    let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(tag.len());
    tag.get(..end).unwrap_or_default()
}

/// Tells whether text begins as a web page.
fn is_html(text: &str) -> bool {
    let head: String = text.chars().take(15).collect::<String>().to_lowercase();
    head.starts_with("<!doctype html") || root_name(text).eq_ignore_ascii_case("html")
}

/// Says what markup is that is neither PubMed XML nor a feed.
fn other_markup(text: &str) -> Found {
    if is_html(text) {
        return nothing(
            "looks like a web page, not an export",
            "it may be a login page or an error page; open the address in a browser and save the export itself",
        );
    }
    match root_name(text) {
        "" => nothing("looks like markup without an element", EXPORT_HELP),
        "ERROR" => nothing("is an error answer of PubMed", "read it and fetch again"),
        root @ ("eSearchResult" | "ePostResult" | "eLinkResult" | "eInfoResult" | "eSpellResult") => {
            nothing(&format!("is a PubMed answer <{root}>, which holds no records"), "fetch the records with EFetch")
        }
        "eSummaryResult" => nothing(
            "is a PubMed summary answer, which holds no abstracts",
            "fetch the records with EFetch (retmode=xml)",
        ),
        root => nothing(&format!("is XML with the root <{}>, which we do not read", shorten(root, 60)), EXPORT_HELP),
    }
}

/// Says what text is that is none of our forms.
fn other_text(text: &str) -> Found {
    if text.starts_with("Record #") {
        return nothing("looks like the Cochrane Library's own text form", "export the citations as RIS there");
    }
    if text.starts_with("<1>") || text.starts_with("1. ") && text.contains("PMID: ") {
        let help = "export as RIS, or from PubMed with \"Send to: Citation manager\"";
        return nothing("looks like a list of references to read, not to import", help);
    }
    if let Some(found) = other::list_of_ids(text) {
        return found;
    }
    if csv_table::looks_like_rows(text) {
        return nothing(
            "looks like a table without a header line",
            "put a first line above it that names the columns, such as title, authors, journal, date, doi",
        );
    }
    if csv_table::looks_like_table(text) {
        return nothing(
            "looks like a table without a column of titles",
            "name the column that holds the titles \"title\"",
        );
    }
    nothing("is text in no form that we know", EXPORT_HELP)
}

/// Returns the answer for what we do not read.
fn nothing(looks_like: &str, help: &str) -> Found {
    Found::Nothing { looks_like: looks_like.to_owned(), help: help.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_known_by_content() {
        for (id, bytes, want) in [
            (
                "set",
                &b"<?xml version='1.0'?><!DOCTYPE PubmedArticleSet PUBLIC '-' '-'><PubmedArticleSet/>"[..],
                Found::PubmedXml,
            ),
            ("root", b"\xef\xbb\xbf <PubmedArticle>", Found::PubmedXml),
            ("begun in the middle", b"x</Title></PubmedArticle>", Found::PubmedXml),
            ("utf-16", b"\xff\xfe<\0P\0u\0b\0m\0e\0d\0A\0r\0t\0i\0c\0l\0e\0>\0", Found::PubmedXml),
            ("ris", b"Provider: X\r\nTY  - JOUR\r\n", Found::Ris),
            ("nbib", b"\nPMID- 90000001\nTI  - x", Found::Medline),
            ("lines", b"{\"title\":\"x\"}", Found::RecordLines),
            ("table", b"Title,Abstract\nx,y", Found::Csv),
        ] {
            assert_eq!(format(bytes), want, "{id}");
        }
    }

    #[test]
    fn what_we_do_not_read_is_named() {
        for (bytes, want) in [
            (&b" \n"[..], "is empty"),
            (b"%PDF-1.7", "looks like a PDF"),
            (b"a\0b", "looks like a binary file"),
            (b"<!DOCTYPE html><html>", "looks like a web page, not an export"),
            (b"<html lang='en'>", "looks like a web page, not an export"),
            (b"<eSearchResult/>", "is a PubMed answer <eSearchResult>, which holds no records"),
            (b"<ERROR>x</ERROR>", "is an error answer of PubMed"),
            (b"<x:y/>", "is XML with the root <x:y>, which we do not read"),
            (b"<", "looks like markup without an element"),
            (b"iso3,name,income\nXXX,Exampleland,low", "looks like a table without a column of titles"),
            (b"One, two, and three.", "is text in no form that we know"),
            (b"just some words", "is text in no form that we know"),
            (b"{\\rtf1\\ansi x", "is a rich text document, not an export"),
            (b"PK\x03\x04..[Content_Types].xml..word/document.xml", "is a Word document"),
            (b"PK\x03\x04..[Content_Types].xml..xl/workbook.xml", "is an Excel workbook"),
            (b"PK\x03\x04..mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "is an Excel workbook"),
            (b"PK\x03\x04..export.ris", "is a zip archive"),
            (
                b"<rdf:RDF xmlns:z=\"http://www.zotero.org/namespaces/export#\"/>",
                "is Zotero's RDF, which we do not read",
            ),
            (
                b"A title that is long enough to be one of a paper;Example;2026\nB;Model;2025",
                "looks like a table without a header line",
            ),
            (b"10.5555/a\nhttps://doi.org/10.5555/b\ndoi: 10.5555/c\n", "is a list of DOIs"),
            (b"PMIDs\n90000001\n90000002\n", "is a list of PMIDs"),
            (b"10.5555/a\n90000002\n", "is a list of DOIs and PMIDs"),
            (b"[InternetShortcut]\r\nURL=https://example.org/a?b=c\r\n", "is a bookmark to https://example.org/a?b=c"),
            (
                b"<plist><dict><key>URL</key><string>https://example.org/a</string></dict></plist>",
                "is a bookmark to https://example.org/a",
            ),
            (b"bplist00\xd1\x01\x02SURL_\x10https://example.org/a\x08\x0b", "is a bookmark to https://example.org/a"),
            (b"1\n2\n3\n", "is text in no form that we know"),
        ] {
            let Found::Nothing { looks_like, help } = format(bytes) else { panic!("{want}") };
            assert_eq!(looks_like, want);
            assert!(!help.is_empty());
        }
    }
}
