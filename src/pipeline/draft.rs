//! The month's draft: proposed by the machine, brought into the file without losing a word.

use std::collections::BTreeMap;
use std::time::Duration;

use super::base::sum_of;
use super::choose::{self, BY_DRAFT, Moment};
pub(super) use super::draft_file::file_name;
use super::gather::{candidates, sent_before};
use super::gathered::Gathered;
use super::judge;
use super::{Ctx, Error, Result, draft_file, forms, listing, merging, months};
use crate::draft::select::{self, Ranked};
use crate::draft::{self, Placed, Regenerated, Stand};
use crate::fsx::{self, Written};
use crate::model::{Decision, Draft, Month, Place, Problem, Severity, WorkId};
use crate::store::{Answer, DraftBy, DraftLock, Pending};

mod answered;
mod beside;
mod changes;
mod found;
mod in_short;
mod pairs;
mod wishes;

use found::{Found, find};
use wishes::{outdated, wishes_of};

pub use changes::Traffic;
pub(super) use in_short::in_short;

/// What drafting did.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct DraftReport {
    /// The month.
    pub month: Month,
    /// Papers in the issue: those that were chosen, and candidates that a person keeps.
    pub items: usize,
    /// Candidates beside them.
    pub candidates: usize,
    /// Questions that wait for a person.
    pub decisions: usize,
    /// Answers of people that were taken in.
    pub answers: usize,
    /// What became of each of these answers, a sentence each.
    pub answered: Vec<String>,
    /// What people newly said of papers' places, and took back, and was taken in.
    pub choices: usize,
    /// What is in the issue now and was not, is no longer, or went elsewhere in it, where the file was there
    /// before; a few lines.
    pub changes: Vec<String>,
    /// How many papers came into the file, went out of it and stayed in it; `None` where there was no file before.
    pub traffic: Option<Traffic>,
    /// What was not taken into the file and why.
    pub notes: Vec<String>,
    /// Problems that do not stand in the way.
    pub problems: Vec<Problem>,
    /// Whether the file has changed.
    pub is_changed: bool,
    /// The text, for `--dry-run`.
    #[serde(skip)]
    pub text: String,
}

/// How often a file that changes under the machine's hands is read anew: each time somebody must save it within the
/// few seconds that choosing takes.
const TRIES_MAX: usize = 3;
/// How long whoever writes a draft is waited for: writing takes far less than a second.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// Brings the news of a month into its draft file. With `is_dry` nothing is written. A file that somebody saves
/// meanwhile is read anew.
///
/// # Errors
/// When the file on disk cannot be read as a draft (it is then left alone), when it changes again and again, or the
/// database or the file cannot be written.
pub fn draft(ctx: &Ctx, month: Month, is_dry: bool) -> Result<DraftReport> {
    drafted(ctx, month, is_dry, Coming::In)
}

/// Brings the news of a month into a draft that people are curating: as [`fn@draft`], but what is new comes as a
/// candidate, and nothing leaves the issue or moves in it, whatever the order says by now.
///
/// # Errors
/// As [`fn@draft`].
pub fn draft_beside(ctx: &Ctx, month: Month) -> Result<DraftReport> {
    drafted(ctx, month, false, Coming::Beside)
}

/// Where news comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coming {
    /// Into the issue, in the place of what fits less and nobody touched.
    In,
    /// Among the candidates.
    Beside,
}

/// Brings the news of a month into its draft file.
fn drafted(ctx: &Ctx, month: Month, is_dry: bool, coming: Coming) -> Result<DraftReport> {
    months::check_begun(ctx, month)?;
    let is_rendered = ctx.store.issue_manifest(month)?.is_some();
    // Readers may have it: nothing moves in it by itself any more.
    let coming = if is_rendered { Coming::Beside } else { coming };
    let lost = if is_dry { None } else { lost_text(ctx, month)? };
    let mut taken = Taken::default();
    for _ in 0..TRIES_MAX {
        let found = find(ctx, month, is_dry)?;
        if let Some(text) = &found.mine {
            taken = taken.and(take_in(ctx, month, text, is_dry)?);
        }
        let news = news(ctx, month, &found, coming)?;
        let put = if is_dry { None } else { put(ctx, month, &found, &news)? };
        if is_dry || put.is_some() {
            let is_changed = found.mine.as_deref() != Some(news.new.text.as_str());
            let mut report = report(ctx, month, &found, news.new, taken, put.unwrap_or(is_changed))?;
            report.notes.splice(0..0, lost);
            return Ok(report);
        }
        tracing::debug!(%month, "the draft was changed while its news was gathered; it is read anew");
    }
    Err(Error::stopped(
        format!("{} was changed by somebody each of the {TRIES_MAX} times that it was to be written", file_name(month)),
        format!("nothing of it was lost; save it, leave it for a minute and run `roundup draft {month}` again"),
    ))
}

/// Returns what is said when a draft that there was is gone: it is written anew, and its last text is kept.
fn lost_text(ctx: &Ctx, month: Month) -> Result<Option<String>> {
    if draft_file::look(&ctx.home, month) != draft_file::Found::Nothing {
        return Ok(None);
    }
    let told = |restore| {
        format!("{} was gone and is written anew; its last text is kept: {restore} puts it back", file_name(month))
    };
    Ok(months::restore_command(ctx, month)?.map(told))
}

/// What the machine would write.
struct News {
    proposal: Draft,
    new: Regenerated,
}

/// Chooses papers and brings them into a text.
fn news(ctx: &Ctx, month: Month, found: &Found, coming: Coming) -> Result<News> {
    (ctx.progress)("choosing papers");
    let mut proposal = propose(ctx, month)?;
    let mine = found.mine.as_deref();
    if let Some(text) = mine.filter(|_| ctx.store.issue_manifest(month).is_ok_and(|m| m.is_some())) {
        keep_rendered(ctx, &mut proposal, text, month);
    }
    if let Some(text) = mine {
        keep_names(ctx, &mut proposal, found.base.as_deref(), text, month)?;
    }
    if let (Coming::Beside, Some(base), Some(mine)) = (coming, &found.base, mine) {
        beside::only_beside(ctx, month, &mut proposal, base, mine)?;
    }
    let topics = &ctx.config.rules.topics;
    let facts = facts(ctx, &proposal)?;
    let new = draft::regenerate(found.base.as_deref(), mine, &proposal, topics, &facts)
        .map_err(|problems| Error::Problems { problems })?;
    Ok(News { proposal, new })
}

/// Writes a draft and tells whether the file has changed by it; `None` when it is no longer the one that was found,
/// and nothing was written.
fn put(ctx: &Ctx, month: Month, found: &Found, news: &News) -> Result<Option<bool>> {
    let (now, path) = (ctx.clock.now(), ctx.home.draft(month));
    let Regenerated { text, base: new_base, .. } = &news.new;
    let _lock = DraftLock::take(&ctx.home.data(), LOCK_WAIT)?;
    // What the base holds and the file does not, a person took out: the two must never be taken for a
    // pair when one of them is old. So it is noted first what the file is going to be.
    let pending = Pending { before: sum_of(found.mine.as_deref()), after: sum_of(Some(text)), base: new_base.clone() };
    ctx.store.put_pending(month, &pending, now)?;
    // Noting may wait for the database; the look comes behind it, so that nobody's save falls in between.
    let is_as_found = || draft_file::text(&ctx.home, month).is_ok_and(|text| text == found.mine);
    let Some(written) = fsx::write_atomic_while(&path, text.as_bytes(), is_as_found)? else {
        ctx.store.clear_pending(month)?;
        return Ok(None);
    };
    let is_changed = written == Written::Changed;
    ctx.store.transaction(|store| -> Result<()> {
        store.put_draft_base(month, new_base, now)?;
        listing::keep(store, month, &news.proposal, text, now)?;
        store.keep_draft(month, text, DraftBy::Draft, now)?;
        Ok(store.clear_pending(month)?)
    })?;
    Ok(Some(is_changed))
}

/// Returns what drafting did.
fn report(
    ctx: &Ctx,
    month: Month,
    found: &Found,
    new: Regenerated,
    taken: Taken,
    is_changed: bool,
) -> Result<DraftReport> {
    let Regenerated { text, mut notes, .. } = new;
    notes.extend(said_later(ctx, month, &text)?);
    let read = |text: &str| draft::parse(text, &file_name(month)).0.unwrap_or_else(|| Draft::empty(month));
    let written = read(&text);
    let before = found.mine.as_deref().map(read);
    let asked = before.clone().unwrap_or_else(|| Draft::empty(month));
    Ok(DraftReport {
        month,
        items: draft::issue_items(&written).len(),
        candidates: written.candidates.iter().filter(|c| !c.is_kept()).count(),
        decisions: written.decisions.iter().filter(|d| d.answer.is_empty()).count(),
        answers: taken.answers.len(),
        answered: answered::answered(ctx, &asked, &taken.answers, &written)?,
        choices: taken.choices,
        changes: before.as_ref().map(|before| changes::changes(before, &written)).unwrap_or_default(),
        traffic: before.as_ref().map(|before| Traffic::between(before, &written)),
        notes,
        problems: taken.problems,
        is_changed,
        text,
    })
}

/// Returns a note for each paper of which the file says one thing and a person said another elsewhere, later.
fn said_later(ctx: &Ctx, month: Month, text: &str) -> Result<Vec<String>> {
    let is_sent = ctx.store.issue_manifest(month)?.is_some();
    let note = |a: choose::Against| {
        let (told, help) = (a.told(&ctx.zone()), a.help());
        if a.is_in_the_way(is_sent) {
            return format!("{told}; the file stays as it is, and `render` waits: if the later word is meant, {help}");
        }
        format!("{told}; the file counts for this issue, the later word after it; if that is meant here too, {help}")
    };
    Ok(choose::against(ctx, month, text)?.into_iter().map(note).collect())
}

/// Keeps every item of a draft that was rendered before: readers may have seen it, so the machine
/// takes none out, not even one that was retracted since; `check` names that one.
fn keep_rendered(ctx: &Ctx, proposal: &mut Draft, text: &str, month: Month) {
    let Some(mine) = draft::parse(text, &file_name(month)).0 else { return };
    for item in mine.items {
        // Joined since to another one of them: the study stands there once.
        let now = WorkId::parse(&item.id).and_then(|id| ctx.store.resolve(&id).ok().flatten());
        let is_joined =
            now.is_some_and(|now| now.as_str() != item.id && proposal.items.iter().any(|i| i.id == now.as_str()));
        if !is_joined && !proposal.items.iter().any(|i| i.id == item.id) {
            proposal.candidates.retain(|c| c.id != item.id);
            proposal.items.push(item);
        }
    }
}

/// Proposes a study under the id that it has in the file, where a person took its other id out or dropped
/// it: of two blocks that were one study they left the one, and joining the two must not cost them both.
fn keep_names(ctx: &Ctx, proposal: &mut Draft, base: Option<&str>, text: &str, month: Month) -> Result<()> {
    let Some(mine) = draft::parse(text, &file_name(month)).0 else { return Ok(()) };
    let is_unwanted = |stand: Stand| matches!(stand, Stand::TakenOut | Stand::Dropped);
    let (unwanted, held): (Vec<Placed>, Vec<Placed>) =
        draft::places(base, text, &mine).into_iter().partition(|p| is_unwanted(p.stand));
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for placed in held {
        let Some(now) = WorkId::parse(&placed.id).map(|id| ctx.store.resolve(&id)).transpose()?.flatten() else {
            continue;
        };
        if unwanted.iter().any(|p| p.id == now.as_str()) {
            names.entry(now.to_string()).or_insert(placed.id);
        }
    }
    names.retain(|now, _| !mine.items.iter().any(|i| i.id == *now));
    let rename = |id: &mut String| {
        if let Some(name) = names.get(id) {
            id.clone_from(name);
        }
    };
    proposal.items.iter_mut().for_each(|i| rename(&mut i.id));
    proposal.candidates.iter_mut().for_each(|c| rename(&mut c.id));
    rename(&mut proposal.pick);
    Ok(())
}

/// What was taken in from a file.
#[derive(Debug, Default)]
struct Taken {
    problems: Vec<Problem>,
    answers: Answers,
    choices: usize,
}

impl Taken {
    /// Returns what was taken in with what was taken in from the same file a moment later.
    fn and(self, later: Self) -> Self {
        let answers = [self.answers, later.answers].concat();
        Self { problems: later.problems, answers, choices: self.choices + later.choices }
    }
}

/// Takes in what people answered in the file and what they said of papers' places: all of it, or
/// nothing when the database refuses.
fn take_in(ctx: &Ctx, month: Month, text: &str, is_dry: bool) -> Result<Taken> {
    if is_dry {
        let (mut problems, answers) = take_answers(ctx, month, text, is_dry)?;
        problems.extend(choose::told_of_cut(ctx, month, text, &file_name(month))?);
        return Ok(Taken { problems, answers, choices: choose::planned(ctx, month, text, Moment::Drafted)?.len() });
    }
    ctx.store.transaction(|_| {
        let (mut problems, answers) = take_answers(ctx, month, text, is_dry)?;
        problems.extend(choose::told_of_cut(ctx, month, text, &file_name(month))?);
        Ok(Taken { problems, answers, choices: choose::take_in(ctx, month, text, Moment::Drafted)? })
    })
}

/// Ids of questions with what was answered.
type Answers = Vec<(String, String)>;

/// Takes in what people answered in the file. Returns problems and the answers that were new. Runs inside a
/// transaction, unless it is dry.
fn take_answers(ctx: &Ctx, month: Month, text: &str, is_dry: bool) -> Result<(Vec<Problem>, Answers)> {
    let (parsed, mut problems) = draft::parse(text, &file_name(month));
    let Some(parsed) = parsed else { return Err(Error::Problems { problems }) };
    problems.retain(|p| p.severity == Severity::Error);
    let (answers, wrong) = draft::answers(&parsed, &file_name(month), &ctx.config.countries);
    problems.extend(wrong);
    let mut new = Vec::new();
    for (id, answer) in answers {
        if is_taken_in(ctx, month, &id, &answer)? {
            continue;
        }
        if is_dry || apply_answer(ctx, month, &id, &answer)? {
            new.push((id, answer));
            continue;
        }
        let asked = parsed.decisions.iter().find(|d| d.id == id);
        let about = asked.map(draft::asked_about).unwrap_or_default();
        let message = format!("\"different\" cannot be done for {about}: these are one paper by now");
        let place = asked.map_or_else(|| Place::file(file_name(month)), |d| d.answer_place(&file_name(month)));
        problems.push(Problem::warning(place, message).with_help(
            "take the answer out; `roundup merge show ID` shows the paper's records, `roundup merge split` parts them",
        ));
    }
    Ok((problems, new))
}

/// Tells whether an answer of a month's draft is taken in already. What a person said of a paper's scope
/// can be taken back elsewhere, and another month asks again: there only that draft's own answer counts.
pub(super) fn is_taken_in(ctx: &Ctx, month: Month, id: &str, answer: &str) -> Result<bool> {
    let known = if draft::is_about_scope(id) { ctx.store.decision_in(month, id)? } else { ctx.store.decision(id)? };
    Ok(known.as_deref() == Some(answer))
}

/// Makes one answer true in the store and notes it; tells whether that could be done. Runs inside a
/// transaction.
fn apply_answer(ctx: &Ctx, month: Month, id: &str, answer: &str) -> Result<bool> {
    let is_done = carry_out(ctx, id, answer)?;
    if is_done {
        ctx.store.put_decision(month, id, answer, ctx.clock.now())?;
    }
    Ok(is_done)
}

/// Carries out one answer; tells whether that could be done.
fn carry_out(ctx: &Ctx, id: &str, answer: &str) -> Result<bool> {
    let words: Vec<&str> = id.split(' ').collect();
    let work = |text: &str| -> Result<Option<WorkId>> {
        Ok(WorkId::parse(text).map(|w| ctx.store.resolve(&w)).transpose()?.flatten())
    };
    match words.as_slice() {
        ["scope", one] => {
            let Some(one) = work(one)? else { return Ok(true) };
            let wishes = wishes_of(ctx, answer);
            judge::put(ctx, &one, &outdated(ctx, &one, &wishes)?, BY_DRAFT, "")?;
            judge::put(ctx, &one, &wishes, BY_DRAFT, "")?;
        }
        ["same", old_a, old_b] => {
            let (Some(a), Some(b)) = (work(old_a)?, work(old_b)?) else { return Ok(true) };
            if a != b {
                let answer = if answer == "same" { Answer::Same } else { Answer::Different };
                merging::answer(ctx, &a, &b, answer, BY_DRAFT, "")?;
            } else if answer != "same" {
                return merging::part_again(ctx, [old_a, old_b], BY_DRAFT);
            }
        }
        _ => {}
    }
    Ok(true)
}

/// Returns what the machine proposes for a month.
pub(super) fn propose(ctx: &Ctx, month: Month) -> Result<Draft> {
    // An answer may have joined or changed works: they are judged before they are ranked.
    judge(ctx)?;
    let gathered = candidates(ctx, month)?;
    let ranked: Vec<Ranked<'_>> = gathered
        .iter()
        .map(|g| Ranked {
            work: &g.work,
            judgement: &g.judgement,
            score: &g.score,
            country_names: &g.country_names,
            source_topics: &g.source_topics,
            remark: &g.remark,
            wish: g.wish,
        })
        .collect();
    let decisions = decisions(ctx, month, &gathered)?;
    let settings = &ctx.config.settings;
    let (alike, topics) = (listing::alike(ctx)?, &ctx.config.rules.topics);
    let mut draft = select::propose(month, &ranked, decisions, &alike, &settings.draft, topics, &settings.house);
    draft.request.clone_from(&settings.house.request);
    Ok(draft)
}

/// Notices of sent papers that readers may have to be told of, beside retractions: kinds of links,
/// the word of the question, and what has happened.
const NOTICES: [(&[&str], &str, &str); 2] = [
    (
        &["erratum-in", "corrected-and-republished-in", "retracted-and-republished-in", "partial-retraction-in"],
        "corrected",
        "has a published correction",
    ),
    (&["expression-of-concern-in"], "concern", "has an expression of concern"),
];

/// Returns what only a person can decide, the gravest first: retractions and corrections of papers
/// already sent, then pairs that may be one study.
fn decisions(ctx: &Ctx, month: Month, gathered: &[Gathered]) -> Result<Vec<Decision>> {
    let mut out = Vec::new();
    for (id, sent) in sent_before(ctx, month)? {
        let Some(mut row) = ctx.store.work(&id)? else { continue };
        forms::mark_notices(&ctx.store, &id, &mut row.work.record)?;
        if row.work.record.is_retracted() {
            out.push(notice(
                "retracted",
                &id,
                &format!(
                    "\"{}\" was in the issue of {} and has been retracted. {}",
                    row.work.record.title,
                    sent.long_name(),
                    draft::TELL_READERS
                ),
            ));
        }
        for (kinds, word, what) in NOTICES {
            if row.work.record.relations.iter().any(|r| kinds.contains(&r.kind.as_str())) {
                out.push(notice(
                    word,
                    &id,
                    &format!(
                        "\"{}\" was in the issue of {} and {what}. {}",
                        row.work.record.title,
                        sent.long_name(),
                        draft::TELL_READERS
                    ),
                ));
            }
        }
    }
    let mut open = Vec::new();
    for decision in out {
        if ctx.store.decision(&decision.id)?.is_none() {
            open.push(decision);
        }
    }
    // A pair that waits is asked about whatever was answered once: the answer was taken back.
    open.extend(pairs::questions(ctx, month, gathered)?);
    Ok(open)
}

/// Returns a question that only asks to be seen.
fn notice(word: &str, id: &WorkId, question: &str) -> Decision {
    Decision {
        id: format!("{word} {id}"),
        question: question.to_owned(),
        choices: vec!["seen".to_owned()],
        ..Decision::default()
    }
}

/// Returns lines on what the draft rests on, for its head: which sources failed, how many pairs wait
/// that the draft does not ask about.
fn facts(ctx: &Ctx, proposal: &Draft) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for source in ctx.config.settings.sources.iter().filter(|s| s.is_enabled) {
        let state = ctx.store.source_state(&source.id)?;
        if let (Some(since), Some(error)) = (state.failing_since, &state.last_error) {
            let day = since.to_zoned(ctx.zone()).date();
            out.push(format!("{} has failed since {day}: {error}", source.name));
        }
    }
    let asked = proposal.decisions.iter().filter(|d| d.id.starts_with("same ")).count();
    let others = ctx.store.maybe_pairs()?.len().saturating_sub(asked);
    if others > 0 {
        let pairs = if others == 1 { "1 pair of papers" } else { &format!("{others} pairs of papers") };
        out.push(format!("{pairs} that this draft does not ask about may be one: `roundup merge` shows them"));
    }
    Ok(out)
}
