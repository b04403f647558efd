//! The rules that come with the program, held to 350 labelled papers (`tests/judged`).

use serde_json::Value;

use crate::support::Bench;

/// What must not get worse, a little below what was seen: figure and floor. A rule that helps one
/// paper and harms the others shows here.
const FLOORS: &[(&str, f64)] = &[
    ("/relevance/f1", 0.87),
    ("/relevance/recall", 0.89),
    ("/kept/f1", 0.88),
    ("/country/f1", 0.95),
    ("/country/exact", 0.94),
    ("/twg/f1", 0.86),
    ("/twg/macro_f1", 0.86),
    ("/twg/primary_accuracy", 0.83),
    ("/design/accuracy", 0.84),
    ("/design/rct_sensitivity", 0.97),
    ("/design/rct_specificity", 0.98),
    ("/condition/f1", 0.82),
    ("/intervention/f1", 0.76),
    ("/population/f1", 0.79),
    ("/stage/f1", 0.72),
];

#[test]
fn the_rules_agree_with_the_labels_as_well_as_they_did() {
    let bench = Bench::new();
    let files = ["articles.jsonl", "pages.jsonl", "titles-and-traps.jsonl"];
    for file in files {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judged").join(file);
        bench.write(file, std::fs::read(path).unwrap());
    }
    let ran = bench.run(&[&["tag", "--score", "--json"][..], &files[..]].concat());
    assert_eq!(ran.code, 0, "{}", ran.all());
    let report: Value = serde_json::from_str(ran.out.trim()).unwrap();
    assert_eq!(report["rows"], 350);
    let of = |name: &str| report["figures"].pointer(name).and_then(Value::as_f64).unwrap_or_default();
    let worse: Vec<String> = FLOORS
        .iter()
        .filter(|(name, floor)| of(name) < *floor)
        .map(|(name, floor)| format!("{name}: {:.3}, was at least {floor}", of(name)))
        .collect();
    assert_eq!(worse, Vec::<String>::new(), "`roundup tag tests/judged/*.jsonl --score` tells which papers");
    for (name, _) in FLOORS {
        println!("{name}: {:.3}", of(name));
    }
}
