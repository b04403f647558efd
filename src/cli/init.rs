//! `roundup init`.

use std::path::{Path, PathBuf};

use anyhow::bail;

use super::Global;
use super::term::{Exit, Terminal};
use crate::config::{FEEDS_DEFAULT, QUERY_DEFAULT, countries, topics};
use crate::fsx;

/// Makes a folder to work in, with commented settings
///
/// Example: roundup init my-roundup
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder to make; files that are there are left alone
    dir: PathBuf,
    /// Only say what would be written
    #[arg(long)]
    dry_run: bool,
}

/// The files of a new home.
const FILES: [(&str, &str); 4] = [
    ("feeds.toml", FEEDS_DEFAULT),
    ("pubmed-query.txt", QUERY_DEFAULT),
    ("topics.toml", topics::DEFAULT),
    ("countries.csv", countries::DEFAULT),
];

/// Writes what is missing in a folder. Returns the names written.
///
/// # Errors
/// When the folder cannot be written to.
pub fn write_missing(dir: &Path, is_dry: bool) -> anyhow::Result<Vec<&'static str>> {
    let mut written = Vec::new();
    for (name, text) in FILES {
        if dir.join(name).exists() {
            continue;
        }
        if !is_dry {
            fsx::write_atomic(&dir.join(name), text.as_bytes())?;
        }
        written.push(name);
    }
    if !is_dry {
        for folder in ["inbox", "drafts", "templates"] {
            fsx::make_folder(&dir.join(folder))?;
        }
    }
    Ok(written)
}

/// Runs the command.
///
/// # Errors
/// When the folder cannot be written to.
pub fn run(args: &Args, _global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    if args.dir.is_file() {
        bail!("{} is a file; name a folder", args.dir.display());
    }
    let written = write_missing(&args.dir, args.dry_run)?;
    let dir = args.dir.display();
    if written.is_empty() {
        term.line(&format!("{dir} has all its files; nothing was changed"));
        return Ok(Exit::Done);
    }
    let verb = if args.dry_run { "would write" } else { "wrote" };
    term.line(&format!("{verb} {} in {dir}", written.join(", ")));
    if !args.dry_run {
        term.line("");
        term.line("Next:");
        term.line(&format!("  1. open {dir}/feeds.toml and put in your community's name and addresses"));
        term.line(&format!("  2. roundup --home {dir} check     finds mistakes in it"));
        term.line(&format!("  3. roundup --home {dir} doctor --online     asks each source whether it answers"));
        term.line(&format!("  4. roundup --home {dir} run       harvests and writes the first draft"));
        term.line(&format!("  5. roundup --home {dir} daemon    does so by itself from then on"));
        term.line("PubMed asks who you are: set NCBI_EMAIL to your mail address before 3.");
    }
    Ok(Exit::Done)
}
