//! `roundup saved`: searches that are kept, and what is new in them.

use clap::Args as _;

use super::search::{Asked, Choices, Refused};
use super::searchable::open_index;
use super::sync::papers;
use super::term::{Exit, Style, Terminal};
use super::typed::{meant, typed};
use super::{Global, open, styled};
use crate::index::Options;
use crate::model::text::did_you_mean;
use crate::pipeline::saved::{SEARCHES_MAX, SavedSearch, SavedSearches, SearchName, Seen};
use crate::pipeline::{Home, remove_left_over_of_copy};

mod form;
mod run;

/// Keeps searches, and shows what is new in them
///
/// Offline, and for each search by itself: new is what matches now and was not shown before, be it
/// new here or found only now, by a tag or an abstract that came later. Without more it lists them.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Add(AddArgs),
    /// Lists the saved searches
    List,
    /// Shows what a saved search looks for, and how many papers were seen
    Show(NameArgs),
    /// Forgets a saved search; no paper is removed
    Remove(NameArgs),
    Run(run::Args),
}

/// Saves a search
///
/// What matches now counts as seen: the first `saved run --new` shows only what comes later.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  roundup saved add kenya depression country:kenya\n  \
    roundup saved add teens '\"thinking healthy\" population:adolescent' --exact\n\n\
    Exit codes: 0 saved, 2 the query, the name or the index is not right")]
struct AddArgs {
    /// Name of the search: letters a–z, digits, hyphens
    #[arg(value_name = "NAME", value_parser = SearchName::parse)]
    name: SearchName,
    /// What to look for, as in `roundup search`
    // Options behind the first word come as words; `Asked::read` takes them out.
    #[arg(value_name = "QUERY", allow_hyphen_values = true, required = true)]
    query: Vec<String>,
    /// Look only for what was typed, not for other names of it
    #[arg(long)]
    exact: bool,
}

/// The name of a search.
#[derive(Debug, clap::Args)]
struct NameArgs {
    /// Name of the search
    #[arg(value_name = "NAME", value_parser = SearchName::parse)]
    name: SearchName,
}

/// Runs the command.
///
/// # Errors
/// When the index is damaged, or the files cannot be read or written.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let shelf = SavedSearches::of(&Home::new(&global.home));
    match &args.command {
        Some(Command::Add(args)) => add(args, global, term),
        None | Some(Command::List) => list(&shelf, global, term),
        Some(Command::Show(args)) => show(&args.name, &shelf, global, term),
        Some(Command::Remove(args)) => remove(&args.name, &shelf, term),
        Some(Command::Run(args)) => run::run(args, &shelf, global, term),
    }
}

/// Returns how the index is asked by a saved search: for all its papers.
fn options(exact: bool) -> Options {
    Options { limit: usize::MAX, knowledge: !exact, ..Options::default() }
}

/// Saves a search.
fn add(args: &AddArgs, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let early = Choices { exact: args.exact, ..Choices::default() };
    let asked = match Asked::read(&args.query, &early, global) {
        Ok(asked) => asked,
        Err(Refused::Help) => {
            let help = AddArgs::augment_args(clap::Command::new("roundup saved add")).render_long_help();
            term.line(&help.to_string());
            return Ok(Exit::Done);
        }
        Err(Refused::Wrong(text)) => {
            term.note(&text);
            return Ok(Exit::Usage);
        }
    };
    if !asked.choices.is_at_most_exact() {
        term.note("roundup: only --exact goes with a saved search; `roundup saved run` takes how it is shown");
        return Ok(Exit::Usage);
    }
    let home = Home::new(&asked.home);
    let shelf = SavedSearches::of(&home);
    let name = args.name.as_str();
    if shelf.has(&args.name) {
        term.note(&format!(
            "roundup: there is a saved search {name} already\n  help: `roundup saved remove {name}` forgets it"
        ));
        return Ok(Exit::Usage);
    }
    if shelf.all()?.0.len() >= SEARCHES_MAX {
        term.note(&format!("roundup: {SEARCHES_MAX} searches are saved, and no more can be"));
        return Ok(Exit::Usage);
    }
    let text = typed(&asked.words);
    let query = meant(&text)?;
    if told(&query.problems, term) {
        return Ok(Exit::Usage);
    }
    let Some(searcher) = open_index(&home, term)? else { return Ok(Exit::Usage) };
    remove_left_over_of_copy(&home, open::clock()?.now());
    let exact = asked.choices.exact;
    let seen = searcher.ids(&query, &options(exact))?;
    shelf.add(&args.name, &text, exact, &seen)?;
    if seen.is_empty() {
        // As a search would say it: a mistyped filter finds nothing for years.
        for note in &searcher.search(&query, &Options { limit: 1, ..options(exact) })?.notes {
            term.note(note);
        }
    }
    if asked.is_json {
        term.json(&form::search(name, &text, exact, Some(seen.len())))?;
        return Ok(Exit::Done);
    }
    let matching = match seen.len() {
        0 => "No paper matches yet".to_owned(),
        1 => "The paper that matches now counts as seen".to_owned(),
        n => format!("The {n} papers that match now count as seen"),
    };
    term.line(&format!("Saved as {name}. {matching}; `roundup saved run {name} --new` shows what comes later."));
    Ok(Exit::Done)
}

/// Prints problems; tells whether there were any.
fn told(problems: &[crate::model::Problem], term: &mut Terminal) -> bool {
    for problem in problems {
        term.problem(problem);
    }
    !problems.is_empty()
}

/// Lists the searches.
fn list(shelf: &SavedSearches, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let (searches, problems) = shelf.all()?;
    let width = searches.iter().map(|s| s.name.as_str().len()).max().unwrap_or(0);
    for search in &searches {
        let (name, exact) = (search.name.as_str(), if search.exact { " --exact" } else { "" });
        if global.json {
            term.json(&form::search(name, &search.query, search.exact, None))?;
        } else {
            let parts = [(Style::Bold, format!("{name:width$}")), (Style::Plain, format!(" {}{exact}", search.query))];
            styled::print(&parts, 0, width + 1, term);
        }
    }
    let has_lost = told(&problems, term);
    if searches.is_empty() && !has_lost {
        term.note("no search is saved yet\n  help: roundup saved add kenya depression country:kenya");
    }
    Ok(match (has_lost, searches.is_empty()) {
        (true, _) => Exit::Partly,
        (false, true) => Exit::Nothing,
        (false, false) => Exit::Done,
    })
}

/// Returns the search of a name; `None` when there is none that can be read, which was said.
fn named(name: &SearchName, shelf: &SavedSearches, term: &mut Terminal) -> anyhow::Result<Option<SavedSearch>> {
    let (searches, problems) = shelf.all()?;
    if let Some(search) = searches.iter().find(|s| s.name == *name) {
        return Ok(Some(search.clone()));
    }
    told(&problems, term);
    let name = name.as_str();
    let help = match searches.as_slice() {
        [] => "none is saved yet".to_owned(),
        all => did_you_mean(name, all.iter().map(|s| s.name.as_str())),
    };
    term.note(&format!("roundup: there is no saved search {name}\n  help: {help}"));
    Ok(None)
}

/// Shows a search.
fn show(name: &SearchName, shelf: &SavedSearches, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let Some(search) = named(name, shelf, term)? else { return Ok(Exit::Usage) };
    let seen = match shelf.seen(&search.name)? {
        Seen::Papers(papers) => Some(papers.len()),
        Seen::Never => None,
        Seen::Damaged(aside) => {
            run::note_damaged(&search, &aside, term);
            None
        }
    };
    if global.json {
        term.json(&form::search(search.name.as_str(), &search.query, search.exact, seen))?;
        return Ok(Exit::Done);
    }
    styled::print(&form::heading(&search), 0, 2, term);
    if search.exact {
        term.line("Only what was typed is looked for, no other names of it.");
    }
    term.line(&match seen {
        Some(n) => format!("{} {} seen.", papers(n), if n == 1 { "was" } else { "were" }),
        None => "Never looked at.".to_owned(),
    });
    Ok(Exit::Done)
}

/// Forgets a search. One whose file is damaged can be forgotten as well.
fn remove(name: &SearchName, shelf: &SavedSearches, term: &mut Terminal) -> anyhow::Result<Exit> {
    if shelf.has(name) {
        shelf.remove(name)?;
        term.line(&format!("Removed {}.", name.as_str()));
        return Ok(Exit::Done);
    }
    named(name, shelf, term)?;
    Ok(Exit::Usage)
}
