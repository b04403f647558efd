//! The one way to the network: what a request and an answer are, and how to ask patiently.
//!
//! Facts it is built on (reqwest 0.13): a redirect to `file:` comes back as a plain answer; a
//! resolver guard never sees IP literals; an endless or exploding body must be cut while it is read.
//! So redirects are followed here, hop by hop, each checked; only 200 and 304 count as answers.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

pub mod address;
mod body;
pub mod call;
mod error;
mod fault;
mod host;
mod live;
mod redirect;
mod secret;
pub(crate) mod times;
mod wall;

pub use call::{Answered, Call, Calling, Verb};
pub use error::FetchError;
pub use live::{Ended, Live};
pub use secret::Secret;

/// The most bytes an answer may hold after decompression: feeds stay below 1 MB, an EFetch page of
/// 200 papers below 8 MB.
pub const BODY_BYTES_MAX: usize = 16 << 20;
/// Usual pause between two requests to one host, in milliseconds.
pub const HOST_GAP_MS: u64 = 1_000;
/// Most tries of one request.
const TRIES_MAX: u32 = 4;

/// How long and how much a client waits for and takes. Tests use small numbers, by the same rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest wait for a connection.
    pub connect: Duration,
    /// Longest silence: until the headers are there, and between two pieces of the body.
    pub silence: Duration,
    /// Longest time for one exchange, from the connection to the last byte.
    pub total: Duration,
    /// Pause before the second try of a request; it doubles with each try.
    pub pause_first: Duration,
    /// Longest pause before a next try; a host that wants longer is left for today.
    pub pause_longest: Duration,
    /// After this much time no further try of a request begins.
    pub patience: Duration,
    /// Upper bound of the pause between two requests to one host, whatever the request says.
    pub gap_longest: Duration,
    /// The most bytes of an answer, after decompression.
    pub body_bytes_max: usize,
    /// How long large files are looked at before their line is judged by `pace_bytes`.
    pub pace_window: Duration,
    /// The fewest bytes of large files that must come in each `pace_window`.
    pub pace_bytes: u64,
    /// Longest time for all large files of one errand together, from the first byte to the last.
    pub errand: Duration,
}

impl Limits {
    /// The usual ones: a host that needs more than a minute for a feed is broken, and four tries
    /// within two minutes outlast a restart of most servers.
    ///
    /// A large file may come slowly, but not for ever: a weak mobile line (2G) carries 1 to 2 kB a
    /// second with breaks of a minute, and so brings many times 6 kB in two minutes; a host that drips
    /// a byte a second does not. Six hours are 20 to 40 MB on such a line, more than a first copy has.
    pub const USUAL: Self = Self {
        connect: Duration::from_secs(10),
        silence: Duration::from_secs(20),
        total: Duration::from_mins(1),
        pause_first: Duration::from_secs(1),
        pause_longest: Duration::from_secs(20),
        patience: Duration::from_mins(2),
        gap_longest: Duration::MAX,
        body_bytes_max: BODY_BYTES_MAX,
        pace_window: Duration::from_mins(2),
        pace_bytes: 6_000,
        errand: Duration::from_hours(6),
    };
}

/// GET or POST.
#[derive(Clone, PartialEq, Eq)]
pub enum Method {
    /// GET.
    Get,
    /// POST of a form, already encoded.
    PostForm(String),
}

impl std::fmt::Debug for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Get => f.write_str("Get"),
            Self::PostForm(form) => write!(f, "PostForm({})", without_private_fields(form)),
        }
    }
}

/// Form fields that are never written down.
const PRIVATE_FIELDS: [&str; 3] = ["api_key", "email", "tool"];
/// Form fields whose values are taken out of whatever a host answers: some repeat the key.
const SECRET_FIELDS: [&str; 2] = ["api_key", "email"];

/// Returns a form without the fields that are nobody's business.
pub(crate) fn without_private_fields(form: &str) -> String {
    let kept: Vec<&str> =
        form.split('&').filter(|f| !PRIVATE_FIELDS.contains(&f.split('=').next().unwrap_or_default())).collect();
    kept.join("&")
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Address; never holds a secret.
    pub url: String,
    /// GET or POST.
    pub method: Method,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// Whether private and loopback addresses are allowed.
    pub allows_private: bool,
    /// Least pause since the last request to the same host, in milliseconds.
    pub gap_ms: u64,
}

impl Request {
    /// Returns a GET of an address with the usual pause.
    pub fn get(url: impl Into<String>) -> Self {
        Self { url: url.into(), method: Method::Get, headers: Vec::new(), allows_private: false, gap_ms: HOST_GAP_MS }
    }

    /// Returns the texts of this request that must not come out again in a message or a record.
    pub(super) fn secrets(&self) -> Vec<String> {
        let Method::PostForm(form) = &self.method else { return Vec::new() };
        let is_secret = |name: &str| SECRET_FIELDS.contains(&name);
        let plain = url::form_urlencoded::parse(form.as_bytes())
            .filter(|(name, _)| is_secret(name.as_ref()))
            .map(|(_, value)| value.into_owned());
        // and as they stand in the form
        let encoded = form.split('&').filter_map(|f| f.split_once('=')).filter(|(name, _)| is_secret(name));
        let mut out: Vec<String> = plain.chain(encoded.map(|(_, value)| value.to_owned())).collect();
        out.retain(|s| !s.is_empty());
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// An answer: 200 with a body, or 304 without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// 200 or 304.
    pub status: u16,
    /// Address after redirects.
    pub url: String,
    /// Address that the permanent redirects (301, 308) at the beginning of the way lead to.
    pub moved_to: Option<String>,
    /// Headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Body after decompression.
    pub body: Vec<u8>,
}

/// A request in flight.
pub type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Response, FetchError>> + Send + 'a>>;

/// Makes requests: live, or replayed from a folder.
pub trait Fetch: Send + Sync {
    /// Makes one request, following redirects.
    fn fetch<'a>(&'a self, request: &'a Request) -> Fetching<'a>;

    /// Makes one call, once; any status is an answer.
    fn call<'a>(&'a self, call: &'a Call) -> Calling<'a> {
        let reason = "answers are replayed from a folder here, and nothing is changed anywhere".to_owned();
        Box::pin(async move { Err(FetchError::Refused { url: call.url.clone(), reason }) })
    }

    /// Returns how long to wait between tries.
    fn limits(&self) -> Limits {
        Limits::USUAL
    }
}

/// Makes a request, trying again after passing faults: after 1, 2, 4 seconds and a little, or when
/// the host says. `is_good` says whether an answer holds what was wanted; its text says what is wrong.
///
/// # Errors
/// The last fault.
pub async fn fetch_patiently(
    fetch: &dyn Fetch,
    request: &Request,
    is_good: &(dyn Fn(&Response) -> Result<(), String> + Send + Sync),
) -> Result<Response, FetchError> {
    let limits = fetch.limits();
    let began = tokio::time::Instant::now();
    let mut attempt = 0;
    loop {
        let error = match fetch.fetch(request).await {
            Ok(response) => match is_good(&response) {
                Ok(()) => return Ok(response),
                Err(reason) => FetchError::Transport { url: request.url.clone(), reason },
            },
            Err(error) => error,
        };
        attempt += 1;
        let pause = pause(&error, &request.url, attempt, &limits);
        let is_over = attempt >= TRIES_MAX || began.elapsed() + pause > limits.patience;
        if !error.is_passing() || is_over || pause > limits.pause_longest {
            return Err(error);
        }
        tracing::debug!(url = %request.url, attempt, ?pause, "asking again after a fault: {error}");
        tokio::time::sleep(pause).await;
    }
}

/// Returns how long to wait before the next try.
fn pause(error: &FetchError, url: &str, attempt: u32, limits: &Limits) -> Duration {
    if let Some(wanted_s) = error.retry_after_s() {
        return Duration::from_secs(wanted_s);
    }
    let doubled = limits.pause_first * 2_u32.saturating_pow(attempt.saturating_sub(1));
    doubled + limits.pause_first * jitter_percent(url, attempt) / 200
}

/// Returns 0–99 that differs from address to address and try to try, the same in every run.
pub(crate) fn jitter_percent(url: &str, attempt: u32) -> u32 {
    let hash = crate::model::sha256_hex(format!("{url} {attempt}").as_bytes());
    hash.get(..4).and_then(|h| u32::from_str_radix(h, 16).ok()).unwrap_or(0) % 100
}

#[cfg(test)]
mod tests;
