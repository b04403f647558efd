//! `roundup import`.

use std::path::PathBuf;

use super::Global;
use super::inputs;
use super::open::{self, Access};
use super::term::{Exit, Terminal};
use crate::pipeline::{self, HarvestReport, SourceReport};

/// Brings in files: RIS, BibTeX, EndNote XML, CSL-JSON, CSV, .nbib, PubMed XML, saved feeds
///
/// Examples: roundup import export.ris search.nbib · roundup import --dry-run export.ris
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files to read; - for standard input, gzip is unpacked
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Say what would come in, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command.
///
/// # Errors
/// When the home cannot be opened or the database refuses.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Write, term)?;
    let mut report = HarvestReport::default();
    for path in &args.files {
        let name = path.display().to_string();
        (ctx.progress)(&format!("reading {name}"));
        let part = match inputs::open(path) {
            Ok(stream) => pipeline::import(&ctx, &name, stream, args.dry_run)?,
            Err(problem) => {
                let error = Some(problem.message.clone());
                SourceReport {
                    id: "import".to_owned(),
                    name,
                    error,
                    problems: vec![problem],
                    ..SourceReport::default()
                }
            }
        };
        for problem in &part.problems {
            term.problem(problem);
        }
        report.sources.push(part);
    }
    if !args.dry_run {
        pipeline::judge(&ctx)?;
        pipeline::update_index(&ctx, false)?;
    }
    if global.json {
        term.json(&report)?;
    } else {
        for part in &report.sources {
            term.line(&super::harvest::line(part));
        }
        if args.dry_run {
            term.line("nothing was changed");
        }
    }
    let is_lost = report.sources.iter().any(|s| inputs::was_something_lost(&s.problems));
    let is_empty = report.sources.iter().all(|s| s.new + s.changed + s.same + s.withdrawn == 0);
    Ok(match (is_empty, is_lost) {
        (true, _) => Exit::Nothing,
        (false, true) => Exit::Partly,
        (false, false) => Exit::Done,
    })
}
