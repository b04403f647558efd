//! Lines of tagged text: MEDLINE (`PMID- 1`) and RIS (`TY  - JOUR`) lay them out alike, but RIS is
//! also written by hand and by tools that do not look.

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

/// Tags of RIS that may stand in a loose layout, where only a known tag is one.
const RIS_TAGS: &[&str] = &[
    "TY", "ER", "A1", "A2", "A3", "A4", "AB", "AD", "AN", "AU", "AV", "BT", "C1", "C2", "C3", "C4", "C5", "C6", "C7",
    "C8", "CN", "CP", "CT", "CY", "DA", "DB", "DI", "DO", "DP", "ED", "EP", "ET", "ID", "IS", "J1", "J2", "JA", "JF",
    "JO", "KW", "L1", "L2", "L3", "L4", "LA", "LB", "LK", "M1", "M2", "M3", "N1", "N2", "NV", "OP", "PB", "PM", "PP",
    "PY", "RI", "RN", "RP", "SE", "SN", "SP", "ST", "T1", "T2", "T3", "TA", "TI", "TT", "U1", "U2", "U3", "U4", "U5",
    "UR", "VL", "VO", "Y1", "Y2",
];

/// How strictly the tags of a RIS file are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// `TI  - `, as the specification wants it.
    Strict,
    /// Small letters, fewer spaces, spaces before the tag, long dashes: `ti - `.
    Loose,
}

/// Returns the line of a RIS file in a loose layout.
fn loose_line(text: &str) -> Option<TagLine<'_>> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let (tag, behind) = text.split_at_checked(2)?;
    let tag = RIS_TAGS.iter().find(|known| known.eq_ignore_ascii_case(tag))?;
    let dashed = behind.trim_start_matches([' ', '\t']);
    if behind.len() - dashed.len() > 3 {
        return None;
    }
    let value = dashed.strip_prefix(['-', '–', '—'])?;
    (value.is_empty() || value.starts_with([' ', '\t'])).then_some(TagLine { tag, value })
}

/// Returns how the tags of a RIS text are laid out, or `None` when no line of it begins a record.
fn layout(text: &str) -> Option<Layout> {
    let is_type = |line: &TagLine<'_>| {
        let kind = line.value.trim();
        line.tag == "TY" && (1..=8).contains(&kind.len()) && kind.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let first = text.lines().find(|l| line(l).or_else(|| loose_line(l)).is_some_and(|l| is_type(&l)))?;
    Some(if first.trim_start_matches('\u{feff}').starts_with("TY  -") { Layout::Strict } else { Layout::Loose })
}

/// Tells whether a text holds the first line of a RIS record.
pub fn has_ris_record(text: &str) -> bool {
    layout(text).is_some()
}

/// Returns all fields of a RIS text in order, in whatever layout its first record has; lines before
/// the first tag are left out. A line that is only `ER` ends a record, too.
pub fn ris_fields(text: &str) -> Vec<Field<'_>> {
    let layout = layout(text).unwrap_or(Layout::Strict);
    fields_by(text, |raw| {
        if raw.trim() == "ER" {
            return Some(TagLine { tag: "ER", value: "" });
        }
        line(raw).or_else(|| (layout == Layout::Loose).then(|| loose_line(raw)).flatten())
    })
}

/// Returns the tagged lines of a text, in order.
pub fn lines(text: &str) -> impl Iterator<Item = TagLine<'_>> {
    text.lines().filter_map(line)
}

/// Returns all fields of a text in order; lines before the first tag are left out. A blank line
/// ends a field when it is followed by a tag, so that paragraphs of an abstract stay together.
pub fn fields(text: &str) -> Vec<Field<'_>> {
    fields_by(text, line)
}

/// Returns all fields of a text, whose tagged lines `line` knows.
pub fn fields_by<'a>(text: &'a str, line: impl Fn(&'a str) -> Option<TagLine<'a>>) -> Vec<Field<'a>> {
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
