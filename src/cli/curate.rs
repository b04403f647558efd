//! `roundup curate`: the month's draft in a browser, on this computer.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use anyhow::{Context, bail};

use super::Global;
use super::browser;
use super::month::parse_month;
use super::open::{self, Access};
use super::term::{Exit, Terminal};
use crate::desk;
use crate::model::Month;
use crate::pipeline::{self, Ctx, Home};

/// Opens the month's draft in the browser: keep, drop, edit, preview, check, make the issue
///
/// The desk runs on this computer until Ctrl-C and works in the same file that a text editor opens.
///
/// Examples: roundup curate · roundup curate 2026-10 --no-open
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Month of the issue, YYYY-MM; the newest draft when not given
    #[arg(value_parser = parse_month)]
    month: Option<Month>,
    /// Port to listen on; 8571, or a free one when that is taken
    #[arg(long)]
    port: Option<u16>,
    /// Address to listen on; only this computer when not given
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<IpAddr>,
    /// Name under which the desk is reached through a server of your own, with its port
    #[arg(long = "host", value_name = "NAME:PORT")]
    hosts: Vec<String>,
    /// Do not start a browser
    #[arg(long)]
    no_open: bool,
}

/// Runs the command.
///
/// # Errors
/// When the home cannot be opened or no port can be had.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let home = Home::new(&global.home);
    check_addresses(args)?;
    // Mistakes in the settings are told here, before anything listens.
    open::config(&home, term)?;
    drop(open::open(global, first_access(&home), term)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let listening = listen(args, &home).await?;
        if !listening.address.ip().is_loopback() {
            term.note(&format!(
                "the desk listens on {}: everybody who can reach this computer there and has the address below can \
                 change the draft, and nothing on the way is encrypted",
                listening.address
            ));
        }
        if global.json {
            term.json(&serde_json::json!({ "entrance": listening.entrance, "address": listening.address }))?;
        } else {
            term.line("The desk is open. Its address, with the key of this start:");
            term.line(&format!("  {}", listening.entrance));
            term.line("Ctrl-C closes it. Everything is saved as you go.");
        }
        term.flush();
        if !args.no_open && !global.json && term.is_interactive() {
            // Whoever has no browser here has the address above.
            let _ = browser::start_any(&listening.entrance, &open::looks());
        }
        listening.serve(stopped()).await?;
        // A job that is not done by now is cut off: by its transaction, and with no file half written.
        crate::fsx::write_nothing_more();
        Ok(Exit::Done)
    })
}

/// Refuses addresses and names by which nobody could reach the desk.
///
/// # Errors
/// What is wrong with one, and what to write.
fn check_addresses(args: &Args) -> anyhow::Result<()> {
    if args.listen.is_some_and(|ip| ip.is_unspecified()) {
        bail!(
            "the desk listens on one address, not on all of them\n  help: name the address of this computer by which \
             it is reached, such as --listen 192.0.2.17"
        );
    }
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    for host in &args.hosts {
        let is_name = !host.is_empty() && host.chars().all(is_sign);
        if !is_name {
            bail!(
                "--host \"{}\" is no name of a host\n  help: write it as browsers do behind http://, without a path: \
                 desk.example.org, or desk.example.org:8080",
                crate::model::text::clean_line(host)
            );
        }
    }
    Ok(())
}

/// Returns how the home is opened first: a new one is made ready to be read.
fn first_access(home: &Home) -> Access {
    if home.database().exists() { Access::Read } else { Access::Write }
}

/// Takes the port.
async fn listen(args: &Args, home: &Home) -> anyhow::Result<desk::Listening> {
    let default = desk::default_address();
    let ip = args.listen.unwrap_or(default.ip());
    let token = desk::token()?;
    let options = |port: u16| desk::Options {
        open: opener(home),
        listen: SocketAddr::new(ip, port),
        hosts: args.hosts.clone(),
        token: token.clone(),
        month: args.month,
    };
    let wanted = args.port.unwrap_or(desk::PORT);
    match desk::listen(options(wanted)).await {
        Err(error) if args.port.is_none() && is_taken(&error) => desk::listen(options(0)).await,
        Err(error) if is_taken(&error) => {
            bail!("port {wanted} is taken by another program\n  help: leave --port out, and a free one is chosen")
        }
        other => other.with_context(|| format!("the desk cannot listen on {ip}, port {wanted}")),
    }
}

/// Tells whether an error says that a port is taken.
fn is_taken(error: &anyhow::Error) -> bool {
    let cause = error.downcast_ref::<std::io::Error>();
    cause.is_some_and(|e| e.kind() == std::io::ErrorKind::AddrInUse)
}

/// Returns what opens the home for the desk's threads.
fn opener(home: &Home) -> Arc<desk::Open> {
    // Were the folder replaced, a relative path would still lead to the one that was moved away.
    let home = std::path::absolute(home.root()).map_or(home.clone(), Home::new);
    Arc::new(move |access, progress| {
        // The desk was opened on a database; were it gone, a job must not begin with an empty one.
        home.check_there()?;
        let (config, problems) = pipeline::load_config(&home)?;
        let Some(config) = config else { return Err(pipeline::Error::Problems { problems }.into()) };
        let access = match access {
            desk::Access::Look => Access::Read,
            desk::Access::Change => Access::Write,
        };
        let mut ctx: Ctx = open::open_with(home.clone(), config, access, open::clock()?, open::fetch()?)?;
        ctx.progress = progress;
        Ok(ctx)
    })
}

/// Waits until the person or the system asks the desk to close.
async fn stopped() {
    asked_to_stop().await;
    // Whoever asks again means at once.
    tokio::spawn(async {
        asked_to_stop().await;
        super::interrupt::leave_at_once();
    });
}

/// Waits for Ctrl-C or the system's word to end.
async fn asked_to_stop() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let Ok(mut ended) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) else {
            drop(interrupted.await);
            return;
        };
        tokio::select! {
            _ = interrupted => {}
            _ = ended.recv() => {}
        }
    }
    #[cfg(not(unix))]
    drop(interrupted.await);
}
