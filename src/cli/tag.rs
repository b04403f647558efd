//! `roundup tag`.

use std::path::{Path, PathBuf};

use super::term::{Exit, Terminal};
use super::{Global, inputs};
use crate::config::{countries, topics};
use crate::fsx;
use crate::model::{Judgement, Place, Problem, Severity};
use crate::tag::Judge;

/// Judges papers: scope, countries, working groups, design, finding
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  roundup tag records.jsonl\n  roundup tag export.nbib | head -1\n\n\
    Prints one JSON line per paper, with the reason for every tag under \"why\". The rules are\n\
    topics.toml and countries.csv of the folder given by --home, or the built-in ones.")]
pub struct Args {
    /// Files to read, in any form that `parse` reads; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
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
    let Some(judge) = judge_or_problems(global, term) else { return Ok(Exit::Usage) };
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

/// Returns the judge of a home folder, printing every problem of its rules; `None` when they are wrong.
pub fn judge_or_problems(global: &Global, term: &mut Terminal) -> Option<Judge> {
    let (judge, problems) = match judge(&global.home) {
        Ok((judge, warnings)) => (Some(judge), warnings),
        Err(problems) => (None, problems),
    };
    for problem in &problems {
        term.problem(problem);
    }
    judge
}

/// Compiles the rules of a home folder, or the built-in ones for what it lacks; warnings beside.
///
/// # Errors
/// Every problem of both files when one of them is wrong.
fn judge(home: &Path) -> Result<(Judge, Vec<Problem>), Vec<Problem>> {
    let (topics_text, topics_file) = text_or(home, "topics.toml", topics::DEFAULT)?;
    let (countries_text, countries_file) = text_or(home, "countries.csv", countries::DEFAULT)?;
    let (rules, mut problems) = topics::parse(&topics_text, &topics_file);
    let (table, further) = countries::parse(&countries_text, &countries_file);
    problems.extend(further);
    if problems.iter().any(|p| p.severity == Severity::Error) {
        return Err(problems);
    }
    let judge = Judge::compile(&rules, &table)?;
    Ok((judge, problems))
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
        let (judge, _) = judge(home.path()).unwrap();
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
        assert!(judge(home.path()).is_ok(), "the built-in rules serve where there are none");
        let topics = "[[topic]]\nid = \"a\"\nname = \"A\"\nblurb = \"B\"\n[[topic.rule]]\nwords = [\"\"]\nranks = 1\n";
        fsx::write_atomic(&home.path().join("topics.toml"), topics.as_bytes()).unwrap();
        fsx::write_atomic(&home.path().join("countries.csv"), b"iso3,name\n").unwrap();
        let problems = judge(home.path()).unwrap_err();
        assert!(problems.iter().any(|p| p.place.file.ends_with("topics.toml") && p.place.line == 6));
        assert!(problems.iter().any(|p| p.message.starts_with("unknown key \"ranks\"")));
        assert!(problems.iter().any(|p| p.place.file.ends_with("countries.csv")));
    }
}
