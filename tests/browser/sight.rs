//! What is in sight: nothing is covered, little room is taken, and no stray key acts on the next paper.

use super::house::House;
use super::{Browser, Desk};

#[test]
fn nothing_is_covered_and_a_stray_key_does_nothing() {
    let Some(browser) = Browser::found() else { return };
    let house = House::with(40);
    let did = browser.run("sight.mjs", &Desk::open(&house.bench), &[]);
    let (dropped, next) = (did["dropped"].as_str().unwrap(), did["next"].as_str().unwrap());
    let draft = house.draft();
    let said = |id: &str| draft.candidates.iter().find(|c| c.id == id).and_then(|c| c.choice);
    assert_eq!(said(dropped), Some(roundup::model::Choice::Drop));
    assert_eq!(said(next), None, "the Enter behind it did nothing to the next paper");
}
