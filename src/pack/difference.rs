//! What a new pack must bring: what the store has now beside what the packs hold.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{Contents, LineHash, PACK_LINES_BYTES, PACK_PAPERS_MAX, line};
use crate::model::{Paper, WorkId};

/// What is new, what changed, what is gone.
#[derive(Debug, Clone, Default)]
pub struct Difference {
    /// Lines for new packs, each with the number of its papers; in order of id.
    pub packs: Vec<(usize, Vec<u8>)>,
    /// Papers that stand in no pack yet.
    pub new: usize,
    /// Papers whose line is another now.
    pub changed: usize,
    /// Papers of the packs that are no longer there, in order.
    pub gone: Vec<WorkId>,
    /// How many papers there are now.
    pub papers: usize,
    /// Papers that were retracted, in order.
    pub retracted: Vec<WorkId>,
    /// SHA-256 in hex of all papers there are now, whatever packs they stand in.
    pub content: String,
}

/// Compares the papers of the store with the lines of the packs, those that are gone included.
///
/// # Errors
/// When a paper cannot be written as JSON, which is our own mistake.
pub fn difference(held: &Contents, now: Vec<Paper>) -> Result<Difference, serde_json::Error> {
    let mut sorted: BTreeMap<WorkId, Paper> = BTreeMap::new();
    sorted.extend(now.into_iter().map(|p| (p.id.clone(), p)));
    let mut out = Difference { papers: sorted.len(), ..Difference::default() };
    out.gone = held.lines().keys().filter(|id| !sorted.contains_key(*id)).cloned().collect();
    let mut content = Sha256::new();
    for (id, paper) in sorted {
        if paper.is_retracted() {
            out.retracted.push(id.clone());
        }
        let line = line(paper)?;
        let hash: LineHash = Sha256::digest(&line).into();
        content.update(hash);
        match held.lines().get(&id) {
            Some(old) if *old == hash => continue,
            Some(_) => out.changed += 1,
            None => out.new += 1,
        }
        match out.packs.last_mut() {
            Some((papers, lines)) if *papers < PACK_PAPERS_MAX && lines.len() < PACK_LINES_BYTES => {
                *papers += 1;
                lines.extend_from_slice(&line);
            }
            _ => out.packs.push((1, line)),
        }
    }
    out.content = data_encoding::HEXLOWER.encode(&content.finalize());
    Ok(out)
}

/// What a member's copy gains and loses by a new list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Change {
    /// Papers that were not there.
    pub new: usize,
    /// Papers whose line is another now.
    pub changed: usize,
    /// Papers that are no longer there.
    pub removed: usize,
}

impl Change {
    /// Compares two states, both without what is gone.
    pub fn between(old: &Contents, new: &Contents) -> Self {
        let (old, new) = (old.lines(), new.lines());
        Self {
            new: new.keys().filter(|id| !old.contains_key(*id)).count(),
            changed: new.iter().filter(|(id, hash)| old.get(*id).is_some_and(|o| o != *hash)).count(),
            removed: old.keys().filter(|id| !new.contains_key(*id)).count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Identifier, Pmid, Record};

    /// A page that was taken for an abstract is long, and a member refuses packs that unpack to too much.
    #[test]
    fn long_papers_begin_a_new_pack_before_it_is_too_large() {
        let paper = |n: u32| {
            let pmid = Pmid::parse(&(90_000_000 + n).to_string()).unwrap();
            let abstract_text = Some("x".repeat(PACK_LINES_BYTES / 3));
            let record = Record { title: "T".to_owned(), abstract_text, ..Record::default() };
            Paper::untagged(WorkId::mint(&Identifier::Pmid(pmid), 0), record)
        };
        let got = difference(&Contents::default(), (0..8).map(paper).collect()).unwrap();
        assert_eq!(got.packs.iter().map(|(papers, _)| *papers).collect::<Vec<_>>(), [3, 3, 2]);
    }
}
