//! Finds every phrase of the rules in a field in one pass.
//!
//! All words of all phrases stand in one automaton over the folded text, each with a space before
//! and (unless it is a stem) behind, so that only whole words are found. Overlapping finds are
//! all kept: "postpartum depression" must not hide "depression".
//!
//! Rules hold some thousand phrases and a paper some dozen of their words, so every phrase is
//! turned into numbers once, and most are ruled out by one look at a set of bits.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::text::FieldText;
use crate::model::{Part, Phrase, Place, Problem, Rule, Rules};

/// Where a phrase stands: numbers of its first word and of the word behind its last.
pub type Span = Range<usize>;

/// The compiled words of all phrases.
#[derive(Debug)]
pub struct Matcher {
    automaton: AhoCorasick,
    /// Words and stems to look for.
    patterns: usize,
    /// By pattern: the word lists that hold it.
    lists_of: Vec<Vec<usize>>,
    /// Word lists.
    lists: usize,
}

/// A rule with its phrases as numbers of the matcher.
#[derive(Debug)]
pub struct CompiledRule {
    /// The rule as it was read.
    pub rule: Rule,
    /// Its `words`.
    pub words: Vec<Wanted>,
    /// Its `with`.
    pub with: Vec<Wanted>,
    /// Its `unless`.
    pub unless: Vec<Wanted>,
    /// Its `not`.
    pub not: Vec<Wanted>,
}

/// What one side of a phrase looks for.
#[derive(Debug, Clone, Copy)]
enum Seek {
    /// The number of words or of a stem.
    Words(usize),
    /// The number of a word list.
    List(usize),
}

/// A phrase as numbers of the matcher.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    is_first: bool,
    first: Seek,
    near: Option<(usize, Seek)>,
}

/// What stands in one field.
#[derive(Debug, Default)]
pub struct Found {
    /// Pattern and span, sorted.
    spans: Vec<(usize, usize, usize)>,
    /// One bit a pattern: whether it stands here.
    is_there: Vec<u64>,
    /// By word list: where its words stand, sorted.
    lists: Vec<Vec<Span>>,
}

/// The numbers of words and lists while phrases are compiled.
#[derive(Default)]
struct Numbers {
    words: BTreeMap<Part, usize>,
    patterns: Vec<String>,
    lists: BTreeMap<String, usize>,
}

impl Numbers {
    /// Returns the number of words or of a stem; a new one the first time.
    fn of_words(&mut self, part: &Part, text: &str, is_stem: bool) -> usize {
        if let Some(number) = self.words.get(part) {
            return *number;
        }
        self.patterns.push(if is_stem { format!(" {text}") } else { format!(" {text} ") });
        self.words.insert(part.clone(), self.patterns.len() - 1);
        self.patterns.len() - 1
    }

    /// Returns what one side of a phrase looks for; `None` for an unknown list, which `config` refuses.
    fn seek(&mut self, part: &Part) -> Option<Seek> {
        match part {
            Part::Words { words, is_stem } => Some(Seek::Words(self.of_words(part, words, *is_stem))),
            Part::List(name) => self.lists.get(name).map(|n| Seek::List(*n)),
        }
    }

    /// Returns phrases as numbers.
    fn wanted(&mut self, phrases: &[Phrase]) -> Vec<Wanted> {
        let mut out = Vec::with_capacity(phrases.len());
        for phrase in phrases {
            let Some(first) = self.seek(&phrase.first) else { continue };
            let near = match &phrase.near {
                None => None,
                Some((words, part)) => match self.seek(part) {
                    None => continue,
                    Some(second) => Some((*words, second)),
                },
            };
            out.push(Wanted { is_first: phrase.is_first, first, near });
        }
        out
    }
}

impl Matcher {
    /// Compiles all phrases of the rules, and the rules in their order.
    ///
    /// # Errors
    /// When the phrases are too many for one automaton.
    pub fn compile(rules: &Rules) -> Result<(Self, Vec<CompiledRule>), Problem> {
        let mut numbers = Numbers::default();
        let mut in_lists: Vec<(usize, usize)> = Vec::new();
        for (n, list) in rules.lists.iter().enumerate() {
            numbers.lists.insert(list.name.clone(), n);
            for phrase in &list.words {
                if let Some(Seek::Words(number)) = numbers.seek(&phrase.first) {
                    in_lists.push((number, n));
                }
            }
        }
        let compiled = rules
            .rules
            .iter()
            .map(|rule| CompiledRule {
                words: numbers.wanted(&rule.words),
                with: numbers.wanted(&rule.with),
                unless: numbers.wanted(&rule.unless),
                not: numbers.wanted(&rule.not),
                rule: rule.clone(),
            })
            .collect();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&numbers.patterns)
            .map_err(|e| Problem::error(Place::default(), format!("the rules hold too many phrases: {e}")))?;
        let mut lists_of = vec![Vec::new(); numbers.patterns.len()];
        for (number, list) in in_lists {
            if let Some(lists) = lists_of.get_mut(number) {
                lists.push(list);
            }
        }
        Ok((Self { automaton, patterns: numbers.patterns.len(), lists_of, lists: rules.lists.len() }, compiled))
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
        let mut is_there = vec![0; self.patterns.div_ceil(BITS)];
        let mut lists = vec![Vec::new(); self.lists];
        for (number, from, to) in &spans {
            if let Some(bits) = is_there.get_mut(number / BITS) {
                *bits |= 1 << (number % BITS);
            }
            for list in self.lists_of.get(*number).into_iter().flatten() {
                if let Some(list) = lists.get_mut(*list) {
                    list.push(*from..*to);
                }
            }
        }
        for list in &mut lists {
            list.sort_unstable_by_key(|s| (s.start, s.end));
        }
        Found { spans, is_there, lists }
    }
}

/// Patterns that share one number of the set of bits.
const BITS: usize = 64;

impl Found {
    /// Returns where a phrase stands, in order.
    pub fn spans(&self, wanted: &Wanted, text: &FieldText) -> Vec<Span> {
        if !self.may_stand(wanted) {
            return Vec::new();
        }
        let mut first = self.of(wanted.first);
        if wanted.is_first {
            first.retain(|span| span.start == 0);
        }
        let Some((words, second)) = wanted.near else { return first };
        let second = self.of(second);
        first.iter().filter_map(|a| nearest(a, &second, words, text)).collect()
    }

    /// Tells whether both sides of a phrase stand here; near each other or not.
    pub fn may_stand(&self, wanted: &Wanted) -> bool {
        self.has(wanted.first) && wanted.near.is_none_or(|(_, second)| self.has(second))
    }

    /// Tells whether one side of a phrase stands here at all.
    fn has(&self, seek: Seek) -> bool {
        match seek {
            Seek::Words(n) => self.is_there.get(n / BITS).is_some_and(|bits| bits & (1 << (n % BITS)) != 0),
            Seek::List(n) => self.lists.get(n).is_some_and(|l| !l.is_empty()),
        }
    }

    /// Returns where one side of a phrase stands, in order.
    fn of(&self, seek: Seek) -> Vec<Span> {
        match seek {
            Seek::List(n) => self.lists.get(n).cloned().unwrap_or_default(),
            Seek::Words(number) => {
                let from = self.spans.partition_point(|(n, _, _)| *n < number);
                let own = self.spans.iter().skip(from).take_while(|(n, _, _)| *n == number);
                own.map(|(_, a, b)| *a..*b).collect()
            }
        }
    }
}

/// Leaves out of some spans those that begin inside a longer phrase: a word that begins inside is
/// inside, of "low- and middle-income countries" also "middle income".
pub fn uncovered(mut spans: Vec<Span>, mut covers: Vec<Span>) -> Vec<Span> {
    covers.sort_unstable_by_key(|c| c.start);
    spans.sort_unstable_by_key(|s| (s.start, std::cmp::Reverse(s.end)));
    let mut covers = covers.into_iter().peekable();
    let mut covered_to = 0;
    spans.retain(|s| {
        while let Some(cover) = covers.next_if(|c| c.start <= s.start) {
            covered_to = covered_to.max(cover.end);
        }
        s.start >= covered_to
    });
    spans
}

impl CompiledRule {
    /// Returns where the rule's words stand in a field, in order, without those inside a phrase of `not`.
    pub fn words_in(&self, text: &FieldText, found: &Found) -> Vec<Span> {
        let all = |wanted: &[Wanted]| wanted.iter().flat_map(|w| found.spans(w, text)).collect::<Vec<_>>();
        let spans = all(&self.words);
        if spans.is_empty() || self.not.is_empty() {
            uncovered(spans, Vec::new())
        } else {
            uncovered(spans, all(&self.not))
        }
    }

    /// Tells whether a phrase of `unless` stands in a field.
    pub fn is_barred_in(&self, text: &FieldText, found: &Found) -> bool {
        self.unless.iter().any(|w| !found.spans(w, text).is_empty())
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
    use crate::model::{Facet, WordList};

    /// Returns what a phrase finds in a text, verbatim.
    fn find(phrase: &str, text: &str) -> Vec<String> {
        let read = |written: &str| Phrase::parse(written, Place::default()).unwrap();
        let rules = Rules {
            lists: vec![WordList { name: "mind".to_owned(), words: ["depress*", "anxiety"].map(read).to_vec() }],
            rules: vec![Rule::of(Facet::Condition, "x", vec![read(phrase)])],
            ..Rules::default()
        };
        let (matcher, compiled) = Matcher::compile(&rules).unwrap();
        let text = FieldText::read(text, 10_000);
        let found = matcher.find(&text);
        found.spans(&compiled[0].words[0], &text).iter().map(|s| text.quote(s).to_owned()).collect()
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
            ("^anxiety", "Anxiety and anxiety", &["Anxiety"], "only where the field begins"),
            ("^anxiety", "On anxiety", &[], "not further on"),
            ("x", "", &[], "nothing"),
        ];
        for (phrase, text, want, note) in cases {
            assert_eq!(find(phrase, text), *want, "{note}");
        }
    }
}
