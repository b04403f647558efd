//! The parts of a query within one part of the index: each hands over its matches window by window.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::Scorer;
use tantivy::{DocId, DocSet, TERMINATED};

use super::window::{Pool, SIZE, Sink, Window};

/// What a text's length takes from a word's weight, by the code of the length: BM25's
/// k1 (1 - b + b · length / mean length).
pub(super) type Lengths = Arc<[f32; 256]>;

/// How much of a score goes with the share of the things asked for that a paper has: "postnatal
/// depression Iran" is not about depression elsewhere, however often a paper says the word. More of
/// it puts papers that have a little of everything first.
const COVERED_SHARE: f32 = 0.2;

/// A part of a query, standing somewhere in one part of the index. It only goes forward.
pub(super) enum Part {
    Term(Box<TermPart>),
    /// Something of the engine's.
    Other(Box<dyn Scorer>),
    Sum(Vec<Part>),
    Best(Vec<Part>, f32),
    /// The things that were asked for and that some paper has, and how many were asked for.
    Covering(Vec<Part>, usize),
    All {
        must: Vec<Part>,
        not: Vec<Part>,
        bonus: Vec<Part>,
    },
    /// Decides, and does not count.
    Filter(Box<Part>),
}

/// A word of a field.
pub(super) struct TermPart {
    pub postings: BlockSegmentPostings,
    /// Where in the present block.
    pub at: usize,
    /// How often it stands in a paper is known.
    pub has_counts: bool,
    pub norms: FieldNormReader,
    pub lengths: Lengths,
    pub weight: f32,
}

impl TermPart {
    /// Returns the paper where it stands; [`TERMINATED`] at the end.
    fn next(&self) -> DocId {
        self.postings.docs().get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn fill(&mut self, from: DocId, sink: &mut impl Sink) {
        let end = from.saturating_add(SIZE);
        if self.next() < from {
            self.at = self.postings.seek(from);
        }
        loop {
            let docs = self.postings.docs().get(self.at..).unwrap_or_default();
            let Some(last) = docs.last().copied() else { return };
            let count = if last < end { docs.len() } else { docs.partition_point(|doc| *doc < end) };
            let docs = docs.get(..count).unwrap_or_default();
            if self.has_counts {
                let times = self.postings.freqs().get(self.at..).unwrap_or_default();
                for (doc, times) in docs.iter().zip(times) {
                    self.score(*doc, *times, from, sink);
                }
            } else {
                for doc in docs {
                    self.score(*doc, 1, from, sink);
                }
            }
            self.at += count;
            if last >= end {
                return;
            }
            self.postings.advance();
            self.at = 0;
        }
    }

    /// Hands over one paper.
    #[expect(clippy::cast_precision_loss, reason = "no word stands 2^24 times in a paper")]
    fn score(&self, doc: DocId, times: u32, from: DocId, sink: &mut impl Sink) {
        let times = times as f32;
        let length = self.lengths.get(usize::from(self.norms.fieldnorm_id(doc))).copied().unwrap_or(1.0);
        sink.put(doc - from, self.weight * (times / (times + length)));
    }
}

impl Part {
    /// Returns the first paper that it may match from where it stands; [`TERMINATED`] when there is
    /// none. It may be too low, never too high.
    pub fn next(&self) -> DocId {
        match self {
            Self::Term(term) => term.next(),
            Self::Other(scorer) => scorer.doc(),
            Self::Sum(parts) | Self::Best(parts, _) | Self::Covering(parts, _) => {
                parts.iter().map(Self::next).min().unwrap_or(TERMINATED)
            }
            Self::All { must, .. } => must.iter().map(Self::next).max().unwrap_or(TERMINATED),
            Self::Filter(part) => part.next(),
        }
    }

    /// Hands over the matches of the window that begins at `from`; those before it are passed over.
    pub fn fill<S: Sink>(&mut self, from: DocId, sink: &mut S, pool: &mut Pool) {
        match self {
            Self::Term(term) => term.fill(from, sink),
            Self::Other(scorer) => other(scorer.as_mut(), from, sink),
            Self::Sum(parts) if S::ADDS => {
                for part in parts {
                    part.fill(from, sink, pool);
                }
            }
            Self::Sum(parts) => {
                let mut sum = pool.window();
                for part in parts {
                    part.fill(from, &mut *sum, pool);
                }
                sum.each(|slot, score| sink.put(slot, score));
                pool.give(sum);
            }
            Self::Best(parts, tie) => {
                let mut best = pool.best();
                for part in parts {
                    part.fill(from, &mut *best, pool);
                }
                best.hand_over(*tie, sink);
                pool.give_best(best);
            }
            Self::Covering(parts, asked) => {
                let (mut sum, mut things) = (pool.window(), pool.window());
                for part in parts {
                    let mut one = pool.window();
                    part.fill(from, &mut *one, pool);
                    one.each(|slot, score| {
                        sum.put(slot, score);
                        things.put(slot, 1.0);
                    });
                    pool.give(one);
                }
                let asked = u16::try_from(*asked).map_or(f32::from(u16::MAX), f32::from).max(1.0);
                sum.each(|slot, score| {
                    sink.put(slot, score * (1.0 - COVERED_SHARE + COVERED_SHARE * things.score(slot) / asked));
                });
                pool.give(things);
                pool.give(sum);
            }
            Self::All { must, not, bonus } => {
                let all = all(must, not, bonus, from, pool);
                all.each(|slot, score| sink.put(slot, score));
                pool.give(all);
            }
            Self::Filter(part) => {
                let mut seen = pool.window();
                part.fill(from, &mut *seen, pool);
                seen.each(|slot, _| sink.put(slot, 0.0));
                pool.give(seen);
            }
        }
    }
}

/// Hands over the matches of something of the engine's.
fn other(scorer: &mut dyn Scorer, from: DocId, sink: &mut impl Sink) {
    let end = from.saturating_add(SIZE);
    let mut doc = if scorer.doc() < from { scorer.seek(from) } else { scorer.doc() };
    while doc < end && doc != TERMINATED {
        sink.put(doc - from, scorer.score());
        doc = scorer.advance();
    }
}

/// Returns the papers that match all of `must` and none of `not`, with what `bonus` adds.
fn all(must: &mut [Part], not: &mut [Part], bonus: &mut [Part], from: DocId, pool: &mut Pool) -> Box<Window> {
    let mut all = pool.window();
    let Some((first, others)) = must.split_first_mut() else { return all };
    first.fill(from, &mut *all, pool);
    let mut one = pool.window();
    for part in others {
        if all.is_empty() {
            break;
        }
        part.fill(from, &mut *one, pool);
        all.keep(&one);
        one.clear();
    }
    for part in not {
        if !all.is_empty() {
            part.fill(from, &mut *one, pool);
            all.leave_out(&one);
            one.clear();
        }
    }
    if !all.is_empty() {
        for part in bonus {
            part.fill(from, &mut *one, pool);
        }
        all.add(&one);
    }
    pool.give(one);
    all
}
