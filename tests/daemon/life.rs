//! A daemon's life: it is asked how it is, told to read its settings anew, and told to end.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use roundup::store::JobState;

use super::{Daemon, INBOX, SETTINGS, home, rows};
use crate::support::faults::{self, Act, FOR_EVER, FaultServer};

/// Asks for a path on this computer and returns status line and body.
fn ask(port: u16, path: &str, host: &str) -> (String, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

/// Returns a port that is free just now.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn it_says_how_it_is_and_what_it_did() {
    let bench = home(INBOX);
    let port = free_port();
    let listen = format!("127.0.0.1:{port}");
    drop({
        let first = Daemon::start(bench.path(), "2026-10-01T12:00:00Z", &["--no-listen"]);
        first.hears("waiting until");
        first
    });
    let daemon = Daemon::start(bench.path(), "2026-10-02T02:10:00Z", &["--listen", &listen]);
    assert!(daemon.hears("STATUS=harvest").contains("due 2026-10-02T02:00:00Z"));
    daemon.hears("waiting until 2026-10-03");
    let host = format!("127.0.0.1:{port}");
    for (path, want) in [("/healthz", "ok\n"), ("/readyz", "ready\n")] {
        let (status, body) = ask(port, path, &host);
        assert_eq!((status.as_str(), body.as_str()), ("HTTP/1.1 200 OK", want), "{path}");
    }
    let (_, figures) = ask(port, "/metrics", &host);
    check_figures(&figures);
    for want in [
        "roundup_runs{job=\"harvest\",state=\"done\"} 2\n",
        "roundup_runs{job=\"draft\",state=\"planned\"} 1\n",
        "roundup_source_failing_seconds{source=\"inbox\"} 0\n",
        "roundup_index_lag 0\n",
        "roundup_settings_refused 0\n",
    ] {
        assert!(figures.contains(want), "{want}{figures}");
    }
    for host in ["evil.example.org", "127.0.0.1.evil.example.org", "", "localhost.evil.example:1"] {
        let (status, _) = ask(port, "/metrics", host);
        assert_eq!(status, "HTTP/1.1 403 Forbidden", "{host}");
    }
    // Everybody else works meanwhile.
    bench.write("two.jsonl", super::PAPER.replace("Lullabies", "Songs").replace("daemon.1", "daemon.2"));
    for args in [&["status"][..], &["search", "lullabies"], &["import", "two.jsonl"], &["doctor"]] {
        let ran = bench.run(args);
        assert!(ran.code == 0 || args[0] == "doctor", "{args:?}: {}", ran.all());
    }
    assert!(bench.run(&["status"]).out.contains("the daemon is at work (process "));
    daemon.signal("TERM");
    daemon.hears("STOPPING=1");
    let (code, log) = daemon.ended();
    assert_eq!(code, Some(0), "{log}");
    assert!(bench.run(&["status"]).out.contains("no daemon is at work"));
}

/// Checks that figures have the form of Prometheus's text format: a help and a kind before each, a number behind.
fn check_figures(text: &str) {
    let mut known = String::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert!(["gauge", "counter"].contains(&kind), "{line}");
            name.clone_into(&mut known);
            continue;
        }
        if line.starts_with("# HELP ") {
            continue;
        }
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(value.parse::<f64>().is_ok(), "{line}");
        assert_eq!(name.split('{').next(), Some(known.as_str()), "{line}");
    }
    assert!(text.ends_with('\n'));
}

#[test]
fn settings_are_read_anew_and_wrong_ones_are_refused() {
    let bench = home(INBOX);
    let port = free_port();
    let daemon = Daemon::start(bench.path(), "2026-10-01T12:00:00Z", &["--listen", &format!("127.0.0.1:{port}")]);
    daemon.hears("waiting until 2026-10-02T02:0");
    bench.write("feeds.toml", format!("{SETTINGS}{INBOX}colour = \"blue\"\n"));
    daemon.signal("HUP");
    // The timetable is looked through again with the settings from before.
    daemon.hears("waiting until 2026-10-02T02:0");
    let (status, body) = ask(port, "/readyz", "localhost");
    assert_eq!(status, "HTTP/1.1 503 Service Unavailable");
    assert!(body.contains("the settings are wrong"), "{body}");
    let reminders = || std::fs::read_to_string(bench.path().join("REMINDERS.txt")).unwrap_or_default();
    let told = "- the settings are wrong, and the ones from before stay in use: feeds.toml:";
    assert!(reminders().contains(told), "{}", reminders());
    // A change is seen without a signal as well.
    bench.write("feeds.toml", format!("{}{INBOX}", SETTINGS.replace("0 5 * * *", "30 7 * * *")));
    daemon.hears("waiting until 2026-10-02T04:3");
    assert_eq!(ask(port, "/readyz", "localhost").0, "HTTP/1.1 200 OK");
    assert!(!reminders().contains("settings"), "{}", reminders());
    daemon.signal("TERM");
    let (code, log) = daemon.ended();
    assert_eq!(code, Some(0));
    assert!(log.contains("the daemon works in") && log.contains("the daemon ends as it was told"), "{log}");
    assert!(log.contains("the ones from before stay in use") && log.contains("colour"), "{log}");
}

#[test]
fn it_ends_within_seconds_in_the_midst_of_a_harvest_and_goes_on_later() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut server = runtime.block_on(FaultServer::start(faults::feed));
    let source = |port| {
        format!(
            "[[source]]\nid = \"feed\"\nkind = \"feed\"\nname = \"Feed\"\nurl = \"http://127.0.0.1:{port}/feed.xml\"\n\
             allow-private = true\n"
        )
    };
    let bench = home(&source(server.port()));
    runtime.block_on(server.break_next(Act::Status("404 Not Found", "", "no"), FOR_EVER));
    drop({
        let first = Daemon::start(bench.path(), "2026-10-01T12:00:00Z", &["--no-listen"]);
        first.hears("waiting until");
        first
    });
    for (act, signals) in [
        (Act::DribbleBody, &["TERM"][..]),
        (Act::Silence, &["TERM"]),
        (Act::Silence, &["INT"]),
        (Act::Silence, &["TERM", "TERM"]),
    ] {
        runtime.block_on(server.break_next(act, FOR_EVER));
        server.take_asked();
        let daemon = Daemon::start(bench.path(), "2026-10-02T02:10:00Z", &["--no-listen"]);
        daemon.hears("STATUS=harvest");
        while server.take_asked().is_empty() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        for signal in signals {
            daemon.signal(signal);
        }
        let (code, log) = daemon.ended();
        let want = if signals.len() > 1 { [Some(0), Some(130)] } else { [Some(0); 2] };
        assert!(want.contains(&code), "{act:?} {signals:?}: {code:?} {log}");
        let row = rows(bench.path()).into_iter().find(|row| row.due.starts_with("2026-10-02")).unwrap();
        assert_eq!(row.state, JobState::Running, "cut off, to be done again");
    }
    runtime.block_on(server.mend());
    let daemon = Daemon::start(bench.path(), "2026-10-02T02:20:00Z", &["--no-listen"]);
    daemon.hears("waiting until 2026-10-03");
    drop(daemon);
    let row = rows(bench.path()).into_iter().find(|row| row.due.starts_with("2026-10-02")).unwrap();
    assert_eq!((row.state, row.tries, row.outcome.as_str()), (JobState::Done, 5, "3 new papers"));
}

#[test]
fn a_source_that_never_answers_is_tried_later_and_told() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut server = runtime.block_on(FaultServer::start(faults::feed));
    runtime.block_on(server.break_next(Act::Status("404 Not Found", "", "no"), FOR_EVER));
    let port = server.port();
    let source = format!(
        "[[source]]\nid = \"feed\"\nkind = \"feed\"\nname = \"Feed\"\nurl = \"http://127.0.0.1:{port}/feed.xml\"\n\
         allow-private = true\n"
    );
    let bench = home(&source);
    let once = |now: &str| {
        let ran = bench.run_with(&["daemon", "--once"], &[("ROUNDUP_NOW", now)]);
        assert_eq!(ran.code, 0, "{now}: {}", ran.all());
        ran.out
    };
    once("2026-10-02T12:00:00Z");
    let next = once("2026-10-03T02:10:00Z");
    assert!(next.contains("Sat 3 Oct 2026, 05:1"), "tried again after some minutes: {next}");
    let row = rows(bench.path()).into_iter().find(|row| row.due.starts_with("2026-10-03")).unwrap();
    assert_eq!(row.state, JobState::Failed);
    for day in 4..8 {
        once(&format!("2026-10-{day:02}T02:10:00Z"));
    }
    let status = bench.run_with(&["status"], &[("ROUNDUP_NOW", "2026-10-07T03:00:00Z")]).out;
    assert!(status.contains("Feed (feed) has not answered since 2 October 2026"), "{status}");
    let file = std::fs::read_to_string(bench.path().join("REMINDERS.txt")).unwrap();
    assert!(file.contains("- Feed (feed) has not answered since 2 October 2026"), "{file}");
    runtime.block_on(server.mend());
    once("2026-10-08T02:10:00Z");
    assert!(!bench.path().join("REMINDERS.txt").exists(), "it answers again, and nothing is to know");
}

#[test]
fn a_dropped_file_that_cannot_be_read_is_told_until_it_is_taken_away() {
    let bench = home(INBOX);
    bench.write("inbox/notes.txt", "some words, and no paper\n");
    let ran = bench.run_with(&["daemon", "--once"], &[("ROUNDUP_NOW", "2026-10-02T12:00:00Z")]);
    assert!(ran.code == 0 && ran.err.contains("WARN") && ran.err.contains("notes.txt: "), "{}", ran.all());
    let file = bench.path().join("REMINDERS.txt");
    let told = std::fs::read_to_string(&file).unwrap();
    let want = "- inbox/problems/notes.txt could not be read: inbox/problems/notes.txt.why.txt says why";
    assert!(told.contains(want), "{told}");
    for name in ["notes.txt", "notes.txt.why.txt"] {
        std::fs::remove_file(bench.path().join("inbox/problems").join(name)).unwrap();
    }
    assert_eq!(bench.run_with(&["daemon", "--once"], &[("ROUNDUP_NOW", "2026-10-03T02:10:00Z")]).code, 0);
    assert!(!file.exists(), "nothing is to know any more");
}

#[test]
fn an_address_that_is_taken_or_none_is_told_with_what_helps() {
    let bench = home(INBOX);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ran = bench.run(&["daemon", "--listen", &address]);
    let told =
        ran.err.contains(&format!("nobody can be answered on {address}: ")) && ran.err.contains("--no-listen none");
    assert!(ran.code == 2 && told && !ran.err.contains("works in"), "{}", ran.all());
    let ran = bench.run(&["daemon", "--listen", "somewhere"]);
    assert!(ran.code == 2 && ran.err.contains("such as 127.0.0.1:8573"), "{}", ran.all());
    let ran = bench.run_with(&["daemon", "--once"], &[("ROUNDUP_LOG", "loud")]);
    assert!(ran.code == 2 && ran.err.contains("ROUNDUP_LOG=\"loud\" is not understood"), "{}", ran.all());
}

#[test]
fn the_log_names_job_source_and_stage_and_no_secret() {
    const SECRETS: [&str; 2] = ["5ecret0key0of0nobody", "sesame-open-0123"];
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let mut pubmed = runtime.block_on(FaultServer::start(faults::pubmed));
    let feed = runtime.block_on(FaultServer::start(faults::feed));
    let sources = format!(
        "[[source]]\nid = \"pubmed\"\nkind = \"pubmed\"\nname = \"PubMed\"\nquery-file = \"q.txt\"\n\
         base-url = \"http://127.0.0.1:{}/\"\nallow-private = true\n\
         [[source]]\nid = \"feed\"\nkind = \"feed\"\nname = \"Feed\\u001b[2J\"\nurl = \"http://127.0.0.1:{}/feed.xml\"\n\
         allow-private = true\n[reminders]\nto = [\"ada@example.org\"]\nserver = \"localhost:9\"\nuser = \"ada\"\n",
        pubmed.port(),
        feed.port()
    );
    let bench = home(&sources);
    bench.write("q.txt", "depression");
    let log = |format: &str, now: &str| {
        let (key, password) = (SECRETS[0], SECRETS[1]);
        let environment = [
            ("ROUNDUP_NOW", now),
            ("ROUNDUP_LOG", "trace"),
            ("ROUNDUP_LOG_FORMAT", format),
            ("NCBI_EMAIL", "nobody@example.org"),
            ("NCBI_API_KEY", key),
            ("ROUNDUP_MAIL_PASSWORD", password),
        ];
        let ran = bench.run_with(&["daemon", "--once"], &environment);
        assert_eq!(ran.code, 0, "{}", ran.all());
        for secret in SECRETS {
            assert!(!ran.all().contains(secret), "{}", ran.all());
        }
        ran.err
    };
    log("text", "2026-10-01T12:00:00Z");
    runtime.block_on(pubmed.break_next(Act::Status("500 Oh", "", "api_key=5ecret0key0of0nobody"), FOR_EVER));
    let text = log("text", "2026-10-02T02:10:00Z");
    assert!(!text.contains('\u{1b}'), "{text}");
    assert!(text.contains("it is tried again"), "{text}");
    assert_eq!(bench.run(&["draft", "2026-09"]).code, 0, "a draft that waits is something to be reminded of");
    let lines = log("json", "2026-10-03T02:10:00Z");
    let mut spans = std::collections::BTreeSet::new();
    for line in lines.lines().filter(|line| !line.is_empty()) {
        let event: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        for span in event["spans"].as_array().into_iter().flatten() {
            spans.insert(span["name"].as_str().unwrap().to_owned());
        }
    }
    assert!(lines.contains("could not be reminded"), "{lines}");
    assert!(["job", "source"].iter().all(|name| spans.contains(*name)), "{spans:?}\n{lines}");
}
