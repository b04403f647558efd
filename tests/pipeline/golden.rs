//! A golden month: payloads in; draft, mail, text, page, feed, manifest out.

use std::fs;

use roundup::pipeline;

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
