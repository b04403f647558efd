//! Opening a home: the only place that reads the environment.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};

use super::Global;
use super::looks::Looks;
use super::term::Terminal;
use crate::clock::{Clock, FixedClock, SystemClock};
use crate::fetch::{Fetch, Live, Secret};
use crate::harvest::Identity;
use crate::harvest::replay::{Recording, Replay};
use crate::model::{MailingTool, Severity};
use crate::pipeline::{self, Config, Ctx, Home, Keys, load_config};
use crate::store::{Migrated, WriterLock};

/// Whether a command writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It changes the database; one at a time.
    Write,
    /// It only looks.
    Read,
}

/// Why a home could not be opened although its files could be read.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// `feeds.toml` or `topics.toml` is wrong; the problems were printed.
    #[error("the settings are wrong; nothing was done")]
    Settings,
    /// It is a copy that `roundup sync` made, which has no settings.
    #[error(
        "{0} is a copy made by `roundup sync`: search, show, similar, export, saved, status, doctor and sync work here"
    )]
    Copy(String),
}

/// Opens a home, printing every problem of its settings.
///
/// # Errors
/// When the settings are wrong, another instance writes, or the database cannot be opened.
pub fn open(global: &Global, access: Access, term: &mut Terminal) -> anyhow::Result<Ctx> {
    let home = Home::new(&global.home);
    let config = config(&home, term)?;
    let ctx = open_with(home, config, access, clock()?, fetch()?)?;
    if let Some(migrated) = ctx.store.migrated() {
        term.note(&brought_up_to_date(migrated));
    }
    Ok(ctx)
}

/// Returns what is said of a database that was brought up to date.
fn brought_up_to_date(migrated: &Migrated) -> String {
    format!(
        "the database was of an older roundup and is brought up to date (schema {} to {}); as it was before it lies in {}",
        migrated.from,
        migrated.to,
        migrated.copy.display()
    )
}

/// Opens a home with what is given; for the demo, which brings its own clock.
///
/// # Errors
/// As [`open`].
pub fn open_with(
    home: Home,
    config: Config,
    access: Access,
    clock: Box<dyn Clock>,
    fetch: Box<dyn Fetch>,
) -> anyhow::Result<Ctx> {
    // Before anything is made there, the lock's folder too.
    pipeline::check_not_lost(&home, &config.settings.keeping)?;
    let lock = match access {
        Access::Write => Some(WriterLock::take(&home.data())?),
        Access::Read => None,
    };
    if access == Access::Read && !home.database().exists() {
        bail!("there is nothing here yet: {} has no database; `roundup run` fills it", home.root().display());
    }
    let mut ctx = Ctx::open(home, config, clock, fetch, lock)?;
    ctx.identity = identity();
    ctx.keys = keys();
    ctx.progress = progress();
    pipeline::bring_up_to_date(&ctx)?;
    pipeline::make_good(&ctx)?;
    if access == Access::Write {
        let removed = pipeline::remove_left_over(&ctx);
        tracing::debug!("removed {removed} files that were left half written");
    }
    (ctx.progress)("");
    if let Some(migrated) = ctx.store.migrated() {
        tracing::info!("{}", brought_up_to_date(migrated));
    }
    Ok(ctx)
}

/// Reads a home's settings, printing every problem.
///
/// # Errors
/// When they are wrong or cannot be read.
pub fn config(home: &Home, term: &mut Terminal) -> anyhow::Result<Config> {
    let (config, problems) = load_config(home)?;
    if config.is_none() && pipeline::sync::is_copy(home) && !home.root().join("feeds.toml").exists() {
        let folder = std::path::absolute(home.root()).unwrap_or_else(|_| home.root().to_owned());
        return Err(OpenError::Copy(folder.display().to_string()).into());
    }
    for problem in problems.iter().filter(|p| config.is_none() || p.severity != Severity::Note) {
        term.problem(problem);
    }
    config.ok_or_else(|| OpenError::Settings.into())
}

/// Returns an environment variable that is set and not empty.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|v| !v.trim().is_empty())
}

/// Returns the process's own terminal: its width from `COLUMNS`, which shells keep to themselves, else
/// as the terminal says; no colour with `NO_COLOR` or on a dumb terminal; in a pipe too with
/// `CLICOLOR_FORCE` other than 0, unless `NO_COLOR` is set.
pub fn terminal() -> Terminal {
    let colour_off = env("NO_COLOR").is_some() || env("TERM").is_some_and(|t| t == "dumb");
    let told = terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
    let mut term = Terminal::of_process(env("COLUMNS").and_then(|c| c.parse().ok()).or(told), colour_off);
    if env("NO_COLOR").is_none() && env("CLICOLOR_FORCE").is_some_and(|force| force != "0") {
        term.force_colour();
    }
    term
}

/// Tells whether standard output was closed when the program began, as by `>&-`. Rust then puts
/// `/dev/null` in its place, open for reading as well, and every write into that is fine. A shell's
/// `>/dev/null` is open for writing alone.
#[cfg(target_os = "linux")]
pub fn is_output_closed() -> bool {
    const READ_AND_WRITE: u32 = 0o2;
    const ACCESS: u32 = 0o3;
    let is_null = std::fs::read_link("/proc/self/fd/1").is_ok_and(|target| target.as_os_str() == "/dev/null");
    let about = crate::fsx::read_text(Path::new("/proc/self/fdinfo/1")).unwrap_or_default();
    let flags = about.lines().find_map(|line| u32::from_str_radix(line.strip_prefix("flags:")?.trim(), 8).ok());
    is_null && flags.is_some_and(|flags| flags & ACCESS == READ_AND_WRITE)
}

/// Other systems do not tell.
#[cfg(not(target_os = "linux"))]
pub fn is_output_closed() -> bool {
    false
}

/// Returns what the terminal can show, and what a person chose to read and browse with.
pub fn looks() -> Looks {
    let told = terminal_size::terminal_size_of(std::io::stdout()).map(|(_, height)| usize::from(height.0));
    Looks::of(&env, told)
}

/// Returns who sits here: the name that the person is logged in by, else "command line".
pub fn user() -> String {
    let named = ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(env);
    named.map_or_else(|| "command line".to_owned(), |name| crate::model::text::clean_line(&name))
}

/// Returns what is logged, as `ROUNDUP_LOG` says; `None` where nobody said anything.
pub fn log_filter() -> Option<String> {
    env("ROUNDUP_LOG")
}

/// Returns the form of the log, as `ROUNDUP_LOG_FORMAT` says; `None` where nobody said anything.
pub fn log_format() -> Option<String> {
    env("ROUNDUP_LOG_FORMAT")
}

/// Returns who asks: `NCBI_EMAIL`, `NCBI_API_KEY`.
pub fn identity() -> Identity {
    Identity { email: env("NCBI_EMAIL").unwrap_or_default(), api_key: env("NCBI_API_KEY").map(Secret::new) }
}

/// Returns the keys of mailing tools that the environment gives.
pub fn keys() -> Keys {
    let key = |tool| env(Keys::variable(tool)).map(Secret::new);
    Keys {
        mailchimp: key(MailingTool::Mailchimp),
        listmonk: key(MailingTool::Listmonk),
        mail: env(pipeline::MAIL_PASSWORD).map(Secret::new),
    }
}

/// Returns the service manager that started us and wants to be told (`NOTIFY_SOCKET`, `WATCHDOG_USEC`); `None` where
/// there is none.
///
/// # Errors
/// When it cannot be reached.
pub fn manager() -> std::io::Result<Option<crate::daemon::notify::Manager>> {
    let name = env("NOTIFY_SOCKET").unwrap_or_default();
    crate::daemon::notify::Manager::behind(&name, env("WATCHDOG_USEC").as_deref())
}

/// Returns the clock: the machine's, or `ROUNDUP_NOW` (RFC 3339), a debugging aid.
///
/// # Errors
/// When `ROUNDUP_NOW` is no time.
pub fn clock() -> anyhow::Result<Box<dyn Clock>> {
    match env("ROUNDUP_NOW") {
        None => Ok(Box::new(SystemClock)),
        Some(text) => {
            let now = text
                .parse()
                .with_context(|| format!("ROUNDUP_NOW is no time: \"{text}\"; write it as 2026-11-01T06:00:00Z"))?;
            Ok(Box::new(FixedClock(now)))
        }
    }
}

/// Takes in what `ROUNDUP_FAULT` says, in a build for tests: where this process is to break off or to fail.
///
/// # Errors
/// When it is no plan.
#[cfg(debug_assertions)]
pub fn plan_faults() -> anyhow::Result<()> {
    env("ROUNDUP_FAULT")
        .map_or(Ok(()), |plan| crate::fault::plan(&plan))
        .map_err(|wrong| anyhow::anyhow!("ROUNDUP_FAULT is {wrong}"))
}

/// Returns today by that clock, in UTC: what only looks needs no settings, and so knows no zone.
///
/// # Errors
/// As [`clock`].
pub fn today() -> anyhow::Result<jiff::civil::Date> {
    Ok(clock()?.now().to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// Returns how requests are made: live, or as `ROUNDUP_HTTP` says, a debugging aid.
///
/// # Errors
/// When `ROUNDUP_HTTP` is not understood.
pub fn fetch() -> anyhow::Result<Box<dyn Fetch>> {
    let how = env("ROUNDUP_HTTP").unwrap_or_else(|| "live".to_owned());
    match how.split_once(':') {
        None if how == "live" => Ok(Box::new(Live::new()?)),
        Some(("replay", folder)) => Ok(Box::new(Replay::new(Path::new(folder).to_owned()))),
        Some(("record", folder)) => Ok(Box::new(Recording::new(Path::new(folder).to_owned(), Live::new()?))),
        _ => bail!("ROUNDUP_HTTP is \"{how}\"; it may be live, replay:DIR or record:DIR"),
    }
}

/// How often the progress line moves, in milliseconds.
const TICK_MS: u64 = 120;

/// Returns a progress line on standard error; it shows only on a terminal, from the first text on. An
/// empty text takes it away, so that what is printed next stands on a clean line.
pub fn progress() -> Box<dyn Fn(&str)> {
    use indicatif::ProgressBar;
    use std::io::IsTerminal;
    if !std::io::stderr().is_terminal() {
        return Box::new(|_| {});
    }
    let line: std::cell::RefCell<Option<ProgressBar>> = std::cell::RefCell::default();
    Box::new(move |text| {
        let mut line = line.borrow_mut();
        if text.is_empty() {
            if let Some(bar) = line.take() {
                bar.finish_and_clear();
            }
            return;
        }
        let bar = line.get_or_insert_with(|| {
            let bar = ProgressBar::new_spinner().with_finish(indicatif::ProgressFinish::AndClear);
            bar.enable_steady_tick(Duration::from_millis(TICK_MS));
            bar
        });
        bar.set_message(super::term::safe(text));
    })
}

/// How many files a runtime opens as it starts, and some more: it panics when it cannot open those that signals need.
pub const RUNTIME_FILES: usize = 10;

/// Runs asynchronous work to its end on this thread.
///
/// # Errors
/// Those of the work, or when the runtime cannot start.
pub fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    crate::fsx::can_open_more(RUNTIME_FILES).context("no more files can be opened")?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}
