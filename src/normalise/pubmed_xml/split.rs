//! Cuts a stream of PubMed XML into its records without reading what is in them.
//!
//! Only the bytes of the record at hand are kept in memory, so a file may be of any size. Every
//! document form is taken alike: one document, several glued together, a record as the root, an
//! answer that breaks off. Comments and CDATA are stepped over.

use std::cell::Cell;
use std::io::{self, Read};
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::model::Place;

/// The largest record we take, in bytes. A record with ten thousand authors has some 10 MB; what
/// goes on for longer has lost its end.
const RECORD_BYTES_MAX: usize = 64 << 20;

/// The longest comment or CDATA part that is stepped over, in bytes; a longer one was never closed.
const COMMENT_BYTES_MAX: usize = 4 << 20;

/// The longest tag of a record or set, in bytes: they have few attributes or none.
const TAG_BYTES_MAX: usize = 4 << 10;

/// How many bytes are asked of the reader at a time.
const CHUNK_BYTES: usize = 256 << 10;

/// What the splitter stops at. Names are read in full afterwards.
static MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new(["<Pubmed", "</Pubmed", "<Delete", "</Delete", "<!--", "<![CDATA["])
        .expect("invariant: six short literals make an automaton")
});

/// Index of the mark that opens a comment.
const COMMENT_MARK: usize = 4;

/// Index of the mark that opens a CDATA part.
const CDATA_MARK: usize = 5;

/// The longest mark, in bytes: so much of a chunk's end may hold the beginning of one.
const MARK_BYTES_MAX: usize = 9;

/// What a part of the stream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PieceKind {
    /// A whole record or deletion list, from its `<` to its last `>`.
    Whole,
    /// The beginning of a record whose end is missing.
    Cut,
    /// The end tag of a record whose beginning is missing.
    Stray,
    /// The stream ended inside a set: records may be missing.
    OpenSet,
}

/// A part of the stream: its bytes are `splitter.bytes(piece)` until the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    start: usize,
    end: usize,
}

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

/// A line and a column, both from 1.
type Position = (usize, usize);

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

/// Reads a stream and gives its records one by one.
pub struct Splitter<R> {
    reader: R,
    window: Vec<u8>,
    is_at_end: bool,
    /// Where the search goes on.
    at: usize,
    /// The record that is open: where it begins and what it is.
    open: Option<(usize, Unit)>,
    /// Sets opened and not closed.
    sets: usize,
    /// Comment and CDATA marks before these indices have been found not to open anything, so that
    /// a file full of them is not searched again from each.
    idle_until: [usize; 2],
    /// Line and column of the window's first byte.
    base: Position,
    /// Where the last place was asked for: places come in order, so that counting goes on there.
    asked: Cell<(usize, Position)>,
}

impl<R: Read> Splitter<R> {
    /// Returns a splitter at the beginning of a stream of UTF-8.
    pub fn new(reader: R) -> Self {
        let window = Vec::new();
        Self {
            reader,
            window,
            is_at_end: false,
            at: 0,
            open: None,
            sets: 0,
            idle_until: [0; 2],
            base: (1, 1),
            asked: Cell::new((0, (1, 1))),
        }
    }

    /// Returns the next part, or `None` at the end.
    ///
    /// # Errors
    /// When the stream breaks; the next call goes on with what came before the break.
    pub fn next(&mut self) -> io::Result<Option<Piece>> {
        self.forget();
        loop {
            match self.step() {
                Step::Piece(piece) => return Ok(piece),
                Step::GoOn => {}
                Step::NeedMore => {
                    self.forget();
                    self.fill()?;
                }
            }
        }
    }

    /// Returns the bytes of the piece that the last call gave.
    pub fn bytes(&self, piece: Piece) -> &[u8] {
        self.window.get(piece.start..piece.end).unwrap_or_default()
    }

    /// Returns the place `offset` bytes into a piece.
    pub fn place(&self, name: &str, piece: Piece, offset: usize) -> Place {
        let until = (piece.start + offset).min(piece.end);
        let (line, column) = self.position(until);
        Place::at(name, line, column)
    }

    /// Returns line and column of an index of the window.
    fn position(&self, until: usize) -> Position {
        let (from, known) = Some(self.asked.get()).filter(|(at, _)| *at <= until).unwrap_or((0, self.base));
        let found = advance(known, self.window.get(from..until).unwrap_or_default());
        self.asked.set((until, found));
        found
    }

    /// Looks at the next mark in the window.
    fn step(&mut self) -> Step {
        let rest = self.window.get(self.at..).unwrap_or_default();
        let Some(found) = MARKS.find(rest) else { return self.step_without_mark() };
        let start = self.at + found.start();
        match found.pattern().as_usize() {
            COMMENT_MARK => self.step_comment(start, 0, b"-->"),
            CDATA_MARK => self.step_comment(start, 1, b"]]>"),
            _ => self.step_tag(start),
        }
    }

    /// Answers when no mark is left in the window.
    fn step_without_mark(&mut self) -> Step {
        let end = self.window.len();
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
        let reach = self.window.len().min(from + COMMENT_BYTES_MAX);
        let inside = self.window.get(from..reach).unwrap_or_default();
        let length = inside.windows(close.len()).position(|w| w == close);
        if length.is_none() && !self.is_at_end && reach == self.window.len() {
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
                self.at = self.window.len();
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
        let rest = self.window.get(start..).unwrap_or_default();
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

    /// Reads more of the stream.
    fn fill(&mut self) -> io::Result<()> {
        let before = self.window.len();
        let wanted = u64::try_from(CHUNK_BYTES).unwrap_or(u64::MAX);
        let result = (&mut self.reader).take(wanted).read_to_end(&mut self.window);
        if result.is_err() || self.window.len() - before < CHUNK_BYTES {
            self.is_at_end = true;
        }
        result.map(|_| ())
    }

    /// Drops bytes that no piece can need any more, once they are worth moving the rest for.
    fn forget(&mut self) {
        let keep_from = self.open.map_or(self.at, |(start, _)| start).min(self.window.len());
        if keep_from < CHUNK_BYTES {
            return;
        }
        self.base = self.position(keep_from);
        self.asked.set((0, self.base));
        self.window.drain(..keep_from);
        self.at -= keep_from;
        self.open = self.open.map(|(start, unit)| (start - keep_from, unit));
        self.idle_until = self.idle_until.map(|until| until.saturating_sub(keep_from));
    }
}

/// Returns line and column behind some bytes; columns count characters.
fn advance((line, column): Position, bytes: &[u8]) -> Position {
    let lines = bytes.split(|b| *b == b'\n').count() - 1;
    let tail = bytes.rsplit(|b| *b == b'\n').next().unwrap_or_default();
    // Continuation bytes of UTF-8 are no characters of their own.
    let characters = tail.iter().filter(|b| **b & 0xc0 != 0x80).count();
    if lines == 0 { (line, column + characters) } else { (line + lines, 1 + characters) }
}
