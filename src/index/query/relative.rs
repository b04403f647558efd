//! Spans of time that only somebody with a calendar knows: "last year", "the past 6 months", "depuis
//! le mois dernier".
//!
//! A year that is named alone is a calendar year ("last year", "this year"); so many of them, and "the
//! past year", reach back from today.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::Node;
use super::time;
use crate::model::text::fold;
use crate::model::{Month, PartialDate};

/// The most words that say a span: "au cours des 5 dernières années" has six.
const PHRASE_WORDS_MAX: usize = 8;

/// The most years, months, weeks or days back: more is all that there is.
const BACK_MAX: i64 = 1_000;

/// "The last few years" are so many.
const FEW: i64 = 3;

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Year,
    Decade,
    Month,
    Week,
    Day,
}

/// Names of units, folded: English, French, Spanish, Portuguese.
#[rustfmt::skip]
const UNITS: &[(&str, Unit)] = &[
    ("year", Unit::Year), ("years", Unit::Year), ("an", Unit::Year), ("ans", Unit::Year), ("annee", Unit::Year),
    ("annees", Unit::Year), ("ano", Unit::Year), ("anos", Unit::Year),
    ("decade", Unit::Decade), ("decennie", Unit::Decade), ("decada", Unit::Decade),
    ("month", Unit::Month), ("months", Unit::Month), ("mois", Unit::Month), ("mes", Unit::Month),
    ("meses", Unit::Month),
    ("week", Unit::Week), ("weeks", Unit::Week), ("semaine", Unit::Week), ("semaines", Unit::Week),
    ("semana", Unit::Week), ("semanas", Unit::Week),
    ("day", Unit::Day), ("days", Unit::Day), ("jour", Unit::Day), ("jours", Unit::Day), ("dia", Unit::Day),
    ("dias", Unit::Day),
];

/// Numbers in words, folded, in the same languages.
#[rustfmt::skip]
const NUMBERS: &[(&str, i64)] = &[
    ("one", 1), ("un", 1), ("une", 1), ("uno", 1), ("una", 1), ("um", 1), ("uma", 1), ("two", 2), ("deux", 2),
    ("dos", 2), ("dois", 2), ("duas", 2), ("three", 3), ("trois", 3), ("tres", 3), ("four", 4), ("quatre", 4),
    ("cuatro", 4), ("quatro", 4), ("five", 5), ("cinq", 5), ("cinco", 5), ("six", 6), ("seis", 6), ("seven", 7),
    ("sept", 7), ("siete", 7), ("sete", 7), ("eight", 8), ("huit", 8), ("ocho", 8), ("oito", 8), ("nine", 9),
    ("neuf", 9), ("nueve", 9), ("nove", 9), ("ten", 10), ("dix", 10), ("diez", 10), ("dez", 10), ("twelve", 12),
    ("douze", 12), ("doce", 12), ("doze", 12), ("couple", 2), ("few", FEW), ("quelques", FEW),
];

/// Words that may lead to a span, folded.
const LEADING: &[&str] = &[
    "in", "within", "over", "during", "from", "for", "the", "a", "au", "cours", "des", "de", "les", "la", "le", "l",
    "ces", "dans", "pendant", "en", "los", "las", "el", "durante", "o", "os", "as", "nos", "nas", "no", "na", "hace",
    "ha",
];

/// Words that say "from then on", folded.
const SINCE: &[&str] = &["since", "depuis", "desde"];

/// Words that say "the one before", folded.
#[rustfmt::skip]
const LAST: &[&str] = &[
    "last", "previous", "dernier", "derniere", "derniers", "dernieres", "ultimo", "ultima", "ultimos", "ultimas",
    "passe", "passee", "passees", "pasado", "pasada", "pasados", "pasadas", "passado", "passada", "passados", "passadas",
];

/// The same, reaching back from today also when one is meant.
const PAST: &[&str] = &["past"];

/// Words that say "the one that is", folded.
const THIS: &[&str] = &["this", "cette", "ce", "este", "esta", "neste", "nesta"];

/// Behind one of these a span is a part of something ("the last month of pregnancy").
const OF: &[&str] = &["of", "d", "de", "do", "da", "du", "del", "before", "avant", "antes"];

/// What the words of a span say together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// The unit that is.
    This,
    /// The one before.
    Last,
    /// So many of them up to today.
    Back(i64),
}

/// Returns the span that the first of these words say ("last year", "since last month"), and how many of
/// them it takes; `None` when they say none.
pub(super) fn phrase(words: &[&str], today: Date) -> Option<(Node, usize)> {
    let plain = |word: &&str| fold(&word.replace('’', "'")).trim_end_matches(time::ENDS).to_owned();
    let folded: Vec<String> = words.iter().take(PHRASE_WORDS_MAX).map(plain).collect();
    // An elided article: "l'an dernier".
    let bare = |word: &String| word.strip_prefix("l'").map_or_else(|| word.clone(), str::to_owned);
    let list: Vec<String> = folded.iter().map(bare).collect();
    let has_article = |at: usize| folded.get(at).is_some_and(|w| w.starts_with("l'"));
    let is_one_of = |at: usize, words: &[&str]| list.get(at).is_some_and(|w| words.contains(&w.as_str()));
    let (mut at, mut is_since) = (0, false);
    while !has_article(at) && (is_one_of(at, SINCE) || is_one_of(at, LEADING)) {
        is_since |= is_one_of(at, SINCE);
        at += 1;
    }
    let is_the = at > 0 && is_one_of(at - 1, &["the"]);
    let rest = list.get(at..).unwrap_or_default();
    let (said, unit, taken) = core(rest, is_since, is_the)?;
    let end = at + taken;
    if is_one_of(end, OF) && !is_since {
        return None;
    }
    // An article before an elided word belongs to the sentence ("de l'année dernière").
    Some((span(said, unit, is_since, today)?, end))
}

/// Words that lead to the time in which something happened, folded.
const WITHIN: &[&str] = &["in", "within", "over", "during", "au", "dans", "pendant", "en", "durante", "nos", "nas"];

/// Words before a span that say it is that of papers, folded, beside [`time::PUBLISHED`].
const OF_PAPERS: &[&str] = &["appeared", "papers", "articles", "literature", "parus", "articulos", "artigos"];

/// Tells whether a span is rather the time that people were asked about than the time of a paper: "violence
/// in the past 12 months", "mood in the last two weeks". `before` is the word before it. To leave out all
/// older papers for it would be worse than to look for a few words too many.
pub(super) fn is_window(before: &str, words: &[&str]) -> bool {
    let before = fold(before);
    if OF_PAPERS.iter().chain(time::PUBLISHED).any(|word| *word == before) {
        return false;
    }
    let folded: Vec<String> = words.iter().map(|w| fold(w).trim_end_matches(time::ENDS).to_owned()).collect();
    let is_within = folded.first().is_some_and(|first| WITHIN.contains(&first.as_str()));
    let unit = folded.iter().rev().find_map(|word| UNITS.iter().find(|(name, _)| name == word));
    let is_short = unit.is_some_and(|(name, unit)| match unit {
        Unit::Year => !name.ends_with('s'),
        Unit::Month | Unit::Week | Unit::Day => true,
        Unit::Decade => false,
    });
    is_within && is_short
}

/// Returns how many of the first of these words speak of a time that was not understood, or that only a calendar
/// knows ("last year", "last 1.5 years", "since yesterday"); 0 when they speak of none.
pub(super) fn not_understood(words: &[&str]) -> usize {
    let plain = |word: &&str| fold(word).trim_end_matches(time::ENDS).to_owned();
    let list: Vec<String> = words.iter().take(3).map(plain).collect();
    let is_unit = |word: &str| UNITS.iter().any(|(name, _)| *name == word);
    match list.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["since", "yesterday" | "today", ..] => 2,
        ["last" | "past" | "this" | "recent", second, ..] if is_unit(second) => 2,
        ["last" | "past", number, third, ..] if is_unit(third) && number.starts_with(|c: char| c.is_ascii_digit()) => 3,
        _ => 0,
    }
}

/// Returns what the words say without those that lead to them: what, of which unit, and how many they
/// are.
fn core(words: &[String], is_since: bool, is_the: bool) -> Option<(Said, Unit, usize)> {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let unit = |at: usize| UNITS.iter().find(|(name, _)| *name == word(at)).map(|(_, unit)| *unit);
    let number = |at: usize| {
        let digits = word(at).parse::<i64>().ok().filter(|n| (1..=BACK_MAX).contains(n));
        digits.or_else(|| NUMBERS.iter().find(|(name, _)| *name == word(at)).map(|(_, n)| *n))
    };
    let is_last = |at: usize| LAST.contains(&word(at)) || PAST.contains(&word(at));
    if THIS.contains(&word(0)) {
        return Some((Said::This, unit(1)?, 2));
    }
    // "5 dernières années", "5 last years", "cinco últimos años"
    if let Some(n) = number(0)
        && is_last(1)
    {
        return Some((Said::Back(n), unit(2)?, 3));
    }
    if is_last(0) {
        // "last 5 years", "last few years", "derniers mois"
        let of = usize::from(word(1) == "couple" && word(2) == "of");
        if let Some(n) = number(1) {
            return Some((Said::Back(n), unit(2 + of)?, 3 + of));
        }
        let one = unit(1)?;
        let is_plural = word(1).ends_with('s') && !matches!(word(1), "mois" | "mes");
        let is_back = PAST.contains(&word(0)) || is_the || one == Unit::Decade;
        let said = if is_plural {
            Said::Back(FEW)
        } else if is_back {
            Said::Back(1)
        } else {
            Said::Last
        };
        return Some((said, one, 2));
    }
    // "l'année dernière", "el año pasado"
    if let Some(one) = unit(0)
        && LAST.contains(&word(1))
    {
        return Some((Said::Last, one, 2));
    }
    // "depuis 5 ans"
    let n = number(0).filter(|_| is_since)?;
    Some((Said::Back(n), unit(1)?, 2))
}

/// Returns the span as a part of a query; `None` before the calendar begins.
fn span(said: Said, unit: Unit, is_since: bool, today: Date) -> Option<Node> {
    let back = match said {
        Said::This => 0,
        Said::Last => 1,
        Said::Back(n) => n,
    };
    let day = match unit {
        Unit::Year => today.checked_sub(back.years()),
        Unit::Decade => today.checked_sub((back * 10).years()),
        Unit::Month => today.checked_sub(back.months()),
        Unit::Week => today.checked_sub(back.weeks()),
        Unit::Day => today.checked_sub(back.days()),
    };
    let day = day.ok()?;
    let month = Month::of(day);
    let (year, month) =
        (PartialDate::new(day.year(), None, None)?, PartialDate::new(month.year(), Some(month.month()), None)?);
    let whole = PartialDate::new(day.year(), Some(day.month()), Some(day.day()))?;
    let (from, is_open) = match (said, unit) {
        (Said::This | Said::Last, Unit::Year) => (year, is_since),
        (Said::This | Said::Last, Unit::Month) => (month, is_since),
        (Said::Back(_), Unit::Year | Unit::Month) | (_, Unit::Decade) => (month, true),
        (_, Unit::Week | Unit::Day) => (whole, true),
    };
    time::span_between(Some(from), Some(from).filter(|_| !is_open))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_speaks_of_a_time_is_told() {
        for (text, want) in [
            ("last year in Kenya", 2),
            ("last 1.5 years", 3),
            ("past 99999999999999999999 weeks?", 3),
            ("since yesterday", 2),
            ("last trimester", 0),
            ("last two women", 0),
            ("", 0),
        ] {
            assert_eq!(not_understood(&text.split_whitespace().collect::<Vec<_>>()), want, "{text}");
        }
    }

    #[test]
    fn what_people_were_asked_about_is_no_time_of_a_paper() {
        for before in ["Published", "articles", "publicados"] {
            assert!(!is_window(before, &["in", "the", "last", "month"]), "{before}: said to be that of papers");
        }
        for (text, want) in [
            ("in the past 12 months", true),
            ("during the last two weeks", true),
            ("in the past year?", true),
            ("en el último mes", true),
            ("in the last five years", false),
            ("over the past decade", false),
            ("from the last 12 months", false),
            ("since last month", false),
            ("last month", false),
            ("", false),
        ] {
            assert_eq!(is_window("", &text.split_whitespace().collect::<Vec<_>>()), want, "{text}");
        }
    }

    #[test]
    fn spans_are_counted_from_today() {
        for (text, want) in [
            ("last year in Kenya", "year=2025 2"),
            ("this year", "year=2026 2"),
            ("the past year", "day=2025-11.. 3"),
            ("in the last year", "day=2025-11.. 4"),
            ("last 5 years", "day=2021-11.. 3"),
            ("in the last five years?", "day=2021-11.. 5"),
            ("over the past couple of years", "day=2024-11.. 6"),
            ("past 6 months", "day=2026-05.. 3"),
            ("last month", "day=2026-10..2026-10 2"),
            ("since last month", "day=2026-10.. 3"),
            ("since last year", "year=2025.. 3"),
            ("this month,", "day=2026-11..2026-11 2"),
            ("last 2 weeks", "day=2026-11-09.. 3"),
            ("past 10 days", "day=2026-11-13.. 3"),
            ("last week", "day=2026-11-16.. 2"),
            ("last decade", "day=2016-11.. 2"),
            ("recent years", "none"),
            ("the last few years", "day=2023-11.. 4"),
            ("l’année dernière", "year=2025 2"),
            ("l'an dernier", "year=2025 2"),
            ("cette année", "year=2026 2"),
            ("ces 5 dernières années", "day=2021-11.. 4"),
            ("au cours des cinq dernières années", "day=2021-11.. 6"),
            ("les derniers 6 mois", "day=2026-05.. 4"),
            ("depuis le mois dernier", "day=2026-10.. 4"),
            ("depuis 5 ans", "day=2021-11.. 3"),
            ("el año pasado", "year=2025 3"),
            ("este año", "year=2026 2"),
            ("en los últimos 5 años", "day=2021-11.. 5"),
            ("últimos seis meses", "day=2026-05.. 3"),
            ("desde el mes pasado", "day=2026-10.. 4"),
            ("desde hace 2 años", "day=2024-11.. 4"),
            ("no ano passado", "year=2025 3"),
            ("nos últimos cinco anos", "day=2021-11.. 4"),
            ("desde o mês passado", "day=2026-10.. 4"),
            ("last month of pregnancy", "none"),
            ("last trimester", "none"),
            ("last 9999999999 years", "none"),
            ("the past", "none"),
            ("in the", "none"),
            ("5 years", "none"),
            ("this", "none"),
            ("", "none"),
        ] {
            let words: Vec<&str> = text.split_whitespace().collect();
            let got = phrase(&words, jiff::civil::date(2026, 11, 23));
            let got = got.map_or("none".to_owned(), |(node, taken)| format!("{node} {taken}"));
            assert_eq!(got, want, "{text}");
        }
        let leap = phrase(&["last", "month"], jiff::civil::date(2026, 3, 31)).map(|(node, _)| node.to_string());
        assert_eq!(leap.as_deref(), Some("day=2026-02..2026-02"), "a day that the month before lacks");
        assert_eq!(phrase(&["last", "1000", "years"], jiff::civil::date(300, 1, 1)).map(|(n, _)| n.to_string()), None);
    }
}
