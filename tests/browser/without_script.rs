//! The desk in a browser that runs no script.

use roundup::draft::issue_items;
use roundup::model::Choice;

use super::house::House;
use super::keyboard::{issue_of, said, sorted};
use super::{Browser, Desk, texts};

#[test]
fn everything_can_be_done_without_a_script() {
    let Some(browser) = Browser::found() else { return };
    let house = House::with(40);
    let did = browser.run("without_script.mjs", &Desk::open(&house.bench), &[]);

    let draft = house.draft();
    let items = issue_items(&draft);
    assert_eq!(issue_of(&draft, &did["after"]), did["after"], "the board shows what the file says");
    assert_eq!(said(&draft, Choice::Drop), sorted(&did["dropped"]));
    assert_eq!(said(&draft, Choice::Maybe), sorted(&did["maybe"]));
    for id in texts(&did["kept"]) {
        assert!(items.iter().any(|i| i.id == id), "{id} was kept");
    }
    assert_eq!(draft.pick, did["pick"].as_str().unwrap());
    for (id, words) in did["words"].as_object().unwrap() {
        let item = items.iter().find(|i| i.id == *id).unwrap();
        let found = serde_json::json!({
            "title": item.title, "summary": item.summary, "why": item.why, "link": item.link, "reason": item.reason,
        });
        assert_eq!(found, *words, "the words of {id}");
    }
    let moved = items.iter().find(|i| i.id == did["moved"].as_str().unwrap()).unwrap();
    assert_eq!(moved.section, "more");
    let letter = serde_json::json!({
        "subject": draft.subject, "preheader": draft.preheader, "note": draft.note, "request": draft.request,
    });
    assert_eq!(letter, did["letter"]);
    let [event] = draft.events.as_slice() else { panic!("one date, not {:?}", draft.events) };
    let event = serde_json::json!({ "date": event.date, "title": event.title, "link": event.link });
    assert_eq!(event, did["event"]);
    let (answer, question) = did["answer"].as_str().unwrap().split_once(' ').unwrap();
    assert_eq!(draft.decisions.iter().find(|d| d.id == question).unwrap().answer, answer);
    assert!(did["told"].as_str().unwrap().contains("is made, with"), "{}", did["told"]);
}
