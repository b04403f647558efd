//! What the secretariat is reminded of.

use jiff::Timestamp;
use rusqlite::params;

use super::{Result, Store, sql};

/// One matter that people should know of.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ReminderRow {
    /// What kind: "draft", "source", "job" or "missed".
    pub kind: String,
    /// What of it: a month, the id of a source, the name of a job.
    pub subject: String,
    /// Since when, RFC 3339.
    pub since: String,
    /// What to know and what to do, in plain words, one line.
    pub says: String,
    /// When it went out by email; `None` while it did not.
    pub mailed_at: Option<String>,
}

impl Store {
    /// Returns the matters that are open, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn open_reminders(&self) -> Result<Vec<ReminderRow>> {
        let query = "SELECT kind, subject, since, says, mailed_at FROM reminder WHERE ended_at IS NULL
                     ORDER BY since, kind, subject";
        let mut statement = self.conn.prepare_cached(query).map_err(sql("open reminders"))?;
        let rows = statement.query_map([], |r| {
            let [kind, subject, since, says] = [r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?];
            Ok(ReminderRow { kind, subject, since, says, mailed_at: r.get(4)? })
        });
        rows.map_err(sql("open reminders"))?.map(|r| r.map_err(sql("open reminders"))).collect()
    }

    /// Begins a matter, or says an open one in new words. One that ended at that moment begins again.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_reminder(&self, row: &ReminderRow) -> Result<()> {
        self.conn
            .execute(
                "INSERT INTO reminder (kind, subject, since, says) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (kind, subject, since) DO UPDATE SET says = ?4, ended_at = NULL",
                params![row.kind, row.subject, row.since, row.says],
            )
            .map_err(sql("put reminder"))?;
        Ok(())
    }

    /// Ends a matter.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn end_reminder(&self, row: &ReminderRow, now: Timestamp) -> Result<()> {
        self.set_reminder("ended_at", row, now)
    }

    /// Writes down that a matter went out by email.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn reminder_mailed(&self, row: &ReminderRow, now: Timestamp) -> Result<()> {
        self.set_reminder("mailed_at", row, now)
    }

    /// Sets a moment of a matter.
    fn set_reminder(&self, column: &'static str, row: &ReminderRow, now: Timestamp) -> Result<()> {
        self.conn
            .execute(
                &format!("UPDATE reminder SET {column} = ?4 WHERE kind = ?1 AND subject = ?2 AND since = ?3"),
                params![row.kind, row.subject, row.since, now.to_string()],
            )
            .map_err(sql("set reminder"))?;
        Ok(())
    }

    /// Forgets matters that ended before a moment.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn forget_reminders(&self, before: Timestamp) -> Result<usize> {
        self.conn
            .execute("DELETE FROM reminder WHERE ended_at < ?1", [before.to_string()])
            .map_err(sql("forget reminders"))
    }
}
