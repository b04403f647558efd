//! Whole issues through every renderer.

#![cfg(test)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use scraper::{Html, Selector};
use serde_json::Value;

use super::*;
use crate::model::{Colours, Language, Month, Rgb};

mod kept;

fn templates() -> Templates {
    let (templates, problems) = Templates::new(&BTreeMap::new());
    assert_eq!(problems, []);
    templates
}

fn files(issue: &Issue) -> BTreeMap<String, String> {
    let files = issue_files(issue, &golden::house(), &templates()).unwrap_or_else(|e| panic!("{e}"));
    files.into_iter().map(|f| (f.path, String::from_utf8(f.bytes).unwrap())).collect()
}

fn texts(html: &str, selector: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let selector = Selector::parse(selector).unwrap();
    page.select(&selector).map(|e| e.text().collect::<String>()).collect()
}

fn attributes(html: &str, selector: &str, name: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let selector = Selector::parse(selector).unwrap();
    page.select(&selector).filter_map(|e| e.attr(name).map(str::to_owned)).collect()
}

fn all_issues() -> [(&'static str, Issue); 3] {
    [("full", golden::full()), ("empty", golden::empty()), ("hostile", golden::hostile())]
}

#[test]
fn the_golden_issues_look_as_they_did() {
    for (name, issue) in all_issues() {
        for (path, text) in files(&issue) {
            // Of the message only the head: its parts stand in the other files. The small outputs of
            // the odd months are held by the tests below.
            let text = match path.as_str() {
                _ if path.starts_with("cite/") => continue,
                "email.eml" => text.split("\r\n\r\n").next().unwrap_or_default().to_owned(),
                _ if name == "full" || path.starts_with("email") || path == "index.html" => text,
                _ => continue,
            };
            insta::assert_snapshot!(format!("{name}-{path}"), text.replace('\r', ""));
        }
    }
    let past =
        ArchiveIssue { month: Month::parse("2029-12").unwrap(), number: Some(2), ..archive_issue(&golden::empty()) };
    let files = archive_files(&[past, archive_issue(&golden::full())], &golden::house(), &templates()).unwrap();
    for file in files.into_iter().filter(|f| !f.path.starts_with("search/")) {
        insta::assert_snapshot!(format!("archive-{}", file.path), String::from_utf8(file.bytes).unwrap());
    }
}

/// Returns the house of the tests in another language.
fn house_in(language: Language) -> House {
    House { language, ..golden::house() }
}

#[test]
fn the_text_part_reads_well_in_every_language() {
    for language in [Language::French, Language::Spanish, Language::Portuguese] {
        let mut issue = golden::full();
        issue.subject = String::new();
        let email = email_parts(&issue, &house_in(language), &templates(), Target::Mailchimp).unwrap();
        insta::assert_snapshot!(format!("{}-email.txt", language.code()), email.text);
        let month = language.month(issue.month);
        assert_eq!(email.subject, format!("PMH Literature Roundup · {month}"));
    }
}

#[test]
fn what_marks_a_section_is_lighter_on_dark_screens() {
    let email = email_parts(&golden::full(), &golden::house(), &templates(), Target::Mailchimp).unwrap();
    let dark = email.html.split("prefers-color-scheme").nth(1).unwrap();
    let sections = palette::Palette::new(&golden::house().colours).sections;
    let grey = palette::Pair { light: "566563".to_owned(), dark: "a9b9b6".to_owned() };
    for (n, colour) in (1..).zip(sections.iter().chain([&grey])) {
        for rule in [format!(".g{n}b{{background-color:#"), format!(".g{n}t{{border-color:#")] {
            let want = format!("{rule}{}!important}}", colour.dark);
            assert!(dark.contains(&want) && !dark.contains(&format!("{rule}{}", colour.light)), "{want}");
        }
    }
}

#[test]
fn dates_of_the_text_part_are_not_broken() {
    let mut issue = golden::full();
    // What stands before the date grows by a column each time, so that the end of a line comes at every place of it.
    for n in 0..30 {
        let journal = Some(format!("Journal {}", "x".repeat(n)));
        let items = issue.sections.iter_mut().flat_map(|s| s.items.iter_mut()).chain(&mut issue.more);
        items.for_each(|item| item.record.journal.clone_from(&journal));
        issue.events.iter_mut().for_each(|event| event.date = "27 to 29 Oct 2030".to_owned());
        let text = email_parts(&issue, &golden::house(), &templates(), Target::Mailchimp).unwrap().text;
        let months = (1..=12).map(|m| Language::English.month_short(m).to_owned());
        let parts: Vec<String> = months.chain(["2029".to_owned(), "2030".to_owned()]).collect();
        for line in text.lines() {
            let first = line.split([' ', '\u{a0}', '.']).next().unwrap_or_default();
            assert!(!parts.iter().any(|part| part == first), "{line:?} after a break within a date");
            assert!(line.chars().count() <= 78 || line.contains("://"), "{line}");
        }
        assert!(text.contains("27\u{a0}to\u{a0}29\u{a0}Oct\u{a0}2030: "), "{text}");
    }
}

#[test]
fn documents_say_their_language_and_that_of_titles_in_another() {
    for language in Language::ALL {
        let (house, code) = (house_in(language), language.code());
        let files: BTreeMap<String, String> = issue_files(&golden::full(), &house, &templates())
            .unwrap()
            .into_iter()
            .chain(
                archive_files(&[archive_issue(&golden::full())], &house, &templates())
                    .unwrap()
                    .into_iter()
                    .map(|f| RenderedFile { path: format!("archive/{}", f.path), ..f }),
            )
            .map(|f| (f.path, String::from_utf8(f.bytes).unwrap()))
            .collect();
        for path in ["email.html", "index.html", "archive/index.html"] {
            assert_eq!(attributes(&files[path], "html", "lang"), [code], "{path}");
            assert_eq!(attributes(&files[path], "html", "dir"), ["ltr"], "{path}");
        }
        assert_eq!(attributes(&files["email.html"], "div[role=article]", "lang"), [code]);
        assert!(files["archive/feed.xml"].contains(&format!("xml:lang=\"{code}\"")));
        assert!(files["manifest.json"].contains(&format!("\"language\": \"{code}\"")));
        // One paper of the month is in Spanish with an English title; the others are in English.
        let (titles, labels) = match language {
            Language::English => (0, "In Spanish"),
            Language::Spanish => (25, "En inglés"),
            Language::French => (25, "En espagnol"),
            Language::Portuguese => (25, "Em espanhol"),
        };
        assert_eq!(attributes(&files["index.html"], "h2[lang=en], h3[lang=en]", "lang").len(), titles, "{code}");
        assert!(texts(&files["index.html"], ".tags li").iter().any(|t| t == labels), "{code}: {labels}");
        let own = words::in_language(code, Language::English);
        assert!(!texts(&files["index.html"], ".tags li").contains(&own), "{code}");
    }
}

#[test]
fn a_content_note_stands_above_the_finding_everywhere() {
    let mut issue = golden::full();
    let item = &mut issue.sections[0].items[0];
    item.title = "Grief after stillbirth in ten invented villages".into();
    let finding = item.summary.clone();
    let note = "This paper is about the loss of a baby.";
    let house = golden::house();
    for (house, count) in [(house.clone(), 1), (House { content_notes: false, ..house }, 0)] {
        let files = issue_files(&issue, &house, &templates()).unwrap();
        let archive = archive_files(&[ArchiveIssue::of_issue(&issue, &house)], &house, &templates()).unwrap();
        for file in files.into_iter().chain(archive.into_iter().filter(|f| f.path == "feed.xml")) {
            let text = String::from_utf8(file.bytes).unwrap();
            let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let item = flat.split_once("Grief after stillbirth").and_then(|(_, rest)| rest.split_once(&finding));
            let item = item.map(|(before, _)| before).unwrap_or_default();
            if matches!(file.path.as_str(), "email.html" | "email.txt" | "index.html" | "feed.xml" | "manifest.json") {
                assert_eq!(item.matches(note).count(), count, "{}: {item}", file.path);
            }
        }
    }
}

#[test]
fn a_house_has_its_own_colours_and_words_everywhere() {
    let own = Rgb(0x50, 0x20, 0x70);
    let colours = Colours { masthead: own, link: Rgb(0x20, 0x40, 0x80), sections: [Rgb(0x60, 0x10, 0x10); 4] };
    let house =
        House { colours, intro: "Words under *|X|*".into(), footer: "Words at the foot".into(), ..golden::house() };
    let files = issue_files(&golden::full(), &house, &templates()).unwrap();
    let archive = archive_files(&[archive_issue(&golden::full())], &house, &templates()).unwrap();
    let archive = archive.into_iter().map(|f| RenderedFile { path: format!("archive/{}", f.path), ..f });
    let files: BTreeMap<String, String> =
        files.into_iter().chain(archive).map(|f| (f.path, String::from_utf8(f.bytes).unwrap())).collect();
    for path in ["email.html", "index.html", "archive/index.html"] {
        let text = &files[path];
        assert!(["502070", "204080", "601010"].iter().all(|digits| text.contains(digits)), "{path}");
        // The usual ones stand nowhere any more, in light or in dark.
        for digits in ["0f3b3c", "0b5a5c", "27568f", "9a3c12", "7a2d6d", "86d3c8", "8fb8ee", "0d3334", "1d4f50"] {
            assert!(!text.contains(digits), "{path}: {digits}");
        }
        assert!(!text.contains("&#35;"), "{path}: a reference in a style is no colour");
        assert!(text.contains("Words under &#42;&#124;X&#124;&#42;") && text.contains("Words at the foot"), "{path}");
    }
    assert!(files["email.txt"].contains("Words under") && files["email.txt"].contains("Words at the foot"));
}

/// What the program puts in is in the issue's language: no English word of ours is left.
#[test]
fn no_english_word_is_left_in_another_language() {
    let english = serde_json::to_value(words::of(Language::English)).unwrap();
    for language in [Language::French, Language::Spanish, Language::Portuguese] {
        let own = serde_json::to_value(words::of(language)).unwrap();
        let mut issue = golden::empty();
        issue.sections = golden::full().sections;
        issue.sections.iter_mut().for_each(|s| s.items.clear());
        for issue in [golden::full(), issue] {
            for file in issue_files(&issue, &house_in(language), &templates()).unwrap() {
                let text = String::from_utf8(file.bytes).unwrap();
                if !["email.html", "email.txt", "index.html"].contains(&file.path.as_str()) {
                    continue;
                }
                for (key, word) in english.as_object().unwrap() {
                    let Some(word) = word.as_str().filter(|w| w.len() > 6 && own[key] != **w) else { continue };
                    assert!(!text.contains(word), "{language:?} {}: \"{word}\" ({key})", file.path);
                }
            }
        }
    }
}

fn archive_issue(issue: &Issue) -> ArchiveIssue {
    ArchiveIssue::of_issue(issue, &golden::house())
}

#[test]
fn the_same_issue_gives_the_same_bytes() {
    for (name, issue) in all_issues() {
        let render = || issue_files(&issue, &golden::house(), &templates()).unwrap();
        assert_eq!(render(), render(), "{name}");
        let archive = || archive_files(&[archive_issue(&issue)], &golden::house(), &templates()).unwrap();
        assert_eq!(archive(), archive(), "{name}");
    }
}

#[test]
fn every_title_and_link_is_in_html_text_and_page() {
    let issue = golden::full();
    let files = files(&issue);
    let flat = files["email.txt"].split_whitespace().collect::<Vec<_>>().join(" ");
    for item in issue.items() {
        assert!(flat.contains(&item.title), "{} in the text", item.title);
        assert!(files["email.txt"].lines().any(|l| l == item.link), "{} in the text", item.link);
        for path in ["email.html", "index.html"] {
            assert!(attributes(&files[path], "a", "href").contains(&item.link), "{} in {path}", item.link);
            assert!(texts(&files[path], "h2, h3, p").contains(&item.title), "{} in {path}", item.title);
        }
        assert!(files["items.csv"].contains(item.link.as_str()) && files["items.ris"].contains(&item.link));
    }
}

#[test]
fn only_the_templates_own_tags_are_live() {
    for (name, issue) in all_issues() {
        let files = files(&issue);
        for (path, tags) in [("email.html", 4), ("email.txt", 3), ("index.html", 0), ("items.ris", usize::MAX)] {
            let mut rest = files[path].clone();
            for tag in ["*|UNSUB|*", "*|ARCHIVE|*", "*|UPDATE_PROFILE|*", "*|LIST:ADDRESSLINE|*"] {
                assert!(tags == usize::MAX || rest.matches(tag).count() <= 1, "{name} {path} {tag}");
                rest = rest.replacen(tag, "", 1);
            }
            if tags != usize::MAX {
                assert_eq!(files[path].matches("*|").count(), tags, "{name} {path}");
                assert_eq!(neutralise::live_code(&rest), None, "{name} {path}");
            }
        }
        let manifest: Value = serde_json::from_str(&files["manifest.json"]).unwrap();
        for key in ["subject", "preheader"] {
            assert_eq!(neutralise::live_code(manifest[key].as_str().unwrap()), None, "{name} {key}");
        }
    }
    for target in [Target::Listmonk, Target::Message] {
        let email = email_parts(&golden::hostile(), &golden::house(), &templates(), target).unwrap();
        let own = usize::from(target == Target::Listmonk);
        assert_eq!(email.html.matches("{{").count(), 3 * own, "{target:?}");
        assert_eq!(email.text.matches("{{").count(), 2 * own, "{target:?}");
        assert!(!email.html.contains("*|") && !email.text.contains("*|"), "{target:?}");
    }
}

#[test]
fn hostile_text_reads_the_same() {
    let files = files(&golden::hostile());
    let shown = golden::HOSTILE;
    for path in ["email.html", "index.html"] {
        let html = files[path].replace('\u{200b}', "");
        assert!(texts(&html, "h2, h3").iter().any(|t| t == shown), "{path}");
        assert!(!html.contains("<script>alert"), "{path}");
        let links = attributes(&html, "a", "href");
        assert!(links.iter().all(|l| !l.starts_with("javascript")), "{path}");
    }
    let text = files["email.txt"].replace('\u{2060}', "").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(shown));
    assert!(attributes(&files["index.html"], "meta[name=description]", "content").contains(&shown.to_owned()));
    let header = files["email.eml"].split("\r\n\r\n").next().unwrap();
    assert!(!header.contains("\r\nBcc"), "a line break in the subject must not make a header");
    assert!(!files["email.txt"].contains("of 412 invented"), "a retracted finding is not repeated");
}

#[test]
fn the_links_of_an_item_are_named_by_its_title() {
    for (name, issue) in all_issues() {
        let html = &files(&issue)["index.html"];
        let named = attributes(html, "article .act a", "aria-labelledby");
        assert_eq!(named.len(), 2 * issue.items().count(), "{name}: a citation and a link of each");
        for ids in named {
            let words: Vec<String> = ids.split(' ').flat_map(|id| texts(html, &format!("article #{id}"))).collect();
            let [link, title] = words.as_slice() else { panic!("{name}: {ids} are {words:?}") };
            assert!(["Cite (RIS)", "Link to this entry"].contains(&link.as_str()), "{name}: {link}");
            let around = texts(html, &format!("article:has(#{}) :is(h2, h3)", ids.split(' ').next().unwrap()));
            assert_eq!(std::slice::from_ref(title), around, "{name}: the heading of its own item");
        }
    }
}

#[test]
fn every_item_can_be_cited() {
    for (name, issue) in all_issues() {
        let files = files(&issue);
        let cites = attributes(&files["index.html"], "article .act a[href^='cite/']", "href");
        assert_eq!(cites.len(), issue.items().count(), "{name}");
        let whole: String = cites.iter().flat_map(|path| [files[path].as_str(), "\r\n"]).collect();
        assert_eq!(files["items.ris"], whole, "{name}: each citation stands in the file of all");
        assert_eq!(files["items.bib"].matches("\n@").count() + 1, issue.items().count().max(1), "{name}");
    }
    let by_flag = {
        let mut issue = golden::full();
        issue.pick.as_mut().unwrap().judgement.as_mut().unwrap().flags = vec!["retracted".into()];
        files(&issue)
    };
    for path in ["items.ris", "items.bib"] {
        assert_eq!(by_flag[path].matches("RETRACTED:").count(), 1, "{path}: a citation says what became of the paper");
    }
}

#[test]
fn text_lines_are_short() {
    for (name, issue) in all_issues() {
        for line in files(&issue)["email.txt"].lines() {
            assert!(line.chars().count() <= 78 || line.starts_with("https://"), "{name}: {line}");
        }
    }
}

#[test]
fn the_email_is_built_as_mail_programs_and_screen_readers_need_it() {
    for (name, issue) in all_issues() {
        let html = &files(&issue)["email.html"];
        assert_eq!(
            attributes(html, "table", "role").len(),
            texts(html, "table").len(),
            "{name}: a table without a role"
        );
        assert_eq!(attributes(html, "div[role=article]", "dir"), ["ltr"], "{name}");
        assert_eq!(attributes(html, "div[role=article]", "lang"), ["en"], "{name}");
        assert_eq!(html.matches("<!--[if mso]>").count(), 3, "{name}: Outlook's comments");
        assert_eq!(html.matches("@media").count(), 3, "{name}: corners, phone and dark mode");
        assert_eq!(html.matches("var(--").count(), 0, "{name}: Gmail knows no variables");
        assert!(!html.contains("<link") && !html.contains("<script"), "{name}");
        assert!(!html.contains("undefined") && !html.contains(">none<"), "{name}");
        let levels = headings(html);
        assert!(levels.windows(2).all(|w| w[1] <= w[0] + 1) && levels.first() == Some(&1), "{name}: {levels:?}");
    }
}

/// Returns the levels of all headings in order.
fn headings(html: &str) -> Vec<u8> {
    let page = Html::parse_document(html);
    let selector = Selector::parse("h1, h2, h3, h4").unwrap();
    page.select(&selector).map(|h| h.value().name().as_bytes()[1] - b'0').collect()
}

#[test]
fn the_page_stands_alone() {
    for (name, issue) in all_issues() {
        let html = &files(&issue)["index.html"];
        let levels = headings(html);
        assert!(levels.windows(2).all(|w| w[1] <= w[0] + 1) && levels.first() == Some(&1), "{name}: {levels:?}");
        let mut ids = attributes(html, "[id]", "id");
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count, "{name}: an id twice");
        for link in attributes(html, "a", "href").iter().filter_map(|h| h.strip_prefix('#')) {
            assert!(ids.iter().any(|id| id == link), "{name}: #{link} leads nowhere");
        }
        assert_eq!(texts(html, "main").len(), 1);
        let data = texts(html, "script[type='application/ld+json']").remove(0);
        assert!(serde_json::from_str::<Value>(&data).is_ok(), "{name}");
        assert!(attributes(html, "[src]", "src").is_empty(), "{name}: no file is loaded");
    }
    let script = include_str!("../../templates/web/script.html");
    assert!(script.lines().count() <= 40, "the page's own script stays small");
    let script = include_str!("../../templates/web/search-script.html");
    assert!(script.lines().count() <= 150, "the search's own script stays readable");
}

#[test]
fn the_picture_is_small_and_stands_in_a_table_too() {
    for items in [25, 30, 60] {
        let mut issue = golden::full();
        let cards: Vec<_> = issue.sections.iter().flat_map(|s| s.items.clone()).collect();
        let missing = items - issue.items().count();
        issue.sections[0].items.extend(cards.into_iter().cycle().take(missing));
        let html = &files(&issue)["index.html"];
        let figure = html.split("<figure class=\"pic\">").nth(1).unwrap();
        let bytes = figure.split("</figure>").next().unwrap().len();
        assert!(bytes < 6000, "{items} papers: {bytes} bytes");
        let all: Vec<usize> = texts(html, "figure tbody td:last-child").iter().map(|n| n.parse().unwrap()).collect();
        let drawn: Vec<usize> = texts(html, "figure svg tspan").iter().map(|n| n.parse().unwrap()).collect();
        assert_eq!(drawn, all, "{items} papers");
        assert!(attributes(html, "figure *", "style").is_empty());
    }
}

#[test]
fn an_empty_section_says_so() {
    let mut issue = golden::full();
    issue.sections[2].items.clear();
    let files = files(&issue);
    for path in ["email.html", "email.txt", "index.html"] {
        let flat = files[path].split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(flat.matches(words::of(golden::house().language).empty_section).count(), 1, "{path}");
    }
}

#[test]
fn an_email_that_nobody_could_read_or_leave_is_refused() {
    let body = include_str!("../../templates/email/body.html");
    for (note, text, want) in [
        ("empty", String::new(), "does not end with </html>"),
        ("no titles", body.replace("{{ item.title|soft }}", ""), "leaves out “"),
        ("a script", body.replace("</body>", "<script>alert(1)</script></body>"), "makes a <script>"),
        ("a picture", body.replace("</body>", "<IMG src=\"https://example.org/x.png\"></body>"), "makes a <img>"),
        ("no way out", body.replace("tag(\"UNSUB\")", "tag(\"ARCHIVE\")"), "no unsubscribe link"),
    ] {
        assert_ne!(text, body, "{note}");
        let overrides = BTreeMap::from([("email/body.html".to_owned(), text)]);
        let (templates, problems) = Templates::new(&overrides);
        assert_eq!(problems, [], "{note}");
        let made = issue_files(&golden::full(), &golden::house(), &templates).map(|files| files.len());
        let error = made.expect_err(note);
        assert!(error.to_string().contains(want), "{note}: {error}");
        let problem = error.problem();
        assert!(problem.place.file == "templates/email/body.html" && !problem.help.is_empty(), "{note}: {problem:?}");
    }
}

#[test]
fn a_failed_template_gives_no_file_and_says_where() {
    for (name, text, want) in [
        ("email/body.txt", "a\n{{ nothing }}", "templates/email/body.txt:2: undefined value"),
        ("web/archive.html", "{% if", "templates/web/archive.html:1: syntax error"),
        ("email/body.html", "<p>*|UNSUB|*</p>", "templates/email/body.html: the result holds \"*|\""),
        ("web/issue.html", "{% raw %}{{ x }}{% endraw %}", "templates/web/issue.html: the result holds \"{{\""),
    ] {
        let (templates, _) = Templates::new(&BTreeMap::from([(name.to_owned(), text.to_owned())]));
        let error = issue_files(&golden::full(), &golden::house(), &templates).unwrap_err();
        assert!(error.to_string().starts_with(want), "{error}");
    }
}

#[test]
fn a_long_month_is_small_enough_or_warned_about() {
    for (items, bytes_max, is_warned) in
        [(25, 53_000, false), (30, 60_000, false), (60, 94_000, false), (90, 200_000, true)]
    {
        let mut issue = golden::full();
        let cards: Vec<_> = issue.sections.iter().flat_map(|s| s.items.clone()).collect();
        let missing = items - issue.items().count();
        issue.sections[0].items.extend(cards.into_iter().cycle().take(missing));
        let manifest: Value = serde_json::from_str(&files(&issue)["manifest.json"]).unwrap();
        let tracked = manifest["sizes"]["html_tracked"].as_u64().unwrap();
        assert!(tracked <= bytes_max, "{items} items: {tracked} bytes");
        let warned = manifest["warnings"].as_array().unwrap().iter().any(|w| w["code"] == "size");
        assert_eq!(warned, is_warned, "{items} items: {tracked} bytes");
    }
}

#[test]
fn the_handbook_names_every_value() {
    let handbook = include_str!("../../templates/README.md");
    let house = golden::house();
    let view = IssueView::new(&golden::full(), &house, &TagTexts::new(Target::Mailchimp, &house, golden::full().month));
    let value = serde_json::to_value(&view).unwrap();
    let parts = [&value, &value["house"], &value["pick"], &value["sections"][0], &value["events"][0], &value["has"]];
    for key in parts.iter().flat_map(|p| p.as_object().unwrap().keys()) {
        assert!(handbook.contains(&format!("`{key}`")), "templates/README.md does not name {key}");
    }
    assert!(NAMES.iter().all(|name| handbook.contains(&format!("`{name}`"))));
}
