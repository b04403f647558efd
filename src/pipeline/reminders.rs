//! What the secretariat is reminded of: in a file of the home, at the desk, in `roundup status`, and by email where
//! the settings say so.
//!
//! A matter is one row from when it began until it is over, so that nobody is told the same thing twice. An email
//! counts as sent when the server has taken it; who is cut off right then sends it once more rather than never.

use jiff::{SignedDuration, Timestamp};

use super::publish::{MAIL_PASSWORD, password};
use super::timetable::DRAFT_JOB;
use super::{Ctx, Error, Result, draft_months};
use crate::fsx;
use crate::mail::{self, Mail};
use crate::model::text::{clean_line, shorten};
use crate::model::{Month, Source, SourceKind};
use crate::store::{JobState, ReminderRow};

/// The file in the home that holds what is open.
const FILE: &str = "REMINDERS.txt";
/// How long a missed run is reminded of.
const MISSED_FOR: SignedDuration = SignedDuration::from_hours(35 * 24);
/// How long matters that are over are remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(400 * 24);
/// Most characters of what a source said.
const REASON_CHARS_MAX: usize = 200;
/// Ends the name of the note that lies beside a file which could not be read.
const WHY: &str = ".why.txt";
/// So many such files are named; the rest is counted.
const FILES_MAX: usize = 10;

/// What came of reminding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminded {
    /// What is open, the oldest first.
    pub open: Vec<ReminderRow>,
    /// How many matters went out by email.
    pub mailed: usize,
    /// Why the email did not go out; `None` when it did, or when none was to go.
    pub trouble: Option<String>,
}

/// Looks what people should know of, writes it down where they see it, and sends what is new by email. `settings_refused`
/// says why the settings that lie there are not used; empty when they are.
///
/// # Errors
/// When the database cannot be read or written. What goes wrong with the file or the email is told in the answer.
pub fn remind(ctx: &Ctx, settings_refused: &str) -> Result<Reminded> {
    let now = ctx.clock.now();
    let before = ctx.store.open_reminders()?;
    let mut current = current(ctx, &before, now)?;
    current.extend(refused_settings(settings_refused, &before, now));
    ctx.store.transaction(|store| -> Result<()> {
        for row in before.iter().filter(|row| !current.iter().any(|c| is_same(c, row))) {
            store.end_reminder(row, now)?;
        }
        for row in current.iter().filter(|row| !before.iter().any(|b| is_same(b, row) && b.says == row.says)) {
            store.put_reminder(row)?;
        }
        store.forget_reminders(now.checked_sub(REMEMBERED).unwrap_or(Timestamp::MIN))?;
        Ok(())
    })?;
    let open = ctx.store.open_reminders()?;
    let written = write_file(ctx, &open, now).err().map(|error| error.to_string());
    let (mailed, unsent) = match send(ctx, &open, now) {
        Ok(mailed) => (mailed, None),
        Err(Error::Store(error)) => return Err(error.into()),
        Err(error) => (0, Some(error.to_string())),
    };
    Ok(Reminded { open, mailed, trouble: unsent.or(written) })
}

/// Tells whether two rows are the same matter.
fn is_same(a: &ReminderRow, b: &ReminderRow) -> bool {
    (&a.kind, &a.subject, &a.since) == (&b.kind, &b.subject, &b.since)
}

/// Returns what there is to remind of now; `before` is what was open.
fn current(ctx: &Ctx, before: &[ReminderRow], now: Timestamp) -> Result<Vec<ReminderRow>> {
    let mut out = Vec::new();
    out.extend(draft_that_waits(ctx, before, now)?);
    for source in ctx.config.settings.sources.iter().filter(|source| source.is_enabled) {
        out.extend(silent_source(ctx, source, now)?);
    }
    out.extend(runs_that_failed(ctx, now)?);
    out.extend(unread_files(ctx));
    Ok(out)
}

/// Returns a reminder.
fn row(kind: &str, subject: impl Into<String>, since: impl Into<String>, says: &str) -> ReminderRow {
    let (subject, since) = (subject.into(), since.into());
    ReminderRow { kind: kind.to_owned(), subject, since, says: clean_line(says), mailed_at: None }
}

/// Returns since when something is open: as it was noted, else since now.
fn since(before: &[ReminderRow], kind: &str, subject: &str, now: Timestamp) -> String {
    let known = before.iter().find(|row| row.kind == kind && row.subject == subject);
    known.map_or_else(|| now.to_string(), |row| row.since.clone())
}

/// Returns the reminder of settings that a daemon does not use.
fn refused_settings(why: &str, before: &[ReminderRow], now: Timestamp) -> Option<ReminderRow> {
    const SUBJECT: &str = "feeds.toml";
    let why = shorten(&clean_line(why), REASON_CHARS_MAX);
    let says =
        format!("the settings are wrong, and the ones from before stay in use: {why}; `roundup check` lists all");
    (!why.is_empty()).then(|| row("settings", SUBJECT, since(before, "settings", SUBJECT, now), &says))
}

/// Returns the reminders of dropped files that could not be read, as long as they lie in `problems`. What cannot be
/// listed is no matter of its own: its source tells.
fn unread_files(ctx: &Ctx) -> Vec<ReminderRow> {
    let mut out = Vec::new();
    for source in ctx.config.settings.sources.iter().filter(|source| source.is_enabled) {
        let SourceKind::Folder { path } = &source.kind else { continue };
        let folder = ctx.home.root().join(path).join("problems");
        let mut names: Vec<String> = fsx::files_in(&folder)
            .unwrap_or_default()
            .iter()
            .filter_map(|file| Some(file.file_name()?.to_str()?.strip_suffix(WHY)?.to_owned()))
            .collect();
        names.sort();
        let all = names.len();
        for name in names.into_iter().take(FILES_MAX) {
            let file = format!("{path}/problems/{name}");
            let says = format!("{file} could not be read: {file}{WHY} says why; take both away when it is settled");
            out.push(row("file", file, "", &says));
        }
        if all > FILES_MAX {
            let says = format!("{path}/problems: {} more dropped files could not be read", all - FILES_MAX);
            out.push(row("file", path.clone(), "", &says));
        }
    }
    out
}

/// Returns the reminder of the newest draft, while its issue is not made.
fn draft_that_waits(ctx: &Ctx, before: &[ReminderRow], now: Timestamp) -> Result<Option<ReminderRow>> {
    // A clock that was ahead may have made drafts of months that are still to come.
    let this = Month::of(now.to_zoned(ctx.zone()).date());
    let Some(month) = draft_months(ctx)?.into_iter().filter(|month| *month <= this).max() else { return Ok(None) };
    if ctx.store.issue_manifest(month)?.is_some() {
        return Ok(None);
    }
    let subject = month.to_string();
    let since = since(before, "draft", &subject, now);
    let says = format!("the draft of {} is ready; `roundup curate {month}` opens it in a browser", month.long_name());
    Ok(Some(row("draft", subject, since, &says)))
}

/// Returns the reminder of a source that has not answered for some days.
fn silent_source(ctx: &Ctx, source: &Source, now: Timestamp) -> Result<Option<ReminderRow>> {
    let state = ctx.store.source_state(&source.id)?;
    let Some(since) = state.failing_since else { return Ok(None) };
    let days = i64::from(ctx.config.settings.reminders.source_days);
    if now.duration_since(since) < SignedDuration::from_hours(24 * days) {
        return Ok(None);
    }
    let why = shorten(&clean_line(&state.last_error.unwrap_or_default()), REASON_CHARS_MAX);
    let day = since.to_zoned(ctx.zone()).strftime("%-d %B %Y");
    let says = format!(
        "{} ({}) has not answered since {day}: {why}; `roundup sources test {}` tries it",
        source.name, source.id, source.id
    );
    Ok(Some(row("source", source.id.clone(), since.to_string(), &says)))
}

/// Returns the reminders of a draft that cannot be written, and of runs that were missed.
fn runs_that_failed(ctx: &Ctx, now: Timestamp) -> Result<Vec<ReminderRow>> {
    let zone = ctx.zone();
    let mut out = Vec::new();
    for job in ctx.store.open_jobs()? {
        if job.state == JobState::Failed && job.name == DRAFT_JOB {
            let says = format!("the draft could not be written: {}; it is tried again", job.outcome);
            out.push(row("job", job.name, job.due, &says));
        }
    }
    let from = now.checked_sub(MISSED_FOR).unwrap_or(Timestamp::MIN);
    for job in ctx.store.jobs_since(from)?.into_iter().filter(|job| job.state == JobState::Missed) {
        let until = crate::store::moment(&job.due)?.to_zoned(zone.clone()).strftime("%-d %B %Y, %H:%M").to_string();
        let runs = if job.moments == 1 { "a run was".to_owned() } else { format!("{} runs were", job.moments) };
        let says = format!("{}: {runs} missed until {until}: {}", job.name, job.outcome);
        out.push(row("missed", job.name, job.due, &says));
    }
    Ok(out)
}

/// Writes the file, or takes it away when nothing is open.
fn write_file(ctx: &Ctx, open: &[ReminderRow], now: Timestamp) -> Result<()> {
    let path = ctx.home.root().join(FILE);
    if open.is_empty() {
        return if path.exists() { Ok(fsx::remove_file(&path)?) } else { Ok(()) };
    }
    let name = &ctx.config.settings.house.name;
    let day = now.to_zoned(ctx.zone()).strftime("%-d %B %Y").to_string();
    let head = format!("{name}: what to know, as of {day}");
    let foot = "roundup writes this file anew, and takes it away when there is nothing to know.";
    fsx::write_atomic(&path, format!("{head}\n\n{}\n{foot}\n", lines(open.iter())).as_bytes())?;
    Ok(())
}

/// Returns matters as a list for people.
fn lines<'a>(rows: impl Iterator<Item = &'a ReminderRow>) -> String {
    rows.fold(String::new(), |text, row| text + "- " + &row.says + "\n")
}

/// Sends what did not go out yet by email, all in one; returns how many matters that were.
fn send(ctx: &Ctx, open: &[ReminderRow], now: Timestamp) -> Result<usize> {
    let settings = &ctx.config.settings.reminders;
    let new: Vec<&ReminderRow> = open.iter().filter(|row| row.mailed_at.is_none()).collect();
    let Some(server) = settings.server.as_ref().filter(|_| !settings.to.is_empty() && !new.is_empty()) else {
        return Ok(0);
    };
    let secret = match &server.user {
        Some(_) => Some(password(&ctx.home, ctx.keys.mail.as_ref())?),
        None => None,
    };
    let mail = mail(ctx, &new);
    mail::send(&mail, server, secret.as_ref()).map_err(|error| {
        Error::stopped(error.to_string(), format!("look at [reminders] in feeds.toml and at {MAIL_PASSWORD}"))
    })?;
    for row in &new {
        ctx.store.reminder_mailed(row, now)?;
    }
    Ok(new.len())
}

/// Returns the email about some matters.
fn mail(ctx: &Ctx, new: &[&ReminderRow]) -> Mail {
    let settings = &ctx.config.settings;
    let subject = match new {
        [one] => one.says.split(';').next().unwrap_or_default().to_owned(),
        all => format!("{} things to know", all.len()),
    };
    let text = format!(
        "{}\nThis comes from roundup, which works in {}. It tells each matter once; `roundup status` lists what is open.\n",
        lines(new.iter().copied()),
        ctx.home.root().display()
    );
    Mail {
        from: (settings.house.name.clone(), settings.reminders.from.clone()),
        to: settings.reminders.to.clone(),
        subject: shorten(&format!("{}: {subject}", settings.house.short_name), 150),
        text,
    }
}
