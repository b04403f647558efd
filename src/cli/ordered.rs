//! Work on the parts of a stream on several threads, with the results in the order of the stream.

use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

/// The most threads that work: more only wait for the one that reads the stream.
const THREADS_MAX: usize = 8;

/// How many parts may wait to be taken for each thread that works.
const WAITING_PER_THREAD: usize = 2;

/// A part to be worked on, and where the result goes.
type Task<P, T> = (P, SyncSender<(P, T)>);

/// Returns on how many threads parts of a stream are worked on: one for each processor, eight at most.
pub fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX)
}

/// Takes parts from `next` on a thread of their own, works on them on `threads` others, and hands
/// each part with its result to `take` on this thread, in the order of the parts. With one thread
/// everything happens on this one. Only a few parts are on their way at each moment.
pub fn in_order<P: Send, T: Send>(
    threads: usize,
    mut next: impl FnMut() -> Option<P> + Send,
    work: impl Fn(&P) -> T + Sync,
    take: &mut dyn FnMut(P, T),
) {
    if threads <= 1 {
        while let Some(part) = next() {
            let result = work(&part);
            take(part, result);
        }
        return;
    }
    let (tasks, todo) = mpsc::sync_channel::<Task<P, T>>(threads);
    let (order, places) = mpsc::sync_channel::<Receiver<(P, T)>>(threads * WAITING_PER_THREAD);
    let todo = Mutex::new(todo);
    thread::scope(|scope| {
        scope.spawn(move || {
            while let Some(part) = next() {
                let (answer, place) = mpsc::sync_channel(1);
                if order.send(place).is_err() || tasks.send((part, answer)).is_err() {
                    return;
                }
            }
        });
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let task = todo.lock().map_or_else(|broken| broken.into_inner().recv(), |todo| todo.recv());
                    let Ok((part, answer)) = task else { return };
                    let result = work(&part);
                    // Nobody waits for it when another thread has panicked.
                    let _ = answer.send((part, result));
                }
            });
        }
        for place in places {
            // A thread that panics leaves no answer; the scope hands its panic on.
            let Ok((part, result)) = place.recv() else { return };
            take(part, result);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_parts() {
        for threads in [1, 2, 5] {
            let mut numbers = 0..300_u64;
            let mut out = Vec::new();
            in_order(threads, || numbers.next(), |n| n * n, &mut |n, square| out.push((n, square)));
            assert_eq!(out, (0..300).map(|n| (n, n * n)).collect::<Vec<_>>(), "{threads} threads");
        }
    }
}
