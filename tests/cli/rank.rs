//! A finished screening played again: what is printed, what is written, what is refused.

use std::io::Write as _;

use crate::support::{Bench, Ran};

/// Returns a table of 40 invented papers, 8 of them included.
fn table() -> String {
    let wanted = ["postnatal depression", "anxiety of mothers", "perinatal grief", "mothers listening"];
    let others = ["dry fields", "copper wires", "winter wheat", "harbour walls", "old maps"];
    let mut out = String::from("title,abstract,label_included\n");
    for n in 0..40_usize {
        let is_wanted = n % 5 == 2;
        let words = if is_wanted { wanted[n % 4] } else { others[n % 5 * n % 5] };
        let body = format!("\"We looked at {words}, in district {n}.\"");
        out.push_str(&format!("Study {n} of {words},{body},{}\n", u8::from(is_wanted)));
    }
    out
}

fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("papers.csv", table());
    bench
}

/// Returns what was printed, without the seconds, which differ.
fn without_seconds(ran: &Ran) -> String {
    let mut out = String::new();
    for line in ran.out.lines() {
        let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
        let seconds = line.as_object_mut().unwrap().remove("seconds").unwrap();
        assert!(seconds.as_f64().unwrap() >= 0.0);
        out.push_str(&format!("{line}\n"));
    }
    format!("exit {}\n{out}{}", ran.code, ran.err)
}

#[test]
fn each_seed_is_a_line_and_the_mean_is_the_last() {
    let bench = bench();
    let ran = bench.run(&["rank", "papers.csv", "--simulate", "--seeds", "3"]);
    insta::assert_snapshot!("simulated", without_seconds(&ran));
    let again = bench.run(&["rank", "papers.csv", "--simulate", "--seeds", "3"]);
    assert_eq!(without_seconds(&ran), without_seconds(&again), "the same each time");
    let ten = bench.run(&["rank", "papers.csv", "--simulate"]);
    assert_eq!(ten.out.lines().count(), 11, "ten seeds when not said otherwise");
    let fewer = bench.run(&["rank", "papers.csv", "--simulate", "--seeds", "1", "--every", "10"]);
    let line: serde_json::Value = serde_json::from_str(fewer.out.lines().next().unwrap()).unwrap();
    assert!(line["rounds"].as_u64().unwrap() <= 4, "38 papers in tens: {line}");
}

#[test]
fn forms_of_the_table_that_are_the_same_give_the_same() {
    let bench = bench();
    let wanted = without_seconds(&bench.run(&["rank", "papers.csv", "--simulate", "--seeds", "2"]));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(table().as_bytes()).unwrap();
    bench.write("packed.csv.gz", packed.finish().unwrap());
    bench.write("mark.csv", format!("\u{feff}{}", table()));
    bench.write("windows.csv", table().replace('\n', "\r\n"));
    bench.write("label.csv", table().replace("label_included", "label"));
    bench.write("loud.csv", table().replace("title,abstract,label_included", " Title ,ABSTRACT,Label_Included"));
    bench.write("decimals.csv", table().replace(",1\n", ",1.0\n").replace(",0\n", ", 0 \n"));
    for name in ["packed.csv.gz", "mark.csv", "windows.csv", "label.csv", "loud.csv", "decimals.csv"] {
        assert_eq!(without_seconds(&bench.run(&["rank", name, "--simulate", "--seeds", "2"])), wanted, "{name}");
    }
    let read = bench.run_reading(&["rank", "-", "--simulate", "--seeds", "2"], &bench.path().join("papers.csv"));
    assert_eq!(without_seconds(&read), wanted, "standard input");
}

#[test]
fn the_order_is_written_with_its_priors() {
    let bench = bench();
    bench.write("begin.csv", "seed,prior_included_row,prior_excluded_row\n7,2,0\n3,12,39\n");
    let args = ["rank", "papers.csv", "--simulate", "--priors", "begin.csv", "--order", "out/order.csv"];
    let ran = bench.run(&args);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    let order = std::fs::read_to_string(bench.path().join("out/order.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(order.as_bytes());
    assert_eq!(rows.headers().unwrap(), &["seed", "step", "row", "prior"][..]);
    let rows: Vec<(u64, usize, usize, u8)> = rows.deserialize().map(Result::unwrap).collect();
    for (seed, priors) in [(3, [12, 39]), (7, [2, 0])] {
        let own: Vec<_> = rows.iter().filter(|r| r.0 == seed).collect();
        assert!(own.iter().enumerate().all(|(step, row)| row.1 == step), "steps count from 0");
        assert_eq!((own[0].2, own[0].3, own[1].2, own[1].3), (priors[0], 1, priors[1], 1));
        assert!(own[2..].iter().all(|r| r.3 == 0));
        let found = own.iter().filter(|r| r.2 % 5 == 2).count();
        assert_eq!((found, own.last().unwrap().2 % 5), (8, 2), "until the last included paper");
    }
    let seeds: Vec<&str> = ran.out.lines().map(|l| l.split(',').next().unwrap()).collect();
    assert_eq!(seeds, ["{\"seed\":3", "{\"seed\":7", "{\"seed\":\"mean\""], "in order of the seeds");
    let first = bench.run(&[&args[..5], &["--seeds", "1"]].concat());
    assert_eq!(first.out.lines().count(), 2, "at most so many seeds");
}

#[test]
fn priors_of_other_sets_are_passed_over() {
    let bench = bench();
    let head = "dataset,model,seed,prior_included_row,prior_excluded_row\n";
    bench.write("all.csv", format!("{head}other,a,1,900,901\npapers,a,1,2,0\npapers,b,1,2,0\n"));
    let ran = bench.run(&["rank", "papers.csv", "--simulate", "--priors", "all.csv"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 2), "{}", ran.all());
    assert!(ran.out.starts_with("{\"seed\":1,\"prior_included_row\":2,\"prior_excluded_row\":0,"), "{}", ran.out);
    bench.write("sets/my.papers.csv", table());
    bench.write("dots.csv", format!("{head}my.papers,a,1,2,0\nmy,a,1,900,0\n"));
    assert_eq!(bench.run(&["rank", "sets/my.papers.csv", "--simulate", "--priors", "dots.csv"]).code, 0);
}

#[test]
fn tables_that_cannot_be_played_are_named_with_their_lines() {
    let bench = bench();
    let good = "Hens,Red ones,1\nEggs,White ones,0\nHens,,1\nEggs,,0\n";
    bench.write("empty.csv", "");
    bench.write("head.csv", "title,abstract,label\n");
    bench.write("no-label.csv", "title,abstract\nHens,Red ones\n");
    bench.write("no-title.csv", format!("titel,abstract,label\n{good}"));
    bench.write("two.csv", format!("title,abstract,label\n{good}Hens,,2\nHens,,\nHens,,yes\n"));
    bench.write("one-kind.csv", "title,abstract,label\nHens,,1\nHens,,1\nHens,,1\n");
    bench.write("one-of-a-kind.csv", "title,abstract,label\nHens,,1\nEggs,,0\nEggs,,0\n");
    bench.write("latin.csv", b"title,abstract,label\nHens,,1\nna\xefve hens,,0\n");
    bench.write("ragged.csv", format!("title,abstract,label\n{good}Hens, red,and white,1\nEggs,0\n"));
    bench.write("quotes.csv", "title,abstract,label\nHens,\"never closed,1\nEggs,,0\n");
    bench.write("records.ris", "TY  - JOUR\nTI  - Hens\nER  - \n");
    bench.write("broken.csv.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03broken");
    bench.write("folder/papers.csv", good);
    let mut all = String::new();
    for name in [
        "missing.csv",
        "folder",
        "empty.csv",
        "head.csv",
        "no-label.csv",
        "no-title.csv",
        "two.csv",
        "one-kind.csv",
        "one-of-a-kind.csv",
        "latin.csv",
        "ragged.csv",
        "quotes.csv",
        "records.ris",
        "broken.csv.gz",
    ] {
        all.push_str(&format!("## {name}\n{}", bench.run(&["rank", name, "--simulate"]).all()));
    }
    insta::assert_snapshot!("not_to_be_played", all);
}

#[test]
fn priors_that_cannot_be_used_are_named_with_their_lines() {
    let bench = bench();
    let head = "seed,prior_included_row,prior_excluded_row\n";
    let set = "dataset,seed,prior_included_row,prior_excluded_row\n";
    bench.write("none.csv", head);
    bench.write("column.csv", "seed,prior_included,prior_excluded_row\n1,2,0\n");
    bench.write("rows.csv", format!("{head}1,2,0\n2,0,2\n3,2,400\n4,-1,0\n5,two,0\n6,2\n"));
    bench.write("kinds.csv", format!("{head}1,2,0\n2,0,2\n3,2,400\n4,-1,0\n5,two,0\n"));
    bench.write("twice.csv", format!("{head}1,2,0\n1,7,0\n"));
    bench.write("other.csv", format!("{set}others,1,2,0\n"));
    let mut all = String::new();
    for name in ["missing.csv", "none.csv", "column.csv", "rows.csv", "kinds.csv", "twice.csv", "other.csv"] {
        let ran = bench.run(&["rank", "papers.csv", "--simulate", "--priors", name]);
        all.push_str(&format!("## {name}\n{}", ran.all()));
    }
    insta::assert_snapshot!("priors_not_to_be_used", all);
}

#[test]
fn wrong_usage_ends_with_2() {
    let bench = bench();
    for (id, args, words) in [
        ("two files", &["papers.csv", "papers.csv", "--simulate"][..], "--simulate takes one FILE"),
        ("no file", &["--simulate"], "FILE"),
        ("every 0", &["papers.csv", "--simulate", "--every", "0"], "a whole number from 1 on"),
        ("every -1", &["papers.csv", "--simulate", "--every=-1"], "a whole number from 1 on"),
        ("seeds 0", &["papers.csv", "--simulate", "--seeds", "0"], "0 is not in 1..=1000"),
        ("seeds 1001", &["papers.csv", "--simulate", "--seeds", "1001"], "1001 is not in 1..=1000"),
        ("order alone", &["papers.csv", "--order", "order.csv"], "--simulate"),
        ("priors alone", &["papers.csv", "--priors", "priors.csv"], "--simulate"),
    ] {
        let ran = bench.run(&[&["rank"], args].concat());
        assert_eq!(ran.code, 2, "{id}: {}", ran.all());
        assert!(ran.err.contains(words) && ran.out.is_empty(), "{id}: {}", ran.all());
    }
    assert!(!bench.path().join("order.csv").exists());
    bench.write("a-file", "");
    let ran = bench.run(&["rank", "papers.csv", "--simulate", "--seeds", "1", "--order", "a-file/order.csv"]);
    assert!(ran.code != 0 && ran.err.contains("a-file"), "{}", ran.all());
}
