//! `roundup retag`: the tags of papers, by the rules of today and by the words of people.

use super::Global;
use super::open::{self, Access};
use super::term::{Exit, Terminal};
use crate::pipeline::judge::{self, TagOutcome, Wish};
use crate::pipeline::{self, Ctx, Error};
use crate::store::TagAction;

mod log;
mod page;
mod trial;

/// Judges every paper by the rules of today; or shows and changes the tags of one paper
///
/// What you add or remove outranks the rules and holds in every later run, also when the paper is
/// merged with another or parted from it, until you take it back. A paper is named by its id (w…),
/// PMID or DOI, a tag as kind:value.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Paper: id (w…), PMID or DOI; all papers when not given
    #[arg(value_name = "PAPER")]
    paper: Option<String>,
    /// Gives the paper a tag; may be repeated
    #[arg(long, value_name = "TAG")]
    add: Vec<String>,
    /// Takes a tag away from the paper; may be repeated
    #[arg(long, value_name = "TAG")]
    remove: Vec<String>,
    /// Takes your word on a tag back: the rules decide again; may be repeated
    #[arg(long, value_name = "TAG")]
    undo: Vec<String>,
    /// Why you say so, kept with your word
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    why: String,
    /// Who says so [default: the name you are logged in by]
    #[arg(long, value_name = "NAME")]
    who: Option<String>,
    /// Lists what people said, newest first
    #[arg(long)]
    log: bool,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
    /// With --dry-run for all papers: show so many examples of each change
    #[arg(long, value_name = "N", default_value_t = EXAMPLES_SHOWN)]
    examples: usize,
    /// With --dry-run for all papers: show every paper that would change
    #[arg(long)]
    all: bool,
}

/// Examples of each change that are shown unless said otherwise.
const EXAMPLES_SHOWN: usize = 3;

const EXAMPLES: &str = "\
Examples:
  roundup retag --dry-run                      what a change of topics.toml would do, with examples
  roundup retag                                judges every paper by the rules of today
  roundup retag 90000001                       the paper's tags, each with its reason
  roundup retag 90000001 --add country:Kenya --remove twg:ikel --why \"the sample was Kenyan\"
  roundup retag 90000001 --add primary:advocacy
  roundup retag 10.5555/abc --add \"finding:Home visits halved distress in twelve villages.\"
  roundup retag 90000001 --undo country:Kenya  takes your word back
  roundup retag --log                          what people said, newest first

Kinds of tags: scope, country, region, twg, primary (the first working group), design, condition,
intervention, population, stage, flag, finding. Countries by name, code or people.
Issues that were rendered are not changed, unless you render that month again; there a paper that you
put out of scope stays until you delete its block, and `roundup check` names it.

Exit codes: 0 done, 1 no such paper or nothing to show, 2 wrong usage, 75 another roundup is writing";

/// Runs the command.
///
/// # Errors
/// When the home cannot be opened or the database refuses.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let has_words = [&args.add, &args.remove, &args.undo].iter().any(|l| !l.is_empty());
    let outcome = match &args.paper {
        _ if args.log && has_words => Ok(wrong("--log only lists; it takes no --add, --remove or --undo", term)),
        paper if args.log => log::run(paper.as_deref(), global, term),
        None if has_words => {
            Ok(wrong("which paper is meant?\n  help: name it first: roundup retag 90000001 --add country:Kenya", term))
        }
        None if args.dry_run => trial::run(args.examples, args.all, global, term),
        None => all(global, term),
        Some(paper) if has_words => say(paper, args, global, term),
        Some(paper) => page::run(paper, global, term),
    };
    outcome.or_else(|error| match error.downcast_ref::<Error>() {
        Some(Error::Missing(text)) => {
            term.note(&format!("roundup: {text}"));
            Ok(Exit::Nothing)
        }
        _ => Err(error),
    })
}

/// Says what is wrong with the words that were typed.
fn wrong(text: &str, term: &mut Terminal) -> Exit {
    term.note(&format!("roundup: {text}"));
    Exit::Usage
}

/// Judges every paper by the rules of today.
fn all(global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Write, term)?;
    let report = pipeline::judge(&ctx)?;
    pipeline::update_index(&ctx, false)?;
    if global.json {
        term.json(&report)?;
    } else {
        term.line(&format!("{} judged, {} came out differently", super::sync::papers(report.judged), report.changed));
    }
    Ok(Exit::Done)
}

/// Takes in what a person says of a paper's tags.
fn say(paper: &str, args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let ctx = open::open(global, Access::Write, term)?;
    let Some(wishes) = wishes(args, &ctx, term) else { return Ok(Exit::Usage) };
    let id = pipeline::find(&ctx, paper)?;
    let who = args.who.clone().filter(|w| !w.trim().is_empty()).unwrap_or_else(open::user);
    let work = || judge::say(&ctx, &id, &wishes, &who, &args.why);
    let outcome = if args.dry_run { ctx.store.rehearse(|_| work()) } else { ctx.store.transaction(|_| work()) }?;
    // A word needs no judging: a change of rules that is being tried out stays on trial.
    if !args.dry_run {
        pipeline::update_index(&ctx, false)?;
        (ctx.progress)("");
    }
    if global.json {
        term.json(&page::outcome_json(&ctx, &outcome, args.dry_run))?;
        return Ok(Exit::Done);
    }
    if let Some(line) = super::merge::redirects(paper, &id) {
        term.line(&line);
    }
    page::print_outcome(&ctx, &outcome, args.dry_run, term);
    for line in follows(&ctx, &outcome, args.dry_run)? {
        term.line(&line);
    }
    Ok(Exit::Done)
}

/// Returns what is wished for, checked; says everything that is wrong at once and returns `None`.
fn wishes(args: &Args, ctx: &Ctx, term: &mut Terminal) -> Option<Vec<Wish>> {
    let mut out: Vec<Wish> = Vec::new();
    let mut is_right = true;
    let all = [(TagAction::Remove, &args.remove), (TagAction::Add, &args.add), (TagAction::Undo, &args.undo)];
    for (action, texts) in all {
        for text in texts {
            match Wish::parse(action, text, &ctx.config) {
                Ok(wish) => {
                    let slot = wish.facet.slot(&wish.value);
                    if let Some(other) = out.iter().find(|w| w.facet.slot(&w.value) == slot && **w != wish) {
                        is_right = false;
                        let says = format!("{} and {} contradict each other; say one of them", other.tag(), wish.tag());
                        wrong(&says, term);
                    }
                    out.push(wish);
                }
                Err(text) => {
                    is_right = false;
                    wrong(&text, term);
                }
            }
        }
    }
    out.dedup();
    is_right.then_some(out)
}

/// Returns what a person may want to know or do next.
fn follows(ctx: &Ctx, outcome: &TagOutcome, is_dry: bool) -> anyhow::Result<Vec<String>> {
    let mut out = Vec::new();
    let (id, after) = (&outcome.id, &outcome.after);
    if after.scope != crate::model::Scope::Out && after.twg.is_empty() {
        let known: Vec<&str> = ctx.config.rules.topics.iter().map(|t| t.id.as_str()).collect();
        out.push(format!(
            "it has no working group; to name one: roundup retag {id} --add twg:… ({})",
            known.join(", ")
        ));
    }
    if let Some(month) = ctx.store.issue_of(id)? {
        out.push(format!("it was in the roundup of {}; that issue stays as it was", month.long_name()));
    }
    let month = ctx.issue_month();
    let draft = pipeline::draft_file::text(&ctx.home, month)?;
    let is_touched = outcome.before.scope != after.scope || draft.as_ref().is_some_and(|t| t.contains(id.as_str()));
    if !is_dry && draft.is_some() && is_touched {
        out.push(format!("`roundup draft {month}` brings the draft up to date with it; in a month that was rendered, `roundup check {month}` names what is left to do"));
    }
    Ok(out)
}
