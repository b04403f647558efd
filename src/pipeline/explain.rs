//! Where each field, tag and place of a paper comes from.

use super::{Ctx, Error, Result, choose, gather, judgement_of, link, merging};
use crate::model::{Doi, Identifier, Pmid, WorkId};

/// A heading and its lines, for people.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ExplainedPart {
    /// Heading.
    pub heading: String,
    /// Lines under it.
    pub lines: Vec<String>,
}

/// The whole chain of one work.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Explained {
    /// Its id today.
    pub id: WorkId,
    /// Its title.
    pub title: String,
    /// Sources, fields, judgement, score, issues.
    pub parts: Vec<ExplainedPart>,
}

/// Returns the work that a person means by a work id, PMID or DOI.
///
/// # Errors
/// When there is none.
pub fn find(ctx: &Ctx, text: &str) -> Result<WorkId> {
    let known = if let Some(id) = WorkId::parse(text.trim()) {
        ctx.store.resolve(&id)?
    } else {
        let by_pmid = Pmid::parse(text).map(Identifier::Pmid);
        let identifier = by_pmid.or_else(|| Doi::parse(text).map(Identifier::Doi));
        match identifier {
            Some(identifier) => link::works_named(&ctx.store, &identifier)?.into_iter().next(),
            None => None,
        }
    };
    known.ok_or_else(|| Error::Missing(format!("no paper here is \"{text}\"; give a work id (w…), a PMID or a DOI")))
}

/// Returns where everything about a work comes from.
///
/// # Errors
/// When there is no such work or the database cannot be read.
pub fn explain(ctx: &Ctx, text: &str) -> Result<Explained> {
    let id = find(ctx, text)?;
    let row = ctx
        .store
        .work(&id)?
        .ok_or_else(|| Error::Missing(format!("{id} was withdrawn by every source that had it")))?;
    let mut parts = vec![sources(ctx, &id)?, fields(&row.work)];
    let linked = link::linked(&ctx.store, &id)?;
    if !linked.is_empty() {
        let line = |l: link::Linked| format!("{} {}: {}", l.kind.words(), l.id, l.title);
        parts.push(ExplainedPart { heading: "Links".to_owned(), lines: linked.into_iter().map(line).collect() });
    }
    let title = row.work.record.title.clone();
    if let Some(judgement) = judgement_of(&ctx.store, &id, row.judgement)? {
        let reason = judgement.exclude_reason.map(|r| format!(", because {} ({r})", r.plain())).unwrap_or_default();
        let mut lines = vec![format!("scope {}{reason}; relevance {:.2}", judgement.scope, judgement.relevance)];
        for (tag, evidence) in &judgement.why {
            for e in evidence {
                lines.push(match (e.is_of_person(), e.text.is_empty()) {
                    (true, _) => format!("{tag}: {} ({})", e.rule, e.text),
                    (false, true) => format!("{tag} by rule {}", e.rule),
                    (false, false) => format!("{tag} by rule {}: “{}” in the {}", e.rule, e.text, e.field),
                });
            }
        }
        if let Some(finding) = &judgement.finding {
            lines.push(format!("finding: {finding}"));
        }
        parts.push(ExplainedPart { heading: "Judgement".to_owned(), lines });
        let g = gather::in_order(ctx, ctx.issue_month(), row.work, judgement)?.own;
        let lines =
            g.score.parts.iter().map(|p| {
                format!("{:.2} = {:.2} × {:.2} {}: {}", p.value * p.weight, p.weight, p.value, p.name, p.note)
            });
        parts.push(ExplainedPart { heading: format!("Score {:.2}", g.score.total), lines: lines.collect() });
    }
    parts.extend(questions(ctx, &id)?);
    parts.extend(answers(ctx, &id)?);
    parts.extend(choices(ctx, &id)?);
    if let Some(month) = ctx.store.issue_of(&id)? {
        parts.push(ExplainedPart {
            heading: "Issues".to_owned(),
            lines: vec![format!("in the roundup of {}", month.long_name())],
        });
    }
    Ok(Explained { id, title, parts })
}

/// Lists the records of a work and where each came from.
fn sources(ctx: &Ctx, id: &WorkId) -> Result<ExplainedPart> {
    let mut lines = Vec::new();
    for member in merging::members(ctx, id)? {
        let origin =
            ctx.store.record_origin(&member.key)?.map(|(url, at)| format!(", from {url} at {at}")).unwrap_or_default();
        lines.push(format!("{}: {}{origin}", member.key, member.reason));
    }
    Ok(ExplainedPart { heading: "Records".to_owned(), lines })
}

/// Lists the papers that may be one with a work and wait for a person; `None` when there is none.
fn questions(ctx: &Ctx, id: &WorkId) -> Result<Option<ExplainedPart>> {
    let mut lines = Vec::new();
    for pair in merging::waiting_with(ctx, id)? {
        let other = if pair.a == *id { &pair.b } else { &pair.a };
        let title = ctx.store.work(other)?.map(|w| w.work.record.title).unwrap_or_default();
        lines.push(format!("{other}: {title}; because {}", pair.reasons.join("; ")));
        lines.push(format!("  roundup merge show {id} {other}"));
    }
    let heading = "May be one with, a person decides".to_owned();
    Ok((!lines.is_empty()).then_some(ExplainedPart { heading, lines }))
}

/// Lists what people said about whether a work is one with others, newest first; `None` when nothing was
/// said.
fn answers(ctx: &Ctx, id: &WorkId) -> Result<Option<ExplainedPart>> {
    let mut lines = Vec::new();
    for said in merging::said_with(ctx, id)? {
        let (verdict, word, other, title) = (&said.verdict, said.says(), &said.other, &said.title);
        let back = if verdict.is_undone { "; taken back" } else { "" };
        let day = verdict.at.to_zoned(ctx.zone()).date();
        lines.push(format!(
            "{word} {other} ({title}), said by {} on {day}, answer {}{back}",
            verdict.who, verdict.number
        ));
    }
    let heading = "What people said".to_owned();
    Ok((!lines.is_empty()).then_some(ExplainedPart { heading, lines }))
}

/// Lists what people said of a work's place in an issue, newest first; `None` when nothing was said.
fn choices(ctx: &Ctx, id: &WorkId) -> Result<Option<ExplainedPart>> {
    let lines = choose::told_of(ctx, id)?;
    let heading = "What people said of its place".to_owned();
    Ok((!lines.is_empty()).then_some(ExplainedPart { heading, lines }))
}

/// Lists which record each field was taken from.
fn fields(work: &crate::model::Work) -> ExplainedPart {
    let mut by_record: std::collections::BTreeMap<String, Vec<&str>> = std::collections::BTreeMap::new();
    for (field, key) in &work.fields_from {
        by_record.entry(key.to_string()).or_default().push(field);
    }
    let lines = by_record.into_iter().map(|(key, fields)| format!("{key}: {}", fields.join(", "))).collect();
    ExplainedPart { heading: "Fields".to_owned(), lines }
}
