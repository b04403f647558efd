//! Turns a query as it was understood into tantivy's queries: the one ranking configuration.
//!
//! A plain word counts where it stands in all the text, again with [`TITLE_WEIGHT`] in the title,
//! and a little as the name of an author or journal. Filters decide, but do not count.
//!
//! Where neighbouring words are a known name, the best of these counts: the words as typed, the
//! concept under any of its names, what it includes, what is near it. So
//! what was typed comes before what it also means.
mod filters;
mod forms;
mod named;
mod text;

use std::collections::BTreeSet;

use tantivy::query::{AllQuery, Query};
use tantivy::{Searcher, Term};

use self::forms::{all_of, filter, range, trees, with_bonus};
use super::Also;
use super::expand;
use super::knowledge::Names;
use super::marks::Marks;
use super::query::{Form, Node, TextField};
use super::schema::Fields;
use super::weigh::Tree;

/// What a word in the title counts beside the same word in all the text.
const TITLE_WEIGHT: f32 = 0.3;

/// A query for the engine, and what to show of it.
pub(super) struct Compiled {
    pub query: Tree,
    /// Whether some part of it ranks; filters alone do not.
    pub is_ranked: bool,
    pub marks: Marks,
    /// What was looked for beside what was typed.
    pub also: Vec<Also>,
    /// Stems of the plain words as typed, in order; hyphenated words in their parts.
    pub typed: Vec<String>,
}

/// What a query is compiled with.
#[derive(Clone, Copy)]
pub(super) struct With<'a> {
    /// The index, to ask how rare words are.
    pub searcher: &'a Searcher,
    pub fields: &'a Fields,
    /// Names of countries for filters, and other names for what was typed.
    pub names: &'a Names,
    /// Whether other names for what was typed are looked for.
    pub is_expanded: bool,
    /// Whether what is narrower, wider or near counts more, for reviewers.
    pub is_broad: bool,
}

/// Returns the engine's query. One of stop words alone is looked for in the text as it stands.
pub(super) fn compile(with: With<'_>, root: &Node) -> Compiled {
    for stop_words in [StopWords::Dropped, StopWords::Kept] {
        let mut compiler = Compiler {
            with,
            fields: with.fields,
            stop_words,
            is_ranked: false,
            marks: Marks::default(),
            also: Vec::new(),
            typed: Vec::new(),
            bonus: Vec::new(),
            fillers: BTreeSet::new(),
            in_names: BTreeSet::new(),
            is_excluding: false,
        };
        if let Some(query) = compiler.node(root) {
            let query = with_bonus(query, std::mem::take(&mut compiler.bonus));
            let Compiler { is_ranked, marks, also, typed, .. } = compiler;
            return Compiled { query: Tree::of(query), is_ranked, marks, also, typed };
        }
    }
    Compiled {
        query: Tree::Sum(Vec::new()),
        is_ranked: false,
        marks: Marks::default(),
        also: Vec::new(),
        typed: Vec::new(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StopWords {
    Dropped,
    Kept,
}

struct Compiler<'a> {
    with: With<'a>,
    fields: &'a Fields,
    stop_words: StopWords,
    is_ranked: bool,
    marks: Marks,
    also: Vec<Also>,
    typed: Vec<String>,
    /// What adds to the score of papers that match, and does not make others match.
    bonus: Vec<Box<dyn Query>>,
    /// Words that only ask or join: parts of names, not looked for beside others.
    fillers: BTreeSet<String>,
    /// Words that are part of a known name of several words: they are no slips.
    in_names: BTreeSet<String>,
    /// Whether what is compiled is to be left out.
    is_excluding: bool,
}

impl Compiler<'_> {
    /// Returns the query for a node, or `None` when it holds stop words alone and so asks nothing.
    fn node(&mut self, node: &Node) -> Option<Box<dyn Query>> {
        self.note_filter(node);
        match node {
            Node::Everything => Some(filter(AllQuery)),
            Node::Text { field, form, text } => self.text(*field, *form, text),
            Node::Tag { field, value } => Some(self.tag(*field, value)),
            Node::Year { from, to } => {
                let term = |year: Option<i16>| year.map(|y| Term::from_field_i64(self.fields.year, i64::from(y)));
                Some(range(term(*from), term(*to)))
            }
            Node::Day { from, to } => Some(self.days(*from, *to)),
            Node::Exact(name) => Some(Self::exact(self.fields.ident, name)),
            Node::Any(parts) => self.any(parts),
            Node::All(parts) => self.all(parts),
            Node::Not(_) => self.all(std::slice::from_ref(node)),
        }
    }

    /// Returns the query for any of the parts. Neighbouring plain words are taken together: they may
    /// be a name.
    fn any(&mut self, parts: &[Node]) -> Option<Box<dyn Query>> {
        let mut should = Vec::new();
        let mut words: Vec<&str> = Vec::new();
        for part in parts {
            if let Some(word) = plain_word(part) {
                self.note_filler(part);
                words.push(word);
                continue;
            }
            should.extend(self.neighbours(&std::mem::take(&mut words)));
            should.extend(self.node(part));
        }
        should.extend(self.neighbours(&words));
        if should.len() > 1 { Some(Box::new(Tree::Covering(trees(should)))) } else { should.pop() }
    }

    /// Returns the queries of neighbouring plain words.
    fn neighbours(&mut self, words: &[&str]) -> Vec<Box<dyn Query>> {
        let named = long_names(self.with, words).into_iter().flatten();
        self.in_names.extend(named.map(str::to_owned));
        self.words(words)
    }

    /// Returns the query for a node, with its stop words where it has nothing else.
    fn node_or_kept(&mut self, node: &Node) -> Option<Box<dyn Query>> {
        let query = self.node(node);
        if query.is_some() || self.stop_words == StopWords::Kept {
            return query;
        }
        self.stop_words = StopWords::Kept;
        let query = self.node(node);
        self.stop_words = StopWords::Dropped;
        query
    }

    fn all(&mut self, parts: &[Node]) -> Option<Box<dyn Query>> {
        let (mut must, mut not, mut dropped) = (Vec::new(), Vec::new(), Vec::new());
        for part in parts {
            match part {
                Node::Not(inner) => {
                    let (marks, is_ranked) = (self.marks.clone(), self.is_ranked);
                    let (bonus, typed) = (self.bonus.len(), self.typed.len());
                    self.is_excluding = !self.is_excluding;
                    not.extend(self.node_or_kept(inner).map(Tree::of));
                    self.is_excluding = !self.is_excluding;
                    (self.marks, self.is_ranked) = (marks, is_ranked);
                    self.bonus.truncate(bonus);
                    self.typed.truncate(typed);
                }
                _ => match self.node(part) {
                    Some(query) => must.push(Tree::of(query)),
                    None => dropped.push(part),
                },
            }
        }
        if must.is_empty() && !not.is_empty() {
            // "had -pregnancy" asks for papers that say "had", not for all but those on pregnancy.
            must.extend(dropped.into_iter().filter_map(|part| self.node_or_kept(part)).map(Tree::of));
        }
        if must.is_empty() && !not.is_empty() {
            must.push(Tree::of(filter(AllQuery)));
        }
        match (must.pop(), not.is_empty() && must.is_empty()) {
            (Some(only), true) => Some(Box::new(only)),
            (Some(last), false) => {
                must.push(last);
                Some(all_of(must, not))
            }
            (None, _) => None,
        }
    }
}

/// Returns the known names of several words among neighbouring plain words; none when other names
/// are not looked for.
fn long_names<'t>(with: With<'_>, words: &[&'t str]) -> Vec<Vec<&'t str>> {
    if !with.is_expanded || words.len() < 2 {
        return Vec::new();
    }
    let spans = expand::spans(words, with.names);
    let names = expand::outermost(&spans).into_iter().filter(|span| span.to - span.from > 1);
    names.map(|span| words.get(span.from..span.to).unwrap_or_default().to_vec()).collect()
}

/// Returns the known names of several words that a query holds, each as its words.
pub(super) fn names_in<'t>(with: With<'_>, root: &'t Node) -> Vec<Vec<&'t str>> {
    match root {
        Node::Any(parts) => {
            let lists = parts.split(|part| plain_word(part).is_none());
            let of = |list: &'t [Node]| long_names(with, &list.iter().filter_map(plain_word).collect::<Vec<_>>());
            let inner = parts.iter().flat_map(|part| names_in(with, part));
            lists.flat_map(of).chain(inner).collect()
        }
        Node::All(parts) => parts.iter().flat_map(|part| names_in(with, part)).collect(),
        _ => Vec::new(),
    }
}

/// Returns the word that a node is, when it is one plain word.
fn plain_word(node: &Node) -> Option<&str> {
    match node {
        Node::Text { field: TextField::Anywhere, form: Form::Word | Form::Filler, text } => Some(text),
        _ => None,
    }
}
