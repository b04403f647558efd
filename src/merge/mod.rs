//! Decides which records are one study, and folds them into works.
//!
//! Pure: knows only `model`. Records are blocked by keys, compared field by field, judged by
//! ordered rules, and joined only when every member of a work bears it. Preprints, corrections and
//! comments are links between works, never merges.

use crate::model::Record;

mod bib;
mod block;
mod blocks;
mod candidates;
mod cluster;
mod columns;
mod common_words;
mod doi;
mod evidence;
mod explain;
mod fold;
mod glance;
mod journal;
mod judged;
mod kinds;
mod likeness;
mod links;
mod markup;
mod names;
mod news;
mod parallel;
mod place;
mod prepared;
mod relate;
mod rows;
mod rules;
mod shape;
mod tables;
mod title;

pub use block::block_keys;
pub use cluster::{Clusters, Explained, Match, Said, Settled, cluster, cluster_comparable, settle};
pub use fold::{fold, fold_records};
pub use links::{Link, links_among};
pub use news::is_news;
pub use relate::{LinkKeys, Relator, is_revision, link_keys, relation_between, relations_between, reports_on};
pub use rows::{Agreement, Row, rows};

/// What two records are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// One study.
    Same,
    /// Perhaps one study: a person decides.
    Maybe,
    /// Two.
    Different,
}

/// A verdict with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// The verdict.
    pub verdict: Verdict,
    /// How sure a [`Verdict::Same`] is, 1–100; otherwise 0.
    pub strength: u8,
    /// Whether the two must not come into one work through a third record either.
    pub is_veto: bool,
    /// Why, in plain words: the rule that decided first, then what agrees and what contradicts.
    pub reasons: Vec<String>,
}

impl Opinion {
    /// Returns a judgement with its reasons in words.
    fn of(judged: &judged::Judged) -> Self {
        Self {
            verdict: judged.verdict,
            strength: judged.strength,
            is_veto: judged.is_veto,
            reasons: explain::reasons(judged),
        }
    }
}

/// Records that one thread makes ready before it hands them on.
const CHUNK_RECORDS: usize = 512;

/// A record made ready for comparing with many others.
#[derive(Debug, Clone)]
pub struct Comparable(prepared::Prepared);

impl Comparable {
    /// Returns the comparable form of a record.
    pub fn of(record: &Record) -> Self {
        Self(prepared::Prepared::of(record))
    }

    /// Returns the comparable forms of records, in their order, made on all processors.
    pub fn of_all(records: &[Record]) -> Vec<Self> {
        let mut out = Vec::with_capacity(records.len());
        let work =
            |range: std::ops::Range<usize>| records.get(range).unwrap_or_default().iter().map(Self::of).collect();
        parallel::in_chunks(records.len(), CHUNK_RECORDS, work, &mut |chunk: Vec<Self>| out.extend(chunk));
        out
    }

    /// Returns the record's keys, as [`block_keys`].
    pub fn block_keys(&self) -> Vec<i64> {
        block::keys_of(&self.0)
    }

    /// Returns whether two records are one study. Symmetric.
    pub fn compare(&self, other: &Self) -> Opinion {
        Opinion::of(&rules::judge(&self.0, &other.0))
    }

    /// Returns what speaks for two records being one study; `None` when they are two, for which no
    /// reasons are put into words. Symmetric.
    pub fn likeness(&self, other: &Self) -> Option<Opinion> {
        let judged = rules::judge(&self.0, &other.0);
        (judged.verdict != Verdict::Different).then(|| Opinion::of(&judged))
    }

    /// Tells whether two records must not come into one work. Symmetric.
    pub fn rules_out(&self, other: &Self) -> bool {
        rules::judge(&self.0, &other.0).is_veto
    }
}

/// Returns whether two records are one study. Symmetric.
pub fn compare(a: &Record, b: &Record) -> Opinion {
    Comparable::of(a).compare(&Comparable::of(b))
}

/// Tells whether a record names a preprint server where a journal stands ("medRxiv"), as lists do that
/// leave out the DOI.
pub fn is_on_preprint_server(record: &Record) -> bool {
    record.journal.as_deref().is_some_and(|name| journal::Journal::of(name).is_preprint_server)
}

/// Returns a hash that is the same on every machine and in every release (FNV-1a, 64 bits).
fn hash(bytes: &[u8]) -> u64 {
    hash_on(HASH_START, bytes)
}

/// What the hash of nothing is.
const HASH_START: u64 = 0xcbf2_9ce4_8422_2325;

/// Returns the hash of all that made `so_far`, and then `bytes`.
fn hash_on(so_far: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(so_far, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
pub(crate) mod invented;
#[cfg(test)]
mod tests;
