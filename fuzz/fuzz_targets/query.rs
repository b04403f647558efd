//! Queries as members type them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roundup::index::{parse_query, plain_query};

fuzz_target!(|text: &str| {
    let first = parse_query(text);
    assert_eq!(first, parse_query(text));
    first.problems.iter().for_each(laws::problem);
    let shown = first.to_string();
    // The word itself may be asked for, too.
    let asks_nothing = shown == "nothing" && !text.to_lowercase().contains("nothing");
    assert!(!asks_nothing || !first.problems.is_empty(), "nothing is asked, and not a word about it");
    assert!(plain_query(text).problems.is_empty());
});
