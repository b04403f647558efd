//! Which works may enter an issue, with judgement and score.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use super::choose::Standing;
use super::gathered::Gathered;
use super::taste::{self, Taste};
use super::{Ctx, Result, forms, judgement_of};
use crate::draft::select::Wish;
use crate::model::{Judgement, Month, PartialDate, Record, Scope, Work, WorkId};
use crate::rank;

/// Returns the works that may enter a month's issue, best first: judged in or maybe, appeared in
/// the month or up to `late-days` before, not in an earlier issue, and of every study one form: what
/// gives way to another form that is here or was sent is left out. The article of a preprint that
/// was sent may enter; so may a new edition of a review. What a person dropped is left out, and its
/// other forms with it; what was put off, or kept and never sent, comes again for some months.
///
/// # Errors
/// When the database cannot be read.
pub fn candidates(ctx: &Ctx, month: Month) -> Result<Vec<Gathered>> {
    let mut out = by_rules(ctx, month)?;
    taste::put_into_all(ctx, &mut out)?;
    best_first(&mut out);
    Ok(out)
}

/// Puts works in order, best first.
fn best_first(all: &mut [Gathered]) {
    all.sort_by(|a, b| b.score.total.total_cmp(&a.score.total).then_with(|| a.work.id.cmp(&b.work.id)));
}

/// Returns the works that may enter a month's issue, in the order of their ids, with what the rules alone say.
fn by_rules(ctx: &Ctx, month: Month) -> Result<Vec<Gathered>> {
    let sent = sent_before(ctx, month)?;
    let window = window(ctx, month);
    let said = Standing::of(ctx)?;
    let mut fitting: BTreeMap<WorkId, (Work, Judgement)> = BTreeMap::new();
    for id in ctx.store.work_ids()? {
        if sent.contains_key(&id) {
            continue;
        }
        let Some(mut row) = ctx.store.work(&id)? else { continue };
        let Some(judgement) = judgement_of(&ctx.store, &id, row.judgement)? else { continue };
        if judgement.scope == Scope::Out {
            continue;
        }
        if said.comes_again(&id, month) || appeared_within(ctx, &row.work, window)? {
            forms::mark_notices(&ctx.store, &id, &mut row.work.record)?;
            fitting.insert(id, (row.work, judgement));
        }
    }
    let whole = |scope: Scope| -> BTreeSet<WorkId> {
        let of = fitting.iter().filter(|(_, (w, j))| j.scope == scope && !w.record.is_retracted());
        of.map(|(id, _)| id.clone()).collect()
    };
    let (sure, unsure) = (whole(Scope::In), whole(Scope::Maybe));
    let either: BTreeSet<WorkId> = sure.union(&unsure).cloned().collect();
    let mut out = Vec::new();
    for (id, (work, judgement)) in fitting {
        // What is in scope for sure does not give way to what may turn out not to be.
        let others = if judgement.scope == Scope::In { &sure } else { &either };
        let is_out = said.is_dropped(&id);
        if !is_out && forms::study(&ctx.store, &id)?.gives_way_to(&ctx.store, others, &sent)?.is_none() {
            let remarks = [forms::remark(ctx, &id, &sent)?, said.remark(&id, month)];
            let remark = remarks.into_iter().filter(|r| !r.is_empty()).collect::<Vec<_>>().join("; ");
            let wish = said.wish(&id, month);
            out.push(Gathered { remark, wish, ..gathered(ctx, work, judgement, month) });
        }
    }
    Ok(out)
}

/// A work with its place in a month's order.
pub(super) struct InOrder {
    /// The work with its score.
    pub(super) own: Gathered,
    /// Its place among the month's candidates, from 1; `None` when it is not one of them.
    pub(super) place: Option<usize>,
    /// How many candidates there are.
    pub(super) of: usize,
    /// What was learnt for all of them and the work.
    pub(super) taste: Taste,
}

/// Returns where a work stands in a month's order, with the score that it has or would have there.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn in_order(ctx: &Ctx, month: Month, work: Work, judgement: Judgement) -> Result<InOrder> {
    let id = work.id.clone();
    let mut all = by_rules(ctx, month)?;
    let of = all.len();
    let is_one = all.iter().any(|g| g.work.id == id);
    if !is_one {
        all.push(gathered(ctx, work, judgement, month));
    }
    let taste = taste::put_into_all(ctx, &mut all)?;
    best_first(&mut all);
    let at = all.iter().position(|g| g.work.id == id).expect("invariant: it is one of them or was put beside them");
    Ok(InOrder { own: all.swap_remove(at), place: is_one.then_some(at + 1), of, taste })
}

/// Puts score, names and hints to a work.
pub(super) fn gathered(ctx: &Ctx, work: Work, mut judgement: Judgement, month: Month) -> Gathered {
    let mut source_topics: BTreeSet<String> = BTreeSet::new();
    for member in &work.members {
        source_topics.extend(ctx.config.settings.source(&member.source).into_iter().flat_map(|s| s.topics.clone()));
    }
    let source_topics: Vec<String> = source_topics.into_iter().collect();
    let is_hinted = judgement.twg.is_empty() && !source_topics.is_empty();
    if is_hinted {
        judgement.twg_primary = source_topics.first().cloned();
    }
    let last_day = month.next().first_day().saturating_sub(1.day());
    let primary = judgement.twg_primary.as_deref();
    let group = ctx.config.rules.topics.iter().find(|t| primary == Some(t.id.as_str()));
    let group = rank::Group { name: group.map_or("", |t| t.name.as_str()), is_hinted };
    let score = rank::score(&work.record, &judgement, &ctx.config.settings.rank, last_day, group);
    let country_names = judgement.countries.iter().map(|c| ctx.config.country_name(c)).collect();
    Gathered { work, judgement, score, country_names, source_topics, remark: String::new(), wish: Wish::None }
}

/// Returns the first and last day on which a paper of a month's issue may have appeared.
pub(super) fn window(ctx: &Ctx, month: Month) -> (Date, Date) {
    let late = i64::from(ctx.config.settings.draft.late_days);
    (month.first_day().saturating_sub(late.days()), month.next().first_day().saturating_sub(1.day()))
}

/// Tells whether a work appeared within a window of days: by the day it entered PubMed, else the
/// day it was published, else the day we first saw it.
pub(super) fn appeared_within(ctx: &Ctx, work: &Work, (from, to): (Date, Date)) -> Result<bool> {
    let (first, last) = match day_of(&work.record) {
        Some(date) => days_of(date),
        None => match first_seen(ctx, work)? {
            Some(day) => (day, day),
            None => return Ok(false),
        },
    };
    Ok(first <= to && last >= from)
}

/// Returns the day a record appeared, as precisely as it is known.
pub(super) fn day_of(record: &Record) -> Option<PartialDate> {
    record.entered.or(record.published)
}

/// Returns the first and last day that a date can mean.
pub(super) fn days_of(date: PartialDate) -> (Date, Date) {
    let first = date.first_day();
    let last = match (date.month(), date.day()) {
        (Some(_), Some(_)) => first,
        (Some(_), None) => first.last_of_month(),
        (None, _) => first.last_of_year(),
    };
    (first, last)
}

/// Returns the day on which the first record of a work came in.
pub(super) fn first_seen(ctx: &Ctx, work: &Work) -> Result<Option<Date>> {
    let mut first = None;
    for key in &work.members {
        let Some((_, at)) = ctx.store.record_origin(key)? else { continue };
        let Ok(at) = at.parse::<jiff::Timestamp>() else { continue };
        let day = at.to_zoned(ctx.zone()).date();
        first = Some(first.map_or(day, |f: Date| f.min(day)));
    }
    Ok(first)
}

/// Returns every work that was in an issue before a month, with that month.
pub(super) fn sent_before(ctx: &Ctx, month: Month) -> Result<forms::Sent> {
    let mut out = BTreeMap::new();
    for (sent, id) in ctx.store.sent()?.into_iter().filter(|(sent, _)| *sent < month) {
        let Some(id) = WorkId::parse(&id) else { continue };
        if let Some(id) = ctx.store.resolve(&id)? {
            out.insert(id, sent);
        }
    }
    Ok(out)
}
