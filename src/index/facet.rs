//! Counts all hits by country, region, working group, design, year, language and access, in the same
//! pass that finds them.

use std::collections::BTreeMap;

use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, SegmentReader, TantivyError};

/// The most years that are told apart: those that a record's year can be.
const YEARS_MAX: i64 = 1 << 16;

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
    /// By design: name for readers, papers. A paper counts in the wider design too: a systematic review
    /// is a review. So each count is what the filter by that name finds.
    pub design: Vec<(String, usize)>,
    /// By citation year, papers.
    pub year: Vec<(i64, usize)>,
    /// By language: two-letter code where there is one, papers.
    pub language: Vec<(String, usize)>,
    /// How many of them everybody can read, as far as is known.
    pub open_access: usize,
}

/// Parts the lists of a combination: its countries from its regions.
const LIST: char = '\u{1e}';

/// Parts the values of a list.
const VALUE: char = '\u{1f}';

/// Returns several lists of values as one combination. All papers with the same combination are
/// counted in one step: there are few combinations, and many papers.
pub(super) fn combination<const N: usize>(lists: [&[String]; N]) -> String {
    let plain = |value: &String| value.replace([LIST, VALUE], " ");
    lists.map(|list| list.iter().map(plain).collect::<Vec<_>>().join(&VALUE.to_string())).join(&LIST.to_string())
}

/// Returns the values of the lists of a combination.
fn lists<const N: usize>(combination: &str) -> [Vec<&str>; N] {
    let mut parts = combination.split(LIST);
    std::array::from_fn(|_| parts.next().unwrap_or_default().split(VALUE).filter(|v| !v.is_empty()).collect())
}

/// Counts by value, as they are added up.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// By country, region, working group, design, language, access.
    words: [BTreeMap<String, usize>; 6],
    years: BTreeMap<i64, usize>,
}

impl Counts {
    /// Counts papers with a combination of countries and regions.
    fn add_places(&mut self, combination: &str, papers: usize) {
        let [countries, regions] = lists(combination);
        let [country, region, ..] = &mut self.words;
        for (counts, values) in [(country, countries), (region, regions)] {
            for value in values {
                *counts.entry(value.to_owned()).or_default() += papers;
            }
        }
    }

    /// Counts papers with a combination of working groups, design, languages and access.
    fn add_kinds(&mut self, combination: &str, papers: usize) {
        let of: [Vec<&str>; 4] = lists(combination);
        for (counts, values) in self.words.iter_mut().skip(2).zip(of) {
            for value in values {
                *counts.entry(value.to_owned()).or_default() += papers;
            }
        }
    }

    /// Returns them in order.
    pub fn into_facets(self) -> Facets {
        let [country, region, twg, design, language, access] = self.words.map(sorted);
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

/// Counts within one part of the index, by number of the combination.
#[derive(Clone)]
pub(super) struct SegmentCounts {
    places: Combinations,
    kinds: Combinations,
    year: Option<Column<i64>>,
    /// By year, from the first one of the column on.
    years: Vec<usize>,
    /// Years of the papers at hand.
    at_hand: Vec<Option<i64>>,
}

/// One column of combinations, and how often each was met.
#[derive(Clone)]
struct Combinations {
    column: Option<StrColumn>,
    counts: Vec<usize>,
    /// Numbers of the papers at hand.
    at_hand: Vec<Option<u64>>,
}

impl Combinations {
    fn new(reader: &SegmentReader, name: &str) -> Result<Self, TantivyError> {
        let column = reader.fast_fields().str(name)?;
        let counts = vec![0; column.as_ref().map_or(0, |column| column.num_terms())];
        Ok(Self { column, counts, at_hand: Vec::new() })
    }

    fn count(&mut self, papers: &[DocId]) {
        let Some(column) = &self.column else { return };
        self.at_hand.clear();
        self.at_hand.resize(papers.len(), None);
        column.ords().first_vals(papers, &mut self.at_hand);
        for number in self.at_hand.iter().flatten() {
            if let Some(count) = usize::try_from(*number).ok().and_then(|n| self.counts.get_mut(n)) {
                *count += 1;
            }
        }
    }

    /// Calls `each` with every combination that was met, and how often.
    fn each(&self, mut each: impl FnMut(&str, usize)) -> Result<(), TantivyError> {
        let Some(column) = &self.column else { return Ok(()) };
        let (numbers, counts): (Vec<u64>, Vec<usize>) =
            (0..).zip(self.counts.iter().copied()).filter(|(_, count)| *count > 0).unzip();
        let mut counts = counts.into_iter();
        column.dictionary().sorted_ords_to_term_cb(&numbers, |bytes| {
            each(std::str::from_utf8(bytes).unwrap_or_default(), counts.next().unwrap_or_default());
        })?;
        Ok(())
    }
}

impl SegmentCounts {
    /// Returns the counts of a part of the index, all 0.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn new(reader: &SegmentReader) -> Result<Self, TantivyError> {
        let year: Option<Column<i64>> = reader.fast_fields().column_opt("year")?;
        let span = year.as_ref().map_or(0, |y| y.max_value().saturating_sub(y.min_value()).saturating_add(1));
        let years = vec![0; usize::try_from(span.clamp(0, YEARS_MAX)).unwrap_or(0)];
        let (places, kinds) = (Combinations::new(reader, "places")?, Combinations::new(reader, "kinds")?);
        Ok(Self { places, kinds, year, years, at_hand: Vec::new() })
    }

    /// Counts papers.
    pub fn count(&mut self, papers: &[DocId]) {
        self.places.count(papers);
        self.kinds.count(papers);
        let Some(column) = &self.year else { return };
        self.at_hand.clear();
        self.at_hand.resize(papers.len(), None);
        column.first_vals(papers, &mut self.at_hand);
        let first = column.min_value();
        for year in self.at_hand.iter().flatten() {
            if let Some(count) = usize::try_from(year - first).ok().and_then(|n| self.years.get_mut(n)) {
                *count += 1;
            }
        }
    }

    /// Adds the counts to those of other parts.
    ///
    /// # Errors
    /// When the index is damaged.
    pub fn add_to(self, sum: &mut Counts) -> Result<(), TantivyError> {
        self.places.each(|combination, papers| sum.add_places(combination, papers))?;
        self.kinds.each(|combination, papers| sum.add_kinds(combination, papers))?;
        let first = self.year.map_or(0, |column| column.min_value());
        for (year, papers) in (first..).zip(self.years).filter(|(_, papers)| *papers > 0) {
            *sum.years.entry(year).or_default() += papers;
        }
        Ok(())
    }
}
