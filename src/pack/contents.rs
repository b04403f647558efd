//! What packs hold when they are read in their order: the latest line of every paper.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::{Manifest, Mended, paper_of};
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
}

impl Contents {
    /// Reads one more pack. Lines that are no papers are passed over: a newer version may write such.
    pub fn add(&mut self, lines: &[u8]) {
        for line in lines.split_inclusive(|b| *b == b'\n') {
            if let Ok(Whose { id }) = serde_json::from_slice(line) {
                self.lines.insert(id, Sha256::digest(line).into());
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
}

/// What a list's packs hold, read from the last to the first.
#[derive(Debug, Clone, Default)]
pub struct Papers {
    /// The papers, each once, in no order.
    pub papers: Vec<Paper>,
    /// What of them could not be read and was left out.
    pub mended: Vec<Mended>,
    /// Lines that are no papers at all.
    pub unread: usize,
    /// Those that need not be looked for any more: gone, or read from a later pack.
    taken: BTreeSet<WorkId>,
}

impl Papers {
    /// Returns none yet, without those that a list says are gone.
    pub fn without_gone(list: &Manifest) -> Self {
        Self { taken: list.gone.keys().cloned().collect(), ..Self::default() }
    }

    /// Adds the papers of one pack whose latest line stands in it. Packs are given from the last to
    /// the first.
    pub fn add(&mut self, lines: &[u8]) {
        let mut rows: Vec<&[u8]> = lines.split(|b| *b == b'\n').filter(|row| !row.trim_ascii().is_empty()).collect();
        // In a pack, too, the later line counts.
        rows.reverse();
        for row in rows {
            // Most lines of old packs are not wanted any more, and their id is read quickly.
            if serde_json::from_slice::<Whose>(row).is_ok_and(|whose| self.taken.contains(&whose.id)) {
                continue;
            }
            let Some((paper, mended)) = paper_of(row) else {
                self.unread += 1;
                continue;
            };
            if self.taken.insert(paper.id.clone()) {
                self.papers.push(paper);
                self.mended.extend(mended);
            }
        }
    }
}
