//! Figures from counts, under the names by which they are known.

use std::collections::BTreeMap;

use super::tally::{Counts, Hit, Key, Tally};

/// Figures by name (`relevance.f1`), each 0.0–1.0; `None` where nothing was labelled for it.
pub type Figures = BTreeMap<String, Option<f64>>;

/// The figures that get an interval, in the order in which they are shown.
pub const HEAD: &[&str] = &[
    "relevance.precision",
    "relevance.recall",
    "relevance.f1",
    "relevance_at_prevalence.precision",
    "relevance_at_prevalence.f1",
    "kept.recall",
    "kept.f1",
    "country.f1",
    "country.exact",
    "twg.f1",
    "twg.macro_f1",
    "twg.primary_accuracy",
    "design.accuracy",
    "design.macro_f1",
    "condition.f1",
    "intervention.f1",
    "population.f1",
    "stage.f1",
    "finding.same",
];

/// What of a labelled kind was found, and what of the found was right.
struct Three {
    precision: f64,
    recall: f64,
    f1: f64,
}

/// Returns precision, recall and their harmonic mean; 0.0 where there is nothing to divide by.
fn three(right: f64, too_much: f64, missed: f64) -> Three {
    let over = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
    let (precision, recall) = (over(right, right + too_much), over(right, right + missed));
    Three { precision, recall, f1: over(2.0 * precision * recall, precision + recall) }
}

/// Reads sums by their names.
struct Sums<'a> {
    tally: &'a Tally,
    counts: &'a Counts,
}

impl Sums<'_> {
    #[expect(clippy::cast_precision_loss, reason = "counts of rows are small")]
    fn get(&self, key: &Key) -> f64 {
        self.tally.get(self.counts, key) as f64
    }

    /// Returns right, too much, missed, and rightly left out.
    fn hits(&self, key: impl Fn(Hit) -> Key) -> [f64; 4] {
        [Hit::TruePositive, Hit::FalsePositive, Hit::FalseNegative, Hit::TrueNegative].map(|hit| self.get(&key(hit)))
    }

    fn all(&self, kind: &'static str) -> [f64; 4] {
        self.hits(|hit| Key::All(kind, hit))
    }

    fn of(&self, kind: &'static str, value: &str) -> [f64; 4] {
        self.hits(|hit| Key::Of(kind, value.to_owned(), hit))
    }

    /// Returns the share of papers that are wholly right; `None` without papers.
    fn share(&self, kind: &'static str) -> Option<f64> {
        ratio(self.get(&Key::Right(kind)), self.get(&Key::Rows(kind)))
    }

    /// Returns the mean F1 over the values of a kind that are labelled somewhere, and each.
    fn macro_f1(&self, kind: &'static str) -> (Option<f64>, Vec<(String, f64)>) {
        let mut each = Vec::new();
        for value in self.tally.values(kind) {
            let [tp, fp, fn_, _] = self.of(kind, &value);
            if tp + fn_ > 0.0 {
                each.push((value, three(tp, fp, fn_).f1));
            }
        }
        let sum: f64 = each.iter().map(|(_, f1)| f1).sum();
        (ratio(sum, super::as_f64(each.len())), each)
    }
}

fn ratio(a: f64, b: f64) -> Option<f64> {
    (b > 0.0).then(|| a / b)
}

/// Returns all figures of some sums.
pub fn figures(tally: &Tally, counts: &Counts, topics: &[String], prevalence: f64) -> Figures {
    let sums = Sums { tally, counts };
    let mut out = Figures::new();
    for kind in ["relevance", "kept"] {
        scope_figures(&sums, kind, prevalence, &mut out);
    }
    let [found, _, missed, _] = sums.all("relevance");
    put(&mut out, "relevance.in_lost", ratio(sums.get(&Key::Right("in_lost")), found + missed));
    for kind in ["country", "country_all", "condition", "intervention", "population", "stage"] {
        if sums.get(&Key::Rows(kind)) > 0.0 {
            put_three(&mut out, kind, &sums.all(kind));
            put(&mut out, &format!("{kind}.exact"), sums.share(kind));
            put(&mut out, &format!("{kind}.macro_f1"), sums.macro_f1(kind).0);
        }
    }
    if sums.get(&Key::Rows("primary")) > 0.0 {
        topic_figures(&sums, topics, &mut out);
    }
    if sums.get(&Key::Rows("design")) > 0.0 {
        put(&mut out, "design.accuracy", sums.share("design"));
        let (mean, each) = sums.macro_f1("design");
        put(&mut out, "design.macro_f1", mean);
        for (design, f1) in each {
            put(&mut out, &format!("design.class.{design}"), Some(f1));
        }
        let [tp, fp, fn_, tn] = sums.all("rct");
        put(&mut out, "design.rct_sensitivity", ratio(tp, tp + fn_));
        put(&mut out, "design.rct_specificity", ratio(tn, tn + fp));
    }
    put(&mut out, "finding.same", sums.share("finding"));
    out
}

/// Adds the figures of a yes-or-no question of scope, as labelled and at a prevalence.
fn scope_figures(sums: &Sums<'_>, kind: &'static str, prevalence: f64, out: &mut Figures) {
    let hits = sums.all(kind);
    put_three(out, kind, &hits);
    let [tp, fp, fn_, tn] = hits;
    let (positive, negative) = (tp + fn_, fp + tn);
    let weight = if negative > 0.0 { positive * (1.0 - prevalence) / (prevalence * negative) } else { 0.0 };
    put_three(out, &format!("{kind}_at_prevalence"), &[tp, weight * fp, fn_, weight * tn]);
}

/// Adds the figures of the working groups.
fn topic_figures(sums: &Sums<'_>, topics: &[String], out: &mut Figures) {
    put_three(out, "twg", &sums.all("twg"));
    let mut sum = 0.0;
    for topic in topics {
        let hits = sums.of("twg", topic);
        put_three(out, &format!("twg.class.{topic}"), &hits);
        sum += three(hits[0], hits[1], hits[2]).f1;
    }
    put(out, "twg.macro_f1", ratio(sum, super::as_f64(topics.len())));
    put(out, "twg.primary_accuracy", sums.share("primary"));
}

fn put(out: &mut Figures, name: &str, value: Option<f64>) {
    out.insert(name.to_owned(), value);
}

fn put_three(out: &mut Figures, name: &str, [tp, fp, fn_, _]: &[f64; 4]) {
    let found = three(*tp, *fp, *fn_);
    put(out, &format!("{name}.precision"), Some(found.precision));
    put(out, &format!("{name}.recall"), Some(found.recall));
    put(out, &format!("{name}.f1"), Some(found.f1));
}
