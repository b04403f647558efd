//! `roundup search` on a shelf of invented papers, as a terminal shows it.

use std::io::Read;
use std::process::Stdio;

use serde_json::{Value, json};

use super::search_shelf::{at, is_plain, is_seen, member};

#[test]
fn a_page_fits_narrow_and_wide_terminals() {
    let bench = member();
    for columns in ["40", "80", "120"] {
        let page = at(&bench, columns, &["search", "lullaby"]);
        assert!(page.code == 0 && is_seen(&page.out), "{}", page.all());
        insta::assert_snapshot!(format!("page_{columns}"), page.all());
    }
}

#[test]
fn a_page_in_a_pipe_is_plain_text() {
    let bench = member();
    for environment in [
        &[][..],
        &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")],
        &[("TERM", "dumb")],
        &[("VTE_VERSION", "7200"), ("TERM", "xterm"), ("PAGER", "no-such-pager")],
    ] {
        let page = bench.run_with(&["search", "lullaby"], environment);
        assert!(page.code == 0 && is_seen(&page.out), "{environment:?} {}", page.all());
    }
    let forced = bench.run_with(&["search", "lullaby"], &[("CLICOLOR_FORCE", "1")]);
    assert!(forced.out.contains("\u{1b}[1mLullaby\u{1b}[0m"), "{}", forced.out);
    let linked = bench.run(&["search", "lullaby", "--hyperlink", "always"]);
    assert!(linked.out.contains("\u{1b}]8;;https://doi.org/10.5555/lullaby.1\u{1b}\\"), "{}", linked.out);
    assert!(!linked.out.contains("evil.example\u{7}"), "a title is no link");
    let dumb = bench.run_with(&["search", "lullaby"], &[("TERM", "dumb"), ("LANG", "C.UTF-8")]);
    assert!(dumb.out.contains("2023 .@. 2026") || dumb.out.contains("2023 "), "{}", dumb.out);
    assert!(!dumb.out.contains(['▁', '█']), "ASCII bars: {}", dumb.out);
}

#[test]
fn a_reader_who_leaves_early_is_no_fault() {
    let bench = member();
    for args in [
        &["search", "lullaby"][..],
        &["search", "lullaby", "--json"],
        &["show", "90000001"],
        &["search", "lullaby", "--ids"],
    ] {
        let mut child = bench.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn exit_codes_tell_what_was_found() {
    let bench = member();
    for (args, code, out) in [
        (&["search", "lullaby", "--count"][..], 0, "7\n"),
        (&["search", "--count", "lullaby"], 0, "7\n"),
        (&["search", "zzzzqqq", "--count"], 1, "0\n"),
        (&["search", "lullaby", "--quiet"], 0, ""),
        (&["search", "zzzzqqq", "--quiet"], 1, ""),
        (&["search", "lullaby", "country:KE", "--ids", "--limit", "1"], 0, "waaaaaaaaaac\n"),
        (&["search"], 2, ""),
        (&["search", "lullaby", "--ris", "--csv"], 2, ""),
        (&["search", "lullaby", "--limit", "0"], 2, ""),
        (&["search", "foo:bar"], 2, ""),
        (&["--home", "nowhere", "search", "x"], 2, ""),
        (&["search", "lullaby", "--open", "9"], 1, ""),
        (&["show", "90000077"], 1, ""),
        (&["similar", "10.5555/unknown"], 1, ""),
    ] {
        let ran = bench.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (code, out), "{args:?}: {}", ran.all());
    }
    let elsewhere = bench.run(&["--home", "nowhere", "search", "x"]);
    let folder = bench.path().join("nowhere").display().to_string();
    for words in [folder.as_str(), "`--home DIR`", "ROUNDUP_HOME"] {
        assert!(elsewhere.err.contains(words), "{words}: {}", elsewhere.all());
    }
    let quiet = bench.run(&["search", "zzzzqqq", "--quiet"]);
    assert_eq!(quiet.err, "");
}

#[test]
fn times_are_counted_from_the_clock() {
    let bench = member();
    let at = |query: &str, now: &str| bench.run_with(&["search", query, "--count"], &[("ROUNDUP_NOW", now)]);
    for (query, now, papers, said) in [
        ("lullaby this year", "2026-11-23T06:00:00Z", "1", "\"this year\" was read as year:2026"),
        ("lullaby last year", "2026-11-23T06:00:00Z", "4", "\"last year\" was read as year:2025"),
        ("lullaby last year", "2025-01-01T06:00:00Z", "1", "read as year:2024"),
        ("lullaby depuis 2 ans", "2027-02-01T06:00:00Z", "5", "\"depuis 2 ans\" was read as since:2025-02"),
        ("lullaby \"last year\"", "2026-11-23T06:00:00Z", "0", ""),
    ] {
        let ran = at(query, now);
        assert_eq!(ran.out.trim(), papers, "{query} {now}: {}", ran.all());
        assert!(ran.err.contains(said), "{query} {now}: {}", ran.err);
    }
    let wrong = at("lullaby", "tomorrow");
    assert!(wrong.code == 2 && wrong.err.contains("ROUNDUP_NOW is no time"), "{}", wrong.all());
}

#[test]
fn a_number_that_no_page_has_is_refused() {
    let bench = member();
    for (number, code, said) in [
        ("0", 2, "--open takes the number of a paper as the page has it, from 1 on"),
        ("9999999", 2, "--open takes the number of a paper"),
        ("-1", 2, "--open takes the number of a paper"),
        ("300", 1, "there is no paper number 300; the search finds papers 1 to 7"),
    ] {
        let ran = bench.run_with(&["search", "lullaby", "--open", number], &[("BROWSER", "/bin/echo")]);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{number}: {}", ran.all());
        assert!(ran.err.contains(said), "{number}: {}", ran.err);
    }
}

#[test]
fn counts_say_how_to_see_fewer() {
    let bench = member();
    insta::assert_snapshot!("facets", at(&bench, "100", &["search", "lullaby", "--facets"]).all());
    let line = bench.run(&["search", "lullaby", "--facets", "--json"]).out;
    let counts: Value = serde_json::from_str(&line).unwrap();
    assert_eq!((&counts["v"], &counts["kind"], &counts["total"]), (&json!(1), &json!("facets"), &json!(7)));
    assert_eq!(counts["country"][0], json!({"iso3": "KEN", "name": "Kenya", "papers": 2}));
    assert_eq!(counts["region"][0], json!({"id": "east-africa", "name": "East Africa", "papers": 2}));
    assert_eq!(counts["open_access"], json!(1));
    for (filter, papers) in [
        ("country:KEN", "2"),
        ("region:East Africa", "2"),
        ("twg:evidence", "1"),
        ("design:rct", "1"),
        ("lang:fr", "1"),
        ("oa:yes", "1"),
    ] {
        assert_eq!(bench.run(&["search", "lullaby", filter, "--count"]).out.trim(), papers, "{filter}");
    }
}

#[test]
fn lines_for_programs_hold_what_the_page_says() {
    let bench = member();
    let out = bench.run(&["search", "lullaby", "--json", "--limit", "3"]).out;
    let lines: Vec<Value> = out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    for (n, line) in lines.iter().enumerate() {
        assert_eq!((&line["v"], &line["rank"]), (&json!(1), &json!(n + 1)));
        for field in ["id", "native_id", "title", "snippet", "open_access", "is_retracted", "is_preprint"] {
            assert!(line.get(field).is_some(), "{field}");
        }
    }
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/search-json.md");
    let page = std::fs::read_to_string(page).unwrap();
    for field in lines[0].as_object().unwrap().keys() {
        assert!(page.contains(&format!("| `{field}` |")), "docs/search-json.md does not tell of {field}");
    }
    assert!(is_seen(&bench.run(&["search", "lullaby", "--json"]).out));
}

/// Adds the keys of a value's objects, at any depth but in the record, whose form is told elsewhere.
fn keys_of(value: &Value, out: &mut std::collections::BTreeSet<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|v| keys_of(v, out)),
        Value::Object(fields) => {
            for (key, value) in fields {
                out.insert(key.clone());
                if key != "record" {
                    keys_of(value, out);
                }
            }
        }
        _ => {}
    }
}

#[test]
fn the_page_tells_of_every_key_and_every_place_that_is_printed() {
    let bench = member();
    assert_eq!(bench.run(&["saved", "add", "lull", "lullaby"]).code, 0);
    let mut keys = std::collections::BTreeSet::new();
    let mut places = std::collections::BTreeSet::new();
    let queries = [
        "lullaby",
        "EPDS",
        "singing",
        "author:example",
        "muster",
        "journal:acta",
        "kenya",
        "country:uga",
        "region:ssa",
        "twg:evidence",
        "design:rct",
        "condition:depression",
        "lang:fr",
        "oa:yes",
        "is:preprint",
        "issue:2026-03",
        "year:2025",
        "since:2024-06",
        "10.5555/lullaby.1",
        "-kisumu",
        "groups",
    ];
    let mut runs: Vec<Vec<&str>> = queries.iter().map(|query| vec!["search", query, "--json", "--why"]).collect();
    runs.push(vec!["search", "lullaby", "--json", "--count"]);
    runs.push(vec!["search", "EPDS", "--json", "--facets"]);
    runs.push(vec!["show", "90000001", "90000002", "--json"]);
    runs.push(vec!["similar", "90000001", "--json"]);
    runs.push(vec!["saved", "run", "lull", "--json"]);
    for run in &runs {
        let ran = bench.run(run);
        for line in ran.out.lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            assert_eq!(line["v"], json!(1), "{run:?}");
            keys_of(&line, &mut keys);
            let why = line["why"].as_array().into_iter().flatten();
            places.extend(why.map(|why| why["place"].as_str().unwrap().to_owned()));
        }
    }
    assert!(places.len() >= 16 && keys.len() >= 50, "{places:?} {keys:?}");
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/search-json.md");
    let page = std::fs::read_to_string(page).unwrap();
    for word in keys.iter().chain(&places) {
        assert!(page.contains(&format!("`{word}`")), "docs/search-json.md does not tell of {word}");
    }
}

#[test]
fn reasons_are_written_whenever_they_are_asked_for() {
    let bench = member();
    // The second search asks for no words: the year is the reason.
    for query in ["lullaby", "since:2020"] {
        let lines = bench.run(&["search", query, "--json", "--why"]).out;
        assert!(!lines.is_empty(), "{query}");
        for line in lines.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()) {
            assert!(!line["why"].as_array().unwrap().is_empty(), "{line}");
        }
        let without = bench.run(&["search", query, "--json"]).out;
        assert!(!without.contains("\"why\""), "{query}");
    }
}

#[test]
fn a_file_of_plain_questions_is_a_file_of_queries() {
    let bench = member();
    let qids = |text: &str| {
        bench.write("asked.txt", text);
        let ran = bench.run(&["search", "--queries", "asked.txt"]);
        let lines = ran.out.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["qid"].clone());
        let mut ids: Vec<Value> = lines.collect();
        ids.dedup();
        (ran.code, ids)
    };
    assert_eq!(qids("lullaby groups\n\nsleep\n"), (0, vec![json!(1), json!(3)]), "numbers of the lines");
    assert_eq!(qids("\n{\"id\": \"a\", \"text\": \"lullaby\"}\nsleep\n"), (3, vec![json!("a")]), "lines of JSON");
    assert_eq!(qids("{broken\nlullaby\n"), (3, vec![]));
}

#[test]
fn other_names_are_looked_for_and_can_be_switched_off() {
    let bench = member();
    let page = bench.run(&["search", "EPDS"]);
    assert!(page.out.contains("Also looked for: EPDS as Edinburgh Postnatal Depression Scale"), "{}", page.out);
    assert!(page.out.contains("--exact"), "{}", page.out);
    let exact = bench.run(&["search", "EPDS", "--exact"]);
    assert!(exact.code == 0 && !exact.out.contains("Also looked for"), "{}", exact.out);
}

#[cfg(unix)]
#[test]
fn a_paper_opens_in_the_browser_that_was_named() {
    let bench = member();
    let open = |args: &[&str], browser: &str| bench.run_with(args, &[("BROWSER", browser)]);
    let address = "https://pmc.ncbi.nlm.nih.gov/articles/PMC9000001/";
    let opened = open(&["search", "lullaby", "depression", "country:KE", "--open"], "/bin/echo opened %s");
    assert_eq!((opened.code, opened.out), (0, format!("{address}\nopened {address}\n")), "{}", opened.err);
    let first = open(&["search", "--open", "lullaby", "country:KE", "depression"], "/no/such:/bin/echo");
    assert_eq!(first.out, format!("{address}\n{address}\n"), "{}", first.err);
    let failed = open(&["search", "lullaby", "country:KE", "--open", "1"], "/no/such");
    assert_eq!((failed.code, failed.out.as_str()), (2, "https://doi.org/10.5555/sleep.2\n"), "{}", failed.err);
    assert!(failed.err.contains("BROWSER"), "{}", failed.err);
    let hostile = open(&["search", "gnirevoc", "--open"], "/bin/echo");
    assert!(is_plain(&hostile.out) && hostile.out.contains("%E2%80%AE"), "{}", hostile.all());
}

#[test]
fn exports_hold_all_papers_and_come_back() {
    let bench = member();
    for (option, file) in [
        ("--ris", "out.ris"),
        ("--bibtex", "out.bib"),
        ("--csl", "out.json"),
        ("--nbib", "out.nbib"),
        ("--csv", "out.csv"),
    ] {
        let ran = bench.run(&["search", "lullaby", option]);
        assert!(ran.code == 0 && is_plain(&ran.out.replace('\r', "")), "{option} {}", ran.all());
        bench.write(file, &ran.out);
        let back = bench.run(&["parse", file]);
        assert_eq!((back.code, back.out.lines().count()), (0, 7), "{option}: {}", back.err);
        let two = bench.run(&["search", option, "--limit", "2", "lullaby"]);
        bench.write(file, &two.out);
        assert_eq!(bench.run(&["parse", file]).out.lines().count(), 2, "{option}");
        let none = bench.run(&["search", "zzzzqqq", option]);
        assert!(none.code == 1 && none.out.is_empty() && none.err.contains("zzzzqqq"), "{option}: {}", none.all());
    }
}
