//! What the rules say of two records, and how long a title must be to speak for a paper.

use super::Verdict;
use super::evidence::Evidence;

/// Fewest meaningful words of a title that can stand for a paper beside its authors.
pub(super) const WORDS_WITH_AUTHORS_MIN: usize = 3;

/// Fewest meaningful words of a title that can stand for a paper by itself.
pub(super) const WORDS_ALONE_MIN: usize = 6;

/// Fewest meaningful words of a title that can stand for a paper where the journals are called
/// otherwise or nothing else is known.
pub(super) const WORDS_UNSUPPORTED_MIN: usize = 8;

/// What the rules say about two records.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Judged {
    pub verdict: Verdict,
    /// How sure a `Same` is, 0–100; joins are made from the surest down.
    pub strength: u8,
    /// Why, in plain words.
    pub why: &'static str,
    /// Whether the two must not come into one work through a third either.
    pub is_veto: bool,
    /// What was compared; `None` when a glance was enough.
    pub evidence: Option<Evidence>,
}

impl Judged {
    /// Returns that they are one, as sure as `strength`.
    pub fn same(strength: u8, why: &'static str) -> Self {
        Self { verdict: Verdict::Same, strength, why, is_veto: false, evidence: None }
    }

    /// Returns that a person has to decide.
    pub fn maybe(why: &'static str) -> Self {
        Self { verdict: Verdict::Maybe, strength: 0, why, is_veto: false, evidence: None }
    }

    /// Returns that they are two.
    pub fn different(why: &'static str) -> Self {
        Self { verdict: Verdict::Different, strength: 0, why, is_veto: false, evidence: None }
    }

    /// Returns that they are two and must not come into one work through a third either.
    pub fn veto(why: &'static str) -> Self {
        Self { is_veto: true, ..Self::different(why) }
    }
}
