//! Tells where a rule fires in a record, with the words it rests on.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::matcher::{Found, Matcher, Span};
use super::text::FieldText;
use crate::model::{Evidence, Facet, Field, Record, Rule};

/// Characters of a title that are read: the longest real titles have under 1,000.
const TITLE_CHARS_MAX: usize = 2_000;
/// Characters of an abstract that are read: PubMed's longest have near 20,000, a feed may carry
/// a whole article.
const ABSTRACT_CHARS_MAX: usize = 60_000;
/// Characters of all keywords or of all MeSH names together that are read.
const LIST_CHARS_MAX: usize = 10_000;

/// A record as the rules read it.
pub struct Reading<'r> {
    /// The record.
    pub record: &'r Record,
    /// Its fields in the order of [`Field::ALL`], each with what stands in it.
    pub fields: Vec<(Field, FieldText, Found)>,
}

/// Where a rule fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The field.
    pub field: Field,
    /// The words; empty for a heading or publication type.
    pub words: Span,
    /// For people.
    pub evidence: Evidence,
}

/// Tags given so far as `facet:value`, each with where it was found.
pub type Tags = BTreeMap<String, Vec<Hit>>;

impl<'r> Reading<'r> {
    /// Reads a record and finds all phrases in it.
    pub fn new(record: &'r Record, matcher: &Matcher) -> Self {
        let keywords = record.keywords.join("\n");
        let mesh = record.mesh.iter().map(|m| m.name.as_str()).collect::<Vec<_>>().join("\n");
        let fields = Field::ALL
            .iter()
            .map(|field| {
                let text = match field {
                    Field::Title => FieldText::read(&record.title, TITLE_CHARS_MAX),
                    Field::Abstract => {
                        FieldText::read(record.abstract_text.as_deref().unwrap_or_default(), ABSTRACT_CHARS_MAX)
                    }
                    Field::Mesh => FieldText::read(&mesh, LIST_CHARS_MAX),
                    Field::Keywords => FieldText::read(&keywords, LIST_CHARS_MAX),
                };
                let found = matcher.find(&text);
                (*field, text, found)
            })
            .collect();
        Self { record, fields }
    }

    /// Returns the text of a field.
    pub fn text(&self, field: Field) -> Option<&FieldText> {
        self.fields.iter().find(|(f, _, _)| *f == field).map(|(_, text, _)| text)
    }

    /// Returns the words of a hit's sentence as a range of word numbers.
    pub fn sentence(&self, hit: &Hit) -> Range<usize> {
        self.text(hit.field)
            .and_then(|text| text.tokens.get(hit.words.start).map(|t| text.words_of_sentence(t.sentence)))
            .unwrap_or(0..0)
    }
}

/// Returns where a rule fires; empty when it does not.
pub fn hits(rule: &Rule, reading: &Reading<'_>, matcher: &Matcher, tags: &Tags) -> Vec<Hit> {
    if rule.bars.iter().any(|t| tags.contains_key(t)) {
        return Vec::new();
    }
    let needed: Vec<&Hit> = rule.needs.iter().filter_map(|t| tags.get(t)).flatten().collect();
    if !rule.needs.is_empty() && !rule.needs.iter().any(|t| tags.contains_key(t)) {
        return Vec::new();
    }
    let mut out = text_hits(rule, reading, matcher);
    if out.len() < rule.times {
        out.clear();
    }
    out.extend(heading_hits(rule, reading.record));
    if rule.words.is_empty() && rule.mesh.is_empty() && rule.types.is_empty() {
        out.extend(needed.into_iter().cloned().map(|mut hit| {
            hit.evidence.rule.clone_from(&rule.name);
            hit
        }));
    }
    if out.is_empty() {
        return out;
    }
    let stands = |phrases: &[crate::model::Phrase], fields: &[Field]| {
        reading
            .fields
            .iter()
            .filter(|(f, _, _)| fields.contains(f))
            .any(|(_, text, found)| phrases.iter().any(|p| !matcher.spans(p, found, text).is_empty()))
    };
    let is_barred = stands(&rule.unless, &rule.fields);
    let is_alone = !rule.with.is_empty() && !stands(&rule.with, &[Field::Title, Field::Abstract]);
    if is_barred || is_alone { Vec::new() } else { out }
}

/// Returns where the words of a rule stand, without those inside a phrase of `not`.
fn text_hits(rule: &Rule, reading: &Reading<'_>, matcher: &Matcher) -> Vec<Hit> {
    let mut out = Vec::new();
    for (field, text, found) in reading.fields.iter().filter(|(f, _, _)| rule.fields.contains(f)) {
        let mut spans: Vec<Span> = rule.words.iter().flat_map(|p| matcher.spans(p, found, text)).collect();
        if spans.is_empty() {
            continue;
        }
        let mut covers: Vec<Span> = rule.not.iter().flat_map(|p| matcher.spans(p, found, text)).collect();
        covers.sort_unstable_by_key(|c| c.start);
        spans.sort_unstable_by_key(|s| (s.start, std::cmp::Reverse(s.end)));
        let mut covers = covers.into_iter().peekable();
        let mut covered_to = 0;
        // A word that begins inside is inside: of "low- and middle-income countries" also "middle income".
        spans.retain(|s| {
            while let Some(cover) = covers.next_if(|c| c.start <= s.start) {
                covered_to = covered_to.max(cover.end);
            }
            s.start >= covered_to
        });
        let mut behind = 0;
        for span in spans {
            if span.start < behind {
                continue; // inside the one before
            }
            behind = span.end;
            out.push(hit(&rule.name, *field, text, span));
        }
    }
    out
}

/// Returns a hit on words of a field.
pub fn hit(rule: &str, field: Field, text: &FieldText, words: Span) -> Hit {
    let quote = text.quote(&words).to_owned();
    Hit { field, words, evidence: Evidence { rule: rule.to_owned(), field: field.as_str().to_owned(), text: quote } }
}

/// Returns the headings and publication types that a rule asks for and the record has.
fn heading_hits(rule: &Rule, record: &Record) -> Vec<Hit> {
    let found = |field: &str, text: &str| Hit {
        field: Field::Mesh,
        words: 0..0,
        evidence: Evidence { rule: rule.name.clone(), field: field.to_owned(), text: text.to_owned() },
    };
    let headings = record
        .mesh
        .iter()
        .filter(|m| m.ui.as_ref().is_some_and(|ui| rule.mesh.contains(ui)))
        .map(|m| found("mesh", &m.name));
    let types = record
        .types
        .iter()
        .filter(|t| rule.types.iter().any(|want| want.eq_ignore_ascii_case(t)))
        .map(|t| found("type", t));
    headings.chain(types).collect()
}

/// Applies all rules of a facet and adds what they give to the tags.
pub fn apply<'r>(
    facet: Facet,
    rules: impl Iterator<Item = &'r Rule>,
    reading: &Reading<'_>,
    matcher: &Matcher,
    tags: &mut Tags,
) {
    for rule in rules.filter(|r| r.facet == facet) {
        let found = hits(rule, reading, matcher, tags);
        if !found.is_empty() {
            tags.entry(format!("{}:{}", facet.as_str(), rule.tag)).or_default().extend(found);
        }
    }
}

/// Returns the values that a facet has been given, in alphabetical order.
pub fn values(facet: Facet, tags: &Tags) -> BTreeSet<String> {
    let lead = format!("{}:", facet.as_str());
    tags.keys().filter_map(|t| t.strip_prefix(&lead)).map(str::to_owned).collect()
}
