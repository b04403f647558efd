//! The law of both directions, and what the table of pairs does not say.

use proptest::prelude::*;

use super::*;
use crate::model::{Doi, PartialDate, Pmid, Relation};

/// Titles that are forms of one study, and some that only look so.
const TITLES: &[&str] = &[
    "Peer visits for young mothers in hill districts: a cluster trial",
    "Peer visits for young mothers in hill districts: protocol for a cluster trial",
    "Peer visits for young mothers in hill districts",
    "Correction to: Peer visits for young mothers in hill districts: a cluster trial",
    "Retraction: Peer visits for young mothers in hill districts",
    "Visits lift the mood of young mothers",
    "Editorial",
    "",
];

const DOIS: &[&str] = &[
    "10.5555/law.1",
    "10.1101/2024.02.03.90000001",
    "10.21203/rs.3.rs-90000001/v1",
    "10.21203/rs.3.rs-90000001/v2",
    "10.1002/14651858.cd090001.pub2",
    "10.1002/14651858.cd090001.pub3",
];

const KINDS: &[&str] =
    &["UpdateIn", "UpdateOf", "RetractionIn", "comment-on", "preprint-of", "has-part", "other-way-of-has-part"];

fn any_record() -> impl Strategy<Value = Record> {
    let pick = |n: usize| prop::option::weighted(0.6, 0..n);
    let names =
        (pick(DOIS.len()), pick(3), prop::collection::vec((0..KINDS.len(), 0_usize..3, pick(DOIS.len())), 0..3));
    let rest = (pick(3), pick(4), pick(4), any::<bool>(), any::<bool>());
    (0..TITLES.len(), names, rest).prop_map(|(title, (doi, pmid, said), (author, journal, kind, is_page, has_text))| {
        let at = |list: &[&str], n: Option<usize>| n.and_then(|n| list.get(n)).map(|t| (*t).to_owned());
        let pmid_of = |n: usize| Pmid::parse(&(90_000_301 + n).to_string());
        let relations = said.iter().map(|(kind, pmid, doi)| Relation {
            kind: RelationKind::new(KINDS[*kind]),
            pmid: pmid_of(*pmid),
            doi: at(DOIS, *doi).and_then(|d| Doi::parse(&d)),
            note: None,
        });
        Record {
            title: TITLES[title].into(),
            doi: at(DOIS, doi).and_then(|d| Doi::parse(&d)),
            pmid: pmid.and_then(pmid_of),
            authors: at(&["Example", "Sample", "Other"], author)
                .map(|f| crate::model::Author::person(f, "M"))
                .into_iter()
                .collect(),
            journal: at(&["J Invent", "medRxiv", "Invented Conference on Health", "Invented Agency"], journal),
            year: journal.map(|n| 2022 + i16::try_from(n).unwrap()),
            published: author.and_then(|n| PartialDate::new(2022 + i16::try_from(n).unwrap(), None, None)),
            types: at(&["Preprint", "Journal Article", "News", "Congress"], kind).into_iter().collect(),
            url: is_page.then(|| "https://example.org/1".to_owned()),
            abstract_text: has_text.then(|| format!("About {}. doi.org/10.5555/law.1 NCT90000001", TITLES[0])),
            relations: relations.collect(),
            ..Record::default()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_one_is_to_the_other_holds_turned_round(a in any_record(), b in any_record()) {
        let turned: Vec<RelationKind> = relations_between(&b, &a).iter().map(RelationKind::inverse).collect();
        prop_assert_eq!(relations_between(&a, &b), turned);
        let turned = relation_between(&b, &a).map(|k| k.inverse());
        prop_assert_eq!(relation_between(&a, &b), turned);
    }

    #[test]
    fn keys_are_sorted_and_few(a in any_record()) {
        let keys = link_keys(&a);
        for list in [&keys.offers, &keys.seeks] {
            prop_assert!(list.is_sorted_by(|x, y| x < y) && list.len() < 400, "{list:?}");
        }
    }
}

fn saying(pmid: &str, kind: &str, other: &str) -> Record {
    let relation = Relation { kind: RelationKind::new(kind), pmid: Pmid::parse(other), doi: None, note: None };
    Record { title: "A".into(), pmid: Pmid::parse(pmid), relations: vec![relation], ..Record::default() }
}

#[test]
fn what_both_say_against_each_other_is_no_link() {
    let (a, b) = (saying("90000301", "UpdateIn", "90000302"), saying("90000302", "UpdateIn", "90000301"));
    assert_eq!(relations_between(&a, &b), []);
    let b = saying("90000302", "UpdateOf", "90000301");
    assert_eq!(relation_between(&a, &b), Some(RelationKind::new("update-in")));
}

#[test]
fn two_links_between_two_papers_are_both_kept_the_gravest_first() {
    let mut a = saying("90000301", "CommentIn", "90000302");
    a.relations.push(Relation { kind: RelationKind::new("RetractionIn"), ..a.relations[0].clone() });
    let b = Record { pmid: Pmid::parse("90000302"), ..Record::default() };
    let names: Vec<String> = relations_between(&b, &a).iter().map(ToString::to_string).collect();
    assert_eq!(names, ["retraction-of", "comment-on"]);
}

#[test]
fn a_long_news_text_gives_few_keys_and_a_bomb_of_links_is_capped() {
    let news = |text: String| Record {
        title: "News".into(),
        url: Some("https://example.org/n".into()),
        abstract_text: Some(text),
        ..Record::default()
    };
    let long = link_keys(&news("Every Word Here May Begin A Title Of Some Kind ".repeat(5_000)));
    assert!(long.seeks.len() <= 300, "{}", long.seeks.len());
    let links: Vec<String> = (0..5_000).map(|n| format!("https://doi.org/10.5555/bomb.{n}")).collect();
    let many = link_keys(&news(links.join(" ")));
    assert!(many.seeks.len() <= 70, "{}", many.seeks.len());
}

#[test]
fn a_page_of_a_publisher_names_its_doi() {
    let news = Record {
        title: "News".into(),
        url: Some("https://example.org/n".into()),
        links: vec![
            "https://publisher.example.org/doi/full/10.5555/page.1/full?utm_source=x".into(),
            "https://publisher.example.org/article?id=10.5555%2Fpage.2&from=feed".into(),
        ],
        ..Record::default()
    };
    let seeks = link_keys(&news).seeks;
    for doi in ["doi:10.5555/page.1", "doi:10.5555/page.2"] {
        assert!(seeks.iter().any(|s| s == doi), "{doi} in {seeks:?}");
    }
}
