//! A paper's place in the order, as visible parts.

/// Name of the part of a score that was learnt from what people kept.
pub const LEARNED: &str = "learned";

/// One part of a score.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ScorePart {
    /// What is measured ("relevance", "design" …).
    pub name: String,
    /// How much of it there is, 0.0–1.0.
    pub value: f64,
    /// How much it counts; the weights of all parts add up to 1.0.
    pub weight: f64,
    /// In plain words ("randomised trial").
    pub note: String,
}

/// A paper's score: the weighted sum of its parts, 0.0–1.0.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Score {
    /// The sum.
    pub total: f64,
    /// What it is made of, in the order of the formula.
    pub parts: Vec<ScorePart>,
}
