//! What stands in the way of the issue, with the way to each place.

use crate::desk::names::in_address;
use crate::desk::words::at_the_desk;
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
    /// The way to where it is mended; `None` where no page mends it.
    pub(in crate::desk) way: Option<Way>,
}

/// The way to a page of the month.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(in crate::desk) struct Way {
    /// Its path behind that of the month: `letter#subject`.
    pub(in crate::desk) path: String,
    /// What the link says.
    pub(in crate::desk) name: &'static str,
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

/// Fields above the papers, the names by which problems of the whole file tell of them, and their places on the page of
/// the words.
const LETTER: [(&str, &str, &str); 5] = [
    ("subject", "the subject", "subject"),
    ("preheader", "the preheader", "preheader"),
    ("note", "there is no note", "note"),
    ("request", "the request", "request"),
    ("pick", "no item is picked", "first"),
];

/// Returns the way to where a problem is mended.
fn way(problem: &Problem, places: &Places<'_>) -> Option<Way> {
    let line = problem.place.line;
    if line == 0 {
        return None;
    }
    let to = |path: String, name| Some(Way { path, name });
    if !places.is_known() {
        return to("history".to_owned(), "Put an earlier version back");
    }
    if let Some(n) = places.event(line) {
        return to(format!("letter#e{n}d"), "Open the date");
    }
    if places.is_in_question(line) {
        return to("#lists".to_owned(), "To the decisions");
    }
    if let Some(id) = places.block_id(line) {
        return to(format!("paper/{}", in_address(&id)), "Open the paper");
    }
    // A field that is not there has no line: its problem is one of the file, and begins with its name.
    let field = places.top_key(line);
    let is_it = |(key, words, _): &&(&str, &str, &str)| match &field {
        Some(named) if line > 1 => named == key,
        named => named.as_deref() == Some(*key) || problem.message.starts_with(words),
    };
    match LETTER.iter().find(is_it) {
        Some((.., place)) => to(format!("letter#{place}"), "Open the words"),
        None => to(String::new(), "To the board"),
    }
}

/// Returns the problems of a draft's text for the page.
pub(in crate::desk) fn problems(all: &[Problem], text: &str) -> Problems {
    let mut out = Problems::default();
    let places = Places::of(text, "");
    for problem in all {
        let line = problem.place.line;
        let view = ProblemView {
            message: problem.message.clone(),
            help: at_the_desk(&problem.help),
            place: if line > 0 { format!("line {line}") } else { String::new() },
            way: way(problem, &places),
        };
        match problem.severity {
            Severity::Error => out.errors.push(view),
            Severity::Warning => out.warnings.push(view),
            Severity::Note => out.notes.push(view),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Place;

    #[test]
    fn every_problem_leads_to_where_it_is_mended() {
        let text = "month = \"2026-10\"\nsubject = \"a\"\nnote = \"\"\"\nlong\n\"\"\"\npick = \"b\"\n\n\
                    # ── Evidence · 1 proposed ──\n\n[[item]]\nid = \"a\"\n\n[[decision]]\nid = \"same a b\"\n\n\
                    [[event]]\ndate = \"x\"\n\n[[event]]\nlink = \"y\"\n";
        for (line, message, want, note) in [
            (2, "the subject has 80 characters", "letter#subject", "a field"),
            (4, "a placeholder was left in the note: TODO", "letter#note", "within a long text"),
            (6, "the pick \"b\" is not among the items", "letter#first", "the paper that stands first"),
            (1, "the preheader has 0 characters", "letter#preheader", "a field that is not there"),
            (1, "there is no note to readers yet", "letter#note", "a note that is not there"),
            (1, "the email will have 120 kB", "", "the whole file"),
            (8, "the section \"Evidence\" has no item", "", "a heading"),
            (11, "\"A\" has no link", "paper/a", "a paper"),
            (14, "2 questions wait for an answer", "#lists", "a question"),
            (17, "a placeholder was left in the date: TBC", "letter#e0d", "the first date"),
            (20, "the link of the date is no web address: y", "letter#e1d", "the second date"),
        ] {
            let problem = Problem::warning(Place::at("f", line, 1), message);
            let found = problems(&[problem], text).warnings.remove(0).way.map(|w| w.path);
            assert_eq!(found.as_deref(), Some(want), "{note}");
        }
        let ways = |text: &str, line| {
            problems(&[Problem::error(Place::at("f", line, 1), "x")], text).errors.remove(0).way.map(|w| w.path)
        };
        assert_eq!(ways(text, 0), None, "of a template, which no page mends");
        assert_eq!(ways("subject = \"", 1).as_deref(), Some("history"), "a file that is no draft");
    }
}
