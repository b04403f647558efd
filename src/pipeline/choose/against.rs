//! Where a draft file says one thing of a paper and a person said another elsewhere, later.
//!
//! Nothing that a person wrote in the file is overwritten, so the file decides what is in its issue; but
//! what was said last must not be lost without a word.

use jiff::tz::TimeZone;

use super::{BY_DRAFT, said_by};
use crate::draft::{self, Stand};
use crate::model::text::{TITLE_CHARS_SHOWN, shorten};
use crate::model::{Choice, Month, WorkId};
use crate::pipeline::{Ctx, Result};
use crate::store::ChoiceRow;

/// A paper of which the file says one thing, and a person said another later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Against {
    /// The paper, by today's id.
    pub id: WorkId,
    /// Where its block begins in the file, from 1.
    pub line: usize,
    /// What the file says: kept, an item, maybe or dropped.
    pub stand: Stand,
    /// What was said elsewhere.
    pub row: ChoiceRow,
    title: String,
}

impl Against {
    /// Returns what the file says, as a word; `None` for an item, which says it by standing there.
    pub fn word(&self) -> Option<&'static str> {
        match self.stand {
            Stand::Kept => Some(Choice::Keep.as_str()),
            Stand::Maybe => Some(Choice::Maybe.as_str()),
            Stand::Dropped => Some(Choice::Drop.as_str()),
            Stand::Item | Stand::PassedOver | Stand::Left | Stand::TakenOut => None,
        }
    }

    /// Returns what is said where, in a line for people.
    pub fn told(&self, zone: &TimeZone) -> String {
        let day = self.row.at.to_zoned(zone.clone()).strftime("%-d %B %Y").to_string();
        let file = self.word().map_or("it stands among the items".to_owned(), |word| format!("the file says {word}"));
        let said = match self.row.choice {
            Some(choice) => format!("{} was said", choice.as_str()),
            None => "that was taken back".to_owned(),
        };
        let why = if self.row.reason.is_empty() { String::new() } else { format!(" ({})", self.row.reason) };
        let by = said_by(&self.row);
        format!("{} ({}): {file}, and {said} later, {by} on {day}{why}", self.id, self.title)
    }

    /// Tells whether the paper would be sent although a person dropped it or put it off since. `is_sent` says that
    /// the issue was made once: then readers may have it already.
    pub fn is_in_the_way(&self, is_sent: bool) -> bool {
        let is_in_issue = matches!(self.stand, Stand::Item | Stand::Kept);
        is_in_issue && matches!(self.row.choice, Some(Choice::Drop | Choice::Maybe)) && !is_sent
    }

    /// Returns what to change in the file when the later word is meant.
    pub fn help(&self) -> String {
        match (self.stand, self.row.choice) {
            (Stand::Item, Some(Choice::Maybe)) => "write a line keep = \"maybe\" into its block".to_owned(),
            (Stand::Item, _) => "delete its block".to_owned(),
            (_, choice) => format!("write keep = {} in its block", draft::keep_value(choice)),
        }
    }
}

/// Returns where a month's file says one thing of a paper and a person said another later, elsewhere than in
/// a draft file: the items first, then the candidates, in the order of the file. Empty for a file that
/// cannot be read, or of another month.
///
/// # Errors
/// When the database cannot be read.
pub fn against(ctx: &Ctx, month: Month, text: &str) -> Result<Vec<Against>> {
    let Some(parsed) = draft::parse(text, BY_DRAFT).0.filter(|d| d.month == month) else { return Ok(Vec::new()) };
    let items = parsed.items.iter().map(|i| (&i.id, &i.title, i.line, Stand::Item));
    let candidates = parsed.candidates.iter().filter_map(|c| {
        let stand = match c.choice? {
            Choice::Keep => Stand::Kept,
            Choice::Maybe => Stand::Maybe,
            Choice::Drop => Stand::Dropped,
            Choice::Passed => return None,
        };
        Some((&c.id, &c.title, c.line, stand))
    });
    let mut out = Vec::new();
    for (id, title, line, stand) in items.chain(candidates) {
        let Some(id) = WorkId::parse(id).map(|id| ctx.store.resolve(&id)).transpose()?.flatten() else { continue };
        let rows = ctx.store.choices_on(&id)?;
        let newest = rows.iter().find(|r| r.choice != Some(Choice::Passed));
        let was_taken_in = rows.iter().any(|r| r.who == BY_DRAFT && r.month == Some(month) && r.choice.is_some());
        let Some(row) = newest.filter(|r| r.who != BY_DRAFT && says_other(stand, r, month, was_taken_in)) else {
            continue;
        };
        out.push(Against { id, line, stand, row: row.clone(), title: shorten(title, TITLE_CHARS_SHOWN) });
    }
    Ok(out)
}

/// Tells whether a row says something else of a paper than the file of a month does. A drop holds for every
/// month; keep and maybe only for their own.
fn says_other(stand: Stand, row: &ChoiceRow, month: Month, was_taken_in: bool) -> bool {
    let is_for_this = row.month.is_none_or(|m| m == month);
    match (stand, row.choice) {
        (Stand::Kept | Stand::Item | Stand::Dropped, Some(Choice::Maybe))
        | (Stand::Maybe | Stand::Dropped, Some(Choice::Keep)) => is_for_this,
        (Stand::Kept | Stand::Item | Stand::Maybe, Some(Choice::Drop)) => true,
        // Taken back is what the file says only when it had been taken in before.
        (Stand::Kept | Stand::Maybe | Stand::Dropped, None) => was_taken_in,
        _ => false,
    }
}
