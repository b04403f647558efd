//! What is asked again, what is not, and what is said: a table of NCBI's faults.

use super::super::answers::{Answer, Set, check_set, read_found, text_of};
use super::*;

/// Faults as they came to others, for either utility; each passes after one time.
fn passing() -> Vec<(&'static str, Outcome)> {
    let reset = FetchError::Transport { url: String::new(), reason: "connection reset by peer".to_owned() };
    vec![
        ("429 without Retry-After", status(429, r#"{"error":"API rate limit exceeded","count":"5","limit":"3"}"#)),
        ("500 with a page", status(500, "<html>Internal Server Error</html>")),
        ("502", status(502, "")),
        ("400 around a 502", status(400, "<ERROR>Error: proxy_stream(): HTTP 502</ERROR>")),
        ("reset", Err(reset)),
        ("error in a 200", ok("<eSearchResult><ERROR>Search Backend failed: x</ERROR></eSearchResult>")),
        ("error as root", ok("<ERROR>Unable to open connection to #N</ERROR>")),
        ("external viewer", ok("<eFetchResult><ERROR>Error: External viewer error: Timeout</ERROR></eFetchResult>")),
        ("error in json", ok(r#"{"esearchresult":{"ERROR":"Search Backend failed"}}"#)),
        ("the outage of 2025", ok("<eSearchResult><ERROR>Database is not supported: pubmed</ERROR></eSearchResult>")),
        ("html in a 200", ok("<!DOCTYPE html><html><title>Maintenance</title></html>")),
        ("route", ok("Unable to route request!")),
        ("empty 200", ok("")),
        ("cut at once", ok("<?xml version=\"1.0\" ?>\n<PubmedArticleSet>\n<PubmedArticle><MedlineCit")),
    ]
}

/// Slow (1.5 s): it waits once for the pause before the second try, all cases side by side.
#[tokio::test]
async fn passing_faults_are_asked_again_and_cost_nothing() {
    let harvests = passing().into_iter().flat_map(|(id, outcome)| {
        ["esearch", "efetch"].map(|utility| {
            let outcome = outcome.clone();
            async move {
                let place = usize::from(utility == "efetch");
                let fake = Fake::with_fault(papers(90_000_001, 3, TODAY), move |call| {
                    (call.utility == utility && call.place == place).then(|| outcome.clone())
                });
                let done = harvest(&fake, &Setting::default()).await;
                (id, utility, fake.calls().len(), done)
            }
        })
    });
    for (id, utility, calls, done) in futures_util::future::join_all(harvests).await {
        assert_eq!(done.notes(), [""; 0], "{id}, {utility}");
        assert_eq!(done.got(), [90_000_001, 90_000_002, 90_000_003], "{id}, {utility}");
        assert_eq!(calls, 3, "{id}, {utility}: one more than without a fault");
        assert_eq!(done.state().covered_to, Some(TODAY), "{id}, {utility}");
    }
}

#[tokio::test]
async fn lasting_faults_of_a_search_are_not_asked_again() {
    let refused = ok("<eSearchResult><ERROR>Empty term and query_key - nothing todo</ERROR></eSearchResult>");
    let no_name = Err(FetchError::NoName { url: "http://pubmed.example.org/esearch.fcgi".to_owned() });
    // (id, outcome, words)
    let cases = [
        ("refused", refused, "PubMed refused the search: Empty term and query_key - nothing todo; check the query"),
        ("too long", status(414, "<html>URI Too Long</html>"), "PubMed says that the query is too long (414)"),
        ("400", status(400, "<eSearchResult><ERROR>Invalid uid</ERROR></eSearchResult>"), "answered 400: Invalid uid"),
        ("403", status(403, "<html>"), "answered 403 (not allowed"),
        ("no name", no_name, "is this computer online?"),
    ];
    for (id, outcome, words) in cases {
        let fake = Fake::with_fault(papers(90_000_001, 3, TODAY), move |_| Some(outcome.clone()));
        let done = harvest(&fake, &Setting::default()).await;
        assert!(done.error().contains(words), "{id}: {}", done.error());
        assert_eq!((fake.calls().len(), done.pages.len()), (1, 0), "{id}");
    }
}

#[tokio::test]
async fn ids_that_do_not_exist_are_nothing_found() {
    let said = "<eFetchResult><ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR></eFetchResult>";
    for (id, outcome) in [("under a 400", status(400, said)), ("under a 200", ok(said))] {
        let fake = Fake::with_fault(Vec::new(), move |c| (c.utility == "efetch").then(|| outcome.clone()));
        let setting = Setting { recheck: vec![90_000_009], ..Setting::default() };
        let page = asking(&fake, &setting, async |asker, source| {
            super::super::fetch_page(asker, source, &[90_000_009]).await.unwrap()
        })
        .await;
        assert_eq!(page.kind, PayloadKind::PubmedXml { asked: vec![90_000_009] }, "{id}");
        assert!(check_set(&page.bytes, false).is_ok(), "{id}");
        assert_eq!(fake.calls().len(), 1, "{id}: not asked again");
        let done = harvest(&fake, &setting).await;
        assert_eq!(
            done.notes(),
            ["PubMed was asked for 1 records and does not give 1 of them (deleted, or not public yet): 90000009; \
              in an issue: 90000009"],
            "{id}"
        );
        assert_eq!(done.state().covered_to, Some(TODAY), "{id}");
    }
}

/// Id, bad PMIDs, outcome, most requests for records, note.
type Bad = (&'static str, &'static [u32], fn() -> Outcome, usize, &'static str);

#[tokio::test]
async fn a_bad_record_costs_only_itself() {
    let too_large =
        || Err(FetchError::TooLarge { url: "http://pubmed.example.org/efetch.fcgi".to_owned(), bytes_max: 1 << 20 });
    let cases: [Bad; 4] = [
        ("one", &[90_000_077], slow, 20, "200 is halved eight times"),
        ("first", &[90_000_001], slow, 20, "at the border"),
        ("two", &[90_000_003, 90_000_390], slow, 40, "in two pages"),
        ("large", &[90_000_200], too_large, 20, "an answer over the cap is halved too"),
    ];
    for (id, bad, outcome, most, note) in cases {
        let is_bad = move |call: &Call| call.ids().iter().any(|n| bad.contains(n));
        let fake = Fake::with_fault(papers(90_000_001, 450, TODAY), move |call| is_bad(call).then(outcome));
        let done = harvest(&fake, &Setting::default()).await;
        let want: Vec<u32> = (90_000_001..90_000_451).filter(|n| !bad.contains(n)).collect();
        assert_eq!(done.got(), want, "{id}: {note}; in their order");
        assert_eq!(done.asked(), want, "{id}: what did not come is named in the notes alone");
        let [only] = done.notes() else { panic!("{id}: {:?}", done.notes()) };
        assert!(
            only.starts_with(&format!("{} of 450 records could not be fetched: PMID {}", bad.len(), bad[0])),
            "{only}"
        );
        let requests = fake.calls_of("efetch").len();
        assert!(requests <= most, "{id}: {requests} requests");
        assert_eq!(done.state().covered_to, Some(TODAY), "{id}");
    }
}

/// Id, outcome, requests, note.
type Down = (&'static str, fn() -> Outcome, usize, &'static str);

#[tokio::test]
async fn pubmed_down_in_the_middle_ends_the_run_and_keeps_what_came() {
    let no_name = || Err(FetchError::NoName { url: "http://pubmed.example.org/efetch.fcgi".to_owned() });
    let cases: [Down; 3] = [
        ("slow", slow, 6, "five failures in a row"),
        ("offline", no_name, 2, "no name: at once"),
        ("refused", || status(403, ""), 2, "not allowed: at once"),
    ];
    for (id, outcome, requests, note) in cases {
        let fake = Fake::with_fault(papers(90_000_001, 1_000, TODAY), move |call| {
            (call.utility == "efetch" && call.ids()[0] > 90_000_200).then(outcome)
        });
        let setting = Setting { state: covered(date(2026, 10, 30)), ..Setting::default() };
        let done = harvest(&fake, &setting).await;
        assert!(done.result.is_err(), "{id}");
        assert_eq!(done.got().len(), 200, "{id}: the first page is stored");
        assert_eq!(done.state().covered_to, Some(date(2026, 10, 30)), "{id}: the window stays open");
        assert_eq!(fake.calls_of("efetch").len(), requests, "{id}: {note}");
        // The next run brings the rest; what is there already comes again and is the same.
        let next = harvest(&Fake::new(papers(90_000_001, 1_000, TODAY)), &setting).await;
        assert_eq!((next.got().len(), next.state().covered_to), (1_000, Some(TODAY)), "{id}");
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_keeps_its_whole_records() {
    let whole = set((90_000_001..90_000_011).collect::<Vec<u32>>().iter());
    let at = whole.find("90000008").unwrap();
    // (id, where the first answer ends, note)
    for (id, end, note) in [
        ("in a record", at, "seven whole ones"),
        (
            "between records",
            whole.find("<PubmedArticle><MedlineCitation><PMID Version=\"1\">90000005").unwrap(),
            "four",
        ),
        ("before the end", whole.len() - 5, "all ten, but the set is open"),
    ] {
        let (begun, _) = whole.split_at(end);
        let cut = begun.to_owned();
        let fake = Fake::with_fault(papers(90_000_001, 10, TODAY), move |call| (call.place == 1).then(|| ok(&cut)));
        let done = harvest(&fake, &Setting::default()).await;
        assert_eq!(done.got(), (90_000_001..90_000_011).collect::<Vec<u32>>(), "{id}: {note}");
        assert_eq!(done.notes(), [""; 0], "{id}");
        let requests = fake.calls_of("efetch");
        let again: usize = requests.iter().skip(1).map(|c| c.ids().len()).sum();
        assert_eq!(again, 10 - Set::of(begun).pmids().len(), "{id}: only the rest is asked for again");
        for page in done.pages.iter().filter_map(|p| p.payload.as_ref()) {
            assert!(check_set(&page.bytes, false).is_ok(), "{id}: every payload is a closed set");
        }
    }
}

#[tokio::test]
async fn what_is_left_out_is_asked_for_once_more() {
    // (id, PMIDs left out of pages, given when asked for again, requests, still missing, note)
    let cases = [
        ("none", 0_u32..0, true, 2, 0, "nothing more is asked"),
        ("few", 90_000_010..90_000_013, true, 5, 0, "one by one"),
        ("many", 90_000_010..90_000_130, true, 3, 0, "120 together: RISmed's 80 of 200"),
        ("gone", 90_000_010..90_000_012, false, 4, 2, "named in the end"),
    ];
    for (id, left_out, comes, requests, missing, note) in cases {
        let gone = left_out.clone();
        let fake = Fake::with_fault(papers(90_000_001, 300, TODAY), move |call| {
            let is_page = call.utility == "efetch" && (call.place <= 2 || !comes);
            let given: Vec<u32> = call.ids().into_iter().filter(|n| !gone.contains(n)).collect();
            is_page.then(|| ok(&set(given.iter())))
        });
        let done = harvest(&fake, &Setting::default()).await;
        assert_eq!(fake.calls_of("efetch").len(), requests, "{id}: {note}");
        assert_eq!(done.got().len(), 300 - missing, "{id}");
        if missing == 0 {
            assert_eq!(done.notes(), [""; 0], "{id}");
        } else {
            assert_eq!(
                done.notes(),
                ["PubMed was asked for 300 records and does not give 2 of them (deleted, or not public yet): \
                  90000010, 90000011"]
            );
        }
    }
}

#[tokio::test]
async fn a_damaged_record_is_asked_for_by_itself() {
    let break_it = |body: String| body.replace("90000002 &amp; <i>more</i>", "90000002 &amp; <i>more");
    // (damaged again, PMIDs in whole records, note)
    for (again, want, note) in
        [(false, 3, "whole the second time"), (true, 2, "kept as it is, so that reading names it")]
    {
        let fake = Fake::with_fault(papers(90_000_001, 3, TODAY), move |call| {
            let is_broken = call.utility == "efetch" && (call.place == 1 || again);
            is_broken.then(|| ok(&break_it(set(call.ids().iter()))))
        });
        let done = harvest(&fake, &Setting::default()).await;
        assert_eq!(done.got().len(), want, "{note}");
        assert_eq!(done.asked(), [90_000_001, 90_000_003, 90_000_002], "{note}");
        assert_eq!(fake.calls_of("efetch").len(), 2, "{note}");
    }
}

#[tokio::test]
async fn a_key_that_ncbi_does_not_know_is_named_and_left_out() {
    let said = r#"{"error":"API key invalid","api-key":"sesame","type":"api","status":"unknown"}"#;
    let fake = Fake::with_fault(papers(90_000_001, 3, TODAY), move |call| {
        call.fields.contains_key("api_key").then(|| status(400, said))
    });
    let setting = Setting { key: Some("sesame"), state: covered(date(2026, 10, 30)), ..Setting::default() };
    let done = harvest(&fake, &setting).await;
    assert_eq!(done.got().len(), 3);
    let [note] = done.notes() else { panic!("{:?}", done.notes()) };
    assert!(note.starts_with("NCBI does not know the key in NCBI_API_KEY"), "{note}");
    assert!(!note.contains("sesame"));
    let with_key = fake.calls().iter().filter(|c| c.fields.contains_key("api_key")).count();
    assert_eq!((with_key, fake.calls().len()), (1, 4), "asked once with the key, then without");
}

/// Id, text, PMIDs in whole records, whether complete, whether damaged, note.
type Cut = (&'static str, String, &'static [u32], bool, bool, &'static str);

#[test]
fn sets_are_cut_into_their_records() {
    let book =
        "<PubmedBookArticle><BookDocument><PMID Version=\"1\">90000021</PMID></BookDocument></PubmedBookArticle>";
    let deleted = "<DeleteCitation><PMID Version=\"1\">90000031</PMID><PMID>90000032</PMID></DeleteCitation>";
    let one = article(90_000_011);
    let cut = one.split_at(one.len() - 20).0.to_owned();
    let cases: [Cut; 13] = [
        ("empty set", "<PubmedArticleSet></PubmedArticleSet>".to_owned(), &[], true, false, "nothing found"),
        ("closed at once", "<PubmedArticleSet/>".to_owned(), &[], true, false, "nothing found"),
        (
            "one",
            format!("<PubmedArticleSet>{one}</PubmedArticleSet>"),
            &[90_000_011],
            true,
            false,
            "PMIDs of cited papers are none",
        ),
        ("root", one.clone(), &[90_000_011], true, false, "an article as the root"),
        ("book root", book.to_owned(), &[90_000_021], true, false, "a book as the root"),
        (
            "book set",
            format!("<PubmedBookArticleSet>{book}</PubmedBookArticleSet>"),
            &[90_000_021],
            true,
            false,
            "a set of books",
        ),
        (
            "mixed",
            format!("<PubmedArticleSet>{one}{book}{deleted}</PubmedArticleSet>"),
            &[90_000_011, 90_000_021, 90_000_031, 90_000_032],
            true,
            false,
            "deletions answer for their PMIDs",
        ),
        ("no end", format!("<PubmedArticleSet>{one}"), &[90_000_011], false, true, "the set is open"),
        ("cut", format!("<PubmedArticleSet>{one}{cut}"), &[90_000_011], false, true, "the last one is cut"),
        (
            "lost end",
            format!("<PubmedArticleSet>{cut}{book}</PubmedArticleSet>"),
            &[90_000_021],
            true,
            true,
            "one swallows no other",
        ),
        ("cut root", cut.clone(), &[], false, true, "a root that is cut"),
        ("html", "<html></html>".to_owned(), &[], false, true, "no set at all"),
        ("nothing", String::new(), &[], false, true, "an empty answer"),
    ];
    for (id, text, pmids, complete, damaged, note) in cases {
        let got = Set::of(&text);
        assert_eq!(got.pmids().into_iter().collect::<Vec<_>>(), pmids, "{id}: {note}");
        assert_eq!((got.is_complete, got.is_damaged()), (complete, damaged), "{id}: {note}");
        assert_eq!(check_set(text.as_bytes(), false).is_ok(), complete, "{id}");
        assert_eq!(check_set(text.as_bytes(), true).is_ok(), complete || !pmids.is_empty(), "{id}");
        let whole = got.whole_ones();
        let whole = Set::of(&whole);
        assert_eq!((whole.pmids(), whole.is_damaged()), (got.pmids(), false), "{id}: whole ones make a whole set");
    }
}

#[test]
fn a_cut_anywhere_is_never_taken_for_the_whole() {
    let found = search_answer(2, [90_000_001, 90_000_002].iter(), "<QueryTranslation>a &amp; b</QueryTranslation>");
    let json = r#"{"esearchresult":{"count":"1","idlist":["90000001"]}}"#;
    for whole in [found.trim_end(), json] {
        for cut in 0..whole.len() {
            let got = read_found(&whole.as_bytes()[..cut]);
            assert!(matches!(got, Answer::Passing(_)), "a search cut at {cut}: {got:?}");
        }
        assert!(matches!(read_found(whole.as_bytes()), Answer::Found(_)));
    }
    let whole = set([90_000_001, 90_000_002, 90_000_003].iter());
    let ends: Vec<usize> = whole.match_indices("</PubmedArticle>").map(|(at, tag)| at + tag.len()).collect();
    for cut in 0..whole.len() {
        let bytes = &whole.as_bytes()[..cut];
        let text = text_of(bytes);
        let got = Set::of(&text);
        assert_eq!(got.pmids().len(), ends.iter().filter(|end| **end <= cut).count(), "cut at {cut}");
        assert!(!got.is_complete && check_set(bytes, false).is_err(), "cut at {cut}");
    }
}

#[test]
fn a_damaged_byte_is_seen_or_does_no_harm() {
    let whole = set([90_000_001, 90_000_002, 90_000_003].iter());
    let found = search_answer(2, [90_000_001, 90_000_002].iter(), "");
    for damage in [0x01_u8, 0x20, 0x80] {
        for at in 0..whole.len() {
            let mut bytes = whole.clone().into_bytes();
            bytes[at] ^= damage;
            let text = text_of(&bytes);
            let got = Set::of(&text);
            assert!(got.pmids().len() >= 2, "damage {damage:#x} at {at} costs more than one record");
            assert!(!Set::of(&got.whole_ones()).is_damaged(), "damage {damage:#x} at {at}");
        }
        for at in 0..found.len() {
            let mut bytes = found.clone().into_bytes();
            bytes[at] ^= damage;
            read_found(&bytes);
        }
    }
}
