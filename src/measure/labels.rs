//! What people say of a paper, as it stands in a labelled line.

use serde_json::{Map, Value};

use crate::model::text::did_you_mean;
use crate::model::{Country, Design, Scope};

/// What people say of a paper. What a line does not say is not measured on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// In, maybe or out.
    pub scope: Scope,
    /// Why it is maybe or out, in the label's own word.
    pub exclude_reason: Option<String>,
    /// Codes of the study's countries.
    pub countries: Option<Vec<String>>,
    /// Working groups.
    pub twg: Option<Vec<String>>,
    /// The first working group; none is an answer too where `twg` is given.
    pub twg_primary: Option<String>,
    /// Study design.
    pub design: Option<Design>,
    /// Conditions.
    pub conditions: Option<Vec<String>>,
    /// Interventions.
    pub interventions: Option<Vec<String>>,
    /// Populations.
    pub populations: Option<Vec<String>>,
    /// When around birth.
    pub perinatal_stage: Option<Vec<String>>,
    /// The sentence that readers should see.
    pub finding: Option<String>,
    /// Papers of one story are drawn together.
    pub story: Option<String>,
}

/// What labels may say.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary<'a> {
    /// The country table.
    pub countries: &'a [Country],
    /// Ids of the working groups.
    pub topics: &'a [String],
}

impl Labels {
    /// Returns the labels of a line, which stand in it or under `truth` in it; `None` when it says no scope.
    /// Beside it what is wrong with them, in plain words: such a label is not measured.
    pub fn read(line: &Map<String, Value>, known: Vocabulary<'_>) -> (Option<Self>, Vec<String>) {
        let line = line.get("truth").and_then(Value::as_object).unwrap_or(line);
        let mut wrong = Vec::new();
        let Some(scope) = read_scope(line, &mut wrong) else { return (None, wrong) };
        let mut list = |name: &str, check: &dyn Fn(&str) -> Result<String, String>| -> Option<Vec<String>> {
            let mut out: Vec<String> = Vec::new();
            for text in texts(line.get(name)?) {
                match check(&text) {
                    Ok(value) if out.contains(&value) => {}
                    Ok(value) => out.push(value),
                    Err(help) => {
                        wrong.push(format!("the label \"{text}\" in {name} is not known: {help}"));
                        return None;
                    }
                }
            }
            Some(out)
        };
        let any = |text: &str| Ok(text.to_owned());
        let country = |text: &str| Country::named(known.countries, text).map(|c| c.iso3.clone());
        let topic = |text: &str| {
            let found = known.topics.iter().find(|t| t.eq_ignore_ascii_case(text)).cloned();
            found.ok_or_else(|| did_you_mean(text, known.topics.iter().map(String::as_str)))
        };
        let countries = list("countries", &country);
        let (twg, primary) = (list("twg", &topic), list("twg_primary", &topic));
        let designs = list("design", &|text| {
            let found = Design::parse(&text.replace('_', "-").to_lowercase());
            found.map(|d| d.to_string()).ok_or_else(|| did_you_mean(text, Design::ALL.iter().map(|d| d.as_str())))
        });
        let out = Self {
            scope,
            countries,
            twg,
            twg_primary: primary.and_then(|l| l.into_iter().next()),
            design: designs.and_then(|l| l.first().and_then(|d| Design::parse(d))),
            conditions: list("conditions", &any),
            interventions: list("interventions", &any),
            populations: list("populations", &any),
            perinatal_stage: list("perinatal_stage", &any),
            finding: text(line, "finding"),
            exclude_reason: text(line, "exclude_reason"),
            story: text(line, "story"),
        };
        (Some(out), wrong)
    }
}

/// Returns the scope of a line: `scope`, or yes and no under `relevant`.
fn read_scope(line: &Map<String, Value>, wrong: &mut Vec<String>) -> Option<Scope> {
    let Some(written) = text(line, "scope") else {
        let is_relevant = line.get("relevant").and_then(Value::as_bool)?;
        return Some(if is_relevant { Scope::In } else { Scope::Out });
    };
    let scope = Scope::parse(&written.to_lowercase());
    if scope.is_none() {
        let help = did_you_mean(&written, Scope::ALL.iter().map(|s| s.as_str()));
        wrong.push(format!("the label \"{written}\" in scope is not known: {help}"));
    }
    scope
}

/// Returns a field's text; `None` when it is empty or no text.
fn text(line: &Map<String, Value>, name: &str) -> Option<String> {
    line.get(name).and_then(Value::as_str).map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned)
}

/// Returns the texts of a value: of a list each, of one text itself; none of anything else.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().flat_map(texts).collect(),
        Value::String(text) if !text.trim().is_empty() => vec![text.trim().to_owned()],
        _ => Vec::new(),
    }
}
