//! Calling a program interface: JSON goes out with a key, and any answer comes back as it is.
//!
//! Unlike a source, such a host is asked to change something. So nothing is tried again here by itself, no redirect is
//! followed (the key would go along), and whoever calls sees the status and what the host says about it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use super::{FetchError, Secret};

/// The most bytes of an answer, after unpacking: a list of a thousand campaigns stays below 1 MB.
pub const ANSWER_BYTES_MAX: usize = 8 << 20;

/// What is wanted of the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// To look.
    Get,
    /// To make something new.
    Post,
    /// To put something in the place of what is there.
    Put,
}

impl Verb {
    /// Returns the word of HTTP.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
        }
    }
}

/// One call.
#[derive(Clone)]
pub struct Call {
    /// What is wanted.
    pub verb: Verb,
    /// Address; never holds a secret.
    pub url: String,
    /// JSON to send; `None` to send nothing.
    pub body: Option<String>,
    /// What the `Authorization` header says.
    pub authorization: Secret,
    /// Texts that must not come out again in an answer or a message: the key, alone and coded.
    pub secrets: Vec<Secret>,
    /// Whether private and loopback addresses, and `http:`, are allowed.
    pub allows_private: bool,
}

/// What the host answered, whatever it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// `Retry-After` in seconds, where it was said.
    pub retry_after_s: Option<u64>,
    /// The body, without secrets as they are sent; what is no UTF-8 in it is replaced. It may still hold one in another
    /// form: what of it is shown goes through [`Secret::hidden_in`].
    pub body: String,
}

/// A call in flight.
pub type Calling<'a> = Pin<Box<dyn Future<Output = Result<Answered, FetchError>> + Send + 'a>>;

impl Call {
    /// Returns a text without the secrets of this call.
    pub fn without_secrets(&self, text: String) -> String {
        let all = self.secrets.iter().chain([&self.authorization]).map(Secret::reveal).filter(|s| !s.is_empty());
        all.fold(text, |text, secret| text.replace(secret, "(secret)"))
    }
}

impl fmt::Display for Call {
    /// Writes verb and address, and nothing of the rest.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb.as_str(), self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_shows_no_key() {
        let call = Call {
            verb: Verb::Post,
            url: "https://example.org/campaigns".to_owned(),
            body: None,
            authorization: Secret::new("Basic a2V5".to_owned()),
            secrets: vec![Secret::new("the-key".to_owned()), Secret::new(String::new())],
            allows_private: false,
        };
        assert!(!call.to_string().contains("a2V5") && !call.to_string().contains("the-key"));
        let said = call.without_secrets("no access with the-key (Basic a2V5)".to_owned());
        assert_eq!(said, "no access with (secret) ((secret))");
    }
}
