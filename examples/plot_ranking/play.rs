//! Plays a screening with one recipe.

use std::thread;

use anyhow::Context as _;
use roundup::measure::{self, Screening};
use roundup::rank::{Priors, Recipe, Rows, Text, draw, simulate};

use crate::SEEDS;
use crate::read::{Recorded, Set};

/// What came of one seed.
pub(crate) struct Played {
    /// For each paper in the order whether it was included; the starting papers are left out.
    pub(crate) found: Vec<bool>,
    pub(crate) measures: Screening,
}

impl Played {
    /// Returns the share of the included papers found when this share of all was read, 0.0–1.0.
    pub(crate) fn recall(&self, read: f64) -> f64 {
        let all = count(self.found.len());
        let found = (1_u32..).zip(&self.found).filter(|(place, wanted)| **wanted && f64::from(*place) <= read * all);
        count(found.count()) / count(self.measures.relevant)
    }
}

/// Plays every seed, on two threads.
pub(crate) fn all(set: &Set, recorded: &[Recorded], recipe: Recipe) -> anyhow::Result<Vec<Played>> {
    let texts: Vec<Text<'_>> = set.papers.iter().map(|(title, body)| Text { title, body, tags: &[] }).collect();
    let rows = Rows::new(&texts, &recipe);
    let mut starts: Vec<(u64, Priors)> = recorded.iter().map(|r| (r.seed, r.priors())).collect();
    if starts.is_empty() {
        starts = (1..=SEEDS).filter_map(|seed| Some((seed, draw(&set.labels, seed)?))).collect();
    }
    let one = |(seed, priors): &(u64, Priors)| -> Option<Played> {
        let run = simulate(&rows, &set.labels, *priors, 1, recipe, *seed);
        let mut found: Vec<bool> = run.order.iter().filter_map(|row| set.labels.get(*row).copied()).collect();
        found.resize(set.labels.len().checked_sub(2)?, false);
        Some(Played { measures: measure::screening(&found)?, found })
    };
    let (first, second) = starts.split_at(starts.len() / 2);
    let played: Option<Vec<Played>> = thread::scope(|scope| {
        let other = scope.spawn(|| second.iter().map(one).collect::<Option<Vec<_>>>());
        let mut all: Vec<Played> = first.iter().map(one).collect::<Option<_>>()?;
        all.extend(other.join().ok()??);
        Some(all)
    });
    played.filter(|p| !p.is_empty()).with_context(|| format!("{}: papers of both kinds are needed", set.name))
}

/// Returns the mean of what was measured.
pub(crate) fn mean(played: &[Played]) -> Option<Screening> {
    measure::mean(&played.iter().map(|p| p.measures.clone()).collect::<Vec<_>>())
}

/// Returns a count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "counts of papers")]
pub(crate) fn count(n: usize) -> f64 {
    n as f64
}
