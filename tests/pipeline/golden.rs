//! A golden month: payloads in; draft, mail, text, page, feed, manifest out.

use std::fs;

use roundup::model::{Month as IssueMonth, sha256_hex};
use roundup::pipeline;
use serde_json::{Value, json};

use crate::support::{Month, block_on, morning};

/// Files whose text is kept as golden; the others follow from the same data.
const GOLDEN: [&str; 7] = [
    "drafts/2026-09.toml",
    "out/2026-09/email.html",
    "out/2026-09/email.txt",
    "out/2026-09/index.html",
    "out/2026-09/manifest.json",
    "out/feed.xml",
    "out/index.html",
];

#[test]
fn a_month_comes_out_as_it_was_looked_at_and_accepted() {
    block_on(async {
        let month = Month::start().await;
        let began = std::time::Instant::now();
        month.september().await;
        println!("the golden month took {} ms", began.elapsed().as_millis());
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("../golden/2026-09");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        for name in GOLDEN {
            let text = fs::read_to_string(month.bench.path().join(name)).unwrap();
            let text = month.without_port(&text);
            settings.bind(|| insta::assert_snapshot!(name.replace('/', "-"), text));
        }
    });
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.september().await;
        let (drafts, out) = (month.bench.files("drafts"), month.bench.files("out"));
        assert!(out.len() >= 9, "{:?}", out.keys());
        let revision = ctx.store.revision().unwrap();
        morning(&ctx).await;
        assert_eq!(month.bench.files("drafts"), drafts);
        assert_eq!(month.bench.files("out"), out);
        assert_eq!(ctx.store.revision().unwrap(), revision, "a second run moves nothing");
        let again = pipeline::harvest(&ctx, &[]).await.unwrap();
        assert_eq!(again.sources.iter().map(|s| s.new + s.changed).sum::<usize>(), 0);
    });
}

#[test]
fn two_homes_come_out_alike() {
    block_on(async {
        let (one, two) = (Month::start().await, Month::start().await);
        one.september().await;
        two.september().await;
        let plain = |m: &Month| -> Vec<(String, String)> {
            let mut files = m.bench.files("drafts");
            files.extend(m.bench.files("out"));
            files.into_iter().map(|(n, b)| (n, m.without_port(&String::from_utf8_lossy(&b)))).collect()
        };
        assert_eq!(plain(&one), plain(&two));
    });
}

#[test]
fn what_nothing_leads_to_any_more_is_removed_and_nothing_else() {
    block_on(async {
        let month = Month::start().await;
        let ctx = month.september().await;
        let before = month.bench.files("out");
        assert!(before.keys().any(|name| name.starts_with("out/search/w")), "{:?}", before.keys());
        for (name, text) in [
            ("search/w900.js", "roundupPart(\"w900\",\"old\",\"\");"),
            ("search/w901.js", "somebody's own script"),
            ("search/notes.txt", "somebody's own notes"),
            ("2026-09/cite/x-gone.ris", "TY  - JOUR"),
            ("2026-09/cite/x-edited.ris", "TY  - JOUR, edited"),
            ("2026-09/cite/x-own.ris", "somebody's own citation"),
        ] {
            month.bench.write(&format!("out/{name}"), text);
        }
        // The last manifest named two of the citations; one of them was edited since.
        let path = month.bench.path().join("out/2026-09/manifest.json");
        let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        for name in ["x-gone", "x-edited"] {
            let entry = json!({ "path": format!("cite/{name}.ris"), "bytes": 10, "sha256": sha256_hex(b"TY  - JOUR") });
            manifest["files"].as_array_mut().unwrap().push(entry);
        }
        fs::write(&path, serde_json::to_vec(&manifest).unwrap()).unwrap();
        let report = pipeline::render(&ctx, IssueMonth::parse("2026-09").unwrap()).unwrap();
        assert_eq!(report.removed, ["2026-09/cite/x-gone.ris", "search/w900.js"]);
        let after = month.bench.files("out");
        let more: Vec<&String> = after.keys().filter(|name| !before.contains_key(*name)).collect();
        let kept = [
            "out/2026-09/cite/x-edited.ris",
            "out/2026-09/cite/x-own.ris",
            "out/search/notes.txt",
            "out/search/w901.js",
        ];
        assert_eq!(more, kept);
        assert!(
            before.iter().all(|(name, bytes)| after.get(name) == Some(bytes)),
            "all that belongs there is as it was"
        );
    });
}

#[test]
fn an_issue_whose_manifest_is_gone_or_damaged_stays_in_archive_and_feed() {
    block_on(async {
        let month = Month::start().await;
        drop(month.september().await);
        let ctx = month.october().await;
        let shared = ["out/index.html", "out/feed.xml", "out/search.html"];
        let before = month.bench.files("out");
        assert!(String::from_utf8_lossy(&before["out/feed.xml"]).contains("2026-09"));
        let manifest = month.bench.path().join("out/2026-09/manifest.json");
        let other = fs::read_to_string(month.bench.path().join("out/2026-10/manifest.json")).unwrap();
        for (text, note) in [
            (None, "the whole folder is gone"),
            (Some("{\"version\": 1, \"month\": \"20"), "cut short"),
            (Some("{\"version\":1,\"month\":\"x\"}"), "no month"),
            (Some(other.as_str()), "of another month"),
        ] {
            match text {
                None => fs::remove_dir_all(manifest.parent().unwrap()).unwrap(),
                Some(text) => drop(month.bench.write("out/2026-09/manifest.json", text)),
            }
            pipeline::render(&ctx, IssueMonth::parse("2026-10").unwrap()).unwrap();
            let after = month.bench.files("out");
            for name in shared {
                assert!(after[name] == before[name], "{name}: {note}");
            }
        }
    });
}
