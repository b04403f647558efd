//! Whole harvests: what is asked, what is stored, what is remembered.

use super::*;

#[tokio::test]
async fn a_harvest_asks_for_the_window_and_moves_it() {
    let mut held = papers(90_000_001, 250, date(2026, 10, 20));
    held.push(paper(90_000_900, date(2026, 9, 1)));
    // Entered late: PubMed gives it the day of publication as edat (NLM Technical Bulletin 2008).
    held.push(Paper { edat: date(2024, 2, 1), ..paper(90_000_901, date(2026, 10, 25)) });
    let fake = Fake::new(held);
    let setting = Setting { state: covered(date(2026, 10, 30)), query: Some("a OR b"), ..Setting::default() };
    let done = harvest(&fake, &setting).await;
    let want: Vec<u32> = (90_000_001..90_000_251).chain([90_000_901]).collect();
    assert_eq!((done.got(), done.asked()), (want.clone(), want));
    assert_eq!(done.notes(), [""; 0]);
    assert_eq!(done.pages.len(), 3, "two pages and the last word");
    assert!(done.pages[..2].iter().all(|p| p.state.covered_to == Some(date(2026, 10, 30))), "until all is stored");
    assert_eq!(done.state().covered_to, Some(TODAY));
    let calls = fake.calls();
    let searched: Vec<&str> = calls.iter().filter(|c| c.utility == "esearch").map(|c| c.field("term")).collect();
    assert_eq!(
        searched,
        [
            "(a OR b) AND (2026/10/16:2026/10/31[edat] OR 2026/10/16:2026/10/31[crdt])",
            "(a OR b) AND (\"retracted publication\"[pt] OR \"retraction of publication\"[pt] OR \"published erratum\"[pt] \
             OR \"expression of concern\"[pt] OR \"corrected and republished article\"[pt]) AND 2026/10/16:2026/10/31[lr]"
        ]
    );
    for call in &calls {
        let said = ["db", "tool", "email", "retmode"].map(|f| call.field(f));
        assert_eq!(said, ["pubmed", "roundup", "someone@example.org", "xml"], "every call says who asks");
        assert!(!call.fields.contains_key("rettype"), "it would give an empty 200");
        assert!(!call.fields.contains_key("api_key"), "there is none");
    }
}

#[tokio::test]
async fn papers_that_were_retracted_or_sent_are_asked_for_again() {
    let old = date(2025, 3, 1);
    let retracted = Paper { retracted: Some(date(2026, 10, 28)), ..paper(90_000_005, old) };
    let long_ago = Paper { retracted: Some(date(2026, 1, 1)), ..paper(90_000_006, old) };
    let fake = Fake::new(vec![retracted, long_ago, paper(90_000_007, old), paper(90_000_008, TODAY)]);
    let setting = Setting { state: covered(date(2026, 10, 30)), recheck: vec![90_000_007], ..Setting::default() };
    assert_eq!(harvest(&fake, &setting).await.got(), [90_000_005, 90_000_007, 90_000_008]);
    // On the first run nothing is held that could have changed.
    let first = Fake::new(vec![retracted, paper(90_000_008, TODAY)]);
    assert_eq!(harvest(&first, &Setting::default()).await.got(), [90_000_008]);
    assert_eq!(first.calls_of("esearch").len(), 1);
}

#[tokio::test]
async fn a_failed_search_for_retractions_costs_only_itself() {
    let fake = Fake::with_fault(papers(90_000_001, 3, TODAY), |call| {
        call.field("term").contains("[pt]").then(|| status(414, ""))
    });
    let setting = Setting { state: covered(date(2026, 10, 30)), ..Setting::default() };
    let done = harvest(&fake, &setting).await;
    assert_eq!(done.got().len(), 3);
    assert!(done.notes()[0].starts_with("PubMed could not be asked for retractions and corrections: "));
    assert_eq!(done.state().covered_to, Some(date(2026, 10, 30)), "the same days are asked for again");
}

#[tokio::test]
async fn how_pubmed_reads_the_query_is_said_when_it_is_news() {
    let window = "(2026/10/16:2026/10/31[Date - Entry] OR 2026/10/16:2026/10/31[Date - Create])";
    let answer = move |warning: &str| {
        let more =
            format!("<QueryTranslation>(\"depressive disorder\"[MeSH Terms]) AND {window}</QueryTranslation>{warning}");
        search_answer(0, [].iter(), &more)
    };
    let misspelt = "<WarningList><QuotedPhraseNotFound>\"x y\"</QuotedPhraseNotFound></WarningList>";
    let reads = "PubMed reads the query as: \"depressive disorder\"[MeSH Terms]";
    let warns = "PubMed does not know the exact phrase \"x y\" and ignored its quotation marks; check the spelling";
    // (id, known before, warning, notes)
    let cases: [(&str, Option<&str>, &str, &[&str]); 4] = [
        ("first", None, "", &[reads]),
        ("same", Some("\"depressive disorder\"[MeSH Terms]"), "", &[]),
        ("changed", Some("depress*[All Fields]"), "", &[reads]),
        ("warned", Some("\"depressive disorder\"[MeSH Terms]"), misspelt, &[warns, reads]),
    ];
    for (id, known, warning, want) in cases {
        let body = answer(warning);
        let fake = Fake::with_fault(Vec::new(), move |c| (c.utility == "esearch").then(|| ok(&body)));
        let state = SourceState { query_translation: known.map(str::to_owned), ..covered(date(2026, 10, 30)) };
        let done = harvest(&fake, &Setting { state, ..Setting::default() }).await;
        assert_eq!(done.notes(), want, "{id}");
        let kept = done.state().query_translation;
        assert_eq!(kept.as_deref(), Some("\"depressive disorder\"[MeSH Terms]"), "{id}: without the window");
    }
}

#[tokio::test]
async fn odd_beginnings_are_said() {
    let fake = Fake::new(papers(90_000_001, 3, date(2026, 9, 5)));
    let setting = Setting { state: covered(date(2030, 1, 1)), query: Some("(a OR b"), ..Setting::default() };
    let done = harvest(&fake, &setting).await;
    assert_eq!(done.got().len(), 3, "the window of a first run");
    assert_eq!(
        done.notes(),
        [
            "PubMed was asked up to 2030-01-01 before, which lies ahead of today (2026-10-31); is the date of this \
             computer right? Everything since 2026-08-30 was asked for again",
            "the query opens and closes parentheses unevenly; PubMed may read it otherwise than it is meant",
        ]
    );
}

#[tokio::test]
async fn a_page_that_cannot_be_stored_ends_the_run() {
    let fake = Fake::new(papers(90_000_001, 300, TODAY));
    let mut pages = 0;
    let result = asking(&fake, &Setting::default(), async |asker, source| {
        let mut sink = Sink::new(|_| {
            pages += 1;
            Err("disk full".into())
        });
        super::super::harvest(asker, source, &SourceState::default(), &mut sink).await
    })
    .await;
    assert!(matches!(result, Err(HarvestError::Store(_))));
    assert_eq!(pages, 1);
}

#[tokio::test]
async fn the_key_stands_in_the_body_alone() {
    let fake = Fake::new(papers(90_000_001, 1, TODAY));
    let done = harvest(&fake, &Setting { key: Some("sesame"), ..Setting::default() }).await;
    assert!(fake.calls().iter().all(|c| c.field("api_key") == "sesame"));
    let payload = done.pages[0].payload.as_ref().expect("a page");
    assert_eq!(payload.url, "http://pubmed.example.org/efetch.fcgi?db=pubmed&id=90000001");
}

#[test]
fn form_values_are_encoded() {
    assert_eq!(super::super::encode("\"a b\"[tiab:~3] & é"), "%22a+b%22%5Btiab%3A%7E3%5D+%26+%C3%A9");
}
