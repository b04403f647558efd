//! Reads a finished screening: a table of papers with their answers, and one of papers to begin with.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::inputs;
use crate::model::text::did_you_mean;
use crate::model::{Place, Problem};
use crate::rank::{Priors, Text};

/// Columns that may hold the answer, the one that is taken first in front (ASReview's names).
const LABELS: [&str; 2] = ["label_included", "label"];

/// What to do about a row whose cells are not where they belong.
const QUOTES: &str = "a cell that holds a comma or a line break stands between quotes";

/// Papers with their answers, by row of the table.
pub(super) struct Screened {
    papers: Vec<Paper>,
    /// Whether each was included.
    pub(super) labels: Vec<bool>,
}

/// What is read of one paper.
struct Paper {
    title: String,
    body: String,
    tags: Vec<String>,
}

impl Screened {
    /// Returns the papers' texts, in order of the rows.
    pub(super) fn texts(&self) -> Vec<Text<'_>> {
        self.papers.iter().map(|p| Text { title: &p.title, body: &p.body, tags: &p.tags }).collect()
    }
}

/// A table with a head.
struct Table {
    file: String,
    head: Vec<String>,
    /// Rows with the line each begins on.
    rows: Vec<(usize, csv::StringRecord)>,
}

impl Table {
    /// Reads a table, from a plain or a packed file.
    fn read(path: &Path) -> Result<Self, Vec<Problem>> {
        let file = path.display().to_string();
        let bytes = inputs::read(path).map_err(|problem| vec![problem])?;
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes.as_slice());
        let wrong = |error: &csv::Error| {
            let line = error.position().map_or(0, |p| usize::try_from(p.line()).unwrap_or(usize::MAX));
            let what = match error.kind() {
                csv::ErrorKind::Utf8 { .. } => "is not UTF-8".to_owned(),
                _ => format!("cannot be read as CSV: {error}"),
            };
            vec![Problem::error(Place { file: file.clone(), line, column: 0 }, what)]
        };
        let head = reader.headers().map_err(|e| wrong(&e))?.iter();
        let head: Vec<String> = head.map(|name| name.trim().trim_start_matches('\u{feff}').to_lowercase()).collect();
        let mut rows = Vec::new();
        let mut ragged = Vec::new();
        for row in reader.records() {
            let row = row.map_err(|e| wrong(&e))?;
            let line = row.position().map_or(0, |p| usize::try_from(p.line()).unwrap_or(usize::MAX));
            if row.iter().skip(head.len()).any(|cell| !cell.is_empty()) {
                let message = format!("the row has {} cells, the head {}", row.len(), head.len());
                let problem = Problem::error(Place { file: file.clone(), line, column: 0 }, message);
                ragged.push(problem.with_help(QUOTES));
            }
            rows.push((line, row));
        }
        if ragged.is_empty() { Ok(Self { file, head, rows }) } else { Err(ragged) }
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.head.iter().position(|h| h == name)
    }

    fn needed(&self, name: &str) -> Result<usize, Vec<Problem>> {
        self.column(name).ok_or_else(|| {
            if self.head.is_empty() {
                return vec![Problem::error(Place::file(&self.file), "is empty")];
            }
            let near = did_you_mean(name, self.head.iter().map(String::as_str));
            let problem = Problem::error(self.place(1), format!("there is no column \"{name}\""));
            vec![problem.with_help(format!("{near}; the first line of the table names its columns"))]
        })
    }

    fn place(&self, line: usize) -> Place {
        Place { file: self.file.clone(), line, column: 0 }
    }
}

/// Reads a screening from a table with the columns `title`, `abstract`, and `label_included` or `label` (1 for a paper
/// that was included, else 0); columns `keywords` and `mesh` (parted by semicolons) are read where they stand.
///
/// # Errors
/// Every problem because of which nothing can be simulated.
pub(super) fn read(path: &Path) -> Result<Screened, Vec<Problem>> {
    let table = Table::read(path)?;
    let title = table.needed("title")?;
    let body = table.column("abstract");
    let Some(label) = LABELS.iter().find_map(|name| table.column(name)) else {
        let problem = Problem::error(table.place(1), "there is no column \"label_included\" or \"label\"");
        return Err(vec![problem.with_help("it says for each paper whether it was included: 1 or 0")]);
    };
    let tags: Vec<(&str, usize)> =
        ["keywords", "mesh"].into_iter().filter_map(|n| Some((n, table.column(n)?))).collect();
    let mut out = Screened { papers: Vec::new(), labels: Vec::new() };
    let mut problems = Vec::new();
    for (line, row) in &table.rows {
        let cell = |column: usize| row.get(column).unwrap_or_default();
        match cell(label).trim() {
            "0" | "0.0" => out.labels.push(false),
            "1" | "1.0" => out.labels.push(true),
            _ if row.get(label).is_none() => {
                let message = format!("the row has {} cells and no answer", row.len());
                problems.push(Problem::error(table.place(*line), message).with_help(QUOTES));
            }
            other => {
                let message = format!("\"{}\" is no answer", crate::model::text::shorten(other, 40));
                problems.push(Problem::error(table.place(*line), message).with_help("write 1 for included, 0 for not"));
            }
        }
        let named = |(name, column): &(&str, usize)| -> Vec<String> {
            let values = cell(*column).split(';').map(str::trim).filter(|v| !v.is_empty());
            values.map(|v| format!("{name}:{}", v.to_lowercase())).collect()
        };
        out.papers.push(Paper {
            title: cell(title).to_owned(),
            body: body.map_or("", cell).to_owned(),
            tags: tags.iter().flat_map(named).collect(),
        });
    }
    let wanted = out.labels.iter().filter(|l| **l).count();
    if problems.is_empty() && (wanted < 2 || out.labels.len() < wanted + 2) {
        let message =
            format!("{wanted} of {} papers were included: at least 2 of each kind are needed", out.labels.len());
        problems.push(Problem::error(Place::file(&table.file), message));
    }
    if problems.is_empty() { Ok(out) } else { Err(problems) }
}

/// Reads from a table which two papers each seed begins with: the columns `seed`, `prior_included_row` and
/// `prior_excluded_row` (rows of the data, from 0). Where it has a column `dataset`, only lines that name the data's
/// file count (without folder and ending).
///
/// # Errors
/// Every problem because of which it cannot be used.
pub(super) fn priors(path: &Path, data: &Path, labels: &[bool]) -> Result<BTreeMap<u64, Priors>, Vec<Problem>> {
    let table = Table::read(path)?;
    let columns = [table.needed("seed")?, table.needed("prior_included_row")?, table.needed("prior_excluded_row")?];
    let dataset = table.column("dataset");
    let name = data.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let name = name.trim_end_matches(".gz").trim_end_matches(".csv").to_owned();
    let mut out: BTreeMap<u64, Priors> = BTreeMap::new();
    let mut problems = Vec::new();
    for (line, row) in &table.rows {
        if dataset.is_some_and(|column| row.get(column) != Some(name.as_str())) {
            continue;
        }
        let number = |column: usize| row.get(column).unwrap_or_default().trim().parse::<usize>().ok();
        let [Some(seed), Some(wanted), Some(unwanted)] = columns.map(number) else {
            problems.push(Problem::error(table.place(*line), "seed and rows are whole numbers from 0"));
            continue;
        };
        if labels.get(wanted) != Some(&true) || labels.get(unwanted) != Some(&false) {
            let message = format!("row {wanted} must be an included paper of the data, row {unwanted} another one");
            problems.push(
                Problem::error(table.place(*line), message).with_help("rows are counted from 0, without the head"),
            );
            continue;
        }
        let priors = Priors { wanted, unwanted };
        if out.insert(seed as u64, priors).is_some_and(|earlier| earlier != priors) {
            problems.push(Problem::error(table.place(*line), format!("seed {seed} stands twice, with other papers")));
        }
    }
    if problems.is_empty() && out.is_empty() {
        let message = if dataset.is_some() {
            format!("no line is for the dataset \"{name}\"")
        } else {
            "there is no line".to_owned()
        };
        problems.push(Problem::error(Place::file(&table.file), message));
    }
    if problems.is_empty() { Ok(out) } else { Err(problems) }
}
