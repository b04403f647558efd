//! How long each stage takes on one core, each beside a plain measure of the same work.
//! `taskset -c 0 cargo bench --bench stages`; `just performance` puts its figures into `docs/PERFORMANCE.md`.
//!
//! All papers are the invented ones of the stand-in: 43 records of PubMed with whole abstracts.
//! Machines differ: what counts is the ratio to the plain measure in the same run.

use std::collections::BTreeMap;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use quick_xml::Reader;
use quick_xml::events::Event;
use roundup::config::{countries, lexicon, topics};
use roundup::index::{Index, Knowledge, Options, parse_query};
use roundup::merge::Comparable;
use roundup::model::{
    Colours, House, Identifier, Issue, IssueItem, IssueSection, Language, Month, Paper, RankWeights, Record, WorkId,
    text,
};
use roundup::normalise;
use roundup::rank::{Group, score};
use roundup::render::{Templates, issue_files};
use roundup::tag::Judge;

/// Invented records, as PubMed writes its own.
const PUBMED: &str = include_str!("../src/standin/data/pubmed-2026-10.xml");
/// An invented feed.
const FEED: &str = include_str!("../src/standin/data/sample-midwifery.xml");
/// Papers in the index: each invented one many times, with another number in its title.
const INDEXED: usize = 2_000;

fn main() {
    divan::main();
}

/// Returns the records of the set.
fn records() -> Vec<Record> {
    normalise::read(PUBMED.as_bytes(), "pubmed.xml", "bench").records
}

/// Returns the rules, compiled.
fn judge() -> Judge {
    let (rules, _) = topics::parse(topics::DEFAULT, "topics.toml");
    let (table, _) = countries::parse(countries::DEFAULT, "countries.csv");
    Judge::compile(&rules, &table).expect("invariant: the built-in rules can be compiled; a test compiles them")
}

/// Returns what the search knows of words.
fn knowledge() -> Knowledge {
    let (table, _) = countries::parse(countries::DEFAULT, "countries.csv");
    Knowledge::new(&lexicon::built_in(), &table)
}

/// Returns papers to be indexed.
fn papers(count: usize) -> Vec<Paper> {
    let records = records();
    let paper = |(n, record): (usize, &Record)| {
        let guid = Identifier::Guid { source: "bench".to_owned(), guid: n.to_string() };
        let title = format!("{} number{n}", record.title);
        Paper::untagged(WorkId::mint(&guid, 0), Record { title, ..record.clone() })
    };
    records.iter().cycle().take(count).enumerate().map(paper).collect()
}

#[divan::bench_group(name = "1 parse")]
mod parse {
    use super::{Bencher, BytesCount, Event, FEED, PUBMED, Reader, normalise};

    #[divan::bench]
    fn pubmed_xml(bencher: Bencher) {
        bencher.counter(BytesCount::of_str(PUBMED)).bench(|| normalise::read(PUBMED.as_bytes(), "pubmed.xml", "bench"));
    }

    /// The plain measure: the XML library alone counts the events of the same text.
    #[divan::bench]
    fn pubmed_xml_bare_events(bencher: Bencher) {
        bencher.counter(BytesCount::of_str(PUBMED)).bench(|| {
            let mut reader = Reader::from_str(PUBMED);
            let mut events = 0_u64;
            while !matches!(reader.read_event(), Ok(Event::Eof) | Err(_)) {
                events += 1;
            }
            events
        });
    }

    #[divan::bench]
    fn feed(bencher: Bencher) {
        bencher.counter(BytesCount::of_str(FEED)).bench(|| normalise::read(FEED.as_bytes(), "feed.xml", "bench"));
    }
}

#[divan::bench_group(name = "2 merge")]
mod merge {
    use super::{Bencher, Comparable, ItemsCount, records};

    #[divan::bench]
    fn make_ready(bencher: Bencher) {
        let records = records();
        bencher
            .counter(ItemsCount::new(records.len()))
            .bench(|| records.iter().map(Comparable::of).map(|c| c.block_keys().len()).sum::<usize>());
    }

    #[divan::bench]
    fn compare_all_pairs(bencher: Bencher) {
        let all = Comparable::of_all(&records());
        bencher
            .counter(ItemsCount::new(all.len() * all.len()))
            .bench(|| all.iter().map(|a| all.iter().filter(|b| a.likeness(b).is_some()).count()).sum::<usize>());
    }

    /// The plain measure: how like two titles are, by Jaro and Winkler.
    #[divan::bench]
    fn compare_all_titles_jaro_winkler(bencher: Bencher) {
        let titles: Vec<String> = records().into_iter().map(|r| r.title).collect();
        bencher.counter(ItemsCount::new(titles.len() * titles.len())).bench(|| {
            titles.iter().map(|a| titles.iter().map(|b| strsim::jaro_winkler(a, b)).sum::<f64>()).sum::<f64>()
        });
    }
}

#[divan::bench_group(name = "3 tag")]
mod tag {
    use super::{Bencher, ItemsCount, Record, black_box, judge, records, text};

    #[divan::bench]
    fn judge_papers(bencher: Bencher) {
        let (judge, records) = (judge(), records());
        bencher
            .counter(ItemsCount::new(records.len()))
            .bench(|| records.iter().for_each(|r| drop(black_box(judge.judge(r)))));
    }

    /// The plain measure: counting their words.
    #[divan::bench]
    fn count_words(bencher: Bencher) {
        let records = records();
        bencher.counter(ItemsCount::new(records.len())).bench(|| {
            let words = |r: &Record| {
                text::count_words(&r.title) + text::count_words(r.abstract_text.as_deref().unwrap_or_default())
            };
            records.iter().map(words).sum::<usize>()
        });
    }
}

#[divan::bench_group(name = "4 rank")]
mod rank {
    use super::{Bencher, Group, ItemsCount, RankWeights, judge, records, score};

    #[divan::bench]
    fn score_papers(bencher: Bencher) {
        let (judge, records) = (judge(), records());
        let judged: Vec<_> = records.iter().map(|record| (record, judge.judge(record))).collect();
        let (weights, day) = (RankWeights::default(), jiff::civil::date(2026, 10, 31));
        bencher.counter(ItemsCount::new(judged.len())).bench(|| {
            judged.iter().map(|(record, j)| score(record, j, &weights, day, Group::default()).total).sum::<f64>()
        });
    }
}

#[divan::bench_group(name = "5 index and search")]
mod index {
    use super::{Bencher, INDEXED, Index, ItemsCount, Options, knowledge, papers, parse_query};

    #[divan::bench(sample_count = 5)]
    fn index_2000_papers(bencher: Bencher) {
        let (knowledge, papers) = (knowledge(), papers(INDEXED));
        let folder = tempfile::tempdir().expect("invariant: there is room for a folder");
        bencher.counter(ItemsCount::new(INDEXED)).bench(|| {
            Index::rebuild(&folder.path().join("index"), &mut papers.clone().into_iter(), &knowledge, 1).is_ok()
        });
    }

    #[divan::bench(args = ["depression", "postpartum depression kenya", "\"home visits\" OR lullabies -trial"])]
    fn search_2000_papers(bencher: Bencher, query: &str) {
        let folder = tempfile::tempdir().expect("invariant: there is room for a folder");
        let path = folder.path().join("index");
        Index::rebuild(&path, &mut papers(INDEXED).into_iter(), &knowledge(), 1).expect("invariant: it can be built");
        let searcher = Index::open_reader(&path).expect("invariant: it was just built");
        let options = Options::default();
        bencher.bench(|| searcher.search(&parse_query(query), &options).is_ok());
    }
}

#[divan::bench_group(name = "6 render")]
mod render {
    use super::{BTreeMap, Bencher, ItemsCount, Templates, house, issue, issue_files};

    #[divan::bench(args = [30, 60])]
    fn all_files_of_an_issue(bencher: Bencher, papers: usize) {
        let ((templates, _), issue, house) = (Templates::new(&BTreeMap::new()), issue(papers), house());
        bencher.counter(ItemsCount::new(papers)).bench(|| issue_files(&issue, &house, &templates).is_ok());
    }
}

/// Returns an issue of so many papers.
fn issue(papers: usize) -> Issue {
    let item = |(n, record): (usize, Record)| IssueItem {
        id: format!("paper-{n}"),
        section: "evidence".to_owned(),
        title: record.title.clone(),
        summary: "What was found, in the authors' own words, in one sentence of usual length.".to_owned(),
        why: String::new(),
        link: record.best_link().unwrap_or_default(),
        countries: vec!["Kenya".to_owned()],
        regions: vec!["SSA".to_owned()],
        record,
        judgement: None,
        score: None,
        remark: String::new(),
    };
    let items = records().into_iter().cycle().take(papers).enumerate().map(item).collect();
    let section = IssueSection { id: "evidence".into(), name: "Evidence".into(), blurb: String::new(), items };
    Issue {
        month: Month::parse("2030-01").unwrap_or_else(|| unreachable!("a month")),
        number: Some(1),
        subject: "An invented roundup".into(),
        preheader: "What is in it".into(),
        note: "A note of the editors.".into(),
        pick: None,
        sections: vec![section],
        more: Vec::new(),
        events: Vec::new(),
        request: String::new(),
        earlier: Vec::new(),
        stale_sources: Vec::new(),
    }
}

/// Returns an invented house.
fn house() -> House {
    House {
        community: "An invented community".into(),
        name: "Literature Roundup".into(),
        short_name: "Roundup".into(),
        web_address: "https://example.org/roundup".into(),
        contact: "secretariat@example.org".into(),
        request: String::new(),
        method: "Gathered, judged and chosen.".into(),
        time_zone: "Africa/Nairobi".into(),
        first_issue: None,
        language: Language::English,
        content_notes: true,
        intro: String::new(),
        footer: String::new(),
        colours: Colours::default(),
    }
}
