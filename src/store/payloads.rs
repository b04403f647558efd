//! What was fetched, byte for byte.

use rusqlite::{OptionalExtension, params};

use super::{Result, Store, StoreError, from_json, sql, to_json};
use crate::model::{Payload, PayloadKind};

/// Compression level: payloads are written once and read rarely.
const ZSTD_LEVEL: i32 = 9;

/// A payload with its row number.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPayload {
    /// Row number, in order of arrival.
    pub id: i64,
    /// The payload itself.
    pub payload: Payload,
}

impl Store {
    /// Keeps a payload and returns its row; the same bytes from the same address are kept once.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_payload(&self, payload: &Payload) -> Result<i64> {
        let hash = payload.sha256();
        let known = self
            .conn
            .prepare_cached("SELECT id FROM payload WHERE source = ?1 AND url = ?2 AND sha256 = ?3")
            .and_then(|mut s| {
                s.query_row(params![payload.source, payload.url, hash], |r| r.get::<_, i64>(0)).optional()
            })
            .map_err(sql("find payload"))?;
        if let Some(id) = known {
            return Ok(id);
        }
        let body = zstd::encode_all(payload.bytes.as_slice(), ZSTD_LEVEL)
            .map_err(|e| StoreError::Damaged { what: "payload", reason: e.to_string() })?;
        let size = i64::try_from(payload.bytes.len()).unwrap_or(i64::MAX);
        let kind = to_json("payload kind", &payload.kind)?;
        self.conn
            .execute(
                "INSERT INTO payload (sha256, source, url, fetched_at, kind, size, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![hash, payload.source, payload.url, payload.fetched_at.to_string(), kind, size, body],
            )
            .map_err(sql("keep payload"))?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Returns when something was fetched last; `None` when nothing was.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn newest_fetch(&self) -> Result<Option<jiff::Timestamp>> {
        let newest: Option<String> = self
            .conn
            .query_row("SELECT fetched_at FROM payload ORDER BY id DESC LIMIT 1", [], |r| r.get(0))
            .optional()
            .map_err(sql("newest payload"))?;
        newest.map(|text| super::moment(&text)).transpose()
    }

    /// Hands every payload whose bytes are still kept, in order of arrival, to a closure.
    ///
    /// # Errors
    /// When the database cannot be read, a payload is damaged, or the closure fails.
    pub fn each_payload(&self, mut with: impl FnMut(StoredPayload) -> Result<()>) -> Result<()> {
        let mut statement = self
            .conn
            .prepare("SELECT id, source, url, fetched_at, kind, body FROM payload WHERE length(body) > 0 ORDER BY id")
            .map_err(sql("list payloads"))?;
        let mut rows = statement.query([]).map_err(sql("list payloads"))?;
        while let Some(row) = rows.next().map_err(sql("list payloads"))? {
            let text = |i: usize| row.get::<_, String>(i).map_err(sql("read payload"));
            let body: Vec<u8> = row.get(5).map_err(sql("read payload"))?;
            let bytes = zstd::decode_all(body.as_slice())
                .map_err(|e| StoreError::Damaged { what: "payload", reason: e.to_string() })?;
            let fetched_at = text(3)?
                .parse()
                .map_err(|e: jiff::Error| StoreError::Damaged { what: "payload", reason: e.to_string() })?;
            let kind: PayloadKind = from_json("payload kind", &text(4)?)?;
            let payload = Payload { source: text(1)?, url: text(2)?, fetched_at, kind, bytes };
            with(StoredPayload { id: row.get(0).map_err(sql("read payload"))?, payload })?;
        }
        Ok(())
    }
}
