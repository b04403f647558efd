//! Every form of file that people drop: RIS, .nbib, BibTeX, EndNote, CSL-JSON, record lines, tables.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let first = roundup::normalise::read(data, "x", "fuzz");
    assert_eq!(first, roundup::normalise::read(data, "x", "fuzz"), "the same bytes, another answer");
    first.records.iter().for_each(laws::record);
    first.problems.iter().for_each(laws::problem);
    let is_silent = first.records.is_empty() && first.deleted.is_empty() && first.problems.is_empty();
    assert!(!is_silent || first.format != roundup::normalise::Format::Unknown, "unknown, and not a word about it");
});
