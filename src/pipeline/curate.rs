//! Changes that people make to a month's draft through the desk, in the same file that others edit as text.
//!
//! A page shows the file as it was at one moment, known by the sum of its text. When the file is another by the time
//! a change comes in, the change is made all the same if it touches nothing that was changed since; else nothing is
//! written and both versions are told. Between reading and writing nobody else of this program writes
//! ([`DraftLock`]); a text editor that saves in between is seen by the second look.

use std::time::Duration;

use super::add::item_of;
use super::draft::file_name;
use super::draft_file::{self, Broken, Found};
use super::{Ctx, Error, Result, judgement_of};
use crate::draft::{self, Clash, Edit};
use crate::fsx;
use crate::model::{Draft, DraftItem, Month, Place, Problem, WorkId, sha256_hex};
use crate::store::{DraftBy, DraftLock};

/// A month's draft file as it lies there.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftFile {
    /// The month.
    pub month: Month,
    /// Its text.
    pub text: String,
    /// SHA-256 of the text, in hex: by this a page says which text it showed.
    pub sum: String,
    /// What it says; `None` when it cannot be read as a draft.
    pub draft: Option<Draft>,
    /// What is wrong in its form.
    pub problems: Vec<Problem>,
    /// Whether it is a text at all. What is none has an empty one here, and is changed by nobody.
    pub is_text: bool,
}

impl DraftFile {
    /// Reads a text as a month's draft.
    fn of(month: Month, text: String) -> Self {
        let (draft, problems) = draft::parse(&text, &file_name(month));
        Self { month, sum: sha256_hex(text.as_bytes()), text, draft, problems, is_text: true }
    }

    /// Returns why nothing can be changed in what is no text; `None` when it is one.
    pub fn no_text(&self) -> Option<Problem> {
        let wrong = self.problems.first().filter(|_| !self.is_text)?;
        let message = format!("nothing was changed in {}: {}", wrong.place, wrong.message);
        Some(Problem { message, ..wrong.clone() })
    }

    /// Reads a month's draft file as it lies there; `None` when there is none.
    fn found(ctx: &Ctx, month: Month) -> Option<Self> {
        match draft_file::look(&ctx.home, month) {
            Found::Nothing => None,
            Found::Broken(broken) => Some(Self::broken(month, broken)),
            Found::Text(text) => Some(Self::of(month, text)),
        }
    }

    /// Returns what can be said of something that is no text.
    fn broken(month: Month, broken: Broken) -> Self {
        let (text, sum) = (String::new(), String::new());
        Self { month, text, sum, draft: None, problems: vec![broken.problem], is_text: false }
    }
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is in the file.
    Saved {
        /// The file as it was before.
        before: Box<DraftFile>,
        /// The file as it is now.
        now: Box<DraftFile>,
        /// Whether someone else had changed the file since the page was made; their changes are in it too.
        is_joined: bool,
    },
    /// Someone else changed the same place differently; nothing was written.
    Clash {
        /// The file as it is now.
        now: Box<DraftFile>,
        /// The places, with what was seen, what stands there now and what was wanted.
        clashes: Vec<Clash>,
    },
    /// It cannot be made; nothing was written.
    Refused(Vec<Problem>),
}

/// How long a change waits for another one to be written: that takes milliseconds.
const WAIT: Duration = Duration::from_secs(5);

/// How often a change is tried anew when a text editor saved in between.
const TRIES_MAX: usize = 5;

/// Reads a month's draft file and keeps its text; `None` when there is none. A file that is no text is given with
/// what is wrong with it.
///
/// # Errors
/// When the database refuses.
pub fn read_draft(ctx: &Ctx, month: Month) -> Result<Option<DraftFile>> {
    let Some(file) = DraftFile::found(ctx, month) else { return Ok(None) };
    if is_new(ctx, &file)? {
        keep(ctx, month, &file.text, DraftBy::Found)?;
    }
    Ok(Some(file))
}

/// Reads a month's draft file and keeps nothing of it; `None` when there is none.
pub fn draft_as_it_is(ctx: &Ctx, month: Month) -> Option<DraftFile> {
    DraftFile::found(ctx, month)
}

/// Reads a month's draft file to be shown; `None` when there is none. Its text is kept where that can be done at once:
/// looking must not wait for somebody who writes the database, and goes on where nothing can be written.
///
/// # Errors
/// When the database cannot be read.
pub fn look_at_draft(ctx: &Ctx, month: Month) -> Result<Option<DraftFile>> {
    let Some(file) = DraftFile::found(ctx, month) else { return Ok(None) };
    if is_new(ctx, &file)? {
        let now = ctx.clock.now();
        let kept = ctx
            .store
            .at_once(|store| store.noting(|store| store.keep_draft(month, &file.text, DraftBy::Found, now).map(drop)));
        if let Err(error) = kept {
            tracing::debug!(%month, "a text of the draft was shown and not kept: {error}");
        }
    }
    Ok(Some(file))
}

/// Makes changes to a month's draft: all of them, or none. `seen` is the sum of the text that the person saw.
///
/// # Errors
/// When there is no draft, the file cannot be read or written, or the database refuses.
pub fn change(ctx: &Ctx, month: Month, seen: &str, edits: &[Edit]) -> Result<Outcome> {
    write_with(ctx, month, |now| {
        let is_joined = now.sum != seen;
        if is_joined {
            let Some(old) = ctx.store.draft_text(month, seen)? else {
                return Ok(Err(Outcome::Refused(vec![unknown_page(now)])));
            };
            let clashes = draft::clashes(&old, &now.text, edits);
            if !clashes.is_empty() {
                return Ok(Err(Outcome::Clash { now: Box::new(now.clone()), clashes }));
            }
        }
        match draft::edit(&now.text, &file_name(month), edits, &ctx.config.rules.topics) {
            Ok(text) => Ok(Ok((text, is_joined))),
            Err(problems) => Ok(Err(Outcome::Refused(problems))),
        }
    })
}

/// Takes back what turned the text `before` into `after` and leaves alone what was changed since. Where that is not
/// possible the outcome is a refusal.
///
/// # Errors
/// As [`change`].
pub fn take_back(ctx: &Ctx, month: Month, before: &str, after: &str) -> Result<Outcome> {
    write_with(ctx, month, |now| {
        Ok(match draft::undo(before, after, &now.text) {
            Some(text) => Ok((text, now.text != after)),
            None => Err(Outcome::Refused(vec![
                Problem::error(
                    Place::file(file_name(month)),
                    "this cannot be undone any more: someone changed the same place since",
                )
                .with_help("the earlier versions are under History"),
            ])),
        })
    })
}

/// What a change becomes of a file: its new text and whether others' changes are in it, or why there is none.
type Made = std::result::Result<(String, bool), Outcome>;

/// Writes what `make` makes of a month's file as it lies there.
fn write_with(ctx: &Ctx, month: Month, make: impl Fn(&DraftFile) -> Result<Made>) -> Result<Outcome> {
    let path = ctx.home.draft(month);
    let _lock = DraftLock::take(&ctx.home.data(), WAIT)?;
    for _ in 0..TRIES_MAX {
        let before = read_draft(ctx, month)?.ok_or_else(|| Error::Missing(format!("there is no draft of {month}")))?;
        if let Some(problem) = before.no_text() {
            return Ok(Outcome::Refused(vec![problem]));
        }
        let (text, is_joined) = match make(&before)? {
            Ok(text) => text,
            Err(outcome) => return Ok(outcome),
        };
        if text == before.text {
            let now = before.clone();
            return Ok(Outcome::Saved { before: Box::new(before), now: Box::new(now), is_joined });
        }
        // The text is kept before it is written: were the program to end in between, nothing would be missing. That
        // may wait for somebody else's transaction, and writing for the disk, so the second look comes behind both: a
        // text editor knows no lock.
        draft_file::check_length(month, &text)?;
        keep(ctx, month, &text, DraftBy::Desk)?;
        let is_as_read = || draft_file::look(&ctx.home, month).as_text() == Some(before.text.as_str());
        if fsx::write_atomic_while(&path, text.as_bytes(), is_as_read)?.is_none() {
            continue;
        }
        let now = DraftFile::of(month, text);
        return Ok(Outcome::Saved { before: Box::new(before), now: Box::new(now), is_joined });
    }
    Err(Error::stopped(
        format!("{} is being changed by another program again and again", path.display()),
        "close it there, or save it once more, and try again",
    ))
}

/// The problem of a page whose text nobody knows.
fn unknown_page(now: &DraftFile) -> Problem {
    Problem::error(Place::file(file_name(now.month)), "the page that this came from is too old")
        .with_help("load the board anew and do it again")
}

/// Tells whether a file holds a text that is not the one kept last.
fn is_new(ctx: &Ctx, file: &DraftFile) -> Result<bool> {
    Ok(file.is_text && ctx.store.newest_draft(file.month)?.as_ref() != Some(&file.sum))
}

/// Keeps a text of a month's file. The desk holds the database open for reading and writes this alone.
fn keep(ctx: &Ctx, month: Month, text: &str, by: DraftBy) -> Result<()> {
    Ok(ctx.store.noting(|store| store.keep_draft(month, text, by, ctx.clock.now()).map(drop))?)
}

/// Returns what a draft said in the text that has a sum, as a person saw it; `None` when nobody knows it any more.
///
/// # Errors
/// When the database cannot be read.
pub fn as_seen(ctx: &Ctx, month: Month, sum: &str) -> Result<Option<Draft>> {
    let text = ctx.store.draft_text(month, sum)?;
    Ok(text.and_then(|text| draft::parse(&text, &file_name(month)).0))
}

/// Returns the item that a paper makes in a month's issue, under its first working group; its summary is its finding.
///
/// # Errors
/// When there is no such paper or the database cannot be read.
pub fn item_for(ctx: &Ctx, month: Month, id: &WorkId) -> Result<DraftItem> {
    let gone = || Error::Missing(format!("no paper here has the id {id}"));
    let id = ctx.store.resolve(id)?.ok_or_else(gone)?;
    let row = ctx.store.work(&id)?.ok_or_else(gone)?;
    let judgement = judgement_of(&ctx.store, &id, row.judgement)?.ok_or_else(gone)?;
    Ok(item_of(ctx, month, row.work, judgement))
}
