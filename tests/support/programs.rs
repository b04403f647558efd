//! Programs by others that tests run, and where they lie. A test says so and passes where one is missing.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Names under which Chromium is installed, the plainest first.
const CHROMIUMS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// One browser at a time: two of them on a small machine would measure each other.
static TURN: Mutex<()> = Mutex::new(());

/// Returns where a program lies.
pub fn program(name: impl AsRef<OsStr>) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(name.as_ref())).find(|p| p.is_file())
}

/// Returns the browser: what `CHROMIUM` names, else one of the usual names.
pub fn chromium() -> Option<PathBuf> {
    let asked = env::var_os("CHROMIUM").map(PathBuf::from).filter(|p| p.is_file());
    asked.or_else(|| CHROMIUMS.iter().find_map(program))
}

/// Tells whether a package of `tests/checkers` is installed.
pub fn has_package(name: &str) -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checkers/node_modules").join(name).is_dir()
}

/// Waits until no other test has a browser; the next one may begin when what it returns is dropped.
pub fn turn() -> MutexGuard<'static, ()> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}
