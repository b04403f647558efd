//! Dublin Core (`DC.…`, `DCTERMS.…`), PRISM and `EPrints` meta tags.

use super::head::{Head, Meta};
use super::kind;
use super::parts::{Layer, abstract_of, add_keywords, day, doi_of, is_open_licence};
use crate::model::{PartialDate, Pmid};
use crate::normalise::names::{self, Order};
use crate::normalise::{dates, fields};

/// How the names of Dublin Core begin on pages, in lower case with `:` made `.`.
const PREFIXES: [&str; 3] = ["dc.", "dcterms.", "dcterm."];

/// Reads the tags.
pub(super) fn read(head: &Head) -> Layer {
    let head = &unified(head);
    let mut layer = Layer::default();
    let text = |names: &[&str]| head.value(names).and_then(|v| fields::line(&v));
    let record = &mut layer.record;
    record.title = text(&["dc.title", "eprints.title", "prism.title"]).unwrap_or_default();
    let people = head.values(&["eprints.creators_name"]).chain(head.values(&["dc.creator", "dc.contributor.author"]));
    let mut seen = Vec::new();
    for person in people {
        if !seen.contains(&person) {
            seen.push(person);
            let list = if person.contains(';') { person.split(';').collect() } else { vec![person] };
            record.authors.extend(list.iter().filter_map(|p| names::author(p, Order::GivenFirst)));
        }
    }
    record.authors.dedup();
    record.journal = text(&["prism.publicationname", "eprints.publication"]).or_else(|| journal(head));
    record.volume = text(&["prism.volume", "dc.source.volume", "eprints.volume"]);
    record.number = text(&["prism.number", "prism.issueidentifier", "dc.source.issue", "eprints.number"]);
    record.pages = pages(head);
    record.abstract_text = head
        .values(&["eprints.abstract", "dc.description.abstract", "dc.abstract", "dc.description"])
        .find_map(abstract_of);
    let issued =
        head.values(&["dc.date.issued", "dc.issued", "prism.publicationdate", "prism.coverdate", "eprints.date"]);
    let issued = issued.chain(head.values(&["dc.date", "dc.date.created", "dc.created"])).find_map(day);
    let online = head.values(&["dc.date.available", "dc.available", "prism.onlinedate"]).find_map(day);
    record.published =
        if head.value(&["dc.date.issued", "dc.issued"]).is_some() { issued } else { dates::earlier(issued, online) };
    record.year = issued.or(online).map(PartialDate::year);
    head.values(&["prism.issn", "prism.eissn", "dc.source.issn", "eprints.issn"])
        .for_each(|v| fields::add_issn(record, v));
    for language in head.values(&["dc.language"]).take(1) {
        layer.messages.extend(fields::add_language(&mut layer.record, language));
    }
    head.values(&["dc.subject", "eprints.keywords", "prism.keyword"])
        .for_each(|v| add_keywords(&mut layer.record.keywords, v));
    head.values(&["dc.type", "prism.genre", "prism.section", "eprints.type"])
        .filter_map(kind::of_words)
        .for_each(|t| fields::add_once(&mut layer.record.types, t));
    if head.values(&["dc.rights", "dc.license", "dc.rights.uri"]).any(is_open_licence) {
        layer.record.open_access = Some(true);
    }
    identifiers(head, &mut layer);
    layer
}

/// Returns the page's tags with the names of DCTERMS made those of Dublin Core.
fn unified(head: &Head) -> Head {
    let mut head = head.clone();
    for meta in &mut head.metas {
        if let Some(rest) = PREFIXES.iter().find_map(|p| meta.name.strip_prefix(p)) {
            meta.name = format!("dc.{rest}");
        }
    }
    head
}

/// Returns the journal: what the paper is part of, else its source, else its publisher. A source
/// can be a citation or an address; only a name is taken.
fn journal(head: &Head) -> Option<String> {
    let is_name =
        |v: &&str| !v.contains("://") && v.chars().count() <= 200 && doi_of(v).is_none() && fields::issn(v).is_none();
    let named =
        head.values(&["dc.relation.ispartof", "dc.ispartof", "dc.source", "citation_publisher", "dc.publisher"]);
    named.filter(is_name).find_map(|v| fields::line(bare_source(v)))
}

/// Returns the name at the beginning of a citation such as "Journal of Examples; Vol 3 No 1 (2026): May; 1-9",
/// the form of OJS.
fn bare_source(text: &str) -> &str {
    match text.split_once(';') {
        Some((name, rest)) if rest.to_lowercase().contains("vol") => name,
        _ => text,
    }
}

/// Returns the pages.
fn pages(head: &Head) -> Option<String> {
    let part = |names: &[&str]| head.value(names).unwrap_or_default();
    fields::page_range(&part(&["prism.startingpage"]), &part(&["prism.endingpage"])).or_else(|| {
        head.value(&["dc.identifier.pagenumber", "prism.pagerange", "eprints.pagerange"]).and_then(|v| fields::line(&v))
    })
}

/// Takes DOI, PMID and address from the identifiers.
fn identifiers(head: &Head, layer: &mut Layer) {
    let named =
        ["prism.doi", "dc.identifier.doi", "eprints.id_number", "eprints.doi", "dc.identifier", "dc.identifier.uri"];
    let is_named = |m: &&Meta| named.contains(&m.name.as_str());
    let mut all: Vec<&Meta> = head.metas.iter().filter(is_named).collect();
    all.sort_by_key(|m| named.iter().position(|n| *n == m.name));
    for meta in all {
        layer.take_doi(&meta.value);
        let lower = meta.value.to_lowercase();
        if meta.scheme == "pmid" || lower.starts_with("pmid") || lower.contains("pubmed.ncbi.nlm.nih.gov/") {
            layer.record.pmid = layer.record.pmid.or_else(|| Pmid::parse(&meta.value));
        }
    }
}
