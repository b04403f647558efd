//! The record lines of named files, written on as many threads as the machine has processors.
//!
//! One thread reads a file and cuts it into batches of whole records, others read batches and
//! write their lines into memory, and the caller takes the lines in the order of the file: bytes
//! and order are those of one thread. At each moment only a few batches are on their way, so a
//! file of any size needs little memory.

use std::io::Read;
use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;

use serde_json::json;

use super::inputs::{self, Input};
use super::term;
use crate::model::Problem;
use crate::normalise::pubmed_xml::{Batch, NumberNeeded, Splitter, read_batch};
use crate::normalise::{self, Entry};

/// How many batches may wait to be printed for each thread that reads them. With batches of half a
/// megabyte, eight threads hold some 20 MB; one record may have 64 MB and is a batch by itself.
const WAITING_PER_THREAD: usize = 2;

/// A part of the output.
#[derive(Debug)]
pub enum Part {
    /// Whole lines, and how many they are.
    Lines(Vec<u8>, usize),
    /// What is off; it stands between the lines where it was found.
    Problem(Problem),
    /// A line that could not be written as JSON, which is our own mistake.
    Bug(serde_json::Error),
}

/// Takes the parts in order and tells whether it wants more.
pub type Take<'t> = dyn FnMut(Part) -> bool + 't;

/// Reads one named file in whatever form it is and hands its record lines to `take`.
///
/// Stops early when `take` wants no more of PubMed XML; every other form is read whole.
pub fn each(path: &Path, threads: usize, take: &mut Take<'_>) {
    let name = path.display().to_string();
    let (input, problem) = inputs::recognise(path);
    if let Some(problem) = problem {
        take(Part::Problem(problem));
    }
    match input {
        Some(Input::Pubmed(stream)) => each_pubmed(stream, &name, threads, take),
        Some(Input::Lines(stream)) => inputs::each_line(stream, &name, &mut |entry| give(entry, take)),
        Some(Input::Other(bytes)) => {
            normalise::read_each(&bytes, &name, &name, &mut |entry| give(entry, take));
        }
        None => {}
    }
}

/// Hands one entry to `take`.
fn give(entry: Result<Entry, Problem>, take: &mut Take<'_>) {
    let mut parts = Vec::new();
    push(&mut parts, entry);
    print(parts, take);
}

/// Reads PubMed XML on this thread when one is enough, else on `threads` others.
fn each_pubmed(stream: impl Read + Send, name: &str, threads: usize, take: &mut Take<'_>) {
    let mut splitter = Splitter::new(stream);
    let mut batch = Batch::default();
    if !splitter.next(&mut batch) {
        return;
    }
    if threads > 1 && !splitter.is_done() {
        return on_threads(splitter, batch, name, threads, take);
    }
    let mut count = 0;
    loop {
        let wants_more = print(read_numbered(&batch, name, &mut count), take);
        if !wants_more || !splitter.next(&mut batch) {
            return;
        }
    }
}

/// A batch to be read, and where the answer goes.
struct Task {
    batch: Batch,
    answer: SyncSender<Answer>,
}

/// A batch with its lines and its count of records.
struct Answer {
    batch: Batch,
    read: Result<(Vec<Part>, usize), NumberNeeded>,
}

/// Reads a stream whose first batch is known on several threads.
fn on_threads<R: Read + Send>(splitter: Splitter<R>, first: Batch, name: &str, threads: usize, take: &mut Take<'_>) {
    let (tasks, todo) = mpsc::sync_channel(threads);
    let (order, answers) = mpsc::sync_channel(threads * WAITING_PER_THREAD);
    let (spent, spare) = mpsc::channel();
    let todo = Mutex::new(todo);
    thread::scope(|scope| {
        scope.spawn(move || split(splitter, first, &tasks, &order, &spare));
        for _ in 0..threads {
            scope.spawn(|| read_tasks(&todo, name));
        }
        // When this ends early the other threads find nobody to hand things to, and end as well.
        print_in_order(answers, &spent, name, take);
    });
}

/// Cuts the stream and hands each batch to the readers, its place in the order first.
fn split<R: Read>(
    mut splitter: Splitter<R>,
    first: Batch,
    tasks: &SyncSender<Task>,
    order: &SyncSender<Receiver<Answer>>,
    spare: &Receiver<Batch>,
) {
    let mut batch = first;
    loop {
        let (answer, place) = mpsc::sync_channel(1);
        if order.send(place).is_err() || tasks.send(Task { batch, answer }).is_err() {
            return;
        }
        batch = spare.try_recv().unwrap_or_default();
        if !splitter.next(&mut batch) {
            return;
        }
    }
}

/// Reads batches until there are no more.
fn read_tasks(todo: &Mutex<Receiver<Task>>, name: &str) {
    loop {
        let Ok(task) = todo.lock().map_or_else(|broken| broken.into_inner().recv(), |todo| todo.recv()) else { return };
        let read = read(&task.batch, name, None);
        // Nobody waits for it when the printing has ended early.
        let _ = task.answer.send(Answer { batch: task.batch, read });
    }
}

/// Hands the answers to `take`, in the order of the stream.
fn print_in_order(answers: Receiver<Receiver<Answer>>, spent: &Sender<Batch>, name: &str, take: &mut Take<'_>) {
    let mut count = 0;
    for place in answers {
        // A reader that panics leaves no answer; the scope hands its panic on.
        let Ok(answer) = place.recv() else { return };
        let parts = match answer.read {
            Ok((parts, records)) => {
                count += records;
                parts
            }
            Err(NumberNeeded) => read_numbered(&answer.batch, name, &mut count),
        };
        if !print(parts, take) {
            return;
        }
        // Nobody needs it when the stream has ended.
        let _ = spent.send(answer.batch);
    }
}

/// Hands parts to `take` and tells whether it wants more.
fn print(parts: Vec<Part>, take: &mut Take<'_>) -> bool {
    parts.into_iter().fold(true, |_, part| take(part))
}

/// Reads a batch whose records before are known, and counts on.
fn read_numbered(batch: &Batch, name: &str, count: &mut usize) -> Vec<Part> {
    // A number that is given is never asked for.
    let (parts, records) = read(batch, name, Some(*count)).unwrap_or_default();
    *count += records;
    parts
}

/// Reads a batch to its lines, and counts its records.
fn read(batch: &Batch, name: &str, before: Option<usize>) -> Result<(Vec<Part>, usize), NumberNeeded> {
    let mut parts = Vec::new();
    let records = read_batch(batch, name, name, before, &mut |entry| push(&mut parts, entry))?;
    Ok((parts, records))
}

/// Adds an entry or a problem to the output; lines that follow each other become one part.
fn push(parts: &mut Vec<Part>, entry: Result<Entry, Problem>) {
    let mut line = |value: &dyn Fn(&mut Vec<u8>) -> Result<(), serde_json::Error>| {
        if !matches!(parts.last(), Some(Part::Lines(..))) {
            parts.push(Part::Lines(Vec::new(), 0));
        }
        let Some(Part::Lines(text, count)) = parts.last_mut() else { return };
        *count += 1;
        match value(text) {
            Ok(()) => text.push(b'\n'),
            Err(error) => parts.push(Part::Bug(error)),
        }
    };
    match entry {
        Ok(Entry::Record(record)) => line(&|text| term::push_json(text, &*record)),
        Ok(Entry::Deleted(pmid)) => {
            line(&|text| term::push_json(text, &json!({"id": format!("pmid:{pmid}"), "deleted": true})));
        }
        Err(problem) => parts.push(Part::Problem(problem)),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::io;
    use std::rc::Rc;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::normalise::pubmed_xml::BATCH_BYTES;

    /// Returns a record; every one in `odd` kinds of ways that a file can have.
    fn record(n: usize) -> String {
        let pmid = 91_000_000 + n;
        let text = "Zo\u{eb} ".repeat(200);
        let whole = |inside: &str| {
            format!(
                "<PubmedArticle>\n<MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>{text}{n}</ArticleTitle>{inside}</Article></MedlineCitation></PubmedArticle>\n"
            )
        };
        match n % 97 {
            3 => whole("<b></c>"),
            11 => whole("").replacen("</PubmedArticle>", "", 1),
            23 => whole("").replacen("<PubmedArticle>", "", 1),
            31 => whole("").replace("<PMID>91", "<PMID>$"),
            41 => whole("<ELocationID EIdType=\"doi\">see text</ELocationID>"),
            53 => format!("<DeleteCitation><PMID>{pmid}</PMID><PMID>x</PMID></DeleteCitation>"),
            61 => whole("<!-- <PubmedArticle> -->"),
            71 => whole("\u{9b}\u{202e}"),
            _ => whole(""),
        }
    }

    /// A file of several batches with whole, damaged, cut and unnumbered records, itself cut off.
    fn mix() -> String {
        let mut xml = "<PubmedArticleSet>\n".to_owned();
        xml.extend((0..2_500).map(record));
        xml + "<PubmedArticle><MedlineCitation>"
    }

    /// A stream that breaks at its end.
    struct Breaking<'a>(&'a [u8]);

    impl Read for Breaking<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() { Err(io::Error::other("torn")) } else { self.0.read(into) }
        }
    }

    /// Returns everything that is printed, in order: lines, problems, count of lines.
    fn printed(stream: impl Read + Send, threads: usize) -> (String, usize) {
        let (mut out, mut lines) = (String::new(), 0);
        each_pubmed(stream, "set.xml", threads, &mut |part| {
            match part {
                Part::Lines(text, count) => {
                    out.push_str(&String::from_utf8(text).expect("UTF-8"));
                    lines += count;
                }
                Part::Problem(problem) => out.push_str(&format!("! {problem}\n")),
                Part::Bug(error) => panic!("{error}"),
            }
            true
        });
        (out, lines)
    }

    #[test]
    fn many_threads_print_what_one_prints() {
        let xml = mix();
        assert!(xml.len() > 4 * BATCH_BYTES, "several batches");
        let one = printed(xml.as_bytes(), 1);
        for mark in ["set.xml#", "is not well-formed", "is cut off", "beginning is missing", "doi_as_given", "deleted"]
        {
            assert!(one.0.contains(mark), "the mix has no {mark}");
        }
        for threads in [2, 8] {
            assert_eq!(printed(xml.as_bytes(), threads), one, "{threads} threads");
        }
        let broken = printed(Breaking(xml.as_bytes()), 3);
        assert!(broken.0.contains("set.xml: breaks off: torn"));
        assert_eq!(broken.0.replacen("! set.xml: breaks off: torn\n", "", 1), one.0);
    }

    /// A stream that is read on one thread alone.
    struct Here(thread::ThreadId, io::Cursor<Vec<u8>>);

    impl Read for Here {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            assert_eq!(thread::current().id(), self.0);
            self.1.read(into)
        }
    }

    #[test]
    fn a_small_file_needs_no_other_thread() {
        let here = thread::current().id();
        let seen = Rc::new(Cell::new(0));
        each_pubmed(Here(here, io::Cursor::new(record(1).into_bytes())), "set.xml", 8, &mut |_| {
            seen.set(seen.get() + 1);
            true
        });
        assert_eq!(seen.get(), 1);
    }

    /// A stream that counts what was read of it.
    struct Counting<'a>(&'a [u8], Arc<AtomicUsize>);

    impl Read for Counting<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let count = self.0.read(into)?;
            self.1.fetch_add(count, Ordering::SeqCst);
            Ok(count)
        }
    }

    #[test]
    fn reading_never_runs_far_ahead_of_printing() {
        let long = record(1).replace("</ArticleTitle>", &format!("{}</ArticleTitle>", "x".repeat(60_000)));
        let xml = long.repeat(200);
        let threads = 2;
        // What is printed, what waits, what is about to wait, and what the splitter has begun.
        let ahead_max = threads * WAITING_PER_THREAD + 3;
        let read = Arc::new(AtomicUsize::new(0));
        let (mut printed, mut parts) = (0, 0);
        each_pubmed(Counting(xml.as_bytes(), Arc::clone(&read)), "set.xml", threads, &mut |part| {
            let Part::Lines(_, count) = part else { panic!("{part:?}") };
            let ahead = read.load(Ordering::SeqCst) - printed;
            assert!(ahead <= ahead_max * 2 * BATCH_BYTES, "{ahead} bytes ahead");
            printed += count * long.len();
            parts += 1;
            true
        });
        assert_eq!(printed, xml.len());
        assert!(parts > 2 * ahead_max, "{parts} batches");
    }

    #[test]
    fn nothing_more_is_read_when_nobody_wants_it() {
        let xml = mix();
        for threads in [1, 3] {
            let mut parts = 0;
            each_pubmed(xml.as_bytes(), "set.xml", threads, &mut |_| {
                parts += 1;
                false
            });
            let (_, lines) = printed(xml.as_bytes(), 1);
            assert!(parts < lines / 2, "{threads} threads: {parts} parts");
        }
    }
}
