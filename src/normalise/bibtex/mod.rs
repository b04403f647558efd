//! BibTeX and `BibLaTeX`, as Zotero, Mendeley, `EndNote`, `JabRef`, Google Scholar, Scopus, Web of Science
//! and publishers write them.
//!
//! Entries are parted by ourselves ([`split`]), so that a broken one costs only itself; values are
//! read as LaTeX with the `biblatex` crate ([`latex`]). Field names are those of the BibLaTeX
//! manual (3.20, section 2.2) and the old BibTeX ones.
//!
//! ```
//! let text = "@article{k, title = {Sleep after birth in S{\\~a}o Exemplo}, year = 2026}";
//! let parsed = roundup::normalise::read(text.as_bytes(), "x.bib", "inbox");
//! assert_eq!(parsed.records[0].title, "Sleep after birth in São Exemplo");
//! ```

use std::collections::{BTreeMap, BTreeSet};

use super::Sink;
use crate::model::{Lines, Place, Problem};

mod entry;
mod latex;
mod people;
mod record;
mod split;

use entry::Entry;
use split::{Block, End, Part};

/// Kinds that are no entries.
const NO_ENTRIES: &[&str] = &["comment", "preamble", "string", "set", "control", "ieeetranbstctl"];

/// The most bytes of a string or a value that strings are joined to: a string of strings of strings
/// may otherwise grow without end.
const STRING_BYTES_MAX: usize = 4 << 10;

/// How many entries one entry may inherit through.
const PARENTS_MAX: usize = 4;

/// Named strings of a file, by their names in lower case.
type Strings = BTreeMap<String, String>;

/// Tells whether a text is BibTeX: an `@kind{` comes before anything else of weight.
pub fn looks_like_bibtex(text: &str) -> bool {
    let Some(kind) = split::first_kind(text) else { return false };
    let kind = kind.to_lowercase();
    NO_ENTRIES.contains(&kind.as_str()) || record::is_known_kind(&kind) || text.trim_start().starts_with('@')
}

/// Reads a text and hands its records to `sink` in their order.
pub fn read(text: &str, name: &str, source: &str, sink: &mut Sink<'_>) {
    let blocks = split::blocks(text);
    let strings = strings(&blocks);
    let places = Lines::new(name, text);
    let parents = parents(&blocks, &strings);
    let mut number = 0;
    let mut end_before = 0;
    for block in &blocks {
        let kind = block.kind.to_lowercase();
        let place = places.at(block.at);
        if is_remainder(text.get(end_before..block.at).unwrap_or_default()) {
            let message = "the entry before this one ends too early: it has a closing brace too many, and what follows it was left out";
            sink(Err(
                Problem::error(place.clone(), message).with_help("mend the braces of that entry, or export again")
            ));
        }
        end_before = block.next;
        if NO_ENTRIES.contains(&kind.as_str()) || kind == "xdata" {
            continue;
        }
        number += 1;
        if let Some(mut entry) = whole_entry(block, kind, &place, sink, &strings) {
            for at in &entry.junk {
                let place = places.at(block.body_at + at);
                sink(Err(Problem::warning(place, "this is no field of the form name = {value}; it was left out")));
            }
            inherit(&mut entry, &parents, &place, sink);
            record::hand_on(&entry, number, name, source, place, sink);
        }
    }
}

/// Returns the entry of a block, or `None` when it is broken beyond repair, which is told.
fn whole_entry(
    block: &Block<'_>,
    kind: String,
    place: &Place,
    sink: &mut Sink<'_>,
    strings: &Strings,
) -> Option<Entry> {
    if block.end == End::Cut {
        let message = "the last entry is cut off and was left out";
        sink(Err(Problem::error(place.clone(), message).with_help("export the file again")));
        return None;
    }
    let entry = Entry::read(block.body, kind, strings);
    if block.end == End::Closed {
        return Some(entry);
    }
    // Only the last brace is missing where no value swallowed the fields behind it.
    if entry.junk.is_empty() && !entry.has_swallowed_fields() {
        sink(Err(Problem::warning(place.clone(), "the entry has no closing brace; it was read up to the next one")));
        return Some(entry);
    }
    let message = "a brace of this entry is never closed; the entry was left out";
    sink(Err(Problem::error(place.clone(), message).with_help("mend its braces, or export it again")));
    None
}

/// Returns the strings of a file, each made of those before it.
fn strings(blocks: &[Block<'_>]) -> Strings {
    let mut out = Strings::new();
    for block in blocks.iter().filter(|b| b.kind.eq_ignore_ascii_case("string")) {
        let (_, fields, _) = split::fields(block.body);
        for field in fields {
            let value = joined(&field.parts, &out);
            out.insert(field.name.to_lowercase(), value);
        }
    }
    out
}

/// Returns the parts of a value as one text; a name that nothing defines stands for itself.
fn joined(parts: &[Part<'_>], strings: &Strings) -> String {
    if let [Part::Text(text)] = parts {
        return (*text).to_owned();
    }
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Name(name) => {
                let text = strings.get(&name.to_lowercase()).map_or(*name, String::as_str);
                if out.len() + text.len() <= STRING_BYTES_MAX {
                    out.push_str(text);
                }
            }
        }
    }
    out
}

/// Returns the entries that others inherit from, by their keys in lower case.
fn parents(blocks: &[Block<'_>], strings: &Strings) -> BTreeMap<String, Entry> {
    let names_parent = |body: &str| {
        let lower = body.to_ascii_lowercase();
        lower.contains("crossref") || lower.contains("xdata")
    };
    let wanted: BTreeSet<String> = blocks
        .iter()
        .filter(|b| names_parent(b.body))
        .flat_map(|b| Entry::read(b.body, String::new(), strings).parents())
        .collect();
    if wanted.is_empty() {
        return BTreeMap::new();
    }
    let mut out = BTreeMap::new();
    for block in blocks.iter().filter(|b| b.end != End::Cut) {
        let kind = block.kind.to_lowercase();
        if !NO_ENTRIES.contains(&kind.as_str()) {
            let key = split::fields(block.body).0.to_lowercase();
            if wanted.contains(&key) {
                out.entry(key).or_insert_with(|| Entry::read(block.body, kind, strings));
            }
        }
    }
    out
}

/// Fills what an entry leaves to the entries it names; one that is not there is told.
fn inherit(entry: &mut Entry, parents: &BTreeMap<String, Entry>, place: &Place, sink: &mut Sink<'_>) {
    let mut seen = Vec::new();
    let mut open = entry.parents();
    while let Some(key) = open.pop() {
        if seen.contains(&key) || seen.len() >= PARENTS_MAX {
            continue;
        }
        if let Some(parent) = parents.get(&key) {
            entry.take_from(parent);
            open.extend(parent.parents());
        } else {
            let message = format!("names the entry {key:?}, which is not in the file");
            let help = "export both entries, or fill in the title of the book by hand";
            sink(Err(Problem::warning(place.clone(), message).with_help(help)));
        }
        seen.push(key);
    }
}

/// Tells whether text between two entries is the rest of the first one.
fn is_remainder(between: &str) -> bool {
    let rest = between.trim_start();
    if rest.starts_with(',') && rest.contains('=') {
        return true;
    }
    let name: &str = rest.split(['=', '\n']).next().unwrap_or_default().trim_end();
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    let value = rest.get(name.len()..).unwrap_or_default().trim_start();
    is_name && value.strip_prefix('=').is_some_and(|v| v.trim_start().starts_with(['{', '"']))
}
