//! What the machine last wrote into a draft file: the side by which people's changes are told.

use std::collections::BTreeSet;

use super::{Ctx, Result};
use crate::draft;
use crate::model::{Month, sha256_hex};

/// Returns the base that belongs to a month's file as it lies there; `None` when the machine wrote none.
///
/// File and database cannot be written in one step. When a draft was cut short between them, the file tells by
/// its sum which text it is; one that was edited since is taken for the text whose papers it has more of.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn base_of(ctx: &Ctx, month: Month, mine: Option<&str>) -> Result<Option<String>> {
    let old = ctx.store.draft_base(month)?;
    let Some(pending) = ctx.store.pending(month)? else { return Ok(old) };
    let sum = sum_of(mine);
    if sum == pending.after {
        return Ok(Some(pending.base).filter(|base| !base.is_empty()));
    }
    if sum == pending.before {
        return Ok(old);
    }
    let here = ids(mine.unwrap_or_default());
    let likeness = |base: &str| {
        let theirs = ids(base);
        let shared = here.intersection(&theirs).count();
        // Shared over all, compared as whole numbers.
        (shared * 1_000_000) / (here.len() + theirs.len() - shared).max(1)
    };
    let is_new = old.as_deref().is_none_or(|old| likeness(&pending.base) >= likeness(old));
    Ok(if is_new { Some(pending.base) } else { old })
}

/// Returns the base that belongs to a month's file, and stores it as such when a draft was cut short: from then on
/// file and base belong together again. The caller holds the lock of drafts.
///
/// # Errors
/// When the database refuses.
pub(super) fn settled(ctx: &Ctx, month: Month, mine: Option<&str>) -> Result<Option<String>> {
    let base = base_of(ctx, month, mine)?;
    if ctx.store.pending(month)?.is_some() {
        ctx.store.transaction(|store| -> Result<()> {
            store.put_draft_base(month, base.as_deref().unwrap_or_default(), ctx.clock.now())?;
            Ok(store.clear_pending(month)?)
        })?;
    }
    Ok(base)
}

/// Returns the sum by which a draft file is known; empty for none.
pub(super) fn sum_of(text: Option<&str>) -> String {
    text.map(|t| sha256_hex(t.as_bytes())).unwrap_or_default()
}

/// Returns the ids of the blocks of a draft text.
fn ids(text: &str) -> BTreeSet<String> {
    let Some(draft) = draft::parse(text, "the draft").0 else { return BTreeSet::new() };
    let items = draft.items.into_iter().map(|i| i.id);
    items.chain(draft.candidates.into_iter().map(|c| c.id)).chain(draft.decisions.into_iter().map(|d| d.id)).collect()
}
