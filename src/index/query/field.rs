//! The names before a colon, and what may stand behind it.

use unicode_normalization::char::is_combining_mark;

use super::{Form, Node, names, time};
use crate::index::analyse;
use crate::model::text::fold;
use crate::model::{CanonicalUrl, Design, Doi, Pmcid, Pmid, WorkId};

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
    pub(in crate::index) fn as_str(self) -> &'static str {
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
    /// What a paper is marked as: a preprint, retracted.
    Flag,
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
            Self::Flag => "is",
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
    Pmcid,
    Id,
}

/// Every name and what it means; the first name of each is the one we tell people. The others are
/// those of other programs, and French, Spanish and Portuguese, without accents.
#[rustfmt::skip]
const NAMES: &[(&str, FieldName)] = &[
    ("title", FieldName::Text(TextField::Title)),
    ("ti", FieldName::Text(TextField::Title)),
    ("titre", FieldName::Text(TextField::Title)),
    ("titulo", FieldName::Text(TextField::Title)),
    ("author", FieldName::Text(TextField::Author)),
    ("authors", FieldName::Text(TextField::Author)),
    ("au", FieldName::Text(TextField::Author)),
    ("auteur", FieldName::Text(TextField::Author)),
    ("auteurs", FieldName::Text(TextField::Author)),
    ("autor", FieldName::Text(TextField::Author)),
    ("autora", FieldName::Text(TextField::Author)),
    ("autores", FieldName::Text(TextField::Author)),
    ("journal", FieldName::Text(TextField::Journal)),
    ("jn", FieldName::Text(TextField::Journal)),
    ("jo", FieldName::Text(TextField::Journal)),
    ("ta", FieldName::Text(TextField::Journal)),
    ("revista", FieldName::Text(TextField::Journal)),
    ("periodico", FieldName::Text(TextField::Journal)),
    ("country", FieldName::Tag(TagField::Country)),
    ("countries", FieldName::Tag(TagField::Country)),
    ("pays", FieldName::Tag(TagField::Country)),
    ("pais", FieldName::Tag(TagField::Country)),
    ("paises", FieldName::Tag(TagField::Country)),
    ("region", FieldName::Tag(TagField::Region)),
    ("regions", FieldName::Tag(TagField::Region)),
    ("regiao", FieldName::Tag(TagField::Region)),
    ("twg", FieldName::Tag(TagField::Twg)),
    ("group", FieldName::Tag(TagField::Twg)),
    ("groupe", FieldName::Tag(TagField::Twg)),
    ("grupo", FieldName::Tag(TagField::Twg)),
    ("design", FieldName::Tag(TagField::Design)),
    ("type", FieldName::Tag(TagField::Design)),
    ("pt", FieldName::Tag(TagField::Design)),
    ("devis", FieldName::Tag(TagField::Design)),
    ("diseno", FieldName::Tag(TagField::Design)),
    ("desenho", FieldName::Tag(TagField::Design)),
    ("condition", FieldName::Tag(TagField::Condition)),
    ("conditions", FieldName::Tag(TagField::Condition)),
    ("condicion", FieldName::Tag(TagField::Condition)),
    ("condicao", FieldName::Tag(TagField::Condition)),
    ("population", FieldName::Tag(TagField::Population)),
    ("poblacion", FieldName::Tag(TagField::Population)),
    ("populacao", FieldName::Tag(TagField::Population)),
    ("intervention", FieldName::Tag(TagField::Intervention)),
    ("interventions", FieldName::Tag(TagField::Intervention)),
    ("intervencion", FieldName::Tag(TagField::Intervention)),
    ("intervencao", FieldName::Tag(TagField::Intervention)),
    ("year", FieldName::Year),
    ("years", FieldName::Year),
    ("yr", FieldName::Year),
    ("py", FieldName::Year),
    ("date", FieldName::Year),
    ("dp", FieldName::Year),
    ("annee", FieldName::Year),
    ("ano", FieldName::Year),
    ("fecha", FieldName::Year),
    ("since", FieldName::Since),
    ("from", FieldName::Since),
    ("depuis", FieldName::Since),
    ("desde", FieldName::Since),
    ("until", FieldName::Until),
    ("hasta", FieldName::Until),
    ("ate", FieldName::Until),
    ("lang", FieldName::Tag(TagField::Language)),
    ("language", FieldName::Tag(TagField::Language)),
    ("la", FieldName::Tag(TagField::Language)),
    ("langue", FieldName::Tag(TagField::Language)),
    ("idioma", FieldName::Tag(TagField::Language)),
    ("lengua", FieldName::Tag(TagField::Language)),
    ("lingua", FieldName::Tag(TagField::Language)),
    ("oa", FieldName::Tag(TagField::OpenAccess)),
    ("openaccess", FieldName::Tag(TagField::OpenAccess)),
    ("open", FieldName::Tag(TagField::OpenAccess)),
    ("source", FieldName::Tag(TagField::Source)),
    ("issue", FieldName::Tag(TagField::Issue)),
    ("roundup", FieldName::Tag(TagField::Issue)),
    ("doi", FieldName::Doi),
    ("pmid", FieldName::Pmid),
    ("pmids", FieldName::Pmid),
    ("uid", FieldName::Pmid),
    ("pmcid", FieldName::Pmcid),
    ("pmc", FieldName::Pmcid),
    ("id", FieldName::Id),
    ("is", FieldName::Tag(TagField::Flag)),
    ("flag", FieldName::Tag(TagField::Flag)),
];

/// Words before a colon that are no field and no slip either: what follows is text.
const NO_FIELDS: &[&str] =
    &["arxiv", "issn", "eissn", "isbn", "mailto", "orcid", "urn", "http", "https", "ftp", "nct", "isrctn"];

/// A name or value is said to be near another one from this likeness on (0.0–1.0).
const NEAR_ENOUGH: f64 = 0.6;

impl FieldName {
    /// Returns the field of this name, whatever its case.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let folded = fold(name);
        NAMES.iter().find(|(n, _)| *n == folded).map(|(_, f)| *f)
    }

    /// Tells whether a name before a colon is known to be no field.
    pub(super) fn is_text(name: &str) -> bool {
        NO_FIELDS.contains(&fold(name).as_str())
    }

    /// Tells whether a word behind the colon and a space can only be a value of this field: a
    /// telephone puts the space there by itself, and so do titles.
    pub(super) fn takes(self, word: &str) -> bool {
        let key = analyse::key(word);
        match self {
            Self::Year | Self::Since | Self::Until => time::span_of(word).is_some(),
            Self::Tag(TagField::Language) => names::language_code(word).is_some(),
            Self::Tag(TagField::OpenAccess) => yes_or_no(&key).is_some(),
            Self::Tag(TagField::Design) => !names::designs(&key).is_empty() || Design::parse(&key).is_some(),
            Self::Tag(TagField::Issue) => time::month_of_year(word).is_some(),
            _ => false,
        }
    }

    /// Returns the name that we tell people.
    pub(super) fn as_str(self) -> &'static str {
        NAMES.iter().find(|(_, f)| *f == self).map_or("text", |(n, _)| n)
    }

    /// Returns the words that say what belongs behind the colon.
    pub(super) fn wants(self) -> &'static str {
        match self {
            Self::Text(TextField::Author) => "a name belongs there, like author:okonkwo",
            Self::Text(TextField::Journal) => "a name belongs there, like journal:lancet",
            Self::Text(_) => "a word belongs there, like title:stigma",
            Self::Tag(TagField::Country) => "a name or code belongs there, like country:kenya",
            Self::Tag(TagField::OpenAccess) => "yes or no belongs there, like oa:yes",
            Self::Tag(TagField::Issue) => "the month of a roundup belongs there, like issue:2026-10",
            Self::Tag(_) => "`roundup search --facets` lists the values there are",
            Self::Year => "years belong there, like year:2024 or year:2022..2025",
            Self::Since | Self::Until => "a date belongs there, like 2024, 2024-06 or 2024-06-15",
            Self::Doi => "a DOI belongs there, like doi:10.1000/xyz",
            Self::Pmid => "a number belongs there, like pmid:31234567",
            Self::Pmcid => "a number belongs there, like pmcid:PMC1234567",
            Self::Id => "an id belongs there, as `roundup show` prints it",
        }
    }

    /// Returns the sentence that helps with an unknown name.
    pub(super) fn help(unknown: &str) -> String {
        let lower = unknown.to_lowercase();
        let likeness = |name: &str| strsim::normalized_damerau_levenshtein(&lower, name);
        let nearest = NAMES.iter().rev().map(|(n, _)| (likeness(n), *n)).max_by(|a, b| a.0.total_cmp(&b.0));
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
            Self::Tag(field) => tags(field, text, form),
            Self::Year => {
                time::span_of(text).map(|n| vec![n]).ok_or("year needs years, like 2024, 2022..2025 or >=2022")
            }
            Self::Since => {
                let from = time::date(text).ok_or("since needs a date, like 2024, 2024-06 or 2024-06-15")?;
                Ok(vec![Node::Day { from: Some(from), to: None }])
            }
            Self::Until => {
                let to = time::date(text).ok_or("until needs a date, like 2024, 2024-06 or 2024-06-15")?;
                Ok(vec![Node::Day { from: None, to: Some(to) }])
            }
            Self::Doi => {
                let doi = Doi::parse(text).ok_or("doi needs a DOI, like 10.1000/xyz")?;
                Ok(vec![Node::Exact(format!("doi:{doi}"))])
            }
            Self::Pmid => {
                let numbers = text.split([',', ';', '|', ' ']).map(str::trim).filter(|n| !n.is_empty());
                let pmids: Option<Vec<Pmid>> = numbers.map(Pmid::parse).collect();
                let pmids = pmids.filter(|p| !p.is_empty()).ok_or("pmid needs a number")?;
                Ok(pmids.into_iter().map(|pmid| Node::Exact(format!("pmid:{pmid}"))).collect())
            }
            Self::Pmcid => {
                let typed = text.trim();
                let is_number = typed.bytes().all(|b| b.is_ascii_digit());
                let id = if is_number { Pmcid::parse(&format!("PMC{typed}")) } else { Pmcid::parse(typed) };
                Ok(vec![Node::Exact(format!("pmcid:{}", id.ok_or("pmcid needs a number, like PMC1234567")?))])
            }
            Self::Id => Ok(vec![Node::Exact(text.trim().to_owned())]),
        }
    }
}

/// Returns what the values behind a tag's name ask for. In one word, commas part several values.
fn tags(field: TagField, text: &str, form: Form) -> Result<Vec<Node>, &'static str> {
    let mut out = Vec::new();
    let parts: Vec<&str> = if form == Form::Word { text.split([',', ';', '|']).collect() } else { vec![text] };
    let is_one = parts.len() == 1;
    for part in parts.into_iter().filter(|p| is_one || !analyse::key(p).is_empty()) {
        for value in tag(field, part)? {
            out.push(Node::Tag { field, value });
        }
    }
    if out.is_empty() { Err("a value is missing behind the colon") } else { Ok(out) }
}

/// Returns the forms in which a tag's value stands in the index.
fn tag(field: TagField, text: &str) -> Result<Vec<String>, &'static str> {
    let key = analyse::key(text);
    let values = match field {
        _ if key.is_empty() => return Err("a value is missing behind the colon"),
        // As typed: "CAR" is a country, "car" is not.
        TagField::Country | TagField::Region => vec![text.trim().to_owned()],
        TagField::OpenAccess => match yes_or_no(&key) {
            Some(answer) => vec![answer.to_owned()],
            None => return Err("oa needs yes or no"),
        },
        TagField::Flag => vec![names::flag(&key).map_or_else(|| key.replace(' ', "-"), str::to_owned)],
        TagField::Issue => match (time::month_of_year(text), names::month(text)) {
            (Some(month), _) => vec![month.to_string()],
            // Of any year.
            (None, Some(month)) => vec![format!("-{month:02}")],
            (None, None) => return Err("issue needs the month of a roundup, like 2026-10 or \"October 2026\""),
        },
        TagField::Language => vec![names::language_code(&key).map_or(key, str::to_owned)],
        TagField::Design => match names::designs(&key) {
            [] => vec![key],
            ids => ids.iter().map(|id| (*id).to_owned()).collect(),
        },
        TagField::Twg => {
            let id = names::group(&key).map(str::to_owned);
            std::iter::once(key).chain(id).collect()
        }
        TagField::Condition | TagField::Population | TagField::Intervention | TagField::Source => vec![key],
    };
    Ok(values)
}

/// Returns the answer that a word is, in four languages.
fn yes_or_no(key: &str) -> Option<&'static str> {
    match key {
        "yes" | "y" | "true" | "1" | "open" | "free" | "oui" | "si" | "sim" | "gratis" | "gratuit" => Some("yes"),
        "no" | "n" | "false" | "0" | "non" | "nao" | "closed" => Some("no"),
        _ => None,
    }
}

/// Returns the names under which an identifier without a field stands in the index; none when the
/// text is no identifier.
pub(super) fn identifiers(raw: &str) -> Vec<String> {
    let lower = raw.to_lowercase();
    let is_address = ["http://", "https://", "www."].iter().any(|p| lower.starts_with(p));
    if is_address {
        return address(raw, &lower);
    }
    let is_encoded = lower.starts_with("http") && lower.contains("%2f10.");
    if is_encoded || ["10.", "doi:10.", "doi.org/", "dx.doi.org/"].iter().any(|p| lower.starts_with(p)) {
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
