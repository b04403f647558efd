//! Copies of large files, looked at while they are made, and how much room a disk has.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use super::{PathError, at, check_plain, sync_folder};
use crate::fault::{self, Step};

/// Bytes that are read at once.
const PIECE_BYTES: usize = 1 << 18;

/// Hands a plain file piece by piece to a closure; returns how many bytes it has.
///
/// # Errors
/// When it is missing, is no plain file, or cannot be read.
pub fn read_pieces(path: &Path, mut with: impl FnMut(&[u8])) -> Result<u64, PathError> {
    check_plain(path)?;
    let mut file = fs::File::open(path).map_err(at("cannot read", path))?;
    let mut piece = vec![0; PIECE_BYTES];
    let mut bytes = 0_u64;
    loop {
        let count = file.read(&mut piece).map_err(at("cannot read", path))?;
        if count == 0 {
            return Ok(bytes);
        }
        with(piece.get(..count).unwrap_or_default());
        bytes += u64::try_from(count).unwrap_or_default();
    }
}

/// Copies a plain file to a place where nothing lies yet, to the disk, and hands each piece on to a closure; returns
/// how many bytes it has. The folder is made. The copy may be half there after an error: it belongs under a name that
/// nobody takes for whole.
///
/// # Errors
/// When the file cannot be read, something lies at its new place, or the copy cannot be written.
pub fn copy_new(from: &Path, to: &Path, mut with: impl FnMut(&[u8])) -> Result<u64, PathError> {
    super::make_folder(to.parent().unwrap_or(Path::new(".")))?;
    let mut options = fs::OpenOptions::new();
    let made = fault::step(Step::Write).and_then(|()| options.write(true).create_new(true).open(to));
    let mut copy = made.map_err(at("cannot make", to))?;
    let mut refused = None;
    let bytes = read_pieces(from, |piece| {
        with(piece);
        if refused.is_none() {
            refused = copy.write_all(piece).err();
        }
    })?;
    if let Some(cause) = refused {
        return Err(at("cannot write", to)(cause));
    }
    let synced = fault::step(Step::Sync).and_then(|()| copy.sync_all());
    synced.map_err(at("cannot sync", to)).map(|()| bytes)
}

/// Hands what was written into a file, by somebody else than us, to the disk, with the name that it has.
///
/// # Errors
/// When the disk refuses.
pub fn sync_file(path: &Path) -> Result<(), PathError> {
    let file = fs::OpenOptions::new().write(true).open(path).map_err(at("cannot write", path))?;
    fault::step(Step::Sync).and_then(|()| file.sync_all()).map_err(at("cannot sync", path))?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Hands the names in a folder, and in those in it, to the disk.
///
/// # Errors
/// When a folder cannot be listed, or the disk refuses.
pub fn sync_folders(folder: &Path) -> Result<(), PathError> {
    for (inner, kind) in super::entries_in(folder)? {
        if kind == super::EntryKind::Folder {
            sync_folders(&inner)?;
        }
    }
    sync_folder(folder)
}

/// Moves a file or folder from one folder to a place in another that is free, so that the move lasts.
///
/// # Errors
/// When something lies there, it cannot be moved, or the disk refuses.
pub fn move_across(from: &Path, to: &Path) -> Result<(), PathError> {
    if fs::symlink_metadata(to).is_ok() {
        return Err(at("cannot move to", to)(std::io::ErrorKind::AlreadyExists.into()));
    }
    super::make_folder(to.parent().unwrap_or(Path::new(".")))?;
    super::move_to(from, to)?;
    sync_folder(from.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))
}

/// Tells whether anything lies at a path, a link that leads nowhere too.
pub fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Tells whether two paths lie on one disk, so that a file moves from one to the other in one step; `None` where
/// nobody can say.
pub fn is_on_one_disk(a: &Path, b: &Path) -> Option<bool> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some(fs::symlink_metadata(a).ok()?.dev() == fs::symlink_metadata(b).ok()?.dev())
    }
    #[cfg(not(unix))]
    {
        let _ = (a, b);
        None
    }
}

/// Tells whether two folders lie on one disk, whatever links lead there, so that both go when it goes. One that is not
/// there yet counts as where it would be made; where nobody can say, one counts so that lies in the other.
pub fn shares_disk(folder: &Path, with: &Path) -> bool {
    #[cfg(unix)]
    {
        let disk = |path: &Path| {
            let mut there =
                path.ancestors().map(|path| if path.as_os_str().is_empty() { Path::new(".") } else { path });
            let found = there.find_map(|path| fs::metadata(path).ok());
            found.map(|found| std::os::unix::fs::MetadataExt::dev(&found))
        };
        match (disk(folder), disk(with)) {
            (Some(one), Some(other)) => one == other,
            _ => super::is_within(folder, with),
        }
    }
    #[cfg(not(unix))]
    {
        super::is_within(folder, with)
    }
}

/// Returns how many bytes a folder's disk has room for, for us; `None` where nobody can say.
pub fn room_at(folder: &Path) -> Option<u64> {
    let there = folder.ancestors().find(|path| path.exists() || path.as_os_str().is_empty())?;
    #[cfg(target_os = "linux")]
    {
        let there = if there.as_os_str().is_empty() { Path::new(".") } else { there };
        let found = rustix::fs::statvfs(there).ok()?;
        Some(found.f_bavail.saturating_mul(found.f_frsize))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = there;
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_the_same_and_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("a"), folder.path().join("deep/b"));
        let bytes: Vec<u8> = (0..700_000_u32).map(|n| (n % 251) as u8).collect();
        super::super::write_atomic(&from, &bytes).unwrap();
        let mut seen = Vec::new();
        assert_eq!(copy_new(&from, &to, |piece| seen.extend_from_slice(piece)).unwrap(), 700_000);
        assert!(seen == bytes && super::super::read(&to).unwrap() == bytes);
        assert!(copy_new(&from, &to, |_| {}).is_err(), "something lies there");
        assert!(move_across(&from, &to).is_err(), "something lies there");
        move_across(&from, &folder.path().join("other/c")).unwrap();
        assert!(!is_there(&from) && is_there(&folder.path().join("other/c")));
        assert!(copy_new(folder.path(), &folder.path().join("d"), |_| {}).is_err(), "a folder is no file");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_disk_says_how_much_room_it_has() {
        let folder = tempfile::tempdir().unwrap();
        assert!(room_at(folder.path()).unwrap() > 0);
        assert!(room_at(&folder.path().join("not/yet")).is_some(), "the disk it would be made on");
        assert_eq!(room_at(Path::new("/proc")).unwrap(), 0);
        assert_eq!(is_on_one_disk(folder.path(), Path::new("/proc")), Some(false));
        assert!(!shares_disk(Path::new("/proc"), folder.path()));
        assert!(shares_disk(&folder.path().join("not/yet"), folder.path()));
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("/proc", &link).unwrap();
        assert!(!shares_disk(&link, folder.path()), "a link leads to another disk");
    }
}
