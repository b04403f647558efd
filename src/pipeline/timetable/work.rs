//! What the jobs of the timetable do.

use std::pin::pin;

use futures_util::future::{Either, select};
use jiff::Timestamp;

use super::{Ctx, Due, Error, Result, Work};
use crate::model::{Month, Problem, Source};
use crate::pipeline::intake::harvest_due;
use crate::pipeline::report::HarvestReport;
use crate::pipeline::{draft, judge, update_index};

/// How often a harvest is tried again for those who did not answer while others did: 75 minutes, until the next one.
const TRIES_FOR_SOME: u32 = 4;

/// Does the work of a run: what came of it in plain words, or why nothing came of it. `None` when it was stopped.
pub(super) async fn done(
    ctx: &Ctx,
    due: &Due,
    stop: impl Future<Output = ()>,
) -> Option<std::result::Result<String, String>> {
    let worked = match &due.job.work {
        Work::Draft => drafted(ctx, due.due),
        Work::Harvest | Work::HarvestOf(_) => {
            // Whose answer could not be stored, as on a full disk, did not fail, and is owed all the same.
            let has_answered = |source: &Source| {
                let state = ctx.store.source_state(&source.id).unwrap_or_default();
                state.failing_since.is_none() && state.last_ok.is_some_and(|at| at >= due.due)
            };
            let fits = |source: &Source| due.job.asks(source) && !(due.is_again && has_answered(source));
            let asking = pin!(harvest_due(ctx, fits));
            match select(asking, pin!(stop)).await {
                Either::Left((report, _)) => report.and_then(|report| harvested(ctx, &report, due)),
                Either::Right(((), _)) => return None,
            }
        }
    };
    Some(worked.unwrap_or_else(|error| Err(in_words(&error))))
}

/// Judges and indexes what a harvest brought. It failed when nobody answered who was asked, and the first times also
/// when somebody did not: most faults pass within the hour, and a draft may come right after the harvest.
fn harvested(ctx: &Ctx, report: &HarvestReport, due: &Due) -> Result<std::result::Result<String, String>> {
    tracing::info_span!("stage", name = "judge").in_scope(|| judge(ctx))?;
    tracing::info_span!("stage", name = "index").in_scope(|| update_index(ctx, false))?;
    let new: usize = report.sources.iter().map(|source| source.works_new).sum();
    let failed: Vec<&str> = report.sources.iter().filter(|s| s.error.is_some()).map(|s| s.name.as_str()).collect();
    let brought = match new {
        1 => "1 new paper".to_owned(),
        n => format!("{n} new papers"),
    };
    let brought = if due.is_again { format!("{brought} when asked again") } else { brought };
    if failed.is_empty() {
        return Ok(Ok(brought));
    }
    let because = report.sources.iter().find_map(|s| s.error.as_deref()).unwrap_or_default();
    if failed.len() == report.sources.len() {
        return Ok(Err(format!("nobody answered who was asked: {because}")));
    }
    let outcome = format!("{brought}; {} did not answer", failed.join(", "));
    Ok(if due.tries < TRIES_FOR_SOME { Err(outcome) } else { Ok(outcome) })
}

/// Writes the draft of the month before the day on which it was due. What was rendered may be with its readers:
/// later papers wait for the next issue.
fn drafted(ctx: &Ctx, due: Timestamp) -> Result<std::result::Result<String, String>> {
    let month = Month::of(due.to_zoned(ctx.zone()).date()).previous();
    if ctx.store.issue_manifest(month)?.is_some() {
        return Ok(Ok(format!("the issue of {} is rendered already", month.long_name())));
    }
    tracing::info_span!("stage", name = "draft").in_scope(|| draft(ctx, month, false))?;
    Ok(Ok(format!("the draft of {} is ready", month.long_name())))
}

/// Returns what went wrong in one line, with the first problem of files that people write.
fn in_words(error: &Error) -> String {
    let first = match error {
        Error::Problems { problems } => problems.first().map(Problem::to_string),
        _ => None,
    };
    first.map_or_else(|| crate::pipeline::intake::with_causes(error), |first| format!("{error}: {first}"))
}
