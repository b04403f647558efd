//! Manners towards one host: one request at a time, a gap between two, silence when it asks for it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Every host asked in this run.
#[derive(Debug, Default)]
pub(super) struct Hosts(Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<Host>>>>);

/// What is known of a host in this run. Whoever holds its lock may ask it.
#[derive(Debug, Default)]
pub(super) struct Host {
    asked_at: Option<Instant>,
    closed_until: Option<Instant>,
}

impl Hosts {
    /// Returns a host by its name.
    pub fn named(&self, name: &str) -> Arc<tokio::sync::Mutex<Host>> {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(hosts.entry(name.to_owned()).or_default())
    }
}

impl Host {
    /// Waits until the host may be asked, and notes that it is asked now.
    ///
    /// # Errors
    /// The wait that it wants, when that is longer than `longest`.
    pub async fn turn(&mut self, gap: Duration, longest: Duration) -> Result<(), Duration> {
        let now = Instant::now();
        let wanted = self.closed_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        if wanted > longest {
            return Err(wanted);
        }
        let free_at = self.asked_at.and_then(|at| at.checked_add(gap)).unwrap_or(now);
        tokio::time::sleep_until(free_at.max(now + wanted)).await;
        self.asked_at = Some(Instant::now());
        Ok(())
    }

    /// Notes that the host wants no requests for a while.
    pub fn close_for(&mut self, pause: Duration) {
        self.closed_until = Instant::now().checked_add(pause).max(self.closed_until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_host_is_asked_once_a_gap() {
        let hosts = Hosts::default();
        let began = Instant::now();
        let gap = Duration::from_millis(20);
        let ask = || async {
            let host = hosts.named("example.org");
            host.lock().await.turn(gap, gap).await.unwrap();
            began.elapsed()
        };
        let (a, b, c) = tokio::join!(ask(), ask(), ask());
        assert!(a < gap && b >= gap && c >= gap * 2, "{a:?} {b:?} {c:?}");
        let other = hosts.named("example.net");
        let before = Instant::now();
        other.lock().await.turn(gap, gap).await.unwrap();
        assert!(before.elapsed() < gap, "another host waits for nobody");
    }

    #[tokio::test]
    async fn a_host_that_wants_quiet_is_waited_for_or_left() {
        let mut host = Host::default();
        host.close_for(Duration::from_millis(15));
        let began = Instant::now();
        host.turn(Duration::ZERO, Duration::from_millis(50)).await.unwrap();
        assert!(began.elapsed() >= Duration::from_millis(14));
        host.close_for(Duration::from_hours(1));
        host.close_for(Duration::from_millis(1));
        let wait = host.turn(Duration::ZERO, Duration::from_millis(50)).await.unwrap_err();
        assert!(wait > Duration::from_mins(59), "the longer wish counts");
    }
}
