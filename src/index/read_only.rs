//! A folder of index files that can only be read.
//!
//! Readers go through here, so that no search can ever write: not by mistake, and not where the
//! folder lies on a read-only disk or belongs to somebody else. There the lock that keeps files
//! from being removed while they are opened cannot be taken, and is not needed either.
//!
//! A short piece of a file is read, a longer one mapped into memory. A member's first search of the day
//! finds nothing in the memory of the machine; every 4 kB of a map would then be fetched by itself, at a
//! tenth of a millisecond each on a disk of today. The kernel is therefore told first which piece is
//! wanted whole, and fetches it in one go.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    DirectoryLock, FileHandle, Lock, MmapDirectory, OwnedBytes, WatchCallback, WatchHandle, WritePtr,
};
use tantivy::{Directory, HasLen, TantivyError};

/// The most bytes of a file that is read whole: the list of parts has some kB.
const WHOLE_BYTES_MAX: u64 = 16 << 20;

/// Index files in memory maps, read here and there rather than from end to end.
#[derive(Debug, Clone)]
pub(super) struct ReadOnly {
    files: MmapDirectory,
    folder: PathBuf,
}

impl ReadOnly {
    /// Opens the folder of one generation.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn open(path: &Path) -> Result<Self, TantivyError> {
        // Without this advice the kernel reads far ahead: 96 MB instead of 0.8 for one search.
        #[cfg(unix)]
        let inner = MmapDirectory::open_with_madvice(path, tantivy::directory::Advice::Random)?;
        #[cfg(not(unix))]
        let inner = MmapDirectory::open(path)?;
        Ok(Self { files: inner, folder: path.to_owned() })
    }

    /// Passes what is a plain file or is not there. A pipe would be waited for, and a device has no end.
    fn plain(&self, path: &Path, bytes_max: u64) -> io::Result<()> {
        match self.folder.join(path).metadata() {
            Ok(found) if !found.is_file() => Err(io::Error::new(io::ErrorKind::InvalidData, "it is no plain file")),
            Ok(found) if found.len() > bytes_max => Err(io::Error::new(io::ErrorKind::InvalidData, "it is too large")),
            _ => Ok(()),
        }
    }
}

/// The longest piece that is copied, in bytes: less than looking at it in a map takes.
const COPIED_BYTES_MAX: usize = 16 << 10;

/// The longest piece that is fetched in one go, in bytes: the words' lists and the columns of a hundred
/// thousand papers. Of longer ones a search needs a part.
const FETCHED_BYTES_MAX: usize = 1 << 20;

/// The same for dictionaries, of which a search needs a few places only.
const FETCHED_DICTIONARY_BYTES_MAX: usize = 128 << 10;

/// One file of an index.
#[derive(Debug)]
struct Pieces {
    file: File,
    bytes: usize,
    /// The longest piece of it that is fetched in one go.
    fetched_bytes_max: usize,
    path: PathBuf,
    directory: MmapDirectory,
    /// The file in a memory map, once a long piece was asked for.
    mapped: OnceLock<Arc<dyn FileHandle>>,
}

impl HasLen for Pieces {
    fn len(&self) -> usize {
        self.bytes
    }
}

impl FileHandle for Pieces {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        let copied_bytes_max = if cfg!(target_os = "linux") { COPIED_BYTES_MAX } else { self.fetched_bytes_max };
        if cfg!(unix) && range.len() <= copied_bytes_max.min(self.fetched_bytes_max) {
            return read_at(&self.file, &range).map(OwnedBytes::new);
        }
        if range.len() <= self.fetched_bytes_max {
            fetch(&self.file, &range);
        }
        let handle = if let Some(handle) = self.mapped.get() {
            handle
        } else {
            let handle = self.directory.get_file_handle(&self.path).map_err(io::Error::other)?;
            self.mapped.get_or_init(|| handle)
        };
        handle.read_bytes(range)
    }
}

/// Tells the kernel that a piece of a file is wanted whole and soon. Where that cannot be said, all comes
/// as well, only slower.
#[cfg(target_os = "linux")]
fn fetch(file: &File, range: &Range<usize>) {
    let length = std::num::NonZeroU64::new(range.len() as u64);
    let _ = rustix::fs::fadvise(file, range.start as u64, length, rustix::fs::Advice::WillNeed);
}

/// Other systems read such pieces.
#[cfg(not(target_os = "linux"))]
fn fetch(_: &File, _: &Range<usize>) {}

/// Reads a piece of a file, without moving in it for others.
#[cfg(unix)]
fn read_at(file: &File, range: &Range<usize>) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; range.len()];
    std::os::unix::fs::FileExt::read_exact_at(file, &mut bytes, range.start as u64)?;
    Ok(bytes)
}

/// Other systems cannot read without moving; there all files are mapped.
#[cfg(not(unix))]
fn read_at(_: &File, _: &Range<usize>) -> io::Result<Vec<u8>> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Returns the error for everything that would write.
fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "a search never writes")
}

impl Directory for ReadOnly {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let unreadable = |error: io::Error| OpenReadError::wrap_io_error(error, path.to_owned());
        self.plain(path, u64::MAX).map_err(unreadable)?;
        let file = match File::open(self.folder.join(path)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(OpenReadError::FileDoesNotExist(path.to_owned()));
            }
            Err(error) => return Err(unreadable(error)),
        };
        let bytes = usize::try_from(file.metadata().map_err(unreadable)?.len()).unwrap_or(usize::MAX);
        let is_dictionary = path.extension().is_some_and(|ending| ending == "term");
        let fetched_bytes_max = if is_dictionary { FETCHED_DICTIONARY_BYTES_MAX } else { FETCHED_BYTES_MAX };
        let (path, directory) = (path.to_owned(), self.files.clone());
        Ok(Arc::new(Pieces { file, bytes, fetched_bytes_max, path, directory, mapped: OnceLock::new() }))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(refused()), filepath: path.to_owned() })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.files.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(refused(), path.to_owned()))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.plain(path, WHOLE_BYTES_MAX).map_err(|e| OpenReadError::wrap_io_error(e, path.to_owned()))?;
        self.files.atomic_read(path)
    }

    fn atomic_write(&self, _path: &Path, _data: &[u8]) -> io::Result<()> {
        Err(refused())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        let kinds = [io::ErrorKind::PermissionDenied, io::ErrorKind::ReadOnlyFilesystem];
        self.plain(&lock.filepath, u64::MAX).map_err(LockError::wrap_io_error)?;
        match self.files.acquire_lock(lock) {
            Err(LockError::IoError(error)) if kinds.contains(&error.kind()) => Ok(DirectoryLock::from(Box::new(()))),
            other => other,
        }
    }

    fn watch(&self, callback: WatchCallback) -> Result<WatchHandle, TantivyError> {
        self.files.watch(callback)
    }
}
