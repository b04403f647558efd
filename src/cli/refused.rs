//! What helps when the disk refuses: it is full, or the folder is not ours to write.

use std::io::ErrorKind;

use crate::index::{IndexError, Unwritten};

/// What helps on a full disk.
const FULL: &str = "make room, then run it again; what was in use before is still whole";
/// What helps where nothing can be written.
const NOT_OURS: &str = "roundup may not write there: let it, or name a folder of your own with `--home DIR`; \
                        searching and showing work in a folder that can only be read";
/// What helps against a limit.
const TOO_LARGE: &str = "a limit of the session (`ulimit -f`) or the form of the disk stands in the way; what was in \
                         use before is still whole";

/// Returns what helps against an error that comes from the disk; `None` for any other, and for one that
/// says what helps itself.
pub fn help(error: &anyhow::Error) -> Option<&'static str> {
    if error.chain().any(|cause| cause.to_string().contains("\n  help: ")) {
        return None;
    }
    error.chain().find_map(|cause| match (cause.downcast_ref(), unwritten(cause)) {
        (_, Some(Unwritten::Full { .. })) => Some(FULL),
        (_, Some(Unwritten::NotOurs { .. })) => Some(NOT_OURS),
        (_, Some(Unwritten::TooLarge { .. })) => Some(TOO_LARGE),
        (Some(error), _) => of_kind(std::io::Error::kind(error)),
        _ => None,
    })
}

/// Returns why the index could not be written, where a cause says that.
fn unwritten<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a Unwritten> {
    match (cause.downcast_ref(), cause.downcast_ref(), cause.downcast_ref()) {
        (Some(unwritten), ..)
        | (_, Some(IndexError::Unwritten(unwritten)), _)
        | (.., Some(crate::pipeline::Error::Index(IndexError::Unwritten(unwritten)))) => Some(unwritten),
        _ => None,
    }
}

/// Returns what helps against a refusal of the system.
fn of_kind(kind: ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Some(FULL),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Some(NOT_OURS),
        ErrorKind::FileTooLarge => Some(TOO_LARGE),
        _ => None,
    }
}
