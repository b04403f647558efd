//! What ESearch and EFetch answer, read as far as asking on needs it.
//!
//! NCBI answers errors under every status and in every form: XML and JSON, inside a 200, as a page
//! for people, as nothing at all. Here each is told apart by what to do about it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

/// What ESearch found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Found {
    /// How many records there are.
    pub count: usize,
    /// The ids that came.
    pub ids: Vec<u32>,
    /// How PubMed understood the term; empty when it does not say.
    pub translation: String,
    /// What it warns of, in words for the secretariat.
    pub warnings: Vec<String>,
}

/// An answer to a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// What was found, perhaps nothing.
    Found(Found),
    /// PubMed does not take the term; asking again is of no use.
    Refused(String),
    /// A fault of the moment.
    Passing(String),
}

/// Beginnings and parts of errors that lie in what was asked. Every other error may pass: asking
/// again costs seconds, taking a fault for "nothing found" costs the month's papers.
const LASTING: [&str; 6] =
    ["nothing todo", "Empty term", "Invalid db name", "'retstart' cannot be larger", "Incorrect date", "Unknown date"];

/// Reads an answer to a search, in XML or JSON.
pub(super) fn read_found(bytes: &[u8]) -> Answer {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Answer::Passing("the answer to the search is not text".to_owned());
    };
    let read = if text.trim_start().starts_with('{') { found_in_json(text) } else { found_in_xml(text) };
    match read {
        Ok(Raw { error: Some(error), .. }) if LASTING.iter().any(|l| error.contains(l)) => Answer::Refused(error),
        Ok(Raw { error: Some(error), .. }) => Answer::Passing(format!("PubMed says \"{error}\"")),
        Ok(Raw { count: None, .. }) => Answer::Passing("the answer to the search gives no count".to_owned()),
        Ok(raw) => Answer::Found(raw.found()),
        Err(reason) => Answer::Passing(reason),
    }
}

/// The values of an answer as they stand there.
#[derive(Debug, Default)]
struct Raw {
    count: Option<usize>,
    ids: Vec<String>,
    translation: String,
    warnings: Vec<(&'static str, String)>,
    error: Option<String>,
}

impl Raw {
    fn found(self) -> Found {
        let mut warnings: Vec<String> = self.warnings.iter().filter_map(|(kind, value)| warning(kind, value)).collect();
        let mut ids = Vec::new();
        for id in &self.ids {
            match id.parse::<u32>() {
                Ok(number) if number > 0 => ids.push(number),
                _ => warnings.push(format!("PubMed gave \"{id}\" as an id, which is no PMID; it was left out")),
            }
        }
        Found { count: self.count.unwrap_or(0), ids, translation: self.translation, warnings }
    }
}

/// Returns a warning in words for the secretariat; `None` for one that says nothing new.
fn warning(kind: &str, value: &str) -> Option<String> {
    let term = value.trim().trim_matches('"');
    Some(match kind {
        "PhraseNotFound" => format!("PubMed does not know the phrase \"{term}\"; the search went on without it"),
        "FieldNotFound" => {
            format!("PubMed does not know the field \"{term}\"; look at the square brackets in the query")
        }
        "QuotedPhraseNotFound" => {
            format!(
                "PubMed does not know the exact phrase \"{term}\" and ignored its quotation marks; check the spelling"
            )
        }
        "PhraseIgnored" => format!("PubMed left \"{term}\" out of the search: the word is too common"),
        // The count says it already, and a window that is too large is split.
        _ if value == "No items found." || value.starts_with("Restrictions achieved") => return None,
        _ if value.contains("variations") => format!("PubMed did not search every word that a * stands for: {value}"),
        _ if value.contains("not found") => format!("PubMed did not find a term of the query: {value}"),
        _ => format!("PubMed warns: {value}"),
    })
}

/// Kinds of warnings in XML, and their lists in JSON.
const WARNINGS: [(&str, &str, &str); 5] = [
    ("PhraseNotFound", "errorlist", "phrasesnotfound"),
    ("FieldNotFound", "errorlist", "fieldsnotfound"),
    ("PhraseIgnored", "warninglist", "phrasesignored"),
    ("QuotedPhraseNotFound", "warninglist", "quotedphrasesnotfound"),
    ("OutputMessage", "warninglist", "outputmessages"),
];

/// Reads an `eSearchResult`, or an `ERROR` wherever it stands.
fn found_in_xml(text: &str) -> Result<Raw, String> {
    if !text.contains("<eSearchResult") && !text.contains("<ERROR>") {
        return Err(format!("the answer to the search is {}", what_instead(text)));
    }
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    let mut value = String::new();
    let mut raw = Raw::default();
    let mut is_closed = false;
    loop {
        match reader.read_event().map_err(|e| format!("the answer to the search is damaged: {e}"))? {
            Event::Start(e) => {
                path.push(e.name().as_ref().to_owned());
                value.clear();
            }
            Event::Text(t) => value.push_str(&t),
            Event::CData(t) => value.push_str(&t),
            Event::GeneralRef(r) => value.push_str(&reference(&r)),
            Event::End(_) => {
                note_value(&mut raw, &path, value.trim());
                value.clear();
                path.pop();
                is_closed = path.is_empty();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if is_closed { Ok(raw) } else { Err("the answer to the search is cut off".to_owned()) }
}

/// Returns what a reference stands for.
fn reference(r: &quick_xml::events::BytesRef<'_>) -> String {
    if let Ok(Some(c)) = r.resolve_char_ref() {
        return c.to_string();
    }
    quick_xml::escape::resolve_xml_entity(r).unwrap_or(" ").to_owned()
}

/// Puts one element of an answer where it belongs.
fn note_value(raw: &mut Raw, path: &[String], value: &str) {
    let at: Vec<&str> = path.iter().map(String::as_str).collect();
    match at.as_slice() {
        ["eSearchResult", "Count"] => raw.count = value.parse().ok(),
        ["eSearchResult", "IdList", "Id"] => raw.ids.push(value.to_owned()),
        ["eSearchResult", "QueryTranslation"] => value.clone_into(&mut raw.translation),
        [.., "ERROR"] if raw.error.is_none() => raw.error = Some(one_line(value)),
        ["eSearchResult", "ErrorList" | "WarningList", kind] => {
            let kind = WARNINGS.iter().map(|(name, ..)| *name).find(|name| name == kind).unwrap_or("OutputMessage");
            raw.warnings.push((kind, value.to_owned()));
        }
        _ => {}
    }
}

/// Reads the JSON form, or the JSON in which NCBI's gate answers.
fn found_in_json(text: &str) -> Result<Raw, String> {
    let json: Value = serde_json::from_str(text).map_err(|_| "the answer to the search is cut off".to_owned())?;
    let word = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    let result = json.get("esearchresult").unwrap_or(&json);
    let list = |v: Option<&Value>| v.and_then(Value::as_array).into_iter().flatten().map(word).collect::<Vec<_>>();
    let mut raw = Raw {
        count: result.get("count").and_then(|c| word(c).parse().ok()),
        ids: list(result.get("idlist")),
        translation: result.get("querytranslation").map(word).unwrap_or_default(),
        error: ["ERROR", "error"]
            .iter()
            .find_map(|k| result.get(*k).or_else(|| json.get(*k)))
            .map(|e| one_line(&word(e))),
        warnings: Vec::new(),
    };
    for (kind, part, name) in WARNINGS {
        let values = list(result.get(part).and_then(|p| p.get(name)));
        raw.warnings.extend(values.into_iter().map(|v| (kind, v)));
    }
    Ok(raw)
}

/// How much of an error is shown, in characters: NCBI's hold paths and stack traces.
const ERROR_CHARS_MAX: usize = 200;

/// Returns a text in one line of bearable length.
fn one_line(text: &str) -> String {
    crate::model::text::shorten(&crate::model::text::clean_line(text), ERROR_CHARS_MAX)
}

/// Returns the error that an answer holds: an `ERROR` element or an `error` of JSON. The key that
/// NCBI repeats beside it is not part of it.
pub(super) fn error_in(text: &str) -> Option<String> {
    if let Ok(json) = serde_json::from_str::<Value>(text) {
        return json.get("error").and_then(Value::as_str).map(one_line);
    }
    let (_, rest) = text.split_once("<ERROR>")?;
    Some(one_line(rest.split("</ERROR>").next()?)).filter(|e| !e.is_empty())
}

/// What NCBI says when none of the ids asked for exists: nothing found rather than a fault.
pub(super) const NO_IDS: &str = "ID list is empty";

/// Returns what an answer is that is not what was asked for, to be put behind "the answer is".
fn what_instead(text: &str) -> String {
    let head: String = text.trim_start().chars().take(300).collect();
    let lower = head.to_lowercase();
    if head.is_empty() {
        return "empty".to_owned();
    }
    if lower.contains("<!doctype html") || lower.contains("<html") {
        return "an HTML page instead of data".to_owned();
    }
    if let Some(error) = error_in(text) {
        return format!("an error: {error}");
    }
    let is_markup = head.starts_with('<') || head.starts_with('{');
    if is_markup {
        "of another kind than was asked for".to_owned()
    } else {
        format!("the words \"{}\"", one_line(&head))
    }
}

/// A record, or a list of deletions, in an answer of EFetch.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece<'t> {
    text: &'t str,
    /// PMID of the record, or all those deleted.
    pmids: Vec<u32>,
    /// Whether it has its end and is well-formed.
    is_whole: bool,
}

/// An answer of EFetch, cut into its records.
#[derive(Debug)]
pub(super) struct Set<'t> {
    head: &'t str,
    pieces: Vec<Piece<'t>>,
    /// Whether the set is closed, or there is no set and the root is a whole record.
    pub is_complete: bool,
}

/// Where a record or a list of deletions begins and ends: mark 2n opens what mark 2n + 1 closes.
static MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new([
        "<PubmedArticle",
        "</PubmedArticle>",
        "<PubmedBookArticle",
        "</PubmedBookArticle>",
        "<DeleteCitation",
        "</DeleteCitation>",
        "<DeleteDocument",
        "</DeleteDocument>",
    ])
    .expect("invariant: eight short literals make an automaton")
});

impl<'t> Set<'t> {
    /// Cuts an answer into records. A text that holds none is a set without records, complete only
    /// when it says so.
    pub fn of(text: &'t str) -> Self {
        let mut pieces = Vec::new();
        let mut head_end = text.len();
        let mut rest_from = 0;
        // Where the record at hand began, and the number of its opening mark.
        let mut open: Option<(usize, usize)> = None;
        for mark in MARKS.find_iter(text) {
            let (kind, is_opening) = (mark.pattern().as_usize(), mark.pattern().as_usize().is_multiple_of(2));
            let follows = text.get(mark.end()..).unwrap_or_default();
            match open {
                Some((start, opened)) if kind == opened + 1 => {
                    pieces.push(piece(text.get(start..mark.end()).unwrap_or_default(), true));
                    rest_from = mark.end();
                    open = None;
                }
                _ if is_opening && follows.starts_with(['>', ' ', '\n', '\t', '\r']) => {
                    head_end = head_end.min(mark.start());
                    // A record that begins before the last one ended: that one has lost its end.
                    if let Some((start, _)) = open {
                        pieces.push(piece(text.get(start..mark.start()).unwrap_or_default(), false));
                    }
                    open = Some((mark.start(), kind));
                }
                _ => {}
            }
        }
        if let Some((start, _)) = open {
            pieces.push(piece(text.get(start..).unwrap_or_default(), false));
            rest_from = rest_from.max(start);
        }
        let rest = text.get(rest_from..).unwrap_or_default();
        let ends = ["</PubmedArticleSet>", "</PubmedBookArticleSet>", "<PubmedArticleSet/>", "<PubmedArticleSet />"];
        let is_closed = ends.iter().any(|end| rest.contains(end));
        let has_set = text.contains("<PubmedArticleSet") || text.contains("<PubmedBookArticleSet");
        let is_complete = is_closed || (!has_set && pieces.last().is_some_and(|p| p.is_whole));
        Self { head: text.get(..head_end).unwrap_or_default(), pieces, is_complete }
    }

    /// Returns the PMIDs of whole records, and those that are said to be deleted.
    pub fn pmids(&self) -> BTreeSet<u32> {
        self.pieces.iter().filter(|p| p.is_whole).flat_map(|p| p.pmids.iter().copied()).collect()
    }

    /// Tells whether some record is cut off or not well-formed.
    pub fn is_damaged(&self) -> bool {
        !self.is_complete || self.pieces.iter().any(|p| !p.is_whole)
    }

    /// Returns a set of the whole records alone, in their order, byte for byte.
    pub fn whole_ones(&self) -> String {
        let whole: Vec<&str> = self.pieces.iter().filter(|p| p.is_whole).map(|p| p.text).collect();
        let head = if self.head.contains("<PubmedArticleSet") { self.head } else { "<PubmedArticleSet>\n" };
        format!("{head}{}\n</PubmedArticleSet>\n", whole.join("\n"))
    }
}

/// Returns what stands from the opening of a record to its end, or to where its end should be.
fn piece(text: &str, has_end: bool) -> Piece<'_> {
    let is_list = text.starts_with("<Delete");
    Piece { text, pmids: pmids_of(text, is_list), is_whole: has_end && is_well_formed(text) }
}

/// Returns the PMIDs of a piece: the first, or all of a list of deletions.
fn pmids_of(piece: &str, are_all: bool) -> Vec<u32> {
    let numbers = piece.split("<PMID").skip(1).filter_map(|rest| {
        let (_, inside) = rest.split_once('>')?;
        inside.split('<').next()?.trim().parse().ok()
    });
    numbers.take(if are_all { usize::MAX } else { 1 }).collect()
}

/// Tells whether a piece is well-formed XML. U+FFFD stands where bytes were no UTF-8.
fn is_well_formed(piece: &str) -> bool {
    if piece.contains('\u{fffd}') {
        return false;
    }
    let mut reader = Reader::from_str(piece);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// Returns an answer's bytes as text; bytes that are no UTF-8 become U+FFFD.
pub(super) fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Says what is wrong with an answer of EFetch that is to be complete, or at least (`is_part_enough`)
/// to hold a whole record.
pub(super) fn check_set(bytes: &[u8], is_part_enough: bool) -> Result<(), String> {
    let text = text_of(bytes);
    let set = Set::of(&text);
    if set.is_complete || (is_part_enough && !set.pmids().is_empty()) || text.contains(NO_IDS) {
        return Ok(());
    }
    let has_begun = text.contains("<PubmedArticleSet") || !set.pieces.is_empty();
    Err(if has_begun { "the answer is cut off".to_owned() } else { format!("the answer is {}", what_instead(&text)) })
}
