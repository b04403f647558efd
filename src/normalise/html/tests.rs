//! What of markup reaches a reader.

use super::lines::is_folded;
use super::*;

#[test]
fn lines_are_plain() {
    for (id, markup, want, note) in [
        ("text", "plain text", "plain text", "nothing to do"),
        ("inline", "A <i>b</i> <B>c</B>", "A b c", "inline markup goes"),
        ("sub", "H<sub>2</sub>O", "H2O", "sub stays in its word"),
        ("block", "<p>a</p><p>b</p>", "a b", "blocks part words"),
        ("br", "a<br/>b", "a b", "breaks part words"),
        ("entity", "a &amp; b &eacute; &#8211; &#x2014;", "a & b é – —", "entities"),
        ("twice", "&amp;lt;b&amp;gt;x&amp;lt;/b&amp;gt;", "x", "escaped twice"),
        ("amp-twice", "a &amp;amp; b", "a & b", "escaped twice"),
        ("1252", "it&#146;s", "it’s", "numbers of windows-1252"),
        ("unknown", "a &unknown; b", "a &unknown; b", "unknown ones stay"),
        ("bare", "R&D & more", "R&D & more", "bare ones stay"),
        ("less", "P<0.001 and x>3", "P<0.001 and x>3", "no tag"),
        ("less-space", "a < b and c > d", "a < b and c > d", "no tag"),
        ("less-letter", "if a<b and c>d", "if a<b and c>d", "no attributes: no tag"),
        ("less-mixed", "<i>p</i><0.05", "p<0.05", "both in one"),
        ("jats", "<jats:italic>E. coli</jats:italic>", "E. coli", "journal tag set"),
        ("math", "<math><mi>x</mi><mo>=</mo><mn>1</mn></math>", "x=1", "MathML"),
        ("comment", "a<!-- c -->b", "ab", "comments go"),
        ("script", "a<script>alert(1)</script>b", "ab", "scripts go with what is in them"),
        ("style", "<style>p{}</style>b", "b", "styles, too"),
        ("cut", "text <a href=\"http://example.org", "text", "a tag cut off"),
        ("nbsp", "a&nbsp;b\u{a0}c", "a b c", "spaces are one kind"),
        ("control", "a\u{7}b\u{202e}", "ab", "nothing that acts"),
        ("foreign", "<foo> bar", "<foo> bar", "an unknown word in brackets is text"),
    ] {
        assert_eq!(plain_line(markup), want, "{id} ({note})");
    }
}

#[test]
fn paragraphs_are_kept() {
    for (id, markup, want) in [
        ("p", "<p>a</p><p>b</p>", "a\n\nb"),
        ("div", "<div>a<div>b</div></div>", "a\n\nb"),
        ("br", "a<br>b", "a\nb"),
        ("br2", "a<br><br>b", "a\n\nb"),
        ("list", "<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("table", "<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("text", "a\n\n\nb\nc ", "a\n\nb\nc"),
        ("folded", "<p>a\n  b</p>", "a b"),
        ("heading", "<h2>Abstract</h2>x", "Abstract\n\nx"),
    ] {
        assert_eq!(plain_text(markup), want, "{id}");
    }
}

#[test]
fn safe_html_holds_only_safe_tags() {
    for (id, markup, want) in [
        ("kept", "<p>a <em>b</em><br>c</p>", "<p>a <em>b</em><br>c</p>"),
        ("attributes", "<p style=\"x\" onclick=\"y\">a</p>", "<p>a</p>"),
        ("heading", "<h2>a</h2><p>b</p>", "<h2>a</h2><p>b</p>"),
        ("div", "<div>a</div><div>b</div>", "<div>a</div><div>b</div>"),
        ("img", "a<img src=x onerror=alert(1)>b", "a<img>b"),
        ("script", "<script>alert(1)</script>a", "a"),
        ("js", "<a href=\"javascript:alert(1)\">a</a>", "<a>a</a>"),
        ("less", "p<0.05", "p&lt;0.05"),
    ] {
        assert_eq!(safe_html(markup, None), want, "{id}");
    }
    let linked = safe_html("<a href=\"/b?c=1&d=2\">a</a>", Some("https://example.org/x/"));
    assert_eq!(linked, "<a href=\"https://example.org/b?c=1&amp;d=2\">a</a>");
}

/// Ways to smuggle markup through a cleaner, from the lists that cleaners are tested with.
pub(crate) const ATTACKS: &[&str] = &[
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//example.org/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<svg onload=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=\"jav&#x09;ascript:alert(1)\">x</a>",
    "<a href=\"data:text/html;base64,PHNjcmlwdD4=\">x</a>",
    "<body onload=alert(1)>",
    "<x onmouseover=alert(1)>x</x>",
    "<details open ontoggle=alert(1)>",
    "<form action=javascript:alert(1)><input type=submit>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>script>alert(1)<</script>/script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    "&amp;amp;lt;script&amp;amp;gt;alert(1)&amp;amp;lt;/script&amp;amp;gt;",
    "&amp;amp;amp;lt;img src=x onerror=alert(1)&amp;amp;amp;gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x3C;img src=x onerror=alert(1)&#x3E;",
    "<scr\0ipt>alert(1)</scr\0ipt>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<template><script>alert(1)</script></template>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<title><img src=x onerror=alert(1)></title>",
    "<textarea><script>alert(1)</script></textarea>",
    "<base href=javascript:alert(1)//>",
    "<object data=javascript:alert(1)>",
    "\u{1b}]8;;javascript:alert(1)\u{7}x",
];

#[test]
fn attacks_leave_no_markup() {
    for attack in ATTACKS {
        for text in [plain_line(attack), plain_text(attack)] {
            assert!(!looks_like_html(&text), "{attack:?} gave {text:?}");
            assert!(!text.contains("<script") && !text.contains("<img") && !text.contains('\u{1b}'), "{attack:?}");
        }
        let safe = safe_html(attack, Some("https://example.org/"));
        let lower = safe.to_lowercase();
        for bad in ["<script", "<svg", "<iframe", "onerror=alert(1)>", "href=\"javascript", "href=\"data", "<style"] {
            assert!(!lower.contains(bad), "{attack:?} gave {safe:?}");
        }
    }
}

/// Pieces of which random markup is made: what goes the short way, and what must not.
const PIECES: &[&str] = &[
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<i>",
    "</i>",
    "<a href=\"https://example.org/a\">",
    "</a>",
    "<div class='x'>",
    "</div>",
    "<ul>",
    "</ul>",
    "<li>",
    "</li>",
    "<h2>",
    "</h2>",
    "<br>",
    "<br/>",
    "<hr />",
    "<span style=\"a\">",
    "</span>",
    "<font color='red'>",
    "</font>",
    "<blockquote>",
    "</blockquote>",
    "<img src=\"https://example.org/p\" alt='x'>",
    "<a href='https://example.org/?a=1&amp;b=2' title=\"t &lt; u\">",
    "<sub>",
    "</sub>",
    "<b>x</b>",
    "<p>y</p>",
    "<li>z</li>",
    "a",
    " ",
    "\n",
    "&amp;",
    "&",
    "& ",
    "&lt;",
    "&#8217;",
    "&eacute;",
    "&copy",
    "&nbsp;",
    "\u{a0}",
    "é",
    ">",
    "\"",
    "<",
    "< ",
    "<!-- c -->",
    "<!--",
    "-->",
    "</",
    "<b ",
    "<B>",
    "</B>",
    "<table>",
    "<td>",
    "</td>",
    "</table>",
    "<script>",
    "</script>",
    "<b id>",
    "<a href=\"javascript:x\">",
    "<a href=\"b\">",
    "<a href=\"http://EXAMPLE.org\">",
    "<p/>",
    "&quot;",
    "&#x3c;b&#x3e;",
    "<style>",
    "</style>",
    "<svg>",
    "<q>",
    "</q>",
    "<img alt=\"&quot;\">",
    "&#0;",
    "&#128;",
    "=",
    "'",
    "<h3>",
    "</h3>",
    "<em>",
    "</em>",
    "</br>",
    "<a href=https://example.org/?a=1&b=2&copy=3&utm_x=4>",
    "<a href='/r'>",
    "<a href=\"../r?x y\">",
    "<a href=mailto:x>",
    "<img src=x>",
    "<a href='https://example.org/&copy/'>",
    "&copyx",
    "&foo;",
    "&ampfoo;",
    "a&b",
    "&notit;",
    "<i class=a>",
    "<a href=''>",
    "<a href='//example.org/x'>",
    "<a title='&copy=&copyx&copy_'>",
    "<a href=#f>",
    "<a href='https://example.org/a b\tc'>",
    "&#x26;",
    "\u{feff}",
    "\u{a9}",
    "<a title='a' title='b'>",
    "<img src=\"http://a..b/\">",
    "<img src=\"http://1.2.3.4.5/\">",
    "<img src=\"http://a.b/%zz [x]\">",
    "&ngE;",
    "&nbsp",
    "<o:p>",
    "</o:p>",
    "<center>",
    "</center>",
];

/// Checks that both ways give the same, when the short one gives anything; tells whether it did.
fn ways_agree(markup: &str) -> bool {
    let whole = without_unwanted(markup);
    let base = Url::parse("https://base.example/x/").ok();
    let Some(short) = simple::clean(&whole, base.as_ref()) else { return false };
    assert_eq!(short, sanitise_by_parsing(&whole, base).0, "{markup:?}");
    assert_eq!(simple::clean(&whole, None), Some(sanitise_by_parsing(&whole, None).0), "{markup:?}");
    let (safe, plain) = safe_and_plain(markup, None);
    assert_eq!((safe, plain), (safe_html(markup, None), plain_text(markup)), "{markup:?}");
    true
}

#[test]
fn the_short_way_gives_what_the_long_way_gives() {
    for (id, markup) in [
        ("text", "plain text"),
        ("nested", "<div><p>a <b>b <i>c</i></b></p><ul><li>d<ul><li>e</li></ul></li></ul></div>"),
        ("open", "<p>a <b>b"),
        ("void", "a<br>b<br/>c<hr><img src='https://example.org/p.png' width=\"3\" alt='x &amp; y'>"),
        ("entities", "a &amp; b &lt; c &gt; d &nbsp; &eacute; &#233; &#xe9; &#150; & e"),
        ("link", "<a href=\"https://example.org/?a=1&amp;b=2#c\" onclick='x' title='t'>x</a>"),
        ("comment", "a<!-- b -->c"),
        ("case", "<P>a</p><BR><A HREF='https://example.org/'>b</a>"),
        ("heading", "<h1>a</h1><h2>b <em>c</em></h2>"),
        ("dropped", "<font size='7'>a</font> <span class=\"x\">b</span>"),
    ] {
        assert!(ways_agree(markup), "{id}: {markup:?} took the long way");
    }
    for attack in ATTACKS {
        ways_agree(attack);
    }
    for a in PIECES {
        for b in PIECES {
            ways_agree(&format!("{a}x{b}y"));
        }
    }
}

/// Returns markup that is nested as it should be, made of what `picks` say.
fn sound(picks: &[usize]) -> String {
    const TAGS: &[&str] =
        &["p", "b", "i", "div", "ul", "li", "h2", "span", "a", "blockquote", "font", "sub", "em", "q", "tt"];
    let (mut out, mut open) = (String::new(), Vec::new());
    for pick in picks {
        match pick % 4 {
            0 => {
                let tag = TAGS[pick / 4 % TAGS.len()];
                out.push_str(&format!("<{tag}>"));
                open.push(tag);
            }
            1 => out.extend(open.pop().map(|tag| format!("</{tag}>"))),
            _ => out.push_str(
                ["a", " ", "&amp;", "<br>", "é", "<hr>", "\n", "<img src=x alt=y>", "&", "</br>"][pick / 4 % 10],
            ),
        }
    }
    out
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]
    #[test]
    fn the_ways_agree_on_random_markup(picks in proptest::collection::vec(0..PIECES.len(), 0..14)) {
        let markup: String = picks.iter().map(|n| PIECES[*n]).collect();
        ways_agree(&markup);
    }

    #[test]
    fn the_ways_agree_on_sound_markup(picks in proptest::collection::vec(0..400_usize, 0..40)) {
        ways_agree(&sound(&picks));
    }
}

#[test]
fn limits_hold() {
    let deep = format!("{}x{}", "<div>".repeat(20_000), "</div>".repeat(20_000));
    assert_eq!(plain_text(&deep), "x");
    assert_eq!(safe_html(&deep, None), "x");
    let long = "<b>a</b> ".repeat(100_000);
    assert!(plain_text(&long).len() <= HTML_BYTES_MAX);
    let open = "<b>".repeat(50_000) + "é";
    assert!(plain_line(&open).len() <= 4);
    assert_eq!(plain_line(&"<".repeat(100_000)).chars().next(), Some('<'));
}

#[test]
fn every_cut_and_flip_is_survived() {
    let text =
        "<p title=\"a>b\">x &amp; <i>y</i> &#233; P<0.05 <a href='http://example.org/?a=1&b=2'>é</a><!-- c --></p>";
    for end in 0..=text.len() {
        if let Some(head) = text.get(..end) {
            assert!(!looks_like_html(&plain_line(head)), "{head:?}");
            safe_html(head, None);
        }
    }
    for at in 0..text.len() {
        for bit in 0..7 {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] ^= 1 << bit;
            let text = String::from_utf8_lossy(&bytes);
            assert!(!looks_like_html(&plain_text(&text)), "{text:?}");
        }
    }
}

#[test]
fn folded_text_is_told_from_text_to_fold() {
    for (text, want) in [
        ("", true),
        ("a", true),
        ("a b", true),
        (" a ", true),
        ("é “b” – c", true),
        ("日本 語", true),
        ("a  b", false),
        ("a\nb", false),
        ("a\tb", false),
        ("a\u{a0}b", false),
        ("a\u{2003}b", false),
        ("a\u{3000}b", false),
        ("a\u{1680}b", false),
        ("a\u{85}b", false),
        ("a\u{200b}b", false),
        ("a\u{2028}b", false),
        ("a\u{205f}b", false),
    ] {
        assert_eq!(is_folded(text), want, "{text:?}");
    }
    let odd: Vec<char> = ('\u{80}'..=char::MAX).filter(|c| c.is_whitespace()).collect();
    assert!(odd.iter().all(|c| !is_folded(&format!("a{c}b"))), "every white space is known by its first byte");
    let unwanted = ('\0'..=char::MAX).filter(|c| is_dropped(*c));
    assert!(
        unwanted.into_iter().all(|c| find_unwanted(&format!("a{c}"), 0) == Some(1)),
        "so is every unwanted character"
    );
    assert_eq!(find_unwanted("a\u{feff}é\u{e9}“x”", 0), None);
}

#[test]
fn every_tag_of_the_short_way_is_as_on_the_long_one() {
    for (tag, _) in simple::TAGS {
        assert!(ways_agree(&format!("<div><{tag} title=\"t\" class='c'>x")), "{tag}");
    }
}
