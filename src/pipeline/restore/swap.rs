//! The moves that make one home of another, by a plan that outlives a power cut.

use std::path::{Path, PathBuf};

use super::locks;
use crate::fsx;
use crate::model::FileName;
use crate::pipeline::{Error, Home, Result};

/// Version of the plan's form.
pub(super) const VERSION: u32 = 1;
/// The most bytes of a plan.
const PLAN_BYTES_MAX: u64 = 16 << 20;

/// What a home has that a backup may take the place of; the folders are moved whole.
const UNITS: [&str; 14] = [
    "feeds.toml",
    "topics.toml",
    "countries.csv",
    "lexicon.toml",
    "pubmed-query.txt",
    "drafts",
    "templates",
    "out",
    "index",
    "data/roundup.db-wal",
    "data/roundup.db-shm",
    "data/roundup.db",
    "data/saved",
    "data/lists.json",
];

/// Something that is moved in one step.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Unit {
    /// Its name from the home on.
    pub(super) name: String,
    /// Whether a new one comes in its place.
    pub(super) comes: bool,
}

/// What is to be moved. Once it is written, the home is the new one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Plan {
    /// Version of the form.
    pub(super) v: u32,
    /// Everything that moves, in order.
    pub(super) units: Vec<Unit>,
    /// Name in `backups/` under which what was there stays as it was; `None` when it is a backup already.
    pub(super) keep_as: Option<String>,
}

/// Returns the folder in which a restore works.
pub(super) fn staging(home: &Home) -> PathBuf {
    home.root().join(".restoring")
}

/// Returns the folder of what comes.
pub(super) fn new(home: &Home) -> PathBuf {
    staging(home).join("new")
}

/// Returns the file of the plan.
fn plan_file(home: &Home) -> PathBuf {
    staging(home).join("plan.json")
}

/// Returns what is moved for a file: a single file by itself, of a folder the whole folder.
pub(super) fn unit_of(name: &str) -> String {
    let parts: Vec<&str> = name.split('/').collect();
    let count = match parts.first() {
        // Others lie in these that are not ours to move.
        Some(&("data" | "inbox")) => 2,
        _ => 1,
    };
    parts.into_iter().take(count).collect::<Vec<_>>().join("/")
}

/// Returns what a home has of what a backup takes the place of.
pub(super) fn units_of(home: &Home) -> Vec<String> {
    UNITS.iter().filter(|name| fsx::is_there(&home.root().join(name))).map(|name| (*name).to_owned()).collect()
}

/// Checks that everything there can be moved away in one step: nothing is a link to somewhere else, or another disk.
///
/// # Errors
/// Names the first that cannot.
pub(super) fn check_movable(home: &Home, units: &[Unit]) -> Result<()> {
    for unit in units {
        let path = home.root().join(&unit.name);
        let is_else = path.is_symlink() || fsx::is_on_one_disk(home.root(), &path) == Some(false);
        let folder_is_else = path.parent().is_some_and(|folder| {
            folder != home.root() && (folder.is_symlink() || fsx::is_on_one_disk(home.root(), folder) == Some(false))
        });
        if is_else || folder_is_else {
            let reason = format!("{} is a link or lies on another disk; nothing was changed", path.display());
            return Err(Error::stopped(reason, "put the backup into a new folder (--into DIR) and move it from there"));
        }
    }
    Ok(())
}

/// Writes the plan.
///
/// # Errors
/// When it cannot be written; then the home is as it was.
pub(super) fn write(home: &Home, plan: &Plan) -> Result<()> {
    let json = serde_json::to_string_pretty(plan).unwrap_or_default();
    fsx::write_atomic(&plan_file(home), json.as_bytes())?;
    Ok(())
}

/// Tells whether a restore of a home was cut off, or is under way.
pub fn is_cut_off(home: &Home) -> bool {
    fsx::is_there(&plan_file(home))
}

/// Removes the copies of a restore that was cut off before it was decided, or after it was over; what cannot be removed
/// stays, and the next one removes it. Whoever calls it holds the right to write, so that none is under way.
pub fn remove_left_over(home: &Home) {
    if !is_cut_off(home) && fsx::is_there(&staging(home)) {
        let _ = fsx::remove_folder(&staging(home));
    }
}

/// Finishes a restore that was cut off; tells whether there was one.
///
/// # Errors
/// When somebody is at it, or the disk refuses.
pub fn finish(home: &Home) -> Result<bool> {
    if !is_cut_off(home) {
        return Ok(false);
    }
    let _locks = locks(home)?;
    go_on(home, &mut || Ok(()))
}

/// Does what the plan says and was not done yet; tells whether there was a plan. `step` is asked before each move.
///
/// # Errors
/// When the plan cannot be read, or something cannot be moved; it is gone on with later.
pub(super) fn go_on(home: &Home, step: &mut dyn FnMut() -> Result<()>) -> Result<bool> {
    let Some(text) = fsx::read_plain_text(&plan_file(home), PLAN_BYTES_MAX)? else { return Ok(false) };
    let (new, old) = (new(home), staging(home).join("old"));
    let plan = read(&text).ok_or_else(|| unreadable(home))?;
    for unit in &plan.units {
        move_unit(&home.root().join(&unit.name), &new.join(&unit.name), &old.join(&unit.name), unit.comes, step)?;
    }
    if let Some(name) = plan.keep_as.as_ref().filter(|_| fsx::is_there(&old)) {
        step()?;
        fsx::move_across(&old, &home.backups().join(name))?;
    }
    step()?;
    fsx::remove_file(&plan_file(home))?;
    step()?;
    fsx::remove_folder(&staging(home))?;
    Ok(true)
}

/// Moves one unit, as far as it was not moved yet. Where each of the three lies tells how far it came.
fn move_unit(here: &Path, new: &Path, old: &Path, comes: bool, step: &mut dyn FnMut() -> Result<()>) -> Result<()> {
    if fsx::is_there(here) && !fsx::is_there(old) && (!comes || fsx::is_there(new)) {
        step()?;
        fsx::move_across(here, old)?;
    }
    if comes && fsx::is_there(new) {
        if fsx::is_there(here) {
            // Somebody without regard for our locks has put something there since.
            step()?;
            fsx::move_across(here, &fsx::free_place(old)?)?;
        }
        step()?;
        fsx::move_across(new, here)?;
    }
    Ok(())
}

/// Reads a plan; `None` when it is none of ours.
fn read(text: &str) -> Option<Plan> {
    let plan: Plan = serde_json::from_str(text).ok()?;
    let names = plan.units.iter().map(|unit| unit.name.as_str()).chain(plan.keep_as.as_deref());
    (plan.v == VERSION && names.into_iter().all(|name| FileName::parse(name).is_some())).then_some(plan)
}

/// Returns the error of a plan that cannot be read: by a newer program, or damaged.
fn unreadable(home: &Home) -> Error {
    let shown = plan_file(home).display().to_string();
    let reason = format!("a restore was cut off here, and its plan {shown} cannot be read; nothing was changed");
    Error::stopped(reason, "update roundup; else put the backup into a new folder with `roundup restore --into DIR`")
}
