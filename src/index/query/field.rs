//! The names before a colon, and what may stand behind it.

use unicode_normalization::char::is_combining_mark;

use super::{Form, Node};
use crate::index::analyse;
use crate::model::{CanonicalUrl, Doi, Month, PartialDate, Pmcid, Pmid, WorkId};

/// A text in which words are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::index) enum TextField {
    /// Title, abstract, keywords, headings; also authors and journal, with less weight.
    Anywhere,
    Title,
    Author,
    Journal,
}

impl TextField {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Anywhere => "text",
            Self::Title => "title",
            Self::Author => "author",
            Self::Journal => "journal",
        }
    }
}

/// A value that a paper has or has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::index) enum TagField {
    Country,
    Region,
    Twg,
    Design,
    Condition,
    Population,
    Intervention,
    Language,
    OpenAccess,
    Source,
    Issue,
}

impl TagField {
    pub(in crate::index) fn as_str(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Region => "region",
            Self::Twg => "twg",
            Self::Design => "design",
            Self::Condition => "condition",
            Self::Population => "population",
            Self::Intervention => "intervention",
            Self::Language => "lang",
            Self::OpenAccess => "oa",
            Self::Source => "source",
            Self::Issue => "issue",
        }
    }
}

/// A name that may stand before a colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::index) enum FieldName {
    Text(TextField),
    Tag(TagField),
    Year,
    Since,
    Until,
    Doi,
    Pmid,
    Id,
}

/// Every name and what it means; the first name of each is the one we tell people.
const NAMES: &[(&str, FieldName)] = &[
    ("title", FieldName::Text(TextField::Title)),
    ("author", FieldName::Text(TextField::Author)),
    ("authors", FieldName::Text(TextField::Author)),
    ("journal", FieldName::Text(TextField::Journal)),
    ("country", FieldName::Tag(TagField::Country)),
    ("region", FieldName::Tag(TagField::Region)),
    ("twg", FieldName::Tag(TagField::Twg)),
    ("design", FieldName::Tag(TagField::Design)),
    ("condition", FieldName::Tag(TagField::Condition)),
    ("population", FieldName::Tag(TagField::Population)),
    ("intervention", FieldName::Tag(TagField::Intervention)),
    ("year", FieldName::Year),
    ("since", FieldName::Since),
    ("until", FieldName::Until),
    ("lang", FieldName::Tag(TagField::Language)),
    ("language", FieldName::Tag(TagField::Language)),
    ("oa", FieldName::Tag(TagField::OpenAccess)),
    ("source", FieldName::Tag(TagField::Source)),
    ("issue", FieldName::Tag(TagField::Issue)),
    ("doi", FieldName::Doi),
    ("pmid", FieldName::Pmid),
    ("id", FieldName::Id),
];

/// Languages by their names in English; other languages go by their code.
const LANGUAGES: &[(&str, &str)] = &[
    ("amharic", "am"),
    ("arabic", "ar"),
    ("bengali", "bn"),
    ("chinese", "zh"),
    ("english", "en"),
    ("french", "fr"),
    ("german", "de"),
    ("hindi", "hi"),
    ("indonesian", "id"),
    ("italian", "it"),
    ("japanese", "ja"),
    ("korean", "ko"),
    ("persian", "fa"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("russian", "ru"),
    ("spanish", "es"),
    ("swahili", "sw"),
    ("turkish", "tr"),
    ("ukrainian", "uk"),
    ("urdu", "ur"),
    ("vietnamese", "vi"),
];

/// A name or value is said to be near another one from this likeness on (0.0–1.0).
const NEAR_ENOUGH: f64 = 0.6;

impl FieldName {
    /// Returns the field of this name, whatever its case.
    pub(super) fn parse(name: &str) -> Option<Self> {
        NAMES.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, f)| *f)
    }

    /// Returns the name that we tell people.
    pub(super) fn as_str(self) -> &'static str {
        NAMES.iter().find(|(_, f)| *f == self).map_or("text", |(n, _)| n)
    }

    /// Returns the sentence that helps with an unknown name.
    pub(super) fn help(unknown: &str) -> String {
        let lower = unknown.to_lowercase();
        let likeness = |name: &str| strsim::normalized_damerau_levenshtein(&lower, name);
        let nearest = NAMES.iter().map(|(n, _)| (likeness(n), *n)).max_by(|a, b| a.0.total_cmp(&b.0));
        let known: Vec<&str> = NAMES
            .iter()
            .enumerate()
            .filter(|(n, (_, f))| NAMES.iter().take(*n).all(|(_, g)| g != f))
            .map(|(_, (n, _))| *n)
            .collect();
        let start = match nearest {
            Some((likeness, name)) if likeness >= NEAR_ENOUGH => format!("did you mean {name:?}? "),
            _ => String::new(),
        };
        format!("{start}known: {}; to look for the words themselves, put a space behind the colon", known.join(", "))
    }

    /// Returns what a value behind this name asks for.
    ///
    /// # Errors
    /// A sentence: what kind of value belongs there.
    pub(super) fn value(self, text: &str, form: Form) -> Result<Vec<Node>, &'static str> {
        match self {
            Self::Text(field) if form == Form::Word => Ok(words(text, field)),
            Self::Text(field) => Ok(vec![Node::Text { field, form, text: text.to_owned() }]),
            Self::Tag(field) => tag(field, text).map(|value| vec![Node::Tag { field, value }]),
            Self::Year => years(text).map(|n| vec![n]).ok_or("year needs years, like 2024, 2022..2025 or >=2022"),
            Self::Since => {
                let from = date(text).ok_or("since needs a date, like 2024, 2024-06 or 2024-06-15")?;
                Ok(vec![Node::Day { from: Some(from), to: None }])
            }
            Self::Until => {
                let to = date(text).ok_or("until needs a date, like 2024, 2024-06 or 2024-06-15")?;
                Ok(vec![Node::Day { from: None, to: Some(to) }])
            }
            Self::Doi => {
                let doi = Doi::parse(text).ok_or("doi needs a DOI, like 10.1000/xyz")?;
                Ok(vec![Node::Exact(format!("doi:{doi}"))])
            }
            Self::Pmid => {
                let pmid = Pmid::parse(text).ok_or("pmid needs a number")?;
                Ok(vec![Node::Exact(format!("pmid:{pmid}"))])
            }
            Self::Id => Ok(vec![Node::Exact(text.trim().to_owned())]),
        }
    }
}

/// Returns the form in which a tag's value stands in the index.
fn tag(field: TagField, text: &str) -> Result<String, &'static str> {
    let key = analyse::key(text);
    match field {
        _ if key.is_empty() => Err("a value is missing behind the colon"),
        // As typed: "CAR" is a country, "car" is not.
        TagField::Country | TagField::Region => Ok(text.trim().to_owned()),
        TagField::OpenAccess => match key.as_str() {
            "yes" | "y" | "true" | "1" | "open" => Ok("yes".to_owned()),
            "no" | "n" | "false" | "0" => Ok("no".to_owned()),
            _ => Err("oa needs yes or no"),
        },
        TagField::Issue => {
            let month = Month::parse(text.trim()).ok_or("issue needs the month of a roundup, like 2026-10")?;
            Ok(month.to_string())
        }
        TagField::Language => {
            let code = LANGUAGES.iter().find(|(name, _)| *name == key).map(|(_, code)| (*code).to_owned());
            Ok(code.unwrap_or(key))
        }
        _ => Ok(key),
    }
}

/// Returns the date that a text is; slashes are taken for hyphens.
fn date(text: &str) -> Option<PartialDate> {
    PartialDate::parse(&text.trim().replace('/', "-"))
}

/// Returns the span of years behind `year:`.
fn years(text: &str) -> Option<Node> {
    let text = text.trim();
    for (sign, from_step, to_step) in
        [(">=", Some(0), None), ("<=", None, Some(0)), (">", Some(1), None), ("<", None, Some(-1))]
    {
        if let Some(rest) = text.strip_prefix(sign) {
            let year = year(rest)?;
            let step = |by: Option<i16>| by.map(|by| year.saturating_add(by));
            return Some(Node::Year { from: step(from_step), to: step(to_step) });
        }
    }
    if let Some(year) = year(text) {
        return Some(Node::Year { from: Some(year), to: Some(year) });
    }
    let (from, to) = text.split_once("..").or_else(|| text.split_once(['-', '–', '—']))?;
    span(from, to).filter(|node| matches!(node, Node::Year { .. }))
}

/// Returns the span of time that a word like `2022..2025`, `2022..` or `2024-03..2024-06` is.
pub(super) fn bare_span(word: &str) -> Option<Node> {
    let (from, to) = word.split_once("..").or_else(|| word.split_once('…'))?;
    span(from, to.trim_start_matches('.'))
}

/// Returns the span between two dates, either of which may be missing; a span that runs
/// backwards is turned round, since only one thing can be meant by it.
fn span(from: &str, to: &str) -> Option<Node> {
    let end = |text: &str| if text.trim().is_empty() { Some(None) } else { date(text).map(Some) };
    let (mut from, mut to) = (end(from)?, end(to)?);
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

/// Returns the names under which an identifier without a field stands in the index; none when the
/// text is no identifier.
pub(super) fn identifiers(raw: &str) -> Vec<String> {
    let lower = raw.to_lowercase();
    let is_address = ["http://", "https://", "www."].iter().any(|p| lower.starts_with(p));
    if is_address {
        return address(raw, &lower);
    }
    if ["10.", "doi:10.", "doi.org/", "dx.doi.org/"].iter().any(|p| lower.starts_with(p)) {
        return Doi::parse(raw).map(|doi| format!("doi:{doi}")).into_iter().collect();
    }
    if ["pmid:", "pubmed:", "pubmed.ncbi"].iter().any(|p| lower.starts_with(p)) {
        return Pmid::parse(raw).map(|pmid| format!("pmid:{pmid}")).into_iter().collect();
    }
    let is_pmcid = lower.strip_prefix("pmc").is_some_and(|d| d.len() > 3 && d.bytes().all(|b| b.is_ascii_digit()));
    if is_pmcid { Pmcid::parse(raw).map(|id| format!("pmcid:{id}")).into_iter().collect() } else { Vec::new() }
}

/// Returns the names that a web address may stand for: itself, and the DOI or PMID in it.
fn address(raw: &str, lower: &str) -> Vec<String> {
    let mut out = Vec::new();
    if let Some(pmid) = Pmid::parse(raw) {
        out.push(format!("pmid:{pmid}"));
    }
    if let Some(doi) = Doi::parse(raw) {
        out.push(format!("doi:{doi}"));
    }
    if let Some(at) = lower.find("/pmc").filter(|_| lower.contains("ncbi.nlm.nih.gov"))
        && let Some(pmcid) = lower.get(at + 1..).and_then(Pmcid::parse)
    {
        out.push(format!("pmcid:{pmcid}"));
    }
    let full = if lower.starts_with("www.") { format!("https://{raw}") } else { raw.to_owned() };
    if let Some(url) = CanonicalUrl::parse(&full) {
        out.push(format!("url:{url}"));
    }
    out
}

/// Returns the name in the index of a word that may be an identifier or may just be a word: a
/// number of six to nine digits (PMID), twelve letters that look like one of our own ids.
pub(super) fn perhaps_identifier(word: &str) -> Option<String> {
    let is_number = (6..=9).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    if is_number {
        return Pmid::parse(word).map(|pmid| format!("pmid:{pmid}"));
    }
    WorkId::parse(word).map(String::from)
}

/// Returns the words of a piece of text: marks but hyphens, apostrophes and points separate.
pub(super) fn words(text: &str, field: TextField) -> Vec<Node> {
    let belongs = |c: char| {
        c.is_alphanumeric()
            || is_combining_mark(c)
            || matches!(c, '-' | '.' | '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '\u{2010}' | '\u{2011}' | '\u{ad}')
            || matches!(c, '\u{200b}'..='\u{200d}')
    };
    text.split(|c| !belongs(c))
        .filter(|w| w.contains(char::is_alphanumeric))
        .map(|w| Node::Text { field, form: Form::Word, text: w.trim_matches(['-', '.']).to_owned() })
        .collect()
}
