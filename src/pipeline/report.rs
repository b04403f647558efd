//! What sources and files brought.

use crate::model::{Problem, Severity};

/// How every failure ends in which no way led out of this computer.
pub const OFFLINE_QUESTION: &str = "is this computer online?";

/// What one source brought.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
pub struct SourceReport {
    /// Source id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Records said for the first time.
    pub new: usize,
    /// Records whose text has changed.
    pub changed: usize,
    /// Records that say what they said before.
    pub same: usize,
    /// Records that the source withdrew.
    pub withdrawn: usize,
    /// Works that did not exist before.
    pub works_new: usize,
    /// Records that were found to be a work already known.
    pub merged: usize,
    /// What was repaired, left out or lost.
    pub problems: Vec<Problem>,
    /// Remarks of the source: moved, shortfall, query warnings.
    pub notes: Vec<String>,
    /// How PubMed understood the query, in full; `None` for other sources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_translation: Option<String>,
    /// Why the source failed; `None` when it did not.
    pub error: Option<String>,
}

impl SourceReport {
    /// Says why nothing came of a file: a tick beside "0 new" would say that all is well.
    pub(super) fn fail_if_nothing_was_read(&mut self) {
        let is_empty = self.new + self.changed + self.same + self.withdrawn == 0;
        let is_lost = |p: &&Problem| p.severity == Severity::Error;
        if is_empty && let Some(problem) = self.problems.iter().find(is_lost) {
            self.error = Some(problem.message.clone());
        }
    }

    /// Adds the counts of a part.
    pub(super) fn add(&mut self, part: &Self) {
        self.new += part.new;
        self.changed += part.changed;
        self.same += part.same;
        self.withdrawn += part.withdrawn;
        self.works_new += part.works_new;
        self.merged += part.merged;
    }
}

/// What a harvest brought.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
pub struct HarvestReport {
    /// Each source asked, in the order of `feeds.toml`.
    pub sources: Vec<SourceReport>,
}

impl HarvestReport {
    /// Tells whether some source failed or something of one was lost.
    pub fn has_failures(&self) -> bool {
        let is_lost = |s: &SourceReport| s.problems.iter().any(|p| p.severity == Severity::Error);
        self.sources.iter().any(|s| s.error.is_some() || is_lost(s))
    }
}
