//! A query in the form in which it can be excluded from another one.
//!
//! The engine asks an excluded part about papers that lie behind the place where it stands. Parts
//! that look for phrases do not allow that (their debug assertion fails in tantivy 0.27). So all
//! papers of the part are gathered first, into a set that can be asked about any paper.

use tantivy::query::{BitSetDocSet, ConstScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{BitSet, DocId, Score, SegmentReader, TantivyError, Term};

/// Matches what the query inside matches; every match counts the same.
#[derive(Debug)]
pub(super) struct Excluded(pub Box<dyn Query>);

impl Clone for Excluded {
    fn clone(&self) -> Self {
        Self(self.0.box_clone())
    }
}

impl Query for Excluded {
    fn weight(&self, scoring: EnableScoring<'_>) -> Result<Box<dyn Weight>, TantivyError> {
        Ok(Box::new(ExcludedWeight(self.0.weight(scoring)?)))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.0.query_terms(visitor);
    }
}

struct ExcludedWeight(Box<dyn Weight>);

impl Weight for ExcludedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> Result<Box<dyn Scorer>, TantivyError> {
        let mut papers = BitSet::with_max_value(reader.max_doc());
        self.0.for_each_no_score(reader, &mut |docs| {
            for doc in docs {
                papers.insert(*doc);
            }
        })?;
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(papers), boost)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> Result<Explanation, TantivyError> {
        self.0.explain(reader, doc)
    }
}
