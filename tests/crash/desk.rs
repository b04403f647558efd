//! A paper is dropped at the desk, over HTTP, while the desk may break off at any moment.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use super::home::{Begun, Case, Ended, MONTH};

/// Longest that a desk takes to open or to close.
const LONGEST: Duration = Duration::from_mins(1);
/// Pause between two looks.
const LOOK: Duration = Duration::from_millis(2);

/// Opens the desk, drops a paper unless it is gone already, and closes the desk; kills it after a while, if one is given.
/// What is told is the status of the answer and behind it its body; nothing when no answer came.
pub fn drop_a_paper(case: &Case, id: &str, plan: &str, kill_after: Option<Duration>) -> Ended {
    let mut begun = case.begin(command(case, plan));
    let pid = begun.child.id().to_string();
    let (over, is_over) = std::sync::mpsc::channel::<()>();
    let killing = kill_after.map(|after| {
        let pid = pid.clone();
        std::thread::spawn(move || {
            // Once it has ended by itself, its number may be another's.
            if is_over.recv_timeout(after).is_err() {
                let _ = Command::new("kill").args(["-9", &pid]).output();
            }
        })
    });
    let answer = entrance(case, &mut begun).map(|(address, token)| ask(case, id, &address, &token).unwrap_or_default());
    if kill_after.is_none() && answer.is_some() {
        // It may have ended by itself by now.
        let _ = Command::new("kill").args(["-TERM", &pid]).output();
    }
    if let Some(killing) = killing {
        if answer.is_none() {
            let _ = over.send(());
        }
        killing.join().unwrap();
    }
    let ended = case.end(begun);
    Ended { out: answer.unwrap_or_default(), ..ended }
}

/// Returns the command that opens the desk.
pub fn command(case: &Case, plan: &str) -> Command {
    let mut command = case.command(&["--json", "curate", "--no-open", "--port", "0"]);
    if !plan.is_empty() {
        command.env("ROUNDUP_FAULT", plan);
    }
    command
}

/// Returns the id of the first paper in the draft of a home.
pub fn first_item(case: &Case) -> String {
    draft(case).unwrap().0.items[0].id.as_str().to_owned()
}

/// Returns the draft of a home, with its text.
fn draft(case: &Case) -> Option<(roundup::model::Draft, String)> {
    let text = std::fs::read_to_string(case.home().join(format!("drafts/{MONTH}.toml"))).ok()?;
    Some((roundup::draft::parse(&text, "draft").0?, text))
}

/// Waits until the desk says where it is; `None` when it ends before.
fn entrance(case: &Case, begun: &mut Begun) -> Option<(String, String)> {
    let until = Instant::now() + LONGEST;
    loop {
        let told = std::fs::read_to_string(case.beside("out")).unwrap_or_default();
        if let Some(line) = told.lines().next().filter(|_| told.ends_with('\n')) {
            let told: serde_json::Value = serde_json::from_str(line).unwrap();
            let token = told["entrance"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
            return Some((told["address"].as_str().unwrap().to_owned(), token));
        }
        if begun.child.try_wait().unwrap().is_some() {
            return None;
        }
        assert!(Instant::now() < until, "the desk does not open");
        std::thread::sleep(LOOK);
    }
}

/// Drops a paper on the board, or looks at the board when it is gone already; `None` when no answer comes.
fn ask(case: &Case, id: &str, address: &str, token: &str) -> Option<String> {
    let (draft, text) = draft(case)?;
    let is_there = draft.items.iter().any(|item| item.id.as_str() == id);
    let form = format!("seen={}&drop={id}", roundup::model::sha256_hex(text.as_bytes()));
    let (verb, form) = if is_there { ("POST", form.as_str()) } else { ("GET", "") };
    let port = address.rsplit(':').next().unwrap();
    let mut stream = TcpStream::connect(address).ok()?;
    let head = format!(
        "{verb} /m/{MONTH}/ HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nCookie: roundup-desk-{port}={token}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.to_owned();
    let status = if !is_there && status == "200" { "303".to_owned() } else { status };
    Some(format!("{status}\n{}", answer.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default()))
}
