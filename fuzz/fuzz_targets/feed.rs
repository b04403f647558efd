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
                // U+FEFF inside a text is kept until the text is stored.
                laws::plain("a title", &entry.title.replace('\u{feff}', ""));
                for content in entry.content.iter().filter(|c| c.kind == "text/html") {
                    laws::harmless(&content.value);
                }
            }
            feed::records(&feed, "fuzz", "").iter().for_each(laws::record);
        }
    }
});
