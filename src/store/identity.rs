//! Identity over time: which record belongs to which work, for ever.
//!
//! A work is a group of records. Its id was minted for the record that founded it and means, for
//! ever, the work which holds that record: joining leaves a redirect, parting takes it back.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Result, Store, StoreError, from_json, sql};
use crate::model::{Identifier, Record, RecordKey, WorkId};

/// A record's number: its place in the order of arrival, from 1.
pub type RecordNumber = i64;

/// A record in its work.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its number.
    pub number: RecordNumber,
    /// Its key.
    pub key: RecordKey,
    /// Its newest version.
    pub record: Record,
}

/// What placing records did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Placed {
    /// Works whose records have changed, oldest first: they are to be folded anew.
    pub changed: Vec<WorkId>,
    /// Works that were made.
    pub minted: BTreeSet<WorkId>,
    /// Works that are now redirects.
    pub redirected: Vec<WorkId>,
}

/// Reads a work id column.
pub(super) fn work_id(text: String) -> Result<WorkId> {
    WorkId::try_from(text).map_err(|reason| StoreError::Damaged { what: "work id", reason })
}

/// Says of a damaged record which one it is.
fn named(error: StoreError, key: &RecordKey) -> StoreError {
    match error {
        StoreError::Damaged { what, reason } => StoreError::Damaged { what, reason: format!("{key}: {reason}") },
        other => other,
    }
}

/// A work that was founded by one of some records.
struct Founded {
    id: WorkId,
    born: i64,
    /// Where it leads today; `None` when it is a work of its own.
    redirect: Option<String>,
}

impl Store {
    /// Returns the work that an id means today: itself, or where its redirects lead. `None` when
    /// there never was such a work.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn resolve(&self, id: &WorkId) -> Result<Option<WorkId>> {
        let mut now = id.clone();
        let mut seen = BTreeSet::new();
        while seen.insert(now.clone()) {
            let row: Option<Option<String>> = self
                .conn
                .prepare_cached("SELECT redirect FROM work WHERE id = ?1")
                .and_then(|mut s| s.query_row([now.as_str()], |r| r.get(0)).optional())
                .map_err(sql("resolve"))?;
            match row {
                None => return Ok(None),
                Some(None) => return Ok(Some(now)),
                Some(Some(next)) => now = work_id(next)?,
            }
        }
        Err(StoreError::Damaged { what: "redirect", reason: format!("{id} leads back to itself") })
    }

    /// Returns the work a record belongs to.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn work_of_record(&self, key: &RecordKey) -> Result<Option<WorkId>> {
        let text: Option<Option<String>> = self
            .conn
            .prepare_cached("SELECT work_id FROM member WHERE source = ?1 AND native_id = ?2")
            .and_then(|mut s| s.query_row(params![key.source, key.id], |r| r.get(0)).optional())
            .map_err(sql("work of record"))?;
        text.flatten().map(work_id).transpose()
    }

    /// Returns the works that carry an identifier, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn works_of_identifier(&self, identifier: &Identifier) -> Result<Vec<WorkId>> {
        self.works_of_records(&self.records_named(identifier)?)
    }

    /// Returns the records that carry an identifier, in order of arrival.
    fn records_named(&self, identifier: &Identifier) -> Result<Vec<RecordNumber>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT record FROM identifier WHERE kind = ?1 AND value = ?2 ORDER BY record LIMIT ?3")
            .map_err(sql("records of identifier"))?;
        let rows = statement
            .query_map(params![identifier.kind(), identifier.value(), KEY_RECORDS_MAX + 1], |r| r.get(0))
            .map_err(sql("records of identifier"))?;
        rows.collect::<std::result::Result<_, _>>().map_err(sql("records of identifier"))
    }

    /// Returns the works of some records, oldest first, each once.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn works_of_records(&self, records: &[RecordNumber]) -> Result<Vec<WorkId>> {
        let mut found: BTreeMap<i64, String> = BTreeMap::new();
        let mut statement = self
            .conn
            .prepare_cached("SELECT w.born, w.id FROM member m JOIN work w ON w.id = m.work_id WHERE m.number = ?1")
            .map_err(sql("works of records"))?;
        for record in records {
            let row = statement.query_row([record], |r| Ok((r.get(0)?, r.get(1)?))).optional();
            found.extend(row.map_err(sql("works of records"))?);
        }
        found.into_values().map(work_id).collect()
    }

    /// Returns every record that shares an identifier or a block key with one that has these, in
    /// order of arrival.
    ///
    /// A key that more than [`KEY_RECORDS_MAX`] records share says little: only the first
    /// [`FULL_KEY_RECORDS`] of them are given.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn neighbours(&self, identifiers: &[Identifier], block_keys: &[i64]) -> Result<Vec<RecordNumber>> {
        let mut out: BTreeSet<RecordNumber> = BTreeSet::new();
        let mut add = |mut found: Vec<RecordNumber>| {
            if found.len() > KEY_RECORDS_MAX {
                found.truncate(FULL_KEY_RECORDS);
            }
            out.extend(found);
        };
        for identifier in identifiers {
            add(self.records_named(identifier)?);
        }
        let mut statement = self
            .conn
            .prepare_cached("SELECT record FROM block WHERE key = ?1 ORDER BY record LIMIT ?2")
            .map_err(sql("neighbours"))?;
        for key in block_keys {
            let rows =
                statement.query_map(params![key, KEY_RECORDS_MAX + 1], |r| r.get(0)).map_err(sql("neighbours"))?;
            let rows: std::result::Result<Vec<RecordNumber>, _> = rows.collect();
            add(rows.map_err(sql("neighbours"))?);
        }
        Ok(out.into_iter().collect())
    }

    /// Returns every work that shares an identifier or a block key with a record, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn candidates(&self, identifiers: &[Identifier], block_keys: &[i64]) -> Result<Vec<WorkId>> {
        self.works_of_records(&self.neighbours(identifiers, block_keys)?)
    }

    /// Returns the live members of a work in order of arrival.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn members(&self, id: &WorkId) -> Result<Vec<Member>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT number FROM member WHERE work_id = ?1 AND deleted_at IS NULL ORDER BY number")
            .map_err(sql("members"))?;
        let rows = statement.query_map([id.as_str()], |r| r.get(0)).map_err(sql("members"))?;
        let numbers: std::result::Result<Vec<RecordNumber>, _> = rows.collect();
        self.members_numbered(&numbers.map_err(sql("members"))?)
    }

    /// Returns the numbers of all records of a work, also of withdrawn ones, in order of arrival.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn numbers_of_work(&self, id: &WorkId) -> Result<Vec<RecordNumber>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT number FROM member WHERE work_id = ?1 ORDER BY number")
            .map_err(sql("numbers of work"))?;
        let rows = statement.query_map([id.as_str()], |r| r.get(0)).map_err(sql("numbers of work"))?;
        rows.collect::<std::result::Result<_, _>>().map_err(sql("numbers of work"))
    }

    /// Returns the newest versions of some records, in the order given; numbers that nobody has are
    /// left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn members_numbered(&self, numbers: &[RecordNumber]) -> Result<Vec<Member>> {
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT m.source, m.native_id, r.body FROM member m \
                 JOIN record r ON r.source = m.source AND r.native_id = m.native_id \
                 WHERE m.number = ?1 ORDER BY r.version DESC LIMIT 1",
            )
            .map_err(sql("records by number"))?;
        let mut out = Vec::with_capacity(numbers.len());
        for number in numbers {
            let row: Option<(String, String, String)> = statement
                .query_row([number], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
                .optional()
                .map_err(sql("records by number"))?;
            if let Some((source, id, body)) = row {
                let key = RecordKey { source, id };
                let record = from_json("record", &body).map_err(|error| named(error, &key))?;
                out.push(Member { number: *number, key, record });
            }
        }
        Ok(out)
    }

    /// Returns the numbers of all records, in order of arrival.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn record_numbers(&self) -> Result<Vec<RecordNumber>> {
        let mut statement = self.conn.prepare("SELECT number FROM member ORDER BY number").map_err(sql("numbers"))?;
        let rows = statement.query_map([], |r| r.get(0)).map_err(sql("numbers"))?;
        rows.collect::<std::result::Result<_, _>>().map_err(sql("numbers"))
    }

    /// Makes a record known under its identifiers and block keys. Returns its number, and whether it
    /// is new; a new one is in no work until it is [placed](Self::place). A record that was withdrawn
    /// is back.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_member(&self, record: &Record, block_keys: &[i64]) -> Result<(RecordNumber, bool)> {
        let old: Option<RecordNumber> = self
            .conn
            .prepare_cached("SELECT number FROM member WHERE source = ?1 AND native_id = ?2")
            .and_then(|mut s| s.query_row(params![record.source, record.id], |r| r.get(0)).optional())
            .map_err(sql("number of record"))?;
        let number = if let Some(number) = old {
            self.bring_back(&RecordKey::of(record))?;
            number
        } else {
            self.conn
                .prepare_cached("INSERT INTO member (source, native_id) VALUES (?1, ?2)")
                .and_then(|mut s| s.execute(params![record.source, record.id]))
                .map_err(sql("put member"))?;
            self.conn.last_insert_rowid()
        };
        self.name_record(number, record, block_keys)?;
        Ok((number, old.is_none()))
    }

    /// Makes a record known under its identifiers and block keys, in the place of those that an older
    /// version of it had.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn name_record(&self, number: RecordNumber, record: &Record, block_keys: &[i64]) -> Result<()> {
        for (query, text) in [
            ("drop identifiers", "DELETE FROM identifier WHERE record = ?1"),
            ("drop block keys", "DELETE FROM block WHERE record = ?1"),
        ] {
            self.conn.prepare_cached(text).and_then(|mut s| s.execute([number])).map_err(sql(query))?;
        }
        for identifier in record.identifiers() {
            self.conn
                .prepare_cached("INSERT OR IGNORE INTO identifier (kind, value, record) VALUES (?1, ?2, ?3)")
                .and_then(|mut s| s.execute(params![identifier.kind(), identifier.value(), number]))
                .map_err(sql("add identifier"))?;
        }
        for key in block_keys {
            self.conn
                .prepare_cached("INSERT OR IGNORE INTO block (key, record) VALUES (?1, ?2)")
                .and_then(|mut s| s.execute(params![key, number]))
                .map_err(sql("add block key"))?;
        }
        Ok(())
    }

    /// Puts a record that is in no work yet into one.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn add_to(&self, work: &WorkId, number: RecordNumber) -> Result<Placed> {
        self.move_to(number, work)?;
        Ok(Placed { changed: vec![work.clone()], ..Placed::default() })
    }

    /// Puts groups of records into works. Every record of every work that one of them was in must be
    /// among them.
    ///
    /// A group is the oldest work that one of its records founded; further works founded in it become
    /// redirects. A group in which no work was founded gets a new one, minted from the strongest
    /// identifier of its first record.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn place(&self, groups: &[Vec<RecordNumber>]) -> Result<Placed> {
        let mut groups: Vec<Vec<RecordNumber>> = groups.iter().filter(|g| !g.is_empty()).cloned().collect();
        for group in &mut groups {
            group.sort_unstable();
        }
        groups.sort();
        let mut placed = Placed::default();
        let mut changed: BTreeMap<i64, WorkId> = BTreeMap::new();
        let mut left: BTreeSet<WorkId> = BTreeSet::new();
        for group in &groups {
            let mut founded = self.founded_by(group)?;
            founded.sort_by_key(|w| w.born);
            let mut founded = founded.into_iter();
            let kept = match founded.next() {
                Some(kept) => kept,
                None => self.mint(group, &mut placed)?,
            };
            let mut is_changed = kept.redirect.is_some();
            if is_changed {
                self.redirect(&kept.id, None)?;
            }
            for number in group {
                let old = self.work_of_number(*number)?;
                if old.as_ref() != Some(&kept.id) {
                    self.move_to(*number, &kept.id)?;
                    is_changed = true;
                    left.extend(old);
                }
            }
            for gone in founded {
                if gone.redirect.as_deref() != Some(kept.id.as_str()) {
                    self.redirect(&gone.id, Some(&kept.id))?;
                    placed.redirected.push(gone.id);
                }
            }
            if is_changed {
                changed.insert(kept.born, kept.id);
            }
        }
        for id in left {
            changed.extend(self.born_if_live(&id)?.map(|born| (born, id)));
        }
        placed.changed = changed.into_values().collect();
        Ok(placed)
    }

    /// Returns the work that a record is in, as it stands in the table.
    fn work_of_number(&self, number: RecordNumber) -> Result<Option<WorkId>> {
        let old: Option<String> = self
            .conn
            .prepare_cached("SELECT work_id FROM member WHERE number = ?1")
            .and_then(|mut s| s.query_row([number], |r| r.get(0)))
            .map_err(sql("work of number"))?;
        old.map(work_id).transpose()
    }

    /// Puts a record into a work.
    fn move_to(&self, number: RecordNumber, id: &WorkId) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE member SET work_id = ?2 WHERE number = ?1")
            .and_then(|mut s| s.execute(params![number, id.as_str()]))
            .map(|_| ())
            .map_err(sql("place"))
    }

    /// Returns a work's place in the order of first sight when it is no redirect.
    fn born_if_live(&self, id: &WorkId) -> Result<Option<i64>> {
        self.conn
            .prepare_cached("SELECT born FROM work WHERE id = ?1 AND redirect IS NULL")
            .and_then(|mut s| s.query_row([id.as_str()], |r| r.get(0)).optional())
            .map_err(sql("age"))
    }

    /// Returns the works that some records founded.
    fn founded_by(&self, records: &[RecordNumber]) -> Result<Vec<Founded>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT id, born, redirect FROM work WHERE founder = ?1")
            .map_err(sql("founded by"))?;
        let mut out = Vec::new();
        for founder in records {
            let rows = statement
                .query_map([founder], |r| Ok((r.get::<_, String>(0)?, r.get(1)?, r.get(2)?)))
                .map_err(sql("founded by"))?;
            for row in rows {
                let (id, born, redirect) = row.map_err(sql("founded by"))?;
                out.push(Founded { id: work_id(id)?, born, redirect });
            }
        }
        Ok(out)
    }

    /// Mints a work for records of which none has founded one. The id comes from the strongest
    /// identifier of the first, or from its own key when it has none.
    fn mint(&self, group: &[RecordNumber], placed: &mut Placed) -> Result<Founded> {
        let first = self.members_numbered(group.get(..1).unwrap_or_default())?.into_iter().next();
        let Some(Member { number: founder, record, .. }) = first else {
            return Err(StoreError::Damaged { what: "record number", reason: format!("{group:?} are no records") });
        };
        let own = Identifier::Guid { source: record.source.clone(), guid: record.id.clone() };
        let strongest = record.identifiers().into_iter().next().unwrap_or(own);
        let mut salt = 0;
        loop {
            let id = WorkId::mint(&strongest, salt);
            let taken: bool = self
                .conn
                .prepare_cached("SELECT EXISTS (SELECT 1 FROM work WHERE id = ?1)")
                .and_then(|mut s| s.query_row([id.as_str()], |r| r.get(0)))
                .map_err(sql("mint"))?;
            if taken {
                salt += 1;
                continue;
            }
            let born = i64::try_from(self.count_up("next")?).unwrap_or(i64::MAX);
            self.conn
                .prepare_cached("INSERT INTO work (id, born, revision, founder) VALUES (?1, ?2, 0, ?3)")
                .and_then(|mut s| s.execute(params![id.as_str(), born, founder]))
                .map_err(sql("mint"))?;
            placed.minted.insert(id.clone());
            return Ok(Founded { id, born, redirect: None });
        }
    }

    /// Makes a work a redirect to another, or a work of its own again.
    fn redirect(&self, id: &WorkId, to: Option<&WorkId>) -> Result<()> {
        self.conn
            .prepare_cached("UPDATE work SET redirect = ?2 WHERE id = ?1")
            .and_then(|mut s| s.execute(params![id.as_str(), to.map(WorkId::as_str)]))
            .map_err(sql("redirect"))?;
        if to.is_some() { self.drop_work_view(id) } else { self.touch(id) }
    }

    /// Takes back that a record was withdrawn: its source says it again. Returns its work when it was.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn bring_back(&self, key: &RecordKey) -> Result<Option<WorkId>> {
        let was = self
            .conn
            .prepare_cached(
                "UPDATE member SET deleted_at = NULL WHERE source = ?1 AND native_id = ?2 AND deleted_at IS NOT NULL",
            )
            .and_then(|mut s| s.execute(params![key.source, key.id]))
            .map_err(sql("bring back"))?;
        if was == 0 { Ok(None) } else { self.work_of_record(key) }
    }

    /// Marks a record as withdrawn by its source; its text is kept. Returns its work.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn withdraw(&self, key: &RecordKey, now: Timestamp) -> Result<Option<WorkId>> {
        let Some(id) = self.work_of_record(key)? else { return Ok(None) };
        self.conn
            .execute(
                "UPDATE member SET deleted_at = ?3 WHERE source = ?1 AND native_id = ?2 AND deleted_at IS NULL",
                params![key.source, key.id, now.to_string()],
            )
            .map_err(sql("withdraw"))?;
        Ok(Some(id))
    }
}

/// How many records may share a key before it says little ("editorial 2026"); as many as a batch
/// compares with each other, so that both find the same.
pub const KEY_RECORDS_MAX: usize = 400;

/// How many records of a key that says little are still compared: a feed that says one paper a
/// thousand times must not make works of it.
pub const FULL_KEY_RECORDS: usize = 64;
