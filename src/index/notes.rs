//! Sentences that explain an answer, above all an empty one: which word no paper has and which
//! word is near it, what each part of the query removed, which parts contradict each other, and
//! where a value would be found.

use std::collections::BTreeSet;

use tantivy::collector::Count;
use tantivy::schema::Field;
use tantivy::{Searcher, TantivyError, Term};

use super::analyse;
use super::compile::{With, compile};
use super::knowledge;
use super::nearest::{corrected, nearest};
use super::query::{Form, Node, TERMS_MAX, TagField, TextField};

/// The most sentences: a pasted abstract must not bring a page of them.
pub(super) const NOTES_MAX: usize = 6;

/// The most edits between a place and one it is said to be near.
const EDITS_MAX: usize = 2;

/// With fewer papers than this, it is said what the parts of the query cost.
const FEW_PAPERS: usize = 3;

/// The most parts of a query that are counted without each other: each count is a search.
const PARTS_MAX: usize = 8;

/// The most values of a field that are listed.
const VALUES_MAX: usize = 12;

/// Returns the sentences for an answer with so many matches.
pub(super) fn explain(
    searcher: &Searcher,
    with: With<'_>,
    root: &Node,
    total: usize,
) -> Result<Vec<String>, TantivyError> {
    if searcher.num_docs() == 0 {
        return Ok(vec!["the index holds no papers yet".to_owned()]);
    }
    let mut leaves: Vec<&Node> = Vec::new();
    root.leaves(true, &mut |leaf, wanted| {
        let asks = !matches!(leaf, Node::Text { form: Form::Filler, .. });
        if wanted && asks && leaves.len() < TERMS_MAX && !leaves.contains(&leaf) {
            leaves.push(leaf);
        }
    });
    let mut out = Vec::new();
    let mut is_any_absent = false;
    for leaf in leaves {
        if out.len() == NOTES_MAX {
            break;
        }
        let meant = meant(searcher, with, leaf);
        if let Some(sentence) = meant {
            out.push(sentence);
        } else if is_absent(searcher, with, leaf, total)? {
            is_any_absent = true;
            out.push(absent(searcher, with, leaf)?);
        }
    }
    if total == 0 && !is_any_absent {
        out.extend(apart(searcher, with, root)?);
    } else if total < FEW_PAPERS {
        out.extend(without(searcher, with, root, total)?);
    }
    if total == 0 && out.is_empty() {
        out.push("no paper matches".to_owned());
    }
    let mut said = BTreeSet::new();
    out.retain(|sentence| said.insert(sentence.clone()));
    out.truncate(NOTES_MAX);
    Ok(out)
}

/// Returns the sentence for a plain word that was looked for in another spelling as well.
fn meant(searcher: &Searcher, with: With<'_>, leaf: &Node) -> Option<String> {
    let Node::Text { field: TextField::Anywhere, form: Form::Word, text } = leaf else { return None };
    if !with.is_expanded || !with.names.meanings(&knowledge::key(text), text).is_empty() {
        return None;
    }
    let meant = corrected(searcher, with.fields, text)?;
    let token = analyse::tokens(analyse::WORDS, text).into_iter().next()?;
    let papers = searcher.doc_freq(&Term::from_field_text(with.fields.word, &token.text)).unwrap_or(0);
    let who = match papers {
        0 => "no paper has".to_owned(),
        1 => "only one paper has".to_owned(),
        n => format!("only {n} papers have"),
    };
    Some(format!("{who} {text:?}; looked for {meant:?} as well"))
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

/// Returns the sentence for a part that no paper matches, with what would be found.
fn absent(searcher: &Searcher, with: With<'_>, leaf: &Node) -> Result<String, TantivyError> {
    let (what, help) = match leaf {
        Node::Text { field, form, text } => {
            let (place, dictionary) = match field {
                TextField::Anywhere => ("", with.fields.word),
                TextField::Title => (" in its title", with.fields.title_word),
                TextField::Author => (" among its authors", with.fields.author),
                TextField::Journal => (" in the name of its journal", with.fields.journal),
            };
            let (typed, near) = match form {
                Form::Phrase => (format!("{:?}", text.trim()), None),
                Form::Near(places) => (format!("{:?} within {places} places", text.trim()), None),
                Form::Fuzzy(_) => (format!("{text:?} or a word like it"), None),
                Form::Prefix => {
                    (format!("a word that begins with {text:?}"), nearest_word(searcher, dictionary, text)?)
                }
                Form::Word | Form::Filler => (format!("{:?}", text.trim()), nearest_word(searcher, dictionary, text)?),
            };
            let elsewhere = elsewhere(searcher, with, leaf, text)?;
            (format!("no paper has {typed}{place}"), elsewhere.or(near.map(|near| format!("near it: {near:?}"))))
        }
        Node::Tag { field, value } => {
            let help = match elsewhere(searcher, with, leaf, value)? {
                Some(elsewhere) => Some(elsewhere),
                None => near_value(searcher, with, *field, value)?,
            };
            (format!("no paper has {} {value:?}", field.as_str()), help)
        }
        Node::Exact(name) => (format!("no paper here is {name}"), None),
        other => (format!("no paper matches {}", other.typed()), None),
    };
    Ok(match help {
        Some(help) => format!("{what}; {help}"),
        None => what,
    })
}

fn nearest_word(searcher: &Searcher, field: Field, text: &str) -> Result<Option<String>, TantivyError> {
    Ok(nearest(searcher, field, &analyse::key(text))?.map(|n| n.word))
}

/// Returns the question after another field that has this value: `author:Kenya`.
fn elsewhere(searcher: &Searcher, with: With<'_>, leaf: &Node, value: &str) -> Result<Option<String>, TantivyError> {
    if matches!(leaf, Node::Text { field: TextField::Anywhere, .. }) {
        return Ok(None);
    }
    let tag = |field: TagField| Node::Tag { field, value: value.to_owned() };
    let text = |field: TextField| Node::Text { field, form: Form::Phrase, text: value.to_owned() };
    let key = analyse::key(value);
    let fields = [
        tag(TagField::Country),
        tag(TagField::Region),
        Node::Tag { field: TagField::Design, value: key.clone() },
        Node::Tag { field: TagField::Condition, value: key.clone() },
        Node::Tag { field: TagField::Population, value: key.clone() },
        Node::Tag { field: TagField::Intervention, value: key },
        text(TextField::Author),
        text(TextField::Journal),
        text(TextField::Title),
        text(TextField::Anywhere),
    ];
    for node in fields.into_iter().filter(|n| n != leaf) {
        if count(searcher, with, &node)? > 0 {
            let typed = match &node {
                Node::Text { field: TextField::Anywhere, .. } => format!("{value:?} without a field"),
                Node::Text { field, .. } if !value.contains(' ') => format!("{}:{value}", field.as_str()),
                node => node.typed(),
            };
            return Ok(Some(format!("did you mean {typed}?")));
        }
    }
    Ok(None)
}

/// Returns what a field has near a value, or all it has when that is little.
fn near_value(
    searcher: &Searcher,
    with: With<'_>,
    field: TagField,
    value: &str,
) -> Result<Option<String>, TantivyError> {
    let near = match field {
        TagField::Country | TagField::Region => {
            let is_region = field == TagField::Region;
            with.names.nearest_place(&knowledge::key(value), is_region, EDITS_MAX)
        }
        TagField::Source => nearest(searcher, with.fields.source, value)?.map(|n| n.word),
        TagField::Twg | TagField::Design | TagField::Condition | TagField::Population | TagField::Intervention => {
            // Tags are kept as stems; the words of texts are whole.
            let word = nearest_word(searcher, with.fields.word, value)?;
            let is_one = |word: &String| {
                let node = Node::Tag { field, value: word.clone() };
                count(searcher, with, &node).is_ok_and(|n| n > 0)
            };
            word.filter(is_one)
        }
        TagField::Language | TagField::OpenAccess | TagField::Issue => None,
    };
    if let Some(near) = near {
        return Ok(Some(format!("near it: {near:?}")));
    }
    let listed = match field {
        TagField::Language => listed(searcher, with.fields.lang)?,
        TagField::Issue => listed(searcher, with.fields.issue)?,
        TagField::Source => listed(searcher, with.fields.source)?,
        TagField::Twg => counted(searcher, "twg")?,
        TagField::Design => counted(searcher, "design_label")?,
        TagField::Region => counted(searcher, "region")?,
        _ => None,
    };
    Ok(listed.map(|list| format!("known here: {list}")))
}

/// Returns the values of a field, in order, when they are few.
fn listed(searcher: &Searcher, field: Field) -> Result<Option<String>, TantivyError> {
    let mut values = BTreeSet::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field)?;
        let mut stream = index.terms().stream()?;
        while values.len() <= VALUES_MAX
            && let Some((bytes, _)) = stream.next()
        {
            values.extend(std::str::from_utf8(bytes).map(str::to_owned));
        }
    }
    Ok(few(&values))
}

/// Returns the values that a field is counted by, in order, when they are few.
fn counted(searcher: &Searcher, field: &str) -> Result<Option<String>, TantivyError> {
    let mut values = BTreeSet::new();
    for segment in searcher.segment_readers() {
        let Some(column) = segment.fast_fields().str(field)? else { continue };
        let mut stream = column.dictionary().stream()?;
        while values.len() <= 2 * VALUES_MAX && stream.advance() {
            values.extend(std::str::from_utf8(stream.key()).map(str::to_owned));
        }
    }
    Ok(few(&values))
}

fn few(values: &BTreeSet<String>) -> Option<String> {
    let list: Vec<&str> = values.iter().map(String::as_str).collect();
    (!list.is_empty() && list.len() <= 2 * VALUES_MAX).then(|| list.join(", "))
}

/// Returns why no paper has all parts, though each part alone has some: which two contradict each
/// other, and how many papers match without each.
fn apart(searcher: &Searcher, with: With<'_>, root: &Node) -> Result<Vec<String>, TantivyError> {
    let Node::All(parts) = root else {
        return Ok(vec!["no paper matches".to_owned()]);
    };
    let wanted: Vec<&Node> = parts.iter().filter(|p| !matches!(p, Node::Not(_))).take(PARTS_MAX).collect();
    let mut out = Vec::new();
    for (n, first) in wanted.iter().enumerate() {
        for second in wanted.iter().skip(n + 1) {
            let both = Node::All(vec![(*first).clone(), (*second).clone()]);
            if parts.len() > 2 && out.len() < 2 && count(searcher, with, &both)? == 0 {
                out.push(format!("no paper has both {} and {}", first.typed(), second.typed()));
            }
        }
    }
    if out.is_empty() {
        out.push(match parts.as_slice() {
            [first, second] if wanted.len() == 2 => {
                format!("no paper has both {} and {}", first.typed(), second.typed())
            }
            _ => "each part alone has papers, but no paper has all of them".to_owned(),
        });
    }
    out.extend(without(searcher, with, root, 0)?);
    Ok(out)
}

/// Returns, for each part that is required, how many papers match without it, where that is more.
fn without(searcher: &Searcher, with: With<'_>, root: &Node, total: usize) -> Result<Vec<String>, TantivyError> {
    let Node::All(parts) = root else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for (n, part) in parts.iter().enumerate().take(PARTS_MAX) {
        let others: Vec<Node> = parts.iter().enumerate().filter(|(m, _)| *m != n).map(|(_, p)| p.clone()).collect();
        let Some(rest) = super::query::all(others) else { continue };
        // What would remain must still ask for something.
        let asks = !matches!(part, Node::Everything) && !matches!(rest, Node::Everything | Node::Not(_));
        let without = if asks { count(searcher, with, &rest)? } else { 0 };
        if without > total {
            let noun = if without == 1 { "paper" } else { "papers" };
            out.push(format!("without {}: {without} {noun}", part.typed()));
        }
    }
    Ok(out)
}
