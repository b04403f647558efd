//! Reading the files that a person names on the command line.

use std::io::{self, Read};
use std::path::Path;

use crate::fsx;
use crate::harvest::parts;
use crate::model::{Place, Problem, Record, Severity};
use crate::normalise::{self, Entry, Sink};

/// How much of a file is read before it is known what it is, in bytes.
const HEAD_BYTES: u64 = 64 << 10;

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a named file whole; `-` is standard input, and gzip is unpacked.
///
/// # Errors
/// One problem that says why it cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let limit = parts::WHOLE_BYTES_MAX as u64 + 1;
    open(path)?.take(limit).read_to_end(&mut bytes).map_err(|e| broken(path, &e))?;
    if bytes.len() > parts::WHOLE_BYTES_MAX { Err(broken(path, &parts::too_large())) } else { Ok(bytes) }
}

/// Opens a named file; `-` is standard input, and gzip is unpacked. Reading past 1 GiB is an error.
///
/// # Errors
/// One problem that says why it cannot be opened.
pub fn open(path: &Path) -> Result<Box<dyn Read + Send>, Problem> {
    let stream: Box<dyn Read + Send> = if path.as_os_str() == "-" {
        Box::new(io::stdin())
    } else if path.is_dir() {
        let problem = Problem::error(Place::file(path.display().to_string()), "is a folder");
        return Err(problem.with_help("name the files in it"));
    } else {
        let file = fsx::open(path).map_err(|e| {
            let cause = std::error::Error::source(&e).map(ToString::to_string).unwrap_or_default();
            Problem::error(Place::file(path.display().to_string()), format!("cannot be read: {cause}"))
        })?;
        Box::new(file)
    };
    parts::unpacked(stream).map_err(|e| broken(path, &e))
}

/// Returns the problem that a stream which breaks while it is read makes.
pub fn broken(path: &Path, error: &io::Error) -> Problem {
    parts::broken(&path.display().to_string(), error)
}

/// A named file that was opened, and what it is.
pub enum Input {
    /// PubMed XML in UTF-8, to be read as it comes.
    Pubmed(Box<dyn Read + Send>),
    /// Another form, read whole.
    Other(Vec<u8>),
}

/// Opens a named file and looks at what it is; beside it, or in its place, the problem with it.
///
/// A file that breaks while it is read gives what came before: a damaged archive may still hold
/// whole records before the damage.
pub fn recognise(path: &Path) -> (Option<Input>, Option<Problem>) {
    let mut stream = match open(path) {
        Ok(stream) => stream,
        Err(problem) => return (None, Some(problem)),
    };
    let mut bytes = Vec::new();
    let mut outcome = stream.by_ref().take(HEAD_BYTES).read_to_end(&mut bytes);
    if outcome.is_ok() {
        if normalise::is_pubmed_stream(&bytes) {
            let mark = if bytes.starts_with(MARK) { MARK.len() as u64 } else { 0 };
            let mut head = io::Cursor::new(bytes);
            head.set_position(mark);
            return (Some(Input::Pubmed(Box::new(head.chain(stream)))), None);
        }
        outcome = stream.take(parts::WHOLE_BYTES_MAX as u64).read_to_end(&mut bytes);
        if bytes.len() > parts::WHOLE_BYTES_MAX {
            return (None, Some(broken(path, &parts::too_large())));
        }
    }
    (Some(Input::Other(bytes)), outcome.err().map(|error| broken(path, &error)))
}

/// Reads one named file in whatever form it is and hands everything to `sink` in its order.
///
/// PubMed XML is read as it comes, one batch in memory at a time; every other form is read whole.
pub fn each(path: &Path, sink: &mut Sink<'_>) {
    let name = path.display().to_string();
    let (input, problem) = recognise(path);
    if let Some(problem) = problem {
        sink(Err(problem));
    }
    match input {
        Some(Input::Pubmed(stream)) => normalise::each_pubmed_from(stream, &name, &name, sink),
        Some(Input::Other(bytes)) => {
            normalise::read_each(&bytes, &name, &name, sink);
        }
        None => {}
    }
}

/// Reads all named files; records in order of the files, problems beside them.
pub fn records(paths: &[std::path::PathBuf]) -> (Vec<Record>, Vec<Problem>) {
    let mut records = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        each(path, &mut |entry| match entry {
            Ok(Entry::Record(record)) => records.push(*record),
            Ok(Entry::Deleted(_)) => {}
            Err(problem) => problems.push(problem),
        });
    }
    (records, problems)
}

/// Tells whether some input was lost.
pub fn was_something_lost(problems: &[Problem]) -> bool {
    problems.iter().any(|p| p.severity == Severity::Error)
}
