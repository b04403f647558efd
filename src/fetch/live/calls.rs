//! Calls of a program interface over the same guarded clients.

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};

use super::super::call::{ANSWER_BYTES_MAX, Answered, Call, Verb};
use super::super::redirect::Trail;
use super::super::{FetchError, body, fault, times};
use super::{Live, stepped};
use crate::fault::Step;

impl Live {
    /// Makes a call and returns the answer, whatever its status.
    ///
    /// # Errors
    /// When the address may not be asked, nothing in plain text may go there, or no whole answer comes. A redirect is
    /// an answer like any other, and not followed.
    pub(super) async fn called(&self, call: &Call) -> Result<Answered, FetchError> {
        self.exchanged(call).await.map_err(|error| without(call, error))
    }

    /// Makes the exchange; what it returns as an error may still hold a secret.
    async fn exchanged(&self, call: &Call) -> Result<Answered, FetchError> {
        let refused = |reason: &str| FetchError::Refused { url: call.url.clone(), reason: reason.to_owned() };
        let trail = Trail::begin(&call.url, call.allows_private, &self.guard)?;
        if trail.url.scheme() != "https" && !call.allows_private {
            return Err(refused("a key is sent over https:// only"));
        }
        let mut key = HeaderValue::from_str(call.authorization.reveal())
            .map_err(|_| refused("the key holds signs that no key has; was it copied whole?"))?;
        key.set_sensitive(true);
        // An https address is asked through a tunnel; of any other, a proxy would read the key.
        let client =
            if trail.url.scheme() == "https" { self.client(call.allows_private)? } else { self.direct_client()? };
        let begun = match call.verb {
            Verb::Get => client.get(trail.url.clone()),
            Verb::Post => client.post(trail.url.clone()),
            Verb::Put => client.put(trail.url.clone()),
        };
        let begun = begun.header(AUTHORIZATION, key).header(ACCEPT, "application/json");
        let begun = match &call.body {
            Some(json) => begun.header(CONTENT_TYPE, "application/json").body(json.clone()),
            None => begun,
        };
        stepped(&trail.url, Step::Ask)?;
        let answer = begun.send().await.map_err(|e| fault::of(&trail.url, &e))?;
        let answer = body::take_any(answer, &trail.url, ANSWER_BYTES_MAX).await?;
        stepped(&trail.url, Step::Answer)?;
        Ok(Answered {
            status: answer.status,
            retry_after_s: times::retry_after_s(&answer.headers),
            body: call.without_secrets(String::from_utf8_lossy(&answer.body).into_owned()),
        })
    }
}

/// Returns an error without the secrets of a call.
fn without(call: &Call, error: FetchError) -> FetchError {
    let secrets: Vec<String> = call
        .secrets
        .iter()
        .chain([&call.authorization])
        .map(|s| s.reveal().to_owned())
        .filter(|s| !s.is_empty())
        .collect();
    error.without(&secrets)
}
