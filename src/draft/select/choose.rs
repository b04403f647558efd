//! Deals papers out to the sections.

use std::collections::{BTreeMap, BTreeSet};

use super::Ranked;
use crate::model::{DraftSettings, TopicRule};

/// Who goes where.
pub(super) struct Plan<'r, 'a> {
    sections: BTreeMap<String, Vec<&'r Ranked<'a>>>,
    /// Papers in no section, best first.
    pub(super) rest: Vec<&'r Ranked<'a>>,
}

impl<'r, 'a> Plan<'r, 'a> {
    /// Returns the papers of a section, best first.
    pub(super) fn of(&self, topic: &str) -> impl Iterator<Item = &'r Ranked<'a>> {
        self.sections.get(topic).into_iter().flatten().copied()
    }
}

/// Returns the topics of a paper that are sections, the first one first; those of its source when
/// the text names none.
pub(super) fn topics_of<'t>(r: &Ranked<'_>, topics: &'t [TopicRule]) -> Vec<&'t str> {
    let named = r.judgement.twg_primary.iter().chain(&r.judgement.twg);
    let hinted = r.source_topics.iter().filter(|_| r.judgement.twg.is_empty() && r.judgement.twg_primary.is_none());
    let mut out: Vec<&'t str> = Vec::new();
    for id in named.chain(hinted) {
        if let Some(topic) = topics.iter().find(|t| t.id == *id)
            && !out.contains(&topic.id.as_str())
        {
            out.push(&topic.id);
        }
    }
    out
}

/// Deals out papers that come best first.
///
/// First every section takes its floor from the papers whose first topic it is, and where these
/// are too few from those that also serve it. Then the best of the others go to the section of
/// their first topic until that or the issue is full. A section of size 0 takes nothing.
pub(super) fn choose<'r, 'a>(
    best_first: &[&'r Ranked<'a>],
    settings: &DraftSettings,
    topics: &[TopicRule],
) -> Plan<'r, 'a> {
    let floors = floors(settings, topics);
    let mut deal =
        Deal { best_first, topics, items_max: settings.items_max, placed: BTreeMap::new(), taken: BTreeSet::new() };
    for fit in [Fit::First, Fit::Any] {
        for (topic, floor) in topics.iter().zip(&floors) {
            deal.fill(&topic.id, *floor, fit);
        }
    }
    deal.spread(settings);
    let rest = (0..best_first.len()).filter(|n| !deal.taken.contains(n)).filter_map(|n| best_first.get(n).copied());
    let rest = rest.collect();
    let section = |places: BTreeSet<usize>| places.into_iter().filter_map(|n| best_first.get(n).copied()).collect();
    Plan { sections: deal.placed.into_iter().map(|(topic, places)| (topic, section(places))).collect(), rest }
}

/// Returns the floor of each topic, in their order: at most its size. Where the issue cannot hold them
/// all, every section gets the same share (or its own floor, when that is smaller); the places that
/// then cannot be shared out evenly go to the best papers.
fn floors(settings: &DraftSettings, topics: &[TopicRule]) -> Vec<usize> {
    let wanted: Vec<usize> = topics.iter().map(|t| settings.floor.min(settings.size_of(&t.id))).collect();
    let share = |level: usize| wanted.iter().map(|w| (*w).min(level)).sum::<usize>();
    let level = (0..=settings.floor).rev().find(|level| share(*level) <= settings.items_max).unwrap_or(0);
    wanted.into_iter().map(|w| w.min(level)).collect()
}

/// Which papers a section takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// Those whose first topic it is.
    First,
    /// Those that serve it at all.
    Any,
}

/// Papers being dealt out, known by their place in the order.
struct Deal<'x, 'r, 'a> {
    best_first: &'x [&'r Ranked<'a>],
    topics: &'x [TopicRule],
    items_max: usize,
    placed: BTreeMap<String, BTreeSet<usize>>,
    taken: BTreeSet<usize>,
}

impl Deal<'_, '_, '_> {
    /// Fills a section up to a count.
    fn fill(&mut self, topic: &str, count: usize, fit: Fit) {
        for (n, r) in self.best_first.iter().enumerate() {
            if self.size(topic) >= count || self.taken.len() >= self.items_max {
                break;
            }
            let serves = topics_of(r, self.topics);
            let fits = if fit == Fit::First { serves.first() == Some(&topic) } else { serves.contains(&topic) };
            if fits && !self.taken.contains(&n) {
                self.place(n, topic);
            }
        }
    }

    /// Gives the best of the others to the sections of their first topics.
    fn spread(&mut self, settings: &DraftSettings) {
        for (n, r) in self.best_first.iter().enumerate() {
            if self.taken.len() >= self.items_max {
                break;
            }
            let Some(topic) = topics_of(r, self.topics).into_iter().next() else { continue };
            if !self.taken.contains(&n) && self.size(topic) < settings.size_of(topic) {
                self.place(n, topic);
            }
        }
    }

    fn size(&self, topic: &str) -> usize {
        self.placed.get(topic).map_or(0, BTreeSet::len)
    }

    fn place(&mut self, n: usize, topic: &str) {
        self.taken.insert(n);
        self.placed.entry(topic.to_owned()).or_default().insert(n);
    }
}
