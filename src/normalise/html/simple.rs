//! The short way for markup that is as it should be: what the sanitiser would make of it, without
//! building a tree of it.
//!
//! Only what every parser reads alike goes this way: known tags, properly nested, attributes in
//! quotes, entities with their semicolon. Everything else gives `None` and goes the long way. A
//! test compares the two ways on tables and on random markup.

use ammonia::Url;
use url::ParseError;

use super::ATTRIBUTES;
use super::markup::entity;

/// How a tag behaves when HTML is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Stands in a line, and may stand in itself.
    Line,
    /// Formats letters.
    Format,
    /// A link.
    Link,
    /// A block that ends a paragraph.
    Block,
    /// A list, which items may stand in anew.
    List,
    /// An item of a list.
    Item,
    /// A paragraph.
    Paragraph,
    /// A heading.
    Heading,
    /// Has no content.
    Void,
    /// Has no content, and ends a paragraph.
    Rule,
}

/// The tags of the short way.
pub(super) const TAGS: &[(&str, Kind)] = &[
    ("p", Kind::Paragraph),
    ("br", Kind::Void),
    ("a", Kind::Link),
    ("i", Kind::Format),
    ("em", Kind::Format),
    ("b", Kind::Format),
    ("strong", Kind::Format),
    ("span", Kind::Line),
    ("div", Kind::Block),
    ("img", Kind::Void),
    ("sub", Kind::Line),
    ("sup", Kind::Line),
    ("li", Kind::Item),
    ("ul", Kind::List),
    ("ol", Kind::List),
    ("font", Kind::Format),
    ("small", Kind::Format),
    ("big", Kind::Format),
    ("u", Kind::Format),
    ("s", Kind::Format),
    ("strike", Kind::Format),
    ("tt", Kind::Format),
    ("code", Kind::Format),
    ("h1", Kind::Heading),
    ("h2", Kind::Heading),
    ("h3", Kind::Heading),
    ("h4", Kind::Heading),
    ("h5", Kind::Heading),
    ("h6", Kind::Heading),
    ("hr", Kind::Rule),
    ("blockquote", Kind::Block),
    ("cite", Kind::Line),
    ("abbr", Kind::Line),
    ("q", Kind::Line),
    ("del", Kind::Line),
    ("ins", Kind::Line),
];

/// Entities that are read without their semicolon, too (WHATWG).
const LEGACY: &str = "AElig AMP Aacute Acirc Agrave Aring Atilde Auml COPY Ccedil ETH Eacute Ecirc Egrave Euml GT Iacute Icirc \
    Igrave Iuml LT Ntilde Oacute Ocirc Ograve Oslash Otilde Ouml QUOT REG THORN Uacute Ucirc Ugrave Uuml \
    Yacute aacute acirc acute aelig agrave amp aring atilde auml brvbar ccedil cedil cent copy curren deg \
    divide eacute ecirc egrave eth euml frac12 frac14 frac34 gt iacute icirc iexcl igrave iquest iuml laquo \
    lt macr micro middot nbsp not ntilde oacute ocirc ograve ordf ordm oslash otilde ouml para plusmn pound \
    quot raquo reg sect shy sup1 sup2 sup3 szlig thorn times uacute ucirc ugrave uml uuml yacute yen yuml";

/// More open tags than this go the long way.
const OPEN_MAX: usize = 64;
/// The longest tag of the short way, in bytes: below what is looked at to tell a tag from text.
const TAG_BYTES_MAX: usize = 2 * 1024;

/// A tag of the text: its name in lower case and how it behaves.
type Tag = (&'static str, Kind);

/// Returns what the sanitiser makes of markup, or `None` when that takes a parser. Relative
/// addresses are resolved against `base`, and dropped without one.
pub(super) fn clean(html: &str, base: Option<&Url>) -> Option<String> {
    if html.starts_with('\u{feff}') {
        return None;
    }
    let mut out = String::with_capacity(html.len());
    let mut open: Vec<Tag> = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let end = rest.find('<').unwrap_or(rest.len());
        let (text, tail) = rest.split_at(end);
        push_text(text, Place::Text, &mut out)?;
        let Some(inner) = tail.strip_prefix('<') else { break };
        rest = if let Some(name) = inner.strip_prefix('/') {
            close(name, &mut open, &mut out)?
        } else if let Some(comment) = inner.strip_prefix("!--") {
            skip_comment(comment)?
        } else {
            start(inner, base, &mut open, &mut out)?
        };
    }
    while let Some(tag) = open.pop() {
        push_close(tag, &mut out);
    }
    Some(out)
}

/// Passes a comment and returns what follows it. Comments that end in an odd way take a parser.
fn skip_comment(rest: &str) -> Option<&str> {
    let (body, after) = rest.split_once("-->")?;
    let is_odd = body.starts_with(['>', '-']) || body.ends_with('-') || body.contains("--") || body.contains("<!");
    (!is_odd).then_some(after)
}

/// Passes an end tag, which must be that of the innermost open tag.
fn close<'a>(rest: &'a str, open: &mut Vec<Tag>, out: &mut String) -> Option<&'a str> {
    let (name, after) = rest.split_once('>')?;
    // Every browser takes this for a line break.
    if name.eq_ignore_ascii_case("br") {
        out.push_str("<br>");
        return Some(after);
    }
    let tag = open.pop()?;
    name.eq_ignore_ascii_case(tag.0).then(|| {
        push_close(tag, out);
        after
    })
}

/// Writes an end tag where its start tag was written.
fn push_close((name, kind): Tag, out: &mut String) {
    if is_kept(name) && !matches!(kind, Kind::Void | Kind::Rule) {
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
}

/// Tells whether a tag of the short way is written at all: it is one of those that are kept.
fn is_kept(name: &str) -> bool {
    name != "font"
}

/// Passes a start tag and returns what follows it.
fn start<'a>(rest: &'a str, base: Option<&Url>, open: &mut Vec<Tag>, out: &mut String) -> Option<&'a str> {
    let end = rest.bytes().position(|b| !b.is_ascii_alphanumeric())?;
    let (written, mut tail) = rest.split_at(end);
    let (name, kind) = *TAGS.iter().find(|(name, _)| name.eq_ignore_ascii_case(written))?;
    if !may_open(name, kind, open) {
        return None;
    }
    let is_kept = is_kept(name);
    if is_kept {
        out.push('<');
        out.push_str(name);
    }
    let allowed: &[&str] = ATTRIBUTES.iter().find(|(tag, _)| *tag == name).map_or(&[], |(_, names)| names);
    let mut seen: Vec<&str> = Vec::new();
    loop {
        let trimmed = tail.trim_start_matches([' ', '\n', '\t']);
        if let Some(after) = trimmed.strip_prefix('>') {
            tail = after;
            break;
        }
        let is_void = matches!(kind, Kind::Void | Kind::Rule);
        if let Some(after) = trimmed.strip_prefix("/>").filter(|_| is_void) {
            tail = after;
            break;
        }
        if trimmed.len() == tail.len() || rest.len() - trimmed.len() > TAG_BYTES_MAX {
            return None;
        }
        let (attribute, value, after) = attribute(trimmed)?;
        tail = after;
        let Some(kept) = allowed.iter().find(|a| a.eq_ignore_ascii_case(attribute)) else { continue };
        if seen.contains(kept) {
            return None;
        }
        seen.push(kept);
        push_attribute(kept, value, base, out)?;
    }
    if is_kept {
        out.push('>');
    }
    if !matches!(kind, Kind::Void | Kind::Rule) {
        open.push((name, kind));
    }
    (open.len() <= OPEN_MAX).then_some(tail)
}

/// Tells whether a tag may stand here without ending another by its coming.
fn may_open(name: &str, kind: Kind, open: &[Tag]) -> bool {
    let has = |wanted: Kind| open.iter().any(|(_, k)| *k == wanted);
    match kind {
        Kind::Line | Kind::Void => true,
        Kind::Format => !open.iter().any(|(n, _)| *n == name),
        Kind::Link => !has(Kind::Link),
        Kind::Block | Kind::List | Kind::Rule | Kind::Paragraph => !has(Kind::Paragraph),
        Kind::Heading => !has(Kind::Paragraph) && !has(Kind::Heading),
        Kind::Item => {
            let outer = open.iter().rev().find(|(_, k)| matches!(k, Kind::List | Kind::Item));
            !has(Kind::Paragraph) && outer.is_none_or(|(_, k)| *k == Kind::List)
        }
    }
}

/// Reads one attribute: its name, its value, and what follows.
fn attribute(rest: &str) -> Option<(&str, &str, &str)> {
    let end = rest.bytes().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b':' | b'_')))?;
    let (name, tail) = rest.split_at(end);
    let tail = tail.strip_prefix('=')?;
    let quote = tail.chars().next().filter(|q| matches!(q, '"' | '\''));
    let (value, after) = if let Some(quote) = quote {
        tail.get(1..)?.split_once(quote)?
    } else {
        let end = tail.find([' ', '\n', '\t', '>'])?;
        let (value, after) = tail.split_at(end);
        let is_odd = value.is_empty() || value.ends_with('/') || value.contains(['\'', '`']);
        (!is_odd).then_some((value, after))?
    };
    (!name.is_empty() && !value.contains(['<', '>', '"'])).then_some((name, value, after))
}

/// Writes an attribute; an address only when it leads to the web, as the sanitiser does.
fn push_attribute(name: &str, value: &str, base: Option<&Url>, out: &mut String) -> Option<()> {
    let is_address = matches!(name, "href" | "src");
    let begin = out.len();
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    if !is_address || is_plain_address(value) {
        push_text(value, Place::Attribute, out)?;
        out.push('"');
        return Some(());
    }
    if value.contains('&') {
        return None;
    }
    let resolved = match Url::parse(value) {
        Ok(url) => matches!(url.scheme(), "http" | "https").then(|| value.to_owned()),
        Err(ParseError::RelativeUrlWithoutBase) => match base {
            Some(base) => Some(base.join(value).ok()?.to_string()),
            None => None,
        },
        Err(_) => None,
    };
    let Some(address) = resolved else {
        out.truncate(begin);
        return Some(());
    };
    address.chars().for_each(|c| push_escaped(c, out));
    out.push('"');
    Some(())
}

/// Tells whether an address is absolute, of the web, with a host in plain letters, so that it
/// needs no parser to know it harmless.
fn is_plain_address(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")) else { return false };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let host = rest.get(..end).unwrap_or_default();
    let is_label = |l: &str| {
        l.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && l.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !l.starts_with("xn--")
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.split('.').all(is_label) && last.starts_with(|c: char| c.is_ascii_lowercase())
}

/// Where a text stands: it decides how a reference without its semicolon is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Between tags.
    Text,
    /// In an attribute.
    Attribute,
}

/// Writes text as the sanitiser writes it: entities decoded, then the few that must be escaped.
fn push_text(text: &str, place: Place, out: &mut String) -> Option<()> {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| matches!(b, b'&' | b'>' | 0xc2)) {
        let (head, tail) = rest.split_at_checked(at)?;
        out.push_str(head);
        let c = tail.chars().next()?;
        if c == '&' {
            rest = push_reference(tail, place, out)?;
        } else {
            push_escaped(c, out);
            rest = tail.get(c.len_utf8()..)?;
        }
    }
    out.push_str(rest);
    Some(())
}

/// Writes what a reference stands for and returns what follows it. What is none is text.
fn push_reference<'a>(tail: &'a str, place: Place, out: &mut String) -> Option<&'a str> {
    let after = tail.get(1..)?;
    let end = after.bytes().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(after.len());
    let (name, follows) = after.split_at(end);
    if let Some(number) = after.strip_prefix('#') {
        let (number, follows) = number.split_once(';').filter(|(n, _)| n.len() <= 8)?;
        let is_number = number.bytes().all(|b| b.is_ascii_alphanumeric());
        let value = entity(after.get(..=number.len())?).filter(|_| is_number)?;
        return push_value(&value, out).map(|()| follows);
    }
    if let (Some(follows), Some(value)) = (follows.strip_prefix(';'), entity(name)) {
        return push_value(&value, out).map(|()| follows);
    }
    let is_legacy = match place {
        Place::Text => LEGACY.split(' ').any(|l| name.starts_with(l)),
        // Before "=" and letters it is a parameter of an address.
        Place::Attribute => !follows.starts_with('=') && LEGACY.split(' ').any(|l| name == l),
    };
    if is_legacy {
        return None;
    }
    out.push_str("&amp;");
    Some(after)
}

/// Writes the value of a reference; characters that parsers change take the long way.
fn push_value(value: &str, out: &mut String) -> Option<()> {
    if value.chars().any(|c| c.is_control() && c != '\n' || c == '"' || u32::from(c) & 0xfffe == 0xfffe) {
        return None;
    }
    value.chars().for_each(|c| push_escaped(c, out));
    Some(())
}

/// Writes one character, escaped where HTML needs it.
fn push_escaped(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '\u{a0}' => out.push_str("&nbsp;"),
        c => out.push(c),
    }
}
