//! Whatever happens at the publisher, a member ends with the last state.

use std::collections::BTreeMap;

use proptest::prelude::*;
use roundup::pack::{Manifest, slim};
use roundup::pipeline::Home;
use roundup::pipeline::sync::{Outcome, papers};

use super::{are, found, has, paper, press, retracted, sync_from};
use crate::support::Bench;

#[test]
fn a_folder_is_copied_and_followed() {
    let (shop, member) = (Bench::new(), Bench::new());
    let home = Home::new(member.path());
    let place = shop.path().display().to_string();
    press(shop.path(), (0..20).map(|n| paper(n, 1)).collect());
    let first = sync_from(&home, &place).unwrap();
    assert_eq!((first.outcome, first.change.new, first.papers), (Outcome::Done, 20, 20));
    assert!(first.offer.unwrap().is_new_key);
    assert_eq!(found(&home, "postpartum"), 20);
    assert_eq!(found(&home, "country:kenya"), 20);

    let again = sync_from(&home, &place).unwrap();
    assert_eq!((again.outcome, again.papers), (Outcome::NothingNew, 20));

    // one changed, one retracted, one gone, one new
    let mut now: Vec<_> = (3..21).map(|n| paper(n, 1)).collect();
    now.push(paper(1, 2));
    now.push(retracted(2));
    let report = press(shop.path(), now.clone());
    assert_eq!((report.new, report.changed, report.gone, report.packs), (1, 2, 1, 1));
    let next = sync_from(&home, &place).unwrap();
    assert_eq!((next.change.new, next.change.changed, next.change.removed), (1, 2, 1));
    let told: Vec<_> = next.retracted.iter().map(|r| r.title.clone()).collect();
    assert_eq!(told, [retracted(2).record.title]);
    assert_eq!(has(&home), are(&now));
    assert_eq!(found(&home, "RETRACTED"), 1);
    assert!(sync_from(&home, &place).unwrap().retracted.is_empty(), "it is told once");
}

#[test]
fn what_was_retracted_is_told_although_the_index_was_built_already() {
    let (shop, member) = (Bench::new(), Bench::new());
    let (home, place) = (Home::new(member.path()), shop.path().display().to_string());
    press(shop.path(), vec![paper(1, 1), paper(2, 1)]);
    sync_from(&home, &place).unwrap();
    let before: serde_json::Value = serde_json::from_slice(&member.files("")["data/sync.json"]).unwrap();
    press(shop.path(), vec![paper(1, 1), retracted(2), paper(3, 1)]);
    sync_from(&home, &place).unwrap();
    // As after a cut behind the building of the index, by this sync or by a search: told is what was told before.
    let mut cut = before;
    (cut["sequence"], cut["is_taking_over"]) = (2.into(), true.into());
    member.write("data/sync.json", cut.to_string());
    let again = sync_from(&home, &place).unwrap();
    assert_eq!((again.retracted.len(), again.papers), (1, 3), "{again:?}");
    assert!(sync_from(&home, &place).unwrap().retracted.is_empty(), "it is told once");
}

#[test]
fn nothing_new_writes_nothing() {
    let shop = Bench::new();
    let now: Vec<_> = (0..5).map(|n| paper(n, 1)).collect();
    press(shop.path(), now.clone());
    let before = shop.files("");
    let report = press(shop.path(), now);
    assert!(!report.is_new);
    assert_eq!(shop.files(""), before);
}

#[test]
fn a_publisher_that_was_cut_off_goes_on() {
    let shop = Bench::new();
    press(shop.path(), vec![paper(1, 1)]);
    let old = shop.files("");
    press(shop.path(), vec![paper(1, 1), paper(2, 1)]);
    // as after a cut between the signature and the list
    shop.write("manifest.json", &old["manifest.json"]);
    let report = press(shop.path(), vec![paper(1, 1), paper(2, 1)]);
    assert!(report.is_new && report.notes.len() == 1, "{report:?}");
    // and with a pack that was lost
    let list = Manifest::parse(&shop.files("")["manifest.json"]).unwrap();
    std::fs::remove_file(shop.path().join("packs").join(list.packs[0].file())).unwrap();
    let report = press(shop.path(), vec![paper(1, 1), paper(2, 1)]);
    assert_eq!((report.new, report.notes.len()), (1, 1), "{report:?}");
    let member = Bench::new();
    let home = Home::new(member.path());
    sync_from(&home, &shop.path().display().to_string()).unwrap();
    assert_eq!(has(&home), are(&[paper(1, 1), paper(2, 1)]));
}

#[test]
fn an_index_that_was_not_built_is_built_and_what_was_retracted_is_told() {
    let (shop, member) = (Bench::new(), Bench::new());
    let home = Home::new(member.path());
    let place = shop.path().display().to_string();
    press(shop.path(), vec![paper(1, 1), paper(2, 1)]);
    sync_from(&home, &place).unwrap();
    let before = member.files("data");
    press(shop.path(), vec![paper(1, 1), retracted(2)]);
    sync_from(&home, &place).unwrap();
    // as when it was killed behind the switch: the list is there, the index and the memory are old
    let mut memory: serde_json::Value = serde_json::from_slice(&before["data/sync.json"]).unwrap();
    memory["sequence"] = 2.into();
    member.write("data/sync.json", memory.to_string());
    std::fs::remove_dir_all(home.index()).unwrap();
    let report = sync_from(&home, &place).unwrap();
    assert_eq!((report.index_because, report.retracted.len()), ("there was none", 1));
    assert_eq!(found(&home, "RETRACTED"), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    /// Each step gives the version of each of six papers (0: not there) and whether the member syncs.
    #[test]
    fn any_row_of_states_ends_in_the_last(
        steps in prop::collection::vec((prop::collection::vec(0_u32..4, 6), any::<bool>()), 1..7)
    ) {
        let (shop, member) = (Bench::new(), Bench::new());
        let home = Home::new(member.path());
        let place = shop.path().display().to_string();
        let last = steps.len() - 1;
        for (n, (state, syncs)) in steps.iter().enumerate() {
            let now: Vec<_> = (0..).zip(state).filter(|(_, v)| **v > 0)
                .map(|(n, v)| if *v == 3 { retracted(n) } else { paper(n, *v) }).collect();
            press(shop.path(), now.clone());
            if *syncs || n == last {
                sync_from(&home, &place).unwrap();
                let want: BTreeMap<_, _> = now.into_iter().map(|p| (p.id.clone(), slim(p))).collect();
                let got: BTreeMap<_, _> = papers(&home).unwrap().unwrap().0.into_iter().map(|p| (p.id.clone(), p)).collect();
                prop_assert_eq!(got, want);
            }
        }
    }
}
