//! How people see and change a paper's tags.

use crate::support::{Bench, Ran};

const PAPERS: &str = r#"
{"id":"a","title":"Lullabies and postnatal depression: a cohort of homesick mothers","authors":["Deen, Dora"],"journal":"Acta Fabricata","year":2026,"published":"2026-10-05","pmid":"90000001","doi":"10.5555/tags.1","abstract":"We followed 300 mothers with postnatal depression for six months after birth."}
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

fn retag(bench: &Bench, args: &[&str]) -> Ran {
    bench.run(&[&["--home", "home", "retag"], args].concat())
}

/// Returns what a run says, with work ids as W.
fn says(bench: &Bench, args: &[&str]) -> String {
    let all = retag(bench, args).all();
    let is_id = |w: &&str| roundup::model::WorkId::parse(w).is_some();
    let ids: Vec<&str> = all.split(|c: char| !c.is_ascii_alphanumeric()).filter(is_id).collect();
    ids.iter().fold(all.clone(), |text, id| text.replace(id, "W"))
}

#[test]
fn a_word_is_given_told_listed_and_taken_back() {
    let bench = home();
    insta::assert_snapshot!(says(&bench, &["90000001", "--add", "country:Malawian", "--why", "said in the full text", "--who", "Ada", "--dry-run"]), @"
    exit 0
    --- out
    Lullabies and postnatal depression: a cohort of homesick mothers
      country:MWI: added
      scope:in: added
      no country was named before, and nothing else was in doubt: the paper is in now
      scope would be in, was maybe
      country would be MWI Malawi, was none
    nothing was changed
    --- err
    ");
    insta::assert_snapshot!(says(&bench, &["--log"]), @"
    exit 1
    --- out
    nobody has said anything about a tag yet; `roundup retag PAPER --add TAG` does
    --- err
    ");
    insta::assert_snapshot!(says(&bench, &["10.5555/tags.1", "--add", "country:Malawian", "--why", "said in the full text", "--who", "Ada"]), @"
    exit 0
    --- out
    Lullabies and postnatal depression: a cohort of homesick mothers
      country:MWI: added
      scope:in: added
      no country was named before, and nothing else was in doubt: the paper is in now
      scope is now in, was maybe
      country is now MWI Malawi, was none
    to see all its tags: roundup retag W
    --- err
    ");
    let shown = says(&bench, &["90000001"]);
    assert!(shown.contains("added by Ada on 1 November 2026: said in the"), "{shown}");
    let found = bench.run(&["--home", "home", "search", "country:malawi", "lullabies", "--json"]);
    assert_eq!(found.out.lines().count(), 1, "{}", found.all());
    insta::assert_snapshot!(says(&bench, &["--log"]), @"
    exit 0
    --- out
    2. added scope:in, by Ada on 1 November 2026
       W: Lullabies and postnatal depression: a cohort of homesick mothers
       why: said in the full text
    1. added country:MWI, by Ada on 1 November 2026
       W: Lullabies and postnatal depression: a cohort of homesick mothers
       why: said in the full text
    --- err
    ");
    insta::assert_snapshot!(says(&bench, &["90000001", "--undo", "country:MWI"]), @"
    exit 0
    --- out
    Lullabies and postnatal depression: a cohort of homesick mothers
      taken back: added country:MWI; the rules decide again
      scope:in, as Ada said, stays; --undo scope takes that back
      country is now none, was MWI Malawi
    to see all its tags: roundup retag W
    --- err
    ");
    insta::assert_snapshot!(says(&bench, &["90000001", "--undo", "country:MWI"]), @"
    exit 1
    --- out
    --- err
    roundup: nobody said anything about country:MWI of W
    ");
}

#[test]
fn what_is_wrong_with_a_tag_is_said_at_once_and_nothing_is_done() {
    let bench = home();
    insta::assert_snapshot!(says(&bench, &["90000001", "--add", "country:Malavi", "--add", "twg:advocasy", "--remove", "scope:in", "--add", "hiv"]), @r##"
    exit 2
    --- out
    --- err
    roundup: a paper always has a scope
      help: say which: --add scope:in, scope:maybe or scope:out
    roundup: no country is called "Malavi"
      help: did you mean "Malawi" (MWI)? write a country's name, its code (KEN) or its people (Kenyan)
    roundup: no working group is called "advocasy"
      help: did you mean "advocacy"? known: ikel, evidence, advocacy, adolescent
    roundup: "hiv" does not say what kind of tag it is
      help: did you mean population:hiv?
    "##);
    insta::assert_snapshot!(says(&bench, &["90000001", "--add", "design:cohort", "--remove", "design:rct"]), @"
    exit 2
    --- out
    --- err
    roundup: design:rct and design:cohort contradict each other; say one of them
    ");
    assert_eq!(retag(&bench, &["--add", "country:Kenya"]).code, 2, "no paper is named");
    assert_eq!(retag(&bench, &["--log", "90000001", "--add", "country:Kenya"]).code, 2);
    assert_eq!(retag(&bench, &["90000099", "--add", "country:Kenya"]).code, 1);
    assert_eq!(retag(&bench, &["--log"]).code, 1, "nothing was said");
}

#[test]
fn a_change_of_rules_is_shown_with_counts_and_examples() {
    let bench = home();
    insta::assert_snapshot!(says(&bench, &["--dry-run"]), @"
    exit 0
    --- out
    no tag would change: 2 papers were looked at
    --- err
    ");
    let more = "\n[[condition]]\ntag = \"homesickness\"\nwords = [\"homesick*\"]\n\n[[condition]]\ntag = \"singing\"\nwords = [\"lullabies\"]\n";
    bench.write("home/topics.toml", format!("{}{more}", roundup::config::topics::DEFAULT));
    assert_eq!(retag(&bench, &["90000001", "--remove", "condition:singing", "--who", "Ada"]).code, 0);
    assert_eq!(retag(&bench, &[]).out, "2 papers judged, 1 came out differently\n");
    let third = "\n[[condition]]\ntag = \"wakefulness\"\nwords = [\"lullabies\"]\n";
    bench.write("home/topics.toml", format!("{}{third}", roundup::config::topics::DEFAULT));
    insta::assert_snapshot!(says(&bench, &["--dry-run"]), @"
    exit 0
    --- out
    1 of 2 papers would be judged differently; nothing was changed
    1 change has no effect, since a person said otherwise: marked with =

    Tags: papers that would gain (+) and lose (-) them
      condition:homesickness             -1
      condition:singing                  -1
      condition:wakefulness       +1

    condition:homesickness (+0 -1)
      - Lullabies and postnatal depression: a cohort of homesick mothers
          W no longer: “homesick” in the title (rule condition.homesickness)

    condition:singing (+0 -1)
      = Lullabies and postnatal depression: a cohort of homesick mothers
          W no longer: “Lullabies” in the title (rule condition.singing)
          no effect: Ada removed condition:singing on 2026-11-01

    condition:wakefulness (+1 -0)
      + Lullabies and postnatal depression: a cohort of homesick mothers
          W “Lullabies” in the title (rule condition.wakefulness)
    --- err
    ");
    let back = retag(&bench, &["90000001", "--undo", "condition:singing", "--dry-run"]);
    assert_eq!(back.code, 0, "a word can be taken back when the rules no longer know its tag: {}", back.all());
    let json: serde_json::Value = serde_json::from_str(&retag(&bench, &["--dry-run", "--json"]).out).unwrap();
    assert_eq!(json["preview"]["changed"], 1);
    assert_eq!(json["preview"]["tags"][1]["lost"][0]["held_by"], "Ada removed condition:singing on 2026-11-01");
}
