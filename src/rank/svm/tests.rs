//! The machine against a slow and plain solver of the same problem.

use proptest::prelude::*;

use super::{Example, Svm, Until};
use crate::rank::rows::Rows;

/// As near to the end as six digits allow.
const TIGHT: Until = Until { tolerance: 1e-6, passes_max: 3000 };

/// A problem: rows, and an example on each.
#[derive(Debug, Clone)]
struct Case {
    width: usize,
    rows: Vec<Vec<(u32, f64)>>,
    examples: Vec<Example>,
}

impl Case {
    fn rows(&self) -> Rows {
        Rows::of(&self.rows, self.width)
    }

    /// Returns a row with the 1 that the bias stands on, as the machine keeps it.
    fn dense(&self, row: usize) -> Vec<f64> {
        let mut out = vec![0.0; self.width + 1];
        for (term, value) in &self.rows[row] {
            #[expect(clippy::cast_possible_truncation, reason = "the machine keeps six digits of a value")]
            let value = f64::from(*value as f32);
            out[*term as usize] = value;
        }
        out[self.width] = 1.0;
        out
    }

    /// Returns ½‖w‖² + ½b² + Σ cost · max(0, 1 − y·f)².
    fn objective(&self, weights: &[f64]) -> f64 {
        0.5 * dot(weights, weights) + self.examples.iter().map(|e| e.cost * self.short(e, weights).powi(2)).sum::<f64>()
    }

    /// Returns how far an example falls short of its margin.
    fn short(&self, example: &Example, weights: &[f64]) -> f64 {
        (1.0 - sign(example) * dot(weights, &self.dense(example.row))).max(0.0)
    }
}

fn sign(example: &Example) -> f64 {
    if example.is_wanted { 1.0 } else { -1.0 }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Solves the problem by Newton's method on the weights, with full matrices.
fn newton(case: &Case) -> Vec<f64> {
    let size = case.width + 1;
    let mut weights = vec![0.0; size];
    for _ in 0..200 {
        let mut gradient = weights.clone();
        let mut matrix: Vec<Vec<f64>> =
            (0..size).map(|i| (0..size).map(|j| f64::from(u8::from(i == j))).collect()).collect();
        for example in &case.examples {
            let (short, row) = (case.short(example, &weights), case.dense(example.row));
            if short <= 0.0 {
                continue;
            }
            for i in 0..size {
                gradient[i] -= 2.0 * example.cost * short * sign(example) * row[i];
                for j in 0..size {
                    matrix[i][j] += 2.0 * example.cost * row[i] * row[j];
                }
            }
        }
        if dot(&gradient, &gradient).sqrt() < 1e-11 {
            break;
        }
        let step = solved(matrix, gradient);
        let mut length = 1.0;
        let from = case.objective(&weights);
        let moved = |length: f64| weights.iter().zip(&step).map(|(w, s)| w - length * s).collect::<Vec<f64>>();
        while length > 1e-12 && case.objective(&moved(length)) > from {
            length *= 0.5;
        }
        weights = moved(length);
    }
    weights
}

/// Solves a system of linear equations by elimination.
fn solved(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for i in 0..size {
        // The matrix is the unit matrix plus what is never negative: its diagonal never vanishes.
        for j in i + 1..size {
            let factor = matrix[j][i] / matrix[i][i];
            let above = matrix[i].clone();
            for (cell, above) in matrix[j].iter_mut().zip(&above).skip(i) {
                *cell -= factor * above;
            }
            right[j] -= factor * right[i];
        }
    }
    for i in (0..size).rev() {
        let known: f64 = (i + 1..size).map(|k| matrix[i][k] * right[k]).sum();
        right[i] = (right[i] - known) / matrix[i][i];
    }
    right
}

fn weights(svm: &Svm) -> Vec<f64> {
    svm.weights.iter().chain([&svm.bias]).map(|w| f64::from(*w)).collect()
}

/// Returns the bound from below that the multipliers give: Σ α − ½‖w‖² − ½b² − Σ α² ÷ (4 · cost).
fn bound(case: &Case, svm: &Svm) -> f64 {
    let w = weights(svm);
    let share = |e: &Example| svm.shares[e.row].abs();
    case.examples.iter().map(|e| share(e) - share(e).powi(2) / (4.0 * e.cost)).sum::<f64>() - 0.5 * dot(&w, &w)
}

fn trained(rows: &Rows, examples: &[Example]) -> Svm {
    let mut svm = Svm::new(rows);
    svm.train(rows, examples, TIGHT);
    svm
}

fn assert_same(a: &Svm, b: &Svm, what: &str) {
    for (a, b) in weights(a).iter().zip(weights(b)) {
        assert!((a - b).abs() < 2e-3, "{what}: {a} and {b}");
    }
}

/// One example for each row.
fn examples(rows: usize) -> impl Strategy<Value = Vec<Example>> {
    prop::collection::vec((any::<bool>(), -4.6..2.3_f64), rows).prop_map(|all| {
        let numbered = all.into_iter().enumerate();
        numbered.map(|(row, (is_wanted, log))| Example { row, is_wanted, cost: log.exp() }).collect()
    })
}

fn rows() -> impl Strategy<Value = (usize, Vec<Vec<(u32, f64)>>)> {
    (3..=15_u32).prop_flat_map(|width| {
        let row = prop::collection::btree_map(0..width, 0.05..1.0_f64, 0..6).prop_map(|row| row.into_iter().collect());
        (Just(width as usize), prop::collection::vec(row, 5..=30))
    })
}

fn cases() -> impl Strategy<Value = Case> {
    rows().prop_flat_map(|(width, rows)| {
        examples(rows.len()).prop_map(move |examples| Case { width, rows: rows.clone(), examples })
    })
}

/// A problem with other sets of examples: each a part of the rows with other sides and costs.
fn series() -> impl Strategy<Value = (Case, Vec<Vec<Example>>)> {
    cases().prop_flat_map(|case| {
        let part = (examples(case.rows.len()), prop::collection::vec(any::<bool>(), case.rows.len()));
        let part =
            part.prop_map(|(all, is_in)| all.into_iter().zip(is_in).filter(|(_, i)| *i).map(|(e, _)| e).collect());
        (Just(case), prop::collection::vec(part, 1..6))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_learnt_is_as_good_as_the_solution_and_proves_it(case in cases()) {
        let svm = trained(&case.rows(), &case.examples);
        let (reached, best) = (case.objective(&weights(&svm)), case.objective(&newton(&case)));
        prop_assert!((reached - best).abs() <= 1e-4 * best, "reached {reached}, best is {best}");
        let gap = reached - bound(&case, &svm);
        prop_assert!(gap.abs() <= 1e-4 * best.max(1.0), "the gap is {gap}");
    }

    #[test]
    fn what_was_learnt_before_leaves_no_trace((case, before) in series()) {
        let rows = case.rows();
        let mut svm = Svm::new(&rows);
        for part in &before {
            svm.train(&rows, part, TIGHT);
        }
        svm.train(&rows, &case.examples, TIGHT);
        assert_same(&svm, &trained(&rows, &case.examples), "after others");
        svm.train(&rows, &[], TIGHT);
        assert_same(&svm, &Svm::new(&rows), "after all have left");
    }

    #[test]
    fn the_order_of_examples_does_not_matter(case in cases(), turn in 0..30_usize) {
        let rows = case.rows();
        let straight = trained(&rows, &case.examples);
        let mut other = case.examples.clone();
        other.reverse();
        let by = turn % other.len();
        other.rotate_left(by);
        assert_same(&straight, &trained(&rows, &other), "in another order");
    }
}

#[test]
fn two_papers_worked_out_by_hand() {
    // x = ±1 with y = ±1 and cost c: by symmetry b = 0, and ½w² + 2c(1 − w)² is least at w = 4c ÷ (1 + 4c).
    for cost in [0.05, 0.25, 1.0, 10.0] {
        let rows = Rows::of(&[vec![(0, 1.0)], vec![(0, -1.0)]], 1);
        let examples = [(0, true), (1, false)].map(|(row, is_wanted)| Example { row, is_wanted, cost });
        let svm = trained(&rows, &examples);
        let weight = 4.0 * cost / (1.0 + 4.0 * cost);
        assert!((svm.decision(&rows, 0) - weight).abs() < 1e-4, "cost {cost}: {}", svm.decision(&rows, 0));
        assert!((svm.decision(&rows, 1) + weight).abs() < 1e-4, "cost {cost}");
        let parts = svm.contributions(&rows, 0);
        assert!(parts.len() == 1 && (parts[0].1 - weight).abs() < 1e-4, "{parts:?}");
    }
}

#[test]
fn examples_that_are_none_are_passed_over() {
    let rows = Rows::of(&[vec![(0, 1.0)], vec![(1, 1.0)], vec![]], 2);
    let good = [Example { row: 0, is_wanted: true, cost: 1.0 }, Example { row: 1, is_wanted: false, cost: 1.0 }];
    let wanted = trained(&rows, &good);
    let cases: [(&str, Example); 5] = [
        ("a row that is not there", Example { row: 9, is_wanted: true, cost: 1.0 }),
        ("the last number there is", Example { row: usize::MAX, is_wanted: true, cost: 1.0 }),
        ("cost 0", Example { row: 2, is_wanted: true, cost: 0.0 }),
        ("cost below 0", Example { row: 2, is_wanted: true, cost: -3.0 }),
        ("cost that is no number", Example { row: 2, is_wanted: true, cost: f64::NAN }),
    ];
    for (id, odd) in cases {
        for examples in [[good[0], good[1], odd], [odd, good[0], good[1]]] {
            assert_same(&trained(&rows, &examples), &wanted, id);
        }
    }
    let twice = [Example { is_wanted: false, cost: 5.0, ..good[0] }, good[0], good[1]];
    assert_same(&trained(&rows, &twice), &wanted, "of two on one row the later");
    assert!(wanted.decision(&rows, 9).is_finite() && wanted.contributions(&rows, 9).is_empty());
}

#[test]
fn little_to_learn_from_gives_something_sensible() {
    let rows = Rows::of(&[vec![(0, 1.0)], vec![(1, 1.0)], vec![]], 2);
    let of = |examples: &[Example]| trained(&rows, examples);
    let nothing = of(&[]);
    assert!((0..3).all(|row| nothing.decision(&rows, row) == 0.0), "nothing learnt");
    let one_side = of(&[Example { row: 0, is_wanted: true, cost: 1.0 }]);
    assert!(one_side.decision(&rows, 0) > one_side.decision(&rows, 1), "like the one that is known");
    assert!(one_side.decision(&rows, 2) > 0.0, "the bias alone");
    let empty = of(&[Example { row: 2, is_wanted: false, cost: 1.0 }]);
    assert!(empty.decision(&rows, 0) < 0.0 && empty.contributions(&rows, 2).is_empty(), "an empty row moves the bias");
    let infinite = of(&[Example { row: 0, is_wanted: true, cost: f64::INFINITY }]);
    assert!((infinite.decision(&rows, 0) - 1.0).abs() < 1e-4, "no mistake is borne");
    let no_rows = Rows::of(&[], 0);
    let mut svm = Svm::new(&no_rows);
    svm.train(&no_rows, &[Example { row: 0, is_wanted: true, cost: 1.0 }], TIGHT);
    assert!(svm.decision(&no_rows, 0).abs() < 1e-12, "no rows, nothing learnt");
}
