//! Highwire meta tags (`citation_…`) and those of bepress (`bepress_citation_…`): what publishers
//! write for Google Scholar ("Inclusion Guidelines for Webmasters").

use super::head::Head;
use super::kind;
use super::parts::{Layer, day};
use crate::model::{Author, PartialDate};
use crate::normalise::names::{self, Order};
use crate::normalise::{dates, fields};

/// Names that hold the journal, book, meeting or publisher, the best first.
const PLACES: &[&str] = &[
    "citation_journal_title",
    "citation_inbook_title",
    "citation_book_title",
    "citation_conference_title",
    "citation_conference",
    "citation_technical_report_institution",
    "citation_dissertation_institution",
    "citation_journal_abbrev",
    "citation_series_title",
    "citation_publisher",
];

/// Reads the tags; bepress gives the same names with a word in front.
pub(super) fn read(head: &Head) -> Layer {
    let head = &unified(head);
    let mut layer = Layer::default();
    let record = &mut layer.record;
    let text = |names: &[&str]| head.value(names).and_then(|v| fields::line(&v));
    record.title = text(&["citation_title"]).unwrap_or_default();
    record.authors = authors(head);
    record.journal = text(PLACES);
    record.volume = text(&["citation_volume"]);
    record.number = text(&["citation_issue"]);
    let page = |name| text(&[name]).unwrap_or_default();
    let article_number = text(&["citation_article_number", "citation_article_id"]);
    record.pages = fields::page_range(&page("citation_firstpage"), &page("citation_lastpage"))
        .or(article_number.filter(|n| n.len() < 20));
    record.abstract_text = head.value(&["citation_abstract"]).and_then(|v| fields::paragraphs(&v));
    read_dates(head, &mut layer);
    for doi in head.values(&["citation_doi", "citation_id"]) {
        layer.take_doi(doi);
    }
    for pmid in head.values(&["citation_pmid"]) {
        layer.messages.extend(fields::set_pmid(&mut layer.record, pmid));
    }
    for pmcid in head.values(&["citation_pmcid", "citation_pmc"]) {
        layer.messages.extend(fields::set_pmcid(&mut layer.record, pmcid));
    }
    let record = &mut layer.record;
    head.values(&["citation_issn", "citation_eissn"]).for_each(|v| fields::add_issn(record, v));
    head.values(&["citation_isbn"]).for_each(|v| fields::add_issn(record, v));
    for language in head.values(&["citation_language"]) {
        layer.messages.extend(fields::add_language(record, language));
    }
    for list in head.values(&["citation_keywords", "citation_keyword"]) {
        super::parts::add_keywords(&mut record.keywords, list);
    }
    for link in head.values(&["citation_fulltext_html_url", "citation_full_html_url", "citation_pdf_url"]) {
        head.web_address(link).into_iter().for_each(|l| fields::add_once(&mut record.links, l));
    }
    record.url = text(&["citation_abstract_html_url", "citation_public_url"]).and_then(|u| head.web_address(&u));
    record.types = types(head, !record.title.is_empty());
    layer
}

/// Returns the page's tags with the names of bepress made the usual ones.
fn unified(head: &Head) -> Head {
    let mut head = head.clone();
    for meta in &mut head.metas {
        if let Some(usual) = meta.name.strip_prefix("bepress_") {
            meta.name = usual.to_owned();
        }
    }
    head
}

/// Reads the authors; what follows an author (institution, ORCID) belongs to it.
fn authors(head: &Head) -> Vec<Author> {
    let mut out: Vec<Author> = Vec::new();
    for meta in &head.metas {
        match meta.name.as_str() {
            "citation_author" => out.extend(of_one_tag(&meta.value)),
            "citation_author_institution" | "citation_author_affiliation" => {
                if let (Some(author), Some(place)) = (out.last_mut(), fields::line(&meta.value)) {
                    let known = author.affiliation.get_or_insert_default();
                    if !known.split("; ").any(|p| p == place) {
                        known.push_str(if known.is_empty() { "" } else { "; " });
                        known.push_str(&place);
                    }
                }
            }
            "citation_author_orcid" => {
                if let Some(author) = out.last_mut() {
                    author.orcid = names::orcid(&meta.value);
                }
            }
            _ => {}
        }
    }
    if out.is_empty() {
        let lists = head.values(&["citation_authors"]);
        out = lists.flat_map(|list| names::authors(list, Order::GivenFirst)).collect();
    }
    out
}

/// Returns the authors of one tag: usually one, but some sites put the whole list into it.
fn of_one_tag(text: &str) -> Vec<Author> {
    if text.contains(';') || text.matches(',').count() > 1 {
        names::authors(text, Order::GivenFirst)
    } else {
        names::author(text, Order::GivenFirst).into_iter().collect()
    }
}

/// Reads the dates: the year to cite is the issue's, the first public day the earliest.
fn read_dates(head: &Head, layer: &mut Layer) {
    let date = |names: &[&str]| head.values(names).find_map(day);
    let issue = date(&["citation_publication_date", "citation_cover_date", "citation_date", "citation_year"]);
    let online = date(&["citation_online_date", "citation_epub_date"]);
    layer.record.published = dates::earlier(issue, online);
    layer.record.year = issue.or(online).map(PartialDate::year);
}

/// Returns the publication types in PubMed's words.
fn types(head: &Head, is_there: bool) -> Vec<String> {
    let has = |name: &str| head.metas.iter().any(|m| m.name == name);
    let mut out: Vec<String> = Vec::new();
    if has("citation_journal_title") || has("citation_journal_abbrev") {
        out.push("Journal Article".to_owned());
    } else if has("citation_inbook_title") || has("citation_book_title") && has("citation_firstpage") {
        out.push("Book Chapter".to_owned());
    } else if has("citation_isbn") {
        out.push("Book".to_owned());
    } else if has("citation_conference_title") || has("citation_conference") {
        out.push("Congress".to_owned());
    } else if has("citation_technical_report_institution") || has("citation_technical_report_number") {
        out.push("Technical Report".to_owned());
    } else if has("citation_dissertation_institution") {
        out.push("Academic Dissertation".to_owned());
    }
    let named = head.values(&["citation_article_type", "wkhealth_article_type"]);
    named.filter_map(kind::of_words).for_each(|t| fields::add_once(&mut out, t));
    if is_there { out } else { Vec::new() }
}
