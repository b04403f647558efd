//! `roundup rank`.

use std::path::PathBuf;

use super::Global;
use super::inputs;
use super::term::{Exit, Style, Terminal};
use crate::model::{Month, RankWeights, Scope};
use crate::rank;

/// Puts the papers of files in order by the ranking formula, with its parts
///
/// Example: roundup rank search.nbib --month 2026-10
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files to read; - for standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Month at whose end recency is measured, YYYY-MM; the newest month in the files when not given
    #[arg(long, value_parser = |t: &str| Month::parse(t).ok_or("a month is written as YYYY-MM"))]
    month: Option<Month>,
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
    let Some(judge) = super::tag::judge_or_problems(global, term) else { return Ok(Exit::Usage) };
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
            let score = rank::score(r, &judgement, &RankWeights::default(), last_day, false);
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
        term.styled(&[
            (Style::Plain, &format!("{:>4}  {:.2}  {:<5} ", n + 1, score.total, judgement.scope)),
            (Style::Bold, &record.title),
        ]);
        let notes: Vec<&str> = score.parts.iter().map(|p| p.note.as_str()).collect();
        term.styled(&[(Style::Dim, &format!("                   {}", notes.join("; ")))]);
    }
    Ok(match (ranked.is_empty(), inputs::was_something_lost(&problems)) {
        (true, _) => Exit::Nothing,
        (false, true) => Exit::Partly,
        (false, false) => Exit::Done,
    })
}
