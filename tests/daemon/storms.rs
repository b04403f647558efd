//! Starts without end around a due minute, and two at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use roundup::store::{DaemonLock, JobState, StoreError, WriterLock};

use super::{Daemon, INBOX, PAPER, home, rows};

/// How often the daemon is started and cut off around one due minute.
const STARTS: u32 = 200;

/// Returns a moment that is so many seconds from 02:00 UTC on 2 October 2026.
fn around_due(seconds: i64) -> String {
    let due: jiff::Timestamp = "2026-10-02T02:00:00Z".parse().unwrap();
    (due + jiff::SignedDuration::from_secs(seconds)).to_string()
}

/// Returns the next of a row of numbers that looks drawn, below `max`.
pub fn drawn(state: &mut u64, max: u64) -> u64 {
    // Steele and Vigna's split mix, as good as any here.
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) % max
}

#[test]
fn a_storm_of_starts_around_a_due_minute_is_one_run() {
    let bench = home(INBOX);
    let first = Daemon::start(bench.path(), &around_due(-80_000), &["--no-listen"]);
    first.hears("waiting until 2026-10-02T02:0");
    drop(first);
    bench.write("inbox/two.jsonl", PAPER.replace("Lullabies", "Songs of fathers").replace("daemon.1", "daemon.2"));
    let mut state = 7;
    for n in 0..STARTS {
        // From two minutes before to eight minutes after: the jitter of a harvest is at most five.
        let now = around_due(i64::from(n) * 3 - 120);
        let mut daemon = Daemon::start(bench.path(), &now, &["--no-listen"]);
        std::thread::sleep(Duration::from_millis(drawn(&mut state, 160)));
        daemon.child.kill().unwrap();
        drop(daemon);
    }
    let last = Daemon::start(bench.path(), &around_due(600), &["--no-listen"]);
    last.hears("waiting until 2026-10-03T02:0");
    last.signal("TERM");
    let (code, log) = last.ended();
    assert_eq!(code, Some(0), "{log}");
    let of_day: Vec<_> = rows(bench.path()).into_iter().filter(|row| row.due.starts_with("2026-10-02")).collect();
    assert_eq!(of_day.len(), 1, "{of_day:#?}");
    assert_eq!((of_day[0].state, of_day[0].moments), (JobState::Done, 1), "{of_day:#?}");
    println!("storm: around a due minute, {STARTS} starts, begun {} times, done once", of_day[0].tries);
    let counts = bench.run(&["status", "--json"]);
    let status: serde_json::Value = serde_json::from_str(&counts.out).unwrap();
    assert_eq!((&status["counts"]["records"], &status["counts"]["works"]), (&2.into(), &2.into()), "{}", counts.all());
}

#[test]
fn of_two_daemons_one_ends_and_names_the_other() {
    let bench = home(INBOX);
    let now = around_due(-3_600);
    let first = Daemon::start(bench.path(), &now, &["--no-listen"]);
    first.hears("READY=1");
    let second = Daemon::start(bench.path(), &now, &["--no-listen"]);
    let (code, log) = second.ended();
    assert_eq!(code, Some(75), "{log}");
    assert!(log.contains(&format!("a daemon is at work here already (process {})", first.child.id())), "{log}");
    drop(first);
    for _ in 0..20 {
        let [mut a, mut b] = [(); 2].map(|()| Daemon::start(bench.path(), &now, &["--no-listen"]));
        // One of them ends at once; the other waits until it is told to end.
        let (refused, other) = loop {
            if a.child.try_wait().unwrap().is_some() {
                break (a, b);
            }
            if b.child.try_wait().unwrap().is_some() {
                break (b, a);
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        let (code, log) = refused.ended();
        assert_eq!(code, Some(75), "{log}");
        other.hears("READY=1");
    }
}

#[test]
fn of_two_writers_one_writes() {
    let home = tempfile::tempdir().unwrap();
    let (is_inside, turns) = (AtomicBool::new(false), std::sync::atomic::AtomicU32::new(0));
    for race in 0..100 {
        std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| match WriterLock::take(home.path()) {
                    Ok(lock) => {
                        assert!(!is_inside.swap(true, Ordering::SeqCst), "two writers in race {race}");
                        std::thread::sleep(Duration::from_micros(200));
                        is_inside.store(false, Ordering::SeqCst);
                        turns.fetch_add(1, Ordering::SeqCst);
                        drop(lock);
                    }
                    Err(StoreError::Locked { .. }) => {}
                    Err(error) => panic!("{error}"),
                });
            }
        });
    }
    let turns = turns.load(Ordering::SeqCst);
    assert!((100..=200).contains(&turns), "in each race one writes at least: {turns}");
    println!("storm: two writers, 100 races, never two at once");
    let lock = DaemonLock::take(home.path()).unwrap();
    assert_eq!(DaemonLock::holder(home.path()), Some(std::process::id().to_string()));
    assert!(matches!(DaemonLock::take(home.path()), Err(StoreError::DaemonThere { .. })));
    drop(lock);
    assert_eq!(DaemonLock::holder(home.path()), None);
}
