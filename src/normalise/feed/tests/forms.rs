//! Every form of feed, every field.

use super::*;

#[test]
#[rustfmt::skip] // a table reads best with one row a line
fn formats() {
    let item = "<item><title>A</title></item>";
    for (id, text, format, title) in [
        ("0.91", format!("<rss version=\"0.91\"><channel><title>F</title>{item}</channel></rss>"), "rss", "F"),
        ("0.92", format!("<rss version=\"0.92\"><channel><title>F</title>{item}</channel></rss>"), "rss", "F"),
        ("2.0", format!("<rss version=\"2.0\"><channel><title>F</title>{item}</channel></rss>"), "rss", "F"),
        ("no-version", format!("<rss><channel><title>F</title>{item}</channel></rss>"), "rss", "F"),
        ("upper", "<RSS><CHANNEL><TITLE>F</TITLE><ITEM><TITLE>A</TITLE></ITEM></CHANNEL></RSS>".to_owned(), "rss", "F"),
        ("default-ns", format!("<rss xmlns=\"http://backend.userland.com/rss2\"><channel><title>F</title>{item}</channel></rss>"), "rss", "F"),
        ("odd-ns", format!("<rss xmlns=\"http://example.org/ns\"><channel><title>F</title>{item}</channel></rss>"), "rss", "F"),
        ("netscape", format!("<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://my.netscape.com/rdf/simple/0.9/\"><channel><title>F</title></channel>{item}</rdf:RDF>"), "rdf", "F"),
        ("1.0", rdf("<title>A</title>"), "rdf", "Feed"),
        ("rdf-undeclared", format!("<rdf:RDF><channel><title>F</title></channel>{item}</rdf:RDF>"), "rdf", "F"),
        ("atom", atom("<title>A</title>"), "atom", "Feed"),
        ("atom03", "<feed version=\"0.3\" xmlns=\"http://purl.org/atom/ns#\"><title>F</title><entry><title>A</title></entry></feed>".to_owned(), "atom", "F"),
        ("atom-prefix", "<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\"><a:title>F</a:title><a:entry><a:title>A</a:title></a:entry></a:feed>".to_owned(), "atom", "F"),
        ("atom-no-ns", "<feed><title>F</title><entry><title>A</title></entry></feed>".to_owned(), "atom", "F"),
        ("channel-only", format!("<channel><title>F</title>{item}</channel>"), "rss", "F"),
        ("json1", r#"{"version":"https://jsonfeed.org/version/1","title":"F","items":[{"id":"1","title":"A"}]}"#.to_owned(), "json", "F"),
        ("json1.1", r#"{"version":"https://jsonfeed.org/version/1.1","title":"F","items":[{"id":1,"title":"A"}]}"#.to_owned(), "json", "F"),
        ("doctype", format!("<!DOCTYPE rss [<!ENTITY x \"y\">]><rss><channel><title>F</title>{item}</channel></rss>"), "rss", "F"),
        ("items-outside", format!("<rss><channel><title>F</title></channel>{item}</rss>"), "rss", "F"),
        ("blank-first", format!("\n\n  <?xml version=\"1.0\"?><rss><channel><title>F</title>{item}</channel></rss>"), "rss", "F"),
    ] {
        let (feed, _) = read(&text);
        assert_eq!((feed.format.as_str(), feed.about.title.as_str(), feed.entries.len()), (format, title, 1), "{id}");
        assert_eq!(feed.entries[0].title, "A", "{id}");
    }
}

#[test]
#[rustfmt::skip] // a table reads best with one row a line
fn titles() {
    check(&[
        ("plain", rss("<title>A b</title>"), "title", "A b", "text"),
        ("folded", rss("<title>\n  A\n  b\n</title>"), "title", "A b", "white space"),
        ("escaped", rss("<title>A &lt;i&gt;b&lt;/i&gt;</title>"), "title", "A b", "escaped markup"),
        ("cdata", rss("<title><![CDATA[A <em>b</em> & c]]></title>"), "title", "A b & c", "CDATA"),
        ("inline", rss("<title>A <i>b</i> c</title>"), "title", "A b c", "markup not escaped"),
        ("twice", rss("<title>A &amp;amp; b &amp;lt;i&amp;gt;c&amp;lt;/i&amp;gt;</title>"), "title", "A & b c", "escaped twice"),
        ("html-entity", rss("<title>Caf&eacute; &ndash; b</title>"), "title", "Café – b", "HTML entity in XML"),
        ("number-1252", rss("<title>it&#146;s</title>"), "title", "it’s", "windows-1252 number"),
        ("less", rss("<title>P&lt;0.05</title>"), "title", "P<0.05", "no markup"),
        ("dc", rss("<dc:title>A</dc:title>"), "title", "A", "only Dublin Core, prefix not declared"),
        ("both", rss("<title>A</title><dc:title>B</dc:title>"), "title", "A", "the plain one first"),
        ("media", rss("<media:title>M</media:title><title>A</title>"), "title", "A", "media title last"),
        ("atom-html", atom("<title type=\"html\">A &lt;b&gt;b&lt;/b&gt;</title>"), "title", "A b", "type html"),
        ("atom-xhtml", atom("<title type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\">A <b>b</b></div></title>"), "title", "A b", "type xhtml"),
        ("atom-cdata", atom("<title><![CDATA[A & b]]></title>"), "title", "A & b", "CDATA"),
        ("empty-first", rss("<title></title><title>A</title><link>x</link>"), "title", "A", "the one with text"),
        ("json", r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","title":"A &amp; <b>b</b>"}]}"# .to_owned(), "title", "A & b", "markup in JSON"),
    ]);
}

#[test]
#[rustfmt::skip] // a table reads best with one row a line
fn links() {
    check(&[
        ("absolute", rss("<link>https://example.com/a</link>"), "link", "https://example.com/a", "as written"),
        ("cdata", rss("<link><![CDATA[ https://example.com/a?b=1&c=2 ]]></link>"), "link", "https://example.com/a?b=1&c=2", "CDATA"),
        ("broken-line", rss("<link>\nhttps://example.com/\n a</link>"), "link", "https://example.com/%20a", "line breaks go"),
        ("relative", rss("<link>/a</link>"), "link", "https://example.org/a", "against where it was fetched"),
        ("self", "<rss xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><link>https://site.example/</link><atom:link rel=\"self\" href=\"https://feeds.example/x/rss\"/><item><link>a</link></item></channel></rss>".to_owned(), "link", "https://feeds.example/x/a", "against the feed's own link"),
        ("site", "<rss><channel><link>https://site.example/x/</link><item><link>a</link></item></channel></rss>".to_owned(), "link", "https://site.example/x/a", "against the site"),
        ("base", "<rss xml:base=\"https://base.example/x/\"><channel><item xml:base=\"y/\"><link>a</link></item></channel></rss>".to_owned(), "link", "https://base.example/x/y/a", "nested xml:base"),
        ("base-atom", "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"https://base.example/\"><entry><link href=\"a\"/></entry></feed>".to_owned(), "link", "https://base.example/a", "xml:base"),
        ("scheme-less", rss("<link>//cdn.example/a</link>"), "link", "https://cdn.example/a", "no scheme"),
        ("guid", rss("<guid>https://example.com/g</guid>"), "link", "https://example.com/g", "a guid is a link unless denied"),
        ("guid-denied", rss("<guid isPermaLink=\"false\">https://example.com/g</guid>"), "link", "", "denied"),
        ("about", rdf("<title>A</title>"), "link", "https://example.org/about", "rdf:about"),
        ("atom-href", rss("<link href=\"https://example.com/a\"/>"), "link", "https://example.com/a", "Atom form in RSS"),
        ("atom-in-rss", rss("<atom:link href=\"https://example.com/a\"/>"), "link", "https://example.com/a", "Atom link, prefix not declared"),
        ("alternate", atom("<link rel=\"self\" href=\"/s\"/><link rel=\"alternate\" type=\"application/pdf\" href=\"/a\"/><link href=\"/b\"/>"), "link", "https://example.org/a", "first alternate, of whatever type"),
        ("none", atom("<id>tag:example.org,2026:1</id>"), "link", "", "an id is no link"),
        ("js", rss("<title>A</title><link>javascript:alert(1)</link>"), "link", "", "acts instead of leading somewhere"),
        ("data", rss("<title>A</title><link>data:text/html,x</link>"), "link", "", "acts"),
        ("space", rss("<link>https://example.com/a b</link>"), "link", "https://example.com/a%20b", "a raw space"),
        ("enclosure", rss("<enclosure url=\"/a.pdf\" type=\"application/pdf\" length=\"1\"/>"), "enclosures.0.href", "https://example.org/a.pdf", "attached file"),
        ("enclosure-atom", atom("<link rel=\"enclosure\" href=\"/a.pdf\"/>"), "enclosures.0.href", "https://example.org/a.pdf", "attached file"),
        ("media", rss("<media:group><media:content url=\"/v.mp4\" type=\"video/mp4\"/></media:group>"), "enclosures.0.type", "video/mp4", "media in a group"),
        ("thumb", rss("<title>A</title><media:thumbnail url=\"/t.png\"/>"), "image.url", "https://example.org/t.png", "thumbnail"),
        ("comments", rss("<title>A</title><comments>/c</comments>"), "comments", "https://example.org/c", "page of comments"),
        ("json", r#"{"version":"https://jsonfeed.org/version/1","home_page_url":"https://site.example/","items":[{"id":"1","url":"/a"}]}"#.to_owned(), "link", "https://site.example/a", "relative in JSON"),
    ]);
}

#[test]
#[rustfmt::skip] // a table reads best with one row a line
fn ids() {
    check(&[
        ("guid", rss("<guid> g1 </guid>"), "id", "g1", "guid"),
        ("atom", atom("<id>tag:example.org,2026:1</id>"), "id", "tag:example.org,2026:1", "atom:id"),
        ("about", rdf("<title>A</title>"), "id", "https://example.org/about", "rdf:about"),
        ("none", rss("<title>A</title><link>/a</link>"), "id", "", "no id is none"),
        ("json", r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":7,"title":"A"}]}"#.to_owned(), "id", "7", "a number"),
    ]);
}

#[test]
#[rustfmt::skip] // a table reads best with one row a line
fn dates() {
    check(&[
        ("pubdate", rss("<title>A</title><pubDate>Thu, 01 Jan 2026 10:00:00 GMT</pubDate>"), "published", "2026-01-01T10:00:00Z", "RSS"),
        ("case", rss("<title>A</title><pubdate>Thu, 01 Jan 2026 10:00:00 GMT</pubdate>"), "published", "2026-01-01T10:00:00Z", "lower case"),
        ("dc", rss("<title>A</title><dc:date>2026-01-01</dc:date>"), "published", "2026-01-01", "a day stays a day"),
        ("order", rss("<title>A</title><dc:date>2026-01-01T02:00:00Z</dc:date><pubDate>Thu, 01 Jan 2026 14:00:00 GMT</pubDate>"), "published", "2026-01-01T14:00:00Z", "12-hour clocks in dc:date"),
        ("bad-first", rss("<title>A</title><pubDate>soon</pubDate><dc:date>2026-01-01</dc:date>"), "published", "2026-01-01", "the first that can be read"),
        ("prism", rdf("<title>A</title><prism:coverDate>2026-03</prism:coverDate>"), "published", "2026-03", "cover date"),
        ("prism-order", rdf("<title>A</title><prism:coverDate>2026-03</prism:coverDate><dc:date>2026-02-02</dc:date>"), "published", "2026-02-02", "dc before prism"),
        ("updated", atom("<title>A</title><updated>2026-01-01T10:00:00Z</updated>"), "updated", "2026-01-01T10:00:00Z", "Atom"),
        ("updated-only", atom("<title>A</title><updated>2026-01-01T10:00:00Z</updated>"), "published", "", "updated is not published"),
        ("issued", "<feed xmlns=\"http://purl.org/atom/ns#\"><entry><title>A</title><issued>2026-01-01T10:00:00+01:00</issued></entry></feed>".to_owned(), "published", "2026-01-01T09:00:00Z", "Atom 0.3"),
        ("modified", "<feed xmlns=\"http://purl.org/atom/ns#\"><entry><title>A</title><modified>2026-01-01T10:00:00Z</modified></entry></feed>".to_owned(), "updated", "2026-01-01T10:00:00Z", "Atom 0.3"),
        ("created", rss("<title>A</title><dcterms:created>2026-01-01</dcterms:created>"), "created", "2026-01-01", "terms"),
        ("json", r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","date_published":"2026-01-01T10:00:00+02:00"}]}"#.to_owned(), "published", "2026-01-01T08:00:00Z", "JSON"),
    ]);
}

#[test]
#[rustfmt::skip] // a table reads best with one row a line
fn texts_and_people() {
    check(&[
        ("summary", rss("<description>&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b&lt;/p&gt;</description>"), "summary", "a\n\nb", "paragraphs"),
        ("summary-shape", rss("<description>&lt;p&gt;a&lt;/p&gt;</description>"), "content.0.value", "<p>a</p>", "markup is kept in content"),
        ("summary-plain", rss("<description>a</description>"), "content", "", "plain text is no content"),
        ("content", rss("<description>s</description><content:encoded><![CDATA[<p onclick=\"x\">a</p>]]></content:encoded>"), "content.0.value", "<p>a</p>", "made safe"),
        ("content-type", rss("<content:encoded><![CDATA[<p>a</p>]]></content:encoded>"), "content.0.type", "text/html", "type"),
        ("content-link", rss("<content:encoded><![CDATA[<a href=\"/b\">a</a>]]></content:encoded>"), "content.0.value", "<a href=\"https://example.org/b\">a</a>", "links are resolved"),
        ("raw-html", rss("<description><p>a<br>b</p></description>"), "summary", "a\nb", "HTML that nobody escaped"),
        ("raw-img", rss("<description><img src=\"x\">a</description>"), "summary", "a", "void elements without an end"),
        ("atom-xhtml", atom("<content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a &amp; b</p></div></content>"), "content.0.value", "<p>a &amp; b</p>", "XHTML"),
        ("atom-base64", "<feed xmlns=\"http://purl.org/atom/ns#\"><entry><content type=\"text/html\" mode=\"base64\">PHA+YTwvcD4=</content></entry></feed>".to_owned(), "content.0.value", "<p>a</p>", "the mode before the type"),
        ("atom-mode", "<feed xmlns=\"http://purl.org/atom/ns#\"><entry><content mode=\"base64\">PHA+YTwvcD4=</content></entry></feed>".to_owned(), "content.0.value", "<p>a</p>", "Base64"),
        ("atom-picture", atom("<id>1</id><content type=\"image/png\">iVBORw0KGgo=</content>"), "content", "", "no text"),
        ("author", rss("<title>A</title><author>ann@example.org (Ann Example)</author>"), "authors.0.name", "Ann Example", "mail and name"),
        ("author-mail", rss("<title>A</title><author>ann@example.org (Ann Example)</author>"), "authors.0.email", "ann@example.org", "mail and name"),
        ("creators", rss("<title>A</title><dc:creator>Ann Example</dc:creator><dc:creator>Example, Bo</dc:creator>"), "author", "Ann Example, Example, Bo", "several"),
        ("atom-author", atom("<author><name>Ann Example</name><uri>/ann</uri></author><title>A</title>"), "authors.0.uri", "https://example.org/ann", "address resolved"),
        ("contributor", atom("<title>A</title><contributor><name>Bo</name></contributor>"), "contributors.0.name", "Bo", "contributor"),
        ("category", rss("<title>A</title><category domain=\"d\">c</category>"), "categories.0.scheme", "d", "domain"),
        ("category-atom", atom("<title>A</title><category term=\"c\" label=\"C\"/>"), "categories.0.label", "C", "label"),
        ("subject", rdf("<title>A</title><dc:subject>c</dc:subject>"), "categories.0.term", "c", "subject"),
        ("rights", rdf("<title>A</title><dc:rights>© x</dc:rights>"), "rights", "© x", "rights"),
        ("language", rss("<title>A</title><dc:language>pt-BR</dc:language>"), "language", "pt-BR", "language"),
        ("lang", "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"fr\"><entry><id>1</id></entry></feed>".to_owned(), "language", "fr", "xml:lang"),
        ("source", rss("<title>A</title><source url=\"https://example.com/rss\">Other</source>"), "source", "Other", "RSS source"),
        ("source-atom", atom("<title>A</title><source><title>Other</title><id>x</id></source>"), "source", "Other", "Atom source"),
        ("json-text", r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","content_text":"a < b"}]}"#.to_owned(), "content.0.value", "a < b", "plain text"),
        ("json-author", r#"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","authors":[{"name":"Ann"}]}]}"#.to_owned(), "author", "Ann", "authors"),
        ("json-tags", r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","tags":["a","a","b"]}]}"#.to_owned(), "categories.1.term", "b", "tags, each once"),
        ("json-file", r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","attachments":[{"url":"/a.mp3"}]}]}"#.to_owned(), "enclosures.0.href", "https://example.org/a.mp3", "attachments"),
    ]);
}

#[test]
fn what_a_feed_says_of_itself() {
    let (feed, _) = read(
        "<rss><channel><title>T</title><link>/site</link><description>D &amp;amp; E</description><language>en</language>\
         <copyright>C</copyright><managingEditor>e@example.org (Ed)</managingEditor><generator>G</generator><ttl>60</ttl>\
         <lastBuildDate>2026-01-02</lastBuildDate><image><url>/i.png</url><title>I</title></image></channel></rss>",
    );
    let about = &feed.about;
    assert_eq!(
        (about.title.as_str(), about.subtitle.as_str(), about.link.as_str()),
        ("T", "D & E", "https://example.org/site")
    );
    assert_eq!((about.rights.as_str(), about.author.as_str(), about.generator.as_str()), ("C", "Ed", "G"));
    assert_eq!(about.updated.map(|d| d.to_string()).as_deref(), Some("2026-01-02"));
    assert_eq!(about.image.as_ref().map(|i| i.url.as_str()), Some("https://example.org/i.png"));
    assert_eq!((about.ttl, about.language.as_str(), feed.entries.len()), (Some(60), "en", 0));
}
