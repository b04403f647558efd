//! What a draft lists: which papers count once in it, and the note of what was shown.

use jiff::Timestamp;

use super::{Ctx, Result};
use crate::draft::{self, select::Alike};
use crate::model::{Draft, DraftPart, Listed, Listing, Month, Unlisted};
use crate::store::{Answer, Store};

/// Returns which papers may be one by what waits for a person, and which a person keeps apart.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn alike(ctx: &Ctx) -> Result<Alike> {
    let maybe = ctx.store.maybe_pairs()?.into_iter().map(|p| (p.a, p.b)).collect();
    let mut apart = Vec::new();
    for verdict in ctx.store.verdicts()? {
        if verdict.is_undone || verdict.answer != Answer::Different {
            continue;
        }
        if let (Some(a), Some(b)) = (ctx.store.resolve(&verdict.a)?, ctx.store.resolve(&verdict.b)?) {
            apart.push((a, b));
        }
    }
    Ok(Alike { maybe, apart })
}

/// Notes what a proposal lists, as far as it came into the draft's text: a paper whose block a person has
/// deleted is not shown again, but could have been listed. Runs inside the transaction that stores the draft.
///
/// # Errors
/// When the database refuses.
pub(super) fn keep(store: &Store, month: Month, proposal: &Draft, text: &str, now: Timestamp) -> Result<()> {
    let Some(written) = draft::parse(text, "the draft").0 else { return Ok(()) };
    let is_shown = |id: &str| {
        written.items.iter().any(|i| i.id == id)
            || written.candidates.iter().any(|c| c.id == id)
            || written.decisions.iter().any(|d| d.id.strip_prefix("scope ") == Some(id))
    };
    let listing = proposal.listing.clone();
    let (papers, hidden): (Vec<Listed>, Vec<Listed>) =
        listing.papers.into_iter().partition(|p| is_shown(p.id.as_str()));
    let hidden = hidden.into_iter().map(|p| Unlisted { id: p.id, is_in_scope: p.part != DraftPart::Question });
    let others = listing.others.into_iter().chain(hidden).collect();
    Ok(store.put_listing(month, &Listing { papers, others, ..listing }, now)?)
}
