//! What stands in a folder.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::{PathError, at};

/// Returns the plain files of a folder by name; hidden ones, folders and links out are left out.
/// A missing folder has none.
///
/// # Errors
/// When the folder cannot be read.
pub fn files_in(folder: &Path) -> Result<Vec<PathBuf>, PathError> {
    let is_shown = |path: &Path| path.file_name().is_some_and(|n| !n.to_string_lossy().starts_with('.'));
    let entries = entries_in(folder)?.into_iter();
    Ok(entries.filter(|(path, kind)| *kind == EntryKind::File && is_shown(path)).map(|(path, _)| path).collect())
}

/// What stands in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A plain file.
    File,
    /// A folder.
    Folder,
    /// A link to another place; it is not followed.
    Link,
    /// A socket, a device, a pipe.
    Other,
}

/// Returns all that stands in a folder by name, hidden files too. A missing folder has nothing.
///
/// # Errors
/// When the folder cannot be read.
pub fn entries_in(folder: &Path) -> Result<Vec<(PathBuf, EntryKind)>, PathError> {
    let entries = match fs::read_dir(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(at("cannot list", folder))?,
    };
    let mut out = Vec::new();
    for entry in entries {
        let entry = entry.map_err(at("cannot list", folder))?;
        let kind = match entry.file_type() {
            Ok(t) if t.is_symlink() => EntryKind::Link,
            Ok(t) if t.is_dir() => EntryKind::Folder,
            Ok(t) if t.is_file() => EntryKind::File,
            _ => EntryKind::Other,
        };
        out.push((entry.path(), kind));
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(out)
}
