//! Feeds of a site: those its page names, those its kind of site has, and usual places.
//!
//! Nothing is asked here: the caller tries the addresses in this order and keeps what reads as a
//! feed.

use scraper::{ElementRef, Html, Selector};

use super::feed::{Base, Repairs, decode_text, is_web};
use super::html;
use crate::model::text::shorten;

mod places;

/// Where an address was found; the earlier, the surer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whence {
    /// The page names it as its feed.
    Named,
    /// The page links to it.
    Linked,
    /// Sites of this kind have their feed there.
    KindOfSite,
    /// Many sites have a feed there.
    UsualPlace,
}

/// An address that may be a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedLink {
    /// Address.
    pub url: String,
    /// What the page calls it; empty when it has no name.
    pub title: String,
    /// Where it was found.
    pub whence: Whence,
}

/// What a page says about feeds, and what it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageView {
    /// The page's title; empty when it has none.
    pub title: String,
    /// Addresses worth trying, the surest first, each once.
    pub links: Vec<FeedLink>,
}

/// The most bytes of a page that are read.
const PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Most addresses that are returned.
const LINKS_MAX: usize = 40;

/// Returns what a page that came from `address` says about feeds.
pub fn look(page: &[u8], content_type: Option<&str>, address: &str) -> PageView {
    let bytes = page.get(..PAGE_BYTES_MAX).unwrap_or(page);
    let text = decode_text(bytes, content_type, &mut Repairs::default());
    let mut view = PageView::default();
    let mut generator = String::new();
    if !html::is_too_deep(&text) {
        let document = Html::parse_document(&text);
        view.title = title_of(&document);
        generator = generator_of(&document);
        let base = base_of(&document, address);
        view.links = links(&document, &base);
    }
    let places = places::of_site(address, &generator).into_iter().map(|url| (url, Whence::KindOfSite));
    let usual = places::usual(address).into_iter().map(|url| (url, Whence::UsualPlace));
    view.links.extend(places.chain(usual).map(|(url, whence)| FeedLink { url, title: String::new(), whence }));
    view.links.sort_by_key(|l| l.whence);
    let mut seen = std::collections::BTreeSet::new();
    view.links.retain(|l| seen.insert(l.url.trim_end_matches('/').to_owned()));
    view.links.truncate(LINKS_MAX);
    view
}

/// Returns the elements that a fixed selector finds.
fn select<'a>(page: &'a Html, css: &str) -> Vec<ElementRef<'a>> {
    let selector = Selector::parse(css).expect("invariant: the selector is fixed and tested");
    page.select(&selector).collect()
}

/// Returns the page's title.
fn title_of(page: &Html) -> String {
    let titles = select(page, "title, h1").into_iter().map(|e| html::plain_line(&e.inner_html()));
    titles.into_iter().find(|t| !t.is_empty()).map(|t| shorten(&t, 120)).unwrap_or_default()
}

/// Returns which program made the page, in lower case.
fn generator_of(page: &Html) -> String {
    let named = select(page, "meta[name='generator' i]").into_iter().filter_map(|e| e.attr("content"));
    named.collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Returns what relative addresses are resolved against.
fn base_of(page: &Html, address: &str) -> Base {
    let own = select(page, "base[href]").into_iter().find_map(|b| b.attr("href")).unwrap_or_default();
    Base::new(&[own, address])
}

/// Media types of feeds.
const FEED_TYPES: [&str; 6] = [
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "text/rss",
    "application/x-rss+xml",
];

/// Returns what the page names and links to, those of comments last.
fn links(page: &Html, base: &Base) -> Vec<FeedLink> {
    let mut out = Vec::new();
    for element in select(page, "link[href], a[href]") {
        let Some(href) = element.attr("href") else { continue };
        let Some(whence) = whence_of(element, href) else { continue };
        // feed:// is how old readers were called.
        let href =
            href.trim().strip_prefix("feed:").map_or(href, |rest| rest.strip_prefix("http").map_or(rest, |_| rest));
        let Some(url) = base.resolve::<&str>(href, &[]).filter(|u| is_web(u)) else { continue };
        let title = element.attr("title").map_or_else(|| html::plain_line(&element.inner_html()), html::plain_line);
        out.push(FeedLink { url, title: shorten(&title, 80), whence });
    }
    let is_comments = |l: &FeedLink| format!("{} {}", l.url, l.title).to_lowercase().contains("comment");
    out.sort_by_key(|l| (l.whence, is_comments(l)));
    out
}

/// Tells how an element points to a feed, if it does.
fn whence_of(element: ElementRef<'_>, href: &str) -> Option<Whence> {
    let has = |name: &str| element.attr(name).unwrap_or_default().to_lowercase();
    let (rel, kind) = (has("rel"), has("type"));
    let rels: Vec<&str> = rel.split_whitespace().collect();
    let is_feed_type = FEED_TYPES.iter().any(|t| kind.starts_with(t));
    if is_feed_type || rels.contains(&"feed") {
        return Some(Whence::Named);
    }
    if element.value().name() == "link" {
        // Some write the type of any XML; the name then tells.
        let is_xml = kind.contains("xml") && rels.contains(&"alternate");
        return (is_xml && is_feed_address(href)).then_some(Whence::Named);
    }
    (is_feed_address(href) || is_feed_text(element)).then_some(Whence::Linked)
}

/// Tells whether an address looks like that of a feed.
fn is_feed_address(href: &str) -> bool {
    let lower = href.trim().to_lowercase();
    let lower = lower.split('#').next().unwrap_or_default();
    let (path, query) = lower.split_once('?').unwrap_or((lower, ""));
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let ending = last.rsplit_once('.').map(|(_, e)| e).unwrap_or_default();
    let is_named = ["feed", "feeds", "rss", "atom", "rss2", "rdf"].contains(&last);
    let is_file = ["rss", "atom", "rdf"].contains(&ending)
        || ["xml", "json", "php", "cfm", "aspx"].contains(&ending)
            && ["feed", "rss", "atom"].iter().any(|w| last.contains(w));
    let is_query = ["feed=rss", "feed=atom", "format=rss", "format=feed", "format=atom", "type=rss", "=showfeed"]
        .iter()
        .any(|q| query.contains(q));
    let is_action = path.contains("showfeed") || path.contains("webfeedgatewayplugin") || lower.starts_with("feed:");
    is_named || is_file || is_query || is_action
}

/// Tells whether the words of a link say that it is a feed.
fn is_feed_text(element: ElementRef<'_>) -> bool {
    let mut words = html::plain_line(&element.inner_html());
    let inner = element.descendent_elements().filter_map(|e| e.attr("alt").or_else(|| e.attr("title")));
    for text in ["title", "aria-label"].iter().filter_map(|n| element.attr(n)).chain(inner) {
        words.push(' ');
        words.push_str(text);
    }
    let words = crate::model::text::words(&words);
    words.len() <= 8 && words.iter().any(|w| ["rss", "atom", "rdf"].contains(&w.as_str()))
}

#[cfg(test)]
mod tests;
