//! Sentences that explain an answer, above all an empty one: which word no paper has and which
//! word is near it, and what each part of the query removed.

use tantivy::collector::Count;
use tantivy::schema::Field;
use tantivy::{Searcher, TantivyError, Term};

use super::analyse;
use super::compile::{With, compile};
use super::knowledge;
use super::query::{Form, Node, TagField, TextField};

/// The most sentences: a pasted abstract must not bring a page of them.
const NOTES_MAX: usize = 6;

/// The most edits between a word and one it is said to be near; short words take one only.
const EDITS_MAX: usize = 2;

/// Words up to this many characters take one edit only: two would make them another word.
const SHORT_WORD_CHARS: usize = 4;

/// Returns the sentences for an answer with so many matches.
pub(super) fn explain(
    searcher: &Searcher,
    with: With<'_>,
    root: &Node,
    total: usize,
) -> Result<Vec<String>, TantivyError> {
    let mut leaves = Vec::new();
    root.leaves(true, &mut |leaf, wanted| {
        if wanted && leaves.len() < super::query::QUERY_CHARS_MAX {
            leaves.push(leaf);
        }
    });
    let mut out = Vec::new();
    if searcher.num_docs() == 0 {
        return Ok(vec!["the index holds no papers yet".to_owned()]);
    }
    for leaf in leaves {
        if out.len() < NOTES_MAX && is_absent(searcher, with, leaf, total)? {
            out.push(absent(searcher, with, leaf)?);
        }
    }
    if total == 0 && out.is_empty() {
        out = removed(searcher, with, root)?;
    }
    out.dedup();
    Ok(out)
}

/// Tells whether no paper matches a part by itself. On a page with hits only single plain words
/// are asked for, which costs a look-up each.
fn is_absent(searcher: &Searcher, with: With<'_>, leaf: &Node, total: usize) -> Result<bool, TantivyError> {
    if total == 0 {
        return Ok(count(searcher, with, leaf)? == 0);
    }
    let Node::Text { field: TextField::Anywhere, form: Form::Word, text } = leaf else { return Ok(false) };
    let stems = analyse::tokens(analyse::TEXT, text);
    let names = analyse::tokens(analyse::NAMES, text);
    let ([stem], [name]) = (stems.as_slice(), names.as_slice()) else { return Ok(false) };
    for (field, word) in [(with.fields.all, stem), (with.fields.author, name), (with.fields.journal, name)] {
        if searcher.doc_freq(&Term::from_field_text(field, &word.text))? > 0 {
            return Ok(false);
        }
    }
    Ok(count(searcher, with, leaf)? == 0)
}

fn count(searcher: &Searcher, with: With<'_>, node: &Node) -> Result<usize, TantivyError> {
    searcher.search(&compile(with, node).query, &Count)
}

/// Returns the sentence for a part that no paper matches, with the nearest value that some have.
fn absent(searcher: &Searcher, with: With<'_>, leaf: &Node) -> Result<String, TantivyError> {
    let (what, near) = match leaf {
        Node::Text { field, form, text } => {
            let (place, dictionary) = match field {
                TextField::Anywhere => ("", with.fields.word),
                TextField::Title => (" in its title", with.fields.title_word),
                TextField::Author => (" among its authors", with.fields.author),
                TextField::Journal => (" in the name of its journal", with.fields.journal),
            };
            let near = match form {
                Form::Phrase => None,
                Form::Word | Form::Prefix => nearest(searcher, dictionary, &analyse::key(text))?,
            };
            (format!("no paper has {:?}{place}", text.trim()), near)
        }
        Node::Tag { field, value } => {
            let near = match field {
                TagField::Country | TagField::Region => {
                    let is_region = *field == TagField::Region;
                    let near = with.names.nearest_place(&knowledge::key(value), is_region, EDITS_MAX);
                    near.map(|name| format!("{name:?}"))
                }
                TagField::Source => nearest(searcher, with.fields.source, value)?,
                TagField::Language => listed(searcher, with.fields.lang)?,
                TagField::Issue => listed(searcher, with.fields.issue)?,
                TagField::Twg => nearest(searcher, with.fields.twg, value)?,
                TagField::Design => nearest(searcher, with.fields.design, value)?,
                TagField::Condition => nearest(searcher, with.fields.condition, value)?,
                TagField::Population => nearest(searcher, with.fields.population, value)?,
                TagField::Intervention => nearest(searcher, with.fields.intervention, value)?,
                TagField::OpenAccess => None,
            };
            (format!("no paper has {} {value:?}", field.as_str()), near)
        }
        Node::Exact(name) => (format!("no paper here is {name}"), None),
        other => (format!("no paper matches {other}"), None),
    };
    Ok(match near {
        Some(near) => format!("{what}; near it: {near}"),
        None => what,
    })
}

/// Returns the indexed values nearest to a word in quotes: fewest edits, then most papers, then
/// by name. `None` when none is near.
fn nearest(searcher: &Searcher, field: Field, word: &str) -> Result<Option<String>, TantivyError> {
    let length = word.chars().count();
    let edits_max = if length <= SHORT_WORD_CHARS { 1 } else { EDITS_MAX };
    let mut best: Option<(usize, u32, String)> = None;
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field)?;
        let mut stream = index.terms().stream()?;
        while let Some((bytes, info)) = stream.next() {
            let Ok(candidate) = std::str::from_utf8(bytes) else { continue };
            if candidate.chars().count().abs_diff(length) > edits_max {
                continue;
            }
            let edits = strsim::osa_distance(word, candidate);
            let is_better = best.as_ref().is_none_or(|(e, papers, name)| {
                (edits, u32::MAX - info.doc_freq, candidate) < (*e, u32::MAX - papers, name.as_str())
            });
            if edits <= edits_max && edits > 0 && is_better {
                best = Some((edits, info.doc_freq, candidate.to_owned()));
            }
        }
    }
    Ok(best.map(|(_, _, name)| format!("{name:?}")))
}

/// Returns the first few values of a short list, in order.
fn listed(searcher: &Searcher, field: Field) -> Result<Option<String>, TantivyError> {
    let mut values = std::collections::BTreeSet::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field)?;
        let mut stream = index.terms().stream()?;
        while let Some((bytes, _)) = stream.next() {
            values.extend(std::str::from_utf8(bytes).map(str::to_owned));
            if values.len() > 12 {
                break;
            }
        }
    }
    let list: Vec<String> = values.into_iter().take(12).collect();
    Ok((!list.is_empty()).then(|| list.join(", ")))
}

/// Returns, for each part that is required, how many papers match without it.
fn removed(searcher: &Searcher, with: With<'_>, root: &Node) -> Result<Vec<String>, TantivyError> {
    let Node::All(parts) = root else {
        return Ok(vec!["no paper matches".to_owned()]);
    };
    let mut out = vec!["each part alone has papers, but no paper has all of them".to_owned()];
    for (n, part) in parts.iter().enumerate() {
        let others: Vec<Node> = parts.iter().enumerate().filter(|(m, _)| *m != n).map(|(_, p)| p.clone()).collect();
        let Some(rest) = super::query::all(others) else { continue };
        let without = count(searcher, with, &rest)?;
        if without > 0 && out.len() < NOTES_MAX {
            let noun = if without == 1 { "paper" } else { "papers" };
            out.push(format!("without {part}: {without} {noun}"));
        }
    }
    Ok(out)
}
