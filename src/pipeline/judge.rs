//! Judging works by the rules of today, with what people said on top.

use super::{Ctx, Result};
use crate::model::WorkId;

mod facet;
mod preview;
mod say;
mod tags;
mod words;

pub use facet::{TagFacet, parse_tag};
pub use preview::{Example, Move, Preview, TagChange, preview, reason_of};
pub use say::{LogLine, TagOutcome, Wish, log, machine_and_words, put, say};
pub use tags::{TagLine, tag_lines, told_word};
pub use words::{judgement_of, put_on_top, without_names};

/// What judging did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct JudgeReport {
    /// Works judged now.
    pub judged: usize,
    /// Of these, works whose judgement came out differently than before.
    pub changed: usize,
}

/// Works judged in one transaction.
const BATCH: usize = 500;

/// Judges every work that has no judgement under the rules of today.
///
/// # Errors
/// When the database refuses.
pub fn judge(ctx: &Ctx) -> Result<JudgeReport> {
    judge_these(ctx, &ctx.store.works_to_judge(&ctx.config.rules_hash)?)
}

/// Judges some works by the rules of today.
///
/// # Errors
/// When the database refuses.
pub(super) fn judge_these(ctx: &Ctx, ids: &[WorkId]) -> Result<JudgeReport> {
    let mut report = JudgeReport::default();
    for batch in ids.chunks(BATCH) {
        (ctx.progress)(&format!("judging, {} of {}", report.judged, ids.len()));
        ctx.store.transaction(|store| -> Result<()> {
            for id in batch {
                let Some(row) = store.work(id)? else { continue };
                let new = ctx.judge.judge(&row.work.record);
                report.judged += 1;
                store.put_judgement(id, &ctx.config.rules_hash, &new)?;
                if row.judgement.as_ref() != Some(&new) {
                    report.changed += 1;
                    store.touch(id)?;
                }
            }
            Ok(())
        })?;
    }
    Ok(report)
}

#[cfg(test)]
mod tests;
