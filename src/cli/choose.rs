//! `roundup choose`: what people say of papers' places in the issue.

use super::Global;
use super::month::parse_month;
use super::open::{self, Access};
use super::term::{Exit, Terminal};
use crate::model::text::{clean_line, did_you_mean, fold};
use crate::model::{Choice, Month, WorkId};
use crate::pipeline::choose::{self, BY_DRAFT, ChoiceOutcome, Saying};
use crate::pipeline::{self, Ctx, Error};

mod log;
mod page;

/// Says of papers whether they belong in the issue: keep, maybe or drop; or shows what was said
///
/// The same can be said in the draft file. Whichever was said last counts, in every later month, also
/// when the paper is merged with another or parted from it, until you take it back. A paper that is
/// dropped is not proposed again; a maybe comes again with your reason. A paper is named by its id (w…),
/// PMID or DOI.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, override_usage = USAGE)]
pub struct Args {
    /// First what you say (keep, maybe or drop), then the papers: id (w…), PMID or DOI; papers alone are
    /// shown with what was said of them
    #[arg(value_name = "WORDS")]
    words: Vec<String>,
    /// Why, in your own words
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
    /// Month of the issue that you say it for, YYYY-MM; the month before this one when not given
    #[arg(long, value_name = "MONTH", value_parser = parse_month)]
    month: Option<Month>,
    /// Takes back what was said of the papers
    #[arg(long)]
    undo: bool,
    /// Who says so [default: the name you are logged in by]
    #[arg(long, value_name = "NAME")]
    who: Option<String>,
    /// Lists what was said, newest first
    #[arg(long)]
    log: bool,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
}

const USAGE: &str = "roundup choose <keep|maybe|drop> <PAPER>... [OPTIONS]
       roundup choose --undo <PAPER>...
       roundup choose <PAPER>...
       roundup choose --log [PAPER]";

const EXAMPLES: &str = "\
Examples:
  roundup choose drop 90000001 --reason \"animals only\"
  roundup choose keep 90000001 90000002 10.5555/abc
  roundup choose maybe 90000003 --reason \"small; is a larger one coming?\" --month 2026-10
  roundup choose 90000001                      what counts for it, and all that was ever said
  roundup choose --undo 90000001               takes back what was said of it
  roundup choose --log                         what was said of all papers, newest first

What you say does not change a draft by itself: `roundup draft` brings it up to date. In the draft
file keep = true, \"maybe\" or \"drop\" says the same, and so does deleting a block (drop); what goes
into a rendered issue counts as kept, and candidates left above one that was taken as passed over.

Exit codes: 0 done, 1 no such paper or nothing to show, 2 wrong usage, 75 another roundup is writing";

/// Runs the command.
///
/// # Errors
/// When the home cannot be opened or the database refuses.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let outcome = match Wanted::of(args) {
        Err(text) => {
            term.note(&format!("roundup: {text}"));
            return Ok(Exit::Usage);
        }
        Ok(Wanted::Log(paper)) => log::run(paper, global, term),
        Ok(Wanted::Show(papers)) => page::run(papers, global, term),
        Ok(Wanted::Say(choice, papers)) => say(choice, papers, args, global, term),
    };
    outcome.or_else(|error| match error.downcast_ref::<Error>() {
        Some(Error::Missing(text)) => {
            term.note(&format!("roundup: {text}"));
            Ok(Exit::Nothing)
        }
        _ => Err(error),
    })
}

/// What is to be done.
enum Wanted<'a> {
    /// List what was said, of one paper or of all.
    Log(Option<&'a str>),
    /// Show what counts for papers.
    Show(&'a [String]),
    /// Say something of papers, or take it back.
    Say(Option<Choice>, &'a [String]),
}

impl<'a> Wanted<'a> {
    /// Reads the arguments.
    ///
    /// # Errors
    /// What is wrong with them, and on the next line what to write instead.
    fn of(args: &'a Args) -> Result<Self, String> {
        let has_more = !args.reason.is_empty() || args.month.is_some() || args.dry_run || args.who.is_some();
        let (choice, papers) = match args.words.split_first() {
            Some((first, rest)) if outright(first).is_some() => (outright(first), rest),
            _ => (None, args.words.as_slice()),
        };
        if let Some(word) = papers.iter().find(|p| outright(p).is_some()) {
            let others: Vec<&str> = papers.iter().filter(|p| *p != word).map(String::as_str).collect();
            let help = match choice {
                None => format!("roundup choose {word} {}", others.join(" ")),
                Some(_) => "one thing at a time: say keep, maybe or drop once, before the papers".to_owned(),
            };
            return Err(format!("\"{word}\" is no paper\n  help: what you say stands first: {help}"));
        }
        match (choice, args.log, args.undo) {
            (Some(_), true, _) | (_, true, true) => {
                Err("--log only lists; it says nothing and takes nothing back".to_owned())
            }
            (None, true, false) if has_more || papers.len() > 1 => {
                Err("--log takes one paper at most, and nothing else".to_owned())
            }
            (None, true, false) => Ok(Self::Log(papers.first().map(String::as_str))),
            (Some(choice), false, true) => Err(format!("--undo takes back; it cannot say {} as well", choice.as_str())),
            (None, false, false) if has_more => Err(format!(
                "what do you say of it?\n  help: keep, maybe or drop stands first: roundup choose keep {}",
                papers.join(" ")
            )),
            _ if papers.is_empty() => {
                Err("which paper is meant?\n  help: roundup choose keep 90000001; --log lists what was said".to_owned())
            }
            (None, false, false) => match papers.first().filter(|w| is_like_a_word(w)) {
                Some(word) => Err(unknown_word(word)),
                None => Ok(Self::Show(papers)),
            },
            (choice, false, _) => Ok(Self::Say(choice, papers)),
        }
    }
}

/// Returns what a word says outright.
fn outright(word: &str) -> Option<Choice> {
    let word = fold(word.trim());
    Choice::OUTRIGHT.into_iter().find(|c| c.as_str() == word)
}

/// Tells whether a word can be no paper: it has only letters, and is no work's id.
fn is_like_a_word(word: &str) -> bool {
    word.chars().all(char::is_alphabetic) && WorkId::parse(word).is_none()
}

/// Says what is known beside a word that is not.
fn unknown_word(word: &str) -> String {
    let help = did_you_mean(word, Choice::OUTRIGHT.into_iter().map(Choice::as_str));
    format!("\"{word}\" is no choice and no paper\n  help: {help}; a paper is named by its id (w…), PMID or DOI")
}

/// Takes in what a person says of papers: of all of them, or of none when one is not there.
fn say(
    choice: Option<Choice>,
    papers: &[String],
    args: &Args,
    global: &Global,
    term: &mut Terminal,
) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Write, term)?;
    let who = args.who.clone().filter(|w| !w.trim().is_empty()).unwrap_or_else(open::user);
    if clean_line(&who) == BY_DRAFT {
        term.note(&format!(
            "roundup: \"{BY_DRAFT}\" stands for what the draft file says\n  help: give your own name with --who"
        ));
        return Ok(Exit::Usage);
    }
    let month = args.month.unwrap_or_else(|| ctx.issue_month());
    let mut named: Vec<(&String, WorkId)> = Vec::new();
    for paper in papers {
        let id = pipeline::find(&ctx, paper)?;
        if named.iter().all(|(_, known)| *known != id) {
            named.push((paper, id));
        }
    }
    let saying = Saying { choice, month, who: &who, reason: &args.reason };
    let work = || named.iter().map(|(_, id)| choose::say(&ctx, id, &saying)).collect::<pipeline::Result<Vec<_>>>();
    let outcomes = if args.dry_run { ctx.store.rehearse(|_| work()) } else { ctx.store.transaction(|_| work()) }?;
    for (outcome, (paper, _)) in outcomes.iter().zip(&named) {
        if global.json {
            term.json(&page::outcome_json(outcome, args.dry_run))?;
        } else {
            page::print_outcome(&ctx, paper, outcome, args.dry_run, term);
        }
    }
    if !global.json {
        for line in follows(&ctx, month, &outcomes, args.dry_run)? {
            term.line(&line);
        }
    }
    Ok(Exit::Done)
}

/// Returns what a person may want to do next.
fn follows(ctx: &Ctx, month: Month, outcomes: &[ChoiceOutcome], is_dry: bool) -> anyhow::Result<Vec<String>> {
    if is_dry {
        let is_any_new = outcomes.iter().any(|o| o.is_new);
        return Ok(if is_any_new { vec!["nothing was changed".to_owned()] } else { Vec::new() });
    }
    let Some(text) = pipeline::draft_file::text(&ctx.home, month)? else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for other in choose::against(ctx, month, &text)? {
        let is_of_these = outcomes.iter().any(|o| o.id == other.id);
        if let Some(word) = other.word().filter(|_| is_of_these) {
            let help = other.help();
            out.push(format!("the draft of {} still says {word} of {}: {help}", month.long_name(), other.id));
        }
    }
    for outcome in outcomes.iter().filter(|o| o.after.as_ref().and_then(|r| r.choice) == Some(Choice::Keep)) {
        if choose::was_taken_out(ctx, month, &text, &outcome.id)? {
            let (issue, id) = (month.long_name(), &outcome.id);
            out.push(format!(
                "the block of {id} was deleted from the draft of {issue} and stays out: put it back there"
            ));
        }
    }
    out.push(format!("`roundup draft {month}` brings the draft up to date with it"));
    Ok(out)
}
