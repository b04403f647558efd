//! One screen: what is there, how the sources are, what is next.

use jiff::{SignedDuration, Timestamp};

use super::timetable::{self, Job};
use super::{Ctx, Result, draft_months, judgement_of};
use crate::index::{Index, IndexError, State};
use crate::model::{Month, Scope};
use crate::store::{Counts, DaemonLock, JobRow, JobState, ReminderRow};

/// How one source is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SourceStatus {
    /// Source id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is asked at all.
    pub is_enabled: bool,
    /// When it last answered well, RFC 3339; `None` when never.
    pub last_ok: Option<String>,
    /// Since when every try fails; `None` while it works.
    pub failing_since: Option<String>,
    /// What went wrong the last time.
    pub last_error: Option<String>,
    /// Where it says that it has moved to.
    pub moved_to: Option<String>,
}

/// What is there and what is next.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Status {
    /// What is in the store.
    pub counts: Counts,
    /// How far the index is behind, in plain words ("level", "behind", "missing").
    pub index: String,
    /// Each source in the order of `feeds.toml`.
    pub sources: Vec<SourceStatus>,
    /// The last runs, newest first.
    pub jobs: Vec<JobRow>,
    /// When each job is done next, in the roundup's zone, and whether that is another try after a failure.
    pub next: Vec<NextRun>,
    /// What was missed within the last 35 days, newest first.
    pub missed: Vec<JobRow>,
    /// What people should know of, the oldest first.
    pub reminders: Vec<ReminderRow>,
    /// The process id of the daemon that is at work here; `None` when there is none.
    pub daemon: Option<String>,
    /// Months that have a draft file, and whether each was rendered; newest first.
    pub drafts: Vec<(String, bool)>,
}

/// When a job is done next.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NextRun {
    /// Job name ("harvest", "harvest SOURCE", "draft").
    pub name: String,
    /// When, in the roundup's zone; "never" when it never comes due.
    pub at: String,
    /// How often it failed until now.
    pub failures: u32,
}

/// How long a missed run is told of.
const MISSED_SHOWN: SignedDuration = SignedDuration::from_hours(35 * 24);
/// How many runs are shown.
const JOBS_SHOWN: usize = 5;

/// Returns the state of a home.
///
/// # Errors
/// When the database or the drafts folder cannot be read.
pub fn status(ctx: &Ctx) -> Result<Status> {
    let mut sources = Vec::new();
    for source in &ctx.config.settings.sources {
        let state = ctx.store.source_state(&source.id)?;
        sources.push(SourceStatus {
            id: source.id.clone(),
            name: source.name.clone(),
            is_enabled: source.is_enabled,
            last_ok: state.last_ok.map(|t| t.to_string()),
            failing_since: state.failing_since.map(|t| t.to_string()),
            last_error: state.last_error,
            moved_to: state.moved_to,
        });
    }
    let rendered: Vec<Month> = ctx.store.issues()?.into_iter().map(|issue| issue.month).collect();
    let drafts = draft_months(ctx)?.into_iter().map(|month| (month.to_string(), rendered.contains(&month))).collect();
    Ok(Status {
        counts: counts(ctx)?,
        index: index_words(ctx)?,
        sources,
        jobs: ctx.store.last_jobs(JOBS_SHOWN)?,
        next: next(ctx)?,
        missed: missed(ctx)?,
        reminders: ctx.store.open_reminders()?,
        daemon: DaemonLock::holder(&ctx.home.data()),
        drafts,
    })
}

/// Counts what is in the store; people's words on scope count as readers see them.
fn counts(ctx: &Ctx) -> Result<Counts> {
    let mut counts = ctx.store.counts()?;
    for id in ctx.store.works_with_tag_words()? {
        let Some(machine) = ctx.store.work(&id)?.and_then(|row| row.judgement) else { continue };
        let judged = machine.scope;
        let Some(seen) = judgement_of(&ctx.store, &id, Some(machine))?.map(|j| j.scope) else { continue };
        *of_scope(&mut counts, judged) = of_scope(&mut counts, judged).saturating_sub(1);
        *of_scope(&mut counts, seen) += 1;
    }
    Ok(counts)
}

/// Returns how many works have a scope.
fn of_scope(counts: &mut Counts, scope: Scope) -> &mut u64 {
    match scope {
        Scope::In => &mut counts.scope_in,
        Scope::Maybe => &mut counts.scope_maybe,
        Scope::Out => &mut counts.scope_out,
    }
}

/// Returns how the index stands to the store.
fn index_words(ctx: &Ctx) -> Result<String> {
    let state = match Index::state(&ctx.home.index()) {
        // What is written beside the index says nothing of its parts: these show when it is opened.
        State::Ready { revision, knowledge } => match Index::open_reader(&ctx.home.index()) {
            Err(IndexError::NotReady(state)) => state,
            Err(error) => State::Damaged(error.to_string()),
            Ok(_) => State::Ready { revision, knowledge },
        },
        state => state,
    };
    Ok(match state {
        State::Missing => "missing; `roundup reindex` builds it".to_owned(),
        State::Damaged(reason) => format!("damaged ({reason}); `roundup reindex` builds it anew"),
        State::Unread(why) => format!("cannot be read: {why}"),
        State::OtherFingerprint => "of another form; `roundup reindex` builds it anew".to_owned(),
        State::Ready { revision, .. } if revision == ctx.store.revision()? => "level with the database".to_owned(),
        State::Ready { .. } => "behind the database; `roundup reindex` brings it level".to_owned(),
    })
}

/// Returns when each job is done next: as the daemon planned it, or else as its schedule says.
fn next(ctx: &Ctx) -> Result<Vec<NextRun>> {
    let (zone, now) = (ctx.zone(), ctx.clock.now());
    let open = timetable::open(ctx)?;
    let of_job = |job: &Job| {
        let name = job.name();
        let planned = open.iter().filter(|due| due.job.name() == name).min_by_key(|due| due.from);
        let at = planned.map(|due| due.from.max(now)).or_else(|| job.schedule.next_after(now, &zone));
        let shown = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%a %-d %b %Y, %H:%M %Z").to_string();
        NextRun { name, at: at.map_or_else(|| "never".to_owned(), shown), failures: planned.map_or(0, |due| due.tries) }
    };
    Ok(Job::all(&ctx.config.settings).iter().map(of_job).collect())
}

/// Returns what was missed of late, newest first.
fn missed(ctx: &Ctx) -> Result<Vec<JobRow>> {
    let from = ctx.clock.now().checked_sub(MISSED_SHOWN).unwrap_or(Timestamp::MIN);
    let mut rows = ctx.store.jobs_since(from)?;
    rows.retain(|row| row.state == JobState::Missed);
    rows.reverse();
    Ok(rows)
}
