//! A draft file as it lies there, and what the machine last wrote into it.

use super::LOCK_WAIT;
use crate::fsx;
use crate::model::Month;
use crate::pipeline::base::{base_of, settled};
use crate::pipeline::{Ctx, Result};
use crate::store::{DraftBy, DraftLock};

/// A draft file as it was found.
pub(super) struct Found {
    /// Its text; `None` when there is none.
    pub(super) mine: Option<String>,
    /// What the machine last wrote into it.
    pub(super) base: Option<String>,
}

/// Reads a month's file and keeps what it says, be it no draft at all.
pub(super) fn find(ctx: &Ctx, month: Month, is_dry: bool) -> Result<Found> {
    let path = ctx.home.draft(month);
    if is_dry {
        let mine = fsx::read_text_if_there(&path)?;
        let base = base_of(ctx, month, mine.as_deref())?;
        return Ok(Found { mine, base });
    }
    let _lock = DraftLock::take(&ctx.home.data(), LOCK_WAIT)?;
    let mine = fsx::read_text_if_there(&path)?;
    let base = settled(ctx, month, mine.as_deref())?;
    if let Some(text) = &mine {
        ctx.store.keep_draft(month, text, DraftBy::Found, ctx.clock.now())?;
    }
    Ok(Found { mine, base })
}
