//! Changes that people make in their browser, made in the text of the draft file.
//!
//! Each change cuts ranges out of the text and puts others in, as a person would in an editor; everything
//! else stays byte for byte, with its order, remarks and line endings.

mod blocks;
mod clash;
mod fields;
mod page;
mod undo;

pub use clash::{Clash, clashes};
pub use undo::undo;

use super::layout::Layout;
use super::regenerate::remarks::recount;
use super::text::BOM;
use crate::model::{Choice, DraftItem, Event, Problem, TopicRule};
use page::Page;

/// One change that a person makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// A text above the first block.
    Top {
        /// Which text.
        key: TopKey,
        /// The new words; empty for none.
        text: String,
    },
    /// A text in a paper's block. Line breaks count as spaces. A line that is missing is put in at its
    /// usual place.
    Field {
        /// The paper's id.
        id: String,
        /// Which text.
        key: FieldKey,
        /// The new words; empty for none.
        text: String,
    },
    /// What a person says of a paper's place: keep, maybe or drop, or `None` to take the word back.
    ///
    /// Of a candidate it is the word behind `keep =`. Of an item it is a line of its own, which goes
    /// again with the word.
    Choice {
        /// The paper's id.
        id: String,
        /// What is said; `Passed` is nothing that people say.
        choice: Option<Choice>,
    },
    /// Puts a paper into a section as an item. Its block moves with the remarks directly above and below it.
    ///
    /// A candidate becomes an item: its `keep` line goes. An item that was put off or dropped by a word
    /// becomes a plain item again.
    Move {
        /// The paper's id.
        id: String,
        /// Topic id of the section, or `more`.
        section: String,
        /// The id of the item of that section before which it is put; `None` for the section's end.
        before: Option<String>,
    },
    /// Puts an item in at the end of its section; its id must be new in the file.
    Add {
        /// The item; its line is of no meaning.
        item: DraftItem,
    },
    /// Answers a question; an empty answer takes the answer back.
    Answer {
        /// The decision's id.
        id: String,
        /// The answer as the person wrote it.
        answer: String,
    },
    /// Puts in, changes or takes out a date for readers.
    Event {
        /// Which `[[event]]` block of the file, from 0; `None` puts one in.
        at: Option<usize>,
        /// What it says; `None` takes it out. Remarks above and below a date stay.
        event: Option<Event>,
    },
}

impl Edit {
    /// Tells whether blocks come, go or move, so that headings have to count anew.
    fn moves_blocks(&self) -> bool {
        match self {
            Self::Move { .. } | Self::Add { .. } => true,
            Self::Event { at, event } => at.is_none() || event.is_none(),
            Self::Top { .. } | Self::Field { .. } | Self::Choice { .. } | Self::Answer { .. } => false,
        }
    }
}

/// A text above the first block that people write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TopKey {
    /// Subject of the email.
    Subject,
    /// What mail programs show behind the subject.
    Preheader,
    /// The note to readers.
    Note,
    /// Id of the item to show first.
    Pick,
    /// The request to readers.
    Request,
}

impl TopKey {
    /// All of them, in the order of the file.
    pub const ALL: [Self; 5] = [Self::Subject, Self::Preheader, Self::Note, Self::Pick, Self::Request];

    /// Returns the key as it stands in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Preheader => "preheader",
            Self::Note => "note",
            Self::Pick => "pick",
            Self::Request => "request",
        }
    }

    /// Returns the key that a word is, only in the form that [`as_str`](Self::as_str) gives.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }
}

/// A text in a paper's block that people write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldKey {
    /// Topic id of its section, or `more`; the block stays where it is.
    Section,
    /// Title.
    Title,
    /// One-sentence finding.
    Summary,
    /// Why it matters.
    Why,
    /// Where the title leads.
    Link,
    /// Why a person wants it in or not; readers never see it.
    Reason,
}

impl FieldKey {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Section, Self::Title, Self::Summary, Self::Why, Self::Link, Self::Reason];

    /// Returns the key as it stands in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Section => "section",
            Self::Title => "title",
            Self::Summary => "summary",
            Self::Why => "why",
            Self::Link => "link",
            Self::Reason => "reason",
        }
    }

    /// Returns the key that a word is, only in the form that [`as_str`](Self::as_str) gives.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }
}

/// Returns the text with all changes made, one after the other. Nothing is changed when one cannot be made.
///
/// `file` names the file in messages. A change to what the file says already changes no byte. What is put in
/// has the line endings of the file. When blocks come, go or move, the machine's headings count anew.
///
/// # Errors
/// When the file is no draft, or when a change cannot be made: the paper, question or date is not there or
/// there twice, the section is not known, an id that is to be added stands there already. The problems are
/// those of all changes that could not be made.
pub fn edit(text: &str, file: &str, edits: &[Edit], topics: &[TopicRule]) -> Result<String, Vec<Problem>> {
    let (mark, body) = split_mark(text);
    let (draft, problems) = super::parse(body, file);
    if draft.is_none() {
        return Err(problems);
    }
    let mut now = body.to_owned();
    let mut problems = Vec::new();
    let mut is_moved = false;
    for edit in edits {
        let page = Page::read(&now, file)?;
        match made(&page, edit, topics) {
            Ok(next) => {
                is_moved |= edit.moves_blocks() && next != now;
                now = next;
            }
            Err(problem) => problems.push(problem),
        }
    }
    // The cuts keep a file whole; should one ever not, nothing may be written.
    let layout = Layout::read(&now, file)?;
    if !problems.is_empty() {
        return Err(problems);
    }
    let now = if is_moved { recount(&layout) } else { now };
    Ok(format!("{mark}{now}"))
}

/// Returns the page's text with one change made.
fn made(page: &Page<'_>, edit: &Edit, topics: &[TopicRule]) -> Result<String, Problem> {
    match edit {
        Edit::Top { key, text } => Ok(fields::set_top(page, key.as_str(), text)),
        Edit::Field { id, key, text } => fields::set_field(page, id, *key, text, topics),
        Edit::Choice { id, choice } => fields::choose(page, id, *choice),
        Edit::Answer { id, answer } => fields::answer(page, id, answer),
        Edit::Move { id, section, before } => blocks::carry(page, id, (section, before.as_deref()), topics),
        Edit::Add { item } => blocks::add(page, item, topics),
        Edit::Event { at, event } => blocks::set_event(page, *at, event.as_ref(), topics),
    }
}

/// Parts a text from the byte order mark before it, which stays as it is.
fn split_mark(text: &str) -> (&str, &str) {
    let body = text.strip_prefix(BOM).unwrap_or(text);
    text.split_at(text.len() - body.len())
}

#[cfg(test)]
mod tests;
