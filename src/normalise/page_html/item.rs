//! Title, address and date of one item on a page.

use scraper::{ElementRef, Selector};

use super::Parsed;
use crate::model::text::{clean_line, shorten};
use crate::normalise::feed::dates::read_date;
use crate::normalise::feed::{Base, FeedDate, is_web};
use crate::normalise::html;

/// The longest title, in characters: what is longer is a whole text, and the selector too wide.
const TITLE_CHARS_MAX: usize = 1_000;

/// Tells whether an element is not shown: `hidden`, or an inline style that hides it.
pub(super) fn is_hidden(element: ElementRef<'_>) -> bool {
    let style = element.attr("style").unwrap_or_default().to_lowercase().replace(' ', "");
    element.attr("hidden").is_some() || style.contains("display:none") || style.contains("visibility:hidden")
}

/// Class names by which sites hide words from eyes and leave them to screen readers.
const UNSEEN: [&str; 5] = ["visually-hidden", "visuallyhidden", "sr-only", "screen-reader-text", "element-invisible"];

/// Tells whether an element within a title is no part of what is seen of it.
fn is_unseen(element: ElementRef<'_>) -> bool {
    is_hidden(element)
        || element.attr("aria-hidden") == Some("true")
        || element.value().classes().any(|c| UNSEEN.contains(&c))
}

/// Returns title and web address of an item, when it has both.
pub(super) fn title_and_url(item: ElementRef<'_>, selectors: &Parsed, base: &Base) -> Option<(String, String)> {
    let titled = match &selectors.title {
        Some(selector) => first(item, selector)?,
        None => item,
    };
    let title = shorten(&title_of(titled), TITLE_CHARS_MAX);
    let linked = match &selectors.link {
        Some(selector) => first(item, selector).and_then(link_in),
        None => link_in(titled).or_else(|| link_around(titled, item)).or_else(|| link_in(item)),
    };
    let url = base.resolve::<&str>(linked?, &[]).filter(|u| is_web(u))?;
    (!title.is_empty()).then_some((title, url))
}

/// Returns the seen text of an element; where it has none, what stands in its attributes (titles
/// that a script fills in later) or beside its picture.
fn title_of(element: ElementRef<'_>) -> String {
    let has_unseen = element.descendent_elements().any(is_unseen);
    let text = if has_unseen { seen_text(element) } else { html::plain_line(&element.inner_html()) };
    if !text.is_empty() {
        return text;
    }
    let of = |e: ElementRef<'_>| {
        let names: &[&str] =
            if e.value().name() == "img" { &["alt", "title"] } else { &["title", "data-title", "aria-label"] };
        names.iter().find_map(|n| e.attr(n)).map(html::plain_line).filter(|t| !t.is_empty())
    };
    of(element).or_else(|| element.descendent_elements().find_map(of)).unwrap_or_default()
}

/// Returns the text of an element without the parts that are not seen.
fn seen_text(element: ElementRef<'_>) -> String {
    const SILENT: [&str; 4] = ["script", "style", "noscript", "svg"];
    let mut out = String::new();
    for node in element.descendants() {
        let Some(text) = node.value().as_text() else { continue };
        let inner = node.ancestors().take_while(|n| n.id() != element.id()).filter_map(ElementRef::wrap);
        if !inner.into_iter().any(|e| is_unseen(e) || SILENT.contains(&e.value().name())) {
            out.push_str(text);
            out.push(' ');
        }
    }
    clean_line(&out)
}

/// Returns the first element in an item that a selector fits, or the item itself when it fits.
pub(super) fn first<'a>(item: ElementRef<'a>, selector: &Selector) -> Option<ElementRef<'a>> {
    item.select(selector).next().or_else(|| selector.matches(&item).then_some(item))
}

/// Returns the address that an element itself leads to; what acts on the page leads nowhere.
fn own_link(element: ElementRef<'_>) -> Option<&str> {
    let names: &[&str] =
        if element.value().name() == "a" { &["href"] } else { &["href", "data-href", "data-url", "data-link"] };
    let address = names.iter().find_map(|n| element.attr(n)).map(str::trim)?;
    let lower = address.to_lowercase();
    let acts = ["#", "javascript:", "mailto:", "tel:", "data:"].iter().any(|p| lower.starts_with(p));
    (!address.is_empty() && !acts).then_some(address)
}

/// Returns the address of a link: the element's own, else that of the first link within, else one
/// that a script would use.
fn link_in(element: ElementRef<'_>) -> Option<&str> {
    let is_link = |e: &ElementRef<'_>| e.value().name() == "a";
    let within = || element.descendent_elements().filter(is_link).find_map(own_link);
    let by_script = || element.descendent_elements().find_map(own_link);
    own_link(element).or_else(within).or_else(by_script)
}

/// Returns the address of the link that the title stands in, within the item.
fn link_around<'a>(title: ElementRef<'a>, item: ElementRef<'a>) -> Option<&'a str> {
    title
        .ancestors()
        .take_while(|n| n.id() != item.id())
        .filter_map(ElementRef::wrap)
        .filter(|e| e.value().name() == "a")
        .find_map(own_link)
}

/// A date that cannot be read.
pub(super) struct Unreadable;

/// Attributes that hold dates.
const DATE_ATTRIBUTES: [&str; 7] =
    ["datetime", "content", "data-date", "data-datetime", "data-published", "data-time", "data-timestamp"];

/// Returns the date of an item, where it has one.
pub(super) fn date_of(item: ElementRef<'_>, selector: Option<&Selector>) -> Result<Option<FeedDate>, Unreadable> {
    let Some(element) = selector.and_then(|s| first(item, s)) else { return Ok(None) };
    let own = DATE_ATTRIBUTES.iter().filter_map(|name| element.attr(name));
    let written: Vec<&str> = own.chain(element.descendent_elements().filter_map(|e| e.attr("datetime"))).collect();
    let text = clean_line(&element.text().collect::<String>());
    let title = || element.attr("title").and_then(read_date);
    let date = written.iter().copied().find_map(read_date).or_else(|| date_in(&text)).or_else(title);
    let is_empty = text.is_empty() && written.is_empty();
    if date.is_none() && !is_empty { Err(Unreadable) } else { Ok(date) }
}

/// Most words that are looked at for a date.
const DATE_WORDS_MAX: usize = 12;

/// Returns the date in a text that may say more ("Published: 5 October 2026 by Ana", "News | 5 Oct
/// 2026"): the longest run of words that is a date.
fn date_in(text: &str) -> Option<FeedDate> {
    if let Some(date) = read_date(text) {
        return Some(date);
    }
    let parts = text.split(['|', '·', '•', '\n', '(', ')']).flat_map(|p| p.split(": "));
    for part in parts {
        let words: Vec<&str> = part.split_whitespace().take(DATE_WORDS_MAX).collect();
        for length in (1..=words.len()).rev() {
            let found = words.windows(length).find_map(|w| {
                let run = w.join(" ");
                // A bare number among words is seldom a year.
                if length == 1 && words.len() > 1 && run.len() < 6 {
                    None
                } else {
                    read_date(run.trim_matches([',', '-', '–', '.']))
                }
            });
            if found.is_some() {
                return found;
            }
        }
    }
    None
}
