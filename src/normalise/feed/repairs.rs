//! What was repaired in a feed, counted by kind, so that a feed with a thousand bare `&` gives one
//! line and not a thousand.

use std::collections::BTreeMap;

use crate::model::{Place, Problem};

/// A kind of repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Repair {
    /// Header or declaration name an encoding that nobody knows.
    UnknownEncoding,
    /// Header or declaration name UTF-7, which browsers stopped reading for safety.
    ClaimsUtf7,
    /// Header or declaration name EBCDIC.
    ClaimsEbcdic,
    /// Header or declaration name an encoding that the bytes are not in.
    WrongEncoding,
    /// Bytes that are no UTF-8 among text that is.
    BadBytes,
    /// A control character.
    ControlCharacter,
    /// Text before the feed begins.
    TextBefore,
    /// A document whose outermost element is missing.
    NoRoot,
    /// `&` that begins no entity.
    BareAmpersand,
    /// An entity that nobody knows.
    UnknownEntity,
    /// `<` that begins no tag.
    StrayLess,
    /// A tag without its end, or with a quote left open.
    BrokenTag,
    /// A comment, CDATA section or declaration without its end.
    OpenSection,
    /// An element closed by the end of another.
    NotClosed,
    /// An end without a beginning.
    StrayEnd,
    /// Elements nested too deep.
    TooDeep,
    /// The end of the feed is missing.
    CutOff,
    /// Too much is broken to go on.
    TooBroken,
    /// More elements or items than we read.
    TooMany,
    /// JSON that needed mending.
    BrokenJson,
    /// A date that cannot be read.
    BadDate,
    /// An address that acts instead of leading somewhere (`javascript:`).
    BadAddress,
    /// An entry with nothing in it.
    EmptyEntry,
    /// A text longer than we read.
    LongText,
}

/// Repairs by kind: how many, and the byte offset of the first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Repairs {
    counts: BTreeMap<Repair, (usize, usize)>,
}

impl Repairs {
    /// Counts one repair; `offset` is its byte in the decoded text.
    pub fn note(&mut self, repair: Repair, offset: usize) {
        self.counts.entry(repair).or_insert((0, offset)).0 += 1;
    }

    /// Tells how often something was repaired.
    pub fn count(&self, repair: Repair) -> usize {
        self.counts.get(&repair).map_or(0, |(n, _)| *n)
    }

    /// Returns one warning for each kind, in a fixed order, at the place of the first of its kind.
    pub fn problems(&self, name: &str, text: &str) -> Vec<Problem> {
        self.counts
            .iter()
            .map(|(repair, (count, offset))| {
                Problem::warning(Place::of_offset(name, text, *offset), repair.message(*count))
            })
            .collect()
    }
}

impl Repair {
    /// Says what was done, with the count where it can be more than one.
    fn message(self, count: usize) -> String {
        let times = |one: &str, more: &str| if count == 1 { one.to_owned() } else { format!("{count} {more}") };
        match self {
            Self::UnknownEncoding => "the encoding that it claims is unknown and was set aside".to_owned(),
            Self::ClaimsUtf7 => "it claims the encoding utf-7, which is not read; read by its bytes".to_owned(),
            Self::ClaimsEbcdic => "it claims an ebcdic encoding, which is not read; read by its bytes".to_owned(),
            Self::WrongEncoding => "it is not in the encoding that it claims; read by its bytes".to_owned(),
            Self::BadBytes => "some bytes are not UTF-8; they were read as windows-1252".to_owned(),
            Self::ControlCharacter => times("a control character was dropped", "control characters were dropped"),
            Self::TextBefore => "text before the beginning of the feed was skipped".to_owned(),
            Self::NoRoot => "the outermost element is missing".to_owned(),
            Self::BareAmpersand => times("a bare & was read as text", "bare & were read as text"),
            Self::UnknownEntity => times("an unknown entity was kept as text", "unknown entities were kept as text"),
            Self::StrayLess => times("a bare < was read as text", "bare < were read as text"),
            Self::BrokenTag => times("a broken tag was repaired", "broken tags were repaired"),
            Self::OpenSection => {
                times("a comment or CDATA section has no end", "comments or CDATA sections have no end")
            }
            Self::NotClosed => times("an element was not closed", "elements were not closed"),
            Self::StrayEnd => {
                times("an end tag without a beginning was skipped", "end tags without a beginning skipped")
            }
            Self::TooDeep => "elements nested too deep were flattened".to_owned(),
            Self::CutOff => "the feed is cut off; what is there was read".to_owned(),
            Self::TooBroken => "too much is broken; the rest was not read".to_owned(),
            Self::TooMany => "it holds more than we read; the rest was left out".to_owned(),
            Self::BrokenJson => "broken JSON was repaired".to_owned(),
            Self::BadDate => times("a date could not be read and was left out", "dates could not be read, left out"),
            Self::BadAddress => times(
                "an address that is no web address was dropped",
                "addresses that are no web addresses were dropped",
            ),
            Self::EmptyEntry => {
                times("an entry with nothing in it was skipped", "entries with nothing in them skipped")
            }
            Self::LongText => times("a text was too long and was cut", "texts were too long and were cut"),
        }
    }
}
