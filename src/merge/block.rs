//! Which records are worth comparing: those that share a key.

use crate::model::Record;

use super::prepared::Prepared;
use super::tables::STOP_WORDS;
use super::title::Title;

/// Letters of a title's beginning and end that make a key.
const EDGE_CHARS: usize = 20;

/// Returns the keys of a record, sorted, at most 11: beginning and end of the title, pairs of its
/// longest words, its first author with these, its place. Two records that can be one study share
/// one. Identifiers are looked up separately. A record without title and pages has no key.
pub fn block_keys(record: &Record) -> Vec<String> {
    keys_of(&Prepared::of(record))
}

/// Returns the keys of a prepared record.
pub(super) fn keys_of(record: &Prepared) -> Vec<String> {
    let mut out = Vec::new();
    let author = record.authors.first().map(|n| n.family.as_str());
    if record.title.is_generic {
        column_keys(record, author, &mut out);
    } else {
        title_keys(&record.title, author, &mut out);
    }
    if let Some(title) = &record.vernacular {
        out.push(format!("t:{}", head(&title.compact)));
    }
    if let Some(start) = record.pages.start().filter(|s| *s > 1) {
        if let Some(volume) = record.volume {
            out.push(format!("p:{volume}:{start}"));
        }
        if let (Some(author), None) = (author, record.volume) {
            out.push(format!("q:{author}:{start}"));
        }
    }
    out.sort();
    out.dedup();
    out
}

/// Adds the keys of an ordinary title.
fn title_keys(title: &Title, author: Option<&str>, out: &mut Vec<String>) {
    if title.is_empty() {
        return;
    }
    out.push(format!("t:{}", head(&title.compact)));
    if !title.is_cut {
        out.push(format!("u:{}", tail(&title.compact)));
    }
    let mut longest: Vec<&str> = title.words.iter().map(String::as_str).filter(|w| !STOP_WORDS.contains(w)).collect();
    longest.sort_by(|a, b| b.len().cmp(&a.len()).then(a.cmp(b)));
    longest.dedup();
    longest.truncate(3);
    let mut pair = |a: Option<&&str>, b: Option<&&str>| {
        if let (Some(a), Some(b)) = (a, b) {
            let (a, b) = if a <= b { (a, b) } else { (b, a) };
            out.push(format!("w:{a}:{b}"));
        }
    };
    pair(longest.first(), longest.get(1));
    pair(longest.first(), longest.get(2));
    pair(longest.get(1), longest.get(2));
    if let Some(author) = author {
        out.extend(longest.iter().map(|w| format!("a:{author}:{w}")));
    }
}

/// Adds the keys of a column: its title alone would bring every issue together.
fn column_keys(record: &Prepared, author: Option<&str>, out: &mut Vec<String>) {
    let title = head(&record.title.compact);
    if let Some(author) = author {
        out.push(format!("c:{title}:{author}"));
    }
    if let (Some(volume), Some(number)) = (record.volume, record.number) {
        out.push(format!("d:{title}:{volume}:{number}"));
    }
}

/// Returns the first letters.
fn head(compact: &str) -> String {
    compact.chars().take(EDGE_CHARS).collect()
}

/// Returns the last letters.
fn tail(compact: &str) -> String {
    let skip = compact.chars().count().saturating_sub(EDGE_CHARS);
    compact.chars().skip(skip).collect()
}
