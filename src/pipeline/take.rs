//! From records to works: identity and joins.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::report::SourceReport;
use super::{Result, link, settle};
use crate::merge;
use crate::model::{Record, RecordKey, sha256_hex};
use crate::normalise::{self, Format, Parsed};
use crate::store::{PutRecord, Store};

/// How much of a hash stands in the ids of records, in hex digits.
const HASH_CHARS: usize = 12;

/// Reads a file that a person gave. Records without an id of their own are named after what they
/// tell, else after the file's name and bytes: next month's `export.ris` holds other papers, not new
/// versions of these. Places of problems are those of the whole file.
pub(super) fn read_file(bytes: &[u8], name: &str, lines_before: usize, source: &str) -> Parsed {
    let mut parsed = normalise::read(bytes, name, source);
    parsed.problems = parsed.problems.into_iter().map(|p| p.further_down(lines_before)).collect();
    let file = short_hash(bytes);
    for record in &mut parsed.records {
        if let Some(number) = record.id.strip_prefix(name).and_then(|rest| rest.strip_prefix('#')) {
            record.id = id_by_content(record).unwrap_or_else(|| format!("{name}@{file}#{number}"));
        }
    }
    parsed
}

/// Words that a title needs to stand for its paper: "Editorial" and "News in brief" are of every month.
const TELLING_WORDS_MIN: usize = 4;

/// How an id begins that is made of what a record tells.
const BY_CONTENT: &str = "title:";

/// Returns an id made of title, first author and journal, so that a list which was mended and
/// dropped again changes its papers and does not double them; `None` when the title tells too little.
fn id_by_content(record: &Record) -> Option<String> {
    let words = crate::model::text::words(&record.title);
    let author = record.authors.first().and_then(|a| a.family.as_deref().or(a.collective.as_deref()));
    let journal = record.journal.as_deref();
    let text = format!(
        "{}|{}|{}",
        words.join(" "),
        crate::model::text::fold(author.unwrap_or_default()),
        crate::model::text::fold(journal.unwrap_or_default())
    );
    (words.len() >= TELLING_WORDS_MIN).then(|| format!("{BY_CONTENT}{}", short_hash(text.as_bytes())))
}

/// Returns the beginning of the SHA-256 of some bytes.
fn short_hash(bytes: &[u8]) -> String {
    let hash = sha256_hex(bytes);
    hash.get(..HASH_CHARS).unwrap_or_default().to_owned()
}

/// Gives preprints the publication type that PubMed gives its own, so that everything behind knows
/// them by one sign: those of a preprint server's feed, those whose DOI is a preprint server's, and those
/// that name a preprint server where a journal stands.
pub(super) fn mark_preprints(parsed: &mut Parsed, are_all: bool) {
    for record in parsed
        .records
        .iter_mut()
        .filter(|r| !r.is_preprint() && (are_all || r.has_preprint_doi() || merge::is_on_preprint_server(r)))
    {
        record.types.push("Preprint".to_owned());
    }
}

/// Stores records and finds the work of each. Runs inside a transaction.
pub(super) fn take_records(
    store: &Store,
    parsed: &Parsed,
    payload: Option<i64>,
    source: &str,
    now: Timestamp,
    report: &mut SourceReport,
) -> Result<()> {
    let is_pubmed = matches!(parsed.format, Format::PubmedXml | Format::Medline);
    // Folded once at the end: a feed may say one paper a thousand times.
    let mut touched = BTreeSet::new();
    for record in &parsed.records {
        let record = &apart(store, record, is_pubmed)?;
        match store.put_record(record, payload, now)? {
            PutRecord::Same => {
                report.same += 1;
                touched.extend(store.bring_back(&RecordKey::of(record))?);
            }
            put => {
                if put == PutRecord::New {
                    report.new += 1;
                } else {
                    report.changed += 1;
                }
                let (_, is_new_work, works) = settle::take_in(store, record)?;
                touched.extend(works);
                if is_new_work {
                    report.works_new += 1;
                } else if put == PutRecord::New {
                    report.merged += 1;
                }
            }
        }
    }
    for pmid in &parsed.deleted {
        let key = RecordKey { source: source.to_owned(), id: format!("pmid:{pmid}") };
        if let Some(id) = store.withdraw(&key, now)? {
            report.withdrawn += 1;
            touched.insert(id);
        }
    }
    let mut folded = BTreeSet::new();
    for id in touched {
        if let Some(id) = store.resolve(&id)?
            && folded.insert(id.clone())
        {
            link::refold(store, &id)?;
        }
    }
    Ok(())
}

/// Returns a record under an id that is its own.
///
/// Feeds give all their items one guid, items without guid and link are known by their place alone,
/// and every reference file numbers from 1. Taken by its word, such an id would make one paper a
/// new version of another, and the older one would be gone.
fn apart(store: &Store, record: &Record, is_pubmed: bool) -> Result<Record> {
    let mut record = record.clone();
    let key = RecordKey::of(&record);
    let is_by_content = record.id.starts_with(BY_CONTENT);
    let is_new_version = |old: &Record| is_one_item(old, &record) && (!is_by_content || says_as_much(old, &record));
    if is_pubmed || store.record(&key)?.is_none_or(|old| is_new_version(&old)) {
        return Ok(record);
    }
    let doi = record.doi.as_ref().map(ToString::to_string).unwrap_or_default();
    let told = format!("{}|{doi}", crate::model::text::fold(&record.title));
    record.id = format!("{}#{}", record.id, short_hash(told.as_bytes()));
    Ok(record)
}

/// Tells whether a record that is known by its title says all that the one before it said. Another
/// database's export of the paper, without its DOI or abstract, is no mended list: it must not take
/// the place of the better one.
fn says_as_much(old: &Record, new: &Record) -> bool {
    let texts = |r: &Record| {
        let abstract_text = r.abstract_text.is_some();
        [abstract_text, r.journal.is_some(), r.volume.is_some(), r.pages.is_some(), r.url.is_some()]
    };
    let names = |r: &Record| [r.doi.is_some(), r.pmid.is_some(), r.pmcid.is_some(), !r.types.is_empty()];
    let is_kept = |(old, new): (bool, bool)| new || !old;
    texts(old).into_iter().zip(texts(new)).all(is_kept) && names(old).into_iter().zip(names(new)).all(is_kept)
}

/// How alike two words must be (Jaro–Winkler, 0–1) for one to be the other mended: "visit" and
/// "visits" are, "Kenya" and "Uganda" are not.
const MENDED_WORD_MIN: f64 = 0.88;
/// Words of a title that may be mended at once.
const MENDED_WORDS_MAX: usize = 2;

/// Tells whether two texts under one id speak of one item: no identifier parts them, and one title is
/// the other, at most with a few words mended. Too strict costs nothing: what is kept apart here is
/// compared as two records, and joined when they are one study.
fn is_one_item(old: &Record, new: &Record) -> bool {
    let is_parted = matches!((old.pmid, new.pmid), (Some(a), Some(b)) if a != b)
        || matches!((&old.doi, &new.doi), (Some(a), Some(b)) if a != b);
    if is_parted {
        return false;
    }
    let (a, b) = (crate::model::text::words(&old.title), crate::model::text::words(&new.title));
    if a.is_empty() || b.is_empty() {
        return old.title == new.title;
    }
    let is_mended = |(a, b): (&String, &String)| {
        let has_number = a.chars().chain(b.chars()).any(char::is_numeric);
        !has_number && strsim::jaro_winkler(a, b) >= MENDED_WORD_MIN
    };
    let differing: Vec<_> = a.iter().zip(&b).filter(|(a, b)| a != b).collect();
    a.len() == b.len() && differing.len() <= MENDED_WORDS_MAX && differing.into_iter().all(is_mended)
}
