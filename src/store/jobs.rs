//! What is remembered about sources and runs.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Result, Store, from_json, sql, to_json};
use crate::model::SourceState;

/// One run of a job.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct JobRow {
    /// Job name ("run", "harvest", "draft 2026-10").
    pub name: String,
    /// When it was due, RFC 3339.
    pub due: String,
    /// When it began.
    pub started_at: String,
    /// When it ended; `None` while it runs or when it was cut off.
    pub finished_at: Option<String>,
    /// How it ended, in plain words.
    pub outcome: String,
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
                "INSERT INTO job (name, due, started_at) VALUES (?1, ?2, ?3) ON CONFLICT (name, due) DO UPDATE SET started_at = ?3, finished_at = NULL",
                params![name, due.to_string(), now.to_string()],
            )
            .map_err(sql("begin job"))?;
        Ok(())
    }

    /// Writes down how a job ended.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn end_job(&self, name: &str, due: Timestamp, now: Timestamp, outcome: &str) -> Result<()> {
        self.conn
            .execute(
                "UPDATE job SET finished_at = ?3, outcome = ?4 WHERE name = ?1 AND due = ?2",
                params![name, due.to_string(), now.to_string(), outcome],
            )
            .map_err(sql("end job"))?;
        Ok(())
    }

    /// Returns the last runs, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn last_jobs(&self, count: usize) -> Result<Vec<JobRow>> {
        let mut statement = self
            .conn
            .prepare(
                "SELECT name, due, started_at, finished_at, outcome FROM job ORDER BY started_at DESC, name LIMIT ?1",
            )
            .map_err(sql("last jobs"))?;
        let rows = statement
            .query_map([count], |r| {
                Ok(JobRow {
                    name: r.get(0)?,
                    due: r.get(1)?,
                    started_at: r.get(2)?,
                    finished_at: r.get(3)?,
                    outcome: r.get(4)?,
                })
            })
            .map_err(sql("last jobs"))?;
        rows.map(|r| r.map_err(sql("last jobs"))).collect()
    }
}
