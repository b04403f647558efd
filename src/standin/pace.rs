//! The request limit of the E-utilities: so many requests in any one second.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

/// Requests a second without a key (NLM knowledge base KA-05317).
const LIMIT_WITHOUT_KEY: usize = 3;
/// Requests a second with `api_key`.
const LIMIT_WITH_KEY: usize = 10;

/// Remembers the requests of the last second.
#[derive(Debug, Default)]
pub(super) struct Pace {
    recent: Mutex<VecDeque<Instant>>,
}

/// What the counter says about one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    /// Whether it may go on.
    pub is_admitted: bool,
    /// Requests counted in the last second, this one included.
    pub count: usize,
    /// Requests allowed a second.
    pub limit: usize,
}

impl Pace {
    /// Counts a request. One that is refused is not counted against later ones.
    pub fn admit(&self, has_key: bool) -> Verdict {
        let limit = if has_key { LIMIT_WITH_KEY } else { LIMIT_WITHOUT_KEY };
        let now = Instant::now();
        let mut recent = super::locked(&self.recent);
        while recent.front().is_some_and(|t| now.duration_since(*t) >= Duration::from_secs(1)) {
            recent.pop_front();
        }
        let count = recent.len() + 1;
        let is_admitted = count <= limit;
        if is_admitted {
            recent.push_back(now);
        }
        Verdict { is_admitted, count, limit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fourth_request_of_a_second_is_refused() {
        let pace = Pace::default();
        let admitted: Vec<bool> = (0..4).map(|_| pace.admit(false).is_admitted).collect();
        assert_eq!(admitted, [true, true, true, false]);
        assert!(pace.admit(true).is_admitted, "a key raises the limit");
    }
}
