//! Entries as records: plain text, typed identifiers, days instead of instants.

use super::boilerplate::{self, Extract};
use super::{Citation, Entry, Feed, FeedDate, is_web, people};
use crate::model::{Author, PartialDate, Pmid, Record, text};
use crate::normalise::html;

/// How long a title made from the text of an entry without one may be, in characters.
const TITLE_CHARS_MAX: usize = 120;

/// How PubMed's search feed begins its ids.
const PUBMED_ID: &str = "pubmed:";

/// Returns the entries as records in their order. An entry without title takes the beginning of
/// its text; one without any text is left out, since a record needs a title.
pub fn records(feed: &Feed, source: &str, journal: &str) -> Vec<Record> {
    feed.entries.iter().enumerate().filter_map(|(n, entry)| record(entry, n + 1, feed, source, journal)).collect()
}

/// Returns one entry as a record; `n` is its place from 1.
fn record(entry: &Entry, n: usize, feed: &Feed, source: &str, journal: &str) -> Option<Record> {
    let from_pubmed = entry.id.get(..PUBMED_ID.len()).is_some_and(|p| p.eq_ignore_ascii_case(PUBMED_ID));
    let pmid_of_id = if from_pubmed { Pmid::parse(&entry.id) } else { None };
    let extract = extract(entry, from_pubmed);
    let title = title(entry, &extract)?;
    let published = entry.published.or(entry.updated).and_then(FeedDate::day);
    let published = entry.published.and_then(FeedDate::day).or(extract.published).or(published);
    let citation = &entry.citation;
    let own = |said: &str, read: &str| [said, read].into_iter().map(text::clean_line).find(|t| !t.is_empty());
    let url = Some(&entry.link).filter(|l| is_web(l)).cloned();
    Some(Record {
        id: id(entry, pmid_of_id, source, n),
        source: source.to_owned(),
        title,
        abstract_text: Some(stored(&extract.text)).filter(|t| !t.is_empty()),
        sections: extract.sections,
        authors: authors(entry, &extract.authors),
        journal: journal_of(entry, &extract.journal, journal, feed),
        issn: if citation.issn.is_empty() { feed.about.citation.issn.clone() } else { citation.issn.clone() },
        volume: own(&citation.volume, &extract.volume),
        number: own(&citation.number, &extract.number),
        pages: own(&citation.pages, &extract.pages),
        year: citation.year.or(extract.year).or(published.map(PartialDate::year)),
        published,
        language: language(entry, feed, from_pubmed),
        doi: entry.doi.clone(),
        pmid: pmid_of_id.or(entry.pmid),
        pmcid: entry.pmcid.clone(),
        links: links(entry, url.as_deref()),
        url,
        keywords: keywords(entry),
        ..Record::default()
    })
}

/// Returns the id: `pmid:N` for PubMed's search feed, whose links change on every fetch; else the
/// entry's own id, its link, or its place.
fn id(entry: &Entry, pmid: Option<Pmid>, source: &str, n: usize) -> String {
    if let Some(pmid) = pmid {
        return format!("pmid:{pmid}");
    }
    [&entry.id, &entry.link].into_iter().find(|t| !t.is_empty()).cloned().unwrap_or_else(|| format!("{source}#{n}"))
}

/// Returns what the longest text of the entry holds: content, or the summary where content holds
/// no more than a citation.
fn extract(entry: &Entry, from_pubmed: bool) -> Extract {
    let read = |text: &str| if from_pubmed { boilerplate::pubmed(text) } else { boilerplate::general(text) };
    let long = entry.content.iter().map(|c| html::plain_text(&c.value)).max_by_key(String::len).unwrap_or_default();
    let mut of_content = read(&long);
    if of_content.text.is_empty() && !entry.summary.is_empty() {
        // What the content says of volume and pages holds; the summary gives the text.
        let of_summary = read(&entry.summary);
        if of_summary.text.is_empty() && of_content == Extract::default() {
            return of_summary;
        }
        of_content.text = of_summary.text;
        of_content.sections = of_summary.sections;
    }
    of_content
}

/// Returns paragraphs in the form in which text is stored.
fn stored(paragraphs: &str) -> String {
    paragraphs.lines().map(text::clean_line).collect::<Vec<_>>().join("\n")
}

/// Returns the title, or the beginning of the text.
fn title(entry: &Entry, extract: &Extract) -> Option<String> {
    if !entry.title.is_empty() {
        return Some(text::clean_line(&entry.title)).filter(|t| !t.is_empty());
    }
    let first = extract.text.lines().next().filter(|l| !l.is_empty())?;
    Some(text::shorten(first, TITLE_CHARS_MAX))
}

/// Returns the authors that the entry names, else those that its text names.
fn authors(entry: &Entry, read: &[String]) -> Vec<Author> {
    let named: Vec<Author> =
        entry.authors.iter().flat_map(|p| people::authors(&p.name)).take(people::AUTHORS_MAX).collect();
    if named.is_empty() { read.iter().flat_map(|n| people::authors(n)).collect() } else { named }
}

/// Returns the journal: what the entry says, else what its text says, else what the settings say,
/// else what the feed calls itself.
fn journal_of(entry: &Entry, read: &str, journal: &str, feed: &Feed) -> Option<String> {
    let Citation { journal: of_feed, .. } = &feed.about.citation;
    [entry.citation.journal.as_str(), read, of_feed, journal, entry.source.as_str(), feed.about.title.as_str()]
        .into_iter()
        .map(text::clean_line)
        .find(|t| !t.is_empty() && !is_web(t))
}

/// Returns the language as BCP 47: of the entry, else of the feed. PubMed's feed names the
/// language of its pages, not of the papers.
fn language(entry: &Entry, feed: &Feed, from_pubmed: bool) -> Vec<String> {
    if from_pubmed {
        return Vec::new();
    }
    let said = [&entry.language, &feed.about.language].into_iter().find(|l| !l.is_empty());
    said.and_then(|l| bcp47(l)).into_iter().collect()
}

/// Returns the two-letter code of a language tag where there is one: `en-US`, `en_GB`, `eng`.
fn bcp47(tag: &str) -> Option<String> {
    /// Three-letter codes (ISO 639-2, both kinds) that journals write, and their two letters.
    const THREE: &[(&str, &str)] = &[
        ("eng", "en"),
        ("fre", "fr"),
        ("fra", "fr"),
        ("ger", "de"),
        ("deu", "de"),
        ("spa", "es"),
        ("por", "pt"),
        ("ita", "it"),
        ("rus", "ru"),
        ("chi", "zh"),
        ("zho", "zh"),
        ("jpn", "ja"),
        ("ara", "ar"),
        ("tur", "tr"),
        ("pol", "pl"),
        ("per", "fa"),
        ("fas", "fa"),
        ("ind", "id"),
        ("vie", "vi"),
        ("dut", "nl"),
        ("nld", "nl"),
        ("swe", "sv"),
        ("kor", "ko"),
        ("hin", "hi"),
        ("ben", "bn"),
        ("swa", "sw"),
        ("ukr", "uk"),
        ("hun", "hu"),
    ];
    let primary = tag.trim().split(['-', '_', ' ', ',']).next().unwrap_or_default().to_lowercase();
    if let Some((_, two)) = THREE.iter().find(|(three, _)| *three == primary) {
        return Some((*two).to_owned());
    }
    ((2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_lowercase())).then_some(primary)
}

/// Returns further web addresses of the entry, each once, without the one it stands for and
/// without pictures.
fn links(entry: &Entry, url: Option<&str>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let pages =
        entry.links.iter().filter(|l| matches!(l.rel.as_str(), "" | "alternate" | "related" | "origlink" | "content"));
    for link in pages.chain(&entry.enclosures).filter(|l| !l.kind.starts_with("image/")) {
        if is_web(&link.href) && Some(link.href.as_str()) != url && !out.contains(&link.href) {
            out.push(link.href.clone());
        }
    }
    out
}

/// Returns the categories as keywords, each once, in the words for readers.
fn keywords(entry: &Entry) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for category in &entry.categories {
        let word = text::clean_line(if category.label.is_empty() { &category.term } else { &category.label });
        if !word.is_empty() && !out.contains(&word) {
            out.push(word);
        }
    }
    out
}
