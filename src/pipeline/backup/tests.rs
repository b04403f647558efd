//! Backups as they are made, kept and found wanting.

#![expect(clippy::disallowed_methods, reason = "files are looked at and spoilt as anybody may")]

use std::fs;

use super::*;
use crate::model::FileName;
use crate::store::Store;

/// A home with a database that was changed some times, a draft, settings and a key.
pub(in crate::pipeline) fn home_with(folder: &Path, changes: u64, draft: &str) -> Home {
    let home = Home::new(folder);
    for (name, text) in [
        ("feeds.toml", format!("# settings of {draft}\n")),
        ("drafts/2026-10.toml", draft.to_owned()),
        ("out/2026-10/email.html", format!("<p>{draft}</p>")),
        ("keys/mailchimp", "sesame".to_owned()),
        ("data/saved/mine.toml", "query = \"kenya\"\n".to_owned()),
    ] {
        fsx::write_atomic(&folder.join(name), text.as_bytes()).unwrap();
    }
    let store = Store::open(&home.database()).unwrap();
    while store.revision().unwrap() < changes {
        store.transaction(Store::next_revision).unwrap();
    }
    home
}

/// Returns a moment of some day.
fn at(day: u8) -> Timestamp {
    format!("2026-11-{day:02}T06:00:00Z").parse().unwrap()
}

/// Makes a backup in the home, of which so many stay.
fn made(home: &Home, day: u8, keep: usize) -> Result<BackupReport> {
    backup(home, &BackupWish { folder: home.backups(), keep: Some(keep) }, at(day), &|_| {})
}

/// Returns the names in a folder, hidden ones too.
fn names(folder: &Path) -> Vec<String> {
    let entries = fsx::entries_in(folder).unwrap().into_iter();
    entries.map(|(path, _)| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
}

#[test]
fn a_backup_holds_what_cannot_be_made_again_and_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let home = home_with(folder.path(), 3, "mine");
    let report = made(&home, 1, 14).unwrap();
    assert_eq!(report.path, folder.path().join("backups/backup-2026-11-01T060000Z"));
    assert_eq!((report.files, report.removed.len(), report.left_out.len()), (5, 0, 0));
    let checked = check(&report.path, &|_| {}).unwrap();
    let held: Vec<&str> = checked.files.keys().map(FileName::as_str).collect();
    assert_eq!(
        held,
        ["data/roundup.db", "data/saved/mine.toml", "drafts/2026-10.toml", "feeds.toml", "out/2026-10/email.html"]
    );
    let copy = Store::open_reader(&report.path.join("home/data/roundup.db")).unwrap();
    assert_eq!(copy.revision().unwrap(), 3);
    drop(copy);
    for entry in fsx::entries_in(&report.path).unwrap() {
        if let Ok(bytes) = fs::read(entry.0) {
            assert!(!String::from_utf8_lossy(&bytes).contains("sesame"));
        }
    }
}

#[cfg(unix)]
#[test]
fn the_list_of_sums_is_one_that_usual_tools_check() {
    let folder = tempfile::tempdir().unwrap();
    let report = made(&home_with(folder.path(), 1, "mine"), 1, 14).unwrap();
    let ran =
        std::process::Command::new("sha256sum").args(["--check", "--strict", SUMS]).current_dir(&report.path).output();
    // Where there is no such tool there is nothing to be checked.
    let Ok(ran) = ran else { return };
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
}

#[test]
fn the_newest_backups_stay_and_what_is_not_ours_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let home = home_with(folder.path(), 1, "mine");
    let foreign = [
        "backup-of-mine/x.txt",
        "backup-2020-01-01T000000Z/x.txt",
        "before-schema-003-was-002.db",
        "replaced-2020-01-01T000000Z/x",
    ];
    for name in foreign {
        fsx::write_atomic(&home.backups().join(name), b"x").unwrap();
    }
    let other_folder = tempfile::tempdir().unwrap();
    let other = home_with(other_folder.path(), 1, "another home that puts its backups there");
    backup(&other, &BackupWish { folder: home.backups(), keep: Some(1) }, at(1), &|_| {}).unwrap();
    for day in 2..=5 {
        made(&home, day, 2).unwrap();
    }
    let again = made(&home, 5, 2).unwrap();
    assert_eq!(again.path.file_name().unwrap(), "backup-2026-11-05T060000Z-2", "twice in a second");
    assert_eq!(again.removed, [home.backups().join("backup-2026-11-04T060000Z")]);
    let mut want: Vec<&str> = foreign.iter().map(|n| n.split('/').next().unwrap()).collect();
    want.extend(["backup-2026-11-01T060000Z", "backup-2026-11-05T060000Z", "backup-2026-11-05T060000Z-2"]);
    want.sort_unstable();
    assert_eq!(names(&home.backups()), want);
    assert_eq!(newest_of(&home, &home.backups()).unwrap().unwrap().path, again.path);
    assert_eq!(newest_of(&other, &home.backups()).unwrap().unwrap().about.made_at, at(1));
}

#[test]
fn a_backup_is_due_once_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let home = home_with(folder.path(), 1, "mine");
    let wish = BackupWish::usual(&home, &Keeping::default());
    let due = |text: &str| backup_if_due(&home, &wish, text.parse().unwrap(), &|_| {}).unwrap().is_some();
    assert!(due("2026-11-01T06:00:00Z"), "the first");
    assert!(!due("2026-11-01T18:00:00Z"), "the same day");
    assert!(due("2026-11-02T05:30:00Z"), "a run that is some minutes early");
    assert!(due("2026-11-01T05:30:00Z"), "the newest is of the future: a clock was wrong");
}

#[test]
fn what_was_left_half_is_removed_by_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let home = home_with(folder.path(), 1, "mine");
    for half in [".making-", ".removing-"] {
        let name = format!("{half}{}/half.db", mark_of(&home));
        fsx::write_atomic(&home.backups().join(name), b"half").unwrap();
    }
    fsx::write_atomic(&home.backups().join(".making-0123456789ab/half.toml"), b"of another home").unwrap();
    assert_eq!(backups_in(&home.backups()).unwrap(), [], "what is half is none");
    made(&home, 1, 14).unwrap();
    assert_eq!(names(&home.backups()), [".making-0123456789ab", "backup-2026-11-01T060000Z"]);
}

#[test]
fn a_damaged_database_pushes_no_good_backup_out() {
    let folder = tempfile::tempdir().unwrap();
    let home = home_with(folder.path(), 1, "mine");
    let good = made(&home, 1, 1).unwrap();
    let mut bytes = fs::read(home.database()).unwrap();
    let from = bytes.len() / 2;
    bytes[from..].fill(0x5a);
    fs::write(home.database(), bytes).unwrap();
    let error = made(&home, 2, 1).unwrap_err().to_string();
    assert!(error.contains("no backup was made, since the database is damaged"), "{error}");
    assert_eq!(names(&home.backups()), ["backup-2026-11-01T060000Z"]);
    check(&good.path, &|_| {}).unwrap();
}

#[test]
fn a_backup_that_cannot_be_made_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let home = home_with(folder.path(), 1, "mine");
    for within in ["out/backups", "data", "drafts/b", "index", "keys/b", "templates", "inbox"] {
        let wish = BackupWish { folder: folder.path().join(within), keep: None };
        let error = backup(&home, &wish, at(1), &|_| {}).unwrap_err().to_string();
        assert!(error.contains("which roundup works with"), "{within}: {error}");
    }
    fsx::write_atomic(&folder.path().join("file"), b"x").unwrap();
    assert!(backup(&home, &BackupWish { folder: folder.path().join("file/b"), keep: None }, at(1), &|_| {}).is_err());
    let held = BackupLock::take(&home.data()).unwrap();
    let error = made(&home, 1, 1).unwrap_err();
    assert!(matches!(error, Error::Store(StoreError::BackupHeld { .. })), "{error}");
    drop(held);
    let empty = tempfile::tempdir().unwrap();
    let error = made(&Home::new(empty.path()), 1, 1).unwrap_err().to_string();
    assert!(error.contains("there is nothing to copy yet") && names(empty.path()).is_empty(), "{error}");
    put_schema(&home.database(), 99);
    let error = made(&home, 1, 1).unwrap_err().to_string();
    assert!(error.contains("written by a newer roundup"), "{error}");
    assert!(names(&home.backups()).is_empty(), "{:?}", names(&home.backups()));
}

/// Gives the database another schema number by its place in the head of the file.
pub(in crate::pipeline) fn put_schema(database: &Path, version: u8) {
    const USER_VERSION_AT: usize = 63;
    let mut bytes = fs::read(database).unwrap();
    bytes[USER_VERSION_AT] = version;
    fs::write(database, bytes).unwrap();
}

#[test]
fn every_backup_is_of_one_moment_while_another_thread_writes() {
    let folder = tempfile::tempdir().unwrap();
    let home = home_with(folder.path(), 1, "mine");
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let writer = Store::open(&home.database()).unwrap();
            let month = crate::model::Month::parse("2026-10").unwrap();
            let mut n = 0;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                n += 1;
                let by = store::DraftBy::Found;
                let kept = writer.transaction(|s| {
                    s.next_revision()?;
                    s.keep_draft(month, &format!("text {n}"), by, at(1))
                });
                kept.unwrap();
            }
        });
        for day in 1..=5 {
            let report = made(&home, day, 14).unwrap();
            let held = &report.tables;
            assert_eq!(held["draft_version"], held["draft_text"], "what was written together is there together");
            check(&report.path, &|_| {}).unwrap();
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}
