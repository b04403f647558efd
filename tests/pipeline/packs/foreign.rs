//! What lies in the publisher's folder and is not the publisher's goes into no list of its.

use roundup::model::{Paper, Record, WorkId};
use roundup::pack::{Manifest, SEQUENCE_MAX, Why};
use roundup::pipeline::Home;
use roundup::pipeline::pack::{Press, publish};

use super::broken::{list, write_list};
use super::{are, has, key, paper, press, press_counting, press_with, sync_from};
use crate::support::Bench;

/// Puts the list and the packs of another publisher into a folder, without their key.
fn put_foreign(shop: &Bench, change: impl Fn(&mut Manifest)) {
    let other = Bench::new();
    press_with(other.path(), vec![paper(50, 1), paper(51, 1)], &key(2)).unwrap();
    let mut foreign = list(other.path());
    change(&mut foreign);
    write_list(other.path(), &foreign, 2);
    for (name, bytes) in other.files("") {
        if name != "roundup.pub" && name != "given.json" {
            shop.write(&name, &bytes);
        }
    }
}

#[test]
fn a_list_of_another_key_is_left_as_it_is() {
    let shop = Bench::new();
    put_foreign(&shop, |l| l.sequence = 70);
    let before = shop.files("");
    let said = press_with(shop.path(), vec![paper(1, 1)], &key(1)).unwrap_err().to_string();
    assert!(said.contains("signed with another key") && said.contains("another folder"), "{said}");
    assert_eq!(shop.files(""), before);
}

#[test]
fn a_list_without_a_signature_gives_neither_its_number_nor_its_packs() {
    for signature in [None, Some("x"), Some("ours, of another list")] {
        for sequence in [70, SEQUENCE_MAX] {
            let shop = Bench::new();
            press(shop.path(), vec![paper(1, 1)]);
            let ours = shop.files("")["manifest.json.minisig"].clone();
            put_foreign(&shop, |l| l.sequence = sequence);
            match signature {
                None => std::fs::remove_file(shop.path().join("manifest.json.minisig")).unwrap(),
                Some("x") => drop(shop.write("manifest.json.minisig", "x")),
                Some(_) => drop(shop.write("manifest.json.minisig", &ours)),
            }
            let report = press(shop.path(), vec![paper(1, 1), paper(2, 1)]);
            assert_eq!((report.sequence, report.new, report.gone), (2, 2, 0), "{report:?}");
            assert!(report.notes.iter().any(|n| n.contains("not signed with this key")), "{report:?}");
            let new = list(shop.path());
            assert_eq!((new.packs.len(), new.gone.len()), (1, 0));
            let member = Bench::new();
            let home = Home::new(member.path());
            sync_from(&home, &shop.path().display().to_string()).unwrap();
            assert_eq!(has(&home), are(&[paper(1, 1), paper(2, 1)]));
        }
    }
}

#[test]
fn a_number_beyond_the_last_is_not_signed() {
    let shop = Bench::new();
    press(shop.path(), vec![paper(1, 1)]);
    let last = Manifest { sequence: SEQUENCE_MAX, ..list(shop.path()) };
    write_list(shop.path(), &last, 1);
    let before = shop.files("");
    let said = press_with(shop.path(), vec![paper(1, 1), paper(2, 1)], &key(1)).unwrap_err().to_string();
    assert!(said.contains("nothing was written") && said.contains("its number cannot be"), "{said}");
    assert_eq!(shop.files(""), before);
}

#[test]
fn a_list_of_too_many_papers_gone_says_what_to_do() {
    let shop = Bench::new();
    let all: Vec<_> = (0..40_000).map(|n| Paper { record: Record::default(), ..paper(n, 1) }).collect();
    press(shop.path(), all);
    let before = shop.files("");
    let gone = |id: &WorkId| Ok(Why::Merged(id.clone()));
    let (numbers, key) = (shop.path().join("given.json"), key(1));
    let press = Press {
        folder: shop.path(),
        numbers: &numbers,
        key: &key,
        name: "Invented Roundup",
        now: "2026-11-01T05:00:00Z".parse().unwrap(),
        today: jiff::civil::date(2026, 11, 1),
        dry_run: false,
    };
    let said = publish(&press, vec![paper(1, 1)], &gone).unwrap_err().to_string();
    assert!(said.contains("may have 1048576") && said.contains("help: lists and packs grow"), "{said}");
    assert_eq!(shop.files(""), before);
}

#[test]
fn a_number_in_the_memory_that_no_list_can_have_is_told() {
    let shop = Bench::new();
    press(shop.path(), vec![paper(1, 1)]);
    let numbers = shop.path().join("given.json");
    let text = std::fs::read_to_string(&numbers).unwrap().replace("\"sequence\":1", "\"sequence\":9007199254740993");
    std::fs::write(&numbers, text).unwrap();
    let said = press_counting(shop.path(), vec![paper(2, 1)], &key(1), &numbers).unwrap_err().to_string();
    assert!(said.contains("no list can have"), "{said}");
}
