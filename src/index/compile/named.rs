//! Neighbouring words of a question, some of which are names that the field knows.

use tantivy::Term;
use tantivy::query::Query;
use tantivy::schema::Field;

use super::super::expand::{self, Span};
use super::super::knowledge::{self, Meaning};
use super::super::{Also, analyse, feedback};
use super::forms::{best, boosted, sum, term, union};
use super::{Compiler, TITLE_WEIGHT};

/// What a concept counts under any of its names beside the words as typed. A paper that has the typed
/// words has the concept as well, and gets a share of both ([`TIE`]): it comes first.
const OTHER_NAME_WEIGHT: f32 = 1.0;

/// What a narrower concept counts.
const INCLUDED_WEIGHT: f32 = 0.6;

/// What a related concept counts.
const NEAR_WEIGHT: f32 = 0.3;

/// What a wider concept counts, which includes the one that was typed.
const BROADER_WEIGHT: f32 = 0.15;

/// What the country of a study counts beside the country's name in the text: who names a place asks for
/// papers from there, and any other word for the same thing stands in many more papers.
const COUNTRY_WEIGHT: f32 = 2.0;

/// What the country counts of a town that was typed.
const PLACE_WEIGHT: f32 = 1.0;

/// What a country of a region counts that was typed.
const REGION_WEIGHT: f32 = 2.4;

/// What the words of a name count by themselves: "mental" and "health" are less than mental health.
const TYPED_NAME_WEIGHT: f32 = 0.85;

/// What is near adds to the words as typed, where other forms stand for them: it counts half.
const BONUS_SHARE: f32 = 0.5;

/// By how much more linked concepts count for reviewers.
const BROAD_FACTOR: f32 = 1.5;

/// A name is made to count as the words typed for it do, by how rare they are; at most so many times
/// more or less than by how rare it is itself.
const SCALE_MAX: f32 = 2.0;

/// What nearly every paper has is not divided by less than this.
const RARITY_MIN: f32 = 0.1;

/// What forms below the best one add to it.
const TIE: f32 = 0.2;

/// The most concepts that one brings with it: a question on "mental health" includes dozens.
const LINKED_MAX: usize = 24;

impl Compiler<'_> {
    /// Returns the queries of neighbouring plain words, one for each thing that they ask for.
    pub(super) fn words(&mut self, words: &[&str]) -> Vec<Box<dyn Query>> {
        // What is left out is what was typed, no more.
        if !self.with.is_expanded || self.is_excluding {
            return words.iter().filter_map(|w| union(self.word(w))).collect();
        }
        let spans = expand::spans(words, self.with.names);
        self.spanned(words, 0, words.len(), &spans)
    }

    /// Returns the queries for the words of a range, of which some are names.
    fn spanned(&mut self, words: &[&str], from: usize, to: usize, spans: &[Span]) -> Vec<Box<dyn Query>> {
        let inside: Vec<Span> = spans.iter().filter(|s| s.from >= from && s.to <= to).cloned().collect();
        let mut out = Vec::new();
        let mut at = from;
        for span in expand::outermost(&inside) {
            out.extend(words.get(at..span.from).unwrap_or_default().iter().filter_map(|w| union(self.word(w))));
            // A name in a name: the words of "postpartum depression" have other names too.
            let shorter: Vec<Span> =
                inside.iter().filter(|s| (s.from, s.to) != (span.from, span.to)).cloned().collect();
            let typed = if span.to - span.from > 1 {
                let marks = self.marks.clone();
                let typed = self.spanned(words, span.from, span.to, &shorter);
                if is_place(span) {
                    // Its words are not looked for apart, so they are not marked apart either.
                    self.marks = marks;
                }
                typed
            } else if knowledge::counts_as_written(&span.typed) {
                // WHO is not about those who.
                Vec::new()
            } else {
                words.get(span.from..span.to).unwrap_or_default().iter().flat_map(|w| self.word(w)).collect()
            };
            out.extend(self.named(span, typed));
            at = span.to;
        }
        out.extend(words.get(at..to).unwrap_or_default().iter().filter_map(|w| union(self.word(w))));
        out
    }

    /// Returns the query for a name: the best of the words as typed and of what they also mean.
    fn named(&mut self, span: &Span, typed: Vec<Box<dyn Query>>) -> Option<Box<dyn Query>> {
        self.is_ranked = true;
        let is_place = is_place(span);
        let mut forms: Vec<Box<dyn Query>> = Vec::new();
        if span.to - span.from == 1 {
            forms.extend(union(typed));
        } else if is_place {
            // "Middle East" is not about the east of other countries.
            forms.extend(self.phrase(&span.typed));
        } else {
            forms.extend(union(typed).map(|q| boosted(q, TYPED_NAME_WEIGHT)));
        }
        let mut names = Vec::new();
        for meaning in &span.meanings {
            match meaning {
                Meaning::Concept(id) => self.concept(id, span, &mut forms, &mut names),
                Meaning::Country(code) => {
                    let scale = self.scale(&span.typed, self.fields.country, code);
                    forms.push(boosted(term(self.fields.country, code), scale * COUNTRY_WEIGHT));
                    self.marks.countries.insert(code.clone(), span.typed.clone());
                }
                Meaning::Place(code) => {
                    forms.push(boosted(term(self.fields.country, code), PLACE_WEIGHT));
                    self.marks.countries.insert(code.clone(), span.typed.clone());
                    names.extend(self.with.names.country(code).map(str::to_owned));
                }
                Meaning::Region(id) => {
                    let scale = self.scale(&span.typed, self.fields.region, id);
                    forms.push(boosted(term(self.fields.region, id), scale * REGION_WEIGHT));
                    let name = self.with.names.region(id).unwrap_or(&span.typed).to_owned();
                    self.marks.regions.insert(id.clone(), (span.typed.clone(), name));
                    names.extend(self.with.names.region(id).map(|name| format!("all countries of {name}")));
                }
                Meaning::Code(_) => {}
            }
        }
        if !names.is_empty() && !self.also.iter().any(|a| a.typed == span.typed) {
            self.also.push(Also { typed: span.typed.clone(), names });
        }
        best(forms, TIE)
    }

    /// Returns by how much a term's score is to be multiplied so that a paper that has it counts as
    /// one that has the typed words: by how rare they are.
    fn scale(&self, typed: &str, field: Field, value: &str) -> f32 {
        let all = self.with.searcher.num_docs();
        let rarity = |field: Field, value: &str| {
            let having = self.with.searcher.doc_freq(&Term::from_field_text(field, value)).unwrap_or_default();
            feedback::rarity(having, all)
        };
        let tokens = analyse::tokens(analyse::TEXT, typed);
        let words = tokens.iter().filter(|t| !analyse::is_joined(t));
        let typed: f32 = words.map(|t| rarity(self.fields.all, &t.text)).sum();
        (typed / rarity(field, value).max(RARITY_MIN)).clamp(1.0 / SCALE_MAX, SCALE_MAX)
    }

    /// Adds the forms of a concept: under its other names, what it includes, what is near it.
    fn concept(&mut self, id: &str, span: &Span, forms: &mut Vec<Box<dyn Query>>, names: &mut Vec<String>) {
        let Some(known) = self.with.names.concept(id) else { return };
        let scale = self.scale(&span.typed, self.fields.concept, id);
        forms.push(boosted(self.concept_query(id), scale * OTHER_NAME_WEIGHT));
        let typed = knowledge::key(&span.typed);
        for name in &known.names {
            self.marks.phrases.insert(knowledge::stems(name), span.typed.clone());
        }
        names.extend(known.names.iter().filter(|n| knowledge::key(n) != typed).cloned());
        self.linked(&known.includes, INCLUDED_WEIGHT, span, forms, names);
        if self.with.is_broad {
            self.linked(&known.near, NEAR_WEIGHT * BROAD_FACTOR, span, forms, names);
            self.linked(&known.broader, BROADER_WEIGHT * BROAD_FACTOR, span, forms, names);
            return;
        }
        // What is near is not what was asked for: it lifts papers that match, and finds none.
        for (ids, share) in [(&known.near, NEAR_WEIGHT), (&known.broader, BROADER_WEIGHT)] {
            for id in ids.iter().take(LINKED_MAX) {
                let scale = self.scale(&span.typed, self.fields.concept, id).min(1.0);
                let query = boosted(self.concept_query(id), scale * share * BONUS_SHARE);
                self.bonus.push(query);
            }
        }
    }

    /// Adds linked concepts as further forms, and says so.
    fn linked(
        &mut self,
        ids: &[String],
        share: f32,
        span: &Span,
        forms: &mut Vec<Box<dyn Query>>,
        names: &mut Vec<String>,
    ) {
        for id in ids.iter().take(LINKED_MAX) {
            let scale = self.scale(&span.typed, self.fields.concept, id).min(1.0);
            forms.push(boosted(self.concept_query(id), scale * share));
            let Some(linked) = self.with.names.concept(id) else { continue };
            names.extend(linked.names.first().cloned());
            for name in linked.names {
                self.marks.phrases.insert(knowledge::stems(&name), span.typed.clone());
            }
        }
    }

    /// Returns the query for a concept in all the text and in the title.
    fn concept_query(&self, id: &str) -> Box<dyn Query> {
        let f = self.fields;
        let title = boosted(term(f.concept_title, id), TITLE_WEIGHT);
        sum(vec![term(f.concept, id), title])
    }
}

/// Tells whether a name is that of a place alone.
fn is_place(span: &Span) -> bool {
    !span.meanings.iter().any(|m| matches!(m, Meaning::Concept(_)))
}
