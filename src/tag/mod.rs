//! Judges a paper: scope, countries, working groups, design, finding, each with its reason.
//!
//! ```
//! use roundup::{config, model::Record, tag::Judge};
//! let (rules, _) = config::topics::parse(config::topics::DEFAULT, "topics.toml");
//! let (countries, _) = config::countries::parse(config::countries::DEFAULT, "countries.csv");
//! let judge = Judge::compile(&rules, &countries).expect("the rules of the program compile");
//! let record = Record { title: "Antenatal depression in Jimma, Ethiopia".to_owned(), ..Record::default() };
//! let judgement = judge.judge(&record);
//! assert_eq!(judgement.scope.as_str(), "in");
//! assert_eq!(judgement.countries, ["ETH"]);
//! ```
//!
//! A judge is compiled once and may be shared between threads. It reads no file and no clock: the
//! same record and rules give the same judgement. Time grows linearly with the text, and every
//! field is read up to a limit.

mod conclusion;
mod count;
mod design;
mod explain;
mod finding;
mod flag;
mod gazetteer;
mod labels;
mod matcher;
mod place;
mod rule;
mod scope;
mod signs;
mod text;
mod topic;
mod trim;
mod weights;

use std::ops::Range;

pub use flag::FIELD_FLAGS;
pub use labels::unlabelled;

use crate::model::{Country, Facet, Field, Judgement, PlaceWeights, Problem, Record, Rules, Scope, TopicRule, Zone};
use conclusion::Conclusion;
use explain::Why;
use gazetteer::Gazetteer;
use matcher::{CompiledRule, Found, Matcher};
use rule::{Reading, Tags};
use signs::SentenceSigns;
use text::FieldText;
use weights::Weights;

/// A sentence that may be the first of the conclusion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    /// Its bytes in the abstract.
    pub sentence: Range<usize>,
    /// Place and name of every sign that is weighed, repeated as often as it stands there.
    pub signs: Vec<(&'static str, String)>,
}

/// The compiled rules.
#[derive(Debug)]
pub struct Judge {
    topics: Vec<TopicRule>,
    place_weights: PlaceWeights,
    rules: Vec<CompiledRule>,
    countries: Vec<Country>,
    matcher: Matcher,
    gazetteer: Gazetteer,
    weights: Weights,
}

impl Judge {
    /// Compiles rules and countries as they were checked by `config`.
    ///
    /// # Errors
    /// Every reason why they cannot be compiled; rules of a sensible size always can.
    pub fn compile(rules: &Rules, countries: &[Country]) -> Result<Self, Vec<Problem>> {
        let (weights, mut problems) = Weights::parse(weights::DEFAULT, weights::DEFAULT_FILE);
        match (Matcher::compile(rules), Gazetteer::compile(countries)) {
            (Ok((matcher, compiled)), Ok(gazetteer)) if problems.is_empty() => Ok(Self {
                topics: rules.topics.clone(),
                place_weights: rules.weights,
                rules: compiled,
                countries: countries.to_vec(),
                matcher,
                gazetteer,
                weights,
            }),
            (matcher, gazetteer) => {
                problems.extend([matcher.err(), gazetteer.err()].into_iter().flatten());
                Err(problems)
            }
        }
    }

    /// Judges a record. Any text will do, also none.
    pub fn judge(&self, record: &Record) -> Judgement {
        let mut reading = Reading::new(record, &self.matcher, self.place_weights);
        let mut tags = Tags::new();
        let mut why = Why::default();
        let signs = self.signs(&reading);
        let conclusion = self.conclusion(&reading, &signs);
        set_zones(&mut reading, &conclusion, &signs);
        self.apply(&[Facet::Gate, Facet::Region], &reading, &mut tags);
        let (design, reasons) = design::find(self.rules.iter(), &reading, &mut tags);
        why.add("design", design.as_str(), reasons);
        let places = place::find(&reading, &self.gazetteer, &self.countries, &tags, design);
        let gate = scope::judge(&reading, &tags, &places, &self.countries, design);
        why.add("scope", gate.scope.as_str(), gate.evidence.clone());
        self.apply(&[Facet::Condition, Facet::Intervention, Facet::Population], &reading, &mut tags);
        self.apply(&[Facet::Stage, Facet::Flag], &reading, &mut tags);
        let topics = if gate.scope == Scope::Out {
            Vec::new()
        } else {
            topic::find(&self.topics, &self.rules, &reading, &mut tags)
        };
        for facet in [Facet::Region, Facet::Condition, Facet::Intervention, Facet::Population, Facet::Stage] {
            why.add_facet(facet, &tags);
        }
        for (id, reasons) in &topics {
            why.add("twg", id, reasons.clone());
        }
        let countries = self.countries_of(&places, &mut why);
        let mut region_terms: Vec<String> = rule::values(Facet::Region, &tags).into_iter().collect();
        region_terms.extend(
            place::region_of_many(&places, &self.countries).filter(|_| region_terms.is_empty()).map(str::to_owned),
        );
        let flags = flag::find(record, &tags, &places, &mut why);
        let paper = finding::Paper {
            record,
            reading: &reading,
            tags: &tags,
            design,
            signs: &signs,
            conclusion: &conclusion,
            is_notice: self.is_notice(&reading, &[Field::Title, Field::Abstract]),
            is_notice_by_title: self.is_notice(&reading, &[Field::Title]),
        };
        let finding = finding::find(&paper);
        why.add("finding", "text", finding.evidence.clone());
        why.add("finding", "conclusion", finding.reasons.clone());
        let list = |facet: Facet| rule::values(facet, &tags).into_iter().collect::<Vec<_>>();
        Judgement {
            scope: gate.scope,
            exclude_reason: gate.reason,
            countries,
            region_terms,
            twg_primary: topics.first().map(|(id, _)| id.clone()),
            twg: topics.into_iter().map(|(id, _)| id).collect(),
            conditions: list(Facet::Condition),
            interventions: list(Facet::Intervention),
            populations: list(Facet::Population),
            perinatal_stage: list(Facet::Stage),
            design,
            flags,
            conclusion: finding.conclusion,
            finding: finding.text,
            relevance: gate.relevance,
            why: why.into_map(),
        }
    }

    /// Returns the codes of a record's countries, and adds their reasons.
    fn countries_of(&self, places: &place::Places, why: &mut Why) -> Vec<String> {
        let mut out = Vec::new();
        for (number, reasons) in &places.countries {
            if let Some(country) = self.countries.get(*number) {
                why.add("country", &country.iso3, reasons.clone());
                out.push(country.iso3.clone());
            }
        }
        out
    }

    /// Returns what may be the first sentence of the conclusion of a record without labels, with
    /// the signs that are weighed for it: what `examples/train_conclusion.rs` learns from. Empty
    /// without an abstract.
    pub fn beginnings(&self, record: &Record) -> Vec<Beginning> {
        let reading = Reading::new(record, &self.matcher, self.place_weights);
        let signs = self.signs(&reading);
        let Some(text) = reading.text(Field::Abstract) else { return Vec::new() };
        let end = conclusion::end(&signs);
        let beginning = |start: usize| {
            let mut told = Vec::new();
            weights::signs_of(&signs, start, end, |place, sign| told.push((place, sign.to_owned())));
            Beginning { sentence: text.sentences.get(start).cloned().unwrap_or_default(), signs: told }
        };
        weights::starts(end).map(beginning).collect()
    }

    /// Reads the signs of every sentence of the abstract.
    fn signs<'j>(&'j self, reading: &Reading<'_>) -> Vec<SentenceSigns<'j>> {
        let abstract_field = reading.fields.iter().find(|(f, _, _)| *f == Field::Abstract);
        let none = FieldText::default();
        let title = reading.text(Field::Title).unwrap_or(&none);
        let read = |(_, text, found): &(Field, FieldText, Found)| signs::read(&self.rules, title, text, found);
        abstract_field.map(read).unwrap_or_default()
    }

    /// Finds the conclusion of the abstract; empty without one.
    fn conclusion(&self, reading: &Reading<'_>, signs: &[SentenceSigns<'_>]) -> Conclusion {
        let text = reading.text(Field::Abstract);
        text.map(|text| conclusion::find(reading.record, text, signs, &self.weights)).unwrap_or_default()
    }

    /// Tells whether a rule says of some fields that the paper is a call, an event or news.
    fn is_notice(&self, reading: &Reading<'_>, fields: &[Field]) -> bool {
        let mut read = reading.fields.iter().filter(|(f, _, _)| fields.contains(f));
        read.any(|(field, text, found)| signs::tells(&self.rules, "notice", *field, text, found))
    }

    /// Applies all rules of some facets.
    fn apply(&self, facets: &[Facet], reading: &Reading<'_>, tags: &mut Tags) {
        for facet in facets {
            rule::apply(*facet, self.rules.iter(), reading, tags);
        }
    }
}

/// Tells the rules that follow which sentences state the aim, which conclude, and which only say what
/// was adjusted for.
fn set_zones(reading: &mut Reading<'_>, conclusion: &Conclusion, signs: &[SentenceSigns<'_>]) {
    let Some(text) = reading.text(Field::Abstract) else { return };
    let concluding: Vec<usize> = conclusion.sentences.iter().filter_map(|s| text.sentence_at(s.start)).collect();
    let with = |tag: &str| -> Vec<usize> { (0..).zip(signs).filter(|(_, s)| s.has(tag)).map(|(n, _)| n).collect() };
    reading.set_zone(Zone::Aim, with("states-aim"));
    reading.set_zone(Zone::Conclusion, concluding);
    reading.set_passing(with("passing"));
}
