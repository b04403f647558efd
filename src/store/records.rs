//! What each source said, version by version.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Result, Store, from_json, sql, to_json};
use crate::model::{Record, RecordKey, sha256_hex};

/// What putting a record did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PutRecord {
    /// The source says it for the first time.
    New,
    /// The source says something else than before: a new version.
    Changed,
    /// Nothing new.
    Same,
}

impl Store {
    /// Keeps what a source says about a paper; the same text again is no new version.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_record(&self, record: &Record, payload: Option<i64>, now: Timestamp) -> Result<PutRecord> {
        let body = to_json("record", record)?;
        let hash = sha256_hex(body.as_bytes());
        let last: Option<(i64, String)> = self
            .conn
            .prepare_cached(
                "SELECT version, hash FROM record WHERE source = ?1 AND native_id = ?2 ORDER BY version DESC LIMIT 1",
            )
            .and_then(|mut s| s.query_row(params![record.source, record.id], |r| Ok((r.get(0)?, r.get(1)?))).optional())
            .map_err(sql("last version"))?;
        let (version, put) = match last {
            Some((_, old)) if old == hash => return Ok(PutRecord::Same),
            Some((version, _)) => (version + 1, PutRecord::Changed),
            None => (1, PutRecord::New),
        };
        self.conn
            .prepare_cached("INSERT INTO record (source, native_id, version, payload, seen_at, hash, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
            .and_then(|mut s| s.execute(params![record.source, record.id, version, payload, now.to_string(), hash, body]))
            .map_err(sql("keep record"))?;
        Ok(put)
    }

    /// Returns the newest version of a record.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn record(&self, key: &RecordKey) -> Result<Option<Record>> {
        let body: Option<String> = self
            .conn
            .prepare_cached(
                "SELECT body FROM record WHERE source = ?1 AND native_id = ?2 ORDER BY version DESC LIMIT 1",
            )
            .and_then(|mut s| s.query_row(params![key.source, key.id], |r| r.get(0)).optional())
            .map_err(sql("record"))?;
        body.map(|b| from_json("record", &b)).transpose()
    }

    /// Returns how many works each source has a record of, by source id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn works_by_source(&self) -> Result<BTreeMap<String, u64>> {
        let mut statement = self
            .conn
            .prepare("SELECT source, count(DISTINCT work_id) FROM member WHERE deleted_at IS NULL GROUP BY source")
            .map_err(sql("works by source"))?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).map_err(sql("works by source"))?;
        rows.collect::<std::result::Result<_, _>>().map_err(sql("works by source"))
    }

    /// Returns where the newest version of a record came from: address and time of its payload.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn record_origin(&self, key: &RecordKey) -> Result<Option<(String, String)>> {
        self.conn
            .query_row(
                "SELECT p.url, p.fetched_at FROM record r JOIN payload p ON p.id = r.payload \
                 WHERE r.source = ?1 AND r.native_id = ?2 ORDER BY r.version DESC LIMIT 1",
                params![key.source, key.id],
                |r| Ok((r.get(0)?, r.get(1)?)),
            )
            .optional()
            .map_err(sql("record origin"))
    }
}
