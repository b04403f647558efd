//! Which records are worth comparing: those that share a key.

use std::collections::BTreeSet;

use crate::model::Record;

use super::prepared::Prepared;
use super::tables::STOP_WORDS;
use super::title::Title;

/// Letters of a title's beginning and end that make a key.
const EDGE_CHARS: usize = 20;

/// Returns the keys of a record, sorted, at most 11: beginning and end of the title, pairs of its
/// longest words, its first author with these, its place. Two records that can be one study share
/// one. Identifiers are looked up separately. A record without title and pages has no key.
///
/// A key is a number made of what it stands for, the same on every machine and in every release
/// until its meaning changes; a store that keeps keys makes them anew then.
pub fn block_keys(record: &Record) -> Vec<i64> {
    keys_of(&Prepared::of(record))
}

/// Returns the keys of a prepared record.
pub(super) fn keys_of(record: &Prepared) -> Vec<i64> {
    let mut out = BTreeSet::new();
    let author = record.authors.first().map(|n| n.family.as_str());
    if record.title.is_generic {
        column_keys(record, author, &mut out);
    } else {
        title_keys(&record.title, author, &mut out);
    }
    if let Some(title) = &record.vernacular {
        out.insert(Key::of('t').text(head(&title.compact)).done());
    }
    if let Some(start) = record.pages.start().filter(|s| *s > 1) {
        if let Some(volume) = record.volume {
            out.insert(Key::of('p').number(volume).number(start).done());
        }
        if let (Some(author), None) = (author, record.volume) {
            out.insert(Key::of('q').text(author).number(start).done());
        }
    }
    out.into_iter().collect()
}

/// Adds the keys of an ordinary title.
fn title_keys(title: &Title, author: Option<&str>, out: &mut BTreeSet<i64>) {
    if title.is_empty() {
        return;
    }
    out.insert(Key::of('t').text(head(&title.compact)).done());
    if !title.is_cut {
        out.insert(Key::of('u').text(tail(&title.compact)).done());
    }
    let mut longest: Vec<&str> = title.words.iter().map(String::as_str).filter(|w| !STOP_WORDS.contains(w)).collect();
    longest.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    longest.dedup();
    longest.truncate(3);
    let mut pair = |a: Option<&&str>, b: Option<&&str>| {
        if let (Some(a), Some(b)) = (a, b) {
            out.insert(Key::of('w').text(a.min(b)).text(a.max(b)).done());
        }
    };
    pair(longest.first(), longest.get(1));
    pair(longest.first(), longest.get(2));
    pair(longest.get(1), longest.get(2));
    if let Some(author) = author {
        out.extend(longest.iter().map(|w| Key::of('a').text(author).text(w).done()));
    }
}

/// Adds the keys of a column: its title alone would bring every issue together.
fn column_keys(record: &Prepared, author: Option<&str>, out: &mut BTreeSet<i64>) {
    let title = head(&record.title.compact);
    if let Some(author) = author {
        out.insert(Key::of('c').text(title).text(author).done());
    }
    if let (Some(volume), Some(number)) = (record.volume, record.number) {
        out.insert(Key::of('d').text(title).number(volume).number(number).done());
    }
}

/// Returns the first letters.
fn head(compact: &str) -> &str {
    let end = compact.char_indices().nth(EDGE_CHARS).map_or(compact.len(), |(at, _)| at);
    compact.get(..end).unwrap_or(compact)
}

/// Returns the last letters.
fn tail(compact: &str) -> &str {
    let start = compact.char_indices().rev().nth(EDGE_CHARS - 1).map_or(0, |(at, _)| at);
    compact.get(start..).unwrap_or(compact)
}

/// A key in the making: a hash (FNV-1a, 64 bits) of what is put into it.
#[derive(Clone, Copy)]
pub(super) struct Key(u64);

impl Key {
    /// Begins a key of one kind, so that keys of two kinds never meet.
    pub fn of(kind: char) -> Self {
        Self(super::HASH_START).bytes(&u32::from(kind).to_le_bytes())
    }

    /// Adds a text and where it ends.
    pub fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes()).bytes(&[0xff])
    }

    /// Adds a number.
    pub fn number(self, number: u32) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    /// Returns the key, in the form that databases have for whole numbers.
    pub fn done(self) -> i64 {
        self.0.cast_signed()
    }

    fn bytes(self, bytes: &[u8]) -> Self {
        Self(super::hash_on(self.0, bytes))
    }
}
