//! How long the parts of an issue take to be made on one core.
//! `taskset -c 0 cargo bench --bench rendering [-- SECONDS]`
//!
//! Invented papers with abstracts of 250 words: all files of an issue of 30 and of 60 papers, and the archive with its
//! search over a year of issues and over 12,000 papers. The goal is under 10 ms for all files of 30 papers.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;

use roundup::model::{
    Author, Colours, Doi, House, Issue, IssueItem, IssueSection, Language, Month, PartialDate, Pmid, Record,
};
use roundup::render::{ArchiveIssue, Templates, archive_files, issue_files};

/// Seconds that each kind of work is done for unless said otherwise.
const SECONDS: f64 = 2.0;
/// Words of an abstract.
const WORDS: usize = 250;
/// Words that papers are made of.
const VOCABULARY: usize = 9000;

/// Does a piece of work again and again for so many seconds; returns the middle of the times, in milliseconds.
fn middle_ms(seconds: f64, mut work: impl FnMut()) -> f64 {
    work();
    let start = Instant::now();
    let mut times = Vec::new();
    while start.elapsed().as_secs_f64() < seconds || times.len() < 3 {
        let begun = Instant::now();
        work();
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Returns so many invented words, always the same for a seed.
fn text(seed: usize, count: usize) -> String {
    let word = |k| format!("word{}", (seed * 7919 + k * k * 31 + k * 977) % VOCABULARY);
    (0..count).map(word).collect::<Vec<_>>().join(" ")
}

/// Returns an invented paper as an item.
fn item(n: usize) -> IssueItem {
    let number = u32::try_from(90_000_000 + n).unwrap_or_default();
    let record = Record {
        title: text(n, 14),
        abstract_text: Some(text(n + 1, WORDS)),
        authors: (0..6).map(|k| Author::person(format!("Example{}", (n + k) % 700), "A B")).collect(),
        journal: Some(format!("Journal of {}", text(n % 60, 2))),
        published: PartialDate::new(2030, Some(1), Some(9)),
        doi: Doi::parse(&format!("10.5555/rendering.{n}")),
        pmid: Pmid::parse(&number.to_string()),
        open_access: Some(n.is_multiple_of(2)),
        ..Record::default()
    };
    IssueItem {
        id: format!("paper-{n}"),
        section: ["information", "evidence", "advocacy", "adolescent"]
            .get(n % 4)
            .copied()
            .unwrap_or_default()
            .to_owned(),
        title: record.title.clone(),
        summary: text(n + 2, 22),
        why: String::new(),
        link: record.best_link().unwrap_or_default(),
        countries: vec!["Kenya".to_owned()],
        regions: vec!["SSA".to_owned()],
        record,
        judgement: None,
        score: None,
        remark: String::new(),
    }
}

/// Returns an invented issue of so many papers.
fn issue(month: Month, first: usize, papers: usize) -> Issue {
    let items: Vec<IssueItem> = (first..first + papers).map(item).collect();
    let section = |id: &str| IssueSection {
        id: id.to_owned(),
        name: format!("Working group on {id}"),
        blurb: text(1, 8),
        items: items.iter().filter(|i| i.section == id).cloned().collect(),
    };
    Issue {
        month,
        number: Some(1),
        subject: "An invented roundup".into(),
        preheader: text(3, 12),
        note: text(4, 60),
        pick: None,
        sections: ["information", "evidence", "advocacy", "adolescent"].map(section).into(),
        more: Vec::new(),
        events: Vec::new(),
        request: text(5, 20),
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
        method: text(6, 40),
        time_zone: "Africa/Nairobi".into(),
        first_issue: None,
        language: Language::English,
        content_notes: true,
        intro: String::new(),
        footer: String::new(),
        colours: Colours::default(),
    }
}

/// Returns the archive of so many papers, so many in an issue.
fn archive(papers: usize, in_an_issue: usize) -> Vec<ArchiveIssue> {
    let mut month = Month::parse("1995-01").unwrap_or_else(|| unreachable!("a month"));
    let mut out = Vec::new();
    for first in (0..papers).step_by(in_an_issue) {
        out.push(ArchiveIssue::of_issue(&issue(month, first, in_an_issue), &house()));
        month = month.next();
    }
    out
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its result")]
fn main() {
    let seconds = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(SECONDS);
    let (templates, _) = Templates::new(&BTreeMap::new());
    let month = Month::parse("2030-01").unwrap_or_else(|| unreachable!("a month"));
    for papers in [30, 60] {
        let issue = issue(month, 0, papers);
        let ms = middle_ms(seconds, || drop(black_box(issue_files(&issue, &house(), &templates))));
        println!("all files of an issue of {papers} papers: {ms:.2} ms");
    }
    for papers in [360, 12_000] {
        let issues = archive(papers, 30);
        let ms = middle_ms(seconds, || drop(black_box(archive_files(&issues, &house(), &templates))));
        println!("the archive of {papers} papers with its search: {ms:.1} ms");
    }
}
