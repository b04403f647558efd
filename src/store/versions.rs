//! Every text that a month's draft had: when, by whom, and what the machine had last written then.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Result, Store, StoreError, sql};
use crate::model::{Month, sha256_hex};

/// Compression level: a person who saves waits for it.
const ZSTD_LEVEL: i32 = 3;

/// Who or what wrote a draft text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DraftBy {
    /// The machine: `roundup draft`.
    Draft,
    /// A person, in the browser desk.
    Desk,
    /// A person, with a text editor: the file was found so.
    Found,
    /// An earlier text was put back.
    Restore,
    /// Not known: kept before it was noted.
    Earlier,
}

impl DraftBy {
    /// All of them.
    const ALL: [Self; 5] = [Self::Draft, Self::Desk, Self::Found, Self::Restore, Self::Earlier];

    /// Returns its word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Desk => "desk",
            Self::Found => "found",
            Self::Restore => "restore",
            Self::Earlier => "earlier",
        }
    }

    /// Reads a word of the database; one that is none of ours says that it is not known.
    fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|by| by.as_str() == word).unwrap_or(Self::Earlier)
    }
}

/// One text that a month's draft had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftVersion {
    /// Its number in the month, from 1, counted up.
    pub number: u64,
    /// SHA-256 of the text, in hex: what [`Store::draft_text`] finds it by.
    pub sha256: String,
    /// When it was seen or written.
    pub at: Timestamp,
    /// Who wrote it.
    pub by: DraftBy,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of what the machine had last written then; empty when it had written nothing, `None` when that is
    /// not known.
    base: Option<String>,
}

/// What the machine had last written into a draft when a text of it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionBase {
    /// This.
    Text(String),
    /// Nothing: a person wrote the file.
    Nothing,
    /// Nobody knows: it was kept before that was noted.
    Unknown,
}

impl Store {
    /// Keeps a text of a month's draft as it was found or written, so that it can be put back. The same text again
    /// directly after itself is no new version. Returns the number of the version that has the text.
    ///
    /// One short transaction, or part of one that is open.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn keep_draft(&self, month: Month, text: &str, by: DraftBy, now: Timestamp) -> Result<u64> {
        if self.conn.is_autocommit() {
            return self.transaction(|store| store.keep_version(month, text, by, now));
        }
        self.keep_version(month, text, by, now)
    }

    /// Returns the SHA-256 of the newest text that is kept of a month's draft, in hex; `None` when none is.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn newest_draft(&self, month: Month) -> Result<Option<String>> {
        self.conn
            .query_row(
                "SELECT sha256 FROM draft_version WHERE month = ?1 ORDER BY number DESC LIMIT 1",
                [month.to_string()],
                |r| r.get(0),
            )
            .optional()
            .map_err(sql("newest draft"))
    }

    /// Keeps a text, inside a transaction.
    fn keep_version(&self, month: Month, text: &str, by: DraftBy, now: Timestamp) -> Result<u64> {
        let name = month.to_string();
        let last = self.last_version(&name)?;
        let sha256 = self.put_text(text)?;
        let base = self.base_beside(month, &sha256, last.as_ref())?;
        if let Some(last) = last.as_ref().filter(|last| last.sha256 == sha256) {
            self.conn
                .execute(
                    "UPDATE draft_version SET base = ?3 WHERE month = ?1 AND number = ?2 AND ?3 IS NOT NULL",
                    params![name, last.number, base],
                )
                .map_err(sql("renew the base of a version"))?;
            return Ok(last.number);
        }
        let by = if by == DraftBy::Found { self.found_after(month, &name, &sha256)? } else { by };
        let number = last.map_or(1, |last| last.number + 1);
        self.conn
            .execute(
                "INSERT INTO draft_version (month, number, sha256, at, written_by, base) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![name, number, sha256, now.to_string(), by.as_str(), base],
            )
            .map_err(sql("keep version"))?;
        Ok(number)
    }

    /// Returns who wrote a text that was found in the file: we did, when it is what we were writing as we were cut
    /// short. Then a text that the month had before was being put back.
    fn found_after(&self, month: Month, name: &str, sha256: &str) -> Result<DraftBy> {
        if self.pending(month)?.is_none_or(|pending| pending.after != sha256) {
            return Ok(DraftBy::Found);
        }
        let was_there: bool = self
            .conn
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM draft_version WHERE month = ?1 AND sha256 = ?2)",
                [name, sha256],
                |r| r.get(0),
            )
            .map_err(sql("is a text known"))?;
        Ok(if was_there { DraftBy::Restore } else { DraftBy::Draft })
    }

    /// Returns the base that belongs to a text that is seen now. While a draft is half written, the text tells by its
    /// sum on which side of that it stands; one that was edited since goes with the text it was made of.
    fn base_beside(&self, month: Month, sha256: &str, last: Option<&LastVersion>) -> Result<Option<String>> {
        if let Some(pending) = self.pending(month)? {
            if sha256 == pending.after {
                return self.put_base(&pending.base).map(Some);
            }
            if let Some(last) = last.filter(|_| sha256 != pending.before) {
                return Ok(last.base.clone());
            }
        }
        self.put_base(&self.draft_base(month)?.unwrap_or_default()).map(Some)
    }

    /// Keeps a base and returns its sum; an empty one has none.
    fn put_base(&self, base: &str) -> Result<String> {
        if base.is_empty() { Ok(String::new()) } else { self.put_text(base) }
    }

    /// Keeps a text once and returns its sum.
    fn put_text(&self, text: &str) -> Result<String> {
        let sha256 = sha256_hex(text.as_bytes());
        // One that is damaged is kept anew: here is the text, whole.
        let is_known = match self.text(&sha256) {
            Ok(known) => known.as_deref() == Some(text),
            Err(error) if error.is_damage() => false,
            Err(error) => return Err(error),
        };
        if !is_known {
            let body = zstd::encode_all(text.as_bytes(), ZSTD_LEVEL).map_err(|e| damaged(&e))?;
            self.conn
                .execute(
                    "INSERT INTO draft_text (sha256, size, body) VALUES (?1, ?2, ?3) \
                     ON CONFLICT (sha256) DO UPDATE SET size = ?2, body = ?3",
                    params![sha256, text.len(), body],
                )
                .map_err(sql("keep text"))?;
        }
        Ok(sha256)
    }

    /// Returns the newest version of a month.
    fn last_version(&self, month: &str) -> Result<Option<LastVersion>> {
        self.conn
            .query_row(
                "SELECT number, sha256, base FROM draft_version WHERE month = ?1 ORDER BY number DESC LIMIT 1",
                [month],
                |r| Ok(LastVersion { number: r.get(0)?, sha256: r.get(1)?, base: r.get(2)? }),
            )
            .optional()
            .map_err(sql("last version"))
    }

    /// Returns every version of a month's draft, the newest first; empty when there is none. One whose time cannot be
    /// read has that of the next one: it costs nothing but itself.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn draft_versions(&self, month: Month) -> Result<Vec<DraftVersion>> {
        let query = "SELECT v.number, v.sha256, v.at, v.written_by, v.base, coalesce(t.size, \
             (SELECT length(CAST(c.text AS BLOB)) FROM draft_copy c WHERE c.month = v.month AND c.sha256 = v.sha256), 0) \
             FROM draft_version v LEFT JOIN draft_text t ON t.sha256 = v.sha256 WHERE v.month = ?1 ORDER BY v.number DESC";
        let mut statement = self.conn.prepare(query).map_err(sql("versions"))?;
        let rows = statement
            .query_map([month.to_string()], |r| {
                let (at, by): (String, String) = (r.get(2)?, r.get(3)?);
                Ok((r.get(0)?, r.get(1)?, at, by, r.get(4)?, r.get(5)?))
            })
            .map_err(sql("versions"))?;
        let mut next = Timestamp::UNIX_EPOCH;
        rows.map(|row| {
            let (number, sha256, at, by, base, bytes): (_, _, String, String, _, _) = row.map_err(sql("versions"))?;
            next = at.parse().unwrap_or(next);
            Ok(DraftVersion { number, sha256, at: next, by: DraftBy::parse(&by), bytes, base })
        })
        .collect()
    }

    /// Returns a text that a month's draft had, by its SHA-256 in hex.
    ///
    /// # Errors
    /// When the database cannot be read or the text is damaged.
    pub fn draft_text(&self, month: Month, sha256: &str) -> Result<Option<String>> {
        if let Some(text) = self.text(sha256)? {
            return Ok(Some(text));
        }
        self.conn
            .query_row(
                "SELECT text FROM draft_copy WHERE month = ?1 AND sha256 = ?2",
                [month.to_string().as_str(), sha256],
                |r| r.get(0),
            )
            .optional()
            .map_err(sql("text of a copy"))
    }

    /// Returns what the machine had last written when a version was seen; of one that is damaged nobody knows.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn version_base(&self, version: &DraftVersion) -> Result<VersionBase> {
        match version.base.as_deref() {
            None => Ok(VersionBase::Unknown),
            Some("") => Ok(VersionBase::Nothing),
            Some(sha256) => match self.text(sha256) {
                Ok(text) => Ok(text.map_or(VersionBase::Unknown, VersionBase::Text)),
                Err(error) if error.is_damage() => Ok(VersionBase::Unknown),
                Err(error) => Err(error),
            },
        }
    }

    /// Returns a compressed text.
    fn text(&self, sha256: &str) -> Result<Option<String>> {
        let body: Option<Vec<u8>> = self
            .conn
            .query_row("SELECT body FROM draft_text WHERE sha256 = ?1", [sha256], |r| r.get(0))
            .optional()
            .map_err(sql("text"))?;
        let Some(body) = body else { return Ok(None) };
        let bytes = zstd::decode_all(body.as_slice()).map_err(|e| damaged(&e))?;
        String::from_utf8(bytes).map(Some).map_err(|e| damaged(&e))
    }

    /// Returns the months of which a draft was ever seen, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn draft_months(&self) -> Result<Vec<Month>> {
        let mut statement = self
            .conn
            .prepare("SELECT DISTINCT month FROM draft_version ORDER BY month DESC")
            .map_err(sql("months of drafts"))?;
        let rows = statement.query_map([], |r| r.get::<_, String>(0)).map_err(sql("months of drafts"))?;
        rows.map(|row| super::issues::month(row.map_err(sql("months of drafts"))?)).collect()
    }
}

/// What is known of the newest version while another is kept.
struct LastVersion {
    number: u64,
    sha256: String,
    base: Option<String>,
}

/// Returns the error of a text that cannot be read back.
fn damaged(reason: &impl ToString) -> StoreError {
    StoreError::Damaged { what: "text of a draft", reason: reason.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Pending;

    fn october() -> Month {
        Month::parse("2026-10").unwrap()
    }

    fn keep(store: &Store, text: &str, by: DraftBy) -> u64 {
        store.keep_draft(october(), text, by, Timestamp::UNIX_EPOCH).unwrap()
    }

    /// What is kept, oldest first: number, text, writer, base.
    fn kept(store: &Store) -> Vec<String> {
        let line = |v: &DraftVersion| {
            let text = store.draft_text(october(), &v.sha256).unwrap().unwrap();
            assert_eq!(v.bytes, u64::try_from(text.len()).unwrap());
            let base = match store.version_base(v).unwrap() {
                VersionBase::Text(text) => text,
                VersionBase::Nothing => "-".to_owned(),
                VersionBase::Unknown => "?".to_owned(),
            };
            format!("{} {text} {} {base}", v.number, v.by.as_str())
        };
        store.draft_versions(october()).unwrap().iter().rev().map(line).collect()
    }

    #[test]
    fn each_text_is_a_version_but_not_twice_in_a_row() {
        let store = Store::in_memory().unwrap();
        assert_eq!((kept(&store), store.draft_months().unwrap()), (vec![], vec![]));
        assert_eq!(keep(&store, "a", DraftBy::Found), 1);
        store.put_draft_base(october(), "B", Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(keep(&store, "b", DraftBy::Draft), 2);
        assert_eq!(keep(&store, "b", DraftBy::Found), 2, "the same text, whoever reads it");
        assert_eq!(keep(&store, "a", DraftBy::Desk), 3, "a text that was there before");
        store.put_draft_base(october(), "C", Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(keep(&store, "a", DraftBy::Draft), 3);
        assert_eq!(kept(&store), ["1 a found -", "2 b draft B", "3 a desk C"], "with the base it had last");
        let texts: usize = store.conn.query_row("SELECT count(*) FROM draft_text", [], |r| r.get(0)).unwrap();
        assert_eq!(texts, 4, "each text once: a, b, B, C");
        let september = Month::parse("2026-09").unwrap();
        assert_eq!(store.keep_draft(september, "a", DraftBy::Found, Timestamp::UNIX_EPOCH).unwrap(), 1);
        assert_eq!(store.draft_months().unwrap(), [october(), september]);
        assert_eq!(store.draft_text(october(), "no such sum").unwrap(), None);
    }

    #[test]
    fn while_a_draft_is_half_written_a_text_has_the_base_of_its_side() {
        let store = Store::in_memory().unwrap();
        let now = Timestamp::UNIX_EPOCH;
        store.put_draft_base(october(), "OLD", now).unwrap();
        keep(&store, "before", DraftBy::Found);
        let sum = |text: &str| sha256_hex(text.as_bytes());
        let pending = Pending { before: sum("before"), after: sum("after"), base: "NEW".into() };
        store.put_pending(october(), &pending, now).unwrap();
        keep(&store, "edited before", DraftBy::Desk);
        keep(&store, "after", DraftBy::Found);
        keep(&store, "edited after", DraftBy::Desk);
        keep(&store, "before", DraftBy::Found);
        assert_eq!(
            kept(&store),
            [
                "1 before found OLD",
                "2 edited before desk OLD",
                "3 after draft NEW",
                "4 edited after desk NEW",
                "5 before found OLD"
            ]
        );
    }

    #[test]
    fn keeping_is_part_of_a_transaction_that_is_open() {
        let store = Store::in_memory().unwrap();
        let failed: Result<()> = store.transaction(|store| {
            store.keep_draft(october(), "a", DraftBy::Draft, Timestamp::UNIX_EPOCH)?;
            Err(StoreError::Damaged { what: "test", reason: "on purpose".to_owned() })
        });
        assert!(failed.is_err());
        assert_eq!(kept(&store), Vec::<String>::new());
    }

    #[test]
    fn copies_of_an_older_database_are_versions() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("roundup.db");
        let old = rusqlite::Connection::open(&path).unwrap();
        for step in &super::super::SCHEMA[..8] {
            old.execute_batch(step).unwrap();
        }
        for (at, text) in [("2026-10-02T00:00:00Z", "second"), ("2026-10-01T00:00:00Z", "first")] {
            let sum = sha256_hex(text.as_bytes());
            old.execute("INSERT INTO draft_copy VALUES ('2026-10', ?1, ?2, ?3)", params![sum, at, text]).unwrap();
        }
        old.execute_batch("PRAGMA user_version = 8").unwrap();
        drop(old);
        let store = Store::open(&path).unwrap();
        assert_eq!(kept(&store), ["1 first earlier ?", "2 second earlier ?"]);
        assert_eq!(keep(&store, "second", DraftBy::Found), 2);
        assert_eq!(kept(&store)[1], "2 second earlier -", "what is known now is noted");
    }
}
