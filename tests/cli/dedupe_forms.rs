//! `roundup dedupe` on every form that files of references come in: the same three invented papers
//! in each, as the tools write them, some without their DOI.

use std::io::Write;
use std::path::Path;

use crate::support::{Bench, Ran};

/// The three papers in each form.
const FORMS: [(&str, &[u8]); 10] = [
    ("pubmed.xml", include_bytes!("../fixtures/three/pubmed.xml")),
    ("pubmed.nbib", include_bytes!("../fixtures/three/pubmed.nbib")),
    ("database.ris", include_bytes!("../fixtures/three/database.ris")),
    ("library.bib", include_bytes!("../fixtures/three/library.bib")),
    ("endnote.xml", include_bytes!("../fixtures/three/endnote.xml")),
    ("refworks.txt", include_bytes!("../fixtures/three/refworks.txt")),
    ("web-of-science.txt", include_bytes!("../fixtures/three/web-of-science.txt")),
    ("table.csv", include_bytes!("../fixtures/three/table.csv")),
    ("csl.json", include_bytes!("../fixtures/three/csl.json")),
    ("lines.jsonl", include_bytes!("../fixtures/three/lines.jsonl")),
];

/// A folder with the three papers in every form.
fn bench() -> Bench {
    let bench = Bench::new();
    for (name, bytes) in FORMS {
        bench.write(name, bytes);
    }
    bench
}

/// Returns bytes as gzip packs them.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// Returns a file without what record lines say of the file they were read from; RIS as it is.
fn without_source(text: &str) -> Vec<String> {
    let line = |line: &str| {
        let Ok(mut value) = serde_json::from_str::<serde_json::Value>(line) else { return line.to_owned() };
        if let Some(record) = value.as_object_mut() {
            record.retain(|key, _| !key.starts_with("source"));
        }
        value.to_string()
    };
    text.lines().map(line).collect()
}

/// Asserts that a run found so many records of three studies, and nothing else to say.
fn assert_three(ran: &Ran, records: usize, what: &str) {
    let want = format!("exit 0\n--- out\n{records} records are 3 studies: {} doubles\n--- err", records - 3);
    let all = ran.all();
    let said: Vec<&str> = all.lines().filter(|line| !is_about_ids(line)).collect();
    assert_eq!(said.join("\n"), want, "{what}");
}

/// Tells whether a line says that ids stand twice, as they do in forms that number their records.
fn is_about_ids(line: &str) -> bool {
    line.ends_with("records share their id with others; in tables they are FILE#ID")
}

/// Takes a second or more: the binary runs once for every two forms.
#[test]
fn two_files_of_any_two_forms_are_three_studies() {
    let bench = bench();
    for (n, (a, _)) in FORMS.iter().enumerate() {
        for (b, _) in FORMS.iter().skip(n + 1) {
            assert_three(&bench.run(&["dedupe", a, b]), 6, &format!("{a} and {b}"));
        }
    }
}

#[test]
fn each_form_alone_and_all_at_once_are_three_studies() {
    let bench = bench();
    let names = FORMS.map(|(name, _)| name);
    for name in names {
        assert_three(&bench.run(&["dedupe", name]), 3, name);
    }
    assert_three(&bench.run(&[&["dedupe"][..], &names].concat()), 30, "all at once");
}

#[test]
fn packed_files_and_standard_input_are_read_like_others() {
    let bench = bench();
    for (name, bytes) in FORMS {
        let other = if name == "library.bib" { "csl.json" } else { "library.bib" };
        let path = bench.write(&format!("{name}.gz"), packed(bytes));
        assert_three(&bench.run(&["dedupe", &format!("{name}.gz"), other]), 6, &format!("{name}.gz"));
        for input in [path.as_path(), Path::new(name)] {
            let ran = bench.run_reading(&["dedupe", "-", other], &bench.path().join(input));
            assert_three(&ran, 6, &format!("{} on standard input", input.display()));
        }
    }
}

#[test]
fn what_was_kept_holds_no_doubles_and_is_kept_again_as_it_is() {
    let bench = bench();
    let names = FORMS.map(|(name, _)| name);
    for form in ["ris", "jsonl"] {
        let (once, twice) = (format!("once.{form}"), format!("twice.{form}"));
        assert_three(&bench.run(&[&["dedupe", "--out", &once][..], &names].concat()), 30, form);
        assert_three(&bench.run(&["dedupe", &once, "--out", &twice]), 3, form);
        let read = |name: &str| std::fs::read_to_string(bench.path().join(name)).unwrap();
        assert_eq!(without_source(&read(&once)), without_source(&read(&twice)), "{form}");
        for name in names {
            assert_three(&bench.run(&["dedupe", &once, name]), 6, &format!("{once} and {name}"));
        }
    }
    assert_three(&bench.run(&["dedupe", "once.ris", "once.jsonl"]), 6, "both");
}
