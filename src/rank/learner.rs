//! Learns from papers that people kept or dropped which others they may want.

use std::cell::OnceCell;

use super::recipe::Recipe;
use super::rows::Rows;
use super::svm::{Example, Svm, Until};
use crate::model::{GOLDEN, scrambled};

/// When learning ends for good: the weights no longer change in the digits that are shown.
const SETTLED: Until = Until { tolerance: 1e-3, passes_max: 1000 };
/// When one of many rounds ends, each of which goes on from the one before: the order hardly changes beyond
/// (`docs/ranking.md`).
const ONE_ROUND: Until = Until { tolerance: 0.1, passes_max: 20 };

/// Of a small collection only one paper in so many is presumed unwanted: more would hold many wanted ones.
const PRESUMED_ONE_IN: usize = 20;

/// What a person said of one paper, as a learner hears it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Told {
    /// The paper's row.
    pub row: usize,
    /// Whether it is wanted.
    pub is_wanted: bool,
    /// How much this counts, above 0.0 to 1.0.
    pub weight: f64,
}

/// Terms with what each adds to a decision.
pub type Weighed = Vec<(String, f64)>;

/// Learns and judges papers of one collection.
#[derive(Debug, Clone)]
pub struct Learner<'r> {
    rows: &'r Rows,
    recipe: Recipe,
    svm: Svm,
    told: Vec<Told>,
    /// Place of a row in `told`.
    known: Vec<Option<usize>>,
    /// All rows in the order in which they stand in for unwanted papers.
    lot: Vec<usize>,
    /// For each term the told papers that use it, made when it is first asked for.
    users: OnceCell<Vec<Vec<(u32, f32)>>>,
}

impl<'r> Learner<'r> {
    /// Returns one that knows nothing. `seed` decides which papers stand in for unwanted ones first.
    pub fn new(rows: &'r Rows, recipe: Recipe, seed: u64) -> Self {
        let mut lot: Vec<(u64, usize)> = (0..rows.len()).map(|row| (mixed(seed, row), row)).collect();
        lot.sort_unstable();
        let lot = lot.into_iter().map(|(_, row)| row).collect();
        Self {
            rows,
            recipe,
            svm: Svm::new(rows),
            told: Vec::new(),
            known: vec![None; rows.len()],
            lot,
            users: OnceCell::new(),
        }
    }

    /// Notes what a person said of a paper; a later word on it takes the place of an earlier one.
    pub fn tell(&mut self, told: Told) {
        let Some(known) = self.known.get_mut(told.row) else { return };
        self.users.take();
        if let Some(earlier) = known.and_then(|n| self.told.get_mut(n)) {
            *earlier = told;
        } else {
            *known = Some(self.told.len());
            self.told.push(told);
        }
    }

    /// Tells whether something was said of a paper.
    pub fn is_known(&self, row: usize) -> bool {
        self.known.get(row).is_some_and(Option::is_some)
    }

    /// Learns from all that was told. Until there is a wanted and an unwanted (or presumed) paper, every
    /// decision is 0.0.
    pub fn learn(&mut self) {
        self.learn_until(SETTLED);
    }

    /// The same as one of many rounds, each with a few answers more: less exact, many times faster.
    pub fn learn_on(&mut self) {
        self.learn_until(ONE_ROUND);
    }

    fn learn_until(&mut self, until: Until) {
        let sum = |is_wanted: bool| -> f64 {
            self.told.iter().filter(|t| t.is_wanted == is_wanted).map(|t| t.weight).sum::<f64>()
        };
        let unwanted_known = self.told.iter().filter(|t| !t.is_wanted).count();
        let free = self.recipe.presumed.min(self.rows.len() / PRESUMED_ONE_IN).saturating_sub(unwanted_known);
        let presumed: Vec<usize> = self.lot.iter().copied().filter(|row| !self.is_known(*row)).take(free).collect();
        let wanted = sum(true);
        let unwanted = presumed.iter().fold(sum(false), |sum, _| sum + self.recipe.presumed_weight);
        if wanted <= 0.0 || unwanted <= 0.0 {
            self.svm.train(self.rows, &[], until);
            return;
        }
        // Both sides in the ratio of the recipe, and 1 for the mean paper.
        let unwanted_weight = wanted / (self.recipe.balance * unwanted);
        let mean = (wanted + unwanted_weight * unwanted) / (wanted + unwanted);
        let cost = |is_wanted: bool, weight: f64| {
            self.recipe.cost * weight * if is_wanted { 1.0 } else { unwanted_weight } / mean
        };
        let told =
            self.told.iter().map(|t| Example { row: t.row, is_wanted: t.is_wanted, cost: cost(t.is_wanted, t.weight) });
        let lent = presumed.iter().map(|row| Example {
            row: *row,
            is_wanted: false,
            cost: cost(false, self.recipe.presumed_weight),
        });
        let examples: Vec<Example> = told.chain(lent).collect();
        self.svm.train(self.rows, &examples, until);
    }

    /// Returns on which side a paper stands: above 0.0 like the wanted ones. See [`Svm::decision`].
    pub fn decision(&self, row: usize) -> f64 {
        self.svm.decision(self.rows, row)
    }

    /// Returns the terms that speak for a paper and those that speak against it, strongest first, as people read
    /// them, with what they add to its decision; at most so many of each.
    pub fn terms(&self, row: usize, most: usize) -> (Weighed, Weighed) {
        let mut all = self.svm.contributions(self.rows, row);
        all.retain(|(term, _)| self.rows.name(*term).1);
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let named = |(term, value): &(usize, f64)| (self.rows.name(*term).0.to_owned(), *value);
        let speaks_for = all.iter().filter(|(_, v)| *v > 0.0).take(most).map(named).collect();
        let against = all.iter().rev().filter(|(_, v)| *v < 0.0).take(most).map(named).collect();
        (speaks_for, against)
    }

    /// Returns the papers of which something was said that are most like a paper, with how alike they are,
    /// most alike first; at most so many, and none without a term in common.
    pub fn nearest(&self, row: usize, most: usize) -> Vec<(Told, f64)> {
        let users = self.users.get_or_init(|| self.users());
        // Many papers are compared with many: by their terms it takes a thousandth of the time.
        let mut sums = vec![0.0_f64; self.told.len()];
        for (term, value) in self.rows.row(row).iter() {
            for (place, other) in users.get(term).into_iter().flatten() {
                if let Some(sum) = sums.get_mut(*place as usize) {
                    *sum += f64::from(value) * f64::from(*other);
                }
            }
        }
        let length = self.rows.row(row).square().sqrt();
        let likeness = |told: &Told, sum: f64| sum / (length * self.rows.row(told.row).square().sqrt());
        let others = self.told.iter().zip(sums).filter(|(t, sum)| t.row != row && *sum > 0.0);
        let mut all: Vec<(Told, f64)> = others.map(|(t, sum)| (*t, likeness(t, sum))).collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.row.cmp(&b.0.row)));
        all.truncate(most);
        all
    }

    /// Returns for each term the places in `told` of the papers that use it, with the term's value there.
    fn users(&self) -> Vec<Vec<(u32, f32)>> {
        let mut out = vec![Vec::new(); self.rows.width()];
        for (place, told) in (0_u32..).zip(&self.told) {
            for (term, value) in self.rows.row(told.row).iter() {
                if let Some(users) = out.get_mut(term) {
                    users.push((place, value));
                }
            }
        }
        out
    }
}

/// Returns a number for a row that looks like chance and is always the same.
pub(super) fn mixed(seed: u64, row: usize) -> u64 {
    scrambled(seed.wrapping_add((row as u64).wrapping_add(1).wrapping_mul(GOLDEN)))
}
