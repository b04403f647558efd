//! How fast papers are indexed, beside a bare loop of the engine over the same text; and how long a
//! member waits from the start of the program to the answer, warm and with the index evicted from the
//! page cache.
//! `cargo bench --bench searching [-- PAPERS [FOLDER]]`
//!
//! The papers are invented: sentences of everyday and of rare words, drawn with a fixed generator, 100,000
//! papers unless said otherwise. The index is left in FOLDER when one is named. Each time is the median of
//! 15 runs of the real program with counts, snippets and a page of ten. Eviction needs the right to
//! write `/proc/sys/vm/drop_caches`; without it that line is left out.

use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Instant;

use roundup::config::{countries, lexicon};
use roundup::index::{Index, Knowledge};
use roundup::model::{Author, Design, Identifier, Paper, PartialDate, Record, WorkId};
use tantivy::schema::{IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
use tantivy::{Index as Engine, TantivyDocument};

/// Papers unless said otherwise.
const PAPERS: u64 = 100_000;

/// Papers of the index that only warms the program.
const SMALL: u64 = 200;

/// Words of one abstract: the mean of PubMed's.
const WORDS: u64 = 200;

/// How often the program is started for one figure.
const RUNS: usize = 15;

/// Words that nearly all papers have.
const JOINING: &[&str] = &[
    "the",
    "of",
    "and",
    "in",
    "to",
    "a",
    "with",
    "was",
    "were",
    "for",
    "study",
    "among",
    "results",
    "associated",
    "between",
    "after",
    "months",
    "group",
];

/// Words that many papers have: the first one half of them, the last a seventh.
const SUBJECTS: &[&str] = &[
    "women",
    "depression",
    "postpartum",
    "health",
    "care",
    "mothers",
    "treatment",
    "anxiety",
    "support",
    "perinatal",
    "screening",
    "infant",
    "pregnancy",
    "community",
    "trial",
    "symptoms",
    "intervention",
    "mental",
    "violence",
    "primary",
    "feeding",
    "workers",
    "rural",
    "stress",
    "partner",
];

/// Countries that papers are about.
const COUNTRIES: &[&str] = &["KEN", "IND", "PAK", "BRA", "NGA", "ZAF", "ETH", "BGD"];

/// A generator of numbers that look random and are the same every time (Knuth's MMIX).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end.max(1)
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let at = self.below(list.len() as u64);
        usize::try_from(at).ok().and_then(|at| list.get(at)).copied().unwrap_or_default()
    }

    /// Returns what a paper is about: some of the words that many papers have. Earlier ones are in more
    /// papers, as in real texts.
    fn subject(&mut self) -> Vec<&'static str> {
        (10..).zip(SUBJECTS).filter(|(place, _)| self.below(*place) < 5).map(|(_, word)| *word).collect()
    }

    /// Returns so many words: half join words, others what the paper is about, others from a long tail.
    fn words(&mut self, count: u64, subject: &[&'static str]) -> String {
        let mut out = String::new();
        for n in 0..count {
            let tail = self.below(200) * self.below(1000);
            let word = match self.below(4) {
                0 => format!("w{tail:x}q"),
                1 if !subject.is_empty() => self.of(subject).to_owned(),
                _ => self.of(JOINING).to_owned(),
            };
            out.push_str(&word);
            out.push_str(if n % 17 == 16 { ". " } else { " " });
        }
        out
    }
}

/// Returns an invented author.
fn author(draw: &mut Numbers) -> Author {
    let family = format!("Name{:x}", draw.below(60) * draw.below(1000));
    Author { family: Some(family), given: Some(format!("Given{:x}", draw.below(3000))), ..Author::default() }
}

/// Returns an invented paper.
fn paper(number: u64, draw: &mut Numbers) -> Paper {
    let name = format!("pmid:{}", 90_000_000 + number);
    let guid = Identifier::Guid { source: "bench".to_owned(), guid: name.clone() };
    let year = i16::try_from(2000 + draw.below(26)).ok();
    let subject = draw.subject();
    let record = Record {
        title: draw.words(12, &subject),
        abstract_text: Some(draw.words(WORDS, &subject)),
        year,
        published: year.and_then(|y| PartialDate::new(y, None, None)),
        journal: Some(format!("Invented Journal {} of Care", draw.below(2000))),
        authors: (0..=draw.below(6)).map(|_| author(draw)).collect(),
        // One paper in fifty has a title in another language too.
        title_vernacular: (draw.below(50) == 0).then(|| "La depresión de las madres después del parto".to_owned()),
        language: vec!["en".to_owned()],
        ..Record::default()
    };
    let design = usize::try_from(draw.below(20)).ok().and_then(|n| Design::ALL.get(n)).copied();
    Paper {
        names: vec![name],
        sources: vec!["bench".to_owned()],
        countries: vec![draw.of(COUNTRIES).to_owned()],
        twg: vec!["evidence".to_owned()],
        conditions: vec!["depression".to_owned()],
        design: design.unwrap_or(Design::Unclear),
        ..Paper::untagged(WorkId::mint(&guid, 0), record)
    }
}

/// Returns papers a second of a bare loop of the engine: title and abstract, English stems, places
/// kept, both stored, one thread.
fn bare(papers: u64, folder: &Path) -> Result<f64, Box<dyn Error>> {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("en_stem")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = TextOptions::default().set_indexing_options(indexing) | STORED;
    let mut schema = Schema::builder();
    let (title, body) = (schema.add_text_field("title", text.clone()), schema.add_text_field("abstract", text));
    let engine = Engine::create_in_dir(folder, schema.build())?;
    let mut draw = Numbers(1);
    let all: Vec<Paper> = (0..papers).map(|n| paper(n, &mut draw)).collect();
    let start = Instant::now();
    let mut writer = engine.writer_with_num_threads::<TantivyDocument>(1, 64 << 20)?;
    for paper in all {
        let mut document = TantivyDocument::new();
        document.add_text(title, &paper.record.title);
        document.add_text(body, paper.record.abstract_text.unwrap_or_default());
        writer.add_document(document)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(rate(papers, start))
}

/// Returns how many a second.
#[expect(clippy::cast_precision_loss, reason = "numbers of papers are small")]
fn rate(papers: u64, start: Instant) -> f64 {
    papers as f64 / start.elapsed().as_secs_f64()
}

/// Runs a search; returns how the program ended.
fn search(home: &Path, query: &str) -> std::io::Result<ExitStatus> {
    Command::new(env!("CARGO_BIN_EXE_roundup"))
        .args(["--home", &home.to_string_lossy(), "search", query])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
}

/// Returns the median of how long the program takes for a query, in milliseconds.
fn wait(home: &Path, query: &str, before: &dyn Fn()) -> Result<f64, Box<dyn Error>> {
    let mut times = Vec::new();
    for _ in 0..RUNS {
        before();
        let start = Instant::now();
        let status = search(home, query)?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
        assert!(status.success(), "{query}: {status}");
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(RUNS / 2).copied().unwrap_or_default())
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its result")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let papers: u64 = arguments.first().and_then(|a| a.parse().ok()).unwrap_or(PAPERS);
    let folder = tempfile::tempdir()?;
    let home = arguments.get(1).map_or_else(|| folder.path().join("home"), std::path::PathBuf::from);
    let measured = papers.min(PAPERS);
    let plain = folder.path().join("bare");
    roundup::fsx::make_folder(&plain)?;
    let bare = bare(measured, &plain)?;
    let (table, _) = countries::parse(countries::DEFAULT, "countries.csv");
    let knowledge = Knowledge::new(&lexicon::built_in(), &table);
    let mut draw = Numbers(1);
    let all: Vec<Paper> = (0..measured).map(|n| paper(n, &mut draw)).collect();
    let start = Instant::now();
    Index::rebuild(&home.join("index"), &mut all.into_iter(), &knowledge, 1)?;
    let ours = rate(measured, start);
    println!("indexing {measured} papers: {ours:.0} a second, bare {bare:.0}, ratio {:.2}", ours / bare);
    if papers > measured {
        Index::rebuild(&home.join("index"), &mut (0..papers).map(|n| paper(n, &mut draw)), &knowledge, 1)?;
    }
    let small = folder.path().join("small");
    Index::rebuild(&small.join("index"), &mut (0..SMALL).map(|n| paper(n, &mut draw)), &knowledge, 1)?;
    for query in ["postpartum depression treatment", "screening kenya", "women country:KE 2010..2020"] {
        let warm = wait(&home, query, &|| {})?;
        println!("{query:?} in {papers} papers: {warm:.1} ms warm");
        let evict = || drop(Command::new("sh").args(["-c", "sync; echo 1 > /proc/sys/vm/drop_caches"]).status());
        if std::fs::OpenOptions::new().write(true).open("/proc/sys/vm/drop_caches").is_ok() {
            // The program itself is read back in first, by a search of another index: only this one is to
            // be cold.
            let cold = wait(&home, query, &|| {
                evict();
                drop(search(&small, query));
            })?;
            println!("{query:?} in {papers} papers: {cold:.1} ms with the index evicted");
        }
    }
    Ok(())
}
