//! One pass over the papers that a query finds: how many they are, their counts, and the first ones.

use std::cmp::Reverse;
use std::ops::Range;

use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentReader, TantivyError};

use super::facet::{Counts, Facets, SegmentCounts};
use super::schema;
use super::weigh::{self, Prepared, Tree};
use super::{IndexError, State, guarded};

/// Scores closer than one part in this are equal: sums of floating-point numbers differ in their
/// last digits with the order in which they are added.
const SCORE_STEPS: f32 = 2048.0;

/// What the score of a paper out of scope is multiplied by: it is found, and stands lower.
const OUT_OF_SCOPE_FACTOR: f32 = 0.9;

/// What the score of a retracted paper is multiplied by: it is found and marked, and leads nobody.
const RETRACTED_FACTOR: f32 = 0.5;

/// Fewer papers are gone over quicker by one thread than a second one is started.
const STRETCH_PAPERS_MIN: DocId = 40_000;

/// The most threads for one part of the index: members' machines have two or four cores.
const STRETCHES_MAX: DocId = 4;

/// What a pass looks for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// How many papers from the top.
    pub first: usize,
    /// Whether the newest come first; else the best.
    pub by_date: bool,
    /// Whether all are counted by country and so on.
    pub is_counted: bool,
}

/// What a pass found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// How many papers match.
    pub total: usize,
    /// All of them counted; empty when that was not wanted.
    pub facets: Facets,
    /// The first papers, in order.
    pub first: Vec<Ranked>,
}

/// One paper with its score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ranked {
    pub score: Score,
    /// The paper's id as a number; it orders equal scores.
    pub id: u64,
    pub address: DocAddress,
}

/// Returns a score as it is shown and compared.
pub(super) fn in_steps(score: Score) -> Score {
    (score * SCORE_STEPS).round() / SCORE_STEPS
}

/// A place in the order: date (0 unless it decides), score in steps, id. The order is total: ids
/// differ.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place(i64, Score, Reverse<u64>);

impl Place {
    /// Compares so that the first in order comes first.
    fn before(&self, other: &Self) -> std::cmp::Ordering {
        other.0.cmp(&self.0).then_with(|| other.1.total_cmp(&self.1)).then_with(|| other.2.cmp(&self.2))
    }
}

/// Goes over all papers that a query finds.
///
/// # Errors
/// When the index is damaged.
pub(super) fn scan(searcher: &Searcher, query: &Tree, wanted: Wanted) -> Result<Found, IndexError> {
    let prepared = query.prepared(searcher, true)?;
    let mut stretches = Vec::new();
    for (ord, reader) in (0..).zip(searcher.segment_readers()) {
        let (columns, counted) = (TopColumns::of(reader, wanted)?, counted_columns(reader, wanted)?);
        for papers in stretches_of(reader.max_doc()) {
            let top = Top::new(ord, wanted, columns.clone());
            stretches.push(Stretch { reader, papers, top, counted: counted.clone() });
        }
    }
    let mut found = Found::default();
    let mut counts = Counts::default();
    let mut first = Vec::new();
    for (top, counted, total) in stretched(&prepared, stretches)? {
        found.total += total;
        if let Some(counted) = counted {
            counted.add_to(&mut counts)?;
        }
        first.append(&mut top.into_papers());
    }
    first.sort_unstable_by(|a, b| a.0.before(&b.0));
    first.truncate(wanted.first);
    found.first =
        first.into_iter().map(|(Place(_, score, Reverse(id)), address)| Ranked { score, id, address }).collect();
    found.facets = counts.into_facets();
    Ok(found)
}

/// A stretch of papers of one part of the index, and what takes what is found there.
struct Stretch<'a> {
    reader: &'a SegmentReader,
    papers: Range<DocId>,
    top: Top,
    counted: Option<SegmentCounts>,
}

/// Returns the counts of a part of the index, when they are wanted.
fn counted_columns(reader: &SegmentReader, wanted: Wanted) -> Result<Option<SegmentCounts>, TantivyError> {
    if wanted.is_counted { SegmentCounts::new(reader).map(Some) } else { Ok(None) }
}

/// What was found in a stretch of papers: the first ones, counts, and how many match.
type InStretch = (Top, Option<SegmentCounts>, usize);

/// Returns the stretches of a part of the index that are gone over side by side.
fn stretches_of(papers: DocId) -> impl Iterator<Item = Range<DocId>> {
    let count = (papers / STRETCH_PAPERS_MIN).clamp(1, STRETCHES_MAX);
    let each = papers.div_ceil(count).next_multiple_of(weigh::WINDOW_PAPERS);
    (0..count).map(move |n| n * each..((n + 1) * each).min(papers))
}

/// Goes over stretches side by side. Returns what is in each, in their order.
fn stretched(prepared: &Prepared, mut stretches: Vec<Stretch<'_>>) -> Result<Vec<InStretch>, IndexError> {
    let Some(last) = stretches.pop() else { return Ok(Vec::new()) };
    let each = move |one| guarded(|| Ok(stretch(prepared, one)?));
    std::thread::scope(|scope| {
        let others: Vec<_> = stretches.into_iter().map(|one| scope.spawn(move || each(one))).collect();
        let last = each(last);
        let unfinished = |_| Err(IndexError::NotReady(State::Damaged("it was not read to its end".to_owned())));
        let mut out = Vec::new();
        for thread in others {
            out.push(thread.join().unwrap_or_else(unfinished)?);
        }
        out.push(last?);
        Ok(out)
    })
}

/// Goes over the papers of one stretch.
fn stretch(query: &Prepared, stretch: Stretch<'_>) -> Result<InStretch, TantivyError> {
    let Stretch { reader, papers, mut top, mut counted } = stretch;
    let mut matches = query.matches(reader, papers)?;
    let mut total = 0;
    let mut found: Vec<DocId> = Vec::new();
    let alive = reader.alive_bitset();
    loop {
        found.clear();
        let is_more = matches.next(&mut |doc, score| {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                found.push(doc);
                top.offer(doc, score);
            }
        });
        if !is_more {
            return Ok((top, counted, total));
        }
        total += found.len();
        if let Some(counted) = &mut counted {
            counted.count(&found);
        }
    }
}

/// What places are read from, in one part of the index.
#[derive(Clone)]
struct TopColumns {
    day: Option<Column<i64>>,
    order: Option<Column<u64>>,
    standing: Option<Column<u64>>,
}

impl TopColumns {
    fn of(reader: &SegmentReader, wanted: Wanted) -> Result<Self, TantivyError> {
        let columns = reader.fast_fields();
        Ok(Self {
            day: if wanted.by_date { columns.column_opt("day")? } else { None },
            order: columns.column_opt("order")?,
            standing: columns.column_opt("scope")?,
        })
    }
}

/// The first papers of a stretch.
struct Top {
    wanted: usize,
    segment: u32,
    columns: TopColumns,
    papers: Vec<(Place, DocAddress)>,
    /// The last place that still counts, once there are as many as wanted.
    last: Option<Place>,
}

impl Top {
    fn new(segment: u32, wanted: Wanted, columns: TopColumns) -> Self {
        Self { wanted: wanted.first, segment, columns, papers: Vec::new(), last: None }
    }

    /// Takes a paper when it is among the first.
    fn offer(&mut self, doc: DocId, score: Score) {
        let day = self.columns.day.as_ref().and_then(|column| column.first(doc)).unwrap_or_default();
        // A glance at what is there already, before anything more is read of the paper.
        if self.last.is_some_and(|last| day < last.0 || day == last.0 && score + 1.0 / SCORE_STEPS < last.1) {
            return;
        }
        let standing = match self.columns.standing.as_ref().and_then(|column| column.first(doc)) {
            Some(schema::OUT_OF_SCOPE) => OUT_OF_SCOPE_FACTOR,
            Some(schema::RETRACTED) => RETRACTED_FACTOR,
            _ => 1.0,
        };
        let id = self.columns.order.as_ref().and_then(|column| column.first(doc)).unwrap_or_default();
        let place = Place(day, in_steps(score * standing), Reverse(id));
        if self.last.is_none_or(|last| place.before(&last).is_lt()) {
            self.papers.push((place, DocAddress::new(self.segment, doc)));
            if self.papers.len() >= self.wanted.saturating_mul(2).max(1) {
                self.cut();
            }
        }
    }

    /// Keeps as many as are wanted.
    fn cut(&mut self) {
        let Some(last) = self.wanted.checked_sub(1).filter(|last| *last < self.papers.len()) else {
            if self.wanted == 0 {
                self.papers.clear();
            }
            return;
        };
        self.papers.select_nth_unstable_by(last, |a, b| a.0.before(&b.0));
        self.papers.truncate(self.wanted);
        self.last = self.papers.last().map(|(place, _)| *place);
    }

    fn into_papers(mut self) -> Vec<(Place, DocAddress)> {
        self.cut();
        self.papers
    }
}
