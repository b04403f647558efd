//! `roundup parse`.

use std::path::PathBuf;

use serde_json::json;

use super::term::{Exit, Terminal};
use super::{Global, inputs};
use crate::model::{Problem, Severity};
use crate::normalise::Entry;

/// Reads files and prints what they hold as record lines
///
/// Reads PubMed XML, .nbib, RIS, CSV, record lines and feeds, also gzipped, told apart by content.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  roundup parse export.ris > records.jsonl
  curl -s ADDRESS | roundup parse -
  roundup parse --feed journal.xml")]
pub struct Args {
    /// Files to read; - for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print each feed file as one line with the feed's own fields
    #[arg(long)]
    feed: bool,
}

/// What came out of all files so far.
#[derive(Default)]
struct Tally {
    entries: usize,
    is_lossy: bool,
    /// The first line that could not be written as JSON, which is our own mistake.
    broken: Option<anyhow::Error>,
}

/// Runs the command: records in the order of the files, each as it is read; problems on standard
/// error. Ends with 1 when nothing was found and with 3 when some input was lost.
///
/// # Errors
/// Never for bad input, which is a problem on standard error.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    if args.feed {
        return super::parse_feed::run(&args.files, global, term);
    }
    let mut tally = Tally::default();
    for path in &args.files {
        inputs::each(path, &mut |entry| tally.take(entry, term));
        if term.is_closed() {
            break;
        }
    }
    if let Some(error) = tally.broken {
        return Err(error);
    }
    if tally.entries == 0 && !tally.is_lossy {
        term.note("no records found");
    }
    Ok(match (tally.entries, tally.is_lossy) {
        (0, _) => Exit::Nothing,
        (_, true) => Exit::Partly,
        (_, false) => Exit::Done,
    })
}

impl Tally {
    /// Prints one entry or problem and counts it.
    fn take(&mut self, entry: Result<Entry, Problem>, term: &mut Terminal) {
        let printed = match entry {
            Ok(Entry::Record(record)) => term.json(&*record),
            Ok(Entry::Deleted(pmid)) => term.json(&json!({"id": format!("pmid:{pmid}"), "deleted": true})),
            Err(problem) => {
                self.is_lossy |= problem.severity == Severity::Error;
                term.problem(&problem);
                return;
            }
        };
        self.entries += 1;
        if let Err(error) = printed {
            self.broken.get_or_insert(error);
        }
    }
}
