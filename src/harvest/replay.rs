//! Recorded exchanges: `ROUNDUP_HTTP=record:<dir>` writes them, `replay:<dir>` answers from them.
//!
//! A debugging aid. Keys and mail addresses are taken out before an exchange is named or written.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::fetch::{Fetch, FetchError, Fetching, Limits, Method, Request, Response, without_private_fields};
use crate::fsx;
use crate::model::sha256_hex;

/// Answers from a folder; what is not in it is a transport error.
pub struct Replay {
    folder: PathBuf,
}

/// Asks another [`Fetch`] and keeps what it answered.
pub struct Recording<F> {
    folder: PathBuf,
    inner: F,
}

/// The head of a recorded exchange; the body follows it after one line feed.
#[derive(serde::Serialize, serde::Deserialize)]
struct Head {
    request: String,
    status: u16,
    url: String,
    moved_to: Option<String>,
    headers: BTreeMap<String, String>,
}

/// Returns the request as one line without anything private: what an exchange is found by.
fn line_of(request: &Request) -> String {
    match &request.method {
        Method::Get => format!("GET {}", request.url),
        Method::PostForm(form) => format!("POST {} {}", request.url, without_private_fields(form)),
    }
}

/// Returns the file of an exchange.
fn file_of(folder: &std::path::Path, line: &str) -> PathBuf {
    let hash = sha256_hex(line.as_bytes());
    folder.join(format!("{}.http", hash.get(..20).unwrap_or_default()))
}

impl Replay {
    /// Returns a fetcher that answers from a folder.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    fn answer(&self, request: &Request) -> Result<Response, FetchError> {
        let line = line_of(request);
        let none = |reason: String| FetchError::Transport { url: request.url.clone(), reason };
        let bytes =
            fsx::read(&file_of(&self.folder, &line)).map_err(|_| none("this exchange was not recorded".to_owned()))?;
        let at = bytes
            .iter()
            .position(|b| *b == b'\n')
            .ok_or_else(|| none("the recorded exchange is damaged".to_owned()))?;
        let (head, body) = bytes.split_at(at);
        let head: Head =
            serde_json::from_slice(head).map_err(|e| none(format!("the recorded exchange is damaged: {e}")))?;
        let body = body.get(1..).unwrap_or_default().to_vec();
        if head.status == 200 || head.status == 304 {
            return Ok(Response {
                status: head.status,
                url: head.url,
                moved_to: head.moved_to,
                headers: head.headers,
                body,
            });
        }
        let said = String::from_utf8_lossy(&body).chars().take(400).collect();
        Err(FetchError::Status { url: head.url, status: head.status, retry_after_s: None, said })
    }
}

impl Fetch for Replay {
    fn fetch<'a>(&'a self, request: &'a Request) -> Fetching<'a> {
        Box::pin(async move { self.answer(request) })
    }

    /// Nothing is gained by waiting for a folder.
    fn limits(&self) -> Limits {
        Limits { pause_first: Duration::ZERO, ..Limits::USUAL }
    }
}

impl<F: Fetch> Recording<F> {
    /// Returns a fetcher that asks `inner` and keeps what it answered in a folder.
    pub fn new(folder: PathBuf, inner: F) -> Self {
        Self { folder, inner }
    }

    fn keep(&self, request: &Request, head: &Head, body: &[u8]) {
        let Ok(mut bytes) = serde_json::to_vec(head) else { return };
        bytes.push(b'\n');
        bytes.extend_from_slice(body);
        if let Err(error) = fsx::write_atomic(&file_of(&self.folder, &line_of(request)), &bytes) {
            tracing::warn!("an exchange could not be recorded: {error}");
        }
    }
}

impl<F: Fetch> Fetch for Recording<F> {
    fn fetch<'a>(&'a self, request: &'a Request) -> Fetching<'a> {
        Box::pin(async move {
            let answer = self.inner.fetch(request).await;
            let request_line = line_of(request);
            match &answer {
                Ok(r) => {
                    let mut headers = r.headers.clone();
                    headers.retain(|k, _| !matches!(k.as_str(), "set-cookie" | "authorization"));
                    let head = Head {
                        request: request_line,
                        status: r.status,
                        url: r.url.clone(),
                        moved_to: r.moved_to.clone(),
                        headers,
                    };
                    self.keep(request, &head, &r.body);
                }
                Err(FetchError::Status { url, status, said, .. }) => {
                    let head = Head {
                        request: request_line,
                        status: *status,
                        url: url.clone(),
                        moved_to: None,
                        headers: BTreeMap::new(),
                    };
                    self.keep(request, &head, said.as_bytes());
                }
                Err(_) => {}
            }
            answer
        })
    }

    fn limits(&self) -> Limits {
        self.inner.limits()
    }
}
