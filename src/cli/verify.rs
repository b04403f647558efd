//! `roundup verify`.

use super::Global;
use super::open::{self, Access};
use super::refused;
use super::term::{Exit, Terminal};
use crate::pipeline::verify::{Extent, Finding, verify, verify_without};
use crate::pipeline::{Config, Error, Home, check_not_lost};

/// Compares everything that is kept with its sums: database, papers, texts, pages, index
///
/// One line a check, each with the command that mends it. Nothing is changed, and a daemon may be at work meanwhile.
/// Where the database is damaged or gone, that is one line, and the pages, the drafts and the newest backup are looked at
/// all the same. Ends with 1 when something is wrong.
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
    let home = Home::new(&global.home);
    let config = open::config(&home, term)?;
    let findings = looked_at(&home, &config, if args.all { Extent::Whole } else { Extent::Sample })?;
    for finding in &findings {
        if global.json {
            term.json(finding)?;
            continue;
        }
        let sign = if finding.is_good { "✓" } else { "✗" };
        let mend = if finding.mend.is_empty() { String::new() } else { format!("; `{}` mends it", finding.mend) };
        term.line(&format!("{sign} {}: {}{mend}", finding.name, finding.says));
    }
    Ok(if findings.iter().all(|f| f.is_good) { Exit::Done } else { Exit::Nothing })
}

/// Looks at everything; without a database that can be read, at what there is beside it.
///
/// # Errors
/// When the home cannot be opened for another reason, or the disk refuses.
fn looked_at(home: &Home, config: &Config, extent: Extent) -> anyhow::Result<Vec<Finding>> {
    let keeping = &config.settings.keeping;
    let progress = open::progress();
    let without = |finding| -> anyhow::Result<Vec<Finding>> {
        let found = verify_without(home, keeping, finding, &progress);
        progress("");
        Ok(found?)
    };
    if let Err(lost) = check_not_lost(home, keeping) {
        return without(Finding::of_no_database(in_one_line(&lost)));
    }
    let opened = open::open_with(home.clone(), config.clone(), Access::Read, open::clock()?, open::fetch()?);
    match opened.and_then(|ctx| Ok(verify(&ctx, extent)?)) {
        Err(error) if refused::is_damage(&error) => without(Finding::of_damage(super::causes(&error))),
        other => other,
    }
}

/// Returns an error with what to do in one line.
pub(super) fn in_one_line(error: &Error) -> String {
    error.to_string().replace("\n  help: ", "; ")
}
