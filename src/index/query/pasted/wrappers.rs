//! Names before brackets that say nothing here (`INDEX(medline)`, `AFFIL(kenya)`): each is passed over
//! as a whole. What stands in the brackets is no word to look for, and a NOT before the name is never
//! lost.

use std::sync::OnceLock;

use regex::Regex;

use super::{Pasted, pattern, put};

/// Names of Scopus and of `ProQuest` that we have no place for.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "AF-ID", "AFFIL", "AFFILCITY", "AFFILORG", "ARTNUM", "AU-ID", "AUTHCOLLAB", "AUTHFIRST", "AUTHLASTNAME",
    "BIB", "CASREGNUMBER", "CHEM", "CHEMNAME", "CODEN", "CONF", "CONFLOC", "CONFNAME", "CONFSPONSORS", "EDITOR",
    "EID", "EISSN", "EXACTSRCTITLE", "FIRSTAUTH", "FUND-ACR", "FUND-ALL", "FUND-NO", "FUND-SPONSOR", "INDEX",
    "ISBN", "ISSN", "ISSNP", "LOAD-DATE", "MANUFACTURER", "OPENACCESS", "ORIG-LOAD-DATE", "PUBDATETXT",
    "PUBLISHER", "REF", "REFAUTH", "REFPAGE", "REFPUBYEAR", "REFSRCTITLE", "REFTITLE", "SEQBANK", "SEQNUMBER",
    "TRADENAME", "VOLUME", "WEBSITE",
];

/// Passes over the names that we have no place for, and over any name behind NOT, each with its
/// brackets. Where nothing else would be left, all stays as it is.
pub(super) fn unknown(out: &mut Pasted) {
    if !out.text.contains('(') {
        return;
    }
    let Some(name) = pattern!(r"(?i)(?:\b(not)\s+)?\b([a-z][a-z-]*[a-z])\(") else { return };
    let mut at = 0;
    while let Some(found) = name.captures_at(&out.text, at) {
        let (Some(whole), Some(word)) = (found.get(0), found.get(2)) else { return };
        let typed = word.as_str();
        at = whole.end();
        let is_operator = ["and", "or", "not"].iter().any(|o| typed.eq_ignore_ascii_case(o));
        // A hyphen before it: the end of a longer word. A colon: the value of a field.
        let is_part = out.text.get(..whole.start()).is_some_and(|t| t.ends_with(['-', ':', '\'', '.']));
        let is_excluded = found.get(1).is_some();
        if is_operator || is_part || !(is_excluded || NAMES.contains(&typed)) {
            continue;
        }
        let Some(to) = closing(&out.text, whole.end()) else { continue };
        let from = whole.start();
        let rest = put(&out.text, from, to, "");
        if has_words(&rest) {
            out.passed.push(out.text.get(from..to).unwrap_or_default().to_owned());
            out.text = rest;
            at = from;
        }
    }
}

/// Tells whether a text holds more than operators.
pub(super) fn has_words(text: &str) -> bool {
    let is_operator = |word: &str| ["", "and", "or", "not"].iter().any(|o| word.eq_ignore_ascii_case(o));
    text.split(|c: char| !c.is_alphanumeric()).any(|word| !is_operator(word))
}

/// Returns the place behind the bracket that closes the one before a place; `None` when none does.
fn closing(text: &str, from: usize) -> Option<usize> {
    let mut depth = 1_usize;
    let mut is_quoted = false;
    for (at, c) in text.get(from..)?.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(from + at + 1);
        }
    }
    None
}
