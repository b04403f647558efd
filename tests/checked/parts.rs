//! What needs no program of others: sizes, the text part beside the HTML part, the data for search engines.

use roundup::render::EmailSize;
use scraper::{Html, Selector};
use serde_json::Value;

use super::RENDERED;

/// Columns that a line of the text part may take.
const COLUMNS_MAX: usize = 78;

/// Bytes of an email whose links are counted by the mailing tool: of a usual month, and of twice as many papers.
///
/// Gmail cuts an email near 102 kB, and mailing tools add a foot of their own.
const EMAIL_BYTES_MAX: [(&str, usize); 2] = [("golden", 60_000), ("sixty", 96_000)];

/// Bytes of a page without the texts of its papers.
const PAGE_BYTES_MAX: usize = 60_000;

/// Links of the HTML part that a reader of the text part has no use for.
const ONLY_IN_HTML: [&str; 1] = ["*|ARCHIVE|*"];

/// Returns a page that can be searched.
fn page(month: &str, file: &str) -> Html {
    Html::parse_document(&RENDERED.text(month, file))
}

/// Returns a selector.
fn every(selector: &str) -> Selector {
    Selector::parse(selector).unwrap()
}

/// Returns a text without white space, signs that are not seen, and capitals: what wrapping cannot change.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}' | '\u{2060}'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Returns how many columns a line takes: wide letters take two.
fn columns(line: &str) -> usize {
    line.chars()
        .map(|c| if matches!(u32::from(c), 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xff00..=0xff60) { 2 } else { 1 })
        .sum()
}

#[test]
fn emails_are_small_enough_to_be_shown_whole() {
    for (month, _) in &RENDERED.months {
        let size = EmailSize::of(&RENDERED.text(month, "email.html"));
        println!("size: {month}: {} B, {} B with {} links counted", size.raw, size.tracked, size.links);
        let most =
            EMAIL_BYTES_MAX.iter().find(|(name, _)| name == month).map_or(EMAIL_BYTES_MAX[1].1, |(_, most)| *most);
        assert!(size.tracked <= most, "{month}: {} B", size.tracked);
    }
}

#[test]
fn the_text_part_has_every_title_and_link_of_the_html_part() {
    for (month, issue) in &RENDERED.months {
        let (html, text) = (page(month, "email.html"), RENDERED.text(month, "email.txt"));
        let flat = bare(&text);
        let mut seen = 0;
        for title in html.select(&every("h1, h2, h3, p.brief")) {
            let title = title.text().collect::<String>();
            assert!(flat.contains(&bare(&title)), "{month}: the text part lacks the title {title:?}");
            seen += 1;
        }
        assert!(seen > issue.items().count(), "{month}: only {seen} titles");
        for link in html.select(&every("a[href]")).filter_map(|a| a.attr("href")) {
            let is_there = link.starts_with('#')
                || ONLY_IN_HTML.contains(&link)
                || text.contains(link.trim_start_matches("mailto:"));
            assert!(is_there, "{month}: the text part lacks the link {link}");
        }
    }
}

#[test]
fn lines_of_the_text_part_are_short() {
    for (month, _) in &RENDERED.months {
        for line in RENDERED.text(month, "email.txt").lines() {
            let is_address = line.contains("://") && !line.trim().contains(' ');
            assert!(columns(line) <= COLUMNS_MAX || is_address, "{month}: {} columns: {line}", columns(line));
        }
    }
}

#[test]
fn pages_are_small_beside_their_papers() {
    // Of the hostile month every second sign is written as five; that is text too, and not told apart here.
    for (month, _) in RENDERED.months.iter().filter(|(month, _)| *month != "hostile") {
        let (html, page) = (RENDERED.text(month, "index.html"), page(month, "index.html"));
        let texts = page.select(&every("[data-open]")).flat_map(|item| item.text()).map(str::len).sum::<usize>();
        let data = page
            .select(&every("script[type='application/ld+json']"))
            .flat_map(|data| data.text())
            .map(str::len)
            .sum::<usize>();
        let rest = html.len() - texts - data;
        println!("size: {month}: page {} B, {rest} B without the texts of its papers", html.len());
        assert!(rest <= PAGE_BYTES_MAX, "{month}: {rest} B");
    }
}

#[test]
fn the_data_for_search_engines_names_every_paper() {
    for (month, issue) in &RENDERED.months {
        let page = page(month, "index.html");
        let data: Vec<String> =
            page.select(&every("script[type='application/ld+json']")).map(|s| s.text().collect()).collect();
        assert_eq!(data.len(), 1, "{month}");
        let data: Value = serde_json::from_str(&data[0]).unwrap();
        let papers = data["mainEntity"]["itemListElement"].as_array().unwrap();
        assert_eq!(papers.len(), issue.items().count(), "{month}");
        assert!(papers.iter().all(|p| !p["item"]["name"].as_str().unwrap().is_empty()), "{month}");
    }
}
