//! Filling a record from foreign values: checked, cleaned, and what does not fit kept aside.
//!
//! A value that a field cannot hold is never dropped and never guessed: it goes to `extra` under
//! `FIELD_as_given`, and the caller gets a message for the person.

use serde_json::Value;

use super::{dates, language};
use crate::model::text::clean_line;
use crate::model::{CanonicalUrl, Doi, MeshHeading, PartialDate, Pmcid, Pmid, Record, Relation, RelationKind};

/// Returns a text as one clean line, or `None` when nothing is left of it.
pub fn line(text: &str) -> Option<String> {
    let text = clean_line(text);
    (!text.is_empty()).then_some(text)
}

/// Returns a text whose paragraphs (parted by blank lines) are clean lines, joined by a blank
/// line; `None` when nothing is left.
pub fn paragraphs(text: &str) -> Option<String> {
    if !text.contains('\n') {
        return line(text);
    }
    let mut out: Vec<String> = Vec::new();
    let mut current = String::new();
    for raw in text.lines().chain([""]) {
        if raw.trim().is_empty() {
            out.extend(line(&current));
            current.clear();
        } else {
            current.push_str(raw);
            current.push('\n');
        }
    }
    (!out.is_empty()).then(|| out.join("\n\n"))
}

/// Keeps a value that its field cannot hold, and returns the message about it.
fn set_aside(record: &mut Record, field: &str, raw: &str, what: &str) -> String {
    record.extra.insert(format!("{field}_as_given"), Value::String(raw.to_owned()));
    format!("{raw:?} is no {what}; it is kept as {field}_as_given")
}

/// Sets the DOI; the first sound one stays. Returns a message when the text is none.
pub fn set_doi(record: &mut Record, raw: &str) -> Option<String> {
    let raw = line(raw)?;
    match Doi::parse(&raw) {
        Some(doi) => {
            record.doi.get_or_insert(doi);
            None
        }
        None => Some(set_aside(record, "doi", &raw, "DOI")),
    }
}

/// Sets the PMID; the first sound one stays. Returns a message when the text is none.
pub fn set_pmid(record: &mut Record, raw: &str) -> Option<String> {
    let raw = line(raw)?;
    match Pmid::parse(raw.strip_suffix(".0").unwrap_or(&raw)) {
        Some(pmid) => {
            record.pmid.get_or_insert(pmid);
            None
        }
        None => Some(set_aside(record, "pmid", &raw, "PMID")),
    }
}

/// Returns the PMCID of a text, also where only its digits are given.
pub fn pmcid(raw: &str) -> Option<Pmcid> {
    let raw = raw.trim();
    Pmcid::parse(raw).or_else(|| {
        let is_number = raw.bytes().next().is_some_and(|b| b.is_ascii_digit());
        is_number.then(|| Pmcid::parse(&format!("PMC{raw}"))).flatten()
    })
}

/// Sets the PMCID. Returns a message when the text is none.
pub fn set_pmcid(record: &mut Record, raw: &str) -> Option<String> {
    let raw = line(raw)?;
    match pmcid(&raw) {
        Some(id) => {
            record.pmcid.get_or_insert(id);
            None
        }
        None => Some(set_aside(record, "pmcid", &raw, "PMCID")),
    }
}

/// Sets the PMCID where PubMed itself gives it, and with it open access: what waits for a later
/// day (`[Available on 2027-01-01]`) is not known to be free. Returns a message when the text is
/// none.
pub fn set_pmcid_and_access(record: &mut Record, raw: &str) -> Option<String> {
    let message = set_pmcid(record, raw);
    if record.pmcid.is_some() && !raw.to_lowercase().contains("[available on") {
        record.open_access = Some(true);
    }
    message
}

/// Sets the citation year from a year or a date. Returns a message when no year is in the text.
pub fn set_year(record: &mut Record, raw: &str) -> Option<String> {
    let raw = line(raw)?;
    match dates::loose(raw.strip_suffix(".0").unwrap_or(&raw)) {
        Some(date) => {
            record.year.get_or_insert(date.year());
            None
        }
        None => Some(set_aside(record, "year", &raw, "year")),
    }
}

/// Sets the first public day. Returns a message when no date is in the text.
pub fn set_published(record: &mut Record, raw: &str) -> Option<String> {
    let raw = line(raw)?;
    match dates::loose(&raw) {
        Some(date) => {
            record.published.get_or_insert(date);
            None
        }
        None => Some(set_aside(record, "published", &raw, "date")),
    }
}

/// Sets the day it entered the source. Returns a message when no date is in the text.
pub fn set_entered(record: &mut Record, raw: &str) -> Option<String> {
    let raw = line(raw)?;
    match dates::loose(&raw) {
        Some(date) => {
            record.entered.get_or_insert(date);
            None
        }
        None => Some(set_aside(record, "entered", &raw, "date")),
    }
}

/// Adds a language. Returns a message when the text is neither code nor name of one.
pub fn add_language(record: &mut Record, raw: &str) -> Option<String> {
    let raw = line(raw)?;
    match language::code(&raw) {
        Some(code) => {
            add_once(&mut record.language, code);
            None
        }
        None => Some(set_aside(record, "language", &raw, "language that we know")),
    }
}

/// Adds languages. Returns a message about the last text that is none; the others are added.
pub fn add_languages<'a>(record: &mut Record, texts: impl Iterator<Item = &'a str>) -> Option<String> {
    texts.fold(None, |message, text| add_language(record, text).or(message))
}

/// Returns an ISSN in the form `1234-567X`, whatever stands behind it ("(Print)").
///
/// A longer number is an ISBN and gives `None`.
pub fn issn(raw: &str) -> Option<String> {
    let word = raw.trim().split(' ').next().unwrap_or_default();
    let compact: String = word.chars().filter(|c| *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    let (digits, check) = (compact.get(..7)?, compact.get(7..)?);
    let is_issn = digits.bytes().all(|b| b.is_ascii_digit()) && matches!(check.as_bytes(), [b'0'..=b'9' | b'X']);
    let (head, tail) = (digits.get(..4)?, digits.get(4..)?);
    is_issn.then(|| format!("{head}-{tail}{check}"))
}

/// Adds an ISSN. A text that is none (an ISBN of a book, mostly) is kept aside in silence.
pub fn add_issn(record: &mut Record, raw: &str) {
    match issn(raw) {
        Some(issn) => add_once(&mut record.issn, issn),
        None => {
            if let Some(raw) = line(raw) {
                let kept = record.extra.entry("issn_as_given".to_owned()).or_insert_with(|| Value::Array(Vec::new()));
                if let Value::Array(list) = kept {
                    list.push(Value::String(raw));
                }
            }
        }
    }
}

/// Adds every ISSN of a text that may hold several, with words around them ("1234-5679 (Print)").
/// An ISBN is kept aside.
pub fn add_issns(record: &mut Record, text: &str) {
    let has_digits = |t: &&str| t.bytes().filter(u8::is_ascii_digit).count() > 6;
    text.split([' ', '\n', '\t', ';', ',', '(', ')']).filter(has_digits).for_each(|t| add_issn(record, t));
}

/// Adds a text to a list when it is not there yet.
pub fn add_once(list: &mut Vec<String>, text: String) {
    if !text.is_empty() && !list.contains(&text) {
        list.push(text);
    }
}

/// Returns first and last page as one range; the last alone never stands.
pub fn page_range(first: &str, last: &str) -> Option<String> {
    match (line(first), line(last)) {
        (Some(first), Some(last)) if first != last => Some(format!("{first}-{last}")),
        (first, last) => first.or(last),
    }
}

/// Returns the MeSH heading of a text: `Depression/*psychology`, `*Mothers`; a star marks what is
/// a main topic. `None` when there is no name.
pub fn mesh_heading(text: &str) -> Option<MeshHeading> {
    let mut parts = text.split('/');
    let plain = |p: &str| clean_line(p.trim().trim_start_matches('*'));
    let name = parts.next().map(plain).filter(|n| !n.is_empty())?;
    let qualifiers = parts.map(plain).filter(|q| !q.is_empty()).collect();
    Some(MeshHeading { name, ui: None, major: text.contains('*'), qualifiers })
}

/// Returns the link that a citation makes to another paper: its PMID where the caller knows it,
/// else one that the text ends with (`PMID: 123`), and the DOI that stands behind `doi:` in it.
pub fn relation(kind: &str, citation: &str, pmid: Option<Pmid>) -> Relation {
    let note = line(citation);
    let text = note.as_deref().unwrap_or_default();
    let behind = |mark: &str| text.split_once(mark).map(|(_, rest)| rest.trim_start());
    let cited = behind("PMID:").and_then(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        Pmid::parse(rest.get(..end)?)
    });
    let doi = behind("doi:").or_else(|| behind("DOI:")).and_then(Doi::parse);
    Relation { kind: RelationKind::new(kind), pmid: pmid.or(cited), doi, note }
}

/// Takes every address of a text that may hold several: parted by white space, or by semicolons
/// where another address follows (one may hold a semicolon itself).
pub fn take_addresses(record: &mut Record, text: &str) {
    for word in text.split_whitespace() {
        let mut rest = word;
        while let Some(at) = rest.find(";http") {
            let (head, tail) = rest.split_at(at);
            take_address(record, head);
            rest = tail.trim_start_matches(';');
        }
        take_address(record, rest.trim_end_matches(';'));
    }
}

/// Takes an address: a PubMed page gives the PMID, a resolver the DOI, anything else is the page.
pub fn take_address(record: &mut Record, text: &str) {
    let text = &clean_line(text);
    let Some(canonical) = CanonicalUrl::parse(text) else { return };
    let host = canonical.as_str().trim_start_matches("https://").split('/').next().unwrap_or_default().to_owned();
    if host.ends_with("ncbi.nlm.nih.gov")
        && let Some(pmid) = Pmid::parse(text)
    {
        record.pmid.get_or_insert(pmid);
    } else if host.ends_with("doi.org")
        && let Some(doi) = Doi::parse(text)
    {
        record.doi.get_or_insert(doi);
    } else if record.url.is_none() {
        record.url = Some(text.to_owned());
    } else {
        add_once(&mut record.links, text.to_owned());
    }
}

/// Reads the identifiers that tools write into notes (`PMID: 1 PMCID: PMC1`, one after the other or
/// each in a line of its own); what else a note says is kept aside.
pub fn take_note(record: &mut Record, value: &str) {
    for raw in value.lines().filter_map(line) {
        let rest = take_labelled(record, &raw);
        if !rest.is_empty() {
            let kept = record.extra.entry("notes".to_owned()).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(list) = kept {
                list.push(Value::String(rest.to_owned()));
            }
        }
    }
}

/// Takes the identifiers that a line begins with, and returns the rest of it. A label inside a
/// sentence names another paper ("Erratum in … PMID: 2"), so only the beginning counts.
fn take_labelled<'a>(record: &mut Record, line: &'a str) -> &'a str {
    let mut rest = line.trim();
    loop {
        let Some((label, after)) = rest.split_once(':') else { return rest };
        let after = after.trim_start();
        let end = after.find([' ', ';', ',']).unwrap_or(after.len());
        let (value, behind) = after.split_at_checked(end).unwrap_or((after, ""));
        let is_taken = match label.trim().to_lowercase().as_str() {
            "pmid" => Pmid::parse(value).map(|id| record.pmid.get_or_insert(id)).is_some(),
            "pmcid" => pmcid(value).map(|id| record.pmcid.get_or_insert(id)).is_some(),
            "doi" => Doi::parse(value).map(|id| record.doi.get_or_insert(id)).is_some(),
            _ => false,
        };
        if !is_taken {
            return rest;
        }
        rest = behind.trim_start_matches([' ', ';', ',', '.']);
    }
}

/// Sets year and first public day from the two fields of reference managers: the year is `2026` or
/// `2026/03/12/`, the day a date or only its day (`Mar 12`). Returns a message when neither holds a
/// year.
pub fn set_dates(record: &mut Record, year: Option<String>, day: Option<String>) -> Option<String> {
    let of_year = year.as_deref().and_then(dates::loose);
    let of_day =
        day.as_deref().and_then(|d| dates::loose(d).or_else(|| dates::loose(&format!("{} {d}", of_year?.year()))));
    record.year = of_year.or(of_day).map(PartialDate::year);
    record.published = match (of_year, of_day) {
        (Some(a), Some(b)) if a.year() == b.year() => Some(if b.precision() > a.precision() { b } else { a }),
        // Online before the issue, or just after the year it is dated with; what is later is the day
        // of something else, mostly of the export.
        (Some(a), Some(b)) if b.year() <= a.year() + 1 => Some(b),
        (a, b) => a.or(b),
    };
    match (record.year, year.or(day)) {
        (None, Some(text)) => Some(set_aside(record, "year", &text, "year")),
        _ => None,
    }
}

/// Takes an accession number: in a record from PubMed or MEDLINE it is the PMID.
pub fn take_accession(record: &mut Record, number: Option<String>) {
    let Some(number) = number else { return };
    let database = record.database.clone().unwrap_or_default().to_lowercase();
    let is_pubmed = ["pubmed", "medline", "nlm"].iter().any(|name| database.contains(name));
    match Pmid::parse(&number).filter(|_| is_pubmed) {
        Some(pmid) => {
            record.pmid.get_or_insert(pmid);
        }
        None => {
            record.extra.insert("accession".to_owned(), Value::String(number));
        }
    }
}

/// Joins sections to the text of an abstract: parted by a blank line, each led by its label.
pub fn abstract_of(sections: &[crate::model::Section]) -> Option<String> {
    let texts: Vec<String> = sections
        .iter()
        .map(|s| s.label.as_ref().map_or_else(|| s.text.clone(), |label| format!("{label}: {}", s.text)))
        .collect();
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_kept_and_told() {
        let mut record = Record::default();
        assert_eq!(
            set_doi(&mut record, "see the journal").as_deref(),
            Some("\"see the journal\" is no DOI; it is kept as doi_as_given")
        );
        assert_eq!(record.extra.get("doi_as_given"), Some(&serde_json::json!("see the journal")));
        assert_eq!(set_doi(&mut record, " https://doi.org/10.5555/A "), None);
        assert_eq!(record.doi.as_ref().map(Doi::as_str), Some("10.5555/a"));
        assert!(set_year(&mut record, "in press").is_some());
        assert_eq!(set_year(&mut record, "2021.0"), None);
        assert_eq!(record.year, Some(2021));
        assert_eq!(set_pmid(&mut record, ""), None);
    }

    #[test]
    fn full_text_that_comes_later_is_not_free_yet() {
        for (raw, want) in [("PMC12", Some(true)), ("12", Some(true)), ("PMC12 [Available on 2027-01-01]", None)] {
            let mut record = Record::default();
            assert_eq!(set_pmcid_and_access(&mut record, raw), None);
            assert_eq!(record.pmcid.as_ref().map(Pmcid::as_str), Some("PMC12"), "{raw}");
            assert_eq!(record.open_access, want, "{raw}");
        }
    }

    #[test]
    fn small_values_are_read_from_their_usual_forms() {
        assert_eq!(issn("1234567x (Print)").as_deref(), Some("1234-567X"));
        assert_eq!(issn("978-1-86016-359-3"), None);
        assert_eq!(paragraphs(" a\n b\n\n \n c ").as_deref(), Some("a b\n\nc"));
        let heading = mesh_heading("Depression, Postpartum/*psychology/therapy").expect("a heading");
        assert_eq!(
            (heading.name.as_str(), heading.major, heading.qualifiers.len()),
            ("Depression, Postpartum", true, 2)
        );
        let link = relation("ErratumIn", "J Example. 2020;1:2. doi: 10.5555/e. PMID: 90000009", None);
        assert_eq!(
            (link.pmid.map(Pmid::number), link.doi.as_ref().map(Doi::as_str)),
            (Some(90_000_009), Some("10.5555/e"))
        );
    }
}
