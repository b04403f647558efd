//! Looking into a database, also where nothing can be written: on a disk that can only be read, in
//! somebody else's folder. There SQLite cannot make the files that its readers share.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{Result, StoreError, sql};
use crate::fsx;

/// How many files a database is: itself, what was written last, and what its readers share.
const FILES: usize = 3;

/// Opens a database with `flags` and hands it to `read`. Where nothing can be written it is opened as one
/// that nobody changes meanwhile: whoever wrote there would have left the files that are shared.
///
/// # Errors
/// When the file is missing or cannot be read, was left in the midst of writing where nothing can be
/// written, or `read` fails.
pub(super) fn reading<T>(path: &Path, flags: OpenFlags, read: impl Fn(Connection) -> Result<T>) -> Result<T> {
    fsx::check_plain(path)?;
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let error = match Connection::open_with_flags(path, flags).map_err(sql("open for reading")).and_then(&read) {
        Err(error) if cannot_share(&error) => blamed(path, error),
        other => return other,
    };
    if matches!(error, StoreError::Path(_)) {
        return Err(error);
    }
    if has_log(path) {
        return Err(StoreError::Unclosed { path: path.to_owned() });
    }
    if address(path).is_none() {
        return Err(error);
    }
    read(unchanging(path)?)
}

/// Returns the address that SQLite knows a file by; `None` where it has none.
fn address(path: &Path) -> Option<url::Url> {
    std::path::absolute(path).ok().and_then(|path| url::Url::from_file_path(path).ok())
}

/// Opens a database that nobody changes; nothing is written, beside it neither.
///
/// # Errors
/// When SQLite cannot open it.
pub(super) fn unchanging(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = match address(path) {
        Some(address) => {
            Connection::open_with_flags(format!("{address}?immutable=1"), flags | OpenFlags::SQLITE_OPEN_URI)
        }
        None => Connection::open_with_flags(path, flags),
    };
    opened.map_err(sql("open for reading alone"))
}

/// Returns an error of the database with its cause in one line.
pub(super) fn in_one_line(error: &StoreError) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("{error}{cause}")
}

/// Tells whether an error says that the files beside the database cannot be made.
fn cannot_share(error: &StoreError) -> bool {
    let StoreError::Sql { cause, .. } = error else { return false };
    matches!(cause.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

/// Returns why a database could not be opened: SQLite says of every refusal only that it could not.
pub(super) fn blamed(path: &Path, error: StoreError) -> StoreError {
    if !cannot_share(&error) || !path.exists() {
        return error;
    }
    fsx::can_open(path, FILES).err().map_or(error, StoreError::from)
}

/// Returns a refusal of the disk as SQLite tells of one.
pub(super) fn refused(cause: &std::io::Error) -> rusqlite::Error {
    use rusqlite::ffi;
    let code = if cause.kind() == std::io::ErrorKind::StorageFull { ffi::SQLITE_FULL } else { ffi::SQLITE_IOERR };
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), Some(cause.to_string()))
}

/// Tells whether something lies beside a database that is not yet in it.
pub(super) fn has_log(path: &Path) -> bool {
    fsx::size_of(&beside(path, "-wal")).is_some_and(|bytes| bytes > 0)
}

/// Returns the path of a file that SQLite puts beside a database.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::*;

    #[test]
    fn a_database_is_read_where_nothing_can_be_written_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a ? #.db");
        let store = Store::open(&path).unwrap();
        store.next_revision().unwrap();
        drop(store);
        // Something else in its place keeps the shared file from being made, as a disk does that can only be read.
        fsx::make_folder(&beside(&path, "-shm")).unwrap();
        assert_eq!(Store::revision_at(&path).unwrap(), 1);
        assert_eq!(Store::open_reader(&path).unwrap().revision().unwrap(), 1);
    }

    /// SQLite then reads what was written last by itself, and keeps what is shared in its memory.
    #[test]
    fn what_was_left_in_the_midst_of_writing_is_not_read_as_it_was_before() {
        let folder = tempfile::tempdir().unwrap();
        let (path, left) = (folder.path().join("a.db"), folder.path().join("left/a.db"));
        let store = Store::open(&path).unwrap();
        store.next_revision().unwrap();
        for ending in ["", "-wal"] {
            fsx::write_atomic(&beside(&left, ending), &fsx::read(&beside(&path, ending)).unwrap()).unwrap();
        }
        fsx::make_folder(&beside(&left, "-shm")).unwrap();
        assert_eq!(Store::open_reader(&left).unwrap().revision().unwrap(), 1);
        assert_eq!(Store::revision_at(&left).unwrap(), 1);
    }

    #[test]
    fn what_is_no_file_is_not_opened() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(Store::open_reader(folder.path()).map(drop), Err(StoreError::Path(_))));
        assert!(matches!(Store::revision_at(&folder.path().join("none")), Err(StoreError::Path(_))));
    }
}
