//! What the system refuses while the index is read. It says nothing of the index, which may be whole:
//! so it is never called damage, and nothing is built anew for it.

use std::io::{self, ErrorKind};

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError, OpenWriteError};

use crate::fsx::PathError;

/// Why the index could not be read, in words for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    /// A limit of the session (`ulimit -n`) or of the whole system.
    #[error("too many open files")]
    TooManyFiles,
    /// There is no memory left, or less than `ulimit -v` lets us have.
    #[error("there is not enough memory")]
    NoMemory,
    /// Its files belong to somebody else.
    #[error("roundup may not read it ({0})")]
    NotOurs(String),
    /// The system said something else.
    #[error("{0}")]
    Other(String),
}

/// `EMFILE` and `ENFILE` of Unix; Rust has no word of its own for them.
const TOO_MANY: [i32; 2] = [24, 23];
/// `ERROR_TOO_MANY_OPEN_FILES` of Windows.
const TOO_MANY_WINDOWS: i32 = 4;

/// Tells whether the system has no more open files to give.
pub fn is_too_many(error: &io::Error) -> bool {
    error.raw_os_error().is_some_and(
        |code| {
            if cfg!(windows) { code == TOO_MANY_WINDOWS } else { TOO_MANY.contains(&code) }
        },
    )
}

impl Unread {
    /// Returns what the system refused; `None` where an error is about the file itself.
    pub(super) fn of_io(error: &io::Error) -> Option<Self> {
        if is_too_many(error) {
            return Some(Self::TooManyFiles);
        }
        match error.kind() {
            ErrorKind::OutOfMemory => Some(Self::NoMemory),
            ErrorKind::PermissionDenied => Some(Self::NotOurs(error.to_string())),
            ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::FileTooLarge
            | ErrorKind::Interrupted
            | ErrorKind::TimedOut
            | ErrorKind::StaleNetworkFileHandle
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
            | ErrorKind::NetworkDown => Some(Self::Other(error.to_string())),
            // A file that is opened while it is read hides its reason one deeper.
            _ => error.get_ref().and_then(|inner| inner.downcast_ref()).and_then(of_opening).and_then(Self::of_io),
        }
    }

    /// Returns what the system refused of a file of ours.
    pub(super) fn of_path(error: &PathError) -> Option<Self> {
        std::error::Error::source(error).and_then(|cause| cause.downcast_ref()).and_then(Self::of_io)
    }

    /// Returns what the system refused to the engine.
    pub(super) fn of_engine(error: &TantivyError) -> Option<Self> {
        let cause = match error {
            TantivyError::OpenReadError(error) => of_opening(error)?,
            TantivyError::OpenDirectoryError(
                OpenDirectoryError::IoError { io_error, .. } | OpenDirectoryError::FailedToCreateTempDir(io_error),
            )
            | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. })
            | TantivyError::LockFailure(LockError::IoError(io_error), _)
            | TantivyError::IoError(io_error) => io_error,
            _ => return None,
        };
        Self::of_io(cause)
    }
}

/// Returns why a file could not be opened.
fn of_opening(error: &OpenReadError) -> Option<&io::Error> {
    match error {
        OpenReadError::IoError { io_error, .. } => Some(io_error),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::sync::Arc;

    use super::super::{IndexError, State};
    use super::*;

    #[cfg(unix)]
    #[test]
    fn what_the_system_refuses_is_no_damage() {
        let opening = |code| OpenReadError::wrap_io_error(io::Error::from_raw_os_error(code), PathBuf::from("x.idx"));
        for (code, want, note) in [
            (24, true, "EMFILE: a session may open no more"),
            (23, true, "ENFILE: the system may open no more"),
            (12, true, "ENOMEM"),
            (13, true, "EACCES"),
            (1, true, "EPERM"),
            (27, true, "EFBIG"),
            (28, true, "ENOSPC"),
            (30, true, "EROFS"),
            (2, false, "ENOENT: a part is missing"),
            (5, false, "EIO: the disk no longer gives it"),
            (21, false, "EISDIR"),
        ] {
            let raw = || io::Error::from_raw_os_error(code);
            let directory = || OpenDirectoryError::wrap_io_error(raw(), PathBuf::from("g0001"));
            for error in [
                TantivyError::OpenReadError(opening(code)),
                TantivyError::IoError(Arc::new(raw())),
                TantivyError::IoError(Arc::new(io::Error::other(opening(code)))),
                TantivyError::OpenDirectoryError(directory()),
                TantivyError::LockFailure(LockError::wrap_io_error(raw()), None),
            ] {
                let said = format!("{note}: {error:?}");
                let is_refusal = matches!(IndexError::from(error), IndexError::NotReady(State::Unread(_)));
                assert_eq!(is_refusal, want, "{said}");
            }
            let of_path = Unread::of_path(&crate::fsx::at("cannot read", "current".as_ref())(raw()));
            assert_eq!(of_path.is_some(), want, "{note}");
        }
    }
}
