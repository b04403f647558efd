//! A plain web server over a folder that counts its bytes, and can be as plain or as broken as real ones.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// How the server behaves.
#[derive(Debug, Clone)]
pub struct Manner {
    /// Whether it sends `ETag`s and knows `If-None-Match`.
    pub etags: bool,
    /// What it does with `Range`.
    pub ranges: Ranges,
    /// How many bytes it sends in all before it falls silent for good.
    pub budget: Option<usize>,
    /// How many bytes of each body it sends before it cuts the line.
    pub cut: Option<usize>,
    /// In what pieces and with what pauses bodies of packs are sent, in bytes and milliseconds.
    pub drip: Option<(usize, u64)>,
    /// Answers that are given in place of files whose path ends so: whole answers.
    pub instead: Vec<(String, Vec<u8>)>,
}

/// What a server does with `Range`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ranges {
    /// It knows them.
    Known,
    /// It sends the whole file.
    Unknown,
    /// It sends another part than was asked for.
    Wrong,
    /// It refuses.
    Refused,
}

impl Default for Manner {
    fn default() -> Self {
        Self { etags: true, ranges: Ranges::Known, budget: None, cut: None, drip: None, instead: Vec::new() }
    }
}

/// What is shared by the connections.
#[derive(Debug, Default)]
struct Told {
    manner: Manner,
    asked: Vec<String>,
    sent: usize,
    received: usize,
}

/// A running server; it ends with the process.
#[derive(Debug, Clone)]
pub struct Files {
    port: u16,
    told: Arc<Mutex<Told>>,
}

impl Files {
    /// Starts a server over a folder on a free port of 127.0.0.1.
    pub fn serve(folder: &Path) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let told = Arc::new(Mutex::new(Told::default()));
        let (shared, folder) = (Arc::clone(&told), folder.to_owned());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (shared, folder) = (Arc::clone(&shared), folder.clone());
                std::thread::spawn(move || drop(converse(stream, &shared, &folder)));
            }
        });
        Self { port, told }
    }

    /// Returns its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Behaves so from now on, and counts from nothing.
    pub fn behave(&self, manner: Manner) {
        *self.told.lock().unwrap() = Told { manner, ..Told::default() };
    }

    /// Returns the first lines of the requests since the last [`Self::behave`].
    pub fn asked(&self) -> Vec<String> {
        self.told.lock().unwrap().asked.clone()
    }

    /// Returns all bytes that were sent and received since the last [`Self::behave`].
    pub fn bytes(&self) -> usize {
        let told = self.told.lock().unwrap();
        told.sent + told.received
    }

    /// Returns the bytes that were sent since the last [`Self::behave`].
    pub fn sent(&self) -> usize {
        self.told.lock().unwrap().sent
    }
}

fn converse(mut stream: TcpStream, told: &Mutex<Told>, folder: &Path) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    loop {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            let n = lines.read_line(&mut line)?;
            if n == 0 {
                return Ok(());
            }
            told.lock().unwrap().received += n;
            if line.trim().is_empty() {
                break;
            }
            head.push(line.trim().to_owned());
        }
        let (answer, is_cut) = answer(&head, told, folder);
        let allowed = {
            let mut told = told.lock().unwrap();
            told.asked.push(head.first().cloned().unwrap_or_default());
            let left = told.manner.budget.map_or(usize::MAX, |b| b.saturating_sub(told.sent));
            let allowed = answer.len().min(left);
            told.sent += allowed;
            allowed
        };
        let drip = told.lock().unwrap().manner.drip;
        match drip.filter(|_| head.first().is_some_and(|l| l.contains("packs/"))) {
            None => stream.write_all(&answer[..allowed])?,
            Some((bytes, pause_ms)) => {
                for piece in answer[..allowed].chunks(bytes) {
                    stream.write_all(piece)?;
                    std::thread::sleep(std::time::Duration::from_millis(pause_ms));
                }
            }
        }
        if allowed < answer.len() || is_cut {
            return stream.shutdown(std::net::Shutdown::Both);
        }
    }
}

/// Returns the value of a header.
fn header(head: &[String], name: &str) -> Option<String> {
    head.iter().find_map(|l| {
        let (n, v) = l.split_once(':')?;
        n.eq_ignore_ascii_case(name).then(|| v.trim().to_owned())
    })
}

/// Returns the answer to a request, and whether the line is to be cut behind it.
fn answer(head: &[String], told: &Mutex<Told>, folder: &Path) -> (Vec<u8>, bool) {
    let manner = told.lock().unwrap().manner.clone();
    let path = head.first().and_then(|l| l.split(' ').nth(1)).unwrap_or_default().trim_start_matches('/').to_owned();
    if let Some((_, whole)) = manner.instead.iter().find(|(end, _)| path.ends_with(end.as_str())) {
        return (whole.clone(), true);
    }
    let file: PathBuf = folder.join(&path);
    let Ok(body) = fs::read(&file) else {
        return (plain("404 Not Found", "text/html", b"<!DOCTYPE HTML><html>not here</html>"), false);
    };
    // A day that never changes but with the bytes: enough to tell one file from the next.
    let stamp = format!(
        "Sun, 01 Nov 2026 {:02}:{:02}:00 GMT",
        body.len() % 24,
        body.iter().map(|b| u32::from(*b)).sum::<u32>() % 60
    );
    let etag = format!("\"{}\"", roundup::model::sha256_hex(&body).get(..16).unwrap());
    let validators = if manner.etags {
        format!("ETag: {etag}\r\nLast-Modified: {stamp}\r\n")
    } else {
        format!("Last-Modified: {stamp}\r\n")
    };
    let is_known = match header(head, "if-none-match").filter(|_| manner.etags) {
        Some(known) => known == etag,
        None => header(head, "if-modified-since") == Some(stamp),
    };
    if is_known {
        return (format!("HTTP/1.1 304 Not Modified\r\n{validators}\r\n").into_bytes(), false);
    }
    let from = header(head, "range").and_then(|r| r.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    let (status, range, part) = match (from, manner.ranges) {
        (Some(_), Ranges::Refused) => return (plain("416 Range Not Satisfiable", "text/plain", b""), false),
        (Some(_), Ranges::Wrong) => {
            ("206 Partial Content", format!("Content-Range: bytes 3-{}/{}\r\n", body.len() - 1, body.len()), &body[3..])
        }
        (Some(from), Ranges::Known) if from >= body.len() => {
            return (plain("416 Range Not Satisfiable", "text/plain", b""), false);
        }
        (Some(from), Ranges::Known) => (
            "206 Partial Content",
            format!("Content-Range: bytes {from}-{}/{}\r\n", body.len() - 1, body.len()),
            &body[from..],
        ),
        _ => ("200 OK", String::new(), &body[..]),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nContent-Type: application/octet-stream\r\n{range}{validators}\r\n",
        part.len()
    );
    let sent = manner.cut.filter(|_| path.starts_with("packs/")).map_or(part.len(), |cut| cut.min(part.len()));
    ([head.as_bytes(), &part[..sent]].concat(), sent < part.len())
}

/// Returns a small whole answer.
pub fn plain(status: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}
