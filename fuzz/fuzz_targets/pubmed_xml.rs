//! PubMed XML, from memory and as a stream that comes in small pieces.
#![no_main]

use std::io::Read;

use libfuzzer_sys::fuzz_target;
use roundup::model::Problem;
use roundup::normalise::{Entry, each_pubmed, each_pubmed_from};

/// A stream that gives a few bytes at a time.
struct Drip<'a>(&'a [u8]);

impl Read for Drip<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.0.len().min(into.len()).min(7);
        let (now, later) = self.0.split_at(count);
        into[..count].copy_from_slice(now);
        self.0 = later;
        Ok(count)
    }
}

fuzz_target!(|data: &[u8]| {
    let mut whole: Vec<Result<Entry, Problem>> = Vec::new();
    each_pubmed(data, "x", "fuzz", &mut |entry| whole.push(entry));
    for entry in &whole {
        match entry {
            Ok(Entry::Record(record)) => laws::record(record),
            Ok(Entry::Deleted(pmid)) => assert!(pmid.number() > 0),
            Err(problem) => laws::problem(problem),
        }
    }
    let (mut slice, mut drip) = (Vec::new(), Vec::new());
    each_pubmed_from(data, "x", "fuzz", &mut |entry| slice.push(entry));
    each_pubmed_from(Drip(data), "x", "fuzz", &mut |entry| drip.push(entry));
    assert_eq!(slice, drip, "the same bytes in pieces, another answer");
});
