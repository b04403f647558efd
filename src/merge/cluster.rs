//! Which of many records are one study: joins from the surest down, each checked against every
//! member, so that no chain of matches makes one work of two.

use std::collections::BTreeSet;

use crate::model::Record;

use super::candidates::alike;
use super::explain::reasons;
use super::prepared::Prepared;
use super::rules::{Judged, judge};
use super::{Comparable, Verdict};

/// Which records are one study.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clusters {
    /// Cluster number of each record, from 0, numbered by first appearance.
    pub of: Vec<usize>,
    /// Pairs that were joined, surest first, with the reasons.
    pub pairs: Vec<Explained>,
    /// Pairs in two clusters that a person should look at, in order of the records.
    pub maybe: Vec<Explained>,
    /// All pairs that are one study or may be, joined or not, in order of the records.
    pub alike: Vec<Explained>,
}

/// Two records, by their place in the list, and the reasons for what was said about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The earlier record.
    pub a: usize,
    /// The later record.
    pub b: usize,
    /// How sure that they are one, 1–100; 0 when a person has to decide.
    pub strength: u8,
    /// Reasons in plain words.
    pub reasons: Vec<String>,
}

/// What people have said about records, by their places in a list. It outranks the machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Said {
    /// Records that are one study, the newest word first.
    pub same: Vec<(usize, usize)>,
    /// Records that are two; where this contradicts `same` through a third record, it wins.
    pub different: Vec<(usize, usize)>,
}

/// Two records that the machine takes for one study.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// One record, by its place in the list.
    pub a: usize,
    /// The other.
    pub b: usize,
    /// How sure, 1–100.
    pub strength: u8,
}

/// Records in groups.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settled {
    /// Group of each record, from 0, numbered by first appearance.
    pub of: Vec<usize>,
    /// Likenesses, by their place in the list, between records that came together by them.
    pub joined: Vec<usize>,
    /// Likenesses between records that stay apart, because another record of theirs contradicts.
    pub refused: Vec<usize>,
}

/// Returns which of the records are one study.
///
/// `progress` is told how many records are done. The clusters are the same in whatever order the
/// records stand; no records give no clusters.
pub fn cluster(records: &[Record], said: &Said, progress: &mut dyn FnMut(usize)) -> Clusters {
    cluster_comparable(&Comparable::of_all(records), said, progress)
}

/// [`cluster`] on records that are ready for comparing.
pub fn cluster_comparable(records: &[Comparable], said: &Said, progress: &mut dyn FnMut(usize)) -> Clusters {
    let nodes: Vec<&Prepared> = records.iter().map(|r| &r.0).collect();
    let found = alike(&nodes, progress);
    let (same, mut maybe): (Vec<_>, Vec<_>) = found.into_iter().partition(|(j, _, _)| j.verdict == Verdict::Same);
    let matches: Vec<Match> =
        same.iter().map(|(judged, a, b)| Match { a: *a, b: *b, strength: judged.strength }).collect();
    let settled = settle_prepared(&nodes, &matches, said);
    let pairs: Vec<Explained> =
        settled.joined.iter().filter_map(|n| same.get(*n)).map(|(j, a, b)| explained(j, *a, *b)).collect();
    let mut all: Vec<Explained> = same.iter().chain(&maybe).map(|(j, a, b)| explained(j, *a, *b)).collect();
    all.sort_by_key(|p| (p.a, p.b));
    let refused = settled.refused.iter().filter_map(|n| same.get(*n));
    maybe.extend(refused.map(|(j, a, b)| (Judged { why: THIRD_CONTRADICTS, ..*j }, *a, *b)));
    maybe.sort_by_key(|(_, a, b)| (*a, *b));
    let is_open = |a: &usize, b: &usize| {
        settled.of.get(*a) != settled.of.get(*b) && !said.different.iter().any(|d| *d == (*a, *b) || *d == (*b, *a))
    };
    let maybe = maybe.iter().filter(|(_, a, b)| is_open(a, b)).map(|(j, a, b)| explained(j, *a, *b));
    Clusters { maybe: maybe.collect(), pairs, alike: all, of: settled.of }
}

/// Why two records that seem one study stay apart.
pub(super) const THIRD_CONTRADICTS: &str = "alike, but a third record of one study contradicts";

/// Returns a pair with its reasons.
fn explained(judged: &Judged, a: usize, b: usize) -> Explained {
    Explained { a, b, strength: judged.strength, reasons: reasons(judged) }
}

/// Returns the groups that records make by what the machine found and what people said.
///
/// What people said comes first. Then the matches join from the surest down, each only when no
/// record on one side rules out a record on the other. The groups depend on neither the order of
/// the records nor that of the matches.
pub fn settle(records: &[&Comparable], matches: &[Match], said: &Said) -> Settled {
    let nodes: Vec<&Prepared> = records.iter().map(|r| &r.0).collect();
    settle_prepared(&nodes, matches, said)
}

/// [`settle`] on prepared records.
fn settle_prepared(nodes: &[&Prepared], matches: &[Match], said: &Said) -> Settled {
    let mut groups = Groups::alone(nodes.len(), said);
    for (a, b) in &said.same {
        groups.join_as_said(*a, *b, nodes);
    }
    let mark = |i: usize| nodes.get(i).map(|n| n.mark).unwrap_or_default();
    let mut order: Vec<usize> = (0..matches.len()).collect();
    order.sort_by_cached_key(|n| {
        matches.get(*n).map(|l| {
            let (x, y) = (mark(l.a), mark(l.b));
            (u8::MAX - l.strength, x.min(y), x.max(y))
        })
    });
    let (mut joined, mut refused) = (Vec::new(), Vec::new());
    for n in order {
        let Some(l) = matches.get(n) else { continue };
        if groups.join(l.a, l.b, nodes) { joined.push(n) } else { refused.push(n) }
    }
    refused.retain(|n| matches.get(*n).is_some_and(|l| !groups.are_together(l.a, l.b)));
    Settled { of: groups.numbers(), joined, refused }
}

/// Records in groups that only grow when every member bears it.
struct Groups {
    group_of: Vec<usize>,
    members: Vec<Vec<usize>>,
    /// Members of each group that differ in what is compared or in what a person said: with a
    /// hundred thousand copies of one record only the first of them is asked.
    faces: Vec<Vec<usize>>,
    /// What a person put together with each record: the same number, the same word.
    said_of: Vec<usize>,
    /// Records that a person put together with another.
    is_said: BTreeSet<usize>,
    /// Records that a person keeps apart, both ways round.
    apart: BTreeSet<(usize, usize)>,
}

impl Groups {
    /// Returns every record by itself.
    fn alone(count: usize, said: &Said) -> Self {
        Self {
            group_of: (0..count).collect(),
            members: (0..count).map(|i| vec![i]).collect(),
            faces: (0..count).map(|i| vec![i]).collect(),
            said_of: (0..count).collect(),
            is_said: said.same.iter().flat_map(|(a, b)| [*a, *b]).collect(),
            apart: said.different.iter().flat_map(|(a, b)| [(*a, *b), (*b, *a)]).collect(),
        }
    }

    /// Tells whether two records are in one group.
    fn are_together(&self, a: usize, b: usize) -> bool {
        self.group_of.get(a) == self.group_of.get(b)
    }

    /// Joins what a person called one, whatever the machine thinks; not what a person keeps apart.
    fn join_as_said(&mut self, a: usize, b: usize, nodes: &[&Prepared]) {
        if let Some((from, to)) = self.sides(a, b)
            && !self.is_kept_apart(from, to)
        {
            self.unite(from, to, nodes);
            let (Some(&old), Some(&new)) = (self.said_of.get(a), self.said_of.get(b)) else { return };
            for word in self.said_of.iter_mut().filter(|w| **w == old) {
                *word = new;
            }
        }
    }

    /// Joins the groups of two records unless a member of one rules out a member of the other;
    /// tells whether they are together then.
    fn join(&mut self, a: usize, b: usize, nodes: &[&Prepared]) -> bool {
        let Some((from, to)) = self.sides(a, b) else { return self.are_together(a, b) };
        if self.is_kept_apart(from, to) || self.is_ruled_out(a, b, nodes) {
            return false;
        }
        self.unite(from, to, nodes);
        true
    }

    /// Returns the groups of two records, the smaller first; `None` when they are one.
    fn sides(&self, a: usize, b: usize) -> Option<(usize, usize)> {
        let (x, y) = (*self.group_of.get(a)?, *self.group_of.get(b)?);
        let (left, right) = (self.members.get(x)?, self.members.get(y)?);
        (x != y).then_some(if left.len() < right.len() { (x, y) } else { (y, x) })
    }

    /// Tells whether a person keeps a member of one group apart from one of the other.
    fn is_kept_apart(&self, x: usize, y: usize) -> bool {
        let (Some(left), Some(right)) = (self.members.get(x), self.members.get(y)) else { return true };
        !self.apart.is_empty() && left.iter().any(|i| right.iter().any(|j| self.apart.contains(&(*i, *j))))
    }

    /// Tells whether a member of one record's group rules out a member of the other's.
    ///
    /// What a person put together with either record has no say: who calls two PubMed numbers one
    /// paper wants the next record of either number in it as well.
    fn is_ruled_out(&self, a: usize, b: usize, nodes: &[&Prepared]) -> bool {
        let faces = |i: usize| self.group_of.get(i).and_then(|g| self.faces.get(*g));
        let (Some(left), Some(right)) = (faces(a), faces(b)) else { return true };
        let word = |i: usize| self.said_of.get(i);
        left.iter().any(|i| {
            right.iter().any(|j| {
                let is_said = word(*i) == word(a) && word(*j) == word(b);
                let veto = || nodes.get(*i).zip(nodes.get(*j)).is_some_and(|(x, y)| judge(x, y).is_veto);
                !is_said && veto()
            })
        })
    }

    /// Moves all of one group into another.
    fn unite(&mut self, from: usize, to: usize, nodes: &[&Prepared]) {
        let moved = self.members.get_mut(from).map(std::mem::take).unwrap_or_default();
        for i in &moved {
            if let Some(group) = self.group_of.get_mut(*i) {
                *group = to;
            }
        }
        if let Some(members) = self.members.get_mut(to) {
            members.extend(moved);
        }
        let face =
            |i: usize| (nodes.get(i).map(|n| n.content), self.said_of.get(i).filter(|_| self.is_said.contains(&i)));
        let moved = self.faces.get_mut(from).map(std::mem::take).unwrap_or_default();
        if let Some(faces) = self.faces.get_mut(to) {
            for i in moved {
                if !faces.iter().any(|j| face(*j) == face(i)) {
                    faces.push(i);
                }
            }
        }
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
