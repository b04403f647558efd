//! `roundup harvest` and what `run` shares with it.

use super::Global;
use super::open::{self, Access};
use super::term::{Exit, Terminal};
use crate::model::Severity;
use crate::pipeline::{self, Ctx, HarvestReport, SourceReport};

/// Asks the sources for what is new, merges, judges and indexes it
///
/// Examples: roundup harvest · roundup harvest pubmed who-news · roundup harvest --dry-run
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Source ids from feeds.toml; all that are enabled when none is named
    sources: Vec<String>,
    /// Say what would be asked, and ask nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command.
///
/// # Errors
/// When the home cannot be opened or the database refuses.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Write, term)?;
    if args.dry_run {
        return plan(&ctx, &args.sources, global, term);
    }
    let report = open::block_on(async { harvest(&ctx, &args.sources).await })?;
    if global.json {
        term.json(&report)?;
    } else {
        print(&report, term);
    }
    Ok(if report.has_failures() { Exit::Partly } else { Exit::Done })
}

/// Prints what would be asked.
fn plan(ctx: &Ctx, only: &[String], global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    for planned in pipeline::plan(ctx, only)? {
        if global.json {
            term.json(&planned)?;
        } else {
            term.line(&format!("  {}: {}", planned.name, planned.what));
        }
    }
    if !global.json {
        term.line("nothing was asked");
    }
    Ok(Exit::Done)
}

/// Harvests, judges and indexes.
///
/// # Errors
/// When the database refuses or the index cannot be written.
pub async fn harvest(ctx: &Ctx, only: &[String]) -> anyhow::Result<HarvestReport> {
    let report = pipeline::harvest(ctx, only).await?;
    pipeline::judge(ctx)?;
    pipeline::update_index(ctx, false)?;
    Ok(report)
}

/// Most problems printed for one source; the rest is counted.
const PROBLEMS_SHOWN: usize = 5;

/// Prints a line a source, with its problems below.
pub fn print(report: &HarvestReport, term: &mut Terminal) {
    for source in &report.sources {
        term.line(&line(source));
        for note in &source.notes {
            term.line(&format!("    {note}"));
        }
        let shown = source.problems.iter().filter(|p| p.severity != Severity::Note);
        for problem in shown.clone().take(PROBLEMS_SHOWN) {
            term.line(&format!("    {}", problem.message));
        }
        let rest = shown.count().saturating_sub(PROBLEMS_SHOWN);
        if rest > 0 {
            term.line(&format!("    and {rest} more like these; --json lists all"));
        }
    }
}

/// Returns what a source brought, in one line.
pub fn line(source: &SourceReport) -> String {
    if let Some(error) = &source.error {
        return format!("  ✗ {}: {error}", source.name);
    }
    let mut parts = vec![format!("{} new", source.new)];
    for (count, word) in
        [(source.merged, "of them already known"), (source.changed, "changed"), (source.withdrawn, "withdrawn")]
    {
        if count > 0 {
            parts.push(format!("{count} {word}"));
        }
    }
    format!("  ✓ {}: {}", source.name, parts.join(", "))
}
