//! What was kept before, learnt and put into the order of the next papers.

use std::fs;

use roundup::model::{Choice, LEARNED, Month as IssueMonth, WorkId};
use roundup::pipeline::choose::{self, Saying};
use roundup::pipeline::{self, Ctx, merging};
use roundup::store::Answer;

use crate::support::{Month, block_on};

const NOVEMBER: &str = "2026-12-01T03:00:00Z";
const COUNTRIES: [&str; 10] =
    ["Kenya", "Malawi", "Nepal", "Uganda", "Bangladesh", "Ghana", "Peru", "Vietnam", "Zambia", "Rwanda"];

fn issue(text: &str) -> IssueMonth {
    IssueMonth::parse(text).unwrap()
}

/// One invented paper: even ones are about groups of mothers, odd ones about cortisol.
fn paper(n: usize, day: &str) -> String {
    let country = COUNTRIES[n % COUNTRIES.len()];
    let (title, body) = if n.is_multiple_of(2) {
        (
            "Peer groups for mothers",
            "Lay workers led peer groups in the village every week, and mothers came with friends",
        )
    } else {
        ("Salivary cortisol of mothers", "Cortisol was measured in saliva by immunoassay, and samples were frozen")
    };
    format!(
        "{{\"id\":\"paper-{n}\",\"title\":\"{title} with postnatal depression in {country}: study number {n}\",\"authors\":\
         [\"Author{n} Maria\"],\"journal\":\"Journal of Invented Health\",\"year\":2026,\"published\":\"{day}\",\"entered\":\
         \"{day}\",\"url\":\"https://example.org/{n}\",\"abstract\":\"We studied postnatal depression in {country}. {body}.\"}}\n"
    )
}

/// A home with forty papers of October and ten of November.
fn home() -> (Month, Ctx) {
    let month = block_on(Month::start());
    let ctx = month.open(NOVEMBER);
    let lines: String = (0..50).map(|n| paper(n, if n < 40 { "2026-10-06" } else { "2026-11-06" })).collect();
    pipeline::import(&ctx, "papers.jsonl", lines.as_bytes(), false).unwrap();
    pipeline::judge(&ctx).unwrap();
    (month, ctx)
}

/// Returns the ids of the papers, by number.
fn ids(ctx: &Ctx) -> Vec<WorkId> {
    let mut out: Vec<(usize, WorkId)> = Vec::new();
    for id in ctx.store.work_ids().unwrap() {
        let title = ctx.store.work(&id).unwrap().unwrap().work.record.title;
        if let Some((_, number)) = title.split_once("study number ") {
            out.push((number.parse().unwrap(), id));
        }
    }
    out.sort();
    out.into_iter().map(|(_, id)| id).collect()
}

fn say(ctx: &Ctx, id: &WorkId, choice: Choice) {
    let saying = Saying { choice: Some(choice), month: issue("2026-10"), who: "Ada", reason: "" };
    ctx.store.transaction(|_| choose::say(ctx, id, &saying)).unwrap();
}

/// Keeps even papers and drops odd ones, of the first so many.
fn choose_first(ctx: &Ctx, count: usize) -> Vec<WorkId> {
    let ids = ids(ctx);
    for (n, id) in ids.iter().take(count).enumerate() {
        say(ctx, id, if n.is_multiple_of(2) { Choice::Keep } else { Choice::Drop });
    }
    ids
}

/// A paper's number, and value, weight and note of its learned part.
type Place = (usize, Option<(f64, f64, String)>);

/// Returns November's new papers in their order.
fn order(ctx: &Ctx) -> Vec<Place> {
    let lines = pipeline::order(ctx, issue("2026-11")).unwrap();
    let number = |title: &str| title.split_once("study number ").and_then(|(_, n)| n.parse::<usize>().ok());
    let learned = |line: &pipeline::RankLine| {
        line.score.parts.iter().find(|p| p.name == LEARNED).map(|p| (p.value, p.weight, p.note.clone()))
    };
    lines.iter().filter_map(|l| Some((number(&l.title).filter(|n| *n >= 40)?, learned(l)))).collect()
}

#[test]
fn papers_like_those_that_were_kept_go_before_papers_like_those_that_were_dropped() {
    let (_month, ctx) = home();
    choose_first(&ctx, 29);
    assert!(order(&ctx).iter().all(|(_, learned)| learned.is_none()), "too few choices to learn from");
    choose_first(&ctx, 40);
    let after = order(&ctx);
    assert_eq!(after.len(), 10);
    assert!(after.iter().take(5).all(|(n, _)| n.is_multiple_of(2)), "{after:?}");
    let (value, weight, note) = after[0].1.clone().unwrap();
    assert!(value > 0.8 && (weight - 0.25).abs() < 1e-9, "40 of 120 choices: a third beside 1: {value} {weight}");
    assert!(note.starts_with("like ") && note.ends_with(" papers you kept"), "{note}");
    let (value, _, note) = after[9].1.clone().unwrap();
    assert!(value < 0.2 && note.ends_with("you did not keep"), "{value} {note}");
    assert_eq!(order(&ctx), after, "the same choices give the same order");
}

#[test]
fn a_draft_says_what_a_paper_is_like() {
    let (month, ctx) = home();
    choose_first(&ctx, 40);
    pipeline::draft(&ctx, issue("2026-11"), false).unwrap();
    let text = fs::read_to_string(month.bench.path().join("drafts/2026-11.toml")).unwrap();
    let told = text.lines().find(|l| l.contains(": like ") && l.contains(" papers you kept; ")).expect("a reason");
    assert!(told.starts_with("# 0."), "behind the score: {told}");
}

#[test]
fn what_is_switched_off_or_tells_nothing_does_not_count() {
    let (month, ctx) = home();
    // Kept and dropped by the country, which stands in both kinds alike, turn by turn: no taste to be learnt.
    let ids = ids(&ctx);
    for (n, id) in ids.iter().take(40).enumerate() {
        say(&ctx, id, if (n / 2 + n / 20).is_multiple_of(2) { Choice::Keep } else { Choice::Drop });
    }
    let learned = pipeline::rank_explained(&ctx, issue("2026-11"), ids[44].as_str()).unwrap().learned;
    assert!(learned.pairs_right.unwrap() < 0.6 && learned.share < 0.1, "{learned:?}");
    choose_first(&ctx, 40);
    drop(ctx);
    let feeds = fs::read_to_string(month.bench.path().join("feeds.toml")).unwrap();
    let off = feeds.replace("\nlearned = 1.00", "\nlearned = 0.00");
    assert_ne!(off, feeds);
    month.bench.write("feeds.toml", off);
    let ctx = month.open(NOVEMBER);
    assert!(order(&ctx).iter().all(|(_, learned)| learned.is_none()));
}

#[test]
fn a_place_can_be_explained_to_the_last_part() {
    let (_month, ctx) = home();
    let ids = choose_first(&ctx, 40);
    let explained = pipeline::rank_explained(&ctx, issue("2026-11"), ids[44].as_str()).unwrap();
    assert!(explained.place.unwrap() <= 5);
    let sum: f64 = explained.score.parts.iter().map(|p| p.value * p.weight).sum();
    assert!((explained.score.total - sum).abs() < 1e-12);
    assert!(explained.nearest.iter().all(|l| l.choice == Choice::Keep), "{:?}", explained.nearest);
    assert!(explained.speaks_for.iter().any(|t| t.term.contains("groups")), "{:?}", explained.speaks_for);
    let cortisol = pipeline::rank_explained(&ctx, issue("2026-11"), ids[45].as_str()).unwrap();
    assert!(cortisol.speaks_against.iter().any(|t| t.term.contains("cortisol")), "{:?}", cortisol.speaks_against);
    let dropped = pipeline::rank_explained(&ctx, issue("2026-11"), ids[1].as_str()).unwrap();
    assert_eq!(dropped.place, None);
    assert_eq!(dropped.why_not.as_deref(), Some("it was dropped by Ada on 1 December 2026"));
    // `explain` shows the same score.
    let chain = pipeline::explain(&ctx, ids[44].as_str()).unwrap();
    let heading = format!("Score {:.2}", explained.score.total);
    assert!(chain.parts.iter().any(|p| p.heading == heading), "{heading} {:?}", chain.parts);
}

#[test]
fn a_word_on_a_paper_is_no_reason_for_that_paper() {
    let (_month, ctx) = home();
    let ids = choose_first(&ctx, 40);
    let value = |id: &WorkId| {
        let explained = pipeline::rank_explained(&ctx, issue("2026-11"), id.as_str()).unwrap();
        explained.score.parts.iter().find(|p| p.name == LEARNED).unwrap().value
    };
    assert!(value(&ids[45]) < 0.2, "like what was dropped");
    say(&ctx, &ids[45], Choice::Keep);
    assert!(value(&ids[45]) < 0.3, "what was said of it says nothing of what is like it: {}", value(&ids[45]));
}

#[test]
fn a_study_counts_once_however_often_it_was_judged() {
    let (_month, ctx) = home();
    let ids = choose_first(&ctx, 40);
    let before = pipeline::rank_explained(&ctx, issue("2026-11"), ids[44].as_str()).unwrap().learned;
    assert_eq!((before.kept, before.not_kept), (20, 20));
    merging::say(&ctx, ids[0].as_str(), ids[2].as_str(), Answer::Same, "Ada", "").unwrap();
    let after = pipeline::rank_explained(&ctx, issue("2026-11"), ids[44].as_str()).unwrap().learned;
    assert_eq!((after.kept, after.not_kept), (19, 20), "two kept papers became one");
}
