//! An open desk to talk to: a home, the server, and a client that sends any bytes.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use roundup::clock::FixedClock;
use roundup::desk::{self, Access, Options, Purpose};
use roundup::fetch::Live;
use roundup::model::{Draft, Month as IssueMonth, sha256_hex};
use roundup::pipeline::{self, Ctx, Home, load_config};
use roundup::store::WriterLock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Bench, Month, block_on};

/// The month of the homes here.
pub const MONTH: &str = "2026-09";
/// The key of the desks here.
pub const TOKEN: &str = "k3yk3yk3yk3yk3yk3yk3yk3yk3yk3yk3";
/// The day on which the desks here are open.
pub const NOW: &str = "2026-10-01T09:00:00Z";
/// Longest wait for an answer: a hang is a failure with a name, not a test that never ends.
const ANSWER_WAIT: Duration = Duration::from_mins(2);

/// An open desk; it closes when it is dropped.
pub struct Desk {
    /// Its home.
    pub bench: Bench,
    /// Where it listens.
    pub address: SocketAddr,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// What was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status; 0 when there was no answer.
    pub status: u16,
    /// Names in lower case with their values, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Answer {
    /// Reads an answer as it came over the wire.
    fn of(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|l| l.split(' ').nth(1)).and_then(|s| s.parse().ok()).unwrap_or(0);
        let headers = lines.filter_map(|l| l.split_once(':'));
        let headers = headers.map(|(n, v)| (n.to_ascii_lowercase(), v.trim().to_owned())).collect();
        Self { status, headers, body: body.to_owned() }
    }

    /// Returns the values of a header.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect()
    }

    /// Returns where the answer leads; empty for nowhere.
    pub fn leads_to(&self) -> &str {
        self.all("location").first().copied().unwrap_or_default()
    }

    /// Returns the body as a value of the script.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }
}

/// Tells whether all of an answer with a body of a known length is there.
fn is_whole(bytes: &[u8]) -> bool {
    let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") else { return false };
    let answer = Answer::of(&bytes[..at]);
    let length = answer.all("content-length").first().and_then(|l| l.parse::<usize>().ok());
    length.is_some_and(|length| length > 0 && bytes.len() >= at + 4 + length)
}

/// Returns a text as it stands in a form or an address.
pub fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Returns a form's body.
pub fn form(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Returns a folder in which the issue of September was drafted and made; it is made once.
pub fn september() -> &'static Path {
    static MADE: OnceLock<Month> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let work = || {
            block_on(async {
                let month = Month::start().await;
                drop(month.september().await);
                month
            })
        };
        std::thread::spawn(work).join().unwrap()
    });
    made.bench.path()
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// Returns what opens a home for a desk.
pub fn opener(root: &Path) -> Arc<desk::Open> {
    let home = Home::new(root);
    Arc::new(move |access, progress| {
        let (config, problems) = load_config(&home)?;
        let Some(config) = config else { return Err(pipeline::Error::Problems { problems }.into()) };
        let lock = match access {
            Access::Look => None,
            Access::Change => Some(WriterLock::take(&home.data()).map_err(pipeline::Error::from)?),
        };
        let mut ctx =
            Ctx::open(home.clone(), config, Box::new(FixedClock(NOW.parse()?)), Box::new(Live::new()?), lock)?;
        ctx.progress = progress;
        Ok(ctx)
    })
}

/// Opens a home for writing, as another roundup does.
pub fn other_roundup(root: &Path) -> Ctx {
    opener(root)(Access::Change, Box::new(|_| {})).unwrap()
}

impl Desk {
    /// Opens a desk in a copy of a home with the issue of September.
    pub async fn open() -> Self {
        let bench = Bench::new();
        copy(september(), bench.path());
        Self::open_in(bench).await
    }

    /// Opens a desk in a home.
    pub async fn open_in(bench: Bench) -> Self {
        let options = Options {
            purpose: Purpose::Curate,
            open: opener(bench.path()),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            hosts: Vec::new(),
            token: TOKEN.to_owned(),
            month: IssueMonth::parse(MONTH),
        };
        let listening = desk::listen(options).await.unwrap();
        let address = listening.address;
        let server = tokio::spawn(async move { listening.serve(std::future::pending()).await.unwrap() });
        Self { bench, address, server }
    }

    /// Returns the host that its own requests name.
    pub fn host(&self) -> String {
        self.address.to_string()
    }

    /// Returns the cookie of its start.
    pub fn cookie(&self) -> String {
        format!("roundup-desk-{}={TOKEN}", self.address.port())
    }

    /// Sends bytes and reads until the line is closed.
    pub async fn raw(&self, bytes: &[u8]) -> Answer {
        let talk = async {
            let mut stream = TcpStream::connect(self.address).await.unwrap();
            // A server that refuses early may close before all is written; what it answered is read all the same.
            let _ = stream.write_all(bytes).await;
            let mut answer = Vec::new();
            // Until the line is closed or the answer is whole: a server may wait for a body that it was promised.
            while !is_whole(&answer) && stream.read_buf(&mut answer).await.is_ok_and(|n| n > 0) {}
            Answer::of(&answer)
        };
        let first_line = String::from_utf8_lossy(bytes.split(|b| *b == b'\r').next().unwrap_or_default()).into_owned();
        tokio::time::timeout(ANSWER_WAIT, talk).await.unwrap_or_else(|_| panic!("no answer to {first_line:.200}"))
    }

    /// Sends a request line and headers as they stand, with a body.
    pub async fn send(&self, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut head = format!("{line}\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len()));
        self.raw(head.as_bytes()).await
    }

    /// Asks as the desk's own pages do, with further headers.
    pub async fn ask(&self, method: &str, path: &str, more: &[(&str, &str)], body: &str) -> Answer {
        let (host, cookie) = (self.host(), self.cookie());
        let origin = format!("http://{host}");
        let mut headers = vec![("Host", host.as_str()), ("Cookie", cookie.as_str())];
        headers.extend([("Origin", origin.as_str()), ("Sec-Fetch-Site", "same-origin")]);
        headers.extend(more);
        self.send(&format!("{method} {path} HTTP/1.1"), &headers, body).await
    }

    /// Looks at a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "").await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        self.ask("POST", path, &[("Content-Type", "application/x-www-form-urlencoded")], &form(pairs)).await
    }

    /// Sends a form as the script does.
    pub async fn script(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")];
        self.ask("POST", path, &headers, &form(pairs)).await
    }

    /// Returns a job once it is done: what its page says to the script. The page is asked again and again.
    pub async fn job(&self, path: &str) -> serde_json::Value {
        let until = tokio::time::Instant::now() + ANSWER_WAIT;
        loop {
            let job = self.ask("GET", path, &[("Accept", "application/json")], "").await.json();
            if !job["done"].is_null() {
                return job;
            }
            assert!(tokio::time::Instant::now() < until, "the job is never done: {job}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Returns where work that was begun leads in the end: at once when it was quick, else behind the page of the job.
    pub async fn landed(&self, begun: &Answer) -> String {
        assert_eq!(begun.status, 303, "{}", begun.body);
        let path = begun.leads_to();
        if !path.starts_with("/jobs/") {
            return path.to_owned();
        }
        let job = self.job(path).await;
        assert!(job["done"]["failed"].is_null(), "{job}");
        self.get(path).await.leads_to().to_owned()
    }

    /// Returns the address of a page of the month.
    #[expect(clippy::unused_self, reason = "it reads as the desk's own address where it is used")]
    pub fn at(&self, page: &str) -> String {
        format!("/m/{MONTH}/{page}")
    }

    /// Returns the text of the draft file.
    pub fn text(&self) -> String {
        fs::read_to_string(self.draft_path()).unwrap()
    }

    /// Returns where the draft file lies.
    pub fn draft_path(&self) -> std::path::PathBuf {
        self.bench.path().join(format!("drafts/{MONTH}.toml"))
    }

    /// Writes the draft file as a text editor does.
    pub fn write(&self, text: &str) {
        fs::write(self.draft_path(), text).unwrap();
    }

    /// Returns the sum of the draft file.
    pub fn sum(&self) -> String {
        sha256_hex(self.text().as_bytes())
    }

    /// Returns what the draft file says.
    pub fn draft(&self) -> Draft {
        let (draft, problems) = roundup::draft::parse(&self.text(), "draft");
        draft.unwrap_or_else(|| panic!("{problems:#?}"))
    }

    /// Returns every file of the home with its bytes.
    pub fn everything(&self) -> std::collections::BTreeMap<String, Vec<u8>> {
        self.bench.files("")
    }
}
