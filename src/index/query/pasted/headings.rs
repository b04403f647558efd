//! Headings as other programs write them: `MeSH descriptor: [Kenya] this term only` and `[mh "Kenya"]`
//! of the Cochrane Library, `MH "Kenya+"` of EBSCO, `*Depression/th [Therapy]` of Ovid. Each becomes one that [`super::super`]
//! reads; what part of a heading is meant is passed over.

use std::sync::OnceLock;

use regex::Regex;

use super::{Pasted, heading_mark, pattern, put};

/// Parts of a heading, as MEDLINE shortens them (the qualifiers of MeSH).
#[rustfmt::skip]
const PARTS: &[&str] = &[
    "ab", "ad", "ae", "ag", "ah", "ai", "an", "bi", "bl", "bs", "cf", "ch", "ci", "cl", "cn", "co", "cs", "ct",
    "cy", "de", "df", "dg", "dh", "di", "dt", "du", "ec", "ed", "eh", "em", "en", "ep", "es", "et", "ge", "gd",
    "hi", "im", "in", "ip", "ir", "is", "js", "lj", "ma", "me", "mi", "mo", "mt", "nu", "og", "pa", "pc", "pd",
    "ph", "pk", "po", "pp", "ps", "px", "py", "ra", "re", "rh", "ri", "rt", "sc", "sd", "sn", "st", "su", "td",
    "th", "tm", "to", "tr", "tu", "ul", "ur", "us", "ut", "ve", "vi",
];

/// Reads headings of the Cochrane Library and parts of headings of Ovid.
pub(super) fn read(out: &mut Pasted) {
    if out.text.contains('[') {
        cochrane(out);
    }
    if out.text.contains('"') {
        ebsco(out);
    }
    if out.text.contains('/') {
        parts(out);
    }
}

/// Reads `MeSH descriptor: [X] explode all trees` and `[mh ^"X"/TH]` as `X` and the mark of a heading.
fn cochrane(out: &mut Pasted) {
    let patterns = [
        pattern!(
            r#"(?i)\bmesh descriptor:?\s*\[\s*([^\[\]"]{1,100})\](?:\s*(?:explode all trees|explode \d[\d ,]*|(?:this )?term only))?(?:\s*(?:and )?with qualifier(?:\(s\)|s)?:?\s*\[[^\]]*\])?"#
        ),
        pattern!(r#"(?i)\[\s*mh\s+\^?\s*"?([^\[\]"]{1,100})"?[^\[\]"]{0,10}(?:\[mj\]\s*)?\]"#),
    ];
    for heading in patterns.into_iter().filter_map(Option::as_ref) {
        let mut at = 0;
        while let Some(found) = heading.captures_at(&out.text, at) {
            let (Some(whole), Some(name)) = (found.get(0), found.get(1)) else { break };
            let (from, to) = (whole.start(), whole.end());
            let what = format!("\"{}\"{}", name.as_str().trim().trim_start_matches('^'), heading_mark());
            if let Some(qualifier) = whole.as_str().to_lowercase().find("with qualifier") {
                out.passed.push(whole.as_str().get(qualifier..).unwrap_or_default().to_owned());
            }
            out.anywhere.push(if whole.as_str().starts_with('[') { "[mh]" } else { "MeSH descriptor" }.to_owned());
            out.text = put(&out.text, from, to, &what);
            at = from + what.len().min(to - from);
        }
    }
}

/// Reads `MH "Depression, Postpartum+"` of EBSCO as a heading; the plus explodes it.
fn ebsco(out: &mut Pasted) {
    let Some(heading) = pattern!(r#"\b(MH|MM|MJ)\s+"([^"+]{1,100})\+?""#) else { return };
    while let Some(found) = heading.captures(&out.text) {
        let (Some(whole), Some(code), Some(name)) = (found.get(0), found.get(1), found.get(2)) else { return };
        let what = format!("\"{}\"{}", name.as_str().trim(), heading_mark());
        out.anywhere.push(code.as_str().to_owned());
        out.text = put(&out.text, whole.start(), whole.end(), &what);
    }
}

/// Passes over parts of a heading: `Depression, Postpartum/th, pc [Therapy, Prevention]`.
fn parts(out: &mut Pasted) {
    let Some(part) = pattern!(
        r"([A-Za-z)]/)([a-z]{2}(?:,\s?[a-z]{2})*)(\s*\[[A-Z][^\[\]]{2,120}\])?(?:\s*$|\s*\n|\s*\)|\s+(?i:and|or|not)\b)"
    ) else {
        return;
    };
    let mut at = 0;
    while let Some(found) = part.captures_at(&out.text, at) {
        let (Some(slash), Some(codes)) = (found.get(1), found.get(2)) else { return };
        let to = found.get(3).map_or(codes.end(), |named| named.end());
        at = to;
        // A small letter before the slash in a sentence: `mother/in`.
        let line = out.text.get(..slash.start()).unwrap_or_default();
        let run = line.rsplit(['(', ')', '\n']).next().unwrap_or_default();
        let is_heading = found.get(3).is_some() || run.contains(['*', ',']) || run.to_lowercase().contains("exp ");
        if is_heading && codes.as_str().split(',').all(|code| PARTS.contains(&code.trim())) {
            let from = codes.start();
            out.passed.push(format!("/{}", out.text.get(from..to).unwrap_or_default().trim()));
            out.text = put(&out.text, from, to, "");
        }
    }
}
