//! A feed as a small tree: elements with their vocabulary, attributes, children, base address.
//!
//! Ends that do not fit, elements that nobody closed and items within items are put right here.

use std::rc::Rc;

use super::address::Base;
use super::names::{Ns, Scope};
use super::pull::{Attribute, Pull, Token};
use super::repairs::{Repair, Repairs};

/// Elements deeper than this are flattened into the one above.
pub const DEPTH_MAX: usize = 256;
/// Elements read in one feed; a feed of 10,000 rich items has half as many.
const ELEMENTS_MAX: usize = 1_000_000;
/// Names of flattened elements that are remembered, to know their ends; each end looks among them.
const FLATTENED_MAX: usize = 1_000;
/// `xml:base` values that are kept for one element, outermost first; more than two are unheard of.
const BASES_MAX: usize = 8;
/// Items read in one feed; PubMed gives at most 9,999 hits to any question.
pub const ITEMS_MAX: usize = 10_000;

/// A child of an element.
#[derive(Debug, Clone, PartialEq)]
pub enum Child {
    /// An element.
    Node(Node),
    /// Text, decoded.
    Text(String),
}

/// An element.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Vocabulary.
    pub ns: Ns,
    /// Local name in lower case.
    pub name: String,
    /// Qualified name as written.
    pub qualified: String,
    /// Attributes, qualified names as written.
    pub attributes: Vec<Attribute>,
    /// Children in their order.
    pub children: Vec<Child>,
    /// `xml:base` values from the outermost in, that hold here.
    pub bases: Rc<Vec<Rc<str>>>,
    /// `xml:lang` that holds here.
    pub language: Option<Rc<str>>,
    /// Byte offset in the text.
    pub offset: usize,
}

impl Node {
    /// Returns child elements in their order.
    pub fn elements(&self) -> impl Iterator<Item = &Node> {
        self.children.iter().filter_map(|c| match c {
            Child::Node(node) => Some(node),
            Child::Text(_) => None,
        })
    }

    /// Returns child elements of a vocabulary and name.
    pub fn all<'a>(&'a self, ns: Ns, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.elements().filter(move |n| n.ns == ns && n.name == name)
    }

    /// Returns an attribute by local name in lower case, whatever its prefix; empty values count as none.
    pub fn attribute(&self, local: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(name, _)| {
                let own =
                    name.split_once(':').map_or(name.as_str(), |(prefix, l)| if prefix == "xmlns" { "" } else { l });
                own.eq_ignore_ascii_case(local)
            })
            .map(|(_, value)| value.trim())
            .filter(|v| !v.is_empty())
    }

    /// Returns all text inside, without markup.
    pub fn text(&self) -> String {
        let mut out = String::new();
        self.push_text(&mut out);
        out
    }

    /// Adds all text inside to `out`.
    fn push_text(&self, out: &mut String) {
        for child in &self.children {
            match child {
                Child::Text(text) => out.push_str(text),
                Child::Node(node) => node.push_text(out),
            }
        }
    }

    /// Returns the items of an RDF list (`rdf:Bag`, `rdf:Seq`) that it holds; none when it holds
    /// something else.
    pub fn list_items(&self) -> Vec<&Node> {
        let lists = self.elements().filter(|n| n.ns == Ns::Rdf);
        lists.flat_map(Node::elements).filter(|n| n.ns == Ns::Rdf && n.name == "li").collect()
    }

    /// Tells whether it has child elements.
    pub fn has_elements(&self) -> bool {
        self.elements().next().is_some()
    }

    /// Returns what is inside as HTML: elements that HTML knows as tags, others by what they hold,
    /// text escaped.
    ///
    /// Addresses under an `xml:base` of their own are resolved against `base` and it.
    pub fn inner_html(&self, base: Option<&Base>) -> String {
        let mut out = String::new();
        self.push_html(&self.bases, base, &mut out);
        out
    }

    /// Returns the same for XHTML, whose outer `div` is no part of it (RFC 4287, 3.1.1.3).
    pub fn inner_xhtml(&self, base: Option<&Base>) -> String {
        let mut parts = self.children.iter().filter(|c| !matches!(c, Child::Text(t) if t.trim().is_empty()));
        let (Some(Child::Node(div)), None) = (parts.next(), parts.next()) else { return self.inner_html(base) };
        if div.name != "div" {
            return self.inner_html(base);
        }
        let mut out = String::new();
        div.push_html(&self.bases, base, &mut out);
        out
    }

    /// Adds what is inside to `out` as HTML; `outer` are the bases that hold outside.
    fn push_html(&self, outer: &Rc<Vec<Rc<str>>>, base: Option<&Base>, out: &mut String) {
        for child in &self.children {
            match child {
                Child::Text(text) => out.push_str(&quick_xml::escape::minimal_escape(text.as_str())),
                Child::Node(node) if !crate::normalise::html::is_known_element(&node.name) => {
                    node.push_html(outer, base, out);
                }
                Child::Node(node) => {
                    out.push('<');
                    out.push_str(&node.name);
                    let own = base.filter(|_| !Rc::ptr_eq(outer, &node.bases));
                    for (name, value) in &node.attributes {
                        let address = own.filter(|_| matches!(name.as_str(), "href" | "src"));
                        let resolved = address.and_then(|b| b.resolve(value, &node.bases));
                        let value = resolved.as_deref().unwrap_or(value);
                        out.push(' ');
                        out.push_str(name);
                        out.push_str("=\"");
                        out.push_str(&quick_xml::escape::escape(value));
                        out.push('"');
                    }
                    out.push('>');
                    node.push_html(outer, base, out);
                    if !is_void(&node.name) {
                        out.push_str(&format!("</{}>", node.name));
                    }
                }
            }
        }
    }

    /// Tells whether it is an item or entry of a feed.
    pub fn is_item(&self) -> bool {
        is_item(self.ns, &self.name)
    }
}

/// Tells whether a name is that of an item or entry.
fn is_item(ns: Ns, name: &str) -> bool {
    (ns == Ns::Rss && name == "item") || (matches!(ns, Ns::Atom | Ns::Rss) && name == "entry")
}

/// HTML elements without content, which feeds write without an end.
fn is_void(name: &str) -> bool {
    matches!(name, "br" | "img" | "hr" | "wbr")
}

/// Elements that hold only text: the next element of the feed ends them when nobody did.
fn is_leaf(node: &Node) -> bool {
    matches!(node.ns, Ns::Rss | Ns::Atom | Ns::Dc)
        && matches!(
            node.name.as_str(),
            "title" | "guid" | "pubdate" | "id" | "updated" | "published" | "link" | "creator" | "date" | "identifier"
        )
}

/// Elements that end such a leaf: those that stand beside it in a feed.
fn ends_leaf(ns: Ns, name: &str) -> bool {
    match ns {
        Ns::Rss | Ns::Atom => matches!(
            name,
            "title"
                | "link"
                | "description"
                | "guid"
                | "pubdate"
                | "item"
                | "entry"
                | "author"
                | "category"
                | "comments"
                | "enclosure"
                | "summary"
                | "content"
                | "id"
                | "updated"
                | "published"
        ),
        Ns::Dc | Ns::Prism | Ns::Content | Ns::Media => true,
        Ns::Rdf | Ns::Html | Ns::Xml | Ns::Other => false,
    }
}

/// Builds the tree of a text. The element that is returned is no element of the text: it holds
/// all that stands outermost.
pub fn build(text: &str, repairs: &mut Repairs) -> Node {
    let mut builder = Builder::new();
    let mut pull = Pull::new(text);
    loop {
        let offset = pull.offset();
        let Some(token) = pull.next(builder.open_name(), repairs) else { break };
        match token {
            Token::Text(text) => builder.text(&text),
            Token::Close(name) => builder.close(&name, offset, repairs),
            Token::Open { name, attributes, is_empty } => {
                if !is_empty && closes_at_once(pull.rest(), &name) && builder.has_open_item() {
                    builder.awaited_end = Some(name.to_string());
                }
                if !builder.open(&name, attributes, is_empty, offset, repairs) {
                    repairs.note(Repair::TooMany, offset);
                    break;
                }
            }
        }
    }
    builder.finish(text.len(), repairs)
}

/// Tells whether the end of an element follows with nothing in between.
fn closes_at_once(rest: &str, name: &str) -> bool {
    rest.trim_start().strip_prefix("</").is_some_and(|r| r.starts_with(name))
}

/// The elements that are open, outermost first.
struct Builder {
    stack: Vec<(Node, usize)>,
    scope: Scope,
    /// Elements left out for depth, innermost last.
    flattened: Vec<String>,
    /// The end of an element without content that is just being opened within an item.
    awaited_end: Option<String>,
    elements: usize,
    items: usize,
}

impl Builder {
    /// Begins with the element that holds all.
    fn new() -> Self {
        let root = Node {
            ns: Ns::Other,
            name: String::new(),
            qualified: String::new(),
            attributes: Vec::new(),
            children: Vec::new(),
            bases: Rc::new(Vec::new()),
            language: None,
            offset: 0,
        };
        Self {
            stack: vec![(root, 0)],
            scope: Scope::default(),
            flattened: Vec::new(),
            awaited_end: None,
            elements: 0,
            items: 0,
        }
    }

    /// Returns the innermost open element.
    fn top(&mut self) -> &mut Node {
        &mut self.stack.last_mut().expect("invariant: the outermost element is never popped").0
    }

    /// Returns the qualified name of the innermost open element.
    fn open_name(&self) -> &str {
        self.stack.last().map_or("", |(n, _)| n.qualified.as_str())
    }

    /// Adds text.
    fn text(&mut self, text: &str) {
        let children = &mut self.top().children;
        if let Some(Child::Text(before)) = children.last_mut() {
            before.push_str(text);
        } else {
            children.push(Child::Text(text.to_owned()));
        }
    }

    /// Opens an element; `false` when there are too many.
    fn open(
        &mut self,
        qualified: &str,
        attributes: Vec<Attribute>,
        is_empty: bool,
        offset: usize,
        repairs: &mut Repairs,
    ) -> bool {
        self.elements += 1;
        let ends_at_once = is_empty || self.awaited_end.as_deref() == Some(qualified);
        if self.stack.len() > DEPTH_MAX {
            repairs.note(Repair::TooDeep, offset);
            if !is_empty && self.flattened.len() < FLATTENED_MAX {
                self.flattened.push(qualified.to_owned());
            }
            return self.elements <= ELEMENTS_MAX;
        }
        let mark = self.scope.enter(&attributes);
        let (ns, name) = self.scope.element(qualified);
        self.scope.leave(mark);
        if is_item(ns, &name) {
            if ends_at_once && self.has_open_item() {
                repairs.note(Repair::EmptyEntry, offset);
                return true;
            }
            self.items += 1;
        }
        self.awaited_end = None;
        self.end_what_this_ends(ns, &name, offset, repairs);
        let mark = self.scope.enter(&attributes);
        let node = self.top().child(ns, name, qualified, attributes, offset);
        if is_empty || (is_void(&node.name) && matches!(node.ns, Ns::Rss | Ns::Atom | Ns::Html)) {
            self.scope.leave(mark);
            self.top().children.push(Child::Node(node));
        } else {
            self.stack.push((node, mark));
        }
        self.elements <= ELEMENTS_MAX && self.items <= ITEMS_MAX
    }

    /// Tells whether an item is open.
    fn has_open_item(&self) -> bool {
        self.stack.iter().any(|(n, _)| n.is_item())
    }

    /// Closes what an element cannot stand in: an item ends an item, a field ends a text field.
    fn end_what_this_ends(&mut self, ns: Ns, name: &str, offset: usize, repairs: &mut Repairs) {
        if is_item(ns, name) {
            if let Some(at) = self.stack.iter().rposition(|(n, _)| n.is_item()) {
                repairs.note(Repair::NotClosed, offset);
                self.pop_to(at);
            }
        } else if ends_leaf(ns, name) && self.stack.last().is_some_and(|(n, _)| is_leaf(n)) {
            repairs.note(Repair::NotClosed, offset);
            self.pop_to(self.stack.len() - 1);
        }
    }

    /// Closes an element by name, and those in it that nobody closed.
    fn close(&mut self, qualified: &str, offset: usize, repairs: &mut Repairs) {
        if self.awaited_end.take().is_some_and(|n| n == qualified) {
            return;
        }
        if let Some(at) = self.flattened.iter().rposition(|n| n.eq_ignore_ascii_case(qualified)) {
            self.flattened.truncate(at);
            return;
        }
        let fits = |(n, _): &(Node, usize)| n.qualified.eq_ignore_ascii_case(qualified);
        let Some(at) = self.stack.iter().rposition(fits).filter(|at| *at > 0) else {
            if !is_void(&qualified.to_ascii_lowercase()) {
                repairs.note(Repair::StrayEnd, offset);
            }
            return;
        };
        if at + 1 < self.stack.len() {
            repairs.note(Repair::NotClosed, offset);
        }
        self.flattened.clear();
        self.pop_to(at);
    }

    /// Closes all elements from the place `at` of the stack.
    fn pop_to(&mut self, at: usize) {
        while self.stack.len() > at.max(1) {
            if let Some((node, mark)) = self.stack.pop() {
                self.scope.leave(mark);
                self.top().children.push(Child::Node(node));
            }
        }
    }

    /// Closes everything and returns the element that holds all.
    fn finish(mut self, end: usize, repairs: &mut Repairs) -> Node {
        if self.stack.len() > 1 && repairs.count(Repair::TooMany) == 0 {
            repairs.note(Repair::CutOff, end);
        }
        self.pop_to(1);
        self.stack.swap_remove(0).0
    }
}

impl Node {
    /// Returns a new element that stands in this one: base addresses and language carry over.
    fn child(&self, ns: Ns, name: String, qualified: &str, attributes: Vec<Attribute>, offset: usize) -> Node {
        let own = |wanted: &str| attributes.iter().find(|(n, _)| n.eq_ignore_ascii_case(wanted)).map(|(_, v)| v.trim());
        let bases = match own("xml:base") {
            Some(base) if !base.is_empty() && self.bases.len() < BASES_MAX => {
                let mut bases = self.bases.as_ref().clone();
                bases.push(Rc::from(base));
                Rc::new(bases)
            }
            _ => Rc::clone(&self.bases),
        };
        let language = match own("xml:lang") {
            Some("") => None,
            Some(language) => Some(Rc::from(language)),
            None => self.language.clone(),
        };
        Node { ns, name, qualified: qualified.to_owned(), attributes, children: Vec::new(), bases, language, offset }
    }
}
