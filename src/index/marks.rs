//! What is marked in the papers that were found: everything that was looked for, and the typed words
//! that asked for it.

use std::collections::BTreeMap;

use super::query::Node;

/// What to mark. Each entry goes with what was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Marks {
    /// Stems.
    pub stems: BTreeMap<String, String>,
    /// Words as they stand: stop words, when nothing else was asked.
    pub words: BTreeMap<String, String>,
    /// Stems of words that stand for a misspelt one, or that are spelt nearly so.
    pub meant: BTreeMap<String, String>,
    /// Stems in other languages, in papers written in them.
    pub foreign: BTreeMap<String, String>,
    /// Beginnings of words.
    pub prefixes: BTreeMap<String, String>,
    /// Phrases in other spellings, in stems: "post partum depress" for "postpartum depression".
    pub spellings: BTreeMap<Vec<String>, String>,
    /// Other names, in stems.
    pub phrases: BTreeMap<Vec<String>, String>,
    /// Codes of countries in lower case.
    pub countries: BTreeMap<String, String>,
    /// Ids of regions, each with its name for readers beside what was typed.
    pub regions: BTreeMap<String, (String, String)>,
    /// Parts of the query that decide and do not count, in the order of the query.
    pub filters: Vec<Node>,
}
