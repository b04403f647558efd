//! Record lines of any size: cut into batches of whole lines, read on all processors.

use std::io::{self, Read};

use crate::cli::ordered;
use crate::harvest::parts;
use crate::model::{Problem, Severity};
use crate::normalise::record_lines::{Before, read_lines};
use crate::normalise::{Entry, Sink};

/// About how much is read at once, in bytes; a batch ends with a line.
const BATCH_BYTES: u64 = 1 << 20;

/// The longest line that is read, in bytes: no record has so much.
const LINE_BYTES_MAX: usize = 64 << 20;

/// Some whole lines of a file and what stands before them, as far as lines tell.
struct Batch {
    bytes: Result<Vec<u8>, Problem>,
    before: Before,
}

/// What a batch holds, and what really stands before the next.
type Made = (Vec<Result<Entry, Problem>>, Before);

/// Reads a stream of record lines and hands everything to `sink` in its order.
pub fn each(stream: Box<dyn Read + Send>, name: &str, sink: &mut Sink<'_>) {
    let mut splitter = Splitter { stream, rest: Vec::new(), before: Before::default(), is_done: false, broken: None };
    let work = |batch: &Batch| made(batch, batch.before, name);
    let (mut before, mut is_noted) = (Before::default(), false);
    ordered::in_order(ordered::threads(), || splitter.next(name), work, &mut |batch, mut result| {
        // A line that wraps several records counts as many: the numbers behind it are others.
        if batch.before != before {
            result = made(&batch, before, name);
        }
        let (entries, after) = result;
        before = after;
        for entry in entries {
            // That a file is not UTF-8 is found in every batch and told once.
            let is_note = entry.as_ref().is_err_and(|problem| problem.severity == Severity::Note);
            if !is_note || !std::mem::replace(&mut is_noted, true) {
                sink(entry);
            }
        }
    });
}

/// Reads a batch.
fn made(batch: &Batch, before: Before, name: &str) -> Made {
    let mut entries = Vec::new();
    let after = match &batch.bytes {
        Ok(bytes) => read_lines(bytes, before, name, name, &mut |entry| entries.push(entry)),
        Err(problem) => {
            entries.push(Err(problem.clone()));
            before
        }
    };
    (entries, after)
}

/// Cuts a stream into batches of whole lines.
struct Splitter {
    stream: Box<dyn Read + Send>,
    rest: Vec<u8>,
    before: Before,
    is_done: bool,
    /// Why the stream broke off, to be told behind what came before.
    broken: Option<Problem>,
}

impl Splitter {
    /// Returns the next batch; `None` at the end.
    fn next(&mut self, name: &str) -> Option<Batch> {
        let mut bytes = std::mem::take(&mut self.rest);
        while !self.is_done {
            match self.stream.by_ref().take(BATCH_BYTES).read_to_end(&mut bytes) {
                Ok(0) => self.is_done = true,
                Ok(_) => {}
                Err(error) => self.break_off(name, &error),
            }
            if let Some(end) = bytes.iter().rposition(|b| *b == b'\n').filter(|_| !self.is_done) {
                self.rest = bytes.split_off(end + 1);
                break;
            }
            if bytes.len() > LINE_BYTES_MAX {
                let reason = format!("one line holds more than {} MiB", LINE_BYTES_MAX >> 20);
                self.break_off(name, &io::Error::new(io::ErrorKind::FileTooLarge, reason));
                bytes.clear();
            }
        }
        let before = self.before;
        if bytes.is_empty() {
            return self.broken.take().map(|problem| Batch { bytes: Err(problem), before });
        }
        self.before.lines += memchr::memchr_iter(b'\n', &bytes).count() + usize::from(!bytes.ends_with(b"\n"));
        self.before.records += bytes.split(|b| *b == b'\n').filter(|l| !l.trim_ascii().is_empty()).count();
        Some(Batch { bytes: Ok(bytes), before })
    }

    /// Ends the stream with a problem.
    fn break_off(&mut self, name: &str, error: &io::Error) {
        self.is_done = true;
        self.broken = Some(parts::broken(name, error));
    }
}
