//! The score by rules: `Σ weight × part`, every part 0.0–1.0, weights from `[rank]` in `feeds.toml`,
//! normalised.

use jiff::civil::Date;

use crate::model::{Design, Evidence, Judgement, RankWeights, Record, Score, ScorePart};

/// Days over which the part for recency falls from 1 to 0.
const RECENT_DAYS: i32 = 120;

/// A paper's first working group.
#[derive(Debug, Clone, Copy, Default)]
pub struct Group<'a> {
    /// Its name for people; empty where it is not known, then its id is told.
    pub name: &'a str,
    /// Whether no words of the paper named a group and its source's usual group was taken instead.
    pub is_hinted: bool,
}

/// Returns the score of a paper for an issue that ends on `last_day`.
pub fn score(record: &Record, judgement: &Judgement, weights: &RankWeights, last_day: Date, group: Group<'_>) -> Score {
    let parts = vec![
        relevance(judgement, weights.relevance),
        topic(judgement, weights.topic, group),
        design(judgement, weights.design),
        setting(judgement, weights.setting),
        recency(record, weights.recency, last_day),
        open_access(judgement, weights.open_access),
    ];
    let sum: f64 = parts.iter().map(|p| p.weight).sum();
    let parts: Vec<ScorePart> =
        parts.into_iter().map(|p| ScorePart { weight: if sum > 0.0 { p.weight / sum } else { 0.0 }, ..p }).collect();
    Score { total: parts.iter().map(|p| p.value * p.weight).sum(), parts }
}

fn part(name: &str, value: f64, weight: f64, note: impl Into<String>) -> ScorePart {
    ScorePart { name: name.to_owned(), value: value.clamp(0.0, 1.0), weight, note: note.into() }
}

fn relevance(judgement: &Judgement, weight: f64) -> ScorePart {
    let note = match judgement.relevance {
        r if r >= 0.75 => "clearly in scope",
        r if r >= 0.5 => "in scope",
        r if r >= 0.25 => "partly in scope",
        _ => "hardly in scope",
    };
    part("relevance", judgement.relevance, weight, note)
}

/// A group that several places in the text or a person speak for counts fully; one that only the source hints at
/// counts little.
fn topic(judgement: &Judgement, weight: f64, group: Group<'_>) -> ScorePart {
    let Some(primary) = &judgement.twg_primary else {
        return part("topic", 0.0, weight, "fits no working group");
    };
    let name = if group.name.is_empty() { primary } else { group.name };
    if group.is_hinted {
        return part("topic", 0.3, weight, format!("its source usually serves {name}"));
    }
    let reasons = judgement.why.get(&format!("twg:{primary}")).map_or(&[][..], Vec::as_slice);
    let is_sure = reasons.len() >= 2 || reasons.iter().any(Evidence::is_of_person);
    let value = if is_sure { 1.0 } else { 0.7 };
    part("topic", value, weight, format!("fits {name}"))
}

/// How much weight a design has for readers who decide on care and policy: trials and reviews
/// first, opinion last. An order of usefulness here, not of quality of the paper.
fn design_value(design: Design) -> f64 {
    match design {
        Design::ClusterRct | Design::Rct | Design::MetaAnalysis => 1.0,
        Design::SystematicReview => 0.95,
        Design::Guideline => 0.9,
        Design::QuasiExperimental | Design::Economic => 0.8,
        Design::Cohort | Design::ScopingOtherReview => 0.7,
        Design::MixedMethods | Design::Qualitative | Design::Validation => 0.65,
        Design::CaseControl | Design::ImplementationOther => 0.6,
        Design::CrossSectional => 0.55,
        Design::Protocol | Design::PolicyCommentary => 0.45,
        Design::Unclear => 0.3,
        Design::CaseReport => 0.25,
        Design::Notice => 0.0,
    }
}

fn design(judgement: &Judgement, weight: f64) -> ScorePart {
    part("design", design_value(judgement.design), weight, judgement.design.label().to_lowercase())
}

fn setting(judgement: &Judgement, weight: f64) -> ScorePart {
    let Some(first) = judgement.countries.first() else {
        let (value, note) = if judgement.region_terms.is_empty() {
            (0.0, "no country named")
        } else {
            (0.6, "a region, no single country")
        };
        return part("setting", value, weight, note);
    };
    if judgement.has_flag("country-from-affiliation") {
        return part("setting", 0.4, weight, "country known from the authors' address alone");
    }
    let in_title = judgement.why.get(&format!("country:{first}")).is_some_and(|e| e.iter().any(|e| e.field == "title"));
    let (value, note) = if in_title { (1.0, "country named in the title") } else { (0.8, "country named in the text") };
    part("setting", value, weight, note)
}

fn recency(record: &Record, weight: f64, last_day: Date) -> ScorePart {
    let Some(day) = record.entered.or(record.published).map(crate::model::PartialDate::first_day) else {
        return part("recency", 0.0, weight, "no date known");
    };
    let age = day.until(last_day).map_or(RECENT_DAYS, |s| s.get_days()).max(0);
    let value = 1.0 - f64::from(age.min(RECENT_DAYS)) / f64::from(RECENT_DAYS);
    let note = match age {
        0 => "the last day of the month".to_owned(),
        1 => "1 day before the month ends".to_owned(),
        _ => format!("{age} days before the month ends"),
    };
    part("recency", value, weight, note)
}

fn open_access(judgement: &Judgement, weight: f64) -> ScorePart {
    if judgement.has_flag("open-access") {
        part("open-access", 1.0, weight, "open access")
    } else {
        part("open-access", 0.0, weight, "not known to be open access")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::{PartialDate, Scope};

    fn judged(design: Design) -> Judgement {
        Judgement {
            scope: Scope::In,
            exclude_reason: None,
            countries: vec!["KEN".to_owned()],
            region_terms: vec![],
            twg: vec!["evidence".to_owned()],
            twg_primary: Some("evidence".to_owned()),
            conditions: vec![],
            interventions: vec![],
            populations: vec![],
            perinatal_stage: vec![],
            design,
            flags: vec!["open-access".to_owned()],
            conclusion: vec![],
            finding: None,
            relevance: 0.9,
            why: BTreeMap::new(),
        }
    }

    #[test]
    fn the_score_is_the_sum_of_its_parts() {
        let record = Record { entered: PartialDate::parse("2026-10-20"), ..Record::default() };
        let last = jiff::civil::date(2026, 10, 31);
        let score = score(&record, &judged(Design::Rct), &RankWeights::default(), last, Group::default());
        let sum: f64 = score.parts.iter().map(|p| p.value * p.weight).sum();
        assert!((score.total - sum).abs() < 1e-12);
        assert!((score.parts.iter().map(|p| p.weight).sum::<f64>() - 1.0).abs() < 1e-12);
        let notes: Vec<&str> = score.parts.iter().map(|p| p.note.as_str()).collect();
        assert_eq!(
            notes,
            [
                "clearly in scope",
                "fits evidence",
                "randomised trial",
                "country named in the text",
                "11 days before the month ends",
                "open access"
            ]
        );
    }

    #[test]
    fn how_recent_a_paper_is_reads_well() {
        for (day, want) in [
            ("2026-10-31", "the last day of the month"),
            ("2026-10-30", "1 day before the month ends"),
            ("2026-10-29", "2 days before the month ends"),
        ] {
            let record = Record { entered: PartialDate::parse(day), ..Record::default() };
            assert_eq!(recency(&record, 1.0, jiff::civil::date(2026, 10, 31)).note, want, "{day}");
        }
    }

    #[test]
    fn a_trial_stands_before_a_commentary() {
        let record = Record::default();
        let last = jiff::civil::date(2026, 10, 31);
        let of = |d| score(&record, &judged(d), &RankWeights::default(), last, Group::default()).total;
        assert!(of(Design::Rct) > of(Design::Cohort) && of(Design::Cohort) > of(Design::PolicyCommentary));
    }
}
