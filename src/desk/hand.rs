//! Which browser asks. Two people may curate at once, each in a browser: what is remembered for one of them (what can
//! be taken back, what was just done) is not told to the other.
//!
//! A browser is known by a cookie of chance letters, given at the entrance. It opens nothing: the guard's token does.

use std::collections::BTreeMap;

use axum::http::HeaderMap;

use super::guard::cookies;

tokio::task_local! {
    /// The browser whose request is being answered.
    static HAND: String;
}

/// Name of the cookie; the desk's port stands behind it, as cookies of one computer share their ports.
const COOKIE: &str = "roundup-hand";

/// Characters of a hand at most: whoever sends more is not remembered by it.
const CHARS_MAX: usize = 40;

/// Browsers that are told something at once.
const TOLD_MAX: usize = 40;

/// Answers a request as that of a browser.
pub(super) async fn with<T>(hand: String, answer: impl Future<Output = T>) -> T {
    HAND.scope(hand, answer).await
}

/// Returns the browser whose request is being answered; empty for one that keeps no cookies.
pub(super) fn current() -> String {
    HAND.try_with(Clone::clone).unwrap_or_default()
}

/// Returns the browser that a request names; empty when it names none that we could have given.
pub(super) fn of(headers: &HeaderMap, port: u16) -> String {
    let is_ours = |value: &str| {
        (1..=CHARS_MAX).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    cookies(headers, &format!("{COOKIE}-{port}")).into_iter().find(|v| is_ours(v)).unwrap_or_default()
}

/// Returns the cookie that makes a browser known by a hand.
pub(super) fn cookie(hand: &str, port: u16) -> String {
    format!("{COOKIE}-{port}={hand}; Path=/; HttpOnly; SameSite=Strict")
}

/// What is to be said on the next page of each browser.
#[derive(Debug, Default)]
pub(super) struct Told(BTreeMap<String, String>);

impl Told {
    /// Remembers what to say to a browser.
    pub(super) fn put(&mut self, hand: &str, what: String) {
        if self.0.len() >= TOLD_MAX {
            self.0.clear();
        }
        self.0.insert(hand.to_owned(), what);
    }

    /// Returns what is to be said to a browser and forgets it.
    pub(super) fn take(&mut self, hand: &str) -> Option<String> {
        self.0.remove(hand)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderValue, header};

    use super::*;

    #[test]
    fn a_browser_is_known_by_our_cookie_alone() {
        for (note, cookies, want) in [
            ("ours", "roundup-hand-8571=abc234", "abc234"),
            ("among others", "roundup-desk-8571=zzz; roundup-hand-8571=abc; x=y", "abc"),
            ("another port's", "roundup-hand-8572=abc", ""),
            ("empty", "roundup-hand-8571=", ""),
            ("signs that we do not give", "roundup-hand-8571=a b", ""),
            ("none", "x=y", ""),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(cookies));
            assert_eq!(of(&headers, 8571), want, "{note}");
        }
        let long = format!("roundup-hand-1={}", "a".repeat(CHARS_MAX + 1));
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(&long).expect("a value"));
        assert_eq!(of(&headers, 1), "", "too long");
        headers.insert(header::COOKIE, HeaderValue::from_str(&cookie("q7", 1)).expect("a value"));
        assert_eq!(of(&headers, 1), "q7", "what is given is known again");
        headers.insert(header::COOKIE, HeaderValue::from_bytes(b"x=\xff\xfe; roundup-hand-1=q7").expect("a value"));
        assert_eq!(of(&headers, 1), "q7", "whatever bytes others put beside it");
    }

    #[test]
    fn what_is_said_is_said_once_and_to_one() {
        let mut told = Told::default();
        told.put("me", "kept".to_owned());
        assert_eq!(told.take("you"), None);
        assert_eq!((told.take("me").as_deref(), told.take("me")), (Some("kept"), None));
    }
}
