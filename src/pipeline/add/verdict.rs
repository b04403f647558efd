//! How a paper is judged, in words for the person who added it.

use crate::model::text::shorten;
use crate::model::{Design, Evidence, Judgement, Scope};
use crate::pipeline::Ctx;

/// A judgement in words.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Verdict {
    /// In, maybe or out.
    pub scope: Scope,
    /// One sentence that says so, and why.
    pub says: String,
    /// What else was seen: countries, design, working groups.
    pub seen: Vec<String>,
    /// The words that the scope rests on, each with its field.
    pub because: Vec<String>,
    /// How well it fits the roundup, 0.0–1.0.
    pub relevance: f64,
}

/// Most words that are quoted.
const QUOTED_MAX: usize = 4;
/// Longest quotation, in characters.
const QUOTE_CHARS_MAX: usize = 60;

impl Verdict {
    /// Returns a judgement in words.
    pub(super) fn of(ctx: &Ctx, judgement: &Judgement) -> Self {
        let mut seen: Vec<String> = judgement.countries.iter().map(|c| ctx.config.country_name(c)).collect();
        if judgement.design != Design::Unclear {
            seen.push(judgement.design.label().to_lowercase());
        }
        for topic in ctx.config.rules.topics.iter().filter(|t| judgement.twg.contains(&t.id)) {
            seen.push(format!("for {}", topic.name));
        }
        let mut because: Vec<String> = Vec::new();
        if judgement
            .why
            .get(&format!("scope:{}", judgement.scope))
            .is_some_and(|e| e.iter().any(Evidence::is_of_person))
        {
            because.push("a person said so".to_owned());
        }
        let mut quoted: Vec<String> = Vec::new();
        let scope = judgement.why.iter().filter(|(tag, _)| tag.starts_with("scope:") || tag.starts_with("condition:"));
        for evidence in scope.flat_map(|(_, all)| all).filter(|e| !e.is_of_person()) {
            let quote = shorten(&evidence.text, QUOTE_CHARS_MAX);
            let word = crate::model::text::fold(&quote);
            if !quote.is_empty() && !quoted.contains(&word) && because.len() < QUOTED_MAX {
                because.push(format!("“{quote}” in the {}", field_name(&evidence.field)));
                quoted.push(word);
            }
        }
        Self { scope: judgement.scope, says: says(judgement), seen, because, relevance: judgement.relevance }
    }
}

/// Returns the name of a field for people.
fn field_name(field: &str) -> &str {
    match field {
        "mesh" => "MeSH headings",
        "type" => "publication type",
        "affiliation" => "affiliations",
        other => other,
    }
}

/// Returns the scope in one sentence.
fn says(judgement: &Judgement) -> String {
    match (judgement.scope, judgement.exclude_reason) {
        (Scope::In, _) => "in scope".to_owned(),
        (Scope::Maybe, None) => "its scope is for you to decide".to_owned(),
        (Scope::Maybe, Some(reason)) => format!("its scope is for you to decide: {}", reason.plain()),
        (Scope::Out, None) => "out of scope by the rules".to_owned(),
        (Scope::Out, Some(reason)) => format!("out of scope by the rules: {}", reason.plain()),
    }
}
