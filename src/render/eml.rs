//! The email as a message file (RFC 5322, 2045, 2047): opens as a draft in a mail program.

use crate::model::text::clean_line;
use crate::model::{House, Issue, sha256_hex};

use super::email::EmailParts;
use super::{neutralise, target};

/// Longest line of an encoded body, in characters without the line end (RFC 2045, 6.7).
const LINE_MAX: usize = 76;

/// Bytes of text in one encoded word: 39 give a word of 64 characters, so that a line with the name
/// of its header stays within the 76 of RFC 2047, section 2.
const WORD_BYTES_MAX: usize = 39;

/// Longest header text that is written as it is, in bytes: with its name it fits one line.
const PLAIN_BYTES_MAX: usize = 60;

/// Returns the message: headers, then the text part, then the HTML part.
///
/// The same issue gives the same bytes: the date is the first day after the month at 06:00 UTC,
/// boundary and id are made from the content. It is addressed to nobody, and `X-Unsent` makes
/// Outlook open it as a draft. The headers for leaving the list are there only when the house has
/// an address to write to.
pub fn message(issue: &Issue, house: &House, parts: &EmailParts) -> String {
    let hash = sha256_hex(format!("{}\0{}\0{}", parts.subject, parts.text, parts.html).as_bytes());
    let short = hash.get(..32).unwrap_or_default();
    let boundary = format!("=_roundup_{short}");
    let contact = target::unsubscribe_address(house).map(|_| house.contact.trim().to_owned());
    let sender = contact.clone().unwrap_or_else(|| "roundup@roundup.invalid".to_owned());
    let host = sender.rsplit_once('@').map_or("roundup.invalid", |(_, host)| host);
    let day = issue.month.next().first_day().strftime("%a, %d %b %Y");
    let mut out = String::new();
    let mut header = |name: &str, value: &str| out.push_str(&format!("{name}: {value}\r\n"));
    header("From", &named(&house.community, &sender));
    header("To", "undisclosed-recipients:;");
    header("Subject", &words_of_header(&parts.subject));
    header("Date", &format!("{day} 06:00:00 +0000"));
    header("Message-ID", &format!("<{}.{short}@{host}>", issue.month));
    if let Some(address) = target::unsubscribe_address(house) {
        header("List-Unsubscribe", &format!("<{address}>"));
        header("List-Id", &named(&house.short_name, &format!("roundup.{host}")));
    }
    header("X-Unsent", "1");
    header("MIME-Version", "1.0");
    header("Content-Type", &format!("multipart/alternative;\r\n boundary=\"{boundary}\""));
    for (kind, body) in [("plain", &parts.text), ("html", &parts.html)] {
        out.push_str(&format!("\r\n--{boundary}\r\nContent-Type: text/{kind}; charset=utf-8\r\n"));
        out.push_str("Content-Transfer-Encoding: quoted-printable\r\n\r\n");
        out.push_str(&quoted_printable(body));
    }
    out.push_str(&format!("\r\n--{boundary}--\r\n"));
    out
}

/// Returns a name and an address as a header has them, on two lines when the name is encoded.
fn named(name: &str, address: &str) -> String {
    // Some tools take a whole message in, and run tags in any of its headers.
    let name = words_of_header(&neutralise::text(&clean_line(name)));
    let gap = if name.starts_with("=?") { "\r\n " } else { " " };
    format!("{name}{gap}<{address}>")
}

/// Returns a header's text: as it is when it is plain ASCII without anything special, else as
/// encoded words (RFC 2047) of at most 75 characters, each on a line.
fn words_of_header(text: &str) -> String {
    let is_plain = text.len() <= PLAIN_BYTES_MAX
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '!' | '/' | '+'));
    if is_plain && !text.is_empty() {
        return text.to_owned();
    }
    let mut words = vec![String::new()];
    for c in text.chars() {
        if words.last().is_some_and(|w| w.len() + c.len_utf8() > WORD_BYTES_MAX) {
            words.push(String::new());
        }
        if let Some(last) = words.last_mut() {
            last.push(c);
        }
    }
    let encode = |word: &String| format!("=?utf-8?B?{}?=", data_encoding::BASE64.encode(word.as_bytes()));
    words.iter().map(encode).collect::<Vec<_>>().join("\r\n ")
}

/// Returns text as quoted-printable (RFC 2045, 6.7): lines of at most 76 characters ended by CR LF.
pub fn quoted_printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 10);
    for line in text.lines() {
        let mut used = 0;
        let last = line.len().saturating_sub(1);
        for (at, byte) in line.bytes().enumerate() {
            let is_plain = match byte {
                b' ' | b'\t' => at != last,
                // A dot alone on a line ends a message in SMTP; "From " at a line start is quoted by mail boxes.
                b'.' | b'F' => used != 0,
                b'=' => false,
                byte => byte.is_ascii_graphic(),
            };
            let width = if is_plain { 1 } else { 3 };
            if used + width > LINE_MAX - 1 {
                out.push_str("=\r\n");
                used = 0;
            }
            used += width;
            if is_plain {
                out.push(char::from(byte));
            } else {
                out.extend(['=', digit(byte >> 4), digit(byte & 0xf)]);
            }
        }
        out.push_str("\r\n");
    }
    out
}

/// Returns a number below 16 as the digit that the standard asks for, a capital letter from 10 on.
fn digit(number: u8) -> char {
    char::from_digit(u32::from(number), 16).map_or('0', |digit| digit.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads quoted-printable back, by the words of the standard.
    fn decoded(text: &str) -> String {
        let joined = text.replace("=\r\n", "");
        let mut out = Vec::new();
        let mut bytes = joined.bytes();
        while let Some(b) = bytes.next() {
            if b == b'=' {
                let hex = String::from_utf8(vec![bytes.next().unwrap(), bytes.next().unwrap()]).unwrap();
                out.push(u8::from_str_radix(&hex, 16).unwrap());
            } else {
                out.push(b);
            }
        }
        String::from_utf8(out).unwrap().replace("\r\n", "\n")
    }

    #[test]
    fn bodies_come_back_and_lines_are_short() {
        let text = format!("From here\n.\n{}é = 产后 \n\ttab\t\nend \n", "x".repeat(200));
        let coded = quoted_printable(&text);
        assert_eq!(decoded(&coded), text);
        for line in coded.split("\r\n") {
            assert!(line.len() <= LINE_MAX, "{line}");
            assert!(!line.starts_with("From ") && line != "." && !line.ends_with(' '), "{line}");
        }
    }

    #[test]
    fn headers_are_short_ascii_lines() {
        for text in ["PMH Literature Roundup · January 2030", &"ö".repeat(120), "", "a\"b <c@example.org>"] {
            let coded = words_of_header(text);
            let mut back = Vec::new();
            for word in coded.split("\r\n ") {
                assert!(word.len() <= 75 && word.is_ascii(), "{word}");
                let inner = word.strip_prefix("=?utf-8?B?").and_then(|w| w.strip_suffix("?=")).unwrap();
                back.extend(data_encoding::BASE64.decode(inner.as_bytes()).unwrap());
            }
            assert_eq!(String::from_utf8(back).unwrap(), text);
        }
        assert_eq!(words_of_header("Plain words"), "Plain words");
    }

    #[test]
    fn a_name_of_the_house_is_no_tag_in_a_header() {
        for name in ["Ana *|HTML:X|*", "{{ .X }}", "%%x%%", "[[x]]", "[unsubscribe]"] {
            let header = named(name, "us@example.org");
            let words = header.strip_suffix("\r\n <us@example.org>").unwrap();
            let inner = words.strip_prefix("=?utf-8?B?").and_then(|w| w.strip_suffix("?=")).unwrap();
            let text = String::from_utf8(data_encoding::BASE64.decode(inner.as_bytes()).unwrap()).unwrap();
            assert_ne!(text, name);
            assert_eq!(text, neutralise::text(&text), "{name}: nothing live is left");
        }
        assert_eq!(named("Plain words", "us@example.org"), "Plain words <us@example.org>");
    }
}
