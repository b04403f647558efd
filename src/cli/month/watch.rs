//! `roundup render --watch`: the issue in the browser, as the files say it now.

use std::net::{Ipv4Addr, SocketAddr};

use super::MonthArg;
use crate::cli::open::{self, Access};
use crate::cli::term::{Exit, Terminal};
use crate::cli::{Global, browser, served};
use crate::desk;
use crate::pipeline::{self, Home};

/// Shows a month's issue until Ctrl-C; nothing is written.
///
/// # Errors
/// When the settings are wrong, the home cannot be opened or no port can be had.
pub fn run(
    month: &MonthArg,
    port: Option<u16>,
    no_open: bool,
    global: &Global,
    term: &mut Terminal,
) -> anyhow::Result<Exit> {
    let home = Home::new(&global.home);
    let ctx = open::open(global, Access::Read, term)?;
    let month = month.of(&ctx);
    // Whatever else lies there is told in the preview.
    if pipeline::draft_file::look(&home, month) == pipeline::draft_file::Found::Nothing {
        term.note(&format!("there is no draft of {month}; {}", pipeline::help_without_draft(&ctx, month)?));
        return Ok(Exit::Nothing);
    }
    drop(ctx);
    let options = desk::Options {
        purpose: desk::Purpose::Watch,
        open: served::opener(&home),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port.unwrap_or(desk::WATCH_PORT))),
        hosts: Vec::new(),
        token: desk::token()?,
        month: Some(month),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let listening = served::listen_or_elsewhere(options, port.is_none()).await?;
        let entrance = listening.entrance.clone();
        if global.json {
            term.json(&serde_json::json!({ "entrance": entrance, "address": listening.address }))?;
        } else {
            term.line("The preview is open. Its address, with the key of this start:");
            term.line(&format!("  {entrance}"));
            term.line(&format!(
                "It follows what is saved in drafts/{month}.toml, in feeds.toml and under templates/. Ctrl-C closes it; \
                 nothing is written."
            ));
        }
        term.flush();
        if !no_open && !global.json && term.is_interactive() {
            // Whoever has no browser here has the address above.
            let _ = browser::start_any(&entrance, &open::looks());
        }
        listening.serve(served::stopped()).await
    })?;
    Ok(Exit::Done)
}
