//! The issue of a month as a value, made of its draft and of what is known about the papers in it.

use super::draft::file_name;
use super::gather::{gathered, sent_before};
use super::judge::without_names;
use super::{Ctx, Result, forms, judgement_of};
use crate::draft;
use crate::model::{
    Author, Draft, DraftItem, Issue, IssueItem, IssueSection, Judgement, Month, Place, Problem, Record, Severity,
    SourceNote, WorkId,
};
use crate::render::Templates;

/// Returns the templates of the home.
///
/// # Errors
/// The mistakes in those that replace ours.
pub(super) fn templates(ctx: &Ctx) -> std::result::Result<Templates, Vec<Problem>> {
    let (templates, problems) = Templates::new(&ctx.config.templates);
    let errors: Vec<Problem> = problems.into_iter().filter(|p| p.severity == Severity::Error).collect();
    if errors.is_empty() { Ok(templates) } else { Err(errors) }
}

/// Builds the issue from a draft and the store. An item whose id no paper has is left out, and named.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn build(ctx: &Ctx, draft: &Draft) -> Result<(Issue, Vec<Problem>)> {
    let house = &ctx.config.settings.house;
    let sent = sent_before(ctx, draft.month)?;
    let (mut pick, mut items, mut left_out) = (None, Vec::new(), Vec::new());
    for item in draft::issue_items(draft) {
        let is_pick = !draft.pick.is_empty() && item.id == draft.pick;
        let Some(built) = build_item(ctx, draft.month, &item, &sent)? else {
            left_out.push(unknown(draft.month, &item));
            continue;
        };
        if is_pick && pick.is_none() {
            pick = Some(built);
        } else {
            items.push(built);
        }
    }
    let sections = ctx
        .config
        .rules
        .topics
        .iter()
        .map(|t| IssueSection {
            id: t.id.clone(),
            name: t.name.clone(),
            blurb: t.blurb.clone(),
            items: items.iter().filter(|i| i.section == t.id).cloned().collect(),
        })
        .collect();
    let is_section = |id: &str| ctx.config.rules.topics.iter().any(|t| t.id == id);
    let more = items.iter().filter(|i| !is_section(&i.section)).cloned().collect();
    let issue = Issue {
        month: draft.month,
        number: house.first_issue.and_then(|first| number_of(first, draft.month)),
        subject: draft.subject.clone(),
        preheader: draft.preheader.clone(),
        note: draft.note.clone(),
        pick,
        sections,
        more,
        events: draft.events.clone(),
        request: draft.request.clone(),
        earlier: ctx.store.issues()?.into_iter().map(|i| i.month).filter(|m| *m < draft.month).collect(),
        stale_sources: stale_sources(ctx)?,
    };
    Ok((issue, left_out))
}

/// Returns the problem of an item whose id no paper has.
fn unknown(month: Month, item: &DraftItem) -> Problem {
    let message = format!("no paper has the id {}", item.id);
    Problem::error(Place::at(file_name(month), item.line, 1), message)
        .with_help("ids are written by roundup; for an item of your own use any other word, such as \"our-webinar\"")
}

/// Returns the number of an issue counted from the first one; `None` before the first.
fn number_of(first: Month, month: Month) -> Option<u32> {
    u32::try_from(month.months_since(first) + 1).ok().filter(|n| *n > 0)
}

/// Builds one item: of a work, or made by hand; `None` when it has an id of ours that no work has.
fn build_item(ctx: &Ctx, month: Month, item: &DraftItem, sent: &forms::Sent) -> Result<Option<IssueItem>> {
    let own = |record, judgement: Option<Judgement>, score, countries, remark| IssueItem {
        id: item.id.clone(),
        section: item.section.clone(),
        title: item.title.clone(),
        summary: item.summary.clone(),
        why: item.why.clone(),
        link: item.link.clone(),
        countries,
        regions: regions(ctx, judgement.as_ref()),
        record,
        judgement,
        score,
        remark,
    };
    let Some(asked) = WorkId::parse(&item.id) else {
        let record = Record {
            title: item.title.clone(),
            url: Some(item.link.clone()),
            authors: Vec::<Author>::new(),
            ..Record::default()
        };
        return Ok(Some(own(record, None, None, Vec::new(), String::new())));
    };
    let Some(id) = ctx.store.resolve(&asked)? else { return Ok(None) };
    let Some(mut row) = ctx.store.work(&id)? else { return Ok(None) };
    forms::mark_notices(&ctx.store, &id, &mut row.work.record)?;
    let mut judgement = judgement_of(&ctx.store, &id, row.judgement)?;
    // The manifest is published: that a person decided is no secret, who it was is.
    judgement.iter_mut().for_each(without_names);
    let remark = forms::remark(ctx, &id, sent)?;
    Ok(Some(match judgement {
        Some(judgement) => {
            let g = gathered(ctx, row.work, judgement, month);
            own(g.work.record, Some(g.judgement), Some(g.score), g.country_names, remark)
        }
        None => own(row.work.record, None, None, Vec::new(), remark),
    }))
}

/// Returns the regions of a judgement's countries, each once.
fn regions(ctx: &Ctx, judgement: Option<&Judgement>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for iso3 in judgement.iter().flat_map(|j| &j.countries) {
        let region = ctx.config.countries.iter().find(|c| c.iso3 == *iso3).map(|c| c.region.clone());
        out.extend(region.filter(|r| !r.is_empty() && !out.contains(r)));
    }
    out
}

/// Returns the sources that fail today, in words for readers.
fn stale_sources(ctx: &Ctx) -> Result<Vec<SourceNote>> {
    let mut out = Vec::new();
    for source in ctx.config.settings.sources.iter().filter(|s| s.is_enabled) {
        let state = ctx.store.source_state(&source.id)?;
        if let Some(since) = state.failing_since {
            let day = since.to_zoned(ctx.zone()).date();
            out.push(SourceNote {
                id: source.id.clone(),
                name: source.name.clone(),
                reason: format!("not read since {day}"),
            });
        }
    }
    Ok(out)
}
