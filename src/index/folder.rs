//! Where an index lies: generations side by side, and a pointer to the one in use.
//!
//! ```text
//! index/current         one line: g0002
//! index/g0002/          the generation in use
//! index/damaged-g0001/  one that could not be read, put aside for a look
//! ```
//! The pointer is written whole or not at all, so a reader meets the old generation or the new.

use std::path::{Path, PathBuf};

use crate::fsx::{self, PathError};

/// File that names the generation in use.
const POINTER: &str = "current";

/// Begins the name of a generation that was put aside.
const DAMAGED: &str = "damaged-";

/// How often the removal of an old generation is tried.
const REMOVE_TRIES: usize = 3;

/// One generation of the index, by number from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Generation(pub u32);

impl Generation {
    /// Returns the generation that a folder name is (`g0001`).
    fn parse(name: &str) -> Option<Self> {
        let digits = name.strip_prefix('g')?;
        let fits = (4..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| digits.parse().ok()).flatten().map(Self)
    }

    fn name(self) -> String {
        format!("g{:04}", self.0)
    }

    /// Returns its folder.
    pub fn path(self, folder: &Path) -> PathBuf {
        folder.join(self.name())
    }
}

/// What the pointer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pointer {
    /// There is none: nothing was ever built.
    Missing,
    /// It names no generation.
    Unreadable(String),
    /// The generation in use.
    At(Generation),
}

/// Reads the pointer.
pub(super) fn pointer(folder: &Path) -> Pointer {
    match fsx::read_text_if_there(&folder.join(POINTER)) {
        Ok(None) => Pointer::Missing,
        Ok(Some(text)) => match Generation::parse(text.trim()) {
            Some(generation) => Pointer::At(generation),
            None => Pointer::Unreadable(format!("{POINTER} names no generation")),
        },
        Err(error) => Pointer::Unreadable(error.to_string()),
    }
}

/// Points at a generation.
///
/// # Errors
/// When the pointer cannot be written; the old one then still stands.
pub(super) fn point_at(folder: &Path, generation: Generation) -> Result<(), PathError> {
    fsx::write_atomic(&folder.join(POINTER), format!("{}\n", generation.name()).as_bytes()).map(|_| ())
}

/// Returns a number above those of all generations there are, those put aside too.
pub(super) fn next_generation(folder: &Path) -> Generation {
    let used = names(folder).into_iter().filter_map(|name| {
        let bare = name.strip_prefix(DAMAGED).unwrap_or(&name);
        Generation::parse(bare.split('-').next().unwrap_or_default())
    });
    let pointed = if let Pointer::At(generation) = pointer(folder) { generation.0 } else { 0 };
    Generation(used.map(|g| g.0).max().unwrap_or(0).max(pointed) + 1)
}

/// Removes every generation but the one in use: what an interrupted build left, or what the
/// pointer has left behind.
///
/// A reader that opens an old generation at this very moment puts a lock file there, and the
/// folder is then not empty. It is tried again; what still stays is in nobody's way, and the next
/// build removes it.
pub(super) fn remove_others(folder: &Path, keep: Option<Generation>) {
    let others = names(folder).into_iter().filter_map(|name| Generation::parse(&name)).filter(|g| Some(*g) != keep);
    for generation in others {
        for _ in 0..REMOVE_TRIES {
            if fsx::remove_folder(&generation.path(folder)).is_ok() {
                break;
            }
        }
    }
}

/// Puts a generation aside for a person to look at; those put aside before are removed, so that
/// at most one lies there. Returns where it went, or `None` when there was nothing to put.
///
/// # Errors
/// When it cannot be moved.
pub(super) fn put_aside(folder: &Path, generation: Generation) -> Result<Option<PathBuf>, PathError> {
    let from = generation.path(folder);
    if !from.is_dir() {
        return Ok(None);
    }
    for name in names(folder).into_iter().filter(|n| n.starts_with(DAMAGED)) {
        fsx::remove_folder(&folder.join(name))?;
    }
    fsx::move_beside_others(&from, &folder.join(format!("{DAMAGED}{}", generation.name()))).map(Some)
}

/// Returns the names of the folders in a folder, in order; none when it cannot be listed.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut out: Vec<String> = entries
        .filter(|e| e.file_type().is_ok_and(|t| t.is_dir()))
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    out.sort();
    out
}
