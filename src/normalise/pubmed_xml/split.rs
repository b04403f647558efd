//! Cuts a stream of PubMed XML into its records without reading what is in them.
//!
//! Records come in batches, and no more of the stream is kept in memory than one batch and the
//! record that goes on behind it, so a file may be of any size. Every document form is taken
//! alike: one document, several glued together, a record as the root, an answer that breaks off.
//! Comments and CDATA are stepped over.

use std::io::{self, Read};

use super::batch::{Batch, Item, Piece, PieceKind, Position, advance};
use super::marks::{MARK_BYTES_MAX, Mark, Marks};

/// The largest record we take, in bytes. A record with ten thousand authors has some 10 MB; what
/// goes on for longer has lost its end.
const RECORD_BYTES_MAX: usize = 64 << 20;

/// The longest comment or CDATA part that is stepped over, in bytes; a longer one was never closed.
const COMMENT_BYTES_MAX: usize = 4 << 20;

/// The longest tag of a record or set, in bytes: they have few attributes or none.
const TAG_BYTES_MAX: usize = 4 << 10;

/// How many bytes are read of the stream at a time.
const CHUNK_BYTES: usize = 256 << 10;

/// A batch is handed on when this many bytes of it are looked through: enough that handing over
/// costs nothing beside reading, little enough to stay in a processor's cache.
pub const BATCH_BYTES: usize = 512 << 10;

/// The elements that matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Article,
    BookArticle,
    DeleteCitation,
    DeleteDocument,
    /// `PubmedArticleSet` or `PubmedBookArticleSet`.
    Set,
}

/// A tag of a [`Unit`].
#[derive(Debug, Clone, Copy)]
struct Tag {
    unit: Unit,
    is_end: bool,
    is_empty: bool,
    /// Index behind its `>`.
    end: usize,
}

/// What a look at the window gave.
enum Step {
    /// An answer; `None` at the end of the stream.
    Piece(Option<Piece>),
    /// Nothing yet; the search goes on behind what was looked at.
    GoOn,
    /// More of the stream must be read first.
    NeedMore,
}

/// What the window holds at a mark.
enum TagLook {
    Tag(Tag),
    /// No tag of a unit (`PubmedData`).
    Other,
    /// The stream ends inside the tag.
    Torn,
    NeedMore,
}

/// Reads a stream and gives its records in batches.
pub struct Splitter<R> {
    reader: R,
    /// What was read and is still needed stands in its first `filled` bytes.
    window: Vec<u8>,
    filled: usize,
    /// The stream gives no more; the window may still hold something.
    is_at_end: bool,
    /// Nothing is left of the window either.
    is_done: bool,
    /// Where the search goes on.
    at: usize,
    marks: Marks,
    /// The record that is open: where it begins and what it is.
    open: Option<(usize, Unit)>,
    /// Sets opened and not closed.
    sets: usize,
    /// Comment and CDATA marks before these indices have been found not to open anything, so that
    /// a file full of them is not searched again from each.
    idle_until: [usize; 2],
    /// Line and column of the window's first byte.
    base: Position,
}

impl<R: Read> Splitter<R> {
    /// Returns a splitter at the beginning of a stream of UTF-8.
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            window: Vec::new(),
            filled: 0,
            is_at_end: false,
            is_done: false,
            at: 0,
            marks: Marks::default(),
            open: None,
            sets: 0,
            idle_until: [0; 2],
            base: (1, 1),
        }
    }

    /// Tells whether the stream has been read to its end, so that no batch follows.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// Puts the next parts of the stream into `batch`, whose memory is used again; `false` at the
    /// end of the stream.
    ///
    /// A stream that breaks is an item of the batch; what came before the break follows it.
    pub fn next(&mut self, batch: &mut Batch) -> bool {
        let mut items = std::mem::take(&mut batch.items);
        items.clear();
        while !self.is_done {
            match self.step() {
                Step::Piece(Some(piece)) => items.push(Item::Piece(piece)),
                Step::Piece(None) => self.is_done = true,
                Step::GoOn => {}
                Step::NeedMore if !items.is_empty() && self.at >= BATCH_BYTES => break,
                Step::NeedMore => {
                    if items.is_empty() && self.keep_from() >= BATCH_BYTES {
                        self.move_into(batch);
                    }
                    items.extend(self.fill().err().map(|error| Item::Broken(error.to_string())));
                }
            }
        }
        self.move_into(batch);
        batch.items = items;
        !batch.items.is_empty()
    }

    /// Returns where the bytes begin that later parts need.
    fn keep_from(&self) -> usize {
        self.open.map_or(self.at, |(start, _)| start).min(self.filled)
    }

    /// Hands the window's bytes over, but for those of the open record, which stay.
    fn move_into(&mut self, batch: &mut Batch) {
        let keep_from = self.keep_from();
        std::mem::swap(&mut self.window, &mut batch.bytes);
        let kept = batch.bytes.get(keep_from..self.filled).unwrap_or_default();
        if self.window.len() < kept.len() {
            self.window.resize(kept.len(), 0);
        }
        if let Some(start) = self.window.get_mut(..kept.len()) {
            start.copy_from_slice(kept);
        }
        batch.base = self.base;
        batch.filled = self.filled;
        self.base = advance(self.base, batch.bytes.get(..keep_from).unwrap_or_default());
        self.filled -= keep_from;
        self.at -= keep_from;
        self.marks.forget(keep_from);
        self.open = self.open.map(|(start, unit)| (start - keep_from, unit));
        self.idle_until = self.idle_until.map(|until| until.saturating_sub(keep_from));
    }

    /// Returns the window's bytes from an index on.
    fn rest(&self, from: usize) -> &[u8] {
        self.window.get(from..self.filled).unwrap_or_default()
    }

    /// Looks at the next mark in the window.
    fn step(&mut self) -> Step {
        let window = self.window.get(..self.filled).unwrap_or_default();
        match self.marks.next(window, self.at) {
            Some((start, Mark::Comment)) => self.step_comment(start, 0, b"-->"),
            Some((start, Mark::Cdata)) => self.step_comment(start, 1, b"]]>"),
            Some((start, Mark::Tag)) => self.step_tag(start),
            None => self.step_without_mark(),
        }
    }

    /// Answers when no mark is left in the window.
    fn step_without_mark(&mut self) -> Step {
        let end = self.filled;
        self.at = self.at.max(end.saturating_sub(MARK_BYTES_MAX));
        if self.open.is_some_and(|(start, _)| end - start > RECORD_BYTES_MAX) {
            return self.cut(end);
        }
        if !self.is_at_end {
            return Step::NeedMore;
        }
        self.at = end;
        if self.open.is_some() {
            self.sets = 0;
            return self.cut(end);
        }
        let had_sets = std::mem::take(&mut self.sets) > 0;
        Step::Piece(had_sets.then_some(Piece { kind: PieceKind::OpenSet, start: end, end }))
    }

    /// Gives the open record up: it has no end before `end`.
    fn cut(&mut self, end: usize) -> Step {
        let Some((start, _)) = self.open.take() else { return Step::GoOn };
        Step::Piece(Some(Piece { kind: PieceKind::Cut, start, end }))
    }

    /// Steps over a comment or CDATA part, or over its mark alone when it has no end or when, inside
    /// a record, it would swallow the beginning of another one.
    fn step_comment(&mut self, start: usize, kind: usize, close: &[u8]) -> Step {
        let from = start + 4;
        if self.idle_until.get(kind).is_some_and(|until| start < *until) {
            self.at = from;
            return Step::GoOn;
        }
        let reach = self.filled.min(from + COMMENT_BYTES_MAX);
        let inside = self.window.get(from..reach).unwrap_or_default();
        let length = inside.windows(close.len()).position(|w| w == close);
        if length.is_none() && !self.is_at_end && reach == self.filled {
            return Step::NeedMore;
        }
        let hides_record = |text: &[u8]| text.windows(14).any(|w| w == b"<PubmedArticle" || w == b"<PubmedBookArt");
        let is_comment = length.is_some_and(|l| self.open.is_none() || !inside.get(..l).is_some_and(hides_record));
        let end = length.map_or(reach, |l| from + l);
        if is_comment {
            self.at = end + close.len();
        } else {
            self.at = from;
            if let Some(until) = self.idle_until.get_mut(kind) {
                *until = end;
            }
        }
        Step::GoOn
    }

    /// Takes a tag that begins at `start`.
    fn step_tag(&mut self, start: usize) -> Step {
        let tag = match self.tag(start) {
            TagLook::NeedMore => return Step::NeedMore,
            TagLook::Other => {
                self.at = start + 2;
                return Step::GoOn;
            }
            TagLook::Torn => {
                self.at = self.filled;
                let start = self.open.take().map_or(start, |(open, _)| open);
                return Step::Piece(Some(Piece { kind: PieceKind::Cut, start, end: self.at }));
            }
            TagLook::Tag(tag) => tag,
        };
        if self.open.is_some() && tag.is_empty {
            // It opens nothing; whether it may stand here is for the record's own reading.
            self.at = tag.end;
            return Step::GoOn;
        }
        if self.open.is_some() && (!tag.is_end || tag.unit == Unit::Set) {
            // The tag itself is looked at again, with no record open.
            self.at = start;
            return self.cut(start);
        }
        self.at = tag.end;
        let piece = |kind, start| Step::Piece(Some(Piece { kind, start, end: tag.end }));
        match (tag.unit, self.open) {
            (Unit::Set, _) => {
                let opened = usize::from(!tag.is_end && !tag.is_empty);
                self.sets = (self.sets + opened).saturating_sub(usize::from(tag.is_end));
                Step::GoOn
            }
            (_, None) if tag.is_empty => piece(PieceKind::Whole, start),
            (_, None) if tag.is_end => piece(PieceKind::Stray, start),
            (unit, None) => {
                self.open = Some((start, unit));
                Step::GoOn
            }
            (unit, Some((open, open_unit))) if unit == open_unit => {
                self.open = None;
                piece(PieceKind::Whole, open)
            }
            (_, Some(_)) => Step::GoOn,
        }
    }

    /// Reads the tag at `start`.
    fn tag(&self, start: usize) -> TagLook {
        let rest = self.rest(start);
        let Some(length) = rest.iter().take(TAG_BYTES_MAX).position(|b| *b == b'>') else {
            return match (rest.len() < TAG_BYTES_MAX, self.is_at_end) {
                (true, false) => TagLook::NeedMore,
                (true, true) => TagLook::Torn,
                (false, _) => TagLook::Other,
            };
        };
        let inside = rest.get(1..length).unwrap_or_default();
        let is_end = inside.starts_with(b"/");
        let name_on = if is_end { inside.get(1..).unwrap_or_default() } else { inside };
        let name = name_on.split(|b| b.is_ascii_whitespace() || *b == b'/').next().unwrap_or_default();
        let unit = match name {
            b"PubmedArticle" => Unit::Article,
            b"PubmedBookArticle" => Unit::BookArticle,
            b"DeleteCitation" => Unit::DeleteCitation,
            b"DeleteDocument" => Unit::DeleteDocument,
            b"PubmedArticleSet" | b"PubmedBookArticleSet" => Unit::Set,
            _ => return TagLook::Other,
        };
        TagLook::Tag(Tag { unit, is_end, is_empty: inside.ends_with(b"/"), end: start + length + 1 })
    }

    /// Reads more of the stream: a whole chunk, unless the stream ends before.
    fn fill(&mut self) -> io::Result<()> {
        let wanted = self.filled + CHUNK_BYTES;
        if self.window.len() < wanted {
            self.window.resize(wanted, 0);
        }
        while let Some(room) = self.window.get_mut(self.filled..wanted).filter(|room| !room.is_empty()) {
            match self.reader.read(room) {
                Ok(0) => {
                    self.is_at_end = true;
                    break;
                }
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.is_at_end = true;
                    return Err(error);
                }
            }
        }
        Ok(())
    }
}
