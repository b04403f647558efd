//! Feeds that are not well-formed: what is there is read, and what was repaired is told.

use super::*;

/// Checks a table of id, feed, titles of the entries, part of a problem ("" for none), note.
fn check_titles(table: &[(&str, String, &[&str], &str, &str)]) {
    for (id, text, titles, problem, note) in table {
        let (feed, problems) = read(text);
        let got: Vec<&str> = feed.entries.iter().map(|e| e.title.as_str()).collect();
        assert_eq!(got, *titles, "{id} ({note}): {text}");
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(told.is_empty(), problem.is_empty(), "{id}: {told:?}");
        assert!(told.iter().any(|t| t.contains(problem)) || problem.is_empty(), "{id}: {told:?}");
    }
}

/// Wraps items in a feed.
fn feed(items: &str) -> String {
    format!("<rss><channel><title>F</title>{items}</channel></rss>")
}

#[test]
#[rustfmt::skip] // a table reads best with one row a line
fn damage_is_repaired_and_told() {
    check_titles(&[
        ("amp", feed("<item><title>R & D</title></item>"), &["R & D"], "bare &", "bare &"),
        ("amp-word", feed("<item><title>R&D now; later</title></item>"), &["R&D now; later"], "bare &", "& and ; far apart"),
        ("amp-entity", feed("<item><title>a &foo; b</title></item>"), &["a &foo; b"], "unknown entity", "unknown entity"),
        ("amp-link", feed("<item><title>A</title><link>http://example.org/?a=1&b=2</link></item>"), &["A"], "bare &", "address"),
        ("less", feed("<item><title>P < 0.05</title></item>"), &["P < 0.05"], "bare <", "bare <"),
        ("less-digit", feed("<item><title>P <0.05 of</title></item>"), &["P <0.05 of"], "bare <", "no tag"),
        ("unclosed-title", feed("<item><title>A<link>/a</link></item><item><title>B</title></item>"), &["A", "B"], "not closed", "title"),
        ("unclosed-item", feed("<item><title>A</title><item><title>B</title></item>"), &["A", "B"], "not closed", "item"),
        ("unclosed-inline", feed("<item><title>A <b>b</title></item>"), &["A b"], "not closed", "inline"),
        ("crossed", feed("<item><title>A <b><i>b</b></i></title></item>"), &["A b"], "not closed", "crossed"),
        ("stray-end", feed("<item></b><title>A</title></item>"), &["A"], "end tag", "end without beginning"),
        ("empty-nested", feed("<item><title>A</title><item/><link>/a</link></item>"), &["A"], "nothing in it", "an empty item within"),
        ("empty-nested-2", feed("<item><title>A</title><item></item><link>/a</link></item>"), &["A"], "nothing in it", "with an end"),
        ("empty", feed("<item/><item></item><item><title>A</title></item>"), &["A"], "nothing in them", "empty items"),
        ("quote", feed("<item><guid a=\"b>x</guid><title c=\"d\">A</title></item>"), &["A"], "broken tag", "open quote"),
        ("no-quote", feed("<item><enclosure url=http://example.org/a /><title>A</title></item>"), &["A"], "", "attribute without quotes"),
        ("comment", feed("<item><title>A</title></item><!-- open"), &["A"], "no end", "open comment"),
        ("comment-dashes", feed("<!-- a -- b --><item><title>A</title></item>"), &["A"], "", "dashes in a comment"),
        ("cdata", feed("<item><description><![CDATA[x</description><title>A</title></item>"), &["A"], "no end", "open CDATA"),
        ("cdata-twice", feed("<item><title><![CDATA[A]]> <![CDATA[b]]></title></item>"), &["A b"], "", "two sections"),
        ("bang", feed("<![if x]><item><title>A</title></item><![endif]>"), &["A"], "no end", "no comment, no CDATA"),
        ("control", feed("<item><title>A\u{1}\u{b}b</title></item>"), &["Ab"], "control", "control characters"),
        ("escape", feed("<item><title>A\u{1b}[31mb</title></item>"), &["A[31mb"], "control", "terminal escape"),
        ("number-control", feed("<item><title>A&#x1b;[31m&#0;b</title></item>"), &["A[31mb"], "control characters", "as a number"),
        ("before", format!("Warning: x in <b>y</b> on line 1<br />{}", feed("<item><title>A</title></item>")), &["A"], "text before", "a server's warning"),
        ("after", format!("{}<!-- x --> trailing", feed("<item><title>A</title></item>")), &["A"], "", "text behind"),
        ("two-roots", format!("{0}{0}", feed("<item><title>A</title></item>")), &["A"], "", "the first counts"),
        ("cut", "<rss><channel><item><title>A</title></item><item><title>B".to_owned(), &["A", "B"], "cut off", "end missing"),
        ("cut-tag", "<rss><channel><item><title>A</title></item><item><tit".to_owned(), &["A"], "cut off", "within a tag"),
        ("cut-entity", "<rss><channel><item><title>A &am".to_owned(), &["A &am"], "cut off", "within an entity"),
        ("cut-cdata", "<rss><channel><item><title>A</title><description><![CDATA[x".to_owned(), &["A"], "cut off", "within CDATA"),
        ("bad-date", feed("<item><title>A</title><pubDate>soon</pubDate></item>"), &["A"], "date", "no date"),
        ("js", feed("<item><title>A</title><link>javascript:x</link></item>"), &["A"], "no web address", "acting address"),
        ("ns-prefix", feed("<item><title>A</title><dc:date>2026</dc:date></item>"), &["A"], "", "prefix not declared is no damage"),
        ("json-cut", r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"A"},{"id":"2","ti"#.to_owned(), &["A"], "JSON", "cut JSON"),
        ("json-comma", r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"A",},],}"#.to_owned(), &["A"], "JSON", "trailing commas"),
        ("json-lines", "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"id\":\"1\",\"title\":\"A\nb\"}]}".to_owned(), &["A b"], "JSON", "raw line feed"),
    ]);
}

#[test]
fn a_problem_names_its_place() {
    let (_, problems) = read("<rss><channel>\n<item><title>a & b & c</title></item></channel></rss>");
    assert_eq!(problems[0].to_string(), "https://example.org/feed.xml:2:16: 2 bare & were read as text");
}

/// A feed with everything in it that a reader can stumble over.
const RICH: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>F &amp; é</title><link>https://example.org/</link><!-- c -->
<item><title><![CDATA[A <i>b</i>]]></title><link>/a?b=1&amp;c=2</link><guid isPermaLink='false'>pubmed:90000001</guid>
<pubDate>Thu, 01 Jan 2026 10:00:00 +0200</pubDate><dc:creator>Ann Example, Bo Example</dc:creator>
<content:encoded><![CDATA[<div><p>J. 2026 Jan;1(2):3-4. doi: 10.5555/x.</p><p>AIM: y</p></div>]]></content:encoded></item></channel></rss>"#;

/// The same for Atom, RDF and JSON.
fn rich() -> Vec<String> {
    vec![
        RICH.to_owned(),
        atom("<title type='html'>A &lt;b&gt;</title><id>1</id><link href='/a'/><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>é</p></div></content><updated>2026-01-01T10:00:00Z</updated>"),
        rdf("<title>A</title><dc:identifier>doi:10.5555/a</dc:identifier><prism:startingPage>1</prism:startingPage>"),
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"é","items":[{"id":1,"content_html":"<p>a</p>","date_published":"2026-01-01"},{"id":"\u00e9","url":"/b"}]}"#.to_owned(),
    ]
}

#[test]
fn every_cut_is_survived_and_whole_items_are_kept() {
    for text in rich() {
        for end in 0..=text.len() {
            let Some(head) = text.as_bytes().get(..end) else { continue };
            if let Ok((feed, _)) = read_feed(head, None, "f") {
                records(&feed, "s", "");
            }
        }
    }
    let items = (0..5).map(|n| format!("<item><title>T{n}</title></item>")).collect::<Vec<_>>().concat();
    let text = feed(&items);
    for end in 0..text.len() {
        let whole = text.get(..end).unwrap().matches("</item>").count();
        if let Ok((feed, _)) = read_feed(&text.as_bytes()[..end], None, "f") {
            assert!(feed.entries.len() >= whole, "cut at {end}");
        } else {
            assert_eq!(whole, 0, "cut at {end}");
        }
    }
}

#[test]
fn every_flipped_bit_is_survived() {
    for text in rich() {
        for at in 0..text.len() {
            // Not all eight: these turn brackets, quotes, letters and spaces into each other.
            for bit in [1, 4, 7] {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                if let Ok((feed, _)) = read_feed(&bytes, None, "f") {
                    for record in records(&feed, "s", "") {
                        assert!(
                            !crate::normalise::html::looks_like_html(&record.title),
                            "{at}/{bit}: {:?}",
                            record.title
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn limits_hold() {
    let many = feed(&"<item><title>A</title></item>".repeat(10_005));
    let (got, problems) = read(&many);
    assert_eq!(got.entries.len(), 10_000);
    assert!(problems.iter().any(|p| p.message.contains("more than we read")), "{problems:?}");
    let deep = feed(&format!("<item><title>A{}b</title></item>", "<x>".repeat(5_000)));
    assert_eq!(read(&deep).0.entries[0].title, "Ab");
    for junk in ["<!--", "<a ", "<![CDATA[", "&", "<", "</", "<a b=\"", "<?", "<!", "<x xml:base='y'>", "<a><item>"] {
        let text = feed(&junk.repeat(20_000));
        assert!(read_feed(text.as_bytes(), None, "f").is_ok(), "{junk}");
    }
    let laugh = |n: usize| format!("<!ENTITY a{n} \"{}\">", format!("&a{};", n - 1).repeat(10));
    let laughs = (1..20).map(laugh).collect::<Vec<_>>().concat();
    let bomb = format!(
        "<!DOCTYPE r [<!ENTITY a0 \"ha\">{laughs}]>{}",
        feed(&format!("<item><title>&a19;{}</title></item>", "&a3;".repeat(9_000)))
    );
    let title = &read(&bomb).0.entries[0].title;
    assert!(title.starts_with("&a18;&a18;") && title.chars().count() <= 10_000, "what grows stays as it is written");
}

/// Bytes of one large text: what grows with the square of it shows; a mebibyte was tried by hand.
const LARGE_BYTES: usize = 256 * 1024;
/// Elements of one large feed.
const LARGE_ELEMENTS: usize = 25_000;

/// Feeds that are large and broken in one way each.
fn large() -> Vec<(&'static str, String)> {
    let much = |piece: &str| piece.repeat(LARGE_BYTES / piece.len());
    let attributes: String = (0..LARGE_ELEMENTS).map(|n| format!(" a{n}='x'")).collect::<Vec<_>>().concat();
    vec![
        ("open tags", feed(&format!("<item><title>A</title><description>{}", much("<b>")))),
        (
            "open tags in CDATA",
            feed(&format!("<item><title>A</title><description><![CDATA[{}]]></description></item>", much("<b>"))),
        ),
        ("references", feed(&format!("<item><title>A</title><description>{}</description></item>", much("&amp;")))),
        (
            "escaped references",
            feed(&format!("<item><title>A</title><description>{}</description></item>", much("&amp;amp;"))),
        ),
        ("bare ampersands", feed(&format!("<item><title>A</title><description>{}</description></item>", much("&")))),
        ("bare less", feed(&format!("<item><title>A</title><description>{}</description></item>", much("< ")))),
        (
            "open quotes",
            feed(&format!(
                "<item><title>A</title><description><![CDATA[{}]]></description></item>",
                much("<a href=\"")
            )),
        ),
        (
            "comments",
            feed(&format!("<item><title>A</title><description><![CDATA[{}]]></description></item>", much("<!--"))),
        ),
        ("mail addresses", feed(&format!("<item><title>A</title><author>{}</author></item>", much("<a@example.org>")))),
        ("long title", feed(&format!("<item><title>A {}</title></item>", much("word ").repeat(10)))),
        ("unclosed elements", feed(&format!("<item><title>A</title>{}", "<x>".repeat(LARGE_ELEMENTS)))),
        (
            "unclosed of other names",
            feed(&format!(
                "<item><title>A</title>{}",
                (0..LARGE_ELEMENTS).map(|n| format!("<x{n}>")).collect::<Vec<_>>().concat()
            )),
        ),
        ("ends of nothing", feed(&format!("<item><title>A</title>{}", "</x>".repeat(LARGE_ELEMENTS)))),
        ("attributes", feed(&format!("<item><title>A</title><x{attributes}/></item>"))),
        ("bases", feed(&format!("<item><title>A</title>{}", "<x xml:base='y/'>".repeat(LARGE_ELEMENTS)))),
        ("namespaces", feed(&format!("<item><title>A</title>{}", "<x xmlns:y='z'>".repeat(LARGE_ELEMENTS)))),
        ("sections", feed(&format!("<item><title>A</title>{}", much("<![cdata[")))),
        (
            "document type",
            format!("<!DOCTYPE x [{}]>{}", much("<!ENTITY a 'b'>"), feed("<item><title>A</title></item>")),
        ),
        ("cut document type", format!("{}{}", feed("<item><title>A</title></item>"), much("<!DOCTYPE x ["))),
        ("halves of characters", feed(&format!("<item><title>A</title><author>{}</author></item>", much("&#xD83D;")))),
        (
            "categories",
            feed(&format!(
                "<item><title>A</title>{}</item>",
                (0..LARGE_ELEMENTS / 5).map(|n| format!("<category>c{n}</category>")).collect::<Vec<_>>().concat()
            )),
        ),
        (
            "enclosures",
            feed(&format!(
                "<item><title>A</title>{}</item>",
                (0..LARGE_ELEMENTS / 5).map(|n| format!("<enclosure url='/{n}'/>")).collect::<Vec<_>>().concat()
            )),
        ),
        ("authors", feed(&format!("<item><title>A</title><author>{}</author></item>", much("Ann Example, ")))),
        ("date", feed(&format!("<item><title>A</title><pubDate>{}</pubDate></item>", much("1")))),
    ]
}

#[test]
fn large_and_broken_input_takes_time_in_proportion() {
    for (id, text) in large() {
        let begin = std::time::Instant::now();
        let (got, _) = read(&text);
        let seconds = begin.elapsed().as_secs_f64();
        assert!(got.entries[0].title.starts_with('A'), "{id}");
        // Ten times the slowest of an unoptimised build; what grows with the square of its length
        // takes longer.
        assert!(seconds < 10.0, "{id} took {seconds} s");
    }
}
