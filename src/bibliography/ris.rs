//! RIS, which reference managers read: lines of `TG  - value`.
//!
//! A line of a value that looks like a tag would be read as one. Every value is therefore one clean
//! line, but for the paragraphs of an abstract, which are guarded.

use serde_json::Value;

use super::Entry;
use super::kind::Kind;
use super::values::{self, line as clean, listed};
use crate::model::{Doi, Pmcid, Pmid, Record};

/// Returns the record as one RIS entry, from `TY` to `ER`, each line ended by CR LF.
///
/// Empty fields are left out. Tags follow the RIS specification of 2011, as Zotero and `EndNote`
/// read them.
pub fn to_ris(record: &Record) -> String {
    entry(&Entry::of(record, record.is_retracted()))
}

/// Returns one entry.
///
/// The PubMed number stands in `AN`, unless `DB` names a database that gives other numbers, and in the
/// address of its page, by which everybody knows it; the PMCID in `C2`.
pub fn entry(entry: &Entry<'_>) -> String {
    let record = entry.record;
    let mut out = String::new();
    let kind = Kind::of(record);
    line(&mut out, "TY", type_of(kind));
    line(&mut out, "TI", &entry.title);
    values::names(record).for_each(|name| line(&mut out, "AU", &values::inverted(&name)));
    text(&mut out, "T2", record.journal.as_deref());
    dates(&mut out, record);
    text(&mut out, "VL", record.volume.as_deref());
    text(&mut out, "IS", record.number.as_deref());
    pages(&mut out, record.pages.as_deref().unwrap_or_default());
    record.issn.iter().for_each(|issn| line(&mut out, "SN", issn));
    text(&mut out, "DO", record.doi.as_ref().map(Doi::as_str));
    accession(&mut out, record);
    text(&mut out, "C2", record.pmcid.as_ref().map(Pmcid::as_str));
    abstract_text(&mut out, record);
    keywords(&mut out, record);
    line(&mut out, "LA", &record.language.iter().map(|l| listed(l)).collect::<Vec<_>>().join("; "));
    types(&mut out, entry, kind);
    addresses(&mut out, record);
    kept_fields(&mut out, record);
    out.push_str("ER  - \r\n");
    out
}

/// Writes one tag; a value that is empty once cleaned is left out.
fn line(out: &mut String, tag: &str, value: &str) {
    let value = clean(value);
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

/// Writes the year to cite and the first public day.
fn dates(out: &mut String, record: &Record) {
    if let Some(year) = record.citation_year() {
        line(out, "PY", &year.to_string());
    }
    if let Some(date) = record.published {
        let part = |n: Option<i8>| n.map(|n| format!("{n:02}")).unwrap_or_default();
        line(out, "DA", &format!("{}/{}/{}/", date.year(), part(date.month()), part(date.day())));
    }
}

/// Writes first and last page, or an article number as the first.
fn pages(out: &mut String, pages: &str) {
    match values::page_range(pages) {
        Some((start, end)) => {
            line(out, "SP", &start);
            line(out, "EP", &end);
        }
        None => line(out, "SP", pages),
    }
}

/// Writes the database and the number that the paper has there: of PubMed its number, of another
/// the one that came with it.
fn accession(out: &mut String, record: &Record) {
    let database = record.database.as_deref().map(clean).filter(|d| !d.is_empty());
    let is_pubmed = database.as_deref().is_none_or(|d| {
        let lower = d.to_lowercase();
        ["pubmed", "medline", "nlm"].iter().any(|name| lower.contains(name))
    });
    text(out, "DB", database.as_deref());
    let pmid = record.pmid.filter(|_| is_pubmed).map(|pmid| pmid.to_string());
    text(out, "AN", pmid.as_deref().or_else(|| record.extra.get("accession").and_then(Value::as_str)));
}

/// Writes the abstract; its paragraphs are parted by a blank line, as Zotero writes them.
fn abstract_text(out: &mut String, record: &Record) {
    let mut value = String::new();
    for paragraph in values::paragraphs(record.abstract_text.as_deref().unwrap_or_default()) {
        let between = match (value.is_empty(), looks_tagged(&paragraph)) {
            (true, _) => "",
            // On a line of its own it would begin a field, or end the entry.
            (false, true) => " ",
            (false, false) => "\r\n\r\n",
        };
        value.push_str(between);
        value.push_str(&paragraph);
    }
    if !value.is_empty() {
        out.push_str(&format!("AB  - {value}\r\n"));
    }
}

/// Tells whether a line could be taken for a tag, by the strictest reader or by the loosest: two to
/// four letters or digits and a dash (`US - `, `PMID-`), or `ER` alone, which ends an entry too.
pub(super) fn looks_tagged(paragraph: &str) -> bool {
    let Some((head, _)) = paragraph.split_once(['-', '–', '—']) else {
        return paragraph.trim().eq_ignore_ascii_case("ER");
    };
    let tag = head.trim();
    (2..=4).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Writes keywords and headings. A single one with several commas is closed by a semicolon: it would
/// else be read as a list.
fn keywords(out: &mut String, record: &Record) {
    let words = values::all_keywords(record);
    let is_alone = words.len() == 1;
    for word in words {
        let end = if is_alone && word.matches(',').count() > 1 { ";" } else { "" };
        line(out, "KW", &format!("{word}{end}"));
    }
}

/// Writes the publication types that `TY` does not say, in one `M3` ("type of work").
fn types(out: &mut String, entry: &Entry<'_>, kind: Kind) {
    let said = |t: &&String| *t != kind.type_name() || matches!(kind, Kind::Preprint | Kind::Web);
    let mut names: Vec<String> = entry.record.types.iter().filter(said).map(|t| listed(t)).collect();
    if entry.is_retracted && !names.iter().any(|t| t.eq_ignore_ascii_case("Retracted Publication")) {
        names.push("Retracted Publication".to_owned());
    }
    // A DOI in `M3` is one to every reader.
    names.retain(|n| !n.is_empty() && Doi::parse(n).is_none());
    line(out, "M3", &names.join("; "));
}

/// Writes addresses: the paper's own page, else its DOI's; then further ones and PubMed's page.
fn addresses(out: &mut String, record: &Record) {
    let own = values::pages_of_its_own(record);
    if own.is_empty() {
        text(out, "UR", record.doi.as_ref().map(Doi::url).as_deref());
    }
    for address in &own {
        line(out, "UR", address);
    }
    text(out, "UR", record.pmid.map(Pmid::url).as_deref());
}

/// Writes the notes and the fields of a RIS entry that we keep and do not use: a person's labels and
/// ids.
fn kept_fields(out: &mut String, record: &Record) {
    let texts = |value: &Value| {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    for note in record.extra.get("notes").map(texts).unwrap_or_default() {
        line(out, "N1", &note);
    }
    for (key, value) in &record.extra {
        let tag = key.strip_prefix("ris_").filter(|t| {
            t.len() == 2 && t.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) && *t != "ER" && *t != "TY"
        });
        if let Some(tag) = tag {
            for text in &texts(value) {
                line(out, tag, text);
            }
        }
    }
}

/// Returns the RIS type of a kind.
fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Article => "JOUR",
        Kind::Book => "BOOK",
        Kind::Chapter => "CHAP",
        Kind::Meeting => "CPAPER",
        Kind::News => "NEWS",
        Kind::Preprint => "UNPB",
        Kind::Report => "RPRT",
        Kind::Thesis => "THES",
        Kind::Web => "ELEC",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Author, PartialDate};

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
            abstract_text: Some("BACKGROUND: One.\n\nRESULTS: Two.\n\nER  - no end".into()),
            keywords: vec!["mothers".into(), " ".into()],
            ..Record::default()
        };
        insta::assert_snapshot!(to_ris(&record).replace("\r\n", "\n"), @r"
        TY  - JOUR
        TI  - A title ER - [31mnot an end
        AU  - Example, Maria L
        AU  - The Group,
        T2  - Journal of Examples
        PY  - 2026
        DA  - 2026/03//
        VL  - 7
        SP  - 12
        EP  - 34
        DO  - 10.5555/ris.1
        AN  - 90000001
        AB  - BACKGROUND: One.

        RESULTS: Two. ER - no end
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
            assert_eq!(type_of(Kind::of(&record)), want, "{types:?}");
        }
    }
}
