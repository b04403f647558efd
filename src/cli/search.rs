//! `roundup search`.

use super::Global;
use super::term::{Exit, Terminal};

/// Searches everything ever indexed, offline
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files to read
    files: Vec<std::path::PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args, _global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    for file in &args.files {
        term.note(&format!("{}: not read yet", file.display()));
    }
    Ok(Exit::Bug)
}
