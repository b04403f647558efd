//! Reading the files that a person names on the command line.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::fsx;
use crate::harvest::parts;
use crate::model::{Place, Problem, Record, Severity};
use crate::normalise::record_lines::is_line_stream;
use crate::normalise::{self, Entry, Sink};

mod record_lines;

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

/// Opens a named file; `-` is standard input, and gzip is unpacked. Reading past 4 GiB is an error.
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

/// Returns the one name by which a file is known, to tell whether two paths mean the same. One that is there may
/// have several names; one that is not yet there has no other.
pub fn whole_path(path: &Path) -> PathBuf {
    path.canonicalize().or_else(|_| std::path::absolute(path)).unwrap_or_else(|_| path.to_owned())
}

/// Returns the problem that a stream which breaks while it is read makes.
pub fn broken(path: &Path, error: &io::Error) -> Problem {
    parts::broken(&path.display().to_string(), error)
}

/// A named file that was opened, and what it is.
pub enum Input {
    /// PubMed XML in UTF-8, to be read as it comes.
    Pubmed(Box<dyn Read + Send>),
    /// Record lines in UTF-8, to be read as they come.
    Lines(Box<dyn Read + Send>),
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
        let is_pubmed = normalise::is_pubmed_stream(&bytes);
        if is_pubmed || is_line_stream(&bytes) {
            let mark = if bytes.starts_with(MARK) { MARK.len() as u64 } else { 0 };
            let mut head = io::Cursor::new(bytes);
            head.set_position(mark);
            let whole = Box::new(head.chain(stream));
            return (Some(if is_pubmed { Input::Pubmed(whole) } else { Input::Lines(whole) }), None);
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
/// PubMed XML and record lines are read as they come, a few batches in memory at a time; every other
/// form is read whole.
fn each(path: &Path, sink: &mut Sink<'_>) {
    let name = path.display().to_string();
    let (input, problem) = recognise(path);
    if let Some(problem) = problem {
        sink(Err(problem));
    }
    match input {
        Some(Input::Pubmed(stream)) => normalise::each_pubmed_from(stream, &name, &name, sink),
        Some(Input::Lines(stream)) => record_lines::each(stream, &name, sink),
        Some(Input::Other(bytes)) => {
            normalise::read_each(&bytes, &name, &name, sink);
        }
        None => {}
    }
}

/// Reads a stream of record lines and hands everything to `sink` in its order.
pub fn each_line(stream: Box<dyn Read + Send>, name: &str, sink: &mut Sink<'_>) {
    record_lines::each(stream, name, sink);
}

/// Reads all named files; records in order of the files, problems beside them.
pub fn records(paths: &[PathBuf]) -> (Vec<Record>, Vec<Problem>) {
    let mut records = Vec::new();
    let problems = each_record(paths, &mut |record| records.push(record));
    (records, problems)
}

/// Reads all named files and hands their records to `take`, in order of the files, as they are read.
/// Returns the problems.
pub fn each_record(paths: &[PathBuf], take: &mut dyn FnMut(Record)) -> Vec<Problem> {
    let mut problems = Vec::new();
    for path in paths {
        each(path, &mut |entry| match entry {
            Ok(Entry::Record(record)) => take(*record),
            Ok(Entry::Deleted(_)) => {}
            Err(problem) => problems.push(problem),
        });
    }
    problems
}

/// Tells whether some input was lost.
pub fn was_something_lost(problems: &[Problem]) -> bool {
    problems.iter().any(|p| p.severity == Severity::Error)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of several batches with records that have no id, lines that wrap several records or
    /// none, broken lines and empty ones.
    fn many_lines() -> String {
        let line = |n: usize| match n % 50 {
            3 => "{\"title\":".to_owned(),
            17 => String::new(),
            23 => format!("{{\"items\":[{{\"title\":\"first {n}\"}},{{\"title\":\"second {n}\"}}]}}"),
            31 => format!("{{\"id\":\"pmid:{}\",\"deleted\":true}}", 90_000_000 + n),
            41 => format!("{{\"title\":\"{n}\",\"doi\":\"none\"}}\r"),
            _ => format!("{{\"title\":\"Zo\u{eb} {n}\",\"abstract\":\"{}\"}}", "words ".repeat(60)),
        };
        (0..6_000).map(|n| line(n) + "\n").collect()
    }

    #[test]
    fn record_lines_are_read_the_same_in_batches_and_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("many.jsonl");
        let text = many_lines();
        assert!(text.len() > 2 << 20, "several batches");
        for (note, bytes) in [
            ("UTF-8", text.clone().into_bytes()),
            ("no line feed at the end", text.trim_end().as_bytes().to_vec()),
            ("a byte order mark", [MARK, text.as_bytes()].concat()),
            (
                "not UTF-8",
                text.replace('\u{eb}', "?").into_bytes().iter().map(|b| if *b == b'?' { 0xeb } else { *b }).collect(),
            ),
        ] {
            fsx::write_atomic(&path, &bytes).expect("writes");
            let name = path.display().to_string();
            let whole = normalise::read(&bytes, &name, &name);
            let (records, problems) = records(std::slice::from_ref(&path));
            assert_eq!(records.len(), whole.records.len(), "{note}");
            assert!(records == whole.records, "{note}");
            assert_eq!(problems, whole.problems, "{note}");
        }
    }

    #[test]
    fn a_packed_file_that_breaks_off_gives_what_came_before() {
        use std::io::Write;
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(many_lines().as_bytes()).expect("packs");
        let packed = packed.finish().expect("packs");
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.jsonl.gz");
        fsx::write_atomic(&path, packed.get(..packed.len() - 20).expect("long")).expect("writes");
        let (records, problems) = records(&[path]);
        assert!(records.len() > 100);
        let last = problems.last().expect("a problem");
        assert!(last.to_string().contains("ends too early"), "{last}");
    }
}
