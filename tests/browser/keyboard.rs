//! A month of sixty papers curated to thirty by keyboard alone.

use std::collections::BTreeMap;

use roundup::draft::issue_items;
use roundup::model::{Choice, Draft};
use serde_json::Value;

use super::house::{House, ITEMS};
use super::{Browser, Desk, texts};

/// Returns the issue as the file gives it, in the board's order of sections: each with its papers.
pub fn issue_of(draft: &Draft, like: &Value) -> Value {
    let mut sections: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in issue_items(draft) {
        sections.entry(item.section).or_default().push(item.id);
    }
    let order: Vec<String> = like.as_array().unwrap().iter().map(|s| s[0].as_str().unwrap().to_owned()).collect();
    assert_eq!(
        sections.keys().collect::<Vec<_>>(),
        {
            let mut o: Vec<_> = order.iter().collect();
            o.sort();
            o
        },
        "sections"
    );
    order.into_iter().map(|name| serde_json::json!([name, sections[&name]])).collect()
}

/// Returns the ids of which the file says a word, in order.
pub fn said(draft: &Draft, word: Choice) -> Vec<String> {
    let mut ids: Vec<String> =
        draft.candidates.iter().filter(|c| c.choice == Some(word)).map(|c| c.id.clone()).collect();
    ids.sort();
    ids
}

/// Returns texts of what a script did, in order.
pub fn sorted(value: &Value) -> Vec<String> {
    let mut all = texts(value);
    all.sort();
    all
}

#[test]
fn sixty_papers_become_thirty_by_keyboard() {
    let Some(browser) = Browser::found() else { return };
    let house = House::with(60);
    let proposed: Vec<String> = house.draft().items.iter().map(|i| i.id.clone()).collect();
    let did = browser.run("keyboard.mjs", &Desk::open(&house.bench), &[]);

    let draft = house.draft();
    let items = issue_items(&draft);
    assert_eq!(items.len(), 30, "thirty papers are in the issue");
    assert_eq!(issue_of(&draft, &did["after"]), did["after"], "the board shows what the file says");
    assert_eq!(did["shown"], did["after"], "the board showed it before it was loaded anew");

    let dropped = sorted(&did["dropped"]);
    let mut wanted: Vec<String> =
        proposed.iter().filter(|id| !dropped.contains(*id)).cloned().chain(texts(&did["kept"])).collect();
    wanted.sort();
    let mut found: Vec<String> = items.iter().map(|i| i.id.clone()).collect();
    found.sort();
    assert_eq!(found, wanted, "what was proposed and kept, without what was dropped");
    assert_eq!(said(&draft, Choice::Drop), dropped);
    assert_eq!(said(&draft, Choice::Maybe), sorted(&did["maybe"]));
    assert_eq!(draft.items.len() + draft.candidates.len(), 60, "no paper is lost");
    assert!(dropped.iter().filter(|id| proposed.contains(*id)).count() == 1 && ITEMS == proposed.len());

    assert_eq!(draft.pick, did["pick"].as_str().unwrap());
    for (id, words) in did["words"].as_object().unwrap() {
        let item = items.iter().find(|i| i.id == *id).unwrap();
        for (name, text) in words.as_object().unwrap() {
            let found = match name.as_str() {
                "title" => &item.title,
                "summary" => &item.summary,
                _ => &item.why,
            };
            assert_eq!(found, text.as_str().unwrap(), "{name} of {id}");
        }
    }
    let (answer, question) = did["answer"].as_str().unwrap().split_once(' ').unwrap();
    let decision = draft.decisions.iter().find(|d| d.id == question).unwrap();
    assert_eq!(decision.answer, answer);

    assert!(did["told"].as_str().unwrap().contains("with 30 papers"), "{}", did["told"]);
    let files = texts(&did["files"]);
    assert!(files.contains(&"email.html".to_owned()) && files.contains(&"manifest.json".to_owned()), "{files:?}");
    for file in files {
        assert!(house.bench.path().join("out/2026-10").join(&file).is_file(), "{file} lies there");
    }
}
