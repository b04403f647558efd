//! How many papers are judged in a second on one core, by the built-in rules.
//! `taskset -c 0 cargo bench --bench judging [-- SECONDS]`
//!
//! Three kinds of invented papers: a title alone, an abstract of 200 words, a text of 2,000 words. Beside
//! each stands how long plainly counting its words takes in the same run: the ratio says on any machine
//! whether judging became slower.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use roundup::config::{countries, topics};
use roundup::model::{Record, text};
use roundup::tag::Judge;

/// Seconds that each kind is judged for unless said otherwise.
const SECONDS: f64 = 2.0;

/// Papers of each kind: enough that no two calls meet the same text in a row.
const PAPERS: usize = 200;

/// What abstracts are made of: about as many words of the subject as in real ones.
const SENTENCES: [&str; 16] = [
    "Depression and anxiety around birth are common and seldom treated.",
    "We recruited 412 pregnant women at six antenatal clinics in Blantyre, Malawi, between March 2021 and May 2023.",
    "Participants were visited at home at six weeks, three months and six months after birth.",
    "The questionnaire asked about age, schooling, work, parity, support by relatives, and the distance to the clinic.",
    "Symptoms were measured with the Edinburgh Postnatal Depression Scale, with a cut-off of 12 or more.",
    "We fitted a mixed-effects logistic regression with a random intercept for the clinic.",
    "Of all women, 23% (95% CI 19 to 27) scored above the cut-off at three months.",
    "Higher scores went with violence by a partner (OR 2.4, 95% CI 1.5 to 3.8) and with hunger in the last month.",
    "There was no difference between the rooms with blue curtains and those with yellow ones (p = 0.41).",
    "Missing answers were imputed under the assumption that they were missing at random.",
    "Nurses said that the visits were welcome, and that time was short on market days.",
    "The study was approved by the ethics committee, and every participant gave written consent.",
    "Our sample came from one district, and answers may have been shaped by the presence of relatives.",
    "Maternal mental health should be part of routine care in low- and middle-income countries.",
    "Weights, lengths and temperatures were written down twice and compared by a second reader.",
    "Further research is needed to learn how the visits can be paid for.",
];

/// Returns invented papers with so many words of text.
fn papers(words: usize) -> Vec<Record> {
    let paper = |n: usize| {
        let mut body = String::new();
        let mut count = 0;
        for sentence in (0..).map_while(|k: usize| SENTENCES.get((n * 7 + k * 5 + k * k * n) % SENTENCES.len())) {
            if count >= words {
                break;
            }
            count += sentence.split(' ').count();
            body.push_str(sentence);
            body.push(' ');
        }
        Record {
            id: n.to_string(),
            title: format!("Home visits and postnatal depression in district {n} of Malawi: a cohort study"),
            abstract_text: (words > 0).then_some(body),
            ..Record::default()
        }
    };
    (0..PAPERS).map(paper).collect()
}

/// Does a piece of work on every paper, again and again for so many seconds; returns papers a second.
fn papers_a_second(papers: &[Record], seconds: f64, mut work: impl FnMut(&Record)) -> f64 {
    papers.iter().for_each(&mut work);
    let start = Instant::now();
    let mut rounds = 0_u32;
    while start.elapsed().as_secs_f64() < seconds {
        papers.iter().for_each(&mut work);
        rounds += 1;
    }
    f64::from(rounds) * f64::from(u32::try_from(papers.len()).unwrap_or(u32::MAX)) / start.elapsed().as_secs_f64()
}

#[expect(clippy::print_stdout, reason = "a benchmark prints its result")]
fn main() -> Result<(), Box<dyn Error>> {
    let seconds = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(SECONDS);
    let (rules, _) = topics::parse(topics::DEFAULT, "topics.toml");
    let (table, _) = countries::parse(countries::DEFAULT, "countries.csv");
    let start = Instant::now();
    let judge = Judge::compile(&rules, &table).map_err(|problems| format!("{problems:?}"))?;
    println!("compiling the rules: {:.0} ms", start.elapsed().as_secs_f64() * 1000.0);
    for (name, words) in [("a title alone", 0), ("200 words", 200), ("2,000 words", 2000)] {
        let papers = papers(words);
        let judged = papers_a_second(&papers, seconds, |paper| {
            black_box(judge.judge(paper));
        });
        let counted = papers_a_second(&papers, seconds / 4.0, |paper| {
            let body = paper.abstract_text.as_deref().unwrap_or_default();
            black_box(text::count_words(&paper.title) + text::count_words(body));
        });
        println!("{name}: {judged:.0} papers/s; counting their words is {:.1} times as fast", counted / judged);
    }
    Ok(())
}
