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
    Created,
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
    /// Reads `datetype`, `mindate` and `maxdate`.
    pub fn of(parameters: &Parameters) -> Result<Self, String> {
        let field = parameters.get("datetype").map_or(Ok(DateField::Published), |t| date_field(t))?;
        if parameters.contains_key("reldate") {
            return Err("reldate is not supported by this stand-in".to_owned());
        }
        match (parameters.get("mindate"), parameters.get("maxdate")) {
            (Some(from), Some(to)) => Ok(Self { field, range: Some((day(from, 1)?, day(to, 31)?)) }),
            _ => Ok(Self { field, range: None }),
        }
    }

    /// Tells whether a version's date lies within.
    pub fn holds(&self, version: &Version) -> bool {
        let date = self.field.of(version);
        self.range.is_none_or(|(from, to)| from <= date && date <= to)
    }

    /// Returns the query as it was understood, with the window; field tags are written out.
    pub fn translation(&self, term: &str) -> String {
        let mut term = term.to_owned();
        for (tag, name) in FIELD_NAMES {
            term = term.replace(&format!("[{tag}]"), &format!("[{name}]"));
        }
        let name = match self.field {
            DateField::Entered => "Date - Entry",
            DateField::Created => "Date - Create",
            DateField::Published => "Date - Publication",
            DateField::Revised => "Date - Modification",
        };
        match self.range {
            Some((from, to)) => {
                format!("({term}) AND {}:{}[{name}]", from.strftime("%Y/%m/%d"), to.strftime("%Y/%m/%d"))
            }
            None => term,
        }
    }
}

/// Field tags, and what PubMed calls them in a translation.
const FIELD_NAMES: [(&str, &str); 6] = [
    ("edat", "Date - Entry"),
    ("crdt", "Date - Create"),
    ("mdat", "Date - Modification"),
    ("lr", "Date - Modification"),
    ("uid", "UID"),
    ("pt", "Publication Type"),
];

impl DateField {
    /// Returns this date of an article.
    fn of(self, version: &Version) -> Date {
        match self {
            Self::Entered => version.entrez,
            Self::Created => version.entered,
            Self::Published => version.published,
            Self::Revised => version.revised,
        }
    }
}

/// What a term asks for beside words: each clause holds when one of its conditions does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Filters {
    clauses: Vec<Vec<Condition>>,
}

/// One condition on an article.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    /// `2026/09/01:2026/09/30[edat]`, both ends included.
    Days(DateField, Date, Date),
    /// `90010000:90020000[uid]`, both ends included.
    Uids(u32, u32),
    /// `"retracted publication"[pt]`.
    Type(String),
}

impl Filters {
    /// Cuts a term at its outermost ANDs into clauses that are conditions alone, and the rest, which
    /// is words.
    pub fn of(term: &str) -> (Self, String) {
        let mut filters = Self::default();
        let mut rest = Vec::new();
        for part in split_outside(term, " AND ") {
            let conditions: Option<Vec<Condition>> =
                split_outside(unwrapped(part), " OR ").into_iter().map(|c| Condition::of(c.trim())).collect();
            match conditions {
                Some(conditions) => filters.clauses.push(conditions),
                None => rest.push(part),
            }
        }
        (filters, rest.join(" AND "))
    }

    /// Tells whether an article fulfils every clause.
    pub fn hold(&self, version: &Version) -> bool {
        self.clauses.iter().all(|clause| clause.iter().any(|c| c.holds(version)))
    }
}

impl Condition {
    /// Reads `VALUE[TAG]` or `FROM:TO[TAG]`; `None` for anything else.
    fn of(text: &str) -> Option<Self> {
        let (value, tag) = text.strip_suffix(']')?.split_once('[')?;
        let value = value.trim();
        let (from, to) = value.split_once(':').unwrap_or((value, value));
        let (from, to) = (from.trim().trim_matches('"'), to.trim().trim_matches('"'));
        let tag = tag.to_lowercase();
        match tag.as_str() {
            "uid" | "pmid" if value.contains(':') => Some(Self::Uids(from.parse().ok()?, to.parse().ok()?)),
            "pt" if ["(", " AND ", " OR ", " NOT "].iter().any(|w| value.contains(w)) => None,
            "pt" => Some(Self::Type(value.trim_matches('"').to_owned())),
            _ => Some(Self::Days(date_field(&tag).ok()?, day(from, 1).ok()?, day(to, 31).ok()?)),
        }
    }

    fn holds(&self, version: &Version) -> bool {
        match self {
            Self::Days(field, from, to) => (*from..=*to).contains(&field.of(version)),
            Self::Uids(from, to) => (*from..=*to).contains(&version.pmid),
            Self::Type(name) => version.has_type(name),
        }
    }
}

/// Cuts a text at a separator wherever that stands outside parentheses and quotation marks.
fn split_outside<'t>(text: &'t str, separator: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let (mut depth, mut is_quoted, mut from) = (0_i32, false, 0);
    for (at, c) in text.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted => depth -= 1,
            _ => {}
        }
        let is_cut = depth == 0 && !is_quoted && at >= from && text.get(at..).is_some_and(|t| t.starts_with(separator));
        if is_cut {
            parts.extend(text.get(from..at));
            from = at + separator.len();
        }
    }
    parts.extend(text.get(from..));
    parts
}

/// Returns a text without the parentheses around the whole of it.
fn unwrapped(text: &str) -> &str {
    let inside = text.trim().strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    match inside {
        Some(inside) if is_balanced(inside) => unwrapped(inside),
        _ => text.trim(),
    }
}

/// Tells whether no parenthesis closes what was not opened before it.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    text.chars().all(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth >= 0
    })
}

fn date_field(tag: &str) -> Result<DateField, String> {
    match tag.to_lowercase().as_str() {
        "edat" => Ok(DateField::Entered),
        "crdt" => Ok(DateField::Created),
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
    fn conditions_are_told_from_words() {
        // (term, clauses, rest, note)
        let cases = [
            ("depress*[tiab]", 0, "depress*[tiab]", "words alone"),
            ("(a OR b) AND (2026/09/01:2026/09/30[edat] OR 2026/09:2026/09[crdt])", 1, "(a OR b)", "a window"),
            ("(a) AND (2026[edat]) AND 90000001:90000009[uid]", 2, "(a)", "a window and a range of PMIDs"),
            ("(a AND b[pt]) AND \"c AND d\"", 0, "(a AND b[pt]) AND \"c AND d\"", "inside parentheses and quotes"),
            ("(\"retracted publication\"[pt] OR editorial[pt]) AND 2026/09/01[mdat]", 2, "", "types; one day"),
        ];
        for (term, clauses, rest, note) in cases {
            let (filters, left) = Filters::of(term);
            assert_eq!((filters.clauses.len(), left.as_str()), (clauses, rest), "{note}: {filters:?}");
        }
    }

    #[test]
    fn words_of_a_term() {
        assert_eq!(words("(\"mental health\"[tiab] OR depress*[tiab]) AND 2026[dp]"), ["mental", "health", "depress"]);
    }
}
