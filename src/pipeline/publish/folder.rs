//! The pages of all issues, copied into a folder that a web server shows.

use std::path::{Path, PathBuf};

use super::Published;
use crate::fsx::{self, Written};
use crate::pipeline::{Ctx, Error, Result};

/// Files of an issue that are for the mailing tool, and no pages.
const NO_PAGES: [&str; 3] = ["email.eml", "email.html", "email.txt"];

/// The folder that pages are copied to.
pub(super) struct Folder<'a> {
    ctx: &'a Ctx,
    to: PathBuf,
}

impl<'a> Folder<'a> {
    /// Returns the folder that the settings name.
    ///
    /// # Errors
    /// When they name none, or one that holds, or lies in, what must not be shown or copied into itself.
    pub(super) fn of(ctx: &'a Ctx) -> Result<Self> {
        let settings = &ctx.config.settings.publishing.folder;
        if settings.is_empty() {
            let reason = "feeds.toml does not say which folder";
            return Err(Error::stopped(
                reason,
                "add a table [publish.folder] with path = \"…\"; docs/publish.md shows one",
            ));
        }
        // A relative path is meant from the home folder, whatever folder the command is run in.
        let folder = Self { ctx, to: ctx.home.root().join(settings) };
        folder.check_apart()?;
        Ok(folder)
    }

    /// Copies what was rendered: the issues first, then what leads to them, so that nobody who looks meanwhile finds a
    /// link to a page that is not there yet. Each file is whole at any time. What else lies there stays.
    pub(super) fn copy(&self) -> Result<Published> {
        fsx::make_folder(&self.to)?;
        // A folder that was made only now may turn out to be another one under this name.
        self.check_apart()?;
        let from = self.ctx.home.out();
        let mut files = pages(&from)?;
        // The folders of the months come first: everything that leads to them lies directly in `out`.
        files.sort_by_key(|path| (path.components().count() < 2, path.clone()));
        let (mut written, mut unchanged) = (0, 0);
        for path in files {
            match fsx::write_atomic(&self.to.join(&path), &fsx::read(&from.join(&path))?)? {
                Written::Changed => written += 1,
                Written::Same => unchanged += 1,
            }
        }
        Ok(Published::Folder { folder: self.to.display().to_string(), written, unchanged })
    }

    /// Returns what copying would do, in a line.
    pub(super) fn planned(&self) -> String {
        let count = pages(&self.ctx.home.out()).map_or(0, |files| files.len());
        format!("{}: {count} files would be copied; what else lies there stays", self.to.display())
    }

    /// Refuses a folder that is, or lies in, the one that is copied from, and one that shows the home to everybody.
    fn check_apart(&self) -> Result<()> {
        const HELP: &str = "name another folder as path in [publish.folder] of feeds.toml";
        let (to, home) = (&self.to, self.ctx.home.root());
        if fsx::is_within(to, &self.ctx.home.out()) {
            return Err(Error::stopped(format!("{} is the folder that the pages are copied from", to.display()), HELP));
        }
        if fsx::is_within(home, to) {
            let reason =
                format!("{} holds the home folder: whoever sees the pages could see drafts and keys", to.display());
            return Err(Error::stopped(reason, HELP));
        }
        Ok(())
    }
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
