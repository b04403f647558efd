//! `roundup export` on a shelf of invented papers.

use super::search_shelf::member;

#[test]
fn papers_are_written_as_they_are_asked_for() {
    let bench = member();
    let all = bench.run(&["export", "--format", "ids"]);
    assert_eq!((all.code, all.out.lines().count()), (0, 7), "{}", all.all());
    for (id, words) in [
        ("all that is found, not a page", &["lullaby"][..]),
        ("a filter", &["lullaby", "country:KE"]),
        ("a word to leave out", &["lullaby", "-kenya"]),
        ("a phrase that the shell took out of its marks", &["lullaby groups"]),
    ] {
        let export = bench.run(&[&["export", "--format", "ris", "--"], words].concat());
        let search = bench.run(&[&["search", "--ris", "--"], words].concat());
        assert_eq!((export.code, export.out.as_str()), (0, search.out.as_str()), "{id}: {}", export.all());
        assert!(export.out.starts_with("TY  - "), "{id}");
    }
    let file = bench.run(&["export", "lullaby", "--limit", "2", "--out", "found.bib"]);
    assert_eq!((file.code, file.out.as_str()), (0, ""), "{}", file.all());
    assert!(file.err.contains("2 papers written to found.bib"), "{}", file.err);
    let issue = bench.run(&["export", "--issue", "2026-03", "--format", "ids"]);
    assert_eq!((issue.code, issue.out.as_str()), (0, "waaaaaaaaaab\n"), "{}", issue.all());
}

#[test]
fn what_cannot_be_exported_is_said() {
    let bench = member();
    for (args, code, said) in [
        (&["export", "zzzzqqq", "--format", "ris"][..], 1, "nothing was found"),
        (&["export", "foo:bar", "--format", "ris"], 2, "foo"),
        (&["export", "lullaby"], 2, "--format"),
        (&["export", "lullaby", "--out", "x.docx"], 2, ".docx"),
        (&["--home", "nowhere", "export", "--format", "ids"], 2, "roundup run"),
    ] {
        let ran = bench.run(args);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{args:?}: {}", ran.all());
        assert!(ran.err.contains(said), "{args:?}: {}", ran.err);
    }
}
