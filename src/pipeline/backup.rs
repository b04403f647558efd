//! Backups: one folder that holds all of a home that cannot be made again, whole or not there.
//!
//! The database is copied as it is at one moment, whoever writes meanwhile; beside it goes what people wrote (settings,
//! rules, drafts, templates, saved searches, files that wait to be read) and `out/`. The pages could be made again from
//! the ledger, but by tomorrow's program and templates: a backup keeps them as readers got them. Keys stay out, since
//! copies lie about; the index is derived.
//!
//! Under `home/` lies what a home is, so without roundup a person only has to copy that folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{Error, Home, Result};
use crate::fsx;
use crate::model::text::clean_line;
use crate::model::{Keeping, sha256_hex};
use crate::store::{self, BackupLock, StoreError};

pub(super) mod contents;
mod folder;

use contents::{Contents, DATABASE};
pub(super) use folder::Sum;
use folder::{ABOUT, HOME, PAGE, SUMS};
pub use folder::{About, Backup, Checked, backups_in, check};

/// Where a backup is put and how many stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupWish {
    /// The folder that it is put into.
    pub folder: PathBuf,
    /// How many backups of this home stay there; `None` for all.
    pub keep: Option<usize>,
}

impl BackupWish {
    /// Returns what the settings of a home wish.
    pub fn usual(home: &Home, keeping: &Keeping) -> Self {
        Self { folder: folder_of(home, keeping), keep: Some(keeping.backups) }
    }
}

/// Returns the folder that the backups of a home are put into.
pub fn folder_of(home: &Home, keeping: &Keeping) -> PathBuf {
    if keeping.backup_folder.is_empty() { home.backups() } else { home.root().join(&keeping.backup_folder) }
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BackupReport {
    /// The folder that is the backup.
    pub path: PathBuf,
    /// Bytes of all files of the home in it.
    pub bytes: u64,
    /// How many files that are, with the database.
    pub files: usize,
    /// Bytes of the database.
    pub database_bytes: u64,
    /// Rows of the database by table.
    pub tables: BTreeMap<String, u64>,
    /// What lies in the home and is not in it, with the reason.
    pub left_out: Vec<String>,
    /// Older backups that were removed.
    pub removed: Vec<PathBuf>,
}

/// Makes a backup, looks it through, and removes those that are older than the ones to be kept. Others may write in the
/// home meanwhile.
///
/// # Errors
/// When there is no database, it is damaged or newer than this program, the folder is one that roundup works with, a
/// backup is being made already, or the disk refuses. Nothing is left then, and no older backup was touched.
pub fn backup(home: &Home, wish: &BackupWish, now: Timestamp, progress: &dyn Fn(&str)) -> Result<BackupReport> {
    if !home.database().exists() {
        let reason = format!("there is nothing to copy yet: {} has no database", home.root().display());
        return Err(Error::stopped(reason, "`roundup run` gathers; --home DIR names another folder"));
    }
    check_place(home, &wish.folder)?;
    let _lock = BackupLock::take(&home.data())?;
    fsx::make_folder(&wish.folder)?;
    let mark = mark_of(home);
    let making = wish.folder.join(format!(".making-{mark}"));
    let removing = wish.folder.join(format!(".removing-{mark}"));
    // What a run that was cut off left; with the lock it is nobody's.
    fsx::remove_folder(&making)?;
    fsx::remove_folder(&removing)?;
    let made = make(home, &making, now, progress);
    let mut report = match made {
        Ok(report) => report,
        Err(error) => {
            // What cannot be removed now is removed by the next one.
            let _ = fsx::remove_folder(&making);
            return Err(error);
        }
    };
    report.path = fsx::free_place(&wish.folder.join(folder::name_at(now)))?;
    fsx::move_across(&making, &report.path)?;
    if let Some(keep) = wish.keep {
        report.removed = remove_older(home, &wish.folder, &removing, keep)?;
    }
    Ok(report)
}

/// Returns what tells the unfinished backups of this home from those of others in the same folder.
fn mark_of(home: &Home) -> String {
    sha256_hex(called(home).as_bytes()).chars().take(12).collect()
}

/// Returns what a home is called on this computer: its whole path.
fn called(home: &Home) -> String {
    let whole = home.root().canonicalize().or_else(|_| std::path::absolute(home.root()));
    whole.unwrap_or_else(|_| home.root().to_owned()).display().to_string()
}

/// Checks that a folder for backups is there, or the one that it would be made in: where it is not, a disk or stick may
/// not be plugged in, and what were made in its place would lie on the disk of the home.
///
/// # Errors
/// When neither is there.
pub fn check_reachable(folder: &Path) -> Result<()> {
    match folder.parent() {
        Some(parent) if !parent.as_os_str().is_empty() && !folder.is_dir() && !parent.is_dir() => Err(Error::stopped(
            format!("backups cannot go to {}, since there is no {}", folder.display(), parent.display()),
            format!(
                "plug in or mount the disk that it stands for; if it is to be a new folder, `mkdir -p {}` makes the one \
                 above it",
                parent.display()
            ),
        )),
        _ => Ok(()),
    }
}

/// Checks that backups are not put where roundup itself reads or publishes.
///
/// # Errors
/// When they would be, or there is no place for the folder.
fn check_place(home: &Home, folder: &Path) -> Result<()> {
    check_reachable(folder)?;
    let ours = home.folders().into_iter().chain([home.out()]).filter(|ours| *ours != home.backups());
    let Some(within) = ours.into_iter().find(|ours| fsx::is_within(folder, ours)) else { return Ok(()) };
    let reason = format!("backups cannot lie in {}, which roundup works with", within.display());
    Err(Error::stopped(reason, "name another folder, best on another disk"))
}

/// Writes a backup under a name of its own and looks it through.
fn make(home: &Home, making: &Path, now: Timestamp, progress: &dyn Fn(&str)) -> Result<BackupReport> {
    let Contents { parts, mut left_out } = contents::of(home)?;
    let of_parts: u64 = parts.iter().filter_map(|part| fsx::size_of(&part.path)).sum();
    let into = making.parent().unwrap_or(making);
    store::check_room(into, of_parts.saturating_add(store::bytes_of(&home.database())))?;
    let mut sums = BTreeMap::new();
    // Files before the database: a draft that is older than its base brings its own along, from the versions.
    for part in parts {
        progress(&format!("copying {}", part.name));
        let mut sum = Sum::default();
        match fsx::copy_new(&part.path, &making.join(HOME).join(&part.name), |piece| sum.add(piece)) {
            Ok(_) => drop(sums.insert(format!("{HOME}/{}", part.name), sum.hex())),
            // It was moved away meanwhile, as what was dropped is once it is read.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !part.path.exists() => {}
            Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied && error.path() == part.path => {
                left_out.push(format!("{}: roundup may not read it", part.path.display()));
            }
            Err(error) => return Err(error.into()),
        }
    }
    let database = making.join(HOME).join(DATABASE);
    fsx::make_folder(database.parent().unwrap_or(making))?;
    let held = store::copy_database(&home.database(), &database, &|done, all| {
        progress(&format!("copying the database, {done} of {all} pages"));
    })
    .and_then(|held| store::check_same(&database, &held).map(|()| held))
    .map_err(unusable)?;
    let (sum, database_bytes) = folder::sum_of(&database)?;
    sums.insert(format!("{HOME}/{DATABASE}"), sum);
    let about = About::new(called(home), now, &held, left_out.clone());
    let json = serde_json::to_string_pretty(&about).unwrap_or_default();
    for (name, text) in [(ABOUT, format!("{json}\n")), (PAGE, page(now))] {
        fsx::write_atomic(&making.join(name), text.as_bytes())?;
        sums.insert(name.to_owned(), sha256_hex(text.as_bytes()));
    }
    fsx::write_atomic(&making.join(SUMS), folder::sums(&sums).as_bytes())?;
    fsx::sync_folders(making)?;
    let checked = check(making, progress)?;
    Ok(BackupReport {
        path: making.to_owned(),
        bytes: checked.bytes,
        files: checked.files.len(),
        database_bytes,
        tables: held.tables,
        left_out,
        removed: Vec::new(),
    })
}

/// Returns an error of the database that is copied with what to do; of a damaged one there is no copy, since it would in
/// time push out the good ones.
fn unusable(error: StoreError) -> Error {
    if !error.is_damage() {
        return error.into();
    }
    let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
    Error::stopped(
        format!("no backup was made, since the database is damaged: {error}{cause}"),
        "`roundup restore` lists the backups that can be put back; none of them was touched",
    )
}

/// Removes the oldest backups of this home; of others, and what is no backup of ours, nothing is touched.
fn remove_older(home: &Home, folder: &Path, removing: &Path, keep: usize) -> Result<Vec<PathBuf>> {
    let ours = called(home);
    let old: Vec<PathBuf> = backups_in(folder)?
        .into_iter()
        .filter(|backup| backup.about.home == ours)
        .skip(keep.max(1))
        .map(|backup| backup.path)
        .collect();
    for path in &old {
        // Under another name first: what is removed half is taken for no backup.
        fsx::move_to(path, removing)?;
        fsx::remove_folder(removing)?;
    }
    Ok(old)
}

/// Returns the page for people that lies in a backup.
fn page(now: Timestamp) -> String {
    format!(
        "This folder is a backup that roundup made on {} (UTC).\n\n\
         {HOME}/       all that people wrote, what was gathered, and the pages as readers got them\n\
         {SUMS}    the sum of every file; in this folder,  sha256sum -c {SUMS}  checks them\n\
         {ABOUT} when and of what it was made\n\n\
         To put it back:   roundup --home YOUR-FOLDER restore THIS-FOLDER\n\
         To move to another computer: install roundup there, copy this folder to it, and do the same.\n\
         Without roundup: copy what lies in {HOME}/ into an empty folder; that folder is the home.\n\n\
         Not in here: the keys of mailing tools and of packs (keys/), and the search index, which is built anew.\n",
        now.strftime("%Y-%m-%d %H:%M")
    )
}

/// How old the newest backup may be before another is due, in hours: a daily run that is some hours early finds it due.
const DUE_HOURS: i64 = 20;

/// Makes a backup when the newest is older than most of a day; for whoever comes by daily.
///
/// # Errors
/// As [`backup`].
pub fn backup_if_due(
    home: &Home,
    wish: &BackupWish,
    now: Timestamp,
    progress: &dyn Fn(&str),
) -> Result<Option<BackupReport>> {
    let newest = newest_of(home, &wish.folder)?;
    if is_due(newest.as_ref(), now) { backup(home, wish, now, progress).map(Some) } else { Ok(None) }
}

/// Tells whether it is time for another backup than the newest.
fn is_due(newest: Option<&Backup>, now: Timestamp) -> bool {
    newest.is_none_or(|backup| {
        let age = now.duration_since(backup.about.made_at);
        // One from the future was made while the clock was wrong.
        age.as_hours() >= DUE_HOURS || age.is_negative()
    })
}

/// Tells whether a home still owes the backup that follows work which ended at a moment: one is due, and there was
/// none since. Whoever was cut off between the two owes it.
///
/// # Errors
/// When the folder of the backups cannot be listed.
pub fn is_owed(home: &Home, wish: &BackupWish, ended: Timestamp, now: Timestamp) -> Result<bool> {
    let newest = newest_of(home, &wish.folder)?;
    // Of a backup the second is known, and no part of it.
    let is_since = newest.as_ref().is_some_and(|backup| backup.about.made_at.as_second() >= ended.as_second());
    Ok(!is_since && is_due(newest.as_ref(), now))
}

/// Returns the newest backup of this home in a folder.
///
/// # Errors
/// When the folder cannot be listed.
pub fn newest_of(home: &Home, folder: &Path) -> Result<Option<Backup>> {
    let ours = called(home);
    Ok(backups_in(folder)?.into_iter().find(|backup| backup.about.home == ours))
}

/// Says that a folder has no backup of this home; where it has others, of which: a home that was moved or copied brings
/// those along that were made at its old place.
pub fn none_in_words(home: &Home, folder: &Path) -> String {
    let shown = folder.display();
    let others = backups_in(folder).unwrap_or_default();
    let Some(newest) = others.first() else { return format!("there is none in {shown}") };
    let of = clean_line(&newest.about.home);
    if fsx::is_within(folder, home.root()) {
        format!("those in {shown} were made when the home lay at {of}; `roundup restore` lists and takes them")
    } else {
        format!("there is none of this home in {shown}, only of others (the newest of {of})")
    }
}

/// Returns how many backups of this home lie in a folder; of one that cannot be listed nobody knows any.
pub(super) fn count_of(home: &Home, folder: &Path) -> usize {
    let ours = called(home);
    backups_in(folder).unwrap_or_default().iter().filter(|backup| backup.about.home == ours).count()
}

/// Returns the folders in which backups of a home may lie: where the settings say, and in the home.
pub fn places(home: &Home, keeping: &Keeping) -> Vec<PathBuf> {
    let all = [folder_of(home, keeping), folder_of(home, &Keeping::default())];
    all.into_iter().collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
pub(in crate::pipeline) mod tests;
