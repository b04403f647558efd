//! Counts all hits by country, region, working group, design, year, language and access, in the same
//! pass that finds them.

use std::collections::BTreeMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

/// Counts of all hits, each list from the most to the fewest and then by name; years from the
/// newest.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Facets {
    /// By country: ISO alpha-3 code, name for readers, papers. A paper counts in each of its own.
    pub country: Vec<(String, String, usize)>,
    /// By region: id, name for readers, papers. A paper counts in each region of its countries.
    pub region: Vec<(String, String, usize)>,
    /// By working group: topic id, papers. A paper counts in each of its own.
    pub twg: Vec<(String, usize)>,
    /// By design: name for readers, papers.
    pub design: Vec<(String, usize)>,
    /// By citation year, papers.
    pub year: Vec<(i64, usize)>,
    /// By language: two-letter code where there is one, papers.
    pub language: Vec<(String, usize)>,
    /// How many of them everybody can read, as far as is known.
    pub open_access: usize,
}

/// Names of the counted columns, in the order of [`Counts::words`].
const COLUMNS: [&str; 6] = ["country_label", "twg", "design_label", "region", "lang", "oa"];

/// Counts by value, as they are added up.
#[derive(Debug, Default)]
pub(super) struct Counts {
    words: [BTreeMap<String, usize>; COLUMNS.len()],
    years: BTreeMap<i64, usize>,
}

impl Counts {
    fn add(&mut self, other: Self) {
        for (mine, others) in self.words.iter_mut().zip(other.words) {
            for (value, count) in others {
                *mine.entry(value).or_default() += count;
            }
        }
        for (year, count) in other.years {
            *self.years.entry(year).or_default() += count;
        }
    }

    fn into_facets(self) -> Facets {
        let [country, twg, design, region, language, access] = self.words.map(sorted);
        let named = |(label, count): (String, usize)| match label.split_once(' ') {
            Some((iso3, name)) => (iso3.to_owned(), name.to_owned(), count),
            None => (label.clone(), label, count),
        };
        Facets {
            country: country.into_iter().map(named).collect(),
            // The names of regions are not in the columns; see `Searcher::name_regions`.
            region: region.into_iter().map(|(id, count)| (id.clone(), id, count)).collect(),
            twg,
            design,
            year: self.years.into_iter().rev().collect(),
            language,
            open_access: access.into_iter().find(|(is_open, _)| is_open == "yes").map_or(0, |(_, count)| count),
        }
    }
}

/// Returns counts from the most to the fewest, then by name.
fn sorted(counts: BTreeMap<String, usize>) -> Vec<(String, usize)> {
    let mut out: Vec<_> = counts.into_iter().collect();
    out.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    out
}

/// Collects [`Facets`].
#[derive(Debug)]
pub(super) struct FacetCount;

impl Collector for FacetCount {
    type Fruit = Facets;
    type Child = SegmentFacets;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> Result<SegmentFacets, TantivyError> {
        let columns = segment.fast_fields();
        let mut words = Vec::new();
        for name in COLUMNS {
            let column = columns.str(name)?;
            let values = column.as_ref().map_or(0, |c| c.num_terms());
            words.push((column, vec![0; values]));
        }
        Ok(SegmentFacets { words, year: columns.column_opt::<i64>("year")?, years: BTreeMap::new() })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Result<Counts, TantivyError>>) -> Result<Facets, TantivyError> {
        let mut sum = Counts::default();
        for fruit in fruits {
            sum.add(fruit?);
        }
        Ok(sum.into_facets())
    }
}

/// Counts within one part of the index, by number of the value.
pub(super) struct SegmentFacets {
    words: Vec<(Option<StrColumn>, Vec<usize>)>,
    year: Option<Column<i64>>,
    years: BTreeMap<i64, usize>,
}

impl SegmentCollector for SegmentFacets {
    type Fruit = Result<Counts, TantivyError>;

    fn collect(&mut self, doc: DocId, _score: Score) {
        for (column, counts) in &mut self.words {
            for number in column.iter().flat_map(|c| c.ords().values_for_doc(doc)) {
                if let Some(count) = usize::try_from(number).ok().and_then(|n| counts.get_mut(n)) {
                    *count += 1;
                }
            }
        }
        if let Some(year) = self.year.as_ref().and_then(|c| c.first(doc)) {
            *self.years.entry(year).or_default() += 1;
        }
    }

    fn harvest(self) -> Self::Fruit {
        let mut out = Counts { years: self.years, ..Counts::default() };
        for ((column, counts), sums) in self.words.into_iter().zip(&mut out.words) {
            let Some(column) = column else { continue };
            for (number, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
                let mut value = String::new();
                column.ord_to_str(number as u64, &mut value)?;
                *sums.entry(value).or_default() += count;
            }
        }
        Ok(out)
    }
}
