//! What lies in the folder of the packs, as far as it can be gone on from: a list that is ours. Anybody
//! may have put another there, and its number and its packs would go out under our name.

use super::{KEY_BYTES_MAX, Press};
use crate::fsx;
use crate::pack::{
    self, Contents, FOLDER, MANIFEST, MANIFEST_BYTES_MAX, Manifest, NotSigned, PACK_BYTES_MAX, PUBLIC_KEY, PackEntry,
    PublicKey, SIGNATURE,
};
use crate::pipeline::{Error, Result};

/// What lies in the folder.
#[derive(Default)]
pub(super) struct Lying {
    /// Our last list there.
    pub list: Option<Manifest>,
    /// Its bytes.
    pub bytes: Option<Vec<u8>>,
    /// What its packs hold.
    pub contents: Contents,
    /// Entries of packs that are whole.
    pub packs: Vec<PackEntry>,
    /// What is not as it should be.
    pub notes: Vec<String>,
}

/// Reads what lies in the folder. Packs that are missing or damaged are left out of the next list:
/// what they held is then written anew. `has_signed` tells whether a list without a signature that fits
/// is known to be ours, as after a cut.
///
/// # Errors
/// When the list or its key is another publisher's, or cannot be read.
pub(super) fn lying(press: &Press<'_>, has_signed: &dyn Fn(&[u8]) -> bool) -> Result<Lying> {
    let mut out = Lying::default();
    check_key(press)?;
    let path = press.folder.join(MANIFEST);
    let bytes_max = u64::try_from(MANIFEST_BYTES_MAX).unwrap_or(u64::MAX);
    let bytes = match fsx::read_plain(&path, bytes_max) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(out),
        Err(e) if e.kind() == std::io::ErrorKind::InvalidData => return Err(no_list(press, "it is no list of packs")),
        Err(e) => return Err(e.into()),
    };
    let list = Manifest::parse(&bytes).map_err(|e| no_list(press, &e.to_string()))?;
    let signature = fsx::read_plain_text(&press.folder.join(SIGNATURE), KEY_BYTES_MAX).ok().flatten();
    match press.key.public().verify(&bytes, &signature.unwrap_or_default()) {
        Ok(signed) if signed.comment == list.comment() => {}
        _ if has_signed(&bytes) => {
            out.notes.push("the signature did not fit the list, as after a cut; both are written anew".to_owned());
        }
        Err(NotSigned::OtherKey) => return Err(other_key(press, None)),
        _ => {
            out.notes.push(format!(
                "{} is not signed with this key, so nothing of it is used and all papers are written anew",
                path.display()
            ));
            return Ok(out);
        }
    }
    for entry in &list.packs {
        let lines = fsx::read_plain(&press.folder.join(FOLDER).join(entry.file()), PACK_BYTES_MAX).ok();
        match lines.and_then(|bytes| pack::unpack(&bytes, entry).ok()) {
            Some(lines) => {
                out.contents.add(&lines);
                out.packs.push(entry.clone());
            }
            None => {
                out.notes.push(format!("the pack {} is missing or damaged; its papers are written anew", entry.file()));
            }
        }
    }
    (out.list, out.bytes) = (Some(list), Some(bytes));
    Ok(out)
}

/// Returns the error of a file that is no list.
fn no_list(press: &Press<'_>, reason: &str) -> Error {
    Error::stopped(
        format!("{} cannot be gone on from: {reason}", press.folder.join(MANIFEST).display()),
        "put back a copy of the folder, or empty it: then all is written anew, and the count goes on from this home's",
    )
}

/// Checks that the folder belongs to the key.
fn check_key(press: &Press<'_>) -> Result<()> {
    let path = press.folder.join(PUBLIC_KEY);
    let Some(text) = fsx::read_plain_text(&path, KEY_BYTES_MAX)? else { return Ok(()) };
    let old = PublicKey::parse(&text).ok();
    if old == Some(press.key.public()) {
        return Ok(());
    }
    let old = old.map_or_else(|| "unreadable".to_owned(), PublicKey::short);
    Err(other_key(press, Some(&old)))
}

/// Returns the error of a folder of another key, whose short form may be known.
fn other_key(press: &Press<'_>, old: Option<&str>) -> Error {
    let (folder, new) = (press.folder.display(), press.key.public().short());
    Error::stopped(
        format!(
            "the packs in {folder} are signed with another key (theirs: {}, this one: {new})",
            old.unwrap_or("unknown")
        ),
        format!(
            "use that key, or another folder; if the key is lost, empty {folder}, sign with the new one and tell \
             every member its short form"
        ),
    )
}
