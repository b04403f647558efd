//! One writer at a time, by a lock of the operating system: freed when the process ends, however.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::Path;

use super::{Result, StoreError};

/// Holds the right to write until it is dropped.
#[derive(Debug)]
pub struct WriterLock {
    _file: File,
}

impl WriterLock {
    /// Takes the lock of a data folder.
    ///
    /// # Errors
    /// [`StoreError::Locked`] with the holder's process id when another instance writes, or an
    /// error when the lock file cannot be made.
    pub fn take(folder: &Path) -> Result<Self> {
        crate::fsx::make_folder(folder)?;
        let path = folder.join("lock");
        let refused = |cause: std::io::Error| crate::fsx::at("cannot write", &path)(cause);
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(refused)?;
        if file.try_lock().is_err() {
            let mut holder = String::new();
            // Who holds it is a courtesy; that it is held is the answer.
            let _ = file.take(32).read_to_string(&mut holder);
            let holder = holder.trim();
            let holder = if holder.is_empty() { "unknown" } else { holder };
            return Err(StoreError::Locked { holder: holder.to_owned() });
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(refused)?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_told_who_holds_the_lock() {
        let home = tempfile::tempdir().unwrap();
        let first = WriterLock::take(home.path()).unwrap();
        let error = WriterLock::take(home.path()).unwrap_err();
        assert_eq!(error.to_string(), format!("another roundup is writing here (process {})", std::process::id()));
        drop(first);
        WriterLock::take(home.path()).unwrap();
    }
}
