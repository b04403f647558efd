//! `roundup merge --ask`: one pair after the other, each answer kept at once.
//!
//! The right to write is held only while an answer is stored, so that a harvest need not wait for a
//! person; leaving by Ctrl-C loses nothing that was answered.

use std::io::{BufRead, IsTerminal};

use super::{answer, page};
use crate::cli::Global;
use crate::cli::beside::Layout;
use crate::cli::open::{self, Access};
use crate::cli::term::{Exit, Style, Terminal};
use crate::pipeline::merging::{self, Pair};
use crate::pipeline::{Ctx, Error, Home};
use crate::store::{Answer, StoreError};

/// What a person may say to a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Say(Answer),
    Later,
    Undo,
    Quit,
    Unknown,
}

/// What can be typed, in one line.
const WORDS: &str = "s same · d different · l later · u take back the last · q quit";

/// What can be typed behind the last pair.
const WORDS_LAST: &str = "u take back the last · Enter or q quit";

/// Asks about the pairs that wait.
///
/// # Errors
/// When the home cannot be opened or the database refuses.
pub fn run(is_plain: bool, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let input = std::io::stdin();
    if global.json || !term.is_interactive() || !input.is_terminal() {
        term.note("roundup: --ask asks a person at a terminal, and there is none\n  help: `roundup merge` lists the pairs; `roundup merge same A B` and `roundup merge different A B` answer");
        return Ok(Exit::Usage);
    }
    let layout = Layout::of(term, is_plain);
    talk(&mut input.lock(), layout, global, term)
}

/// An answer that was given in this talk.
struct Given {
    /// Its number, to take it back by.
    number: i64,
    /// Place of its pair among those asked about.
    at: usize,
}

/// Goes through the pairs, reading a word a line.
fn talk(input: &mut dyn BufRead, layout: Layout, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let mut ctx = open::open(global, Access::Read, term)?;
    ctx.progress = Box::new(|_| {});
    let pairs = merging::waiting(&ctx)?;
    if pairs.is_empty() {
        term.line("no pair of papers waits for your answer");
        return Ok(Exit::Nothing);
    }
    term.line(&page::waits(pairs.len()));
    term.line("each answer is kept at once; stop whenever you like");
    if let Some(legend) = layout.legend() {
        term.line(legend);
    }
    let given = go_through(&ctx, &pairs, input, layout, global, term)?;
    let left = merging::waiting(&ctx)?.len();
    term.line("");
    term.line(&format!("answered: {}; still waiting: {left}", given.len()));
    if !given.is_empty() {
        term.line("`roundup merge log` lists the answers, `roundup merge undo` takes them back");
    }
    Ok(Exit::Done)
}

/// Asks about one pair after the other. Returns the answers that stand.
fn go_through(
    ctx: &Ctx,
    pairs: &[Pair],
    input: &mut dyn BufRead,
    layout: Layout,
    global: &Global,
    term: &mut Terminal,
) -> anyhow::Result<Vec<Given>> {
    let mut given: Vec<Given> = Vec::new();
    let mut at = 0;
    loop {
        let pair = match pairs.get(at) {
            Some(pair) => as_it_stands(ctx, pair)?,
            None if given.is_empty() => return Ok(given),
            None => None,
        };
        if pair.is_none() && at < pairs.len() {
            at += 1;
            continue;
        }
        term.line("");
        match &pair {
            Some(pair) => page::pair(term, ctx, pair, &format!("Pair {} of {}", at + 1, pairs.len()), layout)?,
            None => term.line("That was the last pair."),
        }
        match (ask(input, pair.is_some(), term)?, &pair) {
            (Word::Say(answer), Some(pair)) => {
                if let Some(number) = keep(pair, answer, global, term)? {
                    given.push(Given { number, at });
                    at += 1;
                }
            }
            (Word::Undo, _) => at = take_back(&mut given, global, term)?.unwrap_or(at),
            (Word::Later, Some(_)) => at += 1,
            _ => return Ok(given),
        }
    }
}

/// Returns a pair as it stands now; `None` when an answer in between has settled it.
fn as_it_stands(ctx: &Ctx, pair: &Pair) -> anyhow::Result<Option<Pair>> {
    let (a, b) = (ctx.store.resolve(&pair.a.id)?, ctx.store.resolve(&pair.b.id)?);
    let (Some(a), Some(b)) = (a, b) else { return Ok(None) };
    if a == b {
        return Ok(None);
    }
    let mut now = match merging::side_by_side(ctx, a.as_str(), b.as_str()) {
        Err(Error::Missing(_)) => return Ok(None),
        other => other?,
    };
    if now.verdict.as_ref().is_some_and(|v| !v.is_undone) {
        return Ok(None);
    }
    // Why a pair waits is what its records said; folded papers may say less.
    now.reasons.clone_from(&pair.reasons);
    Ok(Some(now))
}

/// Asks until something is said that is understood; the end of the input is "quit". Behind the last
/// pair only taking back and leaving are left.
fn ask(input: &mut dyn BufRead, is_pair: bool, term: &mut Terminal) -> anyhow::Result<Word> {
    let (words, prompt) = if is_pair { (WORDS, "one paper? ") } else { (WORDS_LAST, "ready? ") };
    loop {
        term.styled(&[(Style::Dim, words)]);
        term.raw(prompt.as_bytes());
        term.flush();
        let mut line = String::new();
        if input.read_line(&mut line)? == 0 {
            term.line("");
            return Ok(Word::Quit);
        }
        match word_of(&line) {
            Word::Quit | Word::Undo if !is_pair => return Ok(word_of(&line)),
            _ if !is_pair && line.trim().is_empty() => return Ok(Word::Quit),
            word if is_pair && word != Word::Unknown => return Ok(word),
            _ => term.line(&format!("\"{}\" is not understood; type one letter", line.trim())),
        }
    }
}

/// Returns what a line means; the letters, the words, and what else people write.
fn word_of(line: &str) -> Word {
    match crate::model::text::fold(line.trim()).as_str() {
        "s" | "same" | "y" | "yes" => Word::Say(Answer::Same),
        "d" | "different" | "n" | "no" => Word::Say(Answer::Different),
        "l" | "later" | "skip" => Word::Later,
        "u" | "undo" => Word::Undo,
        "q" | "quit" | "exit" => Word::Quit,
        _ => Word::Unknown,
    }
}

/// Stores an answer and returns its number; `None` when another instance is writing just now.
fn keep(pair: &Pair, answer: Answer, global: &Global, term: &mut Terminal) -> anyhow::Result<Option<i64>> {
    let Some(ctx) = writer(global, term)? else { return Ok(None) };
    let outcome = answer::give(&ctx, pair, answer, &answer::Manner::plain())?;
    answer::settle(&ctx)?;
    match answer {
        Answer::Same => {
            let kept = outcome.works.first().map(ToString::to_string).unwrap_or_default();
            term.line(&format!("✓ one paper now, {kept}"));
        }
        Answer::Different => term.line("✓ two papers; this pair is not asked about again"),
    }
    Ok(merging::verdicts(&ctx)?.first().map(|v| v.number))
}

/// Takes back the last answer of this talk. Returns the place of its pair.
fn take_back(given: &mut Vec<Given>, global: &Global, term: &mut Terminal) -> anyhow::Result<Option<usize>> {
    let Some(last) = given.last() else {
        term.line("nothing was answered yet in this sitting; `roundup merge undo` takes back earlier answers");
        return Ok(None);
    };
    let Some(ctx) = writer(global, term)? else { return Ok(None) };
    ctx.store.transaction(|_| merging::undo(&ctx, Some(last.number)))?;
    answer::settle(&ctx)?;
    term.line("✓ taken back");
    Ok(given.pop().map(|last| last.at))
}

/// Opens the home for one change; `None`, with a line, when another instance is writing.
fn writer(global: &Global, term: &mut Terminal) -> anyhow::Result<Option<Ctx>> {
    let home = Home::new(&global.home);
    // Its problems were printed when the talk began.
    let (config, _) = crate::pipeline::load_config(&home)?;
    let config = config.ok_or(open::OpenError::Settings)?;
    match open::open_with(home, config, Access::Write, open::clock()?, open::fetch()?) {
        Ok(mut ctx) => {
            ctx.progress = Box::new(|_| {});
            Ok(Some(ctx))
        }
        Err(error) if matches!(error.downcast_ref(), Some(StoreError::Locked { .. })) => {
            term.line("another roundup is writing just now; nothing was kept, answer once more in a moment");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use clap::Parser;

    use super::*;
    use crate::cli::term::kept::Kept;
    use crate::cli::{Cli, run as run_command};

    /// Two papers that the rules leave to a person, and two more.
    const PAPERS: &str = r#"{"id":"a","title":"Prevalence of postpartum depression among mothers of preterm infants","authors":["Example, Maria"],"journal":"J Invent","year":2023,"doi":"10.5555/ask.1"}
{"id":"b","title":"Prevalence of postpartum depression among mothers of preterm infants","authors":["Other, Olga"],"journal":"Acta Fabricata","year":2023,"doi":"10.5555/ask.2"}
{"id":"c","title":"Nurses and mothers in the hills","authors":["Example, Maria"],"journal":"J Invent","year":2019,"volume":"7","pages":"21-22"}
{"id":"d","title":"Screening tools for the clinic","authors":["Example, Maria"],"journal":"J Invent","year":2019,"volume":"7","pages":"21-22"}
"#;

    fn command(args: &[&str]) {
        let cli = Cli::parse_from([&["roundup"], args].concat());
        let mut term = Terminal::into_writers(Box::new(Kept::default()), Box::new(Kept::default()));
        assert_eq!(run_command(&cli, &mut term).unwrap(), Exit::Done, "{args:?}");
    }

    /// A home with two pairs that wait.
    struct Home(tempfile::TempDir);

    impl Home {
        fn new() -> Self {
            let home = Self(tempfile::tempdir().unwrap());
            let file = home.0.path().join("papers.jsonl");
            crate::fsx::write_atomic(&file, PAPERS.as_bytes()).unwrap();
            let folder = home.0.path().join("home").display().to_string();
            command(&["init", &folder]);
            command(&["--home", &folder, "import", &file.display().to_string()]);
            home
        }

        fn global(&self) -> Global {
            Global { home: self.0.path().join("home"), json: false }
        }

        /// Answers with these letters; returns the exit and what was said.
        fn talk(&self, letters: &str) -> (Exit, String) {
            let out = Kept::default();
            let mut term = Terminal::into_writers(Box::new(out.clone()), Box::new(Kept::default()));
            let lines: String = letters.chars().flat_map(|c| [c, '\n']).collect();
            let exit = talk(&mut Cursor::new(lines), Layout::Plain, &self.global(), &mut term).unwrap();
            term.flush();
            (exit, out.text())
        }
    }

    #[test]
    fn answers_are_kept_one_by_one_and_can_be_taken_back_in_the_sitting() {
        let home = Home::new();
        for (id, letters, ends) in [
            ("nothing is said", "", "answered: 0; still waiting: 2\n"),
            ("later twice", "ll", "answered: 0; still waiting: 2\n"),
            ("taken back in between", "duq", "answered: 0; still waiting: 2\n"),
            ("taken back behind the last", "lduuq", "answered: 0; still waiting: 2\n"),
            ("one letter is wrong", "xlq", "answered: 0; still waiting: 2\n"),
        ] {
            let (exit, said) = home.talk(letters);
            assert!(exit == Exit::Done && said.ends_with(ends), "{id}: {said}");
        }
        let (_, said) = home.talk("sd");
        assert!(said.contains("✓ one paper now, w") && said.contains("✓ two papers;"), "{said}");
        assert!(said.contains("That was the last pair.") && said.contains("answered: 2; still waiting: 0"), "{said}");
        assert_eq!(home.talk("s"), (Exit::Nothing, "no pair of papers waits for your answer\n".to_owned()));
    }

    #[test]
    fn while_another_writes_the_question_is_asked_again() {
        let home = Home::new();
        let lock = crate::store::WriterLock::take(&home.0.path().join("home/data")).unwrap();
        let (_, said) = home.talk("sq");
        assert!(said.contains("another roundup is writing just now; nothing was kept"), "{said}");
        assert!(said.matches("Pair 1 of 2").count() == 2 && said.contains("answered: 0"), "{said}");
        drop(lock);
    }

    #[test]
    fn words_are_understood_as_people_type_them() {
        for (typed, want) in [
            (" S ", Word::Say(Answer::Same)),
            ("yes", Word::Say(Answer::Same)),
            ("Different", Word::Say(Answer::Different)),
            ("l", Word::Later),
            ("u", Word::Undo),
            ("q", Word::Quit),
            ("", Word::Unknown),
            ("perhaps", Word::Unknown),
        ] {
            assert_eq!(word_of(typed), want, "{typed:?}");
        }
    }
}
