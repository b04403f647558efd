//! Homes whose database is gone or damaged, and homes that lie elsewhere than their backups say.

use std::fs;

use super::keeping::{home, run};
use crate::support::{Bench, Ran};

/// Checks that a run prints a line with some words.
fn has(ran: &Ran, words: &str) {
    assert!(ran.all().lines().any(|line| line.contains(words)), "{words} is missing in\n{}", ran.all());
}

#[test]
fn a_home_whose_database_is_gone_is_not_taken_for_a_new_one() {
    let bench = home();
    assert_eq!(run(&bench, &["backup"]).code, 0);
    fs::remove_dir_all(bench.path().join("home/data")).unwrap();
    fs::remove_dir_all(bench.path().join("home/index")).unwrap();
    // The daemon names the whole path.
    let gone = "home is gone, but 1 draft and 1 backup are there";
    for args in [
        &["run"][..],
        &["daemon", "--once"],
        &["daemon", "--no-listen"],
        &["harvest"],
        &["import", "papers.jsonl"],
        &["add", "10.5555/1"],
        &["draft", "2026-10"],
        &["check", "2026-10"],
        &["render", "2026-10"],
        &["status"],
        &["sources"],
        &["reindex"],
        &["rebuild"],
        &["backup"],
        &["curate", "--no-open"],
    ] {
        let ran = run(&bench, args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.all());
        has(&ran, gone);
        has(&ran, "help: `roundup restore` lists the backups; to begin anew all the same, `roundup init DIR`");
    }
    for args in [&["doctor"][..], &["verify"]] {
        let ran = run(&bench, args);
        assert_eq!(ran.code, 1, "{args:?}: {}", ran.all());
        has(&ran, &format!("✗ database: the database of {gone}; `roundup restore` lists the backups"));
        assert!(!ran.all().contains("`roundup run`"), "{args:?}: {}", ran.all());
    }
    has(&run(&bench, &["verify"]), "✓ newest backup: whole");
    has(&run(&bench, &["doctor"]), "✓ backup: the newest is");
    has(&run(&bench, &["search", "depression"]), gone);
    assert!(!bench.path().join("home/data").exists(), "nothing was made in its place");
    let back = run(&bench, &["restore", "backup-2026-11-01T030000Z", "--yes"]);
    assert_eq!(back.code, 0, "{}", back.all());
    has(&back, "there was no database, so no backup was made first; all that was there lies in home/backups/replaced-");
    assert_eq!(run(&bench, &["verify", "--all"]).code, 0);
}

#[test]
fn a_new_home_or_one_put_elsewhere_is_not_said_to_have_lost_anything() {
    let bench = home();
    assert_eq!(run(&bench, &["backup", "stick"]).code, 0);
    let moved = bench.run(&["--home", "new", "restore", "stick/backup-2026-11-01T030000Z", "--yes"]);
    assert_eq!(moved.code, 0, "{}", moved.all());
    assert_eq!(bench.run(&["init", "third"]).code, 0);
    // Backups of another home, in a folder that both use, are no sign of an earlier life of this one.
    let settings = fs::read_to_string(bench.path().join("third/feeds.toml")).unwrap();
    bench.write("third/feeds.toml", format!("{settings}\n[backup]\nfolder = \"../stick\"\n"));
    for name in ["new", "third"] {
        let ran = bench.run(&["--home", name, "import", "papers.jsonl"]);
        assert_eq!(ran.code, 0, "{name}: {}", ran.all());
    }
}

#[test]
fn without_backups_it_is_said_what_else_there_is() {
    let bench = home();
    fs::remove_dir_all(bench.path().join("home/data")).unwrap();
    let ran = run(&bench, &["status"]);
    has(&ran, "the database of home is gone, but 1 draft is there");
    has(&ran, "help: put home/data/roundup.db back; a backup that lies elsewhere: `roundup restore FOLDER`");
    let doctor = run(&bench, &["doctor"]);
    assert!(!doctor.out.contains("`roundup backup`"), "none can be made: {}", doctor.all());
}

/// Writes over the beginning of the database, as a failing disk does.
fn damage(bench: &Bench) {
    let path = bench.path().join("home/data/roundup.db");
    let mut bytes = fs::read(&path).unwrap();
    for byte in bytes.iter_mut().skip(100).take(20_000) {
        *byte = 0x5a;
    }
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_damaged_database_is_said_with_what_helps_and_the_rest_is_looked_at() {
    let bench = home();
    assert_eq!(run(&bench, &["backup"]).code, 0);
    damage(&bench);
    for args in [&["status"][..], &["daemon", "--once"], &["run"]] {
        let ran = run(&bench, args);
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.all());
        has(&ran, "malformed");
        has(&ran, "help: `roundup restore` lists the backups that can be put back; nothing was changed");
    }
    let doctor = run(&bench, &["doctor"]);
    has(&doctor, "malformed; `roundup restore` lists the backups that can be put back");
    fs::write(bench.path().join("home/drafts/2026-10.toml"), "[[item]\n").unwrap();
    let verified = run(&bench, &["verify"]);
    assert_eq!(verified.code, 1, "{}", verified.all());
    has(&verified, "✗ database: ");
    has(&verified, "`roundup restore` mends it");
    has(&verified, "✗ drafts: drafts/2026-10.toml");
    has(&verified, "✓ newest backup: whole");
}

#[test]
fn a_home_that_was_moved_with_its_backups_is_told_of_them() {
    let bench = home();
    assert_eq!(run(&bench, &["backup"]).code, 0);
    fs::rename(bench.path().join("home"), bench.path().join("moved")).unwrap();
    let doctor = bench.run(&["--home", "moved", "doctor"]);
    has(&doctor, "✗ backup: those in moved/backups were made when the home lay at ");
    has(&doctor, "/home; `roundup restore` lists and takes them; `roundup backup` makes one of this home");
    has(&bench.run(&["--home", "moved", "verify", "--all"]), "✗ newest backup: those in moved/backups were made when");
    let made = bench.run(&["--home", "moved", "backup", "--keep", "1"]);
    assert!(made.code == 0 && !made.out.contains("removed"), "only those of this very home go: {}", made.all());
    has(&bench.run(&["--home", "moved", "doctor"]), "✓ backup: the newest is less than an hour old");
    fs::remove_dir_all(bench.path().join("moved/data")).unwrap();
    has(&bench.run(&["--home", "moved", "status"]), "is gone, but 1 draft and 2 backups are there");
}

#[cfg(unix)]
#[test]
fn a_folder_on_the_same_disk_is_named_and_one_on_no_disk_refused() {
    let bench = home();
    let made = run(&bench, &["backup", "beside"]);
    assert_eq!(made.code, 0, "{}", made.all());
    has(&made, "it lies on the same disk as the home");
    let settings = fs::read_to_string(bench.path().join("home/feeds.toml")).unwrap();
    let with = |folder: &str| bench.write("home/feeds.toml", format!("{settings}\n[backup]\nfolder = \"{folder}\"\n"));
    with("../beside");
    has(&run(&bench, &["doctor"]), "home/../beside lies on the same disk as the home and goes when it goes");
    with("../stick/backups");
    let missing = "backups cannot go to home/../stick/backups, since there is no home/../stick";
    for args in [&["backup"][..], &["backup", "--list"]] {
        let refused = run(&bench, args);
        assert_eq!(refused.code, 2, "{args:?}: {}", refused.all());
        has(&refused, missing);
        has(&refused, "help: plug in or mount the disk");
    }
    has(&run(&bench, &["doctor"]), &format!("✗ backup: {missing}; plug in or mount the disk"));
    assert!(!bench.path().join("stick").exists(), "nothing is made in its place");
    let by_hand = run(&bench, &["backup", "gone/away"]);
    assert!(by_hand.code == 2 && by_hand.err.contains("since there is no gone"), "{}", by_hand.all());
}
