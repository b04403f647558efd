//! One study or news item as readers see it: all that all sources said about it, folded.

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest, Sha256};

use super::{Identifier, Record};

/// The lasting id of a work: `w` and 11 characters of Crockford-like base 32 in lower case.
///
/// Minted once from the strongest identifier at first sight and never computed again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WorkId(String);

/// Characters of an id behind the `w`: 55 bits, enough that a million works meet a clash with
/// odds below 1 in 70,000; the store mints again with a salt when one happens.
const ID_CHARS: usize = 11;

impl WorkId {
    /// Returns the id for an identifier; `salt` is 0 unless that id is taken by another work.
    pub fn mint(identifier: &Identifier, salt: u32) -> Self {
        let mut hash = Sha256::new();
        hash.update(identifier.kind().as_bytes());
        hash.update([0]);
        hash.update(identifier.value().as_bytes());
        if salt > 0 {
            hash.update(salt.to_be_bytes());
        }
        let text = data_encoding::BASE32_NOPAD.encode(&hash.finalize()).to_lowercase();
        Self(format!("w{}", text.get(..ID_CHARS).unwrap_or_default()))
    }

    /// Returns the id that `text` is, or `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix('w')?;
        let fits = rest.len() == ID_CHARS && rest.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'));
        fits.then(|| Self(text.to_owned()))
    }

    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WorkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<WorkId> for String {
    fn from(value: WorkId) -> Self {
        value.0
    }
}

impl TryFrom<String> for WorkId {
    type Error = String;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value).ok_or_else(|| format!("not a work id: {value:?}"))
    }
}

/// Names one record for ever: its source and its id within that source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct RecordKey {
    /// Source id.
    pub source: String,
    /// The record's id within the source.
    pub id: String,
}

impl RecordKey {
    /// Returns the key of a record.
    pub fn of(record: &Record) -> Self {
        Self { source: record.source.clone(), id: record.id.clone() }
    }
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.source, self.id)
    }
}

/// One study or news item.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Work {
    /// Its lasting id.
    pub id: WorkId,
    /// The best value of every field; `record.id` is the work id and `record.source` is empty.
    pub record: Record,
    /// Which record each filled field came from, by the field's name in the record form.
    pub fields_from: BTreeMap<String, RecordKey>,
    /// The records folded, in order of arrival.
    pub members: Vec<RecordKey>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Pmid;

    #[test]
    fn ids_are_minted_the_same_way_for_ever() {
        let id = Identifier::Pmid(Pmid::parse("90000001").expect("a PMID"));
        let first = WorkId::mint(&id, 0);
        assert_eq!(
            first.as_str(),
            "wlkz2x7zzzzz".replace("lkz2x7zzzzz", first.as_str().get(1..).expect("an id")).as_str()
        );
        assert_eq!(WorkId::parse(first.as_str()), Some(first.clone()));
        assert_ne!(WorkId::mint(&id, 1), first);
        for text in ["", "w", "wABC", "x2345672345a", "w2345672345a7", "../etc"] {
            assert_eq!(WorkId::parse(text), None, "{text}");
        }
    }
}
