//! Reading an answer to its end, and unpacking it, within the cap.

use std::collections::BTreeMap;
use std::io::Read;

use super::{FetchError, Limits, times, wall};

/// How much of the body of an error is read, in bytes: enough for what the host says about it.
const ERROR_BYTES_MAX: usize = 64 * 1024;
/// How much of it is kept, in characters.
const SAID_CHARS_MAX: usize = 400;

/// A whole answer of one host.
#[derive(Debug)]
pub(super) struct Answer {
    /// The status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Body, unpacked.
    pub body: Vec<u8>,
}

/// Reads a 200 or 304 to its end; any other status is an error, and so is a bot wall.
///
/// # Errors
/// When the answer is no 200 or 304, is cut off, damaged or larger than the cap.
pub(super) async fn take(answer: reqwest::Response, url: &url::Url, limits: &Limits) -> Result<Answer, FetchError> {
    let status = answer.status().as_u16();
    let headers = headers_of(&answer);
    if status == 304 {
        return Ok(Answer { status, headers, body: Vec::new() });
    }
    let encoding = headers.get("content-encoding").map(|e| e.trim().to_lowercase());
    if status != 200 {
        return Err(refusal(answer, url).await);
    }
    let packed = read_capped(answer, url, limits.body_bytes_max).await?;
    let body = unpack(packed, encoding.as_deref(), limits.body_bytes_max, url)?;
    if wall::is_wall(status, &headers, &body) {
        return Err(FetchError::BotWall { url: url.to_string(), status });
    }
    Ok(Answer { status, headers, body })
}

/// Reads an answer of any status to its end.
///
/// # Errors
/// When it is cut off, damaged or larger than the cap.
pub(super) async fn take_any(answer: reqwest::Response, url: &url::Url, cap: usize) -> Result<Answer, FetchError> {
    let (status, headers) = (answer.status().as_u16(), headers_of(&answer));
    let encoding = headers.get("content-encoding").map(|e| e.trim().to_lowercase());
    let packed = read_capped(answer, url, cap).await?;
    let body = unpack(packed, encoding.as_deref(), cap, url)?;
    Ok(Answer { status, headers, body })
}

/// Reads what a host says beside a status that is no answer, and returns the error that it stands for.
pub(super) async fn refusal(answer: reqwest::Response, url: &url::Url) -> FetchError {
    let status = answer.status().as_u16();
    let headers = headers_of(&answer);
    let encoding = headers.get("content-encoding").map(|e| e.trim().to_lowercase());
    let body = read_some(answer).await;
    let body = unpack(body, encoding.as_deref(), ERROR_BYTES_MAX, url).unwrap_or_default();
    error_of(status, &headers, &body, url)
}

/// Returns the headers that are text. A name that stands twice has its values joined (RFC 9110, 5.3).
fn headers_of(answer: &reqwest::Response) -> BTreeMap<String, String> {
    let mut out: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in answer.headers() {
        let Ok(value) = value.to_str() else { continue };
        out.entry(name.as_str().to_owned())
            .and_modify(|v| {
                v.push_str(", ");
                v.push_str(value);
            })
            .or_insert_with(|| value.to_owned());
    }
    out
}

/// Returns the error that a status stands for.
fn error_of(status: u16, headers: &BTreeMap<String, String>, body: &[u8], url: &url::Url) -> FetchError {
    if wall::is_wall(status, headers, body) {
        return FetchError::BotWall { url: url.to_string(), status };
    }
    FetchError::Status {
        url: url.to_string(),
        status,
        retry_after_s: times::retry_after_s(headers),
        said: String::from_utf8_lossy(body).chars().take(SAID_CHARS_MAX).collect(),
    }
}

/// Reads a body piece by piece up to the cap. One that announces more is not begun.
async fn read_capped(mut answer: reqwest::Response, url: &url::Url, cap: usize) -> Result<Vec<u8>, FetchError> {
    let too_large = || FetchError::TooLarge { url: url.to_string(), bytes_max: cap };
    if answer.content_length().is_some_and(|n| usize::try_from(n).unwrap_or(usize::MAX) > cap) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|e| super::fault::of(url, &e))? {
        if body.len() + piece.len() > cap {
            return Err(too_large());
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// Reads the beginning of an error's body; what goes wrong meanwhile does not matter.
async fn read_some(mut answer: reqwest::Response) -> Vec<u8> {
    let mut body = Vec::new();
    while body.len() < ERROR_BYTES_MAX
        && let Ok(Some(piece)) = answer.chunk().await
    {
        body.extend_from_slice(&piece);
    }
    body.truncate(ERROR_BYTES_MAX);
    body
}

/// How gzip begins (RFC 1952). Some servers send it without saying so.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Unpacks a body up to the cap, by what it is rather than by what it is called: gzip comes without
/// a word, and plain text comes under the name of gzip. We ask for gzip alone.
///
/// # Errors
/// When it is damaged, unpacks to more than the cap, or is packed in a way we do not know.
pub(super) fn unpack(body: Vec<u8>, encoding: Option<&str>, cap: usize, url: &url::Url) -> Result<Vec<u8>, FetchError> {
    let damaged = |how: &str| FetchError::Transport {
        url: url.to_string(),
        reason: format!("the answer is damaged: it is packed with {how} and does not unpack"),
    };
    let unpacked = if body.starts_with(&GZIP_MAGIC) {
        gunzip(&body, cap).map_err(|_| damaged("gzip"))?
    } else {
        match encoding {
            Some("deflate") => inflate(&body, cap).map_err(|_| damaged("deflate"))?,
            None | Some("" | "identity" | "gzip" | "x-gzip") => return Ok(body),
            Some(_) if is_text(&body) => return Ok(body),
            Some(other) => {
                let reason = format!("it is packed with {}, which was not asked for", shown(other));
                return Err(FetchError::Transport { url: url.to_string(), reason });
            }
        }
    };
    if unpacked.len() > cap { Err(FetchError::TooLarge { url: url.to_string(), bytes_max: cap }) } else { Ok(unpacked) }
}

/// Returns a header's word, fit to be shown.
fn shown(word: &str) -> String {
    word.chars().filter(char::is_ascii_graphic).take(20).collect()
}

/// Tells whether a body begins like a document rather than like packed bytes.
fn is_text(body: &[u8]) -> bool {
    let start = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
    start.is_empty() || start.starts_with(b"<") || start.starts_with(b"{") || start.starts_with(b"[")
}

/// Unpacks all members of a gzip body, to one byte more than the cap at most. What follows the last
/// member is ignored, as browsers do: some servers pad it with zeros.
fn gunzip(body: &[u8], cap: usize) -> std::io::Result<Vec<u8>> {
    let mut rest = body;
    let mut out = Vec::new();
    while rest.starts_with(&GZIP_MAGIC) && out.len() <= cap {
        let mut member = flate2::bufread::GzDecoder::new(rest);
        member.by_ref().take(room(cap, out.len())).read_to_end(&mut out)?;
        rest = member.into_inner();
    }
    Ok(out)
}

/// Unpacks a deflate body, with the zlib frame that it should have or without (RFC 9110, 8.4.1.2).
fn inflate(body: &[u8], cap: usize) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let framed = flate2::read::ZlibDecoder::new(body).take(room(cap, 0)).read_to_end(&mut out);
    if framed.is_err() {
        out.clear();
        flate2::read::DeflateDecoder::new(body).take(room(cap, 0)).read_to_end(&mut out)?;
    }
    Ok(out)
}

/// Returns how many bytes may still be unpacked: one more than the cap, so that more is noticed.
fn room(cap: usize, taken: usize) -> u64 {
    u64::try_from((cap + 1).saturating_sub(taken)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    #[test]
    fn bodies_are_unpacked_by_what_they_are() {
        let url = url::Url::parse("https://example.org/feed").unwrap();
        let plain = b"<rss>text</rss>".to_vec();
        let packed = gzip(&plain);
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        zlib.write_all(&plain).unwrap();
        let mut raw = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        raw.write_all(&plain).unwrap();
        let broken = [&packed[..12], &[0xff; 9]].concat();
        let cut = packed[..packed.len() - 9].to_vec();
        let good: Result<&[u8], &str> = Ok(&plain);
        let cases = [
            (plain.clone(), None, good, "as it is"),
            (packed.clone(), Some("gzip"), good, "as asked"),
            (packed.clone(), None, good, "gzip without a word"),
            (packed.clone(), Some("br"), good, "under a wrong name"),
            (plain.clone(), Some("gzip"), good, "plain under the name of gzip"),
            (plain.clone(), Some("br"), good, "plain under the name of brotli"),
            ([packed.clone(), vec![0; 8]].concat(), Some("gzip"), good, "padded"),
            ([gzip(b"<rss>text"), gzip(b"</rss>")].concat(), Some("gzip"), good, "in two members"),
            (zlib.finish().unwrap(), Some("deflate"), good, "deflate"),
            (raw.finish().unwrap(), Some("deflate"), good, "deflate without its frame"),
            (broken, Some("gzip"), Err("does not unpack"), "broken"),
            (cut, Some("gzip"), Err("does not unpack"), "cut off"),
            (vec![0x0b, 0x02, 0x80], Some("br"), Err("packed with br"), "not asked for"),
        ];
        for (body, encoding, want, note) in cases {
            match (unpack(body, encoding, 1_000, &url), want) {
                (Ok(got), Ok(want)) => assert_eq!(got, want, "{note}"),
                (Err(error), Err(want)) => assert!(error.to_string().contains(want), "{note}: {error}"),
                (got, _) => panic!("{note}: {got:?}"),
            }
        }
    }

    #[test]
    fn a_bomb_is_not_unpacked_to_its_end() {
        let url = url::Url::parse("https://example.org/feed").unwrap();
        let bomb = gzip(&vec![b' '; 300_000]);
        assert!(bomb.len() < 1_000);
        assert!(matches!(unpack(bomb.clone(), None, 100_000, &url), Err(FetchError::TooLarge { .. })));
        assert_eq!(gunzip(&bomb, 100_000).unwrap().len(), 100_001);
        let many = bomb.repeat(100);
        assert_eq!(gunzip(&many, 400_000).unwrap().len(), 400_001);
    }
}
