//! Words, phrases, beginnings and near words in the texts of papers.

mod spelt;

use std::collections::BTreeMap;
use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{EmptyQuery, FuzzyTermQuery, InvertedIndexRangeQuery, Query};
use tantivy::schema::Field;
use tantivy::tokenizer::Token;

use super::super::query::{Form, Node, TextField};
use super::super::{Also, analyse, knowledge, nearest};
use super::forms::{apart, best_of_forms, boosted, filter, filter_box, intersection, term, union};
use super::{Compiler, StopWords, TITLE_WEIGHT};

/// What a word counts as the name of an author or journal: enough to be found, too little to lift
/// a Dr Young over papers on the young.
const NAME_WEIGHT: f32 = 0.2;

/// What each part of a hyphenated word counts by itself, in papers that match anyway: a question
/// on "high-speed flow" is also about speed.
const PART_WEIGHT: f32 = 0.5;

/// What a word counts by its stem in another language: its papers are few, so it looks rare.
const FOREIGN_WEIGHT: f32 = 0.5;

/// What the word counts that was meant by a misspelt one.
const MEANT_WEIGHT: f32 = 0.8;

impl Compiler<'_> {
    pub(super) fn text(&mut self, field: TextField, form: Form, text: &str) -> Option<Box<dyn Query>> {
        let f = self.fields;
        match (field, form) {
            (TextField::Anywhere, Form::Word | Form::Filler) => {
                if form == Form::Filler {
                    self.fillers.insert(text.to_owned());
                }
                union(self.words(&[text]))
            }
            (TextField::Anywhere, Form::Meant) => self.meant(text),
            // Who puts stop words in quotation marks means them.
            (TextField::Anywhere, Form::Phrase) => self.phrase(text).or_else(|| self.unstopped(f.word, text)),
            (TextField::Anywhere | TextField::Title, Form::Fuzzy(edits)) => {
                self.is_ranked = true;
                Some(self.alike(text, edits, field))
            }
            (TextField::Anywhere | TextField::Title, Form::Near(places)) => self.near(field, text, places),
            (TextField::Anywhere, Form::Prefix) => {
                let in_title = boosted(self.prefix(f.title_word, text)?, TITLE_WEIGHT);
                union(vec![self.prefix(f.word, text)?, in_title])
            }
            (TextField::Title, Form::Prefix) => self.prefix(f.title_word, text),
            (TextField::Title, Form::Phrase) => {
                let spellings = self.spellings(text);
                self.is_ranked |= !spellings.is_empty();
                if spellings.is_empty() {
                    return self.unstopped(f.title_word, text);
                }
                spelt::best_of(f.title, &spellings, 0)
            }
            (TextField::Title, _) => {
                let tokens = self.marked(text);
                self.is_ranked |= !tokens.is_empty();
                if tokens.is_empty() && (self.stop_words == StopWords::Kept || form == Form::Meant) {
                    return self.unstopped(f.title_word, text);
                }
                best_of_forms(f.title, &tokens)
            }
            (TextField::Author, _) => Self::name(f.author, form, text),
            (TextField::Journal, _) => Self::name(f.journal, form, text),
        }
    }

    /// Returns the query for a word that is meant though it only joins elsewhere: as typed and under its
    /// other names, else as it stands.
    fn meant(&mut self, text: &str) -> Option<Box<dyn Query>> {
        let is_filler = self.fillers.remove(text);
        let query = union(self.words(&[text])).or_else(|| self.unstopped(self.fields.word, text));
        if is_filler {
            self.fillers.insert(text.to_owned());
        }
        query
    }

    pub(super) fn note_filler(&mut self, node: &Node) {
        if let Node::Text { form: Form::Filler, text, .. } = node {
            self.fillers.insert(text.clone());
        }
    }

    /// Returns the query for a word and those that are spelt nearly so.
    fn alike(&mut self, text: &str, edits: u8, field: TextField) -> Box<dyn Query> {
        let f = self.fields;
        let (dictionary, in_all) = match field {
            TextField::Title => (f.title_word, None),
            _ => (f.word, Some(f.all)),
        };
        // A dictionary that cannot be read has no words; the search itself then says so.
        let words = nearest::alike(self.with.searcher, dictionary, text, edits).unwrap_or_default();
        self.marked(text);
        self.instead(text, &words, in_all).unwrap_or_else(|| Box::new(EmptyQuery))
    }

    /// Returns the query for words that stand for a typed one, each with what it counts, by their
    /// stems; `None` without words.
    fn instead(&mut self, text: &str, words: &[(String, f32)], in_all: Option<Field>) -> Option<Box<dyn Query>> {
        let mut stems: BTreeMap<String, f32> = BTreeMap::new();
        for (word, weight) in words {
            for token in analyse::tokens(analyse::TEXT, word) {
                let known = stems.entry(token.text).or_insert(0.0);
                *known = known.max(*weight);
            }
        }
        let in_title = if in_all.is_some() { TITLE_WEIGHT } else { 1.0 };
        let mut each = Vec::new();
        for (stem, weight) in &stems {
            each.extend(in_all.map(|field| boosted(term(field, stem), *weight)));
            each.push(boosted(term(self.fields.title, stem), weight * in_title));
        }
        self.marks.meant.extend(stems.into_keys().map(|stem| (stem, text.to_owned())));
        union(each)
    }

    /// Returns the query for words that stand near each other.
    fn near(&mut self, field: TextField, text: &str, places: u32) -> Option<Box<dyn Query>> {
        let tokens = self.marked(text);
        let parts: Vec<&Token> = tokens.iter().filter(|t| !analyse::is_joined(t)).collect();
        self.is_ranked |= !parts.is_empty();
        if parts.len() < 2 {
            return if field == TextField::Title {
                best_of_forms(self.fields.title, &tokens)
            } else {
                self.phrase(text)
            };
        }
        let spellings = self.spellings(text);
        let in_title = spelt::best_of(self.fields.title, &spellings, places);
        if field == TextField::Title {
            return in_title;
        }
        let in_all = spelt::best_of(self.fields.all, &spellings, places);
        union(in_all.into_iter().chain(in_title.map(|q| boosted(q, TITLE_WEIGHT))).collect())
    }

    /// Returns the ways to write a phrase, as typed first, and remembers them for the snippet.
    fn spellings(&mut self, text: &str) -> Vec<spelt::Spelling> {
        let spellings = spelt::spellings(self.with.searcher, self.fields.all, text);
        self.marks.spellings.extend(spellings.iter().map(|spelling| (spelling.run.clone(), text.to_owned())));
        spellings
    }

    /// Returns the queries of which a plain word's score is the sum.
    pub(super) fn word(&mut self, text: &str) -> Vec<Box<dyn Query>> {
        let f = self.fields;
        if self.stop_words == StopWords::Dropped && self.fillers.contains(text) {
            return Vec::new();
        }
        let tokens = self.marked(text);
        if tokens.is_empty() {
            return match self.stop_words {
                StopWords::Dropped => Vec::new(),
                StopWords::Kept => self.unstopped(f.word, text).into_iter().collect(),
            };
        }
        self.is_ranked = true;
        if let [only] = tokens.as_slice()
            && let Some((letters, digits)) = apart(&only.text)
        {
            self.marks.spellings.insert(vec![letters.to_owned(), digits.to_owned()], text.to_owned());
        }
        self.typed.extend(tokens.iter().filter(|t| !analyse::is_joined(t)).map(|t| t.text.clone()));
        let mut out: Vec<Box<dyn Query>> = Vec::new();
        out.extend(best_of_forms(f.all, &tokens));
        out.extend(best_of_forms(f.title, &tokens).map(|q| boosted(q, TITLE_WEIGHT)));
        let parts: Vec<&Token> = tokens.iter().filter(|t| !analyse::is_joined(t)).collect();
        if parts.len() > 1 {
            let each = parts.iter().flat_map(|part| {
                let title = boosted(term(f.title, &part.text), PART_WEIGHT * TITLE_WEIGHT);
                [boosted(term(f.all, &part.text), PART_WEIGHT), title]
            });
            // Where no paper has the whole ("PPAR-RXRs"), its parts are better than nothing.
            if self.is_found(&tokens) { self.bonus.extend(each) } else { out.extend(each) }
        }
        out.extend(self.in_other_languages(text, &tokens));
        let names = analyse::tokens(analyse::NAMES, text);
        for field in [f.author, f.journal] {
            out.extend(best_of_forms(field, &names).map(|q| boosted(q, NAME_WEIGHT)));
        }
        let is_corrected =
            self.with.is_expanded && !self.is_excluding && tokens.len() == 1 && !self.in_names.contains(text);
        if is_corrected
            && self.with.names.meanings(&knowledge::key(text), text).is_empty()
            && let Some(meant) = nearest::corrected(self.with.searcher, f, text)
        {
            out.extend(self.instead(text, &[(meant.clone(), 1.0)], Some(f.all)).map(|q| boosted(q, MEANT_WEIGHT)));
            if !self.also.iter().any(|also| also.typed == text) {
                self.also.push(Also { typed: text.to_owned(), names: vec![meant] });
            }
        }
        out
    }

    /// Tells whether any paper has a hyphenated word whole.
    fn is_found(&self, tokens: &[Token]) -> bool {
        let whole = best_of_forms(self.fields.all, tokens);
        whole.is_some_and(|q| q.count(self.with.searcher).unwrap_or_default() > 0)
    }

    /// Returns the queries for the stems of a word in other languages, in papers written in them;
    /// none for stems that are the English one, which all papers have.
    fn in_other_languages(&mut self, text: &str, tokens: &[Token]) -> Vec<Box<dyn Query>> {
        let foreign = self.fields.foreign;
        let others = analyse::foreign_stems(text).into_iter().filter(|stem| tokens.iter().all(|t| t.text != *stem));
        let known: Vec<String> = others
            .filter(|stem| self.with.searcher.doc_freq(&Term::from_field_text(foreign, stem)).unwrap_or_default() > 0)
            .collect();
        for stem in &known {
            self.marks.foreign.insert(stem.clone(), text.to_owned());
        }
        known.iter().map(|stem| boosted(term(foreign, stem), FOREIGN_WEIGHT)).collect()
    }

    /// Returns the query for words side by side, in every way to spell them.
    pub(super) fn phrase(&mut self, text: &str) -> Option<Box<dyn Query>> {
        let f = self.fields;
        let spellings = self.spellings(text);
        if spellings.is_empty() {
            return match self.stop_words {
                StopWords::Dropped => None,
                StopWords::Kept => self.unstopped(f.word, text),
            };
        }
        self.is_ranked = true;
        let in_title = spelt::best_of(f.title, &spellings, 0).map(|q| boosted(q, TITLE_WEIGHT));
        union(spelt::best_of(f.all, &spellings, 0).into_iter().chain(in_title).collect())
    }

    /// Returns the stems of a text, and remembers them for the snippet.
    fn marked(&mut self, text: &str) -> Vec<Token> {
        let tokens = analyse::tokens(analyse::TEXT, text);
        self.marks.stems.extend(tokens.iter().map(|t| (t.text.clone(), text.to_owned())));
        tokens
    }

    /// Returns the query for words as they stand, stop words too; all of them.
    fn unstopped(&mut self, field: Field, text: &str) -> Option<Box<dyn Query>> {
        let tokens = analyse::tokens(analyse::WORDS, text);
        self.marks.words.extend(tokens.iter().map(|t| (t.text.clone(), text.to_owned())));
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
}
