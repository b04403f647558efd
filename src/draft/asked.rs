//! What a question of the draft is about, in a few words: the title of its paper, or of both.

use crate::model::Decision;
use crate::model::text::{clean_line, quoted_title, shorten};

/// Characters of a question that names no paper.
const QUESTION_CHARS_MAX: usize = 100;

/// Returns the titles of the papers that a decision asks about, short and in quotation marks: "“A”", or "“A” and “B”".
/// Where a person wrote the question anew so that no title is found in it, the question itself; without one, its id.
pub fn asked_about(decision: &Decision) -> String {
    let question = clean_line(&decision.question);
    match titles(&question).as_slice() {
        [] if question.is_empty() => quoted_title(&decision.id),
        [] => format!("“{}”", shorten(&question, QUESTION_CHARS_MAX)),
        titles => titles.iter().map(|title| quoted_title(title)).collect::<Vec<_>>().join(" and "),
    }
}

/// Returns the titles in a question as the machine writes it: behind the question in the quotation marks of print, as
/// A and B, or before what became of the paper. Titles may hold quotation marks of their own.
fn titles(question: &str) -> Vec<&str> {
    if let Some((_, title)) = question.strip_suffix('”').and_then(|q| q.split_once('“')) {
        return vec![title];
    }
    let pair =
        question.split_once("A is \"").and_then(|(_, rest)| rest.strip_suffix('"')?.split_once("\" and B is \""));
    if let Some((a, b)) = pair {
        return vec![a, b];
    }
    if let Some(both) = question.split_once("Both are called \"").and_then(|(_, rest)| rest.strip_suffix('"')) {
        return vec![both];
    }
    question.strip_prefix('"').and_then(|q| q.rsplit_once('"')).map(|(title, _)| vec![title]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_called_by_its_papers() {
        let long = format!("Does it belong here? “{}”", "Sleep of mothers ".repeat(9));
        for (note, question, want) in [
            ("scope", "Does it belong here? The rules do not decide. “Sleep”", "“Sleep”"),
            ("quotation marks in the title", "Was it done there? “A “new” trial”", "“A “new” trial”"),
            ("two", "Are A and B one study? A is \"Sleep\" and B is \"Sleep, again\"", "“Sleep” and “Sleep, again”"),
            ("of one name", "Are A and B one study? Both are called \"Sleep\"", "“Sleep”"),
            (
                "what became of it",
                "\"A \"new\" trial\" was in the issue of May 2026\nand has been retracted. Tell readers in the note?",
                "“A \"new\" trial”",
            ),
            ("a person's own question", "Shall we?", "“Shall we?”"),
            ("nothing", "", "“scope w1”"),
            ("long", &long, "“Sleep of mothers Sleep of mothers Sleep of mothers Sleep…”"),
        ] {
            let asked = Decision { id: "scope w1".into(), question: question.into(), ..Decision::default() };
            assert_eq!(asked_about(&asked), want, "{note}");
        }
    }
}
