//! Every fault of the transport × every kind of source: nothing is lost for long, nothing spreads,
//! and the run report says in plain words what is wrong.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use roundup::clock::FixedClock;
use roundup::fetch::address::Guard;
use roundup::fetch::{Fetch, Live, Method, Request, Secret};
use roundup::fetch::{Fetching, Limits};
use roundup::harvest::replay::Recording;
use roundup::pipeline::{self, Ctx, HarvestReport, Home, SourceReport, load_config};
use roundup::store::WriterLock;

use crate::support::faults::{self, Act, FOR_EVER, FaultServer, Serve};
use crate::support::{Bench, block_on};

/// The same rules as ever, with small numbers. The longest exchange is longer than a busy machine
/// needs for a good one.
const QUICK: Limits = Limits {
    connect: Duration::from_millis(700),
    silence: Duration::from_millis(700),
    total: Duration::from_millis(900),
    pause_first: Duration::from_millis(2),
    pause_longest: Duration::from_millis(40),
    patience: Duration::from_secs(3),
    gap_longest: Duration::ZERO,
    body_bytes_max: 256 << 10,
    ..Limits::USUAL
};
/// What must never come out again.
const KEY: &str = "5ecret0key0of0nobody";
const MAIL: &str = "nobody@example.org";

/// The sources of a home: id, what it serves, its block in `feeds.toml`. The first three are broken,
/// the others are there for comparison.
const SOURCES: [(&str, Serve); 6] = [
    ("pubmed", faults::pubmed),
    ("feed", faults::feed),
    ("page", faults::page),
    ("pubmed-beside", faults::pubmed_beside),
    ("feed-beside", faults::feed_beside),
    ("page-beside", faults::page_beside),
];
const BROKEN: [&str; 3] = ["pubmed", "feed", "page"];

/// What a broken source is to say while the fault lasts.
#[derive(Debug, Clone, Copy)]
enum Says {
    /// The run report names it with these words.
    Fails(&'static str),
    /// The same, but for PubMed, which is asked by POST.
    FailsBut(&'static str, &'static str),
    /// Nothing is lost, nothing needs to be said.
    Nothing,
    /// Something came, and a note or problem tells that not all did.
    Partly,
}

use Says::{Fails, FailsBut, Nothing, Partly};

/// A fault and what comes of it.
type Row = (&'static str, Act, Says);

/// Connections that break.
const CONNECTION: &[Row] = &[
    ("nobody listens", Act::Refuse, Fails("the host refuses connections")),
    ("closed before the request", Act::Close, Fails("gave no complete answer")),
    ("closed after the request", Act::CloseAfterRequest, Fails("closed the connection before it had answered")),
    ("reset before any byte", Act::ResetAt(0), Fails("gave no complete answer")),
    ("reset in the status line", Act::ResetAt(9), Fails("gave no complete answer")),
    ("reset in the headers", Act::ResetAt(40), Fails("gave no complete answer")),
    ("reset in the body", Act::ResetAtPercent(60), Fails("gave no complete answer")),
    ("reset shortly before the end", Act::ResetAtPercent(97), Fails("gave no complete answer")),
    ("cut before its length", Act::CutBody, Fails("cut off")),
    ("cut within a chunk", Act::CutChunked, Fails("cut off")),
    ("cut between chunks", Act::EndlessChunks, Fails("cut off")),
    ("a chunk longer than it says", Act::ChunkLie, Fails("its parts are not as long as they say")),
    ("a chunk without measure", Act::ChunkOverflow, Fails("its parts are not as long as they say")),
    ("no web answer", Act::Raw(b"SSH-2.0-OpenSSH_9.6\r\n"), Fails("what came is no web answer")),
    ("bytes of another protocol", Act::Raw(&[0x15, 3, 3, 0, 2, 2, 70]), Fails("what came is no web answer")),
];

/// Answers that take their time.
const SLOW: &[Row] = &[
    ("silence", Act::Silence, Fails("took too long")),
    ("silence behind the headers", Act::SilenceAfterHead, Fails("took too long")),
    ("headers byte by byte", Act::DribbleHead, Fails("took too long")),
    ("body byte by byte", Act::DribbleBody, Fails("took too long")),
];

/// Bodies that are too much, or not what they are called.
const BODY: &[Row] = &[
    ("headers without end", Act::EndlessHeaders, Fails("more headers than we take")),
    ("a header of a megabyte", Act::HugeHeader, Fails("more headers than we take")),
    ("a body without end", Act::EndlessBody, Fails("answered with more than")),
    ("a body of 10 GB", Act::HugeLength, Fails("answered with more than")),
    ("a gzip bomb", Act::Bomb, Fails("answered with more than")),
    ("broken gzip", Act::BrokenGzip, Fails("packed with gzip and does not unpack")),
    ("gzip that is cut", Act::CutGzip, Fails("packed with gzip and does not unpack")),
    ("gzip without a word", Act::SilentGzip, Nothing),
    ("plain text called gzip", Act::CalledGzip, Nothing),
    ("brotli, not asked for", Act::Brotli, Fails("packed with br, which was not asked for")),
    ("a charset that does not exist", Act::Charset("x-nonsense"), Nothing),
    ("utf-8 called ascii", Act::Charset("us-ascii"), Nothing),
    ("an empty 200", Act::Status("200 OK", "", ""), Fails("gave no complete answer")),
    ("a length too short", Act::ShortLength, FailsBut("cut off", "gave no complete answer")),
    ("cut without a length", Act::CutUndeclared, FailsBut("cut off", "gave no complete answer")),
    ("a body cut at its source", Act::Truncate, FailsBut("cut off", "gave no complete answer")),
    ("an item left out", Act::LeaveOut, Partly),
];

const HTML: &str = "Content-Type: text/html\r\n";
const XML: &str = "Content-Type: text/xml\r\n";
const JSON: &str = "Content-Type: application/json\r\n";
const WALL: &str = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking</body></html>";
const LOGIN: &str =
    "<!DOCTYPE html><html><head><title>Log in</title></head><body><form><input type=\"password\"></form></body></html>";
const LIMIT: &str =
    "{\"error\":\"API rate limit exceeded\",\"api-key\":\"5ecret0key0of0nobody\",\"count\":\"5\",\"limit\":\"3\"}";
const SEARCH_ERROR: &str = "<?xml version=\"1.0\"?><eSearchResult><ERROR>Search Backend failed: Database is not supported: pubmed</ERROR></eSearchResult>";
const PROXY: &str = "<eFetchResult><ERROR>cannot get it: proxy_stream() 502</ERROR></eFetchResult>";

/// Answers that say no.
const STATUS: &[Row] = &[
    ("204", Act::Status("204 No Content", "", ""), Fails("answered 204")),
    ("206", Act::Status("206 Partial Content", XML, "<rss>"), Fails("answered 206")),
    ("304 unasked", Act::Status("304 Not Modified", "", ""), Fails("gave no complete answer")),
    ("400 around a fault of NCBI", Act::Status("400 Bad Request", XML, PROXY), Fails("answered 400")),
    ("401", Act::Status("401 Unauthorized", HTML, "no"), Fails("it wants a login")),
    ("403", Act::Status("403 Forbidden", HTML, "no"), Fails("not allowed")),
    ("403 bot wall", Act::Status("403 Forbidden", "cf-mitigated: challenge\r\n", WALL), Fails("bot wall")),
    ("503 bot wall", Act::Status("503 Service Unavailable", HTML, WALL), Fails("bot wall")),
    ("200 bot wall", Act::Status("200 OK", HTML, WALL), Fails("bot wall")),
    ("200 login page", Act::Status("200 OK", HTML, LOGIN), Fails("")),
    ("404", Act::Status("404 Not Found", HTML, "no"), Fails("not found")),
    ("410", Act::Status("410 Gone", HTML, "no"), Fails("gone for good")),
    ("429 of NCBI", Act::Status("429 Too Many Requests", JSON, LIMIT), Fails("asked too often")),
    ("429 for seconds", Act::Status("429 Too Many Requests", "Retry-After: 90\r\n", ""), Fails("asked too often")),
    (
        "429 until a date",
        Act::Status(
            "429 Too Many Requests",
            "Date: Thu, 01 Oct 2026 03:00:00 GMT\r\nRetry-After: Thu, 01 Oct 2026 04:00:00 GMT\r\n",
            "",
        ),
        Fails("asked too often"),
    ),
    ("429 for a million years", Act::Status("429 No", "Retry-After: 31536000000000\r\n", ""), Fails("asked too often")),
    ("451", Act::Status("451 Unavailable", HTML, "no"), Fails("legal reasons")),
    ("500 page", Act::Status("500 Internal Server Error", HTML, "<html><h1>500</h1></html>"), Fails("has a fault")),
    ("500 that repeats the request", Act::Echo("500 Internal Server Error"), Fails("has a fault")),
    ("502", Act::Status("502 Bad Gateway", HTML, "<html>bad</html>"), Fails("has a fault")),
    ("503", Act::Status("503 Service Unavailable", "", "Unable to route request!"), Fails("has a fault")),
    ("ERROR in a 200", Act::Status("200 OK", XML, SEARCH_ERROR), Fails("")),
    ("JSON in a 200", Act::Status("200 OK", JSON, LIMIT), Fails("")),
    ("a 200 that repeats the request", Act::Echo("200 OK"), Fails("")),
];

const NO_FORM: &str = "sent to no other address";

/// Redirects that lead nowhere good.
const REDIRECT: &[Row] = &[
    ("in a circle", Act::Redirect("{path}"), FailsBut("in a circle", NO_FORM)),
    ("without end", Act::Hops, FailsBut("more than 10 times", NO_FORM)),
    ("without an address", Act::Status("302 Found", "", ""), Fails("does not say where")),
    ("to an address that is none", Act::Redirect("http://["), FailsBut("is no address", NO_FORM)),
    ("to a file", Act::Redirect("file:///etc/passwd"), FailsBut("file: are not asked", NO_FORM)),
    ("to a private address", Act::Redirect("http://127.0.0.2:{port}/"), FailsBut("private address", NO_FORM)),
    ("to this computer", Act::Redirect("http://localhost:{port}/"), FailsBut("private address", NO_FORM)),
    (
        "to a name that leads to a private address",
        Act::Redirect("http://inner.example.org:{port}/"),
        FailsBut("leads to a private address", NO_FORM),
    ),
    (
        "to where clouds keep passwords",
        Act::Redirect("http://169.254.169.254/latest/meta-data/"),
        FailsBut("never asked", NO_FORM),
    ),
    (
        "to https where none is",
        Act::Redirect("https://feed.example.org:{port}/"),
        FailsBut("does not speak https", NO_FORM),
    ),
    ("300", Act::Status("300 Multiple Choices", "", ""), Fails("a redirect we do not follow")),
];

/// Rules that are quickly read: nothing is judged here.
const TOPICS: &str = "[[topic]]\nid = \"evidence\"\nname = \"Evidence\"\nblurb = \"Studies\"\n";
const COUNTRIES: &str = "iso3,iso2,name,income,region,aliases,demonyms,places,weak,traps,lmic,income_fy26,lmic_last_fy,wb_name\n\
                         KEN,KE,Kenya,LMC,SSA,,Kenyan,Nairobi,,,1,LMC,FY27,Kenya\n";

/// One client for many runs: making one reads the certificates of the system.
struct Shared(Arc<Live>);

impl Fetch for Shared {
    fn fetch<'a>(&'a self, request: &'a Request) -> Fetching<'a> {
        self.0.fetch(request)
    }

    fn limits(&self) -> Limits {
        self.0.limits()
    }
}

/// Returns a client that has asked nobody yet.
fn live() -> Arc<Live> {
    Arc::new(Live::with(QUICK, guard()).unwrap())
}

/// A home with its servers.
struct World {
    bench: Bench,
    servers: BTreeMap<&'static str, FaultServer>,
    live: Arc<Live>,
    ctx: Option<Ctx>,
}

impl World {
    async fn start(live: Arc<Live>) -> Self {
        let bench = Bench::new();
        bench.write("topics.toml", TOPICS);
        bench.write("countries.csv", COUNTRIES);
        let mut servers = BTreeMap::new();
        for (id, serve) in SOURCES {
            servers.insert(id, FaultServer::start(serve).await);
        }
        let world = Self { bench, servers, live, ctx: None };
        world.write_settings("");
        world
    }

    /// Writes `feeds.toml`; the mark is put to the addresses of feeds and pages.
    fn write_settings(&self, mark: &str) {
        let mut text = "[roundup]\ncommunity = \"Example\"\nname = \"Example\"\n".to_owned();
        for (id, _) in SOURCES {
            let base = format!("http://{id}.example.org:{}", self.servers[id].port());
            text.push_str(&format!("\n[[source]]\nid = \"{id}\"\nname = \"Source {id}\"\n"));
            text.push_str(&match id.split('-').next().unwrap() {
                "pubmed" => format!("kind = \"pubmed\"\nbase-url = \"{base}/eutils/\"\nquery = \"perinatal\"\n"),
                "feed" => format!("kind = \"feed\"\nurl = \"{base}/feed.xml{mark}\"\njournal = \"Example\"\n"),
                _ => format!(
                    "kind = \"page\"\nurl = \"{base}/news.html{mark}\"\njournal = \"Example\"\nitem = \"li.news\"\n\
                     title = \"h3\"\nlink = \"a\"\ndate = \"time\"\n"
                ),
            });
        }
        self.bench.write("feeds.toml", text);
    }

    /// Harvests on a day of October 2026, as a process of its own would.
    async fn harvest(&mut self, day: i8) -> HarvestReport {
        self.harvest_only(day, &[]).await
    }

    async fn harvest_only(&mut self, day: i8, only: &[String]) -> HarvestReport {
        let mut ctx = match self.ctx.take() {
            Some(ctx) => ctx,
            None => self.open(),
        };
        ctx.clock = Box::new(FixedClock(format!("2026-10-{day:02}T03:00:00Z").parse().unwrap()));
        ctx.fetch = Box::new(Shared(Arc::clone(&self.live)));
        let report = pipeline::harvest(&ctx, only).await.unwrap();
        check_no_secret(&ctx, &report);
        self.ctx = Some(ctx);
        report
    }

    fn open(&self) -> Ctx {
        let home = Home::new(self.bench.path());
        let (config, problems) = load_config(&home).unwrap();
        let config = config.unwrap_or_else(|| panic!("{problems:#?}"));
        let clock = Box::new(FixedClock("2026-10-01T03:00:00Z".parse().unwrap()));
        let lock = WriterLock::take(&home.data()).unwrap();
        let fetch = Box::new(Shared(Arc::clone(&self.live)));
        let mut ctx = Ctx::open(home, config, clock, fetch, Some(lock)).unwrap();
        MAIL.clone_into(&mut ctx.identity.email);
        ctx.identity.api_key = Some(Secret::new(KEY.to_owned()));
        ctx
    }

    async fn break_next(&mut self, act: Act, times: u32) {
        for id in BROKEN {
            self.servers.get_mut(id).unwrap().break_next(act, times).await;
        }
    }

    async fn mend(&mut self) {
        for id in BROKEN {
            self.servers.get_mut(id).unwrap().mend().await;
        }
    }

    /// Returns every work with what it says, in one line each, by source.
    fn dump(&self) -> BTreeMap<String, BTreeSet<String>> {
        let store = &self.ctx.as_ref().unwrap().store;
        let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for id in store.work_ids().unwrap() {
            let record = store.work(&id).unwrap().unwrap().work.record;
            let members: BTreeSet<String> =
                store.members(&id).unwrap().iter().map(|m| format!("{}/{}", m.record.source, m.record.id)).collect();
            let related: BTreeSet<String> = store
                .related(&id)
                .unwrap()
                .into_iter()
                .map(|(kind, other)| format!("{kind} {}", store.work(&other).unwrap().unwrap().work.record.title))
                .collect();
            // the id of a study that two sources know comes from the first that said it
            let id = if members.len() == 1 { id.to_string() } else { String::new() };
            let line = format!(
                "{id} {} {:?} {:?} {:?} {:?} {members:?} {related:?}",
                record.title, record.doi, record.pmid, record.published, record.relations
            );
            for member in &members {
                out.entry(member.split('/').next().unwrap().to_owned()).or_default().insert(line.clone());
            }
        }
        out
    }
}

/// Names lead to this computer, which counts as the public internet here; its second address does not.
fn guard() -> Guard {
    let here = IpAddr::from(Ipv4Addr::LOCALHOST);
    let mut hosts: BTreeMap<String, Vec<IpAddr>> =
        SOURCES.iter().map(|(id, _)| (format!("{id}.example.org"), vec![here])).collect();
    hosts.insert("inner.example.org".to_owned(), vec!["127.0.0.2".parse().unwrap()]);
    Guard { hosts, taken_for_public: BTreeSet::from([here]) }
}

/// Neither the report nor what is remembered may hold the key or the address.
fn check_no_secret(ctx: &Ctx, report: &HarvestReport) {
    let mut all = serde_json::to_string(report).unwrap();
    for (id, _) in SOURCES {
        all.push_str(&serde_json::to_string(&ctx.store.source_state(id).unwrap()).unwrap());
    }
    assert!(!all.contains(KEY), "the key came out: {all}");
    assert!(!all.contains(MAIL), "the address came out: {all}");
}

fn source<'a>(report: &'a HarvestReport, id: &str) -> &'a SourceReport {
    report.sources.iter().find(|s| s.id == id).unwrap()
}

/// A sentence for the secretariat names the address and holds no words of programs.
fn check_sentence(name: &str, id: &str, text: &str) {
    for technical in [
        "error sending",
        "os error",
        "hyper",
        "reqwest",
        "Some(",
        "Err(",
        "Error {",
        "::",
        "\\u",
        "kind:",
        "error trying",
        "failed (",
    ] {
        assert!(!text.contains(technical), "{name}, {id}: {text}");
    }
    assert!(text.contains(' ') && text.chars().count() < 400, "{name}, {id}: {text}");
}

fn check_lasting(name: &str, says: Says, report: &HarvestReport) {
    for id in BROKEN {
        let source = source(report, id);
        let said = || source.error.clone().unwrap_or_else(|| panic!("{name}, {id}: nothing was said: {source:?}"));
        match says {
            Fails(words) => {
                check_sentence(name, id, &said());
                assert!(said().contains(words), "{name}, {id}: {}", said());
            }
            FailsBut(_, words) if id == "pubmed" => {
                check_sentence(name, id, &said());
                assert!(said().contains(words), "{name}, {id}: {}", said());
            }
            // a feed that always comes cut gives what it holds, and tells
            FailsBut(words, _) => {
                let told = format!("{:?} {:?} {:?}", source.error, source.notes, source.problems);
                assert!(told.contains(words) || told.contains("cut"), "{name}, {id}: {told}");
            }
            Nothing | Partly => {
                assert_eq!(source.error, None, "{name}, {id}");
                let is_told = !(source.problems.is_empty() && source.notes.is_empty());
                assert!(is_told || matches!(says, Nothing) || id != "pubmed", "{name}, {id}: the shortfall is told");
            }
        }
    }
}

/// Runs one fault: while it lasts, then for one request, then not at all.
async fn run(row: &Row, live: &Arc<Live>, clean: &BTreeMap<String, BTreeSet<String>>) {
    let (name, act, says) = *row;
    // a host that has asked for a pause gets it for the rest of a process
    let is_process_over = matches!(act, Act::Status(_, headers, _) if headers.contains("Retry-After"));
    let live = || if is_process_over { self::live() } else { Arc::clone(live) };
    let mut world = World::start(live()).await;
    world.break_next(act, FOR_EVER).await;
    let lasting = world.harvest(1).await;
    check_lasting(name, says, &lasting);
    let dump = world.dump();
    for (id, works) in clean {
        if !BROKEN.contains(&id.as_str()) || matches!(says, Nothing) {
            assert_eq!(dump.get(id), Some(works), "{name}: {id} while it lasts");
        }
    }
    let is_gone = matches!(act, Act::Status(status, ..) if status.starts_with("410"));
    if is_gone {
        // only a person brings it back, by another address
        world.mend().await;
        let still = world.harvest(2).await;
        assert!(source(&still, "feed").error.as_ref().unwrap().contains("gone for good"));
        world.write_settings("?new");
        drop(world.ctx.take());
    } else {
        world.break_next(act, 1).await;
    }
    world.live = live();
    world.harvest(3).await;
    world.live = live();
    world.mend().await;
    let healed = world.harvest(5).await;
    for (id, _) in SOURCES {
        assert_eq!(source(&healed, id).error, None, "{name}: {id} afterwards");
        let state = world.ctx.as_ref().unwrap().store.source_state(id).unwrap();
        assert_eq!((state.failing_since, state.failures, state.not_before), (None, 0, None), "{name}: {id}");
    }
    assert_eq!(world.dump(), *clean, "{name}: afterwards");
}

async fn clean(live: &Arc<Live>) -> BTreeMap<String, BTreeSet<String>> {
    let mut world = World::start(Arc::clone(live)).await;
    let report = world.harvest(1).await;
    assert!(!report.has_failures(), "{report:#?}");
    let dump = world.dump();
    assert_eq!(dump.values().map(BTreeSet::len).collect::<Vec<_>>(), [3, 2, 3, 3, 3, 3], "{dump:#?}");
    let shared = dump["pubmed"].intersection(&dump["feed"]).count();
    assert_eq!(shared, 1, "one study is in both: {dump:#?}");
    assert!(dump["pubmed"].iter().any(|w| w.contains("comment-on")), "{dump:#?}");
    dump
}

fn run_all(name: &str, rows: &[Row]) {
    let began = tokio::time::Instant::now();
    block_on(async {
        let live = live();
        let clean = clean(&live).await;
        for row in rows {
            let began = tokio::time::Instant::now();
            run(row, &live, &clean).await;
            println!("  {:.2} {}", began.elapsed().as_secs_f64(), row.0);
        }
    });
    println!("{name}: {} faults × 3 kinds in {:.1} s", rows.len(), began.elapsed().as_secs_f64());
}

#[test]
fn connections_that_break() {
    run_all("connections", CONNECTION);
}

#[test]
fn answers_that_take_their_time() {
    run_all("slow answers", SLOW);
}

#[test]
fn bodies_that_are_too_much_or_something_else() {
    run_all("bodies", BODY);
}

#[test]
fn answers_that_say_no() {
    run_all("statuses", STATUS);
}

#[test]
fn redirects_that_lead_nowhere_good() {
    run_all("redirects", REDIRECT);
}

/// Returns what is left of a fetch when the answer ends after so many bytes.
async fn ends_at(server: &mut FaultServer, live: &Live, request: &Request, act: Act) -> Result<usize, String> {
    server.break_next(act, 1).await;
    live.fetch(request).await.map(|r| r.body.len()).map_err(|e| e.to_string())
}

#[test]
fn an_answer_that_ends_at_any_byte_is_never_taken_for_whole() {
    block_on(async {
        let live = live();
        let mut asked = 0;
        for (path, serve) in
            [("efetch.fcgi", faults::pubmed as Serve), ("feed.xml", faults::feed), ("n.html", faults::page)]
        {
            let whole = faults::whole_answer(serve, path).len();
            let mut server = FaultServer::start(serve).await;
            let request = Request::get(format!("http://feed.example.org:{}/{path}", server.port()));
            for k in (0..whole).step_by((whole / 60).max(1)).chain([whole - 1]) {
                for act in [Act::ResetAt(k), Act::CloseAt(k)] {
                    let got = ends_at(&mut server, &live, &request, act).await;
                    assert!(got.is_err(), "{path}, {act:?} of {whole}: {got:?}");
                    asked += 1;
                }
            }
            let got = ends_at(&mut server, &live, &request, Act::CloseAt(whole)).await;
            assert_eq!(got, Ok(serve(path).body.len()), "{path}");
        }
        println!("{asked} answers ended early, none was taken");
    });
}

#[test]
fn a_server_that_says_nothing_new_for_ever_is_found_out_within_a_week() {
    block_on(async {
        let mut world = World::start(live()).await;
        world.harvest(1).await;
        let clean = world.dump();
        let (unchanged, forever) = (Act::Status("304 Not Modified", "ETag: \"later\"\r\n", ""), FOR_EVER);
        for id in ["feed", "page"] {
            world.servers.get_mut(id).unwrap().break_next(unchanged, forever).await;
        }
        for day in 2..8 {
            let report = world.harvest(day).await;
            assert!(!report.has_failures(), "day {day}: {report:#?}");
        }
        let asked = world.servers["feed"].take_asked();
        assert_eq!(asked.iter().filter(|a| a.contains("if-none-match: \"later\"")).count(), 5, "{asked:#?}");
        let report = world.harvest(8).await;
        let error = source(&report, "feed").error.clone().unwrap();
        assert!(error.contains("\"nothing new\" to one who holds nothing"), "{error}");
        world.mend().await;
        assert!(!world.harvest(10).await.has_failures());
        assert_eq!(world.dump(), clean);
    });
}

#[test]
fn who_fails_rests_and_a_named_source_is_asked_all_the_same() {
    block_on(async {
        let mut world = World::start(live()).await;
        world.break_next(Act::Status("404 Not Found", "", ""), FOR_EVER).await;
        let first = source(&world.harvest(1).await, "feed").error.clone().unwrap();
        world.mend().await;
        world.servers["feed"].take_asked();
        let again = source(&world.harvest(1).await, "feed").error.clone().unwrap();
        assert!(again.starts_with(&first) && again.contains("it is asked again after 03:1"), "{again}");
        assert_eq!(world.servers["feed"].take_asked().len(), 0);
        let named = world.harvest_only(1, &["feed".to_owned()]).await;
        assert_eq!(source(&named, "feed").error, None);
        assert_eq!(world.servers["feed"].take_asked().len(), 1);
    });
}

#[test]
fn a_fresh_source_is_left_alone_and_that_is_told() {
    block_on(async {
        let mut world = World::start(live()).await;
        let body: &'static str = Box::leak(faults::feed("").body.into_boxed_str());
        let fresh = Act::Status("200 OK", "Cache-Control: max-age=7200\r\n", body);
        world.servers.get_mut("feed").unwrap().break_next(fresh, FOR_EVER).await;
        assert_eq!(source(&world.harvest(1).await, "feed").new, 3);
        let report = world.harvest(1).await;
        let feed = source(&report, "feed");
        assert_eq!(feed.error, None);
        assert!(feed.notes.iter().any(|n| n.contains("nothing new comes before 05:00")), "{feed:?}");
        assert_eq!(world.servers["feed"].take_asked().len(), 1);
        world.harvest_only(1, &["feed".to_owned()]).await;
        assert_eq!(world.servers["feed"].take_asked().len(), 1);
    });
}

#[test]
fn a_redirect_never_reaches_a_private_address() {
    block_on(async {
        // Without a second loopback address there is nothing to be reached.
        let Ok(trap) = tokio::net::TcpListener::bind("127.0.0.2:0").await else { return };
        let port = trap.local_addr().unwrap().port();
        let live = live();
        for host in ["127.0.0.2", "inner.example.org", "localhost", "2130706434", "[::ffff:127.0.0.2]", "127.2"] {
            let mut server = FaultServer::start(faults::feed).await;
            let target: &'static str = Box::leak(format!("http://{host}:{port}/").into_boxed_str());
            server.break_next(Act::Redirect(target), 1).await;
            let mut request = Request::get(format!("http://feed.example.org:{}/feed.xml", server.port()));
            for allows_private in [false, true] {
                request.allows_private = allows_private;
                server.break_next(Act::Redirect(target), 1).await;
                let error = live.fetch(&request).await.unwrap_err().to_string();
                assert!(error.contains("private address"), "{host}: {error}");
            }
            let direct = Request::get(target);
            assert!(live.fetch(&direct).await.is_err(), "{host}");
        }
        let reached = tokio::time::timeout(Duration::from_millis(20), trap.accept()).await;
        assert!(reached.is_err(), "somebody knocked at the private address");
    });
}

#[test]
fn a_host_that_wants_quiet_gets_it_from_all_its_sources() {
    block_on(async {
        let live = live();
        let mut server = FaultServer::start(faults::feed).await;
        let ask = |path: &str| Request::get(format!("http://feed.example.org:{}/{path}", server.port()));
        let (one, two) = (ask("one.xml"), ask("two.xml"));
        server.break_next(Act::Status("503 Later", "Retry-After: 3600\r\n", ""), 1).await;
        let first = live.fetch(&one).await.unwrap_err();
        assert_eq!(first.retry_after_s(), Some(3_600));
        let second = live.fetch(&two).await.unwrap_err().to_string();
        assert!(second.contains("feed.example.org wants no requests for another 60 minutes"), "{second}");
        assert_eq!(server.take_asked().len(), 1);
    });
}

#[test]
fn a_host_is_asked_one_question_at_a_time() {
    block_on(async {
        let live = live();
        let mut server = FaultServer::start(faults::feed).await;
        server.break_next(Act::SilenceAfterHead, 1).await;
        let slow = Request::get(format!("http://feed.example.org:{}/slow.xml", server.port()));
        let quick = Request::get(format!("http://feed.example.org:{}/quick.xml", server.port()));
        let (slow, quick) = tokio::join!(live.fetch(&slow), async {
            let answer = live.fetch(&quick).await;
            (answer, server.take_asked().len())
        });
        assert!(slow.is_err());
        assert!(quick.0.is_ok(), "the second comes when the first is done: {:?}", quick.0);
        assert_eq!(quick.1, 2);
    });
}

#[test]
fn a_recorded_exchange_holds_no_secret() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let mut server = FaultServer::start(faults::pubmed).await;
        let recording = Recording::new(folder.path().to_owned(), Live::with(QUICK, guard()).unwrap());
        let form = format!("db=pubmed&term=x&email=nobody%40example.org&api_key={KEY}");
        let url = format!("http://pubmed.example.org:{}/esearch.fcgi", server.port());
        let request = Request { method: Method::PostForm(form), ..Request::get(url) };
        for act in [Act::Echo("500 No"), Act::Echo("200 OK"), Act::Status("429 No", JSON, LIMIT)] {
            server.break_next(act, 1).await;
            let answer = recording.fetch(&request).await;
            let shown = format!("{request:?} {answer:?}");
            assert!(!shown.contains(KEY), "{shown}");
            for file in std::fs::read_dir(folder.path()).unwrap() {
                let text = String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap()).into_owned();
                assert!(!text.contains(KEY) && !text.contains("nobody%40") && !text.contains(MAIL), "{act:?}: {text}");
            }
        }
    });
}
