//! Brings the learned part into a score.

use super::trial::Trial;
use crate::model::{LEARNED, Score, ScorePart};

/// Choices from which on what was learnt counts at all: fewer say more of chance than of taste.
pub const CHOICES_MIN: usize = 30;
/// Papers of each kind, kept and not, that are needed as well.
pub const EACH_MIN: usize = 5;
/// Choices from which on it counts in full.
pub const CHOICES_FULL: usize = 120;
/// Share of pairs that the trial must put in order for the learned part to count in full; at one half, which
/// is chance, it counts nothing.
const PAIRS_RIGHT_FULL: f64 = 0.75;

/// Returns how much of a score the learned part is, 0.0–1.0. `weight` is what it counts in full beside the written
/// rules, which together count 1.0. It is nothing below 30 choices or with fewer than five papers kept or
/// five not kept; from there it grows with each choice up to 120, and with how well a trial went.
pub fn share_of_learned(kept: usize, not_kept: usize, trial: Option<&Trial>, weight: f64) -> f64 {
    let choices = kept + not_kept;
    let Some(trial) = trial.filter(|_| choices >= CHOICES_MIN && kept.min(not_kept) >= EACH_MIN) else { return 0.0 };
    #[expect(clippy::cast_precision_loss, reason = "at most 120")]
    let grown = choices.min(CHOICES_FULL) as f64 / CHOICES_FULL as f64;
    let earned = ((trial.pairs_right - 0.5) / (PAIRS_RIGHT_FULL - 0.5)).clamp(0.0, 1.0);
    let counts = weight.max(0.0) * grown * earned;
    counts / (1.0 + counts)
}

/// Returns a score with the learned part in it, which is `share` of the whole; the other parts keep their
/// proportions. Without a share the score is as it was.
pub fn with_learned(score: Score, value: f64, note: String, share: f64) -> Score {
    if share <= 0.0 {
        return score;
    }
    let mut parts: Vec<ScorePart> =
        score.parts.into_iter().map(|p| ScorePart { weight: p.weight * (1.0 - share), ..p }).collect();
    parts.push(ScorePart { name: LEARNED.to_owned(), value: value.clamp(0.0, 1.0), weight: share, note });
    Score { total: parts.iter().map(|p| p.value * p.weight).sum(), parts }
}

#[cfg(test)]
mod tests {
    use super::super::{Recipe, Rows, Text, Told, try_out};
    use super::*;

    #[test]
    fn the_learned_part_grows_with_choices_and_never_rests_on_few() {
        let texts: Vec<String> = (0..80).map(|n| if n % 2 == 0 { "sleep" } else { "soil" }.to_owned()).collect();
        let texts: Vec<Text<'_>> = texts.iter().map(|t| Text { title: t, ..Text::default() }).collect();
        let told: Vec<Told> = (0..80).map(|row| Told { row, is_wanted: row % 2 == 0, weight: 1.0 }).collect();
        let trial = try_out(&Rows::new(&texts, &Recipe::default()), Recipe::default(), &told);
        // id, kept, not kept, weight, share of the whole
        for (id, kept, not_kept, weight, wanted) in [
            ("too few", 15, 14, 1.0, 0.0),
            ("as many as needed", 15, 15, 1.0, 0.2),
            ("nearly all kept", 60, 4, 1.0, 0.0),
            ("half", 30, 30, 1.0, 1.0 / 3.0),
            ("all", 100, 900, 1.0, 0.5),
            ("switched off", 100, 900, 0.0, 0.0),
        ] {
            let share = share_of_learned(kept, not_kept, trial.as_ref(), weight);
            assert!((share - wanted).abs() < 1e-9, "{id}: {share}");
            assert!(share_of_learned(kept, not_kept, None, weight).abs() < 1e-12, "{id}: no trial, no share");
        }
    }

    #[test]
    fn a_score_stays_the_sum_of_its_parts() {
        let part = |weight: f64, value: f64| ScorePart { name: "x".into(), value, weight, note: String::new() };
        let before = Score { total: 0.75 * 0.4 + 0.25, parts: vec![part(0.75, 0.4), part(0.25, 1.0)] };
        let after = with_learned(before.clone(), 0.9, "like 4 papers you kept".into(), 0.2);
        assert!((after.parts.iter().map(|p| p.weight).sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((after.total - (before.total * 0.8 + 0.18)).abs() < 1e-12);
        assert_eq!(with_learned(before.clone(), 0.9, String::new(), 0.0), before);
    }
}
