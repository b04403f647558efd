//! What can be taken back: the texts around the last changes of each month's draft, by the browser that made them.
//!
//! Two people curate at once. What one of them takes back must be what that one did, not the newest change of the two.

use std::collections::VecDeque;

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

/// The changes of one browser to one month.
#[derive(Debug)]
struct List {
    hand: String,
    month: Month,
    steps: VecDeque<Step>,
}

/// The changes of this start, by browser and month; the list that was changed last stands last.
#[derive(Debug, Default)]
pub(super) struct Undo(Vec<List>);

impl Undo {
    /// Remembers a change that a browser made.
    pub(super) fn push(&mut self, hand: &str, month: Month, step: Step) {
        let place = self.0.iter().position(|l| l.is_of(hand, month));
        let new = || List { hand: hand.to_owned(), month, steps: VecDeque::new() };
        let mut list = place.map_or_else(new, |at| self.0.remove(at));
        list.steps.push_back(step);
        if list.steps.len() > STEPS_MAX {
            list.steps.pop_front();
        }
        if self.0.len() >= LISTS_MAX {
            self.0.remove(0);
        }
        self.0.push(list);
    }

    /// Returns the last change of a browser to a month.
    pub(super) fn last(&self, hand: &str, month: Month) -> Option<&Step> {
        self.0.iter().find(|l| l.is_of(hand, month)).and_then(|l| l.steps.back())
    }

    /// Returns the last change of a browser to a month and forgets it.
    pub(super) fn take(&mut self, hand: &str, month: Month) -> Option<Step> {
        self.0.iter_mut().find(|l| l.is_of(hand, month)).and_then(|l| l.steps.pop_back())
    }

    /// Forgets every browser's changes to a month: an earlier version was put in their place.
    pub(super) fn forget(&mut self, month: Month) {
        self.0.retain(|l| l.month != month);
    }
}

impl List {
    /// Tells whether these are a browser's changes to a month.
    fn is_of(&self, hand: &str, month: Month) -> bool {
        self.hand == hand && self.month == month
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
            undo.push(&format!("{:04}", 9999 - n), a, step(n));
            undo.push("me", a, step(n));
        }
        assert_eq!(undo.0.len(), LISTS_MAX);
        assert!(undo.last("9920", a).is_some(), "the one that changed something just now is known");
        assert!(undo.last("me", a).is_some(), "and whoever goes on, however the names sort");
        assert_eq!(undo.last("9999", a), None, "the one that did nothing for longest is forgotten");
    }
}
