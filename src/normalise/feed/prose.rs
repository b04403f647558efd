//! Texts of a feed: which are markup, which are plain, and what of them is kept.

use super::Content;
use super::address::Base;
use super::repairs::{Repair, Repairs};
use super::tree::Node;
use crate::normalise::html;

/// The longest title that is kept, in characters; some social feeds put a whole post there.
const TITLE_CHARS_MAX: usize = 10_000;

/// A text as a feed carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Raw {
    /// Markup, unsafe.
    Html(String),
    /// Text without markup.
    Text(String),
    /// No text: a picture, a sound.
    Other,
}

/// Returns the text that an element carries.
///
/// What type it claims is believed only where it says markup: feeds that call markup plain text
/// are more common than titles that speak about tags.
pub fn raw(node: &Node) -> Raw {
    raw_in(node, None)
}

/// Returns the text that an element carries, with addresses in its markup resolved where an
/// `xml:base` inside it says against what.
pub fn raw_in(node: &Node, base: Option<&Base>) -> Raw {
    let kind = node.attribute("type").unwrap_or_default().to_ascii_lowercase();
    let mode = node.attribute("mode").unwrap_or_default().to_ascii_lowercase();
    if kind == "xhtml" || kind == "application/xhtml+xml" || node.has_elements() {
        return Raw::Html(if kind.contains("xhtml") { node.inner_xhtml(base) } else { node.inner_html(base) });
    }
    let text = node.text();
    if mode == "base64" || (kind.contains('/') && !kind.starts_with("text/") && !kind.ends_with("xml")) {
        return base64(&text, &kind);
    }
    let text = without_section(text);
    if kind == "html" || kind == "text/html" {
        return Raw::Html(text);
    }
    of_text(text)
}

/// Returns text that says nothing about itself: markup when it looks so.
pub fn of_text(text: String) -> Raw {
    if html::looks_like_html(&text) || matches!(html::decode_entities(&text), std::borrow::Cow::Owned(_)) {
        Raw::Html(text)
    } else {
        Raw::Text(text)
    }
}

/// Returns text without a CDATA section around it that was escaped itself.
fn without_section(text: String) -> String {
    let inner = text.trim().strip_prefix("<![CDATA[").and_then(|t| t.strip_suffix("]]>")).map(str::to_owned);
    inner.unwrap_or(text)
}

/// Returns Base64 text decoded, when it is text at all. What is none stays as it is written, where
/// the type says text.
fn base64(text: &str, kind: &str) -> Raw {
    let packed: String = text.chars().filter(|c| !c.is_whitespace() && *c != '=').collect();
    let is_text = kind.is_empty() || kind.starts_with("text/") || kind.ends_with("xml") || kind == "html";
    match data_encoding::BASE64_NOPAD.decode(packed.as_bytes()).ok().and_then(|b| String::from_utf8(b).ok()) {
        Some(decoded) if is_text || html::looks_like_html(&decoded) => of_text(decoded),
        None if kind.starts_with("text/") || kind == "html" => of_text(text.to_owned()),
        _ => Raw::Other,
    }
}

/// Returns a text as one plain line.
pub fn line(raw: &Raw, offset: usize, repairs: &mut Repairs) -> String {
    let text = match raw {
        Raw::Html(text) | Raw::Text(text) => text,
        Raw::Other => return String::new(),
    };
    let line = html::plain_line(text);
    if text.len() > html::HTML_BYTES_MAX || line.chars().count() > TITLE_CHARS_MAX {
        repairs.note(Repair::LongText, offset);
        return crate::model::text::shorten(&line, TITLE_CHARS_MAX);
    }
    line
}

/// Returns a text as plain paragraphs.
pub fn paragraphs(raw: &Raw) -> String {
    match raw {
        Raw::Html(text) | Raw::Text(text) => html::plain_text(text),
        Raw::Other => String::new(),
    }
}

/// Returns a text as plain paragraphs and, where it carries markup, as content, too: parsed once.
pub fn paragraphs_and_content(raw: &Raw, base: Option<&str>) -> (String, Option<Content>) {
    let Raw::Html(text) = raw else { return (paragraphs(raw), None) };
    let (safe, plain) = html::safe_and_plain(text, base);
    let content = safe.contains('<').then(|| Content { kind: "text/html".to_owned(), value: safe });
    (plain, content)
}

/// Returns a text as content with its type: markup made safe, its links resolved against `base`.
/// Nothing to read gives `None`.
pub fn content(raw: &Raw, base: Option<&str>, offset: usize, repairs: &mut Repairs) -> Option<Content> {
    let (kind, value, len) = match raw {
        Raw::Html(text) => ("text/html", html::safe_html(text, base), text.len()),
        Raw::Text(text) => ("text/plain", html::plain_text(text), text.len()),
        Raw::Other => return None,
    };
    if len > html::HTML_BYTES_MAX {
        repairs.note(Repair::LongText, offset);
    }
    (!value.is_empty()).then(|| Content { kind: kind.to_owned(), value })
}
