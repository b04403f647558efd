//! Work on many items on all processors. Results come in the order of the items, so that what is
//! made of them is the same on any machine.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// Returns how many threads work at once: one for each processor that the process may use.
pub(super) fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Works on `count` items, `chunk` at a time, and hands the result of each chunk to `take` in order.
/// `take` runs on this thread; one processor or one chunk needs no other.
pub(super) fn in_chunks<T: Send>(
    count: usize,
    chunk: usize,
    work: impl Fn(Range<usize>) -> T + Sync,
    take: &mut dyn FnMut(T),
) {
    let chunk = chunk.max(1);
    let range = |n: usize| n * chunk..count.min((n + 1) * chunk);
    let chunks = count.div_ceil(chunk);
    let threads = threads().min(chunks);
    if threads <= 1 {
        return (0..chunks).for_each(|n| take(work(range(n))));
    }
    let next = AtomicUsize::new(0);
    let (done, results) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..threads {
            let (done, next, work) = (done.clone(), &next, &work);
            scope.spawn(move || {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= chunks || done.send((n, work(range(n)))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(done);
        let mut waiting = BTreeMap::new();
        let mut wanted = 0;
        for (n, result) in results {
            waiting.insert(n, result);
            while let Some(result) = waiting.remove(&wanted) {
                take(result);
                wanted += 1;
            }
        }
    });
}

/// Changes every item of a list, a share of them on each processor.
pub(super) fn each_mut<T: Send>(items: &mut [T], change: impl Fn(&mut T) + Sync) {
    let share = items.len().div_ceil(threads()).max(1);
    thread::scope(|scope| {
        for items in items.chunks_mut(share) {
            let change = &change;
            scope.spawn(move || items.iter_mut().for_each(change));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order() {
        for (count, chunk) in [(0, 3), (1, 3), (100, 7), (10_000, 1), (5, 0)] {
            let mut out = Vec::new();
            in_chunks(count, chunk, Iterator::collect::<Vec<_>>, &mut |list| out.extend(list));
            assert_eq!(out, (0..count).collect::<Vec<_>>(), "{count} {chunk}");
        }
        let mut items: Vec<usize> = (0..1_000).collect();
        each_mut(&mut items, |n| *n += 1);
        assert_eq!(items, (1..=1_000).collect::<Vec<_>>());
    }
}
