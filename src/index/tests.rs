//! Tests of the whole index on a shelf of invented papers.

#![cfg(test)]

mod counts;
mod near;
mod notes;
mod operators;
mod reasons;
mod shelf;
mod similar;
mod spelling;

use std::collections::BTreeSet;
use std::path::Path;

use self::shelf::{knowledge, paper, shelf};
use super::*;
use crate::model::{Month, Paper};

/// Builds an index of papers in a new folder.
fn indexed(papers: &[Paper]) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    Index::rebuild(home.path(), &mut papers.iter().cloned(), &knowledge(), 1).unwrap();
    home
}

/// Returns the state of an index of the shelf.
fn ready(revision: u64) -> State {
    State::Ready { revision, knowledge: knowledge().hash() }
}

fn found(searcher: &Searcher, query: &str) -> Answer {
    searcher.search(&parse_query(query), &Options { limit: 50, ..Options::default() }).unwrap()
}

fn names(answer: &Answer) -> Vec<&str> {
    answer.hits.iter().map(|h| h.paper.native_id()).collect()
}

#[test]
fn queries_mean_what_people_mean() {
    let text = include_str!("../../tests/cases/queries.toml");
    let cases: toml_edit::DocumentMut = text.parse().unwrap();
    let papers = shelf();
    let home = indexed(&papers);
    let searcher = Index::open_reader(home.path()).unwrap();
    let every: BTreeSet<&str> = papers.iter().map(Paper::native_id).collect();
    let (mut ids, mut wrong) = (BTreeSet::new(), Vec::new());
    for case in cases["case"].as_array_of_tables().unwrap() {
        let text = |key: &str| case.get(key).and_then(|v| v.as_str());
        let (id, query) = (text("id").unwrap(), text("query").unwrap());
        assert!(text("note").is_some() && ids.insert(id.to_owned()), "{id}: no note, or twice");
        let parsed = parse_query(query);
        if let Some(problem) = text("problem") {
            let said: String = parsed.problems.iter().map(ToString::to_string).collect();
            if !said.contains(problem) || !said.contains(text("help").unwrap_or_default()) {
                wrong.push(format!("{id}: {said:?} is not about {problem:?}"));
            }
            continue;
        }
        if !parsed.problems.is_empty() || text("means").is_some_and(|m| m != parsed.to_string()) {
            wrong.push(format!("{id}: {query} means {parsed} {:?}", parsed.problems));
        }
        let answer = found(&searcher, query);
        let got: BTreeSet<&str> = names(&answer).into_iter().collect();
        let want = match text("finds") {
            None => got.clone(),
            Some("all") => every.clone(),
            Some(list) => list.split_whitespace().collect(),
        };
        if got != want || answer.total != got.len() {
            wrong.push(format!("{id}: {query} finds {got:?}, not {want:?}"));
        }
        let options = Options { limit: 50, why: true, ..Options::default() };
        for hit in searcher.search(&parsed, &options).unwrap().hits {
            let mut asks = false;
            let root = parsed.root.iter();
            root.for_each(|r| r.leaves(true, &mut |leaf, is| asks |= is && *leaf != query::Node::Everything));
            if hit.why.is_empty() || (hit.why[0].place == "query" && asks) {
                wrong.push(format!("{id}: {query} does not say why it finds {}", hit.paper.native_id()));
            }
        }
        let said = answer.notes.join("|");
        if !said.contains(text("says").unwrap_or_default()) || text("never").is_some_and(|t| said.contains(t)) {
            wrong.push(format!("{id}: {query} says {said:?}"));
        }
        if answer.total == 0 && answer.notes.is_empty() {
            wrong.push(format!("{id}: an empty page without a reason"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(ids.len() >= 170, "{} cases", ids.len());
}

/// Returns numbers that look random and are the same every time (Knuth's MMIX generator).
fn numbers() -> impl FnMut(usize) -> usize {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    }
}

/// What nasty queries are made of.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "(", ")", "((((", "\"", "“", "”", "'", "’", "-", "--", "–", "+", "*", "~", ":", "::", "..", "...", ",", "/",
    " ", " ", "\t", "\n", "\0", "\u{1b}[31m", "\u{202e}", "\u{301}", "\u{200d}", "é", "产后", "🤱🏽", "ß", "İ",
    "AND", "OR", "NOT", " AND ", " OR ", " NOT ", "and", "depression", "PHQ-9", "self-harm", "mother's", "a",
    "9", "2022..2025", "9999..", "..1", "year:", "year:>=", "year:-1", "since:", "until:9999-99-99", "country:",
    "oa:", "title:", "author:(", "doi:", "10.5555/", "10.5555/a(b", "pmid:", "PMID: ", "http://", "https://[",
    "www.", "issue:2026-13", "foo:", "x:(^", "\u{10ffff}", "\u{10ffff}*", "ＡＮＤ", "𝒻", "ﬁ", "½", "²",
    "w2345672345a", "[ti]", "[tiab]", "[Title/Abstract:~3]", "[dp]", ".ti,ab.", "exp ", "/", "adj3 ", "$", "#1", "?", "|",
    "&&", "!", "=", ">=", "since ", "2024 ", "between ", "last year", "2020s", "~2", "[2022 TO *]", "\u{e100}", "是",
    "what ", "de la ", "is:", "date:", "issue:march", "，", "：", "≥", "{{", "%7B", "\u{9b}",
];

#[test]
fn any_string_is_a_query() {
    let home = indexed(&shelf());
    let searcher = Index::open_reader(home.path()).unwrap();
    let mut next = numbers();
    for n in 0..10_000 {
        let text: String = (0..=next(14)).map(|_| PIECES[next(PIECES.len())]).collect();
        let query = parse_query(&text);
        assert!(query.root.is_some() || !query.problems.is_empty(), "{text:?} asks nothing and says nothing");
        let _ = query.to_string();
        let mut leaves = 0;
        query.root.iter().for_each(|root| root.leaves(true, &mut |_, _| leaves += 1));
        assert!(leaves <= 2 * text.chars().count() + 2, "{text:?} has {leaves} parts");
        let plain = plain_query(&text);
        if n % 8 == 0 {
            let options = Options { limit: 3, ..Options::default() };
            let answer = searcher.search(&query, &options).unwrap();
            assert!(answer.hits.len() <= 3 && answer.hits.len() <= answer.total, "{text:?}");
            assert!(answer.total > 0 || !answer.notes.is_empty(), "{text:?}: an empty page without a reason");
            searcher.search(&plain, &options).unwrap();
        }
    }
}

#[test]
fn long_and_deep_queries_are_refused_with_a_sentence() {
    let said = |text: &str| parse_query(text).problems.iter().map(ToString::to_string).collect::<String>();
    assert_eq!(said(&"é".repeat(QUERY_CHARS_MAX)), "");
    assert!(said(&"ab".repeat(2_001)).contains("the query has 4002 characters; at most 4000 are read"));
    assert!(said(&"stigma ".repeat(201)).contains("the query has 201 words and phrases; at most 200"));
    assert_eq!(said(&"stigma ".repeat(TERMS_MAX)), "");
    let deep = |levels: usize| format!("{}x{}", "(".repeat(levels), ")".repeat(levels));
    assert_eq!(said(&deep(NESTING_MAX)), "");
    assert_eq!(
        said(&deep(NESTING_MAX + 1)),
        "query:1:17: more than 16 brackets stand inside one another\n  help: leave some out"
    );
    assert!(said(&"(".repeat(500)).contains("more than 16 brackets"));
    assert_eq!(said(&"-".repeat(500)).lines().next().unwrap(), "query: the query holds no word to look for");
    assert_eq!(said(&"NOT ".repeat(120)), said("NOT"));
    let home = indexed(&shelf());
    let searcher = Index::open_reader(home.path()).unwrap();
    let long = "stigma depression ".repeat(2_000);
    assert_eq!(searcher.search(&plain_query(&long), &Options::default()).unwrap().total, 6);
}

#[test]
fn a_page_and_an_export_of_it_hold_the_same_papers() {
    let home = indexed(&shelf());
    let searcher = Index::open_reader(home.path()).unwrap();
    for query in ["postpartum depression mothers", "stigma health care", "depression -kenya", "country:KE"] {
        for (limit, offset) in [(2, 0), (3, 1), (50, 0)] {
            let options = Options { limit, offset, ..Options::default() };
            let page = searcher.search(&parse_query(query), &options).unwrap();
            let mut handed = Vec::new();
            let take = &mut |paper: Paper| {
                handed.push(paper.native_id().to_owned());
                true
            };
            searcher.each(Some(&parse_query(query)), &options, take).unwrap();
            assert_eq!(handed, names(&page), "{query} {limit} {offset}");
            let ids = searcher.ids(&parse_query(query), &options).unwrap();
            assert_eq!(ids.len(), page.total, "{query}: ids are those of all matches");
        }
    }
}

#[test]
fn misspelt_words_are_told_from_names() {
    let home = indexed(&shelf());
    let searcher = Index::open_reader(home.path()).unwrap();
    let engine = searcher.reader.searcher();
    for (word, want, note) in [
        ("deppression", Some("depression"), "a letter too many"),
        ("sitgma", Some("stigma"), "letters changed places"),
        ("adolecsants", Some("adolescents"), "two edits of a long word"),
        ("stigma", None, "papers have it"),
        ("stigmas", None, "papers have its stem"),
        ("okonkwo", None, "an author"),
        ("okonkwa", None, "near an author only"),
        ("STGMA", None, "in capitals"),
        ("stgm", None, "two edits of a short word"),
        ("phq8", None, "a digit"),
        ("self-hram", None, "a hyphen"),
        ("gro", None, "too short"),
        ("xqzzyx", None, "near nothing"),
        ("the", None, "a stop word"),
        ("thet", None, "near stop words only"),
        ("digma", None, "another first letter makes another short word"),
        ("产后", None, "another script"),
        ("", None, "nothing"),
    ] {
        let got = nearest::corrected(&engine, &searcher.fields, word);
        assert_eq!(got.as_deref(), want, "{word}: {note}");
    }
}

#[test]
fn hits_show_what_readers_need_and_facets_count_all() {
    let home = indexed(&shelf());
    let searcher = Index::open_reader(home.path()).unwrap();
    let options = Options { limit: 1, ..Options::default() };
    let answer = searcher.search(&parse_query("postpartum depression mothers nairobi"), &options).unwrap();
    let hit = &answer.hits[0];
    assert_eq!(
        (hit.paper.native_id(), hit.paper.record.year, hit.paper.is_open()),
        ("kenya-trial", Some(2024), Some(true))
    );
    assert_eq!((hit.paper.countries.join(" "), hit.country_names.join(" ")), ("KEN".to_owned(), "Kenya".to_owned()));
    assert_eq!(hit.paper.record.best_link().as_deref(), Some("https://doi.org/10.5555/kenya.1"));
    assert_eq!(hit.paper.issue, Month::parse("2026-09"));
    let marked: String = hit.snippet.iter().map(|(on, t)| if *on { format!("[{t}]") } else { t.clone() }).collect();
    assert_eq!(marked, "We enrolled [mothers] in [Nairobi]. The health workers led groups of ten.");
    assert_eq!(answer.total, 5);
    let query = parse_query("postpartum depression mothers nairobi");
    let uncounted = searcher.search(&query, &Options { facets: false, ..options }).unwrap();
    let same = Answer { facets: Facets::default(), ..answer.clone() };
    assert_eq!(uncounted, same, "nothing else changes where nobody sees the counts");
    let facets = &answer.facets;
    assert_eq!(facets.country.iter().map(|c| c.0.as_str()).collect::<Vec<_>>(), ["BRA", "CIV", "KEN", "PAK"]);
    assert_eq!(facets.twg, [("evidence".to_owned(), 3), ("advocacy".to_owned(), 2)]);
    assert_eq!(facets.year, [(2024, 1), (2023, 2), (2022, 1), (2017, 1)]);
    assert_eq!(facets.design.len(), 5);
}

#[test]
fn order_is_total_and_filters_come_newest_first() {
    let twins: Vec<Paper> =
        (0..40).map(|n| paper(&format!("twin-{n}"), "The same title", "The same text", "2020")).collect();
    let home = indexed(&twins);
    let searcher = Index::open_reader(home.path()).unwrap();
    let page = |offset| {
        let options = Options { limit: 10, offset, sort: Sort::Relevance, ..Options::default() };
        let answer = searcher.search(&parse_query("same"), &options).unwrap();
        answer.hits.into_iter().map(|h| h.paper.id).collect::<Vec<_>>()
    };
    let pages: Vec<WorkId> = [0, 10, 20, 30].into_iter().flat_map(page).collect();
    let mut ids: Vec<WorkId> = twins.iter().map(|p| p.id.clone()).collect();
    ids.sort_by_key(|id| id.as_str().replace(|c: char| c.is_ascii_digit(), "~"));
    assert_eq!(pages.len(), 40);
    assert_eq!(pages.iter().collect::<BTreeSet<_>>(), ids.iter().collect());

    let home = indexed(&shelf());
    let searcher = Index::open_reader(home.path()).unwrap();
    let by_date = ["kenya-trial", "brazil-cohort", "pakistan-lhw", "retired-editorial"];
    let options = Options { sort: Sort::Date, ..Options::default() };
    assert_eq!(names(&searcher.search(&parse_query("depression"), &options).unwrap()), by_date);
    assert_eq!(names(&found(&searcher, "twg:advocacy")), ["ivoire-stigma", "uganda-adolescent", "retired-editorial"]);
    assert_eq!(names(&found(&searcher, "title:stigma -review")), ["ivoire-stigma"]);
}

/// Returns all that a set of queries finds, with scores.
fn answers(folder: &Path) -> Vec<(String, String, f32)> {
    let searcher = Index::open_reader(folder).unwrap();
    let mut out = Vec::new();
    for query in ["depression", "mothers health phq-9", "the", "stigm*", "-country:KE", "\"health workers\" trial"] {
        out.extend(
            found(&searcher, query)
                .hits
                .into_iter()
                .map(|h| (query.to_owned(), h.paper.native_id().to_owned(), h.score)),
        );
    }
    out
}

#[test]
fn an_updated_index_answers_as_one_built_anew() {
    let mut papers = shelf();
    let home = indexed(&papers[..4]);
    for (n, paper) in papers.iter().enumerate() {
        let written =
            Index::update(home.path(), &mut std::iter::once(paper.clone()), &knowledge(), &[], n as u64 + 2).unwrap();
        assert_eq!(written, Written { added: 1, removed: 0 });
    }
    let gone = papers.remove(2).id;
    papers[1].record.title.push_str(" at home");
    Index::update(home.path(), &mut std::iter::once(papers[1].clone()), &knowledge(), &[gone], 99).unwrap();
    assert_eq!(Index::state(home.path()), ready(99));
    Index::verify(home.path()).unwrap();
    let updated = answers(home.path());
    papers.reverse();
    Index::rebuild(home.path(), &mut papers.iter().cloned(), &knowledge(), 100).unwrap();
    assert_eq!(updated, answers(home.path()));
    assert_eq!(updated, answers(indexed(&papers).path()));
    let left: Vec<String> = folders(home.path());
    assert_eq!(left, ["g0002"], "the old generation is gone");
}

fn folders(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().flatten().filter(|e| e.path().is_dir());
    let mut out: Vec<String> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    out.sort();
    out
}

/// How many commits are made while a reader searches.
const COMMITS: u64 = 200;

#[test]
fn readers_search_while_others_write() {
    let papers = shelf();
    let home = indexed(&papers);
    let searcher = Index::open_reader(home.path()).unwrap();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for revision in 2..=COMMITS {
                Index::update(home.path(), &mut papers.iter().cloned(), &knowledge(), &[], revision).unwrap();
                if revision % 20 == 0 {
                    Index::rebuild(home.path(), &mut papers.iter().cloned(), &knowledge(), revision).unwrap();
                }
            }
        });
        let mut looks = 0;
        while !writer.is_finished() || looks < 3 {
            // A reader from before sees what it saw; a new one opens at any moment.
            assert_eq!(found(&searcher, "depression").total, 4);
            let fresh = Index::open_reader(home.path()).unwrap();
            assert_eq!((fresh.len(), found(&fresh, "depression").total), (11, 4));
            looks += 1;
        }
    });
    assert_eq!(Index::open_reader(home.path()).unwrap().revision(), COMMITS);
}

#[test]
fn a_searcher_shows_a_new_commit_after_a_reload() {
    let papers = shelf();
    let home = indexed(&papers[..1]);
    let searcher = Index::open_reader(home.path()).unwrap();
    Index::update(home.path(), &mut papers.iter().cloned(), &knowledge(), &[], 2).unwrap();
    assert_eq!(searcher.len(), 1);
    searcher.reload().unwrap();
    assert_eq!(searcher.len(), 11);
}

#[test]
fn what_is_missing_or_of_another_form_is_said() {
    let home = tempfile::tempdir().unwrap();
    assert_eq!(Index::state(home.path()), State::Missing);
    assert!(matches!(Index::open_reader(home.path()), Err(IndexError::NotReady(State::Missing))));
    let refused = Index::update(home.path(), &mut std::iter::empty(), &knowledge(), &[], 1);
    assert!(matches!(refused, Err(IndexError::NotReady(State::Missing))));
    // A pointer to somewhere else is not followed.
    crate::fsx::write_atomic(&home.path().join("current"), b"../../etc").unwrap();
    assert!(matches!(Index::state(home.path()), State::Damaged(_)));

    let home = indexed(&shelf());
    let meta = home.path().join("g0001/meta.json");
    let text = crate::fsx::read_text(&meta).unwrap();
    crate::fsx::write_atomic(&meta, text.replace(fingerprint(), "0000000000000000").as_bytes()).unwrap();
    assert_eq!(Index::state(home.path()), State::OtherFingerprint);
    assert!(matches!(Index::open_reader(home.path()), Err(IndexError::NotReady(State::OtherFingerprint))));
    Index::rebuild(home.path(), &mut shelf().into_iter(), &knowledge(), 5).unwrap();
    assert_eq!(Index::state(home.path()), ready(5));
    assert_eq!(folders(home.path()), ["g0002"], "it was whole, so nothing is put aside");
}

#[test]
fn a_damaged_index_never_panics_and_is_put_aside() {
    let papers = shelf();
    let whole = indexed(&papers);
    let files = crate::fsx::files_in(&whole.path().join("g0001")).unwrap();
    let mut next = numbers();
    let mut refused = 0;
    for file in files.iter().filter(|f| f.extension().is_some_and(|e| e != "lock")) {
        for damage in ["cut", "empty", "flip", "gone"] {
            let home = indexed(&papers);
            let name = crate::fsx::files_in(&home.path().join("g0001"))
                .unwrap()
                .into_iter()
                .find(|f| f.extension() == file.extension() && f.extension().is_some())
                .unwrap();
            let mut bytes = crate::fsx::read(&name).unwrap();
            match damage {
                "cut" => bytes.truncate(bytes.len() / 2),
                "empty" => bytes.clear(),
                _ => {
                    for _ in 0..8 {
                        let at = next(bytes.len().max(1));
                        bytes[at] ^= 0x55;
                    }
                }
            }
            if damage == "gone" {
                crate::fsx::remove_file(&name).unwrap();
            } else {
                crate::fsx::write_atomic(&name, &bytes).unwrap();
            }
            let outcome = Index::open_reader(home.path())
                .and_then(|s| s.search(&parse_query("depression phq-9 heal*"), &Options::default()));
            refused += usize::from(outcome.is_err());
            assert!(Index::verify(home.path()).is_err(), "{damage} {}", name.display());
        }
    }
    assert!(refused > 0);
    let home = indexed(&papers);
    crate::fsx::write_atomic(&home.path().join("g0001/meta.json"), b"{").unwrap();
    assert!(matches!(Index::state(home.path()), State::Damaged(_)));
    Index::rebuild(home.path(), &mut papers.iter().cloned(), &knowledge(), 2).unwrap();
    assert_eq!(folders(home.path()), ["damaged-g0001", "g0002"]);
    assert_eq!(answers(home.path()), answers(whole.path()));
}

#[test]
fn what_an_interrupted_build_left_is_swept_away() {
    let papers = shelf();
    let home = indexed(&papers);
    crate::fsx::write_atomic(&home.path().join("g0002/half.store"), b"half").unwrap();
    assert_eq!(Index::state(home.path()), ready(1));
    Index::rebuild(home.path(), &mut papers.iter().cloned(), &knowledge(), 2).unwrap();
    assert_eq!(folders(home.path()).len(), 1);
}
