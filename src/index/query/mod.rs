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
//! | `depresion~`, `depresion~1` | words that differ in a letter or two |
//! | `"mother depression"~3` | the words near each other, at most three places apart |
//! | `2022..2025`, `year:2024`, `since:2024-06`, `since June 2024`, `2020s`, `last 5 years` | time |
//! | a DOI, PMID, PMCID or address | that paper |
//!
//! Questions are read as people ask them ([`mod@language`]), and strategies pasted from PubMed, Ovid
//! and the Cochrane Library as far as they can be ([`pasted`]).
//!
//! Parsing never fails and never panics: what is off is a [`Problem`] (the query is then not
//! run) or a note (it is run, and the note tells how it was read).
//!
//! ```
//! let query = roundup::index::parse_query("depression -country:KE 2022..2025");
//! assert!(query.problems.is_empty());
//! assert_eq!(query.to_string(), "(year=2022..2025 & depression & -country=ke)");
//! ```

mod ambiguous;
mod field;
mod language;
mod lex;
mod meant;
mod names;
mod numbered;
mod parse;
mod pasted;
mod pieces;
mod places;
mod relative;
mod strategy;
mod time;

use std::fmt;

use jiff::civil::Date;

pub(super) use field::{TagField, TextField};
pub(in crate::index) use language::{Language, language};
pub(super) use names::flag;

use super::analyse;
use crate::model::{PartialDate, Problem};

/// The longest query, in characters: a reviewer's strategy of forty terms has some two thousand.
pub const QUERY_CHARS_MAX: usize = 4_000;

/// The most words and phrases of a query: each is looked up, and on an empty page each by itself.
pub const TERMS_MAX: usize = 200;

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

impl ParsedQuery {
    /// Returns the query that finds every paper.
    pub fn everything() -> Self {
        Self { root: Some(Node::Everything), problems: Vec::new(), notes: Vec::new() }
    }
}

impl fmt::Display for ParsedQuery {
    /// Writes the meaning: `(a | b)` any, `(a & b)` all, `-a` not, `field=value` exact,
    /// `<…>` an identifier, `[…]` a word that asks nothing beside others.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.root {
            Some(node) => node.fmt(f),
            None => f.write_str("nothing"),
        }
    }
}

/// Returns what a person's query means, without a calendar: "last year" stays words, and a note says so.
pub fn parse_query(text: &str) -> ParsedQuery {
    parse::query(text, None)
}

/// Returns what a person's query means on a day: "last year" is the year before.
pub fn parse_query_on(text: &str, today: Date) -> ParsedQuery {
    parse::query(text, Some(today))
}

/// Returns the query for free text: any of its words, nothing is an operator.
pub fn plain_query(text: &str) -> ParsedQuery {
    let text: String = text.chars().take(PLAIN_CHARS_MAX).collect();
    let words: Vec<Node> = text.split_whitespace().flat_map(|w| field::words(w, TextField::Anywhere)).collect();
    let mut root = any(words);
    root.iter_mut().for_each(language::hush);
    ParsedQuery { root, problems: Vec::new(), notes: Vec::new() }
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
    /// A word and those that differ from it in at most so many letters, 1 or 2.
    Fuzzy(u8),
    /// Words at most so many places away from standing side by side.
    Near(u32),
    /// A word that only asks or joins ("what", "de"): it may be part of a name, and is looked for
    /// only where nothing else is.
    Filler,
    /// A word that only joins elsewhere and is meant here, since it stands beside an operator.
    Meant,
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

    /// Tells whether this is the value of several words that a group in a field may also be
    /// (`country:(kenya uganda)`, as `country:(south africa)` is), beside the single words: nobody typed it.
    pub(super) fn is_joined(&self, parts: &[&Self]) -> bool {
        let Self::Tag { field, value } = self else { return false };
        let is_there =
            |word: &str| parts.iter().any(|p| matches!(p, Self::Tag { field: f, value: v } if f == field && v == word));
        value.contains(' ') && value.split(' ').all(is_there)
    }

    /// Returns the part as a person would type it.
    pub(super) fn typed(&self) -> String {
        let list = |parts: &[Self], by: &str| parts.iter().map(Self::typed).collect::<Vec<_>>().join(by);
        let quoted = |v: &str| if v.contains(' ') { format!("\"{v}\"") } else { v.to_owned() };
        match self {
            Self::Everything => "everything".to_owned(),
            Self::Text { form: Form::Filler, text, .. } => text.clone(),
            Self::Text { .. } => self.to_string(),
            Self::Tag { field, value } => format!("{}:{}", field.as_str(), quoted(value)),
            Self::Year { from, to } if from.is_none() || from != to => {
                format!("year:{}", range(from.as_ref(), to.as_ref()))
            }
            Self::Year { from, .. } => format!("year:{}", range(from.as_ref(), None).trim_end_matches('.')),
            Self::Day { from: Some(from), to: None } => format!("since:{from}"),
            Self::Day { from: None, to: Some(to) } => format!("until:{to}"),
            Self::Day { from, to } => range(from.as_ref(), to.as_ref()),
            Self::Exact(name) => name.clone(),
            Self::Any(parts) if parts.iter().all(|p| matches!(p, Self::Text { field: TextField::Anywhere, .. })) => {
                list(parts, " ")
            }
            Self::Any(parts) => {
                let all: Vec<&Self> = parts.iter().collect();
                let each = all.iter().filter(|part| !part.is_joined(&all));
                format!("({})", each.map(|part| part.typed()).collect::<Vec<_>>().join(" OR "))
            }
            Self::All(parts) => format!("({})", list(parts, " AND ")),
            Self::Not(part) => format!("-{}", part.typed()),
        }
    }

    /// Calls `change` for each part that is no combination.
    fn each_mut(&mut self, change: &mut dyn FnMut(&mut Self)) {
        match self {
            Self::Any(parts) | Self::All(parts) => parts.iter_mut().for_each(|p| p.each_mut(change)),
            Self::Not(part) => part.each_mut(change),
            _ => change(self),
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
                    Form::Word | Form::Meant => f.write_str(text),
                    Form::Phrase => write!(f, "\"{text}\""),
                    Form::Prefix => write!(f, "{text}*"),
                    Form::Fuzzy(edits) => write!(f, "{text}~{edits}"),
                    Form::Near(places) => write!(f, "\"{text}\"~{places}"),
                    Form::Filler => write!(f, "[{text}]"),
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
