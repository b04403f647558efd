//! How long the bytes that sources answered are kept.
//!
//! Nothing is made of them again: what was read from them stands in `record`, word for word. The row stays with address,
//! time, size and sum, so where a record came from is still known; only the body is emptied. SQLite uses the room for
//! what comes later, so the file stops growing and does not shrink.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::params;

use super::{Result, Store, sql};

/// How much room a database takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Room {
    /// The whole file, in bytes.
    pub bytes: u64,
    /// What of it is free for what comes next.
    pub free_bytes: u64,
    /// What the bytes of sources take, as they are kept.
    pub payload_bytes: u64,
    /// How many payloads have their bytes.
    pub payloads: u64,
    /// How many were let go.
    pub let_go: u64,
}

impl Store {
    /// Returns how much room the database takes and for what.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn room(&self) -> Result<Room> {
        let pragma = |name| self.conn.pragma_query_value(None, name, |r| r.get::<_, u64>(0)).map_err(sql("room"));
        let page = pragma("page_size")?;
        let (payload_bytes, payloads, let_go) = self
            .conn
            .query_row(
                "SELECT coalesce(sum(length(body)), 0), count(nullif(length(body), 0)), count(*) FROM payload",
                [],
                |r| Ok((r.get::<_, u64>(0)?, r.get::<_, u64>(1)?, r.get::<_, u64>(2)?)),
            )
            .map(|(bytes, kept, all)| (bytes, kept, all.saturating_sub(kept)))
            .map_err(sql("room of payloads"))?;
        Ok(Room {
            bytes: pragma("page_count")? * page,
            free_bytes: pragma("freelist_count")? * page,
            payload_bytes,
            payloads,
            let_go,
        })
    }

    /// Returns the payloads that may be let go, oldest first, with the bytes each takes: fetched before a moment, not a
    /// file that a person brought, and none of whose records is of a paper that was in an issue.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn payloads_to_let_go(&self, before: Timestamp) -> Result<Vec<(i64, u64)>> {
        let kept = self.payloads_of_issues()?;
        let mut statement = self
            .conn
            .prepare(
                "SELECT id, length(body) FROM payload WHERE fetched_at < ?1 AND length(body) > 0 \
                 AND json_valid(kind) AND json_extract(kind, '$.kind') <> 'file' ORDER BY id",
            )
            .map_err(sql("old payloads"))?;
        let rows = statement.query_map([before.to_string()], |r| Ok((r.get(0)?, r.get(1)?)));
        let rows =
            rows.and_then(Iterator::collect::<rusqlite::Result<Vec<(i64, u64)>>>).map_err(sql("old payloads"))?;
        Ok(rows.into_iter().filter(|(id, _)| !kept.contains(id)).collect())
    }

    /// Returns the payloads that papers of issues were read from, in all their versions and under all their ids.
    fn payloads_of_issues(&self) -> Result<BTreeSet<i64>> {
        let query = "WITH RECURSIVE sent (id) AS (
                SELECT work_id FROM issue_item
                UNION SELECT w.redirect FROM work w JOIN sent ON w.id = sent.id WHERE w.redirect IS NOT NULL
            )
            SELECT DISTINCT r.payload FROM sent JOIN member m ON m.work_id = sent.id
            JOIN record r ON r.source = m.source AND r.native_id = m.native_id WHERE r.payload IS NOT NULL";
        let mut statement = self.conn.prepare(query).map_err(sql("payloads of issues"))?;
        let rows = statement.query_map([], |r| r.get(0)).map_err(sql("payloads of issues"))?;
        rows.collect::<rusqlite::Result<_>>().map_err(sql("payloads of issues"))
    }

    /// Empties the bodies of payloads. Runs inside a transaction.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn let_payloads_go(&self, ids: &[i64]) -> Result<()> {
        let mut statement =
            self.conn.prepare_cached("UPDATE payload SET body = x'' WHERE id = ?1").map_err(sql("let go"))?;
        for id in ids {
            statement.execute(params![id]).map_err(sql("let go"))?;
        }
        Ok(())
    }
}
