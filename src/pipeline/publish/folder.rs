//! The pages of all issues, copied into a folder that a web server shows.
//!
//! What goes there is what was rendered: each issue's files by the sums of its manifest, the archive made of them. What
//! lies there already and is not ours stays; ours are known by a list of them that is kept there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Published, as_rendered};
use crate::fsx::{self, Written};
use crate::model::{FileName, Month, sha256_hex};
use crate::pipeline::{Ctx, Error, FILE_BYTES_MAX, Result, archive};
use crate::render::{self, RenderedFile, Templates};

/// Files of an issue that are for the mailing tool, and no pages.
const NO_PAGES: [&str; 3] = ["email.eml", "email.html", "email.txt"];

/// Where the list of our files is kept, in the folder itself. Web servers do not show names that begin with a dot in
/// their listings, and the list names nothing but what they show anyway.
const LIST: &str = ".roundup-files.json";

/// Names that a refusal lists.
const NAMED_MAX: usize = 3;

/// Our files in the folder: by name the sums that they may have. While files are written it is the old one and the new
/// one, so that a run which is cut short is no stranger to the next.
type Known = BTreeMap<String, Vec<String>>;

/// The folder that pages are copied to, and the pages.
pub(super) struct Folder<'a> {
    ctx: &'a Ctx,
    to: PathBuf,
    files: Vec<RenderedFile>,
}

impl<'a> Folder<'a> {
    /// Returns the folder that the settings name, with all that goes there.
    ///
    /// # Errors
    /// When they name none, or one that must not be shown or written into; when a file in `out` is not as it was
    /// rendered.
    pub(super) fn of(ctx: &'a Ctx, templates: &Templates) -> Result<Self> {
        let settings = &ctx.config.settings.publishing.folder;
        if settings.is_empty() {
            let reason = "feeds.toml does not say which folder";
            return Err(Error::stopped(
                reason,
                "add a table [publish.folder] with path = \"…\"; docs/publish.md shows one",
            ));
        }
        // A relative path is meant from the home folder, whatever folder the command is run in.
        let folder = Self { ctx, to: ctx.home.root().join(settings), files: pages(ctx, templates)? };
        folder.check_apart()?;
        Ok(folder)
    }

    /// Returns what copying would do, in a line.
    pub(super) fn planned(&self) -> String {
        format!("{}: {} files would be copied; what else lies there stays", self.to.display(), self.files.len())
    }

    /// Copies the pages: the issues first, then what leads to them, so that nobody who looks meanwhile finds a link to a
    /// page that is not there yet. Each file is whole at any time. Ours of an earlier time that nothing leads to any
    /// more are removed; what else lies there stays.
    ///
    /// # Errors
    /// When a file of somebody else stands where one of ours belongs, and when one cannot be written; the list of ours
    /// is right then, too.
    pub(super) fn copy(&self) -> Result<Published> {
        fsx::make_folder(&self.to)?;
        // A folder that was made only now may turn out to be another one under this name.
        self.check_apart()?;
        let before = self.known()?;
        self.check_strangers(&before)?;
        let mut known = before.clone();
        for file in &self.files {
            known.entry(file.path.clone()).or_default().push(sha256_hex(&file.bytes));
        }
        self.put_known(&known)?;
        let (mut written, mut unchanged) = (0, 0);
        for file in &self.files {
            match fsx::write_in_place(&self.to.join(&file.path), &file.bytes)? {
                Written::Changed => written += 1,
                Written::Same => unchanged += 1,
            }
        }
        let removed = self.remove_old(&before)?;
        let now = self.files.iter().map(|file| (file.path.clone(), vec![sha256_hex(&file.bytes)]));
        self.put_known(&now.collect())?;
        Ok(Published::Folder { folder: self.to.display().to_string(), written, unchanged, removed })
    }

    /// Refuses a folder that is one of the home's own, or lies in it, and one that shows the home to everybody.
    fn check_apart(&self) -> Result<()> {
        const HELP: &str = "name another folder as path in [publish.folder] of feeds.toml";
        let (to, home) = (&self.to, &self.ctx.home);
        if fsx::is_within(to, &home.out()) {
            return Err(Error::stopped(format!("{} is the folder that the pages are copied from", to.display()), HELP));
        }
        if let Some(own) = home.folders().iter().find(|own| fsx::is_within(to, own)) {
            let reason = format!("{} belongs to roundup's own {}", to.display(), own.display());
            return Err(Error::stopped(reason, HELP));
        }
        if fsx::is_within(home.root(), to) {
            let reason =
                format!("{} holds the home folder: whoever sees the pages could see drafts and keys", to.display());
            return Err(Error::stopped(reason, HELP));
        }
        Ok(())
    }

    /// Refuses to write over what somebody else put there, a link among it, or through one that leads out of the folder.
    fn check_strangers(&self, known: &Known) -> Result<()> {
        let mut strangers = Vec::new();
        for file in &self.files {
            let path = self.to.join(&file.path);
            let leads_out = path.parent().is_some_and(|folder| !fsx::is_within(folder, &self.to));
            if leads_out
                || path.is_symlink()
                || !(is_missing(&path) || is_as(&path, &file.bytes) || is_ours(&path, known.get(&file.path)))
            {
                strangers.push(file.path.as_str());
            }
        }
        let Some(first) = strangers.first() else { return Ok(()) };
        let names = if strangers.len() > NAMED_MAX {
            format!("{first} and {} others", strangers.len() - 1)
        } else {
            strangers.join(", ")
        };
        Err(Error::stopped(
            format!("{} holds what roundup did not write, or what was changed there since: {names}", self.to.display()),
            "move it away if it may be replaced, or name another folder, or one inside it, as path in [publish.folder]",
        ))
    }

    /// Returns what is known of our files there; nothing when there is no list.
    ///
    /// # Errors
    /// When something else than our list has its name.
    fn known(&self) -> Result<Known> {
        let path = self.to.join(LIST);
        if is_missing(&path) {
            return Ok(Known::new());
        }
        let text = if path.is_symlink() { None } else { fsx::read_plain_text(&path, FILE_BYTES_MAX).ok().flatten() };
        let known: Option<Known> = text.and_then(|text| serde_json::from_str(&text).ok());
        let is_sum = |sum: &String| sum.len() == 64 && sum.bytes().all(|b| b.is_ascii_hexdigit());
        known.filter(|known| known.values().flatten().all(is_sum)).ok_or_else(|| {
            let reason = format!("{} is not the list of files that roundup keeps there", path.display());
            Error::stopped(reason, "look at who put it there; move it away, and publish again")
        })
    }

    /// Writes what is known of our files.
    fn put_known(&self, known: &Known) -> Result<()> {
        let text = serde_json::to_string_pretty(known).map_err(render::RenderError::Manifest)?;
        fsx::write_in_place(&self.to.join(LIST), format!("{text}\n").as_bytes())?;
        Ok(())
    }

    /// Removes our files that are no page any more and still are what we wrote; returns how many.
    fn remove_old(&self, before: &Known) -> Result<usize> {
        let mut removed = 0;
        for (name, sums) in before.iter().filter(|(name, _)| self.files.iter().all(|file| file.path != **name)) {
            // The list lies where others may write.
            let Some(path) = FileName::parse(name).map(|name| name.under(&self.to)) else { continue };
            let is_inside = path.parent().is_some_and(|folder| fsx::is_within(folder, &self.to));
            if is_inside && is_ours(&path, Some(sums)) {
                fsx::remove_file(&path)?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

/// Tells whether nothing lies at a path, not even a link that leads nowhere.
fn is_missing(path: &Path) -> bool {
    path.symlink_metadata().is_err()
}

/// Tells whether a file holds these bytes.
fn is_as(path: &Path, bytes: &[u8]) -> bool {
    fsx::read_plain(path, FILE_BYTES_MAX).is_ok_and(|found| found == bytes)
}

/// Tells whether a file still is one that we wrote.
fn is_ours(path: &Path, sums: Option<&Vec<String>>) -> bool {
    let sum = || fsx::read_plain(path, FILE_BYTES_MAX).map(|bytes| sha256_hex(&bytes));
    sums.is_some_and(|sums| sum().is_ok_and(|sum| sums.contains(&sum)))
}

/// Returns the pages of all issues as they were rendered, relative to `out`: those of the months first.
///
/// # Errors
/// When one is gone or another than was rendered.
fn pages(ctx: &Ctx, templates: &Templates) -> Result<Vec<RenderedFile>> {
    let mut files = Vec::new();
    let mut newest: Option<(Month, String)> = None;
    for month in ctx.store.issues()?.into_iter().map(|row| row.month) {
        let manifest = as_rendered(ctx, month, "manifest.json", ctx.store.issue_manifest(month)?.as_deref())?;
        let text = String::from_utf8_lossy(&manifest).into_owned();
        for (name, sum) in render::files_of_manifest(&text) {
            if !NO_PAGES.contains(&name.as_str()) {
                let bytes = as_rendered(ctx, month, &name, Some(&sum))?;
                files.push(RenderedFile { path: format!("{month}/{name}"), bytes });
            }
        }
        files.push(RenderedFile { path: format!("{month}/manifest.json"), bytes: manifest });
        newest.get_or_insert((month, text));
    }
    if let Some((month, manifest)) = newest {
        files.extend(archive::files(ctx, month, manifest.as_bytes(), templates)?);
    }
    Ok(files)
}
