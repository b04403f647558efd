//! What a month costs.

use std::path::Path;

use roundup::model::{Paper, Record};
use roundup::pipeline::Home;

use super::{paper, press, sync_from};
use crate::support::Bench;

/// Returns the bytes of zstd 19 of records as lines.
fn pressed<'a>(records: impl Iterator<Item = &'a Record>) -> usize {
    let mut lines = Vec::new();
    for record in records {
        serde_json::to_writer(&mut lines, record).unwrap();
        lines.push(b'\n');
    }
    zstd::encode_all(lines.as_slice(), 19).unwrap().len()
}

/// Returns what a member who is up to date fetches for papers: the pack, and the list of ten years
/// with its signature.
fn month(papers: Vec<Paper>, what: &str) {
    let full = pressed(papers.iter().map(|p| &p.record));
    let slim: Vec<Record> = papers.iter().map(|p| roundup::pack::slim(p.clone()).record).collect();
    let same_fields = pressed(slim.iter());
    let (count, shop) = (papers.len(), Bench::new());
    let report = press(shop.path(), papers);
    let pack = usize::try_from(report.bytes).unwrap();
    let (of_full, of_slim) = (percent(pack, full), percent(pack, same_fields));
    println!(
        "{what}: {count} papers, pack {pack} bytes; zstd-19 of the records as lines {full} ({of_full} %), \
         of the same fields alone {same_fields} ({of_slim} %)"
    );
    assert!(of_full <= 110, "{what}: {of_full} %");
}

fn percent(part: usize, whole: usize) -> usize {
    part * 100 / whole
}

#[test]
fn a_month_costs_little_more_than_its_records() {
    month((0..300).map(|n| paper(n, 1)).collect(), "invented");
}

/// With real records, tagged by the real rules: what a month of 300 costs.
#[test]
fn a_real_month_costs_little_more_than_its_records() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/pubmed");
    let mut files: Vec<_> = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    files.sort();
    let mut records: Vec<Record> = Vec::new();
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e == "xml")) {
        let bytes = std::fs::read(file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy();
        records.extend(read(&bytes, &name));
    }
    records.retain(|r| r.abstract_text.is_some());
    records.truncate(300);
    if records.is_empty() {
        println!("skipped: no ../shared/data");
        return;
    }
    month(records.into_iter().map(judged).collect(), "real");
}

/// Reads the records of a file.
fn read(bytes: &[u8], name: &str) -> Vec<Record> {
    roundup::normalise::read(bytes, name, "pubmed").records
}

/// Judges a record by the usual rules and makes a paper of it.
fn judged(record: Record) -> Paper {
    use roundup::model::{Identifier, RecordKey, Work, WorkId};
    static JUDGE: std::sync::OnceLock<roundup::tag::Judge> = std::sync::OnceLock::new();
    let judge = JUDGE.get_or_init(|| {
        let (rules, _) = roundup::config::topics::parse(roundup::config::topics::DEFAULT, "topics.toml");
        let (countries, _) = roundup::config::countries::parse(roundup::config::countries::DEFAULT, "countries.csv");
        roundup::tag::Judge::compile(&rules, &countries).unwrap()
    });
    let judgement = judge.judge(&record);
    let id = WorkId::mint(&Identifier::Pmid(record.pmid.unwrap()), 0);
    let key = RecordKey { source: "pubmed".to_owned(), id: record.id.clone() };
    let work = Work { id, record, fields_from: std::collections::BTreeMap::new(), members: vec![key] };
    Paper::of(work, judgement, None, vec![])
}

/// minisign itself accepts what we sign, where it is installed.
#[test]
fn minisign_accepts_the_signature() {
    let shop = Bench::new();
    press(shop.path(), vec![paper(1, 1)]);
    let run = |args: &[&str]| std::process::Command::new("minisign").args(args).current_dir(shop.path()).output();
    let check = ["-Vm", "manifest.json", "-p", "roundup.pub"];
    let Ok(good) = run(&check) else {
        println!("skipped: minisign is not installed");
        return;
    };
    let said = String::from_utf8_lossy(&good.stdout).into_owned();
    println!("{said}");
    assert!(good.status.success() && said.contains("roundup packs, list 1 of 2026-11-01T05:00:00Z"), "{said}");
    let list = std::fs::read_to_string(shop.path().join("manifest.json")).unwrap();
    shop.write("manifest.json", list.replace("Invented", "inventeD"));
    assert!(!run(&check).unwrap().status.success());
}

/// A thousand papers end to end, so that nothing is quadratic.
#[test]
fn a_thousand_papers_are_packed_and_synced() {
    let (shop, member) = (Bench::new(), Bench::new());
    press(shop.path(), (0..1_000).map(|n| paper(n, 1)).collect());
    let report = sync_from(&Home::new(member.path()), &shop.path().display().to_string()).unwrap();
    assert_eq!(report.papers, 1_000);
}
