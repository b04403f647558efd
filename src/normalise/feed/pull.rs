//! The tolerant layer over `quick-xml`: it never refuses, whatever the text.
//!
//! `quick-xml` reads what is well-formed. Where it gives up, or takes text for a tag, this layer
//! reads on by hand and starts it again behind the place, and counts the repair.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::entities::Entities;
use super::repairs::{Repair, Repairs};
use crate::normalise::html;

/// Bytes that may be searched in vain for the end of something; each such search can walk to the
/// end of the text. Then reading ends: a text of nothing but open quotes must not take for ever.
const SEARCH_BYTES: usize = 16 * 1024 * 1024;

/// The same in lengths of the text, so that a long feed may have its faults, too.
const SEARCH_LENGTHS: usize = 8;

/// Attributes of one element that are read; feeds have a dozen.
const ATTRIBUTES_MAX: usize = 200;

/// An attribute: qualified name as written, value decoded.
pub type Attribute = (String, String);

/// What stands next in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token<'a> {
    /// A start tag, or an element without content.
    Open {
        /// Qualified name as written.
        name: Cow<'a, str>,
        /// Attributes in their order.
        attributes: Vec<Attribute>,
        /// Whether it is closed at once (`<a/>`).
        is_empty: bool,
    },
    /// An end tag: qualified name as written.
    Close(Cow<'a, str>),
    /// Text, decoded.
    Text(Cow<'a, str>),
}

/// What came of reading on by hand.
enum After<'a> {
    /// A token.
    Token(Token<'a>),
    /// Something without meaning was passed.
    Skipped,
    /// The text ends here.
    End,
}

/// Reads a text token by token.
pub struct Pull<'a> {
    text: &'a str,
    /// Where in `text` the reader began.
    base: usize,
    reader: Reader<&'a [u8]>,
    /// Bytes that may still be searched in vain.
    search_left: usize,
    /// Entities that the document declares.
    entities: Entities,
}

impl<'a> Pull<'a> {
    /// Begins at the start of the text.
    pub fn new(text: &'a str) -> Self {
        let search_left = SEARCH_BYTES.max(text.len().saturating_mul(SEARCH_LENGTHS));
        Self { text, base: 0, reader: reader(text), search_left, entities: Entities::default() }
    }

    /// Returns the byte offset of what comes next.
    pub fn offset(&self) -> usize {
        self.base.saturating_add(usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX))
    }

    /// Returns the text from what comes next to the end.
    pub fn rest(&self) -> &'a str {
        self.text.get(self.offset()..).unwrap_or_default()
    }

    /// Goes on at a byte offset.
    fn seek(&mut self, offset: usize) {
        self.base = offset.min(self.text.len());
        // A reader skips a byte order mark at its beginning without counting it.
        if self.text.get(self.base..).is_some_and(|t| t.starts_with('\u{feff}')) {
            self.base += '\u{feff}'.len_utf8();
        }
        self.reader = reader(self.text.get(self.base..).unwrap_or_default());
    }

    /// Returns the next token, or `None` at the end. `open` is the qualified name of the element
    /// that is open here: its end also ends a CDATA section that has none.
    pub fn next(&mut self, open: &str, repairs: &mut Repairs) -> Option<Token<'a>> {
        loop {
            let at = self.offset();
            let rest = self.text.get(at..).unwrap_or_default();
            if rest.starts_with('<') && !begins_markup(rest) {
                repairs.note(Repair::StrayLess, at);
                self.seek(at + 1);
                return Some(Token::Text(Cow::Borrowed("<")));
            }
            if let Some(token) = self.odd_section(at, rest) {
                return Some(token);
            }
            match self.reader.read_event() {
                Ok(Event::Eof) => return None,
                Ok(Event::Start(tag)) => return self.open(at, &tag, false, repairs),
                Ok(Event::Empty(tag)) => return self.open(at, &tag, true, repairs),
                Ok(Event::End(tag)) => return Some(self.close(at, tag.name().as_ref(), repairs)),
                Ok(Event::Text(text)) => {
                    if text.starts_with('&') {
                        repairs.note(Repair::BareAmpersand, at);
                    }
                    return Some(Token::Text(text.into_inner()));
                }
                Ok(Event::CData(text)) => return Some(Token::Text(without_beginnings(text.into_inner()))),
                Ok(Event::DocType(text)) => self.entities.declare(&text),
                Ok(Event::GeneralRef(name)) => return Some(self.reference(at, &name, repairs)),
                Ok(Event::Comment(_) | Event::PI(_) | Event::Decl(_)) => {}
                Err(_) => {
                    if !self.pay(rest.len(), at, repairs) {
                        return None;
                    }
                    match self.recover(at, open, repairs) {
                        After::Token(token) => return Some(token),
                        After::Skipped => {}
                        After::End => return None,
                    }
                }
            }
        }
    }

    /// Returns a start tag. One whose open quote has swallowed what follows is cut where the next
    /// tag begins.
    fn open(&mut self, at: usize, tag: &BytesStart<'a>, is_empty: bool, repairs: &mut Repairs) -> Option<Token<'a>> {
        let raw: &str = tag;
        let quote_is_open = raw.find('<').is_some_and(|less| less > 0) && has_open_quote(raw);
        let Some(less) = raw.find('<').filter(|_| quote_is_open) else {
            return Some(start(tag, is_empty, &mut self.entities));
        };
        if !self.pay(raw.len(), at, repairs) {
            return None;
        }
        repairs.note(Repair::BrokenTag, at);
        self.seek(at + 1 + less);
        Some(broken_start(raw.get(..less).unwrap_or_default(), &mut self.entities))
    }

    /// Counts bytes that were searched in vain; `false` when there were too many.
    fn pay(&mut self, bytes: usize, at: usize, repairs: &mut Repairs) -> bool {
        let left = self.search_left.checked_sub(bytes);
        self.search_left = left.unwrap_or(0);
        if left.is_none() {
            repairs.note(Repair::TooBroken, at);
        }
        left.is_some()
    }

    /// Returns an end tag; one that holds the next tag (its `>` is missing) is cut there.
    fn close(&mut self, at: usize, name: &str, repairs: &mut Repairs) -> Token<'a> {
        match name.split_once('<') {
            Some((own, _)) => {
                repairs.note(Repair::BrokenTag, at);
                self.seek(at + 2 + own.len());
                Token::Close(Cow::Owned(own.trim().to_owned()))
            }
            None => Token::Close(Cow::Owned(name.split_whitespace().next().unwrap_or_default().to_owned())),
        }
    }

    /// Returns what a reference stands for; what is none stays as text.
    fn reference(&mut self, at: usize, name: &str, repairs: &mut Repairs) -> Token<'a> {
        if let Some(text) = html::entity(name) {
            if text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')) {
                return Token::Text(text);
            }
            repairs.note(Repair::ControlCharacter, at);
            return Token::Text(Cow::Borrowed(""));
        }
        if let Some(text) = self.entities.take(name) {
            return Token::Text(Cow::Owned(text));
        }
        let rest = self.text.get(at..).unwrap_or_default();
        if let Some((c, len)) = surrogates(rest) {
            self.seek(at + len);
            return Token::Text(Cow::Owned(c.to_string()));
        }
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#');
        if is_name {
            repairs.note(Repair::UnknownEntity, at);
            return Token::Text(Cow::Owned(format!("&{name};")));
        }
        repairs.note(Repair::BareAmpersand, at);
        self.seek(at + 1);
        Token::Text(Cow::Borrowed("&"))
    }

    /// Returns a CDATA section whose name is not written in capitals, which quick-xml does not know.
    fn odd_section(&mut self, at: usize, rest: &'a str) -> Option<Token<'a>> {
        let head = rest.get(..CDATA.len()).filter(|h| h.starts_with("<![") && h.eq_ignore_ascii_case(CDATA))?;
        if head == CDATA {
            return None;
        }
        let (body, _) = rest.get(CDATA.len()..)?.split_once("]]>")?;
        self.seek(at + CDATA.len() + body.len() + 3);
        Some(Token::Text(Cow::Borrowed(body)))
    }

    /// Reads on by hand at a place that has no end: a comment, a section, a tag.
    fn recover(&mut self, at: usize, open: &str, repairs: &mut Repairs) -> After<'a> {
        let rest = self.text.get(at..).unwrap_or_default();
        if let Some(body) = rest.strip_prefix(CDATA) {
            repairs.note(Repair::OpenSection, at);
            let close = format!("</{open}");
            let end = if open.is_empty() { None } else { body.find(&close) }.unwrap_or(body.len());
            self.seek(at + 9 + end);
            let body = body.get(..end).unwrap_or_default().trim_end();
            return After::Token(Token::Text(Cow::Borrowed(body.strip_suffix("]]").unwrap_or(body))));
        }
        if rest.starts_with("<!") || rest.starts_with("<?") {
            repairs.note(Repair::OpenSection, at);
            self.seek(rest.find('>').map_or(self.text.len(), |end| at + end + 1));
            return After::Skipped;
        }
        let inner = rest.get(1..).unwrap_or_default();
        let Some(next) = inner.find('<') else {
            repairs.note(Repair::CutOff, at);
            return After::End;
        };
        repairs.note(Repair::BrokenTag, at);
        self.seek(at + 1 + next);
        let tag = inner.get(..next).unwrap_or_default();
        After::Token(match tag.strip_prefix('/') {
            Some(name) => Token::Close(Cow::Owned(name.trim_end_matches('>').trim().to_owned())),
            None => broken_start(tag, &mut self.entities),
        })
    }
}

/// How a CDATA section begins.
const CDATA: &str = "<![CDATA[";

/// Returns the text of a section without the beginnings of others that were put into it.
fn without_beginnings(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains(CDATA) { Cow::Owned(text.replace(CDATA, "")) } else { text }
}

/// Returns the character that two references to halves make (`&#xD83D;&#xDE00;`), and how many
/// bytes they have. Programs that count in UTF-16 write such.
fn surrogates(rest: &str) -> Option<(char, usize)> {
    let half = |text: &str| -> Option<(u16, usize)> {
        let (number, _) = text.strip_prefix("&#")?.split_once(';').filter(|(n, _)| n.len() <= 8)?;
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u16::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        Some((code, number.len() + 3))
    };
    let (high, len) = half(rest)?;
    let (low, more) = half(rest.get(len..)?)?;
    char::decode_utf16([high, low]).next()?.ok().filter(|c| u32::from(*c) > 0xffff).map(|c| (c, len + more))
}

/// Returns a reader that checks nothing it need not check.
fn reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    reader
}

/// Tells whether `<` begins a tag, comment, section or instruction, and not just text.
fn begins_markup(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    match chars.next() {
        Some('/') => chars.next().is_some_and(|c| c.is_alphabetic() || c == '_'),
        Some('!') => chars.next().is_some_and(|c| c == '-' || c == '[' || c.is_ascii_alphabetic()),
        Some('?') => true,
        Some(c) => (c.is_alphabetic() || c == '_') && !is_mail(rest),
        None => false,
    }
}

/// Tells whether `<` begins a mail address in angle brackets and not a tag.
fn is_mail(rest: &str) -> bool {
    /// The longest mail address of RFC 5321.
    const MAIL_BYTES_MAX: usize = 254;
    let end = rest.bytes().take(MAIL_BYTES_MAX).position(|b| b == b'>' || b == b'=' || b.is_ascii_whitespace());
    end.and_then(|end| rest.get(..end)).is_some_and(|name| name.contains('@'))
}

/// Tells whether a quote was left open: the next quote, which then closes it, stands right before
/// a letter, as only the beginning of a value does.
fn has_open_quote(raw: &str) -> bool {
    let mut quote = None;
    let mut bytes = raw.bytes().peekable();
    while let Some(b) = bytes.next() {
        match quote {
            None if b == b'"' || b == b'\'' => quote = Some(b),
            Some(q) if q == b => {
                quote = None;
                if bytes.peek().is_some_and(|n| !n.is_ascii_whitespace() && !matches!(n, b'/' | b'?' | b'>')) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// Returns a start tag as a token.
fn start<'a>(tag: &BytesStart<'_>, is_empty: bool, entities: &mut Entities) -> Token<'a> {
    let attributes = tag
        .html_attributes()
        .with_checks(false)
        .take(ATTRIBUTES_MAX)
        .filter_map(Result::ok)
        .map(|a| (a.key.as_ref().to_owned(), html::decode_entities(&entities.put_in(&a.value)).into_owned()))
        .collect();
    Token::Open { name: Cow::Owned(tag.name().as_ref().to_owned()), attributes, is_empty }
}

/// Returns a start tag whose end is missing, without the quotes that are left open.
fn broken_start<'a>(raw: &str, entities: &mut Entities) -> Token<'a> {
    let body = raw.trim_end().trim_end_matches('>');
    let is_empty = body.ends_with('/');
    let body = body.trim_end_matches('/').trim_end();
    let name_len = body.find(|c: char| c.is_whitespace()).unwrap_or(body.len());
    // An open quote at the end is closed, so that the value before it is kept.
    let mut quote = None;
    for c in body.chars().filter(|c| matches!(c, '"' | '\'')) {
        quote = match quote {
            None => Some(c),
            Some(q) if q == c => None,
            kept => kept,
        };
    }
    let whole = format!("{body}{}", quote.map(String::from).unwrap_or_default());
    start(&BytesStart::from_content(whole.as_str(), name_len), is_empty, entities)
}
