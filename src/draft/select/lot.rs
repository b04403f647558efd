//! Gives some places among the candidates by lot to papers from further down.
//!
//! An order that learns from what was kept shows more of what was kept: what it undervalues is never
//! seen, so never kept. A few places by lot break this ring, and since nobody can tell these papers
//! from the others, they are a fair sample of what would go unread.

use std::collections::BTreeSet;

use crate::model::{Month, WorkId, sha256_hex};

/// One place in so many is given by lot: 5 % costs a reader three lines in sixty, and gives 36 papers a
/// year to judge the unread rest by.
const EVERY: usize = 20;
/// A list of more candidates than this has one place by lot even if it is shorter than [`EVERY`]; a
/// shorter list is read to its end anyway.
const SHORT: usize = 10;
/// Where everybody stands in the list, a place is drawn for only while so many papers stand behind it: two
/// steps, for people read from the top and stop, but hardly before so short an end. Less than that, and
/// a draw would do no more than put a worse paper a few lines higher.
const FAR: usize = 2 * EVERY;

/// A paper that gets a place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dealt {
    /// Its place in the order, from 0.
    pub(super) index: usize,
    /// Whether it stands here by lot.
    pub(super) is_by_lot: bool,
}

/// Returns who stands in a list of at most `list_max`, of papers that come best first.
///
/// Every [`EVERY`]th place goes to one of all papers that would stand there or behind, also behind the
/// end of the list; the others follow in their order. The lot of a paper hangs on the month and its id
/// alone, and the lowest wins, so the same papers draw the same, and one paper more changes a draw
/// only if it wins it. A draw is for papers that nobody would come to: it is made when some stand behind the end
/// of the list, or at least [`FAR`] stand behind the place. So a list that shows all of sixteen candidates has
/// no place by lot, one that shows sixteen of seventeen has one, and one that shows all of sixty has the first.
pub(super) fn deal(best_first: &[&WorkId], list_max: usize, month: Month) -> Vec<Dealt> {
    let drawn = drawn_places(best_first.len(), list_max);
    let mut left: Vec<(usize, String)> =
        best_first.iter().enumerate().map(|(n, id)| (n, lot_of(id, month, !drawn.is_empty()))).collect();
    let mut out = Vec::new();
    while out.len() < list_max && !left.is_empty() {
        let is_by_lot = drawn.contains(&(out.len() + 1));
        let lowest = left.iter().enumerate().min_by(|(_, a), (_, b)| a.1.cmp(&b.1).then(a.0.cmp(&b.0)));
        let at = lowest.filter(|_| is_by_lot).map_or(0, |(at, _)| at);
        out.push(Dealt { index: left.remove(at).0, is_by_lot });
    }
    out
}

/// Returns the places, from 1, that are given by lot in a list of at most `list_max` out of `count`.
fn drawn_places(count: usize, list_max: usize) -> BTreeSet<usize> {
    let length = count.min(list_max);
    let is_cut = count > list_max;
    let is_worth_it = |place: &usize| is_cut || count.saturating_sub(*place) >= FAR;
    let first = if (SHORT + 1..EVERY).contains(&length) { SHORT } else { EVERY };
    (first..=length).step_by(EVERY).filter(is_worth_it).collect()
}

/// Returns a paper's lot in a month: the lowest wins. Empty where none is needed.
fn lot_of(id: &WorkId, month: Month, is_needed: bool) -> String {
    if is_needed { sha256_hex(format!("{month} {id}").as_bytes()) } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Identifier, Pmid};
    use proptest::prelude::*;

    fn ids(count: u32) -> Vec<WorkId> {
        let pmid = |n: u32| Pmid::parse(&(90_000_000 + n).to_string()).expect("a PMID");
        (0..count).map(|n| WorkId::mint(&Identifier::Pmid(pmid(n)), 0)).collect()
    }

    fn october() -> Month {
        Month::parse("2026-10").expect("a month")
    }

    fn dealt(count: u32, list_max: usize) -> Vec<Dealt> {
        let ids = ids(count);
        deal(&ids.iter().collect::<Vec<_>>(), list_max, october())
    }

    #[test]
    fn which_places_are_drawn() {
        for (id, count, list_max, want, note) in [
            ("none", 0, 60, &[][..], "an empty list"),
            ("ten", 10, 60, &[], "ten are read to the end"),
            ("eleven of eleven", 11, 60, &[], "a draw would put the last paper one place higher"),
            ("sixteen of sixteen", 16, 60, &[], "everybody is shown, and the end is near"),
            ("sixteen of seventeen", 17, 16, &[10], "one would not be shown"),
            ("ten of many", 100, 10, &[], "a list of ten has no place to spare"),
            ("short list", 100, 15, &[10], "a list shorter than twenty, much behind it"),
            ("twenty of twenty", 20, 60, &[], "behind the last place stands nobody to draw from"),
            ("twenty of twenty-one", 21, 20, &[20], "two to draw from"),
            ("fifty-nine of fifty-nine", 59, 60, &[], "39 stand behind place 20: too near the end"),
            ("full", 200, 60, &[20, 40, 60], "one in twenty"),
            ("sixty of sixty", 60, 60, &[20], "40 stand behind place 20, which few read as far as; 20 behind place 40"),
            ("a hundred of a hundred", 100, 100, &[20, 40, 60], "the last 40 come without"),
            ("no list", 50, 0, &[], "candidates = 0"),
        ] {
            assert_eq!(drawn_places(count, list_max), want.iter().copied().collect::<BTreeSet<_>>(), "{id}: {note}");
        }
    }

    #[test]
    fn a_draw_reaches_behind_the_end_of_the_list_and_is_fair() {
        // Of 60 months, 180 draws among 180, 161 and 142 papers: four fifths come from behind the list.
        let ids = ids(199);
        let all: Vec<&WorkId> = ids.iter().collect();
        let (mut drawn, mut behind) = (0, 0);
        let mut month = october();
        for _ in 0..60 {
            for paper in deal(&all, 60, month).iter().filter(|p| p.is_by_lot) {
                drawn += 1;
                behind += usize::from(paper.index >= 60);
            }
            month = month.next();
        }
        assert_eq!(drawn, 180);
        assert!((135..=170).contains(&behind), "{behind} of 180");
    }

    #[test]
    fn another_month_draws_others_and_another_paper_changes_little() {
        let ids = ids(200);
        let all: Vec<&WorkId> = ids.iter().collect();
        let first = deal(&all, 60, october());
        assert_ne!(first, deal(&all, 60, october().next()));
        let drawn = |of: &[Dealt], all: &[&WorkId]| -> BTreeSet<String> {
            of.iter().filter(|p| p.is_by_lot).map(|p| all[p.index].to_string()).collect()
        };
        let fewer: Vec<&WorkId> = all.iter().copied().filter(|id| **id != ids[150]).collect();
        let mut lost = drawn(&first, &all);
        lost.retain(|id| !drawn(&deal(&fewer, 60, october()), &fewer).contains(id));
        lost.remove(ids[150].as_str());
        assert_eq!(lost, BTreeSet::new(), "who was drawn stays drawn when another leaves");
    }

    proptest! {
        #[test]
        fn nobody_is_lost_or_stands_twice(count in 0_u32..160, list_max in 0_usize..100) {
            let out = dealt(count, list_max);
            prop_assert_eq!(out.len(), list_max.min(count as usize));
            let seen: BTreeSet<usize> = out.iter().map(|p| p.index).collect();
            prop_assert_eq!(seen.len(), out.len());
            let own: Vec<usize> = out.iter().filter(|p| !p.is_by_lot).map(|p| p.index).collect();
            prop_assert!(own.is_sorted(), "the others keep their order");
            prop_assert_eq!(dealt(count, list_max), out);
        }
    }
}
