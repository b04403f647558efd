//! `roundup add`: one paper that a person names.

use std::path::Path;

use anyhow::bail;

use super::Global;
use super::month::parse_month;
use super::open::{self, Access};
use super::term::{Exit, Style, Terminal};
use crate::model::{Author, Month, Record};
use crate::normalise::landing;
use crate::pipeline::{self, AddReport, ByHand, Ctx, DraftPlace, Home, InDraft, Mode, Outcome};

/// Options that write a paper down by hand.
const BY_HAND: [&str; 7] = ["title", "url", "journal", "date", "author", "abstract_text", "doi"];

/// Takes in papers that you name: by DOI, PMID, PMCID or web address, or by hand
///
/// It asks PubMed first, then the DOI register, then the paper's own page. What it finds is judged
/// like any other paper; it says where the paper stands in the draft and how to put it in. A DOI
/// that is here already with an unlike title is told, and both papers are kept (exit code 0).
///
/// Examples: roundup add 10.5555/abc · roundup add PMID: 90000001 · roundup add
/// www.example.org/news/1 · roundup add --title "A report" --url www.example.org/report
#[derive(Debug, clap::Args)]
pub struct Args {
    /// DOI, PMID, PMCID or address, as you copied it; several at once are fine. With ( ) & or ; in it,
    /// put it between '…'
    #[arg(required_unless_present_any = BY_HAND, value_name = "DOI|PMID|URL")]
    what: Vec<String>,
    /// Month of the issue it is for, YYYY-MM; the issue being made when not given
    #[arg(long, value_parser = parse_month)]
    month: Option<Month>,
    /// Only say what would be added
    #[arg(long)]
    dry_run: bool,
    /// By hand: title
    #[arg(long, conflicts_with = "what", help_heading = "By hand")]
    title: Option<String>,
    /// By hand: address of its page
    #[arg(long, help_heading = "By hand")]
    url: Option<String>,
    /// By hand: journal or site
    #[arg(long, help_heading = "By hand")]
    journal: Option<String>,
    /// By hand: when it was published, such as 2026-10-05, 2026-10 or 2026
    #[arg(long, help_heading = "By hand")]
    date: Option<String>,
    /// By hand: an author; give it once for each
    #[arg(long, help_heading = "By hand", value_name = "NAME")]
    author: Vec<String>,
    /// By hand: abstract, or a few sentences about it; it decides about scope and countries
    #[arg(long = "abstract", help_heading = "By hand", value_name = "TEXT")]
    abstract_text: Option<String>,
    /// By hand: DOI
    #[arg(long, help_heading = "By hand")]
    doi: Option<String>,
}

/// Runs the command.
///
/// # Errors
/// When the home cannot be opened, a field given by hand is wrong, or the database refuses.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    if let Some(option) = lonely(args) {
        bail!(
            "{option} writes a paper down by hand, and by hand needs --title as well; without {option}, `roundup add 'ADDRESS'` looks a paper up by its DOI, PMID or address"
        );
    }
    let mode = if args.dry_run { Mode::Try } else { Mode::Take };
    let scratch = tempfile::tempdir()?;
    let ctx = open_for(mode, global, scratch.path(), term)?;
    let month = month_of(args, &ctx)?;
    let reports = match by_hand(args) {
        Some(fields) => vec![pipeline::add_by_hand(&ctx, &fields, month, mode)?],
        None => open::block_on(async { add_all(args, &ctx, month, mode).await })?,
    };
    if mode == Mode::Take {
        pipeline::update_index(&ctx, false)?;
    }
    for report in &reports {
        if global.json {
            term.json(report)?;
        } else {
            print(report, mode, term);
        }
    }
    exit_of(&reports)
}

/// Returns an option that was given and that means nothing without a title.
fn lonely(args: &Args) -> Option<&'static str> {
    if args.title.is_some() {
        return None;
    }
    let given = [
        (args.url.is_some(), "--url"),
        (args.journal.is_some(), "--journal"),
        (args.date.is_some(), "--date"),
        (!args.author.is_empty(), "--author"),
        (args.abstract_text.is_some(), "--abstract"),
        (args.doi.is_some(), "--doi"),
    ];
    given.into_iter().find(|(is_given, _)| *is_given).map(|(_, option)| option)
}

/// Opens the home. Trying needs no database: where there is none yet, an empty one beside the home
/// serves, and nothing is left in the home.
fn open_for(mode: Mode, global: &Global, scratch: &Path, term: &mut Terminal) -> anyhow::Result<Ctx> {
    let home = Home::new(&global.home);
    match mode {
        Mode::Take => open::open(global, Access::Write, term),
        Mode::Try if home.database().exists() => open::open(global, Access::Read, term),
        Mode::Try => {
            let config = open::config(&home, term)?;
            pipeline::check_not_lost(&home, &config.settings.keeping)?;
            open::open_with(Home::new(scratch), config, Access::Write, open::clock()?, open::fetch()?)
        }
    }
}

/// Returns the issue that the papers are for: one that is rendered may be with its readers, so what
/// comes now is for the next.
fn month_of(args: &Args, ctx: &Ctx) -> anyhow::Result<Month> {
    let month = ctx.issue_month();
    let is_rendered = ctx.store.issue_manifest(month)?.is_some();
    Ok(args.month.unwrap_or(if is_rendered { month.next() } else { month }))
}

/// Adds one paper after the other.
async fn add_all(args: &Args, ctx: &Ctx, month: Month, mode: Mode) -> anyhow::Result<Vec<AddReport>> {
    let mut reports = Vec::new();
    for what in landing::join(&args.what) {
        (ctx.progress)(&format!("looking for {what}"));
        reports.push(pipeline::add(ctx, &what, month, mode).await?);
    }
    Ok(reports)
}

/// Returns what was written down by hand, when a title was given.
fn by_hand(args: &Args) -> Option<ByHand> {
    Some(ByHand {
        title: args.title.clone()?,
        url: args.url.clone(),
        journal: args.journal.clone(),
        date: args.date.clone(),
        authors: args.author.clone(),
        abstract_text: args.abstract_text.clone(),
        doi: args.doi.clone(),
    })
}

/// Returns how the command ended: wrong usage when nothing named a paper, else by what was found.
fn exit_of(reports: &[AddReport]) -> anyhow::Result<Exit> {
    if reports.is_empty() {
        bail!("nothing was named; give a DOI, a PMID or an address");
    }
    let found = reports.iter().filter(|r| r.is_found()).count();
    let not_understood = reports.iter().all(|r| r.outcome == Outcome::NotUnderstood);
    Ok(match found {
        _ if not_understood => Exit::Usage,
        0 => Exit::Nothing,
        n if n == reports.len() => Exit::Done,
        _ => Exit::Partly,
    })
}

/// Prints what happened with one paper.
fn print(report: &AddReport, mode: Mode, term: &mut Terminal) {
    let Some(record) = &report.record else { return print_missing(report, term) };
    let head = match (mode, report.outcome) {
        _ if report.found_in.is_empty() && report.is_offline() => "nobody could be asked, but it is here already: ",
        _ if report.found_in.is_empty() => "nobody gave it now, but it is here already: ",
        (Mode::Try, Outcome::New) => "would be added: ",
        (Mode::Try, _) => "is here already: ",
        (Mode::Take, Outcome::New) => "added: ",
        (Mode::Take, Outcome::Same) => "was here already, nothing changed: ",
        (Mode::Take, _) => "was here already, now with what was found: ",
    };
    term.styled(&[(Style::Plain, "✓ "), (Style::Plain, head), (Style::Bold, record.title.as_str())]);
    let citation = citation(record);
    if !citation.is_empty() {
        term.line(&format!("    {citation}"));
    }
    let whence = (!report.found_in.is_empty()).then(|| format!("from {}", report.found_in.join(" and ")));
    let id = report.work.as_ref().map(|id| format!("its id is {id}"));
    term.line(&format!("    {}", whence.into_iter().chain(id).collect::<Vec<_>>().join("; ")));
    if let Some(verdict) = &report.verdict {
        term.line(&format!("    {}", verdict.says));
        if !verdict.seen.is_empty() {
            term.line(&format!("      seen: {}", verdict.seen.join("; ")));
        }
        if !verdict.because.is_empty() {
            term.line(&format!("      by its words: {}", verdict.because.join("; ")));
        }
    }
    for note in report.notes.iter().chain(&report.errors) {
        term.line(&format!("    note: {note}"));
    }
    if let Some(place) = &report.place {
        print_place(place, term);
    }
}

/// Returns who published a paper, where and when.
fn citation(record: &Record) -> String {
    const AUTHORS_SHOWN: usize = 3;
    let mut authors = record.authors.iter().take(AUTHORS_SHOWN).map(Author::short_name).collect::<Vec<_>>().join(", ");
    if record.authors.len() > AUTHORS_SHOWN {
        authors.push_str(" et al.");
    }
    let when = record.published.map(|d| d.to_string());
    let link = record.best_link();
    let parts = [Some(authors), record.journal.clone(), when, link];
    parts.into_iter().flatten().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Says where a paper stands in the draft and how to put it there.
fn print_place(place: &DraftPlace, term: &mut Terminal) {
    let month = place.month.long_name();
    let file = &place.file;
    let draft = format!("`roundup draft {}`", place.month);
    let says = match place.stands {
        InDraft::Item => format!("it is in {file} already, as an item"),
        InDraft::Candidate => {
            format!("it is in {file} already, as a candidate: change  keep = false  to  keep = true  in its block")
        }
        InDraft::WillBeItem => format!("{draft} will put it into the issue of {month}"),
        InDraft::WillBeCandidate => format!("{draft} will list it among the candidates for {month}"),
        InDraft::WillBeAsked => format!("{draft} will ask you whether it is in scope"),
        InDraft::LeftOut => {
            let why = place.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            format!("the machine will not propose it for {month}{why}")
        }
        InDraft::SentBefore => {
            let sent = place.sent.map(Month::long_name).unwrap_or_default();
            format!("it was in the issue of {sent}; readers have it already")
        }
    };
    term.line(&format!("    {says}"));
    let is_needed = matches!(place.stands, InDraft::WillBeCandidate | InDraft::WillBeAsked | InDraft::LeftOut);
    if !is_needed {
        return;
    }
    let first = if place.is_there { String::new() } else { format!("run {draft} first, then ") };
    term.line(&format!("    to have it in the issue for certain, {first}paste these lines into {file},"));
    term.line("    under the heading of the section that they name:");
    term.line("");
    for line in place.block.lines() {
        term.line(line);
    }
    term.line("");
}

/// Says why nothing was added, and what to do.
fn print_missing(report: &AddReport, term: &mut Terminal) {
    term.note(&format!("✗ {}: nothing was added", report.asked));
    for error in &report.errors {
        term.note(&format!("    {error}"));
    }
    let help = if report.outcome == Outcome::NotUnderstood {
        "copy the DOI (10.…), the PMID (a number) or the address (https://…) of the paper and try again"
    } else if report.is_offline() {
        "try again when this computer is online; or add it by hand: roundup add --title \"…\" --url \"https://…\" --date 2026-10"
    } else {
        "check it, or try the paper's DOI, PMID or another address; or add it by hand: roundup add --title \"…\" --url \"https://…\" --date 2026-10"
    };
    term.note(&format!("  help: {help}"));
}
