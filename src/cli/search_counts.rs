//! Under a page of hits: how all of them spread, and what to type to see fewer.

use super::columns::{columns, padded};
use super::styled::{self, Part};
use super::term::{Style, Terminal};
use crate::index::{Facets, TagValues};
use crate::model::tag_words;
use crate::model::{Design, language_name};

/// The most values shown of one count under a page: the whole block is to leave room for papers on a
/// terminal of 24 lines.
const VALUES_MAX: usize = 5;

/// The most languages shown there, before how many papers everybody can read.
const LANGUAGES_MAX: usize = 3;

/// Lines that one count may take on a narrow terminal, and the filters on any.
const LINES_MAX: usize = 2;

/// The most values shown of one count where nothing else is asked for.
const LISTED_MAX: usize = 100;

/// Columns of the names of counts, where the terminal is wide enough for a column of names.
const NAMES: usize = 15;

/// From how many columns on the names of counts stand in a column of their own.
const WIDE: usize = 60;

/// Columns that further lines are set in by on a narrow terminal.
const INDENT: usize = 3;

/// The most years drawn, one column each: older ones would press the picture flat.
const YEARS_MAX: usize = 30;

/// Heights of a bar, from the lowest.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The same in ASCII, by how dark they are.
const MARKS: [char; 8] = ['.', ':', '-', '=', '+', '*', '#', '@'];

/// With what bars are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bars {
    /// Block characters.
    Blocks,
    /// ASCII.
    Ascii,
}

/// One count: its name, its values with their papers, and what to type for its first value.
struct Count {
    name: &'static str,
    values: Vec<String>,
    filter: String,
}

impl Count {
    /// Returns the first values in one line, at most so many and within so many columns; the first one
    /// always.
    fn line(&self, most: usize, room: usize) -> String {
        let fits = |shown: &usize| *shown <= 1 || columns(&listed(&self.values, *shown)) <= room;
        let shown = (1..=self.values.len().min(most)).rev().find(fits).unwrap_or(0);
        listed(&self.values, shown)
    }
}

/// Name of a count, its values, the field to filter by and the value for it.
type Row = (&'static str, Vec<(String, usize)>, &'static str, String);

/// Prints the counts of `total` papers in a line each, and how to filter by them. One paper is not counted.
pub fn print(facets: &Facets, total: usize, bars: Bars, term: &mut Terminal) {
    if total < 2 {
        return;
    }
    let mut counts = counts(facets, total, bars, term.width());
    let filters = filters(&counts);
    together(&mut counts);
    let width = term.width();
    for count in &counts {
        let room = if width < WIDE {
            (LINES_MAX * width).saturating_sub(columns(count.name) + 2 * INDENT + columns(": "))
        } else {
            width.saturating_sub(NAMES)
        };
        print_one(count.name, &count.line(VALUES_MAX, room), term);
    }
    let room = (LINES_MAX * width).saturating_sub(columns(FEWER) + columns(ALL) + LINES_MAX * INDENT);
    let fits = |shown: &usize| columns(&filters.get(..*shown).unwrap_or_default().join(BETWEEN)) <= room;
    let shown = (0..=filters.len()).rev().find(fits).unwrap_or(0).max(1);
    print_filters(filters.get(..shown).unwrap_or(&filters), ALL, term);
}

/// Prints the counts of `total` papers with all their values, also those of tags that a page has no room
/// for, and how to filter by them.
pub fn print_all(facets: &Facets, tags: &[TagValues], total: usize, bars: Bars, term: &mut Terminal) {
    if total == 0 {
        return;
    }
    let mut counts = counts(facets, total, bars, term.width());
    for tag in tags.iter().filter(|tag| !tag.values.is_empty()) {
        let first = tag.values.first().map(|(value, _)| value.as_str()).unwrap_or_default();
        let counts_all = tag.values.first().is_some_and(|(_, n)| *n == total);
        let filter = if counts_all { String::new() } else { filter(tag.field, first) };
        counts.push(Count { name: tag_name(tag.field), values: with_papers(&tag.values), filter });
    }
    for count in &counts {
        print_one(count.name, &count.line(LISTED_MAX, usize::MAX), term);
    }
    print_filters(&filters(&counts), "", term);
}

/// Before the filters.
const FEWER: &str = "To see fewer, add one of: ";

/// Between values and between filters.
const BETWEEN: &str = " · ";

/// Behind the filters of a page.
const ALL: &str = "; all counts: --facets";

/// Puts how many papers everybody can read behind the languages.
fn together(counts: &mut Vec<Count>) {
    let Some(at) = counts.iter().position(|c| c.name == "Language") else { return };
    let Some(open) = counts.iter().position(|c| c.name == "Open access").filter(|open| *open > at) else { return };
    let open = counts.remove(open).values.concat().replace("yes", "open access");
    if let Some(language) = counts.get_mut(at) {
        let line = language.line(LANGUAGES_MAX, usize::MAX);
        language.values = vec![line + BETWEEN + &open];
    }
}

/// Returns what to type for the first value of each count.
fn filters(counts: &[Count]) -> Vec<String> {
    counts.iter().map(|c| c.filter.clone()).filter(|filter| !filter.is_empty()).collect()
}

/// Returns the name for readers of a tag by what stands before the colon.
fn tag_name(field: &str) -> &'static str {
    match field {
        "condition" => "Condition",
        "population" => "Population",
        "intervention" => "Intervention",
        "is" => "Marked",
        "source" => "Source",
        "issue" => "Roundup",
        _ => "Tag",
    }
}

/// Prints what to type to see fewer papers.
fn print_filters(filters: &[String], behind: &str, term: &mut Terminal) {
    if !filters.is_empty() {
        let line = format!("{FEWER}{}{behind}", filters.join(BETWEEN));
        styled::print(&[(Style::Dim, line)], 0, INDENT, term);
    }
}

/// Prints one count: its name in a column of its own, or before it where the terminal is narrow.
fn print_one(name: &str, values: &str, term: &mut Terminal) {
    if term.width() < WIDE {
        let parts = [(Style::Dim, format!("{name}: ")), (Style::Plain, values.to_owned())];
        return styled::print(&parts, 0, INDENT, term);
    }
    let lines = styled::wrap(&[(Style::Plain, values.to_owned())], term.width(), NAMES, NAMES);
    let mut name = vec![(Style::Dim, padded(name, NAMES))];
    for line in lines {
        let is_first = !name.is_empty();
        let line: Vec<Part> = name.drain(..).chain(line.into_iter().skip(usize::from(is_first))).collect();
        styled::print_line(&line, term);
    }
}

/// Returns the counts that hold something, in the order in which they are shown.
fn counts(facets: &Facets, total: usize, bars: Bars, width: usize) -> Vec<Count> {
    let plain = |list: &[(String, usize)]| list.to_vec();
    let named = |list: &[(String, String, usize)]| list.iter().map(|(_, name, n)| (name.clone(), *n)).collect();
    let groups: Vec<_> = facets.twg.iter().map(|(id, n)| (tag_words::words(id), *n)).collect();
    let languages: Vec<_> = facets.language.iter().map(|(code, n)| (language(code).to_owned(), *n)).collect();
    let stated: Vec<_> = facets.design.iter().filter(|(d, _)| d != Design::Unclear.label()).cloned().collect();
    let first = |list: &[(String, usize)]| list.first().map(|(value, _)| value.clone()).unwrap_or_default();
    let country = facets.country.first().map(|(iso3, _, _)| iso3.clone()).unwrap_or_default();
    let region = facets.region.first().map(|(_, name, _)| name.clone()).unwrap_or_default();
    let open = if facets.open_access == 0 { Vec::new() } else { vec![("yes".to_owned(), facets.open_access)] };
    let rows: [Row; 6] = [
        ("Country", named(&facets.country), "country", country),
        ("Region", named(&facets.region), "region", region),
        ("Working group", groups, "twg", first(&facets.twg)),
        ("Design", plain(&facets.design), "design", design(&first(&stated))),
        ("Language", languages, "lang", first(&facets.language)),
        ("Open access", open, "oa", "yes".to_owned()),
    ];
    let mut out = Vec::new();
    for (name, values, field, value) in rows {
        if name == "Language" {
            out.extend(years(facets, bars, width));
        }
        if !values.is_empty() {
            // What all papers have narrows nothing, as the value of a filter that was typed.
            let counts_all = values.first().is_some_and(|(_, n)| *n == total);
            out.push(Count {
                name,
                values: with_papers(&values),
                filter: if counts_all { String::new() } else { filter(field, &value) },
            });
        }
    }
    out
}

/// Returns values with how many papers each has.
fn with_papers(values: &[(String, usize)]) -> Vec<String> {
    values.iter().map(|(value, n)| format!("{value} {n}")).collect()
}

/// Returns the first values as one line, and how many more there are.
fn listed(values: &[String], shown: usize) -> String {
    let more = values.len().saturating_sub(shown);
    let more = (more > 0).then(|| format!("{more} more"));
    values.iter().take(shown).cloned().chain(more).collect::<Vec<_>>().join(BETWEEN)
}

/// Returns what to type for a value; quotation marks around one of several words.
fn filter(field: &str, value: &str) -> String {
    match value.contains(char::is_whitespace) {
        _ if value.is_empty() => String::new(),
        true => format!("{field}:\"{value}\""),
        false => format!("{field}:{value}"),
    }
}

/// Returns the name by which a design is asked for: its id, by its name for readers. One that includes
/// others is asked for as people say it.
fn design(label: &str) -> String {
    match Design::ALL.iter().find(|d| d.label() == label) {
        Some(Design::ScopingOtherReview) => "review".to_owned(),
        Some(known) => known.as_str().to_owned(),
        None => label.to_owned(),
    }
}

/// Returns a language's name for readers; its code when it is not one of the usual ones.
pub fn language(code: &str) -> &str {
    language_name(code).unwrap_or(code)
}

/// Returns the count of years as a picture, then the newest ones in numbers.
fn years(facets: &Facets, bars: Bars, width: usize) -> Option<Count> {
    let (newest, _) = facets.year.first()?;
    let room = width.saturating_sub(NAMES + columns("2000  2000")).clamp(8, YEARS_MAX);
    let oldest = i64::try_from(room).map_or(*newest, |room| newest - room + 1);
    let drawn: Vec<(i64, usize)> = facets.year.iter().filter(|(year, _)| *year >= oldest).copied().collect();
    let older: usize = facets.year.iter().filter(|(year, _)| *year < oldest).map(|(_, n)| n).sum();
    let mut values = Vec::new();
    if drawn.len() > 1 {
        let from = drawn.last().map_or(*newest, |(year, _)| *year);
        values.push(format!("{from} {} {newest}", picture(&drawn, bars)));
    }
    values.extend(drawn.iter().map(|(year, n)| format!("{year}: {n}")));
    if older > 0 {
        values.push(format!("before {oldest}: {older}"));
    }
    let filter = if facets.year.len() > 1 { format!("since:{newest}") } else { String::new() };
    Some(Count { name: "Year", values, filter })
}

/// Returns one bar a year, from the oldest; a year without papers is a dot or a line.
fn picture(years: &[(i64, usize)], bars: Bars) -> String {
    let (heights, none) = match bars {
        Bars::Blocks => (BLOCKS, '·'),
        Bars::Ascii => (MARKS, '_'),
    };
    let most = years.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let (Some((to, _)), Some((from, _))) = (years.first(), years.last()) else { return String::new() };
    let height = |n: usize| (n * heights.len()).div_ceil(most).checked_sub(1).and_then(|at| heights.get(at)).copied();
    (*from..=*to)
        .map(|year| years.iter().find(|(y, _)| *y == year).and_then(|(_, n)| height(*n)).unwrap_or(none))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::term::kept::Kept;
    use super::*;

    fn facets() -> Facets {
        let own = |list: &[(&str, usize)]| list.iter().map(|(v, n)| ((*v).to_owned(), *n)).collect::<Vec<_>>();
        Facets {
            country: vec![("KEN".to_owned(), "Kenya".to_owned(), 5), ("IND".to_owned(), "India".to_owned(), 2)],
            region: vec![("ea".to_owned(), "East Africa".to_owned(), 5)],
            twg: own(&[("evidence", 6)]),
            design: own(&[("Randomised trial", 4), ("Design not stated", 3)]),
            year: vec![(2026, 1), (2025, 4), (2023, 2)],
            language: own(&[("en", 6), ("xx", 1)]),
            open_access: 3,
        }
    }

    fn printed(facets: &Facets, total: usize, bars: Bars) -> String {
        let kept = Kept::default();
        let mut term = Terminal::into_writers(Box::new(kept.clone()), Box::new(Kept::default()));
        print(facets, total, bars, &mut term);
        drop(term);
        kept.text()
    }

    #[test]
    fn counts_stand_in_a_column_with_what_to_type() {
        insta::assert_snapshot!(printed(&facets(), 7, Bars::Blocks), @r#"
        Country        Kenya 5 · India 2
        Region         East Africa 5
        Working group  Evidence and Impact 6
        Design         Randomised trial 4 · Design not stated 3
        Year           2023 ▄·█▂ 2026 · 2026: 1 · 2025: 4 · 2023: 2
        Language       English 6 · xx 1 · open access 3
        To see fewer, add one of: country:KEN · region:"East Africa" · twg:evidence · design:rct ·
           since:2026 · lang:en · oa:yes; all counts: --facets
        "#);
    }

    #[test]
    fn bars_are_as_high_as_the_counts() {
        for (id, years, blocks, ascii) in [
            ("one", &[(2025, 3)][..], "█", "@"),
            ("a year without papers", &[(2026, 1), (2024, 8)], "█·▁", "@_."),
            ("few beside many are still seen", &[(2026, 1000), (2025, 1)], "▁█", ".@"),
            ("none", &[], "", ""),
        ] {
            assert_eq!(
                (picture(years, Bars::Blocks).as_str(), picture(years, Bars::Ascii).as_str()),
                (blocks, ascii),
                "{id}"
            );
        }
    }

    #[test]
    fn a_page_has_a_line_for_each_count() {
        let list = |names: &[&str]| names.iter().map(|n| ((*n).to_owned(), 9)).collect::<Vec<_>>();
        let named: Vec<_> = (10..60).map(|n| (format!("C{n}"), format!("Country number {n}"), 60 - n)).collect();
        let facets = Facets {
            country: named.clone(),
            region: named,
            twg: list(&["ikel", "evidence", "adolescent", "advocacy"]),
            design: (10..30).map(|n| (format!("A design of the number {n}"), 40 - n)).collect(),
            year: (1990..=2026).rev().map(|year| (year, 12)).collect(),
            language: list(&["en", "es", "fr", "pt", "zh"]),
            open_access: 40,
        };
        for (width, lines) in [(120, 8), (80, 8), (60, 11), (40, 15), (30, 17)] {
            let kept = Kept::default();
            let mut term = Terminal::into_writers(Box::new(kept.clone()), Box::new(Kept::default())).of_width(width);
            print(&facets, 99, Bars::Blocks, &mut term);
            drop(term);
            let shown = kept.text();
            assert!(shown.lines().count() <= lines, "{width}: {}\n{shown}", shown.lines().count());
            assert!(shown.lines().all(|line| columns(line) <= width), "{width}\n{shown}");
            assert!(shown.contains('█') && shown.contains(" more") && shown.contains("--facets"), "{width}\n{shown}");
            assert!(shown.contains("open access 40"), "{width}\n{shown}");
        }
    }

    #[test]
    fn a_year_far_off_does_not_press_the_picture_flat() {
        let facets = Facets { year: vec![(2026, 2), (2025, 1), (1900, 1)], ..Facets::default() };
        let shown = printed(&facets, 4, Bars::Ascii);
        assert!(shown.contains("2025 =@ 2026") || shown.contains("2025 =@ 2026".trim()), "{shown}");
        assert!(shown.contains("before 1997: 1"), "{shown}");
        assert_eq!(printed(&facets, 1, Bars::Ascii), "", "one paper is not counted");
        let facets = Facets { year: (2018..=2026).rev().map(|year| (year, 1)).collect(), ..Facets::default() };
        let shown = printed(&facets, 9, Bars::Ascii).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains("2023: 1 · 5 more To see"), "{shown}");
    }
}
