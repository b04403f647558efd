//! The month's draft as people and the machine both see it.

use super::{Choice, Listing, Month, Place};

/// A parsed draft file, or what the machine proposes to write in one.
///
/// The strings are those of the file; line breaks inside a paragraph are read as spaces. `line` fields say where a thing stands in the file
/// it was read from, from 1; they are 0 in a proposal.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The month of the issue.
    pub month: Month,
    /// Subject of the email.
    pub subject: String,
    /// What mail programs show behind the subject.
    pub preheader: String,
    /// The secretariat's note, paragraphs separated by a blank line; empty until a person writes it.
    pub note: String,
    /// Id of the editor's pick; empty for none.
    pub pick: String,
    /// One request to readers; empty for none.
    pub request: String,
    /// What goes into the issue, in reading order within each section.
    pub items: Vec<DraftItem>,
    /// What could go in, best first.
    pub candidates: Vec<Candidate>,
    /// What a person has to decide.
    pub decisions: Vec<Decision>,
    /// Dates for readers.
    pub events: Vec<Event>,
    /// What the machine lists and why; of a proposal only, never in the file.
    pub listing: Listing,
}

impl Draft {
    /// Returns an empty draft of a month.
    pub fn empty(month: Month) -> Self {
        Self {
            month,
            subject: String::new(),
            preheader: String::new(),
            note: String::new(),
            pick: String::new(),
            request: String::new(),
            items: Vec::new(),
            candidates: Vec::new(),
            decisions: Vec::new(),
            events: Vec::new(),
            listing: Listing::default(),
        }
    }
}

/// One item of the issue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DraftItem {
    /// Work id; for an item made by hand any short word.
    pub id: String,
    /// Topic id of its section, or `more` for the compact list.
    pub section: String,
    /// Title as readers will see it.
    pub title: String,
    /// One-sentence finding; may be empty.
    pub summary: String,
    /// Why it matters; a person's words, empty until one writes them.
    pub why: String,
    /// Where the title leads.
    pub link: String,
    /// Why a person wants it in, in their own words; readers never see it. Never the machine's.
    pub reason: String,
    /// Whether a person says `keep = true` of it, be it in its block or as a candidate.
    pub is_kept: bool,
    /// Machine's reasons, printed as comments above the item.
    pub reasons: Vec<String>,
    /// Line in the file, from 1; 0 in a proposal.
    pub line: usize,
}

/// One ranked candidate that is not in the issue yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Candidate {
    /// Work id.
    pub id: String,
    /// What a person said of it (`keep = true`, `"maybe"`, `"drop"`); `None` while nothing was said.
    pub choice: Option<Choice>,
    /// Why, in the person's own words; readers never see it.
    pub reason: String,
    /// Topic id of the section it would go to.
    pub section: String,
    /// Title.
    pub title: String,
    /// One-sentence finding; may be empty.
    pub summary: String,
    /// Why it matters, for readers once it is kept; a person's words, empty until one writes them.
    pub why: String,
    /// Where the title leads.
    pub link: String,
    /// Machine's reasons, printed as comments.
    pub reasons: Vec<String>,
    /// Line in the file, from 1; 0 in a proposal.
    pub line: usize,
}

impl Candidate {
    /// Tells whether a person wants it in.
    pub fn is_kept(&self) -> bool {
        self.choice == Some(Choice::Keep)
    }
}

/// One question that the machine leaves to a person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    /// Stable key: what is asked about whom (`scope w…`, `same w… w…`, `retracted w…`).
    pub id: String,
    /// The question in plain words.
    pub question: String,
    /// A person's answer (`in`, `out`, `same`, `different`, `seen`); empty until answered.
    pub answer: String,
    /// Answers that are understood.
    pub choices: Vec<String>,
    /// Facts that help to answer, printed as comments.
    pub reasons: Vec<String>,
    /// Line in the file, from 1; 0 in a proposal.
    pub line: usize,
    /// Line and column of the answer in the file, both from 1; where the block begins when it has no line for an
    /// answer; 0 in a proposal.
    pub answer_at: (usize, usize),
}

impl Decision {
    /// Returns where its answer stands in a file.
    pub fn answer_place(&self, file: &str) -> Place {
        let (line, column) = if self.answer_at.0 > 0 { self.answer_at } else { (self.line, 0) };
        Place::at(file, line, column)
    }
}

/// A date for readers: a webinar, a call, a deadline. Written by people.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Event {
    /// When, as readers should see it.
    pub date: String,
    /// What.
    pub title: String,
    /// Where it leads.
    pub link: String,
    /// Line in the file, from 1; 0 in a proposal.
    pub line: usize,
}
