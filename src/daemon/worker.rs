//! The thread that works: reads the settings, plans, does what is due, one run after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};

use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Runtime;
use tokio::sync::{mpsc as heard, watch};

use super::{Open, Shared, locked};
use crate::fsx::{self, FileIdentity};
use crate::model::Severity;
use crate::pipeline::backup::BackupWish;
use crate::pipeline::{self, Config, Ctx, Home, timetable};

/// When an email to the secretariat that did not go out is tried again.
const REMIND_AGAIN: SignedDuration = SignedDuration::from_mins(30);

/// What it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// To read the settings anew.
    Reload,
    /// To do what is due.
    Look,
}

/// What it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Report {
    /// It does this now.
    Doing(String),
    /// Nothing is due before that moment.
    Rested(Option<Timestamp>),
    /// The home could not be opened, or nothing could be written down.
    Trouble(String),
}

/// The thread with what it needs.
pub(super) struct Worker {
    home: Home,
    open: Arc<Open>,
    state: Shared,
    told: heard::UnboundedSender<Report>,
    stopping: watch::Receiver<bool>,
    /// The last settings that were right.
    config: Option<Config>,
    /// Which folder the home was at the start.
    folder: Option<FileIdentity>,
}

impl Worker {
    /// Returns the worker of a home; nothing is read yet.
    pub(super) fn new(
        home: Home,
        open: Arc<Open>,
        state: Shared,
        told: heard::UnboundedSender<Report>,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        let folder = fsx::identity(home.root());
        Self { home, open, state, told, stopping, config: None, folder }
    }

    /// Does what it is asked for until nobody asks any more.
    pub(super) fn work(mut self, asked: &mpsc::Receiver<Order>) {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        while let Ok(order) = asked.recv() {
            if *self.stopping.borrow() {
                return;
            }
            match order {
                Order::Reload => {
                    // Said many times, it is done once: it reads what lies there now.
                    let is_to_look = asked.try_iter().filter(|order| *order == Order::Look).count() > 0;
                    // Whatever lies in a file, the daemon goes on with the settings from before.
                    if catch_unwind(AssertUnwindSafe(|| self.reload())).is_err() {
                        "a mistake in roundup itself stopped the reading"
                            .clone_into(&mut locked(&self.state).settings_refused);
                    }
                    if is_to_look {
                        self.look(&runtime);
                    }
                }
                Order::Look => self.look(&runtime),
            }
        }
    }

    /// Does what is due, and tells how that went.
    fn look(&self, runtime: &Runtime) {
        let turn = catch_unwind(AssertUnwindSafe(|| self.turn(runtime)));
        let report = match turn {
            Ok(Ok(next)) => Report::Rested(next),
            Ok(Err(error)) => Report::Trouble(format!("{error:#}")),
            Err(_) => Report::Trouble("a mistake in roundup itself stopped this".to_owned()),
        };
        if let Report::Trouble(why) = &report {
            tracing::error!("{why}");
        }
        self.tell(report);
    }

    /// Tells the thread that waits; it may be gone while the daemon ends.
    fn tell(&self, report: Report) {
        let _ = self.told.send(report);
    }

    /// Reads the settings; wrong ones are refused, and the last right ones stay.
    fn reload(&mut self) {
        let refused = match pipeline::load_config(&self.home) {
            Ok((Some(config), _)) => {
                tracing::info!("the settings were read");
                self.config = Some(config);
                String::new()
            }
            Ok((None, problems)) => {
                let errors: Vec<String> =
                    problems.iter().filter(|p| p.severity == Severity::Error).map(ToString::to_string).collect();
                errors.join("; ")
            }
            Err(error) => format!("{:#}", anyhow::Error::from(error)),
        };
        if !refused.is_empty() {
            let stay = if self.config.is_some() { "; the ones from before stay in use" } else { "" };
            tracing::error!("the settings are wrong{stay}: {refused}");
        }
        locked(&self.state).settings_refused = refused;
    }

    /// Plans and does what is due; returns when something is due next.
    fn turn(&self, runtime: &Runtime) -> anyhow::Result<Option<Timestamp>> {
        // Moved away, or on a disk that is gone: what would be made in its place is another home, and an empty one.
        if fsx::identity(self.home.root()) != self.folder {
            anyhow::bail!(
                "{} is not the folder any more that it was when the daemon began; put it back, or end the daemon and \
                 start it where the home is now",
                self.home.root().display()
            );
        }
        let Some(config) = self.config.clone() else { anyhow::bail!("there are no settings that can be used") };
        let ctx = (self.open)(config)?;
        let refused = locked(&self.state).settings_refused.clone();
        turn(&ctx, runtime, &self.stopping, &refused, &|doing| self.tell(Report::Doing(doing)))
    }
}

/// Plans what is owed, does what is due, one run after the other, and reminds people of what they should know; `doing`
/// is told of each run, and `settings_refused` says why the settings that lie there are not used. Returns when something is due next.
///
/// # Errors
/// When the database refuses. What goes wrong in a run is its outcome.
pub(super) fn turn(
    ctx: &Ctx,
    runtime: &Runtime,
    stopping: &watch::Receiver<bool>,
    settings_refused: &str,
    doing: &dyn Fn(String),
) -> anyhow::Result<Option<Timestamp>> {
    for told in timetable::plan(ctx)? {
        if told.is_loss {
            tracing::error!(job = told.name, "{}", told.says);
        } else {
            tracing::warn!(job = told.name, "{}", told.says);
        }
    }
    let mut has_run = false;
    loop {
        let open = timetable::open(ctx)?;
        let next = open.first().map(|due| due.from);
        if *stopping.borrow() {
            return Ok(next);
        }
        match open.first() {
            Some(first) if first.from <= ctx.clock.now() => {
                run(ctx, runtime, stopping, first, doing)?;
                has_run = true;
            }
            _ => {
                if has_run || is_backup_owed(ctx) {
                    doing("looking after the home".to_owned());
                    look_after(ctx);
                }
                return remind(ctx, settings_refused, next);
            }
        }
    }
}

/// Does one run.
fn run(
    ctx: &Ctx,
    runtime: &Runtime,
    stopping: &watch::Receiver<bool>,
    due: &timetable::Due,
    doing: &dyn Fn(String),
) -> anyhow::Result<()> {
    let name = due.job.name();
    let _span = tracing::info_span!("job", name, due = %due.due).entered();
    doing(format!("{name}, due {}", due.due));
    let mut stopping = stopping.clone();
    let stop = async move {
        // When nobody can say it any more, the daemon ends as well.
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    match runtime.block_on(timetable::run(ctx, due, stop))? {
        Some(end) if end.not_before.is_none() => tracing::info!("{}", end.outcome),
        Some(end) => tracing::error!("{}; it is tried again", end.outcome),
        None => tracing::info!("stopped; it is done again at the next start"),
    }
    Ok(())
}

/// Tells whether a run was done and the backup after it was not: a turn before was cut off between the two.
fn is_backup_owed(ctx: &Ctx) -> bool {
    let wish = BackupWish::usual(&ctx.home, &ctx.config.settings.keeping);
    let ended = ctx.store.last_end().ok().flatten();
    // Where its folder cannot be listed, making one says why.
    ended.is_some_and(|ended| pipeline::backup::is_owed(&ctx.home, &wish, ended, ctx.clock.now()).unwrap_or(true))
}

/// Makes the day's backup, and lets go of what is older than the settings say. What goes wrong with either is told in
/// the log and by `roundup doctor`, and stops nothing.
fn look_after(ctx: &Ctx) {
    let _span = tracing::info_span!("stage", name = "look after").entered();
    let wish = BackupWish::usual(&ctx.home, &ctx.config.settings.keeping);
    match pipeline::backup::backup_if_due(&ctx.home, &wish, ctx.clock.now(), &|_| {}) {
        Ok(Some(made)) => tracing::info!("a backup was made: {}", made.path.display()),
        Ok(None) => {}
        Err(error) => tracing::error!("there is no backup of today: {:#}", anyhow::Error::from(error)),
    }
    match pipeline::tidy_up(ctx) {
        Ok(tidied) if tidied.let_go > 0 => tracing::info!("{} old answers of sources were let go", tidied.let_go),
        Ok(_) => {}
        Err(error) => tracing::error!("what is old could not be let go: {:#}", anyhow::Error::from(error)),
    }
}

/// Reminds people of what they should know; returns when there is something to do next: what was planned, or another
/// try with an email that did not go out.
fn remind(ctx: &Ctx, settings_refused: &str, next: Option<Timestamp>) -> anyhow::Result<Option<Timestamp>> {
    let reminded = pipeline::remind(ctx, settings_refused)?;
    if reminded.mailed > 0 {
        let things = if reminded.mailed == 1 { "thing" } else { "things" };
        tracing::info!("the secretariat was reminded of {} {things} by email", reminded.mailed);
    }
    let Some(why) = reminded.trouble else { return Ok(next) };
    tracing::error!("the secretariat could not be reminded: {why}");
    let again = ctx.clock.now().checked_add(REMIND_AGAIN).ok();
    Ok(next.min(again).or(next).or(again))
}
