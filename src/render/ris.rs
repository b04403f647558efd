//! Citations in RIS, as reference managers read them.

use crate::model::text::clean_line;
use crate::model::{Issue, Record};

use super::neutralise;

/// Returns a record as one RIS reference, from `TY` to `ER`, lines ended by CR LF.
///
/// Fields without a value are left out; a record without a journal, number or identifier becomes
/// `GEN`. The abstract is written on one line, since a line break would end it.
pub fn to_ris(record: &Record) -> String {
    let mut out = String::new();
    let mut line = |tag: &str, value: &str| {
        let value = clean_line(value);
        if !value.is_empty() {
            out.push_str(&format!("{tag}  - {value}\r\n"));
        }
    };
    line("TY", kind(record));
    line("TI", &record.title);
    record.authors.iter().for_each(|a| line("AU", &author(a)));
    line("T2", record.journal.as_deref().unwrap_or_default());
    line("PY", &record.citation_year().map(|y| y.to_string()).unwrap_or_default());
    line("DA", &record.published.map(date).unwrap_or_default());
    line("VL", record.volume.as_deref().unwrap_or_default());
    line("IS", record.number.as_deref().unwrap_or_default());
    let pages = record.pages.as_deref().unwrap_or_default();
    let (first, last) = pages.split_once(['-', '–']).unwrap_or((pages, ""));
    line("SP", first);
    line("EP", last);
    record.issn.iter().for_each(|i| line("SN", i));
    line("DO", record.doi.as_ref().map(crate::model::Doi::as_str).unwrap_or_default());
    line("AN", &record.pmid.map(|p| p.to_string()).unwrap_or_default());
    line("C2", &record.pmcid.as_ref().map(ToString::to_string).unwrap_or_default());
    line("LA", &record.language.join(", "));
    record.keywords.iter().for_each(|k| line("KW", k));
    line("AB", record.abstract_text.as_deref().unwrap_or_default());
    line("UR", &record.best_link().and_then(|l| neutralise::address(&l)).unwrap_or_default());
    out.push_str("ER  - \r\n\r\n");
    out
}

/// Returns the RIS type.
fn kind(record: &Record) -> &'static str {
    if record.types.iter().any(|t| t.starts_with("Book")) {
        "BOOK"
    } else if record.is_preprint() {
        "UNPB"
    } else if record.journal.is_some() && (record.doi.is_some() || record.pmid.is_some() || record.volume.is_some()) {
        "JOUR"
    } else {
        "GEN"
    }
}

/// Returns an author as "Family, Given", or a group's name.
fn author(author: &crate::model::Author) -> String {
    match (&author.collective, &author.family, &author.given) {
        (Some(group), ..) => group.clone(),
        (None, Some(family), Some(given)) => format!("{family}, {given}"),
        (None, family, given) => family.clone().or_else(|| given.clone()).unwrap_or_default(),
    }
}

/// Returns a date in the form of RIS: `2030/01/09/`.
fn date(date: crate::model::PartialDate) -> String {
    let part = |n: Option<i8>| n.map(|n| format!("{n:02}")).unwrap_or_default();
    format!("{:04}/{}/{}/", date.year(), part(date.month()), part(date.day()))
}

/// Returns the items of an issue in reading order. An item made by hand has its title and link.
pub fn of_issue(issue: &Issue) -> String {
    let reference = |item: &crate::model::IssueItem| {
        let mut record = item.record.clone();
        if record.title.trim().is_empty() {
            record.title.clone_from(&item.title);
        }
        if record.best_link().is_none() {
            record.url = Some(item.link.clone());
        }
        to_ris(&record)
    };
    issue.items().map(reference).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Author, Doi, PartialDate, Pmid};

    #[test]
    fn a_reference_is_complete_and_one_field_is_one_line() {
        let record = Record {
            title: "Invented title\nER  - ".into(),
            authors: vec![Author::person("Example", "Maria L"), Author::group("The Sample Group")],
            journal: Some("Journal of Placeholder Studies".into()),
            pages: Some("12-19".into()),
            published: PartialDate::parse("2030-01"),
            doi: Doi::parse("10.5555/x.1"),
            pmid: Pmid::parse("90000001"),
            ..Record::default()
        };
        let want = "TY  - JOUR|TI  - Invented title ER -|AU  - Example, Maria L|AU  - The Sample Group|T2  - Journal of Placeholder Studies|PY  - 2030|DA  - 2030/01//|SP  - 12|EP  - 19|DO  - 10.5555/x.1|AN  - 90000001|UR  - https://doi.org/10.5555/x.1|ER  - ||";
        assert_eq!(to_ris(&record).replace("\r\n", "|"), want);
    }
}
