//! The desk: the month's draft in a browser, on this computer. The same file that a text editor opens.
//!
//! Pages are made on the server; a little script makes them quicker and works on nothing that the pages cannot do
//! without it. Looking is done by one thread that holds the database open for reading ([`room`]); work that takes
//! long or needs the right to write is done by another, one job after the other ([`jobs`]). Every request passes the
//! [`guard`]. What pages show is put together in `views`, by templates under `templates/desk` that escape every
//! value.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

use crate::model::Month;
use crate::pipeline::Ctx;

mod answer;
mod assets;
mod forms;
mod guard;
mod hand;
mod jobs;
mod names;
mod pages;
mod pen;
mod refused;
mod room;
mod routes;
mod undo;
mod views;
mod words;

pub use guard::Guard;

/// What a context may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It looks.
    Look,
    /// It changes the database: one at a time, by the writer's lock.
    Change,
}

/// Opens the home; the text function is told what is being done, for a line of progress. Called on the thread that
/// keeps the context.
pub type Open = dyn Fn(Access, Box<dyn Fn(&str)>) -> anyhow::Result<Ctx> + Send + Sync;

/// What a server is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// All of the desk.
    Curate,
    /// The preview of a month alone, beside whoever curates: there is no other page, and nothing is written.
    Watch,
}

/// How to start a desk.
#[derive(Clone)]
pub struct Options {
    /// What it is for.
    pub purpose: Purpose,
    /// Opens the home.
    pub open: Arc<Open>,
    /// Where to listen; loopback unless somebody decided otherwise.
    pub listen: SocketAddr,
    /// Further hosts that a request may name, `name:port`; for a desk behind a server of one's own.
    pub hosts: Vec<String>,
    /// The token of this start.
    pub token: String,
    /// The month to show first; the newest draft when `None`.
    pub month: Option<Month>,
}

/// What the pages share.
pub(crate) struct Desk {
    purpose: Purpose,
    guard: Guard,
    room: room::Room,
    jobs: jobs::Jobs,
    pages: pages::Pages,
    undo: Arc<Mutex<undo::Undo>>,
    told: Mutex<hand::Told>,
    port: u16,
    month: Option<Month>,
}

/// A desk that can be asked.
#[derive(Debug)]
pub struct Listening {
    /// Where it listens.
    pub address: SocketAddr,
    /// The address to open, with the token.
    pub entrance: String,
    listener: TcpListener,
    router: Router,
    jobs: jobs::Watch,
}

/// How long answers under way are waited for when the desk closes; a browser may hold a connection for ever.
const CLOSE_WAIT: Duration = Duration::from_secs(2);
/// How long a job under way is waited for then. One that is cut off loses nothing: it is done in transactions.
const JOB_WAIT: Duration = Duration::from_secs(10);

/// The port the desk takes when nobody names one and it is free.
pub const PORT: u16 = 8571;
/// The same of a preview alone, so that both can be open.
pub const WATCH_PORT: u16 = 8572;

/// Returns where the desk listens when nobody says otherwise.
pub fn default_address() -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), PORT)
}

/// Returns a token that nobody can guess, as letters and digits.
///
/// # Errors
/// When the system gives no chance numbers.
pub fn token() -> anyhow::Result<String> {
    use ring::rand::SecureRandom;
    let mut bytes = [0_u8; 20];
    let filled = ring::rand::SystemRandom::new().fill(&mut bytes);
    filled.map_err(|_| anyhow::anyhow!("this computer gives no chance numbers, so the desk would have no key"))?;
    Ok(data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase())
}

/// Takes the port and opens the home. Needs a tokio runtime.
///
/// # Errors
/// When the port is taken or the home cannot be opened.
pub async fn listen(options: Options) -> anyhow::Result<Listening> {
    let listener = TcpListener::bind(options.listen).await?;
    let address = listener.local_addr()?;
    let hosts = own_hosts(address);
    let entrance = format!("http://{}/enter/{}", hosts.first().map_or("", String::as_str), options.token);
    let undo: Arc<Mutex<undo::Undo>> = Arc::default();
    let jobs = jobs::Jobs::start(Arc::clone(&options.open), Arc::clone(&undo))?;
    let watch = jobs.watch();
    let desk = Desk {
        purpose: options.purpose,
        guard: Guard::new(&hosts, &options.hosts, address.port(), options.token),
        room: room::Room::open(options.open, options.purpose)?,
        jobs,
        pages: pages::Pages::new(),
        undo,
        told: Mutex::default(),
        port: address.port(),
        month: options.month,
    };
    let router = match options.purpose {
        Purpose::Curate => routes::router(Arc::new(desk)),
        Purpose::Watch => routes::watch::router(Arc::new(desk)),
    };
    Ok(Listening { address, entrance, listener, router, jobs: watch })
}

/// Returns the hosts that requests to an address may name, the one to print first.
fn own_hosts(address: SocketAddr) -> Vec<String> {
    let port = address.port();
    let mut names = vec![match address.ip() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }];
    if address.ip().is_loopback() {
        names.push("localhost".to_owned());
    }
    // A browser leaves the port of the web out.
    let with_port = |name: &String| if port == 80 { name.clone() } else { format!("{name}:{port}") };
    names.iter().map(with_port).collect()
}

impl Listening {
    /// Answers until `stopped` comes; then what was begun is finished, within some seconds.
    ///
    /// # Errors
    /// When the listener breaks.
    pub async fn serve(self, stopped: impl Future<Output = ()> + Send + 'static) -> anyhow::Result<()> {
        let (stop, told) = tokio::sync::oneshot::channel::<()>();
        let server = axum::serve(self.listener, self.router).with_graceful_shutdown(async {
            // A sender that is gone means stop as well.
            let _ = told.await;
        });
        let mut server = tokio::spawn(async move { server.await });
        tokio::select! {
            ended = &mut server => return Ok(ended??),
            () = stopped => drop(stop.send(())),
        }
        // Whoever holds a connection without asking anything must not keep the desk open.
        let _ = tokio::time::timeout(CLOSE_WAIT, server).await;
        self.jobs.idle(JOB_WAIT).await;
        Ok(())
    }
}

/// Who says what is said here.
const NAME: &str = "the desk";

impl Desk {
    /// Remembers what to say on the next page of the browser that asks: "kept “Title”".
    fn tell(&self, what: String) {
        locked(&self.told).put(&hand::current(), what);
    }
}

/// Locks a value; a panic elsewhere while it was held does not matter for what is kept here.
fn locked<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}
