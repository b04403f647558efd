//! What a harvest would ask, without asking.

use super::{Ctx, Error, Result};
use crate::fsx;
use crate::harvest::manners::{self, Due};
use crate::harvest::pubmed_window;
use crate::model::{Source, SourceKind};

/// What would be done about one source.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Planned {
    /// Source id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What would be asked, or why nothing would be, in plain words.
    pub what: String,
}

/// Tells for each source that [`harvest`](super::harvest) would ask what it would ask it. Nothing is
/// asked and nothing is changed.
///
/// # Errors
/// When a named source does not exist, or the database or a folder cannot be read.
pub fn plan(ctx: &Ctx, only: &[String]) -> Result<Vec<Planned>> {
    let sources = super::intake::wanted_sources(ctx, only)?;
    sources.into_iter().map(|source| one(ctx, source, !only.is_empty())).collect()
}

/// Tells what would be done about one source.
fn one(ctx: &Ctx, source: &Source, is_asked_for: bool) -> Result<Planned> {
    let state = manners::state_for(source, ctx.store.source_state(&source.id)?);
    let left_alone = match manners::due(&state, ctx.clock.now()) {
        Due::Now => None,
        Due::Resting(until) => Some(format!("nothing before {}: it has failed", day(ctx, until))),
        Due::Fresh(until) => Some(format!("nothing before {}: it has said that nothing new comes", day(ctx, until))),
    };
    let what = match (&source.kind, left_alone) {
        _ if state.is_gone => "nothing: it has said that it is gone for good".to_owned(),
        (_, Some(words)) if !is_asked_for => words,
        (SourceKind::Pubmed { overlap_days, first_days, .. }, _) => {
            let (from, to) = pubmed_window(&state, ctx.today(), *overlap_days, *first_days);
            let (from, to) = (from.strftime("%-d %B %Y"), to.strftime("%-d %B %Y"));
            format!("records that entered PubMed from {from} to {to}")
        }
        (SourceKind::Feed { url, .. } | SourceKind::Page { url, .. }, _) => match state.last_ok {
            Some(at) => format!("{url}, for what has changed since {}", day(ctx, at)),
            None => format!("{url}, for the first time"),
        },
        (SourceKind::Folder { path }, _) => folder(ctx, path)?,
    };
    Ok(Planned { id: source.id.clone(), name: source.name.clone(), what })
}

/// The most files named.
const FILES_SHOWN: usize = 5;

/// Names the files that lie in a folder.
fn folder(ctx: &Ctx, path: &str) -> Result<String> {
    let files = fsx::files_in(&ctx.home.root().join(path)).map_err(Error::from)?;
    let names: Vec<String> =
        files.iter().filter_map(|f| f.file_name()).map(|n| n.to_string_lossy().into_owned()).collect();
    let shown = names.iter().take(FILES_SHOWN).cloned().collect::<Vec<_>>().join(", ");
    Ok(match names.len() {
        0 => format!("nothing: no file lies in {path}"),
        1 => format!("the file {shown}"),
        n if n <= FILES_SHOWN => format!("{n} files: {shown}"),
        n => format!("{n} files: {shown} and {} more", n - FILES_SHOWN),
    })
}

/// Returns a moment in the roundup's zone, for people.
fn day(ctx: &Ctx, at: jiff::Timestamp) -> String {
    at.to_zoned(ctx.zone()).strftime("%-d %B, %H:%M").to_string()
}
