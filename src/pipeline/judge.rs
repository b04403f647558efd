//! Judging works by the rules of today, with what people said on top.

use std::collections::BTreeMap;

use super::{Ctx, Result};
use crate::model::{Evidence, Judgement, Scope, WorkId};
use crate::store::{Store, WorkRow};

/// What judging did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct JudgeReport {
    /// Works judged now.
    pub judged: usize,
    /// Of these, works whose judgement came out differently than before.
    pub changed: usize,
}

/// Works judged in one transaction.
const BATCH: usize = 500;

/// Judges every work that has no judgement under the rules of today.
///
/// # Errors
/// When the database refuses.
pub fn judge(ctx: &Ctx) -> Result<JudgeReport> {
    let mut report = JudgeReport::default();
    let ids = ctx.store.works_to_judge(&ctx.config.rules_hash)?;
    for batch in ids.chunks(BATCH) {
        (ctx.progress)(&format!("judging, {} of {}", report.judged, ids.len()));
        ctx.store.transaction(|store| -> Result<()> {
            for id in batch {
                let Some(row) = store.work(id)? else { continue };
                let new = ctx.judge.judge(&row.work.record);
                report.judged += 1;
                store.put_judgement(id, &ctx.config.rules_hash, &new)?;
                if row.judgement.as_ref() != Some(&new) {
                    report.changed += 1;
                    store.touch(id)?;
                }
            }
            Ok(())
        })?;
    }
    Ok(report)
}

/// What a change of the rules would do to one tag.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct TagChange {
    /// Titles of the works that would gain it, oldest first.
    pub gained: Vec<String>,
    /// Titles of the works that would lose it, oldest first.
    pub lost: Vec<String>,
}

/// Returns what judging anew would change, by `facet:value`. Nothing is written.
///
/// # Errors
/// When the database cannot be read.
pub fn retag_preview(ctx: &Ctx) -> Result<BTreeMap<String, TagChange>> {
    let mut out: BTreeMap<String, TagChange> = BTreeMap::new();
    for id in ctx.store.work_ids()? {
        let Some(WorkRow { work, judgement: Some(old) }) = ctx.store.work(&id)? else { continue };
        let new = ctx.judge.judge(&work.record);
        let (old, new) = (tags_of(&old), tags_of(&new));
        for tag in new.iter().filter(|t| !old.contains(t)) {
            out.entry(tag.clone()).or_default().gained.push(work.record.title.clone());
        }
        for tag in old.iter().filter(|t| !new.contains(t)) {
            out.entry(tag.clone()).or_default().lost.push(work.record.title.clone());
        }
    }
    Ok(out)
}

/// Returns a judgement's tags as `facet:value`.
fn tags_of(judgement: &Judgement) -> Vec<String> {
    let mut out = vec![format!("scope:{}", judgement.scope), format!("design:{}", judgement.design)];
    for (facet, values) in [
        ("country", &judgement.countries),
        ("twg", &judgement.twg),
        ("condition", &judgement.conditions),
        ("intervention", &judgement.interventions),
        ("population", &judgement.populations),
        ("flag", &judgement.flags),
    ] {
        out.extend(values.iter().map(|v| format!("{facet}:{v}")));
    }
    out
}

/// Returns a work's judgement with what people added and removed on top; `None` before it is judged.
///
/// # Errors
/// When the database cannot be read.
pub fn judgement_of(store: &Store, id: &WorkId, judgement: Option<Judgement>) -> Result<Option<Judgement>> {
    let Some(mut judgement) = judgement else { return Ok(None) };
    for (facet, value, is_added) in store.tag_overrides(id)? {
        apply(&mut judgement, &facet, &value, is_added);
    }
    Ok(Some(judgement))
}

/// Puts one word of a person on top of a judgement.
fn apply(judgement: &mut Judgement, facet: &str, value: &str, is_added: bool) {
    let list = match facet {
        "scope" => {
            if let (Some(scope), true) = (Scope::parse(value), is_added) {
                judgement.scope = scope;
                judgement.exclude_reason = judgement.exclude_reason.filter(|_| scope != Scope::In);
            }
            note_person(judgement, facet, value);
            return;
        }
        "country" => &mut judgement.countries,
        "twg" => &mut judgement.twg,
        "condition" => &mut judgement.conditions,
        "intervention" => &mut judgement.interventions,
        "population" => &mut judgement.populations,
        "flag" => &mut judgement.flags,
        _ => return,
    };
    list.retain(|v| v != value);
    if is_added {
        list.push(value.to_owned());
    }
    if facet == "twg" && !judgement.twg.iter().any(|t| Some(t) == judgement.twg_primary.as_ref()) {
        judgement.twg_primary = judgement.twg.first().cloned();
    }
    if is_added {
        note_person(judgement, facet, value);
    }
}

/// Says in the reasons that a person decided.
fn note_person(judgement: &mut Judgement, facet: &str, value: &str) {
    let evidence = Evidence { rule: "a person decided".to_owned(), field: String::new(), text: String::new() };
    judgement.why.insert(format!("{facet}:{value}"), vec![evidence]);
}
