//! Feedback: the words of the first hits say what else a question is about.
//!
//! The best papers of a first look give up to [`Strength::terms`] words that stand out in them; the
//! first [`Strength::pool`] papers are then put in order anew, with these words adding a little.
//! No paper is found by feedback alone, so the number of matches does not change. The method is that
//! of relevance models (Lavrenko and Croft 2001), with the weights kept low: strong feedback finds
//! more and puts the best paper lower.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tantivy::query::{EnableScoring, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocSet, Score, Searcher, TERMINATED, TantivyError, Term};

use super::scan::Ranked;
use super::words::{Part, WordCutter};

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

/// A word that stands in fewer of the papers read than this is what one of them is about, not the question,
/// unless that one is full of it: looking up how rare each is would take longest of all.
const READ_MIN: usize = 2;

/// How much of what is read a word must be to be a word of the question though only one paper has it: it
/// stands four or five times in an abstract, or once in a title that came alone.
const SHARE_MIN: f32 = 0.003;

/// Shorter stems say nothing.
const STEM_CHARS_MIN: usize = 3;

/// The papers that feedback reads, best first: the score of each and its words.
pub(super) struct Read<'a> {
    pub papers: Vec<(Score, Vec<Part>)>,
    /// Knows the words.
    pub cutter: &'a WordCutter,
}

impl Read<'_> {
    /// Returns those words of a paper that are no stop words.
    fn telling<'a>(&'a self, words: &'a [Part]) -> impl Iterator<Item = &'a Part> {
        words.iter().filter(|word| !self.cutter.is_stop_word(word))
    }

    /// Tells whether the best paper holds these stems side by side, in their order: then the question is a
    /// title or a phrase, and what the hit says needs no help.
    pub fn is_said(&self, asked: &[String]) -> bool {
        let Some((_, words)) = self.papers.first().filter(|_| !asked.is_empty()) else { return false };
        let stems: Vec<&str> = self.telling(words).filter(|w| !w.is_joined).map(|w| self.cutter.stem(w)).collect();
        stems.windows(asked.len()).any(|window| window == asked)
    }
}

/// How much of the papers read a word is.
#[derive(Debug, Default)]
struct Share {
    sum: f32,
    /// How many of the papers have it.
    papers: usize,
    /// The last of them, counted from 1.
    last: usize,
}

impl Share {
    /// Adds what it is of one paper, the papers in order.
    fn add(&mut self, paper: usize, share: f32) {
        self.sum += share;
        self.papers += usize::from(self.last != paper + 1);
        self.last = paper + 1;
    }
}

/// Returns the words that stand out in papers, each with its weight (the greatest is 1), in order of
/// the words. Papers that fit better say more.
///
/// # Errors
/// When the index is damaged.
pub(super) fn terms(
    searcher: &Searcher,
    field: Field,
    read: &Read<'_>,
    strength: Strength,
) -> Result<BTreeMap<String, f32>, TantivyError> {
    let sum: f32 = read.papers.iter().map(|(score, _)| score).sum();
    let mut shares: HashMap<&str, Share> = HashMap::new();
    for (n, (score, words)) in read.papers.iter().enumerate() {
        let length = f32::from(u16::try_from(read.telling(words).count()).unwrap_or(u16::MAX)).max(1.0);
        for stem in read.telling(words).map(|word| read.cutter.stem(word)) {
            let is_word = stem.chars().count() >= STEM_CHARS_MIN && stem.chars().any(char::is_alphabetic);
            if is_word && sum > 0.0 {
                shares.entry(stem).or_default().add(n, score / sum / length);
            }
        }
    }
    let of_several = shares.into_iter().filter(|(_, share)| share.papers >= READ_MIN || share.sum >= SHARE_MIN);
    let mut shares: Vec<(&str, f32)> = of_several.map(|(stem, share)| (stem, share.sum)).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let all = searcher.num_docs();
    let mut ranked: Vec<(f32, &str)> = Vec::new();
    for (stem, share) in shares {
        // Were it as rare as a word can be and still not stand out, it and those behind it need no look.
        let last = strength.terms.checked_sub(1).and_then(|last| ranked.get(last));
        if last.is_some_and(|(weight, _)| share * rarity(PAPERS_MIN, all) < *weight) {
            break;
        }
        let having = searcher.doc_freq(&Term::from_field_text(field, stem))?;
        if having >= PAPERS_MIN {
            let place = (share * rarity(having, all), stem);
            let at = ranked.partition_point(|other| other.0 > place.0 || other.0 >= place.0 && other.1 < place.1);
            ranked.insert(at, place);
        }
    }
    ranked.truncate(strength.terms);
    let greatest = ranked.first().map_or(1.0, |(weight, _)| *weight);
    Ok(ranked.into_iter().map(|(weight, stem)| (stem.to_owned(), weight / greatest)).collect())
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
    found: &mut [Ranked],
) -> Result<(), TantivyError> {
    let mut queries = Vec::with_capacity(terms.len());
    for (stem, share) in terms {
        let query = TermQuery::new(Term::from_field_text(field, stem), IndexRecordOption::WithFreqs);
        queries.push((query.weight(EnableScoring::enabled_from_searcher(searcher))?, *share));
    }
    let segments: BTreeSet<u32> = found.iter().map(|place| place.address.segment_ord).collect();
    for segment in segments {
        let reader = searcher.segment_reader(segment);
        let mut here: Vec<&mut Ranked> = found.iter_mut().filter(|f| f.address.segment_ord == segment).collect();
        here.sort_by_key(|f| f.address.doc_id);
        for (query, share) in &queries {
            let mut scorer = query.scorer(reader, weight * *share)?;
            for place in &mut here {
                if scorer.doc() < place.address.doc_id {
                    scorer.seek(place.address.doc_id);
                }
                if scorer.doc() == TERMINATED {
                    break;
                }
                if scorer.doc() == place.address.doc_id {
                    place.score += scorer.score();
                }
            }
        }
    }
    Ok(())
}
