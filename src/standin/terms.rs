//! What an `ESearch` asks for: a window of days, articles by name, words.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::corpus::Version;

/// The parameters of a request, from its query or its form; the last of a name counts.
pub(super) type Parameters = BTreeMap<String, String>;

/// Which date of an article a window is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DateField {
    Entered,
    Published,
    Revised,
}

/// The days a search is limited to, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    field: DateField,
    range: Option<(Date, Date)>,
}

impl Window {
    /// Reads `datetype`, `mindate` and `maxdate`, else a range such as
    /// `2026/09/01:2026/09/30[edat]` within the term.
    pub fn of(parameters: &Parameters, term: &str) -> Result<Self, String> {
        let field = parameters.get("datetype").map_or(Ok(DateField::Published), |t| date_field(t))?;
        if parameters.contains_key("reldate") {
            return Err("reldate is not supported by this stand-in".to_owned());
        }
        match (parameters.get("mindate"), parameters.get("maxdate")) {
            (Some(from), Some(to)) => Ok(Self { field, range: Some((day(from, 1)?, day(to, 31)?)) }),
            _ => Ok(Self::in_term(term).unwrap_or(Self { field, range: None })),
        }
    }

    fn in_term(term: &str) -> Option<Self> {
        term.split([' ', '(', ')']).find_map(|token| {
            let (range, tag) = token.strip_suffix(']')?.split_once('[')?;
            let (from, to) = range.split_once(':')?;
            let range = (day(from.trim_matches('"'), 1).ok()?, day(to.trim_matches('"'), 31).ok()?);
            Some(Self { field: date_field(tag).ok()?, range: Some(range) })
        })
    }

    /// Tells whether a version's date lies within.
    pub fn holds(&self, version: &Version) -> bool {
        let date = match self.field {
            DateField::Entered => version.entered,
            DateField::Published => version.published,
            DateField::Revised => version.revised,
        };
        self.range.is_none_or(|(from, to)| from <= date && date <= to)
    }

    /// Returns the query as it was understood, with the window.
    pub fn translation(&self, term: &str) -> String {
        let name = match self.field {
            DateField::Entered => "Date - Entry",
            DateField::Published => "Date - Publication",
            DateField::Revised => "Date - Modification",
        };
        match self.range {
            Some((from, to)) => {
                format!("({term}) AND {}:{}[{name}]", from.strftime("%Y/%m/%d"), to.strftime("%Y/%m/%d"))
            }
            None => term.to_owned(),
        }
    }
}

fn date_field(tag: &str) -> Result<DateField, String> {
    match tag.to_lowercase().as_str() {
        "edat" | "crdt" => Ok(DateField::Entered),
        "pdat" | "dp" => Ok(DateField::Published),
        "mdat" | "lr" => Ok(DateField::Revised),
        other => Err(format!("Unknown date type: {other}")),
    }
}

/// Reads `YYYY[/MM[/DD]]`; what is missing is the first (`last_day` 1) or the last (31) of it.
fn day(text: &str, last_day: i8) -> Result<Date, String> {
    let bad = || format!("Incorrect date: {text}");
    let mut parts = text.trim().split(['/', '-']);
    let year: i16 = parts.next().and_then(|y| y.parse().ok()).ok_or_else(bad)?;
    let month: i8 = match parts.next() {
        Some(month) => month.parse().map_err(|_| bad())?,
        None if last_day == 1 => 1,
        None => 12,
    };
    let first = Date::new(year, month, 1).map_err(|_| bad())?;
    match parts.next() {
        Some(day) => Date::new(year, month, day.parse().map_err(|_| bad())?).map_err(|_| bad()),
        None if last_day == 1 => Ok(first),
        None => Ok(first.last_of_month()),
    }
}

/// Returns the PMIDs and DOIs a term asks for by name (`123[uid]`, `10.5555/x[doi]`, a bare PMID),
/// or `None` when it asks in words.
pub(super) fn named_articles(term: &str) -> Option<Vec<String>> {
    const FIELDS: [&str; 5] = ["uid", "pmid", "doi", "aid", "lid"];
    if term.parse::<u32>().is_ok() {
        return Some(vec![term.to_owned()]);
    }
    let names: Vec<String> = term
        .split([' ', '(', ')'])
        .filter_map(|token| token.strip_suffix(']')?.split_once('['))
        .filter(|(_, field)| FIELDS.contains(&field.to_lowercase().as_str()))
        .map(|(name, _)| name.trim_matches('"').to_lowercase())
        .collect();
    (!names.is_empty()).then_some(names)
}

/// Returns the words of a term without operators, field tags, quotes and wildcards.
pub(super) fn words(term: &str) -> Vec<String> {
    let mut plain = String::new();
    let mut depth = 0_usize;
    for c in term.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            c if depth == 0 && (c.is_alphanumeric() || c == '-') => plain.push(c),
            _ if depth == 0 => plain.push(' '),
            _ => {}
        }
    }
    plain
        .split_whitespace()
        .filter(|w| !["AND", "OR", "NOT"].contains(w) && w.chars().any(char::is_alphabetic))
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_of_a_window() {
        // (text, as start, as end, note)
        let cases = [
            ("2026/09/05", Some((date(2026, 9, 5), date(2026, 9, 5))), "a day is both ends"),
            ("2026/09", Some((date(2026, 9, 1), date(2026, 9, 30))), "a month is filled to its ends"),
            ("2026", Some((date(2026, 1, 1), date(2026, 12, 31))), "a year too"),
            ("2026/13/01", None, "no such month"),
            ("soon", None, "no date"),
        ];
        for (text, wanted, note) in cases {
            let got = day(text, 1).ok().zip(day(text, 31).ok());
            assert_eq!(got, wanted, "{text}: {note}");
        }
    }

    #[test]
    fn terms_that_name_articles() {
        let cases: [(&str, Option<&[&str]>, &str); 5] = [
            ("90010007", Some(&["90010007"]), "a bare number is a PMID"),
            ("90010007[uid] OR 90010014[PMID]", Some(&["90010007", "90010014"]), "two by tag"),
            ("10.5555/OSM.2026.09017[doi]", Some(&["10.5555/osm.2026.09017"]), "a DOI in any case"),
            ("\"10.5555/x.1\"[aid]", Some(&["10.5555/x.1"]), "in quotes"),
            ("depress*[tiab] AND pregnan*[tiab]", None, "words"),
        ];
        for (term, wanted, note) in cases {
            let wanted = wanted.map(|w| w.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>());
            assert_eq!(named_articles(term), wanted, "{term}: {note}");
        }
    }

    #[test]
    fn words_of_a_term() {
        assert_eq!(words("(\"mental health\"[tiab] OR depress*[tiab]) AND 2026[dp]"), ["mental", "health", "depress"]);
    }
}
