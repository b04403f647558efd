//! What is derived can be deleted and comes out the same.

use std::fs;

use roundup::index::{Index, Options, parse_query};
use roundup::pipeline;

use crate::support::{Month, block_on};

/// Returns what a search shows, as text.
fn answers(month: &Month) -> String {
    let searcher = Index::open_reader(&month.bench.path().join("index")).unwrap();
    let mut out = String::new();
    for query in ["postpartum depression", "country:kenya trial", "twg:adolescent -protocol", "\"birth\" 2026"] {
        let answer = searcher.search(&parse_query(query), &Options::default()).unwrap();
        let hits: Vec<String> =
            answer.hits.iter().map(|h| format!("{} {} {:?}", h.paper.id, h.score, h.paper.issue)).collect();
        out.push_str(&format!("{query}: {} {hits:#?} {:?} {:?}\n", answer.total, answer.facets, answer.notes));
    }
    out
}

#[test]
fn a_rebuild_gives_the_same_answers_and_the_same_bytes() {
    block_on(async {
        let month = Month::start().await;
        drop(month.september().await);
        let ctx = month.october().await;
        let (out, found) = (month.bench.files("out"), answers(&month));
        let judged: Vec<_> = ctx.store.work_ids().unwrap().iter().map(|id| ctx.store.work(id).unwrap()).collect();
        fs::remove_dir_all(month.bench.path().join("index")).unwrap();
        fs::remove_dir_all(month.bench.path().join("out")).unwrap();
        ctx.store.forget_derived().unwrap();

        let report = pipeline::rebuild(&ctx).unwrap();

        assert_eq!(report.issues, 2);
        let again: Vec<_> = ctx.store.work_ids().unwrap().iter().map(|id| ctx.store.work(id).unwrap()).collect();
        assert_eq!(again, judged);
        let names: Vec<_> = out.keys().collect();
        let rebuilt = month.bench.files("out");
        assert_eq!(rebuilt.keys().collect::<Vec<_>>(), names);
        for (name, bytes) in &out {
            assert!(rebuilt.get(name) == Some(bytes), "{name} came out differently");
        }
        assert_eq!(answers(&month), found);
    });
}
