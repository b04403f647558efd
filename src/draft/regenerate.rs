//! Brings news into a draft that people have worked on, without losing a word of theirs.
//!
//! Three texts meet: what the machine wrote last (base), the file as it is (mine) and what the
//! machine would write now (theirs). News wins only where the file still says what the machine
//! wrote. The file is changed by cutting ranges out of its text and putting others in; everything
//! else stays byte for byte.

mod blocks;
mod next_base;
pub(super) mod remarks;

use std::collections::BTreeSet;

use super::cuts::{self, Cuts};
use super::layout::{Field, Kind, Layout, Value};
use super::text::{BOM, is_same_text};
use crate::model::text::shorten;
use crate::model::{Draft, Month, Place, Problem, TopicRule};

/// A draft file with the news in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regenerated {
    /// The text to write to the file.
    pub text: String,
    /// What to keep as the base of the next time.
    pub base: String,
    /// What was not taken and why, in plain words; the order of the file.
    pub notes: Vec<String>,
}

/// Most characters of a text that a note repeats.
const NOTE_CHARS_MAX: usize = 160;

/// Brings `theirs` into the file `mine`; `base` is what the last call returned as base.
///
/// A field, a reason or a heading is renewed only where `mine` still says what `base` says; where
/// both changed, the person's stays and a note says so. Where a person said something behind `keep =`,
/// or made an item of a candidate, the section stays as it stands: they took the paper into that one.
/// When anything changes, the headings count the blocks below them. What a person removed stays out for good.
/// What is new is put at the end of its section. What is no longer proposed goes when it is
/// untouched and stays with a note when a person changed anything in it, put a remark above it,
/// or made it the pick. Without a file (`mine` is `None`) a fresh one is written; without a base
/// everything in the file counts as a person's. With nothing new the text is `mine` to the byte.
///
/// # Errors
/// When the file is no TOML, holds tables a draft does not know, or is of another month. Nothing
/// may be written then: the problems say what a person has to mend.
pub fn regenerate(
    base: Option<&str>,
    mine: Option<&str>,
    theirs: &Draft,
    topics: &[TopicRule],
    facts: &[String],
) -> Result<Regenerated, Vec<Problem>> {
    let fresh = super::write(theirs, topics, facts);
    let Some(mine) = mine else {
        return Ok(Regenerated { text: fresh.clone(), base: fresh, notes: Vec::new() });
    };
    let file = format!("{}.toml", theirs.month);
    let (mark, body) = mine.strip_prefix(BOM).map_or(("", mine), |rest| ("\u{feff}", rest));
    let layout = Layout::read(body, &file)?;
    check_month(&layout, theirs.month, &file)?;
    if base.is_some_and(|b| is_same_text(b, mine)) {
        let text = if is_same_text(mine, &fresh) { mine.to_owned() } else { format!("{mark}{}", like(&fresh, body)) };
        return Ok(Regenerated { text, base: fresh, notes: Vec::new() });
    }
    merge(base, &layout, &fresh, topics, &file).map(|mut r| {
        r.text.insert_str(0, mark);
        r
    })
}

/// Merges the three texts once it is sure that the file can be taken apart.
fn merge(
    base: Option<&str>,
    mine: &Layout<'_>,
    fresh: &str,
    topics: &[TopicRule],
    file: &str,
) -> Result<Regenerated, Vec<Problem>> {
    let theirs = Layout::read(fresh, file)?;
    let mut cuts = Cuts::new(mine);
    // A base that cannot be read (it never should be) counts as none: the file is all a person's.
    let base = base.and_then(|b| Layout::read(b.strip_prefix(BOM).unwrap_or(b), file).ok());
    if base.is_none() {
        cuts.note("no record of what was written here before: only new entries were added".to_owned());
    }
    let removed = blocks::merge(base.as_ref(), mine, &theirs, topics, &mut cuts);
    if let Some(base) = &base {
        remarks::merge_headings(base, mine, &theirs, &mut cuts);
        merge_top(base, mine, &theirs, &removed, &mut cuts);
    }
    let new_base = next_base::next_base(base.as_ref(), mine, &theirs, &cuts);
    let (text, notes) = cuts.apply();
    // The cuts above keep a file whole; should one ever not, the person's file must not suffer.
    let counted = remarks::recount(&Layout::read(&text, file)?);
    // Without news not a byte changes, also not what a heading counts.
    let text = if text == mine.text { text } else { counted };
    Ok(Regenerated { text, base: new_base, notes })
}

/// Refuses a file that does not say the month it is written for.
fn check_month(mine: &Layout<'_>, month: Month, file: &str) -> Result<(), Vec<Problem>> {
    let said = mine.top_text("month");
    if said == month.to_string() {
        return Ok(());
    }
    let offset = mine.top_field("month").map_or(0, |f| f.span.start);
    let message = if said.is_empty() {
        "the file does not say its month".to_owned()
    } else {
        format!("the file says month \"{said}\"")
    };
    let help = format!("write month = \"{month}\" at its top; to have a fresh draft, move the file away");
    Err(vec![Problem::error(Place::of_offset(file, mine.text, offset), message).with_help(help)])
}

/// Merges the fields above the first block. News of the pick is taken only when it is in the file.
fn merge_top(base: &Layout<'_>, mine: &Layout<'_>, theirs: &Layout<'_>, gone: &BTreeSet<String>, cuts: &mut Cuts<'_>) {
    for field in &theirs.top {
        if field.key == "pick" && gone.contains(theirs.top_text("pick")) {
            continue;
        }
        let place = Fields {
            base: base.top_field(&field.key),
            mine: mine.top_field(&field.key),
            theirs: Some(field),
            source: theirs,
        };
        merge_field(&place, "the draft", cuts);
    }
}

/// One field in the three texts.
struct Fields<'a> {
    base: Option<&'a Field>,
    mine: Option<&'a Field>,
    theirs: Option<&'a Field>,
    source: &'a Layout<'a>,
}

/// Takes news of a field where the file still says what the base says; notes where both changed.
fn merge_field(fields: &Fields<'_>, what: &str, cuts: &mut Cuts<'_>) {
    // A key that a person took away stays away; one that the news lacks has no news; one that the
    // base lacks is a person's for good.
    let (Some(mine), Some(theirs), Some(base)) = (fields.mine, fields.theirs, fields.base) else { return };
    if mine.value == theirs.value || base.value == theirs.value {
        return;
    }
    if base.value == mine.value {
        cuts.replace(mine.span.clone(), fields.source.slice(&theirs.span));
        return;
    }
    let news = match &theirs.value {
        Value::Text(text) if text.is_empty() => "nothing".to_owned(),
        Value::Text(text) => format!("\"{}\"", shorten(text, NOTE_CHARS_MAX)),
        Value::Flag(flag) => flag.to_string(),
        Value::Other(text) => shorten(text, NOTE_CHARS_MAX),
    };
    cuts.note(format!("{what}: you changed {}, and there is news for it; yours stays. The news: {news}", theirs.key));
}

/// Returns a text with the line endings of another.
fn like(text: &str, model: &str) -> String {
    if cuts::is_crlf(model) { text.replace('\n', "\r\n") } else { text.to_owned() }
}

/// Names a block in notes.
fn block_name(kind: Kind, key: &str, title: &str) -> String {
    let id = key.split_once(' ').map_or(key, |(_, id)| id);
    if title.is_empty() {
        format!("{} {id}", kind.word())
    } else {
        format!("{} {id} ({})", kind.word(), shorten(title, 60))
    }
}

#[cfg(test)]
mod tests;
