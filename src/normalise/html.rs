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
use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::{Builder, Url, UrlRelative};

mod lines;
mod markup;
mod simple;

pub use lines::find_unwanted;
use lines::{clean, has_dropped, is_dropped, push_folded, tidy, without_unwanted};
use markup::{Piece, deeper_than, drop_tags, escape_stray, pieces};
pub use markup::{decode_entities, entity, is_known_element, looks_like_html};

/// The most bytes that are parsed as one piece of HTML; the rest is cut off. Parsing is quadratic
/// in bad cases, and no abstract comes near it.
pub const HTML_BYTES_MAX: usize = 256 * 1024;

/// The deepest nesting that is parsed; deeper markup loses its tags unparsed.
pub const HTML_DEPTH_MAX: usize = 256;

/// Entities are decoded at most so often: feeds that escape twice are common, three times rare.
const DECODE_ROUNDS_MAX: usize = 3;

/// Tags that may reach a reader: they shape text, and none of them acts.
const KEPT_TAGS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "article",
    "aside",
    "b",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "var",
    "wbr",
];

/// Attributes that may reach a reader, by tag. None is styled, named or scripted; the only
/// addresses are those of links and pictures, which the sanitiser checks.
const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href", "title"]),
    ("abbr", &["title"]),
    ("acronym", &["title"]),
    ("img", &["src", "alt", "title", "width", "height"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan"]),
];

/// Tags that separate paragraphs and reach no reader.
const LAYOUT_TAGS: &[&str] = &["form", "fieldset"];

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

/// Returns HTML that holds only harmless tags (those that shape text, tables, pictures), and of
/// attributes only those that say what is seen: `href` and `src` (http or https), `alt`, `title`,
/// sizes and spans.
///
/// Relative addresses are resolved against `base`; without one they are dropped. Nothing in it
/// acts: no script, style, form, frame or drawing.
pub fn safe_html(markup: &str, base: Option<&str>) -> String {
    shown(sanitise(markup, base).0)
}

/// Returns markup as [`safe_html`] and as [`plain_text`] at once, which parses it only once.
pub fn safe_and_plain(markup: &str, base: Option<&str>) -> (String, String) {
    let (cleaned, is_markup) = sanitise(markup, base);
    // What does not look like markup at all is text, with its own line breaks.
    let text = if is_markup && looks_like_html(cut(markup)) {
        finish(Cow::Owned(text_of(&cleaned, Shape::Paragraphs)), Shape::Paragraphs)
    } else {
        plain_text(markup)
    };
    (shown(cleaned), text)
}

/// Returns the text of what [`safe_html`] gave, as [`plain_text`] gives it.
pub fn text_of_safe(safe: &str) -> String {
    if !safe.contains('<') {
        return plain_text(safe);
    }
    finish(Cow::Owned(text_of(safe, Shape::Paragraphs)), Shape::Paragraphs)
}

/// Returns markup with all that acts removed, tags that only matter for the layout still in it;
/// and whether it is markup still. What is nested too deep becomes text.
fn sanitise(markup: &str, base: Option<&str>) -> (String, bool) {
    let whole = without_unwanted(cut(markup));
    let base = base.and_then(|b| Url::parse(b).ok());
    if let Some(cleaned) = simple::clean(&whole, base.as_ref()) {
        return (cleaned, true);
    }
    sanitise_by_parsing(&whole, base)
}

/// Does the same by parsing, whatever the markup is.
fn sanitise_by_parsing(whole: &str, base: Option<Url>) -> (String, bool) {
    let escaped = escape_stray(whole);
    if is_too_deep(&escaped) {
        return (ammonia::clean_text(&plain_text(whole)), false);
    }
    let cleaned = match base {
        Some(url) => sanitiser(UrlRelative::RewriteWithBase(url)).clean(&escaped).to_string(),
        None => SANITISER.clean(&escaped).to_string(),
    };
    (cleaned, true)
}

/// Returns cleaned markup without the tags that were only kept for the layout.
fn shown(cleaned: String) -> String {
    // What stood there by number (`&#27;`) has become a character by now.
    if has_dropped(&cleaned) {
        return shown(cleaned.chars().filter(|c| !is_dropped(*c)).collect());
    }
    let trimmed = cleaned.trim();
    if !LAYOUT_TAGS.iter().any(|t| trimmed.contains(&format!("<{t}"))) {
        return if trimmed.len() == cleaned.len() { cleaned } else { trimmed.to_owned() };
    }
    let mut out = String::with_capacity(trimmed.len());
    for piece in pieces(trimmed) {
        match piece {
            Piece::Open(name, _) | Piece::Close(name) if LAYOUT_TAGS.contains(&name) => {}
            Piece::Open(_, raw) | Piece::Text(raw) => out.push_str(raw),
            Piece::Close(name) => {
                out.push_str("</");
                out.push_str(name);
                out.push('>');
            }
        }
    }
    out
}

/// Tells whether markup may be nested deeper than [`HTML_DEPTH_MAX`], without parsing it.
pub fn is_too_deep(markup: &str) -> bool {
    deeper_than(markup, HTML_DEPTH_MAX)
}

/// Tells whether a tag separates paragraphs; those that are not kept count while reading.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "tfoot"
            | "thead"
            | "tr"
            | "ul"
    )
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
    if has_dropped(&text) {
        text = Cow::Owned(text.chars().map(|c| if c == '\r' { '\n' } else { c }).filter(|c| !is_dropped(*c)).collect());
    }
    finish(text, shape)
}

/// Decodes and strips text until nothing changes, and tidies it.
fn finish(text: Cow<'_, str>, shape: Shape) -> String {
    let mut text = text;
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
    if let Some(cleaned) = simple::clean(html, None) {
        return text_of(&cleaned, shape);
    }
    let escaped = escape_stray(html);
    if is_too_deep(&escaped) {
        return decode_entities(&drop_tags(html)).into_owned();
    }
    text_of(&SANITISER.clean(&escaped).to_string(), shape)
}

/// Returns the text of what the sanitiser gave.
fn text_of(cleaned: &str, shape: Shape) -> String {
    let mut out = String::with_capacity(cleaned.len());
    for piece in pieces(cleaned) {
        match piece {
            Piece::Text(text) => push_folded(&decode_entities(text), &mut out),
            Piece::Open("br", _) if shape == Shape::Paragraphs => out.push('\n'),
            Piece::Open("br" | "td" | "th", _) | Piece::Close("td" | "th") => out.push(' '),
            Piece::Open("li" | "tr", _) | Piece::Close("li" | "tr") => out.push('\n'),
            Piece::Open(name, _) | Piece::Close(name) if is_block(name) => out.push_str("\n\n"),
            Piece::Open(..) | Piece::Close(_) => {}
        }
    }
    out
}

/// Returns the part of the input that is read at all.
fn cut(markup: &str) -> &str {
    /// Longer than any reference: one that the cut went through is left out.
    const REFERENCE_BYTES: usize = 36;
    if markup.len() <= HTML_BYTES_MAX {
        return markup;
    }
    let mut end = HTML_BYTES_MAX;
    while !markup.is_char_boundary(end) {
        end -= 1;
    }
    let head = markup.get(..end).unwrap_or_default();
    let reference =
        head.rfind('&').filter(|at| end - at < REFERENCE_BYTES && !head.get(*at..).unwrap_or_default().contains(';'));
    reference.and_then(|at| head.get(..at)).unwrap_or(head)
}

/// The sanitiser for input without a base address.
static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| sanitiser(UrlRelative::Deny));

/// Builds the sanitiser: tags that are kept, and those that matter for the layout only.
fn sanitiser(relative: UrlRelative<'static>) -> Builder<'static> {
    let mut builder = Builder::empty();
    let attributes = ATTRIBUTES.iter().map(|(tag, names)| (*tag, names.iter().copied().collect())).collect();
    builder
        .tags(KEPT_TAGS.iter().chain(LAYOUT_TAGS).copied().collect())
        .clean_content_tags(SILENT_TAGS.iter().copied().collect())
        .generic_attributes(HashSet::new())
        .tag_attributes(attributes)
        .url_schemes(HashSet::from(["http", "https"]))
        .url_relative(relative)
        .link_rel(None);
    builder
}

#[cfg(test)]
pub(crate) use tests::ATTACKS;
#[cfg(test)]
mod tests;
