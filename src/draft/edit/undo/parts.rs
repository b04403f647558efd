//! A file as a row of headings and blocks, and what moved between two such rows.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::super::super::layout::{Block, Field, line_end, line_start};
use super::super::page::{Cut, Page, cut_within};

/// A heading or a block.
pub(super) struct Part<'b> {
    /// The block; `None` for a heading.
    pub(super) block: Option<&'b Block>,
    /// Where it stands, with its remarks.
    pub(super) range: Range<usize>,
}

/// Returns the headings and blocks of a page in their order, each with a name that no other one has: of
/// several with one key the later ones are numbered.
pub(super) fn parts<'b>(page: &'b Page<'_>) -> Vec<(String, Part<'b>)> {
    let blocks = page.layout.blocks.iter().map(|b| {
        let name = b.key().unwrap_or_else(|| format!("unnamed {}", page.layout.slice(&b.body).trim()));
        (name, Part { block: Some(b), range: b.range() })
    });
    let headings = page.layout.headings.iter().filter(|h| h.is_between_blocks);
    let headings = headings.map(|h| (format!("heading {}", h.name), Part { block: None, range: h.range.clone() }));
    let mut out: Vec<(String, Part<'b>)> = blocks.chain(headings).collect();
    out.sort_by_key(|(_, part)| (part.range.start, part.range.end));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (name, _) in &mut out {
        let count = counts.entry(name.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            name.push_str(&format!(" ({count})"));
        }
    }
    out
}

/// Returns what of a page is neither block nor value: its lines without the empty ones, headings by their
/// name alone.
pub(super) fn skeleton(page: &Page<'_>) -> Vec<String> {
    let mut cuts: Vec<Cut> = page.layout.blocks.iter().map(|b| (b.range(), String::new())).collect();
    cuts.extend(page.layout.top.iter().map(|f| line_of(page, f)));
    for heading in page.layout.headings.iter().filter(|h| h.is_between_blocks) {
        let end = line_end(page.text, heading.range.start).min(heading.range.end);
        cuts.push((heading.range.start..end, format!("{}\n", heading.name)));
    }
    lines(&cut_within(page.text, 0..page.text.len(), cuts))
}

/// Returns what of a block is neither header nor value: its remarks.
pub(super) fn frame(page: &Page<'_>, block: &Block) -> Vec<String> {
    let mut cuts: Vec<Cut> = block.fields.iter().map(|f| line_of(page, f)).collect();
    let header = page.text.get(block.body.start..line_end(page.text, block.body.start)).unwrap_or_default();
    let end = block.body.start + header.find("]]").map_or(header.len(), |at| at + "]]".len());
    cuts.push((block.body.start..end, String::new()));
    lines(&cut_within(page.text, block.range(), cuts))
}

/// Returns the cut that leaves of a field's line only what stands behind the value.
fn line_of(page: &Page<'_>, field: &Field) -> Cut {
    (line_start(page.text, field.span.start)..field.span.end, String::new())
}

/// Returns the lines of a text that hold something.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect()
}

/// Most parts that are compared each with each: a hundred times what a person moves in one go.
const PARTS_MAX: usize = 2_000;

/// Returns the names of the blocks that stand in another order in two rows: the fewest that have to be moved
/// to make one of the other. Names that stand in one row only do not count. A heading never moves.
///
/// `None` when headings changed their order, or when too much of the rows differs.
pub(super) fn moved(old: &[(String, bool)], new: &[(String, bool)]) -> Option<BTreeSet<String>> {
    let places: BTreeMap<&str, usize> = new.iter().enumerate().map(|(n, (name, _))| (name.as_str(), n)).collect();
    let row: Vec<(&str, bool, usize)> = old
        .iter()
        .filter_map(|(name, is_block)| Some((name.as_str(), *is_block, *places.get(name.as_str())?)))
        .collect();
    let mut sorted: Vec<usize> = row.iter().map(|(_, _, place)| *place).collect();
    sorted.sort_unstable();
    let head = row.iter().zip(&sorted).take_while(|((_, _, place), want)| place == *want).count();
    let tail = row.iter().zip(&sorted).skip(head).rev().take_while(|((_, _, place), want)| place == *want).count();
    let middle = row.get(head..row.len().saturating_sub(tail)).unwrap_or_default();
    if middle.len() > PARTS_MAX {
        return None;
    }
    let stays = heaviest_rise(middle);
    let out: BTreeSet<String> = middle
        .iter()
        .enumerate()
        .filter(|(n, _)| !stays.contains(n))
        .map(|(_, (name, _, _))| (*name).to_owned())
        .collect();
    let is_heading = |name: &String| middle.iter().any(|(n, is_block, _)| n == name && !is_block);
    (!out.iter().any(is_heading)).then_some(out)
}

/// Returns which of a row of parts stay where they are: the numbers of the heaviest rising run, where a
/// heading weighs more than all blocks.
fn heaviest_rise(row: &[(&str, bool, usize)]) -> BTreeSet<usize> {
    // For each part the weight of the heaviest run that ends with it, and the part before it in that run.
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(row.len());
    for (n, (_, is_block, place)) in row.iter().enumerate() {
        let weight = if *is_block { 1 } else { row.len() + 1 };
        let before = best.iter().zip(row).enumerate().take(n).filter(|(_, (_, (_, _, p)))| p < place);
        let before = before.map(|(m, ((weight, _), _))| (*weight, m)).max();
        best.push((weight + before.map_or(0, |(weight, _)| weight), before.map(|(_, m)| m)));
    }
    let mut out = BTreeSet::new();
    let mut at = best.iter().enumerate().max_by_key(|(_, (weight, _))| *weight).map(|(n, _)| n);
    while let Some(n) = at {
        out.insert(n);
        at = best.get(n).and_then(|(_, before)| *before);
    }
    out
}
