//! `roundup tag --score`: how far the rules agree with what people say.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::told::{Comparison, Page};
use super::{Args, Read, RuleBook, book_or_problems, compile, rules_of, text_or};
use crate::cli::term::{Exit, Terminal};
use crate::cli::{Global, inputs};
use crate::config::countries;
use crate::measure::{self, Labels, Options, Row, Vocabulary};
use crate::model::{Place, Problem, Record};
use crate::normalise;

/// A paper with its labels.
struct Labelled {
    record: Record,
    labels: Labels,
}

/// What the files hold.
#[derive(Default)]
struct Set {
    papers: Vec<Labelled>,
    unlabelled: usize,
    problems: Vec<Problem>,
}

/// Runs the command.
///
/// # Errors
/// When the figures cannot be written as JSON, which is our own mistake.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let Some(book) = book_or_problems(rules_of(&global.home), term) else { return Ok(Exit::Usage) };
    let other = match &args.against {
        None => None,
        Some(path) => match book_or_problems(other_rules(path, &global.home), term) {
            Some(other) => Some(other),
            None => return Ok(Exit::Usage),
        },
    };
    let topics: Vec<String> = book.rules.topics.iter().map(|t| t.id.clone()).collect();
    let set = read(&args.files, Vocabulary { countries: &book.countries, topics: &topics });
    for problem in &set.problems {
        term.problem(problem);
    }
    if set.papers.is_empty() {
        let help = "each line needs \"scope\": \"in\", \"maybe\" or \"out\"; `roundup tag --help` tells more";
        term.note(&format!("roundup: no line carries labels, {} were read\n  help: {help}", set.unlabelled));
        return Ok(Exit::Nothing);
    }
    let options = Options { prevalence: args.prevalence, ..Options::default() };
    let rows = rows(&book, &set.papers);
    let report = measure::measure(&rows, &topics, options);
    let comparison = other.map(|other| {
        let theirs = self::rows(&other, &set.papers);
        Comparison {
            differences: measure::compare(&rows, &theirs, &topics, options),
            other: measure::measure(&theirs, &topics, Options { draws: 0, ..options }),
        }
    });
    let page = Page {
        report: &report,
        comparison: comparison.as_ref(),
        unlabelled: set.unlabelled,
        prevalence: args.prevalence,
        errors: args.errors,
    };
    if global.json {
        term.json(&page.json())?;
    } else {
        page.print(term);
    }
    Ok(if inputs::was_something_lost(&set.problems) { Exit::Partly } else { Exit::Done })
}

/// Returns the rules to compare with: a topics file beside the country table of the home, or those of
/// another folder.
fn other_rules(path: &Path, home: &Path) -> Read {
    let name = path.display().to_string();
    if path.is_dir() {
        if !path.join("topics.toml").is_file() {
            let help = "name a folder with a topics.toml in it, or the file";
            return Err(vec![Problem::error(Place::file(name), "the folder holds no topics.toml").with_help(help)]);
        }
        return rules_of(path);
    }
    let bytes = inputs::read(path).map_err(|problem| vec![problem])?;
    let text = String::from_utf8(bytes).map_err(|_| vec![Problem::error(Place::file(&name), "is no text in UTF-8")])?;
    compile((text, name), text_or(home, "countries.csv", countries::DEFAULT)?)
}

/// Judges papers by a rule book.
fn rows(book: &RuleBook, papers: &[Labelled]) -> Vec<Row> {
    let row = |paper: &Labelled| Row {
        id: paper.record.id.clone(),
        title: paper.record.title.clone(),
        labels: paper.labels.clone(),
        judgement: book.judge.judge(&paper.record),
    };
    papers.iter().map(row).collect()
}

/// Reads labelled lines. What is no JSON object is a problem with its line.
fn read(files: &[PathBuf], known: Vocabulary<'_>) -> Set {
    let mut out = Set::default();
    for path in files {
        let name = path.display().to_string();
        match inputs::read(path) {
            Ok(bytes) => read_lines(&String::from_utf8_lossy(&bytes), &name, known, &mut out),
            Err(problem) => out.problems.push(problem),
        }
    }
    out
}

fn read_lines(text: &str, name: &str, known: Vocabulary<'_>, out: &mut Set) {
    for (n, line) in text.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let place = |column| Place::at(name, n + 1, column);
        let object = match serde_json::from_str::<Value>(line) {
            Ok(Value::Object(object)) => object,
            Ok(_) => {
                out.problems.push(Problem::error(place(1), "is JSON but no object").with_help(LINES_HELP));
                continue;
            }
            Err(e) => {
                out.problems.push(Problem::error(place(e.column()), "is no JSON").with_help(LINES_HELP));
                continue;
            }
        };
        let (labels, wrong) = Labels::read(&object, known);
        out.problems.extend(wrong.into_iter().map(|text| Problem::error(place(1), text)));
        let Some(labels) = labels else {
            out.unlabelled += 1;
            continue;
        };
        let parsed = normalise::read(line.as_bytes(), name, name);
        out.problems.extend(parsed.problems.into_iter().map(|p| Problem { place: place(p.place.column), ..p }));
        for mut record in parsed.records {
            // Read by itself, every line is the first: a paper without id is known by its own line.
            if !object.contains_key("id") && record.pmid.is_none() {
                record.id = format!("{name}#{}", n + 1);
            }
            out.papers.push(Labelled { record, labels: labels.clone() });
        }
    }
}

/// What to do about a line that is none of ours.
const LINES_HELP: &str = "labels stand in files with one JSON object a line";
