//! What people answered to the questions in the draft.

use crate::model::text::did_you_mean;
use crate::model::text::fold;
use crate::model::{Draft, Place, Problem};

/// Returns the answers that are understood for a decision, by what its id begins with.
///
/// `scope …`: in, out. `same …`: same, different. `retracted …` and anything else: seen.
pub fn choices_of(id: &str) -> &'static [&'static str] {
    match id.split(' ').next().unwrap_or_default() {
        "scope" => &["in", "out"],
        "same" => &["same", "different"],
        _ => &["seen"],
    }
}

/// Returns `(decision id, answer)` for every answered decision, in the order of the file, and a
/// problem for every answer that is not understood. Questions without an answer give neither.
///
/// Case and white space do not matter; "yes" and "no" stand for the first and the second choice.
pub fn answers(draft: &Draft, file: &str) -> (Vec<(String, String)>, Vec<Problem>) {
    let mut out = Vec::new();
    let mut problems = Vec::new();
    for decision in &draft.decisions {
        let given = fold(decision.answer.trim());
        if given.is_empty() {
            continue;
        }
        let known = choices_of(&decision.id);
        let all: Vec<&str> = if decision.choices.is_empty() {
            known.to_vec()
        } else {
            decision.choices.iter().map(String::as_str).collect()
        };
        let meant = match given.as_str() {
            "yes" | "y" | "ok" => all.first(),
            "no" | "n" => all.get(1),
            word => all.iter().find(|c| **c == word),
        };
        if let Some(answer) = meant {
            out.push((decision.id.clone(), (*answer).to_owned()));
        } else {
            let message = format!("the answer \"{}\" to \"{}\" is not understood", decision.answer, decision.id);
            problems.push(
                Problem::error(Place { file: file.to_owned(), line: decision.line, column: 0 }, message)
                    .with_help(did_you_mean(&given, all.iter().copied())),
            );
        }
    }
    (out, problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Decision, Month};

    #[test]
    fn answers_are_understood_as_people_write_them() {
        let mut draft = Draft::empty(Month::parse("2026-10").expect("a month"));
        for (id, answer) in [
            ("scope a", "in"),
            ("scope b", " Out "),
            ("scope c", "yes"),
            ("scope d", ""),
            ("scope e", "perhaps"),
            ("same f g", "no"),
            ("same h i", "diferent"),
            ("retracted j", "seen"),
            ("retracted k", "no"),
        ] {
            draft.decisions.push(Decision { id: id.into(), answer: answer.into(), line: 7, ..Decision::default() });
        }
        let (understood, problems) = answers(&draft, "f");
        let pairs: Vec<String> = understood.iter().map(|(id, a)| format!("{id}: {a}")).collect();
        assert_eq!(pairs, ["scope a: in", "scope b: out", "scope c: in", "same f g: different", "retracted j: seen"]);
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "f:7: the answer \"perhaps\" to \"scope e\" is not understood\n  help: known: in, out",
                "f:7: the answer \"diferent\" to \"same h i\" is not understood\n  help: did you mean \"different\"? \
                 known: same, different",
                "f:7: the answer \"no\" to \"retracted k\" is not understood\n  help: known: seen",
            ]
        );
    }
}
