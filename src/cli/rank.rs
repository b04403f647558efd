//! `roundup rank`.

use std::path::PathBuf;

use super::month::parse_month;
use super::term::{Exit, Terminal};
use super::{Global, inputs, open};
use crate::model::{Month, RankWeights, Scope};
use crate::pipeline::Home;
use crate::rank;

mod explain;
mod order;
mod screened;
mod simulate;

/// Puts papers in order, best first, with what each place rests on
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Files to read; - for standard input. Without files: the month's papers of the folder
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Tell why a paper stands where it stands: a work id, PMID or DOI
    #[arg(long, value_name = "PAPER", conflicts_with_all = ["files", "simulate"])]
    explain: Option<String>,
    /// Play a finished screening again: when would its included papers have been shown?
    #[arg(long)]
    simulate: bool,
    /// With --simulate: how many times, each beginning with two other papers
    #[arg(long, value_name = "N", default_value_t = 10, requires = "simulate", value_parser = clap::value_parser!(u64).range(1..=simulate::SEEDS_MAX))]
    seeds: u64,
    /// With --simulate: which two papers each seed begins with (a table, see below)
    #[arg(long, value_name = "FILE", requires = "simulate")]
    priors: Option<PathBuf>,
    /// With --simulate: learn anew after so many answers
    #[arg(long, value_name = "N", default_value_t = 1, requires = "simulate", value_parser = parse_every)]
    every: usize,
    /// With --simulate: write the orders to a table (seed,step,row,prior)
    #[arg(long, value_name = "OUT.csv", requires = "simulate")]
    order: Option<PathBuf>,
    /// Month of the order, YYYY-MM; when not given the month of the next issue, for files the newest in them
    #[arg(long, value_parser = parse_month)]
    month: Option<Month>,
}

const EXAMPLES: &str = "\
Examples:
  roundup rank                                         the papers of the next issue, best first
  roundup rank --explain 90000001                      why does it stand where it stands?
  roundup rank search.nbib --month 2026-10             the papers of a file, by the rules
                                                       alone, with the [rank] of the folder
  roundup rank screened.csv --simulate                 how well would the order have learnt?
  roundup rank screened.csv.gz --simulate --seeds 3 --every 10 --order order.csv

--simulate takes a table (CSV, also .gz) with the columns title, abstract and label_included or
label (1 for included, 0 for not), and prints one JSON line for each seed and one with the means:
loss (0 best, 1 worst), ndcg, wss95 and wss100 (work saved at 95 and 100 % of the included
papers), rrf10 (share found in the first tenth), atd (mean place of an included paper as a share
of all), recall_at (share found after so many per cent), rounds of learning, seconds. The two
papers that a seed begins with are not counted.
--priors takes a table with the columns seed, prior_included_row and prior_excluded_row (rows of
FILE from 0); where it has a column dataset, only lines that name FILE count.";

/// The file of a folder's settings, whose `[rank]` is heeded.
const SETTINGS: &str = "feeds.toml";

/// Reads a count above 0.
fn parse_every(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|n| *n > 0).ok_or_else(|| "a whole number from 1 on".to_owned())
}

/// One line of the order.
#[derive(serde::Serialize)]
struct Line<'a> {
    rank: usize,
    id: &'a str,
    title: &'a str,
    scope: Scope,
    score: &'a crate::model::Score,
}

/// Runs the command.
///
/// # Errors
/// When the rules of the home are wrong.
pub fn run(args: &Args, global: &Global, term: &mut Terminal) -> anyhow::Result<Exit> {
    if args.simulate {
        return simulate::run(args, term);
    }
    if let Some(paper) = &args.explain {
        return explain::run(paper, args.month, global, term);
    }
    if args.files.is_empty() {
        return order::run(args.month, global, term);
    }
    let Some((judge, topics)) = super::tag::judge_or_problems(global, term) else { return Ok(Exit::Usage) };
    let home = Home::new(&global.home);
    let is_home = home.root().join(SETTINGS).exists();
    let weights = if is_home { open::config(&home, term)?.settings.rank } else { RankWeights::default() };
    let (records, problems) = inputs::records(&args.files);
    for problem in &problems {
        term.problem(problem);
    }
    let newest = records.iter().filter_map(|r| r.entered.or(r.published)).max();
    let month = args.month.or_else(|| newest.map(|d| Month::of(d.first_day())));
    let Some(month) = month else {
        term.note("no paper in these files has a date; name a month with --month YYYY-MM");
        return Ok(Exit::Nothing);
    };
    let last_day = month.next().first_day().yesterday()?;
    let mut ranked: Vec<_> = records
        .iter()
        .map(|r| {
            let judgement = judge.judge(r);
            let primary = judgement.twg_primary.as_deref();
            let name = topics.iter().find(|t| primary == Some(t.id.as_str())).map_or("", |t| t.name.as_str());
            let group = rank::Group { name, is_hinted: false };
            let score = rank::score(r, &judgement, &weights, last_day, group);
            (r, judgement, score)
        })
        .collect();
    ranked.sort_by(|a, b| {
        a.1.scope.cmp(&b.1.scope).then(b.2.total.total_cmp(&a.2.total)).then_with(|| a.0.id.cmp(&b.0.id))
    });
    for (n, (record, judgement, score)) in ranked.iter().enumerate() {
        if global.json {
            term.json(&Line { rank: n + 1, id: &record.id, title: &record.title, scope: judgement.scope, score })?;
            continue;
        }
        order::line(n + 1, &record.id, &record.title, judgement.scope, score, term);
    }
    Ok(match (ranked.is_empty(), inputs::was_something_lost(&problems)) {
        (true, _) => Exit::Nothing,
        (false, true) => Exit::Partly,
        (false, false) => Exit::Done,
    })
}
