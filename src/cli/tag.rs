//! `roundup tag`.

use std::path::{Path, PathBuf};

use super::term::{Exit, Terminal};
use super::{Global, inputs};
use crate::config::{countries, topics};
use crate::fsx;
use crate::model::{Country, Judgement, Place, Problem, Rules, Severity, TopicRule};
use crate::tag::Judge;

mod score;
mod told;

/// Judges papers: scope, countries, working groups, design, finding
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Files to read, in any form that `parse` reads; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Tell how far the rules agree with the labels that the lines carry
    #[arg(long)]
    score: bool,
    /// With --score: compare with the rules of another topics.toml, or of another folder
    #[arg(long, value_name = "FILE|DIR", requires = "score")]
    against: Option<PathBuf>,
    /// With --score: share of papers that are in, where the rules will work
    #[arg(long, value_name = "SHARE", default_value_t = 0.08, value_parser = parse_prevalence)]
    prevalence: f64,
    /// With --score: how many of the worst errors are shown
    #[arg(long, value_name = "N", default_value_t = 20)]
    errors: usize,
}

const EXAMPLES: &str = "\
Examples:
  roundup tag records.jsonl
  roundup tag export.nbib | head -1
  roundup tag labelled.jsonl --score                          do the rules say what we say?
  roundup tag labelled.jsonl --score --against old-topics.toml  is the change better or worse?

Prints one JSON line per paper, with the reason for every tag under \"why\". The rules are
topics.toml and countries.csv of the folder given by --home, or the built-in ones.

For --score each line of a JSON lines file says what people think of the paper, in the words of
the output: \"scope\" (needed), \"countries\", \"twg\", \"twg_primary\", \"design\", and if you like
\"conditions\", \"interventions\", \"populations\", \"perinatal_stage\", \"finding\"; in the line itself or
in an object \"truth\". What a line does not say is not measured on it.";

/// Reads a share between 0 and 1, also as per cent.
fn parse_prevalence(text: &str) -> Result<f64, String> {
    let (number, scale) = text.trim().strip_suffix('%').map_or((text.trim(), 1.0), |n| (n.trim(), 100.0));
    let share = number.parse::<f64>().map(|n| n / scale).ok().filter(|s| *s > 0.0 && *s < 1.0);
    share.ok_or_else(|| "a share is written as 0.08 or 8%, above 0 and below 1".to_owned())
}

/// A line of output: the fixed form of a judgement led by the record's id.
#[derive(serde::Serialize)]
struct Line<'a> {
    id: &'a str,
    #[serde(flatten)]
    judgement: Judgement,
}

/// Runs the command.
///
/// # Errors
/// When a judgement cannot be written as JSON, which is our own mistake.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    if args.score {
        return score::run(args, global, term);
    }
    let Some((judge, _)) = judge_or_problems(global, term) else { return Ok(Exit::Usage) };
    let (records, problems) = inputs::records(&args.files);
    for problem in &problems {
        term.problem(problem);
    }
    for record in &records {
        if term.is_closed() {
            break;
        }
        term.json(&Line { id: &record.id, judgement: judge.judge(record) })?;
    }
    Ok(match (records.is_empty(), inputs::was_something_lost(&problems)) {
        (true, _) => Exit::Nothing,
        (false, true) => Exit::Partly,
        (false, false) => Exit::Done,
    })
}

/// Returns the judge of a home folder and its working groups, printing every problem of its rules; `None` when
/// they are wrong.
pub fn judge_or_problems(global: &Global, term: &mut Terminal) -> Option<(Judge, Vec<TopicRule>)> {
    book_or_problems(rules_of(&global.home), term).map(|book| (book.judge, book.rules.topics))
}

/// Rules that were read, and the judge that they make.
struct RuleBook {
    rules: Rules,
    countries: Vec<Country>,
    judge: Judge,
}

/// Rules with warnings beside them, or every problem because of which they cannot be used.
type Read = Result<(RuleBook, Vec<Problem>), Vec<Problem>>;

/// Prints every problem of rules; `None` when they cannot be used.
fn book_or_problems(read: Read, term: &mut Terminal) -> Option<RuleBook> {
    let (book, problems) = match read {
        Ok((book, warnings)) => (Some(book), warnings),
        Err(problems) => (None, problems),
    };
    for problem in &problems {
        term.problem(problem);
    }
    book
}

/// Compiles the rules of a home folder, or the built-in ones for what it lacks; warnings beside.
///
/// # Errors
/// Every problem of both files when one of them is wrong.
fn rules_of(home: &Path) -> Read {
    compile(text_or(home, "topics.toml", topics::DEFAULT)?, text_or(home, "countries.csv", countries::DEFAULT)?)
}

/// Compiles rules and a country table, each a text with its name for messages.
fn compile((topics_text, topics_file): (String, String), (table_text, table_file): (String, String)) -> Read {
    let (rules, mut problems) = topics::parse(&topics_text, &topics_file);
    let (countries, further) = countries::parse(&table_text, &table_file);
    problems.extend(further);
    if problems.iter().any(|p| p.severity == Severity::Error) {
        return Err(problems);
    }
    let judge = Judge::compile(&rules, &countries)?;
    Ok((RuleBook { rules, countries, judge }, problems))
}

/// Returns the text of a file of the home folder with the name for messages, or the built-in one.
fn text_or(home: &Path, name: &str, built_in: &str) -> Result<(String, String), Vec<Problem>> {
    let path = home.join(name);
    match fsx::read_text_if_there(&path) {
        Ok(Some(text)) => Ok((text, path.display().to_string())),
        Ok(None) => Ok((built_in.to_owned(), name.to_owned())),
        Err(e) => {
            let cause = std::error::Error::source(&e).map(ToString::to_string).unwrap_or_default();
            Err(vec![Problem::error(Place::file(path.display().to_string()), format!("cannot be read: {cause}"))])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_fixed_form() {
        let home = tempfile::tempdir().unwrap();
        let judge = rules_of(home.path()).unwrap().0.judge;
        let line =
            serde_json::to_value(Line { id: "x", judgement: judge.judge(&crate::model::Record::default()) }).unwrap();
        let keys: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
        let fixed = "id scope exclude_reason countries region_terms twg twg_primary conditions interventions populations \
                     perinatal_stage design flags conclusion finding relevance why";
        assert_eq!(keys, fixed.split_whitespace().collect::<Vec<_>>());
    }

    #[test]
    fn rules_of_the_home_folder_win_and_all_their_problems_are_said() {
        let home = tempfile::tempdir().unwrap();
        assert!(rules_of(home.path()).is_ok(), "the built-in rules serve where there are none");
        let topics = "[[topic]]\nid = \"a\"\nname = \"A\"\nblurb = \"B\"\n[[topic.rule]]\nwords = [\"\"]\nranks = 1\n";
        fsx::write_atomic(&home.path().join("topics.toml"), topics.as_bytes()).unwrap();
        fsx::write_atomic(&home.path().join("countries.csv"), b"iso3,name\n").unwrap();
        let problems = rules_of(home.path()).err().unwrap();
        assert!(problems.iter().any(|p| p.place.file.ends_with("topics.toml") && p.place.line == 6));
        assert!(problems.iter().any(|p| p.message.starts_with("unknown key \"ranks\"")));
        assert!(problems.iter().any(|p| p.place.file.ends_with("countries.csv")));
    }
}
