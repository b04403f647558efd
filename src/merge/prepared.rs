//! A record made ready for comparing, so that nothing is worked out twice in the loop over pairs.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use crate::model::{Doi, Pmcid, Pmid, Record, text};

use super::bib::{Pages, first_number};
use super::hash;
use super::journal::{self, Journal};
use super::kinds::{MEETING_TYPES, NEWS_TYPES, Notice};
use super::names::{Name, names};
use super::news::{is_news, is_paper};
use super::title::Title;

/// Words of an abstract that are compared: databases cut the rest differently.
const ABSTRACT_WORDS_MAX: usize = 60;

/// Characters of an abstract that have room for these words, eight for each.
const ABSTRACT_CHARS_MAX: usize = ABSTRACT_WORDS_MAX * 8;

/// A record as it is compared.
#[derive(Debug, Clone, Hash)]
pub(super) struct Prepared {
    pub title: Title,
    pub vernacular: Option<Title>,
    pub authors: Vec<Name>,
    pub journal: Arc<Journal>,
    pub issn: Vec<String>,
    /// Citation year, then the year of first publication where it is another.
    pub years: Vec<i16>,
    pub volume: Option<u32>,
    pub number: Option<u32>,
    pub pages: Pages,
    pub doi: Option<Doi>,
    pub pmid: Option<Pmid>,
    pub pmcid: Option<Pmcid>,
    /// Sorted hashes of the first words of the abstract.
    pub summary: Vec<u32>,
    pub kind: Kind,
    /// Whether it is typed as a preprint, whatever else it is.
    pub is_typed_preprint: bool,
    /// A number for the record's name and title, so that no order depends on its place in a list.
    pub mark: u64,
    /// Whether it may be news about papers.
    pub is_news: bool,
    /// Whether it says what only a paper's entry has.
    pub is_paper: bool,
    /// A number for everything else: records with the same one are compared alike.
    pub content: u64,
}

/// What sort of thing a record describes, as far as identity depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// A paper, or anything not known to be something else.
    Paper,
    /// A paper read at a meeting.
    Meeting,
    /// A preprint.
    Preprint,
    /// News.
    News,
    /// A notice about another paper.
    Notice(Notice),
}

impl Prepared {
    /// Returns the comparable form of a record.
    pub fn of(record: &Record) -> Self {
        let journal_name = record.journal.as_deref().unwrap_or_default();
        let title = Title::of(&record.title, journal_name);
        let journal = journal::shared(journal_name);
        let year = record.citation_year();
        let published = record.published.map(crate::model::PartialDate::year);
        let mut years: Vec<i16> = year.into_iter().chain(published).collect();
        years.dedup();
        let number_in = |text: &Option<String>| text.as_deref().and_then(|t| first_number(t, year));
        let mut out = Self {
            vernacular: record
                .title_vernacular
                .as_deref()
                .map(|t| Title::of(t, journal_name))
                .or_else(|| Title::parallel(&record.title, journal_name))
                .filter(|t| !t.is_empty()),
            authors: names(&record.authors),
            issn: record.issn.clone(),
            years,
            volume: number_in(&record.volume),
            number: number_in(&record.number),
            pages: record.pages.as_deref().map(Pages::of).unwrap_or_default(),
            doi: record.doi.clone(),
            pmid: record.pmid,
            pmcid: record.pmcid.clone(),
            summary: summary(record.abstract_text.as_deref().unwrap_or_default()),
            kind: kind(record, &title, &journal),
            is_typed_preprint: record.is_preprint(),
            mark: 0,
            content: 0,
            is_news: is_news(record),
            is_paper: is_paper(record),
            title,
            journal,
        };
        out.content = content(&out);
        out.mark = hash(format!("{}\n{}\n{}", record.source, record.id, record.title).as_bytes());
        out
    }
}

/// Returns the number of all that is compared.
fn content(record: &Prepared) -> u64 {
    let mut hasher = DefaultHasher::new();
    record.hash(&mut hasher);
    hasher.finish()
}

/// Returns what a record describes, by its type, its DOI, its title, its journal.
fn kind(record: &Record, title: &Title, journal: &Journal) -> Kind {
    let by_type = |known: &[&str]| record.types.iter().any(|t| known.contains(&t.to_lowercase().as_str()));
    if let Some(notice) = title.notice.or_else(|| notice_by_type(record)) {
        Kind::Notice(notice)
    } else if record.is_preprint() || by_type(&["posted-content"]) || journal.is_preprint_server {
        Kind::Preprint
    } else if by_type(MEETING_TYPES) || journal.is_meeting {
        // Before the DOI: exports give a meeting's paper the DOI of its copy on a server.
        Kind::Meeting
    } else if record.has_preprint_doi() {
        Kind::Preprint
    } else if by_type(NEWS_TYPES) {
        Kind::News
    } else {
        Kind::Paper
    }
}

/// Returns the notice that PubMed's publication types say a record is.
fn notice_by_type(record: &Record) -> Option<Notice> {
    [
        ("Published Erratum", Notice::Erratum),
        ("Retraction of Publication", Notice::Retraction),
        ("Retraction Notice", Notice::Retraction),
        ("Expression of Concern", Notice::Concern),
    ]
    .into_iter()
    .find_map(|(name, notice)| record.has_type(name).then_some(notice))
}

/// Returns the sorted hashes of the first words of an abstract.
fn summary(abstract_text: &str) -> Vec<u32> {
    let head: String = abstract_text.chars().take(ABSTRACT_CHARS_MAX).collect();
    let mut out: Vec<u32> = text::words(&head)
        .iter()
        .take(ABSTRACT_WORDS_MAX)
        .filter(|w| w.len() > 2)
        .map(|w| short_hash(w.as_bytes()))
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

/// Returns a hash in four bytes: enough for the words of one abstract.
fn short_hash(bytes: &[u8]) -> u32 {
    let long = hash(bytes);
    u32::try_from((long ^ (long >> 32)) & u64::from(u32::MAX)).unwrap_or_default()
}
