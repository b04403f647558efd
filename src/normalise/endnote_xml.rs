//! `EndNote`'s own XML (`<xml><records><record>…`), as `EndNote`, Covidence and PubMed tools write it.
//!
//! Records are cut out of the text first, so that a broken one costs only itself. Element names are
//! those of `EndNote`'s `RSXML.dtd`; `<style>` around every piece of text only carries fonts.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;

use super::{Sink, fields, html, json_record, names};
use crate::model::text::{clean_line, shorten};
use crate::model::{Lines, Place, Problem, Record};

/// The deepest nesting of a record; real ones stay at five.
const DEPTH_MAX: usize = 64;

/// The longest words of a value shown in a message, in characters.
const SHOWN_CHARS_MAX: usize = 80;

/// `EndNote`'s reference types and the publication types that PubMed would give.
const TYPES: &[(&str, &str)] = &[
    ("book", "Book"),
    ("book section", "Book Chapter"),
    ("conference paper", "Congress"),
    ("conference proceedings", "Congress"),
    ("dataset", "Dataset"),
    ("edited book", "Book"),
    ("electronic article", "Journal Article"),
    ("electronic book", "Book"),
    ("electronic book section", "Book Chapter"),
    ("government document", "Technical Report"),
    ("journal article", "Journal Article"),
    ("newspaper article", "Newspaper Article"),
    ("report", "Technical Report"),
    ("serial", "Book"),
    ("thesis", "Academic Dissertation"),
];

/// Journal and book names, the best first.
const JOURNALS: &[&str] = &[
    "periodical/full-title",
    "titles/secondary-title",
    "alt-periodical/full-title",
    "periodical/abbr-1",
    "titles/alt-title",
];

/// What is read by name, or says nothing about the paper.
const KNOWN: &[&str] = &[
    "abstract",
    "accession-num",
    "auth-address",
    "contributors/authors/author",
    "contributors/secondary-authors/author",
    "custom2",
    "database",
    "dates/pub-dates/date",
    "dates/year",
    "electronic-resource-num",
    "foreign-keys/key",
    "isbn",
    "keywords/keyword",
    "label",
    "language",
    "notes",
    "number",
    "pages",
    "rec-number",
    "ref-type",
    "ref-type@name",
    "remote-database-name",
    "remote-database-provider",
    "research-notes",
    "source-app",
    "titles/short-title",
    "titles/title",
    "urls/pdf-urls/url",
    "urls/related-urls/url",
    "urls/text-urls/url",
    "urls/web-urls/url",
    "volume",
    "work-type",
];

/// Tells whether a text whose root is `root` is of this form.
pub fn is_root(root: &str, text: &str) -> bool {
    matches!(root, "xml" | "records" | "record") && text.contains("<record") && text.contains("<titles>")
        || root == "xml" && text.contains("<records")
}

/// Reads a text and hands its records to `sink` in their order.
pub fn read(text: &str, name: &str, source: &str, sink: &mut Sink<'_>) {
    let places = Lines::new(name, text);
    let mut number = 0;
    let mut next = next_record(text, 0);
    while let Some(start) = next {
        number += 1;
        next = next_record(text, start + 1);
        let piece = text.get(start..next.unwrap_or(text.len())).unwrap_or_default();
        let place = places.at(start);
        let Some(end) = piece.find("</record>") else {
            let message = format!("record {number} is cut off and was left out");
            sink(Err(Problem::error(place, message).with_help("export the file again")));
            continue;
        };
        match leaves(piece.get(..end + "</record>".len()).unwrap_or_default()) {
            Ok(leaves) => record(&leaves, number, name, source, place, sink),
            Err((offset, message)) => {
                let message = format!("record {number} is broken and was left out: {message}");
                let problem = Problem::error(places.at(start + offset), message);
                sink(Err(problem.with_help("export it again from EndNote")));
            }
        }
    }
}

/// Returns where the next `<record>` begins.
fn next_record(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let mut found = rest.match_indices("<record");
    found.find_map(|(at, tag)| {
        let behind = rest.get(at + tag.len()..)?;
        behind.starts_with(['>', ' ', '\t', '\n', '\r']).then_some(from + at)
    })
}

/// An element that holds text: its path below the record, and the text with all fonts gone.
struct Leaf {
    path: String,
    text: String,
}

/// Reads a record to its leaves; the error is an offset in it and what is wrong there.
fn leaves(xml: &str) -> Result<Vec<Leaf>, (usize, String)> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().allow_dangling_amp = true;
    let mut out: Vec<Leaf> = Vec::new();
    // Each open element, and the leaf that its text goes to.
    let mut open: Vec<(String, Option<usize>)> = Vec::new();
    loop {
        let event = reader.read_event().map_err(|e| {
            let offset = usize::try_from(reader.error_position()).unwrap_or(0);
            (offset, e.to_string().trim_end_matches('.').to_owned())
        })?;
        match event {
            Event::Start(tag) => start(&tag, &mut open, &mut out),
            Event::Empty(tag) => {
                start(&tag, &mut open, &mut out);
                open.pop();
            }
            Event::End(_) => {
                open.pop();
            }
            Event::Text(text) => add(&text.into_inner(), &mut open, &mut out),
            Event::CData(text) => add(&text.into_inner(), &mut open, &mut out),
            Event::GeneralRef(reference) => {
                let character = html::entity(&reference).map(|c| c.replace('\r', "\n"));
                add(&character.unwrap_or_else(|| format!("&{};", &*reference)), &mut open, &mut out);
            }
            Event::Eof => return Ok(out),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_) => {}
        }
        if open.len() > DEPTH_MAX {
            return Err((0, format!("more than {DEPTH_MAX} elements inside each other")));
        }
    }
}

/// Opens an element; fonts add nothing to the path and write into the leaf around them.
fn start(tag: &BytesStart<'_>, open: &mut Vec<(String, Option<usize>)>, out: &mut Vec<Leaf>) {
    let name = tag.name().as_ref().to_owned();
    let (parent, leaf) = open.last().cloned().unwrap_or_default();
    if name == "style" {
        // A font inside an element that has no text yet: the leaf is made now, so that all share it.
        let leaf = leaf.or_else(|| Some(new_leaf(&parent, out)));
        if let Some(around) = open.last_mut() {
            around.1 = leaf;
        }
        open.push((parent, leaf));
        return;
    }
    let path = match (open.len(), parent.is_empty()) {
        (0, _) => String::new(),
        (_, true) => name,
        (_, false) => format!("{parent}/{name}"),
    };
    if path == "ref-type"
        && let Some(value) = tag.attributes().flatten().find(|a| a.key.as_ref() == "name")
    {
        let text = html::decode_entities(&value.value).into_owned();
        out.push(Leaf { path: "ref-type@name".to_owned(), text });
    }
    open.push((path, None));
}

/// Adds an empty leaf and returns its index.
fn new_leaf(path: &str, out: &mut Vec<Leaf>) -> usize {
    out.push(Leaf { path: path.to_owned(), text: String::new() });
    out.len() - 1
}

/// Adds text to the leaf of the innermost element.
fn add(text: &str, open: &mut [(String, Option<usize>)], out: &mut Vec<Leaf>) {
    let Some((path, leaf)) = open.last_mut() else { return };
    if leaf.is_none() && text.trim().is_empty() {
        return;
    }
    let at = *leaf.get_or_insert_with(|| new_leaf(path, out));
    if let Some(leaf) = out.get_mut(at) {
        leaf.text.push_str(text);
    }
}

/// Hands on the record that some leaves make.
fn record(leaves: &[Leaf], number: usize, name: &str, source: &str, place: Place, sink: &mut Sink<'_>) {
    let mut record = Record { id: format!("{name}#{number}"), source: source.to_owned(), ..Record::default() };
    let all = |path: &'static str| leaves.iter().filter(move |l| l.path == path).map(|l| l.text.as_str());
    let first = |path: &'static str| all(path).find_map(fields::line);
    record.title = first("titles/title").unwrap_or_default();
    record.journal = JOURNALS.iter().find_map(|path| first(path));
    record.abstract_text = all("abstract").find_map(fields::paragraphs);
    record.volume = first("volume");
    record.number = first("number");
    record.pages = first("pages").map(|p| p.replace(['–', '—'], "-"));
    record.database = first("remote-database-name").or_else(|| first("remote-database-provider"));
    for path in ["contributors/authors/author", "contributors/secondary-authors/author"] {
        if record.authors.is_empty() {
            let people = all(path).flat_map(str::lines);
            record.authors = people.filter_map(|n| names::author(n, names::Order::GivenFirst)).collect();
        }
    }
    for keyword in all("keywords/keyword").flat_map(|k| k.split(['\n', ';'])).filter_map(fields::line) {
        fields::add_once(&mut record.keywords, keyword.trim_start_matches('*').to_owned());
    }
    set_types(&mut record, &first("ref-type@name").unwrap_or_default(), &first("work-type").unwrap_or_default());
    let mut messages = Vec::new();
    messages.extend(fields::set_dates(&mut record, first("dates/year"), first("dates/pub-dates/date")));
    all("isbn").for_each(|numbers| fields::add_issns(&mut record, numbers));
    messages.extend(first("electronic-resource-num").and_then(|doi| fields::set_doi(&mut record, &doi)));
    messages.extend(first("language").and_then(|l| fields::add_languages(&mut record, l.split([',', ';']))));
    for path in ["urls/related-urls/url", "urls/web-urls/url", "urls/text-urls/url", "urls/pdf-urls/url"] {
        for address in all(path).flat_map(|u| u.split(['\n', ' ', ';'])) {
            fields::take_address(&mut record, address);
        }
    }
    if let Some(pmcid) = first("custom2").filter(|c| c.to_uppercase().starts_with("PMC")) {
        messages.extend(fields::set_pmcid(&mut record, &pmcid));
    }
    all("notes").chain(all("research-notes")).for_each(|note| fields::take_note(&mut record, note));
    fields::take_accession(&mut record, first("accession-num"));
    keep_aside(&mut record, leaves);
    for message in messages {
        sink(Err(Problem::warning(place.clone(), shorten(&message, SHOWN_CHARS_MAX * 2))));
    }
    json_record::hand_on(record, place, sink);
}

/// Sets the publication types.
fn set_types(record: &mut Record, kind: &str, more: &str) {
    let lower = kind.to_lowercase();
    if let Some((_, name)) = TYPES.iter().find(|(t, _)| *t == lower) {
        record.types.push((*name).to_owned());
    }
    for name in more.split(';').filter_map(fields::line) {
        fields::add_once(&mut record.types, name);
    }
}

/// Keeps what no field of a record takes.
fn keep_aside(record: &mut Record, leaves: &[Leaf]) {
    for leaf in leaves {
        if KNOWN.contains(&leaf.path.as_str()) || JOURNALS.contains(&leaf.path.as_str()) || leaf.path.is_empty() {
            continue;
        }
        if let Some(text) = fields::line(&leaf.text) {
            record.extra.entry(format!("endnote_{}", clean_line(&leaf.path))).or_insert(Value::String(text));
        }
    }
}
