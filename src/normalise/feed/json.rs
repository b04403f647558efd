//! JSON Feed 1 and 1.1, also when the JSON is cut off or written by hand.

use serde_json::Value;

use super::address::{Base, is_web};
use super::dates::read_date;
use super::identifiers::Identifiers;
use super::prose::{self, Raw};
use super::repairs::{Repair, Repairs};
use super::tree::ITEMS_MAX;
use super::{Category, Entry, Feed, Image, Link, Person, refuse};
use crate::model::text::clean_line;
use crate::normalise::html::plain_line;
use crate::normalise::json_text::without_half_characters;

/// Reads a JSON Feed. `Err` says what it is instead.
pub fn read(text: &str, address: &str, repairs: &mut Repairs) -> Result<Feed, String> {
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(_) => match serde_json::from_str(&without_half_characters(&mend(text))) {
            Ok(value) => {
                repairs.note(Repair::BrokenJson, 0);
                value
            }
            Err(_) => return Err("broken JSON, not a feed".to_owned()),
        },
    };
    let says_so = value.get("version").and_then(Value::as_str).is_some_and(|v| v.contains("jsonfeed.org"));
    let items = value.get("items").and_then(Value::as_array);
    let has_items =
        items.is_some_and(|i| i.iter().all(|i| i.get("id").is_some() || i.get("url").is_some()) && !i.is_empty());
    if !(says_so || (has_items && value.get("title").is_some())) {
        return Err(refuse::json(&value));
    }
    let (itself, site) = (string(&value, "feed_url"), string(&value, "home_page_url"));
    let base = Base::new(&[itself.as_str(), site.as_str(), address]);
    let mut entries = Vec::new();
    let items = items.map(Vec::as_slice).unwrap_or_default();
    if items.len() > ITEMS_MAX {
        repairs.note(Repair::TooMany, 0);
    }
    for item in items.iter().take(ITEMS_MAX) {
        match entry(item, &base, repairs) {
            Some(entry) => entries.push(entry),
            None => repairs.note(Repair::EmptyEntry, 0),
        }
    }
    Ok(Feed { format: "json".to_owned(), encoding: String::new(), about: about(&value, &base), entries })
}

/// Returns a text field; numbers count as text, since ids are written so.
fn string(value: &Value, key: &str) -> String {
    match value.get(key) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// Returns an address field made absolute; empty when there is none or it acts.
fn address_of(value: &Value, key: &str, base: &Base) -> String {
    let written = string(value, key);
    if written.is_empty() { written } else { base.resolve::<&str>(&written, &[]).unwrap_or_default() }
}

/// Reads what the feed says about itself.
fn about(value: &Value, base: &Base) -> Entry {
    let link = address_of(value, "home_page_url", base);
    let itself = address_of(value, "feed_url", base);
    let mut links = Vec::new();
    for (href, rel) in [(&link, "alternate"), (&itself, "self")] {
        if !href.is_empty() {
            links.push(Link { href: href.clone(), rel: rel.to_owned(), ..Link::default() });
        }
    }
    let picture =
        [address_of(value, "icon", base), address_of(value, "favicon", base)].into_iter().find(|u| !u.is_empty());
    let authors = authors(value, base);
    Entry {
        title: line(value, "title"),
        subtitle: line(value, "description"),
        link,
        author: joined(&authors),
        authors,
        links,
        language: clean_line(&string(value, "language")),
        image: picture.map(|url| Image { url, ..Image::default() }),
        ..Entry::default()
    }
}

/// Returns a field as one plain line.
fn line(value: &Value, key: &str) -> String {
    prose::line(&prose::of_text(string(value, key)), 0, &mut Repairs::default())
}

/// Returns names in one line.
fn joined(authors: &[Person]) -> String {
    authors.iter().map(|p| p.name.as_str()).filter(|n| !n.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Reads one item; one with nothing in it is `None`.
fn entry(item: &Value, base: &Base, repairs: &mut Repairs) -> Option<Entry> {
    let html_text = string(item, "content_html");
    let plain_text = string(item, "content_text");
    let inner = base.of::<&str>(&[]);
    let mut content = Vec::new();
    content.extend(prose::content(&Raw::Html(html_text), inner.as_deref(), 0, repairs));
    content.extend(prose::content(&Raw::Text(plain_text), None, 0, repairs));
    let authors = authors(item, base);
    let (link, other) = (address_of(item, "url", base), address_of(item, "external_url", base));
    let mut links = Vec::new();
    for (href, rel) in [(&link, "alternate"), (&other, "related")] {
        if !href.is_empty() {
            links.push(Link { href: href.clone(), rel: rel.to_owned(), ..Link::default() });
        }
    }
    let mut date = |key: &str| {
        let text = string(item, key);
        let found = read_date(&text);
        if found.is_none() && !text.is_empty() {
            repairs.note(Repair::BadDate, 0);
        }
        found
    };
    let mut out = Entry {
        title: line(item, "title"),
        summary: prose::paragraphs(&prose::of_text(string(item, "summary"))),
        content,
        id: clean_line(&string(item, "id")),
        author: joined(&authors),
        authors,
        published: date("date_published"),
        updated: date("date_modified"),
        links,
        enclosures: enclosures(item, base),
        categories: tags(item),
        language: clean_line(&string(item, "language")),
        image: [address_of(item, "image", base), address_of(item, "banner_image", base)]
            .into_iter()
            .find(|u| !u.is_empty())
            .map(|url| Image { url, ..Image::default() }),
        link,
        ..Entry::default()
    };
    if out.link.is_empty() && is_web(&out.id) {
        out.link.clone_from(&out.id);
    }
    let mut identifiers = Identifiers::default();
    for text in [&string(item, "doi"), &out.id, &out.link] {
        identifiers.take(text);
    }
    (out.doi, out.pmid, out.pmcid) = (identifiers.doi, identifiers.pmid, identifiers.pmcid);
    let is_empty = out == Entry::default();
    (!is_empty).then_some(out)
}

/// Returns the people under `authors` (1.1), else `author` (1).
fn authors(value: &Value, base: &Base) -> Vec<Person> {
    let person = |v: &Value| {
        let person = match v {
            Value::String(name) => Person { name: plain_line(name), ..Person::default() },
            v => Person { name: line(v, "name"), email: String::new(), uri: address_of(v, "url", base) },
        };
        (person != Person::default()).then_some(person)
    };
    match (value.get("authors"), value.get("author")) {
        (Some(Value::Array(list)), _) if !list.is_empty() => {
            list.iter().take(super::people::AUTHORS_MAX).filter_map(person).collect()
        }
        (_, Some(one)) => person(one).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Returns the attachments.
fn enclosures(item: &Value, base: &Base) -> Vec<Link> {
    let list = item.get("attachments").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .take(1000)
        .map(|a| Link {
            href: address_of(a, "url", base),
            rel: "enclosure".to_owned(),
            kind: clean_line(&string(a, "mime_type")),
            title: line(a, "title"),
        })
        .filter(|l| !l.href.is_empty())
        .collect()
}

/// Returns the tags, each once.
fn tags(item: &Value) -> Vec<Category> {
    let list = item.get("tags").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut out: Vec<Category> = Vec::new();
    for term in list.iter().filter_map(Value::as_str).map(plain_line).filter(|t| !t.is_empty()).take(1000) {
        let category = Category { term, ..Category::default() };
        if !out.contains(&category) {
            out.push(category);
        }
    }
    out
}

/// Returns JSON with its common breaks mended: line feeds within strings are escaped, commas
/// before a closing bracket dropped, what is open at the end closed behind the last whole item.
fn mend(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut open: Vec<char> = Vec::new();
    let (mut in_string, mut escaped) = (false, false);
    // Where the last whole item ended, and what was open there.
    let mut whole: Option<(usize, Vec<char>)> = None;
    for c in text.chars() {
        if in_string {
            match c {
                '\n' if !escaped => out.push_str("\\n"),
                '\t' if !escaped => out.push_str("\\t"),
                c => out.push(c),
            }
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            '"' => in_string = true,
            '{' => open.push('}'),
            '[' => open.push(']'),
            '}' | ']' => {
                let kept = out.trim_end().trim_end_matches(',').len();
                out.truncate(kept);
                if open.pop() != Some(c) {
                    break;
                }
            }
            _ => {}
        }
        out.push(c);
        if c == '}' && open.len() == 2 {
            whole = Some((out.len(), open.clone()));
        }
        if open.is_empty() && matches!(c, '}' | ']') {
            return out;
        }
    }
    let Some((end, open)) = whole else { return out };
    out.truncate(end);
    out.extend(open.iter().rev());
    out
}
