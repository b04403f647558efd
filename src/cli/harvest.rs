//! `roundup harvest` and what `run` shares with it.

use super::Global;
use super::open::{self, Access};
use super::term::{Exit, Terminal};
use crate::model::Severity;
use crate::pipeline::{self, Ctx, HarvestReport, OFFLINE_QUESTION, SourceReport};

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

/// From so many sources on, one sentence says that no way leads out.
const OFFLINE_MIN: usize = 3;

/// Prints a line a source, with its problems below. What kept most of them from being asked is said
/// once.
pub fn print(report: &HarvestReport, term: &mut Terminal) {
    let offline =
        if seems_offline(&report.sources) { report.sources.iter().filter(|s| is_offline(s)).count() } else { 0 };
    if offline > 0 {
        term.line(&format!("  ✗ nothing answered: this computer seems to be offline ({offline} sources)"));
    }
    for source in report.sources.iter().filter(|s| offline == 0 || !is_offline(s)) {
        term.line(&line(source));
        for note in &source.notes {
            term.line(&format!("    {note}"));
        }
        let shown = source.problems.iter().filter(|p| p.severity != Severity::Note && !is_told(source, &p.message));
        for problem in shown.clone().take(PROBLEMS_SHOWN) {
            term.line(&format!("    {}", problem.message));
        }
        let rest = shown.count().saturating_sub(PROBLEMS_SHOWN);
        if rest > 0 {
            term.line(&format!("    and {rest} more like these; --json lists all"));
        }
    }
}

/// Tells whether a source could not be asked because no way leads out.
fn is_offline(source: &SourceReport) -> bool {
    source.error.as_ref().is_some_and(|e| e.ends_with(OFFLINE_QUESTION))
}

/// Tells whether no way leads out for most of the sources that were tried. When only few fail so,
/// their own hosts are gone, and each is worth its line. Sources that are left alone for now do not
/// count.
fn seems_offline(sources: &[SourceReport]) -> bool {
    let offline = sources.iter().filter(|s| is_offline(s)).count();
    let answered = sources.iter().filter(|s| s.error.is_none() && s.notes.is_empty()).count();
    offline >= OFFLINE_MIN && offline > answered
}

/// Tells whether a problem stands in the error or in a note of its source already.
fn is_told(source: &SourceReport, message: &str) -> bool {
    source.error.iter().chain(&source.notes).any(|told| told.contains(message))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::term::kept::Kept;
    use crate::model::{Place, Problem};

    fn printed(sources: Vec<SourceReport>) -> String {
        let out = Kept::default();
        let mut term = Terminal::into_writers(Box::new(out.clone()), Box::new(Kept::default()));
        print(&HarvestReport { sources }, &mut term);
        drop(term);
        out.text()
    }

    fn source(name: &str, error: Option<&str>) -> SourceReport {
        SourceReport { name: name.to_owned(), error: error.map(str::to_owned), ..SourceReport::default() }
    }

    #[test]
    fn being_offline_is_said_once() {
        let error = "https://example.org/f: the name of the host could not be looked up; is this computer online?";
        let dead = |n: usize| (0..n).map(|i| source(&format!("s{i}"), Some(error)));
        let well = |n: usize| (0..n).map(|i| source(&format!("w{i}"), None));
        for (id, sources, want) in [
            (
                "all",
                dead(18).chain(well(1)).collect(),
                "  ✗ nothing answered: this computer seems to be offline (18 sources)\n  ✓ w0: 0 new\n".to_owned(),
            ),
            ("two", dead(2).collect(), format!("  ✗ s0: {error}\n  ✗ s1: {error}\n")),
            (
                "others answer",
                dead(3).chain(well(3)).collect::<Vec<_>>(),
                format!(
                    "  ✗ s0: {error}\n  ✗ s1: {error}\n  ✗ s2: {error}\n  ✓ w0: 0 new\n  ✓ w1: 0 new\n  ✓ w2: 0 new\n"
                ),
            ),
        ] {
            assert_eq!(printed(sources), want, "{id}");
        }
    }

    #[test]
    fn a_reason_is_told_once() {
        let problem = |text: &str| Problem::error(Place::file("a.pdf"), text);
        let mut inbox = source("Inbox", None);
        inbox.notes = vec!["a.pdf: looks like a PDF; moved to inbox/problems".to_owned()];
        inbox.problems = vec![problem("looks like a PDF"), problem("is cut off")];
        let mut feed = source("Feed", Some("it gave no feed: a login page"));
        feed.problems = vec![problem("a login page")];
        assert_eq!(
            printed(vec![inbox, feed]),
            "  ✓ Inbox: 0 new\n    a.pdf: looks like a PDF; moved to inbox/problems\n    is cut off\n  ✗ Feed: it gave no feed: a login page\n"
        );
    }
}
