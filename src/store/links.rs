//! Links between works as we found them, and the keys by which they are found. All derived.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use super::identity::work_id;
use super::{Result, Store, sql};
use crate::model::{Identifier, RelationKind, WorkId};

/// Works that may offer or seek one key before it says nothing: a title that a hundred papers have.
const KEY_WORKS_MAX: usize = 60;

impl Store {
    /// Stores by which keys a work may be named and which it carries, in place of those before.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_link_keys(&self, id: &WorkId, offers: &[String], seeks: &[String]) -> Result<()> {
        self.conn
            .prepare_cached("DELETE FROM link_key WHERE work_id = ?1")
            .and_then(|mut s| s.execute([id.as_str()]))
            .map_err(sql("clear link keys"))?;
        for (role, keys) in [("offers", offers), ("seeks", seeks)] {
            for key in keys {
                self.conn
                    .prepare_cached("INSERT OR IGNORE INTO link_key (key, role, work_id) VALUES (?1, ?2, ?3)")
                    .and_then(|mut s| s.execute(params![key, role, id.as_str()]))
                    .map_err(sql("put link key"))?;
            }
        }
        Ok(())
    }

    /// Returns the works that may be linked to one with these keys and identifiers, in order of
    /// their ids: those that seek what it offers or is called, those that offer or are called what
    /// it seeks, and those it is linked to now.
    ///
    /// A key that more than 60 works have says nothing and is passed over.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn link_candidates(
        &self,
        id: &WorkId,
        offers: &[String],
        seeks: &[String],
        identifiers: &[Identifier],
    ) -> Result<BTreeSet<WorkId>> {
        let mut out = self.linked(id)?;
        let called: Vec<String> = identifiers.iter().map(|i| format!("{}:{}", i.kind(), i.value())).collect();
        for key in offers.iter().chain(&called) {
            out.extend(self.works_with_key(
                "SELECT work_id FROM link_key WHERE key = ?1 AND role = 'seeks' LIMIT ?2",
                params![key, KEY_WORKS_MAX + 1],
            )?);
        }
        for key in seeks {
            out.extend(self.works_with_key(
                "SELECT work_id FROM link_key WHERE key = ?1 AND role = 'offers' LIMIT ?2",
                params![key, KEY_WORKS_MAX + 1],
            )?);
            if let Some((kind, value)) = key.split_once(':') {
                out.extend(self.works_with_key(
                    "SELECT DISTINCT m.work_id FROM identifier i JOIN member m ON m.number = i.record WHERE i.kind = ?1 AND i.value = ?2 AND m.work_id IS NOT NULL LIMIT ?3",
                    params![kind, value, KEY_WORKS_MAX + 1],
                )?);
            }
        }
        out.remove(id);
        Ok(out)
    }

    /// Returns the works of one question, or none when they are too many.
    fn works_with_key(&self, question: &str, parameters: &[&dyn rusqlite::ToSql]) -> Result<Vec<WorkId>> {
        let mut statement = self.conn.prepare_cached(question).map_err(sql("link candidates"))?;
        let rows = statement.query_map(parameters, |r| r.get::<_, String>(0)).map_err(sql("link candidates"))?;
        let found: Vec<WorkId> =
            rows.map(|r| r.map_err(sql("link candidates")).and_then(work_id)).collect::<Result<_>>()?;
        Ok(if found.len() > KEY_WORKS_MAX { Vec::new() } else { found })
    }

    /// Returns the works that a work is linked to in the table, as they are called today.
    fn linked(&self, id: &WorkId) -> Result<BTreeSet<WorkId>> {
        let mut out = BTreeSet::new();
        for (_, other) in self.found_links(id)? {
            out.extend(self.resolve(&other)?);
        }
        Ok(out)
    }

    /// Returns the links that were found for a work, as they stand in the table.
    fn found_links(&self, id: &WorkId) -> Result<Vec<(String, WorkId)>> {
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT kind, target FROM relation WHERE work_id = ?1 AND target_kind = 'work' ORDER BY 1, 2",
            )
            .map_err(sql("found links"))?;
        let rows = statement
            .query_map([id.as_str()], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))
            .map_err(sql("found links"))?;
        rows.map(|row| {
            let (kind, target) = row.map_err(sql("found links"))?;
            Ok((kind, work_id(target)?))
        })
        .collect()
    }

    /// Stores what links a work has to others, in both directions, in place of those before; each
    /// kind is said from the work's side. Works whose links have changed are stamped anew, so that
    /// what readers see of them is made again.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_links(&self, id: &WorkId, links: &BTreeMap<WorkId, Vec<RelationKind>>) -> Result<()> {
        let mut before: BTreeMap<WorkId, BTreeSet<String>> = BTreeMap::new();
        for (kind, other) in self.found_links(id)? {
            before.entry(other).or_default().insert(kind);
        }
        let now: BTreeMap<&WorkId, BTreeSet<String>> =
            links.iter().map(|(o, kinds)| (o, kinds.iter().map(ToString::to_string).collect())).collect();
        let changed: BTreeSet<&WorkId> =
            before.keys().chain(links.keys()).filter(|o| before.get(o) != now.get(o)).collect();
        for other in &changed {
            self.conn
                .prepare_cached(
                    "DELETE FROM relation WHERE target_kind = 'work' \
                     AND ((work_id = ?1 AND target = ?2) OR (work_id = ?2 AND target = ?1))",
                )
                .and_then(|mut s| s.execute([id.as_str(), other.as_str()]))
                .map_err(sql("clear links"))?;
            for kind in links.get(*other).into_iter().flatten() {
                self.put_work_relation(id, kind.as_str(), other)?;
                self.put_work_relation(other, kind.inverse().as_str(), id)?;
            }
            self.touch(other)?;
        }
        if changed.is_empty() { Ok(()) } else { self.touch(id) }
    }

    /// Forgets the links and keys of a work that is gone: joined to another one, or withdrawn.
    /// Its partners are stamped anew.
    ///
    /// # Errors
    /// When the database refuses.
    pub(super) fn drop_links(&self, id: &WorkId) -> Result<()> {
        for other in self.linked(id)? {
            self.touch(&other)?;
        }
        for (query, text) in [
            ("drop relations", "DELETE FROM relation WHERE work_id = ?1"),
            ("drop links", "DELETE FROM relation WHERE target_kind = 'work' AND target = ?1"),
            ("drop link keys", "DELETE FROM link_key WHERE work_id = ?1"),
        ] {
            self.conn.prepare_cached(text).and_then(|mut s| s.execute([id.as_str()])).map_err(sql(query))?;
        }
        Ok(())
    }

    /// Notes a link that we found ourselves between two works, in one direction.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_work_relation(&self, from: &WorkId, kind: &str, to: &WorkId) -> Result<()> {
        self.conn
            .prepare_cached(
                "INSERT OR IGNORE INTO relation (work_id, kind, target_kind, target) VALUES (?1, ?2, 'work', ?3)",
            )
            .and_then(|mut s| s.execute(params![from.as_str(), kind, to.as_str()]))
            .map_err(sql("put work relation"))?;
        Ok(())
    }

    /// Returns every work that a work is linked to, with the kind as seen from it, in order of kinds
    /// and ids. Links found between two works stand for what their sources say, which may be less
    /// exact; what a source says alone counts where no link was found.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn related(&self, id: &WorkId) -> Result<Vec<(RelationKind, WorkId)>> {
        let mut out: BTreeSet<(RelationKind, WorkId)> = BTreeSet::new();
        for (kind, other) in self.found_links(id)? {
            if let Some(other) = self.resolve(&other)?.filter(|o| o != id) {
                out.insert((RelationKind::new(&kind), other));
            }
        }
        let found: BTreeSet<WorkId> = out.iter().map(|(_, other)| other.clone()).collect();
        for (kind, other) in self.said_links(id)? {
            if let Some(other) = self.resolve(&other)?.filter(|o| o != id && !found.contains(o)) {
                out.insert((RelationKind::new(&kind), other));
            }
        }
        Ok(out.into_iter().collect())
    }

    /// Returns the links that a work's sources say to papers that are here.
    fn said_links(&self, id: &WorkId) -> Result<Vec<(String, WorkId)>> {
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT DISTINCT r.kind, m.work_id FROM relation r \
                 JOIN identifier i ON i.kind = r.target_kind AND i.value = r.target \
                 JOIN member m ON m.number = i.record AND m.work_id IS NOT NULL WHERE r.work_id = ?1",
            )
            .map_err(sql("said links"))?;
        let rows = statement
            .query_map([id.as_str()], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)))
            .map_err(sql("said links"))?;
        rows.map(|row| {
            let (kind, target) = row.map_err(sql("said links"))?;
            Ok((kind, work_id(target)?))
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Doi, Record};

    fn add(store: &Store, n: u32) -> WorkId {
        let record = Record {
            id: n.to_string(),
            source: "s".into(),
            title: format!("Title {n}"),
            doi: Doi::parse(&format!("10.5555/links.{n}")),
            ..Record::default()
        };
        store.put_record(&record, None, jiff::Timestamp::UNIX_EPOCH).unwrap();
        let (number, _) = store.put_member(&record, &[]).unwrap();
        store.place(&[vec![number]]).unwrap().changed.remove(0)
    }

    fn kinds(store: &Store, id: &WorkId) -> Vec<String> {
        store.related(id).unwrap().into_iter().map(|(kind, other)| format!("{kind} {other}")).collect()
    }

    #[test]
    fn a_link_stands_on_both_works_and_is_replaced_on_both() {
        let store = Store::in_memory().unwrap();
        let (a, b) = (add(&store, 1), add(&store, 2));
        let link = |kind: &str| BTreeMap::from([(b.clone(), vec![RelationKind::new(kind)])]);
        store.put_links(&a, &link("preprint-of")).unwrap();
        assert_eq!(kinds(&store, &a), [format!("preprint-of {b}")]);
        assert_eq!(kinds(&store, &b), [format!("has-preprint {a}")]);
        let revision = store.revision().unwrap();
        store.put_links(&a, &link("preprint-of")).unwrap();
        assert_eq!(store.revision().unwrap(), revision, "nothing has changed");
        store.put_links(&a, &link("erratum-for")).unwrap();
        assert_eq!(kinds(&store, &b), [format!("erratum-in {a}")]);
        store.put_links(&b, &BTreeMap::new()).unwrap();
        assert_eq!((kinds(&store, &a), kinds(&store, &b)), (vec![], vec![]));
    }

    #[test]
    fn who_seeks_finds_who_offers_whichever_came_first() {
        let store = Store::in_memory().unwrap();
        let (paper, news) = (add(&store, 1), add(&store, 2));
        let key = |text: &str| vec![text.to_owned()];
        let doi = [Identifier::Doi(Doi::parse("10.5555/links.1").unwrap())];
        store.put_link_keys(&news, &[], &[key("title:x"), key("doi:10.5555/links.1")].concat()).unwrap();
        store.put_link_keys(&paper, &key("title:x"), &[]).unwrap();
        let one = |id: &WorkId| BTreeSet::from([id.clone()]);
        assert_eq!(store.link_candidates(&paper, &key("title:x"), &[], &[]).unwrap(), one(&news));
        assert_eq!(store.link_candidates(&paper, &[], &[], &doi).unwrap(), one(&news));
        assert_eq!(store.link_candidates(&news, &[], &key("title:x"), &[]).unwrap(), one(&paper));
        assert_eq!(store.link_candidates(&news, &[], &key("doi:10.5555/links.1"), &[]).unwrap(), one(&paper));
    }

    #[test]
    fn a_work_that_is_gone_leaves_no_links_behind() {
        let store = Store::in_memory().unwrap();
        let (a, b, c) = (add(&store, 1), add(&store, 2), add(&store, 3));
        store.put_links(&c, &BTreeMap::from([(b.clone(), vec![RelationKind::new("comment-on")])])).unwrap();
        store.put_link_keys(&b, &["title:y".to_owned()], &[]).unwrap();
        let numbers = [&a, &b].map(|id| store.numbers_of_work(id).unwrap()).concat();
        store.place(&[numbers]).unwrap();
        assert_eq!(kinds(&store, &c), Vec::<String>::new());
        assert!(store.link_candidates(&c, &[], &["title:y".to_owned()], &[]).unwrap().is_empty());
    }
}
