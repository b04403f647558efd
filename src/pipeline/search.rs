//! Keeping the search index level with the store.

use std::collections::BTreeMap;

use super::{Ctx, Result, forms, judgement_of};
use crate::config::lexicon;
use crate::index::{Index, IndexError, Knowledge, State};
use crate::model::{Identifier, Judgement, Month, Paper, Scope, Work, WorkId};

/// What bringing the index level did.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct IndexReport {
    /// Documents written.
    pub written: usize,
    /// Documents taken out.
    pub removed: usize,
    /// Why the whole index was built anew; empty when it was not.
    pub rebuilt_because: String,
}

/// Up to how many works the index is built anew for every change. Replacing a document leaves the
/// engine's mean text length an estimate, so scores would differ in the third digit from those of a
/// rebuild; building 20,000 documents takes about a second, and then both are the same.
const SMALL_WORKS_MAX: usize = 20_000;

/// Writes to the index what has changed since it was last written; builds it anew when it is
/// missing, damaged or of another form.
///
/// # Errors
/// When the database cannot be read or the index cannot be written.
pub fn update_index(ctx: &Ctx, anew: bool) -> Result<IndexReport> {
    let revision = ctx.store.revision()?;
    let folder = ctx.home.index();
    let state = Index::state(&folder);
    let knowledge = knowledge(ctx);
    let because = match &state {
        _ if anew => "it was asked for",
        State::Missing => "there was none",
        State::Damaged(_) => "it was damaged",
        State::Unread(_) => return Err(IndexError::NotReady(state).into()),
        State::OtherFingerprint => "it was of another form",
        State::Ready { knowledge: known, .. } if *known != knowledge.hash() => "its words have other names now",
        State::Ready { .. } => "",
    };
    let since = match state {
        State::Ready { revision: since, .. } if because.is_empty() && since <= revision => since,
        State::Ready { .. } if because.is_empty() => {
            return rebuild(ctx, &knowledge, revision, "it was ahead of the database");
        }
        _ => return rebuild(ctx, &knowledge, revision, because),
    };
    if since == revision {
        return Ok(IndexReport::default());
    }
    if ctx.store.work_ids()?.len() <= SMALL_WORKS_MAX {
        return rebuild(ctx, &knowledge, revision, "");
    }
    let mut report = IndexReport::default();
    let issues = issues_by_work(ctx)?;
    let mut papers = Vec::new();
    let mut removed = Vec::new();
    for (id, is_seen) in ctx.store.changed_since(since)? {
        match if is_seen { paper(ctx, &id, &issues)? } else { None } {
            Some(paper) => papers.push(paper),
            None => removed.push(id),
        }
    }
    report.written = papers.len();
    report.removed = removed.len();
    Index::update(&folder, &mut papers.into_iter(), &knowledge, &removed, revision)?;
    Ok(report)
}

/// Builds the index anew from every work that readers see.
fn rebuild(ctx: &Ctx, knowledge: &Knowledge, revision: u64, because: &str) -> Result<IndexReport> {
    (ctx.progress)("building the search index");
    let papers = papers(ctx)?;
    let written = papers.len();
    Index::rebuild(&ctx.home.index(), &mut papers.into_iter(), knowledge, revision)?;
    Ok(IndexReport { written, removed: 0, rebuilt_because: because.to_owned() })
}

/// Returns what is known of the words of the field, by the settings.
fn knowledge(ctx: &Ctx) -> Knowledge {
    let built_in;
    let lexicon = if let Some(own) = &ctx.config.lexicon {
        own
    } else {
        built_in = lexicon::built_in();
        &built_in
    };
    Knowledge::new(lexicon, &ctx.config.countries)
}

/// Returns every paper that readers see, in order of id.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn papers(ctx: &Ctx) -> Result<Vec<Paper>> {
    let issues = issues_by_work(ctx)?;
    let mut out = Vec::new();
    for id in ctx.store.work_ids()? {
        out.extend(paper(ctx, &id, &issues)?);
    }
    Ok(out)
}

/// Returns how many papers readers see: as many as [`papers`] gives, one by one.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn count(ctx: &Ctx) -> Result<usize> {
    let issues = issues_by_work(ctx)?;
    let mut count = 0;
    for id in ctx.store.work_ids()? {
        count += usize::from(paper(ctx, &id, &issues)?.is_some());
    }
    Ok(count)
}

/// Returns which issue each work was in last.
fn issues_by_work(ctx: &Ctx) -> Result<BTreeMap<WorkId, Month>> {
    let mut out = BTreeMap::new();
    for (month, id) in ctx.store.sent()? {
        let Some(id) = WorkId::parse(&id) else { continue };
        if let Some(id) = ctx.store.resolve(&id)? {
            out.insert(id, month);
        }
    }
    Ok(out)
}

/// Returns a work as members get it; `None` when it is not judged yet, or when a better form of its
/// study is found in its place (the article of a preprint), which then bears its names as well. Works that are out of scope are
/// in the index as well: a member may look for them, and what was left out can be checked.
fn paper(ctx: &Ctx, id: &WorkId, issues: &BTreeMap<WorkId, Month>) -> Result<Option<Paper>> {
    let Some(row) = ctx.store.work(id)? else { return Ok(None) };
    let Some(judgement) = judgement_of(&ctx.store, id, row.judgement)? else { return Ok(None) };
    let mut work = row.work;
    forms::mark_notices(&ctx.store, id, &mut work.record)?;
    let study = forms::study(&ctx.store, id)?;
    if let Some(better) = study.better_form()
        && is_found_by(ctx, better, &work, &judgement)?
    {
        return Ok(None);
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

/// Tells whether the better form of a study can be found in place of a lesser one: it is in scope
/// where the lesser one is, and says as much; a title alone would hide what the lesser one's
/// abstract tells.
fn is_found_by(ctx: &Ctx, better: &WorkId, lesser: &Work, judged: &Judgement) -> Result<bool> {
    let Some(row) = ctx.store.work(better)? else { return Ok(false) };
    let Some(judgement) = judgement_of(&ctx.store, better, row.judgement)? else { return Ok(false) };
    let says_as_much = row.work.record.abstract_text.is_some() || lesser.record.abstract_text.is_none();
    Ok(says_as_much && (judgement.scope != Scope::Out || judged.scope == Scope::Out))
}
