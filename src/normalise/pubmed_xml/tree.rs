//! One record of PubMed XML as a flat tree that borrows its text.
//!
//! A record is small (some ten kilobytes), so it is read whole and then asked by paths; the file
//! is not. The reader is strict: what is not well-formed XML 1.0 is a [`Flaw`], since half a
//! record under the right PMID is worse than none.

use std::borrow::Cow;
use std::io::BufRead;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use quick_xml::Reader;
use quick_xml::escape::{EscapeError, resolve_xml_entity, unescape_with};
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::tag::{AttributeParts, has_plain_form, plain_attribute, plain_inside, text_until_markup};
use crate::model::text::clean_line;

/// Parts that are checked but never read. Identifiers below `ReferenceList` belong to cited
/// papers, names below `InvestigatorList` are not authors, `Sections` of a book are its contents.
const UNREAD: &[&str] = &[
    "ReferenceList",
    "InvestigatorList",
    "GrantList",
    "ChemicalList",
    "DataBankList",
    "SupplMeshList",
    "PersonalNameSubjectList",
    "GeneSymbolList",
    "Sections",
    "ObjectList",
];

/// Finds the end of CDATA, which may not stand in text.
static CDATA_END: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("]]>"));

/// The shortest name of an unread part, in bytes.
const UNREAD_NAME_BYTES_MIN: usize = 8;

/// The deepest nesting we take; real records stay below 20, also with formulas.
const DEPTH_MAX: usize = 256;

/// About how many bytes of a record make one node: room for the nodes is made once.
const NODE_BYTES: usize = 20;

/// The message for text that is not the record's own; a reader of a slice never gives any.
const NOT_BORROWED: &str = "text that is not in the record";

/// Why a record is not well-formed, and where in its bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flaw {
    /// Offset in bytes from the beginning of the record.
    pub offset: usize,
    /// What is off, in lower case without full stop.
    pub message: String,
}

/// How a record is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Text, end tags and unread parts in their usual forms are taken without the reader, since they
    /// are most of a record and say nothing that it must find out. What is unusual is an error.
    Plain,
    /// The reader sees everything but text, and every error is told.
    Strict,
}

/// What a node is.
#[derive(Debug, Clone, Copy)]
enum Kind<'a> {
    /// An element: name, and attributes as they stand in the tag.
    Element(&'a str, &'a str),
    /// Text without references, or CDATA.
    Text(&'a str),
    /// A resolved reference.
    Character(char),
}

/// A node in document order; `end` is the index behind the last node inside it.
#[derive(Debug, Clone, Copy)]
struct Node<'a> {
    kind: Kind<'a>,
    end: usize,
}

/// A record whose nodes stand in document order.
#[derive(Debug)]
pub struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

/// An element of a [`Tree`].
#[derive(Debug, Clone, Copy)]
pub struct Element<'t> {
    nodes: &'t [Node<'t>],
    index: usize,
}

impl<'a> Node<'a> {
    /// Returns the name of an element; empty for anything else.
    fn name(&self) -> &'a str {
        if let Kind::Element(name, _) = self.kind { name } else { "" }
    }
}

impl<'a> Tree<'a> {
    /// Reads one element with all that is in it, from its `<` to its last `>`.
    ///
    /// # Errors
    /// When the text is not one well-formed element.
    pub fn parse(xml: &'a str) -> Result<Self, Flaw> {
        if let Some(offset) = forbidden_at(xml) {
            return Err(Flaw { offset, message: "a character that XML forbids".to_owned() });
        }
        let is_usual = CDATA_END.find(xml.as_bytes()).is_none();
        let plain = if is_usual { Self::read(xml, Way::Plain) } else { Err(Flaw::default()) };
        plain.or_else(|_| Self::read(xml, Way::Strict))
    }

    /// Reads one element; what is wrong with it is only told on the strict way.
    fn read(xml: &'a str, way: Way) -> Result<Self, Flaw> {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().check_comments = true;
        let nodes = Vec::with_capacity(xml.len() / NODE_BYTES);
        let mut builder = Builder { xml, nodes, open: Vec::new(), unread: 0 };
        let mut offset = 0;
        loop {
            let known = builder.plain_parts(offset, way).map_err(|message| Flaw { offset, message })?;
            if known > 0 {
                reader.stream().consume(known);
                offset += known;
            }
            let event = reader.read_event().map_err(|e| {
                let offset = usize::try_from(reader.error_position()).unwrap_or(offset);
                Flaw { offset, message: e.to_string().trim_end_matches('.').to_owned() }
            })?;
            let is_end = matches!(event, Event::Eof);
            builder.take(event, offset).map_err(|message| Flaw { offset, message })?;
            if is_end {
                return Ok(Self { nodes: builder.nodes });
            }
            offset = usize::try_from(reader.buffer_position()).unwrap_or(xml.len());
        }
    }

    /// Returns the element that the record is; `None` only for an empty text.
    pub fn root(&self) -> Option<Element<'_>> {
        matches!(self.nodes.first()?.kind, Kind::Element(..)).then_some(Element { nodes: &self.nodes, index: 0 })
    }
}

/// Nodes read so far, and the elements still open.
struct Builder<'a> {
    xml: &'a str,
    nodes: Vec<Node<'a>>,
    open: Vec<usize>,
    /// How deep we are inside an unread part; 0 when outside.
    unread: usize,
}

impl<'a> Builder<'a> {
    /// Takes one event that begins at `offset`; the error is a message.
    fn take(&mut self, event: Event<'a>, offset: usize) -> Result<(), String> {
        match event {
            Event::Start(tag) => self.start(&tag, offset)?,
            Event::Empty(tag) => {
                self.start(&tag, offset)?;
                self.end();
            }
            Event::End(_) => self.end(),
            Event::Text(text) => {
                let Cow::Borrowed(text) = text.into_inner() else { return Err(NOT_BORROWED.to_owned()) };
                self.text(text, Way::Strict)?;
            }
            Event::CData(text) => {
                let Cow::Borrowed(text) = text.into_inner() else { return Err(NOT_BORROWED.to_owned()) };
                self.leaf(Kind::Text(text), text)?;
            }
            Event::GeneralRef(reference) => {
                let c = resolve(&reference)?;
                self.leaf(Kind::Character(c), "&")?;
            }
            Event::Comment(_) | Event::PI(_) => {}
            Event::Decl(_) | Event::DocType(_) => return Err("a declaration inside a record".to_owned()),
            Event::Eof if self.open.is_empty() && self.unread == 0 => {}
            Event::Eof => return Err("ends before all its elements are closed".to_owned()),
        }
        Ok(())
    }

    /// Opens an element.
    fn start(&mut self, tag: &BytesStart<'_>, offset: usize) -> Result<(), String> {
        let name_start = offset + 1;
        let name_end = name_start + tag.name().as_ref().len();
        let name = self.xml.get(name_start..name_end).unwrap_or_default();
        let attributes = self.xml.get(name_end..name_start + tag.len()).unwrap_or_default();
        check_tag(name, attributes)?;
        if self.open.is_empty() && !self.nodes.is_empty() {
            return Err("goes on after its end".to_owned());
        }
        if self.unread > 0 {
            self.unread += 1;
        } else {
            self.open.push(self.nodes.len());
            self.nodes.push(Node { kind: Kind::Element(name, attributes), end: self.nodes.len() + 1 });
            self.unread = usize::from(name.len() >= UNREAD_NAME_BYTES_MIN && UNREAD.contains(&name));
        }
        if self.open.len() + self.unread > DEPTH_MAX {
            return Err(format!("more than {DEPTH_MAX} elements inside each other"));
        }
        Ok(())
    }

    /// Closes the innermost element; the reader has checked that the names agree.
    fn end(&mut self) {
        self.unread = self.unread.saturating_sub(1);
        if self.unread > 0 {
            return;
        }
        let end = self.nodes.len();
        if let Some(node) = self.open.pop().and_then(|at| self.nodes.get_mut(at)) {
            node.end = end;
        }
    }

    /// Takes what stands from `offset` on up to what only the reader can read, and returns its length.
    fn plain_parts(&mut self, offset: usize, way: Way) -> Result<usize, String> {
        let mut at = offset;
        if self.unread > 0 && way == Way::Plain {
            let depth_left = DEPTH_MAX.saturating_sub(self.open.len() + 1);
            let inside = plain_inside(self.xml.get(at..).unwrap_or_default(), depth_left);
            at += inside.ok_or_else(String::new)?;
            self.unread = 0;
        }
        loop {
            let rest = self.xml.get(at..).unwrap_or_default();
            let text = text_until_markup(rest);
            if !text.is_empty() {
                self.text(text, way)?;
                at += text.len();
            }
            let is_at_name = way == Way::Plain && self.xml.as_bytes().get(at..at + 2) == Some(b"</");
            if !is_at_name {
                return Ok(at - offset);
            }
            let Some(name) = self.open.last().and_then(|open| self.nodes.get(*open)).map(Node::name) else {
                return Err(String::new());
            };
            let end = at + 2 + name.len();
            if self.xml.get(at + 2..end) != Some(name) || self.xml.as_bytes().get(end) != Some(&b'>') {
                return Err(String::new());
            }
            self.end();
            at = end + 1;
        }
    }

    /// Adds text that stands between markup.
    fn text(&mut self, text: &'a str, way: Way) -> Result<(), String> {
        if way == Way::Strict && text.contains("]]>") {
            return Err("]]> outside of CDATA".to_owned());
        }
        self.leaf(Kind::Text(text), text)
    }

    /// Adds a piece of text or a character.
    fn leaf(&mut self, kind: Kind<'a>, text: &str) -> Result<(), String> {
        if self.open.is_empty() {
            return if text.trim().is_empty() { Ok(()) } else { Err("text outside of the record".to_owned()) };
        }
        if self.unread == 0 {
            self.nodes.push(Node { kind, end: self.nodes.len() + 1 });
        }
        Ok(())
    }
}

/// Checks a tag as XML 1.0 wants it: names, quoted attributes, each once, no `<`, known references.
fn check_tag(name: &str, attributes: &str) -> Result<(), String> {
    if !is_name(name) {
        return Err(format!("<{name}> is no element name"));
    }
    if has_plain_form(attributes) {
        return Ok(());
    }
    let bad_form = || format!("the attributes of <{name}> are not in the form name=\"value\"");
    let mut rest = attributes;
    let mut seen: Vec<&str> = Vec::new();
    while !rest.trim_start().is_empty() {
        let (key, value, after) = next_attribute(rest).ok_or_else(bad_form)?;
        if !is_name(key) || value.contains('<') || !rest.starts_with([' ', '\t', '\r', '\n']) {
            return Err(bad_form());
        }
        if seen.contains(&key) {
            return Err(format!("<{name}> has the attribute {key} twice"));
        }
        if value.contains('&') {
            unescape(value)?;
        }
        seen.push(key);
        rest = after;
    }
    Ok(())
}

/// Parts the first attribute off; `None` where there is none.
fn next_attribute(text: &str) -> Option<AttributeParts<'_>> {
    let (name, after) = text.split_once('=')?;
    let after = after.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, rest) = after.strip_prefix(quote)?.split_once(quote)?;
    Some((name.trim(), value, rest))
}

/// Tells whether a text is a name of XML. Beyond ASCII every letter is let through.
fn is_name(text: &str) -> bool {
    // Without a way out of the loop, which is faster for what nearly all names are.
    let is_odd = |b: u8| !b.is_ascii_alphabetic();
    if !text.is_empty() && !text.bytes().fold(false, |found, b| found | is_odd(b)) {
        return true;
    }
    let is_first = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | ':') || !c.is_ascii();
    text.starts_with(is_first) && text.chars().all(|c| is_first(c) || c.is_ascii_digit() || matches!(c, '-' | '.'))
}

/// Returns where the first character is that XML 1.0 forbids.
///
/// The first look works on blocks of bytes and only says whether there is one, which is fast.
fn forbidden_at(xml: &str) -> Option<usize> {
    // Noncharacters begin with 0xef in UTF-8.
    let is_suspect = |b: u8| b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r') || b == 0xef;
    let has_suspect =
        xml.as_bytes().chunks(64).any(|block| block.iter().fold(false, |found, b| found | is_suspect(*b)));
    has_suspect.then(|| xml.find(|c: char| !is_xml_char(c))).flatten()
}

/// Tells whether XML 1.0 allows a character (production 2).
fn is_xml_char(c: char) -> bool {
    c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}') || matches!(c, '\t' | '\n' | '\r')
}

/// Returns the character that a reference stands for: the five of XML, or a number.
fn resolve(reference: &BytesRef<'_>) -> Result<char, String> {
    let unknown = || format!("the reference &{}; is not known", reference.as_ref());
    if reference.is_char_ref() {
        let c = reference.resolve_char_ref().map_err(|_| unknown())?;
        return c.filter(|c| is_xml_char(*c)).ok_or_else(unknown);
    }
    resolve_xml_entity(reference).and_then(|text| text.chars().next()).ok_or_else(unknown)
}

/// Returns an attribute's value with its references resolved.
fn unescape(value: &str) -> Result<Cow<'_, str>, String> {
    unescape_with(value, resolve_xml_entity).map_err(|e: EscapeError| e.to_string())
}

impl<'t> Element<'t> {
    /// Returns the element's name.
    pub fn name(self) -> &'t str {
        self.nodes.get(self.index).map_or("", Node::name)
    }

    /// Returns the value of an attribute, or `None` when it is not there.
    pub fn attribute(self, key: &str) -> Option<Cow<'t, str>> {
        let Some(Kind::Element(_, mut rest)) = self.nodes.get(self.index).map(|n| n.kind) else { return None };
        while let Some((name, value, after)) = plain_attribute(rest) {
            if name == key {
                return Some(Cow::Borrowed(value));
            }
            rest = after;
        }
        while let Some((name, value, after)) = next_attribute(rest) {
            if name == key {
                return Some(unescape(value).unwrap_or(Cow::Borrowed(value)));
            }
            rest = after;
        }
        None
    }

    /// Tells whether an attribute has this value.
    pub fn has(self, key: &str, value: &str) -> bool {
        self.attribute(key).is_some_and(|v| v == value)
    }

    /// Returns the elements directly inside, in their order.
    pub fn children(self) -> impl Iterator<Item = Element<'t>> + use<'t> {
        let end = self.nodes.get(self.index).map_or(0, |n| n.end);
        let mut next = self.index + 1;
        std::iter::from_fn(move || {
            while next < end {
                let at = next;
                let node = self.nodes.get(at)?;
                next = node.end;
                if matches!(node.kind, Kind::Element(..)) {
                    return Some(Element { nodes: self.nodes, index: at });
                }
            }
            None
        })
    }

    /// Returns the elements directly inside that have this name.
    pub fn named(self, name: &'static str) -> impl Iterator<Item = Element<'t>> + use<'t> {
        self.children().filter(move |c| c.name() == name)
    }

    /// Returns all elements at a path below, in document order.
    pub fn all(self, path: &[&'static str]) -> Vec<Element<'t>> {
        let Some((first, rest)) = path.split_first() else { return vec![self] };
        if rest.is_empty() {
            return self.named(first).collect();
        }
        self.named(first).flat_map(|child| child.all(rest)).collect()
    }

    /// Returns the first element at a path below.
    pub fn first(self, path: &[&'static str]) -> Option<Element<'t>> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        self.named(first).find_map(|child| child.first(rest))
    }

    /// Returns the first element directly inside of each of some names, looking once.
    pub fn firsts<const N: usize>(self, names: [&'static str; N]) -> [Option<Element<'t>>; N] {
        let mut found = [None; N];
        for child in self.children() {
            let place = found.iter_mut().zip(names).find(|(_, name)| *name == child.name());
            if let Some((place, _)) = place {
                place.get_or_insert(child);
            }
        }
        found
    }

    /// Returns the text of the first element at a path below; empty when there is none.
    pub fn text_at(self, path: &[&'static str]) -> String {
        self.first(path).map(Element::text).unwrap_or_default()
    }

    /// Returns the clean texts of all elements at a path below, without the empty ones.
    pub fn texts_at(self, path: &[&'static str]) -> Vec<String> {
        let mut texts = Vec::new();
        self.push_texts(path, &mut texts);
        texts
    }

    /// Adds the texts of all elements at a path below.
    fn push_texts(self, path: &[&'static str], texts: &mut Vec<String>) {
        let Some((first, rest)) = path.split_first() else {
            texts.extend(Some(self.text()).filter(|text| !text.is_empty()));
            return;
        };
        for child in self.named(first) {
            child.push_texts(rest, texts);
        }
    }

    /// Returns all text inside, also of nested markup, in order and with nothing put in between,
    /// as one clean line.
    pub fn text(self) -> String {
        let end = self.nodes.get(self.index).map_or(0, |n| n.end);
        let inside = self.nodes.get(self.index + 1..end).unwrap_or_default();
        if let [Node { kind: Kind::Text(text), .. }] = inside {
            return clean(text);
        }
        let mut out = String::new();
        for node in inside {
            match node.kind {
                Kind::Text(text) => out.push_str(text),
                Kind::Character(c) => out.push(c),
                Kind::Element(..) => {}
            }
        }
        clean(&out)
    }
}

/// Returns a text as one clean line; most texts are that already and are only copied.
fn clean(text: &str) -> String {
    let bytes = text.as_bytes();
    let after = bytes.get(1..).unwrap_or_default();
    // Without a way out of the loops: the compiler makes wide instructions of them.
    let is_odd = |b: u8| !(b' '..0x7f).contains(&b);
    let is_gap = |a: u8, b: u8| a == b' ' && b == b' ';
    let is_plain = !bytes.iter().fold(false, |found, b| found | is_odd(*b));
    let has_gap = bytes.iter().zip(after).fold(false, |found, (a, b)| found | is_gap(*a, *b));
    let is_clean = is_plain && !has_gap && !text.starts_with(' ') && !text.ends_with(' ');
    if is_clean { text.to_owned() } else { clean_line(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_nested_markup_runs_on() {
        let tree = Tree::parse("<a>H<sub>2</sub>O &lt; <b>x</b>&#233;<![CDATA[<y>]]>\n z</a>").expect("well-formed");
        assert_eq!(tree.root().map(Element::text).as_deref(), Some("H2O < xé<y> z"));
    }

    #[test]
    fn paths_and_attributes_are_found() {
        let xml =
            r#"<a><l/><l v='1' w="&amp;2"><m>x</m><m/></l><m>no</m><ReferenceList><m>never</m></ReferenceList></a>"#;
        let tree = Tree::parse(xml).expect("well-formed");
        let root = tree.root().expect("an element");
        assert_eq!(root.texts_at(&["l", "m"]), ["x"]);
        assert_eq!(root.texts_at(&["ReferenceList", "m"]), [""; 0]);
        let second = root.named("l").nth(1).expect("there");
        assert_eq!(second.attribute("w").as_deref(), Some("&2"));
        assert!(second.has("v", "1") && !second.has("x", "1"));
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for (id, xml) in [
            ("crossed", "<a><b></a></b>"),
            ("open", "<a><b>"),
            ("open in an unread part", "<a><ReferenceList></a>"),
            ("bare ampersand", "<a>x & y</a>"),
            ("unknown reference", "<a>&nbsp;</a>"),
            ("forbidden number", "<a>&#1;</a>"),
            ("control character", "<a>\u{1}</a>"),
            ("no quotes", "<a v=1></a>"),
            ("one quote", "<a v=\"1></a>"),
            ("twice", "<a v='1' v='2'/>"),
            ("glued attributes", "<a v='1'w='2'/>"),
            ("bare less-than in a tag", "<a v='<'/>"),
            ("bad name", "<a><1/></a>"),
            ("two roots", "<a/><b/>"),
            ("text behind", "<a/>x"),
            ("text before", "x<a/>"),
            ("cdata end", "<a>]]></a>"),
            ("comment", "<a><!-- -- --></a>"),
            ("doctype", "<a><!DOCTYPE b></a>"),
            ("reference in an attribute", "<a v='&x;'/>"),
        ] {
            assert!(Tree::parse(xml).is_err(), "{id}");
        }
    }
}
