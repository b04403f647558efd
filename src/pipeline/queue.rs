//! The order in which sources that are asked side by side hand on what they found.
//!
//! Asking takes seconds and much of it is waiting, so several sources are asked at once. What they
//! answer is taken in strictly in the order of `feeds.toml`: the same answers give the same works,
//! whichever host was faster.

use std::cell::RefCell;

use tokio::sync::{Semaphore, SemaphorePermit, watch};

/// Sources asked at the same time: enough that one slow host holds up nobody, few enough that a weak
/// line still carries each within its time.
const SEATS: usize = 6;

/// Who may hand on, and how many may ask.
pub(super) struct Queue {
    seats: Semaphore,
    /// Which places have left.
    left: RefCell<Vec<bool>>,
    /// The first place that has not.
    head: watch::Sender<usize>,
}

impl Queue {
    /// Returns a queue of `length` places, numbered from 0; place 0 has its turn at once.
    pub(super) fn new(length: usize) -> Self {
        Self { seats: Semaphore::new(SEATS), left: RefCell::new(vec![false; length]), head: watch::Sender::new(0) }
    }

    /// Waits for a seat. Seats are given in the order of asking, so the head of the queue has one.
    pub(super) async fn seat(&self) -> Option<SemaphorePermit<'_>> {
        self.seats.acquire().await.ok()
    }

    /// Waits until all places before this one have left.
    pub(super) async fn turn(&self, place: usize) {
        let mut head = self.head.subscribe();
        // The sender lives as long as the queue, so waiting cannot fail.
        let _ = head.wait_for(|head| *head >= place).await;
    }

    /// Leaves the queue; the next in line that is still there has its turn.
    pub(super) fn leave(&self, place: usize) {
        let mut left = self.left.borrow_mut();
        if let Some(mark) = left.get_mut(place) {
            *mark = true;
        }
        let head = left.iter().position(|gone| !gone).unwrap_or(left.len());
        self.head.send_replace(head);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn places_have_their_turn_in_order_whoever_is_ready_first() {
        let queue = Queue::new(10);
        let order = RefCell::new(Vec::new());
        let places = (0..10_usize).map(|place| {
            let (queue, order) = (&queue, &order);
            async move {
                let _seat = queue.seat().await;
                // the later the place, the earlier it is ready; every third has nothing to hand on
                for _ in 0..(10 - place) * 3 {
                    tokio::task::yield_now().await;
                }
                if place % 3 != 0 {
                    queue.turn(place).await;
                    order.borrow_mut().push(place);
                }
                queue.leave(place);
            }
        });
        futures_util::future::join_all(places).await;
        assert_eq!(*order.borrow(), [1, 2, 4, 5, 7, 8]);
    }
}
