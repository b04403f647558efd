//! Addresses that try to reach what is not theirs.

use super::bench::{Desk, MONTH};
use crate::support::block_on;

/// What stands in files of the home and in no page that is answered here.
const INSIDE: [&str; 4] = ["[[source]]", "base-url", "query-file", "SQLite format"];

/// Addresses that there are not, `M` for the month.
const NOWHERE: &[&str] = &[
    "/assets/",
    "/assets",
    "/assets/nothing.css",
    "/assets/desk.html",
    "/assets/DESK.CSS",
    "/assets/desk.css%00",
    "/assets/desk.css/",
    "/assets/./desk.html",
    "/assets/../feeds.toml",
    "/assets/..%2f..%2ffeeds.toml",
    "/assets/..%2F..%2Ffeeds.toml",
    "/assets/%2e%2e%2ffeeds.toml",
    "/assets/%2e%2e/feeds.toml",
    "/assets/..%5c..%5cfeeds.toml",
    "/assets/..\\..\\feeds.toml",
    "/assets/....//feeds.toml",
    "/assets/%252e%252e%252ffeeds.toml",
    "/assets/..%c0%affeeds.toml",
    "/assets/..%u2215feeds.toml",
    "/assets/%2fetc%2fpasswd",
    "/assets//etc/passwd",
    "/assets/C:%5cwindows%5cwin.ini",
    "/assets/file:%2f%2f%2fetc%2fpasswd",
    "/m/M/out/..%2f..%2ffeeds.toml",
    "/m/M/out/../../feeds.toml",
    "/m/M/out/%2e%2e%2f%2e%2e%2ffeeds.toml",
    "/m/M/out/..%2fM%2femail.html",
    "/m/M/out/.%2femail.html",
    "/m/M/out/email.html%00.txt",
    "/m/M/out/email.html%20",
    "/m/M/out/EMAIL.HTML",
    "/m/M/out/",
    "/m/M/out",
    "/m/M/preview/..%2femail",
    "/m/M/preview/Email",
    "/m/M/history/-1",
    "/m/M/history/0",
    "/m/M/history/99999999999999999999999",
    "/m/M/history/18446744073709551615",
    "/m/M/history/9223372036854775808",
    "/m/M/history/1%00",
    "/m/M/history/1e0",
    "/m/M/history/%d9%a1",
    "/jobs/0",
    "/jobs/-1",
    "/jobs/x",
    "/jobs/18446744073709551616",
    "/m/..%2fx/",
    "/m/../x/",
    "/m/..%2f..%2ffeeds/",
    "/m/%2e%2e/",
    "/m/2026-13/",
    "/m/2026-00/",
    "/m/2026-9/",
    "/m/2026-09-01/",
    "/m/2026-09%00/",
    "/m/2026-09%0a/",
    "/m/%202026-09/",
    "/m/+2026-09/",
    "/m/-2026-09/",
    "/m/20260-9/",
    "/m/%d9%a2026-09/",
    "/m/2026%e2%80%9309/",
    "/m/99999-12/",
    "/m//",
    "/m/%ff/",
    "/m/M/paper/",
    "/m/M/paper/%00",
    "/m/M/paper/%ff%fe",
    "/m/M/paper/%",
    "/m/M/paper/%zz",
    "/m/M/paper/..%2f..%2f..%2ffeeds.toml",
    "/m/M/paper/%e2%80%ae",
    "/m/M/paper/w-nothing",
    "/m/M/nothing",
    "/m/M/state/",
    "/.git/config",
    "/feeds.toml",
    "/data/roundup.db",
    "/drafts/M.toml",
    "/index.html",
    "/%2e",
    "/%2f",
    "//",
    "/%00",
    "/%ff",
    "/robots.txt",
    "/sources/",
    "/enter/",
    "/enter",
];

#[test]
fn only_what_is_named_can_be_had() {
    block_on(async {
        let desk = Desk::open().await;
        for path in NOWHERE {
            let path = path.replace("/M/", &format!("/{MONTH}/")).replace("M%2f", &format!("{MONTH}%2f"));
            let answer = desk.get(&path).await;
            assert!(matches!(answer.status, 400 | 404), "{path}: {} {}", answer.status, answer.body);
            assert_eq!(answer.all("content-type"), ["text/html; charset=utf-8"], "{path}: a page, {}", answer.body);
            assert!(answer.body.contains("</html>"), "{path}: a page");
            assert_eq!(answer.all("x-content-type-options"), ["nosniff"], "{path}");
            assert!(INSIDE.iter().all(|words| !answer.body.contains(words)), "{path}: {}", answer.body);
        }
        for (name, kind) in [
            ("desk.css", "text/css; charset=utf-8"),
            ("desk.js", "text/javascript; charset=utf-8"),
            ("icon.svg", "image/svg+xml"),
        ] {
            let answer = desk.get(&format!("/assets/{name}")).await;
            assert_eq!((answer.status, answer.all("content-type")), (200, vec![kind]), "{name}");
        }
        let file = desk.get(&desk.at("out/items.csv")).await;
        assert_eq!(file.status, 200);
        let as_file = format!("attachment; filename=\"{MONTH}-items.csv\"");
        assert_eq!(file.all("content-disposition"), [as_file.as_str()]);
    });
}

#[test]
fn very_long_addresses_and_bytes_that_are_no_address_are_answered() {
    block_on(async {
        let desk = Desk::open().await;
        let long = "x".repeat(10_000);
        let dots = "../".repeat(3_000);
        let percent = "%2e%2e%2f".repeat(1_000);
        for path in [
            format!("/{long}"),
            format!("/m/{long}/"),
            desk.at(&format!("paper/{long}")),
            desk.at(&format!("paper/{percent}")),
            desk.at(&format!("out/{long}")),
            desk.at(&format!("history/{}", "9".repeat(10_000))),
            format!("/assets/{dots}feeds.toml"),
            format!("/assets/{percent}feeds.toml"),
            format!("/jobs/{}", "1".repeat(10_000)),
        ] {
            let answer = desk.get(&path).await;
            assert!(matches!(answer.status, 400 | 404 | 414), "{path:.60}: {}", answer.status);
            assert!(INSIDE.iter().all(|words| !answer.body.contains(words)), "{path:.60}");
            assert!(answer.body.len() < 20_000, "{path:.60}: what is said does not repeat all of it");
        }
        let (host, cookie) = (desk.host(), desk.cookie());
        let head = format!("HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
        for bytes in [
            &b"/\xff\xfe"[..],
            b"/m/2026-09/paper/\xc3\x28",
            b"/m/2026-09/\x00",
            b"/m/2026-09/\x01\x02",
            b"/m/2026-09/ ",
            b"m/2026-09/",
            b"*",
            b"",
            b"http://",
            b"/m/2026-09/\r\nX: y",
        ] {
            let request = [b"GET ", bytes, b" ", head.as_bytes()].concat();
            let answer = desk.raw(&request).await;
            let what = String::from_utf8_lossy(bytes).into_owned();
            assert!(matches!(answer.status, 400 | 403 | 404), "{what:?}: {}", answer.status);
        }
        assert_eq!(desk.get(&desk.at("")).await.status, 200, "the desk still answers");
    });
}

#[test]
fn months_without_a_draft_have_pages_that_say_so() {
    block_on(async {
        let desk = Desk::open().await;
        for month in ["2026-12", "2020-01", "1950-01", "9999-12"] {
            for page in ["", "letter", "add", "preview", "check", "render", "history", "state"] {
                let answer = desk.get(&format!("/m/{month}/{page}")).await;
                assert!(matches!(answer.status, 200 | 303 | 404), "{month} {page}: {} {}", answer.status, answer.body);
            }
            for page in ["preview/email", "history/1", "out/email.html", "paper/x"] {
                let answer = desk.get(&format!("/m/{month}/{page}")).await;
                assert_eq!(answer.status, 404, "{month} {page}: {}", answer.body);
            }
            for (page, pairs) in [
                ("", [("keep", "x"), ("seen", "")]),
                ("letter", [("note", "x"), ("seen", "y")]),
                ("paper/x", [("title", "x"), ("seen", "")]),
            ] {
                let answer = desk.post(&format!("/m/{month}/{page}"), &pairs).await;
                assert!(matches!(answer.status, 404 | 422), "{month} {page}: {} {}", answer.status, answer.body);
                assert!(answer.body.contains("no draft"), "{month} {page}: {}", answer.body);
            }
        }
    });
}
