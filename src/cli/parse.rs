//! `roundup parse`.

use super::Global;
use super::term::{Exit, Terminal};

/// Reads files and prints what they hold as record lines
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files to read; - for standard input
    #[arg(required = true)]
    files: Vec<std::path::PathBuf>,
    /// Print each feed file as one line with the feed's own fields
    #[arg(long)]
    feed: bool,
}

/// Runs the command.
///
/// # Errors
/// Never for bad input, which is a problem on standard error.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    if args.feed {
        return super::parse_feed::run(&args.files, global, term);
    }
    Ok(Exit::Bug)
}
