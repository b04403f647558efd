//! Years go by: every day a harvest in which things go wrong, on the 1st a draft. A process of its own lives through
//! them, so that its memory and descriptors are its own.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use roundup::clock::FixedClock;
use roundup::daemon;
use roundup::fetch::{Limits, Live};
use roundup::pipeline::{Ctx, Home, load_config};
use roundup::store::{JobState, WriterLock};

use super::{SETTINGS, rows};
use crate::support::Bench;
use crate::support::faults::{Act, FaultServer, Good};

/// Months that are lived through: 24 for a proof, else a few.
const MONTHS: &str = "ROUNDUP_SOAK_MONTHS";
/// The day on which it begins.
const BEGIN: &str = "2026-10-01T12:00:00Z";
/// The day of the servers, in days since it began.
static DAY: AtomicI64 = AtomicI64::new(0);

/// Patience is short here, so that a fault costs no time.
const QUICK: Limits = Limits {
    connect: Duration::from_millis(400),
    silence: Duration::from_millis(400),
    total: Duration::from_millis(600),
    pause_first: Duration::from_millis(1),
    pause_longest: Duration::from_millis(5),
    patience: Duration::from_secs(1),
    gap_longest: Duration::ZERO,
    ..Limits::USUAL
};

/// What goes wrong, one in five times.
const FAULTS: [Act; 7] = [
    Act::Status("500 Oh", "", "no"),
    Act::Status("404 Not Found", "", "no"),
    Act::ResetAtPercent(50),
    Act::CutBody,
    Act::Close,
    Act::BrokenGzip,
    Act::Refuse,
];

const THEMES: [&str; 6] =
    ["lullabies", "walking groups", "radio plays", "village savings", "night clinics", "birth stories"];
const PLACES: [&str; 5] = ["Kenya", "Malawi", "Nepal", "Ghana", "Peru"];

/// Returns the feed of a house on the present day: an item for each of the last 25 days.
fn feed(house: &str, every: i64) -> Good {
    let today = DAY.load(Ordering::SeqCst);
    let items: Vec<String> = (today - 25..=today)
        .filter(|day| day % every == 0)
        .map(|day| {
            let n = usize::try_from(day + 1_000).unwrap();
            let (theme, place) = (THEMES[n % THEMES.len()], PLACES[n % PLACES.len()]);
            let date = (begin() + SignedDuration::from_hours(24 * day)).strftime("%a, %d %b %Y 06:00:00 +0000");
            format!(
                "<item><title>{theme} of {house} number {n} and postnatal depression of mothers in {place}</title>\
                 <link>https://{house}.example.org/{n}</link><guid isPermaLink=\"false\">{house}-{n}</guid>\
                 <dc:identifier>doi:10.5555/{house}.{n}</dc:identifier>\
                 <description>In a trial in {place}, {theme} eased the low mood of {n} mothers.</description>\
                 <pubDate>{date}</pubDate></item>\n"
            )
        })
        .collect();
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <channel><title>{house}</title><link>https://{house}.example.org/</link><description>Invented</description>\n\
         {}</channel></rss>\n",
        items.concat()
    );
    Good { content_type: "application/rss+xml; charset=UTF-8", body }
}

fn begin() -> Timestamp {
    BEGIN.parse().unwrap()
}

/// What a life came to.
#[derive(Debug)]
struct Life {
    drafts: BTreeMap<String, Vec<u8>>,
    harvests: usize,
    failures: u32,
    /// Resident memory in kB and open descriptors, at the end of each month.
    sizes: Vec<(u64, usize)>,
}

/// Lives through some months; `faults` in a hundred requests go wrong.
fn live_through(runtime: &tokio::runtime::Runtime, months: i64, faults: u64) -> Life {
    let mut servers = [
        runtime.block_on(FaultServer::start(|_| feed("harbour", 1))),
        runtime.block_on(FaultServer::start(|_| feed("meadow", 2))),
    ];
    let bench = Bench::new();
    let blocks: Vec<String> = ["harbour", "meadow"]
        .iter()
        .zip(&servers)
        .map(|(id, server)| {
            format!(
                "[[source]]\nid = \"{id}\"\nkind = \"feed\"\nname = \"The {id}\"\nurl = \"http://127.0.0.1:{}/feed.xml\"\n\
                 allow-private = true\n",
                server.port()
            )
        })
        .collect();
    // A proof harvests every day; a usual run of the tests every fifth, and on the 1st.
    let is_proof = std::env::var_os("ROUNDUP_PROVE").is_some_and(|v| v == "1");
    let settings = if is_proof { SETTINGS.to_owned() } else { SETTINGS.replace("0 5 * * *", "0 5 */5 * *") };
    bench.write("feeds.toml", format!("{settings}{}", blocks.concat()));
    let end = begin() + SignedDuration::from_hours(24 * 30 * months);
    let (mut now, mut state, mut sizes, mut failures) = (begin(), 11_u64, Vec::new(), 0);
    while now < end {
        DAY.store(now.duration_since(begin()).as_hours() / 24, Ordering::SeqCst);
        for server in &mut servers {
            let act = FAULTS[usize::try_from(drawn(&mut state, 7)).unwrap()];
            if drawn(&mut state, 100) < faults {
                failures += 1;
                runtime.block_on(server.break_next(act, 9));
            } else {
                runtime.block_on(server.mend());
            }
        }
        let next = daemon::once(&open(&bench, now)).unwrap().unwrap();
        let month = |at: Timestamp| at.duration_since(begin()).as_hours() / 24 / 30;
        if month(next) > month(now) {
            sizes.push(size());
        }
        assert!(next > now, "time goes on: {now} {next}");
        now = next;
    }
    let all = rows(bench.path());
    let lost: Vec<_> = all.iter().filter(|row| row.state == JobState::Missed).collect();
    assert!(lost.is_empty(), "{lost:#?}");
    let harvests = all.iter().filter(|row| row.name == "harvest" && row.state == JobState::Done).count();
    let ports: Vec<String> = servers.iter().map(|server| server.port().to_string()).collect();
    let mut drafts = bench.files("drafts");
    for bytes in drafts.values_mut() {
        let mut text = String::from_utf8(bytes.clone()).unwrap();
        for (n, port) in ports.iter().enumerate() {
            text = text.replace(port, &format!("port{n}"));
        }
        *bytes = text.into_bytes();
    }
    Life { drafts, harvests, failures, sizes }
}

/// Opens the home as the daemon does for each turn.
fn open(bench: &Bench, now: Timestamp) -> Ctx {
    let home = Home::new(bench.path());
    let (config, problems) = load_config(&home).unwrap();
    let config = config.unwrap_or_else(|| panic!("{problems:#?}"));
    let lock = WriterLock::take(&home.data()).unwrap();
    let live = Live::with(QUICK, roundup::fetch::address::Guard::default()).unwrap();
    Ctx::open(home, config, Box::new(FixedClock(now)), Box::new(live), Some(lock)).unwrap()
}

/// Returns the next of a row of numbers that looks drawn, below `max`.
fn drawn(state: &mut u64, max: u64) -> u64 {
    super::storms::drawn(state, max)
}

/// Returns how much memory this process has in kB, and how many descriptors.
fn size() -> (u64, usize) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kb = line.trim().trim_end_matches("kB").trim().parse().unwrap();
    (kb, std::fs::read_dir("/proc/self/fd").unwrap().count())
}

#[cfg(target_os = "linux")]
#[test]
fn years_go_by_and_nothing_grows() {
    let Ok(months) = std::env::var(MONTHS) else {
        // Only the process that is started here lives through them.
        let months = if std::env::var_os("ROUNDUP_PROVE").is_some_and(|v| v == "1") { "24" } else { "5" };
        let own = std::env::current_exe().unwrap();
        let name = "daemon::soak::years_go_by_and_nothing_grows";
        let ran = Command::new(own).args(["--exact", name, "--nocapture"]).env(MONTHS, months).output().unwrap();
        let said = String::from_utf8_lossy(&ran.stdout);
        assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
        let figures = said.lines().find_map(|line| line.split_once("soak: ")).unwrap_or_else(|| panic!("{said}"));
        println!("soak: {}", figures.1);
        return;
    };
    let months: i64 = months.parse().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let clean = live_through(&runtime, months, 0);
    let faulty = live_through(&runtime, months, 20);
    assert!(faulty.failures > 0 && clean.failures == 0);
    let names: Vec<&String> = clean.drafts.keys().collect();
    assert_eq!(faulty.drafts.keys().collect::<Vec<_>>(), names);
    assert!(names.len() >= usize::try_from(months - 1).unwrap(), "a draft for each month: {names:?}");
    for (name, bytes) in &clean.drafts {
        let (a, b) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&faulty.drafts[name]));
        assert!(a.contains("[[item]]"), "{name} holds papers: {a}");
        assert!(a == b, "{name} is another:\n{a}\n---\n{b}");
    }
    let (third, last) = (faulty.sizes[2], *faulty.sizes.last().unwrap());
    println!(
        "soak: {months} months, {} harvests done, {} of the requests' faults, {} drafts as in a clean run; memory {} kB \
         after month 3 and {} kB at the end, descriptors {} and {}",
        faulty.harvests,
        faulty.failures,
        faulty.drafts.len(),
        third.0,
        last.0,
        third.1,
        last.1
    );
    assert!(last.1 <= third.1, "descriptors: {:?}", faulty.sizes);
    // Memory may move by what an allocator keeps, but must not grow month by month.
    assert!(last.0 <= third.0 + third.0 / 10 + 4_096, "memory in kB: {:?}", faulty.sizes);
}
