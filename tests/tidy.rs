//! Holds the source tree to the rules of ARCHITECTURE.md: who may know whom, lengths, words.
//!
//! A text scan is enough here: paths are written out (`crate::store`), and rustfmt gives every file
//! one form. Code below `#[cfg(test)]` is not looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Longest function, in lines from `fn` to its closing brace.
const FUNCTION_LINES_MAX: usize = 70;
/// Longest file, in lines before its tests.
const FILE_LINES_MAX: usize = 500;

/// What each top-level module may know of the crate. `main` knows `cli` alone.
const LAYERS: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("fault", &[]),
    ("fsx", &["fault"]),
    ("model", &[]),
    ("bibliography", &["model"]),
    ("toml_doc", &["model"]),
    ("config", &["model", "bibliography", "toml_doc"]),
    ("normalise", &["model", "bibliography"]),
    ("merge", &["model", "bibliography"]),
    ("tag", &["model", "bibliography"]),
    ("measure", &["model", "bibliography"]),
    ("rank", &["model", "bibliography"]),
    ("draft", &["model", "bibliography", "toml_doc"]),
    ("render", &["model", "bibliography"]),
    ("pack", &["model"]),
    ("publish", &["model", "fetch"]),
    ("fetch", &["model", "fault"]),
    ("mail", &["model", "fetch"]),
    ("harvest", &["model", "clock", "fsx", "fetch"]),
    ("store", &["model", "clock", "fault", "fsx"]),
    ("index", &["model", "bibliography", "clock", "fault", "fsx"]),
    ("standin", &["model"]),
    (
        "pipeline",
        &[
            "model",
            "clock",
            "fsx",
            "bibliography",
            "toml_doc",
            "config",
            "normalise",
            "merge",
            "tag",
            "measure",
            "rank",
            "draft",
            "render",
            "pack",
            "publish",
            "fetch",
            "mail",
            "harvest",
            "store",
            "index",
        ],
    ),
    ("desk", &["model", "fsx", "config", "draft", "store", "index", "pipeline"]),
    ("daemon", &["model", "clock", "fsx", "store", "index", "pipeline"]),
    (
        "cli",
        &[
            "model",
            "clock",
            "fault",
            "fsx",
            "bibliography",
            "toml_doc",
            "config",
            "normalise",
            "merge",
            "tag",
            "measure",
            "rank",
            "draft",
            "render",
            "pack",
            "publish",
            "fetch",
            "harvest",
            "store",
            "index",
            "standin",
            "pipeline",
            "daemon",
            "desk",
        ],
    ),
];

/// Modules that take values and return values: no disk, network, environment, database or clock.
const PURE: &[&str] = &[
    "model",
    "bibliography",
    "toml_doc",
    "config",
    "normalise",
    "merge",
    "tag",
    "measure",
    "rank",
    "draft",
    "render",
    "pack",
];
/// What pure modules may not name.
const IMPURE: &[&str] =
    &["tokio", "reqwest", "rusqlite", "tantivy", "std::fs", "std::env", "std::net", "axum", "SystemTime"];

/// Words that only some files may hold, and why.
const ONLY_IN: &[(&str, &[&str], &str)] = &[
    ("rusqlite", &["src/store/"], "only the store knows SQL"),
    ("tantivy", &["src/index/"], "only the index knows tantivy"),
    ("reqwest", &["src/fetch.rs", "src/fetch/"], "every request goes through fetch"),
    ("lettre", &["src/mail.rs"], "every email to the secretariat goes through mail"),
    ("axum", &["src/desk/", "src/daemon/", "src/standin/"], "only the three servers know axum"),
    ("println!", &["src/cli/"], "only the command line prints"),
    ("print!", &["src/cli/"], "only the command line prints"),
    ("eprintln!", &["src/cli/"], "only the command line prints"),
    ("Timestamp::now", &["src/clock.rs"], "the time comes from clock::Clock"),
    ("Zoned::now", &["src/clock.rs"], "the time comes from clock::Clock"),
    ("SystemTime::now", &["src/clock.rs"], "the time comes from clock::Clock"),
    ("std::time::Instant", &[], "the time comes from clock::Clock"),
    ("std::env::var", &["src/cli/open.rs"], "the environment is read in one place"),
    ("todo!", &[], "nothing is a stub"),
    ("unimplemented!", &[], "nothing is a stub"),
    ("dbg!", &[], "stray debugging"),
    ("#[ignore", &[], "a broken thing is asserted as it is"),
    ("#[allow(", &[], "use #[expect(…, reason = …)]"),
];

/// A source file.
struct Source {
    /// Path from the package root, with `/`.
    path: String,
    /// Text before its tests, as written.
    text: String,
    /// The same with comments and the inside of texts blanked, line by line as long.
    code: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Returns every `.rs` file below a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return out };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            out.extend(files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
    out.sort();
    out
}

/// Reads the sources without their tests. A file that is a test module as a whole is left out.
fn sources() -> Vec<Source> {
    let root = root();
    let test_files: BTreeSet<String> = files(&root.join("src")).iter().flat_map(|p| test_modules(p)).collect();
    files(&root.join("src"))
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            let whole = fs::read_to_string(&path).unwrap();
            let text = whole.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned();
            let code = blank(&text);
            Source { path: name, text, code }
        })
        .filter(|s| {
            !test_files.iter().any(|t| s.path == *t || s.path.starts_with(&format!("{}/", t.trim_end_matches(".rs"))))
        })
        .collect()
}

/// Returns the files that a file declares as `#[cfg(test)] mod name;`.
fn test_modules(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let folder = if path.file_name().is_some_and(|n| n == "mod.rs" || n == "lib.rs") {
        path.parent().unwrap().to_owned()
    } else {
        path.with_extension("")
    };
    let mut out = Vec::new();
    for part in text.split("#[cfg(test)]\nmod ").skip(1) {
        if let Some((name, _)) =
            part.split_once(';').filter(|(n, _)| n.chars().all(|c| c.is_alphanumeric() || c == '_'))
        {
            let file = folder.join(format!("{name}.rs"));
            out.push(file.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"));
        }
    }
    out
}

/// Blanks comments and the inside of texts, keeping every line.
fn blank(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let chars: Vec<char> = text.chars().collect();
    let mut i = 0;
    let keep = |c: char| if c == '\n' { '\n' } else { ' ' };
    while i < chars.len() {
        let rest = &chars[i..];
        match rest {
            ['/', '/', ..] => {
                while i < chars.len() && chars[i] != '\n' {
                    out.push(' ');
                    i += 1;
                }
            }
            ['r', '"' | '#', ..] if !out.ends_with(|c: char| c.is_alphanumeric() || c == '_') => {
                let hashes = rest.iter().skip(1).take_while(|c| **c == '#').count();
                if rest.get(1 + hashes) != Some(&'"') {
                    out.push('r');
                    i += 1;
                    continue;
                }
                let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
                let mut j = i + 2 + hashes;
                while j < chars.len() && !chars[j..].starts_with(&end) {
                    j += 1;
                }
                let stop = (j + end.len()).min(chars.len());
                out.extend(chars[i..stop].iter().map(|c| keep(*c)));
                i = stop;
            }
            ['"', ..] => {
                let mut j = i + 1;
                while j < chars.len() && chars[j] != '"' {
                    j += if chars[j] == '\\' { 2 } else { 1 };
                }
                let stop = (j + 1).min(chars.len());
                out.extend(chars[i..stop].iter().map(|c| keep(*c)));
                i = stop;
            }
            ['\'', '\\', ..] => {
                let stop = chars[i + 2..].iter().skip(1).position(|c| *c == '\'').map_or(chars.len(), |p| i + 4 + p);
                out.extend(chars[i..stop].iter().map(|c| keep(*c)));
                i = stop;
            }
            ['\'', _, '\'', ..] => {
                out.push_str("   ");
                i += 3;
            }
            [c, ..] => {
                out.push(*c);
                i += 1;
            }
            [] => break,
        }
    }
    out
}

/// Returns the module path of a file: `["store", "identity"]`.
fn module_of(path: &str) -> Vec<String> {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    inner.split('/').map(str::to_owned).collect()
}

/// Returns every crate path that a file names, as module segments, resolved from `crate::` and
/// `super::`, with `use` groups opened.
fn named_paths(source: &Source) -> BTreeSet<Vec<String>> {
    let own = module_of(&source.path);
    let mut out = BTreeSet::new();
    for (at, _) in source.code.match_indices("crate::") {
        open_path(&source.code[at + 7..], &[], &mut out);
    }
    let mut from = 0;
    while let Some(at) = source.code[from..].find("super::").map(|a| a + from) {
        let mut base = own.clone();
        let mut rest = &source.code[at..];
        while let Some(after) = rest.strip_prefix("super::") {
            base.pop();
            rest = after;
        }
        open_path(rest, &base, &mut out);
        from = source.code.len() - rest.len();
    }
    out
}

/// Reads `a::{b, c::d}` into the paths it names.
fn open_path(text: &str, base: &[String], out: &mut BTreeSet<Vec<String>>) {
    let mut path = base.to_vec();
    let mut rest = text;
    loop {
        let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if word.is_empty() {
            if let Some(group) = rest.strip_prefix('{') {
                let end = matching_brace(group);
                for part in split_top(&group[..end]) {
                    open_path(part.trim(), &path, out);
                }
                return;
            }
            break;
        }
        rest = &rest[word.len()..];
        path.push(word);
        match rest.strip_prefix("::") {
            Some(after) => rest = after,
            None => break,
        }
    }
    out.insert(path);
}

fn matching_brace(text: &str) -> usize {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

fn split_top(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                out.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(&text[start..]);
    out
}

#[test]
fn every_module_knows_only_what_its_layer_may_know() {
    let layers: BTreeMap<&str, &[&str]> = LAYERS.iter().copied().collect();
    let mut wrong = Vec::new();
    for source in sources() {
        let own = module_of(&source.path).first().cloned().unwrap_or_default();
        if own == "lib" || own == "main" {
            continue;
        }
        let Some(allowed) = layers.get(own.as_str()) else {
            wrong.push(format!("{}: the module {own} has no place in LAYERS", source.path));
            continue;
        };
        for path in named_paths(&source) {
            let Some(top) = path.first() else { continue };
            if layers.contains_key(top.as_str()) && *top != own && !allowed.contains(&top.as_str()) {
                wrong.push(format!("{} names {}, but {own} may know only {allowed:?}", source.path, path.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_siblings_import_each_other_at_any_depth() {
    let sources = sources();
    let modules: BTreeSet<Vec<String>> = sources.iter().map(|s| module_of(&s.path)).collect();
    let mut graph: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
    for source in &sources {
        let own = module_of(&source.path);
        for path in named_paths(source) {
            let target = (1..=path.len()).rev().map(|n| path[..n].to_vec()).find(|p| modules.contains(p));
            let Some(target) = target else { continue };
            let shared = own.iter().zip(&target).take_while(|(a, b)| a == b).count();
            if shared < own.len() && shared < target.len() {
                graph.entry(own[..=shared].to_vec()).or_default().insert(target[..=shared].to_vec());
            }
        }
    }
    let mut cycles = BTreeSet::new();
    for start in graph.keys() {
        let mut open = vec![vec![start.clone()]];
        let mut seen = BTreeSet::new();
        while let Some(way) = open.pop() {
            for next in graph.get(way.last().unwrap()).into_iter().flatten() {
                if next == start {
                    cycles.insert(way.iter().map(|m| m.join("::")).collect::<BTreeSet<_>>());
                } else if seen.insert(next.clone()) {
                    let mut longer = way.clone();
                    longer.push(next.clone());
                    open.push(longer);
                }
            }
        }
    }
    assert!(cycles.is_empty(), "modules that import each other: {cycles:?}");
}

#[test]
fn words_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (word, homes, why) in ONLY_IN {
            if homes.iter().any(|h| source.path.starts_with(h)) {
                continue;
            }
            for (n, line) in source.code.lines().enumerate() {
                let found = line
                    .match_indices(word)
                    .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
                let is_tokio_time = line.contains("tokio::time::Instant");
                if found && !is_tokio_time {
                    wrong.push(format!("{}:{}: {word}: {why}", source.path, n + 1));
                }
            }
        }
        let top = module_of(&source.path).first().cloned().unwrap_or_default();
        for word in IMPURE.iter().filter(|_| PURE.contains(&top.as_str())) {
            if source.code.contains(word) {
                wrong.push(format!("{}: {word} in a pure module", source.path));
            }
        }
        let sql = ["\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE FROM "];
        if !source.path.starts_with("src/store/") && sql.iter().any(|s| source.text.contains(s)) {
            wrong.push(format!("{}: SQL outside the store", source.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns the name and length of every function of a file.
fn function_lengths(source: &Source) -> Vec<(String, usize)> {
    let mut out = Vec::new();
    let lines: Vec<&str> = source.code.lines().collect();
    for (n, line) in lines.iter().enumerate() {
        let Some(at) = line.find("fn ").filter(|at| *at == 0 || line[..*at].ends_with([' ', '('])) else { continue };
        let name: String = line[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if name.is_empty() || line[..at].contains('|') {
            continue;
        }
        let mut depth = 0;
        let mut opened = false;
        for (m, l) in lines.iter().enumerate().skip(n) {
            let l = if m == n { &l[at..] } else { l };
            for c in l.chars() {
                match c {
                    '{' => {
                        depth += 1;
                        opened = true;
                    }
                    '}' => depth -= 1,
                    _ => {}
                }
            }
            if opened && depth <= 0 {
                out.push((name, m - n + 1));
                break;
            }
            if !opened && l.contains(';') {
                break;
            }
        }
    }
    out
}

/// Prints the median, 95th percentile and maximum of lengths.
fn print_lengths(what: &str, mut lengths: Vec<usize>) {
    lengths.sort_unstable();
    let at = |share: usize| {
        lengths.get((lengths.len() * share / 100).min(lengths.len().saturating_sub(1))).copied().unwrap_or(0)
    };
    println!(
        "{what}: {} of them, lines median {} p95 {} max {}, in all {}",
        lengths.len(),
        at(50),
        at(95),
        at(100),
        lengths.iter().sum::<usize>()
    );
}

#[test]
fn functions_and_files_are_short() {
    let mut wrong = Vec::new();
    let mut functions = Vec::new();
    let mut lengths = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        lengths.push(lines);
        if lines > FILE_LINES_MAX {
            wrong.push(format!("{}: {lines} lines before its tests", source.path));
        }
        for (name, lines) in function_lengths(&source) {
            functions.push(lines);
            if lines > FUNCTION_LINES_MAX {
                wrong.push(format!("{}: fn {name} has {lines} lines", source.path));
            }
        }
    }
    print_lengths("functions", functions);
    print_lengths("files", lengths);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_test_file_is_wired_in() {
    let root = root();
    let main = fs::read_to_string(root.join("tests/main.rs")).unwrap();
    let mut wrong = Vec::new();
    for path in files(&root.join("tests")) {
        let name = path.strip_prefix(root.join("tests")).unwrap().to_string_lossy().replace('\\', "/");
        if name == "main.rs" {
            continue;
        }
        let stem = name.trim_end_matches(".rs").trim_end_matches("/mod");
        let leaf = stem.rsplit('/').next().unwrap();
        let parent = stem.rsplit_once('/').map(|(p, _)| p);
        let wired_in = match parent {
            None => main.contains(&format!("mod {leaf};")),
            Some(folder) => {
                let beside = fs::read_to_string(root.join(format!("tests/{folder}/mod.rs"))).unwrap_or_default();
                beside.contains(&format!("mod {leaf};"))
            }
        };
        if !wired_in {
            wrong.push(name);
        }
    }
    assert!(wrong.is_empty(), "test files that no test binary holds: {wrong:?}");
}

#[test]
fn the_lock_file_stays_small() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let count = lock.matches("\n[[package]]").count();
    println!("packages locked: {count}");
    // Some 20 of them are there for tests and benches alone: what schedules are compared with, and divan.
    assert!(count <= 460, "{count} packages are locked; at most 460 are agreed");
}

#[test]
fn the_project_speaks_only_of_itself() {
    let listed = std::process::Command::new("git").args(["ls-files"]).current_dir(root()).output();
    let names = listed.ok().filter(|o| o.status.success()).map(|o| String::from_utf8_lossy(&o.stdout).into_owned());
    let Some(names) = names else { return println!("skipped: not a git checkout") };
    let mut wrong = Vec::new();
    for name in names.lines().filter(|n| !n.contains("Cargo.lock") && !n.contains(".png")) {
        let Ok(text) = fs::read_to_string(root().join(name)) else { continue };
        let machine = ["/work", "/home", "/root", "/Users"].map(|p| format!("{p}/"));
        for (n, line) in text.lines().enumerate() {
            if machine.iter().any(|m| line.contains(m.as_str())) {
                wrong.push(format!("{name}:{}: a path of one machine", n + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
