//! Hostile strings in every field and every output: none runs anywhere, and all read the same.

#![cfg(test)]

use std::collections::BTreeMap;

use scraper::{Html, Selector};

use super::*;
use crate::model::{Author, Event, SourceNote};

/// What a feed, a journal or a person may write: an id, the text, why it is here.
const STRINGS: [(&str, &str, &str); 66] = [
    ("mc-if", "*|IF:FNAME|* gone *|END:IF|*", "Mailchimp hides what stands between"),
    ("mc-unsub", "*|UNSUB|*", "Mailchimp: another way out"),
    ("mc-archive", "x *|ARCHIVE|* y", "Mailchimp: inside a sentence"),
    ("mc-feed", "*|FEED:http://example.org/x|*", "Mailchimp loads another page"),
    ("mc-inlined", "*|RSSITEM:TITLE|*", "Mailchimp: a feed's own"),
    ("mc-lower", "*|unsub|*", "in small letters"),
    ("mc-nested", "**||IF:X||**", "pairs after one is broken"),
    ("mc-many", "*|*|*|*|", "every neighbour is a pair"),
    ("mc-open", "text *|", "half a tag at the end"),
    ("mc-close", "|* text", "half a tag at the start"),
    ("mc-star", "p < 0.05*", "a plain star at the end"),
    ("mc-bar", "|r| = 0.4", "plain bars"),
    ("mc-entity", "&#42;&#124;UNSUB&#124;&#42;", "already written as references"),
    ("mc-percent", "%2A%7CUNSUB%7C%2A", "already percent-encoded"),
    ("mc-soft-hyphen", "*\u{ad}|UNSUB|\u{ad}*", "parted by what is not seen"),
    ("mc-zero-width", "*\u{200b}|UNSUB|\u{200b}*", "parted by a space without width"),
    ("mc-joiner", "*\u{2060}|UNSUB|\u{2060}*", "parted by our own joiner"),
    ("mc-bom", "*\u{feff}|UNSUB|\u{feff}*", "parted by a byte order mark"),
    ("mc-tags", "*\u{e0041}|UNSUB|\u{e007f}*", "parted by tag characters"),
    ("mc-line", "*\u{2028}|UNSUB|\u{2029}*", "parted by line separators"),
    ("mc-bidi", "*\u{202e}|UNSUB|\u{202c}*", "parted by marks of direction"),
    ("mc-private", "*\u{f0000}|UNSUB|\u{f0100}*", "our own private characters"),
    ("go-env", "{{ env \"HOME\" }}", "listmonk: a Go template"),
    ("go-tight", "{{.Subscriber.Email}}", "listmonk: without spaces"),
    ("go-trim", "{{- /* x */ -}}", "listmonk: a comment"),
    ("go-many", "{{{{ x }}}}", "more braces than a pair"),
    ("go-open", "open {{", "half of it"),
    ("go-close", "}} closed", "the other half"),
    ("go-one", "{", "one brace alone"),
    ("go-set", "{x | x > 0}", "a set, as mathematics writes it"),
    ("go-invisible", "{\u{ad}{ x }\u{ad}}", "parted by what is not seen"),
    ("jinja-block", "{% include \"x\" %}", "a Jinja block"),
    ("jinja-comment", "{# gone #}", "a Jinja comment"),
    ("lite", "{$unsubscribe}", "MailerLite"),
    ("shell", "${HOME}", "a template literal"),
    ("double", "[[unsubscribe]]", "double brackets"),
    ("sendy", "[unsubscribe]", "Sendy"),
    ("sendy-case", "[Unsubscribe] [WEBVERSION]", "Sendy, in capitals"),
    ("sendy-web", "See [webversion] now", "Sendy, inside a sentence"),
    ("sendy-name", "[Name,fallback=you]", "Sendy: whoever reads it"),
    ("sendy-element", "<unsubscribe>x</unsubscribe>", "Sendy: its own element"),
    ("pubmed", "[Salud mental perinatal].", "a translated title"),
    ("exact", "%%unsub_center_url%%", "ExactTarget"),
    ("percent", "100%% of 58%", "a doubled percent sign"),
    ("percent-edge", "58%", "one at the end"),
    ("erb", "<%= x %>", "a server's page"),
    ("track", "https://example.org/a@TrackLink", "listmonk rewrites the address"),
    ("track-case", "https://example.org/a@tracklink", "in small letters"),
    ("track-word", "@TrackLink", "the word alone"),
    ("track-mail", "name@TrackLink.example", "inside a mail address"),
    ("script", "<script>alert('1')</script>", "a script"),
    ("attribute", "\" onclick=\"alert(1)", "out of an attribute"),
    ("comment", "--> <!-- x", "out of a comment"),
    ("outlook", "<![endif]--><b>", "out of Outlook's comment"),
    ("cdata", "]]><x>", "out of a part of XML"),
    ("style", "</style><b>", "out of a style"),
    ("entity", "a &amp; b &lt; c", "references are text"),
    ("formula", "=HYPERLINK(\"https://example.org\")", "a formula of a spreadsheet"),
    ("formula-plus", "+1+1", "another one"),
    ("formula-at", "@SUM(A1)", "another one"),
    ("formula-minus", "-2+3", "another one"),
    ("ris-end", "x\r\nER  - \r\nTY  - JOUR", "out of a citation"),
    ("header", "x\r\nBcc: all@example.org", "another header of the message"),
    ("markdown", "**bold** [x](https://example.org) `code`", "Markdown is text"),
    ("rtl", "الصحة النفسية *|X|* للأمهات", "written from right to left"),
    (
        "long",
        "unbrokenunbrokenunbrokenunbrokenunbrokenunbrokenunbrokenunbrokenunbrokenunbrokenunbrokenunbrokenunbrokenunbrokenunbroken",
        "120 letters without a break",
    ),
];

/// Fields of one item and of the issue that readers see as running text, by a mark that leads each.
const MARKS: [&str; 12] = [
    "Qtitle", "Qfinding", "Qwhy", "Qremark", "Qauthor", "Qjournal", "Qcountry", "Qnote", "Qrequest", "Qevent",
    "Qsection", "Qblurb",
];

fn templates() -> Templates {
    Templates::new(&BTreeMap::new()).0
}

/// Returns a house that is hostile in every text.
fn house(text: &str) -> House {
    House {
        community: text.into(),
        name: text.into(),
        short_name: text.into(),
        contact: format!("{text}@example.org"),
        method: text.into(),
        intro: text.into(),
        footer: text.into(),
        ..golden::house()
    }
}

/// Returns a month of two papers: a pick that is nothing but the text in every field, and one whose
/// fields are led by their marks.
fn issue(text: &str) -> Issue {
    let full = golden::full();
    let mut raw = full.sections[0].items[0].clone();
    for field in [&mut raw.title, &mut raw.summary, &mut raw.why, &mut raw.remark, &mut raw.id] {
        *field = text.to_owned();
    }
    raw.countries = vec![text.to_owned()];
    raw.record.journal = Some(text.to_owned());
    raw.record.authors = vec![Author::group(text)];
    raw.record.title = text.to_owned();
    raw.link = format!("https://example.org/{text}");
    let mut marked = full.sections[0].items[1].clone();
    let led = |mark: &str| format!("{mark} {text}");
    marked.title = led("Qtitle");
    marked.summary = led("Qfinding");
    marked.why = led("Qwhy");
    marked.remark = led("Qremark");
    marked.record.journal = Some(led("Qjournal"));
    marked.record.authors = vec![Author::group(led("Qauthor"))];
    marked.countries = vec![led("Qcountry")];
    marked.link = text.to_owned();
    let mut section = full.sections[0].clone();
    section.id = text.to_owned();
    section.name = led("Qsection");
    section.blurb = led("Qblurb");
    section.items = vec![marked];
    Issue {
        subject: text.into(),
        preheader: text.into(),
        note: led("Qnote"),
        request: led("Qrequest"),
        pick: Some(raw),
        sections: vec![section],
        more: Vec::new(),
        events: vec![
            Event { date: text.into(), title: led("Qevent"), link: text.into(), line: 0 },
            Event {
                date: "2030-02-12".into(),
                title: text.into(),
                link: format!("https://example.org/{text}"),
                line: 0,
            },
        ],
        stale_sources: vec![SourceNote { id: "x".into(), name: text.into(), reason: text.into() }],
        ..full
    }
}

/// Returns what people see of a text, without any space: lines may break anywhere.
fn seen(text: &str) -> String {
    let idle = |c: char| {
        matches!(u32::from(c), 0xad | 0x200b | 0x2060 | 0xfeff | 0xe0000..=0xe007f | 0xf0000..=0xf01ff)
            || crate::model::text::is_unwanted(c)
    };
    text.chars().filter(|c| !c.is_whitespace() && !idle(*c)).collect()
}

/// Returns the text of a document as a browser shows it.
fn read(html: &str) -> String {
    let page = Html::parse_document(html);
    let body = Selector::parse("body").unwrap();
    page.select(&body).flat_map(|b| b.text()).collect()
}

/// Returns a document without the tags that its target's own templates put in.
fn without_own_tags(document: &str, target: Target) -> String {
    let own: &[&str] = match target {
        Target::Mailchimp => &["*|UNSUB|*", "*|ARCHIVE|*", "*|UPDATE_PROFILE|*", "*|LIST:ADDRESSLINE|*"],
        Target::Listmonk => &["{{ UnsubscribeURL }}", "{{ MessageURL }}", "{{ ManageURL }}"],
        Target::Message | Target::Preview => &[],
    };
    // Each once: a second one did not come from the template.
    own.iter().fold(document.to_owned(), |text, tag| text.replacen(tag, "", 1))
}

#[test]
fn nothing_hostile_runs_in_an_email_and_all_of_it_reads_the_same() {
    let templates = templates();
    for (id, text, note) in STRINGS {
        let (issue, house) = (issue(text), house(text));
        for target in [Target::Mailchimp, Target::Listmonk, Target::Message, Target::Preview] {
            let email = email_parts(&issue, &house, &templates, target).unwrap_or_else(|e| panic!("{id}: {e}"));
            for part in [&email.html, &email.text, &email.subject, &email.preheader] {
                let rest = without_own_tags(part, target);
                assert_eq!(neutralise::live_code(&rest), None, "{id} {target:?}: {note}");
            }
            // A mailing tool puts the two beside each other in a list.
            let pair = format!("{}{}", email.subject, email.preheader);
            assert_eq!(neutralise::live_code(&pair), None, "{id} {target:?}: {note}");
            assert!(!email.subject.contains(['\r', '\n']) && !email.preheader.contains(['\r', '\n']), "{id}: {note}");
            for (part, shown) in [("html", seen(&read(&email.html))), ("text", seen(&email.text))] {
                for mark in MARKS {
                    // Headings of the text part are in capitals.
                    let want = seen(&format!("{mark} {text}"));
                    let is_there =
                        shown.contains(&want) || shown.contains(&seen(&format!("{mark} {text}").to_uppercase()));
                    assert!(is_there, "{id} {target:?} {part}: {mark} is not as it was: {note}");
                }
            }
            assert_eq!(seen(&email.subject), seen(text), "{id}: {note}");
            assert_eq!(seen(&email.preheader), seen(text), "{id}: {note}");
        }
    }
}

#[test]
fn nothing_hostile_runs_in_pages_feed_and_data() {
    let templates = templates();
    for (id, text, note) in STRINGS {
        let (issue, house) = (issue(text), house(text));
        let archive = archive_files(&[ArchiveIssue::of_issue(&issue, &house)], &house, &templates).unwrap();
        let archive = archive.into_iter().map(|f| RenderedFile { path: format!("archive/{}", f.path), ..f });
        let files: BTreeMap<String, String> = issue_files(&issue, &house, &templates)
            .unwrap()
            .into_iter()
            .chain(archive)
            .map(|f| (f.path, String::from_utf8(f.bytes).unwrap()))
            .collect();
        for path in ["index.html", "archive/index.html", "archive/feed.xml"] {
            assert_eq!(neutralise::live_code(&files[path]), None, "{id} {path}: {note}");
        }
        let shown = seen(&read(&files["index.html"]));
        for mark in MARKS {
            assert!(shown.contains(&seen(&format!("{mark} {text}"))), "{id} page: {mark}: {note}");
        }
        feed_is_whole(&files["archive/feed.xml"], text, &format!("{id}: {note}"));
        data_are_whole(&files, text, &format!("{id}: {note}"));
    }
}

#[test]
fn nothing_that_reads_as_an_element_stands_in_an_attribute() {
    let text = "<script>alert(1)</script>";
    let parts = email_parts(&issue(text), &house(text), &templates(), Target::Mailchimp).unwrap();
    assert!(parts.html.contains("aria-label=\"") && parts.html.contains("&lt;script&gt;"));
    assert!(!parts.html.contains("<script"), "{}", parts.html);
    let files = issue_files(&issue(text), &house(text), &templates()).unwrap();
    let page = files.iter().find(|f| f.path == "index.html").map(|f| String::from_utf8_lossy(&f.bytes)).unwrap();
    assert!(!page.contains("<script>alert"), "{page}");
}

/// Checks that a feed is well formed and that its HTML reads as the issue did.
fn feed_is_whole(feed: &str, text: &str, note: &str) {
    let mut reader = quick_xml::Reader::from_str(feed);
    while !matches!(reader.read_event().unwrap_or_else(|e| panic!("{note}: {e}")), quick_xml::events::Event::Eof) {}
    let content = feed.split_once("<content type=\"html\">").and_then(|(_, rest)| rest.split_once("</content>"));
    let content = content.map(|(content, _)| content).unwrap_or_default();
    let html = read(&read(content));
    for mark in ["Qtitle", "Qfinding", "Qnote", "Qauthor", "Qjournal"] {
        assert!(seen(&html).contains(&seen(&format!("{mark} {text}"))), "{note}: {mark} in the feed");
    }
}

/// Checks that spreadsheet, citations and manifest hold the texts as data: no formula, no citation
/// more, no live tag in the manifest.
fn data_are_whole(files: &BTreeMap<String, String>, text: &str, note: &str) {
    let mut sheet = csv::Reader::from_reader(files["items.csv"].as_bytes());
    let rows: Vec<csv::StringRecord> = sheet.records().map(|r| r.unwrap()).collect();
    assert_eq!(rows.len(), 2, "{note}");
    for cell in rows.iter().flat_map(|r| r.iter()) {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{note}: {cell}");
    }
    assert!(rows.iter().any(|r| r.iter().any(|cell| seen(cell) == seen(&format!("Qtitle {text}")))), "{note}");
    for line in ["TY  -", "ER  -"] {
        let count = files["items.ris"].lines().filter(|l| l.starts_with(line)).count();
        assert_eq!(count, 2, "{note}: a text begins or ends a citation");
    }
    let manifest = &files["manifest.json"];
    let value: serde_json::Value = serde_json::from_str(manifest).unwrap();
    assert_eq!(seen(value["items"][1]["title"].as_str().unwrap()), seen(&format!("Qtitle {text}")), "{note}");
    assert_eq!(neutralise::live_code(manifest), None, "{note}");
}

#[test]
fn extreme_lengths_stay_whole_and_can_break() {
    let title = "A long invented title about mothers ".repeat(12).trim().to_owned();
    let token = "unbroken".repeat(15);
    let mut issue = issue(&title);
    issue.sections[0].items[0].summary.clone_from(&token);
    issue.sections[0].items[0].title.clone_from(&title);
    issue.sections[0].items[0].record.authors = (0..60).map(|n| Author::person(format!("Example{n}"), "A")).collect();
    let email = email_parts(&issue, &golden::house(), &templates(), Target::Mailchimp).unwrap();
    let html = read(&email.html);
    assert!(html.contains(&title) && seen(&html).contains(&token));
    let longest = html.split(|c: char| c.is_whitespace() || c == '\u{200b}').map(|w| w.chars().count()).max();
    assert!(longest <= Some(40), "a phone would scroll sideways: {longest:?}");
    assert!(html.contains("Example0 A, Example1 A, Example2 A et al.") && !html.contains("Example3"));
    assert!(email.text.lines().all(|l| l.chars().count() <= 78 || l.starts_with("https://")));
}
