//! From records to works: identity, joins, folding.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::Result;
use super::report::SourceReport;
use crate::merge::{self, Attach};
use crate::model::{Record, RecordKey, WorkId, sha256_hex};
use crate::normalise::{self, Parsed};
use crate::store::{Answer, PutRecord, Store};

/// How much of a hash stands in the ids of records, in hex digits.
const HASH_CHARS: usize = 12;

/// Reads a file that a person gave. Records without an id of their own are named after what they
/// tell, else after the file's name and bytes: next month's `export.ris` holds other papers, not new
/// versions of these.
pub(super) fn read_file(bytes: &[u8], name: &str, source: &str) -> Parsed {
    let mut parsed = normalise::read(bytes, name, source);
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
    (words.len() >= TELLING_WORDS_MIN).then(|| format!("title:{}", short_hash(text.as_bytes())))
}

/// Returns the beginning of the SHA-256 of some bytes.
fn short_hash(bytes: &[u8]) -> String {
    let hash = sha256_hex(bytes);
    hash.get(..HASH_CHARS).unwrap_or_default().to_owned()
}

/// Gives preprints the publication type that PubMed gives its own, so that everything behind knows
/// them by one sign: those of a preprint server's feed, and those whose DOI is a preprint server's.
pub(super) fn mark_preprints(parsed: &mut Parsed, are_all: bool) {
    for record in parsed.records.iter_mut().filter(|r| !r.is_preprint() && (are_all || r.has_preprint_doi())) {
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
    for record in &parsed.records {
        let record = &apart(store, record)?;
        match store.put_record(record, payload, now)? {
            PutRecord::Same => report.same += 1,
            put => {
                if put == PutRecord::New {
                    report.new += 1;
                } else {
                    report.changed += 1;
                }
                let is_new_work = attach(store, record, now)?;
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
            refold(store, &id)?;
        }
    }
    Ok(())
}

/// Of ten words of the shorter title, how many must stand in the other for two texts under one id to
/// be one item: an edited title keeps most of them, another paper shares "depression" and "women".
const SHARED_WORDS_OF_TEN: usize = 4;

/// Returns a record under an id that is its own.
///
/// Feeds give all their items one guid, items without guid and link are known by their place alone,
/// and every reference file numbers from 1. Taken by its word, such an id would make one paper a
/// new version of another, and the older one would be gone.
fn apart(store: &Store, record: &Record) -> Result<Record> {
    let mut record = record.clone();
    let key = RecordKey::of(&record);
    if record.id.starts_with("pmid:") || store.record(&key)?.is_none_or(|old| is_one_item(&old, &record)) {
        return Ok(record);
    }
    let doi = record.doi.as_ref().map(ToString::to_string).unwrap_or_default();
    let told = format!("{}|{doi}", crate::model::text::fold(&record.title));
    record.id = format!("{}#{}", record.id, short_hash(told.as_bytes()));
    Ok(record)
}

/// Tells whether two texts under one id speak of one item: by their PMIDs, else their DOIs, else by the
/// words of their titles.
fn is_one_item(old: &Record, new: &Record) -> bool {
    if let (Some(a), Some(b)) = (old.pmid, new.pmid) {
        return a == b;
    }
    if let (Some(a), Some(b)) = (&old.doi, &new.doi) {
        return a == b;
    }
    let words = |r: &Record| crate::model::text::words(&r.title).into_iter().collect::<BTreeSet<String>>();
    let (a, b) = (words(old), words(new));
    a.intersection(&b).count() * 10 >= SHARED_WORDS_OF_TEN * a.len().min(b.len())
}

/// Finds or makes the work of a record, joins works that it shows to be one, folds anew. Returns
/// whether a work was made.
fn attach(store: &Store, record: &Record, now: Timestamp) -> Result<bool> {
    let own = store.work_of_record(&RecordKey::of(record))?;
    let keys = merge::block_keys(record);
    let mut candidates = Vec::new();
    for id in store.candidates(&record.identifiers(), &keys)? {
        if own.as_ref() != Some(&id) {
            let members: Vec<Record> = store.members(&id)?.into_iter().map(|m| m.record).collect();
            candidates.push((id, members));
        }
    }
    let decision = merge::decide(record, &candidates);
    let mut targets: Vec<WorkId> = own.into_iter().collect();
    let found = match decision.attach {
        Attach::New => Vec::new(),
        Attach::To(id) => vec![id],
        Attach::Join(ids) => ids,
    };
    for id in found {
        if !is_parted(store, &targets, &id)? {
            targets.push(id);
        }
    }
    let (id, is_new) = match targets.as_slice() {
        [] => (store.new_work(record)?, true),
        [one] => (one.clone(), false),
        many => (store.join(many)?.kept, false),
    };
    let reason =
        if decision.reasons.is_empty() { "first record of this work".to_owned() } else { decision.reasons.join("; ") };
    store.attach(record, &id, &reason, &keys)?;
    for (other, reasons) in &decision.maybe {
        if let Some(other) = store.resolve(other)? {
            store.put_maybe(&id, &other, reasons, now)?;
        }
    }
    refold(store, &id)?;
    Ok(is_new)
}

/// Tells whether a person has said that a work is another study than one of these.
fn is_parted(store: &Store, targets: &[WorkId], id: &WorkId) -> Result<bool> {
    for target in targets {
        if store.verdict(target, id)? == Some(Answer::Different) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Folds a work anew from its records and links it to its neighbours. Runs inside a transaction.
pub(super) fn refold(store: &Store, id: &WorkId) -> Result<()> {
    let members: Vec<Record> = store.members(id)?.into_iter().map(|m| m.record).collect();
    if members.is_empty() {
        return Ok(store.drop_work_view(id)?);
    }
    let work = merge::fold(id, &members);
    store.put_work(&work)?;
    let keys: BTreeSet<String> = members.iter().flat_map(merge::block_keys).collect();
    let keys: Vec<String> = keys.into_iter().collect();
    let identifiers: Vec<_> = members.iter().flat_map(Record::identifiers).collect();
    for other in store.candidates(&identifiers, &keys)? {
        if &other == id {
            continue;
        }
        let Some(theirs) = store.members(&other)?.into_iter().next().map(|m| m.record) else { continue };
        if let Some(kind) = merge::relation_between(&work.record, &theirs) {
            store.put_work_relation(id, kind.as_str(), &other)?;
        }
        if let Some(kind) = merge::relation_between(&theirs, &work.record) {
            store.put_work_relation(&other, kind.as_str(), id)?;
        }
    }
    Ok(())
}
