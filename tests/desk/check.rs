//! The check: every problem leads to where it is mended, in words of the desk.

use roundup::draft;
use roundup::model::{Choice, Event};

use super::bench::Desk;
use super::markup::{texts, values};
use crate::support::block_on;

/// Signs that a sentence means the file or a terminal.
const SIGNS: [&str; 8] = ["`roundup", "roundup retag", " --", "keep =", "section =", "pick =", "answer =", "its block"];

/// Returns a desk over a draft that is wrong in many ways.
async fn wrong() -> Desk {
    let desk = Desk::open().await;
    let mut draft = desk.draft();
    let candidate = draft.candidates[0].id.clone();
    "x".repeat(80).clone_into(&mut draft.subject);
    draft.preheader.clear();
    "TODO".clone_into(&mut draft.request);
    draft.pick = candidate;
    draft.items[0].link.clear();
    draft.items[1].summary.clear();
    "no address".clone_into(&mut draft.items[2].link);
    "own-talk".clone_into(&mut draft.items[2].id);
    "because".clone_into(&mut draft.candidates[0].reason);
    draft.candidates[0].choice = None;
    let event = |date: &str, link: &str| Event {
        date: date.to_owned(),
        title: "A call".to_owned(),
        link: link.to_owned(),
        ..Event::default()
    };
    draft.events = vec![event("3 November", ""), event("TBC", "ftp://example.org")];
    for decision in &mut draft.decisions {
        "perhaps".clone_into(&mut decision.answer);
    }
    draft.candidates.iter_mut().skip(1).take(1).for_each(|c| c.choice = Some(Choice::Maybe));
    desk.write(&draft::write(&draft, &[], &[]));
    desk
}

#[test]
fn every_problem_leads_to_where_it_is_mended() {
    block_on(async {
        let desk = wrong().await;
        let html = desk.get(&desk.at("check")).await.body;
        let (problems, ways) = (texts(&html, "ul.problems > li"), values(&html, "ul.problems a", "href"));
        assert!(problems.len() >= 10, "{problems:#?}");
        assert_eq!(ways.len(), problems.len(), "each has a way: {problems:#?}");
        for (words, way) in [
            ("the subject has 80", "letter#subject"),
            ("the preheader has 0", "letter#preheader"),
            ("left in the request", "letter#request"),
            ("the pick ", "letter#first"),
            ("left in the date", "letter#e1d"),
            ("the link of the date", "letter#e1d"),
            ("the link of \"", "paper/own-talk"),
            ("is not understood", "#lists"),
        ] {
            let found = problems.iter().position(|p| p.contains(words));
            let found = found.unwrap_or_else(|| panic!("nothing says {words:?}: {problems:#?}"));
            assert_eq!(ways[found], desk.at(way), "{}", problems[found]);
        }
        // Every way ends at a page, and at a place that there is.
        for way in &ways {
            let (path, place) = way.split_once('#').unwrap_or((way, ""));
            let page = desk.get(path).await;
            assert_eq!(page.status, 200, "{way}");
            assert!(place.is_empty() || page.body.contains(&format!("id=\"{place}\"")), "{way} leads to no place");
        }
        // Two links to one page are told apart by ear.
        let names = texts(&html, "ul.problems a");
        let distinct: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "{names:#?}");
    });
}

#[test]
fn what_to_do_is_said_as_it_is_done_at_the_desk() {
    block_on(async {
        let desk = wrong().await;
        let html = desk.get(&desk.at("check")).await.body;
        for words in texts(&html, "ul.problems > li") {
            assert!(!SIGNS.iter().any(|sign| words.contains(sign)), "{words}");
        }
        desk.write("month = \"2026-09\"\nsubject = \"not closed\n");
        let html = desk.get(&desk.at("check")).await.body;
        assert_eq!(values(&html, "ul.problems a", "href"), [desk.at("history")], "a file that is no draft");
    });
}

#[test]
fn an_id_that_nobody_sees_is_named_with_its_line_and_breaks_nothing() {
    block_on(async {
        for (id, note) in [("\t", "a tab"), (" ", "a blank"), ("\\t", "a tab as TOML writes it"), ("", "nothing")] {
            let desk = Desk::open().await;
            let draft = desk.draft();
            let whole = desk.text();
            let text = whole.replacen(&format!("id = \"{}\"", draft.items[0].id), &format!("id = \"{id}\""), 1);
            assert_ne!(text, whole, "{note}");
            let line = 1 + text.lines().position(|l| l == format!("id = \"{id}\"")).unwrap();
            desk.write(&text);
            let board = texts(&desk.get(&desk.at("")).await.body, "main .alert pre").concat();
            assert!(board.contains(&format!(".toml:{line}:6: id of item 1 is empty")), "{note}: {board}");
            let page = desk.get(&desk.at("check")).await.body;
            let problems = texts(&page, "ul.problems > li");
            let of_id = problems.iter().find(|p| p.contains("id of item 1 is empty"));
            assert!(of_id.is_some_and(|p| p.contains(&format!("line {line}"))), "{note}: {problems:#?}");
            for way in values(&page, "ul.problems a", "href") {
                let there = desk.get(way.split('#').next().unwrap_or_default()).await;
                assert!(matches!(there.status, 200 | 303), "{note}: {way}: {}", there.status);
            }
            for page in ["", "letter", "add", "preview", "check", "render", "history", "state"] {
                assert!(matches!(desk.get(&desk.at(page)).await.status, 200 | 303), "{note}: {page}");
            }
            // What stands beside it can be changed, and the block stays as it is.
            let sum = desk.sum();
            let done = desk.post(&desk.at(""), &[("seen", &sum), ("drop", &draft.items[1].id)]).await;
            assert_eq!(done.status, 303, "{note}: {}", done.body);
            assert!(desk.text().contains(&format!("id = \"{id}\"\n")), "{note}");
        }
    });
}
