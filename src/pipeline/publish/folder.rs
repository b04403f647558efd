//! The pages of all issues, copied into a folder that a web server shows.

use std::path::{Path, PathBuf};

use super::Published;
use crate::fsx::{self, Written};
use crate::pipeline::{Ctx, Error, Result};

/// Files of an issue that are for the mailing tool, and no pages.
const NO_PAGES: [&str; 3] = ["email.eml", "email.html", "email.txt"];

/// Copies what was rendered: the issues first, then what leads to them, so that nobody who looks meanwhile finds a
/// link to a page that is not there yet. Each file is whole at any time. What else lies there stays.
pub(super) fn copy(ctx: &Ctx) -> Result<Published> {
    let settings = &ctx.config.settings.publishing.folder;
    if settings.is_empty() {
        let reason = "feeds.toml does not say which folder";
        return Err(Error::stopped(
            reason,
            "add a table [publish.folder] with path = \"…\"; docs/publish.md shows one",
        ));
    }
    // A relative path is meant from the home folder, whatever folder the command is run in.
    let (from, to) = (ctx.home.out(), ctx.home.root().join(settings));
    check_apart(&from, &to)?;
    let mut files = pages(&from)?;
    // The folders of the months come first: everything that leads to them lies directly in `out`.
    files.sort_by_key(|path| (path.components().count() < 2, path.clone()));
    let (mut written, mut unchanged) = (0, 0);
    for path in files {
        match fsx::write_atomic(&to.join(&path), &fsx::read(&from.join(&path))?)? {
            Written::Changed => written += 1,
            Written::Same => unchanged += 1,
        }
    }
    Ok(Published::Folder { folder: to.display().to_string(), written, unchanged })
}

/// Refuses a folder that is, or lies in, the one that is copied from.
fn check_apart(from: &Path, to: &Path) -> Result<()> {
    fsx::make_folder(to)?;
    if fsx::is_within(to, from) {
        let reason = format!("{} is the folder that the pages are copied from", to.display());
        return Err(Error::stopped(reason, "name another folder as path in [publish.folder] of feeds.toml"));
    }
    Ok(())
}

/// Returns the files to copy, relative to `out`.
fn pages(out: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for (path, kind) in fsx::entries_in(&out.join(&folder))? {
            let Some(name) = path.file_name() else { continue };
            let relative = folder.join(name);
            match kind {
                fsx::EntryKind::Folder => folders.push(relative),
                fsx::EntryKind::File if !NO_PAGES.iter().any(|no| name == *no) && !is_hidden(name) => {
                    files.push(relative);
                }
                _ => {}
            }
        }
    }
    Ok(files)
}

/// Tells whether a name is one that systems hide: something unfinished.
fn is_hidden(name: &std::ffi::OsStr) -> bool {
    name.to_string_lossy().starts_with('.')
}
