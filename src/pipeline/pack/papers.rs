//! The papers of the store as members get them, and why one is no longer among them.

use std::collections::BTreeMap;

use crate::model::{Identifier, Month, Paper, Scope, WorkId};
use crate::pack::Why;
use crate::pipeline::{Ctx, Result, forms, judgement_of};

/// Returns every paper that readers see, one a study, in the order of arrival: what is judged, and is
/// not found in a better form (the article of a preprint), which then bears its names as well.
///
/// # Errors
/// When the database cannot be read.
pub fn papers(ctx: &Ctx) -> Result<Vec<Paper>> {
    let mut issues = BTreeMap::new();
    for (month, id) in ctx.store.sent()? {
        let Some(id) = WorkId::parse(&id) else { continue };
        if let Some(id) = ctx.store.resolve(&id)? {
            issues.insert(id, month);
        }
    }
    let mut out = Vec::new();
    for id in ctx.store.work_ids()? {
        out.extend(paper(ctx, &id, &issues)?);
    }
    Ok(out)
}

/// Returns a work as a paper; `None` when it is not judged yet or a better form stands in its place.
fn paper(ctx: &Ctx, id: &WorkId, issues: &BTreeMap<WorkId, Month>) -> Result<Option<Paper>> {
    let Some(row) = ctx.store.work(id)? else { return Ok(None) };
    let Some(judgement) = judgement_of(&ctx.store, id, row.judgement)? else { return Ok(None) };
    let mut work = row.work;
    forms::mark_notices(&ctx.store, id, &mut work.record)?;
    let study = forms::study(&ctx.store, id)?;
    if let Some(better) = study.better_form()
        && let Some(better) = ctx.store.work(better)?
        && let Some(judged) = judgement_of(&ctx.store, &better.work.id, better.judgement)?
    {
        let says_as_much = better.work.record.abstract_text.is_some() || work.record.abstract_text.is_none();
        if says_as_much && (judged.scope != Scope::Out || judgement.scope == Scope::Out) {
            return Ok(None);
        }
    }
    let mut issue = issues.get(id).copied();
    let mut other_names = Vec::new();
    for form in study.lesser_forms() {
        let Some(lesser) = ctx.store.work(form)? else { continue };
        let outside = lesser.work.record.identifiers().into_iter().filter(|i| !matches!(i, Identifier::Guid { .. }));
        other_names.extend(outside.map(|i| i.to_string()));
        other_names.extend(lesser.work.members.into_iter().map(|m| m.id));
        other_names.push(form.to_string());
        issue = issue.or_else(|| issues.get(form).copied());
    }
    Ok(Some(Paper::of(work, judgement, issue, other_names)))
}

/// Returns why a paper is no longer among the papers of the store.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn why_gone(ctx: &Ctx, id: &WorkId) -> Result<Why> {
    let Some(now) = ctx.store.resolve(id)? else { return Ok(Why::Withdrawn) };
    if now != *id {
        return Ok(Why::Merged(now));
    }
    if ctx.store.work(id)?.is_none() {
        return Ok(Why::Withdrawn);
    }
    let study = forms::study(&ctx.store, id)?;
    Ok(study.better_form().map_or(Why::LeftOut, |better| Why::Merged(better.clone())))
}
