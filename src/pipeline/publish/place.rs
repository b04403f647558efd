//! One draft in a mailing tool, however often this is run and wherever it is cut short.
//!
//! Looked for, noted (intended), made, noted (made), noted (filling), filled, noted (filled). A campaign whose id is
//! noted is known by it, whatever people call it; else by the email's own fingerprint in its name. What is found is
//! taken up and not made again. It is filled only while it is seen to be empty; from "filled" on it belongs to people and
//! is never written again.

use super::{How, Placed, refused};
use crate::fetch::{Answered, FetchError};
use crate::pipeline::{Ctx, Error, Result};
use crate::publish::{Campaign, CampaignId, Content, Finding, Grade, Letter, Refusal, State, Step, Tool};
use crate::store::Placing;

/// Most tries of a step that may be repeated.
const TRIES_MAX: u32 = 3;

/// Places a letter in a tool as a draft. An issue of which another text went out there is placed only when it is to go
/// out `again`.
pub(super) async fn place(ctx: &Ctx, tool: &Tool, letter: &Letter, again: bool) -> Result<Placed> {
    let placing = Place { ctx, tool, letter };
    let before = ctx.store.outbox(tool.kind().as_str(), letter.month, &letter.fingerprint)?;
    let noted = before.as_ref().and_then(|row| CampaignId::parse(&row.campaign));
    let stage = before.map(|row| row.state);
    let all = placing.find().await?;
    if let Some(id) = noted
        && let Some(campaign) = placing.known(&all, id).await?
    {
        let how = placing.take_up(&campaign, stage).await?;
        return placing.placed(&campaign, how, &all).await;
    }
    // Deleted by a person, never noted, or never begun. Filled once does not say that what bears its mark now is.
    let stage = stage.filter(|stage| *stage != Placing::Filled);
    if let Some(campaign) = placing.mine(&all) {
        let how = placing.take_up(&campaign, stage).await?;
        return placing.placed(&campaign, how, &all).await;
    }
    let others = placing.others(&all, None)?;
    if let Some(sent) = others.sent.first().filter(|_| !again).cloned() {
        return Ok(placing.told(&sent, How::Sent, Vec::new(), others));
    }
    placing.note(Placing::Intended, "")?;
    let (campaign, is_surely_new) = placing.create().await?;
    placing.note(Placing::Made, campaign.id.as_str())?;
    let how = if is_surely_new {
        placing.fill(&campaign).await?;
        How::Made
    } else {
        match placing.take_up(&campaign, Some(Placing::Made)).await? {
            How::Finished => How::Made,
            other => other,
        }
    };
    placing.placed(&campaign, how, &all).await
}

/// Campaigns of a tool that hold another text of a month, the newest first.
struct Others {
    drafts: Vec<Campaign>,
    /// Those that are no drafts any more: they went out, in part or whole, or are about to.
    sent: Vec<Campaign>,
}

/// A letter, and the tool that it goes to.
struct Place<'a> {
    ctx: &'a Ctx,
    tool: &'a Tool,
    letter: &'a Letter,
}

impl Place<'_> {
    /// Notes how far it got.
    fn note(&self, state: Placing, campaign: &str) -> Result<()> {
        let now = self.ctx.clock.now();
        let row = [self.tool.kind().as_str(), self.letter.fingerprint.as_str(), campaign];
        Ok(self.ctx.store.put_outbox(row, self.letter.month, state, now)?)
    }

    /// Returns the tool's campaigns, the newest first.
    async fn find(&self) -> Result<Vec<Campaign>> {
        self.tool.found(&self.patiently(Step::Find).await?).map_err(refused)
    }

    /// Returns the other campaigns of this month: by their names, and by the ids that were noted, whatever they are
    /// called now. A copy of this very text counts when it is no draft any more.
    fn others(&self, all: &[Campaign], own: Option<&CampaignId>) -> Result<Others> {
        let noted =
            self.ctx.store.outbox_others(self.tool.kind().as_str(), self.letter.month, &self.letter.fingerprint)?;
        let is_other = |c: &&Campaign| {
            let is_noted = noted.iter().any(|id| id == c.id.as_str());
            let is_of_month = is_noted || self.letter.is_of_same_month(&c.name);
            let is_copy = self.letter.is_named(&c.name);
            Some(&c.id) != own && if is_copy { c.state != State::Draft } else { is_of_month }
        };
        let (mut drafts, mut sent) = (Vec::new(), Vec::new());
        for other in all.iter().filter(is_other) {
            match other.state {
                State::Draft => drafts.push(other.clone()),
                // What is paused, cancelled or archived may have reached some readers.
                State::Going | State::Other => sent.push(other.clone()),
            }
        }
        Ok(Others { drafts, sent })
    }

    /// Returns the campaign with an id, whatever its name is; `None` when neither the list nor a look at it has it.
    /// One of the two may fail to name it: an old one stands too far down in the list, and any host gives a stray 404.
    async fn known(&self, all: &[Campaign], id: CampaignId) -> Result<Option<Campaign>> {
        if let Some(campaign) = all.iter().find(|c| c.id == id) {
            return Ok(Some(campaign.clone()));
        }
        let is_there = self.look(&id).await?.is_some();
        Ok(is_there.then(|| Campaign {
            id,
            name: self.letter.name.clone(),
            shown_name: self.letter.name.clone(),
            state: State::Draft,
            status: String::new(),
            page_number: String::new(),
        }))
    }

    /// Returns the campaign that bears the mark of this letter: one that is going first, then a draft.
    fn mine(&self, all: &[Campaign]) -> Option<Campaign> {
        let rank = |campaign: &&Campaign| match campaign.state {
            State::Going => 0,
            State::Draft => 1,
            State::Other => 2,
        };
        all.iter().filter(|c| self.letter.is_named(&c.name)).min_by_key(rank).cloned()
    }

    /// Takes up a campaign that is there: fills it when an earlier run did not come so far and nobody else did.
    async fn take_up(&self, campaign: &Campaign, stage: Option<Placing>) -> Result<How> {
        let id = campaign.id.as_str();
        match campaign.state {
            State::Going => {
                self.note(Placing::Filled, id)?;
                return Ok(How::Going);
            }
            State::Other => return Ok(How::Other),
            State::Draft if stage == Some(Placing::Filled) => return Ok(How::There),
            State::Draft => {}
        }
        let content = self.content(campaign).await?;
        if content == Content::Empty {
            self.fill(campaign).await?;
            return Ok(How::Finished);
        }
        self.note(Placing::Filled, id)?;
        Ok(match (stage, content) {
            (None, _) => How::There,
            (Some(_), Content::Other) => How::Changed,
            (Some(_), _) => How::Finished,
        })
    }

    /// Makes the campaign. A fault on the way leaves it open whether it was made: then it is looked for, once.
    /// Tells besides whether it is surely new: then nobody can have written in it.
    async fn create(&self) -> Result<(Campaign, bool)> {
        let answer = match self.once(Step::Create).await {
            Ok(answer) if answer.status < 500 => answer,
            other => {
                self.pause(0, None).await;
                let all = self.find().await?;
                if let Some(campaign) = self.mine(&all) {
                    return Ok((campaign, false));
                }
                other.map_err(unanswered)?
            }
        };
        let made = self.tool.created(&answer).map_err(refused)?;
        // Another one must never be written into, whoever answered with it.
        if self.letter.is_named(&made.name) && made.state == State::Draft {
            return Ok((made, true));
        }
        let mine = self.mine(&self.find().await?).map(|campaign| (campaign, false));
        mine.ok_or_else(|| refused(Refusal::unreadable(self.tool.name(), "it is about another campaign")))
    }

    /// Returns what is in a draft. A tool that makes a campaign with its content has the email in it from the first.
    async fn content(&self, campaign: &Campaign) -> Result<Content> {
        let step = Step::Read(&campaign.id);
        if self.call(step)?.is_none() {
            return Ok(Content::Ours);
        }
        let read = match self.patiently(step).await {
            Ok(answer) => self.tool.content(&answer, self.letter).map_err(refused),
            Err(error) => Err(error),
        };
        read.map_err(|error| {
            let (tool, name) = (self.tool.name(), &campaign.shown_name);
            let reason = first_line(&error);
            Error::stopped(
                format!("{tool} has the draft \"{name}\"; whether the email is in it could not be found out: {reason}"),
                "look there; if it is empty, delete it there and publish again",
            )
        })
    }

    /// Puts the email into a draft, and notes that it is there. It is noted before, too: who is cut short here must look.
    async fn fill(&self, campaign: &Campaign) -> Result<()> {
        let (step, id) = (Step::Fill(&campaign.id), campaign.id.as_str());
        if self.call(step)?.is_some() {
            self.note(Placing::Filling, id)?;
            let answer = self.patiently(step).await.map_err(|error| self.unfilled(campaign, error, true))?;
            let may_pass = Refusal::is_passing(answer.status);
            let filled = self.tool.filled(&answer);
            filled.map_err(|refusal| self.unfilled(campaign, refused(refusal), may_pass))?;
            // A yes that does not say what is in it now may come from anybody on the way.
            let told = self.tool.content(&answer, self.letter).ok().filter(|content| *content != Content::Empty);
            if told.is_none() && self.content(campaign).await? == Content::Empty {
                let refusal = Refusal::new("it said yes, but the email is not in it", "look at the draft there");
                return Err(self.unfilled(campaign, refused(refusal), true));
            }
        }
        self.note(Placing::Filled, id)
    }

    /// Returns the error of a draft that the email did not get into, or perhaps not.
    fn unfilled(&self, campaign: &Campaign, error: Error, may_pass: bool) -> Error {
        let (tool, name) = (self.tool.name(), &campaign.shown_name);
        let Error::Stopped { reason, help } = error else { return error };
        if may_pass {
            let reason = format!("{reason}; a draft, perhaps an empty one, lies in {tool} now: {name}");
            return Error::stopped(reason, "run the same command again: the draft is found, and filled if it is empty");
        }
        let help = format!("{help}; if that makes another draft, delete the empty one there");
        Error::stopped(format!("{reason}; an empty draft lies in {tool} now: {name}"), help)
    }

    /// Returns what the tool says of a draft; `None` when it does not know it.
    async fn look(&self, id: &CampaignId) -> Result<Option<Vec<Finding>>> {
        self.tool.looked(&self.patiently(Step::Look(id)).await?).map_err(refused)
    }

    /// Returns what the report says, with what the tool says of the campaign now.
    async fn placed(&self, campaign: &Campaign, how: How, all: &[Campaign]) -> Result<Placed> {
        let others = self.others(all, Some(&campaign.id))?;
        let findings = self.look(&campaign.id).await?.unwrap_or_else(|| {
            let text = "it knows no such draft, though it is there: open it there before it is sent".to_owned();
            vec![Finding { grade: Grade::Look, text }]
        });
        Ok(self.told(campaign, how, findings, others))
    }

    /// Returns what the report says of a campaign.
    fn told(&self, campaign: &Campaign, how: How, findings: Vec<Finding>, others: Others) -> Placed {
        let (page, tool, name) = (self.tool.page(campaign), self.tool.name().to_owned(), campaign.shown_name.clone());
        let names = |all: Vec<Campaign>| all.into_iter().map(|c| c.shown_name).collect();
        let status = campaign.status.clone();
        let month = self.letter.month;
        Placed {
            month,
            tool,
            name,
            page,
            how,
            status,
            findings,
            others: names(others.drafts),
            sent: names(others.sent),
        }
    }

    /// Returns the call of a step.
    fn call(&self, step: Step<'_>) -> Result<Option<crate::fetch::Call>> {
        self.tool.call(step, self.letter).map_err(refused)
    }

    /// Asks once.
    async fn once(&self, step: Step<'_>) -> std::result::Result<Answered, Unanswered> {
        let call = self.tool.call(step, self.letter).map_err(Unanswered::Refused)?;
        let call = call.ok_or_else(|| Unanswered::Refused(Refusal::new("there is nothing to ask", "")))?;
        self.ctx.fetch.call(&call).await.map_err(Unanswered::Fetch)
    }

    /// Asks until there is an answer that is no passing fault: for steps that may be repeated. Filling may only while it
    /// is sure that nothing was done: else somebody may write in the draft before the next try.
    async fn patiently(&self, step: Step<'_>) -> Result<Answered> {
        let is_fill = matches!(step, Step::Fill(_));
        let mut tries = 1;
        loop {
            let outcome = self.once(step).await;
            let wait_s = match &outcome {
                Ok(answer) if Refusal::is_passing(answer.status) && !(is_fill && answer.status >= 500) => {
                    answer.retry_after_s
                }
                Err(Unanswered::Fetch(error)) if error.is_passing() && !is_fill => error.retry_after_s(),
                _ => return outcome.map_err(unanswered),
            };
            let longest = self.ctx.fetch.limits().pause_longest.as_secs();
            if tries == TRIES_MAX || wait_s.is_some_and(|s| s > longest) {
                return outcome.map_err(unanswered);
            }
            self.pause(tries, wait_s).await;
            tries += 1;
        }
    }

    /// Waits before the next try, as long as the tool wants or longer with each.
    async fn pause(&self, tries: u32, wait_s: Option<u64>) {
        let first = self.ctx.fetch.limits().pause_first;
        let pause = wait_s.map_or(first * 2_u32.saturating_pow(tries), std::time::Duration::from_secs);
        tokio::time::sleep(pause).await;
    }
}

/// Why there is no answer.
enum Unanswered {
    /// It was not even asked.
    Refused(Refusal),
    /// No whole answer came.
    Fetch(FetchError),
}

/// Returns it as an error.
fn unanswered(error: Unanswered) -> Error {
    match error {
        Unanswered::Refused(refusal) => refused(refusal),
        Unanswered::Fetch(error) => {
            Error::stopped(error.to_string(), "run the same command again: what was made is found, and not made twice")
        }
    }
}

/// Returns what an error says, without what to do.
fn first_line(error: &Error) -> String {
    match error {
        Error::Stopped { reason, .. } => reason.clone(),
        other => other.to_string(),
    }
}
