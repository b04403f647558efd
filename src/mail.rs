//! A plain email to the secretariat, through its own mail server. The newsletter never goes this way: it is placed as
//! a draft in the mailing tool, and people send it there.
//!
//! The way to the server is encrypted and its certificate is checked, with STARTTLS or, on port 465, from the first
//! byte (RFC 8314). Only a server on this computer is spoken to in the clear.

use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, SinglePart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Address, Message, SmtpTransport, Transport};

use crate::fetch::Secret;
use crate::model::MailServer;
use crate::model::text::clean_line;

/// How long the server may take for each answer.
const ANSWER_WAIT: Duration = Duration::from_secs(20);

/// What goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Who sends it: a name for people, and an address.
    pub from: (String, String),
    /// Whom it goes to, addresses.
    pub to: Vec<String>,
    /// Subject, one line.
    pub subject: String,
    /// The text, plain.
    pub text: String,
}

/// Why an email did not go out.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// An address is none.
    #[error("\"{0}\" is no email address")]
    Address(String),
    /// It cannot be put together.
    #[error("the email cannot be put together: {0}")]
    Form(String),
    /// The server did not take it.
    #[error("the mail server {server} did not take it: {why}")]
    Refused {
        /// Its name.
        server: String,
        /// What it said, without the password.
        why: String,
    },
    /// The server cannot be spoken to.
    #[error("the mail server {server} cannot be used: {why}")]
    Unusable {
        /// Its name.
        server: String,
        /// What it said, without the password.
        why: String,
    },
}

/// Hands an email to the server, and returns when the server has taken it.
///
/// # Errors
/// When an address is wrong, the server cannot be reached or trusted, or it refuses.
pub fn send(mail: &Mail, server: &MailServer, password: Option<&Secret>) -> Result<(), MailError> {
    let message = message(mail)?;
    let sent = transport(server, password).and_then(|transport| transport.send(&message));
    sent.map(drop).map_err(|error| MailError::Refused { server: server.host.clone(), why: why(&error, password) })
}

/// Says hello to the server, gives it name and password, and goes again: nothing is sent.
///
/// # Errors
/// When it cannot be reached or trusted, or does not take name and password.
pub fn greet(server: &MailServer, password: Option<&Secret>) -> Result<(), MailError> {
    let unusable = |why: String| MailError::Unusable { server: server.host.clone(), why };
    match transport(server, password).and_then(|transport| transport.test_connection()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(unusable("it does not go on after the greeting".to_owned())),
        Err(error) => Err(unusable(why(&error, password))),
    }
}

/// Returns the way to a server.
fn transport(server: &MailServer, password: Option<&Secret>) -> Result<SmtpTransport, SmtpError> {
    let builder = if is_here(server) {
        #[expect(clippy::disallowed_methods, reason = "nobody can listen on the way to this computer")]
        SmtpTransport::builder_dangerous(&server.host)
    } else if server.port == MailServer::PORT_TLS {
        SmtpTransport::relay(&server.host)?
    } else {
        SmtpTransport::starttls_relay(&server.host)?
    };
    let mut builder = builder.port(server.port).timeout(Some(ANSWER_WAIT));
    if let (Some(user), Some(password)) = (&server.user, password) {
        builder = builder.credentials(Credentials::new(user.clone(), password.reveal().to_owned()));
    }
    Ok(builder.build())
}

/// Returns what went wrong, without the password.
fn why(error: &SmtpError, password: Option<&Secret>) -> String {
    let secrets: Vec<Secret> = password.into_iter().flat_map(Secret::every_form).collect();
    Secret::hidden_in(&with_causes(error), &secrets)
}

/// Tells whether a server is on this computer, so that nobody can listen on the way.
fn is_here(server: &MailServer) -> bool {
    let address = server.host.trim_start_matches('[').trim_end_matches(']');
    server.host.eq_ignore_ascii_case("localhost")
        || address.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Returns the email as it goes over the line. Every text is one line of plain characters, but the text itself.
fn message(mail: &Mail) -> Result<Message, MailError> {
    let address = |text: &str| text.parse::<Address>().map_err(|_| MailError::Address(clean_line(text)));
    let (name, from) = &mail.from;
    let mut builder = Message::builder()
        .from(Mailbox::new(Some(clean_line(name)), address(from)?))
        .subject(clean_line(&mail.subject));
    for to in &mail.to {
        builder = builder.to(Mailbox::new(None, address(to)?));
    }
    let text: Vec<String> = mail.text.lines().map(clean_line).collect();
    let part = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(text.join("\r\n") + "\r\n");
    builder.singlepart(part).map_err(|error| MailError::Form(error.to_string()))
}

/// Returns an error with what caused it, in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !line.contains(&text) {
            line = format!("{line}: {text}");
        }
        cause = error.source();
    }
    line
}

#[cfg(test)]
mod tests;
