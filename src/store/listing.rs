//! What drafts listed when: kept for good, since nobody could work it out again.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::identity::work_id;
use super::{Result, Store, StoreError, from_json, sql, to_json};
use crate::model::{DraftPart, Listed, Listing, Month, Unlisted};

impl Store {
    /// Notes what a draft of a month lists. A paper that an earlier draft of the month listed keeps that
    /// first listing, and one that an earlier draft could have listed stays in the count, whether or not it
    /// has been dropped or sent since. Runs inside the transaction that stores the draft.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_listing(&self, month: Month, listing: &Listing, now: Timestamp) -> Result<()> {
        let name = month.to_string();
        self.conn
            .execute(
                "INSERT INTO listing_month (month, considered, in_scope, at) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (month) DO UPDATE SET considered = max(considered, ?2), in_scope = max(in_scope, ?3), at = ?4",
                params![name, listing.considered, listing.in_scope, now.to_string()],
            )
            .map_err(sql("put listing of month"))?;
        for paper in &listing.papers {
            let sources = to_json("sources", &paper.sources)?;
            let row = params![
                name,
                paper.id.as_str(),
                paper.part.as_str(),
                paper.section,
                paper.score,
                paper.place,
                paper.shown,
                paper.is_by_lot,
                sources,
                now.to_string(),
            ];
            self.conn
                .prepare_cached(
                    "INSERT OR IGNORE INTO listing (month, work, part, section, score, place, shown, by_lot, sources, first_at) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                )
                .and_then(|mut s| s.execute(row))
                .map_err(sql("put listing"))?;
        }
        for other in &listing.others {
            self.conn
                .prepare_cached(
                    "INSERT INTO listing_other (month, work, in_scope) VALUES (?1, ?2, ?3) \
                     ON CONFLICT (month, work) DO UPDATE SET in_scope = max(in_scope, ?3)",
                )
                .and_then(|mut s| s.execute(params![name, other.id.as_str(), other.is_in_scope]))
                .map_err(sql("put unlisted"))?;
        }
        Ok(())
    }

    /// Returns what all drafts of a month listed: each paper as it was listed first, by its id of then, the
    /// first listed first, then by part, place shown and id. The counts are of the papers that any of the
    /// drafts could have listed, and never below what was listed; a month drafted before these were
    /// written down has the greatest count of one draft. `None` when the month has no listing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn listing(&self, month: Month) -> Result<Option<Listing>> {
        let name = month.to_string();
        let counts: Option<(usize, usize)> = self
            .conn
            .query_row("SELECT considered, in_scope FROM listing_month WHERE month = ?1", [&name], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })
            .optional()
            .map_err(sql("listing of month"))?;
        let Some((considered, in_scope)) = counts else { return Ok(None) };
        let (papers, others) = (self.listed(&name)?, self.unlisted(&name)?);
        let listed_in_scope = papers.iter().filter(|p| p.part != DraftPart::Question).count();
        let known_in_scope = listed_in_scope + others.iter().filter(|o| o.is_in_scope).count();
        Ok(Some(Listing {
            considered: considered.max(papers.len() + others.len()),
            in_scope: in_scope.max(known_in_scope),
            papers,
            others,
        }))
    }

    /// Returns the papers that drafts of a month listed, as [`Store::listing`] says.
    fn listed(&self, month: &str) -> Result<Vec<Listed>> {
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT work, part, section, sources, score, place, shown, by_lot, \
                        dense_rank() OVER (ORDER BY first_at) - 1 AS draft FROM listing WHERE month = ?1 \
                 ORDER BY first_at, CASE part WHEN 'item' THEN 0 WHEN 'more' THEN 1 WHEN 'candidate' THEN 2 ELSE 3 END, shown, work",
            )
            .map_err(sql("listing"))?;
        let rows = statement
            .query_map([month], |r| {
                let texts: [String; 4] = [r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?];
                Ok((texts, (r.get(4)?, r.get(5)?, r.get(6)?, r.get(7)?, r.get(8)?)))
            })
            .map_err(sql("listing"))?;
        rows.map(|row| {
            let ([id, part, section, sources], (score, place, shown, is_by_lot, draft)) =
                row.map_err(sql("listing"))?;
            let part = DraftPart::parse(&part).ok_or(StoreError::Damaged { what: "part of a draft", reason: part })?;
            let (id, sources) = (work_id(id)?, from_json("sources", &sources)?);
            Ok(Listed { id, part, section, score, place, shown, draft, is_by_lot, sources })
        })
        .collect()
    }

    /// Returns the papers that drafts of a month could have listed and none did, by id.
    fn unlisted(&self, month: &str) -> Result<Vec<Unlisted>> {
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT work, in_scope FROM listing_other AS o WHERE month = ?1 AND NOT EXISTS \
                 (SELECT 1 FROM listing AS l WHERE l.month = o.month AND l.work = o.work) ORDER BY work",
            )
            .map_err(sql("unlisted"))?;
        let rows =
            statement.query_map([month], |r| Ok((r.get::<_, String>(0)?, r.get(1)?))).map_err(sql("unlisted"))?;
        rows.map(|row| {
            let (id, is_in_scope) = row.map_err(sql("unlisted"))?;
            Ok(Unlisted { id: work_id(id)?, is_in_scope })
        })
        .collect()
    }

    /// Returns the months whose drafts listed something, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn listed_months(&self) -> Result<Vec<Month>> {
        let mut statement =
            self.conn.prepare("SELECT month FROM listing_month ORDER BY month DESC").map_err(sql("listed months"))?;
        let rows = statement.query_map([], |r| r.get::<_, String>(0)).map_err(sql("listed months"))?;
        rows.map(|r| {
            let text = r.map_err(sql("listed months"))?;
            Month::try_from(text).map_err(|reason| StoreError::Damaged { what: "month", reason })
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::WorkId;

    fn listed(id: &str, part: DraftPart, score: f64, shown: usize) -> Listed {
        Listed {
            id: WorkId::parse(id).unwrap(),
            part,
            section: "evidence".into(),
            score,
            place: shown,
            shown,
            draft: 0,
            is_by_lot: part == DraftPart::Candidate,
            sources: vec!["feed-a".into(), "pubmed".into()],
        }
    }

    #[test]
    fn the_first_listing_of_a_month_stays_and_later_ones_add() {
        let store = Store::in_memory().unwrap();
        let month = Month::parse("2026-10").unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert_eq!((store.listing(month).unwrap(), store.listed_months().unwrap()), (None, vec![]));
        let (a, b) =
            (listed("waaaaaaaaaaa", DraftPart::Candidate, 0.4, 1), listed("wbbbbbbbbbbb", DraftPart::Question, 0.3, 1));
        let first = Listing { considered: 9, in_scope: 5, papers: vec![a.clone(), b.clone()], others: vec![] };
        store.put_listing(month, &first, at("2026-11-01T03:00:00Z")).unwrap();
        assert_eq!(store.listing(month).unwrap(), Some(first));
        let moved = Listed { score: 0.9, part: DraftPart::Item, ..a.clone() };
        let c = listed("wccccccccccc", DraftPart::Item, 0.8, 1);
        let second = Listing { considered: 11, in_scope: 6, papers: vec![moved, c.clone()], others: vec![] };
        store.put_listing(month, &second, at("2026-11-02T03:00:00Z")).unwrap();
        store.forget_derived().unwrap();
        let c = Listed { draft: 1, ..c };
        let want = Listing { considered: 11, in_scope: 6, papers: vec![a, b, c], others: vec![] };
        assert_eq!(store.listing(month).unwrap(), Some(want), "also when all that is derived is forgotten");
        store.put_listing(month.next(), &Listing::default(), at("2026-12-01T03:00:00Z")).unwrap();
        assert_eq!(store.listed_months().unwrap(), [month.next(), month]);
    }

    #[test]
    fn papers_that_leave_between_two_drafts_stay_counted() {
        let store = Store::in_memory().unwrap();
        let month = Month::parse("2026-10").unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let id = |letter: &str| WorkId::parse(&format!("w{}", letter.repeat(11))).unwrap();
        let other = |letter: &str, is_in_scope: bool| Unlisted { id: id(letter), is_in_scope };
        let item = |letter: &str| listed(id(letter).as_str(), DraftPart::Item, 0.5, 1);
        let first = Listing {
            considered: 5,
            in_scope: 3,
            papers: vec![item("a"), item("b")],
            others: vec![other("c", true), other("d", false), other("e", false)],
        };
        store.put_listing(month, &first, at("2026-11-01T03:00:00Z")).unwrap();
        // a and b were dropped, c moved up, d is in scope by now, f is new.
        let second = Listing {
            considered: 3,
            in_scope: 3,
            papers: vec![item("c")],
            others: vec![other("d", true), other("f", true)],
        };
        store.put_listing(month, &second, at("2026-11-02T03:00:00Z")).unwrap();
        let found = store.listing(month).unwrap().unwrap();
        assert_eq!((found.considered, found.in_scope, found.papers.len()), (6, 5, 3));
        assert_eq!(found.others, [other("d", true), other("e", false), other("f", true)]);
        store.put_listing(month, &Listing::default(), at("2026-11-03T03:00:00Z")).unwrap();
        assert_eq!(store.listing(month).unwrap(), Some(found), "an empty draft takes nothing away");
    }
}
