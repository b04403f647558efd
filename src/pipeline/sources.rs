//! The places we look: how each is, what one would give now, and finding new ones.

use super::intake::{read_payload, source_named, with_causes};
use super::take::mark_preprints;
use super::{Ctx, Error, Result};
use crate::harvest::{self, HarvestError, Page, Sink};
use crate::model::{Payload, Problem, Record, Source, SourceKind, SourceState};
use crate::store::Store;

mod find;
mod toml_block;

pub use find::{FoundFeed, FoundSources, Tried, find_sources};

/// How one source is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SourceListing {
    /// Source id.
    pub id: String,
    /// Its kind ("feed").
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its address or folder.
    pub address: String,
    /// Whether it is asked at all.
    pub is_enabled: bool,
    /// Papers and news items that it brought or confirmed.
    pub works: u64,
    /// When it last answered well; `None` when never.
    pub last_ok: Option<jiff::Timestamp>,
    /// Since when every try fails; `None` while it works.
    pub failing_since: Option<jiff::Timestamp>,
    /// What went wrong the last time.
    pub last_error: Option<String>,
    /// Where it says that it has moved to.
    pub moved_to: Option<String>,
    /// Whether it said that it is gone for good.
    pub is_gone: bool,
}

/// Returns every source in the order of `feeds.toml`. Without a store none was asked yet.
///
/// # Errors
/// When the database cannot be read.
pub fn list_sources(sources: &[Source], store: Option<&Store>) -> Result<Vec<SourceListing>> {
    let works = store.map(Store::works_by_source).transpose()?.unwrap_or_default();
    let mut out = Vec::new();
    for source in sources {
        let state = store.map_or_else(|| Ok(SourceState::default()), |s| s.source_state(&source.id))?;
        out.push(SourceListing {
            id: source.id.clone(),
            kind: source.kind.as_str(),
            name: source.name.clone(),
            address: address_of(&source.kind),
            is_enabled: source.is_enabled,
            works: works.get(&source.id).copied().unwrap_or(0),
            last_ok: state.last_ok,
            failing_since: state.failing_since,
            last_error: state.last_error,
            moved_to: state.moved_to,
            is_gone: state.is_gone,
        });
    }
    Ok(out)
}

/// Returns where a source is asked.
fn address_of(kind: &SourceKind) -> String {
    match kind {
        SourceKind::Pubmed { base_url, .. } => base_url.clone(),
        SourceKind::Feed { url, .. } | SourceKind::Page { url, .. } => url.clone(),
        SourceKind::Folder { path } => path.clone(),
    }
}

/// What one source would give now.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct SourceTest {
    /// Source id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The records of its first page; of PubMed the first 200 of the open window.
    pub records: Vec<Record>,
    /// What was repaired, left out or lost.
    pub problems: Vec<Problem>,
    /// Remarks of the source.
    pub notes: Vec<String>,
    /// Why it gave nothing; `None` when it gave something.
    pub error: Option<String>,
}

/// Asks one source and reads its first page. Nothing is stored, and what is remembered about the
/// source stays as it is.
///
/// # Errors
/// When there is no such source, or it is a folder: reading one moves its files.
pub async fn test_source(ctx: &Ctx, id: &str) -> Result<SourceTest> {
    let source = source_named(ctx, id)?;
    if let SourceKind::Folder { path } = &source.kind {
        let message = format!("{id} is a folder; `roundup parse {path}/*` shows what its files hold");
        return Err(Error::Missing(message));
    }
    let asker = ctx.asker(&[]);
    let mut first: Option<Payload> = None;
    let outcome = {
        let mut sink = Sink::new(|page: Page| match page.payload {
            Some(payload) => {
                first = Some(payload);
                Err("one page is enough".into())
            }
            None => Ok(harvest::Taken::default()),
        });
        harvest::harvest(&asker, source, &SourceState::default(), &mut sink).await
    };
    let mut test = SourceTest {
        id: source.id.clone(),
        name: source.name.clone(),
        records: Vec::new(),
        problems: Vec::new(),
        notes: Vec::new(),
        error: None,
    };
    match outcome {
        Ok(notes) => test.notes = notes,
        Err(HarvestError::Store(_)) => {}
        Err(error) => test.error = Some(with_causes(&error)),
    }
    if let Some(payload) = first {
        let mut parsed = read_payload(&payload, source);
        mark_preprints(&mut parsed, source.is_preprints);
        test.records = parsed.records;
        test.problems = parsed.problems;
    }
    Ok(test)
}
