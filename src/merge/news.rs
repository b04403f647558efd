//! What is news and what is a paper's entry, by what a record says of itself.

use crate::model::{CanonicalUrl, Record};

use super::kinds::NEWS_TYPES;

/// Tells whether a record may be news: a page of a site that has nothing of a paper's entry but a
/// title, a text and perhaps authors; or what its source itself calls news.
pub fn is_news(record: &Record) -> bool {
    let is_typed = |t: &String| NEWS_TYPES.iter().any(|n| n.eq_ignore_ascii_case(t));
    if record.types.iter().any(is_typed) {
        return true;
    }
    let has_place = record.volume.is_some() || record.pages.is_some() || !record.issn.is_empty();
    let is_paper = !record.types.is_empty() || !record.mesh.is_empty() || !record.sections.is_empty();
    has_page(record) && !has_place && !is_paper && !record.has_preprint_doi()
}

/// Tells whether a record has a page of its own: an address that is no register's.
fn has_page(record: &Record) -> bool {
    let page = record.url.as_deref().and_then(CanonicalUrl::parse);
    page.is_some_and(|p| {
        let host = p.as_str().trim_start_matches("https://").split('/').next().unwrap_or_default().to_owned();
        !host.ends_with("doi.org") && !host.ends_with("ncbi.nlm.nih.gov")
    })
}

/// Tells whether a record is an entry for a paper: it says what only papers have.
pub(super) fn is_paper(record: &Record) -> bool {
    let is_typed = record.types.iter().any(|t| !NEWS_TYPES.iter().any(|n| n.eq_ignore_ascii_case(t)));
    let has_place = record.volume.is_some() || record.pages.is_some() || !record.issn.is_empty();
    is_typed || has_place || record.has_preprint_doi() || (record.doi.is_some() && !record.authors.is_empty())
}
