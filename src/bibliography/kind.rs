//! What a paper is, as reference managers part them: an article, a book, a report …

use crate::model::Record;

/// The kinds that every reference manager knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An article of a journal.
    Article,
    /// A book.
    Book,
    /// A part of a book.
    Chapter,
    /// A paper of a meeting.
    Meeting,
    /// A news item.
    News,
    /// A preprint.
    Preprint,
    /// A report.
    Report,
    /// A thesis.
    Thesis,
    /// A page on the web.
    Web,
}

impl Kind {
    /// Returns the kind of a record by its publication types; without a telling one, what stands in a
    /// journal or has a DOI or PubMed number is an article.
    pub fn of(record: &Record) -> Self {
        let begins = |word: &str| record.types.iter().any(|t| t.to_lowercase().starts_with(word));
        let any = |words: &[&str]| words.iter().any(|w| begins(w));
        if begins("book chapter") {
            Self::Chapter
        } else if begins("book") {
            Self::Book
        } else if record.is_preprint() {
            Self::Preprint
        } else if begins("academic dissertation") {
            Self::Thesis
        } else if any(&["congress", "conference", "inproceedings", "paper-conference"]) {
            Self::Meeting
        } else if begins("news") && record.doi.is_none() && record.pmid.is_none() {
            Self::News
        } else if any(&["technical report", "report", "techreport"]) {
            Self::Report
        } else if record.journal.is_some() || record.doi.is_some() || record.pmid.is_some() {
            Self::Article
        } else {
            Self::Web
        }
    }

    /// Returns the publication type that says the kind in PubMed's words; empty where none does.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Article => "Journal Article",
            Self::Book => "Book",
            Self::Chapter => "Book Chapter",
            Self::Meeting => "Congress",
            Self::News => "News",
            Self::Preprint => "Preprint",
            Self::Report => "Technical Report",
            Self::Thesis => "Academic Dissertation",
            Self::Web => "",
        }
    }
}
