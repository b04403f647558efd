//! Papers as rows of numbers: which terms each uses, and how much a term says.
//!
//! A term is a word, the stem of a word, two words that follow one another, or a tag. Its number is
//! (1 + ln count) × (1 + ln((1 + papers) ÷ (1 + papers with it))), and each row has length 1: the weights
//! known as tf-idf, in the form that ASReview and scikit-learn use.

use std::collections::HashMap;

use frostem::{Algorithm, Stemmer};

use super::recipe::{Recipe, SMALL};
use crate::model::text::each_word;

/// Words read of one text: longer ones are no abstracts.
const WORDS_MAX: usize = 20_000;
/// Characters of a word; longer ones are no words.
const WORD_CHARS_MAX: usize = 60;

/// What is read of a paper.
#[derive(Debug, Clone, Copy, Default)]
pub struct Text<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its abstract; empty for none.
    pub body: &'a str,
    /// What else is known of it, each a term as it stands ("country:KEN", "mesh:Depression, Postpartum").
    pub tags: &'a [String],
}

/// Papers as sparse rows over the terms of all of them.
#[derive(Debug, Clone)]
pub struct Rows {
    /// Where each row begins in the two lists below, and where the last one ends.
    starts: Vec<usize>,
    terms: Vec<u32>,
    values: Vec<f32>,
    names: Vec<String>,
}

/// One paper's terms and their numbers.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    terms: &'a [u32],
    values: &'a [f32],
}

impl<'a> Row<'a> {
    /// Returns each term's number with its value.
    pub fn iter(self) -> impl Iterator<Item = (usize, f32)> + 'a {
        self.terms.iter().map(|t| *t as usize).zip(self.values.iter().copied())
    }

    /// Returns Σ value², the square of the row's length; 0.0 for an empty row.
    pub fn square(self) -> f64 {
        self.values.iter().map(|v| f64::from(*v) * f64::from(*v)).sum()
    }

    /// Returns Σ value × weight.
    pub fn dot(self, weights: &[f32]) -> f32 {
        // Four sums side by side: each addition waits for the one before it.
        let mut sums = [0.0_f32; 4];
        let (terms, values) = (self.terms.chunks_exact(4), self.values.chunks_exact(4));
        let rest = terms.remainder().iter().zip(values.remainder());
        let rest: f32 = rest.map(|(t, v)| weights.get(*t as usize).copied().unwrap_or_default() * v).sum();
        for (terms, values) in terms.zip(values) {
            for ((sum, term), value) in sums.iter_mut().zip(terms).zip(values) {
                *sum += weights.get(*term as usize).copied().unwrap_or_default() * value;
            }
        }
        rest + sums.iter().sum::<f32>()
    }
}

/// Gives terms their numbers and counts them.
struct Counter {
    ids: HashMap<String, u32>,
    /// Numbers of two words that follow one another, by the words' numbers.
    pairs: HashMap<(u32, u32), u32>,
    /// The number of each word's stem, by the word's number: a stem is worked out once a word, not once an
    /// occurrence.
    stems: HashMap<u32, u32>,
    names: Vec<String>,
    stemmer: Option<Stemmer>,
}

impl Counter {
    /// Returns the number of a term by its name.
    fn id(&mut self, name: &str) -> u32 {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = self.new_id(name.to_owned());
        self.ids.insert(name.to_owned(), id);
        id
    }

    /// Returns the number of a term that was not met before.
    fn new_id(&mut self, name: String) -> u32 {
        self.names.push(name);
        u32::try_from(self.names.len() - 1).unwrap_or(u32::MAX)
    }

    /// Returns the number of a word's stem; `None` where stems are not counted.
    fn stem(&mut self, id: u32, word: &str) -> Option<u32> {
        if let Some(stem) = self.stems.get(&id) {
            return Some(*stem);
        }
        let name = format!("{STEM}{}", self.stemmer.as_ref()?.stem(word));
        let stem = self.id(&name);
        self.stems.insert(id, stem);
        Some(stem)
    }

    /// Returns the number of two words that follow one another.
    fn pair(&mut self, first: (u32, &str), second: (u32, &str)) -> u32 {
        if let Some(id) = self.pairs.get(&(first.0, second.0)) {
            return *id;
        }
        let id = self.new_id(format!("{} {}", first.1, second.1));
        self.pairs.insert((first.0, second.0), id);
        id
    }

    /// Counts the terms of one text.
    fn count(&mut self, text: &str, weight: f64, counts: &mut HashMap<u32, f64>) {
        let mut last: Option<(u32, String)> = None;
        let mut read = 0;
        each_word(text, |word| {
            let chars = word.chars().take(WORD_CHARS_MAX + 1).count();
            if !(2..=WORD_CHARS_MAX).contains(&chars) || read >= WORDS_MAX {
                return;
            }
            read += 1;
            let id = self.id(word);
            *counts.entry(id).or_default() += weight;
            if let Some(stem) = self.stem(id, word) {
                *counts.entry(stem).or_default() += weight;
            }
            if let Some((before, name)) = &mut last {
                *counts.entry(self.pair((*before, name), (id, word))).or_default() += weight;
                *before = id;
                word.clone_into(name);
            } else {
                last = Some((id, word.to_owned()));
            }
        });
    }

    /// Returns the terms of a paper with how often they count, in order of their numbers.
    fn paper(&mut self, text: &Text<'_>, recipe: &Recipe) -> Vec<(u32, f64)> {
        let mut counts: HashMap<u32, f64> = HashMap::new();
        self.count(text.title, recipe.title_weight, &mut counts);
        self.count(text.body, 1.0, &mut counts);
        for tag in text.tags {
            counts.insert(self.id(&format!("{TAG}{tag}")), 1.0);
        }
        let mut out: Vec<(u32, f64)> = counts.into_iter().collect();
        out.sort_unstable_by_key(|(id, _)| *id);
        out
    }
}

/// Stands before a stem, so that it is another term than the word it looks like.
const STEM: char = '~';
/// Stands before a tag.
const TAG: char = '#';

impl Rows {
    /// Returns the papers as rows, in their order. A text without terms is an empty row. The same texts give the
    /// same rows.
    pub fn new(texts: &[Text<'_>], recipe: &Recipe) -> Self {
        let stemmer = recipe.counts_stems.then(|| Stemmer::new(Algorithm::English));
        let mut counter =
            Counter { ids: HashMap::new(), pairs: HashMap::new(), stems: HashMap::new(), names: Vec::new(), stemmer };
        let papers: Vec<Vec<(u32, f64)>> = texts.iter().map(|t| counter.paper(t, recipe)).collect();
        let mut with = vec![0_u32; counter.names.len()];
        for (id, _) in papers.iter().flatten() {
            if let Some(count) = with.get_mut(*id as usize) {
                *count += 1;
            }
        }
        let (kept, names) = keep(&with, counter.names, papers.len(), recipe);
        let lengths: Vec<f64> = papers.iter().map(|p| p.iter().map(|(_, count)| count).sum()).collect();
        let mean = lengths.iter().sum::<f64>() / as_f64(lengths.len().max(1));
        let mut out = Self { starts: vec![0], terms: Vec::new(), values: Vec::new(), names };
        for (paper, length) in papers.iter().zip(&lengths) {
            let row: Vec<(u32, f64)> = paper
                .iter()
                .filter_map(|(id, count)| {
                    let (to, rarity) = kept.get(*id as usize).copied().flatten()?;
                    Some((to, (1.0 + count.max(1.0).ln()) * rarity))
                })
                .collect();
            let norm = row.iter().map(|(_, v)| v * v).sum::<f64>().sqrt();
            let scale = if mean > 0.0 { (length / mean).min(1.0).powf(recipe.length_power) } else { 1.0 };
            out.push(row.iter().map(|(id, v)| (*id, if norm > 0.0 { v / norm * scale } else { 0.0 })));
        }
        out
    }

    fn push(&mut self, row: impl Iterator<Item = (u32, f64)>) {
        for (term, value) in row {
            self.terms.push(term);
            #[expect(clippy::cast_possible_truncation, reason = "from 0 to 1: six digits are enough")]
            self.values.push(value as f32);
        }
        self.starts.push(self.terms.len());
    }

    /// Returns how many papers there are.
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Tells whether there is no paper.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many terms there are.
    pub fn width(&self) -> usize {
        self.names.len()
    }

    /// Returns one paper's row; an empty one for a number that is none.
    pub fn row(&self, number: usize) -> Row<'_> {
        let (from, to) = (self.starts.get(number), self.starts.get(number + 1));
        let range = from.copied().unwrap_or_default()..to.copied().unwrap_or_default();
        Row {
            terms: self.terms.get(range.clone()).unwrap_or_default(),
            values: self.values.get(range).unwrap_or_default(),
        }
    }

    /// Returns a term as people read it, and whether it is what they would recognise: a word, two words
    /// or a tag, not a stem.
    pub fn name(&self, term: usize) -> (&str, bool) {
        let name = self.names.get(term).map_or("", String::as_str);
        (name.trim_start_matches([STEM, TAG]), !name.starts_with(STEM))
    }

    /// Returns how alike two papers are, from 0.0 (no term in common) to 1.0 (the same terms): the cosine. The plain
    /// way that [`super::Learner::nearest`] is held to.
    #[cfg(test)]
    pub fn likeness(&self, a: usize, b: usize) -> f64 {
        let (a, b) = (self.row(a), self.row(b));
        let lengths = (a.square() * b.square()).sqrt();
        let mut theirs = b.iter().peekable();
        let mut sum = 0.0;
        for (term, value) in a.iter() {
            while theirs.next_if(|(t, _)| *t < term).is_some() {}
            if let Some((_, other)) = theirs.next_if(|(t, _)| *t == term) {
                sum += f64::from(value) * f64::from(other);
            }
        }
        if lengths > 0.0 { sum / lengths } else { 0.0 }
    }
}

/// Returns for every counted term its number among those kept with how rare it is, and the names of those kept.
fn keep(with: &[u32], names: Vec<String>, papers: usize, recipe: &Recipe) -> (Vec<Option<(u32, f64)>>, Vec<String>) {
    let least = if papers < SMALL { 1 } else { recipe.papers_min };
    let most = recipe.share_max * as_f64(papers);
    let mut kept_names = Vec::new();
    let kept = with
        .iter()
        .zip(names)
        .map(|(count, name)| {
            let is_kept = *count >= least && (f64::from(*count) <= most || papers < SMALL);
            is_kept.then(|| {
                let to = u32::try_from(kept_names.len()).unwrap_or(u32::MAX);
                kept_names.push(name);
                (to, ((1.0 + as_f64(papers)) / (1.0 + f64::from(*count))).ln() + 1.0)
            })
        })
        .collect();
    (kept, kept_names)
}

/// Returns a count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "counts of papers: far below 2^52")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
impl Rows {
    /// Returns rows as they are given, terms in order, for tests that are about numbers alone.
    pub(super) fn of(rows: &[Vec<(u32, f64)>], width: usize) -> Self {
        let names = (0..width).map(|term| format!("t{term}")).collect();
        let mut out = Self { starts: vec![0], terms: Vec::new(), values: Vec::new(), names };
        for row in rows {
            out.push(row.iter().copied());
        }
        out
    }
}

#[cfg(test)]
mod tests;
