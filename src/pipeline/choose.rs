//! What people say of papers' places in issues: saying, taking back, looking back, and heeding it.
//!
//! It is said in the draft file ([`mod@file`]) or with `roundup choose`. What changes something runs inside a
//! transaction of the caller, so that a rehearsal can take everything back.

use std::collections::BTreeMap;

use super::{Ctx, Error, Result};
use crate::model::text::{clean_line, shorten};
use crate::model::{Choice, Month, WorkId};
use crate::store::{ChoiceRow, NewChoice};

mod again;
mod against;
mod file;

pub(super) use again::Standing;
pub use against::{Against, against};
pub use file::was_taken_out;
pub(super) use file::{Moment, planned, take_in, told_of_cut};

/// Who is named for what was said in a draft file. Nobody else may be called so: what the file said last
/// is known by it.
pub const BY_DRAFT: &str = "draft file";

/// Who is named for what was said on the command line by somebody whose name is not known.
const UNNAMED: &str = "command line";

/// Characters of a person's name or reason that are kept.
const WORD_CHARS_MAX: usize = 500;

/// One thing that a person says of a paper's place.
#[derive(Debug, Clone, Copy)]
pub struct Saying<'a> {
    /// What is said; `None` takes back what was said before.
    pub choice: Option<Choice>,
    /// The month of the issue that it is said for.
    pub month: Month,
    /// Who says so.
    pub who: &'a str,
    /// Why, in the person's own words.
    pub reason: &'a str,
}

/// What saying something did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceOutcome {
    /// The paper.
    pub id: WorkId,
    /// Its title.
    pub title: String,
    /// What counted before.
    pub before: Option<ChoiceRow>,
    /// What counts now.
    pub after: Option<ChoiceRow>,
    /// What was said outright before that and is taken back with it, when something is taken back.
    pub older: Option<ChoiceRow>,
    /// Whether a row was stored; not when the same was said before for the same month.
    pub is_new: bool,
}

/// Stores what a person says of a work's place. Runs inside a transaction.
///
/// # Errors
/// When there is no such work, when nothing was said that could be taken back, or when the database
/// refuses.
pub fn say(ctx: &Ctx, id: &WorkId, saying: &Saying<'_>) -> Result<ChoiceOutcome> {
    let title = title_of(ctx, id)?;
    let before = ctx.store.choice_of(id)?;
    if saying.choice.is_none() && before.is_none() {
        return Err(Error::Missing(format!("nobody said anything about the place of {id} that could be taken back")));
    }
    let is_said = |old: &ChoiceRow| {
        let reason = plain(saying.reason);
        old.choice == saying.choice && old.month == Some(saying.month) && (reason.is_empty() || reason == old.reason)
    };
    let is_new = !before.as_ref().is_some_and(is_said);
    if is_new {
        put(ctx, id, saying)?;
    }
    let after = ctx.store.choice_of(id)?;
    let older = before.as_ref().filter(|_| saying.choice.is_none()).map(|b| older(ctx, id, b)).transpose()?.flatten();
    Ok(ChoiceOutcome { id: id.clone(), title, before, after, older, is_new })
}

/// Returns what was said of a work outright before a row, and was not taken back before it.
fn older(ctx: &Ctx, id: &WorkId, than: &ChoiceRow) -> Result<Option<ChoiceRow>> {
    let rows = ctx.store.choices_on(id)?;
    let before = rows.into_iter().filter(|r| r.number < than.number && r.choice != Some(Choice::Passed));
    Ok(before.take(1).find(|r| r.choice.is_some()))
}

/// Returns a work's title.
fn title_of(ctx: &Ctx, id: &WorkId) -> Result<String> {
    let gone = || Error::Missing(format!("{id} was withdrawn by every source that had it"));
    Ok(ctx.store.work(id)?.ok_or_else(gone)?.work.record.title)
}

/// Returns a person's words as they are stored: one line, not too long.
fn plain(words: &str) -> String {
    shorten(&clean_line(words), WORD_CHARS_MAX)
}

/// Stores what is said of a work as it stands, without looking at what it changes.
fn put(ctx: &Ctx, id: &WorkId, saying: &Saying<'_>) -> Result<()> {
    let title = ctx.store.work(id)?.map(|row| row.work.record.title).unwrap_or_default();
    let [who, reason, title] = [saying.who, saying.reason, &title].map(plain);
    let new = NewChoice { choice: saying.choice, month: Some(saying.month), title: &title, who: &who, reason: &reason };
    ctx.store.put_choice(id, new, ctx.clock.now())?;
    Ok(())
}

/// What was said once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceLine {
    /// What was said.
    pub row: ChoiceRow,
    /// The works that it counts for today, by their ids; none when it was taken back or a later one took
    /// its place.
    pub counts_for: Vec<WorkId>,
}

impl ChoiceLine {
    /// Returns what was said in a few words: `keep`, `passed over`, `took back`.
    pub fn says(&self) -> &'static str {
        match self.row.choice {
            None => "took back",
            Some(Choice::Passed) => "passed over",
            Some(choice) => choice.as_str(),
        }
    }

    /// Returns the same with who, when, for which issue and why, in one line for people.
    pub fn told(&self, zone: &jiff::tz::TimeZone) -> String {
        let row = &self.row;
        let day = row.at.to_zoned(zone.clone()).strftime("%-d %B %Y").to_string();
        let month = row
            .month
            .filter(|_| row.choice.is_some() && row.who != BY_DRAFT)
            .map(|m| format!(" for the roundup of {}", m.long_name()))
            .unwrap_or_default();
        let why = if row.reason.is_empty() { String::new() } else { format!(": {}", row.reason) };
        format!("{}{month}, {} on {day}{why}", self.says(), said_by(row))
    }
}

/// Returns who said something, or where: `by Ada`, `in the draft of October 2026`.
pub fn said_by(row: &ChoiceRow) -> String {
    match (row.who.as_str(), row.month) {
        (BY_DRAFT, Some(month)) => format!("in the draft of {}", month.long_name()),
        (who, _) => said_where(who),
    }
}

/// Returns who said something by the name that is stored, or where: `by Ada`, `in the draft`.
pub fn said_where(who: &str) -> String {
    match who {
        BY_DRAFT => "in the draft".to_owned(),
        UNNAMED => "on the command line".to_owned(),
        who => format!("by {who}"),
    }
}

/// Returns what people said of a work's place in an issue, the newest first, each in one line for people.
///
/// # Errors
/// When the database cannot be read.
pub fn told_of(ctx: &Ctx, id: &WorkId) -> Result<Vec<String>> {
    let line = |line: ChoiceLine| {
        let counts = if line.counts_for.contains(id) { "; this counts" } else { "" };
        format!("{}{counts}", line.told(&ctx.zone()))
    };
    Ok(log(ctx, Some(id))?.into_iter().map(line).collect())
}

/// Returns what people said of papers' places, the newest first; of one work when one is named: all that
/// was ever said of a record that is in it.
///
/// # Errors
/// When the database cannot be read.
pub fn log(ctx: &Ctx, of: Option<&WorkId>) -> Result<Vec<ChoiceLine>> {
    let mut counting: BTreeMap<i64, Vec<WorkId>> = BTreeMap::new();
    for (id, row) in ctx.store.standing_choices()? {
        counting.entry(row.number).or_default().push(id);
    }
    let rows = match of {
        None => ctx.store.all_choices()?,
        Some(id) => ctx.store.choices_on(id)?,
    };
    let line = |row: ChoiceRow| {
        let counts_for = counting.remove(&row.number).unwrap_or_default();
        ChoiceLine { row, counts_for }
    };
    Ok(rows.into_iter().map(line).collect())
}

#[cfg(test)]
mod tests;
