//! What a host says about time in its headers: how long an answer stays fresh, when to ask again.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

/// Longest time that a source may call itself fresh: a daily run always asks.
const FRESH_MAX: SignedDuration = SignedDuration::from_hours(20);
/// Wait that is assumed when a host names a moment and does not say what time it has, in seconds.
const RETRY_UNKNOWN_S: u64 = 3_600;
/// How much of a feed is searched for its `ttl`, in bytes: it stands before the first item.
const TTL_BYTES: usize = 16 * 1024;

/// Returns until when an answer may be taken as the newest there is, by `Cache-Control`, `Expires`
/// and an RSS feed's `ttl`, the longest of what is said (as miniflux does); at most 20 hours. `None`
/// when nothing is said, or that nothing may be kept.
pub(crate) fn fresh_until(headers: &BTreeMap<String, String>, body: &[u8], now: Timestamp) -> Option<Timestamp> {
    let control = headers.get("cache-control").map(|c| c.to_lowercase()).unwrap_or_default();
    let mut directives = control.split(',').map(str::trim);
    if directives.clone().any(|d| d == "no-store" || d.starts_with("no-cache")) || headers.contains_key("pragma") {
        return None;
    }
    let age_s = headers.get("age").and_then(|a| a.trim().parse::<i64>().ok()).unwrap_or(0);
    let max_age = directives
        .find_map(|d| d.strip_prefix("max-age="))
        .and_then(|v| v.trim_matches('"').parse::<i64>().ok())
        .map(|s| SignedDuration::from_secs(s.saturating_sub(age_s)));
    // `max-age` outranks `Expires` (RFC 9111, 5.3)
    let said = max_age.or_else(|| expires(headers, now));
    let fresh = said.into_iter().chain(ttl(body)).max()?.min(FRESH_MAX);
    if fresh <= SignedDuration::ZERO { None } else { now.checked_add(fresh).ok() }
}

/// Returns how long an answer says it holds by `Expires`, by the host's own clock where it tells it.
fn expires(headers: &BTreeMap<String, String>, now: Timestamp) -> Option<SignedDuration> {
    let at = http_date(headers.get("expires")?)?;
    let from = headers.get("date").and_then(|d| http_date(d)).unwrap_or(now);
    Some(at.duration_since(from))
}

/// Returns the `ttl` of an RSS channel (in minutes there).
fn ttl(body: &[u8]) -> Option<SignedDuration> {
    let head = String::from_utf8_lossy(body.get(..body.len().min(TTL_BYTES)).unwrap_or_default());
    let channel = head.split("<item").next().unwrap_or_default();
    let (_, rest) = channel.split_once("<ttl>")?;
    let minutes: u32 = rest.split('<').next()?.trim().parse().ok()?;
    Some(SignedDuration::from_mins(i64::from(minutes)))
}

/// Returns `Retry-After` in seconds, from a number or a date (RFC 9110, 10.2.3). A date that lies
/// in the past is none; without the host's own time an hour is assumed.
pub(crate) fn retry_after_s(headers: &BTreeMap<String, String>) -> Option<u64> {
    let text = headers.get("retry-after")?.trim();
    if !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()) {
        // more digits than a number holds is a long time all the same
        return Some(text.parse().unwrap_or(u64::MAX));
    }
    let at = http_date(text)?;
    match headers.get("date").and_then(|d| http_date(d)) {
        Some(now) => u64::try_from(at.duration_since(now).as_secs()).ok().filter(|s| *s > 0),
        None => Some(RETRY_UNKNOWN_S),
    }
}

/// Reads a date of HTTP ("Sun, 06 Nov 1994 08:49:37 GMT"); a wrong weekday does not matter.
fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn freshness_is_taken_from_what_is_said() {
        type Case = (&'static [(&'static str, &'static str)], &'static str, Option<i64>, &'static str);
        let now: Timestamp = "2026-11-01T06:00:00Z".parse().unwrap();
        let cases: &[Case] = &[
            (&[], "", None, "nothing is said"),
            (&[("cache-control", "max-age=3600")], "", Some(3_600), ""),
            (&[("cache-control", "public, MAX-AGE=\"60\"")], "", Some(60), "quoted, in capitals"),
            (&[("cache-control", "max-age=3600"), ("age", "600")], "", Some(3_000), "it is old already"),
            (&[("cache-control", "max-age=60"), ("age", "600")], "", None, "it is stale already"),
            (&[("cache-control", "max-age=0")], "", None, ""),
            (&[("cache-control", "max-age=-5")], "", None, ""),
            (&[("cache-control", "max-age=31536000")], "", Some(72_000), "a daily run always asks"),
            (&[("cache-control", "no-cache, max-age=3600")], "", None, ""),
            (&[("cache-control", "no-store")], "<rss><ttl>60</ttl>", None, ""),
            (&[("pragma", "no-cache"), ("cache-control", "max-age=9")], "", None, ""),
            (&[("cache-control", "s-maxage=600")], "", None, "meant for shared caches"),
            (&[("cache-control", "max-age=soon")], "", None, "no number"),
            (&[("expires", "Sun, 01 Nov 2026 07:00:00 GMT")], "", Some(3_600), ""),
            (
                &[("expires", "Sun, 01 Nov 2026 07:00:00 GMT"), ("date", "Sun, 01 Nov 2026 06:50:00 GMT")],
                "",
                Some(600),
                "by the host's clock",
            ),
            (&[("expires", "0")], "", None, "means at once"),
            (&[("expires", "Sat, 31 Oct 2026 07:00:00 GMT")], "", None, "in the past"),
            (
                &[("expires", "Sun, 01 Nov 2026 07:00:00 GMT"), ("cache-control", "max-age=5")],
                "",
                Some(5),
                "max-age outranks it",
            ),
            (&[], "<rss><channel><ttl>120</ttl><item>", Some(7_200), "PubMed's search feeds say 120"),
            (&[("cache-control", "max-age=60")], "<rss><ttl> 5 </ttl>", Some(300), "the longer counts"),
            (&[], "<rss><channel><item><ttl>120</ttl>", None, "not the channel's"),
            (&[], "<rss><ttl>often</ttl>", None, "no number"),
        ];
        for (pairs, body, want, note) in cases {
            let got = fresh_until(&headers(pairs), body.as_bytes(), now).map(|t| t.duration_since(now).as_secs());
            assert_eq!(got, *want, "{pairs:?} {body} {note}");
        }
    }

    #[test]
    fn retry_after_is_a_number_or_a_date() {
        let date = ("date", "Sun, 01 Nov 2026 06:00:00 GMT");
        let cases = [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 01 Nov 2026 06:02:00 GMT", Some(120)),
            ("Mon, 01 Nov 2026 06:02:00 GMT", Some(120)),
            ("Sun, 01 Nov 2026 05:00:00 GMT", None),
            ("-5", None),
            ("soon", None),
            ("", None),
        ];
        for (text, want) in cases {
            assert_eq!(retry_after_s(&headers(&[("retry-after", text), date])), want, "{text}");
        }
        let alone = headers(&[("retry-after", "Sun, 01 Nov 2026 06:02:00 GMT")]);
        assert_eq!(retry_after_s(&alone), Some(3_600), "what time the host has is not known");
    }
}
