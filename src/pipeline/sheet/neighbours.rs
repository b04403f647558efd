//! What a paper is made of, and the papers around it: the same, perhaps the same, and linked ones.

use super::{LinkedPaper, MaybeSame, PaperLine, RecordFact, SaidLine};
use crate::model::{CanonicalUrl, Record, WorkId};
use crate::pipeline::choose::said_where;
use crate::pipeline::merging::{self, SaidWith};
use crate::pipeline::{Ctx, Result, cards, link};
use crate::store::Answer;

/// Authors that are named before "et al.".
const AUTHORS_MAX: usize = 3;

/// Returns a paper's records in order of arrival.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn records(ctx: &Ctx, id: &WorkId) -> Result<Vec<RecordFact>> {
    let mut out = Vec::new();
    for member in merging::members(ctx, id)? {
        let (url, at) = ctx.store.record_origin(&member.key)?.unwrap_or_default();
        let day =
            at.parse::<jiff::Timestamp>().ok().map(|at| at.to_zoned(ctx.zone()).strftime("%-d %B %Y").to_string());
        out.push(RecordFact {
            source_name: ctx.config.source_name(&member.key.source),
            key: member.key.to_string(),
            title: member.title,
            why_here: member.reason,
            origin_url: Some(url).filter(|url| CanonicalUrl::parse(url).is_some()),
            first_seen: day.unwrap_or_default(),
        });
    }
    Ok(out)
}

/// Returns a paper in three lines.
pub(super) fn line(id: &WorkId, record: &Record) -> PaperLine {
    let journal = record.journal.clone().unwrap_or_default();
    let parts = [record.first_authors(AUTHORS_MAX), journal, cards::date_of(record)];
    let line = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("; ");
    PaperLine { id: id.to_string(), title: record.title.clone(), line }
}

/// Returns the papers that may be the same one and wait for a person.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn may_be(ctx: &Ctx, id: &WorkId) -> Result<Vec<MaybeSame>> {
    let mut out = Vec::new();
    for pair in merging::waiting_with(ctx, id)? {
        let decision_id = merging::question_id(&pair.a, &pair.b);
        let other = if pair.a == *id { pair.b } else { pair.a };
        let Some(row) = ctx.store.work(&other)? else { continue };
        let PaperLine { id, title, line } = line(&other, &row.work.record);
        out.push(MaybeSame { id, title, line, reasons: pair.reasons, decision_id });
    }
    Ok(out)
}

/// Returns what people said about whether a paper is the same as others, newest first.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn said_same(ctx: &Ctx, id: &WorkId) -> Result<Vec<SaidLine>> {
    let told = |said: SaidWith| {
        let title = if said.title.is_empty() { said.other.to_string() } else { format!("“{}”", said.title) };
        let words = match said.verdict.answer {
            _ if said.is_split => format!("records were taken out; they are a paper of their own: {title}"),
            Answer::Same => format!("the same as {title}"),
            Answer::Different => format!("not the same as {title}"),
        };
        let verdict = &said.verdict;
        let day = verdict.at.to_zoned(ctx.zone()).strftime("%-d %B %Y").to_string();
        let why = if verdict.note.is_empty() { String::new() } else { format!(": {}", verdict.note) };
        let back = if verdict.is_undone { " (taken back)" } else { "" };
        SaidLine {
            words: format!("{words}, said {} on {day}{why}{back}", said_where(&verdict.who)),
            number: verdict.number,
            can_undo: !verdict.is_undone,
        }
    };
    Ok(merging::said_with(ctx, id)?.into_iter().map(told).collect())
}

/// Returns the papers that one is linked to; those that readers do not see are left out.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn links(ctx: &Ctx, id: &WorkId) -> Result<Vec<LinkedPaper>> {
    let linked = link::linked(&ctx.store, id)?.into_iter().filter(|l| !l.title.is_empty());
    let one = |l: link::Linked| LinkedPaper {
        // Some end in a comma, since the title follows.
        words: l.kind.words().trim_end_matches(',').to_owned(),
        id: l.id.to_string(),
        title: l.title,
    };
    Ok(linked.map(one).collect())
}
