//! What a source answered, byte for byte, and what we remember about each source.

use sha2::{Digest, Sha256};

/// What kind of bytes a payload holds, so that it can be read again without asking again.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PayloadKind {
    /// An `EFetch` answer, and the PMIDs it was asked for.
    PubmedXml {
        /// PMIDs asked; what is missing from the answer is named in the run report.
        asked: Vec<u32>,
    },
    /// An answer that should be a feed.
    Feed {
        /// `Content-Type` header, for the encoding.
        content_type: Option<String>,
    },
    /// A web page read by selectors.
    Page {
        /// `Content-Type` header, for the encoding.
        content_type: Option<String>,
    },
    /// A file that a person dropped or named; its format is recognised by content.
    File {
        /// File name without folders.
        name: String,
        /// Lines of the file before this part of it; 0 when it is taken whole.
        #[serde(default)]
        lines_before: usize,
    },
}

/// One answer of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// Source id.
    pub source: String,
    /// Where it came from after redirects, or the file's path; never holds a secret.
    pub url: String,
    /// When it was fetched.
    pub fetched_at: jiff::Timestamp,
    /// What it should be.
    pub kind: PayloadKind,
    /// The bytes, decompressed.
    pub bytes: Vec<u8>,
}

impl Payload {
    /// Returns the SHA-256 of the bytes as 64 hex digits.
    pub fn sha256(&self) -> String {
        sha256_hex(&self.bytes)
    }
}

/// Returns the SHA-256 of bytes as 64 lower-case hex digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// What is remembered about a source between runs. Written in the same transaction as the rows
/// that a page brought, so that neither can be ahead of the other.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct SourceState {
    /// `ETag` of the last full answer.
    pub etag: Option<String>,
    /// `Last-Modified` of the last full answer.
    pub last_modified: Option<String>,
    /// SHA-256 of the last body, to notice the same body under a 200.
    pub body_sha256: Option<String>,
    /// Last day (inclusive) that a complete PubMed window has covered.
    pub covered_to: Option<jiff::civil::Date>,
    /// How PubMed understood the query the last time, without the window of days.
    pub query_translation: Option<String>,
    /// When it was last asked.
    pub last_tried: Option<jiff::Timestamp>,
    /// When it last answered well.
    pub last_ok: Option<jiff::Timestamp>,
    /// Since when every try has failed; `None` while it works.
    pub failing_since: Option<jiff::Timestamp>,
    /// What went wrong the last time, in plain words.
    pub last_error: Option<String>,
    /// The address it says it has moved to for good (301, 308).
    pub moved_to: Option<String>,
    /// How often in a row it has said so: after a few times the new address is asked.
    pub moved_times: u32,
    /// Whether it said 410: gone for good, asked no more until a person changes its entry.
    pub is_gone: bool,
    /// The address in `feeds.toml` that all this belongs to; another one begins anew.
    pub url: Option<String>,
    /// When it last gave a whole answer (200) rather than "nothing new" (304).
    pub last_full: Option<jiff::Timestamp>,
    /// Until when it is said to have nothing new (`Cache-Control`, `Expires`, `ttl`).
    pub fresh_until: Option<jiff::Timestamp>,
    /// Until when it is left alone after a failure.
    pub not_before: Option<jiff::Timestamp>,
    /// Failures in a row that were its own.
    pub failures: u32,
}
