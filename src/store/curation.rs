//! What people told us. It outranks the machine and is never undone by it.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Result, Store, sql};
use crate::model::{Month, WorkId};

impl Store {
    /// Returns what a person added to or removed from a work's tags: (facet, value, whether added),
    /// in order; also what was said of works that were joined to it, the newest word counting.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn tag_overrides(&self, id: &WorkId) -> Result<Vec<(String, String, bool)>> {
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT facet, value, action, max(at) FROM tag_override \
                 WHERE work_id = ?1 OR work_id IN (SELECT id FROM work WHERE redirect = ?1) GROUP BY facet, value ORDER BY facet, value",
            )
            .map_err(sql("overrides"))?;
        let rows = statement
            .query_map([id.as_str()], |r| Ok((r.get(0)?, r.get(1)?, r.get::<_, String>(2)? == "add")))
            .map_err(sql("overrides"))?;
        rows.map(|r| r.map_err(sql("overrides"))).collect()
    }

    /// Stores that a person wants a tag on a work, or wants it gone.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_tag_override(
        &self,
        id: &WorkId,
        facet: &str,
        value: &str,
        is_added: bool,
        who: &str,
        now: Timestamp,
    ) -> Result<()> {
        let action = if is_added { "add" } else { "remove" };
        self.conn
            .execute(
                "INSERT INTO tag_override (work_id, facet, value, action, who, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                 ON CONFLICT (work_id, facet, value) DO UPDATE SET action = ?4, who = ?5, at = ?6",
                params![id.as_str(), facet, value, action, who, now.to_string()],
            )
            .map_err(sql("put override"))?;
        Ok(())
    }

    /// Stores a person's answer to a question of a draft.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_decision(&self, month: Month, id: &str, answer: &str, now: Timestamp) -> Result<()> {
        self.conn
            .execute(
                "INSERT INTO decision (month, id, answer, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (month, id) DO UPDATE SET answer = ?3, at = ?4",
                params![month.to_string(), id, answer, now.to_string()],
            )
            .map_err(sql("put decision"))?;
        Ok(())
    }

    /// Returns the newest answer to a question, in any month.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn decision(&self, id: &str) -> Result<Option<String>> {
        self.conn
            .query_row("SELECT answer FROM decision WHERE id = ?1 ORDER BY month DESC LIMIT 1", [id], |r| r.get(0))
            .optional()
            .map_err(sql("decision"))
    }
}
