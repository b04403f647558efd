//! Where an index lies: generations side by side, and a pointer to the one in use.
//!
//! ```text
//! index/current         one line: g0002
//! index/g0002/          the generation in use
//! index/damaged-g0001/  one that could not be read, put aside for a look
//! ```
//! The pointer is written whole or not at all, so a reader meets the old generation or the new.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::unread::Unread;
use crate::fsx::{self, PathError};

/// File that names the generation in use.
const POINTER: &str = "current";

/// Begins the name of a generation that was put aside.
const DAMAGED: &str = "damaged-";

/// The most bytes of the pointer: a name, and room for what an editor adds.
const POINTER_BYTES_MAX: u64 = 64;

/// The highest number of a generation; one a minute reaches it in two thousand years.
const NUMBER_MAX: u32 = 999_999_999;

/// How often the removal of an old generation is tried.
const REMOVE_TRIES: usize = 3;

/// One generation of the index, by number from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Generation(pub u32);

impl Generation {
    /// Returns the generation that a folder name is (`g0001`); only the name that it is given counts.
    fn parse(name: &str) -> Option<Self> {
        let number = Self(name.strip_prefix('g')?.parse().ok()?);
        (1..=NUMBER_MAX).contains(&number.0).then_some(number).filter(|n| n.name() == name)
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
    /// The system refused to read it.
    Refused(Unread),
    /// The generation in use.
    At(Generation),
}

/// Reads the pointer.
pub(super) fn pointer(folder: &Path) -> Pointer {
    match fsx::read_plain_text(&folder.join(POINTER), POINTER_BYTES_MAX) {
        Ok(None) => Pointer::Missing,
        Ok(Some(text)) => match Generation::parse(text.trim()) {
            Some(generation) => Pointer::At(generation),
            None => Pointer::Unreadable(format!("{POINTER} names no generation")),
        },
        Err(error) => {
            if let Some(refused) = Unread::of_path(&error) {
                return Pointer::Refused(refused);
            }
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
            Pointer::Unreadable(format!("{error}{}", cause.unwrap_or_default()))
        }
    }
}

/// Points at a generation.
///
/// # Errors
/// When the pointer cannot be written; the old one then still stands.
pub(super) fn point_at(folder: &Path, generation: Generation) -> Result<(), PathError> {
    let pointer = folder.join(POINTER);
    // A pipe or a device would be written into, and stay.
    if pointer.symlink_metadata().is_ok() && !pointer.is_file() {
        fsx::remove_file(&pointer)?;
    }
    fsx::write_atomic(&pointer, format!("{}\n", generation.name()).as_bytes()).map(|_| ())
}

/// Returns a number that no generation has, those put aside included: the one above the highest, and
/// the lowest free one when there is none above. The pointer has no say: it is a line of text, and may
/// name what is not there.
pub(super) fn next_generation(folder: &Path) -> Generation {
    let used: BTreeSet<u32> = names(folder).iter().filter_map(|name| numbered(name)).map(|g| g.0).collect();
    let next = used.last().map_or(1, |highest| highest + 1);
    if next <= NUMBER_MAX {
        return Generation(next);
    }
    let free = (1..=NUMBER_MAX).zip(&used).find(|(n, used)| n != *used);
    Generation(free.map_or(NUMBER_MAX, |(n, _)| n))
}

/// Returns the generation that a folder is or was, before it was put aside (`damaged-g0001-2`).
fn numbered(name: &str) -> Option<Generation> {
    let bare = name.strip_prefix(DAMAGED).unwrap_or(name);
    Generation::parse(bare.split('-').next().unwrap_or_default())
}

/// Returns the bytes of the files in a folder.
pub(super) fn size(path: &Path) -> u64 {
    let files = fsx::files_in(path).unwrap_or_default();
    files.iter().filter_map(|file| fsx::size_of(file)).fold(0, u64::saturating_add)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_generation_has_a_name_that_is_free() {
        for (folders, pointer, want, note) in [
            (&[][..], None, 1, "the first"),
            (&["g0001", "g0007"], Some("g0007"), 8, "above the highest"),
            (&["damaged-g0009-2"], None, 10, "one put aside counts"),
            (&["g0002"], Some("g999999999"), 3, "a pointer to nothing does not count"),
            (&["g999999999"], Some("g999999999"), 1, "the highest number: the lowest free one"),
            (&["g0001", "g0002", "g999999999"], None, 3, "the lowest free one"),
            (&["g00002", "g0000", "g1000000000", "x"], Some("g00002"), 1, "names that are never given do not count"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            for name in folders {
                fsx::make_folder(&folder.path().join(name)).unwrap();
            }
            if let Some(pointer) = pointer {
                fsx::write_atomic(&folder.path().join(POINTER), pointer.as_bytes()).unwrap();
            }
            let next = next_generation(folder.path());
            assert_eq!((next, Generation::parse(&next.name())), (Generation(want), Some(next)), "{note}");
        }
    }

    #[test]
    fn a_pointer_names_a_generation_or_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(pointer(folder.path()), Pointer::Missing);
        for (text, want) in [
            ("g0002\n", Some(2)),
            ("g999999999", Some(999_999_999)),
            ("g4294967296", None),
            ("g00002", None),
            ("../g0002", None),
            ("", None),
            ("g0002                                                              ", None),
        ] {
            fsx::write_atomic(&folder.path().join(POINTER), text.as_bytes()).unwrap();
            match (pointer(folder.path()), want) {
                (Pointer::At(Generation(got)), Some(want)) => assert_eq!(got, want, "{text}"),
                (Pointer::Unreadable(_), None) => {}
                (got, _) => panic!("{text:?}: {got:?}"),
            }
        }
    }
}
