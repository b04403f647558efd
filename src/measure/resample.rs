//! Draws rows anew, with replacement, to tell how sure a figure is.

use crate::model::{GOLDEN, scrambled};

/// Share of the draws that an interval leaves out at each end.
const TAIL: f64 = 0.025;

/// Returns the rows of each draw: as many units as there are, drawn with replacement, each unit whole.
pub fn resample(units: &[Vec<usize>], draws: usize, seed: u64) -> impl Iterator<Item = Vec<usize>> {
    let mut state = seed;
    (0..draws).map(move |_| {
        let mut rows = Vec::new();
        for _ in 0..units.len() {
            rows.extend(units.get(below(&mut state, units.len())).into_iter().flatten());
        }
        rows
    })
}

/// Returns the next number below a bound above 0.
fn below(state: &mut u64, bound: usize) -> usize {
    *state = state.wrapping_add(GOLDEN);
    usize::try_from((u128::from(scrambled(*state)) * bound as u128) >> 64).unwrap_or_default()
}

/// Returns the values between which 95 of 100 lie; `None` for no values.
pub fn interval(mut values: Vec<f64>) -> Option<(f64, f64)> {
    values.sort_by(f64::total_cmp);
    let count = super::as_f64(values.len());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in the list: small, not negative"
    )]
    let place = |share: f64| (share * count) as usize;
    let low = values.get(place(TAIL))?;
    let high = values.get(place(1.0 - TAIL)).or(values.last())?;
    Some((*low, *high))
}
