//! The only writer of files: beside, sync, rename, sync the folder.
//!
//! A file appears whole or not at all, also after a power cut; writing the bytes that are already
//! there leaves the file (and its time) alone. Every error carries the path.

#![expect(clippy::disallowed_methods, reason = "the one place that writes files")]

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

mod copies;
mod growing;
mod listing;
mod rights;
mod unfinished;

use crate::fault::{self, Step};
pub use copies::{
    copy_new, is_on_one_disk, is_there, move_across, read_pieces, room_at, shares_disk, sync_file, sync_folders,
};
pub use growing::Growing;
pub use listing::{EntryKind, entries_in, files_in};
pub use rights::{is_open_to_others, is_within};
use unfinished::Beside;
pub use unfinished::{end_without_unfinished, remove_unfinished_in, write_nothing_more};

/// Returns a path for people to read, on one line: what acts on a terminal or breaks a line becomes U+FFFD. Names of
/// files that others put somewhere may hold anything but `/`.
pub fn shown(path: &Path) -> String {
    let is_break = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    path.to_string_lossy().replace(is_break, "\u{fffd}")
}

/// A file or folder that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{action} {}", shown(path))]
pub struct PathError {
    /// What was tried ("cannot read").
    action: &'static str,
    /// Which file or folder.
    path: PathBuf,
    /// Why not.
    #[source]
    cause: io::Error,
}

impl PathError {
    /// Returns the operating system's reason.
    pub fn kind(&self) -> io::ErrorKind {
        self.cause.kind()
    }

    /// Returns the file or folder.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Returns a closure that puts a path to an IO error.
pub(crate) fn at<'a>(action: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> PathError + 'a {
    move |cause| PathError { action, path: path.to_owned(), cause }
}

/// Whether a file was changed by a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The file is new or has new bytes.
    Changed,
    /// It already held these bytes.
    Same,
}

/// The most bytes of a file that is read whole: many times what any of ours has.
const READ_BYTES_MAX: u64 = 1 << 30;

/// Reads a whole plain file.
///
/// # Errors
/// As [`read_plain`], of a limit that no file of ours comes near.
pub fn read(path: &Path) -> Result<Vec<u8>, PathError> {
    read_plain(path, READ_BYTES_MAX)
}

/// Checks that a plain file can be opened so many times at once, for those who are told only that it
/// could not.
///
/// # Errors
/// When it cannot.
pub fn can_open(path: &Path, times: usize) -> Result<(), PathError> {
    check_plain(path)?;
    let opened: io::Result<Vec<fs::File>> = (0..times).map(|_| fs::File::open(path)).collect();
    opened.map(drop).map_err(at("cannot read", path))
}

/// Checks that so many more files can be open at once, for what ends in the midst when they cannot.
///
/// # Errors
/// When they cannot.
pub fn can_open_more(times: usize) -> io::Result<()> {
    // A folder can be opened where nothing can be read or written; where it cannot, there is nothing to be told.
    let opened: io::Result<Vec<fs::File>> = (0..times).map(|_| fs::File::open("/")).collect();
    match opened {
        Err(error) if cfg!(unix) => Err(error),
        _ => Ok(()),
    }
}

/// Reads a whole file of ours that may have become anything: only a plain file, and only up to so many
/// bytes. A pipe would be waited for, a device would have no end.
///
/// # Errors
/// When it is missing, is no plain file, is larger, or cannot be read.
pub fn read_plain(path: &Path, bytes_max: u64) -> Result<Vec<u8>, PathError> {
    let too_large = || at("cannot read", path)(io::Error::new(io::ErrorKind::InvalidData, "it is too large"));
    if check_plain(path)?.len() > bytes_max {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(at("cannot read", path))?;
    // It may grow while it is read.
    file.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes).map_err(at("cannot read", path))?;
    if u64::try_from(bytes.len()).is_ok_and(|n| n <= bytes_max) { Ok(bytes) } else { Err(too_large()) }
}

/// Checks that a path leads to a plain file, which can be opened without waiting for anybody; returns
/// what is known of it.
///
/// # Errors
/// When it is missing, or a folder, a pipe or a device.
pub fn check_plain(path: &Path) -> Result<fs::Metadata, PathError> {
    let found = fs::metadata(path).map_err(at("cannot read", path))?;
    if found.is_file() {
        return Ok(found);
    }
    Err(at("cannot read", path)(io::Error::new(io::ErrorKind::InvalidData, "it is no plain file")))
}

/// Reads a plain file of limited size as UTF-8, or `None` when there is no such file; a byte order mark is
/// dropped.
///
/// # Errors
/// As [`read_plain`], and when it is not UTF-8.
pub fn read_plain_text(path: &Path, bytes_max: u64) -> Result<Option<String>, PathError> {
    let bytes = match read_plain(path, bytes_max) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        at("cannot read", path)(io::Error::new(io::ErrorKind::InvalidData, not_utf8(error.as_bytes())))
    })?;
    Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
}

/// Returns why bytes are no text of ours, and what to do.
fn not_utf8(bytes: &[u8]) -> String {
    let is = if [b"\xff\xfe", b"\xfe\xff"].iter().any(|mark| bytes.starts_with(*mark)) { ", but UTF-16" } else { "" };
    format!("the file is not UTF-8 text{is}\n  help: open it in a text editor and save it anew with the encoding UTF-8")
}

/// How long the other end of a pipe is waited for: whoever opens it at the same time is there
/// within a moment, and nobody else comes.
const PIPE_WAIT: Duration = Duration::from_secs(3);

/// Opens a file; a pipe only when somebody is at its other end, or comes soon.
fn open_soon(path: &Path, options: &fs::OpenOptions) -> io::Result<fs::File> {
    if !is_pipe(path) {
        return options.open(path);
    }
    let (opened, soon) = std::sync::mpsc::channel();
    let (pipe, options) = (path.to_owned(), options.clone());
    // The system has no opening of a pipe that ends by itself; what still waits ends with the process.
    std::thread::spawn(move || opened.send(options.open(pipe)));
    let nobody = || io::Error::new(io::ErrorKind::TimedOut, "it is a pipe, and nobody is at its other end");
    soon.recv_timeout(PIPE_WAIT).unwrap_or_else(|_| Err(nobody()))
}

/// Tells whether a path leads to a pipe.
#[cfg(unix)]
fn is_pipe(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| std::os::unix::fs::FileTypeExt::is_fifo(&found.file_type()))
}

/// Elsewhere pipes have no names among files.
#[cfg(not(unix))]
fn is_pipe(_path: &Path) -> bool {
    false
}

/// Opens a file for reading piece by piece, for files that should not be held whole. A pipe is read
/// when somebody writes into it.
///
/// # Errors
/// When it is missing, is a folder or a pipe that nobody writes into, or cannot be read.
pub fn open(path: &Path) -> Result<fs::File, PathError> {
    let file = open_soon(path, fs::OpenOptions::new().read(true)).map_err(at("cannot read", path))?;
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        return Err(at("cannot read", path)(io::Error::from(io::ErrorKind::IsADirectory)));
    }
    Ok(file)
}

/// Reads a plain file as UTF-8; a byte order mark is dropped.
///
/// # Errors
/// When it cannot be read or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, PathError> {
    read_text_if_there(path)?.ok_or_else(|| at("cannot read", path)(io::ErrorKind::NotFound.into()))
}

/// Reads a plain file as UTF-8, or `None` when it does not exist.
///
/// # Errors
/// When it exists and cannot be read or is not UTF-8.
pub fn read_text_if_there(path: &Path) -> Result<Option<String>, PathError> {
    read_plain_text(path, READ_BYTES_MAX)
}

/// Makes a folder and those above it.
///
/// # Errors
/// When one cannot be made.
pub fn make_folder(path: &Path) -> Result<(), PathError> {
    if path.is_dir() {
        return Ok(());
    }
    fault::step(Step::Folder).and_then(|()| fs::create_dir_all(path)).map_err(at("cannot make folder", path))
}

/// Writes a file so that it appears whole: beside it, synced, renamed over it, folder synced.
///
/// Makes the folder when it is missing. The same bytes leave the file alone. A device or a pipe is
/// written into.
///
/// # Errors
/// When any step fails; the old file, if there was one, is then still whole.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<Written, PathError> {
    Ok(write_atomic_while(path, bytes, || true)?.unwrap_or(Written::Same))
}

/// Writes a file as [`write_atomic`] does, if a last look still allows it; `None` when it does not, and nothing was
/// written.
///
/// The look comes behind all that takes time (writing and syncing the new bytes): what somebody saves by then is seen,
/// and between it and the renaming is nothing but the renaming.
///
/// # Errors
/// As [`write_atomic`].
pub fn write_atomic_while(
    path: &Path,
    bytes: &[u8],
    may_write: impl FnOnce() -> bool,
) -> Result<Option<Written>, PathError> {
    // A link stays a link: what it leads to is written.
    let is_link = fs::symlink_metadata(path).is_ok_and(|m| m.is_symlink());
    let target = is_link.then(|| fs::canonicalize(path).ok()).flatten();
    write_whole(target.as_deref().unwrap_or(path), bytes, may_write)
}

/// Writes a file as [`write_atomic`] does, but never through a link: one that stands there is replaced. For folders
/// that others may write in.
///
/// # Errors
/// As [`write_atomic`].
pub fn write_in_place(path: &Path, bytes: &[u8]) -> Result<Written, PathError> {
    if fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) {
        fault::step(Step::Remove).and_then(|()| fs::remove_file(path)).map_err(at("cannot replace", path))?;
    }
    Ok(write_whole(path, bytes, || true)?.unwrap_or(Written::Same))
}

/// Writes a file whole, at a path that is no link.
fn write_whole(path: &Path, bytes: &[u8], may_write: impl FnOnce() -> bool) -> Result<Option<Written>, PathError> {
    match fs::metadata(path) {
        Ok(found) if !found.is_file() && !found.is_dir() => return write_through(path, bytes).map(Some),
        Ok(found) if is_as_long(&found, bytes) && fs::read(path).is_ok_and(|old| old == bytes) => {
            return Ok(Some(Written::Same));
        }
        _ => {}
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_folder(folder)?;
    let mut beside = Beside::in_folder(folder).map_err(at("cannot write beside", path))?;
    write_into(beside.file.as_file_mut(), bytes).map_err(at("cannot write", path))?;
    keep_mode(beside.file.as_file(), path)?;
    sync(beside.file.as_file()).map_err(at("cannot sync", path))?;
    if !may_write() {
        return Ok(None);
    }
    beside.put_in_place(path).map_err(at("cannot put in place", path))?;
    sync_folder(folder)?;
    Ok(Some(Written::Changed))
}

/// Writes a small file that may be lost: it appears whole or not at all, but is not forced to the disk,
/// which would take longer than a search. The old one is gone a moment before.
///
/// # Errors
/// When any step fails; the old file is then whole, or gone.
pub fn write_quick(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_folder(folder)?;
    let mut beside = Beside::in_folder(folder).map_err(at("cannot write beside", path))?;
    write_into(beside.file.as_file_mut(), bytes).map_err(at("cannot write", path))?;
    // Where a file takes the place of another, ext4 hands its bytes to the disk at once, and the search waits.
    drop(fs::remove_file(path));
    beside.put_in_place(path).map_err(at("cannot put in place", path))
}

/// Writes into what is no file (a device, a pipe), which must neither be read nor replaced.
fn write_through(path: &Path, bytes: &[u8]) -> Result<Written, PathError> {
    let mut stream = open_soon(path, fs::OpenOptions::new().write(true)).map_err(at("cannot open", path))?;
    write_into(&mut stream, bytes).map_err(at("cannot write", path))?;
    Ok(Written::Changed)
}

/// Writes bytes into a file.
fn write_into(file: &mut fs::File, bytes: &[u8]) -> io::Result<()> {
    fault::step(Step::Write)?;
    file.write_all(bytes)
}

/// Hands a file to the disk.
fn sync(file: &fs::File) -> io::Result<()> {
    fault::step(Step::Sync)?;
    file.sync_all()
}

/// Tells whether a file is as long as some bytes.
fn is_as_long(file: &fs::Metadata, bytes: &[u8]) -> bool {
    u64::try_from(bytes.len()).is_ok_and(|length| length == file.len())
}

/// Gives a new file the mode of the one it replaces, or the usual one (temporary files are 0600).
#[cfg(unix)]
fn keep_mode(file: &fs::File, target: &Path) -> Result<(), PathError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(target).map_or(0o644, |m| m.permissions().mode() & 0o777);
    file.set_permissions(fs::Permissions::from_mode(mode)).map_err(at("cannot set the mode of", target))
}

/// Elsewhere the mode is left as it is.
#[cfg(not(unix))]
fn keep_mode(_file: &fs::File, _target: &Path) -> Result<(), PathError> {
    Ok(())
}

/// Makes a rename last through a power cut.
fn sync_folder(folder: &Path) -> Result<(), PathError> {
    let synced = fault::step(Step::SyncFolder).and_then(|()| fs::File::open(folder)?.sync_all());
    synced.map_err(at("cannot sync folder", folder))
}

/// Writes a new file that only its owner may read, for secrets. A file that is there is left alone.
///
/// # Errors
/// When there is such a file, or it cannot be written.
pub fn write_private(path: &Path, bytes: &[u8]) -> Result<(), PathError> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = fault::step(Step::Write).and_then(|()| options.open(path)).map_err(at("cannot make", path))?;
    write_into(&mut file, bytes).and_then(|()| sync(&file)).map_err(at("cannot write", path))
}

/// Moves a file or what else lies there, as it is; the target's folder is made when missing. An existing target is not
/// replaced: a number is put to the name (`a.xml`, `a-2.xml` …). Returns where it went.
///
/// # Errors
/// When it cannot be moved.
pub fn move_beside_others(from: &Path, to: &Path) -> Result<PathBuf, PathError> {
    let target = free_place(to)?;
    move_to(from, &target)?;
    Ok(target)
}

/// Moves a file to a place that is free.
///
/// # Errors
/// When it cannot be moved.
pub fn move_to(from: &Path, to: &Path) -> Result<(), PathError> {
    fault::step(Step::Rename).and_then(|()| fs::rename(from, to)).map_err(at("cannot move", from))?;
    sync_folder(to.parent().unwrap_or(Path::new(".")))
}

/// Returns a path beside what lies there: the one given, or the same with -2, -3 … before its ending.
/// Its folder is made.
///
/// # Errors
/// When the folder cannot be made.
pub fn free_place(to: &Path) -> Result<PathBuf, PathError> {
    let folder = to.parent().unwrap_or(Path::new("."));
    make_folder(folder)?;
    let stem = to.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let ending = to.extension().map(|s| format!(".{}", s.to_string_lossy())).unwrap_or_default();
    let mut target = to.to_owned();
    let mut n = 2;
    // A link that leads nowhere lies there as well.
    while fs::symlink_metadata(&target).is_ok() {
        target = folder.join(format!("{stem}-{n}{ending}"));
        n += 1;
    }
    Ok(target)
}

/// Removes a folder and all in it; a missing folder is fine.
///
/// # Errors
/// When something in it cannot be removed.
pub fn remove_folder(path: &Path) -> Result<(), PathError> {
    match removing(path).and_then(|()| fs::remove_dir_all(path)) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(at("cannot remove", path)(e)),
        _ => Ok(()),
    }
}

/// Removes a folder in which nothing lies; one that holds something, and a missing one, are fine.
///
/// # Errors
/// When it cannot be removed.
pub fn remove_if_empty(path: &Path) -> Result<(), PathError> {
    use io::ErrorKind::{DirectoryNotEmpty, NotFound};
    match removing(path).and_then(|()| fs::remove_dir(path)) {
        Err(e) if !matches!(e.kind(), DirectoryNotEmpty | NotFound) => Err(at("cannot remove", path)(e)),
        _ => Ok(()),
    }
}

/// Removes a file; a missing file is fine.
///
/// # Errors
/// When it cannot be removed.
pub fn remove_file(path: &Path) -> Result<(), PathError> {
    match removing(path).and_then(|()| fs::remove_file(path)) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(at("cannot remove", path)(e)),
        _ => Ok(()),
    }
}

/// Takes note that what lies at a path, if anything does, is about to be removed.
fn removing(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() { fault::step(Step::Remove) } else { Ok(()) }
}

/// Which file lies at a path: another one that is put in its place is told from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileIdentity(Told);

/// What tells a file from another: the numbers of its disk and of itself. A number is not given again while the file
/// is open.
#[cfg(unix)]
type Told = (u64, u64);

/// Elsewhere: when it was made. There a file that is open cannot be replaced anyway.
#[cfg(not(unix))]
type Told = Option<std::time::SystemTime>;

/// Returns which file lies at a path; `None` when there is none.
pub fn identity(path: &Path) -> Option<FileIdentity> {
    let found = fs::metadata(path).ok()?;
    #[cfg(unix)]
    let told = (std::os::unix::fs::MetadataExt::dev(&found), std::os::unix::fs::MetadataExt::ino(&found));
    #[cfg(not(unix))]
    let told = found.created().ok();
    Some(FileIdentity(told))
}

/// Returns the size of a file in bytes, or `None` when it cannot be known.
pub fn size_of(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|m| m.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_utf8_says_how_to_save_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("feeds.toml");
        for (bytes, want, note) in [
            (
                &b"name = \"Zo\xeb\"\n"[..],
                "the file is not UTF-8 text\n  help: open it in a text editor",
                "Windows-1252",
            ),
            (b"\xff\xfen\0a\0", "not UTF-8 text, but UTF-16\n  help: open it", "UTF-16, little end first"),
            (b"\xfe\xff\0n\0\xeb", "not UTF-8 text, but UTF-16\n  help: open it", "UTF-16, big end first"),
        ] {
            fs::write(&path, bytes).unwrap();
            let error = read_text(&path).unwrap_err();
            let said = std::error::Error::source(&error).unwrap().to_string();
            assert!(said.contains(want) && said.ends_with("encoding UTF-8"), "{note}: {said}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_replaced_where_others_may_write() {
        let folder = tempfile::tempdir().unwrap();
        let (link, other) = (folder.path().join("index.html"), folder.path().join("other"));
        for old in ["theirs", "page"] {
            fs::write(&other, old).unwrap();
            drop(fs::remove_file(&link));
            std::os::unix::fs::symlink(&other, &link).unwrap();
            write_in_place(&link, b"page").unwrap();
            assert_eq!(fs::read_to_string(&other).unwrap(), old);
            assert!(!fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(fs::read_to_string(&link).unwrap(), "page");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_a_device_a_device() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file"), folder.path().join("link"));
        write_atomic(&file, b"old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write_atomic(&link, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        let device = folder.path().join("device");
        std::os::unix::fs::symlink("/dev/full", &device).unwrap();
        assert!(write_atomic(&device, b"text").is_err(), "it is full, and it is not replaced");
        assert!(!fs::metadata(&device).unwrap().is_file());
    }

    #[test]
    fn what_is_saved_while_the_new_bytes_are_written_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        write_atomic(&file, b"old").unwrap();
        let is_old = || fs::read(&file).unwrap() == b"old";
        let saved = write_atomic_while(&file, b"new", || {
            // The new bytes are written and synced by now: somebody saves at the last moment.
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
            fs::write(&file, b"theirs").unwrap();
            is_old()
        });
        assert_eq!(saved.unwrap(), None);
        assert_eq!(fs::read(&file).unwrap(), b"theirs");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
        fs::write(&file, b"old").unwrap();
        assert_eq!(write_atomic_while(&file, b"new", is_old).unwrap(), Some(Written::Changed));
    }

    /// Something that is tried with a path and must fail.
    #[cfg(unix)]
    type Attempt = fn(&Path) -> PathError;

    #[cfg(unix)]
    #[test]
    fn a_pipe_that_nobody_is_at_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        // Each has a pipe of its own, since who still waits would be the other end of the next.
        let pipe = |name: &str| {
            let pipe = folder.path().join(name);
            assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
            pipe
        };
        let tries: [(&str, Attempt); 5] = [
            ("read", |p| read(p).unwrap_err()),
            ("text", |p| read_text_if_there(p).unwrap_err()),
            ("open", |p| open(p).unwrap_err()),
            ("write", |p| write_atomic(p, b"text").unwrap_err()),
            ("grow", |p| Growing::open(p).unwrap_err()),
        ];
        let waiting = tries.map(|(name, attempt)| (name, pipe(name), attempt));
        let waiting = waiting.map(|(name, pipe, attempt)| (name, std::thread::spawn(move || attempt(&pipe))));
        for (name, error) in waiting {
            let error = error.join().unwrap();
            let cause = std::error::Error::source(&error).unwrap().to_string();
            assert!(cause.contains("no plain file") || cause.contains("nobody is at its other end"), "{name}: {cause}");
        }
        let both = pipe("both");
        let reader = std::thread::spawn({
            let both = both.clone();
            move || fs::read(both).unwrap()
        });
        write_atomic(&both, b"text").unwrap();
        assert_eq!(reader.join().unwrap(), b"text", "with a reader it is written into");
        let endless = folder.path().join("endless");
        std::os::unix::fs::symlink("/dev/zero", &endless).unwrap();
        assert!(read(&endless).is_err());
    }

    #[test]
    fn writing_the_same_bytes_leaves_the_file_alone() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("deep/er/file.txt");
        assert_eq!(write_atomic(&path, b"one").unwrap(), Written::Changed);
        let before = fs::metadata(&path).unwrap().modified().unwrap();
        assert_eq!(write_atomic(&path, b"one").unwrap(), Written::Same);
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
        assert_eq!(write_atomic(&path, b"two").unwrap(), Written::Changed);
        assert_eq!(read_text(&path).unwrap(), "two");
        assert_eq!(files_in(path.parent().unwrap()).unwrap(), [path]);
    }

    #[test]
    fn another_file_in_its_place_is_told_from_the_one_that_is_open() {
        let folder = tempfile::tempdir().unwrap();
        let (path, aside) = (folder.path().join("a"), folder.path().join("b"));
        assert_eq!(identity(&path), None);
        fs::write(&path, "one").unwrap();
        let open = fs::File::open(&path).unwrap();
        let before = identity(&path);
        assert!(before.is_some());
        fs::write(&path, "two, written into the same file").unwrap();
        assert_eq!(identity(&path), before);
        if cfg!(unix) {
            fs::remove_file(&path).unwrap();
            fs::write(&path, "one").unwrap();
            assert_ne!(identity(&path), before, "deleted and made anew");
            fs::rename(&path, &aside).unwrap();
            assert_eq!(identity(&path), None);
        }
        drop(open);
    }

    #[test]
    fn an_error_names_the_path() {
        let error = read(Path::new("/nowhere/at/all")).unwrap_err();
        assert_eq!(error.to_string(), "cannot read /nowhere/at/all");
    }

    #[test]
    fn moving_never_replaces() {
        let home = tempfile::tempdir().unwrap();
        let done = home.path().join("done/a.xml");
        for n in 0..3 {
            let from = home.path().join("a.xml");
            write_atomic(&from, format!("{n}").as_bytes()).unwrap();
            move_beside_others(&from, &done).unwrap();
        }
        let names: Vec<_> =
            files_in(done.parent().unwrap()).unwrap().iter().map(|p| p.file_name().unwrap().to_owned()).collect();
        assert_eq!(names, ["a-2.xml", "a-3.xml", "a.xml"]);
    }
}
