//! How the daemon is: for monitors, on an address of this computer. Looks only; what it says names no paper.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State as Given};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::SignedDuration;

use super::{Shared, locked, metrics};
use crate::clock::Clock;
use crate::pipeline::Home;

/// How long the waiting thread may not have gone round.
const SILENCE_MAX: SignedDuration = SignedDuration::from_mins(3);

/// What the answers are made of.
#[derive(Clone)]
struct World {
    home: Home,
    state: Shared,
    clock: Arc<dyn Clock>,
}

/// Begins to answer on an address.
///
/// # Errors
/// When it cannot be had.
pub(super) async fn start(address: SocketAddr, home: Home, state: Shared, clock: Arc<dyn Clock>) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(address).await?;
    let routes = Router::new()
        .route("/healthz", get(health))
        .route("/readyz", get(readiness))
        .route("/metrics", get(figures))
        .layer(from_fn(own_hosts))
        .with_state(World { home, state, clock });
    tokio::spawn(async move { drop(axum::serve(listener, routes).await) });
    Ok(())
}

/// Lets in who names this computer by its address or as localhost: a page elsewhere must not read it through a name of
/// its own that it has lead here.
async fn own_hosts(headers: HeaderMap, request: Request, next: Next) -> Response {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_address = host.parse::<SocketAddr>().is_ok() || bare.parse::<std::net::IpAddr>().is_ok();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if is_address || name.eq_ignore_ascii_case("localhost") {
        return next.run(request).await;
    }
    (StatusCode::FORBIDDEN, "ask by address or as localhost\n").into_response()
}

/// Says whether the daemon lives.
async fn health(Given(world): Given<World>) -> Response {
    let silent = world.clock.now().duration_since(locked(&world.state).beat);
    if silent > SILENCE_MAX {
        return (StatusCode::SERVICE_UNAVAILABLE, format!("silent for {} s\n", silent.as_secs())).into_response();
    }
    (StatusCode::OK, "ok\n").into_response()
}

/// Says whether it can do its work: settings that can be used, a home that can be opened, no end in sight.
async fn readiness(Given(world): Given<World>) -> Response {
    let state = locked(&world.state).clone();
    let mut against = Vec::new();
    if state.is_stopping {
        against.push("it is about to end".to_owned());
    }
    if !state.settings_refused.is_empty() {
        against.push("the settings are wrong; `roundup check` lists the mistakes".to_owned());
    }
    if !state.trouble.is_empty() {
        against.push("the home could not be opened; the log says why".to_owned());
    }
    if against.is_empty() {
        return (StatusCode::OK, "ready\n").into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", against.join("\n"))).into_response()
}

/// Gives the figures as Prometheus reads them (text format 0.0.4).
async fn figures(Given(world): Given<World>) -> Response {
    let state = locked(&world.state).clone();
    let (home, now) = (world.home.clone(), world.clock.now());
    let made = tokio::task::spawn_blocking(move || metrics::text(&home, &state, now)).await;
    match made {
        Ok(Ok(text)) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response(),
        // What the home's errors say is for the log: paths are nobody's business here.
        other => {
            let why = match other {
                Ok(made) => made.err().map(|error| format!("{error:#}")).unwrap_or_default(),
                Err(ended) => ended.to_string(),
            };
            tracing::warn!("the figures could not be made: {why}");
            (StatusCode::SERVICE_UNAVAILABLE, "the figures could not be read\n").into_response()
        }
    }
}
