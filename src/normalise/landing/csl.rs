//! The citation that a DOI resolver gives (CSL-JSON by content negotiation), as one record.
//!
//! Crossref and `DataCite` put much more into it than a citation: counts that change from day to
//! day, lists of references. Only what is known to be of the paper is taken, so that asking again
//! gives the same record.

use serde_json::{Map, Value};

use super::{NotAPaper, kind};
use crate::model::text::shorten;
use crate::model::{Doi, Place, Problem, Record, Relation, RelationKind};
use crate::normalise::{dates, html, json_record};

/// Fields that are taken as they stand.
const TAKEN: &[&str] = &["author", "ISSN", "volume", "issue", "page", "language", "PMID", "PMCID", "keyword"];

/// Reads a citation. `asked` is the DOI it was asked for; it stands where the answer names none.
///
/// # Errors
/// When the bytes are no citation or it has no title.
pub fn read_citation(bytes: &[u8], asked: &Doi, source: &str) -> Result<(Record, Vec<Problem>), NotAPaper> {
    let not = |reason: &str| NotAPaper { reason: reason.to_owned() };
    let value: Value = serde_json::from_slice(bytes).map_err(|_| not("no citation that can be read"))?;
    let given = match value {
        Value::Object(given) => given,
        Value::Array(list) => list.into_iter().find_map(|v| v.as_object().cloned()).ok_or(not("an empty citation"))?,
        _ => return Err(not("no citation that can be read")),
    };
    let text =
        |key: &str| given.get(key).map(json_record::text).map(|t| html::plain_line(&t)).filter(|t| !t.is_empty());
    let title = text("title").ok_or(not("a citation without a title"))?;
    let mut kept = Map::new();
    for key in TAKEN {
        kept.extend(given.get(*key).map(|v| ((*key).to_owned(), v.clone())));
    }
    if !kept.contains_key("page") {
        kept.extend(text("article-number").map(|n| ("page".to_owned(), n.into())));
    }
    if let Some(Value::Array(authors)) = kept.get_mut("author") {
        authors.iter_mut().for_each(name_affiliations);
    }
    let (mut record, messages) = json_record::read(kept);
    record.title = joined(&title, text("subtitle"));
    record.id = format!("doi:{asked}");
    source.clone_into(&mut record.source);
    record.doi = text("DOI").and_then(|d| Doi::parse(&d)).or_else(|| Some(asked.clone()));
    record.abstract_text = given
        .get("abstract")
        .and_then(Value::as_str)
        .map(|t| without_heading(&html::plain_text(&as_html(t))))
        .filter(|t| !t.is_empty());
    record.journal = ["container-title", "collection-title", "event-title", "event"]
        .iter()
        .find_map(|k| text(k))
        .or_else(|| given.get("institution").and_then(first_name))
        .or_else(|| text("publisher"));
    record.url = text("URL").filter(|u| crate::normalise::feed::is_web(u)).filter(|u| !u.contains("doi.org/"));
    read_dates(&given, &mut record);
    read_type(&given, &mut record);
    record.relations = relations(&given);
    super::mark_preprint(&mut record);
    let place = Place::file(asked.url());
    let problems = messages.into_iter().map(|m| Problem::note(place.clone(), shorten(&m, 200))).collect();
    Ok((record, problems))
}

/// Returns title and subtitle as one, unless the title says it already.
fn joined(title: &str, subtitle: Option<String>) -> String {
    match subtitle {
        Some(more) if !title.contains(more.as_str()) => format!("{}: {more}", title.trim_end_matches(':')),
        _ => title.to_owned(),
    }
}

/// Makes affiliations that are objects (`[{"name": "…"}]`) their names.
fn name_affiliations(author: &mut Value) {
    let Some(list) = author.get_mut("affiliation").and_then(Value::as_array_mut) else { return };
    for place in list {
        if let Some(name) = place.get("name").cloned() {
            *place = name;
        }
    }
}

/// Returns the name of the first of a list of bodies.
fn first_name(list: &Value) -> Option<String> {
    let one = list.get(0).unwrap_or(list);
    one.get("name").map(json_record::text).map(|t| html::plain_line(&t)).filter(|t| !t.is_empty())
}

/// Returns Crossref's markup of abstracts (JATS) as HTML, so that its paragraphs stay apart.
fn as_html(jats: &str) -> String {
    let titled = jats.replace("<jats:title>", "<p>").replace("</jats:title>", "</p>");
    titled.replace("<jats:", "<").replace("</jats:", "</")
}

/// Returns an abstract without the heading "Abstract" that Crossref's markup puts first.
fn without_heading(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default().trim_end_matches([':', '.']);
    let is_heading = ["abstract", "summary", "resumen", "resumo", "résumé"].contains(&first.to_lowercase().as_str());
    if is_heading { text.lines().skip(1).collect::<Vec<_>>().join("\n").trim().to_owned() } else { text.to_owned() }
}

/// Reads the dates: `issued` is the year to cite; the first public day is the earliest that is said.
fn read_dates(given: &Map<String, Value>, record: &mut Record) {
    let date = |key: &str| {
        let value = given.get(key)?;
        let parts = value.get("date-parts").and_then(|p| p.get(0)).and_then(Value::as_array);
        let written = match parts {
            Some(parts) => parts.iter().map(json_record::text).collect::<Vec<_>>().join("-"),
            None => value
                .get("raw")
                .or_else(|| value.get("literal"))
                .map_or_else(|| json_record::text(value), json_record::text),
        };
        dates::loose(&written)
    };
    let print = date("published-print");
    let issued = date("issued");
    let online = date("published-online").or_else(|| date("posted")).or_else(|| date("published"));
    record.published = dates::earlier(issued, online);
    record.year = print.or(issued).or(online).map(crate::model::PartialDate::year);
}

/// Reads the type in PubMed's words.
fn read_type(given: &Map<String, Value>, record: &mut Record) {
    let of = |key: &str| given.get(key).and_then(Value::as_str).unwrap_or_default();
    let named = if of("type") == "article" && of("subtype").is_empty() { "" } else { of("type") };
    record.types = [of("subtype"), named].iter().filter_map(|t| kind::of_words(t)).take(1).collect();
}

/// Crossref's kinds of links, and ours.
const LINKS: &[(&str, &str)] = &[("is-preprint-of", "preprint-of"), ("has-preprint", "has-preprint")];
/// Crossref's kinds of notices about a paper (`updated-by`), and ours.
const NOTICES: &[(&str, &str)] = &[
    ("retraction", "retraction-in"),
    ("withdrawal", "retraction-in"),
    ("removal", "retraction-in"),
    ("expression_of_concern", "expression-of-concern-in"),
    ("correction", "erratum-in"),
    ("erratum", "erratum-in"),
    ("corrigendum", "erratum-in"),
];
/// The same from the notice's side (`update-to`).
const ABOUT: &[(&str, &str)] = &[
    ("retraction", "retraction-of"),
    ("withdrawal", "retraction-of"),
    ("expression_of_concern", "expression-of-concern-for"),
    ("correction", "erratum-for"),
    ("erratum", "erratum-for"),
    ("corrigendum", "erratum-for"),
];

/// Reads links to other papers: preprints, retractions, corrections.
fn relations(given: &Map<String, Value>) -> Vec<Relation> {
    let mut out = Vec::new();
    let mut add = |kind: &str, doi: Option<&Value>| {
        if let Some(doi) = doi.map(json_record::text).and_then(|d| Doi::parse(&d)) {
            let relation = Relation { kind: RelationKind::new(kind), pmid: None, doi: Some(doi), note: None };
            if !out.contains(&relation) {
                out.push(relation);
            }
        }
    };
    for (theirs, ours) in LINKS {
        let list = given.get("relation").and_then(|r| r.get(*theirs)).and_then(Value::as_array);
        list.into_iter().flatten().for_each(|link| add(ours, link.get("id")));
    }
    for (key, kinds) in [("updated-by", NOTICES), ("update-to", ABOUT)] {
        for update in given.get(key).and_then(Value::as_array).into_iter().flatten() {
            let kind = update.get("type").map(json_record::text).unwrap_or_default();
            if let Some((_, ours)) = kinds.iter().find(|(theirs, _)| *theirs == kind) {
                add(ours, update.get("DOI"));
            }
        }
    }
    out
}
