//! One item as the templates see it: every line ready to show, nothing left to look up.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::text::clean_line;
use crate::model::{Design, House, IssueItem, Language, Record, RelationKind, sha256_hex};

use super::{content_note, languages, neutralise, words};

/// Authors named before "et al.".
const AUTHORS_SHOWN: usize = 3;

/// Countries on one item before "and 4 more countries".
const COUNTRIES_SHOWN: usize = 3;

/// How a tag is coloured; the words alone carry the meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TagKind {
    /// A country, a design, a language.
    Plain,
    /// Open access.
    Open,
    /// Preprint, retracted, expression of concern.
    Warn,
}

/// A small label under an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TagView {
    /// What it says.
    pub text: String,
    /// How it is coloured.
    pub kind: TagKind,
}

/// One item as the templates see it. Texts are empty where there is nothing to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemView {
    /// Its lasting id in addresses: the work id, or a word made from the hand-written one.
    pub anchor: String,
    /// Where its citation lies, relative to the page of the issue.
    pub cite: String,
    /// Title.
    pub title: String,
    /// BCP 47 code of the title when it is not in the issue's language.
    pub lang: String,
    /// BCP 47 code of the paper when it is not in the issue's language.
    pub paper_lang: String,
    /// BCP 47 code of the finding when it is not in the issue's language.
    pub finding_lang: String,
    /// Where the title leads; an address that is safe to link.
    pub link: String,
    /// "Family A, Family B, Family C et al."
    pub authors: String,
    /// Journal, book or site.
    pub journal: String,
    /// "9 Jan 2030".
    pub date: String,
    /// Authors, journal and date as one sentence for the text part.
    pub byline: String,
    /// A quiet note on what some readers have lived, such as the loss of a baby.
    pub content_note: String,
    /// The finding in one sentence.
    pub finding: String,
    /// Why it matters.
    pub why: String,
    /// A short remark.
    pub remark: String,
    /// Labels in order: countries, design, language, open access, warnings.
    pub tags: Vec<TagView>,
    /// All labels in one line, for the text part.
    pub tag_line: String,
    /// Countries, all of them, for the filter.
    pub countries: Vec<String>,
    /// Design, for the filter.
    pub design: String,
    /// Whether everybody can read it.
    pub is_open: bool,
}

/// Tells whether everybody can read the paper.
pub fn is_open(item: &IssueItem) -> bool {
    item.record.open_access == Some(true) || has_flag(item, "open-access")
}

/// Tells whether the item is a preprint.
pub fn is_preprint(item: &IssueItem) -> bool {
    item.record.is_preprint() || has_flag(item, "preprint")
}

/// Tells whether the paper was retracted.
pub fn is_retracted(item: &IssueItem) -> bool {
    item.record.is_retracted() || has_flag(item, "retracted")
}

/// Tells whether the journal has expressed concern about the paper.
pub fn is_of_concern(item: &IssueItem) -> bool {
    item.record.relations.iter().any(|r| r.kind == RelationKind::new("expression-of-concern-in"))
}

fn has_flag(item: &IssueItem, flag: &str) -> bool {
    item.judgement.as_ref().is_some_and(|j| j.has_flag(flag))
}

/// Returns the design when the judgement names one.
pub fn design_of(item: &IssueItem) -> Option<Design> {
    item.judgement.as_ref().map(|j| j.design).filter(|d| *d != Design::Unclear)
}

/// Returns the countries that are named, without repeats.
pub fn named_countries(item: &IssueItem) -> Vec<String> {
    let mut seen = BTreeSet::new();
    item.countries.iter().map(|c| clean_line(c)).filter(|c| !c.is_empty() && seen.insert(c.clone())).collect()
}

/// Returns the countries as names; the word for many ("Multi-country") when only a group is named.
pub fn countries_of(item: &IssueItem, language: Language) -> Vec<String> {
    let names = named_countries(item);
    let names_group = item.judgement.as_ref().is_some_and(|j| !j.region_terms.is_empty());
    if names.is_empty() && names_group { vec![words::of(language).many_countries.to_owned()] } else { names }
}

/// Returns the id of an item in addresses: letters, digits and hyphens only. It hangs on the item's own id alone, so
/// that it stays the same however often the issue is rendered and wherever the item stands.
///
/// A work id stays as it is; a word written by hand is led by `x-` so that it can never be one. A word that cannot
/// stay as it was written ends in a piece of its hash, or two like ones could change places.
pub fn anchor(id: &str) -> String {
    if crate::model::WorkId::parse(id).is_some() {
        return id.to_owned();
    }
    let plain = crate::model::text::words(id).join("-");
    let plain: String =
        plain.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(ANCHOR_CHARS_MAX).collect();
    if plain == id {
        return format!("x-{plain}");
    }
    let hash: String = sha256_hex(id.as_bytes()).chars().take(ANCHOR_HASH_CHARS).collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() { format!("x-{hash}") } else { format!("x-{plain}-{hash}") }
}

/// Returns where the citation of the item with this anchor lies, beside the page of its issue.
fn cite_path(anchor: &str) -> String {
    format!("cite/{anchor}.ris")
}

/// Longest word made from a hand-written id, in characters: it stands in addresses and names of files.
const ANCHOR_CHARS_MAX: usize = 40;

/// Characters of a hash that tell the few hand-written ids of an issue apart.
const ANCHOR_HASH_CHARS: usize = 6;

impl ItemView {
    /// Returns the view of an item. `taken` holds the anchors given out so far: a second item by
    /// the same id gets `-2`.
    pub fn new(item: &IssueItem, house: &House, taken: &mut BTreeSet<String>) -> Self {
        let (record, language) = (&item.record, house.language);
        let codes = languages::of_item(item, language);
        let tags = tags_of(item, &codes.paper, language);
        // A retracted finding must not be repeated, whatever stands in the draft.
        let finding = if is_retracted(item) { String::new() } else { clean_line(&item.summary) };
        let (authors, journal) = (authors_line(record), clean_line(record.journal.as_deref().unwrap_or_default()));
        let anchor = unique(&anchor(&item.id), taken);
        let date = record
            .published
            .map(|date| language.date(date))
            .or_else(|| record.year.map(|y| y.to_string()))
            .unwrap_or_default();
        Self {
            cite: cite_path(&anchor),
            anchor,
            title: clean_line(&item.title),
            lang: codes.title,
            paper_lang: codes.paper,
            finding_lang: codes.finding,
            link: neutralise::address(&item.link).unwrap_or_default(),
            byline: byline(&authors, &journal, &date),
            authors,
            journal,
            date,
            content_note: content_note::of(item, &finding, house),
            finding,
            why: clean_line(&item.why),
            remark: clean_line(&item.remark),
            tag_line: tags.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" · "),
            tags,
            countries: countries_of(item, language),
            design: design_of(item).map(|d| words::design(d, language)).unwrap_or_default().to_owned(),
            is_open: is_open(item),
        }
    }
}

/// Returns an anchor that was not given out yet.
fn unique(anchor: &str, taken: &mut BTreeSet<String>) -> String {
    let mut out = anchor.to_owned();
    let mut n = 2;
    while !taken.insert(out.clone()) {
        out = format!("{anchor}-{n}");
        n += 1;
    }
    out
}

/// Returns the first authors, and "et al." for the rest.
pub fn authors_line(record: &Record) -> String {
    record.first_authors(AUTHORS_SHOWN)
}

/// Returns authors, journal and date as one sentence.
fn byline(authors: &str, journal: &str, date: &str) -> String {
    let source = [journal, date].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", ");
    match (authors.is_empty(), source.is_empty()) {
        (_, true) => authors.to_owned(),
        (true, false) => source,
        (false, false) => format!("{}. {source}", authors.trim_end_matches('.')),
    }
}

/// Returns the labels of an item in their order.
fn tags_of(item: &IssueItem, paper_lang: &str, language: Language) -> Vec<TagView> {
    let w = words::of(language);
    let tag = |text: String, kind: TagKind| TagView { text, kind };
    let mut out = Vec::new();
    if is_retracted(item) {
        out.push(tag(w.retracted.to_owned(), TagKind::Warn));
    }
    if is_of_concern(item) {
        out.push(tag(w.concern.to_owned(), TagKind::Warn));
    }
    let countries = countries_of(item, language);
    // "and 1 more country" would take more room than the country itself.
    let shown = if countries.len() == COUNTRIES_SHOWN + 1 { COUNTRIES_SHOWN + 1 } else { COUNTRIES_SHOWN };
    out.extend(countries.iter().take(shown).map(|c| tag(c.clone(), TagKind::Plain)));
    if countries.len() > shown {
        out.push(tag(words::more_countries(countries.len() - shown, language), TagKind::Plain));
    }
    out.extend(design_of(item).map(|d| tag(words::design(d, language).to_owned(), TagKind::Plain)));
    let in_language = words::in_language(paper_lang, language);
    if !in_language.is_empty() {
        out.push(tag(in_language, TagKind::Plain));
    }
    if is_open(item) {
        out.push(tag(w.open_access.to_owned(), TagKind::Open));
    }
    if is_preprint(item) {
        out.push(tag(w.preprint.to_owned(), TagKind::Warn));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Author;

    #[test]
    fn bylines_end_in_one_full_stop() {
        let mut record = Record { journal: Some("Invented Journal".into()), ..Record::default() };
        for n in 0..5 {
            record.authors.push(Author::person(format!("Sample{n}"), "A"));
        }
        let authors = authors_line(&record);
        assert_eq!(authors, "Sample0 A, Sample1 A, Sample2 A et al.");
        assert_eq!(byline(&authors, "J", "2030"), "Sample0 A, Sample1 A, Sample2 A et al. J, 2030");
        assert_eq!(byline("", "J", ""), "J");
        assert_eq!(byline("A B", "", ""), "A B");
    }

    #[test]
    fn anchors_are_words_and_never_repeat() {
        for (id, want, note) in [
            ("wabcdefghij2", "wabcdefghij2", "a work keeps its id"),
            ("our-webinar", "x-our-webinar", "a plain word stays readable"),
            ("WHO guide *|X|*", "x-who-guide-x-", "what is lost is told by the hash"),
            ("who  guide x", "x-who-guide-x-", "alike, but another id"),
            ("\"><", "x-", "nothing is left but the hash"),
            ("../../etc/passwd", "x-etc-passwd-", "it is the name of a file, too"),
        ] {
            let got = anchor(id);
            assert!(got.starts_with(want), "{id}: {got} ({note})");
            assert!(got.len() == want.len() || got.len() == want.len() + ANCHOR_HASH_CHARS, "{id}: {got}");
            assert!(got.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{id}: {got}");
        }
        assert_ne!(anchor("WHO guide *|X|*"), anchor("who  guide x"), "they never change places");
        let mut taken = BTreeSet::new();
        assert_eq!(unique("x-a", &mut taken), "x-a");
        assert_eq!(unique("x-a", &mut taken), "x-a-2", "only one id written twice comes here");
    }
}
