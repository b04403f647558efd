//! `roundup sources` against the stand-in: listing, finding, trying.

use crate::support::{Bench, Served};

#[test]
fn sources_are_listed_before_and_after_they_were_asked() {
    let served = Served::start();
    let before = served.run(&["sources"]);
    assert_eq!(before.code, 0, "{}", before.all());
    assert!(before.out.contains("· PubMed (pubmed, pubmed)\n    not asked yet\n"), "{}", before.out);
    assert!(!served.month.bench.path().join("data").exists(), "listing makes no database");
    assert_eq!(served.run(&["harvest", "perinatal-alliance", "unavailable-journal"]).code, 3);
    let after = served.says(&["sources"]);
    for words in [
        "✓ Example Perinatal Alliance (perinatal-alliance, feed)\n    last answered on 1 November 2026; papers and news items it told of: 8\n",
        "✗ Journal of Unavailable Results (unavailable-journal, feed)\n    never answered yet\n    has failed since 1 November 2026: http://stand-in.example.org/feeds/unavailable.xml answered 503",
    ] {
        assert!(after.contains(words), "{words} is missing in\n{after}");
    }
    let json = served.run(&["sources", "--json"]);
    let first: serde_json::Value = serde_json::from_str(json.out.lines().next().unwrap()).unwrap();
    assert_eq!((&first["id"], &first["works"]), (&"pubmed".into(), &0.into()));
}

#[test]
fn a_site_that_names_its_feed_gives_the_lines_to_paste() {
    let served = Served::start();
    let site = served.month.server.base_url() + "/site/";
    insta::assert_snapshot!("sources_find_feed", served.says(&["sources", "find", &site, "--allow-private"]));
    let out = served.run(&["sources", "find", &site, "--allow-private"]).out;
    let path = served.month.bench.path().join("feeds.toml");
    let before = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{before}\n{out}")).unwrap();
    let tested = served.run(&["sources", "test", "example-perinatal-alliance-news"]);
    assert_eq!(tested.code, 0, "{}", tested.all());
    assert!(tested.out.contains("gives 8 items; nothing was stored"), "{}", tested.out);
    let feed = served.month.server.base_url() + "/feeds/invented-review.rdf";
    let itself = served.run(&["sources", "find", &feed, "--allow-private", "--json"]);
    let found: serde_json::Value = serde_json::from_str(itself.out.trim()).unwrap();
    assert_eq!(found["feeds"][0]["entries"], 9, "a feed's own address is fine as well");
}

#[test]
fn a_site_without_a_feed_gives_selectors_to_begin_with() {
    let served = Served::start();
    let site = served.month.server.base_url() + "/site/plain";
    let ran = served.run(&["sources", "find", &site, "--allow-private"]);
    assert_eq!(ran.code, 0, "there are lines to paste");
    insta::assert_snapshot!("sources_find_page", served.month.without_port(&ran.out));
    let path = served.month.bench.path().join("feeds.toml");
    let before = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{before}\n{}", ran.out)).unwrap();
    insta::assert_snapshot!("sources_test_page", served.says(&["sources", "test", "ministry-of-examples-news"]));
}

#[test]
fn what_cannot_be_done_is_said_with_what_to_do() {
    let served = Served::start();
    let base = served.month.server.base_url();
    let mut all = String::new();
    for (args, code) in [
        (vec!["sources".to_owned(), "find".into(), format!("{base}/articles/login"), "--allow-private".into()], 1),
        (vec!["sources".into(), "find".into(), format!("{base}/site/")], 1),
        (vec!["sources".into(), "find".into(), "nowhere".into()], 2),
        (vec!["sources".into(), "find".into(), "file:///etc/passwd".into()], 2),
        (vec!["sources".into(), "test".into(), "pubmd".into()], 2),
        (vec!["sources".into(), "test".into(), "inbox".into()], 2),
    ] {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let ran = served.run(&args);
        assert_eq!(ran.code, code, "{args:?}: {}", ran.all());
        let address = served.month.server.address.to_string();
        all.push_str(&format!("$ roundup {}\n{}", args.join(" "), ran.all()).replace(&address, "stand-in.example.org"));
    }
    insta::assert_snapshot!("sources_refused", all);
    assert_eq!(Bench::new().run(&["sources", "find", "nowhere"]).code, 2, "finding needs no home");
}
