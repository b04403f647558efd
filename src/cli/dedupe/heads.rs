//! What is kept of the records while they are read: what they are called, and what is compared.

use std::sync::Arc;

use crate::merge::Comparable;
use crate::model::Record;

/// Records that are made ready for comparing at once.
const BATCH_RECORDS: usize = 8_192;

/// What a record is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its id.
    pub id: Box<str>,
    /// The file it was read from.
    pub source: Arc<str>,
    /// Its title.
    pub title: Box<str>,
}

/// The records that were read, in their order.
pub struct Read {
    /// What they are called.
    pub heads: Vec<Head>,
    /// What is compared of them.
    pub comparable: Vec<Comparable>,
    /// The records themselves, when they are wanted.
    pub records: Vec<Record>,
    is_whole: bool,
    batch: Vec<Record>,
}

impl Read {
    /// Begins; `is_whole` when the records themselves are wanted.
    pub fn new(is_whole: bool) -> Self {
        let (heads, comparable) = (Vec::new(), Vec::new());
        Self { heads, comparable, records: Vec::new(), is_whole, batch: Vec::with_capacity(BATCH_RECORDS) }
    }

    /// Takes a record; tells whether a batch has become ready.
    pub fn take(&mut self, record: Record) -> bool {
        let source = match self.heads.last() {
            Some(last) if *last.source == *record.source => Arc::clone(&last.source),
            _ => record.source.as_str().into(),
        };
        self.heads.push(Head { id: record.id.as_str().into(), source, title: record.title.as_str().into() });
        self.batch.push(record);
        let is_full = self.batch.len() >= BATCH_RECORDS;
        if is_full {
            self.finish();
        }
        is_full
    }

    /// Makes ready what waits; to be called at the end.
    pub fn finish(&mut self) {
        self.comparable.extend(Comparable::of_all(&self.batch));
        if self.is_whole {
            self.records.append(&mut self.batch);
        } else {
            self.batch.clear();
        }
    }
}
