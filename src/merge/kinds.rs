//! How the kinds of records give themselves away: notices about papers, preprints, papers read at
//! meetings, news. Tables: read by looking up.

/// How a notice about another paper opens, with what it is; the rest of the title is the other's.
/// Longest first where one opens another. Compared with folded words.
pub(super) const NOTICE_OPENINGS: &[(&str, Notice)] = &[
    ("author correction", Notice::Erratum),
    ("publisher correction", Notice::Erratum),
    ("publishers correction", Notice::Erratum),
    ("publishers note", Notice::Erratum),
    ("correction notice", Notice::Erratum),
    ("correction to", Notice::Erratum),
    ("corrections to", Notice::Erratum),
    ("correction for", Notice::Erratum),
    ("corrected and republished", Notice::Republished),
    ("corrigendum to", Notice::Erratum),
    ("corrigendum", Notice::Erratum),
    ("corrigenda", Notice::Erratum),
    ("erratum to", Notice::Erratum),
    ("erratum for", Notice::Erratum),
    ("erratum", Notice::Erratum),
    ("errata", Notice::Erratum),
    ("addendum", Notice::Erratum),
    ("editorial expression of concern", Notice::Concern),
    ("expression of concern", Notice::Concern),
    ("notice of retraction", Notice::Retraction),
    ("retraction notice to", Notice::Retraction),
    ("retraction notice", Notice::Retraction),
    ("retraction note to", Notice::Retraction),
    ("retraction note", Notice::Retraction),
    ("retraction of", Notice::Retraction),
    ("comment on", Notice::Comment),
    ("comments on", Notice::Comment),
    ("commentary on", Notice::Comment),
    ("a comment on", Notice::Comment),
    ("a commentary on", Notice::Comment),
    ("invited commentary on", Notice::Comment),
    ("letter to the editor regarding", Notice::Comment),
    ("letter regarding", Notice::Comment),
    ("letter re", Notice::Comment),
    ("response to", Notice::Reply),
    ("responses to", Notice::Reply),
    ("authors response to", Notice::Reply),
    ("authors reply to", Notice::Reply),
    ("author reply to", Notice::Reply),
    ("reply to", Notice::Reply),
    ("a reply to", Notice::Reply),
    ("a response to", Notice::Reply),
    ("in response to", Notice::Reply),
    ("rejoinder to", Notice::Reply),
];

/// Openings that make a notice only when a colon, a dash or a bracket follows ("Correction: …",
/// "Retraction: …", "Re: …"); without one they are words of an ordinary title.
pub(super) const NOTICE_OPENINGS_WITH_COLON: &[(&str, Notice)] = &[
    ("correction", Notice::Erratum),
    ("corrections", Notice::Erratum),
    ("retraction", Notice::Retraction),
    ("comment", Notice::Comment),
    ("commentary", Notice::Comment),
    ("re", Notice::Comment),
    ("reply", Notice::Reply),
    ("authors reply", Notice::Reply),
    ("response", Notice::Reply),
    ("authors response", Notice::Reply),
    ("rejoinder", Notice::Reply),
];

/// What databases put before the title of a paper that was taken back: the paper is the same.
pub(super) const STATUS_OPENINGS: &[&str] =
    &["retracted article", "retracted paper", "retracted", "withdrawn article", "withdrawn", "reprint of"];

/// A record about another paper rather than the paper itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Notice {
    /// Correction, erratum, corrigendum, addendum.
    Erratum,
    /// Notice of retraction.
    Retraction,
    /// Expression of concern.
    Concern,
    /// Comment or letter about it.
    Comment,
    /// The authors' answer.
    Reply,
    /// Corrected and republished.
    Republished,
}

/// Names of preprint servers, folded, as they stand in the place of a journal.
pub(super) const PREPRINT_SERVERS: &[&str] = &[
    "arxiv",
    "biorxiv",
    "chemrxiv",
    "medrxiv",
    "osf preprints",
    "preprints",
    "preprints org",
    "psyarxiv",
    "research square",
    "res sq",
    "scielo preprints",
    "socarxiv",
    "ssrn",
    "ssrn electronic journal",
    "techrxiv",
];

/// Words in a journal's name that make it a meeting.
pub(super) const MEETING_WORDS: &[&str] =
    &["conference", "conferences", "congress", "symposium", "symposia", "workshop", "workshops", "colloquium"];

/// Publication types of papers read at meetings (PubMed, BibTeX, RIS, Crossref, CSL).
pub(super) const MEETING_TYPES: &[&str] = &[
    "conference paper",
    "conference proceeding",
    "conference proceedings",
    "conf",
    "cpaper",
    "inproceedings",
    "paper-conference",
    "proceedings-article",
    "congress",
    "meeting abstract",
];

/// Beginnings of publication types of news rather than papers.
pub(super) const NEWS_TYPES: &[&str] =
    &["news", "newspaper article", "webpage", "blog", "post-weblog", "press release"];
