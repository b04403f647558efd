//! What lies in a member's home: packs, the list in effect, and what must be remembered between syncs.

use std::collections::BTreeSet;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::checked::{Checked, Validators};
use super::trouble;
use crate::fsx;
use crate::model::{Paper, WorkId};
use crate::pack::{
    self, Contents, FOLDER, MANIFEST, MANIFEST_BYTES_MAX, Manifest, NotAPack, PACK_BYTES_MAX, PackEntry, Papers,
    PublicKey, SIGNATURE,
};
use crate::pipeline::{Error, Home, Result};

/// Name of the file of what is remembered.
const MEMORY: &str = "sync.json";
/// The most bytes of it; it holds the ids of what was retracted, 15 bytes each.
const MEMORY_BYTES_MAX: u64 = 4 << 20;

/// What is remembered between syncs. Fields of a newer version are passed over.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    /// Address or folder that is asked when none is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The trusted key, in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The highest number of a list that was taken; a lower one is refused.
    pub sequence: u64,
    /// What the host said of the age of the list here.
    pub validators: Validators,
    /// Whether a list is taken over and what follows was not done yet: the index, and what the member is told. The index
    /// alone does not say so: a search that meets an old one builds it anew.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_taking_over: bool,
    /// Papers that the member was told to be retracted; `None` before the first sync has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<Vec<WorkId>>,
    /// How many papers the packs here gave when they were read last; `None` from an older roundup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub papers: Option<usize>,
    /// When a sync ended well last; `None` from an older roundup.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<jiff::Timestamp>,
    /// Address or folder that was asked then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_of: Option<String>,
}

/// What lies here.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept {
    /// What is remembered.
    pub memory: Memory,
    /// The list in effect, as bytes and read.
    pub list: Option<(Vec<u8>, Manifest)>,
}

/// Returns the folder of the packs.
pub(super) fn folder(home: &Home) -> PathBuf {
    home.data().join(FOLDER)
}

impl Kept {
    /// Reads what lies here. A list that cannot be read counts as none: it is fetched again.
    pub fn read(home: &Home) -> Result<Self> {
        let path = home.data().join(MEMORY);
        let memory = match fsx::read_plain_text(&path, MEMORY_BYTES_MAX).map_err(|e| trouble::of_disk(&e))? {
            None => Memory::default(),
            Some(text) => serde_json::from_str(&text).map_err(|e| {
                Error::stopped(
                    format!("{} cannot be read ({e})", path.display()),
                    "remove it, and name the place again: `roundup sync URL --key KEY`; the packs stay",
                )
            })?,
        };
        Ok(Self { memory, list: list(home) })
    }
}

/// Tells whether a home is a copy that a sync began.
pub fn is_copy(home: &Home) -> bool {
    home.data().join(MEMORY).is_file()
}

/// Returns the list in effect.
fn list(home: &Home) -> Option<(Vec<u8>, Manifest)> {
    let bytes_max = u64::try_from(MANIFEST_BYTES_MAX).unwrap_or(u64::MAX);
    let bytes = fsx::read_plain(&folder(home).join(MANIFEST), bytes_max).ok()?;
    let list = Manifest::parse(&bytes).ok()?;
    Some((bytes, list))
}

/// Returns the packs of a list that are not here or are damaged.
pub(super) fn missing(home: &Home, list: &Manifest) -> Vec<PackEntry> {
    let folder = folder(home);
    let is_here = |entry: &PackEntry| {
        let path = folder.join(entry.file());
        fsx::size_of(&path) == Some(entry.bytes)
            && fsx::read_plain(&path, PACK_BYTES_MAX).is_ok_and(|b| pack::check(&b, entry).is_ok())
    };
    // A pack stands twice where papers became what they were before.
    let mut seen = BTreeSet::new();
    list.packs.iter().filter(|entry| seen.insert(&entry.sha256) && !is_here(entry)).cloned().collect()
}

/// Returns the lines of one pack.
fn lines(home: &Home, entry: &PackEntry) -> Result<Vec<u8>> {
    let path = folder(home).join(entry.file());
    let damaged = |reason: &str| {
        Error::stopped(format!("{}: {reason}", path.display()), "`roundup sync` fetches what is missing or damaged")
    };
    let bytes = fsx::read_plain(&path, PACK_BYTES_MAX).map_err(|_| damaged("it cannot be read"))?;
    pack::unpack(&bytes, entry).map_err(|e| match e {
        // The bytes are those that were signed: no fetching makes them others.
        NotAPack::Unpacked => trouble::published_broken(&entry.file()),
        e => damaged(&e.to_string()),
    })
}

/// Returns what the packs of a list hold, without what is gone. Packs that are damaged hold nothing.
pub(super) fn contents(home: &Home, list: &Manifest) -> Contents {
    let mut out = Contents::default();
    for entry in &list.packs {
        if let Ok(lines) = lines(home, entry) {
            out.add(&lines);
        }
    }
    out.without_gone(list)
}

/// Returns the papers of a list in order of their ids: the latest line of each, without what is gone,
/// and what could not be read. What the list calls retracted is marked, whatever its line says.
pub(super) fn papers_of(home: &Home, list: &Manifest) -> Result<Papers> {
    let mut out = Papers::without_gone(list);
    for entry in list.packs.iter().rev() {
        out.add(&lines(home, entry)?);
    }
    let retracted: BTreeSet<&WorkId> = list.retracted.iter().collect();
    for paper in out.papers.iter_mut().filter(|p| retracted.contains(&p.id) && !p.is_retracted()) {
        paper.flags.push("retracted".to_owned());
    }
    out.papers.sort_by(|a: &Paper, b: &Paper| a.id.cmp(&b.id));
    out.mended.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(out)
}

/// How lines are read: raised when a line gives another paper than before, so that copies are indexed
/// anew by a newer roundup.
const READER: u8 = 1;

/// Returns a number made of all that decides which papers a list gives: its packs in their order, what
/// is gone and what was retracted. The index shows it as its revision, so that it is known which packs
/// it was built from; the number of the list would be that of another publisher's as well.
pub(super) fn mark(list: &Manifest) -> u64 {
    let mut hash = Sha256::new_with_prefix([READER]);
    for part in list.packs.iter().map(|p| p.sha256.as_str()) {
        hash.update(format!("pack {part}\n"));
    }
    for (kind, id) in list.gone.keys().map(|id| ("gone", id)).chain(list.retracted.iter().map(|id| ("retracted", id))) {
        hash.update(format!("{kind} {id}\n"));
    }
    hash.finalize().iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Returns the papers of a member's copy in order of their ids, to build a damaged index anew without
/// the network; the second value is the number that its index shows as its revision.
/// `None` when this is no member's home or nothing was fetched yet.
///
/// # Errors
/// When a pack is missing or damaged.
pub fn papers(home: &Home) -> Result<Option<(Vec<Paper>, u64)>> {
    let Some((_, list)) = list(home) else { return Ok(None) };
    Ok(Some((papers_of(home, &list)?.papers, mark(&list))))
}

/// Remembers where packs come from and whose signature holds, before the first is fetched.
pub(super) fn trust(home: &Home, memory: &Memory, source: &str, key: PublicKey) -> Result<()> {
    let key = key.to_text();
    if memory.source.as_deref() == Some(source) && memory.key.as_ref() == Some(&key) {
        return Ok(());
    }
    let is_same_key = memory.key.as_ref() == Some(&key);
    let next = Memory {
        source: Some(source.to_owned()),
        // A new key begins a new count.
        sequence: if is_same_key { memory.sequence } else { 0 },
        validators: Validators::default(),
        is_taking_over: memory.is_taking_over,
        key: Some(key),
        told: memory.told.clone(),
        papers: memory.papers,
        asked: memory.asked,
        asked_of: memory.asked_of.clone(),
    };
    write(home, &next)
}

/// Makes a list the one in effect: its signature first, then the list.
pub(super) fn switch(home: &Home, checked: &Checked) -> Result<()> {
    let folder = folder(home);
    let full = |e| trouble::of_disk(&e);
    write(home, &Memory { is_taking_over: true, ..Kept::read(home)?.memory })?;
    fsx::write_atomic(&folder.join(SIGNATURE), &checked.signature).map_err(full)?;
    fsx::write_atomic(&folder.join(MANIFEST), &checked.bytes).map_err(full)?;
    // The key may be new here, and counts from now on.
    let kept = Kept::read(home)?;
    let sequence = checked.list.sequence;
    write(home, &Memory { sequence, key: Some(checked.key.to_text()), ..kept.memory })
}

/// Remembers that a list was taken over, from where, and what the member is told. Of `memory` the
/// place, what its host said, the number of papers and the time are taken.
pub(super) fn remember(home: &Home, memory: Memory, list: &Manifest) -> Result<()> {
    // The key was written when it was trusted.
    let key = Kept::read(home)?.memory.key.or_else(|| memory.key.clone());
    let told = Some(list.retracted.clone());
    write(home, &Memory { key, sequence: list.sequence, is_taking_over: false, told, ..memory })
}

/// Remembers when and of whom it was asked, where nothing else is new.
pub(super) fn remember_asking(home: &Home, memory: &Memory) -> Result<()> {
    write(home, memory)
}

fn write(home: &Home, memory: &Memory) -> Result<()> {
    let mut text = serde_json::to_string_pretty(memory)
        .map_err(|e| Error::stopped(format!("{MEMORY} cannot be written ({e})"), "please tell us"))?;
    text.push('\n');
    fsx::write_atomic(&home.data().join(MEMORY), text.as_bytes()).map(|_| ()).map_err(|e| trouble::of_disk(&e))
}

/// Removes packs that the list no longer names, and remains of fetches.
pub(super) fn remove_others(home: &Home, list: &Manifest) -> Result<()> {
    let keep: BTreeSet<String> = list.packs.iter().map(PackEntry::file).collect();
    for path in fsx::files_in(&folder(home)).map_err(|e| trouble::of_disk(&e))? {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let is_ours = name.ends_with(".jsonl.zst") || name.ends_with(".jsonl.zst.part");
        if is_ours && !keep.contains(&name) {
            fsx::remove_file(&path).map_err(|e| trouble::of_disk(&e))?;
        }
    }
    Ok(())
}
