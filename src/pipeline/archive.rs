//! The archive of all issues: earlier ones from their own manifests, so that what was sent stays.

use super::{Ctx, Result};
use crate::fsx;
use crate::model::Month;
use crate::render::{self, ArchiveIssue, RenderedFile, Templates};

/// Returns the archive's files with this month's manifest and those on disk of every other issue.
///
/// # Errors
/// When a manifest on disk is damaged or a template fails.
pub fn files(ctx: &Ctx, month: Month, manifest: &[u8], templates: &Templates) -> Result<Vec<RenderedFile>> {
    let mut issues = vec![ArchiveIssue::of_manifest(&String::from_utf8_lossy(manifest))?];
    for issue in ctx.store.issues()?.into_iter().filter(|i| i.month != month) {
        let path = ctx.home.out().join(issue.month.to_string()).join("manifest.json");
        if let Some(text) = fsx::read_text_if_there(&path)? {
            issues.push(ArchiveIssue::of_manifest(&text)?);
        }
    }
    Ok(render::archive_files(&issues, &ctx.config.settings.house, templates)?)
}
