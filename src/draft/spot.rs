//! Where a block that was not in the file belongs.

use super::answers::is_about_scope;
use super::layout::{Block, Kind, Layout, line_end};
use super::write::heading_of;
use crate::model::TopicRule;

/// A block to be put in.
pub(super) struct Newcomer<'a> {
    /// What it is.
    pub(super) kind: Kind,
    /// The section of an item; of no meaning for others.
    pub(super) section: &'a str,
    /// Its id; empty for a date.
    pub(super) id: &'a str,
}

impl<'a> Newcomer<'a> {
    /// Returns a newcomer as a block of another text is.
    pub(super) fn like(block: &'a Block) -> Self {
        Self { kind: block.kind, section: block.text("section"), id: block.text("id") }
    }
}

/// Returns the end of a line, behind which a new block belongs: behind the last one of its section (of
/// decisions: that asks about the same), else under its heading, else behind the last one of its kind, else
/// at the end (an item without any other: below the top fields). Only blocks that `stays` names count.
pub(super) fn of_new(
    layout: &Layout<'_>,
    new: &Newcomer<'_>,
    topics: &[TopicRule],
    stays: impl Fn(&Block) -> bool,
) -> usize {
    let counts = |b: &&Block| b.kind == new.kind && stays(b);
    let in_section = |b: &&Block| match b.kind {
        Kind::Item => b.text("section") == new.section,
        Kind::Decision => is_about_scope(b.text("id")) == is_about_scope(new.id),
        Kind::Candidate | Kind::Event => true,
    };
    let last_in_section = layout.blocks.iter().filter(counts).rfind(in_section).map(|b| b.body.end);
    let under_heading = || {
        let name = heading_of(new.kind, new.section, new.id, topics)?;
        layout.headings.iter().find(|h| h.is_between_blocks && h.name == name).map(|h| h.range.end)
    };
    let last_of_kind = || layout.blocks.iter().rfind(counts).map(|b| b.body.end);
    let end = if new.kind == Kind::Item { line_end(layout.text, layout.top_end) } else { layout.text.len() };
    last_in_section.or_else(under_heading).or_else(last_of_kind).unwrap_or(end)
}
