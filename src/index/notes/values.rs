//! What is said of a value that no paper has: one near it, or which values there are.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::schema::Field;
use tantivy::{Searcher, TantivyError};

use super::super::compile::With;
use super::super::knowledge::{self, Meaning};
use super::super::nearest::nearest;
use super::super::query::{Node, TagField};
use super::{count, nearest_word};

/// The most edits between a place and one it is said to be near.
const EDITS_MAX: usize = 2;

/// Values of so many letters or fewer are codes: a letter more or less is another one.
const CODE_CHARS_MAX: usize = 3;

/// The most values of a field that are listed.
const VALUES_MAX: usize = 12;

/// The most marks that are listed: they are few, and nobody guesses them.
const MARKS_MAX: usize = 40;

/// Where all values are listed.
const ALL_LISTED: &str = "`roundup search --facets` lists all";

/// What is known of a value as the name of a country or region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KnownPlace {
    /// It is the name itself, and nothing need be said.
    Named,
    /// It is another name, or a part of one: the sentence for it.
    Said(String),
    /// Nothing.
    Unknown,
}

/// Returns what is known of a value as the name of a country or region.
pub(super) fn place(with: With<'_>, field: TagField, value: &str) -> KnownPlace {
    if !matches!(field, TagField::Country | TagField::Region) {
        return KnownPlace::Unknown;
    }
    let is_region = field == TagField::Region;
    let key = knowledge::key(value);
    let meanings = with.names.meanings(&key, value);
    let names: BTreeSet<&str> = meanings
        .iter()
        .filter_map(|meaning| match meaning {
            Meaning::Region(id) if is_region => with.names.region(id),
            Meaning::Country(code) | Meaning::Code(code) | Meaning::Place(code) if !is_region => {
                with.names.country(code)
            }
            _ => None,
        })
        .collect();
    if !names.is_empty() {
        let is_said = names.iter().any(|name| knowledge::key(name) == key);
        let list: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
        return if is_said { KnownPlace::Named } else { KnownPlace::Said(format!("that is {}", list.join(" or "))) };
    }
    let near = with.names.place_with_word(&key, is_region);
    near.map_or(KnownPlace::Unknown, |name| KnownPlace::Said(format!("did you mean {name:?}?")))
}

/// Returns what a field has near a value, or what it has at all.
pub(super) fn near_value(
    searcher: &Searcher,
    with: With<'_>,
    field: TagField,
    value: &str,
) -> Result<Option<String>, TantivyError> {
    let is_code = value.trim().chars().count() <= CODE_CHARS_MAX;
    let near = match field {
        TagField::Country if is_code => return Ok(Some("write the name or a code such as KE".to_owned())),
        TagField::Region if is_code => None,
        TagField::Country | TagField::Region => {
            with.names.nearest_place(&knowledge::key(value), field == TagField::Region, EDITS_MAX)
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
        TagField::Language | TagField::OpenAccess | TagField::Flag | TagField::Issue => None,
    };
    match near {
        Some(near) => Ok(Some(format!("near it: {near:?}"))),
        None => known(searcher, with, field),
    }
}

/// Returns which values of a field papers here have; `None` for fields of which it does not help.
pub(super) fn known(searcher: &Searcher, with: With<'_>, field: TagField) -> Result<Option<String>, TantivyError> {
    let list = match field {
        TagField::Language => listed(searcher, with.fields.lang, VALUES_MAX)?,
        TagField::Issue => listed(searcher, with.fields.issue, VALUES_MAX)?,
        TagField::Source => listed(searcher, with.fields.source, VALUES_MAX)?,
        TagField::Flag => listed(searcher, with.fields.flag, MARKS_MAX)?,
        TagField::Twg => most(searcher, "twg")?,
        TagField::Design => most(searcher, "design_label")?,
        TagField::Region => most(searcher, "region")?,
        TagField::Condition => most(searcher, "condition")?,
        TagField::Population => most(searcher, "population")?,
        TagField::Intervention => most(searcher, "intervention")?,
        TagField::Country | TagField::OpenAccess => None,
    };
    Ok(list.map(|list| format!("known here: {list}")))
}

/// Returns the first values of a field, in order, and where the others are listed; `None` when no paper
/// has any.
fn listed(searcher: &Searcher, field: Field, most: usize) -> Result<Option<String>, TantivyError> {
    let mut values = BTreeSet::new();
    for segment in searcher.segment_readers() {
        let index = segment.inverted_index(field)?;
        let mut stream = index.terms().stream()?;
        // Of each part of the index the first ones are enough.
        for _ in 0..=most {
            let Some((bytes, _)) = stream.next() else { break };
            values.extend(std::str::from_utf8(bytes).map(str::to_owned));
        }
    }
    let list: Vec<&str> = values.iter().take(most).map(String::as_str).collect();
    let more = if values.len() > most { format!("; {ALL_LISTED}") } else { String::new() };
    Ok((!list.is_empty()).then(|| format!("{}{more}", list.join(", "))))
}

/// Returns the values that most papers have of a field that is counted by, most papers first, then by
/// name; `None` when no paper has any.
fn most(searcher: &Searcher, field: &str) -> Result<Option<String>, TantivyError> {
    let mut papers: BTreeMap<String, usize> = BTreeMap::new();
    for segment in searcher.segment_readers() {
        let Some(column) = segment.fast_fields().str(field)? else { continue };
        let mut counts = vec![0_usize; column.num_terms()];
        for number in segment.doc_ids_alive().flat_map(|doc| column.ords().values_for_doc(doc)) {
            if let Some(count) = usize::try_from(number).ok().and_then(|n| counts.get_mut(n)) {
                *count += 1;
            }
        }
        for (number, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            let mut value = String::new();
            column.ord_to_str(number as u64, &mut value)?;
            *papers.entry(value).or_default() += count;
        }
    }
    let mut values: Vec<(String, usize)> = papers.into_iter().collect();
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let more = values.len().saturating_sub(VALUES_MAX);
    let mut list: Vec<String> = values.into_iter().take(VALUES_MAX).map(|(value, _)| value).collect();
    if more > 0 {
        list.push(format!("{more} more; {ALL_LISTED}"));
    }
    Ok((!list.is_empty()).then(|| list.join(", ")))
}
