//! What happens while the desk is open: files that go or break, others who write, work that waits.

use std::fs;

use roundup::draft;
use roundup::model::Choice;
use roundup::pipeline;
use roundup::store::{ReminderRow, WriterLock};

use super::bench::{Desk, MONTH, other_roundup};
use super::markup::{foreign, texts};
use crate::support::block_on;

/// All pages of a month.
const PAGES: [&str; 8] = ["", "letter", "add", "preview", "check", "render", "history", "state"];

#[test]
fn a_draft_that_is_deleted_costs_nothing_else() {
    block_on(async {
        let desk = Desk::open().await;
        let (sum, id) = (desk.sum(), desk.draft().items[0].id.clone());
        let dropped = desk.post(&desk.at(""), &[("seen", &sum), ("drop", &id)]).await;
        assert_eq!(dropped.status, 303);
        let text = desk.text();
        fs::remove_file(desk.draft_path()).unwrap();
        for page in PAGES {
            let answer = desk.get(&desk.at(page)).await;
            assert!(matches!(answer.status, 200 | 303), "{page}: {} {}", answer.status, answer.body);
        }
        assert!(desk.get(&desk.at("")).await.body.contains("There is no draft"));
        for (page, fields) in [
            ("", vec![("seen", sum.as_str()), ("keep", &id)]),
            ("letter", vec![("seen", &sum), ("note", "x")]),
            (&*format!("paper/{id}"), vec![("seen", &sum), ("title", "x")]),
            (&*format!("paper/{id}/add"), vec![("seen", &sum)]),
            ("undo", vec![]),
            ("add", vec![("seen", &sum), ("kind", "own"), ("title", "x"), ("section", "more")]),
        ] {
            let answer = desk.post(&desk.at(page), &fields).await;
            assert!(matches!(answer.status, 404 | 422), "{page}: {} {}", answer.status, answer.body);
            assert!(answer.body.contains("no draft"), "{page}: {}", answer.body);
            assert!(!desk.draft_path().exists(), "{page} made a file");
        }
        // It is among the earlier versions, and can be put back from there.
        let versions = desk.get(&desk.at("history")).await;
        let links = super::markup::values(&versions.body, "ol.versions button", "value");
        let begun = desk.post(&desk.at("history"), &[("number", &links[0])]).await;
        assert_eq!(desk.landed(&begun).await, desk.at("history?said=put-back"));
        assert_eq!(desk.text(), text, "the newest text is back");
    });
}

#[test]
fn a_file_that_is_no_draft_any_more_is_told_with_its_line() {
    block_on(async {
        let desk = Desk::open().await;
        let (sum, id, whole) = (desk.sum(), desk.draft().items[0].id.clone(), desk.text());
        desk.get(&desk.at("")).await;
        let broken = whole.replacen("subject = ", "subject = = ", 1);
        let line = broken.lines().position(|l| l.starts_with("subject = =")).unwrap() + 1;
        desk.write(&broken);
        let board = desk.get(&desk.at("")).await;
        assert_eq!(board.status, 200);
        let told = texts(&board.body, "pre").concat();
        assert!(told.starts_with(&format!("drafts/{MONTH}.toml:{line}:")), "{told}");
        for page in PAGES {
            let answer = desk.get(&desk.at(page)).await;
            assert!(matches!(answer.status, 200 | 303), "{page}: {} {}", answer.status, answer.body);
        }
        for path in ["/", "/months", "/sources", "/search?q=depression"] {
            assert!(matches!(desk.get(path).await.status, 200 | 303), "{path}");
        }
        assert_eq!(desk.get(&desk.at(&format!("paper/{id}"))).await.status, 200, "what the database knows of it");
        for (page, fields) in [
            ("", vec![("seen", sum.as_str()), ("keep", &id)]),
            ("letter", vec![("seen", &sum), ("note", "x")]),
            (&*format!("paper/{id}"), vec![("seen", &sum), ("title", "x")]),
            ("add", vec![("seen", &sum), ("kind", "own"), ("title", "x"), ("section", "more")]),
        ] {
            let answer = desk.post(&desk.at(page), &fields).await;
            assert_eq!(answer.status, 422, "{page}: {}", answer.body);
            assert_eq!(foreign(&answer.body), [""; 0]);
            assert_eq!(desk.text(), broken, "{page}: a file that cannot be read is left alone");
        }
        for page in ["draft", "render"] {
            let job = desk.job(desk.post(&desk.at(page), &[]).await.leads_to()).await;
            let failed = &job["done"]["failed"];
            let told = format!("{} {}", failed["message"], failed["problems"]);
            assert!(told.contains(&format!("{MONTH}.toml:{line}:")), "{page}: {job}");
        }
        assert_eq!(desk.text(), broken);
        desk.write(&whole);
        let mended = desk.post(&desk.at(""), &[("seen", &sum), ("drop", &id)]).await;
        assert_eq!(mended.status, 303, "once it is mended all goes on");
    });
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_one_plain_message_and_nothing_is_lost() {
    use std::os::unix::fs::PermissionsExt;
    block_on(async {
        let desk = Desk::open().await;
        let (sum, id, before) = (desk.sum(), desk.draft().items[0].id.clone(), desk.text());
        let folder = desk.bench.path().join("drafts");
        let may = |mode: u32| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
        may(0o555);
        if fs::write(folder.join("probe"), "x").is_ok() {
            may(0o755);
            return println!("skipped: whoever may do everything is not stopped by a folder's rights");
        }
        let answer = desk.post(&desk.at(""), &[("seen", &sum), ("drop", &id)]).await;
        may(0o755);
        assert_eq!(answer.status, 500, "{}", answer.body);
        assert!(answer.body.contains("drafts"), "it says where: {}", answer.body);
        assert_eq!(desk.text(), before);
        let again = desk.post(&desk.at(""), &[("seen", &sum), ("drop", &id)]).await;
        assert_eq!(again.status, 303, "the same once it can be written");
    });
}

#[test]
fn a_file_that_cannot_be_replaced_is_one_plain_message_and_nothing_is_lost() {
    block_on(async {
        let desk = Desk::open().await;
        let (sum, id, before) = (desk.sum(), desk.draft().items[0].id.clone(), desk.text());
        // A folder in place of the file: nobody can read or replace it, whatever rights they have.
        fs::remove_file(desk.draft_path()).unwrap();
        fs::create_dir_all(desk.draft_path().join("x")).unwrap();
        let (looked, changed) =
            (desk.get(&desk.at("")).await, desk.post(&desk.at(""), &[("seen", &sum), ("drop", &id)]).await);
        for (answer, status) in [(looked, 200), (changed, 422)] {
            assert_eq!(answer.status, status, "{}", answer.body);
            assert!(answer.body.contains(&format!("{MONTH}.toml")), "it says where: {}", answer.body);
            assert_eq!(foreign(&answer.body), [""; 0]);
        }
        assert_eq!(desk.get("/months").await.status, 200, "other pages answer");
        fs::remove_dir_all(desk.draft_path()).unwrap();
        desk.write(&before);
        assert_eq!(desk.post(&desk.at(""), &[("seen", &sum), ("drop", &id)]).await.status, 303);
    });
}

/// Sends a change of every paper from pages that are all as old as the first, all at once; the subject besides.
async fn all_at_once(desk: &Desk) -> usize {
    let draft = desk.draft();
    let sum = desk.sum();
    let ids: Vec<String> =
        draft.items.iter().map(|i| i.id.clone()).chain(draft.candidates.iter().map(|c| c.id.clone())).collect();
    let ids: Vec<String> = ids.iter().cycle().take(50.min(ids.len() * 2)).cloned().collect();
    let half = ids.len() / 2;
    let change = async |n: usize, id: &str| {
        let title = format!("Title number {n}");
        if n < half {
            desk.post(&desk.at(""), &[("seen", &sum), ("maybe", id)]).await
        } else {
            desk.post(&desk.at(&format!("paper/{id}")), &[("seen", &sum), ("reason", &title)]).await
        }
    };
    let answers = futures_util::future::join_all(ids.iter().enumerate().map(|(n, id)| change(n, id))).await;
    for (answer, id) in answers.iter().zip(&ids) {
        assert_eq!(answer.status, 303, "{id}: {}", answer.body);
    }
    let draft = desk.draft();
    for (n, id) in ids.iter().enumerate() {
        let item = draft.items.iter().find(|i| i.id == *id).map(|i| (i.reason.clone(), None));
        let candidate = draft.candidates.iter().find(|c| c.id == *id).map(|c| (c.reason.clone(), c.choice));
        let (reason, choice) = item.or(candidate).unwrap_or_else(|| panic!("{id} is gone"));
        if n < half {
            assert!(choice == Some(Choice::Maybe), "{id}: {choice:?}");
        } else {
            assert_eq!(reason, format!("Title number {n}"), "{id}");
        }
    }
    ids.len()
}

#[test]
fn many_changes_from_old_pages_at_once_are_all_in_the_file() {
    block_on(async {
        let desk = Desk::open().await;
        assert_eq!(all_at_once(&desk).await, 50);
        assert_eq!(desk.get(&desk.at("")).await.status, 200);
    });
}

#[test]
fn changes_while_the_draft_is_written_anew_are_all_in_the_file() {
    block_on(async {
        let desk = Desk::open().await;
        let root = desk.bench.path().to_owned();
        let is_over = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let told = std::sync::Arc::clone(&is_over);
        let other = std::thread::spawn(move || {
            let ctx = other_roundup(&root);
            let mut rounds = 0;
            while !told.load(std::sync::atomic::Ordering::Relaxed) || rounds == 0 {
                match pipeline::draft(&ctx, roundup::model::Month::parse(MONTH).unwrap(), false) {
                    Ok(_) => rounds += 1,
                    // It gives way to people who save again and again, and says so.
                    Err(pipeline::Error::Stopped { reason, .. }) => assert!(reason.contains("changed by somebody")),
                    Err(error) => panic!("{error}"),
                }
            }
            rounds
        });
        let sent = all_at_once(&desk).await;
        is_over.store(true, std::sync::atomic::Ordering::Relaxed);
        let rounds = other.join().unwrap();
        println!("{sent} changes while the draft was written {rounds} times");
        let text = desk.text();
        assert!(draft::parse(&text, "draft").1.is_empty(), "the file is whole");
    });
}

#[test]
fn while_another_roundup_writes_the_file_can_be_changed_and_tags_wait_their_turn() {
    block_on(async {
        let desk = Desk::open().await;
        let draft = desk.draft();
        let id = draft.items[0].id.clone();
        let lock = WriterLock::take(&desk.bench.path().join("data")).unwrap();
        let sum = desk.sum();
        for (page, fields) in [
            ("", vec![("seen", sum.as_str()), ("keep", &id)]),
            (&*format!("paper/{}", draft.items[1].id), vec![("seen", &sum), ("why", "Because.")]),
            ("letter", vec![("seen", &sum), ("note", "A note.")]),
            ("", vec![("seen", &sum), ("drop", &draft.items[2].id)]),
        ] {
            let answer = desk.post(&desk.at(page), &fields).await;
            assert_eq!(answer.status, 303, "{page}: {}", answer.body);
        }
        let undone = desk.post(&desk.at("undo"), &[]).await;
        assert_eq!(undone.leads_to(), desk.at("?said=undone"));
        assert_eq!(desk.draft().note, "A note.");

        let tag = desk.post(&desk.at(&format!("paper/{id}/tag")), &[("add", "country:KE")]).await;
        assert_eq!(tag.status, 303, "{}", tag.body);
        let page = desk.get(tag.leads_to()).await;
        assert!(page.body.contains("another roundup is at work here; this begins when it is done"), "{}", page.body);
        let second = desk.post(&desk.at("check"), &[]).await;
        let queued = desk.get(second.leads_to()).await;
        assert!(queued.body.contains("1 other work comes first"), "{}", queued.body);
        let board = desk.get(&desk.at("")).await;
        assert!(board.body.contains("Changing a tag") && board.body.contains("Trying every link"), "every page tells");
        drop(lock);
        let done = desk.job(tag.leads_to()).await;
        assert!(done["done"]["failed"].is_null(), "{done}");
        desk.job(second.leads_to()).await;
        assert!(!desk.get(&desk.at("")).await.body.contains("Changing a tag"));
    });
}

#[test]
fn work_that_fails_says_why_and_what_to_do() {
    block_on(async {
        let desk = Desk::open().await;
        let sum = desk.sum();
        let fields = [
            ("seen", sum.as_str()),
            ("kind", "own"),
            ("title", "No link"),
            ("section", "more"),
            ("url", "not an address"),
        ];
        assert_eq!(desk.post(&desk.at("add"), &fields).await.status, 303);
        let job = desk.job(desk.post("/sources", &[("source", "nobody")]).await.leads_to()).await;
        let failed = &job["done"]["failed"];
        assert!(failed["message"].as_str().is_some_and(|m| m.contains("nobody")), "{job}");
        let page = desk.get(&format!("/jobs/{}", job["number"])).await;
        assert!(page.body.contains("This did not work"), "{}", page.body);
        // Settings that are broken are told with their place, and the desk goes on with those before.
        let settings = desk.bench.path().join("feeds.toml");
        let whole = fs::read_to_string(&settings).unwrap();
        fs::write(&settings, format!("{whole}\n[[source]\n")).unwrap();
        let job = desk.job(desk.post(&desk.at("draft"), &[]).await.leads_to()).await;
        let told = job["done"]["failed"]["problems"].to_string();
        assert!(told.contains("feeds.toml:"), "{job}");
        assert_eq!(desk.get(&desk.at("")).await.status, 200);
        fs::write(&settings, whole).unwrap();
        let job = desk.job(desk.post(&desk.at("draft"), &[]).await.leads_to()).await;
        assert!(job["done"]["failed"].is_null(), "{job}");
    });
}

#[test]
fn the_script_is_told_the_same_in_values() {
    block_on(async {
        let desk = Desk::open().await;
        let (sum, id) = (desk.sum(), desk.draft().items[0].id.clone());
        let saved = desk.script(&desk.at(""), &[("seen", &sum), ("drop", &id)]).await;
        assert_eq!((saved.status, &saved.json()["ok"]), (200, &true.into()));
        assert_eq!(saved.json()["sum"], desk.sum());
        let unknown = desk.script(&desk.at(""), &[("seen", &sum), ("drop", "wnobody")]).await;
        assert_eq!((unknown.status, &unknown.json()["ok"]), (422, &false.into()));
        let long = desk.script(&desk.at(""), &[("x", &"x".repeat(600 * 1024))]).await;
        assert_eq!((long.status, &long.json()["ok"]), (413, &false.into()));
        assert!(long.json()["said"].as_str().is_some_and(|s| s.contains("512 kB")));
    });
}

#[test]
fn what_people_should_know_stands_on_every_page_without_words_of_a_command_line() {
    block_on(async {
        let desk = Desk::open().await;
        {
            let other = other_roundup(desk.bench.path());
            let row = |kind: &str, subject: &str, says: &str| ReminderRow {
                kind: kind.to_owned(),
                subject: subject.to_owned(),
                since: "2026-10-02T02:00:00Z".to_owned(),
                says: says.to_owned(),
                mailed_at: None,
            };
            let silent = "the <b>Bulletin</b> (who) has not answered since 2 October 2026: gone; `roundup sources test who` tries it";
            other.store.put_reminder(&row("source", "who", silent)).unwrap();
            other
                .store
                .put_reminder(&row("draft", MONTH, "the draft of September 2026 is ready; `roundup curate` opens it"))
                .unwrap();
        }
        for page in ["", "letter", "check", "history"] {
            let body = desk.get(&desk.at(page)).await.body;
            let known = texts(&body, ".known p");
            assert_eq!(known.len(), 1, "{page}: whoever is here has found the draft: {known:?}");
            assert!(
                known[0].contains("The <b>Bulletin</b> (who) has not answered since 2 October 2026: gone."),
                "{known:?}"
            );
            assert!(!known[0].contains("roundup sources"), "{known:?}");
        }
    });
}
