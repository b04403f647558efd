//! `roundup saved` on a shelf of invented papers.

use std::process::Stdio;

use serde_json::Value;

use super::search_shelf::{is_plain, member};
use crate::support::Bench;

/// The file of what was seen of the search "lull".
const SEEN: &str = "data/saved/lull.json";

/// A home with the search "Lull"; of what it finds, these papers count as new.
fn with_news(news: &[&str]) -> Bench {
    let bench = member();
    let added = bench.run(&["saved", "add", "Lull", "lullaby", "-kisumu"]);
    assert_eq!(added.code, 0, "{}", added.all());
    unsee(&bench, news);
    bench
}

/// Makes papers new again, as if they had come since the last look.
fn unsee(bench: &Bench, news: &[&str]) {
    let mut seen: Value = serde_json::from_slice(&bench.files("data/saved")[SEEN]).unwrap();
    let left: Vec<&str> = seen["seen"].as_str().unwrap().split(' ').filter(|id| !news.contains(id)).collect();
    seen["seen"] = left.join(" ").into();
    bench.write(SEEN, seen.to_string());
}

#[test]
fn what_matches_when_a_search_is_saved_is_no_news() {
    let bench = member();
    let added = bench.run(&["saved", "add", "Lull", "lullaby", "-kisumu", "--exact"]);
    assert_eq!((added.code, added.err.as_str()), (0, ""), "{}", added.all());
    assert!(added.out.contains("The 6 papers that match now count as seen"), "{}", added.out);
    let news = bench.run(&["saved", "run", "--new"]);
    assert_eq!((news.code, news.out.as_str(), news.err.as_str()), (1, "", ""));
    assert_eq!(bench.run(&["saved", "list"]).out, "Lull lullaby -kisumu --exact\n");
    let shown = bench.run(&["saved", "show", "lull"]).out;
    assert!(shown.starts_with("Lull: lullaby -kisumu\n") && shown.ends_with("6 papers were seen.\n"), "{shown}");
    let page = bench.run(&["saved", "run", "LULL", "--limit", "2"]);
    assert!(page.code == 0 && page.out.contains("6 papers; 2 shown, more with --limit\n"), "{}", page.all());
    assert_eq!(bench.run(&["show", "2"]).code, 0, "numbers are those of the page");
    assert_eq!(bench.run(&["saved", "remove", "lull"]).code, 0);
    assert!(bench.files("data/saved").is_empty());
}

#[test]
fn what_finds_nothing_is_said_when_it_is_saved() {
    let bench = member();
    let alone = bench.run(&["saved"]);
    assert!(alone.code == 1 && alone.err.contains("no search is saved yet"), "{}", alone.all());
    let wrong = ["twg:nonsense", "lullaby"];
    let searched = bench.run(&[&["search"][..], &wrong].concat());
    let added = bench.run(&[&["saved", "add", "bad"][..], &wrong].concat());
    if searched.code == 2 {
        assert_eq!((added.code, bench.files("data/saved").len()), (2, 0), "{}", added.all());
    } else {
        assert!(!searched.err.is_empty() && searched.err.contains(added.err.trim()), "{}", added.all());
        assert!(added.code == 0 && !added.err.is_empty(), "{}", added.all());
        assert_eq!(bench.run(&["saved"]).out, "bad twg:nonsense lullaby\n");
    }
}

#[test]
fn news_is_shown_once() {
    let bench = with_news(&["waaaaaaaaaac", "waaaaaaaaaae"]);
    let peek = bench.run(&["saved", "run", "--new", "--peek", "--ids"]);
    assert_eq!((peek.code, peek.out.as_str()), (0, "waaaaaaaaaae\nwaaaaaaaaaac\n"), "{}", peek.all());
    let one = bench.run(&["saved", "run", "lull", "--new", "--limit", "1"]);
    assert!(one.code == 0 && is_plain(&one.out), "{}", one.all());
    assert!(one.out.contains("2 papers; 1 shown, the others stay new"), "{}", one.out);
    let other = bench.run(&["saved", "run", "--new", "--json"]);
    let line: Value = serde_json::from_str(other.out.trim()).unwrap();
    assert_eq!((&line["search"], &line["id"], &line["rank"]), (&"Lull".into(), &"waaaaaaaaaac".into(), &1.into()));
    let none = bench.run(&["saved", "run", "--new"]);
    assert_eq!((none.code, none.out.as_str()), (1, ""), "{}", none.all());
}

#[test]
fn each_search_has_its_own_news() {
    let bench = with_news(&["waaaaaaaaaac"]);
    for (name, query) in [("sleep", "sleep"), ("silent", "zzzzqqq")] {
        assert_eq!(bench.run(&["saved", "add", name, query]).code, 0);
    }
    let page = bench.run(&["saved", "run", "--new"]);
    assert!(page.out.starts_with("Lull: lullaby -kisumu\n\n1. Singing and sleep"), "{}", page.out);
    assert!(!page.out.contains("sleep: ") && !page.out.contains("silent"), "{}", page.out);
    let all = bench.run(&["saved", "run", "lull", "sleep", "LULL"]);
    assert!(all.out.contains("\nsleep: sleep\n\n7. "), "numbers go on: {}", all.out);
    let file = bench.run(&["saved", "run", "--ids"]);
    assert_eq!((file.code, file.out.lines().count()), (0, 6), "each paper once: {}", file.all());
    let other = bench.run(&["saved", "run", "silent", "--new"]);
    assert_eq!((other.code, other.out.as_str()), (1, ""));
}

#[test]
fn a_reader_who_left_gets_it_the_next_time() {
    for form in [&[][..], &["--json"], &["--ris"]] {
        let bench = with_news(&["waaaaaaaaaac"]);
        let before = bench.files("data/saved");
        let mut child = bench
            .command(&[&["saved", "run", "--new"], form].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let ran = child.wait_with_output().unwrap();
        assert_eq!(ran.status.code(), Some(3), "{form:?}");
        assert_eq!(ran.stderr, b"not all of this could be shown: what is new stays new\n", "{form:?}");
        assert_eq!(bench.files("data/saved"), before, "{form:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn news_that_nobody_could_see_stay_new() {
    for (to, want, said) in [
        (">&-", 3, "standard output is closed: what is new stays new"),
        (">&- 2>&-", 3, ""),
        (">/dev/full", 3, "No space left on device"),
        (">/dev/null", 0, ""),
    ] {
        for form in ["", "--json", "--ris", "--ids"] {
            let bench = with_news(&["waaaaaaaaaac"]);
            let before = bench.files("data/saved");
            let line = format!("exec '{}' saved run --new {form} {to}", env!("CARGO_BIN_EXE_roundup"));
            let mut shell = std::process::Command::new("sh");
            let ran = shell.args(["-c", &line]).current_dir(bench.path()).env_clear().output().unwrap();
            let err = String::from_utf8_lossy(&ran.stderr);
            assert_eq!(ran.status.code(), Some(want), "{form} {to}: {err}");
            assert!(err.contains(said), "{form} {to}: {err}");
            assert_eq!(bench.files("data/saved") == before, want != 0, "{form} {to}");
        }
    }
}

#[test]
fn a_search_that_fails_costs_no_other() {
    let bench = with_news(&["waaaaaaaaaac"]);
    bench.write("data/saved/bad.query.json", "{\"v\":1,\"name\":\"bad\",\"query\":\"foo:bar\"}");
    bench.write("data/saved/torn.query.json", "{\"v\":1,\"na");
    let ran = bench.run(&["saved", "run", "--new"]);
    assert_eq!(ran.code, 3, "{}", ran.all());
    assert!(ran.out.contains("Singing and sleep") && ran.err.contains("bad can no longer be read"), "{}", ran.all());
    assert!(ran.err.contains("torn.query.json"), "{}", ran.err);
    assert_eq!(bench.run(&["saved", "remove", "torn"]).code, 0, "it can be forgotten");
    bench.write(SEEN, "{\"v\":1,\"se");
    let ran = bench.run(&["saved", "run", "lull", "--new"]);
    assert!(ran.code == 0 && ran.out.contains("6 papers\n"), "{}", ran.all());
    assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    assert!(ran.err.contains("counts as never looked at") && bench.files("data/saved").len() == 4, "{}", ran.err);
}

#[test]
fn wrong_usage_is_said() {
    let bench = with_news(&[]);
    for (args, said) in [
        (&["saved", "add", "lull", "x"][..], "there is a saved search lull already"),
        (&["saved", "add", "../x", "x"], "a name has letters"),
        (&["saved", "add", "x", "foo:bar"], "foo"),
        (&["saved", "add", "x", "lullaby", "--ris"], "only --exact"),
        (&["saved", "run", "lul"], "did you mean \"Lull\"?"),
        (&["saved", "show", "nothing"], "there is no saved search nothing"),
        (&["saved", "remove", "nothing"], "there is no saved search nothing"),
        (&["saved", "run", "--ris", "--json"], "choose one"),
        (&["saved", "run", "--ris", "--csv"], "cannot be used with"),
        (&["saved", "run", "--peek"], "--new"),
        (&["--home", "nowhere", "saved", "run", "--new"], "no search is saved yet"),
        (&["--home", "nowhere", "saved", "add", "x", "y"], "roundup run"),
    ] {
        let ran = bench.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}: {}", ran.all());
        assert!(ran.err.contains(said), "{args:?}: {}", ran.err);
    }
}
