//! A record made ready for comparing, so that nothing is worked out twice in the loop over pairs.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::model::{Doi, Pmcid, Pmid, Record, text};

use super::bib::{Pages, first_number};
use super::journal::{self, Journal};
use super::kinds::{MEETING_TYPES, NEWS_TYPES, Notice};
use super::names::{Name, names};
use super::news::{is_news, is_paper};
use super::title::Title;
use super::{HASH_START, hash, hash_on};

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
        out.mark = [record.source.as_str(), "\n", &record.id, "\n", &record.title]
            .iter()
            .fold(HASH_START, |h, part| hash_on(h, part.as_bytes()));
        out
    }
}

/// Returns the number of all that is compared.
fn content(record: &Prepared) -> u64 {
    let mut mixer = Mixer(0);
    record.hash(&mut mixer);
    mixer.finish()
}

/// A hash that takes eight bytes at a time; for this run of the program only.
struct Mixer(u64);

impl Mixer {
    /// Odd, with as many ones as zeros: every bit of a factor moves many of the product.
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
}

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut word = [0; 8];
            word.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, number: u64) {
        let product = u128::from(self.0 ^ number ^ Self::FACTOR.rotate_left(32)) * u128::from(Self::FACTOR);
        let (low, high) = (product & u128::from(u64::MAX), product >> 64);
        self.0 = u64::try_from(low ^ high).unwrap_or_default().rotate_left(23);
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    fn write_u8(&mut self, number: u8) {
        self.write_u64(number.into());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Returns what a record describes, by its type, its DOI, its title, its journal.
fn kind(record: &Record, title: &Title, journal: &Journal) -> Kind {
    let by_type = |known: &[&str]| record.types.iter().any(|t| known.iter().any(|k| k.eq_ignore_ascii_case(t)));
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
    let end = abstract_text.char_indices().nth(ABSTRACT_CHARS_MAX).map_or(abstract_text.len(), |(at, _)| at);
    let (mut out, mut count) = (Vec::with_capacity(ABSTRACT_WORDS_MAX), 0);
    text::each_word(abstract_text.get(..end).unwrap_or_default(), |word| {
        count += 1;
        if count <= ABSTRACT_WORDS_MAX && word.len() > 2 {
            out.push(short_hash(word.as_bytes()));
        }
    });
    out.sort_unstable();
    out.dedup();
    out
}

/// Returns a hash in four bytes: enough for the words of one abstract.
fn short_hash(bytes: &[u8]) -> u32 {
    let long = hash(bytes);
    u32::try_from((long ^ (long >> 32)) & u64::from(u32::MAX)).unwrap_or_default()
}
