//! The command line: one file a subcommand, thin. The only module that prints.

use clap::{Parser, Subcommand};

mod dedupe;
mod inputs;
mod parse;
mod parse_feed;
mod rank;
mod search;
mod tag;
pub mod term;

use term::{Exit, Terminal};

/// Harvests, merges, judges and searches literature on perinatal mental health, and drafts a
/// monthly roundup that people curate. It never sends anything.
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
    Parse(parse::Args),
    Dedupe(dedupe::Args),
    Tag(tag::Args),
    Rank(rank::Args),
    Search(search::Args),
}

/// Runs one command and returns how it ended.
///
/// # Errors
/// When nothing useful could go on; the message is for people.
pub fn run(cli: &Cli, term: &mut Terminal) -> anyhow::Result<Exit> {
    let global = &cli.global;
    match &cli.command {
        Command::Parse(args) => parse::run(args, global, term),
        Command::Dedupe(args) => dedupe::run(args, global, term),
        Command::Tag(args) => tag::run(args, global, term),
        Command::Rank(args) => rank::run(args, global, term),
        Command::Search(args) => search::run(args, global, term),
    }
}
