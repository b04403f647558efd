//! Making everything that is derived anew: it must come out the same.

use super::{Ctx, Result, judge, link, render_month, settle, update_index};

/// What rebuilding did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct RebuildReport {
    /// Works folded anew.
    pub works: usize,
    /// Works judged anew.
    pub judged: usize,
    /// Documents in the index.
    pub indexed: usize,
    /// Issues rendered anew.
    pub issues: usize,
}

/// Makes what was found alike, folded works, judgements, rendered files and the index again from records, people's
/// words, rules and the ledger. Works keep their ids; people's words, drafts and payloads are not touched.
///
/// Cut off anywhere, nothing is missing: works are folded in one transaction, those without a judgement get one from
/// whoever judges next, each page is replaced whole and stays until then, and the old index is searched until the new
/// one is there. A rebuild that is run again does the rest.
///
/// # Errors
/// When the database refuses or a file cannot be written.
pub fn rebuild(ctx: &Ctx) -> Result<RebuildReport> {
    let mut report = RebuildReport::default();
    ctx.store.transaction(|store| -> Result<()> {
        store.forget_derived()?;
        settle::settle_all(store, &ctx.progress)?;
        let ids = store.live_work_ids()?;
        for (n, id) in ids.iter().enumerate() {
            if n % 200 == 0 {
                (ctx.progress)(&format!("folding works, {n} of {}", ids.len()));
            }
            link::refold(store, id)?;
            report.works += 1;
        }
        Ok(())
    })?;
    report.judged = judge(ctx)?.judged;
    let mut months: Vec<_> = ctx.store.issues()?.into_iter().map(|i| i.month).collect();
    months.sort();
    for month in months {
        (ctx.progress)(&format!("rendering {month}"));
        report.issues += usize::from(render_month::render_again(ctx, month)?.is_some());
    }
    report.indexed = update_index(ctx, true)?.written;
    Ok(report)
}
