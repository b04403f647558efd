//! What a person reads when something failed: what happened, and what to do about it.
//!
//! What a step stops with says both itself. What comes from the disk or the database says neither in words that a
//! person knows, so its kind is looked for here.

use std::error::Error as Cause;
use std::io::ErrorKind;

use super::words::{at_the_desk, said};
use crate::index::{IndexError, Unwritten};
use crate::model::Severity;
use crate::pipeline::Error;
use crate::store::StoreError;

/// What happened and what to do; the second is empty where nothing can be said.
pub(super) struct Told {
    /// What happened.
    pub(super) what: String,
    /// What to do.
    pub(super) help: String,
}

/// What is said before the reason, and what to do.
type Words = (&'static str, &'static str);

const FULL: Words = ("the disk is full", "make room on the disk, then do it again; what was saved before is whole");
const NOT_OURS: Words = (
    "the folder or the disk can only be read",
    "let the person who runs the desk write there, then do it again; what was saved before is whole",
);
const TOO_LARGE: Words = (
    "a file became larger than this disk, or the session that the desk was started in, allows",
    "whoever started the desk can raise the limit (`ulimit -f`); what was saved before is whole",
);
const TOO_MANY: Words =
    ("this computer cannot open more files just now", "close other programs, then do it again; nothing is damaged");
const BUSY: Words = (
    "another program is writing the database and did not finish in time",
    "wait a minute and do it again; if it goes on, close the program that has data/roundup.db open",
);
const OTHER_WRITES: Words = ("another roundup is at work here", "wait until it is done, then do it again");
const DAMAGED: Words = (
    "the database is damaged",
    "close the desk, run `roundup doctor`, and bring back a copy of data/roundup.db; the draft file is whole",
);
const FAILING: Words = (
    "the disk failed while it was read or written",
    "see that the disk is there and has room, then do it again; if it goes on, make a copy of the folder",
);

/// Returns what a person reads of an error.
pub(super) fn told(error: &anyhow::Error) -> Told {
    let whole = format!("{error:#}");
    if let Some((what, help)) = whole.split_once("\n  help: ") {
        return Told { what: what.to_owned(), help: at_the_desk(help) };
    }
    match error.chain().find_map(words) {
        // The reason stays: it names the file, which whoever helps wants to know.
        Some((what, help)) => Told { what: format!("{what} ({whole})"), help: help.to_owned() },
        None => Told { what: whole, help: String::new() },
    }
}

/// Returns what a person reads of an error, one text for each thing that is wrong.
pub(super) fn in_words(error: &anyhow::Error) -> Vec<String> {
    if let Some(Error::Problems { problems }) = error.downcast_ref() {
        return problems.iter().filter(|p| p.severity == Severity::Error).map(said).collect();
    }
    let Told { what, help } = told(error);
    vec![if help.is_empty() { what } else { format!("{what}\n  help: {help}") }]
}

/// Returns the words for a cause; `None` for one that says nothing of its kind.
fn words(cause: &(dyn Cause + 'static)) -> Option<Words> {
    let step = cause.downcast_ref::<Error>();
    let store = match step {
        Some(Error::Store(store)) => Some(store),
        _ => cause.downcast_ref(),
    };
    let index = match step {
        Some(Error::Index(index)) => Some(index),
        _ => cause.downcast_ref(),
    };
    let unwritten = match index {
        Some(IndexError::Unwritten(unwritten)) => Some(unwritten),
        _ => cause.downcast_ref(),
    };
    match (store, unwritten, cause.downcast_ref::<std::io::Error>()) {
        (Some(store), ..) => of_store(store),
        (_, Some(Unwritten::Full { .. }), _) => Some(FULL),
        (_, Some(Unwritten::NotOurs { .. }), _) => Some(NOT_OURS),
        (_, Some(Unwritten::TooLarge { .. }), _) => Some(TOO_LARGE),
        (.., Some(io)) => of_kind(io.kind()).or_else(|| crate::index::is_too_many(io).then_some(TOO_MANY)),
        _ => None,
    }
}

/// Returns the words for what the database says.
fn of_store(error: &StoreError) -> Option<Words> {
    match error {
        StoreError::Locked { .. } | StoreError::DraftHeld { .. } => Some(OTHER_WRITES),
        _ if error.is_busy() => Some(BUSY),
        _ if error.is_damage() => Some(DAMAGED),
        _ => error.refusal().and_then(of_kind).or_else(|| error.is_of_the_disk().then_some(FAILING)),
    }
    .filter(|_| !matches!(error, StoreError::Path(_)))
}

/// Returns the words for a refusal of the system.
fn of_kind(kind: ErrorKind) -> Option<Words> {
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
    use crate::store::{DraftBy, Store};

    /// Returns the error of a store that another one is writing.
    fn busy(folder: &std::path::Path) -> StoreError {
        let path = folder.join("a.db");
        let (writer, reader) = (Store::open(&path).unwrap(), Store::open_reader(&path).unwrap());
        let month = crate::model::Month::parse("2026-10").unwrap();
        let mut error = None;
        let now = jiff::Timestamp::UNIX_EPOCH;
        let done: Result<(), StoreError> = writer.transaction(|_| {
            let keep = |store: &Store| store.keep_draft(month, "text", DraftBy::Desk, now).map(drop);
            error = reader.at_once(|store| store.noting(keep)).err();
            Ok(())
        });
        done.unwrap();
        error.unwrap()
    }

    /// Returns the error of a store that has no room for another page.
    fn no_room(folder: &std::path::Path) -> StoreError {
        let store = Store::open(&folder.join("full.db")).unwrap();
        store.fill_up();
        let month = crate::model::Month::parse("2026-10").unwrap();
        // What cannot be made shorter by packing.
        let text: String = (0..20_000_u32).map(|n| crate::model::sha256_hex(&n.to_le_bytes())).collect();
        store.keep_draft(month, &text, DraftBy::Desk, jiff::Timestamp::UNIX_EPOCH).unwrap_err()
    }

    #[test]
    fn a_failure_says_what_happened_and_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let no_database = folder.path().join("none.db");
        fsx::write_atomic(&no_database, &[b'x'; 4096]).unwrap();
        let path = std::path::Path::new("drafts/2026-10.toml");
        let of_file = |action, kind: ErrorKind| Error::Path(fsx::at(action, path)(kind.into()));
        let full = Unwritten::Full { folder: path.to_owned(), room_mb: 2 };
        let locked = || StoreError::Locked { holder: "17".to_owned() };
        let wait = std::time::Duration::from_secs(5);
        for (error, want, note) in [
            (of_file("cannot write", ErrorKind::StorageFull).into(), FULL, "a full disk, and a file of ours"),
            (of_file("cannot write", ErrorKind::QuotaExceeded).into(), FULL, "a share of a disk that is used up"),
            (of_file("cannot write", ErrorKind::ReadOnlyFilesystem).into(), NOT_OURS, "a disk that can only be read"),
            (of_file("cannot write", ErrorKind::PermissionDenied).into(), NOT_OURS, "somebody else's folder"),
            (of_file("cannot write", ErrorKind::FileTooLarge).into(), TOO_LARGE, "ulimit -f"),
            (Error::Index(IndexError::Unwritten(full)).into(), FULL, "the search index in a step"),
            (Error::Store(busy(folder.path())).into(), BUSY, "the database in a step"),
            (Error::Store(no_room(folder.path())).into(), FULL, "no room for the database (error 13)"),
            (no_room(folder.path()).into(), FULL, "the same, said by the database itself"),
            (
                anyhow::Error::from(no_room(folder.path())).context("cannot keep it"),
                FULL,
                "the same, with words before it",
            ),
            (busy(folder.path()).into(), BUSY, "the database itself"),
            (Error::Store(locked()).into(), OTHER_WRITES, "a harvest that goes on and on"),
            (StoreError::DraftHeld { waited: wait }.into(), OTHER_WRITES, "a draft that is being written"),
            (Store::open_reader(&no_database).err().unwrap().into(), DAMAGED, "bytes that are no database"),
        ] {
            let error: anyhow::Error = error;
            let Told { what, help } = told(&error);
            assert!(what.starts_with(want.0), "{note}: {what}");
            assert!(what.contains(&error.to_string()), "{note}: the reason stays for whoever helps: {what}");
            assert_eq!(help, want.1, "{note}");
        }
        let own = told(&Error::stopped("the draft is of another month", "write it right").into());
        assert_eq!((own.what.as_str(), own.help.as_str()), ("the draft is of another month", "write it right"));
        let unknown = told(&of_file("cannot read", ErrorKind::NotFound).into());
        assert_eq!((unknown.what.contains("2026-10.toml"), unknown.help.as_str()), (true, ""));
    }
}
