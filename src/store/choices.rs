//! What people said of papers' places in issues: keep, maybe, drop. Every row stays; none is undone by
//! the machine.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::identity::work_id;
use super::{Result, Store, StoreError, sql};
use crate::model::{Choice, Month, WorkId};

/// What a person said of a paper's place in an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceRow {
    /// Its number, counted up: of two rows the one with the higher number is the later one.
    pub number: i64,
    /// What was said; `None` when an earlier choice was taken back.
    pub choice: Option<Choice>,
    /// The month of the issue that it was said for.
    pub month: Option<Month>,
    /// The paper, as it was called then.
    pub work: WorkId,
    /// Its title then.
    pub title: String,
    /// Who said so.
    pub who: String,
    /// When.
    pub at: Timestamp,
    /// In the person's own words; often empty.
    pub reason: String,
}

/// A choice to store.
#[derive(Debug, Clone, Copy)]
pub struct NewChoice<'a> {
    /// What is said; `None` takes back what was said before.
    pub choice: Option<Choice>,
    /// The month of the issue that it is said for.
    pub month: Option<Month>,
    /// The paper's title today.
    pub title: &'a str,
    /// Who says so.
    pub who: &'a str,
    /// In the person's own words.
    pub reason: &'a str,
}

/// The word that is stored for "taken back".
const UNDO: &str = "undo";

/// The columns of a row in the order in which they are read.
const COLUMNS: &str = "c.number, c.choice, c.month, c.work, c.title, c.who, c.at, c.reason";

/// Of each record of a work (`said` outright and `passed` over) the last number, by record. A person who
/// takes back takes back both.
const LAST: &str = "SELECT m.work_id, \
        max(CASE WHEN c.choice <> 'passed' THEN c.number END) AS said, \
        max(CASE WHEN c.choice IN ('passed', 'undo') THEN c.number END) AS passed \
    FROM choice_record r JOIN choice c ON c.number = r.choice JOIN member m ON m.number = r.record";

/// Of the last numbers `n` the one that counts, by work: the newest that was said outright and not taken
/// back, else the newest that was passed over.
const COUNTS: &str = "SELECT n.work_id, coalesce( \
        max(CASE WHEN s.choice <> 'undo' THEN s.number END), \
        max(CASE WHEN p.choice <> 'undo' THEN p.number END)) AS number";

/// Returns the query for the numbers that count, of the works that a condition lets in.
fn counting(condition: &str) -> String {
    format!(
        "{COUNTS} FROM ({LAST} {condition} GROUP BY r.record) n LEFT JOIN choice s ON s.number = n.said \
         LEFT JOIN choice p ON p.number = n.passed GROUP BY n.work_id"
    )
}

/// The columns of a row as they are stored.
type Stored = (i64, String, Option<String>, String, String, String, String, String);

/// Reads the columns of a row from the column `from` on.
fn columns(r: &Row<'_>, from: usize) -> rusqlite::Result<Stored> {
    Ok((
        r.get(from)?,
        r.get(from + 1)?,
        r.get(from + 2)?,
        r.get(from + 3)?,
        r.get(from + 4)?,
        r.get(from + 5)?,
        r.get(from + 6)?,
        r.get(from + 7)?,
    ))
}

/// Returns what stored columns say; what cannot be read is an error with the row's number.
fn row((number, said, month, named, title, who, at, reason): Stored) -> Result<ChoiceRow> {
    let damaged = |reason: String| StoreError::Damaged { what: "choice", reason: format!("{number}: {reason}") };
    let choice = match said.as_str() {
        UNDO => None,
        word => Some(Choice::parse(word).ok_or_else(|| damaged(format!("no choice is called {word:?}")))?),
    };
    let month = month.map(Month::try_from).transpose().map_err(damaged)?;
    let work = work_id(named).map_err(|e| damaged(e.to_string()))?;
    let at = at.parse().map_err(|e: jiff::Error| damaged(e.to_string()))?;
    Ok(ChoiceRow { number, choice, month, work, title, who, at, reason })
}

impl Store {
    /// Returns the choice that counts for a work: of each of its records the newest, unless that took
    /// it back; and of these the newest. What was passed over counts only where nothing was said
    /// outright. `None` when nothing counts.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn choice_of(&self, id: &WorkId) -> Result<Option<ChoiceRow>> {
        let counting = counting("WHERE m.work_id = ?1");
        let query = format!("SELECT {COLUMNS} FROM ({counting}) n JOIN choice c ON c.number = n.number");
        Ok(self.choices_by(&query, &[id.as_str()])?.pop())
    }

    /// Returns the choice that counts for every work that has one, as [`choice_of`](Self::choice_of)
    /// does, by today's ids. A work that all its sources withdrew is among them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn standing_choices(&self) -> Result<BTreeMap<WorkId, ChoiceRow>> {
        let counting = counting("WHERE m.work_id IS NOT NULL");
        let query = format!("SELECT n.work_id, {COLUMNS} FROM ({counting}) n JOIN choice c ON c.number = n.number");
        let mut statement = self.conn.prepare_cached(&query).map_err(sql("standing choices"))?;
        let rows = statement
            .query_map([], |r| Ok((r.get::<_, String>(0)?, columns(r, 1)?)))
            .map_err(sql("standing choices"))?;
        rows.map(|r| {
            let (id, stored) = r.map_err(sql("standing choices"))?;
            Ok((work_id(id)?, row(stored)?))
        })
        .collect()
    }

    /// Returns every row that was ever stored, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn all_choices(&self) -> Result<Vec<ChoiceRow>> {
        self.choices_by(&format!("SELECT {COLUMNS} FROM choice c ORDER BY c.number DESC"), &[])
    }

    /// Returns every row that speaks of a record which is in a work today, the newest first: what was
    /// ever said of it, also what no longer counts.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn choices_on(&self, id: &WorkId) -> Result<Vec<ChoiceRow>> {
        let query = format!(
            "SELECT {COLUMNS} FROM choice c WHERE c.number IN (SELECT r.choice FROM choice_record r \
             JOIN member m ON m.number = r.record WHERE m.work_id = ?1) ORDER BY c.number DESC"
        );
        self.choices_by(&query, &[id.as_str()])
    }

    fn choices_by(&self, query: &str, parameters: &[&str]) -> Result<Vec<ChoiceRow>> {
        let mut statement = self.conn.prepare_cached(query).map_err(sql("choices"))?;
        let rows =
            statement.query_map(rusqlite::params_from_iter(parameters), |r| columns(r, 0)).map_err(sql("choices"))?;
        rows.map(|r| row(r.map_err(sql("choices"))?)).collect()
    }

    /// Stores what a person says of a work's place in an issue, for all records that it has now; of an
    /// id that leads elsewhere, for the work that it leads to. Returns the row's number. What readers
    /// see of the work does not change.
    ///
    /// # Errors
    /// When there is no such work, or the database refuses.
    pub fn put_choice(&self, id: &WorkId, choice: NewChoice<'_>, now: Timestamp) -> Result<i64> {
        let unknown = || StoreError::Damaged { what: "choice", reason: format!("no work has the id {id}") };
        let id = self.resolve(id)?.ok_or_else(unknown)?;
        self.conn
            .prepare_cached(
                "INSERT INTO choice (choice, month, work, title, who, at, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )
            .and_then(|mut s| {
                s.execute(params![
                    choice.choice.map_or(UNDO, Choice::as_str),
                    choice.month.map(|m| m.to_string()),
                    id.as_str(),
                    choice.title,
                    choice.who,
                    now.to_string(),
                    choice.reason
                ])
            })
            .map_err(sql("put choice"))?;
        let number = self.conn.last_insert_rowid();
        self.conn
            .prepare_cached(
                "INSERT INTO choice_record (record, choice) SELECT number, ?2 FROM member WHERE work_id = ?1",
            )
            .and_then(|mut s| s.execute(params![id.as_str(), number]))
            .map_err(sql("put records of choice"))?;
        Ok(number)
    }
}

#[cfg(test)]
mod tests;
