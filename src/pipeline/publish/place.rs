//! One draft in a mailing tool, however often this is run and wherever it is cut short.
//!
//! Looked for, noted (intended), made, noted (made), filled, noted (filled). What is found under the email's own fingerprint
//! is taken up and not made again. From "filled" on the draft belongs to people: it is never written again.

use super::{How, Placed, refused};
use crate::fetch::{Answered, FetchError};
use crate::pipeline::{Ctx, Error, Result};
use crate::publish::{Campaign, CampaignId, Finding, Letter, Refusal, State, Step, Tool};
use crate::store::{OutboxRow, Placing};

/// Most tries of a step that may be repeated.
const TRIES_MAX: u32 = 3;

/// Places a letter in a tool as a draft.
pub(super) async fn place(ctx: &Ctx, tool: &Tool<'_>, letter: &Letter) -> Result<Placed> {
    let placing = Place { ctx, tool, letter };
    let before = ctx.store.outbox(tool.kind().as_str(), letter.month, &letter.fingerprint)?;
    if let Some(id) = filled(before.as_ref())
        && let Some(findings) = placing.look(&id).await?
    {
        let (all, _) = placing.find().await?;
        let campaign = all.into_iter().find(|c| c.id == id);
        let how = if campaign.as_ref().is_some_and(|c| c.state == State::Going) { How::Going } else { How::There };
        let campaign = campaign.unwrap_or_else(|| placing.unnamed(id));
        return Ok(placing.placed(&campaign, how, findings, Vec::new()));
    }
    // Whether an earlier run got further than it could note is found out by looking.
    let was_begun = before.as_ref().is_some_and(|row| row.state != Placing::Filled);
    let (all, others) = placing.find().await?;
    let mine = placing.mine(&all);
    let (campaign, how) = match mine {
        Some(campaign) if campaign.state != State::Draft => (campaign, How::Going),
        Some(campaign) if was_begun => (campaign, How::Finished),
        Some(campaign) => (campaign, How::There),
        None => {
            placing.note(Placing::Intended, "")?;
            (placing.create().await?, How::Made)
        }
    };
    if matches!(how, How::Made | How::Finished) {
        placing.note(Placing::Made, campaign.id.as_str())?;
        placing.fill(&campaign.id).await?;
    }
    placing.note(Placing::Filled, campaign.id.as_str())?;
    let findings = placing.look(&campaign.id).await?.unwrap_or_default();
    Ok(placing.placed(&campaign, how, findings, others))
}

/// Returns the campaign that an earlier run filled.
fn filled(row: Option<&OutboxRow>) -> Option<CampaignId> {
    let row = row.filter(|row| row.state == Placing::Filled)?;
    CampaignId::parse(&row.campaign)
}

/// A letter, and the tool that it goes to.
struct Place<'a> {
    ctx: &'a Ctx,
    tool: &'a Tool<'a>,
    letter: &'a Letter,
}

impl Place<'_> {
    /// Notes how far it got.
    fn note(&self, state: Placing, campaign: &str) -> Result<()> {
        let now = self.ctx.clock.now();
        let row = [self.tool.kind().as_str(), self.letter.fingerprint.as_str(), campaign];
        Ok(self.ctx.store.put_outbox(row, self.letter.month, state, now)?)
    }

    /// Returns the tool's campaigns, and the names of other drafts of this month.
    async fn find(&self) -> Result<(Vec<Campaign>, Vec<String>)> {
        let all = self.tool.found(&self.patiently(Step::Find).await?).map_err(refused)?;
        let is_other = |c: &&Campaign| c.state == State::Draft && self.letter.is_of_same_month(&c.name);
        let others = all.iter().filter(is_other).map(|c| c.name.clone()).collect();
        Ok((all, others))
    }

    /// Returns the campaign that is this letter: one that is going before one that is a draft.
    fn mine(&self, all: &[Campaign]) -> Option<Campaign> {
        let mut mine: Vec<&Campaign> = all.iter().filter(|c| self.letter.is_named(&c.name)).collect();
        mine.sort_by_key(|c| c.state != State::Going);
        mine.first().map(|c| (*c).clone())
    }

    /// Makes the campaign. A fault on the way leaves it open whether it was made: then it is looked for, once.
    async fn create(&self) -> Result<Campaign> {
        let answer = match self.once(Step::Create).await {
            Ok(answer) if answer.status < 500 => answer,
            other => {
                self.pause(0, None).await;
                let (all, _) = self.find().await?;
                if let Some(campaign) = self.mine(&all) {
                    return Ok(campaign);
                }
                other.map_err(unanswered)?
            }
        };
        self.tool.created(&answer).map_err(refused)
    }

    /// Puts the email into a draft.
    async fn fill(&self, id: &CampaignId) -> Result<()> {
        if self.call(Step::Fill(id))?.is_none() {
            return Ok(());
        }
        self.tool.filled(&self.patiently(Step::Fill(id)).await?).map_err(refused)
    }

    /// Returns what the tool says of a draft; `None` when it is not there any more.
    async fn look(&self, id: &CampaignId) -> Result<Option<Vec<Finding>>> {
        self.tool.looked(&self.patiently(Step::Look(id)).await?).map_err(refused)
    }

    /// Returns what the report says.
    fn placed(&self, campaign: &Campaign, how: How, findings: Vec<Finding>, others: Vec<String>) -> Placed {
        let page = self.tool.page(campaign);
        Placed { tool: self.tool.name().to_owned(), name: campaign.name.clone(), page, how, findings, others }
    }

    /// Returns a campaign that stands too far down in the list to be named there.
    fn unnamed(&self, id: CampaignId) -> Campaign {
        Campaign { id, name: self.letter.name.clone(), state: State::Draft, page_number: String::new() }
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

    /// Asks until there is an answer that is no passing fault: for steps that may be repeated.
    async fn patiently(&self, step: Step<'_>) -> Result<Answered> {
        let mut tries = 1;
        loop {
            let outcome = self.once(step).await;
            let wait_s = match &outcome {
                Ok(answer) if matches!(answer.status, 429 | 500..=599) => answer.retry_after_s,
                Err(Unanswered::Fetch(error)) if error.is_passing() => error.retry_after_s(),
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
