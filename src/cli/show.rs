//! `roundup show`: a paper whole, for reading.

use super::columns::padded;
use super::pager::paged;
use super::search::PageChoices;
use super::search_page::{View, print_address, readable, warnings};
use super::styled;
use super::term::{Exit, Style, Terminal};
use super::{Global, open, paper_named, search_counts, searchable};
use crate::cli::search_json;
use crate::index::{Searcher, findable};
use crate::model::{Author, Design, Doi, Paper, Pmcid, Pmid, Record, Relation, passages, tag_words};
use crate::pipeline::Home;

mod text;

/// The most authors named: consortia have hundreds.
const AUTHORS_MAX: usize = 20;

/// Columns of the names of facts.
const NAMES: usize = 15;

/// Shows a paper whole: authors, where it appeared, what it is about, abstract, links
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  roundup show 3                     the third paper of the last search\n  \
    roundup show 10.1000/xyz\n  roundup show 31234567 PMC7654321\n\n\
    A number of up to four digits is that of the last `roundup search` or `roundup similar`\nhere; \
    a PMID that short is written pmid:123.\n\nExit codes: 0 all shown, 1 some are unknown, 2 the index is not right")]
pub struct Args {
    /// Ids, PMIDs, DOIs or addresses of papers, or their numbers in the last search
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    #[command(flatten)]
    page: PageChoices,
}

/// Runs the command.
///
/// # Errors
/// When the index is damaged.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    let home = Home::new(&global.home);
    let Some(searcher) = searchable::open_index(&home, term)? else { return Ok(Exit::Usage) };
    let mut papers = Vec::new();
    let mut exit = Exit::Done;
    for id in whole(&args.ids) {
        match paper_named::find(&id, &home, &searcher, term)? {
            Some(paper) => papers.push(paper),
            None => exit = Exit::Nothing,
        }
    }
    if global.json {
        for paper in &papers {
            term.json(&search_json::whole(paper))?;
        }
        return Ok(exit);
    }
    let looks = open::looks();
    let view = View::new(0, args.page.hyperlink.unwrap_or_default(), &looks, term);
    paged(args.page.paging(), &looks, term, |term| {
        for (n, paper) in papers.iter().enumerate() {
            if n > 0 {
                term.line("");
                term.line(&"-".repeat(term.width().min(NAMES)));
                term.line("");
            }
            print(paper, view, &searcher, term);
        }
        Ok(())
    })?;
    Ok(exit)
}

/// Returns the ids, where `PMID: 90000001` was typed as two words.
fn whole(ids: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for id in ids {
        match out.last_mut().filter(|last| last.ends_with(':')) {
            Some(name) => name.push_str(id),
            None => out.push(id.clone()),
        }
    }
    out
}

/// Prints a paper.
fn print(paper: &Paper, view: View, searcher: &Searcher, term: &mut Terminal) {
    let record = &paper.record;
    styled::print(&[(Style::Bold, paper.title())], 0, 0, term);
    if let Some(title) = &record.title_vernacular {
        styled::print(&[(Style::Plain, title.clone())], 0, 0, term);
    }
    for warning in warnings(paper) {
        styled::print(&[(Style::Bold, text::sentence(warning))], 0, 0, term);
    }
    for line in [authors(record), text::citation(record)] {
        if !line.is_empty() {
            styled::print(&[(Style::Plain, line)], 0, 0, term);
        }
    }
    if let Some(finding) = &paper.finding {
        term.line("");
        fact("Finding", finding, term);
    }
    term.line("");
    addresses(paper, view, term);
    term.line("");
    tags(paper, searcher, term);
    for relation in &record.relations {
        print_link(relation, term);
    }
    abstract_of(record, term);
    keywords(record, term);
}

/// Returns the authors as a line.
fn authors(record: &Record) -> String {
    let names: Vec<String> = record.authors.iter().map(Author::short_name).filter(|n| !n.is_empty()).collect();
    let first: Vec<&str> = names.iter().take(AUTHORS_MAX).map(String::as_str).collect();
    match names.len().checked_sub(AUTHORS_MAX).filter(|more| *more > 0) {
        Some(more) => format!("{}, and {more} more", first.join(", ")),
        None => first.join(", "),
    }
}

/// Prints a fact: its name, then its value set in.
fn fact(name: &str, value: &str, term: &mut Terminal) {
    if value.trim().is_empty() {
        return;
    }
    if term.width() < NAMES * 4 {
        return styled::print(&[(Style::Dim, format!("{name}: ")), (Style::Plain, value.to_owned())], 0, 2, term);
    }
    for (n, line) in
        styled::wrap(&[(Style::Plain, value.to_owned())], term.width(), NAMES, NAMES).into_iter().enumerate()
    {
        if n > 0 {
            styled::print_line(&line, term);
            continue;
        }
        let name = std::iter::once((Style::Dim, padded(name, NAMES)));
        styled::print_line(&name.chain(line.into_iter().skip(1)).collect::<Vec<_>>(), term);
    }
}

/// Prints where the paper can be read, the open copy first, and its ids.
fn addresses(paper: &Paper, view: View, term: &mut Terminal) {
    let record = &paper.record;
    let pairs = [
        ("Full text", record.pmcid.as_ref().map(Pmcid::url)),
        ("DOI", record.doi.as_ref().map(Doi::url)),
        ("PubMed", record.pmid.map(Pmid::url)),
        ("Page", record.url.clone()),
    ];
    let mut shown: Vec<String> = Vec::new();
    let links = record.links.iter().map(|link| ("Link", Some(link.clone())));
    for (name, address) in pairs.into_iter().chain(links) {
        let Some(address) = address.filter(|a| !shown.contains(a)) else { continue };
        let name = if term.width() < NAMES * 4 { format!("{name}:") } else { padded(name, NAMES) };
        if term.width() < NAMES * 4 {
            term.styled(&[(Style::Dim, &name)]);
            print_address(&address, 2, view.has_links, term);
        } else {
            print_named_address(&name, &address, view, term);
        }
        shown.push(address);
    }
    fact("Id", paper.id.as_str(), term);
}

/// Prints an address behind its name.
fn print_named_address(name: &str, address: &str, view: View, term: &mut Terminal) {
    let address = &readable(address);
    let shown = styled::cut(address, term.width().saturating_sub(NAMES));
    let link = if view.has_links { super::looks::link(address, &super::term::safe(&shown)) } else { None };
    match link {
        Some(link) => term.raw(format!("{name}{link}\n").as_bytes()),
        None => term.styled(&[(Style::Dim, name), (Style::Plain, address)]),
    }
}

/// Prints what the paper is about, in words.
fn tags(paper: &Paper, searcher: &Searcher, term: &mut Terminal) {
    let countries: Vec<String> = paper.countries.iter().map(|c| searcher.country_name(c)).collect();
    fact("Countries", &countries.join(", "), term);
    fact("Regions", &paper.regions.join(", "), term);
    if paper.design != Design::Unclear {
        fact("Design", paper.design.label(), term);
    }
    for (name, values) in [
        ("Working groups", &paper.twg),
        ("Conditions", &paper.conditions),
        ("Interventions", &paper.interventions),
        ("Population", &paper.populations),
    ] {
        fact(name, &tag_words::list(values), term);
    }
    let languages: Vec<&str> = paper.record.language.iter().map(|code| search_counts::language(code)).collect();
    fact("Language", &languages.join(", "), term);
    match paper.is_open() {
        Some(true) => fact("Access", "open: everybody can read it", term),
        Some(false) => fact("Access", "not open", term),
        None => {}
    }
    let issue = paper.issue.map(|month| format!("the roundup of {}", month.long_name()));
    fact("Was in", &issue.unwrap_or_default(), term);
}

/// Prints what another paper is to this one.
fn print_link(relation: &Relation, term: &mut Terminal) {
    let by_pmid = relation.pmid.map(Pmid::url);
    let address = by_pmid.or_else(|| relation.doi.as_ref().map(Doi::url)).unwrap_or_default();
    let note = relation.note.clone().unwrap_or_default();
    let other: Vec<String> = [note, address].into_iter().filter(|part| !part.trim().is_empty()).collect();
    fact("Linked", &format!("{} {}", text::relation(&relation.kind), other.join(" ")), term);
}

/// Prints the abstract, the labels of its parts as headings. One that is not looked through to its end
/// is told first: its end is far.
fn abstract_of(record: &Record, term: &mut Terminal) {
    let whole = record.abstract_text.as_deref().unwrap_or_default();
    let findable = findable(whole).len();
    if findable < whole.len() {
        let bytes = |n: usize| super::sync::size(u64::try_from(n).unwrap_or(u64::MAX));
        let (part, all) = (bytes(findable), bytes(whole.len()));
        let said = format!("This abstract has {all}; a search looks through the first {part}.");
        term.line("");
        styled::print(&[(Style::Dim, said)], 0, 0, term);
    }
    for passage in passages(whole) {
        term.line("");
        if let Some(label) = passage.label {
            styled::print(&[(Style::Bold, label)], 0, 0, term);
        }
        styled::print(&[(Style::Plain, passage.body.to_owned())], 0, 0, term);
    }
}

fn keywords(record: &Record, term: &mut Terminal) {
    let headings: Vec<&str> = record.mesh.iter().map(|m| m.name.as_str()).collect();
    if !record.keywords.is_empty() || !headings.is_empty() {
        term.line("");
    }
    fact("Keywords", &record.keywords.join("; "), term);
    fact("MeSH", &headings.join("; "), term);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::term::kept::Kept;

    #[test]
    fn an_abstract_that_is_not_looked_through_whole_says_so() {
        for (words, want) in [(30, false), (100_000, true)] {
            let kept = Kept::default();
            let mut term = Terminal::into_writers(Box::new(kept.clone()), Box::new(Kept::default()));
            let record = Record { abstract_text: Some("lullaby ".repeat(words)), ..Record::default() };
            abstract_of(&record, &mut term);
            term.flush();
            let said = "This abstract has 800 kB; a search looks through the first 200 kB.\n";
            assert_eq!(kept.text().contains(said), want, "{words}");
        }
    }
}
