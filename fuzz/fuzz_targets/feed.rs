//! Feeds of any kind.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roundup::normalise::feed;

fuzz_target!(|data: &[u8]| {
    let first = feed::read_feed(data, None, "https://example.org/feed");
    assert_eq!(first, feed::read_feed(data, None, "https://example.org/feed"), "the same bytes, another answer");
    match first {
        Err(not) => assert!(!not.reason.is_empty()),
        Ok((feed, problems)) => {
            problems.iter().for_each(laws::problem);
            serde_json::to_string(&feed).expect("a feed is JSON");
            for entry in &feed.entries {
                // A feed's own words may hold marks that records lose; nothing that acts on a terminal.
                assert!(!entry.title.chars().any(char::is_control), "a title acts: {:?}", entry.title);
                for content in entry.content.iter().filter(|c| c.kind == "text/html") {
                    laws::harmless(&content.value);
                }
            }
            feed::records(&feed, "fuzz", "").iter().for_each(laws::record);
        }
    }
});
