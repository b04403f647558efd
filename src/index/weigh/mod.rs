//! Queries whose scores are worked out window by window.
//!
//! A question with the other names of its words is a tree of dozens of words: sums, the best of
//! several forms, all of several parts. The engine walks such a tree paper by paper. Here a stretch
//! of papers is taken at a time, and each word hands over its papers of that stretch in one go, which
//! is several times quicker and gives the same scores: BM25 with k1 = 1.2 and b = 0.75 (Robertson and
//! Zaragoza 2009), as the engine counts it. Phrases and ranges stay the engine's.
//!
//! A [`Tree`] is also a query of the engine's, for its own collectors.

mod part;
#[cfg(test)]
mod tests;
mod window;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::{InvertedIndexReader, SegmentId};
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, TermQuery, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError, Term};

use self::part::{Lengths, Part, TermPart};
pub(super) use self::window::SIZE as WINDOW_PAPERS;
use self::window::{Pool, SIZE, Window};
use super::feedback::rarity;

/// How soon further occurrences of a word in a paper count less.
const K1: f32 = 1.2;

/// How much long texts count less.
const B: f32 = 0.75;

/// A query as a tree. Scores are never below 0.
pub(super) enum Tree {
    /// Papers with a word, by how rare it is, times a weight.
    Term(Term, f32),
    /// Something of the engine's, times a weight.
    Other(Box<dyn Query>, f32),
    /// Any of the parts; their scores add up.
    Sum(Vec<Tree>),
    /// Any of the parts; the best score and a share of the others count.
    Best(Vec<Tree>, f32),
    /// Any of the things that were asked for; their scores add up, and the more of the things a paper
    /// has the more the sum counts.
    Covering(Vec<Tree>),
    /// All of `must` and none of `not`; what also matches `bonus` scores higher.
    All { must: Vec<Tree>, not: Vec<Tree>, bonus: Vec<Tree> },
    /// Decides, and does not count.
    Filter(Box<Tree>),
}

impl Clone for Tree {
    fn clone(&self) -> Self {
        match self {
            Self::Term(term, weight) => Self::Term(term.clone(), *weight),
            Self::Other(query, weight) => Self::Other(query.box_clone(), *weight),
            Self::Sum(parts) => Self::Sum(parts.clone()),
            Self::Best(parts, tie) => Self::Best(parts.clone(), *tie),
            Self::Covering(parts) => Self::Covering(parts.clone()),
            Self::All { must, not, bonus } => Self::All { must: must.clone(), not: not.clone(), bonus: bonus.clone() },
            Self::Filter(part) => Self::Filter(part.clone()),
        }
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Term(term, weight) => write!(f, "{:?}×{weight}", term.value().as_str().unwrap_or_default()),
            Self::Other(query, weight) => write!(f, "{query:?}×{weight}"),
            Self::Sum(parts) => f.debug_tuple("Sum").field(parts).finish(),
            Self::Covering(parts) => f.debug_tuple("Covering").field(parts).finish(),
            Self::Best(parts, tie) => f.debug_tuple("Best").field(parts).field(tie).finish(),
            Self::All { must, not, bonus } => {
                f.debug_struct("All").field("must", must).field("not", not).field("bonus", bonus).finish()
            }
            Self::Filter(part) => f.debug_tuple("Filter").field(part).finish(),
        }
    }
}

impl Tree {
    /// Returns any query as a tree.
    pub fn of(query: Box<dyn Query>) -> Self {
        match query.downcast::<Self>() {
            Ok(tree) => *tree,
            Err(query) => match query.downcast_ref::<TermQuery>() {
                Some(word) => Self::Term(word.term().clone(), 1.0),
                None => Self::Other(query, 1.0),
            },
        }
    }

    /// Returns the tree with all scores multiplied by a factor.
    pub fn times(self, factor: f32) -> Self {
        let each = |parts: Vec<Self>| parts.into_iter().map(|part| part.times(factor)).collect();
        match self {
            Self::Term(term, weight) => Self::Term(term, weight * factor),
            Self::Other(query, weight) => Self::Other(query, weight * factor),
            Self::Sum(parts) => Self::Sum(each(parts)),
            Self::Best(parts, tie) => Self::Best(each(parts), tie),
            Self::Covering(parts) => Self::Covering(each(parts)),
            Self::All { must, not, bonus } => Self::All { must: each(must), not, bonus: each(bonus) },
            Self::Filter(part) => Self::Filter(part),
        }
    }

    /// Returns what is needed to work scores out.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn prepared(&self, searcher: &Searcher, is_scored: bool) -> Result<Prepared, TantivyError> {
        let mut means = HashMap::new();
        let root = prepare(self, searcher, is_scored, &mut means)?;
        let segments = searcher.segment_readers().iter().map(SegmentReader::segment_id).collect();
        Ok(Prepared { root, segments, norms: Mutex::default() })
    }

    /// Calls `each` with every word.
    fn visit<'a>(&'a self, each: &mut dyn FnMut(&'a Term, bool)) {
        match self {
            Self::Term(term, _) => each(term, false),
            Self::Other(query, _) => query.query_terms(each),
            Self::Sum(parts) | Self::Best(parts, _) | Self::Covering(parts) => {
                for part in parts {
                    part.visit(each);
                }
            }
            Self::All { must, not, bonus } => must.iter().chain(not).chain(bonus).for_each(|part| part.visit(each)),
            Self::Filter(part) => part.visit(each),
        }
    }
}

/// A tree with the numbers of one index.
pub(super) struct Prepared {
    /// `None` when no paper can match.
    root: Option<Ready>,
    segments: Vec<SegmentId>,
    norms: Mutex<Norms>,
}

/// The lengths of texts by part of the index and field, each read once.
type Norms = HashMap<(usize, Field), FieldNormReader>;

/// A part of a tree with the numbers of one index; parts that no paper matches are gone.
enum Ready {
    Term(Word),
    Other(Box<dyn Weight>, f32),
    Sum(Vec<Ready>),
    Best(Vec<Ready>, f32),
    /// The parts, and how many things were asked for, those that no paper has too.
    Covering(Vec<Ready>, usize),
    All {
        must: Vec<Ready>,
        not: Vec<Ready>,
        bonus: Vec<Ready>,
    },
    Filter(Box<Ready>),
}

/// A word with its numbers.
struct Word {
    field: Field,
    /// Its list of papers in each part of the index.
    lists: Vec<Option<List>>,
    weight: f32,
    lengths: Lengths,
    has_counts: bool,
    is_scored: bool,
}

/// A word's list of papers in one part of the index. It is read once, whoever goes over it.
struct List {
    place: TermInfo,
    postings: OnceLock<BlockSegmentPostings>,
}

impl List {
    /// Returns the list, standing at its beginning.
    fn open(&self, words: &InvertedIndexReader, has_counts: bool) -> Result<BlockSegmentPostings, TantivyError> {
        if let Some(postings) = self.postings.get() {
            return Ok(postings.clone());
        }
        let option = if has_counts { IndexRecordOption::WithFreqs } else { IndexRecordOption::Basic };
        let postings = words.read_block_postings_from_terminfo(&self.place, option)?;
        Ok(self.postings.get_or_init(|| postings).clone())
    }
}

/// Lengths by field, worked out once.
type Means = HashMap<Field, Lengths>;

/// Returns a tree with the numbers of an index; `None` when no paper can match.
fn prepare(
    tree: &Tree,
    searcher: &Searcher,
    is_scored: bool,
    means: &mut Means,
) -> Result<Option<Ready>, TantivyError> {
    let mut each = |parts: &[Tree], is_scored: bool| -> Result<Vec<Option<Ready>>, TantivyError> {
        parts.iter().map(|part| prepare(part, searcher, is_scored, means)).collect()
    };
    Ok(match tree {
        Tree::Term(term, weight) => word(term, *weight, searcher, is_scored, means)?,
        Tree::Other(query, weight) => {
            let scoring = if is_scored {
                EnableScoring::enabled_from_searcher(searcher)
            } else {
                EnableScoring::disabled_from_searcher(searcher)
            };
            Some(Ready::Other(query.weight(scoring)?, *weight))
        }
        Tree::Sum(parts) => {
            let mut parts: Vec<Ready> = each(parts, is_scored)?.into_iter().flatten().collect();
            if parts.len() > 1 { Some(Ready::Sum(parts)) } else { parts.pop() }
        }
        Tree::Best(parts, tie) => {
            let mut parts: Vec<Ready> = each(parts, is_scored)?.into_iter().flatten().collect();
            if parts.len() > 1 { Some(Ready::Best(parts, *tie)) } else { parts.pop() }
        }
        Tree::Covering(parts) => {
            let asked = parts.len();
            let parts: Vec<Ready> = each(parts, is_scored)?.into_iter().flatten().collect();
            (!parts.is_empty()).then_some(Ready::Covering(parts, asked))
        }
        Tree::All { must, not, bonus } => {
            let must: Option<Vec<Ready>> = each(must, is_scored)?.into_iter().collect();
            let not = each(not, false)?.into_iter().flatten().collect();
            let bonus = if is_scored { each(bonus, true)?.into_iter().flatten().collect() } else { Vec::new() };
            must.map(|must| Ready::All { must, not, bonus })
        }
        Tree::Filter(part) => prepare(part, searcher, false, means)?.map(|part| Ready::Filter(Box::new(part))),
    })
}

/// Returns a word with its numbers; `None` when no paper has it.
fn word(
    term: &Term,
    weight: f32,
    searcher: &Searcher,
    is_scored: bool,
    means: &mut Means,
) -> Result<Option<Ready>, TantivyError> {
    let field = term.field();
    let mut lists = Vec::with_capacity(searcher.segment_readers().len());
    for reader in searcher.segment_readers() {
        let place = reader.inverted_index(field)?.get_term_info(term)?;
        lists.push(place.map(|place| List { place, postings: OnceLock::new() }));
    }
    let having: u64 = lists.iter().flatten().map(|list| u64::from(list.place.doc_freq)).sum();
    if having == 0 {
        return Ok(None);
    }
    let all: u64 = searcher.segment_readers().iter().map(|reader| u64::from(reader.max_doc())).sum();
    let lengths = match means.get(&field) {
        Some(lengths) => Arc::clone(lengths),
        None => Arc::clone(means.entry(field).or_insert(lengths_of(field, searcher, all)?)),
    };
    let kept = searcher.schema().get_field_entry(field).field_type().index_record_option();
    let has_counts = is_scored && kept.is_some_and(IndexRecordOption::has_freq);
    let weight = weight * rarity(having, all) * (1.0 + K1);
    Ok(Some(Ready::Term(Word { field, lists, weight, lengths, has_counts, is_scored })))
}

/// Returns what the lengths of a field's texts take from a word's weight.
#[expect(clippy::cast_precision_loss, reason = "a mean needs no more than seven digits")]
fn lengths_of(field: Field, searcher: &Searcher, all: u64) -> Result<Lengths, TantivyError> {
    let mut words = 0;
    for reader in searcher.segment_readers() {
        words += reader.inverted_index(field)?.total_num_tokens();
    }
    let mean = (words as f32 / all as f32).max(f32::MIN_POSITIVE);
    let of = |code: usize| {
        let length = FieldNormReader::id_to_fieldnorm(u8::try_from(code).unwrap_or(u8::MAX));
        K1 * (1.0 - B + B * length as f32 / mean)
    };
    Ok(Arc::new(std::array::from_fn(of)))
}

impl Prepared {
    /// Returns the matches among papers of one part of the index; both ends are at the edge of a window
    /// ([`WINDOW_PAPERS`]) or of the part.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn matches(&self, reader: &SegmentReader, papers: Range<DocId>) -> Result<Matches, TantivyError> {
        let at = self.segments.iter().position(|id| *id == reader.segment_id());
        let part = match (&self.root, at) {
            (Some(root), Some(at)) => {
                let mut norms = self.norms.lock().unwrap_or_else(PoisonError::into_inner);
                part_of(root, reader, at, &mut norms)?
            }
            _ => None,
        };
        let part = part.filter(|_| !papers.is_empty());
        Ok(Matches { part, next: papers.start, end: papers.end, window: Window::new(), pool: Pool::default() })
    }
}

/// Returns a part of a query within one part of the index; `None` when nothing there matches.
fn part_of(ready: &Ready, reader: &SegmentReader, at: usize, norms: &mut Norms) -> Result<Option<Part>, TantivyError> {
    let mut each = |parts: &[Ready]| -> Result<Vec<Option<Part>>, TantivyError> {
        parts.iter().map(|part| part_of(part, reader, at, norms)).collect()
    };
    Ok(match ready {
        Ready::Term(word) => {
            let Some(list) = word.lists.get(at).and_then(Option::as_ref) else { return Ok(None) };
            let postings = list.open(reader.inverted_index(word.field)?.as_ref(), word.has_counts)?;
            let none = || FieldNormReader::constant(reader.max_doc(), 1);
            let norms = match norms.entry((at, word.field)) {
                _ if !word.is_scored => none(),
                Entry::Occupied(known) => known.get().clone(),
                Entry::Vacant(new) => {
                    let norms = reader.fieldnorms_readers().get_field(word.field)?;
                    new.insert(norms.unwrap_or_else(none)).clone()
                }
            };
            let (lengths, weight, has_counts) = (Arc::clone(&word.lengths), word.weight, word.has_counts);
            Some(Part::Term(Box::new(TermPart { postings, at: 0, has_counts, norms, lengths, weight })))
        }
        Ready::Other(query, weight) => {
            Some(Part::Other(query.scorer(reader, *weight)?)).filter(|part| part.next() != TERMINATED)
        }
        Ready::Sum(parts) => Some(flat(each(parts)?)).filter(|parts| !parts.is_empty()).map(Part::Sum),
        Ready::Best(parts, tie) => {
            Some(flat(each(parts)?)).filter(|parts| !parts.is_empty()).map(|parts| Part::Best(parts, *tie))
        }
        Ready::Covering(parts, asked) => {
            Some(flat(each(parts)?)).filter(|parts| !parts.is_empty()).map(|parts| Part::Covering(parts, *asked))
        }
        Ready::All { must, not, bonus } => match each(must)?.into_iter().collect::<Option<Vec<Part>>>() {
            Some(must) => Some(Part::All { must, not: flat(each(not)?), bonus: flat(each(bonus)?) }),
            None => None,
        },
        Ready::Filter(part) => part_of(part, reader, at, norms)?.map(|part| Part::Filter(Box::new(part))),
    })
}

/// Returns the parts that match anything.
fn flat(parts: Vec<Option<Part>>) -> Vec<Part> {
    parts.into_iter().flatten().collect()
}

/// The matches of a query within one part of the index, window by window.
pub(super) struct Matches {
    part: Option<Part>,
    /// The first paper that was not yet looked at.
    next: DocId,
    /// Behind the last paper that is looked at.
    end: DocId,
    window: Box<Window>,
    pool: Pool,
}

impl Matches {
    /// Calls `each` with the matches of the next stretch that has any: the papers in order, and the
    /// score of each. Returns `false` at the end.
    pub fn next(&mut self, each: &mut dyn FnMut(DocId, Score)) -> bool {
        let Some(part) = &mut self.part else { return false };
        let mut is_any = false;
        while !is_any {
            let next = part.next().max(self.next);
            if next >= self.end {
                self.part = None;
                return false;
            }
            let from = next - next % SIZE;
            part.fill(from, &mut *self.window, &mut self.pool);
            self.next = from.saturating_add(SIZE).min(TERMINATED);
            self.window.each(|slot, score| {
                is_any = true;
                each(from + slot, score);
            });
            self.window.clear();
        }
        true
    }
}

impl Query for Tree {
    fn weight(&self, scoring: EnableScoring<'_>) -> Result<Box<dyn Weight>, TantivyError> {
        let none = || TantivyError::InvalidArgument("the numbers of an index are needed".to_owned());
        let searcher = scoring.searcher().ok_or_else(none)?;
        Ok(Box::new(self.prepared(searcher, scoring.is_scoring_enabled())?))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.visit(visitor);
    }
}

impl Weight for Prepared {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> Result<Box<dyn Scorer>, TantivyError> {
        let mut one =
            OneByOne { matches: self.matches(reader, 0..reader.max_doc())?, papers: Vec::new(), at: 0, boost };
        one.refill(0);
        Ok(Box::new(one))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> Result<Explanation, TantivyError> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() <= doc && scorer.seek(doc) == doc {
            return Ok(Explanation::new("the sum of what matches", scorer.score()));
        }
        Err(TantivyError::InvalidArgument(format!("paper {doc} does not match")))
    }
}

/// The matches one by one, for the engine's collectors.
struct OneByOne {
    matches: Matches,
    /// The matches of the present window.
    papers: Vec<(DocId, Score)>,
    at: usize,
    boost: Score,
}

impl OneByOne {
    /// Takes the next window with a match at or behind a paper.
    fn refill(&mut self, target: DocId) -> DocId {
        self.matches.next = self.matches.next.max(target);
        self.papers.clear();
        self.at = 0;
        let papers = &mut self.papers;
        self.matches.next(&mut |doc, score| papers.push((doc, score)));
        self.doc()
    }
}

impl DocSet for OneByOne {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        if self.at < self.papers.len() { self.doc() } else { self.refill(0) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        while self.doc() < target {
            if self.papers.last().is_some_and(|(last, _)| *last >= target) {
                self.at = self.papers.partition_point(|(doc, _)| *doc < target);
            } else {
                self.refill(target);
            }
        }
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.papers.get(self.at).map_or(TERMINATED, |(doc, _)| *doc)
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.papers.len()).unwrap_or(u32::MAX)
    }
}

impl Scorer for OneByOne {
    fn score(&mut self) -> Score {
        self.papers.get(self.at).map_or(0.0, |(_, score)| score * self.boost)
    }
}
