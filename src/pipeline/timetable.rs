//! When which job is due, and that each due run is done once: never lost, never doubled.
//!
//! A due moment is a row of the database that is unique on (job, moment). [`plan`] writes the rows that are owed by
//! now and the next one to come; [`open`] tells which open rows are to be done; [`run`] does it and writes down its end.
//! What was due while nothing ran is made up for by one run, the newest, when it is within the job's window; what is
//! older is counted and told. Source of the rule: systemd's `Persistent=` and anacron, which run once for all that
//! was missed, and Temporal's catch-up window with its count of what fell out of it.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{Ctx, Error, Result};
use crate::config::schedule::Schedule;
use crate::fetch::jitter_percent;
use crate::model::{Settings, Source};
use crate::store::{JobEnd, JobRow, JobState, Store, moment};

mod work;

/// How long a harvest that was missed is made up for: feeds forget what is older.
const HARVEST_WINDOW: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a draft that was missed is made up for: a month, and some days to notice.
const DRAFT_WINDOW: SignedDuration = SignedDuration::from_hours(35 * 24);
/// How long after its moment a harvest begins at most: not all homes are to ask PubMed in the same second.
const JITTER_MAX: SignedDuration = SignedDuration::from_mins(5);
/// The pause after a job's first failure; it doubles with each.
const PAUSE_FIRST: SignedDuration = SignedDuration::from_mins(5);
/// Its longest.
const PAUSE_MAX: SignedDuration = SignedDuration::from_hours(6);
/// How many moments are counted one by one: each minute of the longest window.
const COUNTED_MAX: usize = 35 * 24 * 60;
/// How long runs that are over are remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(400 * 24);

/// Name of the job that writes drafts.
pub const DRAFT_JOB: &str = "draft";

/// What a job does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Asks all sources that have no schedule of their own.
    Harvest,
    /// Asks one source that has one, by its id.
    HarvestOf(String),
    /// Writes the draft of the month before the day on which it is due.
    Draft,
}

/// A job with its schedule.
#[derive(Debug, Clone)]
pub struct Job {
    /// What it does.
    pub work: Work,
    /// When.
    pub schedule: Schedule,
}

impl Job {
    /// Returns all jobs of the settings: the sources' own, then the harvest, then the draft.
    pub fn all(settings: &Settings) -> Vec<Self> {
        let of_source = |source: &Source| {
            let line = source.schedule.as_deref().filter(|_| source.is_enabled)?;
            Some((Work::HarvestOf(source.id.clone()), line.to_owned()))
        };
        let mut lines: Vec<(Work, String)> = settings.sources.iter().filter_map(of_source).collect();
        if settings.sources.iter().any(|s| s.is_enabled && s.schedule.is_none()) {
            lines.push((Work::Harvest, settings.harvest_cron.clone()));
        }
        lines.push((Work::Draft, settings.draft_cron.clone()));
        let parsed =
            lines.into_iter().filter_map(|(work, line)| Some(Self { work, schedule: Schedule::parse(&line).ok()? }));
        parsed.collect()
    }

    /// Returns its name, as rows and people know it.
    pub fn name(&self) -> String {
        match &self.work {
            Work::Harvest => "harvest".to_owned(),
            Work::HarvestOf(source) => format!("harvest {source}"),
            Work::Draft => DRAFT_JOB.to_owned(),
        }
    }

    /// Tells whether it asks a source.
    fn asks(&self, source: &Source) -> bool {
        match &self.work {
            Work::Harvest => source.is_enabled && source.schedule.is_none(),
            Work::HarvestOf(id) => source.is_enabled && source.id == *id,
            Work::Draft => false,
        }
    }

    /// Returns how long a run that was missed is made up for.
    fn window(&self) -> SignedDuration {
        match self.work {
            Work::Harvest | Work::HarvestOf(_) => HARVEST_WINDOW,
            Work::Draft => DRAFT_WINDOW,
        }
    }

    /// Returns from when on the runs before a due moment are left to it: a harvest brings whatever came since the last,
    /// but a draft is of one month, and only the runs of the same month write the same.
    fn joins_from(&self, due: Timestamp, zone: &TimeZone) -> Timestamp {
        match self.work {
            Work::Harvest | Work::HarvestOf(_) => Timestamp::MIN,
            Work::Draft => {
                let first = due.to_zoned(zone.clone()).first_of_month().and_then(|day| day.start_of_day());
                first.map_or(due, |start| start.timestamp())
            }
        }
    }

    /// Returns how long after its moment the run begins; `home` tells homes apart. It is less than a tenth of the time
    /// to the next moment, so that each run comes before the next is due.
    fn jitter(&self, home: &str, due: Timestamp, zone: &TimeZone) -> SignedDuration {
        match self.work {
            Work::Draft => SignedDuration::ZERO,
            Work::Harvest | Work::HarvestOf(_) => {
                let percent = jitter_percent(&format!("{home} {} {due}", self.name()), 0);
                let until = self.schedule.next_after(due, zone).map(|next| next.duration_since(due) / 10);
                until.unwrap_or(JITTER_MAX).min(JITTER_MAX) * i32::try_from(percent).unwrap_or_default() / 100
            }
        }
    }
}

/// What is owed of one job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Owed {
    /// The moments within the window to make up for, and for how many each speaks.
    runs: Vec<(Timestamp, u32)>,
    /// The last moment outside of the window that went by, and how many did.
    missed: Option<(Timestamp, u32)>,
    /// The next moment to come.
    next: Option<Timestamp>,
}

/// Returns what is owed of a job. `known` is the newest moment up to now that has a row; without one nothing was
/// ever planned, and nothing is owed.
fn owed(job: &Job, known: Option<Timestamp>, zone: &TimeZone, now: Timestamp) -> Owed {
    let next = job.schedule.next_after(now, zone);
    let Some(known) = known else { return Owed { next, ..Owed::default() } };
    let edge = now.checked_sub(job.window()).unwrap_or(Timestamp::MIN);
    let due = |from: Timestamp, until: Timestamp| {
        job.schedule.after(from, zone).take_while(move |due| *due <= until).take(COUNTED_MAX)
    };
    let missed = due(known, edge)
        .fold(None, |last: Option<(Timestamp, u32)>, due| Some((due, last.map_or(1, |(_, count)| count + 1))));
    let missed = missed.map(|(last, count)| {
        // Where there are more than are counted one by one, the edge stands for the last.
        if usize::try_from(count).is_ok_and(|count| count < COUNTED_MAX) { (last, count) } else { (edge, count) }
    });
    let mut runs: Vec<(Timestamp, u32)> = Vec::new();
    for due in due(known.max(edge), now) {
        match runs.last_mut() {
            Some(last) if last.0 >= job.joins_from(due, zone) => *last = (due, last.1 + 1),
            _ => runs.push((due, 1)),
        }
    }
    Owed { runs, missed, next }
}

/// Something that people should know about the timetable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The job.
    pub name: String,
    /// What about it.
    pub says: String,
    /// Whether something is lost for good.
    pub is_loss: bool,
}

/// Writes the rows that are owed by now, and the next of each job; may be repeated. Returns what was made up for or
/// missed since the last time.
///
/// # Errors
/// When the database refuses.
pub fn plan(ctx: &Ctx) -> Result<Vec<Told>> {
    let jobs = Job::all(&ctx.config.settings);
    let home = format!("{} {}", ctx.config.settings.house.community, ctx.identity.email);
    plan_first(ctx, &jobs)?;
    plan_all(&ctx.store, &jobs, &home, &ctx.zone(), ctx.clock.now())
}

/// Plans the first harvest of a new home for now: whoever starts a daemon wants to see something, not wait until the
/// morning. A home whose sources were asked before, by whatever command, has nothing to begin with.
fn plan_first(ctx: &Ctx, jobs: &[Job]) -> Result<()> {
    let now = ctx.clock.now();
    for job in jobs.iter().filter(|job| job.work != Work::Draft) {
        if ctx.store.newest_due(&job.name(), Timestamp::MAX)?.is_some() {
            continue;
        }
        let mut was_asked = false;
        for source in ctx.config.settings.sources.iter().filter(|source| job.asks(source)) {
            let state = ctx.store.source_state(&source.id)?;
            was_asked |= state.last_ok.is_some() || state.failing_since.is_some();
        }
        if !was_asked {
            // Due moments have no parts of a second.
            let due = Timestamp::from_second(now.as_second()).unwrap_or(now);
            ctx.store.plan_job(&job.name(), due, 1, due, now)?;
        }
    }
    Ok(())
}

/// Writes the rows of some jobs, in one transaction.
fn plan_all(store: &Store, jobs: &[Job], home: &str, zone: &TimeZone, now: Timestamp) -> Result<Vec<Told>> {
    let mut told = Vec::new();
    store.transaction(|store| -> Result<()> {
        for job in jobs {
            plan_one(store, job, home, zone, now, &mut told)?;
        }
        give_up(store, jobs, now, &mut told)?;
        store.forget_jobs(now.checked_sub(REMEMBERED).unwrap_or(Timestamp::MIN))?;
        Ok(())
    })?;
    Ok(told)
}

/// Writes the rows of one job.
fn plan_one(store: &Store, job: &Job, home: &str, zone: &TimeZone, now: Timestamp, told: &mut Vec<Told>) -> Result<()> {
    let name = job.name();
    let known = store.newest_due(&name, now)?;
    let owed = owed(job, known, zone, now);
    if let Some((last, moments)) = owed.missed {
        let why = format!("nothing ran then, and it is more than {} days ago", days(job.window()));
        store.miss_job(&name, last, moments, &why, now)?;
        let runs = if moments == 1 { "1 run was".to_owned() } else { format!("{moments} runs were") };
        let says = format!("{runs} missed until {}: {why}", in_zone(last, zone));
        told.push(Told { name: name.clone(), says, is_loss: true });
    }
    for (due, moments) in &owed.runs {
        store.plan_job(&name, *due, *moments, *due, now)?;
    }
    // What is still open from before is left to the newest that does its work as well.
    let is_own = |known: &Timestamp| owed.runs.first().is_none_or(|(due, _)| *known < job.joins_from(*due, zone));
    for (newest, moments) in known.filter(is_own).map(|known| (known, 0)).into_iter().chain(owed.runs.clone()) {
        let outcome = format!("left to the run of {}", in_zone(newest, zone));
        let joined = store.join_jobs(&name, job.joins_from(newest, zone), newest, &outcome, now)?;
        if moments > 0 || joined > 0 {
            let before = usize::try_from(moments).unwrap_or_default().saturating_sub(1) + joined;
            let also = if before > 0 { format!(", and for {before} before it") } else { String::new() };
            let says = format!("the run of {}{also} is made up for", in_zone(newest, zone));
            told.push(Told { name: name.clone(), says, is_loss: false });
        }
    }
    let mut to_come = job.schedule.after(now, zone).take(COUNTED_MAX);
    // What a clock that was a little ahead did already is not done again.
    let next = loop {
        match to_come.next() {
            Some(due) if store.is_closed(&name, due, now)? => {}
            other => break other,
        }
    };
    store.unplan_jobs(&name, now, next)?;
    if let Some(next) = next {
        let from = next.checked_add(job.jitter(home, next, zone)).unwrap_or(next);
        store.plan_job(&name, next, 1, from, now)?;
    }
    Ok(())
}

/// Gives up open runs that are older than their window, and those of jobs that there are no longer.
fn give_up(store: &Store, jobs: &[Job], now: Timestamp, told: &mut Vec<Told>) -> Result<()> {
    for row in store.open_jobs()? {
        let due = moment(&row.due)?;
        let why = match jobs.iter().find(|job| job.name() == row.name) {
            Some(job) if now.duration_since(due) <= job.window() => continue,
            Some(job) => format!("it did not come about within {} days", days(job.window())),
            // What a person began with `roundup run` is no job of the timetable.
            None if row.name == "run" => continue,
            None => "feeds.toml no longer has it".to_owned(),
        };
        if row.state == JobState::Planned && due > now {
            store.unplan_jobs(&row.name, now, None)?;
            continue;
        }
        let why = if row.outcome.is_empty() { why } else { format!("{why}; the last time: {}", row.outcome) };
        store.miss_job(&row.name, due, 1, &why, now)?;
        told.push(Told { name: row.name, says: why, is_loss: true });
    }
    Ok(())
}

/// Returns a length of time in whole days.
fn days(length: SignedDuration) -> i64 {
    length.as_hours() / 24
}

/// Returns a moment as people of a zone read it: `Sun 1 Nov 2026 06:00`.
fn in_zone(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%a %-d %b %Y %H:%M").to_string()
}

/// A run to be done.
#[derive(Debug, Clone)]
pub struct Due {
    /// The job.
    pub job: Job,
    /// The moment that it is done for.
    pub due: Timestamp,
    /// From when on it may begin: later than `due` after a failure, and for a harvest by some minutes.
    pub from: Timestamp,
    /// How often it was begun before.
    pub tries: u32,
    /// Whether it failed before: a harvest then asks only those again who did not answer.
    pub is_again: bool,
}

/// Returns the open runs of the jobs that there are, those first that may begin first.
///
/// # Errors
/// When the database cannot be read.
pub fn open(ctx: &Ctx) -> Result<Vec<Due>> {
    let jobs = Job::all(&ctx.config.settings);
    let mut out = Vec::new();
    for row in ctx.store.open_jobs()? {
        let Some(job) = jobs.iter().find(|job| job.name() == row.name) else { continue };
        out.push(due_of(job, &row, ctx.clock.now())?);
    }
    out.sort_by_key(|due| (due.from, due.due));
    Ok(out)
}

/// Reads the run of a row. Another try that lies further ahead than any pause was put there by a clock that was ahead.
fn due_of(job: &Job, row: &JobRow, now: Timestamp) -> Result<Due> {
    let due = moment(&row.due)?;
    let from = row.not_before.as_deref().map(moment).transpose()?.unwrap_or(due);
    let latest = now.checked_add(PAUSE_MAX * 2).unwrap_or(Timestamp::MAX);
    let from = if due <= now && from > latest { now } else { from };
    Ok(Due { job: job.clone(), due, from, tries: row.tries, is_again: row.state == JobState::Failed })
}

/// Does a run that is due, and writes down how it ended; whoever holds the right to write is the only one who does.
/// `stop` ends a harvest between two pages; what was taken in stays, and the run is done again.
///
/// Returns how it ended, or `None` when it was stopped or when it was not open any more.
///
/// # Errors
/// When the database refuses to write it down. What goes wrong in the work itself is its outcome.
pub async fn run(ctx: &Ctx, due: &Due, stop: impl Future<Output = ()>) -> Result<Option<JobEnd>> {
    let name = due.job.name();
    let is_open = |row: &JobRow| row.name == name && row.due == due.due.to_string();
    if !ctx.store.open_jobs()?.iter().any(is_open) {
        return Ok(None);
    }
    ctx.store.begin_job(&name, due.due, ctx.clock.now())?;
    let late = late(due, ctx.clock.now());
    let Some(worked) = work::done(ctx, due, stop).await else { return Ok(None) };
    let now = ctx.clock.now();
    let end = match worked {
        Ok(outcome) => JobEnd::done(format!("{outcome}{late}")),
        Err(why) => JobEnd::failed(why, again(&name, due, now)),
    };
    ctx.store.end_job(&name, due.due, now, &end)?;
    Ok(Some(end))
}

/// Returns what is said of a run that begins long after its moment, as after a night without power; empty for others.
fn late(due: &Due, now: Timestamp) -> String {
    let late = now.duration_since(due.due);
    match (late.as_hours() / 24, late.as_hours()) {
        (0, 0) => String::new(),
        (0, 1) => "; made up for, 1 hour late".to_owned(),
        (0, hours) => format!("; made up for, {hours} hours late"),
        (1, _) => "; made up for, 1 day late".to_owned(),
        (days, _) => format!("; made up for, {days} days late"),
    }
}

/// Returns when a run that failed is tried again.
fn again(name: &str, due: &Due, now: Timestamp) -> Timestamp {
    let doubled = PAUSE_FIRST * 2_i32.saturating_pow(due.tries.min(10));
    let pause = doubled.min(PAUSE_MAX);
    let jitter = pause * i32::try_from(jitter_percent(name, due.tries)).unwrap_or_default() / 500;
    now.checked_add(pause + jitter).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;
