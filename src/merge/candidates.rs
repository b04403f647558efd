//! Which of many records are compared with which, and what comes of it: those that share a key or an
//! identifier, on all processors.

use std::collections::BTreeMap;

use super::blocks::Blocks;
use super::glance::Glance;
use super::prepared::Prepared;
use super::rules::{Judged, judge};
use super::{Verdict, parallel};

/// Records compared by one thread before it tells how far it is.
const CHUNK_RECORDS: usize = 512;

/// Copies of one record from which only the first is compared with others: all of them fill every
/// block they are in, and their pairs grow with the square of their number.
const COPIES_MAX: usize = 64;

/// Two records that are one study or may be, by their places in the list, the earlier first.
pub(super) type Alike = (Judged, usize, usize);

/// Returns all pairs that are one study or may be, in the order of the records. `progress` is told
/// how many records have been compared.
///
/// Of more than 64 records that are the same in everything that is compared, the others are compared
/// with the first alone.
pub(super) fn alike(prepared: &[&Prepared], progress: &mut dyn FnMut(usize)) -> Vec<Alike> {
    let copies = many_copies(prepared);
    let is_copy = {
        let mut is_copy = vec![false; prepared.len()];
        for copy in copies.values().flatten() {
            if let Some(flag) = is_copy.get_mut(*copy) {
                *flag = true;
            }
        }
        is_copy
    };
    let blocks = Blocks::of(prepared, &is_copy);
    let mut glances: Vec<Glance> = Vec::with_capacity(prepared.len());
    let glance_at = |range: std::ops::Range<usize>| {
        prepared.get(range).unwrap_or_default().iter().map(|record| Glance::of(record)).collect::<Vec<_>>()
    };
    parallel::in_chunks(prepared.len(), CHUNK_RECORDS, glance_at, &mut |chunk| glances.extend(chunk));
    let compare = |range: std::ops::Range<usize>| {
        let (end, mut found, mut others) = (range.end, Vec::new(), Vec::new());
        for a in range {
            others.clear();
            blocks.later_in_blocks_of(a, &mut others);
            others.extend(copies.get(&a).into_iter().flatten().copied());
            others.sort_unstable();
            others.dedup();
            let glance = |n: usize| glances.get(n);
            others.retain(|b| glance(a).zip(glance(*b)).is_some_and(|(x, y)| x.is_worth_judging(y)));
            for b in &others {
                let (Some(x), Some(y)) = (prepared.get(a), prepared.get(*b)) else { continue };
                let judged = judge(x, y);
                if judged.verdict != Verdict::Different {
                    found.push((judged, a, *b));
                }
            }
        }
        (end, found)
    };
    let mut out = Vec::new();
    parallel::in_chunks(prepared.len(), CHUNK_RECORDS, compare, &mut |(end, found)| {
        out.extend(found);
        progress(end);
    });
    out
}

/// Returns the later copies of each record that has more than [`COPIES_MAX`] of them and is one study
/// with a copy of itself ("Editorial" without a place is not), by the place of the first.
fn many_copies(prepared: &[&Prepared]) -> BTreeMap<usize, Vec<usize>> {
    let mut all: Vec<(u64, usize)> = prepared.iter().enumerate().map(|(n, record)| (record.content, n)).collect();
    all.sort_unstable();
    let mut out = BTreeMap::new();
    for group in all.chunk_by(|a, b| a.0 == b.0).filter(|g| g.len() > COPIES_MAX) {
        let mut places = group.iter().map(|(_, n)| *n);
        let Some(first) = places.next() else { continue };
        if prepared.get(first).is_some_and(|record| judge(record, record).verdict == Verdict::Same) {
            out.insert(first, places.collect());
        }
    }
    out
}
