//! How long one new record takes to find its work among many that are stored.
//! `cargo bench --bench identity [-- STORED]`
//!
//! Invented records are imported into a home, 80,000 unless said otherwise; then further ones, half of
//! them doubles of stored studies, are taken in one by one and all of it is taken back. Judged and
//! indexed is nothing. The times are those of whole calls: reading, comparing, placing, folding.

mod bibliography;

use std::error::Error;
use std::time::Instant;

use roundup::clock::FixedClock;
use roundup::fetch::Live;
use roundup::fsx;
use roundup::pipeline::{self, Ctx, Home};
use roundup::store::WriterLock;

/// Records that are stored unless said otherwise.
const STORED: u64 = 80_000;

/// Records that are taken in one by one.
const NEW: usize = 200;

#[expect(clippy::print_stdout, reason = "a benchmark prints its result")]
fn main() -> Result<(), Box<dyn Error>> {
    let named = std::env::args().skip(1).find_map(|a| a.parse().ok());
    let stored: u64 = named.unwrap_or(STORED);
    let folder = tempfile::tempdir()?;
    let ctx = open(folder.path())?;
    let mut lines = Vec::new();
    // A longer list begins as a shorter one does, so the last lines are new, or doubles of old ones.
    bibliography::write(stored + stored / 50, &mut lines)?;
    let lines: Vec<&[u8]> = lines.split_inclusive(|b| *b == b'\n').collect();
    let (old, new) = lines.split_at_checked(usize::try_from(stored)?).ok_or("too few records")?;
    let start = Instant::now();
    let report = pipeline::import(&ctx, "stored.jsonl", old.concat().as_slice(), false)?;
    let seconds = start.elapsed().as_secs_f64();
    println!("{stored} records imported in {seconds:.1} s: {} works", report.works_new);
    let mut times = Vec::new();
    for line in new.iter().step_by((new.len() / NEW).max(1)) {
        let start = Instant::now();
        pipeline::import(&ctx, "new.jsonl", *line, true)?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get((times.len() - 1) * share / 100).copied().unwrap_or_default();
    println!("one new record: median {:.2} ms, 95 of 100 within {:.2} ms, longest {:.2} ms", at(50), at(95), at(100));
    Ok(())
}

/// Opens a home with one source that is never asked.
fn open(folder: &std::path::Path) -> Result<Ctx, Box<dyn Error>> {
    let home = Home::new(folder);
    fsx::write_atomic(&folder.join("feeds.toml"), roundup::config::FEEDS_DEFAULT.as_bytes())?;
    fsx::write_atomic(&folder.join("pubmed-query.txt"), roundup::config::QUERY_DEFAULT.as_bytes())?;
    let (config, problems) = pipeline::load_config(&home)?;
    let config = config.ok_or_else(|| format!("{problems:?}"))?;
    let lock = WriterLock::take(&home.data())?;
    let clock = Box::new(FixedClock("2026-11-01T03:00:00Z".parse()?));
    Ok(Ctx::open(home, config, clock, Box::new(Live::new()?), Some(lock))?)
}
