//! Months that were mistaken, drafts that were lost, and issues that should not have been made.

use std::fs;

use roundup::model::{Month as IssueMonth, PublishTo, Severity};
use roundup::pipeline::{self, Ctx};

use crate::support::{Month, block_on};

fn month(text: &str) -> IssueMonth {
    IssueMonth::parse(text).unwrap()
}

#[test]
fn a_month_that_has_not_begun_has_no_draft_and_no_issue() {
    block_on(async {
        let home = Month::start().await;
        let ctx = home.open("2026-10-15T03:00:00Z");
        let said = pipeline::draft(&ctx, month("2026-11"), false).unwrap_err().to_string();
        assert!(said.contains("November 2026 has not begun yet") && said.contains("2026-09"), "{said}");
        home.bench.write("drafts/2027-06.toml", "month = \"2027-06\"\nsubject = \"S\"\n");
        let said = pipeline::render(&ctx, month("2027-06")).unwrap_err().to_string();
        assert!(said.contains("has not begun yet"), "{said}");
        assert!(!home.bench.path().join("out").exists());
    });
}

#[test]
fn what_is_odd_about_a_month_is_named_and_stands_not_in_the_way() {
    block_on(async {
        let home = Month::start().await;
        for (named, now, first, want) in [
            ("2026-10", "2026-10-15T03:00:00Z", "2026-09", "is not over yet"),
            ("2026-10", "2026-10-31T20:59:00Z", "2026-09", "is not over yet"),
            ("2026-09", "2026-10-15T03:00:00Z", "2026-10", "the first issue by feeds.toml"),
            // In Nairobi it is November by then.
            ("2026-10", "2026-10-31T21:01:00Z", "2026-10", ""),
        ] {
            let mut ctx = home.open(now);
            ctx.config.settings.house.first_issue = Some(month(first));
            pipeline::draft(&ctx, month(named), false).unwrap();
            let problems = pipeline::check(&ctx, month(named)).unwrap().problems;
            let odd: Vec<_> =
                problems.iter().filter(|p| p.place.line == 1 && p.severity == Severity::Warning).collect();
            let texts: Vec<String> = odd.iter().map(|p| p.message.clone()).collect();
            assert_eq!(
                texts.iter().any(|t| !want.is_empty() && t.contains(want)),
                !want.is_empty(),
                "{now}: {texts:?}"
            );
            if want.is_empty() {
                assert!(!texts.iter().any(|t| t.contains("not over") || t.contains("first issue")), "{now}: {texts:?}");
            }
        }
    });
}

#[test]
fn an_issue_that_should_not_have_been_made_is_taken_back_whole() {
    block_on(async {
        let home = Month::start().await;
        let feeds = fs::read_to_string(home.bench.path().join("feeds.toml")).unwrap();
        home.bench.write("feeds.toml", format!("{feeds}\n[publish.folder]\npath = \"www\"\n"));
        drop(home.september().await);
        let before = home.bench.files("out");
        let ctx = home.october().await;
        let both = home.bench.files("out");
        pipeline::publish(&ctx, month("2026-10"), &[PublishTo::Folder]).await.unwrap();
        home.bench.write("out/2026-10/notes.txt", "mine");
        let report = pipeline::withdraw(&ctx, month("2026-10")).unwrap();
        assert!(report.removed.iter().any(|name| name == "2026-10/manifest.json"), "{report:?}");
        let mut after = home.bench.files("out");
        assert_eq!(after.remove("out/2026-10/notes.txt"), Some(b"mine".to_vec()), "what is not ours stays");
        let names = |files: &std::collections::BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&after), names(&before));
        for name in ["out/index.html", "out/feed.xml", "out/search.html"] {
            assert!(!String::from_utf8_lossy(&after[name]).contains("2026-10/"), "{name}");
        }
        let said = pipeline::publish(&ctx, month("2026-10"), &[PublishTo::Folder]).await.unwrap_err().to_string();
        assert!(said.contains("roundup render 2026-10"), "{said}");
        // Made again, it is what it was.
        pipeline::render(&ctx, month("2026-10")).unwrap();
        fs::remove_file(home.bench.path().join("out/2026-10/notes.txt")).unwrap();
        assert_eq!(home.bench.files("out"), both);
        // The pages of September go out as they were made, though one of its papers was retracted since.
        assert!(pipeline::render(&ctx, month("2026-09")).is_err());
        pipeline::publish(&ctx, month("2026-09"), &[PublishTo::Folder]).await.unwrap();
        // The published folder follows.
        pipeline::withdraw(&ctx, month("2026-10")).unwrap();
        pipeline::publish(&ctx, month("2026-09"), &[PublishTo::Folder]).await.unwrap();
        assert!(home.bench.path().join("www/2026-09/index.html").exists());
        assert!(!home.bench.path().join("www/2026-10/index.html").exists());
        // The only issue can be taken back, too; what never was cannot.
        pipeline::withdraw(&ctx, month("2026-09")).unwrap();
        assert!(ctx.store.issues().unwrap().is_empty());
        let said = pipeline::withdraw(&ctx, month("2026-08")).unwrap_err().to_string();
        assert!(said.contains("there is no issue of 2026-08"), "{said}");
    });
}

#[test]
fn a_withdrawal_that_was_cut_off_is_finished_by_the_next() {
    block_on(async {
        let home = Month::start().await;
        drop(home.september().await);
        let whole = home.bench.files("out");
        let ctx = home.october().await;
        // The ledger was changed, and nothing else.
        ctx.store.forget_issue(month("2026-10")).unwrap();
        pipeline::withdraw(&ctx, month("2026-10")).unwrap();
        let names = |files: std::collections::BTreeMap<String, Vec<u8>>| files.into_keys().collect::<Vec<_>>();
        assert_eq!(names(home.bench.files("out")), names(whole));
    });
}

/// Returns the papers of a draft file in their sections, in order.
fn items(ctx: &Ctx, of: IssueMonth) -> Vec<(String, String)> {
    let text = fs::read_to_string(ctx.home.draft(of)).unwrap();
    let draft = roundup::draft::parse(&text, "").0.unwrap();
    draft.items.iter().map(|item| (item.id.clone(), item.section.clone())).collect()
}

#[test]
fn a_draft_whose_issue_was_made_moves_nothing_by_itself() {
    block_on(async {
        let home = Month::start().await;
        drop(home.september().await);
        let ctx = home.october().await;
        let before = items(&ctx, month("2026-10"));
        assert!(before.len() > 10, "{before:?}");
        for _ in 0..2 {
            pipeline::draft(&ctx, month("2026-10"), false).unwrap();
            assert_eq!(items(&ctx, month("2026-10")), before);
            pipeline::render(&ctx, month("2026-10")).unwrap();
        }
    });
}

#[test]
fn a_draft_that_was_lost_is_told_to_be_kept() {
    block_on(async {
        let home = Month::start().await;
        let ctx = home.september().await;
        fs::remove_file(ctx.home.draft(month("2026-09"))).unwrap();
        let said = pipeline::render(&ctx, month("2026-09")).unwrap_err().to_string();
        assert!(said.contains("roundup draft restore 2026-09 "), "{said}");
        let problems = pipeline::check(&ctx, month("2026-09")).unwrap().problems;
        assert!(problems[0].help.contains("restore"), "{problems:?}");
        let report = pipeline::draft(&ctx, month("2026-09"), false).unwrap();
        assert!(report.notes[0].contains("roundup draft restore 2026-09 "), "{:?}", report.notes);
        let report = pipeline::draft(&ctx, month("2026-09"), false).unwrap();
        assert!(!report.notes.iter().any(|note| note.contains("restore")), "{:?}", report.notes);
    });
}

#[test]
fn a_draft_of_another_month_is_told_as_that_and_nothing_else() {
    block_on(async {
        let home = Month::start().await;
        drop(home.september().await);
        let ctx = home.october().await;
        let path = ctx.home.draft(month("2026-10"));
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("month = \"2026-10\"", "month = \"2026-11\"")).unwrap();
        let problems = pipeline::check(&ctx, month("2026-10")).unwrap().problems;
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert!(problems[0].message.contains("is named after 2026-10"), "{}", problems[0].message);
    });
}
