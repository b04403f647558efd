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

/// The most threads that read batches: more only wait for the one that reads the file.
const THREADS_MAX: usize = 8;

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

/// Returns on how many threads batches are read: one for each processor, eight at most.
pub fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX)
}

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
        Some(Input::Other(bytes)) => {
            normalise::read_each(&bytes, &name, &name, &mut |entry| {
                let mut parts = Vec::new();
                push(&mut parts, entry);
                for part in parts {
                    take(part);
                }
            });
        }
        None => {}
    }
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
