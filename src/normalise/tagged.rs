//! Lines of tagged text: MEDLINE (`PMID- 1`) and RIS (`TY  - JOUR`) lay them out alike.

/// A tagged line and what the following lines without a tag add to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field<'a> {
    /// The tag, in capitals.
    pub tag: &'a str,
    /// The value; lines are parted by `\n`.
    pub value: String,
    /// Line of the tag, from 1.
    pub line: usize,
}

/// A tagged line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagLine<'a> {
    /// The tag, in capitals.
    pub tag: &'a str,
    /// What stands behind the hyphen, untrimmed.
    pub value: &'a str,
}

/// Returns the tagged line that a line is: a tag of two to four capitals or digits, filled up to
/// four columns, a hyphen, and a space or nothing.
///
/// RIS tools also write one space or none before the hyphen, but only `TY` and `ER` are taken so:
/// a wrapped line of an abstract may begin with "US - ".
pub fn line(text: &str) -> Option<TagLine<'_>> {
    let text = text.trim_start_matches('\u{feff}');
    let (head, value) = text.split_once('-')?;
    let tag = head.trim_end();
    let is_tag = (2..=4).contains(&tag.len())
        && tag.starts_with(|c: char| c.is_ascii_uppercase())
        && tag.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let is_laid_out = head.len() == 4 || matches!(tag, "TY" | "ER") && head.len() < 4;
    let is_parted = value.is_empty() || value.starts_with([' ', '\t']);
    (is_tag && is_laid_out && is_parted).then_some(TagLine { tag, value })
}

/// Returns the tagged lines of a text, in order.
pub fn lines(text: &str) -> impl Iterator<Item = TagLine<'_>> {
    text.lines().filter_map(line)
}

/// Returns all fields of a text in order; lines before the first tag are left out. A blank line
/// ends a field when it is followed by a tag, so that paragraphs of an abstract stay together.
pub fn fields(text: &str) -> Vec<Field<'_>> {
    let mut out: Vec<Field<'_>> = Vec::new();
    for (at, raw) in text.lines().enumerate() {
        if let Some(found) = line(raw) {
            out.push(Field { tag: found.tag, value: found.value.trim().to_owned(), line: at + 1 });
        } else if let Some(field) = out.last_mut() {
            field.value.push('\n');
            field.value.push_str(raw.trim());
        }
    }
    for field in &mut out {
        field.value.truncate(field.value.trim_end().len());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_tagged_only_in_the_layout() {
        for (text, want, note) in [
            ("PMID- 90000001", Some("PMID"), "MEDLINE"),
            ("TI  - x", Some("TI"), "both"),
            ("ER  -", Some("ER"), "an empty value without its space"),
            ("TY - JOUR", Some("TY"), "one space"),
            ("ER- ", Some("ER"), "no space"),
            ("US - based", None, "a wrapped line"),
            ("AB-negative", None, "a word"),
            ("      of - x", None, "a continuation"),
            ("", None, "nothing"),
        ] {
            assert_eq!(line(text).map(|l| l.tag), want, "{text}: {note}");
        }
    }

    #[test]
    fn continuations_belong_to_their_field() {
        let got = fields("junk\nTI  - a\n      b\n\nAB  - c\n\nd\n\n");
        let shown: Vec<(&str, &str, usize)> = got.iter().map(|f| (f.tag, f.value.as_str(), f.line)).collect();
        assert_eq!(shown, [("TI", "a\nb", 2), ("AB", "c\n\nd", 5)]);
    }
}
