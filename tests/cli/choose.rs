//! How people say what they want with a paper, and see what was said.

use crate::support::{Bench, Ran};

const PAPERS: &str = r#"
{"id":"a","title":"Lullabies and postnatal depression: a cohort in Malawi","authors":["Deen, Dora"],"journal":"Acta Fabricata","year":2026,"published":"2026-10-05","pmid":"90000001","doi":"10.5555/choose.1","abstract":"We followed 300 mothers with postnatal depression in Malawi."}
{"id":"b","title":"Antenatal anxiety in Blantyre, Malawi","authors":["Example, Maria"],"journal":"Acta Fabricata","year":2026,"published":"2026-10-05","pmid":"90000002","abstract":"We asked pregnant women in Blantyre about anxiety."}
"#;

/// A home with papers in it.
fn home() -> Bench {
    let bench = Bench::new();
    assert_eq!(bench.run(&["init", "home"]).code, 0);
    let path = bench.path().join("home/feeds.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    bench.write("home/feeds.toml", text.replace("example.org", "perinatal.example"));
    bench.write("papers.jsonl", PAPERS.trim_start());
    let ran = bench.run(&["--home", "home", "import", "papers.jsonl"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    bench
}

fn choose(bench: &Bench, args: &[&str]) -> Ran {
    bench.run(&[&["--home", "home", "choose"], args].concat())
}

/// Returns what a run says, with work ids as W.
fn says(bench: &Bench, args: &[&str]) -> String {
    let all = choose(bench, args).all();
    let is_id = |w: &&str| roundup::model::WorkId::parse(w).is_some();
    let ids: Vec<&str> = all.split(|c: char| !c.is_ascii_alphanumeric()).filter(is_id).collect();
    ids.iter().fold(all.clone(), |text, id| text.replace(id, "W"))
}

#[test]
fn a_choice_is_said_once() {
    let bench = home();
    insta::assert_snapshot!(says(&bench, &["--log"]), @"
    exit 1
    --- out
    nothing has been said yet; `roundup choose keep PAPER` says it, and so does the draft file
    --- err
    ");
    insta::assert_snapshot!(says(&bench, &["drop", "90000001", "--reason", "sold  by\u{1b}[31m a sponsor", "--who", "Ada", "--dry-run"]), @"
    exit 0
    --- out
    Lullabies and postnatal depression: a cohort in Malawi
      would be drop: it is not proposed again
    nothing was changed
    --- err
    ");
    assert_eq!(choose(&bench, &["--log"]).code, 1, "nothing was stored");
    insta::assert_snapshot!(says(&bench, &["drop", "10.5555/choose.1", "--reason", "sponsored", "--who", "Ada"]), @"
    exit 0
    --- out
    Lullabies and postnatal depression: a cohort in Malawi
      drop: it is not proposed again
    --- err
    ");
    insta::assert_snapshot!(says(&bench, &["drop", "90000001", "--who", "Ada"]), @"
    exit 0
    --- out
    Lullabies and postnatal depression: a cohort in Malawi
      nothing changed, this was said before: drop, by Ada on 1 November 2026
    --- err
    ");
}

#[test]
fn the_newest_word_counts_until_it_is_taken_back() {
    let bench = home();
    assert_eq!(choose(&bench, &["drop", "90000001", "--reason", "sponsored", "--who", "Ada"]).code, 0);
    insta::assert_snapshot!(says(&bench, &["Keep", "90000001", "90000002", "10.5555/choose.1", "--month", "2026-09", "--who", "Ben"]), @"
    exit 0
    --- out
    Lullabies and postnatal depression: a cohort in Malawi
      keep: it belongs in (before: drop, by Ada on 1 November 2026)
    Antenatal anxiety in Blantyre, Malawi
      keep: it belongs in
    --- err
    ");
    insta::assert_snapshot!(says(&bench, &["90000001"]), @"
    exit 0
    --- out
    Lullabies and postnatal depression: a cohort in Malawi
    W
      keep: it belongs in
      this counts  2. keep for the roundup of September 2026, by Ben on 1 November 2026
                   1. drop for the roundup of October 2026, by Ada on 1 November 2026: sponsored
    to take it back: roundup choose --undo W
    --- err
    ");
    insta::assert_snapshot!(says(&bench, &["--undo", "90000001", "--who", "Ada"]), @"
    exit 0
    --- out
    Lullabies and postnatal depression: a cohort in Malawi
      taken back: keep, by Ben on 1 November 2026; nothing is said of it now (the drop of October 2026 before it does not come back: say it again)
    --- err
    ");
    insta::assert_snapshot!(says(&bench, &["90000001", "90000002"]), @"
    exit 0
    --- out
    Lullabies and postnatal depression: a cohort in Malawi
    W
      nothing is said of its place
                   4. took back, by Ada on 1 November 2026
                   2. keep for the roundup of September 2026, by Ben on 1 November 2026
                   1. drop for the roundup of October 2026, by Ada on 1 November 2026: sponsored
    to say something: roundup choose keep W, maybe or drop

    Antenatal anxiety in Blantyre, Malawi
    W
      keep: it belongs in
      this counts  3. keep for the roundup of September 2026, by Ben on 1 November 2026
    to take it back: roundup choose --undo W
    --- err
    ");
    insta::assert_snapshot!(says(&bench, &["--log"]), @"
    exit 0
    --- out
    4. took back, by Ada on 1 November 2026
       W: Lullabies and postnatal depression: a cohort in Malawi
    3. keep for the roundup of September 2026, by Ben on 1 November 2026
       W: Antenatal anxiety in Blantyre, Malawi
    2. keep for the roundup of September 2026, by Ben on 1 November 2026 (no longer counts)
       W: Lullabies and postnatal depression: a cohort in Malawi
    1. drop for the roundup of October 2026, by Ada on 1 November 2026: sponsored (no longer counts)
       W: Lullabies and postnatal depression: a cohort in Malawi
    --- err
    ");
    insta::assert_snapshot!(says(&bench, &["--undo", "90000001"]), @"
    exit 1
    --- out
    --- err
    roundup: nobody said anything about the place of W that could be taken back
    ");
}

#[test]
fn what_cannot_be_meant_is_said_and_nothing_is_done() {
    let bench = home();
    insta::assert_snapshot!(says(&bench, &["90000001", "drop"]), @r#"
    exit 2
    --- out
    --- err
    roundup: "drop" is no paper
      help: what you say stands first: roundup choose drop 90000001
    "#);
    insta::assert_snapshot!(says(&bench, &["dorp", "90000001"]), @r#"
    exit 2
    --- out
    --- err
    roundup: "dorp" is no choice and no paper
      help: did you mean "drop"? known: keep, maybe, drop; a paper is named by its id (w…), PMID or DOI
    "#);
    insta::assert_snapshot!(says(&bench, &["90000001", "--reason", "too small"]), @"
    exit 2
    --- out
    --- err
    roundup: what do you say of it?
      help: keep, maybe or drop stands first: roundup choose keep 90000001
    ");
    insta::assert_snapshot!(says(&bench, &["keep", "90000001", "90000099"]), @r#"
    exit 1
    --- out
    --- err
    roundup: no paper here is "90000099"; give a work id (w…), a PMID or a DOI
    "#);
    insta::assert_snapshot!(says(&bench, &["keep", "90000001", "--who", " Draft  file".to_lowercase().as_str()]), @r#"
    exit 2
    --- out
    --- err
    roundup: "draft file" stands for what the draft file says
      help: give your own name with --who
    "#);
    for (args, code) in [
        (&["keep"][..], 2),
        (&[], 2),
        (&["keep", "drop", "90000001"], 2),
        (&["--undo", "keep", "90000001"], 2),
        (&["--undo"], 2),
        (&["--log", "keep", "90000001"], 2),
        (&["--log", "--undo", "90000001"], 2),
        (&["--log", "90000001", "90000002"], 2),
        (&["keep", "90000001", "--month", "October"], 2),
        (&["90000099"], 1),
    ] {
        let ran = choose(&bench, args);
        assert_eq!(ran.code, code, "{args:?}: {}", ran.all());
    }
    assert_eq!(choose(&bench, &["--log"]).code, 1, "nothing was said");
}

#[test]
fn programs_get_one_object_a_line() {
    let bench = home();
    let said = choose(&bench, &["maybe", "90000001", "90000002", "--reason", "small", "--who", "Ada", "--json"]);
    assert_eq!((said.code, said.out.lines().count()), (0, 2), "{}", said.all());
    let first: serde_json::Value = serde_json::from_str(said.out.lines().next().unwrap()).unwrap();
    assert_eq!((&first["after"]["choice"], &first["after"]["month"]), (&"maybe".into(), &"2026-10".into()));
    assert_eq!(first["before"], serde_json::Value::Null);
    let shown = choose(&bench, &["90000001", "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!((&shown["counts"]["reason"], &shown["said"][0]["who"]), (&"small".into(), &"Ada".into()));
    let log = choose(&bench, &["--log", "--json"]);
    let last: serde_json::Value = serde_json::from_str(log.out.lines().last().unwrap()).unwrap();
    assert_eq!((&last["number"], &last["counts_for"]), (&1.into(), &serde_json::json!([shown["id"]])));
}

#[test]
fn the_draft_says_what_it_took_in_and_heeds_it() {
    let bench = home();
    assert_eq!(choose(&bench, &["drop", "90000001"]).code, 0);
    let ran = bench.run(&["--home", "home", "draft"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    let path = bench.path().join("home/drafts/2026-10.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains("Lullabies") && text.contains("Antenatal anxiety"), "{text}");
    let (head, tail) = text.split_at(text.find("\n[[item]]").unwrap() + 1);
    std::fs::write(&path, format!("{head}{}", tail.split_once("\n\n").unwrap().1)).unwrap();
    let ran = bench.run(&["--home", "home", "draft"]);
    assert!(
        ran.out.contains("  what you said of papers was taken in: 1 (`roundup choose --log` lists it)\n"),
        "{}",
        ran.all()
    );
    let log = says(&bench, &["--log"]);
    assert!(log.contains("drop, in the draft of October 2026 on 1 November 2026"), "{log}");
    let explained = bench.run(&["--home", "home", "explain", "90000002"]).out;
    assert!(explained.contains("What people said of its place"), "{explained}");
}

#[test]
fn the_log_says_where_and_a_rehearsal_says_it_once() {
    let bench = home();
    assert_eq!(choose(&bench, &["keep", "90000001", "--who", "command line"]).code, 0);
    insta::assert_snapshot!(says(&bench, &["--log"]), @"
    exit 0
    --- out
    1. keep for the roundup of October 2026, on the command line on 1 November 2026
       W: Lullabies and postnatal depression: a cohort in Malawi
    --- err
    ");
    insta::assert_snapshot!(says(&bench, &["keep", "90000001", "--dry-run"]), @"
    exit 0
    --- out
    Lullabies and postnatal depression: a cohort in Malawi
      nothing changed, this was said before: keep, on the command line on 1 November 2026
    --- err
    ");
    insta::assert_snapshot!(says(&bench, &["--undo", "90000001", "--dry-run"]), @"
    exit 0
    --- out
    Lullabies and postnatal depression: a cohort in Malawi
      would be taken back: keep, on the command line on 1 November 2026; nothing would be said of it
    nothing was changed
    --- err
    ");
}

#[test]
fn a_later_word_names_what_the_file_still_says() {
    let bench = home();
    assert_eq!(bench.run(&["--home", "home", "draft"]).code, 0);
    let path = bench.path().join("home/drafts/2026-10.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("[[item]]\n", "[[item]]\nkeep = \"maybe\"\n")).unwrap();
    let ran = bench.run(&["--home", "home", "draft"]);
    assert!(ran.out.contains("what you said of papers was taken in: 2"), "{}", ran.all());
    insta::assert_snapshot!(says(&bench, &["drop", "90000001", "--who", "Ada"]), @r#"
    exit 0
    --- out
    Lullabies and postnatal depression: a cohort in Malawi
      drop: it is not proposed again (before: maybe, in the draft of October 2026 on 1 November 2026)
    the draft of October 2026 still says maybe of W: write keep = "drop" in its block
    `roundup draft 2026-10` brings the draft up to date with it
    --- err
    "#);
    let ran = bench.run(&["--home", "home", "draft"]);
    assert!(
        ran.out.contains("the file says maybe, and drop was said later, by Ada on 1 November 2026"),
        "{}",
        ran.all()
    );
    assert!(!ran.out.contains("came in") && !ran.out.contains("went out"), "{}", ran.all());
}
