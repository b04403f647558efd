//! One publisher with two folders, and a member who goes from one to the other.

use std::path::Path;

use roundup::model::Paper;
use roundup::pipeline::Home;
use roundup::pipeline::pack::PackReport;
use roundup::pipeline::sync::{Outcome, Wish, status};

use super::{are, found, has, key, paper, press_counting, sync_from, sync_wishing};
use crate::support::Bench;
use crate::support::files::Files;

fn papers(n: u32) -> Vec<Paper> {
    (0..n).map(|n| paper(n, 1)).collect()
}

fn press_to(folder: &Bench, n: u32, office: &Path) -> PackReport {
    press_counting(folder.path(), papers(n), &key(1), &office.join("lists.json")).unwrap()
}

#[test]
fn a_stick_that_is_begun_late_has_the_number_of_the_web() {
    let (web, stick, office, member) = (Bench::new(), Bench::new(), Bench::new(), Bench::new());
    let home = Home::new(member.path());
    for n in [3, 5, 7] {
        press_to(&web, n, office.path());
    }
    let site = Files::serve(web.path());
    assert_eq!(sync_from(&home, &site.url()).unwrap().papers, 7);
    // the stick has one pack where the web has three, and the same papers
    assert_eq!(press_to(&stick, 7, office.path()).sequence, 3);
    let place = stick.path().display().to_string();
    let same = sync_from(&home, &place).unwrap();
    assert_eq!((same.outcome, same.papers), (Outcome::NothingNew, 7));
    assert!(!press_to(&stick, 7, office.path()).is_new);
    assert!(!press_to(&web, 7, office.path()).is_new);
    // more papers come by the stick first
    assert_eq!(press_to(&stick, 9, office.path()).sequence, 4);
    assert_eq!(sync_from(&home, &place).unwrap().change.new, 2);
    let said = sync_from(&home, &site.url()).unwrap_err().to_string();
    assert!(said.contains("list 3, older than list 4"), "{said}");
    assert_eq!(press_to(&web, 9, office.path()).sequence, 4);
    assert_eq!(sync_from(&home, &site.url()).unwrap().outcome, Outcome::NothingNew);
    assert_eq!((has(&home), found(&home, "postpartum")), (are(&papers(9)), 9));
    // a folder that was lost goes on from the number of the home
    let anew = Bench::new();
    assert_eq!(press_to(&anew, 10, office.path()).sequence, 5);
    assert_eq!(sync_from(&home, &anew.path().display().to_string()).unwrap().change.new, 1);
}

#[test]
fn a_folder_from_before_is_gone_on_from() {
    let (web, office) = (Bench::new(), Bench::new());
    for n in [3, 5] {
        press_to(&web, n, office.path());
    }
    // as a roundup did that remembered no numbers
    std::fs::remove_file(office.path().join("lists.json")).unwrap();
    assert_eq!(press_to(&web, 5, office.path()).sequence, 2);
    assert_eq!(press_to(&Bench::new(), 5, office.path()).sequence, 2);
    assert_eq!(press_to(&Bench::new(), 6, office.path()).sequence, 3);
    office.write("lists.json", "{\"v\":9}");
    let file = office.path().join("lists.json");
    let said = press_counting(web.path(), papers(7), &key(1), &file).unwrap_err().to_string();
    assert!(said.contains("lists.json") && said.contains("put back a copy"), "{said}");
}

#[test]
fn a_stick_is_used_once_and_the_address_stays() {
    let (web, stick, office, member) = (Bench::new(), Bench::new(), Bench::new(), Bench::new());
    let home = Home::new(member.path());
    press_to(&web, 3, office.path());
    let site = Files::serve(web.path());
    let now: jiff::Timestamp = "2026-11-01T06:00:00Z".parse().unwrap();
    sync_wishing(&home, &Wish { source: Some(site.url()), now: Some(now), ..Wish::default() }).unwrap();
    let of = |home: &Home| status(home).unwrap().unwrap();
    assert_eq!((of(&home).sequence, of(&home).papers, of(&home).asked), (1, 3, Some(now)));

    press_to(&stick, 4, office.path());
    let place = stick.path().display().to_string();
    let wish = Wish { source: Some(place.clone()), now: Some(now), ..Wish::default() };
    for _ in 0..2 {
        assert_eq!(sync_wishing(&home, &wish).unwrap().stays, Some(site.url()));
        assert_eq!((of(&home).source, of(&home).asked_of), (Some(site.url()), Some(place.clone())));
    }
    press_to(&web, 4, office.path());
    let plain = sync_wishing(&home, &Wish::default()).unwrap();
    assert_eq!((plain.outcome, plain.stays), (Outcome::NothingNew, None));
    let kept = sync_wishing(&home, &Wish { remember: true, ..wish }).unwrap();
    assert_eq!((kept.stays, of(&home).source), (None, Some(place)));
    // an address always takes the place of a folder
    sync_from(&home, &site.url()).unwrap();
    assert_eq!(of(&home).source, Some(site.url()));
}

#[test]
fn a_first_sync_that_fails_leaves_nothing() {
    let member = Bench::new();
    let place = member.path().join("copy");
    assert!(sync_from(&Home::new(&place), "/nowhere/at/all").is_err());
    assert!(!place.exists());
    assert_eq!(status(&Home::new(&place)).unwrap(), None);
}
