//! What is kept for the next merge: what the machine wrote, and what it must not forget.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::super::cuts::Cuts;
use super::super::layout::{Block, Field, Layout, line_end, line_start};

/// Returns the next base: the news, but for what must stay a person's for good.
///
/// A field that the base does not hold, or in which person and machine came to the same words, is
/// left out, so that it stays the person's when the machine changes its mind. A block is known by
/// its id alone when a person had it before the machine, or when the news lacks it and a person put it
/// in, changed it (it stays in) or removed it (it stays out, should it come, or come again).
pub(super) fn next_base(base: Option<&Layout<'_>>, mine: &Layout<'_>, theirs: &Layout<'_>, cuts: &Cuts<'_>) -> String {
    let old = base.map(by_key).unwrap_or_default();
    let held = by_key(mine);
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let mut known = BTreeSet::new();
    for block in &theirs.blocks {
        let Some(key) = block.key() else { continue };
        match (old.get(&key), held.get(&key)) {
            (None, Some(_)) if base.is_some() => changes.push((block.range(), stub(theirs, block))),
            (Some(old), _) if old.is_stub() => changes.push((block.range(), stub(theirs, block))),
            (Some(old), Some(held)) => {
                changes.extend(personal(&old.fields, &held.fields, theirs, &block.fields));
            }
            (None, _) | (_, None) => {}
        }
        known.insert(key);
    }
    if let Some(base) = base {
        changes.extend(personal(&base.top, &mine.top, theirs, &theirs.top));
    }
    changes.sort_by_key(|(range, _)| range.start);
    let mut out = String::with_capacity(theirs.text.len());
    let mut from = 0;
    for (range, text) in changes {
        out.push_str(theirs.text.get(from..range.start).unwrap_or_default());
        out.push_str(&text);
        from = range.end;
    }
    out.push_str(theirs.text.get(from..).unwrap_or_default());
    // What a person put in counts like what the machine wrote: removed again, it stays out when the machine finds it.
    // A copy stays when the block it was made of goes.
    let copies = |key: &str| mine.blocks.iter().filter(|b| b.key().as_deref() == Some(key)).count();
    let is_gone = |key: &str| cuts.dropped.contains(key) && copies(key) < 2;
    let both = base.into_iter().chain([mine]).flat_map(|layout| layout.blocks.iter().map(move |b| (layout, b)));
    for (layout, block) in both {
        let Some(key) = block.key().filter(|k| !known.contains(k) && !is_gone(k)) else { continue };
        out.push('\n');
        out.push_str(&stub(layout, block));
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

/// Returns the lines of the news to leave out, since their fields are a person's.
fn personal(old: &[Field], mine: &[Field], theirs: &Layout<'_>, new: &[Field]) -> Vec<(Range<usize>, String)> {
    let mut out = Vec::new();
    for field in new {
        let find = |fields: &[Field]| fields.iter().find(|f| f.key == field.key).map(|f| f.value.clone());
        let old = find(old);
        let is_agreed = find(mine).is_some_and(|m| m == field.value) && old.as_ref() != Some(&field.value);
        if old.is_none() || is_agreed {
            out.push((line_start(theirs.text, field.span.start)..line_end(theirs.text, field.span.end), String::new()));
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
