//! The desk as a process: how it ends, and what it does without its database.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use roundup::store::WriterLock;

use crate::support::Bench;

const PAPER: &str = r#"{"id":"a","title":"Lullabies and postnatal depression: a cohort in Malawi","authors":["Deen, Dora"],"journal":"Acta Fabricata","year":2026,"published":"2026-10-05","pmid":"90000001","doi":"10.5555/draft.1","abstract":"We followed 300 mothers with postnatal depression in Malawi."}
"#;

/// A desk that runs in a home with one paper and no draft; it is ended when it is dropped.
struct Running {
    bench: Bench,
    desk: Child,
    address: String,
    token: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.desk.kill();
        let _ = self.desk.wait();
    }
}

impl Running {
    fn start() -> Self {
        let bench = Bench::new();
        assert_eq!(bench.run(&["init", "home"]).code, 0);
        bench.write("paper.jsonl", PAPER);
        assert_eq!(bench.run(&["--home", "home", "import", "paper.jsonl"]).code, 0);
        let mut command = bench.command(&["--home", "home", "--json", "curate", "--no-open", "--port", "0"]);
        let mut desk = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(desk.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: serde_json::Value = serde_json::from_str(&line).unwrap();
        let entrance = told["entrance"].as_str().unwrap();
        let token = entrance.rsplit('/').next().unwrap().to_owned();
        Self { bench, desk, address: told["address"].as_str().unwrap().to_owned(), token }
    }

    /// Returns where something of the home lies.
    fn at(&self, name: &str) -> PathBuf {
        self.bench.path().join("home").join(name)
    }

    /// Asks the desk as its own script does.
    fn ask(&self, line: &str) -> String {
        let Self { address, token, .. } = self;
        let port = address.rsplit(':').next().unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!(
            "{line} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: roundup-desk-{port}={token}\r\n\
             Accept: application/json\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer
    }

    /// Sends a signal.
    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.desk.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Returns how the desk ended, if it did so in time.
    fn ended(&mut self, within: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + within;
        while Instant::now() < until {
            if let Some(status) = self.desk.try_wait().unwrap() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        None
    }
}

/// Long enough for the desk to hear a signal, and not for a job to be given up.
const MOMENT: Duration = Duration::from_millis(700);
/// Longer than anything is waited for.
const LONG: Duration = Duration::from_secs(40);

/// One way to end a desk while a job is under way that waits for another roundup.
struct Ending {
    signals: &'static [&'static str],
    /// Whether the other roundup ends after the first signal, so that the job can be done.
    is_let_on: bool,
    code: i32,
    is_done: bool,
    note: &'static str,
}

const ENDINGS: [Ending; 5] = [
    Ending { signals: &["INT"], is_let_on: true, code: 0, is_done: true, note: "Ctrl-C waits for the job" },
    Ending { signals: &["TERM"], is_let_on: true, code: 0, is_done: true, note: "and so does the system's word" },
    Ending { signals: &["TERM"], is_let_on: false, code: 0, is_done: false, note: "but not for ever" },
    Ending { signals: &["INT", "INT"], is_let_on: false, code: 130, is_done: false, note: "a second Ctrl-C is meant" },
    Ending { signals: &["TERM", "TERM"], is_let_on: false, code: 130, is_done: false, note: "a second word as well" },
];

fn end(ending: &Ending) {
    let note = ending.note;
    let mut running = Running::start();
    let lock = WriterLock::take(&running.at("data")).unwrap();
    let begun = running.ask("POST /m/2026-10/draft");
    assert!(begun.contains("303") && begun.contains("/jobs/1"), "{note}: {begun}");
    let mut lock = Some(lock);
    for (n, signal) in ending.signals.iter().enumerate() {
        running.signal(signal);
        if n == 0 {
            assert_eq!(running.ended(MOMENT), None, "{note}: the job is waited for");
        }
    }
    if ending.is_let_on {
        lock = None;
    }
    let within = if ending.code == 130 { Duration::from_secs(4) } else { LONG };
    let status = running.ended(within).unwrap_or_else(|| panic!("{note}: it does not end"));
    assert_eq!(status.code(), Some(ending.code), "{note}");
    assert_eq!(running.at("drafts/2026-10.toml").exists(), ending.is_done, "{note}");
    drop(lock);
    let doctor = running.bench.run(&["--home", "home", "doctor"]);
    assert!(doctor.out.contains("database: whole"), "{note}: {}", doctor.all());
    let left = roundup::fsx::entries_in(&running.at("drafts")).unwrap();
    assert!(left.iter().all(|(path, _)| !path.to_string_lossy().contains(".roundup-")), "{note}: {left:?}");
}

#[test]
fn a_desk_that_is_ended_waits_for_its_job_and_leaves_nothing_half() {
    std::thread::scope(|scope| {
        let all = ENDINGS.iter().map(|ending| scope.spawn(|| end(ending))).collect::<Vec<_>>();
        for one in all {
            one.join().unwrap();
        }
    });
}

#[test]
fn without_its_database_no_job_begins_with_an_empty_one() {
    let running = Running::start();
    let (path, away) = (running.at("data/roundup.db"), running.at("away.db"));
    std::fs::rename(&path, &away).unwrap();
    let begun = running.ask("POST /m/2026-10/render");
    assert!(begun.contains("/jobs/1"), "{begun}");
    assert!(!path.exists());
    std::fs::rename(&away, &path).unwrap();
    let job = running.ask("GET /jobs/1");
    assert!(job.contains("the database is not where it was"), "{job}");
    assert!(running.ask("POST /m/2026-10/draft").contains("/jobs/2"), "once it is back all goes on");
}
