//! Opening a paper in a person's browser: the copy that everybody can read first.

use std::process::{Command, Stdio};

use super::looks::{Looks, web_address};
use super::term::{Exit, Terminal};
use crate::model::{Doi, Paper, Pmcid, Pmid};

/// Returns the address to read a paper at: its copy in PubMed Central, else a link that is known to
/// be open, else its DOI, its own page, PubMed. `None` when it has no address of the web.
pub fn address(paper: &Paper) -> Option<String> {
    let record = &paper.record;
    let central = record.pmcid.as_ref().map(Pmcid::url);
    let open = record.links.iter().filter(|_| paper.is_open() == Some(true)).cloned();
    let others = [record.doi.as_ref().map(Doi::url), record.url.clone(), record.pmid.map(Pmid::url)];
    let mut all = central.into_iter().chain(open).chain(others.into_iter().flatten());
    all.find_map(|a| web_address(&a))
}

/// Opens a paper in the browser and prints the address.
pub fn open(paper: &Paper, looks: &Looks, term: &mut Terminal) -> Exit {
    let Some(address) = address(paper) else {
        term.note(&format!("this paper has no address on the web: {}", paper.title()));
        return Exit::Usage;
    };
    term.line(&address);
    term.flush();
    match start_any(&address, looks) {
        Ok(()) => Exit::Done,
        Err(tried) => {
            term.note(&format!(
                "no browser could be started ({tried})\n  help: copy the address above, or name a browser in BROWSER"
            ));
            Exit::Usage
        }
    }
}

/// Opens an address in the person's browser.
///
/// # Errors
/// The names of the programs that were tried, when none could be started.
pub fn start_any(address: &str, looks: &Looks) -> Result<(), String> {
    let own = system_openers();
    let openers = if looks.browsers.is_empty() { &own } else { &looks.browsers };
    if openers.iter().any(|words| start(words, address)) {
        return Ok(());
    }
    let tried: Vec<&str> = openers.iter().filter_map(|words| words.first()).map(String::as_str).collect();
    Err(tried.join(", "))
}

/// Returns the programs by which a system opens an address. None of them is a shell.
fn system_openers() -> Vec<Vec<String>> {
    let words = |list: &[&str]| list.iter().map(|w| (*w).to_owned()).collect();
    if cfg!(windows) {
        vec![words(&["rundll32", "url.dll,FileProtocolHandler"])]
    } else if cfg!(target_os = "macos") {
        vec![words(&["open"])]
    } else {
        vec![words(&["xdg-open"]), words(&["wslview"])]
    }
}

/// Starts a program with the address where `%s` stands, else behind its arguments, and waits for
/// it: some browsers live in the terminal. `false` when it cannot be started or says that it failed.
fn start(words: &[String], address: &str) -> bool {
    let Some((program, arguments)) = words.split_first() else { return false };
    let mut command = Command::new(program);
    let has_place = arguments.iter().any(|a| a.contains("%s"));
    command.args(arguments.iter().map(|a| a.replace("%s", address)));
    if !has_place {
        command.arg(address);
    }
    command.stdin(Stdio::inherit()).status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paper(record: &serde_json::Value) -> Paper {
        let mut record = record.clone();
        record["title"] = "T".into();
        let paper = json!({"id": "waaaaaaaaaab", "record": record, "scope": "in", "design": "unclear"});
        serde_json::from_value(paper).expect("a paper")
    }

    #[test]
    fn the_open_copy_comes_first() {
        let links = ["javascript:x", "https://example.org/a.pdf"];
        for (id, record, want) in [
            (
                "the copy in PubMed Central",
                json!({"pmcid": "PMC9000001", "doi": "10.5555/a", "open_access": true, "links": links}),
                Some("https://pmc.ncbi.nlm.nih.gov/articles/PMC9000001/"),
            ),
            (
                "an open link",
                json!({"doi": "10.5555/a", "open_access": true, "links": links}),
                Some("https://example.org/a.pdf"),
            ),
            ("links may be closed", json!({"doi": "10.5555/a", "links": links}), Some("https://doi.org/10.5555/a")),
            ("its own page", json!({"url": "https://example.org/page"}), Some("https://example.org/page")),
            ("PubMed", json!({"pmid": "90000001"}), Some("https://pubmed.ncbi.nlm.nih.gov/90000001/")),
            ("never a file", json!({"url": "file:///etc/passwd"}), None),
        ] {
            assert_eq!(address(&paper(&record)).as_deref(), want, "{id}");
        }
    }
}
