//! Real screenings, where they are at hand: our reading of ELAS u4 is right, and our recipe is not worse.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::thread;

use roundup::measure;
use roundup::rank::{Priors, Recipe, Rows, Text, simulate};

/// How many seeds of each set are played: all ten take minutes without optimisation.
const SEEDS: usize = 3;

/// Returns the folder of real screenings beside the project, or says that it is skipped.
fn data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/screening");
    if !folder.is_dir() {
        println!("skipped: no ../shared/data");
        return None;
    }
    Some(folder)
}

/// One line of what ASReview did.
#[derive(serde::Deserialize)]
struct Recorded {
    dataset: String,
    model: String,
    seed: u64,
    prior_included_row: usize,
    prior_excluded_row: usize,
    loss: f64,
}

/// Returns what ASReview did with a set by its model ELAS u4, for the first seeds.
fn recorded(folder: &Path, set: &str) -> Vec<Recorded> {
    let table = fs::read(folder.join("asreview_3.0.8_baseline.csv")).unwrap();
    let rows = csv::Reader::from_reader(table.as_slice()).into_deserialize().map(Result::<Recorded, _>::unwrap);
    rows.filter(|r| r.dataset == set && r.model == "elas_u4").take(SEEDS).collect()
}

/// Returns the papers of a set: title, abstract, and 1 for those that were included.
fn papers(folder: &Path, set: &str) -> Vec<(String, String, u8)> {
    let mut table = String::new();
    let packed = fs::File::open(folder.join(format!("{set}.csv.gz"))).unwrap();
    flate2::read::MultiGzDecoder::new(packed).read_to_string(&mut table).unwrap();
    csv::Reader::from_reader(table.as_bytes()).into_deserialize().map(Result::unwrap).collect()
}

/// Plays a set with the starting papers of ASReview's runs; returns the loss of each seed.
fn losses(papers: &[(String, String, u8)], recipe: Recipe, every: usize, runs: &[Recorded]) -> Vec<f64> {
    let texts: Vec<Text<'_>> = papers.iter().map(|(title, body, _)| Text { title, body, tags: &[] }).collect();
    let labels: Vec<bool> = papers.iter().map(|(_, _, label)| *label == 1).collect();
    let rows = Rows::new(&texts, &recipe);
    let play = |run: &Recorded| {
        let priors = Priors { wanted: run.prior_included_row, unwanted: run.prior_excluded_row };
        let played = simulate(&rows, &labels, priors, every, recipe, run.seed);
        let mut found: Vec<bool> = played.order.iter().map(|row| labels[*row]).collect();
        found.resize(labels.len() - 2, false);
        measure::screening(&found).unwrap().loss
    };
    thread::scope(|scope| {
        let all: Vec<_> = runs.iter().map(|run| scope.spawn(|| play(run))).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

fn mean(all: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = f64::from(u32::try_from(all.len()).unwrap());
    all.sum::<f64>() / count
}

#[test]
fn elas_u4_as_we_read_it_is_asreviews() {
    let Some(folder) = data() else { return };
    let runs = recorded(&folder, "cohen_adhd");
    assert_eq!(runs.len(), SEEDS);
    // ASReview reads title and abstract as one text, and an apostrophe ends a word. With our own words all but one of
    // the ten seeds come within 0.002, seed 2 finds its last paper earlier (0.065, not 0.072).
    let mut papers = papers(&folder, "cohen_adhd");
    for (title, body, _) in &mut papers {
        *title = format!("{title} {body}").replace(['\'', '’'], " ");
        body.clear();
    }
    let ours = losses(&papers, Recipe::elas_u4(), 1, &runs);
    for (run, loss) in runs.iter().zip(&ours) {
        println!("cohen_adhd, seed {}: {loss:.4}, recorded {:.4}", run.seed, run.loss);
        assert!((loss - run.loss).abs() <= 0.002, "seed {}: {loss}, not {}", run.seed, run.loss);
    }
}

/// Holds our recipe to the loss of ELAS u4 as recorded, on the mean of the first seeds. Learning after each `every`
/// answers alone makes it harder, and the test shorter.
fn hold(set: &str, every: usize) {
    let Some(folder) = data() else { return };
    let runs = recorded(&folder, set);
    let ours = losses(&papers(&folder, set), Recipe::default(), every, &runs);
    let (ours, theirs) = (mean(ours.into_iter()), mean(runs.iter().map(|r| r.loss)));
    println!("{set}: ours {ours:.4}, ELAS u4 as recorded {theirs:.4}");
    assert!(ours <= theirs, "{set}: {ours}, and {theirs} as recorded");
}

#[test]
fn our_recipe_is_not_worse_on_cohen_adhd() {
    hold("cohen_adhd", 1);
}

#[test]
fn our_recipe_is_not_worse_on_kitchenham_2010() {
    hold("kitchenham_2010", 5);
}
