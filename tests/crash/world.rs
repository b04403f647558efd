//! The world as it stands after a command: every table, every file, every document of the index.

use std::collections::BTreeMap;
use std::fs;

use roundup::index::{Index, Options};
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::backups;
use super::home::{Case, files_below};
use super::outside::Outside;

/// Columns that may differ between a run that was broken off and taken up, and one that was not; each with a reason.
const MAY_DIFFER: &[(&str, &str, &str)] = &[
    ("job", "tries", "a run that is taken up again is another try"),
    ("job", "outcome", "it tells what the last try brought, not what the one before had taken in already"),
    ("outbox", "campaign", "the tool itself counts its campaigns"),
    ("work", "revision", "it counts how often a work was changed; what is done again counts again"),
];

/// The count of changes itself, for the same reason.
const REVISION: &str = "key=revision ";

/// Files that hold nothing of their own.
const NO_CONTENT: &[&str] = &["data/lock", "data/draft.lock", "data/daemon.lock", "data/backup.lock"];

/// All that a home holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    /// Every row of every table, in order.
    rows: BTreeMap<String, Vec<String>>,
    /// Every file but those of database, index and backups.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What backups hold, each once: whoever is cut off once all was kept, keeps the same again under another name.
    backups: Vec<String>,
    /// Every document of the index.
    papers: Vec<String>,
    /// What is kept outside.
    outside: Vec<String>,
}

impl World {
    /// Looks at a home in which nothing runs.
    pub fn of(case: &Case, outside: &Outside) -> Self {
        let revision = database(case).map_or(0, |database| revision(&database));
        let backups = backups::of(case);
        Self { rows: rows(case), files: files(case), backups, papers: papers(case, revision), outside: outside.kept() }
    }

    /// Returns it with the texts that drafts had, each once, in place of the list of who wrote which after which.
    pub fn with_texts_alone(&self) -> Self {
        const VERSIONS: &str = "draft_version";
        let mut world = self.clone();
        let sum = |row: &String| row.split(' ').find(|cell| cell.starts_with("sha256=")).unwrap().to_owned();
        if let Some(rows) = world.rows.get_mut(VERSIONS) {
            *rows = rows.iter().map(sum).collect();
            rows.sort();
            rows.dedup();
        }
        world
    }

    /// Returns what is different in another world; empty when nothing is.
    pub fn differs(&self, other: &Self) -> String {
        let mut out = String::new();
        for name in self.rows.keys().chain(other.rows.keys()) {
            let none = Vec::new();
            let (a, b) = (self.rows.get(name).unwrap_or(&none), other.rows.get(name).unwrap_or(&none));
            lines(&mut out, &format!("table {name}"), a, b);
        }
        lines(&mut out, "index", &self.papers, &other.papers);
        lines(&mut out, "outside", &self.outside, &other.outside);
        lines(&mut out, "backups", &self.backups, &other.backups);
        for name in self.files.keys().chain(other.files.keys()) {
            let (a, b) = (self.files.get(name), other.files.get(name));
            if a != b {
                let told =
                    |bytes: Option<&Vec<u8>>| bytes.map_or("missing".to_owned(), |b| format!("{} bytes", b.len()));
                out.push_str(&format!("file {name}: {} and {}\n", told(a), told(b)));
            }
        }
        out
    }
}

/// Says which lines two lists do not share.
fn lines(out: &mut String, what: &str, a: &[String], b: &[String]) {
    if a == b {
        return;
    }
    let cut = |line: &str| line.chars().take(300).collect::<String>();
    let only =
        |a: &[String], b: &[String]| -> Vec<String> { a.iter().filter(|l| !b.contains(l)).map(|l| cut(l)).collect() };
    out.push_str(&format!("{what}: {} and {} lines\n", a.len(), b.len()));
    only(a, b).iter().take(4).for_each(|line| out.push_str(&format!("  - {line}\n")));
    only(b, a).iter().take(4).for_each(|line| out.push_str(&format!("  + {line}\n")));
}

/// Opens the database of a home; `None` when there is none.
fn database(case: &Case) -> Option<Connection> {
    let path = case.home().join("data/roundup.db");
    path.exists().then(|| Connection::open(path).unwrap())
}

/// Returns how often the database has changed.
fn revision(database: &Connection) -> u64 {
    let text = database.query_row("SELECT value FROM meta WHERE key = 'revision'", [], |r| r.get::<_, String>(0));
    text.map_or(0, |text| text.parse().unwrap())
}

/// Returns every row of every table.
fn rows(case: &Case) -> BTreeMap<String, Vec<String>> {
    database(case).map(|database| rows_of(&database)).unwrap_or_default()
}

/// Returns every row of every table of a database.
pub fn rows_of(database: &Connection) -> BTreeMap<String, Vec<String>> {
    names(database).into_iter().map(|name| (name.clone(), table(database, &name))).collect()
}

/// Returns the names of all tables.
fn names(database: &Connection) -> Vec<String> {
    let mut statement = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
    statement.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Returns the rows of a table as texts, in order of their texts.
fn table(database: &Connection, name: &str) -> Vec<String> {
    let mut statement = database.prepare(&format!("SELECT * FROM \"{name}\"")).unwrap();
    let columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let mut rows = statement.query([]).unwrap();
    let mut out = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let cell = |(n, column): (usize, &String)| {
            if MAY_DIFFER.iter().any(|(t, c, _)| *t == name && c == column) {
                return format!("{column}=…");
            }
            let value = match row.get_ref(n).unwrap() {
                ValueRef::Null => "null".to_owned(),
                ValueRef::Integer(n) => n.to_string(),
                ValueRef::Real(x) => x.to_string(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                ValueRef::Blob(bytes) => roundup::model::sha256_hex(bytes),
            };
            format!("{column}={value}")
        };
        out.push(columns.iter().enumerate().map(cell).collect::<Vec<_>>().join(" "));
    }
    out.retain(|row| !row.starts_with(REVISION));
    out.sort();
    out
}

/// Checks what holds of a database whatever happened; says what does not.
pub fn damage(case: &Case) -> String {
    let Some(database) = database(case) else { return String::new() };
    let ask = |pragma: &str| -> Vec<String> {
        let mut statement = database.prepare(pragma).unwrap();
        statement.query_map([], |r| Ok(format!("{:?}", r.get_ref(0)?))).unwrap().map(Result::unwrap).collect()
    };
    let whole: String = database.query_row("PRAGMA integrity_check", [], |r| r.get(0)).unwrap();
    let mut out = if whole == "ok" { String::new() } else { whole };
    out.extend(ask("PRAGMA foreign_key_check"));
    out
}

/// Returns every file of a home but those of database, index and backups.
fn files(case: &Case) -> BTreeMap<String, Vec<u8>> {
    let home = case.home();
    let named = files_below(&home).into_iter().map(|path| {
        let name = path.strip_prefix(&home).unwrap().to_string_lossy().into_owned();
        (name, path)
    });
    let is_ours = |name: &str| {
        name.starts_with("data/roundup.db") || name.starts_with("index/") || name.starts_with("backups/backup-")
    };
    let kept = named.filter(|(name, _)| !is_ours(name));
    kept.map(|(name, path)| {
        let bytes = match name.as_str() {
            name if NO_CONTENT.contains(&name) => Vec::new(),
            // Where a copy comes from is remembered with the whole path, which is another one in each case.
            "data/sync.json" => fs::read_to_string(path).unwrap().replace(&home.display().to_string(), "HOME").into(),
            _ => fs::read(path).unwrap(),
        };
        (name, bytes)
    })
    .collect()
}

/// Returns every document of the index, and whether it shows the database as it is; none when there is no index.
fn papers(case: &Case, revision: u64) -> Vec<String> {
    let Ok(searcher) = Index::open_reader(&case.home().join("index")) else { return Vec::new() };
    let mut out = vec![if searcher.revision() == revision { "level" } else { "behind" }.to_owned()];
    let each = &mut |paper| {
        out.push(serde_json::to_string(&paper).unwrap());
        true
    };
    searcher.each(None, &Options::default(), each).unwrap();
    out
}
