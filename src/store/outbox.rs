//! The outbox: what was placed in a mailing tool, and how far that got.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::{Result, Store, StoreError, sql};
use crate::model::Month;

/// How far the placing of an email got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placing {
    /// The tool was about to be asked; whether it made anything is not known.
    Intended,
    /// The campaign is there, and the tool was not yet asked to put the email into it.
    Made,
    /// The tool was about to be asked to put the email into it; whether it is there is not known.
    Filling,
    /// The campaign is there with the email. From here on it belongs to people.
    Filled,
}

impl Placing {
    /// Returns the word that is stored.
    fn as_str(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Made => "made",
            Self::Filling => "filling",
            Self::Filled => "filled",
        }
    }
}

/// One email in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// How far it got.
    pub state: Placing,
    /// The tool's id of the campaign; empty while it is only intended.
    pub campaign: String,
    /// When that was, RFC 3339.
    pub at: String,
}

impl Store {
    /// Returns how far the placing of an email got; `None` when it was never begun.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn outbox(&self, tool: &str, month: Month, fingerprint: &str) -> Result<Option<OutboxRow>> {
        let row: Option<(String, String, String)> = self
            .conn
            .query_row(
                "SELECT state, campaign, at FROM outbox WHERE tool = ?1 AND month = ?2 AND fingerprint = ?3",
                params![tool, month.to_string(), fingerprint],
                |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)),
            )
            .optional()
            .map_err(sql("outbox"))?;
        let Some((word, campaign, at)) = row else { return Ok(None) };
        let all = [Placing::Intended, Placing::Made, Placing::Filling, Placing::Filled];
        let state = all.into_iter().find(|s| s.as_str() == word).ok_or_else(|| StoreError::Damaged {
            what: "line of the outbox",
            reason: format!("\"{word}\" is no state"),
        })?;
        Ok(Some(OutboxRow { state, campaign, at }))
    }

    /// Returns the ids of the campaigns that emails of a month were placed in, but the one of a fingerprint.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn outbox_others(&self, tool: &str, month: Month, fingerprint: &str) -> Result<Vec<String>> {
        let mut statement = self
            .conn
            .prepare(
                "SELECT campaign FROM outbox WHERE tool = ?1 AND month = ?2 AND fingerprint <> ?3 AND campaign <> '' \
                 ORDER BY at, campaign",
            )
            .map_err(sql("outbox of a month"))?;
        let rows = statement
            .query_map(params![tool, month.to_string(), fingerprint], |r| r.get(0))
            .map_err(sql("outbox of a month"))?;
        rows.map(|row| row.map_err(sql("outbox of a month"))).collect()
    }

    /// Notes how far the placing of an email got.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_outbox(
        &self,
        [tool, fingerprint, campaign]: [&str; 3],
        month: Month,
        state: Placing,
        now: Timestamp,
    ) -> Result<()> {
        self.conn
            .execute(
                "INSERT INTO outbox (tool, month, fingerprint, state, campaign, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                 ON CONFLICT (tool, month, fingerprint) DO UPDATE SET state = ?4, campaign = ?5, at = ?6",
                params![tool, month.to_string(), fingerprint, state.as_str(), campaign, now.to_string()],
            )
            .map_err(sql("put outbox"))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_moves_on_and_stays_one() {
        let store = Store::in_memory().expect("a store");
        let (month, now) = (Month::parse("2026-10").expect("a month"), "2026-11-01T06:00:00Z".parse().expect("a time"));
        assert_eq!(store.outbox("mailchimp", month, "k").expect("reads"), None);
        let steps = [(Placing::Intended, ""), (Placing::Made, "c1"), (Placing::Filling, "c1"), (Placing::Filled, "c1")];
        for (state, campaign) in steps {
            store.put_outbox(["mailchimp", "k", campaign], month, state, now).expect("writes");
            let row = store.outbox("mailchimp", month, "k").expect("reads").expect("a line");
            assert_eq!((row.state, row.campaign.as_str()), (state, campaign));
        }
        assert_eq!(store.outbox("listmonk", month, "k").expect("reads"), None, "another tool");
        assert_eq!(store.outbox("mailchimp", month, "other").expect("reads"), None, "another email");
    }
}
