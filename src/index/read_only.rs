//! A folder of index files that can only be read.
//!
//! Readers go through here, so that no search can ever write: not by mistake, and not where the
//! folder lies on a read-only disk or belongs to somebody else. There the lock that keeps files
//! from being removed while they are opened cannot be taken, and is not needed either.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{DirectoryLock, FileHandle, Lock, MmapDirectory, WatchCallback, WatchHandle, WritePtr};
use tantivy::{Directory, TantivyError};

/// Index files in memory maps, read here and there rather than from end to end.
#[derive(Debug, Clone)]
pub(super) struct ReadOnly(MmapDirectory);

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
        Ok(Self(inner))
    }
}

/// Returns the error for everything that would write.
fn refused() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "a search never writes")
}

impl Directory for ReadOnly {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.0.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        Err(DeleteError::IoError { io_error: Arc::new(refused()), filepath: path.to_owned() })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        Err(OpenWriteError::wrap_io_error(refused(), path.to_owned()))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.0.atomic_read(path)
    }

    fn atomic_write(&self, _path: &Path, _data: &[u8]) -> io::Result<()> {
        Err(refused())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        let kinds = [io::ErrorKind::PermissionDenied, io::ErrorKind::ReadOnlyFilesystem];
        match self.0.acquire_lock(lock) {
            Err(LockError::IoError(error)) if kinds.contains(&error.kind()) => Ok(DirectoryLock::from(Box::new(()))),
            other => other,
        }
    }

    fn watch(&self, callback: WatchCallback) -> Result<WatchHandle, TantivyError> {
        self.0.watch(callback)
    }
}
