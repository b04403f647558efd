//! What intake must not lose: papers under ids that are not their own.

use roundup::model::Record;
use roundup::pipeline;

use crate::support::{Bench, Month, block_on};

/// Returns the titles of all works, sorted.
fn titles(ctx: &pipeline::Ctx) -> Vec<String> {
    let ids = ctx.store.work_ids().unwrap();
    let mut out: Vec<String> = ids.iter().map(|id| ctx.store.work(id).unwrap().unwrap().work.record.title).collect();
    out.sort();
    out
}

/// Returns a feed of items by guid and title.
fn feed(items: &[(&str, &str)]) -> Vec<u8> {
    let item = |(guid, title): &(&str, &str)| {
        format!("<item><title>{title}</title><guid isPermaLink=\"false\">{guid}</guid></item>")
    };
    feed_of(&items.iter().map(item).collect::<Vec<_>>().concat())
}

/// Returns a feed of items by guid and DOI, all of one title.
fn feed_with_dois(items: &[(&str, &str)], title: &str) -> Vec<u8> {
    let item = |(guid, doi): &(&str, &str)| {
        format!(
            "<item><title>{title}</title><guid isPermaLink=\"false\">{guid}</guid><dc:identifier>doi:{doi}</dc:identifier></item>"
        )
    };
    feed_of(&items.iter().map(item).collect::<Vec<_>>().concat())
}

/// Returns a feed around items.
fn feed_of(items: &str) -> Vec<u8> {
    let dc = "http://purl.org/dc/elements/1.1/";
    format!("<rss version=\"2.0\" xmlns:dc=\"{dc}\"><channel><title>News</title>{items}</channel></rss>").into_bytes()
}

/// Returns a record line.
fn line(id: &str, title: &str) -> Vec<u8> {
    format!("{{\"id\":\"{id}\",\"title\":\"{title}\"}}\n").into_bytes()
}

/// What it is, the files one after the other, the titles that must be there.
type Lie = (&'static str, Vec<Vec<u8>>, Vec<&'static str>);

/// Lies about ids.
fn lies() -> Vec<Lie> {
    let a = "Home visits for new mothers in Exampleland";
    let b = "Budgets of district hospitals";
    vec![
        ("two files that number from 1", vec![line("1", a), line("1", b)], vec![b, a]),
        ("one file with one number for all", vec![[line("x", a), line("x", b)].concat()], vec![b, a]),
        ("a feed with one guid for all", vec![feed(&[("site", a), ("site", b)])], vec![b, a]),
        ("a feed with one guid, a month later", vec![feed(&[("site", a)]), feed(&[("site", b)])], vec![b, a]),
        (
            "like titles under one guid",
            vec![feed(&[
                ("g", "Perinatal depression in Kenya: a cohort study"),
                ("g", "Perinatal depression in Uganda: a cohort study"),
            ])],
            vec!["Perinatal depression in Kenya: a cohort study", "Perinatal depression in Uganda: a cohort study"],
        ),
        (
            "parts under one guid",
            vec![feed(&[("g", "Depression in pregnancy: part 1"), ("g", "Depression in pregnancy: part 2")])],
            vec!["Depression in pregnancy: part 1", "Depression in pregnancy: part 2"],
        ),
        (
            "titles without a letter of ours",
            vec![feed(&[("g", "孕产妇抑郁症"), ("g", "产后焦虑的筛查"), ("g", "???")])],
            vec!["???", "产后焦虑的筛查", "孕产妇抑郁症"],
        ),
        ("a guid that lies about PubMed", vec![feed(&[("pmid:90000001", a), ("pmid:90000001", b)])], vec![b, a]),
        (
            "two guids swapped from one day to the next",
            vec![
                feed(&[
                    ("g1", "Perinatal depression among women in rural Kenya: a cohort study"),
                    ("g2", "Perinatal depression among women in rural Uganda: a cohort study"),
                ]),
                feed(&[
                    ("g2", "Perinatal depression among women in rural Kenya: a cohort study"),
                    ("g1", "Perinatal depression among women in rural Uganda: a cohort study"),
                ]),
            ],
            vec![
                "Perinatal depression among women in rural Kenya: a cohort study",
                "Perinatal depression among women in rural Uganda: a cohort study",
            ],
        ),
        (
            "one title with two DOIs in one feed",
            vec![feed_with_dois(&[("g", "10.5555/one"), ("g", "10.5555/two")], a)],
            vec![a, a],
        ),
        (
            "a title that was mended stays one paper",
            vec![feed(&[("g1", "Home visit for new mothers in Exampleland")]), feed(&[("g1", a)])],
            vec![a],
        ),
    ]
}

#[test]
fn papers_under_one_id_are_all_kept() {
    for (id, files, want) in lies() {
        let bench = Bench::new();
        let ctx = super::real_input::open(&bench, "");
        for (n, bytes) in files.iter().enumerate() {
            pipeline::import(&ctx, &format!("file{n}"), bytes.as_slice(), false).unwrap();
        }
        assert_eq!(titles(&ctx), want, "{id}");
        for (n, bytes) in files.iter().enumerate() {
            let again = pipeline::import(&ctx, &format!("file{n}"), bytes.as_slice(), false).unwrap();
            assert_eq!(again.works_new, 0, "{id}: a second reading makes nothing new");
        }
        assert_eq!(titles(&ctx).len(), want.len(), "{id}");
    }
}

#[test]
fn a_list_that_was_mended_and_dropped_again_changes_its_papers_and_doubles_none() {
    let table = |date: &str| {
        format!(
            "title,authors,date\nHome visits for new mothers,\"Example, M.\",{date}\nBudgets of district hospitals in the north,\"Sample, A.\",2026-10-02\n"
        )
    };
    let bench = Bench::new();
    let ctx = super::real_input::open(&bench, "");
    let first = pipeline::import(&ctx, "list.csv", table("autumn").as_bytes(), false).unwrap();
    let second = pipeline::import(&ctx, "list.csv", table("2026-10-01").as_bytes(), false).unwrap();
    assert_eq!((first.new, second.new, second.changed, second.same), (2, 0, 1, 1));
    assert_eq!(titles(&ctx).len(), 2);
}

#[test]
fn a_rehearsed_import_says_what_would_come_and_changes_nothing() {
    let bench = Bench::new();
    let ctx = super::real_input::open(&bench, "");
    let line = serde_json::to_vec(&Record { title: "A paper".to_owned(), ..Record::default() }).unwrap();
    let report = pipeline::import(&ctx, "one.jsonl", line.as_slice(), true).unwrap();
    assert_eq!((report.new, report.works_new), (1, 1));
    assert_eq!(titles(&ctx), [""; 0]);
    assert_eq!(ctx.store.counts().unwrap().records, 0);
    pipeline::import(&ctx, "one.jsonl", line.as_slice(), false).unwrap();
    assert_eq!(titles(&ctx), ["A paper"]);
}

#[test]
fn a_planned_harvest_says_what_it_would_ask_and_asks_nothing() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.open("2026-10-01T03:00:00Z");
        let what = |ctx: &pipeline::Ctx, id: &str| {
            let planned = pipeline::plan(ctx, &[]).unwrap().into_iter().find(|p| p.id == id);
            month.without_port(&planned.unwrap().what)
        };
        assert_eq!(what(&ctx, "pubmed"), "records that entered PubMed from 31 July 2026 to 1 October 2026");
        assert_eq!(what(&ctx, "inbox"), "the file september.nbib");
        assert!(
            what(&ctx, "placeholder-psychiatry").ends_with(", for the first time"),
            "{}",
            what(&ctx, "placeholder-psychiatry")
        );
        assert_eq!(ctx.store.counts().unwrap().records, 0);
        crate::support::morning(&ctx).await;
        assert_eq!(what(&ctx, "pubmed"), "records that entered PubMed from 17 September 2026 to 1 October 2026");
        assert_eq!(what(&ctx, "inbox"), "nothing: no file lies in inbox");
        let fresh = "nothing before 2 October, 02:00: it has said that nothing new comes";
        assert_eq!(what(&ctx, "placeholder-psychiatry"), fresh);
        let named = pipeline::plan(&ctx, &["placeholder-psychiatry".to_owned()]).unwrap().remove(0).what;
        assert!(named.ends_with(", for what has changed since 1 October, 06:00"), "{named}");
        let error = pipeline::plan(&ctx, &["pubmde".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("did you mean \"pubmed\""), "{error}");
    });
}
