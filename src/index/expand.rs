//! Other names for what was typed: which neighbouring words of a question name one thing that the
//! field knows by other names too.

use super::knowledge::{Meaning, NAME_WORDS_MAX, Names, stems};

/// Neighbouring words of a question that are a known name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    /// Index of its first word.
    pub from: usize,
    /// Index behind its last word.
    pub to: usize,
    /// As it was typed.
    pub typed: String,
    /// What the name stands for.
    pub meanings: Vec<Meaning>,
}

/// Returns all known names among the words, longer ones before shorter ones that begin with the same
/// word. They may lie inside one another.
pub(super) fn spans(words: &[&str], names: &Names) -> Vec<Span> {
    let stems: Vec<String> = words.iter().map(|w| stems(w).join(" ")).collect();
    let mut out = Vec::new();
    for from in 0..words.len() {
        let longest = (words.len() - from).min(NAME_WORDS_MAX);
        for to in (from + 1..=from + longest).rev() {
            let parts: Vec<&str> =
                stems.get(from..to).unwrap_or_default().iter().map(String::as_str).filter(|s| !s.is_empty()).collect();
            let typed = words.get(from..to).unwrap_or_default().join(" ");
            let meanings = names.meanings(&parts.join(" "), &typed);
            let meanings: Vec<Meaning> = meanings.into_iter().filter(|m| !matches!(m, Meaning::Code(_))).collect();
            if !meanings.is_empty() {
                out.push(Span { from, to, typed, meanings });
            }
        }
    }
    out
}

/// Returns the longest names from left to right, none inside or across another.
pub(super) fn outermost(spans: &[Span]) -> Vec<&Span> {
    let mut out: Vec<&Span> = Vec::new();
    let mut end = 0;
    for span in spans {
        if span.from >= end {
            end = span.to;
            out.push(span);
        }
    }
    out
}
