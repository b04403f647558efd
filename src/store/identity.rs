//! Identity over time: which record belongs to which work, for ever.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Result, Store, StoreError, from_json, sql, to_json};
use crate::model::{Identifier, Record, RecordKey, WorkId};

/// A record in its work.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its key.
    pub key: RecordKey,
    /// Its newest version.
    pub record: Record,
    /// Why it was attached, in plain words.
    pub reason: String,
}

/// What joining works did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The work that stays: the oldest.
    pub kept: WorkId,
    /// The works that are now redirects to it.
    pub redirected: Vec<WorkId>,
}

/// Two works that may be one study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaybePair {
    /// The older work.
    pub a: WorkId,
    /// The younger work.
    pub b: WorkId,
    /// Why, in plain words.
    pub reasons: Vec<String>,
}

/// Reads a work id column.
fn work_id(text: String) -> Result<WorkId> {
    WorkId::try_from(text).map_err(|reason| StoreError::Damaged { what: "work id", reason })
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
        let text: Option<String> = self
            .conn
            .prepare_cached("SELECT work_id FROM member WHERE source = ?1 AND native_id = ?2")
            .and_then(|mut s| s.query_row(params![key.source, key.id], |r| r.get(0)).optional())
            .map_err(sql("work of record"))?;
        text.map(work_id).transpose()
    }

    /// Returns the works that carry an identifier, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn works_of_identifier(&self, identifier: &Identifier) -> Result<Vec<WorkId>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT w.id FROM identifier i JOIN work w ON w.id = i.work_id WHERE i.kind = ?1 AND i.value = ?2 ORDER BY w.born")
            .map_err(sql("works of identifier"))?;
        let rows = statement
            .query_map(params![identifier.kind(), identifier.value()], |r| r.get::<_, String>(0))
            .map_err(sql("works of identifier"))?;
        rows.map(|r| r.map_err(sql("works of identifier")).and_then(work_id)).collect()
    }

    /// Returns every work that shares an identifier or a block key with a record, oldest first.
    ///
    /// A block key that more than [`BLOCK_WORKS_MAX`] works share says nothing and is passed over.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn candidates(&self, identifiers: &[Identifier], block_keys: &[i64]) -> Result<Vec<WorkId>> {
        let mut found: BTreeMap<i64, String> = BTreeMap::new();
        for identifier in identifiers {
            let mut statement = self
                .conn
                .prepare_cached("SELECT w.born, w.id FROM identifier i JOIN work w ON w.id = i.work_id WHERE i.kind = ?1 AND i.value = ?2")
                .map_err(sql("candidates"))?;
            let rows = statement
                .query_map(params![identifier.kind(), identifier.value()], |r| Ok((r.get(0)?, r.get(1)?)))
                .map_err(sql("candidates"))?;
            for row in rows {
                let (born, id) = row.map_err(sql("candidates"))?;
                found.insert(born, id);
            }
        }
        for key in block_keys {
            let mut statement = self
                .conn
                .prepare_cached(
                    "SELECT w.born, w.id FROM block b JOIN work w ON w.id = b.work_id WHERE b.key = ?1 LIMIT ?2",
                )
                .map_err(sql("candidates"))?;
            let rows = statement
                .query_map(params![key, BLOCK_WORKS_MAX + 1], |r| Ok((r.get(0)?, r.get(1)?)))
                .map_err(sql("candidates"))?;
            let rows: std::result::Result<Vec<(i64, String)>, _> = rows.collect();
            let rows = rows.map_err(sql("candidates"))?;
            if rows.len() <= BLOCK_WORKS_MAX {
                found.extend(rows);
            }
        }
        found.into_values().map(work_id).collect()
    }

    /// Returns the live members of a work in order of arrival.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn members(&self, id: &WorkId) -> Result<Vec<Member>> {
        self.members_some(id, usize::MAX)
    }

    /// Returns the first live members of a work in order of arrival, at most so many.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn members_some(&self, id: &WorkId, limit: usize) -> Result<Vec<Member>> {
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT m.source, m.native_id, m.reason, r.body FROM member m JOIN record r ON r.source = m.source AND r.native_id = m.native_id \
                 WHERE m.work_id = ?1 AND m.deleted_at IS NULL \
                 AND r.version = (SELECT max(version) FROM record x WHERE x.source = m.source AND x.native_id = m.native_id) ORDER BY m.arrival LIMIT ?2",
            )
            .map_err(sql("members"))?;
        let rows = statement
            .query_map(params![id.as_str(), i64::try_from(limit).unwrap_or(i64::MAX)], |r| {
                Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?, r.get::<_, String>(3)?))
            })
            .map_err(sql("members"))?;
        rows.map(|row| {
            let (source, native, reason, body) = row.map_err(sql("members"))?;
            Ok(Member { key: RecordKey { source, id: native }, record: from_json("record", &body)?, reason })
        })
        .collect()
    }

    /// Mints a work for a record that belongs to no known one. The id comes from the strongest
    /// identifier, or from the record's own key when it has none.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn new_work(&self, record: &Record) -> Result<WorkId> {
        let own = Identifier::Guid { source: record.source.clone(), guid: record.id.clone() };
        let strongest = record.identifiers().into_iter().next().unwrap_or(own);
        let mut salt = 0;
        loop {
            let id = WorkId::mint(&strongest, salt);
            let taken: bool = self
                .conn
                .query_row("SELECT EXISTS (SELECT 1 FROM work WHERE id = ?1)", [id.as_str()], |r| r.get(0))
                .map_err(sql("mint"))?;
            if taken {
                salt += 1;
                continue;
            }
            let born = self.count_up("next")?;
            self.conn
                .execute("INSERT INTO work (id, born, revision) VALUES (?1, ?2, 0)", params![id.as_str(), born])
                .map_err(sql("mint"))?;
            return Ok(id);
        }
    }

    /// Attaches a record to a work, with its identifiers and block keys. A record that is already
    /// somewhere stays where it is and only adds its names.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn attach(&self, record: &Record, id: &WorkId, reason: &str, block_keys: &[i64]) -> Result<()> {
        let arrival = self.count_up("next")?;
        self.conn
            .prepare_cached(
                "INSERT INTO member (source, native_id, work_id, arrival, reason) VALUES (?1, ?2, ?3, ?4, ?5) \
                 ON CONFLICT (source, native_id) DO UPDATE SET deleted_at = NULL",
            )
            .and_then(|mut s| s.execute(params![record.source, record.id, id.as_str(), arrival, reason]))
            .map_err(sql("attach"))?;
        for identifier in record.identifiers() {
            self.conn
                .prepare_cached("INSERT OR IGNORE INTO identifier (kind, value, work_id) VALUES (?1, ?2, ?3)")
                .and_then(|mut s| s.execute(params![identifier.kind(), identifier.value(), id.as_str()]))
                .map_err(sql("add identifier"))?;
        }
        for key in block_keys {
            self.conn
                .prepare_cached("INSERT OR IGNORE INTO block (key, work_id) VALUES (?1, ?2)")
                .and_then(|mut s| s.execute(params![key, id.as_str()]))
                .map_err(sql("add block key"))?;
        }
        Ok(())
    }

    /// Joins works: the oldest stays, the others become redirects to it.
    ///
    /// # Errors
    /// When the database refuses, or fewer than one work is given.
    pub fn join(&self, works: &[WorkId]) -> Result<Joined> {
        let mut by_age: BTreeMap<i64, WorkId> = BTreeMap::new();
        for id in works {
            let born = self
                .conn
                .query_row("SELECT born FROM work WHERE id = ?1", [id.as_str()], |r| r.get(0))
                .map_err(sql("age"))?;
            by_age.insert(born, id.clone());
        }
        let mut ordered = by_age.into_values();
        let kept =
            ordered.next().ok_or_else(|| StoreError::Damaged { what: "join", reason: "no work given".to_owned() })?;
        let redirected: Vec<WorkId> = ordered.collect();
        let revision = self.next_revision()?;
        for gone in &redirected {
            self.move_to(gone, &kept, revision)?;
        }
        Ok(Joined { kept, redirected })
    }

    /// Moves everything of one work to another and leaves a redirect.
    fn move_to(&self, gone: &WorkId, kept: &WorkId, revision: u64) -> Result<()> {
        let (gone, kept) = (gone.as_str(), kept.as_str());
        for (query, text) in [
            ("move members", "UPDATE member SET work_id = ?2 WHERE work_id = ?1"),
            (
                "move identifiers",
                "INSERT OR IGNORE INTO identifier SELECT kind, value, ?2 FROM identifier WHERE work_id = ?1",
            ),
            ("move block keys", "INSERT OR IGNORE INTO block SELECT key, ?2 FROM block WHERE work_id = ?1"),
        ] {
            self.conn.execute(text, params![gone, kept]).map_err(sql(query))?;
        }
        for (query, text) in [
            ("drop identifiers", "DELETE FROM identifier WHERE work_id = ?1"),
            ("drop block keys", "DELETE FROM block WHERE work_id = ?1"),
            ("drop view", "DELETE FROM work_view WHERE work_id = ?1"),
            ("drop relations", "DELETE FROM relation WHERE work_id = ?1"),
            ("drop judgement", "DELETE FROM judgement WHERE work_id = ?1"),
            ("drop pairs", "DELETE FROM maybe_pair WHERE a = ?1 OR b = ?1"),
        ] {
            self.conn.execute(text, params![gone]).map_err(sql(query))?;
        }
        self.conn
            .execute("UPDATE work SET redirect = ?2, revision = ?3 WHERE id = ?1", params![gone, kept, revision])
            .map_err(sql("redirect"))?;
        Ok(())
    }

    /// Notes that two works may be one study; a pair that a person has judged is not asked again.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_maybe(&self, a: &WorkId, b: &WorkId, reasons: &[String], now: Timestamp) -> Result<()> {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        if a == b || self.verdict(a, b)?.is_some() {
            return Ok(());
        }
        let reasons = to_json("reasons", &reasons)?;
        self.conn
            .execute(
                "INSERT INTO maybe_pair (a, b, reasons, opened_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (a, b) DO UPDATE SET reasons = ?3",
                params![a.as_str(), b.as_str(), reasons, now.to_string()],
            )
            .map_err(sql("put maybe"))?;
        Ok(())
    }

    /// Returns the open pairs in order of their ids.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn maybe_pairs(&self) -> Result<Vec<MaybePair>> {
        let mut statement =
            self.conn.prepare("SELECT a, b, reasons FROM maybe_pair ORDER BY a, b").map_err(sql("maybe pairs"))?;
        let rows = statement
            .query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?)))
            .map_err(sql("maybe pairs"))?;
        rows.map(|row| {
            let (a, b, reasons) = row.map_err(sql("maybe pairs"))?;
            Ok(MaybePair { a: work_id(a)?, b: work_id(b)?, reasons: from_json("reasons", &reasons)? })
        })
        .collect()
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

/// How many works may share a block key before it says nothing ("editorial 2026").
const BLOCK_WORKS_MAX: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Doi, Pmid};
    use crate::store::Answer;

    fn record(id: &str, doi: Option<&str>, pmid: Option<&str>) -> Record {
        Record {
            id: id.to_owned(),
            source: "s".to_owned(),
            title: format!("Title of {id}"),
            doi: doi.and_then(Doi::parse),
            pmid: pmid.and_then(Pmid::parse),
            ..Record::default()
        }
    }

    fn add(store: &Store, record: &Record) -> WorkId {
        store.put_record(record, None, Timestamp::UNIX_EPOCH).unwrap();
        let id = store.new_work(record).unwrap();
        store.attach(record, &id, "first", &[7]).unwrap();
        id
    }

    #[test]
    fn joining_keeps_the_older_id_and_the_other_resolves_for_ever() {
        let store = Store::in_memory().unwrap();
        let old = add(&store, &record("a", Some("10.5555/a"), None));
        let mid = add(&store, &record("b", None, Some("90000002")));
        let new = add(&store, &record("c", Some("10.5555/c"), None));
        assert_eq!(store.join(&[new.clone(), mid.clone()]).unwrap().kept, mid);
        let joined = store.join(&[mid.clone(), old.clone()]).unwrap();
        assert_eq!((joined.kept, joined.redirected), (old.clone(), vec![mid.clone()]));
        for id in [&old, &mid, &new] {
            assert_eq!(store.resolve(id).unwrap().as_ref(), Some(&old));
        }
        let members: Vec<String> = store.members(&old).unwrap().into_iter().map(|m| m.key.id).collect();
        assert_eq!(members, ["a", "b", "c"], "in order of arrival");
        let pmid = Identifier::Pmid(Pmid::parse("90000002").unwrap());
        assert_eq!(store.works_of_identifier(&pmid).unwrap(), std::slice::from_ref(&old));
        assert_eq!(store.candidates(&[], &[7]).unwrap(), [old]);
    }

    #[test]
    fn the_same_record_mints_the_same_id_and_a_taken_one_is_salted() {
        let store = Store::in_memory().unwrap();
        let first = add(&store, &record("a", Some("10.5555/a"), None));
        let other = Store::in_memory().unwrap();
        assert_eq!(add(&other, &record("x", Some("10.5555/A"), None)), first);
        let second = store.new_work(&record("b", Some("10.5555/a"), None)).unwrap();
        assert_ne!(second, first);
    }

    #[test]
    fn a_judged_pair_is_not_asked_again() {
        let store = Store::in_memory().unwrap();
        let now = Timestamp::UNIX_EPOCH;
        let (a, b) = (add(&store, &record("a", None, None)), add(&store, &record("b", None, None)));
        store.put_maybe(&b, &a, &["alike".to_owned()], now).unwrap();
        assert_eq!(store.maybe_pairs().unwrap().len(), 1);
        store.put_verdict(&a, &b, Answer::Different, "someone", now).unwrap();
        store.put_maybe(&a, &b, &["alike".to_owned()], now).unwrap();
        assert_eq!(store.maybe_pairs().unwrap(), []);
        assert_eq!(store.verdict(&b, &a).unwrap(), Some(Answer::Different));
    }

    #[test]
    fn a_withdrawn_record_leaves_its_work_but_its_text_stays() {
        let store = Store::in_memory().unwrap();
        let id = add(&store, &record("a", None, None));
        let key = RecordKey { source: "s".to_owned(), id: "a".to_owned() };
        assert_eq!(store.withdraw(&key, Timestamp::UNIX_EPOCH).unwrap(), Some(id.clone()));
        assert_eq!(store.members(&id).unwrap(), []);
        assert!(store.record(&key).unwrap().is_some());
    }
}
