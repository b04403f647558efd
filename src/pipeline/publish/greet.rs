//! Whether those that the finished issue and the reminders go to answer and take our keys: asked before the day on which
//! it counts. Nothing is changed there, and nothing is sent.

use super::{Keys, MAIL_PASSWORD, keys, refused, tool};
use crate::fetch::Fetch;
use crate::mail;
use crate::model::{PublishTo, Settings};
use crate::pipeline::{Error, Home, Result};
use crate::publish::{Letter, Step};

/// What one of them answered.
#[derive(Debug)]
pub struct Greeted {
    /// What it is, in a word: "mailchimp", "listmonk", "reminders".
    pub name: &'static str,
    /// What it said, or why it cannot be used.
    pub said: Result<String>,
}

/// Asks each mailing tool that the settings know whether it takes our key.
pub async fn greet_mailing_tools(home: &Home, settings: &Settings, given: &Keys, fetch: &dyn Fetch) -> Vec<Greeted> {
    let publishing = &settings.publishing;
    let known =
        [(PublishTo::Mailchimp, publishing.mailchimp.is_some()), (PublishTo::Listmonk, publishing.listmonk.is_some())];
    let mut out = Vec::new();
    for (to, _) in known.into_iter().filter(|(_, is_known)| *is_known) {
        let said = greet(home, settings, given, fetch, to).await;
        out.push(Greeted { name: to.as_str(), said });
    }
    out
}

/// Asks one mailing tool, once.
async fn greet(home: &Home, settings: &Settings, given: &Keys, fetch: &dyn Fetch, to: PublishTo) -> Result<String> {
    let tool = tool(&settings.publishing, to, |kind| keys::key(home, kind, given))?;
    let letter = Letter::empty();
    let call = tool.call(Step::Greet, &letter).map_err(refused)?;
    let call = call.ok_or_else(|| Error::Missing(format!("{} cannot be greeted", tool.name())))?;
    let answer = fetch.call(&call).await.map_err(|error| {
        Error::stopped(error.to_string(), "try again later; is the address in [publish] of feeds.toml right?")
    })?;
    let said = tool.greeted(&answer).map_err(refused)?;
    Ok(format!("{} takes the key; {said}", tool.name()))
}

/// Says hello to the mail server that takes reminders, with name and password; `None` when there is none.
pub fn greet_mail_server(home: &Home, settings: &Settings, given: &Keys) -> Option<Greeted> {
    let server = settings.reminders.server.as_ref()?;
    let said = || {
        let secret = match &server.user {
            Some(_) => Some(keys::password(home, given.mail.as_ref())?),
            None => None,
        };
        mail::greet(server, secret.as_ref()).map_err(|error| {
            Error::stopped(error.to_string(), format!("look at [reminders] in feeds.toml and at {MAIL_PASSWORD}"))
        })?;
        Ok(format!("the mail server {} answered; nothing was sent", server.host))
    };
    Some(Greeted { name: "reminders", said: said() })
}
