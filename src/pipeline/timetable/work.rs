//! What the jobs of the timetable do.

use std::pin::pin;

use futures_util::future::{Either, select};
use jiff::Timestamp;

use super::{Ctx, Error, Result, Work};
use crate::model::{Month, Problem};
use crate::pipeline::intake::harvest_due;
use crate::pipeline::report::HarvestReport;
use crate::pipeline::{draft, judge, update_index};

/// Does the work of a run: what came of it in plain words, or why nothing came of it. `None` when it was stopped.
pub(super) async fn done(
    ctx: &Ctx,
    work: &Work,
    due: Timestamp,
    stop: impl Future<Output = ()>,
) -> Option<std::result::Result<String, String>> {
    let worked = match work {
        Work::Draft => drafted(ctx, due),
        Work::Harvest | Work::HarvestOf(_) => {
            let asking = pin!(harvest_due(ctx, |source| match work {
                Work::HarvestOf(id) => source.id == *id,
                _ => source.schedule.is_none(),
            }));
            match select(asking, pin!(stop)).await {
                Either::Left((report, _)) => report.and_then(|report| harvested(ctx, &report)),
                Either::Right(((), _)) => return None,
            }
        }
    };
    Some(worked.unwrap_or_else(|error| Err(in_words(&error))))
}

/// Judges and indexes what a harvest brought. It failed when nobody answered who was asked.
fn harvested(ctx: &Ctx, report: &HarvestReport) -> Result<std::result::Result<String, String>> {
    judge(ctx)?;
    update_index(ctx, false)?;
    let new: usize = report.sources.iter().map(|source| source.works_new).sum();
    let failed: Vec<&str> = report.sources.iter().filter(|s| s.error.is_some()).map(|s| s.name.as_str()).collect();
    let brought = match new {
        1 => "1 new paper".to_owned(),
        n => format!("{n} new papers"),
    };
    if failed.is_empty() {
        return Ok(Ok(brought));
    }
    let because = report.sources.iter().find_map(|s| s.error.as_deref()).unwrap_or_default();
    if failed.len() == report.sources.len() {
        return Ok(Err(format!("nobody answered who was asked: {because}")));
    }
    Ok(Ok(format!("{brought}; {} did not answer", failed.join(", "))))
}

/// Writes the draft of the month before the day on which it was due. What was rendered may be with its readers:
/// later papers wait for the next issue.
fn drafted(ctx: &Ctx, due: Timestamp) -> Result<std::result::Result<String, String>> {
    let month = Month::of(due.to_zoned(ctx.zone()).date()).previous();
    if ctx.store.issue_manifest(month)?.is_some() {
        return Ok(Ok(format!("the issue of {} is rendered already", month.long_name())));
    }
    draft(ctx, month, false)?;
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
