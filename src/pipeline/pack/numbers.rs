//! The numbers of lists. They belong to whoever publishes, not to a folder: the same papers have the
//! same number on the web and on a stick, so that a member may go from one to the other.
//!
//! ```json
//! {"v":1,"lists":{"RW…":{"sequence":7,"content":"0123…","signed":["89ab…"]}}}
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use crate::fsx;
use crate::model::sha256_hex;
use crate::pack::SEQUENCE_MAX;
use crate::pipeline::{Error, Result};

/// Name of the file in the data folder of the publisher's home.
pub(super) const FILE: &str = "lists.json";
/// Version of its form.
const VERSION: u32 = 1;
/// The most bytes of it: thousands of keys.
const BYTES_MAX: u64 = 1 << 20;
/// How many signed lists are remembered: more folders than anybody publishes to.
const SIGNED_MAX: usize = 16;

/// The last list of a key.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Given {
    /// Its number.
    sequence: u64,
    /// What it gives.
    content: String,
    /// SHA-256 in hex of the lists signed last, the newest last: after a cut between a list and its
    /// signature they are still known to be ours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    signed: Vec<String>,
}

/// The last number that was given out for every key.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Numbers {
    v: u32,
    /// By public key.
    lists: BTreeMap<String, Given>,
}

impl Numbers {
    /// Reads the file; there is none before the first list, nor where an older roundup wrote it.
    ///
    /// # Errors
    /// When it cannot be read: a number might be given twice.
    pub fn read(file: &Path) -> Result<Self> {
        let Some(text) = fsx::read_plain_text(file, BYTES_MAX)? else {
            return Ok(Self { v: VERSION, lists: BTreeMap::new() });
        };
        let stopped = |cause: String| {
            Error::stopped(
                format!("{}: {cause}", file.display()),
                "put back a copy of it; without one, remove it and pack first into the folder of the newest list",
            )
        };
        let read: Self = serde_json::from_str(&text).map_err(|e| stopped(e.to_string()))?;
        if read.v != VERSION {
            return Err(stopped("a newer roundup wrote it".to_owned()));
        }
        if read.lists.values().any(|g| g.sequence > SEQUENCE_MAX) {
            return Err(stopped("it names a number that no list can have".to_owned()));
        }
        Ok(read)
    }

    /// Tells whether a folder whose list has a number and a content needs no other number. One that is
    /// ahead needs none: another computer published there.
    pub fn is_level(&self, key: &str, sequence: u64, content: &str) -> bool {
        self.lists.get(key).is_none_or(|g| sequence > g.sequence || (sequence == g.sequence && content == g.content))
    }

    /// Returns the number of the next list of a folder whose list has a number now, 0 for none: that
    /// of the last list anywhere when it gave the same and is newer than the folder's, else a new one.
    pub fn next(&self, key: &str, sequence: u64, content: &str) -> u64 {
        match self.lists.get(key) {
            Some(given) if given.content == content && given.sequence > sequence => given.sequence,
            given => given.map_or(0, |g| g.sequence).max(sequence) + 1,
        }
    }

    /// Remembers the last number of a key, and the bytes of a list that was signed with it.
    pub fn give(&mut self, key: &str, sequence: u64, content: &str, list: Option<&[u8]>) {
        let mut signed = self.lists.remove(key).map(|g| g.signed).unwrap_or_default();
        if let Some(hash) = list.map(sha256_hex) {
            signed.retain(|known| *known != hash);
            signed.push(hash);
            signed.drain(..signed.len().saturating_sub(SIGNED_MAX));
        }
        self.lists.insert(key.to_owned(), Given { sequence, content: content.to_owned(), signed });
    }

    /// Tells whether a list was signed here with a key.
    pub fn has_signed(&self, key: &str, list: &[u8]) -> bool {
        self.lists.get(key).is_some_and(|given| given.signed.contains(&sha256_hex(list)))
    }

    /// Writes the file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_string(self)
            .map_err(|e| Error::stopped(format!("{FILE} cannot be written ({e})"), "please tell us"))?;
        fsx::write_atomic(file, format!("{text}\n").as_bytes())?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_that_of_what_is_given_and_never_of_two_things() {
        let mut seven = Numbers { v: VERSION, lists: BTreeMap::new() };
        assert_eq!((seven.next("k", 0, "a"), seven.next("k", 4, "a")), (1, 5), "nothing is remembered yet");
        seven.give("k", 7, "a", None);
        for (note, lies, content, want) in [
            ("an empty folder gets the number of the last list", 0, "a", 7),
            ("and so does one that is behind", 3, "a", 7),
            ("a folder that must be mended gets a new one", 7, "a", 8),
            ("other papers get a new one in any folder", 0, "b", 8),
            ("other papers in the folder of the last list", 7, "b", 8),
            ("a folder that another computer wrote is gone on from", 9, "a", 10),
        ] {
            assert_eq!(seven.next("k", lies, content), want, "{note}");
        }
        assert_eq!(seven.next("other", 0, "a"), 1, "another key has its own count");
        for (lies, content, want) in [(7, "a", true), (8, "a", true), (6, "a", false), (7, "b", false)] {
            assert_eq!(seven.is_level("k", lies, content), want, "{lies} {content}");
        }
    }
}
