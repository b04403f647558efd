//! What a new run changed in a draft that was there before, in a few lines for people.

use std::collections::{BTreeMap, BTreeSet};

use crate::draft::{MORE, issue_items};
use crate::model::text::quoted_title;
use crate::model::{Draft, DraftItem};

/// Papers of one kind of change that are named: more would hide the rest of what the run says.
const NAMED_MAX: usize = 5;

/// Returns what is in the issue now and was not, what is no longer, what went to another section, and that
/// the pick or the preheader is another: at most [`NAMED_MAX`] lines of a kind and one that counts the rest.
pub(super) fn changes(before: &Draft, after: &Draft) -> Vec<String> {
    let (old, new) = (issue_items(before), issue_items(after));
    let by_id = |items: &[DraftItem]| -> BTreeMap<String, DraftItem> {
        items.iter().map(|i| (i.id.clone(), i.clone())).collect()
    };
    let (was, is) = (by_id(&old), by_id(&new));
    let came = new.iter().filter(|i| !was.contains_key(&i.id)).map(|i| format!("{} ({})", title(i), section(i)));
    let went = old.iter().filter(|i| !is.contains_key(&i.id)).map(|i| format!("{} ({})", title(i), section(i)));
    let moved = new.iter().filter_map(|i| {
        let from = was.get(&i.id).filter(|o| o.section != i.section)?;
        Some(format!("{} (from {} to {})", title(i), section(from), section(i)))
    });
    let mut out = few("came in", came.collect());
    out.extend(few("went out", went.collect()));
    out.extend(few("changed section", moved.collect()));
    if before.pick != after.pick {
        let name = |id: &str| was.get(id).or_else(|| is.get(id)).map_or("none".to_owned(), title);
        out.push(format!("the pick is another: {} (it was {})", name(&after.pick), name(&before.pick)));
    }
    if before.preheader != after.preheader {
        out.push("the preheader was written anew".to_owned());
    }
    out
}

/// How many papers came into a draft's file, went out of it and stayed in it, be it as items or as candidates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Traffic {
    /// Papers that were not there before.
    pub came: usize,
    /// Papers that are there no longer.
    pub went: usize,
    /// Papers that were there and are.
    pub stayed: usize,
}

impl Traffic {
    /// Counts the papers of a draft against those of the one before.
    pub(super) fn between(before: &Draft, after: &Draft) -> Self {
        let ids = |draft: &Draft| -> BTreeSet<String> {
            let items = draft.items.iter().map(|i| i.id.clone());
            items.chain(draft.candidates.iter().map(|c| c.id.clone())).collect()
        };
        let (old, new) = (ids(before), ids(after));
        let stayed = old.intersection(&new).count();
        Self { came: new.len() - stayed, went: old.len() - stayed, stayed }
    }
}

/// Returns a line for each of the first few, and one that counts the rest.
fn few(what: &str, all: Vec<String>) -> Vec<String> {
    let rest = all.len().saturating_sub(NAMED_MAX);
    let mut out: Vec<String> = all.into_iter().take(NAMED_MAX).map(|one| format!("{what}: {one}")).collect();
    if rest > 0 {
        out.push(format!("{what}: and {rest} more"));
    }
    out
}

fn title(item: &DraftItem) -> String {
    quoted_title(&item.title)
}

fn section(item: &DraftItem) -> &str {
    if item.section == MORE { "the compact list" } else { &item.section }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Candidate, Choice, Month};

    fn draft(items: &[(&str, &str)], pick: &str) -> Draft {
        let item = |(id, section): &(&str, &str)| DraftItem {
            id: (*id).to_owned(),
            section: (*section).to_owned(),
            title: format!("T{id}"),
            ..DraftItem::default()
        };
        Draft {
            items: items.iter().map(item).collect(),
            pick: pick.to_owned(),
            ..Draft::empty(Month::parse("2026-10").expect("a month"))
        }
    }

    #[test]
    fn a_run_says_what_it_changed() {
        let before = draft(&[("a", "evidence"), ("b", "advocacy"), ("c", "more")], "a");
        assert_eq!(changes(&before, &before), Vec::<String>::new());
        let mut after = draft(&[("b", "more"), ("c", "more"), ("d", "evidence")], "d");
        after.preheader = "New".to_owned();
        let want = [
            "came in: “Td” (evidence)",
            "went out: “Ta” (evidence)",
            "changed section: “Tb” (from advocacy to the compact list)",
            "the pick is another: “Td” (it was “Ta”)",
            "the preheader was written anew",
        ];
        assert_eq!(changes(&before, &after), want);
    }

    #[test]
    fn papers_that_came_went_and_stayed_are_counted_once() {
        let before = draft(&[("a", "evidence"), ("b", "advocacy")], "a");
        let mut after = draft(&[("b", "more"), ("c", "more")], "b");
        for id in ["b", "x"] {
            after.candidates.push(Candidate { id: id.into(), ..Default::default() });
        }
        assert_eq!(Traffic::between(&before, &after), Traffic { came: 2, went: 1, stayed: 1 });
        assert_eq!(Traffic::between(&before, &before), Traffic { came: 0, went: 0, stayed: 2 });
    }

    #[test]
    fn many_changes_are_counted_and_what_a_person_kept_is_in_already() {
        let names: Vec<String> = (0..8).map(|n| format!("p{n}")).collect();
        let items: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), "evidence")).collect();
        let mut before = draft(&[], "");
        let kept =
            Candidate { id: "p0".into(), section: "evidence".into(), choice: Some(Choice::Keep), ..Default::default() };
        before.candidates.push(kept);
        let said = changes(&before, &draft(&items, ""));
        assert_eq!((said.len(), said.last().map(String::as_str)), (6, Some("came in: and 2 more")));
        assert!(!said.iter().any(|line| line.contains("Tp0")), "{said:?}");
    }
}
