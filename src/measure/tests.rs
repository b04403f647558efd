use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::model::{Country, Design, ExcludeReason, Income};

fn topics() -> Vec<String> {
    ["ikel", "evidence"].map(str::to_owned).to_vec()
}

fn countries() -> Vec<Country> {
    let country = |iso3: &str, name: &str| Country {
        iso3: iso3.into(),
        iso2: String::new(),
        name: name.into(),
        income: Income::Low,
        region: String::new(),
        aliases: vec![],
        demonyms: vec![],
        places: vec![],
        weak: vec![],
        traps: vec![],
        is_lmic: true,
        lmic_last_fy: String::new(),
    };
    vec![country("KEN", "Kenya"), country("UGA", "Uganda")]
}

fn read(line: &Value) -> (Option<Labels>, Vec<String>) {
    let (countries, topics) = (countries(), topics());
    let known = Vocabulary { countries: &countries, topics: &topics };
    Labels::read(line.as_object().expect("an object"), known)
}

fn judged(scope: Scope, countries: &[&str], twg: &[&str], design: Design, relevance: f64) -> Judgement {
    let list = |l: &[&str]| l.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
    Judgement {
        scope,
        exclude_reason: (scope == Scope::Out).then_some(ExcludeReason::Hic),
        countries: list(countries),
        region_terms: vec![],
        twg: list(twg),
        twg_primary: twg.first().map(|t| (*t).to_owned()),
        conditions: vec![],
        interventions: vec![],
        populations: vec![],
        perinatal_stage: vec![],
        design,
        flags: vec![],
        conclusion: vec![],
        finding: Some("It helped!".to_owned()),
        relevance,
        why: BTreeMap::new(),
    }
}

/// Six papers that can be counted by hand.
fn rows() -> Vec<Row> {
    let row = |id: &str, line: Value, judgement: Judgement| Row {
        id: id.to_owned(),
        title: format!("Paper {id}"),
        labels: read(&line).0.expect("labels"),
        judgement,
    };
    let (in_, maybe, out) = (Scope::In, Scope::Maybe, Scope::Out);
    vec![
        row(
            "right",
            json!({"scope": "in", "countries": ["KEN"], "twg": ["ikel"], "twg_primary": "ikel", "design": "rct", "finding": "It helped."}),
            judged(in_, &["KEN"], &["ikel"], Design::Rct, 0.9),
        ),
        row(
            "lost",
            json!({"scope": "in", "countries": ["KEN", "UGA"], "twg": ["ikel"], "twg_primary": "ikel", "design": "cohort"}),
            judged(out, &["KEN"], &[], Design::Cohort, 0.1),
        ),
        row(
            "too-much",
            json!({"scope": "out", "countries": [], "twg": [], "design": "cluster_rct"}),
            judged(in_, &["UGA"], &["ikel"], Design::Rct, 0.8),
        ),
        row(
            "asked",
            json!({"truth": {"scope": "in", "countries": [], "twg": ["evidence", "ikel"], "twg_primary": "evidence"}}),
            judged(maybe, &[], &["ikel", "evidence"], Design::Unclear, 0.4),
        ),
        row("doubt", json!({"scope": "maybe"}), judged(maybe, &["KEN"], &["ikel"], Design::Unclear, 0.4)),
        row("gone", json!({"relevant": false, "story": "s"}), judged(out, &[], &[], Design::Notice, 0.1)),
    ]
}

#[test]
fn figures_are_those_that_a_hand_counts() {
    let report = measure(&rows(), &topics(), Options { draws: 0, ..Options::default() });
    for (name, want) in [
        // In: right, lost, asked; called in: right, too-much.
        ("relevance.precision", 1.0 / 2.0),
        ("relevance.recall", 1.0 / 3.0),
        ("relevance.f1", 0.4),
        ("relevance.in_lost", 1.0 / 3.0),
        // 3 in and 3 not: a negative weighs 3 × .92 / (.08 × 3) = 11.5.
        ("relevance_at_prevalence.precision", 1.0 / 12.5),
        ("relevance_at_prevalence.recall", 1.0 / 3.0),
        ("kept.precision", 3.0 / 4.0),
        ("kept.recall", 3.0 / 4.0),
        // Of kept papers with labelled countries: KEN right twice, UGA missed once.
        ("country.precision", 1.0),
        ("country.recall", 2.0 / 3.0),
        ("country.exact", 2.0 / 3.0),
        ("country.macro_f1", 0.5),
        ("country_all.precision", 2.0 / 3.0),
        ("country_all.exact", 2.0 / 4.0),
        // ikel: right, asked found; lost missed. evidence: asked found.
        ("twg.precision", 1.0),
        ("twg.recall", 3.0 / 4.0),
        ("twg.class.ikel.recall", 2.0 / 3.0),
        ("twg.macro_f1", 0.9),
        ("twg.primary_accuracy", 1.0 / 3.0),
        // rct and cohort right, cluster-rct taken for rct.
        ("design.accuracy", 2.0 / 3.0),
        ("design.macro_f1", (2.0 / 3.0 + 1.0) / 3.0),
        ("design.rct_sensitivity", 1.0),
        ("design.rct_specificity", 1.0),
        ("finding.same", 1.0),
        // Labelled in 0.9, 0.1, 0.4 against out 0.8, 0.1.
        ("relevance.auroc", (2.0 + 0.5 + 1.0) / 6.0),
    ] {
        let value = report.figures.get(name).copied().flatten().unwrap_or_else(|| panic!("{name} is missing"));
        assert!((value - want).abs() < 1e-12, "{name}: {value}, not {want}");
    }
    assert!(!report.figures.contains_key("condition.f1"), "what nobody labelled is not measured");
    assert_eq!(report.groups, [("ikel".to_owned(), [2, 0, 1, 0]), ("evidence".to_owned(), [1, 0, 0, 2])]);
    assert_eq!(report.scopes, [[1, 1, 1], [0, 1, 0], [1, 0, 1]]);
}

#[test]
fn the_gravest_error_stands_first() {
    let report = measure(&rows(), &topics(), Options { draws: 0, ..Options::default() });
    let told: Vec<String> = report
        .wrong
        .iter()
        .map(|w| format!("{}: {}; {} → {}; {}", w.id, w.gravity.words(), w.wanted, w.said, w.also.len()))
        .collect();
    assert_eq!(
        told,
        [
            "lost: in, called out; in → out: hic; 3",
            "too-much: out, called in; out → in; 2",
            "asked: maybe on one side alone; in → maybe; 1",
        ]
    );
}

#[test]
fn the_same_rows_give_the_same_intervals_and_rules_are_no_better_than_themselves() {
    let rows = rows();
    let options = Options { draws: 200, ..Options::default() };
    let (a, b) = (measure(&rows, &topics(), options), measure(&rows, &topics(), options));
    assert_eq!(a.intervals, b.intervals);
    for (name, (low, high)) in &a.intervals {
        let value = a.figures.get(name).copied().flatten().unwrap();
        assert!(*low <= value && value <= *high, "{name}: {low} {value} {high}");
    }
    for difference in compare(&rows, &rows, &topics(), options) {
        assert_eq!((difference.here - difference.other, difference.interval, difference.p), (0.0, (0.0, 0.0), 1.0));
    }
    let mut better = rows.clone();
    for row in &mut better {
        row.judgement.scope = row.labels.scope;
    }
    let recall = compare(&better, &rows, &topics(), options).into_iter().find(|d| d.name == "relevance.recall");
    assert!(recall.is_some_and(|d| d.here > d.other && d.interval.1 > 0.5));
}

#[test]
fn nothing_gives_nothing() {
    let report = measure(&[], &topics(), Options::default());
    assert_eq!((report.rows, report.wrong.len()), (0, 0));
    assert_eq!(compare(&[], &[], &topics(), Options::default()).iter().filter(|d| d.p < 0.05).count(), 0);
}

#[test]
fn labels_are_read_as_people_write_them() {
    for (note, line, scope, wrong) in [
        ("no labels", json!({"title": "x"}), None, vec![]),
        ("any case", json!({"scope": "In"}), Some(Scope::In), vec![]),
        (
            "not a scope",
            json!({"scope": "inn"}),
            None,
            vec!["the label \"inn\" in scope is not known: did you mean \"in\"? known: in, maybe, out"],
        ),
        ("a name", json!({"scope": "out", "countries": ["Kenya"], "twg": "IKEL"}), Some(Scope::Out), vec![]),
        (
            "not a group",
            json!({"scope": "in", "twg": ["ikl"]}),
            Some(Scope::In),
            vec!["the label \"ikl\" in twg is not known: did you mean \"ikel\"? known: ikel, evidence"],
        ),
        (
            "null is nothing",
            json!({"scope": "in", "twg_primary": null, "exclude_reason": null, "design": null}),
            Some(Scope::In),
            vec![],
        ),
    ] {
        let (labels, said) = read(&line);
        assert_eq!(labels.as_ref().map(|l| l.scope), scope, "{note}");
        assert_eq!(said, wrong, "{note}");
        if note == "a name" {
            assert_eq!(labels.and_then(|l| l.countries), Some(vec!["KEN".to_owned()]));
        }
    }
}
