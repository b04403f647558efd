//! One item as the templates see it: every line ready to show, nothing left to look up.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::text::clean_line;
use crate::model::{Design, IssueItem, Record, RelationKind, sha256_hex};

use super::{neutralise, words};

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
    /// BCP 47 code of the title when it is not English.
    pub lang: String,
    /// BCP 47 code of the paper when it is not English.
    pub paper_lang: String,
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

/// Returns the countries as names without repeats; "Multi-country" when only a group is named.
pub fn countries_of(item: &IssueItem) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let names: Vec<String> =
        item.countries.iter().map(|c| clean_line(c)).filter(|c| !c.is_empty() && seen.insert(c.clone())).collect();
    let names_group = item.judgement.as_ref().is_some_and(|j| !j.region_terms.is_empty());
    if names.is_empty() && names_group { vec![words::ENGLISH.many_countries.to_owned()] } else { names }
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
    pub fn new(item: &IssueItem, taken: &mut BTreeSet<String>) -> Self {
        let record = &item.record;
        let tags = tags_of(item);
        let (paper_lang, lang) = languages(record);
        let (authors, journal) = (authors_line(record), clean_line(record.journal.as_deref().unwrap_or_default()));
        let anchor = unique(&anchor(&item.id), taken);
        let date = record.published.map(words::date).or_else(|| record.year.map(|y| y.to_string())).unwrap_or_default();
        Self {
            cite: cite_path(&anchor),
            anchor,
            title: clean_line(&item.title),
            lang,
            paper_lang,
            link: neutralise::address(&item.link).unwrap_or_default(),
            byline: byline(&authors, &journal, &date),
            authors,
            journal,
            date,
            // A retracted finding must not be repeated, whatever stands in the draft.
            finding: if is_retracted(item) { String::new() } else { clean_line(&item.summary) },
            why: clean_line(&item.why),
            remark: clean_line(&item.remark),
            tag_line: tags.iter().map(|t| t.text.as_str()).collect::<Vec<_>>().join(" · "),
            tags,
            countries: countries_of(item),
            design: design_of(item).map(Design::label).unwrap_or_default().to_owned(),
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

/// Returns the codes of the paper's and of the title's language; empty for English or unknown.
///
/// PubMed gives an English title in brackets (or beside the vernacular one) for a paper in another
/// language: such a title is English. A paper that is also in English counts as English.
fn languages(record: &Record) -> (String, String) {
    let is_english = record.language.iter().any(|l| l == "en" || l.starts_with("en-"));
    let code = record.language.first().filter(|_| !is_english).cloned().unwrap_or_default();
    let is_code = !code.is_empty() && code.len() <= 35 && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if !is_code || code == "und" || code == "mul" {
        return (String::new(), String::new());
    }
    let is_translated = record.title.starts_with('[') || record.title_vernacular.is_some();
    let lang = if is_translated { String::new() } else { code.clone() };
    (code, lang)
}

/// Returns the labels of an item in their order.
fn tags_of(item: &IssueItem) -> Vec<TagView> {
    let w = words::ENGLISH;
    let tag = |text: String, kind: TagKind| TagView { text, kind };
    let mut out = Vec::new();
    if is_retracted(item) {
        out.push(tag(w.retracted.to_owned(), TagKind::Warn));
    }
    if is_of_concern(item) {
        out.push(tag(w.concern.to_owned(), TagKind::Warn));
    }
    let countries = countries_of(item);
    // "and 1 more country" would take more room than the country itself.
    let shown = if countries.len() == COUNTRIES_SHOWN + 1 { COUNTRIES_SHOWN + 1 } else { COUNTRIES_SHOWN };
    out.extend(countries.iter().take(shown).map(|c| tag(c.clone(), TagKind::Plain)));
    if countries.len() > shown {
        out.push(tag(words::more_countries(countries.len() - shown), TagKind::Plain));
    }
    out.extend(design_of(item).map(|d| tag(d.label().to_owned(), TagKind::Plain)));
    let language = words::in_language(&languages(&item.record).0);
    if !language.is_empty() {
        out.push(tag(language, TagKind::Plain));
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
    fn the_language_of_a_title_is_not_always_that_of_the_paper() {
        for (id, language, title, vernacular, want) in [
            ("english", vec!["en"], "T", None, ("", "")),
            ("none", vec![], "T", None, ("", "")),
            ("feed", vec!["pt"], "Saúde mental", None, ("pt", "pt")),
            ("translated", vec!["pt"], "[Mental health].", None, ("pt", "")),
            ("both titles", vec!["fr"], "Mental health", Some("Santé mentale"), ("fr", "")),
            ("also english", vec!["es", "en"], "T", None, ("", "")),
            ("no code", vec!["\"x"], "T", None, ("", "")),
        ] {
            let record = Record {
                language: language.into_iter().map(str::to_owned).collect(),
                title: title.into(),
                title_vernacular: vernacular.map(str::to_owned),
                ..Record::default()
            };
            assert_eq!(languages(&record), (want.0.to_owned(), want.1.to_owned()), "{id}");
        }
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
