//! Putting a backup back.
//!
//! All of it is copied beside the home's own files first (`.restoring/new`) and compared with its sums; until then the
//! home is as it was. Then a plan is written in one step: from that moment on the home is the new one, and whatever is
//! still missing is a row of moves that may be broken off anywhere and gone on with. Whoever opens the home meanwhile
//! finds the plan and finishes it, so nobody ever sees a home that is half of one and half of the other.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::backup::{self, BackupWish, Checked, Sum};
use super::{Error, Home, Result};
use crate::fsx;
use crate::store::{self, DaemonLock, DraftLock, StoreError, WriterLock};

mod swap;

use swap::{Plan, Unit};
pub use swap::{finish, is_cut_off, remove_left_over};

/// What a restore did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RestoreReport {
    /// The backup.
    pub backup: PathBuf,
    /// When it was made, UTC.
    pub made_at: Timestamp,
    /// Files put back, with the database.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Where what was there before is kept; `None` when nothing was.
    pub kept: Option<PathBuf>,
    /// Whether what was there before could not be copied as a backup, and was moved there as it was.
    pub is_kept_as_it_was: bool,
    /// Whether there was a database before.
    pub had_database: bool,
    /// What had lain in the home that the backup was made of and is not in it.
    pub left_out: Vec<String>,
}

/// Returns the backup that a person named: a folder, or the name of one that lies where backups of this home lie.
///
/// # Errors
/// When there is none.
pub fn named(places: &[PathBuf], word: &Path) -> Result<PathBuf> {
    let is_name = word.components().count() == 1 && !word.exists();
    let found = is_name.then(|| places.iter().map(|place| place.join(word)).find(|path| path.is_dir())).flatten();
    if let Some(path) = found {
        return Ok(path);
    }
    if word.is_dir() {
        return Ok(word.to_owned());
    }
    let reason = format!("there is no backup {}", word.display());
    Err(Error::stopped(reason, "`roundup restore` without a name lists the backups of this home"))
}

/// Tells whether a home has anything that a restore would take the place of.
pub fn is_occupied(home: &Home) -> bool {
    !swap::units_of(home).is_empty()
}

/// Checks that no daemon is at work in a home, for whoever would only find out after being asked.
///
/// # Errors
/// When one is.
pub fn check_no_daemon(home: &Home) -> Result<()> {
    match DaemonLock::holder(&home.data()) {
        Some(holder) => Err(StoreError::DaemonThere { holder }.into()),
        None => Ok(()),
    }
}

/// Puts a backup back that was looked through. What is there is kept first: as a backup, or, when it is too damaged for
/// one, as it is.
///
/// # Errors
/// When another roundup writes here or a daemon is at work, the files cannot be copied or are no longer what was looked
/// through, or the disk refuses: then nothing was changed. After the plan was written, whoever comes next finishes it.
pub fn restore(
    home: &Home,
    folder: &Path,
    checked: &Checked,
    now: Timestamp,
    progress: &dyn Fn(&str),
) -> Result<RestoreReport> {
    restore_by_steps(home, folder, checked, now, progress, &mut || Ok(()))
}

/// [`restore`], with a word before each step that changes the home; who says no there ends it as a power cut does.
fn restore_by_steps(
    home: &Home,
    folder: &Path,
    checked: &Checked,
    now: Timestamp,
    progress: &dyn Fn(&str),
    step: &mut dyn FnMut() -> Result<()>,
) -> Result<RestoreReport> {
    fsx::make_folder(home.root())?;
    let _locks = locks(home)?;
    // One that was cut off is finished first: its plan is the home.
    swap::go_on(home, step)?;
    let units = units(home, checked);
    swap::check_movable(home, &units)?;
    let had_database = home.database().exists();
    let kept = keep_first(home, now, progress)?;
    stage(home, folder, checked, progress)?;
    let as_it_was = match &kept {
        Kept::Nothing | Kept::Backup(_) => None,
        Kept::AsItIs(path) => path.file_name().map(|name| name.to_string_lossy().into_owned()),
    };
    let is_kept_as_it_was = as_it_was.is_some();
    let plan = Plan { v: swap::VERSION, units, keep_as: as_it_was };
    step()?;
    swap::write(home, &plan)?;
    swap::go_on(home, step)?;
    // A backup holds no empty folders, and people look for these.
    for folder in ["drafts", "inbox", "templates"] {
        fsx::make_folder(&home.root().join(folder))?;
    }
    Ok(RestoreReport {
        backup: folder.to_owned(),
        made_at: checked.about.made_at,
        files: checked.files.len(),
        bytes: checked.bytes,
        kept: match kept {
            Kept::Nothing => None,
            Kept::Backup(path) | Kept::AsItIs(path) => Some(path),
        },
        is_kept_as_it_was,
        had_database,
        left_out: checked.about.left_out.clone(),
    })
}

/// Takes all locks of a home: nobody writes in it or works as its daemon meanwhile.
///
/// # Errors
/// When somebody does.
fn locks(home: &Home) -> Result<(WriterLock, DaemonLock, DraftLock)> {
    let data = home.data();
    let daemon = DaemonLock::take(&data)?;
    Ok((WriterLock::take(&data)?, daemon, DraftLock::take(&data, std::time::Duration::from_secs(5))?))
}

/// Returns what is moved: all that comes, and what is there of the same kinds and does not.
fn units(home: &Home, checked: &Checked) -> Vec<Unit> {
    let coming: BTreeSet<String> = checked.files.keys().map(|name| swap::unit_of(name.as_str())).collect();
    let going = swap::units_of(home).into_iter().filter(|name| !coming.contains(name));
    // What goes moves first: a log that belongs to the old database never lies beside the new one.
    let going: Vec<Unit> = going.map(|name| Unit { name, comes: false }).collect();
    going.into_iter().chain(coming.into_iter().map(|name| Unit { name, comes: true })).collect()
}

/// How what was there is kept.
enum Kept {
    /// Nothing was there.
    Nothing,
    /// As a backup.
    Backup(PathBuf),
    /// As it is, moved there once it is replaced: it is too damaged to be copied, or has no database.
    AsItIs(PathBuf),
}

/// Keeps what is there.
///
/// # Errors
/// When it cannot be kept: then nothing may be put in its place.
fn keep_first(home: &Home, now: Timestamp, progress: &dyn Fn(&str)) -> Result<Kept> {
    if !is_occupied(home) {
        return Ok(Kept::Nothing);
    }
    let wish = BackupWish { folder: home.backups(), keep: None };
    let is_whole = home.database().exists()
        && match store::look_through(&home.database()) {
            Ok(found) => found.problems.is_empty() && found.schema <= store::schema_known(),
            Err(error) if error.is_damage() => false,
            Err(error) => return Err(error.into()),
        };
    if is_whole {
        return Ok(Kept::Backup(backup::backup(home, &wish, now, progress)?.path));
    }
    let name = format!("replaced-{}", now.strftime("%Y-%m-%dT%H%M%SZ"));
    Ok(Kept::AsItIs(fsx::free_place(&wish.folder.join(name))?))
}

/// Copies all files of a backup beside the home's own, and compares each with its sum while it is copied.
///
/// # Errors
/// When one is not what was looked through, or cannot be copied. What was copied is removed then.
fn stage(home: &Home, folder: &Path, checked: &Checked, progress: &dyn Fn(&str)) -> Result<()> {
    let new = swap::new(home);
    fsx::remove_folder(&swap::staging(home))?;
    let copied = store::check_room(home.root(), checked.bytes).map_err(Error::from).and_then(|()| {
        for (name, sum) in &checked.files {
            progress(&format!("copying {name}"));
            let mut found = Sum::default();
            fsx::copy_new(&name.under(&folder.join("home")), &name.under(&new), |piece| found.add(piece))?;
            if found.hex() != *sum {
                let reason = format!("{name} changed in {} while it was copied; nothing was changed", folder.display());
                return Err(Error::stopped(reason, "run it again"));
            }
        }
        fsx::sync_folders(&new)?;
        Ok(())
    });
    if copied.is_err() {
        // What cannot be removed now is removed by the next one.
        let _ = fsx::remove_folder(&swap::staging(home));
    }
    copied
}

#[cfg(test)]
mod tests;
