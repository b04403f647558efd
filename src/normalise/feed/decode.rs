//! Bytes to text: which encoding a feed or page is in, decided by what its bytes can be.
//!
//! Order: byte order mark, then the `Content-Type` header, then the declaration inside, then
//! UTF-8, then windows-1252. A claim that the bytes refute is set aside and reported.

use std::sync::LazyLock;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use regex::bytes::Regex;

use super::repairs::{Repair, Repairs};
use crate::normalise::html::find_unwanted;

/// Text, and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text: no byte order mark, no control characters, line feeds only.
    pub text: String,
    /// The encoding's name in lower case (`utf-8`, `windows-1252`, `utf-16le` …).
    pub encoding: String,
}

/// How far the declaration inside is looked for, in bytes: HTML allows 1,024, XML needs the first
/// line, and some servers put warnings in front.
const DECLARATION_BYTES: usize = 2048;

/// `charset=…` in a header.
static HEADER: LazyLock<Regex> = LazyLock::new(|| pattern(r#"(?i)charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)"#));
/// `<?xml … encoding="…"?>`, or `<meta charset=…>` in HTML.
static DECLARED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?i)<\?xml[^>]*?\sencoding\s*=\s*["']\s*([A-Za-z0-9_.:-]+)|<meta[^>]*?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)"#,
    )
});

/// Builds one of the patterns above.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("invariant: the pattern is fixed and tested")
}

/// Returns the bytes as clean text; what was wrong with them goes to `repairs`.
pub fn decode(bytes: &[u8], content_type: Option<&str>, repairs: &mut Repairs) -> Decoded {
    let (text, encoding) = match by_mark(bytes) {
        Some((text, encoding)) => (text, encoding.to_owned()),
        None => by_claim(bytes, content_type, repairs),
    };
    Decoded { text: clean(text, repairs), encoding }
}

/// Decodes by the byte order mark, or by the zero bytes that UTF-16 and UTF-32 put around `<`.
fn by_mark(bytes: &[u8]) -> Option<(String, &'static str)> {
    let utf16 = |encoding: &'static Encoding, body: &[u8]| encoding.decode_without_bom_handling(body).0.into_owned();
    Some(match bytes {
        [0xef, 0xbb, 0xbf, body @ ..] => (mixed_utf8(body).0, "utf-8"),
        [0xff, 0xfe, 0, 0, body @ ..] => (utf32(body, u32::from_le_bytes), "utf-32le"),
        [0, 0, 0xfe, 0xff, body @ ..] => (utf32(body, u32::from_be_bytes), "utf-32be"),
        [0xff, 0xfe, body @ ..] => (utf16(UTF_16LE, body), "utf-16le"),
        [0xfe, 0xff, body @ ..] => (utf16(UTF_16BE, body), "utf-16be"),
        [b'<' | b'{', 0, 0, 0, ..] => (utf32(bytes, u32::from_le_bytes), "utf-32le"),
        [0, 0, 0, b'<' | b'{', ..] => (utf32(bytes, u32::from_be_bytes), "utf-32be"),
        [b'<' | b'{', 0, ..] => (utf16(UTF_16LE, bytes), "utf-16le"),
        [0, b'<' | b'{', ..] => (utf16(UTF_16BE, bytes), "utf-16be"),
        _ => return None,
    })
}

/// Decodes UTF-32, which `encoding_rs` leaves out since no browser reads it.
fn utf32(body: &[u8], number: fn([u8; 4]) -> u32) -> String {
    body.chunks_exact(4)
        .filter_map(|four| Some(char::from_u32(number(four.try_into().ok()?)).unwrap_or('\u{fffd}')))
        .collect()
}

/// Decodes by what header and declaration claim, where the bytes allow it.
fn by_claim(bytes: &[u8], content_type: Option<&str>, repairs: &mut Repairs) -> (String, String) {
    let header = content_type.and_then(|c| label(&HEADER, c.as_bytes()));
    let head = bytes.get(..DECLARATION_BYTES).unwrap_or(bytes);
    let declared = label(&DECLARED, head);
    let valid = std::str::from_utf8(bytes);
    let is_utf8 = valid.is_ok() || is_cut_utf8(bytes);
    let is_ascii = valid.is_ok_and(str::is_ascii);
    let read = || valid.map_or_else(|_| mixed_utf8(bytes), |text| (text.to_owned(), Bad::None));
    for (claim, other) in [(&header, &declared), (&declared, &None)] {
        let Some(name) = claim else { continue };
        let Some(encoding) = encoding_of(name) else {
            repairs.note(unread(name), 0);
            continue;
        };
        let is_utf16 = encoding == UTF_16LE || encoding == UTF_16BE;
        let says_utf8 = other.as_ref().is_some_and(|o| encoding_of(o) == Some(UTF_8));
        if encoding == UTF_8 && is_utf8 || is_ascii && !is_utf16 && encoding.is_ascii_compatible() {
            return (read().0, name_of(encoding));
        }
        // UTF-16 would have shown zero bytes above; Western text is never UTF-8 by accident.
        if encoding == UTF_8 || is_utf16 || is_utf8 && (says_utf8 || encoding == WINDOWS_1252) {
            repairs.note(Repair::WrongEncoding, 0);
            continue;
        }
        return (encoding.decode_without_bom_handling(bytes).0.into_owned(), name_of(encoding));
    }
    let (text, bad) = read();
    if bad == Bad::None || bad == Bad::Some {
        if bad == Bad::Some {
            repairs.note(Repair::BadBytes, 0);
        }
        return (text, name_of(UTF_8));
    }
    (text, name_of(WINDOWS_1252))
}

/// Names that tools give to encodings beside those of browsers: only their letters and digits, in
/// lower case, and the browsers' name.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("88591", "iso-8859-1"),
    ("ascii7", "us-ascii"),
    ("646", "us-ascii"),
    ("ansi", "windows-1252"),
    ("cp10000", "macintosh"),
    ("macroman", "macintosh"),
    ("cp866", "ibm866"),
    ("cp874", "windows-874"),
    ("cp932", "shift_jis"),
    ("ms932", "shift_jis"),
    ("mskanji", "shift_jis"),
    ("cp936", "gbk"),
    ("ms936", "gbk"),
    ("euccn", "gbk"),
    ("eucgb2312cn", "gbk"),
    ("cp949", "euc-kr"),
    ("ms949", "euc-kr"),
    ("uhc", "euc-kr"),
    ("cp950", "big5"),
    ("ms950", "big5"),
    ("big5tw", "big5"),
    ("ujis", "euc-jp"),
    ("eucjp", "euc-jp"),
    ("euckr", "euc-kr"),
    ("u8", "utf-8"),
    ("utf", "utf-8"),
    ("utf8n", "utf-8"),
    ("utf32", "utf-16"),
    ("utf32le", "utf-16"),
    ("utf32be", "utf-16"),
    ("ucs4", "utf-16"),
    ("iso10646ucs4", "utf-16"),
    ("u16", "utf-16"),
];

/// Returns the encoding that a name means: as browsers know it, or as other tools write it
/// (`iso8859_1`, `win-1251`, `cp936`). UTF-32 counts as UTF-16: real UTF-32 shows by its zeros.
pub fn encoding_of(name: &str) -> Option<&'static Encoding> {
    if let Some(found) = Encoding::for_label(name.as_bytes()) {
        return Some(found);
    }
    let key: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    if let Some((_, label)) = OTHER_NAMES.iter().find(|(other, _)| *other == key) {
        return Encoding::for_label(label.as_bytes());
    }
    let number = key.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let family = key.get(..key.len() - number.len()).unwrap_or_default();
    let label = match family {
        "win" | "cp" | "windows" | "ms" | "ibm" if number.starts_with("125") => format!("windows-{number}"),
        "iso" | "" if number.starts_with("8859") => format!("iso-8859-{}", number.get(4..).unwrap_or_default()),
        _ => key,
    };
    Encoding::for_label(label.as_bytes())
}

/// Returns what to tell of a name that stands for nothing we read.
fn unread(name: &str) -> Repair {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "utf-7" | "utf7" | "unicode-1-1-utf-7" => Repair::ClaimsUtf7,
        _ if lower.contains("ebcdic")
            || matches!(lower.as_str(), "cp037" | "ibm037" | "cp1047" | "ibm-1047" | "cp500") =>
        {
            Repair::ClaimsEbcdic
        }
        _ => Repair::UnknownEncoding,
    }
}

/// Returns an encoding's name as we print it.
fn name_of(encoding: &'static Encoding) -> String {
    encoding.name().to_ascii_lowercase()
}

/// Returns the first group that a pattern finds.
fn label(pattern: &Regex, bytes: &[u8]) -> Option<String> {
    let found = pattern.captures(bytes)?;
    let name = found.iter().skip(1).flatten().next()?;
    Some(String::from_utf8_lossy(name.as_bytes()).into_owned())
}

/// Tells whether bytes are UTF-8 but for a character that was cut at the end.
fn is_cut_utf8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|e| e.error_len().is_none())
}

/// How much of some bytes was no UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bad {
    /// All is UTF-8.
    None,
    /// Some bytes are none, beside characters that are.
    Some,
    /// There is no character of several bytes at all: it is another encoding.
    All,
}

/// Decodes UTF-8; bytes that are none are read as windows-1252, one by one. This mends feeds put
/// together from pieces of both. A character cut at the end is dropped.
fn mixed_utf8(bytes: &[u8]) -> (String, Bad) {
    let mut text = String::with_capacity(bytes.len());
    let (mut good, mut bad) = (false, false);
    let mut rest = bytes;
    loop {
        let error = match std::str::from_utf8(rest) {
            Ok(valid) => {
                good |= !valid.is_ascii();
                text.push_str(valid);
                break;
            }
            Err(error) => error,
        };
        let (valid, tail) = rest.split_at(error.valid_up_to());
        let valid = String::from_utf8_lossy(valid);
        good |= !valid.is_ascii();
        text.push_str(&valid);
        let Some(len) = error.error_len() else {
            // One last byte alone may as well be a letter of windows-1252.
            if !good && tail.len() == 1 {
                bad = true;
                text.push_str(&WINDOWS_1252.decode_without_bom_handling(tail).0);
            }
            break;
        };
        let (wrong, after) = tail.split_at(len);
        bad = true;
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(wrong).0);
        rest = after;
    }
    let kind = match (bad, good) {
        (false, _) => Bad::None,
        (true, true) => Bad::Some,
        (true, false) => Bad::All,
    };
    (text, kind)
}

/// Returns text with line feeds only and without characters that no text holds.
fn clean(mut text: String, repairs: &mut Repairs) -> String {
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    let Some(first) = find_unwanted(&text, 0) else { return text };
    let mut out = String::with_capacity(text.len());
    let (mut done, mut next) = (0, Some(first));
    while let Some(at) = next {
        out.push_str(text.get(done..at).unwrap_or_default());
        let rest = text.get(at..).unwrap_or_default();
        let Some(c) = rest.chars().next() else { break };
        done = at + c.len_utf8();
        match c {
            '\r' if rest.starts_with("\r\n") => {}
            '\r' => out.push('\n'),
            c if c.is_control() => match western(c) {
                Some(meant) => out.push(meant),
                None => repairs.note(Repair::ControlCharacter, out.len()),
            },
            _ => {}
        }
        next = find_unwanted(&text, done);
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// Returns what a C1 control stands for when windows-1252 was taken for ISO 8859-1 on its way to
/// us, as happens to dashes and quotes. Browsers read it so, too.
fn western(c: char) -> Option<char> {
    let byte = u8::try_from(u32::from(c)).ok().filter(|b| (0x80..=0x9f).contains(b))?;
    WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next().filter(|c| !c.is_control())
}

#[cfg(test)]
mod tests;
