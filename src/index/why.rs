//! Why a paper was found: the words of it that matched, where they stand, and what was typed for them.

mod filters;

use std::collections::BTreeSet;

use super::analyse;
use super::marks::Marks;
use super::schema::{Shown, author_forms};
use super::snippet;
use super::words::WordCutter;

/// One reason why a paper was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Why {
    /// What was asked for, as it was typed.
    pub asked: String,
    /// The words that were found, as they stand in the paper; the name of the country or tag.
    pub found: String,
    /// Where, in a word for readers: of words "title", "abstract", "keywords", "authors", "journal",
    /// "country", "region"; of filters also "working group", "design", "condition", "population",
    /// "intervention", "language", "open access", "marked", "source", "roundup", "year", "published",
    /// "identifier"; "query" when nothing was asked for but to leave others out.
    pub place: &'static str,
    /// Whether it is another name for what was asked, rather than the typed word itself.
    pub is_other_name: bool,
}

/// The most reasons a paper gives: more are read by nobody.
const REASONS_MAX: usize = 12;

/// The most different words shown for one typed word in one place.
const WORDS_MAX: usize = 2;

/// Returns the reasons why a paper was found: in the order of the places (title, abstract, keywords,
/// authors, journal, country, filters), what was typed before what it also means. A typed word that
/// stands in the title needs no second reason. Never empty: what nothing else explains matches because
/// the query only leaves others out.
pub(super) fn reasons(shown: &Shown, marks: &Marks, cutter: &mut WordCutter) -> Vec<Why> {
    let record = &shown.paper.record;
    // With the sign of a retracted paper, which is looked for as well.
    let title = shown.paper.title();
    let headings = record.keywords.iter().chain(record.mesh.iter().map(|m| &m.name));
    let keywords = headings.map(String::as_str).collect::<Vec<_>>().join("; ");
    let texts = [
        ("title", title.as_str()),
        ("title", record.title_vernacular.as_deref().unwrap_or_default()),
        ("abstract", record.abstract_text.as_deref().unwrap_or_default()),
        ("keywords", keywords.as_str()),
    ];
    let mut out: Vec<Why> = Vec::new();
    for (place, text) in texts {
        let before: BTreeSet<String> = out.iter().map(|w| w.asked.clone()).collect();
        for (asked, found, is_other_name) in snippet::found(text, marks, cutter) {
            let why = Why { asked, found, place, is_other_name };
            let same = out.iter().filter(|w| w.asked == why.asked && w.place == place).count();
            if !before.contains(&why.asked) && same < WORDS_MAX && !out.iter().any(|w| is_same(w, &why)) {
                out.push(why);
            }
        }
    }
    for author in &record.authors {
        out.extend(named(&author.short_name(), &author_forms(author), "authors", marks));
    }
    if let Some(journal) = &record.journal {
        out.extend(named(journal, std::slice::from_ref(journal), "journal", marks));
    }
    out.extend(places(shown, marks, cutter));
    out.extend(filters::reasons(&shown.paper, &marks.filters));
    out.sort_by_key(|w| w.is_other_name);
    out.truncate(REASONS_MAX);
    if out.is_empty() {
        let found = "nothing of what is to be left out".to_owned();
        out.push(Why { asked: String::new(), found, place: "query", is_other_name: false });
    }
    out
}

/// Tells whether two reasons say the same, whatever the case.
fn is_same(a: &Why, b: &Why) -> bool {
    a.asked == b.asked && a.place == b.place && a.found.to_lowercase() == b.found.to_lowercase()
}

/// Returns the reason that a person's or journal's name gives, if a typed word is part of one of its
/// forms.
fn named(name: &str, forms: &[String], place: &'static str, marks: &Marks) -> Option<Why> {
    let words = |text: &str| analyse::tokens(analyse::NAMES, text).into_iter().map(|t| t.text);
    let own: BTreeSet<String> = forms.iter().flat_map(|form| words(form)).collect();
    let typed = marks.stems.values().chain(marks.words.values()).collect::<BTreeSet<_>>();
    let asked = typed.into_iter().find(|typed| {
        let mut parts = words(typed).peekable();
        parts.peek().is_some() && parts.all(|part| own.contains(&part))
    })?;
    Some(Why { asked: asked.clone(), found: name.to_owned(), place, is_other_name: false })
}

/// Returns the reasons that the countries of a study give.
fn places(shown: &Shown, marks: &Marks, cutter: &mut WordCutter) -> Vec<Why> {
    let mut out = Vec::new();
    for (code, name) in shown.paper.countries.iter().zip(&shown.country_names) {
        if let Some(asked) = marks.countries.get(&code.to_lowercase()) {
            let is_other_name = analyse::key(asked) != analyse::key(name);
            out.push(Why { asked: asked.clone(), found: name.clone(), place: "country", is_other_name });
        }
    }
    for name in &shown.country_names {
        // The names of countries are looked through like the other words of a paper.
        if out.iter().any(|why| why.found == *name) {
            continue;
        }
        if let Some((asked, _, is_other_name)) = snippet::found(name, marks, cutter).into_iter().next() {
            out.push(Why { asked, found: name.clone(), place: "country", is_other_name });
        }
    }
    for region in &shown.regions {
        if let Some((asked, name)) = marks.regions.get(region) {
            out.push(Why { asked: asked.clone(), found: name.clone(), place: "region", is_other_name: true });
        }
    }
    out
}
