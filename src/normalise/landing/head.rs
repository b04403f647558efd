//! What a page says about itself: meta tags, structured data, title, language, first date.

use scraper::{ElementRef, Html, Selector};

use crate::model::text::clean_line;
use crate::normalise::feed::Base;
use crate::normalise::html;

/// Most meta tags that are looked at: papers of large consortia name hundreds of authors, each
/// with an institution.
const METAS_MAX: usize = 20_000;
/// Most scripts of structured data that are read on one page.
const SCRIPTS_MAX: usize = 20;
/// Longest value of a meta tag that is read, in characters: an abstract is far shorter.
const VALUE_CHARS_MAX: usize = 20_000;

/// A meta tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meta {
    /// `name`, `property` or `itemprop` in lower case, with `.` and `:` made `.`.
    pub name: String,
    /// `content`, plain text.
    pub value: String,
    /// `scheme` in lower case; empty when not given.
    pub scheme: String,
}

/// What a page says about itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Head {
    /// Meta tags with a value, in the order of the page.
    pub metas: Vec<Meta>,
    /// Text of `<title>`.
    pub title: String,
    /// Text of the first `<h1>`.
    pub heading: String,
    /// `<html lang>`.
    pub language: String,
    /// `<link rel=canonical>`, absolute.
    pub canonical: String,
    /// Values of the `<time>` elements, `datetime` before text, in the order of the page.
    pub times: Vec<String>,
    /// Structured data (JSON-LD), as it stands.
    pub scripts: Vec<String>,
    /// The visible text, shortened: enough to tell what kind of page it is.
    pub body: String,
    /// Whether a field for a password stands on it.
    pub has_password: bool,
    /// What relative addresses are resolved against.
    pub base: Base,
}

impl Head {
    /// Reads a parsed page that came from `address`.
    pub fn of(page: &Html, address: &str) -> Self {
        let own = first_attr(page, "base[href]", "href").unwrap_or_default();
        let base = Base::new(&[&own, address]);
        let canonical = first_attr(page, "link[rel~='canonical' i]", "href").unwrap_or_default();
        Self {
            metas: metas(page),
            title: first_text(page, "title"),
            heading: first_text(page, "h1"),
            language: page.root_element().attr("lang").unwrap_or_default().trim().to_owned(),
            canonical: base.resolve::<&str>(&canonical, &[]).filter(|_| !canonical.is_empty()).unwrap_or_default(),
            times: select(page, "time").take(SCRIPTS_MAX).map(time_of).filter(|t| !t.is_empty()).collect(),
            scripts: select(page, "script[type*='ld+json' i]").take(SCRIPTS_MAX).map(|s| s.text().collect()).collect(),
            body: body_of(page),
            has_password: select(page, "input[type='password' i]").next().is_some(),
            base,
        }
    }

    /// Returns the values of the meta tags of these names, the first name's before the next's.
    pub fn values<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'a str> {
        names.iter().flat_map(|name| self.metas.iter().filter(move |m| m.name == *name)).map(|m| m.value.as_str())
    }

    /// Returns the first value of the meta tags of these names.
    pub fn value(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.metas.iter().find(|m| m.name == *name)).map(|m| m.value.clone())
    }

    /// Returns an address made absolute, when a reader can be sent there.
    pub fn web_address(&self, address: &str) -> Option<String> {
        let address = address.trim();
        let url = if address.is_empty() { None } else { self.base.resolve::<&str>(address, &[]) };
        url.filter(|u| crate::normalise::feed::is_web(u))
    }
}

/// Returns the elements that a fixed selector finds.
pub(super) fn select<'a>(page: &'a Html, css: &str) -> impl Iterator<Item = ElementRef<'a>> {
    let selector = Selector::parse(css).expect("invariant: the selector is fixed and tested");
    page.select(&selector).collect::<Vec<_>>().into_iter()
}

/// Returns an attribute of the first element that a fixed selector finds.
fn first_attr(page: &Html, css: &str, name: &str) -> Option<String> {
    select(page, css).next().and_then(|e| e.attr(name)).map(str::to_owned)
}

/// Returns the text of the first element that a fixed selector finds and that has some.
fn first_text(page: &Html, css: &str) -> String {
    select(page, css).map(|e| html::plain_line(&e.inner_html())).find(|t| !t.is_empty()).unwrap_or_default()
}

/// Returns what a `<time>` says.
fn time_of(element: ElementRef<'_>) -> String {
    element.attr("datetime").map_or_else(|| clean_line(&element.text().collect::<String>()), clean_line)
}

/// Reads the meta tags.
fn metas(page: &Html) -> Vec<Meta> {
    let mut out = Vec::new();
    for element in select(page, "meta[content]").take(METAS_MAX) {
        let value: String = element.attr("content").unwrap_or_default().chars().take(VALUE_CHARS_MAX).collect();
        let value = html::plain_text(&value);
        if value.is_empty() {
            continue;
        }
        let scheme = element.attr("scheme").unwrap_or_default().trim().to_lowercase();
        let mut last = String::new();
        for key in ["name", "property", "itemprop"] {
            let name = element.attr(key).unwrap_or_default().trim().to_lowercase().replace(':', ".");
            if !name.is_empty() && name != last {
                out.push(Meta { name: name.clone(), value: value.clone(), scheme: scheme.clone() });
                last = name;
            }
        }
    }
    out
}

/// How much of the visible text is kept, in characters: walls say what they are at once.
const BODY_CHARS_MAX: usize = 4_000;

/// Returns the beginning of the visible text.
fn body_of(page: &Html) -> String {
    const SILENT: [&str; 5] = ["script", "style", "noscript", "template", "svg"];
    let Some(body) = select(page, "body").next() else { return String::new() };
    let mut out = String::new();
    let mut chars = 0;
    for node in body.descendants() {
        let Some(text) = node.value().as_text() else { continue };
        let is_silent = node.ancestors().filter_map(ElementRef::wrap).any(|e| SILENT.contains(&e.value().name()));
        if !is_silent {
            out.push_str(text);
            out.push(' ');
            chars += text.trim().chars().count();
        }
        if chars > BODY_CHARS_MAX {
            break;
        }
    }
    clean_line(&out)
}
