//! The backups of a home: each that got its name is whole, and what it holds.

use std::fs;
use std::path::{Path, PathBuf};

use roundup::pipeline::backup::{backups_in, check};
use rusqlite::{Connection, OpenFlags};

use super::home::Case;
use super::world::rows_of;

/// Returns the folders that bear the name of a backup.
fn folders(case: &Case) -> Vec<PathBuf> {
    let all = fs::read_dir(case.home().join("backups")).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_named = |path: &PathBuf| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("backup-"));
    let mut named: Vec<PathBuf> = all.filter(is_named).collect();
    named.sort();
    named
}

/// Looks each backup through, and whether it is listed; says what is wrong.
pub fn damage(case: &Case) -> String {
    let folders = folders(case);
    let wrong = folders.iter().filter_map(|folder| check(folder, &|_| {}).err().map(|error| format!("{error}; ")));
    let mut out: String = wrong.collect();
    let listed = backups_in(&case.home().join("backups")).map_or(0, |backups| backups.len());
    if listed != folders.len() {
        out.push_str(&format!("{listed} of {} backups are listed", folders.len()));
    }
    out
}

/// Returns what the backups hold, each content once: its files, and the rows of its database. Where a home lay and when
/// a copy was made stands in each as well, and is no part of it.
pub fn of(case: &Case) -> Vec<String> {
    let mut all: Vec<String> = folders(case).iter().map(|folder| content(folder)).collect();
    all.sort();
    all.dedup();
    all
}

/// Returns what one backup holds.
fn content(folder: &Path) -> String {
    let checked = match check(folder, &|_| {}) {
        Ok(checked) => checked,
        Err(error) => return format!("damaged: {error}"),
    };
    let database = folder.join("home/data/roundup.db");
    let database = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let rows = rows_of(&database);
    let files = checked.files.iter().filter(|(name, _)| name.as_str() != "data/roundup.db");
    let files: Vec<String> = files.map(|(name, sum)| format!("{name} {sum}")).collect();
    let sum = |text: String| roundup::model::sha256_hex(text.as_bytes());
    let counts: Vec<String> = rows.iter().map(|(name, rows)| format!("{name}:{}", rows.len())).collect();
    format!("{} files {}, rows {} ({})", files.len(), sum(files.join(",")), sum(format!("{rows:?}")), counts.join(" "))
}
