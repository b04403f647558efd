//! How words stand in the file: quoted so that nothing in them can act, wrapped so that people can
//! read them, and read back to the same words.

use crate::model::text::is_unwanted;

/// Begins the remark that names the answers to a question.
pub(super) const ANSWERS: &str = "Answers:";

/// Width of a line, in characters, at which long texts are wrapped.
const WIDTH: usize = 100;

/// Whether line breaks mean anything in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Never wrapped: ids, addresses, dates.
    Token,
    /// One paragraph: every line break counts as a space.
    Line,
    /// Paragraphs: an empty line separates them, other line breaks count as spaces.
    Paragraphs,
}

/// Returns the shape of the text under a key of the draft file.
pub(super) fn shape_of(key: &str) -> Shape {
    match key {
        "note" => Shape::Paragraphs,
        "month" | "pick" | "id" | "section" | "link" | "date" | "answer" | "keep" => Shape::Token,
        _ => Shape::Line,
    }
}

/// Returns the words of a text as they are meant: trimmed, with the line breaks of wrapping gone.
///
/// White space that stands inside a line is left as it is.
pub(super) fn canon(text: &str, shape: Shape) -> String {
    let mut paragraphs: Vec<String> = vec![String::new()];
    for line in text.lines() {
        let line = line.trim_matches([' ', '\t']);
        if line.is_empty() {
            if shape == Shape::Paragraphs && paragraphs.last().is_some_and(|p| !p.is_empty()) {
                paragraphs.push(String::new());
            }
        } else if let Some(last) = paragraphs.last_mut() {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(line);
        }
    }
    paragraphs.retain(|p| !p.is_empty());
    paragraphs.join("\n\n")
}

/// Returns `key = value` with a line feed at its end, in the form that people can edit best.
///
/// Short texts stand on one line in plain quotation marks. Texts that are long, that hold a
/// quotation mark, and the note stand between triple quotation marks, wrapped.
pub(super) fn assignment(key: &str, text: &str) -> String {
    let shape = shape_of(key);
    let text = canon(text, shape);
    let fits = key.chars().count() + text.chars().count() + 5 <= WIDTH;
    let is_block = match shape {
        Shape::Token => false,
        Shape::Line => !fits || text.contains('"'),
        Shape::Paragraphs => true,
    };
    if is_block { format!("{key} = {}\n", block(&text)) } else { format!("{key} = {}\n", quoted(&text)) }
}

/// Returns a text in plain quotation marks on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            _ => push_char(&mut out, c),
        }
    }
    out.push('"');
    out
}

/// Returns a text between triple quotation marks, wrapped, each mark on a line of its own.
fn block(text: &str) -> String {
    let mut out = String::from("\"\"\"\n");
    for (n, paragraph) in text.split("\n\n").filter(|p| !p.is_empty()).enumerate() {
        if n > 0 {
            out.push('\n');
        }
        for line in wrap(paragraph, WIDTH) {
            let mut marks = 0;
            for c in line.chars() {
                marks = if c == '"' { marks + 1 } else { 0 };
                if marks == 3 {
                    // Three in a row would end the text: the third is written as \".
                    out.push_str("\\\"");
                    marks = 0;
                } else {
                    push_char(&mut out, c);
                }
            }
            out.push('\n');
        }
    }
    out.push_str("\"\"\"");
    out
}

/// Appends a character as it may stand inside any quotation marks but the marks themselves.
fn push_char(out: &mut String, c: char) {
    match c {
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\t' => out.push_str("\\t"),
        _ if is_unwanted(c) => out.push_str(&format!("\\U{:08X}", u32::from(c))),
        _ => out.push(c),
    }
}

/// Returns the lines of a paragraph, broken at single spaces so that joining them with a space
/// gives the paragraph again. A longer word has a line of its own. Nothing gives no line.
pub(super) fn wrap(paragraph: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    let mut may_break = false;
    for word in paragraph.split(' ') {
        let length = word.chars().count();
        // Beside a doubled space or a tab no break is made: joining would not bring it back.
        let is_plain = !word.is_empty() && !word.starts_with('\t') && !word.ends_with('\t');
        match lines.last_mut() {
            Some(line) if used + 1 + length <= width || !may_break || !is_plain => {
                line.push(' ');
                line.push_str(word);
                used += 1 + length;
            }
            _ => {
                lines.push(word.to_owned());
                used = length;
            }
        }
        may_break = is_plain;
    }
    lines.retain(|l| !l.is_empty());
    lines
}

/// Returns a text that can stand in a comment: one line, nothing that acts.
pub(super) fn comment(text: &str) -> String {
    let mut out = String::new();
    for (n, line) in wrap(&crate::model::text::clean_line(text), WIDTH - 4).iter().enumerate() {
        out.push_str(if n == 0 { "# " } else { "#   " });
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Tells whether two texts are the same but for line endings, white space at line ends, empty
/// lines at the end and a byte order mark: nothing that a person would call a change.
pub(super) fn is_same_text(a: &str, b: &str) -> bool {
    fn plain(text: &str) -> impl Iterator<Item = &str> {
        text.strip_prefix(BOM).unwrap_or(text).trim_end().lines().map(str::trim_end)
    }
    plain(a).eq(plain(b))
}

/// Byte order mark, which some editors put before the text.
pub(super) const BOM: char = '\u{feff}';

#[cfg(test)]
mod tests {
    use super::*;

    fn read_back(line: &str, key: &str) -> String {
        let doc = toml_edit::Document::parse(line.to_owned()).expect("valid TOML");
        canon(doc.get(key).and_then(|i| i.as_str()).expect("a text"), shape_of(key))
    }

    #[test]
    fn hostile_words_stay_words() {
        for (id, text) in [
            ("quotes", r#"The "blues" of "mothers""#),
            ("triple", r#"a """ b """""" c"#),
            ("ends-in-quote", r#"she said "no""#),
            ("backslash", r"C:\new\table \u0041 \"),
            ("looks-like-a-table", "x\n[[item]]\nid = 1"),
            ("hash", "# not a comment"),
            ("escape", "a\u{1b}[31m b\u{7f}"),
            ("bidi", "a\u{202e}b"),
            ("merge-tags", "*|UNSUB|* {{ x }} {% y %}"),
            ("long-token", &"x".repeat(300)),
            ("long", &"perinatal mental health ".repeat(20)),
            ("empty", ""),
        ] {
            for key in ["title", "note", "link"] {
                let want = canon(text, shape_of(key));
                assert_eq!(read_back(&assignment(key, text), key), want, "{id} as {key}");
            }
        }
    }

    #[test]
    fn long_texts_are_wrapped_and_read_back_as_one_line() {
        let text = "word ".repeat(60);
        let line = assignment("summary", &text);
        assert!(line.lines().all(|l| l.chars().count() <= WIDTH), "{line}");
        assert!(line.starts_with("summary = \"\"\"\nword"), "{line}");
        assert_eq!(read_back(&line, "summary"), text.trim());
    }

    #[test]
    fn a_note_keeps_its_paragraphs_and_forgets_its_wrapping() {
        assert_eq!(canon("\n One\ntwo \r\n\r\n\r\nthree\n", Shape::Paragraphs), "One two\n\nthree");
        assert_eq!(canon("\n One\ntwo\n\nthree\n", Shape::Line), "One two three");
        assert_eq!(assignment("note", ""), "note = \"\"\"\n\"\"\"\n");
    }

    #[test]
    fn wrapping_never_breaks_beside_doubled_spaces() {
        let text = "aaaa  bbbb cccc   dddd eeee";
        assert_eq!(wrap(text, 6).join(" "), text);
    }

    #[test]
    fn a_comment_cannot_leave_its_line() {
        assert_eq!(comment("a\n[[item]]\u{85}b\u{2028}c\u{1b}"), "# a [[item]] b c\n");
        assert_eq!(comment(""), "");
    }
}
