//! What a newcomer does: demo, search, explain, check.

use crate::support::Bench;

/// What a month leaves behind in the demo's folder.
const LEFT: [&str; 10] = [
    "drafts/2026-10.toml",
    "out/2026-10/email.html",
    "out/2026-10/email.txt",
    "out/2026-10/email.eml",
    "out/2026-10/index.html",
    "out/2026-10/items.ris",
    "out/2026-10/items.csv",
    "out/2026-10/manifest.json",
    "out/index.html",
    "out/feed.xml",
];

#[test]
fn the_demo_tells_its_story_and_leaves_a_month_behind() {
    let bench = Bench::new();
    let ran = bench.run(&["demo", "d"]);
    assert_eq!(ran.code, 0, "{}", ran.all());
    for words in [
        "the roundup of September 2026",
        "the roundup of October 2026",
        "were merged",
        "Look at it",
        "file://",
        "reach nobody in this folder",
    ] {
        assert!(ran.out.contains(words), "{words} is missing in\n{}", ran.out);
    }
    for file in LEFT {
        assert!(bench.path().join("d").join(file).is_file(), "{file}");
    }
    let found = bench.run(&["--home", "d", "search", "postpartum depression", "--json"]);
    assert_eq!(found.code, 0, "{}", found.err);
    assert!(found.out.lines().all(|l| serde_json::from_str::<serde_json::Value>(l).is_ok()));
    assert_eq!(bench.run(&["--home", "d", "search", "zzzzqqq"]).code, 1);
    let status = bench.run(&["--home", "d", "status"]);
    assert_eq!(status.code, 0);
    assert!(status.out.contains("level with the database"), "{}", status.out);
    let checked = bench.run(&["--home", "d", "check", "2026-10"]);
    assert!(!checked.out.contains("is still"), "{}", checked.out);
    let again = bench.run(&["demo", "d"]);
    assert_eq!(again.code, 0, "the demo can be repeated in its own folder: {}", again.all());
}

#[test]
fn the_demo_leaves_a_folder_of_yours_alone() {
    let bench = Bench::new();
    let other = bench.write("mine/notes.txt", "mine");
    let refused = bench.run(&["demo", "mine"]);
    assert_eq!(refused.code, 2);
    assert!(other.exists() && refused.err.contains("holds something else"), "{}", refused.err);
}

#[test]
fn a_new_home_says_what_comes_next() {
    let bench = Bench::new();
    let made = bench.run(&["init", "home"]);
    assert_eq!(made.code, 0, "{}", made.all());
    let checked = bench.run(&["--home", "home", "check"]);
    assert_eq!(checked.code, 1, "{}", checked.all());
    for words in
        ["web-address is still https://example.org/roundup", "contact is still roundup@example.org", "feeds.toml:"]
    {
        assert!(checked.out.contains(words), "{words} is missing in\n{}", checked.out);
    }
    let path = bench.path().join("home/feeds.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    bench.write("home/feeds.toml", text.replace("example.org", "perinatal.example"));
    assert_eq!(bench.run(&["--home", "home", "check"]).code, 0);
    let search = bench.run(&["--home", "home", "search", "x"]);
    assert!(search.err.contains("`roundup run`") && !search.err.contains("reindex"), "{}", search.err);
    let before = bench.files("home");
    assert_eq!(bench.run(&["init", "home"]).out, "home has all its files; nothing was changed\n");
    assert_eq!(bench.files("home"), before);
    let nothing = bench.run(&["--home", "home", "status"]);
    assert_eq!(nothing.code, 2);
    assert!(nothing.err.contains("`roundup run` fills it"), "{}", nothing.err);
    let elsewhere = bench.run(&["--home", "nowhere", "status"]);
    assert!(elsewhere.err.contains("`roundup init DIR` makes a folder to work in"), "{}", elsewhere.err);
}

#[test]
fn a_second_writer_is_refused_with_75() {
    let bench = Bench::new();
    bench.run(&["init", "home"]);
    let lock = roundup::store::WriterLock::take(&bench.path().join("home/data")).unwrap();
    let ran = bench.run(&["--home", "home", "reindex"]);
    assert_eq!(ran.code, 75, "{}", ran.all());
    assert!(ran.err.contains(&format!("process {}", std::process::id())), "{}", ran.err);
    drop(lock);
}
