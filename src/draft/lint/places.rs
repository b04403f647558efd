//! Finds the line and column of a field, so that a person can go straight to it; and the block of a line.

use std::collections::BTreeMap;

use super::super::layout::{Block, Field, Kind, Layout};
use super::super::text::BOM;
use crate::model::{Lines, Place, TopicRule};

/// The places of the fields in a draft file.
#[derive(Debug)]
pub struct Places<'a> {
    file: &'a str,
    text: &'a str,
    lines: Lines<'a>,
    layout: Option<Layout<'a>>,
    /// Which block has its header on which line.
    by_line: BTreeMap<usize, usize>,
}

impl<'a> Places<'a> {
    /// Returns the places in a text; without a text, or with one that cannot be taken apart,
    /// only lines are known.
    pub fn of(text: &'a str, file: &'a str) -> Self {
        let text = text.strip_prefix(BOM).unwrap_or(text);
        let layout = if text.is_empty() { None } else { Layout::read(text, file).ok() };
        let blocks = layout.iter().flat_map(|l| l.blocks.iter().enumerate());
        // Lines are counted once: a file of thousands of blocks would be read as often.
        let lines = Lines::new(file, text);
        let by_line = blocks.map(|(n, b)| (lines.at(b.body.start).line, n)).collect();
        Self { file, text, lines, layout, by_line }
    }

    /// Returns the place of the file as a whole: its beginning, where there is a text.
    pub fn file(&self) -> Place {
        if self.text.is_empty() { Place::file(self.file) } else { Place::at(self.file, 1, 1) }
    }

    /// Returns the place of the heading with a name; of the file when there is none.
    pub(super) fn heading(&self, name: &str) -> Place {
        let heading = self.layout.as_ref().and_then(|l| l.heading(&crate::model::text::clean_line(name)));
        heading.map_or_else(|| self.file(), |h| self.lines.at(h.range.start))
    }

    /// Returns the place of a field above the first block; of the file when it is not there.
    pub(super) fn top(&self, key: &str) -> Place {
        let field = self.layout.as_ref().and_then(|l| l.top_field(key));
        field.map_or_else(|| self.file(), |f| self.lines.at(f.span.start))
    }

    /// Returns the place of a field in the block whose header stands on `line`; of the header when
    /// the field is not there.
    pub fn field(&self, line: usize, key: &str) -> Place {
        let field = self.block(line).and_then(|b| b.field(key));
        match field {
            Some(field) => self.lines.at(field.span.start),
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

    /// Returns the id of the block that a line (from 1) belongs to, be it a remark above it, and `None` for a line of no
    /// block, of a date for readers (which has no id), or of a text that cannot be taken apart.
    pub fn block_id(&self, line: usize) -> Option<String> {
        Some(self.around(line)?.text("id")).filter(|id| !id.is_empty()).map(str::to_owned)
    }

    /// Tells whether a line stands in a question.
    pub fn is_in_question(&self, line: usize) -> bool {
        self.around(line).is_some_and(|block| block.kind == Kind::Decision)
    }

    /// Returns which date for readers a line (from 1) belongs to, counted from 0; `None` for any other line.
    pub fn event(&self, line: usize) -> Option<usize> {
        let block = self.around(line).filter(|b| b.kind == Kind::Event)?;
        let events = self.layout.as_ref()?.blocks.iter().filter(|b| b.kind == Kind::Event);
        events.into_iter().position(|b| b.body == block.body)
    }

    /// Returns the key of the field above all blocks that a line (from 1) belongs to; `None` for any other line.
    pub fn top_key(&self, line: usize) -> Option<String> {
        let is_on = |f: &&Field| (self.lines.at(f.span.start).line..=self.lines.at(f.span.end).line).contains(&line);
        self.layout.as_ref()?.top.iter().find(is_on).map(|f| f.key.clone())
    }

    /// Tells whether the text can be taken apart.
    pub fn is_known(&self) -> bool {
        self.layout.is_some()
    }

    /// Returns the block that a line belongs to.
    fn around(&self, line: usize) -> Option<&Block> {
        let start = self.lines.start(line)?;
        let blocks = &self.layout.as_ref()?.blocks;
        let near = blocks.partition_point(|b| b.range().end <= start);
        blocks.get(near).filter(|b| b.range().contains(&start))
    }

    /// Returns the block whose header stands on a line.
    fn block(&self, line: usize) -> Option<&Block> {
        self.layout.as_ref()?.blocks.get(*self.by_line.get(&line)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_belongs_to_its_block() {
        let text = "month = \"2026-10\"\n\n# ── Evidence · 1 proposed ──\n\n# why\n[[item]]\nid = \"a\"\nsummary = \"\"\"\nlong\n\"\"\"\n\n\
            [[event]]\ndate = \"x\"\n\n[[candidate]]\nid = \"b\"";
        let at = |text: &str| {
            (0..=17).map(|n| Places::of(text, "t").block_id(n).unwrap_or_else(|| "-".to_owned())).collect::<String>()
        };
        let want = "-----aaaaaa----bb-";
        assert_eq!(at(text), want);
        assert_eq!(at(&format!("\u{feff}{}", text.replace('\n', "\r\n"))), want, "on Windows");
        assert_eq!(Places::of("month = \"2026", "t").block_id(1), None, "no TOML");
    }

    #[test]
    fn a_line_belongs_to_its_field_or_its_date() {
        let text = "month = \"2026-10\"\nnote = \"\"\"\na\n\"\"\"\n\n[[event]]\ndate = \"\"\"\nx\n\"\"\"\n\n[[item]]\nid = \"a\"\n[[event]]\nlink = \"b\"\n";
        for text in [text.to_owned(), format!("\u{feff}{}", text.replace('\n', "\r\n"))] {
            let places = Places::of(&text, "t");
            let keys: Vec<String> = (0..=15).map(|n| places.top_key(n).unwrap_or_default()).collect();
            assert_eq!(keys.join(","), ",month,note,note,note,,,,,,,,,,,");
            let events: String = (0..=15).map(|n| places.event(n).map_or("-".to_owned(), |n| n.to_string())).collect();
            assert_eq!(events, "------0000---11-");
            assert!(places.is_known());
        }
        assert!(!Places::of("month = \"2026", "t").is_known());
    }
}
