//! `roundup parse --feed`.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::term::{Exit, Terminal};
use super::{Global, inputs};
use crate::model::Problem;
use crate::normalise::feed::{self, Feed};

/// Files read side by side at most; each holds its feed in memory.
const WORKERS_MAX: usize = 4;

/// Files read before their lines are printed, for each worker: enough that none waits for long.
const FILES_PER_WORKER: usize = 8;

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

/// What came of one file.
struct Answer {
    problems: Vec<Problem>,
    line: Vec<u8>,
    is_feed: bool,
}

/// Prints one line a file: the feed's own fields, or why it is no feed. Files are read side by
/// side; lines and problems come in the order of the files.
///
/// # Errors
/// Never for bad input.
pub fn run(files: &[PathBuf], _global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(WORKERS_MAX);
    let mut feeds = 0;
    for some in files.chunks(workers * FILES_PER_WORKER) {
        for answer in read_all(some, workers) {
            if term.is_closed() {
                break;
            }
            let answer = answer?;
            for problem in &answer.problems {
                term.problem(problem);
            }
            term.raw(&answer.line);
            feeds += usize::from(answer.is_feed);
        }
    }
    Ok(match feeds {
        0 => Exit::Nothing,
        n if n == files.len() => Exit::Done,
        _ => Exit::Partly,
    })
}

/// Reads files with several workers, each of which takes the next; answers are in their order.
fn read_all(files: &[PathBuf], workers: usize) -> Vec<anyhow::Result<Answer>> {
    if workers < 2 || files.len() < 2 {
        return files.iter().map(|f| read_one(f)).collect();
    }
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(files.len()));
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = files.get(at) else { break };
                    let answer = read_one(file);
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((at, answer));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, answer)| answer).collect()
}

/// Reads one file into its line.
fn read_one(path: &Path) -> anyhow::Result<Answer> {
    let file = path.display().to_string();
    let read = match inputs::read(path) {
        Ok(bytes) => feed::read_feed(&bytes, None, &file).map_err(|e| (e.reason, Vec::new())),
        Err(problem) => Err((problem.message.clone(), vec![problem])),
    };
    let (line, problems, is_feed) = match &read {
        Ok((feed, problems)) => (Line { file, ok: true, doc: Some(feed), reason: None }, problems, true),
        Err((reason, problems)) => (Line { file, ok: false, doc: None, reason: Some(reason.clone()) }, problems, false),
    };
    let mut text = Vec::new();
    super::term::push_json(&mut text, &line)?;
    text.push(b'\n');
    Ok(Answer { problems: problems.clone(), line: text, is_feed })
}
