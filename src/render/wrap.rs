//! Breaks lines of the plain-text part, and long words of the HTML parts.

/// Columns to which running text is wrapped.
pub const COLUMNS: usize = 72;

/// Longest run without a place to break, in characters; longer ones scroll a phone sideways.
const RUN_MAX: usize = 30;

/// Returns how many columns a character takes: 2 for wide East Asian ones, else 1.
///
/// Invisible ones count 1 too, so that a line is never longer than counted.
fn columns_of(c: char) -> usize {
    let wide = matches!(u32::from(c),
        0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd);
    if wide { 2 } else { 1 }
}

/// Returns the columns a text takes on one line.
pub fn columns(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// Returns text wrapped to 72 columns, continued lines led by `indent` spaces.
///
/// Line breaks of the text stay. An address longer than a line stays whole, since a broken one
/// leads nowhere; any other long word is cut at the end of the line.
pub fn wrap(text: &str, indent: usize) -> String {
    let lead = " ".repeat(indent.min(COLUMNS / 2));
    let mut out: Vec<String> = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(is_gap).filter(|w| !w.is_empty()).flat_map(|w| pieces(w, COLUMNS - lead.len())) {
            let room = columns(&line) + columns(&word) < COLUMNS;
            if !line.trim().is_empty() && !room {
                out.push(std::mem::replace(&mut line, lead.clone()));
            } else if !line.trim().is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
        out.push(line);
    }
    out.join("\n")
}

/// Tells whether a line may break at a character: at white space, but for no-break spaces.
fn is_gap(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}')
}

/// Returns a word whole, or cut to pieces that fit a line when it is no address.
fn pieces(word: &str, columns_max: usize) -> Vec<String> {
    if word.contains("://") || columns(word) <= columns_max {
        return vec![word.to_owned()];
    }
    let mut out = vec![String::new()];
    let mut used = 0;
    for c in word.chars() {
        if used + columns_of(c) > columns_max {
            out.push(String::new());
            used = 0;
        }
        used += columns_of(c);
        if let Some(last) = out.last_mut() {
            last.push(c);
        }
    }
    out
}

/// Returns text in which every run of over 30 characters without a break can break (U+200B).
///
/// Spaces and hyphens are places to break already, so ordinary text is not changed.
pub fn soften(text: &str) -> String {
    let runs = text.split_inclusive([' ', '-', '–', '—', '\u{200b}']);
    let mut out = String::with_capacity(text.len());
    for run in runs {
        if run.chars().count() <= RUN_MAX {
            out.push_str(run);
            continue;
        }
        for (at, c) in run.chars().enumerate() {
            if at > 0 && at % (RUN_MAX / 2) == 0 && c != ' ' {
                out.push('\u{200b}');
            }
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_too_long_but_an_address() {
        let long = "x".repeat(200);
        let address = format!("https://example.org/{}", "y".repeat(100));
        let text = format!("Perinatal mental health {long} in {} {address} end", "産後うつ病".repeat(30));
        for line in wrap(&text, 3).lines() {
            assert!(columns(line) <= COLUMNS || line.trim() == address, "{line}");
        }
        assert!(wrap(&text, 0).contains(&address));
        assert_eq!(wrap("a b\n\nc", 0), "a b\n\nc");
        assert_eq!(wrap(&format!("{} b\u{a0}?", "a".repeat(69)), 0), format!("{}\nb\u{a0}?", "a".repeat(69)));
        assert_eq!(wrap("", 4), "");
    }

    #[test]
    fn only_long_runs_are_softened() {
        let plain = "A cluster-randomised trial of cognitive-behavioural-informed-psychosocial care";
        assert_eq!(soften(plain), plain);
        let soft = soften(&"a".repeat(31));
        assert_eq!(soft.replace('\u{200b}', ""), "a".repeat(31));
        assert_eq!(soft.split('\u{200b}').map(str::len).max(), Some(15));
    }
}
