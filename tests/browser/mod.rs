//! The desk in a real browser: what people do there with hands and eyes, and what the draft file says afterwards; and
//! the pages that are published, opened from a folder.
//!
//! Each test makes a home of invented papers, starts the binary's `curate` in it and a script beside this file that
//! drives the browser. The script prints what it found and what it did as JSON lines; the test looks at the file.
//! Without a browser, node or its packages (`npm ci --prefix tests/checkers --ignore-scripts`) a test says so and passes.

mod archive;
mod house;
mod keyboard;
mod many;
mod pages;
mod paper;
mod sight;
mod tabs;
mod watch;
mod without_script;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::MutexGuard;

use serde_json::Value;

use crate::support::Bench;
use crate::support::programs::{chromium, has_package, program, turn};

/// The programs that these tests need.
struct Browser {
    node: PathBuf,
    chromium: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

impl Browser {
    /// Returns the programs when all are here; else says what is missing. Waits until no other test has a browser.
    fn found() -> Option<Self> {
        let skip = |what: &str| {
            println!("skipped: no Chromium ({what})");
            None
        };
        let Some(chromium) = chromium() else { return skip("none of its usual names is a program here") };
        let Some(node) = program("node") else { return skip("node is not installed") };
        if !has_package("playwright-core") {
            return skip("run npm ci --prefix tests/checkers --ignore-scripts");
        }
        Some(Self { node, chromium, _turn: turn() })
    }

    /// Runs a script of this folder on a desk and returns what it did.
    ///
    /// The script is told the desk's address and the home's folder, then `more`. Its figures are printed. What it found
    /// wrong fails the test, all of it at once.
    fn run(&self, script: &str, desk: &Desk<'_>, more: &[&str]) -> Value {
        self.run_at(script, &desk.entrance, desk.bench.path(), more)
    }

    /// Runs a script on any page as [`Browser::run`] does on a desk.
    fn run_at(&self, script: &str, entrance: &str, folder: &Path, more: &[&str]) -> Value {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser").join(script);
        let mut command = Command::new(&self.node);
        command.arg(path).arg(entrance).arg(folder).args(more).env("CHROMIUM", &self.chromium);
        let output = command.output().unwrap();
        let out = String::from_utf8_lossy(&output.stdout);
        let err = String::from_utf8_lossy(&output.stderr);
        let (mut wrong, mut did) = (Vec::new(), Value::Null);
        for line in out.lines() {
            match serde_json::from_str::<Value>(line) {
                Ok(Value::Object(told)) if told.contains_key("finding") => {
                    wrong.push(told["finding"].as_str().unwrap_or_default().to_owned());
                }
                Ok(Value::Object(mut told)) if told.contains_key("did") => did = told["did"].take(),
                _ => println!("{script}: {line}"),
            }
        }
        assert!(wrong.is_empty(), "{script} found {} things:\n{}\n{err}", wrong.len(), wrong.join("\n"));
        assert!(output.status.success(), "{script} ended with {}:\n{out}\n{err}", output.status);
        did
    }
}

/// A desk that runs in a home. It ends with the test.
struct Desk<'a> {
    child: Child,
    entrance: String,
    bench: &'a Bench,
}

impl<'a> Desk<'a> {
    /// Starts the binary's desk on a free port and waits until it says where it is.
    fn open(bench: &'a Bench) -> Self {
        Self::start(bench, &["curate", "2026-10", "--no-open", "--port", "0"])
    }

    /// Starts a command of the binary that serves pages, and waits until it says where it is.
    fn start(bench: &'a Bench, args: &[&str]) -> Self {
        let mut command = bench.command(&[&["--home", ".", "--json"], args].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{args:?} said {line:?}: {e}"));
        Self { child, entrance: told["entrance"].as_str().unwrap().to_owned(), bench }
    }
}

impl Drop for Desk<'_> {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Returns the texts of a list.
fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|v| v.as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn no_script_speaks_to_anyone_but_the_desk() {
    // The helper refuses other hosts at run time; this finds an address that no scenario happens to load.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/desk");
    for file in std::fs::read_dir(folder).unwrap().flatten() {
        let text = std::fs::read_to_string(file.path()).unwrap();
        for attribute in ["src=\"http", "src=\"//", "href=\"http", "href=\"//", "url(http", "url(//", "action=\"http"] {
            let found = text.lines().find(|l| l.contains(attribute));
            assert_eq!(found, None, "{:?} loads from elsewhere", file.file_name());
        }
    }
}
