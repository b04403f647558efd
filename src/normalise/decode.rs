//! Bytes to text: byte order marks, declared encodings, and text that declares nothing.
//!
//! Exports come from many tools. What is UTF-8 stays as it is; a byte order mark is believed; an
//! encoding that an XML declaration names is believed; the rest is read as windows-1252, the
//! superset of Latin-1 that Windows tools write (the fallback of the WHATWG Encoding Standard).

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How many bytes of the beginning are searched for an XML declaration.
const DECLARATION_BYTES_MAX: usize = 200;

/// What to do about a note on the reading.
pub const HELP: &str = "if letters look wrong, save the file as UTF-8 and read it again";

/// Text and what had to be done to get it; `note` is empty for clean UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, without a byte order mark.
    pub text: Cow<'a, str>,
    /// What a person should know about the reading, in plain words; empty when nothing.
    pub note: String,
}

/// Returns the encoding that a byte order mark, a first `<` of two bytes, or an XML declaration
/// names; `None` when nothing is said.
pub fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding);
    }
    if bytes.starts_with(b"<\0") {
        return Some(UTF_16LE);
    }
    if bytes.starts_with(b"\0<") {
        return Some(UTF_16BE);
    }
    let head = bytes.get(..DECLARATION_BYTES_MAX.min(bytes.len()))?;
    let head = String::from_utf8_lossy(head);
    let declaration = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Encoding::for_label(value.split(quote).nth(1)?.as_bytes())
}

/// Returns the text of some bytes.
///
/// Nothing is lost without a note: a byte that is no character becomes U+FFFD and is told.
pub fn text(bytes: &[u8]) -> Decoded<'_> {
    let encoding = declared(bytes);
    if encoding.is_none_or(|e| e == UTF_8) {
        let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        return match std::str::from_utf8(body) {
            Ok(text) => Decoded { text: Cow::Borrowed(text), note: String::new() },
            Err(_) => not_utf8(body),
        };
    }
    let encoding = encoding.unwrap_or(UTF_8);
    let (text, _, had_errors) = encoding.decode(bytes);
    let note = if had_errors {
        format!("some bytes are not {}; they are shown as \u{fffd}", encoding.name())
    } else {
        format!("read as {}", encoding.name())
    };
    Decoded { text, note }
}

/// Reads what claims to be UTF-8 or claims nothing, and is not UTF-8.
///
/// Where most characters outside ASCII are sound UTF-8, the few others are damage or a pasted
/// line, and only they are read as windows-1252; else the whole text is.
fn not_utf8(bytes: &[u8]) -> Decoded<'_> {
    let (mut sound, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += chunk.invalid().len();
    }
    if sound <= bad {
        let (text, _, _) = WINDOWS_1252.decode(bytes);
        return Decoded { text, note: "is not UTF-8 and was read as windows-1252".to_owned() };
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode(chunk.invalid()).0);
    }
    let unit = if bad == 1 { "byte is" } else { "bytes are" };
    Decoded { text: Cow::Owned(text), note: format!("{bad} {unit} not UTF-8 and read as windows-1252") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_that_exports_come_in_is_read() {
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain("Zoë".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        for (id, bytes, want, note) in [
            ("plain", "Zoë".as_bytes(), "Zoë", ""),
            ("utf-8 mark", b"\xef\xbb\xbfZo\xc3\xab", "Zoë", ""),
            ("utf-16 mark", &utf16, "Zoë", "read as UTF-16LE"),
            ("windows", b"Zo\xeb \x96 x", "Zoë – x", "is not UTF-8 and was read as windows-1252"),
            ("one bad byte", b"\xc3\xab\xc3\xab \x96", "ëë –", "1 byte is not UTF-8 and read as windows-1252"),
            ("declared", b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xeb</a>", "", "read as windows-1252"),
            ("empty", b"", "", ""),
        ] {
            let got = text(bytes);
            assert_eq!(got.note, note, "{id}");
            if id == "declared" {
                assert!(got.text.ends_with("<a>ë</a>"), "{id}");
            } else {
                assert_eq!(got.text, want, "{id}");
            }
        }
    }
}
