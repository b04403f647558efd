//! List pages as sites have them, one row a habit.

use super::super::*;

/// Where the pages came from.
const ADDRESS: &str = "https://www.example.org/news/";

/// Shows the records of a page: title, address behind the host, date; and the problems.
fn shown(page: &str, selectors: [&str; 4]) -> String {
    let [item, title, link, date] = selectors.map(str::to_owned);
    let selectors = Selectors { item, title, link, date };
    let (records, problems) = page_records(page.as_bytes(), None, ADDRESS, &selectors, "s", "");
    let mut lines: Vec<String> = records
        .iter()
        .map(|r| {
            let url = r.url.clone().unwrap_or_default().replace("https://www.example.org", "");
            let date = r.published.map(String::from).unwrap_or_default();
            format!("{} {url} {date}", r.title).trim_end().to_owned()
        })
        .collect();
    lines.extend(problems.iter().map(|p| format!("! {}", p.message)));
    lines.join("\n")
}

/// The selectors that most rows use.
const USUAL: [&str; 4] = ["li", "h3", "", ""];
/// The same with a date.
const DATED: [&str; 4] = ["li", "h3", "", ".d, time"];

/// Id, note why, page, selectors, what comes out.
type Row = (&'static str, &'static str, &'static str, [&'static str; 4], &'static str);

const LINKS: &[Row] = &[
    ("relative", "against the page's address", "<li><h3><a href='a/1'>One</a></h3>", USUAL, "One /news/a/1"),
    ("root", "from the root", "<li><h3><a href='/a/1'>One</a></h3>", USUAL, "One /a/1"),
    ("parent", "a step up", "<li><h3><a href='../a'>One</a></h3>", USUAL, "One /a"),
    ("query", "only a query", "<li><h3><a href='?id=3'>One</a></h3>", USUAL, "One /news/?id=3"),
    ("scheme", "without a scheme", "<li><h3><a href='//www.example.org/a'>One</a></h3>", USUAL, "One /a"),
    (
        "base",
        "a base on the page",
        "<base href='https://www.example.org/x/'><li><h3><a href='a'>One</a></h3>",
        USUAL,
        "One /x/a",
    ),
    ("base-relative", "a relative base", "<base href='/y/'><li><h3><a href='a'>One</a></h3>", USUAL, "One /y/a"),
    ("spaces", "spaces and line breaks in the address", "<li><h3><a href=' /a b\n'>One</a></h3>", USUAL, "One /a%20b"),
    ("around", "the title stands in its link", "<li><a href='/a'><h3>One</h3></a>", USUAL, "One /a"),
    ("beside", "the link stands beside the title", "<li><h3>One</h3><a href='/a'>Read more</a>", USUAL, "One /a"),
    ("whole", "the whole item is the link", "<a class=i href='/a'><h3>One</h3></a>", ["a.i", "h3", "", ""], "One /a"),
    (
        "own",
        "the link selector counts",
        "<li><h3><a href='/tag'>One</a></h3><a class=m href='/a'>more</a>",
        ["li", "h3", "a.m", ""],
        "One /a",
    ),
    (
        "script-first",
        "a button before the link",
        "<li><h3>One</h3><a href='#'>share</a><a href='javascript:x()'>y</a><a href='/a'>z</a>",
        USUAL,
        "One /a",
    ),
    (
        "mail",
        "a mail address is no page",
        "<li><h3>One</h3><a href='mailto:a@example.org'>x</a><a href='/a'>z</a>",
        USUAL,
        "One /a",
    ),
    ("data-href", "a card that a script opens", "<li data-href='/a'><h3>One</h3></li>", USUAL, "One /a"),
    (
        "twice",
        "picture and title lead to the same page",
        "<li><a href='/a'><img></a><h3><a href='/a'>One</a></h3><li><h3><a href='/a'>One again</a></h3>",
        USUAL,
        "One /a",
    ),
    (
        "other-host",
        "another host stays",
        "<li><h3><a href='https://other.example.org/a'>One</a></h3>",
        USUAL,
        "One https://other.example.org/a",
    ),
    (
        "doi",
        "a DOI link",
        "<li><h3><a href='https://doi.org/10.5555/a'>One</a></h3>",
        USUAL,
        "One https://doi.org/10.5555/a",
    ),
];

const TITLES: &[Row] = &[
    (
        "markup",
        "markup in the title",
        "<li><h3><a href=/a><em>One</em> &amp; <b>two</b></a></h3>",
        USUAL,
        "One & two /a",
    ),
    ("break", "a line break in the title", "<li><h3><a href=/a>One<br>two</a></h3>", USUAL, "One two /a"),
    (
        "hidden-word",
        "a word for screen readers",
        "<li><h3><a href=/a>One <span class='visually-hidden'>(opens in a new window)</span></a></h3>",
        USUAL,
        "One /a",
    ),
    (
        "hidden-style",
        "a word hidden by its style",
        "<li><h3><a href=/a>One <span style='display: none'>x</span></a></h3>",
        USUAL,
        "One /a",
    ),
    ("icon", "an icon is no word", "<li><h3><a href=/a><i aria-hidden='true'>★</i> One</a></h3>", USUAL, "One /a"),
    ("lazy", "the title comes by a script later", "<li><h3 data-title='One'></h3><a href=/a></a>", USUAL, "One /a"),
    (
        "title-attribute",
        "the title stands in an attribute of the link",
        "<li><h3><a href=/a title='One'></a></h3>",
        USUAL,
        "One /a",
    ),
    ("aria", "the title stands in a label", "<li><h3><a href=/a aria-label='One'></a></h3>", USUAL, "One /a"),
    ("picture", "the title is a picture", "<li><h3><a href=/a><img alt='One' src=x></a></h3>", USUAL, "One /a"),
    ("script", "a script in the title", "<li><h3><a href=/a>One<script>alert(1)</script></a></h3>", USUAL, "One /a"),
    (
        "no-title-selector",
        "without a title selector the item is the title",
        "<li><a href=/a>One</a></li>",
        ["li", "", "", ""],
        "One /a",
    ),
    (
        "hidden-item",
        "an item that is not shown",
        "<li hidden><h3><a href=/t>Template</a></h3></li><li><h3><a href=/a>One</a></h3>",
        USUAL,
        "One /a",
    ),
];

const DATES: &[Row] = &[
    (
        "datetime",
        "the attribute before the text",
        "<li><h3><a href=/a>One</a></h3><time datetime=2026-10-05>yesterday</time>",
        DATED,
        "One /a 2026-10-05",
    ),
    (
        "time-inside",
        "the selector finds what is around the time",
        "<li><h3><a href=/a>One</a></h3><p class=d>On <time datetime=2026-10-05>5</time></p>",
        DATED,
        "One /a 2026-10-05",
    ),
    (
        "data",
        "a data attribute",
        "<li><h3><a href=/a>One</a></h3><p class=d data-date='2026-10-05'>x</p>",
        DATED,
        "One /a 2026-10-05",
    ),
    (
        "epoch",
        "seconds in a data attribute",
        "<li><h3><a href=/a>One</a></h3><p class=d data-timestamp='1791158400'>x</p>",
        DATED,
        "One /a 2026-10-05",
    ),
    (
        "english",
        "in words",
        "<li><h3><a href=/a>One</a></h3><p class=d>October 5, 2026</p>",
        DATED,
        "One /a 2026-10-05",
    ),
    ("french", "in French", "<li><h3><a href=/a>One</a></h3><p class=d>5 octobre 2026</p>", DATED, "One /a 2026-10-05"),
    (
        "spanish",
        "in Spanish",
        "<li><h3><a href=/a>One</a></h3><p class=d>5 de octubre de 2026</p>",
        DATED,
        "One /a 2026-10-05",
    ),
    (
        "portuguese",
        "in Portuguese",
        "<li><h3><a href=/a>One</a></h3><p class=d>5 de outubro de 2026</p>",
        DATED,
        "One /a 2026-10-05",
    ),
    (
        "german",
        "in German",
        "<li><h3><a href=/a>One</a></h3><p class=d>5. Oktober 2026</p>",
        DATED,
        "One /a 2026-10-05",
    ),
    (
        "labelled",
        "behind a label",
        "<li><h3><a href=/a>One</a></h3><p class=d>Published: 5 October 2026</p>",
        DATED,
        "One /a 2026-10-05",
    ),
    (
        "among-words",
        "among other words",
        "<li><h3><a href=/a>One</a></h3><p class=d>News | 5 October 2026 by Ana Model</p>",
        DATED,
        "One /a 2026-10-05",
    ),
    (
        "month",
        "only a month is known",
        "<li><h3><a href=/a>One</a></h3><p class=d>October 2026</p>",
        DATED,
        "One /a 2026-10",
    ),
    (
        "unclear",
        "day and month cannot be told apart",
        "<li><h3><a href=/a>One</a></h3><p class=d>05/10/2026</p>",
        DATED,
        "One /a 2026",
    ),
    (
        "none",
        "an item without a date among some with",
        "<li><h3><a href=/a>One</a></h3><p class=d>2026-10-05</p><li><h3><a href=/b>Two</a></h3>",
        DATED,
        "One /a 2026-10-05\nTwo /b",
    ),
    (
        "bad",
        "a date that is none is told",
        "<li><h3><a href=/a>One</a></h3><p class=d>soon</p>",
        DATED,
        "One /a\n! 1 dates on the page could not be read and were left out",
    ),
];

const COMPLAINTS: &[Row] = &[
    ("no-item", "the item selector finds nothing", "<p>x</p>", USUAL, "! nothing found on the page by item = \"li\""),
    (
        "no-title",
        "the title selector finds nothing: it is named, with the count of items",
        "<li><a href=/a>x</a><li><a href=/b>y</a>",
        USUAL,
        "! title = \"h3\" matched nothing in the 2 items that item = \"li\" found",
    ),
    (
        "no-link",
        "the link selector finds nothing",
        "<li><h3>x</h3></li>",
        ["li", "h3", "a.more", ""],
        "! link = \"a.more\" matched nothing in the 1 item that item = \"li\" found",
    ),
    (
        "no-date",
        "the date selector finds nothing: the items come all the same",
        "<li><h3><a href=/a>One</a></h3>",
        DATED,
        "One /a\n! date = \".d, time\" matched nothing in the 1 item that item = \"li\" found; they come without a date",
    ),
    (
        "no-links",
        "titles without any link",
        "<li><h3>x</h3><li><h3>y</h3>",
        USUAL,
        "! none of the 2 items that item = \"li\" found has both a title and a web address",
    ),
    (
        "some",
        "a few are incomplete: they are counted, not listed one by one",
        "<li><h3>x</h3><li><h3><a href=/a>One</a></h3><li><h3>y</h3>",
        USUAL,
        "One /a\n! items 1, 3 have no title or no web address and were left out",
    ),
    (
        "many",
        "many are incomplete",
        "<li>1<li>2<li>3<li>4<li>5<li>6<li><h3><a href=/a>One</a></h3>",
        USUAL,
        "One /a\n! 6 items have no title or no web address and were left out: 1, 2, 3, 4, 5, …",
    ),
];

#[test]
fn pages_are_read_as_sites_write_them() {
    let rows: Vec<&Row> = [LINKS, TITLES, DATES, COMPLAINTS].into_iter().flatten().collect();
    assert!(rows.len() >= 40, "{}", rows.len());
    let mut wrong = Vec::new();
    for (id, note, page, selectors, want) in rows {
        let got = shown(page, *selectors);
        if got != *want {
            wrong.push(format!("{id} ({note}):\n{got}\n  instead of\n{want}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn selectors_are_guessed_from_what_repeats() {
    let news = "<nav><ul class=menu><li><a href=/1>About the alliance</a><li><a href=/2>Contact us by mail</a><li><a href=/3>Our staff and board</a></ul></nav>";
    let three =
        ["Midwives learn to ask about mood", "A phone line for new fathers opens", "Young mothers speak at the hall"];
    let list = |item: fn(usize, &str) -> String| {
        let items: String = three.iter().enumerate().map(|(n, t)| item(n, t)).collect();
        format!("<html><body>{news}<main>{items}</main></body></html>")
    };
    // (id, page, item, title, date)
    let cases = [
        (
            "cards",
            list(|n, t| {
                format!(
                    "<div class='card wide'><h3><a href=/n/{n}>{t}</a></h3><span class=card-date>5 October 2026</span></div>"
                )
            }),
            "div.card",
            "h3",
            ".card-date",
        ),
        (
            "articles",
            list(|n, t| format!("<article><h2><a href=/n/{n}>{t}</a></h2><time datetime=2026-10-05></time></article>")),
            "article",
            "h2",
            "time",
        ),
        (
            "bare items",
            format!(
                "{news}<ul class=news>{}</ul>",
                three
                    .iter()
                    .enumerate()
                    .map(|(n, t)| format!("<li><a href=/n/{n}>{t}</a></li>"))
                    .collect::<Vec<_>>()
                    .concat()
            ),
            "ul.news > li",
            "a",
            "",
        ),
        ("link around", list(|n, t| format!("<a class=teaser href=/n/{n}><h4>{t}</h4></a>")), "a.teaser", "h4", ""),
    ];
    for (id, page, item, title, date) in cases {
        let got = guess(page.as_bytes(), None, ADDRESS).unwrap_or_else(|| panic!("{id}: nothing guessed"));
        assert_eq!((got.selectors.item.as_str(), got.selectors.title.as_str()), (item, title), "{id}");
        assert_eq!(got.selectors.date, date, "{id}");
        assert_eq!((got.count, got.titles.len()), (3, 3), "{id}");
        assert!(check_selector(&got.selectors.item).is_ok(), "{id}");
    }
    for (id, page) in
        [("empty", ""), ("menu", news), ("prose", "<main><h1>A title</h1><p>text <a href=/a>link</a></p></main>")]
    {
        assert_eq!(guess(page.as_bytes(), None, ADDRESS), None, "{id}");
    }
}
