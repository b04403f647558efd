//! What the commands that serve pages share: a port, a way to open the home, and the end by Ctrl-C.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, bail};

use super::open::{self, Access};
use crate::desk;
use crate::pipeline::{self, Ctx, Home};

/// Takes the port of the options; where it is taken and nobody named it, a free one.
///
/// # Errors
/// When the port is taken and was named, or none can be had.
pub(super) async fn listen_or_elsewhere(options: desk::Options, is_any_port: bool) -> anyhow::Result<desk::Listening> {
    let listen = options.listen;
    match desk::listen(options.clone()).await {
        Err(error) if is_any_port && is_taken(&error) => {
            desk::listen(desk::Options { listen: SocketAddr::new(listen.ip(), 0), ..options }).await
        }
        Err(error) if is_taken(&error) => {
            let port = listen.port();
            bail!("port {port} is taken by another program\n  help: leave --port out, and a free one is chosen")
        }
        other => other.with_context(|| format!("roundup cannot listen on {}, port {}", listen.ip(), listen.port())),
    }
}

/// Tells whether an error says that a port is taken.
fn is_taken(error: &anyhow::Error) -> bool {
    let cause = error.downcast_ref::<std::io::Error>();
    cause.is_some_and(|e| e.kind() == std::io::ErrorKind::AddrInUse)
}

/// Returns what opens the home for the threads of a desk.
pub(super) fn opener(home: &Home) -> Arc<desk::Open> {
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
pub(super) async fn stopped() {
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
