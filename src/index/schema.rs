//! What is indexed of a paper, and under which field.

use serde::{Deserialize, Serialize};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{TantivyDocument, Term};

use super::analyse;
use crate::model::{Author, Design, Identifier, Judgement, Month, PartialDate, Record, Work, WorkId, sha256_hex};

/// Counted up when documents are made in another way that the schema does not show.
const DOCUMENT_FORM: u32 = 2;

/// A text whose words tell when a new version of an analyser cuts or stems in another way.
const PROBE: &str = "The mothers' postnatal depressions: screening, PHQ-9, d'Ivoire, organised organizing \
    adolescents' relational studies, generously psychologically; anxiété São ＰＨＱ９ 产后 running flies agreed";

/// One paper to be indexed.
#[derive(Debug, Clone)]
pub struct IndexDoc<'a> {
    /// The paper.
    pub work: &'a Work,
    /// How it was judged.
    pub judgement: &'a Judgement,
    /// Names of its countries for readers, in the order of `judgement.countries`; what follows
    /// behind them (ISO alpha-2 codes, other names, names of the people) is only searched.
    pub country_names: Vec<String>,
    /// Id of the first member record (`pmid:N`), for runs over a file of queries.
    pub native_id: String,
    /// Month of the roundup it was in, if it was in one.
    pub issue: Option<Month>,
    /// Names of other forms of the study that have no document of their own (`doi:…`, ids of works
    /// and records): who asks for the preprint finds the article.
    pub other_names: Vec<String>,
}

/// What a hit shows, stored beside the index in the form of JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Shown {
    pub work: WorkId,
    pub native: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    pub year: Option<i16>,
    pub journal: Option<String>,
    /// ISO alpha-3 code and name for readers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<(String, String)>,
    pub design: Design,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub twg: Vec<String>,
    pub open_access: Option<bool>,
    pub link: Option<String>,
    pub finding: Option<String>,
    pub issue: Option<Month>,
}

/// The fields of the index.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    pub schema: Schema,
    /// Work id; the key by which a paper is replaced.
    pub work: Field,
    /// Outside names (`doi:…`, `pmid:…`) and ids of the records.
    pub ident: Field,
    /// The work id as a number, to order equal scores.
    pub order: Field,
    /// Id of the first record, to be read without the rest.
    pub native: Field,
    /// Title, abstract, keywords, headings, country names: what plain words are looked for in.
    pub all: Field,
    /// The title.
    pub title: Field,
    /// Words of the title as they stand, for prefixes.
    pub title_word: Field,
    /// Words of `all` as they stand: prefixes, stop words, nearest words.
    pub word: Field,
    pub author: Field,
    pub journal: Field,
    /// Codes and names of countries, each as one exact value.
    pub country: Field,
    /// "KEN Kenya", to count by.
    pub country_label: Field,
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
            order: b.add_u64_field("order", FAST),
            native: b.add_text_field("native", counted.clone()),
            all: b.add_text_field("all", words_of(analyse::TEXT, places)),
            title: b.add_text_field("title", words_of(analyse::TEXT, places)),
            title_word: b.add_text_field("title_word", words_of(analyse::WORDS, IndexRecordOption::Basic)),
            word: b.add_text_field("word", words_of(analyse::WORDS, IndexRecordOption::Basic)),
            author: b.add_text_field("author", words_of(analyse::NAMES, places)),
            journal: b.add_text_field("journal", words_of(analyse::NAMES, places)),
            country: b.add_text_field("country", STRING),
            country_label: b.add_text_field("country_label", counted.clone()),
            twg: b.add_text_field("twg", words_of(analyse::TAGS, places).set_fast("raw")),
            design: b.add_text_field("design", words_of(analyse::TAGS, places)),
            design_label: b.add_text_field("design_label", counted),
            condition: b.add_text_field("condition", words_of(analyse::TAGS, places)),
            population: b.add_text_field("population", words_of(analyse::TAGS, places)),
            intervention: b.add_text_field("intervention", words_of(analyse::TAGS, places)),
            year: b.add_i64_field("year", number.clone()),
            day: b.add_i64_field("day", number),
            lang: b.add_text_field("lang", STRING),
            oa: b.add_text_field("oa", STRING),
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
    pub fn document(&self, doc: &IndexDoc<'_>) -> Result<TantivyDocument, serde_json::Error> {
        let mut out = TantivyDocument::new();
        out.add_text(self.work, doc.work.id.as_str());
        out.add_u64(self.order, order_of(&doc.work.id));
        out.add_text(self.native, &doc.native_id);
        for name in outside_names(doc) {
            out.add_text(self.ident, name);
        }
        self.add_text(&mut out, doc);
        self.add_tags(&mut out, doc);
        self.add_dates(&mut out, &doc.work.record);
        out.add_text(self.shown, serde_json::to_string(&shown(doc))?);
        Ok(out)
    }

    /// Adds what words are looked for in.
    fn add_text(&self, out: &mut TantivyDocument, doc: &IndexDoc<'_>) {
        let record = &doc.work.record;
        for title in [Some(&record.title), record.title_vernacular.as_ref()].into_iter().flatten() {
            for field in [self.title, self.title_word, self.all, self.word] {
                out.add_text(field, title);
            }
        }
        let names = doc.country_names.iter().take(doc.judgement.countries.len());
        let texts = record.abstract_text.iter().chain(&record.keywords).chain(record.mesh.iter().map(|m| &m.name));
        for text in texts.chain(names) {
            out.add_text(self.all, text);
            out.add_text(self.word, text);
        }
        for author in &record.authors {
            for form in author_forms(author) {
                out.add_text(self.author, form);
            }
        }
        if let Some(journal) = &record.journal {
            out.add_text(self.journal, journal);
        }
    }

    /// Adds what is filtered and counted by.
    fn add_tags(&self, out: &mut TantivyDocument, doc: &IndexDoc<'_>) {
        let judgement = doc.judgement;
        for value in judgement.countries.iter().chain(&doc.country_names) {
            out.add_text(self.country, analyse::key(value));
        }
        for (iso3, name) in countries(doc) {
            out.add_text(self.country_label, format!("{iso3} {name}"));
        }
        for (field, values) in [
            (self.twg, &judgement.twg),
            (self.condition, &judgement.conditions),
            (self.population, &judgement.populations),
            (self.intervention, &judgement.interventions),
        ] {
            for value in values {
                out.add_text(field, value);
            }
        }
        for form in design_forms(judgement.design) {
            out.add_text(self.design, form);
        }
        out.add_text(self.design_label, judgement.design.label());
        for code in &doc.work.record.language {
            out.add_text(self.lang, analyse::key(code));
        }
        out.add_text(self.oa, if is_open(doc) == Some(true) { "yes" } else { "no" });
        for member in &doc.work.members {
            out.add_text(self.source, analyse::key(&member.source));
        }
        if let Some(month) = doc.issue {
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

/// Returns every name by which the paper may be asked for exactly.
fn outside_names(doc: &IndexDoc<'_>) -> Vec<String> {
    let record = &doc.work.record;
    let mut out = vec![doc.work.id.to_string(), doc.native_id.clone()];
    out.extend(record.identifiers().iter().filter(|i| !matches!(i, Identifier::Guid { .. })).map(ToString::to_string));
    let pages = record.url.iter().chain(&record.links).filter_map(|u| crate::model::CanonicalUrl::parse(u));
    out.extend(pages.map(|u| Identifier::Url(u).to_string()));
    out.extend(doc.work.members.iter().map(|m| m.id.clone()));
    out.extend(doc.other_names.iter().cloned());
    out.retain(|name| !name.is_empty());
    out.sort();
    out.dedup();
    out
}

/// Returns the orders in which a person's name is typed.
fn author_forms(author: &Author) -> Vec<String> {
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
fn design_forms(design: Design) -> Vec<String> {
    let label = design.label().to_owned();
    let american = label.replace("ndomis", "ndomiz").replace("ogramme", "ogram");
    let group = if design.is_review() { "review" } else { "" };
    let mut out = vec![design.as_str().to_owned(), label, american, group.to_owned()];
    out.retain(|form| !form.is_empty());
    out.sort();
    out.dedup();
    out
}

/// Returns code and name of each country; a country without a name has its code for one.
fn countries(doc: &IndexDoc<'_>) -> Vec<(String, String)> {
    let codes = doc.judgement.countries.iter().enumerate();
    codes.map(|(n, iso3)| (iso3.clone(), doc.country_names.get(n).unwrap_or(iso3).clone())).collect()
}

/// Tells whether everybody can read the paper, as far as is known.
fn is_open(doc: &IndexDoc<'_>) -> Option<bool> {
    if doc.judgement.has_flag("open-access") { Some(true) } else { doc.work.record.open_access }
}

/// Returns what a hit shows of a paper.
fn shown(doc: &IndexDoc<'_>) -> Shown {
    let record = &doc.work.record;
    Shown {
        work: doc.work.id.clone(),
        native: doc.native_id.clone(),
        title: record.title.clone(),
        body: record.abstract_text.clone().unwrap_or_default(),
        authors: record.authors.iter().map(Author::short_name).collect(),
        year: record.citation_year(),
        journal: record.journal.clone(),
        countries: countries(doc),
        design: doc.judgement.design,
        twg: doc.judgement.twg.clone(),
        open_access: is_open(doc),
        link: record.best_link(),
        finding: doc.judgement.finding.clone(),
        issue: doc.issue,
    }
}

/// Returns a hash of all that decides how papers are indexed: fields, analysers, form of the
/// documents, version of the engine. An index with another one is built anew.
pub fn fingerprint() -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_order_as_numbers() {
        let number = |text: &str| order_of(&WorkId::parse(text).expect("an id"));
        assert_eq!(number("waaaaaaaaaaa"), 0);
        assert_eq!(number("waaaaaaaaaab"), 1);
        assert_eq!(number("waaaaaaaaaa7"), 31);
        assert_eq!(number("w77777777777"), (1 << 55) - 1);
    }

    #[test]
    fn the_fingerprint_is_the_same_each_time() {
        assert_eq!(fingerprint(), fingerprint());
        assert_eq!(fingerprint().len(), 16);
    }
}
