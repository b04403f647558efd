//! What an answer about a paper's scope says of its tags.

use crate::draft;
use crate::model::WorkId;
use crate::pipeline::choose::BY_DRAFT;
use crate::pipeline::judge::{TagFacet, Wish};
use crate::pipeline::{Ctx, Result};
use crate::store::TagAction;

/// Returns what an answer about a paper's scope says of its tags: its scope; or its countries, and by them
/// its scope.
pub(super) fn wishes_of(ctx: &Ctx, answer: &str) -> Vec<Wish> {
    let add = |facet: TagFacet, value: &str| Wish { action: TagAction::Add, facet, value: value.to_owned() };
    let countries = draft::countries_of(answer).into_iter().map(|code| add(TagFacet::Country, code));
    let scope = draft::scope_of(answer, &ctx.config.countries);
    countries.chain([add(TagFacet::Scope, scope.as_str())]).collect()
}

/// Returns what takes back the countries that an earlier answer in the draft named and this one does
/// not: a corrected answer takes the place of the old one.
///
/// # Errors
/// When the database cannot be read.
pub(super) fn outdated(ctx: &Ctx, work: &WorkId, wishes: &[Wish]) -> Result<Vec<Wish>> {
    let country = TagFacet::Country.as_str();
    let is_kept = |value: &str| wishes.iter().any(|w| w.facet == TagFacet::Country && w.value == value);
    let words = ctx.store.tag_words(work)?;
    let old = words
        .into_iter()
        .filter(|w| w.facet == country && w.who == BY_DRAFT && w.action == TagAction::Add && !is_kept(&w.value));
    Ok(old.map(|w| Wish { action: TagAction::Undo, facet: TagFacet::Country, value: w.value }).collect())
}
