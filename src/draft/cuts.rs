//! Cuts and insertions in a text, collected first and made all at once.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::layout::{Block, Layout, line_end};

/// Changes to one file, and the notes that go with them.
pub(super) struct Cuts<'a> {
    text: &'a str,
    is_crlf: bool,
    swaps: BTreeMap<(usize, usize), String>,
    inserts: BTreeMap<usize, Vec<String>>,
    notes: Vec<String>,
    /// Keys of blocks that were cut out, so that the next base forgets them.
    pub(super) dropped: BTreeSet<String>,
}

impl<'a> Cuts<'a> {
    /// Returns no changes to a file.
    pub(super) fn new(mine: &Layout<'a>) -> Self {
        Self {
            text: mine.text,
            is_crlf: is_crlf(mine.text),
            swaps: BTreeMap::new(),
            inserts: BTreeMap::new(),
            notes: Vec::new(),
            dropped: BTreeSet::new(),
        }
    }

    /// Says something to the person.
    pub(super) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Puts another text in the place of a range.
    pub(super) fn replace(&mut self, range: Range<usize>, text: &str) {
        let text = self.ended(text);
        self.swaps.insert((range.start, range.end), text);
    }

    /// Cuts a block out, and the empty line below it when there is one above it too.
    pub(super) fn drop_block(&mut self, block: &Block, key: String) {
        let range = loose(self.text, block.range());
        self.swaps.insert((range.start, range.end), String::new());
        self.dropped.insert(key);
    }

    /// Puts a block in behind `at`, the end of a line, with an empty line before it.
    pub(super) fn insert_after(&mut self, at: usize, block: &str) {
        let block = self.ended(block);
        self.inserts.entry(at).or_default().push(block);
    }

    /// Returns the changed text and the notes.
    pub(super) fn apply(self) -> (String, Vec<String>) {
        let end = if self.is_crlf { "\r\n" } else { "\n" };
        // Insertions first: at one place they come before what replaces the text behind it.
        let mut all: Vec<(usize, usize, String)> = Vec::new();
        for (at, blocks) in self.inserts {
            let mut text = String::new();
            if at > 0 && !self.text.get(..at).unwrap_or_default().ends_with('\n') {
                text.push_str(end);
            }
            for block in blocks {
                text.push_str(end);
                text.push_str(&block);
            }
            let below = self.text.get(at..line_end(self.text, at)).unwrap_or_default();
            if !below.trim().is_empty() {
                text.push_str(end);
            }
            all.push((at, at, text));
        }
        all.extend(self.swaps.into_iter().map(|((start, stop), text)| (start, stop, text)));
        all.sort_by_key(|(start, stop, _)| (*start, *stop));
        let mut out = String::with_capacity(self.text.len());
        let mut from = 0;
        for (start, stop, text) in all {
            // Ranges never overlap; should they, the first stands, so that no word goes twice.
            if start >= from {
                out.push_str(self.text.get(from..start).unwrap_or_default());
                out.push_str(&text);
                from = stop;
            }
        }
        out.push_str(self.text.get(from..).unwrap_or_default());
        (out, self.notes)
    }

    /// Returns a text with the line endings of the file.
    fn ended(&self, text: &str) -> String {
        if self.is_crlf { text.replace('\n', "\r\n") } else { text.to_owned() }
    }
}

/// Returns a range of whole lines with the empty line below it when there is one above it too, so that
/// cutting it out leaves one.
pub(super) fn loose(text: &str, range: Range<usize>) -> Range<usize> {
    let above = text.get(..range.start).unwrap_or_default();
    let is_loose = above.is_empty() || above.ends_with("\n\n") || above.ends_with("\n\r\n");
    let next = line_end(text, range.end);
    let is_empty_below = text.get(range.end..next).is_some_and(|l| l.ends_with('\n') && l.trim().is_empty());
    range.start..if is_loose && is_empty_below { next } else { range.end }
}

/// Tells whether most lines of a text end in carriage return and line feed.
pub(super) fn is_crlf(text: &str) -> bool {
    text.matches("\r\n").count() * 2 > text.matches('\n').count()
}
