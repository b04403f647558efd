//! A paper's tags one by one: what the rules say of each, and what people say.

use jiff::tz::TimeZone;

use super::facet::TagFacet;
use super::preview::reason_of;
use crate::model::Judgement;
use crate::pipeline::choose::said_where;
use crate::store::{TagAction, TagWord};

/// One tag of a paper, or one that a person took away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagLine {
    /// The kind of tag.
    pub facet: TagFacet,
    /// Its value.
    pub value: String,
    /// Whether the paper has it, all told.
    pub has: bool,
    /// Why the rules give it; empty when they do not.
    pub reason: String,
    /// Whether the rules give it.
    pub is_of_rules: bool,
    /// What a person said of it.
    pub word: Option<TagWord>,
}

/// Returns a paper's tags, and those that people took away, in the order of the facets. `seen` is what the rules
/// say (`machine`) with the words on top.
pub fn tag_lines(machine: &Judgement, seen: &Judgement, words: &[TagWord]) -> Vec<TagLine> {
    let mut out = Vec::new();
    for facet in TagFacet::ALL {
        let (of_rules, has) = (facet.values(machine), facet.values(seen));
        let said: Vec<&TagWord> = words.iter().filter(|w| TagFacet::parse(&w.facet) == Some(facet)).collect();
        let mut values = has.clone();
        // What the rules say and what people took away stand behind, so that nothing is hidden.
        for value in of_rules.iter().chain(said.iter().map(|w| &w.value)) {
            if !value.is_empty() && !values.contains(value) && (!facet.is_single() || of_rules.contains(value)) {
                values.push(value.clone());
            }
        }
        for value in values {
            let slot = facet.slot(&value);
            // Who names the first group gives the group as well.
            let is_named = |w: &&TagWord| facet == TagFacet::Twg && w.facet == "primary" && w.value == value;
            let word = said.iter().rfind(|w| facet.slot(&w.value) == slot).copied();
            let word = word.or_else(|| words.iter().rfind(is_named)).cloned();
            let is_of_rules = of_rules.contains(&value);
            let key = if facet == TagFacet::Finding { "text" } else { value.as_str() };
            let reason = if is_of_rules { reason_of(machine, facet, key) } else { String::new() };
            out.push(TagLine { facet, has: has.contains(&value), value, reason, is_of_rules, word });
        }
    }
    out
}

/// Returns what a person said of a tag, in one line: "added by Ada on 3 October 2026: the sample was Kenyan".
pub fn told_word(word: &TagWord, zone: &TimeZone) -> String {
    let verb = match word.action {
        TagAction::Add => "added",
        TagAction::Remove => "removed",
        TagAction::Undo => "taken back",
    };
    let day = word.at.to_zoned(zone.clone()).strftime("%-d %B %Y").to_string();
    let why = if word.note.is_empty() { String::new() } else { format!(": {}", word.note) };
    format!("{verb} {} on {day}{why}", said_where(&word.who))
}
