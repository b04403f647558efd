//! What is kept for the next merge: what the machine wrote, and what it must not forget.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::super::layout::{Block, Field, Layout};
use super::edits::Edits;

/// Returns the next base: the news, with three things that the news alone would forget.
///
/// Blocks that a person removed or changed and that the news lacks stay in it: the removed stay
/// out when they come again, the changed stay in. A block that a person put in by hand before the
/// machine had it is known by its id alone, so that all its words stay the person's. And where
/// person and machine came to the same words, the old words are kept, so that the field stays the
/// person's when the machine changes its mind.
pub(super) fn next_base(
    base: Option<&Layout<'_>>,
    mine: &Layout<'_>,
    theirs: &Layout<'_>,
    edits: &Edits<'_>,
) -> String {
    let Some(base) = base else { return theirs.text.to_owned() };
    let old = by_key(base);
    let held = by_key(mine);
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let mut known = BTreeSet::new();
    for block in &theirs.blocks {
        let Some(key) = block.key() else { continue };
        match (old.get(&key), held.get(&key)) {
            (None, Some(_)) => changes.push((block.range(), stub(theirs, block))),
            (Some(old), _) if old.is_stub() => changes.push((block.range(), stub(theirs, block))),
            (Some(old), Some(held)) => {
                changes.extend(agreed((base, &old.fields), &held.fields, &block.fields));
            }
            (_, None) => {}
        }
        known.insert(key);
    }
    changes.extend(agreed((base, &base.top), &mine.top, &theirs.top));
    changes.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(theirs.text.len());
    let mut from = 0;
    for (range, text) in changes {
        out.push_str(theirs.text.get(from..range.start).unwrap_or_default());
        out.push_str(&text);
        from = range.end;
    }
    out.push_str(theirs.text.get(from..).unwrap_or_default());
    for block in &base.blocks {
        let Some(key) = block.key().filter(|k| !known.contains(k) && !edits.dropped.contains(k)) else { continue };
        out.push('\n');
        out.push_str(base.slice(&block.range()));
        known.insert(key);
    }
    out
}

/// Returns the blocks of a text by their keys, the first of each.
fn by_key<'a>(layout: &'a Layout<'_>) -> BTreeMap<String, &'a Block> {
    let mut out = BTreeMap::new();
    for block in &layout.blocks {
        if let Some(key) = block.key() {
            out.entry(key).or_insert(block);
        }
    }
    out
}

/// Returns the old values of the fields in which a person and the news came to the same words.
fn agreed((base, old): (&Layout<'_>, &[Field]), mine: &[Field], theirs: &[Field]) -> Vec<(Range<usize>, String)> {
    let find = |fields: &'_ [Field], key: &str| fields.iter().position(|f| f.key == key);
    let mut out = Vec::new();
    for new in theirs {
        let old = find(old, &new.key).and_then(|n| old.get(n));
        let held = find(mine, &new.key).and_then(|n| mine.get(n));
        if let (Some(old), Some(held)) = (old, held)
            && held.value == new.value
            && old.value != new.value
        {
            out.push((new.span.clone(), base.slice(&old.span).to_owned()));
        }
    }
    out
}

/// Returns a block that says only what it is known by.
fn stub(layout: &Layout<'_>, block: &Block) -> String {
    let mut out = format!("[[{}]]\n", block.kind.word());
    for field in block.kind.key_fields().iter().filter_map(|k| block.field(k)) {
        out.push_str(&format!("{} = {}\n", field.key, layout.slice(&field.span)));
    }
    out
}
