//! The index as the page reads it, and what a first query costs.

use std::fmt::Write as _;

use super::*;
use crate::model::Month;
use crate::render::{Templates, archive_files, golden};

/// Returns the numbers that a line of signs holds, as the page's script reads them.
fn numbers(signs: &str) -> Vec<usize> {
    let (mut out, mut next, mut rest) = (Vec::new(), 0, 0);
    for c in signs.chars() {
        let value = (0..LAST_SIGNS + MORE_SIGNS).find(|n| sign(*n) == c).unwrap();
        if value < LAST_SIGNS {
            next += rest * LAST_SIGNS + value + 1;
            rest = 0;
            out.push(next - 1);
        } else {
            rest = rest * MORE_SIGNS + value - LAST_SIGNS + 1;
        }
    }
    out
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]
    #[test]
    fn numbers_are_read_back(numbers_in in proptest::collection::btree_set(0_usize..200_000, 0..60)) {
        let all: Vec<usize> = numbers_in.into_iter().collect();
        let signs = distances(&all);
        proptest::prop_assert_eq!(numbers(&signs), all);
        proptest::prop_assert!(serde_json::to_string(&signs).unwrap().len() == signs.len() + 2, "nothing is escaped");
    }
}

/// Returns a number that looks like chance and is always the same (splitmix64).
fn lot(n: usize) -> usize {
    let z = (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    usize::try_from((z ^ (z >> 31)) % 1_000_003).unwrap()
}

/// Returns an invented word; small numbers are frequent words.
fn word(n: usize) -> String {
    const FIELD: [&str; 12] = [
        "depression",
        "maternal",
        "perinatal",
        "women",
        "study",
        "health",
        "postpartum",
        "mental",
        "anxiety",
        "trial",
        "adolescent",
        "screening",
    ];
    const PIECES: [&str; 16] =
        ["ba", "de", "ki", "lo", "mu", "na", "pre", "ri", "so", "ta", "ve", "wa", "xe", "yo", "zu", "con"];
    if let Some(word) = FIELD.get(n) {
        return (*word).to_owned();
    }
    let mut out = String::new();
    let mut left = n;
    while left > 0 {
        out.push_str(PIECES[left % PIECES.len()]);
        left /= PIECES.len();
    }
    out
}

/// Returns so many invented words: few are everywhere, most are rare, as in real texts.
fn text(seed: usize, count: usize) -> String {
    let mut out = String::new();
    for k in 0..count {
        let (a, b) = (lot(seed * 977 + k), lot(seed * 3931 + k * 7 + 1));
        let n = (a % 170) * (b % 170);
        write!(out, "{} ", word(if k % 4 == 0 { a % 12 } else { n })).unwrap();
    }
    out.trim_end().to_owned()
}

/// Returns issues of so many invented papers, newest first.
fn issues(papers: usize, a_month: usize) -> Vec<ArchiveIssue> {
    let mut month = Month::parse("2030-01").unwrap();
    let mut out = Vec::new();
    for at in 0..papers.div_ceil(a_month) {
        let items = (at * a_month..papers.min((at + 1) * a_month)).map(|n| ArchiveItem {
            group: "Evidence".into(),
            anchor: format!("w{n:010}"),
            title: format!("{} number{n}", text(n, 14)),
            link: "https://example.org".into(),
            byline: format!(
                "Example{} A, Sample{} B et al. Journal of {}, 9 Jan 2030",
                n % 4001,
                n % 977,
                text(n % 80, 3)
            ),
            content_note: String::new(),
            tag_line: "Kenya · Cross-sectional · Open access".into(),
            finding: text(n + 50_000, 25),
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

#[test]
fn every_word_leads_to_its_papers() {
    let issues = issues(100, 30);
    let (files, head) = index(&issues.iter().collect::<Vec<_>>());
    assert_eq!(head.papers, 100);
    let parts: Vec<String> = (0..head.first_words.len()).map(|n| held(&files, &format!("w{n}"))).collect();
    let all: Vec<Vec<[String; 5]>> =
        (0..head.papers.div_ceil(PAPERS_A_PART)).map(|n| held(&files, &format!("p{n}"))).collect();
    let rows: Vec<&[String; 5]> = all.iter().flatten().collect();
    assert_eq!((rows[99][3].as_str(), rows[99][4].as_str()), ("2030-04", "w0000000090"), "the largest is the newest");
    let mut found = 0;
    for (part, first) in parts.iter().zip(&head.first_words) {
        assert!(part.starts_with(first.as_str()) && part.len() <= WORDS_BYTES + 200);
        for line in part.lines() {
            let (word, signs) = line.split_once(' ').unwrap();
            for paper in numbers(signs) {
                let item = issues.iter().flat_map(|i| &i.items).find(|i| i.anchor == rows[paper][4]).unwrap();
                assert!(words_of(item).contains(word), "{word} in {}", item.title);
                found += 1;
            }
        }
    }
    assert_eq!(found, issues.iter().flat_map(|i| &i.items).map(|i| words_of(i).len()).sum::<usize>());
}

/// Returns what a part of the index holds.
fn held<T: serde::de::DeserializeOwned>(files: &[RenderedFile], name: &str) -> T {
    let file = files.iter().find(|f| f.path == format!("search/{name}.js")).unwrap();
    assert!(is_of_an_index(&file.path, &file.bytes));
    let text = std::str::from_utf8(&file.bytes).unwrap();
    let json = text.splitn(3, ',').nth(2).unwrap();
    serde_json::from_str(json.strip_suffix(");\n").unwrap()).unwrap()
}

#[test]
fn a_new_issue_leaves_the_papers_of_old_ones_where_they_are() {
    let bodies = |papers: usize| -> Vec<String> {
        let issues = issues(papers, 24);
        let (files, _) = index(&issues.iter().collect::<Vec<_>>());
        (0..papers / PAPERS_A_PART).map(|n| held::<serde_json::Value>(&files, &format!("p{n}")).to_string()).collect()
    };
    assert_eq!(bodies(96)[..3], bodies(72)[..]);
}

#[test]
fn only_parts_of_an_index_may_be_removed() {
    for (path, text, want) in [
        ("search/w3.js", "roundupPart(\"w3\",\"", true),
        ("search/p0.js", "roundupPart(\"p0\",\"1\",[]);", true),
        ("search/p0.js", "roundupPart(\"p1\",\"1\",[]);", false),
        ("search/p0.js", "my own script", false),
        ("search/notes.js", "roundupPart(\"notes\",\"", false),
        ("search/w.js", "roundupPart(\"w\",\"", false),
        ("other/w3.js", "roundupPart(\"w3\",\"", false),
        ("w3.js", "roundupPart(\"w3\",\"", false),
    ] {
        assert_eq!(is_of_an_index(path, text.as_bytes()), want, "{path} {text}");
    }
}

/// The bytes that a first query over 12,000 papers may load, the page among them.
const FIRST_QUERY_BYTES_MAX: usize = 300_000;

#[test]
fn the_first_query_over_twelve_thousand_papers_is_small() {
    let issues = issues(12_000, 40);
    let (templates, _) = Templates::new(&BTreeMap::new());
    let files = archive_files(&issues, &golden::house(), &templates).unwrap();
    let page = files.iter().find(|f| f.path == "search.html").unwrap().bytes.len();
    let sizes = |kind: &str| -> Vec<usize> {
        let kind = format!("search/{kind}");
        let mut sizes: Vec<usize> = files.iter().filter(|f| f.path.starts_with(&kind)).map(|f| f.bytes.len()).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        sizes
    };
    let (words, papers) = (sizes("w"), sizes("p"));
    // The page looks for eight words at most: seven whole ones, and a beginning that lies in at most four parts. Ten
    // papers are shown first, each perhaps in a file of its own. All of them the largest there are:
    let most = |sizes: &[usize], n: usize| sizes.iter().take(n).sum::<usize>();
    let worst = page + most(&words, 7 + 4) + most(&papers, 10);
    let usual = page + most(&words, 2) + most(&papers, 4);
    println!(
        "12000 papers: page {page}, {} files of words of at most {}, {} of papers of at most {}, in all {}; \
         a first query loads at most {worst}, usually about {usual}",
        words.len(),
        words[0],
        papers.len(),
        papers[0],
        words.iter().chain(&papers).sum::<usize>()
    );
    assert!(worst <= FIRST_QUERY_BYTES_MAX, "{worst}");
    let script = include_str!("../../../templates/web/search-script.html");
    assert!(
        script.contains("PREFIX_PARTS_MAX = 4, WORDS_MAX = 8, PAGE = 10"),
        "what is measured is what the page does"
    );
}

#[test]
fn the_same_issues_give_the_same_index_in_any_order() {
    let (templates, _) = Templates::new(&BTreeMap::new());
    let mut all = issues(90, 30);
    let files = archive_files(&all, &golden::house(), &templates).unwrap();
    all.reverse();
    assert_eq!(archive_files(&all, &golden::house(), &templates).unwrap(), files);
    let none = archive_files(&[], &golden::house(), &templates).unwrap();
    assert!(none.iter().all(|f| !f.path.starts_with("search/")), "no papers, no index");
}
