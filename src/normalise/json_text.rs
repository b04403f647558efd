//! What is wrong in JSON texts that people and programs write, and can be put right without a guess.

use std::borrow::Cow;

/// Returns JSON in which each half of a character (`\ud800` without its other half) is the sign for a character that
/// was lost (U+FFFD). Programs that cut texts by UTF-16 units write such halves, and no reader of JSON takes them.
/// The text itself when it has none.
pub(super) fn without_half_characters(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut done = 0;
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find('\\')).map(|found| from + found) {
        // What stands behind a backslash belongs to it, so that `\\ud800` is text.
        let rest = text.get(at..).unwrap_or_default();
        let (length, is_half) = match (half(rest), rest.get(ESCAPE..).and_then(half)) {
            (Some(Half::First), Some(Half::Second)) => (2 * ESCAPE, false),
            (Some(_), _) => (ESCAPE, true),
            (None, _) => (1 + rest.chars().nth(1).map_or(0, char::len_utf8), false),
        };
        if is_half {
            out.push_str(text.get(done..at).unwrap_or_default());
            out.push_str("\\ufffd");
            done = at + length;
        }
        from = at + length;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

/// Bytes of an escaped UTF-16 unit: `\ud83d`.
const ESCAPE: usize = 6;

/// Which half of a character an escape is.
enum Half {
    First,
    Second,
}

/// Returns which half of a character a text begins with, as an escape; `None` for anything else.
fn half(text: &str) -> Option<Half> {
    let digits = text.get(..ESCAPE)?.strip_prefix("\\u")?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xd800..=0xdbff => Some(Half::First),
        0xdc00..=0xdfff => Some(Half::Second),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_lost_characters_and_all_else_stays() {
        for (note, text, want) in [
            ("a first half alone", r#""B \ud800""#, r#""B \ufffd""#),
            ("a second half alone", r#""\udc00x""#, r#""\ufffdx""#),
            ("two first halves", r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            ("a whole character", r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            ("capitals", r#""\uD83D\u0041""#, r#""\ufffd\u0041""#),
            ("an escaped backslash", r#""\\ud800""#, r#""\\ud800""#),
            ("no escape at all", "{}", "{}"),
            ("cut off", r#""\ud8"#, r#""\ud8"#),
            ("a backslash at the end", "\"\\", "\"\\"),
        ] {
            assert_eq!(without_half_characters(text), want, "{note}");
        }
    }
}
