//! Where a paper that a person added stands in the month's draft, and how to put it there.

use crate::draft::select::{self, Ranked};
use crate::draft::{self, MORE};
use crate::fsx;
use crate::model::{Draft, Judgement, Month, Scope, Work, WorkId};
use crate::pipeline::gather::gathered;
use crate::pipeline::{Ctx, Result};

/// Where a paper stands in a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum InDraft {
    /// It is an item of the file already.
    Item,
    /// It is a candidate in the file already.
    Candidate,
    /// The next `roundup draft` chooses it.
    WillBeItem,
    /// The next `roundup draft` lists it as a candidate.
    WillBeCandidate,
    /// The next `roundup draft` asks whether it is in scope.
    WillBeAsked,
    /// The machine would leave it out; a person can put it in.
    LeftOut,
    /// It was in the issue of an earlier month.
    SentBefore,
}

/// Where a paper stands in a month's draft, and the block that puts it there by hand.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Place {
    /// The month of the issue.
    pub month: Month,
    /// The draft file.
    pub file: String,
    /// Whether the file is there.
    pub is_there: bool,
    /// Where the paper stands.
    pub stands: InDraft,
    /// The issue it was in before, when it was.
    pub sent: Option<Month>,
    /// The lines to paste into the file.
    pub block: String,
}

/// Returns where a work stands in a month's draft.
pub(super) fn of(ctx: &Ctx, month: Month, id: &WorkId, work: Work, judgement: Judgement) -> Result<Place> {
    let path = ctx.home.draft(month);
    let text = fsx::read_text_if_there(&path)?;
    let sent = ctx.store.issue_of(id)?.filter(|sent| *sent != month);
    let mine = text.as_deref().and_then(|t| draft::parse(t, "the draft").0);
    let stands = match (standing(mine.as_ref(), id), sent) {
        (Some(stands), _) => stands,
        (None, Some(_)) => InDraft::SentBefore,
        (None, None) if judgement.scope == Scope::Out => InDraft::LeftOut,
        (None, None) => expected(&crate::pipeline::draft::propose(ctx, month)?, id),
    };
    let block = block(ctx, month, work, judgement);
    Ok(Place { month, file: path.display().to_string(), is_there: text.is_some(), stands, sent, block })
}

/// Returns where a work stands in a file that is there.
fn standing(mine: Option<&Draft>, id: &WorkId) -> Option<InDraft> {
    let mine = mine?;
    let item = mine.items.iter().any(|i| i.id == id.as_str());
    let candidate = mine.candidates.iter().any(|c| c.id == id.as_str());
    match (item, candidate) {
        (true, _) => Some(InDraft::Item),
        (false, true) => Some(InDraft::Candidate),
        (false, false) => None,
    }
}

/// Returns where the machine's proposal has a work.
fn expected(proposal: &Draft, id: &WorkId) -> InDraft {
    let id = id.as_str();
    if proposal.items.iter().any(|i| i.id == id) {
        InDraft::WillBeItem
    } else if proposal.candidates.iter().any(|c| c.id == id) {
        InDraft::WillBeCandidate
    } else if proposal.decisions.iter().any(|d| d.id == format!("scope {id}")) {
        InDraft::WillBeAsked
    } else {
        InDraft::LeftOut
    }
}

/// Returns the block that makes a work an item, under its first working group.
fn block(ctx: &Ctx, month: Month, work: Work, judgement: Judgement) -> String {
    let topics = &ctx.config.rules.topics;
    let gathered = gathered(ctx, work, judgement, month);
    let ranked = Ranked {
        work: &gathered.work,
        judgement: &gathered.judgement,
        score: &gathered.score,
        country_names: &gathered.country_names,
        source_topics: &gathered.source_topics,
    };
    let first = gathered.judgement.twg_primary.as_deref().filter(|id| topics.iter().any(|t| t.id == *id));
    draft::item_block(&select::item(&ranked, first.unwrap_or(MORE), topics))
}
