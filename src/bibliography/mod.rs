//! Papers in the forms that reference managers and tables take: RIS, BibTeX, CSL-JSON, `.nbib`, CSV.
//!
//! What is written here, our own readers (`normalise`) read back without loss, as far as the form
//! can hold it; `tests/bibliography` says what each cannot. Knows only `model`.
//!
//! Foreign text is data here too: every value is made clean lines first, and each form has one
//! place where its own signs are taken out of them (`bibtex::latex`, `csv::cell`, the guard against
//! tags in `ris`).
//!
//! ```
//! use roundup::bibliography::{Format, Writer};
//! let writer = Writer::new(Format::Csl);
//! assert_eq!(writer.begin() + &writer.end(), "[\n]\n");
//! ```

use std::path::Path;

use crate::model::{Paper, Record};

mod bibtex;
mod csl;
mod csv;
mod keys;
mod kind;
mod nbib;
mod ris;
#[cfg(test)]
mod tests;
mod values;

pub use csv::{cell, without_guard};
pub use ris::to_ris;

/// A form in which reference managers and tables take papers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RIS, which every reference manager reads.
    Ris,
    /// BibTeX, for LaTeX, `JabRef` and Zotero.
    Bibtex,
    /// CSL-JSON, for Zotero, pandoc and citeproc.
    Csl,
    /// MEDLINE tagged text, as PubMed's own export.
    Nbib,
    /// A table for spreadsheets and R.
    Csv,
    /// The ids alone, one a line.
    Ids,
}

impl Format {
    /// All forms, in the order in which help texts name them.
    pub const ALL: [Self; 6] = [Self::Ris, Self::Bibtex, Self::Csl, Self::Nbib, Self::Csv, Self::Ids];

    /// Returns its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ris => "ris",
            Self::Bibtex => "bibtex",
            Self::Csl => "csl",
            Self::Nbib => "nbib",
            Self::Csv => "csv",
            Self::Ids => "ids",
        }
    }

    /// Returns the form of a name, or `None`.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.as_str() == text)
    }

    /// Returns how its files end, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Ris => "ris",
            Self::Bibtex => "bib",
            Self::Csl => "json",
            Self::Nbib => "nbib",
            Self::Csv => "csv",
            Self::Ids => "txt",
        }
    }

    /// Returns the form that a file's ending asks for, in any case, or `None`.
    pub fn of_path(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_lowercase();
        Self::ALL.into_iter().find(|f| f.extension() == ending)
    }
}

/// What one entry is made of.
struct Entry<'p> {
    /// The values.
    record: &'p Record,
    /// Title for readers, one clean line.
    title: String,
    /// Whether the paper was retracted: every form says so where its readers look.
    is_retracted: bool,
}

/// What the title of a retracted paper begins with: the sign that publishers themselves put there.
const RETRACTED: &str = "RETRACTED:";

impl<'p> Entry<'p> {
    fn of(record: &'p Record, is_retracted: bool) -> Self {
        let title = values::line(&record.title);
        let says_so = title.get(..RETRACTED.len()).is_some_and(|t| t.eq_ignore_ascii_case(RETRACTED));
        let title = if is_retracted && !says_so { format!("{RETRACTED} {title}") } else { title };
        Self { record, title, is_retracted }
    }
}

/// Writes papers one after another, and keeps citation keys apart.
///
/// A file is `begin`, `paper` for each, `end`.
#[derive(Debug)]
pub struct Writer {
    format: Format,
    keys: keys::Keys,
    count: usize,
}

impl Writer {
    /// Returns a writer of a new file.
    pub fn new(format: Format) -> Self {
        Self { format, keys: keys::Keys::default(), count: 0 }
    }

    /// Returns what stands before the first paper: the header of a table, the bracket of a list;
    /// else nothing.
    pub fn begin(&self) -> String {
        match self.format {
            Format::Csv => csv::header(),
            Format::Csl => "[".to_owned(),
            _ => String::new(),
        }
    }

    /// Returns one paper, with what parts it from the one before.
    pub fn paper(&mut self, paper: &Paper) -> String {
        let entry = Entry::of(&paper.record, paper.is_retracted());
        let is_first = self.count == 0;
        self.count += 1;
        match self.format {
            Format::Ris => parted(is_first, "\r\n", &ris::entry(&entry)),
            Format::Bibtex => parted(is_first, "\n", &bibtex::entry(&entry, &self.keys.next(&paper.record))),
            Format::Csl => {
                let object = csl::entry(&entry, paper.id.as_str(), &self.keys.next(&paper.record));
                format!("{}\n{object}", if is_first { "" } else { "," })
            }
            Format::Nbib => parted(is_first, "\n", &nbib::entry(&entry)),
            Format::Csv => csv::row(&entry, paper),
            Format::Ids => format!("{}\n", paper.id),
        }
    }

    /// Returns what stands behind the last paper.
    pub fn end(&self) -> String {
        match self.format {
            Format::Csl => "\n]\n".to_owned(),
            _ => String::new(),
        }
    }
}

/// Returns records as one BibTeX file, in their order; nothing for none.
pub fn to_bibtex(records: &[Record]) -> String {
    let mut keys = keys::Keys::default();
    let mut out = String::new();
    for record in records {
        let entry = bibtex::entry(&Entry::of(record, record.is_retracted()), &keys.next(record));
        out.push_str(&parted(out.is_empty(), "\n", &entry));
    }
    out
}

/// Returns an entry with what stands between two.
fn parted(is_first: bool, between: &str, entry: &str) -> String {
    if is_first { entry.to_owned() } else { format!("{between}{entry}") }
}
