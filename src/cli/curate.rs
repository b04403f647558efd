//! `roundup curate`: the month's draft in a browser, on this computer.

use std::net::{IpAddr, SocketAddr};

use anyhow::bail;

use super::Global;
use super::browser;
use super::month::parse_month;
use super::open::{self, Access};
use super::served::{listen_or_elsewhere, opener, stopped};
use super::term::{Exit, Terminal};
use crate::desk;
use crate::model::Month;
use crate::pipeline::Home;

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
    let options = desk::Options {
        purpose: desk::Purpose::Curate,
        open: opener(home),
        listen: SocketAddr::new(ip, args.port.unwrap_or(desk::PORT)),
        hosts: args.hosts.clone(),
        token: desk::token()?,
        month: args.month,
    };
    listen_or_elsewhere(options, args.port.is_none()).await
}
