//! The message file as a strict reader of mail takes it (RFC 5322, 2045, 2046, 2047), and what its parts are.
//!
//! The reader here is our own and refuses whatever the standards do: mail programs and servers are kinder, each in
//! another way.

use roundup::render::{Target, Templates, email_parts};

use super::{RENDERED, months};

/// Longest line of a message without its end, in bytes (RFC 5322, 2.1.1).
const LINE_MAX: usize = 998;
/// Longest line of a quoted-printable body without its end, in bytes (RFC 2045, 6.7).
const CODED_LINE_MAX: usize = 76;
/// Headers that every message has, each once.
const HEADERS: [&str; 8] =
    ["From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "MIME-Version", "Content-Type"];

/// A message that was read.
#[derive(Debug)]
pub struct Message {
    /// Names and values, unfolded, in their order.
    headers: Vec<(String, String)>,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

impl Message {
    /// Returns the one value of a header; empty for none.
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
    }
}

/// Splits a text at the first place of a separator.
fn split<'a>(text: &'a str, at: &str, what: &str) -> Result<(&'a str, &'a str), String> {
    text.split_once(at).ok_or_else(|| format!("there is no {what}"))
}

/// Reads headers: names with their values on one line each.
fn headers(head: &str) -> Result<Vec<(String, String)>, String> {
    if !head.is_ascii() {
        return Err("a header is not ASCII".to_owned());
    }
    let unfolded = head.replace("\r\n ", " ");
    let mut out: Vec<(String, String)> = Vec::new();
    for line in unfolded.split("\r\n") {
        let (name, value) = split(line, ": ", "header with a name")?;
        let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_name || value.trim().is_empty() {
            return Err(format!("{line:?} is no header"));
        }
        if out.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            return Err(format!("{name} stands there twice"));
        }
        out.push((name.to_owned(), value.to_owned()));
    }
    Ok(out)
}

/// Returns what a quoted-printable body says.
fn decoded(body: &str) -> Result<String, String> {
    let mut out = Vec::new();
    for line in body.split_inclusive("\r\n") {
        let line = line.strip_suffix("\r\n").unwrap_or(line);
        if line.len() > CODED_LINE_MAX {
            return Err(format!("a coded line has {} bytes", line.len()));
        }
        if line.ends_with([' ', '\t']) {
            return Err(format!("a blank ends the line {line:?}, and may be lost on the way"));
        }
        let (line, end) = line.strip_suffix('=').map_or((line, &b"\r\n"[..]), |line| (line, b""));
        let mut bytes = line.bytes();
        while let Some(byte) = bytes.next() {
            out.push(match byte {
                b'=' => {
                    let digit = |b: Option<u8>| b.filter(|b| matches!(b, b'0'..=b'9' | b'A'..=b'F'));
                    let digits = digit(bytes.next()).zip(digit(bytes.next()));
                    let (high, low) = digits.ok_or_else(|| format!("= without two digits in {line:?}"))?;
                    let value = |b: u8| if b.is_ascii_digit() { b - b'0' } else { b - b'A' + 10 };
                    value(high) * 16 + value(low)
                }
                b' ' | b'\t' | b'!'..=b'~' => byte,
                _ => return Err(format!("a byte that must be coded stands in {line:?}")),
            });
        }
        out.extend_from_slice(end);
    }
    String::from_utf8(out).map(|text| text.replace("\r\n", "\n")).map_err(|e| e.to_string())
}

/// Returns the text of a part of a kind.
fn part(whole: &str, kind: &str) -> Result<String, String> {
    let (head, body) = split(whole, "\r\n\r\n", "end of a part's headers")?;
    let head = headers(head)?;
    let want = [("Content-Type", format!("text/{kind}; charset=utf-8"))];
    let want = want.into_iter().chain([("Content-Transfer-Encoding", "quoted-printable".to_owned())]);
    for (name, value) in want {
        if !head.contains(&(name.to_owned(), value.clone())) {
            return Err(format!("the part is not {value}: {head:?}"));
        }
    }
    decoded(body)
}

/// Reads a message of a text part and an HTML part.
///
/// # Errors
/// The first thing that the standards forbid.
pub fn read(bytes: &[u8]) -> Result<Message, String> {
    let whole = std::str::from_utf8(bytes).map_err(|e| e.to_string())?;
    let without_ends = whole.replace("\r\n", "");
    if without_ends.contains(['\r', '\n', '\0']) {
        return Err("a line ends otherwise than with CR LF".to_owned());
    }
    if let Some(line) = whole.split("\r\n").find(|line| line.len() > LINE_MAX) {
        return Err(format!("a line has {} bytes", line.len()));
    }
    let (head, body) = split(whole, "\r\n\r\n", "end of the headers")?;
    let headers = headers(head)?;
    if let Some(missing) = HEADERS.iter().find(|name| !headers.iter().any(|(n, _)| n == *name)) {
        return Err(format!("there is no {missing}"));
    }
    let kind = headers.iter().find(|(n, _)| n == "Content-Type").map_or("", |(_, v)| v);
    let boundary = kind.strip_prefix("multipart/alternative; boundary=\"").and_then(|rest| rest.strip_suffix('"'));
    let boundary =
        boundary.filter(|b| (1..=70).contains(&b.len())).ok_or_else(|| format!("{kind:?} has no boundary"))?;
    // The end of the line before a boundary belongs to the boundary (RFC 2046, 5.1.1).
    let body = format!("\r\n{body}");
    let (inside, after) = split(&body, &format!("\r\n--{boundary}--"), "closed boundary")?;
    if !after.trim().is_empty() {
        return Err("something stands behind the closed boundary".to_owned());
    }
    let begin = format!("\r\n--{boundary}\r\n");
    let parts: Vec<&str> = inside.split(&begin).collect();
    let [before, text, html] = parts.as_slice() else { return Err(format!("it has {} parts", parts.len() - 1)) };
    if !before.trim().is_empty() || [text, html].iter().any(|p| p.contains(&format!("--{boundary}"))) {
        return Err("something stands before the first part, or a part holds the boundary".to_owned());
    }
    Ok(Message { text: part(text, "plain")?, html: part(html, "html")?, headers })
}

/// Returns what encoded words say (RFC 2047); other text is as it is.
fn words(value: &str) -> String {
    let mut out = Vec::new();
    for word in value.split(' ') {
        match word.strip_prefix("=?utf-8?B?").and_then(|w| w.strip_suffix("?=")) {
            // White space between two encoded words is none.
            Some(word) => out.extend(data_encoding::BASE64.decode(word.as_bytes()).unwrap()),
            None => out.extend(format!("{}{word}", if out.is_empty() { "" } else { " " }).into_bytes()),
        }
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn every_message_is_one_to_the_letter_and_says_what_was_made() {
    let (templates, house) = (Templates::new(&std::collections::BTreeMap::new()).0, months::house());
    for (month, issue) in &RENDERED.months {
        let message = read(RENDERED.text(month, "email.eml").as_bytes()).unwrap_or_else(|e| panic!("{month}: {e}"));
        let parts = email_parts(issue, &house, &templates, Target::Message).unwrap();
        assert_eq!(words(message.header("Subject")), parts.subject, "{month}");
        assert_eq!(message.text, parts.text, "{month}");
        assert_eq!(message.html, parts.html, "{month}");
        assert!(words(message.header("From")).starts_with(&house.community), "{month}: {:?}", message.header("From"));
        let leave = message.header("List-Unsubscribe");
        assert!(
            leave.starts_with("<mailto:secretariat@example.org?subject=") && leave.ends_with('>'),
            "{month}: {leave}"
        );
        let date = message.header("Date");
        assert!(jiff::fmt::rfc2822::parse(date).is_ok(), "{month}: {date}");
        // Nobody's tags stand in what no tool fills in.
        for tag in ["*|", "|*", "UnsubscribeURL"] {
            assert!(!message.html.contains(tag), "{month}: {tag}");
        }
    }
}

#[test]
fn what_is_no_message_is_refused() {
    let whole = RENDERED.text("one", "email.eml");
    assert!(read(whole.as_bytes()).is_ok());
    let boundary = whole.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap();
    let long = "x".repeat(CODED_LINE_MAX + 1);
    for (from, to, want, note) in [
        ("X-Unsent: 1\r\n", "X-Unsent: 1\n", "CR LF", "a line of Unix"),
        ("X-Unsent: 1", "X-Unsent: \u{e9}", "not ASCII", "a header in UTF-8"),
        ("X-Unsent: 1", "To: someone@example.org", "twice", "a second addressee"),
        ("List-Unsubscribe", "List-Other", "no List-Unsubscribe", "no way to leave"),
        (&format!("--{boundary}--"), "", "closed boundary", "cut off"),
        ("charset=utf-8", "charset=latin1", "not text/plain", "another encoding"),
        (
            "quoted-printable\r\n\r\n",
            &format!("quoted-printable\r\n\r\n{long}\r\n"),
            "coded line has 77",
            "a long line",
        ),
        ("quoted-printable\r\n\r\n", "quoted-printable\r\n\r\n=e9\r\n", "two digits", "small digits"),
        ("quoted-printable\r\n\r\n", "quoted-printable\r\n\r\nab \r\n", "a blank ends", "a blank at the end of a line"),
        ("X-Unsent: 1", &format!("X-Unsent: {}", "1".repeat(LINE_MAX)), "a line has 1008", "a header without an end"),
    ] {
        let broken = whole.replacen(from, to, 1);
        assert_ne!(broken, whole, "{note}");
        let said = read(broken.as_bytes()).unwrap_err();
        assert!(said.contains(want), "{note}: {said}");
    }
}
