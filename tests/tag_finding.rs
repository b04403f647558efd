//! The authors' conclusion and the one sentence for readers: a table of invented abstracts, and laws.

use proptest::prelude::*;
use roundup::config::{countries, topics};
use roundup::model::{Judgement, Record, Section};
use roundup::tag::{Judge, unlabelled};

thread_local! {
    static JUDGE: Judge = {
        let (rules, problems) = topics::parse(topics::DEFAULT, "topics.toml");
        assert_eq!(problems, []);
        let (table, _) = countries::parse(countries::DEFAULT, "countries.csv");
        Judge::compile(&rules, &table).expect("the built-in rules compile")
    };
}

/// Judges a record with the built-in rules.
fn judge(record: &Record) -> Judgement {
    JUDGE.with(|j| j.judge(record))
}

/// Returns the record of a case: `title`, `types`, and `abstract` or `sections` of label, category, text.
fn record(case: &toml_edit::Table) -> Record {
    let text = |key: &str| case.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let texts = |value: &toml_edit::Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|v| v.as_str()).map(str::to_owned).collect()
    };
    let array = |key: &str| case.get(key).and_then(|v| v.as_array()).into_iter().flatten();
    let sections: Vec<Section> = array("sections")
        .map(|section| {
            let [label, category, text] = texts(section).try_into().expect("a section has label, category and text");
            Section { label: Some(label), category: Some(category).filter(|c| !c.is_empty()), text }
        })
        .collect();
    let joined = sections.iter().map(|s| format!("{}: {}", s.label.as_deref().unwrap_or_default(), s.text));
    let whole = if sections.is_empty() { text("abstract") } else { joined.collect::<Vec<_>>().join("\n\n") };
    Record {
        title: text("title"),
        abstract_text: Some(whole).filter(|w| !w.is_empty()),
        sections,
        types: array("types").filter_map(|v| v.as_str()).map(str::to_owned).collect(),
        ..Record::default()
    }
}

#[test]
fn conclusion_and_finding_are_those_of_the_table() {
    let document: toml_edit::DocumentMut = include_str!("cases/finding.toml").parse().expect("the table is TOML");
    let cases = document.get("case").and_then(toml_edit::Item::as_array_of_tables).expect("the table has cases");
    let mut wrong = Vec::new();
    for case in cases {
        let text = |key: &str| case.get(key).and_then(|v| v.as_str()).unwrap_or_default();
        assert!(!text("note").is_empty(), "{} has no note", text("id"));
        let got = judge(&record(case));
        let first = got.conclusion.first().map(String::as_str).unwrap_or_default();
        let finding = got.finding.as_deref().unwrap_or_default();
        if !first.starts_with(text("start"))
            || first.is_empty() != text("start").is_empty()
            || finding != text("finding")
        {
            wrong.push(format!("{} ({})\n  begins: {first}\n  finding: {finding}", text("id"), text("note")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases.len() >= 60);
}

/// Returns a finding as it must stand in the abstract, with and without its first letter.
fn verbatim(finding: &str) -> &str {
    let core = finding.strip_prefix("Authors conclude: ").unwrap_or(finding);
    core.strip_suffix('…').unwrap_or(core)
}

/// Checks the laws of a judgement: all that is quoted stands in the abstract, letter by letter.
fn check_verbatim(judgement: &Judgement, body: &str) {
    for sentence in &judgement.conclusion {
        assert!(body.contains(sentence), "{sentence}");
    }
    for reason in judgement.why.get("finding:conclusion").into_iter().flatten() {
        assert!(body.contains(&reason.text), "{reason:?}");
    }
    let Some(finding) = &judgement.finding else { return };
    let span = judgement.why.get("finding:text").and_then(|w| w.first()).expect("a finding has its span");
    assert!(body.contains(&span.text), "{span:?}");
    assert_eq!(span.text.to_lowercase(), verbatim(finding).to_lowercase(), "only the first letter may differ");
    let rest = |text: &str| text.chars().skip(1).collect::<String>();
    assert_eq!(rest(&span.text), rest(verbatim(finding)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_finding_is_verbatim(
        body in "(\\PC|These findings suggest that |mothers |was lower |and |, and |; |\\. |\\? |In conclusion, |CONCLUSIONS: |Funding: |further studies are needed|should|  \\(95% CI 2 to 4\\)|…|\n|é|ß|İ|mRNA ){0,90}",
    ) {
        let record = Record { title: "Mood of mothers: a survey".to_owned(), abstract_text: Some(body.clone()), ..Record::default() };
        let judgement = judge(&record);
        check_verbatim(&judgement, &body);
        prop_assert_eq!(judgement, judge(&record));
        if let Some((text, at)) = unlabelled(&record) {
            prop_assert!(text.get(at..).is_some_and(|c| !c.is_empty()), "the conclusion begins at a letter");
        }
    }
}

#[test]
fn monstrous_abstracts_do_no_harm() {
    let claim = "These findings suggest that groups lower symptoms, and further research is needed. ";
    let texts = [
        claim.repeat(12_000),
        "conclusion".repeat(10_000),
        "CONCLUSIONS: ".repeat(70_000),
        "(".repeat(100_000),
        "; and, which (x) ".repeat(50_000),
        "انخفضت الأعراض بعد الدعم. ".repeat(30_000),
        "this suggests that ".repeat(50_000),
        "\n".repeat(100_000),
        " … ".repeat(100_000),
    ];
    for text in texts {
        let record = Record { abstract_text: Some(text.clone()), ..Record::default() };
        check_verbatim(&judge(&record), &text);
        let section = Section { label: Some("CONCLUSIONS".to_owned()), category: None, text: text.clone() };
        let record = Record {
            abstract_text: Some(format!("CONCLUSIONS: {text}")),
            sections: vec![section],
            ..Record::default()
        };
        check_verbatim(&judge(&record), record.abstract_text.as_deref().unwrap_or_default());
    }
}

#[test]
fn labels_are_taken_off_before_learning() {
    let before = "We followed women of six clinics through pregnancy and asked about mood at each visit. ".repeat(6);
    let record = Record {
        abstract_text: Some(format!("METHODS: {before}\n\nCONCLUSIONS: Groups helped. They lasted.\n\nFUNDING: None.")),
        ..Record::default()
    };
    let (text, at) = unlabelled(&record).expect("it is labelled");
    assert_eq!(text.get(at..), Some("Groups helped. They lasted."));
    assert!(text.starts_with("We followed"));
    let bare = Record { abstract_text: Some(before), ..Record::default() };
    assert_eq!(unlabelled(&bare), None);
    let first = JUDGE.with(|j| j.beginnings(&bare));
    assert_eq!(first.len(), 6);
    assert!(first.iter().all(|b| !b.signs.is_empty()));
}
