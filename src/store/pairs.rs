//! What the machine found out about two records, and what people said about them.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::identity::{RecordNumber, work_id};
use super::{Result, Store, StoreError, from_json, sql, to_json};
use crate::model::{Month, WorkId};

/// A person's answer to whether two works are one study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// One study.
    Same,
    /// Two studies.
    Different,
}

impl Answer {
    /// Returns the word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
        }
    }
}

/// Returns the answer that a stored word is; the schema lets no other word in.
fn answer(word: &str) -> Answer {
    if word == "same" { Answer::Same } else { Answer::Different }
}

/// Two records that are one study, or may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairRow {
    /// The earlier record.
    pub a: RecordNumber,
    /// The later record.
    pub b: RecordNumber,
    /// How sure that they are one, 1–100; 0 when a person has to decide.
    pub strength: u8,
    /// Why, in plain words.
    pub reasons: Vec<String>,
}

impl PairRow {
    /// Returns the record that stands beside this one.
    pub fn other(&self, number: RecordNumber) -> RecordNumber {
        if self.a == number { self.b } else { self.a }
    }
}

/// What was said about a record and another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaidRow {
    /// The other record.
    pub other: RecordNumber,
    /// The newest word on the two.
    pub answer: Answer,
    /// The number of the verdict that says it.
    pub verdict: i64,
    /// Whether no person but an issue says it: readers saw them as one.
    pub is_by_issue: bool,
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

/// What a person said about two papers, or that an issue keeps records together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictRow {
    /// Its number, counted up.
    pub number: i64,
    /// The answer.
    pub answer: Answer,
    /// One paper, as it was called then.
    pub a: WorkId,
    /// The other.
    pub b: WorkId,
    /// Title of `a` then.
    pub title_a: String,
    /// Title of `b` then.
    pub title_b: String,
    /// Who said so.
    pub who: String,
    /// When.
    pub at: Timestamp,
    /// In the person's own words; often empty.
    pub note: String,
    /// The issue that keeps the records together, when no person said so.
    pub issue: Option<String>,
    /// Whether it was taken back.
    pub is_undone: bool,
}

/// A verdict to store: the answer and the records on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVerdict {
    /// The answer.
    pub answer: Answer,
    /// One paper: id, title, records.
    pub a: (WorkId, String, Vec<RecordNumber>),
    /// The other.
    pub b: (WorkId, String, Vec<RecordNumber>),
    /// Who says so.
    pub who: String,
    /// In the person's own words.
    pub note: String,
    /// The issue that keeps the records together, when no person says so.
    pub issue: Option<Month>,
}

/// Records of one side that a verdict speaks of: enough to hold a work together or apart.
const SIDE_RECORDS_MAX: usize = 64;

impl Store {
    /// Stores what a record and others are to each other, in the place of what was stored about it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_pairs(&self, record: RecordNumber, pairs: &[PairRow]) -> Result<()> {
        self.conn
            .prepare_cached("DELETE FROM pair WHERE a = ?1 OR b = ?1")
            .and_then(|mut s| s.execute([record]))
            .map_err(sql("drop pairs"))?;
        pairs.iter().try_for_each(|pair| self.put_pair(pair))
    }

    /// Stores what two records are to each other.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_pair(&self, pair: &PairRow) -> Result<()> {
        let reasons = to_json("reasons", &pair.reasons)?;
        let (a, b) = (pair.a.min(pair.b), pair.a.max(pair.b));
        self.conn
            .prepare_cached("INSERT OR REPLACE INTO pair (a, b, strength, reasons) VALUES (?1, ?2, ?3, ?4)")
            .and_then(|mut s| s.execute(params![a, b, pair.strength, reasons]))
            .map_err(sql("put pair"))?;
        Ok(())
    }

    /// Forgets all that the machine found out about likeness: keys, names and pairs.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn forget_likeness(&self) -> Result<()> {
        self.conn
            .execute_batch("DELETE FROM pair; DELETE FROM block; DELETE FROM identifier;")
            .map_err(sql("forget likeness"))
    }

    /// Returns by which rules the records were last put into works; 0 when they have to be compared
    /// anew.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn merged_by(&self) -> Result<u64> {
        self.meta_number("merged-by")
    }

    /// Notes by which rules the records were put into works.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn set_merged_by(&self, rules: u64) -> Result<()> {
        self.set_meta("merged-by", rules)
    }

    /// Returns what is known about a record and others, the surest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn pairs_of(&self, record: RecordNumber) -> Result<Vec<PairRow>> {
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT a, b, strength, reasons FROM pair WHERE a = ?1 UNION ALL \
                 SELECT a, b, strength, reasons FROM pair WHERE b = ?1 ORDER BY 3 DESC, 1, 2",
            )
            .map_err(sql("pairs of record"))?;
        let rows = statement
            .query_map([record], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get::<_, String>(3)?)))
            .map_err(sql("pairs of record"))?;
        rows.map(|row| {
            let (a, b, strength, reasons) = row.map_err(sql("pairs of record"))?;
            Ok(PairRow { a, b, strength, reasons: from_json("reasons", &reasons)? })
        })
        .collect()
    }

    /// Returns the open pairs: works with records that may be one study, or that seem one although
    /// others of theirs contradict; which no person keeps apart and no link ties; in order of their ids.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn maybe_pairs(&self) -> Result<Vec<MaybePair>> {
        let mut statement = self
            .conn
            .prepare(
                "SELECT min(x.work_id, y.work_id) AS v, max(x.work_id, y.work_id) AS w, p.reasons, p.strength, max(p.strength * 1000000000 - p.b) \
                 FROM pair p JOIN member x ON x.number = p.a JOIN member y ON y.number = p.b \
                 WHERE x.work_id <> y.work_id AND x.deleted_at IS NULL AND y.deleted_at IS NULL \
                 AND NOT EXISTS (SELECT 1 FROM member sa JOIN said s ON s.a = sa.number JOIN member sb ON sb.number = s.b \
                    WHERE sa.work_id = x.work_id AND sb.work_id = y.work_id AND s.answer = 'different') \
                 AND NOT EXISTS (SELECT 1 FROM member sa JOIN said s ON s.b = sa.number JOIN member sb ON sb.number = s.a \
                    WHERE sa.work_id = x.work_id AND sb.work_id = y.work_id AND s.answer = 'different') \
                 AND NOT EXISTS (SELECT 1 FROM relation r WHERE r.work_id = x.work_id AND r.target_kind = 'work' AND r.target = y.work_id) \
                 GROUP BY v, w ORDER BY v, w",
            )
            .map_err(sql("maybe pairs"))?;
        let rows = statement
            .query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?, r.get::<_, String>(2)?, r.get(3)?)))
            .map_err(sql("maybe pairs"))?;
        rows.map(|row| {
            let (a, b, reasons, strength): (_, _, _, u8) = row.map_err(sql("maybe pairs"))?;
            let mut reasons: Vec<String> = from_json("reasons", &reasons)?;
            if strength > 0 {
                reasons.insert(0, "alike, but another record of one of them contradicts".to_owned());
            }
            Ok(MaybePair { a: work_id(a)?, b: work_id(b)?, reasons })
        })
        .collect()
    }

    /// Returns the newest word on two works as they are today, whichever way round they are given: the
    /// answer and the number of the verdict.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn verdict(&self, a: &WorkId, b: &WorkId) -> Result<Option<(Answer, i64)>> {
        let found: Option<(String, i64)> = self
            .conn
            .prepare_cached(
                "SELECT s.answer, s.verdict FROM said s JOIN member x ON x.number = s.a JOIN member y ON y.number = s.b \
                 WHERE (x.work_id = ?1 AND y.work_id = ?2) OR (x.work_id = ?2 AND y.work_id = ?1) ORDER BY s.verdict DESC LIMIT 1",
            )
            .and_then(|mut s| s.query_row(params![a.as_str(), b.as_str()], |r| Ok((r.get(0)?, r.get(1)?))).optional())
            .map_err(sql("verdict"))?;
        Ok(found.map(|(word, number)| (answer(&word), number)))
    }

    /// Stores a verdict and returns its number. The records have to be settled anew.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_verdict(&self, verdict: &NewVerdict, now: Timestamp) -> Result<i64> {
        self.conn
            .execute(
                "INSERT INTO verdict (answer, a, b, title_a, title_b, who, at, note, issue) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    verdict.answer.as_str(),
                    verdict.a.0.as_str(),
                    verdict.b.0.as_str(),
                    verdict.a.1,
                    verdict.b.1,
                    verdict.who,
                    now.to_string(),
                    verdict.note,
                    verdict.issue.map(|m| m.to_string()),
                ],
            )
            .map_err(sql("put verdict"))?;
        let number = self.conn.last_insert_rowid();
        for (side, records) in [("a", &verdict.a.2), ("b", &verdict.b.2)] {
            for record in records.iter().take(SIDE_RECORDS_MAX) {
                self.conn
                    .prepare_cached("INSERT OR IGNORE INTO verdict_record (verdict, side, record) VALUES (?1, ?2, ?3)")
                    .and_then(|mut s| s.execute(params![number, side, record]))
                    .map_err(sql("put verdict record"))?;
            }
        }
        self.say_again(number)?;
        Ok(number)
    }

    /// Takes back what an issue said about records that stand together in it, before it says it anew.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn forget_issue_verdicts(&self, month: Month) -> Result<()> {
        let month = month.to_string();
        for (query, text) in [
            (
                "forget issue",
                "DELETE FROM verdict_record WHERE verdict IN (SELECT number FROM verdict WHERE issue = ?1)",
            ),
            ("forget issue verdicts", "DELETE FROM verdict WHERE issue = ?1"),
        ] {
            self.conn.execute(text, [&month]).map_err(sql(query))?;
        }
        self.say_all_again()
    }

    /// Takes a verdict back. Returns the records it spoke of, which have to be settled anew; none
    /// when there is no such verdict or it was taken back before.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn undo_verdict(&self, number: i64, now: Timestamp) -> Result<Vec<RecordNumber>> {
        let done = self
            .conn
            .execute(
                "UPDATE verdict SET undone_at = ?2 WHERE number = ?1 AND undone_at IS NULL",
                params![number, now.to_string()],
            )
            .map_err(sql("undo verdict"))?;
        if done == 0 {
            return Ok(Vec::new());
        }
        self.say_all_again()?;
        let mut statement = self
            .conn
            .prepare("SELECT DISTINCT record FROM verdict_record WHERE verdict = ?1 ORDER BY record")
            .map_err(sql("records of verdict"))?;
        let rows = statement.query_map([number], |r| r.get(0)).map_err(sql("records of verdict"))?;
        rows.collect::<std::result::Result<_, _>>().map_err(sql("records of verdict"))
    }

    /// Returns the records on both sides of a verdict, in order of arrival.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn verdict_sides(&self, number: i64) -> Result<[Vec<RecordNumber>; 2]> {
        let side = |side: &str| -> Result<Vec<RecordNumber>> {
            let mut statement = self
                .conn
                .prepare_cached("SELECT record FROM verdict_record WHERE verdict = ?1 AND side = ?2 ORDER BY record")
                .map_err(sql("sides of verdict"))?;
            let rows = statement.query_map(params![number, side], |r| r.get(0)).map_err(sql("sides of verdict"))?;
            rows.collect::<std::result::Result<_, _>>().map_err(sql("sides of verdict"))
        };
        Ok([side("a")?, side("b")?])
    }

    /// Returns every verdict, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn verdicts(&self) -> Result<Vec<VerdictRow>> {
        let mut statement = self
            .conn
            .prepare(
                "SELECT number, answer, a, b, title_a, title_b, who, at, note, issue, undone_at IS NOT NULL FROM verdict ORDER BY number DESC",
            )
            .map_err(sql("verdicts"))?;
        let rows = statement
            .query_map([], |r| {
                let ids = (r.get::<_, String>(2)?, r.get::<_, String>(3)?);
                let answer = answer(&r.get::<_, String>(1)?);
                let rest = (r.get(4)?, r.get(5)?, r.get(6)?, r.get::<_, String>(7)?, r.get(8)?, r.get(9)?, r.get(10)?);
                Ok((r.get(0)?, answer, ids, rest))
            })
            .map_err(sql("verdicts"))?;
        rows.map(|row| {
            let (number, answer, (a, b), rest) = row.map_err(sql("verdicts"))?;
            let (title_a, title_b, who, at, note, issue, is_undone) = rest;
            let (a, b) = (work_id(a)?, work_id(b)?);
            let at =
                at.parse().map_err(|e| StoreError::Damaged { what: "verdict", reason: format!("{number}: {e}") })?;
            Ok(VerdictRow { number, answer, a, b, title_a, title_b, who, at, note, issue, is_undone })
        })
        .collect()
    }

    /// Returns what was said about a record and others.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn said_of(&self, record: RecordNumber) -> Result<Vec<SaidRow>> {
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT s.other, s.answer, s.verdict, v.issue IS NOT NULL FROM ( \
                    SELECT b AS other, answer, verdict FROM said WHERE a = ?1 \
                    UNION ALL SELECT a, answer, verdict FROM said WHERE b = ?1) s JOIN verdict v ON v.number = s.verdict",
            )
            .map_err(sql("said of record"))?;
        let rows = statement
            .query_map([record], |r| {
                let answer = answer(&r.get::<_, String>(1)?);
                Ok(SaidRow { other: r.get(0)?, answer, verdict: r.get(2)?, is_by_issue: r.get(3)? })
            })
            .map_err(sql("said of record"))?;
        rows.collect::<std::result::Result<_, _>>().map_err(sql("said of record"))
    }

    /// Works out anew what the verdicts that stand say about any two records: the newest word counts.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn say_all_again(&self) -> Result<()> {
        self.conn.execute("DELETE FROM said", []).map_err(sql("forget said"))?;
        let mut statement = self
            .conn
            .prepare("SELECT number FROM verdict WHERE undone_at IS NULL ORDER BY number")
            .map_err(sql("standing verdicts"))?;
        let numbers: std::result::Result<Vec<i64>, _> =
            statement.query_map([], |r| r.get(0)).map_err(sql("standing verdicts"))?.collect();
        numbers.map_err(sql("standing verdicts"))?.into_iter().try_for_each(|n| self.say_again(n))
    }

    /// Writes down what one verdict says about any two records, over older words.
    ///
    /// "Same" speaks of all records of both papers: whoever says it has seen each of them as it was.
    /// What an issue noted holds only as long as no person takes back the answer by which the two came
    /// together before.
    fn say_again(&self, number: i64) -> Result<()> {
        self.conn
            .execute(
                "INSERT INTO said (a, b, answer, verdict) \
                 SELECT DISTINCT min(x.record, y.record), max(x.record, y.record), v.answer, v.number \
                 FROM verdict v JOIN verdict_record x ON x.verdict = v.number JOIN verdict_record y ON y.verdict = v.number \
                 WHERE v.number = ?1 AND x.record <> y.record AND (v.answer = 'same' OR (x.side = 'a' AND y.side = 'b')) \
                 AND NOT (v.issue IS NOT NULL AND EXISTS ( \
                    SELECT 1 FROM verdict u JOIN verdict_record p ON p.verdict = u.number AND p.record = x.record \
                    JOIN verdict_record q ON q.verdict = u.number AND q.record = y.record AND q.side <> p.side \
                    WHERE u.issue IS NULL AND u.answer = 'same' AND u.undone_at >= v.at)) \
                 ON CONFLICT (a, b) DO UPDATE SET answer = excluded.answer, verdict = excluded.verdict",
                [number],
            )
            .map_err(sql("say again"))?;
        Ok(())
    }
}
