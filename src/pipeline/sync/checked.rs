//! A list whose signature holds, and what its host said of its age.

use std::collections::BTreeMap;

use crate::pack::{Manifest, PublicKey};

/// What a host said of a list's age, to be sent back to it.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Validators {
    /// `ETag`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// `Last-Modified`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

impl Validators {
    /// Returns what the headers of an answer say; names are in lower case.
    pub fn of(headers: &BTreeMap<String, String>) -> Self {
        Self { etag: headers.get("etag").cloned(), last_modified: headers.get("last-modified").cloned() }
    }
}

/// A list that was checked.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    /// What it says.
    pub list: Manifest,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its signature.
    pub signature: Vec<u8>,
    /// The key that it holds to.
    pub key: PublicKey,
    /// Whether nobody has named the key, and it is met for the first time.
    pub is_new_key: bool,
    /// What the host said of its age.
    pub validators: Validators,
}
