//! What the templates are given: values put together from the draft file, the store's facts and the desk's own state.

use crate::model::{Draft, EMAIL_CLIP_BYTES, EMAIL_CLOSE_BYTES, Month};
use crate::pipeline::EmailSize;
use crate::pipeline::curate::DraftFile;

pub(super) mod board;
pub(super) mod check;
pub(super) mod history;
pub(super) mod paper;
pub(super) mod same;

use super::jobs::Job;

/// What stands around every page.
#[derive(Debug, Clone, serde::Serialize)]
pub(super) struct Frame {
    /// Title of the page.
    pub(super) title: String,
    /// Which page of the list of pages this is.
    pub(super) here: &'static str,
    /// The community, for the head.
    pub(super) house: String,
    /// The month that is curated; `None` on pages that are about no month.
    pub(super) month: Option<MonthName>,
    /// How the issue stands; `None` without a draft.
    pub(super) state: Option<State>,
    /// The paper that the page is about, by its id in the file; empty on other pages.
    pub(super) paper: String,
    /// What people should know of besides the draft, a sentence each: sources that do not answer, runs that were missed.
    pub(super) reminders: Vec<String>,
    /// What was just done, said once.
    pub(super) notice: String,
    /// What undo would take back; empty for nothing.
    pub(super) undo: String,
    /// Jobs that wait or run.
    pub(super) jobs: Vec<Job>,
    /// Whether there is no page but the preview.
    pub(super) is_watch: bool,
}

/// A month's id and name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(super) struct MonthName {
    /// `2026-10`.
    pub(super) id: String,
    /// "October 2026".
    pub(super) name: String,
}

impl MonthName {
    /// Returns a month's id and name.
    pub(super) fn of(month: Month) -> Self {
        Self { id: month.to_string(), name: month.long_name() }
    }
}

/// How a month's issue stands: what is always in sight.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(super) struct State {
    /// Sum of the file that the page shows.
    pub(super) sum: String,
    /// Papers in the issue.
    pub(super) items: usize,
    /// Candidates of which nothing was said.
    pub(super) open: usize,
    /// Candidates put off.
    pub(super) maybe: usize,
    /// Papers dropped by a word.
    pub(super) dropped: usize,
    /// Questions that wait for an answer.
    pub(super) questions: usize,
    /// Size of the email with link tracking, in kB; `None` while it cannot be told.
    pub(super) kilobytes: Option<usize>,
    /// How far that is towards the size at which mail programs cut it, in percent, at most 100.
    pub(super) percent: usize,
    /// "fine", "close" or "over".
    pub(super) size_is: &'static str,
}

impl State {
    /// Returns how an issue stands by its file.
    pub(super) fn of(file: &DraftFile, draft: &Draft, size: Option<EmailSize>) -> Self {
        use crate::model::Choice;
        let said = |choice: Option<Choice>| draft.candidates.iter().filter(|c| c.choice == choice).count();
        let tracked = size.map(|s| s.tracked);
        Self {
            sum: file.sum.clone(),
            items: crate::draft::issue_items(draft).len(),
            open: said(None),
            maybe: said(Some(Choice::Maybe)),
            dropped: said(Some(Choice::Drop)),
            questions: draft.decisions.iter().filter(|d| d.answer.trim().is_empty()).count(),
            kilobytes: tracked.map(|bytes| bytes.div_ceil(1000)),
            percent: tracked.map_or(0, |bytes| (bytes * 100 / EMAIL_CLIP_BYTES).min(100)),
            size_is: match tracked {
                Some(bytes) if bytes > EMAIL_CLIP_BYTES => "over",
                Some(bytes) if bytes > EMAIL_CLOSE_BYTES => "close",
                _ => "fine",
            },
        }
    }
}
