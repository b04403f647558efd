//! The engine's queries that others are made of.

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, PhraseQuery, Query, RangeQuery,
    TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::tokenizer::Token;

use super::super::analyse;

/// Returns a query that matches the same papers and scores some of them higher.
pub(super) fn with_bonus(query: Box<dyn Query>, bonus: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if bonus.is_empty() {
        return query;
    }
    let should = bonus.into_iter().map(|q| (Occur::Should, q));
    Box::new(BooleanQuery::new(std::iter::once((Occur::Must, query)).chain(should).collect()))
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
    if forms.len() > 1 { Some(Box::new(DisjunctionMaxQuery::new(forms))) } else { forms.pop() }
}

/// Returns letters and digits of a word that is letters followed by digits (`phq9`).
fn apart(word: &str) -> Option<(&str, &str)> {
    let (letters, digits) = word.split_at_checked(word.find(|c: char| c.is_ascii_digit())?)?;
    let fits = !letters.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then_some((letters, digits))
}

fn side_by_side(field: Field, words: &[(usize, &str)]) -> Box<dyn Query> {
    let terms: Vec<(usize, Term)> = words.iter().map(|(at, w)| (*at, Term::from_field_text(field, w))).collect();
    Box::new(PhraseQuery::new_with_offset(terms))
}

pub(super) fn term(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

pub(super) fn boosted(query: Box<dyn Query>, weight: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, weight))
}

/// Returns a query that decides but does not count.
pub(super) fn filter(query: impl Query) -> Box<dyn Query> {
    filter_box(Box::new(query))
}

pub(super) fn filter_box(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

pub(super) fn range(from: Option<Term>, to: Option<Term>) -> Box<dyn Query> {
    if from.is_none() && to.is_none() {
        return filter(AllQuery);
    }
    let bound = |term: Option<Term>| term.map_or(Bound::Unbounded, Bound::Included);
    filter(RangeQuery::new(bound(from), bound(to)))
}

pub(super) fn union(mut queries: Vec<Box<dyn Query>>) -> Option<Box<dyn Query>> {
    if queries.len() > 1 { Some(Box::new(BooleanQuery::union(queries))) } else { queries.pop() }
}

pub(super) fn intersection(mut queries: Vec<Box<dyn Query>>) -> Option<Box<dyn Query>> {
    if queries.len() > 1 { Some(Box::new(BooleanQuery::intersection(queries))) } else { queries.pop() }
}
