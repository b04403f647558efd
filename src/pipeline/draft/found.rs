//! A draft file as it lies there, and what the machine last wrote into it.

use super::LOCK_WAIT;
use crate::model::Month;
use crate::pipeline::base::{base_of, settled};
use crate::pipeline::{Ctx, Result, draft_file};
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
    if is_dry {
        let mine = draft_file::text(&ctx.home, month)?;
        let base = base_of(ctx, month, mine.as_deref())?;
        return Ok(Found { mine, base });
    }
    let _lock = DraftLock::take(&ctx.home.data(), LOCK_WAIT)?;
    let mine = draft_file::text(&ctx.home, month)?;
    // Who wrote it is known only while it is known that its writing was cut short.
    if let Some(text) = &mine {
        ctx.store.keep_draft(month, text, DraftBy::Found, ctx.clock.now())?;
    }
    let base = settled(ctx, month, mine.as_deref())?;
    Ok(Found { mine, base })
}
