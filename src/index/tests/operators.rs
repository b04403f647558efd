//! What operators promise, whatever stands beside them.

use std::collections::BTreeSet;

use super::shelf::With as _;
use super::{Index, Options, indexed, paper, parse_query};

/// Operands: words that join, short names and the everyday words that are spelt like them, tags, phrases.
const OPERANDS: &[&str] = &[
    "had",
    "the",
    "its",
    "it",
    "IT",
    "who",
    "WHO",
    "us",
    "US",
    "aids",
    "AIDS",
    "vs",
    "versus",
    "about",
    "de",
    "of",
    "stigma",
    "hads",
    "HADS",
    "\"had\"",
    "country:KE",
    "title:the",
    "depress*",
    "(the of)",
    "what",
];

#[test]
fn either_finds_at_least_each_and_both_no_more() {
    let text = |id: &str, title: &str, text: &str| paper(id, title, text, "2024").country("KEN");
    let papers = [
        text("a", "Women who had a stillbirth", "We asked about its causes: the HADS was used."),
        text("b", "WHO guidance versus practice", "It helps us."),
        text("c", "Stigma of AIDS in the US", "A cohort de la Paz; IT systems, aids and tools."),
        text("d", "Depression", "Nothing else: depressed mothers vs others."),
        text("e", "ITS and care", "Thermal sensation with depression."),
        paper("f", "About them", "World Health Organization and stigma, with HADS.", "2020"),
    ];
    let home = indexed(&papers);
    let searcher = Index::open_reader(home.path()).unwrap();
    for knowledge in [true, false] {
        let options = Options { limit: 50, knowledge, ..Options::default() };
        let ids = |query: &str| -> BTreeSet<String> {
            let hits = searcher.search(&parse_query(query), &options).unwrap().hits;
            hits.iter().map(|h| h.paper.native_id().to_owned()).collect()
        };
        for one in OPERANDS {
            for other in OPERANDS {
                let (a, b) = (ids(one), ids(other));
                let or = ids(&format!("{one} OR {other}"));
                assert!(
                    or.is_superset(&a) && or.is_superset(&b),
                    "{one} OR {other} ({knowledge}): {or:?}, {a:?}, {b:?}"
                );
                let and = ids(&format!("{one} AND {other}"));
                assert!(
                    and.is_subset(&a) && and.is_subset(&b),
                    "{one} AND {other} ({knowledge}): {and:?}, {a:?}, {b:?}"
                );
                let not = ids(&format!("{one} NOT {other}"));
                assert!(not.is_subset(&a), "{one} NOT {other} ({knowledge}): {not:?}, {a:?}");
            }
        }
    }
}
