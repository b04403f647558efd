//! What is counted is what a filter finds.

use super::shelf::With as _;
use super::{Index, Options, Searcher, indexed, paper, parse_query};
use crate::model::Design;

/// Returns how many papers a query finds.
fn count(searcher: &Searcher, query: &str) -> usize {
    searcher.search(&parse_query(query), &Options::default()).unwrap().total
}

#[test]
fn each_count_is_what_its_filter_finds() {
    // As many papers of a design as its place in the list, so that no two counts are the same.
    let of = |n: usize, design: Design| {
        (0..=n).map(move |m| {
            let id = format!("{}-{m}", design.as_str());
            paper(&id, "A paper", "", "2024").country("KEN").tags(design, "evidence", "depression")
        })
    };
    let papers: Vec<_> = Design::ALL.iter().enumerate().flat_map(|(n, design)| of(n, *design)).collect();
    let home = indexed(&papers);
    let searcher = Index::open_reader(home.path()).unwrap();
    let facets = searcher.search(&parse_query("paper"), &Options::default()).unwrap().facets;
    assert_eq!(facets.design.len(), Design::ALL.len());
    assert!(facets.design.windows(2).all(|two| two[0].1 >= two[1].1), "most papers first");
    for (label, papers) in &facets.design {
        assert_eq!(count(&searcher, &format!("design:\"{label}\"")), *papers, "{label}");
        let design = Design::ALL.iter().find(|d| d.label() == label).unwrap();
        let id = if *design == Design::ScopingOtherReview { "review" } else { design.as_str() };
        assert_eq!(count(&searcher, &format!("design:{id}")), *papers, "{id}");
    }
    assert_eq!(count(&searcher, "design:scoping-other-review"), 6, "by its id only its own");
}
