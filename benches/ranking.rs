//! How many papers are made ready and learnt from in a second on one core.
//! `taskset -c 0 cargo bench --bench ranking [-- SECONDS]`
//!
//! Invented papers with abstracts of about 200 words: making rows of them; learning from 30, 300 and 3,000 answers when
//! nothing is known yet (cold) and when one more answer comes (warm). Beside each stands how long plainly counting
//! the words of as many papers takes in the same run: the ratio says on any machine whether it became slower.

use std::hint::black_box;
use std::time::Instant;

use roundup::model::text;
use roundup::rank::{Learner, Recipe, Rows, Text, Told};

/// Seconds that each kind of work is done for unless said otherwise.
const SECONDS: f64 = 2.0;
/// Papers in the collection.
const PAPERS: usize = 4000;
/// Words of an abstract.
const WORDS: usize = 200;
/// Words that papers are made of: as many as a collection of this size has that stand in more than one paper.
const VOCABULARY: u64 = 12_000;
/// Answers that come one by one when something is known already.
const MORE: usize = 50;
/// One paper in so many is wanted.
const RARITY: usize = 20;

/// Returns a number that looks like chance and is always the same (splitmix64).
fn lot(n: u64) -> u64 {
    let z = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z ^ (z >> 31)
}

/// Returns an invented text: few words are frequent and many are rare, as in real ones. Those of wanted papers come from
/// another part of the words half of the time.
fn paper(number: usize) -> String {
    let mut out = String::new();
    for k in 0..WORDS {
        let draw = lot((number * WORDS + k) as u64);
        // The product of two shares of the vocabulary: small numbers come up far more often than large ones.
        let word = (draw % VOCABULARY) * ((draw >> 32) % VOCABULARY) / VOCABULARY;
        let is_of_subject = number.is_multiple_of(RARITY) && draw >> 63 == 1;
        out.push_str(if is_of_subject { "topic" } else { "word" });
        out.push_str(&format!("{} ", word * 7919 % VOCABULARY));
    }
    out
}

/// Does a piece of work again and again for so many seconds; returns how often a second.
fn times_a_second(seconds: f64, mut work: impl FnMut()) -> f64 {
    work();
    let start = Instant::now();
    let mut rounds = 0_u32;
    while start.elapsed().as_secs_f64() < seconds {
        work();
        rounds += 1;
    }
    f64::from(rounds) / start.elapsed().as_secs_f64()
}

/// Returns a learner that was told of the first papers.
fn told(rows: &Rows, answers: usize) -> Learner<'_> {
    let mut learner = Learner::new(rows, Recipe::default(), 1);
    for row in 0..answers {
        learner.tell(Told { row, is_wanted: row.is_multiple_of(RARITY), weight: 1.0 });
    }
    learner
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its result")]
#[expect(clippy::cast_precision_loss, reason = "thousands of papers")]
fn main() {
    let seconds = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(SECONDS);
    let papers: Vec<String> = (0..PAPERS).map(paper).collect();
    let texts: Vec<Text<'_>> = papers.iter().map(|body| Text { title: "", body, tags: &[] }).collect();
    let count = times_a_second(seconds / 2.0, || {
        black_box(papers.iter().map(|p| text::count_words(p)).sum::<usize>());
    }) * PAPERS as f64;
    println!("counting words: {count:.0} papers/s");
    let say = |what: &str, a_second: f64, papers: usize| {
        let speed = a_second * papers as f64;
        let (ms, ratio) = (1000.0 / a_second, count / speed);
        println!("{what}: {ms:.2} ms, {speed:.0} papers/s; counting their words is {ratio:.2} times as fast");
    };
    let made = times_a_second(seconds, || {
        black_box(Rows::new(&texts, &Recipe::default()).width());
    });
    say(&format!("rows of {PAPERS} papers"), made, PAPERS);
    let rows = Rows::new(&texts, &Recipe::default());
    for answers in [30, 300, 3000] {
        let fresh = told(&rows, answers);
        let cold = times_a_second(seconds, || {
            let mut learner = fresh.clone();
            learner.learn();
            black_box(learner.decision(0));
        });
        say(&format!("{answers} answers, cold"), cold, answers);
        let mut settled = fresh.clone();
        settled.learn();
        let warm = times_a_second(seconds, || {
            let mut learner = settled.clone();
            for row in answers..answers + MORE {
                learner.tell(Told { row, is_wanted: row.is_multiple_of(RARITY), weight: 1.0 });
                learner.learn_on();
            }
            black_box(learner.decision(0));
        }) * MORE as f64;
        say(&format!("{answers} answers, one more"), warm, answers);
    }
    let mut learner = told(&rows, 300);
    learner.learn();
    let judged = times_a_second(seconds, || {
        black_box((0..PAPERS).map(|row| learner.decision(row)).sum::<f64>());
    });
    say(&format!("judging {PAPERS} papers"), judged, PAPERS);
}
