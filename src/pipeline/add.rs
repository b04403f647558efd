//! Taking in one paper that a person names: by DOI, PMID, PMCID or address, or by hand.

use std::collections::BTreeSet;

use super::judge::judgement_of;
use super::take::{mark_preprints, take_records};
use super::{Ctx, Error, OFFLINE_QUESTION, Result, SourceReport, link, settle};
use crate::merge;
use crate::model::text::clean_line;
use crate::model::{
    Author, CanonicalUrl, Doi, Identifier, Judgement, Month, PartialDate, Payload, PayloadKind, Problem, Record,
    RecordKey, Work, WorkId, sha256_hex,
};
use crate::normalise::landing::{Asked, understand};
use crate::normalise::{Format, Parsed, dates, html, names};

mod ask;
mod place;
mod verdict;

pub use place::{InDraft, Place};
pub(super) use place::{item_of, of as place_of};
pub use verdict::Verdict;

/// Source id of what people write down themselves.
pub const BY_HAND: &str = "added-by-hand";

/// How adding one paper ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A paper that was not here before.
    New,
    /// The paper was here; something about it is new.
    Known,
    /// The paper was here with all of this.
    Same,
    /// Nothing was found under that name.
    NotFound,
    /// The text names no paper.
    NotUnderstood,
}

/// What adding one paper did, or would do.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct AddReport {
    /// What the person typed.
    pub asked: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The work it is; `None` when nothing was found or it was only tried.
    pub work: Option<WorkId>,
    /// The folded record; `None` when nothing was found and it was not here before.
    pub record: Option<Record>,
    /// Where it was found, in words ("PubMed", "its own page"); empty when nobody gave it, yet it
    /// is here already.
    pub found_in: Vec<String>,
    /// How it is judged; `None` when nothing was found.
    pub verdict: Option<Verdict>,
    /// Where it stands in the month's draft; `None` when it was only tried.
    pub place: Option<Place>,
    /// What else a person should know, a sentence each.
    pub notes: Vec<String>,
    /// Why nobody gave it, a sentence each; empty when somebody did. It may be here already.
    pub errors: Vec<String>,
    /// What was repaired or left out in the answers.
    pub problems: Vec<Problem>,
}

/// Whether anything is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is taken in.
    Take,
    /// It is only shown.
    Try,
}

/// A record that a person writes down.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ByHand {
    /// Title; needed.
    pub title: String,
    /// Address of its page.
    pub url: Option<String>,
    /// Journal or site.
    pub journal: Option<String>,
    /// Day, month or year of publication.
    pub date: Option<String>,
    /// Authors, "Family, Given" or "Given Family".
    pub authors: Vec<String>,
    /// Abstract or a few sentences about it.
    pub abstract_text: Option<String>,
    /// DOI.
    pub doi: Option<String>,
}

/// One answer and the records in it.
struct Found {
    /// Where it came from, in words.
    whence: String,
    payload: Payload,
    records: Vec<Record>,
}

/// Takes in, or tries, the paper that `asked` names. `month` is the issue that it is for.
///
/// # Errors
/// When the database refuses. That nothing was found is no error but an outcome.
pub async fn add(ctx: &Ctx, asked: &str, month: Month, mode: Mode) -> Result<AddReport> {
    let mut report = AddReport::empty(asked);
    let Some(what) = understand(asked) else {
        report.outcome = Outcome::NotUnderstood;
        report.errors.push("this is no DOI, PMID, PMCID or web address".to_owned());
        return Ok(report);
    };
    let found = ask::ask(ctx, &what, &mut report).await;
    if found.is_empty() {
        return here_already(ctx, &what, month, mode, report);
    }
    finish(ctx, found, month, mode, report)
}

/// Takes in, or tries, what a person wrote down.
///
/// # Errors
/// When a field cannot be understood (all that are wrong are named) or the database refuses.
pub fn add_by_hand(ctx: &Ctx, fields: &ByHand, month: Month, mode: Mode) -> Result<AddReport> {
    let mut record = record_of(fields).map_err(|wrong| Error::Missing(wrong.join("; ")))?;
    keep_apart(ctx, &mut record)?;
    let mut report = AddReport::empty(&record.title);
    report.found_in.push("your own words".to_owned());
    let mut bytes = serde_json::to_vec(&record).unwrap_or_default();
    bytes.push(b'\n');
    let payload = Payload {
        source: BY_HAND.to_owned(),
        url: BY_HAND.to_owned(),
        fetched_at: ctx.clock.now(),
        kind: PayloadKind::File { name: BY_HAND.to_owned(), lines_before: 0 },
        bytes,
    };
    let found = Found { whence: "your own words".to_owned(), payload, records: vec![record] };
    finish(ctx, vec![found], month, mode, report)
}

impl AddReport {
    fn empty(asked: &str) -> Self {
        Self {
            asked: clean_line(asked),
            outcome: Outcome::NotFound,
            work: None,
            record: None,
            found_in: Vec::new(),
            verdict: None,
            place: None,
            notes: Vec::new(),
            errors: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Tells whether nobody could be asked because no way led out of this computer.
    pub fn is_offline(&self) -> bool {
        self.errors.iter().any(|e| e.ends_with(OFFLINE_QUESTION))
    }

    /// Tells whether a paper was found.
    pub fn is_found(&self) -> bool {
        !matches!(self.outcome, Outcome::NotFound | Outcome::NotUnderstood)
    }
}

/// Returns the record of what a person wrote, or everything that is wrong with it.
fn record_of(fields: &ByHand) -> std::result::Result<Record, Vec<String>> {
    let mut wrong = Vec::new();
    let title = html::plain_line(&fields.title);
    if title.is_empty() {
        wrong.push("the title is empty".to_owned());
    }
    let url = fields.url.as_deref().map(|text| (text, address_of(text)));
    if let Some((text, None)) = &url {
        wrong.push(format!("--url \"{text}\" is no web address; one looks like https://example.org/report"));
    }
    let doi = fields.doi.as_deref().map(|text| (text, doi_of(text)));
    if let Some((text, None)) = &doi {
        wrong.push(format!("--doi \"{text}\" is no DOI; one looks like 10.1234/abcd"));
    }
    let date = fields.date.as_deref().map(|text| (text, dates::loose(text)));
    if let Some((text, None)) = &date {
        wrong.push(format!("--date \"{text}\" is no date; write it as 2026-10-05, 2026-10 or 2026"));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let line = |text: &Option<String>| text.as_deref().map(html::plain_line).filter(|t| !t.is_empty());
    let doi = doi.and_then(|(_, doi)| doi);
    let published = date.and_then(|(_, date)| date);
    let url = url.and_then(|(_, url)| url);
    let mut parsed = Parsed { format: Format::Unknown, records: Vec::new(), deleted: Vec::new(), problems: Vec::new() };
    parsed.records.push(Record {
        id: id_by_hand(&title, url.as_deref(), doi.as_ref()),
        source: BY_HAND.to_owned(),
        title,
        url,
        doi,
        published,
        year: published.map(PartialDate::year),
        journal: line(&fields.journal),
        authors: fields.authors.iter().flat_map(|a| authors_of(a)).collect(),
        abstract_text: fields.abstract_text.as_deref().map(html::plain_text).filter(|t| !t.is_empty()),
        ..Record::default()
    });
    mark_preprints(&mut parsed, false);
    parsed.records.pop().ok_or_else(Vec::new)
}

/// Of ten words of the shorter title, how many must stand in the other for two titles to be forms of
/// one.
const SHARED_WORDS_OF_TEN: usize = 4;

/// Gives a record an id of its own when another paper was written down by hand under the same one,
/// so that a wrong DOI does not overwrite that paper.
fn keep_apart(ctx: &Ctx, record: &mut Record) -> Result<()> {
    let Some(old) = ctx.store.record(&RecordKey::of(record))? else { return Ok(()) };
    let words = |title: &str| crate::model::text::words(title).into_iter().collect::<BTreeSet<String>>();
    let (a, b) = (words(&old.title), words(&record.title));
    if a.intersection(&b).count() * 10 < SHARED_WORDS_OF_TEN * a.len().min(b.len()) {
        record.id = format!("{}#{}", record.id, title_hash(&record.title));
    }
    Ok(())
}

/// Reads one `--author`: usually one name, but a list is understood.
fn authors_of(text: &str) -> Vec<Author> {
    names::authors(text, names::Order::GivenFirst)
}

/// Returns the web address that a person typed, also without its `https://`.
fn address_of(text: &str) -> Option<String> {
    match understand(text) {
        Some(Asked::Url(url) | Asked::Doi(_, Some(url))) => Some(url),
        Some(Asked::Pmid(pmid)) if text.contains('/') => Some(pmid.url()),
        Some(Asked::Pmcid(pmcid)) if text.contains('/') => Some(pmcid.url()),
        Some(Asked::Doi(doi, None)) if text.contains("doi.org/") => Some(doi.url()),
        _ => None,
    }
}

/// Returns the DOI that a person typed, in any form.
fn doi_of(text: &str) -> Option<Doi> {
    match understand(text) {
        Some(Asked::Doi(doi, _)) => Some(doi),
        _ => None,
    }
}

/// How much of a hash stands in an id, in hex digits.
const HASH_CHARS: usize = 12;

/// Returns an id that is the same whenever the same paper is written down again: its DOI, its
/// address, or the words of its title.
fn id_by_hand(title: &str, url: Option<&str>, doi: Option<&Doi>) -> String {
    if let Some(doi) = doi {
        return format!("doi:{doi}");
    }
    if let Some(url) = url.and_then(CanonicalUrl::parse) {
        return url.to_string();
    }
    format!("title:{}", title_hash(title))
}

/// Returns a short hash of the words of a title.
fn title_hash(title: &str) -> String {
    let hash = sha256_hex(crate::model::text::words(title).join(" ").as_bytes());
    hash.get(..HASH_CHARS).unwrap_or_default().to_owned()
}

/// Takes in, or tries, what was found, and says what it is now.
fn finish(ctx: &Ctx, found: Vec<Found>, month: Month, mode: Mode, mut report: AddReport) -> Result<AddReport> {
    let records: Vec<Record> = found.iter().flat_map(|f| f.records.clone()).collect();
    let known = known_work(ctx, &records)?;
    if mode == Mode::Try {
        let work = match &known {
            Some(id) => with_known(ctx, id, &records)?,
            None => merge::fold(&trial_id(&records), &records),
        };
        let judgement = ctx.judge.judge(&work.record);
        report.outcome = if known.is_some() { Outcome::Known } else { Outcome::New };
        report.notes.extend(same_doi(ctx, &records, known.as_ref())?);
        report.work = known;
        report.verdict = Some(Verdict::of(ctx, &judgement));
        report.record = Some(work.record);
        return Ok(report);
    }
    let taken = take(ctx, found)?;
    super::judge(ctx)?;
    report.outcome = match (taken.works_new > 0 && known.is_none(), taken.new + taken.changed) {
        (true, _) => Outcome::New,
        (false, 0) => Outcome::Same,
        (false, _) => Outcome::Known,
    };
    let Some((id, work, judgement)) = current(ctx, &records)? else { return Ok(report) };
    report.notes.extend(same_doi(ctx, &records, Some(&id))?);
    report.verdict = Some(Verdict::of(ctx, &judgement));
    report.place = Some(place::of(ctx, month, &id, work.clone(), judgement)?);
    report.work = Some(id);
    report.record = Some(work.record);
    Ok(report)
}

/// Returns a sentence for every other paper that has a DOI of these records: one DOI names one paper,
/// so one of the two is wrong. `own` is the work that the records are.
fn same_doi(ctx: &Ctx, records: &[Record], own: Option<&WorkId>) -> Result<Vec<String>> {
    let mut out = Vec::new();
    let dois: BTreeSet<&Doi> = records.iter().filter_map(|r| r.doi.as_ref()).collect();
    for doi in dois {
        for other in ctx.store.works_of_identifier(&Identifier::Doi(doi.clone()))? {
            let Some((other, work, _)) = stored(ctx, &other)? else { continue };
            // News carries the DOI of the paper it reports on; that is no mistake.
            let is_linked = records.iter().any(|r| merge::relation_between(r, &work.record).is_some());
            if Some(&other) != own && !is_linked {
                out.push(format!(
                    "the DOI {doi} is already here as “{}” ({other}); this one was kept as a paper of its own, since it seems to be another paper: check the DOI",
                    work.record.title
                ));
            }
        }
    }
    out.dedup();
    Ok(out)
}

/// Says what a paper is that nobody gave now but that may be here already.
fn here_already(ctx: &Ctx, what: &Asked, month: Month, mode: Mode, mut report: AddReport) -> Result<AddReport> {
    let named: Vec<Identifier> = match what {
        Asked::Pmid(pmid) => vec![Identifier::Pmid(*pmid)],
        Asked::Pmcid(pmcid) => vec![Identifier::Pmcid(pmcid.clone())],
        Asked::Doi(doi, at) => {
            let at = at.as_deref().and_then(CanonicalUrl::parse).map(Identifier::Url);
            [Identifier::Doi(doi.clone())].into_iter().chain(at).collect()
        }
        Asked::Url(url) => CanonicalUrl::parse(url).map(Identifier::Url).into_iter().collect(),
    };
    for identifier in named {
        for id in link::works_named(&ctx.store, &identifier)? {
            if let Some((id, work, judgement)) = stored(ctx, &id)? {
                report.outcome = Outcome::Same;
                report.verdict = Some(Verdict::of(ctx, &judgement));
                report.record = Some(work.record.clone());
                if mode == Mode::Take {
                    report.place = Some(place::of(ctx, month, &id, work, judgement)?);
                }
                report.work = Some(id);
                return Ok(report);
            }
        }
    }
    Ok(report)
}

/// Returns the id that a new work of these records would get.
fn trial_id(records: &[Record]) -> WorkId {
    let strongest = records.iter().flat_map(Record::identifiers).next();
    let none = || Identifier::Guid { source: BY_HAND.to_owned(), guid: String::new() };
    WorkId::mint(&strongest.unwrap_or_else(none), 0)
}

/// Returns the work that one of the records already is: one that shares an outside name with it and
/// that takes it. A name alone is not enough, since people mistype DOIs.
fn known_work(ctx: &Ctx, records: &[Record]) -> Result<Option<WorkId>> {
    for record in records {
        if let Some(id) = ctx.store.work_of_record(&RecordKey::of(record))? {
            return Ok(ctx.store.resolve(&id)?);
        }
        for identifier in record.identifiers() {
            for id in ctx.store.works_of_identifier(&identifier)? {
                let Some(id) = ctx.store.resolve(&id)? else { continue };
                if settle::fits(&ctx.store, record, &id)? {
                    return Ok(Some(id));
                }
            }
        }
    }
    Ok(None)
}

/// Returns a known work as it would be with further records.
fn with_known(ctx: &Ctx, id: &WorkId, records: &[Record]) -> Result<Work> {
    let mut all: Vec<Record> = ctx.store.members(id)?.into_iter().map(|m| m.record).collect();
    for record in records {
        let key = RecordKey::of(record);
        all.retain(|r| RecordKey::of(r) != key);
        all.push(record.clone());
    }
    Ok(merge::fold(id, &all))
}

/// Stores answers and their records, in one transaction.
fn take(ctx: &Ctx, found: Vec<Found>) -> Result<SourceReport> {
    let now = ctx.clock.now();
    let mut report = SourceReport::default();
    ctx.store.transaction(|store| -> Result<()> {
        for answer in found {
            let row = store.put_payload(&answer.payload)?;
            let source = answer.payload.source;
            let parsed =
                Parsed { format: Format::Unknown, records: answer.records, deleted: Vec::new(), problems: Vec::new() };
            take_records(store, &parsed, Some(row), &source, now, &mut report)?;
        }
        Ok(())
    })?;
    Ok(report)
}

/// Returns the work that the first record is in now, with its judgement.
fn current(ctx: &Ctx, records: &[Record]) -> Result<Option<(WorkId, Work, Judgement)>> {
    let Some(first) = records.first() else { return Ok(None) };
    let Some(id) = ctx.store.work_of_record(&RecordKey::of(first))? else { return Ok(None) };
    stored(ctx, &id)
}

/// Returns a work as it is now, under its id of today, with its judgement.
fn stored(ctx: &Ctx, id: &WorkId) -> Result<Option<(WorkId, Work, Judgement)>> {
    let Some(id) = ctx.store.resolve(id)? else { return Ok(None) };
    let Some(row) = ctx.store.work(&id)? else { return Ok(None) };
    let judgement = judgement_of(&ctx.store, &id, row.judgement)?;
    Ok(judgement.map(|judgement| (id, row.work, judgement)))
}
