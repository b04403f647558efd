//! Structured data of a page (schema.org), so that search engines and reference tools see papers.

use serde_json::{Value, json};

use crate::model::text::clean_line;
use crate::model::{House, Issue, IssueItem};

use super::neutralise;

/// Authors listed for one paper; a consortium of hundreds would double the page.
const AUTHORS_MAX: usize = 20;

/// Returns the issue as JSON: a collection page with its papers in reading order.
pub fn of_issue(issue: &Issue, house: &House, page_address: &str) -> String {
    let items: Vec<Value> = issue
        .items()
        .enumerate()
        .map(|(at, item)| json!({ "@type": "ListItem", "position": at + 1, "item": paper(item) }))
        .collect();
    let mut page = json!({
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "name": format!("{}, {}", clean_line(&house.name), house.language.month(issue.month)),
        "inLanguage": house.language.code(),
        "publisher": { "@type": "Organization", "name": clean_line(&house.community) },
        "mainEntity": { "@type": "ItemList", "numberOfItems": items.len(), "itemListElement": items },
    });
    put(&mut page, "description", clean_line(&issue.preheader));
    put(&mut page, "url", page_address.to_owned());
    page.to_string()
}

/// Returns one paper.
fn paper(item: &IssueItem) -> Value {
    let record = &item.record;
    let mut out = json!({ "@type": if record.journal.is_some() { "ScholarlyArticle" } else { "CreativeWork" } });
    put(&mut out, "name", clean_line(&item.title));
    put(&mut out, "url", neutralise::address(&item.link).unwrap_or_default());
    put(&mut out, "datePublished", record.published.map(String::from).unwrap_or_default());
    put(&mut out, "sameAs", record.doi.as_ref().map(crate::model::Doi::url).unwrap_or_default());
    let authors: Vec<Value> = record
        .authors
        .iter()
        .take(AUTHORS_MAX)
        .map(|a| {
            let kind = if a.collective.is_some() { "Organization" } else { "Person" };
            json!({ "@type": kind, "name": clean_line(&a.short_name()) })
        })
        .collect();
    if let Some(map) = out.as_object_mut() {
        if !authors.is_empty() {
            map.insert("author".into(), Value::Array(authors));
        }
        if let Some(journal) = &record.journal {
            map.insert("isPartOf".into(), json!({ "@type": "Periodical", "name": clean_line(journal) }));
        }
        if record.open_access == Some(true) {
            map.insert("isAccessibleForFree".into(), Value::Bool(true));
        }
    }
    out
}

/// Puts a text into an object unless it is empty.
fn put(object: &mut Value, key: &str, text: String) {
    if let (Some(map), false) = (object.as_object_mut(), text.is_empty()) {
        map.insert(key.to_owned(), Value::String(text));
    }
}
