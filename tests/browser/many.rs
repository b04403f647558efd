//! Five hundred papers on the board.

use super::house::House;
use super::{Browser, Desk};

/// Most milliseconds until something of the board is seen.
const PAINT_MS_MAX: f64 = 1000.0;
/// Most milliseconds from a key to the frame that shows what it did, in the middle of all keys.
const KEY_MS_MAX: f64 = 100.0;
/// The same for the slowest kind of key, which moves six papers at once, beside other tests on a small machine.
const SLOWEST_MS_MAX: f64 = 300.0;

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
    assert!(number("paint") < PAINT_MS_MAX, "first paint after {} ms", did["paint"]);
    assert!(number("key") < KEY_MS_MAX, "a key took {} ms", did["key"]);
    assert!(number("slowest") < SLOWEST_MS_MAX, "a key took {} ms", did["slowest"]);
}
