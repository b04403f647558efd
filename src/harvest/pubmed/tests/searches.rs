//! Windows, their splitting, and what warnings become.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;

use super::super::answers::{Answer, read_found};
use super::super::window::{Days, Opening, Part, Plan, covered as covered_after, open};
use super::*;

#[test]
fn the_window_follows_the_covered_day() {
    let day = |text: &str| text.parse::<Date>().unwrap();
    // (id, covered to, from, clock jumped, note)
    let cases = [
        ("first", None, "2026-08-30", false, "62 days back"),
        ("next", Some("2026-10-30"), "2026-10-16", false, "overlap of 14 days"),
        ("today", Some("2026-10-31"), "2026-10-17", false, "the second run of a day"),
        ("zone", Some("2026-11-01"), "2026-10-17", false, "a time zone changed; no jump"),
        ("pause", Some("2025-01-15"), "2025-01-01", false, "after a long pause nothing is skipped"),
        ("jump", Some("2030-01-01"), "2026-08-30", true, "the clock was ahead: as on a first run"),
    ];
    for (id, covered_to, from, jumped, note) in cases {
        let state = SourceState { covered_to: covered_to.map(day), ..SourceState::default() };
        let got = open(&state, TODAY, 14, 62);
        assert_eq!(
            got,
            Opening { days: Days { from: day(from), to: TODAY }, has_clock_jumped: jumped },
            "{id}: {note}"
        );
    }
}

#[test]
fn a_clock_that_was_wrong_once_moves_nothing() {
    let now = "2026-10-31T06:00:00Z".parse().unwrap();
    let state = |last_ok: &str| SourceState {
        covered_to: Some(date(2030, 1, 1)),
        last_ok: Some(last_ok.parse().unwrap()),
        ..SourceState::default()
    };
    // (last ok, want, note)
    let cases = [
        ("2030-01-01T06:00:00Z", date(2030, 1, 1), "seen for the first time: either clock may be wrong"),
        ("2026-10-30T06:00:00Z", TODAY, "seen again: today's clock it is"),
    ];
    for (last_ok, want, note) in cases {
        let state = state(last_ok);
        assert_eq!(covered_after(open(&state, TODAY, 14, 62), &state, now), Some(want), "{note}");
    }
}

/// What is searched in tests of laws: a day and a PMID for each paper, and how many ids come at most.
fn search_in(world: &BTreeMap<u32, Date>, part: &Part, ids_max: usize, is_newest_first: bool) -> (usize, Vec<u32>) {
    let fake = Fake::new(world.iter().map(|(id, day)| paper(*id, *day)).collect());
    let mut ids = fake.found(&part.term("x"));
    if !is_newest_first {
        // Some other order, so that the splitting does not hang on one.
        ids.sort_by_key(|id| id.wrapping_mul(2_654_435_761));
    }
    (ids.len(), ids.into_iter().take(ids_max).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever lies on which day: the parts together hold every id, and every part that is not
    /// split further fits into one search.
    #[test]
    fn splitting_loses_no_id(
        world in prop::collection::btree_map(1_u32..5_000_000, 0_i32..40, 0..120),
        ids_max in 2_usize..30,
        is_newest_first: bool,
    ) {
        let from = date(2026, 9, 1);
        let world: BTreeMap<u32, Date> =
            world.into_iter().map(|(id, n)| (id, from.saturating_add(i64::from(n).days()))).collect();
        let days = Days { from, to: date(2026, 10, 20) };
        let mut plan = Plan::new(days, ids_max);
        let mut kept = 0;
        while let Some(part) = plan.next() {
            let (count, ids) = search_in(&world, &part, ids_max, is_newest_first);
            prop_assert!(ids.len() <= ids_max);
            kept += if count <= ids_max { count } else { 0 };
            plan.take(part, count, &ids);
        }
        let (ids, shortfalls) = plan.finish();
        prop_assert_eq!(shortfalls, Vec::<String>::new());
        prop_assert_eq!(ids.into_iter().collect::<Vec<_>>(), world.keys().copied().collect::<Vec<_>>());
        prop_assert_eq!(kept, world.len(), "parts that fit share no id");
    }
}

#[tokio::test]
async fn sixty_thousand_papers_of_one_day_all_come() {
    // Bulk loads exist: a journal's whole archive gets one day. Slow (2 s): 31 answers of 9,999 ids.
    let day = date(2026, 10, 12);
    let fake = Fake::with_fault(papers(90_000_001, 60_000, day), |call| {
        // Records themselves are another test.
        (call.utility == "efetch").then(|| status(403, ""))
    });
    let setting = Setting { state: covered(date(2026, 10, 20)), ..Setting::default() };
    let mut notes = super::super::Notes::default();
    let days = Days { from: date(2026, 10, 6), to: TODAY };
    let sought = asking(&fake, &setting, async |asker, source| {
        super::super::find_all(asker, source, "x", days, &mut notes).await.unwrap()
    })
    .await;
    assert_eq!((sought.ids.len(), sought.is_complete, notes.texts.len()), (60_000, true, 0));
    let searches = fake.calls_of("esearch");
    assert_eq!(searches.len(), 31, "by days to one day, then by ranges");
    assert!(searches.iter().any(|c| c.field("term").contains("[uid]")));
}

#[tokio::test]
async fn a_window_is_split_by_days_first() {
    let from = date(2026, 9, 1);
    let held: Vec<Paper> =
        (0..60_u32).flat_map(|n| papers(90_000_001 + n * 500, 500, from.saturating_add(i64::from(n).days()))).collect();
    let fake = Fake::with_fault(held, |call| (call.utility == "efetch").then(|| status(403, "")));
    let mut notes = super::super::Notes::default();
    let sought = asking(&fake, &Setting::default(), async |asker, source| {
        super::super::find_all(asker, source, "x", Days { from, to: TODAY }, &mut notes).await.unwrap()
    })
    .await;
    assert_eq!((sought.ids.len(), sought.is_complete), (30_000, true));
    assert_eq!(fake.calls().len(), 7, "one, two halves, four quarters");
    assert!(fake.calls().iter().all(|c| !c.field("term").contains("[uid]")));
}

#[tokio::test]
async fn what_cannot_be_split_is_said_with_numbers() {
    // (id, answer to every search, words of the note, searches, note)
    let first: Vec<u32> = (90_000_001..90_010_000).collect();
    let ignores = search_answer(60_000, first.iter(), "");
    let short = search_answer(3, [90_000_001, 90_000_002].iter(), "");
    let cases = [
        (
            "ignores",
            ignores,
            "PubMed found 60000 records from 2026-10-31 to 2026-10-31 with PMIDs 1 to 90005000 and gave the ids of 9999; \
             it takes no notice of ranges of PMIDs, so the rest cannot be asked for",
            3,
            "a server that takes no notice of ranges",
        ),
        (
            "short",
            short,
            "PubMed found 3 records from 2026-10-31 to 2026-10-31 and gave the ids of 2",
            2,
            "asked twice",
        ),
    ];
    for (id, answer, want, searches, note) in cases {
        let fake = Fake::with_fault(Vec::new(), move |c| (c.utility == "esearch").then(|| ok(&answer)));
        let mut notes = super::super::Notes::default();
        let sought = asking(&fake, &Setting::default(), async |asker, source| {
            super::super::find_all(asker, source, "x", Days { from: TODAY, to: TODAY }, &mut notes).await.unwrap()
        })
        .await;
        assert!(!sought.is_complete, "{id}");
        assert!(notes.texts.iter().any(|n| n == want), "{id}: {note}: {:?}", notes.texts);
        assert_eq!(fake.calls().len(), searches, "{id}");
    }
}

#[test]
fn answers_to_a_search_are_told_apart() {
    let gate = r#"{"error":"API rate limit exceeded","api-key":"192.0.2.7","count":"5","limit":"3"}"#;
    let exception = "<eSearchResult><ERROR>Search Backend failed: Exception: 'retstart' cannot be larger than 9998. \
                     For PubMed, ESearch can only retrieve the first 9,999 records</ERROR></eSearchResult>";
    // (id, body, R refused or P passing, words)
    let cases = [
        ("error", "<eSearchResult><ERROR>Search Backend failed: no lease</ERROR></eSearchResult>", 'P', "no lease"),
        ("error alone", "<?xml version=\"1.0\"?>\n<ERROR>Empty result</ERROR>", 'P', "Empty result"),
        ("error in json", r#"{"header":{},"esearchresult":{"ERROR":"Search Backend failed"}}"#, 'P', "Backend failed"),
        (
            "outage",
            "<eSearchResult><ERROR>Database is not supported: pubmed</ERROR></eSearchResult>",
            'P',
            "not supported",
        ),
        ("retstart", exception, 'R', "cannot be larger than 9998"),
        (
            "empty term",
            "<eSearchResult><ERROR>Empty term and query_key - nothing todo</ERROR></eSearchResult>",
            'R',
            "Empty term",
        ),
        ("gate", gate, 'P', "API rate limit exceeded"),
        ("html", "<!DOCTYPE html><html><body>Down for maintenance</body></html>", 'P', "an HTML page"),
        ("route", "Unable to route request!", 'P', "the words \"Unable to route request!\""),
        ("empty", "", 'P', "is empty"),
        ("cut", "<eSearchResult><Count>2</Count><IdList><Id>90000001</Id>", 'P', "cut off"),
        ("cut json", "{\"esearchresult\":{\"count\":\"2\"", 'P', "cut off"),
        ("no count", "<eSearchResult><IdList/></eSearchResult>", 'P', "no count"),
        ("other", "<eSummaryResult/>", 'P', "of another kind"),
    ];
    for (id, body, kind, words) in cases {
        let (got, text) = match read_found(body.as_bytes()) {
            Answer::Refused(text) => ('R', text),
            Answer::Passing(text) => ('P', text),
            Answer::Found(found) => ('F', format!("{found:?}")),
        };
        assert_eq!(got, kind, "{id}: {text}");
        assert!(text.contains(words), "{id}: {text}");
        assert!(!text.contains("192.0.2.7"), "{id}: what the gate says beside the error is not shown");
    }
    assert!(matches!(read_found(&[0xff, 0xfe, 0x3c]), Answer::Passing(_)), "no text");
}

#[test]
fn warnings_come_in_words_in_both_forms() {
    let xml = "<eSearchResult><Count>2</Count><IdList><Id>90000001</Id><Id>9x</Id><Id>90000002</Id></IdList>\
        <QueryTranslation>a &lt; b</QueryTranslation><ErrorList><PhraseNotFound>perinatl &amp; co</PhraseNotFound>\
        <FieldNotFound>tiabx</FieldNotFound></ErrorList><WarningList><PhraseIgnored>the</PhraseIgnored>\
        <QuotedPhraseNotFound>\"zebra crossing\"</QuotedPhraseNotFound><OutputMessage>No items found.</OutputMessage>\
        <OutputMessage>Restrictions achieved. start and count adjusted to 0, 9999</OutputMessage>\
        <OutputMessage>Term not found: xyz</OutputMessage><OutputMessage>Something new</OutputMessage>\
        </WarningList></eSearchResult>";
    let json = r#"{"header":{"type":"esearch"},"esearchresult":{"count":"2","idlist":["90000001","9x",90000002],
        "querytranslation":"a < b","errorlist":{"phrasesnotfound":["perinatl & co"],"fieldsnotfound":["tiabx"]},
        "warninglist":{"phrasesignored":["the"],"quotedphrasesnotfound":["\"zebra crossing\""],
        "outputmessages":["No items found.","Restrictions achieved. start and count adjusted to 0, 9999",
        "Term not found: xyz","Something new"]}}}"#;
    for (form, body) in [("xml", xml), ("json", json)] {
        let Answer::Found(found) = read_found(body.as_bytes()) else { panic!("{form}") };
        assert_eq!((found.count, found.ids.as_slice()), (2, [90_000_001, 90_000_002].as_slice()), "{form}");
        assert_eq!(found.translation, "a < b", "{form}");
        assert_eq!(
            found.warnings,
            [
                "PubMed does not know the phrase \"perinatl & co\"; the search went on without it",
                "PubMed does not know the field \"tiabx\"; look at the square brackets in the query",
                "PubMed left \"the\" out of the search: the word is too common",
                "PubMed does not know the exact phrase \"zebra crossing\" and ignored its quotation marks; check the spelling",
                "PubMed did not find a term of the query: Term not found: xyz",
                "PubMed warns: Something new",
                "PubMed gave \"9x\" as an id, which is no PMID; it was left out",
            ],
            "{form}"
        );
    }
}

#[tokio::test]
async fn ids_of_a_term_are_at_most_what_one_search_gives() {
    let fake = Fake::new(papers(90_000_001, 10_500, TODAY));
    // (term, want, note)
    for (term, want, note) in [("90000007:90000007[uid]", 1, "one"), ("1:2[uid]", 0, "none"), ("x", 9_999, "the most")]
    {
        let ids = asking(&fake, &Setting::default(), async |asker, source| {
            super::super::ids_of_term(asker, source, term).await.unwrap()
        })
        .await;
        assert_eq!(ids.len(), want, "{note}");
    }
}
