//! Bad input: what, where, what to do; never a panic, and nothing that was whole is lost.

use crate::support::Bench;

/// A set that ends in the middle of its second record.
const CUT: &str = "<?xml version=\"1.0\"?><PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version=\"1\">90000001</PMID><Article><ArticleTitle>Whole</ArticleTitle></Article></MedlineCitation></PubmedArticle><PubmedArticle><MedlineCitation><PMID Version=\"1\">90000002</PMID><Article><ArticleTitle>Cut o";

/// Settings with five mistakes of five kinds.
const FIVE: &str = "[roundup]
community = \"C\"
name = \"N\"
[schedule]
harvest = \"0 0 5 * * *\"
[[source]]
id = \"a\"
kind = \"feed\"
url = \"https://example.org/f\"
topics = [\"advocasy\"]
[[source]]
id = \"a\"
kind = \"page\"
url = \"https://example.org/p\"
item = \"li..x\"
title = \"h3\"
[[source]]
id = \"p\"
kind = \"pubmed\"
query-file = \"pubmed-querry.txt\"
";

#[test]
fn files_that_are_not_what_they_should_be_are_named() {
    let bench = Bench::new();
    bench.write("empty.xml", "");
    bench.write("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x01\x02\x03");
    bench.write("page.html", "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in</body></html>");
    bench.write("cut.xml", CUT);
    bench.write("lines.jsonl", "{\"title\":\"One\"}\nnot json\n{\"title\":\"Two\",\"doi\":\"nonsense\"}\n");
    let mut all = String::new();
    for name in ["empty.xml", "picture.png", "page.html", "cut.xml", "lines.jsonl", "missing.ris"] {
        all.push_str(&format!("## {name}\n{}", bench.run(&["parse", name]).all()));
    }
    insta::assert_snapshot!("bad_files", all);
}

#[test]
fn a_folder_is_no_file() {
    let bench = Bench::new();
    bench.write("folder/a.ris", "TY  - JOUR\nTI  - A\nER  - \n");
    let ran = bench.run(&["parse", "folder"]);
    assert_eq!(
        (ran.code, ran.err.contains("folder: is a folder"), ran.err.contains("name the files")),
        (1, true, true)
    );
}

#[test]
fn five_mistakes_in_the_settings_are_five_messages_in_one_run() {
    let bench = Bench::new();
    bench.write("feeds.toml", FIVE);
    bench.write("pubmed-query.txt", "depression");
    insta::assert_snapshot!("five_mistakes", bench.run(&["check"]).all());
    let ran = bench.run(&["run"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("nothing was done"), "{}", ran.err);
    assert!(!bench.path().join("data/roundup.db").exists());
}

#[test]
fn an_import_keeps_what_is_whole_and_ends_with_3() {
    let bench = Bench::new();
    bench.run(&["init", "."]);
    bench.write("lines.jsonl", "{\"title\":\"Postpartum depression in Kisumu, Kenya\",\"year\":2026}\nnot json\n");
    let ran = bench.run(&["import", "lines.jsonl"]);
    assert_eq!(ran.code, 3, "{}", ran.all());
    assert!(ran.err.contains("lines.jsonl:2"), "{}", ran.err);
    assert_eq!(bench.run(&["search", "kisumu", "--count"]).out.trim(), "1");
}

#[test]
fn a_title_cannot_act_on_the_terminal() {
    let bench = Bench::new();
    bench.run(&["init", "."]);
    let title = "Kisumu \\u001b[31mred \\u009b31m \\u202egnp \\u0007 mothers and depression";
    bench.write("lines.jsonl", format!("{{\"title\":\"{title}\",\"year\":2026}}\n"));
    assert_eq!(bench.run(&["import", "lines.jsonl"]).code, 0);
    let runs: [&[&str]; 6] = [
        &["search", "kisumu"],
        &["explain", "w"],
        &["status"],
        &["parse", "lines.jsonl"],
        &["tag", "lines.jsonl"],
        &["draft", "2026-10"],
    ];
    for args in runs {
        let ran = bench.run(args);
        for text in [&ran.out, &ran.err] {
            let bad = text.chars().find(|c| roundup::model::text::is_unwanted(*c));
            assert_eq!(bad, None, "{args:?}: {text:?}");
        }
    }
}

#[test]
fn a_damaged_index_is_built_anew() {
    let bench = Bench::new();
    bench.run(&["init", "."]);
    bench.write("lines.jsonl", "{\"title\":\"Postpartum depression in Kisumu\",\"year\":2026}\n");
    bench.run(&["import", "lines.jsonl"]);
    for (name, _) in bench.files("index") {
        bench.write(&name, b"not an index");
    }
    let mended = bench.run(&["search", "kisumu"]);
    assert_eq!(mended.code, 0, "{}", mended.all());
    assert!(mended.err.contains("is damaged") && mended.err.contains("building it anew"), "{}", mended.err);
    let again = bench.run(&["search", "kisumu"]);
    assert_eq!((again.code, again.err.as_str()), (0, ""), "it is said once");
    for (name, _) in bench.files("index") {
        bench.write(&name, b"not an index");
    }
    assert_eq!(bench.run(&["reindex"]).code, 0);
}

#[test]
fn a_second_file_of_the_same_name_adds_papers_and_replaces_none() {
    let bench = Bench::new();
    bench.run(&["init", "."]);
    for (title, count) in
        [("Alpha: antenatal distress among mothers in Kenya", "1"), ("Zulu: a trial with fathers in Uganda", "2")]
    {
        bench.write("export.ris", format!("TY  - JOUR\nTI  - {title}\nPY  - 2026\nER  - \n"));
        assert_eq!(bench.run(&["import", "export.ris"]).code, 0);
        assert_eq!(bench.run(&["import", "export.ris"]).code, 0, "the same file again changes nothing");
        assert_eq!(bench.run(&["search", "year:2026", "--count"]).out.trim(), count);
    }
    assert_eq!(bench.run(&["search", "alpha", "--count"]).out.trim(), "1");
}
