//! The archive of all issues: earlier ones from their own manifests, so that what was sent stays, or else from the
//! ledger.

use super::{Ctx, Error, FILE_BYTES_MAX, Result};
use crate::fsx;
use crate::model::{Month, Place, Problem};
use crate::render::{self, ArchiveIssue, RenderedFile, Templates};

/// Returns the archive's files with this month's manifest and those on disk of every other issue. An issue whose
/// manifest is missing or damaged is made from the ledger, so that none drops out of the archive.
///
/// # Errors
/// When an issue can be read from neither its manifest nor the ledger, or a template fails.
pub fn files(ctx: &Ctx, month: Month, manifest: &[u8], templates: &Templates) -> Result<Vec<RenderedFile>> {
    files_with(ctx, month, ArchiveIssue::of_manifest(&String::from_utf8_lossy(manifest))?, templates)
}

/// Returns the archive's files with this issue of a month, as [`files`] does with its manifest.
///
/// # Errors
/// As [`files`].
pub fn files_with(ctx: &Ctx, month: Month, this: ArchiveIssue, templates: &Templates) -> Result<Vec<RenderedFile>> {
    let mut issues = vec![this];
    issues.extend(others(ctx, month)?);
    Ok(render::archive_files(&issues, &ctx.config.settings.house, templates)?)
}

/// Returns the archive's files as they are without a month.
///
/// # Errors
/// As [`files`].
pub fn files_without(ctx: &Ctx, month: Month, templates: &Templates) -> Result<Vec<RenderedFile>> {
    Ok(render::archive_files(&others(ctx, month)?, &ctx.config.settings.house, templates)?)
}

/// Returns all issues but that of a month.
fn others(ctx: &Ctx, month: Month) -> Result<Vec<ArchiveIssue>> {
    let months = ctx.store.issues()?.into_iter().map(|row| row.month).filter(|other| *other != month);
    months.map(|other| past(ctx, other)).collect()
}

/// Returns an earlier issue as the archive shows it.
///
/// # Errors
/// Names the manifest, when the ledger cannot be read either.
fn past(ctx: &Ctx, month: Month) -> Result<ArchiveIssue> {
    let reason = match manifest_of(ctx, month) {
        Ok(issue) => return Ok(issue),
        Err(reason) => reason,
    };
    match ctx.store.issue(month) {
        Ok(Some(issue)) => Ok(ArchiveIssue::of_issue(&issue, &ctx.config.settings.house)),
        other => {
            let kept = other.err().map_or_else(|| "it is not there".to_owned(), |error| error.to_string());
            let message = format!("the issue of {month} cannot be read: {reason}; in the ledger: {kept}");
            let problem = Problem::error(Place::file(format!("out/{month}/manifest.json")), message);
            let help = "put this file back from a copy of your folder, or from where the pages are published";
            Err(Error::Problems { problems: vec![problem.with_help(help)] })
        }
    }
}

/// Returns an issue as its manifest on disk says, or why it cannot be read.
fn manifest_of(ctx: &Ctx, month: Month) -> std::result::Result<ArchiveIssue, String> {
    let path = ctx.home.out().join(month.to_string()).join("manifest.json");
    let said = |error: &dyn std::error::Error| error.source().map_or_else(|| error.to_string(), ToString::to_string);
    let text = fsx::read_plain_text(&path, FILE_BYTES_MAX).map_err(|e| said(&e))?.ok_or("it is missing")?;
    let issue = ArchiveIssue::of_manifest(&text).map_err(|e| said(&e))?;
    if issue.month == month { Ok(issue) } else { Err(format!("it is the manifest of {}", issue.month)) }
}
