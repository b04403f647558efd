//! Whether packs come fast enough to be waited for.
//!
//! A weak line is slow and breaks, and is waited for; a host that sends a byte now and then is not,
//! or it would hold a sync for ever. The numbers stand in [`Limits`].

use std::time::Duration;

use tokio::time::Instant;

use crate::fetch::Limits;

/// How fast the packs of one sync come, over all tries and packs.
#[derive(Debug)]
pub(super) struct Pace {
    limits: Limits,
    began: Instant,
    window_began: Instant,
    window_bytes: u64,
}

/// Why the packs are no longer waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TooSlow {
    /// So few bytes came in so long a time.
    Drips {
        /// The bytes.
        bytes: u64,
        /// The time.
        within: Duration,
    },
    /// The sync as a whole took longer than this.
    Overdue(Duration),
}

impl Pace {
    /// Begins to look.
    pub fn begin(now: Instant, limits: Limits) -> Self {
        Self { limits, began: now, window_began: now, window_bytes: 0 }
    }

    /// Counts bytes that have come by now.
    ///
    /// # Errors
    /// When they come too slowly to be waited for.
    pub fn count(&mut self, now: Instant, bytes: u64) -> Result<(), TooSlow> {
        self.window_bytes = self.window_bytes.saturating_add(bytes);
        if now.duration_since(self.began) > self.limits.errand {
            return Err(TooSlow::Overdue(self.limits.errand));
        }
        let within = now.duration_since(self.window_began);
        if within < self.limits.pace_window {
            return Ok(());
        }
        if self.window_bytes < self.limits.pace_bytes {
            return Err(TooSlow::Drips { bytes: self.window_bytes, within });
        }
        (self.window_began, self.window_bytes) = (now, 0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends pieces with pauses (in seconds) and returns how many seconds it was waited for; `None`
    /// when it was waited for to the end.
    fn waited(piece: u64, pause_s: u64, pieces: u64) -> Option<u64> {
        let began = Instant::now();
        let mut pace = Pace::begin(began, Limits::USUAL);
        let mut times = (1..=pieces).map(|n| n * pause_s);
        times.find(|s| pace.count(began + Duration::from_secs(*s), piece).is_err())
    }

    #[test]
    fn a_weak_line_is_waited_for_and_a_drip_is_not() {
        for (piece, pause_s, pieces, want, note) in [
            (1, 1, 10_000, Some(120), "a byte a second"),
            (1_000, 1, 3_600, None, "2G at 1 kB/s for an hour"),
            (1_400, 60, 60, Some(120), "a packet a minute"),
            (20_000, 110, 60, None, "breaks of nearly two minutes"),
            (2_000, 1, 30_000, Some(21_601), "2 kB/s, more than six hours"),
        ] {
            assert_eq!(waited(piece, pause_s, pieces), want, "{note}");
        }
    }
}
