//! One record in the RIS format, which reference managers read.
//!
//! RIS is lines of `TG  - value`; a value must not hold a line end, or it would start a tag of its
//! own. Every value is therefore made one clean line first.

use super::text::clean_line;
use super::{Author, Record};

/// Returns the record as one RIS entry, from `TY` to `ER`, each line ended by CR LF.
///
/// Empty fields are left out. Tags follow the RIS specification of 2011, as Zotero and `EndNote`
/// read them: the PubMed number stands in `AN` and in the address of its
/// page, the PMCID in `C2`.
pub fn to_ris(record: &Record) -> String {
    let mut out = String::new();
    line(&mut out, "TY", kind(record));
    line(&mut out, "TI", &record.title);
    for author in &record.authors {
        line(&mut out, "AU", &name(author));
    }
    text(&mut out, "T2", record.journal.as_deref());
    if let Some(year) = record.citation_year() {
        line(&mut out, "PY", &year.to_string());
    }
    if let Some(date) = record.published {
        let part = |n: Option<i8>| n.map(|n| format!("{n:02}")).unwrap_or_default();
        line(&mut out, "DA", &format!("{}/{}/{}/", date.year(), part(date.month()), part(date.day())));
    }
    text(&mut out, "VL", record.volume.as_deref());
    text(&mut out, "IS", record.number.as_deref());
    pages(&mut out, record.pages.as_deref().unwrap_or_default());
    for issn in &record.issn {
        line(&mut out, "SN", issn);
    }
    text(&mut out, "DO", record.doi.as_ref().map(super::Doi::as_str));
    text(&mut out, "AN", record.pmid.map(|p| p.to_string()).as_deref());
    text(&mut out, "C2", record.pmcid.as_ref().map(super::Pmcid::as_str));
    text(&mut out, "AB", record.abstract_text.as_deref());
    for keyword in record.keywords.iter().chain(record.mesh.iter().map(|m| &m.name)) {
        line(&mut out, "KW", keyword);
    }
    for language in &record.language {
        line(&mut out, "LA", language);
    }
    text(&mut out, "DB", record.database.as_deref());
    let page = record.pmid.map(super::Pmid::url);
    text(&mut out, "UR", record.best_link().as_deref());
    // What stands in `AN` is a PubMed number only to those who know where the record came from.
    text(&mut out, "UR", page.filter(|p| Some(p) != record.best_link().as_ref()).as_deref());
    kept_fields(&mut out, record);
    out.push_str("ER  - \r\n");
    out
}

/// Writes the fields of a RIS entry that we keep and do not use: a person's labels, notes and ids.
fn kept_fields(out: &mut String, record: &Record) {
    for (key, value) in &record.extra {
        let tag = key.strip_prefix("ris_").filter(|t| {
            t.len() == 2 && t.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) && *t != "ER" && *t != "TY"
        });
        if let Some(tag) = tag {
            for text in value.as_array().into_iter().flatten().filter_map(serde_json::Value::as_str) {
                line(out, tag, text);
            }
        }
    }
}

/// Writes one tag; a value that is empty once cleaned is left out.
fn line(out: &mut String, tag: &str, value: &str) {
    let value = clean_line(value);
    if !value.is_empty() {
        out.push_str(&format!("{tag}  - {value}\r\n"));
    }
}

/// Writes one tag when there is a value.
fn text(out: &mut String, tag: &str, value: Option<&str>) {
    if let Some(value) = value {
        line(out, tag, value);
    }
}

/// Writes first and last page, or an article number as the first.
fn pages(out: &mut String, pages: &str) {
    let is_dash = |c: char| matches!(c, '-' | '–' | '—' | '‐' | '‑');
    let mut parts = pages.split(is_dash).map(str::trim).filter(|p| !p.is_empty());
    match (parts.next(), parts.next(), parts.next()) {
        (Some(start), Some(end), None) => {
            line(out, "SP", start);
            line(out, "EP", &whole(start, end));
        }
        _ => line(out, "SP", pages),
    }
}

/// Returns the last page written out: of 1123-31 it is 1131.
fn whole(start: &str, end: &str) -> String {
    let is_number = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    let kept = start.len().checked_sub(end.len()).filter(|_| is_number(start) && is_number(end));
    kept.and_then(|n| start.get(..n)).map_or_else(|| end.to_owned(), |head| format!("{head}{end}"))
}

/// Returns a name as RIS wants it: "Family, Given"; a group as it is.
fn name(author: &Author) -> String {
    if let Some(group) = &author.collective {
        return group.clone();
    }
    match (author.family.as_deref(), author.given.as_deref()) {
        (Some(family), Some(given)) => format!("{family}, {given}"),
        (Some(only), None) | (None, Some(only)) => only.to_owned(),
        (None, None) => String::new(),
    }
}

/// Returns the RIS type of a record by its publication types.
fn kind(record: &Record) -> &'static str {
    let begins = |word: &str| record.types.iter().any(|t| t.to_lowercase().starts_with(word));
    if begins("book chapter") {
        "CHAP"
    } else if begins("book") {
        "BOOK"
    } else if record.is_preprint() {
        "UNPB"
    } else if begins("academic dissertation") {
        "THES"
    } else if begins("conference") || begins("inproceedings") || begins("paper-conference") {
        "CPAPER"
    } else if begins("news") && record.doi.is_none() && record.pmid.is_none() {
        "NEWS"
    } else if begins("report") || begins("techreport") {
        "RPRT"
    } else if record.journal.is_some() || record.doi.is_some() || record.pmid.is_some() {
        "JOUR"
    } else {
        "ELEC"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Doi, PartialDate, Pmid};

    #[test]
    fn an_entry_has_one_line_for_each_value() {
        let record = Record {
            title: "A title\r\nER  - \u{1b}[31mnot an end".into(),
            authors: vec![Author::person("Example", "Maria L"), Author::group("The Group")],
            journal: Some("Journal of Examples".into()),
            year: Some(2026),
            published: PartialDate::parse("2026-03"),
            volume: Some("7".into()),
            pages: Some("12–34".into()),
            doi: Doi::parse("10.5555/ris.1"),
            pmid: Pmid::parse("90000001"),
            abstract_text: Some("BACKGROUND: One.\n\nRESULTS: Two.".into()),
            keywords: vec!["mothers".into(), " ".into()],
            ..Record::default()
        };
        insta::assert_snapshot!(to_ris(&record).replace("\r\n", "\n"), @r"
        TY  - JOUR
        TI  - A title ER - [31mnot an end
        AU  - Example, Maria L
        AU  - The Group
        T2  - Journal of Examples
        PY  - 2026
        DA  - 2026/03//
        VL  - 7
        SP  - 12
        EP  - 34
        DO  - 10.5555/ris.1
        AN  - 90000001
        AB  - BACKGROUND: One. RESULTS: Two.
        KW  - mothers
        UR  - https://doi.org/10.5555/ris.1
        UR  - https://pubmed.ncbi.nlm.nih.gov/90000001/
        ER  -
        ");
    }

    #[test]
    fn an_empty_record_is_still_an_entry() {
        assert_eq!(to_ris(&Record::default()), "TY  - ELEC\r\nER  - \r\n");
    }

    #[test]
    fn a_type_is_named_where_it_matters() {
        for (types, want) in [
            (vec!["Journal Article", "Preprint"], "UNPB"),
            (vec!["Book Chapter"], "CHAP"),
            (vec!["News"], "NEWS"),
            (vec!["inproceedings"], "CPAPER"),
        ] {
            let record = Record { types: types.iter().map(|t| (*t).to_owned()).collect(), ..Record::default() };
            assert_eq!(kind(&record), want, "{types:?}");
        }
    }
}
