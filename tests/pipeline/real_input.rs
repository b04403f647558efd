//! Real PubMed and feed files, where they are at hand: nothing panics, nothing is lost in silence.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use roundup::clock::FixedClock;
use roundup::fetch::Live;
use roundup::index::{Index, Options, parse_query};
use roundup::model::{Month, RecordKey, Severity};
use roundup::pipeline::{self, Ctx, HarvestReport, Home, load_config};
use roundup::store::WriterLock;

use crate::support::{Bench, block_on};

/// Returns the folder of real data beside the project, or says that it is skipped.
fn data(part: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(part);
    if !folder.is_dir() {
        println!("skipped: no ../shared/data");
        return None;
    }
    Some(folder)
}

pub(super) fn open(bench: &Bench, feeds: &str) -> Ctx {
    bench.write("feeds.toml", format!("[roundup]\ncommunity = \"C\"\nname = \"N\"\n{feeds}"));
    let home = Home::new(bench.path());
    let (config, problems) = load_config(&home).unwrap();
    let config = config.unwrap_or_else(|| panic!("{problems:#?}"));
    let lock = WriterLock::take(&home.data()).unwrap();
    let clock = Box::new(FixedClock("2019-02-01T03:00:00Z".parse().unwrap()));
    Ctx::open(home, config, clock, Box::new(Live::new().unwrap()), Some(lock)).unwrap()
}

/// Prints what came of it: for the figures that are quoted.
fn print(what: &str, ctx: &Ctx, report: &HarvestReport) {
    let counts = ctx.store.counts().unwrap();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for problem in report.sources.iter().flat_map(|s| &s.problems) {
        let is_word = |w: &&str| !w.contains(|c: char| c.is_ascii_digit() || c == '"');
        let kind: String = problem.message.split_whitespace().filter(is_word).take(7).collect::<Vec<_>>().join(" ");
        *kinds.entry(format!("{}: {kind}", problem.severity)).or_default() += 1;
    }
    let failed = report.sources.iter().filter_map(|s| Some(format!("{}: {}", s.id, s.error.as_ref()?)));
    println!("{what}: {counts:?}\nproblems by kind: {kinds:#?}\nfailed: {:#?}", failed.collect::<Vec<_>>());
}

#[test]
fn real_pubmed_files_become_a_draft_an_issue_and_answers() {
    let Some(folder) = data("pubmed") else { return };
    let bench = Bench::new();
    let ctx = open(&bench, "");
    let mut report = HarvestReport::default();
    let mut keys = BTreeSet::new();
    let mut files: Vec<_> = fs::read_dir(&folder).unwrap().flatten().map(|e| e.path()).collect();
    files.sort();
    for path in files {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = fs::read(&path).unwrap();
        let read = roundup::normalise::read(&bytes, &name, "import");
        keys.extend(read.records.iter().map(RecordKey::of));
        let part = pipeline::import(&ctx, &name, bytes.as_slice(), false).unwrap();
        let is_silent = part.new + part.changed + part.same + part.withdrawn == 0 && part.problems.is_empty();
        assert!(!is_silent, "{name} gave nothing and no word why");
        let counts = (part.new, part.changed, part.same, part.withdrawn, part.problems.len());
        println!("{name}: new, changed, same, withdrawn, problems: {counts:?}");
        report.sources.push(part);
    }
    pipeline::judge(&ctx).unwrap();
    let month = Month::parse("2019-01").unwrap();
    pipeline::draft(&ctx, month, false).unwrap();
    let rendered = pipeline::render(&ctx, month).unwrap();
    // Eight files of an issue without papers, and three of the archive: feed, list and search.
    assert_eq!(rendered.files.len(), 11, "{:?}", rendered.files);
    pipeline::update_index(&ctx, false).unwrap();
    print("pubmed", &ctx, &report);
    let searcher = Index::open_reader(&bench.path().join("index")).unwrap();
    let answer = searcher.search(&parse_query("postpartum depression"), &Options::default()).unwrap();
    println!("search: {} papers", answer.total);
    assert!(keys.len() >= 380, "{} records in all files", keys.len());
    assert_eq!(ctx.store.counts().unwrap().records, keys.len() as u64);
    for key in &keys {
        assert!(ctx.store.work_of_record(key).unwrap().is_some(), "{key} belongs to no work");
    }
}

#[test]
fn real_feeds_through_a_loopback_server_are_read_or_named() {
    let Some(folder) = data("feeds") else { return };
    block_on(async {
        let mut files: Vec<_> = fs::read_dir(&folder).unwrap().flatten().map(|e| e.path()).collect();
        files.retain(|p| !matches!(p.file_name().and_then(|n| n.to_str()), Some("README.md" | "expected.json")));
        files.sort();
        let address = serve(files.clone()).await;
        let mut feeds = String::new();
        for n in 0..files.len() {
            feeds.push_str(&format!(
                "[[source]]\nid = \"f{n}\"\nkind = \"feed\"\nurl = \"http://{address}/{n}\"\nallow-private = true\n"
            ));
        }
        let bench = Bench::new();
        let ctx = open(&bench, &feeds);
        let report = pipeline::harvest(&ctx, &[]).await.unwrap();
        pipeline::judge(&ctx).unwrap();
        pipeline::update_index(&ctx, false).unwrap();
        print("feeds", &ctx, &report);
        assert_eq!(report.sources.len(), files.len());
        for source in &report.sources {
            let number: usize = source.id.trim_start_matches('f').parse().unwrap();
            let file = files.get(number).unwrap();
            println!("{}: {} new, {} merged, {:?}", file.display(), source.new, source.merged, source.error);
            if source.error.is_none() {
                let bytes = fs::read(file).unwrap();
                let read = roundup::normalise::feed::read_feed(&bytes, Some("text/xml"), "x");
                // One file is gzip: the client unpacks it, the reader by itself does not.
                let records =
                    read.map(|(feed, _)| roundup::normalise::feed::records(&feed, &source.id, "")).unwrap_or_default();
                let mut ids: Vec<_> = records.iter().map(|r| &r.id).collect();
                ids.sort();
                ids.dedup();
                assert!(source.new >= ids.len(), "{}: {} of {} records", file.display(), source.new, ids.len());
            }
        }
        let errors = report.sources.iter().flat_map(|s| &s.problems).filter(|p| p.severity == Severity::Error);
        println!("errors named: {}", errors.count());
    });
}

/// Serves files by number, each with the `Content-Type` a plain server would give.
async fn serve(files: Vec<PathBuf>) -> std::net::SocketAddr {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 4096];
            let n = stream.read(&mut head).await.unwrap_or(0);
            let line = String::from_utf8_lossy(&head[..n]).into_owned();
            let number = line.split_whitespace().nth(1).and_then(|p| p.trim_start_matches('/').parse::<usize>().ok());
            let body = number.and_then(|n| files.get(n)).map(|p| fs::read(p).unwrap()).unwrap_or_default();
            let length = body.len();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&body).await;
        }
    });
    address
}
