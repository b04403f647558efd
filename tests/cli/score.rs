//! How far rules and labels agree, for one who edits the rules.

use crate::support::Bench;

/// Papers with labels, one without, and a line that is broken.
const LABELLED: &str = r#"{"id":"a","title":"Antenatal depression in Blantyre, Malawi: a cohort study","scope":"in","countries":["MWI"],"twg":["ikel"],"twg_primary":"ikel","design":"cohort"}
{"id":"b","title":"Lullabies for homesick mothers with postnatal depression in Kenya","truth":{"scope":"in","countries":["Kenya"],"twg":[],"conditions":["depression","homesickness"]}}
{"id":"c","title":"Knee surgery in older men in Sweden","scope":"out","countries":["SWE"],"twg":[]}
{"id":"d","title":"Grapes and wine","scope":"in","countries":["Frannce"]}
{"id":"e","title":"A paper that nobody labelled"}
{"id":"f","title":
"#;

#[test]
fn a_labelled_file_is_scored_and_what_cannot_be_is_said() {
    let bench = Bench::new();
    bench.write("labelled.jsonl", LABELLED);
    let ran = bench.run(&["tag", "labelled.jsonl", "--score"]);
    assert_eq!(ran.code, 3, "{}", ran.all());
    for words in [
        "4 labelled papers: 3 in, 0 maybe, 1 out",
        "1 lines carry no labels and are not measured",
        "first working group right",
        "  - Grapes and wine",
        "d: in, called out; wanted in, said out: no-perinatal",
    ] {
        assert!(ran.out.contains(words), "{words} is missing in\n{}", ran.out);
    }
    assert!(
        ran.err
            .contains("labelled.jsonl:4:1: the label \"Frannce\" in countries is not known: did you mean \"France\"")
    );
    assert!(ran.err.contains("labelled.jsonl:6:"), "{}", ran.err);
    assert_eq!(ran.all(), bench.run(&["tag", "labelled.jsonl", "--score"]).all(), "the same each time");
    let none = bench.run(&["tag", "labelled.jsonl", "--score", "--prevalence", "0"]);
    assert_eq!(none.code, 2);
    bench.write("bare.jsonl", "{\"id\":\"e\",\"title\":\"A paper that nobody labelled\"}\n");
    let bare = bench.run(&["tag", "bare.jsonl", "--score"]);
    assert_eq!(bare.code, 1);
    assert!(bare.err.contains("no line carries labels, 1 were read"), "{}", bare.err);
}

#[test]
fn two_rule_books_are_compared() {
    let bench = Bench::new();
    bench.write("labelled.jsonl", LABELLED.lines().take(3).collect::<Vec<_>>().join("\n"));
    let more = "\n[[condition]]\ntag = \"homesickness\"\nwords = [\"homesick*\"]\n";
    bench.write("new/topics.toml", format!("{}{more}", roundup::config::topics::DEFAULT));
    bench.write("old-topics.toml", roundup::config::topics::DEFAULT);
    let args = ["--home", "new", "tag", "labelled.jsonl", "--score", "--against", "old-topics.toml"];
    let ran = bench.run(&[&args[..], &["--json"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.all());
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(json["figures"]["condition"]["f1"], 1.0);
    assert_eq!(json["against"]["figures"]["condition.f1"]["here"], 1.0);
    assert!(json["against"]["figures"]["condition.f1"]["other"].as_f64().unwrap() < 1.0);
    assert_eq!(json["against"]["figures"]["relevance.f1"]["diff"], 0.0);
    let text = bench.run(&args);
    assert!(text.out.contains("Against the other rules"), "{}", text.out);
    let wrong = bench.run(&["tag", "labelled.jsonl", "--score", "--against", "labelled.jsonl"]);
    assert_eq!(wrong.code, 2, "a file that holds no rules: {}", wrong.all());
}
