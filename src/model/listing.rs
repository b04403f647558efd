//! What a draft listed: which papers people were shown, where, and why there.

use super::WorkId;

/// The part of a draft in which a paper was listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DraftPart {
    /// Proposed for a working group's section.
    Item,
    /// Proposed for the compact list.
    More,
    /// Among the candidates.
    Candidate,
    /// Asked about: it may be out of scope.
    Question,
}

impl DraftPart {
    /// Every part, in the order of the draft.
    pub const ALL: [Self; 4] = [Self::Item, Self::More, Self::Candidate, Self::Question];

    /// Returns the word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::More => "more",
            Self::Candidate => "candidate",
            Self::Question => "question",
        }
    }

    /// Returns the part that a stored word names.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.as_str() == text)
    }
}

/// One paper as a draft listed it for the first time.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Listed {
    /// Its work id, as it was called then.
    pub id: WorkId,
    /// Where it stood.
    pub part: DraftPart,
    /// The working group in whose section it stood or would stand; empty for none.
    pub section: String,
    /// Its score, 0.0–1.0.
    pub score: f64,
    /// Its place by score, from 1: among all papers in scope, or of a question among all papers in doubt.
    pub place: usize,
    /// Its place in its part of the draft as shown, from 1.
    pub shown: usize,
    /// Which of the month's drafts that listed something new listed it first, from 0; 0 in a proposal.
    /// Places are compared within one draft only: between two, papers leave and come.
    pub draft: usize,
    /// Whether it stood there by lot and not by its score.
    pub is_by_lot: bool,
    /// Ids of the sources that it was found in, in order.
    pub sources: Vec<String>,
}

/// One paper that could have been listed and was not.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Unlisted {
    /// Its work id, as it was called then.
    pub id: WorkId,
    /// Whether it is in scope and no near-duplicate of another.
    pub is_in_scope: bool,
}

/// What a draft listed, or all drafts of a month together, and out of which papers.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
pub struct Listing {
    /// Papers that could have been listed: in scope or in doubt, of every study one form.
    pub considered: usize,
    /// Of these the ones in scope, near-duplicates counted once.
    pub in_scope: usize,
    /// The papers listed, in the order of the draft.
    pub papers: Vec<Listed>,
    /// The others that could have been listed, by id.
    pub others: Vec<Unlisted>,
}
