//! The daemon as it runs, by what it tells its service manager: its life, storms of starts, signals, years.

use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use roundup::store::{JobRow, Store};

use crate::support::Bench;

mod life;
mod memory;
mod soak;
mod storms;

/// The settings of a home with one folder as its source, and a harvest at 05:00 in Nairobi (02:00 UTC).
const SETTINGS: &str = "[roundup]\ncommunity = \"Example Community\"\nname = \"Roundup\"\nshort-name = \"R\"\n\
    web-address = \"https://roundup.example.net/\"\ncontact = \"roundup@example.net\"\ntime-zone = \"Africa/Nairobi\"\n\
    first-issue = \"2026-09\"\n[schedule]\nharvest = \"0 5 * * *\"\ndraft = \"0 6 1 * *\"\n";
/// A folder as a source.
const INBOX: &str = "[[source]]\nid = \"inbox\"\nkind = \"folder\"\nname = \"Files\"\npath = \"inbox\"\n";
/// A paper to be found there.
const PAPER: &str = "{\"id\":\"p1\",\"title\":\"Lullabies and postnatal depression of mothers in Kenya: a trial\",\
    \"year\":2026,\"published\":\"2026-10-12\",\"doi\":\"10.5555/daemon.1\",\"abstract\":\"We studied lullabies among \
    120 women with postnatal depression in Kenya in a randomised trial.\"}\n";

/// A home with these settings behind the usual ones, made ready.
fn home(sources: &str) -> Bench {
    let bench = Bench::new();
    bench.write("feeds.toml", format!("{SETTINGS}{sources}"));
    bench.write("inbox/one.jsonl", PAPER);
    bench
}

/// Returns every row of the timetable.
fn rows(home: &Path) -> Vec<JobRow> {
    let store = Store::open_reader(&home.join("data/roundup.db")).unwrap();
    store.jobs_since("2000-01-01T00:00:00Z".parse().unwrap()).unwrap()
}

/// A daemon, and what it tells its service manager.
struct Daemon {
    child: Child,
    words: UnixDatagram,
    // The socket lies in it.
    _folder: tempfile::TempDir,
}

impl Daemon {
    /// Starts a daemon of a home with the clock at a moment.
    fn start(home: &Path, now: &str, args: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket: PathBuf = folder.path().join("notify");
        let words = UnixDatagram::bind(&socket).unwrap();
        words.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_roundup"))
            .arg("--home")
            .arg(home)
            .arg("daemon")
            .args(args)
            .env_clear()
            .env("ROUNDUP_NOW", now)
            .env("ROUNDUP_LOG", "info")
            .env("NOTIFY_SOCKET", &socket)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self { child, words, _folder: folder }
    }

    /// Waits for a word that holds a part, and returns it.
    fn hears(&self, part: &str) -> String {
        let mut buffer = [0; 2_000];
        loop {
            let length = self.words.recv(&mut buffer).unwrap_or_else(|error| panic!("nothing of {part:?}: {error}"));
            let word = String::from_utf8_lossy(&buffer[..length]).into_owned();
            if word.contains(part) {
                return word;
            }
        }
    }

    /// Sends a signal by its name.
    fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status().unwrap();
        assert!(sent.success(), "{name}");
    }

    /// Waits for its end; returns its exit code and what it logged.
    fn ended(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        let mut log = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        std::io::Read::read_to_string(&mut stderr, &mut log).unwrap();
        (code, log)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
