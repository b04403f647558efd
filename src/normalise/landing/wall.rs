//! Pages that stand in the place of the page that was asked for, named as what they are.

use super::head::Head;
use crate::model::text::{fold, shorten};

/// How bytes of other files begin, and what they are.
const BEGINNINGS: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF file"),
    (b"PK\x03\x04", "a ZIP file or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "an RTF document"),
];

/// Titles, folded, that such pages have, and what they are. A title counts when it begins so.
const TITLES: &[(&str, &[&str])] = &[
    (
        "a bot wall (it wants a browser with a person before it)",
        &[
            "just a moment",
            "attention required",
            "are you a robot",
            "are you a human",
            "human verification",
            "security check",
            "security verification",
            "verifying you are human",
            "checking your browser",
            "ddos-guard",
            "bot verification",
            "client challenge",
            "making sure you're not a bot",
            "pardon our interruption",
            "request rejected",
            "validate user",
            "redirecting",
        ],
    ),
    (
        "a login page",
        &["log in", "login", "sign in", "signin", "connexion", "iniciar sesion", "anmelden", "institutional access"],
    ),
    ("a page that denies access", &["access denied", "403", "forbidden", "unauthorized", "not authorized", "blocked"]),
    (
        "a page that says \"not found\"",
        &[
            "404",
            "page not found",
            "not found",
            "error 404",
            "doi not found",
            "error: doi not found",
            "page introuvable",
            "page non trouvee",
            "pagina no encontrada",
            "pagina nao encontrada",
            "seite nicht gefunden",
            "pagina non trovata",
            "content not found",
            "we can't find",
            "sorry, we can",
            "oops",
            "410",
        ],
    ),
    (
        "a cookie wall",
        &[
            "cookie absent",
            "cookies required",
            "cookies are required",
            "cookie consent",
            "before you continue",
            "cookies disabled",
        ],
    ),
    (
        "an error page of the server",
        &[
            "500",
            "502",
            "503",
            "504",
            "bad gateway",
            "service unavailable",
            "internal server error",
            "server error",
            "error",
            "maintenance",
        ],
    ),
];

/// Words, folded, in the visible text of such pages. They count only on a page with little text.
const BODIES: &[(&str, &[&str])] = &[
    (
        "a bot wall (it wants a browser with a person before it)",
        &[
            "verify you are human",
            "verifying you are human",
            "are you a robot",
            "checking your browser",
            "enable javascript and cookies to continue",
            "unusual traffic",
            "complete the captcha",
            "confirm you are not a robot",
            "not a robot",
        ],
    ),
    (
        "a cookie wall",
        &[
            "cookies are disabled",
            "enable cookies",
            "cookies must be enabled",
            "accept cookies to continue",
            "accept all cookies",
        ],
    ),
    ("a page that denies access", &["access denied", "you don't have permission", "you do not have permission"]),
    (
        "a page that says \"not found\"",
        &["page not found", "could not be found", "cannot be found", "can't be found", "no longer available"],
    ),
    (
        "a page that shows nothing without JavaScript",
        &["enable javascript", "requires javascript", "javascript is disabled"],
    ),
];

/// Longest visible text of a wall, in characters; an article has more.
const WALL_CHARS_MAX: usize = 900;

/// Longest visible text of a page that is no more than a login form, in characters.
const LOGIN_CHARS_MAX: usize = 400;

/// Names bytes that are no page at all.
pub(super) fn file(bytes: &[u8]) -> Option<String> {
    BEGINNINGS.iter().find(|(begin, _)| bytes.starts_with(begin)).map(|(_, name)| (*name).to_owned())
}

/// Names a page that stands in the place of another; `None` when it seems to be what was wanted.
pub(super) fn page(head: &Head) -> Option<String> {
    let is_short = head.body.chars().count() <= WALL_CHARS_MAX;
    for title in [&head.title, &head.heading] {
        let folded = fold(title);
        // "Error rates of …" is a paper: the word must be all of the title or end at a joint.
        let begins = |word: &str| {
            folded.strip_prefix(word).is_some_and(|rest| {
                !rest.starts_with(|c: char| c.is_alphanumeric())
                    && (rest.split_whitespace().count() <= 4
                        || rest.trim_start().starts_with(['|', '-', ':', '.', ',']))
            })
        };
        let found = TITLES.iter().find(|(_, words)| words.iter().any(|w| begins(w)));
        if let Some((what, _)) = found.filter(|_| is_short || folded.split_whitespace().count() <= 6) {
            return Some(titled(what, title));
        }
    }
    if !is_short {
        return None;
    }
    let body = fold(&head.body);
    let found = BODIES.iter().find(|(_, words)| words.iter().any(|w| body.contains(w)));
    if let Some((what, _)) = found {
        return Some(titled(what, &head.title));
    }
    let is_form = head.has_password && head.body.chars().count() <= LOGIN_CHARS_MAX;
    is_form.then(|| titled("a login page", &head.title))
}

/// Returns what a page is with its title.
fn titled(what: &str, title: &str) -> String {
    if title.is_empty() { what.to_owned() } else { format!("{what}, titled \"{}\"", shorten(title, 80)) }
}
