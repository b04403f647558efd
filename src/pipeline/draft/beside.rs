//! News for a draft that people are in the middle of curating: it comes beside, and nothing leaves.

use std::collections::BTreeSet;

use crate::draft;
use crate::model::{Candidate, Draft, DraftItem, Month, WorkId};
use crate::pipeline::{Ctx, Result};

/// Changes a proposal so that it takes nothing out of a file and moves nothing in it: what is new comes as a candidate,
/// what the machine wrote before and would not propose any more stays as it was written. A paper that is another one
/// by now goes as ever.
///
/// `base` is what the machine wrote last: its own words are proposed again, never a person's, which would make them the
/// machine's to change.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn only_beside(ctx: &Ctx, month: Month, proposal: &mut Draft, base: &str, mine: &str) -> Result<()> {
    let read = |text: &str| draft::parse(text, &super::file_name(month)).0;
    let (Some(base), Some(mine)) = (read(base), read(mine)) else { return Ok(()) };
    let held: BTreeSet<&str> =
        mine.items.iter().map(|i| i.id.as_str()).chain(mine.candidates.iter().map(|c| c.id.as_str())).collect();
    let was_item = |id: &str| base.items.iter().find(|i| i.id == id);
    let (stays, new): (Vec<DraftItem>, Vec<DraftItem>) =
        std::mem::take(&mut proposal.items).into_iter().partition(|i| was_item(&i.id).is_some());
    proposal.items = stays;
    for item in &mut proposal.items {
        if let Some(was) = was_item(&item.id) {
            item.section.clone_from(&was.section);
        }
    }
    proposal.candidates.splice(0..0, new.into_iter().map(candidate));
    let proposed: BTreeSet<String> =
        proposal.items.iter().map(|i| i.id.clone()).chain(proposal.candidates.iter().map(|c| c.id.clone())).collect();
    for item in &base.items {
        if held.contains(item.id.as_str())
            && !is_proposed_item(proposal, &item.id)
            && !is_another(ctx, &item.id, &held)?
        {
            proposal.candidates.retain(|c| c.id != item.id);
            proposal.items.push(item.clone());
        }
    }
    for old in base.candidates.iter().filter(|c| held.contains(c.id.as_str()) && !proposed.contains(&c.id)) {
        if !is_another(ctx, &old.id, &held)? {
            proposal.candidates.push(old.clone());
        }
    }
    proposal.pick = base.pick;
    Ok(())
}

/// Tells whether a proposal has a paper as an item.
fn is_proposed_item(proposal: &Draft, id: &str) -> bool {
    proposal.items.iter().any(|i| i.id == id)
}

/// Tells whether a paper is one with another of the file by now: then it need not stand there twice.
fn is_another(ctx: &Ctx, id: &str, held: &BTreeSet<&str>) -> Result<bool> {
    let Some(asked) = WorkId::parse(id) else { return Ok(false) };
    let now = ctx.store.resolve(&asked)?;
    Ok(now.is_some_and(|now| now != asked && held.contains(now.as_str())))
}

/// Returns a proposed item as a candidate.
fn candidate(item: DraftItem) -> Candidate {
    Candidate {
        id: item.id,
        section: item.section,
        title: item.title,
        summary: item.summary,
        link: item.link,
        reasons: item.reasons,
        ..Candidate::default()
    }
}
