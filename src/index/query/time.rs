//! Dates and spans of time as people type them.

use super::Node;
use super::names;
use crate::model::{Month, PartialDate};

/// Years that a bare number can mean: journals of the field are not older, nor is anything planned
/// further ahead.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2099;

/// Returns the date that a text is: `2024`, `2024-06-15`, `2024/6/15`, `2024 Jun`, `June 2024`.
pub(super) fn date(text: &str) -> Option<PartialDate> {
    let text = text.trim().trim_matches(['"', ',', '.']).replace(['/', '–', '−'], "-");
    if let Some(date) = PartialDate::parse(&padded(&text)) {
        return Some(date);
    }
    month_of_year(&text).and_then(|month| PartialDate::new(month.year(), Some(month.month()), None))
}

/// Returns a date with two digits for month and day (`2024-6` is `2024-06`).
fn padded(text: &str) -> String {
    let parts = text.split('-').map(|p| if p.len() == 1 { format!("0{p}") } else { p.to_owned() });
    parts.collect::<Vec<_>>().join("-")
}

/// Returns the month that a text names: `2026-03`, `March 2026`, `mars 2026`, `2026 Mar`.
pub(super) fn month_of_year(text: &str) -> Option<Month> {
    let text = text.trim();
    if let Some(month) = Month::parse(&padded(&text.replace(['/', '–'], "-"))) {
        return Some(month);
    }
    let joins = |w: &&str| !matches!(w.to_lowercase().as_str(), "de" | "of" | "");
    let parts: Vec<&str> = text.split([' ', '-', ',', '.', '_']).filter(joins).collect();
    let [a, b] = parts.as_slice() else { return None };
    let (name, year) = if a.parse::<i16>().is_ok() { (b, a) } else { (a, b) };
    Month::new(year.parse().ok()?, names::month(name)?)
}

/// Returns the span of time behind `year:` and `date:`.
pub(super) fn span_of(text: &str) -> Option<Node> {
    let text = text.trim();
    for (sign, from_step, to_step) in [
        (">=", Some(0), None),
        ("≥", Some(0), None),
        ("<=", None, Some(0)),
        ("≤", None, Some(0)),
        (">", Some(1), None),
        ("<", None, Some(-1)),
    ] {
        if let Some(rest) = text.strip_prefix(sign) {
            let year = year(rest)?;
            let step = |by: Option<i16>| by.map(|by| year.saturating_add(by));
            return Some(Node::Year { from: step(from_step), to: step(to_step) });
        }
    }
    if let Some(decade) = decade(text) {
        return Some(decade);
    }
    if !text.contains("..")
        && let Some(date) = date(text)
    {
        return span_between(Some(date), Some(date));
    }
    let two = text.split_once("..").or_else(|| text.split_once(':')).or_else(|| text.split_once(['-', '–', '—']));
    let (from, to) = two?;
    span(from, to).or_else(|| whole_span(text))
}

/// Returns the span of time that a word like `2022..2025`, `2022..`, `2024-03..2024-06`,
/// `2020-2023` or `2020s` is.
pub(super) fn bare_span(word: &str) -> Option<Node> {
    let word = word.trim_end_matches([',', ';', '?', '!']);
    if let Some(decade) = decade(word) {
        return Some(decade);
    }
    if let Some((from, to)) = word.split_once("..").or_else(|| word.split_once('…')) {
        return span(from, to.trim_start_matches('.')).or_else(|| whole_span(word));
    }
    let (from, to) = word.split_once(['-', '–', '—'])?;
    // `2022-`: from then on.
    let to = if to.is_empty() { None } else { Some(plain_year(to)?) };
    span_between(Some(plain_year(from)?), to)
}

/// Returns the span from the first to the last of more than two dates: `2022..2025..2030`.
fn whole_span(word: &str) -> Option<Node> {
    let dates: Option<Vec<PartialDate>> = word.split("..").map(date).collect();
    let dates = dates.filter(|dates| dates.len() > 2)?;
    let from = dates.iter().copied().min_by_key(|date| date.first_day());
    let to = dates.iter().copied().max_by_key(|date| date.first_day());
    span_between(from, to)
}

/// Returns the ten years of a word like `2020s`.
pub(super) fn decade(word: &str) -> Option<Node> {
    let digits = word.strip_suffix("'s").or_else(|| word.strip_suffix('s')).filter(|d| d.ends_with('0'))?;
    let from = plain_year(digits)?.year();
    Some(Node::Year { from: Some(from), to: Some(from + 9) })
}

/// Returns the span between two dates, either of which may be missing; a span that runs
/// backwards is turned round, since only one thing can be meant by it.
fn span(from: &str, to: &str) -> Option<Node> {
    let end = |text: &str| if text.trim().is_empty() { Some(None) } else { date(text).map(Some) };
    span_between(end(from)?, end(to)?)
}

/// Returns the span between two dates that are known.
pub(super) fn span_between(mut from: Option<PartialDate>, mut to: Option<PartialDate>) -> Option<Node> {
    if from.is_none() && to.is_none() {
        return None;
    }
    if let (Some(a), Some(b)) = (from, to)
        && a.first_day() > b.first_day()
    {
        (from, to) = (to, from);
    }
    let in_years = from.into_iter().chain(to).all(|d| d.precision() == 1);
    Some(if in_years {
        Node::Year { from: from.map(PartialDate::year), to: to.map(PartialDate::year) }
    } else {
        Node::Day { from, to }
    })
}

fn year(text: &str) -> Option<i16> {
    date(text).filter(|d| d.precision() == 1).map(PartialDate::year)
}

/// Returns the year that a word of four digits is.
pub(super) fn plain_year(word: &str) -> Option<PartialDate> {
    let word = word.trim_end_matches([',', ';', '.', '?', '!']);
    PartialDate::parse(word).filter(|d| word.len() == 4 && YEARS.contains(&d.year()))
}

/// The most words that say a span: "between June 2020 and July 2023" has six.
const PHRASE_WORDS_MAX: usize = 8;

/// Where a date stands to the word before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// That day or later.
    From,
    /// Later.
    After,
    /// That day or earlier.
    To,
    /// Earlier.
    Before,
    /// From there to the date behind the next joining word.
    Between,
}

/// Words before a date, folded: English, French, Spanish, Portuguese.
const BEFORE_DATE: &[(&str, Side)] = &[
    ("since", Side::From),
    ("depuis", Side::From),
    ("desde", Side::From),
    ("after", Side::After),
    ("apres", Side::After),
    ("until", Side::To),
    ("till", Side::To),
    ("jusqu'en", Side::To),
    ("hasta", Side::To),
    ("ate", Side::To),
    ("before", Side::Before),
    ("avant", Side::Before),
    ("between", Side::Between),
    ("entre", Side::Between),
    ("from", Side::Between),
    ("de", Side::Between),
];

/// The same as two words, of which the second is "de".
const BEFORE_DATE_DE: &[(&str, Side)] =
    &[("despues", Side::After), ("depois", Side::After), ("antes", Side::Before), ("partir", Side::From)];

/// Words between two dates, folded.
const JOINING: &[&str] = &["and", "to", "et", "a", "y", "e", "au", "al", "hasta", "ate", "until", "through", "-", "–"];

/// Returns the span that the first of these words say in a sentence ("since 2024", "between 2020
/// and 2023"), and how many of them it takes.
pub(super) fn phrase(words: &[&str]) -> Option<(Node, usize)> {
    let folded: Vec<String> = words.iter().take(PHRASE_WORDS_MAX).map(|w| crate::model::text::fold(w)).collect();
    let first = folded.first()?.as_str();
    let side_of = |list: &[(&str, Side)]| list.iter().find(|(word, _)| *word == first).map(|(_, side)| *side);
    if let Some(found) = month_or_published(words, &folded) {
        return Some(found);
    }
    if folded.get(1).is_some_and(|w| w == "de")
        && let Some(side) = side_of(BEFORE_DATE_DE)
    {
        return from_there(words, &folded, 2, side);
    }
    from_there(words, &folded, 1, side_of(BEFORE_DATE)?)
}

/// Signs that end a sentence or a part of it, and are no part of the word before them.
pub(super) const ENDS: [char; 5] = ['.', ',', ';', '?', '!'];

/// Words that say that a date is that of a paper, folded.
pub(super) const PUBLISHED: &[&str] =
    &["published", "publie", "publies", "publiee", "publiees", "publicado", "publicados", "publicada", "publicadas"];

/// Returns the span of `March 2024` and `published in 2023`, and how many words it takes. A month
/// beside a year is a date, whatever else its name means.
fn month_or_published(words: &[&str], folded: &[String]) -> Option<(Node, usize)> {
    let is_published = folded.first().is_some_and(|w| PUBLISHED.contains(&w.as_str()));
    let is_in = |w: &String| matches!(w.as_str(), "in" | "en" | "em" | "during");
    let at = match (is_published, folded.get(1)) {
        (true, Some(word)) => 1 + usize::from(is_in(word)),
        (true, None) => return None,
        (false, _) => usize::from(folded.first().is_some_and(is_in)),
    };
    let (date, length) = spoken_date(words, at).filter(|(_, length)| is_published || *length == 2)?;
    // "March 2024 to June 2024" is one span.
    let end = at + length;
    let joins = folded.get(end).is_some_and(|w| matches!(w.as_str(), "to" | "until" | "-" | "–"));
    match spoken_date(words, end + 1).filter(|_| joins) {
        Some((last, more)) => Some((span_between(Some(date), Some(last))?, end + 1 + more)),
        None => Some((span_between(Some(date), Some(date))?, end)),
    }
}

/// Returns the span that begins behind so many words.
fn from_there(words: &[&str], folded: &[String], at: usize, side: Side) -> Option<(Node, usize)> {
    let (first, length) = spoken_date(words, at)?;
    let mut taken = at + length;
    let step =
        |by: i16| PartialDate::new(first.year().saturating_add(by), None, None).filter(|_| first.precision() == 1);
    let node = match side {
        Side::From => span_between(Some(first), None),
        Side::To => span_between(None, Some(first)),
        Side::After => span_between(Some(step(1).unwrap_or(first)), None),
        Side::Before => span_between(None, Some(step(-1).unwrap_or(first))),
        Side::Between => {
            let joins = folded.get(taken).is_some_and(|w| JOINING.contains(&w.as_str()));
            let (second, length) = spoken_date(words, taken + 1).filter(|_| joins)?;
            taken += 1 + length;
            span_between(Some(first), Some(second))
        }
    };
    node.map(|node| (node, taken))
}

/// Returns the date at a place among words (`2024`, `2024-06`, `June 2024`), and how many it takes.
fn spoken_date(words: &[&str], at: usize) -> Option<(PartialDate, usize)> {
    let first = words.get(at)?.trim_end_matches([',', '.', ';', '?', '!']);
    let is_dated = |d: &PartialDate| YEARS.contains(&d.year());
    if let Some(date) = date(first).filter(|d| first.len() >= 4 && is_dated(d)) {
        return Some((date, 1));
    }
    let month = names::month(first)?;
    let year = plain_year(words.get(at + 1)?)?.year();
    Some((PartialDate::new(year, Some(month), None)?, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_from_sentences() {
        for (text, want) in [
            ("since 2024 in Kenya", "year=2024.. 2"),
            ("since June 2024", "day=2024-06.. 3"),
            ("depuis 2020", "year=2020.. 2"),
            ("after 2020", "year=2021.. 2"),
            ("después de 2020", "year=2021.. 3"),
            ("before 2019", "year=..2018 2"),
            ("antes de 2019", "year=..2018 3"),
            ("until 2022-06", "day=..2022-06 2"),
            ("between 2020 and 2023", "year=2020..2023 4"),
            ("from 2020 to 2023", "year=2020..2023 4"),
            ("de 2020 à 2023", "year=2020..2023 4"),
            ("entre 2020 y 2023", "year=2020..2023 4"),
            ("March 2024", "day=2024-03..2024-03 2"),
            ("in May 2023 in Kenya", "day=2023-05..2023-05 3"),
            ("March 2024 to June 2024", "day=2024-03..2024-06 5"),
            ("published in 2023", "year=2023 3"),
            ("publiés en 2023", "year=2023 3"),
            ("published 2023", "year=2023 2"),
            ("in 2023", "none"),
            ("may help", "none"),
            ("since birth", "none"),
            ("between mothers and 2023", "none"),
            ("after 2", "none"),
            ("from 2020", "none"),
            ("", "none"),
        ] {
            let words: Vec<&str> = text.split_whitespace().collect();
            let got = phrase(&words).map_or("none".to_owned(), |(node, taken)| format!("{node} {taken}"));
            assert_eq!(got, want, "{text}");
        }
        for (word, want) in [
            ("2020-2023", "year=2020..2023"),
            ("2022..", "year=2022.."),
            ("2022-", "year=2022.."),
            ("2024-03..2024-06", "day=2024-03..2024-06"),
            ("1..5", "none"),
            ("2024", "none"),
            ("1234-5678", "none"),
            ("phq-9", "none"),
        ] {
            assert_eq!(bare_span(word).map_or("none".to_owned(), |n| n.to_string()), want, "{word}");
        }
        assert_eq!(decade("2020s").map(|n| n.to_string()).as_deref(), Some("year=2020..2029"));
    }
}
