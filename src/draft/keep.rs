//! The word behind `keep =`: what a person says of a candidate.

use crate::model::Choice;
use crate::model::text::{did_you_mean, fold};

/// Words that say nothing yet: what the machine writes, and an emptied one.
const NOTHING: [&str; 2] = ["false", ""];

/// Returns what a word behind `keep =` says; `None` for nothing yet. Case and white space do not
/// matter; `true` is keep, `false` or no word says nothing.
///
/// # Errors
/// What to write instead, when it is no such word.
pub(super) fn word(written: &str) -> Result<Option<Choice>, String> {
    let word = fold(written.trim());
    if NOTHING.contains(&word.as_str()) {
        return Ok(None);
    }
    let meant = if word == "true" { "keep" } else { &word };
    if let Some(choice) = Choice::OUTRIGHT.into_iter().find(|c| c.as_str() == meant) {
        return Ok(Some(choice));
    }
    let help = did_you_mean(&word, Choice::OUTRIGHT.into_iter().map(Choice::as_str));
    let known = "known: keep (or true), maybe, drop; false says nothing yet";
    Err(match help.split_once("? ") {
        Some((question, _)) => format!("{question}? {known}"),
        None => known.to_owned(),
    })
}

/// Returns what helps with a line on which a file is no TOML, when it is a `keep =` with a bare word: that
/// is how people first write it. `None` for any other line.
pub(super) fn help_for(line: Option<&str>) -> Option<String> {
    let (key, value) = line?.split_once('=')?;
    let bare = value.split('#').next().unwrap_or_default().trim();
    if key.trim() != "keep" || bare.is_empty() || !bare.chars().all(char::is_alphabetic) {
        return None;
    }
    Some(match word(bare) {
        Ok(Some(Choice::Keep)) => "write keep = true".to_owned(),
        Ok(Some(choice)) => format!("write it with quotation marks: keep = \"{}\"", choice.as_str()),
        Ok(None) => "write keep = false".to_owned(),
        Err(help) => format!("write keep = true, or with quotation marks keep = \"maybe\" or keep = \"drop\"; {help}"),
    })
}

/// Returns what stands behind `keep =` in a file for a choice: `false` while nothing is said.
pub fn written(choice: Option<Choice>) -> &'static str {
    match choice {
        Some(Choice::Keep) => "true",
        Some(Choice::Maybe) => "\"maybe\"",
        Some(Choice::Drop) => "\"drop\"",
        Some(Choice::Passed) | None => "false",
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    /// An id, what stands behind `keep =`, what it says or the problem and its help, and a note.
    type Case<'a> = (&'a str, &'a str, Result<Option<Choice>, &'a str>, &'a str);

    #[test]
    fn the_word_of_a_candidate_is_understood_as_people_write_it() {
        use Choice::{Drop, Keep, Maybe};
        let known = "known: keep (or true), maybe, drop; false says nothing yet";
        let cases: [Case<'_>; 14] = [
            ("untouched", "false", Ok(None), "what the machine writes"),
            ("true", "true", Ok(Some(Keep)), "as it was always written"),
            ("keep", "\"keep\"", Ok(Some(Keep)), "the word itself"),
            ("maybe", "\"maybe\"", Ok(Some(Maybe)), ""),
            ("drop", "\"drop\"", Ok(Some(Drop)), ""),
            ("shouted", "\" DROP \"", Ok(Some(Drop)), "case and white space do not matter"),
            ("true-as-text", "\"true\"", Ok(Some(Keep)), "quotation marks put everywhere"),
            ("false-as-text", "\"false\"", Ok(None), "quotation marks put everywhere"),
            ("emptied", "\"\"", Ok(None), "the word taken out, the marks left"),
            (
                "mistyped",
                "\"mybe\"",
                Err("f:4:8: keep = \"mybe\" is not understood\n  help: did you mean \"maybe\"? "),
                "the nearest word is named",
            ),
            ("other-word", "\"yes\"", Err("f:4:8: keep = \"yes\" is not understood\n  help: "), "yes to what?"),
            ("passed", "\"passed\"", Err("f:4:8: keep = \"passed\" is not understood\n  help: "), "nobody says that"),
            (
                "number",
                "1",
                Err("f:4:8: keep must be true, false or a text in quotes, not a whole number"),
                "another type",
            ),
            (
                "long",
                &format!("\"{}\"", "x".repeat(500)),
                Err("f:4:8: keep = \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\" is not understood\n  help: "),
                "a page pasted by mistake is not repeated",
            ),
        ];
        for (id, keep, want, note) in cases {
            let text = format!(
                "month = \"2026-10\"\n[[candidate]]\nid = \"a\"\nkeep = {keep}\nsection = \"s\"\ntitle = \"T\"\n"
            );
            let (draft, problems) = parse(&text, "f");
            let choice = draft.expect("a draft").candidates.first().expect("a candidate").choice;
            match want {
                Ok(want) => assert_eq!((choice, problems), (want, vec![]), "{id}: {note}"),
                Err(want) => {
                    let said = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
                    let end = if id == "number" { "" } else { known };
                    assert_eq!((choice, said), (None, format!("{want}{end}")), "{id}: {note}");
                }
            }
        }
    }

    #[test]
    fn a_word_without_quotation_marks_is_told_how_to_write_it() {
        let cases = [
            ("drop", "write it with quotation marks: keep = \"drop\""),
            ("Maybe  # ask Ana", "write it with quotation marks: keep = \"maybe\""),
            ("keep", "write keep = true"),
            ("True", "write keep = true"),
            ("FALSE", "write keep = false"),
            ("mybe", "write keep = true, or with quotation marks keep = \"maybe\" or keep = \"drop\"; did you mean"),
            ("\"drop", "look at this line and the one before"),
        ];
        for (written, want) in cases {
            let text =
                format!("month = \"2026-10\"\n\n[[candidate]]\nid = \"a\"\n  keep = {written}\nsection = \"s\"\n");
            let (draft, problems) = parse(&text, "f");
            let problem = problems.first().expect("a problem");
            assert!(draft.is_none() && problem.help.starts_with(want), "{written}: {problem}");
            assert_eq!(problem.place.line, 5, "{written}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for choice in [None, Some(Choice::Keep), Some(Choice::Maybe), Some(Choice::Drop)] {
            assert_eq!(word(written(choice).trim_matches('"')), Ok(choice));
        }
    }
}
