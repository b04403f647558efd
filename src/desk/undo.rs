//! What can be taken back: the texts around the last changes of each month's draft, by the browser that made them.
//!
//! Two people curate at once. What one of them takes back must be what that one did, not the newest change of the two.

use std::collections::{BTreeMap, VecDeque};

use crate::model::Month;

/// Changes that are remembered for a browser and a month. A text is some 50 kB.
const STEPS_MAX: usize = 100;

/// Browsers and months that are remembered at once; more than any secretariat has.
const LISTS_MAX: usize = 40;

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    /// The file before it.
    pub(super) before: String,
    /// The file after it.
    pub(super) after: String,
    /// What it was, in a few words.
    pub(super) what: String,
}

/// The changes of this start, by browser and month.
#[derive(Debug, Default)]
pub(super) struct Undo(BTreeMap<(String, Month), VecDeque<Step>>);

impl Undo {
    /// Remembers a change that a browser made.
    pub(super) fn push(&mut self, hand: &str, month: Month, step: Step) {
        let key = (hand.to_owned(), month);
        if !self.0.contains_key(&key) && self.0.len() >= LISTS_MAX {
            // Whichever goes: it is one of many that nobody can have open at once.
            self.0.pop_first();
        }
        let steps = self.0.entry(key).or_default();
        steps.push_back(step);
        if steps.len() > STEPS_MAX {
            steps.pop_front();
        }
    }

    /// Returns the last change of a browser to a month.
    pub(super) fn last(&self, hand: &str, month: Month) -> Option<&Step> {
        self.0.get(&(hand.to_owned(), month)).and_then(VecDeque::back)
    }

    /// Returns the last change of a browser to a month and forgets it.
    pub(super) fn take(&mut self, hand: &str, month: Month) -> Option<Step> {
        self.0.get_mut(&(hand.to_owned(), month)).and_then(VecDeque::pop_back)
    }

    /// Forgets every browser's changes to a month: an earlier version was put in their place.
    pub(super) fn forget(&mut self, month: Month) {
        self.0.retain(|(_, of), _| *of != month);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months() -> [Month; 2] {
        ["2026-09", "2026-10"].map(|m| Month::parse(m).expect("a month"))
    }

    fn step(what: usize) -> Step {
        Step { before: String::new(), after: String::new(), what: what.to_string() }
    }

    fn what(step: Option<&Step>) -> Option<&str> {
        step.map(|s| s.what.as_str())
    }

    #[test]
    fn the_last_change_of_its_month_comes_first_and_old_ones_go() {
        let mut undo = Undo::default();
        let [a, b] = months();
        for n in 0..=STEPS_MAX {
            undo.push("me", a, step(n));
        }
        undo.push("me", b, step(999));
        assert_eq!(what(undo.last("me", a)), Some("100"));
        for _ in 0..STEPS_MAX {
            assert!(undo.take("me", a).is_some());
        }
        assert_eq!((undo.last("me", a), what(undo.last("me", b))), (None, Some("999")));
    }

    #[test]
    fn each_browser_has_its_own_changes_until_a_version_is_put_back() {
        let mut undo = Undo::default();
        let [a, b] = months();
        for (hand, month, n) in [("me", a, 1), ("you", a, 2), ("me", b, 3)] {
            undo.push(hand, month, step(n));
        }
        assert_eq!((what(undo.last("me", a)), what(undo.last("you", a))), (Some("1"), Some("2")));
        assert_eq!(undo.last("they", a), None, "who changed nothing takes nothing back");
        undo.forget(a);
        assert_eq!((undo.last("me", a), undo.last("you", a), what(undo.last("me", b))), (None, None, Some("3")));
    }

    #[test]
    fn browsers_without_end_do_not_fill_the_memory() {
        let mut undo = Undo::default();
        let [a, _] = months();
        for n in 0..LISTS_MAX * 2 {
            undo.push(&format!("{n:04}"), a, step(n));
        }
        assert_eq!(undo.0.len(), LISTS_MAX);
        assert!(undo.last("0079", a).is_some(), "the one that changed something just now is known");
    }
}
