//! When a source may be asked, as far as that hangs on earlier runs.
//!
//! A source that fails is asked more and more seldom, yet at least on every daily run, and it is
//! never switched off in silence: who is left alone is told with the reason. One that a person
//! names is always asked.

use jiff::{SignedDuration, Timestamp};

use super::HarvestError;
use crate::fetch::jitter_percent;
use crate::model::{Source, SourceKind, SourceState};

/// The unit of the pause after failures: 10 minutes after the first, 20 after the second …
const BACKOFF_UNIT: SignedDuration = SignedDuration::from_mins(5);
/// Its longest: a daily run always asks.
const BACKOFF_MAX: SignedDuration = SignedDuration::from_hours(20);
/// Longest pause that a host is granted. What is noted for later than this comes from a clock that
/// was wrong, and does not count.
const PAUSE_MAX: SignedDuration = SignedDuration::from_hours(24);

/// Whether a source may be asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// It may.
    Now,
    /// It has failed and is left alone until then.
    Resting(Timestamp),
    /// It has said that it has nothing new until then.
    Fresh(Timestamp),
}

/// Tells whether a source may be asked.
pub fn due(state: &SourceState, now: Timestamp) -> Due {
    let later = |t: Option<Timestamp>| t.filter(|t| *t > now && t.duration_since(now) <= PAUSE_MAX);
    match (later(state.not_before), later(state.fresh_until)) {
        (Some(until), _) => Due::Resting(until),
        (None, Some(until)) => Due::Fresh(until),
        (None, None) => Due::Now,
    }
}

/// Returns what is remembered about a source as it stands in `feeds.toml` today: nothing, when its
/// address was changed since.
pub fn state_for(source: &Source, state: SourceState) -> SourceState {
    let url = match &source.kind {
        SourceKind::Pubmed { base_url, .. } => base_url,
        SourceKind::Feed { url, .. } | SourceKind::Page { url, .. } => url,
        SourceKind::Folder { path } => path,
    };
    let is_other = state.url.as_ref().is_some_and(|known| known != url);
    let state = if is_other { SourceState::default() } else { state };
    SourceState { url: Some(url.clone()), ..state }
}

/// Returns what to remember after a failure. `message` is the failure in plain words.
pub fn after_failure(
    source: &Source,
    state: SourceState,
    error: &HarvestError,
    message: &str,
    now: Timestamp,
) -> SourceState {
    let is_theirs = match error {
        HarvestError::Fetch(error) => !error.is_ours(),
        HarvestError::Answer(_) => true,
        HarvestError::Store(_) | HarvestError::Path(_) => false,
    };
    let failures = if is_theirs { state.failures.saturating_add(1) } else { state.failures };
    let wanted = match error {
        HarvestError::Fetch(error) => error.retry_after_s(),
        _ => None,
    };
    let wanted = wanted.map(|s| SignedDuration::from_secs(i64::try_from(s).unwrap_or(i64::MAX)).min(PAUSE_MAX));
    let rest = is_theirs.then(|| backoff(&source.id, failures)).into_iter().chain(wanted).max();
    SourceState {
        failing_since: state.failing_since.or(Some(now)),
        last_tried: Some(now),
        last_error: Some(message.to_owned()),
        not_before: rest.and_then(|r| now.checked_add(r).ok()),
        // the new address did not answer: the one in feeds.toml is asked again
        moved_times: 0,
        failures,
        ..state
    }
}

/// Returns what to remember after a run that went well, or `None` when nothing changes.
pub fn after_success(state: &SourceState) -> Option<SourceState> {
    let next = SourceState { failing_since: None, last_error: None, not_before: None, failures: 0, ..state.clone() };
    (next != *state).then_some(next)
}

/// Returns the pause after so many failures in a row: 2^n × 5 minutes and up to a quarter more, so
/// that sources which failed together do not come back together; at most 20 hours.
fn backoff(id: &str, failures: u32) -> SignedDuration {
    let doubled = BACKOFF_UNIT.checked_mul(1_i32.checked_shl(failures.min(20)).unwrap_or(i32::MAX));
    let pause = doubled.unwrap_or(BACKOFF_MAX).min(BACKOFF_MAX);
    let jitter = i32::try_from(jitter_percent(id, failures)).unwrap_or(0);
    (pause + pause * jitter / 400).min(BACKOFF_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::FetchError;

    fn source(url: &str) -> Source {
        Source {
            id: "a".to_owned(),
            name: "A".to_owned(),
            topics: Vec::new(),
            is_verified: true,
            is_enabled: true,
            schedule: None,
            is_preprints: false,
            allows_private: false,
            kind: SourceKind::Feed { url: url.to_owned(), journal: String::new() },
        }
    }

    fn at(text: &str) -> Timestamp {
        format!("2026-11-{text}:00Z").parse().unwrap()
    }

    fn status(retry_after_s: Option<u64>) -> HarvestError {
        let url = "https://example.org/".to_owned();
        HarvestError::Fetch(FetchError::Status { url, status: 503, retry_after_s, said: String::new() })
    }

    #[test]
    fn the_pause_doubles_up_to_less_than_a_day() {
        let unit = BACKOFF_UNIT;
        for (failures, least) in [(1, unit * 2), (2, unit * 4), (3, unit * 8), (7, unit * 128), (8, BACKOFF_MAX)] {
            let pause = backoff("a", failures);
            assert!(pause >= least && pause <= least * 5 / 4 && pause <= BACKOFF_MAX, "{failures}: {pause:?}");
        }
        assert_eq!(backoff("a", u32::MAX), BACKOFF_MAX);
        assert_ne!(backoff("a", 3), backoff("b", 3));
    }

    #[test]
    fn failures_are_counted_and_the_first_is_remembered() {
        let source = source("https://example.org/feed");
        let mut state = state_for(&source, SourceState::default());
        for (day, n) in [("01T05:00", 1), ("02T05:00", 2), ("03T05:00", 3)] {
            assert_eq!(due(&state, at(day)), Due::Now, "a daily run always asks");
            state = after_failure(&source, state, &status(None), "it broke", at(day));
            assert_eq!((state.failures, state.failing_since), (n, Some(at("01T05:00"))));
            assert!(matches!(due(&state, at(day)), Due::Resting(_)));
        }
        let well = after_success(&state).unwrap();
        assert_eq!(
            (well.failures, well.failing_since, well.last_error.clone(), well.not_before),
            (0, None, None, None)
        );
        assert_eq!(after_success(&well), None);
    }

    #[test]
    fn who_asks_for_a_pause_gets_it_up_to_a_day() {
        let source = source("https://example.org/feed");
        let now = at("01T05:00");
        for (wanted, want_min, want_max) in
            [(Some(5), 600, 750), (Some(7_200), 7_200, 7_200), (Some(u64::MAX), 86_400, 86_400), (None, 600, 750)]
        {
            let state = after_failure(&source, SourceState::default(), &status(wanted), "", now);
            let pause = state.not_before.unwrap().duration_since(now).as_secs();
            assert!((want_min..=want_max).contains(&pause), "{wanted:?}: {pause}");
        }
    }

    #[test]
    fn a_fault_of_this_computer_is_not_held_against_a_source() {
        let source = source("https://example.org/feed");
        let offline = HarvestError::Fetch(FetchError::NoName { url: String::new() });
        let state = after_failure(&source, SourceState::default(), &offline, "offline", at("01T05:00"));
        assert_eq!((state.failures, state.not_before), (0, None));
        assert!(state.failing_since.is_some() && state.last_error.is_some(), "it is told all the same");
    }

    #[test]
    fn what_was_noted_by_a_wrong_clock_does_not_count() {
        let state = SourceState { not_before: Some(at("20T05:00")), ..SourceState::default() };
        assert_eq!(due(&state, at("01T05:00")), Due::Now);
        let state = SourceState { fresh_until: Some(at("01T06:00")), ..SourceState::default() };
        assert_eq!(due(&state, at("01T05:00")), Due::Fresh(at("01T06:00")));
        assert_eq!(due(&state, at("01T06:00")), Due::Now);
    }

    #[test]
    fn another_address_begins_anew() {
        let gone = SourceState {
            is_gone: true,
            failing_since: Some(at("01T05:00")),
            etag: Some("x".to_owned()),
            ..SourceState::default()
        };
        let old = state_for(&source("https://example.org/old"), gone);
        assert!(old.is_gone, "a state from before addresses were noted is kept");
        let same = state_for(&source("https://example.org/old"), old.clone());
        assert_eq!(same, old);
        let new = state_for(&source("https://example.org/new"), old);
        let url = Some("https://example.org/new".to_owned());
        assert_eq!(new, SourceState { url, ..SourceState::default() });
    }
}
