//! A draft that is cut short between its file and the database: what the machine took out is never taken for
//! what a person took out.

use std::fs;

use roundup::model::{Month as IssueMonth, sha256_hex};
use roundup::pipeline::{self, Ctx};
use roundup::store::Pending;

use crate::support::{Month, block_on};

fn october() -> IssueMonth {
    IssueMonth::parse("2026-10").unwrap()
}

/// Twelve invented papers; with later numbers they fit better, so that they push earlier ones out.
fn lines(from: usize, design: &str) -> String {
    let line = |n: usize| {
        format!(
            "{{\"id\":\"p{n}\",\"title\":\"{design} number {n} for mothers with postnatal depression in Kenya\",\"authors\":[\
             \"Author{n} Maria\"],\"published\":\"2026-10-06\",\"entered\":\"2026-10-06\",\"url\":\"https://example.org/{n}\",\
             \"abstract\":\"We studied postnatal depression of mothers in place {n} of Kenya.\"}}\n"
        )
    };
    (from..from + 12).map(line).collect()
}

/// A home whose draft was written twice; between the two, papers left the list.
struct Twice {
    month: Month,
    ctx: Ctx,
    first: (String, String),
    second: (String, String),
}

fn twice() -> Twice {
    let month = block_on(Month::start());
    let feeds = fs::read_to_string(month.bench.path().join("feeds.toml")).unwrap();
    let small = feeds.replace("\nitems = 30\n", "\nitems = 3\n").replace("\nmore = 8\n", "\nmore = 0\n");
    month.bench.write("feeds.toml", small.replace("\ncandidates = 60\n", "\ncandidates = 5\n"));
    let ctx = month.open("2026-11-01T03:00:00Z");
    let draft = |ctx: &Ctx| {
        pipeline::judge(ctx).unwrap();
        pipeline::draft(ctx, october(), false).unwrap();
        let file = fs::read_to_string(month.bench.path().join("drafts/2026-10.toml")).unwrap();
        (file, ctx.store.draft_base(october()).unwrap().unwrap())
    };
    pipeline::import(&ctx, "a.jsonl", lines(0, "Commentary").as_bytes(), false).unwrap();
    let first = draft(&ctx);
    pipeline::import(&ctx, "b.jsonl", lines(20, "Cluster randomised trial").as_bytes(), false).unwrap();
    let second = draft(&ctx);
    assert_ne!(first.0, second.0);
    Twice { month, ctx, first, second }
}

impl Twice {
    /// Puts everything as it is when the second draft was cut short, with a file; drafts again and returns
    /// how many choices were taken in.
    fn cut_short(&self, file: &str) -> usize {
        let now = self.ctx.clock.now();
        let sum = |text: &str| sha256_hex(text.as_bytes());
        let base = self.second.1.clone();
        let pending = Pending { before: sum(&self.first.0), after: sum(&self.second.0), base };
        self.ctx.store.put_draft_base(october(), &self.first.1, now).unwrap();
        self.ctx.store.put_pending(october(), &pending, now).unwrap();
        fs::write(self.month.bench.path().join("drafts/2026-10.toml"), file).unwrap();
        let taken = pipeline::draft(&self.ctx, october(), false).unwrap().choices;
        assert_eq!(self.ctx.store.pending(october()).unwrap(), None, "file and base belong together again");
        taken
    }
}

/// Takes the last candidate out of a file, as a person does.
fn without_one(file: &str) -> String {
    let start = file.rfind("[[candidate]]").unwrap();
    let end = file[start..].find("\n\n").map_or(file.len(), |n| start + n + 1);
    format!("{}{}", &file[..start], &file[end..])
}

#[test]
fn what_the_machine_removed_is_not_what_a_person_removed() {
    let home = twice();
    let unbroken = home.ctx.store.all_choices().unwrap().len();
    assert_eq!(home.cut_short(&home.first.0.clone()), 0, "the file was not written yet");
    assert_eq!(home.cut_short(&home.second.0.clone()), 0, "the file was written");
    assert_eq!(home.ctx.store.all_choices().unwrap().len(), unbroken);
}

#[test]
fn what_a_person_removed_since_is_known_on_both_sides() {
    let home = twice();
    assert_eq!(home.cut_short(&without_one(&home.first.0)), 1, "edited before the file was written anew");
    let home = twice();
    assert_eq!(home.cut_short(&without_one(&home.second.0)), 1, "edited after it");
}
