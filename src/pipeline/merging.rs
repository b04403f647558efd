//! What people say about which papers are one: asking, answering, taking back.
//!
//! The functions that change something run inside a transaction of the caller, so that a rehearsal
//! can take everything back.

use super::gather::candidates;
use super::{Ctx, Error, Result, find, link, settle};
use crate::merge;
use crate::model::text::{clean_line, shorten};
use crate::model::{Month, Record, RecordKey, WorkId};
use crate::store::{Answer, MaybePair, Member, NewVerdict, PairRow, Placed, RecordNumber, Store, VerdictRow};

/// One paper as it is shown beside another.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// Its id today.
    pub id: WorkId,
    /// Its best values.
    pub record: Record,
    /// Its records in order of arrival.
    pub members: Vec<MemberLine>,
    /// The last issue it was in.
    pub sent: Option<Month>,
}

/// One record of a paper: its key, its source's name, its own title, why it is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberLine {
    /// Its key.
    pub key: RecordKey,
    /// Its source's name.
    pub source_name: String,
    /// Its own title.
    pub title: String,
    /// Why it belongs to this paper.
    pub reason: String,
}

/// Two papers that may be one, or were asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The one.
    pub a: Side,
    /// The other.
    pub b: Side,
    /// Why they may be one or may not, in plain words.
    pub reasons: Vec<String>,
    /// What a person said about them and did not take back.
    pub verdict: Option<VerdictLine>,
}

/// What a person said once; its number is counted from 1, whatever the issues between note.
pub type VerdictLine = VerdictRow;

/// What an answer did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The ids that stand now.
    pub works: Vec<WorkId>,
    /// What happened, in plain lines.
    pub lines: Vec<String>,
}

/// Returns the pairs that wait for a person, those of the coming issue first.
///
/// # Errors
/// When the database cannot be read.
pub fn waiting(ctx: &Ctx) -> Result<Vec<Pair>> {
    let coming: Vec<WorkId> = candidates(ctx, ctx.issue_month())?.into_iter().map(|g| g.work.id).collect();
    let mut out = Vec::new();
    for pair in ctx.store.maybe_pairs()? {
        out.push(Pair { a: side(ctx, &pair.a)?, b: side(ctx, &pair.b)?, reasons: pair.reasons, verdict: None });
    }
    out.sort_by_key(|p| !(coming.contains(&p.a.id) || coming.contains(&p.b.id)));
    Ok(out)
}

/// Returns the pairs with a work that wait for a person, in order of their ids.
///
/// # Errors
/// When the database cannot be read.
pub fn waiting_with(ctx: &Ctx, id: &WorkId) -> Result<Vec<MaybePair>> {
    Ok(ctx.store.maybe_pairs()?.into_iter().filter(|p| p.a == *id || p.b == *id).collect())
}

/// Returns the id of the question that a draft asks about a pair.
pub fn question_id(a: &WorkId, b: &WorkId) -> String {
    format!("same {a} {b}")
}

/// Returns one paper with its records, by work id, PMID or DOI.
///
/// # Errors
/// When there is none.
pub fn paper(ctx: &Ctx, text: &str) -> Result<Side> {
    side(ctx, &find(ctx, text)?)
}

/// Returns any two papers beside each other, by work id, PMID or DOI.
///
/// # Errors
/// When one of them is not there.
pub fn side_by_side(ctx: &Ctx, a: &str, b: &str) -> Result<Pair> {
    let (a, b) = (paper(ctx, a)?, paper(ctx, b)?);
    let reasons = merge::compare(&a.record, &b.record).reasons;
    let said = ctx.store.verdict(&a.id, &b.id)?;
    let all = of_people(&ctx.store)?;
    let verdict = said.and_then(|(_, number)| all.into_iter().find(|(stored, _)| *stored == number));
    let verdict = verdict.map(|(_, line)| line);
    Ok(Pair { a, b, reasons, verdict })
}

/// Stores a person's answer about two papers and does what follows from it. Runs inside a transaction.
///
/// # Errors
/// When one of the papers is not there or the database refuses.
pub fn say(ctx: &Ctx, a: &str, b: &str, answer: Answer, who: &str, note: &str) -> Result<Outcome> {
    let (a, b) = (find(ctx, a)?, find(ctx, b)?);
    if a == b {
        let text = format!("these are one paper here already ({a}); `roundup merge split` takes records out of it");
        return Err(Error::Missing(text));
    }
    let differ = if answer == Answer::Same { differences(ctx, &a, &b)? } else { Vec::new() };
    let mut outcome = self::answer(ctx, &a, &b, answer, who, note)?;
    if !differ.is_empty() {
        let text = differ.join(", ");
        outcome.lines.push(format!("note: they differ in {text}; `roundup merge undo` takes this back"));
    }
    Ok(outcome)
}

/// Returns in what two works differ that one paper's records seldom do, so that a slip of the hand is seen; none
/// when the difference is small.
///
/// # Errors
/// When the database cannot be read.
pub fn differences(ctx: &Ctx, a: &WorkId, b: &WorkId) -> Result<Vec<&'static str>> {
    let (Some(x), Some(y)) = (ctx.store.work(a)?, ctx.store.work(b)?) else { return Ok(Vec::new()) };
    let grave = ["title", "authors", "journal", "PMID"];
    let rows = merge::rows(&x.work.record, &y.work.record);
    let found: Vec<&str> = rows
        .iter()
        .filter(|r| r.agreement == merge::Agreement::Differs && grave.contains(&r.label))
        .map(|r| r.label)
        .collect();
    Ok(if found.contains(&"title") || found.len() > 1 { found } else { Vec::new() })
}

/// Stores a person's answer about two works as they are today, and settles their records by it.
pub(super) fn answer(ctx: &Ctx, a: &WorkId, b: &WorkId, answer: Answer, who: &str, note: &str) -> Result<Outcome> {
    let store = &ctx.store;
    let part = |id: &WorkId| -> Result<(WorkId, String, Vec<RecordNumber>)> {
        Ok((id.clone(), title_of(store, id)?, store.numbers_of_work(id)?))
    };
    let verdict = NewVerdict { answer, a: part(a)?, b: part(b)?, who: word(who), note: word(note), issue: None };
    store.put_verdict(&verdict, ctx.clock.now())?;
    let records = [verdict.a.2, verdict.b.2].concat();
    let placed = settle_and_fold(ctx, &records)?;
    outcome(ctx, &[a.clone(), b.clone()], &placed)
}

/// Parts what a person joined before under these two names, since the answer is now "different". Tells
/// whether there was such an answer: what the machine joined has records, not names, to be parted by.
/// Runs inside a transaction.
pub(super) fn part_again(ctx: &Ctx, names: [&str; 2], who: &str) -> Result<bool> {
    let is_it = |v: &VerdictRow| {
        let ids = [v.a.as_str(), v.b.as_str()];
        let is_named = ids == names || ids == [names[1], names[0]];
        is_named && v.answer == Answer::Same && v.issue.is_none() && !v.is_undone
    };
    let Some(old) = ctx.store.verdicts()?.into_iter().find(is_it) else { return Ok(false) };
    let [a, b] = ctx.store.verdict_sides(old.number)?;
    ctx.store.undo_verdict(old.number, ctx.clock.now())?;
    let records = [a.clone(), b.clone()].concat();
    let verdict = NewVerdict {
        answer: Answer::Different,
        a: (old.a, old.title_a, a),
        b: (old.b, old.title_b, b),
        who: word(who),
        note: String::new(),
        issue: None,
    };
    ctx.store.put_verdict(&verdict, ctx.clock.now())?;
    settle_and_fold(ctx, &records)?;
    Ok(true)
}

/// Makes records of a paper another paper. Records are named as [`MemberLine::key`] prints them. Runs
/// inside a transaction.
///
/// # Errors
/// When the paper or a record is not there, when no record would stay, or the database refuses.
pub fn take_out(ctx: &Ctx, id: &str, records: &[String], who: &str, note: &str) -> Result<Outcome> {
    let old = find(ctx, id)?;
    let members = ctx.store.members(&old)?;
    for wanted in records {
        if !members.iter().any(|m| &m.key.to_string() == wanted) {
            let known: Vec<String> = members.iter().map(|m| m.key.to_string()).collect();
            return Err(Error::Missing(format!("{old} has no record \"{wanted}\"; it has {}", known.join(", "))));
        }
    }
    let (out, stay): (Vec<Member>, Vec<Member>) =
        members.into_iter().partition(|m| records.contains(&m.key.to_string()));
    let (Some(first), Some(kept)) = (out.first(), stay.first()) else {
        return Err(Error::Missing(format!("name some of the records of {old}, not none and not all of them")));
    };
    let titles = (kept.record.title.clone(), first.record.title.clone());
    let numbers = |list: &[Member]| list.iter().map(|m| m.number).collect::<Vec<_>>();
    let verdict = NewVerdict {
        answer: Answer::Different,
        a: (old.clone(), titles.0, numbers(&stay)),
        b: (old.clone(), titles.1, numbers(&out)),
        who: word(who),
        note: word(note),
        issue: None,
    };
    ctx.store.put_verdict(&verdict, ctx.clock.now())?;
    let placed = settle_and_fold(ctx, &[verdict.a.2, verdict.b.2].concat())?;
    let now = |member: &Member| ctx.store.work_of_record(&member.key);
    let (stays, goes) = (now(kept)?.unwrap_or_else(|| old.clone()), now(first)?.unwrap_or_else(|| old.clone()));
    let lines = vec![
        format!("taken out, and now {goes}: {}", title_of(&ctx.store, &goes)?),
        format!("what stays is {stays}: {}", title_of(&ctx.store, &stays)?),
    ];
    Ok(Outcome { lines, ..outcome(ctx, &[stays, goes], &placed)? })
}

/// Takes a verdict back: by its number, or the newest of a person that stands. Runs inside a
/// transaction.
///
/// # Errors
/// When there is none, or the database refuses.
pub fn undo(ctx: &Ctx, number: Option<i64>) -> Result<Outcome> {
    let found =
        of_people(&ctx.store)?.into_iter().find(|(_, v)| number.map_or(!v.is_undone, |wanted| wanted == v.number));
    let Some((stored, verdict)) = found else {
        let text = number.map_or_else(
            || "there is no answer to take back".to_owned(),
            |n| format!("there is no answer number {n}; `roundup merge log` lists them"),
        );
        return Err(Error::Missing(text));
    };
    if verdict.is_undone {
        return Err(Error::Missing(format!("answer number {} was taken back before", verdict.number)));
    }
    let records = ctx.store.undo_verdict(stored, ctx.clock.now())?;
    let placed = settle_and_fold(ctx, &records)?;
    outcome(ctx, &[verdict.a, verdict.b], &placed)
}

/// Returns what people said, newest first, also what was taken back.
///
/// # Errors
/// When the database cannot be read.
pub fn verdicts(ctx: &Ctx) -> Result<Vec<VerdictLine>> {
    Ok(of_people(&ctx.store)?.into_iter().map(|(_, line)| line).collect())
}

/// What a person said about a paper and another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidWith {
    /// The other paper, as it was called then.
    pub other: WorkId,
    /// Its title then.
    pub title: String,
    /// Whether records were taken out of the paper, and became the other one.
    pub is_split: bool,
    /// What was said.
    pub verdict: VerdictLine,
}

impl SaidWith {
    /// Returns what was said in a few words that the other paper's name follows: `one with`.
    pub fn says(&self) -> &'static str {
        match self.verdict.answer {
            _ if self.is_split => "records were taken out of",
            Answer::Same => "one with",
            Answer::Different => "not one with",
        }
    }
}

/// Returns what people said about whether a work is one with others, newest first, also under ids that it
/// had before, and what was taken back.
///
/// # Errors
/// When the database cannot be read.
pub fn said_with(ctx: &Ctx, id: &WorkId) -> Result<Vec<SaidWith>> {
    let mut out = Vec::new();
    for verdict in verdicts(ctx)? {
        let is_split = verdict.a == verdict.b;
        let is_a = ctx.store.resolve(&verdict.a)?.as_ref() == Some(id);
        if is_a || ctx.store.resolve(&verdict.b)?.as_ref() == Some(id) {
            let (other, title) = if is_a { (&verdict.b, &verdict.title_b) } else { (&verdict.a, &verdict.title_a) };
            out.push(SaidWith { other: other.clone(), title: title.clone(), is_split, verdict });
        }
    }
    Ok(out)
}

/// Returns the verdicts of people, newest first: the number in the store, and the verdict under the
/// number that people know it by.
fn of_people(store: &Store) -> Result<Vec<(i64, VerdictLine)>> {
    let rows: Vec<VerdictRow> = store.verdicts()?.into_iter().filter(|v| v.issue.is_none()).collect();
    let shown = (1..).take(rows.len()).collect::<Vec<i64>>().into_iter().rev();
    Ok(rows.into_iter().zip(shown).map(|(row, number)| (row.number, VerdictLine { number, ..row })).collect())
}

/// Characters of a person's name or remark that are kept.
const WORD_CHARS_MAX: usize = 500;

/// Returns a person's own word as one clean line: it must not look like another line of the log.
fn word(text: &str) -> String {
    shorten(&clean_line(text), WORD_CHARS_MAX)
}

/// Puts records into works anew and folds what has changed.
fn settle_and_fold(ctx: &Ctx, records: &[RecordNumber]) -> Result<Placed> {
    let placed = settle::settle_as_said(&ctx.store, records, &ctx.progress)?;
    for id in &placed.changed {
        link::refold(&ctx.store, id)?;
    }
    Ok(placed)
}

/// Says what became of some works.
fn outcome(ctx: &Ctx, asked: &[WorkId], placed: &Placed) -> Result<Outcome> {
    let mut works: Vec<WorkId> = Vec::new();
    let mut lines = Vec::new();
    let mut add = |id: WorkId| {
        if !works.contains(&id) {
            works.push(id);
        }
    };
    for id in asked {
        if let Some(now) = ctx.store.resolve(id)? {
            add(now);
        }
    }
    placed.changed.iter().cloned().for_each(add);
    for gone in &placed.redirected {
        if let Some(kept) = ctx.store.resolve(gone)? {
            lines.push(format!("{gone} is now another name of {kept}"));
        }
    }
    // The oldest is what it was; what stands beside it is new, or itself again.
    for id in works.iter().skip(1).filter(|id| placed.changed.contains(id)) {
        lines.push(format!("{id} is a paper of its own: {}", title_of(&ctx.store, id)?));
    }
    if lines.is_empty() {
        lines.push(if works.len() > 1 { "they stay two papers" } else { "nothing else changes" }.to_owned());
    }
    Ok(Outcome { works, lines })
}

/// Returns the title that readers see; empty when they see none.
fn title_of(store: &Store, id: &WorkId) -> Result<String> {
    Ok(store.work(id)?.map(|row| row.work.record.title).unwrap_or_default())
}

/// Tells in plain words why a record belongs to a work: what it is like, what a person said, or that it
/// came first.
fn why_here(store: &Store, id: &WorkId, number: RecordNumber) -> Result<String> {
    let members = store.numbers_of_work(id)?;
    let is_first = members.first() == Some(&number);
    let pairs = store.pairs_of(number)?;
    let alike = |p: &&PairRow| p.strength > 0 && members.contains(&p.other(number));
    // The surest likeness to a record that came before it; the first record has none.
    let earlier = pairs.iter().filter(alike).find(|p| p.b == number);
    if let Some(pair) = earlier.or_else(|| pairs.iter().find(alike).filter(|_| !is_first)) {
        return Ok(pair.reasons.join("; "));
    }
    let said = store.said_of(number)?;
    let is_said = said.iter().any(|s| s.answer == Answer::Same && !s.is_by_issue && members.contains(&s.other));
    Ok(match (is_first, is_said) {
        (true, _) => "first record of this work",
        (_, true) => "a person said so",
        _ => "it stands with the others in an issue that was rendered",
    }
    .to_owned())
}

/// Returns a paper as it is shown.
fn side(ctx: &Ctx, id: &WorkId) -> Result<Side> {
    let row =
        ctx.store.work(id)?.ok_or_else(|| Error::Missing(format!("{id} was withdrawn by every source that had it")))?;
    let members = members(ctx, id)?;
    Ok(Side { id: id.clone(), record: row.work.record, members, sent: ctx.store.issue_of(id)? })
}

/// Returns the records of a paper in order of arrival, each with why it is here.
///
/// # Errors
/// When the database cannot be read.
pub fn members(ctx: &Ctx, id: &WorkId) -> Result<Vec<MemberLine>> {
    let mut out = Vec::new();
    for m in ctx.store.members(id)? {
        let source = ctx.config.settings.source(&m.key.source);
        let source_name = source.map_or_else(|| m.key.source.clone(), |s| s.name.clone());
        let reason = why_here(&ctx.store, id, m.number)?;
        out.push(MemberLine { source_name, title: m.record.title, reason, key: m.key });
    }
    Ok(out)
}
