//! What people told us. It outranks the machine and is never undone by it.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::identity::work_id;
use super::{Result, Store, StoreError, sql};
use crate::model::{Month, WorkId};

/// What a person wants of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TagAction {
    /// The paper has it.
    Add,
    /// The paper has it not.
    Remove,
    /// The machine may decide again.
    Undo,
}

impl TagAction {
    /// Returns the word that is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Undo => "undo",
        }
    }
}

/// Returns the action that a stored word is; the schema lets no other word in.
fn action(word: &str) -> TagAction {
    match word {
        "add" => TagAction::Add,
        "remove" => TagAction::Remove,
        _ => TagAction::Undo,
    }
}

/// What a person said of a paper's tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagWord {
    /// Its number, counted up: of two words the one with the higher number is the later one.
    pub number: i64,
    /// The facet ("country").
    pub facet: String,
    /// The value ("KEN"); of a finding the sentence, empty for none.
    pub value: String,
    /// What is wanted.
    pub action: TagAction,
    /// The paper, as it was called then.
    pub work: WorkId,
    /// Its title then.
    pub title: String,
    /// Who said so.
    pub who: String,
    /// When.
    pub at: Timestamp,
    /// In the person's own words; often empty.
    pub note: String,
}

/// A word to store.
#[derive(Debug, Clone, Copy)]
pub struct NewTagWord<'a> {
    /// What a later word takes the place of: the facet where a paper has one value of it, else
    /// `facet:value`.
    pub slot: &'a str,
    /// The facet.
    pub facet: &'a str,
    /// The value.
    pub value: &'a str,
    /// What is wanted.
    pub action: TagAction,
    /// The paper's title today.
    pub title: &'a str,
    /// Who says so.
    pub who: &'a str,
    /// In the person's own words.
    pub note: &'a str,
}

/// The columns of a word in the order in which they are read.
const WORDS: &str = "SELECT number, facet, value, action, work, title, who, at, note FROM tag_word";

/// The numbers of the words that count for the work `?1`: of each of its records the newest word on a
/// slot, unless that took it back; and of these the newest.
const STANDING: &str = "SELECT max(n.last) AS number FROM ( \
        SELECT r.record, w.slot, max(w.number) AS last FROM member m \
        JOIN tag_word_record r ON r.record = m.number JOIN tag_word w ON w.number = r.word \
        WHERE m.work_id = ?1 GROUP BY r.record, w.slot) n \
    JOIN tag_word w ON w.number = n.last WHERE w.action <> 'undo' GROUP BY w.slot";

impl Store {
    /// Returns the words of people that count for a work, the oldest first: those on any record that is
    /// in it, whatever work that record was in when they were said. Of two words on one slot only the
    /// newer is given.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn tag_words(&self, id: &WorkId) -> Result<Vec<TagWord>> {
        let query = format!("{WORDS} WHERE number IN (SELECT number FROM ({STANDING})) ORDER BY number");
        self.words_by(&query, id.as_str())
    }

    /// Returns every word that was ever said, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn all_tag_words(&self) -> Result<Vec<TagWord>> {
        self.words_by(&format!("{WORDS} WHERE ?1 = '' ORDER BY number DESC"), "")
    }

    /// Returns the works of which people said something, oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn works_with_tag_words(&self) -> Result<Vec<WorkId>> {
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT DISTINCT w.id FROM tag_word_record r JOIN member m ON m.number = r.record \
                 JOIN work w ON w.id = m.work_id ORDER BY w.born",
            )
            .map_err(sql("works with words"))?;
        let rows = statement.query_map([], |r| r.get::<_, String>(0)).map_err(sql("works with words"))?;
        rows.map(|r| work_id(r.map_err(sql("works with words"))?)).collect()
    }

    fn words_by(&self, query: &str, parameter: &str) -> Result<Vec<TagWord>> {
        let mut statement = self.conn.prepare_cached(query).map_err(sql("tag words"))?;
        let rows = statement
            .query_map([parameter], |r| {
                let texts: [String; 8] =
                    [r.get(1)?, r.get(2)?, r.get(3)?, r.get(4)?, r.get(5)?, r.get(6)?, r.get(7)?, r.get(8)?];
                Ok((r.get::<_, i64>(0)?, texts))
            })
            .map_err(sql("tag words"))?;
        rows.map(|row| {
            let (number, [facet, value, verb, work, title, who, at, note]) = row.map_err(sql("tag words"))?;
            let at =
                at.parse().map_err(|e| StoreError::Damaged { what: "tag word", reason: format!("{number}: {e}") })?;
            Ok(TagWord { number, facet, value, action: action(&verb), work: work_id(work)?, title, who, at, note })
        })
        .collect()
    }

    /// Stores what a person says of a work's tag, for all records that it has now. Returns the word's
    /// number. Readers' view of the work is stamped anew.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_tag_word(&self, id: &WorkId, word: NewTagWord<'_>, now: Timestamp) -> Result<i64> {
        self.conn
            .prepare_cached(
                "INSERT INTO tag_word (slot, facet, value, action, work, title, who, at, note) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )
            .and_then(|mut s| {
                s.execute(params![
                    word.slot,
                    word.facet,
                    word.value,
                    word.action.as_str(),
                    id.as_str(),
                    word.title,
                    word.who,
                    now.to_string(),
                    word.note
                ])
            })
            .map_err(sql("put tag word"))?;
        let number = self.conn.last_insert_rowid();
        self.conn
            .prepare_cached(
                "INSERT INTO tag_word_record (record, word) SELECT number, ?2 FROM member WHERE work_id = ?1",
            )
            .and_then(|mut s| s.execute(params![id.as_str(), number]))
            .map_err(sql("put records of tag word"))?;
        self.touch(id)?;
        Ok(number)
    }

    /// Stores a person's answer to a question of a draft.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_decision(&self, month: Month, id: &str, answer: &str, now: Timestamp) -> Result<()> {
        self.conn
            .execute(
                "INSERT INTO decision (month, id, answer, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (month, id) DO UPDATE SET answer = ?3, at = ?4",
                params![month.to_string(), id, answer, now.to_string()],
            )
            .map_err(sql("put decision"))?;
        Ok(())
    }

    /// Returns the newest answer to a question, in any month.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn decision(&self, id: &str) -> Result<Option<String>> {
        self.conn
            .query_row("SELECT answer FROM decision WHERE id = ?1 ORDER BY month DESC LIMIT 1", [id], |r| r.get(0))
            .optional()
            .map_err(sql("decision"))
    }

    /// Returns the answer to a question that was taken in from one month's draft.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn decision_in(&self, month: Month, id: &str) -> Result<Option<String>> {
        self.conn
            .query_row(
                "SELECT answer FROM decision WHERE month = ?1 AND id = ?2",
                [month.to_string().as_str(), id],
                |r| r.get(0),
            )
            .optional()
            .map_err(sql("decision of month"))
    }
}
