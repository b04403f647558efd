//! What each row adds to every count, so that draws only have to add.

use std::collections::BTreeMap;

use super::Row;
use crate::model::{Design, Scope};

/// What is counted of two yes-or-no answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hit {
    /// Labelled and judged so.
    TruePositive,
    /// Judged so alone.
    FalsePositive,
    /// Labelled so alone.
    FalseNegative,
    /// Neither.
    TrueNegative,
}

/// A count's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// Answers about a kind of tag, all values together.
    All(&'static str, Hit),
    /// Answers about one value of a kind.
    Of(&'static str, String, Hit),
    /// Papers that are wholly right.
    Right(&'static str),
    /// Papers that were looked at.
    Rows(&'static str),
}

/// The counts of every row.
#[derive(Debug, Default)]
pub struct Tally {
    places: BTreeMap<Key, usize>,
    rows: Vec<Vec<usize>>,
}

/// Sums of counts, by their places in a tally.
pub struct Counts(Vec<u64>);

impl Tally {
    /// Counts every row.
    pub fn of(rows: &[Row], topics: &[String]) -> Self {
        let mut out = Self::default();
        for row in rows {
            let mut keys = Vec::new();
            count(row, topics, &mut keys);
            let places = keys.into_iter().map(|key| out.place(key)).collect();
            out.rows.push(places);
        }
        out
    }

    fn place(&mut self, key: Key) -> usize {
        let next = self.places.len();
        *self.places.entry(key).or_insert(next)
    }

    /// Returns the sums over some rows, each as often as it is named.
    pub fn sum(&self, rows: impl Iterator<Item = usize>) -> Counts {
        let mut out = vec![0; self.places.len()];
        for place in rows.filter_map(|n| self.rows.get(n)).flatten() {
            if let Some(count) = out.get_mut(*place) {
                *count += 1;
            }
        }
        Counts(out)
    }

    /// Returns one sum; 0 for what was never counted.
    pub fn get(&self, counts: &Counts, key: &Key) -> u64 {
        self.places.get(key).and_then(|place| counts.0.get(*place)).copied().unwrap_or_default()
    }

    /// Returns the values of a kind that were labelled or judged, in order.
    pub fn values(&self, kind: &'static str) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for key in self.places.keys() {
            if let Key::Of(of, value, _) = key
                && *of == kind
                && out.last() != Some(value)
            {
                out.push(value.clone());
            }
        }
        out
    }

    /// Returns true and false positives, false negatives and true negatives of a working group.
    pub fn confusion(&self, counts: &Counts, topic: &str) -> [u64; 4] {
        [Hit::TruePositive, Hit::FalsePositive, Hit::FalseNegative, Hit::TrueNegative]
            .map(|hit| self.get(counts, &Key::Of("twg", topic.to_owned(), hit)))
    }
}

fn hit(is_labelled: bool, is_judged: bool) -> Hit {
    match (is_labelled, is_judged) {
        (true, true) => Hit::TruePositive,
        (false, true) => Hit::FalsePositive,
        (true, false) => Hit::FalseNegative,
        (false, false) => Hit::TrueNegative,
    }
}

/// Adds what one row counts for.
fn count(row: &Row, topics: &[String], out: &mut Vec<Key>) {
    let (labels, judged) = (&row.labels, &row.judgement);
    let is_kept = labels.scope != Scope::Out;
    out.push(Key::All("relevance", hit(labels.scope == Scope::In, judged.scope == Scope::In)));
    out.push(Key::All("kept", hit(is_kept, judged.scope != Scope::Out)));
    if labels.scope == Scope::In && judged.scope == Scope::Out {
        out.push(Key::Right("in_lost"));
    }
    if let Some(wanted) = &labels.countries {
        sets("country_all", wanted, &judged.countries, out);
        if is_kept {
            sets("country", wanted, &judged.countries, out);
        }
    }
    if let Some(wanted) = labels.twg.as_ref().filter(|_| is_kept) {
        for topic in topics {
            let hit = hit(wanted.contains(topic), judged.twg.contains(topic));
            out.extend([Key::All("twg", hit), Key::Of("twg", topic.clone(), hit)]);
        }
        out.push(Key::Rows("primary"));
        out.extend((labels.twg_primary == judged.twg_primary).then_some(Key::Right("primary")));
    }
    if let Some(wanted) = labels.design {
        out.push(Key::Rows("design"));
        out.extend((wanted == judged.design).then_some(Key::Right("design")));
        out.push(Key::Of("design", wanted.to_string(), hit(true, wanted == judged.design)));
        if wanted != judged.design {
            out.push(Key::Of("design", judged.design.to_string(), Hit::FalsePositive));
        }
        let is_trial = |d: Design| matches!(d, Design::Rct | Design::ClusterRct);
        out.push(Key::All("rct", hit(is_trial(wanted), is_trial(judged.design))));
    }
    for (kind, wanted, said) in [
        ("condition", &labels.conditions, &judged.conditions),
        ("intervention", &labels.interventions, &judged.interventions),
        ("population", &labels.populations, &judged.populations),
        ("stage", &labels.perinatal_stage, &judged.perinatal_stage),
    ] {
        if let Some(wanted) = wanted.as_ref().filter(|_| is_kept) {
            sets(kind, wanted, said, out);
        }
    }
    if let Some(wanted) = &labels.finding {
        out.push(Key::Rows("finding"));
        let said = judged.finding.as_deref().unwrap_or_default();
        let plain = |text: &str| crate::model::text::words(text);
        out.extend((plain(wanted) == plain(said)).then_some(Key::Right("finding")));
    }
}

/// Adds how far two sets of values agree.
fn sets(kind: &'static str, wanted: &[String], said: &[String], out: &mut Vec<Key>) {
    let mut all: Vec<&String> = wanted.iter().chain(said).collect();
    all.sort();
    all.dedup();
    let mut is_exact = true;
    for value in all {
        let hit = hit(wanted.contains(value), said.contains(value));
        is_exact &= hit == Hit::TruePositive;
        out.extend([Key::All(kind, hit), Key::Of(kind, value.clone(), hit)]);
    }
    out.push(Key::Rows(kind));
    out.extend(is_exact.then_some(Key::Right(kind)));
}
