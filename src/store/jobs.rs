//! What is remembered about sources and about runs: when each was due, and what came of it.

use jiff::{SignedDuration, Timestamp};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, Row, params};

use super::{Result, Store, from_json, sql, to_json};
use crate::model::SourceState;

/// How far the run of one due moment got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// It waits for its moment.
    Planned,
    /// It was begun; after the end of the program that began it, it was cut off.
    Running,
    /// It failed and is tried again.
    Failed,
    /// It is over.
    Done,
    /// It was left to a later run of the same job.
    Joined,
    /// It was never done, and will not be.
    Missed,
}

impl JobState {
    /// All states, in the order of a run.
    pub const ALL: [Self; 6] = [Self::Planned, Self::Running, Self::Failed, Self::Done, Self::Joined, Self::Missed];

    /// Returns the word in the database and in figures.
    pub fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Running => "running",
            Self::Failed => "failed",
            Self::Done => "done",
            Self::Joined => "joined",
            Self::Missed => "missed",
        }
    }
}

impl ToSql for JobState {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.word()))
    }
}

impl FromSql for JobState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        Self::ALL.into_iter().find(|state| state.word() == word).ok_or(FromSqlError::InvalidType)
    }
}

/// One due moment of a job.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct JobRow {
    /// Job name ("run", "harvest", "harvest SOURCE", "draft").
    pub name: String,
    /// When it was due, RFC 3339.
    pub due: String,
    /// How far it got.
    pub state: JobState,
    /// How many due moments the row speaks for, its own among them: those before it had no run of their own.
    pub moments: u32,
    /// How often it was begun.
    pub tries: u32,
    /// Before when it is not begun, RFC 3339; `None` means from its due moment on.
    pub not_before: Option<String>,
    /// When it began the last time; `None` before.
    pub started_at: Option<String>,
    /// When it ended; `None` while it runs, when it was cut off, and before.
    pub finished_at: Option<String>,
    /// How it ended, in plain words.
    pub outcome: String,
}

/// The columns of a row, in the order of [`row`].
const COLUMNS: &str = "name, due, state, moments, tries, not_before, started_at, finished_at, outcome";

/// Reads one row.
fn row(r: &Row<'_>) -> rusqlite::Result<JobRow> {
    Ok(JobRow {
        name: r.get(0)?,
        due: r.get(1)?,
        state: r.get(2)?,
        moments: r.get(3)?,
        tries: r.get(4)?,
        not_before: r.get(5)?,
        started_at: r.get(6)?,
        finished_at: r.get(7)?,
        outcome: r.get(8)?,
    })
}

impl Store {
    /// Returns what is remembered about a source; a source never asked has an empty state.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn source_state(&self, source: &str) -> Result<SourceState> {
        let body: Option<String> = self
            .conn
            .query_row("SELECT body FROM source_state WHERE source = ?1", [source], |r| r.get(0))
            .optional()
            .map_err(sql("source state"))?;
        body.map_or_else(|| Ok(SourceState::default()), |b| from_json("source state", &b))
    }

    /// Stores what is remembered about a source.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_source_state(&self, source: &str, state: &SourceState) -> Result<()> {
        let body = to_json("source state", state)?;
        self.conn
            .execute(
                "INSERT INTO source_state (source, body) VALUES (?1, ?2) ON CONFLICT (source) DO UPDATE SET body = ?2",
                params![source, body],
            )
            .map_err(sql("put source state"))?;
        Ok(())
    }

    /// Writes down that a job begins. The row is unique on (name, due): beginning it twice is one run.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn begin_job(&self, name: &str, due: Timestamp, now: Timestamp) -> Result<()> {
        self.conn
            .execute(
                "INSERT INTO job (name, due, state, tries, started_at) VALUES (?1, ?2, 'running', 1, ?3)
                 ON CONFLICT (name, due) DO UPDATE
                 SET state = 'running', tries = tries + 1, started_at = ?3, finished_at = NULL",
                params![name, due.to_string(), now.to_string()],
            )
            .map_err(sql("begin job"))?;
        Ok(())
    }

    /// Writes down how a job ended, and before when it is not tried again.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn end_job(&self, name: &str, due: Timestamp, now: Timestamp, end: &JobEnd) -> Result<()> {
        self.conn
            .execute(
                "UPDATE job SET state = ?3, finished_at = ?4, outcome = ?5, not_before = ?6 WHERE name = ?1 AND due = ?2",
                params![
                    name,
                    due.to_string(),
                    end.state,
                    now.to_string(),
                    end.outcome,
                    end.not_before.map(|t| t.to_string())
                ],
            )
            .map_err(sql("end job"))?;
        Ok(())
    }

    /// Plans a run that speaks for so many due moments up to its own; one that is there already stays as it is, unless a
    /// clock that was ahead of `now` closed it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn plan_job(
        &self,
        name: &str,
        due: Timestamp,
        moments: u32,
        not_before: Timestamp,
        now: Timestamp,
    ) -> Result<()> {
        self.conn
            .execute(
                "INSERT INTO job (name, due, state, moments, not_before) VALUES (?1, ?2, 'planned', ?3, ?4)
                 ON CONFLICT (name, due) DO UPDATE SET state = 'planned', moments = ?3, tries = 0, not_before = ?4,
                     started_at = NULL, finished_at = NULL, outcome = ''
                 WHERE state IN ('done', 'joined', 'missed') AND finished_at > ?5",
                params![name, due.to_string(), moments, not_before.to_string(), ahead_of(now)],
            )
            .map_err(sql("plan job"))?;
        Ok(())
    }

    /// Tells whether a due moment is done with, and not by a clock that was ahead of `now`.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn is_closed(&self, name: &str, due: Timestamp, now: Timestamp) -> Result<bool> {
        self.conn
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM job WHERE name = ?1 AND due = ?2
                 AND state IN ('done', 'joined', 'missed') AND coalesce(finished_at, '') <= ?3)",
                params![name, due.to_string(), ahead_of(now)],
                |r| r.get(0),
            )
            .map_err(sql("closed run"))
    }

    /// Writes down that so many due moments of a job up to `due` are never done, and why.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn miss_job(&self, name: &str, due: Timestamp, moments: u32, why: &str, now: Timestamp) -> Result<()> {
        self.conn
            .execute(
                "INSERT INTO job (name, due, state, moments, outcome, finished_at) VALUES (?1, ?2, 'missed', ?3, ?4, ?5)
                 ON CONFLICT (name, due) DO UPDATE SET state = 'missed', outcome = ?4, finished_at = ?5
                 WHERE state IN ('planned', 'running', 'failed')",
                params![name, due.to_string(), moments, why, now.to_string()],
            )
            .map_err(sql("miss job"))?;
        Ok(())
    }

    /// Leaves the open runs of a job that were due from one moment on and before another to the run of that other,
    /// and returns how many they are.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn join_jobs(
        &self,
        name: &str,
        from: Timestamp,
        before: Timestamp,
        outcome: &str,
        now: Timestamp,
    ) -> Result<usize> {
        self.conn
            .execute(
                "UPDATE job SET state = 'joined', outcome = trim(outcome || '; ' || ?4, '; '), finished_at = ?5
                 WHERE name = ?1 AND due >= ?2 AND due < ?3 AND state IN ('planned', 'running', 'failed')",
                params![name, from.to_string(), before.to_string(), outcome, now.to_string()],
            )
            .map_err(sql("join jobs"))
    }

    /// Takes back what is planned of a job for after `now` at other moments than `next`: its schedule was changed.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn unplan_jobs(&self, name: &str, now: Timestamp, next: Option<Timestamp>) -> Result<()> {
        self.conn
            .execute(
                "DELETE FROM job WHERE name = ?1 AND state = 'planned' AND tries = 0 AND due > ?2 AND due IS NOT ?3",
                params![name, whole_second(now), next.map(|t| t.to_string())],
            )
            .map_err(sql("unplan jobs"))?;
        Ok(())
    }

    /// Returns the open runs: planned, cut off or to be tried again; the oldest due first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn open_jobs(&self) -> Result<Vec<JobRow>> {
        self.job_rows(&format!(
            "SELECT {COLUMNS} FROM job WHERE state IN ('planned', 'running', 'failed') ORDER BY due, name"
        ))
    }

    /// Returns the newest moment up to `now` that is known of a job, done or not; `None` when there is none. What a clock
    /// that was ahead of `now` closed does not count.
    ///
    /// # Errors
    /// When the database cannot be read, or holds no moment there.
    pub fn newest_due(&self, name: &str, now: Timestamp) -> Result<Option<Timestamp>> {
        let due: Option<String> = self
            .conn
            .query_row(
                "SELECT max(due) FROM job WHERE name = ?1 AND due <= ?2
                 AND NOT (state IN ('done', 'joined', 'missed') AND coalesce(finished_at, '') > ?3)",
                params![name, whole_second(now), ahead_of(now)],
                |r| r.get(0),
            )
            .map_err(sql("newest due"))?;
        due.map(|text| moment(&text)).transpose()
    }

    /// Returns the last runs that were begun, and what was missed, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last_jobs(&self, count: usize) -> Result<Vec<JobRow>> {
        self.job_rows(&format!(
            "SELECT {COLUMNS} FROM job WHERE started_at IS NOT NULL OR state = 'missed'
             ORDER BY coalesce(started_at, due) DESC, name LIMIT {count}"
        ))
    }

    /// Returns when a run last ended, well or badly; `None` before any did.
    ///
    /// # Errors
    /// When the database cannot be read, or holds no moment there.
    pub fn last_end(&self) -> Result<Option<Timestamp>> {
        let last: Option<String> = self
            .conn
            .query_row("SELECT max(finished_at) FROM job WHERE state IN ('done', 'failed')", [], |r| r.get(0))
            .map_err(sql("last end of a run"))?;
        last.map(|text| moment(&text)).transpose()
    }

    /// Returns every row that was due from a moment on, by due moment and name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn jobs_since(&self, from: Timestamp) -> Result<Vec<JobRow>> {
        self.job_rows(&format!("SELECT {COLUMNS} FROM job WHERE due >= '{from}' ORDER BY due, name"))
    }

    /// Returns how many due moments of each job are in each state.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn job_counts(&self) -> Result<Vec<(String, JobState, u64)>> {
        let mut statement = self
            .conn
            .prepare("SELECT name, state, sum(moments) FROM job GROUP BY name, state ORDER BY name, state")
            .map_err(sql("job counts"))?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).map_err(sql("job counts"))?;
        rows.map(|r| r.map_err(sql("job counts"))).collect()
    }

    /// Forgets runs that are over and were due before a moment, but the newest of each job.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn forget_jobs(&self, before: Timestamp) -> Result<usize> {
        self.conn
            .execute(
                "DELETE FROM job WHERE due < ?1 AND state IN ('done', 'joined', 'missed')
                 AND due < (SELECT max(due) FROM job AS newest WHERE newest.name = job.name)",
                [before.to_string()],
            )
            .map_err(sql("forget jobs"))
    }

    /// Runs a query for rows of jobs.
    fn job_rows(&self, query: &str) -> Result<Vec<JobRow>> {
        let mut statement = self.conn.prepare(query).map_err(sql("jobs"))?;
        let rows = statement.query_map([], row).map_err(sql("jobs"))?;
        rows.map(|r| r.map_err(sql("jobs"))).collect()
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobEnd {
    /// Done, or failed and to be tried again.
    pub state: JobState,
    /// How it ended, in plain words.
    pub outcome: String,
    /// Before when it is not tried again.
    pub not_before: Option<Timestamp>,
}

impl JobEnd {
    /// Returns the end of a run that is over.
    pub fn done(outcome: impl Into<String>) -> Self {
        Self { state: JobState::Done, outcome: outcome.into(), not_before: None }
    }

    /// Returns the end of a run that failed and is tried again at a moment.
    pub fn failed(outcome: impl Into<String>, again: Timestamp) -> Self {
        Self { state: JobState::Failed, outcome: outcome.into(), not_before: Some(again) }
    }
}

/// How far ahead the moment may lie at which a run was closed: clocks are set by minutes and hours. What lies further
/// ahead was written by a clock that was wrong, as of a computer without a battery, and must not stand in the way of the
/// run when its day has really come.
const AHEAD_MAX: SignedDuration = SignedDuration::from_hours(48);

/// Returns the moment from which on what was closed counts as closed by a clock that was ahead.
fn ahead_of(now: Timestamp) -> String {
    whole_second(now.checked_add(AHEAD_MAX).unwrap_or(Timestamp::MAX))
}

/// Returns a moment without parts of a second, to be compared with due moments, which have none: as text,
/// `06:00:00.5Z` would come before `06:00:00Z`.
fn whole_second(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

/// Reads a moment of a row.
///
/// # Errors
/// When it is none.
pub(crate) fn moment(text: &str) -> Result<Timestamp> {
    let read = text.parse();
    read.map_err(|_| super::StoreError::Damaged { what: "due moment", reason: format!("\"{text}\" is no moment") })
}
