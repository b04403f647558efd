//! Which tags a person may give or take, and what they may be called.

use crate::model::text::{capital, clean_line, did_you_mean, fold, shorten};
use crate::model::{Country, Design, Facet, Judgement, Rules, Scope, tag_words};
use crate::pipeline::Config;
use crate::tag::FIELD_FLAGS;

/// A kind of tag that a person can give or take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TagFacet {
    /// In, maybe or out.
    Scope,
    /// Country of the study.
    Country,
    /// Group of countries.
    Region,
    /// Working group.
    Twg,
    /// The first of the working groups.
    Primary,
    /// Study design.
    Design,
    /// Condition studied.
    Condition,
    /// Intervention studied.
    Intervention,
    /// Who was studied.
    Population,
    /// When around birth.
    Stage,
    /// Something worth marking.
    Flag,
    /// The sentence for readers, in a person's own words.
    Finding,
}

/// Characters of a finding in a person's own words.
const FINDING_CHARS_MAX: usize = 600;

impl TagFacet {
    /// All facets in the order in which people see them.
    pub const ALL: [Self; 12] = [
        Self::Scope,
        Self::Country,
        Self::Region,
        Self::Twg,
        Self::Primary,
        Self::Design,
        Self::Condition,
        Self::Intervention,
        Self::Population,
        Self::Stage,
        Self::Flag,
        Self::Finding,
    ];

    /// Returns the name as it stands in reasons and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scope => "scope",
            Self::Country => "country",
            Self::Region => "region",
            Self::Twg => "twg",
            Self::Primary => "primary",
            Self::Design => "design",
            Self::Condition => "condition",
            Self::Intervention => "intervention",
            Self::Population => "population",
            Self::Stage => "stage",
            Self::Flag => "flag",
            Self::Finding => "finding",
        }
    }

    /// Returns the name for readers ("Working group").
    pub fn name(self) -> &'static str {
        match self {
            Self::Scope => "Scope",
            Self::Country => "Country",
            Self::Region => "Region",
            Self::Twg => "Working group",
            Self::Primary => "First working group",
            Self::Design => "Study design",
            Self::Condition => "Condition",
            Self::Intervention => "Intervention",
            Self::Population => "Population",
            Self::Stage => "Time around birth",
            Self::Flag => "Mark",
            Self::Finding => "Finding",
        }
    }

    /// Returns a value's name for readers: "Kenya" for the country `KEN`, "Randomised trial" for the design `rct`. A
    /// value that the settings of today do not know is told as it is; a finding is its own name.
    pub fn value_name(self, value: &str, config: &Config) -> String {
        match self {
            Self::Scope => Scope::parse(value).map_or_else(|| value.to_owned(), |s| s.label().to_owned()),
            Self::Country => config.country_name(value),
            Self::Design => Design::parse(value).map_or_else(|| value.to_owned(), |d| d.label().to_owned()),
            Self::Twg | Self::Primary => {
                let topic = config.rules.topics.iter().find(|t| t.id == value);
                topic.map_or_else(|| capital(&tag_words::words(value)), |t| t.name.clone())
            }
            Self::Region | Self::Finding => value.to_owned(),
            Self::Condition | Self::Intervention | Self::Population | Self::Stage | Self::Flag => {
                capital(&tag_words::words(value))
            }
        }
    }

    /// Returns every value that a person may name, as it is stored: those of scopes, groups and designs in their
    /// own order, all others in that of their names. None for a finding, for which any words will do.
    pub fn choices(self, config: &Config) -> Vec<String> {
        let mut out = match self {
            Self::Country => config.countries.iter().map(|c| c.iso3.clone()).collect(),
            _ => self.vocabulary(&config.rules),
        };
        if !matches!(self, Self::Scope | Self::Twg | Self::Primary | Self::Design) {
            out.sort_by_cached_key(|value| (fold(&self.value_name(value, config)), value.clone()));
        }
        out
    }

    /// Returns the facet of a name, also of the field's name in `roundup tag` and of everyday words.
    pub fn parse(name: &str) -> Option<Self> {
        let name = fold(name.trim()).replace('_', "-");
        Some(match name.as_str() {
            "countries" => Self::Country,
            "regions" | "region-terms" => Self::Region,
            "group" | "groups" | "topic" | "working-group" => Self::Twg,
            "twg-primary" | "primary-twg" => Self::Primary,
            "perinatal-stage" => Self::Stage,
            "summary" => Self::Finding,
            name => Self::ALL
                .into_iter()
                .find(|f| name.strip_suffix('s').unwrap_or(name) == f.as_str() || name == f.as_str())?,
        })
    }

    /// Tells whether a paper has one value of it at most: a newer word then takes the place of an older
    /// one on any value.
    pub fn is_single(self) -> bool {
        matches!(self, Self::Scope | Self::Primary | Self::Design | Self::Finding)
    }

    /// Returns what a later word on a value takes the place of.
    pub fn slot(self, value: &str) -> String {
        if self.is_single() { self.as_str().to_owned() } else { format!("{}:{value}", self.as_str()) }
    }

    /// Returns the values that a judgement has of a facet, in its order; of a finding its sentence.
    pub fn values(self, judgement: &Judgement) -> Vec<String> {
        match self {
            Self::Scope => vec![judgement.scope.to_string()],
            Self::Design => vec![judgement.design.to_string()],
            Self::Primary => judgement.twg_primary.iter().cloned().collect(),
            Self::Finding => judgement.finding.iter().cloned().collect(),
            Self::Country => judgement.countries.clone(),
            Self::Region => judgement.region_terms.clone(),
            Self::Twg => judgement.twg.clone(),
            Self::Condition => judgement.conditions.clone(),
            Self::Intervention => judgement.interventions.clone(),
            Self::Population => judgement.populations.clone(),
            Self::Stage => judgement.perinatal_stage.clone(),
            Self::Flag => judgement.flags.clone(),
        }
    }

    /// Returns the list of a judgement that holds a facet's values; `None` where there is one value.
    pub(super) fn list(self, judgement: &mut Judgement) -> Option<&mut Vec<String>> {
        match self {
            Self::Country => Some(&mut judgement.countries),
            Self::Region => Some(&mut judgement.region_terms),
            Self::Twg => Some(&mut judgement.twg),
            Self::Condition => Some(&mut judgement.conditions),
            Self::Intervention => Some(&mut judgement.interventions),
            Self::Population => Some(&mut judgement.populations),
            Self::Stage => Some(&mut judgement.perinatal_stage),
            Self::Flag => Some(&mut judgement.flags),
            Self::Scope | Self::Primary | Self::Design | Self::Finding => None,
        }
    }

    /// Returns every value that the vocabulary knows, in its order; none where any words will do, and
    /// for countries, which are known by the country table.
    fn vocabulary(self, rules: &Rules) -> Vec<String> {
        let of_rules = |facet: Facet| {
            let mut out: Vec<String> = rules.rules.iter().filter(|r| r.facet == facet).map(|r| r.tag.clone()).collect();
            out.sort();
            out.dedup();
            out
        };
        match self {
            Self::Scope => Scope::ALL.iter().map(ToString::to_string).collect(),
            Self::Design => Design::ALL.iter().map(ToString::to_string).collect(),
            Self::Twg | Self::Primary => rules.topics.iter().map(|t| t.id.clone()).collect(),
            Self::Region => of_rules(Facet::Region),
            Self::Condition => of_rules(Facet::Condition),
            Self::Intervention => of_rules(Facet::Intervention),
            Self::Population => of_rules(Facet::Population),
            Self::Stage => of_rules(Facet::Stage),
            Self::Flag => {
                let mut out = of_rules(Facet::Flag);
                out.extend(FIELD_FLAGS.map(str::to_owned));
                out.sort();
                out.dedup();
                out
            }
            Self::Country | Self::Finding => Vec::new(),
        }
    }

    /// Returns a facet's value as it is stored, from what a person wrote.
    ///
    /// # Errors
    /// What is wrong with it, and on the next line the nearest value that is known.
    pub fn value(self, written: &str, config: &Config) -> Result<String, String> {
        match self {
            Self::Country => Country::named(&config.countries, written)
                .map(|c| c.iso3.clone())
                .map_err(|help| format!("no country is called \"{}\"\n  help: {help}", written.trim())),
            Self::Finding => {
                let text = clean_line(written);
                match text.chars().count() {
                    n if n > FINDING_CHARS_MAX => {
                        let head = shorten(&text, 40);
                        Err(format!(
                            "the finding has {n} characters: \"{head}\"\n  help: one sentence, at most {FINDING_CHARS_MAX} characters"
                        ))
                    }
                    _ => Ok(text),
                }
            }
            _ => {
                let form = |t: &str| fold(t.trim()).replace(['_', ' '], "-");
                let known = self.vocabulary(&config.rules);
                let wanted = form(written);
                let by_name = || self.by_label(&wanted, &config.rules, form);
                known.iter().find(|v| form(v) == wanted).cloned().or_else(by_name).ok_or_else(|| {
                    let help = did_you_mean(&wanted, known.iter().map(String::as_str));
                    format!("no {} is called \"{}\"\n  help: {help}", self.words(), written.trim())
                })
            }
        }
    }

    /// Returns the value that readers know by a longer name.
    fn by_label(self, wanted: &str, rules: &Rules, form: impl Fn(&str) -> String) -> Option<String> {
        match self {
            Self::Twg | Self::Primary => rules.topics.iter().find(|t| form(&t.name) == wanted).map(|t| t.id.clone()),
            Self::Design => Design::ALL.iter().find(|d| form(d.label()) == wanted).map(ToString::to_string),
            _ => None,
        }
    }

    /// Returns what one value of it is, for people.
    fn words(self) -> &'static str {
        match self {
            Self::Twg | Self::Primary => "working group",
            Self::Design => "study design",
            other => other.as_str(),
        }
    }
}

/// Returns the facet and the value of a tag as a person writes it, `facet:value`; the value of a finding
/// may be left out.
///
/// # Errors
/// What is wrong with it, and on the next line what to write instead.
pub fn parse_tag(written: &str, config: &Config) -> Result<(TagFacet, String), String> {
    let (name, value) = written.split_once(':').map_or((written.trim(), None), |(n, v)| (n.trim(), Some(v)));
    match (TagFacet::parse(name), value) {
        (Some(facet), Some(value)) => Ok((facet, facet.value(value, config)?)),
        (Some(TagFacet::Finding), None) => Ok((TagFacet::Finding, String::new())),
        (Some(facet), None) => {
            let example = example(facet);
            Err(format!(
                "\"{written}\" gives no value\n  help: write it as {}:value, for example {example}",
                facet.as_str()
            ))
        }
        (None, Some(_)) => {
            let help = did_you_mean(&fold(name), TagFacet::ALL.iter().map(|f| f.as_str()));
            Err(format!("no kind of tag is called \"{name}\"\n  help: {help}"))
        }
        (None, None) => {
            let fits = TagFacet::ALL.iter().filter(|f| **f != TagFacet::Finding && f.value(name, config).is_ok());
            let meant: Vec<String> = fits.map(|f| format!("{}:{name}", f.as_str())).collect();
            let known: Vec<&str> = TagFacet::ALL.iter().map(|f| f.as_str()).collect();
            let help = match meant.as_slice() {
                [] => format!("write kind:value, for example country:Kenya; kinds: {}", known.join(", ")),
                some => format!("did you mean {}?", some.join(" or ")),
            };
            Err(format!("\"{written}\" does not say what kind of tag it is\n  help: {help}"))
        }
    }
}

/// Returns a tag of a facet, to show how one is written.
fn example(facet: TagFacet) -> &'static str {
    match facet {
        TagFacet::Scope => "scope:in",
        TagFacet::Country => "country:Kenya",
        TagFacet::Region => "region:LMIC",
        TagFacet::Twg => "twg:evidence",
        TagFacet::Primary => "primary:evidence",
        TagFacet::Design => "design:cohort",
        TagFacet::Condition => "condition:depression",
        TagFacet::Intervention => "intervention:digital",
        TagFacet::Population => "population:pregnant",
        TagFacet::Stage => "stage:antenatal",
        TagFacet::Flag => "flag:preprint",
        TagFacet::Finding => "finding:\"one sentence\"",
    }
}
