//! All files of an issue and of the archive, made in memory: what `render` writes, and what `check` looks through so
//! that it finds all that `render` would refuse.

use super::{Ctx, Error, Result, archive};
use crate::model::{Issue, Problem};
use crate::render::{self, ArchiveIssue, EmailSize, RenderedFile, Templates};

/// The files of a month.
pub(super) struct Made {
    /// Those of the issue, relative to the month's folder.
    pub issue: Vec<RenderedFile>,
    /// Those of all issues together, relative to `out/`.
    pub archive: Vec<RenderedFile>,
    /// The manifest among those of the issue.
    pub manifest: Vec<u8>,
}

/// Makes all files of an issue and of the archive; nothing is written.
///
/// # Errors
/// When a template fails, or an earlier issue cannot be read.
pub(super) fn made(ctx: &Ctx, issue: &Issue, templates: &Templates) -> Result<Made> {
    let files = render::issue_files(issue, &ctx.config.settings.house, templates)?;
    let manifest = bytes_of(&files, "manifest.json").to_vec();
    Ok(Made { archive: archive::files(ctx, issue.month, &manifest, templates)?, issue: files, manifest })
}

/// Returns how large the email of an issue will be, and all that stands in the way of its files: the first mistake in
/// what the issue is made of, and the first in what the archive is made of. No size when the issue cannot be made.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn tried(ctx: &Ctx, issue: &Issue, templates: &Templates) -> Result<(Option<EmailSize>, Vec<Problem>)> {
    let error = match made(ctx, issue, templates) {
        Ok(made) => {
            let html = String::from_utf8_lossy(bytes_of(&made.issue, "email.html")).into_owned();
            return Ok((Some(EmailSize::of(&html)), Vec::new()));
        }
        Err(error) => error,
    };
    let mut problems = problems_of(error)?;
    // Without its manifest, the archive has this issue as the ledger would give it.
    let house = &ctx.config.settings.house;
    if let Err(error) = archive::files_with(ctx, issue.month, ArchiveIssue::of_issue(issue, house), templates) {
        problems.extend(problems_of(error)?.into_iter().filter(|p| !problems.contains(p)).collect::<Vec<_>>());
    }
    Ok((render::email_size(issue, house, templates).ok(), problems))
}

/// Returns the problems that an error names.
///
/// # Errors
/// The error, when it is none of templates and files of a person.
fn problems_of(error: Error) -> Result<Vec<Problem>> {
    match error {
        Error::Problems { problems } => Ok(problems),
        Error::Render(error) => Ok(vec![error.problem()]),
        other => Err(other),
    }
}

/// Returns the bytes of a file among those of an issue; none when it is not there.
fn bytes_of<'a>(files: &'a [RenderedFile], path: &str) -> &'a [u8] {
    files.iter().find(|file| file.path == path).map(|file| file.bytes.as_slice()).unwrap_or_default()
}
