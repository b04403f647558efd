//! Feeds and pages of the stand-in: whole documents as data, served up to a day.
//!
//! In the data each entry begins with `<!-- on YYYY-MM-DD -->`, the day from which it is served;
//! `<!-- end -->` closes the last one. A JSON feed is dated by `date_published`. These words in the
//! head are filled in: `{rfc822}` and `{iso}` (the newest entry's day), `{seq}` (the `rdf:li` lines).
//! `{bad}` becomes two bytes that belong in no XML.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use serde_json::Value;

use crate::model::sha256_hex;

/// The day a feed without a served entry gives as its own.
const FIRST_DAY: Date = jiff::civil::date(2026, 8, 31);
/// What `{bad}` becomes: a byte windows-1252 leaves open, and a control character XML forbids.
const BAD_BYTES: [u8; 2] = [0x8D, 0x03];

/// In which form a document is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Utf8,
    Windows1252,
    Json,
}

/// A feed or page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Document {
    /// Id of its source in the demo's `feeds.toml`.
    pub source: &'static str,
    /// Path on the server.
    pub path: &'static str,
    content_type: &'static str,
    form: Form,
    text: &'static str,
}

/// Lists one document: source id, path, content type, form, text.
const fn document(
    source: &'static str,
    path: &'static str,
    content_type: &'static str,
    form: Form,
    text: &'static str,
) -> Document {
    Document { source, path, content_type, form, text }
}

const RSS: &str = "application/rss+xml; charset=UTF-8";

/// Every feed and page, in the order of the demo's `feeds.toml`.
pub(super) const DOCUMENTS: [Document; 10] = [
    document(
        "placeholder-psychiatry",
        "/feeds/placeholder-psychiatry.xml",
        RSS,
        Form::Utf8,
        include_str!("data/placeholder-psychiatry.xml"),
    ),
    document(
        "invented-review",
        "/feeds/invented-review.rdf",
        "application/rdf+xml; charset=UTF-8",
        Form::Utf8,
        include_str!("data/invented-review.rdf"),
    ),
    document(
        "sample-midwifery",
        "/feeds/sample-midwifery.xml",
        "text/xml; charset=utf-8",
        Form::Utf8,
        include_str!("data/sample-midwifery.xml"),
    ),
    document(
        "open-specimen",
        "/feeds/open-specimen.atom",
        "application/atom+xml;charset=UTF-8",
        Form::Utf8,
        include_str!("data/open-specimen.atom"),
    ),
    document(
        "adolescent-archives",
        "/feeds/adolescent-archives.xml",
        "application/xml",
        Form::Utf8,
        include_str!("data/adolescent-archives.xml"),
    ),
    document(
        "salud-materna",
        "/feeds/salud-materna.xml",
        "text/xml",
        Form::Windows1252,
        include_str!("data/salud-materna.xml"),
    ),
    document(
        "medfixture",
        "/feeds/medfixture.rdf",
        "text/xml; charset=UTF-8",
        Form::Utf8,
        include_str!("data/medfixture.rdf"),
    ),
    document(
        "perinatal-alliance",
        "/feeds/perinatal-alliance.xml",
        RSS,
        Form::Utf8,
        include_str!("data/perinatal-alliance.xml"),
    ),
    document(
        "young-parents-hub",
        "/feeds/young-parents-hub.json",
        "application/feed+json; charset=utf-8",
        Form::Json,
        include_str!("data/young-parents-hub.json"),
    ),
    document("minds-fund", "/pages/news.html", "text/html; charset=utf-8", Form::Utf8, include_str!("data/news.html")),
];

impl Document {
    /// Returns the days of all entries, newest first, whether served yet or not.
    pub fn days(&self) -> Vec<Date> {
        if self.form == Form::Json {
            return json_items(self.text).iter().filter_map(json_day).collect();
        }
        Blocks::of(self.text).entries.iter().map(|(day, _)| *day).collect()
    }

    /// Returns the bytes that are served on a day, and the day of the newest entry among them.
    pub fn on(&self, today: Date) -> (Vec<u8>, Date) {
        let newest = self.days().into_iter().filter(|d| *d <= today).max().unwrap_or(FIRST_DAY);
        let bytes = match self.form {
            Form::Json => json_on(self.text, today),
            Form::Utf8 => Blocks::of(self.text).on(today, newest).into_bytes(),
            Form::Windows1252 => windows_1252(&Blocks::of(self.text).on(today, newest)),
        };
        (bytes, newest)
    }

    /// Answers a request: the document as of a day, or 304 when the client holds it already.
    pub fn answer(&self, today: Date, asked: &HeaderMap) -> Response {
        let (bytes, newest) = self.on(today);
        let etag = format!("\"{}\"", sha256_hex(&bytes).chars().take(16).collect::<String>());
        let modified = newest.strftime("%a, %d %b %Y 06:00:00 GMT").to_string();
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (header::CONTENT_TYPE, self.content_type),
            (header::ETAG, etag.as_str()),
            (header::LAST_MODIFIED, modified.as_str()),
        ] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        if is_held(asked, &etag, &modified) {
            headers.remove(header::CONTENT_TYPE);
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        (headers, Bytes::from(bytes)).into_response()
    }
}

/// Tells whether the client holds this state already. An `If-None-Match` outranks a date (RFC 9110,
/// 13.1.3); dates are compared as text, as many servers do.
fn is_held(asked: &HeaderMap, etag: &str, modified: &str) -> bool {
    let text = |name| asked.get(name).and_then(|v| v.to_str().ok());
    match text(header::IF_NONE_MATCH) {
        Some(tags) => tags.split(',').any(|t| t.trim().trim_start_matches("W/") == etag),
        None => text(header::IF_MODIFIED_SINCE).is_some_and(|since| since == modified),
    }
}

/// A document cut at its day marks.
struct Blocks {
    head: &'static str,
    entries: Vec<(Date, &'static str)>,
    tail: &'static str,
}

impl Blocks {
    fn of(text: &'static str) -> Self {
        let (body, tail) = text.split_once("<!-- end -->\n").unwrap_or((text, ""));
        let mut parts = body.split("<!-- on ");
        let head = parts.next().unwrap_or_default();
        let entries = parts
            .filter_map(|part| {
                let (day, entry) = part.split_once(" -->\n")?;
                Some((day.parse().ok()?, entry))
            })
            .collect();
        Self { head, entries, tail }
    }

    fn on(&self, today: Date, newest: Date) -> String {
        let entries: Vec<&str> = self.entries.iter().filter(|(d, _)| *d <= today).map(|(_, e)| *e).collect();
        let mut seq = String::new();
        for (_, rest) in entries.iter().filter_map(|e| e.split_once("rdf:about=\"")) {
            let about = rest.split('"').next().unwrap_or_default();
            seq.push_str(&format!("      <rdf:li rdf:resource=\"{about}\"/>\n"));
        }
        let head = self
            .head
            .replace("{rfc822}", &newest.strftime("%a, %d %b %Y 06:00:00 +0000").to_string())
            .replace("{iso}", &newest.to_string())
            .replace("{seq}", &seq);
        format!("{head}{}{}", entries.concat(), self.tail)
    }
}

/// Returns the text in windows-1252, with `{bad}` replaced by bytes that are none.
fn windows_1252(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for (index, part) in text.split("{bad}").enumerate() {
        if index > 0 {
            out.extend_from_slice(&BAD_BYTES);
        }
        out.extend_from_slice(&encoding_rs::WINDOWS_1252.encode(part).0);
    }
    out
}

fn json_items(text: &str) -> Vec<Value> {
    let feed: Value = serde_json::from_str(text).unwrap_or_default();
    feed.get("items").and_then(Value::as_array).cloned().unwrap_or_default()
}

fn json_day(item: &Value) -> Option<Date> {
    item.get("date_published")?.as_str()?.get(..10)?.parse().ok()
}

fn json_on(text: &str, today: Date) -> Vec<u8> {
    let mut feed: Value = serde_json::from_str(text).unwrap_or_default();
    let items = json_items(text).into_iter().filter(|i| json_day(i).is_some_and(|d| d <= today)).collect();
    if let Some(fields) = feed.as_object_mut() {
        fields.insert("items".to_owned(), Value::Array(items));
    }
    serde_json::to_vec_pretty(&feed).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const EVE: Date = date(2026, 10, 1);
    const LATER: Date = date(2026, 11, 1);

    #[test]
    fn every_mark_is_read_and_no_mark_is_served() {
        for document in DOCUMENTS {
            let days = document.days();
            let marks = match document.form {
                Form::Json => document.text.matches("\"date_published\"").count(),
                _ => document.text.matches("<!-- on ").count(),
            };
            assert_eq!(days.len(), marks, "{}", document.path);
            assert!(days.is_sorted_by(|a, b| a >= b), "newest first: {}", document.path);
            let (bytes, newest) = document.on(LATER);
            assert_eq!(newest, days[0], "{}", document.path);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            for left in ["<!-- on ", "<!-- end", "{rfc822}", "{iso}", "{seq}", "{bad}"] {
                assert!(!text.contains(left), "{left} in {}", document.path);
            }
        }
    }

    #[test]
    fn a_later_day_serves_more_and_other_bytes() {
        for document in DOCUMENTS {
            let (early, _) = document.on(EVE);
            let (late, _) = document.on(LATER);
            assert!(early.len() < late.len(), "{}", document.path);
            assert_eq!(document.on(EVE).0, early, "same day, same bytes: {}", document.path);
            let (none, newest) = document.on(date(2026, 8, 1));
            assert_eq!(newest, FIRST_DAY, "{}", document.path);
            assert!(!none.is_empty(), "an empty feed is still a feed: {}", document.path);
        }
    }

    #[test]
    fn the_spanish_feed_is_no_utf8() {
        let document = DOCUMENTS.iter().find(|d| d.source == "salud-materna").unwrap();
        let (bytes, _) = document.on(LATER);
        assert!(std::str::from_utf8(&bytes).is_err());
        assert!(bytes.windows(2).any(|w| w == BAD_BYTES));
        assert!(bytes.windows(3).any(|w| w == b" & "), "bare ampersand");
        assert!(bytes.contains(&0xF3), "an o with acute accent in windows-1252");
    }

    #[test]
    fn conditions_of_a_request() {
        // (header, value, held, note)
        let cases = [
            (header::IF_NONE_MATCH, "\"abc\"", true, "the same tag"),
            (header::IF_NONE_MATCH, "W/\"abc\"", true, "weak comparison"),
            (header::IF_NONE_MATCH, "\"x\", \"abc\"", true, "one of a list"),
            (header::IF_NONE_MATCH, "\"x\"", false, "another tag"),
            (header::IF_MODIFIED_SINCE, "Wed, 30 Sep 2026 06:00:00 GMT", true, "the same date"),
            (header::IF_MODIFIED_SINCE, "Tue, 29 Sep 2026 06:00:00 GMT", false, "an older date"),
        ];
        for (name, value, wanted, note) in cases {
            let asked = HeaderMap::from_iter([(name, HeaderValue::from_static(value))]);
            assert_eq!(is_held(&asked, "\"abc\"", "Wed, 30 Sep 2026 06:00:00 GMT"), wanted, "{value}: {note}");
        }
    }
}
