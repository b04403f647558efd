//! Where a new record belongs among the works that share a key or an identifier with it.

use crate::model::{Record, WorkId};

use super::Verdict;
use super::explain::reasons;
use super::prepared::Prepared;
use super::rules::{Judged, judge};

/// Where a new record belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attach {
    /// To a work of its own.
    New,
    /// To one work.
    To(WorkId),
    /// To several works, which it shows to be one: oldest first, as they were given.
    Join(Vec<WorkId>),
}

/// A decision with its reasons, and what a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Where the record belongs.
    pub attach: Attach,
    /// Why, in plain words; empty for a new work.
    pub reasons: Vec<String>,
    /// Other works that may be the same study, in the order given, with the reasons.
    pub maybe: Vec<(WorkId, Vec<String>)>,
}

/// One work that might take the record.
struct Match<'a> {
    place: usize,
    id: &'a WorkId,
    members: Vec<Prepared>,
    best: Judged,
    is_vetoed: bool,
}

/// Returns where `new` belongs. `candidates` stand in order of age, oldest first, each with all its
/// records.
///
/// A work takes the record when one of its records is the same study and none rules it out. Works
/// are joined only when no record of one rules out a record of another: two studies never become
/// one through a third record. No candidates give a new work.
pub fn decide(new: &Record, candidates: &[(WorkId, Vec<Record>)]) -> Decision {
    let prepared = Prepared::of(new);
    let mut matches: Vec<Match<'_>> = candidates
        .iter()
        .enumerate()
        .filter_map(|(place, (id, records))| best_match(&prepared, place, id, records))
        .collect();
    // The surest first; of two as sure the older.
    matches.sort_by_key(|m| (std::cmp::Reverse(rank(m)), m.place));
    let mut taken: Vec<Match<'_>> = Vec::new();
    let mut maybe: Vec<(usize, WorkId, Vec<String>)> = Vec::new();
    for m in matches {
        let fits = m.best.verdict == Verdict::Same && !m.is_vetoed;
        if fits && taken.iter().all(|t| can_join(&t.members, &m.members)) {
            taken.push(m);
        } else if m.best.verdict != Verdict::Different {
            let mut why = reasons(&m.best);
            if m.best.verdict == Verdict::Same {
                why.insert(0, "alike, but another record of that work contradicts".to_owned());
            }
            maybe.push((m.place, m.id.clone(), why));
        }
    }
    maybe.sort_by_key(|(place, _, _)| *place);
    let why = taken.first().map(|m| reasons(&m.best)).unwrap_or_default();
    taken.sort_by_key(|m| m.place);
    let mut ids: Vec<WorkId> = taken.into_iter().map(|m| m.id.clone()).collect();
    let attach = if ids.len() > 1 { Attach::Join(ids) } else { ids.pop().map_or(Attach::New, Attach::To) };
    Decision { attach, reasons: why, maybe: maybe.into_iter().map(|(_, id, why)| (id, why)).collect() }
}

/// Returns how a record fits a work: by its most alike member, and whether any rules it out.
fn best_match<'a>(new: &Prepared, place: usize, id: &'a WorkId, records: &[Record]) -> Option<Match<'a>> {
    let members: Vec<Prepared> = records.iter().map(Prepared::of).collect();
    let judged: Vec<Judged> = members.iter().map(|m| judge(new, m)).collect();
    let is_vetoed = judged.iter().any(|j| j.is_veto);
    let best = judged.into_iter().max_by_key(strength)?;
    Some(Match { place, id, members, best, is_vetoed })
}

/// Returns how strongly a judgement speaks for one study.
fn strength(judged: &Judged) -> (u8, u8) {
    match judged.verdict {
        Verdict::Same => (2, judged.strength),
        Verdict::Maybe => (1, 0),
        Verdict::Different => (0, 0),
    }
}

/// Returns how strongly a work asks for the record.
fn rank(m: &Match<'_>) -> (u8, u8) {
    strength(&m.best)
}

/// Tells whether no record of one work rules out a record of the other.
fn can_join(a: &[Prepared], b: &[Prepared]) -> bool {
    a.iter().all(|x| b.iter().all(|y| !judge(x, y).is_veto))
}
