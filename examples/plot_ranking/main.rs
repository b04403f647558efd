//! Plays finished screenings again and draws how early the included papers were found.
//!
//! `cargo run --release --example plot_ranking -- FILE.csv.gz… [--baseline FILE.csv] --out FOLDER`
//!
//! A FILE is a table with the columns title, abstract and label (1 for included). Each is played with ten seeds by
//! our recipe, by the one of ELAS u4, and by ours with each idea taken away in turn. With `--baseline`, a table of what
//! ASReview did, every seed begins with the papers named there, and what was recorded is drawn beside. Writes one
//! picture for each file and one of all, and prints the figures of `docs/ranking.md` as a table.

#![expect(clippy::print_stdout, reason = "an example prints its result")]

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use roundup::{fsx, rank::Recipe};

mod curves;
mod overview;
mod play;
mod read;
mod svg;
mod table;

use play::Played;
use read::{Recorded, Set};

/// Seeds of each file.
const SEEDS: u64 = 10;

/// Returns the recipes that are played, ours first, then that of ELAS u4, then ours without one idea each.
fn recipes() -> Vec<(&'static str, Recipe)> {
    let ours = Recipe::default();
    let u4 = Recipe::elas_u4();
    vec![
        ("ours", ours),
        ("ELAS u4, played by us", u4),
        ("ours without stems", Recipe { counts_stems: u4.counts_stems, ..ours }),
        ("ours without weight on titles", Recipe { title_weight: u4.title_weight, ..ours }),
        ("ours with terms of one paper", Recipe { papers_min: u4.papers_min, ..ours }),
        ("ours without holding back short texts", Recipe { length_power: u4.length_power, ..ours }),
        ("ours without presumed papers", Recipe { presumed: u4.presumed, ..ours }),
    ]
}

/// What is known of one set in the end.
struct Outcome {
    name: String,
    /// What ASReview did, where that is given.
    recorded: Vec<Recorded>,
    /// Each recipe with what came of its seeds, in order of [`recipes`].
    played: Vec<(&'static str, Vec<Played>)>,
}

/// What the command line says.
#[derive(Default)]
struct Args {
    files: Vec<PathBuf>,
    baseline: Option<PathBuf>,
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("plot_ranking: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Reads, plays, draws and prints.
fn run() -> anyhow::Result<()> {
    let args = parse()?;
    let out = args.out.context("name a folder: --out docs/pictures")?;
    anyhow::ensure!(!args.files.is_empty(), "name at least one table of papers");
    let recorded = args.baseline.as_deref().map(read::baseline).transpose()?.unwrap_or_default();
    let mut outcomes = Vec::new();
    for file in &args.files {
        let set = read::set(file)?;
        let recorded: Vec<Recorded> = recorded.iter().filter(|r| r.dataset == set.name).cloned().collect();
        let outcome = outcome(set, recorded)?;
        let picture = curves::picture(&outcome).context("no seed was played")?;
        fsx::write_atomic(&out.join(format!("ranking-{}.svg", outcome.name)), picture.as_bytes())?;
        outcomes.push(outcome);
    }
    fsx::write_atomic(&out.join("ranking.svg"), overview::picture(&outcomes).as_bytes())?;
    println!("{}", table::markdown(&outcomes));
    Ok(())
}

fn parse() -> anyhow::Result<Args> {
    let mut args = Args::default();
    let mut words = std::env::args_os().skip(1);
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--baseline") => args.baseline = Some(words.next().context("--baseline FILE")?.into()),
            Some("--out") => args.out = Some(words.next().context("--out FOLDER")?.into()),
            Some(option) if option.starts_with("--") => anyhow::bail!("{option} is not known"),
            _ => args.files.push(word.into()),
        }
    }
    Ok(args)
}

/// Plays one set with every recipe.
fn outcome(set: Set, recorded: Vec<Recorded>) -> anyhow::Result<Outcome> {
    let mut played = Vec::new();
    for (name, recipe) in recipes() {
        played.push((name, play::all(&set, &recorded, recipe)?));
    }
    Ok(Outcome { name: set.name, recorded, played })
}
