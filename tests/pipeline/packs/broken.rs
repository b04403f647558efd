//! What cannot be trusted is refused with a sentence, and the last good copy stays.

use std::path::Path;

use roundup::pack::{Manifest, PackEntry};
use roundup::pipeline::Home;
use roundup::pipeline::sync::Wish;
use roundup::store::WriterLock;

use super::{are, found, has, key, paper, press, press_with, sync_from, sync_wishing};
use crate::support::Bench;
use crate::support::files::{Files, Manner, plain};

/// Returns the list of a folder.
pub fn list(folder: &Path) -> Manifest {
    Manifest::parse(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

/// Writes a list, signed by a key.
pub fn write_list(folder: &Path, list: &Manifest, byte: u8) {
    let bytes = list.to_bytes().unwrap();
    std::fs::write(folder.join("manifest.json.minisig"), key(byte).sign(&bytes, &list.comment())).unwrap();
    std::fs::write(folder.join("manifest.json"), bytes).unwrap();
}

fn pack_of(folder: &Path, n: usize) -> (PackEntry, std::path::PathBuf) {
    let entry = list(folder).packs[n].clone();
    let path = folder.join("packs").join(entry.file());
    (entry, path)
}

/// What is done to a publisher's folder, and what is then said.
type Case = (&'static str, fn(&Path), &'static str);

const CASES: &[Case] = &[
    (
        "a byte of the list",
        |f| change(&f.join("manifest.json"), "Invented Roundup", "Invented Roundus"),
        "not signed as it should be",
    ),
    (
        "a trusted comment",
        |f| change(&f.join("manifest.json.minisig"), "list 2", "list 3"),
        "not signed as it should be",
    ),
    (
        "a comment of another list under a good signature",
        |f| {
            let bytes = std::fs::read(f.join("manifest.json")).unwrap();
            std::fs::write(f.join("manifest.json.minisig"), key(1).sign(&bytes, "roundup packs, list 9")).unwrap();
        },
        "not signed as it should be",
    ),
    (
        "a signature that is none",
        |f| std::fs::write(f.join("manifest.json.minisig"), "x").unwrap(),
        "not signed as it should be",
    ),
    ("no signature", |f| std::fs::remove_file(f.join("manifest.json.minisig")).unwrap(), "manifest.json.minisig"),
    ("another key", |f| write_list(f, &list(f), 2), "signed with another key"),
    (
        "a pack with other bytes",
        |f| {
            let (_, path) = pack_of(f, 1);
            let mut bytes = std::fs::read(&path).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            std::fs::write(path, bytes).unwrap();
        },
        "does not hold the bytes that were signed",
    ),
    (
        "a pack that is longer",
        |f| {
            let (_, p) = pack_of(f, 1);
            let b = std::fs::read(&p).unwrap();
            std::fs::write(p, [b, vec![0; 9]].concat()).unwrap();
        },
        "does not hold the bytes",
    ),
    ("a pack that is gone", |f| std::fs::remove_file(pack_of(f, 1).1).unwrap(), "names a pack that is not there"),
    ("a page in place of a pack", |f| std::fs::write(pack_of(f, 1).1, "<!DOCTYPE html><p>Sign in").unwrap(), ""),
    (
        "a page in place of the list",
        |f| std::fs::write(f.join("manifest.json"), "<!DOCTYPE html>").unwrap(),
        "web page",
    ),
    (
        "other text in place of the list",
        |f| std::fs::write(f.join("manifest.json"), "hello").unwrap(),
        "not a list of packs",
    ),
    ("a list of a newer form", |f| change(&f.join("manifest.json"), "\"v\":1", "\"v\":2"), "newer roundup"),
    ("no list", |f| std::fs::remove_file(f.join("manifest.json")).unwrap(), "manifest.json"),
    (
        "an older list",
        |f| {
            let old = Manifest { sequence: 0, ..list(f) };
            write_list(f, &Manifest { sequence: 1, packs: old.packs[..1].to_vec(), ..old }, 1);
            // 1 is what the member has: one below is refused in a test of its own
        },
        "another list of the same number (1)",
    ),
    (
        "a bomb, signed",
        |f| {
            let bytes = roundup::pack::pack(&vec![b' '; 8 << 20]).unwrap();
            let mut bad = list(f);
            bad.packs.push(PackEntry {
                sha256: roundup::pack::hash_of(&bytes),
                bytes: bytes.len() as u64,
                unpacked: 1_000,
                ..bad.packs[0].clone()
            });
            std::fs::write(f.join("packs").join(bad.packs.last().unwrap().file()), bytes).unwrap();
            write_list(f, &bad, 1);
        },
        "was published broken",
    ),
];

fn change(file: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(from));
    std::fs::write(file, text.replace(from, to)).unwrap();
}

#[test]
fn what_cannot_be_trusted_is_refused_and_the_copy_stays() {
    for over_web in [true, false] {
        for (note, harm, want) in CASES {
            let (shop, member) = (Bench::new(), Bench::new());
            let home = Home::new(member.path());
            press(shop.path(), (0..6).map(|n| paper(n, 1)).collect());
            let place = if over_web { Files::serve(shop.path()).url() } else { shop.path().display().to_string() };
            sync_from(&home, &place).unwrap();
            let before = has(&home);
            press(shop.path(), (0..9).map(|n| paper(n, 1)).collect());
            harm(shop.path());
            let error = sync_from(&home, &place).expect_err(note).to_string();
            println!("{note}, {}: {error}\n", if over_web { "web" } else { "folder" });
            let want = match (*want, over_web) {
                ("", true) => "web page",
                ("", false) => "does not hold the bytes",
                (want, _) => want,
            };
            assert!(error.contains(want) && error.contains("\n  help: "), "{note}: {error}");
            assert_eq!(error.lines().count(), 2, "{note}");
            assert_eq!((has(&home), found(&home, "postpartum")), (before, 6), "{note}");
        }
    }
}

#[test]
fn an_older_list_is_refused_also_when_the_packs_here_are_lost() {
    let (shop, member) = (Bench::new(), Bench::new());
    let home = Home::new(member.path());
    let place = shop.path().display().to_string();
    press(shop.path(), vec![paper(1, 1)]);
    let old = shop.files("");
    press(shop.path(), vec![paper(1, 1), paper(2, 1)]);
    sync_from(&home, &place).unwrap();
    for name in ["manifest.json", "manifest.json.minisig"] {
        shop.write(name, &old[name]);
    }
    let said = sync_from(&home, &place).unwrap_err().to_string();
    assert!(said.contains("list 1, older than list 2"), "{said}");
    std::fs::remove_dir_all(member.path().join("data/packs")).unwrap();
    let said = sync_from(&home, &place).unwrap_err().to_string();
    assert!(said.contains("list 1, older than list 2"), "{said}");
}

#[test]
fn a_new_key_is_taken_only_by_name_and_begins_a_new_count() {
    let (shop, other, member) = (Bench::new(), Bench::new(), Bench::new());
    let home = Home::new(member.path());
    press(shop.path(), vec![paper(1, 1)]);
    press(shop.path(), vec![paper(1, 1), paper(2, 1)]);
    sync_from(&home, &shop.path().display().to_string()).unwrap();
    press_with(other.path(), vec![paper(3, 1)], &key(2)).unwrap();
    let place = other.path().display().to_string();
    let said = sync_from(&home, &place).unwrap_err().to_string();
    assert!(said.contains("another key") && said.contains("--key"), "{said}");
    let wish = Wish { source: Some(place), key: Some(key(2).public()), ..Wish::default() };
    sync_wishing(&home, &wish).unwrap();
    assert_eq!(has(&home), are(&[paper(3, 1)]));
    sync_wishing(&home, &Wish::default()).unwrap();
    // the first time, a named key is held to as well
    let fresh = Bench::new();
    let wish = Wish { source: Some(shop.path().display().to_string()), ..wish };
    assert!(sync_wishing(&Home::new(fresh.path()), &wish).is_err());
}

#[test]
fn a_publisher_does_not_change_its_key_unnoticed() {
    let shop = Bench::new();
    press(shop.path(), vec![paper(1, 1)]);
    let said = press_with(shop.path(), vec![paper(2, 1)], &key(2)).unwrap_err().to_string();
    assert!(said.contains("signed with another key"), "{said}");
}

#[test]
fn a_sign_in_page_of_a_network_takes_nothing_away() {
    let (shop, member) = (Bench::new(), Bench::new());
    let home = Home::new(member.path());
    press(shop.path(), (0..20).map(|n| paper(n, 1)).collect());
    let files = Files::serve(shop.path());
    let (entry, path) = pack_of(shop.path(), 0);
    let part = format!("data/packs/{}.part", entry.file());
    let half = std::fs::read(path).unwrap()[..500].to_vec();
    member.write(&part, &half);
    let portal = plain("200 OK", "text/html", b"<html><h1>Welcome to the hotel</h1></html>");
    for end in ["roundup.pub", ".minisig", "manifest.json", ".zst"] {
        files.behave(Manner { instead: vec![(end.to_owned(), portal.clone())], ..Manner::default() });
        let said = sync_from(&home, &files.url()).unwrap_err().to_string();
        assert!(said.contains("web page") && said.contains("sign in"), "{end}: {said}");
        assert_eq!(member.files("data/packs")[&part], half, "{end}");
    }
    let away = b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n".to_vec();
    for end in [".zst", "manifest.json"] {
        files.behave(Manner { instead: vec![(end.to_owned(), away.clone())], ..Manner::default() });
        let said = sync_from(&home, &files.url()).unwrap_err().to_string();
        assert!(said.contains("file: are not asked"), "{end}: {said}");
    }
    let metadata = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/x\r\nContent-Length: 0\r\n\r\n".to_vec();
    files.behave(Manner { instead: vec![(".zst".to_owned(), metadata)], ..Manner::default() });
    assert!(sync_from(&home, &files.url()).unwrap_err().to_string().contains("never asked"));
    files.behave(Manner::default());
    sync_from(&home, &files.url()).unwrap();
}

#[test]
fn two_syncs_at_once_and_a_home_that_gathers_itself_are_refused() {
    let (shop, member) = (Bench::new(), Bench::new());
    let home = Home::new(member.path());
    press(shop.path(), vec![paper(1, 1)]);
    let place = shop.path().display().to_string();
    let lock = WriterLock::take(&home.data()).unwrap();
    let said = sync_from(&home, &place).unwrap_err().to_string();
    assert!(said.contains("another roundup is writing here"), "{said}");
    drop(lock);
    sync_from(&home, &place).unwrap();
    member.write("data/roundup.db", "");
    let said = sync_from(&home, &place).unwrap_err().to_string();
    assert!(said.contains("gathers its papers itself"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_nothing_is_lost() {
    let (shop, member) = (Bench::new(), Bench::new());
    let home = Home::new(member.path());
    press(shop.path(), (0..6).map(|n| paper(n, 1)).collect());
    let files = Files::serve(shop.path());
    sync_from(&home, &files.url()).unwrap();
    press(shop.path(), (0..9).map(|n| paper(n, 1)).collect());
    let (entry, _) = pack_of(shop.path(), 1);
    let part = member.path().join("data/packs").join(format!("{}.part", entry.file()));
    std::os::unix::fs::symlink("/dev/full", &part).unwrap();
    let said = sync_from(&home, &files.url()).unwrap_err().to_string();
    assert!(said.contains("the disk is full: make room"), "{said}");
    assert_eq!(found(&home, "postpartum"), 6);
    std::fs::remove_file(part).unwrap();
    sync_from(&home, &files.url()).unwrap();
    assert_eq!(found(&home, "postpartum"), 9);
}

#[test]
fn a_dry_run_changes_nothing_and_says_how_much() {
    let (shop, member) = (Bench::new(), Bench::new());
    let home = Home::new(member.path());
    press(shop.path(), (0..6).map(|n| paper(n, 1)).collect());
    let wish = Wish { source: Some(shop.path().display().to_string()), dry_run: true, ..Wish::default() };
    let report = sync_wishing(&home, &wish).unwrap();
    let offer = report.offer.unwrap();
    assert_eq!((offer.papers, offer.packs), (6, 1));
    assert!(offer.bytes > 500);
    assert!(member.files("").is_empty());
}
