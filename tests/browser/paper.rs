//! A paper's page, and the history.

use roundup::draft::issue_items;

use super::house::House;
use super::{Browser, Desk};

#[test]
fn a_paper_is_read_and_written_beside_each_other_and_nothing_typed_is_lost() {
    let Some(browser) = Browser::found() else { return };
    let house = House::with(40);
    let did = browser.run("paper.mjs", &Desk::open(&house.bench), &[]);
    let draft = house.draft();
    let items = issue_items(&draft);
    let item = |name: &str| items.iter().find(|i| Some(i.id.as_str()) == did[name].as_str()).unwrap();
    assert_eq!((item("a").summary.as_str(), item("a").why.as_str()), ("Written by the first.", "Typed by the second."));
    assert_eq!(item("c").why, "Typed by the third.");
}
