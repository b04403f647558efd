//! Five hundred papers on the board.
//!
//! How long they take is told in every run; the bars are held only where [`HELD`] asks for it (`just desk-speed`), on a
//! machine that does nothing else: a busy one says nothing about the desk.

use super::house::House;
use super::{Browser, Desk};

/// Most milliseconds until something of the board is seen.
const PAINT_MS_MAX: f64 = 1000.0;
/// Most milliseconds from a key to the frame that shows what it did, in the middle of each kind of key; the slowest
/// moves six papers at once.
const KEY_MS_MAX: f64 = 100.0;
/// Says that the bars are to be held.
const HELD: &str = "ROUNDUP_DESK_BARS";

#[test]
fn five_hundred_papers_are_shown_and_moved_at_once() {
    let Some(browser) = Browser::found() else { return };
    let house = House::with(500);
    let did = browser.run("many.mjs", &Desk::open(&house.bench), &[]);
    assert_eq!(did["cards"], 500);
    let number = |name: &str| did[name].as_f64().unwrap();
    println!(
        "500 papers: first paint {:.0} ms, a key {:.0} ms, the slowest kind of key {:.0} ms (middle of {} keys)",
        number("paint"),
        number("key"),
        number("slowest"),
        did["measured"]
    );
    assert!(number("measured") > 50.0, "keys that changed something: {}", did["measured"]);
    if std::env::var_os(HELD).is_none() {
        return;
    }
    assert!(number("paint") < PAINT_MS_MAX, "first paint after {} ms", did["paint"]);
    assert!(number("slowest") < KEY_MS_MAX, "a key took {} ms", did["slowest"]);
}
