//! `roundup add` against the stand-in: what people type, and what it says.

use crate::support::{Bench, Served};

/// The paper that only the DOI register and its own page know.
const WALK: &str = "10.5555/walk.2026.1";

#[test]
fn a_doi_that_pubmed_does_not_have_comes_from_the_register() {
    let served = Served::start();
    let tried = served.says(&["add", WALK, "--dry-run"]);
    assert!(tried.starts_with("exit 0\n--- out\n✓ would be added: Walking groups"), "{tried}");
    assert!(!served.month.bench.path().join("data").exists(), "trying leaves nothing behind");
    insta::assert_snapshot!("add_register", served.says(&["add", "doi:", "10.5555/WALK.2026.1."]));
    let again = served.says(&["add", "<https://doi.org/10.5555/walk.2026.1>"]);
    assert!(again.contains("✓ was here already, nothing changed: Walking groups"), "{again}");
    let page = served.month.server.base_url() + roundup::standin::landing::ARTICLE;
    let merged = served.says(&["add", &page]);
    assert!(merged.contains("✓ was here already, now with what was found: Walking groups"), "{merged}");
    let again = served.says(&["add", &page]);
    assert!(again.contains("nothing changed"), "{again}");
    assert_eq!(served.run(&["search", "walking", "--count"]).out.trim(), "1", "one paper, however it was named");
    let drafted = served.run(&["draft", "2026-10"]);
    assert!(drafted.out.contains("1 paper chosen"), "{}", drafted.out);
    let placed = served.says(&["add", WALK]);
    assert!(placed.contains("it is in ./drafts/2026-10.toml already, as an item"), "{placed}");
}

#[test]
fn a_page_that_names_a_paper_is_merged_with_pubmeds_record() {
    let served = Served::start();
    let page = served.month.server.base_url() + roundup::standin::landing::KNOWN;
    let ran = served.says(&["add", &page]);
    assert!(ran.contains("✓ added: Intimate partner violence"), "{ran}");
    assert!(ran.contains("from PubMed and its own page"), "{ran}");
    let same = served.says(&["add", "PMID:", "90010119"]);
    assert!(same.contains("nothing changed"), "{same}");
    let json = served.run(&["add", "90010119", "--json"]);
    let report: serde_json::Value = serde_json::from_str(json.out.trim()).unwrap();
    assert_eq!((&report["outcome"], &report["record"]["pmid"]), (&"same".into(), &"90010119".into()));
    assert_eq!(report["record"]["links"][0], format!("{}/articles/violence.pdf", served.month.server.base_url()));
}

#[test]
fn what_is_not_found_is_said_with_what_to_do() {
    let served = Served::start();
    let login = served.month.server.base_url() + "/articles/login";
    insta::assert_snapshot!(
        "add_not_found",
        served.says(&["add", "90999999", "10.5555/nothing", &login, "depression"])
    );
    assert_eq!(served.run(&["add", "depression"]).code, 2, "wrong usage when nothing names a paper");
    assert_eq!(served.run(&["add", WALK, "90999999"]).code, 3, "partly done");
    assert_eq!(served.run(&["add"]).code, 2);
}

#[test]
fn a_paper_can_be_written_down_by_hand_and_put_into_the_issue() {
    let served = Served::start();
    let wrong = served.run(&["add", "--title", "A report", "--url", "no where", "--date", "soon", "--doi", "x"]);
    assert_eq!(wrong.code, 2);
    insta::assert_snapshot!("add_by_hand_wrong", wrong.err);
    let args =
        ["add", "--title", "A report on mothers in Kenya", "--url", "www.example.org/report", "--date", "2026-10"];
    let added = served.run(&args);
    assert_eq!(added.code, 0, "{}", added.all());
    insta::assert_snapshot!("add_by_hand", added.out);
    assert!(served.run(&args).out.contains("nothing changed"));
    served.run(&["draft", "2026-10"]);
    let path = served.month.bench.path().join("drafts/2026-10.toml");
    let block = added.out.split_once("\n\n").unwrap().1.replace("summary = \"\"", "summary = \"Mothers were asked.\"");
    std::fs::write(&path, std::fs::read_to_string(&path).unwrap() + "\n" + &block).unwrap();
    let checked = served.run(&["check", "2026-10"]);
    assert!(!checked.out.contains("error"), "{}", checked.out);
    let rendered = served.run(&["render", "2026-10"]);
    assert_eq!(rendered.code, 0, "{}", rendered.all());
    assert!(rendered.out.contains("with 1 paper"), "{}", rendered.out);
    let next = served.run(&["add", WALK]);
    assert!(next.out.contains("`roundup draft 2026-11`"), "what is rendered may be with its readers: {}", next.out);
}

#[test]
fn adding_replays_without_a_network() {
    let bench = Bench::new();
    bench.run(&["init", "."]);
    let ran = bench.run_with(&["add", "https://www.example.org/news/1"], &[("ROUNDUP_HTTP", "replay:cassettes")]);
    assert_eq!(ran.code, 1, "{}", ran.all());
    assert!(ran.err.contains("this exchange was not recorded"), "{}", ran.err);
    assert!(ran.err.contains("roundup add --title"), "{}", ran.err);
}

#[test]
fn what_cannot_be_asked_may_be_here_already() {
    let served = Served::start();
    assert_eq!(served.run(&["add", WALK]).code, 0);
    for (id, what) in [("doi", WALK), ("page", "https://doi.org/10.5555/walk.2026.1")] {
        let cut = [("ROUNDUP_HTTP", "replay:cassettes")];
        let ran = served.month.bench.run_with(&["add", what], &cut);
        assert_eq!(ran.code, 0, "{id}: {}", ran.all());
        for words in
            ["it is here already: Walking groups", "its id is wpse55fxz74a", "`roundup draft 2026-10` will put it"]
        {
            assert!(ran.out.contains(words), "{id}: {words} is missing in\n{}", ran.out);
        }
    }
}

#[test]
fn a_doi_of_another_paper_is_told() {
    let served = Served::start();
    assert_eq!(served.run(&["add", WALK]).code, 0);
    let args = ["add", "--title", "Antenatal screening by telephone in Peru", "--doi", WALK, "--date", "2026-10-02"];
    for (turn, head) in [(1, "✓ added: Antenatal screening"), (2, "✓ was here already, nothing changed: Antenatal")]
    {
        let ran = served.run(&args);
        assert_eq!(ran.code, 0, "{}", ran.all());
        for words in [head, "is already here as “Walking groups", "(wpse55fxz74a)", "check the DOI"] {
            assert!(ran.out.contains(words), "{turn}: {words} is missing in\n{}", ran.out);
        }
    }
    let other = served.run(&["add", "--title", "Fathers and sleep after birth", "--doi", WALK]);
    assert!(other.out.contains("✓ added: Fathers and sleep"), "the one before is not overwritten: {}", other.out);
}

#[test]
fn the_reason_for_leaving_out_is_the_one_that_holds() {
    let served = Served::start();
    for (title, date, want) in [
        ("Maternal depression in rural Kenya: a trial", None, "no date is known"),
        (
            "Postpartum depression in Uganda: a cohort study",
            Some("2025-03"),
            "it appeared in March 2025, and the issue takes papers of 31 July 2026 to 31 October 2026",
        ),
        ("Cattle feed", Some("2026-10"), "it is out of scope by its words"),
    ] {
        let mut args = vec!["add", "--month", "2026-10", "--title", title];
        args.extend(date.iter().flat_map(|d| ["--date", d]));
        let ran = served.run(&args);
        assert!(ran.out.contains("the machine will not propose it for October 2026: "), "{}", ran.out);
        assert!(ran.out.contains(want), "{want} is missing in\n{}", ran.out);
    }
}

#[test]
fn by_hand_needs_a_title() {
    let bench = Bench::new();
    let ran = bench.run(&["add", "--url", "www.example.org/report"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("by hand needs --title"), "{}", ran.err);
}
