//! What helps when the disk refuses (it is full, or the folder is not ours to write) or the database is damaged.

use std::io::ErrorKind;

use crate::index::{IndexError, State, Unread, Unwritten, is_too_many};
use crate::store::StoreError;

/// What helps on a full disk.
const FULL: &str = "the disk is full: make room, then run it again; what was in use before is still whole";
/// The same, where the error has said that it is full.
const ROOM: &str = "make room, then run it again; what was in use before is still whole";
/// What helps where nothing can be written.
const NOT_OURS: &str = "roundup may not write there: let it, or name a folder of your own with `--home DIR`; \
                        searching and showing work in a folder that can only be read";
/// What helps against a limit.
const TOO_LARGE: &str = "a limit of the session (`ulimit -f`) or the form of the disk stands in the way; what was in \
                         use before is still whole";

/// What helps where the disk itself does not do what it should.
const FAILS: &str = "the disk does not do what it should: look whether it is well and rightly plugged in, then run it \
                     again; what was in use before is still whole";

/// What helps where no more files can be opened.
const TOO_MANY: &str = "nothing is damaged: end other programs, or raise the limit of the session (`ulimit -n 1024`)";
/// What helps where the database cannot be opened and the system does not say why.
const UNOPENED: &str = "nothing is damaged: let roundup read and write there, or name another folder with `--home DIR`; \
                        where it may, end other programs, or raise the limit of the session (`ulimit -n 1024`)";
/// What helps where there is no more memory.
const NO_MEMORY: &str = "nothing is damaged: end other programs, or raise the limit of the session (`ulimit -v`)";
/// What helps where the index may not be read.
const NOT_READ: &str = "nothing is damaged: let roundup read the folder, or name another with `--home DIR`";
/// What helps against any other refusal while the index is read.
const AGAIN: &str = "nothing is damaged: see to that, then run it again";

/// What helps where a daemon is in the way.
const END_IT: &str =
    "end it first, with Ctrl-C where it runs or with `sudo systemctl stop roundup`, then run this again";
/// What helps where the database is damaged.
const DAMAGED: &str = "`roundup restore` lists the backups that can be put back; nothing was changed";
/// What helps where a value in the database cannot be read.
const UNREADABLE: &str = "`roundup verify` says what is damaged, and what mends it; nothing was changed";

/// Tells whether an error says that the database cannot be read, since its own bytes are wrong.
pub fn is_damage(error: &anyhow::Error) -> bool {
    let is_it = |error: &StoreError| error.is_damage() && !matches!(error, StoreError::Damaged { .. });
    error.chain().filter_map(of_store).any(is_it)
}

/// Returns what helps against an error that comes from the disk, a damaged database or a daemon in the way; `None` for any other, and for one that
/// says what helps itself.
pub fn help(error: &anyhow::Error) -> Option<&'static str> {
    if let Some(why) = error.chain().find_map(unread) {
        return Some(match why {
            Unread::TooManyFiles => TOO_MANY,
            Unread::NoMemory => NO_MEMORY,
            Unread::NotOurs(_) => NOT_READ,
            Unread::Other(_) => AGAIN,
        });
    }
    if error.chain().any(|cause| cause.downcast_ref().is_some_and(is_too_many)) {
        return Some(TOO_MANY);
    }
    // What may not be read is named already, and nothing here helps.
    let is_other = |text: String| text.contains("\n  help: ") || text.starts_with("cannot read");
    if error.chain().any(|cause| is_other(cause.to_string())) {
        return None;
    }
    error.chain().find_map(|cause| match (cause.downcast_ref(), unwritten(cause)) {
        (_, Some(Unwritten::Full { .. })) => Some(ROOM),
        (_, Some(Unwritten::NotOurs { .. })) => Some(NOT_OURS),
        (_, Some(Unwritten::TooLarge { .. })) => Some(TOO_LARGE),
        (_, Some(Unwritten::Other { .. })) => Some(FAILS),
        (Some(error), _) if is_of_the_disk(error) => Some(FAILS),
        (Some(error), _) => of_kind(std::io::Error::kind(error)),
        _ => of_store(cause).and_then(of_database),
    })
}

/// Returns the error of the database that a cause is.
fn of_store<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a StoreError> {
    cause.downcast_ref().or_else(|| cause.downcast_ref().and_then(super::store_error))
}

/// Returns why the index could not be read, where a cause says that.
fn unread<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a Unread> {
    match (cause.downcast_ref(), cause.downcast_ref()) {
        (Some(IndexError::NotReady(State::Unread(why))), _)
        | (_, Some(crate::pipeline::Error::Index(IndexError::NotReady(State::Unread(why))))) => Some(why),
        _ => None,
    }
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

/// Tells whether the system says that the disk itself failed (`EIO`), for which Rust has no kind.
fn is_of_the_disk(error: &std::io::Error) -> bool {
    /// Its number on every Unix.
    const DISK_FAILS: i32 = 5;
    cfg!(unix) && error.raw_os_error() == Some(DISK_FAILS)
}

/// Returns what helps against a refusal of the database.
fn of_database(error: &StoreError) -> Option<&'static str> {
    match error {
        StoreError::DaemonThere { .. } => return Some(END_IT),
        StoreError::Damaged { .. } => return Some(UNREADABLE),
        error if error.is_damage() => return Some(DAMAGED),
        _ => {}
    }
    let said = error.refusal().and_then(of_kind).or_else(|| error.cannot_open().then_some(UNOPENED));
    // Files that cannot be opened, and folders, say by themselves what is wrong with them.
    said.or_else(|| (error.is_of_the_disk() && !matches!(error, StoreError::Path(_))).then_some(FAILS))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fsx;

    #[test]
    fn a_refusal_of_the_disk_says_what_helps() {
        let path = std::path::Path::new("index");
        let of_file = |action, kind: ErrorKind| fsx::at(action, path)(kind.into());
        let refused = |why| IndexError::NotReady(State::Unread(why));
        let too_many = if cfg!(windows) { None } else { Some(TOO_MANY) };
        let fails = if cfg!(unix) { Some(FAILS) } else { None };
        let full = Unwritten::Full { folder: path.to_owned(), room_mb: 2 };
        for (error, want, note) in [
            (of_file("cannot write", ErrorKind::StorageFull).into(), Some(FULL), "a file of ours"),
            (of_file("cannot write", ErrorKind::ReadOnlyFilesystem).into(), Some(NOT_OURS), "a disk to read only"),
            (of_file("cannot read", ErrorKind::PermissionDenied).into(), None, "reading"),
            (refused(Unread::TooManyFiles).into(), Some(TOO_MANY), "the index and ulimit -n"),
            (refused(Unread::NotOurs("13".to_owned())).into(), Some(NOT_READ), "the index of somebody else"),
            (crate::pipeline::Error::Index(refused(Unread::NoMemory)).into(), Some(NO_MEMORY), "and ulimit -v"),
            (fsx::at("cannot read", path)(std::io::Error::from_raw_os_error(24)).into(), too_many, "any file"),
            (of_file("cannot write", ErrorKind::NotFound).into(), None, "another reason"),
            (fsx::at("cannot sync", path)(std::io::Error::from_raw_os_error(5)).into(), fails, "the disk fails"),
            (IndexError::Unwritten(full.clone()).into(), Some(ROOM), "the index"),
            (crate::pipeline::Error::Index(IndexError::Unwritten(full)).into(), Some(ROOM), "a step that indexes"),
            (crate::pipeline::Error::stopped("the disk is full", "make room").into(), None, "it says what helps"),
        ] {
            assert_eq!(help(&error), want, "{note}");
        }
    }
}
