//! Tells a wall against programs from an answer.

use std::collections::BTreeMap;

/// How much of a body is looked at, in bytes: walls say what they are in their title.
const HEAD_BYTES: usize = 8 * 1024;
/// Words of walls that stand under an error status, in lower case.
const WALL_WORDS: &[&str] = &[
    "just a moment",
    "attention required",
    "captcha",
    "cf-chl",
    "challenge-platform",
    "checking your browser",
    "are you a robot",
    "verify you are human",
    "unusual traffic",
    "_incapsula_resource",
    "ddos protection by",
    "enable javascript and cookies",
];
/// Titles of walls that stand under a 200. Ordinary pages hold the other words, too: many carry a
/// captcha in a form.
const WALL_TITLES: &[&str] = &["<title>just a moment", "<title>attention required! | cloudflare"];

/// Tells whether an answer is a wall. Cloudflare says so in a header (miniflux looks at it as well).
pub(super) fn is_wall(status: u16, headers: &BTreeMap<String, String>, body: &[u8]) -> bool {
    if headers.get("cf-mitigated").is_some_and(|v| v.trim().eq_ignore_ascii_case("challenge")) {
        return true;
    }
    let words = match status {
        200 => WALL_TITLES,
        401 | 403 | 405 | 406 | 429 | 503 => WALL_WORDS,
        _ => return false,
    };
    let head = body.get(..body.len().min(HEAD_BYTES)).unwrap_or_default();
    let head = String::from_utf8_lossy(head).to_lowercase();
    words.iter().any(|w| head.contains(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walls_are_known() {
        let cases: [(u16, Option<&str>, &str, bool, &str); 8] = [
            (403, Some("challenge"), "", true, "the header is enough"),
            (200, Some("challenge"), "<html>", true, "also under a 200"),
            (503, None, "<html><title>Just a moment...</title>", true, ""),
            (403, None, "<h1>Attention Required!</h1>", true, ""),
            (403, None, "<h1>Forbidden</h1>", false, "a plain no"),
            (200, None, "<form><div class=g-recaptcha></div></form>", false, "an ordinary page with a form"),
            (200, None, "<TITLE>Just a moment...</TITLE>", true, ""),
            (500, None, "captcha", false, "a fault of the host"),
        ];
        for (status, header, body, want, note) in cases {
            let headers: BTreeMap<String, String> =
                header.map(|h| ("cf-mitigated".to_owned(), h.to_owned())).into_iter().collect();
            assert_eq!(is_wall(status, &headers, body.as_bytes()), want, "{status} {body} {note}");
        }
    }
}
