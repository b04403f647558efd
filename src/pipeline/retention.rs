//! What is let go with time, so that a home of many years does not fill its disk.

use jiff::{Span, Timestamp};

use super::{Ctx, Result};

/// What tidying up did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct TidyReport {
    /// Payloads whose bytes were let go.
    pub let_go: usize,
    /// The room they took in the database, in bytes; it is used for what comes next.
    pub bytes: u64,
    /// Files that a process that was ended had left half written.
    pub left_over: usize,
}

/// Payloads that are let go in one transaction: a moment's work, so that nobody waits.
const BATCH: usize = 200;

/// Lets go what is older than `[keep]` in the settings says, and removes what ended processes left. For whoever comes by
/// daily; may be repeated.
///
/// Only the bytes that sources answered are let go, never a file that a person brought, and none that a paper of an
/// issue was read from. What was read from them is kept as records, so that a rebuild gives the same.
///
/// # Errors
/// When the database refuses.
pub fn tidy_up(ctx: &Ctx) -> Result<TidyReport> {
    let mut report = TidyReport { left_over: super::remove_left_over(ctx), ..TidyReport::default() };
    let Some(before) = ctx.config.settings.keeping.payload_months.and_then(|months| edge(ctx, months)) else {
        return Ok(report);
    };
    let old = ctx.store.payloads_to_let_go(before)?;
    for batch in old.chunks(BATCH) {
        (ctx.progress)(&format!("letting old answers of sources go, {} of {}", report.let_go, old.len()));
        let ids: Vec<i64> = batch.iter().map(|(id, _)| *id).collect();
        ctx.store.transaction(|store| store.let_payloads_go(&ids))?;
        report.let_go += batch.len();
        report.bytes += batch.iter().map(|(_, bytes)| bytes).sum::<u64>();
    }
    Ok(report)
}

/// Returns the moment so many months ago; `None` before all time.
fn edge(ctx: &Ctx, months: u32) -> Option<Timestamp> {
    let today = ctx.clock.now().to_zoned(ctx.zone());
    today.checked_sub(Span::new().try_months(months).ok()?).ok().map(|then| then.timestamp())
}
