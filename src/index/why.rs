//! Why a paper was found: the words of it that matched, where they stand, and what was typed for them.

use std::collections::BTreeSet;

use super::analyse;
use super::marks::Marks;
use super::schema::Shown;
use super::snippet;

/// One reason why a paper was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Why {
    /// What was asked for, as it was typed.
    pub asked: String,
    /// The words that were found, as they stand in the paper; the name of the country or tag.
    pub found: String,
    /// Where, in a word for readers: "title", "abstract", "keywords", "authors", "journal", "country".
    pub place: &'static str,
    /// Whether it is another name for what was asked, rather than the typed word itself.
    pub is_other_name: bool,
}

/// The most reasons a paper gives: more are read by nobody.
const REASONS_MAX: usize = 12;

/// The most different words shown for one typed word in one place.
const WORDS_MAX: usize = 2;

/// Returns the reasons why a paper was found: in the order of the places (title, abstract, keywords,
/// authors, journal, country), what was typed before what it also means. A typed word that stands in
/// the title needs no second reason.
pub(super) fn reasons(shown: &Shown, marks: &Marks) -> Vec<Why> {
    let record = &shown.paper.record;
    let headings = record.keywords.iter().chain(record.mesh.iter().map(|m| &m.name));
    let keywords = headings.map(String::as_str).collect::<Vec<_>>().join("; ");
    let texts = [
        ("title", record.title.as_str()),
        ("abstract", record.abstract_text.as_deref().unwrap_or_default()),
        ("keywords", keywords.as_str()),
    ];
    let mut out: Vec<Why> = Vec::new();
    for (place, text) in texts {
        let before: BTreeSet<String> = out.iter().map(|w| w.asked.clone()).collect();
        for (asked, found, is_other_name) in snippet::found(text, marks) {
            let why = Why { asked, found, place, is_other_name };
            let same = out.iter().filter(|w| w.asked == why.asked && w.place == place).count();
            if !before.contains(&why.asked) && same < WORDS_MAX && !out.iter().any(|w| is_same(w, &why)) {
                out.push(why);
            }
        }
    }
    let authors: Vec<String> = record.authors.iter().map(crate::model::Author::short_name).collect();
    let names = authors.iter().map(|a| ("authors", a)).chain(record.journal.iter().map(|j| ("journal", j)));
    for (place, name) in names {
        out.extend(named(name, place, marks));
    }
    out.extend(places(shown, marks));
    out.sort_by_key(|w| w.is_other_name);
    out.truncate(REASONS_MAX);
    out
}

/// Tells whether two reasons say the same, whatever the case.
fn is_same(a: &Why, b: &Why) -> bool {
    a.asked == b.asked && a.place == b.place && a.found.to_lowercase() == b.found.to_lowercase()
}

/// Returns the reason that a person's or journal's name gives, if a typed word is part of it.
fn named(name: &str, place: &'static str, marks: &Marks) -> Option<Why> {
    let words: BTreeSet<String> = analyse::tokens(analyse::NAMES, name).into_iter().map(|t| t.text).collect();
    let typed = marks.stems.values().collect::<BTreeSet<_>>();
    let asked = typed.into_iter().find(|typed| {
        let parts = analyse::tokens(analyse::NAMES, typed);
        !parts.is_empty() && parts.iter().all(|t| words.contains(&t.text))
    })?;
    Some(Why { asked: asked.clone(), found: name.to_owned(), place, is_other_name: false })
}

/// Returns the reasons that the countries of a study give.
fn places(shown: &Shown, marks: &Marks) -> Vec<Why> {
    let mut out = Vec::new();
    for (code, name) in shown.paper.countries.iter().zip(&shown.country_names) {
        if let Some(asked) = marks.countries.get(&code.to_lowercase()) {
            let is_other_name = analyse::key(asked) != analyse::key(name);
            out.push(Why { asked: asked.clone(), found: name.clone(), place: "country", is_other_name });
        }
    }
    for region in &shown.regions {
        if let Some(asked) = marks.regions.get(region)
            && !shown.country_names.is_empty()
        {
            let found = shown.country_names.join(", ");
            out.push(Why { asked: asked.clone(), found, place: "country", is_other_name: true });
        }
    }
    out
}
