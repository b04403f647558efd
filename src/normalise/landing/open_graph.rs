//! Open Graph, plain meta tags, and what is left when a page says nothing more: title, first date.

use super::head::Head;
use super::parts::{Layer, abstract_of, add_keywords, day, is_open_licence};
use crate::model::text::fold;
use crate::model::{Author, PartialDate};
use crate::normalise::feed::is_web;
use crate::normalise::names::{self, Order};
use crate::normalise::{fields, html};

/// Reads the tags.
pub(super) fn read(head: &Head, address: &str) -> Layer {
    let mut layer = Layer::default();
    let site = head.value(&["og.site_name", "application-name"]).and_then(|v| fields::line(&v));
    let titled = head.value(&["og.title", "twitter.title", "parsely-title", "sailthru.title"]);
    let record = &mut layer.record;
    record.title = titled.map(|t| bare_title(&t, site.as_deref(), address)).unwrap_or_default();
    record.journal = site;
    record.abstract_text = head.values(&["og.description", "twitter.description", "description"]).find_map(abstract_of);
    record.published = head
        .values(&[
            "article.published_time",
            "og.article.published_time",
            "datepublished",
            "parsely-pub-date",
            "sailthru.date",
            "publish-date",
            "publication_date",
            "pubdate",
            "date",
        ])
        .find_map(day);
    record.year = record.published.map(PartialDate::year);
    record.authors = authors(head);
    record.url = head.value(&["og.url"]).and_then(|u| head.web_address(&u));
    head.values(&["article.tag"]).for_each(|v| add_keywords(&mut record.keywords, v));
    if record.keywords.is_empty() {
        head.values(&["keywords", "news_keywords"]).for_each(|v| add_keywords(&mut record.keywords, v));
    }
    if head.values(&["og.type"]).any(|t| t == "article") {
        record.extra.insert(super::IS_ARTICLE.to_owned(), true.into());
    }
    if head.values(&["license", "licence", "copyright"]).any(is_open_licence) {
        record.open_access = Some(true);
    }
    let language =
        [head.language.as_str()].into_iter().chain(head.values(&["og.locale", "content-language", "language"]));
    for language in language.filter(|l| !l.trim().is_empty()).take(1) {
        layer.messages.extend(fields::add_language(&mut layer.record, &language.replace('_', "-")));
    }
    layer
}

/// Returns what a page says in words alone: its title without the name of the site, its first date.
pub(super) fn read_plain(head: &Head, address: &str) -> Layer {
    let site = head.value(&["og.site_name", "application-name"]);
    let mut layer = Layer::default();
    layer.record.title = plain_title(head, site.as_deref(), address);
    layer.record.published = head.times.iter().find_map(|t| day(t));
    layer.record.year = layer.record.published.map(PartialDate::year);
    layer
}

/// Returns the authors; an address (of a profile) is no name, nor is the site's own.
fn authors(head: &Head) -> Vec<Author> {
    let site = head.value(&["og.site_name"]).unwrap_or_default();
    let named = head.values(&["article.author", "author", "parsely-author", "sailthru.author", "dcsext.author"]);
    let mut out: Vec<Author> = Vec::new();
    for text in named.filter(|t| !is_web(t) && !t.contains('@') && fold(t) != fold(&site)) {
        let text = text.strip_prefix("By ").or_else(|| text.strip_prefix("by ")).unwrap_or(text);
        let authors = names::authors(text, Order::GivenFirst);
        out.extend(authors.into_iter().filter(|a| !out.contains(a)).collect::<Vec<_>>());
    }
    out
}

/// What stands between a title and the name of its site.
const JOINTS: [&str; 9] = [" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " • ", " · "];

/// Returns the title of a page without site name: its heading where that is a part of the title.
fn plain_title(head: &Head, site: Option<&str>, address: &str) -> String {
    let heading = fold(&head.heading);
    let is_heading = heading.split(' ').count() > 1 && fold(&head.title).contains(&heading);
    if is_heading || head.title.is_empty() {
        return head.heading.clone();
    }
    bare_title(&head.title, site, address)
}

/// Returns a title without the name of its site in front or behind. The site is known by what it
/// calls itself or by its host; behind ` | ` always stands a site.
pub(super) fn bare_title(title: &str, site: Option<&str>, address: &str) -> String {
    let mut title = html::plain_line(title);
    loop {
        let cut = JOINTS.iter().find_map(|joint| {
            let behind = title.rsplit_once(joint).map(|(rest, end)| (rest, end, *joint == " | "));
            let before = title.split_once(joint).map(|(start, rest)| (rest, start, false));
            let is_cut = |(rest, part, always): &(&str, &str, bool)| {
                rest.split(' ').count() > 1 && (is_site(part, site, address) || *always && rest.split(' ').count() > 2)
            };
            behind.filter(is_cut).or_else(|| before.filter(is_cut)).map(|(rest, _, _)| rest.trim().to_owned())
        });
        match cut {
            Some(shorter) => title = shorter,
            None => return title,
        }
    }
}

/// Tells whether a part of a title is the name of the site.
fn is_site(part: &str, site: Option<&str>, address: &str) -> bool {
    let squeeze = |text: &str| fold(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let part = squeeze(part);
    if part.is_empty() {
        return true;
    }
    let is_named =
        site.map(squeeze).is_some_and(|s| !s.is_empty() && (s == part || s.contains(&part) && part.len() > 3));
    let host = address.split("://").nth(1).unwrap_or_default().split('/').next().unwrap_or_default();
    let in_host = part.len() > 2 && host.split('.').any(|label| squeeze(label) == part);
    is_named || in_host
}
