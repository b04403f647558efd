//! Finds the line and column of a field, so that a person can go straight to it.

use std::collections::BTreeMap;

use super::super::layout::{Block, Layout};
use super::super::text::BOM;
use crate::model::{Place, TopicRule};

/// The places of the fields in a draft file.
pub(super) struct Places<'a> {
    file: &'a str,
    text: &'a str,
    layout: Option<Layout<'a>>,
    /// Which block has its header on which line.
    by_line: BTreeMap<usize, usize>,
}

impl<'a> Places<'a> {
    /// Returns the places in a text; without a text, or with one that cannot be taken apart,
    /// only lines are known.
    pub(super) fn of(text: &'a str, file: &'a str) -> Self {
        let text = text.strip_prefix(BOM).unwrap_or(text);
        let layout = if text.is_empty() { None } else { Layout::read(text, file).ok() };
        let blocks = layout.iter().flat_map(|l| l.blocks.iter().enumerate());
        let by_line = blocks.map(|(n, b)| (Place::of_offset("", text, b.body.start).line, n)).collect();
        Self { file, text, layout, by_line }
    }

    /// Returns the place of the file as a whole.
    pub(super) fn file(&self) -> Place {
        Place::file(self.file)
    }

    /// Returns the place of a field above the first block; of the file when it is not there.
    pub(super) fn top(&self, key: &str) -> Place {
        let field = self.layout.as_ref().and_then(|l| l.top_field(key));
        field.map_or_else(|| self.file(), |f| Place::of_offset(self.file, self.text, f.span.start))
    }

    /// Returns the place of a field in the block whose header stands on `line`; of the header when
    /// the field is not there.
    pub(super) fn field(&self, line: usize, key: &str) -> Place {
        let field = self.block(line).and_then(|b| b.field(key));
        match field {
            Some(field) => Place::of_offset(self.file, self.text, field.span.start),
            None => Place { file: self.file.to_owned(), line, column: usize::from(line > 0) },
        }
    }

    /// Returns the topic under whose heading the block on `line` stands, when that is one.
    pub(super) fn topic_above<'t>(&self, line: usize, topics: &'t [TopicRule]) -> Option<&'t TopicRule> {
        let start = self.block(line)?.body.start;
        let headings = self.layout.as_ref().map(|l| l.headings.as_slice()).unwrap_or_default();
        let above = headings.iter().rfind(|h| h.is_between_blocks && h.range.start < start)?;
        topics.iter().find(|t| crate::model::text::clean_line(&t.name) == above.name)
    }

    fn block(&self, line: usize) -> Option<&Block> {
        self.layout.as_ref()?.blocks.get(*self.by_line.get(&line)?)
    }
}
