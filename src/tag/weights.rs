//! Weighs every sentence of an unlabelled abstract as the first one of the conclusion.
//!
//! The conclusion is always the end of the text, so that only its beginning has to be found. A
//! beginning weighs the sum of what the signs of its sentence and of all behind it weigh, what the
//! signs of its sentence weigh as the first, and what the number of sentences weighs. The weights
//! stand in `data/conclusion.toml`, which says how they came about.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::signs::{SentenceSigns, Sign};
use crate::model::{Place, Problem};

/// The weights that come with the program.
pub const DEFAULT: &str = include_str!("../../data/conclusion.toml");
/// The file of [`DEFAULT`], for messages.
pub const DEFAULT_FILE: &str = "data/conclusion.toml";

/// Sentences that a conclusion may have: of 100 labelled ones 99 have at most so many.
pub const SENTENCES_MAX: usize = 8;
/// A weight beyond this is a slip of the pen.
const WEIGHT_MAX: f64 = 20.0;

/// What each sign weighs at each place.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Weights(BTreeMap<String, BTreeMap<String, f64>>);

/// Where a sign stands, seen from the beginning that is weighed.
pub const PLACES: [&str; 3] = ["inside", "first", "length"];

/// Calls `tell(place, sign)` for every sign of one beginning: of the sentences `start..end`, of
/// the first of them, and how many they are.
pub fn signs_of(signs: &[SentenceSigns<'_>], start: usize, end: usize, mut tell: impl FnMut(&'static str, &str)) {
    for sentence in signs.get(start..end).unwrap_or_default() {
        tell("inside", SENTENCE);
        sentence.names.iter().for_each(|name| tell("inside", name));
    }
    if let Some(first) = signs.get(start) {
        first.names.iter().for_each(|name| tell("first", name));
    }
    tell("length", length(start, end));
}

/// The sign that every sentence has.
const SENTENCE: &str = "sentence";

/// Returns the name of a number of sentences.
fn length(start: usize, end: usize) -> &'static str {
    LENGTHS.get(end.saturating_sub(start + 1)).or(LENGTHS.last()).copied().unwrap_or_default()
}

/// Names of lengths in sentences.
const LENGTHS: [&str; SENTENCES_MAX] = ["1", "2", "3", "4", "5", "6", "7", "8"];

/// Returns the sentences that may be the first of a conclusion that ends before `end`.
pub fn starts(end: usize) -> Range<usize> {
    end.saturating_sub(SENTENCES_MAX)..end
}

impl Weights {
    /// Returns the weights of a table of `sign = weight` lines under `[place]` headings, and every
    /// problem with its line. A repeated, unknown or senseless line is left out and reported.
    pub fn parse(text: &str, file: &str) -> (Self, Vec<Problem>) {
        let (mut out, mut problems) = (Self::default(), Vec::new());
        let mut place = None;
        for (n, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let said = if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                place = PLACES.into_iter().find(|p| *p == name);
                place.map(drop).ok_or_else(|| format!("unknown place [{name}]"))
            } else {
                place.ok_or_else(|| "a weight must stand below a [place]".to_owned()).and_then(|p| out.add(p, line))
            };
            if let Err(message) = said {
                let help =
                    format!("a line is \"sign\" = number below one of {}", PLACES.map(|p| format!("[{p}]")).join(" "));
                problems.push(Problem::error(Place::at(file, n + 1, 1), message).with_help(help));
            }
        }
        (out, problems)
    }

    /// Adds one line.
    fn add(&mut self, place: &str, line: &str) -> Result<(), String> {
        let (name, number) = line.split_once('=').ok_or_else(|| format!("\"{line}\" has no ="))?;
        let name = name.trim().trim_matches('"');
        let number: f64 = number.trim().parse().map_err(|_| format!("\"{}\" is no number", number.trim()))?;
        if !number.is_finite() || number.abs() > WEIGHT_MAX {
            return Err(format!("the weight of {name} must be from -{WEIGHT_MAX} to {WEIGHT_MAX}"));
        }
        match self.0.entry(place.to_owned()).or_default().insert(name.to_owned(), number) {
            None => Ok(()),
            Some(_) => Err(format!("{name} stands twice in [{place}]")),
        }
    }

    /// Returns the weight of a sign; 0.0 for one that has none.
    pub fn of(&self, place: &str, sign: &str) -> f64 {
        self.0.get(place).and_then(|p| p.get(sign)).copied().unwrap_or_default()
    }

    /// Returns the sentence with which the conclusion most likely begins; of two that weigh the
    /// same the later one. 0 without sentences.
    pub fn best_start(&self, signs: &[SentenceSigns<'_>], end: usize) -> usize {
        let sum = |place: &str, names: &BTreeSet<&str>| names.iter().map(|name| self.of(place, name)).sum::<f64>();
        let (mut inside, mut best) = (0.0, (f64::NEG_INFINITY, 0));
        for start in starts(end).rev() {
            let Some(sentence) = signs.get(start) else { continue };
            inside += self.of("inside", SENTENCE) + sum("inside", &sentence.names);
            let weight = inside + sum("first", &sentence.names) + self.of("length", length(start, end));
            if weight > best.0 {
                best = (weight, start);
            }
        }
        best.1
    }

    /// Returns the signs with words that speak most for a sentence as the first of a conclusion,
    /// the weightiest first.
    pub fn reasons<'s, 'r>(&self, sentence: &'s SentenceSigns<'r>) -> Vec<&'s Sign<'r>> {
        let weight = |sign: &Sign<'_>| self.of("first", sign.rule) + self.of("inside", sign.rule);
        let counts = |sign: &&Sign<'_>| sentence.names.contains(sign.rule) && weight(sign) > 0.0;
        let mut out: Vec<&Sign<'r>> = sentence.signs.iter().filter(counts).collect();
        out.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.words.start.cmp(&b.words.start)));
        out.dedup_by_key(|sign| sign.rule);
        out.truncate(REASONS_MAX);
        out
    }
}

/// Reasons that say enough.
const REASONS_MAX: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_of_the_program_are_in_order() {
        let (weights, problems) = Weights::parse(DEFAULT, DEFAULT_FILE);
        assert_eq!(problems, []);
        assert!(weights.of("inside", "percent") < 0.0, "a percentage is a sign of results");
        assert!(weights.of("first", "finding.opening.however") < 0.0, "no conclusion begins with however");
    }

    #[test]
    fn every_mistake_in_weights_is_found_with_its_line() {
        let text = "# head\n\"a\" = 1\n[inside]\n\"a\" = 0.5\n\"a\" = 1\nb = x\nc\nd = 99\ne = NaN\n[outside]\nf = 1\n[first]\n\"g h\" = -1.5\n";
        let (weights, problems) = Weights::parse(text, "w.toml");
        let said: Vec<String> = problems.iter().map(|p| format!("{}: {}", p.place, p.message)).collect();
        assert_eq!(
            said,
            [
                "w.toml:2:1: a weight must stand below a [place]",
                "w.toml:5:1: a stands twice in [inside]",
                "w.toml:6:1: \"x\" is no number",
                "w.toml:7:1: \"c\" has no =",
                "w.toml:8:1: the weight of d must be from -20 to 20",
                "w.toml:9:1: the weight of e must be from -20 to 20",
                "w.toml:10:1: unknown place [outside]",
                "w.toml:11:1: a weight must stand below a [place]",
            ]
        );
        assert!((weights.of("first", "g h") + 1.5).abs() < 1e-9);
        assert!(weights.of("length", "1").abs() < 1e-9, "a sign without weight weighs nothing");
    }

    #[test]
    fn a_conclusion_begins_where_the_signs_weigh_most() {
        let sentence = |names: &[&'static str]| SentenceSigns {
            names: names.iter().copied().collect(),
            ..SentenceSigns::default()
        };
        let signs = [sentence(&["number"]), sentence(&["percent"]), sentence(&["says"]), sentence(&["says"])];
        let (weights, _) = Weights::parse("[inside]\n\"percent\" = -2\n\"says\" = 1\n", "w.toml");
        assert_eq!(weights.best_start(&signs, 4), 2);
        assert_eq!(weights.best_start(&signs, 2), 1, "without any sign for it the last sentence");
        assert_eq!(weights.best_start(&[], 0), 0);
        // Weighing one by one, as the weights are learnt, comes to the same.
        let (weights, _) = Weights::parse(DEFAULT, DEFAULT_FILE);
        let weigh = |start: usize| {
            let mut sum = 0.0;
            signs_of(&signs, start, 4, |place, sign| sum += weights.of(place, sign));
            sum
        };
        let best = (0..4).rev().max_by(|a, b| weigh(*a).total_cmp(&weigh(*b)));
        assert_eq!(Some(weights.best_start(&signs, 4)), best);
    }
}
