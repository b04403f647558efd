//! Sentences that explain an answer, above all an empty one: which word no paper has and which
//! word is near it, what each part of the query removed, which parts contradict each other, and
//! where a value would be found.

mod values;

use std::collections::BTreeSet;

use tantivy::collector::Count;
use tantivy::schema::Field;
use tantivy::{Searcher, TantivyError, Term};

use self::values::{KnownPlace, known, near_value, place};
use super::analyse;
use super::compile::{With, compile, names_in};
use super::knowledge::{self, Meaning};
use super::nearest::{corrected, nearest};
use super::query::{self, Form, Node, TERMS_MAX, TagField, TextField};

/// The most sentences: a pasted abstract must not bring a page of them.
pub(super) const NOTES_MAX: usize = 6;

/// With fewer papers than this, it is said what the parts of the query cost.
const FEW_PAPERS: usize = 3;

/// The most parts of a query that are counted without each other: each count is a search.
const PARTS_MAX: usize = 8;

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
    let names = names_in(with, root);
    for name in names.iter().filter(|_| total == 0) {
        let word = |text: &&str| Node::Text { field: TextField::Anywhere, form: Form::Word, text: (*text).to_owned() };
        if count(searcher, with, &Node::Any(name.iter().map(word).collect()))? == 0 {
            is_any_absent = true;
            out.push(format!("no paper has {:?}", name.join(" ")));
        }
    }
    let is_in_name = |leaf: &Node| {
        let Node::Text { field: TextField::Anywhere, form: Form::Word, text } = leaf else { return false };
        names.iter().flatten().any(|word| word == text)
    };
    for leaf in leaves.iter().filter(|leaf| !is_in_name(leaf) && !leaf.is_joined(&leaves)) {
        let leaf = *leaf;
        if out.len() == NOTES_MAX {
            break;
        }
        if let Some(name) = number_and_name(&leaves, leaf) {
            let is_number = matches!(leaf, Node::Text { .. });
            let is_known = searcher.doc_freq(&Term::from_field_text(with.fields.ident, name))? > 0;
            if is_number && !is_known && is_absent(searcher, with, leaf, total)? {
                is_any_absent = true;
                out.push(format!("no paper has {:?}, and none here is {name}", leaf.typed()));
            }
            continue;
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

/// Returns the identifier of a leaf that is a word which may be one (a bare PMID), or that identifier
/// itself; `None` when it is neither.
fn number_and_name<'a>(leaves: &[&'a Node], leaf: &'a Node) -> Option<&'a str> {
    let is_of = |name: &str, text: &str| name.strip_prefix("pmid:").unwrap_or(name) == text;
    let plain = |node: &&Node, name: &str| matches!(node, Node::Text { field: TextField::Anywhere, form: Form::Word, text } if is_of(name, text));
    match leaf {
        Node::Exact(name) => leaves.iter().any(|l| plain(l, name)).then_some(name),
        Node::Text { .. } => leaves.iter().find_map(|l| match l {
            Node::Exact(name) if plain(&leaf, name) => Some(name.as_str()),
            _ => None,
        }),
        _ => None,
    }
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
    if let Node::Exact(name) = leaf {
        // Of a list of papers it is said which are not here; an address has several names.
        let term = Term::from_field_text(with.fields.ident, name);
        return Ok(name.starts_with("pmid:") && searcher.doc_freq(&term)? == 0);
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

/// Returns the name for readers of the country that a word names; of several with "or". A country that nothing
/// was written about is no slip of somebody's pen.
fn place_without_papers(with: With<'_>, leaf: &Node) -> Option<String> {
    let Node::Text { field: TextField::Anywhere, form: Form::Word, text } = leaf else { return None };
    let of = |meaning: Meaning| match meaning {
        Meaning::Country(code) => with.names.country(&code).map(str::to_owned),
        _ => None,
    };
    let meanings = with.names.meanings(&knowledge::key(text), text).into_iter().filter(|_| with.is_expanded);
    let names: Vec<String> = meanings.filter_map(of).collect();
    (!names.is_empty()).then(|| names.join(" or "))
}

fn count(searcher: &Searcher, with: With<'_>, node: &Node) -> Result<usize, TantivyError> {
    searcher.search(&compile(with, node).query, &Count)
}

/// Returns the sentence for a part that no paper matches, with what would be found.
fn absent(searcher: &Searcher, with: With<'_>, leaf: &Node) -> Result<String, TantivyError> {
    if let Some(place) = place_without_papers(with, leaf) {
        return Ok(format!("no paper is about {place}"));
    }
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
                Form::Word | Form::Filler | Form::Meant => {
                    (format!("{:?}", text.trim()), nearest_word(searcher, dictionary, text)?)
                }
            };
            let elsewhere = elsewhere(searcher, with, leaf, text)?;
            (format!("no paper has {typed}{place}"), elsewhere.or(near.map(|near| format!("near it: {near:?}"))))
        }
        Node::Tag { field, value } if is_open(*field, value) => {
            ("no paper here is known to be open access".to_owned(), None)
        }
        Node::Tag { field: TagField::Flag, value } => {
            (format!("no paper here is marked {value:?}"), known(searcher, with, TagField::Flag)?)
        }
        Node::Tag { field: TagField::Design, value } if query::flag(value).is_some() => {
            let flag = query::flag(value).unwrap_or_default();
            (format!("no paper has design {value:?}"), Some(format!("did you mean is:{flag}?")))
        }
        Node::Tag { field, value } => {
            let help = match place(with, *field, value) {
                KnownPlace::Said(sentence) => Some(sentence),
                KnownPlace::Named => None,
                KnownPlace::Unknown => value_help(searcher, with, leaf, *field, value)?,
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

/// Returns what helps with a value that no paper has: where it would be found, one near it, and for
/// tags that are listed nowhere else which there are.
fn value_help(
    searcher: &Searcher,
    with: With<'_>,
    leaf: &Node,
    field: TagField,
    value: &str,
) -> Result<Option<String>, TantivyError> {
    let Some(elsewhere) = elsewhere(searcher, with, leaf, value)? else {
        return near_value(searcher, with, field, value);
    };
    let is_listed_nowhere = matches!(
        field,
        TagField::Twg | TagField::Design | TagField::Condition | TagField::Population | TagField::Intervention
    );
    let known = if is_listed_nowhere { known(searcher, with, field)? } else { None };
    Ok(Some(match known {
        Some(known) => format!("{elsewhere} {known}"),
        None => elsewhere,
    }))
}

/// Tells whether a value asks for papers that everybody can read.
fn is_open(field: TagField, value: &str) -> bool {
    matches!((field, value), (TagField::OpenAccess, "yes") | (TagField::Flag, "open-access"))
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
        let Some(rest) = query::all(others) else { continue };
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
