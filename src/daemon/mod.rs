//! The daemon: what is due is done, year after year, and nobody has to look.
//!
//! Two threads. One waits: for the next due moment, for a word of the system, for changes of the settings, for whoever
//! asks how it is ([`serve`]). The other works ([`worker`]): it alone opens the home for writing, one run after the
//! other, and holds the writer's lock only while it does. What is due stands in the database
//! (`pipeline::timetable`), so that a daemon that was killed anywhere goes on where it was.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc as heard, watch};
use tokio::time::Instant;

use crate::clock::Clock;
use crate::model::sha256_hex;
use crate::pipeline::{Config, Ctx, Home};

mod metrics;
pub mod notify;
mod serve;
mod worker;

use notify::{Manager, Word};
use worker::{Order, Report};

/// Opens the home for writing with these settings; called on the thread that works.
pub type Open = dyn Fn(Config) -> anyhow::Result<Ctx> + Send + Sync;

/// Longest that is slept in one piece: a clock that is set, and a computer that slept, are noticed then.
const NAP: Duration = Duration::from_secs(20);
/// How often is looked whether the settings have changed.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long work may take to stop after it was asked to; what is not stored by then is rolled back.
const STOP_WAIT: Duration = Duration::from_secs(10);
/// The longest time between two looks for what is due.
const LOOK_AT_LEAST: SignedDuration = SignedDuration::from_hours(1);
/// The pause before another try when the home could not be opened; it doubles.
const PAUSE_FIRST: SignedDuration = SignedDuration::from_secs(30);
/// The longest of these pauses.
const PAUSE_MAX: SignedDuration = SignedDuration::from_mins(15);

/// A word of the system or of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// To end.
    Stop,
    /// To read the settings anew.
    Reload,
}

/// How to start a daemon.
pub struct Options {
    /// The home, by a path that does not hang on the folder it was started in.
    pub home: Home,
    /// Opens it.
    pub open: Arc<Open>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where to answer how it is; `None` for nowhere.
    pub listen: Option<SocketAddr>,
    /// The service manager that wants to be told.
    pub manager: Option<Manager>,
}

/// What is known of a running daemon.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// When it was started.
    started: Timestamp,
    /// When the waiting thread last went round.
    beat: Timestamp,
    /// What is being done; empty while it waits.
    doing: String,
    /// Since when it is at work; `None` while it waits.
    busy_since: Option<Timestamp>,
    /// When something is done next.
    next: Option<Timestamp>,
    /// Why the settings that lie there are not used; empty when they are.
    settings_refused: String,
    /// Why the home could not be opened the last time; empty when it could.
    trouble: String,
    /// Turns of the working thread that went wrong.
    troubles: u64,
    /// Whether it is about to end.
    is_stopping: bool,
}

/// The state, shared by the threads.
pub(crate) type Shared = Arc<Mutex<State>>;

/// Returns the state; a thread that stopped in the midst of a change of it has left nothing half.
pub(crate) fn locked(state: &Shared) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Does what is due until it is told to stop.
///
/// # Errors
/// When no thread can be started or the address to listen on cannot be had.
pub async fn run(options: Options, mut signals: heard::UnboundedReceiver<Signal>) -> anyhow::Result<()> {
    let Options { home, open, clock, listen, manager } = options;
    let now = clock.now();
    let state: Shared = Arc::new(Mutex::new(State {
        started: now,
        beat: now,
        doing: String::new(),
        busy_since: None,
        next: None,
        settings_refused: String::new(),
        trouble: String::new(),
        troubles: 0,
        is_stopping: false,
    }));
    if let Some(address) = listen {
        serve::start(address, home.clone(), Arc::clone(&state), Arc::clone(&clock)).await.map_err(|error| {
            let help = "does another daemon listen there? --listen ADDRESS:PORT takes another, --no-listen none";
            anyhow::anyhow!("nobody can be answered on {address}: {error:#}\n  help: {help}")
        })?;
    }
    let asked = listen.map(|address| format!("; http://{address}/healthz says how it is")).unwrap_or_default();
    tracing::info!("the daemon works in {}{asked}", home.root().display());
    let (orders, asked) = mpsc::channel::<Order>();
    let (told, mut reports) = heard::unbounded_channel::<Report>();
    let (stop, stopping) = watch::channel(false);
    let working = {
        let (home, state) = (home.clone(), Arc::clone(&state));
        let worker = worker::Worker::new(home, open, state, told, stopping);
        std::thread::Builder::new().name("daemon work".to_owned()).spawn(move || worker.work(&asked))?
    };
    let (sum, pause) = (String::new(), PAUSE_FIRST);
    let mut wait = Waiting { home, clock, state, manager, orders, sum, pause, is_busy: false, looked: now };
    wait.tell(&Word::Ready);
    wait.reload();
    wait.look();
    let mut looks = tokio::time::interval_at(Instant::now() + LOOK_EVERY, LOOK_EVERY);
    loop {
        wait.beat();
        tokio::select! {
            signal = signals.recv() => match signal {
                Some(Signal::Reload) => { wait.reload(); wait.look(); }
                Some(Signal::Stop) | None => break,
            },
            report = reports.recv() => match report {
                Some(report) => wait.hear(report),
                None => anyhow::bail!("the thread that works has ended; a mistake in roundup itself"),
            },
            _ = looks.tick() => wait.follow(),
            () = tokio::time::sleep(wait.nap()) => wait.wake(),
        }
    }
    wait.tell(&Word::Stopping);
    locked(&wait.state).is_stopping = true;
    // Nobody listens any more when the thread has ended already.
    let _ = stop.send(true);
    drop(wait);
    let ended = tokio::task::spawn_blocking(move || working.join());
    if tokio::time::timeout(STOP_WAIT, ended).await.is_err() {
        tracing::warn!("what was being done did not stop within {} s; it is rolled back", STOP_WAIT.as_secs());
    }
    tracing::info!("the daemon ends as it was told");
    Ok(())
}

/// Does what is due now, once, and returns when something is due next: for those whose system has a timetable of its
/// own. Cut off, it is gone on with the next time.
///
/// # Errors
/// When the database refuses. What goes wrong in a run is its outcome.
pub fn once(ctx: &Ctx) -> anyhow::Result<Option<Timestamp>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (_stop, stopping) = watch::channel(false);
    worker::turn(ctx, &runtime, &stopping, "", &|_| {})
}

/// The thread that waits.
struct Waiting {
    home: Home,
    clock: Arc<dyn Clock>,
    state: Shared,
    manager: Option<Manager>,
    orders: mpsc::Sender<Order>,
    /// Sum over the settings as they were last read.
    sum: String,
    pause: SignedDuration,
    /// Whether the other thread is at work.
    is_busy: bool,
    /// When the other thread was last told to look.
    looked: Timestamp,
}

impl Waiting {
    /// Tells the service manager something.
    fn tell(&self, word: &Word) {
        if let Some(manager) = &self.manager {
            manager.tell(word);
        }
    }

    /// Notes that this thread lives.
    fn beat(&self) {
        locked(&self.state).beat = self.clock.now();
        if self.manager.as_ref().is_some_and(|manager| manager.alive_every.is_some()) {
            self.tell(&Word::Alive);
        }
    }

    /// Returns how long may be slept.
    fn nap(&self) -> Duration {
        let alive = self.manager.as_ref().and_then(|manager| manager.alive_every).unwrap_or(NAP);
        let longest = NAP.min(alive);
        let next = locked(&self.state).next.filter(|_| !self.is_busy);
        let until = next.map(|next| next.duration_since(self.clock.now()));
        until.map_or(longest, |until| Duration::try_from(until).unwrap_or(Duration::ZERO).min(longest))
    }

    /// Has the settings read anew.
    fn reload(&mut self) {
        self.sum = sum_of_settings(&self.home);
        let _ = self.orders.send(Order::Reload);
    }

    /// Has the other thread look for what is due.
    fn look(&mut self) {
        self.is_busy = true;
        self.looked = self.clock.now();
        let _ = self.orders.send(Order::Look);
    }

    /// Reads the settings anew when they were changed.
    fn follow(&mut self) {
        if sum_of_settings(&self.home) != self.sum {
            self.reload();
            self.look();
        }
    }

    /// Looks for what is due when its moment has come, when the clock was set back, since what is next may then be far
    /// ahead, and now and then, so that nothing that was overlooked is overlooked for good.
    fn wake(&mut self) {
        let next = locked(&self.state).next;
        let now = self.clock.now();
        let since = now.duration_since(self.looked);
        let is_owed = since.is_negative() || since > LOOK_AT_LEAST || next.is_some_and(|next| next <= now);
        if !self.is_busy && is_owed {
            self.look();
        }
    }

    /// Takes in what the other thread tells.
    fn hear(&mut self, report: Report) {
        match report {
            Report::Doing(text) => {
                self.tell(&Word::Doing(text.clone()));
                let now = self.clock.now();
                let mut state = locked(&self.state);
                state.doing = text;
                state.busy_since.get_or_insert(now);
            }
            Report::Rested(next) => {
                self.is_busy = false;
                self.pause = PAUSE_FIRST;
                let mut state = locked(&self.state);
                (state.doing, state.next, state.trouble) = (String::new(), next, String::new());
                state.busy_since = None;
                drop(state);
                let text = next.map_or_else(|| "nothing is planned".to_owned(), |next| format!("waiting until {next}"));
                self.tell(&Word::Doing(text));
            }
            Report::Trouble(why) => {
                self.is_busy = false;
                let again = self.clock.now().checked_add(self.pause).ok();
                self.pause = (self.pause * 2).min(PAUSE_MAX);
                let mut state = locked(&self.state);
                state.troubles += 1;
                (state.doing, state.next, state.trouble) = (String::new(), again, why);
                state.busy_since = None;
            }
        }
    }
}

/// Returns a sum over the files that settings are read from; a file that cannot be read counts as none.
fn sum_of_settings(home: &Home) -> String {
    let names = ["feeds.toml", "topics.toml", "countries.csv", "lexicon.toml", "pubmed-query.txt"];
    let texts = names.map(|name| crate::fsx::read_text_if_there(&home.root().join(name)).ok().flatten());
    let all: String = texts.iter().map(|text| sha256_hex(text.as_deref().unwrap_or_default().as_bytes())).collect();
    sha256_hex(all.as_bytes())
}
