//! `roundup draft`, `check` and `render`: what is done about a month's issue.

use std::collections::BTreeMap;

use super::Global;
use super::open::{self, Access};
use super::sync::{candidates, papers};
use super::term::{Exit, Terminal};
use crate::fsx;
use crate::model::{EMAIL_CLIP_BYTES, Month, Place, Problem, Severity};
use crate::pipeline::{self, Ctx, EmailSize, Error};

mod history;
mod watch;

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
/// Every text that a draft had is kept: `draft history` lists them, `draft restore` puts one back.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, after_help = DRAFT_EXAMPLES)]
pub struct DraftArgs {
    #[command(subcommand)]
    action: Option<history::Action>,
    #[command(flatten)]
    month: MonthArg,
    /// Print the file as it would become; write nothing
    #[arg(long)]
    dry_run: bool,
}

const DRAFT_EXAMPLES: &str = "\
Examples:
  roundup draft                            the draft of the month before this one
  roundup draft 2026-10 --dry-run          what the file would become
  roundup draft history 2026-10            every text it had, newest first
  roundup draft history 2026-10 --diff 3   what changed in the file since text 3
  roundup draft restore 2026-10 3          puts text 3 back; what lies there is kept";

/// Lists what stands in the way: mistakes in settings and draft, each with its line
///
/// Examples: roundup check 2026-10 · roundup check --links
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    #[command(flatten)]
    month: MonthArg,
    /// Ask every link of the issue whether it leads anywhere; takes a minute or two
    #[arg(long)]
    links: bool,
}

/// Writes the email, the page, the archive, citations and manifest from the draft
///
/// With --watch it writes nothing and shows email and page in the browser instead, anew after each save of the draft,
/// of feeds.toml or of a file under templates/, until Ctrl-C.
///
/// Examples: roundup render 2026-10 · roundup render 2026-10 --watch
#[derive(Debug, clap::Args)]
pub struct RenderArgs {
    #[command(flatten)]
    month: MonthArg,
    /// Show it in the browser and follow every save; write nothing
    #[arg(long)]
    watch: bool,
    /// With --watch: port to listen on; 8572, or a free one when that is taken
    #[arg(long, requires = "watch")]
    port: Option<u16>,
    /// With --watch: do not start a browser
    #[arg(long, requires = "watch")]
    no_open: bool,
    /// Take back an issue that should not have been made, as of a mistaken month: archive and feed list it no
    /// longer. Its draft stays
    #[arg(long, conflicts_with = "watch", requires = "month")]
    withdraw: bool,
}

/// Runs `draft`.
///
/// # Errors
/// When the home cannot be opened, the draft on disk is broken, or a file cannot be written.
pub fn draft(args: &DraftArgs, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    if let Some(action) = &args.action {
        return history::run(action, global, term);
    }
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
        return Ok(print_check(&problems, None, &[], global, term)?.max_usage());
    };
    let mut problems = problems;
    problems.extend(placeholders(&home)?);
    pipeline::check_not_lost(&home, &config.settings.keeping)?;
    if !home.database().exists() {
        let report = pipeline::Upcoming::of(&config.settings, open::clock()?.now());
        return print_check(&problems, None, &report, global, term);
    }
    let ctx = open::open_with(home, config, Access::Read, open::clock()?, open::fetch()?)?;
    // Whoever checks looks at the folder of drafts next.
    pipeline::remove_left_over(&ctx);
    let month = args.month.of(&ctx);
    let links = if args.links { try_links(&ctx, month, term)? } else { pipeline::LinkReport::default() };
    let report = pipeline::check_with(&ctx, month, &links)?;
    let mut all = problems;
    all.extend(report.problems);
    print_check(&all, report.email, &report.upcoming, global, term)
}

/// Tries the links of a month's issue and says what came of it, on standard error.
fn try_links(ctx: &Ctx, month: Month, term: &mut Terminal) -> anyhow::Result<pipeline::LinkReport> {
    let links = open::block_on(async { Ok(pipeline::try_links(ctx, month).await?) })?;
    let (dead, untried) = (links.dead.len(), links.untried.len());
    let fine = links.asked.saturating_sub(dead + untried);
    let are = |n: usize, one: &str, more: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {more}") };
    term.note(&format!(
        "{}: {}, {}, {untried} could not be tried",
        are(links.asked, "link", "links"),
        are(fine, "is fine", "are fine"),
        are(dead, "leads nowhere", "lead nowhere")
    ));
    Ok(links)
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

/// Returns how large the email will be, and whether mail programs show it whole.
fn size_line(email: EmailSize) -> String {
    let limit = EMAIL_CLIP_BYTES / 1000;
    let fit = if email.fits() { "it fits: Gmail cuts" } else { "it is too large: Gmail cuts" };
    let [raw, tracked] = [email.raw, email.tracked].map(|bytes| bytes.div_ceil(1000));
    format!("the email will have {tracked} kB with the links of a mailing tool ({raw} kB without); {fit} at {limit} kB")
}

/// Prints problems, the size of the email and the coming runs.
fn print_check(
    problems: &[Problem],
    email: Option<EmailSize>,
    upcoming: &[pipeline::Upcoming],
    global: &Global,
    term: &mut Terminal,
) -> anyhow::Result<Exit> {
    let is_bad = problems.iter().any(|p| p.severity == Severity::Error);
    if global.json {
        for problem in problems {
            term.json(problem)?;
        }
        if let Some(email) = email {
            let size = serde_json::json!({ "raw": email.raw, "tracked": email.tracked, "links": email.links,
                "clip_limit": EMAIL_CLIP_BYTES, "fits": email.fits() });
            term.json(&serde_json::json!({ "email": size }))?;
        }
    } else {
        for problem in problems {
            term.line(&problem.to_string());
        }
        if problems.is_empty() {
            term.line("no problems found");
        }
        if let Some(email) = email {
            term.line(&size_line(email));
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
    if args.watch {
        return watch::run(&args.month, args.port, args.no_open, global, term);
    }
    let ctx = open::open(global, Access::Write, term)?;
    let month = args.month.of(&ctx);
    if args.withdraw {
        return withdraw(&ctx, month, global, term);
    }
    pipeline::judge(&ctx)?;
    let report = match pipeline::render(&ctx, month) {
        Err(Error::Missing(text)) => {
            term.note(&text);
            return Ok(Exit::Nothing);
        }
        other => other?,
    };
    level_index(&ctx, month, "made", term)?;
    if global.json {
        term.json(&report)?;
        return Ok(Exit::Done);
    }
    term.line(&format!("rendered the issue of {} with {}:", month.long_name(), papers(report.items)));
    for (name, state) in told_files(&report.files) {
        term.line(&format!("  {}{state}", ctx.home.out().join(name).display()));
    }
    if !report.removed.is_empty() {
        term.line(&format!("removed, since nothing leads there any more: {}", report.removed.join(", ")));
    }
    tell_open(report.open, month, term);
    Ok(Exit::Done)
}

/// Brings the index level with an issue that was `done`, and says so when only that failed.
fn level_index(ctx: &Ctx, month: Month, done: &str, term: &mut Terminal) -> anyhow::Result<()> {
    let levelled = pipeline::update_index(ctx, false);
    if levelled.is_err() {
        term.note(&format!("the issue of {} is {done}; only the search index is behind it", month.long_name()));
    }
    Ok(levelled.map(drop)?)
}

/// Says how much stands open in a draft whose issue is made.
pub fn tell_open(open: usize, month: Month, term: &mut Terminal) {
    match open {
        0 => {}
        1 => term.line(&format!("one thing stands open in its draft: `roundup check {month}` names it")),
        n => term.line(&format!("{n} things stand open in its draft: `roundup check {month}` lists them")),
    }
}

/// Takes an issue back.
fn withdraw(ctx: &Ctx, month: Month, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let report = pipeline::withdraw(ctx, month)?;
    level_index(ctx, month, "withdrawn", term)?;
    if global.json {
        term.json(&report)?;
        return Ok(Exit::Done);
    }
    let removed = report.removed.len();
    let files = if removed == 1 { "file" } else { "files" };
    term.line(&format!("the issue of {} is withdrawn: {removed} {files} removed from out/", month.long_name()));
    term.line(&format!("  its draft stays; `roundup render {month}` makes it again"));
    for tool in &report.placed_in {
        term.line(&format!("  a draft of it was placed in {tool}: delete it there"));
    }
    if !ctx.config.settings.publishing.folder.is_empty() {
        term.line("  the next `roundup publish --to folder` takes its pages out of the published folder");
    }
    Ok(Exit::Done)
}

/// Folders of many small files, which are told as one.
const TOLD_AS_ONE: [&str; 2] = ["cite", "search"];

/// Returns what is told of the files of an issue: a name and what became of it, folders of many small files as one.
fn told_files(files: &[(String, bool)]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut folders: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    for (name, is_changed) in files {
        let folder = name.rsplit_once('/').map(|(folder, _)| folder);
        let is_one = |folder: &&str| folder.rsplit('/').next().is_some_and(|last| TOLD_AS_ONE.contains(&last));
        if let Some(folder) = folder.filter(is_one) {
            let told = folders.entry(folder).or_insert((out.len(), 0, 0));
            if told.1 == 0 {
                out.push((format!("{folder}/"), String::new()));
            }
            told.1 += 1;
            told.2 += usize::from(*is_changed);
        } else {
            let state = if *is_changed { "" } else { "  (unchanged)" };
            out.push((name.clone(), state.to_owned()));
        }
    }
    for (at, count, changed) in folders.into_values() {
        if let Some((_, state)) = out.get_mut(at) {
            let files = super::sync::counted(count, "file");
            *state = match changed {
                0 => format!("  ({files}, unchanged)"),
                changed => format!("  ({files}, {changed} changed)"),
            };
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_small_files_are_told_as_one() {
        let files = [
            ("m/index.html", true),
            ("m/cite/a.ris", true),
            ("m/cite/b.ris", false),
            ("feed.xml", false),
            ("m/search/a.js", true),
        ];
        let told = told_files(&files.map(|(name, is_changed)| (name.to_owned(), is_changed)));
        let told: Vec<String> = told.into_iter().map(|(name, state)| name + &state).collect();
        assert_eq!(
            told,
            [
                "m/index.html",
                "m/cite/  (2 files, 1 changed)",
                "feed.xml  (unchanged)",
                "m/search/  (1 file, 1 changed)"
            ]
        );
    }
}
