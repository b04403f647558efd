//! Papers like one paper, found offline: its rarest words and its concepts, asked for together.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{DocId, Score, SegmentReader, TantivyDocument, Term};

use super::findable::findable;
use super::knowledge::Meaning;
use super::marks::Marks;
use super::schema::Shown;
use super::search::{Answer, Hit, LIMIT_MAX, Searcher};
use super::snippet::{marked, snippet};
use super::weigh::Tree;
use super::words::WordCutter;
use super::{IndexError, analyse, expand, guarded};
use crate::model::{Identifier, Paper, Relation, text};

/// How many words of a paper are looked for: the best say what it is about, more only cost time.
const WORDS_MAX: usize = 25;

/// How many of its concepts are looked for.
const CONCEPTS_MAX: usize = 10;

/// The longest text that is read, in words: an abstract has some 300.
const TEXT_WORDS_MAX: usize = 2_000;

/// How often a word of the title counts: authors put there what the paper is about.
const TITLE_TIMES: f32 = 2.0;

/// What a word counts in the title of another paper beside the same word in all its text.
const TITLE_WEIGHT: f32 = 0.3;

/// What a concept counts beside a word.
const CONCEPT_WEIGHT: f32 = 0.7;

/// How like a paper must be, from 0.0 to 1.0: below it the two share everyday words only.
const LIKENESS_MIN: f32 = 0.08;

/// Scores closer than one part in this are equal, as everywhere in the index.
const SCORE_STEPS: f32 = 2048.0;

/// Links to papers that are about this one and not a form of it.
const OTHER_PAPERS: [&str; 4] = ["comment-in", "comment-on", "reports-on", "cites"];

/// A word or concept of the paper and what it counts.
struct Wanted {
    text: String,
    weight: f32,
    is_in_title: bool,
}

impl Searcher {
    /// Returns the papers most like one paper, at most `limit` (1–[`LIMIT_MAX`]), the nearest first,
    /// then by id. The paper itself and its other forms (preprint, correction, retraction) are left
    /// out. A hit's score is how like it is, from 0.0 to 1.0; `total` is the number of hits,
    /// and nothing is counted. A paper without words gives no hits.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn similar(&self, paper: &Paper, limit: usize) -> Result<Answer, IndexError> {
        guarded(|| {
            let words = self.wanted_words(paper)?;
            let concepts = self.wanted_concepts(paper)?;
            let Some(query) = self.like(&words, &concepts) else { return Ok(Answer::default()) };
            let itself = self.ident(paper.id.as_str());
            let own = BooleanQuery::new(vec![(Occur::Must, itself), (Occur::Must, query.box_clone())]);
            let searcher = self.reader.searcher();
            let own_score =
                searcher.search(&own, &TopDocs::with_limit(1).order_by_score())?.first().map_or(0.0, |(s, _)| *s);
            let names = left_out(paper);
            let not = names.iter().map(|n| Tree::of(self.ident(n))).collect();
            let others = Tree::All { must: vec![Tree::of(query)], not, bonus: Vec::new() };
            let marks = marks(&words);
            let mut hits = Vec::new();
            for (steps, address) in searcher.search(&others, &by_score_and_id(limit))? {
                let likeness = if own_score > 0.0 { (steps.0 / SCORE_STEPS / own_score).min(1.0) } else { 0.0 };
                if likeness >= LIKENESS_MIN {
                    hits.push(self.like_hit(&searcher.doc(address)?, &marks, likeness)?);
                }
            }
            Ok(Answer { total: hits.len(), hits, ..Answer::default() })
        })
    }

    /// Returns the words that tell most about a paper: often in it, rare elsewhere.
    fn wanted_words(&self, paper: &Paper) -> Result<Vec<Wanted>, tantivy::TantivyError> {
        let mut times: BTreeMap<String, f32> = BTreeMap::new();
        let mut titles = BTreeSet::new();
        for (is_title, part) in parts(paper) {
            for token in analyse::tokens(analyse::TEXT, part).into_iter().take(TEXT_WORDS_MAX) {
                let is_number = token.text.bytes().all(|b| b.is_ascii_digit());
                if analyse::is_joined(&token) || is_number || token.text.chars().count() < 2 {
                    continue;
                }
                if is_title {
                    titles.insert(token.text.clone());
                }
                *times.entry(token.text).or_default() += if is_title { TITLE_TIMES } else { 1.0 };
            }
        }
        let mut out = self.best(self.fields.all, times, WORDS_MAX)?;
        for word in &mut out {
            word.is_in_title = titles.contains(&word.text);
        }
        Ok(out)
    }

    /// Returns the concepts that a paper names most, by id.
    fn wanted_concepts(&self, paper: &Paper) -> Result<Vec<Wanted>, tantivy::TantivyError> {
        let mut times: BTreeMap<String, f32> = BTreeMap::new();
        for (is_title, part) in parts(paper) {
            let words: Vec<&str> = part.split_whitespace().take(TEXT_WORDS_MAX).collect();
            let spans = expand::spans(&words, &self.names);
            for meaning in expand::outermost(&spans).into_iter().flat_map(|s| &s.meanings) {
                if let Meaning::Concept(id) = meaning {
                    *times.entry(id.clone()).or_default() += if is_title { TITLE_TIMES } else { 1.0 };
                }
            }
        }
        self.best(self.fields.concept, times, CONCEPTS_MAX)
    }

    /// Returns the terms with the highest weight times rarity, best first, then by name. Terms that
    /// no other paper has are left out.
    fn best(
        &self,
        field: Field,
        times: BTreeMap<String, f32>,
        most: usize,
    ) -> Result<Vec<Wanted>, tantivy::TantivyError> {
        let searcher = self.reader.searcher();
        let papers = count(searcher.num_docs());
        let mut ranked = Vec::new();
        for (text, times) in times {
            let with = searcher.doc_freq(&Term::from_field_text(field, &text))?;
            if with >= 2 {
                let with = count(with);
                let rarity = (1.0 + (papers - with + 0.5).max(0.0) / (with + 0.5)).ln();
                let weight = 1.0 + times.ln();
                ranked.push((weight * rarity, Wanted { text, weight, is_in_title: false }));
            }
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.text.cmp(&b.1.text)));
        Ok(ranked.into_iter().take(most).map(|(_, wanted)| wanted).collect())
    }

    /// Returns the query for papers with many of these; `None` when there are none.
    fn like(&self, words: &[Wanted], concepts: &[Wanted]) -> Option<Box<dyn Query>> {
        let mut parts: Vec<Box<dyn Query>> = Vec::new();
        for word in words {
            parts.push(weighed(self.fields.all, &word.text, word.weight));
            if word.is_in_title {
                parts.push(weighed(self.fields.title, &word.text, word.weight * TITLE_WEIGHT));
            }
        }
        parts.extend(concepts.iter().map(|c| weighed(self.fields.concept, &c.text, c.weight * CONCEPT_WEIGHT)));
        (!parts.is_empty()).then(|| Box::new(BooleanQuery::union(parts)) as Box<dyn Query>)
    }

    fn ident(&self, name: &str) -> Box<dyn Query> {
        let term = Term::from_field_text(self.fields.ident, name);
        Box::new(BoostQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), 0.0))
    }

    fn like_hit(&self, document: &TantivyDocument, marks: &Marks, score: f32) -> Result<Hit, IndexError> {
        let kept = document.get_first(self.fields.shown).and_then(|v| v.as_str()).unwrap_or_default();
        let Shown { paper, country_names, .. } = serde_json::from_str(kept)?;
        let mut cutter = WordCutter::default();
        let text = paper.record.abstract_text.as_deref().unwrap_or_default();
        let words = cutter.words(text);
        Ok(Hit {
            score,
            title: marked(&paper.title(), marks, &mut cutter),
            snippet: snippet(text, &words, marks, &cutter),
            country_names,
            why: Vec::new(),
            paper,
        })
    }
}

/// Returns the texts of a paper that say what it is about; `true` for titles.
fn parts(paper: &Paper) -> impl Iterator<Item = (bool, &str)> {
    let record = &paper.record;
    let titles = std::iter::once(&record.title).map(|t| (true, t.as_str()));
    let texts = record.abstract_text.iter().chain(&record.keywords).chain(record.mesh.iter().map(|m| &m.name));
    titles.chain(texts.map(|t| (false, t.as_str()))).map(|(is_title, text)| (is_title, findable(text)))
}

/// Returns the names of a paper and of its other forms, in order.
fn left_out(paper: &Paper) -> BTreeSet<String> {
    let is_form = |r: &&Relation| !OTHER_PAPERS.contains(&r.kind.as_str());
    let mut out: BTreeSet<String> = paper.exact_names().into_iter().collect();
    for relation in paper.record.relations.iter().filter(is_form) {
        out.extend(relation.pmid.map(|p| Identifier::Pmid(p).to_string()));
        out.extend(relation.doi.clone().map(|d| Identifier::Doi(d).to_string()));
    }
    out
}

/// Returns what to mark in the hits: the words of the title, and those that count most.
fn marks(words: &[Wanted]) -> Marks {
    let stems = words.iter().map(|w| (w.text.clone(), text::fold(&w.text))).collect();
    Marks { stems, ..Marks::default() }
}

/// A score in steps, then the id as a number.
type Place = (f32, Reverse<u64>);

/// Returns the collector of the best papers in a total order.
fn by_score_and_id(limit: usize) -> impl tantivy::collector::Collector<Fruit = Vec<(Place, tantivy::DocAddress)>> {
    TopDocs::with_limit(limit.clamp(1, LIMIT_MAX)).tweak_score(|segment: &SegmentReader| {
        let order = segment.fast_fields().column_opt::<u64>("order").ok().flatten();
        move |doc: DocId, score: Score| -> Place {
            let id = order.as_ref().and_then(|c| c.first(doc)).unwrap_or_default();
            ((score * SCORE_STEPS).round(), Reverse(id))
        }
    })
}

fn weighed(field: Field, text: &str, weight: f32) -> Box<dyn Query> {
    let term = TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs);
    Box::new(BoostQuery::new(Box::new(term), weight))
}

/// Returns a count as a number to calculate with; exact up to 16 million.
#[expect(clippy::cast_precision_loss, reason = "a rarity needs no more digits")]
fn count(papers: u64) -> f32 {
    papers as f32
}
