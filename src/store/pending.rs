//! A draft that is being written: what must be known when that is cut short.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Result, Store, sql};
use crate::model::Month;

/// A draft of which it is not known whether its file was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// SHA-256 of the file as it was, in hex; empty when there was none.
    pub before: String,
    /// SHA-256 of the file as it was to be, in hex.
    pub after: String,
    /// The base that belongs to the new file.
    pub base: String,
}

impl Store {
    /// Notes a draft whose file is about to be written.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_pending(&self, month: Month, pending: &Pending, now: Timestamp) -> Result<()> {
        self.conn
            .execute(
                "INSERT INTO draft_pending (month, before, after, base, written_at) VALUES (?1, ?2, ?3, ?4, ?5) \
                 ON CONFLICT (month) DO UPDATE SET before = ?2, after = ?3, base = ?4, written_at = ?5",
                params![month.to_string(), pending.before, pending.after, pending.base, now.to_string()],
            )
            .map_err(sql("put pending draft"))?;
        Ok(())
    }

    /// Returns the draft of a month whose writing was cut short.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn pending(&self, month: Month) -> Result<Option<Pending>> {
        self.conn
            .query_row("SELECT before, after, base FROM draft_pending WHERE month = ?1", [month.to_string()], |r| {
                Ok(Pending { before: r.get(0)?, after: r.get(1)?, base: r.get(2)? })
            })
            .optional()
            .map_err(sql("pending draft"))
    }

    /// Forgets what was pending for a month: file and base belong together again.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn clear_pending(&self, month: Month) -> Result<()> {
        self.conn
            .execute("DELETE FROM draft_pending WHERE month = ?1", [month.to_string()])
            .map_err(sql("clear pending draft"))?;
        Ok(())
    }
}
