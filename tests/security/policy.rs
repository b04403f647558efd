//! `SECURITY.md` names tests and places in the code; this holds that they are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Columns of the table of risks.
const COLUMNS: usize = 5;
/// Least risks that the table has: fewer means that it was not found.
const RISKS_MIN: usize = 20;

/// A row of the table: what may happen, what holds it off, and what proves that.
struct Risk {
    name: String,
    chokepoints: Vec<String>,
    tests: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns all texts between backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Returns the rows of the table of risks.
fn risks(page: &str) -> Vec<Risk> {
    let table = page.split("\n## Risks").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = table.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        // A bar within a cell is written \| in Markdown.
        let row = row.replace("\\|", "\u{1}");
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), COLUMNS, "a row has {COLUMNS} cells: {row}");
        assert!(cells.iter().all(|cell| !cell.is_empty()), "no cell is empty: {row}");
        Risk { name: cells[0].to_owned(), chokepoints: quoted(cells[2]), tests: quoted(cells[3]) }
    })
    .collect()
}

/// Returns every Rust file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            out.extend(files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            out.push(path);
        }
    }
    out
}

/// Returns the names of all functions that are tests.
fn tests() -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for path in files(&root().join("src")).into_iter().chain(files(&root().join("tests"))) {
        let text = fs::read_to_string(path).unwrap();
        let mut is_test = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                is_test = true;
            } else if let Some((_, rest)) = line.split_once("fn ").filter(|_| is_test) {
                out.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
                is_test = false;
            }
        }
    }
    out
}

/// Returns what is wrong with a chokepoint such as `fetch::address::Guard::allows` or `deny.toml`; `None` when it is
/// there: the module of the leading names has what the next one says, and that one the last.
fn fault(chokepoint: &str) -> Option<String> {
    if !chokepoint.contains("::") {
        let is_there = root().join(chokepoint).exists() || !modules(&[chokepoint]).is_empty();
        return (!is_there).then(|| format!("there is no file and no module {chokepoint}"));
    }
    let parts: Vec<&str> = chokepoint.split("::").collect();
    for known in (1..=parts.len()).rev() {
        let found = modules(&parts[..known]);
        if found.is_empty() {
            continue;
        }
        let texts: Vec<String> = found.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
        let missing = parts[known..].iter().find(|part| !texts.iter().any(|text| defines(text, part)));
        return missing.map(|part| format!("{chokepoint}: {} has no {part}", parts[..known].join("::")));
    }
    Some(format!("{chokepoint}: there is no such module"))
}

/// Returns the files that a module is.
fn modules(parts: &[&str]) -> Vec<PathBuf> {
    let place = root().join("src").join(parts.join("/"));
    [place.with_extension("rs"), place.join("mod.rs")].into_iter().filter(|path| path.is_file()).collect()
}

/// Tells whether a text of a module defines a function, type, constant or module of a name.
fn defines(text: &str, name: &str) -> bool {
    let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    ["fn", "struct", "enum", "const", "static", "mod", "trait"].iter().any(|kind| {
        code.match_indices(&format!("{kind} {name}")).any(|(at, found)| {
            let before = code[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || c == '(');
            before && !code[at + found.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_')
        })
    })
}

#[test]
fn every_risk_names_a_chokepoint_and_a_test_that_are_there() {
    let page = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let (risks, tests) = (risks(&page), tests());
    let mut wrong = Vec::new();
    for Risk { name, chokepoints, tests: named } in &risks {
        if chokepoints.is_empty() || named.is_empty() {
            wrong.push(format!("{name}: names no chokepoint or no test"));
        }
        wrong.extend(chokepoints.iter().filter_map(|place| fault(place)).map(|fault| format!("{name}: {fault}")));
        let missing = named.iter().filter(|test| !tests.contains(*test));
        wrong.extend(missing.map(|test| format!("{name}: there is no test {test}")));
    }
    let count = risks.iter().flat_map(|risk| &risk.tests).collect::<BTreeSet<_>>().len();
    println!("risks: {}, tests that hold them: {count}", risks.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(risks.len() >= RISKS_MIN, "only {} risks", risks.len());
}

#[test]
fn what_must_not_be_depended_on_is_not() {
    let read = |name: &str| fs::read_to_string(root().join(name)).unwrap();
    let (rules, lock) = (read("deny.toml"), read("Cargo.lock"));
    let banned: Vec<&str> = rules.split("{ crate = \"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    for name in ["openssl-sys", "native-tls", "aws-lc-sys"] {
        assert!(banned.contains(&name), "deny.toml bans {name}: there is one way of encryption");
    }
    for name in &banned {
        assert!(!lock.contains(&format!("\nname = \"{name}\"\n")), "{name} is locked");
    }
    // Every package comes from the registry or is our own: none from a folder or a repository of somebody.
    let sources = lock.lines().filter_map(|line| line.strip_prefix("source = "));
    let strange: Vec<&str> = sources.filter(|source| !source.starts_with("\"registry+")).collect();
    assert_eq!(strange, Vec::<&str>::new());
}

#[test]
fn what_is_not_there_is_found() {
    for (place, is_there, note) in [
        ("fetch::address::Guard::allows", true, "a function of a type"),
        ("cli::term::safe", true, "a function of a module"),
        ("render::neutralise", true, "a module"),
        ("deny.toml", true, "a file"),
        ("cli::term::sure", false, "a function that is not there"),
        ("cli::terms::safe", false, "a module that is not there"),
        ("cli::term::saf", false, "half of a name"),
        ("allow.toml", false, "a file that is not there"),
    ] {
        assert_eq!(fault(place).is_none(), is_there, "{place}: {note}");
    }
    assert!(!tests().contains("quoted") && tests().contains("what_is_not_there_is_found"));
}
