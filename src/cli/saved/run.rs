//! `roundup saved run`: the pages of saved searches, or what is new in them.

use std::collections::BTreeSet;
use std::path::Path;

use super::{form, named, told};
use crate::bibliography::Format;
use crate::cli::last_search::LastSearch;
use crate::cli::pager::paged;
use crate::cli::search::PageChoices;
use crate::cli::search_page::{self, Next, View};
use crate::cli::searchable::open_index;
use crate::cli::term::{Exit, Terminal};
use crate::cli::typed::meant;
use crate::cli::{Global, export, open, search_json, styled};
use crate::index::{Answer, LIMIT_MAX, Options, ParsedQuery, Searcher, Sort};
use crate::model::{Paper, WorkId};
use crate::pipeline::Home;
use crate::pipeline::saved::{SavedSearch, SavedSearches, SearchName, Seen};

/// How many papers of a search a page shows when nothing else is asked for.
const PAGE: usize = 10;

/// How many new papers of a search a page shows when nothing else is asked for: a month's, and more
/// than a person reads at once. What is not shown stays new.
const NEWS: usize = 100;

/// How many papers are asked of the index at once while new ones are picked out of all.
const STEP: usize = 500;

/// Shows the pages of saved searches, or what is new in them
///
/// With --new it shows what matches now and was not shown before, newest first. What a page did not
/// have room for stays new, and so does what could not be written because its reader had gone.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  roundup saved run kenya\n  roundup saved run --new                    what is new in all of them\n  \
    roundup saved run kenya --new --ris > new.ris\n  roundup saved run --new --peek             looks, and leaves it new\n\n\
    Exit codes: 0 found, 1 nothing found or nothing new (and nothing printed), 2 wrong usage or no index,\n\
    3 a search could not be run, or its news could not be shown"
)]
pub struct Args {
    /// Names of searches [default: all]
    #[arg(value_name = "NAME", value_parser = SearchName::parse)]
    names: Vec<SearchName>,
    /// Show only what was not shown before
    #[arg(long)]
    new: bool,
    /// Look without remembering what was shown
    #[arg(long, requires = "new")]
    peek: bool,
    /// Show at most so many papers of each search [default: 10; with --new 100; all for --ris and the like]
    #[arg(long, value_name = "N", value_parser = limit)]
    limit: Option<usize>,
    #[command(flatten)]
    forms: Forms,
    #[command(flatten)]
    page: PageChoices,
}

/// Forms that other tools take; a paper that several searches find stands in the file once.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct Forms {
    /// Print only the ids, one a line
    #[arg(long)]
    ids: bool,
    /// Print a table for spreadsheets
    #[arg(long)]
    csv: bool,
    /// Print RIS, for Zotero, EndNote, Mendeley
    #[arg(long)]
    ris: bool,
    /// Print BibTeX, for typesetting
    #[arg(long)]
    bibtex: bool,
    /// Print CSL-JSON, for Zotero and pandoc
    #[arg(long)]
    csl: bool,
    /// Print MEDLINE text, as PubMed exports it
    #[arg(long)]
    nbib: bool,
}

impl Forms {
    /// Returns the form that was asked for.
    fn asked(&self) -> Option<Format> {
        let all = [
            (self.ids, Format::Ids),
            (self.csv, Format::Csv),
            (self.ris, Format::Ris),
            (self.bibtex, Format::Bibtex),
            (self.csl, Format::Csl),
            (self.nbib, Format::Nbib),
        ];
        all.into_iter().find(|(is_asked, _)| *is_asked).map(|(_, format)| format)
    }
}

/// Reads a limit.
fn limit(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|n| (1..=LIMIT_MAX).contains(n));
    number.ok_or_else(|| format!("it goes from 1 to {LIMIT_MAX}"))
}

/// A search that is run.
struct Look {
    search: SavedSearch,
    query: ParsedQuery,
    options: Options,
    /// What was seen before.
    seen: BTreeSet<WorkId>,
    /// What is new; `None` when it was not asked for.
    news: Option<BTreeSet<WorkId>>,
    /// What this run shows.
    shown: BTreeSet<WorkId>,
}

/// Runs the command.
///
/// # Errors
/// When the index is damaged, or the files cannot be read or written.
pub fn run(args: &Args, shelf: &SavedSearches, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    if args.forms.asked().is_some() && global.json {
        term.note("roundup: --json and the forms for other tools print different things; choose one");
        return Ok(Exit::Usage);
    }
    let Some((saved, mut has_lost)) = chosen(args, shelf, term)? else { return Ok(Exit::Usage) };
    let home = Home::new(&global.home);
    let Some(searcher) = open_index(&home, term)? else { return Ok(Exit::Usage) };
    let mut looks = Vec::new();
    for search in saved {
        match look(args, search, shelf, &searcher, term)? {
            Some(look) => looks.push(look),
            None => has_lost = true,
        }
    }
    if args.new {
        looks.retain(|look| look.news.as_ref().is_some_and(|news| !news.is_empty()));
    }
    let order = match args.forms.asked() {
        Some(format) => papers(format, args, &mut looks, &searcher, term)?,
        None if global.json => lines(args, &mut looks, &searcher, term)?,
        None => page(args, &mut looks, &searcher, term)?,
    };
    // What a reader who left did not get is still new.
    term.flush();
    if args.new && !args.peek && !order.is_empty() {
        has_lost |= !(is_shown(term) && keep(&looks, shelf, term));
    }
    let is_page = args.forms.asked().is_none() && !global.json;
    if is_page && !order.is_empty() {
        LastSearch::new(0, order.iter().cloned()).keep(&home);
    }
    Ok(match (has_lost, order.is_empty()) {
        (true, _) => Exit::Partly,
        (false, true) => Exit::Nothing,
        (false, false) => Exit::Done,
    })
}

/// Returns the searches that are run, each once, and whether some could not be read; `None` when
/// there is none or a name is unknown, which was said.
fn chosen(args: &Args, shelf: &SavedSearches, term: &mut Terminal) -> anyhow::Result<Option<(Vec<SavedSearch>, bool)>> {
    if args.names.is_empty() {
        let (searches, problems) = shelf.all()?;
        let has_lost = told(&problems, term);
        if searches.is_empty() && !has_lost {
            term.note("no search is saved yet\n  help: roundup saved add kenya depression country:kenya");
            return Ok(None);
        }
        return Ok(Some((searches, has_lost)));
    }
    let mut searches: Vec<SavedSearch> = Vec::new();
    for name in &args.names {
        let Some(search) = named(name, shelf, term)? else { return Ok(None) };
        if !searches.contains(&search) {
            searches.push(search);
        }
    }
    Ok(Some((searches, false)))
}

/// Returns a search as it is run; `None` when its query no longer reads, which was said.
fn look(
    args: &Args,
    search: SavedSearch,
    shelf: &SavedSearches,
    searcher: &Searcher,
    term: &mut Terminal,
) -> anyhow::Result<Option<Look>> {
    let query = meant(&search.query)?;
    if !query.problems.is_empty() {
        let name = search.name.as_str();
        term.note(&format!("the saved search {name} can no longer be read: {}", search.query));
        told(&query.problems, term);
        term.note(&format!("  help: `roundup saved remove {name}`, then add it as it is written now"));
        return Ok(None);
    }
    let sort = if args.new { Sort::Date } else { Sort::Relevance };
    let options = Options { sort, ..super::options(search.exact) };
    let mut look = Look { search, query, options, seen: BTreeSet::new(), news: None, shown: BTreeSet::new() };
    if args.new {
        match shelf.seen(&look.search.name)? {
            Seen::Papers(papers) => look.seen = papers,
            Seen::Never => {}
            Seen::Damaged(aside) => note_damaged(&look.search, &aside, term),
        }
        let now = searcher.ids(&look.query, &options)?;
        look.news = Some(now.difference(&look.seen).cloned().collect());
    }
    Ok(Some(look))
}

/// Says that what was seen is not known any more.
pub(super) fn note_damaged(search: &SavedSearch, aside: &Path, term: &mut Terminal) {
    term.note(&format!(
        "what was seen of the saved search {} could not be read, so it counts as never looked at; the file is now {}",
        search.name.as_str(),
        aside.display()
    ));
}

/// Tells whether somebody got what was printed; says so when nobody did.
fn is_shown(term: &mut Terminal) -> bool {
    let gone = match (term.is_closed(), open::is_output_closed()) {
        (_, true) => "standard output is closed",
        (true, _) => "not all of this could be shown",
        (false, false) => return true,
    };
    term.note(&format!("{gone}: what is new stays new"));
    false
}

/// Keeps what was shown; tells whether all of it could be kept.
fn keep(looks: &[Look], shelf: &SavedSearches, term: &mut Terminal) -> bool {
    let mut is_kept = true;
    for look in looks {
        // What was seen once stays seen: a paper that goes and comes back is no news.
        let seen = look.seen.union(&look.shown).cloned().collect();
        if let Err(error) = shelf.keep(&look.search.name, &seen) {
            let name = look.search.name.as_str();
            term.note(&format!("what was shown of {name} comes again the next time: {:#}", anyhow::Error::from(error)));
            is_kept = false;
        }
    }
    is_kept
}

/// Returns the papers of a search for a page: its best, or the newest of what is new.
fn answer(look: &Look, args: &Args, searcher: &Searcher) -> anyhow::Result<Answer> {
    let Some(news) = &look.news else {
        let options = Options { limit: args.limit.unwrap_or(PAGE), ..look.options };
        return Ok(searcher.search(&look.query, &options)?);
    };
    let wanted = args.limit.unwrap_or(NEWS).min(news.len());
    let mut found = Answer { total: news.len(), ..Answer::default() };
    for offset in (0..=LIMIT_MAX).step_by(STEP) {
        let answer = searcher.search(&look.query, &Options { limit: STEP, offset, facets: false, ..look.options })?;
        let is_last = answer.hits.len() < STEP;
        found.hits.extend(answer.hits.into_iter().filter(|hit| news.contains(&hit.paper.id)));
        if is_last || found.hits.len() >= wanted {
            break;
        }
    }
    found.hits.truncate(wanted);
    Ok(found)
}

/// Prints a page, each search below its heading; returns its papers in order.
fn page(args: &Args, looks: &mut [Look], searcher: &Searcher, term: &mut Terminal) -> anyhow::Result<Vec<WorkId>> {
    let mut order = Vec::new();
    if looks.is_empty() {
        return Ok(order);
    }
    let screen = open::looks();
    let hyperlink = args.page.hyperlink.unwrap_or_default();
    let base = View::new(0, hyperlink, &screen, term);
    paged(args.page.paging(), &screen, term, |term| {
        for (n, look) in looks.iter_mut().enumerate() {
            let answer = answer(look, args, searcher)?;
            if n > 0 {
                term.line("");
            }
            styled::print(&form::heading(&look.search), 0, 2, term);
            term.line("");
            let next = if args.new { Next::Run } else { Next::Limit };
            // Numbers go on from search to search, so that `roundup show 12` knows which is meant.
            search_page::print(&answer, View { offset: order.len(), next, ..base }, term);
            for note in &answer.notes {
                term.note(note);
            }
            let ids = answer.hits.into_iter().map(|hit| hit.paper.id);
            order.extend(ids.inspect(|id| {
                look.shown.insert(id.clone());
            }));
        }
        Ok(())
    })?;
    Ok(order)
}

/// Prints a line for each paper, with the name of its search; returns the papers.
fn lines(args: &Args, looks: &mut [Look], searcher: &Searcher, term: &mut Terminal) -> anyhow::Result<Vec<WorkId>> {
    let mut order = Vec::new();
    for look in looks {
        for (n, hit) in answer(look, args, searcher)?.hits.iter().enumerate() {
            let mut line = search_json::hit(n + 1, hit);
            if let Some(line) = line.as_object_mut() {
                line.insert("search".to_owned(), look.search.name.as_str().into());
            }
            term.json(&line)?;
            look.shown.insert(hit.paper.id.clone());
            order.push(hit.paper.id.clone());
        }
    }
    Ok(order)
}

/// Prints the papers of all searches as one file; returns them.
fn papers(
    format: Format,
    args: &Args,
    looks: &mut [Look],
    searcher: &Searcher,
    term: &mut Terminal,
) -> anyhow::Result<Vec<WorkId>> {
    let limit = args.limit.unwrap_or(usize::MAX);
    let mut order: Vec<WorkId> = Vec::new();
    let mut written = BTreeSet::new();
    let mut source = |take: &mut dyn FnMut(Paper) -> bool| {
        for look in &mut *looks {
            searcher.each(Some(&look.query), &look.options, &mut |paper| {
                let is_wanted = look.news.as_ref().is_none_or(|news| news.contains(&paper.id));
                if !is_wanted {
                    return true;
                }
                look.shown.insert(paper.id.clone());
                let is_first = written.insert(paper.id.clone());
                if is_first {
                    order.push(paper.id.clone());
                }
                (!is_first || take(paper)) && look.shown.len() < limit
            })?;
        }
        Ok(())
    };
    export::to_terminal(format, usize::MAX, &mut source, term)?;
    Ok(order)
}
