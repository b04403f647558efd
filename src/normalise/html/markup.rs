//! What is markup and what only looks like it; entities; the sanitiser's output piece by piece.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Elements of HTML, SVG, `MathML` and of the journal tag set that stand in feeds.
static KNOWN: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    "a abbr abstract acronym address article aside audio b base bdi bdo big blockquote body bold br button \
     caption center cite code col colgroup dd del details dfn dir div dl dt em embed fieldset figcaption \
     figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html i iframe img inf input ins \
     italic kbd label legend li link main mark math menu meta mfenced mfrac mi mn mo monospace mover mrow \
     mspace msqrt mstyle msub msubsup msup mtext munder nav nobr noscript object ol option p param path \
     picture pre q roman s samp sc script sec section select small source span strike strong style sub summary \
     sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul underline var video \
     wbr xref"
        .split_whitespace()
        .collect()
});

/// The longest tag that is looked at to tell it from text, in bytes.
const TAG_BYTES_MAX: usize = 4 * 1024;

/// The longest entity name of HTML has 31 letters (`CounterClockwiseContourIntegral`).
const ENTITY_BYTES_MAX: usize = 33;

/// Returns how many bytes at the start of `rest` (which begins with `<`) are markup, 0 when it is
/// text: `<` before a digit or space, `P<a` without an end, `<b and c>`.
fn markup_len(rest: &str) -> usize {
    if let Some(comment) = rest.strip_prefix("<!--") {
        return comment.find("-->").map_or(rest.len(), |at| at + 7);
    }
    let inner = rest.strip_prefix('<').unwrap_or_default();
    if inner.starts_with(['!', '?']) {
        let letter = inner.chars().nth(1).is_some_and(|c| c.is_ascii_alphabetic() || c == '[');
        return if letter { inner.find('>').map_or(rest.len(), |at| at + 2) } else { 0 };
    }
    let name_part = inner.strip_prefix('/').unwrap_or(inner);
    if !name_part.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return 0;
    }
    let name_end = name_part
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_' | '.')))
        .unwrap_or(name_part.len());
    let name = name_part.get(..name_end).unwrap_or_default().to_ascii_lowercase();
    let after = name_part.get(name_end..).unwrap_or_default();
    let end = attributes_end(after);
    let attributes = after.get(..end).unwrap_or_default().trim_matches([' ', '/', '\n', '\t']);
    let is_closed = after.get(end..).is_some_and(|t| t.starts_with('>'));
    let is_known = is_known_element(&name) || name.contains([':', '-']);
    let is_tag = if attributes.contains('=') {
        true
    } else if !is_closed {
        false
    } else if attributes.is_empty() {
        is_known
    } else {
        is_known && name.len() > 1 && attributes.split_whitespace().count() <= 3
    };
    if is_tag { rest.len() - after.len() + end + usize::from(is_closed) } else { 0 }
}

/// Returns where a tag's attributes end: at `>` outside quotes, or where the text ends or another
/// tag begins.
fn attributes_end(text: &str) -> usize {
    let mut quote = None;
    let mut first_close = None;
    for (at, b) in text.bytes().enumerate().take(TAG_BYTES_MAX) {
        match (quote, b) {
            (None, b'>') => return at,
            (None, b'<') => return first_close.unwrap_or(at),
            (None, b'"' | b'\'') if text.as_bytes().get(at.wrapping_sub(1)).is_some_and(|p| *p == b'=') => {
                quote = Some(b);
            }
            (Some(q), b) if q == b => quote = None,
            (Some(_), b'>') => first_close = first_close.or(Some(at)),
            _ => {}
        }
    }
    let mut end = first_close.unwrap_or(text.len().min(TAG_BYTES_MAX));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

/// Tells whether text holds markup, and not only something like `a < b`.
pub fn looks_like_html(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| text.get(at..).is_some_and(|rest| markup_len(rest) > 0))
}

/// Returns HTML in which every `<` that begins no markup is written as `&lt;`, and in which the
/// tags of formulas are gone: the sanitiser would drop a formula with its text, since foreign
/// vocabularies parse differently.
pub(super) fn escape_stray(html: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0;
    let mut comment_end = 0;
    for (at, _) in html.match_indices('<') {
        let rest = html.get(at..).unwrap_or_default();
        if at < done || at < comment_end {
            continue;
        }
        let len = markup_len(rest);
        if rest.starts_with("<!") || rest.starts_with("<?") {
            comment_end = at + len;
        }
        let is_math = len > 0 && is_math(rest);
        if len == 0 || is_math {
            out.push_str(html.get(done..at).unwrap_or_default());
            out.push_str(if is_math { "" } else { "&lt;" });
            done = at + len.max(1);
        }
    }
    if done == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(html.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

/// Elements of formulas.
const MATH: &[&str] = &[
    "math",
    "menclose",
    "mfenced",
    "mfrac",
    "mglyph",
    "mi",
    "mmultiscripts",
    "mn",
    "mo",
    "mover",
    "mpadded",
    "mphantom",
    "mprescripts",
    "mroot",
    "mrow",
    "ms",
    "mspace",
    "msqrt",
    "mstyle",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
    "semantics",
];

/// Tells whether a tag is one of a formula.
fn is_math(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    name.get(..end).is_some_and(|n| MATH.iter().any(|m| m.eq_ignore_ascii_case(n)))
}

/// Tells whether a name (in lower case) is that of an element of HTML, formulas or journal texts.
pub fn is_known_element(name: &str) -> bool {
    KNOWN.contains(name) || MATH.contains(&name)
}

/// Returns text with every tag dropped unparsed, also those that appear when others are dropped.
/// Blocks become a space. What scripts and styles hold goes with them.
pub(super) fn drop_tags(text: &str) -> Cow<'_, str> {
    /// Tags can be put together from the halves of others; after so many layers no `<` stays.
    const LAYERS_MAX: usize = 8;
    let mut text = Cow::Borrowed(text);
    for _ in 0..LAYERS_MAX {
        if !looks_like_html(&text) {
            return text;
        }
        text = Cow::Owned(drop_layer(&text));
    }
    if looks_like_html(&text) { Cow::Owned(text.replace('<', " ")) } else { text }
}

/// Drops the tags that stand in the text once.
fn drop_layer(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(rest.get(..at).unwrap_or_default());
        let tail = rest.get(at..).unwrap_or_default();
        let len = markup_len(tail);
        if len == 0 {
            out.push('<');
            rest = tail.get(1..).unwrap_or_default();
            continue;
        }
        let tag = tail.get(..len).unwrap_or_default().to_ascii_lowercase();
        rest = tail.get(len..).unwrap_or_default();
        if let Some(end) = ["script", "style"].iter().find(|n| tag.starts_with(&format!("<{n}"))) {
            let closes = |at: &usize| rest.get(at + 2..at + 2 + end.len()).is_some_and(|n| n.eq_ignore_ascii_case(end));
            let close = rest.match_indices("</").map(|(at, _)| at).find(closes).unwrap_or(rest.len());
            rest = rest.get(close..).unwrap_or_default();
        }
        if ["<p", "</p", "<br", "<div", "</div", "<li", "<td", "<h"].iter().any(|n| tag.starts_with(n)) {
            out.push(' ');
        }
    }
    out.push_str(rest);
    out
}

/// Tells whether tags may be nested deeper than `depth_max`, counted without parsing: never less
/// than the real depth for elements that must be closed.
pub(super) fn deeper_than(html: &str, depth_max: usize) -> bool {
    /// Elements that HTML closes by itself, or that hold nothing.
    const SELF_CLOSING: &[&str] = &[
        "p", "li", "dt", "dd", "tr", "td", "th", "option", "br", "hr", "img", "input", "meta", "link", "wbr", "col",
        "embed", "source", "area", "base", "param", "track",
    ];
    let mut depth = 0usize;
    for (at, _) in html.match_indices('<') {
        let rest = html.get(at + 1..).unwrap_or_default();
        let (name, is_close) = rest.strip_prefix('/').map_or((rest, false), |r| (r, true));
        let end = name.bytes().take(16).position(|b| !b.is_ascii_alphanumeric()).unwrap_or(name.len().min(16));
        let name = name.get(..end).unwrap_or_default();
        if name.is_empty() || SELF_CLOSING.iter().any(|n| n.eq_ignore_ascii_case(name)) {
            continue;
        }
        depth = if is_close { depth.saturating_sub(1) } else { depth + 1 };
        if depth > depth_max {
            return true;
        }
    }
    false
}

/// Returns text with `&name;`, `&#N;` and `&#xN;` decoded once; unknown ones stay. Numbers from
/// 128 to 159 are read as windows-1252, as browsers do.
pub fn decode_entities(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find('&') else { return Cow::Borrowed(text) };
    let mut out = String::new();
    let mut done = 0;
    let mut at = first;
    while let Some(tail) = text.get(at + 1..) {
        let end = tail.bytes().take(ENTITY_BYTES_MAX).position(|b| b == b';' || b == b'&');
        let name = end.filter(|e| tail.as_bytes().get(*e) == Some(&b';')).and_then(|e| tail.get(..e));
        if let Some((name, value)) = name.and_then(|n| Some((n, entity(n)?))) {
            out.push_str(text.get(done..at).unwrap_or_default());
            out.push_str(&value);
            done = at + name.len() + 2;
        }
        let from = done.max(at + 1);
        match text.get(from..).and_then(|t| t.find('&')) {
            Some(next) => at = from + next,
            None => break,
        }
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

/// Returns what an entity stands for; `name` is what is between `&` and `;`.
pub fn entity(name: &str) -> Option<Cow<'static, str>> {
    let Some(number) = name.strip_prefix('#') else {
        return named(name);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    if let Ok(byte @ 0x80..=0x9f) = u8::try_from(code) {
        let bytes = [byte];
        return Some(Cow::Owned(encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes).0.into_owned()));
    }
    char::from_u32(code).map(|c| Cow::Owned(c.to_string()))
}

/// Returns what a named entity stands for.
fn named(name: &str) -> Option<Cow<'static, str>> {
    let common = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" => "\u{a0}",
        _ => "",
    };
    if !common.is_empty() {
        return Some(Cow::Borrowed(common));
    }
    // quick-xml has such a table, too, but it cuts the numbers of most letters outside Latin-1
    // (`&Alpha;` gives `9` in 0.42); this is the one that the HTML parser itself uses.
    let (first, second) = *markup5ever::data::NAMED_ENTITIES.get(format!("{name};").as_str())?;
    // Names that are only the beginning of others stand there with the number 0.
    let characters = [first, second].into_iter().filter(|n| *n != 0).filter_map(char::from_u32);
    Some(characters.collect::<String>()).filter(|text| !text.is_empty()).map(Cow::Owned)
}

/// A piece of the sanitiser's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A start tag: its name, and the whole tag.
    Open(&'a str, &'a str),
    /// An end tag.
    Close(&'a str),
    /// Text, with its entities.
    Text(&'a str),
}

/// Reads the sanitiser's output piece by piece. It is strict: every `<` begins a tag, and every
/// attribute stands in double quotes.
pub(super) fn pieces(cleaned: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = cleaned;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some(tag) = rest.strip_prefix('<') else {
            let end = rest.find('<').unwrap_or(rest.len());
            let (text, tail) = rest.split_at(end);
            rest = tail;
            return Some(Piece::Text(text));
        };
        let mut is_quoted = false;
        let ends = |b: u8| {
            is_quoted ^= b == b'"';
            b == b'>' && !is_quoted
        };
        let end = tag.bytes().position(ends).unwrap_or(tag.len());
        let raw = rest.get(..end + 2).unwrap_or(rest);
        rest = rest.get(raw.len()..).unwrap_or_default();
        let inner = tag.get(..end).unwrap_or_default();
        if let Some(name) = inner.strip_prefix('/') {
            return Some(Piece::Close(name));
        }
        let name = inner.split([' ', '/']).next().unwrap_or_default();
        Some(Piece::Open(name, raw))
    })
}
