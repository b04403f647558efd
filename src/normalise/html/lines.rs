//! White space and characters that no text may hold.

use std::borrow::Cow;

use crate::model::text::is_unwanted;

/// Returns text without characters that act. A lone carriage return, which HTML takes for a line
/// feed, goes with them.
pub fn without_unwanted(text: &str) -> Cow<'_, str> {
    if has_dropped(text) { Cow::Owned(text.chars().filter(|c| !is_dropped(*c)).collect()) } else { Cow::Borrowed(text) }
}

/// Tells whether text holds a character that is dropped.
pub fn has_dropped(text: &str) -> bool {
    find_unwanted(text, 0).is_some()
}

/// Returns the place of the first character, from the byte `from`, that no text holds
/// ([`is_unwanted`], but for U+FEFF, which may stand within a text).
///
/// Such characters begin with few bytes, so that most text is only looked at byte by byte.
pub fn find_unwanted(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let found = bytes.get(at..)?.iter().position(|b| may_be_unwanted(*b))?;
        at += found;
        if text.get(at..).and_then(|t| t.chars().next()).is_some_and(is_dropped) {
            return Some(at);
        }
        at += 1;
    }
}

/// Tells whether an unwanted character may begin with a byte: controls, and the first bytes of
/// U+0080–U+009F, U+061C, U+200E–U+2069 and the noncharacters.
fn may_be_unwanted(byte: u8) -> bool {
    matches!(byte, 0..=0x08 | 0x0b..=0x1f | 0x7f | 0xc2 | 0xd8 | 0xe2 | 0xef)
}

/// Adds text in which white space (also line feeds, which mean nothing in HTML) is one space.
pub fn push_folded(text: &str, out: &mut String) {
    if is_folded(text) {
        out.push_str(text);
        return;
    }
    let mut gap = false;
    for word in text.split(char::is_whitespace) {
        if gap && !out.ends_with(' ') {
            out.push(' ');
        }
        gap = true;
        out.push_str(word);
    }
}

/// Tells whether white space in a text is nothing but single spaces. Most text is so, and then it
/// can be taken as a whole.
pub fn is_folded(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut before = 0;
    for (at, b) in bytes.iter().copied().enumerate() {
        let is_other_space = match b {
            b' ' => before == b' ',
            0..=0x1f => true,
            // First bytes of all other characters that are white space, and of U+200B.
            0xc2 | 0xe1 | 0xe2 | 0xe3 => {
                let c = text.get(at..).and_then(|t| t.chars().next());
                c.is_some_and(|c| c.is_whitespace() || c == '\u{200b}')
            }
            _ => false,
        };
        if is_other_space {
            return false;
        }
        before = b;
    }
    true
}

/// Returns text with clean lines, at most one blank line between them, none at the ends.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = 0;
    for line in text.lines() {
        let before = out.len();
        if before > 0 {
            out.push_str(if gap > 0 { "\n\n" } else { "\n" });
        }
        let begin = out.len();
        push_clean(line, &mut out);
        if out.len() == begin {
            out.truncate(before);
            gap += 1;
        } else {
            gap = 0;
        }
    }
    out
}

/// Tells whether a character acts on a terminal or turns text around.
///
/// U+FEFF within a text does neither: a feed's own text keeps it, and it goes when the text is
/// stored ([`clean_line`](crate::model::text::clean_line)).
pub fn is_dropped(c: char) -> bool {
    c != '\u{feff}' && is_unwanted(c)
}

/// Returns a line with white space folded and without characters that act.
pub fn clean(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    push_clean(line, &mut out);
    out
}

/// Adds a line with white space folded and without characters that act.
fn push_clean(line: &str, out: &mut String) {
    let begin = out.len();
    let is_plain = !has_dropped(line);
    if is_plain && is_folded(line) {
        out.push_str(line.trim_matches(' '));
        return;
    }
    for word in line.split(|c: char| c.is_whitespace() || c == '\u{200b}').filter(|w| !w.is_empty()) {
        let before = out.len();
        if before > begin {
            out.push(' ');
        }
        let start = out.len();
        if is_plain {
            out.push_str(word);
        } else {
            out.extend(word.chars().filter(|c| !is_dropped(*c)));
        }
        if out.len() == start {
            out.truncate(before);
        }
    }
}
