//! RSS, RDF and Atom: from the tree to entries.
//!
//! One mapping serves all three: publishers mix their elements freely, so every field is looked
//! for under all the names it has, in a fixed order.

use super::address::{Base, is_web};
use super::citation::{self, citation};
use super::dates::{FeedDate, read_date};
use super::identifiers::Identifiers;
use super::names::Ns;
use super::people;
use super::prose;
use super::repairs::{Repair, Repairs};
use super::tree::{self, Child, Node};
use super::{Entry, Feed, Person, refuse};
use crate::model::text::clean_line;
use crate::normalise::html::{self, plain_line};

mod categories;
mod links;

/// How deep below junk a feed's outermost element is looked for.
const ROOT_DEPTH_MAX: usize = 6;

/// Names of one field: vocabulary and local name, in the order they are preferred.
type Names = &'static [(Ns, &'static str)];

const TITLES: Names = &[(Ns::Rss, "title"), (Ns::Atom, "title"), (Ns::Dc, "title"), (Ns::Media, "title")];
const SUMMARIES: Names = &[
    (Ns::Rss, "description"),
    (Ns::Rss, "summary"),
    (Ns::Atom, "summary"),
    (Ns::Dc, "description"),
    (Ns::Dc, "abstract"),
    (Ns::Rss, "abstract"),
    (Ns::Prism, "teaser"),
    (Ns::Other, "summary"),
    (Ns::Media, "description"),
];
const CONTENTS: Names = &[
    (Ns::Content, "encoded"),
    (Ns::Atom, "content"),
    (Ns::Html, "body"),
    (Ns::Html, "div"),
    (Ns::Rss, "content"),
    (Ns::Rss, "body"),
    (Ns::Rss, "fullitem"),
];
const SUBTITLES: Names = &[
    (Ns::Atom, "subtitle"),
    (Ns::Atom, "tagline"),
    (Ns::Rss, "subtitle"),
    (Ns::Rss, "description"),
    (Ns::Rss, "tagline"),
    (Ns::Dc, "description"),
    (Ns::Rss, "abstract"),
    (Ns::Other, "subtitle"),
    (Ns::Other, "summary"),
];
const PUBLISHED: Names = &[
    (Ns::Rss, "pubdate"),
    (Ns::Atom, "published"),
    (Ns::Rss, "published"),
    (Ns::Atom, "issued"),
    (Ns::Rss, "issued"),
    (Ns::Dc, "issued"),
    (Ns::Dc, "date"),
    (Ns::Rss, "date"),
    (Ns::Dc, "available"),
    (Ns::Prism, "publicationdate"),
    (Ns::Prism, "coverdate"),
];
const UPDATED: Names = &[
    (Ns::Atom, "updated"),
    (Ns::Rss, "updated"),
    (Ns::Atom, "modified"),
    (Ns::Rss, "modified"),
    (Ns::Rss, "lastbuilddate"),
    (Ns::Dc, "modified"),
    (Ns::Prism, "modificationdate"),
];
const CREATED: Names = &[(Ns::Atom, "created"), (Ns::Dc, "created"), (Ns::Rss, "created"), (Ns::Prism, "creationdate")];
const RIGHTS: Names = &[
    (Ns::Atom, "rights"),
    (Ns::Rss, "copyright"),
    (Ns::Atom, "copyright"),
    (Ns::Rss, "rights"),
    (Ns::Dc, "rights"),
    (Ns::Prism, "copyright"),
    (Ns::Media, "copyright"),
];
const LANGUAGES: Names = &[(Ns::Rss, "language"), (Ns::Dc, "language")];

/// Reads RSS, RDF or Atom. `Err` says what it is instead.
pub fn read(text: &str, address: &str, repairs: &mut Repairs) -> Result<Feed, String> {
    let first = first_element(text);
    let is_page = first.as_deref().is_some_and(|n| n.eq_ignore_ascii_case("html"))
        || text.trim_start().get(..14).is_some_and(|t| t.eq_ignore_ascii_case("<!doctype html"));
    if is_page {
        return Err(refuse::page(text));
    }
    if first.is_none() {
        return Err(refuse::words(text));
    }
    let document = tree::build(text, repairs);
    let Some((root, format)) = find_root(&document, ROOT_DEPTH_MAX) else {
        return Err(name_document(&document, text));
    };
    let has_text_before =
        document.children.iter().take_while(|c| !matches!(c, Child::Node(n) if std::ptr::eq(n, root)));
    if has_text_before.into_iter().any(|c| !matches!(c, Child::Text(t) if t.trim().is_empty())) {
        repairs.note(Repair::TextBefore, 0);
    }
    if root.name == "channel" && format != "cdf" {
        repairs.note(Repair::NoRoot, root.offset);
    }
    Ok(read_root(root, format, address, repairs))
}

/// Returns the qualified name of the first element of a text, past comments and instructions.
pub fn first_element(text: &str) -> Option<String> {
    let mut rest = text;
    loop {
        let at = rest.find('<')?;
        rest = rest.get(at + 1..)?;
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if rest.starts_with('!') || rest.starts_with('?') {
            rest = rest.split_once('>').map_or("", |(_, after)| after);
        } else if rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<')).unwrap_or(rest.len());
            return rest.get(..end).map(str::to_owned);
        }
    }
}

/// Finds the outermost element of a feed, and names the feed's form.
fn find_root(node: &Node, depth: usize) -> Option<(&Node, &'static str)> {
    let format = match (node.ns, node.name.as_str()) {
        (Ns::Html, _) | (_, "html" | "head" | "body") => return None,
        // Microsoft's channels have no outer element, and their addresses in attributes.
        (Ns::Rss, "channel") if node.attribute("href").is_some() => Some("cdf"),
        (_, "rss") | (Ns::Rss, "channel") => Some("rss"),
        (Ns::Rdf | Ns::Rss, "rdf") if has_channel_or_item(node) => Some("rdf"),
        (Ns::Atom | Ns::Rss, "feed") | (Ns::Atom, "entry") => Some("atom"),
        _ => None,
    };
    if let Some(format) = format {
        return Some((node, format));
    }
    if depth == 0 { None } else { node.elements().find_map(|n| find_root(n, depth - 1)) }
}

/// Tells whether an RDF document is a feed.
fn has_channel_or_item(node: &Node) -> bool {
    node.elements().any(|n| n.ns == Ns::Rss && matches!(n.name.as_str(), "channel" | "item"))
}

/// Names a document that is no feed.
fn name_document(document: &Node, text: &str) -> String {
    match document.elements().next() {
        None => refuse::words(text),
        Some(root)
            if matches!(root.name.as_str(), "html" | "head" | "body" | "div" | "p" | "br" | "script" | "meta") =>
        {
            refuse::page(text)
        }
        Some(root) => refuse::document(&root.name, &root.text()),
    }
}

/// Reads the feed and its entries.
fn read_root(root: &Node, format: &str, address: &str, repairs: &mut Repairs) -> Feed {
    let channel = root.elements().find(|n| n.name == "channel" && n.ns == Ns::Rss).unwrap_or(root);
    let own = links::of_feed(channel);
    let base = Base::new(&[own.itself.as_str(), own.site.as_str(), address]);
    let mut about = if root.is_item() { Entry::default() } else { feed_fields(channel, &base, repairs) };
    // In RDF the channel only names its picture; what it shows stands beside.
    let beside = root.all(Ns::Rss, "image").find_map(|n| links::image(n, &base));
    if about.image.as_ref().is_none_or(|i| i.title.is_empty() && i.link.is_empty()) {
        about.image = beside.or(about.image);
    }
    let mut items = Vec::new();
    collect_items(root, &mut items);
    let mut entries = Vec::new();
    for item in items {
        let entry = entry_fields(item, &base, repairs);
        if is_something(item, &entry) {
            entries.push(entry);
        } else {
            repairs.note(Repair::EmptyEntry, item.offset);
        }
    }
    Feed { format: format.to_owned(), encoding: String::new(), about, entries }
}

/// Collects items in the order of the text, also those within others.
fn collect_items<'a>(node: &'a Node, items: &mut Vec<&'a Node>) {
    if node.is_item() && items.len() < tree::ITEMS_MAX {
        items.push(node);
    }
    for child in node.elements().filter(|n| !matches!(n.ns, Ns::Html)) {
        collect_items(child, items);
    }
}

/// Tells whether an item holds anything that an entry can show.
fn is_something(item: &Node, entry: &Entry) -> bool {
    let shows = !entry.title.is_empty()
        || !entry.link.is_empty()
        || !entry.id.is_empty()
        || !entry.summary.is_empty()
        || !entry.content.is_empty()
        || !entry.enclosures.is_empty()
        || entry.published.is_some()
        || entry.updated.is_some()
        || entry.doi.is_some()
        || entry.pmid.is_some()
        || entry.pmcid.is_some();
    shows && !item.children.is_empty()
}

/// Reads what a feed says about itself.
fn feed_fields(channel: &Node, base: &Base, repairs: &mut Repairs) -> Entry {
    let mut out = common_fields(channel, base, repairs);
    out.subtitle = find(channel, SUBTITLES).map(|n| prose::line(&prose::raw(n), n.offset, repairs)).unwrap_or_default();
    out.generator = channel
        .elements()
        .filter(|n| n.name == "generator" || n.name == "generatoragent")
        .map(|n| {
            let address = n.attribute("resource").or(n.attribute("uri")).or(n.attribute("url"));
            first_of(&[&clean_line(&n.text()), address.unwrap_or_default()])
        })
        .find(|t| !t.is_empty())
        .unwrap_or_default();
    out.citation = citation(channel, "");
    out.ttl = channel.all(Ns::Rss, "ttl").find_map(|n| n.text().trim().parse().ok());
    out.id = find(channel, &[(Ns::Atom, "id"), (Ns::Rss, "id")]).map(|n| links::id(n, base)).unwrap_or_default();
    if out.id.is_empty() {
        out.id = about(channel).unwrap_or_default();
    }
    out.link = links::link(channel, base, false, &out.links);
    out
}

/// Reads an entry.
fn entry_fields(item: &Node, base: &Base, repairs: &mut Repairs) -> Entry {
    let mut out = common_fields(item, base, repairs);
    let summary = find(item, SUMMARIES).or_else(|| item.all(Ns::Media, "group").find_map(|g| find(g, SUMMARIES)));
    for node in CONTENTS.iter().flat_map(|(ns, name)| item.all(*ns, name)) {
        let inner = base.of(&node.bases);
        out.content.extend(prose::content(&prose::raw_in(node, Some(base)), inner.as_deref(), node.offset, repairs));
    }
    if let Some(node) = summary {
        let (text, shaped) =
            prose::paragraphs_and_content(&prose::raw_in(node, Some(base)), base.of(&node.bases).as_deref());
        out.summary = text;
        // A summary that carries markup is the whole text in most RSS feeds: keep its shape, too.
        if out.content.is_empty() {
            out.content.extend(shaped);
        }
    }
    let written_id = find(item, &[(Ns::Rss, "guid"), (Ns::Atom, "id"), (Ns::Rss, "id")]).map(|n| links::id(n, base));
    out.id = written_id.filter(|t| !t.is_empty()).or_else(|| about(item)).unwrap_or_default();
    out.link = links::link(item, base, true, &out.links);
    out.comments = links::comments(item, base, &out.links);
    if out.authors.is_empty() {
        out.authors =
            item.all(Ns::Atom, "source").map(|n| authors(n, base)).find(|l| !l.is_empty()).unwrap_or_default();
        out.author = joined(&out.authors);
    }
    out.source = source(item);
    out.citation = citation(item, &out.title);
    if out.citation.journal.is_empty() {
        out.citation.journal = journal_in_source(item);
    }
    let identifiers = identifiers(item, &out);
    (out.doi, out.pmid, out.pmcid) = (identifiers.doi, identifiers.pmid, identifiers.pmcid);
    out
}

/// Reads the fields that feeds and entries share.
fn common_fields(node: &Node, base: &Base, repairs: &mut Repairs) -> Entry {
    let mut out = Entry {
        title: TITLES
            .iter()
            .flat_map(|(ns, name)| node.all(*ns, name))
            .map(|n| prose::line(&prose::raw(n), n.offset, repairs))
            .find(|t| !t.is_empty())
            .unwrap_or_default(),
        published: date(node, PUBLISHED, repairs),
        updated: date(node, UPDATED, repairs),
        created: date(node, CREATED, repairs),
        links: links::all(node, base, repairs),
        enclosures: links::enclosures(node, base, repairs),
        categories: categories::all(node),
        rights: find(node, RIGHTS).map(|n| prose::line(&prose::raw(n), n.offset, repairs)).unwrap_or_default(),
        language: find(node, LANGUAGES).map(|n| clean_line(&n.text())).filter(|t| !t.is_empty()).unwrap_or_default(),
        image: links::image_of(node, base),
        ..Entry::default()
    };
    if out.language.is_empty() {
        out.language = node.language.as_deref().map(clean_line).unwrap_or_default();
    }
    out.authors = authors(node, base);
    out.contributors = persons(node, &[(Ns::Atom, "contributor"), (Ns::Dc, "contributor")], base);
    out.author = joined(&out.authors);
    if out.rights.is_empty() {
        out.rights = out.links.iter().find(|l| l.rel == "license").map(|l| l.href.clone()).unwrap_or_default();
    }
    out
}

/// Returns the names of people in one line; who has no name, by mail address.
fn joined(people: &[Person]) -> String {
    let names: Vec<&str> =
        people.iter().map(|p| if p.name.is_empty() { p.email.as_str() } else { p.name.as_str() }).collect();
    names.join(", ")
}

/// Returns the first child that has one of the names and something in it.
fn find<'a>(node: &'a Node, names: &[(Ns, &'a str)]) -> Option<&'a Node> {
    names.iter().flat_map(|(ns, name)| node.all(*ns, name)).find(|n| n.children.iter().any(has_something))
}

/// Tells whether a child is more than white space.
fn has_something(child: &Child) -> bool {
    match child {
        Child::Text(text) => !text.trim().is_empty(),
        Child::Node(_) => true,
    }
}

/// Returns the first text that is not empty.
fn first_of(texts: &[&str]) -> String {
    texts.iter().find(|t| !t.is_empty()).map(|t| (*t).to_owned()).unwrap_or_default()
}

/// Returns `rdf:about`.
fn about(node: &Node) -> Option<String> {
    node.attribute("about").map(clean_line)
}

/// Returns the first date that can be read, in the order of the names.
fn date(node: &Node, names: Names, repairs: &mut Repairs) -> Option<FeedDate> {
    for found in names.iter().flat_map(|(ns, name)| node.all(*ns, name)) {
        let text = found.text();
        if let Some(date) = read_date(&text) {
            return Some(date);
        }
        if !text.trim().is_empty() {
            repairs.note(Repair::BadDate, found.offset);
        }
    }
    // Microsoft's channels have it in an attribute.
    if std::ptr::eq(names, UPDATED) { node.attribute("lastmod").and_then(read_date) } else { None }
}

/// Returns the authors: those of the entry in every vocabulary, the fullest list first.
fn authors(node: &Node, base: &Base) -> Vec<Person> {
    const LISTS: &[Names] = &[
        &[(Ns::Dc, "creator"), (Ns::Dc, "author")],
        &[(Ns::Atom, "author"), (Ns::Rss, "author")],
        &[(Ns::Rss, "managingeditor")],
        &[(Ns::Other, "author")],
        &[(Ns::Media, "credit")],
    ];
    LISTS.iter().map(|names| persons(node, names, base)).find(|list| !list.is_empty()).unwrap_or_default()
}

/// Returns the people that elements of these names are.
fn persons(node: &Node, names: Names, base: &Base) -> Vec<Person> {
    let found: Vec<&Node> = names.iter().flat_map(|(ns, name)| node.all(*ns, name)).collect();
    let stands_alone = found.len() == 1;
    let mut out: Vec<Person> = Vec::new();
    for node in found.iter().take(people::AUTHORS_MAX) {
        if node.has_elements() {
            let listed = node.list_items();
            if listed.is_empty() {
                out.extend(structured_person(node, base));
            }
            out.extend(listed.iter().filter_map(|n| people::person(&html::plain_text(&n.text()))));
            continue;
        }
        let text = html::plain_text(&node.text());
        if text.contains('@') {
            out.extend(people::person(&text));
        } else {
            out.extend(people::names(&text, stands_alone).into_iter().map(|name| Person { name, ..Person::default() }));
        }
    }
    out.truncate(people::AUTHORS_MAX);
    out
}

/// Returns a person whose parts are elements, as in Atom.
fn structured_person(node: &Node, base: &Base) -> Option<Person> {
    let part = |names: &[&str]| {
        node.elements().find(|n| names.contains(&n.name.as_str())).map(|n| clean_line(&n.text())).unwrap_or_default()
    };
    let uri = part(&["uri", "url", "homepage"]);
    let person = Person {
        name: plain_line(&part(&["name"])),
        email: part(&["email"]).trim_start_matches("mailto:").to_owned(),
        uri: if uri.is_empty() { uri } else { base.resolve(&uri, &node.bases).unwrap_or_default() },
    };
    if person == Person::default() {
        return people::person(&html::plain_text(&node.text()));
    }
    match people::person(&person.name).filter(|p| person.email.is_empty() && !p.email.is_empty()) {
        Some(read) => Some(Person { uri: person.uri, ..read }),
        None => Some(person),
    }
}

/// Returns the feed or journal that an entry says it came from.
fn source(item: &Node) -> String {
    let of = |n: &Node| -> String {
        let title = n.elements().find(|c| c.name == "title").map(|c| clean_line(&c.text()));
        first_of(&[
            &title.unwrap_or_default(),
            &if n.has_elements() { String::new() } else { clean_line(&n.text()) },
            n.attribute("url").unwrap_or_default(),
        ])
    };
    [(Ns::Dc, "source"), (Ns::Rss, "source"), (Ns::Atom, "source")]
        .iter()
        .flat_map(|(ns, name)| item.all(*ns, name))
        .map(of)
        .find(|t| !t.is_empty())
        .unwrap_or_default()
}

/// Returns the journal that `dc:source` names, without the volume that journal systems put behind
/// it (`Journal of Examples; Vol. 3 (2021): …; 12-20`). An address names none.
fn journal_in_source(item: &Node) -> String {
    let all = item.all(Ns::Dc, "source").map(|n| clean_line(&n.text()));
    all.map(|t| t.split("; ").next().unwrap_or_default().to_owned())
        .find(|t| !t.is_empty() && !is_web(t) && citation::issn(t).is_none())
        .unwrap_or_default()
}

/// Returns the identifiers of an entry: fields made for them first, then id and addresses, then
/// what the text says in a line of its own.
fn identifiers(item: &Node, entry: &Entry) -> Identifiers {
    let mut out = Identifiers::default();
    let fields = || item.elements().filter(|n| n.ns != Ns::Html);
    for node in fields().filter(|n| matches!(n.name.as_str(), "doi" | "pmid" | "pmcid")) {
        let text = node.text();
        match node.name.as_str() {
            "doi" => out.take(&text),
            name => out.take(&format!("{name}:{}", text.trim().trim_start_matches("PMC").trim_start_matches("pmid:"))),
        }
    }
    for node in fields().filter(|n| n.ns == Ns::Dc && n.name == "identifier") {
        out.take(&node.text());
    }
    for text in [&entry.id, &entry.link] {
        out.take(text);
    }
    if let Some(about) = about(item) {
        out.take(&about);
    }
    for link in &entry.links {
        if matches!(link.rel.as_str(), "" | "alternate" | "self" | "origlink") {
            out.take(&link.href);
        }
    }
    out.take_from_prose(&entry.summary);
    for content in &entry.content {
        // Making text of it costs more than to see that it says nothing of the kind.
        if out.doi.is_none() && content.value.contains("10.") {
            out.take_from_prose(&html::text_of_safe(&content.value));
        }
    }
    out
}
