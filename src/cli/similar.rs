//! `roundup similar`: papers like one paper, offline.

use super::last_search::LastSearch;
use super::pager::paged;
use super::search::PageChoices;
use super::search_page::View;
use super::term::{Exit, Style, Terminal};
use super::{Global, open, paper_named, search_json, search_page, searchable, styled};
use crate::index::LIMIT_MAX;
use crate::pipeline::Home;

/// Shows papers like one paper, the nearest first, offline
///
/// Compares the words that tell most about the paper: those that are frequent in it and rare
/// elsewhere. The paper's own preprint, corrections and the like are left out.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  roundup similar 3                  like the third paper of the last search\n  \
    roundup similar 10.1000/xyz --limit 5\n\nExit codes: 0 found, 1 nothing found, 2 the index is not right")]
pub struct Args {
    /// Id, PMID, DOI or address of a paper, or its number in the last search
    #[arg(value_name = "ID")]
    id: String,
    /// Show at most so many papers
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = limit)]
    limit: usize,
    #[command(flatten)]
    page: PageChoices,
}

/// Reads a limit.
fn limit(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|n| (1..=LIMIT_MAX).contains(n));
    number.ok_or_else(|| format!("it goes from 1 to {LIMIT_MAX}"))
}

/// Runs the command.
///
/// # Errors
/// When the index is damaged.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let home = Home::new(&global.home);
    let Some(searcher) = searchable::open_index(&home, term)? else { return Ok(Exit::Usage) };
    let Some(paper) = paper_named::find(&args.id, &home, &searcher, term)? else { return Ok(Exit::Nothing) };
    let answer = searcher.similar(&paper, args.limit)?;
    let exit = if answer.hits.is_empty() { Exit::Nothing } else { Exit::Done };
    if global.json {
        for (n, hit) in answer.hits.iter().enumerate() {
            term.json(&search_json::hit(n + 1, hit))?;
        }
        return Ok(exit);
    }
    let looks = open::looks();
    let view = View::new(0, args.page.hyperlink.unwrap_or_default(), &looks, term);
    paged(args.page.paging(), &looks, term, |term| {
        let heading = if answer.hits.is_empty() { "No papers are like: " } else { "Papers like: " };
        styled::print(&[(Style::Plain, heading.to_owned()), (Style::Bold, paper.title())], 0, 2, term);
        if !answer.hits.is_empty() {
            term.line("");
        }
        search_page::hits(&answer, view, term);
        Ok(())
    })?;
    if !answer.hits.is_empty() {
        term.flush();
        LastSearch::new(0, answer.hits.iter().map(|h| h.paper.id.clone())).keep(&home);
    }
    Ok(exit)
}
