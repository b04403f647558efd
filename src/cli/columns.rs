//! Text in columns of a terminal: how wide it is, where it breaks, whether columns can hold it.

use std::sync::LazyLock;

use regex::Regex;

/// Characters that take no column of their own: marks above and below, joiners, variation selectors,
/// the later parts of a Korean syllable.
static NARROW: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[\p{Mn}\p{Me}\u{200b}-\u{200d}\u{2060}\u{1160}-\u{11ff}]$").expect("invariant: a fixed pattern")
});

/// Letters that run from right to left.
static RIGHT_TO_LEFT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\p{Hebrew}\p{Arabic}\p{Syriac}\p{Thaana}\p{Nko}\p{Adlam}]").expect("invariant: a fixed pattern")
});

/// Tells whether text holds letters that run from right to left: some terminals turn such a line
/// round as a whole, and what stood in the left column then stands in the right one.
pub fn runs_right_to_left(text: &str) -> bool {
    // Of the letters before these none does, and the pattern takes a while to make.
    let may = |c: char| c >= '\u{590}' && !('\u{1e00}'..='\u{2bff}').contains(&c);
    text.chars().any(may) && RIGHT_TO_LEFT.is_match(text)
}

/// Returns how many columns a text takes: East Asian characters and pictures take two, marks none.
pub fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(columns_of).sum() }
}

/// Returns how many columns a character takes.
fn columns_of(c: char) -> usize {
    match u32::from(c) {
        // Letters and marks of Europe, punctuation, arrows and lines: all of them take one, and the
        // pattern below takes a while to make.
        0..=0x2ff | 0x370..=0x482 | 0x1e00..=0x1fff | 0x2010..=0x205f | 0x2070..=0x20cf | 0x2100..=0x2bff => 1,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xa960..=0xa97f
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => usize::from(!NARROW.is_match(c.encode_utf8(&mut [0; 4]))),
    }
}

/// Returns text in lines of at most `width` columns, broken at white space; a longer word is cut,
/// never between a letter and its marks. Empty text gives one empty line.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        for piece in pieces(word, width.max(2)) {
            let wide = columns(&piece);
            match lines.last_mut() {
                Some(line) if line.is_empty() => line.push_str(&piece),
                Some(line) if used + 1 + wide <= width => {
                    line.push(' ');
                    line.push_str(&piece);
                    used += 1;
                }
                _ => {
                    lines.push(piece);
                    used = 0;
                }
            }
            used += wide;
        }
    }
    lines
}

/// Returns a word whole, or in pieces that fit.
fn pieces(word: &str, width: usize) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut used = 0;
    for c in word.chars() {
        let wide = columns_of(c);
        if used + wide > width {
            out.push(String::new());
            used = 0;
        }
        used += wide;
        if let Some(last) = out.last_mut() {
            last.push(c);
        }
    }
    out
}

/// Returns text filled up with spaces to a width.
pub fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_those_of_a_terminal() {
        for (id, text, want) in [
            ("plain", "sleep", 5),
            ("accents made of two", "Ce\u{301}line", 6),
            ("chinese", "产后抑郁", 8),
            ("hindi", "मातृ", 3),
            ("joiner", "می\u{200c}خواهم", 7),
            ("picture", "🤱", 2),
            ("replacement", "\u{fffd}", 1),
        ] {
            assert_eq!(columns(text), want, "{id}");
        }
    }

    #[test]
    fn lines_fit_and_lose_nothing() {
        for (text, width, want) in [
            ("", 5, vec![""]),
            ("one two three", 7, vec!["one two", "three"]),
            ("10.5555/abcdefgh", 6, vec!["10.555", "5/abcd", "efgh"]),
            ("产后抑郁 x", 5, vec!["产后", "抑郁", "x"]),
            ("e\u{301}e\u{301}e\u{301}", 2, vec!["e\u{301}e\u{301}", "e\u{301}"]),
        ] {
            assert_eq!(wrap(text, width), want, "{text}");
        }
    }

    #[test]
    fn letters_from_right_to_left_are_seen() {
        assert!(runs_right_to_left("a צום") && runs_right_to_left("سلامت"));
        assert!(!runs_right_to_left("産後 Céline"));
    }
}
