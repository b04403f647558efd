//! Which of many records are compared with which: those that share a key or an identifier.

use super::block::{key, keys_of};
use super::hash;
use super::prepared::Prepared;

/// Records that may share a key before it says nothing any more; their pairs would cost time and
/// other keys bring the true ones together.
const BLOCK_RECORDS_MAX: usize = 400;

/// Returns, for each record in order, the later records that share a key or an identifier with it.
pub(super) fn candidates(prepared: &[Prepared]) -> Vec<(usize, Vec<usize>)> {
    let mut keyed: Vec<(i64, usize)> = Vec::new();
    for (i, record) in prepared.iter().enumerate() {
        let names = [
            record.pmid.map(|p| key('P', &[p.number().into()])),
            record.doi.as_ref().map(|d| key('D', &[hash(d.as_str().as_bytes())])),
            record.pmcid.as_ref().map(|p| key('C', &[hash(p.as_str().as_bytes())])),
        ];
        keyed.extend(keys_of(record).into_iter().chain(names.into_iter().flatten()).map(|k| (k, i)));
    }
    keyed.sort_unstable();
    let mut found: Vec<(usize, Vec<usize>)> = (0..prepared.len()).map(|i| (i, Vec::new())).collect();
    for block in keyed.chunk_by(|a, b| a.0 == b.0).filter(|b| (2..=BLOCK_RECORDS_MAX).contains(&b.len())) {
        for (n, (_, a)) in block.iter().enumerate() {
            if let Some((_, others)) = found.get_mut(*a) {
                others.extend(block.iter().skip(n + 1).map(|(_, b)| *b));
            }
        }
    }
    for (_, others) in &mut found {
        others.sort_unstable();
        others.dedup();
    }
    found
}
