//! Tells which sentences of an abstract are the authors' conclusion.
//!
//! A section that says so is taken whole. Without one, the conclusion is what stands at the end:
//! sentences are added from the last one backwards as long as they read like a conclusion. The
//! weights below were set on every second one of 1,000 structured abstracts with their labels
//! taken off, and held on the other half (block F1 0.90, right first sentence 0.70 on both).

use std::collections::BTreeMap;
use std::ops::Range;

use super::rule::Tags;
use super::text::{FieldText, sentences};
use crate::model::{Field, Record, text::fold};

/// Labels of sections that hold the conclusion, folded, the most telling first.
const LABELS: &[&str] = &[
    "conclusion",
    "conclusao",
    "conclusoes",
    "conclusiones",
    "interpretation",
    "implication",
    "what this study adds",
    "key message",
    "take home",
    "significance",
    "discussion",
];

/// Sentences before the last that may belong to an unlabelled conclusion: 98 of 100 have at most
/// four in all.
const BACK_MAX: usize = 4;

/// Characters of one sentence that are weighed.
const SENTENCE_CHARS_MAX: usize = 3_000;

/// What each further sentence must weigh, counted from the one before the last.
const THRESHOLDS: [f64; 3] = [-0.25, 0.25, 2.25];

/// What a sign in a sentence weighs.
const WEIGHTS: [(&str, f64); 3] = [("finding:cue", 0.5), ("finding:method", -2.5), ("finding:result", -1.0)];

/// What a beginning such as "these findings" weighs.
const OPENING: f64 = 1.5;
/// What figures weigh: a percentage, a p value, an interval.
const FIGURES: f64 = -2.25;
/// What a verb in the present weighs.
const PRESENT: f64 = 1.25;
/// What a verb in the past weighs when none stands in the present.
const PAST: f64 = -1.75;

/// Returns the sentences of the conclusion, as byte ranges of the abstract in order, and whether
/// a label says that they are. Empty without an abstract.
pub fn find(record: &Record, text: &FieldText, tags: &Tags) -> (Vec<Range<usize>>, bool) {
    let labelled = labelled(record, text);
    if !labelled.is_empty() {
        return (labelled, true);
    }
    let noise = sentences_with(tags, "finding:noise", text);
    let count = text.sentences.len();
    let end = (0..count).rev().find(|n| !noise.contains_key(n)).map_or(0, |n| n + 1);
    let Some(last) = end.checked_sub(1) else { return (Vec::new(), false) };
    let weights = Weights::of(tags, text);
    let (mut start, mut best, mut sum) = (last, 0.0, 0.0);
    for back in 0..BACK_MAX.min(last) {
        let n = last - 1 - back;
        let threshold = THRESHOLDS.get(back).or(THRESHOLDS.last()).copied().unwrap_or_default();
        sum += weights.weigh(n, text) - threshold;
        if sum > best {
            (start, best) = (n, sum);
        }
    }
    (text.sentences.get(start..end).unwrap_or_default().to_vec(), false)
}

/// Returns the sentences of the section whose label is the most telling.
fn labelled(record: &Record, text: &FieldText) -> Vec<Range<usize>> {
    let rank = |label: &str| {
        let label = fold(label);
        LABELS.iter().position(|l| label.contains(l))
    };
    let by_section = record
        .sections
        .iter()
        .filter_map(|s| {
            let is_category = s.category.as_deref().is_some_and(|c| c.eq_ignore_ascii_case("CONCLUSIONS"));
            let rank = if is_category { Some(0) } else { s.label.as_deref().and_then(rank) };
            rank.map(|r| (r, s.text.as_str()))
        })
        .collect::<Vec<_>>();
    let best = by_section.iter().map(|(r, _)| *r).min();
    let mut out = Vec::new();
    for (_, section) in by_section.iter().filter(|(r, _)| Some(*r) == best) {
        // The last place, since a short conclusion may repeat a sentence.
        if let Some(at) = text.original.rfind(section.trim()) {
            out.extend(sentences(section.trim()).into_iter().map(|s| s.start + at..s.end + at));
        }
    }
    if out.is_empty() { by_inline_label(text) } else { out }
}

/// Returns the sentences behind a label that stands in the text ("Conclusions: …"), up to the next
/// label or the end.
fn by_inline_label(text: &FieldText) -> Vec<Range<usize>> {
    let label_of = |s: &Range<usize>| -> Option<(usize, usize)> {
        let sentence = text.original.get(s.clone())?;
        let (head, _) = sentence.split_once(':')?;
        let is_short = head.chars().count() <= 40 && head.split_whitespace().count() <= 4;
        let known = is_short && head.chars().next().is_some_and(char::is_uppercase);
        let folded = fold(head);
        known.then(|| {
            (LABELS.iter().position(|l| folded.starts_with(l)).unwrap_or(usize::MAX), s.start + head.len() + 1)
        })
    };
    let mut out = Vec::new();
    let mut is_inside = false;
    for sentence in &text.sentences {
        match label_of(sentence) {
            Some((rank, body)) if rank != usize::MAX => {
                out.clear();
                is_inside = true;
                let rest = text.original.get(body..sentence.end).unwrap_or_default();
                let start = body + (rest.len() - rest.trim_start().len());
                if start < sentence.end {
                    out.push(start..sentence.end);
                }
            }
            Some(_) if is_inside && is_heading(text.original.get(sentence.clone()).unwrap_or_default()) => {
                is_inside = false;
            }
            _ if is_inside => out.push(sentence.clone()),
            _ => {}
        }
    }
    out
}

/// Tells whether a sentence begins with a heading in capitals ("FUNDING: …").
fn is_heading(sentence: &str) -> bool {
    sentence.split(':').next().is_some_and(|h| h.chars().count() > 3 && !h.chars().any(char::is_lowercase))
}

/// Numbers of the sentences in which each sign stands.
struct Weights {
    signs: Vec<(BTreeMap<usize, usize>, f64)>,
    openings: BTreeMap<usize, usize>,
    present: BTreeMap<usize, usize>,
    past: BTreeMap<usize, usize>,
}

impl Weights {
    /// Reads the signs of an abstract.
    fn of(tags: &Tags, text: &FieldText) -> Self {
        Self {
            signs: WEIGHTS.iter().map(|(sign, w)| (sentences_with(tags, sign, text), *w)).collect(),
            openings: sentences_with(tags, "finding:opening", text),
            present: sentences_with(tags, "finding:present", text),
            past: sentences_with(tags, "finding:past", text),
        }
    }

    /// Returns how much a sentence reads like a conclusion; 0.0 is neither way.
    fn weigh(&self, n: usize, text: &FieldText) -> f64 {
        let mut sum: f64 = self.signs.iter().filter(|(at, _)| at.contains_key(&n)).map(|(_, w)| w).sum();
        let first_word = text.words_of_sentence(n).start;
        if self.openings.get(&n) == Some(&first_word) {
            sum += OPENING;
        }
        if self.present.contains_key(&n) {
            sum += PRESENT;
        } else if self.past.contains_key(&n) {
            sum += PAST;
        }
        let sentence = text.sentences.get(n).and_then(|s| text.original.get(s.clone())).unwrap_or_default();
        if has_figures(sentence) {
            sum += FIGURES;
        }
        sum
    }
}

/// Returns the sentences of the abstract in which a sign stands, with the number of its first word.
pub fn sentences_with(tags: &Tags, sign: &str, text: &FieldText) -> BTreeMap<usize, usize> {
    let mut out = BTreeMap::new();
    for hit in tags.get(sign).into_iter().flatten().filter(|h| h.field == Field::Abstract) {
        if let Some(token) = text.tokens.get(hit.words.start) {
            let first = out.entry(token.sentence).or_insert(hit.words.start);
            *first = (*first).min(hit.words.start);
        }
    }
    out
}

/// Tells whether a sentence gives figures: a percentage, decimal, sample, ratio, p value.
pub fn has_figures(sentence: &str) -> bool {
    let chars: Vec<char> = sentence.chars().take(SENTENCE_CHARS_MAX).filter(|c| *c != ' ' && *c != '\u{a0}').collect();
    let is_digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
    let is_figure = chars.iter().enumerate().any(|(n, c)| {
        let (before, after) = (n.checked_sub(1).and_then(|b| chars.get(b)), chars.get(n + 1));
        match c {
            '%' => is_digit(before),
            '.' | '/' => is_digit(before) && is_digit(after),
            '=' | '<' | '>' | '≤' | '≥' => is_digit(after) || matches!(after, Some('-' | '−' | '.')),
            '(' => is_digit(after),
            '±' => true,
            _ => false,
        }
    });
    is_figure
        || sentence
            .split(|c: char| !c.is_alphanumeric())
            .any(|w| matches!(w, "CI" | "OR" | "HR" | "RR" | "aOR" | "SD" | "IQR"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_told_from_words() {
        for (text, want) in [
            ("in 48.7% of women", true),
            ("rates fell (12 of 40)", true),
            ("aOR was 2", true),
            ("scores at 6 weeks (week six) were higher", false),
            ("p < .05", true),
            ("the first 1,000 days matter", false),
            ("", false),
        ] {
            assert_eq!(has_figures(text), want, "{text}");
        }
    }
}
