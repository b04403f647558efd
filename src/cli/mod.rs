//! The command line: one file a subcommand, thin. The only module that prints.

use clap::{Parser, Subcommand};

mod add;
mod backup;
mod beside;
mod browser;
mod choose;
mod columns;
mod curate;
mod daemon;
mod dedupe;
mod demo;
mod doctor;
mod export;
mod harvest;
mod import;
mod init;
mod inputs;
mod interrupt;
mod last_search;
mod lines;
pub mod log;
mod looks;
mod merge;
mod month;
mod open;
mod ordered;
mod pack;
mod packaging;
mod pager;
mod paper_named;
mod picker;
mod publish;
mod parse;
mod parse_feed;
mod rank;
mod refused;
mod restore;
mod retag;
mod run;
mod saved;
mod search;
mod searchable;
mod served;
mod search_counts;
mod search_json;
mod search_page;
mod shell_words;
mod show;
mod similar;
mod sources;
mod status;
mod sync;
mod styled;
mod tag;
pub mod term;
mod typed;
mod upkeep;
mod verify;

pub use open::terminal;
use term::{Exit, Terminal};

/// Harvests, merges, judges and searches literature on perinatal mental health, and drafts a
/// monthly roundup that people curate. It never sends anything.
///
/// Begin with `roundup demo`: a whole month on invented papers, offline.
#[derive(Debug, Parser)]
#[command(name = "roundup", version, disable_help_subcommand = true, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options that every command takes.
#[derive(Debug, Clone, clap::Args)]
pub struct Global {
    /// Folder to work in: feeds.toml, topics.toml, data, drafts, out
    #[arg(long, global = true, env = "ROUNDUP_HOME", default_value = ".", value_name = "DIR")]
    pub home: std::path::PathBuf,
    /// Print JSON lines for programs
    #[arg(long, global = true)]
    pub json: bool,
}

/// What can be done.
#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Args),
    Init(init::Args),
    Run(run::Args),
    Daemon(daemon::Args),
    Harvest(harvest::Args),
    Import(import::Args),
    Add(add::Args),
    Draft(month::DraftArgs),
    Curate(curate::Args),
    Check(month::CheckArgs),
    Render(month::RenderArgs),
    Publish(publish::Args),
    Merge(merge::Args),
    Search(search::Args),
    Sync(sync::Args),
    Pack(pack::Args),
    Show(show::Args),
    Similar(similar::Args),
    Export(export::Args),
    Saved(saved::Args),
    Explain(upkeep::ExplainArgs),
    Status(status::Args),
    Sources(sources::Args),
    Doctor(doctor::Args),
    Choose(choose::Args),
    Retag(retag::Args),
    Reindex(upkeep::ReindexArgs),
    Rebuild(upkeep::RebuildArgs),
    Verify(verify::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Parse(parse::Args),
    Dedupe(dedupe::Args),
    Tag(tag::Args),
    Rank(rank::Args),
    Completions(packaging::CompletionsArgs),
    Man(packaging::ManArgs),
}

/// Runs one command and returns how it ended.
///
/// # Errors
/// When nothing useful could go on; the message is for people.
pub fn run(cli: &Cli, term: &mut Terminal) -> anyhow::Result<Exit> {
    #[cfg(debug_assertions)]
    open::plan_faults()?;
    let global = &cli.global;
    let home = crate::pipeline::Home::new(&global.home);
    // Those that only look write nothing that could be long, and are to answer at once.
    if !matches!(cli.command, Command::Search(_) | Command::Show(_) | Command::Similar(_)) {
        interrupt::outlive_length_limit();
    }
    restore::finish_cut_off(&home, term)?;
    match &cli.command {
        Command::Demo(args) => demo::run(args, global, term),
        Command::Init(args) => init::run(args, global, term),
        Command::Run(args) => run::run(args, global, term),
        Command::Daemon(args) => daemon::run(args, global, term),
        Command::Harvest(args) => harvest::run(args, global, term),
        Command::Import(args) => import::run(args, global, term),
        Command::Add(args) => add::run(args, global, term),
        Command::Draft(args) => month::draft(args, global, term),
        Command::Curate(args) => curate::run(args, global, term),
        Command::Check(args) => month::check(args, global, term),
        Command::Render(args) => month::render(args, global, term),
        Command::Publish(args) => publish::run(args, global, term),
        Command::Merge(args) => merge::run(args, global, term),
        Command::Search(args) => search::run(args, global, term),
        Command::Sync(args) => sync::run(args, global, term),
        Command::Pack(args) => pack::run(args, global, term),
        Command::Show(args) => searchable::with_mending(&home, term, &mut |term| show::run(args, global, term)),
        Command::Similar(args) => searchable::with_mending(&home, term, &mut |term| similar::run(args, global, term)),
        Command::Export(args) => searchable::with_mending(&home, term, &mut |term| export::run(args, global, term)),
        Command::Saved(args) => searchable::with_mending(&home, term, &mut |term| saved::run(args, global, term)),
        Command::Explain(args) => upkeep::explain(args, global, term),
        Command::Status(args) => status::run(args, global, term),
        Command::Sources(args) => sources::run(args, global, term),
        Command::Doctor(args) => doctor::run(args, global, term),
        Command::Choose(args) => choose::run(args, global, term),
        Command::Retag(args) => retag::run(args, global, term),
        Command::Reindex(args) => upkeep::reindex(args, global, term),
        Command::Rebuild(args) => upkeep::rebuild(args, global, term),
        Command::Verify(args) => verify::run(args, global, term),
        Command::Backup(args) => backup::run(args, global, term),
        Command::Restore(args) => restore::run(args, global, term),
        Command::Parse(args) => parse::run(args, global, term),
        Command::Dedupe(args) => dedupe::run(args, global, term),
        Command::Tag(args) => tag::run(args, global, term),
        Command::Rank(args) => rank::run(args, global, term),
        Command::Completions(args) => packaging::completions(args, global, term),
        Command::Man(args) => packaging::man(args, global, term),
    }
}

/// Returns the exit that an error stands for, and prints what a person needs to know.
pub fn report(error: &anyhow::Error, term: &mut Terminal) -> Exit {
    use crate::pipeline::Error;
    use crate::store::StoreError;
    if let Some(Error::Problems { problems }) = error.downcast_ref::<Error>() {
        for problem in problems {
            term.problem(problem);
        }
        return Exit::Usage;
    }
    let locked = [error.downcast_ref::<StoreError>(), error.downcast_ref::<Error>().and_then(store_error)];
    let help = refused::help(error).map(|help| format!("\n  help: {help}")).unwrap_or_default();
    term.note(&format!("roundup: {}{help}", causes(error)));
    if locked.iter().flatten().any(|e| {
        matches!(
            e,
            StoreError::Locked { .. }
                | StoreError::DaemonThere { .. }
                | StoreError::DraftHeld { .. }
                | StoreError::BackupHeld { .. }
        )
    }) {
        return Exit::Locked;
    }
    Exit::Usage
}

/// Returns an error with what it comes from, in one line. SQLite tells each refusal twice, once with a number that says
/// nothing to people: what only repeats its forerunner is left out.
fn causes(error: &anyhow::Error) -> String {
    let mut told: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        let is_number = cause.starts_with("Error code ");
        if told.is_empty() || !(is_number || told.last().is_some_and(|last| last.ends_with(&cause))) {
            told.push(cause);
        }
    }
    told.join(": ")
}

/// Returns the store's error inside a step's error.
fn store_error(error: &crate::pipeline::Error) -> Option<&crate::store::StoreError> {
    match error {
        crate::pipeline::Error::Store(inner) => Some(inner),
        _ => None,
    }
}
