//! Copies of the whole database: taken while others write, looked through before they count, and made before the schema
//! changes.
//!
//! A copy goes through SQLite's own backup interface under one read transaction, so it holds one moment of the
//! database, however long it takes and whoever writes meanwhile. It is one plain file without a log beside it, which
//! any program for SQLite opens.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::{Result, SCHEMA, Store, StoreError, look, sql};
use crate::fault::{self, Step};
use crate::fsx;

/// Pages that are copied at once: 4 MB of the usual size.
const PAGES_AT_ONCE: i32 = 1_000;
/// How many copies from before changes of the schema are kept.
const BEFORE_SCHEMA_KEPT: usize = 3;
/// How many faults of a database are told.
const PROBLEMS_TOLD_MAX: usize = 20;

/// What a database holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseLook {
    /// Number of its schema.
    pub schema: usize,
    /// Rows by table.
    pub tables: BTreeMap<String, u64>,
    /// What is wrong with it; empty when it is whole.
    pub problems: Vec<String>,
}

/// A database that was brought to a newer schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    /// Number of the schema that it had.
    pub from: usize,
    /// Number of the one that it has.
    pub to: usize,
    /// Where the copy from before lies.
    pub copy: PathBuf,
}

impl Store {
    /// Returns from which schema to which this database was brought when it was opened; `None` when it was up to date
    /// or new.
    pub fn migrated(&self) -> Option<&Migrated> {
        self.migrated.as_ref()
    }

    /// Returns how many of these steps the database has done.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when it has done more.
    pub(super) fn steps_done(&self, steps: &[&str]) -> Result<usize> {
        let found = self.schema_version()?;
        if found > steps.len() {
            return Err(StoreError::Newer { path: self.path.clone(), found, known: steps.len() });
        }
        Ok(found)
    }

    /// Brings the schema up to date: a copy of what is there first, then all steps in one transaction, so that after a
    /// step that fails the program from before reads the database as it did.
    pub(super) fn migrate(&self, steps: &[&str]) -> Result<Option<Migrated>> {
        let found = self.steps_done(steps)?;
        if found == steps.len() {
            return Ok(None);
        }
        let is_new = found == 0;
        let copy = if is_new { PathBuf::new() } else { before_schema(&self.path, found, steps.len())? };
        self.transaction(|s| -> Result<()> {
            for step in steps.iter().skip(found) {
                s.conn.execute_batch(step).map_err(sql("migrate"))?;
            }
            s.conn.pragma_update(None, "user_version", steps.len()).map_err(sql("schema version"))
        })?;
        Ok((!is_new).then_some(Migrated { from: found, to: steps.len(), copy }))
    }
}

/// Returns the number of the newest schema that this program knows.
pub fn schema_known() -> usize {
    SCHEMA.len()
}

/// Copies a database into a file that is not there yet, to the disk, and returns what it held at that moment. Others may
/// write it meanwhile. `progress` is told pages done and pages in all.
///
/// # Errors
/// When it cannot be read or is newer than this program, or the copy cannot be written; a part of it may lie there then.
pub fn copy_database(from: &Path, to: &Path, progress: &dyn Fn(u64, u64)) -> Result<DatabaseLook> {
    let found = look::reading(from, OpenFlags::SQLITE_OPEN_READ_WRITE, |conn| {
        let found = schema_of(&conn)?;
        if found > SCHEMA.len() {
            return Err(StoreError::Newer { path: from.to_owned(), found, known: SCHEMA.len() });
        }
        // One transaction around all of it: the pages copied and the rows counted are of one moment.
        conn.execute_batch("BEGIN").map_err(sql("begin a copy"))?;
        let tables = tables_of(&conn)?;
        copy_pages(&conn, to, progress)?;
        Ok(DatabaseLook { schema: found, tables, problems: Vec::new() })
    })?;
    fsx::sync_file(to)?;
    Ok(found)
}

/// Copies all pages and makes one plain file of them.
fn copy_pages(conn: &Connection, to: &Path, progress: &dyn Fn(u64, u64)) -> Result<()> {
    writes()?;
    let mut copy = Connection::open(to).map_err(sql("open a copy"))?;
    {
        let backup = Backup::new(conn, &mut copy).map_err(sql("begin a copy"))?;
        loop {
            writes()?;
            let step = backup.step(PAGES_AT_ONCE).map_err(sql("copy"))?;
            let at = backup.progress();
            let all = u64::try_from(at.pagecount).unwrap_or_default();
            progress(all.saturating_sub(u64::try_from(at.remaining).unwrap_or_default()), all);
            match step {
                StepResult::Done => break,
                StepResult::More => {}
                // The source is being read already and nobody knows of the copy: nobody can be in the way.
                _ => return Err(StoreError::Damaged { what: "copy", reason: "somebody else has it open".to_owned() }),
            }
        }
    }
    writes()?;
    copy.pragma_update(None, "journal_mode", "DELETE").map_err(sql("one file"))?;
    copy.close().map_err(|(_, cause)| sql("close a copy")(cause))
}

/// Takes note that SQLite is about to write into a copy.
fn writes() -> Result<()> {
    fault::step(Step::Write).map_err(|cause| look::refused(&cause)).map_err(sql("copy"))
}

/// Looks a database through that nobody writes: its structure, what its rows refer to, how many there are. Nothing is
/// written, beside it neither.
///
/// # Errors
/// When it is missing, cannot be read, or is no database at all.
pub fn look_through(path: &Path) -> Result<DatabaseLook> {
    fsx::check_plain(path)?;
    let conn = look::unchanging(path)?;
    let schema = schema_of(&conn)?;
    let mut problems = integrity(&conn)?;
    let tables = match tables_of(&conn) {
        Ok(tables) => tables,
        Err(error) if !problems.is_empty() || error.is_damage() => {
            problems.push(format!("its rows cannot be counted: {error}"));
            BTreeMap::new()
        }
        Err(error) => return Err(error),
    };
    Ok(DatabaseLook { schema, tables, problems })
}

/// Returns what SQLite finds wrong: with pages and indexes first, then with rows that refer to others.
pub(super) fn integrity(conn: &Connection) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    let query = format!("PRAGMA integrity_check({PROBLEMS_TOLD_MAX})");
    match texts(conn, &query, |r| r.get(0)) {
        Ok(lines) => problems.extend(lines.into_iter().filter(|line| line != "ok")),
        Err(error) if error.is_damage() => problems.push(look::in_one_line(&error)),
        Err(error) => return Err(error),
    }
    if !problems.is_empty() {
        return Ok(problems);
    }
    let homeless = texts(conn, "PRAGMA foreign_key_check", |r| {
        let (table, row, parent): (String, Option<i64>, String) = (r.get(0)?, r.get(1)?, r.get(2)?);
        let row = row.map(|row| format!(" {row}")).unwrap_or_default();
        Ok(format!("row{row} of {table} refers to what is not in {parent}"))
    })?;
    let more = homeless.len().saturating_sub(PROBLEMS_TOLD_MAX);
    problems.extend(homeless.into_iter().take(PROBLEMS_TOLD_MAX));
    if more > 0 {
        problems.push(format!("and {more} more"));
    }
    Ok(problems)
}

/// Returns what a query for one text a row gives.
fn texts(
    conn: &Connection,
    query: &str,
    text: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<String>,
) -> Result<Vec<String>> {
    let mut statement = conn.prepare(query).map_err(sql("look through"))?;
    let rows = statement.query_map([], text).map_err(sql("look through"))?;
    rows.collect::<rusqlite::Result<_>>().map_err(sql("look through"))
}

/// Returns the number of a database's schema.
fn schema_of(conn: &Connection) -> Result<usize> {
    conn.pragma_query_value(None, "user_version", |r| r.get::<_, usize>(0)).map_err(sql("schema version"))
}

/// Counts the rows of each table.
fn tables_of(conn: &Connection) -> Result<BTreeMap<String, u64>> {
    let names = texts(
        conn,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        |r| r.get(0),
    )?;
    let count = |name: String| {
        let query = format!("SELECT count(*) FROM \"{}\"", name.replace('"', "\"\""));
        let rows = conn.query_row(&query, [], |r| r.get::<_, u64>(0)).map_err(sql("count rows"))?;
        Ok((name, rows))
    };
    names.into_iter().map(count).collect()
}

/// Returns how many bytes a database has on the disk, with what was written last.
pub fn bytes_of(path: &Path) -> u64 {
    [path.to_owned(), look::beside(path, "-wal")].iter().filter_map(|file| fsx::size_of(file)).sum()
}

/// Checks that a disk has room for a copy of so many bytes, and some more; where nobody can say, it has.
///
/// # Errors
/// [`StoreError::NoRoom`] when it has not.
pub fn check_room(folder: &Path, bytes: u64) -> Result<()> {
    room_for(folder, bytes, fsx::room_at(folder))
}

/// Room that is left alone beside what is copied, in bytes: what SQLite's log and everybody else write meanwhile.
const ROOM_LEFT: u64 = 16 << 20;

/// [`check_room`], with what is free.
fn room_for(folder: &Path, bytes: u64, free: Option<u64>) -> Result<()> {
    let needed = bytes.saturating_add(ROOM_LEFT);
    match free {
        Some(free) if free < needed => Err(StoreError::NoRoom { folder: folder.to_owned(), needed, free }),
        _ => Ok(()),
    }
}

/// Copies a database before its schema changes, looks the copy through and returns where it lies: in `backups/` of the
/// home, named by both schemas. One from an earlier try is replaced by what is there now; the newest few stay.
///
/// # Errors
/// When there is no room for it, it cannot be written, or the database is damaged: nothing may be changed then.
pub(super) fn before_schema(path: &Path, from: usize, to: usize) -> Result<PathBuf> {
    let folder = backups_beside(path);
    check_room(&folder, bytes_of(path))?;
    fsx::make_folder(&folder)?;
    let copy = folder.join(format!("{BEFORE_SCHEMA}{to:03}-was-{from:03}.db"));
    let making = folder.join(format!(".making-{BEFORE_SCHEMA}{to:03}.db"));
    fsx::remove_file(&making)?;
    let made = copy_database(path, &making, &|_, _| {}).and_then(|held| check_same(&making, &held));
    if let Err(error) = made {
        // What cannot be removed is replaced the next time.
        let _ = fsx::remove_file(&making);
        return Err(error);
    }
    fsx::remove_file(&copy)?;
    fsx::move_to(&making, &copy)?;
    remove_older(&folder)?;
    Ok(copy)
}

/// How the name of a copy from before a change of the schema begins.
const BEFORE_SCHEMA: &str = "before-schema-";

/// Removes all copies from before changes of the schema but the newest few.
fn remove_older(folder: &Path) -> Result<()> {
    let is_ours = |path: &PathBuf| {
        let name = path.file_name().and_then(|n| n.to_str());
        name.and_then(|n| n.strip_prefix(BEFORE_SCHEMA)).and_then(|n| n.strip_suffix(".db")).is_some_and(|numbers| {
            let parts: Vec<&str> = numbers.split("-was-").collect();
            parts.len() == 2 && parts.iter().all(|p| p.len() == 3 && p.bytes().all(|b| b.is_ascii_digit()))
        })
    };
    // By name, which is by schema.
    let ours: Vec<PathBuf> = fsx::files_in(folder)?.into_iter().filter(is_ours).collect();
    for path in ours.iter().rev().skip(BEFORE_SCHEMA_KEPT) {
        fsx::remove_file(path)?;
    }
    Ok(())
}

/// Returns the folder for copies: beside the data folder of a home; of a database elsewhere, beside it.
fn backups_beside(database: &Path) -> PathBuf {
    let folder = database.parent().unwrap_or(Path::new("."));
    let home = if folder.file_name().is_some_and(|name| name == "data") { folder.parent() } else { None };
    home.unwrap_or(folder).join("backups")
}

/// Checks that a copy is whole and holds what was copied.
///
/// # Errors
/// [`StoreError::Damaged`] when not.
pub fn check_same(copy: &Path, held: &DatabaseLook) -> Result<()> {
    let found = look_through(copy)?;
    let reason = match found.problems.first() {
        Some(problem) => problem.clone(),
        None if found.tables != held.tables || found.schema != held.schema => {
            "the copy does not hold what was copied".to_owned()
        }
        None => return Ok(()),
    };
    Err(StoreError::Damaged { what: "database", reason })
}

#[cfg(test)]
mod tests;
