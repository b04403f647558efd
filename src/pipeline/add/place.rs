//! Where a paper that a person added stands in the month's draft, and how to put it there.

use jiff::civil::Date;

use crate::draft::select::{self, Ranked};
use crate::draft::{self, MORE};
use crate::model::{Choice, Draft, DraftItem, Judgement, Month, PartialDate, Scope, Work, WorkId};
use crate::pipeline::gather::{self, gathered};
use crate::pipeline::{Ctx, Result, choose, draft_file, forms};

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
    /// Why the machine leaves it out, as the end of a sentence; `None` when it does not.
    pub why: Option<String>,
    /// The lines to paste into the file.
    pub block: String,
}

/// Returns where a work stands in a month's draft.
pub(in crate::pipeline) fn of(ctx: &Ctx, month: Month, id: &WorkId, work: Work, judgement: Judgement) -> Result<Place> {
    let path = ctx.home.draft(month);
    let text = draft_file::text(&ctx.home, month)?;
    let sent = ctx.store.issue_of(id)?.filter(|sent| *sent != month);
    let mine = text.as_deref().and_then(|t| draft::parse(t, "the draft").0);
    let mut twin = None;
    let stands = match (standing(mine.as_ref(), id), sent) {
        (Some(stands), _) => stands,
        (None, Some(_)) => InDraft::SentBefore,
        (None, None) if judgement.scope == Scope::Out => InDraft::LeftOut,
        (None, None) => {
            let proposal = crate::pipeline::draft::propose(ctx, month)?;
            twin = twin_of(&proposal, id);
            expected(&proposal, id)
        }
    };
    let why = match stands {
        InDraft::LeftOut if twin.is_some() => twin,
        InDraft::LeftOut => Some(why_left_out(ctx, month, id, &work, &judgement)?),
        _ => None,
    };
    let block = block(ctx, month, work, judgement);
    Ok(Place { month, file: path.display().to_string(), is_there: text.is_some(), stands, sent, why, block })
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

/// Returns why a work gives way to another that may be the same study; `None` when it does not.
fn twin_of(proposal: &Draft, id: &WorkId) -> Option<String> {
    let named = format!("({id})");
    let items = proposal.items.iter().map(|i| (&i.id, &i.reasons));
    let mut all = items.chain(proposal.candidates.iter().map(|c| (&c.id, &c.reasons)));
    let (other, _) = all.find(|(_, reasons)| reasons.iter().any(|r| r.contains(&named) && r.contains("left out")))?;
    Some(format!("it may be the same study as one that is here ({other})"))
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

/// Returns why the machine leaves a work out of a month's draft, the hardest reason first; the rules
/// are those by which `candidates` gathers and the draft chooses.
fn why_left_out(ctx: &Ctx, month: Month, id: &WorkId, work: &Work, judgement: &Judgement) -> Result<String> {
    if judgement.scope == Scope::Out {
        return Ok("it is out of scope by its words".to_owned());
    }
    if work.record.is_retracted() || judgement.has_flag("retracted") {
        return Ok("it was retracted".to_owned());
    }
    if let Some(row) = ctx.store.choice_of(id)?.filter(|row| row.choice == Some(Choice::Drop)) {
        let day = row.at.to_zoned(ctx.zone()).strftime("%-d %B %Y");
        let reason = if row.reason.is_empty() { String::new() } else { format!(": {}", row.reason) };
        return Ok(format!("it was dropped {} on {day}{reason}", choose::said_by(&row)));
    }
    let sent = gather::sent_before(ctx, month)?;
    let here = gather::candidates(ctx, month)?.into_iter().map(|g| g.work.id).collect();
    if let Some(other) = forms::study(&ctx.store, id)?.gives_way_to(&ctx.store, &here, &sent)? {
        return Ok(match sent.get(&other) {
            Some(month) => format!("another form of it ({other}) was in the issue of {}", month.long_name()),
            None if work.record.is_preprint() => format!("its article is here as well ({other})"),
            None => format!("another form of it is here as well ({other})"),
        });
    }
    let (first, last) = gather::window(ctx, month);
    let Some(date) = gather::day_of(&work.record) else {
        return Ok(match gather::first_seen(ctx, work)? {
            Some(came) if came > last => {
                let name = month.long_name();
                format!(
                    "no date is known, so the day it came in counts, which is after {name}; add it again with --date"
                )
            }
            _ => crowded_out(judgement),
        });
    };
    let (from, to) = gather::days_of(date);
    if to < first || from > last {
        let day = |d: Date| d.strftime("%-d %B %Y").to_string();
        let (when, first, last) = (when(date), day(first), day(last));
        return Ok(format!("it appeared {when}, and the issue takes papers of {first} to {last}"));
    }
    Ok(crowded_out(judgement))
}

/// Returns the reason of a paper that could be in the draft by everything but its place.
fn crowded_out(judgement: &Judgement) -> String {
    if judgement.scope == Scope::Maybe {
        return "its scope is uncertain, and papers that fit better fill the list of questions".to_owned();
    }
    "better papers fill the list".to_owned()
}

/// Returns when that was, in words: `on 5 October 2026`, `in October 2026`, `in 2026`.
fn when(date: PartialDate) -> String {
    let first = date.first_day();
    match date.precision() {
        3 => first.strftime("on %-d %B %Y").to_string(),
        2 => first.strftime("in %B %Y").to_string(),
        _ => format!("in {}", date.year()),
    }
}

/// Returns the block that makes a work an item, under its first working group.
fn block(ctx: &Ctx, month: Month, work: Work, judgement: Judgement) -> String {
    draft::item_block(&item_of(ctx, month, work, judgement))
}

/// Returns the item that a work makes, under its first working group.
pub(in crate::pipeline) fn item_of(ctx: &Ctx, month: Month, work: Work, judgement: Judgement) -> DraftItem {
    let topics = &ctx.config.rules.topics;
    let gathered = gathered(ctx, work, judgement, month);
    let ranked = Ranked {
        work: &gathered.work,
        judgement: &gathered.judgement,
        score: &gathered.score,
        country_names: &gathered.country_names,
        source_topics: &gathered.source_topics,
        remark: &gathered.remark,
        wish: gathered.wish,
    };
    let first = gathered.judgement.twg_primary.as_deref().filter(|id| topics.iter().any(|t| t.id == *id));
    select::item(&ranked, first.unwrap_or(MORE), topics)
}
