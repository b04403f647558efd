//! The reference of the command line is its own help text.

use crate::support::Bench;

/// Returns the names of the commands that a help text lists.
fn commands(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|l| !l.starts_with("Commands:")).skip(1).take_while(|l| !l.trim().is_empty());
    let is_name = |l: &&str| l.starts_with("  ") && !l.starts_with("   ");
    lines.filter(is_name).filter_map(|l| l.split_whitespace().next()).map(str::to_owned).collect()
}

/// Adds the section of a command and those of the commands below it.
fn push(bench: &Bench, path: &[&str], page: &mut String) {
    let help = bench.run(&[path, &["--help"]].concat());
    assert_eq!(help.code, 0, "{path:?}");
    let marks = "#".repeat(path.len() + 1);
    page.push_str(&format!("\n{marks} {}\n\n```text\n{}```\n", path.join(" "), help.out));
    for below in commands(&help.out) {
        push(bench, &[path, &[below.as_str()]].concat(), page);
    }
}

#[test]
fn the_reference_page_is_what_help_says() {
    let bench = Bench::new();
    let top = bench.run(&["--help"]);
    assert_eq!(top.code, 0);
    let mut page = format!(
        "# The command line\n\nThis page is what `roundup --help` and `roundup COMMAND --help` say; a test keeps it so.\n\n```text\n{}```\n",
        top.out
    );
    let names = commands(&top.out);
    assert!(names.len() >= 20, "{names:?}");
    for name in &names {
        push(&bench, &[name], &mut page);
    }
    assert!(page.contains("\n### sources find\n") && page.contains("\n### sources test\n"));
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "docs/cli.md is old; UPDATE_DOCS=1 cargo test help writes it");
}

#[test]
fn wrong_usage_ends_with_2_and_a_hint() {
    let bench = Bench::new();
    let ran = bench.run(&["serach", "x"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("a similar subcommand exists: 'search'"), "{}", ran.err);
    assert_eq!(bench.run(&["draft", "2026-13"]).code, 2);
}
