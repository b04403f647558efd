//! The values of tags that papers have, with counts: what can be asked for behind `population:`,
//! `condition:`, `source:` and the like. Papers carry these words nowhere in their text.

use std::collections::{BTreeMap, HashSet};

use tantivy::collector::DocSetCollector;
use tantivy::schema::Field;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, DocSet, SegmentReader, TERMINATED, TantivyError};

use super::compile::{With, compile};
use super::query::ParsedQuery;
use super::search::{Options, Searcher};
use super::{IndexError, guarded};

/// The most values of one tag that are listed, those of most papers: a source or roundup a line is no
/// list that anybody reads to its end.
pub const VALUES_MAX: usize = 500;

/// The values of one tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagValues {
    /// What stands before the colon ("population").
    pub field: &'static str,
    /// Values with how many papers have each, from the most papers to the fewest, then by name; at
    /// most [`VALUES_MAX`].
    pub values: Vec<(String, usize)>,
}

/// Tags whose values stand in a column of the index, by the name before the colon.
const COLUMNS: [&str; 3] = ["condition", "population", "intervention"];

impl Searcher {
    /// Returns the values of the tags that an answer's counts do not hold: condition, population,
    /// intervention, marks ("is"), source, and roundup ("issue"), of the papers that a query finds. A
    /// query with problems finds none.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn tags(&self, query: &ParsedQuery, options: &Options) -> Result<Vec<TagValues>, IndexError> {
        let Some(root) = query.root.as_ref().filter(|_| query.problems.is_empty()) else { return Ok(Vec::new()) };
        guarded(|| {
            let searcher = self.reader.searcher();
            let (is_expanded, is_broad) = (options.knowledge, options.broad);
            let with = With { searcher: &searcher, fields: &self.fields, names: &self.names, is_expanded, is_broad };
            let found = searcher.search(&compile(with, root).query, &DocSetCollector)?;
            let exact = [("is", self.fields.flag), ("source", self.fields.source), ("issue", self.fields.issue)];
            let mut sums: BTreeMap<&'static str, BTreeMap<String, usize>> = BTreeMap::new();
            for (ord, segment) in (0..).zip(searcher.segment_readers()) {
                let mut docs: Vec<DocId> = of_segment(&found, ord);
                docs.sort_unstable();
                for name in COLUMNS {
                    in_column(segment, name, &docs, sums.entry(name).or_default())?;
                }
                for (name, field) in exact {
                    in_dictionary(segment, field, &docs, sums.entry(name).or_default())?;
                }
            }
            let order = COLUMNS.into_iter().chain(exact.map(|(name, _)| name));
            Ok(order.map(|field| TagValues { field, values: sorted(sums.remove(field).unwrap_or_default()) }).collect())
        })
    }
}

/// Returns the papers of one part of the index.
fn of_segment(found: &HashSet<DocAddress>, ord: u32) -> Vec<DocId> {
    found.iter().filter(|address| address.segment_ord == ord).map(|address| address.doc_id).collect()
}

/// Adds how many of the papers have each value of a column.
fn in_column(
    segment: &SegmentReader,
    name: &str,
    docs: &[DocId],
    sums: &mut BTreeMap<String, usize>,
) -> Result<(), TantivyError> {
    let Some(column) = segment.fast_fields().str(name)? else { return Ok(()) };
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    for number in docs.iter().flat_map(|doc| column.ords().values_for_doc(*doc)) {
        *counts.entry(number).or_default() += 1;
    }
    for (number, count) in counts {
        let mut value = String::new();
        column.ord_to_str(number, &mut value)?;
        *sums.entry(value).or_default() += count;
    }
    Ok(())
}

/// Adds how many of the papers, in order, have each exact value of a field.
fn in_dictionary(
    segment: &SegmentReader,
    field: Field,
    docs: &[DocId],
    sums: &mut BTreeMap<String, usize>,
) -> Result<(), TantivyError> {
    let index = segment.inverted_index(field)?;
    let mut stream = index.terms().stream()?;
    while let Some((bytes, info)) = stream.next() {
        let Ok(value) = std::str::from_utf8(bytes) else { continue };
        let mut list = index.read_postings_from_terminfo(info, IndexRecordOption::Basic)?;
        let mut count = 0;
        let mut doc = list.doc();
        while doc != TERMINATED {
            count += usize::from(docs.binary_search(&doc).is_ok());
            doc = list.advance();
        }
        if count > 0 {
            *sums.entry(value.to_owned()).or_default() += count;
        }
    }
    Ok(())
}

/// Returns values from the most papers to the fewest, then by name.
fn sorted(counts: BTreeMap<String, usize>) -> Vec<(String, usize)> {
    let mut out: Vec<_> = counts.into_iter().collect();
    out.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    out.truncate(VALUES_MAX);
    out
}
