//! A draft file open for one change: finding blocks in it, and cutting.

use std::ops::Range;

use super::super::cuts::{is_crlf, loose};
use super::super::layout::{Block, Kind, Layout, line_end, line_start};
use super::super::layout::{Field, Value};
use super::super::text::{assignment, canon, shape_of};
use crate::model::text::did_you_mean;
use crate::model::{Place, Problem, TopicRule};

/// A range of a text and what stands in its place.
pub(super) type Cut = (Range<usize>, String);

/// A draft file open for one change.
pub(super) struct Page<'t> {
    /// Where things stand.
    pub(super) layout: Layout<'t>,
    /// The file's text, without byte order mark.
    pub(super) text: &'t str,
    /// The file's name in messages.
    file: String,
    /// Whether most of its lines end in carriage return and line feed.
    is_crlf: bool,
}

impl<'t> Page<'t> {
    /// Opens a text (without byte order mark).
    ///
    /// # Errors
    /// When it cannot be taken apart.
    pub(super) fn read(text: &'t str, file: &str) -> Result<Self, Vec<Problem>> {
        let layout = Layout::read(text, file)?;
        Ok(Self { layout, text, file: file.to_owned(), is_crlf: is_crlf(text) })
    }

    /// Returns the only block that is known by a key (`paper w1`, `decision scope w1`).
    ///
    /// # Errors
    /// When there is none, or more than one.
    pub(super) fn only(&self, key: &str) -> Result<&Block, Problem> {
        let mut found = self.layout.blocks.iter().filter(|b| b.key().as_deref() == Some(key));
        let (word, id) = key.split_once(' ').unwrap_or(("block", key));
        match (found.next(), found.next()) {
            (Some(block), None) => Ok(block),
            (None, _) => Err(self.off(0, format!("no {word} \"{id}\" stands in the file")).with_help(
                "somebody may have taken it out or given it another id: load the page again to see the file as it is",
            )),
            (Some(_), Some(second)) => {
                let message = format!("\"{id}\" stands twice in the file, so it is not clear which one is meant");
                let help = "open the file in a text editor and delete one of the two blocks, or give it another id";
                Err(self.off(second.body.start, message).with_help(help))
            }
        }
    }

    /// Returns a problem at a byte of the file.
    pub(super) fn off(&self, at: usize, message: impl Into<String>) -> Problem {
        Problem::error(Place::of_offset(&self.file, self.text, at), message)
    }

    /// Checks that a section is a topic, the compact list, or one that an item of the file names already.
    ///
    /// # Errors
    /// When it is none of these; the known ones are named.
    pub(super) fn check_section(&self, section: &str, topics: &[TopicRule]) -> Result<(), Problem> {
        let mut known: Vec<&str> = topics.iter().map(|t| t.id.as_str()).chain([super::super::MORE]).collect();
        known.extend(self.layout.blocks.iter().filter(|b| b.kind == Kind::Item).map(|b| b.text("section")));
        if section.is_empty() || !known.contains(&section) {
            let named = known.iter().take(topics.len() + 1).copied();
            return Err(self.off(0, format!("unknown section \"{section}\"")).with_help(did_you_mean(section, named)));
        }
        Ok(())
    }

    /// Returns a text with the line endings of the file.
    pub(super) fn ended(&self, text: &str) -> String {
        if self.is_crlf { text.replace('\n', "\r\n") } else { text.to_owned() }
    }

    /// Returns the file's text with cuts made.
    pub(super) fn cut(&self, cuts: Vec<Cut>) -> String {
        cut_within(self.text, 0..self.text.len(), cuts)
    }

    /// Returns the file's text with a block put in behind the end of a line, an empty line on each side of
    /// it. The block has the line endings of the file.
    pub(super) fn put_in(&self, at: usize, block: &str) -> String {
        let end = self.ended("\n");
        let above = self.text.get(..at).unwrap_or_default();
        let last = above.lines().next_back().unwrap_or_default();
        let below = self.text.get(at..line_end(self.text, at)).unwrap_or_default();
        let mut new = String::new();
        if !above.is_empty() && !above.ends_with('\n') {
            new.push_str(&end);
        }
        if !last.trim().is_empty() {
            new.push_str(&end);
        }
        new.push_str(block);
        if !block.ends_with('\n') {
            new.push_str(&end);
        }
        if !below.trim().is_empty() {
            new.push_str(&end);
        }
        self.cut(vec![(at..at, new)])
    }

    /// Returns the cut that takes whole lines out, with the empty line that parted them from what stands above
    /// or below.
    pub(super) fn out(&self, lines: Range<usize>) -> Cut {
        let lines = loose(self.text, lines);
        let above = line_start(self.text, lines.start.saturating_sub(1));
        let is_empty_above = self.text.get(above..lines.start).is_some_and(|l| l.trim().is_empty());
        let is_last = lines.end == self.text.len() && is_empty_above;
        (if is_last { above } else { lines.start }..lines.end, String::new())
    }

    /// Returns the cut that puts `line` (with a line feed at its end) in behind the end of a line.
    pub(super) fn line_in(&self, at: usize, line: &str) -> Cut {
        let is_open = at > 0 && !self.text.get(..at).unwrap_or_default().ends_with('\n');
        (at..at, self.ended(&format!("{}{line}", if is_open { "\n" } else { "" })))
    }

    /// Returns the cut that takes the line of a value out; a remark behind the value stays.
    pub(super) fn line_out(&self, value: &Range<usize>) -> Cut {
        let (start, end) = (line_start(self.text, value.start), line_end(self.text, value.end));
        let remark = self.text.get(value.end..end).and_then(|rest| rest.find('#')).map(|at| value.end + at);
        (start..remark.unwrap_or(end), String::new())
    }

    /// Returns the place of a block's fields, or of the top's without a block.
    pub(super) fn holder<'b>(&'b self, block: Option<&'b Block>) -> Holder<'b> {
        match block {
            Some(block) => {
                let order = match block.kind {
                    Kind::Item | Kind::Candidate => PAPER,
                    Kind::Decision => DECISION,
                    Kind::Event => EVENT,
                };
                Holder { fields: &block.fields, order, start: line_end(self.text, block.body.start) }
            }
            None => Holder { fields: &self.layout.top, order: TOP, start: 0 },
        }
    }

    /// Returns the cut that makes a text say other words; none when it says them already.
    pub(super) fn text_cut(&self, holder: &Holder<'_>, key: &str, text: &str) -> Option<Cut> {
        let text = words(key, text);
        let line = assignment(key, &text);
        match holder.fields.iter().find(|f| f.key == key) {
            Some(field) if field.value == Value::Text(text.clone()) => None,
            Some(field) => {
                let value = line.split_once(" = ").map_or("", |(_, value)| value).trim_end_matches('\n');
                Some((field.span.clone(), self.ended(value)))
            }
            None if text.is_empty() => None,
            None => Some(self.line_in(holder.usual(self.text, key), &line)),
        }
    }
}

/// Keys of a paper's block, in their usual order.
const PAPER: &[&str] = &["id", "keep", "reason", "section", "title", "summary", "why", "link"];
/// Keys of a question.
const DECISION: &[&str] = &["id", "question", "answer"];
/// Keys of a date.
const EVENT: &[&str] = &["date", "title", "link"];
/// Keys above the first block.
const TOP: &[&str] = &["month", "subject", "preheader", "note", "pick", "request"];

/// What holds fields: a block, or the top of the file.
pub(super) struct Holder<'b> {
    /// The fields that are there.
    pub(super) fields: &'b [Field],
    /// All keys, in their usual order.
    order: &'static [&'static str],
    /// Where the first line of fields begins.
    start: usize,
}

impl Holder<'_> {
    /// Returns the end of the line behind which a missing key belongs.
    pub(super) fn usual(&self, text: &str, key: &str) -> usize {
        let mut order = self.order.iter().rev().skip_while(|k| **k != key).skip(1);
        let nearest = order.find_map(|k| self.fields.iter().find(|f| f.key == *k));
        nearest.map_or(self.start, |f| line_end(text, f.span.end))
    }
}

/// Returns words as they are meant under a key, whatever line breaks they came with.
pub(super) fn words(key: &str, text: &str) -> String {
    // A carriage return of its own would be no line break once it stands at the end of a wrapped line.
    canon(&text.replace("\r\n", "\n").replace('\r', "\n"), shape_of(key))
}

/// Returns a range of a text with cuts made that lie within it.
pub(super) fn cut_within(text: &str, range: Range<usize>, mut cuts: Vec<Cut>) -> String {
    cuts.sort_by_key(|(r, _)| (r.start, r.end));
    let mut out = String::with_capacity(range.len());
    let mut from = range.start;
    for (cut, new) in cuts {
        out.push_str(text.get(from..cut.start).unwrap_or_default());
        out.push_str(&new);
        from = cut.end;
    }
    out.push_str(text.get(from..range.end).unwrap_or_default());
    out
}
