//! The scope gate: perinatal? mental health? an LMIC? (rubric sections 1 and 10).
//!
//! Each question is answered with a strength from 0.0 to 1.0, which is also what relevance is
//! made of:
//!
//! | strength | evidence |
//! |---|---|
//! | 1.0 | the title says it |
//! | 0.8 | 4 points or more by `[weights]` of topics.toml: aim, conclusion, headings, several sentences |
//! | 0.6 | up to 3 points when they make a subject: enough sentences, aim, conclusion, a heading or keyword, any sentence of a short text |
//! | 0.3 | affiliations alone, words in passing in a longer text |
//! | 0.0 | nothing, or only what was adjusted for |
//!
//! `relevance = base + 0.4 × (0.3 × perinatal + 0.4 × mental + 0.3 × place)` with base 0.6 for in,
//! 0.3 for maybe, and 0.0 for out. So any paper in stands above any maybe but the very best, and
//! out papers keep their order among themselves.

use super::place::Places;
use super::rule::{self, Hit, Reading, Tags};
use crate::model::{Country, Design, Evidence, ExcludeReason, Field, Scope};

/// How the gate answered.
#[derive(Debug)]
pub struct Gate {
    /// In, maybe or out.
    pub scope: Scope,
    /// Why not in.
    pub reason: Option<ExcludeReason>,
    /// What the answer rests on.
    pub evidence: Vec<Evidence>,
    /// 0.0–1.0 by the formula above.
    pub relevance: f64,
}

/// In an abstract with more words than this, a subject stands in the aim or the conclusion or again
/// and again; covariates and background are named once or twice.
const SHORT_ABSTRACT_WORDS: usize = 80;

/// Points that make mental health a subject without a word in aim or conclusion: three sentences.
const MENTAL_POINTS: usize = 3;

/// The same for birth, of which fewer words are background: two sentences.
const PERINATAL_POINTS: usize = 2;

/// Answers the three questions.
pub fn judge(reading: &Reading<'_>, tags: &Tags, places: &Places, countries: &[Country], design: Design) -> Gate {
    let perinatal = strength(tags, "gate:perinatal", PERINATAL_POINTS, reading).max(hinted(tags, reading));
    let mental = strength(tags, "gate:mental-health", MENTAL_POINTS, reading);
    let place = place_strength(tags, places);
    let (scope, reason, signs) = answer(reading, tags, places, countries, design, perinatal, mental);
    let base = match scope {
        Scope::In => 0.6,
        Scope::Maybe => 0.3,
        Scope::Out => 0.0,
    };
    let relevance = base + 0.4 * (0.3 * perinatal + 0.4 * mental + 0.3 * place);
    let mut evidence: Vec<Evidence> =
        signs.iter().filter_map(|sign| best(tags, sign)).map(|hit| hit.evidence.clone()).collect();
    if !matches!(reason, Some(ExcludeReason::Animal | ExcludeReason::Notice | ExcludeReason::Letter)) {
        evidence.extend(places.countries.first().and_then(|(_, reasons)| reasons.first().cloned()));
    }
    Gate { scope, reason, evidence, relevance: (relevance * 1000.0).round() / 1000.0 }
}

/// Returns scope, reason and the signs it rests on.
fn answer(
    reading: &Reading<'_>,
    tags: &Tags,
    places: &Places,
    countries: &[Country],
    design: Design,
    perinatal: f64,
    mental: f64,
) -> (Scope, Option<ExcludeReason>, Vec<&'static str>) {
    let has = |sign: &str| tags.contains_key(sign);
    if has("gate:animal") {
        return (Scope::Out, Some(ExcludeReason::Animal), vec!["gate:animal"]);
    }
    if design == Design::Notice || has("gate:notice") {
        return (Scope::Out, Some(ExcludeReason::Notice), vec!["gate:notice", "design:notice"]);
    }
    if has("gate:letter") {
        return (Scope::Out, Some(ExcludeReason::Letter), vec!["gate:letter"]);
    }
    let is_title_only = reading.text(Field::Abstract).is_none_or(|t| t.tokens.is_empty());
    let is_perinatal = perinatal > PASSING && (perinatal >= 1.0 || !has("gate:other-time"));
    if !is_perinatal {
        let unreadable = is_title_only && mental > PASSING && has("gate:perinatal-hint");
        return closed(unreadable, ExcludeReason::NoPerinatal, vec!["gate:perinatal-hint"]);
    }
    if mental <= PASSING {
        let unreadable = is_title_only && has("gate:mental-health-hint");
        return closed(unreadable, ExcludeReason::NoMh, vec!["gate:perinatal", "gate:mental-health-hint"]);
    }
    let (scope, reason, sign) = place_answer(reading, tags, places, countries, design);
    let mut signs = vec!["gate:perinatal", "gate:mental-health"];
    signs.extend(sign);
    (scope, reason, signs)
}

/// A strength up to this is a word in passing and answers nothing.
const PASSING: f64 = 0.3;

/// Returns `maybe, unreadable` or `out` with a reason.
fn closed(
    is_unreadable: bool,
    reason: ExcludeReason,
    signs: Vec<&'static str>,
) -> (Scope, Option<ExcludeReason>, Vec<&'static str>) {
    if is_unreadable {
        return (Scope::Maybe, Some(ExcludeReason::Unreadable), signs);
    }
    (Scope::Out, Some(reason), signs)
}

/// Answers the third question.
fn place_answer(
    reading: &Reading<'_>,
    tags: &Tags,
    places: &Places,
    countries: &[Country],
    design: Design,
) -> (Scope, Option<ExcludeReason>, Option<&'static str>) {
    let has = |sign: &str| tags.contains_key(sign);
    let is_lmic = |(c, _): &(usize, Vec<Evidence>)| countries.get(*c).is_some_and(|c| c.is_lmic);
    if places.countries.iter().any(is_lmic) {
        return (Scope::In, None, None);
    }
    let in_title = |sign: &str| tags.get(sign).into_iter().flatten().any(|h| h.field == Field::Title);
    if !places.countries.is_empty() && !in_title("gate:lmic-region") {
        let is_diaspora = places.has_origin || has("gate:migrants");
        if !is_diaspora && has_left_lately(reading, places, countries) {
            return (Scope::Maybe, Some(ExcludeReason::Hic), None);
        }
        let reason = if is_diaspora { ExcludeReason::HicDiaspora } else { ExcludeReason::Hic };
        return (Scope::Out, Some(reason), None);
    }
    if in_title("gate:hic-region") && !in_title("gate:lmic-region") {
        return (Scope::Out, Some(ExcludeReason::Hic), Some("gate:hic-region"));
    }
    if speaks_of_lmics(tags, reading, design) {
        return (Scope::In, None, Some("gate:lmic-region"));
    }
    if has("gate:hic-region") && !design.is_review() {
        return (Scope::Out, Some(ExcludeReason::Hic), Some("gate:hic-region"));
    }
    let claims_no_place = design.is_review()
        || matches!(design, Design::Guideline | Design::PolicyCommentary)
        || has("gate:global")
        || has("gate:review")
        || !has("gate:study");
    let reason = if claims_no_place { ExcludeReason::GlobalNoLmic } else { ExcludeReason::NoCountry };
    (Scope::Maybe, Some(reason), Some("gate:wide-region"))
}

/// Tells whether a country of the record was an LMIC when its data were collected, by the year of
/// the paper: then a person decides.
fn has_left_lately(reading: &Reading<'_>, places: &Places, countries: &[Country]) -> bool {
    let year = reading.record.citation_year();
    places.countries.iter().any(|(c, _)| countries.get(*c).is_some_and(|c| c.was_lmic(year)))
}

/// Tells whether a group of LMICs is named, and not only as the seat of a campaign's partners.
fn speaks_of_lmics(tags: &Tags, reading: &Reading<'_>, design: Design) -> bool {
    let partners: Vec<&Hit> = tags.get("gate:partners").into_iter().flatten().collect();
    let is_partner = |hit: &Hit| {
        design == Design::PolicyCommentary
            && partners.iter().any(|p| p.field == hit.field && reading.sentence(p).contains(&hit.words.start))
    };
    tags.get("gate:lmic-region").into_iter().flatten().any(|hit| !is_partner(hit))
}

/// Returns how strongly a sign stands in the record, by the table above.
fn strength(tags: &Tags, sign: &str, subject_points: usize, reading: &Reading<'_>) -> f64 {
    let hits = tags.get(sign).map(Vec::as_slice).unwrap_or_default();
    if hits.iter().any(|h| h.field == Field::Title && !h.words.is_empty()) {
        return 1.0;
    }
    let points = rule::points(hits, reading);
    let words = reading.text(Field::Abstract).map_or(0, |t| t.tokens.len());
    let is_subject = points >= subject_points || rule::is_stated(hits, reading) || words <= SHORT_ABSTRACT_WORDS;
    match points {
        0 => 0.0,
        _ if !is_subject => PASSING,
        1..=3 => 0.6,
        _ => 0.8,
    }
}

/// Returns 0.6 when a paper that states mothers or infants as its subject speaks of birth anywhere:
/// "mothers' distress" in the title, "the six-week postnatal visit" among the methods.
fn hinted(tags: &Tags, reading: &Reading<'_>) -> f64 {
    let of = |sign: &str| tags.get(sign).map(Vec::as_slice).unwrap_or_default();
    let is_stated = rule::is_stated(of("gate:perinatal-hint"), reading);
    if is_stated && rule::points(of("gate:perinatal"), reading) > 0 { 0.6 } else { 0.0 }
}

/// Returns how strongly the record says where.
fn place_strength(tags: &Tags, places: &Places) -> f64 {
    let region = tags.get("gate:lmic-region").into_iter().flatten().map(|h| h.field).min();
    match places.best_field.into_iter().chain(region).min() {
        Some(Field::Title) => 1.0,
        Some(Field::Abstract) => 0.8,
        Some(_) => 0.6,
        None if places.is_from_affiliation => PASSING,
        None => 0.0,
    }
}

/// Returns the most telling hit of a sign: title first.
fn best<'t>(tags: &'t Tags, sign: &str) -> Option<&'t Hit> {
    tags.get(sign).into_iter().flatten().min_by_key(|h| (h.field, h.words.start))
}
