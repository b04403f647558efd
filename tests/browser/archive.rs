//! The pages of issues and the search over all of them, opened from a folder without any server.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use roundup::model::{Colours, House, Language, Month, text};
use roundup::render::{ArchiveIssue, ArchiveItem, Templates, archive_files};
use serde_json::{Value, json};

use super::Browser;
use crate::support::{Bench, Served, block_on};

/// Bytes that the first query may load, all files together.
const FIRST_QUERY_BYTES_MAX: u64 = 300_000;

/// Titles that are put among the invented ones, oldest first: what readers may type is not always what is printed.
const TITLES: [&str; 9] = [
    "Dépression périnatale à Đà Nẵng: une étude inventée",
    "Mother’s “blues” and the PHQ-9 in Côte d'Ivoire",
    "ÆON ŒUVRE: Straße, Łódź and Ørsted as invented settings",
    "الصحة النفسية للأمهات في فترة ما حول الولادة",
    "A <b>bold</b> title & \"quotes\" \\ with {{ tags }} *|UNSUB|*",
    "Maternal mental health and the cost of care in İzmir",
    "妊産婦のうつ病に関する架空の研究",
    "Ｆｕｌｌ－ｗｉｄｔｈ letters in a title of old",
    "Task-sharing",
];

/// Returns an invented archive of so many papers, newest issue first, with the titles above spread among them.
fn issues(papers: usize) -> Vec<ArchiveIssue> {
    const WORDS: [&str; 24] = [
        "depression",
        "maternal",
        "perinatal",
        "women",
        "anxiety",
        "trial",
        "screening",
        "stigma",
        "adolescent",
        "midwife",
        "community",
        "violence",
        "partner",
        "sleep",
        "stress",
        "support",
        "therapy",
        "nutrition",
        "heat",
        "school",
        "birth",
        "clinic",
        "mobile",
        "rural",
    ];
    let mut month = Month::parse("2000-01").unwrap();
    let mut out = Vec::new();
    for at in 0..papers.div_ceil(40) {
        let items = (at * 40..papers.min((at + 1) * 40)).map(|n| {
            let word = |k: usize| WORDS[(n * (k + 3) + n / (k + 7)) % (3 + k * 5).min(WORDS.len())];
            let plain = format!(
                "{} {} and {} in place{} with measure{}: an invented study of {} families, {}",
                word(1),
                word(4),
                word(2),
                n % 1709,
                n % 5003,
                word(6),
                n
            );
            let special = n.is_multiple_of(papers / TITLES.len()).then(|| TITLES.get(n / (papers / TITLES.len())));
            ArchiveItem {
                group: "Evidence and Impact".into(),
                anchor: format!("w{n:011}"),
                title: special.flatten().map_or(plain, |t| (*t).to_owned()),
                link: String::new(),
                byline: format!("Example{} A, Sample B et al. Journal of {} Studies, 9 Jan 2030", n % 977, word(3)),
                content_note: String::new(),
                tag_line: "Kenya · Cross-sectional · Open access".into(),
                finding: format!("Of {n} invented participants one in four told of {} and {}.", word(5), word(2)),
            }
        });
        out.push(ArchiveIssue {
            month,
            number: None,
            summary: String::new(),
            note: Vec::new(),
            items: items.collect(),
        });
        month = month.next();
    }
    out.reverse();
    out
}

/// Returns an invented house that has no place on the web.
fn house() -> House {
    House {
        community: "An invented community".into(),
        name: "Literature Roundup".into(),
        short_name: "Roundup".into(),
        web_address: String::new(),
        contact: String::new(),
        request: String::new(),
        method: String::new(),
        time_zone: "Africa/Nairobi".into(),
        first_issue: None,
        language: Language::English,
        content_notes: true,
        intro: String::new(),
        footer: String::new(),
        colours: Colours::default(),
    }
}

/// A paper as it is looked up: its title, and all its words.
type Known = (String, BTreeSet<String>);

/// Returns all papers with their words, newest issue first.
fn known(issues: &[ArchiveIssue]) -> Vec<Known> {
    let words = |item: &ArchiveItem| {
        let texts = [&item.title, &item.byline, &item.tag_line, &item.finding];
        (item.title.clone(), texts.into_iter().flat_map(|t| text::words(t)).collect())
    };
    issues.iter().flat_map(|i| &i.items).map(words).collect()
}

/// Returns the titles that a query must find, newest issue first, by looking at every paper.
fn looked_up<'k>(papers: &'k [Known], query: &str) -> Vec<&'k str> {
    const SMALL: [&str; 16] =
        ["al", "an", "and", "as", "at", "by", "et", "for", "from", "in", "of", "on", "or", "the", "to", "with"];
    let asked: Vec<String> =
        text::words(query).into_iter().filter(|w| w.chars().count() > 1 && !SMALL.contains(&w.as_str())).collect();
    let last = asked.len().saturating_sub(1);
    let fits = |(_, all): &&Known| {
        let is_there = |(n, word): (usize, &String)| {
            let is_beginning = n == last && word.chars().count() >= 3 && !query.ends_with(' ');
            all.contains(word) || is_beginning && all.iter().any(|w| w.starts_with(word.as_str()))
        };
        !asked.is_empty() && asked.iter().enumerate().all(is_there)
    };
    papers.iter().filter(fits).map(|(title, _)| title.as_str()).collect()
}

#[test]
fn twelve_thousand_papers_are_searched_from_a_folder() {
    let Some(browser) = Browser::found() else { return };
    let issues = issues(12_000);
    let bench = Bench::new();
    let (templates, _) = Templates::new(&BTreeMap::new());
    for file in archive_files(&issues, &house(), &templates).unwrap() {
        bench.write(&file.path, file.bytes);
    }
    let newest = &issues[0];
    let marks: Vec<String> = newest.items.iter().map(|i| format!("<p id=\"{}\">{0}</p>", i.anchor)).collect();
    bench.write(&format!("{}/index.html", newest.month), format!("<!DOCTYPE html><title>m</title>{}", marks.concat()));
    let queries = [
        "depression",
        "depress",
        "perinatal stigma",
        "place17",
        "measure4999 families",
        "depression perinatale da nang",
        "DÉPRESSION PÉRINATALE",
        "mothers blues",
        "mother’s phq",
        "cote divoire",
        "aeon oeuvre strasse lodz orsted",
        "الصحة",
        "bold quotes tags unsub",
        "izmir",
        "妊産婦",
        "full width",
        "task sharing",
        "Example976 kenya 2030",
        "the of",
        "x",
        "nothingofthiskind",
        "trial ",
        "tria ",
        "invented study families participants told journal studies place17",
        "of the maternal",
        "studies",
        "one of four",
    ];
    let papers = known(&issues);
    let asked: Vec<Value> = queries
        .iter()
        .map(|query| {
            let found = looked_up(&papers, query);
            json!({ "text": query, "count": found.len(), "titles": found.iter().take(10).collect::<Vec<_>>() })
        })
        .collect();
    for query in &asked {
        let is_none = ["the of", "x", "nothingofthiskind", "tria "].iter().any(|none| query["text"] == *none);
        assert_eq!(query["count"] == 0, is_none, "{}", query["text"]);
    }
    bench.write("queries.json", serde_json::to_vec(&asked).unwrap());
    let page = format!("file://{}/search.html", bench.path().display());
    let did = browser.run_at("archive.mjs", &page, bench.path(), &[&newest.month.to_string()]);
    assert_eq!(did["asked"], queries.len());
    let most = did["most"].as_u64().unwrap();
    println!("12000 papers: the dearest first query of {} loaded {most} bytes", queries.len());
    assert!(most <= FIRST_QUERY_BYTES_MAX, "{most} bytes");
}

#[test]
fn the_pages_of_an_issue_work_from_a_folder() {
    let Some(browser) = Browser::found() else { return };
    let served = Served::start();
    drop(block_on(served.month.september()));
    let out = served.month.bench.path().join("out");
    let page = format!("file://{}/2026-09/index.html", out.display());
    let did = browser.run_at("issue.mjs", &page, &out, &[]);
    let cited = did["cited"].as_u64().unwrap();
    assert!(cited >= 5, "{did}");
    assert_eq!(fs::read_dir(out.join("2026-09/cite")).unwrap().count(), usize::try_from(cited).unwrap());
}
