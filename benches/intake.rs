//! How fast `roundup parse` reads PubMed XML: in MB/s, and as a share of the speed at which the XML
//! library alone counts the events of the same file. `cargo bench --bench intake [-- FILE.xml]`
//!
//! Without a file, invented records stand in it, many times over. Both are timed in turn, so that a
//! busy machine slows both; the share is the figure to compare between machines.

use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use quick_xml::Reader;
use quick_xml::events::Event;
use roundup::fsx;

/// Invented records, as PubMed writes its own.
const RECORDS: &str = include_str!("../src/standin/data/pubmed-2026-10.xml");

/// The size of the generated file, in bytes: enough that starting a process does not count.
const FILE_BYTES: usize = 96 << 20;

/// How often both are timed; the middle one counts.
const ROUNDS: usize = 5;

#[expect(clippy::print_stdout, reason = "a benchmark prints its result")]
fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let generated = folder.path().join("records.xml");
    let named = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let path = named.map_or(generated.clone(), Into::into);
    if path == generated {
        fsx::write_atomic(&path, many_records().as_bytes())?;
        println!("invented records, {} MB", FILE_BYTES >> 20);
    } else {
        println!("{}", path.display());
    }
    let bytes = fsx::read(&path)?.len();
    let (mut ours, mut events) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(timed(|| parse(&path))?);
        events.push(timed(|| count(&path))?);
    }
    let shares = ours.iter().zip(&events).map(|(ours, events)| events / ours).collect();
    // Sizes of files are far from where a number of this kind loses digits.
    #[expect(clippy::cast_precision_loss, reason = "the size of a file in MB")]
    let megabytes = bytes as f64 / 1e6;
    println!("roundup parse   {:7.1} MB/s", megabytes / middle(ours));
    println!("bare event loop {:7.1} MB/s", megabytes / middle(events));
    println!("share           {:7.2} of the event loop's speed", middle(shares));
    Ok(())
}

/// Returns one set with the invented records many times over.
fn many_records() -> String {
    let start = RECORDS.find("<PubmedArticle>").unwrap_or(0);
    let end = RECORDS.rfind("</PubmedArticleSet>").unwrap_or(RECORDS.len());
    let (head, rest) = RECORDS.split_at(start);
    let (records, tail) = rest.split_at(end - start);
    let mut out = head.to_owned();
    while out.len() < FILE_BYTES {
        out.push_str(records);
    }
    out + tail
}

/// Returns how many seconds something takes.
fn timed(work: impl FnOnce() -> Result<(), Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64())
}

/// Runs the command, its lines thrown away.
fn parse(path: &Path) -> Result<(), Box<dyn Error>> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_roundup"));
    let status = command.args(["parse", "--json"]).arg(path).stdout(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("roundup parse ended with {status}").into()) }
}

/// Counts the file's events.
fn count(path: &Path) -> Result<(), Box<dyn Error>> {
    let bytes = fsx::read(path)?;
    let mut reader = Reader::from_str(std::str::from_utf8(&bytes)?);
    let mut events = 0_u64;
    while !matches!(reader.read_event()?, Event::Eof) {
        events += 1;
    }
    std::hint::black_box(events);
    Ok(())
}

/// Returns the middle one of some figures.
fn middle(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}
