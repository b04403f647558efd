//! One pass over the papers that a query finds: how many they are, their counts, and the first ones.

use std::cmp::Reverse;

use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentReader, TantivyError};

use super::facet::{Counts, Facets, SegmentCounts};
use super::schema;
use super::weigh::{Prepared, Tree};

/// Scores closer than one part in this are equal: sums of floating-point numbers differ in their
/// last digits with the order in which they are added.
const SCORE_STEPS: f32 = 2048.0;

/// What the score of a paper out of scope is multiplied by: it is found, and stands lower.
const OUT_OF_SCOPE_FACTOR: f32 = 0.9;

/// What the score of a retracted paper is multiplied by: it is found and marked, and leads nobody.
const RETRACTED_FACTOR: f32 = 0.5;

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
    /// The first papers with their scores, in order.
    pub first: Vec<(Score, DocAddress)>,
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
pub(super) fn scan(searcher: &Searcher, query: &Tree, wanted: Wanted) -> Result<Found, TantivyError> {
    let prepared = query.prepared(searcher, true)?;
    let mut found = Found::default();
    let mut counts = Counts::default();
    let mut first = Vec::new();
    for (ord, reader) in (0..).zip(searcher.segment_readers()) {
        let mut top = Top::new(reader, ord, wanted)?;
        let mut counted = if wanted.is_counted { Some(SegmentCounts::new(reader)?) } else { None };
        found.total += segment(reader, &prepared, &mut top, counted.as_mut())?;
        if let Some(counted) = counted {
            counted.add_to(&mut counts)?;
        }
        first.append(&mut top.into_papers());
    }
    first.sort_unstable_by(|a, b| a.0.before(&b.0));
    first.truncate(wanted.first);
    found.first = first.into_iter().map(|(Place(_, score, _), address)| (score, address)).collect();
    found.facets = counts.into_facets();
    Ok(found)
}

/// Goes over the papers of one part of the index. Returns how many match.
fn segment(
    reader: &SegmentReader,
    query: &Prepared,
    top: &mut Top,
    mut counted: Option<&mut SegmentCounts>,
) -> Result<usize, TantivyError> {
    let mut matches = query.matches(reader)?;
    let mut total = 0;
    let mut papers: Vec<DocId> = Vec::new();
    let alive = reader.alive_bitset();
    loop {
        papers.clear();
        let is_more = matches.next(&mut |doc, score| {
            if alive.is_none_or(|alive| alive.is_alive(doc)) {
                papers.push(doc);
                top.offer(doc, score);
            }
        });
        if !is_more {
            return Ok(total);
        }
        total += papers.len();
        if let Some(counted) = &mut counted {
            counted.count(&papers);
        }
    }
}

/// The first papers of one part of the index.
struct Top {
    wanted: usize,
    segment: u32,
    day: Option<Column<i64>>,
    order: Option<Column<u64>>,
    standing: Option<Column<u64>>,
    papers: Vec<(Place, DocAddress)>,
    /// The last place that still counts, once there are as many as wanted.
    last: Option<Place>,
}

impl Top {
    fn new(reader: &SegmentReader, segment: u32, wanted: Wanted) -> Result<Self, TantivyError> {
        let columns = reader.fast_fields();
        Ok(Self {
            wanted: wanted.first,
            segment,
            day: if wanted.by_date { columns.column_opt("day")? } else { None },
            order: columns.column_opt("order")?,
            standing: columns.column_opt("scope")?,
            papers: Vec::new(),
            last: None,
        })
    }

    /// Takes a paper when it is among the first.
    fn offer(&mut self, doc: DocId, score: Score) {
        let day = self.day.as_ref().and_then(|column| column.first(doc)).unwrap_or_default();
        // A glance at what is there already, before anything more is read of the paper.
        if self.last.is_some_and(|last| day < last.0 || day == last.0 && score + 1.0 / SCORE_STEPS < last.1) {
            return;
        }
        let standing = match self.standing.as_ref().and_then(|column| column.first(doc)) {
            Some(schema::OUT_OF_SCOPE) => OUT_OF_SCOPE_FACTOR,
            Some(schema::RETRACTED) => RETRACTED_FACTOR,
            _ => 1.0,
        };
        let id = self.order.as_ref().and_then(|column| column.first(doc)).unwrap_or_default();
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
