//! What is planted in the stand-in, for tests and for the story the demo tells.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};

use super::corpus::Corpus;
use super::shelf::DOCUMENTS;

/// What the stand-in holds and what was planted there on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Articles by the month in which they enter PubMed ("2026-09" → 37); later versions of an
    /// article are not counted.
    pub pubmed_by_month: BTreeMap<String, usize>,
    /// Entries of each feed and page by source id and month in which they are first served.
    pub entries_by_source: BTreeMap<&'static str, BTreeMap<String, usize>>,
    /// PubMed articles that also stand in a feed or in the inbox, by source and PMID.
    pub duplicates: Vec<Duplicate>,
    /// Preprints whose journal article comes out a month later.
    pub preprints: Vec<Preprint>,
    /// The September paper that is retracted in October.
    pub retracted: Notice,
    /// The September paper that is corrected in October.
    pub corrected: Notice,
    /// PubMed records with a known place in or outside the scope, by PMID.
    pub judged: Vec<Judged>,
    /// Titles that stand twice over different content.
    pub generic_titles: Vec<&'static str>,
    /// The news item whose title holds mail-merge tags, template code and a script.
    pub hostile_source: &'static str,
    /// The source that answers 503.
    pub failing_source: &'static str,
}

/// A PubMed article that another source holds as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duplicate {
    /// Source id, or "inbox".
    pub source: &'static str,
    /// PMID of the article.
    pub pmid: u32,
    /// How the two can be known as one.
    pub by: SameBy,
}

/// What two records of one paper share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SameBy {
    /// The DOI.
    Doi,
    /// The PMID.
    Pmid,
    /// Title and authors alone, with other case or punctuation.
    Title,
    /// The title in the paper's own language, which PubMed keeps beside a translation.
    VernacularTitle,
}

/// A preprint and its journal article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preprint {
    /// DOI of the preprint in the preprint feed.
    pub doi: &'static str,
    /// PMID of the preprint, where PubMed holds it too.
    pub pmid: Option<u32>,
    /// PMID of the journal article.
    pub article_pmid: u32,
    /// Whether PubMed links the two; otherwise title and authors must do.
    pub is_linked: bool,
}

/// A paper, and the notice about it that comes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// PMID of the paper.
    pub pmid: u32,
    /// PMID of the notice.
    pub notice_pmid: u32,
    /// Day the notice enters PubMed and the paper's record is marked.
    pub on: Date,
}

/// A record whose judgement is plain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// PMID.
    pub pmid: u32,
    /// `out` or `maybe`.
    pub scope: &'static str,
    /// The reason in the words of the tagging rules ("hic-diaspora").
    pub reason: &'static str,
    /// What makes it a trap.
    pub trap: &'static str,
}

/// Returns what is planted. Counts are taken from the data; the rest is a table kept beside it.
pub fn facts() -> Facts {
    let month = |d: Date| d.strftime("%Y-%m").to_string();
    let corpus = Corpus::read();
    let entered: BTreeMap<u32, Date> = corpus.versions().iter().map(|v| (v.pmid, v.entered)).collect();
    Facts {
        pubmed_by_month: counted(entered.into_values().map(month)),
        entries_by_source: DOCUMENTS.iter().map(|d| (d.source, counted(d.days().into_iter().map(month)))).collect(),
        duplicates: duplicates(),
        preprints: PREPRINTS.to_vec(),
        retracted: Notice { pmid: 90_010_105, notice_pmid: 90_020_014, on: date(2026, 10, 14) },
        corrected: Notice { pmid: 90_010_119, notice_pmid: 90_020_021, on: date(2026, 10, 7) },
        judged: judged(),
        generic_titles: vec!["Editorial", "Announcements", "In this issue"],
        hostile_source: "perinatal-alliance",
        failing_source: "unavailable-journal",
    }
}

fn counted(months: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    months.fold(BTreeMap::new(), |mut counts, month| {
        *counts.entry(month).or_default() += 1;
        counts
    })
}

const PREPRINTS: [Preprint; 2] = [
    Preprint { doi: "10.5555/2026.09.08.26100001", pmid: Some(90_010_245), article_pmid: 90_020_007, is_linked: true },
    Preprint { doi: "10.5555/2026.09.15.26100017", pmid: None, article_pmid: 90_020_112, is_linked: false },
];

/// Source, what is shared, PMIDs.
const DUPLICATES: [(&str, SameBy, &[u32]); 9] = [
    (
        "placeholder-psychiatry",
        SameBy::Doi,
        &[90_010_014, 90_010_049, 90_010_126, 90_010_231, 90_020_070, 90_020_126, 90_020_252, 90_020_266],
    ),
    ("invented-review", SameBy::Doi, &[90_010_021, 90_010_098, 90_010_140, 90_020_035, 90_020_140]),
    ("sample-midwifery", SameBy::Doi, &[90_010_070, 90_010_217, 90_020_049, 90_020_189]),
    (
        "open-specimen",
        SameBy::Doi,
        &[90_010_042, 90_010_112, 90_010_119, 90_020_021, 90_020_042, 90_020_056, 90_020_133, 90_020_175],
    ),
    ("medfixture", SameBy::Doi, &[90_010_245]),
    ("adolescent-archives", SameBy::Title, &[90_010_007, 90_010_203, 90_020_084, 90_020_147]),
    ("salud-materna", SameBy::VernacularTitle, &[90_010_084, 90_020_280]),
    ("inbox", SameBy::Pmid, &[90_010_028]),
    ("inbox", SameBy::Title, &[90_020_091]),
];

fn duplicates() -> Vec<Duplicate> {
    let mut all: Vec<Duplicate> = DUPLICATES
        .iter()
        .flat_map(|(source, by, pmids)| pmids.iter().map(|pmid| Duplicate { source, pmid: *pmid, by: *by }))
        .collect();
    all.sort();
    all
}

/// PMID, scope, reason, what makes it a trap.
const JUDGED: [(u32, &str, &str, &str); 17] = [
    (90_010_154, "out", "hic", "a high-income country alone"),
    (90_010_161, "out", "animal", "rats; authors in a middle-income country"),
    (90_010_168, "out", "hic", "Georgia, the American state"),
    (90_010_175, "maybe", "no-country", "an online survey that names no place"),
    (90_010_182, "maybe", "global-no-lmic", "a review that names no place"),
    (90_010_189, "out", "hic-diaspora", "Somali-born women in Norway"),
    (90_010_196, "out", "no-mh", "survival of small infants alone"),
    (90_010_252, "out", "no-perinatal", "before conception"),
    (90_010_259, "out", "letter", "authors' reply"),
    (90_020_014, "out", "notice", "retraction notice"),
    (90_020_021, "out", "notice", "correction"),
    (90_020_210, "out", "hic", "New Mexico"),
    (90_020_217, "out", "animal", "guinea pigs"),
    (90_020_224, "out", "hic-diaspora", "Syrian and Afghan mothers in Germany"),
    (90_020_231, "maybe", "no-country", "users of an app, no place named"),
    (90_020_245, "out", "no-mh", "partner violence and birth weight, no mental-health variable"),
    (90_020_259, "maybe", "unreadable", "a title alone"),
];

fn judged() -> Vec<Judged> {
    JUDGED.iter().map(|&(pmid, scope, reason, trap)| Judged { pmid, scope, reason, trap }).collect()
}
