//! Answers that are not the page that was wanted: named, and no record made.

use super::super::read;

#[test]
fn what_stands_in_the_place_of_a_page_is_named() {
    // (id, answer, what it is)
    let cases: [(&str, &[u8], &str); 24] = [
        ("cloudflare", b"<title>Just a moment...</title><body>Enable JavaScript and cookies to continue</body>", "a bot wall"),
        ("attention", b"<title>Attention Required! | Cloudflare</title>", "a bot wall"),
        ("robot", b"<title>example.org</title><body><p>Are you a robot? Please complete the captcha.</p></body>", "a bot wall"),
        ("challenge", b"<title>Client Challenge</title>", "a bot wall"),
        ("redirecting", b"<title>Redirecting</title><body>one moment</body>", "a bot wall"),
        ("login", b"<title>Log in - Example Library</title><form><input type=password></form>", "a login page"),
        ("login-form", b"<title>Example Library</title><form>Your name <input name=u><input TYPE='Password'></form>", "a login page"),
        ("login-es", "<title>Iniciar sesión</title>".as_bytes(), "a login page"),
        ("login-og", b"<title>Sign in</title><meta property='og:title' content='Sign in'><meta property='og:type' content='article'>", "a login page"),
        ("denied", b"<title>Access Denied</title><body>You don't have permission</body>", "a page that denies access"),
        ("403", b"<html><head><title>403 Forbidden</title></head></html>", "a page that denies access"),
        ("404", b"<title>404 Not Found</title>", "a page that says \"not found\""),
        ("404-site", b"<title>Page not found | Example Alliance</title>", "a page that says \"not found\""),
        ("404-fr", "<title>Page non trouvée - Exemple</title>".as_bytes(), "a page that says \"not found\""),
        ("404-body", b"<title>Example</title><body>The page you asked for could not be found.</body>", "a page that says \"not found\""),
        ("doi", b"<title>Error: DOI Not Found</title><h1>DOI Not Found</h1>", "a page that says \"not found\""),
        ("cookies", b"<title>Cookie Absent</title>", "a cookie wall"),
        ("503", b"<title>503 Service Unavailable</title>", "an error page of the server"),
        ("javascript", b"<title>Example</title><body>You need to enable JavaScript to run this app.</body>", "a page that shows nothing without JavaScript"),
        ("pdf", b"%PDF-1.7 x", "a PDF file"),
        ("picture", b"\x89PNG\r\n", "a picture"),
        ("feed", b"<rss><channel><title>x</title></channel></rss>", "a feed, not the page of one paper"),
        ("json", b"{\"error\":\"no\"}", "data for programs (JSON), not a page"),
        ("empty", b" \n ", "an empty answer"),
    ];
    for (id, bytes, want) in cases {
        match read(bytes, None, "https://www.example.org/a", "added") {
            Err(not) => assert!(not.reason.starts_with(want), "{id}: {} is not {want}", not.reason),
            Ok(landing) => panic!("{id}: a record was made: {:?}", landing.record.title),
        }
    }
}

#[test]
fn other_answers_without_a_title_make_no_record() {
    for (id, bytes, want) in [
        ("xml", &b"<?xml version='1.0'?><data/>"[..], "an XML document, not a page"),
        ("text", b"hello there", "plain text, not a page: \"hello there\""),
        ("untitled", b"<html><body><p>text</p></body></html>", "a page without a title"),
    ] {
        let got = read(bytes, None, "https://www.example.org/a", "added").map(|l| l.record.title);
        assert_eq!(got.map_err(|n| n.reason), Err(want.to_owned()), "{id}");
    }
    let deep = "<div>".repeat(5_000);
    assert!(read(deep.as_bytes(), None, "https://www.example.org/a", "added").is_err());
}
