//! What people say about pairs of a file of their own: a table `a,b,answer`, written to be filled in
//! and read back.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::{Head, Names};
use crate::bibliography;
use crate::cli::inputs;
use crate::merge::{Explained, Said};
use crate::model::{Place, Problem};

/// The columns that are read; further ones are for people.
const COLUMNS: [&str; 3] = ["a", "b", "answer"];

/// Returns the table of pairs that wait for an answer, with what helps to give one.
///
/// # Errors
/// When the writer fails, which it does not in memory.
pub fn table(pairs: &[Explained], heads: &[Head], names: &Names) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS.into_iter().chain(["reasons", "title_a", "title_b"]))?;
    for pair in pairs {
        let (Some(a), Some(b)) = (heads.get(pair.a), heads.get(pair.b)) else { continue };
        let reasons = pair.reasons.join("; ");
        let row = [names.of(pair.a, heads), names.of(pair.b, heads), "", &reasons, &a.title, &b.title];
        writer.write_record(row.map(bibliography::cell))?;
    }
    Ok(writer.into_inner()?)
}

/// A table of answers that was filled in.
pub struct Filled {
    file: String,
    bytes: Vec<u8>,
    /// Where the columns of [`COLUMNS`] are.
    columns: [usize; 3],
}

impl Filled {
    /// Reads a table; its rows are looked at when the records are known.
    ///
    /// # Errors
    /// One problem when it cannot be read or has not the columns.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        Self::of(inputs::read(path)?, path.display().to_string())
    }

    /// Finds the columns of a table.
    fn of(mut bytes: Vec<u8>, file: String) -> Result<Self, Problem> {
        if bytes.starts_with(MARK) {
            bytes.drain(..MARK.len());
        }
        let head = reader(&bytes).byte_headers().cloned().unwrap_or_default();
        let place_of = |name: &str| head.iter().position(|h| h.eq_ignore_ascii_case(name.as_bytes()));
        let [Some(a), Some(b), Some(answer)] = COLUMNS.map(place_of) else {
            let problem = Problem::error(Place::at(file, 1, 1), "has no columns a, b and answer");
            return Err(problem.with_help("write one with --maybe-csv and fill it in"));
        };
        Ok(Self { file, bytes, columns: [a, b, answer] })
    }

    /// Tells whether any row has an answer.
    pub fn has_answers(&self) -> bool {
        let [_, _, answer] = self.columns;
        reader(&self.bytes).byte_records().flatten().any(|row| row.get(answer).is_some_and(|word| !word.is_empty()))
    }

    /// Returns what people say; what cannot be used is a problem with its line and the column as a
    /// table program counts it. Rows without an answer wait and are passed over; of two words about
    /// one pair the first counts.
    pub fn said(&self, heads: &[Head], names: &Names) -> (Said, Vec<Problem>) {
        let (mut said, mut problems) = (Said::default(), Vec::new());
        let known = names.places(heads);
        let mut answered: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for row in reader(&self.bytes).byte_records() {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    let line = error.position().and_then(|p| usize::try_from(p.line()).ok()).unwrap_or(1);
                    problems.push(Problem::error(Place::at(&self.file, line, 1), "cannot be read as a row"));
                    continue;
                }
            };
            let line = row.position().map_or(1, |p| line_of(p, &self.bytes));
            if self.columns.iter().any(|at| row.get(*at).is_some_and(|field| field.contains(&b'\n'))) {
                let message = "a quotation mark is opened here and not closed: the rows behind it are swallowed";
                problems.push(Problem::error(Place::at(&self.file, line, 1), message));
                continue;
            }
            let (word, pair) = match self.answer(&row, line, &known) {
                Ok(Some(answer)) => answer,
                Ok(None) => continue,
                Err(wrong) => {
                    problems.extend(wrong);
                    continue;
                }
            };
            if let Some(before) = answered.get(&pair) {
                let message = format!("was answered on line {before}; the first answer counts");
                problems.push(Problem::error(Place::at(&self.file, line, 1), message));
                continue;
            }
            answered.insert(pair, line);
            match word {
                Word::Same => said.same.push(pair),
                Word::Different => said.different.push(pair),
            }
        }
        // The newest word stands first where words are ordered: here the last line.
        said.same.reverse();
        (said, problems)
    }

    /// Reads a row: the word and the places of the two records, the earlier first; `None` for a row
    /// that waits for its answer.
    fn answer(
        &self,
        row: &csv::ByteRecord,
        line: usize,
        known: &HashMap<String, usize>,
    ) -> Result<Answer, Vec<Problem>> {
        let [a, b, answer] = self.columns;
        let cell = |column: usize| String::from_utf8_lossy(row.get(column).unwrap_or_default()).trim().to_owned();
        let at = |column: usize, message: String| Problem::error(Place::at(&self.file, line, column + 1), message);
        let word = match cell(answer).to_lowercase().as_str() {
            "" => return Ok(None),
            "same" => Word::Same,
            "different" => Word::Different,
            other => {
                let problem = at(answer, format!("\"{other}\" is no answer"));
                return Err(vec![problem.with_help("say same or different, or leave it empty")]);
            }
        };
        let unknown = |column: usize| {
            at(column, format!("no record has the id \"{}\"", cell(column)))
                .with_help("ids are those of --clusters and --maybe-csv for the same files")
        };
        let find = |column: usize| place(&cell(column), known).ok_or_else(|| unknown(column));
        match (find(a), find(b)) {
            (Ok(x), Ok(y)) if x == y => Err(vec![at(0, "names one record twice".to_owned())]),
            (Ok(x), Ok(y)) => Ok(Some((word, (x.min(y), x.max(y))))),
            (x, y) => Err(x.err().into_iter().chain(y.err()).collect()),
        }
    }
}

/// What people say about two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Same,
    Different,
}

/// An answer about two records by their places; `None` while it waits.
type Answer = Option<(Word, (usize, usize))>;

/// The byte order mark that table programs put before UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Returns a reader of a table whose rows may be shorter than its head.
fn reader(bytes: &[u8]) -> csv::Reader<&[u8]> {
    let head = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let count = |sign: u8| memchr::memchr_iter(sign, head).count();
    // Table programs of many countries part columns by a semicolon.
    let sign = [b';', b'\t'].into_iter().find(|sign| count(*sign) > count(b',')).unwrap_or(b',');
    csv::ReaderBuilder::new().delimiter(sign).flexible(true).trim(csv::Trim::All).from_reader(bytes)
}

/// Returns the line of a row; the reader names the first of the empty lines before it.
fn line_of(position: &csv::Position, bytes: &[u8]) -> usize {
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let before = bytes.get(start..).unwrap_or_default().iter().take_while(|b| matches!(b, b'\r' | b'\n'));
    usize::try_from(position.line()).unwrap_or(usize::MAX) + before.filter(|b| **b == b'\n').count()
}

/// Returns the place of the record with an id; a `'` that was put before it against formulas is none
/// of the id.
fn place(id: &str, known: &HashMap<String, usize>) -> Option<usize> {
    known.get(id).or_else(|| known.get(id.strip_prefix('\'')?)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records() -> Vec<Head> {
        let record = |id: &str| Head { id: id.into(), source: "f".into(), title: format!("=T {id}").into() };
        vec![record("=1"), record("b"), record("c")]
    }

    fn filled_in(table: &str) -> Filled {
        Filled::of(["\u{feff}", table].concat().into_bytes(), "f.csv".to_owned()).ok().unwrap()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let (records, pair) =
            (records(), Explained { a: 0, b: 1, strength: 0, reasons: vec!["one".into(), "two, three".into()] });
        let names = Names::of_all(&records);
        let table = String::from_utf8(table(&[pair], &records, &names).unwrap()).unwrap();
        assert_eq!(table, "a,b,answer,reasons,title_a,title_b\n'=1,b,,\"one; two, three\",'=T =1,'=T b\n");
        for (word, same, different) in [("", 0, 0), ("Same", 1, 0), (" different ", 0, 1)] {
            let filled = table.replace("b,,", &format!("b,{word},"));
            let (said, problems) = filled_in(&filled).said(&records, &names);
            assert_eq!((said.same.len(), said.different.len(), problems), (same, different, vec![]), "{word}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_told_with_its_line() {
        let records = records();
        let names = Names::of_all(&records);
        let text = "answer,B,a\nsame,b,x\nperhaps,b,c\nsame,b,b\n\nsame,b,c\ndifferent,c,b\nsame,c\n";
        let (said, problems) = filled_in(text).said(&records, &names);
        assert_eq!((said.same, said.different), (vec![(1, 2)], vec![]));
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(told.join("\n"), @r#"
        f.csv:2:3: no record has the id "x"
          help: ids are those of --clusters and --maybe-csv for the same files
        f.csv:3:1: "perhaps" is no answer
          help: say same or different, or leave it empty
        f.csv:4:1: names one record twice
        f.csv:7:1: was answered on line 6; the first answer counts
        f.csv:8:3: no record has the id ""
          help: ids are those of --clusters and --maybe-csv for the same files
        "#);
        assert!(Filled::of(b"id,cluster\n".to_vec(), "f.csv".to_owned()).is_err());
    }
}
