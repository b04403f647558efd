//! Every page of the desk by the rules of accessibility, light and dark, wide and narrow, and by keyboard.

use super::{Browser, Desk, texts};
use crate::support::{Served, block_on};

#[test]
fn every_page_can_be_read_and_reached_by_everybody() {
    let Some(browser) = Browser::found() else { return };
    // The stand-in's own month has what invented lists lack: preprints, a retracted paper, sources that fail.
    let served = Served::start();
    served.month.server.set_today(jiff::civil::date(2026, 10, 1));
    drop(block_on(served.month.september()));
    drop(block_on(served.month.october()));
    let did = browser.run("pages.mjs", &Desk::open(&served.month.bench), &[]);
    assert!(texts(&did["pages"]).len() >= 25, "{}", did["pages"]);
}
