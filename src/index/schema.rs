//! What is indexed of a paper, and under which field.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{TantivyDocument, Term};

use super::analyse;
use super::facet::combination;
use super::findable::findable;
use super::knowledge::Knowledge;
use super::query;
use super::words::{TextWords, WordCutter};
use crate::model::{Author, Design, Paper, PartialDate, Record, Scope, WorkId};

/// What a hit shows, stored beside the index in the form of JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Shown {
    /// The paper whole.
    pub paper: Paper,
    /// Names of its countries for readers, in the order of `paper.countries`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub country_names: Vec<String>,
    /// Ids of the regions it is about, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
}

/// The same as [`Shown`], to be written without a copy of the paper.
#[derive(Debug, Serialize)]
struct ToShow<'a> {
    paper: &'a Paper,
    country_names: Vec<String>,
    regions: Vec<String>,
}

/// What documents are made with.
pub(super) struct Indexing<'a> {
    knowledge: &'a Knowledge,
    cutter: WordCutter,
    /// The words of the last text.
    cut: TextWords,
}

impl<'a> Indexing<'a> {
    /// Returns what makes documents of papers that are spoken of in these words.
    pub fn new(knowledge: &'a Knowledge) -> Self {
        Self { knowledge, cutter: WordCutter::default(), cut: TextWords::default() }
    }

    /// Cuts a text, as much of it as is indexed, and adds the concepts that it names to a list.
    fn cut(&mut self, text: &str, concepts: &mut String) -> &TextWords {
        let text = findable(text);
        let Self { knowledge, cutter, cut } = self;
        cutter.cut(text, &|stem| knowledge.begins_names(stem), cut);
        knowledge.spot(text, cut, cutter, concepts);
        cut
    }
}

/// The fields of the index.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    pub schema: Schema,
    /// Work id; the key by which a paper is replaced.
    pub work: Field,
    /// Outside names (`doi:…`, `pmid:…`) and ids of the records.
    pub ident: Field,
    /// How the paper stands: [`OUT_OF_SCOPE`], [`RETRACTED`], else [`IN_SCOPE`].
    pub scope: Field,
    /// The work id as a number, to order equal scores.
    pub order: Field,
    /// Id of the first record, to be read without the rest.
    pub native: Field,
    /// Title, abstract, keywords, headings, country names: what plain words are looked for in.
    pub all: Field,
    /// The title.
    pub title: Field,
    /// Stems of papers in French, Spanish or Portuguese, each in its own language.
    pub foreign: Field,
    /// Words of the title as they stand, for prefixes.
    pub title_word: Field,
    /// Words of `all` as they stand: prefixes, stop words, nearest words.
    pub word: Field,
    /// Ids of the concepts named in all the text, and in the title: one thing under any name.
    pub concept: Field,
    pub concept_title: Field,
    pub author: Field,
    pub journal: Field,
    /// Codes of countries in lower case, each as one exact value.
    pub country: Field,
    /// Its countries ("KEN Kenya") and regions as one combination, to count by.
    pub places: Field,
    /// Its working groups, design, languages and access as one combination, to count by.
    pub kinds: Field,
    /// Ids of the regions its countries lie in and of those it names.
    pub region: Field,
    pub twg: Field,
    pub design: Field,
    /// The design's name for readers, to count by.
    pub design_label: Field,
    pub condition: Field,
    pub population: Field,
    pub intervention: Field,
    /// Citation year.
    pub year: Field,
    /// First public day as YYYYMMDD; month and day are 00 where they are not known.
    pub day: Field,
    pub lang: Field,
    pub oa: Field,
    /// What it is marked as: `preprint`, `retracted`, `open-access` and the other flags of papers.
    pub flag: Field,
    pub source: Field,
    pub issue: Field,
    /// What a hit shows.
    pub shown: Field,
}

/// Returns options of a text field that is looked for by an analyser's words.
fn words_of(analyser: &str, option: IndexRecordOption) -> TextOptions {
    let indexing = TextFieldIndexing::default().set_tokenizer(analyser).set_index_option(option);
    TextOptions::default().set_indexing_options(indexing)
}

impl Fields {
    /// Returns the fields of the present schema.
    pub fn new() -> Self {
        let mut b = Schema::builder();
        let places = IndexRecordOption::WithFreqsAndPositions;
        let number: NumericOptions = (INDEXED | FAST).into();
        let counted = TextOptions::default().set_fast("raw");
        Self {
            work: b.add_text_field("work", STRING),
            ident: b.add_text_field("ident", STRING),
            scope: b.add_u64_field("scope", FAST),
            order: b.add_u64_field("order", FAST),
            native: b.add_text_field("native", counted.clone()),
            all: b.add_text_field("all", words_of(analyse::PLACED, places)),
            title: b.add_text_field("title", words_of(analyse::PLACED, places)),
            foreign: b.add_text_field("foreign", words_of(analyse::IDS, IndexRecordOption::WithFreqs)),
            title_word: b.add_text_field("title_word", words_of(analyse::IDS, IndexRecordOption::Basic)),
            word: b.add_text_field("word", words_of(analyse::IDS, IndexRecordOption::Basic)),
            concept: b.add_text_field("concept", words_of(analyse::IDS, IndexRecordOption::WithFreqs)),
            concept_title: b.add_text_field("concept_title", words_of(analyse::IDS, IndexRecordOption::WithFreqs)),
            author: b.add_text_field("author", words_of(analyse::NAMES, places)),
            journal: b.add_text_field("journal", words_of(analyse::NAMES, places)),
            country: b.add_text_field("country", words_of("raw", IndexRecordOption::Basic)),
            places: b.add_text_field("places", counted.clone()),
            kinds: b.add_text_field("kinds", counted.clone()),
            region: b.add_text_field("region", words_of("raw", IndexRecordOption::Basic).set_fast("raw")),
            twg: b.add_text_field("twg", words_of(analyse::TAGS, places).set_fast("raw")),
            design: b.add_text_field("design", words_of(analyse::TAGS, places)),
            design_label: b.add_text_field("design_label", counted),
            condition: b.add_text_field("condition", words_of(analyse::TAGS, places).set_fast("raw")),
            population: b.add_text_field("population", words_of(analyse::TAGS, places).set_fast("raw")),
            intervention: b.add_text_field("intervention", words_of(analyse::TAGS, places).set_fast("raw")),
            year: b.add_i64_field("year", number.clone()),
            day: b.add_i64_field("day", number),
            lang: b.add_text_field("lang", words_of("raw", IndexRecordOption::Basic).set_fast("raw")),
            oa: b.add_text_field("oa", words_of("raw", IndexRecordOption::Basic).set_fast("raw")),
            flag: b.add_text_field("flag", STRING),
            source: b.add_text_field("source", STRING),
            issue: b.add_text_field("issue", STRING),
            shown: b.add_text_field("shown", STORED),
            schema: b.build(),
        }
    }

    /// Returns the term that stands for a work.
    pub fn work_term(&self, id: &WorkId) -> Term {
        Term::from_field_text(self.work, id.as_str())
    }

    /// Returns the document of a paper.
    ///
    /// # Errors
    /// When what a hit shows cannot be written as JSON, which is our own mistake.
    pub fn document(&self, paper: &Paper, with: &mut Indexing<'_>) -> Result<TantivyDocument, serde_json::Error> {
        let mut out = TantivyDocument::new();
        let knowledge = with.knowledge;
        let country_names: Vec<String> = paper.countries.iter().map(|c| knowledge.country_name(c)).collect();
        out.add_text(self.work, paper.id.as_str());
        out.add_u64(self.scope, standing(paper));
        out.add_u64(self.order, order_of(&paper.id));
        out.add_text(self.native, paper.native_id());
        for name in paper.exact_names() {
            out.add_text(self.ident, name);
        }
        self.add_text(&mut out, paper, with, &country_names);
        self.add_foreign(&mut out, &paper.record);
        self.add_tags(&mut out, paper);
        let regions: Vec<String> = knowledge.regions_of(&paper.countries, &paper.regions).into_iter().collect();
        for region in &regions {
            out.add_text(self.region, region);
        }
        let labels: Vec<String> =
            paper.countries.iter().zip(&country_names).map(|(iso3, name)| format!("{iso3} {name}")).collect();
        out.add_text(self.places, combination([&labels, &regions]));
        self.add_dates(&mut out, &paper.record);
        out.add_text(self.shown, serde_json::to_string(&ToShow { paper, country_names, regions })?);
        Ok(out)
    }

    /// Adds what words are looked for in: each text is cut once for all the fields it goes to.
    fn add_text(&self, out: &mut TantivyDocument, paper: &Paper, with: &mut Indexing<'_>, country_names: &[String]) {
        let record = &paper.record;
        let mut concepts = String::new();
        with.cutter.begin_paper();
        // With the sign of a retracted paper: who looks for it finds them.
        for title in [Some(&paper.title()), record.title_vernacular.as_ref()].into_iter().flatten() {
            let cut = with.cut(title, &mut concepts);
            out.add_text(self.title, &cut.placed);
            out.add_text(self.title_word, &cut.plain);
            out.add_text(self.all, &cut.placed);
            out.add_text(self.word, &cut.plain);
        }
        out.add_text(self.concept_title, &concepts);
        let texts = record.abstract_text.iter().chain(&record.keywords).chain(record.mesh.iter().map(|m| &m.name));
        for text in texts.chain(country_names) {
            let cut = with.cut(text, &mut concepts);
            out.add_text(self.all, &cut.placed);
            out.add_text(self.word, &cut.plain);
        }
        out.add_text(self.concept, concepts);
        for author in &record.authors {
            for form in author_forms(author) {
                out.add_text(self.author, form);
            }
        }
        if let Some(journal) = &record.journal {
            out.add_text(self.journal, journal);
        }
    }

    /// Adds the stems of titles and abstracts that are in a language whose words are stemmed in
    /// another way than English ones.
    fn add_foreign(&self, out: &mut TantivyDocument, record: &Record) {
        let texts = [Some(&record.title), record.title_vernacular.as_ref(), record.abstract_text.as_ref()];
        for text in texts.into_iter().flatten().map(|text| findable(text)) {
            if let Some(language) = language_of(text, record) {
                let stems: Vec<String> = analyse::foreign_tokens(language, text).into_iter().map(|t| t.text).collect();
                out.add_text(self.foreign, stems.join(" "));
            }
        }
    }

    /// Adds what is filtered and counted by.
    fn add_tags(&self, out: &mut TantivyDocument, paper: &Paper) {
        for iso3 in &paper.countries {
            out.add_text(self.country, analyse::key(iso3));
        }
        for (field, values) in [
            (self.twg, &paper.twg),
            (self.condition, &paper.conditions),
            (self.population, &paper.populations),
            (self.intervention, &paper.interventions),
        ] {
            for value in values {
                out.add_text(field, value);
            }
        }
        for form in design_forms(paper.design) {
            out.add_text(self.design, form);
        }
        out.add_text(self.design_label, paper.design.label());
        let languages: Vec<String> = paper.record.language.iter().map(|code| analyse::key(code)).collect();
        for code in &languages {
            out.add_text(self.lang, code);
        }
        let access = if paper.is_open() == Some(true) { "yes" } else { "no" };
        out.add_text(self.oa, access);
        let design = paper.design.label().to_owned();
        out.add_text(self.kinds, combination([&paper.twg, &[design], &languages, &[access.to_owned()]]));
        for flag in flags(paper) {
            out.add_text(self.flag, flag);
        }
        for source in &paper.sources {
            out.add_text(self.source, analyse::key(source));
        }
        if let Some(month) = paper.issue {
            out.add_text(self.issue, month.to_string());
        }
    }

    fn add_dates(&self, out: &mut TantivyDocument, record: &Record) {
        if let Some(year) = record.citation_year() {
            out.add_i64(self.year, i64::from(year));
        }
        let published = record.published.or_else(|| PartialDate::new(record.year?, None, None));
        if let Some(date) = published {
            out.add_i64(self.day, day_number(date));
        }
    }
}

/// Returns what a paper is marked as: its flags, and what its record says by itself.
pub(super) fn flags(paper: &Paper) -> BTreeSet<&str> {
    let said = [
        (paper.is_retracted(), "retracted"),
        (paper.record.is_preprint(), "preprint"),
        (paper.is_open() == Some(true), "open-access"),
        (paper.scope == Scope::Out, "out-of-scope"),
    ];
    let own = said.into_iter().filter(|(is, _)| *is).map(|(_, flag)| flag);
    paper.flags.iter().map(String::as_str).chain(own).collect()
}

/// Returns a date as YYYYMMDD, with 00 for what is not known.
pub(super) fn day_number(date: PartialDate) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month().unwrap_or(0)) * 100 + i64::from(date.day().unwrap_or(0))
}

/// Returns the work id as a number: its 11 characters of base 32 are 55 bits.
fn order_of(id: &WorkId) -> u64 {
    id.as_str().bytes().skip(1).fold(0, |sum, b| {
        let digit = if b.is_ascii_lowercase() { b - b'a' } else { b.saturating_sub(b'2').saturating_add(26) };
        (sum << 5) | u64::from(digit & 31)
    })
}

/// Returns the id that [`order_of`] gave this number for; `None` when it is none.
pub(super) fn id_of(order: u64) -> Option<WorkId> {
    let digits = (0..11).rev().map(|n| {
        let five = u8::try_from((order >> (n * 5)) & 31).unwrap_or(0);
        char::from(if five < 26 { b'a' + five } else { b'2' + (five - 26) })
    });
    WorkId::parse(&std::iter::once('w').chain(digits).collect::<String>())
}

/// Value of the field `scope`: out of scope.
pub(super) const OUT_OF_SCOPE: u64 = 0;
/// Value of the field `scope`: in scope, or maybe.
pub(super) const IN_SCOPE: u64 = 1;
/// Value of the field `scope`: retracted, whatever its scope.
pub(super) const RETRACTED: u64 = 2;

/// Returns how a paper stands, for the order of hits.
fn standing(paper: &Paper) -> u64 {
    match paper.scope {
        _ if paper.is_retracted() => RETRACTED,
        Scope::Out => OUT_OF_SCOPE,
        Scope::In | Scope::Maybe => IN_SCOPE,
    }
}

/// Returns the language of a text, when it is French, Spanish or Portuguese: as its words show it. A
/// short title shows little; then the paper's own word counts.
pub(super) fn language_of(text: &str, record: &Record) -> Option<analyse::Language> {
    if record.language.first().is_some_and(|l| l == "en") && record.title_vernacular.is_none() {
        return None;
    }
    let words: Vec<&str> = text.split_whitespace().take(LANGUAGE_WORDS_MAX).collect();
    if let Some(seen) = query::language(&words) {
        return Some(match seen {
            query::Language::French => analyse::Language::French,
            query::Language::Spanish => analyse::Language::Spanish,
            query::Language::Portuguese => analyse::Language::Portuguese,
        });
    }
    let is_bracketed = text.starts_with('[');
    let said = analyse::FOREIGN.iter().find(|(code, _)| record.language.first().is_some_and(|l| l == code));
    // PubMed puts translated titles in brackets; an abstract beside them is English as a rule.
    said.filter(|_| words.len() <= TITLE_WORDS && !is_bracketed).map(|(_, language)| *language)
}

/// Words of a text that are looked at to tell its language.
const LANGUAGE_WORDS_MAX: usize = 60;

/// A text of so many words or fewer may show no word that tells its language.
const TITLE_WORDS: usize = 6;

/// Returns the orders in which a person's name is typed.
pub(super) fn author_forms(author: &Author) -> Vec<String> {
    let mut out = vec![author.short_name()];
    if let (Some(family), Some(given)) = (&author.family, &author.given) {
        out.push(format!("{family} {given}"));
        out.push(format!("{given} {family}"));
    }
    out.retain(|name| !name.is_empty());
    out.dedup();
    out
}

/// Returns the words by which a design is asked for: its id, its name in both spellings, its group.
pub(super) fn design_forms(design: Design) -> Vec<String> {
    let label = design.label().to_owned();
    let american = label.replace("ndomis", "ndomiz").replace("ogramme", "ogram");
    let group = if design.is_review() { "review" } else { "" };
    let mut out = vec![design.as_str().to_owned(), label, american, group.to_owned()];
    out.retain(|form| !form.is_empty());
    out.sort();
    out.dedup();
    out
}

/// Returns a hash of all that decides how papers are indexed: fields, analysers, form of the
/// documents, version of the engine. An index with another one is built anew.
pub fn fingerprint() -> &'static str {
    FINGERPRINT
}

/// Worked out by a test, which fails when it is another one: to do so with each search takes a twentieth of
/// its time.
const FINGERPRINT: &str = "afced93f6f820968";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sha256_hex;

    /// Counted up when documents are made in another way that the schema does not show.
    const DOCUMENT_FORM: u32 = 6;

    /// A text whose words tell when a new version of an analyser cuts or stems in another way.
    const PROBE: &str = "The mothers' postnatal depressions: screening, PHQ-9, d'Ivoire, organised organizing \
        adolescents' relational studies, generously psychologically; anxiété São ＰＨＱ９ 产后 running flies agreed";

    fn fingerprint_now() -> String {
        let schema = serde_json::to_string(&Fields::new().schema).unwrap_or_default();
        let mut text = format!("{DOCUMENT_FORM}\n{schema}\n{}\n", tantivy::version_string());
        for name in [analyse::TEXT, analyse::TAGS, analyse::WORDS, analyse::NAMES] {
            for token in analyse::tokens(name, PROBE) {
                text.push_str(&format!("{}@{} ", token.text, token.position));
            }
            text.push('\n');
        }
        sha256_hex(text.as_bytes()).chars().take(16).collect()
    }

    #[test]
    fn ids_order_as_numbers() {
        let number = |text: &str| order_of(&WorkId::parse(text).expect("an id"));
        assert_eq!(number("waaaaaaaaaaa"), 0);
        assert_eq!(number("waaaaaaaaaab"), 1);
        assert_eq!(number("waaaaaaaaaa7"), 31);
        assert_eq!(number("w77777777777"), (1 << 55) - 1);
        for text in ["waaaaaaaaaaa", "w77777777777", "wa2b3c4d5e6f"] {
            assert_eq!(id_of(number(text)).as_ref().map(WorkId::as_str), Some(text));
        }
    }

    #[test]
    fn the_fingerprint_is_that_of_how_papers_are_indexed_now() {
        assert_eq!(fingerprint(), fingerprint_now(), "papers are indexed in another way: write this in FINGERPRINT");
    }
}
