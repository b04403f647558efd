//! Reads, sentence by sentence, the signs that tell a conclusion from results and methods.
//!
//! Most signs are the finding rules of `topics.toml`; the others are told from the look of a
//! sentence: its figures, its length, whether it stands in the past.

use std::collections::BTreeSet;
use std::ops::Range;

use super::matcher::{CompiledRule, Found, Span};
use super::text::FieldText;
use crate::model::{Facet, Field};

/// Characters of one sentence that are looked at.
const SENTENCE_CHARS_MAX: usize = 3_000;
/// Words of a sentence that says little by itself.
const SHORT_WORDS_MAX: usize = 9;
/// Words of a sentence that says much.
const LONG_WORDS_MIN: usize = 36;
/// Letters of a word that may name the subject.
const LONG_WORD_CHARS: usize = 5;
/// Letters by which two forms of a word are taken for the same.
const STEM_CHARS: usize = 6;
/// Numbers in one sentence that make it a list of figures.
const MANY_NUMBERS: usize = 4;

/// Sentences at the end whose names are read: a conclusion and the notes behind it.
const WEIGHED_MAX: usize = 24;

/// The look of a copyright line.
const COPYRIGHT: &str = "copyright";

/// Where a finding rule fired in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign<'r> {
    /// What the rule tells: "claim", "advice".
    pub tag: &'r str,
    /// Name of the rule.
    pub rule: &'r str,
    /// The words.
    pub words: Span,
}

/// The signs of one sentence.
#[derive(Debug, Clone, Default)]
pub struct SentenceSigns<'r> {
    /// Its words in the field.
    pub words: Span,
    /// Finding rules that fired, by their place in the rules.
    pub signs: Vec<Sign<'r>>,
    /// The names of all that is weighed, each once: rules and what its look tells. Words that tell
    /// something only at the beginning count only there. Empty far from the end of the text.
    pub names: BTreeSet<&'r str>,
}

impl SentenceSigns<'_> {
    /// Tells whether the sentence is no part of the abstract: registration, copyright, keywords.
    pub fn is_noise(&self) -> bool {
        self.has("noise") || self.names.contains(COPYRIGHT)
    }

    /// Tells whether a rule of a tag fired anywhere in the sentence.
    pub fn has(&self, tag: &str) -> bool {
        self.signs.iter().any(|s| s.tag == tag)
    }
}

/// Tells whether the words of a tag count only where a sentence begins with them.
fn is_opening(tag: &str) -> bool {
    matches!(tag, "opening" | "lead")
}

/// Tells whether a rule of a tag fires in a field that it reads.
pub fn tells(rules: &[CompiledRule], tag: &str, field: Field, text: &FieldText, found: &Found) -> bool {
    rules.iter().any(|compiled| {
        let rule = &compiled.rule;
        rule.facet == Facet::Finding
            && rule.tag == tag
            && rule.fields.contains(&field)
            && !compiled.is_barred_in(text, found)
            && !compiled.words_in(text, found).is_empty()
    })
}

/// Returns the signs of every sentence of the abstract, in order.
///
/// `title` is the title's text: a conclusion speaks of what the title speaks of.
pub fn read<'r>(
    rules: &'r [CompiledRule],
    title: &FieldText,
    text: &FieldText,
    found: &Found,
) -> Vec<SentenceSigns<'r>> {
    let mut out: Vec<SentenceSigns<'r>> = (0..text.sentences.len())
        .map(|n| SentenceSigns { words: text.words_of_sentence(n), ..SentenceSigns::default() })
        .collect();
    let reads = |r: &&CompiledRule| r.rule.facet == Facet::Finding && r.rule.fields.contains(&Field::Abstract);
    for compiled in rules.iter().filter(reads) {
        if compiled.is_barred_in(text, found) {
            continue;
        }
        let rule = &compiled.rule;
        for words in compiled.words_in(text, found) {
            if let Some(sentence) = text.tokens.get(words.start).and_then(|t| out.get_mut(t.sentence)) {
                sentence.signs.push(Sign { tag: &rule.tag, rule: &rule.name, words });
            }
        }
    }
    let subject = stems(title, 0..title.tokens.len());
    let weighed = out.len().saturating_sub(WEIGHED_MAX);
    for (signs, range) in out.iter_mut().zip(&text.sentences).skip(weighed) {
        let is_counted = |s: &&Sign<'_>| !is_opening(s.tag) || s.words.start == signs.words.start;
        signs.names = signs.signs.iter().filter(is_counted).map(|s| s.rule).collect();
        let looks = looks(text.original.get(range.clone()).unwrap_or_default(), signs);
        signs.names.extend(looks);
        signs.names.extend(subject_named(&subject, &stems(text, signs.words.clone())));
    }
    out
}

/// Returns the beginnings of the long words of a range, each once.
fn stems(text: &FieldText, words: Span) -> BTreeSet<&str> {
    let stem = |word: usize| {
        let word = text.folded_word(word);
        let end = word.char_indices().nth(STEM_CHARS).map_or(word.len(), |(at, _)| at);
        word.get(..end).filter(|_| word.chars().count() >= LONG_WORD_CHARS)
    };
    words.filter_map(stem).collect()
}

/// Tells how much of the title's subject a sentence names; nothing without a title.
fn subject_named(title: &BTreeSet<&str>, sentence: &BTreeSet<&str>) -> Option<&'static str> {
    let shared = title.intersection(sentence).count();
    match shared {
        _ if title.is_empty() => None,
        0 => Some("subject-none"),
        _ if shared * 2 >= title.len() => Some("subject-half"),
        1 => Some("subject-one"),
        _ => Some("subject-some"),
    }
}

/// Returns what a sentence's look tells.
fn looks(sentence: &str, signs: &SentenceSigns<'_>) -> Vec<&'static str> {
    let chars: Vec<char> = sentence.chars().take(SENTENCE_CHARS_MAX).filter(|c| !c.is_whitespace()).collect();
    let (is_past, is_present) = (signs.has("past"), signs.has("present"));
    let numbers = count_numbers(&chars);
    let words = signs.words.len();
    let told = [
        (COPYRIGHT, sentence.starts_with('©') || sentence.starts_with("(c) ") || sentence.starts_with("(C) ")),
        ("figures", has_figures(sentence)),
        ("percent", chars.windows(2).any(|w| matches!(w, [d, '%'] if d.is_ascii_digit()))),
        ("p-value", has_p_value(&chars)),
        ("statistic", has_statistic(sentence)),
        ("number", numbers > 0),
        ("many-numbers", numbers >= MANY_NUMBERS),
        ("bracket", chars.contains(&'(')),
        ("past-only", is_past && !is_present),
        ("present-only", is_present && !is_past),
        ("present-and-past", is_present && is_past),
        ("short", words <= SHORT_WORDS_MAX),
        ("long", words >= LONG_WORDS_MIN),
    ];
    told.into_iter().filter(|(_, is_so)| *is_so).map(|(name, _)| name).collect()
}

/// Returns how many numbers stand in a text.
fn count_numbers(chars: &[char]) -> usize {
    let is_start = |n: usize, c: &char| {
        c.is_ascii_digit()
            && n.checked_sub(1).and_then(|b| chars.get(b)).is_none_or(|b| !b.is_alphanumeric() && *b != '.')
    };
    chars.iter().enumerate().filter(|(n, c)| is_start(*n, c)).count()
}

/// Tells whether a p value stands in a text: "p<0.05", "P = .03".
fn has_p_value(chars: &[char]) -> bool {
    chars.windows(3).any(|w| {
        matches!(w, ['p' | 'P', '<' | '>' | '=' | '≤' | '≥' | '＜', d] if d.is_ascii_digit() || matches!(d, '.' | '·'))
    })
}

/// Tells whether a sentence gives a p value.
pub fn gives_p_value(sentence: &str) -> bool {
    has_p_value(&sentence.chars().take(SENTENCE_CHARS_MAX).filter(|c| !c.is_whitespace()).collect::<Vec<_>>())
}

/// Tells whether a sentence names a statistic by its abbreviation.
pub fn has_statistic(sentence: &str) -> bool {
    sentence.split(|c: char| !c.is_alphanumeric()).any(|w| {
        matches!(
            w,
            "CI" | "CIs"
                | "OR"
                | "ORs"
                | "HR"
                | "HRs"
                | "RR"
                | "aOR"
                | "AOR"
                | "aHR"
                | "SD"
                | "SE"
                | "IQR"
                | "SMD"
                | "IC"
                | "IRR"
        )
    })
}

/// Tells whether a sentence gives figures: a percentage, decimal, sample, ratio, p value.
pub fn has_figures(sentence: &str) -> bool {
    let chars: Vec<char> = sentence.chars().take(SENTENCE_CHARS_MAX).filter(|c| *c != ' ' && *c != '\u{a0}').collect();
    let is_digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
    let is_figure = chars.iter().enumerate().any(|(n, c)| {
        let (before, after) = (n.checked_sub(1).and_then(|b| chars.get(b)), chars.get(n + 1));
        match c {
            '%' => is_digit(before),
            '.' | '/' | '·' => is_digit(before) && is_digit(after),
            '=' | '<' | '>' | '≤' | '≥' => is_digit(after) || matches!(after, Some('-' | '−' | '.')),
            '(' => is_digit(after),
            '±' => true,
            _ => false,
        }
    });
    is_figure || has_statistic(sentence)
}

/// Returns the sentences from the first that overlaps a range of bytes to the last.
pub fn sentences_in(text: &FieldText, range: &Range<usize>) -> Range<usize> {
    let from = text.sentences.partition_point(|s| s.end <= range.start);
    let to = text.sentences.partition_point(|s| s.start < range.end);
    from..to.max(from)
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
