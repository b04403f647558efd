//! A disk that is full or can only be read: said in words with what helps, and nothing that was saved is lost.

use std::io::Write;

use super::bench::{Desk, NOW, copy, september};
use super::markup::texts;
use crate::support::disk::Disk;
use crate::support::{Bench, block_on};

/// Size of the small disk, in kB: a home and a little more.
const KB: u64 = 24_000;

#[test]
fn a_full_disk_is_said_and_once_there_is_room_all_goes_on() {
    block_on(async {
        let bench = Bench::new();
        let Some(small) = Disk::mount(bench.path(), KB) else {
            return println!("skipped: no small disk can be mounted here");
        };
        copy(september(), bench.path());
        let desk = Desk::open_in(bench).await;
        let (sum, id, before) = (desk.sum(), desk.draft().items[0].id.clone(), desk.text());
        assert_eq!(desk.get(&desk.at("")).await.status, 200);
        let filler = small.0.join("filler");
        let mut file = std::fs::File::create(&filler).unwrap();
        for size in [1 << 16, 1 << 12, 1] {
            while file.write_all(&vec![1; size]).is_ok() {}
        }
        let long = "A note that is longer than what may be left of the last page. ".repeat(900);
        let answer = desk.post(&desk.at("letter"), &[("seen", &sum), ("note", &long)]).await;
        assert_eq!(answer.status, 500, "{}", answer.body);
        let told = texts(&answer.body, "main").concat();
        assert!(told.contains("the disk is full") && told.contains("make room on the disk"), "{told}");
        assert_eq!(desk.text(), before);
        assert_eq!(desk.get(&desk.at("")).await.status, 200, "looking goes on");
        let job = desk.job(desk.post(&desk.at("draft"), &[]).await.leads_to()).await;
        let failed = &job["done"]["failed"];
        assert!(failed["message"].as_str().unwrap().starts_with("the disk is full"), "{job}");
        assert!(failed["help"].as_str().unwrap().starts_with("make room on the disk"), "{job}");
        drop(file);
        std::fs::remove_file(&filler).unwrap();
        assert_eq!(desk.post(&desk.at(""), &[("seen", &sum), ("drop", &id)]).await.status, 303);
        let left = std::fs::read_dir(small.0.join("drafts")).unwrap().flatten();
        let left: Vec<_> = left.filter(|e| e.file_name().to_string_lossy().starts_with(".roundup-")).collect();
        assert!(left.is_empty(), "nothing half written: {left:?}");
        drop(small);
    });
}

#[test]
fn a_disk_that_can_only_be_read_is_looked_at_and_says_what_helps() {
    block_on(async {
        let bench = Bench::new();
        let Some(small) = Disk::mount(bench.path(), KB) else {
            return println!("skipped: no small disk can be mounted here");
        };
        copy(september(), bench.path());
        small.again("ro");
        let desk = Desk::open_in(bench).await;
        let (sum, id) = (desk.sum(), desk.draft().items[0].id.clone());
        for page in ["", "check", "history", "preview", &format!("paper/{id}")] {
            assert_eq!(desk.get(&desk.at(page)).await.status, 200, "{page}");
        }
        let answer = desk.post(&desk.at(""), &[("seen", &sum), ("drop", &id)]).await;
        assert_eq!(answer.status, 500, "{}", answer.body);
        let told = texts(&answer.body, "main").concat();
        assert!(told.contains("can only be read") && told.contains("write there, then do it again"), "{told}");
        let job = desk.job(desk.post(&desk.at("draft"), &[]).await.leads_to()).await;
        assert!(job["done"]["failed"]["message"].as_str().unwrap().contains("can only be read"), "{job}");
        drop(small);
    });
}

#[test]
fn what_was_left_half_written_an_hour_ago_goes_when_the_desk_opens() {
    block_on(async {
        let bench = Bench::new();
        copy(september(), bench.path());
        let leave = |name: &str, minutes: u64| {
            let path = bench.path().join("drafts").join(name);
            std::fs::write(&path, "half").unwrap();
            // The desks here are open on one day, whatever the day is.
            let now: jiff::Timestamp = NOW.parse().unwrap();
            let at = std::time::SystemTime::from(now) - std::time::Duration::from_secs(minutes * 60);
            std::fs::File::options().append(true).open(&path).unwrap().set_modified(at).unwrap();
            path
        };
        let (old, new) = (leave(".roundup-aB3xY9", 61), leave(".roundup-bB3xY9", 59));
        let desk = Desk::open_in(bench).await;
        assert_eq!(desk.get(&desk.at("")).await.status, 200);
        assert_eq!((old.exists(), new.exists()), (false, true), "only what is old");
    });
}
