//! `roundup rank FILE --simulate`: how good the order would have been in a screening that is finished.

use std::collections::BTreeMap;
use std::path::Path;

use super::Args;
use super::screened::{self, Screened};
use crate::cli::term::{Exit, Terminal};
use crate::cli::{inputs, open, ordered};
use crate::clock::{Clock, SystemClock};
use crate::fsx;
use crate::measure::{self, Screening};
use crate::model::{Place, Problem};
use crate::rank::{self, Priors, Recipe, Rows, Run};

/// Seeds at most: more take hours and tell nothing more.
pub(super) const SEEDS_MAX: u64 = 1000;

/// A screening that was played.
struct Played {
    seed: u64,
    priors: Priors,
    run: Run,
    measures: Screening,
    seconds: f64,
}

/// One line of output.
#[derive(serde::Serialize)]
struct Line<'a> {
    /// A seed's number, or "mean".
    seed: serde_json::Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    prior_included_row: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prior_excluded_row: Option<usize>,
    #[serde(flatten)]
    measures: &'a Screening,
    #[serde(skip_serializing_if = "Option::is_none")]
    rounds: Option<usize>,
    seconds: f64,
}

/// Runs the command.
///
/// # Errors
/// When a line cannot be written as JSON, which is our own mistake, or the file of the order cannot be written.
pub fn run(args: &Args, term: &mut Terminal) -> anyhow::Result<Exit> {
    let [path] = args.files.as_slice() else {
        term.note("roundup: --simulate takes one FILE");
        return Ok(Exit::Usage);
    };
    if let Some(problem) = args.order.as_deref().and_then(|order| not_to_be_written(order, args)) {
        term.problem(&problem);
        return Ok(Exit::Usage);
    }
    let started = match start(args, path) {
        Ok(started) => started,
        Err(problems) => {
            for problem in &problems {
                term.problem(problem);
            }
            return Ok(Exit::Usage);
        }
    };
    let played = play(args, &started);
    let measures: Vec<Screening> = played.iter().map(|p| p.measures.clone()).collect();
    for one in &played {
        term.json(&Line {
            seed: one.seed.into(),
            prior_included_row: Some(one.priors.wanted),
            prior_excluded_row: Some(one.priors.unwanted),
            measures: &one.measures,
            rounds: Some(one.run.rounds),
            seconds: one.seconds,
        })?;
    }
    if let Some(mean) = measure::mean(&measures) {
        #[expect(clippy::cast_precision_loss, reason = "at most a thousand seeds")]
        let seconds = played.iter().map(|p| p.seconds).sum::<f64>() / played.len() as f64;
        term.json(&Line {
            seed: "mean".into(),
            prior_included_row: None,
            prior_excluded_row: None,
            measures: &mean,
            rounds: None,
            seconds,
        })?;
    }
    if let Some(path) = &args.order {
        fsx::write_atomic(path, order_table(&played).as_bytes())?;
    }
    Ok(Exit::Done)
}

/// Returns why the table of orders must not be written where it is to go: over a file that is read, also by another
/// name of it, or over a folder. What was played for hours must not be lost.
fn not_to_be_written(order: &Path, args: &Args) -> Option<Problem> {
    let place = || Place::file(order.display().to_string());
    let read = args.files.iter().chain(&args.priors);
    for file in read {
        if inputs::whole_path(order) == inputs::whole_path(file) {
            let problem = Problem::error(place(), "is read as well: the orders would take its place");
            return Some(problem.with_help("name another file with --order"));
        }
    }
    order.is_dir().then(|| Problem::error(place(), "is a folder").with_help("name a file with --order"))
}

/// What a run begins with.
struct Start {
    set: Screened,
    priors: Vec<(u64, Priors)>,
}

/// Reads the files.
fn start(args: &Args, path: &Path) -> Result<Start, Vec<Problem>> {
    let set = screened::read(path)?;
    let priors = match &args.priors {
        Some(file) => {
            let named: BTreeMap<u64, Priors> = screened::priors(file, path, &set.labels)?;
            named.into_iter().take(usize::try_from(args.seeds).unwrap_or(usize::MAX)).collect()
        }
        None => (1..=args.seeds).filter_map(|seed| Some((seed, rank::draw(&set.labels, seed)?))).collect(),
    };
    Ok(Start { set, priors })
}

/// Plays every seed, on all processors. The rows are made once for all; the seconds of a seed hold its share of that.
fn play(args: &Args, start: &Start) -> Vec<Played> {
    let clock = SystemClock;
    let since = |begin: jiff::Timestamp| (clock.now() - begin).total(jiff::Unit::Second).unwrap_or_default();
    let begin = clock.now();
    let recipe = Recipe::default();
    let rows = Rows::new(&start.set.texts(), &recipe);
    #[expect(clippy::cast_precision_loss, reason = "at most a thousand seeds")]
    let making = since(begin) / start.priors.len().max(1) as f64;
    let mut seeds = start.priors.iter().copied();
    let mut out = Vec::new();
    let mut done = 0;
    let progress = open::progress();
    let work = |(seed, priors): &(u64, Priors)| {
        let begin = clock.now();
        let run = rank::simulate(&rows, &start.set.labels, *priors, args.every, recipe, *seed);
        (run, making + since(begin))
    };
    ordered::in_order(ordered::threads(), || seeds.next(), work, &mut |(seed, priors), (run, seconds)| {
        done += 1;
        progress(&format!("{done} of {} screenings played", start.priors.len()));
        if let Some(measures) = measure::screening(&shown(&start.set.labels, &run)) {
            out.push(Played { seed, priors, run, measures, seconds });
        }
    });
    progress("");
    out
}

/// Returns for the whole order whether each paper was wanted; what was not shown any more comes last.
fn shown(labels: &[bool], run: &Run) -> Vec<bool> {
    let mut out: Vec<bool> = run.order.iter().map(|row| labels.get(*row).copied().unwrap_or_default()).collect();
    // The two papers that a run begins with are not in its order.
    let others = labels.len().saturating_sub(2 + out.len());
    out.extend(std::iter::repeat_n(false, others));
    out
}

/// Returns the orders as a table: seed, step, row of the data (from 0), and whether it was a prior.
fn order_table(played: &[Played]) -> String {
    let mut out = String::from("seed,step,row,prior\n");
    for one in played {
        let priors = [one.priors.wanted, one.priors.unwanted].map(|row| (row, 1));
        for (step, (row, prior)) in priors.into_iter().chain(one.run.order.iter().map(|row| (*row, 0))).enumerate() {
            out.push_str(&format!("{},{step},{row},{prior}\n", one.seed));
        }
    }
    out
}
