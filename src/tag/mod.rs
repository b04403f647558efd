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
mod matcher;
mod place;
mod rule;
mod scope;
mod text;
mod topic;

use crate::model::{Country, Facet, Field, Judgement, Problem, Record, Rules, Scope, TopicRule, Weights, Zone};
use explain::Why;
use gazetteer::Gazetteer;
use matcher::{CompiledRule, Matcher};
use rule::{Reading, Tags};

/// The compiled rules.
#[derive(Debug)]
pub struct Judge {
    topics: Vec<TopicRule>,
    weights: Weights,
    rules: Vec<CompiledRule>,
    countries: Vec<Country>,
    matcher: Matcher,
    gazetteer: Gazetteer,
}

impl Judge {
    /// Compiles rules and countries as they were checked by `config`.
    ///
    /// # Errors
    /// Every reason why they cannot be compiled; rules of a sensible size always can.
    pub fn compile(rules: &Rules, countries: &[Country]) -> Result<Self, Vec<Problem>> {
        match (Matcher::compile(rules), Gazetteer::compile(countries)) {
            (Ok((matcher, compiled)), Ok(gazetteer)) => Ok(Self {
                topics: rules.topics.clone(),
                weights: rules.weights,
                rules: compiled,
                countries: countries.to_vec(),
                matcher,
                gazetteer,
            }),
            (matcher, gazetteer) => Err([matcher.err(), gazetteer.err()].into_iter().flatten().collect()),
        }
    }

    /// Judges a record. Any text will do, also none.
    pub fn judge(&self, record: &Record) -> Judgement {
        let mut reading = Reading::new(record, &self.matcher, self.weights);
        let mut tags = Tags::new();
        let mut why = Why::default();
        self.apply(&[Facet::Finding], &reading, &mut tags);
        set_zones(&mut reading, &tags);
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
        let mut countries = Vec::new();
        for (number, reasons) in &places.countries {
            if let Some(country) = self.countries.get(*number) {
                why.add("country", &country.iso3, reasons.clone());
                countries.push(country.iso3.clone());
            }
        }
        let mut region_terms: Vec<String> = rule::values(Facet::Region, &tags).into_iter().collect();
        region_terms.extend(
            place::region_of_many(&places, &self.countries).filter(|_| region_terms.is_empty()).map(str::to_owned),
        );
        let flags = flag::find(record, &tags, &places, &mut why);
        let finding = finding::find(&reading, &tags, design, record);
        why.add("finding", "text", finding.evidence.clone());
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

    /// Applies all rules of some facets.
    fn apply(&self, facets: &[Facet], reading: &Reading<'_>, tags: &mut Tags) {
        for facet in facets {
            rule::apply(*facet, self.rules.iter(), reading, tags);
        }
    }
}

/// Tells the rules that follow which sentences state the aim and which conclude.
fn set_zones(reading: &mut Reading<'_>, tags: &Tags) {
    let Some(text) = reading.text(Field::Abstract) else { return };
    let (concluding, _) = conclusion::find(reading.record, text, tags);
    let numbers: Vec<usize> = concluding.iter().filter_map(|range| text.sentence_at(range.start)).collect();
    let aims: Vec<usize> = reading.sentences_of(tags, "finding:aim").collect();
    reading.set_zone(Zone::Aim, aims.into_iter());
    reading.set_zone(Zone::Conclusion, numbers.into_iter());
}
