//! `roundup run`: the whole chain once.

use super::Global;
use super::harvest;
use super::month;
use super::open::{self, Access};
use super::term::{Exit, Terminal};
use crate::pipeline;
use crate::store::JobEnd;

/// Does all that a morning does, once: harvest, merge, judge, rank, index, draft
///
/// Example: roundup --home my-roundup run
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    month: month::MonthArg,
}

/// Runs the command.
///
/// # Errors
/// When the home cannot be opened, the draft on disk is broken, or a file cannot be written.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Write, term)?;
    let due = ctx.clock.now();
    ctx.store.begin_job("run", due, due)?;
    let harvested = open::block_on(async { harvest::harvest(&ctx, &[]).await })?;
    let month = args.month.of(&ctx);
    // What was rendered may be with its readers: later papers wait for the next issue.
    let is_rendered = !args.month.is_given() && ctx.store.issue_manifest(month)?.is_some();
    let drafted = if is_rendered { Ok(None) } else { pipeline::draft(&ctx, month, false).map(Some) };
    let failed = harvested.sources.iter().filter(|s| s.error.is_some()).count();
    let outcome = match (&drafted, failed) {
        (Err(error), _) => format!("no draft: {error}"),
        (Ok(_), 0) => "done".to_owned(),
        (Ok(_), n) => format!("done; {n} sources failed"),
    };
    ctx.store.end_job("run", due, ctx.clock.now(), &JobEnd::done(outcome))?;
    if !global.json {
        harvest::print(&harvested, term);
        term.line("");
    }
    let drafted = drafted?;
    pipeline::update_index(&ctx, false)?;
    let trouble = pipeline::remind(&ctx, "")?.trouble;
    if let Some(why) = &trouble {
        term.note(&format!("the secretariat could not be reminded: {why}"));
    }
    if global.json {
        term.json(&serde_json::json!({ "harvest": harvested, "draft": drafted }))?;
    } else if let Some(drafted) = &drafted {
        month::print_draft(&ctx, drafted, term);
    } else {
        term.line(&format!("the issue of {} is rendered; what came since waits for the next one", month.long_name()));
        term.line(&format!("  (`roundup draft {month}` brings it in all the same)"));
    }
    let problems = drafted.map(|d| d.problems).unwrap_or_default();
    for problem in &problems {
        term.problem(problem);
    }
    Ok(if failed > 0 || trouble.is_some() { Exit::Partly } else { Exit::Done })
}
