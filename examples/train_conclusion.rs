//! Learns the weights of `data/conclusion.toml` from abstracts whose authors labelled the conclusion.
//!
//! `cargo run --release --example train_conclusion -- [--note TEXT] FILE… [--test FILE…] > data/conclusion.toml`
//!
//! A FILE holds JSON lines, also as `.gz`: record lines as `roundup parse` prints them, whose
//! abstract is labelled, or `{"title", "sections": [{"label", "text"}], "conclusion"}`. The labels
//! are taken off. What is learnt is a softmax regression over the sentences that may be the first
//! of the conclusion, pulled towards zero, by a fixed number of full steps from zero on: no chance
//! is in it, and the same files give the same weights. Figures go to stderr and into the head of
//! the file, below the note (the day, where the files come from); what stands behind `--test` is
//! measured and not learnt from.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::process::ExitCode;

use roundup::config::{countries, topics};
use roundup::model::{Record, Section};
use roundup::tag::{Judge, unlabelled};

/// Steps over all abstracts: the figures no longer move beyond.
const STEPS: i32 = 200;
/// Length of a step.
const STEP: f64 = 0.05;
/// Pull of every weight towards zero.
const PULL: f64 = 0.002;
/// Parts of the cross-validation.
const FOLDS: usize = 10;
/// Abstracts in which a sign must stand to be learnt.
const ABSTRACTS_MIN: usize = 20;
/// Smaller weights are left out of the file.
const WEIGHT_MIN: f64 = 0.03;

/// Numbers of signs, by place and name.
type Names = BTreeMap<(&'static str, String), usize>;

/// One abstract.
struct Example {
    /// For every beginning how often each sign stands there.
    starts: Vec<Vec<(usize, f64)>>,
    /// Which beginning is the right one, where it is among them.
    right: Option<usize>,
    /// Sentences of its conclusion.
    true_sentences: usize,
}

#[expect(clippy::print_stdout, reason = "an example prints its result")]
#[expect(clippy::print_stderr, reason = "an example says what it did")]
fn main() -> ExitCode {
    match run() {
        Ok((file, figures)) => {
            eprintln!("{}", figures.join("\n"));
            println!("{file}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("train_conclusion: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Reads, learns and measures; returns the file of weights and the figures.
fn run() -> Result<(String, Vec<String>), String> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let (mut examples, mut figures) = (Vec::new(), Vec::new());
    if arguments.first().is_some_and(|a| a == "--note") {
        figures.extend(arguments.drain(..arguments.len().min(2)).skip(1));
    }
    let (learn, test) = arguments.split_at(arguments.iter().position(|a| a == "--test").unwrap_or(arguments.len()));
    let (rules, _) = topics::parse(topics::DEFAULT, "topics.toml");
    let (table, _) = countries::parse(countries::DEFAULT, "countries.csv");
    let judge = Judge::compile(&rules, &table).map_err(|p| p.iter().map(ToString::to_string).collect::<String>())?;
    let mut names = Names::new();
    for file in learn {
        let read = read(file, &judge, &mut names)?;
        figures.push(format!("learnt from {}: {} abstracts", base(file), read.len()));
        examples.extend(read);
    }
    let is_frequent = frequent(&examples, names.len());
    let mut total = Figures::default();
    for fold in 0..FOLDS {
        let of_fold = |is_in: bool| -> Vec<&Example> {
            examples.iter().enumerate().filter(|(n, _)| (n % FOLDS == fold) == is_in).map(|(_, e)| e).collect()
        };
        total.add(of_fold(true), &learn_from(&of_fold(false), &is_frequent));
    }
    figures.push(format!("cross-validated in {FOLDS} parts: {}", total.line()));
    let weights = learn_from(&examples.iter().collect::<Vec<_>>(), &is_frequent);
    for file in test.iter().skip(1) {
        let mut own = Figures::default();
        own.add(read(file, &judge, &mut names)?.iter(), &weights);
        figures.push(format!("not learnt from {}: {}", base(file), own.line()));
    }
    Ok((written(&names, &weights, &figures), figures))
}

/// Returns the name of a file without its folders.
fn base(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

/// Returns the file of weights.
fn written(names: &Names, weights: &[f64], figures: &[String]) -> String {
    let mut out = "# What each sign weighs when the beginning of an unlabelled conclusion is looked for.\n# Learnt, not written by hand; made anew by\n#   cargo run --release --example train_conclusion -- --note TEXT FILE… --test FILE… > data/conclusion.toml\n".to_owned();
    for figure in figures {
        out.push_str(&format!("# {figure}\n"));
    }
    out.push_str("#\n# [inside]: in any of its sentences; [first]: in its first sentence; [length]: its sentences.\n# Signs with a dot are rules of topics.toml, the others are told from the look of a sentence.\n");
    let mut place = "";
    for ((at, name), n) in names {
        let weight = weights.get(*n).copied().unwrap_or_default();
        if weight.abs() >= WEIGHT_MIN {
            if *at != place {
                out.push_str(&format!("\n[{at}]\n"));
                place = at;
            }
            out.push_str(&format!("\"{name}\" = {weight:.2}\n"));
        }
    }
    out.trim_end().to_owned()
}

/// Reads the abstracts of a file that have a labelled conclusion.
#[expect(clippy::disallowed_methods, reason = "the example stands alone")]
fn read(file: &str, judge: &Judge, names: &mut Names) -> Result<Vec<Example>, String> {
    let fault = |e: &dyn std::fmt::Display| format!("{file}: {e}");
    let bytes = std::fs::read(file).map_err(|e| fault(&e))?;
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text).map_err(|e| fault(&e))?;
    } else {
        text = String::from_utf8(bytes).map_err(|e| fault(&e))?;
    }
    let mut out = Vec::new();
    for line in text.lines() {
        let value: serde_json::Value = serde_json::from_str(line).map_err(|e| fault(&e))?;
        let record = record(&value);
        if let Some((whole, at)) = unlabelled(&record) {
            let record = Record { title: record.title, abstract_text: Some(whole), ..Record::default() };
            out.push(example(&record, at, judge, names));
        }
    }
    Ok(out)
}

/// Returns title and labelled abstract of a line.
fn record(value: &serde_json::Value) -> Record {
    let text =
        |value: &serde_json::Value, key: &str| value.get(key).and_then(|t| t.as_str()).unwrap_or_default().to_owned();
    let mut sections: Vec<Section> = value
        .get("sections")
        .and_then(|s| s.as_array())
        .into_iter()
        .flatten()
        .map(|s| Section { label: Some(text(s, "label")), category: Some(text(s, "category")), text: text(s, "text") })
        .collect();
    if let Some(conclusion) = value.get("conclusion").and_then(|c| c.as_str()) {
        sections.push(Section { label: Some("CONCLUSION".to_owned()), category: None, text: conclusion.to_owned() });
    }
    let joined = || sections.iter().map(|s| s.text.as_str()).collect::<Vec<_>>().join("\n\n");
    let whole = if sections.is_empty() { text(value, "abstract") } else { joined() };
    Record { title: text(value, "title"), abstract_text: Some(whole), sections, ..Record::default() }
}

/// Returns one abstract whose conclusion begins at a byte.
fn example(record: &Record, at: usize, judge: &Judge, names: &mut Names) -> Example {
    let beginnings = judge.beginnings(record);
    let right = beginnings.iter().position(|b| b.sentence.start <= at && at < b.sentence.end);
    let true_sentences = beginnings.iter().filter(|b| b.sentence.end > at).count();
    let mut starts = Vec::new();
    for beginning in beginnings {
        let mut counts: BTreeMap<usize, f64> = BTreeMap::new();
        for sign in beginning.signs {
            let next = names.len();
            *counts.entry(*names.entry(sign).or_insert(next)).or_default() += 1.0;
        }
        starts.push(counts.into_iter().collect());
    }
    Example { starts, right, true_sentences }
}

/// Tells of each sign whether it stands in enough abstracts.
fn frequent(examples: &[Example], signs: usize) -> Vec<bool> {
    let mut seen = vec![0; signs];
    for example in examples {
        let mut own: Vec<usize> = example.starts.iter().flatten().map(|(n, _)| *n).collect();
        own.sort_unstable();
        own.dedup();
        own.into_iter().filter_map(|n| seen.get_mut(n).map(|s: &mut usize| *s += 1)).for_each(drop);
    }
    seen.into_iter().map(|n| n >= ABSTRACTS_MIN).collect()
}

/// Returns how much each beginning weighs.
fn weigh(example: &Example, weights: &[f64]) -> Vec<f64> {
    let weigh = |signs: &Vec<(usize, f64)>| signs.iter().filter_map(|(n, times)| Some(weights.get(*n)? * times)).sum();
    example.starts.iter().map(weigh).collect()
}

/// Returns the weights under which the right beginnings are most likely (Adam, all at a time).
fn learn_from(examples: &[&Example], is_frequent: &[bool]) -> Vec<f64> {
    let count = is_frequent.len();
    let (mut weights, mut mean, mut square) = (vec![0.0_f64; count], vec![0.0_f64; count], vec![0.0_f64; count]);
    let used = examples.iter().filter(|e| e.right.is_some()).fold(0.0, |n, _| n + 1.0);
    for step in 1..=STEPS {
        let mut slope: Vec<f64> = weights.iter().map(|w| -PULL * w).collect();
        for example in examples {
            let Some(right) = example.right else { continue };
            let weighed = weigh(example, &weights);
            let top = weighed.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let all: f64 = weighed.iter().map(|w| (w - top).exp()).sum();
            for (n, (signs, weighed)) in example.starts.iter().zip(&weighed).enumerate() {
                let push = (f64::from(u8::from(n == right)) - (weighed - top).exp() / all) / used;
                for (sign, times) in signs {
                    slope.get_mut(*sign).into_iter().for_each(|s| *s += push * times);
                }
            }
        }
        let (long, short) = (1.0 - 0.9_f64.powi(step), 1.0 - 0.999_f64.powi(step));
        let moments = mean.iter_mut().zip(square.iter_mut());
        for (((weight, slope), (mean, square)), is_frequent) in
            weights.iter_mut().zip(slope).zip(moments).zip(is_frequent)
        {
            *mean = 0.9 * *mean + 0.1 * slope;
            *square = 0.999 * *square + 0.001 * slope * slope;
            if *is_frequent {
                *weight += STEP * (*mean / long) / ((*square / short).sqrt() + 1e-8);
            }
        }
    }
    weights
}

/// Figures over some abstracts.
#[derive(Default)]
struct Figures {
    hit: usize,
    extra: usize,
    missed: usize,
    exact: usize,
    all: usize,
}

impl Figures {
    /// Adds abstracts as the weights judge them.
    fn add<'e>(&mut self, examples: impl IntoIterator<Item = &'e Example>, weights: &[f64]) {
        for example in examples {
            let weighed = weigh(example, weights);
            let best = weighed.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(n, _)| n);
            let taken = example.starts.len() - best.unwrap_or(example.starts.len());
            self.all += 1;
            self.exact += usize::from(best.is_some() && example.right == best);
            self.hit += taken.min(example.true_sentences);
            self.extra += taken.saturating_sub(example.true_sentences);
            self.missed += example.true_sentences.saturating_sub(taken);
        }
    }

    /// Returns the figures in a line: shares from 0.0 to 1.0.
    #[expect(clippy::cast_precision_loss, reason = "counts of sentences are far below the limit")]
    fn line(&self) -> String {
        let f1 = 2.0 * self.hit as f64 / (2 * self.hit + self.extra + self.missed).max(1) as f64;
        let exact = self.exact as f64 / self.all.max(1) as f64;
        format!("{} abstracts, sentence F1 {f1:.3}, right first sentence {exact:.3}", self.all)
    }
}
