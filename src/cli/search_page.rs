//! A page of papers for people: what each is, where it matched, where to read it.

use super::looks::{self, Looks};
use super::search_counts::{self, Bars};
use super::styled::{self, Part};
use super::term::{Style, Terminal};
use crate::index::{Also, Answer, Hit, TagValues, Why};
use crate::model::tag_words;
use crate::model::{Paper, Scope, text};

/// Columns that everything under a title is set in by.
const INDENT: usize = 3;

/// The most characters of a title that are shown: the longest real ones have some 500, and a feed may
/// hold megabytes.
pub const TITLE_CHARS_MAX: usize = 600;

/// The most characters of a journal's name that are shown.
const JOURNAL_CHARS_MAX: usize = 200;

/// The most countries named in one line; a review may have dozens.
const COUNTRIES_MAX: usize = 4;

/// The most reasons under one hit.
const REASONS_MAX: usize = 6;

/// The most typed names of which other names are shown, and of those each, so that it stays two lines.
const ALSO_MAX: usize = 3;

/// From how many papers on a page ends with how they spread: fewer are seen at a glance.
const COUNTED_FROM: usize = 4;

/// Whether addresses are shown as links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Hyperlink {
    /// On terminals that are known to follow links; never in a pipe
    #[default]
    Auto,
    /// Always
    Always,
    /// Never; addresses are printed as they are
    Never,
}

/// How a page looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// How many papers were left out from the top.
    pub offset: usize,
    /// Whether addresses are links.
    pub has_links: bool,
    /// With what bars are drawn.
    pub bars: Bars,
    /// How a person gets at papers that are not shown.
    pub next: Next,
}

/// How a person gets at the papers that a page has no room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Next {
    /// On the next page.
    #[default]
    Offset,
    /// With a longer page.
    Limit,
    /// When the command is run again.
    Run,
}

impl View {
    /// Returns how a page looks on a terminal.
    pub fn new(offset: usize, hyperlink: Hyperlink, looks: &Looks, term: &Terminal) -> Self {
        let has_links = match hyperlink {
            Hyperlink::Auto => looks.has_links && term.is_interactive(),
            Hyperlink::Always => true,
            Hyperlink::Never => false,
        };
        Self { offset, has_links, bars: if looks.is_ascii { Bars::Ascii } else { Bars::Blocks }, next: Next::Offset }
    }
}

/// Prints the hits, then how many there are, what was also looked for and how they spread.
pub fn print(answer: &Answer, view: View, term: &mut Terminal) {
    hits(answer, view, term);
    if term.is_closed() {
        return;
    }
    if answer.total == 0 {
        term.line("No papers found.");
    } else {
        total(answer, view, term);
    }
    also(&answer.also, term);
    if answer.total >= COUNTED_FROM {
        search_counts::print(&answer.facets, answer.total, view.bars, term);
    }
}

/// Prints the hits alone.
pub fn hits(answer: &Answer, view: View, term: &mut Terminal) {
    for (n, hit) in answer.hits.iter().enumerate() {
        print_hit(view.offset + n + 1, hit, view, term);
        if term.is_closed() {
            return;
        }
    }
}

/// Prints how the papers spread, by every tag, without the papers.
pub fn counts(answer: &Answer, tags: &[TagValues], view: View, term: &mut Terminal) {
    term.styled(&[(Style::Bold, &papers(answer.total))]);
    also(&answer.also, term);
    search_counts::print_all(&answer.facets, tags, answer.total, view.bars, term);
}

fn papers(total: usize) -> String {
    format!("{total} {}", if total == 1 { "paper" } else { "papers" })
}

fn total(answer: &Answer, view: View, term: &mut Terminal) {
    let View { offset, next, .. } = view;
    let last = offset + answer.hits.len();
    let shown = match answer.hits.len() {
        0 => format!("; there are none behind number {}", answer.total),
        n if n == answer.total => String::new(),
        n if next == Next::Limit => format!("; {n} shown, more with --limit"),
        n if next == Next::Run => format!("; {n} shown, the others stay new"),
        _ if last < answer.total => format!("; {}–{last} shown, the next ones with --offset {last}", offset + 1),
        _ => format!("; {}–{last} shown", offset + 1),
    };
    styled::print(&[(Style::Bold, papers(answer.total)), (Style::Plain, shown)], 0, INDENT, term);
}

/// Prints what was looked for beside what was typed, and how to look for that alone.
fn also(also: &[Also], term: &mut Terminal) {
    if also.is_empty() {
        return;
    }
    let names = |a: &Also| {
        let more = a.names.len().saturating_sub(ALSO_MAX);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let first: Vec<&str> = a.names.iter().take(ALSO_MAX).map(String::as_str).collect();
        format!("{} as {}{more}", a.typed, first.join(", "))
    };
    let mut list: Vec<String> = also.iter().take(ALSO_MAX).map(names).collect();
    if also.len() > ALSO_MAX {
        list.push(format!("other names of {} more", also.len() - ALSO_MAX));
    }
    let parts = [
        (Style::Dim, "Also looked for: ".to_owned()),
        (Style::Plain, list.join("; ")),
        (Style::Dim, ". Only what was typed: --exact".to_owned()),
    ];
    styled::print(&parts, 0, INDENT, term);
}

fn print_hit(rank: usize, hit: &Hit, view: View, term: &mut Terminal) {
    let mut title = vec![(Style::Dim, format!("{rank}. "))];
    title.extend(styled::shortened(&marked(&hit.title), TITLE_CHARS_MAX));
    styled::print(&title, 0, INDENT, term);
    let facts = facts(&hit.paper, &hit.country_names);
    if !facts.is_empty() {
        styled::print(&[(Style::Plain, facts)], INDENT, INDENT, term);
    }
    if !hit.snippet.is_empty() {
        styled::print(&marked(&hit.snippet), INDENT, INDENT, term);
    }
    if !hit.why.is_empty() {
        styled::print(&[(Style::Dim, "Why: ".to_owned()), (Style::Plain, why(&hit.why))], INDENT, INDENT + 2, term);
    }
    if let Some(link) = hit.paper.record.best_link() {
        print_address(&link, INDENT, view.has_links, term);
    }
    term.line("");
}

/// Prints an address on a line of its own: as a link, which may be shown cut, else whole and never
/// wrapped: a broken address cannot be opened.
pub fn print_address(address: &str, indent: usize, has_links: bool, term: &mut Terminal) {
    let margin = " ".repeat(indent);
    let address = &readable(address);
    let shown = styled::cut(address, term.width().saturating_sub(indent).max(INDENT));
    let link = if has_links { looks::link(address, &super::term::safe(&shown)) } else { None };
    match link {
        Some(link) => term.raw(format!("{margin}{link}\n").as_bytes()),
        None => term.styled(&[(Style::Plain, &margin), (Style::Dim, address)]),
    }
}

/// Returns an address as it is; percent-encoded where it holds what acts on a terminal.
pub fn readable(address: &str) -> String {
    let is_safe = super::term::safe(address) == address;
    let encoded = if is_safe { None } else { looks::web_address(address) };
    encoded.unwrap_or_else(|| address.to_owned())
}

/// Returns marked text; what matched is bold.
fn marked(parts: &[(bool, String)]) -> Vec<Part> {
    let style = |is_hit: bool| if is_hit { Style::Bold } else { Style::Plain };
    parts.iter().map(|(is_hit, text)| (style(*is_hit), text.clone())).collect()
}

/// Returns the line under a title: warnings first, then year, journal, countries, design, working
/// groups, access, roundup.
pub fn facts(paper: &Paper, country_names: &[String]) -> String {
    let mut out: Vec<String> = warnings(paper).into_iter().map(str::to_owned).collect();
    out.extend(paper.record.citation_year().map(|y| y.to_string()));
    out.extend(paper.record.journal.as_deref().map(|name| text::shorten(name, JOURNAL_CHARS_MAX)));
    let countries: Vec<&str> = country_names.iter().take(COUNTRIES_MAX).map(String::as_str).collect();
    if country_names.len() > COUNTRIES_MAX {
        out.push(format!("{} and {} more", countries.join(", "), country_names.len() - COUNTRIES_MAX));
    } else {
        out.push(countries.join(", "));
    }
    if paper.design != crate::model::Design::Unclear {
        out.push(paper.design.label().to_owned());
    }
    if !paper.twg.is_empty() {
        let name = if paper.twg.len() == 1 { "working group" } else { "working groups" };
        out.push(format!("{name} {}", tag_words::list(&paper.twg)));
    }
    if paper.is_open() == Some(true) {
        out.push("open access".to_owned());
    }
    out.extend(paper.issue.map(|month| format!("in the roundup of {}", month.long_name())));
    out.retain(|fact| !fact.trim().is_empty());
    out.join(" · ")
}

/// Returns what a reader must know before anything else, in words.
pub fn warnings(paper: &Paper) -> Vec<&'static str> {
    let mut out = Vec::new();
    if paper.is_retracted() {
        out.push("retracted: its findings do not stand");
    }
    if paper.has_flag("preprint") || paper.record.is_preprint() {
        out.push("preprint, not peer-reviewed");
    }
    if paper.scope == Scope::Out {
        out.push("outside the roundup's scope");
    }
    out
}

/// Returns why a paper was found.
fn why(reasons: &[Why]) -> String {
    let one = |w: &Why| {
        let words = match w.place {
            "title" | "abstract" => format!("“{}” in the {}", w.found, w.place),
            "keywords" | "authors" => format!("“{}” among the {}", w.found, w.place),
            "query" => format!("it has {}", w.found),
            "working group" => format!("{} {}", w.place, tag_words::words(&w.found)),
            place => format!("{place} {}", w.found),
        };
        if w.is_other_name { format!("{} → {words}", w.asked) } else { words }
    };
    let mut out: Vec<String> = reasons.iter().take(REASONS_MAX).map(one).collect();
    if reasons.len() > REASONS_MAX {
        out.push(format!("{} more", reasons.len() - REASONS_MAX));
    }
    out.join(" · ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::term::kept::Kept;
    use super::*;

    fn hit() -> Hit {
        let paper = json!({
            "id": "waaaaaaaaaab",
            "record": {"title": "T", "year": 2026, "journal": "Acta Fabricata", "doi": "10.5555/a", "type": ["Preprint"]},
            "scope": "in", "design": "rct", "twg": ["evidence", "adolescent"], "countries": ["KEN"],
            "flags": ["retracted", "open-access"], "issue": "2026-03",
        });
        Hit {
            score: 1.0,
            paper: serde_json::from_value(paper).unwrap(),
            country_names: ["Kenya", "India", "Nepal", "Peru", "Chad"].map(str::to_owned).to_vec(),
            title: vec![(false, "On ".to_owned()), (true, "EPDS".to_owned())],
            snippet: vec![(true, "Screening".to_owned()), (false, " was done.".to_owned())],
            why: vec![
                Why {
                    asked: "EPDS".to_owned(),
                    found: "Edinburgh Postnatal Depression Scale".to_owned(),
                    place: "abstract",
                    is_other_name: true,
                },
                Why { asked: "scale".to_owned(), found: "scales".to_owned(), place: "title", is_other_name: false },
            ],
        }
    }

    fn printed(has_links: bool, has_colour: bool) -> String {
        let kept = Kept::default();
        let mut term = Terminal::into_writers(Box::new(kept.clone()), Box::new(Kept::default()));
        if has_colour {
            term.force_colour();
        }
        let also =
            vec![Also { typed: "EPDS".to_owned(), names: vec!["Edinburgh Postnatal Depression Scale".to_owned()] }];
        let answer = Answer { total: 1, hits: vec![hit()], also, ..Answer::default() };
        print(&answer, View { offset: 0, has_links, bars: Bars::Ascii, next: Next::Offset }, &mut term);
        drop(term);
        kept.text()
    }

    #[test]
    fn a_hit_says_what_matters_in_words() {
        insta::assert_snapshot!(printed(false, false), @"
        1. On EPDS
           retracted: its findings do not stand · preprint, not peer-reviewed · 2026 · Acta Fabricata ·
           Kenya, India, Nepal, Peru and 1 more · Randomised trial · working groups Evidence and Impact,
           Adolescent · open access · in the roundup of March 2026
           Screening was done.
           Why: EPDS → “Edinburgh Postnatal Depression Scale” in the abstract · “scales” in the title
           https://doi.org/10.5555/a

        1 paper
        Also looked for: EPDS as Edinburgh Postnatal Depression Scale. Only what was typed: --exact
        ");
    }

    #[test]
    fn few_papers_are_not_counted() {
        for (total, want) in [(1, false), (3, false), (4, true)] {
            let kept = Kept::default();
            let mut term = Terminal::into_writers(Box::new(kept.clone()), Box::new(Kept::default()));
            let facets = crate::index::Facets { year: vec![(2026, total)], ..crate::index::Facets::default() };
            let answer = Answer { total, facets, ..Answer::default() };
            print(&answer, View { offset: 0, has_links: false, bars: Bars::Ascii, next: Next::Offset }, &mut term);
            drop(term);
            assert_eq!(kept.text().contains("Year"), want, "{total}");
        }
    }

    #[test]
    fn what_matched_is_bold_and_the_address_is_a_link() {
        let shown = printed(true, true);
        assert!(shown.contains("On \u{1b}[1mEPDS\u{1b}[0m"), "{shown:?}");
        assert!(shown.contains("\u{1b}[1mScreening\u{1b}[0m was done."), "{shown:?}");
        assert!(
            shown.contains(
                "   \u{1b}]8;;https://doi.org/10.5555/a\u{1b}\\https://doi.org/10.5555/a\u{1b}]8;;\u{1b}\\\n"
            ),
            "{shown:?}"
        );
    }
}
