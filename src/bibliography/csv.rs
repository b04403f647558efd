//! A table for spreadsheets and R: CSV after RFC 4180, one row a paper.

use super::Entry;
use super::values::{self, line as clean, listed};
use crate::model::{Paper, Record};

/// Columns, in order.
const HEADER: [&str; 30] = [
    "id",
    "title",
    "authors",
    "year",
    "date",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "pmcid",
    "url",
    "open_access",
    "countries",
    "regions",
    "twg",
    "conditions",
    "interventions",
    "populations",
    "design",
    "flags",
    "finding",
    "roundup issue",
    "abstract",
    "keywords",
    "mesh",
    "language",
    "type",
    "issn",
];

/// What a table begins with: Excel takes a file without it for one in the old encoding of the
/// machine, and breaks every accent without a word. R (`readr`, `data.table`) and pandas pass over
/// it; base R wants `fileEncoding = "UTF-8-BOM"`.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Characters that make a spreadsheet program read a cell as a formula; the wide ones do in East Asian
/// editions.
const FORMULA_STARTS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Returns a cell that no spreadsheet program runs: what could be a formula is led by `'`
/// (OWASP, CSV injection). Every cell of every table goes through here.
///
/// A text that begins so itself (`'=`) gets one more, so that our reader can take one off again.
pub fn cell(text: &str) -> String {
    if text.trim_start_matches('\'').starts_with(FORMULA_STARTS) { format!("'{text}") } else { text.to_owned() }
}

/// Returns a cell without the apostrophe that [`cell`] put before it.
pub fn without_guard(cell: &str) -> &str {
    let is_guarded = cell.trim_start_matches('\'').starts_with(FORMULA_STARTS);
    cell.strip_prefix('\'').filter(|_| is_guarded).unwrap_or(cell)
}

/// Returns the names of the columns as the first line.
pub fn header() -> String {
    format!("{BYTE_ORDER_MARK}{}", joined(&HEADER.map(str::to_owned)))
}

/// Returns the row of a paper.
pub fn row(entry: &Entry<'_>, paper: &Paper) -> String {
    let record = entry.record;
    let text = |value: Option<&str>| clean(value.unwrap_or_default());
    let open = match paper.is_open() {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    };
    let headings: Vec<String> = record.mesh.iter().map(|m| m.name.clone()).collect();
    joined(&[
        paper.id.to_string(),
        entry.title.clone(),
        authors(record),
        record.citation_year().map(|y| y.to_string()).unwrap_or_default(),
        record.published.map(String::from).unwrap_or_default(),
        text(record.journal.as_deref()),
        text(record.volume.as_deref()),
        text(record.number.as_deref()),
        text(record.pages.as_deref()),
        record.doi.as_ref().map(ToString::to_string).unwrap_or_default(),
        record.pmid.map(|p| p.to_string()).unwrap_or_default(),
        record.pmcid.as_ref().map(ToString::to_string).unwrap_or_default(),
        values::pages_of_its_own(record).join(" "),
        open.to_owned(),
        list(&paper.countries),
        list(&paper.regions),
        list(&paper.twg),
        list(&paper.conditions),
        list(&paper.interventions),
        list(&paper.populations),
        paper.design.as_str().to_owned(),
        list(&paper.flags),
        text(paper.finding.as_deref()),
        paper.issue.map(String::from).unwrap_or_default(),
        values::paragraphs(record.abstract_text.as_deref().unwrap_or_default()).join("\n\n"),
        closed(list(&record.keywords), &record.keywords),
        list(&headings),
        list(&record.language),
        types(entry),
        list(&record.issn),
    ])
}

/// Returns cells as one line, each between quotation marks where it needs them.
fn joined(cells: &[String; HEADER.len()]) -> String {
    let quoted = |text: &String| {
        let text = cell(text);
        let needs = text.contains([',', '"', '\n', '\r']);
        if needs { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
    };
    format!("{}\r\n", cells.iter().map(quoted).collect::<Vec<_>>().join(","))
}

/// Returns values in one cell.
fn list(values: &[String]) -> String {
    values.iter().map(|v| listed(v)).filter(|v| !v.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Returns a list that is closed by a semicolon where its one value would else be read as several.
fn closed(text: String, values: &[String]) -> String {
    if values.len() == 1 && text.contains(',') { format!("{text};") } else { text }
}

/// Returns the authors: `Family, Given; Family, Given`.
fn authors(record: &Record) -> String {
    let names: Vec<String> = values::names(record).map(|name| values::inverted(&name)).collect();
    match names.as_slice() {
        // Alone, more commas or a full stop at the end would be read as those of a list.
        [only]
            if only.matches(',').count() > 1 || only.ends_with('.') || only.contains(" and ") || only.contains('&') =>
        {
            format!("{only};")
        }
        names => names.join("; "),
    }
}

/// Returns the publication types.
fn types(entry: &Entry<'_>) -> String {
    let mut types = entry.record.types.clone();
    if entry.is_retracted && !entry.record.has_type("Retracted Publication") {
        types.push("Retracted Publication".to_owned());
    }
    list(&types)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        for (text, want) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+1", "'+1"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("'=1", "''=1"),
            ("Plain = text", "Plain = text"),
            ("'quoted'", "'quoted'"),
            ("", ""),
        ] {
            assert_eq!(cell(text), want);
        }
    }
}
