//! A batch of records as they stand in the stream, and what its parts are.

use std::cell::Cell;

use crate::model::Place;

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

/// A part of the stream: its bytes are `batch.bytes(piece)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// Index of its first byte in the batch.
    pub start: usize,
    /// Index behind its last byte.
    pub end: usize,
}

/// What comes next in a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// A part of it.
    Piece(Piece),
    /// The stream breaks, for this reason.
    Broken(String),
}

/// A line and a column, both from 1.
pub type Position = (usize, usize);

/// Some of a stream's records, in order, with the bytes they stand in.
///
/// It holds whole records alone: one batch can be read without the others.
#[derive(Debug, Default)]
pub struct Batch {
    /// The bytes stand in its first `filled` ones.
    pub(super) bytes: Vec<u8>,
    pub(super) filled: usize,
    pub(super) items: Vec<Item>,
    /// Line and column of the first byte.
    pub(super) base: Position,
}

impl Batch {
    /// Returns what stands in the batch, in order.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Returns the bytes of a piece of this batch.
    pub fn bytes(&self, piece: Piece) -> &[u8] {
        self.bytes.get(piece.start..piece.end).unwrap_or_default()
    }
}

/// Tells the places of a batch's bytes. Places are asked for in order, so that counting goes on
/// where the last one was found.
pub struct Places<'b> {
    batch: &'b Batch,
    name: &'b str,
    asked: Cell<(usize, Position)>,
}

impl<'b> Places<'b> {
    /// Returns the places of a batch of the stream `name`.
    pub fn of(batch: &'b Batch, name: &'b str) -> Self {
        Self { batch, name, asked: Cell::new((0, batch.base)) }
    }

    /// Returns the place `offset` bytes into a piece.
    pub fn place(&self, piece: Piece, offset: usize) -> Place {
        let until = (piece.start + offset).min(piece.end);
        let (from, known) = Some(self.asked.get()).filter(|(at, _)| *at <= until).unwrap_or((0, self.batch.base));
        let found = advance(known, self.batch.bytes.get(from..until).unwrap_or_default());
        self.asked.set((until, found));
        Place::at(self.name, found.0, found.1)
    }
}

/// Returns line and column behind some bytes; columns count characters.
pub fn advance((line, column): Position, bytes: &[u8]) -> Position {
    // Blocks so short that a byte can count their lines: the compiler makes wide instructions of it.
    let in_block = |block: &[u8]| block.iter().fold(0_u8, |count, b| count + u8::from(*b == b'\n'));
    let lines: usize = bytes.chunks(128).map(|block| usize::from(in_block(block))).sum();
    let tail = bytes.rsplit(|b| *b == b'\n').next().unwrap_or_default();
    // Continuation bytes of UTF-8 are no characters of their own.
    let characters = tail.iter().filter(|b| **b & 0xc0 != 0x80).count();
    if lines == 0 { (line, column + characters) } else { (line + lines, 1 + characters) }
}
