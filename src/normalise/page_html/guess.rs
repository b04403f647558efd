//! A guess at the selectors of a list page: repeated elements that hold a heading with a link.

use scraper::{ElementRef, Html, Selector};

use super::{PAGE_BYTES_MAX, Selectors, page_records};
use crate::normalise::feed::{Repairs, decode_text};
use crate::normalise::html;

/// A guess and what it gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// The selectors.
    pub selectors: Selectors,
    /// How many items they find.
    pub count: usize,
    /// The titles of the first items.
    pub titles: Vec<String>,
}

/// Titles shown of a guess.
const TITLES_SHOWN: usize = 3;
/// Fewest items that make a list.
const ITEMS_MIN: usize = 2;
/// Most guesses that are tried on one page.
const TRIES_MAX: usize = 40;
/// Shortest title of an item, in characters; menus have shorter ones.
const TITLE_CHARS_MIN: usize = 15;

/// Returns the selectors that give the most items with a title and a link, or `None` when nothing
/// on the page repeats.
pub fn guess(page: &[u8], content_type: Option<&str>, address: &str) -> Option<Guess> {
    let bytes = page.get(..PAGE_BYTES_MAX).unwrap_or(page);
    let text = decode_text(bytes, content_type, &mut Repairs::default());
    if html::is_too_deep(&text) {
        return None;
    }
    let document = Html::parse_document(&text);
    let mut best: Option<(usize, Guess)> = None;
    for (item, title) in candidates(&document) {
        let date = date_selector(&document, &item);
        let selectors = Selectors { item, title, link: String::new(), date };
        let (records, _) = page_records(page, content_type, address, &selectors, "guess", "");
        let good = records.iter().filter(|r| r.title.chars().count() >= TITLE_CHARS_MIN).count();
        // Titles of menus are short; a list that is mostly menu is none.
        if good < ITEMS_MIN || good * 2 < records.len() {
            continue;
        }
        let titles = records.iter().take(TITLES_SHOWN).map(|r| r.title.clone()).collect();
        let score = good * 2 + usize::from(!selectors.date.is_empty());
        if best.as_ref().is_none_or(|(old, _)| score > *old) {
            best = Some((score, Guess { selectors, count: records.len(), titles }));
        }
    }
    best.map(|(_, guess)| guess)
}

/// Returns pairs of item and title selectors worth trying, in the order of the page: first around
/// headings with a link, then around links in lists.
fn candidates(page: &Html) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for (css, title) in [
        ("h2", "h2"),
        ("h3", "h3"),
        ("h4", "h4"),
        ("h5", "h5"),
        ("article a[href]", "a"),
        ("li a[href]", "a"),
        ("td a[href]", "a"),
    ] {
        let Ok(selector) = Selector::parse(css) else { continue };
        for heading in page.select(&selector).filter(|h| !is_in_frame(*h)) {
            for holder in heading.ancestors().filter_map(ElementRef::wrap).take(4) {
                let repeats = siblings(holder).count() >= ITEMS_MIN;
                if let Some(item) = name_of(holder).filter(|_| repeats) {
                    let pair = (item, title.to_owned());
                    if !out.contains(&pair) && out.len() < TRIES_MAX {
                        out.push(pair);
                    }
                    break;
                }
            }
        }
    }
    out
}

/// Tells whether an element stands in the frame of the site rather than in what the page is about.
fn is_in_frame(element: ElementRef<'_>) -> bool {
    let mut around = element.ancestors().filter_map(ElementRef::wrap);
    around.any(|e| matches!(e.value().name(), "nav" | "footer" | "aside") || e.attr("role") == Some("navigation"))
}

/// Returns the elements beside one that are of its kind, and itself.
fn siblings(element: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    let own = name_of(element);
    let parent = element.parent().and_then(ElementRef::wrap);
    parent.into_iter().flat_map(|p| p.child_elements()).filter(move |e| own.is_some() && name_of(*e) == own)
}

/// Classes that say where an element stands or how it looks, not what it is.
const LOOKS: &[&str] =
    &["active", "first", "last", "odd", "even", "show", "row", "clearfix", "current", "new", "item-0"];

/// Returns a selector for elements of this kind: tag and first telling class, or the tag in its
/// parent.
fn name_of(element: ElementRef<'_>) -> Option<String> {
    let tag = element.value().name();
    if matches!(tag, "html" | "body" | "main" | "head") {
        return None;
    }
    if let Some(class) = class_of(element) {
        return Some(format!("{tag}.{class}"));
    }
    if tag == "article" {
        return Some(tag.to_owned());
    }
    let parent = element.parent().and_then(ElementRef::wrap)?;
    let class = class_of(parent)?;
    Some(format!("{}.{class} > {tag}", parent.value().name()))
}

/// Returns the first class of an element that can stand in a selector as it is.
fn class_of(element: ElementRef<'_>) -> Option<&str> {
    element.value().classes().find(|class| {
        let plain = class.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        let begins = class.starts_with(|c: char| c.is_ascii_alphabetic());
        plain && begins && !LOOKS.contains(class) && !class.starts_with("col-") && class.len() > 1
    })
}

/// Returns a selector for the date of the items, where most have one; empty when not.
fn date_selector(page: &Html, item: &str) -> String {
    let Ok(items) = Selector::parse(item) else { return String::new() };
    let items: Vec<ElementRef<'_>> = page.select(&items).collect();
    let in_most = |css: &str| {
        Selector::parse(css).is_ok_and(|s| {
            let with = items.iter().filter(|i| super::item::date_of(**i, Some(&s)).is_ok_and(|d| d.is_some())).count();
            with > 0 && with * 2 >= items.len()
        })
    };
    if in_most("time") {
        return "time".to_owned();
    }
    let words = ["date", "time", "posted", "published", "fecha", "datum", "created"];
    let classes = items.first().into_iter().flat_map(ElementRef::descendent_elements).filter_map(class_of);
    let dated = classes.filter(|c| words.iter().any(|w| c.to_lowercase().contains(w))).map(|c| format!(".{c}"));
    dated.take(TITLES_SHOWN).find(|css| in_most(css)).unwrap_or_default()
}
