//! From a source's bytes to works: payload → records → identity, one transaction a page.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::queue::Queue;
use super::{Ctx, Error, Result};
use crate::harvest::{self, Asker, Page, Sink, Taken};
use crate::merge::{self, Attach};
use crate::model::{
    Payload, PayloadKind, Place, Pmid, Problem, Record, RecordKey, Severity, Source, SourceKind, SourceState, WorkId,
    sha256_hex,
};
use crate::normalise::{self, Format, Parsed};
use crate::store::{Answer, PutRecord, Store};

/// What one source brought.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
pub struct SourceReport {
    /// Source id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Records said for the first time.
    pub new: usize,
    /// Records whose text has changed.
    pub changed: usize,
    /// Records that say what they said before.
    pub same: usize,
    /// Records that the source withdrew.
    pub withdrawn: usize,
    /// Works that did not exist before.
    pub works_new: usize,
    /// Records that were found to be a work already known.
    pub merged: usize,
    /// What was repaired, left out or lost.
    pub problems: Vec<Problem>,
    /// Remarks of the source: moved, shortfall, query warnings.
    pub notes: Vec<String>,
    /// Why the source failed; `None` when it did not.
    pub error: Option<String>,
}

/// What a harvest brought.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
pub struct HarvestReport {
    /// Each source asked, in the order of `feeds.toml`.
    pub sources: Vec<SourceReport>,
}

impl HarvestReport {
    /// Tells whether some source failed or something of one was lost.
    pub fn has_failures(&self) -> bool {
        let is_lost = |s: &SourceReport| s.problems.iter().any(|p| p.severity == Severity::Error);
        self.sources.iter().any(|s| s.error.is_some() || is_lost(s))
    }
}

/// Asks the named sources, or all that are enabled; one that fails costs only itself.
///
/// # Errors
/// When a named source does not exist or the database refuses.
pub async fn harvest(ctx: &Ctx, only: &[String]) -> Result<HarvestReport> {
    for id in only {
        if ctx.config.settings.source(id).is_none() {
            let help = crate::model::text::did_you_mean(id, ctx.config.settings.sources.iter().map(|s| s.id.as_str()));
            return Err(Error::Missing(format!("there is no source \"{id}\" in feeds.toml; {help}")));
        }
    }
    let wanted = |source: &&Source| if only.is_empty() { source.is_enabled } else { only.contains(&source.id) };
    let sources: Vec<&Source> = ctx.config.settings.sources.iter().filter(wanted).collect();
    let queue = Queue::new(sources.len());
    let asked = sources.iter().enumerate().map(|(place, source)| {
        let queue = &queue;
        async move {
            let _seat = queue.seat().await;
            (ctx.progress)(&format!("asking {}", source.name));
            let report = harvest_one(ctx, source, queue.turn(place)).await;
            queue.leave(place);
            report
        }
    });
    let sources = futures_util::future::try_join_all(asked).await?;
    Ok(HarvestReport { sources })
}

/// Asks one source and remembers how it went.
async fn harvest_one(ctx: &Ctx, source: &Source, turn: impl Future<Output = ()>) -> Result<SourceReport> {
    let mut report = SourceReport { id: source.id.clone(), name: source.name.clone(), ..SourceReport::default() };
    let state = ctx.store.source_state(&source.id)?;
    if state.is_gone {
        report.error =
            Some("it has said that it is gone for good; take it out of feeds.toml or change its url".to_owned());
        return Ok(report);
    }
    let recheck = if matches!(source.kind, SourceKind::Pubmed { .. }) { sent_pmids(&ctx.store)? } else { Vec::new() };
    let asker = Asker {
        fetch: ctx.fetch.as_ref(),
        clock: ctx.clock.as_ref(),
        identity: &ctx.identity,
        home: ctx.home.root(),
        today: ctx.today(),
        recheck: &recheck,
    };
    let outcome = {
        let report = &mut report;
        let mut sink = Sink::new(|page| take_page(ctx, source, page, report).map_err(Into::into)).in_turn(turn);
        harvest::harvest(&asker, source, &state, &mut sink).await
    };
    match outcome {
        Ok(notes) => report.notes = notes,
        Err(error) => {
            let message = with_causes(&error);
            tracing::warn!(source.id = %source.id, "{} failed: {message}", source.name);
            remember_failure(ctx, source, &message)?;
            report.error = Some(message);
        }
    }
    Ok(report)
}

/// Returns an error with its causes in one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

/// Stores since when a source fails, keeping what pages before the failure have moved.
fn remember_failure(ctx: &Ctx, source: &Source, message: &str) -> Result<()> {
    let now = ctx.clock.now();
    let old = ctx.store.source_state(&source.id)?;
    let state = SourceState {
        failing_since: old.failing_since.or(Some(now)),
        last_tried: Some(now),
        last_error: Some(message.to_owned()),
        ..old
    };
    Ok(ctx.store.put_source_state(&source.id, &state)?)
}

/// How many of the newest issues' papers are asked for again on every run, so that a retraction of
/// one of them is seen. Two years of 30 papers are four requests.
const RECHECK_MAX: usize = 800;

/// Returns the PMIDs of papers that were in an issue, newest issues first, at most [`RECHECK_MAX`].
fn sent_pmids(store: &Store) -> Result<Vec<Pmid>> {
    let mut out = BTreeSet::new();
    for (_, id) in store.sent()?.iter().rev().take(RECHECK_MAX) {
        let Some(id) = WorkId::parse(id) else { continue };
        let Some(id) = store.resolve(&id)? else { continue };
        out.extend(store.work(&id)?.and_then(|w| w.work.record.pmid));
    }
    Ok(out.into_iter().collect())
}

/// Takes in one page: rows and cursor in one transaction.
fn take_page(ctx: &Ctx, source: &Source, page: Page, report: &mut SourceReport) -> std::result::Result<Taken, Error> {
    let now = ctx.clock.now();
    let state = SourceState { last_tried: Some(now), ..page.state };
    let Some(payload) = page.payload else {
        ctx.store.put_source_state(&source.id, &state)?;
        return Ok(Taken::default());
    };
    let mut parsed = read_payload(&payload, source);
    mark_preprints(&mut parsed, source.is_preprints);
    let is_unreadable = parsed.records.is_empty()
        && parsed.deleted.is_empty()
        && parsed.problems.iter().any(|p| p.severity == Severity::Error);
    let complaint =
        is_unreadable.then(|| parsed.problems.iter().map(|p| p.message.clone()).collect::<Vec<_>>().join("; "));
    let state =
        if is_unreadable { SourceState { etag: None, last_modified: None, body_sha256: None, ..state } } else { state };
    let mut part = SourceReport::default();
    ctx.store.transaction(|store| -> Result<()> {
        let row = store.put_payload(&payload)?;
        take_records(store, &parsed, Some(row), &source.id, now, &mut part)?;
        if is_unreadable {
            // The cursor stays: the source is asked in full the next time.
            return Ok(());
        }
        Ok(store.put_source_state(&source.id, &state)?)
    })?;
    report.new += part.new;
    report.changed += part.changed;
    report.same += part.same;
    report.withdrawn += part.withdrawn;
    report.works_new += part.works_new;
    report.merged += part.merged;
    report.problems.extend(parsed.problems);
    Ok(Taken { complaint })
}

/// Reads a payload as what it should be.
fn read_payload(payload: &Payload, source: &Source) -> Parsed {
    match (&payload.kind, &source.kind) {
        (PayloadKind::PubmedXml { asked }, _) => {
            let mut parsed = normalise::read(&payload.bytes, &payload.url, &source.id);
            parsed.problems.extend(missing_records(asked, &parsed, &payload.url));
            parsed
        }
        (PayloadKind::Feed { content_type }, SourceKind::Feed { journal, .. }) => {
            match normalise::feed::read_feed(&payload.bytes, content_type.as_deref(), &payload.url) {
                Ok((feed, problems)) => {
                    let records = normalise::feed::records(&feed, &source.id, journal);
                    Parsed { format: Format::Feed, records, deleted: Vec::new(), problems }
                }
                Err(not) => {
                    let problem =
                        Problem::error(Place::file(&payload.url), format!("the answer is no feed: {}", not.reason));
                    Parsed {
                        format: Format::Unknown,
                        records: Vec::new(),
                        deleted: Vec::new(),
                        problems: vec![problem],
                    }
                }
            }
        }
        (PayloadKind::Page { content_type }, SourceKind::Page { journal, item, title, link, date, .. }) => {
            let selectors = normalise::page_html::Selectors {
                item: item.clone(),
                title: title.clone(),
                link: link.clone(),
                date: date.clone(),
            };
            let (records, problems) = normalise::page_html::page_records(
                &payload.bytes,
                content_type.as_deref(),
                &payload.url,
                &selectors,
                &source.id,
                journal,
            );
            Parsed { format: Format::Feed, records, deleted: Vec::new(), problems }
        }
        (PayloadKind::File { name }, _) => read_file(&payload.bytes, name, &source.id),
        _ => normalise::read(&payload.bytes, &payload.url, &source.id),
    }
}

/// Gives preprints the publication type that PubMed gives its own, so that everything behind knows
/// them by one sign: those of a preprint server's feed, and those whose DOI is a preprint server's.
fn mark_preprints(parsed: &mut Parsed, are_all: bool) {
    for record in parsed.records.iter_mut().filter(|r| !r.is_preprint() && (are_all || r.has_preprint_doi())) {
        record.types.push("Preprint".to_owned());
    }
}

/// How much of a file's hash stands in the ids of its records, in hex digits.
const FILE_HASH_CHARS: usize = 10;

/// Reads a file that a person gave. Records without an id of their own are named after the file's
/// bytes as well as its name: next month's `export.ris` holds other papers, not new versions of these.
fn read_file(bytes: &[u8], name: &str, source: &str) -> Parsed {
    let mut parsed = normalise::read(bytes, name, source);
    let hash = sha256_hex(bytes);
    let hash = hash.get(..FILE_HASH_CHARS).unwrap_or_default();
    for record in &mut parsed.records {
        if let Some(number) = record.id.strip_prefix(name).and_then(|rest| rest.strip_prefix('#')) {
            record.id = format!("{name}@{hash}#{number}");
        }
    }
    parsed
}

/// Names the records that PubMed was asked for and left out without a word.
fn missing_records(asked: &[u32], parsed: &Parsed, url: &str) -> Option<Problem> {
    let got: BTreeSet<u32> =
        parsed.records.iter().filter_map(|r| r.pmid).chain(parsed.deleted.iter().copied()).map(Pmid::number).collect();
    let missing: Vec<String> = asked.iter().filter(|n| !got.contains(n)).map(ToString::to_string).collect();
    if missing.is_empty() {
        return None;
    }
    let shown = missing.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
    let message = format!("PubMed was asked for {} records and gave {}; missing: {shown}", asked.len(), got.len());
    Some(Problem::warning(Place::file(url), message))
}

/// Stores records and finds the work of each. Runs inside a transaction.
fn take_records(
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

/// How much of a title's hash tells two items under one id apart, in hex digits.
const TITLE_HASH_CHARS: usize = 8;

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
    let hash = sha256_hex(crate::model::text::fold(&record.title).as_bytes());
    record.id = format!("{}#{}", record.id, hash.get(..TITLE_HASH_CHARS).unwrap_or_default());
    Ok(record)
}

/// Tells whether two texts under one id speak of one item: they share an identifier or enough words
/// of their titles.
fn is_one_item(old: &Record, new: &Record) -> bool {
    let is_same = |a: Option<String>, b: Option<String>| a.is_some() && a == b;
    if is_same(old.doi.as_ref().map(ToString::to_string), new.doi.as_ref().map(ToString::to_string))
        || is_same(old.pmid.as_ref().map(ToString::to_string), new.pmid.as_ref().map(ToString::to_string))
    {
        return true;
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

/// Brings in bytes that a person named: a file for `roundup import`. The source is `import`. A
/// rehearsal says what would come of it and leaves everything as it was.
///
/// # Errors
/// When the database refuses.
pub fn import(ctx: &Ctx, name: &str, bytes: Vec<u8>, is_rehearsal: bool) -> Result<SourceReport> {
    let now = ctx.clock.now();
    let mut parsed = read_file(&bytes, name, "import");
    mark_preprints(&mut parsed, false);
    let mut report = SourceReport { id: "import".to_owned(), name: name.to_owned(), ..SourceReport::default() };
    let payload = Payload {
        source: "import".to_owned(),
        url: name.to_owned(),
        fetched_at: now,
        kind: PayloadKind::File { name: name.to_owned() },
        bytes,
    };
    let work = |store: &Store| -> Result<()> {
        let row = store.put_payload(&payload)?;
        take_records(store, &parsed, Some(row), "import", now, &mut report)
    };
    if is_rehearsal {
        ctx.store.rehearse(work)?
    } else {
        ctx.store.transaction(work)?
    }
    report.problems.append(&mut parsed.problems);
    Ok(report)
}
