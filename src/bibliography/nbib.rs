//! MEDLINE tagged text (`.nbib`), PubMed's own export.
//!
//! Tags as in NLM's "MEDLINE/PubMed Data Element (Field) Descriptions": four columns, a hyphen, a
//! space; longer values go on behind six spaces. Only tags that say something of the paper are
//! written, none that would claim NLM's own work on it (owner, status).
//!
//! No `TA`: we keep journals' whole names, and a whole name there would be taken for the short one.

use super::Entry;
use super::kind::Kind;
use super::values::{self, Name, line as clean};
use crate::model::{Author, MeshHeading, PartialDate, Record, Relation};

/// The longest line, in characters, as PubMed breaks them; a longer word is not broken.
const LINE_CHARS_MAX: usize = 88;

/// What stands before a line that goes on.
const INDENT: &str = "      ";

/// Month names as `DP` has them, January first.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Languages and NLM's codes of three letters; another stands as it is.
const LANGUAGES: &[(&str, &str)] = &[
    ("ar", "ara"),
    ("de", "ger"),
    ("en", "eng"),
    ("es", "spa"),
    ("fa", "per"),
    ("fr", "fre"),
    ("hi", "hin"),
    ("id", "ind"),
    ("it", "ita"),
    ("ja", "jpn"),
    ("ko", "kor"),
    ("pl", "pol"),
    ("pt", "por"),
    ("ru", "rus"),
    ("sw", "swa"),
    ("th", "tha"),
    ("tr", "tur"),
    ("vi", "vie"),
    ("zh", "chi"),
];

/// Links to other papers, and their tags.
const RELATIONS: &[(&str, &str)] = &[
    ("comment-in", "CIN"),
    ("comment-on", "CON"),
    ("corrected-and-republished-from", "CRF"),
    ("corrected-and-republished-in", "CRI"),
    ("erratum-for", "EFR"),
    ("erratum-in", "EIN"),
    ("expression-of-concern-for", "ECF"),
    ("expression-of-concern-in", "ECI"),
    ("original-report-in", "ORI"),
    ("partial-retraction-in", "PRIN"),
    ("partial-retraction-of", "PROF"),
    ("republished-from", "RPF"),
    ("republished-in", "RPI"),
    ("retracted-and-republished-from", "RRF"),
    ("retracted-and-republished-in", "RRI"),
    ("retraction-in", "RIN"),
    ("retraction-of", "ROF"),
    ("summary-for-patients-in", "SPIN"),
    ("update-in", "UIN"),
    ("update-of", "UOF"),
];

/// Returns one record. Its first line is `PMID`, also where there is none: readers know by it where
/// a record begins.
pub fn entry(entry: &Entry<'_>) -> String {
    let record = entry.record;
    let mut out = match record.pmid {
        Some(pmid) => format!("PMID- {pmid}\n"),
        None => "PMID- \n".to_owned(),
    };
    record.issn.iter().for_each(|issn| field(&mut out, "IS", issn));
    text(&mut out, "VI", record.volume.as_deref());
    text(&mut out, "IP", record.number.as_deref());
    field(&mut out, "DP", &issue_date(record).unwrap_or_default());
    field(&mut out, "TI", &entry.title);
    text(&mut out, "PG", record.pages.as_deref());
    identifiers(&mut out, "LID", record);
    field(&mut out, "AB", &values::paragraphs(record.abstract_text.as_deref().unwrap_or_default()).join(" "));
    record.authors.iter().for_each(|author| author_fields(&mut out, author));
    record.language.iter().for_each(|code| field(&mut out, "LA", language(code)));
    types(&mut out, entry);
    text(&mut out, "TT", record.title_vernacular.as_deref());
    field(&mut out, "DEP", &online_date(record).unwrap_or_default());
    text(&mut out, "JT", record.journal.as_deref());
    record.relations.iter().for_each(|relation| relation_field(&mut out, relation));
    record.mesh.iter().for_each(|heading| field(&mut out, "MH", &heading_text(heading)));
    record.keywords.iter().for_each(|word| field(&mut out, "OT", word));
    text(&mut out, "PMC", record.pmcid.as_ref().map(crate::model::Pmcid::as_str));
    if let Some(day) = record.entered.filter(|d| d.precision() == 3) {
        field(&mut out, "EDAT", &day.to_string().replace('-', "/"));
    }
    if let Some(doi) = &record.doi {
        field(&mut out, "AID", &format!("{doi} [doi]"));
    }
    out
}

/// Writes one tag, broken into lines; an empty value is left out.
fn field(out: &mut String, tag: &str, value: &str) {
    let value = clean(value);
    if value.is_empty() {
        return;
    }
    out.push_str(&format!("{tag:<4}- "));
    let mut used = INDENT.len();
    for (n, word) in value.split(' ').enumerate() {
        let wide = word.chars().count();
        if n > 0 && used + 1 + wide > LINE_CHARS_MAX {
            out.push_str(&format!("\n{INDENT}"));
            used = INDENT.len();
        } else if n > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += wide;
    }
    out.push('\n');
}

/// Writes one tag when there is a value.
fn text(out: &mut String, tag: &str, value: Option<&str>) {
    field(out, tag, value.unwrap_or_default());
}

/// Returns the date of the issue: the year to cite, finer where the first public day lies in it.
fn issue_date(record: &Record) -> Option<String> {
    let year = record.citation_year()?;
    let date = values::date_in_year(record);
    let month = date.and_then(PartialDate::month).and_then(|m| MONTHS.get(usize::try_from(m - 1).ok()?));
    let day = date.and_then(PartialDate::day).map(|d| format!(" {d}")).unwrap_or_default();
    Some(month.map_or_else(|| year.to_string(), |month| format!("{year} {month}{day}")))
}

/// Returns the day of electronic publication, which lies in another year; NLM has it only as a day.
fn online_date(record: &Record) -> Option<String> {
    let date = values::date_of_another_year(record)?;
    Some(format!("{:04}{:02}{:02}", date.year(), date.month()?, date.day()?))
}

/// Writes the DOI and addresses as places where the paper stands; Zotero takes an address there.
fn identifiers(out: &mut String, tag: &str, record: &Record) {
    if let Some(doi) = &record.doi {
        field(out, tag, &format!("{doi} [doi]"));
    }
    for address in values::pages_of_its_own(record) {
        field(out, tag, &address);
    }
}

/// Writes an author: the full name, the short one, the ORCID iD and the affiliation.
fn author_fields(out: &mut String, author: &Author) {
    match values::name(author) {
        None => return,
        Some(Name::Group(name)) => return field(out, "CN", &name),
        Some(Name::Person(family, given, suffix)) => {
            let full = format!("{given} {suffix}");
            let full = full.trim();
            let comma = if full.is_empty() { "" } else { ", " };
            field(out, "FAU", &format!("{family}{comma}{full}"));
            field(out, "AU", &format!("{} {suffix}", Author::person(family, given).short_name()));
        }
    }
    if let Some(orcid) = &author.orcid {
        field(out, "AUID", &format!("ORCID: {orcid}"));
    }
    text(out, "AD", author.affiliation.as_deref());
}

/// Returns NLM's code of a language.
fn language(code: &str) -> &str {
    LANGUAGES.iter().find(|(ours, _)| *ours == code).map_or(code, |(_, theirs)| *theirs)
}

/// Writes the publication types.
fn types(out: &mut String, entry: &Entry<'_>) {
    let types = &entry.record.types;
    for name in types {
        field(out, "PT", name);
    }
    if types.is_empty() {
        field(out, "PT", Kind::of(entry.record).type_name());
    }
    if entry.is_retracted && !entry.record.has_type("Retracted Publication") {
        field(out, "PT", "Retracted Publication");
    }
}

/// Writes a link to another paper: its citation, with the numbers that it does not name itself.
fn relation_field(out: &mut String, relation: &Relation) {
    let Some((_, tag)) = RELATIONS.iter().find(|(kind, _)| *kind == relation.kind.as_str()) else { return };
    let mut citation = clean(relation.note.as_deref().unwrap_or_default());
    if let Some(doi) = &relation.doi
        && !citation.to_lowercase().contains(doi.as_str())
    {
        citation.push_str(&format!(" doi: {doi}."));
    }
    if let Some(pmid) = relation.pmid
        && !citation.contains(&pmid.to_string())
    {
        citation.push_str(&format!(" PMID: {pmid}"));
    }
    field(out, tag, &citation);
}

/// Returns a heading: `*Depression, Postpartum/psychology`; the star marks a main topic.
fn heading_text(heading: &MeshHeading) -> String {
    let star = if heading.major { "*" } else { "" };
    let parts: Vec<&str> = std::iter::once(&heading.name).chain(&heading.qualifiers).map(String::as_str).collect();
    if heading.name.trim().is_empty() { String::new() } else { format!("{star}{}", parts.join("/")) }
}
