//! The history of a draft: versions by day, one version whole, putting one back.

use roundup::{draft, pipeline};

use super::bench::{Desk, MONTH, other_roundup};
use super::markup::{seen, texts, values};
use crate::support::block_on;

/// Types a note into the letter.
async fn note(desk: &Desk, text: &str) {
    let sum = desk.sum();
    let answer = desk.post(&desk.at("letter"), &[("seen", &sum), ("note", text)]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

/// Returns the numbers of the versions, the newest first.
fn numbers(desk: &Desk) -> Vec<u64> {
    let ctx = other_roundup(desk.bench.path());
    let month = roundup::model::Month::parse(MONTH).unwrap();
    pipeline::history::versions(&ctx, month, 100).unwrap().iter().map(|v| v.number).collect()
}

#[test]
fn each_version_has_its_number_in_every_name() {
    block_on(async {
        let desk = Desk::open().await;
        for text in ["One.", "Two."] {
            note(&desk, text).await;
        }
        let html = desk.get(&desk.at("history")).await.body;
        let all = numbers(&desk);
        assert!(all.len() >= 3, "{all:?}");
        assert_eq!(texts(&html, "ol.versions h3"), all.iter().map(|n| format!("Version {n}")).collect::<Vec<_>>());
        let days = texts(&html, "section > h2");
        assert_eq!(days, ["1 October 2026"], "all of one day stand under one heading");
        let names =
            [values(&html, "ol.versions a", "aria-label"), values(&html, "ol.versions button", "aria-label")].concat();
        for n in &all {
            let wanted = format!("version {n}, 1 October 2026, ");
            assert!(names.iter().any(|name| name.contains(&wanted)), "{wanted} in {names:?}");
        }
        let distinct: std::collections::BTreeSet<&String> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "no two are called the same: {names:?}");
    });
}

#[test]
fn a_long_list_of_changes_is_folded() {
    block_on(async {
        let desk = Desk::open().await;
        let mut many = desk.draft();
        for text in [&mut many.subject, &mut many.preheader, &mut many.note, &mut many.request] {
            "another".clone_into(text);
        }
        let item = &mut many.items[0];
        for text in [&mut item.title, &mut item.summary, &mut item.why, &mut item.reason] {
            "another".clone_into(text);
        }
        desk.write(&draft::write(&many, &[], &[]));
        let html = desk.get(&desk.at("history")).await.body;
        let newest = texts(&html, "ol.versions li.now > ul > li");
        let folded = texts(&html, "ol.versions li.now > details li");
        assert_eq!(newest.len(), 4, "{newest:?}");
        assert_eq!(folded.len(), 4, "{newest:?} {folded:?}");
        let fold = texts(&html, "ol.versions li.now > details summary").concat();
        assert!(fold.starts_with("and 4 more"), "{fold}");
    });
}

#[test]
fn a_version_is_a_page_with_ways_on() {
    block_on(async {
        let desk = Desk::open().await;
        note(&desk, "One.").await;
        let middle = desk.text();
        note(&desk, "Two <b>.").await;
        let all = numbers(&desk);
        let (newest, of_middle, oldest) = (all[0], all[1], *all.last().unwrap());
        let page = |n: u64| desk.at(&format!("history/{n}"));
        let html = desk.get(&page(of_middle)).await.body;
        assert_eq!(texts(&html, "h1"), [format!("Version {of_middle} of September 2026")]);
        assert_eq!(texts(&html, "pre.text"), [seen(&middle)], "the whole text");
        assert_eq!(values(&html, ".trail a", "href"), [desk.at("history"), page(of_middle - 1), page(newest)]);
        assert_eq!(values(&html, "main form button", "value"), [of_middle.to_string()]);
        let (old, new) = (texts(&html, ".diff del").concat(), texts(&html, ".diff ins").concat());
        assert!(old.contains("One.") && new.contains("Two <b>."), "{old} / {new}");
        assert!(
            texts(&html, ".diff p.old").concat().contains(&format!("Only in version {of_middle}: ")),
            "it is heard"
        );
        assert!(texts(&html, ".diff p.new").concat().contains("Only in the draft now: "), "it is heard");
        let html = desk.get(&page(newest)).await.body;
        assert!(html.contains("This is the draft as it is now."));
        assert_eq!(values(&html, "main form button", "value"), [""; 0], "it need not be put back");
        assert_eq!(texts(&html, ".diff"), [""; 0]);
        assert_eq!(values(&html, ".trail a", "href"), [desk.at("history"), page(of_middle)]);
        let html = desk.get(&page(oldest)).await.body;
        assert_eq!(values(&html, ".trail a[rel=prev]", "href"), [""; 0], "there is none before the first");
        let none = desk.get(&page(newest + 1)).await;
        assert_eq!(none.status, 404);
        assert!(none.body.contains(&format!("has no version {}", newest + 1)) && !none.body.contains("roundup draft"));
    });
}

#[test]
fn putting_back_leads_to_the_history_and_names_what_stood_there() {
    block_on(async {
        let desk = Desk::open().await;
        let first = desk.text();
        note(&desk, "One.").await;
        let (newest, second) = (desk.text(), numbers(&desk));
        let begun = desk.post(&desk.at("history"), &[("number", &second[1].to_string())]).await;
        let place = desk.landed(&begun).await;
        assert_eq!(place, desk.at(&format!("history?said=put-back&kept={}", second[0])));
        let html = desk.get(&place).await.body;
        assert_eq!(texts(&html, "p.saved"), [format!("Put back. What stood there before is version {}.", second[0])]);
        assert_eq!(desk.text(), first);
        assert_eq!(
            texts(&desk.get(&desk.at(&format!("history/{}", second[0]))).await.body, "pre.text"),
            [seen(&newest)]
        );
        // The same once more changes nothing.
        let begun = desk.post(&desk.at("history"), &[("number", &second[1].to_string())]).await;
        assert_eq!(desk.landed(&begun).await, desk.at("history?said=same"));
        // A month that the file does not say is worth a page of its own.
        desk.write(&first.replacen("month = \"2026-09\"", "month = \"2026-08\"", 1));
        desk.get(&desk.at("history")).await;
        let odd = numbers(&desk)[0];
        desk.write(&first);
        let begun = desk.post(&desk.at("history"), &[("number", &odd.to_string())]).await;
        assert!(begun.leads_to().starts_with("/jobs/"), "{}", begun.leads_to());
        let job = desk.job(begun.leads_to()).await;
        assert!(job["done"]["lines"].to_string().contains("2026-08"), "{job}");
    });
}

#[test]
fn a_version_whose_text_is_gone_says_so() {
    block_on(async {
        let desk = Desk::open().await;
        note(&desk, "One.").await;
        let all = numbers(&desk);
        let db = rusqlite::Connection::open(desk.bench.path().join("data/roundup.db")).unwrap();
        db.pragma_update(None, "foreign_keys", false).unwrap();
        let gone = db.execute("DELETE FROM draft_text", []).unwrap();
        assert!(gone >= 2, "{gone}");
        let page = desk.get(&desk.at(&format!("history/{}", all[1]))).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(texts(&page.body, "[role=alert]").concat().contains("cannot be read any more"));
        assert_eq!(texts(&page.body, "main form"), [""; 0], "what cannot be read cannot be put back");
    });
}

#[test]
fn a_number_in_the_address_is_told_only_when_there_is_such_a_version() {
    block_on(async {
        let desk = Desk::open().await;
        note(&desk, "One.").await;
        let all = numbers(&desk);
        let known = format!("Put back. What stood there before is version {}.", all[1]);
        let plain = "Put back. What stood there before is kept, too.";
        for (kept, want, note) in [
            (all[1].to_string(), known.as_str(), "one that there is"),
            ((all[0] + 1).to_string(), plain, "one that there is not yet"),
            ("0".to_owned(), plain, "none has this number"),
            ("18446744073709551615".to_owned(), plain, "the largest of all"),
            ("4711%20people".to_owned(), plain, "no number"),
            (String::new(), plain, "nothing"),
        ] {
            let html = desk.get(&desk.at(&format!("history?said=put-back&kept={kept}"))).await.body;
            assert_eq!(texts(&html, "p.saved"), [want], "{note}");
        }
        let html = desk.get(&desk.at(&format!("history?said=same&kept={}", all[1]))).await.body;
        assert_eq!(texts(&html, "p.saved"), ["Nothing was changed: it says so already."], "another word");
        let html = desk.get(&desk.at(&format!("check?said=put-back&kept={}", all[1]))).await.body;
        assert_eq!(texts(&html, "p.saved"), [plain], "another page");
    });
}

#[test]
fn a_version_that_is_damaged_costs_its_own_line_only() {
    block_on(async {
        let desk = Desk::open().await;
        let first = desk.text();
        for text in ["One.", "Two.", "Three."] {
            note(&desk, text).await;
        }
        let (all, last) = (numbers(&desk), desk.text());
        let (damaged, good) = (all[1], all[2]);
        let db = rusqlite::Connection::open(desk.bench.path().join("data/roundup.db")).unwrap();
        let changed = db.execute(
            "UPDATE draft_text SET body = x'00' WHERE sha256 = (SELECT sha256 FROM draft_version WHERE number = ?1)",
            [damaged],
        );
        assert_eq!(changed.unwrap(), 1);
        let wrong = "UPDATE draft_version SET at = 'yesterday', written_by = 'nobody' WHERE number = ?1";
        assert_eq!(db.execute(wrong, [good]).unwrap(), 1);
        drop(db);
        let page = desk.get(&desk.at("history")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let lines = texts(&page.body, "ol.versions > li");
        assert_eq!(lines.len(), all.len(), "{lines:#?}");
        let of = |n: u64| lines.iter().find(|l| l.contains(&format!("Version {n}"))).unwrap();
        assert!(of(damaged).contains("this version cannot be read"), "{}", of(damaged));
        assert!(of(all[0]).contains("what changed in it is not known"), "{}", of(all[0]));
        assert_eq!(lines.iter().filter(|l| l.contains("cannot be read")).count(), 2, "{lines:#?}");
        for page in ["check", "render", "", "state"] {
            assert_eq!(desk.get(&desk.at(page)).await.status, 200, "{page}");
        }
        let page = desk.get(&desk.at(&format!("history/{damaged}"))).await.body;
        assert!(texts(&page, "[role=alert]").concat().contains("cannot be read any more"));
        // It cannot be put back itself, and says so; the others can.
        let job = desk.job(desk.post(&desk.at("history"), &[("number", &damaged.to_string())]).await.leads_to()).await;
        let failed = &job["done"]["failed"];
        assert!(failed["message"].as_str().unwrap().contains(&format!("version {damaged} of the draft")), "{job}");
        assert!(failed["help"].as_str().unwrap().starts_with("take another version"), "{job}");
        assert_eq!(desk.text(), last);
        for number in [good, *all.last().unwrap()] {
            desk.landed(&desk.post(&desk.at("history"), &[("number", &number.to_string())]).await).await;
        }
        assert_eq!(desk.text(), first);
    });
}
