//! What can be taken back: the texts around the last changes of each month's draft.

use std::collections::{BTreeMap, VecDeque};

use crate::model::Month;

/// Changes that are remembered a month. A text is some 50 kB.
const STEPS_MAX: usize = 100;

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

/// The changes of this start, by month.
#[derive(Debug, Default)]
pub(super) struct Undo(BTreeMap<Month, VecDeque<Step>>);

impl Undo {
    /// Remembers a change.
    pub(super) fn push(&mut self, month: Month, step: Step) {
        let steps = self.0.entry(month).or_default();
        steps.push_back(step);
        if steps.len() > STEPS_MAX {
            steps.pop_front();
        }
    }

    /// Returns the last change of a month.
    pub(super) fn last(&self, month: Month) -> Option<&Step> {
        self.0.get(&month).and_then(VecDeque::back)
    }

    /// Returns the last change of a month and forgets it.
    pub(super) fn take(&mut self, month: Month) -> Option<Step> {
        self.0.get_mut(&month).and_then(VecDeque::pop_back)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_change_of_its_month_comes_first_and_old_ones_go() {
        let mut undo = Undo::default();
        let [a, b] = ["2026-09", "2026-10"].map(|m| Month::parse(m).expect("a month"));
        let step = |what: usize| Step { before: String::new(), after: String::new(), what: what.to_string() };
        for n in 0..=STEPS_MAX {
            undo.push(a, step(n));
        }
        undo.push(b, step(999));
        assert_eq!(undo.last(a).map(|s| s.what.as_str()), Some("100"));
        for _ in 0..STEPS_MAX {
            assert!(undo.take(a).is_some());
        }
        assert_eq!((undo.last(a), undo.last(b).map(|s| s.what.as_str())), (None, Some("999")));
    }
}
