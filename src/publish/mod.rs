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

pub use answer::{Campaign, CampaignId, Content, Finding, Grade, Refusal, State};
pub use letter::{FINGERPRINT_CHARS, Letter};

use url::Url;

use crate::fetch::{Answered, Call, Secret};
use crate::model::text::shorten;
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
    /// To say what is in a draft.
    Read(&'a CampaignId),
    /// To say how a draft stands, and what it would complain of when a person sends it.
    Look(&'a CampaignId),
    /// To say whether it takes the key and knows whom drafts are for; needs no letter.
    Greet,
}

/// A mailing tool with what is needed to ask it.
pub enum Tool {
    /// Mailchimp, Marketing API 3.0.
    Mailchimp {
        /// The settings; no text of them is a tag of the tool.
        settings: Mailchimp,
        /// The key; it ends in the data centre ("…-us21").
        key: Secret,
    },
    /// listmonk, API of version 2 and later.
    Listmonk {
        /// The settings; no text of them is a tag of the tool.
        settings: Listmonk,
        /// The token of the user in the settings.
        key: Secret,
    },
}

impl Tool {
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
    /// When the key cannot be one of this tool's, or the address in the settings cannot.
    pub fn call(&self, step: Step<'_>, letter: &Letter) -> Result<Option<Call>, Refusal> {
        match self {
            Self::Mailchimp { settings, key } => mailchimp::call(settings, key, step, letter).map(Some),
            Self::Listmonk { settings, key } => listmonk::call(settings, key, step, letter),
        }
    }

    /// Returns the campaigns that an answer to [`Step::Find`] names, in its order.
    ///
    /// # Errors
    /// When the tool refused, or the answer is none of its.
    pub fn found(&self, answer: &Answered) -> Result<Vec<Campaign>, Refusal> {
        let all = match self {
            Self::Mailchimp { .. } => mailchimp::found(&self.good(answer)?.body)?,
            Self::Listmonk { .. } => listmonk::found(&self.good(answer)?.body)?,
        };
        Ok(all.into_iter().filter_map(|campaign| self.shown(campaign)).collect())
    }

    /// Returns the campaign that an answer to [`Step::Create`] says was made.
    ///
    /// # Errors
    /// As [`Self::found`].
    pub fn created(&self, answer: &Answered) -> Result<Campaign, Refusal> {
        let made = match self {
            Self::Mailchimp { .. } => mailchimp::created(&self.good(answer)?.body)?,
            Self::Listmonk { .. } => listmonk::created(&self.good(answer)?.body)?,
        };
        self.shown(made).ok_or_else(|| Refusal::unreadable(self.name(), "its name for a campaign is no name"))
    }

    /// Checks an answer to [`Step::Fill`].
    ///
    /// # Errors
    /// When the tool refused.
    pub fn filled(&self, answer: &Answered) -> Result<(), Refusal> {
        self.good(answer).map(drop)
    }

    /// Returns what an answer to [`Step::Read`] says is in a draft.
    ///
    /// # Errors
    /// As [`Self::found`], and when the answer does not tell.
    pub fn content(&self, answer: &Answered, letter: &Letter) -> Result<Content, Refusal> {
        let answer = self.good(answer)?;
        match self {
            Self::Mailchimp { .. } => mailchimp::content(&answer.body, letter),
            Self::Listmonk { .. } => Ok(Content::Ours),
        }
    }

    /// Returns what an answer to [`Step::Look`] says; `None` when there is no such campaign any more.
    ///
    /// # Errors
    /// As [`Self::found`].
    pub fn looked(&self, answer: &Answered) -> Result<Option<Vec<Finding>>, Refusal> {
        // listmonk says 400 of an id that it does not know, in the words of its own language.
        let is_gone = match self {
            Self::Mailchimp { .. } => answer.status == 404,
            Self::Listmonk { .. } => matches!(answer.status, 400 | 404),
        };
        if is_gone {
            return Ok(None);
        }
        let answer = self.good(answer)?;
        let findings = match self {
            Self::Mailchimp { .. } => mailchimp::findings(&answer.body)?,
            Self::Listmonk { .. } => listmonk::findings(&answer.body)?,
        };
        Ok(Some(findings.into_iter().map(|found| Finding { text: self.told(&found.text), ..found }).collect()))
    }

    /// Returns what an answer to [`Step::Greet`] says, as words for people.
    ///
    /// # Errors
    /// As [`Self::found`].
    pub fn greeted(&self, answer: &Answered) -> Result<String, Refusal> {
        let body = &self.good(answer)?.body;
        match self {
            Self::Mailchimp { .. } => mailchimp::greeted(body).map(|name| self.told(&format!("its list is “{name}”"))),
            Self::Listmonk { .. } => listmonk::found(body).map(|_| "it names its campaigns".to_owned()),
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
        Err(Refusal::of(self.name(), answer, &self.told(&said)))
    }

    /// Returns a tool's words as one line for people, without the key in any form: there is no other way for them.
    fn told(&self, words: &str) -> String {
        let secrets = match self {
            Self::Mailchimp { key, .. } => mailchimp::secrets(key),
            Self::Listmonk { settings, key } => secrets(&settings.user, key),
        };
        shorten(&Secret::hidden_in(words, &secrets), TOLD_CHARS_MAX)
    }

    /// Returns a campaign whose texts can be shown; `None` when its id holds a key: it stands in addresses.
    fn shown(&self, campaign: Campaign) -> Option<Campaign> {
        let is_plain = [campaign.id.as_str(), &campaign.page_number].iter().all(|text| self.told(text) == *text);
        let (shown_name, status) = (self.told(&campaign.name), self.told(&campaign.status));
        is_plain.then_some(Campaign { shown_name, status, ..campaign })
    }
}

/// Most characters of a tool's text that are shown.
const TOLD_CHARS_MAX: usize = 300;

/// Returns the address of a tool as the settings have it.
///
/// # Errors
/// When it is no web address, or holds what would swallow or change the path of a step.
fn address(tool: &str, text: &str) -> Result<Url, Refusal> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let is_bare = |url: &Url| {
        url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none()
    };
    url.filter(is_bare).ok_or_else(|| {
        let help = "write https:// and the host in [publish] of feeds.toml, without a name, ? or #";
        Refusal::new(format!("the address of {tool} is none that a key can be sent to"), help)
    })
}

/// Returns an address with the path of a step behind it, segment by segment, so that nothing in the address can take
/// it away. `api` names the interface.
fn behind(mut url: Url, api: &str, path: &[&str]) -> String {
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().push(api).extend(path);
    }
    url.into()
}

/// Returns what must not be shown: a key, and the code that it is sent as.
fn secrets(user: &str, key: &Secret) -> Vec<Secret> {
    vec![key.clone(), Secret::new(code(user, key)), basic(user, key)]
}

/// Returns what the `Authorization` header says for a name and a key (RFC 7617).
fn basic(user: &str, key: &Secret) -> Secret {
    Secret::new(format!("Basic {}", code(user, key)))
}

/// Returns a name and a key as they are sent.
fn code(user: &str, key: &Secret) -> String {
    data_encoding::BASE64.encode(format!("{user}:{}", key.reveal()).as_bytes())
}

#[cfg(test)]
mod tests;
