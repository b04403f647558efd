//! What strategies of PubMed, Scopus and Web of Science hold beside words and their fields: filters
//! that every paper here would pass, and other programs' names before brackets.

use std::sync::OnceLock;

use regex::Regex;

use super::super::names;
use super::{Pasted, pattern, put};

/// Passes over filters of species, abstracts and subsets: our papers are about people. Reads filters
/// of languages and types as what they are.
pub(super) fn filters(out: &mut Pasted) {
    free_text(out);
    if out.text.contains('[')
        && let Some(filter) = pattern!(r#"(?i)("?)([a-z][a-z -]{2,40})("?)\s*\[\s*filter\s*\]"#)
    {
        let mut at = 0;
        while let Some(found) = filter.captures_at(&out.text, at) {
            let (Some(whole), Some(quote), Some(word)) = (found.get(0), found.get(1), found.get(2)) else { break };
            at = whole.end();
            // Behind operators stands the word itself.
            let value = word.as_str().rsplit(' ').next().filter(|_| quote.is_empty()).unwrap_or(word.as_str());
            let field = if names::language_code(value).is_some() {
                "la"
            } else if !names::designs(&value.to_lowercase()).is_empty() || value.eq_ignore_ascii_case("review") {
                "pt"
            } else {
                continue;
            };
            let end = found.get(3).map_or(word.end(), |m| m.end());
            out.text = put(&out.text, end, whole.end(), &format!("[{field}]"));
            at = end;
        }
    }
    // Each pattern takes a while to make, and most queries hold none of these words.
    let lower = out.text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let patterns: [(bool, Pattern); 7] = [
        // All at once, or the brackets left over would join what is behind them.
        (has(&["animal"]), || {
            pattern!(
                r#"(?i)\bNOT\s*\(\s*(?:exp\s+)?"?animals?"?\s*(?:\[[^\]]*\]|/)\s*NOT\s*\(?\s*(?:exp\s+)?"?(?:humans?)"?\s*(?:\[[^\]]*\]|/)(?:\s*AND\s*"?animals?"?\s*\[[^\]]*\]\s*\))?\s*\)?\s*\)"#
            )
        }),
        (has(&["animal"]), || {
            pattern!(r#"(?i)(?:\bNOT\s+)"?animals?"?\s*\[\s*(?:filter|mh|mesh|mesh terms?|(?:mh|mesh):noexp)\s*\]"#)
        }),
        (has(&["human"]), || {
            pattern!(r#"(?i)"?\bhumans?"?\s*\[\s*(?:filter|mh|mesh|mesh terms?|(?:mh|mesh):noexp)\s*\]"#)
        }),
        (has(&["["]), || {
            pattern!(r#"(?i)(?:\bNOT\s+)?(?:"[^"\[\]]{1,60}"|[\w-]+(?: [\w-]+)??)\s*\[\s*(?:filter|sb|subset)\s*\]"#)
        }),
        (has(&["journal article"]), || {
            pattern!(r#"(?i)"?\bjournal article"?\s*\[\s*(?:pt|ptyp|publication type)\s*\]"#)
        }),
        (has(&["hasabstract"]), || pattern!(r"(?i)\bhasabstract\b(?:\s*\[\s*(?:text|tw|all fields)\s*\])?")),
        (has(&["limit-to", "exclude", "doctype", "subjarea", "srctype", "pubstage", "dt"]), || {
            pattern!(
                r"(?:\b(?:AND|NOT)\s+)?\b(?:LIMIT-TO|EXCLUDE|DOCTYPE|SUBJAREA|SRCTYPE|PUBSTAGE|DT\s*=)\s*\([^()]*\)"
            )
        }),
    ];
    for (_, pattern) in patterns.into_iter().filter(|(is_there, _)| *is_there) {
        if let Some(over) = pattern() {
            pass(out, over);
        }
    }
}

/// Makes a pattern, once.
type Pattern = fn() -> &'static Option<Regex>;
/// Reads PubMed's filter of free papers: `free full text[sb]`.
fn free_text(out: &mut Pasted) {
    if !out.text.contains('[') {
        return;
    }
    let Some(free) = pattern!(r#"(?i)"?\b(?:loattr)?free full text"?\s*\[\s*(?:sb|filter|subset)\s*\]"#) else {
        return;
    };
    while let Some(found) = free.find(&out.text) {
        let (from, to) = (found.start(), found.end());
        out.text = put(&out.text, from, to, "oa:yes");
        out.notes.push("free full text was read as oa:yes, open access".to_owned());
    }
}

/// Passes over all that a pattern finds and names it; but never over all that there is.
fn pass(out: &mut Pasted, over: &Regex) {
    let mut at = 0;
    while let Some(found) = over.find_at(&out.text, at) {
        let (from, to) = without_operator(&out.text, found.start(), found.end());
        let typed = out.text.get(from..to).unwrap_or_default().trim().to_owned();
        at = found.end();
        let rest = put(&out.text, from, to, "");
        let has_words = rest.split(|c: char| !c.is_alphanumeric()).any(|w| !matches!(w, "" | "AND" | "OR" | "NOT"));
        if has_words {
            out.text = rest;
            // Spaces may be shorter than what they stand for; up to here nothing has moved.
            at = from;
            out.passed.push(typed);
        }
    }
}

/// Returns a piece without the operators before its words, but with a NOT, which belongs to it.
fn without_operator(text: &str, from: usize, to: usize) -> (usize, usize) {
    let piece = text.get(from..to).unwrap_or_default();
    let lower = piece.to_lowercase();
    let operator = ["and ", "or "].iter().find(|o| lower.starts_with(**o)).map_or(0, |o| o.len());
    (from + operator, to)
}

/// Names of Scopus before a bracket and what they are here; nothing for all the text.
const SCOPUS: &[(&str, &str)] =
    &[("TITLE", "ti:("), ("AUTH", "au:("), ("SRCTITLE", "jn:("), ("LANGUAGE", "la:("), ("AFFILCOUNTRY", "country:(")];

/// Reads names before brackets and signs: `TITLE-ABS-KEY( … )`, `PUBYEAR > 2018`, `TS=( … )`.
pub(super) fn names_before(out: &mut Pasted) {
    if !out.text.contains(['(', '=', '>', '<']) {
        return;
    }
    let upper = out.text.to_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| upper.contains(word));
    if has(&["ABS", "KEY", "ALL", "AUTH", "TITLE", "LANGUAGE", "AFFILCOUNTRY"]) {
        scopus(out);
    }
    if has(&["PUBYEAR"]) {
        years(out);
    }
    if out.text.contains('=') {
        web(out);
    }
}

/// Reads Scopus' names before brackets.
fn scopus(out: &mut Pasted) {
    let Some(scopus) = pattern!(
        r"\b(?:(?i:(TITLE-ABS-KEY-AUTH|TITLE-ABS-KEY|TITLE-ABS|TITLE-KEY|ABS-KEY))\s*\(|(ABS|KEY|ALL|AUTHKEY|TITLE|AUTH|SRCTITLE|LANGUAGE)\(|(AFFILCOUNTRY)\s*\()"
    ) else {
        return;
    };
    while let Some(found) = scopus.captures(&out.text) {
        let Some((whole, name)) = found.get(0).zip((1..=3).find_map(|n| found.get(n))) else { return };
        let typed = name.as_str().to_owned();
        let read = SCOPUS.iter().find(|(known, _)| *known == typed).map(|(_, read)| *read);
        if typed == "AFFILCOUNTRY" {
            out.notes.push("AFFILCOUNTRY was read as the country of the study".to_owned());
        } else if read.is_none() {
            out.anywhere.push(typed);
        }
        let what = format!("{:>width$}", read.unwrap_or("("), width = whole.as_str().chars().count());
        out.text = put(&out.text, whole.start(), whole.end(), &what);
    }
}

/// Reads Scopus' years.
fn years(out: &mut Pasted) {
    let Some(year) = pattern!(r"\bPUBYEAR\s*(>=|<=|>|<|=|AFT|BEF|IS)\s*(\d{4})\b") else { return };
    while let Some(found) = year.captures(&out.text) {
        let (Some(whole), Some(sign), Some(year)) = (found.get(0), found.get(1), found.get(2)) else { return };
        let sign = match sign.as_str() {
            "AFT" => ">",
            "BEF" => "<",
            "IS" => "=",
            sign => sign,
        };
        let what = format!("{:>width$}", format!("py{sign}{}", year.as_str()), width = whole.as_str().chars().count());
        out.text = put(&out.text, whole.start(), whole.end(), &what);
    }
}

/// Reads the names of Web of Science before a sign.
fn web(out: &mut Pasted) {
    let Some(web) = pattern!(r"\b(TS|AB|AK|KP|ALL|CU|TI|AU|PY|LA|SO)(\s*=\s*)") else { return };
    while let Some(found) = web.captures(&out.text) {
        let (Some(whole), Some(name)) = (found.get(0), found.get(1)) else { return };
        let read = match name.as_str() {
            "TI" => "ti:",
            "AU" => "au:",
            "PY" => "py:",
            "LA" => "la:",
            "SO" => "jn:",
            other => {
                out.anywhere.push(format!("{other}="));
                ""
            }
        };
        let what = format!("{read:>width$}", width = whole.as_str().chars().count());
        out.text = put(&out.text, whole.start(), whole.end(), &what);
    }
}
