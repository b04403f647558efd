//! Mistakes of those who publish, signed by them: bounded, named, and no more is lost than must be.

use std::path::Path;

use roundup::pack::{Manifest, PackEntry};
use roundup::pipeline::Home;
use roundup::pipeline::sync::{Outcome, Wish, papers};

use super::broken::{list, write_list};
use super::{are, found, has, key, paper, press, press_with, retracted, sync_from, sync_wishing};
use crate::support::Bench;
use crate::support::files::{Files, Manner, plain};

/// Adds a pack of some lines to a published folder, and signs the list; `lie` changes its entry.
fn add_pack(folder: &Path, lines: &[u8], lie: impl FnOnce(&mut PackEntry)) {
    let bytes = roundup::pack::pack(lines).unwrap();
    let mut next = list(folder);
    let mut entry = PackEntry {
        sha256: roundup::pack::hash_of(&bytes),
        bytes: bytes.len() as u64,
        unpacked: lines.len() as u64,
        papers: 1,
        ..next.packs[0].clone()
    };
    std::fs::write(folder.join("packs").join(entry.file()), bytes).unwrap();
    lie(&mut entry);
    next.packs.push(entry);
    next.sequence += 1;
    write_list(folder, &next, 1);
}

/// A publisher with six papers and a member who has them.
fn begun() -> (Bench, Bench, Home, String) {
    let (shop, member) = (Bench::new(), Bench::new());
    let home = Home::new(member.path());
    press(shop.path(), (0..6).map(|n| paper(n, 1)).collect());
    let place = shop.path().display().to_string();
    sync_from(&home, &place).unwrap();
    (shop, member, home, place)
}

#[test]
fn a_publisher_who_starts_anew_with_the_same_number_gets_an_index_of_its_own_papers() {
    let (_shop, member, home, _) = begun();
    let other = Bench::new();
    press_with(other.path(), vec![paper(30, 1), paper(31, 1)], &key(2)).unwrap();
    let place = other.path().display().to_string();
    let wish = Wish { source: Some(place.clone()), key: Some(key(2).public()), ..Wish::default() };
    let old_index = member.files("index");
    sync_wishing(&home, &wish).unwrap();
    assert_eq!(found(&home, "postpartum"), 2);
    // As after a cut, or a full disk, between the switch and the index.
    std::fs::remove_dir_all(home.index()).unwrap();
    for (name, bytes) in &old_index {
        member.write(name, bytes);
    }
    assert_eq!(found(&home, "postpartum"), 6);
    let report = sync_from(&home, &place).unwrap();
    assert_eq!((report.outcome, report.index_because), (Outcome::NothingNew, "it was built from other packs"));
    assert_eq!(found(&home, "postpartum"), 2);
    assert_eq!(sync_from(&home, &place).unwrap().index_because, "");
}

#[test]
fn other_words_of_the_field_build_the_index_anew() {
    let (_shop, member, home, place) = begun();
    let text = roundup::config::countries::DEFAULT.replacen("Kenya", "Kenia", 1);
    member.write("countries.csv", text);
    let report = sync_from(&home, &place).unwrap();
    assert_eq!((report.outcome, report.index_because), (Outcome::NothingNew, "its words have other names now"));
    assert_eq!(sync_from(&home, &place).unwrap().index_because, "");
}

#[test]
fn a_signed_pack_that_does_not_unpack_is_the_publishers_fault() {
    for over_web in [true, false] {
        let (shop, _member, home, place) = begun();
        let place = if over_web { Files::serve(shop.path()).url() } else { place };
        add_pack(shop.path(), b"{}\n", |entry| entry.unpacked = 9);
        for _ in 0..2 {
            let said = sync_from(&home, &place).unwrap_err().to_string();
            assert!(said.contains("was published broken") && said.contains("tell whoever publishes"), "{said}");
            assert!(!said.contains("fetches what is missing"), "{said}");
            assert_eq!(found(&home, "postpartum"), 6);
        }
    }
}

#[test]
fn sizes_that_are_lies_are_bounded() {
    let (shop, _member, home, folder) = begun();
    let (files, sound) = (Files::serve(shop.path()), list(shop.path()));
    for (lie, want, note) in [
        ((|e| e.bytes = 1) as fn(&mut PackEntry), "does not hold the bytes that were signed", "1 byte for many"),
        (|e| e.bytes = 64 << 20, "", "many bytes for few"),
        (|e| e.bytes = (64 << 20) + 1, "a pack that cannot be", "more bytes than a pack has"),
        (|e| e.unpacked = u64::MAX, "a pack that cannot be", "endless when unpacked"),
        (|e| e.papers = u64::MAX, "a pack that cannot be", "more papers than bytes"),
        (|e| e.bytes = 0, "a pack that cannot be", "nothing"),
    ] {
        for place in [files.url(), folder.clone()] {
            files.behave(Manner::default());
            let line = roundup::pack::line(paper(7, 1)).unwrap();
            add_pack(shop.path(), &line, lie);
            let said = sync_from(&home, &place).expect_err(note).to_string();
            println!("{note}: {said}");
            assert!(said.contains(want) && said.contains("\n  help: "), "{note}: {said}");
            assert!(files.sent() < 50_000, "{note}: {}", files.sent());
            assert_eq!(found(&home, "postpartum"), 6, "{note}");
            write_list(shop.path(), &sound, 1);
        }
    }
}

#[test]
fn a_count_that_is_a_lie_is_not_repeated() {
    let (shop, _member, home, place) = begun();
    write_list(shop.path(), &Manifest { papers: 9_999_999, sequence: 2, ..list(shop.path()) }, 1);
    let report = sync_from(&home, &place).unwrap();
    assert_eq!((report.offer.unwrap().papers, report.papers, report.unread), (6, 6, 0));
    assert_eq!(sync_from(&home, &place).unwrap().papers, 6);
}

#[test]
fn one_bad_field_costs_neither_its_paper_nor_its_pack() {
    let (shop, _member, home, place) = begun();
    let line = |n: u32| String::from_utf8(roundup::pack::line(paper(n, 1)).unwrap()).unwrap();
    let lines = [
        line(6),
        line(7).replacen("2026", "\"last year\"", 1),
        "\n".to_owned(),
        "{\"id\": cut off\n".to_owned(),
        line(8).replacen("\"rct\"", "\"horoscope\"", 1),
        line(9).trim_end().to_owned(),
    ];
    add_pack(shop.path(), lines.concat().as_bytes(), |entry| entry.papers = 5);
    let report = sync_from(&home, &place).unwrap();
    assert_eq!((report.papers, report.unread, report.mended.len()), (10, 1, 2));
    let mut fields: Vec<_> = report.mended.iter().flat_map(|m| m.fields.clone()).collect();
    fields.sort();
    assert_eq!(fields, ["design", "record.year"]);
    assert_eq!(found(&home, "postpartum"), 10);
    assert_eq!(has(&home), are(&(0..10).map(|n| paper(n, 1)).collect::<Vec<_>>()));
}

#[test]
fn what_the_list_calls_retracted_is_marked_whatever_its_line_says() {
    let (shop, _member, home, place) = begun();
    let id = paper(3, 1).id;
    write_list(shop.path(), &Manifest { retracted: vec![id.clone()], sequence: 2, ..list(shop.path()) }, 1);
    let report = sync_from(&home, &place).unwrap();
    assert_eq!(report.retracted.len(), 1);
    let (papers, _) = papers(&home).unwrap().unwrap();
    let marked: Vec<_> = papers.iter().filter(|p| p.is_retracted()).map(|p| p.id.clone()).collect();
    assert_eq!(marked, [id]);
    assert_eq!(found(&home, "is:retracted"), 1);
}

#[test]
fn papers_that_become_what_they_were_are_fetched_once() {
    let (shop, member) = (Bench::new(), Bench::new());
    let home = Home::new(member.path());
    for version in [1, 2, 1] {
        press(shop.path(), vec![paper(1, version)]);
    }
    let list = list(shop.path());
    assert_eq!(list.packs[0].sha256, list.packs[2].sha256, "the same lines are the same pack");
    let report = sync_from(&home, &shop.path().display().to_string()).unwrap();
    assert_eq!(report.offer.unwrap().packs, 2);
    assert_eq!(has(&home), are(&[paper(1, 1)]));
}

#[test]
fn not_changed_is_no_answer_to_a_first_question() {
    let (shop, member) = (Bench::new(), Bench::new());
    let home = Home::new(member.path());
    press(shop.path(), vec![paper(1, 1), retracted(2)]);
    let files = Files::serve(shop.path());
    let not_changed = plain("304 Not Modified", "text/plain", b"");
    for end in ["manifest.json", "roundup.pub", ".minisig", ".zst"] {
        files.behave(Manner { instead: vec![(end.to_owned(), not_changed.clone())], ..Manner::default() });
        let said = sync_from(&home, &files.url()).unwrap_err().to_string();
        println!("{end}: {said}");
        assert!(said.contains("304") && said.contains("which was not asked"), "{end}: {said}");
        assert!(said.contains("\n  help: "), "{end}: {said}");
    }
    files.behave(Manner::default());
    assert_eq!(sync_from(&home, &files.url()).unwrap().papers, 2);
}

#[cfg(unix)]
#[test]
fn a_folder_of_pipes_and_devices_is_no_folder_of_packs() {
    let (shop, member) = (Bench::new(), Bench::new());
    let home = Home::new(member.path());
    press(shop.path(), vec![paper(1, 1)]);
    let pack = format!("packs/{}", list(shop.path()).packs[0].file());
    for name in ["manifest.json", "manifest.json.minisig", "roundup.pub", pack.as_str()] {
        let path = shop.path().join(name);
        let bytes = std::fs::read(&path).unwrap();
        for is_pipe in [true, false] {
            std::fs::remove_file(&path).unwrap();
            if is_pipe {
                assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
            } else {
                std::os::unix::fs::symlink("/dev/zero", &path).unwrap();
            }
            let said = sync_from(&home, &shop.path().display().to_string()).unwrap_err().to_string();
            assert!(said.contains("\n  help: "), "{name}: {said}");
        }
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, bytes).unwrap();
    }
    sync_from(&home, &shop.path().display().to_string()).unwrap();
}
