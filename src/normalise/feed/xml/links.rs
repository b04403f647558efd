//! Links, attached files and pictures of a feed or entry.

use super::super::address::{Base, is_web};
use super::super::names::Ns;
use super::super::repairs::{Repair, Repairs};
use super::super::tree::Node;
use super::super::{Image, Link};
use crate::model::text::clean_line;
use crate::normalise::html::plain_line;

/// Links kept for one entry; a page of a hundred pictures has that many.
const LINKS_MAX: usize = 1_000;

/// The addresses by which a feed's relative links are resolved, as written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnAddresses {
    /// The feed itself.
    pub itself: String,
    /// Its site.
    pub site: String,
}

/// Returns what a feed says about its own addresses.
pub fn of_feed(channel: &Node) -> OwnAddresses {
    let mut out = OwnAddresses::default();
    for node in channel.elements().filter(|n| n.name == "link" && matches!(n.ns, Ns::Rss | Ns::Atom)) {
        let text = node.text();
        let href = node.attribute("href").unwrap_or(text.trim());
        match node.attribute("rel").unwrap_or("alternate").to_ascii_lowercase().as_str() {
            "self" if out.itself.is_empty() => href.clone_into(&mut out.itself),
            "alternate" if out.site.is_empty() => href.clone_into(&mut out.site),
            _ => {}
        }
    }
    out
}

/// Returns an address made absolute; one that acts is dropped and counted.
fn resolve(address: &str, node: &Node, base: &Base, repairs: &mut Repairs) -> Option<String> {
    if address.trim().is_empty() {
        return None;
    }
    let resolved = base.resolve(address, &node.bases);
    if resolved.is_none() {
        repairs.note(Repair::BadAddress, node.offset);
    }
    resolved
}

/// Returns all links: RSS `link`, Atom `link`, and the address behind a feed service.
pub fn all(node: &Node, base: &Base, repairs: &mut Repairs) -> Vec<Link> {
    let mut out = Vec::new();
    for child in node.elements() {
        let is_link = child.name == "link" && matches!(child.ns, Ns::Rss | Ns::Atom);
        let is_original = matches!(child.name.as_str(), "origlink");
        let is_licence = matches!(child.name.as_str(), "license" | "licence") && child.ns == Ns::Other;
        let is_away = child.name == "content" && child.ns == Ns::Atom && child.attribute("src").is_some();
        if !(is_link || is_original || is_licence || is_away) || out.len() >= LINKS_MAX {
            continue;
        }
        let text = child.text();
        let written =
            ["href", "src", "resource"].iter().find_map(|name| child.attribute(name)).unwrap_or(text.as_str());
        let Some(href) = resolve(written, child, base, repairs) else { continue };
        let rel = match child.attribute("rel") {
            Some(rel) => clean_line(rel).to_ascii_lowercase(),
            _ if is_licence => "license".to_owned(),
            None if is_original => "origlink".to_owned(),
            None if is_away => "content".to_owned(),
            None => "alternate".to_owned(),
        };
        let rel = rel.strip_prefix("http://www.iana.org/assignments/relation/").map(str::to_owned).unwrap_or(rel);
        let attribute = |name: &str| child.attribute(name).map(clean_line).unwrap_or_default();
        out.push(Link { href, rel, kind: attribute("type"), title: attribute("title") });
    }
    out
}

/// Returns the link of a feed or entry: the RSS one, else the first Atom link that is the page
/// itself (of whatever type), else for an entry its id where the feed says that it is an address.
///
/// What is dropped here was counted by [`all`].
pub fn link(node: &Node, base: &Base, is_entry: bool, links: &[Link]) -> String {
    let repairs = &mut Repairs::default();
    let own =
        node.all(Ns::Rss, "link").filter(|n| n.attribute("rel").is_none_or(|r| r.eq_ignore_ascii_case("alternate")));
    for child in own {
        let text = child.text();
        let attribute = child.attribute("href").or(child.attribute("resource"));
        let written = if text.trim().is_empty() { attribute.unwrap_or_default() } else { text.trim() };
        if let Some(href) = resolve(written, child, base, repairs) {
            return href;
        }
    }
    if let Some(link) = links.iter().find(|l| l.rel == "alternate") {
        return link.href.clone();
    }
    // A channel or item of Microsoft's has it in an attribute.
    if let Some(href) = node.attribute("href").and_then(|h| resolve(h, node, base, repairs)) {
        return href;
    }
    if !is_entry {
        return String::new();
    }
    let page = || node.all(Ns::Prism, "url").map(|n| clean_line(&n.text())).find(|t| is_web(t));
    permalink(node, base)
        .or_else(|| node.attribute("about").map(str::to_owned))
        .filter(|a| is_web(a))
        .or_else(page)
        .unwrap_or_default()
}

/// Returns an id as written; a relative one of Atom is resolved where an `xml:base` says against
/// what, since only so it stands for one thing.
pub fn id(node: &Node, base: &Base) -> String {
    let written = clean_line(&node.text());
    if node.ns != Ns::Atom || node.bases.is_empty() || written.is_empty() {
        return written;
    }
    base.resolve(&written, &node.bases).unwrap_or(written)
}

/// Returns the page of comments: the RSS one, else Atom's link to replies that says it is a page (RFC 4685: without a type it is a feed).
pub fn comments(node: &Node, base: &Base, links: &[Link]) -> String {
    let named = node.all(Ns::Rss, "comments").find_map(|n| base.resolve(&n.text(), &n.bases)).filter(|a| !a.is_empty());
    let page = || links.iter().find(|l| l.rel == "replies" && l.kind == "text/html");
    named.or_else(|| page().map(|l| l.href.clone())).unwrap_or_default()
}

/// Returns the guid that is an address; by the RSS rules it is one unless the feed denies it.
fn permalink(node: &Node, base: &Base) -> Option<String> {
    node.all(Ns::Rss, "guid")
        .filter_map(|n| {
            let text = clean_line(&n.text());
            match n.attribute("ispermalink") {
                None => Some(text),
                Some(said) if said.eq_ignore_ascii_case("true") => base.resolve(&text, &n.bases),
                Some(_) => None,
            }
        })
        .find(|t| is_web(t))
}

/// Returns the attached files: RSS enclosures, Atom enclosure links, Media RSS content.
pub fn enclosures(node: &Node, base: &Base, repairs: &mut Repairs) -> Vec<Link> {
    let mut out: Vec<Link> = Vec::new();
    let groups = node.all(Ns::Media, "group").flat_map(Node::elements);
    for child in node.elements().chain(groups) {
        let written = match (child.ns, child.name.as_str()) {
            (Ns::Rss, "enclosure") | (Ns::Media, "content") => child.attribute("url").or(child.attribute("href")),
            (Ns::Other, "enclosure") => child.attribute("resource").or(child.attribute("url")),
            (Ns::Atom | Ns::Rss, "link")
                if child.attribute("rel").is_some_and(|r| r.eq_ignore_ascii_case("enclosure")) =>
            {
                child.attribute("href")
            }
            _ => None,
        };
        let Some(href) = written.and_then(|w| resolve(w, child, base, repairs)) else { continue };
        let attribute = |name: &str| child.attribute(name).map(clean_line).unwrap_or_default();
        if out.len() < LINKS_MAX && !out.iter().any(|l| l.href == href) {
            out.push(Link { href, rel: "enclosure".to_owned(), kind: attribute("type"), title: attribute("title") });
        }
    }
    out
}

/// Returns the picture of a feed or entry.
pub fn image_of(node: &Node, base: &Base) -> Option<Image> {
    if let Some(found) = node.elements().filter(|n| n.name == "image").find_map(|n| image(n, base)) {
        return Some(found);
    }
    let pictures = node.elements().chain(node.all(Ns::Media, "group").flat_map(Node::elements));
    let found = pictures.filter_map(|child| {
        let (rank, text) = match (child.ns, child.name.as_str()) {
            (Ns::Atom | Ns::Rss, "logo") => (0, child.text()),
            (Ns::Media, "thumbnail") => (1, String::new()),
            (Ns::Atom | Ns::Rss, "icon") => (2, child.text()),
            _ => return None,
        };
        let attribute = child.attribute("url").or(child.attribute("href")).unwrap_or_default();
        let written = if text.trim().is_empty() { attribute } else { text.trim() };
        let url = base.resolve(written, &child.bases).filter(|_| !written.is_empty())?;
        Some((rank, url))
    });
    found.min_by_key(|(rank, _)| *rank).map(|(_, url)| Image { url, ..Image::default() })
}

/// Returns the picture that an element describes.
pub fn image(node: &Node, base: &Base) -> Option<Image> {
    let part = |name: &str| node.elements().find(|n| n.name == name).map(|n| plain_line(&n.text())).unwrap_or_default();
    let address = |written: &str| {
        if written.is_empty() { String::new() } else { base.resolve(written, &node.bases).unwrap_or_default() }
    };
    let url = part("url");
    let attribute = ["href", "url", "resource"].iter().find_map(|name| node.attribute(name));
    let text = if node.has_elements() { String::new() } else { clean_line(&node.text()) };
    let url = if url.is_empty() { attribute.unwrap_or(&text) } else { &url };
    let picture = Image { url: address(url), title: part("title"), link: address(&part("link")) };
    (!picture.url.is_empty()).then_some(picture)
}
