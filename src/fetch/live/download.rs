//! A large file piece by piece, from where the last try ended.

use std::ops::ControlFlow;

use reqwest::header::{ACCEPT_ENCODING, CONTENT_RANGE, LOCATION, RANGE};

use super::super::redirect::{Redirect, Trail};
use super::super::{FetchError, Request, body, fault};
use super::Live;

/// How a download ended when no fault cut it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The host has sent all that it announced.
    Whole,
    /// Whoever takes the pieces wanted no more.
    Stopped,
    /// The host sends another part than the one that was asked for, or has none there.
    OtherPart,
}

impl Live {
    /// Asks for a file from a byte on and hands every piece to `take` with the place of its first
    /// byte. A host that knows no ranges begins at 0 again, which `take` sees by the place. The bytes
    /// are handed on as they come: whoever takes them knows how many there may be, and their hash.
    ///
    /// No `If-Range` is sent: it would make a host that has touched the file send all of it again.
    /// Files that are asked for in this way are named by their hash, so that they cannot have changed.
    ///
    /// Only silence ends a slow line here, and the time of an errand ([`super::super::Limits::errand`]):
    /// whoever takes the pieces judges their pace, across all tries.
    ///
    /// # Errors
    /// As for any request; what was taken before stays taken.
    pub async fn download(
        &self,
        request: &Request,
        from: u64,
        take: &mut dyn FnMut(u64, &[u8]) -> ControlFlow<()>,
    ) -> Result<Ended, FetchError> {
        let mut trail = Trail::begin(&request.url, request.allows_private, &self.guard)?;
        loop {
            let name = super::host_name(&trail.url, trail.may_be_private);
            let host = self.hosts.named(&name);
            // Alone, as every exchange: the next request to this host waits until the file is here.
            let _host = host.lock().await;
            let answer = self.ask_from(request, &trail, from).await?;
            let status = answer.status().as_u16();
            let at = match status {
                200 => 0,
                206 if first_byte(&answer) == Some(from) => from,
                206 => return Ok(Ended::OtherPart),
                416 if from > 0 => return Ok(Ended::OtherPart),
                301 | 302 | 303 | 307 | 308 => {
                    let target = answer.headers().get(LOCATION);
                    let target = target.map(|t| String::from_utf8_lossy(t.as_bytes()).into_owned());
                    let is_from_public = answer.remote_addr().is_none_or(|a| self.guard.is_public(a.ip()));
                    trail.follow(&Redirect { status, target, is_from_public, is_form: false }, &self.guard)?;
                    continue;
                }
                _ => {
                    // What a host says beside a refusal is not worth more patience than any answer.
                    let refusal = tokio::time::timeout(self.limits.total, body::refusal(answer, &trail.url)).await;
                    return Err(refusal.unwrap_or_else(|_| FetchError::Slow { url: trail.url.to_string() }));
                }
            };
            return hand_on(answer, &trail.url, at, take).await;
        }
    }

    /// Sends the request for the bytes from a place on.
    async fn ask_from(&self, request: &Request, trail: &Trail, from: u64) -> Result<reqwest::Response, FetchError> {
        let client = self.client(trail.may_be_private)?;
        let mut builder = client.get(trail.url.clone()).timeout(self.limits.errand).header(ACCEPT_ENCODING, "identity");
        if from > 0 {
            builder = builder.header(RANGE, format!("bytes={from}-"));
        }
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        builder.send().await.map_err(|e| fault::of(&trail.url, &e))
    }
}

/// Hands the body on, piece by piece.
async fn hand_on(
    mut answer: reqwest::Response,
    url: &url::Url,
    mut at: u64,
    take: &mut dyn FnMut(u64, &[u8]) -> ControlFlow<()>,
) -> Result<Ended, FetchError> {
    while let Some(piece) = answer.chunk().await.map_err(|e| fault::of(url, &e))? {
        if take(at, &piece).is_break() {
            return Ok(Ended::Stopped);
        }
        at = at.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
    }
    Ok(Ended::Whole)
}

/// Returns the place of the first byte of a part (`Content-Range: bytes 10-20/21`).
fn first_byte(answer: &reqwest::Response) -> Option<u64> {
    let said = answer.headers().get(CONTENT_RANGE)?.to_str().ok()?;
    let (first, _) = said.trim().strip_prefix("bytes")?.trim_start().split_once('-')?;
    first.trim().parse().ok()
}
