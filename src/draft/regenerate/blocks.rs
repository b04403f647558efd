//! Merges items, candidates, decisions and dates block by block.

use std::collections::{BTreeMap, BTreeSet};

use super::super::cuts::Cuts;
use super::super::layout::{Block, Kind, Layout};
use super::super::spot::{self, Newcomer};
use super::super::text::is_same_text;
use super::{Fields, block_name, merge_field, remarks};
use crate::model::TopicRule;

/// The blocks of a text by their keys; of two with one key the first of the wanted kind counts.
type ByKey<'a> = BTreeMap<String, &'a Block>;

/// Returns the blocks of a text by key, preferring the kind that `like` has under the same key.
fn by_key<'a>(layout: &'a Layout<'_>, like: &ByKey<'_>) -> ByKey<'a> {
    let mut out: ByKey<'a> = BTreeMap::new();
    for block in &layout.blocks {
        let Some(key) = block.key() else { continue };
        let wanted = like.get(&key).map(|b| b.kind);
        match out.get(&key) {
            Some(held) if Some(held.kind) == wanted || Some(block.kind) != wanted => {}
            _ => {
                out.insert(key, block);
            }
        }
    }
    out
}

/// Merges all blocks; returns the ids of papers that the news has and the file will not have.
pub(super) fn merge(
    base: Option<&Layout<'_>>,
    mine: &Layout<'_>,
    theirs: &Layout<'_>,
    topics: &[TopicRule],
    cuts: &mut Cuts<'_>,
) -> BTreeSet<String> {
    let old = base.map(|b| by_key(b, &BTreeMap::new())).unwrap_or_default();
    let held = by_key(mine, &old);
    let new = by_key(theirs, &BTreeMap::new());
    let mut moved = BTreeSet::new();
    for block in &mine.blocks {
        let Some(key) = block.key().filter(|k| held.get(k).is_some_and(|b| std::ptr::eq(*b, block))) else { continue };
        let (Some(base), Some(old)) = (base, old.get(&key)) else { continue };
        let trio = Trio { base: (base, old), mine: (mine, block), theirs: new.get(&key).map(|t| (theirs, *t)) };
        if trio.merge(&key, cuts) == Fate::Moves {
            moved.insert(key);
        }
    }
    let copies = |key: &str| mine.blocks.iter().filter(|b| b.key().as_deref() == Some(key)).count();
    let mut gone = BTreeSet::new();
    for block in &theirs.blocks {
        let Some(key) = block.key().filter(|k| new.get(k).is_some_and(|b| std::ptr::eq(*b, block))) else { continue };
        let is_new = !old.contains_key(&key) && !held.contains_key(&key);
        if is_new || (moved.contains(&key) && copies(&key) == 1) {
            let text = theirs.text.get(block.range()).unwrap_or_default();
            insert(mine, block, text, topics, cuts);
        } else if !held.contains_key(&key) {
            gone.insert(block.text("id").to_owned());
        }
    }
    gone
}

/// What becomes of a block of the file.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    /// It stays where it is or goes for good.
    Settled,
    /// It is cut out here and put in where the news has it.
    Moves,
}

/// One block in the base, in the file, and in the news where it is there.
struct Trio<'a> {
    base: (&'a Layout<'a>, &'a Block),
    mine: (&'a Layout<'a>, &'a Block),
    theirs: Option<(&'a Layout<'a>, &'a Block)>,
}

impl Trio<'_> {
    /// Tells whether the block stands as the machine wrote it and no person chose it.
    fn is_untouched(&self) -> bool {
        let ((base, old), (mine, block)) = (self.base, self.mine);
        let id = block.text("id");
        let is_chosen = mine.top_text("pick") == id && base.top_text("pick") != id && !id.is_empty();
        let same = |a, b| is_same_text(a, b);
        // What the base knows by its id alone is a person's, however little they left of it.
        block.kind == old.kind
            && !old.is_stub()
            && !is_chosen
            && same(mine.slice(&block.lead), base.slice(&old.lead))
            && same(mine.slice(&block.body), base.slice(&old.body))
    }

    /// Tells whether a person said where the paper goes: by a word behind `keep =`, or by making an item of
    /// a candidate or a candidate of an item. They did so by the section that stood there, so it stays.
    fn is_placed(&self) -> bool {
        let ((_, old), (_, block)) = (self.base, self.mine);
        block.is_said() || block.kind != old.kind
    }

    /// Merges the block into the file.
    fn merge(&self, key: &str, cuts: &mut Cuts<'_>) -> Fate {
        let ((base, old), (mine, block)) = (self.base, self.mine);
        let title = if block.kind == Kind::Decision { "" } else { block.text("title") };
        let name = block_name(block.kind, key, title);
        let Some((theirs, new)) = self.theirs else {
            if self.is_untouched() {
                cuts.drop_block(block, key.to_owned());
            } else if !old.is_stub() && block.text("answer").is_empty() && !block.is_drop() {
                // Said once: from then on the base knows it by its id alone, as it knows what a person put in.
                cuts.note(format!("{name}: no longer proposed; it stays, since you changed it"));
            }
            return Fate::Settled;
        };
        if (new.kind, new.text("section")) != (old.kind, old.text("section")) && self.is_untouched() {
            cuts.drop_block(block, key.to_owned());
            return Fate::Moves;
        }
        let is_placed = self.is_placed();
        for field in block.fields.iter().filter(|f| !(is_placed && f.key == "section")) {
            let trio = Fields {
                base: old.field(&field.key),
                mine: Some(field),
                theirs: new.field(&field.key),
                source: theirs,
            };
            merge_field(&trio, &name, cuts);
        }
        if !old.is_stub() {
            remarks::merge_lead((base, old), (mine, block), (theirs, new), cuts);
        }
        Fate::Settled
    }
}

/// Puts a new block in where it belongs.
fn insert(mine: &Layout<'_>, block: &Block, text: &str, topics: &[TopicRule], cuts: &mut Cuts<'_>) {
    let stays = |b: &Block| b.key().is_none_or(|k| !cuts.dropped.contains(&k));
    let at = spot::of_new(mine, &Newcomer::like(block), topics, stays);
    cuts.insert_after(at, text);
}
