//! `roundup dedupe`: what it says, writes and refuses.

use std::fs;

use crate::support::Bench;

/// A paper twice, a pair that the rules leave to a person, and a paper by itself.
const RECORDS: &str = r#"{"id":"a1","title":"Group care for postnatal depression in rural districts of Nepal: a cluster trial","authors":["Deen, Dora"],"journal":"Journal of Invented Health","year":2026,"volume":"7","pages":"21-30","doi":"10.5555/dedupe.1"}
{"id":"a2","title":"Group care for postnatal depression in rural districts of Nepal: a cluster trial.","authors":["Deen, D."],"journal":"J Invented Health","year":2026,"volume":"7","pages":"21-30","doi":"10.5555/DEDUPE.1"}
{"id":"b1","title":"Prevalence of postpartum depression among mothers of preterm infants in Kenya","authors":["Example, Maria","Sample, John"],"journal":"Journal of Invented Health","year":2026,"published":"2026-10-05","doi":"10.5555/dedupe.2"}
{"id":"b2","title":"Prevalence of postpartum depression among mothers of preterm infants in Kenya","authors":["Other, Olga","Fremd, Franz"],"journal":"Acta Fabricata","year":2026,"published":"2026-10-07","doi":"10.5555/dedupe.3"}
{"id":"c","title":"Nurses and mothers in the hills","authors":["Third, Bo"],"journal":"Journal of Invented Health","year":2019,"pmid":"90000951"}
"#;

/// A folder with these records.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("r.jsonl", RECORDS);
    bench
}

/// Returns the values of JSON lines.
fn values(text: &str) -> Vec<serde_json::Value> {
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

#[test]
fn the_summary_counts_records_studies_and_questions() {
    let bench = bench();
    insta::assert_snapshot!(bench.run(&["dedupe", "r.jsonl"]).all(), @"
    exit 0
    --- out
    5 records are 4 studies: 1 double, 1 pair a person should look at (see --maybe)
    --- err
    ");
    assert_eq!(
        values(&bench.run(&["dedupe", "r.jsonl", "--json"]).out),
        [serde_json::json!({ "records": 5, "studies": 4, "doubles": 1, "maybe": 1 })]
    );
}

#[test]
fn each_merged_pair_comes_with_the_reasons() {
    let bench = bench();
    insta::assert_snapshot!(bench.run(&["dedupe", "r.jsonl", "--explain"]).all(), @"
    exit 0
    --- out
    same: a1 + a2 (cluster 1)
      Group care for postnatal depression in rural districts of Nepal: a cluster trial
      Group care for postnatal depression in rural districts of Nepal: a cluster trial.
      because the same DOI, and the titles agree; the titles are the same; agree: DOI, authors, journal, year, volume, pages
    5 records are 4 studies: 1 double, 1 pair a person should look at (see --maybe)
    --- err
    ");
    let lines = values(&bench.run(&["dedupe", "r.jsonl", "--explain", "--json"]).out);
    assert_eq!(lines.len(), 2);
    assert_eq!(
        (&lines[0]["verdict"], &lines[0]["a"], &lines[0]["b"], &lines[0]["cluster"]),
        (&"same".into(), &"a1".into(), &"a2".into(), &1.into())
    );
}

#[test]
fn doubtful_pairs_stand_field_by_field() {
    let bench = bench();
    insta::assert_snapshot!(bench.run(&["dedupe", "r.jsonl", "--maybe"]).all(), @"
    exit 0
    --- out
    maybe: b1 + b2
      because the same title, but other authors; the titles are the same; agree: year; contradict: DOI, authors, journal
    A: b1
    B: b2
    title, the same: Prevalence of postpartum depression among mothers of preterm infants in Kenya
    authors, different:
      A: Example M, Sample J
      B: Other O, Fremd F
    journal, different:
      A: Journal of Invented Health
      B: Acta Fabricata
    year, the same: 2026
    published, nearly the same:
      A: 2026-10-05
      B: 2026-10-07
    DOI, different:
      A: 10.5555/dedupe.2
      B: 10.5555/dedupe.3
    found in, both: r.jsonl

    5 records are 4 studies: 1 double, 1 pair a person should look at
    --- err
    ");
    let lines = values(&bench.run(&["dedupe", "r.jsonl", "--maybe", "--json"]).out);
    assert_eq!((&lines[0]["verdict"], &lines[0]["a"], &lines[0]["b"]), (&"maybe".into(), &"b1".into(), &"b2".into()));
}

#[test]
fn answers_of_people_are_written_down_and_read_back() {
    let bench = bench();
    assert_eq!(bench.run(&["dedupe", "r.jsonl", "--maybe-csv", "ask.csv"]).code, 0);
    let ask = fs::read_to_string(bench.path().join("ask.csv")).unwrap();
    insta::assert_snapshot!(ask, @r#"
    a,b,answer,reasons,title_a,title_b
    b1,b2,,"the same title, but other authors; the titles are the same; agree: year; contradict: DOI, authors, journal",Prevalence of postpartum depression among mothers of preterm infants in Kenya,Prevalence of postpartum depression among mothers of preterm infants in Kenya
    "#);
    for (word, want) in [
        ("", "5 records are 4 studies: 1 double, 1 pair a person should look at (see --maybe)\n"),
        ("same", "5 records are 3 studies: 2 doubles\n"),
        ("different", "5 records are 4 studies: 1 double\n"),
    ] {
        bench.write("ask.csv", ask.replace("b1,b2,,", &format!("b1,b2,{word},")));
        let ran = bench.run(&["dedupe", "r.jsonl", "--answers", "ask.csv"]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, want, ""), "{word}");
    }
    assert_eq!(bench.run(&["dedupe", "r.jsonl", "--maybe-csv", "-"]).out.lines().next(), ask.lines().next());
}

#[test]
fn an_answer_that_cannot_be_used_is_named_by_line_and_column() {
    let bench = bench();
    bench.write("said.csv", "a,b,answer\nb1,b9,same\nb1,b2,perhaps\nc,c,same\nb1,b2,different\nb2,b1,same\n");
    insta::assert_snapshot!(bench.run(&["dedupe", "r.jsonl", "--answers", "said.csv"]).all(), @r#"
    exit 3
    --- out
    5 records are 4 studies: 1 double
    --- err
    said.csv:2:2: no record has the id "b9"
      help: ids are those of --clusters and --maybe-csv for the same files
    said.csv:3:3: "perhaps" is no answer
      help: say same or different, or leave it empty
    said.csv:4:1: names one record twice
    said.csv:6:1: was answered on line 5; the first answer counts
    "#);
    bench.write("other.csv", "id,cluster\n");
    insta::assert_snapshot!(bench.run(&["dedupe", "r.jsonl", "--answers", "other.csv"]).all(), @"
    exit 2
    --- out
    --- err
    other.csv:1:1: has no columns a, b and answer
      help: write one with --maybe-csv and fill it in
    ");
    insta::assert_snapshot!(bench.run(&["dedupe", "r.jsonl", "--answers", "missing.csv", "--out", "kept.ris"]).all(), @"
    exit 2
    --- out
    --- err
    missing.csv: cannot be read: No such file or directory (os error 2)
    ");
    assert!(!bench.path().join("kept.ris").exists(), "not without the answers");
}

#[test]
fn records_that_share_their_id_are_told_apart_by_file() {
    let bench = bench();
    bench.write("s.jsonl", RECORDS.lines().nth(4).unwrap().replace("hills", "valleys").replace("90000951", "90000952"));
    insta::assert_snapshot!(bench.run(&["dedupe", "r.jsonl", "s.jsonl", "--clusters", "-"]).all(), @"
    exit 0
    --- out
    id,cluster
    a1,1
    a2,1
    b1,2
    b2,3
    r.jsonl#c,4
    s.jsonl#c,5
    --- err
    2 records share their id with others; in tables they are FILE#ID
    6 records are 5 studies: 1 double, 1 pair a person should look at (see --maybe)
    ");
}

/// A paper, its preprint, its correction, news about it, and another paper.
const LINKED: &str = r#"{"id":"art","title":"Peer visits for young mothers in hill districts: a cluster trial","authors":["Example, Maria","Sample, Ana"],"journal":"Journal of Invented Health","year":2026,"published":"2026-05-01","volume":"7","doi":"10.5555/linked.1","type":["Journal Article"]}
{"id":"pre","title":"Peer visits for young mothers in hill districts: a cluster trial","authors":["Example, Maria","Sample, Ana"],"journal":"medRxiv","year":2026,"published":"2026-01-02","doi":"10.1101/2026.01.02.90000001","type":["Preprint"]}
{"id":"err","title":"Correction to: Peer visits for young mothers in hill districts: a cluster trial","authors":["Example, Maria","Sample, Ana"],"journal":"Journal of Invented Health","year":2026,"volume":"8","doi":"10.5555/linked.2","type":["Published Erratum"]}
{"id":"news","title":"Visits lift the mood of young mothers","url":"https://example.org/news/1","abstract":"The paper is at https://doi.org/10.5555/linked.1"}
{"id":"art2","title":"Peer visits for young mothers in hill districts: a cluster trial.","authors":["Example, M.","Sample, A."],"journal":"J Invent Health","year":2026,"volume":"7","doi":"10.5555/linked.1"}
{"id":"c","title":"Nurses and mothers in the hills","authors":["Third, Bo"],"journal":"Journal of Invented Health","year":2019}
"#;

#[test]
fn linked_studies_are_shown_and_stay_apart() {
    let bench = Bench::new();
    bench.write("l.jsonl", LINKED);
    insta::assert_snapshot!(bench.run(&["dedupe", "l.jsonl", "--links", "--out", "kept.jsonl"]).all(), @"
    exit 0
    --- out
    linked: art was earlier a preprint, pre
      Peer visits for young mothers in hill districts: a cluster trial
      Peer visits for young mothers in hill districts: a cluster trial
    linked: art was corrected by err
      Peer visits for young mothers in hill districts: a cluster trial
      Correction to: Peer visits for young mothers in hill districts: a cluster trial
    linked: art was reported in news
      Peer visits for young mothers in hill districts: a cluster trial
      Visits lift the mood of young mothers
    6 records are 5 studies: 1 double, 3 pairs linked and staying two
    --- err
    ");
    let lines = values(&bench.run(&["dedupe", "l.jsonl", "--links", "--json"]).out);
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[0],
        serde_json::json!({"verdict": "linked", "a": "art", "b": "pre", "kinds": ["has-preprint"], "cluster_a": 1, "cluster_b": 2})
    );
    assert_eq!(lines[3], serde_json::json!({"records": 6, "studies": 5, "doubles": 1, "maybe": 0, "links": 3}));
    let kept = bench.run(&["dedupe", "kept.jsonl", "--links"]);
    assert!(kept.out.ends_with("5 records are 5 studies: 0 doubles, 3 pairs linked and staying two\n"), "{}", kept.out);
}

#[test]
fn what_cannot_be_read_or_written_is_named_and_nothing_is_lost() {
    let bench = bench();
    bench.write("empty.ris", "");
    bench.write("folder/x", "");
    bench.write("half.jsonl", format!("{RECORDS}not json\n"));
    let mut all = String::new();
    for args in [
        &["empty.ris"][..],
        &["missing.ris"],
        &["r.jsonl", "missing.ris"],
        &["half.jsonl"],
        &["r.jsonl", "--out", "kept.bib"],
        &["r.jsonl", "--out", "r.jsonl"],
        &["r.jsonl", "--out", "./folder/../r.jsonl"],
        &["r.jsonl", "--answers", "ask.csv", "--maybe-csv", "ask.csv"],
        &["r.jsonl", "--clusters", "t.csv", "--maybe-csv", "t.csv"],
        &["r.jsonl", "--out", "r.jsonl/kept.ris"],
        &["r.jsonl", "--clusters", "folder"],
        &["r.jsonl", "--clusters", "-", "--explain"],
        &["r.jsonl", "--clusters", "-", "--maybe-csv", "-"],
        &["-", "r.jsonl", "-"],
        &[],
    ] {
        let ran = bench.run(&[&["dedupe"], args].concat());
        all.push_str(&format!("## {}\n{}", args.join(" "), ran.all()));
    }
    insta::assert_snapshot!("dedupe_refused", all);
    assert_eq!(fs::read_to_string(bench.path().join("r.jsonl")).unwrap(), RECORDS);
    let names: Vec<String> = bench.files("").into_keys().collect();
    assert_eq!(names, ["empty.ris", "folder/x", "half.jsonl", "r.jsonl"], "nothing was left behind");
}

/// Some of the kill signals come while the file is being written, some before it. Takes some seconds:
/// the file must be large for its writing to be seen.
#[cfg(unix)]
#[test]
fn ctrl_c_leaves_no_half_file() {
    use std::process::{Command, Stdio};

    let bench = Bench::new();
    let text = "words ".repeat(20_000);
    let line = |n: usize| format!("{{\"title\":\"Paper {n} about {n} hills\",\"abstract\":\"{text}\"}}");
    let lines: Vec<String> = (0..200).map(line).collect();
    bench.write("big.jsonl", lines.join("\n"));
    let is_begun = || {
        fs::read_dir(bench.path()).unwrap().flatten().any(|f| f.file_name().to_string_lossy().starts_with(".roundup-"))
    };
    for waits in [false, true] {
        let mut child = bench
            .command(&["dedupe", "big.jsonl", "--out", "kept.jsonl"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while waits && !is_begun() && child.try_wait().unwrap().is_none() {}
        // It may have ended by itself meanwhile; then nobody is there to be told.
        let told = Command::new("kill").args(["-INT", &child.id().to_string()]).output().unwrap();
        let ended = child.wait().unwrap();
        let names: Vec<String> = bench.files("").into_keys().collect();
        if ended.success() {
            assert_eq!(names, ["big.jsonl", "kept.jsonl"], "{waits} {told:?}");
            assert_eq!(fs::read_to_string(bench.path().join("kept.jsonl")).unwrap().lines().count(), 200);
            fs::remove_file(bench.path().join("kept.jsonl")).unwrap();
        } else {
            assert_eq!(names, ["big.jsonl"], "{waits} {ended:?}");
        }
    }
}

#[test]
fn a_table_of_answers_is_not_lost_by_a_slip() {
    let bench = Bench::new();
    bench.write("two.jsonl", concat!(
        "{\"id\":\"a\",\"title\":\"Group visits for mothers in rural districts\",\"authors\":[\"Example M\"],\"year\":2024}\n",
        "{\"id\":\"b\",\"title\":\"Group visits for mothers in rural districts\",\"authors\":[\"Other O\"],\"year\":2024}\n",
    ));
    // As a table program of another country writes it.
    bench.write("ask.csv", "a;b;answer\na;b;same\n");
    let ran = bench.run(&["dedupe", "two.jsonl", "--answers", "ask.csv"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "2 records are 1 study: 1 double\n"), "{}", ran.err);
    let ran = bench.run(&["dedupe", "two.jsonl", "--maybe-csv", "ask.csv"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("ask.csv holds answers, which would be lost"), "{}", ran.err);
    bench.write("open.csv", "a,b,answer\n\"a,b,same\na,b,same\n");
    let ran = bench.run(&["dedupe", "two.jsonl", "--answers", "open.csv"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("open.csv:2:1: a quotation mark is opened here and not closed"), "{}", ran.err);
}
