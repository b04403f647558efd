//! The rules that come with the program, held to tables of invented papers.

use std::collections::BTreeSet;

use proptest::prelude::*;
use roundup::config::{countries, topics};
use roundup::model::{Author, Judgement, MeshHeading, Record, Scope, Section};
use roundup::tag::Judge;

/// Returns the built-in judge.
fn judge() -> Judge {
    let (rules, problems) = topics::parse(topics::DEFAULT, "topics.toml");
    assert_eq!(problems, []);
    let (table, problems) = countries::parse(countries::DEFAULT, "countries.csv");
    assert_eq!(problems, []);
    Judge::compile(&rules, &table).expect("the built-in rules compile")
}

/// Runs a table: `title`, `abstract`, `types` in, `want` out, `note` why.
fn check(table: &str, answer: impl Fn(&Judgement) -> Vec<String>) {
    let judge = judge();
    let document: toml_edit::DocumentMut = table.parse().expect("the table is TOML");
    let cases = document.get("case").and_then(toml_edit::Item::as_array_of_tables).expect("the table has cases");
    let mut wrong = Vec::new();
    for case in cases {
        let text = |key: &str| case.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        let texts = |key: &str| -> Vec<String> {
            let values = case.get(key).and_then(|v| v.as_array()).into_iter().flatten();
            values.filter_map(|v| v.as_str()).map(str::to_owned).collect()
        };
        assert!(!text("note").is_empty(), "{} has no note", text("id"));
        let abstract_text = text("abstract");
        let record = Record {
            title: text("title"),
            abstract_text: (!abstract_text.is_empty()).then_some(abstract_text),
            types: texts("types"),
            ..Record::default()
        };
        let judgement = judge.judge(&record);
        let got = answer(&judgement);
        if got != texts("want") {
            wrong.push(format!(
                "{}: want {:?} got {got:?} ({})\n{:#?}",
                text("id"),
                texts("want"),
                text("note"),
                judgement.why
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn countries_are_those_of_the_study() {
    check(include_str!("cases/country.toml"), |j| j.countries.clone());
}

#[test]
fn the_scope_gate_asks_three_questions() {
    check(include_str!("cases/scope.toml"), |j| {
        std::iter::once(j.scope.to_string()).chain(j.exclude_reason.map(|r| r.to_string())).collect()
    });
}

#[test]
fn the_design_is_the_first_row_that_fires() {
    check(include_str!("cases/design.toml"), |j| vec![j.design.to_string()]);
}

#[test]
fn working_groups_are_asked_one_by_one() {
    check(include_str!("cases/topic.toml"), |j| {
        assert_eq!(j.twg.first(), j.twg_primary.as_ref());
        j.twg.clone()
    });
}

/// Returns all tags of conditions, interventions, populations and stages, and `facet:-` for a facet without any.
fn facet_tags(judgement: &Judgement) -> BTreeSet<String> {
    let facets = [
        ("condition", &judgement.conditions),
        ("intervention", &judgement.interventions),
        ("population", &judgement.populations),
        ("stage", &judgement.perinatal_stage),
    ];
    let none = ["-".to_owned()];
    facets
        .into_iter()
        .flat_map(|(facet, tags)| {
            let tags = if tags.is_empty() { none.as_slice() } else { tags.as_slice() };
            tags.iter().map(move |tag| format!("{facet}:{tag}")).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn facets_say_what_a_paper_is_about() {
    let judge = judge();
    let document: toml_edit::DocumentMut = include_str!("cases/facets.toml").parse().expect("the table is TOML");
    let cases = document.get("case").and_then(toml_edit::Item::as_array_of_tables).expect("the table has cases");
    let mut wrong = Vec::new();
    for case in cases {
        let text = |key: &str| case.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        let values = case.get("want").and_then(|v| v.as_array()).into_iter().flatten();
        let want: BTreeSet<String> = values.filter_map(|v| v.as_str()).map(str::to_owned).collect();
        assert!(!want.is_empty() && !text("note").is_empty(), "{} has no want or no note", text("id"));
        let body = Some(text("abstract")).filter(|t| !t.is_empty());
        let judgement = judge.judge(&Record { title: text("title"), abstract_text: body, ..Record::default() });
        let facet = |tag: &str| tag.split(':').next().unwrap_or_default().to_owned();
        let asked: BTreeSet<String> = want.iter().map(|tag| facet(tag)).collect();
        let got: BTreeSet<String> = facet_tags(&judgement).into_iter().filter(|t| asked.contains(&facet(t))).collect();
        if got != want {
            wrong.push(format!("{}: want {want:?} got {got:?} ({})", text("id"), text("note")));
        }
        if judgement.scope != Scope::Out {
            let is_population = judgement.populations.iter().any(|p| p == "adolescents");
            let is_topic = judgement.twg.iter().any(|t| t == "adolescent");
            assert_eq!(is_population, is_topic, "{}: population and working group agree", text("id"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A record with everything a judgement can rest on.
fn full_record() -> Record {
    let section =
        |label: &str, text: &str| Section { label: Some(label.to_owned()), category: None, text: text.to_owned() };
    let sections = vec![
        section("METHODS", "We recruited 120 pregnant women in Lilongwe, Malawi. Depression was measured twice."),
        section(
            "CONCLUSIONS",
            "These findings suggest that group counselling by trained lay workers lowers symptoms of depression among pregnant \
             women in Lilongwe within three months. Further research is needed.",
        ),
        section("FUNDING", "Funded by a foundation."),
    ];
    let joined = |s: &Section| format!("{}: {}", s.label.as_deref().unwrap_or_default(), s.text);
    Record {
        id: "pmid:90000001".to_owned(),
        title: "Group counselling for antenatal depression: a pilot study".to_owned(),
        abstract_text: Some(sections.iter().map(joined).collect::<Vec<_>>().join("\n\n")),
        sections,
        types: vec!["Journal Article".to_owned()],
        mesh: vec![MeshHeading {
            name: "Pregnant Women".to_owned(),
            ui: Some("D037841".to_owned()),
            ..MeshHeading::default()
        }],
        language: vec!["en".to_owned()],
        ..Record::default()
    }
}

#[test]
fn the_finding_is_the_authors_claim_without_its_beginning() {
    let judgement = judge().judge(&full_record());
    assert_eq!(
        judgement.finding.as_deref(),
        Some(
            "Group counselling by trained lay workers lowers symptoms of depression among pregnant women in Lilongwe \
             within three months."
        )
    );
    assert_eq!(judgement.conclusion.len(), 2);
    assert!(judgement.populations.contains(&"pregnant".to_owned()));
    assert!(judgement.has_flag("pilot"));
    assert!(judgement.relevance > 0.6);
}

#[test]
fn a_retracted_paper_keeps_its_design_and_has_no_finding() {
    let mut record = full_record();
    record.title = "Group counselling for antenatal depression: randomised trial".to_owned();
    record.types.push("Retracted Publication".to_owned());
    let judgement = judge().judge(&record);
    assert_eq!(judgement.design.to_string(), "rct");
    assert!(judgement.has_flag("retracted"));
    assert_eq!(judgement.finding, None);
}

#[test]
fn a_country_that_left_the_lmics_lately_is_for_a_person_to_decide() {
    let judge = judge();
    for (title, year, want) in [
        ("Antenatal depression in Plovdiv, Bulgaria", Some(2026), "maybe hic"),
        ("Antenatal depression in Plovdiv, Bulgaria", Some(2027), "out hic"),
        ("Antenatal depression in Plovdiv, Bulgaria", None, "out hic"),
        ("Antenatal depression in Graz, Austria", Some(2026), "out hic"),
        ("Antenatal depression of Syrian refugees in Plovdiv, Bulgaria", Some(2026), "out hic-diaspora"),
    ] {
        let judgement = judge.judge(&Record { title: title.to_owned(), year, ..Record::default() });
        let reason = judgement.exclude_reason.map(|r| r.to_string()).unwrap_or_default();
        assert_eq!(format!("{} {reason}", judgement.scope), want, "{title} {year:?}");
    }
}

#[test]
fn headings_name_places_when_the_text_does_not() {
    let judge = judge();
    for (headings, want, regions, note) in [
        (vec!["Georgia (Republic)"], vec!["GEO"], vec![], "the country, written out"),
        (vec!["Georgia"], vec![], vec![], "the heading Georgia is the state"),
        (vec!["Jordan"], vec!["JOR"], vec![], "a heading is no surname"),
        (vec!["Republic of Korea"], vec!["KOR"], vec![], "not plain"),
        (vec!["Russia (Pre-1917)"], vec!["RUS"], vec![], "with years"),
        (vec!["Medicine, Chinese Traditional"], vec![], vec![], "a medicine"),
        (vec!["Indians, North American"], vec![], vec![], "a people of North America"),
        (vec!["Africa South of the Sahara"], vec![], vec!["Africa", "SSA"], "a region"),
        (vec!["Asia, Southeastern"], vec![], vec!["South-East Asia"], "a region turned round"),
        (vec!["Developing Countries"], vec![], vec!["LMIC"], "a group"),
    ] {
        let heading = |name: &&str| MeshHeading { name: (*name).to_owned(), ..MeshHeading::default() };
        let mesh = headings.iter().map(heading).collect();
        let record = Record { title: "Postnatal depression: a cohort".to_owned(), mesh, ..Record::default() };
        let judgement = judge.judge(&record);
        assert_eq!(judgement.countries, want, "{note}");
        assert_eq!(judgement.region_terms, regions, "{note}");
    }
}

#[test]
fn a_study_in_many_countries_is_also_told_by_its_region() {
    let judge = judge();
    let many = |title: &str| judge.judge(&Record { title: title.to_owned(), ..Record::default() }).region_terms;
    let african = "Mood of mothers in Kenya, Uganda, Ghana, Nigeria, Malawi, Zambia, Mali, Togo and Benin";
    assert_eq!(many(african), ["SSA"]);
    assert_eq!(many(&african.replace("Benin", "Peru")), ["LMIC"]);
    assert_eq!(many("Mood of mothers in Kenya and Peru"), Vec::<String>::new());
}

#[test]
fn affiliations_tell_the_country_of_a_study_that_names_none() {
    let author =
        |affiliation: &str| Author { affiliation: Some(affiliation.to_owned()), ..Author::person("Example", "A") };
    let mut record = Record {
        title: "Predictors of postnatal depression: a cohort study".to_owned(),
        authors: vec![
            author("Example College, Accra, Ghana"),
            author("Example School, Boston, USA"),
            author("Kumasi, Ghana"),
        ],
        ..Record::default()
    };
    let judgement = judge().judge(&record);
    assert_eq!(judgement.countries, ["GHA"]);
    assert!(judgement.has_flag("country-from-affiliation"));
    record.authors.pop();
    assert_eq!(judge().judge(&record).countries, Vec::<String>::new(), "first and last author differ");
}

#[test]
fn names_that_countries_share_are_told_apart_in_addresses() {
    let judge = judge();
    for (affiliations, want, is_unsure, note) in [
        (&["Example College, Korea"][..], &["KOR"][..], false, "never the North"),
        (&["Example College, Seoul, Korea"], &["KOR"], false, "a town says so too"),
        (&["Example College, Korea, Republic of"], &["KOR"], false, "turned round"),
        (&["Example College, Pyongyang, DPR Korea"], &["PRK"], false, "the North is said"),
        (&["Example College, Kinshasa, Congo"], &["COD"], false, "a town says which"),
        (&["Example College, Brazzaville, Congo"], &["COG"], false, "a town of the other one"),
        (&["Example College, Congo"], &["COD", "COG"], true, "nothing says which"),
        (&["Example College, Congo", "Example School, Kinshasa, Congo"], &["COD"], false, "another author says"),
        (&["Example College, Georgia"], &[], false, "the state or the country"),
        (&["Example College, Atlanta, Georgia"], &["USA"], false, "the state"),
        (&["Example College, Tbilisi, Georgia"], &["GEO"], false, "the country"),
        (&["Example College, Amman, Jordan"], &["JOR"], false, "the country"),
        (&["Example College, Conakry, Guinea"], &["GIN"], false, "the country"),
        (&["Example College, Papua New Guinea"], &["PNG"], false, "not Guinea"),
    ] {
        let author = |text: &&str| Author { affiliation: Some((*text).to_owned()), ..Author::person("Example", "A") };
        let record = Record {
            title: "Predictors of postnatal depression: a cohort study".to_owned(),
            authors: affiliations.iter().map(author).collect(),
            ..Record::default()
        };
        let judgement = judge.judge(&record);
        assert_eq!(judgement.countries, want, "{affiliations:?}: {note}");
        assert_eq!(judgement.has_flag("country-unsure"), is_unsure, "{affiliations:?}: {note}");
    }
}

#[test]
fn monstrous_texts_do_no_harm() {
    let judge = judge();
    let long_word = "depress".repeat(15_000);
    let mut texts =
        vec![String::new(), " \n\u{0}".to_owned(), long_word.clone(), "اكتئاب ما بعد الولادة ".repeat(5_000)];
    texts.push("Perinatal depression in Kenya. ".repeat(33_000));
    for word in [
        "maternal ",
        "Georgia Jordan ",
        "depression scale ",
        "refugees from Niger ",
        "maternal. Depression ",
        "LMICs particularly ",
    ] {
        texts.push(word.repeat(60_000));
    }
    for text in texts {
        let record = Record { title: text.clone(), abstract_text: Some(text), ..Record::default() };
        let judgement = judge.judge(&record);
        assert!((0.0..=1.0).contains(&judgement.relevance));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_reason_stands_in_its_field(
        title in "(\\PC|perinatal |depression |Kenya|, | Georgia|é|\u{301}|ß|İ){0,40}",
        body in "(\\PC|We found |conclusions: |12% |randomised |mothers |in Uganda|\\. |\n|ﬁ|½){0,120}",
    ) {
        let record = Record { title: title.clone(), abstract_text: Some(body.clone()), ..Record::default() };
        let judge = JUDGE.with(|j| j.judge(&record));
        for reasons in judge.why.values() {
            prop_assert!(!reasons.is_empty());
            for reason in reasons {
                match reason.field.as_str() {
                    "title" => prop_assert!(title.contains(&reason.text), "{reason:?}"),
                    "abstract" => prop_assert!(body.contains(&reason.text), "{reason:?}"),
                    _ => {}
                }
            }
        }
        for sentence in &judge.conclusion {
            prop_assert!(body.contains(sentence));
        }
        let again = JUDGE.with(|j| j.judge(&record));
        prop_assert_eq!(judge, again);
    }
}

thread_local! {
    static JUDGE: Judge = judge();
}
