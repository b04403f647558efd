//! What a search prints for programs, one JSON object a line; `docs/search-json.md` tells the fields.

use serde_json::{Value, json};

use crate::index::{Answer, Hit, TagValues};
use crate::model::{Author, Paper};

/// Version of the lines; counted up when a field changes its meaning or goes.
const VERSION: u32 = 1;

/// Returns a hit by its number, from 1.
pub fn hit(rank: usize, hit: &Hit) -> Value {
    let paper = &hit.paper;
    let record = &paper.record;
    let named = paper.countries.iter().zip(&hit.country_names);
    let countries: Vec<_> = named.map(|(iso3, name)| json!({"iso3": iso3, "name": name})).collect();
    let snippet: Vec<_> = hit.snippet.iter().map(|(is_hit, text)| json!({"hit": is_hit, "text": text})).collect();
    let authors: Vec<String> = record.authors.iter().map(Author::short_name).collect();
    let mut line = json!({
        "v": VERSION, "rank": rank, "id": paper.id, "native_id": paper.native_id(), "score": hit.score,
        "title": paper.title(), "authors": authors, "year": record.citation_year(),
        "journal": record.journal, "countries": countries, "design": paper.design, "twg": paper.twg,
        "open_access": paper.is_open(), "link": record.best_link(), "finding": paper.finding,
        "issue": paper.issue, "snippet": snippet, "doi": record.doi, "pmid": record.pmid, "pmcid": record.pmcid,
        "language": record.language, "is_retracted": paper.is_retracted(),
        "is_preprint": paper.has_flag("preprint") || record.is_preprint(),
    });
    if let Some(line) = line.as_object_mut().filter(|_| !hit.why.is_empty()) {
        line.insert("why".to_owned(), json!(hit.why));
    }
    line
}

/// Returns a hit of a search that asks why: the reasons are there also when there are none.
pub fn explained(rank: usize, one: &Hit) -> Value {
    let mut line = hit(rank, one);
    if let Some(line) = line.as_object_mut() {
        line.insert("why".to_owned(), json!(one.why));
    }
    line
}

/// Returns how all papers spread, by every tag, what was also looked for, and the notes.
pub fn counts(answer: &Answer, tags: &[TagValues]) -> Value {
    let facets = &answer.facets;
    let country: Vec<_> =
        facets.country.iter().map(|(iso3, name, n)| json!({"iso3": iso3, "name": name, "papers": n})).collect();
    let region: Vec<_> =
        facets.region.iter().map(|(id, name, n)| json!({"id": id, "name": name, "papers": n})).collect();
    let year: Vec<_> = facets.year.iter().map(|(year, n)| json!({"year": year, "papers": n})).collect();
    let by = |key: &str, list: &[(String, usize)]| -> Vec<Value> {
        list.iter().map(|(value, n)| json!({key: value, "papers": n})).collect()
    };
    let mut line = json!({
        "v": VERSION, "kind": "facets", "total": answer.total, "country": country, "region": region,
        "twg": by("id", &facets.twg), "design": by("name", &facets.design), "year": year,
        "language": by("code", &facets.language), "open_access": facets.open_access,
        "also": answer.also, "notes": answer.notes,
    });
    if let Some(line) = line.as_object_mut() {
        line.extend(tags.iter().map(|tag| (tag.field.to_owned(), Value::from(by("value", &tag.values)))));
    }
    line
}

/// A paper whole.
#[derive(serde::Serialize)]
pub struct Whole<'a> {
    v: u32,
    #[serde(flatten)]
    paper: &'a Paper,
}

/// Returns a paper whole.
pub fn whole(paper: &Paper) -> Whole<'_> {
    Whole { v: VERSION, paper }
}

/// Returns how many papers match.
pub fn total(answer_total: usize) -> Value {
    json!({"v": VERSION, "total": answer_total})
}
