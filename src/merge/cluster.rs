//! Which of many records are one study: blocking, comparing, and joins that are checked against
//! every member, so that no chain of likenesses makes one work of two.

use std::collections::BTreeSet;

use crate::model::Record;

use super::candidates::candidates;
use super::explain::reasons;
use super::prepared::Prepared;
use super::rules::{Judged, judge};
use super::{Verdict, hash};

/// Which records are one study.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clusters {
    /// Cluster number of each record, from 0, numbered by first appearance.
    pub of: Vec<usize>,
    /// Pairs that were joined, surest first, with the reasons.
    pub pairs: Vec<Explained>,
    /// Pairs in two clusters that a person should look at, in order of the records.
    pub maybe: Vec<Explained>,
}

/// Two records, by their place in the list, and the reasons for what was said about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The earlier record.
    pub a: usize,
    /// The later record.
    pub b: usize,
    /// Reasons in plain words.
    pub reasons: Vec<String>,
}

/// Returns which of the records are one study.
///
/// `progress` is told how many records are done. The clusters are the same in whatever order the
/// records stand; no records give no clusters.
pub fn cluster(records: &[Record], progress: &mut dyn FnMut(usize)) -> Clusters {
    let prepared: Vec<Prepared> = records.iter().map(Prepared::of).collect();
    let mut same = Vec::new();
    let mut maybe = Vec::new();
    for (n, (a, others)) in candidates(&prepared).into_iter().enumerate() {
        for b in others {
            let (Some(x), Some(y)) = (prepared.get(a), prepared.get(b)) else { continue };
            let judged = judge(x, y);
            match judged.verdict {
                Verdict::Same => same.push((judged, a, b)),
                Verdict::Maybe => maybe.push((judged, a, b)),
                Verdict::Different => {}
            }
        }
        progress(n + 1);
    }
    let marks: Vec<u64> = records.iter().map(mark).collect();
    let mark_of = |i: usize| marks.get(i).copied().unwrap_or_default();
    same.sort_by_cached_key(|(judged, a, b)| {
        let (x, y) = (mark_of(*a), mark_of(*b));
        (u8::MAX - judged.strength, x.min(y), x.max(y))
    });
    let mut groups = Groups::alone(records.len());
    let mut pairs = Vec::new();
    for (judged, a, b) in same {
        if groups.join(a, b, &prepared) {
            pairs.push(explained(&judged, a, b));
        } else {
            maybe.push((Judged { why: "alike, but a third record of one study contradicts", ..judged }, a, b));
        }
    }
    maybe.sort_by_key(|(_, a, b)| (*a, *b));
    let maybe = maybe.iter().filter(|(_, a, b)| !groups.are_together(*a, *b)).map(|(j, a, b)| explained(j, *a, *b));
    Clusters { maybe: maybe.collect(), pairs, of: groups.numbers() }
}

/// Returns a pair with its reasons.
fn explained(judged: &Judged, a: usize, b: usize) -> Explained {
    Explained { a, b, reasons: reasons(judged) }
}

/// Returns a number for the content of a record, so that order never depends on its place.
fn mark(record: &Record) -> u64 {
    hash(serde_json::to_string(record).unwrap_or_default().as_bytes())
}

/// Records in groups that only grow when every member bears it.
struct Groups {
    group_of: Vec<usize>,
    members: Vec<BTreeSet<usize>>,
}

impl Groups {
    /// Returns every record by itself.
    fn alone(count: usize) -> Self {
        Self { group_of: (0..count).collect(), members: (0..count).map(|i| BTreeSet::from([i])).collect() }
    }

    /// Tells whether two records are in one group.
    fn are_together(&self, a: usize, b: usize) -> bool {
        self.group_of.get(a) == self.group_of.get(b)
    }

    /// Joins the groups of two records unless a member of one rules out a member of the other;
    /// tells whether they are together then.
    fn join(&mut self, a: usize, b: usize, prepared: &[Prepared]) -> bool {
        let (Some(&x), Some(&y)) = (self.group_of.get(a), self.group_of.get(b)) else { return false };
        if x == y {
            return true;
        }
        let (Some(left), Some(right)) = (self.members.get(x), self.members.get(y)) else { return false };
        let records =
            |group: &BTreeSet<usize>| -> Vec<&Prepared> { group.iter().filter_map(|i| prepared.get(*i)).collect() };
        let others = records(right);
        if records(left).into_iter().any(|r| others.iter().any(|other| judge(r, other).is_veto)) {
            return false;
        }
        let (from, to) = if left.len() < right.len() { (x, y) } else { (y, x) };
        let moved = self.members.get_mut(from).map(std::mem::take).unwrap_or_default();
        for i in &moved {
            if let Some(group) = self.group_of.get_mut(*i) {
                *group = to;
            }
        }
        if let Some(members) = self.members.get_mut(to) {
            members.extend(moved);
        }
        true
    }

    /// Returns the group of each record, numbered by first appearance.
    fn numbers(&self) -> Vec<usize> {
        let mut number_of = vec![usize::MAX; self.members.len()];
        let mut next = 0;
        let mut out = Vec::with_capacity(self.group_of.len());
        for group in &self.group_of {
            if let Some(number) = number_of.get_mut(*group) {
                if *number == usize::MAX {
                    *number = next;
                    next += 1;
                }
                out.push(*number);
            }
        }
        out
    }
}
