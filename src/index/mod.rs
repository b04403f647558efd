//! The search index, derived from the store. The only module that knows tantivy.
//!
//! It holds nothing that the store lacks: delete it and [`Index::rebuild`] gives the same
//! answers. Each commit carries the revision of the store and a fingerprint of all that decides
//! how papers are indexed; with another fingerprint the index is built anew beside the old one.
//! Searching never writes and works while another process does.
//!
//! ```no_run
//! use std::path::Path;
//! use roundup::index::{Index, Options, parse_query};
//! # fn main() -> Result<(), roundup::index::IndexError> {
//! let searcher = Index::open_reader(Path::new("index"))?;
//! let answer = searcher.search(&parse_query("depression country:KE"), &Options::default())?;
//! assert!(answer.hits.len() <= 10);
//! # Ok(())
//! # }
//! ```

mod analyse;
mod build;
mod compile;
mod expand;
mod facet;
mod findable;
mod feedback;
mod folder;
mod knowledge;
mod marks;
mod nearest;
mod named;
mod notes;
mod placed;
mod query;
mod read_only;
mod scan;
mod schema;
mod search;
mod similar;
mod snippet;
mod tags;
mod unread;
mod weigh;
mod why;
mod words;
mod writing;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Once;

pub use build::Written;
pub use facet::Facets;
pub use findable::findable;
pub use knowledge::Knowledge;
pub use query::{NESTING_MAX, ParsedQuery, QUERY_CHARS_MAX, TERMS_MAX, parse_query, parse_query_on, plain_query};
pub use schema::fingerprint;
pub use search::{Also, Answer, Hit, LIMIT_MAX, Options, Searcher, Sort};
pub use tags::TagValues;
pub use unread::{Unread, is_too_many};
pub use why::Why;
pub use writing::Unwritten;

use crate::fsx::PathError;
use crate::model::{Paper, WorkId};

/// How an index stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// There is none yet.
    Missing,
    /// It cannot be read; why.
    Damaged(String),
    /// The system refused to read it, which says nothing of the index itself: it is not built anew.
    Unread(Unread),
    /// It was made by other rules or another version and must be built anew.
    OtherFingerprint,
    /// It can be searched, and shows this revision of the store.
    Ready {
        /// Revision of the store; of a member's copy a number made of its packs.
        revision: u64,
        /// What was known of the words of the field when it was built: [`Knowledge::hash`].
        knowledge: String,
    },
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no search index yet"),
            Self::Damaged(reason) => write!(f, "the search index is damaged: {reason}"),
            Self::Unread(why) => write!(f, "the search index cannot be read: {why}"),
            Self::OtherFingerprint => f.write_str("the search index was made by another version of roundup"),
            Self::Ready { revision, .. } => write!(f, "the search index shows revision {revision}"),
        }
    }
}

/// Why the index could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// It is missing, damaged or of another form: build it anew.
    #[error("{0}")]
    NotReady(State),
    /// Another process is writing it.
    #[error("another process is writing the search index")]
    Busy,
    /// The disk refused; what was in use stays in use.
    #[error(transparent)]
    Unwritten(#[from] Unwritten),
    /// A file of ours.
    #[error(transparent)]
    File(#[from] PathError),
    /// What a hit shows does not read as JSON.
    #[error("the search index holds a paper that does not read")]
    Document(#[from] serde_json::Error),
    /// The engine.
    #[error("the search index does not work")]
    Engine(#[source] tantivy::TantivyError),
}

impl IndexError {
    /// Returns the sentence with the cause behind it.
    fn reason(&self) -> String {
        match std::error::Error::source(self) {
            Some(cause) => format!("{self}: {cause}"),
            None => self.to_string(),
        }
    }
}

impl From<tantivy::TantivyError> for IndexError {
    fn from(error: tantivy::TantivyError) -> Self {
        use tantivy::TantivyError as E;
        use tantivy::directory::error::OpenReadError;
        if let Some(refused) = Unread::of_engine(&error) {
            return Self::NotReady(State::Unread(refused));
        }
        match error {
            E::LockFailure(tantivy::directory::error::LockError::LockBusy, _) => Self::Busy,
            E::OpenReadError(OpenReadError::FileDoesNotExist(file)) => {
                Self::NotReady(State::Damaged(format!("{} is missing", file.display())))
            }
            E::OpenReadError(OpenReadError::IoError { io_error, filepath }) => {
                Self::NotReady(State::Damaged(format!("{}: {io_error}", filepath.display())))
            }
            E::DataCorruption(_) | E::OpenReadError(_) | E::OpenDirectoryError(_) => {
                Self::NotReady(State::Damaged(error.to_string()))
            }
            error => Self::Engine(error),
        }
    }
}

thread_local! {
    /// Whether a panic of this thread becomes an error, and so needs no words of its own.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Sees to it, once, that a panic which becomes an error prints nothing.
fn quiet_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let loud = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                loud(info);
            }
        }));
    });
}

/// Runs a piece of reading; a panic of the engine over damaged bytes becomes an error.
fn guarded<T>(read: impl FnOnce() -> Result<T, IndexError>) -> Result<T, IndexError> {
    quiet_hook();
    let was_quiet = QUIET.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(read));
    QUIET.set(was_quiet);
    outcome.unwrap_or_else(|_| Err(IndexError::NotReady(State::Damaged("its bytes make no sense".to_owned()))))
}

/// The index in a folder, for those who keep it.
#[derive(Debug, Clone, Copy)]
pub struct Index;

impl Index {
    /// Returns how the index in a folder stands. Reads a few files only.
    pub fn state(folder: &Path) -> State {
        build::state(folder)
    }

    /// Brings the index up to date in one commit: adds or replaces `papers`, removes `removed`.
    ///
    /// # Errors
    /// [`IndexError::NotReady`] when it is not [`State::Ready`] (then use [`Index::rebuild`]),
    /// [`IndexError::Busy`] when another process writes it; the last commit always stands.
    pub fn update(
        folder: &Path,
        papers: &mut dyn Iterator<Item = Paper>,
        knowledge: &Knowledge,
        removed: &[WorkId],
        revision: u64,
    ) -> Result<Written, IndexError> {
        build::update(folder, papers, knowledge, removed, revision)
    }

    /// Builds the index anew beside the old one, switches to it, and removes the old one; a
    /// damaged one is put aside as `damaged-g…`.
    ///
    /// # Errors
    /// When something cannot be written; the old index is then still in use.
    pub fn rebuild(
        folder: &Path,
        papers: &mut dyn Iterator<Item = Paper>,
        knowledge: &Knowledge,
        revision: u64,
    ) -> Result<Written, IndexError> {
        build::rebuild(folder, papers, knowledge, revision)
    }

    /// Compares every byte of the index with its checksum.
    ///
    /// # Errors
    /// [`IndexError::NotReady`] when it is missing or damaged.
    pub fn verify(folder: &Path) -> Result<(), IndexError> {
        build::verify(folder)
    }

    /// Opens the index for reading; never writes.
    ///
    /// # Errors
    /// [`IndexError::NotReady`] when it is not [`State::Ready`].
    pub fn open_reader(folder: &Path) -> Result<Searcher, IndexError> {
        search::open(folder)
    }
}
