//! The issue as a spreadsheet (CSV with a header).

use crate::bibliography::cell;
use crate::model::text::clean_line;
use crate::model::{Design, Issue, IssueItem, Language};

use super::output::RenderError;
use super::{item_view, neutralise};

/// Columns, in order.
const HEADER: [&str; 18] = [
    "id",
    "section",
    "title",
    "authors",
    "journal",
    "year",
    "published",
    "countries",
    "study_type",
    "open_access",
    "preprint",
    "retracted",
    "finding",
    "why_it_matters",
    "doi",
    "pmid",
    "pmcid",
    "link",
];

/// By these bytes a spreadsheet program knows that a file is UTF-8: Excel takes it for another encoding else, and
/// spoils the names of authors.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Returns the items of an issue in reading order as CSV, UTF-8 with a byte order mark.
///
/// # Errors
/// When the writer fails, which it does not in memory.
pub fn csv(issue: &Issue) -> Result<Vec<u8>, RenderError> {
    let failed = |e: csv::Error| RenderError::Sheet(e.to_string());
    let mut writer = csv::Writer::from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(HEADER).map_err(failed)?;
    for item in issue.items() {
        writer.write_record(row(item).iter().map(|text| cell(text))).map_err(failed)?;
    }
    writer.into_inner().map_err(|e| RenderError::Sheet(e.to_string()))
}

/// Returns the cells of an item, in the order of the header.
fn row(item: &IssueItem) -> [String; HEADER.len()] {
    let record = &item.record;
    let yes = |is: bool| if is { "yes".to_owned() } else { String::new() };
    let authors: Vec<String> = record.authors.iter().map(|a| clean_line(&a.short_name())).collect();
    let finding = if item_view::is_retracted(item) { "" } else { item.summary.as_str() };
    [
        item.id.clone(),
        item.section.clone(),
        clean_line(&item.title),
        authors.join("; "),
        clean_line(record.journal.as_deref().unwrap_or_default()),
        record.citation_year().map(|y| y.to_string()).unwrap_or_default(),
        record.published.map(String::from).unwrap_or_default(),
        item_view::countries_of(item, Language::English).join("; "),
        item_view::design_of(item).map(Design::label).unwrap_or_default().to_owned(),
        yes(item_view::is_open(item)),
        yes(item_view::is_preprint(item)),
        yes(item_view::is_retracted(item)),
        clean_line(finding),
        clean_line(&item.why),
        record.doi.as_ref().map(ToString::to_string).unwrap_or_default(),
        record.pmid.map(|p| p.to_string()).unwrap_or_default(),
        record.pmcid.as_ref().map(ToString::to_string).unwrap_or_default(),
        neutralise::address(&item.link).unwrap_or_default(),
    ]
}
