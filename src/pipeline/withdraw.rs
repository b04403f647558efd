//! Taking back an issue that should not have been made, as of a mistaken month: archive, feed and search know it no
//! longer. Its draft stays, and so does every word of people.

use super::{Ctx, Error, Result, archive, issue, months, stale_files};
use crate::fsx;
use crate::model::{MailingTool, Month, WorkId};
use crate::store::Store;

/// What withdrawing an issue did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct WithdrawReport {
    /// The month.
    pub month: Month,
    /// Files that were removed, relative to `out/`; what was changed since it was rendered stays.
    pub removed: Vec<String>,
    /// Files of the archive that came out otherwise without it, relative to `out/`.
    pub changed: Vec<String>,
    /// Mailing tools in which a draft of it was placed; it has to be deleted there.
    pub placed_in: Vec<String>,
}

/// Withdraws the issue of a month. May be repeated after it was cut off.
///
/// # Errors
/// When there is no such issue, the archive cannot be made without it (nothing was done then), or a file cannot be
/// written or removed.
pub fn withdraw(ctx: &Ctx, month: Month) -> Result<WithdrawReport> {
    let manifest = stale_files::last_manifest(ctx, month);
    if ctx.store.issue_manifest(month)?.is_none() && manifest.is_none() {
        let reason = format!("there is no issue of {month}");
        return Err(Error::stopped(reason, months::help_without_issue(ctx, month)?));
    }
    let templates = issue::templates(ctx).map_err(|problems| Error::Problems { problems })?;
    let archive = archive::files_without(ctx, month, &templates)?;
    ctx.store.transaction(|store| forget(store, month))?;
    let mut report = WithdrawReport { month, removed: Vec::new(), changed: Vec::new(), placed_in: Vec::new() };
    for file in &archive {
        if fsx::write_atomic(&ctx.home.out().join(&file.path), &file.bytes)? == fsx::Written::Changed {
            report.changed.push(file.path.clone());
        }
    }
    let kept = archive.iter().map(|file| file.path.as_str()).collect();
    // The issue's own files last: by its manifest a repeated run knows that there is something to do.
    let stale = stale_files::remove(ctx, month, None, &kept)?;
    report.removed = stale_files::remove_issue(ctx, month, manifest.as_deref())?;
    report.removed.extend(stale);
    let tools = [MailingTool::Mailchimp, MailingTool::Listmonk].into_iter();
    for tool in tools {
        if !ctx.store.outbox_others(tool.as_str(), month, "")?.is_empty() {
            report.placed_in.push(tool.name().to_owned());
        }
    }
    Ok(report)
}

/// Takes an issue out of the ledger; papers in it are new to readers again.
fn forget(store: &Store, month: Month) -> Result<()> {
    let ids = store.forget_issue(month)?;
    store.forget_issue_verdicts(month)?;
    for id in ids.iter().filter_map(|id| WorkId::parse(id)) {
        if let Some(id) = store.resolve(&id)? {
            store.touch(&id)?;
        }
    }
    Ok(())
}
