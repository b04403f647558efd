//! Styled text in lines: wrapped to the width of the terminal, marks and all.

use super::columns::columns;
use super::term::{Style, Terminal};

/// A part of a text and how it looks.
pub type Part = (Style, String);

/// Columns that a line has at least beside its indent, however narrow the terminal is.
const TEXT_COLUMNS_MIN: usize = 10;

/// Prints styled text wrapped at spaces to the width of the terminal: the first line from column
/// `first`, the others from `indent`. A word longer than a line is cut.
pub fn print(parts: &[Part], first: usize, indent: usize, term: &mut Terminal) {
    for line in wrap(parts, term.width(), first, indent) {
        print_line(&line, term);
    }
}

/// Returns parts of a text with at most so many characters in all, and "…" where it was cut.
pub fn shortened(parts: &[Part], chars_max: usize) -> Vec<Part> {
    let mut left = chars_max;
    let mut out = Vec::new();
    for (style, text) in parts {
        let end = text.char_indices().nth(left).map(|(at, _)| at);
        out.push((*style, text.get(..end.unwrap_or(text.len())).unwrap_or_default().to_owned()));
        if end.is_some() {
            out.push((Style::Plain, "…".to_owned()));
            break;
        }
        left = left.saturating_sub(text.chars().count());
    }
    out
}

/// Prints one line of styled text as it is.
pub fn print_line(line: &[Part], term: &mut Terminal) {
    let line: Vec<(Style, &str)> = line.iter().map(|(style, text)| (*style, text.as_str())).collect();
    term.styled(&line);
}

/// Returns the lines of styled text; each begins with its indent. Empty text gives one empty line.
pub fn wrap(parts: &[Part], width: usize, first: usize, indent: usize) -> Vec<Vec<Part>> {
    let margin = |columns: usize| (Style::Plain, " ".repeat(columns));
    let room = width.saturating_sub(indent.max(first)).max(TEXT_COLUMNS_MIN);
    let mut lines = vec![vec![margin(first)]];
    let (mut used, mut limit) = (0, width.saturating_sub(first).max(TEXT_COLUMNS_MIN));
    let mut has_words = false;
    for word in words(parts) {
        for (n, piece) in pieces(word, room).into_iter().enumerate() {
            let wide: usize = piece.iter().map(|(_, text)| columns(text)).sum();
            let gap = usize::from(has_words && n == 0);
            if has_words && used + gap + wide > limit {
                lines.push(vec![margin(indent)]);
                limit = width.saturating_sub(indent).max(TEXT_COLUMNS_MIN);
                used = 0;
            } else if gap == 1
                && let Some(line) = lines.last_mut()
            {
                let styles = (line.last().map(|(style, _)| *style), piece.first().map(|(style, _)| *style));
                let style = styles.1.filter(|_| styles.0 == styles.1).unwrap_or(Style::Plain);
                push(line, (style, " ".to_owned()));
                used += 1;
            }
            used += wide;
            has_words = true;
            if let Some(line) = lines.last_mut() {
                for part in piece {
                    push(line, part);
                }
            }
        }
    }
    lines
}

/// Adds a part to a line; one that looks like the last one goes into it. The margin stays apart.
fn push(line: &mut Vec<Part>, part: Part) {
    let is_first = line.len() < 2;
    match line.last_mut() {
        Some((style, text)) if *style == part.0 && !is_first => text.push_str(&part.1),
        _ => line.push(part),
    }
}

/// Stands between facts in a line; it ends a line rather than begin one.
const BETWEEN: &str = "·";

/// Returns styled text in words; a word may change its style inside, and keeps a dot behind it.
fn words(parts: &[Part]) -> Vec<Vec<Part>> {
    let mut out: Vec<Vec<Part>> = Vec::new();
    let mut word: Vec<Part> = Vec::new();
    for (style, text) in parts {
        for (n, piece) in text.split(char::is_whitespace).enumerate() {
            if n > 0 && !word.is_empty() {
                out.push(std::mem::take(&mut word));
            }
            if let Some(before) = out.last_mut().filter(|_| piece == BETWEEN && word.is_empty()) {
                before.push((*style, format!(" {BETWEEN}")));
            } else if !piece.is_empty() {
                word.push((*style, piece.to_owned()));
            }
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

/// Returns a word whole, or in pieces of at most `room` columns; a letter keeps its marks.
fn pieces(word: Vec<Part>, room: usize) -> Vec<Vec<Part>> {
    if word.iter().map(|(_, text)| columns(text)).sum::<usize>() <= room {
        return vec![word];
    }
    let mut out: Vec<Vec<Part>> = vec![Vec::new()];
    let mut used = 0;
    for (style, text) in word {
        for c in text.chars() {
            let wide = columns(c.encode_utf8(&mut [0; 4]));
            if used + wide > room {
                out.push(Vec::new());
                used = 0;
            }
            used += wide;
            let Some(piece) = out.last_mut() else { continue };
            match piece.last_mut() {
                Some((last, text)) if *last == style => text.push(c),
                _ => piece.push((style, c.to_string())),
            }
        }
    }
    out
}

/// Returns the beginning of a text that fits into so many columns, with `…` where it was cut.
pub fn cut(text: &str, width: usize) -> String {
    if columns(text) <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += columns(c.encode_utf8(&mut [0; 4]));
        if used > width {
            break;
        }
        out.push(c);
    }
    out + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(parts: &[(Style, &str)], width: usize) -> Vec<String> {
        let parts: Vec<Part> = parts.iter().map(|(s, t)| (*s, (*t).to_owned())).collect();
        let line = |line: Vec<Part>| {
            line.into_iter().map(|(s, t)| if s == Style::Bold { format!("*{t}*") } else { t }).collect()
        };
        wrap(&parts, width, 0, 2).into_iter().map(line).collect()
    }

    #[test]
    fn lines_are_wrapped_at_words_and_keep_their_style() {
        let (p, b) = (Style::Plain, Style::Bold);
        for (id, parts, width, want) in [
            ("at words", &[(p, "one two three four")][..], 13, &["one two three", "  four"][..]),
            ("inside a word", &[(p, "pre"), (b, "fix"), (p, "es stay whole")], 14, &["pre*fix*es stay", "  whole"]),
            ("a long word is cut", &[(p, "averyverylongword x")], 12, &["averyveryl", "  ongword x"]),
            ("and keeps its style", &[(b, "averyverylongword")], 12, &["*averyveryl*", "  *ongword*"]),
            ("wide letters", &[(p, "产后抑郁产后抑郁产后")], 12, &["产后抑郁产", "  后抑郁产后"]),
            ("a dot ends a line", &[(p, "one two · three")], 11, &["one two ·", "  three"]),
            ("and does not fit", &[(p, "one four · x")], 13, &["one four · x"]),
            ("nothing", &[], 5, &[""]),
        ] {
            assert_eq!(shown(parts, width), want, "{id}");
        }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let long = ["产后抑郁症".repeat(80), "e\u{301}tude ".repeat(60), "x".repeat(400), "🤱🏽 ".repeat(50)].concat();
        for width in [20, 40, 80, 120] {
            for line in wrap(&[(Style::Bold, long.clone())], width, 4, 3) {
                let wide: usize = line.iter().map(|(_, text)| columns(text)).sum();
                assert!(wide <= width, "{wide} of {width}");
            }
        }
    }

    #[test]
    fn a_cut_says_that_it_was_cut() {
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("too long", 5), "too …");
        assert_eq!(cut("产后抑郁", 5), "产后…");
    }
}
