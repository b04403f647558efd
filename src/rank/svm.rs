//! A linear support vector machine over sparse rows: squared hinge loss, learnt by dual coordinate descent.
//!
//! Minimises ½‖w‖² + ½b² + Σ costᵢ · max(0, 1 − yᵢ(w·xᵢ + b))², one paper's multiplier after the other
//! (Hsieh, Chang, Lin, Keerthi and Sundararajan 2008, algorithm 1 without shuffling, so that nothing is left to
//! chance). What was learnt before is where the next round begins. The crates looked at either bind a C
//! library or take dense rows only.

use super::rows::Rows;

/// A paper to learn from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Example {
    /// Its row.
    pub row: usize,
    /// Whether it is wanted.
    pub is_wanted: bool,
    /// What a mistake on it costs; above 0.0.
    pub cost: f64,
}

/// When learning ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Until {
    /// Largest change that a paper still asks for, in units of its margin.
    pub tolerance: f64,
    /// Passes over the papers at most.
    pub passes_max: usize,
}

/// What was learnt: a weight for every term.
#[derive(Debug, Clone)]
pub struct Svm {
    weights: Vec<f32>,
    bias: f32,
    /// Each row's multiplier times +1 (wanted) or −1.
    shares: Vec<f64>,
    /// Rows with a multiplier above 0.
    held: Vec<usize>,
}

/// A paper while it is learnt from.
struct Learning {
    row: usize,
    sign: f64,
    /// 1 ÷ (2 × cost), the diagonal that the squared hinge adds.
    slack: f64,
    /// The curvature along this paper's multiplier.
    curvature: f64,
    multiplier: f64,
}

impl Svm {
    /// Returns one that has learnt nothing: every decision is 0.0.
    pub fn new(rows: &Rows) -> Self {
        Self { weights: vec![0.0; rows.width()], bias: 0.0, shares: vec![0.0; rows.len()], held: Vec::new() }
    }

    /// Learns from examples, beginning with what is known. Afterwards the weights depend on these examples alone
    /// (within the tolerance). Rows that do not exist and costs that are not above 0.0 are passed over; of two
    /// examples on one row the later one is heeded.
    pub fn train(&mut self, rows: &Rows, examples: &[Example], until: Until) {
        let mut all = self.begin(rows, examples);
        let mut live: Vec<usize> = (0..all.len()).collect();
        let mut is_whole = true;
        for _ in 0..until.passes_max {
            let mut worst = 0.0_f64;
            let mut next = Vec::with_capacity(live.len());
            for number in live {
                let Some(one) = all.get_mut(number) else { continue };
                let row = rows.row(one.row);
                let decision = f64::from(row.dot(&self.weights) + self.bias);
                let gradient = one.sign * decision - 1.0 + one.multiplier * one.slack;
                let wish = if one.multiplier > 0.0 { gradient } else { gradient.min(0.0) };
                worst = worst.max(wish.abs());
                if one.multiplier > 0.0 || gradient < 0.0 {
                    next.push(number);
                }
                let to = (one.multiplier - gradient / one.curvature).max(0.0);
                self.shift(rows, one.row, (to - one.multiplier) * one.sign);
                one.multiplier = to;
            }
            let is_done = worst < until.tolerance;
            if is_done && is_whole {
                break;
            }
            // Papers far on their own side are left out until the others have come to rest.
            live = if is_done { (0..all.len()).collect() } else { next };
            is_whole = is_done;
        }
        self.held = all.iter().filter(|one| one.multiplier > 0.0).map(|one| one.row).collect();
        for one in &all {
            if let Some(share) = self.shares.get_mut(one.row) {
                *share = one.multiplier * one.sign;
            }
        }
    }

    /// Makes examples ready, with the multipliers of the last round; forgets what is no example any more or has
    /// changed sides.
    fn begin(&mut self, rows: &Rows, examples: &[Example]) -> Vec<Learning> {
        let mut last: Vec<Option<usize>> = vec![None; rows.len()];
        for (number, example) in examples.iter().enumerate() {
            if let Some(place) = last.get_mut(example.row).filter(|_| example.cost > 0.0) {
                *place = Some(number);
            }
        }
        let is_heeded = |number: usize, row: usize| last.get(row) == Some(&Some(number));
        for row in std::mem::take(&mut self.held) {
            let share = self.shares.get(row).copied().unwrap_or_default();
            let example = last.get(row).copied().flatten().and_then(|n| examples.get(n));
            if example.is_none_or(|e| e.is_wanted != (share > 0.0)) {
                self.shift(rows, row, -share);
                if let Some(share) = self.shares.get_mut(row) {
                    *share = 0.0;
                }
            }
        }
        let heeded = examples.iter().enumerate().filter(|(number, e)| is_heeded(*number, e.row));
        heeded
            .map(|(_, e)| {
                let slack = 0.5 / e.cost;
                Learning {
                    row: e.row,
                    sign: if e.is_wanted { 1.0 } else { -1.0 },
                    slack,
                    curvature: rows.row(e.row).square() + 1.0 + slack,
                    multiplier: self.shares.get(e.row).map_or(0.0, |s| s.abs()),
                }
            })
            .collect()
    }

    /// Moves the weights along a row.
    fn shift(&mut self, rows: &Rows, row: usize, by: f64) {
        #[expect(clippy::cast_possible_truncation, reason = "weights are kept to six digits")]
        let by = by as f32;
        if by == 0.0 {
            return;
        }
        self.bias += by;
        for (term, value) in rows.row(row).iter() {
            if let Some(weight) = self.weights.get_mut(term) {
                *weight += by * value;
            }
        }
    }

    /// Returns on which side a paper stands, and how far: above 0.0 like what is wanted, below it like the others.
    pub fn decision(&self, rows: &Rows, row: usize) -> f64 {
        f64::from(rows.row(row).dot(&self.weights) + self.bias)
    }

    /// Returns what each term of a paper adds to its [`Svm::decision`], in order of the terms' numbers.
    pub fn contributions(&self, rows: &Rows, row: usize) -> Vec<(usize, f64)> {
        let weight = |term: usize| self.weights.get(term).copied().unwrap_or_default();
        rows.row(row).iter().map(|(term, value)| (term, f64::from(weight(term) * value))).collect()
    }
}

#[cfg(test)]
mod tests;
