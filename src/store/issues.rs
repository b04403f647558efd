//! The ledger of issues, and what the machine last wrote into a draft.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Result, Store, StoreError, from_json, sql, to_json};
use crate::model::{Issue, Month, WorkId};

/// An issue that was rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueRow {
    /// Its month.
    pub month: Month,
    /// When it was last rendered, RFC 3339.
    pub rendered_at: String,
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerItem {
    /// Work id as it stood in the draft, or a person's own word.
    pub id: String,
    /// Section.
    pub section: String,
}

/// Reads a month column.
pub(super) fn month(text: String) -> Result<Month> {
    Month::try_from(text).map_err(|reason| StoreError::Damaged { what: "month", reason })
}

impl Store {
    /// Writes down what an issue holds, in the place of what stood there for that month.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_issue(&self, issue: &Issue, items: &[LedgerItem], manifest_sha256: &str, now: Timestamp) -> Result<()> {
        let name = issue.month.to_string();
        let body = to_json("issue", issue)?;
        self.conn
            .execute(
                "INSERT INTO issue (month, rendered_at, manifest, body) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (month) DO UPDATE SET rendered_at = ?2, manifest = ?3, body = ?4",
                params![name, now.to_string(), manifest_sha256, body],
            )
            .map_err(sql("put issue"))?;
        self.conn.execute("DELETE FROM issue_item WHERE month = ?1", [&name]).map_err(sql("clear ledger"))?;
        for (position, item) in items.iter().enumerate() {
            self.conn
                .execute(
                    "INSERT OR IGNORE INTO issue_item (month, work_id, section, position) VALUES (?1, ?2, ?3, ?4)",
                    params![name, item.id, item.section, position],
                )
                .map_err(sql("put ledger"))?;
        }
        Ok(())
    }

    /// Takes an issue out of the ledger, and returns the ids of what was in it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn forget_issue(&self, month: Month) -> Result<Vec<String>> {
        let name = month.to_string();
        let ids = self.sent()?.into_iter().filter(|(of, _)| *of == month).map(|(_, id)| id).collect();
        self.conn.execute("DELETE FROM issue_item WHERE month = ?1", [&name]).map_err(sql("forget ledger"))?;
        self.conn.execute("DELETE FROM issue WHERE month = ?1", [&name]).map_err(sql("forget issue"))?;
        Ok(ids)
    }

    /// Returns the manifest hash of a rendered issue.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn issue_manifest(&self, month: Month) -> Result<Option<String>> {
        self.conn
            .query_row("SELECT manifest FROM issue WHERE month = ?1", [month.to_string()], |r| r.get(0))
            .optional()
            .map_err(sql("issue manifest"))
    }

    /// Returns an issue as it was last rendered.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn issue(&self, month: Month) -> Result<Option<Issue>> {
        let body: Option<String> = self
            .conn
            .query_row("SELECT body FROM issue WHERE month = ?1", [month.to_string()], |r| r.get(0))
            .optional()
            .map_err(sql("issue"))?;
        body.map(|b| from_json("issue", &b)).transpose()
    }

    /// Returns the rendered issues, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn issues(&self) -> Result<Vec<IssueRow>> {
        let mut statement =
            self.conn.prepare("SELECT month, rendered_at FROM issue ORDER BY month DESC").map_err(sql("issues"))?;
        let rows =
            statement.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?))).map_err(sql("issues"))?;
        rows.map(|r| {
            let (name, rendered_at) = r.map_err(sql("issues"))?;
            Ok(IssueRow { month: month(name)?, rendered_at })
        })
        .collect()
    }

    /// Returns every work that was in an issue, with its month, oldest issue first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn sent(&self) -> Result<Vec<(Month, String)>> {
        let mut statement =
            self.conn.prepare("SELECT month, work_id FROM issue_item ORDER BY month, position").map_err(sql("sent"))?;
        let rows =
            statement.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?))).map_err(sql("sent"))?;
        rows.map(|r| {
            let (name, id) = r.map_err(sql("sent"))?;
            Ok((month(name)?, id))
        })
        .collect()
    }

    /// Returns the last issue that a work was in, also under an id that now leads to it.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn issue_of(&self, id: &WorkId) -> Result<Option<Month>> {
        let text: Option<String> = self
            .conn
            .prepare_cached(
                "SELECT max(month) FROM issue_item WHERE work_id = ?1 OR work_id IN (SELECT id FROM work WHERE redirect = ?1)",
            )
            .and_then(|mut s| s.query_row([id.as_str()], |r| r.get(0)))
            .map_err(sql("issue of"))?;
        text.map(month).transpose()
    }

    /// Returns every issue that a work was in, also under an id that now leads to it, newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn issues_of(&self, id: &WorkId) -> Result<Vec<Month>> {
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT DISTINCT month FROM issue_item \
                 WHERE work_id = ?1 OR work_id IN (SELECT id FROM work WHERE redirect = ?1) ORDER BY month DESC",
            )
            .map_err(sql("issues of"))?;
        let rows = statement.query_map([id.as_str()], |r| r.get::<_, String>(0)).map_err(sql("issues of"))?;
        rows.map(|r| month(r.map_err(sql("issues of"))?)).collect()
    }

    /// Returns what the machine last wrote into a draft; `None` when it wrote nothing.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn draft_base(&self, month: Month) -> Result<Option<String>> {
        self.conn
            .query_row("SELECT text FROM draft_base WHERE month = ?1 AND text <> ''", [month.to_string()], |r| r.get(0))
            .optional()
            .map_err(sql("draft base"))
    }

    /// Stores what the machine has written into a draft; an empty text stands for nothing.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_draft_base(&self, month: Month, text: &str, now: Timestamp) -> Result<()> {
        self.conn
            .execute(
                "INSERT INTO draft_base (month, text, written_at) VALUES (?1, ?2, ?3) ON CONFLICT (month) DO UPDATE SET text = ?2, written_at = ?3",
                params![month.to_string(), text, now.to_string()],
            )
            .map_err(sql("put draft base"))?;
        Ok(())
    }
}
