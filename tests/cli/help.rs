//! The reference of the command line is its own help text.

use crate::support::Bench;

#[test]
fn the_reference_page_is_what_help_says() {
    let bench = Bench::new();
    let top = bench.run(&["--help"]);
    assert_eq!(top.code, 0);
    let mut page = format!(
        "# The command line\n\nThis page is what `roundup --help` and `roundup COMMAND --help` say; a test keeps it so.\n\n```text\n{}```\n",
        top.out
    );
    let commands =
        top.out.lines().skip_while(|l| !l.starts_with("Commands:")).skip(1).take_while(|l| !l.trim().is_empty());
    let is_name = |l: &&str| l.starts_with("  ") && !l.starts_with("   ");
    let names: Vec<&str> = commands.filter(is_name).filter_map(|l| l.split_whitespace().next()).collect();
    assert!(names.len() >= 20, "{names:?}");
    for name in names {
        let help = bench.run(&[name, "--help"]);
        assert_eq!(help.code, 0, "{name}");
        page.push_str(&format!("\n## {name}\n\n```text\n{}```\n", help.out));
    }
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
