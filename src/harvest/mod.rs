//! Asks the sources: PubMed, feeds, pages, folders.
//!
//! A source's answers go, page by page, to a sink that the caller gives; each page carries what is
//! to be remembered about the source once the page is stored, so that both go in one transaction.
//! Harvesting knows nothing of what the bytes mean beyond what it needs to ask on.

use std::future::Future;
use std::pin::Pin;

use crate::clock::Clock;
use crate::fetch::{Fetch, FetchError, Secret};
use crate::model::{Payload, Pmid, Problem, Source, SourceKind, SourceState};

mod feed;
mod folder;
pub mod lookup;
pub mod manners;
pub mod parts;
mod pubmed;
pub mod replay;

pub use feed::seems_cut;
pub use folder::OWN_FOLDERS;
pub use pubmed::window_of as pubmed_window;

/// Who asks: sent to NCBI with every call, as its usage policy wants (NBK25497).
#[derive(Clone, Default)]
pub struct Identity {
    /// A mail address of the person who runs this; empty when not set.
    pub email: String,
    /// NCBI API key: ten requests a second instead of three.
    pub api_key: Option<Secret>,
}

/// One page of a source: bytes, if there are any, and what to remember once they are stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The bytes; `None` when there was nothing new.
    pub payload: Option<Payload>,
    /// The source's state after this page.
    pub state: SourceState,
}

/// What the caller found in a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Taken {
    /// Why the page could not be read at all, in plain words; `None` when it could.
    pub complaint: Option<String>,
    /// What was repaired, left out or lost in it, in its order; people who dropped a file are shown it.
    pub problems: Vec<Problem>,
}

/// Why a page was not stored.
pub type Refusal = Box<dyn std::error::Error + Send + Sync>;

/// What a sink does with a page.
type Put<'a> = Box<dyn FnMut(Page) -> Result<Taken, Refusal> + 'a>;

/// Resolves when a source may hand on its first page.
type Turn<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Takes a source's pages in, in their order.
///
/// Sources are asked side by side, yet their pages are taken in one source after the other, in the
/// order of `feeds.toml`: which record is a work's first must not hang on which host was faster.
pub struct Sink<'a> {
    put: Put<'a>,
    turn: Option<Turn<'a>>,
}

impl<'a> Sink<'a> {
    /// Returns a sink that takes pages at once.
    pub fn new(put: impl FnMut(Page) -> Result<Taken, Refusal> + 'a) -> Self {
        Self { put: Box::new(put), turn: None }
    }

    /// Returns the sink that takes its first page only when `turn` has come.
    #[must_use]
    pub fn in_turn(self, turn: impl Future<Output = ()> + 'a) -> Self {
        Self { turn: Some(Box::pin(turn)), ..self }
    }

    /// Takes one page in, waiting for the source's turn before the first.
    ///
    /// # Errors
    /// When nothing of the page could be stored; that ends the source's run.
    pub async fn take(&mut self, page: Page) -> Result<Taken, HarvestError> {
        if let Some(turn) = self.turn.take() {
            turn.await;
        }
        (self.put)(page).map_err(HarvestError::Store)
    }
}

/// Why a source's run ended early.
#[derive(Debug, thiserror::Error)]
pub enum HarvestError {
    /// The request failed.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The answer is not what was asked for.
    #[error("{0}")]
    Answer(String),
    /// The page could not be stored.
    #[error("the page could not be stored")]
    Store(#[source] Refusal),
    /// A file could not be read or moved.
    #[error(transparent)]
    Path(#[from] crate::fsx::PathError),
}

/// All that asking needs.
pub struct Asker<'a> {
    /// How requests are made.
    pub fetch: &'a dyn Fetch,
    /// What time it is.
    pub clock: &'a dyn Clock,
    /// Who asks.
    pub identity: &'a Identity,
    /// The home folder, for folder sources.
    pub home: &'a std::path::Path,
    /// What day it is in the roundup's time zone.
    pub today: jiff::civil::Date,
    /// Papers whose records are to be asked for again, whatever their date: those already in an
    /// issue, since a retraction changes the record and not the day it entered PubMed.
    pub recheck: &'a [Pmid],
}

/// Asks one source for what is new and hands it to the sink. Returns notes for the run report:
/// warnings of the source, shortfalls.
///
/// # Errors
/// When the source cannot be asked, answers with something else, or a page cannot be stored. What
/// was stored before stays.
pub async fn harvest(
    asker: &Asker<'_>,
    source: &Source,
    state: &SourceState,
    sink: &mut Sink<'_>,
) -> Result<Vec<String>, HarvestError> {
    match &source.kind {
        SourceKind::Pubmed { .. } => pubmed::harvest(asker, source, state, sink).await,
        SourceKind::Feed { url, .. } => feed::harvest(asker, source, url, false, state, sink).await,
        SourceKind::Page { url, .. } => feed::harvest(asker, source, url, true, state, sink).await,
        SourceKind::Folder { path } => folder::harvest(asker, source, path, state, sink).await,
    }
}
