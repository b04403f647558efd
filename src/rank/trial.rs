//! Tries what was learnt on answers it has not seen, and turns decisions into probabilities.
//!
//! A taste that cannot tell kept papers from others must not move the order: what the trial finds decides how
//! much of a score the learned part may be.

use std::collections::BTreeMap;

use super::learner::{Learner, Told, mixed};
use super::recipe::Recipe;
use super::rows::Rows;

/// Parts into which the answers are dealt; each is judged by what was learnt from the others.
const PARTS: u64 = 5;
/// Rounds of Newton's method: the two numbers no longer change beyond.
const ROUNDS: usize = 50;

/// What a trial found.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// Share of the pairs of a wanted and an unwanted paper of which the wanted one came first, ties counted
    /// half (the area under the ROC curve): 0.5 is chance, 1.0 perfect.
    pub pairs_right: f64,
    /// Slope of the line that makes a probability of a decision.
    slope: f64,
    /// Where it begins.
    offset: f64,
    /// What was decided of each judged row by what was learnt from other rows.
    unseen: BTreeMap<usize, f64>,
}

impl Trial {
    /// Returns the decision on a judged paper by what was learnt without it: a person's word on a paper must not
    /// come back as a reason for it. `None` for a paper that was not judged.
    pub fn unseen(&self, row: usize) -> Option<f64> {
        self.unseen.get(&row).copied()
    }

    /// Returns the probability, 0.0–1.0, that a paper with a decision is wanted (Platt 1999).
    pub fn probability(&self, decision: f64) -> f64 {
        1.0 / (1.0 + (-(self.slope * decision + self.offset)).exp())
    }
}

/// Judges every answer by what was learnt from four fifths of the others. `None` unless each part leaves papers of both
/// kinds to learn from. The same input gives the same trial.
pub fn try_out(rows: &Rows, recipe: Recipe, told: &[Told]) -> Option<Trial> {
    let part = |t: &Told| mixed(PARTS, t.row) % PARTS;
    let mut judged: Vec<(f64, bool)> = Vec::with_capacity(told.len());
    let mut unseen = BTreeMap::new();
    for held_back in 0..PARTS {
        let (out, learnt): (Vec<Told>, Vec<Told>) = told.iter().partition(|t| part(t) == held_back);
        if out.is_empty() {
            continue;
        }
        if !learnt.iter().any(|t| t.is_wanted) || learnt.iter().all(|t| t.is_wanted) {
            return None;
        }
        let mut learner = Learner::new(rows, recipe, 0);
        for t in learnt {
            learner.tell(t);
        }
        learner.learn();
        for one in out {
            let decision = learner.decision(one.row);
            judged.push((decision, one.is_wanted));
            unseen.insert(one.row, decision);
        }
    }
    let (slope, offset) = line(&judged);
    Some(Trial { pairs_right: pairs_right(&judged)?, slope, offset, unseen })
}

/// Returns the share of pairs in the right order; `None` without both kinds.
fn pairs_right(judged: &[(f64, bool)]) -> Option<f64> {
    let of = |kind: bool| judged.iter().filter(move |j| j.1 == kind).map(|j| j.0);
    let mut right = 0.0;
    let mut pairs = 0.0;
    for wanted in of(true) {
        for other in of(false) {
            pairs += 1.0;
            right += if wanted > other { 1.0 } else { 0.5 * f64::from(u8::from(wanted >= other)) };
        }
    }
    (pairs > 0.0).then(|| right / pairs)
}

/// Returns slope and offset of the likeliest logistic line through judged papers, with Platt's targets, which keep it
/// from being surer than so few papers allow (Platt 1999; Lin, Lin and Weng 2007). The slope is never below
/// 0: a decision must not come to mean its opposite.
fn line(judged: &[(f64, bool)]) -> (f64, f64) {
    let count = |kind: bool| judged.iter().filter(|j| j.1 == kind).fold(0.0_f64, |n, _| n + 1.0);
    let (wanted, others) = (count(true), count(false));
    let target = |is_wanted: bool| if is_wanted { (wanted + 1.0) / (wanted + 2.0) } else { 1.0 / (others + 2.0) };
    let (mut slope, mut offset) = (0.0_f64, ((wanted + 1.0) / (others + 1.0)).ln());
    for _ in 0..ROUNDS {
        // A little is added to the curvature, so that decisions that are all the same divide by something.
        let (mut ga, mut gb, mut haa, mut hab, mut hbb) = (0.0_f64, 0.0_f64, 1e-9_f64, 0.0_f64, 1e-9_f64);
        for (decision, is_wanted) in judged {
            let p: f64 = 1.0 / (1.0 + (-(slope * decision + offset)).exp());
            let (error, curve) = (p - target(*is_wanted), (p * (1.0 - p)).max(1e-12));
            ga += error * decision;
            gb += error;
            haa += curve * decision * decision;
            hab += curve * decision;
            hbb += curve;
        }
        let det = haa * hbb - hab * hab;
        if det.abs() < 1e-18 {
            break;
        }
        // Steps are kept short of where the curve would carry them too far.
        slope -= ((ga * hbb - gb * hab) / det).clamp(-STEP_MAX, STEP_MAX);
        offset -= ((gb * haa - ga * hab) / det).clamp(-STEP_MAX, STEP_MAX);
    }
    if slope < 0.0 { (0.0, (wanted + 1.0).ln() - (others + 1.0).ln()) } else { (slope, offset) }
}

/// Longest step of one round.
const STEP_MAX: f64 = 5.0;

#[cfg(test)]
mod tests {
    use super::super::Text;
    use super::*;

    /// Invented papers, every other one about sleep, the others about soil.
    fn told(count: usize) -> (Vec<String>, Vec<Told>) {
        let word = |n: usize| ["sleep", "mothers", "night", "clinic", "mood"].get(n % 5).copied().unwrap_or_default();
        let soil = |n: usize| ["soil", "rain", "seeds", "field", "plough"].get(n % 5).copied().unwrap_or_default();
        let text = |n: usize| {
            let of: &dyn Fn(usize) -> &'static str = if n.is_multiple_of(2) { &word } else { &soil };
            format!("{} {} {} and others", of(n), of(n / 2), of(n / 3))
        };
        let texts = (0..count).map(text).collect();
        (texts, (0..count).map(|row| Told { row, is_wanted: row.is_multiple_of(2), weight: 1.0 }).collect())
    }

    fn rows(texts: &[String]) -> Rows {
        let texts: Vec<Text<'_>> = texts.iter().map(|t| Text { title: t, ..Text::default() }).collect();
        Rows::new(&texts, &Recipe::default())
    }

    #[test]
    fn words_that_tell_are_found_and_words_that_do_not_are_no_taste() {
        let (texts, told) = told(60);
        let rows = rows(&texts);
        let trial = try_out(&rows, Recipe::default(), &told).expect("both kinds");
        assert!(trial.pairs_right > 0.95, "{trial:?}");
        assert!(trial.probability(1.0) > trial.probability(-1.0), "{trial:?}");
        assert!(trial.unseen(0).is_some() && trial.unseen(60).is_none());
        let by_chance: Vec<Told> =
            told.iter().map(|t| Told { is_wanted: mixed(9, t.row).is_multiple_of(2), ..*t }).collect();
        let trial = try_out(&rows, Recipe::default(), &by_chance).expect("both kinds");
        assert!(trial.pairs_right < 0.7, "{trial:?}");
    }

    #[test]
    fn one_kind_alone_cannot_be_tried() {
        let (texts, mut told) = told(20);
        for t in &mut told {
            t.is_wanted = true;
        }
        assert_eq!(try_out(&rows(&texts), Recipe::default(), &told), None);
        assert_eq!(try_out(&rows(&texts), Recipe::default(), &[]), None);
    }

    #[test]
    fn a_line_says_how_often_papers_with_a_decision_were_wanted() {
        // Of a hundred with decision 1 eighty are wanted, of a hundred with −1 twenty.
        let judged: Vec<(f64, bool)> =
            (0..200).map(|n| if n < 100 { (1.0, n % 5 != 0) } else { (-1.0, n % 5 == 0) }).collect();
        let (slope, offset) = line(&judged);
        let trial = Trial { pairs_right: 1.0, slope, offset, unseen: BTreeMap::new() };
        assert!((trial.probability(1.0) - 0.8).abs() < 0.02 && (trial.probability(-1.0) - 0.2).abs() < 0.02);
        let turned: Vec<(f64, bool)> = judged.iter().map(|(d, w)| (-d, *w)).collect();
        assert!(line(&turned).0.abs() < 1e-12, "a decision never comes to mean its opposite");
        let same = [(0.3, true), (0.3, false), (0.3, true)];
        assert!(line(&same).0.is_finite() && line(&same).1.is_finite());
    }
}
