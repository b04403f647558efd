//! A disk that is full, and limits of the system: said by their names, and the index in use stays.

use std::path::Path;
use std::process::Command;

use roundup::pipeline::Home;

use super::{found, paper, press, sync_from};
use crate::support::Bench;
use crate::support::disk::Disk;

/// Runs the binary in a home.
fn run(home: &Path, args: &[&str]) -> (Option<i32>, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_roundup")).args(args).arg("--home").arg(home).output().unwrap();
    (ran.status.code(), String::from_utf8_lossy(&ran.stderr).into_owned())
}

/// Returns how many kB are free.
fn kb_free(path: &Path) -> u64 {
    let ran = Command::new("df").args(["--output=avail", "-k"]).arg(path).output().unwrap();
    String::from_utf8_lossy(&ran.stdout).lines().nth(1).unwrap().trim().parse().unwrap()
}

/// Returns the names in the folder of the index.
fn names(home: &Home) -> Vec<String> {
    let entries = std::fs::read_dir(home.index()).unwrap().flatten();
    let mut names: Vec<_> = entries.map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_full_disk_is_named_while_the_index_is_built_and_nothing_half_built_stays() {
    let (shop, place) = (Bench::new(), Bench::new());
    let Some(disk) = Disk::mount(&place.path().join("disk"), 8_000) else {
        println!("skipped: no small disk can be mounted here");
        return;
    };
    let home = Home::new(&disk.0);
    press(shop.path(), (0..6).map(|n| paper(n, 1)).collect());
    let source = shop.path().display().to_string();
    sync_from(&home, &source).unwrap();
    let before = names(&home);
    press(shop.path(), (0..60).map(|n| paper(n, 1)).collect());
    // The packs fit, the index does not.
    let filler = disk.0.join("filler");
    for left_kb in [700, 100, 24] {
        let _ = std::fs::remove_file(&filler);
        let bytes = kb_free(&disk.0).saturating_sub(left_kb) * 1_024;
        std::fs::write(&filler, vec![1; usize::try_from(bytes).unwrap()]).unwrap();
        for args in [&["sync"][..], &["reindex"]] {
            let (code, said) = run(&disk.0, args);
            println!("{left_kb} kB left, {args:?}: {said}");
            assert_eq!(code, Some(2), "{said}");
            assert!(said.contains("disk is full") && said.contains("\n  help: "), "{said}");
            assert!(!said.contains("damaged") && !said.contains("thread") && !said.contains("engine"), "{said}");
            assert_eq!((names(&home), found(&home, "postpartum")), (before.clone(), 6));
        }
    }
    std::fs::remove_file(&filler).unwrap();
    let report = sync_from(&home, &source).unwrap();
    assert!(!report.index_because.is_empty() || report.change.new > 0, "{report:?}");
    assert_eq!(found(&home, "postpartum"), 60);
}

#[test]
fn a_folder_that_can_only_be_read_is_searched_and_says_what_helps() {
    let (shop, place) = (Bench::new(), Bench::new());
    let Some(disk) = Disk::mount(&place.path().join("disk"), 8_000) else {
        println!("skipped: no small disk can be mounted here");
        return;
    };
    let home = Home::new(&disk.0);
    press(shop.path(), (0..6).map(|n| paper(n, 1)).collect());
    sync_from(&home, &shop.path().display().to_string()).unwrap();
    disk.again("ro");
    assert_eq!(run(&disk.0, &["search", "postpartum"]).0, Some(0));
    for args in [&["sync"][..], &["reindex"]] {
        let (code, said) = run(&disk.0, args);
        println!("{args:?}: {said}");
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("roundup may not write there") && said.contains("--home DIR"), "{said}");
    }
    disk.again("rw");
    std::fs::write(home.index().join("current"), "g9").unwrap();
    disk.again("ro");
    let (code, said) = run(&disk.0, &["search", "postpartum"]);
    println!("a damaged index: {said}");
    assert!(code == Some(2) && said.contains("let roundup write there"), "{said}");
}

/// What a member meets who searches before the first sync has ended.
#[test]
fn a_copy_that_is_not_whole_says_how_it_goes_on() {
    let (shop, member) = (Bench::new(), Bench::new());
    let home = Home::new(member.path());
    press(shop.path(), (0..6).map(|n| paper(n, 1)).collect());
    let files = crate::support::files::Files::serve(shop.path());
    files.behave(crate::support::files::Manner { budget: Some(2_000), ..Default::default() });
    sync_from(&home, &files.url()).unwrap_err();
    let (code, said) = run(member.path(), &["search", "postpartum"]);
    println!("{said}");
    assert!(code == Some(2) && said.contains("is not whole") && said.contains("`roundup sync` goes on"), "{said}");
}

/// A limit of the session on the length of files, as some hosts set it.
#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_the_length_of_files_is_named() {
    let (shop, member) = (Bench::new(), Bench::new());
    let home = Home::new(member.path());
    press(shop.path(), (0..6).map(|n| paper(n, 1)).collect());
    sync_from(&home, &shop.path().display().to_string()).unwrap();
    let before = names(&home);
    let line =
        format!("ulimit -f 8; exec '{}' reindex --home '{}'", env!("CARGO_BIN_EXE_roundup"), member.path().display());
    let ran = Command::new("sh").args(["-c", &line]).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    println!("{said}");
    assert!(said.contains("larger than this system or disk allows") && said.contains("ulimit"), "{said}");
    assert_eq!((names(&home), found(&home, "postpartum")), (before, 6));
}

/// As when a large home takes in what is new.
#[test]
fn an_index_that_is_brought_up_to_date_on_a_full_disk_stays_as_it_was() {
    use roundup::index::{Index, IndexError, Knowledge, Unwritten};
    let place = Bench::new();
    let Some(disk) = Disk::mount(&place.path().join("disk"), 4_000) else {
        println!("skipped: no small disk can be mounted here");
        return;
    };
    let knowledge = Knowledge::new(&roundup::model::Lexicon::default(), &[]);
    let (index, filler) = (disk.0.join("index"), disk.0.join("filler"));
    let papers = |from: u32, to: u32| (from..to).map(|n| paper(n, 1));
    Index::rebuild(&index, &mut papers(0, 50), &knowledge, 1).unwrap();
    let before = kb_free(&disk.0);
    std::fs::write(&filler, vec![1; usize::try_from((before - 60) * 1_024).unwrap()]).unwrap();
    let refused = Index::update(&index, &mut papers(50, 500), &knowledge, &[], 2).unwrap_err();
    assert!(matches!(refused, IndexError::Unwritten(Unwritten::Full { .. })), "{refused:?}");
    println!("{refused}");
    std::fs::remove_file(&filler).unwrap();
    assert!(kb_free(&disk.0) + 20 >= before, "{} of {before} kB", kb_free(&disk.0));
    Index::verify(&index).unwrap();
    let home = Home::new(&disk.0);
    assert_eq!(found(&home, "postpartum"), 50);
    Index::update(&index, &mut papers(50, 500), &knowledge, &[], 2).unwrap();
    assert_eq!(found(&home, "postpartum"), 500);
}

/// Puts something in place of a file that would be waited for, or has no end.
#[cfg(unix)]
fn put(what: &str, file: &Path) {
    std::fs::remove_file(file).unwrap();
    match what {
        "a pipe" => assert!(Command::new("mkfifo").arg(file).status().unwrap().success()),
        "a device" => std::os::unix::fs::symlink("/dev/zero", file).unwrap(),
        _ => std::fs::File::create(file).unwrap().set_len(5 << 30).unwrap(),
    }
}

#[cfg(unix)]
#[test]
fn files_of_the_index_that_are_no_plain_files_are_damage() {
    let (shop, member) = (Bench::new(), Bench::new());
    let home = Home::new(member.path());
    press(shop.path(), (0..6).map(|n| paper(n, 1)).collect());
    sync_from(&home, &shop.path().display().to_string()).unwrap();
    for (what, file) in [
        ("a pipe", "names.tsv"),
        ("a device", "names.tsv"),
        ("5 GB", "names.tsv"),
        ("a pipe", "meta.json"),
        ("a device", "current"),
        ("a pipe", "current"),
    ] {
        let generation = std::fs::read_to_string(home.index().join("current")).unwrap();
        let folder = if file == "current" { home.index() } else { home.index().join(generation.trim()) };
        put(what, &folder.join(file));
        let (code, said) = run(member.path(), &["search", "postpartum"]);
        println!("{file} is {what}: {said}");
        assert!(code == Some(0) && said.contains("the search index is damaged"), "{file} is {what}: {said}");
        assert_eq!(found(&home, "postpartum"), 6, "{file} is {what}");
    }
    std::fs::write(home.index().join("current"), "g999999999").unwrap();
    assert_eq!(run(member.path(), &["search", "postpartum"]).0, Some(0));
    assert_eq!(run(member.path(), &["search", "postpartum"]), (Some(0), String::new()), "once is enough");
}
