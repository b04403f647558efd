//! `roundup parse --feed`.

use std::path::PathBuf;

use super::Global;
use super::term::{Exit, Terminal};

/// Prints one line a file: the feed's own fields, or why it is no feed.
///
/// # Errors
/// Never for bad input.
pub fn run(_files: &[PathBuf], _global: &Global, _term: &mut Terminal) -> anyhow::Result<Exit> {
    Ok(Exit::Bug)
}
