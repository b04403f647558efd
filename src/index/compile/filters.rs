//! What a paper has or has not: tags, identifiers, time.

use std::collections::BTreeSet;

use tantivy::Term;
use tantivy::query::{Query, RegexQuery};
use tantivy::schema::Field;

use super::super::analyse;
use super::super::knowledge::{self, Meaning};
use super::super::query::{Node, TagField, TextField};
use super::super::schema::day_number;
use super::super::weigh::Tree;
use super::Compiler;
use super::forms::{best_of_forms, filter, filter_box, range, sum, term, union};
use crate::model::PartialDate;

/// The most filters that are remembered to tell why a paper was found: more are read by nobody.
const FILTERS_MAX: usize = 24;

impl Compiler<'_> {
    /// Remembers a part of the query that decides and does not count, to tell why a paper was found.
    pub(super) fn note_filter(&mut self, node: &Node) {
        let is_filter = match node {
            Node::Tag { .. } | Node::Year { .. } | Node::Day { .. } | Node::Exact(_) => true,
            Node::Text { field, .. } => matches!(field, TextField::Author | TextField::Journal),
            Node::Everything | Node::Any(_) | Node::All(_) | Node::Not(_) => false,
        };
        if is_filter && self.marks.filters.len() < FILTERS_MAX && !self.marks.filters.contains(node) {
            self.marks.filters.push(node.clone());
        }
    }

    pub(super) fn tag(&mut self, field: TagField, value: &str) -> Box<dyn Query> {
        let f = self.fields;
        let words = |field: Field| {
            let tokens = analyse::tokens(analyse::TAGS, value);
            best_of_forms(field, &tokens).map_or_else(|| filter(tantivy::query::EmptyQuery), filter_box)
        };
        match field {
            TagField::Country => self.country(value),
            TagField::Region => self.region(value),
            TagField::Twg => words(f.twg),
            TagField::Design => words(f.design),
            TagField::Condition => words(f.condition),
            TagField::Population => words(f.population),
            TagField::Intervention => words(f.intervention),
            TagField::Language => Self::exact(f.lang, value),
            TagField::OpenAccess => Self::exact(f.oa, value),
            TagField::Flag => Self::exact(f.flag, value),
            TagField::Source => Self::exact(f.source, value),
            // "-03": March of any year.
            TagField::Issue if value.starts_with('-') => {
                let months = RegexQuery::from_pattern(&format!("....{value}"), f.issue);
                months.map_or_else(|_| filter(tantivy::query::EmptyQuery), filter)
            }
            TagField::Issue => Self::exact(f.issue, value),
        }
    }

    /// Returns the query for a country by any of its names; a town means its country.
    fn country(&mut self, value: &str) -> Box<dyn Query> {
        let meanings = self.with.names.meanings(&knowledge::key(value), value);
        let codes: BTreeSet<&str> = meanings
            .iter()
            .filter_map(|m| match m {
                Meaning::Country(code) | Meaning::Code(code) | Meaning::Place(code) => Some(code.as_str()),
                Meaning::Concept(_) | Meaning::Region(_) => None,
            })
            .collect();
        self.marks.countries.extend(codes.iter().map(|code| (code.to_lowercase(), value.to_owned())));
        let each = codes.iter().map(|code| Self::exact(self.fields.country, code)).collect();
        union(each).unwrap_or_else(|| Self::exact(self.fields.country, &analyse::key(value)))
    }

    /// Returns the query for a region by any of its names.
    fn region(&mut self, value: &str) -> Box<dyn Query> {
        let meanings = self.with.names.meanings(&knowledge::key(value), value);
        let ids = meanings.iter().filter_map(|m| if let Meaning::Region(id) = m { Some(id.as_str()) } else { None });
        let ids: Vec<&str> = ids.collect();
        let name = |id: &str| self.with.names.region(id).unwrap_or(value).to_owned();
        self.marks.regions.extend(ids.iter().map(|id| ((*id).to_owned(), (value.to_owned(), name(id)))));
        let each = ids.iter().map(|id| Self::exact(self.fields.region, id)).collect();
        union(each).unwrap_or_else(|| Self::exact(self.fields.region, &analyse::key(value)))
    }

    pub(super) fn exact(field: Field, value: &str) -> Box<dyn Query> {
        filter_box(term(field, value))
    }

    /// Returns the query for a span of days. A date known only to the month or year is in the
    /// span when it can be: nothing is lost for being said vaguely.
    pub(super) fn days(&self, from: Option<PartialDate>, to: Option<PartialDate>) -> Box<dyn Query> {
        let day = |number: i64| Term::from_field_i64(self.fields.day, number);
        let last = |date: PartialDate| {
            day(day_number(date)
                + if date.day().is_some() { 0 } else { 99 }
                + if date.month().is_some() { 0 } else { 9900 })
        };
        let span = range(from.map(|d| day(day_number(d))), to.map(last));
        let Some(from) = from else { return span };
        let mut vague = Vec::new();
        let year = i64::from(from.year()) * 10_000;
        if let Some(month) = from.month() {
            vague.push(day(year));
            if from.day().is_some() {
                vague.push(day(year + i64::from(month) * 100));
            }
        }
        // A vague date is not after the end either, since the span does not run backwards.
        let vague = vague.into_iter().map(|t| Box::new(Tree::Term(t, 1.0)) as Box<dyn Query>);
        filter_box(sum(std::iter::once(span).chain(vague).collect()))
    }
}
