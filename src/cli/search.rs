//! `roundup search`.

use clap::Args as _;

use super::last_search::LastSearch;
use super::pager::{Paging, paged};
use super::search_page::View;
use super::searchable::{behind, fresh_help, is_fresh, open_index, with_mending};
use super::term::{Exit, Style, Terminal};
use super::typed::{meant, typed};
use super::{Global, browser, open, picker, search_json, search_page};
use crate::index::{Answer, Options, ParsedQuery, Searcher};
use crate::pipeline::Home;

mod choices;
mod export;
mod queries;
mod whole;

use choices::Form;
pub use choices::{Asked, Choices, PageChoices, Refused};

/// Searches everything ever indexed, offline
///
/// Type words as you would anywhere: papers with more of them come first, other forms and other
/// names of a word count too (EPDS finds the Edinburgh Postnatal Depression Scale).
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, after_long_help = LANGUAGE)]
pub struct Args {
    /// What to look for; see the examples
    // A minus excludes a word, so that words may begin with one. Options behind the first word
    // then come as words too; `Asked::read` takes them out.
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    query: Vec<String>,
    #[command(flatten)]
    choices: Choices,
}

/// Examples for the short help.
const EXAMPLES: &str = "\
Examples:
  roundup search postpartum depression screening kenya
  roundup search '\"thinking healthy\" country:PK since:2022'
  roundup search EPDS swahili --why
  roundup search stigma region:\"East Africa\" --ris > stigma.ris

`roundup search --help` explains the language of queries.";

/// What the long help explains.
const LANGUAGE: &str = "\
What to type:
  words                     any of them; papers with more of them first
  \"two words\"               side by side; required
  -word                     without it
  a AND b, a OR b, ( )      all of them, one of them, together
  depress*                  words that begin so
  country:kenya             in that field; required
  country:KE country:UG     either of them
  2022..2025 since:2024-06  time; also year:2024, until:2023
  10.1000/xyz, 31234567     the paper with that DOI or PMID; addresses too

Fields: title, author, journal, country, region, twg, design, condition, population,
intervention, year, since, until, lang, oa, source, issue, doi, pmid

Examples:
  roundup search postpartum depression screening kenya
  roundup search '\"thinking healthy\" country:PK since:2022'
  roundup search 'design:rct country:(kenya uganda) -adolescent' --sort date
  roundup search EPDS swahili --why                  why each paper was found
  roundup search depression region:\"East Africa\"     all its countries
  roundup search stigma 2022..2025 --ris > stigma.ris
  roundup search --facets                            what there is to filter by
  roundup search \"kangaroo care\" --open 2            opens the second one in the browser

`roundup search - < strategy.txt` reads a search of several lines, numbered or not.
Then `roundup show 2` shows the second paper of the page whole.

--json prints as many papers as --limit, 10 by default.

Exit codes: 0 found, 1 nothing found, 2 the query or the index is not right, 3 some lines of
a file of queries could not be read, or not all of the answer could be written";

/// Runs the command.
///
/// # Errors
/// When the index is damaged.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let asked = match Asked::read(&args.query, &args.choices, global) {
        Ok(asked) => asked,
        Err(Refused::Help) => {
            let help = Args::augment_args(clap::Command::new("roundup search")).render_long_help();
            term.line(&help.to_string());
            return Ok(Exit::Done);
        }
        Err(Refused::Wrong(text)) => {
            term.note(&text);
            return Ok(Exit::Usage);
        }
    };
    let home = Home::new(&asked.home);
    with_mending(&home, term, &mut |term| run_at(&home, &asked, term))
}

/// Runs the command in a home.
fn run_at(home: &Home, asked: &Asked, term: &mut Terminal) -> anyhow::Result<Exit> {
    let Some(searcher) = open_index(home, term)? else { return Ok(Exit::Usage) };
    if let Some(file) = &asked.choices.queries {
        return queries::run(file, &asked.options(), &searcher, term);
    }
    if asked.choices.interactive {
        return picker::run(&typed(&asked.words), &asked.options(), &searcher, &open::looks(), term);
    }
    // Without words the counts are those of all papers.
    let query = match asked.words.as_slice() {
        [] => ParsedQuery::everything(),
        [dash] if dash == "-" => match whole::query() {
            Ok(text) => meant(&text)?,
            Err(problem) => {
                term.problem(&problem);
                return Ok(Exit::Usage);
            }
        },
        words => meant(&typed(words))?,
    };
    if !query.problems.is_empty() {
        for problem in &query.problems {
            term.problem(problem);
        }
        return Ok(Exit::Usage);
    }
    let exit = answer(asked, &query, home, &searcher, term)?;
    if exit == Exit::Nothing && asked.form() != Form::Quiet && searcher.is_empty() && is_fresh(home) {
        term.note(&format!("  help: {}", fresh_help(home)));
    }
    Ok(exit)
}

/// Answers a query in the form that was asked for.
fn answer(
    asked: &Asked,
    query: &ParsedQuery,
    home: &Home,
    searcher: &Searcher,
    term: &mut Terminal,
) -> anyhow::Result<Exit> {
    let options = asked.options();
    let total = match asked.form() {
        Form::Page => page(asked, query, home, searcher, term)?,
        Form::Json => {
            let answer = searcher.search(query, &options)?;
            for (n, hit) in answer.hits.iter().enumerate() {
                let line = if options.why { search_json::explained } else { search_json::hit };
                term.json(&line(options.offset + n + 1, hit))?;
            }
            notes(&answer, term)
        }
        Form::Count | Form::Facets => {
            // One paper is enough; the notes need a search.
            let answer = searcher.search(query, &Options { limit: 1, ..options })?;
            match (asked.form(), asked.is_json) {
                (Form::Count, true) => term.json(&search_json::total(answer.total))?,
                (Form::Count, false) => term.line(&answer.total.to_string()),
                (_, true) => term.json(&search_json::counts(&answer, &searcher.tags(query, &options)?))?,
                (_, false) => {
                    let tags = searcher.tags(query, &options)?;
                    search_page::counts(&answer, &tags, view(asked, term).0, term);
                }
            }
            notes(&answer, term)
        }
        Form::Export(export) => match export::print(export, query, &options, searcher, term)? {
            0 => notes(&searcher.search(query, &Options { limit: 1, ..options })?, term),
            count => count,
        },
        Form::Open(number) => return open_one(number, query, &options, searcher, term),
        Form::Quiet => searcher.count(query, &options)?,
    };
    Ok(if total == 0 { Exit::Nothing } else { Exit::Done })
}

/// Prints the sentences that explain an answer; returns how many papers match.
fn notes(answer: &Answer, term: &mut Terminal) -> usize {
    for note in &answer.notes {
        term.note(note);
    }
    answer.total
}

/// Returns how the page looks, and what the environment tells.
fn view(asked: &Asked, term: &Terminal) -> (View, super::looks::Looks) {
    let looks = open::looks();
    let hyperlink = asked.choices.page.hyperlink.unwrap_or_default();
    (View::new(asked.options().offset, hyperlink, &looks, term), looks)
}

/// Prints a page for people and keeps the numbers of its papers.
fn page(
    asked: &Asked,
    query: &ParsedQuery,
    home: &Home,
    searcher: &Searcher,
    term: &mut Terminal,
) -> anyhow::Result<usize> {
    let answer = searcher.search(query, &asked.options())?;
    let behind = behind(home, searcher);
    let (view, looks) = view(asked, term);
    let paging = asked.choices.page.paging();
    paged(paging, &looks, term, |term| {
        search_page::print(&answer, view, term);
        if let Some(sentence) = behind {
            term.styled(&[(Style::Dim, sentence)]);
        }
        notes(&answer, term);
        Ok(())
    })?;
    if !answer.hits.is_empty() {
        // A person reads already while the numbers are kept.
        term.flush();
        LastSearch::new(view.offset, answer.hits.iter().map(|h| h.paper.id.clone())).keep(home);
    }
    Ok(answer.total)
}

/// Opens one of the papers in the browser.
fn open_one(
    number: usize,
    query: &ParsedQuery,
    options: &Options,
    searcher: &Searcher,
    term: &mut Terminal,
) -> anyhow::Result<Exit> {
    let answer = searcher.search(query, &Options { limit: 1, offset: number - 1, ..*options })?;
    if let Some(hit) = answer.hits.first() {
        return Ok(browser::open(&hit.paper, &open::looks(), term));
    }
    if notes(&answer, term) > 0 {
        let total = answer.total;
        let last = if total == 1 { "one paper".to_owned() } else { format!("papers 1 to {total}") };
        term.note(&format!("there is no paper number {number}; the search finds {last}"));
    }
    Ok(Exit::Nothing)
}

impl PageChoices {
    /// Returns whether a long page goes through a pager.
    pub fn paging(self) -> Paging {
        if self.no_pager { Paging::Never } else { Paging::Auto }
    }
}
