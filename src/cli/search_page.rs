//! A page of search results for people.

use super::columns::columns;
use super::term::{Style, Terminal};
use crate::index::{Answer, Hit};

/// The most values shown of one count, so that each stays one line.
const FACET_VALUES_MAX: usize = 6;

/// Columns that everything under a title is set in by.
const INDENT: usize = 3;

/// Prints the hits, then how many there are and how they spread.
pub(super) fn print(answer: &Answer, offset: usize, term: &mut Terminal) {
    for (n, hit) in answer.hits.iter().enumerate() {
        print_hit(offset + n + 1, hit, term);
        if term.is_closed() {
            return;
        }
    }
    if answer.total == 0 {
        term.line("No papers found.");
        return;
    }
    let noun = if answer.total == 1 { "paper" } else { "papers" };
    let last = offset + answer.hits.len();
    let shown = match answer.hits.len() {
        0 => format!("; there are none behind number {}", answer.total),
        n if n == answer.total => String::new(),
        _ => format!("; {}–{last} shown", offset + 1),
    };
    term.styled(&[(Style::Bold, &format!("{} {noun}", answer.total)), (Style::Plain, &shown)]);
    print_facets(answer, term);
}

fn print_facets(answer: &Answer, term: &mut Terminal) {
    let facets = &answer.facets;
    let countries: Vec<(String, usize)> = facets.country.iter().map(|(_, name, n)| (name.clone(), *n)).collect();
    let years: Vec<(String, usize)> = facets.year.iter().map(|(year, n)| (year.to_string(), *n)).collect();
    for (name, counts) in
        [("Country", &countries), ("Working group", &facets.twg), ("Design", &facets.design), ("Year", &years)]
    {
        if counts.is_empty() {
            continue;
        }
        let mut list: Vec<String> =
            counts.iter().take(FACET_VALUES_MAX).map(|(value, n)| format!("{value} {n}")).collect();
        if counts.len() > FACET_VALUES_MAX {
            list.push(format!("{} more", counts.len() - FACET_VALUES_MAX));
        }
        let parts = [(Style::Dim, format!("{name}: ")), (Style::Plain, list.join(" · "))];
        print_wrapped(&parts, 0, INDENT, term);
    }
}

fn print_hit(rank: usize, hit: &Hit, term: &mut Terminal) {
    let mut title = vec![(Style::Dim, format!("{rank}. "))];
    title.extend(hit.title.iter().map(|(_, text)| (Style::Bold, text.clone())));
    print_wrapped(&title, 0, INDENT, term);
    let facts = facts(hit);
    if !facts.is_empty() {
        print_wrapped(&[(Style::Plain, facts)], INDENT, INDENT, term);
    }
    let snippet: Vec<(Style, String)> = hit
        .snippet
        .iter()
        .map(|(is_hit, text)| (if *is_hit { Style::Bold } else { Style::Plain }, text.clone()))
        .collect();
    if !snippet.is_empty() {
        print_wrapped(&snippet, INDENT, INDENT, term);
    }
    if let Some(link) = hit.paper.record.best_link() {
        // Never wrapped: a broken address cannot be opened.
        term.styled(&[(Style::Plain, &" ".repeat(INDENT)), (Style::Dim, &link)]);
    }
    term.line("");
}

/// Returns the line under the title: year, journal, countries, design, access, roundup.
fn facts(hit: &Hit) -> String {
    let paper = &hit.paper;
    let mut out = Vec::new();
    out.extend(paper.record.citation_year().map(|y| y.to_string()));
    out.extend(paper.record.journal.clone());
    if !hit.country_names.is_empty() {
        out.push(hit.country_names.join(", "));
    }
    if paper.design != crate::model::Design::Unclear {
        out.push(paper.design.label().to_owned());
    }
    if paper.is_open() == Some(true) {
        out.push("open access".to_owned());
    }
    out.extend(paper.issue.map(|month| format!("in the roundup of {}", month.long_name())));
    out.retain(|fact| !fact.trim().is_empty());
    out.join(" · ")
}

/// Prints styled text wrapped at spaces to the width of the terminal. A word longer than a line
/// stands alone on one.
fn print_wrapped(parts: &[(Style, String)], first_indent: usize, indent: usize, term: &mut Terminal) {
    for line in wrap(parts, term.width(), first_indent, indent) {
        let line: Vec<(Style, &str)> = line.iter().map(|(style, text)| (*style, text.as_str())).collect();
        term.styled(&line);
    }
}

/// Returns the lines of styled text; each begins with its indent.
fn wrap(parts: &[(Style, String)], width: usize, first_indent: usize, indent: usize) -> Vec<Vec<(Style, String)>> {
    let mut lines = vec![vec![(Style::Plain, " ".repeat(first_indent))]];
    let mut used = first_indent;
    for word in words(parts) {
        let columns: usize = word.iter().map(|(_, text)| columns(text)).sum();
        let has_words = lines.last().is_some_and(|line| line.len() > 1);
        let gap = usize::from(has_words);
        if has_words && used + gap + columns > width {
            lines.push(vec![(Style::Plain, " ".repeat(indent))]);
            used = indent;
        } else if has_words && let Some(line) = lines.last_mut() {
            line.push((Style::Plain, " ".to_owned()));
            used += 1;
        }
        used += columns;
        if let Some(line) = lines.last_mut() {
            line.extend(word);
        }
    }
    lines
}

/// Returns styled text in words; a word may change its style inside.
fn words(parts: &[(Style, String)]) -> Vec<Vec<(Style, String)>> {
    let mut out = Vec::new();
    let mut word: Vec<(Style, String)> = Vec::new();
    for (style, text) in parts {
        for (n, piece) in text.split(char::is_whitespace).enumerate() {
            if n > 0 && !word.is_empty() {
                out.push(std::mem::take(&mut word));
            }
            if !piece.is_empty() {
                word.push((*style, piece.to_owned()));
            }
        }
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(parts: &[(Style, &str)], width: usize) -> Vec<String> {
        let parts: Vec<(Style, String)> = parts.iter().map(|(s, t)| (*s, (*t).to_owned())).collect();
        let line = |line: Vec<(Style, String)>| {
            line.into_iter().map(|(s, t)| if s == Style::Bold { format!("*{t}*") } else { t }).collect()
        };
        wrap(&parts, width, 0, 2).into_iter().map(line).collect()
    }

    #[test]
    fn lines_are_wrapped_at_words_and_keep_their_style() {
        let (p, b) = (Style::Plain, Style::Bold);
        assert_eq!(shown(&[(p, "one two three")], 9), ["one two", "  three"]);
        assert_eq!(shown(&[(p, "pre"), (b, "fix"), (p, "es stay whole")], 12), ["pre*fix*es", "  stay whole"]);
        assert_eq!(shown(&[(p, "averyverylongword x")], 5), ["averyverylongword", "  x"]);
        assert_eq!(shown(&[(p, "产后 抑郁")], 6), ["产后", "  抑郁"]);
        assert_eq!(shown(&[], 5), [""]);
    }
}
