//! Every vector through feeds, settings and a draft of somebody else, on every page of the desk.

use std::collections::BTreeMap;
use std::fs;

use roundup::model::{Candidate, Decision, Draft, DraftItem, Event, Month as IssueMonth, WorkId};
use roundup::pipeline;

use super::bench::{Desk, MONTH, encoded, other_roundup};
use super::markup::{foreign, seen, texts, values};
use super::parts;
use super::vectors::vectors;
use crate::support::files::{Files, Manner, plain};
use crate::support::{Bench, block_on};

/// Returns a text escaped for XML.
fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

/// Returns a text as TOML and JSON quote it.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap().replace('\u{7f}', "\\u007f")
}

/// Returns a feed with every vector in every field, once as the feed's markup and once as words that show markup.
fn feed(is_words: bool) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:prism=\"http://prismstandard.org/namespaces/basic/2.0/\"><channel><title>News</title>",
    );
    for (n, vector) in vectors().iter().enumerate() {
        let n = if is_words { n + 1_000 } else { n };
        let field = if is_words { xml(&xml(vector)) } else { xml(vector) };
        let link = if is_words {
            field.clone()
        } else {
            format!("https://example.org/papers/{n}?q={}", xml(&encoded(vector)))
        };
        out.push_str(&format!(
            "<item><title>Study {n} of postpartum depression in Kenya {field}</title><author>{field}</author>\
             <dc:creator>{field}</dc:creator><dc:creator>Example, Ama {n}</dc:creator><category>{field}</category>\
             <link>{link}</link><guid isPermaLink=\"false\">g{n} {field}</guid><dc:identifier>{field}</dc:identifier>\
             <prism:publicationName>{field}</prism:publicationName><pubDate>Tue, 15 Sep 2026 08:00:00 GMT</pubDate>\
             <description>We studied postpartum depression among {n} mothers in Kenya. {field} We found that postpartum \
             depression was common. {field}</description></item>"
        ));
    }
    out + "</channel></rss>"
}

/// Returns settings with a vector in every name and journal, and sources that fail in as many ways.
fn settings(base: &str) -> String {
    let mut out = format!(
        "[roundup]\ncommunity = {}\nname = {}\nfirst-issue = \"{MONTH}\"\nweb-address = \"https://example.org/roundup\"\n\
         contact = \"roundup@example.org\"\n[draft]\nitems = 60\nitems-per-topic = 60\nmore = 20\ncandidates = 60\n",
        quoted("</title><script>zz7()</script>Perinatal"),
        quoted("\"><img src=x onerror=zz7()>Roundup"),
    );
    for (n, vector) in vectors().iter().enumerate() {
        let name = if vector.trim().is_empty() || vector.chars().all(char::is_control) { "x" } else { vector };
        let (url, enabled) = match n {
            0 => (format!("{base}/markup.xml"), true),
            1 => (format!("{base}/words.xml"), true),
            2..20 => (format!("{base}/wrong-{n}"), true),
            _ => (format!("https://example.org/{}", encoded(vector)), false),
        };
        out.push_str(&format!(
            "[[source]]\nid = \"s{n}\"\nkind = \"feed\"\nname = {}\njournal = {}\nurl = {}\nenabled = {enabled}\n\
             allow-private = true\n",
            quoted(name),
            quoted(name),
            quoted(&url)
        ));
    }
    out
}

/// Returns answers that are no feeds, each naming itself by a vector.
fn wrong_answers() -> Vec<(String, Vec<u8>)> {
    let answer = |(n, vector): (usize, &String)| {
        let page = format!("<!DOCTYPE html><html><head><title>{vector}</title></head><body>{vector}</body></html>");
        let line: String = vector.chars().filter(|c| !c.is_control()).collect();
        let whole = match n % 5 {
            0 => plain("200 OK", "text/html", page.as_bytes()),
            1 => plain(&format!("500 {line}"), "text/html", page.as_bytes()),
            2 => plain("403 Forbidden", &line, page.as_bytes()),
            3 => format!("HTTP/1.1 301 Moved\r\nLocation: {line}\r\nContent-Length: 0\r\n\r\n").into_bytes(),
            _ => plain("410 Gone", "text/html", vector.as_bytes()),
        };
        (format!("wrong-{n}"), whole)
    };
    vectors().iter().enumerate().take(20).skip(2).map(answer).collect()
}

/// Returns a home that harvested, judged, drafted and indexed all of it.
async fn harvested() -> (Bench, Files) {
    let bench = Bench::new();
    bench.write("site/markup.xml", feed(false));
    bench.write("site/words.xml", feed(true));
    let files = Files::serve(&bench.path().join("site"));
    files.behave(Manner { instead: wrong_answers(), ..Manner::default() });
    bench.write("feeds.toml", settings(&files.url()));
    let ctx = other_roundup(bench.path());
    let report = pipeline::harvest(&ctx, &[]).await.unwrap();
    assert!(report.sources.iter().any(|s| s.error.is_some()), "no source failed");
    pipeline::judge(&ctx).unwrap();
    pipeline::draft(&ctx, ctx.issue_month(), false).unwrap();
    pipeline::update_index(&ctx, false).unwrap();
    (bench, files)
}

/// Asserts that a page shows nothing but what templates and texts make.
async fn assert_clean(desk: &Desk, path: &str) -> String {
    let answer = desk.get(path).await;
    assert!(matches!(answer.status, 200 | 404 | 422), "{path}: {} {}", answer.status, answer.body);
    assert_eq!(foreign(&answer.body), [""; 0], "{path}");
    answer.body
}

#[test]
fn what_feeds_say_is_text_on_every_page() {
    block_on(async {
        let (bench, _files) = harvested().await;
        let ctx = other_roundup(bench.path());
        let ids = ctx.store.live_work_ids().unwrap();
        let title = |id: &WorkId| ctx.store.work(id).unwrap().unwrap().work.record.title;
        let titles: BTreeMap<WorkId, String> = ids.iter().map(|id| (id.clone(), title(id))).collect();
        drop(ctx);
        assert!(titles.len() >= 2 * vectors().len() - 20, "{} papers of {} vectors", titles.len(), vectors().len());
        let with = |words: &str| titles.values().filter(|t| t.contains(words)).count();
        assert!(
            with("zz7") >= 100 && with("<") >= 20,
            "{} {}: the vectors are not in the titles",
            with("zz7"),
            with("<")
        );

        let desk = Desk::open_in(bench).await;
        let draft = desk.draft();
        assert!(draft.items.len() + draft.candidates.len() >= 100, "{} {}", draft.items.len(), draft.candidates.len());
        for page in ["", "?part=lists", "letter", "add", "preview", "check", "render", "history"] {
            assert_clean(&desk, &desk.at(page)).await;
        }
        let board = assert_clean(&desk, &desk.at("")).await;
        let cards = texts(&board, "article h3");
        for title in draft.items.iter().map(|i| &i.title).chain(draft.candidates.iter().map(|c| &c.title)) {
            assert!(cards.contains(&seen(title)), "the board lacks {title}");
        }
        assert_eq!(cards.len(), draft.items.len() + draft.candidates.len());
        // The page of each paper, at a month without a draft: that is quicker, and the page knows the same.
        for (n, (id, title)) in titles.iter().enumerate() {
            // Each vector came twice; one page of the two is enough.
            let number: usize = title.split(' ').nth(1).and_then(|n| n.parse().ok()).unwrap_or(n);
            if (number + usize::from(number >= 1_000)).is_multiple_of(2) {
                continue;
            }
            let page = assert_clean(&desk, &format!("/m/2020-01/paper/{id}")).await;
            assert_eq!(texts(&page, "main h1"), [seen(title)], "{id}");
        }
        for item in draft.items.iter().step_by(6) {
            let page = assert_clean(&desk, &desk.at(&format!("paper/{}", item.id))).await;
            assert_eq!(texts(&page, "textarea#title"), [seen(&item.title)]);
        }
        let sources = assert_clean(&desk, "/sources").await;
        assert_eq!(values(&sources, "ul.sources > li", "class").len(), vectors().len());
        assert!(values(&sources, "ul.sources > li.failing", "class").len() >= 10, "failing sources tell why");
        assert_clean(&desk, "/months").await;
        found_as_text(&desk, &titles).await;
        parts::assert_parts(&desk).await;
    });
}

/// Asserts that papers that are found show their titles as words, and that a question is shown as it was typed.
async fn found_as_text(desk: &Desk, titles: &BTreeMap<WorkId, String>) {
    let known: Vec<String> = titles.values().map(|t| seen(t)).collect();
    let mut shown = 0;
    for number in 1..=20 {
        let page = assert_clean(desk, &format!("/search?q=postpartum+depression&page={number}")).await;
        for title in texts(&page, "ol.hits h2") {
            assert!(known.contains(&title), "no paper is called {title}");
            shown += 1;
        }
    }
    assert!(shown >= 300, "{shown}");
    for vector in vectors() {
        let page = assert_clean(desk, &format!("/search?q={}", encoded(&vector))).await;
        // A field of one line has no line breaks and no NUL, whatever the page says.
        assert_eq!(values(&page, "input#q", "value").len(), 1, "{vector}");
    }
}

/// Returns a draft by another hand, with a vector in every field of every kind of block.
fn written(ids: &[WorkId]) -> Draft {
    let all = vectors();
    let mut draft = Draft::empty(IssueMonth::parse(MONTH).unwrap());
    let of = |n: usize| all[n % all.len()].clone();
    (draft.subject, draft.preheader, draft.note, draft.request) = (of(0), of(60), of(90), of(120));
    for (n, vector) in all.iter().enumerate() {
        let id = if n % 3 == 0 { ids[n % ids.len()].to_string() } else { format!("x{n} {vector}") };
        let (title, summary, why, link, reason) = (vector.clone(), of(n + 1), of(n + 2), of(n + 140), of(n + 3));
        let reasons = vec![of(n + 4), of(n + 5)];
        if n % 2 == 0 {
            let section = if n % 4 == 0 { of(n + 6) } else { "evidence".to_owned() };
            let item = DraftItem { id, section, title, summary, why, link, reason, reasons, ..DraftItem::default() };
            draft.items.push(item);
        } else {
            let section = "more".to_owned();
            let item = Candidate { id, section, title, summary, why, link, reason, reasons, ..Candidate::default() };
            draft.candidates.push(item);
        }
        let (id, question) = (format!("scope {vector}"), vector.clone());
        let answer = if n % 2 == 0 { of(n + 7) } else { String::new() };
        draft.decisions.push(Decision { id, question, answer, reasons: vec![of(n + 8)], ..Decision::default() });
        if n % 10 == 0 {
            draft.events.push(Event { date: vector.clone(), title: of(n + 1), link: of(n + 140), line: 0 });
        }
    }
    draft.pick = draft.items[1].id.clone();
    draft
}

#[test]
fn what_another_hand_wrote_into_the_file_is_text_on_every_page() {
    block_on(async {
        let desk = Desk::open().await;
        let ids = {
            let ctx = other_roundup(desk.bench.path());
            ctx.store.live_work_ids().unwrap()
        };
        let text = roundup::draft::write(&written(&ids), &[], &vectors());
        desk.write(&text);
        let draft = desk.draft();
        assert_eq!(draft.items.len() + draft.candidates.len(), vectors().len());
        for page in ["", "?part=lists", "letter", "add", "preview", "check", "render", "history"] {
            assert_clean(&desk, &desk.at(page)).await;
        }
        let board = assert_clean(&desk, &desk.at("")).await;
        let cards = texts(&board, "article h3");
        assert_eq!(cards.len(), vectors().len());
        for title in draft.items.iter().map(|i| &i.title) {
            assert!(cards.contains(&seen(title)), "the board lacks {title:?}");
        }
        assert_eq!(texts(&board, "p.q").len(), draft.decisions.len(), "every question is asked");
        for id in draft.items.iter().map(|i| &i.id).step_by(4).chain(draft.candidates.iter().map(|c| &c.id).step_by(4))
        {
            let path = desk.at(&format!("paper/{}", encoded(id).replace('+', "%20")));
            if id.contains(['\0', '\r', '\n']) || id.len() > 500 {
                continue;
            }
            assert_clean(&desk, &path).await;
        }
        parts::assert_parts(&desk).await;
        // The same, as no draft at all.
        let broken = vectors().join("\n");
        desk.write(&broken);
        for page in ["", "letter", "add", "preview", "check", "render", "history"] {
            let answer = desk.get(&desk.at(page)).await;
            assert!(matches!(answer.status, 200 | 303), "{page}: {} {}", answer.status, answer.body);
            assert!(answer.status == 303 || foreign(&answer.body).is_empty(), "{page}: {:?}", foreign(&answer.body));
        }
        let newest = desk.get(&desk.at("history")).await;
        let links = values(&newest.body, "ol.versions a", "href");
        let version = assert_clean(&desk, &links[0]).await;
        assert_eq!(texts(&version, "pre.text"), [seen(&broken)], "a version is text to the letter");
        let second = desk.at(&format!("history/{}", links.len().saturating_sub(1)));
        assert!(!texts(&assert_clean(&desk, &second).await, ".diff del").is_empty(), "what is different is told");
        assert_eq!(fs::read_to_string(desk.draft_path()).unwrap(), broken);
    });
}
