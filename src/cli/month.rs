//! `roundup draft`, `check` and `render`: what is done about a month's issue.

use super::Global;
use super::open::{self, Access};
use super::sync::{candidates, papers};
use super::term::{Exit, Terminal};
use crate::fsx;
use crate::model::{Month, Place, Problem, Severity};
use crate::pipeline::{self, Ctx, Error};

/// A month on the command line.
#[derive(Debug, Clone, clap::Args)]
pub struct MonthArg {
    /// Month of the issue, YYYY-MM; the month before this one when not given
    #[arg(value_parser = parse_month)]
    month: Option<Month>,
}

/// Reads a month argument.
///
/// # Errors
/// When the text is no month.
pub fn parse_month(text: &str) -> Result<Month, String> {
    Month::parse(text).ok_or_else(|| "a month is written as YYYY-MM, such as 2026-10".to_owned())
}

impl MonthArg {
    /// Tells whether a month was named.
    pub fn is_given(&self) -> bool {
        self.month.is_some()
    }

    /// Returns the month that is meant.
    pub fn of(&self, ctx: &Ctx) -> Month {
        self.month.unwrap_or_else(|| ctx.issue_month())
    }
}

/// Writes the month's draft, or brings the news into it without losing a word
///
/// Examples: roundup draft · roundup draft 2026-10 --dry-run
#[derive(Debug, clap::Args)]
pub struct DraftArgs {
    #[command(flatten)]
    month: MonthArg,
    /// Print the file as it would become; write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Lists what stands in the way: mistakes in settings and draft, each with its line
///
/// Example: roundup check 2026-10
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    #[command(flatten)]
    month: MonthArg,
}

/// Writes the email, the page, the archive, citations and manifest from the draft
///
/// Example: roundup render 2026-10
#[derive(Debug, clap::Args)]
pub struct RenderArgs {
    #[command(flatten)]
    month: MonthArg,
}

/// Runs `draft`.
///
/// # Errors
/// When the home cannot be opened, the draft on disk is broken, or a file cannot be written.
pub fn draft(args: &DraftArgs, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Write, term)?;
    let month = args.month.of(&ctx);
    pipeline::judge(&ctx)?;
    let report = pipeline::draft(&ctx, month, args.dry_run)?;
    if args.dry_run {
        term.raw(report.text.as_bytes());
        return Ok(Exit::Done);
    }
    pipeline::update_index(&ctx, false)?;
    if global.json {
        term.json(&report)?;
    } else {
        print_draft(&ctx, &report, term);
    }
    for problem in &report.problems {
        term.problem(problem);
    }
    Ok(if report.problems.is_empty() { Exit::Done } else { Exit::Nothing })
}

/// Prints what drafting did.
pub fn print_draft(ctx: &Ctx, report: &pipeline::DraftReport, term: &mut Terminal) {
    let path = ctx.home.draft(report.month);
    let state = if report.is_changed { "written" } else { "already up to date" };
    term.line(&format!(
        "{} {state}: {} chosen, {} behind them",
        path.display(),
        papers(report.items),
        candidates(report.candidates)
    ));
    if report.decisions > 0 {
        let (count, verb) = if report.decisions == 1 { ("question", "waits") } else { ("questions", "wait") };
        term.line(&format!("  {} {count} {verb} for your answer in it", report.decisions));
    }
    if report.answers > 0 {
        term.line(&format!("  your answers were taken in: {}", report.answers));
    }
    if report.choices > 0 {
        term.line(&format!(
            "  what you said of papers was taken in: {} (`roundup choose --log` lists it)",
            report.choices
        ));
    }
    for change in &report.changes {
        term.line(&format!("  {change}"));
    }
    for note in &report.notes {
        term.line(&format!("  {note}"));
    }
}

/// Runs `check`.
///
/// # Errors
/// When a file cannot be read.
pub fn check(args: &CheckArgs, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let home = pipeline::Home::new(&global.home);
    let (config, problems) = pipeline::load_config(&home)?;
    let Some(config) = config else {
        return Ok(print_check(&problems, &[], global, term)?.max_usage());
    };
    let mut problems = problems;
    problems.extend(placeholders(&home)?);
    if !home.database().exists() {
        let report = pipeline::Upcoming::of(&config.settings, open::clock()?.now());
        return print_check(&problems, &report, global, term);
    }
    let ctx = open::open_with(home, config, Access::Read, open::clock()?, open::fetch()?)?;
    let report = pipeline::check(&ctx, args.month.of(&ctx))?;
    let mut all = problems;
    all.extend(report.problems);
    print_check(&all, &report.upcoming, global, term)
}

/// What stands in a new `feeds.toml` for the addresses of the community.
const PLACEHOLDERS: [(&str, &str, &str); 2] = [
    ("web-address", "https://example.org/roundup", "write where the pages will stand, or \"\" when nowhere yet"),
    ("contact", "roundup@example.org", "write the address that readers may write to, or \"\" for none"),
];

/// Returns a warning for each address that is still the one a new home has: readers would get it. The
/// demo's addresses are invented like all else in it.
fn placeholders(home: &pipeline::Home) -> anyhow::Result<Vec<Problem>> {
    let mut out = Vec::new();
    if home.root().join(super::demo::MARK).exists() {
        return Ok(out);
    }
    let text = fsx::read_text_if_there(&home.root().join("feeds.toml"))?.unwrap_or_default();
    for (key, value, help) in PLACEHOLDERS {
        let is_it = |line: &str| {
            let mut parts = line.splitn(2, '=').map(str::trim);
            parts.next() == Some(key) && parts.next().is_some_and(|v| v.starts_with(&format!("\"{value}\"")))
        };
        if let Some(line) = text.lines().position(is_it) {
            let problem = Problem::warning(Place::at("feeds.toml", line + 1, 1), format!("{key} is still {value}"));
            out.push(problem.with_help(help));
        }
    }
    Ok(out)
}

/// Prints problems and coming runs.
fn print_check(
    problems: &[Problem],
    upcoming: &[pipeline::Upcoming],
    global: &Global,
    term: &mut Terminal,
) -> anyhow::Result<Exit> {
    let is_bad = problems.iter().any(|p| p.severity == Severity::Error);
    if global.json {
        for problem in problems {
            term.json(problem)?;
        }
    } else {
        for problem in problems {
            term.line(&problem.to_string());
        }
        if problems.is_empty() {
            term.line("no problems found");
        }
        for line in upcoming {
            term.line(&format!("next {}: {}", line.name, line.runs.join(" · ")));
        }
    }
    Ok(if is_bad || problems.iter().any(|p| p.severity == Severity::Warning) { Exit::Nothing } else { Exit::Done })
}

impl Exit {
    /// Returns "wrong usage or configuration" for anything that is not done.
    fn max_usage(self) -> Self {
        if self == Self::Done { self } else { Self::Usage }
    }
}

/// Runs `render`.
///
/// # Errors
/// When there is no draft, it has errors, a template fails, or a file cannot be written.
pub fn render(args: &RenderArgs, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Write, term)?;
    let month = args.month.of(&ctx);
    pipeline::judge(&ctx)?;
    let report = match pipeline::render(&ctx, month) {
        Err(Error::Missing(text)) => {
            term.note(&text);
            return Ok(Exit::Nothing);
        }
        other => other?,
    };
    pipeline::update_index(&ctx, false)?;
    if global.json {
        term.json(&report)?;
        return Ok(Exit::Done);
    }
    term.line(&format!("rendered the issue of {} with {}:", month.long_name(), papers(report.items)));
    for (name, is_changed) in &report.files {
        let path = ctx.home.out().join(name);
        let state = if *is_changed { "" } else { "  (unchanged)" };
        term.line(&format!("  {}{state}", path.display()));
    }
    Ok(Exit::Done)
}
