//! The texts that a draft had, and putting one back, as people say it.

use std::fs;
use std::path::PathBuf;

use crate::support::{Bench, Ran};

const PAPER: &str = r#"{"id":"a","title":"Lullabies and postnatal depression: a cohort in Malawi","authors":["Deen, Dora"],"journal":"Acta Fabricata","year":2026,"published":"2026-10-05","pmid":"90000001","doi":"10.5555/draft.1","abstract":"We followed 300 mothers with postnatal depression in Malawi."}
"#;

/// A home with a draft of October that a person wrote a note in.
fn home() -> Bench {
    let bench = Bench::new();
    assert_eq!(bench.run(&["init", "home"]).code, 0);
    bench.write("paper.jsonl", PAPER);
    assert_eq!(bench.run(&["--home", "home", "import", "paper.jsonl"]).code, 0);
    let drafted = draft(&bench, &["2026-10"]);
    assert_eq!(drafted.code, 0, "{}", drafted.all());
    bench
}

fn draft(bench: &Bench, args: &[&str]) -> Ran {
    bench.run(&[&["--home", "home", "draft"], args].concat())
}

fn path(bench: &Bench) -> PathBuf {
    bench.path().join("home/drafts/2026-10.toml")
}

/// Writes a note into the file, as a person does.
fn write_note(bench: &Bench) {
    let text = fs::read_to_string(path(bench)).unwrap();
    let with_note = text.replacen("note = \"\"\"\n", "note = \"\"\"\nDear all\n", 1);
    assert_ne!(with_note, text);
    fs::write(path(bench), with_note).unwrap();
}

/// Adds what is typed and what comes of it, without lengths in bytes.
fn tell(bench: &Bench, args: &[&str], told: &mut String) {
    let all = draft(bench, args).all();
    let words = all.split(" bytes").map(|part| part.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end());
    told.push_str(&format!("$ roundup draft {}\n{}\n\n", args.join(" "), words.collect::<Vec<_>>().join(" N bytes")));
}

#[test]
fn a_text_is_listed_shown_compared_and_put_back() {
    let bench = home();
    let first = fs::read_to_string(path(&bench)).unwrap();
    write_note(&bench);
    let noted = fs::read_to_string(path(&bench)).unwrap();
    let mut told = String::new();
    tell(&bench, &["history", "2026-10"], &mut told);
    assert_eq!(draft(&bench, &["2026-10"]).code, 0);
    tell(&bench, &["history"], &mut told);
    tell(&bench, &["history", "--limit", "1"], &mut told);
    assert_eq!(draft(&bench, &["history", "2026-10", "--show", "1"]).out, first, "to the byte");
    tell(&bench, &["history", "2026-10", "--diff", "1"], &mut told);
    tell(&bench, &["history", "2026-10", "--diff", "2"], &mut told);
    tell(&bench, &["restore", "2026-10", "1", "--dry-run"], &mut told);
    assert_eq!(fs::read_to_string(path(&bench)).unwrap(), noted, "nothing was written");
    tell(&bench, &["restore", "2026-10", "1"], &mut told);
    assert_eq!(fs::read_to_string(path(&bench)).unwrap(), first);
    tell(&bench, &["restore", "2026-10", "1"], &mut told);
    fs::remove_file(path(&bench)).unwrap();
    tell(&bench, &["history", "2026-10"], &mut told);
    assert_eq!(draft(&bench, &["restore", "2026-10", "2"]).code, 0);
    assert_eq!(fs::read_to_string(path(&bench)).unwrap(), noted);
    insta::assert_snapshot!("drafts_put_back", told);
}

#[test]
fn what_is_not_there_is_said_and_what_is_no_command_refused() {
    let (bench, mut told) = (home(), String::new());
    tell(&bench, &["history", "2026-09"], &mut told);
    tell(&bench, &["restore", "2026-10", "7"], &mut told);
    insta::assert_snapshot!("drafts_not_there", told);
    for wrong in [&["restore"][..], &["restore", "2026-10"], &["restore", "October", "1"], &["restore", "2026-10", "x"]]
    {
        assert_eq!(draft(&bench, wrong).code, 2, "{wrong:?}");
    }
    assert_eq!(draft(&bench, &["2026-10", "history"]).code, 2, "one thing at a time");
    assert_eq!(draft(&bench, &["--dry-run", "history"]).code, 2, "one thing at a time");
    assert_eq!(draft(&bench, &["history", "--show", "1", "--diff", "1"]).code, 2);
}

#[test]
fn a_file_that_is_no_text_is_said_and_put_aside_as_it_is() {
    let bench = home();
    let whole = fs::read_to_string(path(&bench)).unwrap();
    let broken: Vec<u8> = [whole.as_bytes(), b"# caf\xe9\n"].concat();
    let line = whole.lines().count() + 1;
    let told = format!("drafts/2026-10.toml:{line}: a sign here is not UTF-8, so the file cannot be read as text");
    for number in 1..=2 {
        fs::write(path(&bench), &broken).unwrap();
        let listed = draft(&bench, &["history", "2026-10"]);
        assert_eq!(listed.code, 0, "{}", listed.all());
        assert!(listed.out.contains(&told) && listed.out.contains("puts it back"), "{}", listed.out);
        for args in [&["2026-10"][..], &["history", "2026-10", "--diff", "1"]] {
            let ran = draft(&bench, args);
            assert!(ran.code == 2 && ran.err.contains(&told) && ran.err.contains("UTF-8"), "{args:?}: {}", ran.all());
            assert_eq!(fs::read(path(&bench)).unwrap(), broken, "{args:?}: it is left alone");
        }
        let checked = bench.run(&["--home", "home", "check", "2026-10"]);
        assert!(checked.all().contains(&told), "{}", checked.all());
        assert_eq!(draft(&bench, &["restore", "2026-10", "1", "--dry-run"]).code, 0);
        assert_eq!(fs::read(path(&bench)).unwrap(), broken, "nothing was written");
        let restored = draft(&bench, &["restore", "2026-10", "1"]);
        assert_eq!(restored.code, 0, "{}", restored.all());
        let name = if number == 1 { "2026-10-broken.toml" } else { "2026-10-broken-2.toml" };
        assert!(restored.out.contains(name), "{}", restored.out);
        assert_eq!(fs::read(path(&bench).with_file_name(name)).unwrap(), broken, "byte for byte");
        assert_eq!(fs::read_to_string(path(&bench)).unwrap(), whole);
    }
    let status = bench.run(&["--home", "home", "status"]);
    assert!(status.code == 0 && !status.out.contains("broken"), "what is put aside is no draft: {}", status.all());
}

#[test]
fn programs_get_json() {
    let bench = home();
    write_note(&bench);
    let value = |ran: &Ran| -> Vec<serde_json::Value> {
        assert_eq!(ran.code, 0, "{}", ran.all());
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let listed = value(&bench.run(&["--home", "home", "--json", "draft", "history", "2026-10"]));
    assert_eq!(
        (&listed[0]["number"], &listed[0]["by"], &listed[0]["is_current"]),
        (&1.into(), &"draft".into(), &false.into())
    );
    let lines = value(&draft(&bench, &["history", "2026-10", "--diff", "1", "--json"]));
    assert!(lines.iter().any(|l| l["side"] == "new" && l["text"] == "Dear all"), "{lines:?}");
    let shown = value(&draft(&bench, &["history", "2026-10", "--show", "1", "--json"]));
    assert!(shown[0]["text"].as_str().unwrap().contains("month = \"2026-10\""));
    let restored = value(&draft(&bench, &["restore", "2026-10", "1", "--json"]));
    assert_eq!((&restored[0]["is_changed"], &restored[0]["kept"]), (&true.into(), &2.into()));
}

#[test]
fn links_are_asked_only_when_told_to() {
    let bench = home();
    bench.write("answers/none", "");
    let check = |args: &[&str]| {
        let args = [&["--home", "home", "check", "2026-10"], args].concat();
        bench.run_with(&args, &[("ROUNDUP_HTTP", "replay:answers")])
    };
    let plain = check(&[]);
    assert!(!plain.all().contains("could not be tried"), "{}", plain.all());
    let tried = check(&["--links"]);
    assert!(tried.err.contains("1 link: 0 are fine, 0 lead nowhere, 1 could not be tried"), "{}", tried.all());
    let want =
        "could not be tried (no complete answer came: this exchange was not recorded): https://doi.org/10.5555/draft.1";
    assert!(tried.out.contains(want), "{}", tried.all());
}

#[test]
fn what_was_left_half_written_goes_with_a_check_and_with_a_draft() {
    let bench = home();
    for (args, note) in [(&["check", "2026-10"][..], "looking"), (&["draft", "2026-10"], "writing")] {
        let (old, new) =
            (bench.path().join("home/drafts/.roundup-aB3xY9"), bench.path().join("home/drafts/.roundup-b"));
        for path in [&old, &new] {
            fs::write(path, "half").unwrap();
            let at = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_hours(24);
            fs::File::options().append(true).open(path).unwrap().set_modified(at).unwrap();
        }
        bench.run(&[&["--home", "home"], args].concat());
        assert_eq!((old.exists(), new.exists()), (false, true), "{note}: what bears no name of ours stays");
    }
}
