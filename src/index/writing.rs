//! A folder of index files that is written, and that remembers what the disk refused.
//!
//! The engine writes in threads of its own, and what the disk says there comes back as "a thread
//! failed". A full disk must be called one, so the first refusal is kept here.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, Lock, MmapDirectory, TerminatingWrite, WatchCallback, WatchHandle,
    WritePtr,
};
use tantivy::{Directory, TantivyError};

use super::IndexError;
use crate::fault::{self, Step};
use crate::fsx::PathError;

/// Why the index could not be written, in words for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unwritten {
    /// There is no room left.
    #[error("the disk is full: the search index in {} needs at least {} MB free", folder.display(), room_mb)]
    Full {
        /// Where the index lies.
        folder: PathBuf,
        /// How much room it needs beside the one in use, in millions of bytes, rounded up.
        room_mb: u64,
    },
    /// A limit of the system, such as `ulimit -f`, or of the form of the disk.
    #[error("a file of the search index in {} would be larger than this system or disk allows", folder.display())]
    TooLarge {
        /// Where the index lies.
        folder: PathBuf,
    },
    /// The folder cannot be written.
    #[error("the folder of the search index cannot be written: {}", folder.display())]
    NotOurs {
        /// Where the index lies.
        folder: PathBuf,
    },
    /// The system said something else.
    #[error("the search index in {} cannot be written: {said}", folder.display())]
    Other {
        /// Where the index lies.
        folder: PathBuf,
        /// What the system said.
        said: String,
    },
}

impl Unwritten {
    /// Returns what a refusal of the system means; `bytes` is the size that the index has at least.
    pub(super) fn new(kind: ErrorKind, said: &str, folder: &Path, bytes: u64) -> Self {
        /// While parts are made one, they lie there twice.
        const TIMES: u64 = 2;
        let folder = folder.to_owned();
        match kind {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                Self::Full { folder, room_mb: bytes.saturating_mul(TIMES).div_ceil(1_000_000).max(1) }
            }
            ErrorKind::FileTooLarge => Self::TooLarge { folder },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Self::NotOurs { folder },
            _ => Self::Other { folder, said: said.to_owned() },
        }
    }

    /// Returns what the refusal of a file of ours means.
    pub(super) fn of_path(error: &PathError, folder: &Path, bytes: u64) -> IndexError {
        let said = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        IndexError::Unwritten(Self::new(error.kind(), &said, folder, bytes))
    }
}

/// What the disk refused first, and how much it took.
#[derive(Debug, Default)]
struct Seen {
    refusal: OnceLock<(ErrorKind, String)>,
    bytes: AtomicU64,
}

impl Seen {
    /// Passes an outcome on; remembers a refusal.
    fn note<T>(&self, outcome: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &outcome
            && error.kind() != ErrorKind::Interrupted
        {
            // Only the first one counts: those behind it follow from it.
            let _ = self.refusal.set((error.kind(), error.to_string()));
        }
        outcome
    }
}

/// Index files that are written.
#[derive(Debug, Clone)]
pub(super) struct Writing {
    files: MmapDirectory,
    seen: Arc<Seen>,
}

impl Writing {
    /// Opens the folder of one generation.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn open(path: &Path) -> Result<Self, TantivyError> {
        Ok(Self { files: MmapDirectory::open(path)?, seen: Arc::default() })
    }

    /// Returns an error as what it comes from: what the disk refused, if it refused anything.
    /// `folder` is where the index lies, `bytes` the size of the one in use.
    pub fn blamed(&self, error: IndexError, folder: &Path, bytes: u64) -> IndexError {
        match self.seen.refusal.get() {
            Some((kind, said)) => {
                let bytes = self.seen.bytes.load(Ordering::Relaxed).max(bytes);
                IndexError::Unwritten(Unwritten::new(*kind, said, folder, bytes))
            }
            None => error,
        }
    }
}

/// One file that is written.
struct Noted {
    file: Box<dyn TerminatingWrite + Send + Sync>,
    seen: Arc<Seen>,
    /// How many bytes it has by now.
    length: u64,
}

impl Write for Noted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The engine writes by the byte; one step a file, with nothing in it yet, and one at its end are enough.
        let begun = if self.length == 0 { fault::step(Step::Write) } else { Ok(()) };
        let taken = self.seen.note(begun.and_then(|()| self.file.write(bytes)))?;
        let bytes = u64::try_from(taken).unwrap_or(u64::MAX);
        self.seen.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.length = self.length.saturating_add(bytes);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.seen.note(self.file.flush())
    }
}

impl TerminatingWrite for Noted {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.seen.note(fault::step(Step::Sync).and_then(|()| self.file.terminate_ref(token)))
    }
}

impl Directory for Writing {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.files.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        let filepath = || path.to_owned();
        let refused = |cause| DeleteError::IoError { io_error: Arc::new(cause), filepath: filepath() };
        fault::step(Step::Remove).map_err(refused)?;
        self.files.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let made = fault::step(Step::Write).map_err(|e| OpenWriteError::wrap_io_error(e, path.to_owned()));
        let opened = made.and_then(|()| self.files.open_write(path)).inspect_err(|error| {
            if let OpenWriteError::IoError { io_error, .. } = error {
                let _ = self.seen.refusal.set((io_error.kind(), io_error.to_string()));
            }
        })?;
        // Nothing was written yet, so that the buffer around the file is empty and may be left off.
        let file = opened.into_inner().map_err(|e| OpenWriteError::wrap_io_error(e.into_error(), path.to_owned()))?;
        Ok(io::BufWriter::new(Box::new(Noted { file, seen: Arc::clone(&self.seen), length: 0 })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.files.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.seen.note(fault::step(Step::Rename).and_then(|()| self.files.atomic_write(path, data)))
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.seen.note(fault::step(Step::SyncFolder).and_then(|()| self.files.sync_directory()))
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        let outcome = self.files.acquire_lock(lock);
        if let Err(LockError::IoError(error)) = &outcome {
            let _ = self.seen.refusal.set((error.kind(), error.to_string()));
        }
        outcome
    }

    fn watch(&self, callback: WatchCallback) -> Result<WatchHandle, TantivyError> {
        self.files.watch(callback)
    }
}
