//! Answers that are no feed, named as what they are.

use crate::model::text::{clean_line, shorten};
use crate::normalise::html;

/// How bytes of other files begin, and what they are.
const BEGINNINGS: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF file"),
    (b"\x4c\x6f\xa7\x94", "text in an EBCDIC encoding, which is not read"),
    (b"PK\x03\x04", "a ZIP file (or a Word, Excel or EPUB document)"),
    (b"\x1f\x8b", "gzip-compressed bytes that were not unpacked"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed bytes that were not unpacked"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a sound or picture file"),
    (b"\xd0\xcf\x11\xe0", "an old Microsoft Office document"),
    (b"SQLite format 3", "a SQLite database"),
    (b"{\\rtf", "an RTF document"),
];

/// How much of a page is looked at to tell what it is, in bytes.
const PAGE_BYTES: usize = 64 * 1024;

/// Words by which pages that are not the page asked for give themselves away, folded to lower
/// case, the surest first. Bot walls name themselves in scripts, logins in their forms.
const PAGES: &[(&str, &[&str])] = &[
    (
        "a bot wall (it wants a browser or a check that a person is there)",
        &[
            "just a moment...",
            "cf-chl",
            "challenge-platform",
            "attention required! | cloudflare",
            "_incapsula_resource",
            "px-captcha",
            "captcha-delivery.com",
            "g-recaptcha",
            "h-captcha",
            "are you a robot",
            "are you a human",
            "verify you are human",
            "verifying you are human",
            "checking your browser",
            "unusual traffic",
            "enable javascript and cookies",
            "anubis_challenge",
            "awswaf",
            "ddos-guard",
            "human verification",
            "robot or human",
            "that you're human",
            "that you are human",
            "enable js and disable any ad blocker",
            "client challenge",
            "pardon our interruption",
            "enable javascript to proceed",
        ],
    ),
    ("a page that denies access", &["access denied", "403 forbidden", "request blocked", "not authorized"]),
    (
        "a login page",
        &[
            "type=\"password\"",
            "type='password'",
            "type=password",
            "<title>log in",
            "<title>login",
            "<title>sign in",
            "<title>single sign-on",
            "<title>anmelden",
            "shibboleth",
            "openathens",
            "access through your institution",
        ],
    ),
    (
        "a page that says \"not found\"",
        &["404 not found", "page not found", "<title>404", "error 404", "410 gone", "<title>not found"],
    ),
    (
        "an error page of the server",
        &["bad gateway", "503 service", "gateway time", "500 internal server", "internal server error"],
    ),
    (
        "a page that says that maintenance is under way",
        &["site maintenance", "down for maintenance", "scheduled maintenance"],
    ),
];

/// Names bytes that are no text.
pub fn binary(bytes: &[u8]) -> Option<String> {
    BEGINNINGS.iter().find(|(begin, _)| bytes.starts_with(begin)).map(|(_, name)| format!("{name}, not a feed"))
}

/// Names an HTML page.
pub fn page(text: &str) -> String {
    let mut end = text.len().min(PAGE_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = text.get(..end).unwrap_or_default();
    let lower = head.to_lowercase();
    let kind = PAGES
        .iter()
        .find(|(_, words)| words.iter().any(|w| lower.contains(w)))
        .map_or("an HTML page", |(kind, _)| kind);
    let title = title_of(head).map(|t| format!(", titled \"{t}\"")).unwrap_or_default();
    format!("{kind}{title}, not a feed")
}

/// Returns the title of a page, shortened.
fn title_of(head: &str) -> Option<String> {
    let start = head.to_ascii_lowercase().find("<title")?;
    let (_, rest) = head.get(start..)?.split_once('>')?;
    let title = html::plain_line(rest.split("</").next()?);
    (!title.is_empty()).then(|| shorten(&title, 80))
}

/// Names an XML document by its outermost element (local name in lower case). `text` is what the
/// element holds, for messages of errors.
pub fn document(root: &str, text: &str) -> String {
    let said = shorten(&clean_line(text), 120);
    let message = if said.is_empty() { String::new() } else { format!(": {said}") };
    match root {
        "pubmedarticleset" | "pubmedarticle" | "pubmedbookarticle" | "medlinecitationset" => {
            "PubMed records (an EFetch answer), not a feed; `roundup parse` without --feed reads them".to_owned()
        }
        "esearchresult" => "a PubMed search answer (ESearch), not a feed".to_owned(),
        "esummaryresult" => "a PubMed summary answer (ESummary), not a feed".to_owned(),
        "elinkresult" | "einforesult" | "epostresult" | "efetchresult" => {
            "an answer of PubMed's E-utilities, not a feed".to_owned()
        }
        "opml" => "a list of feeds (OPML), not a feed itself".to_owned(),
        "urlset" | "sitemapindex" => "a site map, not a feed".to_owned(),
        "rdf" => "an RDF document without a channel or items, not a feed".to_owned(),
        "envelope" => "a SOAP answer, not a feed".to_owned(),
        "opensearchdescription" => "the description of a search form (OpenSearch), not a feed".to_owned(),
        "oai-pmh" => "an OAI-PMH answer, not a feed".to_owned(),
        "article" | "pmc-articleset" => "an article in XML, not a feed".to_owned(),
        "svg" => "an SVG picture, not a feed".to_owned(),
        "error" | "errors" | "exception" | "fault" => format!("an error message, not a feed{message}"),
        other => format!("an XML document <{}>, not a feed", shorten(&clean_line(other), 60)),
    }
}

/// Names text without any markup.
pub fn words(text: &str) -> String {
    let begins = |lines: &[&str]| lines.iter().any(|l| text.trim_start().starts_with(l));
    if begins(&["PMID- "]) {
        return "references in MEDLINE form (.nbib), not a feed".to_owned();
    }
    if begins(&["TY  - "]) {
        return "references in RIS form, not a feed".to_owned();
    }
    if text.trim_start().starts_with('@') && text.contains('{') && text.contains('=') {
        return "references in BibTeX form, not a feed".to_owned();
    }
    if text.trim_start().starts_with('<') {
        return "a document with no element in it, not a feed".to_owned();
    }
    format!("plain text, not a feed: \"{}\"", shorten(&clean_line(text.get(..2000).unwrap_or(text)), 80))
}

/// Names JSON that is no JSON Feed, with its message when it says it is an error.
pub fn json(value: &serde_json::Value) -> String {
    let message = ["error", "message", "detail", "errors", "title"].iter().find_map(|key| {
        let found = value.get(key)?;
        let text = found
            .as_str()
            .or_else(|| found.get("message")?.as_str())
            .or_else(|| found.get(0)?.get("message")?.as_str());
        Some(shorten(&clean_line(text?), 120))
    });
    match message {
        Some(message) => format!("a JSON answer that is no feed: {message}"),
        None => "JSON, but not a JSON Feed".to_owned(),
    }
}
