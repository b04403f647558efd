//! Tells where a rule fires in a record, with the words it rests on.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::matcher::{CompiledRule, Found, Matcher, Span, Wanted};
use super::text::FieldText;
use crate::model::{Evidence, Facet, Field, PlaceWeights, Record, Rule, Zone};

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
    /// What words weigh by where they stand.
    pub weights: PlaceWeights,
    /// Sentences of the abstract by zone: numbers in the text, in order.
    zones: BTreeMap<Zone, BTreeSet<usize>>,
    /// Sentences of the abstract about what was adjusted for.
    passing: BTreeSet<usize>,
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
    pub fn new(record: &'r Record, matcher: &Matcher, weights: PlaceWeights) -> Self {
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
        Self { record, fields, weights, zones: BTreeMap::new(), passing: BTreeSet::new() }
    }

    /// Notes which sentences of the abstract belong to a zone.
    pub fn set_zone(&mut self, zone: Zone, sentences: Vec<usize>) {
        self.zones.insert(zone, sentences.into_iter().collect());
    }

    /// Notes which sentences of the abstract only say what was adjusted for.
    pub fn set_passing(&mut self, sentences: Vec<usize>) {
        self.passing = sentences.into_iter().collect();
    }

    /// Tells whether words of the abstract begin in one of some zones.
    pub fn is_in(&self, words: &Span, zones: &[Zone]) -> bool {
        let sentence = self.text(Field::Abstract).and_then(|t| t.tokens.get(words.start)).map(|t| t.sentence);
        sentence.is_some_and(|s| zones.iter().any(|z| self.zones.get(z).is_some_and(|all| all.contains(&s))))
    }

    /// Returns the number of a hit's sentence in its field; `None` for a heading or publication type.
    fn sentence_number(&self, hit: &Hit) -> Option<usize> {
        self.text(hit.field)?.tokens.get(hit.words.start).map(|t| t.sentence)
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
pub fn hits(compiled: &CompiledRule, reading: &Reading<'_>, tags: &Tags) -> Vec<Hit> {
    let rule = &compiled.rule;
    // Looking for a bit is quicker than looking up tags, and most rules' words are not there.
    if !is_wordless(rule) && !may_fire(compiled, reading) || !is_open(rule, tags) {
        return Vec::new();
    }
    let mut out = text_hits(compiled, reading);
    if rule.points > 1 && points(&out, reading) < rule.points {
        out.clear();
    }
    out.extend(heading_hits(rule, reading.record));
    if is_wordless(rule) {
        let needed = rule.needs.iter().filter_map(|t| tags.get(t)).flatten();
        out.extend(needed.cloned().map(|mut hit| {
            hit.evidence.rule.clone_from(&rule.name);
            hit
        }));
    }
    if out.is_empty() {
        return out;
    }
    let is_barred = compiled.unless.iter().any(|w| stands(w, &rule.fields, &rule.zones, reading));
    let with_fields = [Field::Title, Field::Abstract];
    let is_alone = !compiled.with.is_empty() && !compiled.with.iter().any(|w| stands(w, &with_fields, &[], reading));
    if is_barred || is_alone { Vec::new() } else { out }
}

/// Tells whether a word of a rule stands in any field, or the record has headings or types it may ask for.
fn may_fire(compiled: &CompiledRule, reading: &Reading<'_>) -> bool {
    let record = reading.record;
    let may_head = !compiled.rule.mesh.is_empty() && !record.mesh.is_empty();
    let may_type = !compiled.rule.types.is_empty() && !record.types.is_empty();
    may_head || may_type || reading.fields.iter().any(|(_, _, found)| compiled.words.iter().any(|w| found.may_stand(w)))
}

/// Tells whether a rule asks only for tags.
pub fn is_wordless(rule: &Rule) -> bool {
    rule.words.is_empty() && rule.mesh.is_empty() && rule.types.is_empty()
}

/// Tells whether the tags that a rule needs are there and none that bars it.
pub fn is_open(rule: &Rule, tags: &Tags) -> bool {
    (rule.needs.is_empty() || rule.needs.iter().any(|t| tags.contains_key(t)))
        && !rule.bars.iter().any(|t| tags.contains_key(t))
}

/// Tells whether a phrase stands in one of some fields, or in one of some zones of the abstract.
fn stands(wanted: &Wanted, fields: &[Field], zones: &[Zone], reading: &Reading<'_>) -> bool {
    reading.fields.iter().any(|(field, text, found)| {
        if fields.contains(field) {
            return !found.spans(wanted, text).is_empty();
        }
        let is_zoned = *field == Field::Abstract && !zones.is_empty();
        is_zoned && found.spans(wanted, text).iter().any(|s| reading.is_in(s, zones))
    })
}

/// Returns what hits weigh: every sentence once, by the place where it weighs most.
///
/// A sentence about what was adjusted for weighs nothing: covariates are no subject (rubric S2).
pub fn points(hits: &[Hit], reading: &Reading<'_>) -> usize {
    let weights = reading.weights;
    let mut sentences = BTreeSet::new();
    let mut out = 0;
    for hit in hits.iter().filter(|h| !h.words.is_empty()) {
        let Some(sentence) = reading.sentence_number(hit) else { continue };
        let is_passing = hit.field == Field::Abstract && reading.passing.contains(&sentence);
        if is_passing || !sentences.insert((hit.field, sentence)) {
            continue;
        }
        out += match hit.field {
            Field::Title => weights.title,
            Field::Mesh => weights.mesh,
            Field::Keywords => weights.keywords,
            Field::Abstract if reading.is_in(&hit.words, &[Zone::Aim]) => weights.aim,
            Field::Abstract if reading.is_in(&hit.words, &[Zone::Conclusion]) => weights.conclusion,
            Field::Abstract => weights.abstract_text,
        };
    }
    out + weights.mesh * hits.iter().filter(|h| h.words.is_empty() && h.evidence.field == Field::Mesh.as_str()).count()
}

/// Tells whether a hit stands where a paper states its subject: aim, conclusion, heading, keyword.
pub fn is_stated(hits: &[Hit], reading: &Reading<'_>) -> bool {
    hits.iter().any(|h| match h.field {
        Field::Title => !h.words.is_empty(),
        Field::Mesh | Field::Keywords => true,
        Field::Abstract => {
            reading.is_in(&h.words, Zone::ALL)
                && reading.sentence_number(h).is_some_and(|sentence| !reading.passing.contains(&sentence))
        }
    })
}

/// Returns where the words of a rule stand, without those inside a phrase of `not`.
fn text_hits(compiled: &CompiledRule, reading: &Reading<'_>) -> Vec<Hit> {
    let rule = &compiled.rule;
    let mut out = Vec::new();
    for (field, text, found) in &reading.fields {
        let is_zoned = *field == Field::Abstract && !rule.zones.is_empty() && !rule.fields.contains(field);
        if !is_zoned && !rule.fields.contains(field) {
            continue;
        }
        let mut spans = compiled.words_in(text, found);
        if is_zoned {
            spans.retain(|s| reading.is_in(s, &rule.zones));
        }
        if *field == Field::Abstract && is_of_people(rule.facet) {
            // Who was left out, and what was adjusted for, tell nothing of whom and what was studied.
            spans.retain(|s| !text.tokens.get(s.start).is_some_and(|t| reading.passing.contains(&t.sentence)));
        }
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

/// Tells whether a facet says what was studied, and in whom.
fn is_of_people(facet: Facet) -> bool {
    matches!(facet, Facet::Condition | Facet::Intervention | Facet::Population | Facet::Stage)
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
pub fn apply<'r>(facet: Facet, rules: impl Iterator<Item = &'r CompiledRule>, reading: &Reading<'_>, tags: &mut Tags) {
    for compiled in rules.filter(|r| r.rule.facet == facet) {
        let found = hits(compiled, reading, tags);
        if !found.is_empty() {
            tags.entry(format!("{}:{}", facet.as_str(), compiled.rule.tag)).or_default().extend(found);
        }
    }
}

/// Returns the values that a facet has been given, in alphabetical order.
pub fn values(facet: Facet, tags: &Tags) -> BTreeSet<String> {
    let lead = format!("{}:", facet.as_str());
    tags.keys().filter_map(|t| t.strip_prefix(&lead)).map(str::to_owned).collect()
}
