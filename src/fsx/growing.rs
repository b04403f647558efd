//! Files that come piece by piece, and are gone on with after a break.

use std::fs;
use std::path::{Path, PathBuf};

use super::{PathError, at, open_soon, sync, write_into};
use crate::fault::{self, Step};

/// A file that grows as its bytes come, and is gone on with after a break. It bears a name of its own
/// until it is whole.
#[derive(Debug)]
pub struct Growing {
    file: fs::File,
    path: PathBuf,
    length: u64,
}

impl Growing {
    /// Opens a file to go on where it ends; makes it when there is none.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, PathError> {
        let file =
            open_soon(path, fs::OpenOptions::new().append(true).create(true)).map_err(at("cannot write", path))?;
        let length = file.metadata().map_err(at("cannot read", path))?.len();
        Ok(Self { file, path: path.to_owned(), length })
    }

    /// Returns how many bytes it has.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Puts bytes at its end.
    ///
    /// # Errors
    /// When they cannot be written, as on a full disk; how long it is then is seen when it is opened again.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), PathError> {
        write_into(&mut self.file, bytes).map_err(at("cannot write", &self.path))?;
        self.length += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(())
    }

    /// Begins again with nothing.
    ///
    /// # Errors
    /// When it cannot be cut.
    pub fn clear(&mut self) -> Result<(), PathError> {
        fault::step(Step::Write).and_then(|()| self.file.set_len(0)).map_err(at("cannot write", &self.path))?;
        self.length = 0;
        Ok(())
    }

    /// Hands everything to the disk.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn sync(&self) -> Result<(), PathError> {
        sync(&self.file).map_err(at("cannot sync", &self.path))
    }
}
