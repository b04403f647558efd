//! From a publisher's packs to a member's copy.

mod broken;
mod disk;
mod foreign;
mod line;
mod mistakes;
mod places;
mod sizes;
mod states;

use std::path::Path;
use std::time::Duration;

use roundup::fetch::Limits;
use roundup::fetch::Live;
use roundup::fetch::address::Guard;
use roundup::model::{Author, Design, Doi, Identifier, Paper, Pmid, Record, Scope, WorkId};
use roundup::pack::{SecretKey, Why};
use roundup::pipeline::pack::{PackReport, Press, publish};
use roundup::pipeline::sync::{Ears, SyncReport, Wish, papers, sync};
use roundup::pipeline::{Error, Home};

use crate::support::block_on;

/// Returns an invented paper; `version` changes its text.
pub fn paper(n: u32, version: u32) -> Paper {
    let pmid = Pmid::parse(&(90_000_000 + n).to_string()).unwrap();
    let record = Record {
        title: format!("Invented paper {n} on postpartum depression, as of {version}"),
        abstract_text: Some(words(n * 31 + version, 120)),
        authors: vec![Author { affiliation: Some("Street 1".to_owned()), ..Author::person("Example", "Maria Luz") }],
        year: Some(2026),
        doi: Doi::parse(&format!("10.5555/invented.{n}")),
        pmid: Some(pmid),
        ..Record::default()
    };
    Paper {
        id: WorkId::mint(&Identifier::Pmid(pmid), 0),
        record,
        names: vec![format!("pmid:{pmid}")],
        sources: vec!["pubmed".to_owned()],
        scope: Scope::In,
        countries: vec!["KEN".to_owned()],
        regions: vec!["SSA".to_owned()],
        twg: vec!["treatment".to_owned()],
        conditions: vec![],
        interventions: vec![],
        populations: vec![],
        design: Design::Rct,
        flags: vec![],
        finding: None,
        issue: None,
    }
}

/// Returns a paper that was retracted.
pub fn retracted(n: u32) -> Paper {
    let mut paper = paper(n, 1);
    paper.record.types.push("Retracted Publication".to_owned());
    paper
}

/// Returns so many invented words, the same for the same seed.
pub fn words(seed: u32, count: usize) -> String {
    let mut state = u64::from(seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut out = String::new();
    for _ in 0..count {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let stems = ["mother", "infant", "depress", "anxi", "care", "trial", "kenya", "screen", "health", "birth"];
        out.push_str(stems[usize::try_from(state % 10).unwrap()]);
        out.push_str(&format!("{} ", state / 10 % 300));
    }
    out
}

/// Returns a key.
pub fn key(byte: u8) -> SecretKey {
    SecretKey::of_seed([byte; 32]).unwrap()
}

/// Publishes papers with the key 1.
pub fn press(folder: &Path, papers: Vec<Paper>) -> PackReport {
    press_with(folder, papers, &key(1)).unwrap()
}

/// Publishes papers.
pub fn press_with(folder: &Path, papers: Vec<Paper>, key: &SecretKey) -> Result<PackReport, Error> {
    let numbers = folder.join("given.json");
    press_counting(folder, papers, key, &numbers)
}

/// Publishes papers from a home that remembers the numbers of its lists in a file.
pub fn press_counting(folder: &Path, papers: Vec<Paper>, key: &SecretKey, numbers: &Path) -> Result<PackReport, Error> {
    let now = "2026-11-01T05:00:00Z".parse().unwrap();
    let today = jiff::civil::date(2026, 11, 1);
    let press = Press { folder, numbers, key, name: "Invented Roundup", now, today, dry_run: false };
    publish(&press, papers, &|_| Ok(Why::Withdrawn))
}

/// Returns a client that gives up quickly.
pub fn live() -> Live {
    let limits = Limits {
        connect: Duration::from_millis(500),
        silence: Duration::from_millis(500),
        pause_first: Duration::from_millis(1),
        pause_longest: Duration::from_millis(5),
        patience: Duration::from_millis(500),
        gap_longest: Duration::ZERO,
        pace_window: Duration::from_millis(300),
        pace_bytes: 1_000,
        ..Limits::USUAL
    };
    Live::with(limits, Guard::default()).unwrap()
}

/// Syncs a home from a place, agreeing to everything.
pub fn sync_from(home: &Home, place: &str) -> Result<SyncReport, Error> {
    sync_wishing(home, &Wish { source: Some(place.to_owned()), ..Wish::default() })
}

/// Syncs a home as wished, agreeing to everything.
pub fn sync_wishing(home: &Home, wish: &Wish) -> Result<SyncReport, Error> {
    let mut ears = Ears { agree: &mut |_| true, progress: &|_| {} };
    block_on(sync(home, &live(), wish, &mut ears))
}

/// Returns what a member has, by id and title.
pub fn has(home: &Home) -> Vec<(WorkId, String)> {
    let (papers, _) = papers(home).unwrap().unwrap();
    papers.into_iter().map(|p| (p.id, p.record.title)).collect()
}

/// Returns what papers are, by id and title.
pub fn are(papers: &[Paper]) -> Vec<(WorkId, String)> {
    let mut out: Vec<_> = papers.iter().map(|p| (p.id.clone(), p.record.title.clone())).collect();
    out.sort();
    out
}

/// Returns how many papers of a home a search finds.
pub fn found(home: &Home, query: &str) -> usize {
    let searcher = roundup::index::Index::open_reader(&home.index()).unwrap();
    let query = roundup::index::parse_query(query);
    searcher.search(&query, &roundup::index::Options::default()).unwrap().total
}
