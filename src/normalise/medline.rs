//! MEDLINE tagged text, PubMed's "PubMed format" (`.nbib`).
//!
//! Tags as in NLM's "MEDLINE/PubMed Data Element (Field) Descriptions".

use super::tagged::{self, Field};
use super::{Entry, Sink, dates, fields, names};
use crate::model::{Author, PartialDate, Place, Problem, Record};

/// Tags of links to other papers, and PubMed's names of the links.
const RELATIONS: &[(&str, &str)] = &[
    ("CIN", "CommentIn"),
    ("CON", "CommentOn"),
    ("CRF", "CorrectedandRepublishedFrom"),
    ("CRI", "CorrectedandRepublishedIn"),
    ("ECF", "ExpressionOfConcernFor"),
    ("ECI", "ExpressionOfConcernIn"),
    ("EFR", "ErratumFor"),
    ("EIN", "ErratumIn"),
    ("ORI", "OriginalReportIn"),
    ("PRIN", "PartialRetractionIn"),
    ("PROF", "PartialRetractionOf"),
    ("RIN", "RetractionIn"),
    ("ROF", "RetractionOf"),
    ("RPF", "RepublishedFrom"),
    ("RPI", "RepublishedIn"),
    ("RRF", "RetractedandRepublishedFrom"),
    ("RRI", "RetractedandRepublishedIn"),
    ("SPIN", "SummaryForPatientsIn"),
    ("UIN", "UpdateIn"),
    ("UOF", "UpdateOf"),
];

/// Reads a text and hands its records to `sink` in their order.
pub fn read(text: &str, name: &str, source: &str, sink: &mut Sink<'_>) {
    let all = tagged::fields(text);
    let first_tag = all.first().map_or("PMID", |f| f.tag);
    // Every record begins with the tag that the first one begins with: PMID, but for odd tools.
    let mut start = 0;
    let mut number = 0;
    while start < all.len() {
        let rest = all.get(start + 1..).unwrap_or_default();
        let length = rest.iter().position(|f| f.tag == first_tag).map_or(all.len() - start, |at| at + 1);
        number += 1;
        record(all.get(start..start + length).unwrap_or_default(), name, source, number, sink);
        start += length;
    }
}

/// Hands on the record that some fields make.
fn record(all: &[Field<'_>], name: &str, source: &str, number: usize, sink: &mut Sink<'_>) {
    let mut record = Record { source: source.to_owned(), ..Record::default() };
    let mut people = People::default();
    let mut online = None;
    let place = |line| Place::at(name, line, 1);
    for field in all {
        if people.take(field) {
            continue;
        }
        if field.tag == "DEP" {
            online = dates::loose(&field.value);
        } else if let Some(message) = take(&mut record, field) {
            sink(Err(Problem::warning(place(field.line), message)));
        }
    }
    // A release date stands only beside full text that is still held back.
    if all.iter().any(|f| f.tag == "PMCR") {
        record.open_access = None;
    }
    record.authors = people.finish();
    let issue = record.published;
    record.published = dates::earlier(online, issue);
    record.year = issue.or(online).map(PartialDate::year);
    record.id = record.pmid.map_or_else(|| format!("{name}#{number}"), |p| format!("pmid:{p}"));
    let line = all.first().map_or(0, |f| f.line);
    if record.title.is_empty() && record.pmid.is_none() {
        sink(Err(Problem::error(place(line), "a record without PMID and title was left out")));
    } else {
        sink(Ok(Entry::Record(Box::new(record))));
    }
}

/// Puts one field into the record; returns a message when the value does not fit. Tags that are
/// not named here (owner, status, grants, citations) say nothing a roundup needs.
fn take(record: &mut Record, field: &Field<'_>) -> Option<String> {
    let value = field.value.as_str();
    let text = fields::line(value)?;
    match field.tag {
        "PMID" => return fields::set_pmid(record, value),
        "TI" => record.title = text,
        "BTI" => book_title(record, text),
        "TT" => record.title_vernacular = Some(text),
        "AB" => record.abstract_text = fields::paragraphs(value),
        "JT" => record.journal = Some(text),
        "TA" => {
            record.journal.get_or_insert(text);
        }
        "IS" => fields::add_issn(record, value),
        "VI" => record.volume = Some(text),
        "IP" => record.number = Some(text),
        "PG" => record.pages = Some(text),
        "DP" => match dates::medline(&text) {
            Some(date) => record.published = Some(date),
            None => return fields::set_published(record, value),
        },
        "EDAT" => return fields::set_entered(record, value),
        "LA" => return fields::add_language(record, value),
        "LID" | "AID" => {
            if let Some(doi) = text.strip_suffix("[doi]") {
                return fields::set_doi(record, doi);
            }
            // Not in PubMed's own files; Zotero takes an address there, too.
            if text.starts_with("http") {
                fields::take_address(record, &text);
            }
        }
        "PMC" => return fields::set_pmcid_and_access(record, value),
        "PT" => fields::add_once(&mut record.types, text),
        "MH" => record.mesh.extend(fields::mesh_heading(&text)),
        "OT" => fields::add_once(&mut record.keywords, text.trim_start_matches('*').to_owned()),
        tag => {
            let kind = RELATIONS.iter().find(|(t, _)| *t == tag).map(|(_, kind)| *kind);
            record.relations.extend(kind.map(|kind| fields::relation(kind, &text, None)));
        }
    }
    None
}

/// Sets a book's title: where a part has its own, the book stands where the journal does.
fn book_title(record: &mut Record, text: String) {
    if record.types.first().is_none_or(|t| t != "Book") {
        record.types.insert(0, "Book".to_owned());
    }
    if record.title.is_empty() {
        record.title = text;
    } else {
        record.journal = Some(text);
    }
}

/// Authors as they come: each full name is followed by its short form, affiliations and ORCID.
#[derive(Default)]
struct People {
    authors: Vec<Author>,
    editors: Vec<Author>,
    /// Whether the last name was a full one, whose short form comes next.
    awaits_short: bool,
}

impl People {
    /// Takes a field when it is about people, and tells whether it was.
    fn take(&mut self, field: &Field<'_>) -> bool {
        let value = field.value.as_str();
        match field.tag {
            "FAU" => self.authors.extend(names::person(value).map(with_suffix)),
            "AU" if !self.awaits_short => self.authors.extend(names::author(value, names::Order::FamilyFirst)),
            "AU" | "ED" => {}
            "FED" => self.editors.extend(names::person(value).map(with_suffix)),
            "CN" => self.authors.extend(fields::line(value).map(Author::group)),
            "AD" => {
                if let (Some(author), Some(text)) = (self.authors.last_mut(), fields::line(value)) {
                    author.affiliation =
                        Some(author.affiliation.take().map_or(text.clone(), |a| format!("{a}; {text}")));
                }
            }
            "AUID" => {
                if let Some(author) = self.authors.last_mut() {
                    let orcid = names::orcid(value.trim_start_matches("ORCID:"));
                    author.orcid = author.orcid.take().or(orcid);
                }
            }
            _ => return false,
        }
        self.awaits_short = field.tag == "FAU" || self.awaits_short && matches!(field.tag, "AD" | "AUID");
        true
    }

    /// Returns the authors, or the editors of a book that names no author.
    fn finish(self) -> Vec<Author> {
        if self.authors.is_empty() { self.editors } else { self.authors }
    }
}

/// Parts the suffix off that MEDLINE puts behind the given names ("Example, Maria L Jr").
fn with_suffix(mut author: Author) -> Author {
    if author.suffix.is_none()
        && let Some((given, last)) = author.given.as_deref().and_then(|g| g.rsplit_once(' '))
        && names::is_suffix(last)
    {
        author.suffix = Some(last.to_owned());
        author.given = Some(given.to_owned());
    }
    author
}

#[cfg(test)]
mod tests {
    use crate::model::{Author, Doi, Pmid, Record};
    use crate::normalise::{Format, Parsed, read};

    /// Two records in PubMed's own form, invented.
    const TWO: &str = include_str!("../../tests/fixtures/intake/two.nbib");

    fn parsed(text: &str) -> Parsed {
        read(text.as_bytes(), "two.nbib", "inbox")
    }

    #[test]
    fn every_field_comes_through() {
        let got = parsed(TWO);
        assert_eq!((got.format, got.records.len(), got.problems.as_slice()), (Format::Medline, 2, [].as_slice()));
        let first: &Record = &got.records[0];
        assert_eq!(first.id, "pmid:90000101");
        assert_eq!(first.title, "Group support for mothers in an invented district: a cluster randomised trial.");
        assert_eq!(first.doi.as_ref().map(Doi::as_str), Some("10.5555/nbib.101"));
        assert_eq!(first.issn, ["1234-5679", "1234-5687"]);
        assert_eq!((first.year, first.published.map(|d| d.to_string()).as_deref()), (Some(2026), Some("2025-12-20")));
        assert_eq!(first.entered.map(|d| d.to_string()).as_deref(), Some("2025-12-22"));
        assert_eq!(first.language, ["en"]);
        assert_eq!(first.open_access, Some(true));
        assert_eq!(first.keywords, ["group support"]);
        assert_eq!(first.mesh.iter().filter(|m| m.major).count(), 1);
        let relation = &first.relations[0];
        assert_eq!((relation.kind.as_str(), relation.pmid.map(Pmid::number)), ("erratum-in", Some(90_000_109)));
        let maria: &Author = &first.authors[0];
        assert_eq!(
            (maria.family.as_deref(), maria.given.as_deref(), maria.suffix.as_deref()),
            (Some("Example"), Some("Maria L"), Some("Jr"))
        );
        assert_eq!(maria.affiliation.as_deref(), Some("First Institute, Example City.; Second Institute."));
        assert_eq!(maria.orcid.as_deref(), Some("0000-0001-2345-678X"));
        assert_eq!(first.authors[1].collective.as_deref(), Some("The Example Group"));
        assert_eq!(first.authors.len(), 2);
    }

    #[test]
    fn records_without_blank_lines_or_with_odd_ends_are_parted() {
        for (id, text, want) in [
            ("no blank line", TWO.replace("\n\n", "\n"), 2),
            ("windows line ends", TWO.replace('\n', "\r\n"), 2),
            ("only short names", "PMID- 90000103\nTI  - x\nAU  - Example M\nAU  - Model A\n".to_owned(), 1),
        ] {
            let got = parsed(&text);
            assert_eq!(got.records.len(), want, "{id}");
            assert_eq!(got.records[0].authors.len(), 2, "{id}");
        }
    }

    #[test]
    fn a_record_that_is_nothing_is_told() {
        let got = parsed("PMID- x\nOWN - NLM\n\nPMID- 90000104\nTI  - y\n");
        assert_eq!(got.records.len(), 1);
        assert_eq!(got.problems.len(), 2, "a PMID that is none, and the record lost");
        assert_eq!(got.problems[1].to_string(), "two.nbib:1:1: a record without PMID and title was left out");
    }
}
