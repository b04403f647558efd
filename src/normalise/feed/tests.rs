//! Small feeds of every class and what they must give. All are invented.

use super::*;

mod cases;
mod forms;
mod hostile;
mod damage;
mod paper;
mod refusals;

/// Reads a feed that must be one.
fn read(text: &str) -> (Feed, Vec<Problem>) {
    read_feed(text.as_bytes(), None, "https://example.org/feed.xml").unwrap_or_else(|e| panic!("{}: {text}", e.reason))
}

/// Wraps the inside of an RSS item.
fn rss(item: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>Feed</title><item>{item}</item></channel></rss>")
}

/// Wraps the inside of an Atom entry.
fn atom(entry: &str) -> String {
    format!("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Feed</title><entry>{entry}</entry></feed>")
}

/// Wraps the inside of an RDF item.
fn rdf(item: &str) -> String {
    format!(
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:prism=\"http://prismstandard.org/namespaces/basic/2.0/\">\
         <channel rdf:about=\"https://example.org/\"><title>Feed</title></channel>\
         <item rdf:about=\"https://example.org/about\">{item}</item></rdf:RDF>"
    )
}

/// Returns one field of the first entry as JSON has it; `""` when it is left out.
fn field(text: &str, name: &str) -> String {
    let (feed, _) = read(text);
    let json = serde_json::to_value(feed.entries.first().expect("an entry")).expect("writes");
    let mut value = &json;
    for part in name.split('.') {
        value = part.parse::<usize>().map_or_else(|_| &value[part], |n| &value[n]);
    }
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Checks a table of id, feed, field of the first entry, expected value, note.
fn check(table: &[(&str, String, &str, &str, &str)]) {
    for (id, text, name, want, note) in table {
        assert_eq!(field(text, name), *want, "{id} ({note}): {text}");
    }
}

#[test]
fn the_form_is_the_one_that_is_promised() {
    let text = r#"<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title><link>https://example.org/</link>
<ttl>60</ttl><item><title>A</title><guid isPermaLink="false">g</guid><pubDate>Thu, 01 Jan 2026 10:00:00 +0200</pubDate>
<dc:creator>Ann Example</dc:creator><category domain="s">c</category><dc:identifier>doi:10.5555/A</dc:identifier></item></channel></rss>"#;
    let (feed, problems) = read(text);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(
        serde_json::to_string(&feed).expect("writes"),
        concat!(
            r#"{"format":"rss","encoding":"utf-8","feed":{"title":"T","link":"https://example.org/","#,
            r#""links":[{"href":"https://example.org/","rel":"alternate"}],"ttl":60},"entries":[{"title":"A","id":"g","#,
            r#""author":"Ann Example","authors":[{"name":"Ann Example"}],"published":"2026-01-01T08:00:00Z","#,
            r#""categories":[{"term":"c","scheme":"s"}],"doi":"10.5555/a"}]}"#
        )
    );
}

#[test]
fn beginnings_are_recognised() {
    for (id, text, want) in [
        ("rss", "<?xml version='1.0'?>\n<!-- c --><rss>", true),
        ("atom", "<feed xmlns='http://www.w3.org/2005/Atom'>", true),
        ("prefixed", "<a:feed xmlns:a='http://www.w3.org/2005/Atom'>", true),
        ("rdf", "\u{feff}<rdf:RDF>", true),
        ("json", "{\"version\": \"https://jsonfeed.org/version/1.1\"}", true),
        ("html", "<!doctype html><html><a href=x.rss>", false),
        ("pubmed", "<?xml version='1.0'?><PubmedArticleSet>", false),
        ("other json", "{\"id\": 1}", false),
        ("nothing", "", false),
        ("text", "rss", false),
    ] {
        assert_eq!(looks_like_feed(text.as_bytes()), want, "{id}");
    }
    let wide: Vec<u8> = "<rss>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(looks_like_feed(&wide));
}

#[test]
fn attacks_leave_no_markup_in_any_field() {
    for attack in crate::normalise::html::ATTACKS {
        let escaped = quick_xml::escape::escape(*attack);
        for body in [(*attack).to_owned(), escaped.to_string(), format!("<![CDATA[{attack}]]>")] {
            let text = rss(&format!(
                "<title>t {body}</title><description>d {body}</description><author>{body}</author><category>{body}</category>"
            ));
            let Ok((feed, _)) = read_feed(text.as_bytes(), None, "f") else { continue };
            for record in records(&feed, "s", "") {
                let mut texts = vec![record.title, record.abstract_text.unwrap_or_default()];
                texts.extend(record.keywords);
                for text in texts {
                    assert!(!crate::normalise::html::looks_like_html(&text), "{attack:?} gave {text:?}");
                    assert!(!text.contains('\u{1b}'), "{attack:?}");
                }
            }
        }
    }
}
