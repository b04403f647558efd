//! What is linked and never merged: found whichever came first, told to readers as one entry.

use std::collections::BTreeSet;
use std::fs;

use roundup::index::{Index, Options, parse_query};
use roundup::model::{Month as IssueMonth, WorkId};
use roundup::pipeline::{self, Ctx};
use roundup::standin;

use crate::support::{Month, block_on, morning};

/// Records that are linked to one another, one line each: a trial with its preprint, protocol,
/// correction and news, and a review with its update. None of them carries all the others' names.
const LINES: [&str; 9] = [
    r#"{"id":"paper","title":"Home visits by trained peers and depressive symptoms after birth in Kenya: a cluster trial","authors":["Example Maria","Sample John"],"journal":"J Invent","year":2026,"published":"2026-10-05","doi":"10.5555/one.paper","type":["Journal Article"],"abstract":"We visited mothers with postnatal depression in Kenya.","open_access":true}"#,
    r#"{"id":"preprint","title":"Home visits by trained peers and depressive symptoms after birth in Kenya","authors":["Example Maria","Sample John"],"journal":"medRxiv","year":2026,"published":"2026-09-10","doi":"10.1101/2026.09.09.90000001","abstract":"We visited mothers with postnatal depression in Kenya."}"#,
    r#"{"id":"protocol","title":"Home visits by trained peers and depressive symptoms after birth in Kenya: protocol for a cluster trial","authors":["Example Maria","Sample John"],"journal":"Invented Trials","year":2023,"doi":"10.5555/one.protocol","type":["Clinical Trial Protocol"]}"#,
    r#"{"id":"erratum","title":"Correction to: Home visits by trained peers and depressive symptoms after birth in Kenya: a cluster trial","journal":"J Invent","year":2026,"published":"2026-10-20","doi":"10.5555/one.erratum"}"#,
    r#"{"id":"news-doi","title":"Neighbours who listen","journal":"Invented Health Agency","url":"https://agency.example.org/1","published":"2026-10-07","abstract":"A new trial on postnatal depression of mothers in Kenya shows it. https://doi.org/10.5555/one.paper","doi":"10.5555/one.paper"}"#,
    r#"{"id":"news-title","title":"Mothers in Kenya gain from visits","journal":"Example Bulletin","url":"https://bulletin.example.org/1","published":"2026-10-08","abstract":"The authors of \"Home visits by trained peers and depressive symptoms after birth in Kenya: a cluster trial\" say so."}"#,
    r#"{"id":"review-2","title":"Talking therapies for low mood after birth in low-income countries","authors":["Example Maria","Sample John"],"journal":"Invented Database of Reviews","year":2020,"doi":"10.5555/14651858.cd090009.pub2","type":["Journal Article"]}"#,
    r#"{"id":"review-3","title":"Talking and social therapies for low mood after birth in low-income countries","authors":["Example Maria","Newer Nia"],"journal":"Invented Database of Reviews","year":2026,"published":"2026-10-09","doi":"10.5555/14651858.cd090009.pub3","type":["Journal Article"]}"#,
    r#"{"id":"comment","title":"Who pays the peers?","authors":["Other Olga"],"journal":"J Invent","year":2026,"published":"2026-10-21","doi":"10.5555/one.comment","relations":[{"kind":"comment-on","doi":"10.5555/one.paper"}]}"#,
];

/// Brings in lines, each as a file of its own, in this order.
fn bring(ctx: &Ctx, lines: &[&str]) {
    for (n, line) in lines.iter().enumerate() {
        let report = pipeline::import(ctx, &format!("{n}.jsonl"), line.as_bytes(), false).unwrap();
        assert_eq!((report.new, report.problems.len()), (1, 0), "{line}: {:?}", report.problems);
    }
    pipeline::judge(ctx).unwrap();
}

/// Returns every link as `title kind title`.
fn links(ctx: &Ctx) -> BTreeSet<String> {
    let title = |id: &WorkId| {
        ctx.store.work(id).unwrap().unwrap().work.record.doi.map_or_else(
            || ctx.store.work(id).unwrap().unwrap().work.record.title,
            |doi| format!("{doi} {}", ctx.store.work(id).unwrap().unwrap().work.record.title),
        )
    };
    let mut out = BTreeSet::new();
    for id in ctx.store.work_ids().unwrap() {
        for (kind, other) in ctx.store.related(&id).unwrap() {
            out.insert(format!("{} | {kind} | {}", title(&id), title(&other)));
        }
    }
    out
}

#[test]
fn links_are_the_same_in_every_order_of_arrival_and_after_a_rebuild() {
    block_on(async {
        let mut seen: Vec<BTreeSet<String>> = Vec::new();
        let mut orders: Vec<Vec<&str>> = vec![LINES.to_vec(), LINES.iter().rev().copied().collect()];
        orders.push(LINES.iter().step_by(2).chain(LINES.iter().skip(1).step_by(2)).copied().collect());
        for lines in orders {
            let month = Month::start().await;
            let ctx = month.open("2026-11-01T03:00:00Z");
            bring(&ctx, &lines);
            assert_eq!(ctx.store.work_ids().unwrap().len(), LINES.len(), "linked, never merged");
            assert_eq!(ctx.store.maybe_pairs().unwrap(), [], "nobody is asked");
            let found = links(&ctx);
            pipeline::rebuild(&ctx).unwrap();
            assert_eq!(links(&ctx), found, "a rebuild");
            seen.push(found);
        }
        assert_eq!(seen[0], seen[1], "the last first");
        assert_eq!(seen[0], seen[2], "every other first");
        let kinds: BTreeSet<&str> = seen[0].iter().filter_map(|l| l.split(" | ").nth(1)).collect();
        let want = [
            "comment-in",
            "comment-on",
            "erratum-for",
            "erratum-in",
            "has-preprint",
            "has-protocol",
            "preprint-of",
            "protocol-of",
            "reported-in",
            "reports-on",
            "update-in",
            "update-of",
        ];
        assert_eq!(kinds, BTreeSet::from(want), "{:#?}", seen[0]);
    });
}

#[test]
fn a_preprint_and_its_article_are_one_candidate() {
    block_on(async {
        let [paper, preprint] = [LINES[0], LINES[1]];
        for lines in [[paper, preprint], [preprint, paper]] {
            let month = Month::start().await;
            let mut ctx = month.open("2026-11-01T03:00:00Z");
            // All go to the candidates.
            ctx.config.settings.draft.items_max = 0;
            ctx.config.settings.draft.more_max = 0;
            bring(&ctx, &lines);
            let october = IssueMonth::parse("2026-10").unwrap();
            pipeline::draft(&ctx, october, false).unwrap();
            let text = fs::read_to_string(month.bench.path().join("drafts/2026-10.toml")).unwrap();
            let draft = roundup::draft::parse(&text, "d").0.unwrap();
            let article = pipeline::find(&ctx, "10.5555/one.paper").unwrap();
            let ids: Vec<&str> = draft.candidates.iter().map(|c| c.id.as_str()).collect();
            assert_eq!(ids, [article.as_str()]);
            assert!(text.contains("# Earlier as a preprint."), "{text}");
            let listing = ctx.store.listing(october).unwrap().unwrap();
            assert_eq!((listing.in_scope, listing.papers.len()), (1, 1), "counted once");
        }
    });
}

#[test]
fn a_study_stands_once_and_what_gives_way_is_named_under_it() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.open("2026-11-01T03:00:00Z");
        bring(&ctx, &LINES);
        let october = IssueMonth::parse("2026-10").unwrap();
        let found = pipeline::candidates(&ctx, october).unwrap();
        let remark = |doi: &str| {
            let of = found.iter().find(|g| g.work.record.doi.as_ref().is_some_and(|d| d.as_str() == doi));
            of.filter(|g| g.work.record.title.contains("Home visits") || doi.contains("cd09"))
                .map(|g| g.remark.as_str())
        };
        assert_eq!(
            remark("10.5555/one.paper"),
            Some("Earlier as a preprint. Also reported in: Example Bulletin; Invented Health Agency.")
        );
        assert_eq!(remark("10.1101/2026.09.09.90000001"), None, "the preprint gives way");
        let titles: Vec<&str> = found.iter().map(|g| g.work.record.title.as_str()).collect();
        assert!(!titles.contains(&"Neighbours who listen"), "the news gives way: {titles:?}");
        assert!(!titles.contains(&"Mothers in Kenya gain from visits"), "the news gives way: {titles:?}");
        let paper = pipeline::find(&ctx, "10.5555/one.paper").unwrap();
        assert!(ctx.store.work(&paper).unwrap().unwrap().work.record.title.starts_with("Home visits"), "not the news");
        pipeline::update_index(&ctx, false).unwrap();
        let searcher = Index::open_reader(&month.bench.path().join("index")).unwrap();
        let hits = |query: &str| -> Vec<String> {
            let answer = searcher.search(&parse_query(query), &Options::default()).unwrap();
            answer.hits.iter().map(|h| h.paper.title()).collect()
        };
        let article = "Home visits by trained peers and depressive symptoms after birth in Kenya: a cluster trial";
        assert_eq!(hits("10.1101/2026.09.09.90000001"), [article], "who asks for the preprint finds the article");
    });
}

#[test]
fn news_about_two_papers_stands_for_itself() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.open("2026-11-01T03:00:00Z");
        bring(&ctx, &LINES);
        let october = IssueMonth::parse("2026-10").unwrap();
        let digest = r#"{"id":"digest","title":"Two studies on postnatal depression of mothers in Kenya","journal":"Invented Health Agency","url":"https://agency.example.org/2","published":"2026-10-09","abstract":"See https://doi.org/10.5555/one.paper and https://doi.org/10.5555/14651858.cd090009.pub3 on maternal depression in Kenya."}"#;
        let alone = r#"{"id":"alone","title":"Postnatal depression of mothers in Kenya: what helps","journal":"Invented Health Agency","url":"https://agency.example.org/3","published":"2026-10-09","abstract":"See https://doi.org/10.5555/one.paper on maternal depression in Kenya."}"#;
        bring(&ctx, &[digest, alone]);
        let found = pipeline::candidates(&ctx, october).unwrap();
        let titles: Vec<&str> = found.iter().map(|g| g.work.record.title.as_str()).collect();
        assert!(titles.contains(&"Two studies on postnatal depression of mothers in Kenya"), "{titles:?}");
        assert!(!titles.contains(&"Postnatal depression of mothers in Kenya: what helps"), "{titles:?}");
    });
}

#[test]
fn an_article_whose_preprint_was_sent_is_listed_as_now_published() {
    block_on(async {
        let month = Month::start().await;
        drop(month.september().await);
        let ctx = month.october().await;
        let planted = standin::facts().preprints[0];
        let article = pipeline::find(&ctx, &planted.article_pmid.to_string()).unwrap();
        let preprint = pipeline::find(&ctx, planted.doi).unwrap();
        assert_eq!(ctx.store.issue_of(&preprint).unwrap(), IssueMonth::parse("2026-09"));
        let draft = fs::read_to_string(month.bench.path().join("drafts/2026-10.toml")).unwrap();
        assert!(draft.contains(&format!("id = \"{article}\"\n")), "the article may enter");
        assert!(!draft.contains(&format!("id = \"{preprint}\"\n")), "the preprint does not come twice");
        let words = "Now published; the preprint was in the roundup of September 2026.";
        assert!(draft.contains(words));
        if ctx.store.issue_of(&article).unwrap().is_some() {
            let mail = fs::read_to_string(month.bench.path().join("out/2026-10/email.txt")).unwrap();
            assert!(mail.replace('\n', " ").contains(words));
        }
        let unlinked = standin::facts().preprints[1];
        let article = pipeline::find(&ctx, &unlinked.article_pmid.to_string()).unwrap();
        let kinds: Vec<String> = ctx.store.related(&article).unwrap().iter().map(|(k, _)| k.to_string()).collect();
        assert_eq!(kinds, ["has-preprint"], "no source says so; title and authors do");
    });
}

/// Returns a paper in scope as a line.
fn form(id: &str, title: &str, journal: &str, day: &str, rest: &str) -> String {
    format!(
        r#"{{"id":"{id}","title":"{title}","authors":["Example Maria","Sample John"],"journal":"{journal}","year":{},"published":"{day}","abstract":"We asked mothers with postnatal depression in Kenya."{rest}}}"#,
        &day[..4]
    )
}

#[test]
fn of_every_study_the_best_form_enters() {
    let title = "Singing groups for mothers with postnatal depression in coastal Kenya";
    let doi = |doi: &str| format!(r#","doi":"{doi}""#);
    let server = "Res Sq";
    for (id, lines, want, remark) in [
        (
            "two versions of a preprint: the newest",
            vec![
                form("v2", title, server, "2027-01-12", &doi("10.21203/rs.3.rs-90000009/v2")),
                form(
                    "v1",
                    &format!("{title}: a first report"),
                    server,
                    "2026-12-12",
                    &doi("10.21203/rs.3.rs-90000009/v1"),
                ),
            ],
            "v2",
            "",
        ),
        (
            "the same in the other order",
            vec![
                form(
                    "v1",
                    &format!("{title}: a first report"),
                    server,
                    "2026-12-12",
                    &doi("10.21203/rs.3.rs-90000009/v1"),
                ),
                form("v2", title, server, "2027-01-12", &doi("10.21203/rs.3.rs-90000009/v2")),
            ],
            "v2",
            "",
        ),
        (
            "a meeting paper gives way to the article",
            vec![
                form("talk", title, "Invented Conference on Health", "2026-12-12", r#","type":["inproceedings"]"#),
                form("article", title, "J Invent", "2027-01-12", &doi("10.5555/two.article")),
            ],
            "article",
            "Earlier presented at a meeting.",
        ),
    ] {
        let month = Month::start();
        block_on(async {
            let month = month.await;
            let ctx = month.open("2027-02-01T03:00:00Z");
            bring(&ctx, &lines.iter().map(String::as_str).collect::<Vec<_>>());
            let found = pipeline::candidates(&ctx, IssueMonth::parse("2027-01").unwrap()).unwrap();
            let said: Vec<(String, &str)> =
                found.iter().map(|g| (g.work.members[0].id.clone(), g.remark.as_str())).collect();
            assert_eq!(said, [(want.to_owned(), remark)], "{id}");
        });
    }
}

#[test]
fn a_preprint_that_comes_behind_its_sent_article_is_left_out() {
    block_on(async {
        let month = Month::start().await;
        let title = "Singing groups for mothers with postnatal depression in coastal Kenya";
        let more = r#","doi":"10.5555/three.article","type":["Journal Article","Randomized Controlled Trial"],"open_access":true"#;
        let ctx = month.open("2026-10-01T03:00:00Z");
        bring(&ctx, &[&form("article", title, "J Invent", "2026-09-20", more)]);
        morning(&ctx).await;
        let article = pipeline::find(&ctx, "10.5555/three.article").unwrap();
        assert!(ctx.store.issue_of(&article).unwrap().is_some(), "the article was sent");
        drop(ctx);
        let ctx = month.open("2026-11-01T03:00:00Z");
        let doi = r#","doi":"10.21203/rs.3.rs-90000010/v1""#;
        bring(&ctx, &[&form("late", title, "Res Sq", "2026-10-02", doi)]);
        let found = pipeline::candidates(&ctx, IssueMonth::parse("2026-10").unwrap()).unwrap();
        assert!(found.iter().all(|g| g.work.record.title != title), "the preprint comes too late");
        let report = pipeline::explain(&ctx, "10.21203/rs.3.rs-90000010/v1").unwrap();
        let links = report.parts.into_iter().find(|p| p.heading == "Links").unwrap().lines;
        assert_eq!(links, [format!("is the preprint of {article}: {title}")]);
    });
}

#[test]
fn an_update_of_a_sent_review_is_news() {
    block_on(async {
        let month = Month::start().await;
        let line = |id: &str, doi: &str, day: &str| {
            format!(
                r#"{{"id":"{id}","title":"Psychological therapies for perinatal depression in low- and middle-income countries: a systematic review","authors":["Example Maria","Sample John"],"journal":"Invented Database of Reviews","year":{},"published":"{day}","doi":"{doi}","type":["Journal Article","Systematic Review"],"open_access":true,"abstract":"We reviewed trials of psychological therapies for perinatal depression in Kenya, India and Uganda. Authors conclude: therapies reduced depression in pregnant women and mothers."}}"#,
                &day[..4]
            )
        };
        let ctx = month.open("2026-10-01T03:00:00Z");
        bring(&ctx, &[&line("old", "10.5555/14651858.cd090010.pub2", "2026-09-04")]);
        morning(&ctx).await;
        let old = pipeline::find(&ctx, "10.5555/14651858.cd090010.pub2").unwrap();
        assert!(ctx.store.issue_of(&old).unwrap().is_some(), "the older edition was sent");
        drop(ctx);
        month.server.set_today(jiff::civil::date(2027, 2, 1));
        let ctx = month.open("2027-02-01T03:00:00Z");
        bring(&ctx, &[&line("new", "10.5555/14651858.cd090010.pub3", "2027-01-09")]);
        let january = IssueMonth::parse("2027-01").unwrap();
        let found = pipeline::candidates(&ctx, january).unwrap();
        let new = pipeline::find(&ctx, "10.5555/14651858.cd090010.pub3").unwrap();
        let remark = found.iter().find(|g| g.work.id == new).map(|g| g.remark.as_str());
        assert_eq!(remark, Some("Update of a review in the roundup of September 2026."));
    });
}

#[test]
fn a_retraction_found_by_its_title_alone_is_a_question() {
    block_on(async {
        let month = Month::start().await;
        drop(month.september().await);
        let ctx = month.october().await;
        let sent = ctx.store.sent().unwrap().into_iter().filter_map(|(_, id)| WorkId::parse(&id));
        let paper = sent.map(|id| ctx.store.work(&id).unwrap().unwrap().work).find(|w| {
            w.record.journal.is_some()
                && w.record.title.len() > 60
                && !w.record.title.starts_with('[')
                && !w.record.is_retracted()
        });
        let paper = paper.unwrap();
        let notice = serde_json::json!({
            "id": "notice", "title": format!("Retraction: {}", paper.record.title), "journal": paper.record.journal,
            "year": 2026, "published": "2026-10-30", "url": "https://journal.example.org/notice",
        });
        bring(&ctx, &[&notice.to_string()]);
        pipeline::draft(&ctx, ctx.issue_month(), false).unwrap();
        let draft = fs::read_to_string(month.bench.path().join("drafts/2026-10.toml")).unwrap();
        assert!(draft.contains(&format!("id = \"retracted {}\"", paper.id)), "{}", paper.record.title);
        let explained = pipeline::explain(&ctx, paper.id.as_str()).unwrap();
        let links = explained.parts.into_iter().find(|p| p.heading == "Links").unwrap().lines;
        assert!(links.iter().any(|l| l.starts_with("was retracted by ")), "{links:?}");
    });
}
