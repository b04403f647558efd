//! Puts what people said of a paper's tags on top of what the rules say.

use super::facet::TagFacet;
use crate::model::{Design, Evidence, Judgement, Scope, WorkId};
use crate::pipeline::Result;
use crate::store::{Store, TagAction, TagWord};

/// What the reason of a tag says that a person gave.
pub const ADDED: &str = "a person added it";
/// What the reason of a tag says that a person took.
pub const REMOVED: &str = "a person removed it";

/// Relevance that a paper has at least when a person took it in, 0.0–1.0: clearly in scope.
const RELEVANCE_IN_MIN: f64 = 0.75;
/// Relevance that a paper has at most when a person put it out, 0.0–1.0: hardly in scope.
const RELEVANCE_OUT_MAX: f64 = 0.2;

/// Returns a work's judgement with what people added and removed on top; `None` before it is judged.
///
/// # Errors
/// When the database cannot be read.
pub fn judgement_of(store: &Store, id: &WorkId, judgement: Option<Judgement>) -> Result<Option<Judgement>> {
    let Some(mut judgement) = judgement else { return Ok(None) };
    put_on_top(&mut judgement, &store.tag_words(id)?);
    Ok(Some(judgement))
}

/// Puts words on top of a judgement, the oldest first.
pub fn put_on_top(judgement: &mut Judgement, words: &[TagWord]) {
    let was_out = judgement.scope == Scope::Out;
    for word in words {
        // A facet that no version of ours knows cannot have been written; it would change nothing.
        if let Some(facet) = TagFacet::parse(&word.facet) {
            apply(judgement, facet, word);
        }
    }
    // Working groups stand on papers that are in or maybe; what a person gave stays in any case.
    if judgement.scope == Scope::Out && !was_out {
        let is_said =
            |group: &String| words.iter().any(|w| (w.facet == "twg" || w.facet == "primary") && w.value == *group);
        judgement.twg.retain(is_said);
        mend_primary(judgement);
    }
}

/// Puts one word on top of a judgement.
fn apply(judgement: &mut Judgement, facet: TagFacet, word: &TagWord) {
    let is_added = word.action == TagAction::Add;
    match facet {
        TagFacet::Scope => set_scope(judgement, word, is_added),
        TagFacet::Design => {
            let design = Design::parse(&word.value);
            match design {
                Some(design) if is_added => judgement.design = design,
                Some(design) if judgement.design == design => judgement.design = Design::Unclear,
                _ => {}
            }
        }
        TagFacet::Primary => {
            if is_added {
                judgement.twg.retain(|g| *g != word.value);
                judgement.twg.insert(0, word.value.clone());
                judgement.twg_primary = Some(word.value.clone());
                note(judgement, &format!("twg:{}", word.value), word);
            }
        }
        TagFacet::Finding => judgement.finding = Some(word.value.clone()).filter(|text| is_added && !text.is_empty()),
        list => {
            if let Some(values) = list.list(judgement) {
                if !is_added {
                    values.retain(|v| *v != word.value);
                } else if !values.contains(&word.value) {
                    values.push(word.value.clone());
                }
            }
            mend_primary(judgement);
        }
    }
    if facet == TagFacet::Country && is_added {
        // It is known from a person now.
        judgement.flags.retain(|f| !matches!(f.as_str(), "country-from-affiliation" | "country-unsure"));
    }
    let value = if facet == TagFacet::Finding { "text" } else { &word.value };
    note(judgement, &format!("{}:{value}", facet.as_str()), word);
}

/// Makes the first working group the primary one where the primary one is gone.
fn mend_primary(judgement: &mut Judgement) {
    if !judgement.twg.iter().any(|t| Some(t) == judgement.twg_primary.as_ref()) {
        judgement.twg_primary = judgement.twg.first().cloned();
    }
}

/// Sets the scope that a person gave; relevance goes with it.
fn set_scope(judgement: &mut Judgement, word: &TagWord, is_added: bool) {
    let Some(scope) = Scope::parse(&word.value).filter(|_| is_added) else { return };
    if judgement.scope != scope {
        judgement.exclude_reason = None;
    }
    judgement.scope = scope;
    judgement.relevance = match scope {
        Scope::In => judgement.relevance.max(RELEVANCE_IN_MIN),
        Scope::Maybe => judgement.relevance,
        Scope::Out => judgement.relevance.min(RELEVANCE_OUT_MAX),
    };
}

/// Says in the reasons what a person said, who and when, in the place of what a rule found.
fn note(judgement: &mut Judgement, tag: &str, word: &TagWord) {
    let facet = tag.split(':').next().unwrap_or_default();
    if TagFacet::parse(facet).is_some_and(TagFacet::is_single) {
        judgement.why.retain(|t, _| !t.starts_with(&format!("{facet}:")));
    }
    let rule = if word.action == TagAction::Add { ADDED } else { REMOVED };
    let text = format!("{}, {}", word.who, word.at.strftime("%Y-%m-%d"));
    let text = if word.note.is_empty() { text } else { format!("{text}: {}", word.note) };
    let evidence = Evidence { rule: rule.to_owned(), field: Evidence::OF_PERSON.to_owned(), text };
    judgement.why.insert(tag.to_owned(), vec![evidence]);
}

/// Takes out of a judgement's reasons who said what and what people removed: readers of what is
/// published need neither.
pub fn without_names(judgement: &mut Judgement) {
    judgement.why.retain(|_, reasons| !reasons.iter().any(|e| e.is_of_person() && e.rule == REMOVED));
    for evidence in judgement.why.values_mut().flatten().filter(|e| e.is_of_person()) {
        evidence.text.clear();
    }
}
