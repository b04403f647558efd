//! Screenings of invented papers, played again.

use std::collections::BTreeSet;

use super::{Priors, Run, draw, simulate};
use crate::measure;
use crate::rank::{Recipe, Rows, Text};

/// What papers that are wanted speak of, and what the others do.
const WANTED: [&str; 6] = ["postpartum", "depression", "mothers", "counselling", "listening", "perinatal"];
const OTHERS: [&str; 8] = ["knee", "wheat", "turbines", "copper", "voting", "glaciers", "football", "harbours"];
/// What both do.
const BOTH: [&str; 6] = ["study", "results", "district", "sample", "years", "analysis"];

/// Invented titles with their answers; one in `rarity` is wanted.
fn collection(papers: usize, rarity: usize) -> (Vec<String>, Vec<bool>) {
    let paper = |n: usize| {
        let is_wanted = n % rarity == 3 % rarity;
        let own: &[&str] = if is_wanted { &WANTED } else { &OTHERS };
        let pick = |from: &[&str], k: usize| from[(n * 7 + k * k * 3 + n / from.len() + k) % from.len()].to_owned();
        let words: Vec<String> = (0..4).flat_map(|k| [pick(own, k), pick(&BOTH, k + n)]).collect();
        (words.join(" "), is_wanted)
    };
    (0..papers).map(paper).unzip()
}

fn rows(titles: &[String], recipe: &Recipe) -> Rows {
    Rows::new(&titles.iter().map(|title| Text { title, ..Text::default() }).collect::<Vec<_>>(), recipe)
}

/// What must hold of every run, whatever it learnt from.
fn assert_run(id: &str, run: &Run, labels: &[bool], priors: Priors, every: usize) {
    let shown: BTreeSet<usize> = run.order.iter().copied().collect();
    assert_eq!(shown.len(), run.order.len(), "{id}: no row twice");
    assert!(!shown.contains(&priors.wanted) && !shown.contains(&priors.unwanted), "{id}: priors are not shown");
    let missed = (0..labels.len()).filter(|row| labels[*row] && *row != priors.wanted && !shown.contains(row));
    assert_eq!(missed.count(), 0, "{id}: all wanted ones are found");
    let after_last = run.order.iter().rev().take_while(|row| !labels[**row]).count();
    assert!(after_last < every, "{id}: it ends with the last wanted one: {after_last} papers after it");
    assert_eq!(run.rounds, run.order.len().div_ceil(every), "{id}: rounds");
}

#[test]
fn wanted_papers_come_early_where_words_tell_them() {
    let recipes = [("ours", Recipe::default()), ("u4", Recipe::elas_u4())];
    // Where nearly all papers are presumed unwanted (few in all, many of them wanted) little can be learnt at first.
    for (papers, rarity, loss_max) in [(160, 16, 0.03), (300, 20, 0.03), (60, 5, 0.3), (40, 2, 0.3)] {
        let (titles, labels) = collection(papers, rarity);
        for (id, recipe) in recipes {
            let rows = rows(&titles, &recipe);
            for (seed, every) in [(1, 1), (2, 1), (3, 10), (4, 1000)] {
                let loss_max = if every == 1 { loss_max } else { 0.6 };
                let id = format!("{id}, one in {rarity} of {papers}, seed {seed}, every {every}");
                let priors = draw(&labels, seed).unwrap();
                let run = simulate(&rows, &labels, priors, every, recipe, seed);
                assert_run(&id, &run, &labels, priors, every);
                assert_eq!(run, simulate(&rows, &labels, priors, every, recipe, seed), "{id}: the same each time");
                let mut found: Vec<bool> = run.order.iter().map(|row| labels[*row]).collect();
                found.resize(papers - 2, false);
                let loss = measure::screening(&found).unwrap().loss;
                assert!(loss < loss_max, "{id}: loss {loss}");
            }
        }
    }
}

#[test]
fn words_that_tell_nothing_cost_time_alone() {
    let labels: Vec<bool> = (0..30).map(|n| n % 7 == 0).collect();
    for (id, titles) in [("all the same", vec!["one title".to_owned(); 30]), ("all empty", vec![String::new(); 30])] {
        for recipe in [Recipe::default(), Recipe::elas_u4()] {
            let rows = rows(&titles, &recipe);
            let run = simulate(&rows, &labels, Priors { wanted: 0, unwanted: 1 }, 1, recipe, 1);
            assert_run(id, &run, &labels, Priors { wanted: 0, unwanted: 1 }, 1);
            assert!(!run.order.is_sorted(), "{id}: where all are equal the lot decides, not the order of the file");
        }
    }
}

#[test]
fn odd_beginnings() {
    let (titles, labels) = collection(20, 5);
    let recipe = Recipe::default();
    let rows = rows(&titles, &recipe);
    let of = |labels: &[bool], wanted, unwanted, every| {
        simulate(&rows, labels, Priors { wanted, unwanted }, every, recipe, 1)
    };
    assert_eq!(of(&[], 0, 1, 1).order, Vec::<usize>::new(), "no answers");
    assert_eq!(of(&[false; 20], 0, 1, 1).order, Vec::<usize>::new(), "nothing is wanted");
    let all_found = of(&[true, false, false], 0, 1, 1);
    assert_eq!((all_found.order.len(), all_found.rounds), (0, 0), "nothing is missing");
    let every_none = of(&labels, 3, 0, 0);
    assert_eq!(every_none, of(&labels, 3, 0, 1), "after none is after one");
    let not_there = of(&labels, 99, usize::MAX, 1);
    assert_eq!(not_there.order.iter().filter(|row| labels[**row]).count(), 4, "priors that are not there");
    let short = of(&labels[..10], 3, 0, 1);
    assert!(short.order.iter().all(|row| *row < 10), "papers without an answer are not shown");
}

#[test]
fn priors_are_drawn_by_lot_and_the_same_each_time() {
    let labels: Vec<bool> = (0..40).map(|n| n % 4 == 0).collect();
    let drawn: Vec<Priors> = (1..=20).filter_map(|seed| draw(&labels, seed)).collect();
    assert_eq!(drawn.len(), 20);
    assert!(drawn.iter().all(|p| labels[p.wanted] && !labels[p.unwanted]));
    let wanted: BTreeSet<usize> = drawn.iter().map(|p| p.wanted).collect();
    let unwanted: BTreeSet<usize> = drawn.iter().map(|p| p.unwanted).collect();
    assert!(wanted.len() >= 5 && unwanted.len() >= 10, "other seeds draw others: {wanted:?}, {unwanted:?}");
    assert_eq!(draw(&labels, 7), draw(&labels, 7));
    assert!(draw(&[true, true], 1).is_none() && draw(&[false], 1).is_none() && draw(&[], 1).is_none());
}
