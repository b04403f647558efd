//! `roundup parse --feed`.

use std::path::{Path, PathBuf};

use super::term::{Exit, Terminal};
use super::{Global, inputs};
use crate::normalise::feed::{self, Feed};

/// One line of output.
#[derive(Debug, serde::Serialize)]
struct Line<'a> {
    file: String,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    doc: Option<&'a Feed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// Prints one line a file: the feed's own fields, or why it is no feed.
///
/// # Errors
/// Never for bad input.
pub fn run(files: &[PathBuf], _global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let mut feeds = 0;
    for path in files {
        if term.is_closed() {
            break;
        }
        feeds += usize::from(print_one(path, term)?);
    }
    Ok(match feeds {
        0 => Exit::Nothing,
        n if n == files.len() => Exit::Done,
        _ => Exit::Partly,
    })
}

/// Prints the line of one file and tells whether it is a feed.
fn print_one(path: &Path, term: &mut Terminal) -> anyhow::Result<bool> {
    let name = path.display().to_string();
    let read = match inputs::read(path) {
        Ok(bytes) => feed::read_feed(&bytes, None, &name).map_err(|e| e.reason),
        Err(problem) => {
            let reason = problem.message.clone();
            term.problem(&problem);
            Err(reason)
        }
    };
    match read {
        Ok((feed, problems)) => {
            for problem in &problems {
                term.problem(problem);
            }
            term.json(&Line { file: name, ok: true, doc: Some(&feed), reason: None })?;
            Ok(true)
        }
        Err(reason) => {
            term.json(&Line { file: name, ok: false, doc: None, reason: Some(reason) })?;
            Ok(false)
        }
    }
}
