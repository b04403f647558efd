//! One entry with its values as written: strings put in, LaTeX not yet read.

use super::{Strings, joined, split};

/// What a child takes from the entry that it names in `crossref`, when it has none of its own; the
/// rest (identifiers, abstract, pages, notes) is the parent's alone.
const INHERITED: &[&str] = &[
    "booktitle",
    "date",
    "editor",
    "institution",
    "isbn",
    "issn",
    "journal",
    "journaltitle",
    "langid",
    "language",
    "month",
    "number",
    "publisher",
    "series",
    "volume",
    "year",
];

/// An entry of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The kind in lower case.
    pub kind: String,
    /// The citation key.
    pub key: String,
    /// Names in lower case, and values; what stands twice is here twice.
    pub fields: Vec<(String, String)>,
    /// Offsets in the body of what is no field.
    pub junk: Vec<usize>,
}

impl Entry {
    /// Reads the body of an entry.
    pub fn read(body: &str, kind: String, strings: &Strings) -> Self {
        let (key, fields, junk) = split::fields(body);
        let fields = fields.iter().map(|f| (f.name.to_lowercase(), joined(&f.parts, strings))).collect();
        Self { kind, key: key.to_owned(), fields, junk: junk.iter().map(|j| j.at).collect() }
    }

    /// Returns the first value of a name that is not empty.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Returns all values of a name that are not empty.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(move |(n, v)| n == name && !v.trim().is_empty()).map(|(_, v)| v.as_str())
    }

    /// Returns the keys of the entries that it inherits from, in lower case.
    pub fn parents(&self) -> Vec<String> {
        ["crossref", "xdata"]
            .iter()
            .flat_map(|name| self.all(name))
            .flat_map(|keys| keys.split(','))
            .map(|key| key.trim().to_lowercase())
            .filter(|key| !key.is_empty())
            .collect()
    }

    /// Takes what it lacks from another entry.
    pub fn take_from(&mut self, parent: &Entry) {
        let is_data = parent.kind == "xdata";
        let mut taken = Vec::new();
        for (name, value) in &parent.fields {
            let name = match name.as_str() {
                "title" if !is_data && self.is_part() => "booktitle",
                "title" if !is_data && self.kind == "article" => "journaltitle",
                other => other,
            };
            let is_inherited = is_data || INHERITED.contains(&name);
            if is_inherited && self.first(name).is_none() {
                taken.push((name.to_owned(), value.clone()));
            }
        }
        self.fields.extend(taken);
    }

    /// Tells whether it is a part of a book or of proceedings.
    fn is_part(&self) -> bool {
        self.kind.starts_with("in") || matches!(self.kind.as_str(), "conference" | "bookinbook" | "suppbook")
    }

    /// Tells whether a value holds what looks like the next field: its own brace is missing.
    pub fn has_swallowed_fields(&self) -> bool {
        self.fields.iter().any(|(_, value)| {
            value.lines().skip(1).any(|line| {
                let (name, rest) = line.split_once('=').unwrap_or_default();
                let name = name.trim();
                !name.is_empty()
                    && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
                    && rest.trim_start().starts_with(['{', '"'])
            })
        })
    }
}
