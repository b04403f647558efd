//! Reading the index: hits in order, counts, snippets, and a reason for an empty page.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use tantivy::collector::{Count, DocSetCollector, TopDocs};
use tantivy::columnar::StrColumn;
use tantivy::fastfield::FastFieldReaders;
use tantivy::query::TermQuery;
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{DocAddress, IndexReader, TantivyDocument, Term};

use super::build::open_ready;
use super::compile::{Compiled, With, compile};
use super::facet::Facets;
use super::feedback::{self, Strength};
use super::folder::{self, Pointer};
use super::knowledge::Names;
use super::marks::Marks;
use super::query::{Node, ParsedQuery};
use super::scan::{Found, Ranked, Wanted, in_steps, scan};
use super::schema::{Fields, Shown, id_of};
use super::snippet::{marked, snippet};
use super::why::{self, Why};
use super::words::{Part, WordCutter};
use super::{IndexError, State, guarded, notes};
use crate::model::{Paper, Problem, WorkId};

/// How often opening is tried while the index is being switched under us.
const TRIES_MAX: usize = 3;

/// The most hits one page may ask for: more are no page, and memory has an end.
pub const LIMIT_MAX: usize = 10_000;

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
    /// Whether other names for what was typed are looked for as well.
    pub knowledge: bool,
    /// Whether as many papers as can be are wanted, for reviewers; else the best ones first.
    pub broad: bool,
    /// Whether each hit says why it was found.
    pub why: bool,
    /// Whether all that match are counted by country and so on: a look at each of them.
    pub facets: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { limit: 10, offset: 0, sort: Sort::Relevance, knowledge: true, broad: false, why: false, facets: true }
    }
}

/// One paper that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// How well it fits, from 0.0 up; comparable within one answer only.
    pub score: f32,
    /// The paper whole.
    pub paper: Paper,
    /// Names of its countries for readers, in the order of `paper.countries`.
    pub country_names: Vec<String>,
    /// The title for readers in parts; `true` where it matched.
    pub title: Vec<(bool, String)>,
    /// A piece of the abstract in parts; `true` where it matched. Empty without an abstract.
    pub snippet: Vec<(bool, String)>,
    /// Why it was found, best reasons first; empty unless [`Options::why`] is set.
    pub why: Vec<Why>,
}

/// What was also looked for, beside what was typed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Also {
    /// What was typed ("EPDS").
    pub typed: String,
    /// Other names for it, the most usual first ("Edinburgh Postnatal Depression Scale").
    pub names: Vec<String>,
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
    /// What was also looked for; empty when [`Options::knowledge`] is off or nothing was known.
    pub also: Vec<Also>,
    /// Sentences that explain: words no paper has, what a filter removed.
    pub notes: Vec<String>,
}

/// An index open for reading. It shows the commit it was opened at until [`Searcher::reload`],
/// also while another process writes or builds the index anew.
pub struct Searcher {
    pub(super) reader: IndexReader,
    pub(super) fields: Fields,
    pub(super) names: Names,
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
            Pointer::Refused(why) => return Err(IndexError::NotReady(State::Unread(why))),
        };
        outcome = open_ready(folder, generation).map(|opened| Searcher {
            reader: opened.reader,
            fields: Fields::new(),
            names: opened.names,
            revision: opened.revision,
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

/// Feedback needs a question of at least so many words: one word says what it says.
const FEEDBACK_WORDS_MIN: usize = 2;

/// Returns how strongly feedback works; `None` where the order is not to be touched.
fn strength(compiled: &Compiled, options: &Options) -> Option<Strength> {
    let is_asked = options.sort == Sort::Relevance && compiled.typed.len() >= FEEDBACK_WORDS_MIN;
    is_asked.then_some(if options.broad { feedback::BROAD } else { feedback::MILD })
}

/// Returns how many papers are left out from the top.
fn offset_of(options: &Options) -> usize {
    options.offset.min(LIMIT_MAX)
}

/// Returns what is looked for: where feedback puts papers in order anew, all from the top to the last
/// that is wanted, and at least its pool.
fn wanted(compiled: &Compiled, options: &Options, limit: usize, is_counted: bool) -> Wanted {
    let pool = strength(compiled, options).map_or(0, |strength| strength.pool);
    let first = limit.saturating_add(offset_of(options)).max(pool);
    Wanted { first, by_date: options.sort == Sort::Date || !compiled.is_ranked, is_counted }
}

/// Returns how many hits a page holds.
fn page_size(options: &Options) -> usize {
    options.limit.clamp(1, LIMIT_MAX)
}

impl Searcher {
    /// Returns what queries are compiled with.
    fn with<'a>(&'a self, searcher: &'a tantivy::Searcher, options: &Options) -> With<'a> {
        let (is_expanded, is_broad) = (options.knowledge, options.broad);
        With { searcher, fields: &self.fields, names: &self.names, is_expanded, is_broad }
    }

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
            let compiled = compile(self.with(&searcher, options), root);
            let limit = page_size(options);
            let Found { total, mut facets, first } =
                scan(&searcher, &compiled.query, wanted(&compiled, options, limit, options.facets))?;
            self.name_regions(&mut facets);
            let mut kept = self.kept(&searcher);
            let found = self.in_order(&mut kept, &compiled, options, limit, first)?;
            let hits =
                found.iter().map(|place| kept.hit(place, &compiled.marks, options.why)).collect::<Result<_, _>>()?;
            let mut notes = query.notes.clone();
            notes.extend(notes::explain(&searcher, self.with(&searcher, options), root, total)?);
            notes.truncate(notes::NOTES_MAX);
            Ok(Answer { total, hits, facets, also: compiled.also, notes })
        })
    }

    /// Returns the papers that were asked for, of those that [`scan`] found: with feedback where it
    /// helps. Every way to the papers of a query goes through here, so that a page and an export of
    /// it hold the same ones.
    fn in_order(
        &self,
        kept: &mut Kept<'_>,
        compiled: &Compiled,
        options: &Options,
        limit: usize,
        mut found: Vec<Ranked>,
    ) -> Result<Vec<Ranked>, IndexError> {
        let searcher = kept.searcher;
        let page = |found: Vec<_>| found.into_iter().skip(offset_of(options)).take(limit).collect();
        let Some(strength) = strength(compiled, options) else { return Ok(page(found)) };
        let mut read = Vec::new();
        for Ranked { score, address, .. } in found.iter().take(strength.papers) {
            read.push((*score, kept.words(*address)?));
        }
        let read = feedback::Read { papers: read, cutter: &kept.cutter };
        let is_said = read.is_said(&compiled.typed);
        if !is_said || options.broad {
            let terms = feedback::terms(searcher, self.fields.all, &read, strength)?;
            let pool = strength.pool.min(found.len());
            if let Some(head) = found.get_mut(..pool) {
                feedback::add(searcher, self.fields.all, &terms, strength.weight, head)?;
            }
            for place in &mut found {
                place.score = in_steps(place.score);
            }
            found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
        }
        Ok(page(found))
    }

    /// Returns how many papers match.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn count(&self, query: &ParsedQuery, options: &Options) -> Result<usize, IndexError> {
        let Some(root) = query.root.as_ref().filter(|_| query.problems.is_empty()) else { return Ok(0) };
        guarded(|| {
            let searcher = self.reader.searcher();
            Ok(searcher.search(&compile(self.with(&searcher, options), root).query, &Count)?)
        })
    }

    /// Returns id of the first record and score of the best papers, without what a page shows.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn ranked_ids(&self, query: &ParsedQuery, options: &Options) -> Result<Vec<(String, f32)>, IndexError> {
        let Some(root) = query.root.as_ref().filter(|_| query.problems.is_empty()) else { return Ok(Vec::new()) };
        guarded(|| {
            let searcher = self.reader.searcher();
            let compiled = compile(self.with(&searcher, options), root);
            let limit = page_size(options);
            let first = scan(&searcher, &compiled.query, wanted(&compiled, options, limit, false))?.first;
            let mut out = Vec::with_capacity(first.len());
            let columns: Vec<Option<StrColumn>> = of_segments(&searcher, |columns| columns.str("native"))?;
            for Ranked { score, address, .. } in
                self.in_order(&mut self.kept(&searcher), &compiled, options, limit, first)?
            {
                let mut id = String::new();
                if let Some(column) = columns.get(address.segment_ord as usize).and_then(Option::as_ref)
                    && let Some(number) = column.ords().first(address.doc_id)
                {
                    column.ord_to_str(number, &mut id).map_err(tantivy::TantivyError::from)?;
                }
                out.push((id, score));
            }
            Ok(out)
        })
    }

    /// Returns a paper by one of its exact names: its id, `pmid:…`, `doi:…`, `url:…`, the id of one
    /// of its records. `None` when there is none.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn paper(&self, name: &str) -> Result<Option<Paper>, IndexError> {
        guarded(|| {
            let searcher = self.reader.searcher();
            let query = TermQuery::new(Term::from_field_text(self.fields.ident, name), IndexRecordOption::Basic);
            let found = searcher.search(&query, &TopDocs::with_limit(1).order_by_score())?;
            found.first().map(|(_, address)| Ok(self.shown(&searcher, *address)?.paper)).transpose()
        })
    }

    /// Hands over every paper that a query finds, one after another in order, until `each` returns
    /// `false`. Without a query all papers, by id. Returns how many were handed over.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn each(
        &self,
        query: Option<&ParsedQuery>,
        options: &Options,
        each: &mut dyn FnMut(Paper) -> bool,
    ) -> Result<usize, IndexError> {
        let searcher = self.reader.searcher();
        let mut handed = 0;
        for address in self.addresses(&searcher, query, options)? {
            handed += 1;
            if !each(guarded(|| self.shown(&searcher, address))?.paper) {
                break;
            }
        }
        Ok(handed)
    }

    /// Returns the ids of all papers that a query finds, in order of id; fast, for comparing.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn ids(&self, query: &ParsedQuery, options: &Options) -> Result<BTreeSet<WorkId>, IndexError> {
        let Some(root) = query.root.as_ref().filter(|_| query.problems.is_empty()) else { return Ok(BTreeSet::new()) };
        guarded(|| {
            let searcher = self.reader.searcher();
            let compiled = compile(self.with(&searcher, options), root);
            let mut out = BTreeSet::new();
            let columns = of_segments(&searcher, |columns| columns.u64("order"))?;
            for address in searcher.search(&compiled.query, &DocSetCollector)? {
                let column = columns.get(address.segment_ord as usize);
                out.extend(column.and_then(|column| column.first(address.doc_id)).and_then(id_of));
            }
            Ok(out)
        })
    }

    /// Returns where the papers lie that a query finds, in order, from `options.offset` on.
    fn addresses(
        &self,
        searcher: &tantivy::Searcher,
        query: Option<&ParsedQuery>,
        options: &Options,
    ) -> Result<Vec<DocAddress>, IndexError> {
        let everything = Node::Everything;
        let root = match query {
            Some(query) => query.root.as_ref().filter(|_| query.problems.is_empty()),
            None => Some(&everything),
        };
        let Some(root) = root else { return Ok(Vec::new()) };
        guarded(|| {
            let compiled = compile(self.with(searcher, options), root);
            let limit = options.limit.clamp(1, usize::try_from(searcher.num_docs()).unwrap_or(usize::MAX).max(1));
            let first = scan(searcher, &compiled.query, wanted(&compiled, options, limit, false))?.first;
            let found = self.in_order(&mut self.kept(searcher), &compiled, options, limit, first)?;
            Ok(found.into_iter().map(|place| place.address).collect())
        })
    }

    /// Returns where papers are read from.
    fn kept<'a>(&self, searcher: &'a tantivy::Searcher) -> Kept<'a> {
        Kept {
            searcher,
            field: self.fields.shown,
            papers: HashMap::new(),
            words: HashMap::new(),
            cutter: WordCutter::default(),
        }
    }

    /// Returns what is kept of a paper.
    fn shown(&self, searcher: &tantivy::Searcher, address: DocAddress) -> Result<Shown, IndexError> {
        self.kept(searcher).take(address)
    }
}

/// Returns a column of each part of the index.
fn of_segments<T>(
    searcher: &tantivy::Searcher,
    column: impl Fn(&FastFieldReaders) -> Result<T, tantivy::TantivyError>,
) -> Result<Vec<T>, tantivy::TantivyError> {
    searcher.segment_readers().iter().map(|reader| column(reader.fast_fields())).collect()
}

/// What is kept of papers, each read and cut into words once for one answer.
struct Kept<'a> {
    searcher: &'a tantivy::Searcher,
    field: Field,
    papers: HashMap<DocAddress, Shown>,
    /// The words of their abstracts.
    words: HashMap<DocAddress, Vec<Part>>,
    /// Cuts the texts of all of them: their words come again and again.
    cutter: WordCutter,
}

impl Kept<'_> {
    /// Returns the words of a paper's title and abstract; the paper stays here.
    fn words(&mut self, address: DocAddress) -> Result<Vec<Part>, IndexError> {
        let shown = self.take(address)?;
        let record = &shown.paper.record;
        let mut words = self.cutter.words(&record.title);
        if let Some(text) = &record.abstract_text {
            let own = self.cutter.words(text);
            words.extend_from_slice(&own);
            self.words.insert(address, own);
        }
        self.papers.insert(address, shown);
        Ok(words)
    }

    /// Returns a paper as a page shows it.
    fn hit(&mut self, place: &Ranked, marks: &Marks, is_explained: bool) -> Result<Hit, IndexError> {
        let (shown, known) = (self.take(place.address)?, self.words.remove(&place.address));
        let cutter = &mut self.cutter;
        let why = if is_explained { why::reasons(&shown, marks, cutter) } else { Vec::new() };
        let Shown { paper, country_names, .. } = shown;
        let text = paper.record.abstract_text.as_deref().unwrap_or_default();
        let words = known.unwrap_or_else(|| cutter.words(text));
        Ok(Hit {
            score: place.score,
            title: marked(&paper.title(), marks, cutter),
            snippet: snippet(text, &words, marks, cutter),
            country_names,
            why,
            paper,
        })
    }

    /// Takes a paper away.
    fn take(&mut self, address: DocAddress) -> Result<Shown, IndexError> {
        if let Some(shown) = self.papers.remove(&address) {
            return Ok(shown);
        }
        let document: TantivyDocument = self.searcher.doc(address)?;
        let text = document.get_first(self.field).and_then(|v| v.as_str()).unwrap_or_default();
        Ok(serde_json::from_str(text)?)
    }
}
