//! `roundup daemon`: does what is due until it is told to stop.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use tokio::sync::mpsc;

use super::Global;
use super::open::{self, Access};
use super::term::{Exit, Terminal};
use crate::clock::Clock;
use crate::daemon::{self, Signal};
use crate::pipeline::{Config, Ctx, Home};
use crate::store::DaemonLock;

/// Does what is due, day after day: harvests, and writes the draft on the 1st
///
/// When is said by the schedule table of feeds.toml, in the time zone of the house. A run that was missed, as while the
/// computer was off, is made up for once: a harvest within 7 days, a draft within 35. Other commands work meanwhile.
/// Ctrl-C or SIGTERM ends it within 10 seconds; SIGHUP, or a change of feeds.toml, makes it read the settings anew.
///
/// Examples: roundup --home /var/lib/roundup daemon · roundup daemon --once
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where monitors ask how it is: /healthz, /readyz and /metrics
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8573", value_parser = parse_listen)]
    listen: SocketAddr,
    /// Answer nobody
    #[arg(long, conflicts_with = "listen")]
    no_listen: bool,
    /// Do what is due by now, and end: for a timetable of the system's own that calls this every few minutes
    #[arg(long)]
    once: bool,
}

/// Reads an address to listen on.
///
/// # Errors
/// When it is none.
fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    let number = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let address = number.as_deref().unwrap_or(text).parse();
    address.map_err(|_| "write an address and a port, such as 127.0.0.1:8573 or [::1]:8573".to_owned())
}

/// Runs the command.
///
/// # Errors
/// When the settings are wrong at the start, a daemon is at work already, or the address is taken.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let home = Home::new(std::path::absolute(&global.home).unwrap_or_else(|_| global.home.clone()));
    // Mistakes in the settings are told here, where somebody sees them.
    let config = open::config(&home, term)?;
    crate::pipeline::check_not_lost(&home, &config.settings.keeping)?;
    let _lock = DaemonLock::take(&home.data())?;
    if args.once {
        return once(global, term);
    }
    let manager = open::manager().context("the service manager named in NOTIFY_SOCKET cannot be reached")?;
    let clock: Arc<dyn Clock> = Arc::from(open::clock()?);
    let listen = (!args.no_listen).then_some(args.listen);
    // One runtime waits, and one works.
    crate::fsx::can_open_more(2 * open::RUNTIME_FILES).context("no more files can be opened")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let (told, signals) = mpsc::unbounded_channel();
        listen_to_signals(told)?;
        let opened = home.clone();
        let open = move |config: Config| -> anyhow::Result<Ctx> {
            let mut ctx = open::open_with(opened.clone(), config, Access::Write, open::clock()?, open::fetch()?)?;
            ctx.progress = Box::new(|_| {});
            Ok(ctx)
        };
        daemon::run(daemon::Options { home, open: Arc::new(open), clock, listen, manager }, signals).await
    })?;
    // What did not stop in time is ended with the process; its transactions roll back.
    runtime.shutdown_background();
    Ok(Exit::Done)
}

/// Does what is due, and says when something is due next.
///
/// # Errors
/// When the home cannot be opened or written.
fn once(global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Write, term)?;
    crate::fsx::can_open_more(open::RUNTIME_FILES).context("no more files can be opened")?;
    let next = daemon::once(&ctx)?;
    let next = next.map(|next| next.to_zoned(ctx.zone()).strftime("%a %-d %b %Y, %H:%M %Z").to_string());
    if global.json {
        term.json(&serde_json::json!({ "next": next }))?;
    } else {
        let next = next.unwrap_or_else(|| "never".to_owned());
        term.line(&format!("what was due is done; the next run: {next}; `roundup status` says what came of each"));
    }
    Ok(Exit::Done)
}

/// Hands on what the system says; who says a second time that it is to end means at once.
///
/// # Errors
/// When the system tells nothing.
#[cfg(unix)]
fn listen_to_signals(told: mpsc::UnboundedSender<Signal>) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut term, mut int, mut hup) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?, signal(SignalKind::hangup())?);
    tokio::spawn(async move {
        let mut is_asked = false;
        loop {
            let is_stop = tokio::select! {
                _ = term.recv() => true,
                _ = int.recv() => true,
                _ = hup.recv() => false,
            };
            if is_stop && is_asked {
                super::interrupt::leave_at_once();
            }
            is_asked |= is_stop;
            // The daemon may be on its way out.
            let _ = told.send(if is_stop { Signal::Stop } else { Signal::Reload });
        }
    });
    Ok(())
}

/// Elsewhere there is Ctrl-C alone.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
fn listen_to_signals(told: mpsc::UnboundedSender<Signal>) -> anyhow::Result<()> {
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            let _ = told.send(Signal::Stop);
        }
    });
    Ok(())
}
