//! Web pages: read by selectors, as a paper's own page, for the feeds they name; and the sanitiser.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roundup::normalise::{discover, html, landing};
use roundup::normalise::page_html::{Selectors, page_records};

fuzz_target!(|data: &[u8]| {
    let selectors = Selectors {
        item: "li, article".to_owned(),
        title: "h3, a".to_owned(),
        link: "a".to_owned(),
        date: "time".to_owned(),
    };
    let read = || page_records(data, None, "https://example.org/news/", &selectors, "fuzz", "Example");
    let (records, problems) = read();
    assert_eq!((records.clone(), problems.clone()), read(), "the same bytes, another answer");
    records.iter().for_each(laws::record);
    problems.iter().for_each(laws::problem);
    let address = "https://example.org/article/1";
    if let Ok(landing) = landing::read(data, None, address, "fuzz") {
        laws::record(&landing.record);
        landing.problems.iter().for_each(laws::problem);
    }
    discover::look(data, None, address);
    let text = String::from_utf8_lossy(data);
    laws::harmless(&html::safe_html(&text, Some("https://example.org/")));
    // U+FEFF inside a text is kept until the text is stored.
    laws::plain("a line", &html::plain_line(&text).replace('\u{feff}', ""));
    laws::plain("a text", &html::plain_text(&text).replace('\u{feff}', ""));
});
