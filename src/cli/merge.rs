//! `roundup merge`: which papers are one is a person's word, and every word can be taken back.

use super::Global;
use super::beside::Layout;
use super::open::{self, Access};
use super::term::{Exit, Terminal};
use crate::model::text::did_you_mean;
use crate::pipeline::merging::{self, Pair};
use crate::pipeline::{Ctx, Error};
use crate::store::Answer;

mod answer;
mod ask;
mod json;
mod log;
mod page;

/// Shows pairs of papers that may be one, and takes your word: same or different
///
/// Alone it lists the pairs that wait, those of the coming issue first, and says what to type.
/// Papers are named by their id (w…), PMID or DOI.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(subcommand)]
    action: Option<Action>,
    /// Ask about one pair after the other; each answer is kept at once
    #[arg(long)]
    ask: bool,
    /// Show at most so many pairs [default: 10; with --json all]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Put nothing into columns: for screen readers
    #[arg(long, global = true)]
    plain: bool,
}

const EXAMPLES: &str = "\
Examples:
  roundup merge                                   the pairs that wait, side by side
  roundup merge --ask                             answer one after the other
  roundup merge show 90000001 10.5555/abc         any two papers side by side
  roundup merge same w2345672345a wabcdefabcde    they are one paper
  roundup merge different w2345672345a wabcdefabcde
  roundup merge split w2345672345a 2              record 2 is another paper
  roundup merge undo                              takes the newest answer back

Your word outranks the machine's and holds in every later run, until you take it back.
Issues that were rendered are not changed by it, unless you render that month again.

Exit codes: 0 done, 1 nothing waits or no such paper, 2 wrong usage, 75 another roundup is writing";

/// What is done about papers that may be one.
#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Shows one paper with its records, or two papers side by side
    Show {
        /// Id (w…), PMID or DOI
        #[arg(value_name = "PAPER")]
        a: String,
        /// Another paper, to stand beside it
        #[arg(value_name = "OTHER")]
        b: Option<String>,
    },
    /// Says that two papers are one: they become one entry
    Same(answer::PairArgs),
    /// Says that two papers are two: they are never merged, and not asked about again
    Different(answer::PairArgs),
    /// Says that some records of a paper are another paper
    Split(answer::SplitArgs),
    /// Takes an answer back: the newest, or the one with this number
    Undo(answer::UndoArgs),
    /// Lists what was answered, newest first, with the numbers to take it back by
    Log,
    #[command(external_subcommand)]
    Other(Vec<String>),
}

/// Runs the command.
///
/// # Errors
/// When the home cannot be opened, the command is not understood, or the database refuses.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let Some(action) = &args.action else {
        return if args.ask { ask::run(args.plain, global, term) } else { list(args, global, term) };
    };
    if args.ask {
        term.note("roundup: --ask goes through all pairs that wait; it stands alone: roundup merge --ask");
        return Ok(Exit::Usage);
    }
    let outcome = match action {
        Action::Show { a, b } => show(a, b.as_deref(), args, global, term),
        Action::Same(pair) => answer::say(pair, Answer::Same, global, term),
        Action::Different(pair) => answer::say(pair, Answer::Different, global, term),
        Action::Split(split) => answer::split(split, global, term),
        Action::Undo(undo) => answer::undo(undo, global, term),
        Action::Log => log::run(global, term),
        Action::Other(words) => Ok(misunderstood(words, term)),
    };
    outcome.or_else(|error| missing(error, term))
}

/// Returns a line when an id that was typed means another paper today.
pub fn redirects(typed: &str, id: &crate::model::WorkId) -> Option<String> {
    page::redirects(&[(typed, id)]).pop()
}

/// Turns "there is no such paper" into a line and an exit; every other error stays one.
fn missing(error: anyhow::Error, term: &mut Terminal) -> anyhow::Result<Exit> {
    match error.downcast_ref::<Error>() {
        Some(Error::Missing(text)) => {
            term.note(&format!("roundup: {text}"));
            Ok(Exit::Nothing)
        }
        _ => Err(error),
    }
}

/// Says what was probably meant by a word that is none of ours.
fn misunderstood(words: &[String], term: &mut Terminal) -> Exit {
    let all = words.join(" ");
    let first = words.first().map(String::as_str).unwrap_or_default();
    let is_paper = first.chars().any(|c| c.is_ascii_digit()) || crate::model::WorkId::parse(first).is_some();
    let help = match words {
        [a] if is_paper => format!("`roundup merge show {a}` shows that paper"),
        [a, b] if is_paper => format!(
            "`roundup merge show {a} {b}` shows the two side by side; `roundup merge same {a} {b}` makes them one"
        ),
        _ => did_you_mean(first, ["show", "same", "different", "split", "undo", "log"].into_iter()),
    };
    term.note(&format!("roundup: \"merge {all}\" is not understood\n  help: {help}"));
    Exit::Usage
}

/// Pairs that are shown when no limit is given: about what one reads in a sitting.
const PAIRS_SHOWN: usize = 10;

/// Lists the pairs that wait.
fn list(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Read, term)?;
    let pairs = merging::waiting(&ctx)?;
    if global.json {
        for (n, pair) in pairs.iter().enumerate().take(args.limit.unwrap_or(usize::MAX)) {
            term.json(&json::pair(Some(n + 1), pair))?;
        }
    } else {
        print_list(&ctx, &pairs, args, term)?;
    }
    Ok(if pairs.is_empty() { Exit::Nothing } else { Exit::Done })
}

/// Prints the pairs that wait and what to do.
fn print_list(ctx: &Ctx, pairs: &[Pair], args: &Args, term: &mut Terminal) -> anyhow::Result<()> {
    if pairs.is_empty() {
        term.line("no pair of papers waits for your answer");
        return Ok(());
    }
    let layout = Layout::of(term, args.plain);
    term.line(&page::waits(pairs.len()));
    if let Some(legend) = layout.legend() {
        term.line(legend);
    }
    let shown = args.limit.unwrap_or(PAIRS_SHOWN);
    for (n, pair) in pairs.iter().enumerate().take(shown) {
        term.line("");
        page::pair(term, ctx, pair, &format!("Pair {} of {}", n + 1, pairs.len()), layout)?;
        page::what_to_type(term, pair);
    }
    term.line("");
    if pairs.len() > shown {
        term.line(&format!("{} more: roundup merge --limit {}", pairs.len() - shown, pairs.len()));
    }
    term.line("answer one after the other: roundup merge --ask");
    term.line("every answer can be taken back: roundup merge undo");
    Ok(())
}

/// Shows one paper with its records, or two side by side.
fn show(a: &str, b: Option<&str>, args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Read, term)?;
    let Some(b) = b else { return show_one(&ctx, a, global, term) };
    if let Some(refusal) = answer::not_two(&ctx, a, b)? {
        return Ok(refusal.print(term));
    }
    let pair = merging::side_by_side(&ctx, a, b)?;
    if global.json {
        term.json(&json::pair(None, &pair))?;
        return Ok(Exit::Done);
    }
    for line in page::redirects(&[(a, &pair.a.id), (b, &pair.b.id)]) {
        term.line(&line);
    }
    let layout = Layout::of(term, args.plain);
    page::pair(term, &ctx, &pair, "Side by side", layout)?;
    if let Some(legend) = layout.legend() {
        term.line(&format!("  {legend}"));
    }
    page::what_to_type(term, &pair);
    Ok(Exit::Done)
}

/// Shows one paper with its records and what is asked or was said about it.
fn show_one(ctx: &Ctx, text: &str, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let side = merging::paper(ctx, text)?;
    if global.json {
        term.json(&json::side(&side))?;
        return Ok(Exit::Done);
    }
    for line in page::redirects(&[(text, &side.id)]) {
        term.line(&line);
    }
    page::paper(term, &side);
    for pair in merging::waiting(ctx)? {
        let other = match (&pair.a, &pair.b) {
            (a, b) if a.id == side.id => b,
            (a, b) if b.id == side.id => a,
            _ => continue,
        };
        term.line("");
        term.line(&format!("It waits for your answer whether it is one with {}: {}", other.id, other.record.title));
        term.line(&format!("  roundup merge show {} {}", side.id, other.id));
    }
    log::print_about(ctx, &side.id, term)?;
    Ok(Exit::Done)
}
