//! Forms of hosts and origins; all foreign ones are refused.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

use super::*;

const TOKEN: &str = "0123456789abcdef";

fn guard() -> Guard {
    let hosts = ["127.0.0.1:8571", "localhost:8571", "[::1]:8571"];
    Guard::new(&hosts.map(str::to_owned), &["desk.example.org".to_owned()], 8571, TOKEN.into())
}

/// Returns how a request with these headers and the right cookie is met.
fn met(method: &Method, line: &str, headers: &[(&str, &str)]) -> Result<(), Refusal> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a name");
        map.append(name, HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
    }
    map.append("cookie", HeaderValue::from_static("a=b; roundup-desk-8571=0123456789abcdef"));
    guard().check(method, &line.parse::<Uri>().expect("an address"), &map, false)
}

#[test]
fn only_the_desks_own_hosts_are_answered() {
    for (host, is_ours, note) in [
        ("127.0.0.1:8571", true, "as printed"),
        ("localhost:8571", true, "as people type it"),
        ("LOCALHOST:8571", true, "names have no case"),
        ("[::1]:8571", true, "the same in the sixth version"),
        ("desk.example.org", true, "through a server of one's own"),
        ("desk.example.org:8571", false, "not past that server"),
        ("127.0.0.1", false, "another port (80)"),
        ("127.0.0.1:8572", false, "another port"),
        ("127.0.0.1:08571", false, "not as it is written"),
        ("127.0.0.1:8571.", false, ""),
        ("127.0.0.1.:8571", false, "a dot at the end is another name to the letter"),
        ("localhost.:8571", false, ""),
        ("127.0.0.1.evil.example:8571", false, "begins as ours"),
        ("127.0.0.1:8571.evil.example", false, "begins as ours with the port"),
        ("localhost.evil.example:8571", false, ""),
        ("evil.example:8571", false, "a name that was made to point here"),
        ("evil.example", false, ""),
        ("evil.example:8571@127.0.0.1:8571", false, "looks as if it ended with ours"),
        ("127.0.0.1:8571@evil.example", false, ""),
        ("127.1:8571", false, "a short form"),
        ("127.0.0.2:8571", false, "another address of this computer"),
        ("2130706433:8571", false, "the address as one number"),
        ("0x7f000001:8571", false, ""),
        ("0177.0.0.1:8571", false, ""),
        ("0.0.0.0:8571", false, "reaches this computer on some systems"),
        ("[::]:8571", false, ""),
        ("[::ffff:127.0.0.1]:8571", false, ""),
        ("[0:0:0:0:0:0:0:1]:8571", false, "the long form"),
        ("127.0.0.1:8571,evil.example", false, "two in one"),
        ("127.0.0.1:8571 evil.example", false, ""),
        (" 127.0.0.1:8571", false, ""),
        ("http://127.0.0.1:8571", false, ""),
        ("", false, "none"),
        ("lоcalhost:8571", false, "a Cyrillic letter"),
    ] {
        let met = met(&Method::GET, "/", &[("host", host)]);
        assert_eq!(met, if is_ours { Ok(()) } else { Err(Refusal::Host) }, "{host}: {note}");
    }
    let twice = [("host", "127.0.0.1:8571"), ("host", "evil.example")];
    assert_eq!(met(&Method::GET, "/", &twice), Err(Refusal::Host), "two hosts");
    assert_eq!(met(&Method::GET, "/", &[]), Err(Refusal::Host), "no host");
    let line = "http://evil.example/";
    assert_eq!(met(&Method::GET, line, &[("host", "127.0.0.1:8571")]), Err(Refusal::Host), "the line says another");
}

#[test]
fn only_the_desks_own_pages_change_anything() {
    let host = ("host", "127.0.0.1:8571");
    for (headers, looks, changes, note) in [
        (vec![], true, false, "a program that says nothing may look; it has the token"),
        (vec![("origin", "http://127.0.0.1:8571")], true, true, "our own page"),
        (vec![("sec-fetch-site", "same-origin")], true, true, "our own page, said in the other way"),
        (vec![("origin", "http://127.0.0.1:8571"), ("sec-fetch-site", "same-origin")], true, true, "both"),
        (vec![("sec-fetch-site", "none")], true, false, "an address that was typed"),
        (vec![("origin", "http://127.0.0.1:8571"), ("sec-fetch-site", "cross-site")], false, false, "two stories"),
        (vec![("origin", "null")], false, false, "a sandboxed frame, a file"),
        (vec![("origin", "")], false, false, ""),
        (vec![("origin", "http://localhost:8571")], false, false, "our other name, but not the page's own"),
        (vec![("origin", "http://127.0.0.1:8572")], false, false, "another program's port"),
        (vec![("origin", "http://127.0.0.1")], false, false, ""),
        (vec![("origin", "https://127.0.0.1:8571")], false, false, "another scheme"),
        (vec![("origin", "http://127.0.0.1:8571.evil.example")], false, false, "begins as ours"),
        (vec![("origin", "http://evil.example")], false, false, ""),
        (vec![("origin", "http://evil.example:8571")], false, false, ""),
        (vec![("origin", "http://127.0.0.1:8571/")], false, false, "an origin has no path"),
        (vec![("origin", "http://127.0.0.1:8571 http://evil.example")], false, false, "a list"),
        (vec![("origin", "file://")], false, false, ""),
        (vec![("sec-fetch-site", "same-site")], false, false, "another port of localhost is the same site"),
        (vec![("sec-fetch-site", "cross-site")], false, false, ""),
        (vec![("sec-fetch-site", "SAME-ORIGIN")], false, false, "browsers write it small"),
        (vec![("origin", "http://127.0.0.1:8571"), ("origin", "http://evil.example")], false, false, "two origins"),
    ] {
        let with: Vec<(&str, &str)> = std::iter::once(host).chain(headers.iter().copied()).collect();
        let is_let = |method: &Method| met(method, "/", &with).is_ok();
        assert_eq!(is_let(&Method::GET), looks, "look {headers:?}: {note}");
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
            assert_eq!(is_let(&method), changes, "{method} {headers:?}: {note}");
        }
    }
}

#[test]
fn a_server_in_front_may_speak_https() {
    for (host, origin, is_let) in [
        ("desk.example.org", "https://desk.example.org", true),
        ("desk.example.org", "http://desk.example.org", true),
        ("desk.example.org", "https://127.0.0.1:8571", false),
        ("localhost:8571", "https://localhost:8571", false),
    ] {
        assert_eq!(met(&Method::POST, "/", &[("host", host), ("origin", origin)]).is_ok(), is_let, "{host} {origin}");
    }
}

#[test]
fn only_who_holds_the_token_is_let_in() {
    for (cookie, is_let, note) in [
        ("roundup-desk-8571=0123456789abcdef", true, ""),
        ("x=1; roundup-desk-8571=0123456789abcdef; y=2", true, "among others"),
        ("roundup-desk-8571=0123456789abcde", false, "cut"),
        ("roundup-desk-8571=0123456789abcdef0", false, "longer"),
        ("roundup-desk-8571=", false, "empty"),
        ("roundup-desk-8572=0123456789abcdef", false, "of another port's desk"),
        ("roundup-desk-8571", false, "no value"),
        ("", false, "none"),
    ] {
        let mut headers = HeaderMap::new();
        headers.append("host", HeaderValue::from_static("localhost:8571"));
        headers.append("cookie", HeaderValue::from_str(cookie).expect("a cookie"));
        let met = guard().check(&Method::GET, &Uri::from_static("/"), &headers, false);
        assert_eq!(met, if is_let { Ok(()) } else { Err(Refusal::Token) }, "{cookie}: {note}");
        let entrance = guard().check(&Method::GET, &Uri::from_static("/enter/x"), &headers, true);
        assert_eq!(entrance, Ok(()), "the entrance looks at the token itself");
        let posted = guard().check(&Method::POST, &Uri::from_static("/enter/x"), &headers, true);
        assert!(posted.is_err(), "the entrance takes no change");
    }
}
