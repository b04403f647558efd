//! Plays a finished screening again: which papers would have been shown when, had the order learnt from each
//! answer.

use super::learner::{Learner, Told, mixed};
use super::recipe::Recipe;
use super::rows::Rows;

/// What is known at the beginning: one paper of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Priors {
    /// Row of a wanted paper.
    pub wanted: usize,
    /// Row of another.
    pub unwanted: usize,
}

/// A screening as it was played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Rows in the order in which they were shown, until the last wanted one was found; the priors are not in it.
    pub order: Vec<usize>,
    /// How often was learnt.
    pub rounds: usize,
}

/// Returns two papers to begin with, drawn by lot; the same seed draws the same. `None` unless there is one of
/// each kind.
pub fn draw(labels: &[bool], seed: u64) -> Option<Priors> {
    let first = |is_wanted: bool| {
        let rows = labels.iter().enumerate().filter(|(_, label)| **label == is_wanted).map(|(row, _)| row);
        rows.min_by_key(|row| mixed(seed, *row))
    };
    Some(Priors { wanted: first(true)?, unwanted: first(false)? })
}

/// Plays the screening of papers whose answers are known, learning anew after every `every` answers (at least 1):
/// always the papers that look most like wanted ones are shown next, by lot where two are equal: the order of the
/// file, in which included papers often stand first, must say nothing. The same input gives the same order.
pub fn simulate(rows: &Rows, labels: &[bool], priors: Priors, every: usize, recipe: Recipe, seed: u64) -> Run {
    let mut learner = Learner::new(rows, recipe, seed);
    let told = |row: usize| Told { row, is_wanted: labels.get(row).copied().unwrap_or_default(), weight: 1.0 };
    learner.tell(told(priors.wanted));
    learner.tell(told(priors.unwanted));
    let mut left: Vec<usize> = (0..rows.len().min(labels.len())).filter(|row| !learner.is_known(*row)).collect();
    let mut missing = left.iter().filter(|row| told(**row).is_wanted).count();
    let mut run = Run { order: Vec::new(), rounds: 0 };
    while missing > 0 {
        learner.learn_on();
        run.rounds += 1;
        let mut best: Vec<(f64, u64, usize)> =
            left.iter().map(|row| (learner.decision(*row), mixed(seed, *row), *row)).collect();
        let count = every.clamp(1, best.len());
        let order = |a: &(f64, u64, usize), b: &(f64, u64, usize)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
        if count < best.len() {
            best.select_nth_unstable_by(count - 1, order);
            best.truncate(count);
        }
        best.sort_unstable_by(order);
        for (.., row) in best {
            run.order.push(row);
            learner.tell(told(row));
            missing -= usize::from(told(row).is_wanted);
        }
        left.retain(|row| !learner.is_known(*row));
    }
    run
}

#[cfg(test)]
mod tests;
