//! Files that are being written beside their places: known while they are, and removed when a process ends or has ended.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{EntryKind, entries_in};
use crate::fault::{self, Step};

/// Files that are being written and have not yet their names.
static UNFINISHED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// How the name of such a file begins.
const PREFIX: &str = ".roundup-";
/// How many letters and digits follow.
const CHARS: usize = 6;

/// Tells whether a name is one that a file has while it is written.
fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_prefix(PREFIX));
    name.is_some_and(|n| n.len() == CHARS && n.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Removes the files of a folder that were being written when a process was ended, and were last touched before a
/// time; returns how many. What cannot be listed or removed stays.
pub fn remove_unfinished_in(folder: &Path, before: std::time::SystemTime) -> usize {
    let is_old = |path: &Path| fs::metadata(path).and_then(|m| m.modified()).is_ok_and(|at| at < before);
    let entries = entries_in(folder).unwrap_or_default().into_iter();
    let left = entries.filter(|(path, kind)| *kind == EntryKind::File && is_unfinished(path) && is_old(path));
    left.filter(|(path, _)| fs::remove_file(path).is_ok()).count()
}

/// Returns the list of files that are being written; no thread can begin or end one meanwhile.
fn unfinished() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    // A thread that panicked between two steps has left the list as it was.
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `end` after all files that are being written were removed, and while none can be begun: for
/// a process that is told to end at once and must leave nothing half written.
pub fn end_without_unfinished<T>(end: impl FnOnce() -> T) -> T {
    let mut unfinished = unfinished();
    remove_all(&mut unfinished);
    end()
}

/// Removes files that are being written.
fn remove_all(unfinished: &mut BTreeSet<PathBuf>) {
    for path in std::mem::take(unfinished) {
        // What cannot be removed stays behind under its own name and harms nobody.
        let _ = fs::remove_file(path);
    }
}

/// Removes all files that are being written and lets none be begun or put in place any more: for a process that ends
/// while threads of it are at work.
pub fn write_nothing_more() {
    let mut unfinished = unfinished();
    remove_all(&mut unfinished);
    // Whoever begins a file waits for this list, and the process ends meanwhile.
    std::mem::forget(unfinished);
}

/// Makes a new file that only its owner may read. Left to itself, the crate puts the name into what the system says,
/// which says nothing to people, and hides the system's number, by which is known what helps.
fn made(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A file that is being written beside its place; removed when it is not put there.
pub(super) struct Beside {
    /// The file, under the name that it has until then.
    pub(super) file: tempfile::NamedTempFile,
}

impl Beside {
    /// Makes the file.
    pub(super) fn in_folder(folder: &Path) -> io::Result<Self> {
        fault::step(Step::Write)?;
        let mut unfinished = unfinished();
        let file = tempfile::Builder::new().prefix(PREFIX).rand_bytes(CHARS).make_in(folder, made)?;
        unfinished.insert(file.path().to_owned());
        Ok(Self { file })
    }

    /// Gives the file its name, in place of one that has it.
    pub(super) fn put_in_place(self, path: &Path) -> io::Result<()> {
        fault::step(Step::Rename)?;
        let mut unfinished = unfinished();
        unfinished.remove(self.file.path());
        self.file.persist(path).map(|_| ()).map_err(|e| e.error)
    }
}
