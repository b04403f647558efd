//! PubMed XML: `EFetch` answers, baseline and update files, single records, books, deletions.
//!
//! The stream is cut into batches of records first ([`split`]), then each record is read by itself
//! ([`tree`]) and asked by exact paths ([`article`], [`book`]). So one broken record costs only
//! itself, memory holds one batch at a time, and several batches can be read at the same time.

mod article;
mod batch;
mod book;
mod marks;
mod parts;
mod split;
mod tag;
#[cfg(test)]
mod tests;
mod tree;

use std::borrow::Cow;
use std::io::Read;

use super::{Entry, Sink};
use crate::model::text::{clean_line, shorten};
use crate::model::{Place, Pmid, Problem};
use batch::{Item, PieceKind, Places};
use tree::{Element, Flaw, Tree};

pub use batch::Batch;
pub use split::{BATCH_BYTES, Splitter};

/// Reads PubMed XML from memory and hands every record, deletion and problem to `sink`.
///
/// Records come in their order; what stands twice comes twice. `name` stands in places of
/// problems, `source` on every record. A record that is cut off or not well-formed is a problem
/// (an error) and is not handed on; every whole one is. Nothing found gives nothing.
pub fn each_pubmed(bytes: &[u8], name: &str, source: &str, sink: &mut Sink<'_>) {
    let is_utf8 = super::decode::declared(bytes).is_none_or(|e| e == encoding_rs::UTF_8);
    if is_utf8 {
        return each_pubmed_from(bytes, name, source, sink);
    }
    let decoded = super::decode::text(bytes);
    if !decoded.note.is_empty() {
        sink(Err(Problem::note(Place::file(name), decoded.note)));
    }
    let text: Cow<'_, str> = decoded.text;
    each_pubmed_from(text.as_bytes(), name, source, sink);
}

/// Reads PubMed XML in UTF-8 from a stream, as [`each_pubmed`] does; memory holds one batch of
/// records.
///
/// A stream that breaks is a problem; what came before the break is read.
pub fn each_pubmed_from(stream: impl Read, name: &str, source: &str, sink: &mut Sink<'_>) {
    let mut splitter = Splitter::new(stream);
    let mut batch = Batch::default();
    let mut count = 0;
    while splitter.next(&mut batch) {
        // Whoever says what came before is never asked for it.
        count += read_batch(&batch, name, source, Some(count), sink).unwrap_or_default();
    }
}

/// A batch cannot be read by itself: a record's id is its number in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberNeeded;

/// Reads one batch of a stream and hands its records, deletions and problems to `sink`, in order;
/// returns how many records it counted.
///
/// `before` is the sum of what this gave for the batches before. Batches may be read in any order
/// and at the same time, with `None` for what is not known yet.
///
/// # Errors
/// [`NumberNeeded`] when a record has no id of its own and `before` is `None`: what was handed on
/// is to be thrown away, and the batch is to be read again when its turn has come.
pub fn read_batch(
    batch: &Batch,
    name: &str,
    source: &str,
    before: Option<usize>,
    sink: &mut Sink<'_>,
) -> Result<usize, NumberNeeded> {
    let places = Places::of(batch, name);
    let mut output = Output { name, source, before, count: 0, sink };
    for item in batch.items() {
        match item {
            Item::Piece(piece) => {
                let place = |offset| places.place(*piece, offset);
                output.take(batch.bytes(*piece), piece.kind, &place)?;
            }
            Item::Broken(error) => output.tell(Problem::error(Place::file(name), format!("breaks off: {error}"))),
        }
    }
    Ok(output.count)
}

/// What to do about a file that was damaged on its way.
const FETCH_HELP: &str = "fetch or copy the file again";

/// The longest message about a flaw, in characters: it may quote what stands in the file.
const FLAW_CHARS_MAX: usize = 160;

/// Where records go, and what is put on them.
struct Output<'o, 's> {
    name: &'o str,
    source: &'o str,
    /// Records of the batches before, where that is known.
    before: Option<usize>,
    /// Records of this batch so far.
    count: usize,
    sink: &'o mut Sink<'s>,
}

impl Output<'_, '_> {
    /// Hands a problem on.
    fn tell(&mut self, problem: Problem) {
        (self.sink)(Err(problem));
    }

    /// Hands on what one piece of the stream holds; `place` gives the place of an offset in it.
    fn take(&mut self, bytes: &[u8], kind: PieceKind, place: &dyn Fn(usize) -> Place) -> Result<(), NumberNeeded> {
        let lost = |message: String| Problem::error(place(0), message).with_help(FETCH_HELP);
        match kind {
            PieceKind::Whole => {
                if let Err(flaw) = self.record(bytes, place)? {
                    let reason = shorten(&clean_line(&flaw.message), FLAW_CHARS_MAX);
                    let message = format!("{} is not well-formed and was left out: {reason}", what_it_is(bytes));
                    self.tell(Problem::error(place(flaw.offset), message).with_help(FETCH_HELP));
                }
            }
            PieceKind::Cut => self.tell(lost(format!("{} is cut off and was left out", what_it_is(bytes)))),
            PieceKind::Stray => {
                self.tell(lost("a record ends here whose beginning is missing; it was left out".to_owned()));
            }
            PieceKind::OpenSet => {
                let message = "the file ends before its set of records is closed; records may be missing";
                self.tell(lost(message.to_owned()));
            }
        }
        Ok(())
    }

    /// Reads one whole record or deletion list; the inner result says what is wrong with its form.
    fn record(&mut self, bytes: &[u8], place: &dyn Fn(usize) -> Place) -> Result<Result<(), Flaw>, NumberNeeded> {
        let xml = match std::str::from_utf8(bytes) {
            Ok(xml) => xml,
            Err(e) => return Ok(Err(Flaw { offset: e.valid_up_to(), message: "a byte that is not UTF-8".to_owned() })),
        };
        let tree = match Tree::parse(xml) {
            Ok(tree) => tree,
            Err(flaw) => return Ok(Err(flaw)),
        };
        let Some(root) = tree.root() else { return Ok(Ok(())) };
        if root.name().starts_with("Delete") {
            deletions(root, place, self.sink);
            return Ok(Ok(()));
        }
        self.count += 1;
        let is_book = root.name() == "PubmedBookArticle";
        let (mut record, messages) =
            if is_book { book::read(root, self.source) } else { article::read(root, self.source) };
        if record.pmid.is_none() && record.title.is_empty() {
            let message = "a record without PMID and title was left out";
            self.tell(Problem::error(place(0), message).with_help(FETCH_HELP));
            return Ok(Ok(()));
        }
        if record.id.is_empty() {
            record.id = format!("{}#{}", self.name, self.before.ok_or(NumberNeeded)? + self.count);
        }
        for message in messages {
            self.tell(Problem::warning(place(0), format!("{}: {message}", record.id)));
        }
        (self.sink)(Ok(Entry::Record(Box::new(record))));
        Ok(Ok(()))
    }
}

/// Hands on the PMIDs of a deletion list.
fn deletions(list: Element<'_>, place: &dyn Fn(usize) -> Place, sink: &mut Sink<'_>) {
    for text in list.texts_at(&["PMID"]) {
        sink(match Pmid::parse(&text) {
            Some(pmid) => Ok(Entry::Deleted(pmid)),
            None => Err(Problem::warning(place(0), format!("{text:?} in a list of deletions is no PMID"))),
        });
    }
}

/// Returns what to call a damaged piece: by its PMID where that can still be read.
fn what_it_is(bytes: &[u8]) -> String {
    if bytes.starts_with(b"<Delete") {
        return "a list of deletions".to_owned();
    }
    let text = String::from_utf8_lossy(bytes.get(..WHAT_BYTES_MAX).unwrap_or(bytes));
    let pmid = text.split_once("<PMID").and_then(|(_, rest)| {
        let digits = rest.split_once('>')?.1.trim_start();
        let end = digits.find(|c: char| !c.is_ascii_digit())?;
        Pmid::parse(digits.get(..end)?)
    });
    pmid.map_or_else(|| "a record".to_owned(), |pmid| format!("the record of PMID {pmid}"))
}

/// How many bytes of a damaged record are searched for its PMID, which stands at its beginning.
const WHAT_BYTES_MAX: usize = 4 << 10;
