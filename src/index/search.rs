//! Reading the index: hits in order, counts, snippets, and a reason for an empty page.

use std::cmp::Reverse;
use std::path::Path;

use tantivy::collector::{Collector, Count, TopDocs};
use tantivy::schema::Value;
use tantivy::{DocAddress, DocId, IndexReader, Score, SegmentReader, TantivyDocument};

use super::build::open_ready;
use super::compile::{Compiled, Marks, compile};
use super::facet::{FacetCount, Facets};
use super::folder::{self, Pointer};
use super::query::ParsedQuery;
use super::schema::{Fields, Shown};
use super::snippet::snippet;
use super::{IndexError, State, guarded, notes};
use crate::model::{Design, Month, Problem, WorkId};

/// How often opening is tried while the index is being switched under us.
const TRIES_MAX: usize = 3;

/// The most hits one page may ask for: more are no page, and memory has an end.
pub const LIMIT_MAX: usize = 10_000;

/// Scores closer than one part in this are equal: sums of floating-point numbers differ in their
/// last digits with the order in which parts of the index are read.
const SCORE_STEPS: f32 = 2048.0;

/// In which order hits come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// Best first, then by id. A query of filters alone ranks nothing and comes newest first.
    #[default]
    Relevance,
    /// Newest first, then best first, then by id.
    Date,
}

/// Which hits are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How many, 1–[`LIMIT_MAX`].
    pub limit: usize,
    /// How many to leave out from the top.
    pub offset: usize,
    /// In which order.
    pub sort: Sort,
}

impl Default for Options {
    fn default() -> Self {
        Self { limit: 10, offset: 0, sort: Sort::Relevance }
    }
}

/// One paper that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its lasting id.
    pub work_id: WorkId,
    /// Id of its first member record (`pmid:N`).
    pub native_id: String,
    /// How well it fits, from 0.0 up; comparable within one answer only.
    pub score: f32,
    /// Title.
    pub title: String,
    /// Authors as "Family GI", in the order of the paper.
    pub authors: Vec<String>,
    /// Citation year.
    pub year: Option<i16>,
    /// Journal or site.
    pub journal: Option<String>,
    /// Countries: ISO alpha-3 code and name for readers, most prominent first.
    pub countries: Vec<(String, String)>,
    /// Study design.
    pub design: Design,
    /// Working groups by topic id, the primary one first.
    pub twg: Vec<String>,
    /// Whether everybody can read it; `None` when not known.
    pub open_access: Option<bool>,
    /// Where to read it.
    pub link: Option<String>,
    /// A piece of the abstract in parts; `true` where it matched. Empty without an abstract.
    pub snippet: Vec<(bool, String)>,
    /// The authors' finding in a sentence.
    pub finding: Option<String>,
    /// Month of the roundup it was in.
    pub issue: Option<Month>,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// How many papers match in all.
    pub total: usize,
    /// The page that was asked for.
    pub hits: Vec<Hit>,
    /// All matches counted by country, working group, design and year.
    pub facets: Facets,
    /// Sentences that explain: words no paper has, what a filter removed.
    pub notes: Vec<String>,
}

/// An index open for reading. It shows the commit it was opened at until [`Searcher::reload`],
/// also while another process writes or builds the index anew.
pub struct Searcher {
    pub(super) reader: IndexReader,
    pub(super) fields: Fields,
    revision: u64,
}

/// Opens the index in a folder for reading. Never writes there.
pub(super) fn open(folder: &Path) -> Result<Searcher, IndexError> {
    let mut outcome = Err(IndexError::NotReady(State::Missing));
    let mut last = None;
    for _ in 0..TRIES_MAX {
        let generation = match folder::pointer(folder) {
            Pointer::At(generation) if last == Some(generation) => return outcome,
            Pointer::At(generation) => generation,
            Pointer::Missing => return Err(IndexError::NotReady(State::Missing)),
            Pointer::Unreadable(reason) => return Err(IndexError::NotReady(State::Damaged(reason))),
        };
        outcome = open_ready(folder, generation).map(|(reader, revision)| Searcher {
            reader,
            fields: Fields::new(),
            revision,
        });
        if outcome.is_ok() {
            return outcome;
        }
        // The generation may have been removed between the look at the pointer and the opening;
        // then the pointer has moved on.
        last = Some(generation);
    }
    outcome
}

/// A place in the order: date (0 unless it decides), score in steps, id.
type Place = (i64, f32, Reverse<u64>);

/// Returns the collector of the page that was asked for. Its order is total: ids differ.
fn best(compiled: &Compiled, options: &Options) -> impl Collector<Fruit = Vec<(Place, DocAddress)>> {
    let top = TopDocs::with_limit(options.limit.clamp(1, LIMIT_MAX)).and_offset(options.offset.min(LIMIT_MAX));
    let by_date = options.sort == Sort::Date || !compiled.is_ranked;
    top.tweak_score(move |segment: &SegmentReader| {
        let columns = segment.fast_fields();
        let day = columns.column_opt::<i64>("day").ok().flatten().filter(|_| by_date);
        let order = columns.column_opt::<u64>("order").ok().flatten();
        move |doc: DocId, score: Score| -> Place {
            let date = day.as_ref().and_then(|c| c.first(doc)).unwrap_or_default();
            let id = order.as_ref().and_then(|c| c.first(doc)).unwrap_or_default();
            (date, (score * SCORE_STEPS).round(), Reverse(id))
        }
    })
}

impl Searcher {
    /// Returns the revision of the store that the index showed when it was opened.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Returns how many papers are indexed.
    pub fn len(&self) -> usize {
        usize::try_from(self.reader.searcher().num_docs()).unwrap_or(usize::MAX)
    }

    /// Tells whether no paper is indexed.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Shows the last commit from now on.
    ///
    /// # Errors
    /// When the index has become damaged.
    pub fn reload(&self) -> Result<(), IndexError> {
        guarded(|| Ok(self.reader.reload()?))
    }

    /// Returns what a query finds. A query with problems finds nothing.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn search(&self, query: &ParsedQuery, options: &Options) -> Result<Answer, IndexError> {
        let Some(root) = query.root.as_ref().filter(|_| query.problems.is_empty()) else {
            let notes = query.problems.iter().map(|p: &Problem| p.message.clone()).collect();
            return Ok(Answer { notes, ..Answer::default() });
        };
        guarded(|| {
            let searcher = self.reader.searcher();
            let compiled = compile(&self.fields, root);
            // One pass gives the number of matches, the counts and the page.
            let wanted = (Count, FacetCount, best(&compiled, options));
            let (total, facets, top) = searcher.search(&compiled.query, &wanted)?;
            let mut hits = Vec::with_capacity(top.len());
            for ((_, steps, _), address) in top {
                hits.push(self.hit(&searcher, &compiled.marks, steps / SCORE_STEPS, address)?);
            }
            let mut notes = query.notes.clone();
            notes.extend(notes::explain(&searcher, &self.fields, root, total)?);
            Ok(Answer { total, hits, facets, notes })
        })
    }

    /// Returns how many papers match.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn count(&self, query: &ParsedQuery) -> Result<usize, IndexError> {
        let Some(root) = query.root.as_ref().filter(|_| query.problems.is_empty()) else { return Ok(0) };
        guarded(|| Ok(self.reader.searcher().search(&compile(&self.fields, root).query, &Count)?))
    }

    /// Returns id of the first record and score of the best papers, without what a page shows.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn ranked_ids(&self, query: &ParsedQuery, limit: usize) -> Result<Vec<(String, f32)>, IndexError> {
        let Some(root) = query.root.as_ref().filter(|_| query.problems.is_empty()) else { return Ok(Vec::new()) };
        guarded(|| {
            let searcher = self.reader.searcher();
            let compiled = compile(&self.fields, root);
            let options = Options { limit, ..Options::default() };
            let top = searcher.search(&compiled.query, &best(&compiled, &options))?;
            let mut out = Vec::with_capacity(top.len());
            for ((_, steps, _), address) in top {
                let columns = searcher.segment_reader(address.segment_ord).fast_fields();
                let mut id = String::new();
                if let Some(column) = columns.str("native")?
                    && let Some(number) = column.ords().first(address.doc_id)
                {
                    column.ord_to_str(number, &mut id).map_err(tantivy::TantivyError::from)?;
                }
                out.push((id, steps / SCORE_STEPS));
            }
            Ok(out)
        })
    }

    fn hit(
        &self,
        searcher: &tantivy::Searcher,
        marks: &Marks,
        score: f32,
        address: DocAddress,
    ) -> Result<Hit, IndexError> {
        let document: TantivyDocument = searcher.doc(address)?;
        let text = document.get_first(self.fields.shown).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        let shown: Shown = serde_json::from_str(&text)?;
        Ok(Hit {
            score,
            snippet: snippet(&shown.body, marks),
            work_id: shown.work,
            native_id: shown.native,
            title: shown.title,
            authors: shown.authors,
            year: shown.year,
            journal: shown.journal,
            countries: shown.countries,
            design: shown.design,
            twg: shown.twg,
            open_access: shown.open_access,
            link: shown.link,
            finding: shown.finding,
            issue: shown.issue,
        })
    }
}
