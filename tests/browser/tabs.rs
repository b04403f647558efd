//! Two people at once, and a text editor besides.

use roundup::draft::issue_items;
use roundup::model::Choice;

use super::house::House;
use super::keyboard::said;
use super::{Browser, Desk};

#[test]
fn nothing_is_lost_between_two_people_and_an_editor() {
    let Some(browser) = Browser::found() else { return };
    let house = House::with(40);
    let did = browser.run("tabs.mjs", &Desk::open(&house.bench), &[]);
    let id = |name: &str| did[name].as_str().unwrap().to_owned();

    let draft = house.draft();
    let items = issue_items(&draft);
    let item = |id: &str| items.iter().find(|i| i.id == id).unwrap_or_else(|| panic!("{id} is in the issue"));
    let (a, b, c) = (id("a"), id("b"), id("c"));
    assert_eq!(item(&a).summary, format!("Written by the second of {a}."), "what was chosen");
    assert_eq!(item(&a).why, "Also by the second.");
    assert_eq!(item(&b).summary, format!("Written by the first of {b}."), "what was left");
    assert_eq!((item(&b).reason.as_str(), item(&c).reason.as_str()), ("by the first", "by the second"));
    assert_eq!((item(&c).summary.as_str(), item(&c).why.as_str()), ("Typed in a text editor.", "Also typed there."));
    assert_eq!(item(&a).title, "A title from a page that is old");
    assert_eq!(said(&draft, Choice::Maybe), [id("e")]);
    assert_eq!(said(&draft, Choice::Drop), [id("f")]);
    item(&id("d"));

    let versions = house.versions();
    let first = format!("Written by the first of {a}.");
    assert!(versions.iter().any(|v| v.contains(&first)), "what was written over stands in an earlier version");
}
