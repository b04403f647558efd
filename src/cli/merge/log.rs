//! `roundup merge log`: what was answered.

use jiff::tz::TimeZone;

use super::{json, page};
use crate::cli::Global;
use crate::cli::open::{self, Access};
use crate::cli::term::{Exit, Style, Terminal};
use crate::model::WorkId;
use crate::pipeline::Ctx;
use crate::pipeline::merging::{self, VerdictLine};

/// Lists the answers, newest first.
///
/// # Errors
/// When the home cannot be opened or the database cannot be read.
pub fn run(global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Read, term)?;
    let verdicts = merging::verdicts(&ctx)?;
    for verdict in &verdicts {
        if global.json {
            term.json(&json::verdict(verdict))?;
        } else {
            print(verdict, &ctx.zone(), term);
        }
    }
    if verdicts.is_empty() && !global.json {
        term.line("nobody has answered about a pair yet; `roundup merge` lists those that wait");
    } else if !global.json {
        term.line("");
        term.line("an answer is taken back by its number: roundup merge undo NUMBER");
    }
    Ok(if verdicts.is_empty() { Exit::Nothing } else { Exit::Done })
}

/// Prints one answer.
fn print(verdict: &VerdictLine, zone: &TimeZone, term: &mut Terminal) {
    let back = if verdict.is_undone { " (taken back)" } else { "" };
    let head = format!("{}. {}{back}", verdict.number, page::said_word(verdict));
    let day = page::day(verdict, zone);
    term.styled(&[(Style::Bold, &head), (Style::Plain, &format!(", by {} on {day}", verdict.who))]);
    if verdict.a == verdict.b {
        term.line(&format!("   {}: {}", verdict.a, verdict.title_a));
        term.line(&format!("   taken out of it: {}", verdict.title_b));
    } else {
        term.line(&format!("   A {}: {}", verdict.a, verdict.title_a));
        term.line(&format!("   B {}: {}", verdict.b, verdict.title_b));
    }
    if !verdict.note.is_empty() {
        term.line(&format!("   note: {}", verdict.note));
    }
}

/// Prints the answers about one paper, also under an id that it had before.
///
/// # Errors
/// When the database cannot be read.
pub fn print_about(ctx: &Ctx, id: &WorkId, term: &mut Terminal) -> anyhow::Result<()> {
    let mut is_first = true;
    for verdict in merging::verdicts(ctx)? {
        let mut is_about = false;
        for named in [&verdict.a, &verdict.b] {
            is_about |= ctx.store.resolve(named)?.as_ref() == Some(id);
        }
        if !is_about {
            continue;
        }
        if std::mem::take(&mut is_first) {
            term.line("");
            term.styled(&[(Style::Bold, "What was answered about it")]);
        }
        print(&verdict, &ctx.zone(), term);
    }
    Ok(())
}
