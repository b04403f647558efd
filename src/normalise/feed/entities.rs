//! Entities that a document declares in its own document type.
//!
//! Simple texts are put in; what is external is never fetched; what grows by being put into itself
//! or others stays as it is written.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::normalise::html;

/// Entities kept; document types of real feeds declare the 250 letters of HTML at most.
const ENTITIES_MAX: usize = 1_000;
/// The longest name that is looked for, in bytes.
const NAME_BYTES_MAX: usize = 64;
/// The longest text that one entity may stand for, in bytes: a name, an address, a notice.
const ENTITY_BYTES_MAX: usize = 4 * 1024;
/// All that entities may add to one document, in bytes. A feed uses a few hundred.
const ADDED_BYTES_MAX: usize = 1024 * 1024;

/// The entities of one document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entities {
    /// What each stands for, with what it holds put in.
    values: BTreeMap<String, String>,
    /// Bytes that were put in.
    added: usize,
}

impl Entities {
    /// Takes the declarations of a document type. The first of a name counts (XML 1.0, 4.2).
    pub fn declare(&mut self, document_type: &str) {
        let mut rest = document_type;
        while let Some(at) = rest.find("<!") {
            rest = rest.get(at + 2..).unwrap_or_default();
            if let Some(comment) = rest.strip_prefix("--") {
                rest = comment.split_once("-->").map_or("", |(_, after)| after);
            } else if let Some(declaration) = rest.strip_prefix("ENTITY") {
                rest = self.declare_one(declaration).unwrap_or(declaration);
            }
        }
    }

    /// Takes one declaration and returns what follows it; `None` when it declares no text.
    fn declare_one<'a>(&mut self, declaration: &'a str) -> Option<&'a str> {
        let (name, tail) = declaration.trim_start().split_once(char::is_whitespace)?;
        let tail = tail.trim_start();
        let quote = tail.chars().next().filter(|q| matches!(q, '"' | '\''))?;
        let (value, after) = tail.get(1..)?.split_once(quote)?;
        if name != "%" && self.values.len() < ENTITIES_MAX && !self.values.contains_key(name) {
            let value = html::decode_entities(&self.put_in(value)).into_owned();
            if value.len() <= ENTITY_BYTES_MAX {
                self.values.insert(name.to_owned(), value);
            }
        }
        Some(after)
    }

    /// Returns what an entity stands for; `None` for one that is not declared, and when enough was
    /// put in.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let value = self.values.get(name)?;
        self.added = self.added.saturating_add(value.len());
        (self.added <= ADDED_BYTES_MAX).then(|| value.clone())
    }

    /// Returns text with the declared entities put in; all others stay.
    pub fn put_in<'a>(&mut self, text: &'a str) -> Cow<'a, str> {
        if self.values.is_empty() || !text.contains('&') {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, tail)) = rest.split_once('&') {
            out.push_str(before);
            let end = tail.bytes().take(NAME_BYTES_MAX).position(|b| b == b';');
            let split = end.and_then(|end| Some((tail.get(..end)?, tail.get(end + 1..)?)));
            let found = split.and_then(|(name, after)| Some((self.take(name)?, after)));
            if let Some((value, after)) = found {
                // An ampersand that was put in is one, and begins no further entity.
                out.push_str(&value.replace('&', "&amp;"));
                rest = after;
            } else {
                out.push('&');
                rest = tail;
            }
        }
        out.push_str(rest);
        Cow::Owned(out)
    }
}
