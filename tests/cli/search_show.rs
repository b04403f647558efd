//! `roundup show` and `roundup similar` on a shelf of invented papers.

use serde_json::Value;

use super::search_shelf::{at, is_seen, member};

#[test]
fn the_number_of_a_hit_is_enough() {
    let bench = member();
    let none = bench.run(&["show", "1"]);
    assert!(none.code == 1 && none.err.contains("none is kept here"), "{}", none.all());
    let page = bench.run(&["search", "lullaby", "country:KE", "--sort", "date"]);
    assert!(page.out.starts_with("1. Lullaby groups for postpartum"), "{}", page.out);
    let shown = at(&bench, "80", &["show", "1"]);
    insta::assert_snapshot!("show_80", shown.all());
    insta::assert_snapshot!("show_40", at(&bench, "40", &["show", "1"]).all());
    let beyond = bench.run(&["show", "3"]);
    assert!(beyond.code == 1 && beyond.err.contains("showed numbers 1 to 2"), "{}", beyond.all());
    for id in ["waaaaaaaaaab", "90000001", "10.5555/LULLABY.1", "https://doi.org/10.5555/lullaby.1", "PMC9000001"] {
        assert_eq!(at(&bench, "80", &["show", id]).out, shown.out, "{id}");
    }
    let groups = bench.run(&["show", "90000001"]).out;
    assert!(groups.contains("Evidence and Impact"), "{groups}");
    assert!(bench.run(&["search", "lullaby", "--csv"]).out.contains(",evidence,"), "ids stay in files");
    let two = bench.run(&["show", "PMID:", "90000001", "90000077", "2", "--json"]);
    assert_eq!((two.code, two.out.lines().count()), (1, 2), "{}", two.all());
    assert!(two.err.contains("`roundup add 90000077` brings it in"), "{}", two.err);
    let whole: Value = serde_json::from_str(two.out.lines().next().unwrap()).unwrap();
    assert_eq!(whole["record"]["doi"], "10.5555/lullaby.1");
}

#[test]
fn a_retracted_paper_says_so_first() {
    let bench = member();
    let shown = bench.run(&["show", "https://example.org/dose"]);
    assert!(shown.out.starts_with("RETRACTED: Lullaby dose and mood\n"), "{}", shown.out);
    for words in [
        "Retracted: its findings do not stand.",
        "retracted by Acta Fabricata. 2024 https://pubmed.ncbi.nlm.nih.gov/90000099/",
        "Name19 A, and 5 more",
    ] {
        assert!(shown.out.contains(words), "{words} is missing in\n{}", shown.out);
    }
    assert!(is_seen(&bench.run(&["show", "90000004", "90000005", "90000006"]).out));
}

#[test]
fn papers_like_a_paper_are_shown_as_a_page() {
    let bench = member();
    let page = bench.run(&["similar", "90000002", "--limit", "2"]);
    assert_eq!(page.code, 0, "{}", page.all());
    assert!(page.out.starts_with("Papers like: Singing and sleep of newborns\n\n1. "), "{}", page.out);
    assert!(!page.out.contains("2. Singing and sleep"), "{}", page.out);
    let lines = bench.run(&["similar", "10.5555/sleep.2", "--json"]).out;
    assert!(lines.lines().all(|l| serde_json::from_str::<Value>(l).is_ok_and(|l| l["id"] != "waaaaaaaaaac")));
    assert_eq!(bench.run(&["similar", "90000002", "--limit", "0"]).code, 2);
}
