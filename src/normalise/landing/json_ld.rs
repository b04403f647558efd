//! Structured data of schema.org as JSON-LD: articles, reports, news, events.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::kind;
use super::parts::{Layer, abstract_of, add_keywords, day, doi_of, is_open_licence};
use crate::model::{Author, PartialDate, Pmid};
use crate::normalise::names::{self, Order};
use crate::normalise::{fields, html};

/// Most things of one page that are looked at.
const NODES_MAX: usize = 500;
/// Deepest nesting that is followed.
const DEPTH_MAX: usize = 12;

/// Types that a page can be about, the most telling first.
const TYPES: &[&str] = &[
    "MedicalScholarlyArticle",
    "ScholarlyArticle",
    "Thesis",
    "Report",
    "Chapter",
    "Book",
    "NewsArticle",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "BackgroundNewsArticle",
    "PressRelease",
    "BlogPosting",
    "LiveBlogPosting",
    "SocialMediaPosting",
    "TechArticle",
    "Article",
    "DigitalDocument",
    "Event",
    "EducationEvent",
    "CreativeWork",
];

/// Things by their `@id`, so that `{"@id": "#a"}` can be followed.
type ById<'a> = BTreeMap<&'a str, &'a Map<String, Value>>;

/// Reads the scripts of a page that came from `address`. The second value counts scripts that
/// could not be read.
pub(super) fn read(scripts: &[String], address: &str) -> (Layer, usize) {
    let parsed: Vec<Option<Value>> = scripts.iter().map(|s| parse(s)).collect();
    let broken = parsed.iter().filter(|p| p.is_none()).count();
    let values: Vec<&Value> = parsed.iter().flatten().collect();
    let mut nodes = Vec::new();
    let mut by_id = ById::new();
    for value in &values {
        gather(value, 0, &mut nodes);
        index(value, 0, &mut by_id);
    }
    let rank =
        |node: &&Map<String, Value>| types_of(node).iter().filter_map(|t| TYPES.iter().position(|k| k == t)).min();
    let is_page = |node: &&Map<String, Value>| {
        ["url", "@id", "mainEntityOfPage"]
            .iter()
            .any(|k| node.get(*k).is_some_and(|v| text(v).trim_end_matches('/') == address.trim_end_matches('/')))
    };
    let best = nodes.into_iter().filter(|n| rank(n).is_some()).min_by_key(|n| (rank(n), !is_page(n)));
    (best.map(|node| layer(node, &by_id)).unwrap_or_default(), broken)
}

/// Reads a script; what sites commonly get wrong is mended: comments around it, line breaks inside
/// texts, a comma before a closing bracket.
fn parse(script: &str) -> Option<Value> {
    let script = script.trim().trim_start_matches("<!--").trim_end_matches("-->").trim();
    let script = script.trim_start_matches("//<![CDATA[").trim_start_matches("<![CDATA[");
    let script = script.trim_end_matches("//]]>").trim_end_matches("]]>").trim().trim_end_matches(';');
    if script.is_empty() {
        return Some(Value::Null);
    }
    serde_json::from_str(script).ok().or_else(|| serde_json::from_str(&mended(script)).ok())
}

/// Returns JSON with raw control characters in texts made spaces and stray commas taken out.
fn mended(script: &str) -> String {
    let mut out = String::with_capacity(script.len());
    let (mut in_text, mut is_escaped) = (false, false);
    for c in script.chars() {
        if in_text {
            let c = if c.is_control() { ' ' } else { c };
            in_text = c != '"' || is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            out.push(c);
            continue;
        }
        if matches!(c, '}' | ']') {
            let end = out.trim_end().trim_end_matches(',').len();
            out.truncate(end);
        }
        in_text = c == '"';
        out.push(c);
    }
    out
}

/// Collects the things that the page itself can be: not those it lists, cites or is part of.
fn gather<'a>(value: &'a Value, depth: usize, out: &mut Vec<&'a Map<String, Value>>) {
    if depth > DEPTH_MAX || out.len() >= NODES_MAX {
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|v| gather(v, depth + 1, out)),
        Value::Object(node) => {
            if node.contains_key("@type") {
                out.push(node);
            }
            for key in ["@graph", "mainEntity", "mainEntityOfPage"] {
                node.get(key).into_iter().for_each(|v| gather(v, depth + 1, out));
            }
        }
        _ => {}
    }
}

/// Collects everything that has an `@id` and says more than that.
fn index<'a>(value: &'a Value, depth: usize, out: &mut ById<'a>) {
    if depth > DEPTH_MAX || out.len() >= NODES_MAX {
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|v| index(v, depth + 1, out)),
        Value::Object(node) => {
            if let (Some(id), true) = (node.get("@id").and_then(Value::as_str), node.len() > 1) {
                out.entry(id).or_insert(node);
            }
            node.values().for_each(|v| index(v, depth + 1, out));
        }
        _ => {}
    }
}

/// Returns the types of a thing, without the address of the vocabulary.
fn types_of(node: &Map<String, Value>) -> Vec<&str> {
    let all = match node.get("@type") {
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(one)) => vec![one.as_str()],
        _ => Vec::new(),
    };
    all.into_iter().map(|t| t.rsplit(['/', ':']).next().unwrap_or(t)).collect()
}

/// Returns a value as text: of a list its first, of an object its name or id.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => html::plain_line(text),
        Value::Number(number) => number.to_string(),
        Value::Array(list) => list.first().map(text).unwrap_or_default(),
        Value::Object(node) => {
            ["name", "@value", "value", "@id"].iter().find_map(|k| node.get(*k)).map(text).unwrap_or_default()
        }
        Value::Bool(_) | Value::Null => String::new(),
    }
}

/// Returns the first of some fields that says something.
fn field(node: &Map<String, Value>, keys: &[&str]) -> Option<String> {
    keys.iter().filter_map(|k| node.get(*k)).map(text).find(|t| !t.is_empty())
}

/// Returns the entries of a value: those of a list, or itself.
fn entries(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::Array(list)) => list,
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
}

/// Returns what a thing says.
fn layer(node: &Map<String, Value>, by_id: &ById<'_>) -> Layer {
    let mut layer = Layer::default();
    let record = &mut layer.record;
    let types = types_of(node);
    record.title = title(node);
    record.authors =
        ["author", "creator"].iter().map(|k| authors(node.get(*k), by_id)).find(|a| !a.is_empty()).unwrap_or_default();
    record.published = field(node, &["datePublished"]).and_then(|d| day(&d));
    record.year = record.published.map(PartialDate::year);
    let prose = ["abstract", "description"].iter().filter_map(|k| node.get(*k)).filter_map(Value::as_str);
    record.abstract_text = prose.map(html::plain_text).find_map(|t| abstract_of(&t));
    record.types = types.iter().map(|t| kind::of_schema(t)).filter(|t| !t.is_empty()).map(str::to_owned).collect();
    record.types.dedup();
    record.pages = fields::page_range(
        &field(node, &["pageStart"]).unwrap_or_default(),
        &field(node, &["pageEnd"]).unwrap_or_default(),
    )
    .or_else(|| field(node, &["pagination"]));
    place(node, by_id, 0, &mut layer);
    let record = &mut layer.record;
    if record.journal.is_none() {
        record.journal = ["publisher", "organizer", "sourceOrganization"]
            .iter()
            .filter_map(|k| followed(node.get(*k)?, by_id))
            .find_map(|n| field(n, &["name"]));
    }
    record.url = field(node, &["url"]).filter(|u| crate::normalise::feed::is_web(u));
    for keywords in entries(node.get("keywords")) {
        add_keywords(&mut record.keywords, &text(keywords));
    }
    record.open_access = match node.get("isAccessibleForFree") {
        Some(Value::Bool(free)) => Some(*free),
        Some(Value::String(word)) => word.parse().ok().or_else(|| word.to_lowercase().parse().ok()),
        _ => field(node, &["license"]).filter(|l| is_open_licence(l)).map(|_| true),
    };
    if let Some(date) = field(node, &["startDate"]).filter(|_| types.iter().any(|t| t.ends_with("Event"))) {
        record.types = vec!["Event".to_owned()];
        record.extra.insert("event_start".to_owned(), date.into());
    }
    if let Some(language) = node.get("inLanguage") {
        let code = language.get("alternateName").map(text).filter(|t| !t.is_empty()).unwrap_or_else(|| text(language));
        layer.messages.extend(fields::add_language(&mut layer.record, &code));
    }
    identifiers(node, &mut layer);
    layer
}

/// Returns the title. Headlines are often cut at 110 characters; where the name goes on, it counts.
fn title(node: &Map<String, Value>) -> String {
    let headline = field(node, &["headline"]).unwrap_or_default();
    let name = field(node, &["name"]).unwrap_or_default();
    let start = headline.trim_end_matches(['.', '…', ' ']);
    let goes_on = name.len() > headline.len() && name.starts_with(start);
    if headline.is_empty() || goes_on { name } else { headline }
}

/// Follows a reference by `@id` to the thing itself.
fn followed<'a>(value: &'a Value, by_id: &ById<'a>) -> Option<&'a Map<String, Value>> {
    let node = match value {
        Value::Array(list) => list.first()?.as_object()?,
        other => other.as_object()?,
    };
    let known = node.get("@id").and_then(Value::as_str).and_then(|id| by_id.get(id).copied());
    if node.len() <= 2 { known.or(Some(node)) } else { Some(node) }
}

/// Reads authors: texts, objects, references, lists of these.
fn authors(value: Option<&Value>, by_id: &ById<'_>) -> Vec<Author> {
    let mut out: Vec<Author> = Vec::new();
    for entry in entries(value) {
        if let Value::String(text) = entry {
            out.extend(names::authors(&html::plain_line(text), Order::GivenFirst));
        } else if let Some(node) = followed(entry, by_id) {
            out.extend(author(node));
        }
    }
    let mut seen = Vec::new();
    out.retain(|a| {
        !seen.contains(a) && {
            seen.push(a.clone());
            true
        }
    });
    out
}

/// Reads one author.
fn author(node: &Map<String, Value>) -> Option<Author> {
    let family = field(node, &["familyName"]);
    let name = field(node, &["name"]).filter(|n| !crate::normalise::feed::is_web(n));
    let is_group = types_of(node).iter().any(|t| t.ends_with("Organization"));
    let mut author = match (family, name) {
        (Some(family), _) => Author::person(family, field(node, &["givenName"]).unwrap_or_default()),
        (None, Some(name)) if is_group => Author::group(name),
        (None, Some(name)) => names::author(&name, Order::GivenFirst)?,
        (None, None) => return None,
    };
    let ids = ["identifier", "sameAs", "@id"].iter().flat_map(|k| entries(node.get(*k)));
    author.orcid = ids
        .map(text)
        .filter(|t| t.to_lowercase().contains("orcid.org/") || t.len() == 19)
        .find_map(|t| names::orcid(&t));
    let places: Vec<String> = entries(node.get("affiliation")).iter().map(text).filter(|t| !t.is_empty()).collect();
    author.affiliation = (!places.is_empty()).then(|| places.join("; "));
    Some(author)
}

/// Follows `isPartOf` up to the journal, taking volume, issue and ISSN on the way.
fn place(node: &Map<String, Value>, by_id: &ById<'_>, depth: usize, layer: &mut Layer) {
    let types = types_of(node);
    let record = &mut layer.record;
    record.volume = record.volume.take().or_else(|| field(node, &["volumeNumber"]));
    record.number = record.number.take().or_else(|| field(node, &["issueNumber"]));
    if types.contains(&"Periodical") || depth > 0 && types.contains(&"Book") {
        record.journal = record.journal.take().or_else(|| field(node, &["name"]));
        entries(node.get("issn")).iter().map(text).for_each(|i| fields::add_issn(record, &i));
    }
    if depth < DEPTH_MAX {
        for part in entries(node.get("isPartOf")) {
            if let Some(whole) = followed(part, by_id) {
                place(whole, by_id, depth + 1, layer);
            }
        }
    }
}

/// Takes DOI and PMID from `identifier`, `sameAs`, `@id` and `url`.
fn identifiers(node: &Map<String, Value>, layer: &mut Layer) {
    for key in ["doi", "identifier", "sameAs", "@id", "url"] {
        for entry in entries(node.get(key)) {
            let value = text(entry);
            let named =
                entry.get("propertyID").or_else(|| entry.get("name")).map(text).unwrap_or_default().to_lowercase();
            let value = entry.get("value").map(text).filter(|v| !v.is_empty()).unwrap_or(value);
            if named.contains("pmid") || named.contains("pubmed") || value.contains("pubmed.ncbi.nlm.nih.gov/") {
                layer.record.pmid = layer.record.pmid.or_else(|| Pmid::parse(&value));
            }
            layer.record.doi = layer.record.doi.take().or_else(|| doi_of(&value));
        }
    }
}
