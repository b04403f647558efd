//! From the draft file to the files that readers get.

use super::choose::{self, Moment};
use super::draft::file_name;
use super::made::{Made, made};
use super::{Ctx, Error, Result, check, draft_file, issue, months, stale_files};
use crate::draft;
use crate::fsx::{self, Written};
use crate::model::{Issue, Month, Problem, Severity, WorkId, sha256_hex};
use crate::render::RenderedFile;
use crate::store::{Answer, DraftBy, LedgerItem, NewVerdict, Store};

/// What rendering did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RenderReport {
    /// The month.
    pub month: Month,
    /// Papers in the issue.
    pub items: usize,
    /// Each file, relative to `out/`, and whether its bytes have changed.
    pub files: Vec<(String, bool)>,
    /// Files of an earlier render that were removed, relative to `out/`: nothing leads to them any more.
    pub removed: Vec<String>,
    /// What `check` names and does not stand in the way.
    pub open: usize,
}

/// Renders a month's issue and the archive. What went into the issue counts as kept then.
///
/// # Errors
/// When there is no draft, the draft has errors (all are listed), a template fails (nothing is
/// written then), or a file cannot be written.
pub fn render(ctx: &Ctx, month: Month) -> Result<RenderReport> {
    let path = ctx.home.draft(month);
    let Some(text) = draft_file::text(&ctx.home, month)? else {
        let help = months::help_without_draft(ctx, month)?;
        return Err(Error::Missing(format!("there is no draft of {month}: {} is missing; {help}", path.display())));
    };
    months::check_begun(ctx, month)?;
    ctx.store.keep_draft(month, &text, DraftBy::Found, ctx.clock.now())?;
    let (parsed, problems) = draft::parse(&text, &file_name(month));
    let errors: Vec<Problem> = problems.into_iter().filter(|p| p.severity == Severity::Error).collect();
    let Some(parsed) = parsed.filter(|_| errors.is_empty()) else { return Err(Error::Problems { problems: errors }) };
    let found = check(ctx, month)?.problems;
    let (in_the_way, open): (Vec<Problem>, Vec<Problem>) =
        found.into_iter().partition(|p| p.severity == Severity::Error);
    if !in_the_way.is_empty() {
        return Err(Error::Problems { problems: in_the_way });
    }
    let (issue, left_out) = issue::build(ctx, &parsed)?;
    if !left_out.is_empty() {
        return Err(Error::Problems { problems: left_out });
    }
    let report = RenderReport { open: open.len(), ..write_issue(ctx, &issue)? };
    ctx.store.transaction(|_| choose::take_in(ctx, month, &text, Moment::Rendered))?;
    Ok(report)
}

/// Renders an issue that was rendered before, as it was then; `None` when there was none.
///
/// # Errors
/// As [`fn@render`].
pub(super) fn render_again(ctx: &Ctx, month: Month) -> Result<Option<RenderReport>> {
    ctx.store.issue(month)?.map(|issue| write_issue(ctx, &issue)).transpose()
}

/// Writes the files of an issue and of the archive, and enters it in the ledger. All files are made
/// before the first is written.
fn write_issue(ctx: &Ctx, issue: &Issue) -> Result<RenderReport> {
    let month = issue.month;
    let templates = issue::templates(ctx).map_err(|problems| Error::Problems { problems })?;
    let Made { issue: files, archive, manifest } = made(ctx, issue, &templates)?;
    let mut report =
        RenderReport { month, items: issue.items().count(), files: Vec::new(), removed: Vec::new(), open: 0 };
    let before = stale_files::last_manifest(ctx, month);
    let named = files.into_iter().map(|file| RenderedFile { path: format!("{month}/{}", file.path), ..file });
    let (last, first): (Vec<_>, Vec<_>) = named.partition(|file| file.path.ends_with("/manifest.json"));
    for file in first.into_iter().chain(archive) {
        write(ctx, file, &mut report)?;
    }
    enter(ctx, issue, &manifest)?;
    let kept = report.files.iter().map(|(name, _)| name).chain(last.iter().map(|file| &file.path));
    let kept = kept.map(String::as_str).collect();
    report.removed = stale_files::remove(ctx, month, before.as_deref(), &kept)?;
    // The manifest last: until then a repeated run knows by the old one what is left of the old issue.
    for file in last {
        write(ctx, file, &mut report)?;
    }
    Ok(report)
}

/// Writes one file under `out/`.
fn write(ctx: &Ctx, file: RenderedFile, report: &mut RenderReport) -> Result<()> {
    let is_changed = fsx::write_atomic(&ctx.home.out().join(&file.path), &file.bytes)? == Written::Changed;
    report.files.push((file.path, is_changed));
    Ok(())
}

/// Writes the issue into the ledger; the same issue again changes nothing there.
fn enter(ctx: &Ctx, issue: &Issue, manifest: &[u8]) -> Result<()> {
    let hash = sha256_hex(manifest);
    if ctx.store.issue_manifest(issue.month)?.as_ref() == Some(&hash) {
        return Ok(());
    }
    let items: Vec<LedgerItem> =
        issue.items().map(|i| LedgerItem { id: i.id.clone(), section: i.section.clone() }).collect();
    ctx.store.transaction(|store| -> Result<()> {
        store.put_issue(issue, &items, &hash, ctx.clock.now())?;
        store.forget_issue_verdicts(issue.month)?;
        for id in items.iter().filter_map(|i| WorkId::parse(&i.id)) {
            if let Some(id) = store.resolve(&id)? {
                store.touch(&id)?;
                keep_together(ctx, store, issue.month, &id)?;
            }
        }
        Ok(())
    })
}

/// Notes that readers have seen the records of a work as one paper: the machine never parts them.
fn keep_together(ctx: &Ctx, store: &Store, month: Month, id: &WorkId) -> Result<()> {
    let records = store.numbers_of_work(id)?;
    if records.len() < 2 {
        return Ok(());
    }
    let title = store.work(id)?.map(|row| row.work.record.title).unwrap_or_default();
    let verdict = NewVerdict {
        answer: Answer::Same,
        a: (id.clone(), title.clone(), records),
        b: (id.clone(), title, Vec::new()),
        who: "roundup".to_owned(),
        note: String::new(),
        issue: Some(month),
    };
    store.put_verdict(&verdict, ctx.clock.now())?;
    Ok(())
}
