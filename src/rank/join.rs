//! Brings the learned part into a score.

use crate::model::{Score, ScorePart};

/// Choices from which on what was learnt counts at all: fewer say more of chance than of taste.
pub const CHOICES_MIN: usize = 30;
/// Papers of each kind, kept and not, that are needed as well.
pub const EACH_MIN: usize = 5;
/// Choices from which on it counts in full.
const CHOICES_FULL: usize = 120;
/// How steeply a decision becomes a value: decisions lie mostly between −1 and 1.
const STEEPNESS: f64 = 3.0;

/// What was learnt of one paper.
#[derive(Debug, Clone, PartialEq)]
pub struct Learned {
    /// The learner's decision: above 0.0 like the papers that were kept.
    pub decision: f64,
    /// What is said of it.
    pub note: String,
}

/// Returns how much of a score the learned part is, 0.0–`full`: nothing below 30 choices or with fewer than five
/// papers kept or five not kept, then more with each choice, in full from 120 on.
pub fn share_of_learned(kept: usize, not_kept: usize, full: f64) -> f64 {
    let choices = kept + not_kept;
    if choices < CHOICES_MIN || kept.min(not_kept) < EACH_MIN {
        return 0.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "at most 120")]
    let grown = choices.min(CHOICES_FULL) as f64 / CHOICES_FULL as f64;
    full * grown
}

/// Returns a score with the learned part in it, which is `share` of the whole; the other parts keep their
/// proportions. Without a share the score is as it was.
pub fn with_learned(score: Score, learned: Learned, share: f64) -> Score {
    if share <= 0.0 {
        return score;
    }
    let mut parts: Vec<ScorePart> =
        score.parts.into_iter().map(|p| ScorePart { weight: p.weight * (1.0 - share), ..p }).collect();
    let value = 1.0 / (1.0 + (-STEEPNESS * learned.decision).exp());
    parts.push(ScorePart { name: "learned".to_owned(), value, weight: share, note: learned.note });
    Score { total: parts.iter().map(|p| p.value * p.weight).sum(), parts }
}
