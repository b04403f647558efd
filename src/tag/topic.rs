//! Tells which working groups a paper is for (rubric sections 3 and 10).
//!
//! Each group's rules are asked on their own; the rule with the lowest `rank` that fired makes
//! its group the primary one.

use std::collections::BTreeMap;

use super::matcher::CompiledRule;
use super::rule::{Reading, Tags, hits, is_open, is_wordless};
use crate::model::{Evidence, Facet, TopicRule};

/// Returns the groups with their reasons, the primary one first, the others in the order of the file.
pub fn find(
    topics: &[TopicRule],
    rules: &[CompiledRule],
    reading: &Reading<'_>,
    tags: &mut Tags,
) -> Vec<(String, Vec<Evidence>)> {
    let mut ranks: BTreeMap<&str, usize> = BTreeMap::new();
    let mut reasons: BTreeMap<&str, Vec<Evidence>> = BTreeMap::new();
    // Rules that ask for other groups come after those that do not.
    let asks = |r: &&CompiledRule| r.rule.needs.iter().chain(&r.rule.bars).any(|t| t.starts_with("topic:"));
    let (late, early): (Vec<&CompiledRule>, Vec<&CompiledRule>) =
        rules.iter().filter(|r| r.rule.facet == Facet::Topic).partition(asks);
    for compiled in early.into_iter().chain(late) {
        let rule = &compiled.rule;
        let found = hits(compiled, reading, tags);
        // A rule may rest on the absence of everything else; it then has no words to show.
        let fires = !found.is_empty() || (is_wordless(rule) && is_open(rule, tags));
        if fires {
            let rank = ranks.entry(&rule.tag).or_insert(usize::MAX);
            *rank = rule.rank.min(*rank);
            reasons.entry(&rule.tag).or_default().extend(found.iter().map(|h| h.evidence.clone()));
            tags.entry(format!("topic:{}", rule.tag)).or_default().extend(found);
        }
    }
    let place = |id: &str| topics.iter().position(|t| t.id == id).unwrap_or(usize::MAX);
    let primary = ranks.iter().min_by_key(|(id, rank)| (**rank, place(id))).map(|(id, _)| (*id).to_owned());
    let mut out: Vec<(String, Vec<Evidence>)> = reasons.into_iter().map(|(id, r)| (id.to_owned(), r)).collect();
    out.sort_by_key(|(id, _)| (Some(id) != primary.as_ref(), place(id)));
    out
}
