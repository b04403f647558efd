//! Answering about papers and taking it back: what was typed is looked at before anything changes.

use anyhow::Context as _;

use super::{json, page};
use crate::cli::Global;
use crate::cli::open::{self, Access};
use crate::cli::term::{Exit, Terminal};
use crate::model::WorkId;
use crate::pipeline::merging::{self, Outcome, Pair, Side, VerdictLine};
use crate::pipeline::{self, Ctx, Error};
use crate::store::Answer;

/// What every answer may carry.
#[derive(Debug, Clone, clap::Args)]
pub struct Manner {
    /// A remark of yours, kept with the answer
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    note: String,
    /// Who answers [default: the name you are logged in by]
    #[arg(long, value_name = "NAME")]
    who: Option<String>,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
}

impl Manner {
    /// Returns the manner of an answer that is simply given.
    pub fn plain() -> Self {
        Self { note: String::new(), who: None, dry_run: false }
    }

    fn who(&self) -> String {
        self.who.clone().filter(|w| !w.trim().is_empty()).unwrap_or_else(open::user)
    }
}

/// Two papers.
#[derive(Debug, clap::Args)]
pub struct PairArgs {
    /// One paper: id (w…), PMID or DOI
    #[arg(value_name = "PAPER")]
    a: String,
    /// The other paper
    #[arg(value_name = "OTHER")]
    b: String,
    #[command(flatten)]
    manner: Manner,
}

/// A paper and records of it.
#[derive(Debug, clap::Args)]
pub struct SplitArgs {
    /// The paper: id (w…), PMID or DOI
    #[arg(value_name = "PAPER")]
    paper: String,
    /// Its records that are another paper, by number or name as `roundup merge show PAPER` prints them
    #[arg(required = true, value_name = "RECORD")]
    records: Vec<String>,
    #[command(flatten)]
    manner: Manner,
}

/// An answer to take back.
#[derive(Debug, clap::Args)]
pub struct UndoArgs {
    /// Number of the answer, as `roundup merge log` prints it; the newest when not given
    #[arg(value_name = "NUMBER")]
    number: Option<String>,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
}

/// Why nothing was done, and how the command then ends.
#[derive(Debug)]
pub struct Refusal {
    exit: Exit,
    says: String,
}

impl Refusal {
    fn new(exit: Exit, says: impl Into<String>) -> Self {
        Self { exit, says: says.into() }
    }

    /// Prints why and returns the exit.
    pub fn print(&self, term: &mut Terminal) -> Exit {
        term.note(&format!("roundup: {}", self.says));
        self.exit
    }
}

/// Runs `same` and `different`.
///
/// # Errors
/// When the home cannot be opened, a paper is not there, or the database refuses.
pub fn say(args: &PairArgs, answer: Answer, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Write, term)?;
    if let Some(refusal) = not_two(&ctx, &args.a, &args.b)? {
        return Ok(refusal.print(term));
    }
    let pair = merging::side_by_side(&ctx, &args.a, &args.b)?;
    let mut says = page::redirects(&[(&args.a, &pair.a.id), (&args.b, &pair.b.id)]);
    if let Some(old) = pair.verdict.as_ref().filter(|v| !v.is_undone) {
        if old.answer == answer && args.manner.note.is_empty() {
            says.push(format!("nothing changed, it was said before: {}", page::said(old, &ctx.zone())));
            let outcome = Outcome { works: vec![pair.a.id, pair.b.id], lines: Vec::new() };
            print(&outcome, &says, args.manner.dry_run, global, term)?;
            return Ok(Exit::Done);
        }
        says.push(format!("this takes the place of an earlier answer: {}", page::said(old, &ctx.zone())));
    }
    says.extend(page::linked(&ctx, &pair.a.id, &pair.b.id)?.filter(|_| answer == Answer::Same));
    let outcome = give(&ctx, &pair, answer, &args.manner)?;
    says.extend(told(&ctx, &pair, answer, &outcome));
    finish(&ctx, &outcome, says, &[&pair.a, &pair.b], args.manner.dry_run, global, term)
}

/// Stores an answer in one transaction; on trial it is all taken back.
///
/// # Errors
/// When the database refuses.
pub fn give(ctx: &Ctx, pair: &Pair, answer: Answer, manner: &Manner) -> pipeline::Result<Outcome> {
    let (a, b, who) = (pair.a.id.as_str(), pair.b.id.as_str(), manner.who());
    change(ctx, manner.dry_run, || merging::say(ctx, a, b, answer, &who, &manner.note))
}

/// Runs a change in one transaction; on trial it is all taken back.
fn change<T>(ctx: &Ctx, is_dry: bool, work: impl FnOnce() -> pipeline::Result<T>) -> pipeline::Result<T> {
    if is_dry { ctx.store.rehearse(|_| work()) } else { ctx.store.transaction(|_| work()) }
}

/// Returns what an answer did, in words for people.
fn told(ctx: &Ctx, pair: &Pair, answer: Answer, outcome: &Outcome) -> Vec<String> {
    let (a, b) = (&pair.a, &pair.b);
    let did = outcome.lines.iter();
    if let (Answer::Same, Some(kept)) = (answer, outcome.works.first()) {
        let title = title_of(ctx, kept).unwrap_or_else(|| a.record.title.clone());
        let head = format!("one paper now, {kept}: {title}");
        return std::iter::once(head).chain(did.map(|line| format!("  {line}"))).collect();
    }
    let rest = [
        format!("  A {}: {}", a.id, a.record.title),
        format!("  B {}: {}", b.id, b.record.title),
        "they are not asked about again".to_owned(),
    ];
    did.cloned().chain(rest).collect()
}

fn title_of(ctx: &Ctx, id: &WorkId) -> Option<String> {
    ctx.store.work(id).ok().flatten().map(|row| row.work.record.title)
}

/// Runs `split`.
///
/// # Errors
/// When the home cannot be opened, the paper is not there, or the database refuses.
pub fn split(args: &SplitArgs, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Write, term)?;
    if let Some(refusal) = number_of_list(&ctx, &args.paper)? {
        return Ok(refusal.print(term));
    }
    let side = merging::paper(&ctx, &args.paper)?;
    let records = match records_meant(&side, &args.records) {
        Ok(records) => records,
        Err(refusal) => return Ok(refusal.print(term)),
    };
    let mut says = page::redirects(&[(&args.paper, &side.id)]);
    let manner = &args.manner;
    let outcome = change(&ctx, manner.dry_run, || {
        merging::take_out(&ctx, side.id.as_str(), &records, &manner.who(), &manner.note)
    })?;
    says.push(format!("{} of {} records were taken out of {}", records.len(), side.members.len(), side.id));
    says.extend(stand_now(&ctx, &outcome, &[]));
    finish(&ctx, &outcome, says, &[&side], manner.dry_run, global, term)
}

/// Returns the names of the records that were meant by numbers or names, each once.
fn records_meant(side: &Side, typed: &[String]) -> Result<Vec<String>, Refusal> {
    let id = &side.id;
    if side.members.len() < 2 {
        return Err(Refusal::new(Exit::Nothing, format!("{id} has one record only; there is nothing to take out")));
    }
    let mut out: Vec<String> = Vec::new();
    for word in typed {
        let by_number = word.parse::<usize>().ok().and_then(|n| n.checked_sub(1)).and_then(|n| side.members.get(n));
        let found = by_number.or_else(|| side.members.iter().find(|m| m.key.to_string() == *word));
        let Some(member) = found else {
            let says = format!(
                "{id} has no record \"{word}\"\n  help: its records have the numbers 1 to {}; `roundup merge show {id}` lists them",
                side.members.len()
            );
            return Err(Refusal::new(Exit::Usage, says));
        };
        let name = member.key.to_string();
        if !out.contains(&name) {
            out.push(name);
        }
    }
    if out.len() == side.members.len() {
        let says = format!("at least one record must stay with {id}\n  help: name only those that are another paper");
        return Err(Refusal::new(Exit::Usage, says));
    }
    Ok(out)
}

/// Runs `undo`.
///
/// # Errors
/// When the home cannot be opened or the database refuses.
pub fn undo(args: &UndoArgs, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Write, term)?;
    let verdict = match verdict_meant(&ctx, args.number.as_deref())? {
        Ok(verdict) => verdict,
        Err(refusal) => return Ok(refusal.print(term)),
    };
    let outcome = change(&ctx, args.dry_run, || merging::undo(&ctx, Some(verdict.number)))?;
    let mut says = vec![format!("taken back: {}", page::said(&verdict, &ctx.zone()))];
    let named = [(&verdict.a, &verdict.title_a), (&verdict.b, &verdict.title_b)];
    says.extend(stand_now(&ctx, &outcome, &named));
    if !args.dry_run {
        settle(&ctx)?;
        says.extend(drafts(&ctx, &outcome, &[&verdict.a, &verdict.b]));
    }
    let is_again = |v: &VerdictLine| {
        !v.is_undone
            && v.number != verdict.number
            && [&v.a, &v.b].iter().all(|id| [&verdict.a, &verdict.b].contains(id))
    };
    if let Some(earlier) = merging::verdicts(&ctx)?.into_iter().find(is_again) {
        says.push(format!("an earlier answer holds again: {}", page::said(&earlier, &ctx.zone())));
    }
    says.push(say_again(&verdict, &outcome));
    print(&outcome, &says, args.dry_run, global, term)?;
    Ok(Exit::Done)
}

/// Returns how an answer that was taken back can be given again.
fn say_again(verdict: &VerdictLine, outcome: &Outcome) -> String {
    let (word, a, b) = (page::word(verdict.answer), &verdict.a, &verdict.b);
    let are_two = [a, b].iter().all(|id| outcome.works.contains(id)) && a != b;
    if are_two {
        format!("to say it again: roundup merge {word} {a} {b}")
    } else {
        format!("roundup merge show {a} lists its records")
    }
}

/// Returns the answer that is to be taken back.
fn verdict_meant(ctx: &Ctx, typed: Option<&str>) -> anyhow::Result<Result<VerdictLine, Refusal>> {
    let all = merging::verdicts(ctx)?;
    let Some(typed) = typed else {
        let newest = all.into_iter().find(|v| !v.is_undone);
        return Ok(newest.ok_or_else(|| Refusal::new(Exit::Nothing, "there is no answer to take back")));
    };
    let Ok(number) = typed.trim().parse::<i64>() else {
        let says = format!(
            "\"{typed}\" is no number of an answer\n  help: `roundup merge log` lists the answers with their numbers"
        );
        return Ok(Err(Refusal::new(Exit::Usage, says)));
    };
    let refusal = match all.into_iter().find(|v| v.number == number) {
        Some(verdict) if !verdict.is_undone => return Ok(Ok(verdict)),
        Some(_) => format!("answer {number} was taken back before; nothing changed"),
        None => {
            format!("there is no answer {number}\n  help: `roundup merge log` lists the answers with their numbers")
        }
    };
    Ok(Err(Refusal::new(Exit::Nothing, refusal)))
}

/// Returns a refusal when two texts do not name two papers: one of them is a number of the list, or
/// both are one paper already.
///
/// # Errors
/// When a paper is not there or the database cannot be read.
pub fn not_two(ctx: &Ctx, a: &str, b: &str) -> anyhow::Result<Option<Refusal>> {
    for text in [a, b] {
        if let Some(refusal) = number_of_list(ctx, text)? {
            return Ok(Some(refusal));
        }
    }
    let (one, other) = (pipeline::find(ctx, a)?, pipeline::find(ctx, b)?);
    if one != other {
        return Ok(None);
    }
    if a.trim().eq_ignore_ascii_case(b.trim()) {
        let says = format!("{a} is named twice\n  help: give the ids of two papers");
        return Ok(Some(Refusal::new(Exit::Usage, says)));
    }
    let mut says = format!("{a} and {b} are one paper already, {one}; nothing changed");
    // An id that is another name of the paper today tells by which answer it became so.
    let gone: Vec<WorkId> = [a, b].iter().filter_map(|t| WorkId::parse(t.trim())).filter(|t| *t != one).collect();
    let by_person = merging::verdicts(ctx)?
        .into_iter()
        .find(|v| !v.is_undone && v.answer == Answer::Same && (gone.contains(&v.a) || gone.contains(&v.b)));
    match by_person {
        Some(v) => says.push_str(&format!(
            "\n  it was said: {}\n  help: `roundup merge undo {}` takes that back",
            page::said(&v, &ctx.zone()),
            v.number
        )),
        None => says.push_str(&format!(
            "\n  help: `roundup merge show {one}` lists its records; `roundup merge split {one} NUMBER` takes one out"
        )),
    }
    Ok(Some(Refusal::new(Exit::Nothing, says)))
}

/// Returns a refusal when a text is no paper but the number of a pair in the list: the list changes,
/// so an answer must name its papers.
fn number_of_list(ctx: &Ctx, text: &str) -> anyhow::Result<Option<Refusal>> {
    let Some(number) = text.trim().parse::<usize>().ok().filter(|n| *n > 0) else { return Ok(None) };
    if !matches!(pipeline::find(ctx, text), Err(Error::Missing(_))) {
        return Ok(None);
    }
    let pairs = merging::waiting(ctx)?;
    let Some(pair) = pairs.get(number - 1) else { return Ok(None) };
    let (a, b) = (&pair.a.id, &pair.b.id);
    let says = format!(
        "{number} is no paper; papers are named by id, PMID or DOI\n  help: for pair {number} of the list:\n    roundup merge same {a} {b}\n    roundup merge different {a} {b}"
    );
    Ok(Some(Refusal::new(Exit::Usage, says)))
}

/// Returns what the change says of itself and the papers that stand now, one a line. `named` are titles
/// for papers that do not stand yet, since the change is on trial.
fn stand_now(ctx: &Ctx, outcome: &Outcome, named: &[(&WorkId, &String)]) -> Vec<String> {
    let mut out: Vec<String> = outcome.lines.iter().map(|line| format!("  {line}")).collect();
    for id in &outcome.works {
        let known = || named.iter().find(|(n, _)| *n == id).map(|(_, title)| (*title).clone());
        let is_told = out.iter().any(|line| line.contains(id.as_str()));
        if !is_told && let Some(title) = title_of(ctx, id).or_else(known) {
            out.push(format!("  {id}: {title}"));
        }
    }
    out
}

/// Brings judgements and index up to date and prints what was done.
fn finish(
    ctx: &Ctx,
    outcome: &Outcome,
    mut says: Vec<String>,
    sides: &[&Side],
    is_dry: bool,
    global: &Global,
    term: &mut Terminal,
) -> anyhow::Result<Exit> {
    if !is_dry {
        settle(ctx)?;
    }
    for side in sides {
        if let Some(month) = side.sent {
            says.push(format!("{} was in the roundup of {}; that issue stays as it was", side.id, month.long_name()));
        }
    }
    let ids: Vec<&WorkId> = sides.iter().map(|s| &s.id).collect();
    if !is_dry {
        says.extend(drafts(ctx, outcome, &ids));
    }
    if !is_dry && let Some(newest) = merging::verdicts(ctx)?.first() {
        says.push(format!("to take it back: roundup merge undo {}", newest.number));
    }
    print(outcome, &says, is_dry, global, term)?;
    Ok(Exit::Done)
}

/// Judges what changed and brings the index level.
///
/// # Errors
/// When the database or the index refuses.
pub fn settle(ctx: &Ctx) -> anyhow::Result<()> {
    let is_behind = "your answer is kept, but what readers search is behind it; `roundup reindex` brings it level";
    pipeline::judge(ctx).context(is_behind)?;
    pipeline::update_index(ctx, false).context(is_behind)?;
    (ctx.progress)("");
    Ok(())
}

/// Returns a line when the draft that is being worked on names one of the papers: it shows them as
/// they were until it is written again.
fn drafts(ctx: &Ctx, outcome: &Outcome, ids: &[&WorkId]) -> Option<String> {
    let month = ctx.issue_month();
    let text = pipeline::draft_file::text(&ctx.home, month).ok().flatten()?;
    let is_named = ids.iter().copied().chain(&outcome.works).any(|id| text.contains(id.as_str()));
    is_named.then(|| format!("drafts/{month}.toml names it; `roundup draft {month}` brings that file up to date"))
}

/// Prints what was done, or would be.
fn print(outcome: &Outcome, says: &[String], is_dry: bool, global: &Global, term: &mut Terminal) -> anyhow::Result<()> {
    if global.json {
        return term.json(&json::outcome(outcome, says, is_dry));
    }
    if is_dry {
        term.line("on trial, nothing was changed:");
    }
    for line in says {
        term.line(line);
    }
    Ok(())
}
