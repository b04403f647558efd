//! Who may read a file, and whether a folder lies in another.

use std::path::{Path, PathBuf};

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

/// Tells whether a path is a folder or lies in it, whatever links lead there. What is not there yet counts as where it
/// would be made.
pub fn is_within(path: &Path, folder: &Path) -> bool {
    plain(path).starts_with(plain(folder))
}

/// Returns a path without links and dots, as far as it is there.
fn plain(path: &Path) -> PathBuf {
    let found = path.ancestors().find_map(|there| {
        let there_plain = if there.as_os_str().is_empty() { Path::new(".") } else { there }.canonicalize().ok()?;
        Some(there_plain.join(path.strip_prefix(there).ok()?))
    });
    found.unwrap_or_else(|| path.to_owned())
}
