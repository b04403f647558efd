//! Feedback: the words of the first hits say what else a question is about.
//!
//! The best papers of a first look give up to [`Strength::terms`] words that stand out in them; the
//! first [`Strength::pool`] papers are then put in order anew, with these words adding a little.
//! No paper is found by feedback alone, so the number of matches does not change. The method is that
//! of relevance models (Lavrenko and Croft 2001), with the weights kept low: strong feedback finds
//! more and puts the best paper lower.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::query::{EnableScoring, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, Score, Searcher, TERMINATED, TantivyError, Term};

use super::analyse;

/// How strongly feedback works.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Strength {
    /// How many of the first papers are read.
    pub papers: usize,
    /// How many words are taken from them.
    pub terms: usize,
    /// What the word that stands out most counts beside a typed one.
    pub weight: f32,
    /// How many papers are put in order anew.
    pub pool: usize,
}

/// For everybody: the first hits stay what they are, those behind them get better.
pub(super) const MILD: Strength = Strength { papers: 10, terms: 20, weight: 0.15, pool: 400 };

/// For reviewers, who read everything: more is found, the first hit may be another one.
pub(super) const BROAD: Strength = Strength { papers: 10, terms: 30, weight: 0.3, pool: 2000 };

/// Words in fewer papers than this are names and misprints.
const PAPERS_MIN: u64 = 2;

/// Shorter stems say nothing.
const STEM_CHARS_MIN: usize = 3;

/// Tells whether a text holds these stems side by side, in their order: then the question is a title
/// or a phrase, and what the hit says needs no help.
pub(super) fn is_said(text: &str, asked: &[String]) -> bool {
    let stems: Vec<String> =
        analyse::tokens(analyse::TEXT, text).into_iter().filter(|t| !analyse::is_joined(t)).map(|t| t.text).collect();
    !asked.is_empty() && stems.windows(asked.len()).any(|window| window == asked)
}

/// Returns the words that stand out in papers, each with its weight (the greatest is 1), in order of
/// the words. A paper comes with its score; those that fit better say more.
///
/// # Errors
/// When the index is damaged.
pub(super) fn terms(
    searcher: &Searcher,
    field: Field,
    papers: &[(Score, String)],
    strength: Strength,
) -> Result<BTreeMap<String, f32>, TantivyError> {
    let sum: f32 = papers.iter().map(|(score, _)| score).sum();
    let mut shares: BTreeMap<String, f32> = BTreeMap::new();
    for (score, text) in papers {
        let tokens = analyse::tokens(analyse::TEXT, text);
        let length = f32::from(u16::try_from(tokens.len()).unwrap_or(u16::MAX)).max(1.0);
        for token in tokens {
            let is_word = token.text.chars().count() >= STEM_CHARS_MIN && token.text.chars().any(char::is_alphabetic);
            if is_word && sum > 0.0 {
                *shares.entry(token.text).or_default() += score / sum / length;
            }
        }
    }
    let papers_in_all = searcher.num_docs();
    let mut ranked = Vec::new();
    for (stem, share) in shares {
        let having = searcher.doc_freq(&Term::from_field_text(field, &stem))?;
        if having >= PAPERS_MIN {
            ranked.push((share * rarity(having, papers_in_all), stem));
        }
    }
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    ranked.truncate(strength.terms);
    let greatest = ranked.first().map_or(1.0, |(weight, _)| *weight);
    Ok(ranked.into_iter().map(|(weight, stem)| (stem, weight / greatest)).collect())
}

/// Returns how rare a word is, as BM25 counts it.
#[expect(clippy::cast_precision_loss, reason = "numbers of papers are far below 2^24 where it would matter")]
pub(super) fn rarity(having: u64, all: u64) -> f32 {
    let (having, all) = (having as f32, all as f32);
    (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
}

/// Adds to the score of each paper what the words count in it.
///
/// # Errors
/// When the index is damaged.
pub(super) fn add(
    searcher: &Searcher,
    field: Field,
    terms: &BTreeMap<String, f32>,
    weight: f32,
    found: &mut [(Score, DocAddress)],
) -> Result<(), TantivyError> {
    let segments: BTreeSet<u32> = found.iter().map(|(_, address)| address.segment_ord).collect();
    for segment in segments {
        let reader = searcher.segment_reader(segment);
        let mut here: Vec<&mut (Score, DocAddress)> = found.iter_mut().filter(|f| f.1.segment_ord == segment).collect();
        here.sort_by_key(|f| f.1.doc_id);
        for (stem, share) in terms {
            let query = TermQuery::new(Term::from_field_text(field, stem), IndexRecordOption::WithFreqs);
            let scoring = EnableScoring::enabled_from_searcher(searcher);
            let mut scorer = query.weight(scoring)?.scorer(reader, weight * share)?;
            for place in &mut here {
                if scorer.doc() < place.1.doc_id {
                    scorer.seek(place.1.doc_id);
                }
                if scorer.doc() == TERMINATED {
                    break;
                }
                if scorer.doc() == place.1.doc_id {
                    place.0 += scorer.score();
                }
            }
        }
    }
    Ok(())
}
