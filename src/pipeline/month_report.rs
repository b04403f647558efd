//! A month in numbers: what drafts listed, what became of it, which source earns its place.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ctx, Error, Result, gather, judgement_of};
use crate::measure::month::{self, Fate, Fates, First, Lot, OfSource, Outcome};
use crate::model::{Choice, DraftPart, Listing, Month, Scope, WorkId};

/// Months that are taken together for what the lot says, this one and those before: one month draws
/// three papers, too few to tell; a longer time ago was another order.
const LOT_MONTHS: usize = 12;

/// A month in numbers.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct MonthReport {
    /// The month.
    pub month: Month,
    /// Whether its issue was rendered.
    pub is_rendered: bool,
    /// Papers that could have been listed, in scope or in doubt.
    pub considered: usize,
    /// Of these the ones in scope.
    pub in_scope: usize,
    /// Papers that people were asked about, since their scope is in doubt.
    pub asked: usize,
    /// Of these, kept in the end.
    pub asked_kept: usize,
    /// What became of the papers listed.
    pub fates: Fates,
    /// Papers with a choice, for each one kept; `None` when none was.
    pub read_per_kept: Option<f64>,
    /// What became of the first papers by score.
    pub first: First,
    /// What the papers drawn by lot say.
    pub lot: LotReport,
    /// Papers in the rendered issue that no draft listed: people put them in.
    pub put_in_by_people: usize,
    /// Each source, in the order of `feeds.toml`; then those that stand there no more.
    pub sources: Vec<SourceRow>,
    /// Each working group in the order of `topics.toml`; papers without one last, under an empty id.
    pub groups: Vec<GroupRow>,
}

/// What the papers drawn by lot say about those further down, of which nobody said anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct LotReport {
    /// In this month.
    pub here: Lot,
    /// Months taken together for the estimate.
    pub months: usize,
    /// Papers drawn by lot that tell of the others, in these months.
    pub read: usize,
    /// Of these, kept.
    pub kept: usize,
    /// Between how many of this month's papers further down are likely worth keeping, 95 in 100 times; `None`
    /// when too few were drawn to tell.
    pub worth_keeping: Option<(usize, usize)>,
}

/// What one source brought.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct SourceRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Papers that could have entered the issue by their date, whatever they are about.
    pub came_in: usize,
    /// Of these the ones judged in scope.
    pub in_scope: usize,
    /// How many were listed and kept.
    #[serde(flatten)]
    pub counts: OfSource,
    /// Kept papers for every hundred that came in; `None` when none came in.
    pub kept_per_100: Option<f64>,
}

/// What became of one working group's papers.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct GroupRow {
    /// Its id; empty for papers without a group.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What became of its papers.
    pub fates: Fates,
}

/// Returns a month in numbers; without a month the newest one with a listing.
///
/// What counts for a paper is what was said of it for this month; else what was said later, for another
/// month or for none; else whether it is in the issue. A paper that comes again, since it was put off
/// before, has no choice until something is said for this month.
///
/// # Errors
/// [`Error::Missing`] when the month has no listing, else when the database cannot be read.
pub fn month_report(ctx: &Ctx, month: Option<Month>) -> Result<MonthReport> {
    let listed = ctx.store.listed_months()?;
    let month = month.or_else(|| listed.first().copied());
    let Some(month) = month.filter(|m| listed.contains(m)) else { return Err(missing(month, &listed)) };
    let fates = Knowledge::of(ctx)?;
    let Outcomes { listing, papers: outcomes, .. } = fates.outcomes(ctx, month)?;
    let counts = month::fates(&outcomes);
    let asked: Vec<&Outcome> = outcomes.iter().filter(|o| o.listed.part == DraftPart::Question).collect();
    Ok(MonthReport {
        month,
        is_rendered: fates.issues.contains_key(&month),
        considered: listing.considered,
        in_scope: listing.in_scope,
        asked: asked.len(),
        asked_kept: asked.iter().filter(|o| o.fate == Fate::Kept).count(),
        fates: counts,
        read_per_kept: counts.read_per_kept(),
        first: month::first(&outcomes),
        lot: lot(ctx, &fates, month, &listed)?,
        put_in_by_people: put_in_by_people(&fates, month, &outcomes),
        sources: sources(ctx, month, &outcomes)?,
        groups: groups(ctx, &outcomes),
    })
}

/// Returns why there is nothing to tell about a month.
fn missing(month: Option<Month>, listed: &[Month]) -> Error {
    Error::Missing(match (month, listed.first()) {
        (Some(month), Some(newest)) => format!(
            "it is not known what a draft of {} listed: there was none, or it is older than this program; \
             the newest month that is known is {newest}",
            month.long_name()
        ),
        _ => "no draft has been written yet; `roundup draft` writes one".to_owned(),
    })
}

/// What is known of all papers' fates.
struct Knowledge {
    /// What was said for a month, by month and today's id.
    said: BTreeMap<(Month, WorkId), Choice>,
    /// What counts today, and for which month it was said.
    standing: BTreeMap<WorkId, (Option<Choice>, Option<Month>)>,
    /// What each rendered issue held, by today's ids.
    issues: BTreeMap<Month, BTreeSet<WorkId>>,
}

impl Knowledge {
    fn of(ctx: &Ctx) -> Result<Self> {
        let standing = ctx.store.standing_choices()?;
        let standing = standing.into_iter().map(|(id, row)| (id, (row.choice, row.month))).collect();
        let mut said: BTreeMap<(Month, WorkId), Choice> = BTreeMap::new();
        for row in ctx.store.all_choices()?.into_iter().rev() {
            let (Some(month), Some(id)) = (row.month, ctx.store.resolve(&row.work)?) else { continue };
            let is_outright = said.get(&(month, id.clone())).is_some_and(|c| *c != Choice::Passed);
            match row.choice {
                None => drop(said.remove(&(month, id))),
                Some(Choice::Passed) if is_outright => {}
                Some(choice) => drop(said.insert((month, id), choice)),
            }
        }
        let mut issues: BTreeMap<Month, BTreeSet<WorkId>> =
            ctx.store.issues()?.into_iter().map(|i| (i.month, BTreeSet::new())).collect();
        for (month, id) in ctx.store.sent()? {
            let id = WorkId::parse(&id).map(|id| ctx.store.resolve(&id)).transpose()?.flatten();
            issues.entry(month).or_default().extend(id);
        }
        Ok(Self { said, standing, issues })
    }

    /// Returns what drafts of a month listed and what became of it, by today's ids. Papers that have been
    /// joined since count once, as the first of them was listed.
    fn outcomes(&self, ctx: &Ctx, month: Month) -> Result<Outcomes> {
        let listing = ctx.store.listing(month)?.unwrap_or_default();
        let mut outcomes: Vec<Outcome> = Vec::new();
        let mut known = BTreeSet::new();
        for listed in &listing.papers {
            let id = ctx.store.resolve(&listed.id)?.unwrap_or_else(|| listed.id.clone());
            if known.insert(id.clone()) {
                let fate = self.fate(&id, month);
                outcomes.push(Outcome { listed: crate::model::Listed { id, ..listed.clone() }, fate });
            }
        }
        let listed_in_scope = listing.papers.iter().filter(|p| p.part != DraftPart::Question).count();
        let named: Vec<_> = listing.others.iter().filter(|o| o.is_in_scope).collect();
        // A month drafted before the others were written down knows only how many there were.
        let mut unlisted = listing.in_scope.saturating_sub(listed_in_scope + named.len());
        for other in named {
            let id = ctx.store.resolve(&other.id)?.unwrap_or_else(|| other.id.clone());
            let is_open = !self.fate(&id, month).is_chosen();
            unlisted += usize::from(known.insert(id) && is_open);
        }
        Ok(Outcomes { listing, papers: outcomes, unlisted })
    }

    /// Returns what became of a paper in a month, as [`month_report`] says.
    fn fate(&self, id: &WorkId, month: Month) -> Fate {
        let is_in_issue = self.issues.get(&month).is_some_and(|i| i.contains(id));
        let standing = self.standing.get(id).and_then(|(choice, said_for)| {
            // What was dropped once is dropped for every month.
            choice.filter(|c| *c == Choice::Drop || said_for.is_none_or(|other| other >= month))
        });
        match self.said.get(&(month, id.clone())).copied().or(standing) {
            Some(Choice::Keep) => Fate::Kept,
            Some(Choice::Maybe) => Fate::Maybe,
            Some(Choice::Drop) => Fate::Dropped,
            Some(Choice::Passed) | None if is_in_issue => Fate::Kept,
            Some(Choice::Passed) => Fate::Passed,
            None => Fate::Open,
        }
    }
}

/// What a month's drafts listed, and what became of it.
struct Outcomes {
    /// What they listed, by the ids of then.
    listing: Listing,
    /// Each paper listed, by today's ids.
    papers: Vec<Outcome>,
    /// Papers in scope that no draft listed and nobody chose about.
    unlisted: usize,
}

/// Returns what the lot says, in this month and in those taken together.
fn lot(ctx: &Ctx, fates: &Knowledge, month: Month, listed: &[Month]) -> Result<LotReport> {
    let (mut here, mut read, mut kept, mut months) = (Lot::default(), 0, 0, 0);
    for one in listed.iter().filter(|m| **m <= month).take(LOT_MONTHS) {
        let Outcomes { papers: outcomes, unlisted, .. } = fates.outcomes(ctx, *one)?;
        let found = month::lot(&outcomes, unlisted);
        if *one == month {
            here = found;
        }
        (read, kept, months) = (read + found.read, kept + found.kept, months + 1);
    }
    Ok(LotReport { here, months, read, kept, worth_keeping: month::worth_keeping(kept, read, here.rest) })
}

/// Counts the papers of a rendered issue that no draft of its month listed.
fn put_in_by_people(fates: &Knowledge, month: Month, outcomes: &[Outcome]) -> usize {
    let is_listed = |id: &WorkId| outcomes.iter().any(|o| &o.listed.id == id);
    fates.issues.get(&month).into_iter().flatten().filter(|id| !is_listed(id)).count()
}

/// Returns what each source brought: those of `feeds.toml` that are switched on or brought something, and
/// others that brought something.
fn sources(ctx: &Ctx, month: Month, outcomes: &[Outcome]) -> Result<Vec<SourceRow>> {
    let came = came_in(ctx, month, outcomes)?;
    let settings = &ctx.config.settings.sources;
    let mut ids: Vec<&str> = settings.iter().map(|s| s.id.as_str()).collect();
    let others: BTreeSet<&str> = came.keys().map(String::as_str).chain(month::sources(outcomes)).collect();
    ids.extend(others.into_iter().filter(|o| settings.iter().all(|s| s.id != *o)));
    let rows = ids.into_iter().map(|id| {
        let (came_in, in_scope) = came.get(id).copied().unwrap_or_default();
        let counts = month::of_source(outcomes, id);
        let kept_per_100 = share_of_100(counts.kept, came_in);
        SourceRow { id: id.to_owned(), name: ctx.config.source_name(id), came_in, in_scope, counts, kept_per_100 }
    });
    let is_on = |row: &SourceRow| settings.iter().any(|s| s.id == row.id && s.is_enabled);
    Ok(rows.filter(|r| is_on(r) || r.came_in + r.counts.listed > 0).collect())
}

/// Returns how many of a hundred; `None` of none.
fn share_of_100(count: usize, of: usize) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "counts of papers in a month are small")]
    let number = |n: usize| n as f64;
    (of > 0).then(|| 100.0 * number(count) / number(of))
}

/// Counts by source the papers that could have entered a month's issue by their date and were in none
/// before, and of these the ones in scope. What was listed counts for the sources that it was found in
/// then, whatever its date or scope is by now, so that no column holds more than the one before it.
fn came_in(ctx: &Ctx, month: Month, outcomes: &[Outcome]) -> Result<BTreeMap<String, (usize, usize)>> {
    let sent = gather::sent_before(ctx, month)?;
    let window = gather::window(ctx, month);
    let mut out: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut count = |sources: BTreeSet<String>, is_in_scope: bool| {
        for source in sources {
            let (came_in, in_scope) = out.entry(source).or_default();
            *came_in += 1;
            *in_scope += usize::from(is_in_scope);
        }
    };
    for outcome in outcomes {
        count(outcome.listed.sources.iter().cloned().collect(), outcome.is_listed());
    }
    let known: BTreeSet<&WorkId> = outcomes.iter().map(|o| &o.listed.id).collect();
    for id in ctx.store.work_ids()?.into_iter().filter(|id| !known.contains(id)) {
        let Some(row) = ctx.store.work(&id)?.filter(|_| !sent.contains_key(&id)) else { continue };
        if !gather::appeared_within(ctx, &row.work, window)? {
            continue;
        }
        let judgement = judgement_of(&ctx.store, &id, row.judgement)?;
        let is_in_scope = judgement.is_some_and(|j| j.scope == Scope::In);
        count(row.work.members.into_iter().map(|m| m.source).collect(), is_in_scope);
    }
    Ok(out)
}

/// Returns what became of each working group's papers; groups that exist no more come behind.
fn groups(ctx: &Ctx, outcomes: &[Outcome]) -> Vec<GroupRow> {
    let topics = &ctx.config.rules.topics;
    let mut ids: Vec<(&str, &str)> = topics.iter().map(|t| (t.id.as_str(), t.name.as_str())).collect();
    let listed = outcomes.iter().filter(|o| o.is_listed());
    let others: BTreeSet<&str> = listed.map(|o| o.listed.section.as_str()).collect();
    let is_other = |id: &&str| !id.is_empty() && topics.iter().all(|t| t.id != *id);
    ids.extend(others.iter().copied().filter(is_other).map(|id| (id, id)));
    ids.extend(others.contains("").then_some(("", "no working group")));
    let rows = ids.into_iter().map(|(id, name)| {
        let fates = month::fates(outcomes.iter().filter(|o| o.listed.section == id));
        GroupRow { id: id.to_owned(), name: name.to_owned(), fates }
    });
    rows.collect()
}
