//! Pages read by selectors.

use super::*;

mod table;

/// A news list as sites have them.
const PAGE: &str = r#"<!doctype html><html lang="en-GB"><head><title>News</title></head><body>
<ul><li class="item"><a href="/news/1"><h3>First <em>news</em> &amp; more</h3></a><time datetime="2026-10-05T10:00:00+02:00">5 Oct</time></li>
<li class="item"><h3><a href="https://example.org/news/2">Second</a></h3><span class="date">6 October 2026</span></li>
<li class="item"><h3><a href="javascript:alert(1)">Third</a></h3></li>
<li class="item"><h3><a href="/news/1">First again</a></h3></li></ul></body></html>"#;

/// Selectors for the page above.
fn selectors() -> Selectors {
    Selectors { item: "li.item".into(), title: "h3".into(), link: String::new(), date: "time, .date".into() }
}

#[test]
fn items_become_records() {
    let (records, problems) =
        page_records(PAGE.as_bytes(), None, "https://www.example.org/news/", &selectors(), "news", "Example News");
    let got: Vec<_> = records
        .iter()
        .map(|r| (r.title.as_str(), r.url.as_deref().unwrap_or(""), r.published.map(String::from).unwrap_or_default()))
        .collect();
    assert_eq!(
        got,
        [
            ("First news & more", "https://www.example.org/news/1", "2026-10-05".to_owned()),
            ("Second", "https://example.org/news/2", "2026-10-06".to_owned()),
        ]
    );
    assert_eq!(records[0].language, ["en"]);
    assert_eq!(records[0].journal.as_deref(), Some("Example News"));
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].message.contains("item 3"));
}

#[test]
fn a_page_that_changed_is_told() {
    let (records, problems) = page_records(b"<html></html>", None, "https://example.org/", &selectors(), "s", "");
    assert!(records.is_empty());
    assert_eq!(problems[0].message, "nothing found on the page by item = \"li.item\"");
}

#[test]
fn selectors_are_checked_in_plain_words() {
    for css in ["a", "ul > li.item", "a:not(.x)", "h2, h3"] {
        assert_eq!(check_selector(css), Ok(()), "{css}");
    }
    for css in ["", "  ", "a >", "li[", ":::", "a:unknown-thing"] {
        let why = check_selector(css).expect_err(css);
        assert!(why.contains("selector") && !why.contains("developer"), "{css}: {why}");
    }
    let bad = Selectors { item: "li[".into(), ..Selectors::default() };
    assert_eq!(page_records(b"<p>", None, "x", &bad, "s", "").1.len(), 1);
}

#[test]
fn limits_hold() {
    let deep = "<div>".repeat(5_000);
    assert!(page_records(deep.as_bytes(), None, "x", &selectors(), "s", "").1[0].message.contains("nested"));
    let many = "<li class=item><h3><a href='/a'>x</a></h3></li>".repeat(3_000);
    let (records, problems) = page_records(many.as_bytes(), None, "https://example.org/", &selectors(), "s", "");
    assert_eq!(records.len(), 1, "one address, one record");
    assert!(problems.iter().any(|p| p.message.contains("1,000")));
}
