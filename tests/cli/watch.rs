//! `roundup render --watch` as a process: what it shows after each save, whom it lets in, what it leaves behind.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant, SystemTime};

use crate::support::Bench;

const PAPER: &str = r#"{"id":"a","title":"Lullabies and postnatal depression: a cohort in Malawi","authors":["Deen, Dora"],"journal":"Acta Fabricata","year":2026,"published":"2026-10-05","pmid":"90000001","doi":"10.5555/draft.1","abstract":"We followed 300 mothers with postnatal depression in Malawi."}
"#;

/// The page of the month that is watched.
const PAGE: &str = "/m/2026-10/preview";

/// A preview that runs in a home with a draft; it is ended when it is dropped.
struct Watching {
    bench: Bench,
    process: Child,
    address: String,
    token: String,
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns a home with one paper and its draft.
fn home() -> Bench {
    let bench = Bench::new();
    assert_eq!(bench.run(&["init", "home"]).code, 0);
    bench.write("paper.jsonl", PAPER);
    for args in [&["import", "paper.jsonl"][..], &["draft", "2026-10"]] {
        let ran = bench.run(&[&["--home", "home"], args].concat());
        assert_eq!(ran.code, 0, "{}", ran.all());
    }
    bench
}

impl Watching {
    fn start(bench: Bench) -> Self {
        let args = ["--home", "home", "--json", "render", "2026-10", "--watch", "--no-open", "--port", "0"];
        let mut process = bench.command(&args).stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told: serde_json::Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{line:?}: {e}"));
        let token = told["entrance"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        Self { bench, process, address: told["address"].as_str().unwrap().to_owned(), token }
    }

    /// Asks for an address in the name of a host, with the key of the start.
    fn ask(&self, line: &str, host: &str) -> String {
        let Self { address, token, .. } = self;
        let port = address.rsplit(':').next().unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!(
            "{line} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: roundup-desk-{port}={token}\r\n\
             Content-Length: 0\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer
    }

    /// Looks at a page; the slashes of what it shows are given plain.
    fn get(&self, path: &str) -> String {
        let answer = self.ask(&format!("GET {path}"), &self.address);
        assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        answer.replace("&#x2f;", "/")
    }

    /// Returns the sum by which the page knows whether it is still so.
    fn sum(&self) -> String {
        let answer = self.get(&format!("{PAGE}/state"));
        let values: serde_json::Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).unwrap()).unwrap();
        values["sum"].as_str().unwrap().to_owned()
    }

    /// Saves a file of the home as a text editor does.
    fn save(&self, name: &str, text: &str) {
        self.bench.write(&format!("home/{name}"), text);
    }

    /// Reads a file of the home.
    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.bench.path().join("home").join(name)).unwrap()
    }

    /// Ends it as Ctrl-C does and returns how it ended.
    fn interrupted(&mut self) -> ExitStatus {
        let sent = Command::new("kill").args(["-INT", &self.process.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < until, "it does not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Returns every file and folder below a folder with the time of its last change and its length.
fn all_in(folder: &Path) -> BTreeMap<String, (SystemTime, u64)> {
    let mut out = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let (path, about) = (entry.path(), entry.metadata().unwrap());
        if about.is_dir() {
            out.extend(all_in(&path));
        }
        // SQLite makes and takes away its own files in the database's folder, which gives the folder a new time.
        if path.file_name().is_none_or(|name| name != "data") {
            out.insert(path.display().to_string(), (about.modified().unwrap(), about.len()));
        }
    }
    out
}

/// The template of the page with something put into its first line, and a mistake in the third when asked.
fn template(mark: &str, is_broken: bool) -> String {
    let own = include_str!("../../templates/web/issue.html");
    let mistake = if is_broken { "\n\n{{ titel }}\n" } else { "" };
    own.replacen("<body", &format!("<!-- {mark} -->{mistake}<body"), 1)
}

#[test]
fn each_save_is_seen_and_what_is_broken_leaves_the_last_look() {
    let watching = Watching::start(home());
    let look = || (watching.get(PAGE), watching.get(&format!("{PAGE}/page")), watching.get(&format!("{PAGE}/email")));
    let mut last = watching.sum();
    let mut changed = |note: &str| {
        let sum = watching.sum();
        assert_eq!(watching.sum(), sum, "{note}: it stays while nothing is saved");
        assert_ne!(sum, last, "{note}: the page is not told");
        last = sum;
    };
    let (page, web, _) = look();
    assert!(page.contains("Lullabies") || page.contains("1 paper"), "{page}");
    assert!(!page.contains("role=\"alert\"") && !web.contains("seen-one"), "{page}");

    watching.save("templates/web/issue.html", &template("seen-one", false));
    changed("a template");
    assert!(look().1.contains("<!-- seen-one -->"));

    let broken = template("seen-two", true);
    let line = 1 + broken.lines().position(|l| l.contains("titel")).unwrap();
    watching.save("templates/web/issue.html", &broken);
    changed("a broken template");
    let (page, web, email) = look();
    assert!(page.contains(&format!("templates/web/issue.html:{line}: undefined value")), "{page}");
    assert!(page.contains("how it looked last") && page.contains("as soon as this is mended"), "{page}");
    assert!(web.contains("<!-- seen-one -->") && email.contains("Malawi"), "the last good look stays");

    watching.save("templates/web/issue.html", &template("seen-three", false));
    watching.save("templates/web/issue.html~", "a text editor's copy of what was before");
    changed("a mended template");
    let (page, web, _) = look();
    assert!(web.contains("<!-- seen-three -->") && !page.contains("role=\"alert\""), "{page}");
    watching.save("templates/web/isue.html", "x");
    changed("a name that is none");
    assert!(look().0.contains("templates/web/isue.html: this file overrides no template"));
    std::fs::remove_file(watching.bench.path().join("home/templates/web/isue.html")).unwrap();

    let feeds = watching.text("feeds.toml");
    let named = feeds.lines().position(|l| l.starts_with("name = ")).expect("a house has a name");
    let renamed: Vec<&str> =
        feeds.lines().enumerate().map(|(n, l)| if n == named { "name = \"Nightingale\"" } else { l }).collect();
    watching.save("feeds.toml", &renamed.join("\n"));
    changed("a word of the house");
    assert!(look().2.contains("Nightingale"));

    let wrong: Vec<&str> = renamed.iter().enumerate().map(|(n, l)| if n == named { "name = 3" } else { l }).collect();
    watching.save("feeds.toml", &wrong.join("\n"));
    changed("broken settings");
    let (page, _, email) = look();
    assert!(page.contains(&format!("feeds.toml:{}:", named + 1)), "{page}");
    assert!(page.contains("those from before still count") && email.contains("Nightingale"), "{page}");
    watching.save("feeds.toml", &renamed.join("\n"));
    changed("mended settings");
    assert!(!look().0.contains("feeds.toml:"));

    let draft = watching.text("drafts/2026-10.toml");
    watching.save("drafts/2026-10.toml", &draft.replacen("subject = \"", "subject = \"A word from us. ", 1));
    changed("the draft");
    assert!(look().0.contains("A word from us."));
    watching.save("drafts/2026-10.toml", "month = ");
    changed("a broken draft");
    let (page, _, email) = look();
    assert!(page.contains("drafts/2026-10.toml:1:") && page.contains("A word from us."), "{page}");
    assert!(email.contains("Malawi"), "the last look stays");
}

#[test]
fn what_was_mended_is_not_told_while_other_settings_are_wrong() {
    let watching = Watching::start(home());
    let own = include_str!("../../templates/email/body.html");
    watching.get(PAGE);
    watching.save("templates/email/body.html", &format!("{own}{{{{ titel }}}}"));
    let page = watching.get(PAGE);
    assert!(page.contains("templates/email/body.html:"), "{page}");
    watching.save("templates/email/body.html", own);
    watching.save("templates/email/bodi.html", "x");
    let page = watching.get(PAGE);
    assert!(page.contains("templates/email/bodi.html: this file") && !page.contains("undefined value"), "{page}");
    std::fs::remove_file(watching.bench.path().join("home/templates/email/bodi.html")).unwrap();
    assert!(!watching.get(PAGE).contains("role=\"alert\""));
    assert_ne!(watching.sum(), "");
    std::fs::remove_file(watching.bench.path().join("home/drafts/2026-10.toml")).unwrap();
    assert_eq!(watching.sum(), "", "the page is told that the draft is gone");
}

#[test]
fn it_writes_nothing_takes_no_lock_and_ends_cleanly() {
    let bench = home();
    let root = bench.path().join("home");
    let before = all_in(&root);
    let mut watching = Watching::start(bench);
    for path in [PAGE, "/m/2026-10/preview/email", "/m/2026-10/preview/page-dark", "/assets/desk.js"] {
        watching.get(path);
    }
    watching.sum();
    let beside: BTreeMap<_, _> = all_in(&root).into_iter().filter(|(name, _)| !name.contains("roundup.db-")).collect();
    assert_eq!(beside, before, "nothing while it runs but what readers of the database share");
    let lock = roundup::store::WriterLock::take(&root.join("data"));
    assert!(lock.is_ok(), "whoever writes is not kept from it");
    drop(lock);
    let lock_file = |name: &String| name.ends_with("lock");
    assert_eq!(watching.interrupted().code(), Some(0));
    let after: BTreeMap<_, _> = all_in(&root).into_iter().filter(|(name, _)| !lock_file(name)).collect();
    let before: BTreeMap<_, _> = before.into_iter().filter(|(name, _)| !lock_file(name)).collect();
    assert_eq!(after, before, "nothing is left behind");
}

#[test]
fn only_looks_from_its_own_host_are_answered() {
    let watching = Watching::start(home());
    let port = watching.address.rsplit(':').next().unwrap();
    for (line, host, want, note) in [
        (&*format!("GET {PAGE}"), &*watching.address, "200", "its own page"),
        (&*format!("GET {PAGE}"), &*format!("localhost:{port}"), "200", "its other name"),
        (&*format!("GET {PAGE}"), "evil.example", "403", "a name that was made to point here"),
        (&*format!("GET {PAGE}/state"), "evil.example", "403", "the address that the script asks"),
        ("GET /", &*watching.address, "303", "the beginning leads to the month"),
        ("GET /m/2026-10/", &*watching.address, "404", "there is no board"),
        ("GET /m/2026-10/render", &*watching.address, "404", "nothing is made"),
        ("POST /m/2026-10/render", &*watching.address, "404", "nothing is made"),
        ("POST /m/2026-10/draft", &*watching.address, "404", "no draft is written"),
        (&*format!("POST {PAGE}"), &*watching.address, "404", "a page takes no forms"),
        ("GET /m/2026-09/preview", &*watching.address, "404", "a month without a draft"),
    ] {
        let answer = watching.ask(line, host);
        assert!(answer.starts_with(&format!("HTTP/1.1 {want}")), "{note}: {line}: {answer}");
        assert!(!answer.contains("board"), "{note}: it speaks of pages that there are not: {answer}");
    }
    let without = watching.bench.run(&["--home", "home", "render", "2026-09", "--watch", "--no-open"]);
    assert_eq!(without.code, 1, "{}", without.all());
    assert!(without.all().contains("there is no draft of 2026-09; `roundup draft 2026-09` writes it"));
}
