//! A work on its way into an issue.

use crate::draft::select::Wish;
use crate::model::{Judgement, Score, Work};

/// A work that may enter an issue.
#[derive(Debug, Clone, PartialEq)]
pub struct Gathered {
    /// The work.
    pub work: Work,
    /// Its judgement with people's words on top.
    pub judgement: Judgement,
    /// Its score for this issue.
    pub score: Score,
    /// Names of its countries.
    pub country_names: Vec<String>,
    /// Working groups that its sources usually serve; used only where its words name none.
    pub source_topics: Vec<String>,
    /// What people are told of its other forms, and of what they said of it before; empty for nothing.
    pub remark: String,
    /// What a person asked for.
    pub wish: Wish,
}
