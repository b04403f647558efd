//! A place to work in: a temporary folder, a cleared environment, a fixed clock, a stand-in server.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use roundup::clock::FixedClock;
use roundup::fetch::{Live, Secret};
use roundup::pipeline::{self, Ctx, Home, load_config};
use roundup::standin::{self, Options, StandIn};
use roundup::store::WriterLock;

pub mod disk;
pub mod faults;
pub mod files;
pub mod hostile;
pub mod mailing;
pub mod programs;

/// A temporary home folder.
pub struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    /// Returns an empty folder.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Returns the folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file in it and returns its path.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Runs the binary here with a cleared environment and the clock at 1 November 2026.
    pub fn run(&self, args: &[&str]) -> Ran {
        self.run_with(args, &[])
    }

    /// Runs the binary as [`Self::run`] does, with some environment variables.
    pub fn run_with(&self, args: &[&str], environment: &[(&str, &str)]) -> Ran {
        Ran::new(&self.command(args).envs(environment.iter().copied()).output().unwrap())
    }

    /// Runs the binary as [`Self::run`] does, with a file as its standard input.
    pub fn run_reading(&self, args: &[&str], input: &Path) -> Ran {
        Ran::new(&self.command(args).stdin(fs::File::open(input).unwrap()).output().unwrap())
    }

    /// Returns the binary, to be run here with a cleared environment and the clock at 1 November 2026.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_roundup"));
        command.args(args).current_dir(self.path()).env_clear().env("ROUNDUP_NOW", "2026-11-01T03:00:00Z");
        command
    }

    /// Returns every file below a folder of the home with its bytes, by name.
    pub fn files(&self, below: &str) -> BTreeMap<String, Vec<u8>> {
        let mut out = BTreeMap::new();
        collect(&self.path().join(below), self.path(), &mut out);
        out
    }
}

fn collect(folder: &Path, root: &Path, out: &mut BTreeMap<String, Vec<u8>>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|e| e.path()) {
        if path.is_dir() {
            collect(&path, root, out);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            out.insert(name, fs::read(&path).unwrap());
        }
    }
}

/// What a run of the binary gave.
pub struct Ran {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    fn new(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
    }

    /// Returns all of it as one text, for comparing.
    pub fn all(&self) -> String {
        format!("exit {}\n--- out\n{}--- err\n{}", self.code, self.out, self.err)
    }
}

/// A home that harvests from the stand-in server.
pub struct Month {
    /// Where it works.
    pub bench: Bench,
    /// The server.
    pub server: StandIn,
}

impl Month {
    /// Starts the server without its rate limit and writes the settings.
    pub async fn start() -> Self {
        let bench = Bench::new();
        let options = Options { today: jiff::civil::date(2026, 10, 1), rate_limit: false };
        let server = standin::start(options).await.unwrap();
        bench.write("feeds.toml", server.feeds_toml());
        bench.write("pubmed-query.txt", standin::PUBMED_QUERY);
        bench.write("inbox/september.nbib", standin::INBOX_SEPTEMBER_NBIB);
        Self { bench, server }
    }

    /// Opens the home as it is on a morning.
    pub fn open(&self, now: &str) -> Ctx {
        let home = Home::new(self.bench.path());
        let (config, problems) = load_config(&home).unwrap();
        let config = config.unwrap_or_else(|| panic!("{problems:#?}"));
        let clock = Box::new(FixedClock(now.parse().unwrap()));
        let lock = WriterLock::take(&home.data()).unwrap();
        let mut ctx = Ctx::open(home, config, clock, Box::new(Live::new().unwrap()), Some(lock)).unwrap();
        // A key shortens the pause between requests; the stand-in takes any.
        ctx.identity.api_key = Some(Secret::new("key".to_owned()));
        ctx
    }

    /// Lives through 1 October 2026: the issue of September.
    pub async fn september(&self) -> Ctx {
        let ctx = self.open("2026-10-01T03:00:00Z");
        morning(&ctx).await;
        ctx
    }

    /// Lives through 1 November 2026: the issue of October.
    pub async fn october(&self) -> Ctx {
        self.server.set_today(jiff::civil::date(2026, 11, 1));
        self.bench.write("inbox/october.ris", standin::INBOX_OCTOBER_RIS);
        let ctx = self.open("2026-11-01T03:00:00Z");
        morning(&ctx).await;
        ctx
    }

    /// Returns text without the server's port, which differs from run to run.
    pub fn without_port(&self, text: &str) -> String {
        text.replace(&self.server.base_url(), "http://stand-in.example.org")
    }
}

/// A home whose stand-in answers while the binary runs.
pub struct Served {
    /// The home and the server.
    pub month: Month,
    _runtime: tokio::runtime::Runtime,
}

impl Served {
    /// Starts the server on a thread of its own; its day is 1 November 2026.
    pub fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let month = runtime.block_on(Month::start());
        month.server.set_today(jiff::civil::date(2026, 11, 1));
        Self { month, _runtime: runtime }
    }

    /// Runs the binary in the home.
    pub fn run(&self, args: &[&str]) -> Ran {
        self.month.bench.run(args)
    }

    /// Returns what a run says, without the server's port.
    pub fn says(&self, args: &[&str]) -> String {
        self.month.without_port(&self.run(args).all())
    }
}

/// Harvests, judges, drafts, renders and indexes.
pub async fn morning(ctx: &Ctx) {
    pipeline::harvest(ctx, &[]).await.unwrap();
    pipeline::judge(ctx).unwrap();
    let month = ctx.issue_month();
    pipeline::draft(ctx, month, false).unwrap();
    pipeline::render(ctx, month).unwrap();
    pipeline::update_index(ctx, false).unwrap();
}

/// Runs asynchronous work to its end.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}
