//! What is pasted: strategies of PubMed, Ovid and the Cochrane Library, and text from anywhere.
//!
//! What other programs write is turned into what [`super::lex`] reads, character by character, so
//! that columns still point into what was typed. What we have no word for is passed over, and a
//! note says so.

mod headings;
mod strategies;
mod wrappers;

use std::sync::OnceLock;

use regex::Regex;

use super::field::{FieldName, TagField, TextField};
use crate::model::text::is_unwanted;

/// Marks of the private use area stand for a field behind its words (`stigma[ti]`): the first is
/// for the field at place 0 of [`BEHIND`].
const MARK_FIRST: u32 = 0xE100;

/// Where words are to be looked for, when it is said behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    Anywhere,
    /// The words are a heading of MeSH.
    Heading,
    In(FieldName),
}

/// What may stand behind words, by place.
const BEHIND: &[Behind] = &[
    Behind::Anywhere,
    Behind::In(FieldName::Text(TextField::Title)),
    Behind::In(FieldName::Text(TextField::Author)),
    Behind::In(FieldName::Text(TextField::Journal)),
    Behind::In(FieldName::Tag(TagField::Language)),
    Behind::In(FieldName::Tag(TagField::Design)),
    Behind::In(FieldName::Year),
    Behind::In(FieldName::Pmid),
    Behind::In(FieldName::Doi),
    Behind::Heading,
];

/// The place of a heading in [`BEHIND`].
const HEADING: usize = 9;

/// Names of fields in other programs, and the place in [`BEHIND`] of what they mean here. PubMed's
/// names and short names, Ovid's two letters.
const FIELDS: &[(&str, usize)] = &[
    ("tiab", 0),
    ("title/abstract", 0),
    ("tw", 0),
    ("text word", 0),
    ("all", 0),
    ("all fields", 0),
    ("ot", 0),
    ("other term", 0),
    ("mh", HEADING),
    ("mesh", HEADING),
    ("mesh terms", HEADING),
    ("mesh term", HEADING),
    ("majr", HEADING),
    ("mesh major topic", HEADING),
    ("mesh:noexp", HEADING),
    ("mesh terms:noexp", HEADING),
    ("majr:noexp", HEADING),
    ("mj", HEADING),
    ("mesh major topic:noexp", HEADING),
    ("mh:noexp", HEADING),
    ("sh", 0),
    ("subheading", 0),
    ("nm", 0),
    ("ab", 0),
    ("abstract", 0),
    ("kw", 0),
    ("kf", 0),
    ("mp", 0),
    ("hw", 0),
    ("af", 0),
    ("ti,ab", 0),
    ("ti", 1),
    ("title", 1),
    ("au", 2),
    ("author", 2),
    ("1au", 2),
    ("fau", 2),
    ("ta", 3),
    ("journal", 3),
    ("jour", 3),
    ("jn", 3),
    ("jw", 3),
    ("la", 4),
    ("lang", 4),
    ("lg", 4),
    ("language", 4),
    ("pt", 5),
    ("publication type", 5),
    ("dp", 6),
    ("pdat", 6),
    ("yr", 6),
    ("date - publication", 6),
    ("publication date", 6),
    ("edat", 6),
    ("crdt", 6),
    ("pmid", 7),
    ("uid", 7),
    ("aid", 8),
    ("doi", 8),
];

/// Returns what a mark stands for; `None` when it is no mark.
pub(super) fn behind(c: char) -> Option<Behind> {
    let at = u32::from(c).checked_sub(MARK_FIRST)?;
    BEHIND.get(usize::try_from(at).ok()?).copied()
}

/// Returns the mark behind a heading.
fn heading_mark() -> char {
    mark(HEADING)
}

fn mark(at: usize) -> char {
    u32::try_from(at).ok().and_then(|at| char::from_u32(MARK_FIRST + at)).unwrap_or(' ')
}

/// A query as it is read on.
#[derive(Debug, Default)]
pub(super) struct Pasted {
    /// As many characters as were typed.
    pub text: String,
    /// What was read otherwise.
    pub notes: Vec<String>,
    /// What was passed over, as it was typed: a reviewer writes it into a protocol.
    pub passed: Vec<String>,
    /// Names of fields that are all one here.
    pub anywhere: Vec<String>,
    /// Whether it names lines by their numbers, which nothing can be done with.
    pub has_line_numbers: bool,
}

/// Returns a query without what only other programs understand.
pub(super) fn read(typed: &str) -> Pasted {
    let mut out = Pasted { text: plain(typed), ..Pasted::default() };
    out.has_line_numbers = is_numbered(&out.text);
    strategies::filters(&mut out);
    headings::read(&mut out);
    strategies::names_before(&mut out);
    wrappers::unknown(&mut out);
    if out.text.contains('[') {
        ranges(&mut out);
        spoken(&mut out);
        dates(&mut out);
        tags(&mut out);
    }
    ovid(&mut out);
    if !out.passed.is_empty() || !out.anywhere.is_empty() {
        operators(&mut out);
        said(&mut out);
    }
    out
}

/// Adds the notes on what was passed over, each thing by its name, and on fields that are all one.
fn said(out: &mut Pasted) {
    if let Some(first) = out.anywhere.first() {
        let more = if out.anywhere.iter().any(|t| t != first) { " and others" } else { "" };
        let note = format!("{first}{more}: words are looked for in title, abstract, keywords and headings alike");
        out.notes.push(note);
    }
    let mut passed: Vec<&str> = Vec::new();
    for piece in &out.passed {
        if !passed.contains(&piece.as_str()) {
            passed.push(piece);
        }
    }
    if !passed.is_empty() {
        let note = format!("passed over: {}", passed.join(", "));
        out.notes.push(note);
    }
}

/// Returns the text with plain forms of full-width characters and without what is not seen or is
/// meant for a terminal.
fn plain(typed: &str) -> String {
    let mut out = String::with_capacity(typed.len());
    let mut in_escape = false;
    let mut last = ' ';
    for c in typed.chars() {
        let shown = match c {
            '\u{1b}' | '\u{9b}' => {
                in_escape = true;
                ' '
            }
            // ESC [ parameters, up to a letter: a colour, a movement of the cursor.
            _ if in_escape => {
                in_escape = c == '[' && last == '\u{1b}' || c.is_ascii_digit() || matches!(c, ';' | '?');
                ' '
            }
            '\n' => '\n',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            // A wide space, and what would be taken for a mark of ours.
            '\u{3000}' | '\u{e000}'..='\u{f8ff}' => ' ',
            _ if is_unwanted(c) || c.is_control() => ' ',
            _ => c,
        };
        last = c;
        out.push(shown);
    }
    out
}

/// Makes a pattern once. All patterns are constants of this file.
macro_rules! pattern {
    ($text:expr) => {{
        static PATTERN: OnceLock<Option<Regex>> = OnceLock::new();
        PATTERN.get_or_init(|| Regex::new($text).ok())
    }};
}
use pattern;

/// Tells whether lines are named by numbers: `#1 AND #2`, `S1 OR S2`, `or/1-5`, `1 and 2` and nothing else, or
/// a list of numbered lines.
fn is_numbered(text: &str) -> bool {
    let first = text.trim_start().chars().next();
    if !text.contains(['#', '\n', '/', 'S']) && !first.is_some_and(|c| c.is_ascii_digit() || c == '(') {
        return false;
    }
    let named = pattern!(
        r"(?i)(#\d{1,3}\s*(and|or|not)\s*#?\d{1,3}\b)|((?-i:\bS)\d{1,3}\s*\)?\s+(and|or|not)\s+\(?\s*(?-i:S)\d{1,3}\b)|(\b(and|or)/\d{1,3}\s*-\s*\d{1,3}\b)|(^\s*\(?\s*\d{1,2}(\s*\)?\s+(and|or|not)\s+\(?\s*\d{1,2})+\s*\)?\s*$)"
    );
    let line = pattern!(r"(?m)^\s*#?\d{1,3}\s*[.):\s]\s*\S");
    named.as_ref().is_some_and(|p| p.is_match(text))
        || text.contains('\n') && line.as_ref().is_some_and(|p| p.find_iter(text).count() > 1)
}

/// Puts something in the place of a piece, as many characters long; the rest is filled with spaces.
pub(super) fn put(text: &str, from: usize, to: usize, what: &str) -> String {
    let length = text.get(from..to).unwrap_or_default().chars().count();
    let what: String = what.chars().chain(std::iter::repeat(' ')).take(length).collect();
    [text.get(..from).unwrap_or_default(), &what, text.get(to..).unwrap_or_default()].concat()
}

/// Reads Lucene's spans: `year:[2022 TO 2024]`, `date:[2024-01-01 TO *]`.
fn ranges(out: &mut Pasted) {
    let Some(range) = pattern!(r"\[\s*(\d[\d/-]*|\*)\s+TO\s+(\d[\d/-]*|\*)\s*\]") else { return };
    while let Some(found) = range.captures(&out.text) {
        let (Some(whole), Some(from), Some(to)) = (found.get(0), found.get(1), found.get(2)) else { return };
        let end = |text: &str| text.trim_matches('*').replace('/', "-");
        let span = format!("{}..{}", end(from.as_str()), end(to.as_str()));
        out.text = put(&out.text, whole.start(), whole.end(), &span);
    }
}

/// Reads PubMed's spans that reach back from today, `"last 5 years"[dp]`, as those words alone.
fn spoken(out: &mut Pasted) {
    let Some(last) = pattern!(
        r#"(?i)"?\b((?:last|past)\s+\d{1,3}\s+(?:year|month|week|day)s?)"?\s*\[\s*(?:dp|pdat|edat|crdt|date[^\]]*|publication date)\s*\]"#
    ) else {
        return;
    };
    while let Some(found) = last.captures(&out.text) {
        let (Some(whole), Some(words)) = (found.get(0), found.get(1)) else { return };
        let what = format!("{:<width$}", words.as_str(), width = whole.as_str().chars().count());
        out.text = put(&out.text, whole.start(), whole.end(), &what);
    }
}

/// Reads PubMed's spans of dates: `"2020/01/01"[dp] : "3000"[dp]`, `2020:2024[dp]`.
fn dates(out: &mut Pasted) {
    let Some(two) = pattern!(
        r#"(?i)"?(\d{4}(?:[/-]\d{1,2}){0,2})"?\s*(?:\[\s*(?:dp|pdat|edat|crdt|date[^\]]*)\])?\s*:\s*"?(\d{4}(?:[/-]\d{1,2}){0,2})"?\s*\[\s*(?:dp|pdat|edat|crdt|date[^\]]*)\]"#
    ) else {
        return;
    };
    while let Some(found) = two.captures(&out.text) {
        let (Some(whole), Some(from), Some(to)) = (found.get(0), found.get(1), found.get(2)) else { return };
        let end = if to.as_str().starts_with('3') { String::new() } else { to.as_str().replace('/', "-") };
        let span = format!("{}..{end}", from.as_str().replace('/', "-"));
        out.text = put(&out.text, whole.start(), whole.end(), &span);
    }
}

/// Reads PubMed's names of fields behind words: `[tiab]`, `[ti]`, `[Title/Abstract:~3]`.
fn tags(out: &mut Pasted) {
    let Some(tag) = pattern!(r#"(["”*\w)]\s?)\[\s*([A-Za-z1][A-Za-z /,:~0-9-]{0,30}?)\s*\]"#) else { return };
    let (mut at, mut is_strategy) = (0, false);
    while let Some(found) = tag.captures_at(&out.text, at) {
        let (Some(whole), Some(before), Some(name)) = (found.get(0), found.get(1), found.get(2)) else { break };
        let (typed, lower) = (name.as_str().to_owned(), name.as_str().to_lowercase());
        let (name, near) = lower.split_once(":~").map_or((lower.as_str(), None), |(n, d)| (n.trim(), Some(d)));
        let from = before.end();
        at = whole.end();
        let known = FIELDS.iter().find(|(n, _)| *n == name).map(|(_, place)| *place);
        let sign = match (known, near) {
            (Some(_), Some(words)) => format!("~{words}"),
            (Some(place), None) => mark(place).to_string(),
            // What follows a space may be anything in brackets.
            (None, _) if before.as_str().ends_with(' ') => continue,
            (None, _) => String::new(),
        };
        if known.is_none() {
            out.passed.push(format!("[{typed}]"));
        } else if matches!(known, Some(0 | HEADING)) && near.is_none() {
            out.anywhere.push(format!("[{typed}]"));
        }
        // Behind a quotation mark nothing may stand between it and its distance.
        let from = if near.is_some() { before.start() + before.as_str().trim_end().len() } else { from };
        let to = whole.end();
        let after = from + sign.len();
        out.text = put(&out.text, from, to, &sign);
        at = after;
        is_strategy = true;
    }
    if is_strategy {
        operators(out);
    }
}

/// Codes of Ovid that say nothing here: the institution, numbers, the country of the journal.
const OVID_CODES: &[&str] = &[
    "ad", "an", "ar", "cm", "cn", "co", "cp", "cq", "dc", "dt", "ed", "em", "ez", "fs", "fx", "gc", "ic", "id", "in",
    "ip", "is", "ja", "jc", "lm", "lr", "md", "mx", "nt", "os", "ox", "pg", "pl", "ps", "px", "rf", "rn", "rx", "sa",
    "sb", "si", "so", "st", "tc", "tm", "tn", "ui", "up", "vo", "xs", "yr",
];

/// Reads where Ovid (`.ti,ab.`) and the Cochrane Library (`:ti,ab,kw`) say that words are looked for.
/// Codes that say nothing here are passed over.
fn ovid(out: &mut Pasted) {
    let is_field = |pair: &[u8]| matches!(pair, [b'.' | b':', letter] if letter.is_ascii_alphabetic());
    if !out.text.as_bytes().windows(2).any(is_field) {
        return;
    }
    let Some(fields) = pattern!(r#"(?i)(["”)*$?#\w])([.:])((?:[a-z]{2})(?:,\s?[a-z]{2})*)\.?(?:\s|$|\))"#) else {
        return;
    };
    let known = |name: &str| FIELDS.iter().find(|(n, _)| *n == name).map(|(_, place)| *place);
    let (mut at, mut is_strategy) = (0, false);
    while let Some(found) = fields.captures_at(&out.text, at) {
        let (Some(before), Some(sign), Some(list)) = (found.get(1), found.get(2), found.get(3)) else { break };
        at = list.end();
        let lower = list.as_str().to_lowercase();
        let codes: Vec<&str> = lower.split(',').map(str::trim).collect();
        let places: Vec<usize> = codes.iter().copied().filter_map(known).collect();
        let is_colon = sign.as_str() == ":";
        let closes = !is_colon && out.text.get(list.end()..).is_some_and(|rest| rest.starts_with('.'));
        // `author:so` names a field before its value.
        let is_behind = is_colon && !is_name(out.text.get(..before.end()).unwrap_or_default());
        // Letters that nobody knows are codes beside others, or behind what no sentence has before them.
        let is_code =
            !places.is_empty() || closes && (codes.len() > 1 || codes.iter().all(|code| OVID_CODES.contains(code)));
        if !(is_code && (closes || codes.len() > 1 || is_behind)) {
            continue;
        }
        let unknown: Vec<&str> = codes.iter().copied().filter(|code| known(code).is_none()).collect();
        if !unknown.is_empty() {
            let sign = sign.as_str();
            out.passed.push(format!(
                "{} of {sign}{}{}",
                unknown.join(","),
                list.as_str(),
                if closes { "." } else { "" }
            ));
        }
        let place = if let [only] = places.as_slice() { *only } else { 0 };
        let (from, to) = (before.end(), list.end() + usize::from(closes));
        out.text = put(&out.text, from, to, &mark(place).to_string());
        at = from;
        is_strategy = true;
    }
    if is_strategy {
        operators(out);
    }
}

/// Tells whether a text ends in the name of a field.
fn is_name(text: &str) -> bool {
    let word = text.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    FieldName::parse(word).is_some() || FieldName::is_text(word)
}

/// Makes the operators of a strategy upper case: in Ovid `or` joins.
fn operators(out: &mut Pasted) {
    let Some(joins) = pattern!(r"([\s)])(and|or|not)([\s(])") else { return };
    while let Some(found) = joins.find(&out.text) {
        let upper = found.as_str().to_uppercase();
        let (from, to) = (found.start(), found.end());
        out.text = put(&out.text, from, to, &upper);
    }
}
