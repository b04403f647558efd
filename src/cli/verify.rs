//! `roundup verify`.

use super::Global;
use super::open::{self, Access};
use super::term::{Exit, Terminal};
use crate::pipeline::verify::{Extent, verify};

/// Compares everything that is kept with its sums: database, papers, texts, pages, index
///
/// One line a check, each with the command that mends it. Nothing is changed, and a daemon may be at work meanwhile.
/// Ends with 1 when something is wrong.
///
/// Examples: roundup verify · roundup verify --all
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Look at every paper, and at the newest backup; else some hundred papers stand for all
    #[arg(long)]
    all: bool,
}

/// Runs the command.
///
/// # Errors
/// When the home cannot be opened or read.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Read, term)?;
    let findings = verify(&ctx, if args.all { Extent::Whole } else { Extent::Sample })?;
    for finding in &findings {
        if global.json {
            term.json(finding)?;
            continue;
        }
        let sign = if finding.is_good { "✓" } else { "✗" };
        let mend = if finding.is_good { String::new() } else { format!("; `{}` mends it", finding.mend) };
        term.line(&format!("{sign} {}: {}{mend}", finding.name, finding.says));
    }
    Ok(if findings.iter().all(|f| f.is_good) { Exit::Done } else { Exit::Nothing })
}
