//! What an address names, where something is to be said of it as a paper.

use axum::response::Response;

use super::Trouble;
use crate::desk::Desk;
use crate::desk::answer::see;
use crate::desk::names::{in_address, of_address};
use crate::desk::views::paper::in_file;
use crate::model::{Draft, Month, WorkId};
use crate::pipeline;

/// What an address names.
pub(super) enum Named {
    /// A paper, or what may be one.
    Paper(WorkId),
    /// An item of one's own, of which nothing is known beside its words: the way to its page, which says so.
    Own(Response),
}

/// Returns what an address names, to say something of it as a paper.
pub(super) async fn named_paper(desk: &Desk, month: Month, address: &str) -> Result<Named, Trouble> {
    let id = of_address(address);
    let name = id.clone();
    let is_own = desk
        .room
        .ask(move |ctx| {
            let is_known = WorkId::parse(&name).map(|id| ctx.store.resolve(&id)).transpose()?.flatten().is_some();
            let draft = || Ok(pipeline::curate::look_at_draft(ctx, month)?.and_then(|f| f.draft));
            let draft: anyhow::Result<Option<Draft>> = if is_known { Ok(None) } else { draft() };
            Ok(draft?.is_some_and(|d| in_file(&d, &name).is_some()))
        })
        .await?;
    if is_own {
        return Ok(Named::Own(see(&format!("/m/{month}/paper/{}?said=no-paper", in_address(&id)))));
    }
    Ok(Named::Paper(work(&id)?))
}

/// Returns the paper that an address names.
pub(super) fn work(id: &str) -> Result<WorkId, Trouble> {
    WorkId::parse(id).ok_or_else(|| missing(id))
}

/// Returns what is said of an id that nothing here has.
pub(super) fn missing(id: &str) -> Trouble {
    let shown = crate::model::text::shorten(&crate::model::text::clean_line(id), 40);
    Trouble::Missing(format!("No paper here has the id {shown}."))
}
