//! Why a paper is no longer among those that members get.

use crate::model::WorkId;
use crate::pack::Why;
use crate::pipeline::{Ctx, Result, forms};

/// Returns why a paper is no longer among the papers of the store.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn why_gone(ctx: &Ctx, id: &WorkId) -> Result<Why> {
    let Some(now) = ctx.store.resolve(id)? else { return Ok(Why::Withdrawn) };
    if now != *id {
        return Ok(Why::Merged(now));
    }
    if ctx.store.work(id)?.is_none() {
        return Ok(Why::Withdrawn);
    }
    let study = forms::study(&ctx.store, id)?;
    Ok(study.better_form().map_or(Why::LeftOut, |better| Why::Merged(better.clone())))
}
