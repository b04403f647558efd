//! A paper's own page, or a news page, as one record.
//!
//! Pages describe themselves in several vocabularies. They are asked in this order, and what one
//! does not say the next may: Highwire (`citation_…`), Dublin Core and PRISM, JSON-LD, Open Graph,
//! the title. A page that stands in the place of another (a login, a bot wall, "not found") or a
//! file that is no page is named as what it is, and no record is made of it.
//!
//! ```
//! use roundup::normalise::landing;
//! let page = b"<meta name=citation_title content='Sleep &amp; mood'><meta name=citation_doi content=10.5555/x>";
//! let read = landing::read(page, None, "https://example.org/a", "added").expect("a paper");
//! assert_eq!(read.record.title, "Sleep & mood");
//! ```

use scraper::Html;

use super::feed::{self, Repairs, decode_text};
use super::{fields, html};
use crate::model::text::shorten;
use crate::model::{CanonicalUrl, Place, Problem, Record};

mod asked;
mod csl;
mod dublin;
mod head;
mod highwire;
mod json_ld;
mod kind;
mod open_graph;
mod parts;
mod wall;

pub use asked::{Asked, join, understand};
pub use csl::read_citation;

use head::Head;
use parts::{Layer, fill};

/// The most bytes of a page that are read; article pages with their full text stay below.
const PAGE_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The longest title, in characters; a longer one is a whole text in the wrong place.
const TITLE_CHARS_MAX: usize = 1_000;
/// Most authors that are kept: the largest consortia name about 5,000.
const AUTHORS_MAX: usize = 5_000;
/// Mark in `extra` while reading: the page says that it is an article.
const IS_ARTICLE: &str = "page_is_article";

/// How much a page says about what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// Only its title, and perhaps a description.
    Words,
    /// It says that it is an article, report, news or event.
    Article,
    /// It carries a citation as libraries use it.
    Citation,
}

/// A record from a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Landing {
    /// The record; its id is the page's comparable address.
    pub record: Record,
    /// What it rests on.
    pub basis: Basis,
    /// What could not be read, as notes and warnings.
    pub problems: Vec<Problem>,
}

/// Why no record was made, in plain words ("a login page, titled …").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAPaper {
    /// What it is instead.
    pub reason: String,
}

/// Reads a page that came from `address`. `content_type` is the header of the answer, for its
/// charset; `source` is put on the record.
///
/// # Errors
/// When the bytes are no page, the page stands in the place of another, or it has no title.
pub fn read(bytes: &[u8], content_type: Option<&str>, address: &str, source: &str) -> Result<Landing, NotAPaper> {
    let not = |reason: String| NotAPaper { reason };
    if let Some(reason) = wall::file(bytes) {
        return Err(not(reason));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(not("an empty answer".to_owned()));
    }
    if feed::looks_like_feed(bytes) {
        return Err(not("a feed, not the page of one paper".to_owned()));
    }
    let mut problems = Vec::new();
    let cut = bytes.get(..PAGE_BYTES_MAX).unwrap_or(bytes);
    if cut.len() < bytes.len() {
        problems.push(Problem::warning(Place::file(address), "the page is longer than 8 MiB; its end was not read"));
    }
    let mut repairs = Repairs::default();
    let text = decode_text(cut, content_type, &mut repairs);
    problems.extend(repairs.problems(address, &text));
    if let Some(reason) = other_text(&text) {
        return Err(not(reason));
    }
    if html::is_too_deep(&text) {
        return Err(not("a page that is nested too deep to be read".to_owned()));
    }
    let page = Html::parse_document(&text);
    let head = Head::of(&page, address);
    let (mut record, basis) = assemble(&head, address, &mut problems).map_err(not)?;
    finish(&mut record, &head, address, source);
    Ok(Landing { record, basis, problems })
}

/// Names text that is no page: JSON, XML, plain words.
fn other_text(text: &str) -> Option<String> {
    let start = text.trim_start();
    let lower: String = start.chars().take(400).collect::<String>().to_lowercase();
    if start.starts_with(['{', '[']) {
        return Some("data for programs (JSON), not a page".to_owned());
    }
    if lower.starts_with("<?xml") && !lower.contains("<html") && !lower.contains("<!doctype html") {
        return Some("an XML document, not a page".to_owned());
    }
    (!lower.contains('<'))
        .then(|| format!("plain text, not a page: \"{}\"", shorten(&fields::line(start).unwrap_or_default(), 80)))
}

/// Asks the vocabularies in their order. The error says what the page is instead.
fn assemble(head: &Head, address: &str, problems: &mut Vec<Problem>) -> Result<(Record, Basis), String> {
    let highwire = highwire::read(head);
    let dublin = dublin::read(head);
    let (json_ld, broken) =
        json_ld::read(&head.scripts, if head.canonical.is_empty() { address } else { &head.canonical });
    let graph = open_graph::read(head, address);
    let is_cited = |r: &Record| {
        let is_named = r.doi.is_some() || r.pmid.is_some() || r.journal.is_some();
        !r.title.is_empty() && (is_named || !r.authors.is_empty())
    };
    let is_citation = is_cited(&highwire.record) || is_cited(&dublin.record);
    let is_article = !json_ld.record.title.is_empty() || graph.record.extra.contains_key(IS_ARTICLE);
    let basis = match (is_citation, is_article) {
        (true, _) => Basis::Citation,
        (false, true) => Basis::Article,
        (false, false) => Basis::Words,
    };
    if basis < Basis::Citation
        && let Some(reason) = wall::page(head)
    {
        return Err(reason);
    }
    let mut record = Record::default();
    let mut layers = vec![highwire, dublin, json_ld, graph];
    if basis < Basis::Citation {
        layers.push(open_graph::read_plain(head, address));
    } else if let Some(graph) = layers.last_mut() {
        // What a journal writes for social media is a teaser, and its site is no journal.
        graph.record.abstract_text = None;
        graph.record.journal = None;
    }
    let place = || Place::file(address);
    for Layer { record: said, messages } in layers {
        problems.extend(messages.into_iter().map(|m| Problem::note(place(), m)));
        fill(&mut record, said);
    }
    if broken > 0 {
        problems.push(Problem::note(place(), "structured data of the page (JSON-LD) is broken and was left out"));
    }
    record.extra.remove(IS_ARTICLE);
    if record.title.is_empty() { Err("a page without a title".to_owned()) } else { Ok((record, basis)) }
}

/// Tells whether two addresses are of one site: the same host, or hosts under one name
/// (`link.example.org` and `www.example.org`).
fn is_one_site(a: &str, b: &str) -> bool {
    let site = |address: &str| {
        let url = url::Url::parse(address).ok()?;
        if !matches!(url.host()?, url::Host::Domain(_)) {
            return url.host_str().map(str::to_owned);
        }
        let labels: Vec<&str> = url.host_str()?.split('.').collect();
        // `example.co.uk` has three telling labels, `example.org` two.
        let is_short = |l: &&str| l.len() <= 3;
        let telling = if labels.iter().rev().nth(1).is_some_and(is_short) { 3 } else { 2 };
        Some(labels.get(labels.len().saturating_sub(telling)..)?.join("."))
    };
    site(a).is_some_and(|s| site(b) == Some(s))
}

/// Puts address, id and limits to a record.
fn finish(record: &mut Record, head: &Head, address: &str, source: &str) {
    let path_of = |url: &str| CanonicalUrl::parse(url).is_some_and(|u| u.as_str().matches('/').count() > 2);
    // A canonical address that is the site's front page belongs to a broken template.
    // One of another site would let any page speak for somebody else's.
    let may_stand = |u: &String| feed::is_web(u) && (path_of(u) || !path_of(address)) && is_one_site(u, address);
    let canonical = Some(head.canonical.clone()).filter(may_stand);
    let own = record.url.take().filter(may_stand);
    record.url = canonical.or(own).or_else(|| feed::is_web(address).then(|| address.to_owned()));
    let url = record.url.clone().unwrap_or_default();
    record.id = CanonicalUrl::parse(&url).map_or(url.clone(), String::from);
    source.clone_into(&mut record.source);
    record.doi = record.doi.take().or_else(|| feed::doi_in_address(address)).or_else(|| feed::doi_in_address(&url));
    record.links.retain(|l| *l != url);
    record.title = shorten(&record.title, TITLE_CHARS_MAX);
    record.authors.truncate(AUTHORS_MAX);
    mark_preprint(record);
}

/// Gives a preprint the type that PubMed gives its own.
fn mark_preprint(record: &mut Record) {
    if record.has_preprint_doi() && !record.is_preprint() {
        record.types.push("Preprint".to_owned());
    }
}

#[cfg(test)]
mod tests;
