//! Pages that name feeds, and sites that are known to have them.

use super::*;

/// Returns the addresses worth trying, with where they were found.
fn tried(page: &str, address: &str) -> Vec<String> {
    let view = look(page.as_bytes(), None, address);
    view.links
        .iter()
        .filter(|l| l.whence != Whence::UsualPlace)
        .map(|l| format!("{:?} {}", l.whence, l.url.replace("https://www.example.org", "")))
        .collect()
}

#[test]
fn feeds_that_a_page_names_are_found() {
    let at = "https://www.example.org/news/";
    // (id, page, addresses)
    let cases: [(&str, &str, &[&str]); 22] = [
        ("rss", "<link rel=alternate type=application/rss+xml href=/f.php>", &["Named /f.php"]),
        ("atom", "<link rel='alternate' type='application/atom+xml' href='../a'>", &["Named /a"]),
        ("json", "<link rel=alternate type=application/feed+json href=/x>", &["Named /x"]),
        ("rdf", "<link rel=alternate type=application/rdf+xml href=/x>", &["Named /x"]),
        ("parameters", "<link rel=alternate type='application/rss+xml; charset=utf-8' href=/x>", &["Named /x"]),
        ("rel feed", "<link rel=feed href=/x>", &["Named /x"]),
        ("a with type", "<a type=application/rss+xml href=/x>x</a>", &["Named /x"]),
        ("xml", "<link rel=alternate type=text/xml href=/rss/>", &["Named /rss/"]),
        (
            "other alternates",
            "<link rel=alternate hreflang=fr href=/fr/><link rel=alternate type=text/xml href=/map.xml><link rel=stylesheet href=/feed.css>",
            &[],
        ),
        (
            "base",
            "<base href='https://www.example.org/b/'><link rel=alternate type=application/rss+xml href=f>",
            &["Named /b/f"],
        ),
        ("ending", "<a href=/all.rss>x</a><a href=/x.atom>y</a>", &["Linked /all.rss", "Linked /x.atom"]),
        ("folder", "<a href=/blog/feed/>x</a><a href=/rss>y</a>", &["Linked /blog/feed/", "Linked /rss"]),
        ("xml file", "<a href=/rss-news.xml>x</a><a href=/map.xml>y</a>", &["Linked /rss-news.xml"]),
        ("query", "<a href='/?feed=rss2'>x</a>", &["Linked /?feed=rss2"]),
        ("text", "<a href=/updates.php>Subscribe by RSS</a>", &["Linked /updates.php"]),
        ("picture", "<a href=/u><img alt='RSS feed' src=i.png></a>", &["Linked /u"]),
        ("label", "<a href=/u aria-label=RSS></a>", &["Linked /u"]),
        ("long text", "<a href=/u>What is RSS and how do you use it in the year of our many news</a>", &[]),
        (
            "comments last",
            "<link rel=alternate type=application/rss+xml href=/comments/feed><link rel=alternate type=application/rss+xml href=/feed>",
            &["Named /feed", "Named /comments/feed"],
        ),
        ("feed scheme", "<a href='feed:https://www.example.org/f'>x</a>", &["Linked /f"]),
        ("twice", "<link rel=alternate type=application/rss+xml href=/feed/><a href=/feed>RSS</a>", &["Named /feed/"]),
        ("nothing that acts", "<a href='javascript:rss()'>RSS</a>", &[]),
    ];
    for (id, page, want) in cases {
        assert_eq!(tried(page, at), want, "{id}");
    }
}

/// Sites: id, address, generator, addresses of its feeds.
const SITES: &[(&str, &str, &str, &[&str])] = &[
    (
        "ojs",
        "https://j.example.org/index.php/ajx/issue/current",
        "",
        &[
            "https://j.example.org/index.php/ajx/gateway/plugin/WebFeedGatewayPlugin/rss2",
            "https://j.example.org/index.php/ajx/gateway/plugin/WebFeedGatewayPlugin/atom",
        ],
    ),
    (
        "ojs by generator",
        "https://j.example.org/ajx/about",
        "Open Journal Systems 3.3",
        &[
            "https://j.example.org/ajx/gateway/plugin/WebFeedGatewayPlugin/rss2",
            "https://j.example.org/ajx/gateway/plugin/WebFeedGatewayPlugin/atom",
        ],
    ),
    (
        "wordpress",
        "https://b.example.org/news/",
        "WordPress 6.5",
        &["https://b.example.org/feed/", "https://b.example.org/?feed=rss2"],
    ),
    ("drupal", "https://b.example.org/", "Drupal 10", &["https://b.example.org/rss.xml", "https://b.example.org/feed"]),
    (
        "bmc",
        "https://bmcexample.biomedcentral.com/articles",
        "",
        &["https://bmcexample.biomedcentral.com/articles/most-recent/rss.xml"],
    ),
    (
        "wiley",
        "https://onlinelibrary.wiley.com/journal/12345678",
        "",
        &["https://onlinelibrary.wiley.com/feed/12345678/most-recent"],
    ),
    (
        "sciencedirect",
        "https://www.sciencedirect.com/journal/1234567X",
        "",
        &["https://rss.sciencedirect.com/publication/science/1234567X"],
    ),
    (
        "medrxiv",
        "https://www.medrxiv.org/collection/psychiatry-and-clinical-psychology",
        "",
        &["https://connect.medrxiv.org/medrxiv_xml.php?subject=psychiatry-and-clinical-psychology"],
    ),
    ("nature", "https://www.nature.com/natexample", "", &["https://www.nature.com/natexample.rss"]),
    ("plos", "https://journals.plos.org/plosexample/", "", &["https://journals.plos.org/plosexample/feed/atom"]),
    ("mdpi", "https://www.mdpi.com/journal/example", "", &["https://www.mdpi.com/rss/journal/example"]),
    (
        "frontiers",
        "https://www.frontiersin.org/journals/global-examples/articles",
        "",
        &["https://www.frontiersin.org/journals/global-examples/rss"],
    ),
    ("unknown", "https://www.example.org/", "Handmade", &[]),
];

#[test]
fn sites_of_a_kind_have_their_feeds_at_known_places() {
    for (id, address, generator, want) in SITES.iter().copied() {
        let page = format!("<meta name=Generator content='{generator}'>");
        let view = look(page.as_bytes(), None, address);
        let got: Vec<&str> =
            view.links.iter().filter(|l| l.whence == Whence::KindOfSite).map(|l| l.url.as_str()).collect();
        assert_eq!(got, want, "{id}");
    }
}

#[test]
fn usual_places_come_last_and_the_title_is_told() {
    let view = look(b"<title>Example &amp; co</title>", None, "https://www.example.org/blog/?a=1");
    assert_eq!(view.title, "Example & co");
    let urls: Vec<&str> = view.links.iter().map(|l| l.url.as_str()).collect();
    assert_eq!(urls.first(), Some(&"https://www.example.org/blog/feed"));
    assert!(urls.contains(&"https://www.example.org/rss.xml"), "{urls:?}");
    assert!(look(b"", None, "not an address").links.is_empty());
    let deep = "<div>".repeat(5_000);
    assert!(look(deep.as_bytes(), None, "https://www.example.org/").title.is_empty());
}
