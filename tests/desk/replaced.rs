//! The database, or the whole home, is replaced while the desk is open: a copy is put back, or it is gone for a while.

use std::fs;
use std::path::{Path, PathBuf};

use roundup::model::Month;
use roundup::pipeline::Home;
use roundup::store::Store;

use super::bench::{Desk, MONTH, copy, other_roundup};
use super::markup::texts;
use crate::support::block_on;

/// Returns where the database lies.
fn database(desk: &Desk) -> PathBuf {
    Home::new(desk.bench.path()).database()
}

/// Returns how many texts of the month's draft a database has.
fn versions(path: &Path) -> usize {
    let store = Store::open_reader(path).unwrap();
    assert_eq!(store.integrity_problems().unwrap(), [""; 0]);
    store.draft_versions(Month::parse(MONTH).unwrap()).unwrap().len()
}

/// Changes the note of the letter at the desk.
async fn write_note(desk: &Desk, note: &str) -> u16 {
    let sum = desk.sum();
    desk.post(&desk.at("letter"), &[("seen", &sum), ("note", note)]).await.status
}

#[cfg(unix)]
#[test]
fn a_copy_that_is_put_back_is_the_one_that_is_written_from_then_on() {
    block_on(async {
        let desk = Desk::open().await;
        let (path, backup) = (database(&desk), desk.bench.path().join("backup.db"));
        desk.get(&desk.at("")).await;
        fs::copy(&path, &backup).unwrap();
        let at_first = versions(&backup);
        for note in ["one", "two", "three"] {
            assert_eq!(write_note(&desk, note).await, 303);
        }
        // As people do it: the file alone is moved away, another put there; what SQLite has beside it stays.
        let away = desk.bench.path().join("away.db");
        fs::rename(&path, &away).unwrap();
        fs::rename(&backup, &path).unwrap();
        assert_eq!(desk.get(&desk.at("")).await.status, 200);
        assert_eq!(versions(&path), at_first + 1, "the text of now, and nothing that was written into the other one");
        assert_eq!(write_note(&desk, "four").await, 303);
        assert_eq!((versions(&path), versions(&away)), (at_first + 2, at_first + 3));
        assert_eq!(desk.draft().note, "four");
        // The other thread writes there, too.
        let id = desk.draft().items[0].id.clone();
        let begun = desk.post(&desk.at(&format!("paper/{id}/tag")), &[("add", "topic:fathers")]).await;
        desk.job(begun.leads_to()).await;
        let home = other_roundup(desk.bench.path());
        assert_eq!(home.store.integrity_problems().unwrap(), [""; 0]);
    });
}

#[cfg(unix)]
#[test]
fn while_it_is_gone_that_is_said_and_once_it_is_back_all_goes_on() {
    block_on(async {
        let desk = Desk::open().await;
        let (path, away) = (database(&desk), desk.bench.path().join("away.db"));
        let (sum, id, before) = (desk.sum(), desk.draft().items[0].id.clone(), desk.text());
        fs::rename(&path, &away).unwrap();
        let looked = desk.get(&desk.at("")).await;
        let changed = desk.post(&desk.at(""), &[("seen", &sum), ("drop", &id)]).await;
        for (answer, what) in [(looked, "a look"), (changed, "a change")] {
            assert_eq!(answer.status, 500, "{what}: {}", answer.body);
            let told = texts(&answer.body, "main").concat();
            for part in ["the database is not where it was", "roundup.db", "put it, or the whole folder, back there"] {
                assert!(told.contains(part), "{what}: {told}");
            }
        }
        assert_eq!(desk.text(), before);
        assert!(!path.exists(), "no empty one is made in its place");
        let scripted = desk.script(&desk.at(""), &[("seen", &sum), ("drop", &id)]).await.json();
        assert!(scripted["said"].as_str().unwrap().contains("not where it was"), "{scripted}");
        fs::rename(&away, &path).unwrap();
        assert_eq!(desk.get(&desk.at("")).await.status, 200);
        assert_eq!(desk.post(&desk.at(""), &[("seen", &sum), ("drop", &id)]).await.status, 303);
    });
}

#[cfg(unix)]
#[test]
fn another_folder_in_place_of_the_home_is_the_home() {
    block_on(async {
        let desk = Desk::open().await;
        let root = desk.bench.path().to_owned();
        let (copied, away) = (root.with_extension("copy"), root.with_extension("away"));
        copy(&root, &copied);
        assert_eq!(write_note(&desk, "in the old folder").await, 303);
        let old = versions(&database(&desk));
        fs::rename(&root, &away).unwrap();
        fs::rename(&copied, &root).unwrap();
        assert_ne!(desk.draft().note, "in the old folder");
        assert_eq!(desk.get(&desk.at("")).await.status, 200);
        assert_eq!(write_note(&desk, "in the new folder").await, 303);
        let known = roundup::model::sha256_hex(desk.text().as_bytes());
        let store = Store::open_reader(&database(&desk)).unwrap();
        assert_eq!(store.newest_draft(Month::parse(MONTH).unwrap()).unwrap(), Some(known));
        assert_eq!(versions(&Home::new(&away).database()), old, "nothing more went into the old one");
        fs::remove_dir_all(&away).unwrap();
    });
}
