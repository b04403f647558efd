//! A stand-in for PubMed and a few feeds on loopback, serving invented records for the demo and tests.
//!
//! It answers in the real formats, with the real errors, and knows what day it is: nothing dated
//! later than `today` is served, so that a demo can live through two months. Everything in it is
//! invented: journals, people, studies, figures (DOIs 10.5555/…, PMIDs above 90000000, hosts under
//! example.org). It knows nothing of how the answers are read.
//!
//! ```no_run
//! # async fn demo() -> std::io::Result<()> {
//! use roundup::standin::{Options, start};
//! let outside = start(Options { today: jiff::civil::date(2026, 10, 1), rate_limit: true }).await?;
//! let settings = outside.feeds_toml(); // September is out
//! outside.set_today(jiff::civil::date(2026, 11, 1)); // now October is out as well
//! outside.stop().await;
//! # Ok(()) }
//! ```

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::civil::Date;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

mod corpus;
mod eutils;
mod facts;
pub mod landing;
mod pace;
mod shelf;
mod terms;

pub use facts::{Duplicate, Facts, Judged, Notice, Preprint, SameBy, facts};

/// `feeds.toml` of the demo; `{base}` stands for the server's address without a trailing slash.
pub const FEEDS_TOML: &str = include_str!("data/feeds.toml");
/// `pubmed-query.txt` of the demo, which `feeds.toml` names.
pub const PUBMED_QUERY: &str = include_str!("data/pubmed-query.txt");
/// A reference export (.nbib) that somebody drops into the inbox in September: one paper that
/// PubMed gives as well, one that it does not.
pub const INBOX_SEPTEMBER_NBIB: &str = include_str!("data/inbox-september.nbib");
/// A reference export (RIS) that somebody drops into the inbox in October: one paper that PubMed
/// gives as well, without its DOI; a thesis; a report.
pub const INBOX_OCTOBER_RIS: &str = include_str!("data/inbox-october.ris");

/// How long `stop` waits for answers under way.
const STOP_WAIT: Duration = Duration::from_secs(2);
/// What the failing source says in `Retry-After`, in seconds.
const RETRY_AFTER_S: &str = "3600";

/// How to start a stand-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// What has been published so far: nothing dated later is served.
    pub today: Date,
    /// Whether the E-utilities refuse the fourth request of a second (the eleventh with `api_key`).
    pub rate_limit: bool,
}

/// A running stand-in. It stops when dropped.
#[derive(Debug)]
pub struct StandIn {
    /// Where it listens, on loopback.
    pub address: SocketAddr,
    world: Arc<World>,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<()>>,
}

/// How often each path was asked, by path and status.
pub type Requests = BTreeMap<(String, u16), usize>;

/// What the handlers share.
#[derive(Debug)]
struct World {
    corpus: corpus::Corpus,
    today: Mutex<Date>,
    pace: Option<pace::Pace>,
    history: Mutex<eutils::History>,
    requests: Mutex<Requests>,
}

impl World {
    fn today(&self) -> Date {
        *locked(&self.today)
    }
}

/// Starts a stand-in on a free port of 127.0.0.1. Needs a tokio runtime with time and net.
///
/// # Errors
/// When no port can be had.
pub async fn start(options: Options) -> std::io::Result<StandIn> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let world = Arc::new(World {
        corpus: corpus::Corpus::read(),
        today: Mutex::new(options.today),
        pace: options.rate_limit.then(pace::Pace::default),
        history: Mutex::default(),
        requests: Mutex::default(),
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = axum::serve(listener, router(Arc::clone(&world))).with_graceful_shutdown(async {
        // A dropped sender means stop as well.
        let _ = stopped.await;
    });
    // An error while serving ends the server; its clients see a closed connection.
    let server = tokio::spawn(async move { drop(serving.await) });
    Ok(StandIn { address, world, stop: Some(stop), server: Some(server) })
}

impl StandIn {
    /// Returns its address as `http://127.0.0.1:PORT`, without a trailing slash.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns [`FEEDS_TOML`] with the address filled in.
    pub fn feeds_toml(&self) -> String {
        FEEDS_TOML.replace("{base}", &self.base_url())
    }

    /// Moves its day; from the next request on, entries up to that day are served.
    pub fn set_today(&self, today: Date) {
        *locked(&self.world.today) = today;
    }

    /// Returns how often each path was asked so far, and with what status it was answered.
    pub fn requests(&self) -> Requests {
        locked(&self.world.requests).clone()
    }

    /// Stops it, and waits up to two seconds for answers under way.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(mut server) = self.server.take()
            && tokio::time::timeout(STOP_WAIT, &mut server).await.is_err()
        {
            server.abort();
        }
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            server.abort();
        }
    }
}

/// Locks a value; a panic elsewhere while it was held does not matter for what is kept here.
fn locked<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

fn router(world: Arc<World>) -> Router {
    let mut router = Router::new()
        .route("/entrez/eutils/esearch.fcgi", get(esearch).post(esearch))
        .route("/entrez/eutils/efetch.fcgi", get(efetch).post(efetch))
        .route("/feeds/unavailable.xml", get(unavailable))
        .merge(landing::routes());
    for document in shelf::DOCUMENTS {
        let serve = move |State(world): State<Arc<World>>, headers: HeaderMap| async move {
            document.answer(world.today(), &headers)
        };
        router = router.route(document.path, get(serve));
    }
    router.layer(middleware::from_fn_with_state(Arc::clone(&world), count)).with_state(world)
}

/// Counts every request by path and status.
async fn count(State(world): State<Arc<World>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    *locked(&world.requests).entry((path, response.status().as_u16())).or_default() += 1;
    response
}

/// What came with a request: parameters of its address, and those of its form when it has one.
type Pairs = Vec<(String, String)>;
type MaybeForm = Result<Form<Pairs>, FormRejection>;

async fn esearch(State(world): State<Arc<World>>, Query(query): Query<Pairs>, form: MaybeForm) -> Response {
    let parameters = parameters(query, form);
    eutils::too_fast(&world, &parameters).unwrap_or_else(|| eutils::search(&world, &parameters))
}

async fn efetch(State(world): State<Arc<World>>, Query(query): Query<Pairs>, form: MaybeForm) -> Response {
    let parameters = parameters(query, form);
    eutils::too_fast(&world, &parameters).unwrap_or_else(|| eutils::fetch(&world, &parameters))
}

/// Joins the parameters of address and form; NCBI takes either.
fn parameters(query: Pairs, form: MaybeForm) -> terms::Parameters {
    query.into_iter().chain(form.map(|Form(pairs)| pairs).unwrap_or_default()).collect()
}

/// The source that fails, so that a draft can say so.
async fn unavailable() -> Response {
    const BODY: &str = "<html><head><title>503 Service Unavailable</title></head><body>\
                        <h1>Service Unavailable</h1><p>Planned maintenance.</p></body></html>";
    let headers = [(header::RETRY_AFTER, RETRY_AFTER_S), (header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (StatusCode::SERVICE_UNAVAILABLE, headers, BODY).into_response()
}

#[cfg(test)]
mod tests;
