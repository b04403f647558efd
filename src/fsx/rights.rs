//! Who may read a file, and whether a folder lies in another.

use std::path::Path;

use super::PathError;

/// Tells whether others than its owner can read or change a file. Where files have no such rights, nobody can say.
///
/// # Errors
/// When the file cannot be looked at.
pub fn is_open_to_others(path: &Path) -> Result<bool, PathError> {
    let found = std::fs::metadata(path).map_err(super::at("cannot look at", path))?;
    #[cfg(unix)]
    let is_open = std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o077 != 0;
    #[cfg(not(unix))]
    let is_open = {
        drop(found);
        false
    };
    Ok(is_open)
}

/// Tells whether a path is a folder or lies in it, whatever links lead there.
pub fn is_within(path: &Path, folder: &Path) -> bool {
    let plain = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    plain(path).starts_with(plain(folder))
}
