//! Answers as a harvester gets them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use jiff::civil::Date;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::super::{Options, PUBMED_QUERY, RETRY_AFTER_S, StandIn, facts, shelf, start};
use super::{FIRST_ISSUE, SECOND_ISSUE, all_between, well_formed};

const SEARCH: &str = "/entrez/eutils/esearch.fcgi";
const FETCH: &str = "/entrez/eutils/efetch.fcgi";

/// One answer, as it came over the wire.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|l| {
            let (key, value) = l.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    fn ids(&self) -> Vec<u32> {
        all_between(&self.text(), "<Id>", "</Id>").iter().map(|id| id.parse().unwrap()).collect()
    }

    fn count(&self) -> usize {
        all_between(&self.text(), "<Count>", "</Count>")[0].parse().unwrap()
    }
}

async fn ask(standin: &StandIn, method: &str, path: &str, headers: &str, body: &str) -> Answer {
    let mut stream = TcpStream::connect(standin.address).await.unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        standin.address,
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head, body: bytes[end + 4..].to_vec() }
}

async fn get_path(standin: &StandIn, path: &str) -> Answer {
    ask(standin, "GET", path, "", "").await
}

async fn post(standin: &StandIn, path: &str, body: &str) -> Answer {
    ask(standin, "POST", path, "Content-Type: application/x-www-form-urlencoded\r\n", body).await
}

async fn at(today: Date) -> StandIn {
    start(Options { today, rate_limit: false }).await.unwrap()
}

#[tokio::test]
async fn windows_of_days_hold_what_entered_then() {
    let standin = at(SECOND_ISSUE).await;
    // (id, query, count, note)
    let cases = [
        ("september", "datetype=edat&mindate=2026/09/01&maxdate=2026/09/30", 37, "the month"),
        ("october", "datetype=edat&mindate=2026/10&maxdate=2026/10", 40, "new versions are no new records"),
        ("all", "datetype=edat&mindate=2026&maxdate=2026", 77, "the year"),
        ("day", "datetype=edat&mindate=2026/09/04&maxdate=2026/09/04", 2, "both ends are included"),
        ("none", "datetype=edat&mindate=2026/08/01&maxdate=2026/08/31", 0, "before anything"),
        ("revised", "datetype=mdat&mindate=2026/10/14&maxdate=2026/10/14", 2, "the notice and the paper it retracts"),
    ];
    for (id, query, wanted, note) in cases {
        let answer = get_path(&standin, &format!("{SEARCH}?db=pubmed&term=depress*&retmax=1000&{query}")).await;
        assert_eq!((answer.status, answer.count()), (200, wanted), "{id}: {note}");
        assert_eq!(answer.ids().len(), wanted, "{id}");
        assert_eq!(answer.text().contains("No items found."), wanted == 0, "{id}");
    }
    let facts = facts();
    assert_eq!(facts.pubmed_by_month["2026-09"], 37);
    assert_eq!(facts.pubmed_by_month["2026-10"], 40);
    standin.stop().await;
}

#[tokio::test]
async fn conditions_within_a_term_are_held() {
    let standin = at(SECOND_ISSUE).await;
    let range = "2026/09/01:2026/09/30";
    let retracted = "(\"retracted publication\"[pt] OR \"retraction of publication\"[pt])";
    // (id, condition, count, note)
    let cases = [
        ("edat", format!("{range}[edat]"), 37, "as with datetype"),
        ("either", format!("({range}[edat] OR {range}[crdt])"), 37, "by either date"),
        ("uids", format!("({range}[crdt]) AND 90010001:90010010[uid]"), 1, "a range of PMIDs"),
        ("one", "90010007:90010007[UID]".to_owned(), 1, "a range of one"),
        ("types", format!("{retracted} AND 2026/10/01:2026/10/31[mdat]"), 2, "the notice and the paper it retracts"),
        ("before", format!("{retracted} AND {range}[mdat]"), 0, "before the retraction"),
    ];
    for (id, condition, wanted, note) in cases {
        let term = format!("(depress* OR anxiety) AND {condition}");
        let term = term.bytes().map(|b| format!("%{b:02X}")).collect::<Vec<_>>().concat();
        let answer = post(&standin, SEARCH, &format!("db=pubmed&retmax=9999&term={term}")).await;
        assert_eq!((answer.status, answer.count()), (200, wanted), "{id}: {note}: {}", answer.text());
    }
    standin.stop().await;
}

#[tokio::test]
async fn nothing_later_than_today_is_served() {
    let standin = at(FIRST_ISSUE).await;
    let search = format!("{SEARCH}?db=pubmed&term=depress*&retmax=1000");
    assert_eq!(get_path(&standin, &search).await.count(), 38, "September, and one of October's first day");
    standin.set_today(SECOND_ISSUE);
    assert_eq!(get_path(&standin, &search).await.count(), 77);
}

#[tokio::test]
async fn search_pages_history_and_forms() {
    let standin = at(SECOND_ISSUE).await;
    let plain = get_path(&standin, &format!("{SEARCH}?db=pubmed&term=anxiety")).await;
    assert_eq!((plain.count(), plain.ids().len()), (77, 20), "twenty unless asked");
    let second = post(&standin, SEARCH, "db=pubmed&term=anxiety&retmax=20&retstart=20&usehistory=y").await;
    assert_eq!(second.ids().len(), 20);
    assert!(second.ids().iter().all(|id| !plain.ids().contains(id)), "pages do not overlap");
    let text = second.text();
    let environment = all_between(&text, "<WebEnv>", "</WebEnv>")[0].to_owned();
    let key = all_between(&text, "<QueryKey>", "</QueryKey>")[0].to_owned();
    let form = format!("db=pubmed&retmode=xml&WebEnv={environment}&query_key={key}&retstart=70&retmax=20");
    let fetched = post(&standin, FETCH, &form).await;
    assert_eq!(fetched.text().matches("<PubmedArticle>").count(), 7, "the last page of 77");
    let json = get_path(&standin, &format!("{SEARCH}?db=pubmed&term=anxiety&retmode=json&retmax=3")).await;
    let json: serde_json::Value = serde_json::from_slice(&json.body).unwrap();
    assert_eq!(json["esearchresult"]["count"], "77");
    assert_eq!(json["esearchresult"]["idlist"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn errors_of_a_search_come_inside_a_200() {
    let standin = at(SECOND_ISSUE).await;
    // (id, query, words of the answer, note)
    let cases = [
        ("database", "db=protein&term=x", "Database is not supported: protein", "as in the outage of 2025"),
        ("term", "db=pubmed", "Empty term", "nothing asked"),
        ("retstart", "db=pubmed&term=anxiety&retstart=9999", "cannot be larger than 9998", "the known limit"),
        ("date", "db=pubmed&term=anxiety&mindate=soon&maxdate=2026", "Incorrect date", "no silent default"),
        ("phrase", "db=pubmed&term=%22zebra+crossing%22+OR+anxiety", "QuotedPhraseNotFound", "a mistyped phrase"),
        ("word", "db=pubmed&term=abcxyz", "No items found.", "a word that stands nowhere"),
    ];
    for (id, query, wanted, note) in cases {
        let answer = get_path(&standin, &format!("{SEARCH}?{query}")).await;
        assert_eq!(answer.status, 200, "{id}");
        assert!(answer.text().contains(wanted), "{id}: {note}: {}", answer.text());
    }
}

#[tokio::test]
async fn the_demos_query_gives_no_warning() {
    let standin = at(SECOND_ISSUE).await;
    let query: String = PUBMED_QUERY.lines().filter(|l| !l.starts_with('#')).collect::<Vec<_>>().join(" ");
    let encoded = query.bytes().fold(String::new(), |mut out, b| {
        write!(out, "%{b:02X}").unwrap();
        out
    });
    let answer = post(&standin, SEARCH, &format!("db=pubmed&term={encoded}&retmax=200")).await;
    assert_eq!(answer.count(), 77);
    assert!(!answer.text().contains("<WarningList>"), "{}", answer.text());
}

#[tokio::test]
async fn fetch_gives_those_that_exist() {
    let standin = at(FIRST_ISSUE).await;
    // (id, form, status, articles, note)
    let cases = [
        ("two", "id=90010007,90010014", 200, 2, "as asked"),
        ("unknown", "id=90010007,99999999", 200, 1, "an unknown id is left out"),
        ("future", "id=90020007", 200, 0, "not yet published"),
        ("twice", "id=90010007,90010007", 200, 1, "named twice, given once"),
        ("empty", "id=", 400, 0, "an empty list"),
        ("none", "", 400, 0, "no list"),
        ("words", "id=abc", 400, 0, "no number"),
        ("history", "WebEnv=x&query_key=1", 400, 0, "an environment that is gone"),
    ];
    for (id, form, status, count, note) in cases {
        let answer = post(&standin, FETCH, &format!("db=pubmed&retmode=xml&{form}")).await;
        assert_eq!(answer.status, status, "{id}: {note}");
        assert_eq!(answer.text().matches("<PubmedArticle>").count(), count, "{id}: {note}");
        assert_eq!(answer.text().contains("<ERROR>"), status == 400, "{id}: {note}");
    }
    let by_address = get_path(&standin, &format!("{FETCH}?db=pubmed&retmode=xml&id=90010007")).await;
    well_formed(&by_address.text(), "efetch");
    let empty = post(&standin, FETCH, "db=pubmed&retmode=xml&id=").await;
    assert!(empty.text().contains("<ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR>"));
}

#[tokio::test]
async fn articles_are_found_by_pmid_and_doi() {
    let standin = at(SECOND_ISSUE).await;
    let by_doi = get_path(&standin, &format!("{SEARCH}?db=pubmed&term=10.5555/osm.2026.09017%5Bdoi%5D")).await;
    assert_eq!(by_doi.ids(), [90_010_119]);
    let by_pmid = get_path(&standin, &format!("{SEARCH}?db=pubmed&term=90010007%5Buid%5D")).await;
    assert_eq!(by_pmid.ids(), [90_010_007]);
}

#[tokio::test]
async fn the_fourth_request_of_a_second_is_429_without_retry_after() {
    let standin = start(Options { today: SECOND_ISSUE, rate_limit: true }).await.unwrap();
    let path = format!("{SEARCH}?db=pubmed&term=90010007");
    let mut refused = None;
    // A slow machine may let a second pass between requests; three tries of ten are enough.
    for _ in 0..30 {
        let answer = get_path(&standin, &path).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("30 requests in a row are too many");
    assert!(refused.header("retry-after").is_none());
    assert_eq!(refused.header("x-ratelimit-limit"), Some("3"));
    assert!(refused.text().contains("\"error\":\"API rate limit exceeded\""));
    assert!(standin.requests().contains_key(&(SEARCH.to_owned(), 429)));
}

#[tokio::test]
async fn feeds_say_when_nothing_changed() {
    let standin = at(FIRST_ISSUE).await;
    for document in shelf::DOCUMENTS {
        let first = get_path(&standin, document.path).await;
        assert_eq!(first.status, 200, "{}", document.path);
        let (etag, modified) = (first.header("etag").unwrap(), first.header("last-modified").unwrap());
        let by_tag = ask(&standin, "GET", document.path, &format!("If-None-Match: {etag}\r\n"), "").await;
        assert_eq!((by_tag.status, by_tag.body.len()), (304, 0), "{}", document.path);
        let by_date = ask(&standin, "GET", document.path, &format!("If-Modified-Since: {modified}\r\n"), "").await;
        assert_eq!(by_date.status, 304, "{}", document.path);
    }
    let path = "/feeds/medfixture.rdf";
    let etag = get_path(&standin, path).await.header("etag").unwrap().to_owned();
    standin.set_today(SECOND_ISSUE);
    let later = ask(&standin, "GET", path, &format!("If-None-Match: {etag}\r\n"), "").await;
    assert_eq!(later.status, 200, "a month later there is news");
}

#[tokio::test]
async fn every_source_of_the_demo_answers_and_one_fails() {
    let standin = at(SECOND_ISSUE).await;
    let settings: toml_edit::DocumentMut = standin.feeds_toml().parse().unwrap();
    assert!(!settings.to_string().contains("{base}"));
    let sources = settings["source"].as_array_of_tables().unwrap();
    let mut answered = BTreeSet::new();
    for source in sources {
        let id = source["id"].as_str().unwrap();
        let Some(url) = source.get("url").and_then(|u| u.as_str()) else { continue };
        let path = url.strip_prefix(&standin.base_url()).unwrap();
        let answer = get_path(&standin, path).await;
        let wanted = if id == facts().failing_source { 503 } else { 200 };
        assert_eq!(answer.status, wanted, "{id}");
        assert_eq!(answer.header("retry-after"), (wanted == 503).then_some(RETRY_AFTER_S), "{id}");
        answered.insert(id.to_owned());
    }
    for document in shelf::DOCUMENTS {
        assert!(answered.contains(document.source), "{} stands in feeds.toml", document.source);
    }
    assert_eq!(get_path(&standin, "/elsewhere").await.status, 404);
}

#[tokio::test]
async fn it_stops_when_told_and_when_dropped() {
    let standin = at(FIRST_ISSUE).await;
    let address = standin.address;
    assert!(address.ip().is_loopback());
    standin.stop().await;
    assert!(TcpStream::connect(address).await.is_err(), "stopped");
    let standin = at(FIRST_ISSUE).await;
    let address = standin.address;
    drop(standin);
    let closed = async { while TcpStream::connect(address).await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(5), closed).await.expect("dropped");
}
