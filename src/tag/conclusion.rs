//! Tells which sentences of an abstract are the authors' conclusion.
//!
//! A section that says so is taken whole. Without one, the conclusion is the end of the text: from
//! words such as "in conclusion" where the authors say so, else from where the weights of
//! [`super::weights`] find its most likely beginning.

use std::ops::Range;

use super::labels::{self, Kind, Part};
use super::signs::SentenceSigns;
use super::text::FieldText;
use super::weights::{self, Weights};
use crate::model::Record;

/// The rule of a conclusion that its label tells.
pub const LABELLED: &str = "finding.labelled";
/// A rule of this name in `topics.toml` says outright that the conclusion begins.
const OUTRIGHT: &str = "finding.opening.in-short";

/// The conclusion of an abstract.
#[derive(Debug, Default)]
pub struct Conclusion {
    /// Its sentences, as byte ranges of the abstract in order.
    pub sentences: Vec<Range<usize>>,
    /// The sentences of the labelled results.
    pub results: Vec<Range<usize>>,
    /// How it was found: "finding.labelled", "finding.in-short", "finding.last-sentences".
    pub rule: &'static str,
    /// The words in its first sentence that spoke most for it, where no label did, each with the
    /// name of its rule.
    pub reasons: Vec<(String, Range<usize>)>,
}

/// Returns the conclusion of an abstract; empty without an abstract.
pub fn find(record: &Record, text: &FieldText, signs: &[SentenceSigns<'_>], weights: &Weights) -> Conclusion {
    let parts = labels::parts(record, text);
    let of_kind = |kind: Kind| parts.iter().filter(move |p| p.kind == kind).flat_map(|p| p.sentences.clone());
    let results = of_kind(Kind::Results).collect();
    let rank = |part: &Part| match part.kind {
        Kind::Conclusion(rank) if !part.sentences.is_empty() => Some(rank),
        _ => None,
    };
    if let Some(best) = parts.iter().filter_map(rank).min() {
        let sentences = of_kind(Kind::Conclusion(best)).collect();
        return Conclusion { sentences, results, rule: LABELLED, reasons: Vec::new() };
    }
    let asides: Vec<Range<usize>> = of_kind(Kind::Aside).collect();
    let is_aside = |n: usize| {
        let sentence = text.sentences.get(n).cloned().unwrap_or_default();
        asides.iter().any(|a| sentence.start <= a.start && a.start < sentence.end)
    };
    let end = (0..end(signs)).rev().find(|n| !is_aside(*n)).map_or(0, |n| n + 1);
    let (start, rule) = match outright(signs, end) {
        Some(start) => (start, "finding.in-short"),
        None => (weights.best_start(signs, end), "finding.last-sentences"),
    };
    let sentences = text.sentences.get(start..end).unwrap_or_default();
    let without_label = |s: &Range<usize>| {
        let label = text.original.get(s.clone()).and_then(labels::head).map_or(0, |(_, body)| body);
        s.start + label..s.end
    };
    let reasons = signs.get(start).map(|s| weights.reasons(s)).unwrap_or_default();
    Conclusion {
        sentences: sentences.iter().map(without_label).filter(|s| !s.is_empty()).collect(),
        results,
        rule,
        reasons: reasons.into_iter().map(|s| (s.rule.to_owned(), s.words.clone())).collect(),
    }
}

/// Returns the sentence with which the authors say outright that they conclude.
fn outright(signs: &[SentenceSigns<'_>], end: usize) -> Option<usize> {
    weights::starts(end).find(|n| signs.get(*n).is_some_and(|s| s.names.contains(OUTRIGHT)))
}

/// Returns the number of sentences without the notes at the end: registration, copyright, keywords.
pub fn end(signs: &[SentenceSigns<'_>]) -> usize {
    signs.iter().rposition(|s| !s.is_noise()).map_or(0, |n| n + 1)
}
