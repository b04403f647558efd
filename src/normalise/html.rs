//! The one sanitiser: markup of others in, plain text or a handful of harmless tags out.
//!
//! Everything that a feed or page calls HTML passes through here before it is stored. The parsing
//! is done by `ammonia` (html5ever), never by patterns: patterns eat `P<0.001 … >`. What only
//! looks like markup (`a < b`, `P<0.001`) is kept as text.
//!
//! ```
//! use roundup::normalise::html;
//! assert_eq!(html::plain_line("<b>Sleep</b> &amp;amp; mood, P<0.05<script>x()</script>"), "Sleep & mood, P<0.05");
//! ```

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, Url, UrlRelative};

use crate::model::text::is_unwanted;

mod markup;

use markup::{Piece, deeper_than, drop_tags, escape_stray, pieces};
pub use markup::{decode_entities, entity, is_known_element, looks_like_html};

/// The most bytes that are parsed as one piece of HTML; the rest is cut off. Parsing is quadratic
/// in bad cases, and no abstract comes near it.
pub const HTML_BYTES_MAX: usize = 256 * 1024;

/// The deepest nesting that is parsed; deeper markup loses its tags unparsed.
pub const HTML_DEPTH_MAX: usize = 256;

/// Entities are decoded at most so often: feeds that escape twice are common, three times rare.
const DECODE_ROUNDS_MAX: usize = 3;

/// Tags that may reach a reader.
const SAFE_TAGS: &[&str] = &["p", "br", "em", "strong", "sub", "sup", "i", "b", "a", "ul", "ol", "li"];

/// Tags that are kept while reading, because they separate words or paragraphs.
const BLOCK_TAGS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "dd",
    "details",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
];

/// Tags whose content is no text for readers.
const SILENT_TAGS: &[&str] = &[
    "script",
    "style",
    "template",
    "noscript",
    "iframe",
    "object",
    "svg",
    "annotation",
    "annotation-xml",
    "textarea",
    "select",
    "title",
];

/// Returns markup or text as plain text: paragraphs parted by a blank line, line breaks kept,
/// spaces folded, entities decoded (also where they were escaped twice), no control characters.
///
/// Text that holds no markup is taken as it is; its own blank lines part paragraphs.
pub fn plain_text(markup: &str) -> String {
    plain(markup, Shape::Paragraphs)
}

/// Returns markup or text as one line of plain text, as for titles and names.
pub fn plain_line(markup: &str) -> String {
    clean(&plain(markup, Shape::Line))
}

/// Returns HTML that holds no other tags than `p br em strong sub sup i b a ul ol li`, and of
/// attributes only `href` (http or https) on `a`. Headings become bold paragraphs.
///
/// Relative addresses are resolved against `base`; without one they lose their link.
pub fn safe_html(markup: &str, base: Option<&str>) -> String {
    let markup = cut(markup);
    let whole: String = markup.chars().filter(|c| !is_dropped(*c)).collect();
    let escaped = escape_stray(&whole);
    if is_too_deep(&escaped) {
        return ammonia::clean_text(&plain_text(&whole));
    }
    let cleaned = match base.and_then(|b| Url::parse(b).ok()) {
        Some(url) => sanitiser(UrlRelative::RewriteWithBase(url)).clean(&escaped).to_string(),
        None => SANITISER.clean(&escaped).to_string(),
    };
    narrow(&cleaned)
}

/// Tells whether markup may be nested deeper than [`HTML_DEPTH_MAX`], without parsing it.
pub fn is_too_deep(markup: &str) -> bool {
    deeper_than(markup, HTML_DEPTH_MAX)
}

/// How much of the layout is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Paragraphs and line breaks.
    Paragraphs,
    /// Nothing: every break is a space.
    Line,
}

/// Returns plain text; decodes and strips until nothing changes, a few times at most.
fn plain(markup: &str, shape: Shape) -> String {
    let mut text: Cow<'_, str> = Cow::Borrowed(cut(markup));
    // First, so that no control character hides a tag from what follows.
    if text.contains(is_dropped) {
        text = Cow::Owned(text.chars().map(|c| if c == '\r' { '\n' } else { c }).filter(|c| !is_dropped(*c)).collect());
    }
    if !text.contains(['<', '&']) {
        return tidy(&text);
    }
    for _ in 0..DECODE_ROUNDS_MAX {
        let next = if looks_like_html(&text) {
            strip(&text, shape)
        } else {
            match decode_entities(&text) {
                Cow::Borrowed(_) => break,
                Cow::Owned(decoded) => decoded,
            }
        };
        if next == text {
            break;
        }
        text = Cow::Owned(next);
    }
    // What is still markup now was escaped more than three times: the tags go unparsed.
    tidy(&drop_tags(&text))
}

/// Returns the text of HTML by parsing it; markup nested too deep loses its tags unparsed.
fn strip(html: &str, shape: Shape) -> String {
    let escaped = escape_stray(html);
    if is_too_deep(&escaped) {
        return decode_entities(&drop_tags(html)).into_owned();
    }
    let cleaned = SANITISER.clean(&escaped).to_string();
    let mut out = String::with_capacity(cleaned.len());
    for piece in pieces(&cleaned) {
        match piece {
            Piece::Text(text) => out.push_str(&fold_spaces(&decode_entities(text))),
            Piece::Open("br", _) if shape == Shape::Paragraphs => out.push('\n'),
            Piece::Open("br" | "td" | "th", _) | Piece::Close("td" | "th") => out.push(' '),
            Piece::Open("li" | "tr", _) | Piece::Close("li" | "tr") => out.push('\n'),
            Piece::Open(name, _) | Piece::Close(name) if BLOCK_TAGS.contains(&name) => out.push_str("\n\n"),
            Piece::Open(..) | Piece::Close(_) => {}
        }
    }
    out
}

/// Returns text in which white space (also line feeds, which mean nothing in HTML) is one space.
fn fold_spaces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() {
            gap = true;
        } else {
            if gap {
                out.push(' ');
                gap = false;
            }
            out.push(c);
        }
    }
    if gap {
        out.push(' ');
    }
    out
}

/// Returns text with clean lines, at most one blank line between them, none at the ends.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = 0;
    for line in text.lines() {
        let line = clean(line);
        if line.is_empty() {
            gap += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if gap > 0 { "\n\n" } else { "\n" });
        }
        gap = 0;
        out.push_str(&line);
    }
    out
}

/// Tells whether a character acts on a terminal or turns text around.
///
/// U+FEFF within a text does neither: a feed's own text keeps it, and it goes when the text is
/// stored ([`clean_line`](crate::model::text::clean_line)).
fn is_dropped(c: char) -> bool {
    c != '\u{feff}' && is_unwanted(c)
}

/// Returns a line with white space folded and without characters that act.
fn clean(line: &str) -> String {
    let kept: String = line.chars().filter(|c| c.is_whitespace() || !is_dropped(*c)).collect();
    kept.split(|c: char| c.is_whitespace() || c == '\u{200b}').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Returns the part of the input that is read at all.
fn cut(markup: &str) -> &str {
    let mut end = markup.len().min(HTML_BYTES_MAX);
    while !markup.is_char_boundary(end) {
        end -= 1;
    }
    markup.get(..end).unwrap_or_default()
}

/// The sanitiser for input without a base address.
static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| sanitiser(UrlRelative::Deny));

/// Builds the sanitiser: block tags and the safe ones stay, of attributes only `href` on `a`.
fn sanitiser(relative: UrlRelative<'static>) -> Builder<'static> {
    let mut builder = Builder::empty();
    let tags: HashSet<&str> = SAFE_TAGS.iter().chain(BLOCK_TAGS).chain(&["td", "th"]).copied().collect();
    builder
        .tags(tags)
        .clean_content_tags(SILENT_TAGS.iter().copied().collect())
        .generic_attributes(HashSet::new())
        .tag_attributes(HashMap::from([("a", HashSet::from(["href"]))]))
        .url_schemes(HashSet::from(["http", "https"]))
        .url_relative(relative)
        .link_rel(Some("noopener noreferrer nofollow"));
    builder
}

/// Rewrites the sanitiser's own output (strict, so that it can be read piece by piece): tags
/// outside the safe list become paragraphs or line breaks.
fn narrow(cleaned: &str) -> String {
    let mut out = String::with_capacity(cleaned.len());
    let mut broken = false;
    for piece in pieces(cleaned) {
        match piece {
            Piece::Open("h1" | "h2" | "h3" | "h4" | "h5" | "h6", _) => out.push_str("<p><strong>"),
            Piece::Close("h1" | "h2" | "h3" | "h4" | "h5" | "h6") => out.push_str("</strong></p>"),
            Piece::Open("td" | "th", _) | Piece::Close("td" | "th") => out.push(' '),
            Piece::Open(name, raw) if SAFE_TAGS.contains(&name) => {
                if !BLOCK_TAGS.contains(&name) {
                    break_line(&mut out, &mut broken);
                }
                broken = false;
                out.push_str(raw);
            }
            Piece::Close(name) if SAFE_TAGS.contains(&name) => {
                out.push_str("</");
                out.push_str(name);
                out.push('>');
            }
            Piece::Open(..) | Piece::Close(_) => broken = true,
            Piece::Text(text) => {
                if !text.trim().is_empty() {
                    break_line(&mut out, &mut broken);
                }
                out.push_str(text);
            }
        }
    }
    out.trim().to_owned()
}

/// Puts a line break where a block ended that has no safe tag, unless a line begins there anyway.
fn break_line(out: &mut String, broken: &mut bool) {
    if *broken {
        let line = out.trim_end();
        let begins = line.is_empty()
            || ["<br>", "<p>", "</p>", "<li>", "</li>", "<ul>", "</ul>", "<ol>", "</ol>"]
                .iter()
                .any(|t| line.ends_with(t));
        if !begins {
            out.push_str("<br>");
        }
    }
    *broken = false;
}

#[cfg(test)]
pub(crate) use tests::ATTACKS;
#[cfg(test)]
mod tests;
