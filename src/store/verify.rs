//! Whether what is stored is what was stored: each value against its own sum, each row readable.

use std::io::Read;

use rusqlite::Row;

use super::{Result, Store, moment, sql};
use crate::model::{PayloadKind, Record, sha256_hex};

/// What looking at many rows found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looked {
    /// How many were looked at.
    pub rows: u64,
    /// How many of them have nothing to compare any more: payloads that were let go.
    pub let_go: u64,
    /// What is wrong, one line each.
    pub wrong: Vec<String>,
}

/// How many rows lie between two words about progress.
const TOLD_EVERY: u64 = 1_000;

impl Store {
    /// Compares the bytes of each payload with their sum.
    ///
    /// # Errors
    /// When the database cannot be read at all.
    pub fn look_at_payloads(&self, progress: &dyn Fn(u64)) -> Result<Looked> {
        let query = "SELECT id, sha256, kind, size, body FROM payload ORDER BY id";
        self.look_at_rows(query, progress, |row, looked| {
            let (id, sum, kind, size): (i64, String, String, u64) =
                (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            let body = row.get_ref(4)?.as_blob().map_err(|_| wrong_kind())?;
            if serde_json::from_str::<PayloadKind>(&kind).is_err() {
                looked.wrong.push(format!("payload {id}: what kind it is cannot be read"));
            }
            if body.is_empty() {
                looked.let_go += 1;
            } else if unpacked(body, size).is_none_or(|bytes| sha256_hex(&bytes) != sum) {
                looked.wrong.push(format!("payload {id} is not what was fetched"));
            }
            Ok(())
        })
    }

    /// Reads each version of each record, and compares it with its sum.
    ///
    /// # Errors
    /// When the database cannot be read at all.
    pub fn look_at_records(&self, progress: &dyn Fn(u64)) -> Result<Looked> {
        let query = "SELECT source, native_id, version, hash, body FROM record ORDER BY source, native_id, version";
        self.look_at_rows(query, progress, |row, looked| {
            let (source, id, version): (String, String, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (sum, body): (String, String) = (row.get(3)?, row.get(4)?);
            if serde_json::from_str::<Record>(&body).is_err() {
                looked.wrong.push(format!("record {id} of {source}, version {version}, cannot be read"));
            } else if sha256_hex(body.as_bytes()) != sum {
                looked.wrong.push(format!("record {id} of {source}, version {version}, is not what was stored"));
            }
            Ok(())
        })
    }

    /// Compares each kept text of drafts with its sum, and each version with the texts there are.
    ///
    /// # Errors
    /// When the database cannot be read at all.
    pub fn look_at_drafts(&self) -> Result<Looked> {
        let mut looked = self.look_at_rows("SELECT sha256, size, body FROM draft_text", &|_| {}, |row, looked| {
            let (sum, size): (String, u64) = (row.get(0)?, row.get(1)?);
            let body = row.get_ref(2)?.as_blob().map_err(|_| wrong_kind())?;
            if unpacked(body, size).is_none_or(|bytes| sha256_hex(&bytes) != sum) {
                let short: String = sum.chars().take(12).collect();
                looked.wrong.push(format!("the kept text {short} of a draft is not what was written"));
            }
            Ok(())
        })?;
        let query = "SELECT v.month, v.number FROM draft_version v WHERE NOT EXISTS \
             (SELECT 1 FROM draft_text t WHERE t.sha256 = v.sha256) AND NOT EXISTS \
             (SELECT 1 FROM draft_copy c WHERE c.month = v.month AND c.sha256 = v.sha256)";
        let homeless = self.look_at_rows(query, &|_| {}, |row, looked| {
            let (month, number): (String, i64) = (row.get(0)?, row.get(1)?);
            looked.wrong.push(format!("the text of version {number} of the draft of {month} is missing"));
            Ok(())
        })?;
        looked.wrong.extend(homeless.wrong);
        Ok(looked)
    }

    /// Returns the emails of the outbox whose placing was begun and is not over, as tool and month.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn outbox_open(&self) -> Result<Vec<(String, String)>> {
        let query = "SELECT DISTINCT tool, month FROM outbox WHERE state <> 'filled' ORDER BY month, tool";
        let mut statement = self.conn.prepare(query).map_err(sql("open outbox"))?;
        let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?))).map_err(sql("open outbox"))?;
        rows.collect::<rusqlite::Result<_>>().map_err(sql("open outbox"))
    }

    /// Reads the moments of each row of the timetable.
    ///
    /// # Errors
    /// When the database cannot be read at all.
    pub fn look_at_jobs(&self) -> Result<Looked> {
        let query = "SELECT name, due, not_before, started_at, finished_at FROM job ORDER BY name, due";
        self.look_at_rows(query, &|_| {}, |row, looked| {
            let (name, due): (String, String) = (row.get(0)?, row.get(1)?);
            let others: [Option<String>; 3] = [row.get(2)?, row.get(3)?, row.get(4)?];
            if std::iter::once(&due).chain(others.iter().flatten()).any(|text| moment(text).is_err()) {
                looked.wrong.push(format!("a run of {name} has no moment that can be read (\"{due}\")"));
            }
            Ok(())
        })
    }

    /// Hands each row of a query on; one that cannot be read costs only itself.
    fn look_at_rows(
        &self,
        query: &'static str,
        progress: &dyn Fn(u64),
        mut look: impl FnMut(&Row<'_>, &mut Looked) -> rusqlite::Result<()>,
    ) -> Result<Looked> {
        let mut looked = Looked::default();
        let mut statement = self.conn.prepare(query).map_err(sql(query))?;
        let mut rows = statement.query([]).map_err(sql(query))?;
        while let Some(row) = rows.next().map_err(sql(query))? {
            looked.rows += 1;
            if looked.rows.is_multiple_of(TOLD_EVERY) {
                progress(looked.rows);
            }
            if let Err(error) = look(row, &mut looked) {
                looked.wrong.push(format!("row {} cannot be read: {error}", looked.rows));
            }
        }
        Ok(looked)
    }
}

/// Unpacks what was kept, up to the size that it had; `None` when it is damaged or larger.
fn unpacked(body: &[u8], size: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let reader = zstd::Decoder::new(body).ok()?;
    reader.take(size.saturating_add(1)).read_to_end(&mut bytes).ok()?;
    u64::try_from(bytes.len()).is_ok_and(|n| n == size).then_some(bytes)
}

/// Returns what is said of a value that is no blob.
fn wrong_kind() -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(0, "body".to_owned(), rusqlite::types::Type::Blob)
}
