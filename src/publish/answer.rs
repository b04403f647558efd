//! What mailing tools answer, in our words.

use std::fmt;

use crate::fetch::Answered;
use crate::model::text::shorten;

/// Most characters of what a tool says that are repeated.
const SAID_CHARS_MAX: usize = 300;

/// The id of a campaign, safe to stand in an address: letters and digits alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CampaignId(String);

impl CampaignId {
    /// Returns an id; `None` for anything but 1–64 letters and digits. A host that lies must not lead us anywhere
    /// else by what it calls a campaign.
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        is_plain.then(|| Self(text.to_owned()))
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CampaignId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A draft: nobody has it, and nothing sends it.
    Draft,
    /// A person has sent it, or set a time for it.
    Going,
    /// Something else: paused, put away.
    Other,
}

/// What is in a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Nothing: it was made, and the email was never put into it.
    Empty,
    /// The email, as it was sent there.
    Ours,
    /// Something else: people wrote in it, or the tool changed what it was given.
    Other,
}

/// A campaign in a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// Its name, to be compared and not to be shown: the host may have written a key into it.
    pub name: String,
    /// Its name for people.
    pub shown_name: String,
    /// Where it stands.
    pub state: State,
    /// The tool's own word for that, for people.
    pub status: String,
    /// The number that its page in the tool has; empty when that is not known.
    pub page_number: String,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// It is as it should be.
    Fine,
    /// Worth a look.
    Look,
    /// The tool will not send it so.
    Mend,
}

/// One line of what a tool says of a draft.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// How much it matters.
    pub grade: Grade,
    /// What it is, in the tool's words.
    pub text: String,
}

/// Why a tool did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refusal {
    /// What happened, without full stop.
    pub reason: String,
    /// What to do.
    pub help: String,
}

impl Refusal {
    /// Returns a refusal.
    pub fn new(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self { reason: reason.into(), help: help.into() }
    }

    /// Returns what a status means; `said` is what the tool itself says about it, in one line and without secrets.
    pub fn of(tool: &str, answer: &Answered, said: &str) -> Self {
        let status = answer.status;
        let said = shorten(said, SAID_CHARS_MAX);
        let said = if said.is_empty() { String::new() } else { format!(": {said}") };
        let (what, help): (String, String) = match status {
            401 | 403 => (
                format!("{tool} does not let the key in"),
                "make a new key there, and put it where the old one is (`roundup publish --help` says where)".into(),
            ),
            404 => (
                format!("{tool} knows no such list, or no such address"),
                "look at the list and the address in [publish] of feeds.toml".into(),
            ),
            408 | 425 => (format!("{tool} waited too long for us"), "try again later; nothing is made twice".into()),
            300..=399 => (
                format!("{tool} redirects, which calls with a key never follow"),
                "put the address that it leads to into [publish] of feeds.toml, when it is the tool's own".into(),
            ),
            429 => {
                let wait = match answer.retry_after_s {
                    None => "a few minutes".to_owned(),
                    Some(seconds) if seconds > 86_400 => "a day or more".to_owned(),
                    Some(seconds) => format!("{seconds} seconds"),
                };
                (format!("{tool} was asked too often"), format!("try again in {wait}; nothing is made twice"))
            }
            400..=499 => (
                format!("{tool} does not take the email"),
                "mend what it names in the draft or in [publish] of feeds.toml, render, and publish again".into(),
            ),
            500..=599 => (format!("{tool} has a fault"), "try again later; nothing is made twice".into()),
            _ => (
                format!("{tool} gave an answer that was not expected"),
                "is the address in feeds.toml the tool's own? try again; nothing is made twice".into(),
            ),
        };
        Self { reason: format!("{what} ({status}{said})"), help }
    }

    /// Tells whether an answer speaks of a fault that passes.
    pub fn is_passing(status: u16) -> bool {
        matches!(status, 408 | 425 | 429 | 500..=599)
    }

    /// Returns what is said of an answer that is not what the tool answers. Nothing of the answer is repeated.
    pub(super) fn no_json(tool: &str, error: &serde_json::Error) -> Self {
        let why = match error.classify() {
            serde_json::error::Category::Data => "it holds something else than such an answer does",
            serde_json::error::Category::Eof => "it is empty or cut off",
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => "it is no JSON",
        };
        Self::unreadable(tool, why)
    }

    /// Returns what is said of an answer that is none of the tool's.
    pub fn unreadable(tool: &str, why: &str) -> Self {
        Self::new(
            format!("{tool} gave an answer that cannot be read ({why})"),
            "is the address in feeds.toml the tool's own? try again; nothing is made twice",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_leads_nowhere_else() {
        for good in ["42694e9e57", "7", "aB9"] {
            assert_eq!(CampaignId::parse(good).map(|id| id.to_string()).as_deref(), Some(good));
        }
        let long = "a".repeat(65);
        for bad in ["", "1/actions/send", "../1", "1?x", "1#x", "1 ", "1%2f", "é", "1\n", long.as_str()] {
            assert_eq!(CampaignId::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_refusal_says_what_and_what_to_do() {
        let answer = |status, retry_after_s| Answered { status, retry_after_s, body: String::new() };
        for (status, retry, part, help) in [
            (401, None, "does not let the key in (401: said)", "new key"),
            (403, None, "does not let the key in", "new key"),
            (404, None, "no such list", "[publish]"),
            (400, None, "does not take the email (400: said)", "mend"),
            (422, None, "does not take the email", "mend"),
            (408, None, "waited too long", "later"),
            (302, None, "redirects, which calls with a key never follow", "address"),
            (429, Some(30), "asked too often", "in 30 seconds"),
            (429, None, "asked too often", "a few minutes"),
            (500, None, "has a fault", "later"),
            (503, None, "has a fault", "nothing is made twice"),
            (204, None, "not expected", "address"),
        ] {
            let refusal = Refusal::of("Tool", &answer(status, retry), "said");
            assert!(refusal.reason.contains(part), "{status}: {}", refusal.reason);
            assert!(refusal.help.contains(help), "{status}: {}", refusal.help);
        }
        assert!(Refusal::of("Tool", &answer(400, None), &"x".repeat(9_000)).reason.len() < 400);
    }
}
