//! The engine's queries that others are made of.

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{AllQuery, PhraseQuery, Query, RangeQuery};
use tantivy::schema::Field;
use tantivy::tokenizer::Token;

use super::super::analyse;
use super::super::weigh::Tree;

/// Returns queries as trees.
pub(super) fn trees(queries: Vec<Box<dyn Query>>) -> Vec<Tree> {
    queries.into_iter().map(Tree::of).collect()
}

/// Returns a query that matches the same papers and scores some of them higher.
pub(super) fn with_bonus(query: Box<dyn Query>, bonus: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if bonus.is_empty() {
        return query;
    }
    Box::new(Tree::All { must: vec![Tree::of(query)], not: Vec::new(), bonus: trees(bonus) })
}

/// Returns the query for the words of one typed piece: side by side, joined (`PHQ-9`, `phq9`), or
/// taken apart where letters meet digits. The best form counts.
pub(super) fn best_of_forms(field: Field, tokens: &[Token]) -> Option<Box<dyn Query>> {
    let parts: Vec<&Token> = tokens.iter().filter(|t| !analyse::is_joined(t)).collect();
    let mut forms: Vec<Box<dyn Query>> = Vec::new();
    match parts.as_slice() {
        [] => {}
        [only] => {
            forms.push(term(field, &only.text));
            forms.extend(apart(&only.text).map(|(letters, digits)| side_by_side(field, &[(0, letters), (1, digits)])));
        }
        several => {
            let first = several.first().map_or(0, |t| t.position);
            let terms: Vec<_> = several.iter().map(|t| (t.position - first, t.text.as_str())).collect();
            forms.push(side_by_side(field, &terms));
        }
    }
    let whole = tokens.iter().find(|t| analyse::is_joined(t) && t.position_length >= parts.len());
    forms.extend(whole.map(|t| term(field, &t.text)));
    best(forms, 0.0)
}

/// Returns letters and digits of a word that is letters followed by digits (`phq9`).
pub(super) fn apart(word: &str) -> Option<(&str, &str)> {
    let (letters, digits) = word.split_at_checked(word.find(|c: char| c.is_ascii_digit())?)?;
    let fits = !letters.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then_some((letters, digits))
}

fn side_by_side(field: Field, words: &[(usize, &str)]) -> Box<dyn Query> {
    let terms: Vec<(usize, Term)> = words.iter().map(|(at, w)| (*at, Term::from_field_text(field, w))).collect();
    Box::new(PhraseQuery::new_with_offset(terms))
}

pub(super) fn term(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(Tree::Term(Term::from_field_text(field, text), 1.0))
}

pub(super) fn boosted(query: Box<dyn Query>, weight: f32) -> Box<dyn Query> {
    Box::new(Tree::of(query).times(weight))
}

/// Returns a query that decides but does not count.
pub(super) fn filter(query: impl Query) -> Box<dyn Query> {
    filter_box(Box::new(query))
}

pub(super) fn filter_box(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(Tree::Filter(Box::new(Tree::of(query))))
}

pub(super) fn range(from: Option<Term>, to: Option<Term>) -> Box<dyn Query> {
    if from.is_none() && to.is_none() {
        return filter(AllQuery);
    }
    let bound = |term: Option<Term>| term.map_or(Bound::Unbounded, Bound::Included);
    filter(RangeQuery::new(bound(from), bound(to)))
}

/// Returns the query for any of the parts.
pub(super) fn sum(queries: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    Box::new(Tree::Sum(trees(queries)))
}

pub(super) fn union(mut queries: Vec<Box<dyn Query>>) -> Option<Box<dyn Query>> {
    if queries.len() > 1 { Some(sum(queries)) } else { queries.pop() }
}

pub(super) fn intersection(mut queries: Vec<Box<dyn Query>>) -> Option<Box<dyn Query>> {
    if queries.len() > 1 { Some(all_of(trees(queries), Vec::new())) } else { queries.pop() }
}

/// Returns the query for all of the one parts and none of the others.
pub(super) fn all_of(must: Vec<Tree>, not: Vec<Tree>) -> Box<dyn Query> {
    Box::new(Tree::All { must, not, bonus: Vec::new() })
}

/// Returns the query of which the best form counts, and a share of the others.
pub(super) fn best(mut forms: Vec<Box<dyn Query>>, tie: f32) -> Option<Box<dyn Query>> {
    if forms.len() > 1 { Some(Box::new(Tree::Best(trees(forms), tie))) } else { forms.pop() }
}
