//! Identifiers, and entries as records.

use super::*;
use crate::model::Author;

#[test]
#[rustfmt::skip] // a table reads best with one row a line
fn identifiers() {
    check(&[
        ("dc", rdf("<dc:identifier>doi:10.5555/A.1</dc:identifier>"), "doi", "10.5555/a.1", "dc:identifier"),
        ("dc-bare", rdf("<dc:identifier>10.5555/a</dc:identifier>"), "doi", "10.5555/a", "bare"),
        ("dc-info", rdf("<dc:identifier>info:doi/10.5555/a</dc:identifier><dc:identifier>hwp:resource-id:x;1</dc:identifier>"), "doi", "10.5555/a", "HighWire (RFC 4452)"),
        ("dc-none", rdf("<dc:identifier>hwp:resource-id:x;1/2/3</dc:identifier>"), "doi", "", "no DOI"),
        ("prism", rdf("<prism:doi>10.5555/a</prism:doi>"), "doi", "10.5555/a", "prism:doi"),
        ("guid", rss("<guid isPermaLink=\"false\">10.5555/a</guid>"), "doi", "10.5555/a", "Wiley"),
        ("guid-url", rss("<guid>http://doi.org/10.5555/a</guid>"), "doi", "10.5555/a", "Oxford"),
        ("link", rss("<link>https://example.org/doi/full/10.5555/a.1?af=R</link>"), "doi", "10.5555/a.1", "in the address"),
        ("link-view", rss("<link>https://example.org/articles/10.5555/a/full</link>"), "doi", "10.5555/a", "a view is no part of it"),
        ("link-pdf", rss("<link>https://example.org/10.5555/a.pdf</link>"), "doi", "10.5555/a", "a file ending is none"),
        ("link-query", rss("<link>https://example.org/article?id=10.5555/journal.x.1&amp;rss=yes</link>"), "doi", "10.5555/journal.x.1", "in a parameter"),
        ("link-encoded", rss("<link>https://example.org/doi/10.5555%2Fa%3C1%3E</link>"), "doi", "10.5555/a<1>", "percent signs"),
        ("link-slashes", rss("<link>https://example.org/10.5555/a/b/1</link>"), "doi", "10.5555/a/b/1", "slashes within"),
        ("link-none", rss("<link>https://example.org/2026/10.1/a</link>"), "doi", "", "no DOI"),
        ("oup", rss("<link>https://example.org/article/doi/10.1093/xx/ab1/6295389</link>"), "doi", "10.1093/xx/ab1", "Oxford's own number"),
        ("biorxiv", rss("<link>https://example.org/content/10.1101/2026.01.01.000001v2?rss=1</link>"), "doi", "10.1101/2026.01.01.000001", "a version is no part of it"),
        ("text", rss("<description>&lt;p&gt;DOI: 10.5555/a&lt;/p&gt;&lt;p&gt;Text.&lt;/p&gt;</description>"), "doi", "10.5555/a", "a line of its own"),
        ("text-two", rss("<description>&lt;p&gt;DOI: 10.5555/a&lt;/p&gt;&lt;p&gt;See 10.5555/b.&lt;/p&gt;</description>"), "doi", "", "two: which?"),
        ("text-sentence", rss("<description>Commentary on doi:10.5555/a in this journal.</description>"), "doi", "", "another paper's"),
        ("pmid-guid", rss("<guid isPermaLink=\"false\">pubmed:90000001</guid>"), "pmid", "90000001", "PubMed's feed"),
        ("pmid-link", rss("<link>https://pubmed.ncbi.nlm.nih.gov/90000001/?fc=1</link>"), "pmid", "90000001", "address"),
        ("pmid-dc", rss("<dc:identifier>pmid:90000001</dc:identifier>"), "pmid", "90000001", "dc:identifier"),
        ("pmid-not", rss("<guid isPermaLink=\"false\">90000001</guid>"), "pmid", "", "content systems number their posts"),
        ("pmcid", rss("<dc:identifier>pmc:PMC9000001</dc:identifier>"), "pmcid", "PMC9000001", "dc:identifier"),
        ("pmcid-link", rss("<link>https://pmc.ncbi.nlm.nih.gov/articles/PMC9000001/</link>"), "pmcid", "PMC9000001", "address"),
        ("all", rss("<dc:identifier>pmid:90000001</dc:identifier><dc:identifier>doi:10.5555/a</dc:identifier>"), "doi", "10.5555/a", "repeated"),
        ("json", r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","url":"https://doi.org/10.5555/a"}]}"# .to_owned(), "doi", "10.5555/a", "JSON"),
    ]);
}

/// Returns the first record of a feed.
fn record(text: &str) -> Record {
    records(&read(text).0, "src", "").into_iter().next().expect("a record")
}

/// An item of PubMed's search feed, in its real form.
const PUBMED: &str = r#"<rss xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0"><channel>
<title>query</title><language>en</language><item><title>Sleep and mood after birth in Examplia</title>
<link>https://pubmed.ncbi.nlm.nih.gov/90000001/?utm_source=A B&amp;fc=20260101&amp;ff=20260102&amp;v=2.18.0</link>
<description>AIM: To see. METHODS: We looked at...</description>
<content:encoded><![CDATA[<div><p style="color: #4aa564;">J Ex. 2026 Jan 5;12(3):45-50. doi: 10.5555/ex.1. Online ahead of print.</p><p><b>ABSTRACT</b></p><p xmlns:x="y"><b>AIM:</b> To see.</p><p><b>METHODS:</b> We looked at 10^(2) women; P<0.05.</p><p style="color: lightgray">PMID:<a href="https://pubmed.ncbi.nlm.nih.gov/90000001/?utm_source=A B">90000001</a> | DOI:<a href=https://doi.org/10.5555/ex.1>10.5555/ex.1</a></p></div>]]></content:encoded>
<guid isPermaLink="false">pubmed:90000001</guid><pubDate>Mon, 05 Jan 2026 06:00:00 -0500</pubDate>
<dc:creator>Ann Example</dc:creator><dc:creator>Bo van Example</dc:creator><dc:date>2026-01-05</dc:date>
<dc:source>Journal of examples</dc:source><dc:identifier>pmid:90000001</dc:identifier><dc:identifier>doi:10.5555/ex.1</dc:identifier></item></channel></rss>"#;

#[test]
fn pubmeds_search_feed() {
    let got = record(PUBMED);
    assert_eq!(got.id, "pmid:90000001");
    assert_eq!(got.abstract_text.as_deref(), Some("AIM: To see.\n\nMETHODS: We looked at 10^(2) women; P<0.05."));
    assert_eq!(got.sections.len(), 2);
    assert_eq!(got.sections[1].label.as_deref(), Some("METHODS"));
    assert_eq!(
        (got.journal.as_deref(), got.volume.as_deref(), got.number.as_deref(), got.pages.as_deref()),
        (Some("Journal of examples"), Some("12"), Some("3"), Some("45-50"))
    );
    assert_eq!(got.published.map(String::from).as_deref(), Some("2026-01-05"));
    assert_eq!((got.year, got.language.len()), (Some(2026), 0), "the feed's language is that of its pages");
    let names: Vec<String> = got.authors.iter().map(Author::short_name).collect();
    assert_eq!(names, ["Example A", "van Example B"]);
    assert_eq!(got.doi.map(String::from).as_deref(), Some("10.5555/ex.1"));
    assert_eq!(got.pmid.map(Pmid::number), Some(90_000_001));
}

#[test]
#[rustfmt::skip] // a table reads best with one row a line
fn abstracts_are_freed_from_what_stands_around_them() {
    for (id, body, want, note) in [
        ("heading", "&lt;h2&gt;Abstract&lt;/h2&gt;&lt;p&gt;a b&lt;/p&gt;", "a b", "heading"),
        ("box", "&lt;span&gt;&lt;div class=\"boxTitle\"&gt;Abstract&lt;/div&gt;a b&lt;/span&gt;", "a b", "Oxford"),
        ("toc", "Volume 70, Issue 1, July 2026, Page 1-31&lt;br/&gt;. &lt;br/&gt;", "", "Taylor and Francis"),
        ("early", "TAXON, EarlyView. ", "", "Wiley"),
        ("ahead", "Journal of Examples, Ahead of Print. &lt;br/&gt;Background: a.", "Background: a.", "Sage"),
        ("sd", "&lt;p&gt;Publication date: January–February 2026&lt;/p&gt;&lt;p&gt;&lt;b&gt;Source:&lt;/b&gt; J Ex, Volume 295&lt;/p&gt;&lt;p&gt;Author(s): Ann Example&lt;/p&gt;", "", "ScienceDirect"),
        ("pensoft", "&lt;p&gt;J Ex 1: 2-3&lt;/p&gt;&lt;p&gt;DOI: 10.5555/a&lt;/p&gt;&lt;p&gt;Authors: Ann Example, Bo Example&lt;/p&gt;&lt;p&gt;Abstract: a b c d.&lt;/p&gt;&lt;p&gt;PDF&lt;/p&gt;", "a b c d.", "Pensoft"),
        ("plain", "Source: of all things, a word.", "Source: of all things, a word.", "one label is prose"),
        ("volume-prose", "Volume 3 of the report is out.", "Volume 3 of the report is out.", "prose about a volume"),
    ] {
        let got = record(&rss(&format!("<title>T</title><description>{body}</description>")));
        assert_eq!(got.abstract_text.unwrap_or_default(), want, "{id} ({note})");
    }
    let got = record(&rss(
        "<title>T</title><description>&lt;p&gt;Publication date: November 2026&lt;/p&gt;&lt;p&gt;Source: J Ex, Volume 295, Issue 2&lt;/p&gt;&lt;p&gt;Author(s): Ann Example, Bo Example&lt;/p&gt;</description>",
    ));
    assert_eq!(got.published.map(String::from).as_deref(), Some("2026-11"));
    assert_eq!(
        (got.journal.as_deref(), got.volume.as_deref(), got.number.as_deref()),
        (Some("J Ex"), Some("295"), Some("2"))
    );
    assert_eq!(got.authors.len(), 2);
}

#[test]
fn records_take_what_is_known() {
    let prism = "<title>T</title><prism:publicationName>J Ex</prism:publicationName><prism:volume>1</prism:volume><prism:number>2</prism:number>\
        <prism:startingPage>3</prism:startingPage><prism:endingPage>9</prism:endingPage><prism:issn>1234567x</prism:issn><prism:coverDate>2025-12-01</prism:coverDate>\
        <dc:date>2026-01-02</dc:date><dc:language>eng</dc:language><dc:subject>a</dc:subject><dc:subject>a</dc:subject>";
    let got = record(&rdf(prism));
    assert_eq!(
        (got.journal.as_deref(), got.pages.as_deref(), got.issn.as_slice()),
        (Some("J Ex"), Some("3-9"), &["1234-567X".to_owned()][..])
    );
    assert_eq!((got.year, got.published.map(String::from).as_deref()), (Some(2025), Some("2026-01-02")));
    assert_eq!((got.language.as_slice(), got.keywords.as_slice()), (&["en".to_owned()][..], &["a".to_owned()][..]));
    let echo = rdf(
        "<title>T</title><prism:publicationName>T</prism:publicationName><dc:source>J Ex; Vol. 1 (2026); 1-2</dc:source>",
    );
    assert_eq!(record(&echo).journal.as_deref(), Some("J Ex"), "a publication name that echoes the title is none");
}

#[test]
fn ids_and_titles_fall_back_in_order() {
    let ids = |item: &str| record(&rss(item)).id;
    assert_eq!(ids("<title>T</title><guid>g</guid><link>/a</link>"), "g");
    assert_eq!(ids("<title>T</title><link>/a</link>"), "https://example.org/a");
    assert_eq!(ids("<title>T</title>"), "src#1");
    assert_eq!(record(&rss("<description>Some words.</description>")).title, "Some words.");
    assert!(records(&read(&rss("<guid>g</guid>")).0, "src", "").is_empty(), "nothing to call it by");
    let (feed, _) = read(&rss("<title>T</title>"));
    assert_eq!(records(&feed, "src", "Given")[0].journal.as_deref(), Some("Given"));
    assert_eq!(records(&feed, "src", "")[0].journal.as_deref(), Some("Feed"));
    assert!(records(&feed, "src", "")[0].types.is_empty(), "a feed item has no type");
}

#[test]
fn only_web_addresses_reach_a_record() {
    let got = record(&rss(
        "<title>T</title><link>ftp://example.org/a</link><enclosure url=\"/b.pdf\"/><enclosure url=\"/c.jpg\" type=\"image/jpeg\"/><enclosure url=\"magnet:x\"/>",
    ));
    assert_eq!((got.url, got.links), (None, vec!["https://example.org/b.pdf".to_owned()]));
}
