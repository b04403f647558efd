//! The records that share a key or an identifier, found for all records at once.

use super::block::{key, keys_of};
use super::prepared::Prepared;
use super::{hash, parallel};

/// Records that may share a key before it says nothing any more; their pairs would cost time and
/// other keys bring the true ones together.
const BLOCK_RECORDS_MAX: usize = 400;

/// Records whose keys one thread makes before it hands them on.
const CHUNK_RECORDS: usize = 4_096;

/// Parts by the highest bits of the keys, each of which is sorted by one thread.
const PARTS: usize = 256;

/// A key in two halves and the record that has it: twelve bytes, in the order of the keys.
type Entry = (u32, u32, u32);

/// Which records are together in a block.
pub(super) struct Blocks {
    /// Where the records of each block begin in `members`; one more for the end.
    starts: Vec<usize>,
    /// The records of all blocks, each block's in order.
    members: Vec<u32>,
    /// Where the blocks of each record begin in `own`; one more for the end.
    own_starts: Vec<usize>,
    /// The blocks of all records, each record's in order.
    own: Vec<u32>,
}

impl Blocks {
    /// Finds the blocks of the records that are not left out.
    pub fn of(prepared: &[&Prepared], is_left_out: &[bool]) -> Self {
        let mut parts: Vec<Vec<Entry>> = vec![Vec::new(); PARTS];
        let entries_of = |range: std::ops::Range<usize>| {
            let mut out: Vec<Entry> = Vec::with_capacity(range.len() * 16);
            for n in range {
                if let (Some(record), Some(false)) = (prepared.get(n), is_left_out.get(n)) {
                    let keys = keys_of(record).into_iter().chain(identifier_keys(record));
                    out.extend(keys.map(|key| entry(key, n)));
                }
            }
            out
        };
        parallel::in_chunks(prepared.len(), CHUNK_RECORDS, entries_of, &mut |entries| {
            for entry in entries {
                if let Some(part) = parts.get_mut((entry.0 >> 24) as usize) {
                    part.push(entry);
                }
            }
        });
        parallel::each_mut(&mut parts, |part| {
            part.sort_unstable();
            keep_blocks(part);
        });
        Self::of_sorted(&parts, prepared.len())
    }

    /// Returns the blocks of entries that are sorted by key, each key with two records or more.
    fn of_sorted(parts: &[Vec<Entry>], records: usize) -> Self {
        let count = parts.iter().map(Vec::len).sum();
        let mut out = Self {
            starts: Vec::new(),
            members: Vec::with_capacity(count),
            own_starts: vec![0; records + 1],
            own: vec![0; count],
        };
        for block in parts.iter().flat_map(|part| part.chunk_by(is_one_block)) {
            out.starts.push(out.members.len());
            out.members.extend(block.iter().map(|e| e.2));
        }
        out.starts.push(out.members.len());
        // Counts first, then sums, then each record's place moves on as it is filled.
        for member in &out.members {
            if let Some(count) = out.own_starts.get_mut(*member as usize) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut out.own_starts {
            sum += std::mem::replace(start, sum);
        }
        let mut next = out.own_starts.clone();
        for (n, range) in out.starts.windows(2).enumerate() {
            let &[from, to] = range else { continue };
            for member in out.members.get(from..to).unwrap_or_default() {
                let Some(place) = next.get_mut(*member as usize) else { continue };
                if let Some(block) = out.own.get_mut(*place) {
                    *block = small(n);
                }
                *place += 1;
            }
        }
        out
    }

    /// Adds the later records that are in a block with a record, some of them several times.
    pub fn later_in_blocks_of(&self, record: usize, out: &mut Vec<usize>) {
        let range = self.own_starts.get(record).zip(self.own_starts.get(record + 1));
        let blocks = range.and_then(|(from, to)| self.own.get(*from..*to)).unwrap_or_default();
        for block in blocks {
            let block = *block as usize;
            let range = self.starts.get(block).zip(self.starts.get(block + 1));
            let members = range.and_then(|(from, to)| self.members.get(*from..*to)).unwrap_or_default();
            let later = members.partition_point(|m| *m as usize <= record);
            out.extend(members.iter().skip(later).map(|m| *m as usize));
        }
    }
}

/// Leaves of sorted entries those whose key two records have, and not too many.
fn keep_blocks(entries: &mut Vec<Entry>) {
    let kept: Vec<Entry> = entries
        .chunk_by(is_one_block)
        .filter(|b| (2..=BLOCK_RECORDS_MAX).contains(&b.len()))
        .flatten()
        .copied()
        .collect();
    *entries = kept;
}

/// Tells whether two entries have one key.
fn is_one_block(a: &Entry, b: &Entry) -> bool {
    (a.0, a.1) == (b.0, b.1)
}

/// Returns the keys of the names that registers outside give.
fn identifier_keys(record: &Prepared) -> impl Iterator<Item = i64> {
    let names = [
        record.pmid.map(|p| key('P', &[p.number().into()])),
        record.doi.as_ref().map(|d| key('D', &[hash(d.as_str().as_bytes())])),
        record.pmcid.as_ref().map(|p| key('C', &[hash(p.as_str().as_bytes())])),
    ];
    names.into_iter().flatten()
}

/// Returns the entry of a key.
fn entry(key: i64, record: usize) -> Entry {
    let key = key.cast_unsigned();
    let half = |n: u64| u32::try_from(n & u64::from(u32::MAX)).expect("invariant: 32 bits fit");
    (half(key >> 32), half(key), small(record))
}

/// Returns a place in a list in four bytes.
fn small(place: usize) -> u32 {
    u32::try_from(place).expect("invariant: four billion records do not fit into memory")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_with_one_key_are_in_one_block() {
        let mut parts = vec![vec![(1, 1, 0), (1, 1, 3), (1, 2, 1), (7, 0, 2), (7, 0, 3)], vec![(9, 9, 0), (9, 9, 2)]];
        parts.iter_mut().for_each(keep_blocks);
        let blocks = Blocks::of_sorted(&parts, 4);
        let later = |record| {
            let mut out = Vec::new();
            blocks.later_in_blocks_of(record, &mut out);
            out
        };
        assert_eq!([later(0), later(1), later(2), later(3), later(9)], [vec![3, 2], vec![], vec![3], vec![], vec![]]);
    }

    #[test]
    fn a_key_that_too_many_have_says_nothing() {
        for (count, want) in [(BLOCK_RECORDS_MAX, BLOCK_RECORDS_MAX), (BLOCK_RECORDS_MAX + 1, 0), (1, 0)] {
            let mut entries = (0..count).map(|n| (1, 1, small(n))).collect();
            keep_blocks(&mut entries);
            assert_eq!(entries.len(), want);
        }
    }
}
