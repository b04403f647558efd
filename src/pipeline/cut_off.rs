//! What a run that was cut off left behind: works without a judgement, an index that does not show the database.

use super::{Ctx, Result, judge, update_index};
use crate::index::{Index, State};

/// Makes good what a run that was cut off left undone. Every command that changes works judges them and brings the index
/// level at its end; where one did not come so far, the next one that may write does it first. Nothing is done by whoever
/// only reads, nor where nothing is behind.
///
/// # Errors
/// When the database refuses. An index that cannot be written is told by the command itself, once it needs it.
pub fn make_good(ctx: &Ctx) -> Result<()> {
    if ctx.lock.is_none() {
        return Ok(());
    }
    judge::judge_these(ctx, &ctx.store.works_never_judged()?)?;
    let is_behind = match Index::state(&ctx.home.index()) {
        State::Ready { revision, .. } => revision != ctx.store.revision()?,
        // A home that is new has none, and gets one with its first papers.
        State::Missing => !ctx.store.work_ids()?.is_empty(),
        _ => false,
    };
    if is_behind && let Err(error) = update_index(ctx, false) {
        tracing::warn!("the search index is behind the database and stays so: {error}");
    }
    Ok(())
}
