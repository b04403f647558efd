//! Finds the names of concepts in a text.

use std::collections::HashMap;

use super::super::analyse;
use super::super::words::{TextWords, WordCutter};
use crate::model::{Concept, ConceptName, text};

/// The most words a name has: longer ones are sentences.
pub(in crate::index) const NAME_WORDS_MAX: usize = 10;

/// Returns the stems of a text's words in order, stop words too; hyphenated words in their parts.
pub(in crate::index) fn stems(text: &str) -> Vec<String> {
    let tokens = analyse::tokens(analyse::TAGS, text);
    tokens.into_iter().filter(|t| !analyse::is_joined(t)).map(|t| t.text).collect()
}

/// Returns the form by which a name is looked up: its stems with a space between.
pub(in crate::index) fn key(name: &str) -> String {
    stems(name).join(" ")
}

/// One name, behind its first stem.
#[derive(Debug)]
struct Name {
    /// The stems behind the first.
    rest: Vec<String>,
    /// As it must stand in the text, without hyphens and spaces; empty when only the words decide.
    written: String,
    /// The word of a name of one word, folded; else empty.
    word: String,
    /// Index of the concept.
    concept: usize,
}

/// All names, by their first stem.
#[derive(Debug, Default)]
pub(super) struct Spotter {
    ids: Vec<String>,
    names: HashMap<String, Vec<Name>>,
}

impl Spotter {
    /// Returns what spots these concepts.
    pub fn new(concepts: &[Concept]) -> Self {
        let mut out = Self::default();
        for (n, concept) in concepts.iter().enumerate() {
            out.ids.push(concept.id.clone());
            for name in &concept.names {
                out.add(name, n);
            }
        }
        out
    }

    fn add(&mut self, name: &ConceptName, concept: usize) {
        let mut stems = stems(&name.text).into_iter().take(NAME_WORDS_MAX);
        let Some(first) = stems.next() else { return };
        let rest: Vec<String> = stems.collect();
        let all: Vec<String> = std::iter::once(&first).chain(&rest).cloned().collect();
        let is_as_written = name.is_abbreviation() || !says_enough(&all);
        let written = if is_as_written { without_gaps(&name.text) } else { String::new() };
        let word = if rest.is_empty() { text::words(&name.text).concat() } else { String::new() };
        self.names.entry(first).or_default().push(Name { rest, written, word, concept });
    }

    /// Tells whether names begin with a stem.
    pub fn begins_names(&self, stem: &str) -> bool {
        self.names.contains_key(stem)
    }

    /// Adds the ids of the concepts named in a text to a list, one for each time, with a space before each.
    /// The text was cut by this cutter just now.
    pub fn spot(&self, text: &str, cut: &TextWords, cutter: &WordCutter, list: &mut String) {
        let parts = &cut.parts;
        for (at, first) in cut.beginnings.iter().filter_map(|at| Some((*at, parts.get(*at)?))) {
            // Two names of one concept may begin at one word.
            let mut here: Vec<usize> = Vec::new();
            for name in self.names.get(cutter.stem(first)).into_iter().flatten() {
                let following = parts.get(at + 1..=at + name.rest.len()).unwrap_or_default();
                if !following.iter().map(|part| cutter.stem(part)).eq(name.rest.iter().map(String::as_str)) {
                    continue;
                }
                let end = following.last().map_or(first.to, |part| part.to);
                let is_written = name.written.is_empty() || stands(text, first.from, end, &name.written);
                let found = text.get(first.from..end).unwrap_or_default();
                let is_written = is_written && (name.word.is_empty() || is_form_of(found, &name.word));
                if is_written && !here.contains(&name.concept) {
                    here.push(name.concept);
                }
            }
            for id in here.iter().filter_map(|n| self.ids.get(*n)) {
                list.push(' ');
                list.push_str(id);
            }
        }
    }
}

/// Names of so many letters or fewer have no forms but a plural.
const SHORT_NAME_CHARS: usize = 4;

/// Tells whether stems say enough to be a name by whatever way they are written: letters by themselves
/// and stop words do not ("D&A", "ITS").
pub(super) fn says_enough(stems: &[String]) -> bool {
    stems
        .iter()
        .any(|stem| stem.chars().count() > 1 && !analyse::is_stop_word(stem) && !JOINING.contains(&stem.as_str()))
}

/// Words that join others and are no stop words of the engine's.
const JOINING: &[&str] = &[
    "it", "its", "had", "has", "have", "he", "her", "his", "she", "we", "us", "our", "who", "can", "may", "do", "did",
    "than", "from", "so", "all", "am", "out", "up", "one", "two",
];

/// Tells whether a word is a form of another one with the same stem: "mobile" is none of
/// "mobilisation", though the stemmer takes both for "mobil". Two thirds must be the same. Short names
/// are abbreviations as a rule and have no other form than a plural: "had" is none of HADS.
pub(in crate::index) fn is_form_of(word: &str, name: &str) -> bool {
    let word = text::words(word).concat();
    if name.chars().count() <= SHORT_NAME_CHARS {
        return word.strip_prefix(name).is_some_and(|rest| matches!(rest, "" | "s"));
    }
    let same = word.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
    same * 3 >= word.chars().count().max(name.chars().count()) * 2
}

/// Tells whether an abbreviation stands in a text from one byte to another as it is written, with
/// its mark behind it (`PM+`); the s of its plural may follow (`RCTs`).
fn stands(text: &str, from: usize, to: usize, written: &str) -> bool {
    let mut found = without_gaps(text.get(from..to).unwrap_or_default());
    if written.ends_with('+') && text.get(to..).is_some_and(|rest| rest.starts_with('+')) {
        found.push('+');
    }
    found == written || found.strip_suffix('s').is_some_and(|singular| singular == written)
}

/// Returns a text without the hyphens and spaces between its parts.
fn without_gaps(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric() || *c == '+').collect()
}
