//! Finds every phrase of the rules in a field in one pass.
//!
//! All words of all phrases stand in one automaton over the folded text, each with a space before
//! and (unless it is a stem) behind, so that only whole words are found. Overlapping finds are
//! all kept: "postpartum depression" must not hide "depression".

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::text::FieldText;
use crate::model::{Part, Phrase, Place, Problem, Rules};

/// Where a phrase stands: numbers of its first word and of the word behind its last.
pub type Span = Range<usize>;

/// The compiled words of all phrases.
#[derive(Debug)]
pub struct Matcher {
    automaton: AhoCorasick,
    words: BTreeMap<Part, usize>,
    lists: BTreeMap<String, Vec<usize>>,
}

/// What stands in one field.
#[derive(Debug, Default)]
pub struct Found {
    /// Word number in the matcher and span, sorted.
    spans: Vec<(usize, usize, usize)>,
}

impl Matcher {
    /// Compiles all phrases of the rules.
    ///
    /// # Errors
    /// When the phrases are too many for one automaton.
    pub fn compile(rules: &Rules) -> Result<Self, Problem> {
        let mut words: BTreeMap<Part, usize> = BTreeMap::new();
        let mut patterns: Vec<String> = Vec::new();
        let mut number = |part: &Part| -> Option<usize> {
            let Part::Words { words: text, is_stem } = part else { return None };
            Some(*words.entry(part.clone()).or_insert_with(|| {
                patterns.push(if *is_stem { format!(" {text}") } else { format!(" {text} ") });
                patterns.len() - 1
            }))
        };
        let mut lists = BTreeMap::new();
        for list in &rules.lists {
            let numbers = list.words.iter().filter_map(|p| number(&p.first)).collect();
            lists.insert(list.name.clone(), numbers);
        }
        for rule in &rules.rules {
            for phrase in [&rule.words, &rule.with, &rule.unless, &rule.not].into_iter().flatten() {
                for part in phrase.parts() {
                    number(part);
                }
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&patterns)
            .map_err(|e| Problem::error(Place::default(), format!("the rules hold too many phrases: {e}")))?;
        Ok(Self { automaton, words, lists })
    }

    /// Finds all words of all phrases in a field.
    pub fn find(&self, text: &FieldText) -> Found {
        let mut spans: Vec<(usize, usize, usize)> = self
            .automaton
            .find_overlapping_iter(&text.folded)
            .map(|m| {
                let first = text.token_at(m.start() + 1);
                // The last byte of the match is a space or, in a stem, a letter of its last word.
                let last = text.token_at(m.end().saturating_sub(2).max(m.start() + 1));
                (m.pattern().as_usize(), first, last + 1)
            })
            .collect();
        spans.sort_unstable();
        spans.dedup();
        Found { spans }
    }

    /// Returns where a phrase stands, in order.
    pub fn spans(&self, phrase: &Phrase, found: &Found, text: &FieldText) -> Vec<Span> {
        let first = self.part_spans(&phrase.first, found);
        let Some((words, second)) = &phrase.near else { return first };
        if first.is_empty() {
            return first;
        }
        let second = self.part_spans(second, found);
        first.iter().filter_map(|a| nearest(a, &second, *words, text)).collect()
    }

    /// Returns where one part of a phrase stands, in order.
    fn part_spans(&self, part: &Part, found: &Found) -> Vec<Span> {
        let mut out = Vec::new();
        match part {
            Part::Words { .. } => {
                if let Some(number) = self.words.get(part) {
                    out.extend(found.of(*number));
                }
            }
            Part::List(name) => {
                for number in self.lists.get(name).into_iter().flatten() {
                    out.extend(found.of(*number));
                }
                out.sort_unstable_by_key(|s| (s.start, s.end));
            }
        }
        out
    }
}

impl Found {
    /// Returns where the words of a number stand, in order.
    fn of(&self, number: usize) -> impl Iterator<Item = Span> + '_ {
        let from = self.spans.partition_point(|(n, _, _)| *n < number);
        self.spans.iter().skip(from).take_while(move |(n, _, _)| *n == number).map(|(_, a, b)| *a..*b)
    }
}

/// Returns the span from `a` to the first of `others` that stands near it in the same sentence.
fn nearest(a: &Span, others: &[Span], words: usize, text: &FieldText) -> Option<Span> {
    let sentence = text.tokens.get(a.start)?.sentence;
    let from = others.partition_point(|b| b.start + words + NEAR_PART_WORDS_MAX < a.start);
    others
        .iter()
        .skip(from)
        .take_while(|b| b.start <= a.end + words)
        .filter(|b| b.start >= a.end || a.start >= b.end && a.start - b.end <= words)
        .find(|b| text.tokens.get(b.start).is_some_and(|t| t.sentence == sentence))
        .map(|b| a.start.min(b.start)..a.end.max(b.end))
}

/// The most words that one part of a near phrase is thought to have, for where to begin looking.
const NEAR_PART_WORDS_MAX: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::WordList;

    /// Returns what a phrase finds in a text, verbatim.
    fn find(phrase: &str, text: &str) -> Vec<String> {
        let phrase = Phrase::parse(phrase, Place::default()).unwrap();
        let mind = ["depress*", "anxiety"].map(|w| Phrase::parse(w, Place::default()).unwrap()).to_vec();
        let mut rules =
            Rules { lists: vec![WordList { name: "mind".to_owned(), words: mind.clone() }], ..Rules::default() };
        rules.lists.push(WordList {
            name: "own".to_owned(),
            words: phrase
                .parts()
                .filter_map(|p| match p {
                    Part::Words { .. } => {
                        Some(Phrase { text: String::new(), place: Place::default(), first: p.clone(), near: None })
                    }
                    Part::List(_) => None,
                })
                .collect(),
        });
        let matcher = Matcher::compile(&rules).unwrap();
        let text = FieldText::read(text, 10_000);
        let found = matcher.find(&text);
        matcher.spans(&phrase, &found, &text).iter().map(|s| text.quote(s).to_owned()).collect()
    }

    #[test]
    fn phrases_find_whole_words_and_stems_and_neighbours() {
        let cases: &[(&str, &str, &[&str], &str)] = &[
            ("art", "Art, party; start", &["Art"], "whole words"),
            ("depress*", "Postpartum Dépressive signs", &["Dépressive"], "stem without case and accents"),
            ("low income", "low-income, LOW income", &["low-income", "LOW income"], "a hyphen is a space"),
            ("the end", "at the. End", &[], "never across sentences"),
            ("maternal ~2 @mind", "maternal mood and anxiety", &["maternal mood and anxiety"], "near"),
            ("maternal ~1 @mind", "maternal mood and anxiety", &[], "too far"),
            ("maternal ~2 @mind", "Anxiety: maternal", &["Anxiety: maternal"], "either order"),
            ("@mind", "anxiety or depression", &["anxiety", "depression"], "a list"),
            ("x", "", &[], "nothing"),
        ];
        for (phrase, text, want, note) in cases {
            assert_eq!(find(phrase, text), *want, "{note}");
        }
    }
}
