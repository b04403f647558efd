//! Emails and pages before checkers that nobody here wrote, over six months of invented issues.
//!
//! `cargo test` renders the months into a folder and runs each program of `tests/checkers` once over all of them. They
//! print what they find, file by file; what they may pass over stands in `tests/checkers/allowed.json`, each with its
//! reason. Without node, its packages (`npm ci --prefix tests/checkers --ignore-scripts`), Chromium or Java a test says
//! so and passes. `ROUNDUP_CHECKED` names a folder in which the files are left, to be looked at. What no program here can tell: how Outlook and Gmail really paint it.

mod message;
mod months;
mod parts;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use roundup::model::Issue;
use roundup::render::{ArchiveIssue, Target, Templates, archive_files, email_parts, issue_files};
use serde_json::Value;

use crate::support::Bench;
use crate::support::programs::{chromium, has_package, program, turn};

/// The six months as files: a folder for each, and the page of all issues beside them.
struct Rendered {
    bench: Bench,
    months: Vec<(&'static str, Issue)>,
}

/// Rendered once for all tests. Beside the files of each month stand the HTML that listmonk gets and the one that lies
/// in the message file: they are no copies of `email.html`, since a template leaves out what a tool has no tag for.
static RENDERED: LazyLock<Rendered> = LazyLock::new(|| {
    let (templates, problems) = Templates::new(&std::collections::BTreeMap::new());
    assert_eq!(problems, []);
    let (bench, months, house) = (Bench::new(), months::all(), months::house());
    for (name, issue) in &months {
        for file in issue_files(issue, &house, &templates).unwrap() {
            if file.path == "email.eml" {
                let message = message::read(&file.bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
                bench.write(&format!("{name}/email-message.html"), message.html);
            }
            bench.write(&format!("{name}/{}", file.path), file.bytes);
        }
        let listmonk = email_parts(issue, &house, &templates, Target::Listmonk).unwrap();
        bench.write(&format!("{name}/email-listmonk.html"), listmonk.html);
    }
    let issues: Vec<ArchiveIssue> = months.iter().rev().map(|(_, i)| ArchiveIssue::of_issue(i, &house)).collect();
    for file in archive_files(&issues, &house, &templates).unwrap() {
        bench.write(&file.path, file.bytes);
    }
    if let Some(folder) = std::env::var_os("ROUNDUP_CHECKED") {
        for (path, bytes) in bench.files("") {
            let path = Path::new(&folder).join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    Rendered { bench, months }
});

impl Rendered {
    /// Returns the text of a file of a month.
    fn text(&self, month: &str, file: &str) -> String {
        std::fs::read_to_string(self.bench.path().join(month).join(file)).unwrap()
    }
}

/// What a program of `tests/checkers` told.
#[derive(Default)]
struct Told {
    /// Check, file and what is wrong with it.
    findings: Vec<(String, String, String)>,
    /// Checks that ran to their end, with the files that they looked at.
    done: Vec<(String, usize)>,
}

/// Runs a program of `tests/checkers` over a folder and returns what it told; figures are printed.
fn ask(script: &str, folder: &Path, environment: &[(&str, PathBuf)]) -> Told {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checkers").join(script);
    let mut command = Command::new("node");
    command.arg(path).arg(folder).envs(environment.iter().map(|(name, value)| (name, value)));
    let output = command.output().unwrap();
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script} ended with {}:\n{out}\n{err}", output.status);
    let mut told = Told::default();
    for line in out.lines() {
        let values: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{script} said {line:?}: {e}"));
        let text = |name: &str| values[name].as_str().unwrap_or_default().to_owned();
        if values["finding"].is_string() {
            told.findings.push((text("check"), text("file"), text("finding")));
        } else if let Some(files) = values["done"].as_array() {
            told.done.push((text("check"), files.len()));
        } else {
            println!("{}: {}: {}", text("check"), text("file"), text("figure"));
        }
    }
    told
}

/// Runs a program over the months: what it finds fails the test, all of it at once, and so does a check that did not
/// come to its end. Then it is run over two documents that are wrong in every way, so that no check is deaf.
fn hold(script: &str, checks: &[&str], environment: &[(&str, PathBuf)]) {
    let told = ask(script, RENDERED.bench.path(), environment);
    let wrong: Vec<String> =
        told.findings.iter().map(|(check, file, what)| format!("{check}: {file}: {what}")).collect();
    assert!(wrong.is_empty(), "{script} found {} things:\n{}", wrong.len(), wrong.join("\n"));
    let done: Vec<&str> = told.done.iter().map(|(check, _)| check.as_str()).collect();
    assert_eq!(done, checks, "{script} did not come to its end");
    assert!(
        told.done.iter().all(|(_, files)| *files >= RENDERED.months.len()),
        "{script} left files out: {:?}",
        told.done
    );

    let bench = Bench::new();
    bench.write("bad/email.html", include_str!("bad-email.html"));
    bench.write("bad/index.html", include_str!("bad-page.html"));
    let told = ask(script, bench.path(), environment);
    for check in checks {
        let is_found = told.findings.iter().any(|(name, file, _)| name == check && file.starts_with("bad/"));
        assert!(is_found, "{check} finds nothing wrong with bad documents");
    }
}

/// Tells whether node and a package are here; says so where not.
fn has(package: &str) -> bool {
    if program("node").is_none() {
        println!("skipped: no node");
        return false;
    }
    if !has_package(package) {
        println!("skipped: run npm ci --prefix tests/checkers --ignore-scripts");
        return false;
    }
    true
}

#[test]
fn mail_programs_know_what_the_emails_use() {
    if has("caniemail") {
        hold("clients.mjs", &["clients"], &[]);
    }
}

#[test]
fn emails_and_pages_are_valid_html() {
    let Some(java) = program("java") else { return println!("skipped: no java") };
    if has("vnu-jar") {
        hold("markup.mjs", &["markup"], &[("JAVA", java)]);
    }
}

#[test]
fn emails_and_pages_can_be_read_by_everybody() {
    let Some(chromium) = chromium() else { return println!("skipped: no chromium") };
    if has("playwright-core") {
        let _turn = turn();
        let checks = ["axe", "contrast", "room", "direction", "console", "hosts", "sizes", "script"];
        hold("looks.mjs", &checks, &[("CHROMIUM", chromium)]);
    }
}
