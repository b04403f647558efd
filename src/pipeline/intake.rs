//! From a source's bytes to works: payload → records → identity, one transaction a page.

use std::collections::BTreeSet;

use jiff::Timestamp;
use tracing::Instrument;

use super::queue::Queue;
use super::report::{HarvestReport, SourceReport};
use super::take::{mark_preprints, read_file, take_records};
use super::{Ctx, Error, Result};
use crate::harvest::manners::{self, Due};
use crate::harvest::{self, HarvestError, Page, Sink, Taken};
use crate::model::{
    Payload, PayloadKind, Place, Pmid, Problem, Record, Severity, Source, SourceKind, SourceState, WorkId,
};
use crate::normalise::{self, Format, Parsed};
use crate::store::Store;

/// Returns a source by its id.
///
/// # Errors
/// When there is none.
pub(super) fn source_named<'c>(ctx: &'c Ctx, id: &str) -> Result<&'c Source> {
    let settings = &ctx.config.settings;
    settings.source(id).ok_or_else(|| {
        let help = crate::model::text::did_you_mean(id, settings.sources.iter().map(|s| s.id.as_str()));
        Error::Missing(format!("there is no source \"{id}\" in feeds.toml; {help}"))
    })
}

/// Returns the named sources, or all that are enabled, in the order of `feeds.toml`.
///
/// # Errors
/// When a named source does not exist.
pub(super) fn wanted_sources<'c>(ctx: &'c Ctx, only: &[String]) -> Result<Vec<&'c Source>> {
    for id in only {
        source_named(ctx, id)?;
    }
    let wanted = |source: &&Source| if only.is_empty() { source.is_enabled } else { only.contains(&source.id) };
    Ok(ctx.config.settings.sources.iter().filter(wanted).collect())
}

/// Asks the named sources, or all that are enabled; one that fails costs only itself. Those that are named are
/// asked even while they want to be left alone.
///
/// # Errors
/// When a named source does not exist or the database refuses.
pub async fn harvest(ctx: &Ctx, only: &[String]) -> Result<HarvestReport> {
    ask_all(ctx, wanted_sources(ctx, only)?, !only.is_empty()).await
}

/// Asks those of the enabled sources that fit, as a timetable does: whoever wants to be left alone is.
///
/// # Errors
/// When the database refuses.
pub(super) async fn harvest_due(ctx: &Ctx, fits: impl Fn(&Source) -> bool) -> Result<HarvestReport> {
    let sources = wanted_sources(ctx, &[])?.into_iter().filter(|source| fits(source)).collect();
    ask_all(ctx, sources, false).await
}

/// Asks sources, several at a time; what they answer is taken in in their order.
async fn ask_all(ctx: &Ctx, sources: Vec<&Source>, is_asked_for: bool) -> Result<HarvestReport> {
    let queue = Queue::new(sources.len());
    let asked = sources.iter().enumerate().map(|(place, source)| {
        let queue = &queue;
        let asked = async move {
            let _seat = queue.seat().await;
            (ctx.progress)(&format!("asking {}", source.name));
            let report = harvest_one(ctx, source, is_asked_for, queue.turn(place)).await;
            queue.leave(place);
            if let Some(report) = report.as_ref().ok().filter(|report| report.error.is_none()) {
                tracing::info!(works_new = report.works_new, "{} answered", source.name);
                report.notes.iter().for_each(|note| tracing::warn!("{note}"));
            }
            report
        };
        asked.instrument(tracing::info_span!("source", id = source.id))
    });
    let sources = futures_util::future::try_join_all(asked).await?;
    Ok(HarvestReport { sources })
}

/// Asks one source and remembers how it went. One that wants to be left alone is, and that is told;
/// one that a person named (`is_asked_for`) is asked all the same.
async fn harvest_one(
    ctx: &Ctx,
    source: &Source,
    is_asked_for: bool,
    turn: impl Future<Output = ()>,
) -> Result<SourceReport> {
    let mut report = SourceReport { id: source.id.clone(), name: source.name.clone(), ..SourceReport::default() };
    let state = manners::state_for(source, ctx.store.source_state(&source.id)?);
    if state.is_gone {
        report.error =
            Some("it has said that it is gone for good; take it out of feeds.toml or change its url".to_owned());
        return Ok(report);
    }
    if !is_asked_for && is_left_alone(ctx, &state, &mut report) {
        return Ok(report);
    }
    let recheck = if matches!(source.kind, SourceKind::Pubmed { .. }) { sent_pmids(&ctx.store)? } else { Vec::new() };
    let asker = ctx.asker(&recheck);
    let outcome = {
        let report = &mut report;
        let mut sink = Sink::new(|page| take_page(ctx, source, page, report).map_err(Into::into)).in_turn(turn);
        harvest::harvest(&asker, source, &state, &mut sink).await
    };
    match outcome {
        Ok(notes) => {
            report.notes = notes;
            let state = ctx.store.source_state(&source.id)?;
            report.query_translation.clone_from(&state.query_translation);
            if let Some(state) = manners::after_success(&state) {
                ctx.store.put_source_state(&source.id, &state)?;
            }
        }
        Err(HarvestError::Store(refusal)) if is_of_our_disk(refusal.as_ref()) => {
            // Not the source's failure: the next one's answer could not be stored either.
            return Err(refusal.downcast::<Error>().map_or_else(|other| Error::Missing(other.to_string()), |e| *e));
        }
        Err(error) => {
            let message = with_causes(&error);
            tracing::warn!("{} failed: {message}", source.name);
            remember_failure(ctx, source, &error, &message)?;
            report.error = Some(message);
        }
    }
    Ok(report)
}

/// Tells whether a page could not be stored because our own disk refused, and not because of what is in it.
fn is_of_our_disk(refusal: &(dyn std::error::Error + 'static)) -> bool {
    match refusal.downcast_ref::<Error>() {
        Some(Error::Store(error)) => error.refusal().is_some() || error.is_of_the_disk(),
        _ => false,
    }
}

/// Returns an error with its causes in one line.
pub(super) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

/// Tells whether a source is to be left alone now, and says why: it still fails, or it has said that
/// nothing new comes yet.
fn is_left_alone(ctx: &Ctx, state: &SourceState, report: &mut SourceReport) -> bool {
    match manners::due(state, ctx.clock.now()) {
        Due::Now => false,
        Due::Resting(until) => {
            let error = state.last_error.as_deref().unwrap_or("it has failed");
            let (until, id) = (hour(ctx, until), &report.id);
            report.error = Some(format!("{error}; it is asked again after {until}, or now by `roundup harvest {id}`"));
            true
        }
        Due::Fresh(until) => {
            let (until, id) = (hour(ctx, until), &report.id);
            report.notes.push(format!(
                "not asked: it has said that nothing new comes before {until}; `roundup harvest {id}` asks now"
            ));
            true
        }
    }
}

/// Returns a moment in the roundup's zone: the hour, and the day when it is another one than today.
fn hour(ctx: &Ctx, at: Timestamp) -> String {
    let at = at.to_zoned(ctx.zone());
    let form = if at.date() == ctx.today() { "%H:%M" } else { "%d %b, %H:%M" };
    at.strftime(form).to_string()
}

/// Stores since when a source fails, keeping what pages before the failure have moved.
fn remember_failure(ctx: &Ctx, source: &Source, error: &HarvestError, message: &str) -> Result<()> {
    let old = manners::state_for(source, ctx.store.source_state(&source.id)?);
    let state = manners::after_failure(source, old, error, message, ctx.clock.now());
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
    report.add(&part);
    report.problems.extend(parsed.problems.iter().cloned());
    Ok(Taken { complaint, problems: parsed.problems })
}

/// Reads a payload as what it should be.
pub(super) fn read_payload(payload: &Payload, source: &Source) -> Parsed {
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
                    let mut parsed = Parsed { format: Format::Feed, records, deleted: Vec::new(), problems };
                    if harvest::seems_cut(&payload.bytes) {
                        leave_out_stump(&mut parsed, &payload.url);
                    }
                    parsed
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
        (PayloadKind::File { name, lines_before }, _) => read_file(&payload.bytes, name, *lines_before, &source.id),
        _ => normalise::read(&payload.bytes, &payload.url, &source.id),
    }
}

/// Leaves out the last item of a feed that is cut off, when the cut has taken its address and its
/// id: such a stump would stand beside the whole item for ever.
fn leave_out_stump(parsed: &mut Parsed, url: &str) {
    let is_stump = |r: &mut Record| {
        let is_numbered = r.id.strip_prefix(&r.source).is_some_and(|rest| rest.starts_with('#'));
        is_numbered && r.url.is_none() && r.doi.is_none() && r.pmid.is_none()
    };
    if let Some(stump) = parsed.records.pop_if(is_stump) {
        let title = crate::model::text::shorten(&stump.title, 80);
        let message = format!("the last item (\"{title}\") is cut off and was left out until it comes whole");
        parsed.problems.push(Problem::warning(Place::file(url), message));
    }
}

/// How many PMIDs a message names.
const PMIDS_SHOWN: usize = 10;

/// Names the records that PubMed was asked for and that reading its answer did not bring.
fn missing_records(asked: &[u32], parsed: &Parsed, url: &str) -> Option<Problem> {
    let got: BTreeSet<u32> =
        parsed.records.iter().filter_map(|r| r.pmid).chain(parsed.deleted.iter().copied()).map(Pmid::number).collect();
    let missing: Vec<String> = asked.iter().filter(|n| !got.contains(n)).map(ToString::to_string).collect();
    if missing.is_empty() {
        return None;
    }
    let shown = missing.iter().take(PMIDS_SHOWN).cloned().collect::<Vec<_>>().join(", ");
    let more = match missing.len().saturating_sub(PMIDS_SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let came = asked.len() - missing.len();
    let message = format!("PubMed was asked for {} records and gave {came}; missing: {shown}{more}", asked.len());
    Some(Problem::warning(Place::file(url), message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FixedClock;
    use crate::fsx;
    use crate::harvest::replay::Replay;
    use crate::pipeline::{Home, load_config};
    use crate::store::WriterLock;

    #[test]
    fn a_full_disk_is_no_failure_of_a_source() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let feeds = "[roundup]\ncommunity = \"C\"\nname = \"N\"\n\n[[source]]\nid = \"files\"\nname = \"Files\"\n\
                     kind = \"folder\"\npath = \"inbox\"\n";
        fsx::write_atomic(&at("feeds.toml"), feeds.as_bytes()).unwrap();
        let noise: String = (0..20_000_u32).map(|n| crate::model::sha256_hex(&n.to_le_bytes())).collect();
        let ris = format!("TY  - JOUR\nTI  - Sleep of fathers after a birth\nAB  - {noise}\nER  - \n");
        fsx::write_atomic(&at("inbox/a.ris"), ris.as_bytes()).unwrap();
        let home = Home::new(folder.path());
        let (config, problems) = load_config(&home).unwrap();
        let config = config.unwrap_or_else(|| panic!("{problems:#?}"));
        let now: Timestamp = "2026-11-01T03:00:00Z".parse().unwrap();
        let lock = WriterLock::take(&home.data()).unwrap();
        let replay = Box::new(Replay::new(at("none")));
        let ctx = Ctx::open(home, config, Box::new(FixedClock(now)), replay, Some(lock)).unwrap();
        ctx.store.fill_up();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let error = runtime.block_on(harvest(&ctx, &[])).unwrap_err();
        let Error::Store(refused) = &error else { panic!("{error}") };
        assert_eq!(refused.refusal(), Some(std::io::ErrorKind::StorageFull), "{error}");
        assert_eq!(ctx.store.source_state("files").unwrap().last_error, None, "it did nothing wrong");
    }
}
