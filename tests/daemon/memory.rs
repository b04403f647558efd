//! Little memory and much to take in: it is done, or refused in a sentence, and costs only the source it came from.

use std::fmt::Write;
use std::process::Command;
use std::sync::LazyLock;

use super::{PAPER, SETTINGS};
use crate::support::Bench;
use crate::support::faults::{FaultServer, Good};

/// The memory that a process may have, in kB: addresses, not pages in use.
const MEMORY_KB: u64 = 512 * 1024;

/// A feed of 100,000 items, as small as items can be.
static MANY: LazyLock<String> = LazyLock::new(|| {
    let items = (0..100_000).fold(String::new(), |mut text, n| {
        let _ = write!(text, "<item><title>Item {n}</title><guid>{n}</guid></item>");
        text
    });
    format!("<rss version=\"2.0\"><channel><title>Many</title>{items}</channel></rss>")
});

/// A feed of nearly 8 MiB: 40 items of 200 kB.
static LARGE: LazyLock<String> = LazyLock::new(|| {
    let words = "mothers walked and talked of their low mood after birth. ".repeat(3_600);
    let items = (0..40).fold(String::new(), |mut text, n| {
        let _ = write!(
            text,
            "<item><title>Walking groups number {n} for postnatal depression in Kenya</title><guid>large-{n}</guid>\
             <link>https://large.example.org/{n}</link><description>{words}</description></item>"
        );
        text
    });
    format!("<rss version=\"2.0\"><channel><title>Large</title>{items}</channel></rss>")
});

/// Returns a block of a feed on this computer.
fn block(id: &str, port: u16) -> String {
    format!(
        "[[source]]\nid = \"{id}\"\nkind = \"feed\"\nname = \"{id}\"\nurl = \"http://127.0.0.1:{port}/{id}.xml\"\n\
         allow-private = true\n"
    )
}

/// Runs the binary in a home with little memory; returns exit code and all that it said. The C library reserves 64 MiB of
/// addresses for the heap of each thread, used or not, and `ulimit -v` counts them: as the service file does, it is told
/// to keep two.
fn run_small(bench: &Bench, args: &str) -> (Option<i32>, String) {
    let script = format!("ulimit -v {MEMORY_KB}; exec \"{}\" {args}", env!("CARGO_BIN_EXE_roundup"));
    let ran = Command::new("sh")
        .args(["-c", &script])
        .current_dir(bench.path())
        .env_clear()
        .env("ROUNDUP_NOW", "2026-10-02T02:10:00Z")
        .env("MALLOC_ARENA_MAX", "2")
        .output()
        .unwrap();
    let said = [ran.stdout, ran.stderr].concat();
    (ran.status.code(), String::from_utf8_lossy(&said).into_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn a_feed_without_measure_is_taken_or_refused_with_little_memory() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let many = runtime.block_on(FaultServer::start(|_| Good { content_type: "text/xml", body: MANY.clone() }));
    let bench = Bench::new();
    let inbox = super::INBOX;
    bench.write("feeds.toml", format!("{SETTINGS}{}{inbox}", block("many", many.port())));
    bench.write("inbox/one.jsonl", PAPER);
    let (code, said) = run_small(&bench, "harvest");
    assert!(matches!(code, Some(0 | 3)), "{code:?}: {said}");
    assert!(!said.contains("memory allocation") && !said.contains("panicked"), "{said}");
    let (code, said) = run_small(&bench, "search lullabies");
    assert_eq!(code, Some(0), "the other source was taken in all the same: {said}");
    println!("memory: 100,000 items in one feed, 512 MB: {}", said.lines().next().unwrap_or_default());
}

/// Twenty for a proof, which runs the optimised program; some for a usual run of the tests, whose program is slow and
/// large.
#[cfg(target_os = "linux")]
#[test]
fn many_large_sources_are_taken_with_little_memory() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let large = runtime.block_on(FaultServer::start(|path| {
        let id = path.trim_start_matches('/').trim_end_matches(".xml");
        Good { content_type: "text/xml", body: LARGE.replace("large-", id).replace("number", id) }
    }));
    assert!(LARGE.len() > 8_000_000 && LARGE.len() < 8 << 20, "{}", LARGE.len());
    let bench = Bench::new();
    let count = if std::env::var_os("ROUNDUP_PROVE").is_some_and(|v| v == "1") { 20 } else { 3 };
    let blocks: Vec<String> = (0..count).map(|n| block(&format!("large{n}"), large.port())).collect();
    bench.write("feeds.toml", format!("{SETTINGS}{}", blocks.concat()));
    let (code, said) = run_small(&bench, "harvest");
    let is_refused = code == Some(2) && said.contains("there is not enough memory");
    assert!(matches!(code, Some(0 | 3)) || is_refused, "{code:?}: {said}");
    println!(
        "memory: {count} sources of 8 MiB, 512 MB: {}",
        if is_refused { "refused in a sentence" } else { "taken" }
    );
}
