//! Words of the index that are near a typed one: for `word~`, for "near it", and for the word that
//! was meant.
//!
//! An automaton walks through the dictionary and sees only the words within so many edits, where
//! reading all of them takes longer than the search. Letters changed places are one edit (Damerau).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use tantivy::query::FuzzyTermQuery;
use tantivy::schema::Field;
use tantivy::{Searcher, TantivyError, Term};

use super::analyse;
use super::schema::Fields;

/// The most words that `word~` stands for.
const FUZZY_WORDS_MAX: usize = 30;

/// What a word counts that differs in one letter, and in two.
const EDITS_WEIGHT: [f32; 3] = [1.0, 0.8, 0.6];

/// Words up to this many characters take one edit only: two would make them another word.
const SHORT_WORD_CHARS: usize = 4;

/// Words up to this many characters are never corrected in two letters.
const ONE_EDIT_CHARS: usize = 5;

/// Words of fewer characters are never corrected.
const CORRECTED_CHARS_MIN: usize = 4;

/// A word in so many papers or fewer may be a slip of those papers too.
const RARE_PAPERS: u64 = 2;

/// A rare word is taken for a slip when a word one edit away is in so many times as many papers.
const MUCH_MORE: u64 = 50;

/// Longer words are sequences and addresses; the automaton grows with the word.
const WORD_CHARS_MAX: usize = 40;

/// A word of the index near a typed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Near {
    pub word: String,
    /// Letters that differ, 0–2.
    pub edits: u8,
    /// How many papers have it.
    pub papers: u64,
}

/// Returns the words of a field within so many edits (1 or 2) of a word, itself too: fewest edits
/// first, then those with the same first letter, then in most papers, then by name.
pub(super) fn near(searcher: &Searcher, field: Field, word: &str, edits_max: u8) -> Result<Vec<Near>, TantivyError> {
    if word.is_empty() || word.chars().count() > WORD_CHARS_MAX {
        return Ok(Vec::new());
    }
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    let query = FuzzyTermQuery::new(Term::from_field_text(field, word), edits_max.min(2), true);
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field)?;
        let mut stream = index.terms().search(query.automaton()?).into_stream()?;
        while let Some((bytes, info)) = stream.next() {
            if let Ok(candidate) = std::str::from_utf8(bytes) {
                *found.entry(candidate.to_owned()).or_default() += u64::from(info.doc_freq);
            }
        }
    }
    let mut out: Vec<Near> = found
        .into_iter()
        .filter_map(|(candidate, papers)| {
            let edits = u8::try_from(strsim::osa_distance(word, &candidate)).ok().filter(|e| *e <= edits_max)?;
            Some(Near { word: candidate, edits, papers })
        })
        .collect();
    let first = word.chars().next();
    out.sort_by(|a, b| {
        let rank = |n: &Near| (n.edits, n.word.chars().next() != first, Reverse(n.papers));
        rank(a).cmp(&rank(b)).then_with(|| a.word.cmp(&b.word))
    });
    Ok(out)
}

/// Returns the word of a field nearest to one that it has not; short words take one edit only.
pub(super) fn nearest(searcher: &Searcher, field: Field, word: &str) -> Result<Option<Near>, TantivyError> {
    let edits_max = if word.chars().count() <= SHORT_WORD_CHARS { 1 } else { 2 };
    Ok(near(searcher, field, word, edits_max)?.into_iter().find(|n| n.edits > 0))
}

/// Returns the word that was meant by a plain word that no paper has, or that hardly any has while
/// many have one a letter away; `None` when there is none or the word is to be left alone.
///
/// Left alone are words of fewer than four letters, with digits, hyphens or apostrophes, in
/// capitals, and names of authors.
pub(super) fn corrected(searcher: &Searcher, fields: &Fields, word: &str) -> Option<String> {
    let tokens = analyse::tokens(analyse::WORDS, word);
    let [token] = tokens.as_slice() else { return None };
    let length = token.text.chars().count();
    let is_plain = word.trim().chars().all(char::is_alphabetic) && token.text.chars().all(char::is_alphabetic);
    let is_abbreviation = !word.chars().any(char::is_lowercase) && word.chars().any(char::is_uppercase);
    if !is_plain || is_abbreviation || !(CORRECTED_CHARS_MIN..=WORD_CHARS_MAX).contains(&length) {
        return None;
    }
    let papers = |field: Field, text: &str| searcher.doc_freq(&Term::from_field_text(field, text)).unwrap_or(0);
    // A stop word has no stem and is no slip.
    let stem = analyse::tokens(analyse::TEXT, word).first()?.text.clone();
    let has = papers(fields.all, &stem).max(papers(fields.word, &token.text));
    if has > RARE_PAPERS || papers(fields.author, &token.text) > 0 || papers(fields.journal, &token.text) > 0 {
        return None;
    }
    let edits_max = if has > 0 || length <= ONE_EDIT_CHARS { 1 } else { 2 };
    let first = token.text.chars().next();
    let is_meant = |n: &Near| {
        let is_enough = has == 0 || n.papers >= has * MUCH_MORE;
        // People seldom mistake the first letter; a short word with another one is another word.
        let is_sure = n.word.chars().next() == first || (n.edits == 1 && length > ONE_EDIT_CHARS);
        let is_word = n.word.chars().all(char::is_alphabetic) && !analyse::tokens(analyse::TEXT, &n.word).is_empty();
        n.edits > 0 && is_enough && is_sure && is_word
    };
    near(searcher, fields.word, &token.text, edits_max).ok()?.into_iter().find(is_meant).map(|n| n.word)
}

/// Returns the words that `word~` stands for, each with what it counts: those within so many edits, 1
/// or 2, the word itself too.
///
/// # Errors
/// When the index is damaged.
pub(super) fn alike(
    searcher: &Searcher,
    field: Field,
    word: &str,
    edits_max: u8,
) -> Result<Vec<(String, f32)>, TantivyError> {
    // A hyphenated word counts joined.
    let Some(token) = analyse::tokens(analyse::WORDS, word).into_iter().next() else { return Ok(Vec::new()) };
    let near = near(searcher, field, &token.text, edits_max)?;
    let weight = |edits: u8| EDITS_WEIGHT.get(usize::from(edits)).copied().unwrap_or(0.0);
    Ok(near.into_iter().take(FUZZY_WORDS_MAX).map(|n| (n.word, weight(n.edits))).collect())
}
