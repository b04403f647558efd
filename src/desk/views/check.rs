//! What stands in the way of the issue, with the way to each place.

use crate::draft::Places;
use crate::model::{Problem, Severity};

/// One problem as the page shows it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(in crate::desk) struct ProblemView {
    /// What is wrong.
    pub(in crate::desk) message: String,
    /// What to do.
    pub(in crate::desk) help: String,
    /// Where in the file ("line 12").
    pub(in crate::desk) place: String,
    /// The paper it is about; empty for none.
    pub(in crate::desk) paper: String,
    /// Whether it is about a question.
    pub(in crate::desk) is_question: bool,
    /// Whether the words above the items are meant.
    pub(in crate::desk) is_letter: bool,
}

/// Problems by how much they matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub(in crate::desk) struct Problems {
    /// What must be mended before the issue can be made.
    pub(in crate::desk) errors: Vec<ProblemView>,
    /// What should be looked at.
    pub(in crate::desk) warnings: Vec<ProblemView>,
    /// What is worth knowing.
    pub(in crate::desk) notes: Vec<ProblemView>,
}

/// Returns what to do as it is done here: where the command line is meant, the board has a button.
fn at_the_desk(help: &str) -> String {
    if help.starts_with("`roundup draft ") {
        return "press “Take in and bring the news” on the board".to_owned();
    }
    help.to_owned()
}

/// Returns the problems of a draft's text for the page.
pub(in crate::desk) fn problems(all: &[Problem], text: &str) -> Problems {
    let mut out = Problems::default();
    let places = Places::of(text, "");
    let first_block = text.lines().position(|l| l.trim_start().starts_with("[[")).unwrap_or(usize::MAX);
    for problem in all {
        let line = problem.place.line;
        let block = places.block_id(line).unwrap_or_default();
        let is_question = places.is_in_question(line);
        let paper = if is_question { String::new() } else { block };
        let view = ProblemView {
            message: problem.message.clone(),
            help: at_the_desk(&problem.help),
            place: if line > 0 { format!("line {line}") } else { String::new() },
            is_letter: line > 0 && line <= first_block,
            is_question,
            paper,
        };
        match problem.severity {
            Severity::Error => out.errors.push(view),
            Severity::Warning => out.warnings.push(view),
            Severity::Note => out.notes.push(view),
        }
    }
    out
}
