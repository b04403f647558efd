//! A paper's tags in the terminal: each with its reason, and with who said what.

use serde_json::{Value, json};

use crate::cli::Global;
use crate::cli::columns::{columns, wrap};
use crate::cli::open::{self, Access};
use crate::cli::term::{Exit, Style, Terminal};
use crate::model::{Judgement, WorkId};
use crate::pipeline::judge::{self, TagFacet, TagLine, TagOutcome, put_on_top};
use crate::pipeline::{self, Ctx};
use crate::store::{TagAction, TagWord};

/// Shows a paper's tags.
///
/// # Errors
/// When the home cannot be opened or there is no such paper.
pub fn run(paper: &str, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Read, term)?;
    let id = pipeline::find(&ctx, paper)?;
    let (title, machine, words) = judge::machine_and_words(&ctx, &id)?;
    let mut seen = machine.clone();
    put_on_top(&mut seen, &words);
    let rows = judge::tag_lines(&machine, &seen, &words);
    if global.json {
        term.json(&json(&ctx, &id, &title, &rows, &seen)?)?;
        return Ok(Exit::Done);
    }
    if let Some(line) = crate::cli::merge::redirects(paper, &id) {
        term.line(&line);
    }
    term.styled(&[(Style::Bold, title.as_str())]);
    let sent = ctx.store.issue_of(&id)?.map(|m| format!("; in the roundup of {}", m.long_name())).unwrap_or_default();
    term.line(&format!("{id}{sent}"));
    term.line("");
    let because = seen.exclude_reason.map(|r| format!(": {} ({r})", r.plain())).unwrap_or_default();
    let mut last = None;
    for row in &rows {
        let is_new = last.replace(row.facet) != Some(row.facet);
        print(&ctx, row, if is_new { row.facet.as_str() } else { "" }, &because, term);
    }
    term.line("");
    term.line(&format!("to change a tag: roundup retag {id} --add KIND:VALUE, --remove KIND:VALUE, --undo KIND:VALUE"));
    Ok(Exit::Done)
}

/// Returns why a row's tag is there or is not: first the person's word, then the rules'.
fn because(ctx: &Ctx, row: &TagLine) -> String {
    let mut parts: Vec<String> = Vec::new();
    // A facet with one value: what takes the place of the rules' value is told beside that.
    let is_about = |w: &&TagWord| !row.facet.is_single() || w.value == row.value || w.action == TagAction::Remove;
    parts.extend(row.word.as_ref().filter(is_about).map(|w| judge::told_word(w, &ctx.zone())));
    match (row.is_of_rules, row.reason.is_empty(), parts.is_empty()) {
        (true, false, true) => parts.push(row.reason.clone()),
        (true, false, false) => parts.push(format!("the rules: {}", row.reason)),
        (true, true, false) => parts.push("the rules say so too".to_owned()),
        _ => {}
    }
    parts.join("; ")
}

/// Columns of the first two columns of the table.
const FACET_COLUMNS: usize = 14;
const VALUE_COLUMNS: usize = 28;
/// Fewest columns in which reasons are still put beside their tag.
const REASON_COLUMNS_MIN: usize = 30;

/// Prints one row.
fn print(ctx: &Ctx, row: &TagLine, head: &str, because_out: &str, term: &mut Terminal) {
    let mut value = shown_value(ctx, row.facet, &row.value);
    if row.facet == TagFacet::Scope && row.has {
        value.push_str(because_out);
    }
    if !row.has {
        value = format!("not {value}");
    }
    let reason = because(ctx, row);
    let lead = format!("{head:FACET_COLUMNS$}");
    let room = term.width().saturating_sub(FACET_COLUMNS + VALUE_COLUMNS);
    let is_beside = columns(&value) < VALUE_COLUMNS && room >= REASON_COLUMNS_MIN;
    if is_beside {
        let pad = " ".repeat(VALUE_COLUMNS - columns(&value));
        let gap = " ".repeat(FACET_COLUMNS + VALUE_COLUMNS);
        for (n, line) in wrap(&reason, room).iter().enumerate() {
            let text = if n == 0 { format!("{lead}{value}{pad}{line}") } else { format!("{gap}{line}") };
            term.line(text.trim_end());
        }
        return;
    }
    let room = term.width().saturating_sub(FACET_COLUMNS).max(REASON_COLUMNS_MIN);
    let gap = " ".repeat(FACET_COLUMNS);
    for (n, line) in wrap(&value, room).iter().enumerate() {
        term.line(&format!("{}{line}", if n == 0 { &lead } else { &gap }));
    }
    for line in wrap(&reason, room.saturating_sub(2)).iter().filter(|l| !l.is_empty()) {
        term.line(&format!("{gap}  {line}"));
    }
}

/// Returns a value as people know it: countries with their names.
fn shown_value(ctx: &Ctx, facet: TagFacet, value: &str) -> String {
    match facet {
        TagFacet::Country => format!("{value} {}", ctx.config.country_name(value)),
        TagFacet::Finding if !value.is_empty() => format!("“{value}”"),
        _ => value.to_owned(),
    }
}

/// Returns a paper's tags for programs, form 1.
fn json(ctx: &Ctx, id: &WorkId, title: &str, rows: &[TagLine], seen: &Judgement) -> anyhow::Result<Value> {
    let tags: Vec<Value> = rows
        .iter()
        .map(|r| {
            json!({
                "facet": r.facet, "value": r.value, "has": r.has, "rules_say": r.is_of_rules, "reason": r.reason,
                "said": r.word.as_ref().map(|w| json!({
                    "action": w.action, "value": w.value, "who": w.who, "at": w.at.to_string(), "why": w.note,
                })),
            })
        })
        .collect();
    let sent = ctx.store.issue_of(id)?.map(|m| m.to_string());
    Ok(json!({"v": 1, "id": id, "title": title, "sent": sent, "tags": tags, "judgement": seen}))
}

/// Prints what a person's words did.
pub fn print_outcome(ctx: &Ctx, outcome: &TagOutcome, is_dry: bool, term: &mut Terminal) {
    term.styled(&[(Style::Bold, outcome.title.as_str())]);
    for line in &outcome.lines {
        term.line(&format!("  {line}"));
    }
    let mut is_changed = false;
    for facet in TagFacet::ALL {
        let (before, after) = (facet.values(&outcome.before), facet.values(&outcome.after));
        if before != after {
            is_changed = true;
            let list = |v: &[String]| {
                let named: Vec<String> = v.iter().map(|v| shown_value(ctx, facet, v)).collect();
                if named.is_empty() { "none".to_owned() } else { named.join(", ") }
            };
            let would = if is_dry { "would be" } else { "is now" };
            term.line(&format!("  {} {would} {}, was {}", facet.as_str(), list(&after), list(&before)));
        }
    }
    if !is_changed {
        term.line("  what readers see does not change");
    }
    let id = &outcome.id;
    term.line(&if is_dry {
        "nothing was changed".to_owned()
    } else {
        format!("to see all its tags: roundup retag {id}")
    });
}

/// Returns what a person's words did, for programs, form 1.
pub fn outcome_json(_ctx: &Ctx, outcome: &TagOutcome, is_dry: bool) -> Value {
    json!({
        "v": 1, "id": outcome.id, "title": outcome.title, "says": outcome.lines, "dry_run": is_dry,
        "before": outcome.before, "after": outcome.after,
    })
}
