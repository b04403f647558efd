//! The client that asks the real network: guard, manners, redirects.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::address::Guard;
use super::fault::{self, LookupError};
use super::host::Hosts;
use super::redirect::{Redirect, Trail};
use super::{Call, Calling, Fetch, FetchError, Fetching, Limits, Method, Request, Response, body};

use crate::fault as outside;
use crate::fault::Step;

mod calls;
mod download;

pub use download::Ended;

/// Longest pause that a host is granted, in seconds: a day.
const RETRY_AFTER_MAX_S: u64 = 24 * 3_600;
/// Bodies up to this many bytes are searched for secrets: only messages of errors repeat them.
const SECRET_SEARCH_BYTES_MAX: usize = 16 * 1024;

/// Asks the real network.
pub struct Live {
    /// For public addresses alone. Clients are made when they are first needed: reading the
    /// certificates of the system takes longer than most commands, and few commands ask anybody.
    public: OnceLock<reqwest::Client>,
    /// For sources that may be in a private network.
    private: OnceLock<reqwest::Client>,
    /// As the private one, past every proxy.
    direct: OnceLock<reqwest::Client>,
    guard: Arc<Guard>,
    limits: Limits,
    hosts: Hosts,
}

/// Looks names up and lets only allowed addresses through.
#[derive(Debug, Clone)]
struct Names {
    guard: Arc<Guard>,
    may_be_private: bool,
}

impl reqwest::dns::Resolve for Names {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let host = name.as_str().to_owned();
        let Self { guard, may_be_private } = self.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = match guard.hosts.get(&host) {
                Some(known) => known.iter().map(|ip| SocketAddr::new(*ip, 0)).collect(),
                None => match tokio::net::lookup_host((host.as_str(), 0)).await {
                    Ok(found) => found.collect(),
                    Err(_) => return Err(LookupError::Unknown.into()),
                },
            };
            let allowed: Vec<SocketAddr> =
                found.iter().copied().filter(|a| guard.allows(a.ip(), may_be_private)).collect();
            if !allowed.is_empty() {
                return Ok(Box::new(allowed.into_iter()) as reqwest::dns::Addrs);
            }
            Err(match found.first() {
                Some(first) => LookupError::Blocked(guard.refusal(&host, first.ip())),
                None => LookupError::Unknown,
            }
            .into())
        })
    }
}

/// What one host said.
enum Said {
    Answer(body::Answer),
    Elsewhere(Redirect),
}

impl Live {
    /// Returns a client with the usual limits.
    ///
    /// # Errors
    /// When the TLS library cannot start, which is our own mistake.
    pub fn new() -> Result<Self, FetchError> {
        Self::with(Limits::USUAL, Guard::default())
    }

    /// Returns a client with other limits and another guard; for tests.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with(limits: Limits, guard: Guard) -> Result<Self, FetchError> {
        // A second instance in one process finds it installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (public, private, direct) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Ok(Self { public, private, direct, guard: Arc::new(guard), limits, hosts: Hosts::default() })
    }

    /// Returns the client for public addresses or for all.
    fn client(&self, may_be_private: bool) -> Result<&reqwest::Client, FetchError> {
        let kept = if may_be_private { &self.private } else { &self.public };
        if let Some(client) = kept.get() {
            return Ok(client);
        }
        let names = Names { guard: Arc::clone(&self.guard), may_be_private };
        let made = built(builder(&self.limits, names))?;
        Ok(kept.get_or_init(|| made))
    }

    /// Returns the client for keys that go in plain text to one's own house: no proxy sees them.
    fn direct_client(&self) -> Result<&reqwest::Client, FetchError> {
        if let Some(client) = self.direct.get() {
            return Ok(client);
        }
        let names = Names { guard: Arc::clone(&self.guard), may_be_private: true };
        let made = built(builder(&self.limits, names).no_proxy())?;
        Ok(self.direct.get_or_init(|| made))
    }

    /// Asks, following redirects, until a host answers.
    async fn follow(&self, request: &Request) -> Result<Response, FetchError> {
        let mut trail = Trail::begin(&request.url, request.allows_private, &self.guard)?;
        loop {
            match self.exchange(request, &trail).await? {
                Said::Elsewhere(redirect) => trail.follow(&redirect, &self.guard)?,
                Said::Answer(answer) => {
                    return Ok(Response {
                        status: answer.status,
                        url: trail.url.to_string(),
                        moved_to: trail.moved_to,
                        headers: answer.headers,
                        body: answer.body,
                    });
                }
            }
        }
    }

    /// Makes one exchange with one host, alone: the next request to it waits until the body is here.
    async fn exchange(&self, request: &Request, trail: &Trail) -> Result<Said, FetchError> {
        let url = &trail.url;
        let name = host_name(url, trail.may_be_private);
        let host = self.hosts.named(&name);
        let mut host = host.lock().await;
        let gap = Duration::from_millis(request.gap_ms).min(self.limits.gap_longest);
        host.turn(gap, self.limits.pause_longest).await.map_err(|wait| FetchError::Paused {
            url: url.to_string(),
            host: url.host_str().unwrap_or_default().to_owned(),
            wait_s: wait.as_secs().max(1),
        })?;
        let answer = self.send(request, trail).await?;
        let status = answer.status().as_u16();
        if matches!(status, 301 | 302 | 303 | 307 | 308) {
            let target = answer.headers().get(reqwest::header::LOCATION);
            return Ok(Said::Elsewhere(Redirect {
                status,
                target: target.map(|t| String::from_utf8_lossy(t.as_bytes()).into_owned()),
                // Without an address (a proxy hides it) the stricter rule holds.
                is_from_public: answer.remote_addr().is_none_or(|a| self.guard.is_public(a.ip())),
                is_form: request.method != Method::Get,
            }));
        }
        let taken = body::take(answer, url, &self.limits).await.map_err(bounded);
        // In one's own network a 503 speaks of one program, and nobody needs to be spared there.
        if let Err(FetchError::Status { status: 429 | 503, retry_after_s: Some(wait_s), .. }) = &taken
            && !trail.may_be_private
        {
            host.close_for(Duration::from_secs(*wait_s));
        }
        taken.map(Said::Answer)
    }

    async fn send(&self, request: &Request, trail: &Trail) -> Result<reqwest::Response, FetchError> {
        let client = self.client(trail.may_be_private)?;
        let mut builder = match &request.method {
            Method::PostForm(form) => client
                .post(trail.url.clone())
                .header(reqwest::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.clone()),
            Method::Get => client.get(trail.url.clone()),
        };
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        stepped(&trail.url, Step::Ask)?;
        let answer = builder.send().await.map_err(|e| fault::of(&trail.url, &e))?;
        stepped(&trail.url, Step::Answer)?;
        Ok(answer)
    }
}

/// Takes note that a host is about to be asked, or has begun to answer.
///
/// # Errors
/// When a plan says that this fails, as a connection does that breaks.
fn stepped(url: &url::Url, step: Step) -> Result<(), FetchError> {
    outside::step(step).map_err(|cause| FetchError::Transport { url: url.to_string(), reason: cause.to_string() })
}

/// Returns an error whose wish for a pause is no longer than a day.
fn bounded(error: FetchError) -> FetchError {
    match error {
        FetchError::Status { url, status, retry_after_s, said } => {
            FetchError::Status { url, status, retry_after_s: retry_after_s.map(|s| s.min(RETRY_AFTER_MAX_S)), said }
        }
        other => other,
    }
}

/// Returns what a host is known by. Two programs on one private machine are two hosts.
fn host_name(url: &url::Url, may_be_private: bool) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    match url.port() {
        Some(port) if may_be_private => format!("{host}:{port}"),
        _ => host.to_owned(),
    }
}

/// Returns a body without the secrets that a message of an error repeats.
fn without_secrets(body: Vec<u8>, secrets: &[String]) -> Vec<u8> {
    if body.len() > SECRET_SEARCH_BYTES_MAX {
        return body;
    }
    match String::from_utf8(body) {
        Ok(text) => secrets.iter().fold(text, |t, s| t.replace(s.as_str(), "(secret)")).into_bytes(),
        Err(bytes) => bytes.into_bytes(),
    }
}

impl Fetch for Live {
    fn fetch<'a>(&'a self, request: &'a Request) -> Fetching<'a> {
        Box::pin(async move {
            let secrets = request.secrets();
            match self.follow(request).await {
                Ok(response) if secrets.is_empty() => Ok(response),
                Ok(response) => Ok(Response { body: without_secrets(response.body, &secrets), ..response }),
                Err(error) => Err(error.without(&secrets)),
            }
        })
    }

    fn call<'a>(&'a self, call: &'a Call) -> Calling<'a> {
        Box::pin(self.called(call))
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

/// Returns what makes a client that follows no redirects and unpacks nothing by itself.
#[expect(clippy::disallowed_methods, reason = "the one place that makes HTTP clients")]
fn builder(limits: &Limits, names: Names) -> reqwest::ClientBuilder {
    let gzip_alone = reqwest::header::HeaderValue::from_static("gzip");
    reqwest::Client::builder()
        .user_agent(concat!("roundup/", env!("CARGO_PKG_VERSION"), " (literature roundup; one reader)"))
        .default_headers(std::iter::once((reqwest::header::ACCEPT_ENCODING, gzip_alone)).collect())
        .no_gzip()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(limits.connect)
        .read_timeout(limits.silence)
        .timeout(limits.total)
        .dns_resolver(Arc::new(names))
}

/// Makes a client.
fn built(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, FetchError> {
    let failed = |e| FetchError::Transport { url: String::new(), reason: format!("the client cannot start: {e}") };
    builder.build().map_err(failed)
}
