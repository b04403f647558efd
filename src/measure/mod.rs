//! Measures how far judgements agree with labels that people gave: the same figures whoever judged.
//!
//! Nothing here judges; a row is a paper's labels beside its judgement. Every figure has a 95 %
//! interval by resampling, with a fixed seed, so that the same rows give the same numbers.
//!
//! | figure | is |
//! |---|---|
//! | `relevance` | positive = in, on both sides; `in_lost` = share of labelled `in` that was called out |
//! | `relevance_at_prevalence` | the same where a labelled negative weighs P(1-p)/(pN): recall stays, precision falls as it would in a feed in which a share p is in |
//! | `kept` | positive = in or maybe, on both sides |
//! | `country` | `f1` over (paper, country) pairs, `macro_f1` mean over the labelled countries, `exact` share with the same set; on papers labelled in or maybe. `country_all`: on all |
//! | `twg` | over (paper, group) pairs, `macro_f1` mean over the groups, each group, `primary_accuracy` (none is an answer too); on papers labelled in or maybe |
//! | `design` | `accuracy`; `macro_f1` mean over the labelled designs; `rct_…` counts rct and cluster-rct; on all papers |
//! | `condition`, `intervention`, `population`, `stage` | over (paper, value) pairs, where labelled; on papers labelled in or maybe |
//! | `finding` | share with the labelled sentence, where labelled |

mod errors;
mod figures;
mod labels;
pub mod month;
mod resample;
mod screening;
mod tally;

pub use errors::{Gravity, Wrong};
pub use figures::{Figures, HEAD};
pub use labels::{Labels, Vocabulary};
pub use screening::{RECALL_AT, Screening, mean, screening};

use crate::model::{Judgement, Scope};
use resample::{interval, resample};
use tally::Tally;

/// A paper's labels beside its judgement.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What people say.
    pub labels: Labels,
    /// What the rules say.
    pub judgement: Judgement,
}

/// How to measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Share of papers that are in where the rules will work, above 0.0 and below 1.0.
    pub prevalence: f64,
    /// How often the rows are drawn anew for the intervals.
    pub draws: usize,
    /// Which draws.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        // 8 % is what a broad PubMed search for the subject gives; 1,000 draws settle two digits.
        Self { prevalence: 0.08, draws: 1000, seed: 7 }
    }
}

/// An interval that holds the figure in 95 of 100 draws.
pub type Interval = (f64, f64);

/// How far judgements agree with labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Rows that were measured.
    pub rows: usize,
    /// Of these, labelled in.
    pub labelled_in: usize,
    /// Of these, labelled maybe.
    pub labelled_maybe: usize,
    /// All figures by their names.
    pub figures: Figures,
    /// Intervals of the figures of [`HEAD`]; those that no draw gave are left out.
    pub intervals: Vec<(String, Interval)>,
    /// Of each working group: true and false positives, false negatives, true negatives; on papers
    /// labelled in or maybe.
    pub groups: Vec<(String, [u64; 4])>,
    /// Papers by labelled scope (outer) and judged scope (inner), both as in, maybe, out.
    pub scopes: [[u64; 3]; 3],
    /// What is wrong, the gravest first; one entry a paper.
    pub wrong: Vec<Wrong>,
}

/// Measures rows. `topics` are the working groups in their order. No rows give no figures.
pub fn measure(rows: &[Row], topics: &[String], options: Options) -> Report {
    let tally = Tally::of(rows, topics);
    let counts = tally.sum(0..rows.len());
    let mut figures = figures::figures(&tally, &counts, topics, options.prevalence);
    figures.insert("relevance.auroc".to_owned(), auroc(rows));
    let drawn: Vec<Figures> = resample(&units(rows), options.draws, options.seed)
        .map(|draw| figures::figures(&tally, &tally.sum(draw.into_iter()), topics, options.prevalence))
        .collect();
    let intervals = HEAD.iter().filter_map(|name| {
        let values = drawn.iter().filter_map(|f| f.get(*name).copied().flatten()).collect();
        interval(values).map(|found| ((*name).to_owned(), found))
    });
    let count = |scope: Scope| rows.iter().filter(|r| r.labels.scope == scope).count();
    Report {
        rows: rows.len(),
        labelled_in: count(Scope::In),
        labelled_maybe: count(Scope::Maybe),
        figures,
        intervals: intervals.collect(),
        groups: topics.iter().map(|t| (t.clone(), tally.confusion(&counts, t))).collect(),
        scopes: scopes(rows),
        wrong: errors::wrong(rows),
    }
}

/// How one figure differs between two rule books.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The figure's name.
    pub name: String,
    /// Under the other rules.
    pub other: f64,
    /// Under these rules.
    pub here: f64,
    /// The difference, here minus other, in 95 of 100 draws.
    pub interval: Interval,
    /// How likely such a difference is by chance, 0.0–1.0: below 0.05 it is real.
    pub p: f64,
}

/// Compares two judgements of the same labelled papers figure by figure, with the same draws for both.
/// Rows stand in the same order in both.
pub fn compare(here: &[Row], other: &[Row], topics: &[String], options: Options) -> Vec<Difference> {
    let (mine, theirs) = (Tally::of(here, topics), Tally::of(other, topics));
    let of = |tally: &Tally, rows: Vec<usize>| {
        figures::figures(tally, &tally.sum(rows.into_iter()), topics, options.prevalence)
    };
    let all = || (0..here.len()).collect::<Vec<_>>();
    let (whole, whole_other) = (of(&mine, all()), of(&theirs, all()));
    let drawn: Vec<(Figures, Figures)> = resample(&units(here), options.draws, options.seed)
        .map(|draw| (of(&mine, draw.clone()), of(&theirs, draw)))
        .collect();
    let mut out = Vec::new();
    for name in HEAD {
        let value = |f: &Figures| f.get(*name).copied().flatten();
        let (Some(here), Some(other)) = (value(&whole), value(&whole_other)) else { continue };
        let differences: Vec<f64> = drawn.iter().filter_map(|(a, b)| Some(value(a)? - value(b)?)).collect();
        let tail =
            differences.iter().filter(|d| **d <= 0.0).count().min(differences.iter().filter(|d| **d >= 0.0).count());
        let p = (2.0 * (as_f64(tail) + 1.0) / (as_f64(differences.len()) + 1.0)).min(1.0);
        let Some(interval) = interval(differences) else { continue };
        out.push(Difference { name: (*name).to_owned(), other, here, interval, p });
    }
    out
}

/// Returns rows that are drawn together: those of one story, every other one by itself; in the order of
/// the stories' names, then of the rows.
fn units(rows: &[Row]) -> Vec<Vec<usize>> {
    let mut stories: std::collections::BTreeMap<&str, Vec<usize>> = std::collections::BTreeMap::new();
    let mut alone = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        match row.labels.story.as_deref() {
            Some(story) => stories.entry(story).or_default().push(n),
            None => alone.push(vec![n]),
        }
    }
    stories.into_values().chain(alone).collect()
}

/// Returns how often a paper labelled in has a higher relevance than one labelled out, a tie counting
/// half; `None` without both.
fn auroc(rows: &[Row]) -> Option<f64> {
    let of = |scope: Scope| -> Vec<f64> {
        rows.iter().filter(|r| r.labels.scope == scope).map(|r| r.judgement.relevance).collect()
    };
    let (above, mut below) = (of(Scope::In), of(Scope::Out));
    below.sort_by(f64::total_cmp);
    if above.is_empty() || below.is_empty() {
        return None;
    }
    let wins = above.iter().map(|a| {
        let less = below.partition_point(|b| b < a);
        let not_more = below.partition_point(|b| b <= a);
        as_f64(less) + (as_f64(not_more - less)) / 2.0
    });
    Some(wins.sum::<f64>() / (as_f64(above.len()) * as_f64(below.len())))
}

/// Counts papers by labelled and judged scope.
fn scopes(rows: &[Row]) -> [[u64; 3]; 3] {
    let place = |scope: Scope| Scope::ALL.iter().position(|s| *s == scope).unwrap_or_default();
    let mut out = [[0; 3]; 3];
    for row in rows {
        let (wanted, said) = (place(row.labels.scope), place(row.judgement.scope));
        if let Some(count) = out.get_mut(wanted).and_then(|line| line.get_mut(said)) {
            *count += 1;
        }
    }
    out
}

/// Returns a count as a number to calculate with; counts here are far below 2^52.
#[expect(clippy::cast_precision_loss, reason = "counts of rows and draws are small")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
