//! Writing the index: bringing it up to date, or building it anew beside the old one.
//!
//! After every commit, generations with deletions are merged until none are left. Word statistics
//! then depend on the papers alone, not on the way they came in, so that an index brought up to
//! date gives the same scores as one built anew.

use std::path::Path;

use tantivy::index::SegmentId;
use tantivy::indexer::NoMergePolicy;
use tantivy::{Directory, Index as Engine, IndexReader, IndexWriter, ReloadPolicy};

use super::folder::{self, Generation, Pointer};
use super::knowledge::{self, Knowledge, Names};
use super::read_only::ReadOnly;
use super::schema::{Fields, Indexing, fingerprint};
use super::unread::Unread;
use super::writing::{Unwritten, Writing};
use super::{IndexError, State, analyse, guarded};
use crate::fsx::{self, PathError};
use crate::model::{Paper, WorkId};

/// Memory for papers not yet written, in bytes: a hundred thousand papers, of which one part is
/// made then. It is taken as it is needed.
const WRITER_BYTES: usize = 256 << 20;

/// The most parts an index has before they are made one: each costs every search a little.
const SEGMENTS_MAX: usize = 8;

/// What is written with each commit.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
struct Payload {
    /// Revision of the store that the index shows.
    revision: u64,
    /// See [`fingerprint`].
    fingerprint: String,
    /// See [`Knowledge::hash`].
    knowledge: String,
}

/// File of a generation in which the words of questions are looked up.
const NAMES_FILE: &str = "names.tsv";

/// The most bytes of it: some hundred times what the built-in words need.
const NAMES_BYTES_MAX: u64 = 64 << 20;

/// A generation open for searching.
pub(super) struct Opened {
    pub reader: IndexReader,
    pub names: Names,
    /// Revision of the store that it shows.
    pub revision: u64,
    /// What was known when it was built, as a hash.
    pub knowledge: String,
}

/// What a write did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Papers added or replaced.
    pub added: usize,
    /// Papers removed.
    pub removed: usize,
}

/// Returns the state of the index in a folder. Reads a few files; see [`verify`] for all bytes.
pub(super) fn state(folder: &Path) -> State {
    let generation = match folder::pointer(folder) {
        Pointer::Missing => return State::Missing,
        Pointer::Unreadable(reason) => return State::Damaged(reason),
        Pointer::Refused(why) => return State::Unread(why),
        Pointer::At(generation) => generation,
    };
    state_of(folder, generation)
}

/// Returns the state of one generation.
fn state_of(folder: &Path, generation: Generation) -> State {
    match open_ready(folder, generation) {
        Ok(opened) => State::Ready { revision: opened.revision, knowledge: opened.knowledge },
        Err(IndexError::NotReady(state)) => state,
        Err(error) => State::Damaged(error.reason()),
    }
}

/// Opens a generation for searching, when it is ready.
///
/// # Errors
/// When it is damaged or of another form.
pub(super) fn open_ready(folder: &Path, generation: Generation) -> Result<Opened, IndexError> {
    guarded(|| {
        let engine = open_engine(folder, generation)?;
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let payload = engine.load_metas()?.payload;
        match payload.as_deref().map(serde_json::from_str::<Payload>) {
            Some(Ok(Payload { revision, fingerprint: form, knowledge })) if form == fingerprint() => {
                let names = names(&generation.path(folder))?;
                Ok(Opened { reader, names, revision, knowledge })
            }
            Some(Ok(_)) => Err(IndexError::NotReady(State::OtherFingerprint)),
            _ => {
                let reason = "the last commit does not say what it holds".to_owned();
                Err(IndexError::NotReady(State::Damaged(reason)))
            }
        }
    })
}

/// Opens the names beside the index. They carry no checksum of the engine's, so its own way to open
/// files will not do.
fn names(path: &Path) -> Result<Names, IndexError> {
    let file = match ReadOnly::open(path)?.get_file_handle(Path::new(NAMES_FILE)).map_err(tantivy::TantivyError::from) {
        Err(error) if Unread::of_engine(&error).is_some() => return Err(error.into()),
        opened => opened.ok(),
    };
    let bytes =
        file.filter(|file| file.len() as u64 <= NAMES_BYTES_MAX).and_then(|file| file.read_bytes(0..file.len()).ok());
    let names = bytes.and_then(Names::parse);
    names.ok_or_else(|| IndexError::NotReady(State::Damaged(format!("{NAMES_FILE} is missing, cut or no text"))))
}

/// Reads every byte of the index and compares it with its checksum.
///
/// # Errors
/// When the index is missing or damaged.
pub(super) fn verify(folder: &Path) -> Result<(), IndexError> {
    let generation = match state(folder) {
        State::Ready { .. } | State::OtherFingerprint => match folder::pointer(folder) {
            Pointer::At(generation) => generation,
            _ => return Err(IndexError::NotReady(State::Missing)),
        },
        state => return Err(IndexError::NotReady(state)),
    };
    let damaged = guarded(|| Ok(open_engine(folder, generation)?.validate_checksum()?))?;
    let mut names: Vec<String> = damaged.iter().map(|p| p.display().to_string()).collect();
    let text = fsx::read_plain_text(&generation.path(folder).join(NAMES_FILE), NAMES_BYTES_MAX)
        .ok()
        .flatten()
        .unwrap_or_default();
    // Of another form, it has no names that could be compared.
    if open_ready(folder, generation).is_ok_and(|opened| knowledge::hash_of(&text) != opened.knowledge) {
        names.push(NAMES_FILE.to_owned());
    }
    names.sort();
    match names.as_slice() {
        [] => Ok(()),
        names => Err(IndexError::NotReady(State::Damaged(format!("wrong bytes in {}", names.join(", "))))),
    }
}

/// Opens a generation for reading, with its analysers.
fn open_engine(folder: &Path, generation: Generation) -> Result<Engine, tantivy::TantivyError> {
    let mut engine = Engine::open(ReadOnly::open(&generation.path(folder))?)?;
    engine.set_tokenizers(analyse::analysers());
    Ok(engine)
}

/// Brings the index up to date: adds or replaces papers, removes others, in one commit.
///
/// # Errors
/// When the index is not ready (build it anew), when another process writes it, or when writing
/// fails; the last commit then still stands.
pub(super) fn update(
    folder: &Path,
    papers: &mut dyn Iterator<Item = Paper>,
    knowledge: &Knowledge,
    removed: &[WorkId],
    revision: u64,
) -> Result<Written, IndexError> {
    match state(folder) {
        State::Ready { knowledge: known, .. } if known == knowledge.hash() => {}
        State::Ready { .. } => return Err(IndexError::NotReady(State::OtherFingerprint)),
        state => return Err(IndexError::NotReady(state)),
    }
    let Pointer::At(generation) = folder::pointer(folder) else {
        return Err(IndexError::NotReady(State::Missing));
    };
    let path = generation.path(folder);
    let files = Writing::open(&path)?;
    let filled = guarded(|| {
        let mut engine = Engine::open(files.clone())?;
        engine.set_tokenizers(analyse::analysers());
        fill(&engine, papers, knowledge, removed, revision).inspect_err(|_| tidy_after_failure(&engine))
    });
    filled.map_err(|error| files.blamed(error, folder, folder::size(&path)))
}

/// Removes what a write that failed has left, where that can be done; else the next one does it.
fn tidy_after_failure(engine: &Engine) {
    if let Ok(writer) = engine.writer_with_num_threads::<tantivy::TantivyDocument>(1, WRITER_BYTES) {
        let _ = writer.garbage_collect_files().wait();
    }
}

/// Builds the index anew beside the old one, switches to it and removes the old. One that is
/// damaged is put aside instead.
///
/// # Errors
/// When writing fails; the old index is then still in use.
pub(super) fn rebuild(
    folder: &Path,
    papers: &mut dyn Iterator<Item = Paper>,
    knowledge: &Knowledge,
    revision: u64,
) -> Result<Written, IndexError> {
    let old = match folder::pointer(folder) {
        Pointer::At(generation) => Some(generation),
        _ => None,
    };
    let is_damaged = matches!(state(folder), State::Damaged(_));
    folder::remove_others(folder, old);
    let new = folder::next_generation(folder);
    let old_bytes = old.map_or(0, |old| folder::size(&old.path(folder)));
    // What is half built would be in the way of whoever makes room.
    let built = build_beside(folder, new, papers, knowledge, revision, old_bytes);
    let written = built.inspect_err(|_| {
        // The pointer may lead to the new one all the same: it was put in place, and then the disk refused.
        if folder::pointer(folder) != Pointer::At(new) {
            folder::remove_others(folder, old);
        }
    })?;
    if let Some(old) = old.filter(|_| is_damaged) {
        folder::put_aside(folder, old)?;
    }
    folder::remove_others(folder, Some(new));
    Ok(written)
}

/// Builds a generation and points at it.
fn build_beside(
    folder: &Path,
    new: Generation,
    papers: &mut dyn Iterator<Item = Paper>,
    knowledge: &Knowledge,
    revision: u64,
    old_bytes: u64,
) -> Result<Written, IndexError> {
    let path = new.path(folder);
    let refused = |e: PathError| Unwritten::of_path(&e, folder, old_bytes);
    fsx::make_folder(&path).map_err(refused)?;
    let files = Writing::open(&path)?;
    let schema = Engine::builder().schema(Fields::new().schema).tokenizers(analyse::analysers());
    let engine = schema.open_or_create(files.clone()).map_err(IndexError::from);
    let built = engine.and_then(|engine| fill(&engine, papers, knowledge, &[], revision));
    let written = built.map_err(|error| files.blamed(error, folder, old_bytes))?;
    fsx::write_atomic(&path.join(NAMES_FILE), knowledge.names_file().as_bytes()).map_err(refused)?;
    folder::point_at(folder, new).map_err(refused)?;
    Ok(written)
}

/// Writes papers in one commit, then tidies.
fn fill(
    engine: &Engine,
    papers: &mut dyn Iterator<Item = Paper>,
    knowledge: &Knowledge,
    removed: &[WorkId],
    revision: u64,
) -> Result<Written, IndexError> {
    let fields = Fields::new();
    // One thread: two would hand out papers in an order of their own.
    let mut writer: IndexWriter = engine.writer_with_num_threads(1, WRITER_BYTES)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));
    let mut written = Written { added: 0, removed: removed.len() };
    for id in removed {
        writer.delete_term(fields.work_term(id));
    }
    let mut with = Indexing::new(knowledge);
    for paper in papers {
        writer.delete_term(fields.work_term(&paper.id));
        writer.add_document(fields.document(&paper, &mut with)?)?;
        written.added += 1;
    }
    let payload = serde_json::to_string(&Payload {
        revision,
        fingerprint: fingerprint().to_owned(),
        knowledge: knowledge.hash(),
    })?;
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&payload);
    commit.commit()?;
    tidy(engine, &mut writer)?;
    writer.wait_merging_threads()?;
    Ok(written)
}

/// Merges parts that hold deleted papers, and all parts when there are too many.
fn tidy(engine: &Engine, writer: &mut IndexWriter) -> Result<(), IndexError> {
    let segments = engine.searchable_segment_metas()?;
    let is_many = segments.len() > SEGMENTS_MAX;
    let mut ids: Vec<SegmentId> =
        segments.iter().filter(|s| is_many || s.has_deletes()).map(tantivy::SegmentMeta::id).collect();
    ids.sort();
    if !ids.is_empty() {
        writer.merge(&ids).wait()?;
        writer.garbage_collect_files().wait()?;
    }
    Ok(())
}
