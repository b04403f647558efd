//! The one HTTP client: politeness, size caps, address guard.
//!
//! Facts it is built on (reqwest 0.13): a redirect to `file:` comes back as a plain answer; a
//! resolver guard never sees IP literals; an endless or exploding body must be cut while it is read.
//! So redirects are followed here, hop by hop, each checked; only 200 and 304 count as answers.

use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::address;

/// The most bytes an answer may hold after decompression: feeds stay below 1 MB, an EFetch page of
/// 200 papers below 8 MB.
pub const BODY_BYTES_MAX: usize = 16 << 20;
/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest silence while an answer comes in.
const READ_TIMEOUT: Duration = Duration::from_secs(20);
/// Longest wait for a whole answer.
const TOTAL_TIMEOUT: Duration = Duration::from_mins(1);
/// Most redirects followed.
const REDIRECTS_MAX: usize = 10;
/// Usual pause between two requests to one host, in milliseconds.
pub const HOST_GAP_MS: u64 = 1_000;

/// GET or POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Method {
    /// GET.
    Get,
    /// POST of a form, already encoded.
    PostForm(String),
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
}

/// An answer: 200 with a body, or 304 without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// 200 or 304.
    pub status: u16,
    /// Address after redirects.
    pub url: String,
    /// Address that a permanent redirect (301, 308) named, when the first hop was one.
    pub moved_to: Option<String>,
    /// Headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Body after decompression.
    pub body: Vec<u8>,
}

/// Why there is no answer, in words for the run report.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FetchError {
    /// The address may not be asked.
    #[error("{url} is not asked: {reason}")]
    Refused {
        /// The address.
        url: String,
        /// Why not.
        reason: String,
    },
    /// The host answered with another status.
    #[error("{url} answered {status}{}", hint(*status))]
    Status {
        /// The address.
        url: String,
        /// The status.
        status: u16,
        /// `Retry-After` in seconds, where it was said.
        retry_after_s: Option<u64>,
        /// The beginning of the body, for what the host says about it.
        said: String,
    },
    /// No complete answer came.
    #[error("{url} gave no complete answer: {reason}")]
    Transport {
        /// The address.
        url: String,
        /// Why not.
        reason: String,
    },
    /// The answer did not come in time. Asking again would take as long again, so it is left for the
    /// next run.
    #[error("{url} took too long to answer")]
    Slow {
        /// The address.
        url: String,
    },
    /// The host's name is unknown here and now.
    #[error("{url}: the name of the host could not be looked up; is this computer online?")]
    NoName {
        /// The address.
        url: String,
    },
    /// The answer is larger than we take.
    #[error("{url} answered with more than {} MiB", BODY_BYTES_MAX >> 20)]
    TooLarge {
        /// The address.
        url: String,
    },
}

/// Returns what a status usually means, for people.
fn hint(status: u16) -> &'static str {
    match status {
        401 | 403 => " (not allowed; perhaps a bot wall)",
        404 => " (not found)",
        410 => " (gone for good)",
        429 => " (asked too often)",
        500..=599 => " (the host has a fault)",
        300..=399 => " (a redirect we do not follow)",
        _ => "",
    }
}

impl FetchError {
    /// Tells whether asking again a little later makes sense.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Status { status, said, .. } => {
                matches!(status, 408 | 425 | 429 | 500..=599) || (*status == 400 && said.contains("proxy_stream"))
            }
            Self::Transport { .. } => true,
            Self::Refused { .. } | Self::TooLarge { .. } | Self::Slow { .. } | Self::NoName { .. } => false,
        }
    }
}

/// A request in flight.
pub type Fetching<'a> = Pin<Box<dyn Future<Output = Result<Response, FetchError>> + Send + 'a>>;

/// Makes requests: live, replayed from a folder, or with faults put in.
pub trait Fetch: Send + Sync {
    /// Makes one request, following redirects.
    fn fetch<'a>(&'a self, request: &'a Request) -> Fetching<'a>;
}

/// Asks the real network.
pub struct Live {
    guarded: reqwest::Client,
    open: reqwest::Client,
    last_by_host: Mutex<BTreeMap<String, tokio::time::Instant>>,
}

/// Looks names up and lets only public addresses through.
#[derive(Debug, Clone, Copy)]
struct PublicOnly;

impl reqwest::dns::Resolve for PublicOnly {
    fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let host = name.as_str().to_owned();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let public: Vec<SocketAddr> = found.iter().copied().filter(|a| address::is_public(a.ip())).collect();
            if public.is_empty() && !found.is_empty() {
                return Err(format!("{host} leads to a private address").into());
            }
            Ok(Box::new(public.into_iter()) as reqwest::dns::Addrs)
        })
    }
}

impl Live {
    /// Returns a client.
    ///
    /// # Errors
    /// When the TLS library cannot start, which is our own mistake.
    pub fn new() -> Result<Self, FetchError> {
        // A second instance in one process finds it installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            guarded: client(Some(Arc::new(PublicOnly)))?,
            open: client(None)?,
            last_by_host: Mutex::new(BTreeMap::new()),
        })
    }

    /// Waits until the host may be asked again, and notes that it is asked now.
    async fn wait_turn(&self, host: &str, gap_ms: u64) {
        let gap = Duration::from_millis(gap_ms);
        let at = {
            let mut last = self.last_by_host.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let now = tokio::time::Instant::now();
            let at = last.get(host).map_or(now, |l| (*l + gap).max(now));
            last.insert(host.to_owned(), at);
            at
        };
        tokio::time::sleep_until(at).await;
    }

    async fn follow(&self, request: &Request) -> Result<Response, FetchError> {
        let refused = |url: &str, reason: String| FetchError::Refused { url: url.to_owned(), reason };
        let mut url = reqwest::Url::parse(&request.url).map_err(|e| refused(&request.url, e.to_string()))?;
        let mut moved_to = None;
        let mut is_permanent = true;
        for hop in 0..=REDIRECTS_MAX {
            address::check(&url, request.allows_private).map_err(|reason| refused(url.as_str(), reason))?;
            let host =
                format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
            self.wait_turn(&host, request.gap_ms).await;
            let answer = self.send(request, &url, hop == 0).await?;
            let status = answer.status().as_u16();
            let target =
                answer.headers().get(reqwest::header::LOCATION).and_then(|v| v.to_str().ok()).map(str::to_owned);
            match (status, target) {
                (301 | 302 | 303 | 307 | 308, Some(target)) => {
                    let next = url.join(&target).map_err(|e| refused(&target, e.to_string()))?;
                    is_permanent &= matches!(status, 301 | 308);
                    if is_permanent {
                        moved_to = Some(next.to_string());
                    }
                    url = next;
                }
                _ => return take_answer(answer, url.as_str(), moved_to).await,
            }
        }
        Err(refused(&request.url, format!("it redirects more than {REDIRECTS_MAX} times")))
    }

    async fn send(
        &self,
        request: &Request,
        url: &reqwest::Url,
        is_first: bool,
    ) -> Result<reqwest::Response, FetchError> {
        let client = if request.allows_private { &self.open } else { &self.guarded };
        let mut builder = match &request.method {
            Method::PostForm(form) if is_first => client
                .post(url.clone())
                .header(reqwest::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.clone()),
            _ => client.get(url.clone()),
        };
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        builder.send().await.map_err(|e| transport(url.as_str(), e))
    }
}

impl Fetch for Live {
    fn fetch<'a>(&'a self, request: &'a Request) -> Fetching<'a> {
        Box::pin(self.follow(request))
    }
}

/// Builds a client that follows no redirects by itself.
#[expect(clippy::disallowed_methods, reason = "the one place that makes HTTP clients")]
fn client(resolver: Option<Arc<PublicOnly>>) -> Result<reqwest::Client, FetchError> {
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("roundup/", env!("CARGO_PKG_VERSION"), " (literature roundup; one reader)"))
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .timeout(TOTAL_TIMEOUT);
    if let Some(resolver) = resolver {
        builder = builder.dns_resolver(resolver);
    }
    builder.build().map_err(|e| FetchError::Transport { url: String::new(), reason: e.to_string() })
}

/// Returns a transport error with the deepest cause, without the address twice.
fn transport(url: &str, error: reqwest::Error) -> FetchError {
    let error = error.without_url();
    if error.is_timeout() {
        return FetchError::Slow { url: url.to_owned() };
    }
    let mut deepest: &dyn std::error::Error = &error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    let reason = deepest.to_string();
    if reason.contains("lookup address information") {
        return FetchError::NoName { url: url.to_owned() };
    }
    FetchError::Transport { url: url.to_owned(), reason }
}

/// Reads a 200 or 304 to its end; any other status is an error.
async fn take_answer(answer: reqwest::Response, url: &str, moved_to: Option<String>) -> Result<Response, FetchError> {
    let status = answer.status().as_u16();
    let headers: BTreeMap<String, String> = answer
        .headers()
        .iter()
        .filter_map(|(k, v)| Some((k.as_str().to_owned(), v.to_str().ok()?.to_owned())))
        .collect();
    let body = read_capped(answer, url).await;
    match status {
        200 | 304 => Ok(Response { status, url: url.to_owned(), moved_to, headers, body: body? }),
        _ => {
            let said = body.map(|b| String::from_utf8_lossy(&b).chars().take(400).collect()).unwrap_or_default();
            let retry_after_s = headers.get("retry-after").and_then(|v| v.trim().parse().ok());
            Err(FetchError::Status { url: url.to_owned(), status, retry_after_s, said })
        }
    }
}

/// Reads a body piece by piece up to the cap.
async fn read_capped(mut answer: reqwest::Response, url: &str) -> Result<Vec<u8>, FetchError> {
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|e| transport(url, e))? {
        if body.len() + piece.len() > BODY_BYTES_MAX {
            return Err(FetchError::TooLarge { url: url.to_owned() });
        }
        body.extend_from_slice(&piece);
    }
    if body.starts_with(&GZIP_MAGIC) { gunzip(&body, url) } else { Ok(body) }
}

/// How gzip begins (RFC 1952). Some servers send it without saying so.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Unpacks a body that was compressed without a word, up to the cap.
fn gunzip(body: &[u8], url: &str) -> Result<Vec<u8>, FetchError> {
    use std::io::Read;
    let mut out = Vec::new();
    let cap = u64::try_from(BODY_BYTES_MAX).unwrap_or(u64::MAX);
    flate2::read::MultiGzDecoder::new(body).take(cap + 1).read_to_end(&mut out).map_err(|e| FetchError::Transport {
        url: url.to_owned(),
        reason: format!("the answer is damaged gzip: {e}"),
    })?;
    if out.len() > BODY_BYTES_MAX { Err(FetchError::TooLarge { url: url.to_owned() }) } else { Ok(out) }
}

/// Most tries of one request.
const TRIES_MAX: u32 = 4;
/// Longest pause before a next try, in milliseconds; a host that wants longer is left for today.
const PAUSE_MAX_MS: u64 = 20_000;

/// Makes a request, trying again after passing faults: 1, 2, 4 seconds and a little, or what the
/// host asks for. `is_good` says whether a 200 holds what was wanted; its text says what is wrong.
///
/// # Errors
/// The last fault.
pub async fn fetch_patiently(
    fetch: &dyn Fetch,
    request: &Request,
    is_good: &(dyn Fn(&Response) -> Result<(), String> + Send + Sync),
) -> Result<Response, FetchError> {
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
        let wanted_ms = match &error {
            FetchError::Status { retry_after_s: Some(s), .. } => s.saturating_mul(1_000),
            _ => (500_u64 << attempt) + jitter_ms(&request.url, attempt),
        };
        if !error.is_passing() || attempt >= TRIES_MAX || wanted_ms > PAUSE_MAX_MS {
            return Err(error);
        }
        tracing::debug!(url = %request.url, attempt, wanted_ms, "asking again after {error}");
        tokio::time::sleep(Duration::from_millis(wanted_ms)).await;
    }
}

/// Returns 0–499 ms that differ from host to host and try to try, the same in every run.
fn jitter_ms(url: &str, attempt: u32) -> u64 {
    let hash = crate::model::sha256_hex(format!("{url} {attempt}").as_bytes());
    hash.get(..4).and_then(|h| u64::from_str_radix(h, 16).ok()).unwrap_or(0) % 500
}
