//! One writer at a time, by a lock of the operating system: freed when the process ends, however.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

use super::{Result, StoreError};

/// Holds the right to write until it is dropped.
#[derive(Debug)]
pub struct WriterLock {
    _file: File,
}

impl WriterLock {
    /// Takes the lock of a data folder.
    ///
    /// # Errors
    /// [`StoreError::Locked`] with the holder's process id when another instance writes, or an
    /// error when the lock file cannot be made.
    pub fn take(folder: &Path) -> Result<Self> {
        let file = held(folder, "lock", |holder| StoreError::Locked { holder })?;
        Ok(Self { _file: file })
    }
}

/// Holds the right to be the daemon of a home, for the daemon's whole life. It gives no right to write: whoever runs a
/// command between two runs of the daemon finds his turn.
#[derive(Debug)]
pub struct DaemonLock {
    _file: File,
}

impl DaemonLock {
    /// Takes the lock of a data folder.
    ///
    /// # Errors
    /// [`StoreError::DaemonThere`] with the holder's process id when there is a daemon, or an error when the lock file
    /// cannot be made.
    pub fn take(folder: &Path) -> Result<Self> {
        // Who only looks whether there is a daemon holds the lock for that moment.
        for _ in 0..LOOKS {
            match held(folder, "daemon.lock", |holder| StoreError::DaemonThere { holder }) {
                Err(StoreError::DaemonThere { .. }) => std::thread::sleep(DRAFT_PAUSE),
                other => return other.map(|file| Self { _file: file }),
            }
        }
        held(folder, "daemon.lock", |holder| StoreError::DaemonThere { holder }).map(|file| Self { _file: file })
    }

    /// Returns the process id of the daemon of a data folder, or "unknown"; `None` when there is none.
    pub fn holder(folder: &Path) -> Option<String> {
        let file = File::open(folder.join("daemon.lock")).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => {}
            _ => return None,
        }
        let mut holder = String::new();
        // Who it is is a courtesy; that it is there is the answer.
        let _ = file.take(32).read_to_string(&mut holder);
        let holder = holder.trim();
        Some(if holder.is_empty() { "unknown" } else { holder }.to_owned())
    }
}

/// Holds the right to write backups of a home; others may write in the home meanwhile.
#[derive(Debug)]
pub struct BackupLock {
    _file: File,
}

impl BackupLock {
    /// Takes the lock of a data folder.
    ///
    /// # Errors
    /// [`StoreError::BackupHeld`] when a backup is being made already, or an error when the lock file cannot be made.
    pub fn take(folder: &Path) -> Result<Self> {
        let file = held(folder, "backup.lock", |holder| StoreError::BackupHeld { holder })?;
        Ok(Self { _file: file })
    }
}

/// How often a daemon tries to have its lock, 10 ms apart.
const LOOKS: usize = 20;

/// Takes the lock of a file in a folder and writes our process id into it.
fn held(folder: &Path, name: &str, locked: impl FnOnce(String) -> StoreError) -> Result<File> {
    crate::fsx::make_folder(folder)?;
    let path = folder.join(name);
    let refused = |cause: std::io::Error| crate::fsx::at("cannot write", &path)(cause);
    let mut file =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(refused)?;
    if file.try_lock().is_err() {
        let mut holder = String::new();
        // Who holds it is a courtesy; that it is held is the answer.
        let _ = file.take(32).read_to_string(&mut holder);
        let holder = holder.trim();
        return Err(locked(if holder.is_empty() { "unknown" } else { holder }.to_owned()));
    }
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .map_err(refused)?;
    Ok(file)
}

/// Holds the right to write draft files until it is dropped. It is held for a moment only: to look whether the file
/// is still the one that was read, and to write it. Who holds it may hold the [`WriterLock`] too, taken first.
#[derive(Debug)]
pub struct DraftLock {
    _file: File,
}

/// Pause between two tries to have the lock of drafts.
const DRAFT_PAUSE: Duration = Duration::from_millis(10);

impl DraftLock {
    /// Takes the lock of a data folder, waiting so long for whoever has it.
    ///
    /// # Errors
    /// [`StoreError::DraftHeld`] when somebody has it for longer, or an error when the lock file cannot be made.
    pub fn take(folder: &Path, wait: Duration) -> Result<Self> {
        crate::fsx::make_folder(folder)?;
        let path = folder.join("draft.lock");
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let file = options.map_err(crate::fsx::at("cannot write", &path))?;
        let mut waited = Duration::ZERO;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) if waited < wait => {
                    std::thread::sleep(DRAFT_PAUSE);
                    waited += DRAFT_PAUSE;
                }
                Err(TryLockError::WouldBlock) => return Err(StoreError::DraftHeld { waited }),
                Err(TryLockError::Error(cause)) => return Err(crate::fsx::at("cannot lock", &path)(cause).into()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_writes_a_draft_is_waited_for() {
        let home = tempfile::tempdir().unwrap();
        let first = DraftLock::take(home.path(), Duration::ZERO).unwrap();
        let error = DraftLock::take(home.path(), DRAFT_PAUSE).unwrap_err();
        assert!(matches!(error, StoreError::DraftHeld { .. }), "{error}");
        let folder = home.path().to_owned();
        let second = std::thread::spawn(move || DraftLock::take(&folder, Duration::from_mins(1)).map(drop));
        drop(first);
        second.join().unwrap().unwrap();
    }

    #[test]
    fn a_second_writer_is_told_who_holds_the_lock() {
        let home = tempfile::tempdir().unwrap();
        let first = WriterLock::take(home.path()).unwrap();
        let error = WriterLock::take(home.path()).unwrap_err();
        assert_eq!(error.to_string(), format!("another roundup is writing here (process {})", std::process::id()));
        drop(first);
        WriterLock::take(home.path()).unwrap();
    }

    #[test]
    fn a_daemon_is_seen_without_being_disturbed() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(DaemonLock::holder(home.path()), None);
        let daemon = DaemonLock::take(home.path()).unwrap();
        assert_eq!(DaemonLock::holder(home.path()), Some(std::process::id().to_string()));
        drop(daemon);
        assert_eq!(DaemonLock::holder(home.path()), None);
        DaemonLock::take(home.path()).unwrap();
    }
}
