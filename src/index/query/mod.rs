//! The query language: what a person types, and what it means.
//!
//! | typed | meaning |
//! |---|---|
//! | `postpartum depression` | any of the words, papers with more of them first |
//! | `"thinking healthy"` | the words side by side; required |
//! | `country:kenya`, `title:(infant stress)` | required in that field |
//! | `country:KE country:UG` | either: values of one tag are alternatives |
//! | `-review`, `NOT review` | without |
//! | `a AND b`, `a OR b`, `( )` | `OR` binds first, then neighbours, then `AND` |
//! | `depress*` | words that begin so |
//! | `2022..2025`, `year:2024`, `since:2024-06` | time |
//! | a DOI, PMID, PMCID or address | that paper |
//!
//! Parsing never fails and never panics: what is off is a [`Problem`] (the query is then not
//! run) or a note (it is run, and the note tells how it was read).
//!
//! ```
//! let query = roundup::index::parse_query("depression -country:KE 2022..2025");
//! assert!(query.problems.is_empty());
//! assert_eq!(query.to_string(), "(year=2022..2025 & depression & -country=ke)");
//! ```

mod field;
mod lex;
mod parse;

use std::fmt;

pub(super) use field::{TagField, TextField};

use super::analyse;
use crate::model::{PartialDate, Problem};

/// The longest query, in characters: tantivy and people both lose their way in longer ones.
pub const QUERY_CHARS_MAX: usize = 512;

/// The deepest nesting of brackets: every level is a call on the stack.
pub const NESTING_MAX: usize = 16;

/// The longest free text taken by [`plain_query`], in characters: a title and an abstract.
const PLAIN_CHARS_MAX: usize = 8_192;

/// A query as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedQuery {
    /// What is looked for; `None` when nothing is, which is also a problem.
    pub(super) root: Option<Node>,
    /// What is wrong with the query; it is not run when there is any. Columns count characters.
    pub problems: Vec<Problem>,
    /// How doubtful parts were read.
    pub notes: Vec<String>,
}

impl fmt::Display for ParsedQuery {
    /// Writes the meaning: `(a | b)` any, `(a & b)` all, `-a` not, `field=value` exact,
    /// `<…>` an identifier.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.root {
            Some(node) => node.fmt(f),
            None => f.write_str("nothing"),
        }
    }
}

/// Returns what a person's query means.
pub fn parse_query(text: &str) -> ParsedQuery {
    parse::query(text)
}

/// Returns the query for free text: any of its words, nothing is an operator.
pub fn plain_query(text: &str) -> ParsedQuery {
    let text: String = text.chars().take(PLAIN_CHARS_MAX).collect();
    let words: Vec<Node> = text.split_whitespace().flat_map(|w| field::words(w, TextField::Anywhere)).collect();
    ParsedQuery { root: any(words), problems: Vec::new(), notes: Vec::new() }
}

/// How a text is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// One word, perhaps hyphenated.
    Word,
    /// Words side by side.
    Phrase,
    /// The beginning of a word.
    Prefix,
}

/// One part of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// Every paper.
    Everything,
    /// Words in a text.
    Text { field: TextField, form: Form, text: String },
    /// A tag or another exact value.
    Tag { field: TagField, value: String },
    /// Citation year, both ends included.
    Year { from: Option<i16>, to: Option<i16> },
    /// First public day, both ends included.
    Day { from: Option<PartialDate>, to: Option<PartialDate> },
    /// An identifier as it stands in the index (`doi:10.5555/abc`).
    Exact(String),
    /// At least one of these.
    Any(Vec<Node>),
    /// All of these.
    All(Vec<Node>),
    /// None of this.
    Not(Box<Node>),
}

impl Node {
    /// Calls `visit` for each part that is no combination; `false` says that it is excluded.
    pub(super) fn leaves<'a>(&'a self, wanted: bool, visit: &mut dyn FnMut(&'a Self, bool)) {
        match self {
            Self::Any(parts) | Self::All(parts) => parts.iter().for_each(|p| p.leaves(wanted, visit)),
            Self::Not(part) => part.leaves(!wanted, visit),
            _ => visit(self, wanted),
        }
    }
}

/// Returns a node that asks for any of these; `None` when there are none.
pub(super) fn any(mut nodes: Vec<Node>) -> Option<Node> {
    if nodes.len() > 1 { Some(Node::Any(nodes)) } else { nodes.pop() }
}

/// Returns a node that asks for all of these; `None` when there are none.
pub(super) fn all(mut nodes: Vec<Node>) -> Option<Node> {
    if nodes.len() > 1 { Some(Node::All(nodes)) } else { nodes.pop() }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => f.write_str("everything"),
            Self::Text { field, form, text } => {
                if *field != TextField::Anywhere {
                    write!(f, "{}:", field.as_str())?;
                }
                match form {
                    Form::Word => f.write_str(text),
                    Form::Phrase => write!(f, "\"{text}\""),
                    Form::Prefix => write!(f, "{text}*"),
                }
            }
            Self::Tag { field: field @ (TagField::Country | TagField::Region), value } => {
                write!(f, "{}={}", field.as_str(), analyse::key(value))
            }
            Self::Tag { field, value } => write!(f, "{}={value}", field.as_str()),
            Self::Year { from: Some(a), to: Some(b) } if a == b => write!(f, "year={a}"),
            Self::Year { from, to } => write!(f, "year={}", range(from.as_ref(), to.as_ref())),
            Self::Day { from, to } => write!(f, "day={}", range(from.as_ref(), to.as_ref())),
            Self::Exact(name) => write!(f, "<{name}>"),
            Self::Any(parts) => write!(f, "({})", joined(parts, " | ")),
            Self::All(parts) => write!(f, "({})", joined(parts, " & ")),
            Self::Not(part) => write!(f, "-{part}"),
        }
    }
}

fn joined(parts: &[Node], by: &str) -> String {
    parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(by)
}

fn range<T: fmt::Display>(from: Option<&T>, to: Option<&T>) -> String {
    let end = |v: Option<&T>| v.map(ToString::to_string).unwrap_or_default();
    format!("{}..{}", end(from), end(to))
}
