//! Putting back, cut off anywhere.

#![expect(clippy::disallowed_methods, reason = "files are looked at and spoilt as anybody may")]

use std::collections::BTreeMap;
use std::fs;

use super::super::backup::tests::{home_with, put_schema};
use super::*;
use crate::model::sha256_hex;
use crate::store::{Store, StoreError};

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Makes a backup of a home and returns its folder.
fn backed_up(home: &Home, into: &Path) -> PathBuf {
    let wish = BackupWish { folder: into.to_owned(), keep: None };
    backup::backup(home, &wish, moment("2026-11-01T06:00:00Z"), &|_| {}).unwrap().path
}

/// Returns all that a person would see of a home: texts by name, and how often its database was changed.
fn world(home: &Home) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    let mut folders = vec![home.root().to_owned()];
    while let Some(folder) = folders.pop() {
        for (path, kind) in fsx::entries_in(&folder).unwrap() {
            let name = path.strip_prefix(home.root()).unwrap().to_string_lossy().replace('\\', "/");
            let is_aside = ["backups", ".restoring"].contains(&name.as_str());
            let is_of_database = name.starts_with("data/roundup.db") || name.ends_with("lock");
            if kind == fsx::EntryKind::Folder && !is_aside {
                folders.push(path);
            } else if kind == fsx::EntryKind::File && !is_of_database {
                out.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    if home.database().exists() {
        let store = Store::open_reader(&home.database()).unwrap();
        assert_eq!(store.integrity_problems().unwrap(), Vec::<String>::new());
        out.insert("revision".to_owned(), store.revision().unwrap().to_string());
    }
    out
}

/// Puts a backup back, stopping at a step as a power cut does.
fn cut_at(home: &Home, folder: &Path, cut: usize) -> Result<RestoreReport> {
    let checked = backup::check(folder, &|_| {})?;
    let mut left = cut;
    let mut step = || {
        left = left.checked_sub(1).ok_or_else(|| Error::Missing("the power is gone".to_owned()))?;
        Ok(())
    };
    restore_by_steps(home, folder, &checked, moment("2026-11-20T06:00:00Z"), &|_| {}, &mut step)
}

/// Puts a backup back.
fn put_back(home: &Home, folder: &Path) -> Result<RestoreReport> {
    cut_at(home, folder, usize::MAX)
}

#[test]
fn a_backup_comes_back_in_an_empty_folder() {
    let (old, new, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let home = home_with(old.path(), 7, "mine");
    let before = world(&home);
    let folder = backed_up(&home, place.path());
    let other = Home::new(new.path().join("not/there/yet"));
    assert!(!is_occupied(&other));
    let report = put_back(&other, &folder).unwrap();
    assert_eq!((report.kept, report.is_kept_as_it_was), (None, false));
    let mut want = before;
    want.remove("keys/mailchimp");
    assert_eq!(world(&other), want, "all but the key");
    assert!(!swap::staging(&other).exists() && other.root().join("inbox").is_dir());
}

#[test]
fn cut_off_anywhere_the_home_is_the_old_one_or_the_new_one() {
    let (theirs, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let from = home_with(theirs.path(), 2, "of the backup");
    fsx::write_atomic(&theirs.path().join("inbox/waiting.ris"), b"TY  - JOUR\n").unwrap();
    let folder = backed_up(&from, place.path());
    let mut want = world(&from);
    want.insert("inbox/mine.ris".to_owned(), "mine".to_owned());
    let (mut cuts_before, mut cuts_after) = (0, 0);
    for cut in 0.. {
        let ours = tempfile::tempdir().unwrap();
        let home = home_with(ours.path(), 9, "as it is now");
        // What only the old one has goes; what a backup does not hold stays.
        for name in ["topics.toml", "index/meta.json", "templates/web/issue.html"] {
            fsx::write_atomic(&ours.path().join(name), b"old").unwrap();
        }
        fsx::write_atomic(&ours.path().join("inbox/mine.ris"), b"mine").unwrap();
        let old = world(&home);
        let outcome = cut_at(&home, &folder, cut);
        if outcome.is_ok() {
            assert_eq!(world(&home), want);
            break;
        }
        if is_cut_off(&home) {
            cuts_after += 1;
            // The one who finishes it is cut off as well, and again, at each of its steps.
            for more in 0_usize.. {
                let mut left = more;
                let mut step = || {
                    left = left.checked_sub(1).ok_or_else(|| Error::Missing("again".to_owned()))?;
                    Ok(())
                };
                match swap::go_on(&home, &mut step) {
                    Err(_) => assert!(is_cut_off(&home) || more > 0),
                    Ok(_) => break,
                }
            }
            assert!(!finish(&home).unwrap(), "nothing is left to do");
            assert_eq!(world(&home), want, "cut at step {cut}");
        } else if world(&home) == old {
            cuts_before += 1;
        } else {
            assert_eq!(world(&home), want, "cut at step {cut}, when only the staging was left to remove");
        }
        put_back(&home, &folder).unwrap();
        assert_eq!(world(&home), want, "and once more after step {cut}");
        assert!(!swap::staging(&home).exists());
    }
    assert!(cuts_before >= 1 && cuts_after >= 10, "{cuts_before} before the plan, {cuts_after} after it");
}

#[test]
fn what_was_there_is_kept_and_comes_back() {
    let (folder, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let home = home_with(folder.path(), 2, "first");
    let first = world(&home);
    let backup = backed_up(&home, place.path());
    home_with(folder.path(), 5, "second");
    let second = world(&home);
    let report = put_back(&home, &backup).unwrap();
    assert_eq!(world(&home), first);
    let kept = report.kept.unwrap();
    assert_eq!(kept, home.backups().join("backup-2026-11-20T060000Z"));
    put_back(&home, &kept).unwrap();
    assert_eq!(world(&home), second);
    put_back(&home, &backup).unwrap();
    assert_eq!(put_back(&home, &backup).unwrap().files, report.files, "twice is as once");
    assert_eq!(world(&home), first);
}

#[test]
fn what_is_too_damaged_for_a_backup_is_kept_as_it_is() {
    let place = tempfile::tempdir().unwrap();
    for (database, note) in [
        (
            Some(&b"no database at all, but a text that is long enough to be looked at as one, and longer"[..]),
            "damaged",
        ),
        (None, "there is none, as after init"),
    ] {
        let (theirs, ours) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let from = home_with(theirs.path(), 2, "of the backup");
        let folder = backed_up(&from, &place.path().join(note));
        fsx::write_atomic(&ours.path().join("feeds.toml"), b"# mine").unwrap();
        if let Some(bytes) = database {
            fsx::write_atomic(&ours.path().join("data/roundup.db"), bytes).unwrap();
        }
        let home = Home::new(ours.path());
        let report = put_back(&home, &folder).unwrap();
        assert!(report.is_kept_as_it_was, "{note}");
        let kept = report.kept.unwrap();
        assert_eq!(fs::read_to_string(kept.join("feeds.toml")).unwrap(), "# mine", "{note}");
        assert_eq!(fs::read(kept.join("data/roundup.db")).ok().as_deref(), database, "{note}");
        assert_eq!(world(&home)["revision"], "2", "{note}");
    }
}

#[test]
fn nobody_is_disturbed_who_works_there() {
    let (folder, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let home = home_with(folder.path(), 2, "mine");
    let backup = backed_up(&home, place.path());
    let before = world(&home);
    let daemon = DaemonLock::take(&home.data()).unwrap();
    let error = put_back(&home, &backup).unwrap_err();
    assert!(matches!(error, Error::Store(StoreError::DaemonThere { .. })), "{error}");
    drop(daemon);
    let writer = WriterLock::take(&home.data()).unwrap();
    let error = put_back(&home, &backup).unwrap_err();
    assert!(matches!(error, Error::Store(StoreError::Locked { .. })), "{error}");
    drop(writer);
    assert_eq!(world(&home), before);
    assert!(!home.backups().exists() && !swap::staging(&home).exists(), "nothing was begun");
    put_back(&home, &backup).unwrap();
}

/// Something that is done to a backup.
type Harm = fn(&Path);

#[test]
fn a_backup_that_was_tampered_with_is_refused() {
    let harms: [(&str, &str, Harm); 11] = [
        ("a byte of a draft", "is not what was copied", |b| {
            fs::write(b.join("home/drafts/2026-10.toml"), "x").unwrap();
        }),
        ("a file is gone", "is missing", |b| fs::remove_file(b.join("home/feeds.toml")).unwrap()),
        ("a byte of the database", "is not what was copied", |b| {
            let path = b.join("home/data/roundup.db");
            let mut bytes = fs::read(&path).unwrap();
            let at = bytes.len() / 2;
            bytes[at] ^= 0x40;
            fs::write(path, bytes).unwrap();
        }),
        ("a damaged database with its right sum", "damaged", |b| {
            let path = b.join("home/data/roundup.db");
            let mut bytes = fs::read(&path).unwrap();
            let at = bytes.len() / 2;
            bytes[at..].fill(0x5a);
            replace(b, "home/data/roundup.db", &bytes);
        }),
        ("a database without a row, with its right sum", "does not hold what was counted", |b| {
            let store = Store::open(&b.join("home/data/roundup.db")).unwrap();
            store
                .plan_job(
                    "x",
                    moment("2026-11-01T06:00:00Z"),
                    1,
                    moment("2026-11-01T06:00:00Z"),
                    moment("2026-11-01T05:00:00Z"),
                )
                .unwrap();
            store.fold_log().unwrap();
            drop(store);
            let bytes = fs::read(b.join("home/data/roundup.db")).unwrap();
            replace(b, "home/data/roundup.db", &bytes);
        }),
        ("a way out of the home", "belongs into no home", |b| add(b, "home/../../x.toml")),
        ("a key", "belongs into no home", |b| add(b, "home/keys/mailchimp")),
        ("no list of sums", "cannot be read", |b| fs::remove_file(b.join("MANIFEST")).unwrap()),
        ("a list of something else", "cannot be read", |b| fs::write(b.join("MANIFEST"), "hello\n").unwrap()),
        ("no word of itself", "is no backup that roundup made", |b| fs::remove_file(b.join("BACKUP.json")).unwrap()),
        ("a newer schema", "was made by a newer roundup", |b| {
            put_schema(&b.join("home/data/roundup.db"), 99);
            let path = b.join("BACKUP.json");
            let known = format!("\"schema\": {}", store::schema_known());
            let about = fs::read_to_string(&path).unwrap().replace(&known, "\"schema\": 99");
            replace(b, "BACKUP.json", about.as_bytes());
        }),
    ];
    for (note, want, harm) in harms {
        let (folder, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let home = home_with(folder.path(), 2, "mine");
        let backup = backed_up(&home, place.path());
        let before = world(&home);
        harm(&backup);
        let error = put_back(&home, &backup).unwrap_err().to_string();
        assert!(error.contains(want), "{note}: {error}");
        assert_eq!(world(&home), before, "{note}");
    }
}

/// Replaces a file of a backup and its sum.
fn replace(backup: &Path, name: &str, bytes: &[u8]) {
    fs::write(backup.join(name), bytes).unwrap();
    let lines = fs::read_to_string(backup.join("MANIFEST")).unwrap();
    let renewed = lines.lines().map(|line| match line.split_once("  ") {
        Some((_, is)) if is == name => format!("{}  {name}", sha256_hex(bytes)),
        _ => line.to_owned(),
    });
    fs::write(backup.join("MANIFEST"), renewed.collect::<Vec<_>>().join("\n")).unwrap();
}

/// Adds a file to the list of sums.
fn add(backup: &Path, name: &str) {
    let lines = fs::read_to_string(backup.join("MANIFEST")).unwrap();
    fs::write(backup.join("MANIFEST"), format!("{lines}{}  {name}\n", sha256_hex(b""))).unwrap();
}

#[test]
fn what_changes_while_it_is_copied_is_not_put_back() {
    let (folder, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let home = home_with(folder.path(), 2, "mine");
    let backup = backed_up(&home, place.path());
    let before = world(&home);
    let checked = backup::check(&backup, &|_| {}).unwrap();
    fs::write(backup.join("home/feeds.toml"), "other").unwrap();
    let error = restore(&home, &backup, &checked, moment("2026-11-20T06:00:00Z"), &|_| {}).unwrap_err().to_string();
    assert!(error.contains("changed in") && error.contains("while it was copied"), "{error}");
    assert_eq!(world(&home), before);
    assert!(!swap::staging(&home).exists());
}

#[cfg(unix)]
#[test]
fn links_are_neither_followed_nor_replaced() {
    let (folder, place, elsewhere) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let home = home_with(folder.path(), 2, "mine");
    let backup = backed_up(&home, place.path());
    fs::rename(home.out(), elsewhere.path().join("out")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("out"), home.out()).unwrap();
    let error = put_back(&home, &backup).unwrap_err().to_string();
    assert!(error.contains("is a link or lies on another disk"), "{error}");
    assert!(home.out().is_symlink() && !swap::staging(&home).exists());
    fs::rename(backup.join("home/drafts"), elsewhere.path().join("drafts")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("drafts"), backup.join("home/drafts")).unwrap();
    let error = put_back(&Home::new(elsewhere.path().join("new")), &backup).unwrap_err().to_string();
    assert!(error.contains("is a link"), "{error}");
}

#[test]
fn a_plan_of_somebody_else_moves_nothing() {
    for plan in [
        "{",
        r#"{"v":2,"units":[],"keep_as":null}"#,
        r#"{"v":1,"units":[{"name":"../x","comes":false}],"keep_as":null}"#,
        r#"{"v":1,"units":[],"keep_as":"../../x"}"#,
    ] {
        let folder = tempfile::tempdir().unwrap();
        let home = home_with(folder.path(), 2, "mine");
        fsx::write_atomic(&swap::staging(&home).join("plan.json"), plan.as_bytes()).unwrap();
        let before = world(&home);
        let error = finish(&home).unwrap_err().to_string();
        assert!(error.contains("its plan") && error.contains("cannot be read"), "{error}");
        assert_eq!(world(&home), before);
    }
}
