//! Turns a query as it was understood into tantivy's queries: the one ranking configuration.
//!
//! A plain word counts where it stands in all the text, again with [`TITLE_WEIGHT`] in the title,
//! and a little as the name of an author or journal. Filters decide, but do not count.
//!
//! Where neighbouring words are a known name, the best of these counts: the words as typed, the
//! concept under any of its names ([`OTHER_NAME_WEIGHT`]), what it includes, what is near it. So
//! what was typed comes before what it also means.

use std::collections::BTreeSet;
use std::ops::Bound;

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, InvertedIndexRangeQuery,
    Occur, PhraseQuery, Query, RangeQuery, RegexQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::tokenizer::Token;
use tantivy::{Searcher, Term};

use super::excluded::Excluded;
use super::expand::{self, Span};
use super::feedback;
use super::knowledge::{self, Meaning, Names};
use super::marks::Marks;
use super::nearest::{Search, Spelling};
use super::query::{Form, Node, TagField, TextField};
use super::schema::{Fields, day_number};
use super::{Also, analyse};
use crate::model::PartialDate;

/// What a word in the title counts beside the same word in all the text.
const TITLE_WEIGHT: f32 = 0.3;

/// What a word counts as the name of an author or journal: enough to be found, too little to lift
/// a Dr Young over papers on the young.
const NAME_WEIGHT: f32 = 0.2;

/// What each part of a hyphenated word counts by itself, in papers that match anyway: a question
/// on "high-speed flow" is also about speed.
const PART_WEIGHT: f32 = 0.5;

/// What a concept counts under any of its names beside the words as typed. A paper that has the typed
/// words has the concept as well, and gets a share of both ([`TIE`]): it comes first.
const OTHER_NAME_WEIGHT: f32 = 1.0;

/// What a narrower concept counts.
const INCLUDED_WEIGHT: f32 = 0.6;

/// What a related concept counts.
const NEAR_WEIGHT: f32 = 0.3;

/// What the country of a study counts beside the country's name in the text.
const COUNTRY_WEIGHT: f32 = 1.0;

/// What the country counts of a town that was typed.
const PLACE_WEIGHT: f32 = 0.5;

/// What a country of a region counts that was typed.
const REGION_WEIGHT: f32 = 1.2;

/// What the words of a name count by themselves: "mental" and "health" are less than mental health.
const TYPED_NAME_WEIGHT: f32 = 0.85;

/// What a wider concept counts, which includes the one that was typed.
const BROADER_WEIGHT: f32 = 0.15;

/// A name is made to count as the words typed for it do, by how rare they are; at most so many times
/// more or less than by how rare it is itself.
const SCALE_MAX: f32 = 2.0;

/// What nearly every paper has is not divided by less than this.
const RARITY_MIN: f32 = 0.1;

/// What the word counts that was meant by a misspelt one.
const MEANT_WEIGHT: f32 = 0.8;

/// What forms below the best one add to it.
const TIE: f32 = 0.2;

/// The most concepts that one brings with it: a question on "mental health" includes dozens.
const LINKED_MAX: usize = 24;

/// A query for the engine, and what to show of it.
pub(super) struct Compiled {
    pub query: Box<dyn Query>,
    /// Whether some part of it ranks; filters alone do not.
    pub is_ranked: bool,
    pub marks: Marks,
    /// What was looked for beside what was typed.
    pub also: Vec<Also>,
    /// Stems of the plain words as typed, in order; hyphenated words in their parts.
    pub typed: Vec<String>,
}

/// What a query is compiled with.
#[derive(Clone, Copy)]
pub(super) struct With<'a> {
    /// The index, to ask how rare words are.
    pub searcher: &'a Searcher,
    pub fields: &'a Fields,
    /// Names of countries for filters, and other names for what was typed.
    pub names: &'a Names,
    /// Whether other names for what was typed are looked for.
    pub is_expanded: bool,
}

/// Returns the engine's query. One of stop words alone is looked for in the text as it stands.
pub(super) fn compile(with: With<'_>, root: &Node) -> Compiled {
    for stop_words in [StopWords::Dropped, StopWords::Kept] {
        let mut compiler = Compiler {
            with,
            fields: with.fields,
            stop_words,
            is_ranked: false,
            marks: Marks::default(),
            also: Vec::new(),
            typed: Vec::new(),
            bonus: Vec::new(),
            fillers: BTreeSet::new(),
            is_excluding: false,
        };
        if let Some(query) = compiler.node(root) {
            let query = with_bonus(query, std::mem::take(&mut compiler.bonus));
            let Compiler { is_ranked, marks, also, typed, .. } = compiler;
            return Compiled { query, is_ranked, marks, also, typed };
        }
    }
    Compiled {
        query: Box::new(tantivy::query::EmptyQuery),
        is_ranked: false,
        marks: Marks::default(),
        also: Vec::new(),
        typed: Vec::new(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StopWords {
    Dropped,
    Kept,
}

struct Compiler<'a> {
    with: With<'a>,
    fields: &'a Fields,
    stop_words: StopWords,
    is_ranked: bool,
    marks: Marks,
    also: Vec<Also>,
    typed: Vec<String>,
    /// What adds to the score of papers that match, and does not make others match.
    bonus: Vec<Box<dyn Query>>,
    /// Words that only ask or join: parts of names, not looked for beside others.
    fillers: BTreeSet<String>,
    /// Whether what is compiled is to be left out.
    is_excluding: bool,
}

impl Compiler<'_> {
    /// Returns the query for a node, or `None` when it holds stop words alone and so asks nothing.
    fn node(&mut self, node: &Node) -> Option<Box<dyn Query>> {
        match node {
            Node::Everything => Some(filter(AllQuery)),
            Node::Text { field, form, text } => self.text(*field, *form, text),
            Node::Tag { field, value } => Some(self.tag(*field, value)),
            Node::Year { from, to } => {
                let term = |year: Option<i16>| year.map(|y| Term::from_field_i64(self.fields.year, i64::from(y)));
                Some(range(term(*from), term(*to)))
            }
            Node::Day { from, to } => Some(self.days(*from, *to)),
            Node::Exact(name) => Some(Self::exact(self.fields.ident, name)),
            Node::Any(parts) => self.any(parts),
            Node::All(parts) => self.all(parts),
            Node::Not(_) => self.all(std::slice::from_ref(node)),
        }
    }

    /// Returns the query for any of the parts. Neighbouring plain words are taken together: they may
    /// be a name.
    fn any(&mut self, parts: &[Node]) -> Option<Box<dyn Query>> {
        let mut should = Vec::new();
        let mut words: Vec<&str> = Vec::new();
        for part in parts {
            if let Some(word) = plain_word(part) {
                self.note_filler(part);
                words.push(word);
                continue;
            }
            should.extend(self.words(&std::mem::take(&mut words)));
            should.extend(self.node(part));
        }
        should.extend(self.words(&words));
        union(should)
    }

    /// Returns the queries of which the score of neighbouring plain words is the sum.
    fn words(&mut self, words: &[&str]) -> Vec<Box<dyn Query>> {
        // The queries of a word stand beside those of the others: one union is quicker than a union
        // of unions, and adds up to the same score.
        if !self.with.is_expanded {
            return words.iter().flat_map(|w| self.word(w)).collect();
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
            out.extend(words.get(at..span.from).unwrap_or_default().iter().flat_map(|w| self.word(w)));
            // A name in a name: the words of "postpartum depression" have other names too.
            let shorter: Vec<Span> =
                inside.iter().filter(|s| (s.from, s.to) != (span.from, span.to)).cloned().collect();
            let typed = if span.to - span.from > 1 {
                self.spanned(words, span.from, span.to, &shorter)
            } else {
                words.get(span.from..span.to).unwrap_or_default().iter().flat_map(|w| self.word(w)).collect()
            };
            out.extend(self.named(span, typed));
            at = span.to;
        }
        out.extend(words.get(at..to).unwrap_or_default().iter().flat_map(|w| self.word(w)));
        out
    }

    /// Returns the query for a name: the best of the words as typed and of what they also mean.
    fn named(&mut self, span: &Span, typed: Vec<Box<dyn Query>>) -> Option<Box<dyn Query>> {
        self.is_ranked = true;
        let is_place = !span.meanings.iter().any(|m| matches!(m, Meaning::Concept(_)));
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
                    forms.push(boosted(tag(self.fields.country, code), scale * COUNTRY_WEIGHT));
                    self.marks.countries.insert(code.clone(), span.typed.clone());
                }
                Meaning::Place(code) => {
                    forms.push(boosted(tag(self.fields.country, code), PLACE_WEIGHT));
                    self.marks.countries.insert(code.clone(), span.typed.clone());
                    names.extend(self.with.names.country(code).map(str::to_owned));
                }
                Meaning::Region(id) => {
                    let scale = self.scale(&span.typed, self.fields.region, id);
                    forms.push(boosted(tag(self.fields.region, id), scale * REGION_WEIGHT));
                    self.marks.regions.insert(id.clone(), span.typed.clone());
                    names.extend(self.with.names.region(id).map(|name| format!("all countries of {name}")));
                }
                Meaning::Code(_) => {}
            }
        }
        if !names.is_empty() && !self.also.iter().any(|a| a.typed == span.typed) {
            self.also.push(Also { typed: span.typed.clone(), names });
        }
        if forms.len() > 1 { Some(Box::new(DisjunctionMaxQuery::with_tie_breaker(forms, TIE))) } else { forms.pop() }
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
        for (ids, share) in
            [(&known.includes, INCLUDED_WEIGHT), (&known.near, NEAR_WEIGHT), (&known.broader, BROADER_WEIGHT)]
        {
            for id in ids.iter().take(LINKED_MAX) {
                let scale = self.scale(&span.typed, self.fields.concept, id).min(1.0);
                forms.push(boosted(self.concept_query(id), scale * share));
                if let Some(linked) = self.with.names.concept(id).filter(|_| share == INCLUDED_WEIGHT) {
                    names.extend(linked.names.first().cloned());
                    for name in linked.names {
                        self.marks.phrases.insert(knowledge::stems(&name), span.typed.clone());
                    }
                }
            }
        }
    }

    /// Returns the query for a concept in all the text and in the title.
    fn concept_query(&self, id: &str) -> Box<dyn Query> {
        let f = self.fields;
        let title = boosted(term(f.concept_title, id), TITLE_WEIGHT);
        Box::new(BooleanQuery::union(vec![term(f.concept, id), title]))
    }

    fn all(&mut self, parts: &[Node]) -> Option<Box<dyn Query>> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for part in parts {
            match part {
                Node::Not(inner) => {
                    let (marks, is_ranked, bonus) = (self.marks.clone(), self.is_ranked, self.bonus.len());
                    self.is_excluding = !self.is_excluding;
                    let inner = self.node(inner);
                    self.is_excluding = !self.is_excluding;
                    let excluded = inner.map(|q| Box::new(Excluded(q)) as Box<dyn Query>);
                    clauses.extend(excluded.map(|q| (Occur::MustNot, q)));
                    (self.marks, self.is_ranked) = (marks, is_ranked);
                    self.bonus.truncate(bonus);
                }
                _ => clauses.extend(self.node(part).map(|q| (Occur::Must, q))),
            }
        }
        if !clauses.is_empty() && clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, filter(AllQuery)));
        }
        if clauses.len() == 1 {
            return clauses.pop().map(|(_, query)| query);
        }
        (!clauses.is_empty()).then(|| Box::new(BooleanQuery::new(clauses)) as Box<dyn Query>)
    }

    fn text(&mut self, field: TextField, form: Form, text: &str) -> Option<Box<dyn Query>> {
        let f = self.fields;
        match (field, form) {
            (TextField::Anywhere, Form::Word | Form::Filler) => {
                if form == Form::Filler {
                    self.fillers.insert(text.to_owned());
                }
                union(self.words(&[text]))
            }
            (TextField::Anywhere, Form::Phrase) => self.phrase(text),
            (TextField::Anywhere | TextField::Title, Form::Fuzzy(edits)) => {
                self.marked(text);
                self.is_ranked = true;
                Some(self.spelling(text, Search::Within(edits), field == TextField::Title))
            }
            (TextField::Anywhere | TextField::Title, Form::Near(places)) => self.near(field, text, places),
            (TextField::Anywhere, Form::Prefix) => {
                let in_title = boosted(self.prefix(f.title_word, text)?, TITLE_WEIGHT);
                union(vec![self.prefix(f.word, text)?, in_title])
            }
            (TextField::Title, Form::Prefix) => self.prefix(f.title_word, text),
            (TextField::Title, _) => {
                let tokens = self.marked(text);
                self.is_ranked |= !tokens.is_empty();
                if tokens.is_empty() && self.stop_words == StopWords::Kept {
                    return Self::unstopped(f.title_word, text);
                }
                best_of_forms(f.title, &tokens)
            }
            (TextField::Author, _) => Self::name(f.author, form, text),
            (TextField::Journal, _) => Self::name(f.journal, form, text),
        }
    }

    fn note_filler(&mut self, node: &Node) {
        if let Node::Text { form: Form::Filler, text, .. } = node {
            self.fillers.insert(text.clone());
        }
    }

    fn spelling(&self, text: &str, search: Search, is_title: bool) -> Box<dyn Query> {
        Box::new(Spelling { fields: self.fields.clone(), word: text.to_owned(), search, is_title })
    }

    /// Returns the query for words that stand near each other.
    fn near(&mut self, field: TextField, text: &str, places: u32) -> Option<Box<dyn Query>> {
        let tokens = self.marked(text);
        let parts: Vec<&Token> = tokens.iter().filter(|t| !analyse::is_joined(t)).collect();
        let first = parts.first()?.position;
        self.is_ranked = true;
        if parts.len() < 2 {
            return if field == TextField::Title {
                best_of_forms(self.fields.title, &tokens)
            } else {
                self.phrase(text)
            };
        }
        let near_in = |field: Field| -> Box<dyn Query> {
            let terms = parts.iter().map(|t| (t.position - first, Term::from_field_text(field, &t.text))).collect();
            Box::new(PhraseQuery::new_with_offset_and_slop(terms, places))
        };
        if field == TextField::Title {
            return Some(near_in(self.fields.title));
        }
        union(vec![near_in(self.fields.all), boosted(near_in(self.fields.title), TITLE_WEIGHT)])
    }

    /// Returns the queries of which a plain word's score is the sum.
    fn word(&mut self, text: &str) -> Vec<Box<dyn Query>> {
        let f = self.fields;
        if self.stop_words == StopWords::Dropped && self.fillers.contains(text) {
            return Vec::new();
        }
        let tokens = self.marked(text);
        if tokens.is_empty() {
            return match self.stop_words {
                StopWords::Dropped => Vec::new(),
                StopWords::Kept => Self::unstopped(f.word, text).into_iter().collect(),
            };
        }
        self.is_ranked = true;
        self.typed.extend(tokens.iter().filter(|t| !analyse::is_joined(t)).map(|t| t.text.clone()));
        let mut out: Vec<Box<dyn Query>> = Vec::new();
        out.extend(best_of_forms(f.all, &tokens));
        out.extend(best_of_forms(f.title, &tokens).map(|q| boosted(q, TITLE_WEIGHT)));
        let parts: Vec<&Token> = tokens.iter().filter(|t| !analyse::is_joined(t)).collect();
        if parts.len() > 1 {
            for part in parts {
                self.bonus.push(boosted(term(f.all, &part.text), PART_WEIGHT));
                self.bonus.push(boosted(term(f.title, &part.text), PART_WEIGHT * TITLE_WEIGHT));
            }
        }
        let names = analyse::tokens(analyse::NAMES, text);
        for field in [f.author, f.journal] {
            out.extend(best_of_forms(field, &names).map(|q| boosted(q, NAME_WEIGHT)));
        }
        let is_corrected = self.with.is_expanded && !self.is_excluding && tokens.len() == 1;
        if is_corrected && self.with.names.meanings(&knowledge::key(text), text).is_empty() {
            out.push(boosted(self.spelling(text, Search::Meant, false), MEANT_WEIGHT));
        }
        out
    }

    fn phrase(&mut self, text: &str) -> Option<Box<dyn Query>> {
        let f = self.fields;
        let tokens = self.marked(text);
        if tokens.is_empty() {
            return match self.stop_words {
                StopWords::Dropped => None,
                StopWords::Kept => Self::unstopped(f.word, text),
            };
        }
        self.is_ranked = true;
        let in_title = best_of_forms(f.title, &tokens).map(|q| boosted(q, TITLE_WEIGHT));
        union(best_of_forms(f.all, &tokens).into_iter().chain(in_title).collect())
    }

    /// Returns the stems of a text, and remembers them for the snippet.
    fn marked(&mut self, text: &str) -> Vec<Token> {
        let tokens = analyse::tokens(analyse::TEXT, text);
        self.marks.stems.extend(tokens.iter().map(|t| (t.text.clone(), text.to_owned())));
        tokens
    }

    /// Returns the query for words as they stand, stop words too; all of them.
    fn unstopped(field: Field, text: &str) -> Option<Box<dyn Query>> {
        let tokens = analyse::tokens(analyse::WORDS, text);
        let each = tokens.iter().filter(|t| !analyse::is_joined(t)).map(|t| term(field, &t.text));
        intersection(each.collect())
    }

    /// Returns the query for a beginning; every match counts the same.
    fn prefix(&mut self, field: Field, text: &str) -> Option<Box<dyn Query>> {
        let beginning: String =
            analyse::tokens(analyse::WORDS, text).into_iter().rfind(|t| !analyse::is_joined(t))?.text;
        let lower = Term::from_field_text(field, &beginning);
        let upper = Term::from_field_text(field, &format!("{beginning}\u{10ffff}"));
        self.marks.prefixes.insert(beginning, format!("{text}*"));
        self.is_ranked = true;
        Some(Box::new(InvertedIndexRangeQuery::new(Bound::Included(lower), Bound::Included(upper))))
    }

    fn name(field: Field, form: Form, text: &str) -> Option<Box<dyn Query>> {
        if form == Form::Prefix {
            let beginning = analyse::tokens(analyse::NAMES, text).into_iter().next_back()?.text;
            let lower = Term::from_field_text(field, &beginning);
            let upper = Term::from_field_text(field, &format!("{beginning}\u{10ffff}"));
            return Some(filter(InvertedIndexRangeQuery::new(Bound::Included(lower), Bound::Included(upper))));
        }
        let tokens = analyse::tokens(analyse::NAMES, text);
        if let (Form::Fuzzy(edits), Some(token)) = (form, tokens.first()) {
            return Some(filter(FuzzyTermQuery::new(Term::from_field_text(field, &token.text), edits, true)));
        }
        best_of_forms(field, &tokens).map(filter_box)
    }

    fn tag(&mut self, field: TagField, value: &str) -> Box<dyn Query> {
        let f = self.fields;
        let words = |field: Field| {
            let tokens = analyse::tokens(analyse::TAGS, value);
            best_of_forms(field, &tokens).map_or_else(|| filter(tantivy::query::EmptyQuery), filter_box)
        };
        match field {
            TagField::Country => self.country(value),
            TagField::Region => self.region(value),
            TagField::Twg => words(f.twg),
            TagField::Design => words(f.design),
            TagField::Condition => words(f.condition),
            TagField::Population => words(f.population),
            TagField::Intervention => words(f.intervention),
            TagField::Language => Self::exact(f.lang, value),
            TagField::OpenAccess => Self::exact(f.oa, value),
            TagField::Source => Self::exact(f.source, value),
            // "-03": March of any year.
            TagField::Issue if value.starts_with('-') => {
                let months = RegexQuery::from_pattern(&format!("....{value}"), f.issue);
                months.map_or_else(|_| filter(tantivy::query::EmptyQuery), filter)
            }
            TagField::Issue => Self::exact(f.issue, value),
        }
    }

    /// Returns the query for a country by any of its names; a town means its country.
    fn country(&self, value: &str) -> Box<dyn Query> {
        let meanings = self.with.names.meanings(&knowledge::key(value), value);
        let codes: BTreeSet<&str> = meanings
            .iter()
            .filter_map(|m| match m {
                Meaning::Country(code) | Meaning::Code(code) | Meaning::Place(code) => Some(code.as_str()),
                Meaning::Concept(_) | Meaning::Region(_) => None,
            })
            .collect();
        let each = codes.iter().map(|code| Self::exact(self.fields.country, code)).collect();
        union(each).unwrap_or_else(|| Self::exact(self.fields.country, &analyse::key(value)))
    }

    /// Returns the query for a region by any of its names.
    fn region(&self, value: &str) -> Box<dyn Query> {
        let meanings = self.with.names.meanings(&knowledge::key(value), value);
        let ids = meanings.iter().filter_map(|m| if let Meaning::Region(id) = m { Some(id.as_str()) } else { None });
        let each = ids.map(|id| Self::exact(self.fields.region, id)).collect();
        union(each).unwrap_or_else(|| Self::exact(self.fields.region, &analyse::key(value)))
    }

    fn exact(field: Field, value: &str) -> Box<dyn Query> {
        filter_box(term(field, value))
    }

    /// Returns the query for a span of days. A date known only to the month or year is in the
    /// span when it can be: nothing is lost for being said vaguely.
    fn days(&self, from: Option<PartialDate>, to: Option<PartialDate>) -> Box<dyn Query> {
        let day = |number: i64| Term::from_field_i64(self.fields.day, number);
        let last = |date: PartialDate| {
            day(day_number(date)
                + if date.day().is_some() { 0 } else { 99 }
                + if date.month().is_some() { 0 } else { 9900 })
        };
        let span = range(from.map(|d| day(day_number(d))), to.map(last));
        let Some(from) = from else { return span };
        let mut vague = Vec::new();
        let year = i64::from(from.year()) * 10_000;
        if let Some(month) = from.month() {
            vague.push(day(year));
            if from.day().is_some() {
                vague.push(day(year + i64::from(month) * 100));
            }
        }
        // A vague date is not after the end either, since the span does not run backwards.
        let vague = vague.into_iter().map(|t| filter(TermQuery::new(t, IndexRecordOption::Basic)));
        filter_box(Box::new(BooleanQuery::union(std::iter::once(span).chain(vague).collect())))
    }
}

/// Returns the word that a node is, when it is one plain word.
fn plain_word(node: &Node) -> Option<&str> {
    match node {
        Node::Text { field: TextField::Anywhere, form: Form::Word | Form::Filler, text } => Some(text),
        _ => None,
    }
}

/// Returns the query for a tag, by how rare it is.
fn tag(field: Field, value: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic))
}

/// Returns a query that matches the same papers and scores some of them higher.
fn with_bonus(query: Box<dyn Query>, bonus: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    if bonus.is_empty() {
        return query;
    }
    let should = bonus.into_iter().map(|q| (Occur::Should, q));
    Box::new(BooleanQuery::new(std::iter::once((Occur::Must, query)).chain(should).collect()))
}

/// Returns the query for the words of one typed piece: side by side, joined (`PHQ-9`, `phq9`), or
/// taken apart where letters meet digits. The best form counts.
fn best_of_forms(field: Field, tokens: &[Token]) -> Option<Box<dyn Query>> {
    let parts: Vec<&Token> = tokens.iter().filter(|t| !analyse::is_joined(t)).collect();
    let mut forms: Vec<Box<dyn Query>> = Vec::new();
    match parts.as_slice() {
        [] => {}
        [only] => {
            forms.push(term(field, &only.text));
            forms.extend(apart(&only.text).map(|(letters, digits)| side_by_side(field, &[(0, letters), (1, digits)])));
        }
        several => {
            let first = several.first().map_or(0, |t| t.position);
            let terms: Vec<_> = several.iter().map(|t| (t.position - first, t.text.as_str())).collect();
            forms.push(side_by_side(field, &terms));
        }
    }
    let whole = tokens.iter().find(|t| analyse::is_joined(t) && t.position_length >= parts.len());
    forms.extend(whole.map(|t| term(field, &t.text)));
    if forms.len() > 1 { Some(Box::new(DisjunctionMaxQuery::new(forms))) } else { forms.pop() }
}

/// Returns letters and digits of a word that is letters followed by digits (`phq9`).
fn apart(word: &str) -> Option<(&str, &str)> {
    let (letters, digits) = word.split_at_checked(word.find(|c: char| c.is_ascii_digit())?)?;
    let fits = !letters.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then_some((letters, digits))
}

fn side_by_side(field: Field, words: &[(usize, &str)]) -> Box<dyn Query> {
    let terms: Vec<(usize, Term)> = words.iter().map(|(at, w)| (*at, Term::from_field_text(field, w))).collect();
    Box::new(PhraseQuery::new_with_offset(terms))
}

fn term(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

fn boosted(query: Box<dyn Query>, weight: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, weight))
}

/// Returns a query that decides but does not count.
fn filter(query: impl Query) -> Box<dyn Query> {
    filter_box(Box::new(query))
}

fn filter_box(query: Box<dyn Query>) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn range(from: Option<Term>, to: Option<Term>) -> Box<dyn Query> {
    if from.is_none() && to.is_none() {
        return filter(AllQuery);
    }
    let bound = |term: Option<Term>| term.map_or(Bound::Unbounded, Bound::Included);
    filter(RangeQuery::new(bound(from), bound(to)))
}

fn union(mut queries: Vec<Box<dyn Query>>) -> Option<Box<dyn Query>> {
    if queries.len() > 1 { Some(Box::new(BooleanQuery::union(queries))) } else { queries.pop() }
}

fn intersection(mut queries: Vec<Box<dyn Query>>) -> Option<Box<dyn Query>> {
    if queries.len() > 1 { Some(Box::new(BooleanQuery::intersection(queries))) } else { queries.pop() }
}
