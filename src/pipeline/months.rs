//! Which months have drafts and issues, and what is said of one that has not: a month is easily mistaken.

use std::path::Path;

use super::{Ctx, Error, Result};
use crate::fsx::{self, PathError};
use crate::model::{Month, Place, Problem};

/// Most months that a message names.
const NAMED_MAX: usize = 4;

/// Checks that a month has begun.
///
/// # Errors
/// When it has not: nothing can have been published in it yet.
pub(super) fn check_begun(ctx: &Ctx, month: Month) -> Result<()> {
    if month <= Month::of(ctx.today()) {
        return Ok(());
    }
    let usual = ctx.issue_month();
    let help = format!("did you mean {usual}? without a month, the one before this one is meant");
    Err(Error::stopped(format!("{} has not begun yet", month.long_name()), help))
}

/// Names what is odd about making the issue of a month now: it is not over, or it is before the first issue.
pub(super) fn odd(ctx: &Ctx, month: Month, place: &Place) -> Vec<Problem> {
    let mut out = Vec::new();
    if month >= Month::of(ctx.today()) {
        let message = format!("{} is not over yet: papers of its last days are still to come", month.long_name());
        let help = format!(
            "an issue is usually made on the 1st of the next month; the one before this is {}",
            ctx.issue_month()
        );
        out.push(Problem::warning(place.clone(), message).with_help(help));
    }
    if let Some(first) = ctx.config.settings.house.first_issue.filter(|first| month < *first) {
        let message = format!("{} is before {}, the first issue by feeds.toml", month.long_name(), first.long_name());
        let help = "mend first-issue in feeds.toml, or make the issue of another month".to_owned();
        out.push(Problem::warning(place.clone(), message).with_help(help));
    }
    out
}

/// Returns what to do about a draft that is not there: its last text put back, when there was one; else it is to be
/// written, unless another month was meant.
///
/// # Errors
/// When the database or the folder of drafts cannot be read.
pub fn help_without_draft(ctx: &Ctx, month: Month) -> Result<String> {
    if let Some(restore) = restore_command(ctx, month)? {
        return Ok(format!("it was there before: {restore} puts its last text back"));
    }
    let others = named(draft_months(ctx)?.into_iter().filter(|other| *other != month));
    let others = if others.is_empty() { others } else { format!(" (there are drafts of {others})") };
    Ok(format!("`roundup draft {month}` writes it{others}"))
}

/// Returns what to do about an issue that was not made.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn help_without_issue(ctx: &Ctx, month: Month) -> Result<String> {
    let made = named(ctx.store.issues()?.into_iter().map(|row| row.month));
    if draft_months(ctx)?.contains(&month) {
        return Ok(format!("look at the draft, then run `roundup render {month}`"));
    }
    Ok(if made.is_empty() {
        format!("`roundup draft {month}` writes a draft, and `roundup render {month}` makes the issue")
    } else {
        format!("issues that were made: {made}")
    })
}

/// Returns months as a list for people, the first few of them.
fn named(months: impl Iterator<Item = Month>) -> String {
    let all: Vec<String> = months.map(|month| month.to_string()).collect();
    let more = if all.len() > NAMED_MAX { ", …" } else { "" };
    format!("{}{more}", all.iter().take(NAMED_MAX).cloned().collect::<Vec<_>>().join(", "))
}

/// Returns the months that have a draft file, the newest first.
///
/// # Errors
/// When the folder of drafts cannot be listed.
pub fn draft_months(ctx: &Ctx) -> Result<Vec<Month>> {
    Ok(drafts_in(&ctx.home.drafts())?)
}

/// Returns the months that have a file in a folder of drafts, newest first.
///
/// # Errors
/// When the folder cannot be read.
pub(super) fn drafts_in(folder: &Path) -> std::result::Result<Vec<Month>, PathError> {
    let files = fsx::files_in(folder)?;
    let stems = files.iter().filter(|path| path.extension().is_some_and(|e| e == "toml")).filter_map(|p| p.file_stem());
    let mut months: Vec<Month> = stems.filter_map(|stem| Month::parse(&stem.to_string_lossy())).collect();
    months.sort_unstable_by(|a, b| b.cmp(a));
    Ok(months)
}

/// Returns the command that puts the last text of a draft back, as a message shows it; `None` when it never had one.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn restore_command(ctx: &Ctx, month: Month) -> Result<Option<String>> {
    let last = ctx.store.draft_versions(month)?.into_iter().next();
    Ok(last.map(|last| format!("`roundup draft restore {month} {}`", last.number)))
}
