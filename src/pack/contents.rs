//! What packs hold when they are read in their order: the latest line of every paper.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::Manifest;
use crate::model::{Paper, WorkId};

/// SHA-256 of a paper's line, to tell whether it changed.
pub type LineHash = [u8; 32];

/// The part of a line that says whose it is.
#[derive(serde::Deserialize)]
struct Whose {
    id: WorkId,
}

/// The latest line of every paper, by pack and place.
#[derive(Debug, Clone, Default)]
pub struct Contents {
    lines: BTreeMap<WorkId, LineHash>,
    /// Lines that are no papers, by pack: a newer version may write such; they are passed over.
    unread: usize,
}

impl Contents {
    /// Reads one more pack.
    pub fn add(&mut self, lines: &[u8]) {
        for line in lines.split_inclusive(|b| *b == b'\n') {
            match serde_json::from_slice::<Whose>(line) {
                Ok(Whose { id }) => drop(self.lines.insert(id, Sha256::digest(line).into())),
                Err(_) => self.unread += 1,
            }
        }
    }

    /// Returns the same without the papers that a list says are gone.
    pub fn without_gone(mut self, list: &Manifest) -> Self {
        self.lines.retain(|id, _| !list.gone.contains_key(id));
        self
    }

    /// Returns the latest line of every paper, by id.
    pub fn lines(&self) -> &BTreeMap<WorkId, LineHash> {
        &self.lines
    }

    /// Returns how many lines could not be read.
    pub fn unread(&self) -> usize {
        self.unread
    }

    /// Returns the papers of one pack whose latest line stands in it; `taken` holds the ids of those
    /// that a later pack has brought, and gets those of this one. So packs are given from the last to
    /// the first.
    pub fn papers_of(lines: &[u8], taken: &mut BTreeSet<WorkId>) -> Vec<Paper> {
        let mut out = Vec::new();
        let mut rows: Vec<&[u8]> = lines.split_inclusive(|b| *b == b'\n').collect();
        // In a pack, too, the later line counts.
        rows.reverse();
        for row in rows {
            let Ok(Whose { id }) = serde_json::from_slice(row) else { continue };
            if taken.insert(id)
                && let Ok(paper) = serde_json::from_slice(row)
            {
                out.push(paper);
            }
        }
        out
    }
}
