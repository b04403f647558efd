//! What the steps say of commands and of the file, as it is done at the desk.
//!
//! Problems and notes come from steps that know the terminal and the text editor. Here stands, in one place, what a
//! page says instead; a test reads the steps' own texts and finds what they newly say and what they no longer do.

use crate::model::Problem;

/// Where to say again of a paper what its place is.
const SAY_AGAIN: &str = "open the paper and say Keep, Maybe or Drop once more: what is said last counts";
/// Where the paper is chosen that stands first.
const ANOTHER_FIRST: &str = "choose another paper to stand first, or none";

/// Helps that mean only a file or a terminal: a part by which each is known, and what is said instead of the whole.
const WHOLE: [(&str, &str); 19] = [
    ("takes it in, or says why it cannot", "press “Take in and bring the news” on the board"),
    ("it was there before: ", "put its last text back, under History"),
    ("` writes a draft, and `", "press “Write the draft” on the board, and make the issue from it"),
    ("look at the draft, then run `", "look at the draft, then make the issue"),
    ("` writes it", "press “Write the draft” on the board"),
    ("takes it out if nobody changed it; else", SAY_AGAIN),
    ("if the later word is meant", SAY_AGAIN),
    (
        "was the file saved whole?",
        "was the file saved whole? if not, put an earlier version back, under History; papers that nobody wants can be \
         dropped where they stand",
    ),
    ("the section decides; write section", "the section decides; choose another one on its page if it is wrong"),
    ("or take your word back: roundup retag", "drop it; or open it and let the rules decide, under “What it is”"),
    ("for an item of your own use a short word as id", "drop it, and put the right paper in under Add"),
    ("until then neither word is taken in", "a text editor must take one of the two out of the file"),
    (
        "delete one of the two blocks",
        "take one of the two out; where both have the same name, only a text editor can do it",
    ),
    ("or pick = \"\" for none", ANOTHER_FIRST),
    ("or write pick = \"\" for none", ANOTHER_FIRST),
    ("change keep = false to keep = true in its block", "keep it on the board, or choose another paper to stand first"),
    ("above it, or take the reason out", "say Keep, Maybe or Drop of it, or take the reason out"),
    ("then write answer = \"seen\"", "tell readers in your note if need be, then answer “seen” on the board"),
    (
        "`roundup merge split` parts them",
        "take the answer back; whoever works with roundup on the command line can part the paper: `roundup merge split`",
    ),
];

/// Parts of sentences that mean a file or a terminal, and what stands there instead.
const PARTS: [(&str, &str); 11] = [
    ("If you write \"same\"", "If you answer “Same”"),
    ("If you write \"different\"", "If you answer “Different”"),
    ("If you leave it empty", "If you do not answer"),
    (" `roundup merge undo` takes an answer back.", " The page of either paper takes an answer back."),
    (" (section = \"more\")", " (“Also published this month”)"),
    (": delete its block", ""),
    (" (keep = true)", ""),
    (" with keep = true", ""),
    ("`roundup merge` shows them", "the page of each asks about it, under “Is it one paper?”"),
    ("`roundup check` says what is wrong in it", "Check says what is wrong in it"),
    (
        "take the records that are another paper out of it: `roundup merge split`",
        "whoever works with roundup on the command line can take records out of it: `roundup merge split`",
    ),
];

/// Parts that begin the end of a sentence which names a command with its month, and what stands there instead.
const ENDS: [(&str, &str); 2] = [
    (": `roundup draft history ", ", under History"),
    ("; its last text is kept: ", "; its last text is kept, under History"),
];

/// Returns what to do as it is done at the desk.
pub(super) fn at_the_desk(help: &str) -> String {
    if let Some((_, words)) = WHOLE.iter().find(|(part, _)| help.contains(part)) {
        return (*words).to_owned();
    }
    if let Some((before, words)) = ENDS.iter().find_map(|(part, words)| Some((help.split_once(part)?.0, words))) {
        return format!("{before}{words}");
    }
    parts_at_the_desk(help)
}

/// Returns a problem with its place and with what to do at the desk.
pub(super) fn said(problem: &Problem) -> String {
    Problem { help: at_the_desk(&problem.help), ..problem.clone() }.to_string()
}

/// Returns a sentence that says more than what to do, such as a fact that helps to answer a question, with its parts
/// that mean a file or a terminal as they are said at the desk.
pub(super) fn parts_at_the_desk(sentence: &str) -> String {
    PARTS.iter().fold(sentence.to_owned(), |sentence, (part, words)| sentence.replace(part, words))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The files of steps whose problems, notes and refusals pages show.
    const STEPS: [&str; 12] = [
        "draft/lint.rs",
        "draft/lint/items.rs",
        "draft/answers.rs",
        "pipeline/check.rs",
        "pipeline/choose/file.rs",
        "pipeline/choose/against.rs",
        "pipeline/draft.rs",
        "pipeline/draft/pairs.rs",
        "pipeline/draft_file.rs",
        "pipeline/history.rs",
        "pipeline/months.rs",
        "pipeline/sheet/say.rs",
    ];

    /// Signs that a sentence means the file or a terminal.
    const SIGNS: [&str; 10] = [
        "If you write",
        "`roundup ",
        "roundup retag",
        " --",
        "keep = ",
        "section = ",
        "pick = ",
        "write answer = ",
        "its block",
        "two blocks",
    ];

    /// Sentences with such a sign that no page shows, or that are meant so, each with why.
    const MEANT: [(&str, &str); 10] = [
        ("run `roundup draft {month}` again", "a file that changes again and again is seen to elsewhere"),
        ("stands in its block: write the id", "the rest of the sentence is known"),
        ("delete its block\".to_owned()", "the word on the file in a sentence that is known"),
        ("write keep = {} in its block", "the same"),
        ("write a line keep =", "the same"),
        ("` writes one", "the desk asks for versions only where there are some, or says it in its own words"),
        ("lists them\"", "the desk says in its own words that there is no such version"),
        ("copy the id from its block", "the rest of the sentence is known"),
        ("`roundup draft restore {month}", "the start of each sentence that ends with it is known"),
        ("its block still stands here", "what is wrong, not what to do"),
    ];

    /// Returns the lines of a step before its tests that hold words, without remarks.
    fn lines_of(file: &str) -> Vec<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
        let text = crate::fsx::read_text(&path).expect("a step");
        let (own, _) = text.split_once("#[cfg(test)]").unwrap_or((&text, ""));
        let lines = own.lines().filter(|l| l.contains('"') && !l.trim_start().starts_with("//"));
        lines.map(|l| l.replace("\\\"", "\"")).collect()
    }

    #[test]
    fn what_the_steps_say_of_commands_and_the_file_is_said_otherwise() {
        let is_known =
            |line: &str| WHOLE.iter().chain(&PARTS).chain(&ENDS).chain(&MEANT).any(|(part, _)| line.contains(part));
        let mut new = Vec::new();
        for file in STEPS {
            let signed = |line: &String| SIGNS.iter().any(|sign| line.contains(sign));
            let lines = lines_of(file).into_iter().filter(signed).filter(|line| !is_known(line));
            new.extend(lines.map(|line| format!("src/{file}: {}", line.trim())));
        }
        assert_eq!(new, [""; 0], "put these into one of the lists above");
    }

    #[test]
    fn nothing_is_said_otherwise_that_no_step_says() {
        let all: Vec<String> = STEPS.iter().flat_map(|file| lines_of(file)).collect();
        let is_gone = |part: &&str| !all.iter().any(|line| line.contains(part));
        let gone: Vec<&str> =
            WHOLE.iter().chain(&PARTS).chain(&ENDS).chain(&MEANT).map(|(part, _)| *part).filter(is_gone).collect();
        assert_eq!(gone, [""; 0], "no step says these any more");
    }

    #[test]
    fn what_is_said_instead_is_whole() {
        for (help, want) in [
            (
                "`roundup draft 2026-10` takes it in, or says why it cannot",
                "press “Take in and bring the news” on the board",
            ),
            (
                "drop it: delete its block; if readers should know, say so in your note",
                "drop it; if readers should know, say so in your note",
            ),
            ("drop it: delete its block", "drop it"),
            ("keep a candidate (keep = true), or skip this month", "keep a candidate, or skip this month"),
            ("did you mean \"a\"? or write pick = \"\" for none", ANOTHER_FIRST),
            (
                "If you leave it empty, both stay as they are. `roundup merge undo` takes an answer back.",
                "If you do not answer, both stay as they are. The page of either paper takes an answer back.",
            ),
            ("it must begin with https:// or http://", "it must begin with https:// or http://"),
            (
                "move the folder away; or put an earlier version back: `roundup draft history 2026-10`, or History",
                "move the folder away; or put an earlier version back, under History",
            ),
            ("", ""),
        ] {
            assert_eq!(at_the_desk(help), want);
        }
    }
}
