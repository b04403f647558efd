//! The preview while somebody adapts a template in a text editor.

use super::house::House;
use super::{Browser, Desk};

#[test]
fn the_preview_follows_what_is_saved_and_stays_where_it_is_read() {
    let Some(browser) = Browser::found() else { return };
    let house = House::with(40);
    let watch = ["render", "2026-10", "--watch", "--no-open", "--port", "0"];
    for (desk, who) in [(Desk::open(&house.bench), "curate"), (Desk::start(&house.bench, &watch), "watch")] {
        browser.run("watch.mjs", &desk, &[who]);
        std::fs::remove_dir_all(house.bench.path().join("templates")).unwrap();
    }
}
