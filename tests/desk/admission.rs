//! Who is let in, over the wire: every address of the desk against everybody else.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::bench::{Answer, Desk, MONTH, TOKEN, form};
use crate::support::block_on;

/// An address of the desk: as `src/desk/routes.rs` writes it, one that there is, whether it can be looked at, whether
/// it takes changes. `ID` stands for a paper of the draft.
type Route = (&'static str, &'static str, bool, bool);

/// All of them.
const ROUTES: &[Route] = &[
    ("/", "/", true, false),
    ("/months", "/months", true, false),
    ("/sources", "/sources", true, true),
    ("/search", "/search?q=depression", true, false),
    ("/jobs/{number}", "/jobs/1", true, false),
    ("/enter/{token}", "/enter/TOKEN", true, false),
    ("/assets/{name}", "/assets/desk.css", true, false),
    ("/favicon.ico", "/favicon.ico", true, false),
    ("/m/{month}/", "/m/2026-09/", true, true),
    ("/m/{month}", "/m/2026-09", true, false),
    ("/state", "/m/2026-09/state", true, false),
    ("/undo", "/m/2026-09/undo", false, true),
    ("/draft", "/m/2026-09/draft", false, true),
    ("/paper/{id}", "/m/2026-09/paper/ID", true, true),
    ("/paper/{id}/tag", "/m/2026-09/paper/ID/tag", false, true),
    ("/paper/{id}/same", "/m/2026-09/paper/ID/same", false, true),
    ("/paper/{id}/add", "/m/2026-09/paper/ID/add", false, true),
    ("/letter", "/m/2026-09/letter", true, true),
    ("/add", "/m/2026-09/add", true, true),
    ("/preview", "/m/2026-09/preview", true, false),
    ("/preview/state", "/m/2026-09/preview/state", true, false),
    ("/preview/{part}", "/m/2026-09/preview/email", true, false),
    ("/check", "/m/2026-09/check", true, true),
    ("/render", "/m/2026-09/render", true, true),
    ("/publish", "/m/2026-09/publish", false, true),
    ("/out/{name}", "/m/2026-09/out/email.html", true, false),
    ("/history", "/m/2026-09/history", true, true),
    ("/history/{number}", "/m/2026-09/history/1", true, false),
];

/// What every answer says.
const HEADERS: [&str; 7] = [
    "content-security-policy",
    "x-content-type-options",
    "cache-control",
    "referrer-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
];

#[test]
fn no_route_is_forgotten() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/desk/routes.rs");
    let text = fs::read_to_string(path).unwrap();
    let mut there = BTreeSet::new();
    for piece in text.split(".route(").skip(1) {
        let (_, rest) = piece.split_once('"').unwrap();
        let (route, handlers) = rest.split_once('"').unwrap();
        let handlers = handlers.split(".layer(").next().unwrap().split(';').next().unwrap();
        there.insert((route.to_owned(), handlers.contains("get("), handlers.contains("post(")));
    }
    let listed = ROUTES.iter().map(|(route, _, look, change)| ((*route).to_owned(), *look, *change)).collect();
    assert_eq!(there, listed, "an address of the desk is not tested here, or is no more");
    assert_eq!(there.len(), ROUTES.len());
}

/// Somebody who must not get in: what it is, the request line's host (`None` for a plain path), the headers. `HOST`,
/// `PORT` and `COOKIE` stand for the desk's own; whether the entrance lets a look with the right token in.
type Intruder = (&'static str, Option<&'static str>, &'static [(&'static str, &'static str)], bool);

/// Everybody who must not get in, neither for a look nor for a change.
const INTRUDERS: &[Intruder] = &[
    ("no cookie", None, &[("Host", "HOST"), ("Origin", "http://HOST")], true),
    ("an empty cookie", None, &[("Host", "HOST"), ("Cookie", ""), ("Origin", "http://HOST")], true),
    ("a wrong cookie", None, &[("Host", "HOST"), ("Cookie", "roundup-desk-PORT=x"), ("Origin", "http://HOST")], true),
    ("a cookie of another port", None, &[("Host", "HOST"), ("Cookie", "roundup-desk-1=k3y")], true),
    (
        "a foreign host",
        None,
        &[("Host", "evil.example"), ("Cookie", "COOKIE"), ("Origin", "http://evil.example")],
        false,
    ),
    (
        "a name made to point here",
        None,
        &[("Host", "evil.example:PORT"), ("Cookie", "COOKIE"), ("Origin", "http://evil.example:PORT")],
        false,
    ),
    ("no host", None, &[("Cookie", "COOKIE"), ("Origin", "http://HOST")], false),
    ("an empty host", None, &[("Host", ""), ("Cookie", "COOKIE"), ("Origin", "http://HOST")], false),
    (
        "two hosts, ours first",
        None,
        &[("Host", "HOST"), ("Host", "evil.example"), ("Cookie", "COOKIE"), ("Origin", "http://HOST")],
        false,
    ),
    (
        "two hosts, ours last",
        None,
        &[("Host", "evil.example"), ("Host", "HOST"), ("Cookie", "COOKIE"), ("Origin", "http://HOST")],
        false,
    ),
    (
        "our host twice",
        None,
        &[("Host", "HOST"), ("Host", "HOST"), ("Cookie", "COOKIE"), ("Origin", "http://HOST")],
        false,
    ),
    (
        "another host in the request line",
        Some("http://evil.example"),
        &[("Host", "HOST"), ("Cookie", "COOKIE"), ("Origin", "http://HOST")],
        false,
    ),
    (
        "ours as the user of another host in the request line",
        Some("http://HOST@evil.example"),
        &[("Host", "HOST"), ("Cookie", "COOKIE"), ("Origin", "http://HOST")],
        false,
    ),
    ("a foreign page", None, &[("Host", "HOST"), ("Cookie", "COOKIE"), ("Origin", "http://evil.example")], true),
    (
        "our name on another port",
        None,
        &[("Host", "HOST"), ("Cookie", "COOKIE"), ("Origin", "http://127.0.0.1:1")],
        true,
    ),
    ("a page from nowhere", None, &[("Host", "HOST"), ("Cookie", "COOKIE"), ("Origin", "null")], true),
    (
        "another port of this computer, as browsers tell it",
        None,
        &[("Host", "HOST"), ("Cookie", "COOKIE"), ("Sec-Fetch-Site", "same-site")],
        true,
    ),
    (
        "another site, as browsers tell it",
        None,
        &[("Host", "HOST"), ("Cookie", "COOKIE"), ("Sec-Fetch-Site", "cross-site")],
        true,
    ),
    (
        "another site that says it were ours",
        None,
        &[("Host", "HOST"), ("Cookie", "COOKIE"), ("Origin", "http://HOST"), ("Sec-Fetch-Site", "cross-site")],
        true,
    ),
    (
        "a foreign page beside ours",
        None,
        &[("Host", "HOST"), ("Cookie", "COOKIE"), ("Origin", "http://HOST"), ("Origin", "http://evil.example")],
        true,
    ),
];

/// Who may look but change nothing: what does not say where it comes from.
const LOOKERS: &[Intruder] = &[
    ("a program that says nothing", None, &[("Host", "HOST"), ("Cookie", "COOKIE")], true),
    ("an address that was typed", None, &[("Host", "HOST"), ("Cookie", "COOKIE"), ("Sec-Fetch-Site", "none")], true),
];

/// Sends a request as an intruder does.
async fn intrude(desk: &Desk, method: &str, path: &str, who: &Intruder, body: &str) -> Answer {
    let own = |text: &str| {
        let text = text.replace("HOST", &desk.host()).replace("PORT", &desk.address.port().to_string());
        text.replace("COOKIE", &desk.cookie())
    };
    let headers: Vec<(&str, String)> = who.2.iter().map(|(name, value)| (*name, own(value))).collect();
    let mut headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    headers.push(("Content-Type", "application/x-www-form-urlencoded"));
    let line = format!("{method} {}{path} HTTP/1.1", who.1.map(own).unwrap_or_default());
    desk.send(&line, &headers, body).await
}

/// Asserts that an answer is a refusal that tells nothing of what is here.
fn assert_refused(desk: &Desk, answer: &Answer, secrets: &[String], what: &str) {
    assert_eq!(answer.status, 403, "{what}: {}", answer.body);
    assert_dressed(answer, what);
    assert_eq!(answer.all("set-cookie"), [""; 0], "{what}");
    for secret in secrets {
        assert!(!answer.body.contains(secret.as_str()), "{what}: tells {secret}");
    }
    assert!(!answer.body.contains(&*desk.bench.path().to_string_lossy()), "{what}: tells where the home lies");
}

/// Asserts that an answer has every header of every answer, once.
fn assert_dressed(answer: &Answer, what: &str) {
    for name in HEADERS {
        assert_eq!(answer.all(name).len(), 1, "{what}: {name}");
    }
    let policy = answer.all("content-security-policy")[0];
    assert!(policy.starts_with("default-src 'none'"), "{what}: {policy}");
    assert!(policy.contains("frame-ancestors 'none'") || policy.contains("frame-ancestors 'self'"), "{what}: {policy}");
    assert_eq!(answer.all("x-content-type-options"), ["nosniff"], "{what}");
    assert_eq!(answer.all("cache-control"), ["no-store"], "{what}");
    assert_eq!(answer.all("referrer-policy"), ["same-origin"], "{what}");
}

/// Returns what must never be told to whoever is not let in: words of the draft, of the settings, and the key.
fn secrets(desk: &Desk) -> Vec<String> {
    let draft = desk.draft();
    let mut out: Vec<String> = draft.items.iter().flat_map(|i| [i.id.clone(), i.title.clone()]).collect();
    out.extend(draft.candidates.iter().map(|c| c.title.clone()));
    out.extend(
        ["Perinatal Mental Health Community", "September 2026", "placeholder-psychiatry", TOKEN].map(str::to_owned),
    );
    out
}

/// Returns a form that would change something at every address.
fn anything(desk: &Desk, id: &str) -> String {
    form(&[
        ("seen", &desk.sum()),
        ("drop", id),
        ("title", "Changed by an intruder"),
        ("subject", "Changed by an intruder"),
        ("kind", "own"),
        ("section", "more"),
        ("number", "1"),
        ("add", "country:KE"),
        ("other", id),
        ("answer", "same"),
    ])
}

#[test]
fn nobody_else_sees_or_changes_anything_at_any_address() {
    block_on(async {
        let desk = Desk::open().await;
        let id = desk.draft().items[0].id.clone();
        let (secrets, body) = (secrets(&desk), anything(&desk, &id));
        let before = desk.everything();
        let mut asked = 0;
        for (route, path, look, change) in ROUTES {
            let path = path.replace("ID", &id).replace("TOKEN", TOKEN);
            let is_entrance = route.starts_with("/enter");
            for who in INTRUDERS {
                for method in ["GET", "HEAD", "POST"] {
                    let what = format!("{method} {route} by {}", who.0);
                    let answer = intrude(&desk, method, &path, who, if method == "POST" { &body } else { "" }).await;
                    asked += 1;
                    // Looks and script hold nothing of anybody's: a page that refuses has them too.
                    if route.starts_with("/assets") && who.0.contains("cookie") && method != "POST" {
                        assert_eq!(answer.status, 200, "{what}");
                    } else if is_entrance && who.3 && method != "POST" {
                        assert_eq!(answer.status, 303, "{what}: the token itself is enough");
                    } else {
                        assert_refused(&desk, &answer, &secrets, &what);
                    }
                }
            }
            for who in LOOKERS {
                let what = format!("{route} by {}", who.0);
                let changed = intrude(&desk, "POST", &path, who, &body).await;
                assert_refused(&desk, &changed, &secrets, &format!("POST {what}"));
                asked += 1;
            }
            assert!(*look || *change, "{route}");
        }
        assert_eq!(desk.everything(), before, "a refused request changed the home");
        assert!(asked > 1_500, "{asked}");

        // The same by the desk's own page is answered, and does change: so the comparison can fail.
        let owned =
            desk.ask("POST", &desk.at(""), &[("Content-Type", "application/x-www-form-urlencoded")], &body).await;
        assert_eq!(owned.status, 303, "{}", owned.body);
        assert_ne!(desk.everything(), before);
    });
}

#[test]
fn the_owner_is_answered_everywhere_and_every_answer_is_dressed() {
    block_on(async {
        let desk = Desk::open().await;
        let id = desk.draft().items[0].id.clone();
        let begun = desk.post(&desk.at("check"), &[]).await;
        assert_eq!(begun.leads_to(), "/jobs/1", "a job to look at");
        for (route, path, look, _) in ROUTES.iter().filter(|r| r.2) {
            let path = path.replace("ID", &id).replace("TOKEN", TOKEN);
            let (shown, headed) = (desk.get(&path).await, desk.ask("HEAD", &path, &[], "").await);
            assert!(*look && matches!(shown.status, 200 | 303), "{route}: {} {}", shown.status, shown.body);
            assert_dressed(&shown, route);
            assert_dressed(&headed, route);
            assert_eq!((headed.status, headed.body.as_str()), (shown.status, ""), "HEAD {route}");
            for who in LOOKERS {
                let looked = intrude(&desk, "GET", &path, who, "").await;
                assert_eq!(looked.status, shown.status, "{route} by {}", who.0);
            }
        }
    });
}

#[test]
fn other_methods_do_nothing() {
    block_on(async {
        let desk = Desk::open().await;
        let id = desk.draft().items[0].id.clone();
        let body = anything(&desk, &id);
        let before = desk.everything();
        for (route, path, look, change) in ROUTES {
            let path = path.replace("ID", &id).replace("TOKEN", TOKEN);
            let mut methods = vec!["OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "CONNECT", "get", "GETT"];
            methods.extend((!look).then_some("GET"));
            methods.extend((!look).then_some("HEAD"));
            methods.extend((!change).then_some("POST"));
            for method in methods {
                let answer = desk.ask(method, &path, &[("X-Echo", "seen-by-nobody")], &body).await;
                let what = format!("{method} {route}");
                assert!(matches!(answer.status, 400 | 403 | 404 | 405), "{what}: {}", answer.status);
                assert!(!answer.body.contains("seen-by-nobody") && !answer.body.contains(TOKEN), "{what}: echoes");
                assert!(answer.all("access-control-allow-origin").is_empty(), "{what}");
                assert_eq!(answer.all("set-cookie"), [""; 0], "{what}");
            }
        }
        assert_eq!(desk.everything(), before);
    });
}

#[test]
fn only_the_token_opens_the_entrance() {
    block_on(async {
        let desk = Desk::open().await;
        let host = desk.host();
        let enter =
            async |token: &str| desk.send(&format!("GET /enter/{token} HTTP/1.1"), &[("Host", &host)], "").await;
        let in_it = enter(TOKEN).await;
        assert_eq!((in_it.status, in_it.leads_to()), (303, "/"));
        let port = desk.address.port();
        let cookies = in_it.all("set-cookie");
        assert_eq!(cookies[0], format!("roundup-desk-{port}={TOKEN}; Path=/; HttpOnly; SameSite=Strict"));
        // Which browser it is: chance letters that open nothing.
        let hand = cookies[1].strip_prefix(&format!("roundup-hand-{port}=")).expect("a hand");
        assert!(cookies.len() == 2 && hand.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookies:?}");
        let only = hand.split(';').next().unwrap_or_default();
        let pair = format!("roundup-hand-{port}={only}; roundup-desk-{port}={only}");
        let inside = desk.send("GET /months HTTP/1.1", &[("Host", &host), ("Cookie", &pair)], "").await;
        assert_eq!(inside.status, 403, "the hand opens nothing");
        assert_dressed(&in_it, "the entrance");
        let upper = TOKEN.to_uppercase();
        let longer = format!("{TOKEN}x");
        let long = "x".repeat(20_000);
        let wrong = [
            "",
            "x",
            "WRONG",
            &TOKEN[1..],
            &upper,
            &longer,
            "%00",
            "%FF",
            "..%2f",
            "k3y%0d%0aSet-Cookie:%20a=b",
            &long,
        ];
        for token in wrong {
            let answer = enter(token).await;
            let what = format!("{token:.40}");
            assert!(matches!(answer.status, 400 | 403 | 404 | 414), "{what}: {}", answer.status);
            assert_eq!(answer.all("set-cookie"), [""; 0], "{what}");
            assert!(!answer.body.contains(TOKEN), "{what}");
        }
        // What only begins as the entrance is not let in without the cookie.
        for path in [
            format!("/enter/../m/{MONTH}/"),
            format!("/enter/..%2fm/{MONTH}/"),
            format!("/enter/{TOKEN}/../../m/{MONTH}/"),
            format!("/enter//m/{MONTH}/"),
            format!("//enter/x/m/{MONTH}/"),
        ] {
            let answer = desk.send(&format!("GET {path} HTTP/1.1"), &[("Host", &host)], "").await;
            assert!(matches!(answer.status, 400 | 403 | 404), "{path}: {}", answer.status);
            assert!(secrets(&desk).iter().all(|s| !answer.body.contains(s.as_str())), "{path}: {}", answer.body);
        }
    });
}

/// Hosts that are not the desk's, over the wire; `P` stands for its port.
const HOSTS: [&str; 40] = [
    "127.0.0.1",
    "localhost",
    "127.0.0.1:1",
    "127.0.0.1:0P",
    "127.0.0.1:P.",
    "127.0.0.1.:P",
    "localhost.:P",
    "127.0.0.1.evil.example:P",
    "127.0.0.1:P.evil.example",
    "localhost.evil.example:P",
    "evil.example:P",
    "evil.example",
    "evil.example:P@127.0.0.1:P",
    "127.0.0.1:P@evil.example",
    "127.0.0.1:P#evil.example",
    "127.0.0.1:P/evil.example",
    "127.0.0.1:P?evil.example",
    "127.0.0.1:P\\evil.example",
    "127.1:P",
    "127.0.0.2:P",
    "127.000.000.001:P",
    "2130706433:P",
    "0x7f000001:P",
    "0177.0.0.1:P",
    "0.0.0.0:P",
    "0:P",
    "[::]:P",
    "[::1]:P",
    "[::ffff:127.0.0.1]:P",
    "[0:0:0:0:0:0:0:1]:P",
    "127.0.0.1:P,evil.example",
    "127.0.0.1:P evil.example",
    "127.0.0.1:P\tevil.example",
    "http://127.0.0.1:P",
    "127.0.0.1%00:P",
    "%31%32%37.0.0.1:P",
    "lоcalhost:P",
    "①②⑦.0.0.1:P",
    "127。0。0。1:P",
    "localhost:P:P",
];

/// Origins that are not the desk's page.
const ORIGINS: [&str; 22] = [
    "null",
    "NULL",
    "http://localhost:P",
    "http://127.0.0.1",
    "http://127.0.0.1:1",
    "https://127.0.0.1:P",
    "http://127.0.0.1:P.evil.example",
    "http://127.0.0.1.evil.example:P",
    "http://evil.example",
    "http://evil.example:P",
    "http://evil.example/http://127.0.0.1:P",
    "http://127.0.0.1:P@evil.example",
    "http://127.0.0.1:P/",
    "http://127.0.0.1:P http://evil.example",
    "http://127.0.0.1:P,http://evil.example",
    "http://127.0.0.1:P#",
    "http:127.0.0.1:P",
    "//127.0.0.1:P",
    "127.0.0.1:P",
    "file://",
    "chrome-extension://abcdefghijklmnop",
    "http://[::1]:P",
];

#[test]
fn foreign_hosts_and_origins_of_every_form_are_refused_over_the_wire() {
    block_on(async {
        let desk = Desk::open().await;
        let id = desk.draft().items[0].id.clone();
        let (secrets, body) = (secrets(&desk), form(&[("seen", &desk.sum()), ("drop", &id)]));
        let port = desk.address.port().to_string();
        let (own, cookie) = (desk.host(), desk.cookie());
        let before = desk.everything();
        for host in HOSTS.map(|h| h.replace('P', &port)) {
            for method in ["GET", "POST"] {
                let origin = format!("http://{host}");
                let headers = [("Host", host.as_str()), ("Cookie", &cookie), ("Origin", &origin)];
                let kind = ("Content-Type", "application/x-www-form-urlencoded");
                let all = [&headers[..], &[kind]].concat();
                let answer = desk.send(&format!("{method} {} HTTP/1.1", desk.at("")), &all, &body).await;
                assert_refused(&desk, &answer, &secrets, &format!("{method} at the host {host}"));
            }
        }
        for origin in ORIGINS.map(|o| o.replace('P', &port)) {
            for site in [None, Some("same-origin"), Some("none")] {
                let mut headers = vec![("Host", own.as_str()), ("Cookie", &cookie), ("Origin", &origin)];
                headers.push(("Content-Type", "application/x-www-form-urlencoded"));
                headers.extend(site.map(|s| ("Sec-Fetch-Site", s)));
                let answer = desk.send(&format!("POST {} HTTP/1.1", desk.at("")), &headers, &body).await;
                assert_refused(&desk, &answer, &secrets, &format!("from {origin}, {site:?}"));
            }
        }
        assert_eq!(desk.everything(), before);
        let localhost = format!("localhost:{port}");
        let page = format!("http://{localhost}");
        let headers = [("Host", localhost.as_str()), ("Cookie", &cookie), ("Origin", &page)];
        let answer = desk.send(&format!("GET {} HTTP/1.1", desk.at("")), &headers, "").await;
        assert_eq!(answer.status, 200, "the other name of this computer is ours");
    });
}
