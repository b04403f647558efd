//! What can go wrong between a member and the packs: a sentence and what to do.

use std::error::Error as _;
use std::io::ErrorKind;

use super::pace::TooSlow;
use crate::fetch::FetchError;
use crate::fsx::PathError;
use crate::model::size_in_words;
use crate::pipeline::Error;

/// What to do when the line is at fault.
const AGAIN: &str = "what was fetched is kept, and search works with what is here; run `roundup sync` again later";

/// A web page came in place of a file.
pub(super) fn web_page(place: &str) -> Error {
    Error::stopped(
        format!("{place} answered with a web page instead of the file"),
        "a network that wants a sign-in does that: open any page in a browser, sign in, and run `roundup sync` again; \
         else check the address",
    )
}

/// A request that failed.
pub(super) fn of_fetch(error: &FetchError) -> Error {
    let help = match error {
        FetchError::Status { status: 404 | 410, .. } => {
            "check the address with whoever gave it to you; it is the folder that holds manifest.json"
        }
        FetchError::Refused { .. } => "check the address with whoever gave it to you; nothing was fetched from there",
        FetchError::Status { status: 401 | 403 | 407, .. } => "ask whoever publishes the packs for the right address",
        FetchError::BotWall { .. } => "ask whoever publishes the packs to let plain programs fetch files",
        FetchError::Insecure { .. } => {
            "a network that wants a sign-in does that, too: open any page in a browser first; else tell whoever \
             publishes the packs"
        }
        _ => AGAIN,
    };
    Error::stopped(error.to_string(), help)
}

/// A host or a line that is no longer waited for.
pub(super) fn too_slow(place: &str, slow: TooSlow) -> Error {
    let (reason, way) = match slow {
        TooSlow::Drips { bytes, within } => {
            let unit = if bytes == 1 { "byte" } else { "bytes" };
            let reason = format!("only {bytes} {unit} came in {} seconds", within.as_secs());
            (reason, "on another network or from a stick")
        }
        TooSlow::Overdue(limit) => {
            (format!("it was not all here after {} minutes", limit.as_secs().div_ceil(60)), "and it goes on from there")
        }
    };
    let help = format!("what was fetched is kept, and search works with what is here; run `roundup sync` again, {way}");
    Error::stopped(format!("{place} is no longer waited for: {reason}"), help)
}

/// A pack that the list names and the source does not have.
pub(super) fn no_such_pack(place: &str) -> Error {
    Error::stopped(
        format!("the list names a pack that is not there: {place}"),
        "it may be being published right now: run `roundup sync` again in some minutes; else tell whoever publishes it",
    )
}

/// A pack whose bytes are not those that were signed, twice. `other_way` is what to try.
pub(super) fn wrong_pack(place: &str, other_way: &str) -> Error {
    Error::stopped(
        format!("{place} does not hold the bytes that were signed; nothing of it was taken"),
        format!("{other_way}; if it stays so, tell whoever publishes the packs"),
    )
}

/// A list whose signature does not hold. `other_way` is what to try.
pub(super) fn not_signed(place: &str, other_way: &str) -> Error {
    Error::stopped(
        format!("{place} is not signed as it should be; nothing was taken from it"),
        format!("{other_way}; if it stays so, tell whoever publishes the packs"),
    )
}

/// A file that could not be read or written here.
pub(super) fn of_disk(error: &PathError) -> Error {
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    let help = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "the disk is full: make room and run `roundup sync` again; what was fetched is kept"
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "choose a folder that you may write: `roundup sync --home DIR`"
        }
        ErrorKind::NotFound => "check that the folder is there and the stick is plugged in",
        _ => "run `roundup sync` again; what was fetched is kept",
    };
    Error::stopped(format!("{error}: {cause}"), help)
}

/// A pack that holds the bytes that were signed, which are no papers.
pub(super) fn published_broken(name: &str) -> Error {
    Error::stopped(
        format!("the pack {name} was published broken: it is signed, and does not unpack to what was announced"),
        "fetching it again does not help; tell whoever publishes the packs, who must write it anew; search works \
         with what was here before",
    )
}

/// A pack that came packed once more, as servers do that press everything.
pub(super) fn packed_again(place: &str) -> Error {
    Error::stopped(
        format!("{place} came packed once more (gzip), which was not asked for; nothing of it was taken"),
        "tell whoever publishes the packs to let the web server send files that end in .zst as they are; a stick, or \
         another network if something on the way does that, works meanwhile",
    )
}

/// Says what is here and what is still to come when a sync that fetches packs is stopped.
pub(super) fn with_rest(error: Error, (here, all): (usize, usize), rest_bytes: u64) -> Error {
    let Error::Stopped { reason, help } = error else { return error };
    let rest = size_in_words(rest_bytes);
    Error::stopped(format!("{reason} ({here} of {all} new packs are here, {rest} remain)"), help)
}

/// A host that says "unchanged" to somebody who has nothing.
pub(super) fn not_asked(place: &str) -> Error {
    Error::stopped(
        format!("{place} answered 304 (not changed), which was not asked; nothing was taken from it"),
        "something on the way, such as a cache, answers wrongly: run `roundup sync` again later or on another network; \
         if it stays so, tell whoever publishes the packs",
    )
}
