//! Places a draft campaign in a mailing tool. Nothing here can send.
//!
//! What a tool can be asked for is [`Step`], and there is no other way to ask: each step becomes one call, made of the
//! settings and of an id that was checked. Sending, scheduling and test sends are steps that do not exist.
//!
//! Pure: settings and a letter in, a call out; an answer in, what it says out. Who makes the calls, and what is
//! remembered between them, is `pipeline::publish`.

mod answer;
mod letter;
mod listmonk;
mod mailchimp;

pub use answer::{Campaign, CampaignId, Finding, Grade, Refusal, State};
pub use letter::{FINGERPRINT_CHARS, Letter};

use crate::fetch::{Answered, Call, Secret};
use crate::model::{Listmonk, Mailchimp, MailingTool};

/// What a mailing tool is asked for. None of these sends anything to anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// To name the campaigns that there are, newest first.
    Find,
    /// To make a campaign that is a draft.
    Create,
    /// To put the email into a draft.
    Fill(&'a CampaignId),
    /// To say how a draft stands, and what it would complain of when a person sends it.
    Look(&'a CampaignId),
}

/// A mailing tool with what is needed to ask it.
#[derive(Debug)]
pub enum Tool<'a> {
    /// Mailchimp, Marketing API 3.0.
    Mailchimp {
        /// The settings.
        settings: &'a Mailchimp,
        /// The key; it ends in the data centre ("…-us21").
        key: Secret,
    },
    /// listmonk, API of version 2 and later.
    Listmonk {
        /// The settings.
        settings: &'a Listmonk,
        /// The token of the user in the settings.
        key: Secret,
    },
}

impl Tool<'_> {
    /// Returns which tool it is.
    pub fn kind(&self) -> MailingTool {
        match self {
            Self::Mailchimp { .. } => MailingTool::Mailchimp,
            Self::Listmonk { .. } => MailingTool::Listmonk,
        }
    }

    /// Returns the tool's name for people.
    pub fn name(&self) -> &'static str {
        self.kind().name()
    }

    /// Returns whom a draft made with these settings is for, as text that changes when they do.
    pub fn goes_to(&self) -> String {
        match self {
            Self::Mailchimp { settings, .. } => format!("mailchimp {}", settings.list),
            Self::Listmonk { settings, .. } => format!("listmonk {} {:?}", settings.address, settings.lists),
        }
    }

    /// Returns the call that a step is; `None` where the tool needs none.
    ///
    /// # Errors
    /// When the key cannot be one of this tool's.
    pub fn call(&self, step: Step<'_>, letter: &Letter) -> Result<Option<Call>, Refusal> {
        match self {
            Self::Mailchimp { settings, key } => mailchimp::call(settings, key, step, letter).map(Some),
            Self::Listmonk { settings, key } => Ok(listmonk::call(settings, key, step, letter)),
        }
    }

    /// Returns the campaigns that an answer to [`Step::Find`] names, in its order.
    ///
    /// # Errors
    /// When the tool refused, or the answer is none of its.
    pub fn found(&self, answer: &Answered) -> Result<Vec<Campaign>, Refusal> {
        match self {
            Self::Mailchimp { .. } => mailchimp::found(&self.good(answer)?.body),
            Self::Listmonk { .. } => listmonk::found(&self.good(answer)?.body),
        }
    }

    /// Returns the campaign that an answer to [`Step::Create`] says was made.
    ///
    /// # Errors
    /// As [`Self::found`].
    pub fn created(&self, answer: &Answered) -> Result<Campaign, Refusal> {
        match self {
            Self::Mailchimp { .. } => mailchimp::created(&self.good(answer)?.body),
            Self::Listmonk { .. } => listmonk::created(&self.good(answer)?.body),
        }
    }

    /// Checks an answer to [`Step::Fill`].
    ///
    /// # Errors
    /// When the tool refused.
    pub fn filled(&self, answer: &Answered) -> Result<(), Refusal> {
        self.good(answer).map(drop)
    }

    /// Returns what an answer to [`Step::Look`] says; `None` when there is no such campaign any more.
    ///
    /// # Errors
    /// As [`Self::found`].
    pub fn looked(&self, answer: &Answered) -> Result<Option<Vec<Finding>>, Refusal> {
        if answer.status == 404 {
            return Ok(None);
        }
        let answer = self.good(answer)?;
        match self {
            Self::Mailchimp { .. } => mailchimp::findings(&answer.body).map(Some),
            Self::Listmonk { .. } => listmonk::findings(&answer.body).map(Some),
        }
    }

    /// Returns where a person finds a campaign in the tool; empty when that is not known.
    pub fn page(&self, campaign: &Campaign) -> String {
        match self {
            Self::Mailchimp { settings, key } => mailchimp::page(settings, key, campaign),
            Self::Listmonk { settings, .. } => listmonk::page(settings, &campaign.id),
        }
    }

    /// Returns an answer that says yes.
    ///
    /// # Errors
    /// What the tool says when it refused.
    fn good<'a>(&self, answer: &'a Answered) -> Result<&'a Answered, Refusal> {
        if (200..300).contains(&answer.status) {
            return Ok(answer);
        }
        let said = match self {
            Self::Mailchimp { .. } => mailchimp::said(&answer.body),
            Self::Listmonk { .. } => listmonk::said(&answer.body),
        };
        Err(Refusal::of(self.name(), answer, &said))
    }
}

/// Returns what the `Authorization` header says for a name and a key (RFC 7617).
fn basic(user: &str, key: &Secret) -> Secret {
    let pair = format!("{user}:{}", key.reveal());
    Secret::new(format!("Basic {}", data_encoding::BASE64.encode(pair.as_bytes())))
}

#[cfg(test)]
mod tests;
