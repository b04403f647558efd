//! The reasons that filters give: which tag, name, date or identifier of the paper they asked for.

use super::super::analyse;
use super::super::query::{Form, Node, TagField, TextField};
use super::super::schema::{author_forms, design_forms, flags};
use super::Why;
use crate::model::{Design, Paper, language_name};

/// Returns the reasons that the filters of a query give, in their order: none for filters that this
/// paper does not match, of which another was enough, and none for countries and regions, which
/// have their own.
pub(super) fn reasons(paper: &Paper, filters: &[Node]) -> Vec<Why> {
    let mut out: Vec<Why> = Vec::new();
    for filter in filters {
        let found = match filter {
            Node::Text { field: TextField::Author, form, text } => author(paper, *form, text),
            Node::Text { field: TextField::Journal, form, text } => journal(paper, *form, text),
            Node::Tag { field, value } => tag(paper, *field, value),
            Node::Year { from, to } => year(paper, *from, *to),
            Node::Day { .. } => {
                paper.record.published.map(|date| ("published", date.to_string())).or(year(paper, None, None))
            }
            Node::Exact(name) => {
                let is_name = paper.exact_names().iter().any(|own| own == name);
                is_name.then(|| ("identifier", name.clone()))
            }
            _ => None,
        };
        let why = found.map(|(place, found)| Why { asked: filter.typed(), found, place, is_other_name: false });
        out.extend(why.filter(|why| !out.iter().any(|w| (w.place, &w.found) == (why.place, &why.found))));
    }
    out
}

fn author(paper: &Paper, form: Form, text: &str) -> Option<(&'static str, String)> {
    let authors = &paper.record.authors;
    let found = authors.iter().find(|author| author_forms(author).iter().any(|name| is_name(name, form, text)))?;
    Some(("authors", found.short_name()))
}

fn journal(paper: &Paper, form: Form, text: &str) -> Option<(&'static str, String)> {
    let journal = paper.record.journal.as_ref().filter(|name| is_name(name, form, text))?;
    Some(("journal", journal.clone()))
}

/// Tells whether a name is one that was asked for.
fn is_name(name: &str, form: Form, text: &str) -> bool {
    let words = analyse::tokens(analyse::NAMES, name);
    let typed = analyse::tokens(analyse::NAMES, text);
    match form {
        Form::Prefix => typed.last().is_some_and(|last| words.iter().any(|w| w.text.starts_with(&last.text))),
        Form::Fuzzy(edits) => {
            let is_near = |a: &str, b: &str| strsim::osa_distance(a, b) <= usize::from(edits);
            typed.first().is_some_and(|first| words.iter().any(|w| is_near(&w.text, &first.text)))
        }
        _ => !typed.is_empty() && typed.iter().all(|t| words.iter().any(|w| w.text == t.text)),
    }
}

fn tag(paper: &Paper, field: TagField, value: &str) -> Option<(&'static str, String)> {
    let of = |values: &[String]| values.iter().find(|own| holds(own, value)).cloned();
    match field {
        TagField::Country | TagField::Region => None,
        TagField::Twg => of(&paper.twg).map(|id| ("working group", id)),
        TagField::Condition => of(&paper.conditions).map(|id| ("condition", id)),
        TagField::Population => of(&paper.populations).map(|id| ("population", id)),
        TagField::Intervention => of(&paper.interventions).map(|id| ("intervention", id)),
        TagField::Design => design(paper.design, value).map(|label| ("design", label)),
        TagField::Language => {
            let code = paper.record.language.iter().find(|code| analyse::key(code) == value)?;
            Some(("language", language_name(code).unwrap_or(code).to_owned()))
        }
        TagField::OpenAccess => {
            let is_open = paper.is_open() == Some(true);
            let said = if is_open { "yes" } else { "no" };
            (value == said).then(|| ("open access", said.to_owned()))
        }
        TagField::Flag => flags(paper).contains(value).then(|| ("marked", value.to_owned())),
        TagField::Source => {
            paper.sources.iter().find(|own| analyse::key(own) == value).map(|own| ("source", own.clone()))
        }
        TagField::Issue => {
            paper.issue.filter(|month| month.to_string().ends_with(value)).map(|month| ("roundup", month.to_string()))
        }
    }
}

/// Returns the name for readers of a design that was asked for by any of its names.
fn design(design: Design, value: &str) -> Option<String> {
    design_forms(design).iter().any(|form| holds(form, value)).then(|| design.label().to_owned())
}

/// Tells whether the words of a tag hold those that were asked for side by side, whatever their
/// endings.
fn holds(tag: &str, value: &str) -> bool {
    let stems = |text: &str| -> Vec<String> {
        let tokens = analyse::tokens(analyse::TAGS, text).into_iter();
        tokens.filter(|t| !analyse::is_joined(t)).map(|t| t.text).collect()
    };
    let (own, asked) = (stems(tag), stems(value));
    let is_part = !asked.is_empty() && own.windows(asked.len()).any(|part| part == asked);
    is_part || own.concat() == asked.concat()
}

fn year(paper: &Paper, from: Option<i16>, to: Option<i16>) -> Option<(&'static str, String)> {
    let year = paper.record.citation_year()?;
    let is_inside = from.is_none_or(|from| from <= year) && to.is_none_or(|to| year <= to);
    is_inside.then(|| ("year", year.to_string()))
}
