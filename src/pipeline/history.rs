//! The texts that a month's draft had: listed, shown, put back.

use std::time::Duration;

use jiff::Timestamp;

use super::base::{settled, sum_of};
use super::draft::{file_name, in_short};
use super::draft_file::{self, Found};
use super::{Ctx, Error, Result};
use crate::draft::{self, DiffLine};
use crate::fsx;
use crate::model::{Draft, Month};
use crate::store::{DraftBy, DraftLock, DraftVersion, Pending, VersionBase};

/// How long whoever writes a draft is waited for.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// One text that a month's draft had.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Version {
    /// Its number in the month, from 1, counted up.
    pub number: u64,
    /// When it was seen or written.
    pub at: Timestamp,
    /// Who wrote it.
    pub by: DraftBy,
    /// What is another than in the one before, in a few words; empty for the first.
    pub changes: Vec<String>,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of the text, in hex.
    pub sha256: String,
    /// Whether the file holds it now.
    pub is_current: bool,
    /// Whether its text is damaged or gone from the database: then it cannot be shown or put back.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_damaged: bool,
}

/// What a version's text is.
enum Read {
    /// A draft.
    Draft(Box<Draft>),
    /// A text that is no draft.
    NoDraft,
    /// Nobody knows: it is damaged or gone.
    Gone,
}

/// Reads a version's text. One that is damaged costs nothing but itself.
///
/// # Errors
/// When the database cannot be read.
fn read(ctx: &Ctx, month: Month, row: &DraftVersion) -> Result<Read> {
    match ctx.store.draft_text(month, &row.sha256) {
        Ok(Some(text)) => {
            Ok(draft::parse(&text, &file_name(month)).0.map_or(Read::NoDraft, |draft| Read::Draft(Box::new(draft))))
        }
        Ok(None) => Ok(Read::Gone),
        Err(error) if error.is_damage() => {
            tracing::warn!("version {} of the draft of {month} cannot be read: {error}", row.number);
            Ok(Read::Gone)
        }
        Err(error) => Err(error.into()),
    }
}

/// Returns the newest texts that a month's draft had, at most so many, the newest first.
///
/// # Errors
/// [`Error::Missing`] when there are none, and when the database cannot be read.
pub fn versions(ctx: &Ctx, month: Month, most: usize) -> Result<Vec<Version>> {
    let rows = rows(ctx, month)?;
    // Also when what lies there is no text: then none is as it is now, and one can be put back.
    let now = sum_of(draft_file::look(&ctx.home, month).as_text());
    let mut out = Vec::new();
    let mut newer: Option<(Version, Read)> = None;
    // Each is compared with the one before it, so one more than is shown is read.
    for row in rows.iter().take(most.saturating_add(1)) {
        let read = read(ctx, month, row)?;
        if let Some((version, after)) = newer.take() {
            out.push(Version { changes: told(&read, &after), ..version });
        }
        let version = Version {
            number: row.number,
            at: row.at,
            by: row.by,
            changes: Vec::new(),
            bytes: row.bytes,
            sha256: row.sha256.clone(),
            // The same text may come twice: the newest is the file.
            is_current: row.sha256 == now && !out.iter().any(|v: &Version| v.sha256 == now),
            is_damaged: matches!(read, Read::Gone),
        };
        newer = Some((version, read));
    }
    // The first of all has none before it; one that is not shown was only read for the next.
    let first = newer.filter(|_| rows.len() <= most);
    out.extend(first.map(|(version, read)| match read {
        Read::Gone => Version { changes: told(&Read::Gone, &Read::Gone), ..version },
        Read::Draft(_) | Read::NoDraft => version,
    }));
    Ok(out)
}

/// Returns what changed between two texts, either of which may be no draft.
fn told(before: &Read, after: &Read) -> Vec<String> {
    match (before, after) {
        (Read::Draft(before), Read::Draft(after)) => in_short(before, after),
        (_, Read::Gone) => {
            vec!["this version cannot be read: its text is damaged or gone from the database".to_owned()]
        }
        (_, Read::NoDraft) => vec!["it cannot be read as a draft".to_owned()],
        (Read::NoDraft, Read::Draft(_)) => vec!["it can be read as a draft again".to_owned()],
        (Read::Gone, Read::Draft(_)) => {
            vec!["what changed in it is not known: the version before it cannot be read".to_owned()]
        }
    }
}

/// Returns a text that a month's draft had, by its number.
///
/// # Errors
/// [`Error::Missing`] when there is none with this number, and when the database cannot be read.
pub fn text_of(ctx: &Ctx, month: Month, number: u64) -> Result<String> {
    text_in(ctx, month, &row(ctx, month, number)?)
}

/// Returns what is different in a month's file now against a text that it had; nothing when it is the same.
///
/// # Errors
/// As [`text_of`], and when the file cannot be read.
pub fn difference_since(ctx: &Ctx, month: Month, number: u64) -> Result<Vec<DiffLine>> {
    let file = draft_file::text(&ctx.home, month)?.unwrap_or_default();
    Ok(draft::difference(&text_of(ctx, month, number)?, &file))
}

/// What putting a text back did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Restored {
    /// The month.
    pub month: Month,
    /// The number of the text that was put back.
    pub number: u64,
    /// Whether the file held another text before, or none.
    pub is_changed: bool,
    /// The number under which the text is kept that lay there before; `None` when there was no file, or nothing was
    /// written.
    pub kept: Option<u64>,
    /// Where that was put which lay there and was no text; `None` when it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aside: Option<String>,
    /// What changes in the file.
    pub difference: Vec<DiffLine>,
    /// What is good to know beside it.
    pub notes: Vec<String>,
}

/// Puts a text back that a month's draft had. What lies there is kept first; a file that is no text, a folder, a pipe or
/// a link that leads nowhere is put aside as it is. With the text comes what the machine had last written then: what it wrote since is news for the next
/// `roundup draft`, and nobody took it out.
///
/// With `is_dry` nothing is written. The file is not changed when it holds the text already.
///
/// # Errors
/// [`Error::Missing`] when there is no such text; when somebody else is writing the draft, when what lies there cannot
/// be put aside, and when the database or the file cannot be read or written.
pub fn restore(ctx: &Ctx, month: Month, number: u64, is_dry: bool) -> Result<Restored> {
    let row = row(ctx, month, number)?;
    let text = text_in(ctx, month, &row)?;
    let _lock = if is_dry { None } else { Some(DraftLock::take(&ctx.home.data(), LOCK_WAIT)?) };
    let mut aside = None;
    for _ in 0..TRIES_MAX {
        let found = draft_file::look(&ctx.home, month);
        let mut restored = Restored {
            month,
            number,
            is_changed: found.as_text() != Some(text.as_str()),
            kept: None,
            aside: None,
            difference: draft::difference(found.as_text().unwrap_or_default(), &text),
            notes: notes(ctx, month, &text)?,
        };
        if is_dry {
            return Ok(restored);
        }
        if !restored.is_changed {
            // It may lie there because this was done before, and cut short before it was noted.
            ctx.store.keep_draft(month, &text, DraftBy::Found, ctx.clock.now())?;
            settled(ctx, month, Some(&text))?;
            return Ok(restored);
        }
        let put = put_back(ctx, month, &row, &text, &found)?;
        // What was put aside is there also when somebody saved a file right behind it.
        aside = put.aside.or(aside);
        if put.is_written {
            (restored.kept, restored.aside) = (put.kept, aside);
            return Ok(restored);
        }
    }
    Err(Error::stopped(
        format!("{} is being changed by another program again and again", file_name(month)),
        "close it there, or save it once more, and try again",
    ))
}

/// How often putting back is tried anew when a text editor saved in between.
const TRIES_MAX: usize = 5;

/// What became of the file that lay there.
struct PutBack {
    kept: Option<u64>,
    aside: Option<String>,
    /// Whether the text was written: it is not when the file is no longer what was found.
    is_written: bool,
}

/// Writes a text back with its base, if the file is still what was found. The caller holds the lock of drafts.
fn put_back(ctx: &Ctx, month: Month, row: &DraftVersion, text: &str, found: &Found) -> Result<PutBack> {
    let now = ctx.clock.now();
    let mine = found.as_text();
    // Who wrote it is known only while it is known that its writing was cut short.
    let kept = mine.map(|mine| ctx.store.keep_draft(month, mine, DraftBy::Found, now)).transpose()?;
    let current = settled(ctx, month, mine)?.unwrap_or_default();
    let base = match ctx.store.version_base(row)? {
        VersionBase::Text(base) => base,
        VersionBase::Nothing => String::new(),
        VersionBase::Unknown => draft::base_for(&current, text),
    };
    // As with a draft: should this be cut short, the file tells by its sum which base belongs to it.
    let pending = Pending { before: sum_of(mine), after: sum_of(Some(text)), base };
    ctx.store.put_pending(month, &pending, now)?;
    // All that may wait for the database is done: a text editor knows no lock, so each look is the last thing before
    // what it allows.
    let looks = |like: &Found| draft_file::look(&ctx.home, month) == *like;
    let aside = match found {
        Found::Broken(_) if looks(found) => Some(draft_file::put_aside(&ctx.home, month)?.display().to_string()),
        Found::Broken(_) | Found::Nothing | Found::Text(_) => None,
    };
    let is_as_found = || looks(if aside.is_some() { &Found::Nothing } else { found });
    if fsx::write_atomic_while(&ctx.home.draft(month), text.as_bytes(), is_as_found)?.is_none() {
        ctx.store.clear_pending(month)?;
        return Ok(PutBack { kept, aside, is_written: false });
    }
    ctx.store.transaction(|store| -> Result<()> {
        store.put_draft_base(month, &pending.base, now)?;
        store.keep_draft(month, text, DraftBy::Restore, now)?;
        Ok(store.clear_pending(month)?)
    })?;
    Ok(PutBack { kept, aside, is_written: true })
}

/// Returns what is good to know of a text that is put back.
fn notes(ctx: &Ctx, month: Month, text: &str) -> Result<Vec<String>> {
    let mut out = Vec::new();
    match draft::parse(text, &file_name(month)).0 {
        None => out.push("it cannot be read as a draft: `roundup check` says what is wrong in it".to_owned()),
        Some(draft) if draft.month != month => {
            out.push(format!("it says month = \"{}\": write month = \"{month}\" at its top", draft.month));
        }
        Some(_) => {}
    }
    if ctx.store.issue_manifest(month)?.is_some() {
        out.push(format!(
            "the issue of {} was rendered and stays as it is, until you render it anew",
            month.long_name()
        ));
    }
    if let Some(newer) = ctx.store.draft_months()?.into_iter().find(|m| *m > month) {
        out.push(format!("there is a draft of a newer month, {newer}; it stays as it is"));
    }
    Ok(out)
}

/// Returns every version of a month, the newest first.
fn rows(ctx: &Ctx, month: Month) -> Result<Vec<DraftVersion>> {
    let rows = ctx.store.draft_versions(month)?;
    if !rows.is_empty() {
        return Ok(rows);
    }
    let months: Vec<String> = ctx.store.draft_months()?.into_iter().map(|m| m.to_string()).collect();
    let others = match months.as_slice() {
        [] => format!("`roundup draft {month}` writes one"),
        months => format!("of these months there is: {}", months.join(", ")),
    };
    Err(Error::Missing(format!("no text of a draft of {month} is kept; {others}")))
}

/// Returns one version of a month.
fn row(ctx: &Ctx, month: Month, number: u64) -> Result<DraftVersion> {
    let rows = rows(ctx, month)?;
    let newest = rows.first().map_or(0, |row| row.number);
    rows.into_iter().find(|row| row.number == number).ok_or_else(|| {
        Error::Missing(format!(
            "the draft of {month} has no text number {number}, only 1 to {newest}; `roundup draft history {month}` lists them"
        ))
    })
}

/// Returns the text of a version.
///
/// # Errors
/// When it is damaged or gone: that the others can be read all the same; and when the database cannot be read.
fn text_in(ctx: &Ctx, month: Month, row: &DraftVersion) -> Result<String> {
    let number = row.number;
    let gone = || {
        Error::stopped(
            format!("version {number} of the draft of {month} cannot be read: its text is damaged or gone"),
            "take another version: the others are not touched by that",
        )
    };
    match ctx.store.draft_text(month, &row.sha256) {
        Ok(text) => text.ok_or_else(gone),
        Err(error) if error.is_damage() => Err(gone()),
        Err(error) => Err(error.into()),
    }
}
