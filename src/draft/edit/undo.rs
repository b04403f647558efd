//! Takes back what one saving changed, and leaves alone what was changed since.
//!
//! What differs between the file before and after is looked for in the file as it is now: field by field,
//! block by block, place by place. Where it still stands as it was left, the words of before come back.

mod parts;

use std::collections::BTreeSet;

use super::super::layout::{Block, Field, Layout, line_end};
use super::super::regenerate::remarks::recount;
use super::super::text::is_same_text;
use super::blocks::header_cut;
use super::page::{Cut, Holder, Page};
use super::split_mark;
use parts::{Part, frame, moved, parts, skeleton};

/// Returns `now` with what was changed from `before` to `after` taken back, and everything else that was
/// changed since left alone; `None` when that cannot be done without touching what was changed since.
///
/// `now == after` gives `before` to the byte. What stands as in `before` already is passed over. `None` also
/// when one of the texts is no draft, or when remarks between blocks differ (no change of a person's in the
/// browser makes them differ, but for a date with remarks that is taken out).
pub fn undo(before: &str, after: &str, now: &str) -> Option<String> {
    if now == after {
        return Some(before.to_owned());
    }
    let [(_, before), (_, after), (mark, body)] = [before, after, now].map(split_mark);
    let [before, after] = [before, after].map(|text| Page::read(text, "").ok());
    let (before, after) = (before?, after?);
    if skeleton(&before) != skeleton(&after) {
        return None;
    }
    let back = Back { before: &before, after: &after };
    let text = back.fields_back(&Page::read(body, "").ok()?)?;
    let (text, is_moved) = back.blocks_back(text)?;
    let layout = Layout::read(&text, "").ok()?;
    let text = if is_moved { recount(&layout) } else { text.clone() };
    Some(format!("{mark}{text}"))
}

/// The file before and after what is to be taken back.
struct Back<'a> {
    before: &'a Page<'a>,
    after: &'a Page<'a>,
}

impl Back<'_> {
    /// Returns the text of now with the words of before in all fields and blocks that are in both.
    fn fields_back(&self, now: &Page<'_>) -> Option<String> {
        let mut cuts = self.holder_back([self.before.holder(None), self.after.holder(None), now.holder(None)], now)?;
        let (olds, news, helds) = (parts(self.before), parts(self.after), parts(now));
        for (key, old) in &olds {
            let (Some(old), Some(new)) = (old.block, find(&news, key).and_then(|p| p.block)) else { continue };
            let [was, left] = [(self.before, old), (self.after, new)].map(|(page, b)| page.layout.slice(&b.range()));
            if is_same_text(was, left) {
                continue;
            }
            let held = find(&helds, key).and_then(|p| p.block)?;
            let is = now.layout.slice(&held.range());
            if is_same_text(is, left) {
                cuts.push((held.range(), like(now, was, is)));
            } else if !is_same_text(is, was) {
                cuts.extend(self.block_back((old, new), (now, held))?);
            }
        }
        Some(now.cut(cuts))
    }

    /// Returns the cuts that take back the changes of one block in which other things were changed since.
    fn block_back(&self, (old, new): (&Block, &Block), (now, held): (&Page<'_>, &Block)) -> Option<Vec<Cut>> {
        // Remarks that differ belong to no field.
        if frame(self.before, old) != frame(self.after, new) {
            return None;
        }
        let holders = [self.before.holder(Some(old)), self.after.holder(Some(new)), now.holder(Some(held))];
        let mut cuts = self.holder_back(holders, now)?;
        if old.kind != new.kind && held.kind == new.kind {
            cuts.push(header_cut(now, held, old.kind)?);
        }
        Some(cuts)
    }

    /// Returns the cuts that take back the changes of fields, in a block or above the first one.
    fn holder_back(&self, [old, new, held]: [Holder<'_>; 3], now: &Page<'_>) -> Option<Vec<Cut>> {
        let keys: BTreeSet<&str> = old.fields.iter().chain(new.fields).map(|f| f.key.as_str()).collect();
        let mut cuts = Vec::new();
        for key in keys {
            let [was, left, is] = [&old, &new, &held].map(|h| h.fields.iter().find(|f| f.key == key));
            let said = |field: Option<&Field>| field.map(|f| f.value.clone());
            if said(was) == said(left) || said(is) == said(was) {
                continue;
            }
            if said(is) != said(left) {
                return None;
            }
            match (was, is) {
                (Some(was), Some(is)) => {
                    cuts.push((is.span.clone(), like(now, self.before.layout.slice(&was.span), "")));
                }
                (Some(was), None) => {
                    let line = format!("{key} = {}\n", plain(self.before.layout.slice(&was.span)));
                    cuts.push(now.line_in(held.usual(now.text, key), &line));
                }
                (None, Some(is)) => cuts.push(now.line_out(&is.span)),
                (None, None) => {}
            }
        }
        Some(cuts)
    }

    /// Returns the text with blocks that came taken out, those that went put back, and those that moved
    /// where they were; and whether there was any.
    fn blocks_back(&self, mut text: String) -> Option<(String, bool)> {
        let (olds, news) = (parts(self.before), parts(self.after));
        let mut is_moved = false;
        for (key, new) in news.iter().filter(|(key, _)| find(&olds, key).is_none()) {
            let now = Page::read(&text, "").ok()?;
            let helds = parts(&now);
            let Some(held) = find(&helds, key).and_then(|p| p.block) else { continue };
            if !is_same_text(now.layout.slice(&held.range()), self.after.layout.slice(&new.block?.range())) {
                return None;
            }
            text = now.cut(vec![now.out(held.range())]);
            is_moved = true;
        }
        let moves = moved(&names(&olds), &names(&news))?;
        let since = {
            let now = Page::read(&text, "").ok()?;
            moved(&names(&news), &names(&parts(&now)))?
        };
        for (n, (key, old)) in olds.iter().enumerate() {
            let is_new = find(&news, key).is_none();
            if !is_new && !moves.contains(key.as_str()) {
                continue;
            }
            text = self.block_home(&text, (n, key, old.block?), (is_new, &since))?;
            is_moved = true;
        }
        Some((text, is_moved))
    }

    /// Returns the text with one block of before put back where it was: one that was taken out, or one that
    /// was moved away, as it stands now.
    fn block_home(
        &self,
        text: &str,
        (n, key, old): (usize, &str, &Block),
        (is_new, since): (bool, &BTreeSet<String>),
    ) -> Option<String> {
        let now = Page::read(text, "").ok()?;
        let helds = parts(&now);
        let held = find(&helds, key).and_then(|p| p.block);
        let was = self.before.layout.slice(&old.range());
        let (block, without) = match held {
            // It was brought back by somebody: as it was, it may stay where they put it.
            Some(held) if is_new => {
                return is_same_text(was, now.layout.slice(&held.range())).then(|| text.to_owned());
            }
            Some(held) if !since.contains(key) => {
                (now.layout.slice(&held.range()).to_owned(), now.cut(vec![now.out(held.range())]))
            }
            None if is_new => (like(&now, was, "\n"), text.to_owned()),
            _ => return None,
        };
        let rest = Page::read(&without, "").ok()?;
        let helds = parts(&rest);
        let olds = parts(self.before);
        let is_steady = |key: &&String| !since.contains(key.as_str());
        let above = olds.iter().take(n).rev().map(|(key, _)| key).filter(is_steady).find_map(|key| find(&helds, key));
        let below = || olds.iter().skip(n + 1).map(|(key, _)| key).filter(is_steady).find_map(|key| find(&helds, key));
        let top = line_end(rest.text, rest.layout.top_end);
        let at = above.map(|part| part.range.end).or_else(|| below().map(|part| part.range.start)).unwrap_or(top);
        Some(rest.put_in(at, &block))
    }
}

/// Returns the part of a name.
fn find<'p, 'b>(parts: &'p [(String, Part<'b>)], key: &str) -> Option<&'p Part<'b>> {
    parts.iter().find(|(name, _)| name == key).map(|(_, part)| part)
}

/// Returns the names of parts, in their order.
fn names(parts: &[(String, Part<'_>)]) -> Vec<(String, bool)> {
    parts.iter().map(|(name, part)| (name.clone(), part.block.is_some())).collect()
}

/// Returns a text with line feeds alone.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Returns words of another text with the line endings of a page, ended by a line feed where `held` is.
fn like(now: &Page<'_>, text: &str, held: &str) -> String {
    let text = plain(text);
    let bare = if held.is_empty() { text } else { text.trim_end_matches('\n').to_owned() };
    now.ended(&if held.ends_with('\n') { format!("{bare}\n") } else { bare })
}
