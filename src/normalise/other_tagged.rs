//! Tagged forms that are not RIS but say the same: Web of Science's (`FN `, `PT J`), `RefWorks`'
//! (`RT Journal Article`) and refer, which `EndNote` and Google Scholar write (`%0 Journal Article`).
//!
//! Their tags are turned into those of RIS, and the records read as such.

use super::tagged::{self, Field, TagLine};
use super::{Sink, ris};
use crate::model::{Place, Problem};

/// One of these forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Web of Science's plain text.
    WebOfScience,
    /// `RefWorks`' tagged text.
    RefWorks,
    /// refer.
    Refer,
}

/// Web of Science's tags and those of RIS.
const WEB_OF_SCIENCE: &[(&str, &str)] = &[
    ("AB", "AB"),
    ("AF", "A1"),
    ("AR", "C7"),
    ("AU", "AU"),
    ("BP", "SP"),
    ("CA", "CA"),
    ("DE", "KW"),
    ("DI", "DO"),
    ("DT", "M3"),
    ("EI", "SN"),
    ("EP", "EP"),
    ("ID", "KW"),
    ("IS", "IS"),
    ("JI", "J2"),
    ("LA", "LA"),
    ("PD", "DA"),
    ("PM", "PM"),
    ("PT", "TY"),
    ("PU", "PB"),
    ("PY", "PY"),
    ("SN", "SN"),
    ("SO", "JF"),
    ("TI", "TI"),
    ("UT", "UT"),
    ("VL", "VL"),
];

/// `RefWorks`' tags and those of RIS.
const REFWORKS: &[(&str, &str)] = &[
    ("A1", "AU"),
    ("A2", "ED"),
    ("AB", "AB"),
    ("AN", "AN"),
    ("DB", "DB"),
    ("DO", "DO"),
    ("DS", "DP"),
    ("FD", "DA"),
    ("IS", "IS"),
    ("JF", "JF"),
    ("JO", "JO"),
    ("K1", "KW"),
    ("LA", "LA"),
    ("LK", "UR"),
    ("NO", "N1"),
    ("OP", "EP"),
    ("PB", "PB"),
    ("RT", "TY"),
    ("SN", "SN"),
    ("SP", "SP"),
    ("T1", "TI"),
    ("T2", "T2"),
    ("UL", "UR"),
    ("VO", "VL"),
    ("YR", "PY"),
];

/// refer's tags and those of RIS.
const REFER: &[(&str, &str)] = &[
    ("%0", "TY"),
    ("%2", "C2"),
    ("%8", "DA"),
    ("%9", "M3"),
    ("%@", "SN"),
    ("%A", "AU"),
    ("%B", "T2"),
    ("%D", "PY"),
    ("%E", "ED"),
    ("%G", "LA"),
    ("%I", "PB"),
    ("%J", "JF"),
    ("%K", "KW"),
    ("%M", "AN"),
    ("%N", "IS"),
    ("%P", "SP"),
    ("%R", "DO"),
    ("%T", "TI"),
    ("%U", "UR"),
    ("%V", "VL"),
    ("%W", "DP"),
    ("%X", "AB"),
    ("%Z", "N1"),
    ("%~", "DB"),
];

/// Names of types in these forms, folded, and those of RIS.
const TYPES: &[(&str, &str)] = &[
    ("b", "BOOK"),
    ("book", "BOOK"),
    ("book section", "CHAP"),
    ("book, section", "CHAP"),
    ("c", "CPAPER"),
    ("conference paper", "CPAPER"),
    ("conference proceedings", "CONF"),
    ("dissertation", "THES"),
    ("dissertation/thesis", "THES"),
    ("edited book", "BOOK"),
    ("electronic article", "JOUR"),
    ("j", "JOUR"),
    ("journal", "JOUR"),
    ("journal article", "JOUR"),
    ("newspaper article", "NEWS"),
    ("report", "RPRT"),
    ("s", "SER"),
    ("thesis", "THES"),
];

/// How far from the top the first tag is looked for, in lines.
const HEAD_LINES: usize = 30;

/// Tells which of these forms a text is, if it is one.
pub fn form(text: &str) -> Option<Form> {
    let lines = || text.lines().take(HEAD_LINES).map(|l| l.trim_start_matches('\u{feff}').trim_start());
    let has = |start: &str| lines().any(|l| l.starts_with(start));
    let count = |start: &str| text.lines().filter(|l| l.starts_with(start)).count();
    if (has("FN ") || has("VR 1")) && count("PT ") > 0 || count("PT J") > 0 && count("UT ") > 0 {
        return Some(Form::WebOfScience);
    }
    if has("RT ") && (count("T1 ") > 0 || count("A1 ") > 0) {
        return Some(Form::RefWorks);
    }
    (has("%0 ") && count("%T ") + count("%A ") > 0).then_some(Form::Refer)
}

/// Reads a text and hands its records to `sink` in their order.
pub fn read(text: &str, form: Form, name: &str, source: &str, sink: &mut Sink<'_>) {
    let mut all = tagged::fields_by(text, |line| tag_line(line, form));
    let closes = form == Form::WebOfScience && all.iter().any(|f| f.tag == "ER");
    let mut current: Vec<Field<'_>> = Vec::new();
    let mut number = 0;
    for mut field in all.drain(..) {
        let is_end = field.tag == "ER" || field.tag == "TY" && !current.is_empty();
        if is_end && !current.is_empty() {
            number += 1;
            hand_on(&mut current, name, source, number, sink);
        }
        let is_head = current.is_empty() && field.tag == "XX";
        if !matches!(field.tag, "ER" | "EF") && !is_head {
            tidy(&mut field, form);
            current.push(field);
        }
    }
    if !current.iter().any(|f| f.tag == "TY") {
        return;
    }
    if closes {
        let place = Place::at(name, current.first().map_or(0, |f| f.line), 1);
        let message = "the last record has no ER line: it is cut off and was left out";
        sink(Err(Problem::error(place, message).with_help("export the file again")));
        return;
    }
    hand_on(&mut current, name, source, number + 1, sink);
}

/// Hands on one record. Where full names stand beside short ones, the full ones are the authors.
fn hand_on(current: &mut Vec<Field<'_>>, name: &str, source: &str, number: usize, sink: &mut Sink<'_>) {
    let mut fields = std::mem::take(current);
    if fields.iter().any(|f| f.tag == "A1") {
        fields.retain(|f| f.tag != "AU");
    }
    for field in fields.iter_mut().filter(|f| f.tag == "CA") {
        field.tag = "AU";
    }
    ris::record(&fields.iter().collect::<Vec<_>>(), name, source, number, sink);
}

/// Returns the tagged line that a line is, with the tag of RIS; a tag that RIS lacks is passed over
/// with all that belongs to it, by a tag of its own that nothing reads.
fn tag_line(text: &str, form: Form) -> Option<TagLine<'_>> {
    let text = text.trim_start_matches('\u{feff}');
    let (tag, behind) = text.split_at_checked(2)?;
    let is_parted = behind.is_empty() || behind.starts_with([' ', '\t']);
    let table = match form {
        Form::WebOfScience => WEB_OF_SCIENCE,
        Form::RefWorks => REFWORKS,
        Form::Refer => REFER,
    };
    let is_tag = match form {
        Form::Refer => tag.starts_with('%') && tag.chars().nth(1).is_some_and(|c| !c.is_whitespace() && c != '%'),
        _ => tag.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) && !tag.starts_with(char::is_numeric),
    };
    if !is_tag || !is_parted {
        return None;
    }
    let known = table.iter().find(|(own, _)| *own == tag).map(|(_, ris)| *ris);
    let tag = known.unwrap_or(if matches!(tag, "ER" | "EF") { tag } else { "XX" });
    Some(TagLine { tag, value: behind })
}

/// Brings a value into the form that RIS has it in.
fn tidy(field: &mut Field<'_>, form: Form) {
    let folded = field.value.trim().to_lowercase();
    if field.tag == "TY" {
        let kind = TYPES.iter().find(|(name, _)| *name == folded).map_or("GEN", |(_, kind)| *kind);
        kind.clone_into(&mut field.value);
    }
    // Wrapped lines of one text, not one value to a line.
    let is_wrapped = form == Form::WebOfScience && matches!(field.tag, "KW" | "TI" | "JF" | "AB");
    if is_wrapped {
        field.value = field.value.replace('\n', " ");
    }
}
