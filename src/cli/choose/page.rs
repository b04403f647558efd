//! What counts for a paper's place, and what was said of it, in the terminal and for programs.

use serde_json::{Value, json};

use crate::cli::Global;
use crate::cli::open::{self, Access};
use crate::cli::term::{Exit, Style, Terminal};
use crate::model::Choice;
use crate::pipeline::choose::{self, ChoiceLine, ChoiceOutcome};
use crate::pipeline::{self, Ctx};
use crate::store::ChoiceRow;

/// Shows what counts for papers, and all that was ever said of them.
///
/// # Errors
/// When the home cannot be opened or there is no such paper.
pub fn run(papers: &[String], global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Read, term)?;
    for (n, paper) in papers.iter().enumerate() {
        let id = pipeline::find(&ctx, paper)?;
        let title = ctx.store.work(&id)?.map(|row| row.work.record.title).unwrap_or_default();
        let lines = choose::log(&ctx, Some(&id))?;
        let counts = lines.iter().find(|l| l.counts_for.contains(&id));
        let sent = ctx.store.issue_of(&id)?;
        if global.json {
            let said: Vec<Value> = lines.iter().map(|l| row_json(&l.row)).collect();
            let counts = counts.map(|l| row_json(&l.row));
            let sent = sent.map(|m| m.to_string());
            term.json(&json!({"v": 1, "id": id, "title": title, "sent": sent, "counts": counts, "said": said}))?;
            continue;
        }
        if n > 0 {
            term.line("");
        }
        if let Some(line) = crate::cli::merge::redirects(paper, &id) {
            term.line(&line);
        }
        term.styled(&[(Style::Bold, title.as_str())]);
        let sent = sent.map(|m| format!("; in the roundup of {}", m.long_name())).unwrap_or_default();
        term.line(&format!("{id}{sent}"));
        term.line(&match counts {
            Some(line) => format!("  {}", plain(line.row.choice)),
            None => "  nothing is said of its place".to_owned(),
        });
        for line in &lines {
            print(&ctx, line, counts == Some(line), term);
        }
        if counts.is_none() {
            term.line(&format!("to say something: roundup choose keep {id}, maybe or drop"));
        } else {
            term.line(&format!("to take it back: roundup choose --undo {id}"));
        }
    }
    Ok(Exit::Done)
}

/// Prints one line of a paper's history.
fn print(ctx: &Ctx, line: &ChoiceLine, is_counting: bool, term: &mut Terminal) {
    let mark = if is_counting { "this counts" } else { "" };
    term.line(format!("  {:>11}  {}. {}", mark, line.row.number, line.told(&ctx.zone())).trim_end());
}

/// Returns what a choice means, in plain words.
fn plain(choice: Option<Choice>) -> &'static str {
    match choice {
        Some(Choice::Keep) => "keep: it belongs in",
        Some(Choice::Maybe) => "maybe: it comes again",
        Some(Choice::Drop) => "drop: it is not proposed again",
        Some(Choice::Passed) => "passed over: it stood above papers that were taken; nobody said so outright",
        None => "nothing is said of its place",
    }
}

/// Prints what a person's word did.
pub fn print_outcome(ctx: &Ctx, paper: &str, outcome: &ChoiceOutcome, is_dry: bool, term: &mut Terminal) {
    if let Some(line) = crate::cli::merge::redirects(paper, &outcome.id) {
        term.line(&line);
    }
    term.styled(&[(Style::Bold, outcome.title.as_str())]);
    let said = |row: &ChoiceRow| {
        let day = row.at.to_zoned(ctx.zone()).strftime("%-d %B %Y").to_string();
        format!("{}, {} on {day}", row.choice.map_or("nothing", Choice::as_str), choose::said_by(row))
    };
    let now = plain(outcome.after.as_ref().and_then(|r| r.choice));
    let (would, is_now) = if is_dry { ("would be ", "would be said of it") } else { ("", "is said of it now") };
    let older = outcome.older.as_ref().map_or(String::new(), |row| {
        let word = row.choice.map_or("word", Choice::as_str);
        let month = row.month.map(|m| format!(" of {}", m.long_name())).unwrap_or_default();
        format!(" (the {word}{month} before it does not come back: say it again)")
    });
    term.line(&match (&outcome.before, &outcome.after, outcome.is_new) {
        (Some(before), _, false) => format!("  nothing changed, this was said before: {}", said(before)),
        (Some(before), None, _) => format!("  {would}taken back: {}; nothing {is_now}{older}", said(before)),
        (Some(before), Some(_), _) => format!("  {would}{now} (before: {})", said(before)),
        (None, ..) => format!("  {would}{now}"),
    });
}

/// Returns what was said once, for programs.
pub fn row_json(row: &ChoiceRow) -> Value {
    json!({
        "number": row.number, "choice": row.choice.map_or("undo", Choice::as_str),
        "month": row.month.map(|m| m.to_string()), "work": row.work, "title": row.title, "who": row.who,
        "at": row.at.to_string(), "reason": row.reason,
    })
}

/// Returns what a person's word did, for programs, form 1.
pub fn outcome_json(outcome: &ChoiceOutcome, is_dry: bool) -> Value {
    json!({
        "v": 1, "id": outcome.id, "title": outcome.title, "is_new": outcome.is_new, "dry_run": is_dry,
        "before": outcome.before.as_ref().map(row_json), "after": outcome.after.as_ref().map(row_json),
    })
}
