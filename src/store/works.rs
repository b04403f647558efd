//! What is derived from records: folded works, relations, judgements.

use rusqlite::{OptionalExtension, params};

use super::{Result, Store, StoreError, from_json, sql, to_json};
use crate::model::{Judgement, Record, Work, WorkId, sha256_hex};

/// A work with its judgement, if it has one.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkRow {
    /// The folded work.
    pub work: Work,
    /// Its judgement with people's overrides not yet applied; `None` before it is judged.
    pub judgement: Option<Judgement>,
}

/// How much is in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Counts {
    /// Payloads kept.
    pub payloads: u64,
    /// Records, newest versions only.
    pub records: u64,
    /// Works that readers see.
    pub works: u64,
    /// Judged in.
    pub scope_in: u64,
    /// Judged maybe.
    pub scope_maybe: u64,
    /// Judged out.
    pub scope_out: u64,
    /// Pairs that wait for a person.
    pub maybe_pairs: u64,
}

impl Store {
    /// Stores a folded work and its relations. When what readers see has changed, it is stamped
    /// with a new revision and its judgement is dropped. Returns whether it changed.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_work(&self, work: &Work) -> Result<bool> {
        let body = to_json("work", work)?;
        let hash = sha256_hex(body.as_bytes());
        let old: Option<String> = self
            .conn
            .prepare_cached("SELECT hash FROM work_view WHERE work_id = ?1")
            .and_then(|mut s| s.query_row([work.id.as_str()], |r| r.get(0)).optional())
            .map_err(sql("work hash"))?;
        if old.as_ref() == Some(&hash) {
            return Ok(false);
        }
        self.conn
            .prepare_cached("INSERT INTO work_view (work_id, hash, body) VALUES (?1, ?2, ?3) ON CONFLICT (work_id) DO UPDATE SET hash = ?2, body = ?3")
            .and_then(|mut s| s.execute(params![work.id.as_str(), hash, body]))
            .map_err(sql("put work"))?;
        self.put_relations(&work.id, &work.record)?;
        self.conn
            .execute("DELETE FROM judgement WHERE work_id = ?1", [work.id.as_str()])
            .map_err(sql("drop judgement"))?;
        self.touch(&work.id)?;
        Ok(true)
    }

    /// Takes a work out of readers' sight: all its records were withdrawn.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn drop_work_view(&self, id: &WorkId) -> Result<()> {
        for (query, text) in [
            ("drop view", "DELETE FROM work_view WHERE work_id = ?1"),
            ("drop judgement", "DELETE FROM judgement WHERE work_id = ?1"),
        ] {
            self.conn.execute(text, [id.as_str()]).map_err(sql(query))?;
        }
        self.drop_links(id)?;
        self.touch(id)
    }

    /// Stamps a work with a new revision, so that the index takes it again.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn touch(&self, id: &WorkId) -> Result<()> {
        let revision = self.next_revision()?;
        self.conn
            .prepare_cached("UPDATE work SET revision = ?2 WHERE id = ?1")
            .and_then(|mut s| s.execute(params![id.as_str(), revision]))
            .map_err(sql("touch"))?;
        Ok(())
    }

    /// Writes what a work's sources say of other papers; the links we found ourselves stay.
    fn put_relations(&self, id: &WorkId, record: &Record) -> Result<()> {
        self.conn
            .execute("DELETE FROM relation WHERE work_id = ?1 AND target_kind <> 'work'", [id.as_str()])
            .map_err(sql("clear relations"))?;
        let put = |kind: &str, target_kind: &str, target: String| {
            self.conn
                .prepare_cached(
                    "INSERT OR IGNORE INTO relation (work_id, kind, target_kind, target) VALUES (?1, ?2, ?3, ?4)",
                )
                .and_then(|mut s| s.execute(params![id.as_str(), kind, target_kind, target]))
                .map_err(sql("put relation"))
        };
        for relation in &record.relations {
            if let Some(pmid) = relation.pmid {
                put(relation.kind.as_str(), "pmid", pmid.to_string())?;
            }
            if let Some(doi) = &relation.doi {
                put(relation.kind.as_str(), "doi", doi.to_string())?;
            }
        }
        Ok(())
    }

    /// Stores a judgement made under some rules.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_judgement(&self, id: &WorkId, rules_hash: &str, judgement: &Judgement) -> Result<()> {
        let body = to_json("judgement", judgement)?;
        self.conn
            .prepare_cached(
                "INSERT INTO judgement (work_id, rules_hash, body) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (work_id) DO UPDATE SET rules_hash = ?2, body = ?3",
            )
            .and_then(|mut s| s.execute(params![id.as_str(), rules_hash, body]))
            .map_err(sql("put judgement"))?;
        Ok(())
    }

    /// Returns the works that have no judgement under these rules, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn works_to_judge(&self, rules_hash: &str) -> Result<Vec<WorkId>> {
        self.ids(
            "works to judge",
            "SELECT v.work_id FROM work_view v JOIN work w ON w.id = v.work_id \
             LEFT JOIN judgement j ON j.work_id = v.work_id AND j.rules_hash = ?1 WHERE j.work_id IS NULL ORDER BY w.born",
            rules_hash,
        )
    }

    /// Returns the works that have no judgement under any rules, oldest first: a run that was cut off left them so.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn works_never_judged(&self) -> Result<Vec<WorkId>> {
        self.ids(
            "works never judged",
            // Every start that writes asks this: two indexes are walked, and of the works only those that are found.
            "SELECT v.work_id FROM work_view v CROSS JOIN work w ON w.id = v.work_id \
             WHERE NOT EXISTS (SELECT 1 FROM judgement j WHERE j.work_id = v.work_id) AND ?1 = '' ORDER BY w.born",
            "",
        )
    }

    /// Returns the works that readers see, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn work_ids(&self) -> Result<Vec<WorkId>> {
        self.ids(
            "works",
            "SELECT v.work_id FROM work_view v JOIN work w ON w.id = v.work_id WHERE ?1 = '' ORDER BY w.born",
            "",
        )
    }

    /// Returns every work that is no redirect, oldest first, also those without a folded view.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn live_work_ids(&self) -> Result<Vec<WorkId>> {
        self.ids("live works", "SELECT id FROM work WHERE redirect IS NULL AND ?1 = '' ORDER BY born", "")
    }

    fn ids(&self, query: &'static str, text: &str, parameter: &str) -> Result<Vec<WorkId>> {
        let mut statement = self.conn.prepare_cached(text).map_err(sql(query))?;
        let rows = statement.query_map([parameter], |r| r.get::<_, String>(0)).map_err(sql(query))?;
        rows.map(|r| {
            let text = r.map_err(sql(query))?;
            WorkId::try_from(text).map_err(|reason| StoreError::Damaged { what: "work id", reason })
        })
        .collect()
    }

    /// Returns the works whose view has changed since a revision: (id, whether readers still see it).
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn changed_since(&self, revision: u64) -> Result<Vec<(WorkId, bool)>> {
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT w.id, v.work_id IS NOT NULL AND w.redirect IS NULL FROM work w LEFT JOIN work_view v ON v.work_id = w.id \
                 WHERE w.revision > ?1 ORDER BY w.born",
            )
            .map_err(sql("changed since"))?;
        let rows = statement
            .query_map([revision], |r| Ok((r.get::<_, String>(0)?, r.get(1)?)))
            .map_err(sql("changed since"))?;
        rows.map(|r| {
            let (text, seen) = r.map_err(sql("changed since"))?;
            let id = WorkId::try_from(text).map_err(|reason| StoreError::Damaged { what: "work id", reason })?;
            Ok((id, seen))
        })
        .collect()
    }

    /// Returns a work with its judgement; `None` when readers see no such work.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn work(&self, id: &WorkId) -> Result<Option<WorkRow>> {
        let row: Option<(String, Option<String>)> = self
            .conn
            .prepare_cached("SELECT v.body, j.body FROM work_view v LEFT JOIN judgement j ON j.work_id = v.work_id WHERE v.work_id = ?1")
            .and_then(|mut s| s.query_row([id.as_str()], |r| Ok((r.get(0)?, r.get(1)?))).optional())
            .map_err(sql("work"))?;
        let Some((work, judgement)) = row else { return Ok(None) };
        let judgement = judgement.map(|j| from_json("judgement", &j)).transpose()?;
        Ok(Some(WorkRow { work: from_json("work", &work)?, judgement }))
    }

    /// Deletes everything that is derived: folded works, relations and their keys, judgements.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn forget_derived(&self) -> Result<()> {
        self.conn
            .execute_batch("DELETE FROM work_view; DELETE FROM relation; DELETE FROM link_key; DELETE FROM judgement;")
            .map_err(sql("forget derived"))
    }

    /// Counts what is in the store.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn counts(&self) -> Result<Counts> {
        let one = |text: &str| self.conn.query_row(text, [], |r| r.get::<_, u64>(0)).map_err(sql("counts"));
        let scope = |word: &str| {
            self.conn
                .query_row("SELECT count(*) FROM judgement WHERE json_extract(body, '$.scope') = ?1", [word], |r| {
                    r.get::<_, u64>(0)
                })
                .map_err(sql("counts"))
        };
        Ok(Counts {
            payloads: one("SELECT count(*) FROM payload")?,
            records: one("SELECT count(*) FROM (SELECT DISTINCT source, native_id FROM record)")?,
            works: one("SELECT count(*) FROM work_view")?,
            scope_in: scope("in")?,
            scope_maybe: scope("maybe")?,
            scope_out: scope("out")?,
            maybe_pairs: u64::try_from(self.maybe_pairs()?.len()).unwrap_or(u64::MAX),
        })
    }
}
