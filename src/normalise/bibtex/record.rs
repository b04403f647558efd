//! An entry to a record.

use serde_json::Value;

use super::entry::Entry;
use super::{latex, people};
use crate::model::text::clean_line;
use crate::model::{Place, Problem, Record};
use crate::normalise::{Sink, dates, fields, json_record, language};

/// Kinds of entries and the publication types that PubMed would give; empty where none fits.
const KINDS: &[(&str, &str)] = &[
    ("article", "Journal Article"),
    ("book", "Book"),
    ("bookinbook", "Book Chapter"),
    ("booklet", "Book"),
    ("collection", "Book"),
    ("conference", "Congress"),
    ("data", "Dataset"),
    ("dataset", "Dataset"),
    ("electronic", ""),
    ("inbook", "Book Chapter"),
    ("incollection", "Book Chapter"),
    ("inproceedings", "Congress"),
    ("inreference", "Book Chapter"),
    ("manual", ""),
    ("mastersthesis", "Academic Dissertation"),
    ("misc", ""),
    ("mvbook", "Book"),
    ("online", ""),
    ("patent", "Patent"),
    ("periodical", ""),
    ("phdthesis", "Academic Dissertation"),
    ("proceedings", "Congress"),
    ("reference", "Book"),
    ("report", "Technical Report"),
    ("suppbook", "Book Chapter"),
    ("techreport", "Technical Report"),
    ("thesis", "Academic Dissertation"),
    ("unpublished", ""),
    ("www", ""),
];

/// Names of languages in LaTeX's `babel` that are no English names of languages.
const BABEL: &[(&str, &str)] = &[
    ("acadian", "fr"),
    ("american", "en"),
    ("australian", "en"),
    ("austrian", "de"),
    ("brazil", "pt"),
    ("brazilian", "pt"),
    ("british", "en"),
    ("canadian", "en"),
    ("canadien", "fr"),
    ("francais", "fr"),
    ("français", "fr"),
    ("deutsch", "de"),
    ("español", "es"),
    ("mexican", "es"),
    ("naustrian", "de"),
    ("newzealand", "en"),
    ("ngerman", "de"),
    ("nswissgerman", "de"),
    ("português", "pt"),
    ("portuges", "pt"),
    ("swissgerman", "de"),
    ("ukenglish", "en"),
    ("usenglish", "en"),
];

/// Names of journals and books, the best first.
const JOURNALS: &[&str] =
    &["journal", "journaltitle", "booktitle", "maintitle", "fjournal", "shortjournal", "journal-iso", "eventtitle"];

/// Fields that are read by name, or that say nothing about the paper (paths of the person's own
/// machine, marks of tools): they are not kept aside.
const KNOWN: &[&str] = &[
    "abstract",
    "annotation",
    "annote",
    "archiveprefix",
    "author",
    "crossref",
    "date",
    "day",
    "doi",
    "editor",
    "eid",
    "article-number",
    "articleno",
    "eissn",
    "eprint",
    "eprinttype",
    "file",
    "groups",
    "howpublished",
    "isbn",
    "issn",
    "issue",
    "keyword",
    "keywords",
    "langid",
    "language",
    "link",
    "local-url",
    "mendeley-tags",
    "month",
    "note",
    "number",
    "owner",
    "pages",
    "pdf",
    "pmcid",
    "pmc",
    "pmid",
    "pubmedid",
    "pubmed-id",
    "published",
    "subtitle",
    "timestamp",
    "title",
    "type",
    "url",
    "volume",
    "xdata",
    "year",
    "__markedentry",
    "date-added",
    "date-modified",
    "ids",
    "source",
    "database",
    "author_keywords",
    "author-keywords",
    "extra",
    "archive-prefix",
];

/// Tells whether a kind is one of BibTeX's or BibLaTeX's, in lower case.
pub fn is_known_kind(kind: &str) -> bool {
    KINDS.iter().any(|(k, _)| *k == kind)
}

/// Hands on the record that an entry makes.
pub fn hand_on(entry: &Entry, number: usize, name: &str, source: &str, place: Place, sink: &mut Sink<'_>) {
    let mut record = Record { id: format!("{name}#{number}"), source: source.to_owned(), ..Record::default() };
    let mut messages = Vec::new();
    set_texts(&mut record, entry);
    set_kind(&mut record, entry);
    messages.extend(set_dates(&mut record, entry));
    set_identifiers(&mut record, entry, &mut messages);
    set_languages(&mut record, entry, &mut messages);
    keep_aside(&mut record, entry);
    for message in messages {
        sink(Err(Problem::warning(place.clone(), message)));
    }
    json_record::hand_on(record, place, sink);
}

/// Returns the first value of a name as clean text.
fn text(entry: &Entry, name: &str) -> Option<String> {
    entry.all(name).find_map(|raw| fields::line(&latex::text(raw)))
}

/// Sets what is text: title, abstract, authors, journal, numbers, keywords.
fn set_texts(record: &mut Record, entry: &Entry) {
    record.title = text(entry, "title").unwrap_or_default();
    if let Some(subtitle) = text(entry, "subtitle").filter(|s| !record.title.contains(s.as_str())) {
        let mark = if record.title.ends_with([':', '?', '!']) { " " } else { ": " };
        record.title = format!("{}{mark}{subtitle}", record.title);
    }
    record.abstract_text = entry.first("abstract").and_then(abstract_text);
    record.authors = entry.first("author").map(people::read).unwrap_or_default();
    if record.authors.is_empty() {
        record.authors = entry.first("editor").map(people::read).unwrap_or_default();
    }
    record.journal = JOURNALS.iter().find_map(|name| text(entry, name));
    if record.title.is_empty()
        && let Some(book) = text(entry, "booktitle")
    {
        record.title = book;
        record.journal = None;
    }
    record.volume = text(entry, "volume");
    record.number = text(entry, "number").or_else(|| text(entry, "issue"));
    let article_number = || ["eid", "article-number", "articleno"].iter().find_map(|name| text(entry, name));
    record.pages = text(entry, "pages").map(|p| pages(&p)).or_else(article_number);
    record.database = text(entry, "database").or_else(|| text(entry, "source"));
    for name in ["keywords", "keyword", "mendeley-tags", "author_keywords", "author-keywords"] {
        for raw in entry.all(name) {
            let value = latex::text(raw);
            let separators: &[char] = if value.contains(';') { &[';', '\n'] } else { &[',', '\n'] };
            value.split(separators).filter_map(fields::line).for_each(|k| fields::add_once(&mut record.keywords, k));
        }
    }
}

/// Returns an abstract with its paragraphs.
fn abstract_text(raw: &str) -> Option<String> {
    let raw = raw.replace("\r\n", "\n").replace("\\par ", "\n\n");
    let mut paragraphs: Vec<String> = Vec::new();
    for part in raw.split("\n\n") {
        paragraphs.extend(fields::line(&latex::text(part)));
    }
    (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"))
}

/// Returns pages with one hyphen in a range ("33--41", "33 – 41").
fn pages(text: &str) -> String {
    text.replace(['–', '—', '‐', '‑'], "-").replace("--", "-").replace(" - ", "-")
}

/// Sets the publication types.
fn set_kind(record: &mut Record, entry: &Entry) {
    let kind = KINDS.iter().find(|(k, _)| *k == entry.kind).map_or("", |(_, name)| *name);
    fields::add_once(&mut record.types, kind.to_owned());
    if let Some(more) = text(entry, "type").filter(|t| !t.eq_ignore_ascii_case(kind)) {
        fields::add_once(&mut record.types, more);
    }
}

/// Sets year and first public day: `date` (ISO, also a range), or `year`, `month` and `day`.
fn set_dates(record: &mut Record, entry: &Entry) -> Option<String> {
    let first_day = text(entry, "published").as_deref().and_then(dates::loose);
    if let Some(date) = text(entry, "date").as_deref().and_then(dates::loose) {
        record.year = Some(date.year());
        record.published = first_day.or(Some(date));
        return None;
    }
    let year = text(entry, "year").or_else(|| text(entry, "date"))?;
    let message = fields::set_year(record, &year);
    if message.is_some() {
        return message;
    }
    let month = text(entry, "month").unwrap_or_default();
    let day = text(entry, "day").unwrap_or_default();
    let number = record.year.unwrap_or_default();
    let of_month = match dates::month(&month) {
        Some(_) if month.trim().contains([' ', '~']) => None,
        Some(month) => dates::from_parts(number, Some(month), day.trim().parse().ok()),
        None => None,
    };
    let loosely = || dates::loose(&format!("{} {number}", month.replace('~', " ")));
    let said = dates::loose(&year).filter(|d| d.precision() > 1).or(of_month).or_else(loosely);
    record.published = first_day.or(said);
    None
}

/// Sets identifiers and addresses.
fn set_identifiers(record: &mut Record, entry: &Entry, messages: &mut Vec<String>) {
    let plain = |name: &str| entry.first(name).map(latex::verbatim);
    messages.extend(plain("doi").and_then(|doi| fields::set_doi(record, &doi)));
    for name in ["pmid", "pubmedid", "pubmed-id"] {
        messages.extend(plain(name).and_then(|pmid| fields::set_pmid(record, &pmid)));
    }
    for name in ["pmcid", "pmc"] {
        messages.extend(plain(name).and_then(|pmcid| fields::set_pmcid(record, &pmcid)));
    }
    if let Some(eprint) = plain("eprint") {
        let kind = plain("eprinttype").or_else(|| plain("archiveprefix")).unwrap_or_default().to_lowercase();
        match kind.trim() {
            "pubmed" | "pmid" | "medline" => messages.extend(fields::set_pmid(record, &eprint)),
            "pmc" | "pmcid" | "pubmedcentral" => messages.extend(fields::set_pmcid(record, &eprint)),
            "arxiv" => {
                let number = clean_line(&eprint);
                let number = number.trim_start_matches("arXiv:");
                fields::add_once(&mut record.links, format!("https://arxiv.org/abs/{number}"));
            }
            _ => fields::take_address(record, &eprint),
        }
    }
    for name in ["issn", "eissn", "isbn"] {
        entry.all(name).for_each(|raw| fields::add_issns(record, &latex::verbatim(raw)));
    }
    for name in ["url", "link", "howpublished"] {
        for raw in entry.all(name) {
            let value = latex::verbatim(&raw.replace("\\url", " "));
            fields::take_addresses(record, &value);
        }
    }
    for name in ["note", "annote", "annotation", "extra"] {
        entry.all(name).for_each(|raw| fields::take_note(record, &latex::text(raw)));
    }
}

/// Sets the languages; `langid` names the hyphenation, so a word there that is no language is
/// passed over.
fn set_languages(record: &mut Record, entry: &Entry, messages: &mut Vec<String>) {
    let known = |word: &str| {
        let lower = word.trim().trim_start_matches("lang").to_lowercase();
        BABEL
            .iter()
            .find(|(name, _)| *name == lower)
            .map(|(_, code)| (*code).to_owned())
            .or_else(|| language::code(&lower))
    };
    for raw in entry.all("language") {
        let value = latex::text(raw);
        for word in value.split([',', ';', '/']).map(str::trim).filter(|w| !w.is_empty()) {
            match known(word) {
                Some(code) => fields::add_once(&mut record.language, code),
                None => messages.extend(fields::add_language(record, word)),
            }
        }
    }
    if record.language.is_empty() {
        record.language.extend(entry.first("langid").and_then(known));
    }
}

/// Keeps the key and the fields that no field of a record takes.
fn keep_aside(record: &mut Record, entry: &Entry) {
    if !entry.key.is_empty() {
        record.extra.extend(fields::line(&entry.key).map(|key| ("bibtex_key".to_owned(), Value::String(key))));
    }
    for (name, raw) in &entry.fields {
        let is_taken = KNOWN.contains(&name.as_str()) || JOURNALS.contains(&name.as_str()) || name.starts_with("bdsk-");
        let howpublished = name == "howpublished" && !raw.contains("http") && !raw.contains("\\url");
        if is_taken && !howpublished {
            continue;
        }
        if let Some(value) = fields::line(&latex::text(raw)) {
            record.extra.entry(format!("bibtex_{}", clean_line(name))).or_insert(Value::String(value));
        }
    }
}
