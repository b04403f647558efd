//! Draft files as people leave them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roundup::draft;

fuzz_target!(|text: &str| {
    let (read, problems) = draft::parse(text, "drafts/2026-10.toml");
    assert_eq!((read.clone(), problems.clone()), draft::parse(text, "drafts/2026-10.toml"));
    problems.iter().for_each(laws::problem);
    let Some(read) = read else {
        assert!(!problems.is_empty(), "no draft, and not a word about it");
        return;
    };
    assert!(read.items.iter().all(|item| !item.id.is_empty()), "an item without id");
    draft::issue_items(&read);
});
