//! What people say about pairs of a file of their own: a table `a,b,answer`, written to be filled in
//! and read back.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use super::{Head, Names};
use crate::cli::inputs;
use crate::merge::{Explained, Said};
use crate::model::{Place, Problem};
use crate::render;

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
        writer.write_record(row.map(render::sheet_cell))?;
    }
    Ok(writer.into_inner()?)
}

/// Reads a table of answers; what cannot be used is a problem with its line. Rows without an answer
/// wait and are passed over; of two words about one pair the first counts.
pub fn read(path: &Path, heads: &[Head], names: &Names) -> (Said, Vec<Problem>) {
    let bytes = match inputs::read(path) {
        Ok(bytes) => bytes,
        Err(problem) => return (Said::default(), vec![problem]),
    };
    read_table(&bytes, &path.display().to_string(), heads, names)
}

/// Reads the table.
fn read_table(bytes: &[u8], file: &str, heads: &[Head], names: &Names) -> (Said, Vec<Problem>) {
    let (mut said, mut problems) = (Said::default(), Vec::new());
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let head = reader.byte_headers().cloned().unwrap_or_default();
    let place_of = |name: &str| head.iter().position(|h| h.eq_ignore_ascii_case(name.as_bytes()));
    let [Some(a), Some(b), Some(answer)] = COLUMNS.map(place_of) else {
        let problem = Problem::error(Place::at(file, 1, 1), "has no columns a, b and answer");
        return (said, vec![problem.with_help("write one with --maybe-csv and fill it in")]);
    };
    let known = names.places(heads);
    let mut answered: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for row in reader.byte_records() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                let line = error.position().and_then(|p| usize::try_from(p.line()).ok()).unwrap_or(1);
                problems.push(Problem::error(Place::at(file, line, 1), "cannot be read as a row"));
                continue;
            }
        };
        let line = row.position().map_or(1, |p| line_of(p, bytes));
        let cell = |column: usize| String::from_utf8_lossy(row.get(column).unwrap_or_default()).trim().to_owned();
        let at = |column: usize, message: String| Problem::error(Place::at(file, line, column + 1), message);
        let word = cell(answer).to_lowercase();
        if word.is_empty() {
            continue;
        }
        let list = match word.as_str() {
            "same" => &mut said.same,
            "different" => &mut said.different,
            _ => {
                let problem = at(answer, format!("\"{word}\" is no answer"));
                problems.push(problem.with_help("say same or different, or leave it empty"));
                continue;
            }
        };
        let mut pair = Vec::new();
        for column in [a, b] {
            match place(&cell(column), &known) {
                Some(place) => pair.push(place),
                None => problems.push(
                    at(column, format!("no record has the id \"{}\"", cell(column)))
                        .with_help("ids are those of --clusters and --maybe-csv for the same files"),
                ),
            }
        }
        let [a, b] = pair.as_slice() else { continue };
        let pair = (*a.min(b), *a.max(b));
        if a == b {
            problems.push(at(0, "names one record twice".to_owned()));
        } else if let Some(before) = answered.get(&pair) {
            problems.push(at(0, format!("was answered on line {before}; the first answer counts")));
        } else {
            answered.insert(pair, line);
            list.push(pair);
        }
    }
    // The newest word stands first where words are ordered: here the last line.
    said.same.reverse();
    (said, problems)
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

    #[test]
    fn what_is_written_is_read_back() {
        let (records, pair) =
            (records(), Explained { a: 0, b: 1, strength: 0, reasons: vec!["one".into(), "two, three".into()] });
        let names = Names::of_all(&records);
        let table = String::from_utf8(table(&[pair], &records, &names).unwrap()).unwrap();
        assert_eq!(table, "a,b,answer,reasons,title_a,title_b\n'=1,b,,\"one; two, three\",'=T =1,'=T b\n");
        for (word, same, different) in [("", 0, 0), ("Same", 1, 0), (" different ", 0, 1)] {
            let filled = table.replace("b,,", &format!("b,{word},"));
            let (said, problems) = read_table(filled.as_bytes(), "f.csv", &records, &names);
            assert_eq!((said.same.len(), said.different.len(), problems), (same, different, vec![]), "{word}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_told_with_its_line() {
        let records = records();
        let names = Names::of_all(&records);
        let text = "answer,B,a\nsame,b,x\nperhaps,b,c\nsame,b,b\n\nsame,b,c\ndifferent,c,b\nsame,c\n";
        let (said, problems) = read_table(text.as_bytes(), "f.csv", &records, &names);
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
        let (_, problems) = read_table(b"id,cluster\n", "f.csv", &records, &names);
        assert_eq!(problems.len(), 1);
    }
}
